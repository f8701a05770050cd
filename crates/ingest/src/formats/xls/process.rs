//! A process of its own for the reading of a file that may bring its process down.

use crate::formats::xls::wire::WireSheet;
use crate::grid::SheetGrid;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The argument that makes the program open a workbook from its input and write the cells to its output.
pub const ARGUMENT: &str = "read-cells-behind-sandbox";

/// The longest that opening a workbook may last.
const TIME: Duration = Duration::from_secs(60);

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Says which program opens workbooks in a process of their own; without one they are opened in this process.
///
/// Only the first call counts.
pub fn set_program(program: PathBuf) {
    let _ = PROGRAM.set(program);
}

/// Opens a workbook in a process of its own; nothing if no program was set or it cannot be started.
pub(crate) fn read_apart(bytes: &[u8]) -> Option<Result<Vec<SheetGrid>, String>> {
    read_by(PROGRAM.get()?, bytes)
}

fn read_by(program: &Path, bytes: &[u8]) -> Option<Result<Vec<SheetGrid>, String>> {
    let mut child = Command::new(program)
        .arg(ARGUMENT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let (mut input, mut output) = (child.stdin.take()?, child.stdout.take()?);
    let answer = std::thread::scope(|scope| {
        // Written beside the reading of the answer: a pipe holds little, and each side would wait for the other. One that
        // goes down stops reading, which is no fault here: its exit code decides.
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
        .and_then(|answer| serde_json::from_slice::<Result<Vec<WireSheet>, String>>(&answer).ok());
    Some(match read {
        Some(Ok(sheets)) => Ok(sheets.into_iter().map(WireSheet::into_grid).collect()),
        Some(Err(error)) => Err(error),
        None => Err("the reader of this format was ended by the system".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::read_by;
    use std::path::Path;

    /// One that is ended by the system while it reads.
    #[cfg(unix)]
    #[test]
    fn a_reader_that_goes_down_takes_nothing_along() {
        let read = read_by(Path::new("/bin/false"), &vec![0; 1 << 20]);
        assert!(read.unwrap().unwrap_err().contains("ended by the system"));
        assert!(read_by(Path::new("/no/such/program"), b"").is_none());
    }
}
