//! What the program does in the process of its own that opens an .xls.
//!
//! The program that reads a batch says with [`set_program`] that workbooks of this format are to be opened so; it calls
//! itself with [`ARGUMENT`] and [serves](serve) one file.

use crate::formats::xls::read_here;
use crate::formats::xls::wire::WireSheet;
use std::io::{Read, Write};

pub use crate::formats::xls::process::{ARGUMENT, set_program};

/// The most memory that opening a workbook may take, in bytes.
#[cfg(unix)]
const MEMORY: u64 = 2 << 30;

/// What the program does when it is called with [`ARGUMENT`]: opens the workbook from `input`, writes its cells to `output`.
///
/// # Errors
/// When input or output fails.
pub fn serve(mut input: impl Read, mut output: impl Write) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        // A system that knows no such limit reads without one.
        let _ = rlimit::setrlimit(rlimit::Resource::AS, MEMORY, MEMORY);
    }
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let read =
        read_here(&bytes).map(|sheets| sheets.iter().map(WireSheet::from_grid).collect::<Vec<_>>());
    serde_json::to_writer(&mut output, &read)?;
    output.flush()
}
