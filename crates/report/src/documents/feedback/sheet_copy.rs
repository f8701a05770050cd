use crate::documents::feedback::merges::fitting_merges;
use crate::error::ReportError;
use crate::formats::xlsx::text::cell_text;
use chrono::{Datelike, NaiveDate};
use model::{CellCopy, CellRef, Finding, Severity, SheetCopy, begins_as_formula};
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Note, Worksheet};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A row with so many cells is one of a table.
const TABLE_CELLS: usize = 4;
/// The last cell of a sheet.
const LAST: CellRef = CellRef {
    row: 1_048_575,
    col: 16_383,
};
/// So many cells of a sheet have a note: each is a drawing, and a program that opens thousands of them stands still. The rest
/// are coloured, and all are in the list.
const MOST_NOTES: usize = 2_000;

/// So many rows are gone through in all sheets of a workbook: the writing library looks at each up to the last, and a made-up
/// workbook has one cell in the last row of hundreds of sheets.
const MOST_ROWS: u32 = 2_000_000;
/// So many rows of any sheet are copied whatever the others have.
const ROWS_OF_ANY: u32 = 5_000;

/// How sheets are copied.
pub(crate) struct Detail {
    /// Whether with borders and merged cells.
    is_styled: bool,
    /// How many rows may still be gone through.
    rows_left: u32,
    formats: HashMap<Look, Format>,
}

/// What a cell looks like in a copy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
struct Look {
    /// Whether it stands in a row of a table; the other rows are titles and notes, which run on over their neighbours.
    in_table: bool,
    /// What was found in it, at worst.
    mark: Option<Severity>,
    is_day: bool,
    /// Whether its text begins as a formula does: it must stay a text also once somebody has gone through the cell.
    is_quoted: bool,
}

impl Detail {
    pub(crate) fn of(is_styled: bool) -> Self {
        let mut formats = HashMap::new();
        let either = [false, true];
        let marks = [
            None,
            Some(Severity::Hold),
            Some(Severity::Correct),
            Some(Severity::Warn),
            Some(Severity::Info),
        ];
        for (mark, in_table) in marks
            .into_iter()
            .flat_map(|mark| either.map(|it| (mark, it)))
        {
            for (is_day, is_quoted) in [(false, false), (true, false), (false, true)] {
                let look = Look {
                    in_table,
                    mark,
                    is_day,
                    is_quoted,
                };
                formats.insert(look, look.format());
            }
        }
        Self {
            is_styled,
            rows_left: MOST_ROWS,
            formats,
        }
    }

    /// The format of a look, if that is more than a value has by itself.
    fn format(&self, look: Look) -> Option<&Format> {
        let is_bare = look.mark.is_none() && !look.is_day && !look.is_quoted;
        match self.is_styled || !is_bare {
            true => self.formats.get(&look),
            false => None,
        }
    }
}

impl Look {
    fn format(self) -> Format {
        let mut format = Format::new()
            .set_font_name("Times New Roman")
            .set_font_size(11);
        if self.in_table {
            format = format
                .set_border(FormatBorder::Hair)
                .set_text_wrap()
                .set_align(FormatAlign::Top);
        }
        // A cell to mend is amber, one that holds its row red, one only noticed pale.
        let color = self.mark.map(|worst| match worst {
            Severity::Hold => 0xF8_C9_C4,
            Severity::Correct => 0xFF_E3_A3,
            Severity::Warn | Severity::Info => 0xFF_F7_DC,
        });
        if let Some(color) = color {
            format = format
                .set_background_color(Color::RGB(color))
                .set_border(FormatBorder::Thin);
        }
        if self.is_day {
            format = format.set_num_format("dd/mm/yyyy");
        }
        if self.is_quoted {
            format = format.set_quote_prefix();
        }
        format
    }
}

