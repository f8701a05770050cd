/// What a file is by its first bytes, whatever its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Empty,
    Xlsx,
    Xlsb,
    Ods,
    Xls,
    Encrypted,
    /// Something else, in words for the sender.
    Other(&'static str),
}

/// The directory names inside a compound file (MS-CFB) are UTF-16.
fn holds_utf16(bytes: &[u8], name: &str) -> bool {
    let needle: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    memchr::memmem::find(bytes, &needle).is_some()
}

fn holds(bytes: &[u8], name: &str) -> bool {
    memchr::memmem::find(bytes, name.as_bytes()).is_some()
}

pub(crate) fn sniff(bytes: &[u8]) -> Format {
    const ZIP: &[u8] = b"PK\x03\x04";
    const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    let text_start = bytes.iter().position(|b| !b.is_ascii_whitespace());
    let Some(start) = text_start else {
        return Format::Empty;
    };
    if bytes.starts_with(ZIP) {
        // The names of a zip's members stand in its directory, at its end, and before each member.
        return match () {
            () if holds(bytes, "xl/workbook.bin") => Format::Xlsb,
            () if holds(bytes, "application/vnd.oasis.opendocument.spreadsheet")
                || holds(bytes, "content.xml") =>
            {
                Format::Ods
            }
            () if holds(bytes, "word/document.xml") => Format::Other("Word"),
            () => Format::Xlsx,
        };
    }
    if bytes.starts_with(COMPOUND) {
        return match () {
            () if holds_utf16(bytes, "EncryptedPackage") => Format::Encrypted,
            () if holds_utf16(bytes, "WordDocument") => Format::Other("Word"),
            () => Format::Xls,
        };
    }
    let head = &bytes[start..bytes.len().min(start + 512)].to_ascii_lowercase();
    match () {
        () if head.starts_with(b"%pdf") => Format::Other("PDF"),
        () if head.starts_with(b"\x09\x08")
            || head.starts_with(b"\x09\x04")
            || head.starts_with(b"\x09\x02") =>
        {
            Format::Xls
        }
        () if holds(head, "<html")
            || holds(head, "<table")
            || head.starts_with(b"<!doctype html") =>
        {
            Format::Other("HTML")
        }
        () if head.starts_with(b"<?xml") => Format::Other("XML"),
        () if std::str::from_utf8(bytes).is_ok() => Format::Other("text"),
        () => Format::Other("?"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, sniff};

    #[test]
    fn content_decides() {
        assert_eq!(sniff(b""), Format::Empty);
        assert_eq!(sniff(b" \r\n"), Format::Empty);
        assert_eq!(
            sniff("Tên doanh nghiệp,MST\n".as_bytes()),
            Format::Other("text")
        );
        assert_eq!(sniff(b"<html><table>"), Format::Other("HTML"));
        assert_eq!(sniff(b"%PDF-1.7"), Format::Other("PDF"));
        assert_eq!(sniff(b"PK\x03\x04...xl/workbook.xml"), Format::Xlsx);
    }
}
