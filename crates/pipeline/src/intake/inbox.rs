//! The files in a folder for dropping them. Each name has one answer: it is read, refused, ignored or waits.

use crate::error::PipelineError;
use crate::intake::look::{Early, Looked, changed, look_once, no_file};
use model::FileId;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A file that was dropped.
pub(crate) struct DroppedFile {
    /// Its path within the folder, with '/' between parts; what is no Unicode in it is shown by '�'.
    pub name: String,
    pub id: FileId,
    /// Empty if they are not needed, since the ledger has them.
    pub bytes: Vec<u8>,
}

/// A folder for dropping files.
#[derive(Default)]
pub(crate) struct DropFolder {
    /// Those that can be read, by name.
    pub files: Vec<DroppedFile>,
    /// Those that wait for the next run.
    pub waiting: Vec<WaitingFile>,
    /// Those that are never opened.
    pub refused: Vec<RefusedFile>,
    /// Those that nobody meant to send.
    pub ignored: Vec<IgnoredFile>,
}

/// A file that waits for the next run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingFile {
    /// Its name.
    pub file: String,
    /// Why it waits.
    #[serde(flatten)]
    pub why: WhyWaiting,
}

/// Why a file waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum WhyWaiting {
    /// A program marks by a file of this name that it holds it open.
    Open {
        /// The mark, which may have been left behind.
        mark: String,
    },
    /// Its name says that it is still being copied, or it changed while it was read.
    Unfinished,
    /// The system does not let it be read.
    Unreadable,
    /// So much came at once that it is left to the next run.
    Later,
    /// It could not be written, since another program holds it open.
    Unwritten,
    /// There is nothing in it: a service that synchronises folders has not fetched it yet, or it was saved empty.
    Empty,
    /// It is a review workbook that somebody wrote into while the run went on.
    Answered,
    /// It stands where the questions are written, and cannot be read as a review workbook.
    NoReview,
}

/// A file that is never opened.
pub(crate) struct RefusedFile {
    pub name: String,
    pub why: WhyRefused,
}

/// Why a file is never opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhyRefused {
    /// It is no plain file, in words for a finding.
    NoFile(&'static str),
    /// It has so many bytes, more than the second number.
    TooLarge(u64, u64),
}

/// A file that nobody meant to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IgnoredFile {
    /// Its name.
    pub file: String,
    /// Why nobody looks at it.
    pub why: WhyIgnored,
}

/// Why nobody looks at a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyIgnored {
    /// A system keeps its notes on the folder there.
    OfSystem,
    /// It is hidden.
    Hidden,
    /// The mark of a file that is held open, or of one that is gone.
    Mark,
    /// It lies among the review workbooks and is none.
    NoReview,
}

/// What programs that copy, download or synchronise put at the end of a name until all of it is there, in small letters.
const UNFINISHED: [&str; 9] = [
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    ".opdownload",
    ".filepart",
    ".tmp",
    ".icloud",
    ".!sync",
];

/// How the names begin that services put their copies under until all of it is there, in small letters.
const UNFINISHED_BEGINNINGS: [&str; 4] =
    [".syncthing.", "~syncthing~", ".goutputstream-", ".~tmp~"];

/// The folders in which such services keep their copies meanwhile.
const FOLDERS_OF_SERVICES: [&str; 5] = [
    ".dropbox.cache",
    ".tmp.driveupload",
    ".tmp.drivedownload",
    ".stfolder",
    ".stversions",
];

/// What systems leave in folders, in small letters.
const OF_SYSTEMS: [&str; 6] = [
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    ".ds_store",
    ".directory",
    "icon\r",
];

/// How deep folders are followed.
const DEEPEST: usize = 16;

/// How a folder is read.
pub(crate) struct FolderLimits<'a> {
    /// The most bytes of a file.
    pub file: u64,
    /// Whether the bytes of a file are in the ledger: they are not held then.
    pub is_known: &'a dyn Fn(&FileId) -> bool,
}

