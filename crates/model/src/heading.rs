use serde::{Deserialize, Serialize};

/// What a person says a heading is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadingMeaning {
    /// The form's column of this name.
    Column(String),
    /// None of the form's columns.
    NotOfForm,
}

/// A heading that does not say which of its form's columns it is, and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsureHeading {
    /// The form's code.
    pub form: String,
    /// The heading with those above it, folded: an answer is found again by it.
    pub heading: String,
    /// The same as it is written.
    pub shown: String,
    /// The sheet.
    pub sheet: String,
    /// The cell of the heading, as `G5`.
    pub cell: String,
    /// The first values under it.
    pub values: Vec<String>,
    /// The names of the form's columns it may be; none if it is taken for what a person said.
    pub may_be: Vec<String>,
    /// The one of them that is likelier than the others.
    pub likeliest: Option<String>,
    /// The answer that was known when it was read.
    pub answer: Option<HeadingMeaning>,
}
