use crate::display::{self, severity, severity_counts};
use crate::documents::feedback::input::FeedbackInput;
use crate::error::ReportError;
use crate::formats::xlsx::address::quoted;
use crate::formats::xlsx::styles::Styles;
use crate::formats::xlsx::text::cell_text;
use crate::formats::xlsx::workbook::setup;
use model::{CellRef, Finding, Severity, clean_line};
use rust_xlsxwriter::{FormatAlign, FormatBorder, Url, Worksheet};

/// The row of the heading, from 0: title, what it is about and what to do stand above it.
const HEAD: u32 = 4;
/// So many findings are listed: a sender mends no more at once, and Excel takes no more links on a sheet than 65,530.
const MOST_LISTED: usize = 20_000;

/// A column of the list.
struct FeedbackColumn {
    /// The key of its heading.
    heading: &'static str,
    /// In characters.
    width: u16,
    cell: fn(&Listed<'_>, u32, &Finding) -> FeedbackCell,
}

/// What the list is made from.
struct Listed<'a> {
    input: &'a FeedbackInput<'a>,
    /// The names that the sheets have in this workbook.
    names: &'a [String],
}

enum FeedbackCell {
    Number(u32),
    Centered(String),
    Text(String),
    /// A text that leads to an address.
    Link(String, String),
}

/// The columns of the list, from left to right.
const COLUMNS: [FeedbackColumn; 7] = [
    FeedbackColumn {
        heading: "no",
        width: 5,
        cell: |_, number, _| FeedbackCell::Number(number),
    },
    FeedbackColumn {
        heading: "severity",
        width: 12,
        cell: |listed, _, finding| {
            FeedbackCell::Centered(severity(listed.input.said, finding.severity).to_owned())
        },
    },
    FeedbackColumn {
        heading: "code",
        width: 8,
        cell: |_, _, finding| FeedbackCell::Centered(finding.code.clone()),
    },
    FeedbackColumn {
        heading: "sheet",
        width: 24,
        cell: |_, _, finding| FeedbackCell::Text(finding.sheet.clone().unwrap_or_default()),
    },
    FeedbackColumn {
        heading: "cell",
        width: 14,
        cell: |listed, _, finding| link(listed, finding),
    },
    FeedbackColumn {
        heading: "finding",
        width: 62,
        cell: |_, _, finding| FeedbackCell::Text(finding.message.vi.clone()),
    },
    FeedbackColumn {
        heading: "advice",
        width: 50,
        cell: |_, _, finding| FeedbackCell::Text(finding.advice.vi.clone()),
    },
];

/// Writes the first sheet, `names` being those of the sender's in this workbook: all that was found, what must be mended first,
/// each with a link to its cell. `note` is the key of what is to be said of the copy.
///
/// # Errors
/// When it does not fit a workbook.
pub(crate) fn write(
    sheet: &mut Worksheet,
    input: &FeedbackInput<'_>,
    names: &[String],
    note: Option<&str>,
    styles: &Styles,
) -> Result<(), ReportError> {
    let listed = Listed { input, names };
    let words = input.said;
    let last = u16::try_from(COLUMNS.len()).unwrap_or(u16::MAX) - 1;
    sheet.set_name(&input.words.sheet)?;
    setup(sheet, None);
    sheet.merge_range(0, 0, 0, last, &input.words.title, &styles.title)?;
    let period = input.period.map_or_else(String::new, |p| p.to_string());
    let at = display::moment(input.at);
    let values = [
        ("department", input.department),
        ("period", &period),
        ("file", input.file_name),
        ("at", &at),
    ];
    let about = words.render_template("feedback_about", values);
    let about = clean_line(&about);
    sheet.merge_range(1, 0, 1, last, &cell_text(&about), &styles.subtitle)?;
    sheet.merge_range(2, 0, 2, last, &input.words.intro, &styles.subtitle)?;
    sheet.set_row_height(2, 32)?;
    if let Some(note) = note {
        sheet.merge_range(3, 0, 3, last, words.get(note), &styles.subtitle)?;
        sheet.set_row_height(3, 32)?;
    }
    for (col, column) in (0..).zip(&COLUMNS) {
        sheet.set_column_width(col, f64::from(column.width))?;
        sheet.write_with_format(HEAD, col, words.get(column.heading), &styles.heading)?;
    }
    sheet
        .set_freeze_panes(HEAD + 1, 0)?
        .set_repeat_rows(HEAD, HEAD)?;
    let mut findings: Vec<&Finding> = input.findings.iter().collect();
    // What must be mended stands before what is only noticed, each in the order of the sheets.
    findings.sort_by_cached_key(|finding| place(input, finding));
    for (number, finding) in (1u32..).zip(findings.iter().take(MOST_LISTED)) {
        let row = HEAD + number;
        for (col, column) in (0..).zip(&COLUMNS) {
            write_cell(
                sheet,
                (row, col),
                (column.cell)(&listed, number, finding),
                styles,
            )?;
        }
        let lines = (finding.message.vi.chars().count().div_ceil(70))
            .max(finding.advice.vi.chars().count().div_ceil(58));
        sheet.set_row_height(row, 15 * u16::try_from(lines.clamp(1, 12)).unwrap_or(1))?;
    }
    let listed = findings.len().min(MOST_LISTED);
    let below = HEAD + 2 + u32::try_from(listed).unwrap_or(u32::MAX - HEAD - 2);
    let counts = severity_counts(words, findings.iter().copied());
    sheet.write_with_format(below, 0, counts, &styles.bold)?;
    if findings.len() > listed {
        let more = (findings.len() - listed).to_string();
        let more = words.render_template("feedback_more", [("count", more.as_str())]);
        sheet.write_with_format(below + 1, 0, more, &styles.bold)?;
    }
    Ok(())
}

