use crate::error::PipelineError;
use crate::identity::case_pair::CasePair;
use crate::identity::cases::CaseDecisions;
use crate::snapshot::rows::Snapshot;
use crate::support::answer_index::AnswerIndex;
use crate::support::mentions::Mentions;
use crate::support::records::{SnapshotPlaces, SupportRecords, snapshot_mentions};
use crate::support::resolution::Resolution;
use crate::support::support_index::SupportIndex;
use ledger::Submission;
use link::{Constraint, Matcher};
use polars::prelude::PolarsResult;
use programme::Programme;
use std::sync::Arc;

/// What is known under the programmes of other periods, whose enterprises are the same ones and whose support counts
/// as given.
#[derive(Default)]
pub(crate) struct OtherProgrammes {
    /// Their effective submissions.
    pub submissions: Vec<Submission>,
    /// Their records, a year each.
    pub records: Vec<SupportRecords>,
}

/// A snapshot whose rows say which enterprise they are about, and the index of all support behind it.
pub(crate) struct ResolvedSnapshot {
    pub snapshot: Snapshot,
    pub index: SupportIndex,
    pub others: OtherProgrammes,
    /// What may be one case of the forms that are no support.
    pub may_be_one: Vec<CasePair>,
}

impl ResolvedSnapshot {
    /// Resolves a snapshot together with the records of other programmes.
    ///
    /// # Errors
    /// When a frame lacks a column of its form.
    pub(crate) fn resolve(
        programme: &Programme,
        mut snapshot: Snapshot,
        others: OtherProgrammes,
        answers: &AnswerIndex,
    ) -> Result<Self, PipelineError> {
        let (records, places) = SupportRecords::from_snapshot(programme, &snapshot)?;
        let matcher = Arc::new(Matcher::new(&programme.linkage));
        let known: Vec<&SupportRecords> = others.records.iter().collect();
        let index = SupportIndex::build(&matcher, &[&records], &known, &answers.constraints())?;
        let resolution = (&index.resolution, 0);
        let may_be_one = label(
            programme,
            &mut snapshot,
            resolution,
            &places,
            answers.on_cases(),
        )?;
        Ok(Self {
            snapshot,
            index,
            others,
            may_be_one,
        })
    }

    /// What the snapshot becomes if held rows count as they were read (`held_count`), and these answers hold, on enterprises and
    /// on cases.
    ///
    /// # Errors
    /// When a frame lacks a column of its form.
    pub(crate) fn supposing(
        &self,
        programme: &Programme,
        (constraints, on_cases): (&[Constraint], &CaseDecisions),
        held_count: bool,
    ) -> Result<Snapshot, PipelineError> {
        let mut supposed = self.snapshot.supposing(held_count)?;
        // Held rows bring mentions that the index does not know, so all mentions are collected anew.
        let (own, places) = snapshot_mentions(programme, &supposed)?;
        let others = self.others.records.iter().map(|records| &records.mentions);
        let all = Mentions::concat(std::iter::once(&own).chain(others))?;
        let matcher = self.index.resolution.matcher();
        let resolution = Resolution::resolve(matcher, all, own.len(), constraints);
        label_enterprises(&mut supposed, (&resolution, 0), &places)?;
        supposed.identify_cases(programme, on_cases, true)?;
        Ok(supposed)
    }
}

/// Writes the enterprises and the cases into a snapshot's rows, whose mentions begin at `first`, and keeps the latest row of each
/// case; with what may be one case and waits for a person, of the forms that are no support.
///
/// # Errors
/// When a frame lacks a column of its form.
pub(crate) fn label(
    programme: &Programme,
    snapshot: &mut Snapshot,
    (resolution, first): (&Resolution, usize),
    places: &SnapshotPlaces,
    on_cases: &CaseDecisions,
) -> PolarsResult<Vec<CasePair>> {
    label_enterprises(snapshot, (resolution, first), places)?;
    let mut pairs = snapshot.identify_cases(programme, on_cases, false)?;
    let is_grant = |pair: &CasePair| {
        let form = programme.form(&pair.form);
        form.is_some_and(|form| form.grant.is_some())
    };
    pairs.retain(|pair| !is_grant(pair));
    Ok(pairs)
}

/// Writes the enterprises into a snapshot's rows, whose mentions begin at `first`.
fn label_enterprises(
    snapshot: &mut Snapshot,
    (resolution, first): (&Resolution, usize),
    places: &SnapshotPlaces,
) -> PolarsResult<()> {
    resolution.label(&mut snapshot.accepted, &places[0], first)?;
    resolution.label(&mut snapshot.superseded, &places[1], first)
}

#[cfg(test)]
mod tests {
    use super::{OtherProgrammes, ResolvedSnapshot};
    use crate::support::answer_index::AnswerIndex;
    use crate::support::records::SupportRecords;
    use crate::testing::{column, programme, resolved, snapshot, submission, tables};
    use std::collections::BTreeSet;

    const SUPPORT: &str = "file | enterprise                  | district   | content
                           f1   | Công ty TNHH Cơ khí Mẫu Một | bien-hoa   | 3a1
                           f1   | Công ty TNHH Cơ khí Mẫu Một | long-khanh | 3b1";

    fn enterprises(snapshot: &crate::snapshot::rows::Snapshot) -> usize {
        let ids = column(&snapshot.accepted["support"], "enterprise_id");
        ids.into_iter().collect::<BTreeSet<String>>().len()
    }

    #[test]
    fn supposing_one_enterprise_joins_what_a_question_keeps_apart() {
        let known = resolved(&[submission(1, "SCT", "2023")], &[("support", SUPPORT)]);
        assert_eq!(enterprises(&known.snapshot), 2);
        let same = known.index.resolution.all_same();
        let on_cases = Default::default();
        let supposed = known
            .supposing(programme(), (&same, &on_cases), false)
            .unwrap();
        assert_eq!(enterprises(&supposed), 1);
        assert_eq!(
            enterprises(&known.snapshot),
            2,
            "what counts stays as it is"
        );
    }

    #[test]
    fn supposing_that_held_rows_count_resolves_their_enterprises_too() {
        let sent = [submission(1, "SCT", "2023")];
        let mut known = resolved(&sent, &[("support", SUPPORT)]);
        let held = "file | record | enterprise     | tax_code   | content
                    f1   | held   | Công ty Gỗ Mẫu | 3603295006 | 3a1";
        known.snapshot.held = tables(&sent, &[("support", held)]);
        let on_cases = Default::default();
        let supposed = known
            .supposing(programme(), (&[], &on_cases), true)
            .unwrap();
        assert_eq!(enterprises(&supposed), 3);
    }

    #[test]
    fn records_of_other_programmes_are_behind_our_own() {
        let sent = [submission(1, "SCT", "2023")];
        let rows = "file | enterprise      | tax_code   | content
                    f1   | CTY CK MẪU MỘT  | 3600265395 | 3a1";
        let earlier = snapshot(&sent, &[("support", rows)]);
        let (records, _) = SupportRecords::from_snapshot(programme(), &earlier).unwrap();
        let others = OtherProgrammes {
            submissions: Vec::new(),
            records: vec![records],
        };
        let own = snapshot(&sent, &[("support", rows)]);
        let known =
            ResolvedSnapshot::resolve(programme(), own, others, &AnswerIndex::default()).unwrap();
        let resolution = &known.index.resolution;
        assert_eq!(resolution.mentions().len(), 2);
        assert_eq!(resolution.cluster(0), resolution.cluster(1));
        assert_eq!(enterprises(&known.snapshot), 1);
    }
}
