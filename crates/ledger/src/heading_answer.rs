use crate::as_of::AsOf;
use crate::column::{from_json, parsed, parsed_if_any, to_json};
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::run::RunWriter;
use chrono::NaiveDate;
use model::{HeadingMeaning, Moment, SubmissionId, UnsureHeading};
use rusqlite::params;
use std::collections::BTreeMap;

/// What a person says of a heading of a department's form, in whatever file and period it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadingAnswer {
    /// The department's code.
    pub department: String,
    /// The form's code.
    pub form: String,
    /// The heading with those above it, folded.
    pub heading: String,
    /// What it is; none if it has to be looked into: the question stays.
    pub meaning: Option<HeadingMeaning>,
    /// Why.
    pub reason: String,
    /// Who answered.
    pub by: String,
    /// The last day on which it holds; none for ever.
    pub until: Option<NaiveDate>,
}

impl Ledger {
    /// The answers on headings that are known, in the order they were given, each with the moment it was taken: of one
    /// heading the last one counts.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn heading_answers(&self) -> Result<Vec<(Moment, HeadingAnswer)>, LedgerError> {
        self.heading_answers_in(AsOf::NOW, None)
    }

    /// Those known at a moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn heading_answers_at(
        &self,
        as_of: AsOf,
    ) -> Result<Vec<(Moment, HeadingAnswer)>, LedgerError> {
        self.heading_answers_in(as_of, None)
    }

    /// Those of one file, or of all.
    pub(crate) fn heading_answers_in(
        &self,
        as_of: AsOf,
        file: Option<i64>,
    ) -> Result<Vec<(Moment, HeadingAnswer)>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT r.at, a.department, a.form, a.heading, a.meaning, a.reason, a.answered_by, a.until
             FROM heading_answer AS a JOIN answer_file AS f ON a.answer_file = f.id JOIN run AS r ON f.run = r.id
             WHERE (?1 IS NULL OR r.at <= ?1) AND r.id <= ?2 AND (?3 IS NULL OR a.answer_file = ?3)
             ORDER BY a.id",
        )?;
        let rows = statement.query_map(params![as_of.moment(), as_of.run(), file], |row| {
            let answer = HeadingAnswer {
                department: row.get(1)?,
                form: row.get(2)?,
                heading: row.get(3)?,
                meaning: None,
                reason: row.get(5)?,
                by: row.get(6)?,
                until: parsed_if_any(row, 7)?,
            };
            Ok((parsed(row, 0)?, answer, row.get::<_, Option<String>>(4)?))
        })?;
        rows.map(|row| {
            let (at, answer, meaning) = row?;
            let meaning = meaning.map(|json| from_json(&json)).transpose()?;
            Ok((at, HeadingAnswer { meaning, ..answer }))
        })
        .collect()
    }

    /// The headings of each submission that do not say which of their form's columns they are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unsure_headings(
        &self,
    ) -> Result<BTreeMap<SubmissionId, Vec<UnsureHeading>>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT submission, heading FROM unsure_heading ORDER BY submission, position",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((SubmissionId(row.get(0)?), row.get::<_, String>(1)?))
        })?;
        let mut headings: BTreeMap<SubmissionId, Vec<UnsureHeading>> = BTreeMap::new();
        for row in rows {
            let (submission, json) = row?;
            headings
                .entry(submission)
                .or_default()
                .push(from_json(&json)?);
        }
        Ok(headings)
    }
}

impl RunWriter<'_> {
    /// Keeps the headings of a submission that do not say which of their form's columns they are.
    pub(crate) fn keep_unsure_headings(
        &self,
        submission: SubmissionId,
        headings: &[UnsureHeading],
    ) -> Result<(), LedgerError> {
        for (position, heading) in headings.iter().enumerate() {
            self.transaction.execute(
                "INSERT INTO unsure_heading VALUES (?1, ?2, ?3)",
                params![
                    submission.0,
                    i64::try_from(position).unwrap_or(i64::MAX),
                    to_json(heading)?
                ],
            )?;
        }
        Ok(())
    }

    /// Keeps the answers on headings of a review workbook.
    pub(crate) fn keep_heading_answers(
        &self,
        answer_file: i64,
        answers: &[HeadingAnswer],
    ) -> Result<(), LedgerError> {
        for answer in answers {
            let meaning = answer.meaning.as_ref().map(to_json).transpose()?;
            self.transaction.execute(
                "INSERT INTO heading_answer (answer_file, department, form, heading, meaning, reason, answered_by, until)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    answer_file,
                    answer.department,
                    answer.form,
                    answer.heading,
                    meaning,
                    answer.reason,
                    answer.by,
                    answer.until.map(|day| day.to_string()),
                ],
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::HeadingAnswer;
    use crate::answer::GivenAnswers;
    use crate::file_id::file_id;
    use crate::testing::{day, ledger, run, take_in_with, unsure_heading};
    use model::{HeadingMeaning, SubmissionId};

    fn answer(meaning: Option<HeadingMeaning>) -> HeadingAnswer {
        HeadingAnswer {
            department: "SXD".to_owned(),
            form: "support".to_owned(),
            heading: "kinh phi".to_owned(),
            meaning,
            reason: "đã hỏi".to_owned(),
            by: "An".to_owned(),
            until: "2024-06-30".parse().ok(),
        }
    }

    #[test]
    fn answers_on_headings_are_kept_in_the_order_they_were_given() {
        let (_folder, ledger) = ledger();
        let given = [
            answer(None),
            answer(Some(HeadingMeaning::NotOfForm)),
            answer(Some(HeadingMeaning::Column("state_budget".to_owned()))),
        ];
        run(&ledger, day(5), |writer| {
            let answers = GivenAnswers {
                on_headings: given.to_vec(),
                ..GivenAnswers::default()
            };
            writer
                .take_answers(&file_id(b"one"), b"one", &answers)
                .unwrap();
        });
        let expected = given.map(|answer| (day(5), answer));
        assert_eq!(ledger.heading_answers().unwrap(), expected);
    }

    #[test]
    fn what_is_unsure_is_kept_with_its_submission() {
        let (_folder, ledger) = ledger();
        let heading = unsure_heading();
        run(&ledger, day(5), |writer| {
            take_in_with(writer, "a.xlsx", &[]);
            take_in_with(writer, "b.xlsx", std::slice::from_ref(&heading));
        });
        let kept = ledger.unsure_headings().unwrap();
        assert_eq!(kept, [(SubmissionId(2), vec![heading])].into());
    }
}
