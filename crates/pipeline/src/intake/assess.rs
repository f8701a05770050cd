//! Files that were read, assessed by the rules, ready to be taken in.

use crate::error::PipelineError;
use crate::intake::amount_questions::AmountAnswers;
use crate::intake::amount_sizes::{AmountSizes, amount_sizes, forms_of, observed};
use crate::intake::contract_money::contract_money;
use crate::intake::inbox::DroppedFile;
use crate::intake::known_amounts::KnownAmounts;
use crate::intake::line_money::line_money;
use crate::intake::other_reports::OtherReports;
use crate::intake::replacement::{Earlier, ReadForm, replacements};
use crate::intake::rivals::note_rivals;
use crate::money::add;
use ingest::{Reading, Table};
use ledger::{FormRows, Outcome, SheetCount, Submission};
use model::{Check, FileId, Finding, Observation, Period, RowCount, UnsureAmount, UnsureHeading};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{ColumnType, Form, Programme, Scope};
use std::collections::{BTreeMap, BTreeSet};
use validate::{Holds, SourceFile};

/// A file, read and assessed.
pub(crate) struct Assessed {
    pub department: Option<String>,
    pub unit: Option<String>,
    pub period: Option<Period>,
    pub outcome: Outcome,
    pub nil_return: bool,
    pub headings: Vec<String>,
    pub sheets: Vec<SheetCount>,
    pub forms: BTreeMap<String, DataFrame>,
    pub form_rows: BTreeMap<String, FormRows>,
    pub findings: Vec<Finding>,
    pub unsure_headings: Vec<UnsureHeading>,
    pub unsure_amounts: Vec<UnsureAmount>,
}

/// By what the amounts of files are judged.
#[derive(Default)]
pub(crate) struct AmountsBefore {
    /// Those that count.
    pub known: KnownAmounts,
    /// What persons said of others.
    pub answers: AmountAnswers,
}

/// Assesses what was read from each file by the programme's rules; gives them in the order of the files.
///
/// `known` are the submissions that were taken in before and `amounts` what is known of amounts, `earlier` is what stood of each
/// file's period.
///
/// # Errors
/// When a rule's SQL fails.
pub(crate) fn assess(
    programme: &Programme,
    (known, amounts): (&[Submission], &AmountsBefore),
    files: &[&DroppedFile],
    mut readings: Vec<Reading>,
    earlier: &[Earlier],
) -> Result<Vec<Assessed>, PipelineError> {
    note_rivals(programme, known, files, &mut readings);
    let sources: BTreeMap<FileId, SourceFile> = files
        .iter()
        .map(|file| {
            (
                file.id.clone(),
                SourceFile {
                    id: file.id.clone(),
                    name: file.name.clone(),
                },
            )
        })
        .collect();
    // One pass of the rules over all files: each rule is one SQL query, whatever the number of files.
    let mut forms = Tables::new();
    for table in readings.iter().flat_map(|reading| &reading.tables) {
        tables::append(&mut forms, &table.form, &table.frame)?;
    }
    let mut by_file: BTreeMap<FileId, Vec<Finding>> = BTreeMap::new();
    for finding in validate::apply_rules(programme, Scope::Submission, &forms, &sources)? {
        by_file
            .entry(finding.file.clone())
            .or_default()
            .push(finding);
    }
    // Files that come at once are of one kind as those that came before.
    let mut together = vec![amounts.known.clone()];
    for reading in &readings {
        together.push(KnownAmounts::of(programme, &forms_of(&reading.tables)?)?);
    }
    let together = KnownAmounts::joined(&together);
    files
        .iter()
        .zip(readings)
        .zip(earlier)
        .map(|((file, reading), earlier)| {
            let sizes = judged_sizes(programme, &reading, earlier, (&together, &amounts.answers))?;
            let source = &sources[&file.id];
            let mut findings =
                validate::findings(programme, source, reading.period, &reading.observations);
            findings.extend(by_file.remove(&file.id).unwrap_or_default());
            let mut observed = against_others(programme, &reading, earlier)?;
            observed.extend(sizes.told);
            let waiting = sizes.unsure.iter().filter(|it| it.answer != Some(true));
            observed.extend(waiting.flat_map(|it| self::observed(it, Check::AmountOutOfKind)));
            findings.extend(validate::findings(
                programme,
                source,
                reading.period,
                &observed,
            ));
            findings.extend(earlier.recorded_beside_others().iter().cloned());
            let findings = validate::merge_findings(findings);
            let assessed = apply_holds(programme, source, reading, findings, earlier)?;
            Ok(Assessed {
                unsure_amounts: sizes.unsure,
                ..assessed
            })
        })
        .collect()
}

