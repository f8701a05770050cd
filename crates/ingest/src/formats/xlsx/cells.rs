//! The cells of an .xlsx, streamed: a cell in the last row and column costs no more than any other.

use crate::by_address::ByAddress;
use crate::formats::calamine_values::{IsShared, empty_sheet, streamed_value};
use crate::formats::cell_styles::{CellStyles, StyledCells};
use crate::formats::row_collector::RowCollector;
use crate::formats::stored_results::StoredResults;
use crate::formats::xlsx::plain_sheets::{PlainRows, PlainSheets};
use crate::formats::xlsx::probed_styles::cell_styles;
use crate::formats::xlsx::unread_cells::unread_cells;
use crate::formats::xlsx::workbook_parts::WorkbookParts;
use crate::grid::{CellFonts, CellFormat, SheetGrid, Value, shown_text};
use crate::legacy_encoding::may_be_legacy;
use crate::limits::Limits;
use calamine::{DataRef, Reader, Xlsx, XlsxCellFormula, XlsxCellReader, XlsxError};
use model::CellRef;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::rc::Rc;

/// The most cells of a sheet that may be unreadable before reading it stops.
const MAX_UNREAD: usize = 10_000;

/// Reads the cells of all sheets of a workbook of those parts: those of plain sheets from their bytes, all others by the library.
///
/// # Errors
/// When the library cannot open the workbook.
pub(crate) fn read_cells(
    bytes: &[u8],
    parts: &WorkbookParts,
    limits: &Limits,
) -> Result<Vec<SheetGrid>, calamine::Error> {
    let mut plain = PlainSheets::find(bytes, parts);
    let mut read = BTreeMap::new();
    if let Some(plain) = &mut plain {
        let numbers = 0..plain.probed.sheets.len();
        read.extend(numbers.filter_map(|number| Some((number, plain.read(number, limits)?))));
        if read.len() == plain.probed.sheets.len() {
            let sheets = plain.probed.sheets.iter().zip(read.into_values());
            return Ok(sheets
                .map(|((name, visible), rows)| SheetGrid {
                    rows: rows.rows,
                    cut: rows.cut,
                    is_unicode: !plain.texts.may_be_legacy,
                    ..empty_sheet(name, *visible)
                })
                .collect());
        }
    }
    let may_be_legacy = plain.is_some_and(|plain| plain.texts.may_be_legacy);
    read_by_library(bytes, parts, limits, (read, may_be_legacy))
}

