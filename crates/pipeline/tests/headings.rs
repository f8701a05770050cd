//! Headings as clerks write them, each in an otherwise plain sheet of its form: is the column understood, asked about,
//! or silently taken for something else?
//!
//! The headings are in `tests/headings/natural.toml`. They were written without a look at the words that the programme
//! knows; who teaches it more must leave them as they are.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use chrono::NaiveDate;
use ingest::Reading;
use model::{CellRef, FileId, Finding, Severity};
use programme::tables::{self, Tables};
use programme::{ColumnType, Form, Programme, Scope};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use validate::{Holds, SourceFile};

/// A heading that is tried.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    form: String,
    /// With ' › ' between a group and what stands under it.
    heading: String,
    /// The form's column; blank for one that it does not have.
    means: String,
    values: Vec<toml::Value>,
    /// The unit that the heading names.
    #[serde(default)]
    unit: String,
    /// The column after which it stands.
    #[serde(default)]
    beside: String,
    /// Whether the form's other columns of money stand under the same group.
    #[serde(default)]
    shared: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entries {
    heading: Vec<Entry>,
}

fn entries() -> Vec<Entry> {
    toml::from_str::<Entries>(&data("natural.toml"))
        .unwrap()
        .heading
}

/// A column of the plain sheet of a form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    column: String,
    /// What stands over it if that is not the programme's own heading.
    heading: Option<String>,
    values: [String; 3],
}

/// The sheet's unit; the plain amounts are in it.
const UNIT: &str = "triệu đồng";

static PROGRAMME: LazyLock<Programme> = LazyLock::new(|| Programme::default_programme().unwrap());

/// The plain sheets, by form.
static PLAIN: LazyLock<BTreeMap<String, Vec<Plain>>> =
    LazyLock::new(|| toml::from_str(&data("plain.toml")).unwrap());

