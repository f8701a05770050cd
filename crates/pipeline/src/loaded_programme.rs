use crate::error::PipelineError;
use ledger::KeptProgramme;
use model::ProgrammeHash;
use programme::{Programme, Source};
use std::path::Path;

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

    /// Loads the programme that is compiled in, with what the office of a folder lays over it.
    pub(crate) fn compiled_in(office: &Path) -> Result<Self, PipelineError> {
        let source = Source::default_programme().with_office(office)?;
        let files = serde_json::to_string(&source).map_err(PipelineError::ProgrammeFiles)?;
        Ok(Self {
            programme: Programme::load_compiled_in(&source)?,
            files,
        })
    }

    /// Loads the programme of a hash from files that the ledger kept: what a newer check would refuse was sound on its day.
    pub(crate) fn load_kept(hash: &ProgrammeHash, files: String) -> Result<Self, PipelineError> {
        let source: Source = serde_json::from_str(&files).map_err(PipelineError::ProgrammeFiles)?;
        if source.hash() != *hash {
            return Err(PipelineError::ChangedProgramme(hash.clone()));
        }
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

#[cfg(test)]
mod tests {
    use super::LoadedProgramme;
    use crate::error::PipelineError;
    use crate::testing::small_programme;

    #[test]
    fn files_that_are_not_those_of_their_hash_are_not_used() {
        let LoadedProgramme { programme, files } = small_programme();
        let kept = LoadedProgramme::load_kept(&programme.hash, files.clone()).unwrap();
        assert_eq!(kept.programme.hash, programme.hash);
        let name = serde_json::to_string(&programme.report.header.title).unwrap();
        let title = name.trim_matches('"');
        assert!(files.contains(title), "{title}");
        let changed = LoadedProgramme::load_kept(&programme.hash, files.replace(title, "Khác"));
        assert!(matches!(
            changed,
            Err(PipelineError::ChangedProgramme(hash)) if hash == programme.hash
        ));
    }
}