/// The amounts of a file that are out of their kind, with what persons said of them; as they were recorded if the file is only
/// read once more.
fn judged_sizes(
    programme: &Programme,
    reading: &Reading,
    earlier: &Earlier,
    (known, answers): (&KnownAmounts, &AmountAnswers),
) -> Result<AmountSizes, PipelineError> {
    if let Some(recorded) = earlier.recorded_amounts() {
        return Ok(AmountSizes {
            unsure: recorded.to_vec(),
            told: Vec::new(),
        });
    }
    let tables = reading.tables.iter();
    let own_units = tables
        .flat_map(|table| {
            let cells = table.own_units.iter();
            cells.map(|cell| (table.sheet.as_str(), *cell))
        })
        .collect();
    let mut sizes = amount_sizes(programme, &forms_of(&reading.tables)?, &own_units, known)?;
    if let Some(department) = &reading.department {
        for amount in &mut sizes.unsure {
            amount.answer = answers.is_right(department, amount);
        }
    }
    Ok(sizes)
}

/// What is noticed of a report beside the sender's reports on other periods.
fn against_others(
    programme: &Programme,
    reading: &Reading,
    earlier: &Earlier,
) -> Result<Vec<Observation>, PipelineError> {
    let mut observations = Vec::new();
    let Some(period) = reading.period else {
        return Ok(observations);
    };
    for (code, frame) in &forms_of(&reading.tables)? {
        if let Some(form) = programme.form(code) {
            let rows = (frame, period);
            observations.extend(beside_others(programme, form, rows, &earlier.others)?);
        }
    }
    Ok(observations)
}

/// What is noticed of a form's rows in a report on a period beside the sender's reports on others.
///
/// # Errors
/// When a frame lacks a column of its form.
pub(crate) fn beside_others(
    programme: &Programme,
    form: &Form,
    (frame, period): (&DataFrame, Period),
    others: &OtherReports,
) -> PolarsResult<Vec<Observation>> {
    let mut observations = contract_money(programme, form, frame, period, others)?;
    observations.extend(line_money(programme, form, frame, period, others)?);
    Ok(observations)
}

/// Marks the rows of a file that are held by its findings, and decides what becomes of the file.
fn apply_holds(
    programme: &Programme,
    source: &SourceFile,
    reading: Reading,
    mut findings: Vec<Finding>,
    earlier: &Earlier,
) -> Result<Assessed, PipelineError> {
    let tables: Vec<(&Form, &Table)> = reading
        .tables
        .iter()
        .filter_map(|table| Some((programme.form(&table.form)?, table)))
        .collect();
    let holds = Holds::new(programme, &findings);
    let refused = holds.file(&source.id.0);
    let mut held = held_rows(&tables, &holds, source)?;
    let mut form_rows = form_rows(&tables, &held)?;
    if !refused && !earlier.is_empty() {
        let forms = read_forms(&tables, &held, &form_rows)?;
        let cover = (reading.nil_return, &reading.changes);
        let (standings, observed) = replacements(programme, earlier, &forms, cover)?;
        if !observed.is_empty() {
            // Forms that would take something away are held.
            let told = validate::findings(programme, source, reading.period, &observed);
            findings.extend(told);
            findings = validate::merge_findings(findings);
            held = held_rows(&tables, &Holds::new(programme, &findings), source)?;
            form_rows = self::form_rows(&tables, &held)?;
        }
        for (form, standing) in standings {
            form_rows.entry(form).or_default().standing = standing;
        }
    }
    let mut assessed = Assessed {
        department: reading.department,
        unit: reading.unit,
        period: reading.period,
        outcome: Outcome::Refused,
        nil_return: reading.nil_return,
        headings: reading
            .tables
            .iter()
            .map(|t| format!("{}: {}", t.sheet, t.heading))
            .collect(),
        sheets: Vec::new(),
        forms: BTreeMap::new(),
        form_rows,
        findings,
        unsure_headings: reading.unsure_headings,
        unsure_amounts: Vec::new(),
    };
    // A row that makes several records waits if one of them does; so does one that only says again what another says.
    let mut held_on: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    for ((form, table), held) in tables.into_iter().zip(held) {
        let mut frame = table.frame.clone();
        let numbers = frame.column("row")?.i64()?;
        let waiting = numbers.iter().zip(&held).filter(|(_, held)| **held);
        held_on
            .entry(table.sheet.clone())
            .or_default()
            .extend(waiting.filter_map(|(number, _)| number));
        frame.with_column(Column::new("held".into(), held))?;
        tables::append(&mut assessed.forms, &form.code, &frame)?;
    }
    for sheet in reading.sheets {
        let held = if refused {
            sheet.rows.accepted
        } else {
            let rows = held_on.get(&sheet.name).map_or(0, BTreeSet::len);
            u32::try_from(rows).unwrap_or(u32::MAX)
        };
        let rows = RowCount {
            accepted: sheet.rows.accepted - held,
            held,
            ..sheet.rows
        };
        assessed.sheets.push(SheetCount {
            sheet: sheet.name,
            forms: sheet.forms,
            rows,
            amounts: sheet.amounts,
        });
    }
    // Nothing of a refused file is kept but the file: no enterprise, no figure.
    if refused {
        assessed.forms.clear();
    } else if assessed.sheets.iter().any(|sheet| sheet.rows.held > 0) {
        assessed.outcome = Outcome::PartlyHeld;
    } else {
        assessed.outcome = Outcome::Accepted;
    }
    Ok(assessed)
}

