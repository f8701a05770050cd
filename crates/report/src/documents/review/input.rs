use chrono::{DateTime, FixedOffset, NaiveDate};
use programme::Words;

/// How many fields a record shows.
pub(crate) const FIELDS: usize = 7;
/// How many fields the subject of a question that is not on two records shows.
pub(crate) const SINGLE_FIELDS: usize = 4;
/// How many keys a question is known again by.
pub(crate) const KEYS: usize = 6;

/// The questions that wait for a person.
#[derive(Debug)]
pub struct ReviewInput<'a> {
    /// The programme's words.
    pub words: &'a Words,
    /// When they are asked.
    pub at: DateTime<FixedOffset>,
    /// The sheets, those without rows left out.
    pub sheets: Vec<ReviewSheet<'a>>,
}

/// A sheet of questions.
#[derive(Debug)]
pub struct ReviewSheet<'a> {
    /// Its name.
    pub name: &'a str,
    /// What a person should do.
    pub intro: &'a str,
    /// What its columns are.
    pub layout: ReviewLayout,
    /// The questions.
    pub rows: Vec<ReviewRow>,
}

/// What the columns of a sheet of questions are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewLayout {
    /// Two records next to each other.
    Pairs,
    /// A heading of a form.
    Headings,
    /// A form of a file, and what it would take the place of.
    Replacements,
    /// An amount of a form's column.
    Amounts,
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewSubject {
    /// Both records: who says it, name, tax code, address, contents and tools, time, place.
    Pair(Box<[[String; FIELDS]; 2]>),
    /// A heading: department, form, the heading itself, place. Or a form of a file: department, form, file, what stands. Or an
    /// amount: department, form, column and whom it is for, place.
    Single([String; SINGLE_FIELDS]),
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// What is asked.
    pub question: String,
    /// What it is about.
    pub subject: ReviewSubject,
    /// What speaks for and against.
    pub evidence: String,
    /// The answers offered.
    pub answers: Vec<String>,
    /// The answer proposed.
    pub proposal: String,
    /// What was answered before something changed.
    pub previous: String,
    /// What the program needs to know the question again; not shown.
    pub keys: [String; KEYS],
    /// What a person wrote in answer and was not taken.
    pub carried: Option<CarriedWords>,
    /// What an answer changes, in words.
    pub effect: String,
    /// The group of those on equal grounds, which may be answered together; blank if it stands alone.
    pub group: String,
}

/// What a person wrote into a row that was not taken as an answer: it is written again, until somebody answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedWords {
    /// The answer, as it was written.
    pub answer: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// The last day, as it was written.
    pub until: String,
    /// Why it was not taken, in words.
    pub mark: String,
}

/// A row into which a person wrote something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// The answer, as it is written; blank if there is none.
    pub answer: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// The last day on which it holds, if one can be read.
    pub until: Option<NaiveDate>,
    /// The same as it is written.
    pub until_text: String,
    /// The keys of the question.
    pub keys: [String; KEYS],
    /// The answers that it offers, in their order; none in workbooks from before they stood there.
    pub offered: Vec<String>,
    /// The group of those on equal grounds; blank if it stands alone.
    pub group: String,
    /// Whether the answer is meant for all of the group that have none of their own.
    pub is_for_group: bool,
}

impl Reviewed {
    /// Whether it says which question it is about: a row that somebody added by hand does not.
    pub fn has_question(&self) -> bool {
        self.keys.iter().all(|key| !key.is_empty())
    }
}
