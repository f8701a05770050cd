//! The page of the officer's desk, written by every run from what the run knows anyway: nothing is computed for it.

use crate::error::PipelineError;
use crate::intake::whole_state::WholeState;
use crate::jobs::running::running;
use crate::jobs::status::{DepartmentState, DepartmentStatus, department_states};
use crate::workspace::Workspace;
use ledger::{AsOf, Ledger, Outcome, RecordedReport, Submission, write_whole};
use model::{Moment, Period, ReportStatus};
use programme::{Programme, Words};
use report::{
    DeskDepartment, DeskFile, DeskLink, DeskPage, DeskQuestion, DeskReport, DeskTarget, desk,
};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The page's name in the workspace.
const PAGE: &str = "tong-hop.html";

/// How many reports are shown.
const REPORTS: usize = 6;

/// What a run knows when it ends.
pub(crate) struct AfterRun<'a> {
    pub ledger: &'a Ledger,
    pub submissions: &'a [Submission],
    pub state: &'a WholeState,
    /// The first of the questions, those that change most first.
    pub questions: Vec<DeskQuestion>,
    /// The workbook with them.
    pub review: Option<&'a PathBuf>,
}

/// Writes the page, if it is another than the one that is there.
///
/// # Errors
/// When the ledger cannot be read, or the page cannot be written.
pub(crate) fn renew(workspace: &Workspace, after: AfterRun<'_>) -> Result<(), PipelineError> {
    let Some(last_run) = after.ledger.last_run()? else {
        return Ok(());
    };
    let bytes = desk(&page(workspace, after, last_run)?);
    let path = workspace.root().join(PAGE);
    if std::fs::read(&path).is_ok_and(|before| before == bytes) {
        return Ok(());
    }
    Ok(write_whole(&path, &bytes)?)
}

fn page<'w>(
    workspace: &'w Workspace,
    after: AfterRun<'_>,
    last_run: Moment,
) -> Result<DeskPage<'w>, PipelineError> {
    let AfterRun {
        ledger,
        submissions,
        state,
        questions,
        review,
    } = after;
    let offset = workspace.settings.utc_offset;
    let shown = |moment: Moment| moment.local(offset).format("%d/%m/%Y %H:%M").to_string();
    let period = running(submissions);
    let year = period.map_or(last_run.day(offset), Period::last_day);
    let programme = workspace.programme_of(chrono::Datelike::year(&year));
    let words = &programme.words;
    let (deadline, statuses) = match period {
        Some(period) => department_states(workspace, ledger, submissions, period)?,
        None => (None, Vec::new()),
    };
    let mend = to_mend(workspace, programme, &statuses, state);
    let all_reports = ledger.reports()?;
    let review = review.map(|path| link(workspace.root(), path));
    let steps = steps(words, &statuses, &mend, state, review.as_ref());
    // Setting a file aside is recorded too: what came last came before it then.
    let came = submissions.iter().map(|it| it.at).max();
    let taken = submissions.iter().filter(|it| Some(it.at) == came);
    let registers = ledger.registers(AsOf::NOW)?;
    Ok(DeskPage {
        programme,
        as_of: shown(last_run),
        day: last_run.day(offset),
        period: period.map(|it| it.to_string()),
        deadline: deadline.map(|day| day.format("%d/%m/%Y").to_string()),
        steps,
        departments: statuses
            .iter()
            .filter(|it| it.exists)
            .map(|it| department(words, it))
            .collect(),
        mend,
        questions,
        waiting: state.questions,
        review,
        targets: targets(programme, &all_reports, shown),
        taken: taken.map(|it| taken_file(programme, it)).collect(),
        registers: registers.into_iter().map(|it| it.file_name).collect(),
        reports: last_reports(workspace, words, &all_reports, shown),
    })
}

/// A file of the workspace, from its folder.
fn link(root: &Path, path: &Path) -> DeskLink {
    let within = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = within.iter().map(|it| it.to_string_lossy()).collect();
    DeskLink {
        path: parts.join("/"),
        name: parts.last().map(ToString::to_string).unwrap_or_default(),
    }
}

fn department(words: &Words, status: &DepartmentStatus) -> DeskDepartment {
    let until = status.reported.map(|it| it.to_string()).unwrap_or_default();
    let state = match status.state {
        DepartmentState::Missing => words.get("state_missing").to_owned(),
        DepartmentState::Partial => words.render_template("state_partial", [("period", &until)]),
        DepartmentState::Nil => words.get("state_nil").to_owned(),
        DepartmentState::Received => words.get("state_received").to_owned(),
        DepartmentState::Held => words.get("state_held").to_owned(),
        DepartmentState::Refused => words.get("state_refused").to_owned(),
        DepartmentState::SetAside => words.get("desk_set_aside").to_owned(),
    };
    DeskDepartment {
        name: status.name.clone(),
        state,
        is_well: !status.state.is_wanting() && status.state != DepartmentState::Held,
        is_late: status.late,
        file: status.file.clone(),
    }
}

/// Files of the running period in which something is to be mended, and files of other periods of which rows are held.
fn to_mend(
    workspace: &Workspace,
    programme: &Programme,
    statuses: &[DepartmentStatus],
    state: &WholeState,
) -> Vec<DeskFile> {
    let words = &programme.words;
    let mut told = BTreeSet::new();
    let mut files = Vec::new();
    for status in statuses.iter().filter(|it| it.to_mend > 0 || it.held > 0) {
        let Some(file) = status.file.clone() else {
            continue;
        };
        told.insert(file.clone());
        let (mend, held) = (status.to_mend.to_string(), status.held.to_string());
        files.push(DeskFile {
            file,
            sender: status.name.clone(),
            said: words.render_template("desk_to_mend", [("mend", &mend), ("held", &held)]),
            returned: returned(workspace, Some(&status.department), status.reported),
        });
    }
    for held in state
        .held_files
        .iter()
        .filter(|it| !told.contains(&it.file))
    {
        let rows = held.rows.to_string();
        files.push(DeskFile {
            file: held.file.clone(),
            sender: sender(programme, held.department.as_deref(), held.period),
            said: words.render_template("desk_held", [("held", &rows)]),
            returned: returned(workspace, held.department.as_deref(), held.period),
        });
    }
    files
}

