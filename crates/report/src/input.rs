use aggregate::Figures;
use chrono::{DateTime, FixedOffset};
use model::{Finding, Period};
use polars::prelude::DataFrame;
use programme::{Occasion, Programme, SheetKind, SheetSpec, Target};
use std::collections::BTreeMap;

/// All that stands in an annual report.
#[derive(Debug)]
pub struct AnnualReport<'a> {
    /// The programme.
    pub programme: &'a Programme,
    /// The first year shown: that of the report, or the period's first in the report on the whole period (VI.1.đ).
    pub from: i32,
    /// The year.
    pub year: i32,
    /// Whether it is the report on the whole period.
    pub is_final: bool,
    /// Whether the figures stand under the departments and codes of the moment, not of their time.
    pub under_today: bool,
    /// The moment whose knowledge it shows, at the office's offset.
    pub as_of: DateTime<FixedOffset>,
    /// The figures of the years shown, by indicator.
    pub figures: BTreeMap<String, Figures>,
    /// The targets, in the plan's order.
    pub targets: Vec<TargetProgress<'a>>,
    /// The totals of the indicators that are shown year beside year, up to the report's year.
    pub years: BTreeMap<i32, BTreeMap<String, i64>>,
    /// The same over all these years together: what counts once does not add up.
    pub all_years: BTreeMap<String, i64>,
    /// How many questions on who is the same enterprise wait for a person.
    pub questions: usize,
    /// The rows of the listings, by sheet.
    pub listings: BTreeMap<String, Listing>,
    /// The departments that must report, and others that did, in the registry's order.
    pub departments: Vec<DepartmentLine>,
    /// The rows that are held, by department and place.
    pub held: Vec<HeldRow>,
    /// What was found in the submissions that stand, what must be mended first.
    pub findings: Vec<(String, Finding)>,
    /// The registers that the support was compared with.
    pub registers: Vec<RegisterRow>,
    /// The support of the year that overlaps with other support, what needs a decision first.
    pub overlaps: Vec<OverlapRow>,
    /// What changed since it was issued last; nothing where it was not issued before or nothing changed.
    pub restatement: Option<Restatement>,
    /// Where each record that counts comes from.
    pub origins: BTreeMap<String, RecordOrigin>,
    /// A hash over all that it was made from.
    pub inputs_hash: String,
}

/// How far a target is reached.
#[derive(Debug)]
pub struct TargetProgress<'a> {
    /// The target.
    pub target: &'a Target,
    /// Its indicator, over its years up to the report's.
    pub figures: Figures,
    /// The indicator over the report's year alone.
    pub in_year: i64,
    /// The least and the most it may come to once held rows are mended and questions answered.
    pub range: (i64, i64),
    /// The indicator over each of its years alone, and from its first year up to each, as far as the report's year.
    pub by_year: BTreeMap<i32, (i64, i64)>,
}

/// The rows of a listing, and the departments' codes shown as their short names.
#[derive(Debug)]
pub struct Listing {
    /// The rows, with the columns of the query.
    pub frame: DataFrame,
}

/// A department, and what it sent for the year.
#[derive(Debug)]
pub struct DepartmentLine {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it sent, oldest first.
    pub submissions: Vec<SubmissionLine>,
    /// Whether it had to report in any of the years shown.
    pub had_to_report: bool,
    /// The years in which it had to report and sent nothing.
    pub missing: Vec<i32>,
}

/// A submission of the year.
#[derive(Debug)]
pub struct SubmissionLine {
    /// Its period.
    pub period: Period,
    /// The part of the department that reports by itself, where it names one.
    pub unit: Option<String>,
    /// Its file's name.
    pub file_name: String,
    /// The first digits of its content's hash.
    pub file: String,
    /// When it was taken in, at the office's offset.
    pub at: DateTime<FixedOffset>,
    /// Whether it came before the deadline.
    pub in_time: bool,
    /// Whether it stands in the figures.
    pub standing: SubmissionState,
    /// Why it was set aside, where it was.
    pub set_aside: Option<String>,
    /// Whether the sender says that there is nothing to report.
    pub nil_return: bool,
    /// Rows that count.
    pub accepted: u32,
    /// Rows that are held.
    pub held: u32,
    /// Findings to mend.
    pub to_mend: usize,
    /// Other findings.
    pub noticed: usize,
}

/// Whether a submission's rows stand in the figures of its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionState {
    /// They do.
    Stands,
    /// A newer one stands in its place.
    Superseded,
    /// An officer set it aside.
    SetAside,
    /// Nothing of it could be taken.
    Refused,
}

/// A row that is held, beside what it could change.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldRow {
    /// The department.
    pub department: String,
    /// The form's sheet in the blank workbook.
    pub form: String,
    /// Its file's name.
    pub file_name: String,
    /// The sheet.
    pub sheet: String,
    /// The row, counted from 1.
    pub row: i64,
    /// What the row is about.
    pub subject: String,
    /// The money it names, where it can be read, in đồng.
    pub amount: Option<i64>,
    /// Why it is held: codes and messages.
    pub reasons: String,
}

