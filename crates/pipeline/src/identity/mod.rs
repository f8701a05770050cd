//! Which rows are about one case: of support, of a course, of a club, of a person who was trained (forms, common rules: a row
//! is a case with an identity across periods).
//!
//! Rows with one key are one case. What remains is compared by what the form's `identity` names: within a reporter's year a
//! case that is gone with one that came in its place, and persons and clubs with each other, whoever reports them. What is
//! sure is joined, what is not is a question.
//!
//! Pure: frames and answers come in.

pub(crate) mod case_key;
pub(crate) mod case_pair;
#[cfg(test)]
mod case_properties;
pub(crate) mod cases;
pub(crate) mod compared_columns;
pub(crate) mod form_cases;
pub(crate) mod latest;
pub(crate) mod reported;
