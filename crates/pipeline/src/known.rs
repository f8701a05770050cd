use crate::PipelineError;
use crate::answers::Answers;
use crate::case::Cases;
use crate::digest::{Digest, YearDigest};
use crate::sayings::Sayings;
use crate::standing::{Elsewhere, Moment};
use crate::who::Who;
use ledger::Submission;
use link::{Answer, Matcher};
use polars::prelude::PolarsResult;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is known of enterprises and of the support given to them.
pub(crate) struct Known {
    /// What our own rows say.
    ours: Vec<Digest>,
    /// What other programmes and registers say.
    others: Vec<Digest>,
    /// Whom it is about.
    pub who: Who,
    /// The newest of each case: our own first, then those of others.
    pub cases: Cases,
}

impl Known {
    /// All that is known under the moment's programme, among all submissions of the moment.
    pub(crate) fn at(moment: &Moment<'_>, all: &[Submission]) -> Result<Self, PipelineError> {
        let Moment { ledger, programme, as_of, .. } = *moment;
        let mut ours = Vec::new();
        for year in programme.years() {
            ours.extend(YearDigest::of(moment, all, year, false)?.map(|found| found.digest));
        }
        let answers = Answers::of(ledger.answers(as_of)?).of_enterprises();
        let matcher = Arc::new(Matcher::new(&programme.linkage));
        Ok(Self::of(&matcher, ours, Elsewhere::of(moment, all)?.digests, &answers)?)
    }

    /// Of our own digests, and of those of others, in their order.
    pub(crate) fn of(
        matcher: &Arc<Matcher>,
        ours: Vec<Digest>,
        others: Vec<Digest>,
        answers: &[Answer],
    ) -> PolarsResult<Self> {
        let sayings = |digests: &[Digest]| -> PolarsResult<Sayings> {
            Sayings::all(digests.iter().map(|digest| &digest.sayings))
        };
        let who = Who::of(matcher, &sayings(&ours)?, &sayings(&others)?, answers)?;
        let mut first = 0;
        let cases = Cases::all(ours.iter().chain(&others).map(|digest| {
            let begins = first;
            first += digest.sayings.len();
            (&digest.cases, begins)
        }))?;
        Ok(Self { cases: cases.newest(&who)?, who, ours, others })
    }

    /// The same with what is asked for, which comes first.
    pub(crate) fn with_asked(&self, asked: Vec<Digest>, answers: &[Answer]) -> PolarsResult<Self> {
        let ours = asked.into_iter().chain(self.ours.iter().cloned()).collect();
        Self::of(self.who.matcher(), ours, self.others.clone(), answers)
    }

    /// The same with entries of registers, which come last and may be about the enterprises of the sayings at `near`.
    pub(crate) fn with_registers(
        &self,
        registers: &[Digest],
        near: &BTreeSet<usize>,
        answers: &[Answer],
    ) -> PolarsResult<(Who, Cases)> {
        let who = self.who.with(&Sayings::all(registers.iter().map(|digest| &digest.sayings))?, near, answers)?;
        let mut first = self.who.sayings().len();
        let entries = registers.iter().map(|digest| {
            let begins = first;
            first += digest.sayings.len();
            (&digest.cases, begins)
        });
        let cases = Cases::all(std::iter::once((&self.cases, 0)).chain(entries))?;
        Ok((who, cases))
    }
}
