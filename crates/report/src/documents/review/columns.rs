use crate::documents::review::input::{FIELDS, KEYS, ReviewLayout, SINGLE_FIELDS};

/// The row of the heading, from 0; title and instructions stand above it.
pub(crate) const HEAD: u32 = 3;

/// What stands between the answers that a question offers, in the cell that keeps them.
pub(crate) const BETWEEN_OFFERED: &str = " ¦ ";

/// What a person writes where the answer is meant for all of the group.
pub(crate) const FOR_GROUP: &str = "x";

/// What a column of a sheet of questions holds. The writing and the reading back find a column by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReviewContent {
    Number,
    Question,
    /// A field of one of both records.
    Record(RecordSide, usize),
    /// A field of what is no pair of records.
    Single(usize),
    Evidence,
    Proposal,
    Previous,
    Answer,
    Reason,
    By,
    Until,
    /// What the program knows the question again by; not shown.
    Key(usize),
    /// The answers it offers, so that one may be given by its number; not shown.
    Offered,
    /// What an answer changes.
    Effect,
    /// The group of those on equal grounds.
    Group,
    /// Where a person says that the answer is meant for all of the group.
    ForGroup,
}

/// One of both records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordSide {
    Left,
    Right,
}

/// A column of a sheet of questions.
pub(crate) struct ReviewColumn {
    pub content: ReviewContent,
    /// The key of the heading; what is not shown has none.
    pub heading: Option<&'static str>,
    /// In characters.
    pub width: u16,
}

/// The fields of a record: the key of the heading, the width in characters, and whether a difference matters. Who says
/// it, its time and its place differ in any case.
pub(crate) const RECORD: [(&str, u16, bool); FIELDS] = [
    ("overlap_source", 14, false),
    ("enterprise", 28, true),
    ("tax_code_head", 15, true),
    ("address_head", 24, true),
    ("overlap_what", 15, true),
    ("overlap_span", 13, false),
    ("overlap_place", 24, false),
];

/// The fields of what is no pair of records: the key of the field's own heading, and the width in characters.
type SingleFields = [(&'static str, u16); SINGLE_FIELDS];

const HEADING: SingleFields = [
    ("department", 18),
    ("form", 26),
    ("heading_column", 26),
    ("overlap_place", 26),
];

const REPLACEMENT: SingleFields = [
    ("department", 18),
    ("form", 26),
    ("new_file", 26),
    ("standing_files", 26),
];

const AMOUNT: SingleFields = [
    ("department", 18),
    ("form", 26),
    ("amount_of", 26),
    ("overlap_place", 26),
];

/// The columns from left to right. A workbook that was sent out is read back by this order: a new one comes last, and is not
/// there in an answered workbook from before it.
pub(crate) fn columns(layout: ReviewLayout) -> Vec<ReviewColumn> {
    let column = |content, heading, width| ReviewColumn {
        content,
        heading: Some(heading),
        width,
    };
    let record = |side| {
        (0..).zip(RECORD).map(move |(field, (heading, width, _))| {
            column(ReviewContent::Record(side, field), heading, width)
        })
    };
    let mut columns = vec![
        column(ReviewContent::Number, "no", 5),
        column(ReviewContent::Question, "review_question", 20),
    ];
    let single = |fields: SingleFields| {
        (0..).zip(fields).map(move |(field, (heading, width))| {
            column(ReviewContent::Single(field), heading, width)
        })
    };
    match layout {
        ReviewLayout::Pairs => {
            columns.extend(record(RecordSide::Left));
            columns.extend(record(RecordSide::Right));
        }
        ReviewLayout::Headings => columns.extend(single(HEADING)),
        ReviewLayout::Replacements => columns.extend(single(REPLACEMENT)),
        ReviewLayout::Amounts => columns.extend(single(AMOUNT)),
    }
    columns.extend([
        column(ReviewContent::Evidence, "review_evidence", 40),
        column(ReviewContent::Proposal, "review_proposal", 16),
        column(ReviewContent::Previous, "review_previous", 24),
        column(ReviewContent::Answer, "review_answer", 20),
        column(ReviewContent::Reason, "review_reason", 28),
        column(ReviewContent::By, "review_by", 16),
        column(ReviewContent::Until, "review_until", 13),
    ]);
    columns.extend((0..KEYS).map(|key| ReviewColumn {
        content: ReviewContent::Key(key),
        heading: None,
        width: 0,
    }));
    columns.push(ReviewColumn {
        content: ReviewContent::Offered,
        heading: None,
        width: 0,
    });
    columns.extend([
        column(ReviewContent::Effect, "review_effect", 20),
        column(ReviewContent::Group, "review_group", 12),
        column(ReviewContent::ForGroup, "review_for_group", 14),
    ]);
    columns
}
