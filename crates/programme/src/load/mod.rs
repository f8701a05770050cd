//! Definitions as written become a programme, or every fault in them.

mod catalogue;
mod departments;
mod forms;
mod head;
mod indicators;
mod linkage;
mod report;
mod rules;
#[cfg(test)]
mod tests;

use crate::definition::{ProgrammeFile, ReportFile, WordsFile};
use crate::tables::Trial;
use crate::words::{self, SignatureWords, Words};
use crate::{Deadline, DefinitionError, DefinitionErrors, Programme, ReportDefinition, Source};
use chrono::NaiveDate;
use model::Text;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::value::Datetime;

/// Reads the files of a programme, noting every fault on the way.
pub(crate) struct Loader<'a> {
    source: &'a Source,
    errors: Vec<DefinitionError>,
    /// Whether it was checked on an earlier day, maybe by an earlier program, which needed less.
    is_kept: bool,
}

impl<'a> Loader<'a> {
    pub(crate) fn new(source: &'a Source) -> Self {
        Self {
            source,
            errors: Vec::new(),
            is_kept: false,
        }
    }

    /// For files that were checked before: what only a later program needs is not missed in them.
    pub(crate) fn of_kept(source: &'a Source) -> Self {
        Self {
            is_kept: true,
            ..Self::new(source)
        }
    }
}

impl Loader<'_> {
    pub(super) fn fault(&mut self, file: &str, at: Option<usize>, message: impl Into<String>) {
        let line = at.and_then(|at| {
            let before = self.source.text(file)?.get(..at)?;
            Some(before.bytes().filter(|&b| b == b'\n').count() + 1)
        });
        self.errors.push(DefinitionError {
            file: file.to_owned(),
            line,
            message: message.into(),
        });
    }

    pub(super) fn fault_at<T>(&mut self, file: &str, at: &Spanned<T>, message: impl Into<String>) {
        self.fault(file, Some(at.span().start), message);
    }

    pub(super) fn read<T: DeserializeOwned>(&mut self, file: &str) -> Option<T> {
        let Some(text) = self.source.text(file) else {
            self.fault(file, None, "the file is missing");
            return None;
        };
        match toml::from_str(text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(
                    file,
                    error.span().map(|span| span.start),
                    error.message().trim().to_owned(),
                );
                None
            }
        }
    }

    pub(super) fn date(&mut self, file: &str, written: &Spanned<Datetime>) -> NaiveDate {
        let value = written.get_ref();
        let date = value.date.filter(|_| value.time.is_none()).and_then(|d| {
            NaiveDate::from_ymd_opt(i32::from(d.year), u32::from(d.month), u32::from(d.day))
        });
        date.unwrap_or_else(|| {
            self.fault_at(
                file,
                written,
                format!("'{value}' is not a day: expected one like 2021-01-01"),
            );
            NaiveDate::default()
        })
    }

    /// Every word that is needed, and none that is not.
    fn words(&mut self) -> (Words, SignatureWords) {
        let file = "words.toml";
        let Some(written) = self.read::<WordsFile>(file) else {
            return (Words::default(), SignatureWords::default());
        };
        for (key, word) in &written.words {
            if !words::NEEDED.contains(&key.as_str()) {
                self.fault_at(file, word, format!("'{key}' is not a word that is used"));
            }
        }
        let mut words: BTreeMap<String, String> = written
            .words
            .into_iter()
            .map(|(key, word)| (key, word.into_inner()))
            .collect();
        for key in words::NEEDED
            .iter()
            .filter(|key| !words.contains_key(**key))
            .copied()
            .collect::<Vec<_>>()
        {
            if self.is_kept {
                words.insert(key.to_owned(), key.to_owned());
            } else {
                self.fault(file, None, format!("the word '{key}' is missing"));
            }
        }
        let signatures = written.signatures.unwrap_or_else(|| {
            if self.is_kept {
                // Programmes from before the table were read with the words that the default one has now.
                default_signatures()
            } else {
                self.fault(file, None, "the table 'signatures' is missing");
                SignatureWords::default()
            }
        });
        (Words(words), signatures.folded())
    }

    pub(crate) fn programme(mut self) -> Result<Programme, DefinitionErrors> {
        let lists = self.catalogue();
        let departments = self.departments();
        let forms = self.forms(&lists);
        let registers = self.registers(&lists);
        let file = "programme.toml";
        let head: Option<ProgrammeFile> = self.read(file);
        let funding = head
            .as_ref()
            .map(|head| self.funding(head, &lists))
            .unwrap_or_default();
        let (words, signatures) = self.words();
        let mut programme = Programme {
            id: String::new(),
            title: Text::default(),
            decision: String::new(),
            first_year: 0,
            last_year: 0,
            focal_department: String::new(),
            deadline: Deadline {
                month: 12,
                day: 31,
                clause: String::new(),
            },
            targets: Vec::new(),
            funding,
            legal_basis: Vec::new(),
            departments,
            lists,
            forms,
            registers,
            rules: BTreeMap::new(),
            indicators: Vec::new(),
            report: ReportDefinition {
                file_name: String::new(),
                under_today_suffix: String::new(),
                final_report: None,
                header: crate::Header {
                    parent: String::new(),
                    office: String::new(),
                    title: String::new(),
                    subtitle: String::new(),
                    number: String::new(),
                    recipients: Vec::new(),
                    signer: Vec::new(),
                    later: Vec::new(),
                },
                cover: Vec::new(),
                letter: None,
                feedback: crate::Feedback::default(),
                review: crate::Review::default(),
                screening: crate::Screening::default(),
                template: crate::Template::default(),
                sheets: Vec::new(),
            },
            words,
            signatures,
            linkage: self.linkage(),
            hash: self.source.hash(),
        };
        let trial = Trial::new(&programme);
        programme.indicators = self.indicators(&trial, &programme);
        if let Some(head) = head {
            self.head(head, &mut programme);
        }
        programme.rules = self.rules(&programme, &trial);
        if let Some(report) = self.read::<ReportFile>("report.toml") {
            programme.report = self.report(report, &programme, &trial);
        }
        if self.errors.is_empty() {
            return Ok(programme);
        }
        self.errors.sort();
        self.errors.dedup();
        Err(DefinitionErrors(self.errors))
    }
}

/// How senders sign in the programme that is compiled in.
fn default_signatures() -> SignatureWords {
    let source = Source::default_programme();
    let words = source.text("words.toml").map(toml::from_str::<WordsFile>);
    words
        .and_then(|words| words.ok()?.signatures)
        .unwrap_or_default()
}