/// Reads the cells of a workbook's sheets by the library but for those that were read from their bytes, by their numbers; of
/// their texts some may be of an old encoding.
///
/// # Errors
/// When it cannot open the workbook.
fn read_by_library(
    bytes: &[u8],
    parts: &WorkbookParts,
    limits: &Limits,
    (mut read, may_be_legacy): (BTreeMap<usize, PlainRows>, bool),
) -> Result<Vec<SheetGrid>, calamine::Error> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(calamine::Error::Xlsx)?;
    let mut sheets = Vec::new();
    let mut texts = SharedTexts::with_capacity(parts.strings);
    texts.may_be_legacy = may_be_legacy;
    let mut styles = None;
    let mut results = StoredResults::default();
    for (number, metadata) in workbook.sheets_metadata().to_vec().into_iter().enumerate() {
        let mut sheet = empty_sheet(&metadata.name, metadata.visible);
        if let Some(plain) = read.remove(&number) {
            (sheet.rows, sheet.cut) = (plain.rows, plain.cut);
            sheets.push(sheet);
            continue;
        }
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

#[cfg(test)]
mod tests {
    use super::{read_by_library, read_cells};
    use crate::formats::file_format::IncomingFile;
    use crate::formats::xlsx::plain_sheets::PlainSheets;
    use crate::formats::xlsx::workbook_parts::WorkbookParts;
    use crate::grid::SheetGrid;
    use crate::limits::Purpose;
    use std::collections::BTreeMap;

    /// What both ways read of a workbook, and how many of its sheets are plain.
    fn both(parts: &[(String, Vec<u8>)]) -> Option<([String; 2], usize)> {
        let file = testkit::archive(parts);
        let limits = Purpose::Report.limits();
        let file = IncomingFile {
            name: "a.xlsx",
            bytes: &file,
            limits,
        };
        let read = WorkbookParts::read(&file).ok()?;
        let bytes = read.stored.as_deref().unwrap_or(file.bytes);
        // The library fails at some, which its caller sees to.
        let shown = |way: &dyn Fn() -> Result<Vec<SheetGrid>, calamine::Error>| {
            match std::panic::catch_unwind(std::panic::AssertUnwindSafe(way)) {
                Ok(Ok(sheets)) => format!("{sheets:#?}"),
                Ok(Err(error)) => error.to_string(),
                Err(_) => "failed".to_owned(),
            }
        };
        let library = || read_by_library(bytes, &read, limits, (BTreeMap::new(), false));
        let plain = PlainSheets::find(bytes, &read).map_or(0, |mut plain| {
            let numbers = 0..read.sheets.len();
            numbers
                .filter(|&number| plain.read(number, limits).is_some())
                .count()
        });
        let both = [shown(&|| read_cells(bytes, &read, limits)), shown(&library)];
        Some((both, plain))
    }

    /// A workbook as programs write it, with shared texts, days, flags and gaps on one sheet and a formula on the other.
    fn workbook() -> Vec<(String, Vec<u8>)> {
        let mut parts = testkit::xlsx_parts("== A\nx | 1\n== B\ny\n");
        let sheet = "<?xml version=\"1.0\"?><worksheet><dimension ref=\"A1:D3\"/><sheetViews><sheetView/></sheetViews><sheetData>\
            <row r=\"1\" spans=\"1:4\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"><v>45351</v></c></row>\
            <row r=\"3\" ht=\"15\"><c r=\"A3\" s=\"1\" t=\"s\"><v>1</v></c><c r=\"B3\" t=\"b\"><v>1</v></c><c r=\"C3\" s=\"1\"/><c r=\"D3\"><v>-1.5E-2</v></c></row>\
            </sheetData><mergeCells><mergeCell ref=\"A1:A2\"/></mergeCells></worksheet>";
        let other = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><f>1+1</f><v>2</v></c><c r=\"B1\" t=\"s\"><v>2</v></c></row></sheetData></worksheet>";
        let strings = "<sst count=\"3\" uniqueCount=\"3\"><si><t>Sở Y tế</t></si><si><t xml:space=\"preserve\"> a &amp; b </t></si><si><t>c</t></si></sst>";
        let mut sheets = [sheet, other].into_iter();
        for (name, content) in &mut parts {
            if name.contains("worksheets/") {
                *content = sheets.next().unwrap().as_bytes().to_vec();
            }
            if name.ends_with("workbook.xml.rels") {
                let strings = "<Relationship Id=\"st\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>";
                let changed = String::from_utf8_lossy(content).replace("</Relationships>", strings);
                *content = changed.into_bytes();
            }
        }
        parts.push((
            "xl/sharedStrings.xml".to_owned(),
            strings.as_bytes().to_vec(),
        ));
        parts
    }

    #[test]
    fn a_plain_sheet_is_read_from_its_bytes_as_the_library_reads_it() {
        let ([plain, library], count) = both(&workbook()).unwrap();
        assert_eq!(plain, library);
        assert!(
            plain.contains("2024-02-29") && plain.contains("a & b"),
            "{plain}"
        );
        assert_eq!(count, 1);
    }

    /// Whatever a program or an accident makes of the bytes: either they are still plain and mean the same, or the library reads
    /// them.
    #[test]
    fn changed_bytes_are_read_as_the_library_reads_them() {
        const BYTES: &[u8] = b"<>/=\"'&;: \n09AZaz_-.!ersvtc\xff";
        let mut random = 7_u64;
        let mut next = |below: usize| {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(random >> 33).unwrap() % below
        };
        let original = workbook();
        let mut still_plain = 0;
        for _ in 0..600 {
            let mut parts = original.clone();
            let meant = ["worksheets/", "sharedStrings.xml", "styles.xml"]
                [next(8).saturating_sub(5).min(2)];
            let place = parts
                .iter()
                .position(|(name, _)| name.contains(meant))
                .unwrap();
            let content = &mut parts[place].1;
            for _ in 0..=next(2) {
                let at = next(content.len());
                let byte = BYTES[next(BYTES.len())];
                match next(4) {
                    0 => content.insert(at, byte),
                    1 => drop(content.remove(at)),
                    2 => content[at] = byte,
                    _ => {
                        let end = (at + next(30)).min(content.len());
                        let copied = content[at..end].to_vec();
                        content.splice(at..at, copied);
                    }
                }
            }
            let changed = String::from_utf8_lossy(content).into_owned();
            if let Some(([plain, library], count)) = both(&parts) {
                assert_eq!(plain, library, "{changed}");
                still_plain += count;
            }
        }
        assert!(
            still_plain > 50,
            "{still_plain} are plain, which tries little"
        );
    }
}