/// What lies in the folder of what goes back, of a department and a period.
fn returned(
    workspace: &Workspace,
    department: Option<&str>,
    period: Option<Period>,
) -> Vec<DeskLink> {
    let (Some(department), Some(period)) = (department, period) else {
        return Vec::new();
    };
    let begins = format!("{department}-{period}-");
    let folder = workspace.returned().join(period.to_string());
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|it| it.path()).collect();
    paths.retain(|path| {
        let name = path.file_name().map(|it| it.to_string_lossy());
        name.is_some_and(|it| it.starts_with(&begins))
    });
    paths.sort();
    let root = workspace.root();
    paths.iter().map(|path| link(root, path)).collect()
}

fn sender(programme: &Programme, department: Option<&str>, period: Option<Period>) -> String {
    let known = department.and_then(|code| programme.department(code));
    let name = known.map(|it| it.name.as_str()).or(department);
    let period = period.map(|it| it.to_string());
    let parts = [name, period.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn taken_file(programme: &Programme, taken: &Submission) -> DeskFile {
    let words = &programme.words;
    let said = match taken.outcome {
        Outcome::Accepted => "state_received",
        Outcome::PartlyHeld => "state_held",
        Outcome::Refused => "state_refused",
    };
    DeskFile {
        file: taken.file_name.clone(),
        sender: sender(programme, taken.department.as_deref(), taken.period),
        said: words.get(said).to_owned(),
        returned: Vec::new(),
    }
}

/// How far each target is, by the newest issued report that tells of it: of a draft nothing is kept that could be trusted later.
fn targets(
    programme: &Programme,
    reports: &[RecordedReport],
    shown: impl Fn(Moment) -> String,
) -> Vec<DeskTarget> {
    let words = &programme.words;
    let of_target = |target: &programme::Target| {
        let mut standing = reports.iter().rev().filter(|it| it.withdrawal.is_none());
        let newest = standing.find_map(|it| {
            let report = &it.report;
            let until = report.year.min(target.to);
            let span = match until == target.from {
                true => until.to_string(),
                false => format!("{}-{until}", target.from),
            };
            let reached = report
                .figures
                .get(&format!("{}/{span}", target.indicator))?;
            let year = report.year.to_string();
            let moment = shown(report.as_of);
            let values = [("year", year.as_str()), ("moment", moment.as_str())];
            Some((*reached, words.render_template("desk_by_report", values)))
        });
        let about = if target.about { "about" } else { "at_least" };
        DeskTarget {
            title: target.title.vi.clone(),
            wanted: format!("{} {}", words.get(about), target.at_least),
            reached: newest.as_ref().map(|it| it.0),
            is_reached: newest.as_ref().is_some_and(|it| it.0 >= target.at_least),
            told_by: newest.map(|it| it.1).unwrap_or_default(),
        }
    };
    programme.targets.iter().map(of_target).collect()
}

/// The newest reports of which the file is there still.
fn last_reports(
    workspace: &Workspace,
    words: &Words,
    reports: &[RecordedReport],
    shown: impl Fn(Moment) -> String,
) -> Vec<DeskReport> {
    let mut names = BTreeSet::new();
    let newest = reports
        .iter()
        .rev()
        .filter(|it| names.insert(&it.report.file_name));
    let there = newest.filter(|it| workspace.reports().join(&it.report.file_name).is_file());
    there
        .take(REPORTS)
        .map(|it| DeskReport {
            link: link(
                workspace.root(),
                &workspace.reports().join(&it.report.file_name),
            ),
            year: it.report.year,
            as_of: shown(it.report.as_of),
            status: match (&it.withdrawal, &it.report.status) {
                (Some(_), _) => words.get("desk_withdrawn").to_owned(),
                (None, ReportStatus::Issued(stamp)) => {
                    let number = stamp.number.to_string();
                    words.render_template("desk_issued", [("number", &number)])
                }
                (None, _) => words.get("desk_draft").to_owned(),
            },
        })
        .collect()
}

/// What to do next, the most urgent first.
fn steps(
    words: &Words,
    statuses: &[DepartmentStatus],
    mend: &[DeskFile],
    state: &WholeState,
    review: Option<&DeskLink>,
) -> Vec<String> {
    let mut steps = Vec::new();
    if !mend.is_empty() {
        let files = mend.len().to_string();
        steps.push(words.render_template("desk_step_mend", [("count", &files)]));
    }
    if state.questions > 0 {
        let (count, file) = (
            state.questions.to_string(),
            review.map_or("review", |it| it.path.as_str()),
        );
        let values = [("count", count.as_str()), ("file", file)];
        steps.push(words.render_template("desk_step_answer", values));
    }
    let wanting = statuses.iter().filter(|it| it.is_wanting()).count();
    if wanting > 0 {
        let count = wanting.to_string();
        steps.push(words.render_template("desk_step_remind", [("count", &count)]));
    }
    if steps.is_empty() {
        steps.push(words.get("desk_step_report").to_owned());
    }
    steps
}