/// A register, in the version that the report was made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRow {
    /// The file's name.
    pub file_name: String,
    /// The first digits of its content's hash.
    pub file: String,
    /// How many entries were read from it.
    pub entries: usize,
}

/// Two grants of support to one enterprise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverlapRow {
    /// The class's name in code: `duplicate`, `unclear`, `repeat` or `combined`.
    pub class: &'static str,
    /// The enterprise.
    pub enterprise: String,
    /// Whether a person has to decide.
    pub waits: bool,
    /// What a person decided; blank where nobody did.
    pub decision: String,
    /// Both grants.
    pub sides: [GrantSide; 2],
    /// The clause.
    pub clause: String,
}

/// One of two grants, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantSide {
    /// The department's short name, or the other programme's list.
    pub source: String,
    /// Contents and tools, by code.
    pub what: String,
    /// From when to when.
    pub span: String,
    /// The money of the state, in đồng.
    pub state_budget: Option<i64>,
    /// File, sheet and row.
    pub place: String,
}

/// What changed in the figures since a report was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restatement {
    /// The moment whose knowledge the issued report shows, at the office's offset.
    pub as_of: DateTime<FixedOffset>,
    /// The first digits of the issued report's hash.
    pub file: String,
    /// The figures that changed, by id.
    pub figures: Vec<RestatedFigure>,
}

/// A figure that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestatedFigure {
    /// Its stable id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it was.
    pub before: i64,
    /// What it is.
    pub after: i64,
    /// What came into it and what left it.
    pub values: Vec<RestatedValue>,
}

/// A value that came into a figure, or left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestatedValue {
    /// Whether it came in.
    pub is_added: bool,
    /// An amount as it is written, or what counts once.
    pub shown: String,
    /// The department's short name.
    pub department: String,
    /// The file's name.
    pub file_name: String,
    /// The sheet.
    pub sheet: String,
    /// The cell.
    pub cell: String,
    /// The cause's name in code.
    pub cause: &'static str,
}

/// Where a record comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordOrigin {
    /// The department.
    pub department: String,
    /// The file's hash.
    pub file: String,
    /// The file's name when it came in.
    pub file_name: String,
    /// The sheet.
    pub sheet: String,
    /// The row, counted from 1.
    pub row: i64,
    /// The cell of each of the form's columns, by name.
    pub cells: BTreeMap<String, String>,
}

impl AnnualReport<'_> {
    /// The title with the years in its place.
    pub fn title(&self) -> String {
        let of_period = self
            .programme
            .report
            .final_report
            .as_ref()
            .filter(|_| self.is_final);
        self.placed(
            of_period.map_or(&self.programme.report.header.title, |of_period| {
                &of_period.title
            }),
        )
    }

    /// Whether a code of a list is used in the years shown; under the codes of its day, on that day.
    pub(crate) fn has_code(&self, list: &str, code: &str) -> bool {
        self.programme
            .lifetime(list, code)
            .is_none_or(|life| match self.under_today {
                true => life.covers(self.as_of.date_naive()),
                false => (self.from..=self.year).any(|year| life.touches(year)),
            })
    }

    /// The line below the title of a sheet: years, the plan, the clause.
    pub(crate) fn subtitle(&self, sheet: &SheetSpec) -> String {
        let (words, year) = (&self.programme.words, self.year.to_string());
        let years = match self.from == self.year {
            true => words.render_template("year_head", [("year", &year)]),
            false => words.render_template(
                "years_head",
                [("from", &self.from.to_string()), ("year", &year)],
            ),
        };
        words.render_template(
            "subtitle",
            [
                ("years", &years),
                ("decision", &self.programme.decision),
                ("clause", &sheet.clause),
            ],
        )
    }

    /// The sheets it has, in their order: one on changes only where something changed.
    pub fn sheets(&self) -> impl Iterator<Item = &SheetSpec> {
        let occasion = if self.is_final {
            Occasion::Final
        } else {
            Occasion::Annual
        };
        let is_there = move |sheet: &&SheetSpec| {
            sheet.only.is_none_or(|only| only == occasion)
                && (!matches!(sheet.kind, SheetKind::Restatement) || self.restatement.is_some())
        };
        self.programme.report.sheets.iter().filter(is_there)
    }

    /// A text of the definition with the years in their places.
    pub fn placed(&self, text: &str) -> String {
        text.replace("{year}", &self.year.to_string())
            .replace("{from}", &self.from.to_string())
    }
}

impl RecordOrigin {
    /// The cell of a column; the row's first where the column has none.
    pub fn cell(&self, field: &str) -> String {
        match self.cells.get(field) {
            Some(cell) => cell.clone(),
            None => self
                .cells
                .values()
                .next()
                .cloned()
                .unwrap_or_else(|| format!("A{}", self.row)),
        }
    }
}
