use crate::error::LedgerError;
use crate::privacy::{make_folder, open};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What the name of a file ends in while it is being written: no other program's copy is taken for it.
pub(crate) const PART: &str = "tonghop-part";

/// Takes away what is left in a folder of files that were being written when the machine stopped. Nobody else may write there
/// meanwhile.
///
/// # Errors
/// When the folder cannot be read or a file not be removed.
pub fn remove_unfinished(folder: &Path) -> Result<(), LedgerError> {
    let error = |path: &Path| {
        let path = path.to_owned();
        |source| LedgerError::Write { path, source }
    };
    for entry in std::fs::read_dir(folder).map_err(error(folder))? {
        let path = entry.map_err(error(folder))?.path();
        if path.extension().is_some_and(|extension| extension == PART) {
            std::fs::remove_file(&path).map_err(error(&path))?;
        }
    }
    Ok(())
}

/// Writes a file whole or not at all: under another name first, to the disk, then under its own. Makes its folder
/// if there is none.
///
/// # Errors
/// [`LedgerError::Write`], with what was written taken away again; what was there before stays.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), LedgerError> {
    let mut part = path.as_os_str().to_owned();
    part.push(".");
    part.push(PART);
    let part = PathBuf::from(part);
    let written = write(path, &part, bytes);
    written.map_err(|source| {
        // A full disk has room again without it; should it stay, the next writing takes its place.
        let _ = std::fs::remove_file(&part);
        LedgerError::Write {
            path: path.to_owned(),
            source,
        }
    })
}

fn write(path: &Path, part: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    point();
    room()?;
    // What stands at that place may be a link to elsewhere: it is taken away, never written through.
    if std::fs::symlink_metadata(part).is_ok() {
        std::fs::remove_file(part)?;
    }
    let mut file = open(part, OpenOptions::new().write(true).create_new(true))?;
    let (first, rest) = bytes.split_at(bytes.len() / 2);
    file.write_all(first)?;
    point();
    room()?;
    file.write_all(rest)?;
    file.sync_all()?;
    point();
    room()?;
    std::fs::rename(part, path)?;
    // The new name is on the disk once the folder is. Not every system lets a folder be opened, and those that do not
    // keep names by themselves.
    if let Ok(folder) = File::open(folder) {
        folder.sync_all()?;
    }
    point();
    Ok(())
}

/// A place between two writes at which the machine may fail.
///
/// In a development build the environment variable `TONGHOP_STOP_AT=n` ends the process at the n-th such place, as a
/// power cut would, so that tests can try each; in a release build it is nothing.
pub(crate) fn point() {
    static PASSED: AtomicUsize = AtomicUsize::new(0);
    if cfg!(debug_assertions)
        && let Ok(at) = std::env::var("TONGHOP_STOP_AT")
        && at.parse() == Ok(PASSED.fetch_add(1, Ordering::Relaxed) + 1)
    {
        std::process::abort();
    }
}

/// Whether the disk has room for the next write.
///
/// In a development build the environment variable `TONGHOP_FULL_AT=n` makes it full from the n-th write on, so that tests can
/// try each; in a release build there is always room.
pub(crate) fn room() -> std::io::Result<()> {
    static PASSED: AtomicUsize = AtomicUsize::new(0);
    if cfg!(debug_assertions)
        && let Ok(at) = std::env::var("TONGHOP_FULL_AT")
        && at
            .parse()
            .is_ok_and(|at: usize| PASSED.fetch_add(1, Ordering::Relaxed) + 1 >= at)
    {
        return Err(std::io::ErrorKind::StorageFull.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{remove_unfinished, write_whole};

    #[test]
    fn what_was_left_half_written_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let others = ["a.xlsx", "b.xlsx.part", "tonghop-part"];
        for name in others.iter().chain(&["a.xlsx.tonghop-part"]) {
            std::fs::write(at(name), "").unwrap();
        }
        remove_unfinished(folder.path()).unwrap();
        let entries = std::fs::read_dir(folder.path()).unwrap();
        let mut left: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, others);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_at_the_place_of_the_part_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("outside"), "kept").unwrap();
        std::os::unix::fs::symlink(at("outside"), at("x.xlsx.tonghop-part")).unwrap();
        write_whole(&at("x.xlsx"), b"new").unwrap();
        let read = |name: &str| std::fs::read(at(name)).unwrap();
        assert_eq!(
            (read("outside"), read("x.xlsx")),
            (b"kept".to_vec(), b"new".to_vec())
        );
        assert!(!at("x.xlsx.tonghop-part").exists());
    }
}
