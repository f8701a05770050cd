//! Files that people send by mistake, so that the finding can name what came instead of a workbook.

/// The first bytes of a zip (.xlsx, .xlsb, .ods, .docx).
pub(crate) const ZIP: &[u8] = b"PK\x03\x04";
/// The first bytes of a compound file ([MS-CFB]: .xls, .doc, and any protected workbook).
pub(crate) const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// What a file is that is no workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ForeignFile {
    /// Nothing but blanks.
    Empty,
    /// A workbook behind a password, which is a compound file whatever is inside.
    Encrypted,
    /// Something else, in words for the sender.
    Other(&'static str),
}

impl ForeignFile {
    /// What a file is that no format takes; `None` if nothing speaks against its being a workbook or text.
    pub(crate) fn recognise(bytes: &[u8]) -> Option<Self> {
        let Some(start) = bytes.iter().position(|b| !b.is_ascii_whitespace()) else {
            return Some(Self::Empty);
        };
        if bytes.starts_with(ZIP) {
            return holds(bytes, "word/document.xml").then_some(Self::Other("Word"));
        }
        if bytes.starts_with(COMPOUND) {
            return match () {
                () if holds_utf16(bytes, "EncryptedPackage") => Some(Self::Encrypted),
                () if holds_utf16(bytes, "WordDocument") => Some(Self::Other("Word")),
                () => None,
            };
        }
        let head = &bytes[start..bytes.len().min(start + 512)].to_ascii_lowercase();
        match () {
            () if head.starts_with(b"%pdf") => Some(Self::Other("PDF")),
            // Web programs call a page with a table '.xls', and Excel opens it.
            () if holds(head, "<html")
                || holds(head, "<table")
                || head.starts_with(b"<!doctype html") =>
            {
                Some(Self::Other("HTML"))
            }
            () if head.starts_with(b"<?xml") => Some(Self::Other("XML")),
            () => None,
        }
    }

    /// What a file is that no format takes, in any case.
    pub(crate) fn name(bytes: &[u8]) -> Self {
        Self::recognise(bytes).unwrap_or_else(|| match std::str::from_utf8(bytes) {
            Ok(_) => Self::Other("text"),
            Err(_) => Self::Other("?"),
        })
    }
}

/// Whether a text stands anywhere in bytes: the names of a zip's members are not compressed, neither before each
/// member nor in the directory at the end, so a damaged zip shows them as well.
pub(crate) fn holds(bytes: &[u8], name: &str) -> bool {
    memchr::memmem::find(bytes, name.as_bytes()).is_some()
}

/// The directory names inside a compound file are UTF-16 ([MS-CFB] 2.6.1).
fn holds_utf16(bytes: &[u8], name: &str) -> bool {
    let needle: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    memchr::memmem::find(bytes, &needle).is_some()
}

#[cfg(test)]
mod tests {
    use super::{COMPOUND, ForeignFile};

    fn compound(name: &str) -> Vec<u8> {
        let name = name.encode_utf16().flat_map(u16::to_le_bytes);
        COMPOUND.iter().copied().chain(name).collect()
    }

    #[test]
    fn what_came_instead_of_a_workbook_is_named() {
        for (bytes, name) in [
            (&b""[..], ForeignFile::Empty),
            (b" \r\n", ForeignFile::Empty),
            (
                "Tên doanh nghiệp,MST\n".as_bytes(),
                ForeignFile::Other("text"),
            ),
            (b"  <HTML><table>", ForeignFile::Other("HTML")),
            (b"%PDF-1.7", ForeignFile::Other("PDF")),
            (
                b"<?xml version='1.0'?><Workbook/>",
                ForeignFile::Other("XML"),
            ),
            (b"PK\x03\x04..word/document.xml", ForeignFile::Other("Word")),
            (b"\xff\x00\x01", ForeignFile::Other("?")),
            (&compound("EncryptedPackage"), ForeignFile::Encrypted),
            (&compound("WordDocument"), ForeignFile::Other("Word")),
        ] {
            assert_eq!(ForeignFile::name(bytes), name, "{bytes:?}");
        }
    }

    #[test]
    fn nothing_speaks_against_a_workbook() {
        assert_eq!(ForeignFile::recognise(b"PK\x03\x04xl/workbook.xml"), None);
        assert_eq!(ForeignFile::recognise(&compound("Workbook")), None);
        assert_eq!(ForeignFile::recognise(b"a;b"), None);
    }
}
