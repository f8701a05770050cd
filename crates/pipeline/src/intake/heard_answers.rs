//! Which of what persons wrote into review workbooks is taken as an answer. What is not is kept word for word, told, and stands
//! in the next workbook again.

use crate::intake::on_questions::OnQuestions;
use crate::intake::review_answers::{OfferedAnswer, ReviewedRow};
use chrono::{Days, NaiveDate};
use ledger::{AnswerFault, GivenAnswers, QuestionKey, WrittenAnswer};
use programme::Programme;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use vietext::fold;

/// An answer with a last day so far ahead was hardly meant to have one.
const FAR: Days = Days::new(3_653);

/// Something that a person wrote and that has to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerNotice {
    /// The review workbook.
    pub file: String,
    /// The answer, as it was written.
    pub answer: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// What has to be told.
    #[serde(flatten)]
    pub matter: AnswerMatter,
    #[serde(skip)]
    pub(crate) question: QuestionKey,
}

/// What has to be told of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "matter", rename_all = "snake_case")]
pub enum AnswerMatter {
    /// It is not taken.
    NotTaken {
        /// Why.
        fault: AnswerFault,
    },
    /// It is taken in place of what another person said.
    Overrules {
        /// What that was.
        before: String,
        /// Who said it.
        before_by: String,
    },
    /// Its row does not say which question it is about.
    NoQuestion,
    /// Its question is no longer asked: what it was about has changed since.
    Gone,
    /// It is taken without its last day: an answer on a file or an amount holds as long as these are what they are.
    DayUnused,
}

impl AnswerNotice {
    pub(crate) fn new(file: &str, written: &WrittenAnswer, matter: AnswerMatter) -> Self {
        Self {
            file: file.to_owned(),
            answer: written.answer.clone(),
            reason: written.reason.clone(),
            by: written.by.clone(),
            matter,
            question: written.question.clone(),
        }
    }
}

/// What came of one review workbook.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct HeardAnswers {
    /// The answers, and all that was written and is new.
    pub given: GivenAnswers,
    pub notices: Vec<AnswerNotice>,
}

impl HeardAnswers {
    /// How many rows are new and not taken.
    pub(crate) fn not_taken(&self) -> usize {
        let faults = self.given.written.iter().filter(|it| it.fault.is_some());
        let lost = |it: &&AnswerNotice| it.matter == AnswerMatter::NoQuestion;
        faults.count() + self.notices.iter().filter(lost).count()
    }
}

/// What decides whether an answer is taken.
pub(crate) struct Hearing<'a> {
    pub programme: &'a Programme,
    pub all: &'a [&'a Programme],
    /// What persons wrote before.
    pub before: &'a [WrittenAnswer],
    pub today: NaiveDate,
}

/// A row that is new.
struct NewRow {
    file: usize,
    written: WrittenAnswer,
    answer: Option<OfferedAnswer>,
}

