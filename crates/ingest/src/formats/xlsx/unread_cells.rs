//! Cells of an .xlsx that the reading library cannot read, such as an error value of a newer Excel: what is written in
//! them, so that a finding can show it at its cell.

use crate::formats::xlsx::written_cells::each_cell;
use crate::limits::Purpose;
use model::CellRef;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The cells of a sheet with these numbers, which go up, in the order they stand, and what is written in each.
///
/// `member` is what holds the sheet. For cells the library cannot read; without any, nothing is opened.
pub(crate) fn unread_cells(
    bytes: &[u8],
    member: &str,
    numbers: &[usize],
) -> Vec<(CellRef, String)> {
    if numbers.is_empty() {
        return Vec::new();
    }
    let read = || {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let mut unzipped = Vec::new();
        let member = archive.by_name(member).ok()?;
        member
            .take(Purpose::List.limits().member)
            .read_to_end(&mut unzipped)
            .ok()?;
        Some(unzipped)
    };
    read().map_or_else(Vec::new, |xml| numbered_cells(&xml, numbers))
}

fn numbered_cells(xml: &[u8], numbers: &[usize]) -> Vec<(CellRef, String)> {
    let mut found = Vec::new();
    let mut number = 0;
    each_cell(xml, |at, cell| {
        if numbers.binary_search(&number).is_ok() {
            found.push((at, cell.text));
        }
        number += 1;
    });
    found
}

#[cfg(test)]
mod tests {
    use super::numbered_cells;

    #[test]
    fn cells_are_counted_as_they_stand() {
        let xml = br#"<sheetData><row r="2"><c r="B2"><v>1</v></c><c><v>2</v></c></row><row><c/><c t="e"><v>#NEW!</v></c>
            </row></sheetData>"#;
        let shown: Vec<String> = numbered_cells(xml, &[1, 3])
            .into_iter()
            .map(|(cell, text)| format!("{cell} {}", text.trim()))
            .collect();
        assert_eq!(shown, ["C2 2", "B3 #NEW!"]);
    }
}