/// Writes a sheet as it came under a name that Excel takes, with what was found in its cells marked; whether all of it is there.
///
/// A formula is written as the text that it is: nothing of a sender is worked out by whoever opens the copy. A day that a
/// workbook cannot hold is a text, and what lies outside the grid of a workbook or overlaps is left out.
///
/// # Errors
/// When it does not fit a workbook.
pub(crate) fn write(
    sheet: &mut Worksheet,
    copied: &SheetCopy,
    name: &str,
    marks: &BTreeMap<CellRef, Vec<&Finding>>,
    detail: &mut Detail,
) -> Result<bool, ReportError> {
    sheet.set_name(name)?.set_hidden(copied.is_hidden);
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    let most_rows = detail.rows_left.max(ROWS_OF_ANY);
    let place = |cell: CellRef| place(cell).filter(|_| cell.row < most_rows);
    let mut filled: HashMap<u32, usize> = HashMap::new();
    for (cell, _) in &copied.cells {
        *filled.entry(cell.row).or_default() += 1;
    }
    let look_of = |cell: &CellRef| Look {
        in_table: filled.get(&cell.row).is_some_and(|&n| n >= TABLE_CELLS),
        mark: marks
            .get(cell)
            .and_then(|findings| findings.iter().map(|finding| finding.severity).min()),
        ..Look::default()
    };
    let mut is_whole = true;
    if detail.is_styled {
        let cells = || {
            copied
                .cells
                .iter()
                .map(|(cell, _)| cell)
                .filter(|cell| place(**cell).is_some())
        };
        let last = CellRef {
            row: cells()
                .map(|cell| cell.row)
                .max()
                .unwrap_or(0)
                .min(LAST.row),
            col: cells()
                .map(|cell| cell.col)
                .max()
                .unwrap_or(0)
                .min(LAST.col),
        };
        let (merges, are_all) = fitting_merges(&copied.merged, last, copied.cells.len());
        is_whole &= are_all;
        for merged in merges {
            let look = Look {
                mark: None,
                ..look_of(&merged.first)
            };
            let at = place(merged.first).zip(place(merged.last));
            if let Some((((top, left), (bottom, right)), format)) = at.zip(detail.format(look)) {
                sheet.merge_range(top, left, bottom, right, "", format)?;
            }
        }
    }
    let mut widths: BTreeMap<u16, usize> = BTreeMap::new();
    let mut written: BTreeSet<CellRef> = BTreeSet::new();
    for (cell, value) in &copied.cells {
        let Some((row, col)) = place(*cell) else {
            is_whole = false;
            continue;
        };
        let mut look = look_of(cell);
        if look.mark.is_some() {
            written.insert(*cell);
        }
        let text = match value {
            CellCopy::Number(number) => {
                match detail.format(look) {
                    Some(format) => sheet.write_number_with_format(row, col, *number, format)?,
                    None => sheet.write_number(row, col, *number)?,
                };
                continue;
            }
            CellCopy::Flag(flag) => {
                match detail.format(look) {
                    Some(format) => sheet.write_boolean_with_format(row, col, *flag, format)?,
                    None => sheet.write_boolean(row, col, *flag)?,
                };
                continue;
            }
            CellCopy::Day(day) => match excel_day(*day) {
                Some(date) => {
                    look.is_day = true;
                    if let Some(format) = detail.format(look) {
                        sheet.write_datetime_with_format(row, col, date, format)?;
                    }
                    continue;
                }
                None => day.format("%d/%m/%Y").to_string(),
            },
            CellCopy::Formula(formula) => format!("={formula}"),
            CellCopy::Text(text) => text.clone(),
        };
        let width = widths.entry(col).or_default();
        let length = text.chars().take(41).count();
        // A title runs on over its neighbours; it does not widen its column.
        *width = (*width).max(if length > 40 { 0 } else { length });
        let text = cell_text(&text);
        look.is_quoted = begins_as_formula(&text);
        match detail.format(look) {
            Some(format) => sheet.write_string_with_format(row, col, &*text, format)?,
            None => sheet.write_string(row, col, &*text)?,
        };
    }
    for (number, (cell, findings)) in marks.iter().enumerate() {
        let Some((row, col)) = place(*cell) else {
            continue;
        };
        if !written.contains(cell)
            && let Some(format) = detail.format(look_of(cell))
        {
            sheet.write_blank(row, col, format)?;
        }
        if number < MOST_NOTES {
            sheet.insert_note(row, col, &note(findings))?;
        }
    }
    for (col, width) in widths {
        sheet.set_column_width(
            col,
            f64::from(u32::try_from(width.clamp(6, 24)).unwrap_or(10)),
        )?;
    }
    let all = copied
        .cells
        .iter()
        .map(|(cell, _)| cell)
        .chain(marks.keys());
    let last = all
        .filter(|cell| place(**cell).is_some())
        .map(|cell| cell.row)
        .max();
    detail.rows_left = detail.rows_left.saturating_sub(last.unwrap_or(0));
    Ok(is_whole)
}

/// A cell's place as the writing library counts; nothing if it lies outside the grid.
fn place(cell: CellRef) -> Option<(u32, u16)> {
    let col = u16::try_from(cell.col).ok()?;
    (cell.row <= LAST.row && cell.col <= LAST.col).then_some((cell.row, col))
}

