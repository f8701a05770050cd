use crate::error::LedgerError;
use crate::privacy::{make_folder, open};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The right to write to a ledger: one program at a time.
///
/// The system lets go of it when the program ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    folder: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the lock of the ledger in a folder.
    ///
    /// # Errors
    /// [`LedgerError::Locked`] while another program has it.
    pub fn take(folder: &Path) -> Result<Self, LedgerError> {
        let write = |path: &Path, source| LedgerError::Write {
            path: path.to_owned(),
            source,
        };
        make_folder(folder).map_err(|source| write(folder, source))?;
        let path = folder.join("lock");
        let file = open(&path, File::options().create(true).append(true))
            .map_err(|source| write(&path, source))?;
        match file.try_lock() {
            Ok(()) => Ok(Self {
                folder: folder.to_owned(),
                _file: file,
            }),
            Err(TryLockError::WouldBlock) => Err(LedgerError::Locked),
            Err(TryLockError::Error(source)) => Err(write(&path, source)),
        }
    }

    /// The ledger's folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}
