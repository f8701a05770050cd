//! What persons said that texts of other programmes' lists mean: each text is asked about once, however many rows have it.

use crate::support::content_codes::{NONE_OF_THEM, SEPARATOR};
use ledger::{Answer, Verdict, file_id};
use std::collections::{BTreeMap, BTreeSet};
use vietext::fold;

/// Stands before a text's print, so that it is no record's.
const TEXT: &str = "text:";

/// Stands in place of the contents where a text has to be looked into.
const OPEN: &str = "?";

/// What a row words of its support, contents and tools; nothing if it has no word.
pub(crate) fn wording(content: &str, tool: &str) -> Option<String> {
    let texts = [content.trim(), tool.trim()];
    let said: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    let wording = said.join(" · ");
    (!fold(&wording).is_empty()).then_some(wording)
}

/// What a wording is known again by: case, accents and punctuation make no other text.
pub(crate) fn text_print(wording: &str) -> String {
    format!("{TEXT}{}", file_id(fold(wording).as_bytes()).short())
}

/// What a person says of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TextVerdict {
    /// It names these contents, by code.
    Contents(BTreeSet<String>),
    /// It is about something else than any of them.
    NoneOfThem,
    /// It has to be looked into.
    Open,
}

impl TextVerdict {
    /// The answer on a text as the ledger keeps it: the text and its contents are the same.
    pub(crate) fn to_answer(&self, print: &str, reason: &str, by: &str) -> Answer {
        let (verdict, said) = match self {
            Self::Contents(codes) => {
                let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
                (Verdict::Same, codes.join(SEPARATOR))
            }
            Self::NoneOfThem => (Verdict::Same, NONE_OF_THEM.to_owned()),
            Self::Open => (Verdict::Verify, OPEN.to_owned()),
        };
        Answer {
            verdict,
            prints: [print.to_owned(), said],
            about: [print.to_owned(), print.to_owned()],
            reason: reason.to_owned(),
            by: by.to_owned(),
            until: None,
        }
    }
}

/// The contents of texts as persons said them, by the texts' prints.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextAnswers(BTreeMap<String, String>);

impl TextAnswers {
    /// Those among some answers, in the order they were given: of a text the last one counts.
    pub(crate) fn new(answers: &[Answer]) -> Self {
        let mut known = BTreeMap::new();
        for answer in answers {
            let [print, said] = &answer.prints;
            match print.starts_with(TEXT) {
                true if said == OPEN => drop(known.remove(print)),
                true => drop(known.insert(print.clone(), said.clone())),
                false => {}
            }
        }
        Self(known)
    }

    /// The contents that a row names, as cases have them; nothing if nobody said.
    pub(crate) fn contents(&self, content: &str, tool: &str) -> Option<&str> {
        if self.0.is_empty() {
            return None;
        }
        let print = text_print(&wording(content, tool)?);
        self.0.get(&print).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::{TextAnswers, TextVerdict, text_print, wording};
    use std::collections::BTreeSet;

    #[test]
    fn the_last_word_on_a_text_counts_however_the_text_is_written() {
        let print = text_print(&wording("Hỗ trợ khác", "").unwrap());
        let codes = |codes: &[&str]| -> TextVerdict {
            TextVerdict::Contents(codes.iter().map(|code| (*code).to_owned()).collect())
        };
        let given: Vec<_> = [codes(&["3b1"]), codes(&["3a1", "3b3"])]
            .iter()
            .map(|verdict| verdict.to_answer(&print, "hồ sơ", "An"))
            .collect();
        let known = TextAnswers::new(&given);
        assert_eq!(known.contents("HỖ TRỢ  KHÁC.", " "), Some("3a1;3b3"));
        assert_eq!(known.contents("Hỗ trợ khác", "ISO"), None, "another tool");
        assert_eq!(known.contents("", ""), None);
        let open = TextVerdict::Open.to_answer(&print, "", "");
        let taken_back = TextAnswers::new(&[given, vec![open]].concat());
        assert_eq!(taken_back.contents("Hỗ trợ khác", ""), None);
        let none = TextVerdict::NoneOfThem.to_answer(&print, "", "An");
        assert_eq!(
            TextAnswers::new(&[none]).contents("hỗ trợ khác", ""),
            Some("-")
        );
        assert_ne!(
            codes(&[]),
            TextVerdict::Contents(BTreeSet::from(["3a1".to_owned()]))
        );
    }

    #[test]
    fn an_answer_on_a_text_decides_nothing_on_records() {
        let answer = TextVerdict::NoneOfThem.to_answer(&text_print("Hỗ trợ"), "", "An");
        let index = crate::support::answer_index::AnswerIndex::new(&[answer]);
        assert!(index.constraints().is_empty());
    }
}
