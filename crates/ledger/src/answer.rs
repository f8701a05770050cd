use crate::amount_answer::AmountAnswer;
use crate::as_of::AsOf;
use crate::column::{parsed, parsed_if_any};
use crate::error::LedgerError;
use crate::heading_answer::HeadingAnswer;
use crate::ledger::Ledger;
use crate::replacement_answer::ReplacementAnswer;
use crate::run::RunWriter;
use crate::written_answer::WrittenAnswer;
use chrono::NaiveDate;
use model::{FileId, Moment, ProgrammeHash};
use rusqlite::params;
use serde_json::json;
use std::collections::BTreeSet;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What a person decides on two records, or on one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    /// The two grants are the same support, reported twice.
    Duplicate,
    /// The two grants are one case of support that both paid.
    Joint,
    /// The two grants are not the same support.
    NotDuplicate,
    /// The two records are about one enterprise.
    Same,
    /// The two records are about two enterprises.
    Different,
    /// It has to be looked into; the question stays.
    Verify,
    /// The case goes on though a later report lacks it.
    Continues,
    /// The case came to its end, and counts as it was reported last.
    Ended,
    /// The case was reported by mistake, and does not count.
    Mistaken,
    /// The record counts where the programme leaves that to a person.
    Counts,
    /// The record does not count where the programme leaves that to a person.
    NotCounted,
}

impl Verdict {
    /// All of them, as they are offered.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in the ledger and in the programme's words.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A person's answer, kept for as long as neither record changes in what decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The answer.
    pub verdict: Verdict,
    /// What decided of both records, as short texts, the lower first: another text is another question.
    pub prints: [String; 2],
    /// Whom both records are about and who reports it, the lower first: by this a changed question finds its old answer.
    pub about: [String; 2],
    /// Why.
    pub reason: String,
    /// Who answered.
    pub by: String,
    /// The last day on which it holds; none for ever.
    pub until: Option<NaiveDate>,
}

/// What the persons of one review workbook answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GivenAnswers {
    /// On pairs of records.
    pub on_records: Vec<Answer>,
    /// On headings that do not say which of their form's columns they are.
    pub on_headings: Vec<HeadingAnswer>,
    /// On forms that would take something of what stands away.
    pub on_replacements: Vec<ReplacementAnswer>,
    /// On amounts far out of their kind.
    pub on_amounts: Vec<AmountAnswer>,
    /// All that was written, word for word, what was not taken as an answer too.
    pub written: Vec<WrittenAnswer>,
}

/// What is kept of a review workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswers {
    /// The workbook.
    pub file: FileId,
    /// The moment of the run that took it.
    pub at: Moment,
    /// The hashes of the programmes of that run, the present one first.
    pub programmes: Vec<ProgrammeHash>,
    /// The answers, and all that was written.
    pub given: GivenAnswers,
}

impl GivenAnswers {
    /// How many answers there are.
    pub fn count(&self) -> usize {
        self.on_records.len()
            + self.on_headings.len()
            + self.on_replacements.len()
            + self.on_amounts.len()
    }
}

