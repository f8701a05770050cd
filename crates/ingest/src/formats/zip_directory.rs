//! What the directory of an archive says of its members, looked at before any of them is unzipped ([APPNOTE] 4.3.12).
//!
//! The library that unzips knows a member by its name alone, and so passes over one of two that are called alike, and over one
//! part that is listed under many names. A person's program may choose the other one: neither is read.

use crate::formats::file_format::OpenError;
use crate::formats::little_endian::{u16_at, u32_at};
use crate::limits::Limits;
use std::collections::HashSet;

/// The first bytes of an entry.
const ENTRY: &[u8] = b"PK\x01\x02";
/// The bytes of an entry before its name.
const FIXED: usize = 46;
/// The bytes of a member's own head before its name.
const LOCAL: u64 = 30;
/// What stands for a number that only the wide form of the format holds.
const ELSEWHERE: u32 = u32::MAX;

/// Refuses an archive whose directory, which begins at `start`, lists two members of one name or of one place, or more than the
/// limits.
///
/// # Errors
/// The limit that is passed, or why it is not clear what the archive holds.
pub(crate) fn check_directory(bytes: &[u8], start: u64, limits: &Limits) -> Result<(), OpenError> {
    let mut names = HashSet::new();
    let mut places: Vec<(u64, u64)> = Vec::new();
    let mut total = 0_u64;
    let mut rest = usize::try_from(start)
        .ok()
        .and_then(|start| bytes.get(start..))
        .unwrap_or_default();
    while rest.starts_with(ENTRY) {
        let number = |at| u16_at(rest, at).map_or(0, usize::from);
        let (name, more) = (number(28), number(30) + number(32));
        let raw = rest.get(FIXED..FIXED + name).unwrap_or_default();
        let name_shown = String::from_utf8_lossy(raw);
        let usual = usual_name(&name_shown).to_lowercase();
        if !names.insert(usual) {
            return Err(OpenError::Damaged(format!(
                "hai phần trùng tên “{name_shown}” (two parts of one name)"
            )));
        }
        let wide = |at| {
            u32_at(rest, at)
                .filter(|number| *number != ELSEWHERE)
                .map(u64::from)
        };
        if let Some(size) = wide(24) {
            total = total.saturating_add(size);
            if size > limits.member || total > limits.unzipped {
                let most = match size > limits.member {
                    true => limits.member,
                    false => limits.unzipped,
                };
                return Err(OpenError::TooLarge(format!(
                    "{name_shown}: > {} MiB",
                    most >> 20
                )));
            }
        }
        if let Some(place) = wide(42) {
            places.push((place, wide(20).map_or(0, |zipped| zipped + LOCAL)));
        }
        rest = rest.get(FIXED + name + more..).unwrap_or_default();
    }
    places.sort_unstable();
    let overlap = places
        .windows(2)
        .any(|pair| pair[0].0 + pair[0].1.max(1) > pair[1].0);
    match overlap {
        true => Err(OpenError::Damaged(
            "các phần chồng lên nhau (parts that share bytes)".to_owned(),
        )),
        false => Ok(()),
    }
}

/// The name by which a part is looked for: some programs write a slash before it, or part folders by backslashes.
pub(crate) fn usual_name(written: &str) -> String {
    written.trim_start_matches(['/', '\\']).replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::check_directory;
    use crate::formats::file_format::OpenError;
    use crate::limits::Limits;

    const SMALL: Limits = Limits {
        member: 2_000,
        unzipped: 3_000,
        strings: 100,
        cells: 100,
    };

    /// A directory of members: name, place, zipped and unzipped size.
    fn checked(members: &[(&str, u32, u32, u32)]) -> Result<(), String> {
        let mut bytes = b"before".to_vec();
        for (name, place, zipped, size) in members {
            let mut entry = b"PK\x01\x02".to_vec();
            entry.resize(46, 0);
            entry[20..24].copy_from_slice(&zipped.to_le_bytes());
            entry[24..28].copy_from_slice(&size.to_le_bytes());
            entry[28..30].copy_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
            entry[42..46].copy_from_slice(&place.to_le_bytes());
            bytes.extend(entry);
            bytes.extend(name.as_bytes());
        }
        check_directory(&bytes, 6, &SMALL).map_err(|error| match error {
            OpenError::TooLarge(limit) => format!("large {limit}"),
            OpenError::Damaged(why) => format!("damaged {why}"),
            OpenError::UnsureEncoding => String::new(),
        })
    }

    #[test]
    fn members_of_their_own_are_read() {
        assert_eq!(checked(&[("a", 0, 10, 20), ("b", 41, 10, 20)]), Ok(()));
        assert_eq!(checked(&[]), Ok(()));
    }

    #[test]
    fn two_of_one_name_are_refused_whatever_its_case_and_slashes() {
        for other in ["xl/a.xml", "XL/A.xml", "/xl\\a.xml"] {
            let refused = checked(&[("xl/a.xml", 0, 10, 20), (other, 50, 10, 20)]);
            assert!(refused.unwrap_err().contains("two parts of one name"));
        }
    }

    #[test]
    fn one_part_under_many_names_is_refused() {
        for place in [0, 20] {
            let refused = checked(&[("a", 0, 10, 20), ("b", place, 10, 20)]);
            assert!(refused.unwrap_err().contains("share bytes"));
        }
    }

    #[test]
    fn sizes_count_before_anything_is_unzipped() {
        let refused = checked(&[("a", 0, 10, 2_001)]);
        assert!(refused.unwrap_err().starts_with("large a"));
        let refused = checked(&[("a", 0, 10, 1_900), ("b", 50, 10, 1_900)]);
        assert!(refused.unwrap_err().starts_with("large b"));
    }
}
