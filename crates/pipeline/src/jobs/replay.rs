//! What the ledger holds, made once more from what it was made of: by that what was replaced as a whole is found, file, row and log
//! together.

use crate::error::PipelineError;
use crate::intake::assess::{AmountsBefore, Assessed, assess};
use crate::intake::inbox::DroppedFile;
use crate::intake::replacement::Earlier;
use crate::jobs::fault_line::FaultLine;
use crate::jobs::report::{make, request_of_recorded};
use crate::loaded_programme::LoadedProgramme;
use crate::versions::{COUNTING_VERSION, READER_VERSION};
use crate::workspace::Workspace;
use ingest::HeadingAnswers;
use ledger::{Damaged, Ledger, LedgerPart, Outcome, Submission, figures_hash, file_id};
use model::{Check, Finding, ProgrammeHash, Severity, SubmissionId, UnsureAmount, UnsureHeading};
use polars::prelude::DataFrame;
use programme::tables::without_own_columns;
use programme::{Programme, Rule, RuleKind, Source};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What is noticed of a file beside the sender's reports on other periods.
const BESIDE_OTHERS: [Check; 4] = [
    Check::MoreThanContract,
    Check::AmountInTwoYears,
    Check::LineFell,
    Check::LineJumped,
];

/// What making something once more came to.
#[derive(Default)]
pub(crate) struct Replayed {
    /// What is not as it was written, or does not follow from what it was made of.
    pub faults: Vec<FaultLine>,
    /// How many gave the same.
    pub same: usize,
    /// How many gave something else, and were made by an older version.
    pub otherwise: usize,
}

/// Reads every file that was taken in once more as it was read then, and holds the records against those that are kept. Where
/// `may_mend`, those that are `damaged` are put back if they are what they were.
///
/// # Errors
/// When the ledger cannot be read, or what is put back not be written.
pub(crate) fn replay_records(
    workspace: &Workspace,
    ledger: &Ledger,
    submissions: &[Submission],
    damaged: Vec<Damaged>,
    may_mend: bool,
) -> Result<Replayed, PipelineError> {
    let mut replayed = Replayed::default();
    let mut damaged_of: BTreeMap<SubmissionId, Vec<(String, Damaged)>> = BTreeMap::new();
    for damaged in damaged {
        if let LedgerPart::Facts { submission, form } = &damaged.what {
            let of_submission = damaged_of.entry(*submission).or_default();
            of_submission.push((form.clone(), damaged));
        }
    }
    let mut reader = AsThen::new(workspace, ledger);
    let taken: Vec<&Submission> = submissions
        .iter()
        .filter(|submission| submission.outcome != Outcome::Refused)
        .collect();
    // As many at once as there are threads: all of a large ledger have no room.
    for batch in taken.chunks(rayon::current_num_threads().max(1) * 2) {
        for (submission, assessed) in batch.iter().zip(reader.read(batch)) {
            let is_by_older = submission.reader < READER_VERSION;
            let mut is_same = assessed.is_some();
            for (form, damaged) in damaged_of.remove(&submission.id).unwrap_or_default() {
                let is_mended = match &assessed {
                    Some(assessed) if may_mend => put_back(ledger, submission.id, &form, assessed)?,
                    _ => false,
                };
                is_same &= is_mended;
                replayed.faults.push(FaultLine {
                    is_read_otherwise: is_by_older && !is_mended,
                    ..FaultLine::of(damaged, "facts", is_mended)
                });
            }
            let Some(assessed) = assessed else { continue };
            if !is_by_older && !is_sent_so(ledger, submission, &assessed)? {
                is_same = false;
                let what = format!("submission {}", submission.id);
                let path = ledger.original(&submission.file);
                replayed.faults.push(FaultLine::unfounded(&path, &what));
            }
            for form in unfounded(ledger, submission, &assessed)? {
                is_same = false;
                let path = ledger.facts_path(submission.id, form);
                let is_told = replayed.faults.iter().any(|fault| fault.path == path);
                if !is_by_older && !is_told {
                    replayed.faults.push(FaultLine::unfounded(&path, "facts"));
                }
            }
            match is_same {
                true => replayed.same += 1,
                false if is_by_older => replayed.otherwise += 1,
                false => {}
            }
        }
    }
    // Those of a submission that cannot be read any more.
    let left = damaged_of.into_values().flatten();
    let left = left.map(|(_, damaged)| FaultLine::of(damaged, "facts", false));
    replayed.faults.extend(left);
    Ok(replayed)
}