impl Ledger {
    /// The answers on records known at a moment, or all, in the order they were given: the last one counts.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn answers(&self, as_of: AsOf) -> Result<Vec<Answer>, LedgerError> {
        self.answers_in(as_of, None)
    }

    /// Those of one file, or of all.
    fn answers_in(&self, as_of: AsOf, file: Option<i64>) -> Result<Vec<Answer>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT a.verdict, a.left_print, a.right_print, a.left_about, a.right_about, a.reason, a.answered_by, a.until
             FROM answer AS a JOIN answer_file AS f ON a.answer_file = f.id JOIN run AS r ON f.run = r.id
             WHERE (?1 IS NULL OR r.at <= ?1) AND r.id <= ?2 AND (?3 IS NULL OR a.answer_file = ?3)
             ORDER BY a.id",
        )?;
        let rows = statement.query_map(params![as_of.moment(), as_of.run(), file], |row| {
            Ok(Answer {
                verdict: parsed(row, 0)?,
                prints: [row.get(1)?, row.get(2)?],
                about: [row.get(3)?, row.get(4)?],
                reason: row.get(5)?,
                by: row.get(6)?,
                until: parsed_if_any(row, 7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The files whose answers are kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn answer_files(&self) -> Result<BTreeSet<FileId>, LedgerError> {
        let mut statement = self.database.prepare("SELECT file FROM answer_file")?;
        let files = statement.query_map([], |row| Ok(FileId(row.get(0)?)))?;
        Ok(files.collect::<Result<_, _>>()?)
    }

    /// What is kept of each review workbook, in the order in which they were taken.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn kept_answers(&self) -> Result<Vec<KeptAnswers>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT f.id, f.file, r.id, r.at FROM answer_file AS f JOIN run AS r ON f.run = r.id ORDER BY f.id",
        )?;
        let rows = statement.query_map([], |row| {
            let (id, run): (i64, i64) = (row.get(0)?, row.get(2)?);
            Ok((id, FileId(row.get(1)?), run, parsed::<Moment>(row, 3)?))
        })?;
        rows.map(|row| {
            let (id, file, run, at) = row?;
            let on_headings = self.heading_answers_in(AsOf::NOW, Some(id))?.into_iter();
            let given = GivenAnswers {
                on_records: self.answers_in(AsOf::NOW, Some(id))?,
                on_headings: on_headings.map(|(_, answer)| answer).collect(),
                on_replacements: self.replacement_answers_in(AsOf::NOW, Some(id))?,
                on_amounts: self.amount_answers_in(AsOf::NOW, Some(id))?,
                written: self.written_answers_in(Some(id))?,
            };
            Ok(KeptAnswers {
                file,
                at,
                programmes: self.programmes_of_run(run)?,
                given,
            })
        })
        .collect()
    }
}

impl RunWriter<'_> {
    /// Keeps a review workbook and its answers.
    ///
    /// # Errors
    /// When the file or the database cannot be written.
    pub fn take_answers(
        &mut self,
        file: &FileId,
        bytes: &[u8],
        answers: &GivenAnswers,
    ) -> Result<(), LedgerError> {
        self.keep(file, bytes)?;
        self.transaction.execute(
            "INSERT INTO answer_file (run, file) VALUES (?1, ?2)",
            params![self.run, file.0],
        )?;
        let taken = self.transaction.last_insert_rowid();
        for answer in &answers.on_records {
            let [left_print, right_print] = &answer.prints;
            let [left_about, right_about] = &answer.about;
            let until = answer.until.map(|day| day.to_string());
            self.transaction.execute(
                "INSERT INTO answer (answer_file, verdict, left_print, right_print, left_about, right_about, reason,
                                     answered_by, until)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    taken,
                    answer.verdict.name(),
                    left_print,
                    right_print,
                    left_about,
                    right_about,
                    answer.reason,
                    answer.by,
                    until
                ],
            )?;
        }
        self.keep_heading_answers(taken, &answers.on_headings)?;
        self.keep_replacement_answers(taken, &answers.on_replacements)?;
        self.keep_amount_answers(taken, &answers.on_amounts)?;
        self.keep_written_answers(taken, &answers.written)?;
        self.taken
            .push(json!({ "answers": file.0, "count": answers.count() }));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, GivenAnswers, Verdict};
    use crate::as_of::AsOf;
    use crate::file_id::file_id;
    use crate::testing::{day, ledger, run};

    fn answer(verdict: Verdict, until: Option<&str>) -> Answer {
        let pair = |a: &str, b: &str| [a.to_owned(), b.to_owned()];
        Answer {
            verdict,
            prints: pair("a", "b"),
            about: pair("c", "d"),
            reason: "hồ sơ số 5".to_owned(),
            by: "An".to_owned(),
            until: until.map(|day| day.parse().unwrap()),
        }
    }

    #[test]
    fn answers_are_those_of_the_runs_up_to_a_moment_in_the_order_they_were_given() {
        let (_folder, ledger) = ledger();
        let first = [
            answer(Verdict::Verify, None),
            answer(Verdict::Same, Some("2024-06-30")),
        ];
        let second = [answer(Verdict::Different, None)];
        for (at, given, bytes) in [(5, &first[..], b"one"), (7, &second[..], b"two")] {
            run(&ledger, day(at), |writer| {
                let given = GivenAnswers {
                    on_records: given.to_vec(),
                    ..GivenAnswers::default()
                };
                writer.take_answers(&file_id(bytes), bytes, &given).unwrap();
            });
        }
        assert_eq!(ledger.answers(day(4).into()).unwrap(), []);
        assert_eq!(ledger.answers(day(6).into()).unwrap(), first);
        assert_eq!(
            ledger.answers(AsOf::NOW).unwrap(),
            [&first[..], &second[..]].concat()
        );
        assert_eq!(
            ledger.answer_files().unwrap(),
            [file_id(b"one"), file_id(b"two")].into()
        );
        assert_eq!(ledger.bytes(&file_id(b"one")).unwrap(), b"one");
    }

    #[test]
    fn a_verdict_is_found_again_by_its_name() {
        for verdict in Verdict::ALL {
            assert_eq!(verdict.name().parse(), Ok(*verdict));
        }
        assert_eq!(Verdict::NotDuplicate.name(), "not_duplicate");
    }
}
