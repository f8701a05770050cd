use crate::rule::RuleKind;
use model::Text;
use serde::{Deserialize, Serialize};

/// What becomes of the records that a choice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountingEffect {
    /// They count.
    Counts,
    /// They count as they are reported, and are asked about.
    Asked,
    /// They do not count.
    LeftOut,
}

/// What a plan leaves open: whether records of some kind count, and which way the programme has chosen.
#[derive(Debug, Clone)]
pub struct CountingChoice {
    /// Its name in data.
    pub id: String,
    /// The forms whose records it may be about.
    pub forms: Vec<String>,
    /// The clause that leaves it open.
    pub clause: String,
    /// How it finds its records: over all years, once enterprises are known and what persons decided is.
    pub kind: RuleKind,
    /// The flag of theirs that it is about; none if it is about the whole record.
    pub column: Option<String>,
    /// What becomes of them.
    pub effect: CountingEffect,
    /// The columns of the money that they are about.
    pub money: Vec<String>,
    /// What records of this kind are called.
    pub title: Text,
    /// Why it was chosen so.
    pub reason: Text,
}
