//! Headings that do not say which of their form's columns they are: a person is asked once for each department and form, and
//! the answer holds for all files and periods.

use crate::snapshot::effective::EffectiveSubmissions;
use chrono::{FixedOffset, NaiveDate};
use ingest::HeadingAnswers;
use ledger::{HeadingAnswer, Submission};
use model::{HeadingMeaning, Moment, SubmissionId, UnsureHeading};
use programme::Programme;
use serde::Serialize;
use std::collections::BTreeMap;

/// A heading of a department's form that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeadingQuestion {
    /// The department's code.
    pub department: String,
    /// The form's code.
    pub form: String,
    /// The heading with those above it, folded: the answer is found by it.
    pub key: String,
    /// The same as it is written.
    pub heading: String,
    /// Where it stands, as file, sheet and cell.
    pub places: Vec<String>,
    /// The first values under it.
    pub values: Vec<String>,
    /// The headings of the form's columns it may be.
    pub may_be: Vec<String>,
    /// The one that is likelier than the others.
    pub proposal: Option<String>,
    /// What was answered before; it does not decide any more, or not here.
    #[serde(skip)]
    pub previous: Option<HeadingAnswer>,
}

/// What is known of headings on a day: of each the last answer, if it decides and holds.
pub(crate) fn known_headings(
    given: &[(Moment, HeadingAnswer)],
    today: NaiveDate,
    offset: FixedOffset,
) -> HeadingAnswers {
    let mut known = HeadingAnswers::default();
    for (at, answer) in given {
        let key = (&*answer.department, &*answer.form, &*answer.heading);
        match &answer.meaning {
            Some(meaning) if answer.until.is_none_or(|until| today <= until) => {
                let day = at.day(offset).format("%d/%m/%Y");
                let said = match answer.by.is_empty() {
                    true => day.to_string(),
                    false => format!("{}, {day}", answer.by),
                };
                known.add(key, meaning.clone(), said);
            }
            _ => known.remove(key),
        }
    }
    known
}

/// Whether a file was read with other answers on its headings than are known now. An answer that no longer holds changes
/// nothing of what was read while it did.
pub(crate) fn is_answered_otherwise(
    programme: &Programme,
    department: Option<&str>,
    headings: &[UnsureHeading],
    known: &HeadingAnswers,
) -> bool {
    headings.iter().any(|heading| {
        let answer = department.and_then(|it| answer_on(programme, it, heading, known));
        answer.is_some() && answer != heading.answer.as_ref()
    })
}

/// What is known of a heading, unless it is a column that the programme's form does not have.
fn answer_on<'k>(
    programme: &Programme,
    department: &str,
    heading: &UnsureHeading,
    known: &'k HeadingAnswers,
) -> Option<&'k HeadingMeaning> {
    let answer = known.get(department, &heading.form, &heading.heading)?;
    let is_sound = match answer {
        HeadingMeaning::NotOfForm => true,
        HeadingMeaning::Column(name) => programme
            .form(&heading.form)
            .is_some_and(|form| form.place_once_called(name).is_some()),
    };
    is_sound.then_some(answer)
}

/// The submissions of a programme that count, or are compared with what counts, and were read with other answers than are
/// known now.
pub(crate) fn answered_since<'s>(
    programme: &Programme,
    submissions: &'s [Submission],
    unsure: &BTreeMap<SubmissionId, Vec<UnsureHeading>>,
    known: &HeadingAnswers,
) -> Vec<&'s Submission> {
    let standing = EffectiveSubmissions::among(programme, submissions, programme.years());
    let standing: Vec<SubmissionId> = standing
        .effective
        .iter()
        .chain(&standing.superseded_quarters)
        .map(|submission| submission.id)
        .collect();
    let is_other = |submission: &&Submission| {
        let headings = unsure.get(&submission.id).map_or(&[][..], Vec::as_slice);
        standing.contains(&submission.id)
            && is_answered_otherwise(programme, submission.department.as_deref(), headings, known)
    };
    submissions.iter().filter(is_other).collect()
}

