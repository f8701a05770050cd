use crate::annual::inputs::{AnnualInputs, RecordedSubmission};
use crate::annual::request::ReportRequest;
use crate::snapshot::counted_rows::CountedRows;
use crate::snapshot::effective::effective;
use crate::snapshot::year_reported::YearReported;
use chrono::NaiveDate;
use ledger::{Outcome, Submission};
use model::{Period, Severity, SubmissionId};
use programme::Programme;
use report::{DepartmentLine, SubmissionLine, SubmissionState};
use std::collections::BTreeMap;

/// The short name of a department; its code if the programme does not know it.
pub(crate) fn short_name(programme: &Programme, code: &str) -> String {
    programme
        .department(code)
        .map_or(code.to_owned(), |department| department.short.clone())
}

/// The departments that had to report in the years shown, and others that did, with what they sent; of several offices the
/// departments of each, with its name before theirs.
pub(crate) fn department_lines(
    request: &ReportRequest,
    inputs: &AnnualInputs,
) -> Vec<DepartmentLine> {
    let office = |submission: &Submission| submission.office.clone();
    let mut by_office: Vec<(Option<String>, Vec<Submission>)> = Vec::new();
    for submission in &inputs.submissions {
        match by_office.last_mut() {
            Some((last, submissions)) if *last == office(submission) => {
                submissions.push(submission.clone());
            }
            _ => by_office.push((office(submission), vec![submission.clone()])),
        }
    }
    if by_office.is_empty() {
        by_office.push((None, Vec::new()));
    }
    let mut lines = Vec::new();
    for (office, submissions) in by_office {
        let own = office_lines(request, inputs, &submissions);
        lines.extend(own.into_iter().map(|line| match &office {
            Some(office) => DepartmentLine {
                name: in_office(office, &line.name),
                short: in_office(office, &line.short),
                ..line
            },
            None => line,
        }));
    }
    lines
}

/// A name with that of the office before it.
pub(crate) fn in_office(office: &str, name: &str) -> String {
    format!("{office}/{name}")
}

/// The lines of one office, of which all submissions are.
fn office_lines(
    request: &ReportRequest,
    inputs: &AnnualInputs,
    sent: &[Submission],
) -> Vec<DepartmentLine> {
    let programme = &request.programme.programme;
    let years = request.first_year_shown()..=request.year;
    let effective_in = |year| effective(programme, sent, year);
    let effective: BTreeMap<i32, Vec<Submission>> = years
        .clone()
        .map(|year| (year, effective_in(year)))
        .collect();
    let counting: BTreeMap<SubmissionId, &Submission> = effective
        .values()
        .flatten()
        .map(|submission| (submission.id, submission))
        .collect();
    let today = request.as_of.day(inputs.offset);
    let code_shown = |code: &str| match request.variant.under_today {
        true => programme.code_on("department", code, today).to_owned(),
        false => code.to_owned(),
    };
    let none = RecordedSubmission::default();
    let mut lines = Vec::new();
    for department in &programme.departments {
        let mut submissions = Vec::new();
        for submission in sent {
            let period = submission
                .period
                .filter(|p| years.contains(&p.calendar_year()));
            let code = submission.department.as_deref().map(code_shown);
            if let (Some(period), Some(code)) = (period, code)
                && code == department.code
            {
                let recorded = inputs.recorded.get(&submission.id).unwrap_or(&none);
                let standing = counting.get(&submission.id).copied();
                let line =
                    submission_line(programme, submission, period, recorded, standing, inputs);
                submissions.push(line);
            }
        }
        let reported_in = |year: i32| {
            let of_year = effective.get(&year).into_iter().flatten();
            YearReported::by(of_year.filter(|submission| {
                let code = submission.department.as_deref().map(code_shown);
                code.as_deref() == Some(department.code.as_str())
            }))
        };
        let day_of = |year: i32| match request.variant.under_today {
            true => today,
            false => request.day_due(programme, year),
        };
        let had_to = |year: &i32| department.must_report(day_of(*year));
        let last_day = day_of(request.year);
        let succeeded_by = department.life.successor_by(last_day);
        let mut line = DepartmentLine {
            code: department.code.clone(),
            name: department.name.clone(),
            short: department.short.clone(),
            had_to_report: years.clone().any(|year| had_to(&year)),
            whole: Vec::new(),
            partial: Vec::new(),
            missing: Vec::new(),
            succeeded_by: succeeded_by.map(|code| short_name(programme, code)),
            submissions,
        };
        for year in years.clone() {
            let due = match year == request.year {
                true => request.variant.part.due(year),
                false => Period::year(year),
            };
            match reported_in(year) {
                // A part of the year is reported by what tells of all of it.
                YearReported::Until(period) if due.is_some_and(|due| period >= due) => {
                    line.whole.push(year);
                }
                YearReported::Whole => line.whole.push(year),
                // Whoever succeeded it tells the rest of the year.
                YearReported::Until(_) if !department.life.covers(day_of(year)) => {}
                YearReported::Until(period) => line.partial.push(period),
                // Before the first quarter is over nothing is due.
                YearReported::Nothing if had_to(&year) && due.is_some() => line.missing.push(year),
                YearReported::Nothing => {}
            }
        }
        if !line.submissions.is_empty() || line.had_to_report {
            lines.push(line);
        }
    }
    lines
}

