use crate::error::PipelineError;
use crate::intake::amount_questions::{AmountAnswers, amounts_answered_since};
use crate::intake::assess::{AmountsBefore, Assessed, assess};
use crate::intake::feedback::{FeedbackFiles, prepare_feedback};
use crate::intake::heading_questions::{answered_since, is_answered_otherwise, known_headings};
use crate::intake::heard_answers::{AnswerMatter, AnswerNotice, HeardAnswers, Hearing};
use crate::intake::inbox::{
    DropFolder, DroppedFile, FolderLimits, IgnoredFile, WaitingFile, WhyIgnored, WhyWaiting,
    read_folder,
};
use crate::intake::on_questions::OnQuestions;
use crate::intake::replacement::Earlier;
use crate::intake::replacement_questions::{released, waiting_as_read_anew};
use crate::intake::returned_names::{ReturnedNames, beside, fitting};
use crate::intake::review_answers::{ReviewedRow, reviewed_rows};
use crate::intake::review_questions::AskedRows;
use crate::intake::standing::FileStandings;
use crate::intake::summary::{
    AnsweredFile, FileOutcome, FileSummary, RunSummary, form_summaries, never_opened,
};
use crate::jobs::consequences::consequences;
use crate::jobs::current_registers::NewRegisters;
use crate::jobs::desk::{self, AfterRun};
use crate::jobs::earlier::{KnownBefore, earlier};
use crate::jobs::judged_again::judged_again;
use crate::jobs::load::known_amounts;
use crate::jobs::read_anew::to_be_read_anew;
use crate::jobs::review_folder::{
    ReviewFile, WrittenQuestions, name_of_day, read_review_file, write_questions,
};
use crate::jobs::waiting::{Waiting, is_about_a_file, tell_what_is_gone};
use crate::jobs::whole_state::whole_state;
use crate::loaded_programme::LoadedProgramme;
use crate::snapshot::counted_rows::CountedRows;
use crate::support::comparison::Comparison;
use crate::versions::versions;
use crate::workspace::{Workspace, remove_if_any};
use chrono::{DateTime, Datelike, Utc};
use ingest::{HeadingAnswers, Reading};
use ledger::{
    AsOf, AskedOn, Beginning, Intake, KeptProgramme, Ledger, Lock, Outcome, RunWriter, Standing,
    Submission, remove_unfinished, write_whole,
};
use model::{FileId, Finding, Moment, OutputKind, Period};
use programme::Programme;
use programme::tables::without_own_columns;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How many questions the page of the desk shows.
const DESK_QUESTIONS: usize = 8;

/// How far a run is; calls come from several threads.
pub trait Progress: Sync {
    /// A number of files will be read.
    fn begin(&self, files: usize);
    /// One was read.
    fn read(&self, name: &str);
    /// All were.
    fn finish(&self);
}

/// Which run is asked for.
#[derive(Debug, Clone, Copy)]
pub struct RunOrder<'a> {
    /// Its moment.
    pub now: DateTime<Utc>,
    /// Why it may be recorded before the last run; without it that is refused.
    pub backdate: Option<&'a str>,
    /// Which files that stand are read anew, by their names or the first digits of their hashes; an empty list are all that an
    /// older program read.
    pub reread: Option<&'a [String]>,
}

impl From<DateTime<Utc>> for RunOrder<'_> {
    fn from(now: DateTime<Utc>) -> Self {
        Self {
            now,
            backdate: None,
            reread: None,
        }
    }
}

