//! The files in a folder where they are dropped; a file is read only if it is whole and nobody writes it.

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

/// A folder where files are dropped.
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

/// Reads the inbox, sorted by name. Hidden files are left alone; `~$name` says that Excel holds `name` open; a file that
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

/// The bytes of a file that nobody is writing; nothing where it cannot be read or is not at rest.
fn whole(path: &Path) -> Option<Vec<u8>> {
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

/// Whether it begins as a zipped workbook and lacks the directory that stands at its end: damaged, or not all there yet.
fn ends_early(bytes: &[u8]) -> bool {
    const DIRECTORY_END: &[u8] = b"PK\x05\x06";
    // The directory's end may be followed by a comment of up to 64 KiB.
    let tail = &bytes[bytes.len().saturating_sub((1 << 16) + 22)..];
    bytes.starts_with(b"PK\x03\x04") && memchr::memmem::rfind(tail, DIRECTORY_END).is_none()
}
