//! Texts of several runs, of which some are struck through: what a person typed over in place. The library joins all runs,
//! so that '120' struck through and '150' behind it would be read as '120150', and '50' with a raised '1' as '501'.

use crate::formats::xml::{attribute, edited, position, unescaped};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::ops::Range;

/// What of a part is struck through.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct StruckRuns {
    /// The part without the runs that are struck through in texts that have others, and with raised and lowered digits
    /// written as such; nothing if it has neither.
    pub rest: Option<Vec<u8>>,
    /// The texts that are struck through as a whole, by their number among the texts of the part.
    pub wholly: Vec<usize>,
}

/// A text's runs as far as they are read.
#[derive(Default)]
struct Text {
    struck: Vec<Range<usize>>,
    has_others: bool,
}

/// A run that is open.
struct Run {
    start: usize,
    is_struck: bool,
    /// Raised or lowered, by the digit for 0 that is shown so.
    shifted: Option<char>,
    has_text: bool,
}

impl StruckRuns {
    /// Looks a part of shared texts (`si`) or a sheet with texts of its own (`is`) through.
    pub(crate) fn find(part: &[u8]) -> Self {
        let has = |word: &[u8]| memchr::memmem::find(part, word).is_some();
        if !has(b"strike") && !has(b"vertAlign") {
            return Self::default();
        }
        let mut found = Self::default();
        let mut left_out: Vec<Range<usize>> = Vec::new();
        let mut shifted: Vec<(Range<usize>, Vec<u8>)> = Vec::new();
        let mut texts = 0;
        let mut text = Text::default();
        let mut run: Option<Run> = None;
        let mut reader = Reader::from_reader(part);
        let mut buffer = Vec::new();
        loop {
            let before = position(&reader);
            match reader.read_event_into(&mut buffer) {
                Ok(Event::Start(element)) => match element.local_name().as_ref() {
                    "si" | "is" => text = Text::default(),
                    "r" => {
                        run = Some(Run {
                            start: before,
                            is_struck: false,
                            shifted: None,
                            has_text: false,
                        });
                    }
                    "strike" => see_strike(&element, &mut run),
                    "vertAlign" => see_shift(&element, &mut run),
                    _ => {}
                },
                Ok(Event::Empty(element)) => match element.local_name().as_ref() {
                    "si" | "is" => texts += 1,
                    "strike" => see_strike(&element, &mut run),
                    "vertAlign" => see_shift(&element, &mut run),
                    _ => {}
                },
                Ok(Event::Text(shown)) => {
                    let is_blank = shown.as_ref().trim().is_empty();
                    if let Some(zero) = run.as_ref().and_then(|run| run.shifted) {
                        let text = with_digits(shown.as_ref(), zero);
                        shifted.push((before..position(&reader), text.into_bytes()));
                    }
                    run.iter_mut().for_each(|run| run.has_text |= !is_blank);
                    text.has_others |= run.is_none() && !is_blank;
                }
                Ok(Event::CData(_) | Event::GeneralRef(_)) => {
                    run.iter_mut().for_each(|run| run.has_text = true);
                    text.has_others |= run.is_none();
                }
                Ok(Event::End(element)) => match element.local_name().as_ref() {
                    "r" => {
                        if let Some(run) = run.take() {
                            if run.is_struck {
                                text.struck.push(run.start..position(&reader));
                            } else {
                                text.has_others |= run.has_text;
                            }
                        }
                    }
                    "si" | "is" => {
                        let Text { struck, has_others } = std::mem::take(&mut text);
                        if has_others {
                            left_out.extend(struck);
                        } else if !struck.is_empty() {
                            found.wholly.push(texts);
                        }
                        texts += 1;
                    }
                    _ => {}
                },
                Ok(Event::Eof) | Err(_) => break,
                Ok(_) => {}
            }
            buffer.clear();
        }
        // They stand in their order, and a hostile part may have very many.
        let is_left_out = |range: &Range<usize>| {
            let after = left_out.partition_point(|out| out.start <= range.start);
            after > 0 && range.start < left_out[after - 1].end
        };
        shifted.retain(|(range, _)| !is_left_out(range));
        shifted.extend(left_out.iter().map(|range| (range.clone(), Vec::new())));
        shifted.sort_by_key(|(range, _)| range.start);
        found.rest = (!shifted.is_empty()).then(|| edited(part, &shifted));
        found
    }
}

