//! Lists written as text, for who reads their rows himself.

use crate::formats::csv::delimiter;
use crate::formats::text_encoding::{NoText, decode};
use std::borrow::Cow;

/// A list as text.
#[derive(Debug, PartialEq, Eq)]
pub struct ListText<'a> {
    /// What it says; as it came if that is UTF-8.
    pub text: Cow<'a, str>,
    /// What parts its columns: comma, semicolon or tab.
    pub delimiter: u8,
}

/// Reads a list in the encoding that it shows: UTF-8, UTF-16, Windows-1258, or the Latin letters of fonts from before
/// Unicode.
///
/// # Errors
/// When it is no text, or nothing shows its encoding: names read in the wrong one are those of other enterprises.
pub fn list_text(bytes: &[u8]) -> Result<ListText<'_>, NoText> {
    let text = decode(bytes)?;
    let delimiter = delimiter(&text);
    Ok(ListText { text, delimiter })
}

#[cfg(test)]
mod tests {
    use super::list_text;
    use crate::formats::text_encoding::NoText;
    use std::borrow::Cow;

    #[test]
    fn a_list_is_read_with_what_parts_its_columns() {
        let list = list_text("id;name\n1;Gốm, sứ\n".as_bytes()).unwrap();
        assert!(matches!(list.text, Cow::Borrowed(_)) && list.delimiter == b';');
        let utf16: Vec<u8> = "id\tname\n1\tGốm\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let list = list_text(&utf16).unwrap();
        assert_eq!((&*list.text, list.delimiter), ("id\tname\n1\tGốm\n", b'\t'));
        assert_eq!(list_text(b"\xff\x00\x01\x00"), Err(NoText::Binary));
    }
}
