//! The review workbook: what waits for a person, and what was joined without one.

use crate::error::PipelineError;
use crate::identity::case_pair::{CaseLine, CasePair};
use crate::identity::cases::CaseDoubt;
use crate::intake::amount_questions::AmountQuestion;
use crate::intake::heading_questions::HeadingQuestion;
use crate::intake::on_questions::{NO_SUPPORT, OnQuestions};
use crate::intake::question_order::{PlacedQuestion, QuestionEffect, in_order};
use crate::intake::register_questions::{REGISTER, RegisterQuestion};
use crate::intake::replacement_questions::ReplacementQuestion;
use crate::intake::text_questions::{text_questions, waits_for_text};
use crate::snapshot::row_question::{GONE, ON_CHOICE, ON_GONE, RowMatter, RowQuestion};
use crate::support::answer_index::{previous_line, said_before, verdict_word};
use crate::support::comparison::Comparison;
use crate::support::overlap_line::{OverlapLine, QuestionLine};
use crate::support::support_line::SupportLine;
use chrono::{DateTime, FixedOffset};
use ledger::{
    AmountVerdict, AnswerFault, AskedOn, HeadingAnswer, QuestionKey, ReplacementVerdict, Verdict,
    WrittenAnswer,
};
use link::OverlapClass;
use model::{HeadingMeaning, Vnd};
use programme::Programme;
use rayon::prelude::*;
use report::{
    CarriedWords, DeskQuestion, ReviewInput, ReviewLayout, ReviewRow, ReviewSheet, ReviewSubject,
};
use serde::Serialize;
use std::collections::BTreeSet;
use vietext::fold;

/// What waits for a person after a run.
#[derive(Clone, Copy)]
pub(crate) struct OpenQuestions<'a> {
    pub comparison: &'a Comparison,
    pub cases: &'a [CasePair],
    pub rows: &'a [RowQuestion],
    pub headings: &'a [HeadingQuestion],
    pub replacements: &'a [ReplacementQuestion],
    pub registers: &'a [RegisterQuestion],
    pub amounts: &'a [AmountQuestion],
}

/// A row of which what a person wrote was not taken, and stands there again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingAnswer {
    /// What is asked.
    pub question: String,
    /// Whom or what it is about.
    pub about: String,
    /// The answer, as it was written.
    pub answer: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// Why it was not taken, in the programme's words.
    pub why: String,
}

/// The rows of a review workbook, sheet by sheet.
pub(crate) struct AskedRows {
    headings: Vec<ReviewRow>,
    questions: Vec<ReviewRow>,
    replacements: Vec<ReviewRow>,
    amounts: Vec<ReviewRow>,
    joined: Vec<ReviewRow>,
}

impl AskedRows {
    /// Of what waits, with what persons wrote on it and was not taken.
    pub(crate) fn new(
        programme: &Programme,
        asked: &OpenQuestions<'_>,
        written: &[WrittenAnswer],
    ) -> Self {
        let OpenQuestions {
            comparison,
            cases,
            rows,
            headings,
            replacements,
            registers,
            amounts,
        } = *asked;
        let mut questions = questions_on_records(programme, comparison);
        questions.extend(cases.iter().map(|pair| case_question(programme, pair)));
        let on_rows = rows.iter().map(|question| PlacedQuestion {
            grounds: Some(format!("{}|{:?}", question.form, question.matter)),
            ..PlacedQuestion::alone(row_row(programme, question), QuestionEffect::default())
        });
        questions.extend(on_rows);
        let questions = in_order(programme, questions);
        let headings = headings.iter().map(|it| heading_row(programme, it));
        let of_files = replacements.iter().map(|it| replacement_row(programme, it));
        let open_registers = registers.iter().filter(|question| question.is_open());
        let of_registers = open_registers.map(|it| register_row(programme, it));
        let amounts = amounts.iter().map(|it| amount_row(programme, it));
        let mut asked = Self {
            headings: headings.collect(),
            questions,
            replacements: of_files.chain(of_registers).collect(),
            amounts: amounts.collect(),
            joined: joined_rows(programme, comparison),
        };
        asked.carry(programme, &OnQuestions::new(written));
        asked
    }

    /// All rows, each with the kind of its sheet.
    fn all(&self) -> impl Iterator<Item = (AskedOn, &ReviewRow)> {
        let sheets = [
            (AskedOn::Headings, &self.headings),
            (AskedOn::Records, &self.questions),
            (AskedOn::Replacements, &self.replacements),
            (AskedOn::Amounts, &self.amounts),
            (AskedOn::Records, &self.joined),
        ];
        let sheets = sheets.into_iter();
        sheets.flat_map(|(layout, rows)| rows.iter().map(move |row| (layout, row)))
    }

    /// What the questions are known again by.
    pub(crate) fn keys(&self) -> BTreeSet<QuestionKey> {
        self.all().map(|(layout, row)| key(layout, row)).collect()
    }

    /// How many questions wait for a person: what was joined may be looked over, and waits for nobody.
    pub(crate) fn waiting(&self) -> usize {
        [
            &self.headings,
            &self.questions,
            &self.replacements,
            &self.amounts,
        ]
        .map(Vec::len)
        .iter()
        .sum()
    }

