//! Which submissions count.

use crate::identity::reported;
use ledger::{Outcome, Standing, Submission};
use model::{FileId, Period, SubmissionId};
use programme::Programme;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use vietext::fold;

/// Who reports: a department, and the unit if its units report by themselves.
pub(crate) type Reporter<'s> = (&'s str, Option<String>);

/// Who reports in a submission; nobody if its department is not known.
pub(crate) fn reporter<'s>(
    programme: &Programme,
    submission: &'s Submission,
) -> Option<Reporter<'s>> {
    let department = submission.department.as_deref()?;
    Some(reporter_of(
        programme,
        department,
        submission.unit.as_deref(),
    ))
}

/// Who a department is as a reporter: its unit with it if its units report by themselves.
pub(crate) fn reporter_of<'s>(
    programme: &Programme,
    department: &'s str,
    unit: Option<&str>,
) -> Reporter<'s> {
    let by_unit = programme
        .department(department)
        .is_some_and(|known| known.reports_by_unit);
    (department, unit.filter(|_| by_unit).map(fold))
}

/// The department that goes on with what a department reported for a year: itself, or whoever had succeeded it by the year's end.
pub(crate) fn successor<'p>(programme: &'p Programme, department: &'p str, year: i32) -> &'p str {
    match Period::year(year) {
        Some(whole) => programme.code_on("department", department, whole.last_day()),
        None => department,
    }
}

/// Who goes on with what a department, or a unit of it, reported for a year.
pub(crate) fn succeeding<'s>(
    programme: &'s Programme,
    (department, unit): (&'s str, Option<&str>),
    year: i32,
) -> Reporter<'s> {
    reporter_of(programme, successor(programme, department, year), unit)
}

/// What parts a reporter from the office that it reports to, where several are read as one; no name has it.
const OF_OFFICE: char = '\u{1f}';

/// A reporter as it is within its own office: what persons answered there is kept by this.
pub(crate) fn within_office(reporter: &str) -> &str {
    reporter.split(OF_OFFICE).next().unwrap_or(reporter)
}

/// Who reports in a submission, and who goes on with its cases, each as one text; nobody if its department or its period is
/// not known.
pub(crate) fn reporter_and_heir(
    programme: &Programme,
    submission: &Submission,
) -> Option<reported::CaseReporter> {
    let (department, unit) = reporter(programme, submission)?;
    let unit = unit.unwrap_or_default();
    // A department of one name is another one in each of several offices.
    let office = submission.office.as_ref();
    let office = office.map_or_else(String::new, |office| format!("{OF_OFFICE}{office}"));
    let by = |year| {
        let department = successor(programme, department, year);
        format!("{department}/{unit}{office}")
    };
    Some(reported::CaseReporter {
        reporter: by(submission.period?.calendar_year()),
        heir: by(programme.last_year),
    })
}

/// The submissions that count for some years, and those that they supersede; of each, the forms that do count or are
/// superseded are those whose standing [counts](ledger::Standing::counts).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct EffectiveSubmissions {
    /// Those that count, in the order they were taken in.
    pub effective: Vec<Submission>,
    /// What the newest reports of each quarter have of the forms that a report on the whole year supersedes, in the same
    /// order: it does not count, and is compared with the year's.
    pub superseded_quarters: Vec<Submission>,
}

