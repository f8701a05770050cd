use crate::error::LedgerError;
use crate::file_id::file_id;
use crate::files::{PART, write_whole};
use crate::ledger::Ledger;
use model::{FileId, SubmissionId};
use polars::prelude::*;
use polars_io::parquet::read::ParquetReader;
use polars_io::parquet::write::{ParquetCompression, ParquetWriter};
use rusqlite::OptionalExtension;
use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// Records as Parquet; the same records give the same bytes.
pub(crate) fn parquet(path: &Path, frame: &DataFrame) -> Result<Vec<u8>, LedgerError> {
    compressed(path, frame, COMPRESSIONS[0])
}

/// How records are compressed, and how they were before: LZ4 is unpacked in half the time of Zstandard, and all records of a year are
/// read by each run that touches it.
const COMPRESSIONS: [ParquetCompression; 2] =
    [ParquetCompression::Lz4Raw, ParquetCompression::Zstd(None)];

/// The bytes that records are kept as, in each way in which they may have been written.
pub(crate) fn parquets(
    path: &Path,
    frame: &DataFrame,
) -> impl Iterator<Item = Result<Vec<u8>, LedgerError>> {
    let of = move |compression| compressed(path, frame, compression);
    COMPRESSIONS.into_iter().map(of)
}

fn compressed(
    path: &Path,
    frame: &DataFrame,
    compression: ParquetCompression,
) -> Result<Vec<u8>, LedgerError> {
    let mut bytes = Vec::new();
    let writer = ParquetWriter::new(&mut bytes).with_compression(compression);
    let written = writer.finish(&mut frame.clone());
    written.map_err(|source| LedgerError::Facts {
        path: path.to_owned(),
        source,
    })?;
    Ok(bytes)
}

impl Ledger {
    /// Where the records of one form of a submission are kept.
    pub fn facts_path(&self, submission: SubmissionId, form: &str) -> PathBuf {
        self.folder
            .join("facts")
            .join(format!("{:06}-{form}.parquet", submission.0))
    }

    /// Takes away half-written files that a run which was broken off left behind, and puts records that no submission has
    /// aside, into the folder `unknown`. Files as they came stay, whole as they are.
    ///
    /// # Errors
    /// When a folder cannot be read or a file cannot be moved or removed.
    pub fn tidy(&self) -> Result<(), LedgerError> {
        for path in self
            .entries_of("originals")?
            .iter()
            .filter(|path| is_part(path))
        {
            std::fs::remove_file(path).map_err(|source| write_error(path, source))?;
        }
        let known = self.known_facts()?;
        for path in self.entries_of("facts")? {
            if is_part(&path) {
                std::fs::remove_file(&path).map_err(|source| write_error(&path, source))?;
            } else if !known.contains(&path)
                && let Some(name) = path.file_name()
            {
                let folder = self.folder.join("unknown");
                std::fs::create_dir_all(&folder).map_err(|source| write_error(&folder, source))?;
                std::fs::rename(&path, folder.join(name))
                    .map_err(|source| write_error(&path, source))?;
            }
        }
        Ok(())
    }

    /// The files of records and of what came in that no submission has.
    pub(crate) fn unknown_files(&self) -> Result<Vec<PathBuf>, LedgerError> {
        let facts = self.known_facts()?;
        let originals: BTreeSet<PathBuf> = self
            .files()?
            .iter()
            .map(|file| self.original(file))
            .collect();
        let mut unknown = self.entries_of("facts")?;
        unknown.retain(|path| !facts.contains(path));
        let mut others = self.entries_of("originals")?;
        others.retain(|path| !originals.contains(path));
        unknown.extend(others);
        unknown.sort();
        Ok(unknown)
    }

    fn known_facts(&self) -> Result<BTreeSet<PathBuf>, LedgerError> {
        let mut statement = self
            .database
            .prepare("SELECT submission, form FROM form_rows")?;
        let known = statement.query_map([], |row| {
            Ok(self.facts_path(SubmissionId(row.get(0)?), &row.get::<_, String>(1)?))
        })?;
        Ok(known.collect::<Result<_, _>>()?)
    }

    fn entries_of(&self, folder: &str) -> Result<Vec<PathBuf>, LedgerError> {
        let folder = self.folder.join(folder);
        let entries = std::fs::read_dir(&folder).and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect()
        });
        entries.map_err(|source| LedgerError::Read {
            path: folder.clone(),
            source,
        })
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
        let bytes = std::fs::read(&path).map_err(|source| LedgerError::Read {
            path: path.clone(),
            source,
        })?;
        // Records from before their hashes were kept have nothing to be held against.
        let written: Option<String> = self
            .database
            .query_row(
                "SELECT sha256 FROM facts_file WHERE submission = ?1 AND form = ?2",
                rusqlite::params![submission.0, form],
                |row| row.get(0),
            )
            .optional()?;
        if written.is_some_and(|written| file_id(&bytes).0 != written) {
            return Err(LedgerError::ChangedFile { path });
        }
        ParquetReader::new(Cursor::new(bytes))
            .finish()
            .map_err(|source| LedgerError::Facts { path, source })
    }
}

fn is_part(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == PART)
}

fn write_error(path: &Path, source: std::io::Error) -> LedgerError {
    LedgerError::Write {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::parquets;
    use crate::file_id::file_id;
    use crate::testing::{day, ledger, run, take_in};
    use model::SubmissionId;
    use polars::prelude::*;

    #[test]
    fn records_that_were_compressed_otherwise_are_known_again_and_put_back() {
        let (_folder, ledger) = ledger();
        run(&ledger, day(1), |writer| take_in(writer, "a"));
        let submission = SubmissionId(1);
        let frame = df!("enterprise" => ["Mẫu", "Mẫu"], "spent" => [Some(5_i64), None]).unwrap();
        let other = df!("enterprise" => ["Mẫu", "Mẫu"], "spent" => [Some(6_i64), None]).unwrap();
        let path = ledger.facts_path(submission, "support");
        for bytes in parquets(&path, &frame) {
            let bytes = bytes.unwrap();
            let sql = "INSERT OR REPLACE INTO facts_file (submission, form, sha256) VALUES (1, 'support', ?1)";
            ledger.database.execute(sql, [file_id(&bytes).0]).unwrap();
            assert!(ledger.has_facts(submission, "support", &frame).unwrap());
            assert!(!ledger.has_facts(submission, "support", &other).unwrap());
            assert!(ledger.restore_facts(submission, "support", &frame).unwrap());
            assert_eq!(std::fs::read(&path).unwrap(), bytes);
            let read = ledger.facts(submission, "support").unwrap();
            assert!(read.equals_missing(&frame));
        }
    }
}
