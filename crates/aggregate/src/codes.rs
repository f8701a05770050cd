use polars::prelude::StringChunked;
use std::collections::HashMap;

/// A column of texts that repeat, such as codes and names of columns: each is kept once, and a row holds its number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Codes {
    /// The texts, sorted: their numbers compare as they do.
    texts: Vec<String>,
    rows: Vec<u32>,
}

impl Codes {
    /// Of the rows of a column; one without a text has the blank one.
    pub(crate) fn read(column: &StringChunked) -> Self {
        let mut numbers: HashMap<&str, u32, foldhash::fast::FixedState> = HashMap::default();
        let mut rows = Vec::with_capacity(column.len());
        let mut last: Option<(&str, u32)> = None;
        for text in column.iter() {
            let text = text.unwrap_or_default();
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            // Neighbours are often equal.
            let number = match last {
                Some((known, number)) if known == text => number,
                _ => *numbers.entry(text).or_insert(next),
            };
            last = Some((text, number));
            rows.push(number);
        }
        let mut sorted: Vec<(&str, u32)> = numbers.into_iter().collect();
        sorted.sort_unstable();
        let mut places = vec![0; sorted.len()];
        for (place, (_, number)) in (0u32..).zip(&sorted) {
            places[*number as usize] = place;
        }
        for row in &mut rows {
            *row = places[*row as usize];
        }
        let texts = sorted.into_iter().map(|(text, _)| text.to_owned());
        Self {
            texts: texts.collect(),
            rows,
        }
    }

    /// The texts, sorted, each once.
    pub(crate) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The text of a number.
    pub(crate) fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }

    /// The number of a row's text.
    pub(crate) fn number(&self, row: usize) -> u32 {
        self.rows[row]
    }

    /// The numbers of all rows.
    pub(crate) fn numbers(&self) -> &[u32] {
        &self.rows
    }

    /// The text of a row.
    pub(crate) fn at(&self, row: usize) -> &str {
        self.text(self.rows[row])
    }

    /// These rows, in this order. Texts that no row has any more stay: numbers do not change.
    pub(crate) fn take(&self, rows: &[u32]) -> Self {
        Self {
            texts: self.texts.clone(),
            rows: rows.iter().map(|row| self.rows[*row as usize]).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Codes;
    use polars::prelude::*;

    #[test]
    fn texts_are_kept_once_and_their_numbers_compare_as_they_do() {
        let column = StringChunked::new("".into(), [Some("b"), None, Some("a"), Some("b")]);
        let codes = Codes::read(&column);
        assert_eq!(codes.texts(), ["", "a", "b"]);
        assert_eq!(codes.numbers(), [2, 0, 1, 2]);
        assert_eq!((codes.at(0), codes.at(1), codes.number(2)), ("b", "", 1));
        let some = codes.take(&[2, 0]);
        assert_eq!(
            (some.at(0), some.at(1), some.numbers()),
            ("a", "b", &[1, 2][..])
        );
    }
}
