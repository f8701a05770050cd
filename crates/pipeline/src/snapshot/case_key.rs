use crate::text_column::texts;
use polars::prelude::*;
use programme::{ColumnType, Form};
use vietext::fold;

/// The key of each row's case: rows of one reporter with one key are one case (forms: key). None if a part of the key is
/// missing: then nothing says which case the row is about.
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
