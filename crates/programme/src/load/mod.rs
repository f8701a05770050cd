//! Definitions as written become a programme, or every fault in them.

mod assignment;
mod catalogue;
mod clauses;
mod columns;
mod counting;
mod departments;
#[cfg(test)]
mod fault_tests;
mod forms;
mod head;
mod headings;
mod indicators;
mod kept;
mod letters;
mod linkage;
mod names;
mod office;
mod report;
mod rules;
#[cfg(test)]
mod tests;
mod texts;
mod views;
mod words;

use crate::definition::{ProgrammeFile, ReportFile};
use crate::document_header::Header;
use crate::error::{DefinitionError, DefinitionErrors};
use crate::programme::{Deadline, FundingLists, OverlapClauses, Programme};
use crate::report::{Feedback, ReportDefinition, Review, Screening, Template};
use crate::source::{COMPILED_BASE, Source, is_plain_name};
use crate::trial::Trial;
use chrono::NaiveDate;
use model::Text;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;
use toml::value::Datetime;

impl Programme {
    /// Reads and checks a programme.
    ///
    /// # Errors
    /// Every fault found, with file, line and what was expected.
    pub fn load(source: &Source) -> Result<Self, DefinitionErrors> {
        Loader::new(source).programme()
    }

    /// Reads a programme that was checked before and kept: what only a later program needs may be missing.
    ///
    /// # Errors
    /// As [`Programme::load`].
    pub fn load_kept(source: &Source) -> Result<Self, DefinitionErrors> {
        Loader::for_kept(source).programme()
    }

    /// The programme compiled into the program. Its SQL was tried by a test when the program was built, and is not tried again:
    /// each start of the program would wait for it.
    ///
    /// # Errors
    /// As [`Programme::load`]; a test keeps it from happening.
    pub fn default_programme() -> Result<Self, DefinitionErrors> {
        Self::load_compiled_in(&Source::default_programme())
    }

    /// As [`Programme::default_programme`], from its files with an office's laid over them: lists that are longer change no
    /// SQL.
    ///
    /// # Errors
    /// As [`Programme::load`].
    pub fn load_compiled_in(source: &Source) -> Result<Self, DefinitionErrors> {
        let loader = Loader {
            is_tried: true,
            ..Loader::new(source)
        };
        loader.programme()
    }
}

/// Reads the files of a programme, noting every fault on the way.
pub(crate) struct Loader<'a> {
    source: &'a Source,
    errors: Vec<DefinitionError>,
    /// The folder of the base among the files.
    base: Option<String>,
    /// The files that were asked for: what nobody asks for is misspelt or left over.
    asked: BTreeSet<String>,
    /// The concepts that columns may hold.
    concepts: BTreeSet<String>,
    /// Whether it was checked on an earlier day, maybe by an earlier program, which needed less.
    is_kept: bool,
    /// Whether its SQL was tried before.
    is_tried: bool,
}

impl<'a> Loader<'a> {
    pub(crate) fn new(source: &'a Source) -> Self {
        Self {
            source,
            errors: Vec::new(),
            base: source.base().filter(|name| source.has_base(name)),
            asked: BTreeSet::new(),
            concepts: BTreeSet::new(),
            is_kept: false,
            is_tried: false,
        }
    }