fn data(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/headings");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// What stands in a cell.
#[derive(Debug, Clone)]
enum Written {
    Blank,
    Number(String),
    Day(NaiveDate),
    Text(String),
}

impl Written {
    fn of(text: &str, is_text: bool) -> Self {
        if text.is_empty() {
            Self::Blank
        } else if let Ok(day) = text.parse() {
            Self::Day(day)
        } else if !is_text && text.parse::<f64>().is_ok() {
            Self::Number(text.to_owned())
        } else {
            Self::Text(text.to_owned())
        }
    }

    fn from_toml(value: &toml::Value) -> Self {
        match value {
            toml::Value::String(text) => Self::of(text, true),
            toml::Value::Integer(number) => Self::Number(number.to_string()),
            toml::Value::Float(number) => Self::Number(number.to_string()),
            other => panic!("{other:?} is no value of a cell"),
        }
    }

    /// The amount in đồng of a number in a unit.
    fn dong(&self, unit: &str) -> Option<i64> {
        let Self::Number(text) = self else {
            return None;
        };
        let zeros = match unit {
            "đồng" => 0,
            "nghìn đồng" => 3,
            _ => 6,
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let fraction = if fraction == "0" { "" } else { fraction };
        assert!(fraction.len() <= zeros, "{text} {unit}");
        Some(format!("{whole}{fraction:0<zeros$}").parse().unwrap())
    }

    fn write(&self, sheet: &mut Worksheet, row: u32, col: u16) {
        match self {
            Self::Blank => {}
            Self::Number(text) => {
                let number: f64 = text.parse().unwrap();
                sheet.write_number(row, col, number).unwrap();
            }
            Self::Day(day) => {
                let format = Format::new().set_num_format("dd/mm/yyyy");
                let text = day.to_string();
                let day = ExcelDateTime::parse_from_str(&text).unwrap();
                sheet
                    .write_datetime_with_format(row, col, &day, &format)
                    .unwrap();
            }
            Self::Text(text) => {
                sheet.write_string(row, col, text).unwrap();
            }
        }
    }
}

/// A column of a sheet that is laid out.
struct LaidColumn {
    /// The column of the form, blank if it has none.
    name: String,
    /// The levels of its heading.
    levels: Vec<String>,
    values: Vec<Written>,
}

/// A sheet with its columns, and which of them is tried.
struct Laid {
    columns: Vec<LaidColumn>,
    tried: Option<usize>,
}

const HEADING_ROW: u32 = 3;

impl Laid {
    /// How many rows its heading has.
    fn depth(&self) -> usize {
        self.columns.iter().map(|c| c.levels.len()).max().unwrap()
    }

    /// The sheet's first row of values.
    fn first_row(&self) -> u32 {
        HEADING_ROW + u32::try_from(self.depth()).unwrap()
    }

    fn bytes(&self, form: &Form) -> Vec<u8> {
        let mut workbook = Workbook::new();
        let cover = workbook.add_worksheet();
        cover.set_name("TT chung").unwrap();
        for (row, (label, value)) in (0..).zip([
            ("Cơ quan báo cáo", "Sở Khoa học và Công nghệ"),
            ("Kỳ báo cáo", "Năm 2023"),
        ]) {
            cover.write_string(row, 0, label).unwrap();
            cover.write_string(row, 1, value).unwrap();
        }
        let sheet = workbook.add_worksheet();
        sheet.set_name(&form.sheet).unwrap();
        sheet.write_string(0, 0, &form.title.vi).unwrap();
        if form.has_money() {
            let line = format!("Đơn vị tính: {UNIT}");
            sheet.write_string(1, 0, line).unwrap();
        }
        self.write_headings(sheet);
        for (col, column) in (0..).zip(&self.columns) {
            for (row, value) in (self.first_row()..).zip(&column.values) {
                value.write(sheet, row, col);
            }
        }
        workbook.save_to_buffer().unwrap()
    }

    /// Writes headings; a group stands once over its columns, and a heading of fewer levels reaches down.
    fn write_headings(&self, sheet: &mut Worksheet) {
        let format = Format::new();
        let depth = self.depth();
        for level in 0..depth {
            let mut col = 0;
            while let Some(column) = self.columns.get(col) {
                let Some(text) = column.levels.get(level) else {
                    col += 1;
                    continue;
                };
                let is_last = level + 1 == column.levels.len();
                let is_same = |other: &&LaidColumn| {
                    !is_last && other.levels.get(..=level) == Some(&column.levels[..=level])
                };
                let width = self.columns[col..]
                    .iter()
                    .take_while(is_same)
                    .count()
                    .max(1);
                let height = if is_last { depth - level } else { 1 };
                let row = HEADING_ROW + u32::try_from(level).unwrap();
                let bottom = row + u32::try_from(height - 1).unwrap();
                let (left, right) = (
                    u16::try_from(col).unwrap(),
                    u16::try_from(col + width - 1).unwrap(),
                );
                if width == 1 && height == 1 {
                    sheet.write_string(row, left, text).unwrap();
                } else {
                    sheet
                        .merge_range(row, left, bottom, right, text, &format)
                        .unwrap();
                }
                col += width;
            }
        }
    }
}

/// The plain sheet of a form, and in it what stands over the column that is tried.
///
/// With `levels`, that is them; without, it is the plain heading of the column that is meant, or there is no such
/// column.
fn laid(form: &Form, entry: &Entry, levels: Option<Vec<String>>) -> Laid {
    let heading = |name: &str| form.column(name).unwrap().heading.clone();
    let is_text = |name: &str| {
        let kind = &form.column(name).unwrap().kind;
        matches!(kind, ColumnType::Text | ColumnType::TaxCode)
    };
    let mut columns = vec![LaidColumn {
        name: String::new(),
        levels: vec!["STT".to_owned()],
        values: ["1", "2", "3"].map(|n| Written::of(n, false)).to_vec(),
    }];
    columns.extend(PLAIN[&form.code].iter().map(|plain| {
        let values = plain.values.iter();
        let values = values.map(|value| Written::of(value, is_text(&plain.column)));
        let own = || heading(&plain.column);
        LaidColumn {
            name: plain.column.clone(),
            levels: vec![plain.heading.clone().unwrap_or_else(own)],
            values: values.collect(),
        }
    }));
    let values = entry.values.iter().map(Written::from_toml).collect();
    let control = || match (entry.means.as_str(), entry.unit.as_str()) {
        ("", _) => None,
        (name, "") => Some(vec![heading(name)]),
        (name, unit) => Some(vec![format!("{} ({unit})", heading(name))]),
    };
    let is_tried = levels.is_some();
    let Some(levels) = levels.or_else(control) else {
        return Laid {
            columns,
            tried: None,
        };
    };
    let place = |name: &str| columns.iter().position(|column| column.name == name);
    let own = (!entry.means.is_empty())
        .then(|| place(&entry.means))
        .flatten();
    let beside = (!entry.beside.is_empty()).then(|| place(&entry.beside).unwrap());
    let tried = LaidColumn {
        name: entry.means.clone(),
        levels: levels.clone(),
        values,
    };
    let at = match (own, beside) {
        (Some(own), _) => {
            columns[own] = tried;
            own
        }
        (None, Some(beside)) => {
            columns.insert(beside + 1, tried);
            beside + 1
        }
        (None, None) => {
            columns.push(tried);
            columns.len() - 1
        }
    };
    if is_tried && entry.shared {
        for (col, column) in columns.iter_mut().enumerate() {
            let kind = form.column(&column.name).map(|column| &column.kind);
            if col != at && kind == Some(&ColumnType::Money) {
                column.levels.insert(0, levels[0].clone());
            }
        }
    }
    Laid {
        columns,
        tried: Some(at),
    }
}

/// A workbook that was read.
struct Read {
    file: SourceFile,
    laid: Laid,
    reading: Reading,
}

fn read(programme: &Programme, form: &Form, laid: Laid, number: usize) -> Read {
    let file = SourceFile {
        // The first digits tell files apart.
        id: FileId(format!("{number:012x}{:052}", 0)),
        name: format!("bao-cao-{number}.xlsx"),
    };
    let bytes = laid.bytes(form);
    let reading = ingest::read(&file.id, &file.name, &bytes, programme);
    Read {
        file,
        laid,
        reading,
    }
}

/// A row of a form as it was read: its values by column, and whether it is held.
#[derive(Debug, PartialEq)]
struct Row {
    values: BTreeMap<String, String>,
    is_held: bool,
}

/// The rows of the form by their place on the sheet, the first row of values being 0.
fn rows(read: &Read, form: &Form, findings: &[Finding]) -> BTreeMap<i64, Row> {
    let holds = Holds::new(&PROGRAMME, findings);
    let mut rows = BTreeMap::new();
    let tables = read.reading.tables.iter();
    for table in tables.filter(|table| table.form == form.code) {
        let own = tables::schema(form);
        let own = own
            .iter_names()
            .take_while(|name| *name != tables::ORIGIN[0]);
        let names: Vec<_> = own.cloned().collect();
        for at in 0..table.frame.height() {
            let value = |name: &str| table.frame.column(name).unwrap().get(at).unwrap();
            let values = names
                .iter()
                .map(|name| (name.to_string(), value(name).to_string()));
            let record = table.frame.column("record").unwrap();
            let record = record.str().unwrap().get(at).unwrap();
            let row = Row {
                values: values.collect(),
                is_held: holds.row(record, &read.file.id.0, &table.sheet, &form.code),
            };
            let place = place_of(value("row").try_extract().unwrap(), read);
            assert!(rows.insert(place, row).is_none());
        }
    }
    rows
}

fn place_of(row: i64, read: &Read) -> i64 {
    row - 1 - i64::from(read.laid.first_row())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Understood,
    Asked,
    Wrong,
}

/// Whether a finding names the column that was tried: a cell of it, its heading, or the column that it means.
fn names(finding: &Finding, tried: &Read, form: &Form, entry: &Entry) -> bool {
    let at = tried.laid.tried.unwrap();
    let cells = finding.cells.iter();
    let mut cells = cells.filter_map(|cell| cell.parse::<CellRef>().ok());
    let on_sheet = finding.sheet.as_deref() == Some(&form.sheet);
    let squeezed = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
    let leaf = squeezed(tried.laid.columns[at].levels.last().unwrap());
    let meant = form.column(&entry.means).map(|c| c.heading.clone());
    (on_sheet && cells.any(|cell| usize::try_from(cell.col) == Ok(at)))
        || (meant.is_some() && finding.column == meant)
        || squeezed(&finding.found).contains(&leaf)
}

fn outcome(
    entry: &Entry,
    form: &Form,
    (tried, findings): (&Read, &[Finding]),
    (control, control_findings): (&Read, &[Finding]),
) -> Outcome {
    let expected = rows(control, form, control_findings);
    assert_eq!(expected.len(), 3, "the plain sheet of {entry:?}");
    for (place, row) in &expected {
        assert!(
            !row.is_held,
            "plain sheet of {entry:?}: {control_findings:#?}"
        );
        let Some(column) = form.column(&entry.means) else {
            continue;
        };
        let read = &row.values[&column.name];
        assert_ne!(read, "null", "plain sheet of {entry:?}");
        if column.kind == ColumnType::Money {
            let at = control.laid.tried.unwrap();
            let value = &control.laid.columns[at].values[usize::try_from(*place).unwrap()];
            let unit = if entry.unit.is_empty() {
                UNIT
            } else {
                &entry.unit
            };
            assert_eq!(*read, value.dong(unit).unwrap().to_string(), "{entry:?}");
        }
    }
    let found = rows(tried, form, findings);
    if found == expected {
        return Outcome::Understood;
    }
    let waits = |place: &i64| found.get(place).is_some_and(|row| row.is_held);
    let differs = |(place, row): &(&i64, &Row)| found.get(place) != Some(row);
    let mut different = expected.iter().filter(differs).map(|(place, _)| place);
    let has_more = found.keys().any(|place| !expected.contains_key(place));
    if !has_more && different.clone().all(waits) {
        return Outcome::Asked;
    }
    let told = |least: Severity| {
        let mut findings = findings.iter().filter(|f| f.severity <= least);
        findings.any(|finding| names(finding, tried, form, entry))
    };
    // A text that stands in no column changes no figure, so it is enough that it is told.
    let only_missing = different.all(|place| {
        found.get(place).is_some_and(|row| {
            row.values
                .iter()
                .all(|(name, value)| match *name == entry.means {
                    true => value == "null",
                    false => *value == expected[place].values[name],
                })
        })
    });
    let is_text = form
        .column(&entry.means)
        .is_some_and(|column| !column.required && column.kind == ColumnType::Text);
    if told(Severity::Correct) || (is_text && only_missing && told(Severity::Info)) {
        return Outcome::Asked;
    }
    Outcome::Wrong
}

/// What was read otherwise than it was meant, and what was said about the sheet.
fn described(
    entry: &Entry,
    form: &Form,
    (tried, findings): (&Read, &[Finding]),
    (control, control_findings): (&Read, &[Finding]),
) -> String {
    let means = if entry.means.is_empty() {
        "-"
    } else {
        &entry.means
    };
    let mut text = format!("{}: {:?} means {means}\n", form.code, entry.heading);
    let found = rows(tried, form, findings);
    for (place, meant) in rows(control, form, control_findings) {
        let Some(row) = found.get(&place) else {
            text += &format!("    row {place}: not read\n");
            continue;
        };
        for (name, value) in &meant.values {
            if row.values[name] != *value {
                text += &format!(
                    "    row {place}: {name} is {}, not {value}\n",
                    row.values[name]
                );
            }
        }
    }
    for finding in findings {
        let cells = finding.cells.join(" ");
        text += &format!(
            "    {} {} {cells}: {}\n",
            finding.code, finding.severity, finding.message.en
        );
    }
    text
}

/// The findings on each file, as a run makes them: what the reader noticed, and the rules over one submission.
fn findings(programme: &Programme, read: &[Read]) -> BTreeMap<FileId, Vec<Finding>> {
    let mut forms = Tables::new();
    let mut sources = BTreeMap::new();
    let mut findings: BTreeMap<FileId, Vec<Finding>> = BTreeMap::new();
    for read in read {
        sources.insert(read.file.id.clone(), read.file.clone());
        for table in &read.reading.tables {
            tables::append(&mut forms, &table.form, &table.frame).unwrap();
        }
        let observations = read.reading.observations.iter();
        let period = read.reading.period;
        let noticed =
            observations.filter_map(|o| validate::finding(programme, &read.file, period, o));
        findings.insert(read.file.id.clone(), noticed.collect());
    }
    let judged = validate::apply_rules(programme, Scope::Submission, &forms, &sources).unwrap();
    for finding in judged {
        findings
            .entry(finding.file.clone())
            .or_default()
            .push(finding);
    }
    findings
}

#[test]
fn each_heading_has_three_values_and_stands_in_a_form() {
    let programme = &*PROGRAMME;
    let entries = entries();
    assert_eq!(entries.len(), 150);
    for entry in &entries {
        let form = programme.form(&entry.form).unwrap();
        assert_eq!(entry.values.len(), 3, "{entry:?}");
        assert!(
            entry.beside.is_empty() || form.column(&entry.beside).is_some(),
            "{entry:?}"
        );
    }
    let own = entries.iter().filter(|entry| entry.means.is_empty());
    assert_eq!(own.count(), 40);
}

#[test]
fn no_heading_is_taken_for_another_without_a_word() {
    let programme = &*PROGRAMME;
    let mut entries = entries();
    for entry in &mut entries {
        // What the forms of the data dictionary have and the programme's do not yet is a column of the sender's own.
        let form = programme.form(&entry.form).unwrap();
        if form.column(&entry.means).is_none() {
            entry.means.clear();
        }
    }
    let mut read_all = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        let form = programme.form(&entry.form).unwrap();
        let levels = entry.heading.split(" › ").map(str::to_owned).collect();
        let tried = laid(form, entry, Some(levels));
        let control = laid(form, entry, None);
        read_all.push(read(programme, form, tried, 2 * number));
        read_all.push(read(programme, form, control, 2 * number + 1));
    }
    let findings = findings(programme, &read_all);
    let mut counts = [0; 3];
    let mut wrong = Vec::new();
    for (entry, pair) in entries.iter().zip(read_all.chunks(2)) {
        let form = programme.form(&entry.form).unwrap();
        let of = |read: &'_ Read| findings[&read.file.id].clone();
        let (tried, control) = ((&pair[0], &*of(&pair[0])), (&pair[1], &*of(&pair[1])));
        let outcome = outcome(entry, form, tried, control);
        counts[outcome as usize] += 1;
        match outcome {
            Outcome::Understood => {}
            Outcome::Asked => println!("asked: {}", described(entry, form, tried, control)),
            Outcome::Wrong => wrong.push(described(entry, form, tried, control)),
        }
    }
    let [understood, asked, silently] = counts;
    println!("{understood} understood, {asked} asked, {silently} wrong");
    assert!(wrong.is_empty(), "{silently} wrong:\n{}", wrong.join("\n"));
}
