//! A sheet of a report as a worksheet.

mod cells;

use crate::error::ReportError;
use crate::formats::xlsx::address::cell;
use crate::formats::xlsx::chart::drawing;
use crate::formats::xlsx::links::Links;
use crate::formats::xlsx::styles::Styles;
use crate::formats::xlsx::text::lines_of;
use crate::formats::xlsx::workbook::add_sheet;
use crate::input::annual::AnnualReport;
use crate::paper::cell::CellValue;
use crate::paper::chart::BarChart;
use crate::paper::heading::ColumnHeading;
use crate::paper::look::Look;
use crate::paper::{HEADING_ROW, Paper};
use programme::{SheetSpec, Words};
use rust_xlsxwriter::{Table, TableColumn, TableStyle, Workbook, Worksheet};
use std::collections::BTreeSet;

/// The rows of a worksheet (an .xlsx has no more). A longer table goes on upon the next sheet.
const ROWS: u32 = 1_048_576;
/// The most rows of a table of data that is a table to the spreadsheet program too; the writing library notes each of its cells in
/// memory. A longer one has filters all the same.
const TABLE_ROWS: u32 = 50_000;
/// How many pixels of columns find room on the width of an A4 page in landscape, if letters of 11 points are printed in 8: 1026 of
/// them in their own size.
const PAGE_PIXELS: u32 = 1_410;
/// How many pixels a column of so many characters is wide.
fn pixels(width: u16) -> u32 {
    7 * u32::from(width) + 5
}

/// The width of a column that none is given for, in characters.
const DEFAULT_WIDTH: u16 = 9;

/// A worksheet being written, from its title down.
pub(crate) struct XlsxPage<'w> {
    workbook: &'w mut Workbook,
    /// The place of the sheet in the workbook.
    index: usize,
    styles: &'w Styles,
    words: &'w Words,
    name: String,
    unit: Option<&'w str>,
    title: &'w str,
    subtitle: String,
    /// What stands at the head of each printed page; only in the annual report.
    mark: Option<String>,
    /// What stands at its foot, as a command of the format.
    foot: Option<String>,
    /// Where figures and the trace are found; only in the annual report.
    links: Option<&'w Links<'w>>,
    /// Whether it is a table of data: rows of one line each, cells in the formats of their columns.
    is_data: bool,
    /// Whether rows leave memory once they are written.
    is_long: bool,
    /// The rows a sheet may have: those of an .xlsx, fewer in tests.
    row_limit: u32,
    row: u32,
    /// The next cell's column.
    col: u16,
    /// The first row below the heading.
    first: u32,
    /// The rows of the table on earlier sheets: name, first and last row.
    earlier: Vec<(String, u32, u32)>,
    headings: Vec<ColumnHeading<'static>>,
    /// The columns' widths in characters.
    widths: Vec<u16>,
    /// The most lines of text a cell of the row needs.
    lines: usize,
    linked: u32,
    /// The names that formulas may use: a figure that stands in two cells is named in the first.
    named: BTreeSet<String>,
}

impl<'w> XlsxPage<'w> {
    /// A sheet of the annual report. A long one, of one table row by row, does not stay in memory.
    pub(crate) fn new(
        workbook: &'w mut Workbook,
        definition: &'w SheetSpec,
        report: &'w AnnualReport<'_>,
        styles: &'w Styles,
        links: &'w Links<'w>,
        is_long: bool,
    ) -> Result<Self, ReportError> {
        let words = &report.programme.words;
        let subtitle = report.subtitle(definition);
        let page = Self::begin(
            workbook,
            styles,
            words,
            (&definition.name, &definition.title, subtitle),
            is_long,
            (report.mark(), Some(foot(report, definition))),
        )?;
        Ok(Self {
            unit: definition.unit.as_deref(),
            links: Some(links),
            ..page
        })
    }

    /// A sheet of another workbook than the annual report.
    pub(crate) fn titled(
        workbook: &'w mut Workbook,
        styles: &'w Styles,
        words: &'w Words,
        name: &str,
        title: &'w str,
        subtitle: String,
    ) -> Result<Self, ReportError> {
        Self::begin(
            workbook,
            styles,
            words,
            (name, title, subtitle),
            false,
            (None, None),
        )
    }

