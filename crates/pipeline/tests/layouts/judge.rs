//! Whether what was read is what was meant, or somebody is asked.

use crate::cases::{Case, Value};
use crate::features::Input;
use crate::table::{Laid, lay_out};
use crate::workbook::workbook;
use chrono::NaiveDate;
use ingest::Reading;
use model::{CellRef, Extent, FileId, Finding, Severity};
use polars::prelude::{AnyValue, DataFrame};
use programme::tables::{self, Tables};
use programme::{Programme, Scope};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use validate::{Holds, SourceFile};

/// What became of a layout.
pub(crate) struct Verdict {
    pub(crate) laid: Laid,
    /// What was read otherwise than meant without a word.
    pub(crate) silent: Vec<String>,
    /// What is asked about.
    pub(crate) asked: Vec<String>,
    /// What was read, as text.
    pub(crate) read: String,
}

impl Verdict {
    pub(crate) fn is_silent(&self) -> bool {
        !self.silent.is_empty()
    }
}

/// A record as it was read.
struct Record {
    form: String,
    sheet: String,
    /// Counted from 0.
    row: u32,
    is_held: bool,
    values: BTreeMap<String, Read>,
}

/// A value that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Read {
    Nothing,
    Text(String),
    Number(i64),
    Day(NaiveDate),
}

impl Read {
    fn of(value: &AnyValue<'_>) -> Self {
        if value.is_null() {
            return Self::Nothing;
        }
        if let Some(text) = value.get_str() {
            return Self::Text(text.to_owned());
        }
        if let AnyValue::Date(days) = value {
            let epoch = NaiveDate::default();
            return Self::Day(epoch + chrono::TimeDelta::days(i64::from(*days)));
        }
        if let AnyValue::Boolean(flag) = value {
            return Self::Number(i64::from(*flag));
        }
        Self::Number(value.try_extract().unwrap())
    }

    fn shown(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Day(day) => day.to_string(),
        }
    }
}

/// Judges workbooks of these layouts, in their order.
pub(crate) fn judge(programme: &Programme, inputs: &[Input]) -> Vec<Verdict> {
    let read: Vec<(SourceFile, Laid, Reading)> = inputs
        .par_iter()
        .enumerate()
        .map(|(number, input)| {
            let laid = lay_out(programme, input);
            let bytes = workbook(&laid.sheets);
            let file = SourceFile {
                // The first digits tell files apart.
                id: FileId(format!("{number:012x}{:052}", 0)),
                name: format!("bao-cao-{number}.xlsx"),
            };
            let reading = ingest::read(&file.id, &file.name, &bytes, programme);
            (file, laid, reading)
        })
        .collect();
    let findings = findings(programme, &read);
    let judged = inputs.iter().zip(read).zip(findings);
    judged
        .map(|((input, (file, laid, reading)), findings)| {
            let records = records(programme, &file, &reading, &findings);
            verdict(programme, input, laid, &records, &findings)
        })
        .collect()
}

/// The findings on each file, as a run makes them: what the reader noticed, and the rules over one submission.
fn findings(programme: &Programme, read: &[(SourceFile, Laid, Reading)]) -> Vec<Vec<Finding>> {
    let mut forms = Tables::new();
    let mut sources = BTreeMap::new();
    for (file, _, reading) in read {
        sources.insert(file.id.clone(), file.clone());
        for table in &reading.tables {
            tables::append(&mut forms, &table.form, &table.frame).unwrap();
        }
    }
    let mut by_file: BTreeMap<FileId, Vec<Finding>> = BTreeMap::new();
    let judged = validate::apply_rules(programme, Scope::Submission, &forms, &sources).unwrap();
    for finding in judged {
        by_file
            .entry(finding.file.clone())
            .or_default()
            .push(finding);
    }
    read.iter()
        .map(|(file, _, reading)| {
            let observations = reading.observations.iter();
            let mut findings: Vec<Finding> = observations
                .filter_map(|o| validate::finding(programme, file, reading.period, o))
                .collect();
            findings.extend(by_file.remove(&file.id).unwrap_or_default());
            findings
        })
        .collect()
}

