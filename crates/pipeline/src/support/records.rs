use crate::error::PipelineError;
use crate::identity::reported::CaseReporter;
use crate::snapshot::effective::reporter_and_heir;
use crate::snapshot::rows::Snapshot;
use crate::support::case_rows::CaseSource;
use crate::support::cases::SupportCases;
use crate::support::mentions::{MentionPlaces, Mentions};
use ledger::Submission;
use polars::prelude::*;
use programme::{Form, Programme};
use std::collections::BTreeMap;

/// All that comparing needs of some rows: their mentions of enterprises, and the cases of support in them.
#[derive(Debug, Clone)]
pub(crate) struct SupportRecords {
    pub mentions: Mentions,
    pub cases: SupportCases,
}

/// The places of the mentions of a snapshot's accepted rows, and of those of its superseded quarters.
pub(crate) type SnapshotPlaces = [MentionPlaces; 2];

impl SupportRecords {
    /// Of a snapshot, whose enterprises need not be known; with the places of its rows' mentions.
    pub(crate) fn from_snapshot(
        programme: &Programme,
        snapshot: &Snapshot,
    ) -> Result<(Self, SnapshotPlaces), PipelineError> {
        let (mentions, places) = snapshot_mentions(programme, snapshot)?;
        let sources = case_sources(programme, snapshot);
        let mut parts = Vec::new();
        // Nominations have a workbook of their own: what is only asked for is no support yet (VI.2.c).
        for form in programme.forms.values().filter(|form| !form.own_workbook) {
            let rows = snapshot.accepted.get(&form.code);
            if let (Some(frame), Some(places)) = (rows, places[0].get(&form.code)) {
                let mentioned = (&mentions, places.as_slice());
                parts.extend(SupportCases::from_rows(
                    programme, form, frame, mentioned, &sources,
                )?);
            }
        }
        let cases = SupportCases::concat(parts.iter().map(|cases| (cases, 0)))?.by_year()?;
        Ok((Self { mentions, cases }, places))
    }

    /// Of the entries of a list that is kept elsewhere, or of nominees; all of them stay.
    pub(crate) fn from_list(
        programme: &Programme,
        form: &Form,
        frame: &DataFrame,
        source: CaseSource,
    ) -> Result<Self, PipelineError> {
        let tables = BTreeMap::from([(form.code.clone(), frame.clone())]);
        let (mentions, [places]) = Mentions::in_tables(programme, [&tables])?;
        let files = frame.column("file")?.str()?.iter().flatten();
        let sources = files
            .map(|file| (file.to_owned(), source.clone()))
            .collect();
        let places = places
            .get(&form.code)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let cases = SupportCases::from_rows(programme, form, frame, (&mentions, places), &sources)?;
        Ok(Self {
            cases: SupportCases::concat(cases.iter().map(|cases| (cases, 0)))?,
            mentions,
        })
    }
}

/// The mentions in the rows of a snapshot that count, and in those of its superseded quarters, with their places.
pub(crate) fn snapshot_mentions(
    programme: &Programme,
    snapshot: &Snapshot,
) -> Result<(Mentions, SnapshotPlaces), PipelineError> {
    Mentions::in_tables(programme, [&snapshot.accepted, &snapshot.superseded])
}

/// Where the rows of a snapshot come from, by the file.
fn case_sources(programme: &Programme, snapshot: &Snapshot) -> BTreeMap<String, CaseSource> {
    let entry = |submission: &Submission| {
        // Departments of two programmes are two reporters.
        let of_programme = |by: String| format!("{}/{by}", programme.id);
        let reporter = reporter_and_heir(programme, submission).map(|it| CaseReporter {
            reporter: of_programme(it.reporter),
            heir: of_programme(it.heir),
        });
        let file_name = submission.file_name.clone();
        (
            submission.file.0.clone(),
            CaseSource {
                file_name,
                reporter,
                ..CaseSource::default()
            },
        )
    };
    snapshot.submissions.effective.iter().map(entry).collect()
}
