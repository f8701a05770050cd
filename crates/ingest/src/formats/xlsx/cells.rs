//! The cells of an .xlsx, streamed: a cell in the last row and column costs no more than any other.

use crate::formats::calamine_values::{IsShared, empty_sheet, streamed_value};
use crate::formats::row_collector::RowCollector;
use crate::formats::xlsx::sheet_part::SheetPart;
use crate::formats::xlsx::unread_cells::unread_cells;
use crate::grid::{SheetGrid, Value};
use crate::legacy_encoding::may_be_legacy;
use crate::limits::Limits;
use calamine::{DataRef, Reader, Xlsx, XlsxCellFormula, XlsxError};
use std::collections::HashMap;
use std::io::Cursor;

/// The most cells of a sheet that may be unreadable before reading it stops.
const MAX_UNREAD: usize = 10_000;

/// Reads the cells of all sheets; `parts` are the sheets' in their order, `strings` how many texts they share.
///
/// # Errors
/// When the library cannot open the workbook.
pub(crate) fn read_cells(
    bytes: &[u8],
    parts: &[SheetPart],
    strings: usize,
    limits: &Limits,
) -> Result<Vec<SheetGrid>, calamine::Error> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(calamine::Error::Xlsx)?;
    let mut sheets = Vec::new();
    let mut texts = SharedTexts::with_capacity(strings);
    for (number, metadata) in workbook.sheets_metadata().to_vec().into_iter().enumerate() {
        let mut sheet = empty_sheet(&metadata.name, metadata.visible, &[]);
        let has_formulas = parts.get(number).is_none_or(|part| part.has_formulas);
        let mut rows = RowCollector::new(limits);
        let mut filled = Filled::default();
        match workbook.worksheet_cells_reader(&metadata.name) {
            Err(error) => sheet.cut = Some(error.to_string()),
            Ok(mut cells) if has_formulas => {
                filled = fill(
                    &mut rows,
                    || cells.next_cell_with_formula(),
                    |cell| texts.place_formula(cell),
                );
            }
            Ok(mut cells) => {
                filled = fill(&mut rows, || cells.next_cell(), |cell| texts.place(&cell));
            }
        }
        sheet.cut = sheet.cut.or(filled.cut);
        for (cell, shown) in unread_cells(bytes, number, &filled.unread) {
            rows.push(cell.row, cell.col, Some(Value::Error(shown.into())));
        }
        sheet.rows = rows.finish();
        sheets.push(sheet);
    }
    // Texts are shared by all sheets, and read at the first.
    sheets
        .iter_mut()
        .for_each(|sheet| sheet.is_unicode = !texts.may_be_legacy);
    Ok(sheets)
}

/// How the filling of a sheet's rows ended.
#[derive(Default)]
struct Filled {
    /// Where it had to stop, and why.
    cut: Option<String>,
    /// Cells that the library cannot read, by their number in the order of the sheet.
    unread: Vec<usize>,
}

/// Fills rows with cell after cell as the library streams them.
fn fill<C>(
    rows: &mut RowCollector,
    mut next: impl FnMut() -> Result<Option<C>, XlsxError>,
    mut place: impl FnMut(C) -> PlacedValue,
) -> Filled {
    let mut filled = Filled::default();
    for at in 0.. {
        match next() {
            Ok(Some(cell)) => {
                let ((row, col), value) = place(cell);
                if !rows.push(row, col, value) {
                    filled.cut = Some(rows.limit_in_words());
                    break;
                }
            }
            Ok(None) => break,
            Err(error) if is_of_one_cell(&error) && filled.unread.len() < MAX_UNREAD => {
                filled.unread.push(at)
            }
            Err(error) => {
                let after = rows
                    .last()
                    .map_or_else(|| "A1".to_owned(), |cell| cell.to_string());
                filled.cut = Some(format!("{after} ({error})"));
                break;
            }
        }
    }
    filled
}

/// An error value the library does not know, a text that is not there: the next cell is whole.
///
/// The library names no cell in such an error, so the cells are counted, and found again by their number.
fn is_of_one_cell(error: &XlsxError) -> bool {
    matches!(
        error,
        XlsxError::CellError(_)
            | XlsxError::Unexpected(_)
            | XlsxError::CellTAttribute(_)
            | XlsxError::ParseFloat(_)
    )
}

/// A cell's place and what stands in it.
type PlacedValue = ((u32, u32), Option<Value>);

/// The texts that many cells of a workbook share, each cleaned once.
#[derive(Default)]
struct SharedTexts {
    /// Whether one of them may be of an old encoding.
    may_be_legacy: bool,
    /// By their addresses in the library, which does not change while the workbook is open.
    known: HashMap<*const u8, Option<Value>, foldhash::fast::FixedState>,
}

impl SharedTexts {
    /// Made for so many texts, as the workbook says; [`Limits::strings`] bounds it.
    fn with_capacity(count: usize) -> Self {
        let known = HashMap::with_capacity_and_hasher(count, foldhash::fast::FixedState::default());
        Self {
            known,
            ..Self::default()
        }
    }

    fn place(&mut self, cell: &calamine::Cell<DataRef<'_>>) -> PlacedValue {
        (cell.get_position(), self.value(cell.get_value()))
    }

    /// A formula's result, or the formula itself if the file holds no result: a program that wrote it did not
    /// calculate, and what Excel would show is not known.
    fn place_formula(&mut self, cell: XlsxCellFormula<'_>) -> PlacedValue {
        let formula = || {
            cell.formula
                .filter(|formula| !formula.is_empty())
                .map(|formula| Value::Formula(formula.into()))
        };
        (cell.pos, self.value(&cell.value).or_else(formula))
    }

    fn value(&mut self, value: &DataRef<'_>) -> Option<Value> {
        streamed_value(value, |text, IsShared(is_shared)| {
            if is_shared {
                let read = || {
                    self.may_be_legacy |= may_be_legacy(text);
                    Value::text(text)
                };
                self.known.entry(text.as_ptr()).or_insert_with(read).clone()
            } else {
                self.may_be_legacy |= may_be_legacy(text);
                Value::text(text)
            }
        })
    }
}
