//! Lists of other programmes that have become much shorter: a person is asked whether they are whole.

use ledger::{ReplacementAnswer, ReplacementVerdict};
use model::FileId;
use serde::Serialize;

/// A list of which a version with many more rows counts meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegisterQuestion {
    /// Its name.
    pub file_name: String,
    /// The content of the new version.
    #[serde(skip)]
    pub file: FileId,
    /// The rows of the version that counts.
    pub before: usize,
    /// The rows of the new one.
    pub now: usize,
    /// What was answered: that the version before stays, or that it has to be looked into.
    #[serde(skip)]
    pub answer: Option<ReplacementAnswer>,
}

/// What an answer on a register is kept under, in place of a form: no form has a name with a blank in it.
pub(crate) const REGISTER: &str = "a register";

impl RegisterQuestion {
    /// Whether nobody has said yet what is to be done.
    pub fn is_open(&self) -> bool {
        let mut answers = self.answer.iter();
        answers.all(|answer| answer.verdict == ReplacementVerdict::Verify)
    }
}

/// Whether a list has lost more than a fifth of its rows.
pub(crate) fn is_much_less(now: usize, before: usize) -> bool {
    now.saturating_mul(5) < before.saturating_mul(4)
}

#[cfg(test)]
mod tests {
    use super::is_much_less;

    #[test]
    fn a_fifth_may_go() {
        assert!(!is_much_less(80, 100) && is_much_less(79, 100));
        assert!(!is_much_less(0, 0) && is_much_less(0, 1) && !is_much_less(9, 1));
    }
}
