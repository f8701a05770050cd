//! Vietnamese text: cleaning, folding, comparing, and the parts of a company's name.
//!
//! Knows nothing of any programme. All functions are total: any text goes in.

mod fold;
mod legacy;
mod letter;
mod name;
#[cfg(test)]
mod properties;
mod syllable;
mod typing;

pub use unicode_normalization::char::is_combining_mark as is_mark;

pub use fold::{clean, code_key, contains_phrase, fold, tone_key};
pub use legacy::{Legacy, decode_legacy, encode_legacy, legacy_font, modern, readings};
pub use name::name_key;
pub use syllable::{is_bare_syllable, is_syllable};
pub use typing::{mend, typed};
