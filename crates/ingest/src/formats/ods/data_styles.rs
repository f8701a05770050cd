//! The formats of numbers, days and texts of an .ods ([OpenDocument] part 3, 16.29), written as Excel writes them, so that
//! one reader knows what they show.

use crate::formats::xml::{attribute, number};
use quick_xml::events::BytesStart;
use std::collections::HashMap;

/// A format as it is read, element after element.
#[derive(Debug, Default, Clone)]
struct DataStyle {
    is_percentage: bool,
    is_of_texts: bool,
    /// Its code as Excel would write it; empty if it shows nothing.
    code: String,
    /// Formats for some numbers: the condition as Excel writes it, and the name of the format.
    maps: Vec<(String, String)>,
}

/// The formats of a workbook, by their names.
#[derive(Debug, Default)]
pub(crate) struct DataStyles {
    styles: HashMap<String, DataStyle>,
    open: Option<(String, DataStyle)>,
    /// Whether the text that comes is one that the format writes.
    in_words: bool,
}

impl DataStyles {
    pub(crate) fn start(&mut self, element: &BytesStart<'_>) {
        let name = element.name();
        let name = name.as_ref();
        if let Some(kind) = name
            .strip_prefix("number:")
            .and_then(|name| name.strip_suffix("-style"))
        {
            let style = DataStyle {
                is_percentage: kind == "percentage",
                is_of_texts: kind == "text",
                ..DataStyle::default()
            };
            self.open = attribute(element, "style:name").map(|name| (name, style));
            return;
        }
        let Some((_, style)) = &mut self.open else {
            return;
        };
        match name {
            "number:text" | "number:currency-symbol" => self.in_words = true,
            "style:map" => {
                let condition = attribute(element, "style:condition").unwrap_or_default();
                let applied = attribute(element, "style:apply-style-name").unwrap_or_default();
                style.maps.push((excel_condition(&condition), applied));
            }
            _ => style.code.push_str(&excel_code(name, element)),
        }
    }

    pub(crate) fn text(&mut self, text: &str) {
        if let (true, Some((_, style))) = (self.in_words, &mut self.open)
            && !text.is_empty()
        {
            // The sign itself is added at the end.
            let text = match style.is_percentage {
                true => text.replace('%', ""),
                false => text.to_owned(),
            };
            style
                .code
                .push_str(&format!("\"{}\"", text.replace('"', "")));
        }
    }

    pub(crate) fn end(&mut self, name: &str) {
        match name {
            "number:text" | "number:currency-symbol" => self.in_words = false,
            _ if name.starts_with("number:") && name.ends_with("-style") => {
                self.styles.extend(self.open.take());
            }
            _ => {}
        }
    }

    /// A format as the code that Excel has for it; nothing if there is none of the name.
    pub(crate) fn code(&self, name: &str) -> Option<String> {
        let style = self.styles.get(name)?;
        let mapped = style.maps.iter().map(|(condition, name)| {
            let code = self.styles.get(name).map(DataStyle::own_code);
            format!(
                "[{condition}]{}",
                code.unwrap_or_else(|| "General".to_owned())
            )
        });
        let mut sections: Vec<String> = mapped.collect();
        let own = style.own_code();
        match (sections.len(), style.is_of_texts) {
            (0, true) if own.is_empty() => return Some(";;;".to_owned()),
            // Numbers that it has no format for are shown as they are.
            (count, true) if count > 0 => {
                sections.truncate(3);
                sections.resize(3, "General".to_owned());
                sections.push(own);
            }
            // Nothing for numbers, texts as they are.
            (0, false) if own.is_empty() => return Some(";;".to_owned()),
            _ => sections.push(own),
        }
        Some(sections.join(";"))
    }
}

impl DataStyle {
    fn own_code(&self) -> String {
        let percent = if self.is_percentage { "%" } else { "" };
        format!("{}{percent}", self.code)
    }
}

/// 'value()>=0' as '>=0'.
fn excel_condition(condition: &str) -> String {
    crate::formats::xml::unescaped(condition)
        .replace("value()", "")
        .replace("!=", "<>")
        .replace(' ', "")
}

/// What Excel writes for an element of a format.
fn excel_code(name: &str, element: &BytesStart<'_>) -> String {
    let code = match name {
        "number:number" => {
            let factor = number(element, "number:display-factor").unwrap_or(1);
            let commas = match factor {
                1_000 => 1,
                1_000_000 => 2,
                1_000_000_000 => 3,
                _ => 0,
            };
            return format!("0{}", ",".repeat(commas));
        }
        "number:scientific-number" => "0E+0",
        "number:fraction" => "0 0/0",
        "number:year" => "yyyy",
        "number:month" => "m",
        "number:day" | "number:day-of-week" | "number:week-of-year" => "d",
        "number:hours" | "number:minutes" | "number:seconds" | "number:am-pm" => "h",
        "number:text-content" => "@",
        // What belongs to one of those, or only says how it looks.
        "number:embedded-text" | "style:text-properties" => "",
        _ => "General",
    };
    code.to_owned()
}
