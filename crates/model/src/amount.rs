use serde::{Deserialize, Serialize};

/// An amount so far out of its kind that its unit is in doubt, or all amounts of a column on a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsureAmount {
    /// The form's code.
    pub form: String,
    /// The form's column.
    pub column: String,
    /// Whom or what it is for, as it is written; blank if it is all of the column.
    pub subject: String,
    /// How many đồng it was read as; of a column the sum.
    pub amount: i64,
    /// What others of its kind are about, in đồng.
    pub usual: i64,
    /// The sheet.
    pub sheet: String,
    /// The cells, as `M5`.
    pub cells: Vec<String>,
    /// The records that wait for it.
    pub records: Vec<String>,
    /// Whether a person said that it is right, if one had said so when it was read.
    pub answer: Option<bool>,
}
