//! The cells of an .xlsx, streamed: a cell in the last row and column costs no more than any other.

use crate::by_address::ByAddress;
use crate::formats::calamine_values::{IsShared, empty_sheet, streamed_value};
use crate::formats::cell_styles::{CellStyle, CellStyles, StyledCells};
use crate::formats::number_format::NumberFormat;
use crate::formats::row_collector::RowCollector;
use crate::formats::stored_results::StoredResults;
use crate::formats::xlsx::unread_cells::unread_cells;
use crate::formats::xlsx::workbook_parts::WorkbookParts;
use crate::grid::{CellFonts, CellFormat, SheetGrid, Value, shown_text};
use crate::legacy_encoding::may_be_legacy;
use crate::limits::Limits;
use calamine::{DataRef, Reader, Xlsx, XlsxCellFormula, XlsxCellReader, XlsxError};
use model::CellRef;
use std::io::Cursor;
use std::rc::Rc;

/// The most cells of a sheet that may be unreadable before reading it stops.
const MAX_UNREAD: usize = 10_000;

/// Reads the cells of all sheets of a workbook of those parts.
///
/// # Errors
/// When the library cannot open the workbook.
pub(crate) fn read_cells(
    bytes: &[u8],
    parts: &WorkbookParts,
    limits: &Limits,
) -> Result<Vec<SheetGrid>, calamine::Error> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(calamine::Error::Xlsx)?;
    let mut sheets = Vec::new();
    let mut texts = SharedTexts::with_capacity(parts.strings);
    let mut styles = None;
    let mut results = StoredResults::default();
    for (number, metadata) in workbook.sheets_metadata().to_vec().into_iter().enumerate() {
        let mut sheet = empty_sheet(&metadata.name, metadata.visible);
        let part = parts.sheets.get(number);
        let has_formulas = part.is_none_or(|part| part.has_formulas);
        let mut rows = RowCollector::new(limits);
        let mut filled = Filled::default();
        match workbook.worksheet_cells_reader(&metadata.name) {
            Err(error) => sheet.cut = Some(error.to_string()),
            Ok(mut cells) => {
                let styles: &CellStyles = styles.get_or_insert_with(|| cell_styles(&cells));
                filled = if has_formulas {
                    let mut place = |cell: XlsxCellFormula<'_>| {
                        let placed = texts.place_formula(&cell);
                        if let (true, Some(formula)) = (parts.asks_to_calculate, &cell.formula) {
                            results.add(number, placed.at, formula, placed.value.as_ref());
                        }
                        placed
                    };
                    fill(&mut rows, || cells.next_cell_with_formula(), &mut place)
                } else if styles.matter() {
                    let place = |(cell, style): (calamine::Cell<DataRef<'_>>, usize)| {
                        let mut placed = texts.place(&cell);
                        if styles.matters(style)
                            && let Some(value) = &placed.value
                        {
                            placed.format = styles.format(style, value);
                        }
                        placed
                    };
                    fill(&mut rows, || cells.next_cell_with_style_id(), place)
                } else {
                    fill(&mut rows, || cells.next_cell(), |cell| texts.place(&cell))
                };
            }
        }
        sheet.cut = sheet.cut.or(filled.cut);
        let member = part.map_or("", |part| part.member.as_str());
        for (cell, shown) in unread_cells(bytes, member, &filled.unread) {
            rows.push(cell.row, cell.col, Some(Value::Error(shown.into())));
        }
        sheet.rows = rows.finish();
        // The library gives formulas and styles only one after the other.
        if let Some(styles) = styles
            .as_ref()
            .filter(|styles| has_formulas && styles.matter())
            && let Ok(cells) = workbook.worksheet_cells_reader(&metadata.name)
        {
            styles.apply(&mut sheet, &styled_cells(cells, styles, limits));
        }
        sheets.push(sheet);
    }
    results.take_back(&mut sheets);
    // Texts are shared by all sheets, and read at the first.
    sheets
        .iter_mut()
        .for_each(|sheet| sheet.is_unicode = !texts.may_be_legacy);
    Ok(sheets)
}

/// The library's reader of the cells of a sheet.
type CellReader<'a, 'b> = XlsxCellReader<'a, Cursor<&'b [u8]>>;

fn cell_styles(cells: &CellReader<'_, '_>) -> CellStyles {
    let style = |style: &calamine::Style| CellStyle {
        number: style
            .number_format
            .as_ref()
            .map_or_else(NumberFormat::default, |format| {
                NumberFormat::parse(&format.format_code)
            }),
        is_struck: style.font.as_ref().is_some_and(|font| font.strikethrough),
    };
    cells.styles().iter().map(style).collect()
}

