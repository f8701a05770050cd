//! The ways in which free texts tell codes.

use std::collections::{BTreeMap, BTreeSet};
use vietext::{contains_phrase, fold};

/// One way in which a text tells codes: by a word of it or by a tool that it names, and by what stands beside.
///
/// 'ISO 22000' alone is the introduction of a system, with 'chứng nhận' its certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TextReading {
    /// Words of which one must stand in the text, folded; all of any reading's tools or words is enough.
    pub words: Vec<String>,
    /// Codes of the tools of which one must be named.
    pub tools: BTreeSet<String>,
    /// Words of which one must stand beside them, folded; none for no condition.
    pub with: Vec<String>,
    /// Words of which none may.
    pub without: Vec<String>,
    /// The codes that it tells; none if it tells that the text is about something else.
    pub codes: BTreeSet<String>,
    /// Whether it tells them only where no other reading tells anything.
    pub is_weak: bool,
}

impl TextReading {
    pub(crate) fn applies(&self, folded: &str, tools: &BTreeSet<&str>) -> bool {
        let holds = |words: &[String]| words.iter().any(|word| contains_phrase(folded, word));
        let names_tool = || self.tools.iter().any(|tool| tools.contains(tool.as_str()));
        (names_tool() || holds(&self.words))
            && (self.with.is_empty() || holds(&self.with))
            && !holds(&self.without)
    }
}

/// The readings of a list, from what is written: words of the groups that a reading names stand for their group.
pub(crate) struct WrittenReading<'w> {
    pub words: &'w [String],
    pub tools: &'w [String],
    pub with: &'w [String],
    pub without: &'w [String],
    pub codes: &'w [String],
    pub is_weak: bool,
}

impl WrittenReading<'_> {
    /// The reading with the words of its groups.
    ///
    /// # Errors
    /// The name of a group that is not there.
    pub(crate) fn resolved(
        &self,
        groups: &BTreeMap<String, Vec<String>>,
    ) -> Result<TextReading, String> {
        let folded = |words: &[String]| words.iter().map(|word| fold(word)).collect();
        let of_groups = |names: &[String]| -> Result<Vec<String>, String> {
            let mut words = Vec::new();
            for name in names {
                let group = groups.get(name).ok_or_else(|| name.clone())?;
                words.extend(group.iter().map(|word| fold(word)));
            }
            Ok(words)
        };
        Ok(TextReading {
            words: folded(self.words),
            tools: self.tools.iter().cloned().collect(),
            with: of_groups(self.with)?,
            without: of_groups(self.without)?,
            codes: self.codes.iter().cloned().collect(),
            is_weak: self.is_weak,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{TextReading, WrittenReading};
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn a_reading_applies_by_a_word_or_a_tool_and_what_stands_beside() {
        let group = |name: &str, word: &str| (name.to_owned(), vec![word.to_owned()]);
        let groups = BTreeMap::from([group("proof", "Chứng nhận"), group("trial", "Thử nghiệm")]);
        let [words, tools, with, without, codes] =
            ["Tem", "iso", "proof", "trial", "x"].map(|text| vec![text.to_owned()]);
        let written = WrittenReading {
            words: &words,
            tools: &tools,
            with: &with,
            without: &without,
            codes: &codes,
            is_weak: false,
        };
        let reading = written.resolved(&groups).unwrap();
        let applies = |folded: &str, tools: &[&str]| {
            reading.applies(folded, &tools.iter().copied().collect::<BTreeSet<_>>())
        };
        assert!(applies("tem chung nhan", &[]) && applies("chung nhan", &["iso"]));
        assert!(!applies("chung nhan", &[]) && !applies("tem", &[]));
        assert!(!applies("tem chung nhan thu nghiem", &[]));
        assert_eq!(written.resolved(&BTreeMap::new()), Err("proof".to_owned()));
        let blank = TextReading::default();
        assert!(!blank.applies("tem", &BTreeSet::from(["iso"])));
    }
}
