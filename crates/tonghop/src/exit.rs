use ledger::LedgerError;
use pipeline::PipelineError;
use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All well.
    Well = 0,
    /// A fault of the program or the machine.
    Fault = 1,
    /// The call was wrong.
    Usage = 2,
    /// Data that blocks: rows are held, a file was refused, the programme has faults.
    Data = 3,
    /// Questions wait for a person.
    Questions = 4,
    /// A department is missing.
    Missing = 5,
    /// An input is locked or still being copied, or another program is at work here.
    Locked = 75,
}

/// What may make a command end with another code than 0; `--fail-on` chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FailOn {
    /// Rows are held or a file was refused (3).
    Held,
    /// Questions wait (4).
    Questions,
    /// A department is missing (5).
    Missing,
    /// An input is locked (75).
    Locked,
    /// Nothing.
    None,
}

/// The call was wrong in a way that the argument parser cannot see.
#[derive(Debug)]
pub(crate) struct UsageError(pub String);

impl std::fmt::Display for UsageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

impl Exit {
    /// How the program ends when a command fails with `error`: what the operator can mend is told apart from a fault.
    pub(crate) fn from_error(error: &anyhow::Error) -> Self {
        if error.is::<UsageError>() {
            return Self::Usage;
        }
        match error.downcast_ref::<PipelineError>() {
            Some(PipelineError::Ledger(LedgerError::Locked)) => Self::Locked,
            Some(PipelineError::Ledger(
                LedgerError::NumberTaken { .. }
                | LedgerError::Earlier { .. }
                | LedgerError::NoSuchIssue { .. }
                | LedgerError::SeveralIssues { .. }
                | LedgerError::Withdrawn { .. },
            )) => Self::Usage,
            Some(
                PipelineError::NoWorkspace(_)
                | PipelineError::Exists(_)
                | PipelineError::NotIssued(_)
                | PipelineError::Key(_)
                | PipelineError::Year { .. }
                | PipelineError::NoSuchReport(_)
                | PipelineError::WhichFile { .. },
            ) => Self::Usage,
            Some(
                PipelineError::Programme(_) | PipelineError::Settings(_) | PipelineError::Empty,
            ) => Self::Data,
            _ => Self::Fault,
        }
    }

    /// The first of these that holds and that counts here, in this order.
    pub(crate) fn first(counted: &[FailOn], held: [(FailOn, bool); 4]) -> Self {
        let found = held
            .into_iter()
            .find(|(on, holds)| *holds && counted.contains(on))
            .map(|(on, _)| on);
        match found {
            Some(FailOn::Locked) => Self::Locked,
            Some(FailOn::Held) => Self::Data,
            Some(FailOn::Questions) => Self::Questions,
            Some(FailOn::Missing) => Self::Missing,
            Some(FailOn::None) | None => Self::Well,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::{Exit, FailOn, UsageError};
    use ledger::LedgerError;
    use pipeline::PipelineError;

    fn code(error: impl Into<anyhow::Error>) -> u8 {
        Exit::from_error(&error.into()) as u8
    }

    #[test]
    fn each_error_has_its_code() {
        assert_eq!(code(UsageError("no moment".to_owned())), 2);
        assert_eq!(code(PipelineError::NoWorkspace("here".into())), 2);
        assert_eq!(code(PipelineError::Exists("here".into())), 2);
        assert_eq!(code(PipelineError::Empty), 3);
        assert_eq!(code(PipelineError::Ledger(LedgerError::Locked)), 75);
        let number = "1/BC".parse().unwrap();
        assert_eq!(
            code(PipelineError::Ledger(LedgerError::NoSuchIssue { number })),
            2
        );
        assert_eq!(code(anyhow::anyhow!("the disk is full")), 1);
    }

    #[test]
    fn of_several_the_first_that_counts_decides() {
        let all = [
            (FailOn::Locked, true),
            (FailOn::Held, true),
            (FailOn::Questions, true),
            (FailOn::Missing, true),
        ];
        let first = |counted: &[FailOn]| Exit::first(counted, all) as u8;
        assert_eq!(
            first(&[
                FailOn::Missing,
                FailOn::Questions,
                FailOn::Held,
                FailOn::Locked
            ]),
            75
        );
        assert_eq!(
            first(&[FailOn::Missing, FailOn::Questions, FailOn::Held]),
            3
        );
        assert_eq!(first(&[FailOn::Missing, FailOn::Questions]), 4);
        assert_eq!(first(&[FailOn::Missing]), 5);
        assert_eq!(first(&[FailOn::None]), 0);
        assert_eq!(first(&[]), 0);
    }

    #[test]
    fn what_does_not_hold_does_not_decide() {
        let held = [
            (FailOn::Locked, false),
            (FailOn::Held, false),
            (FailOn::Questions, true),
            (FailOn::Missing, false),
        ];
        let counted = [FailOn::Locked, FailOn::Held];
        assert_eq!(Exit::first(&counted, held), Exit::Well);
        assert_eq!(Exit::first(&[FailOn::Questions], held), Exit::Questions);
    }
}