/// So many bytes of new files are held at a time; at least one file is, however large.
const AT_ONCE: usize = 512 << 20;

/// An entry of the folder that may be read.
struct Entry {
    name: String,
    path: PathBuf,
}

/// Reads the files below a folder, sorted by name.
///
/// Links are named and not followed, and what is no plain file or too large is not opened. `~$name` and `.~lock.name#` are the
/// marks by which a program holds `name` open; a file that changes while it is read, or that ends too early and grows, is still
/// being copied.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn read_folder(
    folder: &Path,
    limits: &FolderLimits<'_>,
) -> Result<DropFolder, PipelineError> {
    let mut found = DropFolder::default();
    let entries = list(folder, &mut found)?;
    // The order of a folder is the file system's own; the same inbox must give the same run.
    let names: BTreeSet<String> = entries.iter().map(|entry| entry.name.clone()).collect();
    let mut held = 0_usize;
    // Those that seem to end too early, with their places among the files.
    let mut early: (Vec<usize>, Vec<Early>) = Default::default();
    for Entry { name, path } in entries {
        let is_unfinished = is_unfinished(&name);
        if let Some(why) = ignored(&name).filter(|why| *why != WhyIgnored::Hidden || !is_unfinished)
        {
            found.ignored.push(IgnoredFile { file: name, why });
            continue;
        }
        let mark = mark_of(&name, &names);
        let waits = match mark {
            Some(mark) => Some(WhyWaiting::Open { mark }),
            None => is_unfinished.then_some(WhyWaiting::Unfinished),
        };
        // Half a workbook may still open, with half its rows: it waits for the next run.
        if let Some(why) = waits {
            found.waiting.push(WaitingFile { file: name, why });
            continue;
        }
        let (looked, is_early) = look_once(&path, limits.file);
        let bytes = match looked {
            // A place that is kept for what is still to come: nothing, or nothing but zeros.
            Looked::Read(bytes) if bytes.iter().all(|byte| *byte == 0) => {
                let why = WhyWaiting::Empty;
                found.waiting.push(WaitingFile { file: name, why });
                continue;
            }
            Looked::Read(bytes) => bytes,
            Looked::NoFile(what) => {
                let why = WhyRefused::NoFile(what);
                found.refused.push(RefusedFile { name, why });
                continue;
            }
            Looked::TooLarge(size) => {
                let why = WhyRefused::TooLarge(size, limits.file);
                found.refused.push(RefusedFile { name, why });
                continue;
            }
            Looked::Changing => {
                let why = WhyWaiting::Unfinished;
                found.waiting.push(WaitingFile { file: name, why });
                continue;
            }
            Looked::Unreadable => {
                let why = WhyWaiting::Unreadable;
                found.waiting.push(WaitingFile { file: name, why });
                continue;
            }
        };
        let id = ledger::file_id(&bytes);
        let is_needed = !(limits.is_known)(&id);
        if is_needed && held > 0 && held + bytes.len() > AT_ONCE {
            let why = WhyWaiting::Later;
            found.waiting.push(WaitingFile { file: name, why });
            continue;
        }
        let bytes = match is_needed {
            true => bytes,
            false => Vec::new(),
        };
        held += bytes.len();
        early.extend(is_early.map(|file| (found.files.len(), file)));
        found.files.push(DroppedFile { name, id, bytes });
    }
    for at in changed(&early.1).into_iter().rev() {
        let file = found.files.remove(early.0[at]).name;
        let why = WhyWaiting::Unfinished;
        found.waiting.push(WaitingFile { file, why });
    }
    found.waiting.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(found)
}

