//! A wall between this process and the reading of a file that may bring its process down.
//!
//! A binary workbook (.xls) says inside how much memory its reader should ask for; no check of sizes beforehand finds a lie
//! there, and a process that asks for too much is ended by the system. So such a file is opened in a process of its own,
//! with a limit of memory and of time: should it go down, the file is damaged, and the others go on.

use crate::grid::{Cell, Merged, Row, Sheet, Value};
use chrono::NaiveDate;
use model::CellRef;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The argument that makes the program open a workbook from its input and write the cells to its output.
pub const ARGUMENT: &str = "read-cells-behind-sandbox";

/// The most memory that opening a workbook may take, and the longest it may last.
#[cfg(unix)]
const MEMORY: u64 = 2 << 30;
const TIME: Duration = Duration::from_secs(60);

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Says which program opens workbooks behind the wall; without one they are opened in this process.
///
/// Only the first call counts.
pub fn set_program(program: PathBuf) {
    let _ = PROGRAM.set(program);
}

/// What the program does when it is called with [`ARGUMENT`]: opens the workbook from `input`, writes its cells to `output`.
///
/// # Errors
/// When input or output fails.
pub fn serve(mut input: impl Read, mut output: impl Write) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        // A system that knows no such limit reads without one.
        let _ = rlimit::setrlimit(rlimit::Resource::AS, MEMORY, MEMORY);
    }
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let read = crate::workbook::read_here(&bytes)
        .map(|sheets| sheets.iter().map(Passed::of).collect::<Vec<_>>());
    serde_json::to_writer(&mut output, &read)?;
    output.flush()
}

/// Opens a workbook behind the wall; nothing where there is none.
pub(crate) fn read(bytes: &[u8]) -> Option<Result<Vec<Sheet>, String>> {
    read_by(PROGRAM.get()?, bytes)
}

fn read_by(program: &Path, bytes: &[u8]) -> Option<Result<Vec<Sheet>, String>> {
    let mut child = Command::new(program)
        .arg(ARGUMENT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let (mut input, mut output) = (child.stdin.take()?, child.stdout.take()?);
    let answer = std::thread::scope(|scope| {
        // One that goes down stops reading; what it says then decides.
        scope.spawn(move || input.write_all(bytes));
        let reader = scope.spawn(move || {
            let mut answer = Vec::new();
            output.read_to_end(&mut answer).map(|_| answer)
        });
        let begun = Instant::now();
        loop {
            match child.try_wait() {
                Ok(None) if begun.elapsed() < TIME => std::thread::sleep(Duration::from_millis(2)),
                Ok(None) | Err(_) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    break None;
                }
                Ok(Some(status)) => {
                    break reader
                        .join()
                        .ok()
                        .and_then(Result::ok)
                        .filter(|_| status.success());
                }
            }
        }
    });
    let read = answer
        .and_then(|answer| serde_json::from_slice::<Result<Vec<Passed>, String>>(&answer).ok());
    Some(match read {
        Some(Ok(sheets)) => Ok(sheets.into_iter().map(Passed::sheet).collect()),
        Some(Err(error)) => Err(error),
        None => Err("the reader of this format was ended by the system".to_owned()),
    })
}

/// A sheet on its way through the wall.
#[derive(Serialize, Deserialize)]
struct Passed {
    name: String,
    is_hidden: bool,
    cut: Option<String>,
    merged: Vec<[u32; 4]>,
    rows: Vec<(u32, Vec<(u32, PassedValue)>)>,
}

#[derive(Serialize, Deserialize)]
enum PassedValue {
    Text(String),
    /// The bits of the number: no digit is lost on the way.
    Number(u64),
    Bool(bool),
    Date(NaiveDate),
    Error(String),
    Formula(String),
}

impl Passed {
    fn of(sheet: &Sheet) -> Self {
        let value = |value: &Value| match value {
            Value::Text(text) => PassedValue::Text(text.to_string()),
            Value::Number(number) => PassedValue::Number(number.to_bits()),
            Value::Bool(flag) => PassedValue::Bool(*flag),
            Value::Date(day) => PassedValue::Date(*day),
            Value::Error(text) => PassedValue::Error(text.to_string()),
            Value::Formula(formula) => PassedValue::Formula(formula.to_string()),
        };
        let row = |row: &Row| {
            (
                row.index,
                row.cells
                    .iter()
                    .map(|cell| (cell.col, value(&cell.value)))
                    .collect(),
            )
        };
        Self {
            name: sheet.name.clone(),
            is_hidden: sheet.is_hidden,
            cut: sheet.cut.clone(),
            merged: sheet
                .merged
                .iter()
                .map(|m| [m.first.row, m.first.col, m.last.row, m.last.col])
                .collect(),
            rows: sheet.rows.iter().map(row).collect(),
        }
    }

    fn sheet(self) -> Sheet {
        let value = |value| match value {
            PassedValue::Text(text) => Value::Text(text.into()),
            PassedValue::Number(bits) => Value::Number(f64::from_bits(bits)),
            PassedValue::Bool(flag) => Value::Bool(flag),
            PassedValue::Date(day) => Value::Date(day),
            PassedValue::Error(text) => Value::Error(text.into()),
            PassedValue::Formula(formula) => Value::Formula(formula.into()),
        };
        let cells = |cells: Vec<(u32, PassedValue)>| {
            cells
                .into_iter()
                .map(|(col, passed)| Cell {
                    col,
                    value: value(passed),
                })
                .collect()
        };
        let merged = |[top, left, bottom, right]: [u32; 4]| Merged {
            first: CellRef {
                row: top,
                col: left,
            },
            last: CellRef {
                row: bottom,
                col: right,
            },
        };
        Sheet {
            name: self.name,
            is_hidden: self.is_hidden,
            cut: self.cut,
            merged: self.merged.into_iter().map(merged).collect(),
            rows: self
                .rows
                .into_iter()
                .map(|(index, row)| Row {
                    index,
                    cells: cells(row),
                })
                .collect(),
            ..Sheet::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Passed, read_by};
    use crate::grid::{Cell, Row, Sheet, Value};
    use std::path::Path;

    #[test]
    fn nothing_is_lost_on_the_way() {
        let values = [
            Value::Text("Công ty".into()),
            Value::Number(0.1 + 0.2),
            Value::Bool(true),
            Value::Date("2024-02-29".parse().unwrap()),
            Value::Error("#REF!".into()),
            Value::Formula("A1".into()),
        ];
        let cells = (0..)
            .zip(values)
            .map(|(col, value)| Cell { col, value })
            .collect();
        let sheet = Sheet {
            name: "Biểu 3".to_owned(),
            rows: vec![Row { index: 7, cells }],
            ..Sheet::default()
        };
        let passed = serde_json::to_vec(&Passed::of(&sheet)).unwrap();
        let back = serde_json::from_slice::<Passed>(&passed).unwrap().sheet();
        assert_eq!((back.name, back.rows), (sheet.name, sheet.rows));
    }

    /// One that is ended by the system while it reads.
    #[cfg(unix)]
    #[test]
    fn a_reader_that_goes_down_takes_nothing_along() {
        let read = read_by(Path::new("/bin/false"), &vec![0; 1 << 20]);
        assert!(read.unwrap().unwrap_err().contains("ended by the system"));
        assert!(read_by(Path::new("/no/such/program"), b"").is_none());
    }
}
