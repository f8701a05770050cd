use crate::grid::{Cell, Merged, Row, Sheet, Value};
use crate::observe::observe;
use crate::sniff::{Format, sniff};
use crate::{MAX_FILE_BYTES, MAX_SHEET_CELLS};
use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Reader, Xlsx};
use chrono::NaiveDate;
use model::{CellRef, Check, Observation};
use std::io::Cursor;

/// Opens a workbook and reads all its sheets.
///
/// # Errors
/// The one observation that says why it cannot be opened.
pub(crate) fn open(bytes: &[u8]) -> Result<Vec<Sheet>, Box<Observation>> {
    if bytes.len() > MAX_FILE_BYTES {
        let message = format!("Tệp lớn {} MiB, giới hạn là {} MiB.", bytes.len() >> 20, MAX_FILE_BYTES >> 20);
        return Err(Box::new(observe(Check::TooLarge, message)));
    }
    let refuse = |check, found: String| Err(Box::new(observe(check, found)));
    match sniff(bytes) {
        Format::Empty => refuse(Check::EmptyFile, String::new()),
        Format::Other(what) => refuse(Check::UnknownFormat, what.to_owned()),
        Format::Encrypted => refuse(Check::EncryptedWorkbook, String::new()),
        // A fault of the reading library on one workbook must not take the others along.
        format => match std::panic::catch_unwind(|| read(format, bytes)) {
            Ok(Ok(sheets)) => Ok(sheets),
            Ok(Err(error)) => refuse(Check::DamagedWorkbook, error.to_string()),
            Err(_) => refuse(Check::DamagedWorkbook, "cấu trúc bên trong không hợp lệ".to_owned()),
        },
    }
}

fn read(format: Format, bytes: &[u8]) -> Result<Vec<Sheet>, calamine::Error> {
    if format == Format::Xlsx { read_xlsx(bytes) } else { read_dense(bytes) }
}

/// Streams the cells of an .xlsx: far corners cost nothing.
fn read_xlsx(bytes: &[u8]) -> Result<Vec<Sheet>, calamine::Error> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(calamine::Error::Xlsx)?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let merged = workbook.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let mut sheet =
            Sheet { name: name.clone(), merged: merged.iter().map(merged_cells).collect(), ..Sheet::default() };
        let mut builder = Rows::default();
        match workbook.worksheet_cells_reader(&name) {
            Err(error) => sheet.cut = Some(error.to_string()),
            Ok(mut cells) => loop {
                match cells.next_cell_with_formula() {
                    Ok(None) => break,
                    Ok(Some(cell)) => {
                        let (row, col) = cell.pos;
                        let value = match (value_of_ref(&cell.value), cell.formula) {
                            (None, Some(formula)) if !formula.is_empty() => Some(Value::Formula(formula)),
                            (value, _) => value,
                        };
                        if !builder.push(row, col, value) {
                            sheet.cut = Some(format!("ô thứ {MAX_SHEET_CELLS}"));
                            break;
                        }
                    }
                    Err(error) => {
                        let after = builder.last.map_or_else(|| "A1".to_owned(), |cell| cell.to_string());
                        sheet.cut = Some(format!("ngay sau ô {after} ({error})"));
                        break;
                    }
                }
            },
        }
        sheet.rows = builder.finish();
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// The other formats come from the library as whole ranges.
fn read_dense(bytes: &[u8]) -> Result<Vec<Sheet>, calamine::Error> {
    let mut workbook = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let mut sheet = Sheet { name: name.clone(), ..Sheet::default() };
        let mut builder = Rows::default();
        match workbook.worksheet_range(&name) {
            Err(error) => sheet.cut = Some(error.to_string()),
            Ok(range) => {
                let (top, left) = range.start().unwrap_or_default();
                for (row, col, value) in range.used_cells() {
                    let (Ok(row), Ok(col)) = (u32::try_from(row), u32::try_from(col)) else { break };
                    if !builder.push(top + row, left + col, value_of(value)) {
                        sheet.cut = Some(format!("ô thứ {MAX_SHEET_CELLS}"));
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

/// Collects cells, which may come in any order, into rows.
#[derive(Default)]
struct Rows {
    rows: Vec<Row>,
    cells: usize,
    sorted: bool,
    last: Option<CellRef>,
}

impl Rows {
    /// Adds a cell; false once the limit is reached.
    fn push(&mut self, row: u32, col: u32, value: Option<Value>) -> bool {
        self.last = Some(CellRef { row, col });
        let Some(value) = value else { return true };
        self.cells += 1;
        match self.rows.last_mut() {
            Some(last) if last.index == row => last.cells.push(Cell { col, value }),
            _ => self.rows.push(Row { index: row, cells: vec![Cell { col, value }] }),
        }
        self.cells < MAX_SHEET_CELLS
    }

    fn finish(mut self) -> Vec<Row> {
        self.sorted = self.rows.is_sorted_by(|a, b| a.index < b.index);
        if !self.sorted {
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
    Merged { first: CellRef { row: d.start.0, col: d.start.1 }, last: CellRef { row: d.end.0, col: d.end.1 } }
}

fn value_of_ref(value: &DataRef<'_>) -> Option<Value> {
    match value {
        DataRef::Empty => None,
        DataRef::Int(number) => number_of(*number),
        DataRef::Float(number) => Some(Value::Number(*number)),
        DataRef::String(text) => Value::text(text),
        DataRef::SharedString(text) => Value::text(text),
        DataRef::Bool(flag) => Some(Value::Bool(*flag)),
        DataRef::DateTime(moment) => Some(date_of(moment)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => iso(text),
        DataRef::Error(error) => Some(Value::Error(error.to_string())),
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
        Data::Error(error) => Some(Value::Error(error.to_string())),
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