/// The questions that are open in the submissions that count, one for each department, form and heading.
pub(crate) fn open_headings(
    programme: &Programme,
    submissions: &[Submission],
    unsure: &BTreeMap<SubmissionId, Vec<UnsureHeading>>,
    given: &[(Moment, HeadingAnswer)],
    known: &HeadingAnswers,
) -> Vec<HeadingQuestion> {
    let mut open: BTreeMap<[String; 3], HeadingQuestion> = BTreeMap::new();
    let standing = EffectiveSubmissions::among(programme, submissions, programme.years());
    for submission in &standing.effective {
        let Some(department) = &submission.department else {
            continue;
        };
        for heading in unsure.get(&submission.id).into_iter().flatten() {
            let Some(form) = programme.form(&heading.form) else {
                continue;
            };
            let answer = answer_on(programme, department, heading, known);
            // An answer that this file cannot follow, since another heading is that column too, leaves it open.
            let is_open = !heading.may_be.is_empty()
                && (answer.is_none() || answer == heading.answer.as_ref());
            if !is_open {
                continue;
            }
            let place = format!(
                "{} › {} › {}",
                submission.file_name, heading.sheet, heading.cell
            );
            let key = [
                department.clone(),
                heading.form.clone(),
                heading.heading.clone(),
            ];
            let title = |name: &String| form.column(name).map(|column| column.heading.clone());
            let is_same = |answer: &&(Moment, HeadingAnswer)| {
                let answer = &answer.1;
                [&answer.department, &answer.form, &answer.heading] == key.each_ref()
            };
            let previous = given.iter().rev().find(is_same);
            let question = HeadingQuestion {
                department: department.clone(),
                form: heading.form.clone(),
                key: heading.heading.clone(),
                heading: heading.shown.clone(),
                places: Vec::new(),
                values: heading.values.clone(),
                may_be: heading.may_be.iter().filter_map(title).collect(),
                proposal: heading.likeliest.as_ref().and_then(title),
                previous: previous.map(|(_, answer)| answer.clone()),
            };
            open.entry(key).or_insert(question).places.push(place);
        }
    }
    open.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::{answered_since, known_headings, open_headings};
    use crate::testing::{day, offset, programme, submission};
    use ledger::HeadingAnswer;
    use model::{HeadingMeaning, Moment, SubmissionId, UnsureHeading};
    use std::collections::BTreeMap;

    fn heading(answer: Option<HeadingMeaning>) -> UnsureHeading {
        UnsureHeading {
            form: "support".to_owned(),
            heading: "kinh phi".to_owned(),
            shown: "Kinh phí".to_owned(),
            sheet: "Biểu 3".to_owned(),
            cell: "G2".to_owned(),
            values: vec!["10".to_owned(), "20".to_owned()],
            may_be: vec!["state_budget".to_owned()],
            likeliest: Some("state_budget".to_owned()),
            answer,
        }
    }

    fn column(name: &str) -> Option<HeadingMeaning> {
        Some(HeadingMeaning::Column(name.to_owned()))
    }

    fn given(meaning: Option<HeadingMeaning>, until: &str) -> (Moment, HeadingAnswer) {
        let answer = HeadingAnswer {
            department: "SCT".to_owned(),
            form: "support".to_owned(),
            heading: "kinh phi".to_owned(),
            meaning,
            reason: String::new(),
            by: "An".to_owned(),
            until: until.parse().ok(),
        };
        ("2023-06-02T00:00:00Z".parse().unwrap(), answer)
    }

    /// How many files are to be read again, and the places of each open question, on 1 July 2023.
    fn found(
        read_with: &[Option<HeadingMeaning>],
        given: &[(Moment, HeadingAnswer)],
    ) -> (usize, Vec<usize>) {
        let known = known_headings(given, day("2023-07-01"), offset());
        let periods = ["2023-Q1", "2023-Q2", "2023-Q3"];
        let submissions: Vec<_> = (1..)
            .zip(periods)
            .take(read_with.len())
            .map(|(id, period)| submission(id, "SCT", period))
            .collect();
        let unsure: BTreeMap<SubmissionId, Vec<UnsureHeading>> = (1..)
            .zip(read_with)
            .map(|(id, answer)| (SubmissionId(id), vec![heading(answer.clone())]))
            .collect();
        let open = open_headings(programme(), &submissions, &unsure, given, &known);
        let again = answered_since(programme(), &submissions, &unsure, &known).len();
        (again, open.iter().map(|it| it.places.len()).collect())
    }

    #[test]
    fn a_heading_is_asked_about_once_whatever_files_it_stands_in() {
        assert_eq!(found(&[None, None], &[]), (0, vec![2]));
        assert_eq!(found(&[None, None], &[given(None, "")]), (0, vec![2]));
    }

    #[test]
    fn files_read_before_the_answer_are_read_again_and_nothing_is_asked() {
        let budget = || given(column("state_budget"), "2023-07-01");
        assert_eq!(found(&[None, None], &[budget()]), (2, vec![]));
        // Another answer later: also those that were read with the first.
        let none = given(Some(HeadingMeaning::NotOfForm), "");
        let read = [column("state_budget"), None];
        assert_eq!(found(&read, &[budget(), none]), (2, vec![]));
    }

    #[test]
    fn an_answer_that_holds_no_more_or_names_no_column_changes_nothing() {
        let over = given(column("state_budget"), "2023-06-30");
        let read = [column("state_budget"), None];
        assert_eq!(found(&read, &[over]).0, 0);
        let unknown = given(column("no such column"), "");
        assert_eq!(found(&[None], &[unknown]), (0, vec![1]));
    }

    #[test]
    fn an_answer_that_a_file_cannot_follow_is_asked_about_again() {
        let budget = given(column("state_budget"), "");
        assert_eq!(found(&[column("state_budget")], &[budget]), (0, vec![1]));
    }
}
