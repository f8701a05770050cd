//! What a worker may take for a file, by how large the file is.

use std::time::Duration;

/// The most memory and time for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// Bytes of memory.
    pub memory: u64,
    /// Seconds of the processor.
    pub seconds: u64,
    /// The longest that it may last by the clock, if the machine has other things to do or the worker waits for nothing.
    pub wall: Duration,
}

/// Memory for any file.
const MEMORY: u64 = 1 << 30;
/// Memory for each byte of a file: zipped sheets come to about ten times their size, and are held beside their cells.
const MEMORY_FOR_EACH: u64 = 16;
/// No file may take more.
pub(crate) const MOST_MEMORY: u64 = 8 << 30;
/// Seconds for any file, and for each MiB of it.
const SECONDS: u64 = 3;

impl Allowance {
    /// That for a file of so many bytes.
    pub(crate) fn of(bytes: u64) -> Self {
        let seconds = SECONDS + (bytes >> 20);
        let memory = MEMORY.saturating_add(bytes.saturating_mul(MEMORY_FOR_EACH));
        Self {
            memory: memory.min(MOST_MEMORY),
            seconds,
            wall: Duration::from_secs(30 + seconds * 10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Allowance, MOST_MEMORY};

    #[test]
    fn a_larger_file_may_take_more_up_to_a_bound() {
        let (small, large) = (Allowance::of(100), Allowance::of(64 << 20));
        assert!(small.memory < (1 << 30) + (1 << 20) && large.memory == 2 << 30);
        assert!(small.seconds < large.seconds);
        assert_eq!(Allowance::of(u64::MAX >> 4).memory, MOST_MEMORY);
    }
}
