//! The texts that the sheets of a workbook share, if they are written plainly: each one text without runs of other fonts. As with
//! [plain cells](super::plain_cells), anything else is the reading library's matter.

use crate::grid::shown_text;
use crate::legacy_encoding::may_be_legacy;
use memchr::{memchr, memmem};
use std::borrow::Cow;
use std::rc::Rc;

/// Texts by their numbers; each is cleaned when a cell first shows it.
pub(crate) struct PlainTexts<'a> {
    written: Vec<WrittenText<'a>>,
    /// Of each that was asked for, as it is shown; nothing in it if it is blank.
    shown: Vec<Option<Option<Rc<str>>>>,
    /// Whether one of those that were asked for may be of an old encoding.
    pub may_be_legacy: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct WrittenText<'a> {
    text: &'a str,
    keeps_blanks: bool,
}

impl<'a> PlainTexts<'a> {
    /// The texts of a part, about so many; nothing if it is not plain.
    pub(crate) fn read(part: &'a [u8], count: usize) -> Option<Self> {
        let written = match part {
            b"" => Vec::new(),
            _ => written_texts(std::str::from_utf8(part).ok()?, count)?,
        };
        Some(Self {
            shown: vec![None; written.len()],
            written,
            may_be_legacy: false,
        })
    }

    /// The text of that number as it is shown, nothing in it if it is blank; nothing if there is no such text.
    #[inline(always)]
    pub(crate) fn get(&mut self, number: usize) -> Option<Option<Rc<str>>> {
        let shown = self.shown.get_mut(number)?;
        if let Some(known) = shown {
            return Some(known.clone());
        }
        let WrittenText { text, keeps_blanks } = self.written[number];
        let text = match text.contains('&') {
            true => Cow::Owned(unescaped(text)),
            false => Cow::Borrowed(text),
        };
        let text = match keeps_blanks {
            true => &*text,
            false => text.trim_matches([' ', '\t', '\n']),
        };
        self.may_be_legacy |= may_be_legacy(text);
        Some(shown.insert(shown_text(text)).clone())
    }
}

/// The five signs that XML names, by what stands between '&' and ';'.
const NAMED: [(&str, char); 5] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
];

fn named(name: &str) -> Option<char> {
    let named = NAMED.iter().find(|(known, _)| *known == name);
    named.map(|(_, sign)| *sign)
}

/// A text whose signs are all of those that XML names.
fn unescaped(text: &str) -> String {
    let mut parts = text.split('&');
    let mut unescaped = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if let Some((name, rest)) = part.split_once(';') {
            unescaped.extend(named(name));
            unescaped.push_str(rest);
        }
    }
    unescaped
}

/// Whether a text says the same to every reader: no sign but those that XML names, none in Excel's own notation ('_x000D_'), no end of
/// line that XML counts as another.
fn is_plain(text: &str) -> bool {
    let signs = || {
        let mut parts = text.split('&').skip(1);
        parts.all(|part| {
            part.split_once(';')
                .is_some_and(|(name, _)| named(name).is_some())
        })
    };
    let bytes = text.as_bytes();
    memchr(b'\r', bytes).is_none()
        && (memchr(b'_', bytes).is_none() || memmem::find(bytes, b"_x").is_none())
        && (memchr(b'&', bytes).is_none() || signs())
}

fn written_texts(part: &str, count: usize) -> Option<Vec<WrittenText<'_>>> {
    let mut rest = part.strip_prefix('\u{feff}').unwrap_or(part);
    if let Some(declared) = rest.strip_prefix("<?xml ") {
        rest = declared.split_once("?>")?.1;
    }
    rest = rest.trim_ascii_start();
    let (opening, mut rest) = rest.strip_prefix("<sst")?.split_once('>')?;
    let mut texts = Vec::with_capacity(count);
    // An attribute at fault, or none in the whole element, is not looked into.
    if opening.ends_with('/') || !has_plain_attributes(opening) {
        return None;
    }
    loop {
        rest = rest.trim_ascii_start();
        if rest.starts_with("</sst>") {
            return Some(texts);
        }
        if let Some(after) = rest.strip_prefix("<si/>") {
            texts.push(WrittenText {
                text: "",
                keeps_blanks: false,
            });
            rest = after;
            continue;
        }
        let inner = rest.strip_prefix("<si><t")?;
        let (keeps_blanks, inner) = match inner.strip_prefix(" xml:space=\"preserve\">") {
            Some(inner) => (true, inner),
            None => (false, inner.strip_prefix('>')?),
        };
        let (text, after) = inner.split_at(memchr(b'<', inner.as_bytes())?);
        is_plain(text).then_some(())?;
        texts.push(WrittenText { text, keeps_blanks });
        rest = after.strip_prefix("</t></si>")?;
    }
}

/// Whether what stands in an element behind its name is attributes with a value in double quotes each.
fn has_plain_attributes(mut rest: &str) -> bool {
    while !rest.is_empty() {
        let Some((name, value)) = rest.split_once("=\"") else {
            return rest.trim_ascii().is_empty();
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '_');
        let Some(name) = name.strip_prefix(' ').map(str::trim_ascii_start) else {
            return false;
        };
        let Some((_, behind)) = value.split_once('"').filter(|_| name.chars().all(is_name)) else {
            return false;
        };
        rest = behind;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::PlainTexts;

    fn read(texts: &str) -> Option<Vec<String>> {
        let part =
            format!("<?xml version=\"1.0\"?>\n<sst xmlns=\"x\" uniqueCount=\"2\">{texts}</sst>");
        let mut texts = PlainTexts::read(part.as_bytes(), 2)?;
        let count = texts.written.len();
        let all = (0..count).map(|number| texts.get(number).unwrap());
        Some(
            all.map(|text| text.map_or_else(String::new, |text| text.to_string()))
                .collect(),
        )
    }

    #[test]
    fn texts_are_read_by_their_numbers() {
        let texts = "<si><t>Công ty A</t></si>\n<si><t xml:space=\"preserve\"> B &amp; C </t></si><si/><si><t></t></si>";
        assert_eq!(read(texts).unwrap(), ["Công ty A", "B & C", "", ""]);
        let mut none = PlainTexts::read(b"", 0).unwrap();
        assert!(none.get(0).is_none());
    }

    #[test]
    fn runs_and_signs_that_readers_take_differently_are_not_plain() {
        for text in [
            "<si><r><t>a</t></r></si>",
            "<si><t>a</t><rPh sb=\"0\" eb=\"1\"><t>b</t></rPh></si>",
            "<si><t>a&#10;b</t></si>",
            "<si><t>a&nbsp;b</t></si>",
            "<si><t>a & b</t></si>",
            "<si><t>_x000D_</t></si>",
            "<si><t>a\r\nb</t></si>",
            "<si><t><![CDATA[a]]></t></si>",
            "<x:si><t>a</t></x:si>",
            "<si><t>a</t>",
            "<!-- <si><t>a</t></si> -->",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert!(PlainTexts::read(b"<sst a><si><t>a</t></si></sst>", 1).is_none());
        assert!(PlainTexts::read(b"<sst><si><t>\xff</t></si></sst>", 1).is_none());
    }

    #[test]
    fn only_what_is_shown_tells_of_an_old_encoding() {
        let part = "<sst><si><t>Sở</t></si><si><t>C«ng ty</t></si></sst>";
        let mut texts = PlainTexts::read(part.as_bytes(), 2).unwrap();
        assert!(texts.get(0).is_some() && !texts.may_be_legacy);
        assert!(texts.get(1).is_some() && texts.may_be_legacy);
    }
}