/// The cells of a sheet whose styles matter.
fn styled_cells(
    mut cells: CellReader<'_, '_>,
    styles: &CellStyles,
    limits: &Limits,
) -> StyledCells {
    let mut styled = StyledCells::default();
    let mut unread = 0;
    while styled.len() <= limits.cells {
        match cells.next_cell_with_style_id() {
            Ok(Some((cell, style))) => {
                if styles.matters(style) {
                    styled.insert(cell.get_position(), style);
                }
            }
            Err(error) if is_of_one_cell(&error) && unread < MAX_UNREAD => unread += 1,
            Ok(None) | Err(_) => break,
        }
    }
    styled
}

/// The old fonts of the cells that a workbook holds, however far out a style reaches.
pub(crate) fn legacy_fonts(bytes: &[u8], limits: &Limits) -> CellFonts {
    let mut fonts = CellFonts::new();
    let Ok(mut workbook) = Xlsx::new(Cursor::new(bytes)) else {
        return fonts;
    };
    for (number, name) in workbook.sheet_names().into_iter().enumerate() {
        let Ok(mut cells) = workbook.worksheet_cells_reader(&name) else {
            continue;
        };
        let legacy: Vec<Option<String>> = cells.styles().iter().map(legacy_font).collect();
        let mut unread = 0;
        while fonts.len() <= limits.cells {
            match cells.next_cell_with_style_id() {
                Ok(Some((cell, style))) => {
                    if let Some(Some(font)) = legacy.get(style) {
                        let (row, col) = cell.get_position();
                        fonts.insert((number, row, col), font.clone());
                    }
                }
                Err(error) if is_of_one_cell(&error) && unread < MAX_UNREAD => unread += 1,
                Ok(None) | Err(_) => break,
            }
        }
    }
    fonts
}

/// The font of a style, if it is one from before Unicode.
fn legacy_font(style: &calamine::Style) -> Option<String> {
    let font = style.font.as_ref()?.name.as_deref()?;
    vietext::legacy_font(font)
        .is_some()
        .then(|| font.to_owned())
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
                let PlacedValue { at, value, format } = place(cell);
                if !rows.push_shown(at.row, at.col, value, format) {
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

/// A cell's place, what stands in it and how it is shown.
struct PlacedValue {
    at: CellRef,
    value: Option<Value>,
    format: CellFormat,
}

impl PlacedValue {
    fn plain((row, col): (u32, u32), value: Option<Value>) -> Self {
        Self {
            at: CellRef { row, col },
            value,
            format: CellFormat::default(),
        }
    }
}

/// The texts that many cells of a workbook share, each cleaned once.
#[derive(Default)]
struct SharedTexts {
    /// Whether one of them may be of an old encoding.
    may_be_legacy: bool,
    /// By their addresses in the library, which does not change while the workbook is open.
    known: ByAddress<Option<Rc<str>>>,
}

impl SharedTexts {
    /// Made for so many texts, as the workbook says; [`Limits::strings`] bounds it.
    fn with_capacity(count: usize) -> Self {
        let known = ByAddress::with_capacity_and_hasher(count, Default::default());
        Self {
            known,
            ..Self::default()
        }
    }

    #[inline(always)]
    fn place(&mut self, cell: &calamine::Cell<DataRef<'_>>) -> PlacedValue {
        PlacedValue::plain(cell.get_position(), self.value(cell.get_value()))
    }

    /// A formula's result, or the formula itself if the file holds no result: a program that wrote it did not
    /// calculate, and what Excel would show is not known. A result that is the empty text is one, and shows nothing.
    fn place_formula(&mut self, cell: &XlsxCellFormula<'_>) -> PlacedValue {
        let has_result = !matches!(cell.value, DataRef::Empty);
        let formula = cell
            .formula
            .as_deref()
            .filter(|formula| !has_result && !formula.is_empty())
            .map(|formula| Value::Formula(formula.into()));
        PlacedValue::plain(cell.pos, self.value(&cell.value).or(formula))
    }

    #[inline(always)]
    fn value(&mut self, value: &DataRef<'_>) -> Option<Value> {
        streamed_value(value, |text, IsShared(is_shared)| {
            let mut read = || {
                self.may_be_legacy |= may_be_legacy(text);
                shown_text(text)
            };
            let text = if is_shared {
                self.known.entry(text.as_ptr()).or_insert_with(read).clone()
            } else {
                read()
            };
            text.map(Value::Text)
        })
    }
}
