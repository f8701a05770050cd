use crate::as_of::AsOf;
use crate::column::{from_json, parsed, parsed_if_any};
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::order::RecordedAt;
use model::{AmountCount, FileId, Finding, Moment, Period, ProgrammeHash, RowCount, SubmissionId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use strum::{EnumString, IntoStaticStr};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// All its rows count.
    Accepted,
    /// Some of its rows are held.
    PartlyHeld,
    /// It cannot be read, or it is not known who reports when; nothing of it counts.
    Refused,
}

impl Outcome {
    /// Its name in the ledger and in the log.
    pub(crate) fn name(self) -> &'static str {
        self.into()
    }
}

/// How one form of a submission stands to what its reporter sent before for the same period.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Standing {
    /// It takes the place of what stood, if anything did.
    #[default]
    Replaces,
    /// It would take something away: what stood goes on counting until a person says otherwise.
    Waits,
    /// It counts beside what stood, since a person said so.
    Adds,
    /// A later submission's stands instead.
    Superseded,
    /// The file was read anew by a newer program, which reads something else in it: what was read before stands until a person
    /// says otherwise.
    ReadAnew,
}

impl Standing {
    /// Its name in the ledger.
    pub(crate) fn name(self) -> &'static str {
        self.into()
    }

    /// Whether it waits for a person.
    pub fn waits(self) -> bool {
        matches!(self, Self::Waits | Self::ReadAnew)
    }

    /// Whether the rows of such a form count.
    pub fn counts(self) -> bool {
        matches!(self, Self::Replaces | Self::Adds)
    }
}

/// A file that came in, as the ledger knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The name of the office in whose ledger it is, where several are read as one; none within one.
    pub office: Option<String>,
    /// Its number, in the order they were taken in.
    pub id: SubmissionId,
    /// The moment of its run.
    pub at: Moment,
    /// The version of the reader that read it; 0 from before there were such versions.
    pub reader: u32,
    /// The hash of the programme it was read with.
    pub programme_hash: ProgrammeHash,
    /// Its content.
    pub file: FileId,
    /// Its name when it came in.
    pub file_name: String,
    /// The department, if it is known.
    pub department: Option<String>,
    /// The part of the department that reports by itself, if it names one.
    pub unit: Option<String>,
    /// The period, if it is known.
    pub period: Option<Period>,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether the sender has nothing to report.
    pub nil_return: bool,
    /// Why an officer set it aside, if one did: then it is out of the figures.
    pub set_aside: Option<String>,
    /// The forms it has, by code.
    pub forms: BTreeMap<String, Standing>,
}

impl Submission {
    /// The codes of its forms whose rows count.
    pub fn counting_forms(&self) -> impl Iterator<Item = &str> {
        let counting = self.forms.iter().filter(|(_, standing)| standing.counts());
        counting.map(|(form, _)| form.as_str())
    }
}

/// The rows of one sheet of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SheetCount {
    /// The sheet's name.
    pub sheet: String,
    /// The forms on it.
    pub forms: Vec<String>,
    /// What its rows came to.
    #[serde(flatten)]
    pub rows: RowCount,
    /// What its numbers came to, if it holds a form.
    pub amounts: AmountCount,
}

/// The rows of one form of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FormRows {
    /// Rows that count.
    pub accepted: u32,
    /// Rows that wait.
    pub held: u32,
    /// The money columns of the accepted rows, in đồng.
    pub sums: BTreeMap<String, i64>,
    /// Whether they take the place of what was sent before.
    pub standing: Standing,
}

impl Ledger {
    /// The submissions known at a moment, or all, in the order they were taken in.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn submissions(&self, as_of: AsOf) -> Result<Vec<Submission>, LedgerError> {
        let mut forms = self.standings()?;
        let mut statement = self.database.prepare(
            "SELECT s.id, r.at, coalesce(s.programme_hash, r.programme_hash), s.file, s.file_name, s.department, s.period, s.outcome, s.nil_return,
                    (SELECT a.reason FROM set_aside AS a
                     WHERE a.file = s.file AND (?1 IS NULL OR a.at <= ?1) AND a.id <= ?3 ORDER BY a.id DESC LIMIT 1),
                    s.unit, coalesce(r.reader_version, 0)
             FROM submission AS s JOIN run AS r ON s.run = r.id
             WHERE (?1 IS NULL OR r.at <= ?1) AND r.id <= ?2 ORDER BY s.id",
        )?;
        let rows = statement.query_map(
            rusqlite::params![as_of.moment(), as_of.run(), as_of.set_aside()],
            |row| {
                let id = SubmissionId(row.get(0)?);
                Ok(Submission {
                    office: None,
                    id,
                    forms: forms.remove(&id).unwrap_or_default(),
                    at: parsed(row, 1)?,
                    programme_hash: ProgrammeHash(row.get(2)?),
                    file: FileId(row.get(3)?),
                    file_name: row.get(4)?,
                    department: row.get(5)?,
                    period: parsed_if_any(row, 6)?,
                    outcome: parsed(row, 7)?,
                    nil_return: row.get(8)?,
                    set_aside: row.get(9)?,
                    unit: row.get(10)?,
                    reader: row.get(11)?,
                })
            },
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The forms of each submission, and how they stand to what was sent before.
    fn standings(&self) -> Result<BTreeMap<SubmissionId, BTreeMap<String, Standing>>, LedgerError> {
        let mut statement = self
            .database
            .prepare("SELECT submission, form, standing FROM form_rows")?;
        let rows = statement.query_map([], |row| {
            Ok((SubmissionId(row.get(0)?), row.get(1)?, parsed(row, 2)?))
        })?;
        let mut standings: BTreeMap<SubmissionId, BTreeMap<String, Standing>> = BTreeMap::new();
        for row in rows {
            let (submission, form, standing) = row?;
            standings
                .entry(submission)
                .or_default()
                .insert(form, standing);
        }
        Ok(standings)
    }

    /// Sets a file aside with a reason, or takes it back into the figures with none. Nothing is deleted: what was
    /// known on an earlier day stays as it was.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_aside<'a>(
        &self,
        at: impl Into<RecordedAt<'a>>,
        file: &FileId,
        reason: Option<&str>,
        operator: &str,
    ) -> Result<(), LedgerError> {
        let recorded: RecordedAt<'_> = at.into();
        let at = recorded.at;
        let transaction = self.database.unchecked_transaction()?;
        transaction.execute(
            "INSERT INTO set_aside (at, file, reason, operator) VALUES (?1, ?2, ?3, ?4)",
            rusqlite::params![at.to_string(), file.0, reason, operator],
        )?;
        let action = if reason.is_some() {
            "set_aside"
        } else {
            "take_back"
        };
        let mut detail = json!({ "submission": file.0, "reason": reason });
        recorded.tell(&mut detail);
        self.commit(transaction, at, operator, action, &detail)
    }

