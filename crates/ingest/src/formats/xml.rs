//! The little of XML that is needed beside the reading library.

use encoding_rs::{UTF_16BE, UTF_16LE};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::ops::Range;

/// Calls `each` for every element, opening or empty, until the end or the first fault.
pub(crate) fn each_element(xml: &[u8], mut each: impl FnMut(&BytesStart<'_>)) {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element) | Event::Empty(element)) => each(&element),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// As [`each_element`], with the names, without prefixes, of the elements around it.
pub(crate) fn each_element_within(xml: &[u8], mut each: impl FnMut(&BytesStart<'_>, &[String])) {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let mut around: Vec<String> = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => {
                each(&element, &around);
                around.push(element.local_name().as_ref().to_owned());
            }
            Ok(Event::Empty(element)) => each(&element, &around),
            Ok(Event::End(_)) => {
                around.pop();
            }
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// The place in a part up to which a reader has read.
pub(crate) fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// A part without some of its places, which stand in their order.
pub(crate) fn without(part: &[u8], places: &[Range<usize>]) -> Vec<u8> {
    let edits: Vec<_> = places
        .iter()
        .map(|place| (place.clone(), Vec::new()))
        .collect();
    edited(part, &edits)
}

/// A part with other bytes in some of its places, which stand in their order.
pub(crate) fn edited(part: &[u8], edits: &[(Range<usize>, Vec<u8>)]) -> Vec<u8> {
    let mut rest = Vec::with_capacity(part.len());
    let mut from = 0;
    for (range, bytes) in edits {
        rest.extend_from_slice(part.get(from..range.start).unwrap_or_default());
        rest.extend_from_slice(bytes);
        from = range.end;
    }
    rest.extend_from_slice(part.get(from..).unwrap_or_default());
    rest
}

/// A part in UTF-8: one that is written in UTF-16 is converted, and loses the declaration that says so.
pub(crate) fn in_utf8(part: &[u8]) -> Cow<'_, [u8]> {
    let encoding = match part {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] | [0, b'<', ..] => UTF_16BE,
        _ => return part.into(),
    };
    let (text, _) = encoding.decode_with_bom_removal(part);
    let begins = text
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split_once("?>"));
    let text = begins.map_or(&*text, |(_, rest)| rest);
    text.as_bytes().to_vec().into()
}

/// An attribute's value without escapes.
pub(crate) fn unescaped(value: &str) -> String {
    quick_xml::escape::unescape(value).map_or_else(|_| value.to_owned(), Cow::into_owned)
}

/// An attribute by its name with prefix, as it is written.
pub(crate) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    attribute_if(element, |key| key == name)
}

/// The first attribute whose name with prefix will do, as it is written.
pub(crate) fn attribute_if(
    element: &BytesStart<'_>,
    is_meant: impl Fn(&str) -> bool,
) -> Option<String> {
    let found = element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| is_meant(attribute.key.as_ref()))?;
    Some(found.value.into_owned())
}

pub(crate) fn number(element: &BytesStart<'_>, name: &str) -> Option<u64> {
    attribute(element, name)?.parse().ok()
}

/// Whether a flag is set, in either of the two ways that XML Schema writes it.
pub(crate) fn is_set(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| matches!(value.trim(), "1" | "true"))
}

/// Whether an attribute is the number 0, however it is written.
pub(crate) fn is_zero(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name)
        .and_then(|value| unescaped(&value).trim().parse::<f64>().ok())
        .is_some_and(|number| number == 0.0)
}

#[cfg(test)]
mod tests {
    use super::{each_element, each_element_within, in_utf8, is_set, is_zero};

    #[test]
    fn flags_and_zeros_are_seen_however_they_are_written() {
        let xml = br#"<a x = '1' y=' true ' z="0" u="0.0" v="00" w="0.5"/>"#;
        each_element(xml, |element| {
            assert!(is_set(element, "x") && is_set(element, "y") && !is_set(element, "z"));
            assert!(is_zero(element, "z") && is_zero(element, "u") && is_zero(element, "v"));
            assert!(!is_zero(element, "w") && !is_zero(element, "x") && !is_zero(element, "t"));
        });
    }

    #[test]
    fn the_elements_around_are_known() {
        let mut seen = Vec::new();
        each_element_within(b"<x:a><b/><c><d/></c></x:a>", |element, around| {
            seen.push(format!(
                "{} in {}",
                element.local_name().as_ref(),
                around.join("/")
            ));
        });
        assert_eq!(seen, ["a in ", "b in a", "c in a", "d in a/c"]);
    }

    #[test]
    fn utf_16_becomes_utf_8() {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>Sở</a>";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            little.clone(),
            [&[0xFF, 0xFE][..], &little].concat(),
            [&[0xFE, 0xFF][..], &big].concat(),
        ] {
            assert_eq!(&*in_utf8(&bytes), "<a>Sở</a>".as_bytes());
        }
        assert_eq!(&*in_utf8(text.as_bytes()), text.as_bytes());
    }
}
