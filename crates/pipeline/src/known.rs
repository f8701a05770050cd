use crate::PipelineError;
use crate::answers::Answers;
use crate::case::Cases;
use crate::digest::{Digest, YearDigest};
use crate::sayings::Sayings;
use crate::standing::{Elsewhere, Moment};
use crate::who::Who;
use ledger::Submission;
use link::{Constraint, Matcher};
use polars::prelude::PolarsResult;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is known of enterprises and of the support given to them.
pub(crate) struct Known {
    /// Whom it is about.
    pub who: Who,
    /// The newest of each case: our own first, then those of others.
    pub cases: Cases,
}

impl Known {
    /// All that is known under the moment's programme, among all submissions of the moment, with what is asked for, which
    /// comes first.
    pub(crate) fn at(
        moment: &Moment<'_>,
        all: &[Submission],
        asked: Vec<Digest>,
    ) -> Result<Self, PipelineError> {
        let Moment {
            ledger,
            programme,
            as_of,
            ..
        } = *moment;
        let mut ours = asked;
        for year in programme.years() {
            ours.extend(YearDigest::of(moment, all, year, false)?.map(|found| found.digest));
        }
        let answers = Answers::of(ledger.answers(as_of)?).of_enterprises();
        let matcher = Arc::new(Matcher::new(&programme.linkage));
        let others = Elsewhere::of(moment, all)?.digests;
        Ok(Self::of(
            &matcher,
            &ours.iter().collect::<Vec<_>>(),
            &others.iter().collect::<Vec<_>>(),
            &answers,
        )?)
    }

    /// Of our own digests, and of those of others, in their order.
    pub(crate) fn of(
        matcher: &Arc<Matcher>,
        ours: &[&Digest],
        others: &[&Digest],
        answers: &[Constraint],
    ) -> PolarsResult<Self> {
        let all = || ours.iter().chain(others).copied();
        let own = ours.iter().map(|digest| digest.sayings.len()).sum();
        let who = Who::of(
            matcher,
            Sayings::all(all().map(|digest| &digest.sayings))?,
            own,
            answers,
        );
        Ok(Self {
            cases: Cases::all(placed(all(), 0))?.newest(&who)?,
            who,
        })
    }

    /// The same with entries of registers, which come last and may be about the enterprises of the sayings at `near`.
    pub(crate) fn with_registers(
        &self,
        registers: &[Digest],
        near: &BTreeSet<usize>,
        answers: &[Constraint],
    ) -> PolarsResult<Self> {
        let who = self.who.with(
            registers.iter().map(|digest| &digest.sayings),
            near,
            answers,
        )?;
        let entries = placed(registers, self.who.sayings().len());
        let cases = Cases::all(std::iter::once((&self.cases, 0)).chain(entries))?;
        Ok(Self { who, cases })
    }
}

/// The cases of digests, each with the place its sayings begin at where those stand one behind the other from `first` on.
fn placed<'d>(
    digests: impl IntoIterator<Item = &'d Digest>,
    first: usize,
) -> impl Iterator<Item = (&'d Cases, usize)> {
    digests.into_iter().scan(first, |next, digest| {
        let begins = *next;
        *next += digest.sayings.len();
        Some((&digest.cases, begins))
    })
}
