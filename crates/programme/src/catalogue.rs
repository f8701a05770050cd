use crate::lifetime::Lifetime;
use crate::text_reading::TextReading;
use model::Text;
use std::collections::{BTreeMap, BTreeSet};
use vietext::{clean, code_key, contains_phrase, fold, tone_key};

/// A list of codes that the cells of a column are mapped to.
#[derive(Debug, Clone)]
pub struct CodeList {
    /// Its name, e.g. `task`.
    pub name: String,
    /// What it is called.
    pub title: Text,
    /// The clause it comes from.
    pub clause: String,
    /// The code kept for a text that no word decides, if the list has one.
    pub unclassified: Option<String>,
    /// The codes in the plan's order.
    pub entries: Vec<Entry>,
    /// How free texts name its codes.
    pub(crate) readings: Vec<TextReading>,
    pub(crate) exact: BTreeMap<String, usize>,
    pub(crate) spelled: BTreeMap<String, usize>,
    /// Without marks; nothing if two codes would fold to one.
    pub(crate) folded: BTreeMap<String, Option<usize>>,
    pub(crate) keywords: Vec<(String, usize)>,
}

/// One code of a list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The code that is stored.
    pub code: String,
    /// What it is called.
    pub title: Text,
    /// The clause it comes from.
    pub clause: String,
    /// The code above it, of the same list or of the list's parent list.
    pub parent: Option<String>,
    /// How long it is used, and what took over: districts are merged and done away with.
    pub life: Lifetime,
    /// Whether a table has a row for it only if something counts under it: communes are many.
    pub only_counted: bool,
}

/// A text mapped to a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match<'a> {
    /// The code.
    pub code: &'a str,
    /// The words that decided, if the text was not the code or a variant of it.
    pub words: Option<&'a str>,
}

impl CodeList {
    pub(crate) fn index(
        &mut self,
        variants: &[Vec<String>],
        keywords: &[Vec<String>],
    ) -> Vec<(usize, String)> {
        let mut clashes = Vec::new();
        for (i, entry) in self.entries.iter().enumerate() {
            let spellings = variants[i].iter().chain([&entry.code, &entry.title.vi]);
            for spelling in spellings {
                for (key, table) in [
                    (code_key(spelling), &mut self.exact),
                    (tone_key(spelling), &mut self.spelled),
                ] {
                    if *table.entry(key).or_insert(i) != i {
                        clashes.push((i, spelling.clone()));
                    }
                }
                self.folded
                    .entry(fold(spelling))
                    .and_modify(|j| *j = j.filter(|&j| j == i))
                    .or_insert(Some(i));
            }
            self.keywords
                .extend(keywords[i].iter().map(|k| (fold(k), i)));
        }
        // The longest words first; among equals the plan's order, so that the answer is always the same.
        self.keywords.sort_by(|a, b| {
            b.0.chars()
                .count()
                .cmp(&a.0.chars().count())
                .then(a.1.cmp(&b.1))
        });
        clashes.dedup();
        clashes
    }

    /// Maps one text to a code: by the code itself, by a variant, then by the keywords it holds.
    ///
    /// Of the keywords the longest decides; if the longest of two codes are equally long, none does.
    pub fn find(&self, text: &str) -> Option<Match<'_>> {
        let text = clean(text);
        if let Some(&i) = self
            .exact
            .get(&code_key(&text))
            .or_else(|| self.spelled.get(&tone_key(&text)))
        {
            return Some(Match {
                code: &self.entries[i].code,
                words: None,
            });
        }
        let folded = fold(&text);
        if let Some(&Some(i)) = self.folded.get(&folded) {
            return Some(Match {
                code: &self.entries[i].code,
                words: None,
            });
        }
        let mut held = self
            .keywords
            .iter()
            .filter(|(words, _)| contains_phrase(&folded, words));
        let (words, i) = held.next()?;
        let rival = held.any(|(other, j)| j != i && other.chars().count() == words.chars().count());
        (!rival).then(|| Match {
            code: &self.entries[*i].code,
            words: Some(words),
        })
    }

    /// The codes whose keywords or titles stand anywhere in a text; a word inside a longer one that does is passed over.
    pub fn held(&self, text: &str) -> BTreeSet<&str> {
        let folded = fold(text);
        let mut taken: Vec<&str> = Vec::new();
        let mut held = BTreeSet::new();
        // The longest come first.
        for (words, i) in self
            .keywords
            .iter()
            .filter(|(words, _)| contains_phrase(&folded, words))
        {
            if !taken
                .iter()
                .any(|longer| longer.len() > words.len() && contains_phrase(longer, words))
            {
                taken.push(words);
                held.insert(self.entries[*i].code.as_str());
            }
        }
        held
    }

    /// Maps a text that may name several codes, set apart by ';', '+', a line break, or by ',' if
    /// every part is a code of its own. The codes come in the order they stand, each once.
    pub fn find_all(&self, text: &str) -> Vec<Match<'_>> {
        let by = |separators: &[char]| -> Vec<&str> {
            text.split(separators)
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .collect()
        };
        let mut parts = by(&[';', '\n', '+']);
        let commas = by(&[';', '\n', '+', ',']);
        if commas.len() > parts.len() && commas.iter().all(|part| self.find(part).is_some()) {
            parts = commas;
        }
        let mut seen = BTreeSet::new();
        parts
            .into_iter()
            .filter_map(|part| self.find(part))
            .filter(|m| seen.insert(m.code))
            .collect()
    }

    /// The entry of a code.
    pub fn entry(&self, code: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.code == code)
    }

    /// What a code is called in the language `lang`; the code itself if the list does not have it.
    pub fn title_of<'a>(&'a self, code: &'a str, lang: &str) -> &'a str {
        self.entry(code).map_or(code, |entry| entry.title.get(lang))
    }

    /// The first titles, for a message that says what is expected.
    pub fn examples(&self) -> String {
        let shown: Vec<&str> = self
            .entries
            .iter()
            .take(6)
            .map(|e| {
                if e.title.vi.chars().count() <= 30 {
                    e.title.vi.as_str()
                } else {
                    e.code.as_str()
                }
            })
            .collect();
        let more = if self.entries.len() > shown.len() {
            ", …"
        } else {
            ""
        };
        format!("{}{more}", shown.join(", "))
    }
}
