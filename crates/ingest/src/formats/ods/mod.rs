//! OpenDocument spreadsheets (.ods).
//!
//! The library gives the cells; how they are shown, what is hidden and spanned is read here.

mod content;
mod data_styles;
mod styles;

use crate::formats::cell_styles::strike;
use crate::formats::file_format::{FileFormat, IncomingFile, OpenError};
use crate::formats::whole_ranges::read_ranges;
use crate::formats::zip_members::{ZipMembers, archive_of};
use crate::grid::{SheetGrid, Value};
use content::OdsContent;
use styles::OdsStyles;

const CONTENT: &str = "content.xml";
/// What else the library asks for.
const MANIFEST: &str = "META-INF/manifest.xml";

pub(crate) struct Ods;

impl FileFormat for Ods {
    fn open(&self, file: &IncomingFile<'_>) -> Result<Vec<SheetGrid>, OpenError> {
        let members = ZipMembers::unzip(file)?;
        let part = members.member(CONTENT);
        let styles = OdsStyles::read(&[members.member("styles.xml"), part]);
        let content = OdsContent::read(part, &styles, file.limits).map_err(OpenError::TooLarge)?;
        let stored = match content.without_struck(part) {
            None => members.into_stored(),
            Some(shown) => archive_of([(CONTENT, &*shown), (MANIFEST, members.member(MANIFEST))]),
        };
        let bytes = stored.as_deref().unwrap_or(file.bytes);
        let mut sheets =
            read_ranges(bytes, file.limits, |_, _, _| {}).map_err(OpenError::Damaged)?;
        for (sheet, part) in sheets.iter_mut().zip(content.sheets) {
            sheet.hidden = part.hidden;
            sheet.merged = part.merged;
            for (at, formula) in part.uncalculated {
                sheet.put(at, Value::Formula(formula));
            }
            styles.cells.apply(sheet, &part.styled);
            strike(sheet, &part.struck);
        }
        Ok(sheets)
    }
}
