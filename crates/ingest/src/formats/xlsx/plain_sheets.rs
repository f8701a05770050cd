//! The sheets of a workbook that are written plainly, read from their bytes.

use crate::formats::cell_styles::CellStyles;
use crate::formats::row_collector::RowCollector;
use crate::formats::xlsx::plain_cells::{PlainCell, PlainValue, Wanted, each_plain_cell};
use crate::formats::xlsx::plain_texts::PlainTexts;
use crate::formats::xlsx::probed_styles::ProbedStyles;
use crate::formats::xlsx::workbook_parts::WorkbookParts;
use crate::grid::{CellFormat, Row, Value};
use crate::limits::Limits;

/// The plain sheets of a workbook.
pub(crate) struct PlainSheets<'a> {
    stored: &'a [u8],
    parts: &'a WorkbookParts,
    pub probed: ProbedStyles,
    pub texts: PlainTexts<'a>,
}

/// What was read of a sheet.
pub(crate) struct PlainRows {
    pub rows: Vec<Row>,
    /// Why reading had to stop before its end.
    pub cut: Option<String>,
}

impl<'a> PlainSheets<'a> {
    /// A workbook of which sheets may be plain; nothing if its texts or styles are not.
    pub(crate) fn find(stored: &'a [u8], parts: &'a WorkbookParts) -> Option<Self> {
        let plain = parts.plain.as_ref()?;
        // Most that is not plain is so in all sheets; then nothing is read twice.
        let may_be = |place: &std::ops::Range<usize>| stored.get(place.clone());
        let strings = match &plain.strings {
            Some(place) => may_be(place)?,
            None => &[],
        };
        Some(Self {
            texts: PlainTexts::read(strings, parts.strings)?,
            probed: ProbedStyles::read(&plain.probe)?,
            stored,
            parts,
        })
    }

    /// The rows of the sheet of that number; nothing if it is not plain.
    pub(crate) fn read(&mut self, number: usize, limits: &Limits) -> Option<PlainRows> {
        let sheet = self
            .parts
            .sheets
            .get(number)
            .filter(|sheet| !sheet.has_formulas)?;
        let bytes = self.stored.get(sheet.place.clone()?)?;
        let (texts, probed) = (&mut self.texts, &self.probed);
        let styles = Some(&probed.styles).filter(|styles| styles.matter());
        let mut rows = RowCollector::new(limits);
        let mut cut = None;
        each_plain_cell(bytes, |PlainCell { at, style, value }| {
            let value = match value {
                PlainValue::Blank => None,
                PlainValue::Number(number) => match probed.value(number, style) {
                    Some(value) => Some(value),
                    None => return Wanted::NotPlain,
                },
                PlainValue::Bool(flag) => Some(Value::Bool(flag)),
                PlainValue::Shared(text) => match texts.get(text) {
                    Some(text) => text.map(Value::Text),
                    None => return Wanted::NotPlain,
                },
            };
            let format = match (styles, &value) {
                (Some(styles), Some(value)) => format(styles, style, value),
                _ => CellFormat::default(),
            };
            if rows.push_shown(at.row, at.col, value, format) {
                Wanted::More
            } else {
                cut = Some(rows.limit_in_words());
                Wanted::NoMore
            }
        })?;
        Some(PlainRows {
            rows: rows.finish(),
            cut,
        })
    }
}

/// How a value is shown; a cell without a style has the first.
fn format(styles: &CellStyles, style: Option<usize>, value: &Value) -> CellFormat {
    let style = style.unwrap_or(0);
    match styles.matters(style) {
        true => styles.format(style, value),
        false => CellFormat::default(),
    }
}
