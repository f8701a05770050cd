//! Record linkage: which records are about the same enterprise, and which of their grants overlap.
//!
//! Who counts as the same enterprise is worked out in stages, each in files of its own, with arrows one way only:
//!
//! 1. *Text.* A [`Record`] says what it is about as a [`Party`]: name, tax code, address, phone, representative, as they
//!    are written. With its date it is a [`Mention`]; its [`Fingerprint`] changes when anything changes that decides.
//! 2. *Tokens.* Words are normalised (`NameToken`: damaged text mended, marks set apart), and [`Rarity`] counts how rare each
//!    is among all names. Place names come from the `Gazetteer`, legal forms and the like from the `Vocabulary`.
//! 3. *Parsed parts.* `ParsedName`, `ParsedAddress`, `ParsedTaxCode`, phones and person, together a `ParsedRecord`.
//! 4. *Candidates.* Records that share a rare enough blocking key (`blocking_keys`, `BlockingIndex`) are a candidate pair;
//!    no other pairs are looked at.
//! 5. *Comparison.* A candidate pair is compared field by field, its names token by token (`Alignment`), into a
//!    `ComparisonVector`: which of the levels (`ComparisonLevel`) it reaches.
//! 6. *Decision.* `MatchWeights` turns the levels into a score in log-odds, each part of it a [`WeightedEvidence`], and
//!    **decides**: the same, a question, related, or different ([`Decision`], in `decision.rs`). Vetoes stand there as well.
//! 7. *Clusters.* [`Matcher::resolve`] (`resolve.rs`) joins the mentions of one list into `Clusters`, a person's answers
//!    ([`Constraint`]) first, and gives a [`Clustering`]: an id for each enterprise and each open [`Question`].
//!    [`Matcher::join`] (`candidate_pairs.rs`) finds the pairs of two lists instead.
//!
//! [`overlaps`] then says of the [`Grant`]s to one enterprise which are the same support.
//!
//! All is integers and sorted: the same records give the same answers in any order, on any machine.

mod address;
mod address_parts;
mod address_reader;
mod alignment;
mod blocking_index;
mod blocking_keys;
mod branch;
mod candidate_pairs;
mod cells;
mod clusters;
mod comparison;
mod comparison_level;
mod decision;
mod dedupe;
mod edit_distance;
mod gazetteer;
mod hash;
mod legal_form;
mod likeness;
mod list_marks;
mod matcher;
mod mention;
mod name;
mod name_piece;
mod named_units;
mod overlap;
mod parse_cache;
mod parser;
mod party;
mod person;
mod phone;
mod phrase;
mod possible_pairs;
mod rank;
mod rarity;
mod record;
mod reference_number;
mod resolve;
mod shard;
mod spelling;
mod tax_code;
#[cfg(test)]
mod testing;
mod token;
mod unit_name;
mod vocabulary;

pub use comparison_level::EvidenceSense;
pub use decision::{Decision, WeightedEvidence};
pub use likeness::{Agreement, CaseComparison, Likeness};
pub use matcher::{Matcher, Pair};
pub use mention::{Fingerprint, Mention};
pub use overlap::{Grant, LeftOut, Overlap, OverlapClass, Overlaps, overlaps};
pub use party::{Party, Record};
pub use rarity::Rarity;
pub use reference_number::ReferenceNumber;
pub use resolve::{Clustering, Constraint, Question};
pub use shard::{NoShard, Shard};
pub use spelling::{Name, Spelling, Titles};
