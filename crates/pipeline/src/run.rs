use crate::afterwards::{Afterwards, afterwards};
use crate::inbox::{self, Dropped};
use crate::judge::{Judged, judge};
use crate::overlap::Compared;
use crate::returned::give_back;
use crate::review::{self, AnsweredFile};
use crate::summary::{FileOutcome, FileSummary, FormSummary, RunSummary};
use crate::workspace::Kept;
use crate::{PipelineError, Workspace};
use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use ingest::Reading;
use ledger::{
    Beginning, FormRows, Intake, KeptProgramme, Ledger, Lock, Outcome, RegisterFile, SheetCount,
    Submission,
};
use model::{FileId, Finding, Period, RowCount};
use programme::Programme;
use rayon::prelude::*;
use report::Reviewed;
use std::collections::{BTreeMap, BTreeSet};

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
    ledger.tidy()?;
    let at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let today = now
        .with_timezone(&workspace.settings.utc_offset)
        .date_naive();
    let programme = workspace.programme_of(today.year());
    let mut inbox = inbox::read(&workspace.inbox())?;
    let registers = inbox::read(&workspace.registers())?;
    let reviews = inbox::read(&workspace.review())?;
    let submissions = ledger.submissions(None)?;
    let known: BTreeMap<FileId, &Submission> =
        submissions.iter().map(|s| (s.file.clone(), s)).collect();
    let mut seen = BTreeSet::new();
    let answer_files = ledger.answer_files()?;
    let (answered_before, inbox_files): (Vec<Dropped>, Vec<Dropped>) = inbox
        .files
        .into_iter()
        .partition(|file| answer_files.contains(&file.id));
    let (old, new): (Vec<Dropped>, Vec<Dropped>) = inbox_files.into_iter().partition(|file| {
        let taken = known
            .get(&file.id)
            .is_some_and(|s| s.outcome != Outcome::Refused);
        !seen.insert(file.id.clone()) || taken
    });

    progress.begin(new.len());
    let readings: Vec<Reading> = new
        .par_iter()
        .map(|file| {
            let reading = read(workspace, file);
            progress.read(&file.name);
            reading
        })
        .collect();
    progress.finish();

    let (reviewed, new, readings) = tell_reviews(programme, new, readings);
    let mut reviewed: Vec<(&Dropped, Vec<Reviewed>)> = reviewed
        .iter()
        .map(|(file, rows)| (file, rows.clone()))
        .collect();
    let mut kept = BTreeSet::new();
    for file in reviews
        .files
        .iter()
        .filter(|file| !answer_files.contains(&file.id))
    {
        reviewed.extend(
            review::answered(&ledger, programme, file, &mut kept)?.map(|rows| (file, rows)),
        );
    }
    let judged = judge_all(workspace, &submissions, &new, readings)?;
    let programmes: Vec<KeptProgramme> = workspace.kept().iter().map(Kept::recorded).collect();
    let mut writer = ledger.begin(&Beginning {
        at: &at,
        operator: &workspace.settings.operator,
        programmes: &programmes,
    })?;
    let mut files = Vec::new();
    let mut years = BTreeSet::new();
    for (file, (programme, read)) in new.iter().zip(judged) {
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
                unit: read.unit.as_deref(),
                period: read.period,
                programme_hash: &programme.hash,
                outcome: read.outcome,
                nil_return: read.nil_return,
                sheets: &read.sheets,
                forms: &read.forms,
                form_rows: &read.form_rows,
                findings: &read.findings,
            })?;
            years.extend(read.period.map(Period::calendar_year));
        }
        let returned = if unchanged {
            None
        } else {
            give_back(workspace, programme, file, &read, now)?
        };
        files.push(FileSummary {
            returned,
            ..read.summary(file, unchanged)
        });
    }
    let mut answered = review::take(programme, &mut writer, &reviewed)?;
    answered.extend(answered_before.into_iter().map(|file| AnsweredFile {
        file: file.name,
        answers: 0,
        unknown: 0,
    }));
    let has_answers = answered.iter().any(|file| file.answers > 0);
    let has_new_registers = writer.take_registers(&standing_registers(&ledger, &registers)?)?;
    inbox.locked.extend(registers.locked);
    inbox.locked.extend(reviews.locked.iter().cloned());
    if has_answers
        || has_new_registers
        || files
            .iter()
            .any(|file| file.outcome != FileOutcome::Unchanged)
    {
        writer.commit()?;
    } else {
        drop(writer);
    }
    for file in &old {
        files.push(unchanged(&ledger, file, known.get(&file.id).copied())?);
    }
    files.sort_by(|a, b| a.file.cmp(&b.file));

    let Afterwards { across, compared } =
        afterwards(workspace, &ledger, programme, &years, today, &mut kept)?;
    let review = review::ask(
        workspace,
        programme,
        &reviews,
        &compared,
        (&ledger, &mut kept),
        now,
    )?;
    ledger.forget_derived_but(&kept)?;
    let Compared {
        registers,
        overlaps,
        questions,
        joined,
        ..
    } = compared;
    Ok(RunSummary {
        at,
        files,
        locked: inbox.locked,
        across,
        answered,
        review,
        registers,
        overlaps,
        questions,
        joined,
    })
}

