//! Vietnamese text: cleaning, folding, comparing, and the parts of a company's name.
//!
//! Knows nothing of any programme. All functions are total: any text goes in.

mod company_name;
mod fold;
mod input_method;
mod legacy;
mod legacy_detection;
mod letter;
mod mojibake;
#[cfg(test)]
mod properties;
mod syllable;

pub use unicode_normalization::char::is_combining_mark as is_mark;

pub use company_name::name_key;
pub use fold::{clean, code_key, contains_phrase, fold, tone_key};
pub use input_method::typed;
pub use legacy::{Legacy, decode_legacy, encode_legacy, legacy_font};
pub use legacy_detection::{modern, readings};
pub use mojibake::mend;
pub use syllable::{is_bare_syllable, is_syllable};
