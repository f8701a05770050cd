use ledger::{Damage, Damaged, HistoryFault};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A file of the ledger that is not as it was written.
#[derive(Debug, Serialize)]
pub struct FaultLine {
    /// The file.
    pub path: PathBuf,
    /// `missing` or `changed`; `unfounded` if it is as it was written, and its original or the ledger gives something else again;
    /// `another` of a report's file that is not the one which was issued under its name.
    pub damage: &'static str,
    /// What the file is: `original`, `facts`, `derived`, `answers` of a review workbook, a `submission`, a `report` or a `programme`
    /// with its number; or what is wrong with the database.
    pub what: String,
    /// Whether it was made good, from an original or from the same file in a folder of the workspace.
    pub is_mended: bool,
    /// Whether an older version of the reader made these records: today's reads the original otherwise, so that it cannot make
    /// them again.
    pub is_read_otherwise: bool,
}

impl FaultLine {
    /// Of a file that is missing or changed.
    pub(crate) fn of(damaged: Damaged, what: &str, is_mended: bool) -> Self {
        Self {
            path: damaged.path,
            damage: match damaged.damage {
                Damage::Missing => "missing",
                Damage::Changed => "changed",
            },
            what: what.to_owned(),
            is_mended,
            is_read_otherwise: false,
        }
    }

    /// Of what is as it was written, and is not what it is made of once more.
    pub(crate) fn unfounded(path: &Path, what: &str) -> Self {
        Self {
            path: path.to_owned(),
            damage: "unfounded",
            what: what.to_owned(),
            is_mended: false,
            is_read_otherwise: false,
        }
    }

    /// Of the database or the log.
    pub(crate) fn of_history(fault: HistoryFault) -> Self {
        Self {
            path: fault.path,
            damage: "changed",
            what: fault.found,
            is_mended: fault.is_mended,
            is_read_otherwise: false,
        }
    }
}