    /// The first that wait, those that change most first; what was joined waits for nobody.
    pub(crate) fn first(&self, most: usize) -> Vec<DeskQuestion> {
        let waiting = [
            &self.questions,
            &self.replacements,
            &self.amounts,
            &self.headings,
        ];
        let rows = waiting.into_iter().flatten().take(most);
        rows.map(|row| DeskQuestion {
            question: row.question.clone(),
            about: about(row),
            effect: row.effect.clone(),
        })
        .collect()
    }

    /// The rows on which something was written that was not taken.
    pub(crate) fn not_taken(&self) -> Vec<WaitingAnswer> {
        let waiting = self.all().filter_map(|(_, row)| {
            let words = row.carried.as_ref()?;
            Some(WaitingAnswer {
                question: row.question.clone(),
                about: about(row),
                answer: words.answer.clone(),
                reason: words.reason.clone(),
                by: words.by.clone(),
                why: words.mark.clone(),
            })
        });
        waiting.collect()
    }

    fn carry(&mut self, programme: &Programme, on_questions: &OnQuestions<'_>) {
        let sheets = [
            (AskedOn::Headings, &mut self.headings),
            (AskedOn::Records, &mut self.questions),
            (AskedOn::Replacements, &mut self.replacements),
            (AskedOn::Amounts, &mut self.amounts),
            (AskedOn::Records, &mut self.joined),
        ];
        for (layout, rows) in sheets {
            for row in rows {
                let carried = on_questions.carried(&key(layout, row));
                row.carried = carried.map(|written| carried_words(programme, written));
            }
        }
    }

    /// The bytes of the workbook: the open questions, and the records that were joined, so that whoever knows better can take
    /// them apart. Nothing if there is neither.
    ///
    /// # Errors
    /// When the rows do not fit a workbook.
    pub(crate) fn workbook(
        self,
        programme: &Programme,
        at: DateTime<FixedOffset>,
    ) -> Result<Option<Vec<u8>>, PipelineError> {
        if self.all().next().is_none() {
            return Ok(None);
        }
        let words = &programme.report.review;
        let sheet = |name, intro, layout, rows| ReviewSheet {
            name,
            intro: programme.words.get(intro),
            layout,
            rows,
        };
        let (replacements, amounts) = (ReviewLayout::Replacements, ReviewLayout::Amounts);
        let pairs = ReviewLayout::Pairs;
        let bytes = report::review(&ReviewInput {
            words: &programme.words,
            at,
            sheets: vec![
                sheet(
                    &words.headings_sheet,
                    "headings_intro",
                    ReviewLayout::Headings,
                    self.headings,
                ),
                sheet(
                    &words.questions_sheet,
                    "review_intro",
                    pairs,
                    self.questions,
                ),
                sheet(
                    &words.replacements_sheet,
                    "replacements_intro",
                    replacements,
                    self.replacements,
                ),
                sheet(&words.amounts_sheet, "amounts_intro", amounts, self.amounts),
                sheet(&words.joined_sheet, "joined_intro", pairs, self.joined),
            ],
        })?;
        Ok(Some(bytes))
    }
}

fn key(layout: AskedOn, row: &ReviewRow) -> QuestionKey {
    QuestionKey {
        layout,
        keys: row.keys.to_vec(),
    }
}

/// What was written and not taken, with why in words.
fn carried_words(programme: &Programme, written: WrittenAnswer) -> CarriedWords {
    let words = &programme.words;
    let why = written
        .fault
        .map_or("", |fault| words.get(fault_word(fault)));
    CarriedWords {
        mark: words.render_template("answer_not_taken", [("why", why)]),
        answer: written.answer,
        reason: written.reason,
        by: written.by,
        until: written.until,
    }
}

/// The key of the programme's word for why something was not taken as an answer.
fn fault_word(fault: AnswerFault) -> &'static str {
    match fault {
        AnswerFault::NotOffered => "answer_fault_not_offered",
        AnswerFault::NoAnswer => "answer_fault_no_answer",
        AnswerFault::NoPerson => "answer_fault_no_person",
        AnswerFault::UnclearDay => "answer_fault_unclear_day",
        AnswerFault::PastDay => "answer_fault_past_day",
        AnswerFault::FarDay => "answer_fault_far_day",
        AnswerFault::Contradicted => "answer_fault_contradicted",
    }
}

/// The questions on enterprises, on texts of lists, and on overlapping support, which depend on them.
fn questions_on_records(programme: &Programme, comparison: &Comparison) -> Vec<PlacedQuestion> {
    let enterprises = comparison.questions.iter().map(|question| {
        let row = enterprise_row(programme, question, "ask_same", Verdict::Verify);
        let sides = [&question.left, &question.right];
        let are_departments = sides.iter().all(|side| side.department.is_some());
        PlacedQuestion {
            effect: QuestionEffect {
                enterprises: u64::from(are_departments),
                money: 0,
            },
            // What is alike may be looked at together, what is not is another matter each time.
            grounds: Some(format!("{}|{}", row.question, row.evidence)),
            row,
        }
    });
    let overlaps: Vec<PlacedQuestion> = comparison
        .overlaps
        .par_iter()
        .filter(|overlap| overlap.waits && waits_for_text(overlap).is_none())
        .map(|overlap| {
            let row = overlap_row(programme, overlap);
            let (left, right) = (&overlap.left, &overlap.right);
            let sources = [left.source(programme), right.source(programme)].join("|");
            PlacedQuestion {
                effect: QuestionEffect {
                    enterprises: 0,
                    money: money_at_stake(overlap),
                },
                grounds: Some(format!("{}|{sources}|{}", row.question, row.proposal)),
                row,
            }
        })
        .collect();
    let texts = text_questions(programme, &comparison.overlaps);
    enterprises.chain(texts).chain(overlaps).collect()
}