/// The quarterly batch: takes in everything in the inbox, in one transaction.
///
/// A file whose content was taken in before changes nothing. One that was refused before is read again, since the reason
/// may be gone; so is one of the ledger that stands and of whose headings a person has said meanwhile what they are.
///
/// # Errors
/// When the ledger or the inbox cannot be used, or `now` is before the last run and no reason is given
/// for that. What is wrong with a workbook is a finding on that workbook.
pub fn run<'a>(
    workspace: &Workspace,
    order: impl Into<RunOrder<'a>>,
    progress: &impl Progress,
) -> Result<RunSummary, PipelineError> {
    // Two runs at once would both see an empty place in the ledger and both fill it.
    let lock = Lock::take(&workspace.ledger())?;
    let ledger = Ledger::open_to_write(&lock)?;
    ledger.tidy()?;
    remove_unfinished(&workspace.review())?;
    let RunOrder {
        now,
        backdate,
        reread,
    } = order.into();
    let at = ledger.recorded_at(now.into(), backdate)?;
    let now = at.at;
    let today = now.day(workspace.settings.utc_offset);
    let programme = workspace.programme_of(today.year());
    let submissions = ledger.submissions(AsOf::NOW)?;
    let known: BTreeMap<FileId, &Submission> = submissions
        .iter()
        .map(|submission| (submission.file.clone(), submission))
        .collect();
    let answer_files = ledger.answer_files()?;
    let is_taken = |file: &FileId| {
        answer_files.contains(file)
            || known
                .get(file)
                .is_some_and(|known| known.outcome != Outcome::Refused)
    };
    let inbox = read_folder(
        &workspace.inbox(),
        &FolderLimits {
            file: workspace.settings.max_submission_bytes,
            is_known: &is_taken,
        },
    )?;
    let registers = read_folder(
        &workspace.registers(),
        &FolderLimits {
            file: workspace.settings.max_list_bytes,
            is_known: &|file| ledger.has_original(file),
        },
    )?;
    let reviews = read_folder(
        &workspace.review(),
        &FolderLimits {
            file: workspace.settings.max_submission_bytes,
            is_known: &|file| answer_files.contains(file),
        },
    )?;
    let folders = [
        ("", &inbox),
        ("registers/", &registers),
        ("review/", &reviews),
    ];
    let mut never_opened = never_opened(programme, folders);
    let (mut waiting, mut ignored) = waiting_and_ignored(folders);
    // A review workbook may lie in the inbox for ever; its answers count from the run that took them.
    let (answered_before, dropped): (Vec<DroppedFile>, Vec<DroppedFile>) = inbox
        .files
        .into_iter()
        .partition(|file| answer_files.contains(&file.id));
    let (mut old, new) = split_new(dropped, &known);

    // All files are read before any is assessed: files of one period that come at once rival one another.
    let offset = workspace.settings.utc_offset;
    let mut on_headings = ledger.heading_answers()?;
    let known_before = known_headings(&on_headings, today, offset);
    let issued_reports = ledger.issued_reports()?;
    let issued = issued_files(&ledger, &new)?;
    let readings = read_all(workspace, &new, (&known_before, &issued), progress);
    let ReadFiles {
        review_workbooks,
        mut reports,
        mut readings,
    } = ReadFiles::sort(programme, new, readings);
    let mut cache_keys = BTreeSet::new();
    let mut answered_rows: Vec<(&DroppedFile, Vec<ReviewedRow>)> = review_workbooks
        .iter()
        .map(|(file, rows)| (file, rows.clone()))
        .collect();
    // The same answers may lie in both folders, or under two names.
    let mut taken_answers = answer_files.clone();
    taken_answers.extend(review_workbooks.iter().map(|(file, _)| file.id.clone()));
    let todays = name_of_day(workspace, now);
    for file in &reviews.files {
        if !taken_answers.insert(file.id.clone()) {
            continue;
        }
        match read_review_file(&ledger, programme, file, &todays, &mut cache_keys)? {
            ReviewFile::Answered(rows) => answered_rows.push((file, rows)),
            ReviewFile::Unanswered => {}
            ReviewFile::NoReview => {
                let file_name = format!("review/{}", file.name);
                match file.name == todays {
                    true => waiting.push(WaitingFile {
                        file: file_name,
                        why: WhyWaiting::NoReview,
                    }),
                    false => ignored.push(IgnoredFile {
                        file: file_name,
                        why: WhyIgnored::NoReview,
                    }),
                }
            }
        }
    }
    let lists = programme.of_registers();
    let (new_registers, told) = NewRegisters::read(&lists, &registers);
    never_opened.extend(told);
    let all_programmes: Vec<&Programme> = workspace.programmes().collect();
    let written_before = ledger.written_answers()?;
    let hearing = Hearing {
        programme,
        all: &all_programmes,
        before: &written_before,
        today,
    };
    let said: Vec<(&str, &[ReviewedRow])> = answered_rows
        .iter()
        .map(|(file, rows)| (file.name.as_str(), rows.as_slice()))
        .collect();
    let heard = hearing.hear(&said);
    let mut answers: Vec<(&DroppedFile, HeardAnswers)> = answered_rows
        .iter()
        .map(|(file, _)| *file)
        .zip(heard)
        .collect();
    let on_questions = OnQuestions::new(&written_before);
    tell_what_is_gone(workspace, &ledger, today, &on_questions, &mut answers)?;
    let given_now = answers
        .iter()
        .flat_map(|(_, heard)| &heard.given.on_headings);
    on_headings.extend(given_now.map(|answer| (now, answer.clone())));
    let known_now = known_headings(&on_headings, today, offset);
    read_once_more(workspace, &reports, &mut readings, &known_now);
    let mut on_replacements = ledger.replacement_answers()?;
    let given_now = answers
        .iter()
        .flat_map(|(_, heard)| &heard.given.on_replacements);
    on_replacements.extend(given_now.cloned());
    let shrunk_registers = new_registers.shrunk(&lists, &ledger, &registers, &on_replacements)?;
    let mut to_read_again =
        submissions_answered_since(workspace, &ledger, &submissions, &known_now)?;
    to_read_again.extend(released(&submissions, &on_replacements));
    let mut on_amounts = ledger.amount_answers()?;
    on_amounts.extend(
        answers
            .iter()
            .flat_map(|(_, heard)| heard.given.on_amounts.clone()),
    );
    let on_amounts = AmountAnswers::new(&on_amounts);
    let unsure_amounts = ledger.unsure_amounts()?;
    for programme in &all_programmes {
        let answered =
            amounts_answered_since(programme, &submissions, &unsure_amounts, &on_amounts);
        to_read_again.extend(answered);
    }
    // What waits as it was read anew is not let in by another answer.
    let mut read_anew = waiting_as_read_anew(&submissions);
    if let Some(named) = reread {
        let anew = to_be_read_anew(workspace, &submissions, named)?;
        read_anew.extend(anew.iter().map(|submission| submission.file.clone()));
        to_read_again.extend(anew);
    }
    let again = as_they_came(&ledger, to_read_again, &readings)?;
    let read_again: BTreeSet<FileId> = again.iter().map(|file| file.id.clone()).collect();
    old.retain(|file| !read_again.contains(&file.id));
    readings.par_extend(
        again
            .par_iter()
            .map(|file| read(workspace, file, &known_now)),
    );
    reports.extend(again);
    let batch: Vec<(&DroppedFile, &Reading)> = reports.iter().zip(&readings).collect();
    let earlier: Vec<Earlier> = batch
        .iter()
        .map(|(file, reading)| {
            let programme = programme_of(workspace, reading);
            let read = (&file.id, *reading);
            let known = KnownBefore {
                submissions: &submissions,
                answers: &on_replacements,
                issued: &issued_reports,
                read_anew: &read_anew,
            };
            earlier(&ledger, programme, known, &batch, read)
        })
        .collect::<Result<_, _>>()?;
    let before = (&ledger, &*submissions, &on_amounts);
    let assessed = assess_all(workspace, before, &reports, readings, earlier)?;

    let programmes: Vec<KeptProgramme> = workspace
        .loaded_programmes()
        .iter()
        .map(LoadedProgramme::to_kept)
        .collect();
    let versions = versions();
    // From here to the commit nothing counts: a run that is stopped leaves the ledger as it was.
    let mut writer = ledger.begin(&Beginning {
        at,
        versions: &versions,
        operator: &workspace.settings.operator,
        programmes: &programmes,
    })?;
    let mut files = never_opened;
    let mut touched = BTreeSet::new();
    let mut came: BTreeSet<FileId> = BTreeSet::new();
    let mut places = ReturnedNames::default();
    for (file, (programme, assessed)) in reports.iter().zip(assessed) {
        let is_unchanged = if read_again.contains(&file.id) {
            // What stands stays if it cannot be taken in once more, or cannot follow the answer: else it would be taken in
            // again by each run.
            let (department, headings) = (&assessed.department, &assessed.unsure_headings);
            assessed.outcome == Outcome::Refused
                || is_answered_otherwise(programme, department.as_deref(), headings, &known_now)
                || still_waits(known.get(&file.id), &assessed)
                || read_anew.contains(&file.id)
                    && reads_the_same(known.get(&file.id).copied(), &assessed)
        } else {
            is_refused_as_before(&ledger, known.get(&file.id), &assessed)?
        };
        let mut returned = None;
        // A refused file is not taken in again each time the inbox is read: the ledger would grow with every run.
        if !is_unchanged {
            take_in(&mut writer, programme, file, &assessed)?;
            touched.extend(assessed.period.map(Period::calendar_year));
            came.insert(file.id.clone());
            // What a newer program reads otherwise is no fault of the sender.
            let given = match is_read_anew(&assessed) {
                true => GivenBack::Nothing,
                false => give_back(workspace, programme, file, &assessed, (now, &mut places))?,
            };
            match given {
                GivenBack::Nothing => {}
                GivenBack::Workbook(path) => returned = Some(path),
                GivenBack::Unwritten(path) => waiting.push(unwritten(workspace, &path)),
            }
        }
        files.push(FileSummary::new(
            programme,
            file,
            assessed,
            (is_unchanged, returned),
        ));
    }
    let mut answered = Vec::new();
    let mut notices = Vec::new();
    let mut on_files = Vec::new();
    let kept_before = answer_files.len();
    let mut kept = answer_files;
    for (file, heard) in answers {
        // The workbook of the day will be replaced: what somebody changed in it is kept, answer or not.
        if !heard.given.written.is_empty() || file.name == todays {
            writer.take_answers(&file.id, &file.bytes, &heard.given)?;
            kept.insert(file.id.clone());
        }
        answered.push(AnsweredFile {
            file: file.name.clone(),
            answers: heard.given.count(),
            unknown: heard.not_taken(),
        });
        notices.extend(heard.notices);
        let taken = heard.given.written.into_iter();
        let taken = taken.filter(|it| it.fault.is_none() && it.question.layout != AskedOn::Records);
        on_files.extend(taken.map(|written| (file.name.clone(), written)));
    }
    let has_answers = kept.len() > kept_before;
    answered.extend(answered_before.into_iter().map(|file| AnsweredFile {
        file: file.name,
        answers: 0,
        unknown: 0,
    }));
    let current = new_registers.current(&ledger, &registers, &shrunk_registers)?;
    let has_new_registers = writer.take_registers(&current)?;
    let has_changes = files
        .iter()
        .any(|file| file.outcome != FileOutcome::Unchanged);
    // A run that changes nothing leaves no entry, so that running twice is running once.
    if has_answers || has_new_registers || has_changes {
        writer.commit()?;
    } else {
        drop(writer);
    }
    // Known files are listed too: an operator sees that nothing in the inbox was overlooked.
    for file in &old {
        files.push(unchanged(
            workspace,
            &ledger,
            file,
            known.get(&file.id).copied(),
        )?);
    }
    // By name, whatever the order of reading, which depends on the number of threads.
    files.sort_by(|a, b| a.file.cmp(&b.file));

    let mut consequences = consequences(
        workspace,
        &ledger,
        programme,
        &touched,
        today,
        Some(&mut cache_keys),
    )?;
    let mut across = std::mem::take(&mut consequences.across);
    let submissions = ledger.submissions(AsOf::NOW)?;
    // What a file that came in this run is about is known by now.
    for (file, written) in on_files {
        if !is_about_a_file(&ledger, &submissions, &written.question)? {
            notices.push(AnswerNotice::new(&file, &written, AnswerMatter::Gone));
        }
    }
    // If nothing came in, nothing became true of what stands.
    for programme in all_programmes.iter().filter(|_| !came.is_empty()) {
        let is_meant = |standing: &Submission, other: &Submission| {
            came.contains(&other.file) && !came.contains(&standing.file)
        };
        let judged = judged_again(&ledger, programme, &submissions, is_meant)?;
        across.extend(judged.into_iter().flat_map(|(_, findings)| findings));
    }
    let mut standings = FileStandings::among(&submissions);
    for summary in &mut files {
        let file = FileId(summary.sha256.clone());
        summary.standing = standings.of(&file, |year| workspace.programme_of(year));
    }
    let waiting_for_persons = Waiting {
        registers: shrunk_registers,
        ..Waiting::on_records(consequences)
    };
    let waiting_for_persons =
        waiting_for_persons.with_files(workspace, &ledger, &submissions, today)?;
    let asked = AskedRows::new(
        programme,
        &waiting_for_persons.as_open(),
        &ledger.written_answers()?,
    );
    let answers_waiting = asked.not_taken();
    let state = whole_state(workspace, &ledger, &submissions, &asked)?;
    let first_questions = asked.first(DESK_QUESTIONS);
    let todays = format!("review/{todays}");
    let review = match waiting.iter().any(|it| it.file == todays) {
        true => None,
        false => match write_questions(workspace, programme, asked, &kept, &ledger, now)? {
            WrittenQuestions::None => None,
            WrittenQuestions::At(path) => Some(path),
            WrittenQuestions::Waits(why) => {
                waiting.push(WaitingFile { file: todays, why });
                None
            }
        },
    };
    let after = AfterRun {
        ledger: &ledger,
        submissions: &submissions,
        state: &state,
        questions: first_questions,
        review: review.as_ref(),
    };
    // The page shows what the ledger holds: without it nothing is lost.
    if let Err(error) = desk::renew(workspace, after) {
        tracing::warn!(%error, "the page of the desk was not written");
    }
    // What no year uses any more would pile up: every correction makes another key.
    ledger.forget_derived_but(&cache_keys)?;
    let Waiting {
        comparison,
        cases,
        rows,
        headings,
        replacements,
        registers: shrunk_registers,
        amounts,
    } = waiting_for_persons;
    let Comparison {
        registers,
        overlaps,
        left_out,
        questions,
        joined,
    } = comparison;
    let still_held = state.held_files.iter();
    let still_held = still_held
        .filter(|held| !came.contains(&held.id))
        .cloned()
        .collect();
    Ok(RunSummary {
        at: now,
        versions,
        files,
        state,
        still_held,
        waiting,
        ignored,
        across,
        answered,
        notices,
        answers_waiting,
        review,
        registers,
        overlaps,
        left_out,
        questions,
        joined,
        cases,
        single_cases: rows,
        headings,
        replacements,
        shrunk_registers,
        amounts,
    })
}

