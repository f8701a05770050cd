use crate::PipelineError;
use crate::answers::{Answers, Asked};
use crate::grant::GrantLine;
use crate::register::{RegisterLine, Registers};
use crate::standing::{Moment, Pairs, Standing};
use chrono::NaiveDate;
use ledger::{Answer, Verdict};
use link::{Class, Identities, Matcher, Question, Said, overlaps};
use polars::prelude::{DataFrame, PolarsResult};
use programme::tables;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Two grants to one enterprise that overlap.
#[derive(Debug, Serialize)]
pub struct OverlapLine {
    /// What they are to one another.
    #[serde(serialize_with = "by_name")]
    pub class: Class,
    /// The enterprise.
    pub enterprise: String,
    /// The department's grant.
    pub left: GrantLine,
    /// The other grant.
    pub right: GrantLine,
    /// The contents and tools that both have, and both periods.
    pub evidence: String,
    /// The clause.
    pub clause: &'static str,
    /// What a person decided, where that still holds: the name of the [`ledger::Verdict`].
    pub decision: Option<&'static str>,
    /// Whether a person has to decide.
    pub waits: bool,
    /// An answer that no longer holds, or was not final.
    #[serde(skip)]
    pub(crate) previous: Option<Answer>,
}

fn by_name<S: Serializer>(class: &Class, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(class.name())
}

/// Two records that may be one enterprise, or were taken for one: a person says.
#[derive(Debug, Serialize)]
pub struct QuestionLine {
    /// One record.
    pub left: GrantLine,
    /// The other.
    pub right: GrantLine,
    /// The log-odds that they are the same, in bits.
    pub score: String,
    /// What speaks for and against.
    pub reasons: String,
    #[serde(skip)]
    pub(crate) previous: Option<Answer>,
}

/// What comparing all support with all other support gave.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    pub registers: Vec<RegisterLine>,
    pub overlaps: Vec<OverlapLine>,
    pub questions: Vec<QuestionLine>,
    /// Records that were taken for one enterprise on other grounds than one valid tax code, and nobody said so.
    pub joined: Vec<QuestionLine>,
}

impl Compared {
    /// The cases that were given elsewhere as well, unless a person says otherwise: of two departments' the later one.
    pub(crate) fn duplicates(&self) -> PolarsResult<DataFrame> {
        let mut found: BTreeMap<String, (bool, bool)> = BTreeMap::new();
        for overlap in &self.overlaps {
            let is_decided = overlap.decision == Some(Verdict::Duplicate.name());
            let may_be = overlap.class == Class::Duplicate && overlap.waits;
            if !(is_decided || may_be) {
                continue;
            }
            let (left, right) = (&overlap.left, &overlap.right);
            let is_second = right.register.is_none();
            let began = |line: &GrantLine| (line.from, line.record.clone());
            let second = if is_second && began(left) < began(right) { right } else { left };
            // Sure beats unsure where a case is part of several.
            let known = found.entry(second.record.clone()).or_default();
            *known = (*known).max((is_decided, is_second));
        }
        tables::duplicates(found.into_iter().map(|(record, (decided, second))| (record, decided, second)).collect())
    }
}

/// Whom grants are about, by the place of the grant.
struct Identified {
    of: Vec<String>,
    questions: Vec<Question>,
    joined: Vec<Question>,
}

/// What is known at a moment, for grants to be compared with.
pub(crate) struct Known<'a> {
    pub moment: Moment<'a>,
    pub standing: &'a Standing,
    /// The day of the moment.
    pub today: NaiveDate,
}

