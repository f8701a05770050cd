//! The formats of files that are read, one file or folder each.
//!
//! A new format is a file that implements [`FileFormat`](file_format::FileFormat) and its line in [`FORMATS`].

mod calamine_values;
mod cell_styles;
mod csv;
pub(crate) mod file_format;
mod filtered_rows;
pub(crate) mod foreign;
mod little_endian;
mod number_format;
mod ods;
mod relations;
mod row_collector;
mod whole_ranges;
pub(crate) mod xls;
mod xlsb;
mod xlsx;
mod xml;
mod zip_members;

use file_format::FileFormat;

/// The formats, in the order they are asked whether a file is theirs.
///
/// .xlsx takes any zip and .csv any text, so those that look closer come before them.
static FORMATS: [&dyn FileFormat; 5] = [&xlsb::Xlsb, &ods::Ods, &xlsx::Xlsx, &xls::Xls, &csv::Csv];

/// The format of a file by what is in it, whatever its name says; nothing if it is none of ours.
pub(crate) fn recognise(bytes: &[u8]) -> Option<&'static dyn FileFormat> {
    FORMATS.into_iter().find(|format| format.recognises(bytes))
}

#[cfg(test)]
mod tests {
    use super::{FORMATS, recognise};
    use crate::limits::Purpose;

    /// Any zip may be an .xlsx and any text a .csv, so each must come behind those that look closer.
    #[test]
    fn each_format_is_found_though_a_later_one_would_take_it() {
        let zip = |member: &str| [b"PK\x03\x04\0\0", member.as_bytes()].concat();
        for (place, bytes) in [
            zip("xl/workbook.bin"),
            zip("content.xml"),
            zip("xl/workbook.xml"),
            super::foreign::COMPOUND.to_vec(),
            b"a;b".to_vec(),
        ]
        .iter()
        .enumerate()
        {
            let found = FORMATS.iter().position(|format| format.recognises(bytes));
            assert_eq!(found, Some(place));
        }
        assert!(recognise(b"%PDF-1.7").is_none());
    }

    #[test]
    fn only_lists_may_be_text() {
        let text = recognise("Tên doanh nghiệp,MST\n".as_bytes()).unwrap();
        assert!(text.is_read_for(Purpose::List) && !text.is_read_for(Purpose::Report));
    }
}
