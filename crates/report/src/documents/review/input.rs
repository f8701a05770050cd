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
}

/// A row that a person answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// The answer, as it is written.
    pub answer: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// The last day on which it holds.
    pub until: Option<NaiveDate>,
    /// The keys of the question.
    pub keys: [String; KEYS],
}
