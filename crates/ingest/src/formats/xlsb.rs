//! Binary workbooks in a zip (.xlsb, [MS-XLSB]).
//!
//! The library gives the cells; what is hidden and merged and from which day on days are counted is read here.

use crate::formats::file_format::{FileFormat, IncomingFile, OpenError};
use crate::formats::foreign::{ZIP, holds};
use crate::formats::little_endian::{u16_at, u32_at};
use crate::formats::relations::Relations;
use crate::formats::whole_ranges::read_ranges;
use crate::formats::zip_members::ZipMembers;
use crate::grid::{HiddenParts, Merged, SheetGrid};
use crate::limits::check_sheet_count;
use model::CellRef;

pub(crate) struct Xlsb;

impl FileFormat for Xlsb {
    fn recognises(&self, bytes: &[u8]) -> bool {
        bytes.starts_with(ZIP) && holds(bytes, "xl/workbook.bin")
    }

    fn open(&self, file: &IncomingFile<'_>) -> Result<Vec<SheetGrid>, OpenError> {
        let members = ZipMembers::unzip(file)?;
        let (ids, from_1904) = workbook_part(members.member("xl/workbook.bin"));
        check_sheet_count(ids.len()).map_err(OpenError::TooLarge)?;
        let relations = Relations::read(members.member("xl/_rels/workbook.bin.rels"));
        let parts: Vec<XlsbSheet> = ids
            .iter()
            .map(|id| sheet_part(members.member(relations.path(Some(id)))))
            .collect();
        let stored = members.into_stored();
        let bytes = stored.as_deref().unwrap_or(file.bytes);
        let mut sheets =
            read_ranges(bytes, file.limits, |_, _| Vec::new()).map_err(OpenError::Damaged)?;
        for sheet in &mut sheets {
            sheet.from_1904 = from_1904;
        }
        for (sheet, part) in sheets.iter_mut().zip(parts) {
            sheet.hidden = part.hidden;
            sheet.merged = part.merged;
        }
        Ok(sheets)
    }
}

/// What a sheet hides and merges.
#[derive(Debug, Default)]
struct XlsbSheet {
    hidden: HiddenParts,
    merged: Vec<Merged>,
}

/// The kinds of records that matter here ([MS-XLSB] 2.3).
mod kind {
    pub(super) const ROW: u16 = 0;
    pub(super) const COLUMN: u16 = 60;
    pub(super) const WORKBOOK_PROPERTIES: u16 = 153;
    pub(super) const SHEET: u16 = 156;
    pub(super) const FILTER: u16 = 161;
    pub(super) const MERGED_CELLS: u16 = 176;
}

fn sheet_part(stream: &[u8]) -> XlsbSheet {
    let mut part = XlsbSheet::default();
    let mut is_filtered = false;
    for (kind, data) in records(stream) {
        match kind {
            kind::ROW if data.get(11).is_some_and(|options| options & 0x10 != 0) => {
                part.hidden.rows.extend(u32_at(data, 0))
            }
            kind::COLUMN if data.get(16).is_some_and(|options| options & 1 != 0) => {
                let edges = u32_at(data, 0).zip(u32_at(data, 4));
                part.hidden
                    .columns
                    .extend(edges.map(|(first, last)| first..=last));
            }
            kind::FILTER => is_filtered = true,
            kind::MERGED_CELLS => {
                let at = |place| u32_at(data, place);
                if let (Some(top), Some(bottom), Some(left), Some(right)) =
                    (at(0), at(4), at(8), at(12))
                {
                    let cell = |row, col| CellRef { row, col };
                    part.merged.push(Merged {
                        first: cell(top, left),
                        last: cell(bottom, right),
                    });
                }
            }
            _ => {}
        }
    }
    // Rows that a filter hides are not meant to be left out: they count.
    if is_filtered {
        part.hidden.rows.clear();
    }
    part
}