/// Whether each row of each table is held.
fn held_rows(
    tables: &[(&Form, &Table)],
    holds: &Holds,
    source: &SourceFile,
) -> PolarsResult<Vec<Vec<bool>>> {
    let of_table = |(form, table): &(&Form, &Table)| {
        let records = table.frame.column("record")?.str()?.iter();
        let is_held = |record: Option<&str>| {
            let record = record.unwrap_or_default();
            holds.row(record, &source.id.0, &table.sheet, &form.code)
        };
        Ok(records.map(is_held).collect())
    };
    tables.iter().map(of_table).collect()
}

/// What the rows of each form come to.
fn form_rows(
    tables: &[(&Form, &Table)],
    held: &[Vec<bool>],
) -> Result<BTreeMap<String, FormRows>, PipelineError> {
    let mut form_rows: BTreeMap<String, FormRows> = BTreeMap::new();
    for ((form, table), held) in tables.iter().zip(held) {
        let rows = form_rows.entry(form.code.clone()).or_default();
        count(form, &table.frame, held, rows)?;
    }
    Ok(form_rows)
}

/// Each form with the rows that are not held.
fn read_forms<'r>(
    tables: &[(&Form, &'r Table)],
    held: &[Vec<bool>],
    form_rows: &'r BTreeMap<String, FormRows>,
) -> PolarsResult<BTreeMap<String, ReadForm<'r>>> {
    let mut counting = Tables::new();
    for ((form, table), held) in tables.iter().zip(held) {
        let counts: BooleanChunked = held.iter().map(|held| !held).collect();
        tables::append(&mut counting, &form.code, &table.frame.filter(&counts)?)?;
    }
    let read = form_rows.iter().map(|(code, rows)| {
        let of_form = tables.iter().filter(|(form, _)| form.code == *code);
        let form = ReadForm {
            sheets: of_form.map(|(_, table)| table.sheet.as_str()).collect(),
            rows,
            frame: counting.remove(code).unwrap_or_default(),
        };
        (code.clone(), form)
    });
    Ok(read.collect())
}