/// Makes every report that was issued once more, and holds its figures against those that were issued, and the file of its name
/// against the one that was issued.
///
/// # Errors
/// When the ledger cannot be read.
pub(crate) fn replay_issued(
    workspace: &Workspace,
    ledger: &Ledger,
) -> Result<Replayed, PipelineError> {
    let mut replayed = Replayed::default();
    for known in ledger.issued_reports()? {
        let issued = &known.report;
        let Some(stamp) = issued.status.stamp() else {
            continue;
        };
        let what = format!("report {}", stamp.number);
        let path = workspace.reports().join(&issued.file_name);
        // It may have gone elsewhere.
        if let Ok(bytes) = std::fs::read(&path)
            && file_id(&bytes) != issued.file
        {
            replayed.faults.push(FaultLine {
                damage: "another",
                ..FaultLine::unfounded(&path, &what)
            });
        }
        let made = request_of_recorded(workspace, ledger, &known)
            .and_then(|request| Ok(make(workspace, ledger, &request)?.figures_hash));
        let is_same = match made {
            Ok(made) => made == figures_hash(&issued.figures)?,
            Err(error) => {
                tracing::warn!(%what, %error, "not made again");
                false
            }
        };
        let is_by_older =
            issued.versions.counting < COUNTING_VERSION || issued.versions.reader < READER_VERSION;
        match is_same {
            true => replayed.same += 1,
            false if is_by_older => replayed.otherwise += 1,
            false => replayed.faults.push(FaultLine::unfounded(&path, &what)),
        }
    }
    Ok(replayed)
}

/// Programmes of which the ledger keeps other files than those of their hash.
///
/// # Errors
/// When the ledger cannot be read.
pub(crate) fn changed_programmes(
    ledger: &Ledger,
    database: &Path,
) -> Result<Vec<FaultLine>, PipelineError> {
    let is_whole = |(hash, files): &(ProgrammeHash, String)| {
        serde_json::from_str::<Source>(files).is_ok_and(|source| source.hash() == *hash)
    };
    let kept = ledger.programmes()?.into_iter();
    let changed = kept.filter(|kept| !is_whole(kept)).map(|(hash, _)| {
        let what = format!("programme {}", hash.short());
        FaultLine::unfounded(database, &what)
    });
    Ok(changed.collect())
}

/// Whether a file says what is kept of it: who sent it, for when, and what became of its sheets.
fn is_sent_so(
    ledger: &Ledger,
    submission: &Submission,
    assessed: &Assessed,
) -> Result<bool, PipelineError> {
    let is_its_head = submission.department == assessed.department
        && submission.unit == assessed.unit
        && submission.period == assessed.period
        && submission.outcome == assessed.outcome
        && submission.nil_return == assessed.nil_return;
    Ok(is_its_head && ledger.sheets(submission.id)? == assessed.sheets)
}

/// The forms of a submission that are kept with other records than its file gives.
fn unfounded<'s>(
    ledger: &Ledger,
    submission: &'s Submission,
    assessed: &'s Assessed,
) -> Result<Vec<&'s str>, PipelineError> {
    let counted = ledger.form_rows(submission.id)?;
    let mut unfounded = Vec::new();
    let forms = submission.forms.keys().chain(assessed.forms.keys());
    let forms: BTreeSet<&String> = forms.collect();
    for form in forms {
        let is_kept = match assessed.forms.get(form) {
            Some(_) => kept_frame(ledger, submission.id, form, assessed)?.is_some(),
            None => false,
        };
        if !is_kept || counted.get(form) != assessed.form_rows.get(form) {
            unfounded.push(form.as_str());
        }
    }
    Ok(unfounded)
}

/// Puts the records of a form back; gives whether they are what they were.
fn put_back(
    ledger: &Ledger,
    submission: SubmissionId,
    form: &str,
    assessed: &Assessed,
) -> Result<bool, PipelineError> {
    match kept_frame(ledger, submission, form, assessed)? {
        Some(frame) => Ok(ledger.restore_facts(submission, form, &frame)?),
        None => Ok(false),
    }
}

/// The records of a form as they are kept today, or as they were when the senders' own columns were kept with them; none if what is
/// kept is neither.
fn kept_frame(
    ledger: &Ledger,
    submission: SubmissionId,
    form: &str,
    assessed: &Assessed,
) -> Result<Option<DataFrame>, PipelineError> {
    let Some(whole) = assessed.forms.get(form) else {
        return Ok(None);
    };
    let own = BTreeMap::from([(form.to_owned(), whole.clone())]);
    let without = without_own_columns(&own)?.remove(form);
    for frame in without.into_iter().chain([whole.clone()]) {
        if ledger.has_facts(submission, form, &frame)? {
            return Ok(Some(frame));
        }
    }
    Ok(None)
}

