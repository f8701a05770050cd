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
    /// The code of an error.
    pub(crate) fn of(error: &anyhow::Error) -> Self {
        if error.is::<UsageError>() {
            return Self::Usage;
        }
        match error.downcast_ref::<PipelineError>() {
            Some(PipelineError::Ledger(LedgerError::Locked)) => Self::Locked,
            Some(
                PipelineError::NoWorkspace(_)
                | PipelineError::Exists(_)
                | PipelineError::Year { .. }
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
