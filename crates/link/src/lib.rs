//! Which records are about the same enterprise.
//!
//! A record is [read](Party) once: damaged text is mended, the name taken apart, the address placed in a commune of
//! today. Records that share a rare enough key are candidates; for each the [evidence](Part) is weighed in log-odds
//! with learnt weights, and the answer is one of three, or 'related' for a branch and its parent. All is integers
//! and sorted: the same records give the same answers in any order, on any machine.

mod address;
mod align;
mod code;
mod compare;
mod decide;
mod groups;
mod identify;
mod index;
mod memo;
mod name;
mod overlap;
mod pairs;
mod phone;
mod record;
mod said;
mod vocabulary;
mod within;
mod word;

pub use decide::{Decision, WeightedEvidence};
pub use identify::{Clustering, Constraint, Question};
pub use overlap::{Grant, Overlap, OverlapClass, overlaps};
pub use pairs::{Matcher, Pair, Record};
pub use record::Party;
pub use said::{Fingerprint, Mention};
pub use word::Rarity;
