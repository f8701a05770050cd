use crate::error::PipelineError;
use crate::loaded_programme::LoadedProgramme;
use ledger::Ledger;
use ledger::keep_private;
use model::{Moment, ProgrammeHash};
use programme::{Programme, Settings, Source};
use std::path::{Path, PathBuf};

/// An operator's folder: settings, what came in, what is known, what was made.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    /// The operator's settings.
    pub settings: Settings,
    /// The programme they name first.
    pub programme: Programme,
    files: String,
    /// The programmes of other periods.
    others: Vec<LoadedProgramme>,
}

const FOLDERS: [&str; 6] = [
    "inbox",
    "returned",
    "review",
    "registers",
    "reports",
    "ledger",
];

/// The folder of the ledger.
const LEDGER: &str = "ledger";

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

    /// Opens a workspace and loads its programmes.
    ///
    /// # Errors
    /// When the folder is no workspace, its settings or a programme have faults, or two programmes share a year.
    pub fn open(root: &Path) -> Result<Self, PipelineError> {
        let path = root.join("tonghop.toml");
        if !path.exists() {
            return Err(PipelineError::NoWorkspace(root.to_owned()));
        }
        let settings = Settings::read(&path)?;
        let ledger = root.join(LEDGER);
        // On a copy that may not be written, or of another owner, it stays as it is.
        if !settings.shared_ledger
            && let Err(error) = keep_private(&ledger)
        {
            tracing::debug!(%error, "the ledger's rights stay as they are");
        }
        let LoadedProgramme { programme, files } = match &settings.programme {
            Some(folder) => LoadedProgramme::load(&Source::read_dir(folder)?.with_office(root)?)?,
            None => LoadedProgramme::compiled_in(root)?,
        };
        let mut others: Vec<LoadedProgramme> = Vec::new();
        for folder in &settings.other_programmes {
            let other = LoadedProgramme::load(&Source::read_dir(folder)?.with_office(root)?)?;
            let before =
                std::iter::once(&programme).chain(others.iter().map(|other| &other.programme));
            for known in before {
                if other
                    .programme
                    .years()
                    .any(|year| known.years().contains(&year))
                {
                    let ids = [known.id.clone(), other.programme.id.clone()];
                    return Err(PipelineError::SameYears(ids));
                }
            }
            others.push(other);
        }
        Ok(Self {
            root: root.to_owned(),
            settings,
            programme,
            files,
            others,
        })
    }

    /// The same with its files in another folder, by the settings and programmes that were loaded here: they may name folders from
    /// here on.
    pub(crate) fn moved_to(&self, root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            settings: self.settings.clone(),
            programme: self.programme.clone(),
            files: self.files.clone(),
            others: self.others.clone(),
        }
    }

    /// The programme whose period holds a year; the one the settings name first if none does.
    pub fn programme_of(&self, year: i32) -> &Programme {
        self.programmes()
            .find(|programme| programme.years().contains(&year))
            .unwrap_or(&self.programme)
    }

    /// All programmes, the one the settings name first at the head.
    pub fn programmes(&self) -> impl Iterator<Item = &Programme> {
        std::iter::once(&self.programme).chain(self.others.iter().map(|other| &other.programme))
    }

    /// All programmes but one.
    pub(crate) fn others_than(&self, programme: &Programme) -> Vec<&Programme> {
        self.programmes()
            .filter(|other| other.id != programme.id)
            .collect()
    }

    /// All programmes with their files.
    pub(crate) fn loaded_programmes(&self) -> Vec<LoadedProgramme> {
        let present = LoadedProgramme {
            programme: self.programme.clone(),
            files: self.files.clone(),
        };
        std::iter::once(present)
            .chain(self.others.iter().cloned())
            .collect()
    }

    /// The programmes that the last run up to a moment used; today's if the ledger does not know them.
    pub(crate) fn programmes_on(
        &self,
        ledger: &Ledger,
        moment: Moment,
    ) -> Result<Vec<LoadedProgramme>, PipelineError> {
        let of_the_day = ledger.programmes_at(moment)?;
        if of_the_day.is_empty() {
            return Ok(self.loaded_programmes());
        }
        of_the_day
            .into_iter()
            .map(|(hash, files)| self.find_or_load(&hash, files))
            .collect()
    }

    /// The programme of that hash: one of today's, or one that the ledger keeps; today's first if it keeps none.
    pub(crate) fn programme_with_hash(
        &self,
        ledger: &Ledger,
        hash: &ProgrammeHash,
    ) -> Result<LoadedProgramme, PipelineError> {
        match ledger.programme(hash)? {
            Some(files) => self.find_or_load(hash, files),
            // A ledger from before programmes were kept.
            None => Ok(LoadedProgramme {
                programme: self.programme.clone(),
                files: self.files.clone(),
            }),
        }
    }

    fn find_or_load(
        &self,
        hash: &ProgrammeHash,
        files: String,
    ) -> Result<LoadedProgramme, PipelineError> {
        match self
            .loaded_programmes()
            .into_iter()
            .find(|other| other.programme.hash == *hash)
        {
            Some(kept) => Ok(kept),
            None => LoadedProgramme::load_kept(hash, files),
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

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the ledger is kept.
    pub fn ledger(&self) -> PathBuf {
        self.root.join(LEDGER)
    }
}

/// Removes a file, if it is there.
///
/// # Errors
/// When it cannot be removed.
pub(crate) fn remove_if_any(path: &Path) -> Result<(), PipelineError> {
    match path.exists() {
        true => std::fs::remove_file(path).map_err(PipelineError::file(path)),
        false => Ok(()),
    }
}
