//! The members of a zipped workbook (.xlsx, .xlsb, .ods), unzipped within the limits.
//!
//! A member's declared size may lie, so each is unzipped once, up to the limit, before the library sees the file: the
//! library would ask for as much memory as a member claims to need.

use crate::formats::file_format::{IncomingFile, OpenError};
use crate::formats::zip_directory::{check_directory, usual_name};
use crate::limits::Limits;
use std::collections::HashMap;
use std::io::{Cursor, Read, Write};
use std::ops::Range;
use zip::read::ZipFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// How much larger than zipped a member may be once it is above [`RATIO_FROM`]: a sheet of one repeated row comes to
/// about a hundred times, a bomb to a thousand.
const MAX_RATIO: u64 = 150;
const RATIO_FROM: u64 = 16 << 20;
/// The most bytes of an unzipped workbook that are kept for reading; a larger one is unzipped again as it is read.
const KEEP_UNZIPPED: usize = 128 << 20;
const MAX_MEMBERS: usize = 2_000;
/// What the library says of a member whose checksum is not that of its bytes.
const CHANGED: &str = "Invalid checksum";

/// A zip, all its members unzipped.
#[derive(Debug, Default)]
pub(crate) struct ZipMembers {
    /// The same archive without compression.
    stored: Vec<u8>,
    /// Where each member lies in it, by its name in small letters: parts are found without regard to case.
    places: HashMap<String, Place>,
    /// Whether no member was left out.
    is_whole: bool,
    /// Whether a member has another name here than in the file.
    is_renamed: bool,
}

#[derive(Debug)]
struct Place {
    name: String,
    bytes: Range<usize>,
}

impl ZipMembers {
    /// Unzips each member up to the limits. A damaged archive has no members, and the library will refuse it.
    ///
    /// # Errors
    /// The limit that is passed.
    pub(crate) fn unzip(file: &IncomingFile<'_>) -> Result<Self, OpenError> {
        let IncomingFile { bytes, limits, .. } = *file;
        let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
            return Ok(Self::default());
        };
        if archive.len() > MAX_MEMBERS {
            let limit = format!("zip: {} > {MAX_MEMBERS}", archive.len());
            return Err(OpenError::TooLarge(limit));
        }
        check_directory(bytes, archive.central_directory_start(), limits)?;
        // Declared sizes may lie: no more is set aside than the file may well hold.
        let declared = archive
            .decompressed_size()
            .and_then(|size| usize::try_from(size).ok())
            .unwrap_or(0);
        let room = declared
            .saturating_add(1 << 12)
            .min(bytes.len().saturating_mul(20));
        let mut stored = ZipWriter::new(Cursor::new(Vec::with_capacity(room)));
        let (mut total, mut is_whole, mut is_renamed) = (0, true, false);
        for i in 0..archive.len() {
            match archive.by_index(i) {
                Ok(member) if member.is_dir() => {}
                Ok(member) => {
                    let Ok(written) = member.name().map(|name| name.into_owned()) else {
                        is_whole = false;
                        continue;
                    };
                    let name = usual_name(&written);
                    is_renamed |= name != written;
                    is_whole &= store(member, &name, &mut stored, &mut total, limits)?;
                }
                Err(_) => is_whole = false,
            }
        }
        let Ok(mut stored) = stored.finish_into_readable() else {
            return Ok(Self::default());
        };
        Ok(Self {
            places: places(&mut stored),
            stored: stored.into_inner().into_inner(),
            is_whole,
            is_renamed,
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// What a member holds; empty if there is no such member.
    pub(crate) fn member(&self, name: &str) -> &[u8] {
        self.place(name)
            .and_then(|place| self.stored.get(place.bytes.clone()))
            .unwrap_or_default()
    }

    /// Where what a member holds lies in the [archive of stored ones](Self::into_stored).
    pub(crate) fn range(&self, name: &str) -> Option<Range<usize>> {
        self.place(name).map(|place| place.bytes.clone())
    }

    /// The name of a member as it is written in the archive of stored ones.
    pub(crate) fn written_name(&self, name: &str) -> Option<&str> {
        self.place(name).map(|place| place.name.as_str())
    }

    fn place(&self, name: &str) -> Option<&Place> {
        self.places.get(&name.to_lowercase())
    }

    /// The archive with its members stored plainly, so that what was unzipped once need not be again; nothing if it is
    /// large or lacks a member. Should the library not find the members under their names in the file, even a large one
    /// is kept.
    pub(crate) fn into_stored(self) -> Option<Vec<u8>> {
        let is_wanted = self.is_renamed || self.stored.len() <= KEEP_UNZIPPED;
        (self.is_whole && is_wanted).then_some(self.stored)
    }
}

/// An archive of these members, stored plainly; nothing if two have one name.
pub(crate) fn archive_of<'a>(
    members: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Option<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive.start_file(name, plainly()).ok()?;
        archive.write_all(bytes).ok()?;
    }
    archive.finish().ok().map(Cursor::into_inner)
}

fn plainly() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Stored)
}

