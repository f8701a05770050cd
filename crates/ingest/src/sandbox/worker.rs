//! What the program does when it is called to be a worker.

use crate::sandbox::allowance::Allowance;
use crate::sandbox::confine;
use crate::sandbox::wire::{Request, read_message, write_opened};
use crate::workbook::{self, OpenedWorkbook};
use std::io::{BufWriter, Read, Write};

/// The argument that makes the program open workbooks from its input and write their cells to its output.
pub const ARGUMENT: &str = "read-cells-behind-sandbox";

/// What the program does when it is called with [`ARGUMENT`]: opens one workbook after another, until its input ends.
///
/// # Errors
/// When input or output fails.
pub fn serve(input: impl Read, output: impl Write) -> std::io::Result<()> {
    confine::give_up();
    answer_all(input, output, confine::allow)
}

fn answer_all(
    mut input: impl Read,
    output: impl Write,
    allow: impl Fn(&Allowance),
) -> std::io::Result<()> {
    let mut output = BufWriter::with_capacity(1 << 16, output);
    while let Some(request) = read_message::<Request>(&mut input)? {
        allow(&Allowance::of(request.length));
        // No more is set aside than comes.
        let mut bytes = Vec::new();
        input
            .by_ref()
            .take(request.length)
            .read_to_end(&mut bytes)?;
        let opened = match request.purpose {
            Some(purpose) => workbook::open(&bytes, &request.name, purpose),
            None => workbook::open_all(&bytes).map(|sheets| OpenedWorkbook {
                sheets,
                observations: Vec::new(),
            }),
        };
        drop(bytes);
        write_opened(&opened, &mut output)?;
        output.flush()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::limits::Purpose;
    use crate::sandbox::wire::{Request, read_opened, write_message};
    use std::io::Write;

    /// In the process of the test nothing may be given up: the loop alone is tried.
    #[test]
    fn one_file_after_another_is_answered() {
        let files = [
            testkit::workbook("== A\na | 5\n"),
            b"%PDF-1.7".to_vec(),
            testkit::workbook("== B\nb\n"),
        ];
        let mut input = Vec::new();
        for file in &files {
            let request = Request {
                purpose: Some(Purpose::Report),
                name: "a.xlsx".to_owned(),
                length: u64::try_from(file.len()).unwrap(),
            };
            write_message(&request, &mut input).unwrap();
            input.write_all(file).unwrap();
        }
        let mut output = Vec::new();
        super::answer_all(&input[..], &mut output, |_| {}).unwrap();
        let mut answers = &output[..];
        let names: Vec<String> = files
            .iter()
            .map(|_| match read_opened(&mut answers).unwrap() {
                Ok(opened) => opened.sheets[0].name.clone(),
                Err(refused) => refused.found,
            })
            .collect();
        assert_eq!(names, ["A", "PDF", "B"]);
    }
}
