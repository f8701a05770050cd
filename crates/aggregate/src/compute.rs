use crate::contributions::{Contributions, amounts};
use crate::cube::fit_together;
use crate::error::AggregateError;
use crate::figures::Figures;
use crate::record_numbers::RecordNumbers;
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{Indicator, Measure};
use std::sync::Arc;

/// Counts an indicator over the records given.
///
/// `tables` holds the accepted records of the years asked for, completed by [`tables::complete`]; `years` names them in the
/// figures' ids; `records` are those that what counts is traced to.
///
/// # Errors
/// [`AggregateError`] when the SQL fails or a sum does not fit.
pub fn compute(
    indicator: &Indicator,
    tables: &Tables,
    years: &str,
    records: &Arc<RecordNumbers>,
) -> Result<Figures, AggregateError> {
    let fault = |source| sql_fault(indicator, source);
    let result = tables::execute(tables, &indicator.sql).map_err(fault)?;
    let contributions = Contributions::read(&result, &indicator.by, indicator.measure, records);
    let figures = match contributions.map_err(fault)? {
        Some(all) => {
            let (name, by) = (&indicator.name, &indicator.by);
            Figures::of(name, indicator.measure, by, years, all).map_err(fault)?
        }
        None => None,
    };
    figures.ok_or_else(|| AggregateError::Overflow(indicator.name.clone()))
}

/// The figure of an indicator over all its keys: as [`compute`] gives it, without what it is made of.
///
/// # Errors
/// As [`compute`].
pub fn total(indicator: &Indicator, tables: &Tables) -> Result<i64, AggregateError> {
    let result = tables::execute(tables, &indicator.sql).map_err(|e| sql_fault(indicator, e))?;
    total_of_result(&result, indicator.measure)
        .map_err(|e| sql_fault(indicator, e))?
        .ok_or_else(|| AggregateError::Overflow(indicator.name.clone()))
}

/// The total of an indicator's result; nothing if it does not fit.
fn total_of_result(result: &DataFrame, measure: Measure) -> PolarsResult<Option<i64>> {
    match measure {
        Measure::Sum => {
            let amounts = amounts(result)?;
            let fitting = amounts.filter(|it| fit_together(it.iter().flatten()));
            Ok(fitting.map(|it| it.sum().unwrap_or_default()))
        }
        Measure::CountDistinct => {
            // What is missing counts as one value, the blank one, as it does in a contribution.
            let values = result.column("value")?.cast(&DataType::String)?;
            let values = values.str()?;
            let blank = values.has_nulls() && values.iter().any(|it| it == Some(""));
            let count = values.n_unique()? - usize::from(blank);
            Ok(i64::try_from(count).ok())
        }
    }
}

fn sql_fault(indicator: &Indicator, source: PolarsError) -> AggregateError {
    AggregateError::Sql {
        name: indicator.name.clone(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::{compute, total};
    use crate::record_numbers::RecordNumbers;
    use polars::prelude::*;
    use programme::tables::Tables;
    use programme::{Indicator, Measure};
    use std::error::Error;
    use std::sync::Arc;

    fn no_records() -> Arc<RecordNumbers> {
        Arc::default()
    }

    fn indicator(measure: Measure, sql: &str) -> Indicator {
        Indicator {
            name: "spent".to_owned(),
            title: model::Text::default(),
            clause: String::new(),
            unit: "dong".to_owned(),
            measure,
            by: vec!["task".to_owned()],
            sql: sql.to_owned(),
        }
    }

    fn tables(amounts: &[Option<i64>]) -> Tables {
        let records: Vec<String> = (0..amounts.len()).map(|i| format!("r{i}")).collect();
        let frame = DataFrame::new_infer_height(vec![
            Column::new("record".into(), records),
            Column::new("task".into(), vec!["IV.1"; amounts.len()]),
            Column::new("amount".into(), amounts),
            Column::new(
                "enterprise".into(),
                amounts
                    .iter()
                    .map(|a| a.map(|a| format!("DN{a}")))
                    .collect::<Vec<_>>(),
            ),
        ]);
        Tables::from([("budget".to_owned(), frame.unwrap())])
    }

    const SUM: &str = "SELECT record, 'amount' AS field, task, amount AS value FROM budget";
    const DISTINCT: &str =
        "SELECT record, 'enterprise' AS field, task, enterprise AS value FROM budget";

    #[test]
    fn an_indicator_is_counted_over_its_records() {
        let figures = compute(
            &indicator(Measure::Sum, SUM),
            &tables(&[Some(5), Some(7)]),
            "2023",
            &no_records(),
        )
        .unwrap();
        assert_eq!((figures.total(), figures.contributions.len()), (12, 2));
        assert_eq!(
            (figures.years.as_str(), figures.measure),
            ("2023", Measure::Sum)
        );
    }

    #[test]
    fn the_total_alone_is_the_total_of_the_figures() {
        let tables = tables(&[Some(5), None, Some(7), Some(5), None]);
        for (measure, sql, expected) in [
            (Measure::Sum, SUM, 17),
            (Measure::CountDistinct, DISTINCT, 3),
        ] {
            let indicator = indicator(measure, sql);
            assert_eq!(total(&indicator, &tables).unwrap(), expected);
            assert_eq!(
                compute(&indicator, &tables, "2023", &no_records())
                    .unwrap()
                    .total(),
                expected
            );
        }
    }

    #[test]
    fn a_sum_that_does_not_fit_is_told_with_its_indicator() {
        let tables = tables(&[
            Some(9_000_000_000_000_000_000),
            Some(9_000_000_000_000_000_000),
        ]);
        let indicator = indicator(Measure::Sum, SUM);
        let error = compute(&indicator, &tables, "2023", &no_records()).unwrap_err();
        insta::assert_snapshot!(error, @"indicator spent: the sum is too large; look for an amount that cannot be right, e.g. written in another unit");
        assert_eq!(
            total(&indicator, &tables).unwrap_err().to_string(),
            error.to_string()
        );
    }

    #[test]
    fn a_sum_in_sql_that_does_not_fit_is_an_error_too() {
        let sql = "SELECT MIN(record) AS record, 'amount' AS field, task, SUM(b.amount) AS value FROM budget AS b GROUP BY task";
        let indicator = indicator(Measure::Sum, sql);
        assert_eq!(total(&indicator, &tables(&[Some(5), Some(-2)])).unwrap(), 3);
        let error = total(&indicator, &tables(&[Some(i64::MAX), Some(1)])).unwrap_err();
        let cause = error.source().unwrap().to_string();
        assert!(
            cause.contains("SUM(amount)") && cause.contains("budget"),
            "{cause}"
        );
    }

    #[test]
    fn sql_that_fails_is_told_with_its_file_and_once_with_its_cause() {
        let indicator = indicator(Measure::Sum, "SELECT record FROM budgets");
        let error = compute(&indicator, &tables(&[]), "2023", &no_records()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "indicators/spent.sql does not run on these records"
        );
        assert!(error.source().unwrap().to_string().contains("budgets"));
        assert!(total(&indicator, &tables(&[])).is_err());
    }
}
