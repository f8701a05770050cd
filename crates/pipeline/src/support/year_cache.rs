//! What a year's rows are to linkage, kept beside the ledger so that a run reads only the rows of years it touches.

use crate::snapshot::effective::EffectiveSubmissions;
use crate::support::cases::SupportCases;
use crate::support::mentions::Mentions;
use crate::support::records::SupportRecords;
use ledger::file_id;
use model::FileId;
use polars::prelude::*;
use programme::Programme;

/// Raised whenever the same rows give other records or other frames: those that were kept are then made anew.
const CACHE_VERSION: u32 = 2;

/// The kinds of frames that are kept of a year, in the order of [`to_frames`].
pub(crate) const FRAME_KINDS: [&str; 2] = ["mentions", "cases"];

/// The key of a year's records in the cache: it changes whenever an input changes.
pub(crate) fn cache_key(programme: &Programme, submissions: &EffectiveSubmissions) -> FileId {
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!("{CACHE_VERSION} {version} {}\n", programme.hash);
    let EffectiveSubmissions {
        effective,
        superseded_quarters,
    } = submissions;
    for (role, submissions) in [
        ("effective", effective),
        ("superseded", superseded_quarters),
    ] {
        for submission in submissions {
            text.push_str(&format!("{role} {} {}\n", submission.id, submission.file));
        }
    }
    file_id(text.as_bytes())
}

/// A year's records as frames, one of each of [`FRAME_KINDS`].
pub(crate) fn to_frames(records: &SupportRecords) -> PolarsResult<[DataFrame; 2]> {
    Ok([records.mentions.to_frame()?, records.cases.frame().clone()])
}

/// Records from frames that were kept.
///
/// # Errors
/// When a frame lacks a column.
pub(crate) fn from_frames([mentions, cases]: [DataFrame; 2]) -> PolarsResult<SupportRecords> {
    Ok(SupportRecords {
        mentions: Mentions::from_frame(&mentions)?,
        cases: SupportCases::from_frame(cases)?,
    })
}
