//! What every file format can do.

use crate::grid::{CellFonts, SheetGrid};
use crate::limits::{Limits, Purpose};

/// A file as it came in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IncomingFile<'a> {
    /// Its name, which never decides what it is.
    pub name: &'a str,
    pub bytes: &'a [u8],
    pub limits: &'a Limits,
}

/// Why a file of a known format is refused as a whole, in words for the finding.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OpenError {
    /// It passes the limit that is named.
    TooLarge(String),
    /// The reading library cannot make sense of it.
    Damaged(String),
    /// It is a text whose encoding nothing shows.
    UnsureEncoding,
}

/// A format of files that hold tables.
///
/// All that is particular to a format (how it is opened, what it hides, merges, in which fonts texts
/// stand, from which day its dates count) is behind this trait, in the format's own file.
pub(crate) trait FileFormat: Sync {
    /// Whether files of this format may come for a purpose.
    fn is_read_for(&self, _purpose: Purpose) -> bool {
        true
    }

    /// Reads all sheets in their order, hidden or not, each with its [hidden parts](SheetGrid::hidden).
    ///
    /// # Errors
    /// When the file passes a limit or is damaged. A single sheet that is damaged is [cut](SheetGrid::cut) instead.
    fn open(&self, file: &IncomingFile<'_>) -> Result<Vec<SheetGrid>, OpenError>;

    /// The fonts of texts. Asked only if a workbook holds texts that look like an old encoding, since it may cost
    /// another pass over the file.
    fn fonts(&self, _file: &IncomingFile<'_>) -> CellFonts {
        CellFonts::new()
    }
}