/// Reads a file by the programme whose period it is about.
fn read(workspace: &Workspace, file: &Dropped) -> Reading {
    let by = |programme: &Programme| ingest::read(&file.id, &file.name, &file.bytes, programme);
    let first = by(&workspace.programme);
    match first
        .period
        .map(|period| workspace.programme_of(period.calendar_year()))
    {
        Some(programme) if programme.id != workspace.programme.id => by(programme),
        _ => first,
    }
}

/// Judges each file by the programme whose period it is about; gives both in the order of the files.
fn judge_all<'w>(
    workspace: &'w Workspace,
    known: &[Submission],
    files: &[Dropped],
    readings: Vec<Reading>,
) -> Result<Vec<(&'w Programme, Judged)>, PipelineError> {
    let mut parts: BTreeMap<&str, (&Programme, Vec<usize>, Vec<Reading>)> = BTreeMap::new();
    for (at, reading) in readings.into_iter().enumerate() {
        let of_period = reading
            .period
            .map(|period| workspace.programme_of(period.calendar_year()));
        let programme = of_period.unwrap_or(&workspace.programme);
        let part = parts
            .entry(&programme.id)
            .or_insert_with(|| (programme, Vec::new(), Vec::new()));
        part.1.push(at);
        part.2.push(reading);
    }
    let mut judged: BTreeMap<usize, (&Programme, Judged)> = BTreeMap::new();
    for (programme, places, readings) in parts.into_values() {
        let of_part: Vec<&Dropped> = places.iter().map(|&at| &files[at]).collect();
        let found = judge(programme, known, &of_part, readings)?;
        judged.extend(
            places
                .into_iter()
                .zip(found)
                .map(|(at, judged)| (at, (programme, judged))),
        );
    }
    Ok(judged.into_values().collect())
}

/// Tells review workbooks from reports: no table of a form is found in them.
#[allow(
    clippy::type_complexity,
    reason = "three lists that are taken apart at once"
)]
fn tell_reviews(
    programme: &Programme,
    files: Vec<Dropped>,
    readings: Vec<Reading>,
) -> (Vec<(Dropped, Vec<Reviewed>)>, Vec<Dropped>, Vec<Reading>) {
    let (mut reviewed, mut reports, mut read) = (Vec::new(), Vec::new(), Vec::new());
    for (file, reading) in files.into_iter().zip(readings) {
        let answers = if reading.tables.is_empty() {
            review::answers_of(programme, &file.bytes)
        } else {
            None
        };
        match answers {
            Some(rows) => reviewed.push((file, rows)),
            None => {
                reports.push(file);
                read.push(reading);
            }
        }
    }
    (reviewed, reports, read)
}

/// The registers that stand after a run: those of the folder, and as they were those that another program holds open.
fn standing_registers<'f>(
    ledger: &Ledger,
    folder: &'f inbox::Inbox,
) -> Result<Vec<(RegisterFile, &'f [u8])>, PipelineError> {
    let read = folder.files.iter().map(|file| {
        (
            RegisterFile {
                file_name: file.name.clone(),
                file: file.id.clone(),
            },
            file.bytes.as_slice(),
        )
    });
    let waits = ledger
        .registers(None)?
        .into_iter()
        .filter(|known| folder.locked.contains(&known.file_name));
    // Its bytes are in the ledger already.
    let mut standing: Vec<(RegisterFile, &[u8])> = read
        .chain(waits.map(|known| (known, [].as_slice())))
        .collect();
    standing.sort_by(|(a, _), (b, _)| a.file_name.cmp(&b.file_name));
    Ok(standing)
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect()
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
            returned: None,
            findings: self.findings,
        }
    }
}

fn unchanged(
    ledger: &Ledger,
    file: &Dropped,
    known: Option<&Submission>,
) -> Result<FileSummary, PipelineError> {
    let (sheets, form_rows) = match known {
        Some(submission) => (
            ledger.sheets(submission.id)?,
            ledger.form_rows(submission.id)?,
        ),
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
        returned: None,
        findings: Vec::new(),
    })
}

/// The rows of each form: its own, and what is not data on its sheets (on the first form of a sheet with several).
fn forms_of(
    sheets: &[SheetCount],
    form_rows: &BTreeMap<String, FormRows>,
) -> BTreeMap<String, FormSummary> {
    let mut forms: BTreeMap<String, FormSummary> = BTreeMap::new();
    for (form, rows) in form_rows {
        let summary = forms.entry(form.clone()).or_default();
        summary.rows = RowCount {
            seen: rows.accepted + rows.held,
            accepted: rows.accepted,
            held: rows.held,
            not_data: 0,
        };
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