/// The money of the state that may be counted or paid twice: of two departments' cases the smaller amount, else the department's.
fn money_at_stake(overlap: &OverlapLine) -> i64 {
    let amounts = [&overlap.left, &overlap.right].map(|side| {
        let of_department = side.department.as_ref().and(side.state_budget);
        of_department.filter(|amount| *amount > 0)
    });
    amounts.into_iter().flatten().min().unwrap_or_default()
}

fn case_question(programme: &Programme, pair: &CasePair) -> PlacedQuestion {
    let [left, right] = &pair.sides;
    let said = [
        pair.form.as_str(),
        &left.department,
        &right.department,
        &left.period,
        &right.period,
    ];
    PlacedQuestion {
        grounds: Some(said.join("|")),
        ..PlacedQuestion::alone(case_row(programme, pair), QuestionEffect::default())
    }
}

fn joined_rows(programme: &Programme, comparison: &Comparison) -> Vec<ReviewRow> {
    let row = |pair| enterprise_row(programme, pair, "ask_joined", Verdict::Same);
    comparison.joined.iter().map(row).collect()
}

fn overlap_row(programme: &Programme, overlap: &OverlapLine) -> ReviewRow {
    let (question, proposal) = match overlap.class {
        OverlapClass::Unclear => ("ask_unclear", Verdict::Verify),
        OverlapClass::Duplicate | OverlapClass::Repeat | OverlapClass::Combined => {
            ("ask_duplicate", likely(overlap))
        }
    };
    ReviewRow {
        question: programme.words.get(question).to_owned(),
        subject: ReviewSubject::Pair(Box::new([
            overlap.left.shown(programme),
            overlap.right.shown(programme),
        ])),
        evidence: format!("{} ({})", overlap.evidence, overlap.clause),
        answers: verdict_words(programme, &ON_SUPPORT),
        proposal: verdict_word(programme, proposal).to_owned(),
        previous: previous_line(programme, &overlap.previous),
        keys: keys(&overlap.left, &overlap.right, true),
        carried: None,
        effect: String::new(),
        group: String::new(),
    }
}

fn enterprise_row(
    programme: &Programme,
    pair: &QuestionLine,
    question: &str,
    proposal: Verdict,
) -> ReviewRow {
    ReviewRow {
        question: programme.words.get(question).to_owned(),
        subject: ReviewSubject::Pair(Box::new([
            pair.left.shown(programme),
            pair.right.shown(programme),
        ])),
        evidence: pair.reasons.clone(),
        answers: verdict_words(programme, &ON_ENTERPRISES),
        proposal: verdict_word(programme, proposal).to_owned(),
        previous: previous_line(programme, &pair.previous),
        keys: keys(&pair.left, &pair.right, false),
        carried: None,
        effect: String::new(),
        group: String::new(),
    }
}

/// The question whether two rows are about one case.
fn case_row(programme: &Programme, pair: &CasePair) -> ReviewRow {
    let words = &programme.words;
    let (question, evidence) = match pair.doubt {
        CaseDoubt::OverPeriods => ("ask_case", "case_over_periods"),
        CaseDoubt::TwoReporters => ("ask_case", "case_two_reporters"),
        CaseDoubt::OneOfAll => ("ask_one_of_all", "case_one_of_all"),
    };
    let [left, right] = &pair.sides;
    let shown = |line: &CaseLine| {
        [
            department_name(programme, &line.department),
            line.subject.clone(),
            String::new(),
            String::new(),
            [form_title(programme, &pair.form), line.number.clone()]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            [line.period.clone(), line.details.clone()].join(" · "),
            line.place(),
        ]
    };
    let periods = [("earlier", left.period.as_str()), ("later", &right.period)];
    let answers = ["answer_one_case", "answer_two_cases", "answer_verify"];
    ReviewRow {
        question: words.get(question).to_owned(),
        subject: ReviewSubject::Pair(Box::new([shown(left), shown(right)])),
        evidence: words.render_template(evidence, periods),
        answers: answers.map(|word| words.get(word).to_owned()).to_vec(),
        proposal: words.get("answer_verify").to_owned(),
        previous: String::new(),
        keys: [
            NO_SUPPORT.to_owned(),
            NO_SUPPORT.to_owned(),
            left.print.clone(),
            right.print.clone(),
            left.about(),
            right.about(),
        ],
        carried: None,
        effect: String::new(),
        group: String::new(),
    }
}