fn records(
    programme: &Programme,
    file: &SourceFile,
    reading: &Reading,
    findings: &[Finding],
) -> Vec<Record> {
    let holds = Holds::new(findings);
    let mut records = Vec::new();
    for table in &reading.tables {
        let names: Vec<String> = tables::schema(programme.form(&table.form).unwrap())
            .iter_names()
            .take_while(|name| *name != tables::ORIGIN[0])
            .map(ToString::to_string)
            .collect();
        for at in 0..table.frame.height() {
            let value = |name: &str| read_value(&table.frame, name, at);
            let Read::Number(row) = value("row") else {
                panic!("a record has no row");
            };
            let record = value("record").shown();
            let is_held = holds.row(&record, &file.id.0, &table.sheet, &table.form);
            let values = names.iter().map(|name| (name.clone(), value(name)));
            records.push(Record {
                form: table.form.clone(),
                sheet: table.sheet.clone(),
                row: u32::try_from(row - 1).unwrap(),
                is_held,
                values: values.collect(),
            });
        }
    }
    records
}

fn read_value(frame: &DataFrame, name: &str, at: usize) -> Read {
    Read::of(&frame.column(name).unwrap().get(at).unwrap())
}

fn verdict(
    programme: &Programme,
    input: &Input,
    laid: Laid,
    records: &[Record],
    findings: &[Finding],
) -> Verdict {
    let (mut silent, mut asked) = (Vec::new(), Vec::new());
    let mut counted: BTreeSet<usize> = BTreeSet::new();
    let told = Told {
        programme,
        input,
        laid: &laid,
        findings,
    };
    // The cover is no row of a table.
    let of_tables = records.iter().filter(|record| record.form != "general");
    for record in of_tables.clone().filter(|record| !record.is_held) {
        let place = format!("{} row {}", record.sheet, record.row + 1);
        let is_ours = record.form == input.form && record.sheet == laid.sheet;
        let case = laid.case_of_row.get(&record.row).filter(|_| is_ours);
        let Some(&at) = case else {
            silent.push(format!(
                "{place} is no case, but counted in {}",
                record.form
            ));
            continue;
        };
        if !counted.insert(at) {
            silent.push(format!("{place} is counted again"));
        }
        for difference in differences(&laid, &laid.cases[at], record) {
            let text = format!("{place}: {difference}");
            if told.is_told(at, &difference) {
                asked.push(text);
            } else {
                silent.push(text);
            }
        }
    }
    let meant = (0..laid.cases.len()).filter(|at| laid.struck != Some(*at));
    for at in meant.filter(|at| !counted.contains(at)) {
        let is_own = |record: &&Record| {
            record.sheet == laid.sheet
                && record.form == input.form
                && laid.case_of_row.get(&record.row) == Some(&at)
        };
        let lost = format!("case {} is not counted", at + 1);
        if of_tables.clone().any(|record| is_own(&record)) || told.names_case(at) {
            asked.push(lost);
        } else {
            silent.push(lost);
        }
    }
    let read = as_text(records, findings);
    Verdict {
        laid,
        silent,
        asked,
        read,
    }
}

/// A value of a case that was read otherwise than it was meant.
struct Difference {
    column: String,
    read: Read,
    /// What was meant; nothing if the sheet has no such column.
    meant: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { column, read, .. } = self;
        match &self.meant {
            Some(meant) => write!(f, "{column} is {read:?}, meant {meant:?}"),
            None => write!(
                f,
                "{column} is {read:?}, though the sheet has no such column"
            ),
        }
    }
}

/// In what a record is not the case.
fn differences(laid: &Laid, case: &Case, record: &Record) -> Vec<Difference> {
    let mut differences: Vec<Difference> = Vec::new();
    let values = record.values.iter();
    for (name, read) in values.filter(|(name, _)| !name.ends_with("_words")) {
        let column = name.strip_suffix("_last").unwrap_or(name);
        let is_last = column != name;
        let is_written = laid.column_of.contains_key(column);
        let meant = case.get(column);
        let is_right = is_same(meant, read, is_last) || !is_written && *read == Read::Nothing;
        let is_known = differences.iter().any(|known| known.column == column);
        if !is_right && !is_known {
            differences.push(Difference {
                column: column.to_owned(),
                read: read.clone(),
                meant: is_written.then(|| meant.clone()),
            });
        }
    }
    differences
}

fn is_same(meant: &Value, read: &Read, is_last: bool) -> bool {
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match (meant, read) {
        (Value::Nothing, read) => matches!(read, Read::Nothing | Read::Number(0)),
        (Value::Text(meant), Read::Text(read)) => squeezed(meant) == squeezed(read),
        (Value::Code { code, .. }, Read::Text(read)) => code == read,
        (Value::Number(meant) | Value::Money(meant), Read::Number(read)) => meant == read,
        (Value::Days(first, last), Read::Day(read)) => read == if is_last { last } else { first },
        _ => false,
    }
}

