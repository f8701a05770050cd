use crate::column::to_json;
use crate::error::LedgerError;
use crate::file_id::file_id;
use crate::files::write_whole;
use crate::ledger::Ledger;
use crate::order::RecordedAt;
use crate::submission::{FormRows, Outcome, SheetCount};
use model::{FileId, Finding, Period, ProgrammeHash, SubmissionId, UnsureAmount, UnsureHeading};
use polars::prelude::DataFrame;
use rusqlite::{Connection, Transaction, params};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A file to be taken in.
#[derive(Debug)]
pub struct Intake<'a> {
    /// Its content's hash.
    pub file: &'a FileId,
    /// Its name.
    pub file_name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The department, if it is known.
    pub department: Option<&'a str>,
    /// The part of the department that reports by itself, if the file names one.
    pub unit: Option<&'a str>,
    /// The period, if it is known.
    pub period: Option<Period>,
    /// The hash of the programme it was read with.
    pub programme_hash: &'a ProgrammeHash,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether the sender has nothing to report.
    pub nil_return: bool,
    /// Its sheets.
    pub sheets: &'a [SheetCount],
    /// The records of each form. Nothing of a refused file is kept but the file.
    pub forms: &'a BTreeMap<String, DataFrame>,
    /// The rows of each form.
    pub form_rows: &'a BTreeMap<String, FormRows>,
    /// What was found in it.
    pub findings: &'a [Finding],
    /// Its headings that do not say which of their form's columns they are.
    pub unsure_headings: &'a [UnsureHeading],
    /// Its amounts that are far out of their kind.
    pub unsure_amounts: &'a [UnsureAmount],
}

/// A run being written: nothing of it counts until [`RunWriter::commit`].
#[derive(Debug)]
pub struct RunWriter<'l> {
    pub(crate) ledger: &'l Ledger,
    pub(crate) transaction: Transaction<'l>,
    pub(crate) run: i64,
    /// What is taken in, for the log.
    pub(crate) taken: Vec<Value>,
    at: RecordedAt<'l>,
    operator: String,
}

/// What a run is.
#[derive(Debug)]
pub struct Beginning<'a> {
    /// Its moment.
    pub at: RecordedAt<'a>,
    /// What reads and counts in it.
    pub versions: &'a Versions,
    /// Who runs it.
    pub operator: &'a str,
    /// The programmes of the workspace, the one of the present period first. Kept so that a report of this day can be
    /// made again.
    pub programmes: &'a [KeptProgramme],
}

/// What reads and counts: recorded with every run and every report, so that a difference between two of them can be
/// laid to the program or to the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Versions {
    /// The program's own version, as it is released.
    pub program: String,
    /// Raised by each change that reads another record from the same workbook; 0 in what was recorded before there
    /// were such versions.
    pub reader: u32,
    /// Raised by each change that makes another figure from the same records; 0 likewise.
    pub counting: u32,
}

/// A programme as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptProgramme {
    /// Its name.
    pub id: String,
    /// The hash of its files.
    pub hash: ProgrammeHash,
    /// Its files, as JSON.
    pub files: String,
}

impl Ledger {
    /// Begins a run.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn begin<'l>(&'l self, beginning: &Beginning<'l>) -> Result<RunWriter<'l>, LedgerError> {
        let Beginning {
            at,
            versions,
            operator,
            programmes,
        } = beginning;
        let transaction = self.database.unchecked_transaction()?;
        let present = programmes
            .first()
            .ok_or_else(|| LedgerError::Entry("a run without a programme".to_owned()))?;
        transaction.execute(
            "INSERT INTO run (at, programme, programme_hash, program_version, reader_version, counting_version)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![at.at.to_string(), present.id, present.hash.0, versions.program, versions.reader, versions.counting],
        )?;
        let run = transaction.last_insert_rowid();
        for programme in *programmes {
            keep_programme(&transaction, programme)?;
            transaction.execute(
                "INSERT INTO run_programme VALUES (?1, ?2)",
                params![run, programme.hash.0],
            )?;
        }
        let (at, operator) = (*at, (*operator).to_owned());
        Ok(RunWriter {
            ledger: self,
            transaction,
            run,
            taken: Vec::new(),
            at,
            operator,
        })
    }
}

/// Keeps the files of a programme, once.
pub(crate) fn keep_programme(
    database: &Connection,
    programme: &KeptProgramme,
) -> Result<(), LedgerError> {
    database.execute(
        "INSERT OR IGNORE INTO programme (hash, files) VALUES (?1, ?2)",
        params![programme.hash.0, programme.files],
    )?;
    Ok(())
}

