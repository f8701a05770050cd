//! The most that is read of one file. How many bytes a file may have at all is said by whoever opens it.
//!
//! A file that passes a limit gets a finding that names the limit; nothing of it is read.

use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// What a file is read for, which decides how large it may be and in which formats it may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Purpose {
    /// A department's report.
    Report,
    /// A list that an operator puts there.
    List,
}

/// The bounds of one file, in bytes and in pieces.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Bytes of one member of a zip, unzipped.
    pub member: u64,
    /// Bytes of all members, unzipped.
    pub unzipped: u64,
    /// Texts that cells share.
    pub strings: usize,
    /// Cells of one sheet.
    pub cells: usize,
}

/// The most sheets of a workbook: each costs time even if it is empty, and a made-up directory may list thousands.
const MAX_SHEETS: usize = 256;

impl Purpose {
    /// The limits of a file that is read for this.
    pub(crate) fn limits(self) -> &'static Limits {
        match self {
            Self::Report => &Limits {
                member: 256 << 20,
                unzipped: 512 << 20,
                strings: 3_000_000,
                cells: 5_000_000,
            },
            // Up to a million rows of twenty columns.
            Self::List => &Limits {
                member: 2 << 30,
                unzipped: 3 << 30,
                strings: 12_000_000,
                cells: 20_000_000,
            },
        }
    }
}

/// Refuses a workbook of too many sheets.
///
/// # Errors
/// The limit that is passed, in words.
pub(crate) fn check_sheet_count(count: usize) -> Result<(), String> {
    if count > MAX_SHEETS {
        return Err(format!("{count} > {MAX_SHEETS} sheets"));
    }
    Ok(())
}

/// Refuses a workbook in which several sheets are one part: no program writes it, each would be counted, and one part of some
/// size would be read hundreds of times.
///
/// # Errors
/// The part, in words.
pub(crate) fn check_parts_of_sheets<'p>(
    paths: impl IntoIterator<Item = &'p str>,
) -> Result<(), String> {
    let mut seen = HashSet::new();
    let twice = paths
        .into_iter()
        .find(|path| !path.is_empty() && !seen.insert(path.to_lowercase()));
    match twice {
        Some(path) => Err(format!(
            "nhiều trang tính là một phần “{path}” (several sheets are one part)"
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Purpose, check_parts_of_sheets, check_sheet_count};

    #[test]
    fn a_list_may_be_larger_than_a_report_in_every_way() {
        let (report, list) = (Purpose::Report.limits(), Purpose::List.limits());
        assert!(list.member > report.member);
        assert!(list.unzipped > report.unzipped && list.strings > report.strings);
        // A million rows of twenty columns.
        assert!(list.cells >= 20 * 1_000_000);
    }

    #[test]
    fn a_part_is_one_sheet() {
        assert_eq!(check_parts_of_sheets(["a.xml", "b.xml", "", ""]), Ok(()));
        let refused = check_parts_of_sheets(["a.xml", "b.xml", "A.xml"]);
        assert!(refused.unwrap_err().contains("A.xml"));
    }

    #[test]
    fn the_sheet_past_the_limit_is_named() {
        assert_eq!(check_sheet_count(256), Ok(()));
        assert_eq!(check_sheet_count(257), Err("257 > 256 sheets".to_owned()));
    }
}
