//! Amounts far out of their kind: a person is asked whether the unit is right, once for each amount of a department, whatever
//! files it stands in.

use crate::snapshot::effective::EffectiveSubmissions;
use ledger::{AmountAnswer, AmountVerdict, Submission};
use model::{SubmissionId, UnsureAmount};
use programme::Programme;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use vietext::fold;

/// An amount of a department that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AmountQuestion {
    /// The department's code.
    pub department: String,
    /// The form's code.
    pub form: String,
    /// The form's column.
    pub column: String,
    /// Whom or what it is for; blank if it is all of the column.
    pub subject: String,
    /// How many đồng it was read as; of a column the sum.
    pub amount: i64,
    /// What others of its kind are about, in đồng.
    pub usual: i64,
    /// Where it stands, as file, sheet and cells.
    pub places: Vec<String>,
    /// What was answered before: it has to be looked into.
    #[serde(skip)]
    pub previous: Option<AmountAnswer>,
}

/// By what an answer on an amount is found again.
type AmountKey = (String, String, String, String, i64);

/// What persons said of amounts: of each the last answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct AmountAnswers(BTreeMap<AmountKey, AmountAnswer>);

impl AmountAnswers {
    /// From answers in the order they were given.
    pub(crate) fn new<'a>(given: impl IntoIterator<Item = &'a AmountAnswer>) -> Self {
        let entry = |it: &AmountAnswer| {
            let subject = fold(&it.subject);
            let of = (it.department.clone(), it.form.clone(), it.column.clone());
            ((of.0, of.1, of.2, subject, it.amount), it.clone())
        };
        Self(given.into_iter().map(entry).collect())
    }

    fn last(&self, department: &str, amount: &UnsureAmount) -> Option<&AmountAnswer> {
        self.0.get(&key(department, amount))
    }

    /// Whether a person said that an amount is right; nothing if nobody has decided.
    pub(crate) fn is_right(&self, department: &str, amount: &UnsureAmount) -> Option<bool> {
        match self.last(department, amount)?.verdict {
            AmountVerdict::Right => Some(true),
            AmountVerdict::Wrong => Some(false),
            AmountVerdict::Verify => None,
        }
    }
}

fn key(department: &str, amount: &UnsureAmount) -> AmountKey {
    (
        department.to_owned(),
        amount.form.clone(),
        amount.column.clone(),
        fold(&amount.subject),
        amount.amount,
    )
}

/// The submissions of a programme that count, or are compared with what counts, and were read with other answers on their
/// amounts than are known now.
pub(crate) fn amounts_answered_since<'s>(
    programme: &Programme,
    submissions: &'s [Submission],
    unsure: &BTreeMap<SubmissionId, Vec<UnsureAmount>>,
    answers: &AmountAnswers,
) -> Vec<&'s Submission> {
    if unsure.is_empty() {
        return Vec::new();
    }
    let standing = EffectiveSubmissions::among(programme, submissions, programme.years());
    let standing = standing
        .effective
        .iter()
        .chain(&standing.superseded_quarters);
    let ids: BTreeSet<SubmissionId> = standing.map(|it| it.id).collect();
    let is_other = |submission: &&Submission| {
        let department = submission.department.as_deref().unwrap_or_default();
        let mut amounts = unsure.get(&submission.id).into_iter().flatten();
        ids.contains(&submission.id)
            && amounts.any(|amount| answers.is_right(department, amount) != amount.answer)
    };
    submissions.iter().filter(is_other).collect()
}

/// The questions that are open in the submissions that count.
pub(crate) fn open_amounts(
    programme: &Programme,
    submissions: &[Submission],
    unsure: &BTreeMap<SubmissionId, Vec<UnsureAmount>>,
    answers: &AmountAnswers,
) -> Vec<AmountQuestion> {
    let mut open: BTreeMap<AmountKey, AmountQuestion> = BTreeMap::new();
    if unsure.is_empty() {
        return Vec::new();
    }
    let standing = EffectiveSubmissions::among(programme, submissions, programme.years());
    for submission in &standing.effective {
        let Some(department) = &submission.department else {
            continue;
        };
        for amount in unsure.get(&submission.id).into_iter().flatten() {
            if answers.is_right(department, amount).is_some() {
                continue;
            }
            let place = format!(
                "{} › {} › {}",
                submission.file_name,
                amount.sheet,
                amount.cells.join(", ")
            );
            let question = AmountQuestion {
                department: department.clone(),
                form: amount.form.clone(),
                column: amount.column.clone(),
                subject: amount.subject.clone(),
                amount: amount.amount,
                usual: amount.usual,
                places: Vec::new(),
                previous: answers.last(department, amount).cloned(),
            };
            let of_key = open.entry(key(department, amount)).or_insert(question);
            of_key.places.push(place);
        }
    }
    open.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::{AmountAnswers, amounts_answered_since, open_amounts};
    use crate::testing::{programme, submission};
    use ledger::{AmountAnswer, AmountVerdict};
    use model::{SubmissionId, UnsureAmount};

    fn unsure(answer: Option<bool>) -> UnsureAmount {
        UnsureAmount {
            form: "support".to_owned(),
            column: "state_budget".to_owned(),
            subject: "HTX Mẫu".to_owned(),
            amount: 45_000_000_000,
            usual: 80_000_000,
            sheet: "Biểu 3".to_owned(),
            cells: vec!["M5".to_owned()],
            records: vec!["r1".to_owned()],
            answer,
        }
    }

    /// How many files are to be read again, and the places of each open question.
    fn found(read_with: &[Option<bool>], verdicts: &[AmountVerdict]) -> (usize, Vec<usize>) {
        let given = verdicts.iter().map(|verdict| AmountAnswer {
            department: "SCT".to_owned(),
            form: "support".to_owned(),
            column: "state_budget".to_owned(),
            subject: "htx mau".to_owned(),
            amount: 45_000_000_000,
            verdict: *verdict,
            reason: String::new(),
            by: String::new(),
        });
        let answers = AmountAnswers::new(&given.collect::<Vec<_>>());
        let quarters = ["2023-Q1", "2023-Q2"].into_iter().zip(1..);
        let sent: Vec<_> = quarters
            .take(read_with.len())
            .map(|(period, id)| submission(id, "SCT", period))
            .collect();
        let amounts = (1..)
            .zip(read_with)
            .map(|(id, answer)| (SubmissionId(id), vec![unsure(*answer)]))
            .collect();
        let again = amounts_answered_since(programme(), &sent, &amounts, &answers);
        let open = open_amounts(programme(), &sent, &amounts, &answers);
        (again.len(), open.iter().map(|it| it.places.len()).collect())
    }

    #[test]
    fn an_amount_is_asked_about_once_until_a_person_decides() {
        use AmountVerdict::{Right, Verify, Wrong};
        assert_eq!(found(&[None, None], &[]), (0, vec![2]));
        assert_eq!(found(&[None, None], &[Verify]), (0, vec![2]));
        assert_eq!(found(&[None, None], &[Verify, Right]), (2, vec![]));
        assert_eq!(found(&[None, Some(false)], &[Wrong]), (1, vec![]));
        assert_eq!(found(&[Some(true)], &[Right]), (0, vec![]));
        // What was right has to be looked into after all.
        assert_eq!(found(&[Some(true)], &[Right, Verify]), (1, vec![1]));
    }
}
