use crate::column::{parsed, parsed_if_any, to_json};
use crate::error::LedgerError;
use crate::file_id::file_id;
use crate::ledger::Ledger;
use crate::run::{KeptProgramme, Versions, keep_programme};
use model::{FileId, InputsHash, IssueStamp, Moment, ProgrammeHash, ReportStatus};
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::json;
use std::collections::BTreeMap;

/// A report as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeReport {
    /// When it was first written.
    pub at: Moment,
    /// The year it is about.
    pub year: i32,
    /// Which report of the year it is.
    pub variant: String,
    /// The moment whose knowledge it shows.
    pub as_of: Moment,
    /// Whether it is a draft, or what it was issued under.
    pub status: ReportStatus,
    /// Its file's name.
    pub file_name: String,
    /// The hash over all that it was made from.
    pub inputs_hash: InputsHash,
    /// The hash of its bytes.
    pub file: FileId,
    /// The hash of the programme it was made by.
    pub programme_hash: ProgrammeHash,
    /// The hashes of the programmes of earlier periods, whose support it was compared with.
    pub earlier: Vec<ProgrammeHash>,
    /// What made it.
    pub versions: Versions,
    /// Of an issued one the value of each figure by its id, as it was printed: a later program may count otherwise. Empty
    /// for others.
    pub figures: BTreeMap<String, i64>,
    /// The hash over the values of its figures, [`figures_hash`]; none in what was recorded before it was kept.
    pub figures_hash: Option<FileId>,
}

/// The hash over the values of figures by their ids, by which two reports are compared whatever they look like.
///
/// # Errors
/// Never for such values.
pub fn figures_hash(values: &BTreeMap<String, i64>) -> Result<FileId, LedgerError> {
    Ok(file_id(to_json(values)?.as_bytes()))
}

/// A report that the ledger knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedReport {
    /// Its number in the ledger: they are counted in the order they were made.
    pub id: i64,
    /// The report.
    pub report: MadeReport,
    /// What took it back, if it was issued and taken back since.
    pub withdrawal: Option<Withdrawal>,
}

/// An issued report was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// When.
    pub at: Moment,
    /// Why.
    pub reason: String,
}

/// Reports as [`read`] takes them, `r` the report and `w` its withdrawal.
pub(crate) const RECORDED: &str = "SELECT r.at, r.year, r.as_of, r.file_name, r.inputs_hash, r.file, r.programme_hash,
    r.program_version, r.variant, r.earlier, coalesce(r.reader_version, 0), coalesce(r.counting_version, 0), r.is_marked,
    r.number, r.signed_on, r.id, w.at, w.reason, r.figures, r.figures_hash FROM report AS r LEFT JOIN withdrawal AS w ON w.report = r.id";

pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<RecordedReport> {
    let report = MadeReport {
        at: parsed(row, 0)?,
        year: row.get(1)?,
        as_of: parsed(row, 2)?,
        status: status(row)?,
        file_name: row.get(3)?,
        inputs_hash: InputsHash(row.get(4)?),
        file: FileId(row.get(5)?),
        programme_hash: ProgrammeHash(row.get(6)?),
        versions: Versions {
            program: row.get(7)?,
            reader: row.get(10)?,
            counting: row.get(11)?,
        },
        variant: row.get(8)?,
        figures: figures(row)?,
        figures_hash: row.get::<_, Option<String>>(19)?.map(FileId),
        earlier: row
            .get::<_, String>(9)?
            .split_whitespace()
            .map(|hash| ProgrammeHash(hash.to_owned()))
            .collect(),
    };
    let taken_back: Option<Moment> = parsed_if_any(row, 16)?;
    Ok(RecordedReport {
        id: row.get(15)?,
        report,
        withdrawal: match taken_back {
            Some(at) => Some(Withdrawal {
                at,
                reason: row.get(17)?,
            }),
            None => None,
        },
    })
}

fn figures(row: &Row<'_>) -> rusqlite::Result<BTreeMap<String, i64>> {
    let json: Option<String> = row.get(18)?;
    let parsed = json.map(|json| serde_json::from_str(&json)).transpose();
    parsed
        .map(Option::unwrap_or_default)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(18, Type::Text, Box::new(e)))
}

fn status(row: &Row<'_>) -> rusqlite::Result<ReportStatus> {
    match (parsed_if_any(row, 13)?, parsed_if_any(row, 14)?) {
        (Some(number), Some(signed_on)) => {
            Ok(ReportStatus::Issued(IssueStamp { number, signed_on }))
        }
        (None, None) if row.get(12)? => Ok(ReportStatus::Draft),
        (None, None) => Ok(ReportStatus::Unmarked),
        _ => Err(rusqlite::Error::FromSqlConversionFailure(
            13,
            Type::Null,
            "a number without a day, or a day without a number".into(),
        )),
    }
}

