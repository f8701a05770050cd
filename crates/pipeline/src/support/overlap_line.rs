use crate::support::answer_index::{AnswerIndex, QuestionKind};
use crate::support::support_line::SupportLine;
use chrono::NaiveDate;
use ledger::{Answer, Verdict};
use link::OverlapClass;
use programme::OverlapClauses;
use serde::{Serialize, Serializer};
use std::collections::BTreeSet;

/// Two grants to one enterprise that overlap.
#[derive(Debug, Serialize)]
pub struct OverlapLine {
    /// What they are to one another.
    #[serde(serialize_with = "by_name")]
    pub class: OverlapClass,
    /// The enterprise.
    pub enterprise: String,
    /// The department's grant.
    pub left: SupportLine,
    /// The other grant.
    pub right: SupportLine,
    /// The contents and tools that both have, and both periods.
    pub evidence: String,
    /// The clause.
    pub clause: String,
    /// What a person decided, if that still holds: the name of the [`ledger::Verdict`].
    pub decision: Option<&'static str>,
    /// Whether a person has to decide.
    pub waits: bool,
    /// An answer that no longer holds, or was not final.
    #[serde(skip)]
    pub(crate) previous: Option<Answer>,
}

impl OverlapLine {
    /// An overlap that was found, with what persons answered on it by a day.
    pub(crate) fn new(
        overlap: &link::Overlap,
        [left, right]: [SupportLine; 2],
        answers: &AnswerIndex,
        today: NaiveDate,
        clauses: &OverlapClauses,
    ) -> Self {
        let answer = answers.on(QuestionKind::Grants, &left, &right);
        let holds = answer.filter(|answer| answer.holds(today));
        let list = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
        let shared = [list(&overlap.contents), list(&overlap.tools)].join(" ");
        Self {
            class: overlap.class,
            decision: holds.map(|found| found.answer.verdict.name()),
            waits: overlap.class.needs_decision() && holds.is_none(),
            previous: answer.map(|found| found.answer.clone()),
            enterprise: left.enterprise.name.clone(),
            evidence: format!("{} | {} | {}", shared.trim(), left.span(), right.span()),
            left,
            right,
            clause: match overlap.class {
                OverlapClass::Combined => clauses.combined.clone(),
                OverlapClass::Duplicate | OverlapClass::Unclear | OverlapClass::Repeat => {
                    clauses.duplicate.clone()
                }
            },
        }
    }

    /// Whether a person decided that the two are the same support.
    pub(crate) fn is_decided_duplicate(&self) -> bool {
        self.decision == Some(Verdict::Duplicate.name())
    }
}

fn by_name<S: Serializer>(class: &OverlapClass, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(class.name())
}

/// Two records that may be of one enterprise, or were taken for one: a person decides.
#[derive(Debug, Serialize)]
pub struct QuestionLine {
    /// One record.
    pub left: SupportLine,
    /// The other.
    pub right: SupportLine,
    /// The log-odds that they are the same, in bits.
    pub score: String,
    /// The evidence for and against.
    pub reasons: String,
    /// An answer that no longer holds, or was not final.
    #[serde(skip)]
    pub(crate) previous: Option<Answer>,
}