/// Adds a table's rows and the money of those that are not held to what its form came to.
///
/// # Errors
/// When a sum is beyond 64 bits.
fn count(
    form: &Form,
    frame: &DataFrame,
    held: &[bool],
    rows: &mut FormRows,
) -> Result<(), PipelineError> {
    for held in held {
        *if *held {
            &mut rows.held
        } else {
            &mut rows.accepted
        } += 1;
    }
    for column in form
        .columns
        .iter()
        .filter(|column| column.kind == ColumnType::Money)
    {
        let amounts = frame.column(&column.name)?.i64()?;
        let counted = amounts.iter().zip(held).filter(|(_, held)| !**held);
        for amount in counted.filter_map(|(amount, _)| amount) {
            let sum = rows.sums.entry(column.name.clone()).or_insert(0);
            *sum = add(*sum, amount, &column.heading)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{AmountsBefore, Assessed, assess};
    use crate::intake::inbox::DroppedFile;
    use crate::intake::replacement::Earlier;
    use crate::testing::programme;
    use ledger::Outcome;
    use model::Severity;

    /// Workbooks as text, read and assessed together.
    fn assessed(workbooks: &[&str]) -> Vec<Assessed> {
        let files: Vec<DroppedFile> = (1..)
            .zip(workbooks)
            .map(|(number, text)| {
                let bytes = testkit::workbook(text);
                DroppedFile {
                    name: format!("{number}.xlsx"),
                    id: ledger::file_id(&bytes),
                    bytes,
                }
            })
            .collect();
        let read =
            |file: &DroppedFile| ingest::read(&file.id, &file.name, &file.bytes, programme());
        let readings = files.iter().map(read).collect();
        assess(
            programme(),
            (&[], &AmountsBefore::default()),
            &files.iter().collect::<Vec<_>>(),
            readings,
            &files.iter().map(|_| Earlier::default()).collect::<Vec<_>>(),
        )
        .unwrap()
    }

    fn report(budget: &str) -> String {
        format!(
            "== TT chung\nCơ quan báo cáo | Sở Xây dựng\nKỳ báo cáo | Năm 2023\n== Biểu 8\nĐơn vị tính: đồng\n\
             Nhiệm vụ | Nguồn kinh phí | Dự toán | Thực hiện\n{budget}"
        )
    }

    const SOUND: &str = "IV.1.a | NSNN bảo đảm | 90 | 60\nIV.2.a | NSNN bảo đảm | 20 | 10\n";

    #[test]
    fn rows_seen_are_accepted_held_or_no_data() {
        let [whole, partly] = &assessed(&[
            &report(SOUND),
            &report(&format!("{SOUND}IV.2.b | NSNN bảo đảm | nhiều | 5\n")).replace("2023", "2022"),
        ])[..] else {
            panic!("two files")
        };
        assert_eq!(
            (whole.outcome, partly.outcome),
            (Outcome::Accepted, Outcome::PartlyHeld)
        );
        let counts = &partly.form_rows["budget"];
        assert_eq!((counts.accepted, counts.held), (2, 1));
        let held = partly.forms["budget"].column("held").unwrap();
        let held: Vec<Option<bool>> = held.bool().unwrap().iter().collect();
        assert_eq!(held, [Some(false), Some(false), Some(true)]);
        for sheet in whole.sheets.iter().chain(&partly.sheets) {
            let rows = sheet.rows;
            assert_eq!(
                rows.seen,
                rows.accepted + rows.held + rows.not_data,
                "{}",
                sheet.sheet
            );
        }
        assert_eq!(partly.sheets[1].rows.held, 1);
    }

    #[test]
    fn the_money_of_held_rows_is_not_counted() {
        let row = "IV.2.b | NSNN bảo đảm | nhiều | 5\n";
        let found = assessed(&[&report(&format!("{SOUND}{row}"))]);
        let sums = &found[0].form_rows["budget"].sums;
        assert_eq!((sums["planned"], sums["spent"]), (110, 70));
    }

    #[test]
    fn a_row_that_was_pasted_again_is_counted_once_and_told() {
        let row = "Công ty TNHH Mẫu Một | 3600265395 | 3a1 | 2023-03-01 | Hoàn thành | 10\n";
        let text = format!(
            "== TT chung\nCơ quan báo cáo | Sở Xây dựng\nKỳ báo cáo | Năm 2023\n== Biểu 3\nĐơn vị tính: đồng\n\
             Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Bắt đầu | Tình trạng | NSNN\n{row}{row}"
        );
        let found = &assessed(&[&text])[0];
        assert_eq!(found.outcome, Outcome::PartlyHeld);
        let counts = &found.form_rows["support"];
        assert_eq!((counts.accepted, counts.held), (1, 1));
        assert_eq!(counts.sums["state_budget"], 10);
        let told = found
            .findings
            .iter()
            .find(|told| told.code == "S052")
            .unwrap();
        assert_eq!(told.severity, Severity::Correct);
        assert_eq!(told.cells, ["A3", "A4"]);
    }

    #[test]
    fn of_a_refused_file_nothing_is_taken_in_and_all_its_rows_are_held() {
        let nobody = report(SOUND).replace("Sở Xây dựng", "không rõ");
        let found = assessed(&[&nobody]);
        assert_eq!(
            (found[0].outcome, found[0].department.as_deref()),
            (Outcome::Refused, None)
        );
        assert!(found[0].forms.is_empty());
        let rows = found[0].sheets[1].rows;
        assert_eq!((rows.accepted, rows.held), (0, 2));
    }

    #[test]
    fn of_rivals_that_come_at_once_neither_is_taken_in() {
        let other = report(SOUND).replace("60", "65");
        for one in assessed(&[&report(SOUND), &other]) {
            assert_eq!(one.outcome, Outcome::Refused);
            assert!(one.findings.iter().any(|finding| finding.code == "S022"));
        }
    }
}
