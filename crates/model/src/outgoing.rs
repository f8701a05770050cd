//! Texts of others on their way out: to a terminal, into XML, HTML, CSV or plain text.
//!
//! A file's name, a sheet's, a cell: each was written by somebody else and stands in what we print and send. There it must be
//! letters and nothing else. Whatever writes such a text passes it through here; what is left for each format is its own
//! quoting.

use std::borrow::Cow;

/// What stands for a sign that was taken out.
const REPLACEMENT: char = '\u{FFFD}';

/// Whether a sign commands rather than shows: it moves a cursor, turns the direction of what follows, or may not stand in XML.
///
/// ```
/// use model::is_command_sign;
/// assert!(is_command_sign('\u{1b}') && is_command_sign('\u{202e}') && !is_command_sign('ẩ'));
/// ```
pub fn is_command_sign(sign: char) -> bool {
    sign.is_control()
        || matches!(sign,
            // Marks, embeddings, overrides and isolates of direction (Unicode UAX #9, 2.1 to 2.5).
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            // The line and the paragraph that only some programs break at.
            | '\u{2028}' | '\u{2029}'
            // Anchors of annotations, and what is no character at all.
            | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}')
}

/// A text of one line: each sign that commands, line breaks too, is shown as '�'.
pub fn clean_line(text: &str) -> Cow<'_, str> {
    clean(text, |_| false)
}

/// A text of one or more lines: as [`clean_line`], but line breaks and tabs stay.
pub fn clean_text(text: &str) -> Cow<'_, str> {
    clean(text, |sign| matches!(sign, '\n' | '\t'))
}

/// A value of a list that is written as text in columns: as [`clean_text`], and one that a spreadsheet would take for a
/// formula is set apart by a leading apostrophe.
///
/// ```
/// use model::inert_field;
/// assert_eq!(inert_field("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
/// assert_eq!(inert_field("3600255894"), "3600255894");
/// ```
pub fn inert_field(text: &str) -> Cow<'_, str> {
    let cleaned = clean_text(text);
    match begins_as_formula(&cleaned) {
        true => Cow::Owned(format!("'{cleaned}")),
        false => cleaned,
    }
}

/// JSON that says the same, with signs that command written by their numbers, as in any string of it they may be.
///
/// ```
/// assert_eq!(model::clean_json("[\n\"a\u{202e}\"]"), "[\n\"a\\u202e\"]");
/// ```
pub fn clean_json(json: &str) -> Cow<'_, str> {
    let is_out = |sign: char| is_command_sign(sign) && !matches!(sign, '\n' | '\t' | '\r');
    if !json.contains(is_out) {
        return Cow::Borrowed(json);
    }
    let mut cleaned = String::with_capacity(json.len());
    for sign in json.chars() {
        match is_out(sign) {
            true => cleaned.push_str(&format!("\\u{:04x}", u32::from(sign))),
            false => cleaned.push(sign),
        }
    }
    Cow::Owned(cleaned)
}

/// Whether a spreadsheet that opens a text would take it for a formula.
pub fn begins_as_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

fn clean(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    let is_out = |sign: char| is_command_sign(sign) && !stays(sign);
    if !text.contains(is_out) {
        return Cow::Borrowed(text);
    }
    let cleaned = text.chars().map(|sign| match is_out(sign) {
        true => REPLACEMENT,
        false => sign,
    });
    Cow::Owned(cleaned.collect())
}

#[cfg(test)]
mod tests {
    use super::{clean_line, clean_text, inert_field, is_command_sign};
    use std::borrow::Cow;

    #[test]
    fn letters_stay_as_they_are_and_are_not_copied() {
        let text = "Công ty TNHH “Gốm sứ” – Đồng Nai 100 %";
        assert!(matches!(clean_line(text), Cow::Borrowed(same) if same == text));
        assert!(matches!(clean_text("a\n\tb"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_moves_a_cursor_or_turns_a_text_is_shown_as_a_sign() {
        assert_eq!(clean_line("a\u{1b}[31mb\u{7}\u{9b}2J"), "a�[31mb��2J");
        assert_eq!(clean_line("\u{202e}xcod.xlsx"), "�xcod.xlsx");
        assert_eq!(clean_line("a\nb\r\tc"), "a�b��c");
        assert_eq!(clean_text("a\nb\r\tc"), "a\nb�\tc");
        assert!(is_command_sign('\u{FFFE}') && !is_command_sign('�'));
    }

    #[test]
    fn what_begins_as_a_formula_does_not_any_more() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"] {
            assert_eq!(inert_field(text), format!("'{text}"));
        }
        assert_eq!(inert_field("\r=1"), "�=1");
        assert_eq!(inert_field("a=1"), "a=1");
        assert_eq!(inert_field(""), "");
    }
}
