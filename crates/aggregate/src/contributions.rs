use crate::codes::Codes;
use crate::record_numbers::RecordNumbers;
use polars::prelude::*;
use programme::Measure;
use std::fmt;
use std::sync::Arc;

/// The number of a record that is none of those that were numbered: it has no place.
const NOWHERE: u32 = u32::MAX;

/// All that counts in an indicator, column by column, in the order of its records.
#[derive(Debug, Clone)]
pub struct Contributions {
    records: Arc<RecordNumbers>,
    numbers: Vec<u32>,
    fields: Codes,
    /// One for each of the indicator's keys.
    keys: Vec<Codes>,
    values: Values,
}

/// What is added up, or what counts once.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    Amounts(Vec<i64>),
    /// Without nulls: what is missing counts as one value, the blank one.
    Once(StringChunked),
}

/// One value that counts in an indicator.
#[derive(Clone, Copy)]
pub struct Contribution<'a> {
    all: &'a Contributions,
    row: usize,
}

/// A value that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CountedValue<'a> {
    /// It is added up.
    Amount(i64),
    /// It counts once.
    Once(&'a str),
}

impl CountedValue<'_> {
    /// The amount; 0 of what counts once.
    pub fn amount(self) -> i64 {
        match self {
            Self::Amount(amount) => amount,
            Self::Once(_) => 0,
        }
    }
}

impl fmt::Display for CountedValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount(amount) => amount.fmt(f),
            Self::Once(text) => f.write_str(text),
        }
    }
}

impl<'a> Contribution<'a> {
    /// The values of the indicator's keys, in their order; blank if the row has none.
    pub fn keys(self) -> impl Iterator<Item = &'a str> {
        self.all.keys.iter().map(move |key| key.at(self.row))
    }

    /// The value of one of the indicator's keys, by its place.
    pub fn key(self, place: usize) -> &'a str {
        self.all.keys[place].at(self.row)
    }

    /// The number of the record it stands in; nothing if it is in none of those that were numbered.
    pub fn record(self) -> Option<u32> {
        Some(self.all.numbers[self.row]).filter(|number| *number != NOWHERE)
    }

    /// The id of that record.
    pub fn record_id(self) -> Option<&'a str> {
        self.all.records.id(self.record()?)
    }

    /// The form's column it stands in.
    pub fn field(self) -> &'a str {
        self.all.fields.at(self.row)
    }

    /// What is added up, or what counts once.
    pub fn value(self) -> CountedValue<'a> {
        match &self.all.values {
            Values::Amounts(amounts) => CountedValue::Amount(amounts[self.row]),
            Values::Once(texts) => CountedValue::Once(texts.get(self.row).unwrap_or_default()),
        }
    }
}

impl Contributions {
    /// What the rows of an indicator's result contribute. A row without a value adds nothing to a sum, and has no
    /// contribution to one; when distinct values are counted it is a value of its own, the blank one.
    ///
    /// The same records give the same order, whatever order SQL gave them in. Nothing if an amount is no whole number of
    /// 64 bits.
    ///
    /// # Errors
    /// When the result lacks `record`, `field`, `value` or a key.
    pub(crate) fn read(
        result: &DataFrame,
        by: &[String],
        measure: Measure,
        records: &Arc<RecordNumbers>,
    ) -> PolarsResult<Option<Self>> {
        let texts = |name: &str| -> PolarsResult<StringChunked> {
            let column = result.column(name)?.cast(&DataType::String)?;
            Ok(column.str()?.rechunk().into_owned())
        };
        let numbers = texts("record")?;
        let numbers = numbers
            .iter()
            .map(|id| id.and_then(|id| records.number(id)));
        let keys = by.iter().map(|key| Ok(Codes::read(&texts(key)?)));
        let (values, is_given) = match measure {
            Measure::Sum => match amounts(result)? {
                Some(amounts) => {
                    let is_given = amounts.iter().map(|it| it.is_some()).collect();
                    let amounts = amounts.iter().map(Option::unwrap_or_default);
                    (Values::Amounts(amounts.collect()), is_given)
                }
                None => return Ok(None),
            },
            Measure::CountDistinct => {
                let values = texts("value")?;
                let values = match values.has_nulls() {
                    true => values
                        .iter()
                        .map(|it| Some(it.unwrap_or_default()))
                        .collect(),
                    false => values,
                };
                (Values::Once(values), vec![true; result.height()])
            }
        };
        let read = Self {
            records: Arc::clone(records),
            numbers: numbers.map(|number| number.unwrap_or(NOWHERE)).collect(),
            fields: Codes::read(&texts("field")?),
            keys: keys.collect::<PolarsResult<_>>()?,
            values,
        };
        let rows = (0u32..).zip(is_given).filter(|(_, is_given)| *is_given);
        let mut rows: Vec<u32> = rows.map(|(row, _)| row).collect();
        rows.sort_unstable_by(|a, b| read.compare(*a as usize, *b as usize));
        Ok(Some(read.take(&rows)))
    }

    /// By record, column, keys and value.
    fn compare(&self, a: usize, b: usize) -> std::cmp::Ordering {
        let place = |row: usize| (self.numbers[row], self.fields.number(row));
        place(a)
            .cmp(&place(b))
            .then_with(|| {
                let of = |row| self.keys.iter().map(move |key: &Codes| key.number(row));
                of(a).cmp(of(b))
            })
            .then_with(|| match &self.values {
                Values::Amounts(amounts) => amounts[a].cmp(&amounts[b]),
                Values::Once(texts) => texts.get(a).cmp(&texts.get(b)),
            })
    }

