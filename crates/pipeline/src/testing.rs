//! What the unit tests are made of: the compiled-in programme, rows from short text tables, submissions, snapshots.

use crate::annual::build::{BuiltReport, build};
use crate::annual::inputs::AnnualInputs;
use crate::annual::request::{ReportRequest, Variant};
use crate::loaded_programme::LoadedProgramme;
use crate::snapshot::effective::EffectiveSubmissions;
use crate::snapshot::rows::Snapshot;
use crate::support::answer_index::AnswerIndex;
use crate::support::enterprise::EnterpriseLine;
use crate::support::overlap_line::OverlapLine;
use crate::support::registers::Registers;
use crate::support::resolved::{OtherProgrammes, ResolvedSnapshot};
use crate::support::support_line::SupportLine;
use crate::text_column::texts;
use chrono::{FixedOffset, NaiveDate};
use ledger::{Answer, Outcome, Standing, Submission, Verdict};
use link::{Overlap, OverlapClass, Party};
use model::{CellRef, FileId, SubmissionId};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{Form, Lifetime, Programme, Source};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Loading a programme tries all its SQL, so it is done once for all tests.
static LOADED: LazyLock<LoadedProgramme> =
    LazyLock::new(|| LoadedProgramme::load(&Source::default_programme()).unwrap());

/// The programme that is compiled in.
pub(crate) fn programme() -> &'static Programme {
    &LOADED.programme
}

/// The same with one target, four indicators and no sheets: a report by it is made in a moment.
pub(crate) fn small_programme() -> LoadedProgramme {
    let mut small = LOADED.clone();
    let programme = &mut small.programme;
    let names = [
        "enterprises_supported",
        "support_by_district",
        "budget_spent",
        "duplicate_state_budget",
    ];
    programme
        .indicators
        .retain(|indicator| names.contains(&indicator.name.as_str()));
    programme
        .targets
        .retain(|target| target.id == "enterprises-2021-2025");
    programme.report.sheets.clear();
    small
}

/// Has a department end on a day, and another go on with what it did.
pub(crate) fn succeed(programme: &mut Programme, department: &str, last: &str, by: &str) {
    let departments = programme.departments.iter_mut();
    for known in departments.filter(|known| known.code == department) {
        known.life = Lifetime {
            to: last.parse().ok(),
            successors: vec![by.to_owned()],
            ..Lifetime::default()
        };
    }
}

/// A form of the programme.
pub(crate) fn form(code: &str) -> &'static Form {
    programme().form(code).unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The clock of the office: that of Việt Nam.
pub(crate) fn offset() -> FixedOffset {
    FixedOffset::east_opt(7 * 3600).unwrap()
}

/// An accepted submission with the file `f<id>`, taken in on 1 June 2023.
pub(crate) fn submission(id: i64, department: &str, period: &str) -> Submission {
    Submission {
        office: None,
        id: SubmissionId(id),
        reader: 0,
        at: "2023-06-01T00:00:00Z".parse().unwrap(),
        programme_hash: programme().hash.clone(),
        file: FileId(format!("f{id}")),
        file_name: format!("f{id}.xlsx"),
        department: Some(department.to_owned()),
        unit: None,
        period: Some(period.parse().unwrap()),
        outcome: Outcome::Accepted,
        nil_return: false,
        set_aside: None,
        forms: standings(programme().forms.keys().map(String::as_str)),
    }
}

/// Forms that take the place of what was sent before.
pub(crate) fn standings<'f>(
    forms: impl IntoIterator<Item = &'f str>,
) -> BTreeMap<String, Standing> {
    let forms = forms.into_iter();
    forms
        .map(|form| (form.to_owned(), Standing::Replaces))
        .collect()
}

