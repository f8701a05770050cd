use super::overlaps;
use crate::catalogue::message;
use crate::exit::{Exit, FailOn};
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use crate::progress::Bar;
use model::{Finding, Severity, Vnd};
use pipeline::{
    AnswerMatter, AnswerNotice, FileOutcome, FileStanding, FileSummary, IgnoredFile, RegisterLine,
    RowMatter, RunOrder, RunSummary, WaitingFile, WholeState, WhyIgnored, WhyWaiting, Workspace,
};
use serde_json::{Value, json};
use std::path::Path;

/// The quarterly batch.
pub(crate) fn run(
    dir: &Path,
    order: RunOrder<'_>,
    fail_on: &[FailOn],
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let summary = timed("run", || pipeline::run(&workspace, order, &Bar::new(out)))?;
    print(&workspace, &summary, out.is_verbose, out);
    next(&workspace, &summary, dir, out);
    if out.is_json() {
        out.json(&as_json(&summary, out.is_verbose, out.lang))?;
    }
    Ok(ended(&summary, fail_on))
}

/// How a run ends.
fn ended(summary: &RunSummary, fail_on: &[FailOn]) -> Exit {
    let refused = |file: &FileSummary| file.findings.iter().any(|f| f.severity == Severity::Hold);
    let unread = summary.registers.iter().any(RegisterLine::is_unread);
    let held = unread
        || summary.state.rows.held > 0
        || summary.files.iter().any(refused)
        || summary.across.iter().any(|f| f.severity == Severity::Hold);
    Exit::first(
        fail_on,
        [
            (FailOn::Locked, !summary.waiting.is_empty()),
            (FailOn::Held, held),
            (
                FailOn::Questions,
                summary.state.questions + summary.state.answers_waiting > 0,
            ),
            (FailOn::Missing, false),
        ],
    )
}

/// The same on a copy: what would be told, and which figures would change.
pub(crate) fn dry_run(
    dir: &Path,
    order: RunOrder<'_>,
    fail_on: &[FailOn],
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let tried = timed("dry_run", || {
        pipeline::dry_run(&workspace, order, &Bar::new(out))
    })?;
    out.line(message!("dry.begin", out.lang));
    print(&workspace, &tried.run, out.is_verbose, out);
    for year in &tried.figures {
        let count = year.figures.len();
        out.line(message!(
            "dry.figures",
            out.lang,
            year = year.year,
            count = count
        ));
        for change in &year.figures {
            out.line(message!(
                "dry.figure",
                out.lang,
                figure = format!("{} ({})", change.title, change.figure),
                before = change.before,
                after = change.after
            ));
        }
    }
    if out.is_json() {
        let mut told = as_json(&tried.run, out.is_verbose, out.lang);
        told["figures"] = json!(tried.figures);
        told["dry_run"] = json!(true);
        out.json(&told)?;
    }
    Ok(ended(&tried.run, fail_on))
}

/// What to do after a run.
fn next(workspace: &Workspace, summary: &RunSummary, dir: &Path, out: &Output) {
    let (dir, lang) = (dir.display(), out.lang);
    let gives_back = summary.files.iter().any(|file| file.returned.is_some());
    out.next(if !summary.waiting.is_empty() {
        message!("next.waiting", lang, dir = dir)
    } else if let Some(review) = &summary.review {
        message!("next.answer", lang, dir = dir, file = review.display())
    } else if gives_back {
        let folder = workspace.returned();
        message!("next.give_back", lang, dir = dir, folder = folder.display())
    } else if summary.files.is_empty() {
        let inbox = workspace.inbox();
        message!("next.drop", lang, dir = dir, inbox = inbox.display())
    } else {
        message!("next.status", lang, dir = dir)
    });
}

