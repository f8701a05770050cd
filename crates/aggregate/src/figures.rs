use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{Indicator, Measure};
use std::collections::{BTreeMap, BTreeSet};

/// An indicator could not be counted.
#[derive(Debug, thiserror::Error)]
pub enum AggregateError {
    /// Its SQL failed on real rows, though it ran on empty ones.
    #[error("indicators/{name}.sql: {source}")]
    Sql {
        /// The indicator.
        name: String,
        /// What polars says.
        source: PolarsError,
    },
    /// A sum does not fit a whole number of 64 bits.
    #[error("indicator {0}: the sum is too large")]
    Overflow(String),
}

/// One value that counts in an indicator.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contribution {
    /// The values of the indicator's keys, in their order; blank where the row has none.
    pub keys: Vec<String>,
    /// The record it stands in.
    pub record: String,
    /// The form's column it stands in.
    pub field: String,
    /// What is added up, or what counts once.
    pub value: String,
}

/// A number of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its stable id: indicator, years, then the keys it is narrowed to: `budget_spent/2023/task=IV.3`.
    pub id: String,
    /// The indicator.
    pub indicator: String,
    /// The keys it is narrowed to.
    pub keys: BTreeMap<String, String>,
    /// Its value, in the indicator's unit.
    pub value: i64,
}

/// The figures of one indicator over some years.
#[derive(Debug, Clone)]
pub struct Figures {
    /// The indicator.
    pub indicator: String,
    /// How its rows become a figure.
    pub measure: Measure,
    /// Its keys.
    pub by: Vec<String>,
    /// The years counted, as `2023` or `2021-2025`.
    pub years: String,
    /// All that counts, sorted.
    pub contributions: Vec<Contribution>,
    values: BTreeMap<Vec<Option<String>>, i64>,
}

/// Counts an indicator over the records given.
///
/// `tables` holds the accepted records of the years asked for, completed by [`tables::complete`]; `years` names them in the figures' ids.
///
/// # Errors
/// [`AggregateError`] when the SQL fails or a sum does not fit.
pub fn compute(
    indicator: &Indicator,
    tables: &Tables,
    years: &str,
) -> Result<Figures, AggregateError> {
    let fault = |source| AggregateError::Sql {
        name: indicator.name.clone(),
        source,
    };
    let frame = tables::execute(tables, &indicator.sql).map_err(fault)?;
    let contributions = contributions(&frame, indicator).map_err(fault)?;
    let values = add_up(&contributions, indicator)?;
    Ok(Figures {
        indicator: indicator.name.clone(),
        measure: indicator.measure,
        by: indicator.by.clone(),
        years: years.to_owned(),
        contributions,
        values,
    })
}

/// The figure of an indicator over all its keys: as [`compute`] gives it, without what it is made of.
///
/// # Errors
/// As [`compute`].
pub fn total(indicator: &Indicator, tables: &Tables) -> Result<i64, AggregateError> {
    let fault = |source| AggregateError::Sql {
        name: indicator.name.clone(),
        source,
    };
    let overflow = || AggregateError::Overflow(indicator.name.clone());
    let frame = tables::execute(tables, &indicator.sql).map_err(fault)?;
    let value = frame.column("value").map_err(fault)?;
    match indicator.measure {
        Measure::Sum => {
            let amounts = value.cast(&DataType::Int64).map_err(fault)?;
            let mut amounts = amounts.i64().map_err(fault)?.iter().flatten();
            amounts
                .try_fold(0i64, i64::checked_add)
                .ok_or_else(overflow)
        }
        // What is missing counts as one value, as it does in a figure.
        Measure::CountDistinct => {
            i64::try_from(value.n_unique().map_err(fault)?).map_err(|_| overflow())
        }
    }
}

