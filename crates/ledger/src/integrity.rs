use crate::error::LedgerError;
use crate::facts;
use crate::file_id::file_id;
use crate::files::write_whole;
use crate::ledger::Ledger;
use model::{FileId, Moment, SubmissionId};
use polars::prelude::DataFrame;
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What is wrong with a file of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// It is not there.
    Missing,
    /// Its bytes are not those that were written.
    Changed,
}

/// A file of the ledger that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub damage: Damage,
    /// What it is.
    pub what: LedgerPart,
}

/// What a file of the ledger is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerPart {
    /// A file as it came.
    Original(FileId),
    /// The records of one form of a submission.
    Facts {
        /// The submission.
        submission: SubmissionId,
        /// The form's code.
        form: String,
    },
    /// Worked out from the others, to save work: it is made anew if it is missing.
    Derived,
    /// A document of which the tables and the log do not say the same.
    Database(String),
}

/// What looking through a ledger came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// Files as they came.
    pub originals: usize,
    /// Files of records.
    pub facts: usize,
    /// Entries of the log.
    pub entries: usize,
    /// What is not as it was written.
    pub damaged: Vec<Damaged>,
    /// Files among them that no submission, register or answer has.
    pub unknown: Vec<PathBuf>,
}

impl Ledger {
    /// Looks every file of the ledger through: its bytes against the hash that was kept. The database and the log are
    /// held against each other by [`recover`](crate::recover) before.
    ///
    /// # Errors
    /// When the database does not answer at all.
    pub fn check(&self) -> Result<Checked, LedgerError> {
        let mut checked = Checked::default();
        for file in self.files()? {
            let path = self.original(&file);
            checked.originals += 1;
            let damage = damage(&path, Some(&file));
            checked.damaged.extend(damage.map(|damage| Damaged {
                path,
                damage,
                what: LedgerPart::Original(file),
            }));
        }
        for (submission, form, hash) in self.facts_files()? {
            let path = self.facts_path(submission, &form);
            checked.facts += 1;
            let damage = damage(&path, hash.as_ref());
            let what = LedgerPart::Facts { submission, form };
            checked
                .damaged
                .extend(damage.map(|damage| Damaged { path, damage, what }));
        }
        let damaged = self.damaged_derived().into_iter();
        checked.damaged.extend(damaged.map(|path| Damaged {
            path,
            damage: Damage::Changed,
            what: LedgerPart::Derived,
        }));
        checked.entries = self.audit()?.len();
        let mut database = |what: String| {
            let path = self.folder.join("ledger.sqlite");
            checked.damaged.push(Damaged {
                path,
                damage: Damage::Changed,
                what: LedgerPart::Database(what),
            });
        };
        for number in self.issues_not_in_log()? {
            database(format!("issue {number}"));
        }
        for row in self.rows_told_otherwise()? {
            database(row);
        }
        checked.unknown = self.unknown_files()?;
        Ok(checked)
    }

    /// Puts an original back; nothing if the bytes are not the file's.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn restore_original(&self, file: &FileId, bytes: &[u8]) -> Result<bool, LedgerError> {
        if file_id(bytes) != *file {
            return Ok(false);
        }
        write_whole(&self.original(file), bytes)?;
        Ok(true)
    }

    /// Puts the records of a form back, made anew; nothing if they are not what they were.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn restore_facts(
        &self,
        submission: SubmissionId,
        form: &str,
        frame: &DataFrame,
    ) -> Result<bool, LedgerError> {
        let path = self.facts_path(submission, form);
        for bytes in facts::parquets(&path, frame) {
            let bytes = bytes?;
            if self.is_kept(submission, form, &bytes)? {
                write_whole(&path, &bytes)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether records made anew are those that are kept of a form.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_facts(
        &self,
        submission: SubmissionId,
        form: &str,
        frame: &DataFrame,
    ) -> Result<bool, LedgerError> {
        for bytes in facts::parquets(&self.facts_path(submission, form), frame) {
            if self.is_kept(submission, form, &bytes?)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_kept(
        &self,
        submission: SubmissionId,
        form: &str,
        bytes: &[u8],
    ) -> Result<bool, LedgerError> {
        let sql = "SELECT sha256 FROM facts_file WHERE submission = ?1 AND form = ?2";
        let mut statement = self.database.prepare_cached(sql)?;
        let kept: Option<String> = statement
            .query_row(params![submission.0, form], |row| row.get(0))
            .optional()?;
        // A ledger from before the hashes were kept has nothing to hold against them.
        Ok(kept.is_none_or(|kept| kept == file_id(bytes).0))
    }

    /// Records something that changes no figure: that files were made good (`repair`), that a report was signed (`sign`).
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn record(
        &self,
        at: Moment,
        operator: &str,
        action: &str,
        detail: &serde_json::Value,
    ) -> Result<(), LedgerError> {
        let transaction = self.database.unchecked_transaction()?;
        self.commit(transaction, at, operator, action, detail)
    }

    /// Every file that came in.
    pub(crate) fn files(&self) -> Result<BTreeSet<FileId>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT file FROM submission UNION SELECT file FROM register_file UNION SELECT file FROM answer_file",
        )?;
        let files = statement.query_map([], |row| Ok(FileId(row.get(0)?)))?;
        Ok(files.collect::<Result<_, _>>()?)
    }

    /// Every file of records, with the hash of its bytes if that was kept.
    fn facts_files(&self) -> Result<Vec<(SubmissionId, String, Option<FileId>)>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT r.submission, r.form, f.sha256
             FROM form_rows AS r JOIN submission AS s ON r.submission = s.id
             LEFT JOIN facts_file AS f ON f.submission = r.submission AND f.form = r.form
             WHERE s.outcome <> 'refused' ORDER BY r.submission, r.form",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((
                SubmissionId(row.get(0)?),
                row.get(1)?,
                row.get::<_, Option<String>>(2)?.map(FileId),
            ))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// What is wrong with a file's bytes; without a hash it is only asked whether it is there.
fn damage(path: &std::path::Path, hash: Option<&FileId>) -> Option<Damage> {
    match (std::fs::read(path), hash) {
        (Err(_), _) => Some(Damage::Missing),
        (Ok(bytes), Some(hash)) if file_id(&bytes) != *hash => Some(Damage::Changed),
        (Ok(_), _) => None,
    }
}
