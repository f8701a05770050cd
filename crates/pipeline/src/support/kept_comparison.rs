//! A comparison as it is kept, so that a run that changes nothing need not compare all support again.

use crate::support::comparison::{Comparison, LeftOutLine};
use crate::support::enterprise::EnterpriseLine;
use crate::support::overlap_line::{OverlapLine, QuestionLine};
use crate::support::registers::RegisterLine;
use crate::support::support_line::SupportLine;
use chrono::NaiveDate;
use ledger::{Answer, Verdict};
use link::{Fingerprint, OverlapClass, Party, Record};
use model::Period;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// All that a [`Comparison`] is made of, with what its lines do not show. Answers are kept by their places among all, and cases,
/// which overlap with many others, once.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptComparison {
    cases: Vec<KeptSupport>,
    registers: Vec<RegisterLine>,
    overlaps: Vec<KeptOverlap>,
    left_out: Vec<LeftOutLine>,
    questions: Vec<KeptQuestion>,
    joined: Vec<KeptQuestion>,
}

#[derive(Serialize, Deserialize)]
struct KeptOverlap {
    class: String,
    enterprise: String,
    sides: [usize; 2],
    evidence: String,
    clause: String,
    decision: Option<String>,
    waits: bool,
    previous: Option<usize>,
}

#[derive(Serialize, Deserialize)]
struct KeptQuestion {
    sides: [usize; 2],
    score: String,
    reasons: String,
    previous: Option<usize>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct KeptSupport {
    department: Option<String>,
    register: Option<String>,
    name: String,
    /// Tax code, address, district, phone, representative.
    party: [Option<String>; 5],
    fingerprint: u64,
    contents: BTreeSet<String>,
    has_other_content: bool,
    wording: Option<String>,
    tools: BTreeSet<String>,
    days: [Option<NaiveDate>; 2],
    state_budget: Option<i64>,
    file: String,
    sheet: String,
    row: i64,
    record: String,
    period: Option<Period>,
}

impl KeptComparison {
    /// What is kept of a comparison that was made with these answers.
    pub(crate) fn of(comparison: &Comparison, answers: &[Answer]) -> Self {
        let place = |answer: &Option<Answer>| {
            let answer = answer.as_ref()?;
            answers.iter().position(|it| it == answer)
        };
        let mut known = BTreeMap::new();
        let mut case = |line: &SupportLine| {
            let next = known.len();
            *known.entry(KeptSupport::of(line)).or_insert(next)
        };
        let overlaps = comparison.overlaps.iter().map(|line| KeptOverlap {
            class: line.class.name().to_owned(),
            enterprise: line.enterprise.clone(),
            sides: [&line.left, &line.right].map(&mut case),
            evidence: line.evidence.clone(),
            clause: line.clause.clone(),
            decision: line.decision.map(str::to_owned),
            waits: line.waits,
            previous: place(&line.previous),
        });
        let overlaps = overlaps.collect();
        let mut questions = |lines: &[QuestionLine]| {
            let kept = lines.iter().map(|line| KeptQuestion {
                sides: [&line.left, &line.right].map(&mut case),
                score: line.score.clone(),
                reasons: line.reasons.clone(),
                previous: place(&line.previous),
            });
            kept.collect()
        };
        let (questions, joined) = (
            questions(&comparison.questions),
            questions(&comparison.joined),
        );
        let mut cases: Vec<(KeptSupport, usize)> = known.into_iter().collect();
        cases.sort_unstable_by_key(|(_, place)| *place);
        Self {
            cases: cases.into_iter().map(|(case, _)| case).collect(),
            registers: comparison.registers.clone(),
            overlaps,
            left_out: comparison.left_out.clone(),
            questions,
            joined,
        }
    }

    /// The comparison again, with the same answers; nothing if a name or a case in it is not known.
    pub(crate) fn restore(self, answers: &[Answer]) -> Option<Comparison> {
        let cases: Vec<SupportLine> = self.cases.into_iter().map(KeptSupport::restore).collect();
        let case = |place: usize| cases.get(place).cloned();
        let questions = |kept: Vec<KeptQuestion>| -> Option<Vec<QuestionLine>> {
            let lines = kept.into_iter().map(|kept| {
                let [left, right] = kept.sides.map(case);
                let (left, right) = (left?, right?);
                Some(QuestionLine {
                    left,
                    right,
                    score: kept.score,
                    reasons: kept.reasons,
                    previous: kept.previous.and_then(|at| answers.get(at).cloned()),
                })
            });
            lines.collect()
        };
        let overlap = |kept: KeptOverlap| {
            let [left, right] = kept.sides.map(case);
            let (left, right) = (left?, right?);
            Some(OverlapLine {
                class: class(&kept.class)?,
                enterprise: kept.enterprise,
                left,
                right,
                evidence: kept.evidence,
                clause: kept.clause,
                decision: match kept.decision {
                    Some(name) => Some(name.parse::<Verdict>().ok()?.name()),
                    None => None,
                },
                waits: kept.waits,
                previous: kept.previous.and_then(|at| answers.get(at).cloned()),
            })
        };
        Some(Comparison {
            registers: self.registers,
            overlaps: self
                .overlaps
                .into_iter()
                .map(overlap)
                .collect::<Option<_>>()?,
            left_out: self.left_out,
            questions: questions(self.questions)?,
            joined: questions(self.joined)?,
        })
    }
}

fn class(name: &str) -> Option<OverlapClass> {
    let all = [
        OverlapClass::Duplicate,
        OverlapClass::Unclear,
        OverlapClass::Repeat,
        OverlapClass::Combined,
    ];
    all.into_iter().find(|class| class.name() == name)
}

impl KeptSupport {
    fn of(line: &SupportLine) -> Self {
        // Written out, so that nothing is forgotten that a line gains.
        let SupportLine {
            department,
            register,
            enterprise,
            fingerprint,
            contents,
            has_other_content,
            wording,
            tools,
            from,
            to,
            state_budget,
            file,
            sheet,
            row,
            record,
            period,
        } = line.clone();
        let Party {
            name,
            tax_code,
            address,
            district,
            phone,
            representative,
        } = enterprise.party();
        Self {
            department,
            register,
            name: name.to_owned(),
            party: [tax_code, address, district, phone, representative]
                .map(|text| text.map(str::to_owned)),
            fingerprint: fingerprint.0,
            contents,
            has_other_content,
            wording,
            tools,
            days: [from, to],
            state_budget,
            file,
            sheet,
            row,
            record,
            period,
        }
    }

