//! A sheet of a report as a worksheet.

use crate::ReportError;
use crate::input::AnnualReport;
use crate::links::Links;
use crate::paper::{Cells, Chart, Heading, Keys, Look, Paper, Sum};
use crate::style::Styles;
use aggregate::Figures;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use programme::{SheetSpec, Words};
use rust_xlsxwriter::{
    Chart as Drawing, ChartFont, ChartSolidFill, ChartType, Color, DocProperties, ExcelDateTime,
    Format, Formula, Workbook, Worksheet,
};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// The rows of a worksheet (an .xlsx has no more). A longer table goes on upon the next sheet.
const ROWS: u32 = 1_048_576;
/// The links that a spreadsheet program follows on one sheet.
const MAX_LINKS: u32 = 65_530;

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
    row: u32,
    /// The first row below the heading.
    first: u32,
    /// The rows of the table on earlier sheets: name, first and last row.
    earlier: Vec<(String, u32, u32)>,
    headings: Vec<(String, u16)>,
    /// The columns' widths in characters.
    widths: Vec<u16>,
    /// The most lines of text a cell of the row needs.
    lines: usize,
    linked: u32,
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
            row: 0,
            first: 0,
            earlier: Vec::new(),
            headings: Vec::new(),
            widths: Vec::new(),
            lines: 1,
            linked: 0,
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
        self.row = 3;
        Ok(())
    }

    fn width(&mut self, col: u16, width: u16) -> Result<(), ReportError> {
        self.sheet()?.set_column_width(col, f64::from(width))?;
        let place = usize::from(col);
        if self.widths.len() <= place {
            self.widths.resize(place + 1, 9);
        }
        self.widths[place] = width;
        Ok(())
    }

    /// Notes how many lines a text takes in a column.
    fn takes(&mut self, col: u16, text: &str) {
        let width = self.widths.get(usize::from(col)).copied().unwrap_or(9);
        self.lines = self.lines.max(lines_of(text, width));
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

    fn sum(&mut self, col: u16, over: &str, result: i64, look: Look) -> Result<(), ReportError> {
        let formula = Formula::new(format!("=SUM({over})")).set_result(result.to_string());
        let (row, styles) = (self.row, self.styles);
        self.sheet()?
            .write_formula_with_format(row, col, formula, styles.of(look))?;
        Ok(())
    }

    /// Links a cell; what is written next stands in it in place of the address.
    fn link(&mut self, col: u16, address: &str, format: &Format) -> Result<(), ReportError> {
        if self.linked < MAX_LINKS {
            self.linked += 1;
            let row = self.row;
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
        let again: Vec<Heading<'_>> = headings
            .iter()
            .map(|(text, width)| Heading::new(text, *width))
            .collect();
        self.head(&again, 0)?;
        self.earlier = earlier;
        Ok(())
    }

    /// One heading row, or two where columns stand in groups; from the row on.
    fn heading(&mut self, headings: &[Heading<'_>]) -> Result<(), ReportError> {
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
                        .merge_range(top, col, bottom, col, heading.text, style)?;
                } else {
                    self.sheet()?
                        .write_with_format(bottom, col, heading.text, style)?;
                }
                col += 1;
            }
        }
        let lines = headings
            .iter()
            .map(|heading| lines_of(heading.text, heading.width))
            .max()
            .unwrap_or(1);
        let above = |h: &Heading<'_>| h.group.map_or(1, |group| lines_of(group, h.width * 2));
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
    fn head(&mut self, headings: &[Heading<'_>], kept: u16) -> Result<(), ReportError> {
        self.titles(u16::try_from(headings.len()).unwrap_or(u16::MAX))?;
        let top = self.row;
        self.heading(headings)?;
        self.first = self.row;
        self.headings = headings
            .iter()
            .map(|heading| (heading.text.to_owned(), heading.width))
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

    fn text(&mut self, col: u16, text: &str, look: Look) -> Result<(), ReportError> {
        let text = clipped(text);
        self.takes(col, &text);
        let (row, styles) = (self.row, self.styles);
        self.sheet()?
            .write_string_with_format(row, col, &*text, styles.of(look))?;
        Ok(())
    }

    fn number(&mut self, col: u16, number: i64, look: Look) -> Result<(), ReportError> {
        let (row, styles) = (self.row, self.styles);
        self.sheet()?
            .write_number_with_format(row, col, number as f64, styles.of(look))?;
        Ok(())
    }

    fn date(&mut self, col: u16, day: Option<NaiveDate>) -> Result<(), ReportError> {
        let moment = day.and_then(|day| {
            let year = u16::try_from(day.year()).ok()?;
            let month = u8::try_from(day.month()).ok()?;
            ExcelDateTime::from_ymd(year, month, u8::try_from(day.day()).ok()?).ok()
        });
        let (row, styles) = (self.row, self.styles);
        let sheet = self.sheet()?;
        match moment {
            Some(moment) => sheet.write_datetime_with_format(row, col, moment, &styles.date)?,
            None => sheet.write_blank(row, col, &styles.date)?,
        };
        Ok(())
    }

    fn figure(
        &mut self,
        col: u16,
        figures: &Figures,
        keys: &Keys,
        sum: Sum,
        look: Look,
    ) -> Result<(), ReportError> {
        if let Some(links) = self.links
            && let Some(address) = links.trace_of(figures, keys)
        {
            links.stands(figures, keys, &self.name, &cell(self.row, col));
            self.link(col, &address, self.styles.of(look))?;
        }
        match sum {
            Sum::Not => self.number(col, figures.value(keys), look),
            Sum::Column => self.total(col, figures.value(keys), look),
            Sum::Left(columns) => {
                let over = format!(
                    "{}:{}",
                    cell(self.row, col - columns),
                    cell(self.row, col - 1)
                );
                self.sum(col, &over, figures.value(keys), look)
            }
        }
    }

    fn figure_id(&mut self, col: u16, id: &str, is_first: bool) -> Result<(), ReportError> {
        if is_first && let Some(place) = self.links.and_then(|links| links.place_of(id)) {
            self.link(col, &place, &self.styles.text)?;
        }
        self.text(col, id, Look::Text)
    }

    #[expect(clippy::float_arithmetic, reason = "a share is shown, never added up")]
    fn share(
        &mut self,
        col: u16,
        columns: Option<(u16, u16)>,
        [part, whole]: [i64; 2],
        look: Look,
    ) -> Result<(), ReportError> {
        if whole == 0 {
            return self.text(col, "", look);
        }
        let share = part as f64 / whole as f64;
        let (row, styles) = (self.row, self.styles);
        let sheet = self.sheet()?;
        match columns {
            Some((of, over)) => {
                let formula = Formula::new(format!("={}/{}", cell(row, of), cell(row, over)));
                sheet.write_formula_with_format(
                    row,
                    col,
                    formula.set_result(share.to_string()),
                    styles.of(look),
                )?;
            }
            None => {
                sheet.write_number_with_format(row, col, share, styles.of(look))?;
            }
        }
        Ok(())
    }

    fn total(&mut self, col: u16, result: i64, look: Look) -> Result<(), ReportError> {
        self.sum(col, &self.body(col), result, look)
    }

    fn span(
        &mut self,
        cols: RangeInclusive<u16>,
        text: &str,
        look: Look,
    ) -> Result<(), ReportError> {
        let width: u16 = cols
            .clone()
            .map(|col| self.widths.get(usize::from(col)).copied().unwrap_or(9))
            .sum();
        self.lines = self.lines.max(lines_of(text, width));
        let (row, styles) = (self.row, self.styles);
        self.sheet()?
            .merge_range(row, *cols.start(), row, *cols.end(), text, styles.of(look))?;
        Ok(())
    }

    fn figure_span(
        &mut self,
        cols: RangeInclusive<u16>,
        figures: &Figures,
        look: Look,
    ) -> Result<(), ReportError> {
        self.span(cols.clone(), "", look)?;
        self.figure(*cols.start(), figures, &Keys::new(), Sum::Not, look)
    }

    /// Ends a row: it is as high as its longest text needs, since not every program finds that out by itself.
    fn end_row(&mut self) -> Result<(), ReportError> {
        let lines = u16::try_from(self.lines.min(25)).unwrap_or(1);
        let row = self.row;
        self.sheet()?.set_row_height(row, 15 * lines)?;
        self.lines = 1;
        self.row += 1;
        // A row of totals and a note still find room.
        if self.is_long && self.row >= ROWS - 4 {
            self.next_sheet()
        } else {
            Ok(())
        }
    }

    fn next_table(
        &mut self,
        title: Option<&str>,
        headings: &[(&str, u16)],
    ) -> Result<(), ReportError> {
        self.row += 2;
        let styles = self.styles;
        if let Some(title) = title {
            let row = self.row;
            self.sheet()?
                .write_string_with_format(row, 1, title, &styles.bold)?;
            self.row += 1;
        }
        let (mut col, row) = (0, self.row);
        for (text, over) in headings {
            let width: u16 = (col..col + over)
                .map(|col| self.widths.get(usize::from(col)).copied().unwrap_or(9))
                .sum();
            self.lines = self.lines.max(lines_of(text, width));
            if *over > 1 {
                self.sheet()?
                    .merge_range(row, col, row, col + over - 1, text, &styles.heading)?;
            } else {
                self.sheet()?
                    .write_with_format(row, col, *text, &styles.heading)?;
            }
            col += over;
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

    fn filter(&mut self, last: u16) -> Result<(), ReportError> {
        if self.row > self.first {
            let (first, row) = (self.first - 1, self.row - 1);
            self.sheet()?.autofilter(first, 0, row, last)?;
        }
        Ok(())
    }

    fn chart(&mut self, chart: &Chart<'_>) -> Result<(), ReportError> {
        let kind = if chart.lies {
            ChartType::Bar
        } else {
            ChartType::Column
        };
        let mut drawing = Drawing::new(kind);
        let range =
            |((top, left), (bottom, right)): Cells| (self.name.as_str(), top, left, bottom, right);
        for series in &chart.series {
            drawing
                .add_series()
                .set_name(series.name)
                .set_categories(range(chart.categories.0))
                .set_values(range(series.cells))
                .set_format(ChartSolidFill::new().set_color(Color::RGB(series.color)))
                .set_gap(60);
        }
        drawing
            .title()
            .set_name(chart.title)
            .set_font(font().set_bold().set_size(12));
        // Of bars the library calls the upright axis y, though it bears the categories.
        if chart.lies {
            drawing.y_axis().set_reverse();
        }
        drawing.x_axis().set_font(&font());
        drawing.y_axis().set_font(&font());
        let scale = if chart.lies {
            drawing.x_axis()
        } else {
            drawing.y_axis()
        };
        scale.set_min(0.0);
        if let Some(end) = chart.end {
            scale.set_max(end);
        }
        if chart.is_share {
            scale.set_num_format("0%");
        }
        match chart.series.len() {
            1 => drawing.legend().set_hidden(),
            _ => drawing.legend().set_font(&font()),
        };
        drawing
            .set_alt_text(chart.title)
            .set_width(980)
            .set_height(300);
        let row = self.row + 1;
        self.sheet()?.insert_chart(row, 1, &drawing)?;
        self.row = row + 16;
        Ok(())
    }

    fn fit_one_page(&mut self) -> Result<(), ReportError> {
        self.sheet()?.set_print_fit_to_pages(1, 1);
        Ok(())
    }

    fn name(&mut self, col: u16, name: &str) -> Result<(), ReportError> {
        let place = absolute(&self.name, self.row, col);
        self.workbook.define_name(name, &place)?;
        Ok(())
    }
}

/// In Times New Roman twelve letters of a text take the width of ten digits.
fn lines_of(text: &str, width: u16) -> usize {
    let width = usize::from(width.max(1)) * 12;
    // No more lines than letters: most texts are short, and need not be counted.
    if text.len() * 10 <= width && !text.contains('\n') {
        return 1;
    }
    text.split('\n')
        .map(|line| (line.chars().count() * 10).div_ceil(width).max(1))
        .sum()
}

/// The longest text a cell of a workbook may hold; a longer one, which no spreadsheet program lets anyone type, is cut
/// where it is shown, and whole in the ledger.
const LONGEST: usize = 32_767;

/// A text as a cell can hold it.
pub(crate) fn clipped(text: &str) -> Cow<'_, str> {
    // Spreadsheets count the units of UTF-16.
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let mut room = LONGEST - 1;
    let kept = text.chars().take_while(|c| {
        room.checked_sub(c.len_utf16())
            .map(|left| room = left)
            .is_some()
    });
    Cow::Owned(kept.chain(['…']).collect())
}

/// A cell's place as the writing library counts.
///
/// # Errors
/// When it is beyond the last column of a workbook.
pub(crate) fn place(cell: model::CellRef) -> Result<(u32, u16), ReportError> {
    let col =
        u16::try_from(cell.col).map_err(|_| rust_xlsxwriter::XlsxError::RowColumnLimitError)?;
    Ok((cell.row, col))
}

/// A cell's name for a formula.
pub(crate) fn cell(row: u32, col: u16) -> String {
    model::CellRef {
        row,
        col: u32::from(col),
    }
    .to_string()
}

/// A cell's name that does not move: `='Tổng hợp'!$G$5`.
fn absolute(sheet: &str, row: u32, col: u16) -> String {
    let name = cell(row, col);
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    format!("={}!${letters}${}", quoted(sheet), row + 1)
}

/// A sheet's name in an address.
pub(crate) fn quoted(sheet: &str) -> String {
    format!("'{}'", sheet.replace('\'', "''"))
}

/// An empty workbook with a title, made at a moment.
///
/// # Errors
/// When the moment is outside the years a workbook knows.
pub(crate) fn begin(title: &str, at: DateTime<FixedOffset>) -> Result<Workbook, ReportError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(
        &DocProperties::new()
            .set_title(title)
            .set_creation_datetime(&created(at)?),
    );
    Ok(workbook)
}

/// A moment as a workbook's properties tell it, in UTC.
///
/// # Errors
/// When it is outside the years a workbook knows.
pub(crate) fn created(at: DateTime<FixedOffset>) -> Result<ExcelDateTime, ReportError> {
    Ok(ExcelDateTime::parse_from_str(
        &at.naive_utc().format("%Y-%m-%dT%H:%M:%S").to_string(),
    )?)
}

fn add_sheet(workbook: &mut Workbook, name: &str, is_long: bool) -> Result<(), ReportError> {
    let sheet = if is_long {
        workbook.add_worksheet_with_constant_memory()?
    } else {
        workbook.add_worksheet()
    };
    sheet.set_name(name)?;
    setup(sheet);
    Ok(())
}

/// A4 landscape, all columns on one page's width, the page number in the middle of the head
/// (NĐ 30/2020/NĐ-CP, Phụ lục I).
pub(crate) fn setup(sheet: &mut Worksheet) {
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.6, 0.4, 0.8, 0.6, 0.4, 0.3)
        .set_header("&C&\"Times New Roman,Regular\"&13&P");
}

/// The font of charts.
fn font() -> ChartFont {
    let mut font = ChartFont::new();
    font.set_name("Times New Roman").set_size(10);
    font
}
