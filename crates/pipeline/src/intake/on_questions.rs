//! What persons wrote on each question of review workbooks, and what of it waits to be understood.

use ledger::{AnswerFault, QuestionKey, WrittenAnswer};
use std::collections::BTreeMap;

/// Written in place of the fingerprints of support if a question is on enterprises only, and of what a question on a heading
/// has no use for.
pub(crate) const NO_SUPPORT: &str = "-";

/// What stands between the words of several persons that are carried in one row.
const BETWEEN_PERSONS: &str = " / ";

/// What was written on each question, in its order.
pub(crate) struct OnQuestions<'b>(BTreeMap<&'b QuestionKey, Vec<&'b WrittenAnswer>>);

impl<'b> OnQuestions<'b> {
    pub(crate) fn new(before: &'b [WrittenAnswer]) -> Self {
        let mut on_questions: BTreeMap<&QuestionKey, Vec<&WrittenAnswer>> = BTreeMap::new();
        for written in before {
            let on_question = on_questions.entry(&written.question).or_default();
            on_question.push(written);
        }
        Self(on_questions)
    }

    /// Whether anything was written on a question.
    pub(crate) fn is_known(&self, question: &QuestionKey) -> bool {
        self.0.contains_key(question)
    }

    /// Whether that is what was written last, or what stood in the workbook that was given out.
    pub(crate) fn has(&self, written: &WrittenAnswer) -> bool {
        let last = self.0.get(&written.question).and_then(|it| it.last());
        let carried = || self.carried(&written.question);
        last.is_some_and(|last| last.says_the_same(written))
            || carried().is_some_and(|carried| carried.says_the_same(written))
    }

    /// The last words on a question that were taken.
    pub(crate) fn last_taken(&self, question: &QuestionKey) -> Option<&'b WrittenAnswer> {
        let written = self.0.get(question)?.iter().rev();
        written.copied().find(|it| it.fault.is_none())
    }

    /// What stands again in the row of a question, since it was not taken; nothing if the last words on it were. Of answers
    /// that contradict each other all stand there.
    pub(crate) fn carried(&self, question: &QuestionKey) -> Option<WrittenAnswer> {
        let written = self.0.get(question)?;
        let last = *written.last()?;
        if last.fault? != AnswerFault::Contradicted {
            return Some(last.clone());
        }
        let contradicting = written.iter().rev();
        let mut said: Vec<&WrittenAnswer> = contradicting
            .take_while(|it| it.fault == Some(AnswerFault::Contradicted))
            .copied()
            .collect();
        said.reverse();
        let joined = |text: fn(&WrittenAnswer) -> &str| {
            let texts = said.iter().map(|it| text(it));
            texts.collect::<Vec<_>>().join(BETWEEN_PERSONS)
        };
        let is_any_day = said.iter().any(|it| !it.until.is_empty());
        Some(WrittenAnswer {
            question: question.clone(),
            answer: joined(|it| &it.answer),
            reason: joined(|it| &it.reason),
            by: joined(|it| &it.by),
            until: match is_any_day {
                true => joined(|it| &it.until),
                false => String::new(),
            },
            fault: last.fault,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::OnQuestions;
    use ledger::{AnswerFault, AskedOn, QuestionKey, WrittenAnswer};

    fn written(question: &str, answer: &str, fault: Option<AnswerFault>) -> WrittenAnswer {
        WrittenAnswer {
            question: QuestionKey {
                layout: AskedOn::Amounts,
                keys: vec![question.to_owned()],
            },
            answer: answer.to_owned(),
            reason: format!("vì {answer}"),
            by: "An".to_owned(),
            until: String::new(),
            fault,
        }
    }

    #[test]
    fn the_last_words_are_carried_unless_they_were_taken() {
        let not_offered = Some(AnswerFault::NotOffered);
        let all = [
            written("a", "hmm", not_offered),
            written("b", "đúng", not_offered),
            written("a", "hmm hmm", not_offered),
            written("b", "đúng đơn vị", None),
        ];
        let on_questions = OnQuestions::new(&all);
        let carried = |at: usize| on_questions.carried(&all[at].question);
        assert_eq!(carried(0), Some(all[2].clone()));
        assert_eq!(carried(1), None);
        assert_eq!(on_questions.last_taken(&all[1].question), Some(&all[3]));
        assert!(on_questions.has(&all[2]) && !on_questions.has(&all[0]));
    }

    #[test]
    fn answers_that_contradict_each_other_stand_side_by_side() {
        let contradicted = Some(AnswerFault::Contradicted);
        let all = [
            written("a", "?", Some(AnswerFault::NotOffered)),
            written("a", "đúng", contradicted),
            written("a", "sai", contradicted),
        ];
        let on_questions = OnQuestions::new(&all);
        let carried = on_questions.carried(&all[0].question).unwrap();
        assert_eq!(carried.answer, "đúng / sai");
        assert_eq!(
            (carried.reason.as_str(), carried.until.as_str()),
            ("vì đúng / vì sai", "")
        );
        assert!(on_questions.has(&carried));
    }
}
