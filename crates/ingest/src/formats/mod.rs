//! The formats of files that are read, one file or folder each.
//!
//! A new format is a file that implements [`FileFormat`](file_format::FileFormat), its kind of [`Contents`] and its line in
//! [`recognise`].

mod calamine_values;
mod cell_styles;
pub(crate) mod contents;
pub(crate) mod csv;
pub(crate) mod file_format;
mod filtered_rows;
mod little_endian;
mod number_format;
mod ods;
pub(crate) mod output_mark;
mod relations;
mod row_collector;
mod stored_results;
pub(crate) mod text_encoding;
mod whole_ranges;
pub(crate) mod xls;
mod xlsb;
mod xlsx;
mod xml;
mod zip_directory;
mod zip_members;

use contents::Contents;
use file_format::FileFormat;

/// What reads a file of those contents; nothing if none of ours does.
pub(crate) fn recognise(contents: &Contents) -> Option<&'static dyn FileFormat> {
    match contents {
        Contents::Xlsx => Some(&xlsx::Xlsx),
        Contents::Xlsb => Some(&xlsb::Xlsb),
        Contents::Ods => Some(&ods::Ods),
        Contents::Xls => Some(&xls::Xls),
        Contents::Text => Some(&csv::Csv),
        Contents::Empty | Contents::Encrypted | Contents::Archive(_) | Contents::Other(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::contents::Contents;
    use super::recognise;
    use crate::limits::Purpose;

    #[test]
    fn only_lists_may_be_text() {
        let text = recognise(&Contents::Text).unwrap();
        assert!(text.is_read_for(Purpose::List) && !text.is_read_for(Purpose::Report));
        let workbook = recognise(&Contents::Xls).unwrap();
        assert!(workbook.is_read_for(Purpose::List) && workbook.is_read_for(Purpose::Report));
        assert!(recognise(&Contents::Empty).is_none());
    }
}