    /// For files that were checked before: what only a later program needs is not missed in them, and their SQL was tried.
    pub(crate) fn for_kept(source: &'a Source) -> Self {
        Self {
            is_kept: true,
            is_tried: true,
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

    /// Names stand in SQL and in the ids of figures.
    pub(super) fn check_name(&mut self, file: &str, name: &Spanned<String>, what: &str) {
        if let Some(message) = names::name_fault(name.get_ref())
            && !self.is_kept
        {
            let message = format!("{what} '{}': {message}", name.get_ref());
            self.fault_at(file, name, message);
        }
    }

    /// The text of a file, if there is one.
    pub(super) fn text(&mut self, file: &str) -> Option<String> {
        self.asked.insert(file.to_owned());
        self.source.text(file).map(str::to_owned)
    }

    /// The files of a path: the base's, then the programme's own, as far as they are there.
    pub(super) fn layers(&self, path: &str) -> Vec<String> {
        let in_base = self.base.as_ref().map(|base| format!("{base}/{path}"));
        in_base
            .into_iter()
            .chain([path.to_owned()])
            .filter(|file| self.source.text(file).is_some())
            .collect()
    }

    /// The paths below a folder that end so: the base's, then the programme's own, each sorted.
    pub(super) fn layered_paths(&self, folder: &str, ending: &str) -> Vec<String> {
        let in_base = self.base.as_ref().map(|base| format!("{base}/{folder}"));
        in_base
            .into_iter()
            .chain([folder.to_owned()])
            .flat_map(|folder| self.source.paths(&folder, ending))
            .map(str::to_owned)
            .collect()
    }

    /// Whether a file is the base's.
    pub(super) fn is_in_base(&self, file: &str) -> bool {
        self.base.as_ref().is_some_and(|base| {
            file.strip_prefix(base.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        })
    }

    pub(super) fn read<T: DeserializeOwned>(&mut self, file: &str) -> Option<T> {
        let Some(text) = self.text(file) else {
            self.fault(file, None, "the file is missing");
            return None;
        };
        match toml::from_str(&text) {
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

    /// The place in a file of a byte of a query that is written in it: the query is trimmed, in the file it stands between
    /// quotes.
    pub(super) fn place_in(&self, file: &str, sql: &Spanned<String>, at: usize) -> usize {
        let start = sql.span().start;
        let written = self.source.text(file).and_then(|whole| whole.get(start..));
        let within = written.and_then(|rest| rest.find(sql.get_ref().trim()));
        start + within.map_or(0, |before| before + at)
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

    /// The base that the programme says: its files must be here, and none of them may define what is the programme's own.
    fn check_base(&mut self, head: &ProgrammeFile) {
        let Some(written) = &head.base else { return };
        let name = written.get_ref().clone();
        if !is_plain_name(&name) {
            self.fault_at(
                "programme.toml",
                written,
                format!("base '{name}': expected the name of a folder, no path"),
            );
        } else if !self.source.has_base(&name) {
            let message = format!(
                "base '{name}' is neither in the programme's folder, nor beside it, nor compiled in (which is '{COMPILED_BASE}')"
            );
            self.fault_at("programme.toml", written, message);
        }
    }

    /// Every file must have been asked for. What an earlier program kept may hold what it alone needed.
    fn check_unread(&mut self) {
        if self.is_kept {
            return;
        }
        let all: Vec<String> = self
            .source
            .paths("", "")
            .into_iter()
            .map(str::to_owned)
            .collect();
        for file in all
            .iter()
            .filter(|file| !self.asked.contains(*file))
            .cloned()
            .collect::<Vec<_>>()
        {
            self.fault(
                &file,
                None,
                "nothing reads this file: its name is misspelt, or nothing names it",
            );
        }
    }

    pub(crate) fn programme(mut self) -> Result<Programme, DefinitionErrors> {
        let lists = self.catalogue();
        let departments = self.departments();
        let heading_words = self.heading_words();
        self.concepts = heading_words.concepts.keys().cloned().collect();
        let forms = self.forms(&lists);
        let registers = self.registers(&lists);
        self.check_between_forms(&forms, &registers, &lists);
        let head: Option<ProgrammeFile> = self.read("programme.toml");
        if let Some(head) = &head {
            self.check_base(head);
        }
        let funding = head
            .as_ref()
            .map(|head| self.funding(head, &lists))
            .unwrap_or_default();
        let funding_lists = head
            .as_ref()
            .and_then(|head| head.funding_lists.as_ref())
            .map(|written| FundingLists {
                source: written.source.get_ref().clone(),
                task: written.task.get_ref().clone(),
                unsaid: written
                    .unsaid
                    .iter()
                    .map(|text| vietext::fold(text))
                    .collect(),
            })
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
            funding_lists,
            overlap: OverlapClauses::default(),
            legal_basis: Vec::new(),
            departments,
            assignments: Vec::new(),
            clauses: Vec::new(),
            lists,
            forms,
            registers,
            rules: BTreeMap::new(),
            choices: Vec::new(),
            views: Vec::new(),
            indicators: Vec::new(),
            report: ReportDefinition {
                file_name: String::new(),
                under_today_suffix: String::new(),
                others: BTreeMap::new(),
                header: Header {
                    parent: String::new(),
                    office: String::new(),
                    title: String::new(),
                    subtitle: String::new(),
                    number: String::new(),
                    recipients: Vec::new(),
                    body: String::new(),
                    signer: Vec::new(),
                    later: Vec::new(),
                },
                cover: Vec::new(),
                letters: Vec::new(),
                feedback: Feedback::default(),
                review: Review::default(),
                screening: Screening::default(),
                template: Template::default(),
                sheets: Vec::new(),
            },
            words,
            heading_words,
            signatures,
            linkage: self.linkage(),
            hash: self.source.hash(),
            office_files: self.source.office_files(),
        };
        programme.assignments = self.assignments(head.as_ref(), &programme);
        let mut trial = match self.is_tried {
            true => Trial::of_tried(&programme),
            false => Trial::new(&programme),
        };
        programme.views = self.views(&mut trial);
        programme.indicators = self.indicators(&trial, &programme);
        programme.choices = self.choices(&programme, &trial);
        if let Some(head) = head {
            self.head(head, &mut programme);
        }
        programme.rules = self.rules(&programme, &trial);
        if let Some(report) = self.read::<ReportFile>("report.toml") {
            programme.report = self.report(report, &programme, &trial);
        }
        programme.clauses = self.clauses(&programme);
        self.check_unread();
        if self.errors.is_empty() {
            return Ok(programme);
        }
        self.errors.sort();
        self.errors.dedup();
        Err(DefinitionErrors(self.errors))
    }
}
