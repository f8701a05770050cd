//! The mark of what we write ourselves, read from the properties of a document. Whoever saves it in another format keeps its
//! properties: they lie elsewhere then.

use crate::formats::contents::{COMPOUND, ZIP};
use crate::formats::relations::Relations;
use crate::formats::xml::in_utf8;
use model::OutputKind;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The most bytes of a part that are searched.
const MAX_PART: u64 = 1 << 20;
/// So much of the beginning of a page holds its properties.
const HEAD: usize = 16 << 10;
/// The property sets of a compound file ([MS-OLEPS]).
const PROPERTY_SETS: [&str; 2] = [
    "/\u{5}SummaryInformation",
    "/\u{5}DocumentSummaryInformation",
];

/// Which of our own documents a file is, by its mark; nothing if it has none.
pub(crate) fn output_mark(bytes: &[u8]) -> Option<OutputKind> {
    match () {
        () if bytes.starts_with(ZIP) => of_zip(bytes),
        () if bytes.starts_with(COMPOUND) => {
            // A damaged file is refused where it is read.
            std::panic::catch_unwind(|| of_compound(bytes)).unwrap_or_default()
        }
        () if bytes.trim_ascii_start().starts_with(b"<") => {
            mark_in(&in_utf8(&bytes[..bytes.len().min(HEAD)]))
        }
        () => None,
    }
}

fn of_zip(bytes: &[u8]) -> Option<OutputKind> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let names: Vec<String> = archive
        .file_names()
        .flatten()
        .map(|name| name.into_owned())
        .collect();
    let mut part = |wanted: &str| {
        let name = names
            .iter()
            .find(|name| name.eq_ignore_ascii_case(wanted))?;
        let mut part = Vec::new();
        // What could be read of it may do.
        let member = archive.by_name(name).ok()?;
        let _ = member.take(MAX_PART).read_to_end(&mut part);
        Some(in_utf8(&part).into_owned())
    };
    let relations = Relations::read(&part("_rels/.rels").unwrap_or_default(), "");
    let of_package = ["core-properties", "custom-properties"];
    let of_package = of_package
        .iter()
        .flat_map(|kind| relations.all_of_kind(kind));
    let mut paths = of_package
        .map(|relation| relation.path.as_str())
        .chain(["meta.xml"]);
    paths.find_map(|path| mark_in(&part(path)?))
}

fn of_compound(bytes: &[u8]) -> Option<OutputKind> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    PROPERTY_SETS.iter().find_map(|name| {
        let mut set = Vec::new();
        let stream = file.open_stream(name).ok()?;
        stream.take(MAX_PART).read_to_end(&mut set).ok()?;
        // Texts are in a code page, or in UTF-16; the letters of a mark are the same in all code pages.
        let narrow: Vec<u8> = set.iter().copied().filter(|byte| *byte != 0).collect();
        mark_in(&set).or_else(|| mark_in(&narrow))
    })
}

fn mark_in(properties: &[u8]) -> Option<OutputKind> {
    let holds =
        |kind: &&OutputKind| memchr::memmem::find(properties, kind.mark().as_bytes()).is_some();
    OutputKind::ALL.iter().find(holds).copied()
}

#[cfg(test)]
mod tests {
    use super::output_mark;
    use crate::formats::zip_members::archive_of;
    use model::OutputKind;
    use std::io::Write;

    fn package(kind: &str, part: &str, properties: &[u8]) -> Vec<u8> {
        let relations = format!(
            "<Relationships><Relationship Id=\"a\" Type=\"x/{kind}\" Target=\"{part}\"/></Relationships>"
        );
        archive_of([("_rels/.rels", relations.as_bytes()), (part, properties)]).unwrap()
    }

    #[test]
    fn the_mark_is_found_wherever_a_format_keeps_its_properties() {
        let mark = OutputKind::AnnualReport.mark();
        let keywords = format!("<p><keywords>a, {mark}</keywords></p>");
        let wide: Vec<u8> = mark.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let compound = |set: &[u8]| {
            let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
            let mut stream = file.create_stream("/\u{5}SummaryInformation").unwrap();
            stream.write_all(set).unwrap();
            drop(stream);
            file.into_inner().into_inner()
        };
        for (what, bytes) in [
            (
                "core",
                package("core-properties", "docProps/core.xml", keywords.as_bytes()),
            ),
            (
                "elsewhere",
                package("core-properties", "a/b.psmdcp", keywords.as_bytes()),
            ),
            (
                "custom",
                package(
                    "custom-properties",
                    "docProps/custom.xml",
                    keywords.as_bytes(),
                ),
            ),
            (
                "ods",
                archive_of([("meta.xml", keywords.as_bytes())]).unwrap(),
            ),
            ("xls", compound(mark.as_bytes())),
            ("xls, wide", compound(&wide)),
            (
                "page",
                format!("<!DOCTYPE html><meta name=\"keywords\" content=\"{mark}\">").into_bytes(),
            ),
        ] {
            assert_eq!(
                output_mark(&bytes),
                Some(OutputKind::AnnualReport),
                "{what}"
            );
        }
    }

    #[test]
    fn what_stands_in_cells_is_no_mark() {
        let mark = OutputKind::AnnualReport.mark();
        let workbook = testkit::workbook(&format!("== A\n{mark}\n"));
        for bytes in [&*workbook, mark.as_bytes(), b"PK\x03\x04", b""] {
            assert_eq!(output_mark(bytes), None);
        }
    }
}
