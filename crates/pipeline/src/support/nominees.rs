use crate::support::overlap_line::{OverlapLine, QuestionLine};
use crate::support::support_line::SupportLine;
use link::OverlapClass;
use serde::Serialize;
use std::collections::BTreeMap;
use strum::{IntoStaticStr, VariantArray};

/// What is known of a nominee, from the least to the most serious.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Screened {
    /// No support is known.
    Clear,
    /// It had other support, which goes together with this (III.1.b).
    Combined,
    /// A person must look: it may be another enterprise, the content is not known, or it had the same before.
    Ask,
    /// It has the same support already (III.2.b, VI.2.b).
    Duplicate,
}

impl Screened {
    /// All of them, in their order.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in data.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// An enterprise that is nominated for support, and what is known of it.
#[derive(Debug, Serialize)]
pub struct NomineeLine {
    /// What is asked for.
    #[serde(flatten)]
    pub nominee: SupportLine,
    /// The most serious of what is known.
    pub result: Screened,
    /// The support that it had, or that another line of the list asks for.
    pub overlaps: Vec<OverlapLine>,
    /// Enterprises that it may be.
    pub questions: Vec<QuestionLine>,
}

/// Sorts overlaps and questions to the nominees they are about, in the order of the list.
pub(crate) fn screen_nominees(
    nominees: Vec<SupportLine>,
    overlaps: Vec<OverlapLine>,
    questions: Vec<QuestionLine>,
) -> Vec<NomineeLine> {
    let place = |line: &SupportLine| (line.file.clone(), line.sheet.clone(), line.row);
    let mut nominees: Vec<NomineeLine> = nominees
        .into_iter()
        .map(|nominee| NomineeLine {
            nominee,
            result: Screened::Clear,
            overlaps: Vec::new(),
            questions: Vec::new(),
        })
        .collect();
    let at: BTreeMap<(String, String, i64), usize> = nominees
        .iter()
        .enumerate()
        .map(|(at, nominee)| (place(&nominee.nominee), at))
        .collect();
    for overlap in overlaps
        .into_iter()
        .filter(|overlap| is_nominated(&overlap.left))
    {
        if let Some(&at) = at.get(&place(&overlap.left)) {
            nominees[at].overlaps.push(overlap);
        }
    }
    for question in questions {
        let side = [&question.left, &question.right]
            .into_iter()
            .find(|line| is_nominated(line));
        if let Some(&at) = side.and_then(|line| at.get(&place(line))) {
            nominees[at].questions.push(question);
        }
    }
    for nominee in &mut nominees {
        let of_grants = nominee.overlaps.iter().map(seriousness);
        let of_enterprises = nominee.questions.iter().map(|_| Screened::Ask);
        let nameless = nominee
            .nominee
            .enterprise
            .name
            .is_empty()
            .then_some(Screened::Ask);
        nominee.result = of_grants
            .chain(of_enterprises)
            .chain(nameless)
            .max()
            .unwrap_or(Screened::Clear);
    }
    nominees
}

/// Whether it is a line of the list of nominees: nobody has given it yet.
pub(crate) fn is_nominated(line: &SupportLine) -> bool {
    line.department.is_none() && line.register.is_none()
}

/// How serious an overlap is for a nominee.
pub(crate) fn seriousness(overlap: &OverlapLine) -> Screened {
    match overlap.class {
        _ if overlap.is_decided_joint() || overlap.is_decided_different() => Screened::Combined,
        OverlapClass::Duplicate => Screened::Duplicate,
        OverlapClass::Unclear | OverlapClass::Repeat => Screened::Ask,
        OverlapClass::Combined => Screened::Combined,
    }
}

#[cfg(test)]
mod tests {
    use super::{Screened, screen_nominees, seriousness};
    use crate::support::overlap_line::{OverlapLine, QuestionLine};
    use crate::support::support_line::SupportLine;
    use crate::testing::support_line;
    use link::OverlapClass;

    /// A line of the list of nominees.
    fn nominee(row: i64, enterprise: &str) -> SupportLine {
        SupportLine {
            department: None,
            row,
            ..support_line("", enterprise)
        }
    }

    fn overlap(class: OverlapClass, left: SupportLine) -> OverlapLine {
        crate::testing::overlap(class, [left, support_line("SCT", "Mẫu")])
    }

    #[test]
    fn the_same_support_is_more_serious_than_what_must_be_asked_and_that_than_other_support() {
        let of = |class| seriousness(&overlap(class, nominee(1, "Mẫu")));
        assert_eq!(of(OverlapClass::Duplicate), Screened::Duplicate);
        assert_eq!(of(OverlapClass::Repeat), Screened::Ask);
        assert_eq!(of(OverlapClass::Unclear), Screened::Ask);
        assert_eq!(of(OverlapClass::Combined), Screened::Combined);
        assert!(Screened::ALL.is_sorted());
        let mut decided = overlap(OverlapClass::Duplicate, nominee(1, "Mẫu"));
        decided.decision = Some("not_duplicate");
        assert_eq!(seriousness(&decided), Screened::Combined);
    }

    #[test]
    fn a_nominee_is_as_serious_as_the_most_serious_of_what_is_known() {
        let list = [
            nominee(1, "Một"),
            nominee(2, "Hai"),
            nominee(3, "Ba"),
            nominee(4, ""),
        ];
        let of_a_department = SupportLine {
            department: Some("SXD".to_owned()),
            ..list[1].clone()
        };
        let overlaps = vec![
            overlap(OverlapClass::Combined, list[0].clone()),
            overlap(OverlapClass::Duplicate, list[0].clone()),
            // What a department gave is not about the list, even if its file has the list's name.
            overlap(OverlapClass::Duplicate, of_a_department),
        ];
        let question = QuestionLine {
            left: support_line("SCT", "Ba Ba"),
            right: list[2].clone(),
            score: String::new(),
            reasons: String::new(),
            previous: None,
        };
        let screened = screen_nominees(list.to_vec(), overlaps, vec![question]);
        let results: Vec<Screened> = screened.iter().map(|line| line.result).collect();
        let expected = [
            Screened::Duplicate,
            Screened::Clear,
            Screened::Ask,
            Screened::Ask,
        ];
        assert_eq!(results, expected, "the last names nobody");
        assert_eq!(screened[0].overlaps.len(), 2);
    }
}