/// What the findings say of a layout.
struct Told<'a> {
    programme: &'a Programme,
    input: &'a Input,
    laid: &'a Laid,
    findings: &'a [Finding],
}

impl Told<'_> {
    /// The findings of at least a weight that are about the form's sheet or the file, with their cells.
    fn at_least(&self, least: Severity) -> impl Iterator<Item = (&Finding, Vec<CellRef>)> {
        let ours = self.findings.iter().filter(move |finding| {
            finding.severity <= least
                && (finding.sheet.as_deref() == Some(self.laid.sheet.as_str())
                    || finding.sheet.is_none()
                    || finding.extent == Extent::File)
        });
        ours.map(|finding| {
            let cells = finding.cells.iter();
            let cells = cells.filter_map(|cell| cell.parse().ok());
            (finding, cells.collect())
        })
    }

    fn is_of_case(&self, at: usize, cell: &CellRef) -> bool {
        self.laid.case_of_row.get(&cell.row) == Some(&at)
    }

    /// Whether a finding names a case that is not counted: a cell of its row, the heading of a column, or the sheet.
    fn names_case(&self, at: usize) -> bool {
        let mut findings = self.at_least(Severity::Warn);
        findings.any(|(finding, cells)| {
            let is_strong = finding.severity <= Severity::Correct;
            (is_strong && cells.is_empty())
                || cells.iter().any(|cell| self.is_of_case(at, cell))
                || (is_strong
                    && cells
                        .iter()
                        .any(|cell| self.laid.heading_rows.contains(&cell.row)))
        })
    }

    /// Whether a difference in a case that is counted is told.
    ///
    /// An amount that is counted as another is never told well enough: it should wait. For what is left out it is enough that a
    /// finding names its cell.
    fn is_told(&self, at: usize, difference: &Difference) -> bool {
        let is_amount = matches!(
            difference.meant,
            Some(Value::Money(_) | Value::Nothing | Value::Unknown)
        );
        match difference.read {
            Read::Number(_) if is_amount => false,
            Read::Nothing if self.names_cell(at, &difference.column) => true,
            _ => self.names_value(at, &difference.column),
        }
    }

    fn names_cell(&self, at: usize, column: &str) -> bool {
        let col = self.laid.column_of.get(column).map(|col| u32::from(*col));
        let is_it = |cell: &CellRef| col == Some(cell.col) && self.is_of_case(at, cell);
        let mut findings = self.at_least(Severity::Warn);
        findings.any(|(_, cells)| cells.iter().any(is_it))
    }

    /// Whether a finding that wants something mended names a value: its cell, its column, or the heading of that.
    fn names_value(&self, at: usize, column: &str) -> bool {
        let form = self.programme.form(self.input.form).unwrap();
        let heading = form.column(column).map(|column| &column.heading);
        let col = self.laid.column_of.get(column).map(|col| u32::from(*col));
        let mut findings = self.at_least(Severity::Correct);
        findings.any(|(finding, cells)| {
            let is_column = finding.column.is_some() && finding.column.as_ref() == heading;
            let is_there = |cell: &CellRef| {
                (col == Some(cell.col) || is_column)
                    && (self.is_of_case(at, cell) || self.laid.heading_rows.contains(&cell.row))
            };
            cells.iter().any(is_there) || (is_column && cells.is_empty())
        })
    }
}

/// The records and findings, a line each.
fn as_text(records: &[Record], findings: &[Finding]) -> String {
    let mut text = String::new();
    for record in records.iter().filter(|record| record.form != "general") {
        let values = record.values.iter().filter(|(name, value)| {
            **value != Read::Nothing && !name.ends_with("_last") && !name.ends_with("_words")
        });
        let values: Vec<String> = values
            .map(|(name, value)| format!("{name}={}", value.shown()))
            .collect();
        let what = if record.is_held { "held   " } else { "counted" };
        let _ = writeln!(
            text,
            "    {what} {} {} row {}: {}",
            record.form,
            record.sheet,
            record.row + 1,
            values.join(" · ")
        );
    }
    for finding in findings {
        let _ = writeln!(
            text,
            "    {} {} {} {}: {}",
            finding.code,
            finding.severity,
            finding.sheet.as_deref().unwrap_or_default(),
            finding.cells.join(" "),
            finding.message.en
        );
    }
    text
}
