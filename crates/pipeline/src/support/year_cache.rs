//! What a year's rows are to linkage, kept beside the ledger so that a run reads only the rows of years it touches.

use crate::identity::case_pair::CasePair;
use crate::snapshot::effective::EffectiveSubmissions;
use crate::support::cases::SupportCases;
use crate::support::mentions::Mentions;
use crate::support::records::SupportRecords;
use ledger::file_id;
use model::FileId;
use polars::prelude::*;
use programme::Programme;

/// Raised whenever the same rows give other records or other frames: those that were kept are then made anew.
const CACHE_VERSION: u32 = 4;

/// The kinds of frames that are kept of a year, in the order of [`to_frames`].
pub(crate) const FRAME_KINDS: [&str; 3] = ["mentions", "cases", "case_pairs"];

/// The key of a year's records in the cache: it changes whenever an input changes.
pub(crate) fn cache_key(programme: &Programme, submissions: &EffectiveSubmissions) -> FileId {
    // Another version of the program may map texts to other codes.
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
            let forms: Vec<&str> = submission.counting_forms().collect();
            let forms = forms.join(",");
            text.push_str(&format!(
                "{role} {} {} {forms}\n",
                submission.id, submission.file
            ));
        }
    }
    file_id(text.as_bytes())
}

/// What is kept of a year.
#[derive(Debug, Clone)]
pub(crate) struct YearRecords {
    pub support: SupportRecords,
    /// What may be one case of the forms that are no support, whatever persons said.
    pub may_be_one: Vec<CasePair>,
}

/// A year's records as frames, one of each of [`FRAME_KINDS`].
pub(crate) fn to_frames(records: &YearRecords) -> PolarsResult<[DataFrame; 3]> {
    let pairs: Vec<String> = records
        .may_be_one
        .iter()
        .filter_map(|pair| serde_json::to_string(pair).ok())
        .collect();
    let pairs = Column::new("pair".into(), pairs);
    Ok([
        records.support.mentions.to_frame()?,
        records.support.cases.frame().clone(),
        DataFrame::new_infer_height(vec![pairs])?,
    ])
}

/// Records from frames that were kept.
///
/// # Errors
/// When a frame lacks a column.
pub(crate) fn from_frames([mentions, cases, pairs]: [DataFrame; 3]) -> PolarsResult<YearRecords> {
    let pair = |text: &str| {
        serde_json::from_str(text)
            .map_err(|error| polars_err!(ComputeError: "no pair of cases: {error}"))
    };
    let may_be_one = pairs.column("pair")?.str()?.iter().flatten().map(pair);
    Ok(YearRecords {
        support: SupportRecords {
            mentions: Mentions::from_frame(&mentions)?,
            cases: SupportCases::from_frame(cases)?,
        },
        may_be_one: may_be_one.collect::<PolarsResult<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::{YearRecords, cache_key, from_frames, to_frames};
    use crate::snapshot::effective::EffectiveSubmissions;
    use crate::support::records::SupportRecords;
    use crate::testing::{programme, snapshot, submission};
    use ledger::Submission;
    use model::FileId;
    use std::slice::from_ref;

    fn submissions(effective: &[Submission], superseded: &[Submission]) -> EffectiveSubmissions {
        EffectiveSubmissions {
            effective: effective.to_vec(),
            superseded_quarters: superseded.to_vec(),
        }
    }

    #[test]
    fn the_key_changes_whenever_an_input_changes() {
        let [one, two] = [submission(1, "SCT", "2023"), submission(2, "SXD", "2023")];
        let before = cache_key(programme(), &submissions(&[one.clone(), two.clone()], &[]));
        let mut other_programme = programme().clone();
        other_programme.hash = model::ProgrammeHash("another".to_owned());
        let other_file = Submission {
            file: FileId("another".to_owned()),
            ..two.clone()
        };
        let changed = [
            cache_key(
                &other_programme,
                &submissions(&[one.clone(), two.clone()], &[]),
            ),
            cache_key(programme(), &submissions(&[one.clone(), other_file], &[])),
            cache_key(programme(), &submissions(from_ref(&one), from_ref(&two))),
            cache_key(programme(), &submissions(from_ref(&one), &[])),
        ];
        assert!(changed.iter().all(|key| *key != before));
        assert_eq!(
            cache_key(programme(), &submissions(&[one, two], &[])),
            before
        );
    }

    #[test]
    fn records_come_back_from_their_frames() {
        let rows = "file | enterprise | content | contract | start      | state_budget
                    f1   | Mẫu        | 3a1     | 1/HĐ     | 2023-03-01 | 50
                    f1   | Mẫu        | 3b1     | 2/HĐ     |            |";
        let courses = "file | name   | task   | start      | participants
                       f1   | Lớp 5S | IV.4.a | 2023-03-01 | 30
                       f2   | Lớp 5S | IV.4.a | 2023-05-10 | 30";
        let sent = [
            submission(1, "SCT", "2023-Q1"),
            submission(2, "SCT", "2023-Q2"),
        ];
        let snapshot = snapshot(&sent, &[("support", rows), ("training", courses)]);
        let (support, _) = SupportRecords::from_snapshot(programme(), &snapshot).unwrap();
        let may_be_one = snapshot.may_be_one(programme()).unwrap();
        assert_eq!(may_be_one.len(), 1);
        let records = YearRecords {
            support,
            may_be_one,
        };
        let back = from_frames(to_frames(&records).unwrap()).unwrap();
        let cases = back.support.cases.frame();
        assert!(cases.equals_missing(records.support.cases.frame()));
        let mentions = back.support.mentions.iter();
        assert!(mentions.eq(records.support.mentions.iter()));
        assert_eq!(back.may_be_one, records.may_be_one);
        let [mentions, cases, pairs] = to_frames(&records).unwrap();
        assert!(
            from_frames([cases, mentions, pairs]).is_err(),
            "frames of another kind"
        );
    }
}