/// The question on one case: whether it counts though a later quarter lacks it, or by a choice of what counts.
fn row_row(programme: &Programme, question: &RowQuestion) -> ReviewRow {
    let words = &programme.words;
    let line = &question.row;
    let form = form_title(programme, &question.form);
    let cases = question.cases.to_string();
    let subject = match question.cases {
        1 => line.subject.clone(),
        _ => words.render_template("gone_many", [("cases", &*cases), ("first", &*line.subject)]),
    };
    let shown = [
        department_name(programme, &line.department),
        subject,
        String::new(),
        String::new(),
        [form.clone(), line.number.clone()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        line.period.clone(),
        line.place(),
    ];
    let mut beside = [(); 7].map(|()| String::new());
    let (ask, evidence) = match &question.matter {
        RowMatter::Gone { later } => {
            beside[0].clone_from(&shown[0]);
            beside[1] = words.get("gone_beside").to_owned();
            beside[4] = form;
            beside[5] = later.to_string();
            let later = later.to_string();
            let values = [("later", &*later), ("cases", &*cases)];
            match question.cases {
                1 => ("ask_gone", words.render_template("gone_evidence", values)),
                _ => (
                    "ask_gone_many",
                    words.render_template("gone_many_evidence", values),
                ),
            }
        }
        RowMatter::Choice { choice } => {
            let choice = programme.choices.iter().find(|it| it.id == *choice);
            let evidence = choice.map_or_else(String::new, |choice| {
                beside[1].clone_from(&choice.title.vi);
                beside[5].clone_from(&choice.clause);
                format!("{} ({})", choice.reason.vi, choice.clause)
            });
            ("ask_counts", evidence)
        }
    };
    ReviewRow {
        question: words.get(ask).to_owned(),
        subject: ReviewSubject::Pair(Box::new([shown, beside])),
        evidence,
        answers: verdict_words(programme, question.matter.offered()),
        proposal: words.get("answer_verify").to_owned(),
        previous: String::new(),
        keys: [
            NO_SUPPORT.to_owned(),
            NO_SUPPORT.to_owned(),
            line.print.clone(),
            question.matter.name().to_owned(),
            line.about(),
            question.matter.name().to_owned(),
        ],
        carried: None,
        effect: String::new(),
        group: String::new(),
    }
}

/// The answers offered on two cases of support; that they are of two enterprises is one of them.
const ON_SUPPORT: [Verdict; 5] = [
    Verdict::Duplicate,
    Verdict::Joint,
    Verdict::NotDuplicate,
    Verdict::Different,
    Verdict::Verify,
];
/// The answers offered on two records of enterprises.
const ON_ENTERPRISES: [Verdict; 3] = [Verdict::Same, Verdict::Different, Verdict::Verify];

/// The answers offered on two rows that may be about one case.
const ON_CASES: [Verdict; 3] = [Verdict::Duplicate, Verdict::NotDuplicate, Verdict::Verify];
/// What is offered by other words than the verdict's own.
const OTHER_WORDS_ON_SUPPORT: [(Verdict, &str); 2] = [
    (Verdict::Duplicate, "answer_duplicate_before"),
    (Verdict::NotDuplicate, "answer_not_duplicate_before"),
];
const OTHER_WORDS_ON_CASES: [(Verdict, &str); 4] = [
    (Verdict::Duplicate, "answer_one_case"),
    (Verdict::NotDuplicate, "answer_two_cases"),
    (Verdict::Duplicate, "answer_duplicate_before"),
    (Verdict::NotDuplicate, "answer_not_duplicate_before"),
];

/// Verdicts, each with the key of a word that says it too.
type OtherWords = &'static [(Verdict, &'static str)];

/// The answers that a question on records offers, in their order, by what it is known again by; and the words that say them
/// beside their own, those of workbooks from before among them.
pub(crate) fn offered_on_records(keys: &[String]) -> (&'static [Verdict], OtherWords) {
    let is_blank = |at: usize| keys.get(at).is_none_or(|key| key == NO_SUPPORT);
    match (is_blank(0), is_blank(2)) {
        (false, true) => (&ON_ENTERPRISES, &[]),
        (false, false) => (&ON_SUPPORT, &OTHER_WORDS_ON_SUPPORT),
        // A question on one row has its matter in place of the other row.
        (true, _) if keys.get(3) == keys.get(5) => match keys.get(3).map(String::as_str) {
            Some(GONE) => (&ON_GONE, &[]),
            _ => (&ON_CHOICE, &[]),
        },
        (true, _) => (&ON_CASES, &OTHER_WORDS_ON_CASES),
    }
}

fn verdict_words(programme: &Programme, verdicts: &[Verdict]) -> Vec<String> {
    let words = verdicts.iter();
    words
        .map(|verdict| verdict_word(programme, *verdict).to_owned())
        .collect()
}

/// What two cases with one content at one time mostly are: paid by both if both are departments' that gave different amounts,
/// else reported twice.
fn likely(overlap: &OverlapLine) -> Verdict {
    let (left, right) = (&overlap.left, &overlap.right);
    let are_departments = left.department.is_some()
        && right.department.is_some()
        && left.department != right.department;
    match (left.state_budget, right.state_budget) {
        (Some(one), Some(other)) if are_departments && one > 0 && other > 0 && one != other => {
            Verdict::Joint
        }
        _ => Verdict::Duplicate,
    }
}

/// So many places of a heading are named.
const PLACES: usize = 3;

fn heading_row(programme: &Programme, question: &HeadingQuestion) -> ReviewRow {
    let words = &programme.words;
    let mut places = question.places[..question.places.len().min(PLACES)].join("\n");
    if question.places.len() > PLACES {
        places.push_str(&format!("\n(+{})", question.places.len() - PLACES));
    }
    let others = ["answer_not_of_form", "answer_verify"].map(|word| words.get(word).to_owned());
    let evidence = [
        ("values", &*question.values.join("; ")),
        ("may_be", &*question.may_be.join("; ")),
    ];
    ReviewRow {
        question: words.get("ask_heading").to_owned(),
        subject: ReviewSubject::Single([
            department_name(programme, &question.department),
            form_title(programme, &question.form),
            question.heading.clone(),
            places,
        ]),
        evidence: words.render_template("heading_evidence", evidence),
        answers: question.may_be.iter().cloned().chain(others).collect(),
        proposal: question.proposal.clone().unwrap_or_default(),
        previous: previous_heading_line(programme, question.previous.as_ref()),
        keys: [
            question.department.clone(),
            question.form.clone(),
            question.key.clone(),
            NO_SUPPORT.to_owned(),
            NO_SUPPORT.to_owned(),
            NO_SUPPORT.to_owned(),
        ],
        carried: None,
        effect: String::new(),
        group: String::new(),
    }
}