/// A text with its digits raised or lowered, as they are shown: they are no part of a number.
fn with_digits(text: &str, zero: char) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    const LOWERED: [char; 10] = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];
    let digits = if zero == RAISED[0] { RAISED } else { LOWERED };
    let shown = |c: char| match c.to_digit(10) {
        Some(digit) => digits[digit as usize],
        None => c,
    };
    text.chars().map(shown).collect()
}

fn see_shift(element: &BytesStart<'_>, run: &mut Option<Run>) {
    let value = attribute(element, "val").map(|value| unescaped(&value));
    let shifted = match value.as_deref().map(str::trim) {
        Some("superscript") => Some('⁰'),
        Some("subscript") => Some('₀'),
        _ => None,
    };
    if let Some(run) = run {
        run.shifted = shifted;
    }
}

fn see_strike(element: &BytesStart<'_>, run: &mut Option<Run>) {
    let value = attribute(element, "val").map(|value| unescaped(&value));
    let is_struck = !value.is_some_and(|value| matches!(value.trim(), "0" | "false"));
    if let Some(run) = run {
        run.is_struck |= is_struck;
    }
}

#[cfg(test)]
mod tests {
    use super::StruckRuns;

    fn run(properties: &str, text: &str) -> String {
        format!("<r><rPr>{properties}</rPr><t>{text}</t></r>")
    }

    fn rest(part: &str) -> Option<String> {
        let rest = StruckRuns::find(part.as_bytes()).rest?;
        Some(String::from_utf8(rest).unwrap())
    }

    #[test]
    fn runs_that_are_struck_through_are_taken_out() {
        let (struck, kept) = (run("<strike/>", "120"), run("<b/>", "150"));
        let part = format!("<sst><si><t>a</t></si><si>{struck}{kept}</si></sst>");
        assert_eq!(
            rest(&part),
            Some(format!("<sst><si><t>a</t></si><si>{kept}</si></sst>"))
        );
        let set = run("<x:strike val='true'></x:strike>", "120").replace("<r>", "<r >");
        let part = format!("<c><is>{kept}{set}{kept}</is></c>");
        assert_eq!(rest(&part), Some(format!("<c><is>{kept}{kept}</is></c>")));
    }

    #[test]
    fn raised_and_lowered_digits_are_written_as_such() {
        let raised = run("<vertAlign val=\"superscript\"/>", "1)");
        let part = format!("<si>{}{raised}</si>", run("", "50"));
        let shown = part.replace("1)", "¹)");
        assert_eq!(rest(&part), Some(shown));
        let lowered = run("<vertAlign val='subscript'/>", "2");
        let struck = run("<strike/><vertAlign val='superscript'/>", "9");
        let part = format!("<si>{}{lowered}{struck}</si>", run("", "CO"));
        let shown = part.replace(&struck, "").replace("<t>2<", "<t>₂<");
        assert_eq!(rest(&part), Some(shown));
        assert_eq!(rest(&run("<vertAlign val='baseline'/>", "5")), None);
    }

    #[test]
    fn runs_that_are_not_struck_through_stay() {
        let kept = run("<strike val=\"0\"/>", "120");
        assert_eq!(rest(&format!("<si>{kept}{}</si>", run("", "150"))), None);
        assert_eq!(rest("<si><t>strike</t></si>"), None);
    }

    #[test]
    fn a_text_that_is_struck_through_as_a_whole_keeps_it_and_is_named() {
        let struck = run("<strike/>", "120");
        let part = format!(
            "<sst><si/><si>{struck}{}</si><si><t>a</t></si></sst>",
            run("", " ")
        );
        let found = StruckRuns::find(part.as_bytes());
        assert_eq!(
            found,
            StruckRuns {
                rest: None,
                wholly: vec![1]
            }
        );
    }
}
