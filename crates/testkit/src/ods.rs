use crate::archive::{Member, archive};
use crate::text::{CellText, escaped, sheets};
use std::fmt::Write as _;

const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";
const URN: &str = "urn:oasis:names:tc:opendocument:xmlns";

/// An .ods from text, as [`workbook`](crate::workbook) makes an .xlsx.
///
/// # Panics
/// When the archive cannot be written, which memory always can.
pub fn ods(text: &str) -> Vec<u8> {
    archive(&ods_parts(text))
}

/// The parts of an .ods from text, by their names.
pub fn ods_parts(text: &str) -> Vec<Member> {
    let mut tables = String::new();
    for (name, rows) in sheets(text) {
        let _ = write!(tables, "<table:table table:name=\"{}\">", escaped(&name));
        for row in rows {
            tables.push_str("<table:table-row>");
            row.iter().for_each(|cell| tables.push_str(&cell_xml(cell)));
            tables.push_str("</table:table-row>");
        }
        tables.push_str("</table:table>");
    }
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content xmlns:office=\"{URN}:office:1.0\" \
         xmlns:table=\"{URN}:table:1.0\" xmlns:text=\"{URN}:text:1.0\" office:version=\"1.2\"><office:body>\
         <office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    let manifest = format!(
        "<?xml version=\"1.0\"?><manifest:manifest xmlns:manifest=\"{URN}:manifest:1.0\">\
         <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"{KIND}\"/></manifest:manifest>"
    );
    let part = |name: &str, content: String| (name.to_owned(), content.into_bytes());
    vec![
        part("mimetype", KIND.to_owned()),
        part("content.xml", content),
        part("META-INF/manifest.xml", manifest),
    ]
}

fn cell_xml(cell: &str) -> String {
    let of = |kind: &str, more: &str, shown: &str| {
        format!(
            "<table:table-cell office:value-type=\"{kind}\"{more}><text:p>{}</text:p></table:table-cell>",
            escaped(shown)
        )
    };
    match CellText::of(cell) {
        CellText::Empty => "<table:table-cell/>".to_owned(),
        CellText::Text(text) => of("string", "", text),
        CellText::Number(digits) => of("float", &format!(" office:value=\"{digits}\""), digits),
        CellText::Day(day) => of(
            "date",
            &format!(" office:date-value=\"{day}\""),
            &day.to_string(),
        ),
        CellText::Error(error) => of("string", "", error),
        CellText::Formula(formula) => {
            let formula = format!(
                " table:formula=\"of:={}\" office:value=\"0\"",
                escaped(formula)
            );
            of("float", &formula, "0")
        }
    }
}