/// Rows of a form from a text table: a line of column names, then a line a row, cells set apart by '|'; what is blank
/// is missing.
///
/// A day is its own last day. If they are not named, `record` is `<file>:<row>`, rows are counted from 1, each of the
/// form's columns has a cell of its own, and the sheet is the form's.
pub(crate) fn rows(form: &Form, table: &str) -> DataFrame {
    let cells = |line: &'static str| line.split('|').map(str::trim).collect::<Vec<_>>();
    let text: &'static str = table.to_owned().leak();
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let head = cells(lines.next().unwrap());
    let lines: Vec<Vec<&str>> = lines.map(cells).collect();
    let schema = tables::schema(form);
    assert!(
        head.iter().all(|name| schema.contains(name)),
        "{head:?} are not all columns of {}",
        form.code
    );
    let written = |at: usize, name: &str| -> Option<String> {
        let place = head.iter().position(|known| *known == name)?;
        let text = *lines[at].get(place)?;
        (!text.is_empty()).then(|| text.to_owned())
    };
    let assumed = |at: usize, name: &str| match name {
        "record" => Some(format!("{}:{}", written(at, "file")?, at + 1)),
        "row" => Some((at + 1).to_string()),
        "sheet" => Some(form.sheet.clone()),
        "cells" => Some(cells_of_row(form, at)),
        _ => written(at, name.strip_suffix("_last")?),
    };
    let columns = schema.iter().map(|(name, dtype)| {
        let values = (0..lines.len()).map(|at| written(at, name).or_else(|| assumed(at, name)));
        typed(name, dtype, values.collect())
    });
    DataFrame::new_infer_height(columns.collect()).unwrap()
}

fn cells_of_row(form: &Form, at: usize) -> String {
    let row = u32::try_from(at).unwrap();
    let cell = |col: usize| CellRef {
        row,
        col: u32::try_from(col).unwrap(),
    };
    let cells = (0..form.columns.len()).map(|col| cell(col).to_string());
    cells.collect::<Vec<_>>().join(" ")
}

fn typed(name: &str, dtype: &DataType, values: Vec<Option<String>>) -> Column {
    fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(
        values: Vec<Option<String>>,
    ) -> Vec<Option<T>> {
        let parse = |text: String| text.parse().unwrap();
        values.into_iter().map(|text| text.map(parse)).collect()
    }
    let name = name.into();
    match dtype {
        DataType::Int64 => Column::new(name, parsed::<i64>(values)),
        DataType::Boolean => Column::new(name, parsed::<bool>(values)),
        DataType::Date => Column::new(name, parsed::<NaiveDate>(values)),
        _ => Column::new(name, values),
    }
}

/// The rows of some submissions by form, each row under the department and period of its file's submission.
pub(crate) fn tables(submissions: &[Submission], written: &[(&str, &str)]) -> Tables {
    let mut tables = Tables::new();
    for (code, table) in written {
        let mut frame = rows(form(code), table);
        let files = texts(&frame, "file").unwrap();
        let sender = |file: Option<&str>| {
            let is_it = |known: &&Submission| Some(known.file.0.as_str()) == file;
            submissions.iter().find(is_it).unwrap()
        };
        let department: Vec<Option<String>> = files
            .iter()
            .map(|file| sender(file).department.clone())
            .collect();
        let period: Vec<Option<String>> = files
            .iter()
            .map(|file| sender(file).period.map(|period| period.to_string()))
            .collect();
        frame
            .with_column(Column::new("department".into(), department))
            .unwrap();
        frame
            .with_column(Column::new("period".into(), period))
            .unwrap();
        tables::append(&mut tables, code, &frame).unwrap();
    }
    tables
}

/// What counts of some submissions and their rows, by the programme that is compiled in.
pub(crate) fn snapshot(submissions: &[Submission], written: &[(&str, &str)]) -> Snapshot {
    snapshot_by(programme(), submissions, written)
}