/// All plain files below a folder, by name; what else is there goes to those refused.
fn list(folder: &Path, found: &mut DropFolder) -> Result<Vec<Entry>, PipelineError> {
    let mut entries = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), 0)];
    while let Some((current, depth)) = folders.pop() {
        let read = match std::fs::read_dir(&current) {
            Ok(read) => read,
            // A folder below that nobody may read must not keep the others from being read.
            Err(_) if depth > 0 => {
                let why = WhyWaiting::Unreadable;
                let file = shown(&current, folder);
                found.waiting.push(WaitingFile { file, why });
                continue;
            }
            Err(error) => return Err(PipelineError::file(current)(error)),
        };
        for entry in read {
            let entry = entry.map_err(PipelineError::file(current.clone()))?;
            let path = entry.path();
            let name = shown(&path, folder);
            let Ok(metadata) = std::fs::symlink_metadata(&path) else {
                let why = WhyWaiting::Unreadable;
                found.waiting.push(WaitingFile { file: name, why });
                continue;
            };
            match no_file(&metadata) {
                None => entries.push(Entry { name, path }),
                Some(_) if metadata.is_dir() && depth < DEEPEST => folders.push((path, depth + 1)),
                Some(what) => {
                    let why = WhyRefused::NoFile(what);
                    found.refused.push(RefusedFile { name, why });
                }
            }
        }
    }
    entries.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    found.refused.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// A path within the folder as it is called in findings.
fn shown(path: &Path, folder: &Path) -> String {
    let within = path.strip_prefix(folder).unwrap_or(path).to_string_lossy();
    match std::path::MAIN_SEPARATOR {
        '/' => within.into_owned(),
        separator => within.replace(separator, "/"),
    }
}

/// The folder that a name begins with, and the rest.
fn parts(name: &str) -> (&str, &str) {
    name.rsplit_once('/')
        .map_or(("", name), |(parent, _)| name.split_at(parent.len() + 1))
}

/// Whether a service keeps it for itself.
fn is_of_service(name: &str) -> bool {
    let mut folders = name.split('/');
    folders.any(|folder| FOLDERS_OF_SERVICES.contains(&folder.to_lowercase().as_str()))
}

/// Whether a name says that the file is still being copied, downloaded or synchronised.
fn is_unfinished(name: &str) -> bool {
    let (_, last) = parts(name);
    let last = last.to_lowercase();
    // A service that puts a random ending behind the hidden name: '.bao-cao.xlsx.Xy12ab', '.bao-cao.xlsx.~1a2b'.
    let is_hidden_copy = last.starts_with('.') && {
        let of_workbook = [".xlsx.", ".xls.", ".xlsm.", ".xlsb.", ".ods.", ".csv."];
        of_workbook.iter().any(|part| last.contains(part)) && !last.ends_with('#')
    };
    UNFINISHED.iter().any(|ending| last.ends_with(ending))
        || UNFINISHED_BEGINNINGS.iter().any(|it| last.starts_with(it))
        || is_hidden_copy
}

fn ignored(name: &str) -> Option<WhyIgnored> {
    let (_, last) = parts(name);
    match () {
        () if OF_SYSTEMS.contains(&last.to_lowercase().as_str()) => Some(WhyIgnored::OfSystem),
        () if is_of_service(name) => Some(WhyIgnored::OfSystem),
        () if last.starts_with("~$") || last.starts_with(".~lock.") => Some(WhyIgnored::Mark),
        () if last.starts_with('.') => Some(WhyIgnored::Hidden),
        () => None,
    }
}

/// The mark beside a file by which a program holds it open at this moment.
pub(crate) fn mark_beside(path: &Path) -> Option<String> {
    let entries = std::fs::read_dir(path.parent()?).ok()?.flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    mark_of(&path.file_name()?.to_string_lossy(), &names.collect())
}

