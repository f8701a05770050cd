use crate::grant::GrantLine;
use chrono::NaiveDate;
use ledger::{Answer, Verdict};
use std::collections::BTreeMap;

/// The last answer on each pair of records, by what decided and by whom they are about.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    by_print: BTreeMap<[String; 2], Answer>,
    by_about: BTreeMap<[String; 2], Vec<Answer>>,
}

/// An answer found for two records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    pub answer: &'a Answer,
    /// Whether neither record changed since in what decided.
    is_current: bool,
}

impl Found<'_> {
    /// Whether it decides on a day.
    pub(crate) fn holds(&self, today: NaiveDate) -> bool {
        self.is_current
            && self.answer.verdict != Verdict::Verify
            && self.answer.until.is_none_or(|until| today <= until)
    }
}

/// What is asked about two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Whether they are about one enterprise.
    Enterprises,
    /// Whether they are the same support.
    Grants,
}

impl Asked {
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

impl Answers {
    /// Of answers in the order they were given.
    pub(crate) fn of(answers: Vec<Answer>) -> Self {
        let mut all = Self::default();
        for answer in answers {
            all.by_about
                .entry(answer.about.clone())
                .or_default()
                .push(answer.clone());
            all.by_print.insert(answer.prints.clone(), answer);
        }
        all
    }

    /// What was answered on two records.
    pub(crate) fn on(
        &self,
        asked: Asked,
        left: &GrantLine,
        right: &GrantLine,
    ) -> Option<Found<'_>> {
        if self.by_print.is_empty() {
            return None;
        }
        let prints = match asked {
            Asked::Enterprises => [left, right].map(|line| line.said.to_string()),
            Asked::Grants => [left.print(), right.print()],
        };
        let found = |is_current| move |answer| Found { answer, is_current };
        let current = self.by_print.get(&ordered(prints)).map(found(true));
        current.or_else(|| {
            let earlier = self.by_about.get(&ordered([left.about(), right.about()]))?;
            earlier
                .iter()
                .rev()
                .find(|answer| asked.is_answered_by(answer.verdict))
                .map(found(false))
        })
    }

    /// What persons said of records being one enterprise, as the matcher takes it.
    pub(crate) fn of_enterprises(&self) -> Vec<link::Constraint> {
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
        self.by_print.iter().filter_map(said).collect()
    }
}