/// The same by a programme that has the same forms.
pub(crate) fn snapshot_by(
    programme: &Programme,
    submissions: &[Submission],
    written: &[(&str, &str)],
) -> Snapshot {
    let effective = EffectiveSubmissions::among(programme, submissions, programme.years());
    let of = |counting: &[Submission]| -> Tables {
        let rows = tables(submissions, written).into_iter();
        rows.map(|(code, frame)| {
            let is_one = |file: Option<&str>| {
                let mut counting = counting.iter();
                counting.any(|it| Some(it.file.0.as_str()) == file && it.forms[&code].counts())
            };
            let files = texts(&frame, "file").unwrap();
            let mask: BooleanChunked = files.iter().map(is_one).collect();
            (code.clone(), frame.filter(&mask).unwrap())
        })
        .collect()
    };
    Snapshot {
        accepted: of(&effective.effective),
        superseded: of(&effective.superseded_quarters),
        submissions: effective,
        ..Snapshot::default()
    }
}

/// The same with its enterprises resolved, and nothing known under other programmes.
pub(crate) fn resolved(submissions: &[Submission], written: &[(&str, &str)]) -> ResolvedSnapshot {
    let others = OtherProgrammes::default();
    let snapshot = snapshot(submissions, written);
    ResolvedSnapshot::resolve(programme(), snapshot, others, &AnswerIndex::default()).unwrap()
}

/// The texts of a column; blank if there is none.
pub(crate) fn column(frame: &DataFrame, name: &str) -> Vec<String> {
    let texts = texts(frame, name).unwrap();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    texts.iter().map(text).collect()
}

/// A case of support with content 3a1 that began on 1 March 2023 and goes on.
pub(crate) fn support_line(department: &str, enterprise: &str) -> SupportLine {
    let party = Party {
        name: enterprise,
        ..Party::default()
    };
    SupportLine {
        department: Some(department.to_owned()),
        register: None,
        enterprise: EnterpriseLine::from_party(party),
        fingerprint: party.fingerprint(),
        contents: ["3a1".to_owned()].into(),
        has_other_content: false,
        wording: None,
        tools: Default::default(),
        from: Some(day("2023-03-01")),
        to: None,
        state_budget: None,
        file: format!("{department}.xlsx"),
        sheet: "Biểu 3".to_owned(),
        row: 5,
        record: format!("{department}:5"),
        period: "2023".parse().ok(),
    }
}

/// An answer for ever, by the fingerprints of two records.
pub(crate) fn answer(verdict: Verdict, prints: [&str; 2]) -> Answer {
    Answer {
        verdict,
        prints: prints.map(str::to_owned),
        about: ["a".to_owned(), "b".to_owned()],
        reason: "hồ sơ".to_owned(),
        by: "cán bộ".to_owned(),
        until: None,
    }
}

/// A report of a year as of 1 January 2024, by a programme.
pub(crate) fn request(programme: LoadedProgramme, year: i32) -> ReportRequest {
    let as_of = "2024-01-01T00:00:00Z".parse().unwrap();
    ReportRequest::new(vec![programme], year, Variant::default(), as_of)
}

/// What a report is made from: these submissions with these rows, and nothing else.
pub(crate) fn inputs(submissions: &[Submission], written: &[(&str, &str)]) -> AnnualInputs {
    AnnualInputs {
        questions_on_files: 0,
        offset: offset(),
        submissions: submissions.to_vec(),
        recorded: BTreeMap::new(),
        snapshot: snapshot(submissions, written),
        others: OtherProgrammes::default(),
        registers: Registers::read(programme(), Vec::new()),
        answers: Vec::new(),
    }
}

/// The report of a request on these submissions and rows.
pub(crate) fn built<'p>(
    request: &'p ReportRequest,
    submissions: &[Submission],
    written: &[(&str, &str)],
) -> BuiltReport<'p> {
    build(request, inputs(submissions, written)).unwrap()
}

/// Two cases of support that overlap in such a way, on which nobody has answered.
pub(crate) fn overlap(class: OverlapClass, sides: [SupportLine; 2]) -> OverlapLine {
    let overlap = Overlap {
        left: 0,
        right: 1,
        class,
        contents: Default::default(),
        tools: Default::default(),
    };
    let answers = AnswerIndex::default();
    OverlapLine::new(
        &overlap,
        sides,
        &answers,
        day("2024-01-01"),
        &programme().overlap,
    )
}
