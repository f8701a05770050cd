use crate::as_of::AsOf;
use crate::column::{from_json, parsed, to_json};
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::run::RunWriter;
use model::{SubmissionId, UnsureAmount};
use rusqlite::params;
use std::collections::BTreeMap;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What a person says of an amount that is far out of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum AmountVerdict {
    /// It is what is meant: it counts.
    Right,
    /// It is not: it waits for its sender.
    Wrong,
    /// It has to be looked into; the question stays.
    Verify,
}

impl AmountVerdict {
    /// All of them, as they are offered.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in the ledger.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A person's answer on an amount; it holds for that amount of that department, in whatever file it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmountAnswer {
    /// The department's code.
    pub department: String,
    /// The form's code.
    pub form: String,
    /// The form's column.
    pub column: String,
    /// Whom or what the amount is for, folded; blank if it is all of a column.
    pub subject: String,
    /// In đồng.
    pub amount: i64,
    /// The answer.
    pub verdict: AmountVerdict,
    /// Why.
    pub reason: String,
    /// Who answered.
    pub by: String,
}

impl Ledger {
    /// The answers on amounts in the order they were given: of one amount the last one counts.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn amount_answers(&self) -> Result<Vec<AmountAnswer>, LedgerError> {
        self.amount_answers_in(AsOf::NOW, None)
    }

    /// Those known at a moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn amount_answers_at(&self, as_of: AsOf) -> Result<Vec<AmountAnswer>, LedgerError> {
        self.amount_answers_in(as_of, None)
    }

    /// Those of one file, or of all.
    pub(crate) fn amount_answers_in(
        &self,
        as_of: AsOf,
        file: Option<i64>,
    ) -> Result<Vec<AmountAnswer>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT department, form, form_column, subject, amount, verdict, reason, answered_by
             FROM amount_answer AS a JOIN answer_file AS f ON a.answer_file = f.id JOIN run AS r ON f.run = r.id WHERE (?1 IS NULL OR r.at <= ?1) AND r.id <= ?2 AND (?3 IS NULL OR a.answer_file = ?3)
             ORDER BY a.id",
        )?;
        let rows = statement.query_map(params![as_of.moment(), as_of.run(), file], |row| {
            Ok(AmountAnswer {
                department: row.get(0)?,
                form: row.get(1)?,
                column: row.get(2)?,
                subject: row.get(3)?,
                amount: row.get(4)?,
                verdict: parsed(row, 5)?,
                reason: row.get(6)?,
                by: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The amounts of each submission that were far out of their kind.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unsure_amounts(&self) -> Result<BTreeMap<SubmissionId, Vec<UnsureAmount>>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT submission, amount FROM unsure_amount ORDER BY submission, position",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((SubmissionId(row.get(0)?), row.get::<_, String>(1)?))
        })?;
        let mut amounts: BTreeMap<SubmissionId, Vec<UnsureAmount>> = BTreeMap::new();
        for row in rows {
            let (submission, json) = row?;
            let of_submission = amounts.entry(submission).or_default();
            of_submission.push(from_json(&json)?);
        }
        Ok(amounts)
    }
}

impl RunWriter<'_> {
    /// Keeps the amounts of a submission that are far out of their kind.
    pub(crate) fn keep_unsure_amounts(
        &self,
        submission: SubmissionId,
        amounts: &[UnsureAmount],
    ) -> Result<(), LedgerError> {
        for (position, amount) in amounts.iter().enumerate() {
            self.transaction.execute(
                "INSERT INTO unsure_amount VALUES (?1, ?2, ?3)",
                params![
                    submission.0,
                    i64::try_from(position).unwrap_or(i64::MAX),
                    to_json(amount)?
                ],
            )?;
        }
        Ok(())
    }

    /// Keeps the answers on amounts of a review workbook.
    pub(crate) fn keep_amount_answers(
        &self,
        answer_file: i64,
        answers: &[AmountAnswer],
    ) -> Result<(), LedgerError> {
        for answer in answers {
            self.transaction.execute(
                "INSERT INTO amount_answer
                   (answer_file, department, form, form_column, subject, amount, verdict, reason, answered_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    answer_file,
                    answer.department,
                    answer.form,
                    answer.column,
                    answer.subject,
                    answer.amount,
                    answer.verdict.name(),
                    answer.reason,
                    answer.by,
                ],
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{AmountAnswer, AmountVerdict};
    use crate::answer::GivenAnswers;
    use crate::file_id::file_id;
    use crate::testing::{day, ledger, run};

    #[test]
    fn answers_on_amounts_are_kept_in_the_order_they_were_given() {
        let (_folder, ledger) = ledger();
        let answer = |verdict: &AmountVerdict| AmountAnswer {
            department: "SXD".to_owned(),
            form: "support".to_owned(),
            column: "state_budget".to_owned(),
            subject: "htx mau".to_owned(),
            amount: 45_000_000_000,
            verdict: *verdict,
            reason: "đã hỏi".to_owned(),
            by: "An".to_owned(),
        };
        let given: Vec<AmountAnswer> = AmountVerdict::ALL.iter().map(answer).collect();
        run(&ledger, day(5), |writer| {
            let answers = GivenAnswers {
                on_amounts: given.clone(),
                ..GivenAnswers::default()
            };
            let taken = writer.take_answers(&file_id(b"one"), b"one", &answers);
            taken.unwrap();
        });
        assert_eq!(ledger.amount_answers().unwrap(), given);
    }
}
