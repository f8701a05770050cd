//! The little of XML that is needed beside the reading library.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

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
    attribute(element, name).is_some_and(|value| value == "1" || value == "true")
}