fn submission_line(
    programme: &Programme,
    submission: &Submission,
    period: Period,
    recorded: &RecordedSubmission,
    standing: Option<&Submission>,
    inputs: &AnnualInputs,
) -> SubmissionLine {
    let RecordedSubmission {
        findings,
        form_rows,
    } = recorded;
    let to_mend = findings
        .iter()
        .filter(|f| f.severity <= Severity::Correct)
        .count();
    let is_refused = submission.outcome == Outcome::Refused;
    // Of one that is superseded or set aside it is told what it had.
    let rows = match standing {
        _ if is_refused => CountedRows::default(),
        Some(standing) => CountedRows::of(programme, standing.counting_forms(), form_rows),
        None => CountedRows::of_file(programme, form_rows),
    };
    let at = submission.at.local(inputs.offset);
    SubmissionLine {
        period,
        unit: submission.unit.clone(),
        file_name: submission.file_name.clone(),
        file: submission.file.short().to_owned(),
        in_time: in_time(programme, period, at.date_naive()),
        at,
        standing: match () {
            () if is_refused => SubmissionState::Refused,
            () if submission.set_aside.is_some() => SubmissionState::SetAside,
            () if standing.is_some() => SubmissionState::Stands,
            () => SubmissionState::Superseded,
        },
        set_aside: submission.set_aside.clone(),
        nil_return: submission.nil_return,
        accepted: rows.accepted,
        held: rows.held,
        to_mend,
        noticed: findings.len() - to_mend,
    }
}

/// Whether a report on a period came before its deadline; nothing if it has none: the plan sets a day for what reports a
/// year, and an earlier quarter's is the office's own.
fn in_time(programme: &Programme, period: Period, came: NaiveDate) -> Option<bool> {
    let year = Period::year(period.calendar_year())?;
    let reports_year = period.reports(year);
    reports_year.then(|| came < programme.deadline.in_year(period.calendar_year()))
}

#[cfg(test)]
mod tests {
    use super::department_lines;
    use crate::annual::inputs::AnnualInputs;
    use crate::annual::request::ReportRequest;
    use crate::testing::{day, inputs, request, small_programme, submission};
    use ledger::{Outcome, Submission};
    use programme::Lifetime;
    use report::{DepartmentLine, SubmissionState};

    fn line(request: &ReportRequest, inputs: &AnnualInputs, code: &str) -> Option<DepartmentLine> {
        let mut lines = department_lines(request, inputs).into_iter();
        lines.find(|line| line.code == code)
    }

