use crate::biff::{self, Fonts, Xls};
use crate::grid::{Cell, Merged, Row, Sheet, Value};
use crate::legacy;
use crate::limits::Limits;
use crate::observe::{Narrow, observe};
use crate::parts::{self, Parts};
use crate::sandbox;
use crate::sniff::{Format, sniff};
use crate::text;
use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Reader, SheetVisible, Sheets, Xlsx, XlsxCellFormula,
    XlsxError,
};
use chrono::NaiveDate;
use model::{CellRef, Check, Observation};
use std::collections::HashMap;
use std::io::Cursor;

/// The most cells of a sheet that may be unreadable before reading it stops.
const MAX_UNREAD: usize = 10_000;

/// A workbook, opened: its sheets, and what was noticed on the way.
pub(crate) struct Opened {
    pub sheets: Vec<Sheet>,
    pub observations: Vec<Observation>,
}

/// Opens a workbook and reads all that it shows, in today's letters.
///
/// # Errors
/// The one observation that says why it cannot be opened.
pub(crate) fn open(bytes: &[u8], limits: &Limits) -> Result<Opened, Box<Observation>> {
    let (mut sheets, mut parts, format) = load(bytes, limits)?;
    let mut observations = Vec::new();
    for (sheet, part) in sheets.iter_mut().zip(std::mem::take(&mut parts.sheets)) {
        hide(sheet, &part, &mut observations);
    }
    for sheet in sheets
        .iter_mut()
        .filter(|sheet| sheet.is_hidden && !sheet.rows.is_empty())
    {
        observations.push(observe(Check::HiddenData, sheet.name.as_str()).on_sheet(&sheet.name));
        sheet.hidden_rows += u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
        sheet.rows.clear();
    }
    observations.extend(convert(&mut sheets, bytes, format, parts.fonts));
    Ok(Opened {
        sheets,
        observations,
    })
}

/// Opens a list: a workbook, or text in columns, whose one sheet bears the file's name.
///
/// # Errors
/// The one observation that says why it cannot be opened.
pub(crate) fn open_list(bytes: &[u8], name: &str) -> Result<Opened, Box<Observation>> {
    let limits = &Limits::LIST;
    let is_text = bytes.len() <= limits.file && matches!(sniff(bytes), Format::Other("text" | "?"));
    let Some(mut sheet) = is_text.then(|| text::read(bytes, limits)).flatten() else {
        return open(bytes, limits);
    };
    sheet.name = name.to_owned();
    let mut sheets = vec![sheet];
    let observations = legacy::convert(&mut sheets, HashMap::new);
    Ok(Opened {
        sheets,
        observations,
    })
}

/// Opens a workbook and reads all that is in it, hidden or not, in today's letters.
///
/// # Errors
/// The one observation that says why it cannot be opened.
pub(crate) fn open_all(bytes: &[u8]) -> Result<Vec<Sheet>, Box<Observation>> {
    let (mut sheets, parts, format) = load(bytes, &Limits::REPORT)?;
    convert(&mut sheets, bytes, format, parts.fonts);
    Ok(sheets)
}

fn convert(sheets: &mut [Sheet], bytes: &[u8], format: Format, known: Fonts) -> Vec<Observation> {
    legacy::convert(sheets, || {
        if format == Format::Xlsx {
            fonts(bytes)
        } else {
            known
        }
    })
}

fn load(bytes: &[u8], limits: &Limits) -> Result<(Vec<Sheet>, Parts, Format), Box<Observation>> {
    let refuse = |check, found: String| Err(Box::new(observe(check, found)));
    if bytes.len() > limits.file {
        return refuse(
            Check::TooLarge,
            format!("{} MiB > {} MiB", bytes.len() >> 20, limits.file >> 20),
        );
    }
    let format = match sniff(bytes) {
        Format::Empty => return refuse(Check::EmptyFile, String::new()),
        Format::Other(what) => return refuse(Check::UnknownFormat, what.to_owned()),
        Format::Encrypted => return refuse(Check::EncryptedWorkbook, String::new()),
        format => format,
    };
    let parts = match format {
        Format::Xls => {
            let Xls {
                sheets,
                fonts,
                from_1904,
            } = biff::inspect(bytes, limits.member);
            Parts {
                sheets,
                strings: 0,
                fonts,
                from_1904,
                unzipped: None,
            }
        }
        _ => match parts::inspect(bytes, limits) {
            Ok(parts) => parts,
            Err(limit) => return refuse(Check::TooLarge, limit),
        },
    };
    // A fault of the reading library on one workbook must not take the others along.
    let unzipped = parts.unzipped.as_deref().unwrap_or(bytes);
    let read = std::panic::catch_unwind(|| match format {
        Format::Xlsx => read_xlsx(unzipped, &parts, limits).map_err(|error| error.to_string()),
        // How much this format asks for, nothing tells beforehand.
        Format::Xls => sandbox::read(bytes).unwrap_or_else(|| read_here(bytes)),
        _ => read_dense(unzipped, limits).map_err(|error| error.to_string()),
    });
    let mut sheets = match read {
        Ok(Ok(sheets)) => sheets,
        Ok(Err(error)) => return refuse(Check::DamagedWorkbook, error),
        Err(_) => return refuse(Check::DamagedWorkbook, "panic".to_owned()),
    };
    for sheet in &mut sheets {
        sheet.from_1904 = parts.from_1904;
    }
    for (sheet, part) in sheets.iter_mut().zip(&parts.sheets) {
        sheet.merged.extend(&part.merged);
    }
    Ok((sheets, parts, format))
}

