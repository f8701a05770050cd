use crate::error::PipelineError;
use crate::snapshot::quarters::{against_quarters, gone_from_quarters};
use crate::snapshot::rows::Snapshot;
use model::Finding;
use programme::{Programme, Scope};

/// What the rules find over all departments of a resolved snapshot, and what reports on a whole year and on later quarters leave
/// out of what quarters held.
///
/// # Errors
/// When a rule's SQL fails.
pub(crate) fn cross_findings(
    programme: &Programme,
    snapshot: &Snapshot,
) -> Result<Vec<Finding>, PipelineError> {
    let files = snapshot.files();
    let mut findings = validate::apply_rules(programme, Scope::Year, &snapshot.accepted, &files)?;
    findings.extend(against_quarters(programme, snapshot, &files)?);
    findings.extend(gone_from_quarters(programme, snapshot, &files)?);
    Ok(findings)
}