impl Hearing<'_> {
    /// Hears the rows of some workbooks, each with its name; gives what came of each, in their order.
    ///
    /// A row that says what was written on its question last, or what the workbook was given out with, is not new: nothing
    /// comes of it again.
    pub(crate) fn hear(&self, files: &[(&str, &[ReviewedRow])]) -> Vec<HeardAnswers> {
        let on_questions = OnQuestions::new(self.before);
        let mut heard: Vec<HeardAnswers> = Vec::new();
        heard.resize_with(files.len(), HeardAnswers::default);
        let mut rows: Vec<NewRow> = Vec::new();
        for (file, (name, reviewed)) in files.iter().enumerate() {
            for row in *reviewed {
                let (written, answer) = self.read(row);
                if !row.row.has_question() {
                    let notice = AnswerNotice::new(name, &written, AnswerMatter::NoQuestion);
                    heard[file].notices.push(notice);
                    continue;
                }
                let is_told = |other: &NewRow| {
                    other.written.question == written.question
                        && other.written.says_the_same(&written)
                };
                if on_questions.has(&written) || rows.iter().any(is_told) {
                    continue;
                }
                let overruled = answer.as_ref().filter(|_| written.fault.is_none());
                let overruled = overruled.and_then(|it| self.overruled(&on_questions, row, it));
                heard[file].notices.extend(
                    overruled.map(|before| AnswerNotice::new(name, &written, overrules(before))),
                );
                if written.fault.is_none() && !written.until.is_empty() && !row.has_last_day() {
                    let notice = AnswerNotice::new(name, &written, AnswerMatter::DayUnused);
                    heard[file].notices.push(notice);
                }
                rows.push(NewRow {
                    file,
                    written,
                    answer,
                });
            }
        }
        refuse_contradictions(&mut rows);
        for NewRow {
            file,
            written,
            answer,
        } in rows
        {
            let of_file = &mut heard[file];
            match (written.fault, answer) {
                (Some(fault), _) => {
                    let matter = AnswerMatter::NotTaken { fault };
                    of_file.notices.retain(|it| it.question != written.question);
                    of_file
                        .notices
                        .push(AnswerNotice::new(files[file].0, &written, matter));
                }
                (None, Some(answer)) => answer.put_into(&mut of_file.given),
                (None, None) => {}
            }
            of_file.given.written.push(written);
        }
        heard
    }

    fn read(&self, row: &ReviewedRow) -> (WrittenAnswer, Option<OfferedAnswer>) {
        let answer = row.to_offered(self.programme, self.all);
        let said = &row.row;
        let fault = match &answer {
            _ if said.answer.is_empty() => Some(AnswerFault::NoAnswer),
            None => Some(AnswerFault::NotOffered),
            // That it has to be looked into decides nothing.
            Some(answer) if said.by.is_empty() && !answer.is_open() => Some(AnswerFault::NoPerson),
            Some(_) if said.until.is_none() && !said.until_text.is_empty() => {
                Some(AnswerFault::UnclearDay)
            }
            Some(_) => said.until.and_then(|until| self.fault_of_day(until)),
        };
        let written = WrittenAnswer {
            question: row.question(),
            answer: said.answer.clone(),
            reason: said.reason.clone(),
            by: said.by.clone(),
            until: said.until_text.clone(),
            fault,
        };
        (written, answer)
    }

    fn fault_of_day(&self, until: NaiveDate) -> Option<AnswerFault> {
        let far = self.today.checked_add_days(FAR);
        match () {
            () if until < self.today => Some(AnswerFault::PastDay),
            () if far.is_some_and(|far| until > far) => Some(AnswerFault::FarDay),
            () => None,
        }
    }

    /// What another person was taken to say on the question, if it is something else.
    fn overruled<'b>(
        &self,
        on_questions: &OnQuestions<'b>,
        row: &ReviewedRow,
        answer: &OfferedAnswer,
    ) -> Option<&'b WrittenAnswer> {
        let before = on_questions.last_taken(&row.question())?;
        let mut again = row.clone();
        again.row.answer.clone_from(&before.answer);
        let said = again.to_offered(self.programme, self.all)?;
        let is_other_person = fold(&before.by) != fold(&row.row.by);
        (is_other_person && !said.is_open() && !said.is_same(answer)).then_some(before)
    }
}

impl OfferedAnswer {
    fn put_into(self, given: &mut GivenAnswers) {
        match self {
            Self::Record(answer) => given.on_records.push(answer),
            Self::Heading(answer) => given.on_headings.push(answer),
            Self::Replacement(answer) => given.on_replacements.push(answer),
            Self::Amount(answer) => given.on_amounts.push(answer),
        }
    }
}

fn overrules(before: &WrittenAnswer) -> AnswerMatter {
    AnswerMatter::Overrules {
        before: before.answer.clone(),
        before_by: before.by.clone(),
    }
}