/// Takes hidden rows and columns out of a sheet; what they held is an observation.
fn hide(sheet: &mut Sheet, part: &parts::SheetPart, observations: &mut Vec<Observation>) {
    if part.hidden_rows.is_empty() && part.hidden_columns.is_empty() {
        return;
    }
    let before = sheet.rows.len();
    let mut cells = Vec::new();
    sheet.rows.retain(|row| {
        let hidden = part.hidden_rows.contains(&row.index);
        if hidden {
            cells.extend(row.cells.first().map(|cell| row.at(cell.col)));
        }
        !hidden
    });
    sheet.hidden_rows = u32::try_from(before - sheet.rows.len()).unwrap_or(u32::MAX);
    if !cells.is_empty() {
        let rows: Vec<String> = cells
            .iter()
            .take(8)
            .map(|cell| (cell.row + 1).to_string())
            .collect();
        let mut observation = observe(Check::HiddenData, rows.join(", ")).on_sheet(&sheet.name);
        observation.cells = cells;
        observations.push(observation);
    }
    let is_hidden = |col: u32| {
        part.hidden_columns
            .iter()
            .any(|columns| columns.contains(&col))
    };
    let mut cells = Vec::new();
    for row in sheet
        .rows
        .iter_mut()
        .filter(|_| !part.hidden_columns.is_empty())
    {
        let index = row.index;
        row.cells.retain(|cell| {
            if is_hidden(cell.col) {
                cells.push(CellRef {
                    row: index,
                    col: cell.col,
                });
            }
            !is_hidden(cell.col)
        });
    }
    if !cells.is_empty() {
        sheet.rows.retain(|row| !row.cells.is_empty());
        let mut columns: Vec<String> = cells
            .iter()
            .map(|c| {
                CellRef { row: 0, col: c.col }
                    .to_string()
                    .trim_end_matches('1')
                    .to_owned()
            })
            .collect();
        columns.sort();
        columns.dedup();
        let mut observation = observe(Check::HiddenData, columns.join(", ")).on_sheet(&sheet.name);
        observation.cells = cells;
        observations.push(observation);
    }
}

/// A sheet whose cells are still to come.
fn begin(name: &str, visible: SheetVisible, merged: &[Dimensions]) -> Sheet {
    Sheet {
        name: name.to_owned(),
        merged: merged.iter().map(merged_cells).collect(),
        is_hidden: visible != SheetVisible::Visible,
        ..Sheet::default()
    }
}