/// Whether a finding is only noticed, the place of its sheet in the workbook, and its first cell there. What is about the
/// whole file comes first.
fn place(input: &FeedbackInput<'_>, finding: &Finding) -> (bool, usize, Option<CellRef>) {
    let sheet = finding.sheet.as_ref().map_or(0, |name| {
        let place = input.sheets.iter().position(|sheet| sheet.name == *name);
        place.map_or(usize::MAX, |place| place + 1)
    });
    let cell = finding.cells.first().and_then(|cell| cell.parse().ok());
    (finding.severity > Severity::Correct, sheet, cell)
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, col): (u32, u16),
    cell: FeedbackCell,
    styles: &Styles,
) -> Result<(), ReportError> {
    match cell {
        FeedbackCell::Number(number) => {
            sheet.write_with_format(row, col, number, &styles.center)?;
        }
        FeedbackCell::Centered(text) => {
            sheet.write_with_format(row, col, &*cell_text(&text), &styles.center)?;
        }
        FeedbackCell::Text(text) => {
            sheet.write_with_format(row, col, &*cell_text(&text), &styles.text)?;
        }
        FeedbackCell::Link(text, address) => {
            let format = styles
                .link
                .clone()
                .set_border(FormatBorder::Thin)
                .set_font_size(11)
                .set_align(FormatAlign::Top);
            let url = Url::new(address).set_text(text);
            sheet.write_url_with_format(row, col, url, &format)?;
        }
    }
    Ok(())
}

/// A finding's cells, which lead to the first of them on the sender's own sheet; one without a sheet leads nowhere.
fn link(listed: &Listed<'_>, finding: &Finding) -> FeedbackCell {
    let shown = cell_list(&finding.cells);
    let mut sheets = listed.input.sheets.iter().zip(listed.names);
    let sheet = sheets.find(|(sheet, _)| Some(&sheet.name) == finding.sheet.as_ref());
    match finding.cells.first().zip(sheet) {
        Some((cell, (_, name))) => {
            FeedbackCell::Link(shown, format!("internal:{}!{cell}", quoted(name)))
        }
        None => FeedbackCell::Text(shown),
    }
}

/// The first six cells.
fn cell_list(cells: &[String]) -> String {
    let more = if cells.len() > 6 { ", …" } else { "" };
    cells.iter().take(6).cloned().collect::<Vec<_>>().join(", ") + more
}

#[cfg(test)]
mod tests {
    use super::cell_list;
    use crate::testing::{ReadWorkbook, finding, moment, programme};
    use crate::{FeedbackInput, feedback};
    use model::{Finding, Period, Severity, SheetCopy};

    fn written(findings: &[Finding], sheets: Vec<SheetCopy>) -> ReadWorkbook {
        let programme = programme();
        let bytes = feedback(&FeedbackInput {
            words: &programme.report.feedback,
            said: &programme.words,
            department: "Sở Công Thương",
            period: Period::year(2023),
            file_name: "sct.xlsx",
            at: moment("2023-11-25T09:00:00+07:00"),
            sheets,
            findings,
        });
        ReadWorkbook::new(bytes.unwrap())
    }

    #[test]
    fn what_must_be_mended_stands_first() {
        let findings = [
            finding("D002", Severity::Info, "Biểu 3", &["B5"]),
            finding("C001", Severity::Hold, "Biểu 3", &["C12", "D12"]),
        ];
        insta::assert_snapshot!(written(&findings, Vec::new()).text("Phiếu phản hồi"), @r"
        1: PHIẾU PHẢN HỒI BÁO CÁO
        2: Sở Công Thương · kỳ 2023 · sct.xlsx · nhận 25/11/2023 09:00
        3: Các ô được đánh dấu màu trong những trang sau là chỗ cần sửa; rê chuột lên ô để xem ghi chú. Sửa xong, lưu lại và gửi chính tệp này.
        5: TT | Mức | Mã | Trang | Ô | Phát hiện | Cần làm
        6: 1 | Tạm giữ | C001 | Biểu 3 | C12, D12 | Ngày kết thúc trước ngày bắt đầu | Sửa ngày
        7: 2 | Ghi nhận | D002 | Biểu 3 | B5 | Ngày kết thúc trước ngày bắt đầu | Sửa ngày
        9: Tạm giữ: 1 · Phải sửa: 0 · Lưu ý: 0 · Ghi nhận: 1
        ");
    }

    #[test]
    fn a_finding_leads_to_its_cell_on_the_senders_sheet() {
        let sheet = SheetCopy {
            name: "Biểu '3' mới".to_owned(),
            is_hidden: false,
            cells: Vec::new(),
            merged: Vec::new(),
        };
        let findings = [
            finding("C001", Severity::Hold, "Biểu '3' mới", &["C12"]),
            finding("C001", Severity::Hold, "Biểu 9", &["C13"]),
        ];
        let list = written(&findings, vec![sheet]).part("xl/worksheets/sheet1.xml");
        let links: Vec<&str> = list
            .split("<hyperlink ")
            .skip(1)
            .filter_map(|link| link.split("/>").next())
            .collect();
        insta::assert_snapshot!(links.join("\n"), @r#"ref="E6" location="'Biểu ''3'' mới'!C12" display="C12""#);
    }

    #[test]
    fn of_many_cells_the_first_six_are_shown() {
        let cells: Vec<String> = (1..=8).map(|row| format!("A{row}")).collect();
        assert_eq!(cell_list(&cells), "A1, A2, A3, A4, A5, A6, …");
        assert_eq!(cell_list(&cells[..6]), "A1, A2, A3, A4, A5, A6");
        assert_eq!(cell_list(&[]), "");
    }
}
