//! Workbooks of enterprises as lists that are matched.

use crate::support::mentions::PartyTexts;
use crate::text_column::texts;
use ledger::file_id;
use link::Party;
use model::{CellCopy, SheetCopy};
use polars::prelude::PolarsResult;
use programme::Programme;
use std::collections::BTreeMap;

/// A row of a list: id, name, tax code, address, district, phone, representative.
pub(crate) type ListRow = [String; 7];

/// Whether bytes begin as workbooks do: an archive (.xlsx, .xlsb, .ods) or a compound file (.xls).
pub(crate) fn is_workbook(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

/// The rows of a workbook. A sheet whose first row has the headings of a list (`place_of` says where a heading stands among the
/// columns) is one; else all lists of enterprises are read that nominees may be named in, and a row's id is its sheet and number:
/// 'DNNVV!12'. None if there is neither.
pub(crate) fn workbook_rows(
    programme: &Programme,
    name: &str,
    bytes: &[u8],
    place_of: impl Fn(&str) -> Option<usize>,
) -> PolarsResult<Vec<ListRow>> {
    let sheets = ingest::sheet_copies(bytes);
    if let Some(rows) = sheets.iter().find_map(|sheet| plain_rows(sheet, &place_of)) {
        return Ok(rows);
    }
    let lists = programme.of_nominees();
    let reading = ingest::read_list(&file_id(bytes), name, bytes, &lists);
    let mut rows = Vec::new();
    for table in &reading.tables {
        let form = lists.form(&table.form);
        let Some(party) = form.and_then(|form| form.party.as_ref()) else {
            continue;
        };
        let parties = PartyTexts::from_rows(party, &table.frame)?;
        let (sheet, number) = (
            texts(&table.frame, "sheet")?,
            table.frame.column("row")?.i64()?,
        );
        for row in 0..table.frame.height() {
            let (sheet, number) = (sheet.get(row), number.get(row));
            let id = format!(
                "{}!{}",
                sheet.unwrap_or_default(),
                number.unwrap_or_default()
            );
            let Party {
                name,
                tax_code,
                address,
                district,
                phone,
                representative,
            } = parties.get(row);
            let of = |text: Option<&str>| text.unwrap_or_default().to_owned();
            rows.push([
                id,
                name.to_owned(),
                of(tax_code),
                of(address),
                of(district),
                of(phone),
                of(representative),
            ]);
        }
    }
    Ok(rows)
}

/// The rows of a sheet that is a list as it stands; nothing if it is none.
fn plain_rows(
    sheet: &SheetCopy,
    place_of: &impl Fn(&str) -> Option<usize>,
) -> Option<Vec<ListRow>> {
    let head = sheet.cells.iter().map(|(cell, _)| cell.row).min()?;
    let mut columns: BTreeMap<u32, usize> = BTreeMap::new();
    for (cell, value) in sheet.cells.iter().filter(|(cell, _)| cell.row == head) {
        if let Some(place) = place_of(&shown(value)) {
            columns.entry(cell.col).or_insert(place);
        }
    }
    let has = |wanted: usize| columns.values().any(|place| *place == wanted);
    if !has(0) || !has(1) {
        return None;
    }
    let mut rows: BTreeMap<u32, ListRow> = BTreeMap::new();
    for (cell, value) in sheet.cells.iter().filter(|(cell, _)| cell.row > head) {
        if let Some(&place) = columns.get(&cell.col) {
            rows.entry(cell.row).or_default()[place] = shown(value);
        }
    }
    Some(rows.into_values().collect())
}

fn shown(value: &CellCopy) -> String {
    match value {
        CellCopy::Text(text) => text.trim().to_owned(),
        CellCopy::Number(number) => number.to_string(),
        CellCopy::Flag(flag) => flag.to_string(),
        CellCopy::Day(day) => day.format("%d/%m/%Y").to_string(),
        // What a formula gives is not known here.
        CellCopy::Formula(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{ListRow, is_workbook, workbook_rows};
    use crate::testing::programme;

    fn rows(text: &str) -> Vec<ListRow> {
        let bytes = testkit::workbook(text);
        assert!(is_workbook(&bytes) && !is_workbook(b"id,name\n"));
        let place = |heading: &str| ["id", "name", "mst"].iter().position(|it| *it == heading);
        workbook_rows(programme(), "a.xlsx", &bytes, place).unwrap()
    }

    #[test]
    fn a_sheet_with_the_headings_of_a_list_is_one() {
        let read = rows("== Sheet1\nmst | id | ghi chú | name\n'3600265395 | a | x | Gốm Sơn Hà\n");
        assert_eq!(read.len(), 1);
        assert_eq!(read[0][..3], ["a", "Gốm Sơn Hà", "3600265395"]);
    }

    #[test]
    fn lists_that_nominees_may_be_named_in_are_read_with_the_place_of_each_row() {
        let read = rows(
            "== DNNVV\nDANH SÁCH DOANH NGHIỆP ĐƯỢC HỖ TRỢ THEO ĐỀ ÁN HỖ TRỢ DNNVV\n\
             STT | Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ\n\
             1 | Công ty Gốm Mẫu | '3600265395 | Chuyển đổi số\n",
        );
        assert_eq!(read.len(), 1);
        assert_eq!(read[0][..3], ["DNNVV!3", "Công ty Gốm Mẫu", "3600265395"]);
        assert!(rows("== Sheet1\nkhông có gì\n").is_empty());
    }
}
