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

    /// Whether a person decided that the two are the same support, reported twice.
    pub(crate) fn is_decided_duplicate(&self) -> bool {
        self.decision == Some(Verdict::Duplicate.name())
    }

    /// Whether a person decided that the two are not the same support.
    pub(crate) fn is_decided_different(&self) -> bool {
        self.decision == Some(Verdict::NotDuplicate.name())
    }

    /// Whether a person decided that the two are one case that both paid.
    pub(crate) fn is_decided_joint(&self) -> bool {
        self.decision == Some(Verdict::Joint.name())
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

#[cfg(test)]
mod tests {
    use super::OverlapLine;
    use crate::support::answer_index::{AnswerIndex, ordered};
    use crate::testing::{answer, day, support_line};
    use ledger::{Answer, Verdict};
    use link::{Overlap, OverlapClass};

    /// The overlap of a department's case with another's, with the answers given on both.
    fn line(class: OverlapClass, given: &[(Verdict, Option<&str>)]) -> OverlapLine {
        let sides = [support_line("SCT", "Mẫu"), support_line("SXD", "Mẫu")];
        let prints = ordered(sides.each_ref().map(|side| side.support_fingerprint()));
        let answers: Vec<Answer> = given
            .iter()
            .map(|(verdict, until)| Answer {
                until: until.map(day),
                ..answer(*verdict, prints.each_ref().map(String::as_str))
            })
            .collect();
        let overlap = Overlap {
            left: 0,
            right: 1,
            class,
            contents: ["3a1".to_owned()].into(),
            tools: ["iso-9001".to_owned()].into(),
        };
        OverlapLine::new(
            &overlap,
            sides,
            &AnswerIndex::new(&answers),
            day("2024-01-01"),
            &crate::testing::programme().overlap,
        )
    }

    #[test]
    fn a_duplicate_waits_until_a_person_decides() {
        assert!(line(OverlapClass::Duplicate, &[]).waits);
        assert!(line(OverlapClass::Unclear, &[]).waits);
        assert!(!line(OverlapClass::Repeat, &[]).waits);
        assert!(!line(OverlapClass::Combined, &[]).waits);
        let decided = line(OverlapClass::Duplicate, &[(Verdict::NotDuplicate, None)]);
        assert_eq!(
            (decided.waits, decided.decision),
            (false, Some("not_duplicate"))
        );
        assert!(!decided.is_decided_duplicate());
        assert!(
            line(OverlapClass::Duplicate, &[(Verdict::Duplicate, None)]).is_decided_duplicate()
        );
    }

    #[test]
    fn an_answer_whose_last_day_is_past_is_kept_beside_the_question() {
        let asked = line(
            OverlapClass::Duplicate,
            &[(Verdict::Duplicate, Some("2023-12-31"))],
        );
        assert_eq!((asked.waits, asked.decision), (true, None));
        assert_eq!(asked.previous.unwrap().verdict, Verdict::Duplicate);
    }

    #[test]
    fn evidence_names_what_both_share_and_both_periods() {
        let found = line(OverlapClass::Duplicate, &[]);
        insta::assert_snapshot!(found.evidence, @"3a1 iso-9001 | 01/03/2023–… | 01/03/2023–…");
        assert_eq!(found.clause, "III.2.b, VI.2.b");
        assert_eq!(line(OverlapClass::Combined, &[]).clause, "III.1.b");
    }
}