/// What waits and what is ignored in some folders, each with the place of its folder before its name.
fn waiting_and_ignored(folders: [(&str, &DropFolder); 3]) -> (Vec<WaitingFile>, Vec<IgnoredFile>) {
    let (mut waiting, mut ignored) = (Vec::new(), Vec::new());
    for (within, folder) in folders {
        waiting.extend(folder.waiting.iter().map(|file| WaitingFile {
            file: format!("{within}{}", file.file),
            why: file.why.clone(),
        }));
        ignored.extend(folder.ignored.iter().map(|file| IgnoredFile {
            file: format!("{within}{}", file.file),
            why: file.why,
        }));
    }
    (waiting, ignored)
}

/// Splits files into those that change nothing, since the ledger has their content or an earlier one of them has it too,
/// and the others.
fn split_new(
    files: Vec<DroppedFile>,
    known: &BTreeMap<FileId, &Submission>,
) -> (Vec<DroppedFile>, Vec<DroppedFile>) {
    let mut seen = BTreeSet::new();
    files.into_iter().partition(|file| {
        let is_taken = known
            .get(&file.id)
            .is_some_and(|s| s.outcome != Outcome::Refused);
        !seen.insert(file.id.clone()) || is_taken
    })
}

/// Those of the files that are reports which the ledger knows: some were written before reports had a mark.
fn issued_files(ledger: &Ledger, files: &[DroppedFile]) -> Result<BTreeSet<FileId>, PipelineError> {
    let mut issued = BTreeSet::new();
    for file in files {
        if ledger.report(&file.id)?.is_some() {
            issued.insert(file.id.clone());
        }
    }
    Ok(issued)
}