impl EffectiveSubmissions {
    /// Among all submissions that are known at a moment, those of some years.
    pub(crate) fn among(
        programme: &Programme,
        all: &[Submission],
        years: RangeInclusive<i32>,
    ) -> Self {
        let (mut effective, mut superseded) = (Parts::default(), Parts::default());
        for year in years {
            let standings = standings(programme, all, year);
            for ((department, unit), periods) in &standings {
                // Whoever succeeded a department reports on the whole year for both.
                let successor = successor(programme, department, year);
                let whole = [(*department, unit.clone()), (successor, None)]
                    .iter()
                    .find_map(|reporter| standings.get(reporter)?.get(&Period::year(year)?));
                share_out(periods, whole, &mut effective, &mut superseded);
            }
        }
        Self {
            effective: effective.into_submissions(),
            superseded_quarters: superseded.into_submissions(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.effective.is_empty() && self.superseded_quarters.is_empty()
    }
}

/// Which of a year's submissions count, in the order they were taken in: of each reporter and form what stands for the whole
/// year, or if nothing does what stands for each quarter (forms, common rules). The newest report on a period is among them
/// even if none of its forms counts: it says who has reported.
pub(crate) fn effective(
    programme: &Programme,
    submissions: &[Submission],
    year: i32,
) -> Vec<Submission> {
    EffectiveSubmissions::among(programme, submissions, year..=year).effective
}

/// What stands of each form for the period of a submission, if that one is left out: what it would replace. For a report on a
/// whole year these are, where no other one has the form, the forms of the last quarter that has it.
pub(crate) fn standing_before<'s>(
    programme: &Programme,
    submissions: &'s [Submission],
    (department, unit, period): (&str, Option<&str>, Period),
    file: &FileId,
) -> BTreeMap<&'s str, Vec<&'s Submission>> {
    // The others' standing does not matter, and this is asked for each file of a run.
    let others = submissions
        .iter()
        .filter(|it| it.department.as_deref() == Some(department) && it.file != *file);
    let reporter = reporter_of(programme, department, unit);
    let mut all = standings(programme, others, period.calendar_year());
    let Some(mut periods) = all.remove(&reporter) else {
        return BTreeMap::new();
    };
    let mut forms = periods.remove(&period).unwrap_or_default().forms;
    if period.is_whole_year() {
        // In the order of time: a later quarter tells the year so far.
        for (form, parts) in periods
            .into_values()
            .rev()
            .flat_map(|quarter| quarter.forms)
        {
            forms.entry(form).or_insert(parts);
        }
    }
    forms
}

/// What stands of a file itself for the period of a submission, by form: the submission of which it was read.
pub(crate) fn own_standing<'s>(
    programme: &Programme,
    submissions: &'s [Submission],
    (department, unit, period): (&str, Option<&str>, Period),
    file: &FileId,
) -> BTreeMap<&'s str, &'s Submission> {
    let of_sender = submissions
        .iter()
        .filter(|it| it.department.as_deref() == Some(department));
    let reporter = reporter_of(programme, department, unit);
    let mut all = standings(programme, of_sender, period.calendar_year());
    let periods = all.remove(&reporter);
    let forms = periods.and_then(|mut periods| periods.remove(&period));
    let forms = forms.unwrap_or_default().forms.into_iter();
    forms
        .filter_map(|(form, parts)| Some((form, parts.into_iter().find(|it| it.file == *file)?)))
        .collect()
}

/// What stands for a period of a reporter.
#[derive(Default)]
struct Standings<'s> {
    /// The newest report.
    newest: Option<&'s Submission>,
    /// The submissions whose rows stand, by form.
    forms: BTreeMap<&'s str, Vec<&'s Submission>>,
}

impl<'s> Standings<'s> {
    /// Takes in the next submission.
    fn take(&mut self, submission: &'s Submission) {
        self.newest = Some(submission);
        for (form, standing) in &submission.forms {
            let parts = self.forms.entry(form).or_default();
            if *standing == Standing::ReadAnew {
                continue;
            }
            // A file that was read again takes its own place, whatever stands beside it.
            if standing.counts()
                && let Some(own) = parts.iter_mut().find(|part| part.file == submission.file)
            {
                *own = submission;
                continue;
            }
            parts.retain(|part| part.file != submission.file);
            match standing {
                Standing::Replaces => *parts = vec![submission],
                Standing::Adds => parts.push(submission),
                Standing::Waits | Standing::Superseded | Standing::ReadAnew => {}
            }
        }
        self.forms.retain(|_, parts| !parts.is_empty());
    }
}

