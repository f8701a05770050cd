use crate::{Ledger, LedgerError, file_id};
use model::FileId;
use polars::prelude::*;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes a file whole or not at all: under another name first, to the disk, then under its own.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), LedgerError> {
    let write = |source| LedgerError::Write { path: path.to_owned(), source };
    let part = path.with_extension("part");
    let mut file = File::create(&part).map_err(write)?;
    file.write_all(bytes).map_err(write)?;
    file.sync_all().map_err(write)?;
    std::fs::rename(&part, path).map_err(write)
}

/// Records as Parquet; the same records give the same bytes.
pub(crate) fn parquet(path: &Path, frame: &DataFrame) -> Result<Vec<u8>, LedgerError> {
    let mut bytes = Vec::new();
    let written = ParquetWriter::new(&mut bytes).finish(&mut frame.clone());
    written.map_err(|source| LedgerError::Facts { path: path.to_owned(), source })?;
    Ok(bytes)
}

impl Ledger {
    pub(crate) fn facts_path(&self, submission: i64, form: &str) -> PathBuf {
        self.folder.join("facts").join(format!("{submission:06}-{form}.parquet"))
    }

    /// Writes the records of one form of a submission; gives the hash of the file.
    pub(crate) fn write_facts(&self, submission: i64, form: &str, frame: &DataFrame) -> Result<FileId, LedgerError> {
        let path = self.facts_path(submission, form);
        let bytes = parquet(&path, frame)?;
        write_whole(&path, &bytes)?;
        Ok(file_id(&bytes))
    }

    /// The records of one form of a submission, the held ones among them, as they were written.
    ///
    /// # Errors
    /// When the file is missing or damaged.
    pub fn facts(&self, submission: i64, form: &str) -> Result<DataFrame, LedgerError> {
        let path = self.facts_path(submission, form);
        let file = File::open(&path).map_err(|source| LedgerError::Read { path: path.clone(), source })?;
        ParquetReader::new(file).finish().map_err(|source| LedgerError::Facts { path, source })
    }
}