    #[test]
    fn each_submission_of_the_year_is_shown_with_what_became_of_it() {
        let refused = Submission {
            outcome: Outcome::Refused,
            ..submission(4, "SCT", "2023")
        };
        let set_aside = Submission {
            set_aside: Some("gửi nhầm".to_owned()),
            ..submission(3, "SCT", "2023")
        };
        let late = Submission {
            at: "2023-11-29T17:00:00Z".parse().unwrap(),
            ..submission(2, "SCT", "2023")
        };
        let sent = [
            submission(1, "SCT", "2023-Q1"),
            late,
            set_aside,
            refused,
            submission(5, "SCT", "2022"),
        ];
        let shown = line(
            &request(small_programme(), 2023),
            &inputs(&sent, &[]),
            "SCT",
        )
        .unwrap();
        let states: Vec<(SubmissionState, Option<bool>)> = shown
            .submissions
            .iter()
            .map(|submission| (submission.standing, submission.in_time))
            .collect();
        let expected = [
            // The plan sets no day for a first quarter.
            (SubmissionState::Superseded, None),
            (SubmissionState::Stands, Some(false)),
            (SubmissionState::SetAside, Some(true)),
            (SubmissionState::Refused, Some(true)),
        ];
        assert_eq!(states, expected);
        assert_eq!(shown.missing, [0; 0]);
    }

    #[test]
    fn a_year_is_reported_whole_in_part_or_not_at_all() {
        let mut request = request(small_programme(), 2023);
        let refused = Submission {
            outcome: Outcome::Refused,
            ..submission(5, "SYT", "2023")
        };
        let sent = [
            submission(1, "SCT", "2023-Q4"),
            submission(2, "SXD", "2023-Q1"),
            submission(3, "SXD", "2023-Q2"),
            submission(4, "SCT", "2022-Q2"),
            refused,
        ];
        let told = |request: &ReportRequest, code: &str| {
            let line = line(request, &inputs(&sent, &[]), code).unwrap();
            let partial: Vec<String> = line.partial.iter().map(ToString::to_string).collect();
            (line.whole, partial.join(" "), line.missing)
        };
        assert_eq!(told(&request, "SCT"), (vec![2023], String::new(), vec![]));
        assert_eq!(
            told(&request, "SXD"),
            (vec![], "2023-Q2".to_owned(), vec![])
        );
        // What was refused is no report.
        assert_eq!(told(&request, "SYT"), (vec![], String::new(), vec![2023]));
        request.variant.is_final = true;
        let of_sct = (vec![2023], "2022-Q2".to_owned(), vec![2021]);
        assert_eq!(told(&request, "SCT"), of_sct);
    }

    #[test]
    fn a_department_that_must_report_and_sent_nothing_is_missing() {
        let request = request(small_programme(), 2023);
        let nothing = inputs(&[], &[]);
        let of_sct = line(&request, &nothing, "SCT").unwrap();
        assert_eq!((of_sct.had_to_report, of_sct.missing), (true, vec![2023]));
        assert!(
            line(&request, &nothing, "HHDN").is_none(),
            "an association may report"
        );
        let sent = inputs(&[submission(1, "HHDN", "2023")], &[]);
        assert!(!line(&request, &sent, "HHDN").unwrap().had_to_report);
    }

    #[test]
    fn under_today_what_a_merged_department_sent_is_its_successors() {
        let mut small = small_programme();
        let mut departments = small.programme.departments.iter_mut();
        departments.find(|d| d.code == "SGTVT").unwrap().life = Lifetime {
            to: Some(day("2023-12-31")),
            successors: vec!["SXD".to_owned()],
            ..Lifetime::default()
        };
        let mut request = request(small, 2023);
        let sent = inputs(&[submission(1, "SGTVT", "2023")], &[]);
        assert_eq!(line(&request, &sent, "SGTVT").unwrap().submissions.len(), 1);
        assert_eq!(line(&request, &sent, "SXD").unwrap().missing, [2023]);
        request.variant.under_today = true;
        assert!(line(&request, &sent, "SGTVT").is_none());
        let of_sxd = line(&request, &sent, "SXD").unwrap();
        assert_eq!((of_sxd.submissions.len(), of_sxd.missing), (1, vec![]));
    }
}
