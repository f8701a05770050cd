use ledger::Versions;

/// Raised by each change that reads another record from the same workbook.
pub const READER_VERSION: u32 = 4;

/// Raised by each change that makes another figure from the same records.
pub const COUNTING_VERSION: u32 = 4;

/// What reads and counts in this program.
pub(crate) fn versions() -> Versions {
    Versions {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        reader: READER_VERSION,
        counting: COUNTING_VERSION,
    }
}
