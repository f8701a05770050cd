//! Cells that name codes of a list.

use crate::cell_reader::cell_reading::{CellReading, fault};
use crate::cell_reader::shown::shown;
use crate::grid::Cell;
use crate::stored_value::StoredValue;
use chrono::NaiveDate;
use model::Check;
use programme::{CodeList, Match};
use std::rc::Rc;
use vietext::{Legacy, decode_legacy, encode_legacy};

/// Reads the name of one code of a list; if it is `open`, a text that names none is kept. A code that comes into use after
/// the last day of the period is none: a commune of an earlier time may bear its name.
pub(crate) fn code(
    cell: &Cell,
    list: &CodeList,
    open: bool,
    last_day: Option<NaiveDate>,
) -> CellReading {
    let text = shown(cell);
    let has_begun = |found: &Match<'_>| {
        let first = list.entry(found.code).and_then(|entry| entry.life.from);
        first
            .zip(last_day)
            .is_none_or(|(first, last)| first <= last)
    };
    match list.find(&text).filter(has_begun) {
        Some(found) => {
            let code = found.code.into();
            CellReading::of(StoredValue::Code(code, deciding_words(&[found])))
        }
        None if open => CellReading::of(StoredValue::Text(text.into())),
        None => match code_in_old_letters(&text, list) {
            Some(code) => CellReading::of(StoredValue::Code(code.into(), None)),
            None => unknown(cell, list),
        },
    }
}

/// The code that a short text names in an old encoding: 'Nhá' is Vietnamese either way, and a list that has 'Nhỏ' and no
/// 'Nhá' says which is meant.
fn code_in_old_letters<'l>(text: &str, list: &'l CodeList) -> Option<&'l str> {
    if text.is_ascii() {
        return None;
    }
    [Legacy::Tcvn3, Legacy::Vni].into_iter().find_map(|legacy| {
        let read = decode_legacy(text, legacy);
        let is_written_so = read != text && encode_legacy(&read, legacy) == text;
        let found = list
            .find(&read)
            .filter(|found| is_written_so && found.words.is_none())?;
        list.entry(found.code).map(|entry| entry.code.as_str())
    })
}

/// Reads a text that names any number of codes.
pub(crate) fn codes(cell: &Cell, list: &CodeList) -> CellReading {
    let found = list.find_all(&shown(cell));
    if found.is_empty() {
        return unknown(cell, list);
    }
    let codes: Vec<&str> = found.iter().map(|m| m.code).collect();
    let words = deciding_words(&found);
    CellReading::of(StoredValue::Code(codes.join(";").into(), words))
}

/// The words of a free text that decided its codes.
fn deciding_words(found: &[Match<'_>]) -> Option<Rc<str>> {
    let words: Vec<String> = found
        .iter()
        .filter_map(|m| Some(format!("{}: {}", m.code, m.words?)))
        .collect();
    (!words.is_empty()).then(|| words.join("; ").into())
}

fn unknown(cell: &Cell, list: &CodeList) -> CellReading {
    // Some lists have a code for what fits nowhere, under which the row counts all the same.
    let stored = list
        .unclassified
        .as_deref()
        .map_or(StoredValue::Null, |code| StoredValue::Text(code.into()));
    CellReading::told(stored, fault(Check::CodeUnknown, cell, list.examples()))
}

#[cfg(test)]
mod tests {
    use crate::cell_reader::trial::text;

    #[test]
    fn codes_are_found_in_texts_of_today_and_of_old_fonts() {
        assert_eq!(text("status", "đang thực hiện"), "Code(\"ongoing\", None)");
        // 'Nhá' is 'Nhỏ' in TCVN3.
        assert_eq!(text("size", "Nhá"), text("size", "Nhỏ"));
        assert!(text("status", "chưa rõ").starts_with("Null, CodeUnknown"));
        // The list of districts is open: what it lacks is kept.
        assert_eq!(text("district", "Xã Nơi Khác"), "Text(\"Xã Nơi Khác\")");
    }
}
