use crate::ReportError;
use crate::input::AnnualReport;
use crate::links::Links;
use crate::style::Styles;
use aggregate::Figures;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use programme::{Sheet, Words};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A sheet being written, from its title down.
pub(crate) struct Page<'w> {
    pub sheet: &'w mut Worksheet,
    pub styles: &'w Styles,
    pub unit: Option<&'w str>,
    title: &'w str,
    subtitle: String,
    words: &'w Words,
    /// The sheet's name, and where figures and the trace are found; only in the annual report.
    links: Option<(&'w str, &'w Links)>,
    /// The next free row.
    pub row: u32,
    /// The row of the heading.
    first: u32,
    /// The columns' widths in characters.
    widths: Vec<u16>,
    /// The most lines of text a cell of the row needs.
    lines: usize,
}

/// A column of a table: its heading and its width in characters.
pub(crate) struct Heading<'a> {
    pub text: &'a str,
    pub width: u16,
}

impl<'w> Page<'w> {
    pub(crate) fn new(
        sheet: &'w mut Worksheet,
        definition: &'w Sheet,
        report: &'w AnnualReport<'_>,
        styles: &'w Styles,
        links: &'w Links,
    ) -> Result<Self, ReportError> {
        let words = &report.programme.words;
        let subtitle = words.fill(
            "subtitle",
            [
                ("year", &report.year.to_string()),
                ("decision", &report.programme.decision),
                ("clause", &definition.clause),
            ],
        );
        let unit = definition.unit.as_deref();
        let links = Some((definition.name.as_str(), links));
        Ok(Self { unit, links, ..Self::titled(sheet, styles, words, &definition.name, &definition.title, subtitle)? })
    }

    /// A sheet of another workbook than the annual report.
    pub(crate) fn titled(
        sheet: &'w mut Worksheet,
        styles: &'w Styles,
        words: &'w Words,
        name: &str,
        title: &'w str,
        subtitle: String,
    ) -> Result<Self, ReportError> {
        sheet.set_name(name)?;
        setup(sheet);
        Ok(Self {
            sheet,
            styles,
            unit: None,
            title,
            subtitle,
            words,
            links: None,
            row: 0,
            widths: Vec::new(),
            lines: 1,
            first: 0,
        })
    }

    /// Title, subtitle and unit over a table of so many columns.
    pub(crate) fn titles(&mut self, columns: u16) -> Result<(), ReportError> {
        let last = columns.max(2) - 1;
        self.sheet.merge_range(0, 0, 0, last, self.title, &self.styles.title)?;
        self.sheet.merge_range(1, 0, 1, last, &self.subtitle, &self.styles.subtitle)?;
        self.row = 3;
        if let Some(unit) = self.unit {
            let text = self.words.fill("unit_line", [("unit", unit)]);
            self.sheet.merge_range(2, 0, 2, last, &text, &self.styles.unit)?;
        }
        Ok(())
    }

