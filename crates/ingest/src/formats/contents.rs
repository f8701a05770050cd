//! What a file is, by what is in it and never by its name: one of the formats that are read, or something that people send
//! by mistake, which the finding can then name.
//!
//! What a container holds is told by its directory: a workbook with a document embedded in it is a workbook.

use crate::formats::relations::Relations;
use crate::formats::text_encoding::is_text;
use crate::formats::xml::{attribute, each_element, in_utf8};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The first bytes of a zip (.xlsx, .xlsb, .ods, .docx).
pub(crate) const ZIP: &[u8] = b"PK\x03\x04";
/// The first bytes of a zip's end, behind its directory.
const ZIP_END: &[u8] = b"PK\x05\x06";
/// The first bytes of a compound file ([MS-CFB]: .xls, .doc, and any protected workbook).
pub(crate) const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// The most bytes of a small part that are read to tell what a package is.
const MAX_PART: u64 = 1 << 20;
/// So much of the beginning shows what kind of text a file is.
const HEAD: usize = 2_048;
/// So many files of an archive are named.
const MAX_NAMED: usize = 5;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Contents {
    /// A workbook of XML in a zip; a damaged zip as well, so that the finding says 'damaged'.
    Xlsx,
    Xlsb,
    Ods,
    /// A compound file that says nothing else.
    Xls,
    /// A text, in whatever encoding.
    Text,
    /// Nothing but blanks.
    Empty,
    /// A workbook behind a password, which is a compound file whatever is inside.
    Encrypted,
    /// An archive of files, some of them named.
    Archive(String),
    /// Something else, in words for the sender.
    Other(&'static str),
}

impl Contents {
    /// What bytes are.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        match () {
            () if bytes.iter().all(u8::is_ascii_whitespace) => Self::Empty,
            () if bytes.starts_with(COMPOUND) => of_compound(bytes),
            () if bytes.starts_with(ZIP) => of_zip(bytes).unwrap_or(Self::Xlsx),
            () => known_start(bytes)
                .or_else(|| of_page(bytes))
                .or_else(|| of_zip_within(bytes))
                .or_else(|| of_data(bytes))
                .unwrap_or_else(|| match is_text(bytes) {
                    true => Self::Text,
                    false => Self::Other("?"),
                }),
        }
    }
}

/// A zip with something before it, as gateways of mail leave it; only if it is a workbook.
fn of_zip_within(bytes: &[u8]) -> Option<Contents> {
    // The end may be followed by a comment of at most 64 KiB.
    let tail = &bytes[bytes.len().saturating_sub(66_000)..];
    memchr::memmem::rfind(tail, ZIP_END)?;
    let found = of_zip(bytes)?;
    matches!(found, Contents::Xlsx | Contents::Xlsb | Contents::Ods).then_some(found)
}

