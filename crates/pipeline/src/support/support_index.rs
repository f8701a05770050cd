use crate::support::cases::SupportCases;
use crate::support::mentions::Mentions;
use crate::support::records::SupportRecords;
use crate::support::resolution::Resolution;
use link::{Constraint, Matcher};
use polars::prelude::PolarsResult;
use std::collections::BTreeSet;
use std::sync::Arc;

/// All support that is known, with its enterprises resolved.
pub(crate) struct SupportIndex {
    pub resolution: Resolution,
    /// The latest row of each case: this programme's first, then those of other programmes.
    pub cases: SupportCases,
    /// The places of cases that may be one: an earlier period of a reporter has the first, a later one the second.
    pub may_be_one: Vec<[usize; 2]>,
}

impl SupportIndex {
    /// Resolves this programme's own records together with those of others, in their order.
    pub(crate) fn build(
        matcher: &Arc<Matcher>,
        own: &[&SupportRecords],
        others: &[&SupportRecords],
        constraints: &[Constraint],
    ) -> PolarsResult<Self> {
        let all = || own.iter().chain(others).copied();
        let mentions = Mentions::concat(all().map(|records| &records.mentions))?;
        let own_mentions = own.iter().map(|records| records.mentions.len()).sum();
        let resolution = Resolution::resolve(matcher, mentions, own_mentions, constraints);
        let cases = SupportCases::concat(with_offsets(all(), 0))?;
        let (cases, may_be_one) = cases.keep_latest(&resolution)?;
        Ok(Self {
            resolution,
            cases,
            may_be_one,
        })
    }

    /// The same with entries of registers, which come last; they may be about the enterprises of the mentions at
    /// `near`, and about no others.
    pub(crate) fn with_registers(
        &self,
        registers: &[SupportRecords],
        near: &BTreeSet<usize>,
        constraints: &[Constraint],
    ) -> PolarsResult<Self> {
        let mentions = registers.iter().map(|records| &records.mentions);
        let resolution = self.resolution.extended(mentions, near, constraints)?;
        let entries = with_offsets(registers, self.resolution.mentions().len());
        let cases = SupportCases::concat(std::iter::once((&self.cases, 0)).chain(entries))?;
        Ok(Self {
            resolution,
            cases,
            may_be_one: self.may_be_one.clone(),
        })
    }
}

/// The cases of some records, each with the place that its mentions begin at when all mentions are put one behind the
/// other from `first` on.
fn with_offsets<'r>(
    records: impl IntoIterator<Item = &'r SupportRecords>,
    first: usize,
) -> impl Iterator<Item = (&'r SupportCases, usize)> {
    records.into_iter().scan(first, |next, records| {
        let begins = *next;
        *next += records.mentions.len();
        Some((&records.cases, begins))
    })
}