fn department_name(programme: &Programme, code: &str) -> String {
    let department = programme.department(code);
    department.map_or(code, |it| &it.name).to_owned()
}

fn form_title(programme: &Programme, code: &str) -> String {
    let form = programme.form(code);
    form.map_or_else(String::new, |it| format!("{} ({})", it.sheet, it.title.vi))
}

fn form_titles(programme: &Programme, codes: &str) -> String {
    let codes = codes.split(", ").filter_map(|code| programme.form(code));
    let sheets: Vec<&str> = codes.map(|form| form.sheet.as_str()).collect();
    sheets.join(", ")
}

fn replacement_row(programme: &Programme, question: &ReplacementQuestion) -> ReviewRow {
    let words = &programme.words;
    let word = |verdict: ReplacementVerdict| replacement_word(programme, verdict).to_owned();
    let previous = question.previous.as_ref().map(|answer| {
        let said = replacement_word(programme, answer.verdict);
        said_before(programme, said, &answer.reason, &answer.by)
    });
    let (ask, title, evidence, offered): (_, _, _, &[ReplacementVerdict]) =
        match (question.is_set_aside, question.is_read_anew) {
            (true, _) => (
                "ask_set_aside",
                form_titles(programme, &question.form),
                words.render_template("state_set_aside", [("reason", &question.found)]),
                &[ReplacementVerdict::Keep, ReplacementVerdict::Verify],
            ),
            (_, true) => (
                "ask_read_anew",
                form_title(programme, &question.form),
                changes_line(programme, question),
                &[
                    ReplacementVerdict::Replace,
                    ReplacementVerdict::Keep,
                    ReplacementVerdict::Verify,
                ],
            ),
            _ => (
                "ask_replacement",
                form_title(programme, &question.form),
                question.found.clone(),
                ReplacementVerdict::ALL,
            ),
        };
    ReviewRow {
        question: words.get(ask).to_owned(),
        subject: ReviewSubject::Single([
            department_name(programme, &question.department),
            title,
            question.file_name.clone(),
            question.standing.join("\n"),
        ]),
        evidence,
        answers: offered.iter().copied().map(word).collect(),
        proposal: word(ReplacementVerdict::Verify),
        previous: previous.unwrap_or_default(),
        keys: [
            question.file.to_string(),
            question.answered_as.clone(),
            NO_SUPPORT.to_owned(),
            NO_SUPPORT.to_owned(),
            NO_SUPPORT.to_owned(),
            NO_SUPPORT.to_owned(),
        ],
        carried: None,
        effect: String::new(),
        group: String::new(),
    }
}

/// The question whether a register that has become much shorter is whole.
fn register_row(programme: &Programme, question: &RegisterQuestion) -> ReviewRow {
    let words = &programme.words;
    let word = |verdict: ReplacementVerdict| replacement_word(programme, verdict).to_owned();
    let previous = question.answer.as_ref().map(|answer| {
        let said = replacement_word(programme, answer.verdict);
        said_before(programme, said, &answer.reason, &answer.by)
    });
    let [before, now] = [question.before, question.now].map(|rows| rows.to_string());
    let rows = [("before", &*before), ("now", &*now)];
    let offered = [
        ReplacementVerdict::Replace,
        ReplacementVerdict::Keep,
        ReplacementVerdict::Verify,
    ];
    ReviewRow {
        question: words.get("ask_register").to_owned(),
        subject: ReviewSubject::Single([
            String::new(),
            words.get("register_of_others").to_owned(),
            question.file_name.clone(),
            words.render_template("register_counts", rows),
        ]),
        evidence: words.render_template("register_shrunk", rows),
        answers: offered.map(word).to_vec(),
        proposal: word(ReplacementVerdict::Verify),
        previous: previous.unwrap_or_default(),
        keys: [
            question.file.to_string(),
            REGISTER.to_owned(),
            NO_SUPPORT.to_owned(),
            NO_SUPPORT.to_owned(),
            NO_SUPPORT.to_owned(),
            NO_SUPPORT.to_owned(),
        ],
        carried: None,
        effect: String::new(),
        group: String::new(),
    }
}

fn amount_row(programme: &Programme, question: &AmountQuestion) -> ReviewRow {
    let words = &programme.words;
    let word = |verdict: AmountVerdict| amount_word(programme, verdict).to_owned();
    let previous = question.previous.as_ref().map(|answer| {
        let said = amount_word(programme, answer.verdict);
        said_before(programme, said, &answer.reason, &answer.by)
    });
    let column = programme.form(&question.form);
    let column = column.and_then(|form| form.column(&question.column));
    let column = column.map_or(&*question.column, |column| &column.heading);
    let what = match question.subject.is_empty() {
        true => column.to_owned(),
        false => format!("{column} › {}", question.subject),
    };
    let evidence = [
        ("amount", Vnd(question.amount).to_string()),
        ("usual", Vnd(question.usual).to_string()),
    ];
    let evidence = evidence
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    ReviewRow {
        question: words.get("ask_amount").to_owned(),
        subject: ReviewSubject::Single([
            department_name(programme, &question.department),
            form_title(programme, &question.form),
            what,
            question.places.join("\n"),
        ]),
        evidence: words.render_template("amount_evidence", evidence),
        answers: AmountVerdict::ALL.iter().copied().map(word).collect(),
        proposal: word(AmountVerdict::Verify),
        previous: previous.unwrap_or_default(),
        keys: [
            question.department.clone(),
            question.form.clone(),
            question.column.clone(),
            match fold(&question.subject) {
                subject if subject.is_empty() => NO_SUPPORT.to_owned(),
                subject => subject,
            },
            // With its unit it stays a text whatever program the workbook is saved by.
            format!("{} đ", question.amount),
            NO_SUPPORT.to_owned(),
        ],
        carried: None,
        effect: String::new(),
        group: String::new(),
    }
}