fn contributions(frame: &DataFrame, indicator: &Indicator) -> PolarsResult<Vec<Contribution>> {
    let texts = |name: &str| -> PolarsResult<Vec<String>> {
        let column = frame.column(name)?.cast(&DataType::String)?;
        Ok(column
            .str()?
            .iter()
            .map(|text| text.unwrap_or_default().to_owned())
            .collect())
    };
    let keys: Vec<Vec<String>> = indicator
        .by
        .iter()
        .map(|key| texts(key))
        .collect::<PolarsResult<_>>()?;
    let (records, fields, values) = (texts("record")?, texts("field")?, texts("value")?);
    let mut contributions: Vec<Contribution> = (0..frame.height())
        .map(|row| Contribution {
            keys: keys.iter().map(|column| column[row].clone()).collect(),
            record: records[row].clone(),
            field: fields[row].clone(),
            value: values[row].clone(),
        })
        .collect();
    contributions.sort();
    Ok(contributions)
}

/// Adds up for every way of narrowing: each key given or left open.
fn add_up(
    contributions: &[Contribution],
    indicator: &Indicator,
) -> Result<BTreeMap<Vec<Option<String>>, i64>, AggregateError> {
    let overflow = || AggregateError::Overflow(indicator.name.clone());
    let mut sums: BTreeMap<Vec<Option<String>>, i64> = BTreeMap::new();
    let mut distinct: BTreeMap<Vec<Option<String>>, BTreeSet<&str>> = BTreeMap::new();
    for contribution in contributions {
        let amount: i64 = match indicator.measure {
            Measure::Sum => contribution.value.parse().map_err(|_| overflow())?,
            Measure::CountDistinct => 0,
        };
        for open in 0..1usize << indicator.by.len() {
            let narrowed: Vec<Option<String>> = contribution
                .keys
                .iter()
                .enumerate()
                .map(|(i, key)| (open >> i & 1 == 0).then(|| key.clone()))
                .collect();
            match indicator.measure {
                Measure::Sum => {
                    let sum = sums.entry(narrowed).or_insert(0);
                    *sum = sum.checked_add(amount).ok_or_else(overflow)?;
                }
                Measure::CountDistinct => {
                    distinct
                        .entry(narrowed)
                        .or_default()
                        .insert(&contribution.value);
                }
            }
        }
    }
    for (narrowed, values) in distinct {
        sums.insert(
            narrowed,
            i64::try_from(values.len()).map_err(|_| overflow())?,
        );
    }
    Ok(sums)
}

impl Figures {
    /// The value narrowed to some keys; 0 where nothing counts.
    pub fn value(&self, keys: &BTreeMap<String, String>) -> i64 {
        let narrowed: Vec<Option<String>> =
            self.by.iter().map(|key| keys.get(key).cloned()).collect();
        self.values.get(&narrowed).copied().unwrap_or(0)
    }

    /// The value over all keys.
    pub fn total(&self) -> i64 {
        self.value(&BTreeMap::new())
    }

    /// The id of the figure narrowed to some keys.
    pub fn id(&self, keys: &BTreeMap<String, String>) -> String {
        let mut id = format!("{}/{}", self.indicator, self.years);
        for key in &self.by {
            if let Some(code) = keys.get(key) {
                id.push_str(&format!("/{key}={code}"));
            }
        }
        id
    }

    /// Every figure there is, the widest first.
    pub fn all(&self) -> Vec<Figure> {
        let mut figures: Vec<Figure> = self
            .values
            .iter()
            .map(|(narrowed, &value)| {
                let keys: BTreeMap<String, String> = self
                    .by
                    .iter()
                    .zip(narrowed)
                    .filter_map(|(key, code)| Some((key.clone(), code.clone()?)))
                    .collect();
                Figure {
                    id: self.id(&keys),
                    indicator: self.indicator.clone(),
                    keys,
                    value,
                }
            })
            .collect();
        if figures.is_empty() {
            let keys = BTreeMap::new();
            figures.push(Figure {
                id: self.id(&keys),
                indicator: self.indicator.clone(),
                keys,
                value: 0,
            });
        }
        figures
    }
}
