//! The one door through which files of others come: a process of its own that opens them.
//!
//! A workbook says inside how much memory its reader should set aside, how many cells a sheet has, how often a text is repeated;
//! no look beforehand finds every lie, and a process that asks for too much is ended by the system. So a file is opened by a
//! worker: bytes go in, sheets come out, and nothing else. It has one limit of memory and one of time, no files and no network,
//! is used for the next file, and is replaced if it goes down, which is an observation on that file; the others go on.
//!
//! The program says with [`set_program`] which program is to be the worker: itself, called with [`ARGUMENT`], when it
//! [serves](serve). Without one, as in unit tests, files are opened in the process that asks.

mod allowance;
mod confine;
mod pool;
mod row_codec;
mod wire;
mod worker;

use crate::grid::SheetGrid;
use crate::limits::Purpose;
use crate::workbook::{self, OpenedWorkbook};
use model::Observation;

pub use crate::sandbox::pool::set_program;
pub use crate::sandbox::worker::{ARGUMENT, serve};

/// Opens a workbook and reads all that it shows, in today's letters.
///
/// # Errors
/// The one observation that says why it cannot be opened, or that we have written it ourselves and wait for no answer.
pub(crate) fn open(
    bytes: &[u8],
    name: &str,
    purpose: Purpose,
) -> Result<OpenedWorkbook, Box<Observation>> {
    pool::ask(Some(purpose), name, bytes).unwrap_or_else(|| workbook::open(bytes, name, purpose))
}

/// Opens a workbook and reads all that is in it, hidden or not, in today's letters.
///
/// # Errors
/// The one observation that says why it cannot be opened.
pub(crate) fn open_all(bytes: &[u8]) -> Result<Vec<SheetGrid>, Box<Observation>> {
    match pool::ask(None, "", bytes) {
        Some(opened) => opened.map(|opened| opened.sheets),
        None => workbook::open_all(bytes),
    }
}