    /// The sheets of a submission, in their order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn sheets(&self, submission: SubmissionId) -> Result<Vec<SheetCount>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT name, forms, seen, accepted, held, not_data, counted, totals, named FROM sheet
             WHERE submission = ?1 ORDER BY position",
        )?;
        let rows = statement.query_map([submission.0], |row| {
            let forms: String = row.get(1)?;
            Ok(SheetCount {
                sheet: row.get(0)?,
                forms: forms
                    .split(',')
                    .filter(|form| !form.is_empty())
                    .map(str::to_owned)
                    .collect(),
                rows: RowCount {
                    seen: row.get(2)?,
                    accepted: row.get(3)?,
                    held: row.get(4)?,
                    not_data: row.get(5)?,
                },
                amounts: AmountCount {
                    counted: row.get(6)?,
                    totals: row.get(7)?,
                    named: row.get(8)?,
                },
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The rows of a submission by form.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn form_rows(
        &self,
        submission: SubmissionId,
    ) -> Result<BTreeMap<String, FormRows>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT form, accepted, held, sums, standing FROM form_rows WHERE submission = ?1",
        )?;
        let rows = statement.query_map([submission.0], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get::<_, String>(3)?,
                parsed(row, 4)?,
            ))
        })?;
        rows.map(|row| {
            let (form, accepted, held, sums, standing) = row?;
            let sums = from_json(&sums)?;
            Ok((
                form,
                FormRows {
                    accepted,
                    held,
                    sums,
                    standing,
                },
            ))
        })
        .collect()
    }

    /// The findings of a submission, in the order they were made.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn findings(&self, submission: SubmissionId) -> Result<Vec<Finding>, LedgerError> {
        let mut statement = self
            .database
            .prepare("SELECT finding FROM finding WHERE submission = ?1 ORDER BY position")?;
        let rows = statement.query_map([submission.0], |row| row.get::<_, String>(0))?;
        rows.map(|row| from_json(&row?)).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::as_of::AsOf;
    use crate::file_id::file_id;
    use crate::submission::{Outcome, Submission};
    use crate::testing::{actions, day, ledger, run, take_in};

    #[test]
    fn submissions_are_those_of_the_runs_up_to_a_moment() {
        let (_folder, ledger) = ledger();
        run(&ledger, day(5), |writer| take_in(writer, "a.xlsx"));
        run(&ledger, day(7), |writer| take_in(writer, "b.xlsx"));
        let known = |at: AsOf| ledger.submissions(at).unwrap().len();
        assert_eq!(
            [known(day(4).into()), known(day(5).into()), known(AsOf::NOW)],
            [0, 1, 2]
        );
        let Submission {
            at,
            outcome,
            period,
            unit,
            ..
        } = ledger.submissions(AsOf::NOW).unwrap().remove(0);
        assert_eq!((at, outcome), (day(5), Outcome::PartlyHeld));
        assert_eq!(
            (period, unit.as_deref()),
            ("2023".parse().ok(), Some("Chi cục"))
        );
    }

    #[test]
    fn a_file_is_set_aside_from_its_day_until_it_is_taken_back() {
        let (_folder, ledger) = ledger();
        run(&ledger, day(5), |writer| take_in(writer, "a.xlsx"));
        let file = file_id(b"a.xlsx");
        ledger
            .set_aside(day(6), &file, Some("gửi nhầm"), "An")
            .unwrap();
        ledger.set_aside(day(8), &file, None, "An").unwrap();
        let reason = |at: model::Moment| ledger.submissions(at.into()).unwrap().remove(0).set_aside;
        assert_eq!(reason(day(5)), None);
        assert_eq!(reason(day(7)).as_deref(), Some("gửi nhầm"));
        assert_eq!(reason(day(8)), None);
        assert_eq!(actions(&ledger), ["run", "set_aside", "take_back"]);
    }
}