/// What a zip holds; nothing if it has no directory.
fn of_zip(bytes: &[u8]) -> Option<Contents> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    // Case and slashes are a matter of the program that wrote it.
    let names: Vec<(usize, String)> = (0..archive.len())
        .filter_map(|at| {
            let member = archive.by_index_raw(at).ok()?;
            Some((at, member.name().ok()?.replace('\\', "/")))
        })
        .collect();
    let place = |wanted: &str| {
        let wanted = wanted.trim_start_matches('/');
        names
            .iter()
            .find(|(_, name)| name.trim_start_matches('/').eq_ignore_ascii_case(wanted))
            .map(|(at, _)| *at)
    };
    let mut part = |name: &str| {
        let mut bytes = Vec::new();
        if let Some(member) = place(name).and_then(|at| archive.by_index(at).ok()) {
            // What could be read of it may do.
            let _ = member.take(MAX_PART).read_to_end(&mut bytes);
        }
        in_utf8(&bytes).into_owned()
    };
    let holds = |wanted: &dyn Fn(&str) -> bool| {
        let mut names = names.iter();
        names.any(|(_, name)| wanted(&name.to_ascii_lowercase()))
    };
    if place("_rels/.rels").is_some() || place("[Content_Types].xml").is_some() {
        let relations = Relations::read(&part("_rels/.rels"), "");
        let main = relations.of_kind("officeDocument");
        let main = main.map_or("", |relation| relation.path.as_str());
        let kind = content_type(&part("[Content_Types].xml"), main);
        return Some(of_package(main, &kind));
    }
    if place("content.xml").is_some() || place("mimetype").is_some() {
        let kind = part("mimetype");
        let kind = String::from_utf8_lossy(&kind);
        const OASIS: &str = "application/vnd.oasis.opendocument.";
        return Some(match kind.trim().strip_prefix(OASIS) {
            Some(kind) if kind.starts_with("spreadsheet") => Contents::Ods,
            Some(kind) if kind.starts_with("text") => Contents::Other("OpenDocument Text (.odt)"),
            Some(_) => Contents::Other("OpenDocument"),
            None => Contents::Ods,
        });
    }
    if holds(&|name| name.ends_with(".iwa")) {
        return Some(Contents::Other("Apple Numbers/Pages"));
    }
    // A package that lost its first parts.
    if holds(&|name| name.starts_with("xl/")) {
        return Some(Contents::Xlsx);
    }
    let files = names.iter().map(|(_, name)| name.as_str());
    let files: Vec<&str> = files.filter(|name| !name.ends_with('/')).collect();
    let more = if files.len() > MAX_NAMED { ", …" } else { "" };
    let named = files.into_iter().take(MAX_NAMED).collect::<Vec<_>>();
    Some(Contents::Archive(named.join(", ") + more))
}

/// The type that a package says of one of its parts; empty if it says none.
fn content_type(types: &[u8], part: &str) -> String {
    let mut found = String::new();
    each_element(types, |element| {
        let name = attribute(element, "PartName").unwrap_or_default();
        if name.trim_start_matches('/').eq_ignore_ascii_case(part) {
            found = attribute(element, "ContentType").unwrap_or_default();
        }
    });
    found.to_ascii_lowercase()
}

/// What a package is, by its main part and the type of it.
fn of_package(main: &str, kind: &str) -> Contents {
    let main = main.to_ascii_lowercase();
    match () {
        () if kind.contains("sheet.binary") || main.ends_with("workbook.bin") => Contents::Xlsb,
        () if kind.contains("spreadsheetml") || kind.contains("ms-excel") => Contents::Xlsx,
        () if kind.contains("wordprocessingml")
            || kind.contains("ms-word")
            || main.starts_with("word/") =>
        {
            Contents::Other("Word")
        }
        () if kind.contains("presentationml")
            || kind.contains("ms-powerpoint")
            || main.starts_with("ppt/") =>
        {
            Contents::Other("PowerPoint")
        }
        () => Contents::Xlsx,
    }
}

/// What a compound file holds by the streams at its root: those of embedded objects lie deeper.
fn of_compound(bytes: &[u8]) -> Contents {
    const STREAMS: [(&str, Contents); 6] = [
        ("Workbook", Contents::Xls),
        ("Book", Contents::Xls),
        ("EncryptedPackage", Contents::Encrypted),
        ("WordDocument", Contents::Other("Word")),
        ("PowerPoint Document", Contents::Other("PowerPoint")),
        ("__properties_version1.0", Contents::Other("Outlook")),
    ];
    let directory = std::panic::catch_unwind(|| cfb::CompoundFile::open(Cursor::new(bytes)).ok());
    let found = match directory.ok().flatten() {
        Some(file) => STREAMS
            .iter()
            .find(|(name, _)| file.is_stream(format!("/{name}"))),
        // The directory cannot be followed: the names in it may be legible all the same.
        None => STREAMS[2..]
            .iter()
            .find(|(name, _)| holds_utf16(bytes, name)),
    };
    found.map_or(Contents::Xls, |(_, contents)| contents.clone())
}

/// The directory names inside a compound file are UTF-16 ([MS-CFB] 2.6.1).
fn holds_utf16(bytes: &[u8], name: &str) -> bool {
    let needle: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    memchr::memmem::find(bytes, &needle).is_some()
}

