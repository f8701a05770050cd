//! What was worked out from what the ledger keeps, so that it need not be worked out again.
//!
//! Nothing depends on it: it may be deleted at any time. A file's name has what it holds, from which inputs, and
//! the hash of its own bytes; one that is not as it was written is passed over.

use crate::error::LedgerError;
use crate::file_id::file_id;
use crate::files::write_whole;
use crate::ledger::Ledger;
use model::FileId;
use polars::prelude::*;
use polars_io::parquet::read::ParquetReader;
use polars_io::parquet::write::{ParquetCompression, ParquetWriter};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::PathBuf;

/// The folder.
const DERIVED: &str = "derived";

/// How many digits of a hash are part of a name.
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
    /// The frame of a kind that was worked out from some inputs (a hash); nothing if there is none, or it is not as it
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

    /// Every file, by its name; none if the folder cannot be read.
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

#[cfg(test)]
mod tests {
    use crate::Damage;
    use crate::LedgerPart;
    use crate::file_id::file_id;
    use crate::testing::ledger;
    use polars::prelude::*;
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    fn frame(value: i64) -> DataFrame {
        DataFrame::new_infer_height(vec![Column::new("value".into(), [value])]).unwrap()
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder.join("derived")).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    #[test]
    fn a_frame_is_found_by_its_kind_and_its_inputs() {
        let (_folder, ledger) = ledger();
        let (one, two) = (file_id(b"one"), file_id(b"two"));
        ledger.keep_derived("cases", &one, &frame(1)).unwrap();
        assert!(ledger.derived("cases", &one).unwrap().equals(&frame(1)));
        assert!(ledger.derived("mentions", &one).is_none());
        assert!(ledger.derived("cases", &two).is_none());
    }

    #[test]
    fn a_damaged_frame_is_passed_over_and_named() {
        let (folder, ledger) = ledger();
        let inputs = file_id(b"one");
        ledger.keep_derived("cases", &inputs, &frame(1)).unwrap();
        assert_eq!(ledger.check().unwrap().damaged, []);
        let path = files(folder.path()).remove(0);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[20] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert!(ledger.derived("cases", &inputs).is_none());
        let damaged = ledger.check().unwrap().damaged;
        assert_eq!(
            (damaged[0].path.clone(), damaged[0].damage),
            (path, Damage::Changed)
        );
        assert_eq!(damaged[0].what, LedgerPart::Derived);
    }

    #[test]
    fn what_was_made_from_other_inputs_is_forgotten() {
        let (folder, ledger) = ledger();
        let (one, two) = (file_id(b"one"), file_id(b"two"));
        for inputs in [&one, &two] {
            ledger.keep_derived("cases", inputs, &frame(1)).unwrap();
        }
        std::fs::write(folder.path().join("derived/leftover.parquet"), "x").unwrap();
        ledger
            .forget_derived_but(&BTreeSet::from([two.clone()]))
            .unwrap();
        assert_eq!(files(folder.path()).len(), 1);
        assert!(ledger.derived("cases", &one).is_none());
        assert!(ledger.derived("cases", &two).is_some());
    }
}