/// The programme's word for an answer on an amount.
pub(crate) fn amount_word(programme: &Programme, verdict: AmountVerdict) -> &str {
    programme.words.get(match verdict {
        AmountVerdict::Right => "answer_amount_right",
        AmountVerdict::Wrong => "answer_amount_wrong",
        AmountVerdict::Verify => "answer_verify",
    })
}

/// How many changed records are told in one cell.
const CHANGES: usize = 20;

/// What would change, record by record, if what a newer program reads counted.
fn changes_line(programme: &Programme, question: &ReplacementQuestion) -> String {
    let words = &programme.words;
    let head = words.get("state_read_anew").to_owned();
    let form = programme.form(&question.form);
    let told = question.changes.iter().take(CHANGES).map(|change| {
        let row = change.row_after.or(change.row_before);
        let row = row.map_or_else(String::new, |row| row.to_string());
        let columns = change.columns.iter().map(|(name, before, after)| {
            let column = form.and_then(|form| form.column(name));
            let title = column.map_or(name.as_str(), |column| column.heading.as_str());
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
            format!("{title}: {} → {}", shown(before), shown(after))
        });
        let columns: Vec<String> = columns.collect();
        format!("{} ({row}): {}", change.subject, columns.join("; "))
    });
    let more = question.changes.len().saturating_sub(CHANGES);
    let more = (more > 0).then(|| format!("… +{more}"));
    let lines: Vec<String> = std::iter::once(head).chain(told).chain(more).collect();
    lines.join("\n")
}

/// The programme's word for an answer on a form that waits.
pub(crate) fn replacement_word(programme: &Programme, verdict: ReplacementVerdict) -> &str {
    programme.words.get(match verdict {
        ReplacementVerdict::Replace => "answer_replace",
        ReplacementVerdict::Keep => "answer_keep",
        ReplacementVerdict::Add => "answer_add",
        ReplacementVerdict::Verify => "answer_verify",
    })
}

/// An answer on a heading, its reason and who gave it, in words; blank if there is none.
fn previous_heading_line(programme: &Programme, answer: Option<&HeadingAnswer>) -> String {
    let Some(answer) = answer else {
        return String::new();
    };
    let words = &programme.words;
    let said = match &answer.meaning {
        None => words.get("answer_verify"),
        Some(HeadingMeaning::NotOfForm) => words.get("answer_not_of_form"),
        Some(HeadingMeaning::Column(name)) => programme
            .form(&answer.form)
            .and_then(|form| form.columns.get(form.place_once_called(name)?))
            .map_or(name, |column| &column.heading),
    };
    said_before(programme, said, &answer.reason, &answer.by)
}

/// The keys by which an answer is found when the workbook comes back: both mentions, both cases of support, and the
/// enterprises with who reports them.
fn keys(left: &SupportLine, right: &SupportLine, on_support: bool) -> [String; 6] {
    let support = |line: &SupportLine| match on_support {
        true => line.support_fingerprint(),
        false => NO_SUPPORT.to_owned(),
    };
    let [left_mention, right_mention] = [left, right].map(|line| line.fingerprint.to_string());
    [
        left_mention,
        right_mention,
        support(left),
        support(right),
        left.about(),
        right.about(),
    ]
}

/// Whom or what a row is about, in short.
fn about(row: &ReviewRow) -> String {
    match &row.subject {
        ReviewSubject::Pair(sides) => format!("{} · {}", sides[0][1], sides[1][1]),
        ReviewSubject::Single(fields) => format!("{} · {}", fields[0], fields[2]),
    }
}

#[cfg(test)]
mod tests {
    use super::{AskedRows, OpenQuestions, enterprise_row, overlap_row};
    use crate::identity::case_pair::{CaseLine, CasePair};
    use crate::identity::cases::CaseDoubt;
    use crate::intake::heading_questions::HeadingQuestion;
    use crate::intake::review_answers::{OfferedAnswer, ReviewedRow, reviewed_rows};
    use crate::support::answer_index::{AnswerIndex, QuestionKind, ordered};
    use crate::support::comparison::Comparison;
    use crate::support::overlap_line::{OverlapLine, QuestionLine};
    use crate::testing::{day, offset, programme, support_line};
    use ledger::{Answer, AskedOn, HeadingAnswer, Verdict};
    use link::OverlapClass;
    use model::{CellCopy, CellRef, HeadingMeaning, Moment, SheetCopy};
    use report::{ReviewLayout, Reviewed};

    fn question() -> QuestionLine {
        QuestionLine {
            left: support_line("SCT", "Mẫu Một"),
            right: support_line("SXD", "Mẫu 1"),
            score: "1.00".to_owned(),
            reasons: "tên +1.00".to_owned(),
            previous: None,
        }
    }