/// A day as a workbook holds it; nothing if it lies outside the years 1900 to 9999.
fn excel_day(day: NaiveDate) -> Option<ExcelDateTime> {
    let part = |part: u32| u8::try_from(part).ok();
    let year = u16::try_from(day.year()).ok()?;
    ExcelDateTime::from_ymd(year, part(day.month())?, part(day.day())?).ok()
}

/// What a cell's note says.
fn note(findings: &[&Finding]) -> Note {
    let words: Vec<String> = findings
        .iter()
        .map(|f| format!("{}: {}\n→ {}", f.code, f.message.vi, f.advice.vi))
        .collect();
    let words = words.join("\n\n");
    Note::new(cell_text(&words))
        .add_author_prefix(false)
        .set_width(320)
        .set_height(120)
}

#[cfg(test)]
mod tests {
    use super::{Detail, write};
    use crate::testing::{ReadWorkbook, finding};
    use chrono::NaiveDate;
    use model::{CellCopy, CellRef, Finding, Severity, SheetCopy};
    use rust_xlsxwriter::Workbook;
    use std::collections::BTreeMap;

    fn written(marks: &[(&str, &Finding)]) -> ReadWorkbook {
        let cells = [
            ("A1", CellCopy::Text("BÁO CÁO".to_owned())),
            ("A3", CellCopy::Number(1.0)),
            ("B3", CellCopy::Text("Gốm".to_owned())),
            (
                "C3",
                CellCopy::Day(NaiveDate::from_ymd_opt(2023, 3, 5).unwrap()),
            ),
            ("D3", CellCopy::Flag(true)),
            ("E3", CellCopy::Formula("SUM(A3:A3)".to_owned())),
        ];
        let at = |cell: &str| -> CellRef { cell.parse().unwrap() };
        let sheet = SheetCopy {
            name: "Biểu 3".to_owned(),
            is_hidden: false,
            cells: cells.map(|(cell, value)| (at(cell), value)).to_vec(),
            merged: vec![(at("A1"), at("E1")), (at("B5"), at("B5"))],
        };
        let mut by_cell: BTreeMap<CellRef, Vec<&Finding>> = BTreeMap::new();
        for (cell, finding) in marks {
            by_cell.entry(at(cell)).or_default().push(finding);
        }
        let mut workbook = Workbook::new();
        let mut detail = Detail::of(true);
        let is_whole = write(
            workbook.add_worksheet(),
            &sheet,
            &sheet.name,
            &by_cell,
            &mut detail,
        );
        assert!(is_whole.unwrap());
        ReadWorkbook::new(workbook.save_to_buffer().unwrap())
    }

    #[test]
    fn a_sheet_comes_back_as_it_was_sent() {
        let read = written(&[]);
        insta::assert_snapshot!(read.text("Biểu 3"), @r"
        1: BÁO CÁO
        3: 1 | Gốm | 44990 | true | =SUM(A3:A3)
        ");
        let sheet = read.part("xl/worksheets/sheet1.xml");
        assert!(sheet.contains("<mergeCell ref=\"A1:E1\"/>"), "{sheet}");
    }

    #[test]
    fn a_marked_cell_tells_what_to_do_and_takes_the_colour_of_the_worst() {
        let warn = finding("D002", Severity::Warn, "Biểu 3", &["B3"]);
        let hold = finding("C001", Severity::Hold, "Biểu 3", &["B3"]);
        let read = written(&[("B3", &warn), ("B3", &hold), ("G9", &warn)]);
        let notes = read.part("xl/comments1.xml");
        let texts = notes.split("<comment ").skip(1).map(|note| {
            let cell = note.split('"').nth(1).unwrap();
            let text = note
                .split("<t>")
                .nth(1)
                .or(note.split("preserve\">").nth(1));
            format!("{cell}: {}", text.unwrap().split("</t>").next().unwrap())
        });
        insta::assert_snapshot!(texts.collect::<Vec<_>>().join("\n"), @r"
        B3: D002: Ngày kết thúc trước ngày bắt đầu
        → Sửa ngày

        C001: Ngày kết thúc trước ngày bắt đầu
        → Sửa ngày
        G9: D002: Ngày kết thúc trước ngày bắt đầu
        → Sửa ngày
        ");
        let fills = read.part("xl/styles.xml");
        assert!(
            fills.contains("FFF8C9C4") && fills.contains("FFFFF7DC"),
            "{fills}"
        );
        assert!(!fills.contains("FFFFE3A3"));
    }
}
