//! Binary workbooks in a zip (.xlsb, [MS-XLSB]).
//!
//! The library gives the cells; how they are shown, what is hidden and merged and from which day on days are counted is
//! read here.

mod records;
mod sheet_part;
mod styles;

use crate::formats::cell_styles::strike;
use crate::formats::file_format::{FileFormat, IncomingFile, OpenError};
use crate::formats::little_endian::u32_at;
use crate::formats::relations::{Relations, folder_of, relations_of};
use crate::formats::whole_ranges::read_ranges;
use crate::formats::zip_members::ZipMembers;
use crate::grid::SheetGrid;
use crate::limits::{check_parts_of_sheets, check_sheet_count};
use records::{records, text_at};
use sheet_part::XlsbSheet;
use styles::XlsbStyles;

/// Where the library looks for the parts.
const WORKBOOK: &str = "xl/workbook.bin";
const STRINGS: &str = "xl/sharedStrings.bin";
const STYLES: &str = "xl/styles.bin";

pub(crate) struct Xlsb;

impl FileFormat for Xlsb {
    fn open(&self, file: &IncomingFile<'_>) -> Result<Vec<SheetGrid>, OpenError> {
        let members = ZipMembers::unzip(file)?;
        let (ids, from_1904) = workbook_part(members.member(WORKBOOK));
        check_sheet_count(ids.len()).map_err(OpenError::TooLarge)?;
        let relations =
            Relations::read(members.member(&relations_of(WORKBOOK)), folder_of(WORKBOOK));
        let paths = ids.iter().filter_map(|id| relations.by_id(id));
        check_parts_of_sheets(paths.map(|part| part.path.as_str())).map_err(OpenError::Damaged)?;
        // The library looks nowhere else, and a workbook without its texts or dates must not be read.
        for (kind, place) in [("sharedStrings", STRINGS), ("styles", STYLES)] {
            let path = relations.of_kind(kind).map(|part| part.path.as_str());
            if let Some(path) = path.filter(|path| !path.eq_ignore_ascii_case(place)) {
                return Err(OpenError::Damaged(format!("{path} ≠ {place}")));
            }
        }
        let styles = XlsbStyles::read(members.member(STYLES));
        let struck_texts = styles.struck_texts(members.member(STRINGS));
        let parts: Vec<XlsbSheet> = ids
            .iter()
            .map(|id| {
                let path = relations.by_id(id).map_or("", |part| part.path.as_str());
                let part = members.member(path);
                let own = Relations::read(members.member(&relations_of(path)), folder_of(path));
                let tables: Vec<&[u8]> = own
                    .all_of_kind("table")
                    .map(|table| members.member(&table.path))
                    .collect();
                XlsbSheet::read(part, &tables, &styles, &struck_texts)
            })
            .collect();
        let stored = members.into_stored();
        let bytes = stored.as_deref().unwrap_or(file.bytes);
        let mut sheets =
            read_ranges(bytes, file.limits, |_, _, _| {}).map_err(OpenError::Damaged)?;
        for sheet in &mut sheets {
            sheet.from_1904 = from_1904;
        }
        for (sheet, part) in sheets.iter_mut().zip(parts) {
            sheet.hidden = part.hidden;
            sheet.merged = part.merged;
            for (at, value) in part.passed_over {
                sheet.put(at, value);
            }
            styles.cells.apply(sheet, &part.styled);
            strike(sheet, &part.struck);
        }
        Ok(sheets)
    }
}

/// The kinds of records that matter here ([MS-XLSB] 2.3).
mod kind {
    pub(super) const WORKBOOK_PROPERTIES: u16 = 153;
    pub(super) const SHEET: u16 = 156;
}

/// The relation ids of the sheets, in their order, and whether days are counted from 1904 on.
fn workbook_part(part: &[u8]) -> (Vec<String>, bool) {
    let mut ids = Vec::new();
    let mut from_1904 = false;
    for (kind, data) in records(part) {
        match kind {
            kind::WORKBOOK_PROPERTIES => {
                from_1904 = data.first().is_some_and(|options| options & 1 != 0);
            }
            // The library passes over a sheet without a part (a macro's).
            kind::SHEET if u32_at(data, 8) != Some(u32::MAX) => {
                ids.push(text_at(data, 8).map(|(id, _)| id).unwrap_or_default());
            }
            _ => {}
        }
    }
    (ids, from_1904)
}

#[cfg(test)]
mod tests {
    use super::{kind, workbook_part};
    use crate::formats::xlsb::records::tests::{record, text};

    #[test]
    fn sheets_and_the_first_day_stand_in_the_workbook_part() {
        let sheet = [&[0; 8][..], &text("rId1")].concat();
        let without = [&[0; 8][..], &[0xFF; 4]].concat();
        let part = [
            record(kind::WORKBOOK_PROPERTIES, &[1]),
            record(kind::SHEET, &without),
            record(kind::SHEET, &sheet),
        ]
        .concat();
        assert_eq!(workbook_part(&part), (vec!["rId1".to_owned()], true));
    }
}