    fn overlap(class: OverlapClass) -> OverlapLine {
        let side = |department| support_line(department, "Mẫu Hai");
        crate::testing::overlap(class, [side("SCT"), side("SXD")])
    }

    fn comparison() -> Comparison {
        Comparison {
            questions: vec![question()],
            overlaps: vec![
                overlap(OverlapClass::Repeat),
                overlap(OverlapClass::Duplicate),
            ],
            joined: vec![question()],
            ..Comparison::default()
        }
    }

    fn workbook(comparison: &Comparison) -> Option<Vec<u8>> {
        workbook_with(comparison, &[])
    }

    fn workbook_with(comparison: &Comparison, headings: &[HeadingQuestion]) -> Option<Vec<u8>> {
        let at: Moment = "2024-01-01T00:00:00Z".parse().unwrap();
        let asked = OpenQuestions {
            comparison,
            cases: &[],
            rows: &[],
            headings,
            replacements: &[],
            registers: &[],
            amounts: &[],
        };
        AskedRows::new(programme(), &asked, &[])
            .workbook(programme(), at.local(offset()))
            .unwrap()
    }

    /// The answers taken from a sheet if a person writes one into each of its rows.
    fn answered(sheet: &SheetCopy, written: &[&str]) -> Vec<Answer> {
        let rows = filled_in(sheet, written, ReviewLayout::Pairs);
        rows.into_iter()
            .filter_map(|row| {
                let layout = AskedOn::Records;
                match (ReviewedRow { layout, row }).to_offered(programme(), &[programme()])? {
                    OfferedAnswer::Record(answer) => Some(answer),
                    other => panic!("{other:?}"),
                }
            })
            .collect()
    }

    fn filled_in(sheet: &SheetCopy, written: &[&str], layout: ReviewLayout) -> Vec<Reviewed> {
        let mut sheet = sheet.clone();
        let text = |cell: &(CellRef, CellCopy)| match &cell.1 {
            CellCopy::Text(text) => text.clone(),
            other => format!("{other:?}"),
        };
        let heading = programme().words.get("review_answer");
        let head = sheet
            .cells
            .iter()
            .find(|cell| text(cell) == heading)
            .unwrap()
            .0;
        for (row, answer) in (head.row + 1..).zip(written) {
            let cell = |right: u32| CellRef {
                row,
                col: head.col + right,
            };
            let write = [*answer, "hồ sơ số 5", "cán bộ", "30/06/2024"];
            sheet.cells.extend(
                (0..)
                    .zip(write)
                    .map(|(right, text)| (cell(right), CellCopy::Text(text.to_owned()))),
            );
        }
        report::read_review(&sheet, layout)
    }

    #[test]
    fn nothing_is_written_if_nothing_waits_and_nothing_was_joined() {
        assert!(workbook(&Comparison::default()).is_none());
        let decided = Comparison {
            overlaps: vec![
                overlap(OverlapClass::Repeat),
                overlap(OverlapClass::Combined),
            ],
            ..Comparison::default()
        };
        assert!(workbook(&decided).is_none());
    }

    #[test]
    fn an_answer_on_what_may_be_one_case_is_found_by_both_rows() {
        let line = |row: i64| CaseLine {
            department: "SCT".to_owned(),
            period: "2023-Q1".to_owned(),
            subject: "Lớp 5S".to_owned(),
            number: String::new(),
            details: "IV.4.a; 2023-03-01".to_owned(),
            file: "a.xlsx".to_owned(),
            sheet: "Biểu 4a".to_owned(),
            row,
            record: format!("a:{row}"),
            print: format!("print {row}"),
        };
        let pair = CasePair {
            form: "training".to_owned(),
            doubt: CaseDoubt::OverPeriods,
            sides: [line(7), line(5)],
        };
        let at: Moment = "2024-01-01T00:00:00Z".parse().unwrap();
        let asked = OpenQuestions {
            comparison: &Comparison::default(),
            cases: std::slice::from_ref(&pair),
            rows: &[],
            headings: &[],
            replacements: &[],
            registers: &[],
            amounts: &[],
        };
        let bytes =
            AskedRows::new(programme(), &asked, &[]).workbook(programme(), at.local(offset()));
        let sheets = ingest::sheet_copies(&bytes.unwrap().unwrap());
        for (word, verdict) in [
            ("cùng một trường hợp", Verdict::Duplicate),
            ("Hai trường hợp khác nhau", Verdict::NotDuplicate),
            ("cần xác minh", Verdict::Verify),
        ] {
            let [answer] = &answered(&sheets[0], &[word])[..] else {
                panic!("one answer: {word}")
            };
            assert_eq!((answer.verdict, &answer.prints), (verdict, &pair.key()));
        }
    }

