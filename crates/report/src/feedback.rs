use crate::ReportError;
use crate::held::severity;
use crate::style::Styles;
use crate::xlsx::{begin, clipped, place, setup};
use chrono::{DateTime, Datelike, FixedOffset};
use model::{CellCopy, CellRef, Extent, Finding, Period, Severity, SheetCopy};
use programme::{Feedback, Words};
use rust_xlsxwriter::{
    Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Note, Url, Worksheet,
};
use std::collections::{BTreeMap, BTreeSet};

/// What goes back to a sender: the own sheets with what to mend marked, and a first sheet that lists it.
#[derive(Debug)]
pub struct FeedbackInput<'a> {
    /// The programme's texts for it.
    pub words: &'a Feedback,
    /// The programme's other words.
    pub said: &'a Words,
    /// The department's name, or the file's where it is not known.
    pub department: &'a str,
    /// What the report is about.
    pub period: Option<Period>,
    /// The file's name.
    pub file_name: &'a str,
    /// When it was taken in.
    pub at: DateTime<FixedOffset>,
    /// The sheets as they came.
    pub sheets: Vec<SheetCopy>,
    /// What was found in them.
    pub findings: &'a [Finding],
}

/// Writes what goes back to a sender; gives the bytes of an .xlsx.
///
/// # Errors
/// [`ReportError`] when the sheets do not fit a workbook.
pub fn feedback(input: &FeedbackInput<'_>) -> Result<Vec<u8>, ReportError> {
    let mut workbook = begin(&input.words.title, input.at)?;
    let styles = Styles::new();
    list(workbook.add_worksheet(), input, &styles)?;
    for sheet in &input.sheets {
        let mut marks: BTreeMap<CellRef, Vec<&Finding>> = BTreeMap::new();
        for finding in input
            .findings
            .iter()
            .filter(|f| f.sheet.as_deref() == Some(sheet.name.as_str()))
        {
            for cell in finding.cells.iter().filter_map(|cell| cell.parse().ok()) {
                marks.entry(cell).or_default().push(finding);
            }
        }
        copy(workbook.add_worksheet(), sheet, &marks)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// The columns of the list: the key of the heading, and the width.
const COLUMNS: [(&str, u16); 7] = [
    ("no", 5),
    ("severity", 12),
    ("code", 8),
    ("sheet", 24),
    ("cell", 14),
    ("finding", 62),
    ("advice", 50),
];

fn list(
    sheet: &mut Worksheet,
    input: &FeedbackInput<'_>,
    styles: &Styles,
) -> Result<(), ReportError> {
    sheet.set_name(&input.words.sheet)?;
    setup(sheet);
    sheet.merge_range(0, 0, 0, 6, &input.words.title, &styles.title)?;
    let words = input.said;
    let period = input.period.map_or_else(String::new, |p| p.to_string());
    let at = input.at.format("%d/%m/%Y %H:%M").to_string();
    let values = [
        ("department", input.department),
        ("period", &period),
        ("file", input.file_name),
        ("at", &at),
    ];
    let about = words.render_template("feedback_about", values);
    sheet.merge_range(1, 0, 1, 6, &about, &styles.subtitle)?;
    sheet.merge_range(2, 0, 2, 6, &input.words.intro, &styles.subtitle)?;
    sheet.set_row_height(2, 32)?;
    for (col, (heading, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(col, f64::from(width))?;
        sheet.write_with_format(4, col, words.get(heading), &styles.heading)?;
    }
    sheet.set_freeze_panes(5, 0)?.set_repeat_rows(4, 4)?;
    let mut findings: Vec<&Finding> = input.findings.iter().collect();
    findings.sort_by_key(|f| f.severity);
    let mut row = 5;
    for (number, finding) in (1u32..).zip(&findings) {
        let link = styles
            .link
            .clone()
            .set_border(FormatBorder::Thin)
            .set_font_size(11)
            .set_align(FormatAlign::Top);
        sheet.write_with_format(row, 0, number, &styles.center)?;
        sheet.write_with_format(row, 1, severity(words, finding.severity), &styles.center)?;
        sheet.write_with_format(row, 2, &finding.code, &styles.center)?;
        let name = finding.sheet.as_deref().unwrap_or_default();
        sheet.write_with_format(row, 3, name, &styles.text)?;
        let shown = shown(&finding.cells);
        match finding.cells.first() {
            Some(cell) if input.sheets.iter().any(|s| s.name == name) => {
                let url = Url::new(format!("internal:'{}'!{cell}", name.replace('\'', "''")))
                    .set_text(shown);
                sheet.write_url_with_format(row, 4, url, &link)?;
            }
            _ => {
                sheet.write_with_format(row, 4, shown, &styles.text)?;
            }
        }
        sheet.write_with_format(row, 5, &*clipped(&finding.message.vi), &styles.text)?;
        sheet.write_with_format(row, 6, &*clipped(&finding.advice.vi), &styles.text)?;
        let lines = (finding.message.vi.chars().count().div_ceil(70))
            .max(finding.advice.vi.chars().count().div_ceil(58));
        sheet.set_row_height(row, 15 * u16::try_from(lines.clamp(1, 12)).unwrap_or(1))?;
        row += 1;
    }
    let count = |wanted: Severity| findings.iter().filter(|f| f.severity == wanted).count();
    let counts: Vec<String> = [
        Severity::Hold,
        Severity::Correct,
        Severity::Warn,
        Severity::Info,
    ]
    .into_iter()
    .map(|wanted| format!("{}: {}", severity(words, wanted), count(wanted)))
    .collect();
    sheet.write_with_format(row + 1, 0, counts.join(" · "), &styles.bold)?;
    Ok(())
}

fn shown(cells: &[String]) -> String {
    let more = if cells.len() > 6 { ", …" } else { "" };
    cells.iter().take(6).cloned().collect::<Vec<_>>().join(", ") + more
}

/// A row with so many cells is one of a table.
const TABLE: usize = 4;

fn copy(
    sheet: &mut Worksheet,
    copied: &SheetCopy,
    marks: &BTreeMap<CellRef, Vec<&Finding>>,
) -> Result<(), ReportError> {
    sheet.set_name(&copied.name)?.set_hidden(copied.is_hidden);
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
        if filled.get(&cell.row).is_some_and(|&n| n >= TABLE) {
            &in_table
        } else {
            &plain
        }
    };
    for (first, last) in &copied.merged {
        let ((top, left), (bottom, right)) = (place(*first)?, place(*last)?);
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
            CellCopy::Formula(formula) => sheet.write_formula_with_format(
                row,
                col,
                Formula::new(formula).set_result(""),
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
    let worst = findings
        .iter()
        .map(|f| (f.severity, f.extent == Extent::File))
        .min();
    let color = match worst.map(|(severity, _)| severity) {
        Some(Severity::Hold) => 0xF8_C9_C4,
        Some(Severity::Correct) => 0xFF_E3_A3,
        _ => 0xFF_F7_DC,
    };
    plain
        .clone()
        .set_background_color(Color::RGB(color))
        .set_border(FormatBorder::Thin)
}
