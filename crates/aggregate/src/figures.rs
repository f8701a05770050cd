use crate::contributions::{Contribution, Contributions};
use crate::cube::{Narrowing, cube};
use polars::prelude::PolarsResult;
use programme::Measure;
use std::collections::BTreeMap;

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
    /// All that counts.
    pub contributions: Contributions,
    values: BTreeMap<Narrowing, i64>,
}

impl Figures {
    /// Adds up what counts in an indicator. Nothing if a sum may not fit a whole number of 64 bits.
    ///
    /// # Errors
    /// None that a caller could bring about.
    pub(crate) fn of(
        indicator: &str,
        measure: Measure,
        by: &[String],
        years: &str,
        contributions: Contributions,
    ) -> PolarsResult<Option<Self>> {
        let Some(values) = cube(&contributions)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            indicator: indicator.to_owned(),
            measure,
            by: by.to_vec(),
            years: years.to_owned(),
            values,
            contributions,
        }))
    }

    /// The same of some of what counts. Nothing if a sum may not fit a whole number of 64 bits.
    ///
    /// # Errors
    /// None that a caller could bring about.
    pub fn only(&self, counts: impl Fn(Contribution<'_>) -> bool) -> PolarsResult<Option<Self>> {
        let some = self.contributions.only(counts);
        let (indicator, years) = (&self.indicator, &self.years);
        Self::of(indicator, self.measure, &self.by, years, some)
    }

    /// The value narrowed to some keys; 0 if nothing counts. A key that the indicator does not have narrows nothing.
    pub fn value(&self, keys: &BTreeMap<String, String>) -> i64 {
        let narrowed: Narrowing = self.by.iter().map(|key| keys.get(key).cloned()).collect();
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

    /// Every figure there is, the widest first; the total alone, 0, if nothing counts.
    pub fn all(&self) -> Vec<Figure> {
        let figure = |keys: BTreeMap<String, String>, value: i64| Figure {
            id: self.id(&keys),
            indicator: self.indicator.clone(),
            keys,
            value,
        };
        if self.values.is_empty() {
            return vec![figure(BTreeMap::new(), 0)];
        }
        let keys = |narrowing: &Narrowing| {
            let given = self.by.iter().zip(narrowing);
            given
                .filter_map(|(key, code)| Some((key.clone(), code.clone()?)))
                .collect()
        };
        let values = self.values.iter();
        values
            .map(|(narrowing, &value)| figure(keys(narrowing), value))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Figures;
    use crate::contributions::Contributions;
    use polars::prelude::*;
    use programme::Measure;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    fn figures(rows: &[(&str, &str, &str)]) -> Figures {
        let column = |name: &str, texts: Vec<&str>| Column::new(name.into(), texts);
        let frame = DataFrame::new_infer_height(vec![
            column("task", rows.iter().map(|row| row.0).collect()),
            column("department", rows.iter().map(|row| row.1).collect()),
            column("value", rows.iter().map(|row| row.2).collect()),
            column("record", vec!["r"; rows.len()]),
            column("field", vec!["spent"; rows.len()]),
        ]);
        let by = ["task", "department"].map(str::to_owned);
        let all = Contributions::read(&frame.unwrap(), &by, Measure::Sum, &Arc::default());
        let all = all.unwrap().unwrap();
        let figures = Figures::of("budget_spent", Measure::Sum, &by, "2023", all);
        figures.unwrap().unwrap()
    }

    fn keys(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = pairs
            .iter()
            .map(|(key, code)| ((*key).to_owned(), (*code).to_owned()));
        owned.collect()
    }

    #[test]
    fn some_of_what_counts_is_added_up_by_itself() {
        let all = figures(&[("IV.1", "SCT", "5"), ("IV.1", "SXD", "7")]);
        let some = all.only(|part| part.key(1) == "SXD").unwrap().unwrap();
        assert_eq!((some.total(), some.contributions.len()), (7, 1));
        assert_eq!(some.value(&keys(&[("task", "IV.1")])), 7);
        assert_eq!(some.id(&BTreeMap::new()), all.id(&BTreeMap::new()));
    }

    #[test]
    fn every_figure_has_an_id_and_the_widest_comes_first() {
        let figures = figures(&[("IV.1", "SCT", "5"), ("IV.2", "SCT", "7")]);
        let shown: Vec<String> = figures
            .all()
            .iter()
            .map(|f| format!("{} = {}", f.id, f.value))
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @r"
        budget_spent/2023 = 12
        budget_spent/2023/department=SCT = 12
        budget_spent/2023/task=IV.1 = 5
        budget_spent/2023/task=IV.1/department=SCT = 5
        budget_spent/2023/task=IV.2 = 7
        budget_spent/2023/task=IV.2/department=SCT = 7
        ");
    }

    #[test]
    fn where_nothing_counts_there_is_a_total_of_nothing() {
        let figures = figures(&[]);
        let all = figures.all();
        assert_eq!(
            (all.len(), all[0].id.as_str(), all[0].value),
            (1, "budget_spent/2023", 0)
        );
        assert_eq!(figures.value(&keys(&[("task", "IV.1")])), 0);
    }

    #[test]
    fn keys_of_an_id_stand_in_the_indicators_order() {
        let figures = figures(&[]);
        let narrowed = keys(&[("department", "SCT"), ("task", "IV.1"), ("size", "small")]);
        assert_eq!(
            figures.id(&narrowed),
            "budget_spent/2023/task=IV.1/department=SCT"
        );
    }

    #[test]
    fn a_value_is_found_by_its_keys() {
        let figures = figures(&[("IV.1", "SCT", "5"), ("IV.1", "SYT", "7")]);
        assert_eq!(figures.total(), 12);
        assert_eq!(figures.value(&keys(&[("department", "SYT")])), 7);
        assert_eq!(
            figures.value(&keys(&[("task", "IV.1"), ("department", "SYT")])),
            7
        );
        assert_eq!(figures.value(&keys(&[("task", "IV.9")])), 0);
    }
}