/// Files that show by their first bytes what they are.
fn known_start(bytes: &[u8]) -> Option<Contents> {
    const STARTS: [(&[u8], &str); 6] = [
        (b"%PDF", "PDF"),
        (b"{\\rtf", "RTF (Word)"),
        (b"\x89PNG", "ảnh PNG (image)"),
        (b"\xff\xd8\xff", "ảnh JPEG (image)"),
        (b"GIF8", "ảnh GIF (image)"),
        (b"ITSF", "CHM"),
    ];
    const ARCHIVES: [(&[u8], &str); 3] = [
        (b"Rar!\x1a\x07", ".rar"),
        (b"7z\xbc\xaf\x27\x1c", ".7z"),
        (b"\x1f\x8b", ".gz"),
    ];
    let bytes = bytes.trim_ascii_start();
    let starts = |(start, name): &(&[u8], &'static str)| bytes.starts_with(start).then_some(*name);
    let known = STARTS.iter().find_map(starts).map(Contents::Other);
    known.or_else(|| {
        let archive = ARCHIVES.iter().find_map(starts)?;
        Some(Contents::Archive(archive.to_owned()))
    })
}

/// Data for other programs, which no sheet was ever saved as.
fn of_data(bytes: &[u8]) -> Option<Contents> {
    if bytes.starts_with(b"PAR1") {
        return Some(Contents::Other("Parquet"));
    }
    let begins = bytes.trim_ascii_start().starts_with(b"{");
    let is_json = begins && serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok();
    is_json.then_some(Contents::Other("JSON"))
}

/// Pages and other texts in which programs write tables and call them '.xls', since Excel opens them.
fn of_page(bytes: &[u8]) -> Option<Contents> {
    let head = in_utf8(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let head = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(&head)
        .trim_ascii_start();
    let holds = |words: &str| memchr::memmem::find(head, words.as_bytes()).is_some();
    let starts = |words: &[&str]| words.iter().any(|word| head.starts_with(word.as_bytes()));
    match () {
        () if starts(&["mime-version:"]) || holds("content-type: multipart/related") => Some(
            Contents::Other("MHTML (trang web một tệp, single-file web page)"),
        ),
        () if holds("urn:schemas-microsoft-com:office:spreadsheet")
            && starts(&["<?xml", "<workbook", "<ss:workbook"]) =>
        {
            Some(Contents::Other("XML Spreadsheet 2003"))
        }
        () if starts(&["<?xml"]) && holds("opendocument:xmlns:office") => {
            Some(Contents::Other("OpenDocument XML (.fods)"))
        }
        () if holds("<html")
            || holds("<table")
            || starts(&[
                "<!doctype html",
                "<meta",
                "<style",
                "<head",
                "<body",
                "<div",
            ]) =>
        {
            Some(Contents::Other("HTML (trang web, web page)"))
        }
        () if starts(&["<?xml"]) => Some(Contents::Other("XML")),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{COMPOUND, Contents};
    use crate::formats::zip_members::archive_of;

    fn compound(name: &str) -> Vec<u8> {
        let name = name.encode_utf16().flat_map(u16::to_le_bytes);
        COMPOUND.iter().copied().chain(name).collect()
    }

    /// A package whose main part lies there, with another file embedded in it as it is.
    fn package(main: &str, kind: &str, embedded: &[u8]) -> Vec<u8> {
        let relations = format!(
            "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" Target=\"{main}\"/></Relationships>"
        );
        let types =
            format!("<Types><Override PartName=\"/{main}\" ContentType=\"{kind}\"/></Types>");
        archive_of([
            ("_rels/.rels", relations.as_bytes()),
            ("[Content_Types].xml", types.as_bytes()),
            (main, b"<x/>"),
            ("xl/embeddings/object", embedded),
        ])
        .unwrap()
    }

    #[test]
    fn packages_are_told_apart_by_their_main_part() {
        let word = package("word/document.xml", "", b"");
        assert_eq!(Contents::of(&word), Contents::Other("Word"));
        let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
        for (main, kind, expected) in [
            ("xl/workbook.xml", "", Contents::Xlsx),
            ("word/odd.xml", sheet, Contents::Xlsx),
            ("xl/workbook.bin", "", Contents::Xlsb),
            (
                "a.bin",
                "application/vnd.ms-excel.sheet.binary.macroEnabled.main",
                Contents::Xlsb,
            ),
            ("ppt/presentation.xml", "", Contents::Other("PowerPoint")),
        ] {
            assert_eq!(
                Contents::of(&package(main, kind, &word)),
                expected,
                "{main}"
            );
        }
    }

    #[test]
    fn an_opendocument_is_told_by_its_type_and_without_one_is_a_spreadsheet() {
        const SHEET: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
        const TEXT: &[u8] = b"application/vnd.oasis.opendocument.text";
        let of = |members: &[(&'static str, &'static [u8])]| {
            Contents::of(&archive_of(members.iter().copied()).unwrap())
        };
        assert_eq!(
            of(&[("content.xml", b""), ("mimetype", SHEET)]),
            Contents::Ods
        );
        assert_eq!(of(&[("content.xml", b"")]), Contents::Ods);
        let text = of(&[("mimetype", TEXT), ("content.xml", b"")]);
        assert_eq!(text, Contents::Other("OpenDocument Text (.odt)"));
        let custom = package("xl/workbook.xml", "", b"content.xml");
        assert_eq!(Contents::of(&custom), Contents::Xlsx);
    }

    #[test]
    fn an_archive_of_files_is_none_and_names_them() {
        let files = ["a.xlsx", "b/c.xlsx", "d", "e", "f", "g"].map(|name| (name, &b"x"[..]));
        let archive = archive_of(files).unwrap();
        let expected = Contents::Archive("a.xlsx, b/c.xlsx, d, e, f, …".to_owned());
        assert_eq!(Contents::of(&archive), expected);
        let rar = Contents::of(b"Rar!\x1a\x07\x00");
        assert_eq!(rar, Contents::Archive(".rar".to_owned()));
    }

    #[test]
    fn a_zip_is_found_behind_other_bytes_if_it_is_a_workbook() {
        let junk = |zip: &[u8]| [b"junk\r\n", zip].concat();
        assert_eq!(
            Contents::of(&junk(&package("xl/workbook.xml", "", b""))),
            Contents::Xlsx
        );
        let files = archive_of([("a.xlsx", &b"x"[..])]).unwrap();
        assert_ne!(Contents::of(&junk(&files)), Contents::Xlsx);
        // Cut off, it is a workbook as far as one can see.
        assert_eq!(Contents::of(b"PK\x03\x04 cut off"), Contents::Xlsx);
    }

    #[test]
    fn what_came_instead_of_a_workbook_is_named() {
        for (bytes, expected) in [
            (&b""[..], Contents::Empty),
            (b" \r\n", Contents::Empty),
            ("Tên doanh nghiệp,MST\n".as_bytes(), Contents::Text),
            (b"a;b", Contents::Text),
            (b"  <HTML><table>", Contents::Other("HTML (trang web, web page)")),
            (b"<style>td{}</style>", Contents::Other("HTML (trang web, web page)")),
            (
                b"MIME-Version: 1.0\r\nX-Document-Type: Workbook",
                Contents::Other("MHTML (trang web một tệp, single-file web page)"),
            ),
            (
                b"\xef\xbb\xbf<?xml version='1.0'?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>",
                Contents::Other("XML Spreadsheet 2003"),
            ),
            (b"%PDF-1.7", Contents::Other("PDF")),
            (b"{\"figures\": {}}\n", Contents::Other("JSON")),
            (b"{a;b", Contents::Text),
            (b"<?xml version='1.0'?><a/>", Contents::Other("XML")),
            (b"\xff\x00\x01", Contents::Other("?")),
            (&compound("EncryptedPackage"), Contents::Encrypted),
            (&compound("WordDocument"), Contents::Other("Word")),
            (&compound("Workbook"), Contents::Xls),
        ] {
            assert_eq!(Contents::of(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_compound_file_is_told_by_the_streams_at_its_root() {
        let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
        file.create_storage("/MBD0001").unwrap();
        for stream in ["/MBD0001/WordDocument", "/WORKBOOK"] {
            file.create_stream(stream).unwrap();
        }
        let bytes = file.into_inner().into_inner();
        assert_eq!(Contents::of(&bytes), Contents::Xls);
    }
}
