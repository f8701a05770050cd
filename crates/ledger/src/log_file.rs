//! `log.jsonl`, the log as a text beside the database: for each entry the rows that it wrote, a line each, and then the
//! entry itself.
//!
//! It is written and on the disk before the database is, so that a database which was lost or is older than the text is
//! made whole from it. Nothing of it is ever changed. Lines after the last entry were being written when the machine
//! stopped: the entry that closes them is what makes them count.

use crate::audit::AuditEntry;
use crate::column::to_json;
use crate::error::LedgerError;
use crate::files::{point, room, write_whole};
use crate::log_row::LogRow;
use crate::privacy::open;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A line as it is read.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Line {
    Row(LogRow),
    Entry { entry: AuditEntry },
}

/// The line of an entry.
#[derive(Debug, Serialize)]
struct EntryLine<'a> {
    entry: &'a AuditEntry,
}

/// How much is read of the end at first when the last entry is looked for.
const TAIL: u64 = 1 << 16;

/// What an entry's line begins with.
const ENTRY: &[u8] = b"{\"entry\":";

/// An entry and the rows that it wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LoggedEntry {
    pub entry: AuditEntry,
    pub rows: Vec<LogRow>,
}

/// The text.
#[derive(Debug)]
pub(crate) struct LogFile {
    path: PathBuf,
}

impl LogFile {
    /// That of a ledger's folder.
    pub(crate) fn of(folder: &Path) -> Self {
        Self {
            path: folder.join("log.jsonl"),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn read_error(&self, source: std::io::Error) -> LedgerError {
        LedgerError::Read {
            path: self.path.clone(),
            source,
        }
    }

    fn write_error(&self, source: std::io::Error) -> LedgerError {
        LedgerError::Write {
            path: self.path.clone(),
            source,
        }
    }

    /// Adds an entry with its rows; gives how long the text was before. Should it fail, nothing is added.
    pub(crate) fn append(&self, entry: &AuditEntry, rows: &[LogRow]) -> Result<u64, LedgerError> {
        let text = lines(entry, rows)?;
        let before = match std::fs::metadata(&self.path) {
            Ok(known) => known.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
            Err(error) => return Err(self.read_error(error)),
        };
        let write = || -> std::io::Result<()> {
            let mut file = open(&self.path, File::options().create(true).append(true))?;
            let (first, rest) = text.split_at(text.len() / 2);
            file.write_all(first)?;
            point();
            room()?;
            file.write_all(rest)?;
            file.sync_all()
        };
        write().map_err(|error| {
            // A full disk has room again without it.
            let _ = self.cut_to(before);
            self.write_error(error)
        })?;
        point();
        Ok(before)
    }

    /// Takes away what was added after the text had that length.
    pub(crate) fn cut_to(&self, length: u64) -> Result<(), LedgerError> {
        let cut = || -> std::io::Result<()> {
            let file = File::options().write(true).open(&self.path)?;
            file.set_len(length)?;
            file.sync_all()
        };
        cut().map_err(|error| self.write_error(error))
    }

    /// Takes away lines after the last entry, which were being written when the machine stopped.
    pub(crate) fn cut_after(&self, end: u64) -> Result<(), LedgerError> {
        let length = std::fs::metadata(&self.path).map_err(|error| self.read_error(error))?;
        if length.len() > end {
            self.cut_to(end)?;
        }
        Ok(())
    }

    /// The last entry, and where the text ends after it; nothing if there is none.
    pub(crate) fn last(&self) -> Result<Option<(AuditEntry, u64)>, LedgerError> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.read_error(error)),
        };
        let read = |error| self.read_error(error);
        let length = file.metadata().map_err(read)?.len();
        let mut size = TAIL;
        loop {
            let from = length.saturating_sub(size);
            file.seek(SeekFrom::Start(from)).map_err(read)?;
            let mut tail = Vec::new();
            file.read_to_end(&mut tail).map_err(read)?;
            // The first line of a part is whole only if the part is the whole text.
            let mut end = tail.len();
            while let Some(at) = memchr::memrchr(b'\n', &tail[..end]) {
                let start = memchr::memrchr(b'\n', &tail[..at]).map(|before| before + 1);
                let Some(start) = start.or((from == 0).then_some(0)) else {
                    break;
                };
                let line = &tail[start..at];
                if line.starts_with(ENTRY) {
                    let Ok(Line::Entry { entry }) = serde_json::from_slice(line) else {
                        return Err(LedgerError::Log("its last entry cannot be read".to_owned()));
                    };
                    let end = from + u64::try_from(at + 1).unwrap_or(u64::MAX);
                    return Ok(Some((entry, end)));
                }
                end = start;
            }
            if from == 0 {
                return Ok(None);
            }
            size = size.saturating_mul(8);
        }
    }

    /// All entries with their rows, oldest first, up to the line that cannot be read, which is named if there is one.
    pub(crate) fn read(&self) -> Result<(Vec<LoggedEntry>, Option<String>), LedgerError> {
        let text = match std::fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(self.read_error(error)),
        };
        let (mut told, mut rows) = (Vec::new(), Vec::new());
        let mut torn: Option<String> = None;
        let whole = memchr::memrchr(b'\n', &text).map_or(0, |end| end + 1);
        for (number, line) in (1_usize..).zip(text[..whole].split_inclusive(|byte| *byte == b'\n'))
        {
            match serde_json::from_slice(line) {
                Ok(Line::Row(row)) => rows.push(row),
                Ok(Line::Entry { entry }) => told.push(LoggedEntry {
                    entry,
                    rows: std::mem::take(&mut rows),
                }),
                Err(_) => {
                    torn = Some(format!("line {number}"));
                    break;
                }
            }
        }
        Ok((told, torn))
    }

    /// Writes the whole text anew.
    pub(crate) fn rewrite(&self, told: &[LoggedEntry]) -> Result<(), LedgerError> {
        let mut text = Vec::new();
        for LoggedEntry { entry, rows } in told {
            text.extend(lines(entry, rows)?);
        }
        write_whole(&self.path, &text)
    }
}

fn lines(entry: &AuditEntry, rows: &[LogRow]) -> Result<Vec<u8>, LedgerError> {
    let mut text = String::new();
    for row in rows {
        text.push_str(&to_json(row)?);
        text.push('\n');
    }
    text.push_str(&to_json(&EntryLine { entry })?);
    text.push('\n');
    Ok(text.into_bytes())
}
