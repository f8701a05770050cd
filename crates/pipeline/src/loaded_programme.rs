use crate::error::PipelineError;
use ledger::KeptProgramme;
use programme::{Programme, Source};

/// A programme, and its files as the ledger keeps them.
#[derive(Debug, Clone)]
pub(crate) struct LoadedProgramme {
    pub programme: Programme,
    /// Its files, as JSON.
    pub files: String,
}

impl LoadedProgramme {
    /// Loads a programme that is used today: its faults are errors.
    pub(crate) fn load(source: &Source) -> Result<Self, PipelineError> {
        let files = serde_json::to_string(source).map_err(PipelineError::ProgrammeFiles)?;
        Ok(Self {
            programme: Programme::load(source)?,
            files,
        })
    }

    /// Loads the programme that is compiled in.
    pub(crate) fn compiled_in() -> Result<Self, PipelineError> {
        let source = Source::default_programme();
        let files = serde_json::to_string(&source).map_err(PipelineError::ProgrammeFiles)?;
        Ok(Self {
            programme: Programme::default_programme()?,
            files,
        })
    }

    /// Loads a programme from files that the ledger kept: what a newer check would refuse was sound on its day.
    pub(crate) fn load_kept(files: String) -> Result<Self, PipelineError> {
        let source: Source = serde_json::from_str(&files).map_err(PipelineError::ProgrammeFiles)?;
        Ok(Self {
            programme: Programme::load_kept(&source)?,
            files,
        })
    }

    /// As a run or a report records it.
    pub(crate) fn to_kept(&self) -> KeptProgramme {
        KeptProgramme {
            id: self.programme.id.clone(),
            hash: self.programme.hash.clone(),
            files: self.files.clone(),
        }
    }
}