    fn begin(
        workbook: &'w mut Workbook,
        styles: &'w Styles,
        words: &'w Words,
        (name, title, subtitle): (&str, &'w str, String),
        is_long: bool,
        (mark, foot): (Option<String>, Option<String>),
    ) -> Result<Self, ReportError> {
        let index = workbook.worksheets().len();
        add_sheet(workbook, name, is_long, (mark.as_deref(), foot.as_deref()))?;
        Ok(Self {
            workbook,
            index,
            styles,
            words,
            name: name.to_owned(),
            unit: None,
            title,
            subtitle,
            mark,
            foot,
            links: None,
            is_data: false,
            is_long,
            row_limit: ROWS,
            row: 0,
            col: 0,
            first: 0,
            earlier: Vec::new(),
            headings: Vec::new(),
            widths: Vec::new(),
            lines: 1,
            linked: 0,
            named: BTreeSet::new(),
        })
    }

    fn sheet(&mut self) -> Result<&mut Worksheet, ReportError> {
        Ok(self.workbook.worksheet_from_index(self.index)?)
    }

    /// Title, subtitle and unit over the columns of a table, as far as they find room on its first page: one across two pages
    /// would be cut.
    fn titles(&mut self, headings: &[ColumnHeading<'_>]) -> Result<(), ReportError> {
        let widths = headings.iter().scan(0, |right, heading| {
            *right += pixels(heading.width);
            Some(*right)
        });
        let columns = widths.take_while(|right| *right <= PAGE_PIXELS).count();
        // One cell alone cannot be merged.
        let last = u16::try_from(columns).unwrap_or(u16::MAX).max(2) - 1;
        let (title, subtitle, styles) = (self.title, self.subtitle.clone(), self.styles);
        let unit = self
            .unit
            .map(|unit| self.words.render_template("unit_line", [("unit", unit)]));
        let sheet = self.sheet()?;
        sheet.merge_range(0, 0, 0, last, title, &styles.title)?;
        sheet.merge_range(1, 0, 1, last, &subtitle, &styles.subtitle)?;
        if let Some(unit) = unit {
            sheet.merge_range(2, 0, 2, last, &unit, &styles.unit)?;
        }
        self.row = HEADING_ROW;
        Ok(())
    }

    fn width(&mut self, col: u16, width: u16) -> Result<(), ReportError> {
        self.sheet()?.set_column_width(col, f64::from(width))?;
        let place = usize::from(col);
        if self.widths.len() <= place {
            self.widths.resize(place + 1, DEFAULT_WIDTH);
        }
        self.widths[place] = width;
        Ok(())
    }

    /// Notes how many lines a text takes in so many columns from the next on.
    fn note_lines(&mut self, text: &str, columns: u16) {
        let width = |col: u16| self.widths.get(usize::from(col)).copied();
        let widths = (self.col..self.col + columns).map(|col| width(col).unwrap_or(DEFAULT_WIDTH));
        self.lines = self.lines.max(lines_of(text, widths.sum()));
    }

    /// How many pages a row takes side by side: on fewer its letters would be too small to read.
    fn pages_across(&self) -> u16 {
        let of = |widths: &[u16]| -> u32 { widths.iter().copied().map(pixels).sum() };
        let repeated = of(self.widths.get(..2).unwrap_or_default());
        let (all, room) = (
            of(&self.widths),
            PAGE_PIXELS.saturating_sub(repeated).max(1),
        );
        match all <= PAGE_PIXELS {
            true => 1,
            false => u16::try_from((all - repeated).div_ceil(room)).unwrap_or(1),
        }
    }

    /// Goes on upon another sheet, under the same heading.
    fn next_sheet(&mut self) -> Result<(), ReportError> {
        self.earlier
            .push((self.name.clone(), self.first, self.row - 1));
        let number = self.earlier.len() + 1;
        // A sheet's name ends at 31 characters, the number in brackets among them.
        let base = self.earlier[0].0.clone();
        let kept: String = base
            .chars()
            .take(31 - 4 - number.to_string().len())
            .collect();
        self.name = format!("{kept} ({number})");
        self.index = self.workbook.worksheets().len();
        self.linked = 0;
        add_sheet(
            self.workbook,
            &self.name,
            self.is_long,
            (self.mark.as_deref(), self.foot.as_deref()),
        )?;
        // `head` begins anew, but a total still adds up the rows of the earlier sheets.
        let headings = std::mem::take(&mut self.headings);
        let earlier = std::mem::take(&mut self.earlier);
        self.head(&headings, 0)?;
        self.earlier = earlier;
        Ok(())
    }

    /// Above each column that has a sum: that of the rows that a filter leaves.
    fn sums_of_shown(
        &mut self,
        first: u32,
        rows: u32,
        sums: &[Option<i64>],
    ) -> Result<(), ReportError> {
        self.row = HEADING_ROW - 1;
        let label = self.words.get("trace_shown_sum");
        let (row, style) = (self.row, &self.styles.note);
        self.sheet()?
            .write_string_with_format(row, 0, label, style)?;
        for (col, sum) in (0..).zip(sums) {
            if let Some(sum) = sum {
                self.col = col;
                let (top, bottom) = (cell(first, col), cell(first + rows - 1, col));
                let formula = format!("=SUBTOTAL(109,{top}:{bottom})");
                self.formula(&formula, sum.to_string(), Look::Total)?;
            }
        }
        self.col = 0;
        Ok(())
    }

    /// One heading row, or two if columns stand in groups; from the row on.
    fn heading(&mut self, headings: &[ColumnHeading<'_>]) -> Result<(), ReportError> {
        let grouped = headings.iter().any(|heading| heading.group.is_some());
        let (top, bottom) = (self.row, self.row + u32::from(grouped));
        let style = &self.styles.heading;
        let mut col = 0;
        for run in headings.chunk_by(|a, b| a.group.is_some() && a.group == b.group) {
            let last = col + u16::try_from(run.len()).unwrap_or(1) - 1;
            if let Some(group) = run[0].group {
                if last > col {
                    self.sheet()?
                        .merge_range(top, col, top, last, group, style)?;
                } else {
                    self.sheet()?.write_with_format(top, col, group, style)?;
                }
            }
            for heading in run {
                self.width(col, heading.width)?;
                if grouped && heading.group.is_none() {
                    self.sheet()?
                        .merge_range(top, col, bottom, col, &heading.text, style)?;
                } else {
                    self.sheet()?
                        .write_with_format(bottom, col, &*heading.text, style)?;
                }
                col += 1;
            }
        }
        let lines = headings
            .iter()
            .map(|heading| lines_of(&heading.text, heading.width))
            .max()
            .unwrap_or(1);
        let above = |h: &ColumnHeading<'_>| h.group.map_or(1, |group| lines_of(group, h.width * 2));
        if grouped {
            let lines = headings.iter().map(above).max().unwrap_or(1).min(2);
            self.sheet()?
                .set_row_height(top, 16 * u16::try_from(lines).unwrap_or(1))?;
        }
        self.sheet()?
            .set_row_height(bottom, 16 * u16::try_from(lines.min(8)).unwrap_or(1))?;
        self.row = bottom + 1;
        Ok(())
    }
}

/// What stands at the foot of each page of a sheet: its name and title, and which page of how many it is.
fn foot(report: &AnnualReport<'_>, sheet: &SheetSpec) -> String {
    // '&' begins a command there, and the whole has room for 255 characters.
    let text = format!("{} - {}", sheet.name, report.placed(&sheet.title));
    let text: String = text.chars().take(120).collect();
    let font = "\"Times New Roman,Regular\"&9";
    let page = report.programme.words.get("page_of");
    format!(
        "&L&{font} {}&R&{font} {page} &P/&N",
        text.replace('&', "&&")
    )
}

impl Paper for XlsxPage<'_> {
    fn head(&mut self, headings: &[ColumnHeading<'_>], kept: u16) -> Result<(), ReportError> {
        self.titles(headings)?;
        let top = self.row;
        self.heading(headings)?;
        self.first = self.row;
        self.headings = headings
            .iter()
            .map(|heading| ColumnHeading {
                text: heading.text.to_string().into(),
                group: None,
                ..*heading
            })
            .collect();
        let row = self.row;
        let pages = self.pages_across();
        let sheet = self.sheet()?;
        sheet
            .set_repeat_rows(top, row - 1)?
            .set_freeze_panes(row, kept)?;
        if pages > 1 {
            // What a row is about stands on each of the pages beside one another.
            sheet
                .set_print_fit_to_pages(pages, 0)
                .set_page_order(true)
                .set_repeat_columns(0, 1)?;
        }
        Ok(())
    }

    fn data_table(
        &mut self,
        headings: &[ColumnHeading<'_>],
        rows: u32,
        sums: &[Option<i64>],
    ) -> Result<(), ReportError> {
        let first = HEADING_ROW + 1;
        let columns = u16::try_from(headings.len()).unwrap_or(u16::MAX);
        let last = columns.max(1) - 1;
        self.titles(headings)?;
        if rows > 0 {
            self.sums_of_shown(first, rows, sums)?;
        }
        self.row = HEADING_ROW;
        self.heading(headings)?;
        self.first = self.row;
        // A cell without a format has that of its column: looked up once, not for each of a million cells.
        let styles = self.styles;
        for (col, sum) in (0..columns).zip(sums) {
            let style = match sum {
                Some(_) => &styles.data_number,
                None => &styles.data,
            };
            self.sheet()?.set_column_format(col, style)?;
        }
        self.is_data = true;
        if (1..=TABLE_ROWS).contains(&rows) {
            let columns = headings.iter().map(|heading| {
                TableColumn::new()
                    .set_header(&*heading.text)
                    .set_header_format(&styles.heading)
            });
            let table = Table::new()
                .set_style(TableStyle::Light15)
                .set_columns(&columns.collect::<Vec<_>>());
            self.sheet()?
                .add_table(HEADING_ROW, 0, first + rows - 1, last, &table)?;
        } else if rows > 0 {
            self.sheet()?
                .autofilter(HEADING_ROW, 0, first + rows - 1, last)?;
        }
        self.sheet()?
            .set_repeat_rows(HEADING_ROW, HEADING_ROW)?
            // It is for looking things up: its rows are printed only if somebody clears the print area.
            .set_print_area(0, 0, HEADING_ROW, last)?
            .set_freeze_panes(first, 0)?;
        Ok(())
    }

    fn row(&self) -> u32 {
        self.row
    }

    fn cell(&mut self, value: &CellValue<'_>, columns: u16) -> Result<(), ReportError> {
        if columns > 1 {
            self.merged(value, columns)?;
        } else {
            self.single(value)?;
        }
        self.col += columns;
        Ok(())
    }

    /// Ends a row: it is as high as its longest text needs, since not every program finds that out by itself.
    fn end_row(&mut self) -> Result<(), ReportError> {
        if !self.is_data {
            let lines = u16::try_from(self.lines.min(25)).unwrap_or(1);
            let row = self.row;
            self.sheet()?.set_row_height(row, 15 * lines)?;
        }
        self.lines = 1;
        self.col = 0;
        self.row += 1;
        // A row of totals and a note still find room.
        if self.is_long && self.row >= self.row_limit - 4 {
            self.next_sheet()
        } else {
            Ok(())
        }
    }

    fn next_table(
        &mut self,
        title: Option<&str>,
        headings: &[ColumnHeading<'_>],
    ) -> Result<(), ReportError> {
        self.row += 2;
        let styles = self.styles;
        if let Some(title) = title {
            let row = self.row;
            self.sheet()?
                .write_string_with_format(row, 1, title, &styles.bold)?;
            self.row += 1;
        }
        for heading in headings {
            self.note_lines(&heading.text, heading.columns);
            let (row, col) = (self.row, self.col);
            if heading.columns > 1 {
                let last = col + heading.columns - 1;
                self.sheet()?
                    .merge_range(row, col, row, last, &heading.text, &styles.heading)?;
            } else {
                self.sheet()?
                    .write_with_format(row, col, &*heading.text, &styles.heading)?;
            }
            self.col += heading.columns;
        }
        self.end_row()
    }

    fn note(&mut self, text: &str) -> Result<(), ReportError> {
        // It runs on over its neighbours, so it is not cut and makes no row higher.
        self.row += 1;
        let (row, styles) = (self.row, self.styles);
        self.sheet()?
            .write_string_with_format(row, 0, text, &styles.note)?;
        Ok(())
    }

    fn filter(&mut self) -> Result<(), ReportError> {
        // A heading without rows has nothing to filter.
        if self.row > self.first {
            let (first, row) = (self.first - 1, self.row - 1);
            let last = u16::try_from(self.headings.len()).unwrap_or(u16::MAX) - 1;
            self.sheet()?.autofilter(first, 0, row, last)?;
        }
        Ok(())
    }

    fn chart(&mut self, chart: &BarChart<'_>) -> Result<(), ReportError> {
        let drawing = drawing(chart, &self.name);
        let row = self.row + 1;
        self.sheet()?.insert_chart(row, 1, &drawing)?;
        // 300 points of height are about 15 rows.
        self.row = row + 16;
        Ok(())
    }

    fn fit_one_page(&mut self) -> Result<(), ReportError> {
        self.sheet()?.set_print_fit_to_pages(1, 1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::XlsxPage;
    use crate::formats::xlsx::styles::Styles;
    use crate::paper::Paper;
    use crate::paper::cell::CellValue;
    use crate::paper::column::{ColumnList, ColumnSpec};
    use crate::paper::look::Look;
    use crate::testing::{ReadWorkbook, figures, programme};
    use programme::Measure;
    use rust_xlsxwriter::Workbook;

    fn written(write: impl FnOnce(&mut XlsxPage<'_>)) -> ReadWorkbook {
        let mut workbook = Workbook::new();
        let styles = Styles::new();
        let mut page = XlsxPage::titled(
            &mut workbook,
            &styles,
            &programme().words,
            "Danh sách",
            "DANH SÁCH",
            "Năm 2023".to_owned(),
        )
        .unwrap();
        write(&mut page);
        ReadWorkbook::new(workbook.save_to_buffer().unwrap())
    }

    fn amounts(sum: i64) -> ColumnList<'static, i64> {
        type Col = ColumnSpec<'static, i64>;
        ColumnList(vec![
            Col::new("TT", 5, |number| CellValue::ordinal(*number)),
            Col::new("Số tiền", 12, |number| {
                CellValue::money(Some(number * 10))
            })
            .with_foot(CellValue::Total(sum, Look::Total)),
        ])
    }

    #[test]
    fn a_longer_listing_continues_on_further_sheets() {
        let read = written(|page| {
            page.is_long = true;
            page.row_limit = 11;
            let columns = amounts(280);
            columns.begin(page, 0).unwrap();
            for number in 1..=7 {
                columns.row(page, &number).unwrap();
            }
            columns.foot(page).unwrap();
        });
        assert_eq!(read.sheets, ["Danh sách", "Danh sách (2)", "Danh sách (3)"]);
        insta::assert_snapshot!(read.text("Danh sách (2)"), @r"
        1: DANH SÁCH
        2: Năm 2023
        4: TT | Số tiền
        5: 4 | 40
        6: 5 | 50
        7: 6 | 60
        ");
        // The total adds up the rows of all sheets.
        insta::assert_snapshot!(read.text("Danh sách (3)"), @r"
        1: DANH SÁCH
        2: Năm 2023
        4: TT | Số tiền
        5: 7 | 70
        6:  | 280 =SUM('Danh sách'!B5:B7,'Danh sách (2)'!B5:B7,B5:B5)
        ");
    }

    #[test]
    fn shares_and_sums_are_formulas_over_the_cells_beside_them() {
        type Col = ColumnSpec<'static, (i64, i64)>;
        let read = written(|page| {
            let columns = ColumnList(vec![
                Col::new("Kế hoạch", 12, |row| CellValue::money(Some(row.0))),
                Col::new("Thực hiện", 12, |row| CellValue::money(Some(row.1))),
                Col::new("Tỷ lệ", 12, |row| CellValue::Share {
                    parts: [row.1, row.0],
                    columns: Some([1, 2]),
                    look: Look::Share,
                }),
            ]);
            columns.begin(page, 0).unwrap();
            columns.row(page, &(200, 50)).unwrap();
            columns.row(page, &(0, 50)).unwrap();
        });
        insta::assert_snapshot!(read.text("Danh sách"), @r"
        1: DANH SÁCH
        2: Năm 2023
        4: Kế hoạch | Thực hiện | Tỷ lệ
        5: 200 | 50 | 0.25 =B5/A5
        6: 0 | 50
        ");
    }

    #[test]
    fn a_figure_in_two_cells_is_named_in_the_first() {
        let counted = figures("support_cases", Measure::Sum, &[], &[(&[], "r1", "3")]);
        let read = written(|page| {
            for _ in 0..2 {
                page.cell(&CellValue::whole_figure(&counted), 1).unwrap();
            }
            page.end_row().unwrap();
        });
        let workbook = read.part("xl/workbook.xml");
        let names = workbook.split("<definedName ").skip(1);
        let names: Vec<&str> = names.filter_map(|name| name.split("</").next()).collect();
        assert_eq!(names, ["name=\"support_cases_2023\">'Danh sách'!$A$1"]);
    }

    #[test]
    fn a_row_is_as_high_as_its_longest_text() {
        let read = written(|page| {
            let long = "chữ ".repeat(20);
            page.cell(&CellValue::text(long), 1).unwrap();
            page.end_row().unwrap();
            page.cell(&CellValue::text("chữ"), 1).unwrap();
            page.end_row().unwrap();
        });
        let sheet = read.part("xl/worksheets/sheet1.xml");
        let rows = sheet.split("<row ").skip(1);
        let rows: Vec<&str> = rows.filter_map(|row| row.split('>').next()).collect();
        insta::assert_snapshot!(rows.join("\n"), @r#"
        r="1" spans="1:1" ht="120" customHeight="1"
        r="2" spans="1:1"
        "#);
    }

    #[test]
    fn a_filter_covers_the_table_and_no_more() {
        let read = written(|page| {
            amounts(10).begin(page, 0).unwrap();
            amounts(10).row(page, &1).unwrap();
            page.filter().unwrap();
            amounts(10).foot(page).unwrap();
        });
        let sheet = read.part("xl/worksheets/sheet1.xml");
        assert!(sheet.contains("<autoFilter ref=\"A4:B5\"/>"), "{sheet}");
    }
}
