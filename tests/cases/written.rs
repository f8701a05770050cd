//! Whether the documents that were written are whole, keep to Excel's limits, and hold no formula that a sender wrote as a
//! text.

use crate::office::Office;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use zip::ZipArchive;

/// Excel opens no more on a sheet, or in a cell, or in a name.
const MOST_LINKS: usize = 65_530;
const LONGEST_TEXT: usize = 32_767;
const LONGEST_NAME: usize = 31;

/// What is wrong with the workbooks and letters of a workspace.
pub(super) fn faults(office: &Office) -> Vec<String> {
    let mut written = Vec::new();
    for folder in ["reports", "returned", "review"] {
        documents(&office.path(folder), &mut written);
    }
    let mut faults = Vec::new();
    if written.is_empty() {
        faults.push("nothing was written".to_owned());
    }
    for document in written {
        let name = document.file_name().unwrap_or_default().display();
        match faults_of(&document) {
            Ok(found) => faults.extend(found.iter().map(|fault| format!("{name} {fault}"))),
            Err(fault) => faults.push(format!("{name}: {fault}")),
        }
    }
    faults
}

/// The workbooks and letters below a folder.
fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_dir() {
            documents(&path, found);
        } else if matches!(extension, Some("xlsx" | "docx")) {
            found.push(path);
        }
    }
}

fn faults_of(document: &Path) -> Result<Vec<String>, String> {
    let file = File::open(document).map_err(|fault| fault.to_string())?;
    let mut parts = ZipArchive::new(file).map_err(|fault| fault.to_string())?;
    let mut faults = Vec::new();
    for place in 0..parts.len() {
        let mut part = parts.by_index(place).map_err(|fault| fault.to_string())?;
        let name = part.name().map_err(|fault| fault.to_string())?.into_owned();
        let is_xml = [".xml", ".rels"].iter().any(|end| name.ends_with(end));
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes)
            .map_err(|fault| format!("{name}: {fault}"))?;
        if is_xml {
            let xml = String::from_utf8(bytes).map_err(|fault| format!("{name}: {fault}"))?;
            let found = faults_of_part(&xml);
            faults.extend(found.iter().map(|fault| format!("{name}: {fault}")));
        }
    }
    Ok(faults)
}

/// What is wrong with a part of a document, which must be XML.
fn faults_of_part(xml: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(c) = xml.chars().find(|&c| !is_of_xml(c)) {
        faults.push(format!("{c:?} is not of XML"));
    }
    let mut reader = Reader::from_str(xml);
    let (mut depth, mut links) = (0_usize, 0);
    // The text of the innermost element.
    let mut inside = String::new();
    let mut sheets = BTreeSet::new();
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Err(fault) => {
                faults.push(fault.to_string());
                depth = 0;
                break;
            }
            Ok(event @ (Event::Start(_) | Event::Empty(_))) => {
                depth += usize::from(matches!(event, Event::Start(_)));
                let (Event::Start(element) | Event::Empty(element)) = event else {
                    continue;
                };
                inside.clear();
                links += usize::from(element.local_name().as_ref() == "hyperlink");
                match attributes(&element) {
                    Err(fault) => faults.push(fault),
                    Ok(attributes) if element.local_name().as_ref() == "sheet" => {
                        let name = attributes.into_iter().find(|(name, _)| name == "name");
                        let name = name.map(|(_, value)| value).unwrap_or_default();
                        faults.extend(name_fault(&name));
                        if !sheets.insert(name.to_lowercase()) {
                            faults.push(format!("two sheets are called {name}"));
                        }
                    }
                    Ok(_) => {}
                }
            }
            Ok(Event::End(element)) => {
                depth = depth.saturating_sub(1);
                // Charts have formulas of their own, under a prefix: the cells they show.
                match element.name().as_ref() {
                    "f" if !is_ours(&inside) => faults.push(format!("formula {inside}")),
                    "t" if inside.chars().count() > LONGEST_TEXT => {
                        faults.push(format!("a text of {} characters", inside.chars().count()));
                    }
                    _ => {}
                }
                inside.clear();
            }
            Ok(Event::Text(text)) => inside.push_str(&text),
            Ok(Event::CData(text)) => inside.push_str(&text),
            Ok(Event::GeneralRef(reference)) => {
                let escaped = format!("&{};", &*reference);
                match quick_xml::escape::unescape(&escaped) {
                    Ok(character) => inside.push_str(&character),
                    Err(fault) => faults.push(fault.to_string()),
                }
            }
            Ok(_) => {}
        }
    }
    if depth > 0 {
        faults.push("it ends too soon".to_owned());
    }
    if links > MOST_LINKS {
        faults.push(format!("{links} links"));
    }
    faults
}

/// The attributes of an element, without escapes.
fn attributes(element: &BytesStart<'_>) -> Result<Vec<(String, String)>, String> {
    let mut attributes = Vec::new();
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|fault| fault.to_string())?;
        let value = quick_xml::escape::unescape(&attribute.value).map_err(|e| e.to_string())?;
        attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    Ok(attributes)
}

/// Whether a character may stand in XML at all.
fn is_of_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..) && !matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// What Excel does not like of the name of a sheet.
fn name_fault(name: &str) -> Option<String> {
    let is_sound = !name.is_empty()
        && name.encode_utf16().count() <= LONGEST_NAME
        && !name.contains(['[', ']', ':', '*', '?', '/', '\\'])
        && !name.starts_with('\'')
        && !name.ends_with('\'');
    (!is_sound).then(|| format!("a sheet is called {name:?}"))
}

/// Whether a formula is one of the program's: a sum of cells, of all or of those that a filter leaves, or a cell divided by
/// another.
fn is_ours(formula: &str) -> bool {
    let is_cells = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '$' | ':'))
    };
    let sum = ["SUM(", "SUBTOTAL(9,", "SUBTOTAL(109,"]
        .iter()
        .find_map(|of| formula.strip_prefix(of)?.strip_suffix(')'));
    match (sum, formula.split_once('/')) {
        (Some(cells), _) => is_cells(cells),
        (None, Some((part, whole))) => is_cells(part) && is_cells(whole),
        (None, None) => false,
    }
}

#[test]
fn parts_that_are_not_sound_are_told() {
    let sound = "<a b=\"1\"><f>SUM(A1:A9)</f><f>SUBTOTAL(9,A1:A9)</f><f>SUBTOTAL(109,A1:A9)</f><f>B$2/C2</f><t>x &amp; y</t><sheet name=\"Biểu 3\"/></a>";
    assert_eq!(faults_of_part(sound), Vec::<String>::new());
    let long = format!("<a><t>{}</t></a>", "x".repeat(LONGEST_TEXT + 1));
    let links = format!("<a>{}</a>", "<hyperlink/>".repeat(MOST_LINKS + 1));
    for unsound in [
        "<a><b></a>",
        "<a>",
        "<a>\u{B}</a>",
        "<a>&nothing;</a>",
        "<a b=\"&nothing;\"/>",
        "<a b=\"1\" b=\"2\"/>",
        "<a><f>HYPERLINK(\"http://x.invalid\")</f></a>",
        "<a><f>-2+3</f></a>",
        "<a><sheet name=\"1/2\"/></a>",
        "<a><sheet name=\"a name that is longer than Excel lets it be\"/></a>",
        "<a><sheet name=\"A\"/><sheet name=\"a\"/></a>",
        &long,
        &links,
    ] {
        assert_eq!(faults_of_part(unsound).len(), 1, "{unsound:.60}");
    }
}
