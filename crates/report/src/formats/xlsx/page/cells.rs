use crate::error::ReportError;
use crate::formats::xlsx::address::{absolute, cell, quoted};
use crate::formats::xlsx::links::TraceLink;
use crate::formats::xlsx::page::XlsxPage;
use crate::formats::xlsx::text::cell_text;
use crate::paper::cell::{CellValue, FigureCell, FigureSum};
use crate::paper::look::Look;
use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Url};

/// The links that a spreadsheet program follows on one sheet.
const MAX_LINKS: u32 = 65_530;

/// How each kind of cell is written, at the page's row and column.
impl XlsxPage<'_> {
    /// A formula with its result stored beside it: a reader that does not calculate still shows the figure.
    pub(super) fn formula(
        &mut self,
        formula: &str,
        result: String,
        look: Look,
    ) -> Result<(), ReportError> {
        let formula = Formula::new(formula).set_result(result);
        let (row, col, styles) = (self.row, self.col, self.styles);
        self.sheet()?
            .write_formula_with_format(row, col, formula, styles.format(look))?;
        Ok(())
    }

    fn text(&mut self, text: &str, look: Look) -> Result<(), ReportError> {
        let text = cell_text(text);
        if self.is_data {
            let (row, col) = (self.row, self.col);
            if !text.is_empty() {
                self.sheet()?.write_string(row, col, &*text)?;
            }
            return Ok(());
        }
        self.note_lines(&text, 1);
        let (row, col, styles) = (self.row, self.col, self.styles);
        self.sheet()?
            .write_string_with_format(row, col, &*text, styles.format(look))?;
        Ok(())
    }

    fn number(&mut self, number: i64, look: Look) -> Result<(), ReportError> {
        let (row, col, styles) = (self.row, self.col, self.styles);
        if self.is_data {
            self.sheet()?.write_number(row, col, number as f64)?;
            return Ok(());
        }
        // A cell holds a float: exact up to 2^53 đồng, far beyond any budget.
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
        // The trace is filtered by one code: it has no line for a code and those below it.
        let is_of_parts = matches!(figure.sum, FigureSum::Below(..));
        let links = self.links.filter(|_| !is_of_parts);
        if let Some(link) = links.and_then(|links| links.trace_of(figures, keys)) {
            self.link(&link, self.styles.format(look))?;
        }
        let value = figures.value(keys);
        match figure.sum {
            FigureSum::Not => self.number(value, look),
            FigureSum::Column => self.total(value, look),
            // SUBTOTAL passes over cells that are subtotals themselves.
            FigureSum::ColumnOfParts => {
                let formula = format!("=SUBTOTAL(9,{})", self.body(self.col));
                self.formula(&formula, value.to_string(), look)
            }
            FigureSum::Below(rows, sum) => {
                let (first, last) = (self.row + 1, self.row + rows);
                let formula = format!(
                    "=SUBTOTAL(9,{}:{})",
                    cell(first, self.col),
                    cell(last, self.col)
                );
                self.formula(&formula, sum.to_string(), look)
            }
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
    pub(super) fn merged(
        &mut self,
        value: &CellValue<'_>,
        columns: u16,
    ) -> Result<(), ReportError> {
        let text = match value {
            CellValue::Text(text, _) => Some(cell_text(text)),
            // The value is written over the first of the merged cells.
            CellValue::Number(..)
            | CellValue::Date(_)
            | CellValue::Figure(_)
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

    /// A cell of one column.
    pub(super) fn single(&mut self, value: &CellValue<'_>) -> Result<(), ReportError> {
        match value {
            CellValue::Text(text, look) => self.text(text, *look),
            CellValue::Number(number, look) => self.number(*number, *look),
            CellValue::Date(day) => self.date(*day),
            CellValue::Figure(figure) => self.figure(figure),
            CellValue::Share {
                parts,
                columns,
                look,
            } => self.share(*parts, *columns, *look),
            CellValue::Total(result, look) => self.total(*result, *look),
        }
    }

    /// Links a cell; what is written next stands in it in place of the address.
    fn link(&mut self, link: &TraceLink, format: &Format) -> Result<(), ReportError> {
        // Beyond the limit links are left out: the texts stay.
        if self.linked < MAX_LINKS {
            self.linked += 1;
            let (row, col) = (self.row, self.col);
            let url = Url::new(&link.address).set_tip(&link.tip);
            self.sheet()?.write_url_with_format(row, col, url, format)?;
        }
        Ok(())
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
}

/// A figure's id as a name that formulas can use: letters, digits and '_' only.
fn defined_name(id: &str) -> String {
    id.chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect()
}
