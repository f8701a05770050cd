//! A file opened: its format found, its sheets read, what is hidden left out, its texts in Unicode.

use crate::formats::contents::Contents;
use crate::formats::file_format::{FileFormat, IncomingFile, OpenError};
use crate::formats::output_mark::output_mark;
use crate::formats::recognise;
use crate::grid::{CellFonts, SheetGrid};
use crate::hidden::{leave_out_hidden, leave_out_hidden_sheet};
use crate::legacy_encoding::convert_to_unicode;
use crate::limits::Purpose;
use crate::observe::observe;
use model::{Check, Observation};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a text is called whose encoding nothing shows.
const UNSURE_ENCODING: &str = "văn bản không rõ bảng mã (text in an encoding that cannot be told)";

/// What is said of a file at which the reading library fails.
const CONTRADICTORY: &str = "nội dung tệp mâu thuẫn (contents that contradict themselves)";

/// A workbook, opened: its sheets, and what was noticed on the way.
pub(crate) struct OpenedWorkbook {
    pub sheets: Vec<SheetGrid>,
    pub observations: Vec<Observation>,
}

/// Opens a workbook in this process and reads all that it shows, in today's letters.
///
/// # Errors
/// The one observation that says why it cannot be opened, or that we have written it ourselves and wait for no answer.
pub(crate) fn open(
    bytes: &[u8],
    name: &str,
    purpose: Purpose,
) -> Result<OpenedWorkbook, Box<Observation>> {
    let file = IncomingFile {
        name,
        bytes,
        limits: purpose.limits(),
    };
    if let Some(ours) = output_mark(bytes).filter(|kind| !kind.is_awaited()) {
        return Err(Box::new(observe(Check::OwnOutput, ours.title())));
    }
    let (mut sheets, format) = load(&file, purpose)?;
    let mut observations: Vec<Observation> = sheets.iter_mut().flat_map(leave_out_hidden).collect();
    observations.extend(sheets.iter_mut().filter_map(leave_out_hidden_sheet));
    observations.extend(convert_to_unicode(&mut sheets, || fonts(&file, format)));
    Ok(OpenedWorkbook {
        sheets,
        observations,
    })
}

/// Opens a workbook in this process and reads all that is in it, hidden or not, in today's letters.
///
/// # Errors
/// The one observation that says why it cannot be opened.
pub(crate) fn open_all(bytes: &[u8]) -> Result<Vec<SheetGrid>, Box<Observation>> {
    let file = IncomingFile {
        name: "",
        bytes,
        limits: Purpose::Report.limits(),
    };
    let (mut sheets, format) = load(&file, Purpose::Report)?;
    convert_to_unicode(&mut sheets, || fonts(&file, format));
    Ok(sheets)
}

fn fonts(file: &IncomingFile<'_>, format: &dyn FileFormat) -> CellFonts {
    format.fonts(file)
}

fn load(
    file: &IncomingFile<'_>,
    purpose: Purpose,
) -> Result<(Vec<SheetGrid>, &'static dyn FileFormat), Box<Observation>> {
    let refuse = |check, found: String| Err(Box::new(observe(check, found)));
    let contents = Contents::of(file.bytes);
    let Some(format) = recognise(&contents).filter(|format| format.is_read_for(purpose)) else {
        return match contents {
            Contents::Empty => refuse(Check::EmptyFile, String::new()),
            Contents::Encrypted => refuse(Check::EncryptedWorkbook, String::new()),
            Contents::Archive(files) => refuse(Check::ZippedFiles, files),
            Contents::Other(what) => refuse(Check::UnknownFormat, what.to_owned()),
            // A text is all that is read for some purposes only.
            _ => refuse(Check::UnknownFormat, "text".to_owned()),
        };
    };
    // A fault of the reading library on one workbook must not take the others along.
    match catch_unwind(AssertUnwindSafe(|| format.open(file))) {
        Ok(Ok(sheets)) => Ok((sheets, format)),
        Ok(Err(OpenError::TooLarge(limit))) => refuse(Check::TooLarge, limit),
        Ok(Err(OpenError::Damaged(error))) => refuse(Check::DamagedWorkbook, error),
        Ok(Err(OpenError::UnsureEncoding)) => {
            refuse(Check::UnknownFormat, UNSURE_ENCODING.to_owned())
        }
        Err(_) => refuse(Check::DamagedWorkbook, CONTRADICTORY.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{UNSURE_ENCODING, open, open_all};
    use crate::limits::Purpose;
    use model::Check;

    fn refused(bytes: &[u8], purpose: Purpose) -> (Check, String) {
        let observation = open(bytes, "a", purpose).err().unwrap();
        (observation.check, observation.found)
    }

    #[test]
    fn what_is_no_workbook_is_refused_by_name() {
        for (bytes, check, found) in [
            (&b""[..], Check::EmptyFile, ""),
            (b"%PDF-1.7", Check::UnknownFormat, "PDF"),
            (b"a,b", Check::UnknownFormat, "text"),
            (b"Rar!\x1a\x07", Check::ZippedFiles, ".rar"),
        ] {
            assert_eq!(refused(bytes, Purpose::Report), (check, found.to_owned()));
        }
        assert_eq!(
            refused(b"PK\x03\x04 cut off", Purpose::Report).0,
            Check::DamagedWorkbook
        );
    }

    #[test]
    fn a_list_may_be_text_and_a_report_may_not() {
        let opened = open(b"a,b", "a.csv", Purpose::List).ok().unwrap();
        assert_eq!(opened.sheets[0].name, "a.csv");
        assert_eq!(refused(b"", Purpose::List).0, Check::EmptyFile);
        assert_eq!(
            refused(b"<table>", Purpose::List),
            (
                Check::UnknownFormat,
                "HTML (trang web, web page)".to_owned()
            )
        );
        let unsure = refused(b"Nu\xf1ez;Yal\xe7\xfdn\n", Purpose::List);
        assert_eq!(unsure, (Check::UnknownFormat, UNSURE_ENCODING.to_owned()));
    }

    #[test]
    fn what_is_hidden_is_left_out_of_a_report_and_kept_in_a_copy() {
        let bytes = testkit::workbook(
            "== A\na\n@@<row r=\"2\" hidden=\"1\"><c r=\"A2\"><v>5</v></c></row>\n==hidden B\nb\n",
        );
        let opened = open(&bytes, "a.xlsx", Purpose::Report).ok().unwrap();
        let rows: Vec<usize> = opened.sheets.iter().map(|sheet| sheet.rows.len()).collect();
        assert_eq!((rows, opened.observations.len()), (vec![1, 0], 2));
        let all = open_all(&bytes).unwrap();
        let rows: Vec<usize> = all.iter().map(|sheet| sheet.rows.len()).collect();
        assert_eq!(rows, [2, 1]);
    }
}