/// Reads files once more by the programmes and the answers of their day.
struct AsThen<'w> {
    workspace: &'w Workspace,
    ledger: &'w Ledger,
    /// By hash; none of one that cannot be loaded.
    programmes: BTreeMap<ProgrammeHash, Option<LoadedProgramme>>,
    headings: BTreeMap<SubmissionId, Vec<UnsureHeading>>,
    amounts: BTreeMap<SubmissionId, Vec<UnsureAmount>>,
}

impl<'w> AsThen<'w> {
    fn new(workspace: &'w Workspace, ledger: &'w Ledger) -> Self {
        Self {
            workspace,
            ledger,
            programmes: BTreeMap::new(),
            headings: ledger.unsure_headings().unwrap_or_default(),
            amounts: ledger.unsure_amounts().unwrap_or_default(),
        }
    }

    /// What files are assessed as; none of one that is not as it came, or whose programme cannot be loaded.
    fn read(&mut self, submissions: &[&Submission]) -> Vec<Option<Assessed>> {
        let mut files = Vec::new();
        let mut beside_others = Vec::new();
        for submission in submissions {
            let hash = &submission.programme_hash;
            if !self.programmes.contains_key(hash) {
                let loaded = self.workspace.programme_with_hash(self.ledger, hash).ok();
                self.programmes.insert(hash.clone(), loaded);
            }
            let programme = self.programmes.get(hash).and_then(Option::as_ref);
            let programme = programme.map(|loaded| &loaded.programme);
            let holds =
                programme.map(|programme| held_beside_others(self.ledger, programme, submission));
            beside_others.push(holds.unwrap_or_default());
            let bytes = self.ledger.bytes(&submission.file).ok();
            files.push(bytes.map(|bytes| DroppedFile {
                name: submission.file_name.clone(),
                id: submission.file.clone(),
                bytes,
            }));
        }
        let (headings, amounts) = (&self.headings, &self.amounts);
        let programmes = &self.programmes;
        let of_each = submissions.par_iter().zip(files).zip(beside_others);
        of_each
            .map(|((submission, file), beside_others)| {
                let programme = &programmes
                    .get(&submission.programme_hash)?
                    .as_ref()?
                    .programme;
                let headings = headings.get(&submission.id).map_or(&[][..], Vec::as_slice);
                let amounts = amounts.get(&submission.id).cloned().unwrap_or_default();
                let earlier = Earlier::recorded(&submission.forms, amounts, beside_others);
                assess_as_then(programme, submission, &file?, headings, earlier)
            })
            .collect()
    }
}

/// What held rows of a submission for what other files said then, which need not be said any more: mostly nothing, since by the
/// base's rules these only tell.
fn held_beside_others(
    ledger: &Ledger,
    programme: &Programme,
    submission: &Submission,
) -> Vec<Finding> {
    let is_beside_others = |rule: &Rule| {
        let RuleKind::Reader(check) = rule.kind else {
            return false;
        };
        BESIDE_OTHERS.contains(&check) && rule.severity == Severity::Hold
    };
    let codes: BTreeSet<&String> = programme
        .rules
        .values()
        .filter(|rule| is_beside_others(rule))
        .map(|rule| &rule.code)
        .collect();
    if codes.is_empty() {
        return Vec::new();
    }
    let mut findings = ledger.findings(submission.id).unwrap_or_default();
    findings.retain(|finding| codes.contains(&finding.code));
    findings
}

fn assess_as_then(
    programme: &Programme,
    submission: &Submission,
    file: &DroppedFile,
    headings: &[UnsureHeading],
    earlier: Earlier,
) -> Option<Assessed> {
    let answers = answers_then(submission.department.as_deref(), headings);
    let reading = ingest::read_answered(&file.id, &file.name, &file.bytes, programme, &answers);
    let before = (&[][..], &AmountsBefore::default());
    let assessed = assess(programme, before, &[file], vec![reading], &[earlier]);
    assessed.ok()?.pop()
}

/// The answers on its headings with which a file was read.
fn answers_then(department: Option<&str>, headings: &[UnsureHeading]) -> HeadingAnswers {
    let mut answers = HeadingAnswers::default();
    for heading in headings {
        if let (Some(department), Some(meaning)) = (department, &heading.answer) {
            let key = (department, &*heading.form, &*heading.heading);
            answers.add(key, meaning.clone(), String::new());
        }
    }
    answers
}
