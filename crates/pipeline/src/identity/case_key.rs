use crate::text_column::texts;
use polars::prelude::*;
use programme::{ColumnType, Form};
use std::fmt::Write;
use vietext::fold;

/// The key of each row's case: rows of one reporter with one key are one case (forms: key). None if a part of the key is
/// missing: then it is not known which case the row is about.
///
/// A part may name several columns (`contract|start`): the first that is filled counts, and its place is part of the
/// key, so that a contract number never equals a date.
pub(crate) fn case_keys(form: &Form, frame: &DataFrame) -> PolarsResult<Vec<Option<String>>> {
    let empty = || Some(String::with_capacity(USUAL_LENGTH));
    let mut keys: Vec<Option<String>> =
        std::iter::repeat_with(empty).take(frame.height()).collect();
    for part in &form.key {
        let alternatives: Vec<StringChunked> = part
            .split('|')
            .map(|name| key_column(form, frame, name))
            .collect::<PolarsResult<_>>()?;
        for (row, slot) in keys.iter_mut().enumerate() {
            let Some(key) = slot else { continue };
            let filled = |column: &StringChunked| column.get(row).is_some_and(|it| !it.is_empty());
            match alternatives.iter().position(filled) {
                Some(at) => {
                    let value = alternatives[at].get(row).unwrap_or_default();
                    // Writing to a string cannot fail.
                    let _ = write!(key, "\u{1f}{at}:{value}");
                }
                None => *slot = None,
            }
        }
    }
    Ok(keys)
}

/// How long most keys are, in bytes.
const USUAL_LENGTH: usize = 64;

/// The values of a column of a key, as they are compared: of free texts capitals and spacing make no other case.
fn key_column(form: &Form, frame: &DataFrame, name: &str) -> PolarsResult<StringChunked> {
    if form.party.as_ref().is_some_and(|party| party.name == name) {
        return texts(frame, "enterprise_id");
    }
    let values = texts(frame, name)?;
    let is_text = |column: &programme::Column| column.kind == ColumnType::Text;
    if !form.column(name).is_some_and(is_text) {
        return Ok(values);
    }
    // Many rows say the same, so each text is folded once.
    let mut folded: foldhash::HashMap<&str, String> = Default::default();
    for text in values.iter().flatten() {
        folded.entry(text).or_insert_with(|| fold(text));
    }
    let of_text = |text: Option<&str>| folded.get(text?).map(String::as_str);
    Ok(values.iter().map(of_text).collect())
}

#[cfg(test)]
mod tests {
    use super::case_keys;
    use crate::testing::{form, rows};

    /// The keys of rows of support.
    fn keys(table: &str) -> Vec<Option<String>> {
        let form = form("support");
        case_keys(form, &rows(form, table)).unwrap()
    }

    #[test]
    fn a_key_has_every_part_in_its_order() {
        let keys = keys(
            "enterprise_id | content | contract | start
             T3600265395   | 3a1     | 12/HĐ    | 2023-01-05",
        );
        insta::assert_debug_snapshot!(keys, @r#"
        [
            Some(
                "\u{1f}0:T3600265395\u{1f}0:3a1\u{1f}0:12 hd",
            ),
        ]
        "#);
    }

    #[test]
    fn the_first_alternative_that_is_filled_counts() {
        let keys = keys(
            "enterprise_id | content | contract | start
             e              | 3a1     | 12/HĐ    | 2023-01-05
             e              | 3a1     | 12/HĐ    | 2023-02-01
             e              | 3a1     |          | 2023-01-05
             e              | 3a1     |          | 2023-02-01",
        );
        assert_eq!(
            keys[0], keys[1],
            "one contract is one case, whenever it began"
        );
        assert_ne!(
            keys[2], keys[3],
            "without a contract the first day tells cases apart"
        );
    }

    #[test]
    fn an_alternative_never_equals_another() {
        let keys = keys(
            "enterprise_id | content | contract   | start
             e              | 3a1     | 2023-01-05 |
             e              | 3a1     |            | 2023-01-05",
        );
        assert_ne!(keys[0], keys[1]);
    }

    #[test]
    fn capitals_and_spaces_make_no_other_case() {
        let keys = keys(
            "enterprise_id | content | contract
             e              | 3a1     | 12/HĐ-SCT
             e              | 3a1     | 12 / hđ - sct
             e              | 3a1     | 13/HĐ-SCT",
        );
        assert_eq!(keys[0], keys[1]);
        assert_ne!(keys[0], keys[2]);
    }

    #[test]
    fn a_row_that_lacks_a_part_has_no_key() {
        let keys = keys(
            "enterprise_id | content | contract | start
             e              |         | 12/HĐ    | 2023-01-05
             e              | 3a1     |          |
                            | 3a1     | 12/HĐ    | 2023-01-05",
        );
        assert_eq!(keys, [None, None, None]);
    }

    #[test]
    fn an_enterprise_is_told_by_its_id_and_not_by_its_name() {
        let keys = keys(
            "enterprise      | enterprise_id | content | contract
             Công ty Mẫu     | e1            | 3a1     | 1
             CTY TNHH Mẫu    | e1            | 3a1     | 1
             Công ty Mẫu     | e2            | 3a1     | 1",
        );
        assert_eq!(keys[0], keys[1]);
        assert_ne!(keys[0], keys[2]);
    }
}