/// What stands for each period of a year, by reporter. A submission that was refused or set aside by an officer neither
/// counts nor supersedes.
fn standings<'s>(
    programme: &Programme,
    submissions: impl IntoIterator<Item = &'s Submission>,
    year: i32,
) -> BTreeMap<Reporter<'s>, BTreeMap<Period, Standings<'s>>> {
    let mut standings: BTreeMap<Reporter<'s>, BTreeMap<Period, Standings<'s>>> = BTreeMap::new();
    for submission in submissions.into_iter().filter(|s| may_count(s)) {
        if let (Some(reporter), Some(period)) = (reporter(programme, submission), submission.period)
            && period.calendar_year() == year
        {
            // Submissions are in the order they were taken in.
            let periods = standings.entry(reporter).or_default();
            periods.entry(period).or_default().take(submission);
        }
    }
    standings
}

/// Shares a reporter's year out into what counts and what is superseded by what stands for the whole year.
fn share_out<'s>(
    periods: &BTreeMap<Period, Standings<'s>>,
    whole: Option<&Standings<'s>>,
    effective: &mut Parts<'s>,
    superseded: &mut Parts<'s>,
) {
    for (period, standing) in periods {
        let of_year = whole.filter(|_| !period.is_whole_year());
        for (form, parts) in &standing.forms {
            let is_covered = of_year.is_some_and(|year| year.forms.contains_key(form));
            let into = if is_covered {
                &mut *superseded
            } else {
                &mut *effective
            };
            parts.iter().for_each(|part| into.add(part, form));
        }
        if let (None, Some(newest)) = (of_year, standing.newest) {
            effective
                .0
                .entry(newest.id)
                .or_insert((newest, BTreeSet::new()));
        }
    }
}

/// Submissions with some of their forms, by number.
#[derive(Default)]
struct Parts<'s>(BTreeMap<SubmissionId, (&'s Submission, BTreeSet<&'s str>)>);

impl<'s> Parts<'s> {
    fn add(&mut self, submission: &'s Submission, form: &'s str) {
        let part = self.0.entry(submission.id);
        part.or_insert((submission, BTreeSet::new())).1.insert(form);
    }

    /// In the order they were taken in; the standing of other forms does not count.
    fn into_submissions(self) -> Vec<Submission> {
        let restricted = |(submission, forms): (&Submission, BTreeSet<&str>)| {
            let mut submission = submission.clone();
            for (form, standing) in &mut submission.forms {
                if standing.counts() && !forms.contains(form.as_str()) {
                    *standing = Standing::Superseded;
                }
            }
            submission
        };
        self.0.into_values().map(restricted).collect()
    }
}

/// Whether a submission can count at all: it was neither refused nor set aside.
pub(crate) fn may_count(submission: &Submission) -> bool {
    submission.outcome != Outcome::Refused && submission.set_aside.is_none()
}

#[cfg(test)]
mod tests {
    use super::{EffectiveSubmissions, effective, standing_before};
    use crate::testing::{programme, submission};
    use ledger::{Outcome, Standing, Submission};
    use model::FileId;
    use programme::Programme;

