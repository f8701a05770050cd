use polars::prelude::*;
use programme::Measure;

/// One value that counts in an indicator.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contribution {
    /// The values of the indicator's keys, in their order; blank if the row has none.
    pub keys: Vec<String>,
    /// The record it stands in.
    pub record: String,
    /// The form's column it stands in.
    pub field: String,
    /// What is added up, or what counts once.
    pub value: String,
}

impl Contribution {
    /// What the rows of an indicator's result contribute, sorted: the same records give the same order, whatever order SQL
    /// gave them in.
    ///
    /// A row without a value adds nothing to a sum, and has no contribution to one; when distinct values are counted it is
    /// a value of its own, the blank one.
    ///
    /// # Errors
    /// When the result lacks `record`, `field`, `value` or a key.
    pub(crate) fn from_result(
        result: &DataFrame,
        by: &[String],
        measure: Measure,
    ) -> PolarsResult<Vec<Self>> {
        let texts = |name: &str| result.column(name)?.cast(&DataType::String);
        let keys: Vec<Column> = by
            .iter()
            .map(|key| texts(key))
            .collect::<PolarsResult<_>>()?;
        let keys: Vec<&StringChunked> =
            keys.iter().map(Column::str).collect::<PolarsResult<_>>()?;
        let (records, fields, values) = (texts("record")?, texts("field")?, texts("value")?);
        let (records, fields, values) = (records.str()?, fields.str()?, values.str()?);
        let text =
            |column: &StringChunked, row: usize| column.get(row).unwrap_or_default().to_owned();
        let mut contributions: Vec<Self> = (0..result.height())
            .filter(|&row| measure == Measure::CountDistinct || values.get(row).is_some())
            .map(|row| Self {
                keys: keys.iter().map(|column| text(column, row)).collect(),
                record: text(records, row),
                field: text(fields, row),
                value: text(values, row),
            })
            .collect();
        contributions.sort();
        Ok(contributions)
    }
}

#[cfg(test)]
mod tests {
    use super::Contribution;
    use polars::prelude::*;
    use programme::Measure;

    fn result(values: Column) -> DataFrame {
        DataFrame::new_infer_height(vec![
            Column::new("record".into(), ["r2", "r1", "r3"]),
            Column::new("field".into(), ["spent", "spent", "spent"]),
            Column::new("task".into(), [Some("IV.1"), None, Some("IV.1")]),
            values,
        ])
        .unwrap()
    }

    fn shown(result: &DataFrame, measure: Measure) -> Vec<String> {
        let contributions = Contribution::from_result(result, &["task".to_owned()], measure);
        let line = |c: &Contribution| format!("{}|{}|{}|{}", c.keys[0], c.record, c.field, c.value);
        contributions.unwrap().iter().map(line).collect()
    }

    #[test]
    fn rows_come_sorted_and_a_missing_key_is_blank() {
        let result = result(Column::new("value".into(), [20i64, 10, 5]));
        let expected = ["|r1|spent|10", "IV.1|r2|spent|20", "IV.1|r3|spent|5"];
        assert_eq!(shown(&result, Measure::Sum), expected);
    }

    #[test]
    fn a_missing_value_adds_nothing_but_counts_as_one() {
        let sum = result(Column::new("value".into(), [Some(20i64), None, Some(5)]));
        assert_eq!(
            shown(&sum, Measure::Sum),
            ["IV.1|r2|spent|20", "IV.1|r3|spent|5"]
        );
        let names = result(Column::new("value".into(), [Some("a"), None, Some("a")]));
        let expected = ["|r1|spent|", "IV.1|r2|spent|a", "IV.1|r3|spent|a"];
        assert_eq!(shown(&names, Measure::CountDistinct), expected);
    }

    #[test]
    fn a_result_without_a_key_is_an_error() {
        let result = result(Column::new("value".into(), [1i64, 2, 3]));
        let by = ["department".to_owned()];
        assert!(Contribution::from_result(&result, &by, Measure::Sum).is_err());
    }
}
