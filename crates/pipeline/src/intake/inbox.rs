//! The files in a folder for dropping them; a file is read only if it is whole and nobody writes it.

use crate::error::PipelineError;
use model::FileId;
use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// A file that was dropped.
pub(crate) struct DroppedFile {
    /// Its path within the folder, with '/' between parts.
    pub name: String,
    pub id: FileId,
    pub bytes: Vec<u8>,
}

/// A folder for dropping files.
pub(crate) struct DropFolder {
    /// Those that can be read, by name.
    pub files: Vec<DroppedFile>,
    /// Names of those that another program holds open, or that are still being copied.
    pub locked: Vec<String>,
}

/// What programs that copy or download put at the end of a name until all of it is there.
const UNFINISHED: [&str; 6] = [
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    ".filepart",
    ".tmp",
];

/// How long a file that seems to end too early is watched for whether more of it comes.
const WATCHED: Duration = Duration::from_millis(400);

/// Reads the inbox, sorted by name. Hidden files are left alone; `~$name` is the mark by which Excel holds `name` open; a file that
/// changes while it is read, or that ends too early and grows, is still being copied.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn read_folder(folder: &Path) -> Result<DropFolder, PipelineError> {
    let mut names = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(current) = folders.pop() {
        for entry in std::fs::read_dir(&current).map_err(PipelineError::file(current.clone()))? {
            let path = entry.map_err(PipelineError::file(current.clone()))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                names.push(name.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    // The order of a folder is the file system's own; the same inbox must give the same run.
    names.sort();
    let last_part = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let is_open = |name: &str| {
        let file = last_part(name);
        let parent = &name[..name.len() - file.len()];
        // Excel leaves out the first letters of a long name.
        let marks = [
            format!("~${file}"),
            format!("~${}", file.chars().skip(2).collect::<String>()),
        ];
        marks
            .iter()
            .any(|mark| names.binary_search(&format!("{parent}{mark}")).is_ok())
    };
    let mut found = DropFolder {
        files: Vec::new(),
        locked: Vec::new(),
    };
    for name in names
        .iter()
        .filter(|name| !last_part(name).starts_with(['.', '~']))
    {
        let is_unfinished = UNFINISHED
            .iter()
            .any(|ending| name.to_lowercase().ends_with(ending));
        // Half a workbook may still open, with half its rows: it waits for the next run.
        let whole = if is_unfinished || is_open(name) {
            None
        } else {
            whole(&folder.join(name))
        };
        match whole {
            Some(bytes) => found.files.push(DroppedFile {
                name: name.clone(),
                id: ledger::file_id(&bytes),
                bytes,
            }),
            None => found.locked.push(name.clone()),
        }
    }
    Ok(found)
}

/// The bytes of a file that nobody is writing; nothing if it cannot be read or is not at rest.
fn whole(path: &Path) -> Option<Vec<u8>> {
    // Length and time before and after: a copy that goes on while the file is read would change one of them.
    let before = state(&std::fs::metadata(path).ok()?);
    let bytes = std::fs::read(path).ok()?;
    if ends_early(&bytes) {
        std::thread::sleep(WATCHED);
    }
    let after = state(&std::fs::metadata(path).ok()?);
    (before == after && u64::try_from(bytes.len()) == Ok(after.0)).then_some(bytes)
}

fn state(metadata: &Metadata) -> (u64, Option<SystemTime>) {
    (metadata.len(), metadata.modified().ok())
}

/// Whether it begins as a zipped workbook and lacks the directory at its end: damaged, or not all there yet.
fn ends_early(bytes: &[u8]) -> bool {
    const DIRECTORY_END: &[u8] = b"PK\x05\x06";
    // The directory's end may be followed by a comment of up to 64 KiB.
    let tail = &bytes[bytes.len().saturating_sub((1 << 16) + 22)..];
    bytes.starts_with(b"PK\x03\x04") && memchr::memmem::rfind(tail, DIRECTORY_END).is_none()
}

#[cfg(test)]
mod tests {
    use super::{ends_early, read_folder};
    use std::path::Path;

    fn names(folder: &Path) -> (Vec<String>, Vec<String>) {
        let found = read_folder(folder).unwrap();
        let files = found.files.into_iter().map(|file| file.name);
        (files.collect(), found.locked)
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
        let found = read_folder(inbox.path()).unwrap();
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
    fn hidden_files_are_left_alone() {
        let inbox = folder(&[".DS_Store", "~$gone.xlsx", "a.xlsx"]);
        assert_eq!(names(inbox.path()), (vec!["a.xlsx".to_owned()], vec![]));
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
    fn a_zipped_workbook_without_its_directory_ends_early() {
        let whole = testkit::workbook("== A\nx\n");
        assert!(!ends_early(&whole));
        assert!(ends_early(&whole[..whole.len() - 30]));
        assert!(!ends_early(b"m\xc3\xa3,t\xc3\xaan"), "no zip at all");
        // A comment of up to 64 KiB may follow the directory.
        let commented = [whole.clone(), vec![b' '; 60_000]].concat();
        assert!(!ends_early(&commented));
        let buried = [whole, vec![b' '; 70_000]].concat();
        assert!(ends_early(&buried));
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
