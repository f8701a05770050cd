//! Names of what goes back: recognisable, such as every system takes, and no two alike.

use model::clean_line;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The most bytes of a file's name with its ending: systems take 255, and what writes a file whole adds to it.
const MOST_BYTES: usize = 200;
/// Room in a name for what tells it from another, and for the ending.
const ENDING_BYTES: usize = 16;

/// The places that one run gives out below the folder of what is returned.
#[derive(Debug, Default)]
pub(crate) struct ReturnedNames {
    /// In small letters, since not every system tells names apart by their case.
    taken: BTreeSet<String>,
}

impl ReturnedNames {
    /// Takes a place for what goes back on the file `name`: the one wished for, or one beside it if another file of this run has
    /// it already.
    pub(crate) fn take(&mut self, wished: &Path, name: &str) -> PathBuf {
        let mut place = wished.to_owned();
        let mut number = 1_u32;
        while !self.taken.insert(key(&place)) {
            let told = match number {
                1 => name.to_owned(),
                _ => format!("{name} {number}"),
            };
            place = beside(wished, &told);
            number += 1;
        }
        place
    }

    /// Whether a file of this run has a place.
    pub(crate) fn is_taken(&self, place: &Path) -> bool {
        self.taken.contains(&key(place))
    }
}

fn key(place: &Path) -> String {
    place.to_string_lossy().to_lowercase()
}

/// Another place beside one, told by what it is for.
pub(crate) fn beside(place: &Path, told: &str) -> PathBuf {
    let stem = place.file_stem().unwrap_or_default().to_string_lossy();
    place.with_file_name(format!("{stem}-{}.xlsx", short_hash(told)))
}

/// What stands for a sender in the name of what goes back if nothing but its file is known: the file's name without folders and
/// the ending of a workbook. Whatever else of the name must be left out is told by some letters more, so that no two files of an
/// inbox come to one.
pub(crate) fn sender_by_file(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or_default();
    match last.strip_suffix(".xlsx") {
        Some(stem) if last == name && fitting(stem) == stem => stem.to_owned(),
        _ => format!("{}-{}", fitting(last), short_hash(name)),
    }
}

/// A name without what some system refuses, no longer than all of them take.
pub(crate) fn fitting(name: &str) -> String {
    let plain: String = clean_line(name)
        .chars()
        .map(|sign| match sign {
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' | '\u{FFFD}' => '-',
            sign => sign,
        })
        .collect();
    let mut end = plain.len().min(MOST_BYTES / 2 + ENDING_BYTES);
    while !plain.is_char_boundary(end) {
        end -= 1;
    }
    // Windows drops dots and blanks at the end, and a name that begins with a dot is hidden.
    let kept = plain[..end]
        .trim()
        .trim_end_matches('.')
        .trim_start_matches(['.', '~']);
    match kept {
        "" => "-".to_owned(),
        kept => kept.to_owned(),
    }
}

/// A file's name as it can be written: `stem` is cut so that the whole has at most [`MOST_BYTES`].
pub(crate) fn bounded(stem: &str) -> String {
    let most = MOST_BYTES - ENDING_BYTES;
    if stem.len() <= most {
        return stem.to_owned();
    }
    let hash = short_hash(stem);
    let mut end = most - hash.len() - 1;
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}-{hash}", &stem[..end])
}

fn short_hash(text: &str) -> String {
    let mut hash = ledger::file_id(text.as_bytes()).0;
    hash.truncate(8);
    hash
}

#[cfg(test)]
mod tests {
    use super::{ReturnedNames, bounded, fitting, sender_by_file};
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn a_plain_name_stays_as_it_is() {
        assert_eq!(sender_by_file("bao cao.xlsx"), "bao cao");
        assert_eq!(
            fitting("Báo cáo năm 2024 (bản ký).pdf"),
            "Báo cáo năm 2024 (bản ký).pdf"
        );
    }

    #[test]
    fn files_of_one_stem_come_to_different_names() {
        let names = [
            "a.xlsx",
            "a.pdf",
            "a.docx",
            "q1/a.xlsx",
            "q2/a.xlsx",
            "a",
            "a\n.xlsx",
            "a\t.xlsx",
        ];
        let senders: BTreeSet<String> = names.into_iter().map(sender_by_file).collect();
        assert_eq!(senders.len(), names.len(), "{senders:?}");
        assert!(senders.iter().all(|sender| sender.starts_with('a')));
    }

    #[test]
    fn a_long_or_odd_name_is_one_that_every_system_takes() {
        let long = "ấ".repeat(80) + "aaaaa.docx";
        let sender = sender_by_file(&long);
        assert!(sender.len() <= 150 && sender.starts_with("ấấấ"), "{sender}");
        assert_eq!(fitting("..\\..:*?\u{202e}x."), "-..----x");
        assert_eq!(fitting(" ."), "-");
        let stem = "ấ".repeat(200);
        assert!(bounded(&stem).len() <= 184);
        assert_eq!(bounded("SCT-2023"), "SCT-2023");
    }

    #[test]
    fn each_file_of_a_run_has_a_place_of_its_own() {
        let mut names = ReturnedNames::default();
        let wished = Path::new("2024/SCT-phan-hoi.xlsx");
        assert!(!names.is_taken(wished));
        assert_eq!(names.take(wished, "a.xlsx"), wished);
        assert!(names.is_taken(Path::new("2024/sct-phan-hoi.xlsx")));
        let other = names.take(wished, "b.xlsx");
        assert!(other.starts_with("2024") && other != wished);
        assert_ne!(names.take(wished, "b.xlsx"), other);
    }
}
