//! The values of one column of a form, collected row by row into a column of polars.

use crate::stored_value::StoredValue;
use chrono::NaiveDate;
use polars::prelude::*;
use programme::ColumnType;
use programme::tables::{companion, data_type};

/// The values of one column, as polars keeps them.
pub(crate) enum ColumnValues {
    Text(StringChunkedBuilder),
    Code(StringChunkedBuilder, StringChunkedBuilder),
    Integer(Vec<Option<i64>>),
    Flag(Vec<Option<bool>>),
    Date(Vec<Option<NaiveDate>>, Vec<Option<NaiveDate>>),
}

impl ColumnValues {
    /// No values yet, of a column of a form; about so many will come.
    pub(crate) fn new(name: &str, kind: &ColumnType, rows: usize) -> Self {
        let texts = |name: String| StringChunkedBuilder::new(name.into(), rows);
        match kind {
            ColumnType::Text | ColumnType::TaxCode => Self::Text(texts(name.to_owned())),
            ColumnType::Integer | ColumnType::Money | ColumnType::Percent | ColumnType::Year => {
                Self::Integer(Vec::with_capacity(rows))
            }
            ColumnType::Flag => Self::Flag(Vec::with_capacity(rows)),
            ColumnType::Date => Self::Date(Vec::with_capacity(rows), Vec::with_capacity(rows)),
            ColumnType::Code { .. } | ColumnType::Codes { .. } => {
                let words = companion(kind).map_or("words", |(suffix, _)| suffix);
                Self::Code(texts(name.to_owned()), texts(format!("{name}_{words}")))
            }
        }
    }

    /// A column of nulls, and its companion if the kind has one: for a column that the sheet does not have.
    pub(crate) fn nulls(name: &str, kind: &ColumnType, rows: usize) -> Vec<Column> {
        let null = |name: String, data_type| Column::full_null(name.into(), rows, &data_type);
        let own = null(name.to_owned(), data_type(kind));
        let beside =
            companion(kind).map(|(suffix, data_type)| null(format!("{name}_{suffix}"), data_type));
        std::iter::once(own).chain(beside).collect()
    }

    /// Adds a value; one of another kind than the column's is none.
    pub(crate) fn push(&mut self, value: &StoredValue) {
        match self {
            Self::Text(texts) => match value {
                StoredValue::Text(text) | StoredValue::Code(text, _) => texts.append_value(text),
                StoredValue::Null
                | StoredValue::Integer(_)
                | StoredValue::Flag(_)
                | StoredValue::Date(..) => texts.append_null(),
            },
            Self::Code(codes, words) => {
                let (code, decided) = match value {
                    StoredValue::Code(code, decided) => (Some(code), decided.as_ref()),
                    StoredValue::Text(text) => (Some(text), None),
                    StoredValue::Null
                    | StoredValue::Integer(_)
                    | StoredValue::Flag(_)
                    | StoredValue::Date(..) => (None, None),
                };
                codes.append_option(code);
                words.append_option(decided);
            }
            Self::Integer(numbers) => numbers.push(if let StoredValue::Integer(n) = value {
                Some(*n)
            } else {
                None
            }),
            Self::Flag(flags) => flags.push(if let StoredValue::Flag(flag) = value {
                Some(*flag)
            } else {
                None
            }),
            Self::Date(firsts, lasts) => {
                let (first, last) = if let StoredValue::Date(first, last) = value {
                    (Some(*first), Some(*last))
                } else {
                    (None, None)
                };
                firsts.push(first);
                lasts.push(last);
            }
        }
    }

    /// The column, and its companion if the kind has one.
    pub(crate) fn finish(self, name: &str) -> Vec<Column> {
        let small = PlSmallStr::from_str(name);
        match self {
            Self::Text(texts) => vec![texts.finish().into_column()],
            Self::Code(codes, words) => {
                vec![codes.finish().into_column(), words.finish().into_column()]
            }
            Self::Integer(numbers) => vec![Column::new(small, numbers)],
            Self::Flag(flags) => vec![Column::new(small, flags)],
            Self::Date(first, last) => {
                vec![
                    Column::new(small, first),
                    Column::new(format!("{name}_last").into(), last),
                ]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ColumnValues;
    use crate::stored_value::StoredValue;
    use polars::prelude::*;
    use programme::ColumnType;
    use programme::tables::{companion, data_type};

    fn kinds() -> Vec<ColumnType> {
        let list = || "content".to_owned();
        vec![
            ColumnType::Text,
            ColumnType::TaxCode,
            ColumnType::Integer,
            ColumnType::Money,
            ColumnType::Percent,
            ColumnType::Year,
            ColumnType::Flag,
            ColumnType::Date,
            ColumnType::Code {
                list: list(),
                open: true,
            },
            ColumnType::Codes { list: list() },
        ]
    }

    /// Rules and indicators are written against these names and types, whether or not a sheet has the column.
    #[test]
    fn every_kind_has_the_columns_that_the_programme_promises() {
        for kind in kinds() {
            let mut promised = vec![("a".to_owned(), data_type(&kind))];
            promised.extend(companion(&kind).map(|(suffix, dtype)| (format!("a_{suffix}"), dtype)));
            let mut read = ColumnValues::new("a", &kind, 1);
            read.push(&StoredValue::Null);
            for columns in [read.finish("a"), ColumnValues::nulls("a", &kind, 1)] {
                let made: Vec<(String, DataType)> = columns
                    .iter()
                    .map(|column| (column.name().to_string(), column.dtype().clone()))
                    .collect();
                assert_eq!(made, promised, "{kind:?}");
                assert_eq!(columns[0].null_count(), 1, "{kind:?}");
            }
        }
    }

    #[test]
    fn a_value_of_another_kind_is_none() {
        let mut amounts = ColumnValues::new("a", &ColumnType::Money, 2);
        amounts.push(&StoredValue::Text("5".into()));
        amounts.push(&StoredValue::Integer(5));
        let columns = amounts.finish("a");
        assert_eq!(columns[0].get(0).unwrap(), AnyValue::Null);
        assert_eq!(columns[0].get(1).unwrap(), AnyValue::Int64(5));
    }
}
