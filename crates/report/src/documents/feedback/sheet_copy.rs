use crate::error::ReportError;
use crate::formats::xlsx::address::place;
use crate::formats::xlsx::text::clipped;
use chrono::Datelike;
use model::{CellCopy, CellRef, Finding, Severity, SheetCopy};
use rust_xlsxwriter::{
    Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Note, Worksheet,
};
use std::collections::{BTreeMap, BTreeSet};

/// A row with so many cells is one of a table.
const TABLE_CELLS: usize = 4;

/// Writes a sheet as it came under a name that Excel takes, with what was found in its cells marked.
///
/// # Errors
/// When it does not fit a workbook.
pub(crate) fn write(
    sheet: &mut Worksheet,
    copied: &SheetCopy,
    name: &str,
    marks: &BTreeMap<CellRef, Vec<&Finding>>,
) -> Result<(), ReportError> {
    sheet.set_name(name)?.set_hidden(copied.is_hidden);
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    let plain = Format::new()
        .set_font_name("Times New Roman")
        .set_font_size(11);
    // A row of several cells is one of a table; the rest are titles and notes, which run on over their neighbours.
    let in_table = plain
        .clone()
        .set_border(FormatBorder::Hair)
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let mut filled: BTreeMap<u32, usize> = BTreeMap::new();
    for (cell, _) in &copied.cells {
        *filled.entry(cell.row).or_default() += 1;
    }
    let format_of = |cell: &CellRef| {
        if filled.get(&cell.row).is_some_and(|&n| n >= TABLE_CELLS) {
            &in_table
        } else {
            &plain
        }
    };
    for (first, last) in &copied.merged {
        let ((top, left), (bottom, right)) = (place(*first)?, place(*last)?);
        // A file may have a merged range of one cell, which the library refuses.
        if (top, left) != (bottom, right) {
            sheet.merge_range(top, left, bottom, right, "", format_of(first))?;
        }
    }
    let mut widths: BTreeMap<u16, usize> = BTreeMap::new();
    let written: BTreeSet<CellRef> = copied.cells.iter().map(|(cell, _)| *cell).collect();
    for (cell, value) in &copied.cells {
        let (row, col) = place(*cell)?;
        let format = format_of(cell);
        let format = marks
            .get(cell)
            .map_or_else(|| format.clone(), |findings| marked(format, findings));
        match value {
            CellCopy::Text(text) => {
                let width = widths.entry(col).or_default();
                let length = text.chars().count();
                // A title runs on over its neighbours; it does not widen its column.
                *width = (*width).max(if length > 40 { 0 } else { length });
                sheet.write_string_with_format(row, col, &*clipped(text), &format)?
            }
            CellCopy::Number(number) => {
                sheet.write_number_with_format(row, col, *number, &format)?
            }
            CellCopy::Flag(flag) => sheet.write_boolean_with_format(row, col, *flag, &format)?,
            // The sender's program works it out again. Sent back as it is, it must not be taken for a result: an empty
            // text would be one.
            CellCopy::Formula(formula) => sheet.write_formula_with_format(
                row,
                col,
                Formula::new(formula).set_result("#N/A"),
                &format,
            )?,
            CellCopy::Day(day) => {
                let date = ExcelDateTime::from_ymd(
                    u16::try_from(day.year()).unwrap_or(1900),
                    u8::try_from(day.month()).unwrap_or(1),
                    u8::try_from(day.day()).unwrap_or(1),
                )?;
                sheet.write_datetime_with_format(
                    row,
                    col,
                    date,
                    &format.set_num_format("dd/mm/yyyy"),
                )?
            }
        };
    }
    for (cell, findings) in marks {
        let (row, col) = place(*cell)?;
        if !written.contains(cell) {
            sheet.write_blank(row, col, &marked(&plain, findings))?;
        }
        let words: Vec<String> = findings
            .iter()
            .map(|f| format!("{}: {}\n→ {}", f.code, f.message.vi, f.advice.vi))
            .collect();
        let note = Note::new(clipped(&words.join("\n\n")))
            .add_author_prefix(false)
            .set_width(320)
            .set_height(120);
        sheet.insert_note(row, col, &note)?;
    }
    for (col, width) in widths {
        sheet.set_column_width(
            col,
            f64::from(u32::try_from(width.clamp(6, 24)).unwrap_or(10)),
        )?;
    }
    Ok(())
}

/// A cell to mend is amber, one that holds its row red, one only noticed pale.
fn marked(plain: &Format, findings: &[&Finding]) -> Format {
    let color = match findings.iter().map(|f| f.severity).min() {
        Some(Severity::Hold) => 0xF8_C9_C4,
        Some(Severity::Correct) => 0xFF_E3_A3,
        Some(Severity::Warn | Severity::Info) | None => 0xFF_F7_DC,
    };
    plain
        .clone()
        .set_background_color(Color::RGB(color))
        .set_border(FormatBorder::Thin)
}

#[cfg(test)]
mod tests {
    use super::write;
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
        write(workbook.add_worksheet(), &sheet, &sheet.name, &by_cell).unwrap();
        ReadWorkbook::new(workbook.save_to_buffer().unwrap())
    }

    #[test]
    fn a_sheet_comes_back_as_it_was_sent() {
        let read = written(&[]);
        insta::assert_snapshot!(read.text("Biểu 3"), @r"
        1: BÁO CÁO
        3: 1 | Gốm | 44990 | true | #N/A =SUM(A3:A3)
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