    #[test]
    fn answers_that_a_person_writes_in_are_found_by_what_was_asked() {
        let bytes = workbook(&comparison()).unwrap();
        assert_eq!(
            reviewed_rows(programme(), &bytes),
            Some(Vec::new()),
            "nobody has answered"
        );
        let sheets = ingest::sheet_copies(&bytes);
        let [questions, joined] = &sheets[..] else {
            panic!("two sheets: {}", sheets.len())
        };
        // Questions on enterprises come first, then the overlaps that wait; capitals do not matter, and neither does whether
        // the workbook was written by an earlier version.
        for (word, verdict) in [
            ("TRÙNG", Verdict::Duplicate),
            ("không trùng", Verdict::NotDuplicate),
            ("Cùng tài trợ", Verdict::Joint),
            ("hai hỗ trợ khác nhau", Verdict::NotDuplicate),
            ("cùng một hỗ trợ,  báo cáo hai lần", Verdict::Duplicate),
        ] {
            let given = answered(questions, &["Cùng doanh nghiệp", word]);
            let verdicts: Vec<Verdict> = given.iter().map(|answer| answer.verdict).collect();
            assert_eq!(verdicts, [Verdict::Same, verdict], "{word}");
        }
        let given = answered(questions, &["Cùng doanh nghiệp", "trùng"]);
        assert_eq!(
            (given[0].by.as_str(), given[0].until),
            ("cán bộ", Some(day("2024-06-30")))
        );
        let index = AnswerIndex::new(&given);
        let (asked, overlap) = (question(), overlap(OverlapClass::Duplicate));
        let on = |kind, left, right| index.on(kind, left, right).unwrap().answer.verdict;
        let same = on(QuestionKind::Enterprises, &asked.right, &asked.left);
        assert_eq!(same, Verdict::Same);
        let duplicate = on(QuestionKind::Grants, &overlap.left, &overlap.right);
        assert_eq!(duplicate, Verdict::Duplicate);
        assert_eq!(
            answered(joined, &["có lẽ"]),
            [],
            "no answer that is offered"
        );
    }

    #[test]
    fn each_question_offers_its_own_answers_and_proposes_one_of_them() {
        let offered = |overlap: &OverlapLine| {
            let row = overlap_row(programme(), overlap);
            assert!(row.answers.contains(&row.proposal), "{row:?}");
            (row.answers.len(), row.proposal)
        };
        let twice = "cùng một hỗ trợ, báo cáo hai lần".to_owned();
        let mut overlap = overlap(OverlapClass::Duplicate);
        assert_eq!(offered(&overlap), (5, twice.clone()));
        let paid = |overlap: &mut OverlapLine, left, right| {
            (overlap.left.state_budget, overlap.right.state_budget) = (Some(left), Some(right));
        };
        paid(&mut overlap, 30, 20);
        assert_eq!(offered(&overlap).1, "cùng tài trợ");
        paid(&mut overlap, 30, 30);
        assert_eq!(offered(&overlap).1, twice);
        let row = enterprise_row(programme(), &question(), "ask_same", Verdict::Verify);
        assert_eq!(
            row.answers,
            ["cùng doanh nghiệp", "khác doanh nghiệp", "cần xác minh"]
        );
    }

    #[test]
    fn to_look_into_it_is_kept_for_what_was_asked() {
        let bytes = workbook(&comparison()).unwrap();
        let verify = programme().words.get("answer_verify");
        let given = answered(&ingest::sheet_copies(&bytes)[0], &[verify, verify]);
        assert!(given.iter().all(|answer| answer.verdict == Verdict::Verify));
        // The first question is on enterprises, the second on support: each answer has the fingerprints of its own kind.
        let asked = question();
        let mentions = [asked.left, asked.right].map(|line| line.fingerprint.to_string());
        assert_eq!(given[0].prints, ordered(mentions));
        let overlap = overlap(OverlapClass::Duplicate);
        let support = [overlap.left, overlap.right].map(|line| line.support_fingerprint());
        assert_eq!(given[1].prints, ordered(support));
    }

    #[test]
    fn what_is_no_review_workbook_has_no_answers() {
        let other = testkit::workbook("== Biểu 8\nx\n");
        assert_eq!(reviewed_rows(programme(), &other), None);
    }

    #[test]
    fn an_answer_on_a_heading_is_a_column_of_the_form_none_or_open() {
        let question = |key: &str| HeadingQuestion {
            department: "SCT".to_owned(),
            form: "support".to_owned(),
            key: key.to_owned(),
            heading: "Kinh phí".to_owned(),
            places: vec!["a.xlsx › Biểu 3 › G2".to_owned()],
            values: vec!["10".to_owned()],
            may_be: vec!["NSNN".to_owned()],
            proposal: None,
            previous: None,
        };
        let questions = ["a", "b", "c", "d"].map(question);
        let bytes = workbook_with(&Comparison::default(), &questions).unwrap();
        let sheets = ingest::sheet_copies(&bytes);
        let written = ["nsnn", "Không thuộc biểu", "cần xác minh", "có lẽ"];
        let rows = filled_in(&sheets[0], &written, ReviewLayout::Headings);
        let given: Vec<Option<HeadingAnswer>> = rows
            .into_iter()
            .map(|row| {
                let layout = AskedOn::Headings;
                match (ReviewedRow { layout, row }).to_offered(programme(), &[programme()])? {
                    OfferedAnswer::Heading(answer) => Some(answer),
                    other => panic!("{other:?}"),
                }
            })
            .collect();
        let meanings: Vec<_> = given
            .iter()
            .flatten()
            .map(|it| it.meaning.clone())
            .collect();
        let column = HeadingMeaning::Column("state_budget".to_owned());
        assert_eq!(
            meanings,
            [Some(column), Some(HeadingMeaning::NotOfForm), None]
        );
        let first = given[0].as_ref().unwrap();
        let key = [&first.department, &first.form, &first.heading];
        assert_eq!(key, ["SCT", "support", "a"]);
        assert_eq!(given[3], None, "no answer that is offered");
    }
}