/// Reads files side by side, each by the programme whose period it is about; those that are reports we issued are not
/// opened.
fn read_all(
    workspace: &Workspace,
    files: &[DroppedFile],
    (known, issued): (&HeadingAnswers, &BTreeSet<FileId>),
    progress: &impl Progress,
) -> Vec<Reading> {
    progress.begin(files.len());
    let read = |file: &DroppedFile| {
        let reading = match issued.contains(&file.id) {
            true => ingest::read_own_output(OutputKind::AnnualReport),
            false => read(workspace, file, known),
        };
        tracing::debug!(file = file.name, period = ?reading.period, "read");
        progress.read(&file.name);
        reading
    };
    let readings = files.par_iter().map(read).collect();
    progress.finish();
    readings
}

fn read(workspace: &Workspace, file: &DroppedFile, known: &HeadingAnswers) -> Reading {
    let read_by = |programme: &Programme| {
        ingest::read_answered(&file.id, &file.name, &file.bytes, programme, known)
    };
    let first = read_by(&workspace.programme);
    match first
        .period
        .map(|period| workspace.programme_of(period.calendar_year()))
    {
        Some(programme) if programme.id != workspace.programme.id => read_by(programme),
        _ => first,
    }
}

/// Reads those files once more of whose headings a person says in this run what they are.
fn read_once_more(
    workspace: &Workspace,
    files: &[DroppedFile],
    readings: &mut [Reading],
    known: &HeadingAnswers,
) {
    let pairs = files.par_iter().zip(readings);
    pairs.for_each(|(file, reading)| {
        let programme = programme_of(workspace, reading);
        let department = reading.department.as_deref();
        if is_answered_otherwise(programme, department, &reading.unsure_headings, known) {
            *reading = read(workspace, file, known);
        }
    });
}