/// Streams the cells of an .xlsx: far corners cost nothing.
fn read_xlsx(bytes: &[u8], parts: &Parts, limits: &Limits) -> Result<Vec<Sheet>, calamine::Error> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(calamine::Error::Xlsx)?;
    let mut sheets = Vec::new();
    let mut texts = SharedTexts::of_about(parts.strings);
    for (number, metadata) in workbook.sheets_metadata().to_vec().into_iter().enumerate() {
        let mut sheet = begin(&metadata.name, metadata.visible, &[]);
        let has_formulas = parts
            .sheets
            .get(number)
            .is_none_or(|part| part.has_formulas);
        let mut builder = Rows::new(limits);
        let mut filled = Filled::default();
        match workbook.worksheet_cells_reader(&metadata.name) {
            Err(error) => sheet.cut = Some(error.to_string()),
            Ok(mut cells) if has_formulas => {
                filled = fill(
                    &mut builder,
                    || cells.next_cell_with_formula(),
                    |cell| texts.of_formula(cell),
                );
            }
            Ok(mut cells) => {
                filled = fill(&mut builder, || cells.next_cell(), |cell| texts.of(&cell))
            }
        }
        sheet.cut = sheet.cut.or(filled.cut);
        for (cell, shown) in parts::cells(bytes, number, &filled.unread) {
            builder.push(cell.row, cell.col, Some(Value::Error(shown.into())));
        }
        sheet.rows = builder.finish();
        sheets.push(sheet);
    }
    // Texts are shared by all sheets, and read at the first.
    sheets
        .iter_mut()
        .for_each(|sheet| sheet.is_unicode = !texts.may_be_old);
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
    rows: &mut Rows,
    mut next: impl FnMut() -> Result<Option<C>, XlsxError>,
    mut placed: impl FnMut(C) -> Placed,
) -> Filled {
    let mut filled = Filled::default();
    for at in 0.. {
        match next() {
            Ok(Some(cell)) => {
                let ((row, col), value) = placed(cell);
                if !rows.push(row, col, value) {
                    filled.cut = Some(format!("{} cells", rows.limit));
                    break;
                }
            }
            Ok(None) => break,
            Err(error) if is_of_one_cell(&error) && filled.unread.len() < MAX_UNREAD => {
                filled.unread.push(at)
            }
            Err(error) => {
                let after = rows
                    .last
                    .map_or_else(|| "A1".to_owned(), |cell| cell.to_string());
                filled.cut = Some(format!("{after} ({error})"));
                break;
            }
        }
    }
    filled
}

/// An error value the library does not know, a text that is not there: the next cell is whole.
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
type Placed = ((u32, u32), Option<Value>);

/// The texts that many cells of a workbook share, each cleaned once.
#[derive(Default)]
struct SharedTexts {
    /// Whether one of them may be of an old encoding.
    may_be_old: bool,
    /// By where the library keeps them, which does not change while the workbook is open.
    known: HashMap<*const u8, Option<Value>, foldhash::fast::FixedState>,
}

impl SharedTexts {
    /// Made for so many texts, as the workbook says; [`Limits::strings`] bounds it.
    fn of_about(count: usize) -> Self {
        let known = HashMap::with_capacity_and_hasher(count, foldhash::fast::FixedState::default());
        Self {
            known,
            ..Self::default()
        }
    }

    fn of(&mut self, cell: &calamine::Cell<DataRef<'_>>) -> Placed {
        (cell.get_position(), self.value_of(cell.get_value()))
    }

    /// A formula's result, or where the file holds none the formula itself.
    fn of_formula(&mut self, cell: XlsxCellFormula<'_>) -> Placed {
        let formula = || {
            cell.formula
                .filter(|formula| !formula.is_empty())
                .map(|formula| Value::Formula(formula.into()))
        };
        (cell.pos, self.value_of(&cell.value).or_else(formula))
    }

    fn value_of(&mut self, value: &DataRef<'_>) -> Option<Value> {
        match value {
            DataRef::Empty => None,
            DataRef::Int(number) => number_of(*number),
            DataRef::Float(number) => Some(Value::Number(*number)),
            DataRef::String(text) => {
                self.may_be_old |= may_be_old(text);
                Value::text(text)
            }
            DataRef::SharedString(text) => {
                let read = || {
                    self.may_be_old |= may_be_old(text);
                    Value::text(text)
                };
                self.known.entry(text.as_ptr()).or_insert_with(read).clone()
            }
            DataRef::Bool(flag) => Some(Value::Bool(*flag)),
            DataRef::DateTime(moment) => Some(date_of(moment)),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => iso(text),
            DataRef::Error(error) => Some(Value::Error(error.to_string().into())),
        }
    }
}

/// Opens an .xls in this process.
pub(crate) fn read_here(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    match std::panic::catch_unwind(|| read_dense(bytes, &Limits::REPORT)) {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(_) => Err("panic".to_owned()),
    }
}

/// Whether a text may be of an old encoding: it has letters beyond ASCII, none that only Unicode has, and makes sense so.
fn may_be_old(text: &str) -> bool {
    !text.is_ascii() && !legacy::is_unicode(text) && !vietext::readings(text).is_empty()
}