    /// Titles, then one heading row; it stays in view and is repeated on each printed page.
    pub(crate) fn head(&mut self, headings: &[Heading<'_>]) -> Result<(), ReportError> {
        let columns = u16::try_from(headings.len()).unwrap_or(u16::MAX);
        self.titles(columns)?;
        for (col, heading) in (0..).zip(headings) {
            self.width(col, heading.width)?;
            self.sheet.write_with_format(self.row, col, heading.text, &self.styles.heading)?;
        }
        self.sheet.set_repeat_rows(self.row, self.row)?;
        self.first = self.row;
        let lines = headings.iter().map(|h| self.lines_of(h.text, h.width)).max();
        self.lines = lines.unwrap_or(1);
        self.end_row()?;
        self.sheet.set_freeze_panes(self.row, 0)?;
        Ok(())
    }

    /// Sets a column's width in characters.
    pub(crate) fn width(&mut self, col: u16, width: u16) -> Result<(), ReportError> {
        self.sheet.set_column_width(col, f64::from(width))?;
        let place = usize::from(col);
        if self.widths.len() <= place {
            self.widths.resize(place + 1, 9);
        }
        self.widths[place] = width;
        Ok(())
    }

    /// In Times New Roman twelve letters of a text take the width of ten digits.
    fn lines_of(&self, text: &str, width: u16) -> usize {
        let width = usize::from(width.max(1)) * 12;
        text.split('\n').map(|line| (line.chars().count() * 10).div_ceil(width).max(1)).sum()
    }

    /// Ends a row: it is as high as its longest text needs, since not every program finds that out by itself.
    pub(crate) fn end_row(&mut self) -> Result<(), ReportError> {
        let lines = u16::try_from(self.lines.min(25)).unwrap_or(1);
        self.sheet.set_row_height(self.row, 15 * lines)?;
        self.lines = 1;
        self.row += 1;
        Ok(())
    }

    pub(crate) fn text(&mut self, col: u16, text: &str, format: &Format) -> Result<(), ReportError> {
        let width = self.widths.get(usize::from(col)).copied().unwrap_or(9);
        let text = clipped(text);
        self.lines = self.lines.max(self.lines_of(&text, width));
        self.sheet.write_string_with_format(self.row, col, &*text, format)?;
        Ok(())
    }

    pub(crate) fn number(&mut self, col: u16, number: i64, format: &Format) -> Result<(), ReportError> {
        self.sheet.write_number_with_format(self.row, col, number as f64, format)?;
        Ok(())
    }

    /// A figure: a number, or the sum over `cells`; the cell leads to the lines of the trace it is made of.
    pub(crate) fn figure(
        &mut self,
        col: u16,
        figures: &Figures,
        keys: &BTreeMap<String, String>,
        over: Option<&str>,
        format: &Format,
    ) -> Result<(), ReportError> {
        if let Some((sheet, links)) = self.links
            && let Some(address) = links.trace_of(figures, keys)
        {
            links.stands(figures, keys, sheet, &cell(self.row, col));
            // What is written next stands in the cell in place of the address.
            self.sheet.write_url_with_format(self.row, col, address.as_str(), format)?;
        }
        match over {
            Some(over) => self.sum(col, over, figures.value(keys), format),
            None => self.number(col, figures.value(keys), format),
        }
    }

    /// A figure's id, which leads to the cell it stands in.
    pub(crate) fn figure_id(&mut self, col: u16, id: &str, is_first: bool) -> Result<(), ReportError> {
        let format = &self.styles.text;
        if is_first && let Some(place) = self.links.and_then(|(_, links)| links.place_of(id)) {
            self.sheet.write_url_with_format(self.row, col, place.as_str(), format)?;
        }
        self.text(col, id, format)
    }

    /// An amount in đồng, blank where it is not known.
    pub(crate) fn money(&mut self, col: u16, dong: Option<i64>) -> Result<(), ReportError> {
        match dong {
            Some(dong) => self.number(col, dong, &self.styles.number),
            None => self.text(col, "", &self.styles.number),
        }
    }

    /// Lets the rows written so far be filtered, up to a column.
    pub(crate) fn filter(&mut self, last: u16) -> Result<(), ReportError> {
        self.sheet.autofilter(self.first, 0, self.row - 1, last)?;
        Ok(())
    }

    pub(crate) fn date(&mut self, col: u16, day: Option<NaiveDate>) -> Result<(), ReportError> {
        let moment = day.and_then(|day| {
            let year = u16::try_from(day.year()).ok()?;
            let month = u8::try_from(day.month()).ok()?;
            ExcelDateTime::from_ymd(year, month, u8::try_from(day.day()).ok()?).ok()
        });
        match moment {
            Some(moment) => self.sheet.write_datetime_with_format(self.row, col, moment, &self.styles.date)?,
            None => self.sheet.write_blank(self.row, col, &self.styles.date)?,
        };
        Ok(())
    }

    /// A sum over cells, with its result stored.
    pub(crate) fn sum(&mut self, col: u16, over: &str, result: i64, format: &Format) -> Result<(), ReportError> {
        let formula = Formula::new(format!("=SUM({over})")).set_result(result.to_string());
        self.sheet.write_formula_with_format(self.row, col, formula, format)?;
        Ok(())
    }

    /// One number divided by another, by a formula where both stand in the row; blank where the other is 0.
    ///
    /// `columns` are those of the two numbers.
    #[expect(clippy::float_arithmetic, reason = "a share is shown, never added up")]
    pub(crate) fn share(
        &mut self,
        col: u16,
        columns: Option<(u16, u16)>,
        [part, whole]: [i64; 2],
        format: &Format,
    ) -> Result<(), ReportError> {
        if whole == 0 {
            return self.text(col, "", format);
        }
        let share = part as f64 / whole as f64;
        match columns {
            Some((of, over)) => {
                let formula = Formula::new(format!("={}/{}", cell(self.row, of), cell(self.row, over)));
                self.sheet.write_formula_with_format(self.row, col, formula.set_result(share.to_string()), format)?;
            }
            None => {
                self.sheet.write_number_with_format(self.row, col, share, format)?;
            }
        }
        Ok(())
    }

    /// A heading below the first, with the columns' widths as they are.
    pub(crate) fn heading_row(&mut self, texts: &[&str]) -> Result<(), ReportError> {
        for (col, text) in (0..).zip(texts) {
            let heading = self.styles.heading.clone();
            self.text(col, text, &heading)?;
        }
        self.end_row()
    }

    /// A line of explanation below a table.
    pub(crate) fn note(&mut self, text: &str) -> Result<(), ReportError> {
        self.row += 1;
        self.sheet.write_string_with_format(self.row, 0, text, &self.styles.note)?;
        Ok(())
    }
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
    let kept = text.chars().take_while(|c| room.checked_sub(c.len_utf16()).map(|left| room = left).is_some());
    Cow::Owned(kept.chain(['…']).collect())
}

/// A cell's place as the writing library counts.
///
/// # Errors
/// When it is beyond the last column of a workbook.
pub(crate) fn place(cell: model::CellRef) -> Result<(u32, u16), ReportError> {
    let col = u16::try_from(cell.col).map_err(|_| rust_xlsxwriter::XlsxError::RowColumnLimitError)?;
    Ok((cell.row, col))
}

/// A cell's name for a formula.
pub(crate) fn cell(row: u32, col: u16) -> String {
    model::CellRef { row, col: u32::from(col) }.to_string()
}

/// An empty workbook with a title, made at a moment.
///
/// # Errors
/// When the moment is outside the years a workbook knows.
pub(crate) fn begin(title: &str, at: DateTime<FixedOffset>) -> Result<Workbook, ReportError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&created(at)?));
    Ok(workbook)
}

/// A moment as a workbook's properties tell it, in UTC.
///
/// # Errors
/// When it is outside the years a workbook knows.
pub(crate) fn created(at: DateTime<FixedOffset>) -> Result<ExcelDateTime, ReportError> {
    Ok(ExcelDateTime::parse_from_str(&at.naive_utc().format("%Y-%m-%dT%H:%M:%S").to_string())?)
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
