//! The cells of a sheet as they are written, for what the library does not tell of a cell. Going through them costs as
//! much as reading them once more, so it is done only where a sheet is known to need it.

use crate::formats::xml::{attribute, number};
use model::CellRef;
use quick_xml::Reader;
use quick_xml::events::Event;

/// A cell as it is written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct WrittenCell {
    /// Its type: `s` for a shared text.
    pub kind: String,
    /// What stands in it beside a formula.
    pub text: String,
    /// The number of its own text among those of the sheet, if it has one.
    pub own_text: Option<usize>,
}

/// Calls `each` for the cells in the order they stand, with their places.
pub(crate) fn each_cell(xml: &[u8], mut each: impl FnMut(CellRef, WrittenCell)) {
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut at = CellRef { row: 0, col: 0 };
    let mut open: Option<WrittenCell> = None;
    let mut in_formula = false;
    let mut own_texts = 0;
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => match element.local_name().as_ref() {
                "row" => {
                    let row =
                        number(&element, "r").and_then(|r| u32::try_from(r).ok()?.checked_sub(1));
                    at = CellRef {
                        row: row.unwrap_or(at.row),
                        col: 0,
                    };
                }
                "c" => {
                    at = attribute(&element, "r")
                        .and_then(|r| r.parse().ok())
                        .unwrap_or(at);
                    open = Some(WrittenCell {
                        kind: attribute(&element, "t").unwrap_or_default(),
                        ..WrittenCell::default()
                    });
                }
                "f" => in_formula = true,
                "is" => {
                    if let Some(cell) = &mut open {
                        cell.own_text = Some(own_texts);
                    }
                    own_texts += 1;
                }
                _ => {}
            },
            Ok(Event::Text(text)) if !in_formula => {
                if let Some(cell) = &mut open {
                    cell.text.push_str(text.as_ref());
                }
            }
            Ok(Event::End(element)) => match element.local_name().as_ref() {
                "row" => at.row += 1,
                "f" => in_formula = false,
                "c" => {
                    if let Some(cell) = open.take() {
                        each(at, cell);
                    }
                    at.col += 1;
                }
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::each_cell;

    #[test]
    fn cells_are_found_whether_or_not_they_say_where() {
        let xml =
            br#"<sheetData><row r="2"><c r="B2" t="s"><v>1</v></c><c><f>B2</f><v>2</v></c></row>
            <row><c/><c t="inlineStr"><is><t>x</t></is></c></row></sheetData>"#;
        let mut shown = Vec::new();
        each_cell(xml, |at, cell| {
            shown.push(format!(
                "{at} {} {} {:?}",
                cell.kind, cell.text, cell.own_text
            ));
        });
        assert_eq!(
            shown,
            [
                "B2 s 1 None",
                "C2  2 None",
                "A3   None",
                "B3 inlineStr x Some(0)"
            ]
        );
    }
}
