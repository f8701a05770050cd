use crate::text_column::texts;
use polars::prelude::*;
use programme::{ColumnType, Form};
use vietext::fold;

/// The key of each row's case: rows of one reporter with one key are one case (forms: key). None if a part of the key is
/// missing: then it is not known which case the row is about.
///
/// A part may name several columns (`contract|start`): the first that is filled counts, and its place is part of the
/// key, so that a contract number never equals a date.
pub(crate) fn case_keys(form: &Form, frame: &DataFrame) -> PolarsResult<Vec<Option<String>>> {
    let mut keys: Vec<Option<String>> = vec![Some(String::new()); frame.height()];
    for part in &form.key {
        let alternatives: Vec<KeyColumn> = part
            .split('|')
            .map(|name| KeyColumn::read(form, frame, name))
            .collect::<PolarsResult<_>>()?;
        for (row, slot) in keys.iter_mut().enumerate() {
            let Some(key) = slot else { continue };
            let mut values = alternatives
                .iter()
                .map(|column| column.get(row))
                .enumerate();
            match values.find_map(|(at, value)| Some((at, value?))) {
                Some((at, value)) => {
                    key.push('\u{1f}');
                    key.push_str(&at.to_string());
                    key.push(':');
                    key.push_str(value);
                }
                None => *slot = None,
            }
        }
    }
    Ok(keys)
}

/// A column of a key, as it is compared.
struct KeyColumn {
    texts: StringChunked,
    /// What is compared instead of each free text: capitals and spacing do not make another case. Folding is slow and
    /// many rows say the same, so each text is folded once.
    folded: foldhash::HashMap<String, String>,
}

impl KeyColumn {
    fn read(form: &Form, frame: &DataFrame, name: &str) -> PolarsResult<Self> {
        let is_party = form.party.as_ref().is_some_and(|party| party.name == name);
        let texts = texts(frame, if is_party { "enterprise_id" } else { name })?;
        let mut folded: foldhash::HashMap<String, String> = Default::default();
        if !is_party
            && form
                .column(name)
                .is_some_and(|column| column.kind == ColumnType::Text)
        {
            for text in texts.iter().flatten() {
                if !folded.contains_key(text) {
                    folded.insert(text.to_owned(), fold(text));
                }
            }
        }
        Ok(Self { texts, folded })
    }

    /// The value at a row, if it has one.
    fn get(&self, row: usize) -> Option<&str> {
        let text = self.texts.get(row)?;
        Some(self.folded.get(text).map_or(text, String::as_str)).filter(|value| !value.is_empty())
    }
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