/// Of two answers on one question that came at once nobody knows which came last: where they do not say the same, neither is
/// taken.
fn refuse_contradictions(rows: &mut [NewRow]) {
    let mut by_question: BTreeMap<&QuestionKey, Vec<&OfferedAnswer>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.written.fault.is_none()) {
        let answers = by_question.entry(&row.written.question).or_default();
        answers.extend(&row.answer);
    }
    let contradicted = by_question.into_iter().filter(|(_, answers)| {
        let first = answers.first();
        let mut others = answers.iter();
        first.is_some_and(|first| others.any(|other| !other.is_same(first)))
    });
    let contradicted: BTreeSet<QuestionKey> = contradicted.map(|(key, _)| key.clone()).collect();
    for row in rows.iter_mut() {
        if row.written.fault.is_none() && contradicted.contains(&row.written.question) {
            row.written.fault = Some(AnswerFault::Contradicted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AnswerMatter, HeardAnswers, Hearing};
    use crate::intake::on_questions::OnQuestions;
    use crate::intake::review_answers::ReviewedRow;
    use crate::testing::{day, programme};
    use ledger::{AnswerFault, AskedOn, Verdict, WrittenAnswer};
    use report::Reviewed;

    /// An answer on whether two records are of one enterprise.
    fn row(question: &str, answer: &str, by: &str) -> ReviewedRow {
        let keys = [question, "b", "-", "-", "c", "d"];
        ReviewedRow {
            layout: AskedOn::Records,
            row: Reviewed {
                answer: answer.to_owned(),
                reason: "hồ sơ số 5".to_owned(),
                by: by.to_owned(),
                until: None,
                until_text: String::new(),
                keys: keys.map(str::to_owned),
                offered: Vec::new(),
                group: String::new(),
                is_for_group: false,
            },
        }
    }

    fn until(row: ReviewedRow, text: &str, day: Option<&str>) -> ReviewedRow {
        let until = day.map(|day| day.parse().unwrap());
        let until_text = text.to_owned();
        ReviewedRow {
            row: Reviewed {
                until,
                until_text,
                ..row.row
            },
            ..row
        }
    }

    fn hear(before: &[WrittenAnswer], files: &[&[ReviewedRow]]) -> Vec<HeardAnswers> {
        let hearing = Hearing {
            programme: programme(),
            all: &[programme()],
            before,
            today: day("2024-01-10"),
        };
        let names = ["a.xlsx", "b.xlsx", "c.xlsx"];
        let files: Vec<_> = names.into_iter().zip(files.iter().copied()).collect();
        hearing.hear(&files)
    }

    fn fault(row: ReviewedRow) -> Option<AnswerFault> {
        let heard = hear(&[], &[&[row]]).remove(0);
        let written = &heard.given.written[0];
        assert_eq!(heard.given.count(), usize::from(written.fault.is_none()));
        assert_eq!(heard.not_taken(), usize::from(written.fault.is_some()));
        written.fault
    }

    #[test]
    fn an_answer_is_taken_if_it_is_offered_and_signed_and_its_day_makes_sense() {
        let good = || row("a", "cùng doanh nghiệp", "An");
        assert_eq!(fault(good()), None);
        assert_eq!(fault(row("a", "1", "An")), None);
        assert_eq!(fault(row("a", "cần xác minh", "")), None);
        let not_offered = ["trùng rồi", "trùng", "được tính", "4"];
        for answer in not_offered {
            let found = fault(row("a", answer, "An"));
            assert_eq!(found, Some(AnswerFault::NotOffered), "{answer}");
        }
        assert_eq!(fault(row("a", "", "An")), Some(AnswerFault::NoAnswer));
        let unsigned = row("a", "cùng doanh nghiệp", "");
        assert_eq!(fault(unsigned), Some(AnswerFault::NoPerson));
        for (text, day, expected) in [
            ("mai", None, Some(AnswerFault::UnclearDay)),
            ("09/01/2024", Some("2024-01-09"), Some(AnswerFault::PastDay)),
            ("10/01/2024", Some("2024-01-10"), None),
            ("10/01/2204", Some("2204-01-10"), Some(AnswerFault::FarDay)),
        ] {
            assert_eq!(fault(until(good(), text, day)), expected, "{text}");
        }
    }

    #[test]
    fn of_two_answers_at_once_that_do_not_say_the_same_neither_is_taken() {
        let same = row("a", "cùng doanh nghiệp", "An");
        let other = row("a", "khác doanh nghiệp", "Bình");
        let agreed = row("b", "cùng doanh nghiệp", "An");
        let heard = hear(&[], &[&[same.clone(), agreed], &[other]]);
        assert_eq!(heard[0].given.on_records.len(), 1);
        assert_eq!(heard[1].given.count(), 0);
        let contradicted = AnswerMatter::NotTaken {
            fault: AnswerFault::Contradicted,
        };
        for heard in &heard {
            assert_eq!(heard.notices[0].matter, contradicted);
        }
        // Both stand in the next workbook; handed back as they are they are not new.
        let written: Vec<WrittenAnswer> = heard
            .iter()
            .flat_map(|heard| heard.given.written.clone())
            .collect();
        let carried = OnQuestions::new(&written)
            .carried(&same.question())
            .unwrap();
        assert_eq!(carried.answer, "cùng doanh nghiệp / khác doanh nghiệp");
        assert_eq!(carried.by, "An / Bình");
        let mut back = row("a", &carried.answer, &carried.by);
        back.row.reason.clone_from(&carried.reason);
        assert_eq!(hear(&written, &[&[back]]), [HeardAnswers::default()]);
        // A third word decides.
        let decided = hear(&written, &[&[row("a", "2", "Chi")]]).remove(0);
        assert_eq!(decided.given.on_records[0].verdict, Verdict::Different);
        let all = [written, decided.given.written].concat();
        assert_eq!(OnQuestions::new(&all).carried(&same.question()), None);
        // Two who say the same agree.
        let again = row("a", "1. cùng doanh nghiệp", "Bình");
        let heard = hear(&[], &[&[same], &[again]]);
        assert_eq!((heard[0].given.count(), heard[1].given.count()), (1, 1));
    }

    #[test]
    fn whoever_says_otherwise_than_another_is_taken_and_told_and_one_who_changes_their_mind_is_taken()
     {
        let before = hear(&[], &[&[row("a", "cùng doanh nghiệp", "An")]]);
        let before = &before[0].given.written;
        let hear_then = |row| hear(before, &[&[row]]).remove(0);
        let overruled = hear_then(row("a", "khác doanh nghiệp", "Bình"));
        assert_eq!(overruled.given.count(), 1);
        let expected = AnswerMatter::Overrules {
            before: "cùng doanh nghiệp".to_owned(),
            before_by: "An".to_owned(),
        };
        assert_eq!(overruled.notices[0].matter, expected);
        let own = hear_then(row("a", "khác doanh nghiệp", "AN"));
        assert_eq!((own.given.count(), own.notices.len()), (1, 0));
        let same = hear_then(row("a", "cùng doanh nghiệp", "An"));
        assert_eq!(same, HeardAnswers::default(), "it was said before");
    }

    #[test]
    fn a_last_day_that_an_answer_cannot_have_is_told() {
        let keys = ["SXD", "budget", "spent", "-", "45000000000 đ", "-"];
        let mut on_amount = until(
            row("a", "đúng đơn vị", "An"),
            "30/06/2024",
            Some("2024-06-30"),
        );
        on_amount.layout = AskedOn::Amounts;
        on_amount.row.keys = keys.map(str::to_owned);
        let heard = hear(&[], &[&[on_amount]]).remove(0);
        assert_eq!(heard.notices[0].matter, AnswerMatter::DayUnused);
        assert_eq!(heard.given.on_amounts.len(), 1);
        let on_records = until(row("a", "1", "An"), "30/06/2024", Some("2024-06-30"));
        assert_eq!(hear(&[], &[&[on_records]])[0].notices, []);
    }

    #[test]
    fn words_without_a_question_are_told() {
        let heard = hear(&[], &[&[row("", "cùng doanh nghiệp", "An")]]).remove(0);
        assert_eq!(heard.notices[0].matter, AnswerMatter::NoQuestion);
        assert_eq!((heard.given.count(), heard.not_taken()), (0, 1));
    }
}