/// For people: each file, then what was found, then the counts.
pub(crate) fn print(workspace: &Workspace, summary: &RunSummary, verbose: bool, out: &Output) {
    let unknown = message!("run.unknown", out.lang);
    if summary.files.is_empty() && summary.waiting.is_empty() {
        out.line(message!("run.empty", out.lang));
    }
    for file in &summary.files {
        let programme = file.period.map_or(&workspace.programme, |period| {
            workspace.programme_of(period.calendar_year())
        });
        let name = file
            .department
            .as_deref()
            .and_then(|code| programme.department(code));
        out.line(message!(
            "run.file",
            out.lang,
            file = file.file,
            department = name.map_or(&*unknown, |d| d.name.as_str()),
            period = file
                .period
                .map_or_else(|| unknown.to_string(), |p| p.to_string()),
            outcome = message!(format!("outcome.{}", outcome(file.outcome)), out.lang),
            counts = counts(file, out.lang)
        ));
        if let Some(path) = &file.returned {
            out.line(format!("    → {}", path.display()));
        }
        if verbose {
            for heading in &file.headings {
                out.line(format!("    {heading}"));
            }
        }
    }
    for WaitingFile { file, why } in &summary.waiting {
        let line = match why {
            WhyWaiting::Open { mark } => {
                message!("waits.open", out.lang, file = file, mark = mark)
            }
            WhyWaiting::Unfinished => message!("waits.unfinished", out.lang, file = file),
            WhyWaiting::Unreadable => message!("waits.unreadable", out.lang, file = file),
            WhyWaiting::Later => message!("waits.later", out.lang, file = file),
            WhyWaiting::Unwritten => message!("waits.unwritten", out.lang, file = file),
            WhyWaiting::Empty => message!("waits.empty", out.lang, file = file),
            WhyWaiting::Answered => message!("waits.answered", out.lang, file = file),
            WhyWaiting::NoReview => message!("waits.no_review", out.lang, file = file),
        };
        out.line(line);
    }
    for IgnoredFile { file, why } in &summary.ignored {
        out.line(match why {
            WhyIgnored::OfSystem => message!("ignored.of_system", out.lang, file = file),
            WhyIgnored::Hidden => message!("ignored.hidden", out.lang, file = file),
            WhyIgnored::Mark => message!("ignored.mark", out.lang, file = file),
            WhyIgnored::NoReview => message!("ignored.no_review", out.lang, file = file),
        });
    }
    for file in &summary.answered {
        out.line(message!(
            "run.answered",
            out.lang,
            file = file.file,
            answers = file.answers,
            unknown = file.unknown
        ));
    }
    for notice in &summary.notices {
        out.line(answer_notice(notice, out.lang));
    }
    for waiting in &summary.answers_waiting {
        out.line(message!(
            "run.answer_waits",
            out.lang,
            answer = waiting.answer,
            by = named(&waiting.by, out.lang),
            about = waiting.about,
            why = waiting.why
        ));
    }
    if let Some(path) = &summary.review {
        let questions = summary.state.questions;
        let joined = summary.joined.len();
        out.line(message!(
            "run.review",
            out.lang,
            file = path.display(),
            questions = questions,
            joined = joined
        ));
    }
    for question in &summary.headings {
        out.line(message!(
            "run.heading",
            out.lang,
            heading = question.heading,
            department = question.department,
            form = question.form,
            place = question.places.first().map_or("", String::as_str)
        ));
    }
    for question in &summary.replacements {
        let key = match (question.is_set_aside, question.is_read_anew) {
            (true, _) => "run.standing_again",
            (_, true) => "run.read_anew",
            _ => "run.replacement",
        };
        out.line(message!(
            key,
            out.lang,
            standing = question.standing.join(", "),
            file = question.file_name,
            department = question.department,
            period = question.period,
            form = question.form,
            changes = question.changes.len()
        ));
    }
    for register in &summary.shrunk_registers {
        let key = match register.is_open() {
            true => "run.register_shrunk",
            false => "run.register_kept",
        };
        let (before, now) = (register.before, register.now);
        out.line(message!(
            key,
            out.lang,
            file = register.file_name,
            before = before,
            now = now
        ));
    }
    for pair in &summary.cases {
        let [left, right] = &pair.sides;
        out.line(message!(
            "run.case",
            out.lang,
            subject = left.subject,
            left = left.place(),
            right = right.place()
        ));
    }
    for question in &summary.single_cases {
        let (subject, place) = (&question.row.subject, question.row.place());
        out.line(match &question.matter {
            RowMatter::Gone { later } => message!(
                "run.gone",
                out.lang,
                subject = subject,
                place = place,
                later = later
            ),
            RowMatter::Choice { choice } => message!(
                "run.choice",
                out.lang,
                subject = subject,
                place = place,
                title = title_of_choice(workspace, choice, out.lang)
            ),
        });
    }
    for question in &summary.amounts {
        out.line(message!(
            "run.amount",
            out.lang,
            amount = Vnd(question.amount),
            department = question.department,
            form = question.form,
            place = question.places.first().map_or("", String::as_str)
        ));
    }
    overlaps::registers(&summary.registers, verbose, out);
    let findings: Vec<&Finding> = summary
        .files
        .iter()
        .flat_map(|f| &f.findings)
        .chain(&summary.across)
        .collect();
    out.findings(&findings, verbose);
    overlaps::print(summary, out);
    let files = |wanted: FileOutcome| summary.files.iter().filter(|f| f.outcome == wanted).count();
    let count = |wanted: Severity| findings.iter().filter(|f| f.severity == wanted).count();
    out.line("");
    out.line(message!(
        "run.counts",
        out.lang,
        hold = count(Severity::Hold),
        correct = count(Severity::Correct),
        warn = count(Severity::Warn),
        info = count(Severity::Info)
    ));
    for held in &summary.still_held {
        let department = held.department.as_deref();
        out.line(message!(
            "run.still_held",
            out.lang,
            file = held.file,
            department = department.unwrap_or(&unknown),
            period = held.period.map_or_else(String::new, |it| it.to_string()),
            rows = held.rows
        ));
    }
    out.line(message!(
        "run.total",
        out.lang,
        files = summary.files.len(),
        accepted = files(FileOutcome::Accepted),
        partly = files(FileOutcome::PartlyHeld),
        refused = files(FileOutcome::Refused),
        unchanged = files(FileOutcome::Unchanged)
    ));
    state(&summary.state, out);
}