fn programme_of<'w>(workspace: &'w Workspace, reading: &Reading) -> &'w Programme {
    reading.period.map_or(&workspace.programme, |period| {
        workspace.programme_of(period.calendar_year())
    })
}

/// The submissions that stand and were read with other answers on their headings than are known now.
fn submissions_answered_since<'s>(
    workspace: &Workspace,
    ledger: &Ledger,
    submissions: &'s [Submission],
    known: &HeadingAnswers,
) -> Result<Vec<&'s Submission>, PipelineError> {
    let unsure = ledger.unsure_headings()?;
    let programmes = workspace.programmes();
    Ok(programmes
        .flat_map(|programme| answered_since(programme, submissions, &unsure, known))
        .collect())
}

/// The files of submissions, as they came; but for those that a file which was just read may replace.
fn as_they_came(
    ledger: &Ledger,
    submissions: Vec<&Submission>,
    readings: &[Reading],
) -> Result<Vec<DroppedFile>, PipelineError> {
    let replaced: BTreeSet<(Option<&str>, Option<Period>)> = readings
        .iter()
        .map(|reading| (reading.department.as_deref(), reading.period))
        .collect();
    let mut files: Vec<DroppedFile> = Vec::new();
    for submission in submissions {
        // The next run reads it again if what replaces it is refused.
        let is_replaced = replaced.contains(&(submission.department.as_deref(), submission.period));
        if !is_replaced && files.iter().all(|file| file.id != submission.file) {
            files.push(DroppedFile {
                name: submission.file_name.clone(),
                id: submission.file.clone(),
                bytes: ledger.bytes(&submission.file)?,
            });
        }
    }
    Ok(files)
}

