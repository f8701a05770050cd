use crate::column::{from_json_column, parsed, parsed_if_any, to_json};
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::run::RunWriter;
use rusqlite::params;
use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What a person wrote into a row of a review workbook, word for word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrittenAnswer {
    /// The question.
    pub question: QuestionKey,
    /// The answer; blank if only something else was written.
    pub answer: String,
    /// Why.
    pub reason: String,
    /// Who answered.
    pub by: String,
    /// The last day on which it holds, as it was written.
    pub until: String,
    /// Why it was not taken; nothing if it was.
    pub fault: Option<AnswerFault>,
}

/// What a question of a review workbook is known again by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct QuestionKey {
    /// The kind of the sheet it stands on.
    pub layout: AskedOn,
    /// The texts that stand hidden in its row.
    pub keys: Vec<String>,
}

/// The kind of a sheet of questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum AskedOn {
    /// Records.
    Records,
    /// Headings.
    Headings,
    /// Forms that wait.
    Replacements,
    /// Amounts.
    Amounts,
}

/// Why what a person wrote is not taken as an answer.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AnswerFault {
    /// It is none of the answers that the question offers.
    NotOffered,
    /// A reason, a name or a day stands there, and no answer.
    NoAnswer,
    /// Nobody is named who answers.
    NoPerson,
    /// The last day is no day.
    UnclearDay,
    /// The last day is over.
    PastDay,
    /// The last day is so far ahead that it was hardly meant.
    FarDay,
    /// Two answers on one question came at once and do not say the same.
    Contradicted,
}

impl AnswerFault {
    /// All of them.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in the ledger and in the programme's words.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl WrittenAnswer {
    /// Whether two rows have the same words in them.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let words = |it: &Self| [&it.answer, &it.reason, &it.by, &it.until].map(String::clone);
        words(self) == words(other)
    }
}

impl Ledger {
    /// What persons wrote into review workbooks, in the order in which it was kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn written_answers(&self) -> Result<Vec<WrittenAnswer>, LedgerError> {
        self.written_answers_in(None)
    }

    /// Those of one file, or of all.
    pub(crate) fn written_answers_in(
        &self,
        file: Option<i64>,
    ) -> Result<Vec<WrittenAnswer>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT layout, keys, answer, reason, answered_by, until, fault FROM written_answer WHERE (?1 IS NULL OR answer_file = ?1)
             ORDER BY id",
        )?;
        let rows = statement.query_map([file], |row| {
            Ok(WrittenAnswer {
                question: QuestionKey {
                    layout: parsed(row, 0)?,
                    keys: from_json_column(row, 1)?,
                },
                answer: row.get(2)?,
                reason: row.get(3)?,
                by: row.get(4)?,
                until: row.get(5)?,
                fault: parsed_if_any(row, 6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl RunWriter<'_> {
    /// Keeps what was written into a review workbook.
    pub(crate) fn keep_written_answers(
        &self,
        answer_file: i64,
        written: &[WrittenAnswer],
    ) -> Result<(), LedgerError> {
        for answer in written {
            let layout: &str = answer.question.layout.into();
            self.transaction.execute(
                "INSERT INTO written_answer (answer_file, layout, keys, answer, reason, answered_by, until, fault)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    answer_file,
                    layout,
                    to_json(&answer.question.keys)?,
                    answer.answer,
                    answer.reason,
                    answer.by,
                    answer.until,
                    answer.fault.map(AnswerFault::name),
                ],
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{AnswerFault, AskedOn, QuestionKey, WrittenAnswer};
    use crate::answer::GivenAnswers;
    use crate::file_id::file_id;
    use crate::testing::{day, ledger, run};

    #[test]
    fn what_was_written_is_kept_word_for_word_with_its_workbook() {
        let (_folder, ledger) = ledger();
        let written = |fault: Option<AnswerFault>| WrittenAnswer {
            question: QuestionKey {
                layout: AskedOn::Records,
                keys: ["a", "b | c", "-"].map(str::to_owned).to_vec(),
            },
            answer: "trùng rồi".to_owned(),
            reason: "hồ sơ số 5".to_owned(),
            by: "An".to_owned(),
            until: "mai".to_owned(),
            fault,
        };
        let faults = AnswerFault::ALL.iter().copied().map(Some);
        let all: Vec<WrittenAnswer> = faults.chain([None]).map(written).collect();
        run(&ledger, day(5), |writer| {
            let given = GivenAnswers {
                written: all.clone(),
                ..GivenAnswers::default()
            };
            assert_eq!(given.count(), 0);
            let taken = writer.take_answers(&file_id(b"one"), b"one", &given);
            taken.unwrap();
        });
        assert_eq!(ledger.written_answers().unwrap(), all);
        assert_eq!(ledger.bytes(&file_id(b"one")).unwrap(), b"one");
        assert!(all[0].says_the_same(&all[1]));
    }
}
