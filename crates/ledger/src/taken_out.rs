use crate::error::LedgerError;
use crate::ledger::Ledger;
use model::Moment;
use serde::Serialize;

/// What was taken out of the ledger that may tell of persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TakenOut {
    /// Where to.
    pub folder: String,
    /// Whether columns that forms mark as personal were.
    pub for_linkage: bool,
    /// Whether the files were, as they came.
    pub originals: bool,
}

impl Ledger {
    /// Tells in the log that something is taken out.
    ///
    /// # Errors
    /// When the database or the log cannot be written.
    pub fn record_taken_out(
        &self,
        at: Moment,
        operator: &str,
        taken: &TakenOut,
    ) -> Result<(), LedgerError> {
        let transaction = self.database.unchecked_transaction()?;
        let detail =
            serde_json::to_value(taken).map_err(|error| LedgerError::Entry(error.to_string()))?;
        self.commit(transaction, at, operator, "export", &detail)
    }
}

#[cfg(test)]
mod tests {
    use super::TakenOut;
    use crate::testing::{actions, day, ledger};

    #[test]
    fn what_is_taken_out_is_told_in_the_log() {
        let (_folder, ledger) = ledger();
        let taken = TakenOut {
            folder: "ngoai".to_owned(),
            for_linkage: true,
            originals: false,
        };
        ledger.record_taken_out(day(5), "An", &taken).unwrap();
        assert_eq!(actions(&ledger), ["export"]);
        let entry = ledger.audit().unwrap().remove(0);
        assert_eq!(
            entry.detail,
            r#"{"folder":"ngoai","for_linkage":true,"originals":false}"#
        );
    }
}
