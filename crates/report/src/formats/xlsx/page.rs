//! A sheet of a report as a worksheet.

use crate::error::ReportError;
use crate::formats::xlsx::address::{absolute, cell, quoted};
use crate::formats::xlsx::chart::drawing;
use crate::formats::xlsx::links::Links;
use crate::formats::xlsx::styles::Styles;
use crate::formats::xlsx::text::{clipped, lines_of};
use crate::formats::xlsx::workbook::add_sheet;
use crate::input::annual::AnnualReport;
use crate::paper::cell::{CellValue, FigureCell, FigureSum};
use crate::paper::chart::BarChart;
use crate::paper::column::ColumnHeading;
use crate::paper::look::Look;
use crate::paper::{HEADING_ROW, Paper};
use chrono::{Datelike, NaiveDate};
use programme::{SheetSpec, Words};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use std::collections::BTreeSet;

/// The rows of a worksheet (an .xlsx has no more). A longer table goes on upon the next sheet.
const ROWS: u32 = 1_048_576;
/// The links that a spreadsheet program follows on one sheet.
const MAX_LINKS: u32 = 65_530;
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
    /// Where figures and the trace are found; only in the annual report.
    links: Option<&'w Links>,
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
        links: &'w Links,
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
        Self::begin(workbook, styles, words, (name, title, subtitle), false)
    }

    fn begin(
        workbook: &'w mut Workbook,
        styles: &'w Styles,
        words: &'w Words,
        (name, title, subtitle): (&str, &'w str, String),
        is_long: bool,
    ) -> Result<Self, ReportError> {
        let index = workbook.worksheets().len();
        add_sheet(workbook, name, is_long)?;
        Ok(Self {
            workbook,
            index,
            styles,
            words,
            name: name.to_owned(),
            unit: None,
            title,
            subtitle,
            links: None,
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

    /// Title, subtitle and unit over a table of so many columns.
    fn titles(&mut self, columns: u16) -> Result<(), ReportError> {
        let last = columns.max(2) - 1;
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

    /// The cells of a column's rows since the heading, as a formula names them.
    fn body(&self, col: u16) -> String {
        let range = |first: u32, last: u32| format!("{}:{}", cell(first, col), cell(last, col));
        let earlier = self
            .earlier
            .iter()
            .map(|(name, first, last)| format!("{}!{}", quoted(name), range(*first, *last)));
        earlier
            .chain([range(self.first, self.row.max(self.first + 1) - 1)])
            .collect::<Vec<_>>()
            .join(",")
    }

    /// A formula with its result stored beside it: a reader that does not calculate still shows the figure.
    fn formula(&mut self, formula: &str, result: String, look: Look) -> Result<(), ReportError> {
        let formula = Formula::new(formula).set_result(result);
        let (row, col, styles) = (self.row, self.col, self.styles);
        self.sheet()?
            .write_formula_with_format(row, col, formula, styles.format(look))?;
        Ok(())
    }

    fn text(&mut self, text: &str, look: Look) -> Result<(), ReportError> {
        let text = clipped(text);
        self.note_lines(&text, 1);
        let (row, col, styles) = (self.row, self.col, self.styles);
        self.sheet()?
            .write_string_with_format(row, col, &*text, styles.format(look))?;
        Ok(())
    }

    fn number(&mut self, number: i64, look: Look) -> Result<(), ReportError> {
        let (row, col, styles) = (self.row, self.col, self.styles);
        self.sheet()?
            .write_number_with_format(row, col, number as f64, styles.format(look))?;
        Ok(())
    }

    fn date(&mut self, day: Option<NaiveDate>) -> Result<(), ReportError> {
        // Workbooks know no day before 1900: such a cell stays blank.
        let moment = day.and_then(|day| {
            let year = u16::try_from(day.year()).ok()?;
            let month = u8::try_from(day.month()).ok()?;
            ExcelDateTime::from_ymd(year, month, u8::try_from(day.day()).ok()?).ok()
        });
        let (row, col, styles) = (self.row, self.col, self.styles);
        let sheet = self.sheet()?;
        match moment {
            Some(moment) => sheet.write_datetime_with_format(row, col, moment, &styles.date)?,
            None => sheet.write_blank(row, col, &styles.date)?,
        };
        Ok(())
    }

    fn figure(&mut self, figure: &FigureCell<'_>) -> Result<(), ReportError> {
        let (figures, keys, look) = (figure.figures, &figure.keys, figure.look);
        let name = figure.is_named.then(|| defined_name(&figures.id(keys)));
        if let Some(name) = name
            && self.named.insert(name.clone())
        {
            let place = absolute(&self.name, self.row, self.col);
            self.workbook.define_name(name, &place)?;
        }
        if let Some(links) = self.links
            && let Some(address) = links.trace_of(figures, keys)
        {
            links.note_place(figures, keys, &self.name, &cell(self.row, self.col));
            self.link(&address, self.styles.format(look))?;
        }
        let value = figures.value(keys);
        match figure.sum {
            FigureSum::Not => self.number(value, look),
            FigureSum::Column => self.total(value, look),
            FigureSum::Left(columns) => {
                let first = cell(self.row, self.col - columns);
                let last = cell(self.row, self.col - 1);
                self.formula(&format!("=SUM({first}:{last})"), value.to_string(), look)
            }
        }
    }

    /// The sum of the column's rows since the heading.
    fn total(&mut self, result: i64, look: Look) -> Result<(), ReportError> {
        let formula = format!("=SUM({})", self.body(self.col));
        self.formula(&formula, result.to_string(), look)
    }

    #[expect(clippy::float_arithmetic, reason = "a share is shown, never added up")]
    fn share(
        &mut self,
        [part, whole]: [i64; 2],
        columns: Option<[u16; 2]>,
        look: Look,
    ) -> Result<(), ReportError> {
        if whole == 0 {
            return self.text("", look);
        }
        let share = part as f64 / whole as f64;
        let (row, col, styles) = (self.row, self.col, self.styles);
        match columns {
            Some(columns) => {
                let [numerator, denominator] = columns.map(|left| cell(row, col - left));
                let formula = format!("={numerator}/{denominator}");
                self.formula(&formula, share.to_string(), look)
            }
            None => {
                self.sheet()?
                    .write_number_with_format(row, col, share, styles.format(look))?;
                Ok(())
            }
        }
    }

    /// A cell over several columns.
    fn merged(&mut self, value: &CellValue<'_>, columns: u16) -> Result<(), ReportError> {
        let text = match value {
            CellValue::Text(text, _) => Some(clipped(text)),
            // The value is written over the first of the merged cells.
            CellValue::Number(..)
            | CellValue::Date(_)
            | CellValue::Figure(_)
            | CellValue::FigureId { .. }
            | CellValue::Share { .. }
            | CellValue::Total(..) => None,
        };
        let shown = text.as_deref().unwrap_or_default();
        self.note_lines(shown, columns);
        let (row, first, styles) = (self.row, self.col, self.styles);
        let last = first + columns - 1;
        self.sheet()?
            .merge_range(row, first, row, last, shown, styles.format(value.look()))?;
        match text {
            Some(_) => Ok(()),
            None => self.single(value),
        }
    }

    fn single(&mut self, value: &CellValue<'_>) -> Result<(), ReportError> {
        match value {
            CellValue::Text(text, look) => self.text(text, *look),
            CellValue::Number(number, look) => self.number(*number, *look),
            CellValue::Date(day) => self.date(*day),
            CellValue::Figure(figure) => self.figure(figure),
            CellValue::FigureId { id, is_first } => {
                if *is_first && let Some(place) = self.links.and_then(|l| l.place_of(id)) {
                    self.link(&place, &self.styles.text)?;
                }
                self.text(id, Look::Text)
            }
            CellValue::Share {
                parts,
                columns,
                look,
            } => self.share(*parts, *columns, *look),
            CellValue::Total(result, look) => self.total(*result, *look),
        }
    }

    /// Links a cell; what is written next stands in it in place of the address.
    fn link(&mut self, address: &str, format: &Format) -> Result<(), ReportError> {
        if self.linked < MAX_LINKS {
            self.linked += 1;
            let (row, col) = (self.row, self.col);
            self.sheet()?
                .write_url_with_format(row, col, address, format)?;
        }
        Ok(())
    }

    /// Goes on upon another sheet, under the same heading.
    fn next_sheet(&mut self) -> Result<(), ReportError> {
        self.earlier
            .push((self.name.clone(), self.first, self.row - 1));
        let number = self.earlier.len() + 1;
        let base = self.earlier[0].0.clone();
        let kept: String = base
            .chars()
            .take(31 - 4 - number.to_string().len())
            .collect();
        self.name = format!("{kept} ({number})");
        self.index = self.workbook.worksheets().len();
        self.linked = 0;
        add_sheet(self.workbook, &self.name, self.is_long)?;
        let headings = std::mem::take(&mut self.headings);
        let earlier = std::mem::take(&mut self.earlier);
        self.head(&headings, 0)?;
        self.earlier = earlier;
        Ok(())
    }

    /// One heading row, or two where columns stand in groups; from the row on.
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

impl Paper for XlsxPage<'_> {
    fn head(&mut self, headings: &[ColumnHeading<'_>], kept: u16) -> Result<(), ReportError> {
        self.titles(u16::try_from(headings.len()).unwrap_or(u16::MAX))?;
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
        self.sheet()?
            .set_repeat_rows(top, row - 1)?
            .set_freeze_panes(row, kept)?;
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
        let lines = u16::try_from(self.lines.min(25)).unwrap_or(1);
        let row = self.row;
        self.sheet()?.set_row_height(row, 15 * lines)?;
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
        self.row += 1;
        let (row, styles) = (self.row, self.styles);
        self.sheet()?
            .write_string_with_format(row, 0, text, &styles.note)?;
        Ok(())
    }

    fn filter(&mut self) -> Result<(), ReportError> {
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

/// A figure's id as a name that formulas can use: letters, digits and '_' only.
fn defined_name(id: &str) -> String {
    id.chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect()
}
