use crate::PipelineError;
use ledger::Ledger;
use programme::{Programme, Settings, Source};
use std::path::{Path, PathBuf};

/// An operator's folder: settings, what came in, what is known, what was made.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    /// The operator's settings.
    pub settings: Settings,
    /// The programme they name.
    pub programme: Programme,
    /// Its files, which the ledger keeps with each run.
    pub(crate) source: Source,
}

const FOLDERS: [&str; 6] = ["inbox", "returned", "review", "registers", "reports", "ledger"];

impl Workspace {
    /// Makes a workspace in a folder, for the programme in another folder or the one compiled in.
    ///
    /// # Errors
    /// When the folder is a workspace already, cannot be written, or the programme has faults.
    pub fn create(root: &Path, programme: Option<&Path>) -> Result<Self, PipelineError> {
        let settings = root.join("tonghop.toml");
        if settings.exists() {
            return Err(PipelineError::Exists(root.to_owned()));
        }
        let absolute = match programme {
            Some(folder) => {
                Programme::load(&Source::read_dir(folder)?)?;
                Some(std::path::absolute(folder).map_err(PipelineError::file(folder))?)
            }
            None => None,
        };
        for folder in FOLDERS {
            let path = root.join(folder);
            std::fs::create_dir_all(&path).map_err(PipelineError::file(path))?;
        }
        let text = Settings::blank(absolute.as_ref().map(|p| p.to_string_lossy()).as_deref());
        std::fs::write(&settings, text).map_err(PipelineError::file(settings.clone()))?;
        Self::open(root)
    }

    /// Opens a workspace and loads its programme.
    ///
    /// # Errors
    /// When the folder is no workspace, or its settings or programme have faults.
    pub fn open(root: &Path) -> Result<Self, PipelineError> {
        let path = root.join("tonghop.toml");
        if !path.exists() {
            return Err(PipelineError::NoWorkspace(root.to_owned()));
        }
        let settings = Settings::read(&path)?;
        let source = match &settings.programme {
            Some(folder) => Source::read_dir(folder)?,
            None => Source::default_programme(),
        };
        let programme = Programme::load(&source)?;
        Ok(Self { root: root.to_owned(), settings, programme, source })
    }

    /// The programme's files as the ledger keeps them.
    pub(crate) fn programme_files(&self) -> Result<String, PipelineError> {
        serde_json::to_string(&self.source).map_err(PipelineError::ProgrammeFiles)
    }

    /// The programme that files of the ledger are.
    pub(crate) fn kept_programme(files: &str) -> Result<Programme, PipelineError> {
        let source: Source = serde_json::from_str(files).map_err(PipelineError::ProgrammeFiles)?;
        Ok(Programme::load(&source)?)
    }

    /// The programme of a day (RFC 3339, UTC) and its files, where today's is another.
    pub(crate) fn programme_of_day(
        &self,
        ledger: &Ledger,
        moment: &str,
    ) -> Result<Option<(Programme, String)>, PipelineError> {
        match ledger.programme_at(moment)? {
            Some((hash, files)) if hash != self.programme.hash => Ok(Some((Self::kept_programme(&files)?, files))),
            _ => Ok(None),
        }
    }

    /// The programme of that hash: today's, or one that the ledger keeps.
    pub(crate) fn programme_of_hash(&self, ledger: &Ledger, hash: &str) -> Result<Programme, PipelineError> {
        match ledger.programme(hash)? {
            Some(files) if hash != self.programme.hash => Self::kept_programme(&files),
            _ => Ok(self.programme.clone()),
        }
    }

    /// Where workbooks are dropped.
    pub fn inbox(&self) -> PathBuf {
        self.root.join("inbox")
    }

    /// Where lists of other programmes are dropped.
    pub fn registers(&self) -> PathBuf {
        self.root.join("registers")
    }

    /// Where questions are asked and answers come back.
    pub fn review(&self) -> PathBuf {
        self.root.join("review")
    }

    /// Where reports are written.
    pub fn reports(&self) -> PathBuf {
        self.root.join("reports")
    }

    /// Where what goes back to senders is written.
    pub fn returned(&self) -> PathBuf {
        self.root.join("returned")
    }

    /// Where the results of looking nominees up are written.
    pub fn screened(&self) -> PathBuf {
        self.root.join("screened")
    }

    /// Where blank workbooks are written.
    pub fn templates(&self) -> PathBuf {
        self.root.join("templates")
    }

    /// Where the ledger is kept.
    pub fn ledger(&self) -> PathBuf {
        self.root.join("ledger")
    }
}

/// Writes a file whole or not at all, making its folder where there is none.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), PipelineError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(PipelineError::file(folder))?;
    }
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    std::fs::write(&part, bytes).map_err(PipelineError::file(part.clone()))?;
    std::fs::rename(&part, path).map_err(PipelineError::file(path))
}
