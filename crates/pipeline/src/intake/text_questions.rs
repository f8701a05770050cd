//! Texts of other programmes' lists of which nobody knows the contents: each is asked about once, however many rows have it.

use crate::intake::answer_choice::AnswerChoice;
use crate::intake::on_questions::NO_SUPPORT;
use crate::intake::question_order::{PlacedQuestion, QuestionEffect};
use crate::support::overlap_line::OverlapLine;
use crate::support::support_line::SupportLine;
use crate::support::text_answers::{TextVerdict, text_print};
use ledger::Answer;
use link::OverlapClass;
use programme::{CodeList, Entry, Programme};
use report::{ReviewRow, ReviewSubject, Reviewed};
use std::collections::{BTreeMap, BTreeSet};

/// Stands in a question's keys in place of another record.
const ON_TEXT: &str = "text";

/// So many places and enterprises are named.
const NAMED: usize = 3;

/// The text that an overlap waits for; nothing if it waits for something else.
pub(crate) fn waits_for_text(overlap: &OverlapLine) -> Option<(&SupportLine, &str)> {
    let sides = [&overlap.left, &overlap.right];
    let unclear = |side: &&SupportLine| side.unclear_text().is_some();
    let is_asked = overlap.waits && overlap.class == OverlapClass::Unclear;
    let side = sides.into_iter().find(unclear).filter(|_| is_asked)?;
    Some((side, side.unclear_text()?))
}

/// The overlaps that wait for one text.
#[derive(Default)]
struct AskedText<'c> {
    /// A row that has it.
    line: Option<&'c SupportLine>,
    places: BTreeSet<String>,
    enterprises: BTreeSet<&'c str>,
    /// The money of each of the departments' cases.
    cases: BTreeMap<&'c str, i64>,
}

/// The questions on texts that some overlaps wait for.
pub(crate) fn text_questions(
    programme: &Programme,
    overlaps: &[OverlapLine],
) -> Vec<PlacedQuestion> {
    let mut asked: BTreeMap<String, AskedText<'_>> = BTreeMap::new();
    for overlap in overlaps {
        let Some((line, text)) = waits_for_text(overlap) else {
            continue;
        };
        let of_text = asked.entry(text_print(text)).or_default();
        of_text.line.get_or_insert(line);
        of_text.places.insert(line.place());
        of_text.enterprises.insert(&overlap.enterprise);
        let department = [&overlap.left, &overlap.right]
            .into_iter()
            .find(|side| side.department.is_some());
        if let Some(side) = department {
            let money = side.state_budget.unwrap_or_default();
            of_text.cases.insert(&side.record, money);
        }
    }
    let question = |(print, text): (String, AskedText<'_>)| {
        let money = text
            .cases
            .values()
            .fold(0, |sum: i64, it| sum.saturating_add(*it));
        let effect = QuestionEffect {
            enterprises: 0,
            money,
        };
        let row = text_row(programme, &print, &text)?;
        Some(PlacedQuestion::alone(row, effect))
    };
    asked.into_iter().filter_map(question).collect()
}

fn text_row(programme: &Programme, print: &str, asked: &AskedText<'_>) -> Option<ReviewRow> {
    let words = &programme.words;
    let line = asked.line?;
    let list = content_list(programme)?;
    let named = |all: &mut dyn Iterator<Item = &str>, count: usize| {
        let mut named: Vec<String> = all.take(NAMED).map(str::to_owned).collect();
        if count > NAMED {
            named.push(format!("(+{})", count - NAMED));
        }
        named.join("\n")
    };
    let mut left = [(); 7].map(|()| String::new());
    left[0] = line.source(programme);
    left[4] = line.what();
    let mut places = asked.places.iter().map(String::as_str);
    left[6] = named(&mut places, asked.places.len());
    let mut right = [(); 7].map(|()| String::new());
    let mut enterprises = asked.enterprises.iter().copied();
    right[1] = named(&mut enterprises, asked.enterprises.len());
    let (rows, count) = (
        asked.places.len().to_string(),
        asked.enterprises.len().to_string(),
    );
    let counts = [("rows", &*rows), ("enterprises", &*count)];
    let others = ["answer_none_of_contents", "answer_verify"].map(|key| words.get(key).to_owned());
    Some(ReviewRow {
        question: words.get("ask_text").to_owned(),
        subject: ReviewSubject::Pair(Box::new([left, right])),
        evidence: words.render_template("text_evidence", counts),
        answers: entries(list).map(offered).chain(others).collect(),
        proposal: words.get("answer_verify").to_owned(),
        previous: String::new(),
        keys: [NO_SUPPORT, NO_SUPPORT, print, ON_TEXT, print, ON_TEXT].map(str::to_owned),
        carried: None,
        effect: String::new(),
        group: String::new(),
    })
}

/// The list of contents that other programmes' lists are read by.
fn content_list(programme: &Programme) -> Option<&CodeList> {
    let grants = programme
        .registers
        .values()
        .filter_map(|form| form.grant.as_ref());
    let mut names = grants.filter_map(|grant| grant.content_list.as_ref());
    names.find_map(|name| programme.lists.get(name))
}

/// The contents that a text may name.
fn entries(list: &CodeList) -> impl Iterator<Item = &Entry> {
    let is_told = |entry: &&Entry| list.unclassified.as_ref() != Some(&entry.code);
    list.entries.iter().filter(is_told)
}

