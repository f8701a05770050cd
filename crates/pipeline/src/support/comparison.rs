use crate::error::PipelineError;
use crate::support::answer_index::{AnswerIndex, QuestionKind};
use crate::support::case_columns::CaseColumns;
use crate::support::evidence_text::{bits, evidence_text};
use crate::support::overlap_line::{OverlapLine, QuestionLine};
use crate::support::registers::{RegisterLine, Registers};
use crate::support::resolution::Resolution;
use crate::support::support_index::SupportIndex;
use crate::support::support_line::SupportLine;
use chrono::NaiveDate;
use link::{Fingerprint, OverlapClass, Party, Question, overlaps};
use polars::prelude::{DataFrame, PolarsResult};
use programme::{Programme, tables};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What comparing all support with all other support and with the registers gave.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    pub registers: Vec<RegisterLine>,
    pub overlaps: Vec<OverlapLine>,
    pub questions: Vec<QuestionLine>,
    /// Records that were taken for one enterprise without one valid tax code, and without a person's word.
    pub joined: Vec<QuestionLine>,
}

impl Comparison {
    /// The overlaps of all known cases with one another and with the registers, and the questions they depend on, as
    /// answered by a day. Nominees come first among the cases and so stand on the left of what they overlap with.
    ///
    /// # Errors
    /// When a frame lacks a column.
    pub(crate) fn compare(
        programme: &Programme,
        index: &SupportIndex,
        registers: &Registers,
        answers: &AnswerIndex,
        today: NaiveDate,
    ) -> Result<Self, PipelineError> {
        let enterprises = distinct_enterprises(index)?;
        let parties: Vec<Party<'_>> = enterprises.iter().map(|(_, party)| *party).collect();
        let (near, near_to) = registers.near(index.resolution.matcher(), &parties)?;
        let near_to: BTreeSet<usize> = near_to.into_iter().map(|at| enterprises[at].0).collect();
        let with_registers = match near_to.is_empty() {
            true => None,
            false => Some(index.with_registers(&near, &near_to, &answers.constraints())?),
        };
        let SupportIndex { resolution, cases } = with_registers.as_ref().unwrap_or(index);
        let cases = CaseColumns::read(cases)?;
        let found = overlaps(&cases.grants(resolution));
        let overlaps = found.par_iter().map(|overlap| {
            let sides = [overlap.left, overlap.right].map(|at| cases.line(at, resolution));
            OverlapLine::new(overlap, sides, answers, today, &programme.overlap)
        });
        let shown = ShownCases::new(&cases, resolution);
        let questions = resolution.questions().iter().filter_map(|question| {
            let side = |place| shown.of_mention(place).or(shown.of_enterprise(place));
            Some((question, side(question.left)?, side(question.right)?))
        });
        let joined = resolution.joined().iter().filter_map(|question| {
            let [left, right] = [question.left, question.right].map(|at| shown.of_mention(at));
            Some((question, left?, right?))
        });
        let line = |(question, left, right): (&Question, usize, usize)| {
            let sides = [left, right].map(|at| cases.line(at, resolution));
            question_line(programme, question, sides, answers)
        };
        Ok(Self {
            overlaps: overlaps.collect(),
            questions: questions.map(line).collect(),
            joined: joined.map(line).collect(),
            registers: registers.lines.clone(),
        })
    }

    /// The cases that were given elsewhere as well, unless a person says otherwise, as the table that indicators use:
    /// of two departments' cases the one that began later is the second.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub(crate) fn duplicates(&self) -> PolarsResult<DataFrame> {
        let mut found: BTreeMap<String, (bool, bool)> = BTreeMap::new();
        for overlap in &self.overlaps {
            let is_decided = overlap.is_decided_duplicate();
            let may_be = overlap.class == OverlapClass::Duplicate && overlap.waits;
            if !(is_decided || may_be) {
                continue;
            }
            let (left, right) = (&overlap.left, &overlap.right);
            let is_second = right.register.is_none();
            let began = |line: &SupportLine| (line.from, line.record.clone());
            let second = if is_second && began(left) < began(right) {
                right
            } else {
                left
            };
            // A case that is part of several overlaps is as sure as the surest of them.
            let known = found.entry(second.record.clone()).or_default();
            *known = (*known).max((is_decided, is_second));
        }
        let rows = found
            .into_iter()
            .map(|(record, (decided, second))| (record, decided, second));
        tables::duplicates(rows.collect())
    }
}

fn question_line(
    programme: &Programme,
    question: &Question,
    [left, right]: [SupportLine; 2],
    answers: &AnswerIndex,
) -> QuestionLine {
    let answer = answers.on(QuestionKind::Enterprises, &left, &right);
    QuestionLine {
        score: bits(question.score),
        reasons: evidence_text(programme, &question.evidence),
        previous: answer.map(|found| found.answer.clone()),
        left,
        right,
    }
}

/// The enterprises that known cases name, each wording once, with the place of its mention.
fn distinct_enterprises(index: &SupportIndex) -> PolarsResult<Vec<(usize, Party<'_>)>> {
    let mentions = index.resolution.mentions();
    let mut seen: foldhash::HashSet<Fingerprint> = Default::default();
    let mut places = index.cases.mentions()?;
    places.retain(|&place| seen.insert(mentions.get(place).fingerprint));
    Ok(places
        .into_iter()
        .map(|place| (place, mentions.get(place).party))
        .collect())
}

/// The cases by which mentions that a person is asked about are shown.
struct ShownCases<'a> {
    resolution: &'a Resolution,
    by_fingerprint: BTreeMap<Fingerprint, usize>,
    by_cluster: BTreeMap<usize, usize>,
}

impl<'a> ShownCases<'a> {
    fn new(cases: &CaseColumns, resolution: &'a Resolution) -> Self {
        let pairs = resolution.questions().iter().chain(resolution.joined());
        let sides = pairs.flat_map(|question| [question.left, question.right]);
        let asked: BTreeSet<usize> = sides.map(|place| resolution.cluster(place)).collect();
        let (mut by_fingerprint, mut by_cluster) = (BTreeMap::new(), BTreeMap::new());
        for (at, &place) in cases.mentions.iter().enumerate() {
            let cluster = resolution.cluster(place);
            if asked.contains(&cluster) {
                let fingerprint = resolution.mentions().get(place).fingerprint;
                by_fingerprint.entry(fingerprint).or_insert(at);
                by_cluster.entry(cluster).or_insert(at);
            }
        }
        Self {
            resolution,
            by_fingerprint,
            by_cluster,
        }
    }

    /// A case with the same mention.
    fn of_mention(&self, place: usize) -> Option<usize> {
        let fingerprint = self.resolution.mentions().get(place).fingerprint;
        self.by_fingerprint.get(&fingerprint).copied()
    }

    /// A case of the same enterprise: a question about a row that a later one has superseded is asked of the later.
    fn of_enterprise(&self, place: usize) -> Option<usize> {
        self.by_cluster
            .get(&self.resolution.cluster(place))
            .copied()
    }
}