/// Whether a program that reads a file anew reads what was read before, and nothing waited that is let in now.
fn reads_the_same(known: Option<&Submission>, assessed: &Assessed) -> bool {
    let waited = known.is_some_and(|known| {
        let mut standings = known.forms.values();
        standings.any(|standing| *standing == Standing::ReadAnew)
    });
    !is_read_anew(assessed) && !waited
}

/// Whether a form of a file waits since a newer program reads it otherwise.
fn is_read_anew(assessed: &Assessed) -> bool {
    let mut forms = assessed.form_rows.values();
    forms.any(|rows| rows.standing == Standing::ReadAnew)
}

/// Whether each form of a file that waited does so again.
fn still_waits(known: Option<&&Submission>, assessed: &Assessed) -> bool {
    let waits = |standing: &Standing| standing.waits();
    let mut waited = known
        .iter()
        .flat_map(|known| &known.forms)
        .filter(|(_, standing)| waits(standing))
        .peekable();
    waited.peek().is_some()
        && waited.all(|(form, _)| {
            let again = assessed.form_rows.get(form);
            again.is_some_and(|rows| waits(&rows.standing))
        })
}

/// Assesses each file by the programme whose period it is about; gives both in the order of the files.
fn assess_all<'w>(
    workspace: &'w Workspace,
    (ledger, known, answers): (&Ledger, &[Submission], &AmountAnswers),
    files: &[DroppedFile],
    readings: Vec<Reading>,
    earlier: Vec<Earlier>,
) -> Result<Vec<(&'w Programme, Assessed)>, PipelineError> {
    #[derive(Default)]
    struct Part {
        places: Vec<usize>,
        readings: Vec<Reading>,
        earlier: Vec<Earlier>,
    }
    let mut parts: BTreeMap<&str, (&Programme, Part)> = BTreeMap::new();
    for (place, (reading, earlier)) in readings.into_iter().zip(earlier).enumerate() {
        let programme = programme_of(workspace, &reading);
        let (_, part) = parts
            .entry(&programme.id)
            .or_insert_with(|| (programme, Part::default()));
        part.places.push(place);
        part.readings.push(reading);
        part.earlier.push(earlier);
    }
    let mut assessed: BTreeMap<usize, (&Programme, Assessed)> = BTreeMap::new();
    for (programme, part) in parts.into_values() {
        let Part {
            places,
            readings,
            earlier,
        } = part;
        let part: Vec<&DroppedFile> = places.iter().map(|&place| &files[place]).collect();
        let amounts = AmountsBefore {
            known: known_amounts(ledger, programme, known)?,
            answers: answers.clone(),
        };
        let found = assess(programme, (known, &amounts), &part, readings, &earlier)?;
        assessed.extend(
            places
                .into_iter()
                .zip(found)
                .map(|(place, it)| (place, (programme, it))),
        );
    }
    Ok(assessed.into_values().collect())
}