impl Ledger {
    /// Records a report, and keeps the files of the programmes it was made by; one of the same bytes is recorded once.
    ///
    /// # Errors
    /// [`LedgerError::NumberTaken`] when it is issued under a number that another report of its year, or another document
    /// signed in the same year, has; or when the database cannot be written.
    pub fn record_report(
        &self,
        made: &MadeReport,
        programmes: &[KeptProgramme],
        operator: &str,
    ) -> Result<(), LedgerError> {
        if self.report(&made.file)?.is_some() {
            return Ok(());
        }
        if let Some(stamp) = made.status.stamp() {
            self.refuse_taken(stamp, made.year)?;
        }
        let earlier: Vec<&str> = made.earlier.iter().map(|hash| hash.0.as_str()).collect();
        let stamp = made.status.stamp();
        let number = stamp.map(|stamp| stamp.number.to_string());
        let signed_on = stamp.map(|stamp| stamp.signed_on.to_string());
        let figures = stamp.map(|_| to_json(&made.figures)).transpose()?;
        let transaction = self.database.unchecked_transaction()?;
        programmes
            .iter()
            .try_for_each(|programme| keep_programme(&transaction, programme))?;
        transaction.execute(
            "INSERT INTO report (at, year, as_of, file_name, inputs_hash, file, programme_hash, program_version, variant,
                                 earlier, reader_version, counting_version, is_marked, number, signed_on, figures, figures_hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            params![
                made.at.to_string(),
                made.year,
                made.as_of.to_string(),
                made.file_name,
                made.inputs_hash.0,
                made.file.0,
                made.programme_hash.0,
                made.versions.program,
                made.variant,
                earlier.join(" "),
                made.versions.reader,
                made.versions.counting,
                made.status != ReportStatus::Unmarked,
                number,
                signed_on,
                figures,
                made.figures_hash.as_ref().map(|hash| &hash.0),
            ],
        )?;
        let mut detail = json!({ "year": made.year, "variant": made.variant, "as_of": made.as_of, "inputs": made.inputs_hash,
                                 "sha256": made.file.0, "figures": made.figures_hash });
        let action = match stamp {
            Some(stamp) => {
                detail["figures"] = json!(figures_hash(&made.figures)?);
                detail["number"] = json!(stamp.number);
                detail["signed_on"] = json!(stamp.signed_on);
                "issue"
            }
            None => "report",
        };
        self.commit(transaction, made.at, operator, action, &detail)
    }

    /// The report of these bytes, if it was recorded.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn report(&self, file: &FileId) -> Result<Option<RecordedReport>, LedgerError> {
        let sql = format!("{RECORDED} WHERE r.file = ?1");
        Ok(self
            .database
            .prepare(&sql)?
            .query_row([&file.0], read)
            .optional()?)
    }
}

#[cfg(test)]
mod tests {
    use super::{MadeReport, Withdrawal};
    use crate::error::LedgerError;
    use crate::file_id::file_id;
    use crate::testing::{actions, day, hash, issued, kept_programme, ledger, made};
    use model::ReportStatus;
    use std::collections::BTreeMap;

    #[test]
    fn a_report_of_the_same_bytes_is_recorded_once_with_what_made_it() {
        let (_folder, ledger) = ledger();
        let mut first = issued("1/BC", "2024-01-09");
        first.figures = BTreeMap::from([("budget_spent/2023".to_owned(), 7)]);
        let again = MadeReport {
            at: day(9),
            ..first.clone()
        };
        for report in [&first, &again] {
            ledger
                .record_report(report, &[kept_programme("p")], "An")
                .unwrap();
        }
        let known = ledger.report(&first.file).unwrap().unwrap();
        assert_eq!((known.report, known.withdrawal), (first, None));
        assert_eq!(ledger.report(&file_id(b"another")).unwrap(), None);
        assert_eq!(
            ledger.programme(&hash("p")).unwrap(),
            Some(kept_programme("p").files)
        );
        assert_eq!(ledger.audit().unwrap().len(), 1);
    }

    #[test]
    fn what_a_report_is_is_kept_with_it() {
        let (_folder, ledger) = ledger();
        let statuses = [
            ReportStatus::Unmarked,
            ReportStatus::Draft,
            issued("1/BC", "2024-01-09").status,
        ];
        for (name, status) in ["a", "b", "c"].into_iter().zip(statuses) {
            let mut report = made(name, 5, 4);
            report.status = status.clone();
            ledger
                .record_report(&report, &[kept_programme("p")], "An")
                .unwrap();
            let known = ledger.report(&report.file).unwrap().unwrap();
            assert_eq!(known.report.status, status);
        }
        assert_eq!(actions(&ledger), ["report", "report", "issue"]);
    }

    #[test]
    fn a_number_is_used_once_in_a_year_and_once_for_a_year() {
        let (_folder, ledger) = ledger();
        let record = |number: &str, signed_on: &str, year: i32| {
            let mut report = issued(number, signed_on);
            report.year = year;
            ledger.record_report(&report, &[kept_programme("p")], "An")
        };
        record("7/BC-SKHCN", "2024-01-09", 2023).unwrap();
        for (number, signed_on, year) in [
            ("07/bc-skhcn", "2024-12-01", 2024),
            ("7/BC-SKHCN", "2025-01-09", 2023),
        ] {
            let refused = record(number, signed_on, year);
            assert!(
                matches!(refused, Err(LedgerError::NumberTaken { .. })),
                "{number} {signed_on}"
            );
        }
        // An office counts anew each year.
        record("7/BC-SKHCN", "2025-01-09", 2024).unwrap();
        // What was taken back keeps its number.
        let reason = "sai số".to_owned();
        let number = "7/BC-SKHCN".parse().unwrap();
        ledger
            .withdraw(day(10), &number, Some(2023), &reason, "An")
            .unwrap();
        assert!(record("7/BC-SKHCN", "2024-02-01", 2023).is_err());
        let known = ledger.report(&issued("7/BC-SKHCN", "2024-01-09").file);
        assert_eq!(
            known.unwrap().unwrap().withdrawal,
            Some(Withdrawal {
                at: day(10),
                reason
            })
        );
    }
}