/// Unzips one member into the archive of stored ones; whether it is whole there.
///
/// # Errors
/// The limit that is passed, or that what is there is not what was put there.
fn store(
    member: ZipFile<'_, Cursor<&[u8]>>,
    name: &str,
    stored: &mut ZipWriter<Cursor<Vec<u8>>>,
    total: &mut u64,
    limits: &Limits,
) -> Result<bool, OpenError> {
    if stored.start_file(name, plainly()).is_err() {
        return Ok(false);
    }
    let zipped = member.compressed_size().max(1);
    // One byte past the limit is enough to know that it is passed.
    let size = match std::io::copy(&mut member.take(limits.member + 1), stored) {
        Ok(size) => size,
        // All of it is there and some of it has changed: an amount may be another.
        Err(error) if error.to_string().contains(CHANGED) => {
            return Err(OpenError::Damaged(format!(
                "phần “{name}” đã bị thay đổi, sai số kiểm tra (wrong checksum)"
            )));
        }
        Err(_) => {
            // Should not even that work, the archive cannot be closed either, and is not used.
            let _ = stored.abort_file();
            return Ok(false);
        }
    };
    *total += size;
    if size > limits.member || *total > limits.unzipped {
        let limit = if size > limits.member {
            limits.member
        } else {
            limits.unzipped
        };
        return Err(OpenError::TooLarge(format!(
            "{name}: > {} MiB",
            limit >> 20
        )));
    }
    if size > RATIO_FROM && size / zipped > MAX_RATIO {
        let limit = format!("{name}: {} : 1 > {MAX_RATIO} : 1", size / zipped);
        return Err(OpenError::TooLarge(limit));
    }
    Ok(true)
}

/// Where the members of an archive of stored ones lie in it.
fn places(stored: &mut ZipArchive<Cursor<Vec<u8>>>) -> HashMap<String, Place> {
    let mut places = HashMap::new();
    for i in 0..stored.len() {
        let Ok(member) = stored.by_index_raw(i) else {
            continue;
        };
        let (Some(start), Ok(name)) = (member.data_start(), member.name()) else {
            continue;
        };
        if let (Ok(start), Ok(size)) = (usize::try_from(start), usize::try_from(member.size())) {
            let place = Place {
                name: name.clone().into_owned(),
                bytes: start..start + size,
            };
            places.insert(name.to_lowercase(), place);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::{ZipMembers, archive_of};
    use crate::formats::file_format::{IncomingFile, OpenError};
    use crate::limits::Limits;

    const SMALL: Limits = Limits {
        member: 2 << 20,
        unzipped: 3 << 20,
        strings: 100,
        cells: 100,
    };

    fn unzip(bytes: &[u8]) -> Result<ZipMembers, OpenError> {
        ZipMembers::unzip(&IncomingFile {
            name: "a.xlsx",
            bytes,
            limits: &SMALL,
        })
    }

    #[test]
    fn members_are_found_by_their_names() {
        let members = unzip(&testkit::workbook("== A\nx | y\n")).unwrap();
        assert!(
            members
                .member("xl/worksheets/sheet1.xml")
                .starts_with(b"<?xml")
        );
        assert!(members.member("xl/worksheets/sheet2.xml").is_empty());
        let stored = members.into_stored().unwrap();
        assert!(unzip(&stored).unwrap().into_stored().is_some());
    }

    #[test]
    fn members_are_found_whatever_the_case_and_the_slashes() {
        let odd = archive_of([("\\XL\\Workbook.xml", &b"x"[..]), ("/a/b.xml", b"y")]).unwrap();
        let members = unzip(&odd).unwrap();
        assert_eq!(members.member("xl/workbook.xml"), b"x");
        assert_eq!(members.member("a/b.xml"), b"y");
        assert_eq!(
            members.written_name("xl/workbook.xml"),
            Some("XL/Workbook.xml")
        );
        assert_eq!(members.written_name("b.xml"), None);
        assert!(members.into_stored().is_some());
        assert!(archive_of([("a", &b""[..]), ("a", b"")]).is_none());
    }

    #[test]
    fn a_member_past_its_limit_is_named() {
        let large = testkit::workbook(&format!("== A\n'{}\n", "x".repeat(2 << 20)));
        let refused = unzip(&large).unwrap_err();
        let expected = "xl/worksheets/sheet1.xml: > 2 MiB".to_owned();
        assert_eq!(refused, OpenError::TooLarge(expected));
    }

    #[test]
    fn all_members_together_have_a_limit_too() {
        let sheet = format!("'{}\n", "x".repeat(3 << 19));
        let large = testkit::workbook(&format!("== A\n{sheet}== B\n{sheet}"));
        let refused = unzip(&large).unwrap_err();
        let expected = "xl/worksheets/sheet2.xml: > 3 MiB".to_owned();
        assert_eq!(refused, OpenError::TooLarge(expected));
    }

    #[test]
    fn a_member_that_was_changed_is_refused() {
        let mut bytes = archive_of([("a.xml", &b"<v>11</v>"[..]), ("b.xml", b"<v/>")]).unwrap();
        let at = memchr::memmem::find(&bytes, b"11").unwrap();
        bytes[at] = b'9';
        let refused = unzip(&bytes).unwrap_err();
        assert!(
            matches!(&refused, OpenError::Damaged(why) if why.contains("a.xml")),
            "{refused:?}"
        );
    }

    #[test]
    fn what_is_no_archive_has_no_members() {
        let members = unzip(b"PK\x03\x04 and no more").unwrap();
        assert!(members.member("xl/workbook.xml").is_empty());
        assert_eq!(members.into_stored(), None);
    }
}
