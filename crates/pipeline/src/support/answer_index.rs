use crate::identity::cases::CaseDecisions;
use crate::support::support_line::SupportLine;
use chrono::NaiveDate;
use ledger::{Answer, Verdict};
use programme::Programme;
use std::collections::{BTreeMap, BTreeSet};

/// What persons answered on pairs of records, found by the fingerprints of both, or, after a correction, by the
/// enterprises and reporters of both.
#[derive(Debug, Default)]
pub(crate) struct AnswerIndex {
    by_fingerprint: BTreeMap<[String; 2], Answer>,
    by_about: BTreeMap<[String; 2], Vec<Answer>>,
    on_cases: CaseDecisions,
    /// The fingerprints that answers are on.
    answered: BTreeSet<String>,
}

/// An answer found for two records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FoundAnswer<'a> {
    pub answer: &'a Answer,
    /// Whether neither record has changed since in what was decided on; an answer on other facts decides nothing, and
    /// is shown beside the question that is asked again.
    is_current: bool,
}

impl FoundAnswer<'_> {
    /// Whether it decides on a day.
    pub(crate) fn holds(&self, today: NaiveDate) -> bool {
        self.is_current
            && self.answer.verdict != Verdict::Verify
            && self.answer.until.is_none_or(|until| today <= until)
    }
}

/// What is asked about two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QuestionKind {
    /// Whether they are about one enterprise.
    Enterprises,
    /// Whether they are the same support.
    Grants,
}

impl QuestionKind {
    /// Whether a verdict answers this.
    fn is_answered_by(self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Duplicate | Verdict::Joint | Verdict::NotDuplicate => self == Self::Grants,
            Verdict::Same | Verdict::Different => self == Self::Enterprises,
            Verdict::Verify => true,
            Verdict::Continues
            | Verdict::Ended
            | Verdict::Mistaken
            | Verdict::Counts
            | Verdict::NotCounted => false,
        }
    }
}

pub(crate) fn ordered([a, b]: [String; 2]) -> [String; 2] {
    if a <= b { [a, b] } else { [b, a] }
}

impl AnswerIndex {
    /// Of answers in the order they were given.
    pub(crate) fn new(answers: &[Answer]) -> Self {
        let mut index = Self::default();
        for answer in answers {
            index
                .by_about
                .entry(answer.about.clone())
                .or_default()
                .push(answer.clone());
            index.answered.extend(answer.prints.iter().cloned());
            index
                .by_fingerprint
                .insert(answer.prints.clone(), answer.clone());
            match answer.verdict {
                Verdict::Duplicate | Verdict::NotDuplicate => {
                    let is_one = answer.verdict == Verdict::Duplicate;
                    let pairs = &mut index.on_cases.pairs;
                    pairs.insert(answer.prints.clone(), is_one);
                }
                Verdict::Continues
                | Verdict::Ended
                | Verdict::Mistaken
                | Verdict::Counts
                | Verdict::NotCounted => {
                    let rows = &mut index.on_cases.rows;
                    rows.insert(answer.prints.clone(), answer.verdict);
                }
                // A later answer takes an earlier one back.
                Verdict::Joint | Verdict::Same | Verdict::Different | Verdict::Verify => {
                    index.on_cases.pairs.remove(&answer.prints);
                    index.on_cases.rows.remove(&answer.prints);
                }
            }
        }
        index
    }

    /// Whether something was answered on a record's support and some other's.
    pub(crate) fn is_on_support(&self, line: &SupportLine) -> bool {
        !self.answered.is_empty() && self.answered.contains(&line.support_fingerprint())
    }

    /// What was answered on two records.
    pub(crate) fn on(
        &self,
        kind: QuestionKind,
        left: &SupportLine,
        right: &SupportLine,
    ) -> Option<FoundAnswer<'_>> {
        if self.by_fingerprint.is_empty() {
            return None;
        }
        let prints = match kind {
            QuestionKind::Enterprises => [left, right].map(|line| line.fingerprint.to_string()),
            QuestionKind::Grants => [left.support_fingerprint(), right.support_fingerprint()],
        };
        let found = |is_current| move |answer| FoundAnswer { answer, is_current };
        let current = self.by_fingerprint.get(&ordered(prints)).map(found(true));
        current.or_else(|| {
            let earlier = self.by_about.get(&ordered([left.about(), right.about()]))?;
            earlier
                .iter()
                .rev()
                .find(|answer| kind.is_answered_by(answer.verdict))
                .map(found(false))
        })
    }

    /// Which pairs of rows persons said to be one case, and which not, and what they said of single rows.
    pub(crate) fn on_cases(&self) -> &CaseDecisions {
        &self.on_cases
    }

    /// The answers on enterprises as constraints of the linkage: must-link and cannot-link.
    pub(crate) fn constraints(&self) -> Vec<link::Constraint> {
        let constraint = |([left, right], answer): (&[String; 2], &Answer)| {
            let same = match answer.verdict {
                Verdict::Same => true,
                Verdict::Different => false,
                _ => return None,
            };
            Some(link::Constraint {
                left: left.parse().ok()?,
                right: right.parse().ok()?,
                same,
            })
        };
        self.by_fingerprint.iter().filter_map(constraint).collect()
    }
}

