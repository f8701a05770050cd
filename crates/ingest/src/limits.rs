/// What is read at most, before and while reading: a file that passes a limit gets a finding that names it.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Bytes of the file.
    pub file: usize,
    /// Bytes of one member of a zip, unzipped.
    pub member: u64,
    /// Bytes of all members, unzipped.
    pub unzipped: u64,
    /// Texts that cells share.
    pub strings: usize,
    /// Cells of one sheet.
    pub cells: usize,
}

impl Limits {
    /// Of a department's report.
    pub(crate) const REPORT: Self = Self {
        file: 64 << 20,
        member: 256 << 20,
        unzipped: 512 << 20,
        strings: 3_000_000,
        cells: 5_000_000,
    };

    /// Of a list that an operator puts there, up to a million rows of twenty columns.
    pub(crate) const LIST: Self = Self {
        file: 512 << 20,
        member: 2 << 30,
        unzipped: 3 << 30,
        strings: 12_000_000,
        cells: 20_000_000,
    };
}