    /// These rows, in this order.
    fn take(&self, rows: &[u32]) -> Self {
        let places = || rows.iter().map(|row| *row as usize);
        Self {
            records: Arc::clone(&self.records),
            numbers: places().map(|row| self.numbers[row]).collect(),
            fields: self.fields.take(rows),
            keys: self.keys.iter().map(|key| key.take(rows)).collect(),
            values: match &self.values {
                Values::Amounts(amounts) => {
                    Values::Amounts(places().map(|row| amounts[row]).collect())
                }
                Values::Once(texts) => Values::Once(places().map(|row| texts.get(row)).collect()),
            },
        }
    }

    /// Those that are wanted.
    pub(crate) fn only(&self, counts: impl Fn(Contribution<'_>) -> bool) -> Self {
        let rows = (0u32..).zip(self.iter()).filter(|(_, part)| counts(*part));
        let rows: Vec<u32> = rows.map(|(row, _)| row).collect();
        self.take(&rows)
    }

    /// Each of them, in the order of their records.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Contribution<'_>> {
        (0..self.len()).map(|row| self.at(row))
    }

    /// One of them, by its place in that order.
    pub(crate) fn at(&self, row: usize) -> Contribution<'_> {
        Contribution { all: self, row }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether nothing counts.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The codes of one of the indicator's keys, sorted, each once.
    pub fn codes(&self, place: usize) -> Vec<&str> {
        let mut used: Vec<u32> = self.keys[place].numbers().to_vec();
        used.sort_unstable();
        used.dedup();
        used.into_iter()
            .map(|number| self.keys[place].text(number))
            .collect()
    }

    pub(crate) fn keys(&self) -> &[Codes] {
        &self.keys
    }

    pub(crate) fn fields(&self) -> &Codes {
        &self.fields
    }

    pub(crate) fn values(&self) -> &Values {
        &self.values
    }
}

/// The amounts of a result; nothing if one is no whole number of 64 bits.
///
/// # Errors
/// When the result has no values.
pub(crate) fn amounts(result: &DataFrame) -> PolarsResult<Option<Int64Chunked>> {
    let values = result.column("value")?;
    // A text must be a whole number to the last digit; a fraction is never cut.
    if values.dtype().is_float() {
        return Ok(None);
    }
    let amounts = values.cast(&DataType::Int64)?;
    let is_whole = amounts.null_count() == values.null_count();
    match is_whole {
        true => Ok(Some(amounts.i64()?.rechunk().into_owned())),
        false => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::Contributions;
    use crate::record_numbers::RecordNumbers;
    use polars::prelude::*;
    use programme::Measure;
    use std::sync::Arc;

    fn result(values: Column) -> DataFrame {
        DataFrame::new_infer_height(vec![
            Column::new("record".into(), ["r2", "r1", "r3"]),
            Column::new("field".into(), ["spent", "spent", "spent"]),
            Column::new("task".into(), [Some("IV.1"), None, Some("IV.1")]),
            values,
        ])
        .unwrap()
    }

    /// What is read of a result whose record `r3` has no number.
    fn read(result: &DataFrame, measure: Measure) -> PolarsResult<Option<Contributions>> {
        let records = Arc::new(RecordNumbers::new(["r1", "r2"].map(str::to_owned)));
        Contributions::read(result, &["task".to_owned()], measure, &records)
    }

    fn shown(result: &DataFrame, measure: Measure) -> Vec<String> {
        let all = read(result, measure).unwrap().unwrap();
        let line = |part: super::Contribution<'_>| {
            let record = part.record_id().unwrap_or("?");
            format!("{}|{record}|{}|{}", part.key(0), part.field(), part.value())
        };
        all.iter().map(line).collect()
    }

    #[test]
    fn rows_come_in_the_order_of_their_records_and_a_missing_key_is_blank() {
        let result = result(Column::new("value".into(), [20i64, 10, 5]));
        let expected = ["|r1|spent|10", "IV.1|r2|spent|20", "IV.1|?|spent|5"];
        assert_eq!(shown(&result, Measure::Sum), expected);
    }

    #[test]
    fn a_missing_value_adds_nothing_but_counts_as_one() {
        let sum = result(Column::new("value".into(), [Some(20i64), None, Some(5)]));
        assert_eq!(
            shown(&sum, Measure::Sum),
            ["IV.1|r2|spent|20", "IV.1|?|spent|5"]
        );
        let names = result(Column::new("value".into(), [Some("a"), None, Some("a")]));
        let expected = ["|r1|spent|", "IV.1|r2|spent|a", "IV.1|?|spent|a"];
        assert_eq!(shown(&names, Measure::CountDistinct), expected);
    }

    #[test]
    fn an_amount_that_is_no_whole_number_of_64_bits_is_not_counted_in_part() {
        for values in [
            Column::new("value".into(), ["1", "18000000000000000000", "2"]),
            Column::new("value".into(), ["1", "2.5", "2"]),
            Column::new("value".into(), [1.0, 2.5, 2.0]),
        ] {
            assert!(read(&result(values), Measure::Sum).unwrap().is_none());
        }
    }

    #[test]
    fn the_codes_of_a_key_are_those_of_what_is_left() {
        let result = result(Column::new("value".into(), [20i64, 10, 5]));
        let all = read(&result, Measure::Sum).unwrap().unwrap();
        assert_eq!(all.codes(0), ["", "IV.1"]);
        let some = all.only(|part| part.key(0) == "IV.1");
        assert_eq!((some.codes(0), some.len()), (vec!["IV.1"], 2));
    }

    #[test]
    fn a_result_without_a_key_is_an_error() {
        let result = result(Column::new("value".into(), [1i64, 2, 3]));
        let result = result.drop("task").unwrap();
        assert!(read(&result, Measure::Sum).is_err());
    }
}
