use crate::inbox::{self, Dropped};
use crate::standing::Standing;
use crate::summary::{FileOutcome, FileSummary, FormSummary, RunSummary};
use crate::{PipelineError, Workspace};
use chrono::{DateTime, SecondsFormat, Utc};
use ingest::Reading;
use ledger::{FormRows, Intake, Ledger, Lock, Outcome, SheetCount, Submission};
use model::{Check, FileId, Finding, Observation, Period, RowCount};
use polars::prelude::*;
use programme::tables::Tables;
use programme::{ColumnType, Form, Programme, Scope};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use validate::{Holds, SourceFile};

/// Told about each file that was read; calls come from several threads.
pub trait Progress: Sync {
    /// So many files will be read.
    fn begin(&self, files: usize);
    /// One was read.
    fn read(&self, name: &str);
    /// All were.
    fn finish(&self);
}

/// The quarterly batch: takes in everything in the inbox, in one transaction.
///
/// A file whose content was taken in before changes nothing. One that was refused before is read again, since
/// what stood in its way may be gone.
///
/// # Errors
/// When the ledger or the inbox cannot be used. What is wrong with a workbook is a finding on that workbook.
pub fn run(
    workspace: &Workspace,
    now: DateTime<Utc>,
    progress: &impl Progress,
) -> Result<RunSummary, PipelineError> {
    let _lock = Lock::take(&workspace.ledger())?;
    let ledger = Ledger::open(&workspace.ledger())?;
    let programme = &workspace.programme;
    let inbox = inbox::read(&workspace.inbox())?;
    let known: BTreeMap<FileId, Submission> =
        ledger.submissions(None)?.into_iter().map(|s| (s.file.clone(), s)).collect();
    let mut seen = BTreeSet::new();
    let (old, new): (Vec<Dropped>, Vec<Dropped>) = inbox.files.into_iter().partition(|file| {
        let taken = known.get(&file.id).is_some_and(|s| s.outcome != Outcome::Refused);
        !seen.insert(file.id.clone()) || taken
    });

    progress.begin(new.len());
    let readings: Vec<Reading> = new
        .par_iter()
        .map(|file| {
            let reading = ingest::read(&file.id, &file.name, &file.bytes, programme);
            progress.read(&file.name);
            reading
        })
        .collect();
    progress.finish();

    let at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let read = judge(programme, &new, readings)?;
    let mut writer = ledger.begin(&at, &programme.id, &programme.hash)?;
    let mut files = Vec::new();
    let mut years = BTreeSet::new();
    for (file, read) in new.iter().zip(read) {
        let refused_before = known.get(&file.id).filter(|s| s.outcome == read.outcome);
        // Refused again for the same reasons: nothing new to write.
        let unchanged = match refused_before {
            Some(before) => codes(&ledger.findings(before.id)?) == codes(&read.findings),
            None => false,
        };
        if !unchanged {
            writer.take_in(&Intake {
                file: &file.id,
                file_name: &file.name,
                bytes: &file.bytes,
                department: read.department.as_deref(),
                period: read.period,
                outcome: read.outcome,
                nil_return: read.nil_return,
                sheets: &read.sheets,
                forms: &read.forms,
                form_rows: &read.form_rows,
                findings: &read.findings,
            })?;
            years.extend(read.period.map(Period::calendar_year));
        }
        files.push(read.summary(file, unchanged));
    }
    if files.iter().any(|file| file.outcome != FileOutcome::Unchanged) {
        writer.commit()?;
    } else {
        drop(writer);
    }
    for file in &old {
        files.push(unchanged(&ledger, file, known.get(&file.id))?);
    }
    files.sort_by(|a, b| a.file.cmp(&b.file));

    let mut across = Vec::new();
    for year in years {
        across.extend(Standing::of_years(&ledger, programme, year..=year, None)?.across(programme)?);
    }
    Ok(RunSummary { at, files, locked: inbox.locked, across, overlaps: Vec::new() })
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

/// A file read and judged, ready to be taken in.
struct Judged {
    department: Option<String>,
    period: Option<Period>,
    outcome: Outcome,
    nil_return: bool,
    headings: Vec<String>,
    sheets: Vec<SheetCount>,
    forms: BTreeMap<String, DataFrame>,
    form_rows: BTreeMap<String, FormRows>,
    findings: Vec<Finding>,
}

fn judge(programme: &Programme, files: &[Dropped], mut readings: Vec<Reading>) -> Result<Vec<Judged>, PipelineError> {
    tell_apart(files, &mut readings);
    let sources: BTreeMap<FileId, SourceFile> = files
        .iter()
        .map(|file| (file.id.clone(), SourceFile { id: file.id.clone(), name: file.name.clone() }))
        .collect();
    let mut forms = Tables::new();
    for table in readings.iter().flat_map(|reading| &reading.tables) {
        append(&mut forms, &table.form, &table.frame)?;
    }
    let mut by_file: BTreeMap<FileId, Vec<Finding>> = BTreeMap::new();
    for finding in validate::judge(programme, Scope::Submission, &forms, &sources)? {
        by_file.entry(finding.file.clone()).or_default().push(finding);
    }
    files
        .iter()
        .zip(readings)
        .map(|(file, reading)| {
            let source = &sources[&file.id];
            let mut findings: Vec<Finding> = reading
                .observations
                .iter()
                .filter_map(|o| validate::finding(programme, source, reading.period, o))
                .collect();
            findings.extend(by_file.remove(&file.id).unwrap_or_default());
            settle(programme, &file.id, reading, findings)
        })
        .collect()
}

/// Two files that come at once for one department and period: neither stands in the other's place unasked.
fn tell_apart(files: &[Dropped], readings: &mut [Reading]) {
    let mut claims: BTreeMap<(String, Period), Vec<usize>> = BTreeMap::new();
    for (i, reading) in readings.iter().enumerate() {
        if let (Some(department), Some(period)) = (&reading.department, reading.period) {
            claims.entry((department.clone(), period)).or_default().push(i);
        }
    }
    for rivals in claims.values().filter(|rivals| rivals.len() > 1) {
        for &i in rivals {
            let others: Vec<&str> = rivals.iter().filter(|&&j| j != i).map(|&j| files[j].name.as_str()).collect();
            readings[i].observations.push(Observation {
                check: Check::SamePeriodTwice,
                sheet: None,
                form: None,
                column: None,
                record: None,
                cells: Vec::new(),
                found: others.join("”, “"),
                expected: String::new(),
            });
        }
    }
}

fn append(forms: &mut Tables, form: &str, frame: &DataFrame) -> PolarsResult<()> {
    match forms.get_mut(form) {
        Some(all) => {
            all.vstack_mut(frame)?;
        }
        None => {
            forms.insert(form.to_owned(), frame.clone());
        }
    }
    Ok(())
}

/// Says which rows of a file are held, and so what becomes of the file.
fn settle(
    programme: &Programme,
    file: &FileId,
    reading: Reading,
    findings: Vec<Finding>,
) -> Result<Judged, PipelineError> {
    let holds = Holds::new(&findings);
    let mut judged = Judged {
        department: reading.department,
        period: reading.period,
        outcome: Outcome::Refused,
        nil_return: reading.nil_return,
        headings: reading.tables.iter().map(|t| format!("{}: {}", t.sheet, t.heading)).collect(),
        sheets: Vec::new(),
        forms: BTreeMap::new(),
        form_rows: BTreeMap::new(),
        findings,
    };
    let refused = holds.file(&file.0);
    let mut held_on: BTreeMap<String, u32> = BTreeMap::new();
    for table in reading.tables {
        let Some(form) = programme.form(&table.form) else { continue };
        let mut frame = table.frame;
        let held: Vec<bool> = frame
            .column("record")?
            .str()?
            .iter()
            .map(|record| holds.row(record.unwrap_or_default(), &file.0, &table.sheet, &form.code))
            .collect();
        let rows = judged.form_rows.entry(form.code.clone()).or_default();
        count(form, &frame, &held, rows)?;
        *held_on.entry(table.sheet).or_default() += u32::try_from(held.iter().filter(|h| **h).count()).unwrap_or(u32::MAX);
        frame.with_column(Column::new("held".into(), held))?;
        append(&mut judged.forms, &form.code, &frame)?;
    }
    for sheet in reading.sheets {
        let held = if refused { sheet.rows.accepted } else { held_on.get(&sheet.name).copied().unwrap_or(0) };
        let rows = RowCount { accepted: sheet.rows.accepted - held, held, ..sheet.rows };
        judged.sheets.push(SheetCount { sheet: sheet.name, forms: sheet.forms, rows });
    }
    if refused {
        judged.forms.clear();
    } else if judged.sheets.iter().any(|sheet| sheet.rows.held > 0) {
        judged.outcome = Outcome::PartlyHeld;
    } else {
        judged.outcome = Outcome::Accepted;
    }
    Ok(judged)
}

fn count(form: &Form, frame: &DataFrame, held: &[bool], rows: &mut FormRows) -> PolarsResult<()> {
    for held in held {
        *if *held { &mut rows.held } else { &mut rows.accepted } += 1;
    }
    for column in form.columns.iter().filter(|column| column.kind == ColumnType::Money) {
        let amounts = frame.column(&column.name)?.i64()?;
        let counted = amounts.iter().zip(held).filter(|(_, held)| !**held).filter_map(|(amount, _)| amount);
        let mut counted = counted.peekable();
        if counted.peek().is_some() {
            *rows.sums.entry(column.name.clone()).or_insert(0) += counted.sum::<i64>();
        }
    }
    Ok(())
}

impl Judged {
    fn summary(self, file: &Dropped, unchanged: bool) -> FileSummary {
        let outcome = match self.outcome {
            _ if unchanged => FileOutcome::Unchanged,
            Outcome::Accepted => FileOutcome::Accepted,
            Outcome::PartlyHeld => FileOutcome::PartlyHeld,
            Outcome::Refused => FileOutcome::Refused,
        };
        FileSummary {
            file: file.name.clone(),
            sha256: file.id.to_string(),
            department: self.department,
            period: self.period,
            outcome,
            forms: forms_of(&self.sheets, &self.form_rows),
            sheets: self.sheets,
            headings: self.headings,
            findings: self.findings,
        }
    }
}

fn unchanged(ledger: &Ledger, file: &Dropped, known: Option<&Submission>) -> Result<FileSummary, PipelineError> {
    let (sheets, form_rows) = match known {
        Some(submission) => (ledger.sheets(submission.id)?, ledger.form_rows(submission.id)?),
        None => Default::default(),
    };
    Ok(FileSummary {
        file: file.name.clone(),
        sha256: file.id.to_string(),
        department: known.and_then(|s| s.department.clone()),
        period: known.and_then(|s| s.period),
        outcome: FileOutcome::Unchanged,
        forms: forms_of(&sheets, &form_rows),
        sheets,
        headings: Vec::new(),
        findings: Vec::new(),
    })
}

/// The rows of each form: its own, and what is not data on its sheets (on the first form of a sheet with several).
fn forms_of(sheets: &[SheetCount], form_rows: &BTreeMap<String, FormRows>) -> BTreeMap<String, FormSummary> {
    let mut forms: BTreeMap<String, FormSummary> = BTreeMap::new();
    for (form, rows) in form_rows {
        let summary = forms.entry(form.clone()).or_default();
        summary.rows = RowCount { seen: rows.accepted + rows.held, accepted: rows.accepted, held: rows.held, not_data: 0 };
        summary.sums = rows.sums.clone();
    }
    for sheet in sheets {
        if let Some(summary) = sheet.forms.first().and_then(|form| forms.get_mut(form)) {
            summary.rows.seen += sheet.rows.not_data;
            summary.rows.not_data += sheet.rows.not_data;
        }
    }
    forms
}
