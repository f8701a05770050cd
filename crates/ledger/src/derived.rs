//! What was worked out from what the ledger keeps, so that it need not be worked out again.
//!
//! Nothing depends on it: it may be deleted at any time. A file says by its name what it holds, from which inputs, and
//! the hash of its own bytes; one that is not as it was written is passed over.

use crate::files::write_whole;
use crate::{Ledger, LedgerError, file_id};
use model::FileId;
use polars::prelude::*;
use polars_io::parquet::read::ParquetReader;
use polars_io::parquet::write::{ParquetCompression, ParquetWriter};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::PathBuf;

/// The folder.
const DERIVED: &str = "derived";

/// So many digits of a hash stand in a name.
const DIGITS: usize = 32;

/// A file's name, taken apart: `<kind>-<inputs>-<hash of its bytes>.parquet`.
struct Name<'n> {
    kind: &'n str,
    inputs: &'n str,
    hash: &'n str,
}

impl<'n> Name<'n> {
    fn read(name: &'n str) -> Option<Self> {
        let mut parts = name.strip_suffix(".parquet")?.split('-');
        let found = Self {
            kind: parts.next()?,
            inputs: parts.next()?,
            hash: parts.next()?,
        };
        parts.next().is_none().then_some(found)
    }

    fn is_of(&self, bytes: &[u8]) -> bool {
        self.hash.len() == DIGITS && file_id(bytes).0.starts_with(self.hash)
    }
}

impl Ledger {
    /// The frame of a kind that was worked out from some inputs (a hash); nothing where there is none, or it is not as it
    /// was written.
    pub fn derived(&self, kind: &str, inputs: &FileId) -> Option<DataFrame> {
        let files = self.derived_files();
        let (path, name) = files.iter().find_map(|(path, name)| {
            let name = Name::read(name)?;
            (name.kind == kind && inputs.0.starts_with(name.inputs)).then_some((path, name))
        })?;
        let bytes = std::fs::read(path).ok().filter(|bytes| name.is_of(bytes))?;
        ParquetReader::new(Cursor::new(bytes)).finish().ok()
    }

    /// Keeps the frame of a kind that was worked out from some inputs (a hash).
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_derived(
        &self,
        kind: &str,
        inputs: &FileId,
        frame: &DataFrame,
    ) -> Result<(), LedgerError> {
        let folder = self.folder.join(DERIVED);
        let mut bytes = Vec::new();
        // It is read at every run and never sent anywhere: time counts more than room.
        let writer =
            ParquetWriter::new(&mut bytes).with_compression(ParquetCompression::Uncompressed);
        let written = writer.finish(&mut frame.clone());
        written.map_err(|source| LedgerError::Facts {
            path: folder.clone(),
            source,
        })?;
        let [inputs, hash] =
            [inputs, &file_id(&bytes)].map(|id| id.0.get(..DIGITS).unwrap_or(&id.0).to_owned());
        write_whole(
            &folder.join(format!("{kind}-{inputs}-{hash}.parquet")),
            &bytes,
        )
    }

    /// Takes away what was worked out from other inputs than these, and what is not as it was written.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn forget_derived_but(&self, inputs: &BTreeSet<FileId>) -> Result<(), LedgerError> {
        for (path, name) in self.derived_files() {
            let is_kept = |name: Name<'_>| {
                inputs
                    .iter()
                    .any(|inputs| inputs.0.starts_with(name.inputs))
            };
            if !Name::read(&name).is_some_and(is_kept) {
                std::fs::remove_file(&path)
                    .map_err(|source| LedgerError::Write { path, source })?;
            }
        }
        Ok(())
    }

    /// The files that are not as they were written.
    pub(crate) fn damaged_derived(&self) -> Vec<PathBuf> {
        let is_whole = |path: &PathBuf, name: &str| {
            Name::read(name)
                .is_some_and(|name| std::fs::read(path).is_ok_and(|bytes| name.is_of(&bytes)))
        };
        let files = self.derived_files().into_iter();
        files
            .filter(|(path, name)| !is_whole(path, name))
            .map(|(path, _)| path)
            .collect()
    }

    /// Every file, by its name; none where the folder cannot be read.
    fn derived_files(&self) -> BTreeMap<PathBuf, String> {
        let entries = std::fs::read_dir(self.folder.join(DERIVED))
            .into_iter()
            .flatten()
            .flatten();
        entries
            .map(|entry| {
                (
                    entry.path(),
                    entry.file_name().to_string_lossy().into_owned(),
                )
            })
            .collect()
    }
}