fn offered(entry: &Entry) -> String {
    format!("{} – {}", entry.code, entry.title.vi)
}

/// Whether the keys of a row are those of a question on a text.
pub(crate) fn is_on_text(keys: &[String]) -> bool {
    [3, 5]
        .iter()
        .all(|&at| keys.get(at).is_some_and(|key| key == ON_TEXT))
}

/// The answer on a text as the ledger keeps it; nothing if it is none of those offered. Several contents may be given by their
/// codes: '3a1; 3b2'.
pub(crate) fn to_text_answer(programmes: &[&Programme], row: &Reviewed) -> Option<Answer> {
    let choice = AnswerChoice::read(&row.answer, &row.offered);
    let verdict = programmes.iter().find_map(|programme| {
        let words = &programme.words;
        if choice.is(words.get("answer_verify")) {
            return Some(TextVerdict::Open);
        }
        if choice.is(words.get("answer_none_of_contents")) {
            return Some(TextVerdict::NoneOfThem);
        }
        let list = content_list(programme)?;
        let chosen = entries(list).find(|entry| choice.is(&offered(entry)));
        let code = |text: &str| entries(list).find(|entry| entry.code.eq_ignore_ascii_case(text));
        let codes: Option<BTreeSet<String>> = match chosen {
            Some(entry) => Some([entry.code.clone()].into()),
            None => row
                .answer
                .split([';', ',', '+', ' '])
                .filter(|text| !text.is_empty())
                .map(|text| code(text).map(|entry| entry.code.clone()))
                .collect(),
        };
        codes
            .filter(|codes| !codes.is_empty())
            .map(TextVerdict::Contents)
    })?;
    Some(verdict.to_answer(&row.keys[2], &row.reason, &row.by))
}

#[cfg(test)]
mod tests {
    use super::{is_on_text, text_questions, to_text_answer};
    use crate::support::overlap_line::OverlapLine;
    use crate::support::support_line::SupportLine;
    use crate::support::text_answers::TextAnswers;
    use crate::testing::{overlap, programme, support_line};
    use link::OverlapClass;
    use report::{ReviewSubject, Reviewed};

    fn unclear(enterprise: &str, row: i64, wording: &str) -> OverlapLine {
        let case = SupportLine {
            state_budget: Some(5_000_000),
            record: enterprise.to_owned(),
            ..support_line("SCT", enterprise)
        };
        let entry = SupportLine {
            department: None,
            register: Some("sme".to_owned()),
            contents: Default::default(),
            wording: Some(wording.to_owned()),
            row,
            ..support_line("", enterprise)
        };
        let line = overlap(OverlapClass::Unclear, [case, entry]);
        OverlapLine {
            enterprise: enterprise.to_owned(),
            waits: true,
            ..line
        }
    }

    #[test]
    fn a_text_is_asked_about_once_with_all_that_waits_for_it() {
        let known = OverlapLine {
            waits: false,
            ..unclear("Bốn", 4, "Hỗ trợ đợt 1")
        };
        let overlaps = [
            unclear("Một", 1, "Hỗ trợ khác"),
            unclear("Hai", 2, "HỖ TRỢ KHÁC."),
            unclear("Hai", 3, "Hỗ trợ khác"),
            known,
        ];
        let asked = text_questions(programme(), &overlaps);
        let [question] = &asked[..] else {
            panic!("one question, not {}", asked.len())
        };
        assert_eq!(question.effect.money, 10_000_000, "each case once");
        assert!(is_on_text(&question.row.keys));
        let ReviewSubject::Pair(sides) = &question.row.subject else {
            panic!("two sides")
        };
        assert_eq!(sides[0][4], "“Hỗ trợ khác”");
        assert_eq!(sides[1][1], "Hai\nMột");
        assert!(
            question
                .row
                .evidence
                .contains("3 dòng, liên quan 2 doanh nghiệp")
        );
    }

    #[test]
    fn an_answer_is_one_content_several_by_their_codes_none_or_open() {
        let overlaps = [unclear("Một", 1, "Hỗ trợ khác")];
        let row = text_questions(programme(), &overlaps).remove(0).row;
        let said = |answer: &str| {
            let reviewed = Reviewed {
                answer: answer.to_owned(),
                reason: "hồ sơ".to_owned(),
                by: "An".to_owned(),
                until: None,
                until_text: String::new(),
                keys: row.keys.clone(),
                offered: row.answers.clone(),
                group: String::new(),
                is_for_group: false,
            };
            let answer = to_text_answer(&[programme()], &reviewed)?;
            let known = TextAnswers::new(&[answer]);
            Some(known.contents("Hỗ trợ khác", "").map(str::to_owned))
        };
        let codes = |codes: &str| Some(Some(codes.to_owned()));
        assert_eq!(said("1"), codes("3a1"));
        assert_eq!(said(&row.answers[1]), codes("3a2"));
        assert_eq!(said("3B2"), codes("3b2"));
        assert_eq!(said("3b3; 3b1"), codes("3b1;3b3"));
        assert_eq!(said("Không thuộc mục IV.3"), codes("-"));
        assert_eq!(said("cần xác minh"), Some(None));
        assert_eq!(said("trùng"), None);
    }
}
