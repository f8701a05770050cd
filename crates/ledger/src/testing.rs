//! What the unit tests are made of: a ledger in a folder of its own, and runs.

use crate::file_id::file_id;
use crate::ledger::Ledger;
use crate::recorded_report::MadeReport;
use crate::run::{Beginning, Intake, KeptProgramme, RunWriter, Versions};
use crate::submission::Outcome;
use model::{InputsHash, IssueStamp, Moment, ProgrammeHash, ReportStatus, UnsureHeading};
use std::collections::BTreeMap;
use tempfile::TempDir;

/// An empty ledger, and the folder it is in, which is removed when the test ends.
pub(crate) fn ledger() -> (TempDir, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(folder.path()).unwrap();
    (folder, ledger)
}

/// The moment a day of January 2024 begins.
pub(crate) fn day(day: u32) -> Moment {
    format!("2024-01-{day:02}T00:00:00Z").parse().unwrap()
}

pub(crate) fn versions() -> Versions {
    Versions {
        program: "1.2.3".to_owned(),
        reader: 4,
        counting: 5,
    }
}

pub(crate) fn kept_programme(hash: &str) -> KeptProgramme {
    KeptProgramme {
        id: hash.to_owned(),
        hash: ProgrammeHash(hash.to_owned()),
        files: format!("{{\"programme.toml\":\"{hash}\"}}"),
    }
}

/// Makes a run at a moment, by the programme `p`.
pub(crate) fn run(ledger: &Ledger, at: Moment, take: impl FnOnce(&mut RunWriter<'_>)) {
    let beginning = Beginning {
        at: at.into(),
        versions: &versions(),
        operator: "An",
        programmes: &[kept_programme("p")],
    };
    let mut writer = ledger.begin(&beginning).unwrap();
    take(&mut writer);
    writer.commit().unwrap();
}

/// A hash that is easy to read.
pub(crate) fn hash(text: &str) -> ProgrammeHash {
    ProgrammeHash(text.to_owned())
}

/// Takes in a file whose bytes are its name, of SCT for 2023.
pub(crate) fn take_in(writer: &mut RunWriter<'_>, name: &str) {
    take_in_with(writer, name, &[]);
}

/// The same with some of its headings unsure.
pub(crate) fn take_in_with(
    writer: &mut RunWriter<'_>,
    name: &str,
    unsure_headings: &[UnsureHeading],
) {
    let intake = Intake {
        file: &file_id(name.as_bytes()),
        file_name: name,
        bytes: name.as_bytes(),
        department: Some("SCT"),
        unit: Some("Chi cục"),
        period: "2023".parse().ok(),
        programme_hash: &hash("p"),
        outcome: Outcome::PartlyHeld,
        nil_return: false,
        sheets: &[],
        forms: &BTreeMap::new(),
        form_rows: &BTreeMap::new(),
        findings: &[],
        unsure_headings,
        unsure_amounts: &[],
    };
    writer.take_in(&intake).unwrap();
}

/// A draft of the report on 2023 whose bytes are its name, written at a day of January, as of a day.
pub(crate) fn made(name: &str, at: u32, as_of: u32) -> MadeReport {
    MadeReport {
        at: day(at),
        year: 2023,
        variant: "annual".to_owned(),
        as_of: day(as_of),
        status: ReportStatus::Draft,
        file_name: name.to_owned(),
        inputs_hash: InputsHash("inputs".to_owned()),
        file: file_id(name.as_bytes()),
        programme_hash: hash("p"),
        earlier: vec![hash("q"), hash("r")],
        versions: versions(),
        figures: BTreeMap::new(),
        figures_hash: None,
    }
}

/// A report on 2023, issued on 5 January as of the 4th under a number.
pub(crate) fn issued(number: &str, signed_on: &str) -> MadeReport {
    MadeReport {
        status: ReportStatus::Issued(IssueStamp {
            number: number.parse().unwrap(),
            signed_on: signed_on.parse().unwrap(),
        }),
        ..made(&format!("{number} {signed_on}"), 5, 4)
    }
}

/// What the log says was done, in order.
pub(crate) fn actions(ledger: &Ledger) -> Vec<String> {
    let entries = ledger.audit().unwrap().into_iter();
    entries.map(|entry| entry.action).collect()
}

/// A heading that nobody is sure of.
pub(crate) fn unsure_heading() -> UnsureHeading {
    UnsureHeading {
        form: "support".to_owned(),
        heading: "kinh phi".to_owned(),
        shown: "Kinh phí".to_owned(),
        sheet: "Biểu 3".to_owned(),
        cell: "G2".to_owned(),
        values: vec!["10".to_owned()],
        may_be: vec!["state_budget".to_owned()],
        likeliest: None,
        answer: None,
    }
}