/// Files of the inbox that were read.
#[derive(Default)]
struct ReadFiles {
    /// Review workbooks that came back, with their answered rows.
    review_workbooks: Vec<(DroppedFile, Vec<ReviewedRow>)>,
    /// All others, which are taken for reports.
    reports: Vec<DroppedFile>,
    /// Of the reports, in their order.
    readings: Vec<Reading>,
}

impl ReadFiles {
    /// Takes review workbooks out of files that were read: no table of a form is found in one.
    fn sort(programme: &Programme, files: Vec<DroppedFile>, readings: Vec<Reading>) -> Self {
        let mut sorted = Self::default();
        for (file, reading) in files.into_iter().zip(readings) {
            // One that could not be opened has no sheets, and is not tried again.
            let rows = match reading.tables.is_empty() && !reading.sheets.is_empty() {
                true => reviewed_rows(programme, &file.bytes),
                false => None,
            };
            match rows {
                Some(rows) => sorted.review_workbooks.push((file, rows)),
                None => {
                    sorted.reports.push(file);
                    sorted.readings.push(reading);
                }
            }
        }
        sorted
    }
}

/// Whether a file was refused before for the same reasons: then there is nothing new to write.
fn is_refused_as_before(
    ledger: &Ledger,
    known: Option<&&Submission>,
    assessed: &Assessed,
) -> Result<bool, PipelineError> {
    let Some(before) = known.filter(|before| before.outcome == assessed.outcome) else {
        return Ok(false);
    };
    let codes = |findings: &[Finding]| findings.iter().map(|f| f.code.clone()).collect::<Vec<_>>();
    Ok(codes(&ledger.findings(before.id)?) == codes(&assessed.findings))
}

fn take_in(
    writer: &mut RunWriter<'_>,
    programme: &Programme,
    file: &DroppedFile,
    assessed: &Assessed,
) -> Result<(), PipelineError> {
    writer.take_in(&Intake {
        file: &file.id,
        file_name: &file.name,
        bytes: &file.bytes,
        department: assessed.department.as_deref(),
        unit: assessed.unit.as_deref(),
        period: assessed.period,
        programme_hash: &programme.hash,
        outcome: assessed.outcome,
        nil_return: assessed.nil_return,
        sheets: &assessed.sheets,
        forms: &without_own_columns(&assessed.forms)?,
        form_rows: &assessed.form_rows,
        findings: &assessed.findings,
        unsure_headings: &assessed.unsure_headings,
        unsure_amounts: &assessed.unsure_amounts,
    })?;
    Ok(())
}

/// What became of a file's feedback.
enum GivenBack {
    Nothing,
    Workbook(PathBuf),
    /// It could not be written there, nor beside it.
    Unwritten(PathBuf),
}