    fn restore(self) -> SupportLine {
        let [tax_code, address, district, phone, representative] =
            self.party.each_ref().map(Option::as_deref);
        let [from, to] = self.days;
        SupportLine {
            enterprise: EnterpriseLine::from_party(Party {
                name: &self.name,
                tax_code,
                address,
                district,
                phone,
                representative,
            }),
            department: self.department,
            register: self.register,
            fingerprint: Fingerprint(self.fingerprint),
            contents: self.contents,
            has_other_content: self.has_other_content,
            wording: self.wording,
            tools: self.tools,
            from,
            to,
            state_budget: self.state_budget,
            file: self.file,
            sheet: self.sheet,
            row: self.row,
            record: self.record,
            period: self.period,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::KeptComparison;
    use crate::support::comparison::{Comparison, LeftOutLine};
    use crate::support::enterprise::EnterpriseLine;
    use crate::support::overlap_line::{OverlapLine, QuestionLine};
    use crate::support::registers::RegisterLine;
    use crate::support::support_line::SupportLine;
    use crate::testing::{answer, support_line};
    use ledger::{Answer, Verdict};
    use link::{Fingerprint, OverlapClass, Party};
    use model::{FileId, Period};

    fn side(department: &str) -> SupportLine {
        SupportLine {
            enterprise: EnterpriseLine::from_party(Party {
                name: "Mẫu",
                tax_code: Some("3600265395"),
                address: Some("Số 1"),
                district: Some("Long Thành"),
                phone: Some("0251"),
                representative: Some("An"),
            }),
            fingerprint: Fingerprint(u64::MAX),
            period: Period::year(2024),
            record: format!("{department}:01:0000007"),
            ..support_line(department, "Mẫu")
        }
    }

    fn compared(answers: &[Answer]) -> Comparison {
        let overlap = |class, decision: Option<Verdict>, previous: Option<&Answer>| OverlapLine {
            class,
            enterprise: "Mẫu".to_owned(),
            left: side("SCT"),
            right: side("SXD"),
            evidence: "3a1".to_owned(),
            clause: "III.1.b".to_owned(),
            decision: decision.map(Verdict::name),
            waits: decision.is_none(),
            previous: previous.cloned(),
        };
        let question = |previous: Option<&Answer>| QuestionLine {
            left: side("SCT"),
            right: side("SKHCN"),
            score: "3,5".to_owned(),
            reasons: "tên".to_owned(),
            previous: previous.cloned(),
        };
        Comparison {
            registers: vec![RegisterLine {
                file: "a.xlsx".to_owned(),
                sha256: FileId("0".repeat(64)),
                entries: [("sme".to_owned(), 3)].into(),
                findings: Vec::new(),
            }],
            overlaps: vec![
                overlap(OverlapClass::Duplicate, Some(Verdict::Joint), None),
                overlap(OverlapClass::Unclear, None, answers.first()),
                overlap(OverlapClass::Repeat, None, None),
                overlap(OverlapClass::Combined, None, answers.last()),
            ],
            left_out: vec![LeftOutLine {
                enterprise: "Mẫu".to_owned(),
                grants: 99,
                pairs: 4_000,
            }],
            questions: vec![question(answers.last())],
            joined: vec![question(None)],
        }
    }

    #[test]
    fn a_comparison_is_the_same_when_it_was_kept() {
        let answers = [
            answer(Verdict::Verify, ["a", "b"]),
            answer(Verdict::Different, ["c", "d"]),
        ];
        let comparison = compared(&answers);
        let text = serde_json::to_string(&KeptComparison::of(&comparison, &answers)).unwrap();
        let kept: KeptComparison = serde_json::from_str(&text).unwrap();
        let restored = kept.restore(&answers).unwrap();
        assert_eq!(format!("{restored:?}"), format!("{comparison:?}"));
    }

    #[test]
    fn what_another_version_called_otherwise_is_not_restored() {
        let kept = KeptComparison::of(&compared(&[]), &[]);
        let text = serde_json::to_string(&kept).unwrap();
        for (known, unknown) in [
            ("\"repeat\"", "\"again\""),
            ("\"joint\"", "\"both\""),
            ("\"sides\":[0,1]", "\"sides\":[0,9]"),
        ] {
            let changed = text.replace(known, unknown);
            assert_ne!(changed, text);
            let kept: KeptComparison = serde_json::from_str(&changed).unwrap();
            assert!(kept.restore(&[]).is_none(), "{unknown}");
        }
    }
}
