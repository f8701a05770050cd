use crate::error::LedgerError;
use crate::file_id::file_id;
use crate::files::{PART, write_whole};
use crate::ledger::Ledger;
use model::{FileId, SubmissionId};
use polars::prelude::*;
use polars_io::parquet::read::ParquetReader;
use polars_io::parquet::write::ParquetWriter;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Records as Parquet; the same records give the same bytes.
pub(crate) fn parquet(path: &Path, frame: &DataFrame) -> Result<Vec<u8>, LedgerError> {
    let mut bytes = Vec::new();
    let written = ParquetWriter::new(&mut bytes).finish(&mut frame.clone());
    written.map_err(|source| LedgerError::Facts {
        path: path.to_owned(),
        source,
    })?;
    Ok(bytes)
}

impl Ledger {
    pub(crate) fn facts_path(&self, submission: SubmissionId, form: &str) -> PathBuf {
        self.folder
            .join("facts")
            .join(format!("{:06}-{form}.parquet", submission.0))
    }

    /// Takes away what a run that was broken off left behind: half-written files, and records that no submission has.
    /// Files as they came stay, whole as they are.
    ///
    /// # Errors
    /// When a folder cannot be read or a file cannot be removed.
    pub fn tidy(&self) -> Result<(), LedgerError> {
        let mut statement = self
            .database
            .prepare("SELECT submission, form FROM form_rows")?;
        let known = statement.query_map([], |row| {
            Ok(self.facts_path(SubmissionId(row.get(0)?), &row.get::<_, String>(1)?))
        })?;
        let known = known.collect::<Result<BTreeSet<PathBuf>, _>>()?;
        for (folder, all_are_known) in [("originals", false), ("facts", true)] {
            let folder = self.folder.join(folder);
            let write = |source| LedgerError::Write {
                path: folder.clone(),
                source,
            };
            for entry in std::fs::read_dir(&folder).map_err(write)? {
                let path = entry.map_err(write)?.path();
                let is_part = path.extension().is_some_and(|extension| extension == PART);
                if is_part || (all_are_known && !known.contains(&path)) {
                    std::fs::remove_file(&path).map_err(write)?;
                }
            }
        }
        Ok(())
    }

    /// Writes the records of one form of a submission; gives the hash of the file.
    pub(crate) fn write_facts(
        &self,
        submission: SubmissionId,
        form: &str,
        frame: &DataFrame,
    ) -> Result<FileId, LedgerError> {
        let path = self.facts_path(submission, form);
        let bytes = parquet(&path, frame)?;
        write_whole(&path, &bytes)?;
        Ok(file_id(&bytes))
    }

    /// The records of one form of a submission, the held ones among them, as they were written.
    ///
    /// # Errors
    /// When the file is missing or damaged.
    pub fn facts(&self, submission: SubmissionId, form: &str) -> Result<DataFrame, LedgerError> {
        let path = self.facts_path(submission, form);
        let file = File::open(&path).map_err(|source| LedgerError::Read {
            path: path.clone(),
            source,
        })?;
        ParquetReader::new(file)
            .finish()
            .map_err(|source| LedgerError::Facts { path, source })
    }
}