/// All that counts, is held and waits.
pub(super) fn state(state: &WholeState, out: &Output) {
    out.line(message!(
        "run.state",
        out.lang,
        accepted = state.rows.accepted,
        held = state.rows.held,
        questions = state.questions
    ));
}

/// Who is named, or that nobody is.
fn named(by: &str, lang: &str) -> String {
    match by.is_empty() {
        true => message!("run.nobody_named", lang).to_string(),
        false => by.to_owned(),
    }
}

/// What has to be told of an answer.
fn answer_notice(notice: &AnswerNotice, lang: &str) -> String {
    let AnswerNotice {
        file, answer, by, ..
    } = notice;
    let by = named(by, lang);
    match &notice.matter {
        AnswerMatter::NotTaken { fault } => {
            let why = message!(format!("answer_fault.{}", fault.name()), lang);
            message!(
                "run.answer_not_taken",
                lang,
                file = file,
                answer = answer,
                by = by,
                why = why
            )
        }
        AnswerMatter::Overrules { before, before_by } => message!(
            "run.answer_overrules",
            lang,
            file = file,
            answer = answer,
            by = by,
            before = before,
            before_by = before_by
        ),
        AnswerMatter::NoQuestion => {
            message!(
                "run.answer_no_question",
                lang,
                file = file,
                answer = answer,
                by = by
            )
        }
        AnswerMatter::DayUnused => message!(
            "run.answer_day_unused",
            lang,
            file = file,
            answer = answer,
            by = by
        ),
        AnswerMatter::Gone => message!(
            "run.answer_gone",
            lang,
            file = file,
            answer = answer,
            by = by
        ),
    }
}

/// What of a file is in the figures after the run.
fn counts(file: &FileSummary, lang: &str) -> String {
    match &file.standing {
        Some(FileStanding::SetAside { reason }) => {
            message!("run.set_aside", lang, reason = reason)
        }
        Some(FileStanding::Superseded { by }) => message!("run.superseded", lang, by = by),
        Some(FileStanding::Counted) | None => message!(
            "run.counted",
            lang,
            accepted = file.rows.accepted,
            held = file.rows.held
        ),
    }
}

fn outcome(outcome: FileOutcome) -> &'static str {
    match outcome {
        FileOutcome::Accepted => "accepted",
        FileOutcome::PartlyHeld => "partly_held",
        FileOutcome::Refused => "refused",
        FileOutcome::Unchanged => "unchanged",
    }
}

/// The contract's object: one entry a file, findings flat, messages in one language.
fn as_json(summary: &RunSummary, verbose: bool, lang: &str) -> Value {
    let findings = |all: &[Finding]| all.iter().map(|f| finding(f, lang)).collect::<Vec<_>>();
    let files: Vec<Value> = summary
        .files
        .iter()
        .map(|file| {
            let mut entry = json!({
                "file": file.file,
                "sha256": file.sha256,
                "department": file.department,
                "period": file.period,
                "outcome": file.outcome,
                "standing": file.standing,
                "rows": file.rows,
                "forms": file.forms,
                "sheets": file.sheets,
                "returned": file.returned,
                "findings": findings(&file.findings),
            });
            if verbose {
                entry["headings"] = json!(file.headings);
            }
            entry
        })
        .collect();
    let flat: Vec<Value> = summary
        .files
        .iter()
        .flat_map(|file| findings(&file.findings))
        .chain(findings(&summary.across))
        .collect();
    json!({
        "at": summary.at,
        "versions": summary.versions,
        "files": files,
        "locked": summary.waiting.iter().map(|waiting| &waiting.file).collect::<Vec<_>>(),
        "waiting": summary.waiting,
        "ignored": summary.ignored,
        "findings": flat,
        "answered": summary.answered,
        "answer_notices": summary.notices,
        "answers_waiting": summary.answers_waiting,
        "review": summary.review,
        "registers": summary.registers,
        "overlaps": summary.overlaps,
        "overlaps_left_out": summary.left_out,
        "questions": summary.questions,
        "joined": summary.joined,
        "headings": summary.headings,
        "replacements": summary.replacements,
        "registers_waiting": summary.shrunk_registers,
        "still_held": summary.still_held,
        "state": summary.state,
        "cases": summary.cases,
        "single_cases": summary.single_cases,
        "amounts": summary.amounts,
    })
}

/// What records are called that a choice of what counts is about.
fn title_of_choice<'w>(workspace: &'w Workspace, choice: &'w str, lang: &str) -> &'w str {
    let mut choices = workspace.programmes().flat_map(|it| &it.choices);
    let known = choices.find(|known| known.id == choice);
    known.map_or(choice, |known| known.title.get(lang))
}

pub(super) fn finding(finding: &Finding, lang: &str) -> Value {
    json!({
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.file_name,
        "sheet": finding.sheet,
        "form": finding.form,
        "cell": finding.cells.first(),
        "cells": finding.cells,
        "row": finding.cells.first().and_then(|c| c.parse::<model::CellRef>().ok()).map(|c| c.row + 1),
        "column": finding.column,
        "found": finding.found,
        "message": finding.message.get(lang),
        "advice": finding.advice.get(lang),
    })
}
