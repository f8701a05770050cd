use crate::support::support_line::SupportLine;
use chrono::NaiveDate;
use ledger::{Answer, Verdict};
use programme::Programme;
use std::collections::BTreeMap;

/// What persons answered on pairs of records, found by the fingerprints of both, or, after a correction, by the
/// enterprises and reporters of both.
#[derive(Debug, Default)]
pub(crate) struct AnswerIndex {
    by_fingerprint: BTreeMap<[String; 2], Answer>,
    by_about: BTreeMap<[String; 2], Vec<Answer>>,
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
            Verdict::Duplicate | Verdict::NotDuplicate => self == Self::Grants,
            Verdict::Same | Verdict::Different => self == Self::Enterprises,
            Verdict::Verify => true,
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
            index
                .by_fingerprint
                .insert(answer.prints.clone(), answer.clone());
        }
        index
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

    /// The answers on enterprises as constraints of the linkage: must-link and cannot-link.
    pub(crate) fn constraints(&self) -> Vec<link::Constraint> {
        let said = |([left, right], answer): (&[String; 2], &Answer)| {
            let same = match answer.verdict {
                Verdict::Same => true,
                Verdict::Different => false,
                Verdict::Duplicate | Verdict::NotDuplicate | Verdict::Verify => return None,
            };
            Some(link::Constraint {
                left: left.parse().ok()?,
                right: right.parse().ok()?,
                same,
            })
        };
        self.by_fingerprint.iter().filter_map(said).collect()
    }
}

/// A verdict in the programme's words, as review workbooks offer it.
pub(crate) fn verdict_word(programme: &Programme, verdict: Verdict) -> &str {
    programme.words.get(match verdict {
        Verdict::Duplicate => "answer_duplicate",
        Verdict::NotDuplicate => "answer_not_duplicate",
        Verdict::Same => "answer_same",
        Verdict::Different => "answer_different",
        Verdict::Verify => "answer_verify",
    })
}

/// An answer, its reason and who gave it, in words; blank if there is none.
pub(crate) fn previous_line(programme: &Programme, answer: &Option<Answer>) -> String {
    answer.as_ref().map_or_else(String::new, |answer| {
        let values = [
            ("answer", verdict_word(programme, answer.verdict)),
            ("reason", &answer.reason),
            ("by", &answer.by),
        ];
        programme.words.render_template("previous_line", values)
    })
}