    fn ids<'s>(submissions: impl IntoIterator<Item = &'s Submission>) -> Vec<i64> {
        let ids = submissions.into_iter().map(|submission| submission.id.0);
        ids.collect()
    }

    fn effective_ids(submissions: &[Submission]) -> Vec<i64> {
        ids(&effective(programme(), submissions, 2023))
    }

    fn by_unit() -> Programme {
        let mut programme = programme().clone();
        for department in &mut programme.departments {
            department.reports_by_unit = department.code == "SCT";
        }
        programme
    }

    fn from_unit(id: i64, unit: &str) -> Submission {
        Submission {
            unit: Some(unit.to_owned()),
            ..submission(id, "SCT", "2023-Q1")
        }
    }

    #[test]
    fn of_each_reporter_and_period_the_newest_counts() {
        let sent = [
            submission(1, "SCT", "2023-Q1"),
            submission(2, "SXD", "2023-Q1"),
            submission(3, "SCT", "2023-Q1"),
            submission(4, "SCT", "2023-Q2"),
        ];
        assert_eq!(effective_ids(&sent), [2, 3, 4]);
    }

    #[test]
    fn a_year_supersedes_its_quarters_whichever_came_first() {
        let sent = [
            submission(1, "SCT", "2023-Q1"),
            submission(2, "SCT", "2023"),
            submission(3, "SCT", "2023-Q1"),
            submission(4, "SXD", "2023-Q1"),
        ];
        let found = EffectiveSubmissions::among(programme(), &sent, 2023..=2023);
        assert_eq!(ids(&found.effective), [2, 4]);
        // Of a quarter that was sent twice only the newest is compared with the year.
        assert_eq!(ids(&found.superseded_quarters), [3]);
    }

    #[test]
    fn what_was_refused_or_set_aside_neither_counts_nor_supersedes() {
        let refused = Submission {
            outcome: Outcome::Refused,
            ..submission(2, "SCT", "2023-Q1")
        };
        let set_aside = Submission {
            set_aside: Some("gửi nhầm".to_owned()),
            ..submission(3, "SCT", "2023")
        };
        let sent = [submission(1, "SCT", "2023-Q1"), refused, set_aside];
        assert_eq!(effective_ids(&sent), [1]);
    }

    #[test]
    fn units_that_report_by_themselves_stand_side_by_side() {
        let sent = [
            from_unit(1, "Chi cục A"),
            from_unit(2, "Chi cục B"),
            // Capitals make no other unit.
            from_unit(3, "CHI CỤC A"),
        ];
        assert_eq!(ids(&effective(&by_unit(), &sent, 2023)), [2, 3]);
    }

    #[test]
    fn units_of_a_department_that_reports_as_one_supersede_each_other() {
        let sent = [from_unit(1, "Chi cục A"), from_unit(2, "Chi cục B")];
        assert_eq!(effective_ids(&sent), [2]);
    }

    #[test]
    fn another_year_or_an_unknown_sender_does_not_count() {
        let of_nobody = Submission {
            department: None,
            ..submission(1, "SCT", "2023")
        };
        let of_no_time = Submission {
            period: None,
            ..submission(2, "SCT", "2023")
        };
        let sent = [of_nobody, of_no_time, submission(3, "SCT", "2022")];
        assert_eq!(effective_ids(&sent), [0; 0]);
        assert!(EffectiveSubmissions::among(programme(), &sent, 2023..=2023).is_empty());
        assert!(!EffectiveSubmissions::among(programme(), &sent, 2022..=2023).is_empty());
    }

    /// A submission on a period of 2023 with some forms.
    fn with_forms(id: i64, period: &str, forms: &[(&str, Standing)]) -> Submission {
        let forms = forms.iter();
        Submission {
            forms: forms.map(|(form, it)| ((*form).to_owned(), *it)).collect(),
            ..submission(id, "SCT", period)
        }
    }

    /// Which forms of which submissions count.
    fn parts(submissions: &[Submission]) -> Vec<String> {
        let part = |it: &Submission| {
            let forms: Vec<&str> = it.counting_forms().collect();
            format!("{} {}", it.id, forms.join(" "))
        };
        submissions.iter().map(part).collect()
    }

    #[test]
    fn of_each_form_the_newest_that_does_not_wait_stands() {
        use Standing::{Adds, Replaces, Superseded, Waits};
        let mut sent = vec![
            with_forms(1, "2023", &[("budget", Replaces), ("support", Replaces)]),
            with_forms(2, "2023", &[("budget", Replaces), ("club", Replaces)]),
            with_forms(3, "2023", &[("support", Waits)]),
            with_forms(4, "2023", &[("club", Adds), ("budget", Superseded)]),
        ];
        let found = |sent: &[Submission]| parts(&effective(programme(), sent, 2023));
        assert_eq!(found(&sent), ["1 support", "2 budget club", "4 club"]);
        // A newest report of which nothing counts still says who has reported.
        assert_eq!(found(&sent[..3]), ["1 support", "2 budget club", "3 "]);
        // The same file read again takes its own place, and no other's.
        sent.push(Submission {
            file: sent[0].file.clone(),
            ..with_forms(5, "2023", &[("budget", Superseded), ("support", Replaces)])
        });
        assert_eq!(found(&sent), ["2 budget club", "4 club", "5 support"]);
        // What it replaced stands again when it is set aside.
        sent[1].set_aside = Some("nhầm tệp".to_owned());
        sent.truncate(3);
        assert_eq!(found(&sent), ["1 budget support", "3 "]);
    }

    #[test]
    fn a_file_that_is_read_again_takes_its_own_place_beside_others_and_read_anew_it_waits() {
        use Standing::{Adds, ReadAnew, Replaces};
        let form = |id: i64, file: &str, standing| Submission {
            file: FileId(file.to_owned()),
            forms: [("support".to_owned(), standing)].into(),
            ..submission(id, "SCT", "2023")
        };
        let (first, beside) = (form(1, "a", Replaces), form(2, "b", Adds));
        let again = form(3, "a", Replaces);
        let sent = [first.clone(), beside.clone(), again];
        assert_eq!(effective_ids(&sent), [2, 3]);
        let anew = form(3, "a", ReadAnew);
        assert_eq!(
            effective_ids(&[first.clone(), beside.clone(), anew.clone()]),
            [1, 2, 3]
        );
        let accepted = form(4, "a", Replaces);
        let sent = [first, beside, anew, accepted];
        assert_eq!(effective_ids(&sent), [2, 4]);
    }

    #[test]
    fn forms_that_the_year_lacks_stay_with_their_quarters() {
        use Standing::{Replaces, Waits};
        let sent = [
            with_forms(1, "2023-Q1", &[("budget", Replaces), ("support", Replaces)]),
            with_forms(2, "2023-Q2", &[("club", Replaces)]),
            with_forms(3, "2023", &[("budget", Replaces), ("club", Waits)]),
        ];
        let found = EffectiveSubmissions::among(programme(), &sent, 2023..=2023);
        assert_eq!(parts(&found.effective), ["1 support", "2 club", "3 budget"]);
        assert_eq!(parts(&found.superseded_quarters), ["1 budget"]);
    }

    #[test]
    fn what_a_file_would_replace_is_what_stands_without_it() {
        use Standing::{Replaces, Waits};
        let sent = [
            with_forms(1, "2023-Q1", &[("budget", Replaces), ("support", Replaces)]),
            with_forms(2, "2023-Q2", &[("budget", Replaces)]),
            with_forms(3, "2023", &[("support", Replaces)]),
            with_forms(4, "2023", &[("support", Waits)]),
        ];
        let found = |period: &str, file: &str| {
            let of = ("SCT", None, period.parse().unwrap());
            let standing = standing_before(programme(), &sent, of, &FileId(file.to_owned()));
            let part = |(form, parts): (&str, Vec<&Submission>)| format!("{form} {:?}", ids(parts));
            standing.into_iter().map(part).collect::<Vec<_>>()
        };
        // Of quarters the last that has the form.
        assert_eq!(found("2023", "new"), ["budget [2]", "support [3]"]);
        assert_eq!(found("2023", "f3"), ["budget [2]", "support [1]"]);
        assert_eq!(found("2023", "f4"), ["budget [2]", "support [3]"]);
        assert_eq!(found("2023-Q1", "new"), ["budget [1]", "support [1]"]);
        assert_eq!(found("2023-Q3", "new"), [""; 0]);
    }
}