/// The relation ids of the sheets, in their order, and whether days are counted from 1904 on.
fn workbook_part(stream: &[u8]) -> (Vec<String>, bool) {
    let mut ids = Vec::new();
    let mut from_1904 = false;
    for (kind, data) in records(stream) {
        match kind {
            kind::WORKBOOK_PROPERTIES => {
                from_1904 = data.first().is_some_and(|options| options & 1 != 0);
            }
            kind::SHEET => {
                let length = u32_at(data, 8)
                    .and_then(|length| usize::try_from(length).ok())
                    .unwrap_or(0)
                    // As long as an id may be; a larger number is a lie.
                    .min(255);
                let units: Vec<u16> = (0..length)
                    .filter_map(|i| u16_at(data, 12 + i * 2))
                    .collect();
                ids.push(String::from_utf16_lossy(&units));
            }
            _ => {}
        }
    }
    (ids, from_1904)
}

/// The records of a part: kind and length are numbers of seven bits a byte, the kind of at most two bytes, the length of
/// at most four ([MS-XLSB], Record).
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = 0;
    let number = |at: &mut usize, most: usize| {
        let mut value = 0usize;
        for place in 0..most {
            let byte = *stream.get(*at)?;
            *at += 1;
            value |= usize::from(byte & 0x7F) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(value)
    };
    std::iter::from_fn(move || {
        let kind = number(&mut at, 2)?;
        let length = number(&mut at, 4)?;
        let data = stream.get(at..at.checked_add(length)?)?;
        at += length;
        Some((u16::try_from(kind).unwrap_or(u16::MAX), data))
    })
}

#[cfg(test)]
mod tests {
    use super::{records, sheet_part, workbook_part};

    fn record(kind: &[u8], data: &[u8]) -> Vec<u8> {
        [kind, &[u8::try_from(data.len()).unwrap()], data].concat()
    }

    fn hidden_row(row: u8) -> Vec<u8> {
        let mut data = [0; 17];
        (data[0], data[11]) = (row, 0x10);
        record(&[0], &data)
    }

    #[test]
    fn hidden_and_merged_parts_are_found() {
        let mut merged = [0; 16];
        (merged[0], merged[4], merged[8], merged[12]) = (2, 4, 1, 1);
        let mut column = [0; 18];
        (column[0], column[4], column[16]) = (3, 5, 1);
        let stream = [
            hidden_row(9),
            record(&[60], &column),
            record(&[0xB0, 0x01], &merged),
        ]
        .concat();
        let found = sheet_part(&stream);
        assert!(found.hidden.rows.iter().eq(&[9]));
        assert_eq!(found.hidden.columns, [3..=5]);
        assert_eq!(
            (found.merged[0].first.row, found.merged[0].last.row),
            (2, 4)
        );
        for length in 0..stream.len() {
            sheet_part(&stream[..length]);
        }
    }

    #[test]
    fn rows_that_a_filter_hides_count() {
        let stream = [hidden_row(9), record(&[0xA1, 0x01], &[])].concat();
        assert!(sheet_part(&stream).hidden.rows.is_empty());
    }

    #[test]
    fn sheets_and_the_first_day_stand_in_the_workbook_part() {
        let id: Vec<u8> = "rId1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let sheet = [&[0; 8][..], &[4, 0, 0, 0], &id].concat();
        let stream = [record(&[0x99, 0x01], &[1]), record(&[0x9C, 0x01], &sheet)].concat();
        assert_eq!(workbook_part(&stream), (vec!["rId1".to_owned()], true));
    }

    #[test]
    fn a_record_of_more_than_127_bytes_has_a_longer_length() {
        let stream = [&[7, 0x80 | 72, 1][..], &[5; 200]].concat();
        let found: Vec<(u16, usize)> = records(&stream).map(|(k, data)| (k, data.len())).collect();
        assert_eq!(found, [(7, 200)]);
    }
}
