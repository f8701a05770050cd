//! Which lists of other programmes count from a run on: those that were read to their end and did not lose much, and of the
//! others the version before.

use crate::error::PipelineError;
use crate::intake::inbox::{DropFolder, DroppedFile};
use crate::intake::register_questions::{REGISTER, RegisterQuestion, is_much_less};
use crate::intake::replacement_questions::last_answer;
use crate::intake::summary::FileSummary;
use ingest::Reading;
use ledger::{AsOf, Ledger, RegisterFile, ReplacementAnswer, ReplacementVerdict};
use model::{FileId, Observation};
use programme::Programme;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What the new registers of a folder came to, by name.
pub(crate) struct NewRegisters {
    /// Those that cannot be read to their end.
    unread: BTreeSet<String>,
    /// The rows of the others.
    rows: BTreeMap<String, usize>,
}

impl NewRegisters {
    /// Reads the new registers to their end, and what is said of those that have none: what is compared with half a list passes
    /// as compared, and one that ends its reader would end it in each report of this day.
    pub(crate) fn read(lists: &Programme, folder: &DropFolder) -> (Self, Vec<FileSummary>) {
        // The bytes of a known one are not here: it was read before it was taken in.
        let new = folder
            .files
            .par_iter()
            .filter(|file| !file.bytes.is_empty());
        let readings: Vec<(&DroppedFile, Reading)> = new
            .map(|file| {
                let reading = ingest::read_list(&file.id, &file.name, &file.bytes, lists);
                (file, reading)
            })
            .collect();
        let mut found = Self {
            unread: BTreeSet::new(),
            rows: BTreeMap::new(),
        };
        let mut told = Vec::new();
        for (file, reading) in readings {
            let is_cut = |observation: &&Observation| observation.check.is_unread();
            match reading.observations.iter().find(is_cut) {
                Some(cut) => {
                    let name = format!("registers/{}", file.name);
                    told.push(FileSummary::refused(lists, (name, &file.id), cut));
                    found.unread.insert(file.name.clone());
                }
                None => drop(found.rows.insert(file.name.clone(), rows(&reading))),
            }
        }
        (found, told)
    }

    /// The registers that have much fewer rows than the version that counts, unless a person said that they take its place.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub(crate) fn shrunk(
        &self,
        lists: &Programme,
        ledger: &Ledger,
        folder: &DropFolder,
        answers: &[ReplacementAnswer],
    ) -> Result<Vec<RegisterQuestion>, PipelineError> {
        let known: BTreeMap<String, FileId> = ledger
            .registers(AsOf::NOW)?
            .into_iter()
            .map(|register| (register.file_name, register.file))
            .collect();
        let rows_of_known = |name: &str, file: &FileId| -> Result<usize, PipelineError> {
            let bytes = ledger.bytes(file)?;
            Ok(rows(&ingest::read_list(file, name, &bytes, lists)))
        };
        let mut shrunk = Vec::new();
        for file in &folder.files {
            let name = file.name.as_str();
            let Some(before) = known.get(name).filter(|before| **before != file.id) else {
                continue;
            };
            if self.unread.contains(name) {
                continue;
            }
            let now = match self.rows.get(name) {
                Some(rows) => *rows,
                // An earlier version that comes back.
                None => rows_of_known(name, &file.id)?,
            };
            let question = RegisterQuestion {
                file_name: name.to_owned(),
                file: file.id.clone(),
                before: rows_of_known(name, before)?,
                now,
                answer: last_answer(answers, &file.id, REGISTER).cloned(),
            };
            let is_released = question
                .answer
                .as_ref()
                .is_some_and(|answer| answer.verdict == ReplacementVerdict::Replace);
            if is_much_less(question.now, question.before) && !is_released {
                shrunk.push(question);
            }
        }
        Ok(shrunk)
    }

    /// The registers that count after a run: those in the folder, and, as they were, those that wait, were not opened, were
    /// not read to their end or have lost much.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub(crate) fn current<'f>(
        &self,
        ledger: &Ledger,
        folder: &'f DropFolder,
        shrunk: &[RegisterQuestion],
    ) -> Result<Vec<(RegisterFile, &'f [u8])>, PipelineError> {
        let stays = |name: &String| {
            self.unread.contains(name) || shrunk.iter().any(|it| it.file_name == *name)
        };
        let whole = folder.files.iter().filter(|file| !stays(&file.name));
        let read = whole.map(|file| {
            let register = RegisterFile {
                file_name: file.name.clone(),
                file: file.id.clone(),
            };
            (register, file.bytes.as_slice())
        });
        let known = ledger.registers(AsOf::NOW)?.into_iter();
        let waits = |name: &String| folder.waiting.iter().any(|file| file.file == *name);
        let refused = |name: &String| folder.refused.iter().any(|file| file.name == *name);
        let open = known.filter(|RegisterFile { file_name, .. }| {
            waits(file_name) || refused(file_name) || stays(file_name)
        });
        // The bytes of one that is open are in the ledger already.
        let open = open.map(|known| (known, [].as_slice()));
        let mut current: Vec<(RegisterFile, &[u8])> = read.chain(open).collect();
        current.sort_by(|(a, _), (b, _)| a.file_name.cmp(&b.file_name));
        Ok(current)
    }
}

/// The records of a list.
fn rows(reading: &Reading) -> usize {
    let heights = reading.tables.iter().map(|table| table.frame.height());
    heights.sum()
}