/// Writes a file's feedback below `returned/<period>/`, or removes what an earlier file of the same department and
/// period was sent if nothing is left to mend.
///
/// A workbook that a program holds open cannot be replaced on every system: then this one stands beside it.
fn give_back(
    workspace: &Workspace,
    programme: &Programme,
    file: &DroppedFile,
    assessed: &Assessed,
    (now, places): (Moment, &mut ReturnedNames),
) -> Result<GivenBack, PipelineError> {
    let at = now.local(workspace.settings.utc_offset);
    let FeedbackFiles { workbook, content } = match prepare_feedback(programme, file, assessed, at)
    {
        Ok(prepared) => prepared,
        // What was found is in the ledger and printed; one that cannot be told in a workbook ends no run.
        Err(error) => {
            tracing::warn!(file = file.name, %error, "feedback not made");
            return Ok(GivenBack::Unwritten(
                workspace.returned().join(fitting(&file.name)),
            ));
        }
    };
    let Some(content) = content else {
        let earlier = workspace.returned().join(&workbook);
        // What another file of this run is sent stays.
        if !places.is_taken(&workbook) {
            // One that is held open stays as well, which is no reason to take in nothing.
            for path in [earlier.with_extension("txt"), earlier] {
                if let Err(error) = remove_if_any(&path) {
                    tracing::warn!(path = %path.display(), %error, "not removed");
                }
            }
        }
        return Ok(GivenBack::Nothing);
    };
    let workbook = places.take(&workbook, &file.name);
    for place in [workbook.clone(), beside(&workbook, &file.id.0)] {
        let path = workspace.returned().join(place);
        let written = write_whole(&path, &content.workbook)
            .and_then(|()| write_whole(&path.with_extension("txt"), content.letter.as_bytes()));
        match written {
            Ok(()) => return Ok(GivenBack::Workbook(path)),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "feedback not written");
            }
        }
    }
    Ok(GivenBack::Unwritten(workspace.returned().join(workbook)))
}

/// A document of ours that could not be written, as it is told.
fn unwritten(workspace: &Workspace, path: &Path) -> WaitingFile {
    let within = workspace.returned();
    let within = within
        .parent()
        .and_then(|root| path.strip_prefix(root).ok())
        .unwrap_or(path);
    WaitingFile {
        file: within.to_string_lossy().into_owned(),
        why: WhyWaiting::Unwritten,
    }
}

/// A file that changed nothing, with what is known of it.
fn unchanged(
    workspace: &Workspace,
    ledger: &Ledger,
    file: &DroppedFile,
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
        department: known.and_then(|submission| submission.department.clone()),
        period: known.and_then(|submission| submission.period),
        outcome: FileOutcome::Unchanged,
        standing: None,
        rows: known.and_then(|submission| submission.period).map_or_else(
            CountedRows::default,
            |period| {
                let programme = workspace.programme_of(period.calendar_year());
                CountedRows::of_file(programme, &form_rows)
            },
        ),
        forms: form_summaries(&sheets, &form_rows),
        sheets,
        headings: Vec::new(),
        returned: None,
        findings: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::split_new;
    use crate::intake::inbox::DroppedFile;
    use crate::testing::submission;
    use ledger::{Outcome, Submission};
    use std::collections::BTreeMap;

    #[test]
    fn content_that_is_known_or_comes_twice_changes_nothing_and_what_was_refused_is_read_again() {
        let file = |name: &str, content: &str| DroppedFile {
            name: name.to_owned(),
            id: ledger::file_id(content.as_bytes()),
            bytes: content.as_bytes().to_vec(),
        };
        let taken = |outcome| Submission {
            outcome,
            ..submission(1, "SCT", "2023")
        };
        let [accepted, refused] = [Outcome::PartlyHeld, Outcome::Refused].map(taken);
        let known = BTreeMap::from([
            (ledger::file_id(b"accepted"), &accepted),
            (ledger::file_id(b"refused"), &refused),
        ]);
        let dropped = vec![
            file("a", "accepted"),
            file("b", "new"),
            file("c", "new"),
            file("d", "refused"),
        ];
        let (old, new) = split_new(dropped, &known);
        let names = |files: Vec<DroppedFile>| -> Vec<String> {
            files.into_iter().map(|file| file.name).collect()
        };
        assert_eq!(
            (names(old), names(new)),
            (vec!["a".into(), "c".into()], vec!["b".into(), "d".into()])
        );
    }
}