impl RunWriter<'_> {
    /// Keeps the bytes of a file as it came; once for each content, and again if what is kept is not as it came any more.
    pub(crate) fn keep(&self, file: &FileId, bytes: &[u8]) -> Result<(), LedgerError> {
        let original = self.ledger.original(file);
        // Of a list that the ledger has already the bytes are not read again, and not given.
        let is_given = file_id(bytes) == *file;
        if self.ledger.bytes(file).is_ok() || original.exists() && !is_given {
            Ok(())
        } else {
            write_whole(&original, bytes)
        }
    }

    /// Takes in a file: keeps its bytes, its records and its findings. Gives the submission's number.
    ///
    /// # Errors
    /// When a file or the database cannot be written.
    pub fn take_in(&mut self, intake: &Intake<'_>) -> Result<SubmissionId, LedgerError> {
        self.keep(intake.file, intake.bytes)?;
        self.transaction.execute(
            "INSERT INTO submission (run, file, file_name, department, period, outcome, nil_return, programme_hash, unit)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                self.run,
                intake.file.0,
                intake.file_name,
                intake.department,
                intake.period.map(|p| p.to_string()),
                intake.outcome.name(),
                intake.nil_return,
                intake.programme_hash.0,
                intake.unit,
            ],
        )?;
        let submission = SubmissionId(self.transaction.last_insert_rowid());
        for (position, sheet) in intake.sheets.iter().enumerate() {
            let rows = sheet.rows;
            self.transaction.execute(
                "INSERT INTO sheet VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                params![
                    submission.0,
                    i64::try_from(position).unwrap_or(i64::MAX),
                    sheet.sheet,
                    sheet.forms.join(","),
                    rows.seen,
                    rows.accepted,
                    rows.held,
                    rows.not_data,
                    sheet.amounts.counted,
                    sheet.amounts.totals,
                    sheet.amounts.named,
                ],
            )?;
        }
        for (form, frame) in intake.forms {
            let written = self.ledger.write_facts(submission, form, frame)?;
            self.transaction.execute(
                "INSERT INTO facts_file VALUES (?1, ?2, ?3)",
                params![submission.0, form, written.0],
            )?;
        }
        for (form, rows) in intake.form_rows {
            let sums = to_json(&rows.sums)?;
            self.transaction.execute(
                "INSERT INTO form_rows VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    submission.0,
                    form,
                    rows.accepted,
                    rows.held,
                    sums,
                    rows.standing.name()
                ],
            )?;
        }
        for (position, finding) in intake.findings.iter().enumerate() {
            let json = to_json(finding)?;
            self.transaction.execute(
                "INSERT INTO finding VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    submission.0,
                    i64::try_from(position).unwrap_or(i64::MAX),
                    finding.code,
                    finding.severity.name(),
                    json
                ],
            )?;
        }
        self.keep_unsure_headings(submission, intake.unsure_headings)?;
        self.keep_unsure_amounts(submission, intake.unsure_amounts)?;
        self.taken.push(json!({
            "submission": intake.file.0, "name": intake.file_name, "department": intake.department,
            "period": intake.period.map(|period| period.to_string()), "outcome": intake.outcome.name(),
        }));
        Ok(submission)
    }

    /// Makes all that was taken in count.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing of the run counts.
    pub fn commit(self) -> Result<(), LedgerError> {
        let mut detail = json!({ "run": self.run, "taken": self.taken });
        self.at.tell(&mut detail);
        let ledger = self.ledger;
        ledger.commit(self.transaction, self.at.at, &self.operator, "run", &detail)
    }
}

#[cfg(test)]
mod tests {
    use crate::file_id::file_id;
    use crate::testing::{day, ledger, run, take_in};

    #[test]
    fn a_file_that_is_damaged_is_kept_anew_when_it_comes_again_and_nothing_else_takes_its_place() {
        let (_folder, ledger) = ledger();
        run(&ledger, day(2), |writer| take_in(writer, "a.xlsx"));
        let file = file_id(b"a.xlsx");
        std::fs::write(ledger.original(&file), "").unwrap();
        run(&ledger, day(3), |writer| {
            writer.keep(&file, b"").unwrap();
            assert!(writer.ledger.bytes(&file).is_err());
            take_in(writer, "a.xlsx");
            writer.keep(&file, b"").unwrap();
        });
        assert_eq!(ledger.bytes(&file).unwrap(), b"a.xlsx");
    }
}