/// The other formats come from the library as whole ranges.
fn read_dense(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, calamine::Error> {
    let mut workbook = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))?;
    let mut sheets = Vec::new();
    for metadata in workbook.sheets_metadata().to_vec() {
        let name = metadata.name;
        let merged = match &workbook {
            Sheets::Xls(xls) => xls.merge_cells_by_sheet_name(&name).unwrap_or_default(),
            _ => Vec::new(),
        };
        let mut sheet = begin(&name, metadata.visible, &merged);
        let mut builder = Rows::new(limits);
        match workbook.worksheet_range(&name) {
            Err(error) => sheet.cut = Some(error.to_string()),
            Ok(range) => {
                let (top, left) = range.start().unwrap_or_default();
                for (row, col, value) in range.used_cells() {
                    let (Ok(row), Ok(col)) = (u32::try_from(row), u32::try_from(col)) else {
                        break;
                    };
                    if !builder.push(top + row, left + col, value_of(value)) {
                        sheet.cut = Some(format!("{} cells", limits.cells));
                        break;
                    }
                }
            }
        }
        sheet.rows = builder.finish();
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// The old fonts of an .xlsx, by sheet, row and column; cells of other fonts are left out.
fn fonts(bytes: &[u8]) -> HashMap<(usize, u32, u32), String> {
    let mut fonts = HashMap::new();
    let Ok(mut workbook) = Xlsx::new(Cursor::new(bytes)) else {
        return fonts;
    };
    for (number, name) in workbook.sheet_names().into_iter().enumerate() {
        let Ok(styles) = workbook.worksheet_style(&name) else {
            continue;
        };
        for (row, col, style) in styles.cells() {
            let font = style.font.as_ref().and_then(|font| font.name.as_deref());
            if let Some(font) = font.filter(|font| vietext::legacy_font(font).is_some()) {
                fonts.insert((number, row, col), font.to_owned());
            }
        }
    }
    fonts
}

/// Collects cells, which may come in any order, into rows.
struct Rows {
    rows: Vec<Row>,
    cells: usize,
    limit: usize,
    last: Option<CellRef>,
}

impl Rows {
    fn new(limits: &Limits) -> Self {
        Self {
            rows: Vec::new(),
            cells: 0,
            limit: limits.cells,
            last: None,
        }
    }

    /// Adds a cell; false once the limit is reached.
    fn push(&mut self, row: u32, col: u32, value: Option<Value>) -> bool {
        self.last = Some(CellRef { row, col });
        let Some(value) = value else { return true };
        self.cells += 1;
        match self.rows.last_mut() {
            Some(last) if last.index == row => last.cells.push(Cell { col, value }),
            last => {
                // A row is about as long as the one before.
                let mut cells = Vec::with_capacity(last.map_or(8, |last| last.cells.len() + 1));
                cells.push(Cell { col, value });
                self.rows.push(Row { index: row, cells });
            }
        }
        self.cells < self.limit
    }

    fn finish(mut self) -> Vec<Row> {
        if !self.rows.is_sorted_by(|a, b| a.index < b.index) {
            self.rows.sort_by_key(|row| row.index);
            self.rows.dedup_by(|next, kept| {
                let same = next.index == kept.index;
                if same {
                    kept.cells.append(&mut next.cells);
                }
                same
            });
        }
        for row in &mut self.rows {
            if !row.cells.is_sorted_by(|a, b| a.col < b.col) {
                row.cells.sort_by_key(|cell| cell.col);
                row.cells.dedup_by_key(|cell| cell.col);
            }
        }
        self.rows
    }
}

fn merged_cells(d: &Dimensions) -> Merged {
    Merged {
        first: CellRef {
            row: d.start.0,
            col: d.start.1,
        },
        last: CellRef {
            row: d.end.0,
            col: d.end.1,
        },
    }
}

fn value_of(value: &Data) -> Option<Value> {
    match value {
        Data::Empty => None,
        Data::Int(number) => number_of(*number),
        Data::Float(number) => Some(Value::Number(*number)),
        Data::String(text) => Value::text(text),
        Data::Bool(flag) => Some(Value::Bool(*flag)),
        Data::DateTime(moment) => Some(date_of(moment)),
        Data::DateTimeIso(text) | Data::DurationIso(text) => iso(text),
        Data::Error(error) => Some(Value::Error(error.to_string().into())),
    }
}

/// A whole number as it is written; a spreadsheet keeps it as a binary fraction anyway.
fn number_of(number: i64) -> Option<Value> {
    number.to_string().parse().ok().map(Value::Number)
}

fn date_of(moment: &ExcelDateTime) -> Value {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    match date {
        Some(date) if moment.is_datetime() && moment.as_f64() >= 1.0 => Value::Date(date),
        _ => Value::Number(moment.as_f64()),
    }
}

fn iso(text: &str) -> Option<Value> {
    match text.get(..10).and_then(|day| day.parse().ok()) {
        Some(date) => Some(Value::Date(date)),
        None => Value::text(text),
    }
}
