//! Who may read the ledger: its owner, unless the operator's settings say otherwise.
//!
//! A folder that is its owner's has files and folders that are, too: what is made in one is made so from the start.

use crate::error::LedgerError;
use std::fs::{File, OpenOptions};
use std::io::Result as IoResult;
use std::path::Path;

/// Makes a folder, and all that stands in it, its owner's: 0700 and 0600. One that is so already is not walked through again, but
/// for what stands in it directly. Does nothing where a system knows no such rights, and if there is no such folder.
///
/// # Errors
/// When the rights cannot be changed, as on a copy that may not be written, or by another user than the owner.
pub fn keep_private(folder: &Path) -> Result<(), LedgerError> {
    system::keep_private(folder).map_err(|source| LedgerError::Write {
        path: folder.to_owned(),
        source,
    })
}

/// Makes a folder and those above it that are missing; they are as private as the one in which they are made.
pub(crate) fn make_folder(folder: &Path) -> IoResult<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(Path::new(""));
    make_folder(above)?;
    match system::create_folder(folder, is_private(above)) {
        // Another program made it meanwhile.
        Err(_) if folder.is_dir() => Ok(()),
        made => made,
    }
}

/// Makes a folder that is its owner's, if it is not there.
///
/// # Errors
/// When it cannot be made.
pub fn make_private_folder(folder: &Path) -> Result<(), LedgerError> {
    let error = |source| LedgerError::Write {
        path: folder.to_owned(),
        source,
    };
    if folder.is_dir() {
        return Ok(());
    }
    make_folder(folder.parent().unwrap_or(Path::new(""))).map_err(error)?;
    system::create_folder(folder, true).map_err(error)
}

/// Opens a file; one that is made is as private as its folder.
pub(crate) fn open(path: &Path, options: &mut OpenOptions) -> IoResult<File> {
    if is_private(path.parent().unwrap_or(Path::new(""))) {
        system::for_owner(options);
    }
    options.open(path)
}

/// Makes a file that is there as private as its folder: another library has made it.
pub(crate) fn take_over(path: &Path) -> IoResult<()> {
    match is_private(path.parent().unwrap_or(Path::new(""))) {
        true => system::for_owner_only(path),
        false => Ok(()),
    }
}

fn is_private(folder: &Path) -> bool {
    let folder = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    system::is_private(folder)
}

#[cfg(unix)]
mod system {
    use std::fs::{DirBuilder, OpenOptions, Permissions};
    use std::io::Result as IoResult;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
    use std::path::Path;

    /// What others than the owner may do.
    const OTHERS: u32 = 0o077;

    pub(super) fn is_private(folder: &Path) -> bool {
        std::fs::symlink_metadata(folder).is_ok_and(|it| it.is_dir() && it.mode() & OTHERS == 0)
    }

    pub(super) fn create_folder(folder: &Path, for_owner: bool) -> IoResult<()> {
        let mut builder = DirBuilder::new();
        if for_owner {
            builder.mode(0o700);
        }
        builder.create(folder)
    }

    pub(super) fn for_owner(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    /// Takes the rights of others away. What is a link is left alone: it may lead elsewhere.
    pub(super) fn for_owner_only(path: &Path) -> IoResult<()> {
        let metadata = std::fs::symlink_metadata(path)?;
        let mode = metadata.mode();
        match metadata.is_symlink() || mode & OTHERS == 0 {
            true => Ok(()),
            false => std::fs::set_permissions(path, Permissions::from_mode(mode & 0o7700)),
        }
    }

    pub(super) fn keep_private(folder: &Path) -> IoResult<()> {
        if !folder.is_dir() {
            return Ok(());
        }
        let was_private = is_private(folder);
        for_owner_only(folder)?;
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let is_folder = std::fs::symlink_metadata(&path)?.is_dir();
            match is_folder && !(was_private && is_private(&path)) {
                true => keep_private(&path)?,
                false => for_owner_only(&path)?,
            }
        }
        Ok(())
    }
}

#[cfg(not(unix))]
mod system {
    use std::fs::OpenOptions;
    use std::io::Result as IoResult;
    use std::path::Path;

    pub(super) fn is_private(_: &Path) -> bool {
        false
    }

    pub(super) fn create_folder(folder: &Path, _: bool) -> IoResult<()> {
        std::fs::create_dir(folder)
    }

    pub(super) fn for_owner(_: &mut OpenOptions) {}

    pub(super) fn for_owner_only(_: &Path) -> IoResult<()> {
        Ok(())
    }

    pub(super) fn keep_private(_: &Path) -> IoResult<()> {
        Ok(())
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::{keep_private, make_folder, open};
    use std::fs::File;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::path::Path;

    fn mode(path: &Path) -> u32 {
        std::fs::symlink_metadata(path).unwrap().mode() & 0o777
    }

    fn set(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn all_that_stands_in_a_folder_becomes_its_owners_and_what_is_made_there_is_so() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let outside = tempfile::NamedTempFile::new().unwrap();
        set(outside.path(), 0o644);
        for (name, of_file) in [("a/b/c", 0o644), ("d", 0o664)] {
            std::fs::create_dir_all(at(name).parent().unwrap()).unwrap();
            std::fs::write(at(name), "").unwrap();
            set(&at(name), of_file);
        }
        for name in ["", "a", "a/b"] {
            set(&at(name), 0o755);
        }
        std::os::unix::fs::symlink(outside.path(), at("link")).unwrap();
        keep_private(folder.path()).unwrap();
        for name in ["", "a", "a/b"] {
            assert_eq!(mode(&at(name)), 0o700, "{name}");
        }
        for name in ["a/b/c", "d"] {
            assert_eq!(mode(&at(name)), 0o600, "{name}");
        }
        assert_eq!(mode(outside.path()), 0o644);
        make_folder(&at("e/f")).unwrap();
        open(&at("e/f/g"), File::options().write(true).create_new(true)).unwrap();
        let made = ["e", "e/f", "e/f/g"].map(|name| mode(&at(name)));
        assert_eq!(made, [0o700, 0o700, 0o600]);
    }

    #[test]
    fn elsewhere_what_is_made_has_the_rights_that_are_usual_there() {
        let folder = tempfile::tempdir().unwrap();
        set(folder.path(), 0o755);
        make_folder(&folder.path().join("a/b")).unwrap();
        let file = folder.path().join("a/b/c");
        open(&file, File::options().write(true).create_new(true)).unwrap();
        assert_ne!(mode(&folder.path().join("a")) & 0o055, 0);
        assert_ne!(mode(&folder.path().join("a/b/c")) & 0o044, 0);
    }

    #[test]
    fn a_folder_that_is_not_there_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        keep_private(&folder.path().join("none")).unwrap();
        assert!(!folder.path().join("none").exists());
    }
}
