use crate::archive::{Member, archive};
use crate::text::{CellText, Rows, escaped, serial, sheets};
use std::fmt::Write as _;

/// An .xlsx from text, written part by part, so that it is not made by the code that is tested.
///
/// # Panics
/// When the archive cannot be written, which memory always can.
pub fn workbook(text: &str) -> Vec<u8> {
    archive(&xlsx_parts(text))
}

/// The parts of an .xlsx from text, by their names.
pub fn xlsx_parts(text: &str) -> Vec<Member> {
    let sheets = sheets(text);
    let mut parts = vec![
        (
            "[Content_Types].xml".to_owned(),
            content_types(sheets.len()),
        ),
        ("_rels/.rels".to_owned(), RELATIONS.to_owned()),
        ("xl/workbook.xml".to_owned(), workbook_xml(&sheets)),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            workbook_relations(sheets.len()),
        ),
        ("xl/styles.xml".to_owned(), STYLES.to_owned()),
    ];
    for (i, (_, rows)) in sheets.iter().enumerate() {
        parts.push((format!("xl/worksheets/sheet{}.xml", i + 1), sheet_xml(rows)));
    }
    parts
        .into_iter()
        .map(|(name, part)| (name, part.into_bytes()))
        .collect()
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
Target=\"xl/workbook.xml\"/></Relationships>";
const STYLES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
<fonts count=\"1\"><font><sz val=\"11\"/><name val=\"Times New Roman\"/></font></fonts>\
<fills count=\"1\"><fill><patternFill patternType=\"none\"/></fill></fills>\
<borders count=\"1\"><border/></borders>\
<cellStyleXfs count=\"1\"><xf/></cellStyleXfs>\
<cellXfs count=\"2\"><xf/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>";

fn content_types(sheets: usize) -> String {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let mut xml = format!(
        "{XML}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/>\
         <Override PartName=\"/xl/styles.xml\" ContentType=\"{kind}.styles+xml\"/>"
    );
    for i in 1..=sheets {
        let _ = write!(
            xml,
            "<Override PartName=\"/xl/worksheets/sheet{i}.xml\" ContentType=\"{kind}.worksheet+xml\"/>"
        );
    }
    xml + "</Types>"
}

fn workbook_xml(sheets: &[(String, Rows)]) -> String {
    let mut xml = format!("{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>");
    for (i, (name, _)) in (1..).zip(sheets) {
        // '==hidden name' is a sheet that is not shown.
        let (name, state) = match name.strip_prefix("hidden ") {
            Some(name) => (name, " state=\"hidden\""),
            None => (name.as_str(), ""),
        };
        let _ = write!(
            xml,
            "<sheet name=\"{}\" sheetId=\"{i}\"{state} r:id=\"rId{i}\"/>",
            escaped(name)
        );
    }
    xml + "</sheets></workbook>"
}

fn workbook_relations(sheets: usize) -> String {
    let mut xml = format!("{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for i in 1..=sheets {
        let _ = write!(
            xml,
            "<Relationship Id=\"rId{i}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>"
        );
    }
    let _ = write!(
        xml,
        "<Relationship Id=\"rId{}\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>",
        sheets + 1
    );
    xml
}

fn sheet_xml(rows: &Rows) -> String {
    let mut xml = format!("{XML}<worksheet xmlns=\"{MAIN}\"><sheetData>");
    for (row, cells) in (1..).zip(rows) {
        // '@@<row>…' is written as it is.
        if let Some(raw) = cells.first().and_then(|cell| cell.strip_prefix("@@")) {
            xml.push_str(raw);
            continue;
        }
        // '@XFD1048576 text' is a text in that cell.
        if let Some((at, text)) = cells
            .first()
            .and_then(|cell| cell.strip_prefix('@')?.split_once(' '))
        {
            let row = at.trim_start_matches(|c: char| c.is_ascii_uppercase());
            let _ = write!(xml, "<row r=\"{row}\">{}</row>", text_xml(at, text));
            continue;
        }
        let _ = write!(xml, "<row r=\"{row}\">");
        for (col, cell) in cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.is_empty())
        {
            xml.push_str(&cell_xml(&format!("{}{row}", letters(col)), cell));
        }
        xml.push_str("</row>");
    }
    xml + "</sheetData></worksheet>"
}

fn cell_xml(at: &str, cell: &str) -> String {
    match CellText::of(cell) {
        CellText::Empty => String::new(),
        CellText::Text(text) => text_xml(at, text),
        CellText::Formula(formula) => format!("<c r=\"{at}\"><f>{}</f></c>", escaped(formula)),
        CellText::Error(error) => format!("<c r=\"{at}\" t=\"e\"><v>{error}</v></c>"),
        CellText::Day(day) => format!("<c r=\"{at}\" s=\"1\"><v>{}</v></c>", serial(day)),
        CellText::Number(digits) => format!("<c r=\"{at}\"><v>{digits}</v></c>"),
    }
}

fn text_xml(at: &str, text: &str) -> String {
    format!(
        "<c r=\"{at}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
        escaped(text)
    )
}

fn letters(col: usize) -> String {
    let last = char::from(b'A' + u8::try_from(col % 26).unwrap_or(0));
    if col < 26 {
        last.to_string()
    } else {
        letters(col / 26 - 1) + &last.to_string()
    }
}