/// The mark by which a program holds a file open.
fn mark_of(name: &str, names: &BTreeSet<String>) -> Option<String> {
    let (parent, file) = parts(name);
    // Excel leaves out the first letters of a long name.
    let marks = [
        format!("{parent}~${file}"),
        format!("{parent}~${}", file.chars().skip(2).collect::<String>()),
        format!("{parent}.~lock.{file}#"),
    ];
    marks.into_iter().find(|mark| names.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::{DropFolder, FolderLimits, WhyIgnored, WhyRefused, WhyWaiting, read_folder};
    use std::path::Path;

    fn read(folder: &Path) -> DropFolder {
        let limits = FolderLimits {
            file: 1 << 20,
            is_known: &|_| false,
        };
        read_folder(folder, &limits).unwrap()
    }

    fn names(folder: &Path) -> (Vec<String>, Vec<String>) {
        let found = read(folder);
        let files = found.files.into_iter().map(|file| file.name);
        let waiting = found.waiting.into_iter().map(|file| file.file);
        (files.collect(), waiting.collect())
    }

    /// A folder with some files, each holding its own name.
    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file).unwrap();
        }
        folder
    }

    #[test]
    fn files_are_read_by_name_also_those_in_folders() {
        let inbox = folder(&["b.xlsx", "a.xlsx", "so/quy-1/c.xlsx"]);
        let found = read(inbox.path());
        let read: Vec<(&str, &[u8])> = found
            .files
            .iter()
            .map(|file| (file.name.as_str(), file.bytes.as_slice()))
            .collect();
        let expected = ["a.xlsx", "b.xlsx", "so/quy-1/c.xlsx"];
        assert_eq!(read, expected.map(|name| (name, name.as_bytes())));
        assert_eq!(found.files[0].id, ledger::file_id(b"a.xlsx"));
    }

    #[test]
    fn what_nobody_meant_to_send_is_ignored_with_a_reason() {
        let dust = [
            ".gitkeep",
            "Desktop.ini",
            "Thumbs.db",
            "._a.xlsx",
            "~$gone.xlsx",
        ];
        let inbox = folder(&[dust.as_slice(), &["a.xlsx", "~x.xlsx"]].concat());
        let found = read(inbox.path());
        let files: Vec<&str> = found.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(files, ["a.xlsx", "~x.xlsx"]);
        assert_eq!(found.ignored.len(), dust.len());
        let why = |name: &str| {
            let ignored = found.ignored.iter().find(|ignored| ignored.file == name);
            ignored.unwrap().why
        };
        assert_eq!(why("Thumbs.db"), WhyIgnored::OfSystem);
        assert_eq!(why("._a.xlsx"), WhyIgnored::Hidden);
        assert_eq!(why("~$gone.xlsx"), WhyIgnored::Mark);
    }

    #[test]
    fn a_mark_that_holds_a_file_is_named() {
        for mark in ["so/~$a.xlsx", "so/.~lock.a.xlsx#"] {
            let inbox = folder(&["so/a.xlsx", mark]);
            let why = read(inbox.path()).waiting.remove(0).why;
            let mark = mark.to_owned();
            assert_eq!(why, WhyWaiting::Open { mark });
        }
    }

    #[test]
    fn what_the_ledger_has_is_not_held_and_what_is_too_large_not_opened() {
        let inbox = folder(&["a.xlsx", "b.xlsx", "c.xlsx"]);
        let large = std::fs::File::create(inbox.path().join("c.xlsx")).unwrap();
        large.set_len(3 << 30).unwrap();
        let known = ledger::file_id(b"a.xlsx");
        let limits = FolderLimits {
            file: 1 << 20,
            is_known: &|id| *id == known,
        };
        let found = read_folder(inbox.path(), &limits).unwrap();
        let held: Vec<usize> = found.files.iter().map(|file| file.bytes.len()).collect();
        assert_eq!(held, [0, 6]);
        assert_eq!(found.refused[0].why, WhyRefused::TooLarge(3 << 30, 1 << 20));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_named_and_not_followed_and_odd_names_have_an_answer() {
        use std::os::unix::ffi::OsStrExt;
        let inbox = folder(&["a.xlsx"]);
        let at = |name: &[u8]| inbox.path().join(std::ffi::OsStr::from_bytes(name));
        for (target, name) in [("..", "up"), ("/etc/passwd", "p.xlsx"), ("loop", "loop")] {
            std::os::unix::fs::symlink(target, at(name.as_bytes())).unwrap();
        }
        std::fs::write(at(b"B\xe1o c\xe1o.xlsx"), "x").unwrap();
        let found = read(inbox.path());
        let files: Vec<&str> = found.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(files, ["B\u{FFFD}o c\u{FFFD}o.xlsx", "a.xlsx"]);
        let refused: Vec<&str> = found
            .refused
            .iter()
            .map(|file| file.name.as_str())
            .collect();
        assert_eq!(refused, ["loop", "p.xlsx", "up"]);
    }

    #[test]
    fn a_file_that_excel_holds_open_waits() {
        let inbox = folder(&["so/bao-cao.xlsx", "so/~$bao-cao.xlsx", "bao-cao.xlsx"]);
        let (read, locked) = names(inbox.path());
        assert_eq!(
            (read, locked),
            (
                vec!["bao-cao.xlsx".to_owned()],
                vec!["so/bao-cao.xlsx".to_owned()]
            )
        );
        // Of a long name Excel's mark lacks the first two letters.
        let inbox = folder(&["bao-cao-nam.xlsx", "~$o-cao-nam.xlsx"]);
        assert_eq!(names(inbox.path()).1, ["bao-cao-nam.xlsx"]);
    }

    #[test]
    fn a_file_whose_name_says_that_it_is_still_being_copied_waits() {
        let inbox = folder(&["a.xlsx.part", "b.xlsx.CRDOWNLOAD", "c.part.xlsx"]);
        let (read, locked) = names(inbox.path());
        assert_eq!(read, ["c.part.xlsx"]);
        assert_eq!(locked, ["a.xlsx.part", "b.xlsx.CRDOWNLOAD"]);
    }

    #[test]
    fn what_a_service_has_not_fetched_yet_waits_and_what_it_keeps_for_itself_is_ignored() {
        let services = [
            ".bao-cao.xlsx.Xy12ab",
            ".bao-cao.xlsx.icloud",
            ".syncthing.bao-cao.xlsx.tmp",
            "bao-cao.xlsx.OPDOWNLOAD",
            "~syncthing~bao-cao.xlsx.tmp",
        ];
        let kept = [
            ".dropbox.cache/a.xlsx",
            ".tmp.driveupload/12345",
            ".stfolder/x",
        ];
        let inbox = folder(&[&services[..], &kept].concat());
        std::fs::write(inbox.path().join("rong.xlsx"), "").unwrap();
        std::fs::write(inbox.path().join("truoc.xlsx"), [0; 9_000]).unwrap();
        let found = read(inbox.path());
        assert!(found.files.is_empty());
        let waiting: Vec<(&str, &WhyWaiting)> = found
            .waiting
            .iter()
            .map(|file| (file.file.as_str(), &file.why))
            .collect();
        let unfinished = services.iter().map(|name| (*name, &WhyWaiting::Unfinished));
        let empty = ["rong.xlsx", "truoc.xlsx"].map(|name| (name, &WhyWaiting::Empty));
        let mut expected: Vec<_> = unfinished.chain(empty).collect();
        expected.sort_by_key(|(name, _)| *name);
        assert_eq!(waiting, expected);
        assert_eq!(found.ignored.len(), kept.len());
    }

    #[test]
    fn one_that_ends_early_and_does_not_grow_is_read_as_it_is() {
        let inbox = folder(&[]);
        let cut = &testkit::workbook("== A\nx\n")[..200];
        std::fs::write(inbox.path().join("cut.xlsx"), cut).unwrap();
        assert_eq!(
            names(inbox.path()).0,
            ["cut.xlsx"],
            "it is damaged, which is a finding"
        );
    }
}
