//! Cells of an .xlsx that the reading library cannot read, such as an error value of a newer Excel: what is written in
//! them, so that a finding can show it at its cell.

use crate::formats::xlsx::workbook_part::sheet_paths;
use crate::formats::xml::{attribute, number};
use crate::limits::Purpose;
use model::CellRef;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The cells of a sheet with these numbers, in the order they stand, and what is written in each.
///
/// `sheet` is the sheet's place in the workbook. For cells the library cannot read; without any, nothing is opened.
pub(crate) fn unread_cells(
    bytes: &[u8],
    sheet: usize,
    numbers: &[usize],
) -> Vec<(CellRef, String)> {
    if numbers.is_empty() {
        return Vec::new();
    }
    let member = |archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str| {
        let mut unzipped = Vec::new();
        let member = archive.by_name(name).ok()?;
        member
            .take(Purpose::List.limits().member)
            .read_to_end(&mut unzipped)
            .ok()?;
        Some(unzipped)
    };
    let read = || {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let workbook = member(&mut archive, "xl/workbook.xml")?;
        let relations = member(&mut archive, "xl/_rels/workbook.xml.rels")?;
        let path = sheet_paths(&workbook, &relations).into_iter().nth(sheet)?;
        member(&mut archive, &path)
    };
    read().map_or_else(Vec::new, |xml| numbered_cells(&xml, numbers))
}

fn numbered_cells(xml: &[u8], numbers: &[usize]) -> Vec<(CellRef, String)> {
    let mut found = Vec::new();
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let (mut next, mut at) = (0, CellRef { row: 0, col: 0 });
    // The cell that is wanted and open now.
    let mut open: Option<String> = None;
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
                    open = numbers.contains(&next).then(String::new);
                    next += 1;
                }
                _ => {}
            },
            Ok(Event::Text(text)) => {
                if let Some(shown) = &mut open {
                    shown.push_str(text.as_ref());
                }
            }
            Ok(Event::End(element)) => match element.local_name().as_ref() {
                "row" => at.row += 1,
                "c" => {
                    found.extend(open.take().map(|shown| (at, shown)));
                    at.col += 1;
                }
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::numbered_cells;

    #[test]
    fn cells_are_counted_as_they_stand_whether_or_not_they_say_where() {
        let xml = br#"<sheetData><row r="2"><c r="B2"><v>1</v></c><c><v>2</v></c></row><row><c/><c t="e"><v>#NEW!</v></c>
            </row></sheetData>"#;
        let shown: Vec<String> = numbered_cells(xml, &[1, 3])
            .into_iter()
            .map(|(cell, text)| format!("{cell} {text}"))
            .collect();
        assert_eq!(shown, ["C2 2", "B3 #NEW!"]);
    }
}