/// A verdict in the programme's words, as review workbooks offer it.
pub(crate) fn verdict_word(programme: &Programme, verdict: Verdict) -> &str {
    programme.words.get(match verdict {
        Verdict::Duplicate => "answer_duplicate",
        Verdict::Joint => "answer_joint",
        Verdict::NotDuplicate => "answer_not_duplicate",
        Verdict::Same => "answer_same",
        Verdict::Different => "answer_different",
        Verdict::Verify => "answer_verify",
        Verdict::Continues => "answer_continues",
        Verdict::Ended => "answer_ended",
        Verdict::Mistaken => "answer_mistaken",
        Verdict::Counts => "answer_counts",
        Verdict::NotCounted => "answer_not_counted",
    })
}

/// An answer, its reason and who gave it, in words; blank if there is none.
pub(crate) fn previous_line(programme: &Programme, answer: &Option<Answer>) -> String {
    answer.as_ref().map_or_else(String::new, |answer| {
        let said = verdict_word(programme, answer.verdict);
        said_before(programme, said, &answer.reason, &answer.by)
    })
}

/// What was answered, why and by whom, in words.
pub(crate) fn said_before(programme: &Programme, said: &str, reason: &str, by: &str) -> String {
    let values = [("answer", said), ("reason", reason), ("by", by)];
    programme.words.render_template("previous_line", values)
}

#[cfg(test)]
mod tests {
    use super::{AnswerIndex, QuestionKind, previous_line};
    use crate::testing::{answer, day, programme, support_line};
    use ledger::{Answer, Verdict};

    #[test]
    fn an_answer_is_found_by_the_fingerprints_of_both_records_in_any_order() {
        let [left, right] = [support_line("SCT", "Mẫu"), support_line("SXD", "Mẫu")];
        let prints = [left.support_fingerprint(), right.support_fingerprint()];
        let mut prints = prints.each_ref().map(String::as_str);
        prints.sort_unstable();
        let index = AnswerIndex::new(&[answer(Verdict::Duplicate, prints)]);
        for (a, b) in [(&left, &right), (&right, &left)] {
            let found = index.on(QuestionKind::Grants, a, b).unwrap();
            assert!(found.holds(day("2024-01-01")));
        }
        assert!(index.on(QuestionKind::Enterprises, &left, &right).is_none());
    }

    #[test]
    fn the_last_answer_on_two_records_counts() {
        let line = support_line("SCT", "Mẫu");
        let print = line.fingerprint.to_string();
        let answers =
            [Verdict::Same, Verdict::Different].map(|verdict| answer(verdict, [&print, &print]));
        let index = AnswerIndex::new(&answers);
        let found = index.on(QuestionKind::Enterprises, &line, &line).unwrap();
        assert_eq!(found.answer.verdict, Verdict::Different);
    }

    #[test]
    fn after_a_correction_the_old_answer_is_shown_and_decides_nothing() {
        let [left, right] = [support_line("SCT", "Mẫu"), support_line("SXD", "Mẫu")];
        let mut about = [left.about(), right.about()];
        about.sort();
        let given = |verdict| Answer {
            about: about.clone(),
            ..answer(verdict, ["before", "the correction"])
        };
        // An answer on the enterprises does not answer whether the support is the same.
        let index = AnswerIndex::new(&[given(Verdict::NotDuplicate), given(Verdict::Same)]);
        let found = index.on(QuestionKind::Grants, &left, &right).unwrap();
        assert_eq!(found.answer.verdict, Verdict::NotDuplicate);
        assert!(!found.holds(day("2024-01-01")));
    }

    #[test]
    fn an_answer_holds_through_its_last_day_and_one_to_look_into_it_never() {
        let line = support_line("SCT", "Mẫu");
        let print = line.support_fingerprint();
        let holds = |verdict, on: &str| {
            let until = Some(day("2024-06-30"));
            let given = Answer {
                until,
                ..answer(verdict, [&print, &print])
            };
            let index = AnswerIndex::new(&[given]);
            index
                .on(QuestionKind::Grants, &line, &line)
                .unwrap()
                .holds(day(on))
        };
        assert!(holds(Verdict::Duplicate, "2024-06-30"));
        assert!(!holds(Verdict::Duplicate, "2024-07-01"));
        assert!(!holds(Verdict::Verify, "2024-01-01"));
    }

    #[test]
    fn only_answers_on_enterprises_constrain_linkage() {
        let prints = |n: u32| [format!("{n:016x}"), format!("{:016x}", n + 1)];
        let verdicts = [
            Verdict::Same,
            Verdict::Different,
            Verdict::Duplicate,
            Verdict::Verify,
        ];
        let answers: Vec<Answer> = (1..)
            .zip(verdicts)
            .map(|(n, verdict)| answer(verdict, prints(10 * n).each_ref().map(String::as_str)))
            .collect();
        let constraints = AnswerIndex::new(&answers).constraints();
        let same: Vec<bool> = constraints
            .iter()
            .map(|constraint| constraint.same)
            .collect();
        assert_eq!(same, [true, false]);
    }

    #[test]
    fn a_previous_answer_is_shown_with_its_reason_and_who_gave_it() {
        let given = answer(Verdict::Duplicate, ["a", "b"]);
        let line = previous_line(programme(), &Some(given));
        insta::assert_snapshot!(line, @"cùng một hỗ trợ, báo cáo hai lần: hồ sơ (cán bộ)");
        assert_eq!(previous_line(programme(), &None), "");
    }
}
