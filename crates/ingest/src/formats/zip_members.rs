//! The members of a zipped workbook (.xlsx, .xlsb, .ods), unzipped within the limits.
//!
//! A member's declared size may lie, so each is unzipped once, up to the limit, before the library sees the file: the
//! library would ask for as much memory as a member claims to need.

use crate::formats::file_format::{IncomingFile, OpenError};
use crate::limits::Limits;
use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::ops::Range;
use zip::read::ZipFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// How much larger than zipped a member may be once it is above [`RATIO_FROM`]: a sheet of one repeated row comes to
/// about a hundred times, a bomb to a thousand.
const MAX_RATIO: u64 = 150;
const RATIO_FROM: u64 = 16 << 20;
/// The most bytes of an unzipped workbook that are kept for reading; a larger one is unzipped again as it is read.
const KEEP_UNZIPPED: usize = 32 << 20;
const MAX_MEMBERS: usize = 2_000;

/// A zip, all its members unzipped.
#[derive(Debug, Default)]
pub(crate) struct ZipMembers {
    /// The same archive without compression.
    stored: Vec<u8>,
    /// Where each member lies in it.
    places: HashMap<String, Range<usize>>,
    /// Whether no member was left out.
    is_whole: bool,
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
        // Declared sizes may lie: no more is set aside than the file may well hold.
        let declared = archive
            .decompressed_size()
            .and_then(|size| usize::try_from(size).ok())
            .unwrap_or(0);
        let room = declared
            .saturating_add(1 << 12)
            .min(bytes.len().saturating_mul(20));
        let mut stored = ZipWriter::new(Cursor::new(Vec::with_capacity(room)));
        let (mut total, mut is_whole) = (0, true);
        for i in 0..archive.len() {
            match archive.by_index(i) {
                Ok(member) if member.is_dir() => {}
                Ok(member) => {
                    is_whole &= store(member, &mut stored, &mut total, limits)
                        .map_err(OpenError::TooLarge)?;
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
        })
    }

    /// What a member holds; empty if there is no such member.
    pub(crate) fn member(&self, name: &str) -> &[u8] {
        self.places
            .get(name)
            .and_then(|place| self.stored.get(place.clone()))
            .unwrap_or_default()
    }

    /// The archive with its members stored plainly, so that what was unzipped once need not be again; nothing if it is
    /// large or lacks a member.
    pub(crate) fn into_stored(self) -> Option<Vec<u8>> {
        (self.is_whole && self.stored.len() <= KEEP_UNZIPPED).then_some(self.stored)
    }
}

/// Unzips one member into the archive of stored ones; whether it is whole there.
///
/// # Errors
/// The limit that is passed, in words.
fn store(
    member: ZipFile<'_, Cursor<&[u8]>>,
    stored: &mut ZipWriter<Cursor<Vec<u8>>>,
    total: &mut u64,
    limits: &Limits,
) -> Result<bool, String> {
    // Some programs write the names with a slash before them; the library would not find those members.
    let Ok(name) = member
        .name()
        .map(|name| name.trim_start_matches('/').to_owned())
    else {
        return Ok(false);
    };
    let plainly = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    if stored.start_file(name.as_str(), plainly).is_err() {
        return Ok(false);
    }
    let zipped = member.compressed_size().max(1);
    // One byte past the limit is enough to know that it is passed.
    let Ok(size) = std::io::copy(&mut member.take(limits.member + 1), stored) else {
        // Should not even that work, the archive cannot be closed either, and is not used.
        let _ = stored.abort_file();
        return Ok(false);
    };
    *total += size;
    if size > limits.member || *total > limits.unzipped {
        let limit = if size > limits.member {
            limits.member
        } else {
            limits.unzipped
        };
        return Err(format!("{name}: > {} MiB", limit >> 20));
    }
    if size > RATIO_FROM && size / zipped > MAX_RATIO {
        return Err(format!("{name}: {} : 1 > {MAX_RATIO} : 1", size / zipped));
    }
    Ok(true)
}

/// Where the members of an archive of stored ones lie in it.
fn places(stored: &mut ZipArchive<Cursor<Vec<u8>>>) -> HashMap<String, Range<usize>> {
    let mut places = HashMap::new();
    for i in 0..stored.len() {
        let Ok(member) = stored.by_index_raw(i) else {
            continue;
        };
        let (Some(start), Ok(name)) = (member.data_start(), member.name()) else {
            continue;
        };
        if let (Ok(start), Ok(size)) = (usize::try_from(start), usize::try_from(member.size())) {
            places.insert(name.into_owned(), start..start + size);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::ZipMembers;
    use crate::formats::file_format::{IncomingFile, OpenError};
    use crate::limits::Limits;

    const SMALL: Limits = Limits {
        file: 1 << 20,
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
    fn what_is_no_archive_has_no_members() {
        let members = unzip(b"PK\x03\x04 and no more").unwrap();
        assert!(members.member("xl/workbook.xml").is_empty());
        assert_eq!(members.into_stored(), None);
    }
}