impl Known<'_> {
    /// The overlaps of all standing cases with one another and with the registers, and the questions they depend on.
    pub(crate) fn compare(&self) -> Result<Compared, PipelineError> {
        self.compare_with(Vec::new())
    }

    /// The same with grants that are asked for: they come first, and stand on the left of what they overlap with.
    pub(crate) fn compare_with(&self, asked: Vec<GrantLine>) -> Result<Compared, PipelineError> {
        let Moment { ledger, programme, as_of, .. } = self.moment;
        let answers = Answers::of(ledger.answers(as_of)?);
        let mut lines = asked;
        lines.extend(self.standing.grants(programme)?);
        lines.extend(self.standing.elsewhere.cases.iter().cloned());
        let registers = Registers::read(programme, ledger, as_of)?;
        let matcher = Matcher::new(&programme.linkage);
        lines.extend(registers.near(&matcher, &lines)?);
        let identified = self.identify(&matcher, &lines, &answers);
        let all: Vec<link::Grant> =
            lines.iter().zip(&identified.of).map(|(line, enterprise)| line.compared(enterprise.clone())).collect();
        let overlaps = overlaps(&all).iter().map(|overlap| self.overlap(overlap, &lines, &answers)).collect();
        // Which entries of registers are one enterprise is their keepers' matter.
        let is_ours =
            |question: &Question| lines[question.left].register.is_none() || lines[question.right].register.is_none();
        let ask = |questions: Vec<Question>| {
            let ours = questions.into_iter().filter(is_ours);
            ours.map(|question| self.question(&question, &lines, &answers)).collect()
        };
        Ok(Compared {
            registers: registers.lines,
            overlaps,
            questions: ask(identified.questions),
            joined: ask(identified.joined),
        })
    }

    /// Whom each grant is about. Where there is nothing but the standing cases, that is known already.
    fn identify(&self, matcher: &Matcher, lines: &[GrantLine], answers: &Answers) -> Identified {
        let known: Option<Vec<String>> = lines
            .iter()
            .map(|line| line.known_as.clone().filter(|_| line.register.is_none() && line.department.is_some()))
            .collect();
        if let Some(of) = known.filter(|_| self.standing.elsewhere.cases.is_empty()) {
            let Pairs { asked, joined, about } = &self.standing.pairs;
            // What grants say letter by letter matters only where a person is asked about their enterprises.
            let mut places: HashMap<String, usize> = HashMap::new();
            for (at, line) in lines.iter().enumerate().filter(|(at, _)| about.contains(&of[*at])) {
                places.entry(line.enterprise.print()).or_insert(at);
            }
            let pairs = |known: &[(link::Answer, Question)]| {
                let at = |(prints, question): &(link::Answer, Question)| {
                    let (left, right) = (*places.get(&prints.left)?, *places.get(&prints.right)?);
                    Some(Question { left, right, ..question.clone() })
                };
                known.iter().filter_map(at).collect()
            };
            return Identified { of, questions: pairs(asked), joined: pairs(joined) };
        }
        let said: Vec<Said<'_>> = lines.iter().map(|line| line.enterprise.said()).collect();
        let Identities { known, of, questions, joined } = matcher.identify(&said, &answers.of_enterprises());
        let of = of.into_iter().map(|at| known[at].enterprise.clone()).collect();
        Identified { of, questions, joined }
    }

    fn overlap(&self, overlap: &link::Overlap, lines: &[GrantLine], answers: &Answers) -> OverlapLine {
        let (left, right) = (&lines[overlap.left], &lines[overlap.right]);
        let answer = answers.on(Asked::Grants, left, right);
        let holds = answer.filter(|answer| answer.holds(self.today));
        let list = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
        let shared = [list(&overlap.contents), list(&overlap.tools)].join(" ");
        OverlapLine {
            class: overlap.class,
            decision: holds.map(|found| found.answer.verdict.name()),
            waits: overlap.class.needs_decision() && holds.is_none(),
            previous: answer.map(|found| found.answer.clone()),
            enterprise: left.enterprise.name.clone(),
            evidence: format!("{} | {} | {}", shared.trim(), left.span(), right.span()),
            left: left.clone(),
            right: right.clone(),
            clause: if overlap.class == Class::Combined { "III.1.b" } else { "III.2.b, VI.2.b" },
        }
    }

    fn question(&self, question: &Question, lines: &[GrantLine], answers: &Answers) -> QuestionLine {
        let (left, right) = (&lines[question.left], &lines[question.right]);
        QuestionLine {
            left: left.clone(),
            right: right.clone(),
            score: crate::link_files::bits(question.score),
            reasons: crate::link_files::reasons(self.moment.programme, &question.parts),
            previous: answers.on(Asked::Enterprises, left, right).map(|found| found.answer.clone()),
        }
    }
}
