use crate::PipelineError;
use crate::answers::{Answers, Asked};
use crate::case_columns::CaseColumns;
use crate::grant::GrantLine;
use crate::known::Known;
use crate::register::{RegisterLine, Registers};
use crate::standing::Moment;
use crate::who::Who;
use chrono::NaiveDate;
use ledger::{Answer, Verdict};
use link::{Fingerprint, OverlapClass, Party, Question, overlaps};
use polars::prelude::{DataFrame, PolarsResult};
use programme::{OverlapClauses, tables};
use rayon::prelude::*;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};

/// Two grants to one enterprise that overlap.
#[derive(Debug, Serialize)]
pub struct OverlapLine {
    /// What they are to one another.
    #[serde(serialize_with = "by_name")]
    pub class: OverlapClass,
    /// The enterprise.
    pub enterprise: String,
    /// The department's grant.
    pub left: GrantLine,
    /// The other grant.
    pub right: GrantLine,
    /// The contents and tools that both have, and both periods.
    pub evidence: String,
    /// The clause.
    pub clause: String,
    /// What a person decided, where that still holds: the name of the [`ledger::Verdict`].
    pub decision: Option<&'static str>,
    /// Whether a person has to decide.
    pub waits: bool,
    /// An answer that no longer holds, or was not final.
    #[serde(skip)]
    pub(crate) previous: Option<Answer>,
}

impl OverlapLine {
    fn of(
        overlap: &link::Overlap,
        [left, right]: [GrantLine; 2],
        answers: &Answers,
        today: NaiveDate,
        clauses: &OverlapClauses,
    ) -> Self {
        let answer = answers.on(Asked::Grants, &left, &right);
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
}

fn by_name<S: Serializer>(class: &OverlapClass, serializer: S) -> Result<S::Ok, S::Error> {
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
            let may_be = overlap.class == OverlapClass::Duplicate && overlap.waits;
            if !(is_decided || may_be) {
                continue;
            }
            let (left, right) = (&overlap.left, &overlap.right);
            let is_second = right.register.is_none();
            let began = |line: &GrantLine| (line.from, line.record.clone());
            let second = if is_second && began(left) < began(right) {
                right
            } else {
                left
            };
            // Sure beats unsure where a case is part of several.
            let known = found.entry(second.record.clone()).or_default();
            *known = (*known).max((is_decided, is_second));
        }
        tables::duplicates(
            found
                .into_iter()
                .map(|(record, (decided, second))| (record, decided, second))
                .collect(),
        )
    }
}

/// What is known at a moment, to be compared.
pub(crate) struct Comparison<'a> {
    pub moment: Moment<'a>,
    pub known: &'a Known,
    /// The day of the moment.
    pub today: NaiveDate,
}

impl Comparison<'_> {
    /// The overlaps of all known cases with one another and with the registers, and the questions they depend on. What
    /// is asked for stands on the left of what it overlaps with.
    pub(crate) fn compare(&self) -> Result<Compared, PipelineError> {
        let Moment {
            ledger,
            programme,
            as_of,
            ..
        } = self.moment;
        let answers = Answers::of(ledger.answers(as_of)?);
        let registers = Registers::read(programme, ledger, as_of)?;
        let enterprises = enterprises(self.known)?;
        let parties: Vec<Party<'_>> = enterprises.iter().map(|(_, party)| *party).collect();
        let (near, near_to) = registers.near(self.known.who.matcher(), &parties)?;
        let near_to: BTreeSet<usize> = near_to.into_iter().map(|at| enterprises[at].0).collect();
        let more = match near_to.is_empty() {
            true => None,
            false => Some(
                self.known
                    .with_registers(&near, &near_to, &answers.of_enterprises())?,
            ),
        };
        let Known { who, cases } = more.as_ref().unwrap_or(self.known);
        let cases = CaseColumns::of(cases)?;
        let today = self.today;
        let found = overlaps(&cases.grants(who));
        let overlaps = found.par_iter().map(|overlap| {
            let sides = [overlap.left, overlap.right].map(|at| cases.line(at, who));
            OverlapLine::of(overlap, sides, &answers, today, &programme.overlap)
        });
        let shown = Shown::of(&cases, who);
        let asked = who.asked().iter().filter_map(|question| {
            let sides = [question.left, question.right]
                .map(|place| shown.saying(place).or(shown.enterprise(place)));
            Some((question, sides[0]?, sides[1]?))
        });
        let joined = who.joined().iter().filter_map(|question| {
            Some((
                question,
                shown.saying(question.left)?,
                shown.saying(question.right)?,
            ))
        });
        let line = |(question, left, right): (&Question, usize, usize)| {
            self.question(
                question,
                [left, right].map(|at| cases.line(at, who)),
                &answers,
            )
        };
        Ok(Compared {
            overlaps: overlaps.collect(),
            questions: asked.map(line).collect(),
            joined: joined.map(line).collect(),
            registers: registers.lines,
        })
    }

    fn question(
        &self,
        question: &Question,
        [left, right]: [GrantLine; 2],
        answers: &Answers,
    ) -> QuestionLine {
        QuestionLine {
            score: crate::link_files::bits(question.score),
            reasons: crate::link_files::reasons(self.moment.programme, &question.parts),
            previous: answers
                .on(Asked::Enterprises, &left, &right)
                .map(|found| found.answer.clone()),
            left,
            right,
        }
    }
}

/// The enterprises that known cases are about, each saying once, with its place.
fn enterprises(known: &Known) -> PolarsResult<Vec<(usize, Party<'_>)>> {
    let sayings = known.who.sayings();
    let mut seen: foldhash::HashSet<Fingerprint> = Default::default();
    let mut places = known.cases.said()?;
    places.retain(|&place| seen.insert(sayings.get(place).print));
    Ok(places
        .into_iter()
        .map(|place| (place, sayings.get(place).party))
        .collect())
}

/// The cases by which sayings that a person is asked about are shown.
struct Shown<'a> {
    who: &'a Who,
    by_print: BTreeMap<Fingerprint, usize>,
    by_enterprise: BTreeMap<usize, usize>,
}

impl<'a> Shown<'a> {
    fn of(cases: &CaseColumns, who: &'a Who) -> Self {
        let sides = who
            .asked()
            .iter()
            .chain(who.joined())
            .flat_map(|question| [question.left, question.right]);
        let about: BTreeSet<usize> = sides.map(|place| who.enterprise(place)).collect();
        let mut shown = Self {
            who,
            by_print: BTreeMap::new(),
            by_enterprise: BTreeMap::new(),
        };
        for (at, &place) in cases.said.iter().enumerate() {
            let enterprise = who.enterprise(place);
            if about.contains(&enterprise) {
                shown
                    .by_print
                    .entry(who.sayings().get(place).print)
                    .or_insert(at);
                shown.by_enterprise.entry(enterprise).or_insert(at);
            }
        }
        shown
    }

    /// A case that says the same.
    fn saying(&self, place: usize) -> Option<usize> {
        self.by_print
            .get(&self.who.sayings().get(place).print)
            .copied()
    }

    /// A case of the same enterprise: what was said of it by a case that something newer stands in place of is asked of
    /// what stands.
    fn enterprise(&self, place: usize) -> Option<usize> {
        self.by_enterprise.get(&self.who.enterprise(place)).copied()
    }
}
