use crate::as_of::AsOf;
use crate::column::parsed;
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::run::RunWriter;
use model::FileId;
use rusqlite::params;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What a person says of a form of a file that would take something of what stands away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ReplacementVerdict {
    /// It takes the place of what stands.
    Replace,
    /// What stands goes on counting.
    Keep,
    /// Both count.
    Add,
    /// It has to be looked into; the question stays.
    Verify,
}

impl ReplacementVerdict {
    /// All of them, as they are offered.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in the ledger and in the programme's words.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A person's answer on a form of a file; it holds for that file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacementAnswer {
    /// The file whose form waits.
    pub file: FileId,
    /// The form's code.
    pub form: String,
    /// The answer.
    pub verdict: ReplacementVerdict,
    /// Why.
    pub reason: String,
    /// Who answered.
    pub by: String,
}

impl Ledger {
    /// The answers on forms that wait, in the order they were given: of one file and form the last one counts.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn replacement_answers(&self) -> Result<Vec<ReplacementAnswer>, LedgerError> {
        self.replacement_answers_in(AsOf::NOW, None)
    }

    /// Those known at a moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn replacement_answers_at(
        &self,
        as_of: AsOf,
    ) -> Result<Vec<ReplacementAnswer>, LedgerError> {
        self.replacement_answers_in(as_of, None)
    }

    /// Those of one file, or of all.
    pub(crate) fn replacement_answers_in(
        &self,
        as_of: AsOf,
        file: Option<i64>,
    ) -> Result<Vec<ReplacementAnswer>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT a.file, form, verdict, reason, answered_by FROM replacement_answer AS a JOIN answer_file AS f ON a.answer_file = f.id JOIN run AS r ON f.run = r.id WHERE (?1 IS NULL OR r.at <= ?1) AND r.id <= ?2 AND (?3 IS NULL OR a.answer_file = ?3)
             ORDER BY a.id",
        )?;
        let rows = statement.query_map(params![as_of.moment(), as_of.run(), file], |row| {
            Ok(ReplacementAnswer {
                file: FileId(row.get(0)?),
                form: row.get(1)?,
                verdict: parsed(row, 2)?,
                reason: row.get(3)?,
                by: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl RunWriter<'_> {
    /// Keeps the answers on forms that wait of a review workbook.
    pub(crate) fn keep_replacement_answers(
        &self,
        answer_file: i64,
        answers: &[ReplacementAnswer],
    ) -> Result<(), LedgerError> {
        for answer in answers {
            self.transaction.execute(
                "INSERT INTO replacement_answer (answer_file, file, form, verdict, reason, answered_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    answer_file,
                    answer.file.0,
                    answer.form,
                    answer.verdict.name(),
                    answer.reason,
                    answer.by,
                ],
            )?;
        }
        Ok(())
    }
}
