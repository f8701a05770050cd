//! A file is looked at before it is opened: only a plain one of a lawful size is read, and none is waited for.

use std::fs::{File, Metadata, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The bytes of a file, or why they are not read.
pub(crate) enum Looked {
    Read(Vec<u8>),
    /// It is no plain file, in words for the operator.
    NoFile(&'static str),
    /// It has more bytes than so many.
    TooLarge(u64),
    /// Somebody is writing it.
    Changing,
    /// The system does not let it be read.
    Unreadable,
}

/// How long a file that seems to end too early is watched for whether more of it comes.
const WATCHED: Duration = Duration::from_millis(400);

/// A file that seems to end too early, as it was when it was read.
pub(crate) struct Early {
    path: PathBuf,
    state: State,
}

/// Reads a file of at most so many bytes. A link is not followed, and what is no file is not opened.
///
/// One that seems to end too early is watched for a moment.
pub(crate) fn look(path: &Path, most: u64) -> Looked {
    match look_once(path, most) {
        (_, Some(ref early)) if !changed(std::slice::from_ref(early)).is_empty() => {
            Looked::Changing
        }
        (looked, _) => looked,
    }
}

/// As [`look`], without watching: with the file if it seems to end too early, so that many are watched at once.
pub(crate) fn look_once(path: &Path, most: u64) -> (Looked, Option<Early>) {
    let none = |looked| (looked, None);
    let Ok(metadata) = std::fs::symlink_metadata(path) else {
        return none(Looked::Unreadable);
    };
    if let Some(what) = no_file(&metadata) {
        return none(Looked::NoFile(what));
    }
    if metadata.len() > most {
        return none(Looked::TooLarge(metadata.len()));
    }
    let Ok(mut file) = open_plainly(path) else {
        return none(Looked::Unreadable);
    };
    // What is opened may be another thing than what was looked at.
    let Ok(before) = file.metadata() else {
        return none(Looked::Unreadable);
    };
    if let Some(what) = no_file(&before) {
        return none(Looked::NoFile(what));
    }
    let mut bytes = Vec::new();
    if Read::by_ref(&mut file)
        .take(most + 1)
        .read_to_end(&mut bytes)
        .is_err()
    {
        return none(Looked::Unreadable);
    }
    // Length and time before and after: a copy that goes on while the file is read would change one of them.
    let state = state(&before);
    if u64::try_from(bytes.len()) != Ok(state.0) || !is_at_rest(path, &state) {
        return none(Looked::Changing);
    }
    let early = ends_early(&bytes).then(|| Early {
        path: path.to_owned(),
        state,
    });
    (Looked::Read(bytes), early)
}

/// Watches files for a moment: the places of those that changed, or went away. It takes as long for many as for one, so that
/// a heap of files that were cut does not hold a run up.
pub(crate) fn changed(files: &[Early]) -> Vec<usize> {
    if files.is_empty() {
        return Vec::new();
    }
    std::thread::sleep(WATCHED);
    (0..files.len())
        .filter(|at| !is_at_rest(&files[*at].path, &files[*at].state))
        .collect()
}

/// By its name, since a program may also have put another file in its place.
fn is_at_rest(path: &Path, before: &State) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|metadata| state(&metadata) == *before)
}

/// What something is if it is no plain file.
pub(crate) fn no_file(metadata: &Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    match () {
        () if kind.is_file() => None,
        () if kind.is_symlink() => Some("liên kết (link)"),
        () if kind.is_dir() => Some("thư mục (folder)"),
        () => Some("ống dẫn hoặc thiết bị (pipe, socket or device)"),
    }
}

fn open_plainly(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // A pipe that came into its place meanwhile would be waited for.
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    }
    options.open(path)
}

/// Length and time.
type State = (u64, Option<SystemTime>);

fn state(metadata: &Metadata) -> State {
    (metadata.len(), metadata.modified().ok())
}

/// Whether it begins as a zipped workbook and lacks the directory at its end, or is a text whose last line does not end: damaged,
/// or not all there yet.
fn ends_early(bytes: &[u8]) -> bool {
    const DIRECTORY_END: &[u8] = b"PK\x05\x06";
    if bytes.starts_with(b"PK\x03\x04") {
        // The directory's end may be followed by a comment of up to 64 KiB.
        let tail = &bytes[bytes.len().saturating_sub((1 << 16) + 22)..];
        return memchr::memmem::rfind(tail, DIRECTORY_END).is_none();
    }
    // Many programs end the last line too; what is written in blocks ends within one.
    const BLOCK: usize = 4_096;
    !bytes.is_empty() && bytes.len().is_multiple_of(BLOCK) && !bytes.ends_with(b"\n")
}

#[cfg(test)]
mod tests {
    use super::{Looked, WATCHED, changed, ends_early, look, look_once};
    use std::path::Path;

    fn word(path: &Path, most: u64) -> String {
        match look(path, most) {
            Looked::Read(bytes) => format!("read {}", bytes.len()),
            Looked::NoFile(what) => what.to_owned(),
            Looked::TooLarge(size) => format!("too large {size}"),
            Looked::Changing => "changing".to_owned(),
            Looked::Unreadable => "unreadable".to_owned(),
        }
    }

    #[test]
    fn a_plain_file_is_read_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, "12345").unwrap();
        assert_eq!(word(&file, 5), "read 5");
        assert_eq!(word(&file, 4), "too large 5");
        assert_eq!(word(&folder.path().join("b"), 5), "unreadable");
        // A sparse file is as large as it says, whatever it holds.
        std::fs::File::create(&file)
            .unwrap()
            .set_len(3 << 30)
            .unwrap();
        assert_eq!(word(&file, 64 << 20), format!("too large {}", 3u64 << 30));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_named_and_never_opened() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::os::unix::fs::symlink("/dev/zero", at("link")).unwrap();
        std::os::unix::fs::symlink("loop", at("loop")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        assert_eq!(word(&at("link"), 9), "liên kết (link)");
        assert_eq!(word(&at("loop"), 9), "liên kết (link)");
        assert_eq!(
            word(&at("socket"), 9),
            "ống dẫn hoặc thiết bị (pipe, socket or device)"
        );
        assert_eq!(word(folder.path(), 9), "thư mục (folder)");
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
    fn a_text_that_is_cut_at_the_end_of_a_block_ends_early() {
        let mut text = "a;b\n".repeat(2_048).into_bytes();
        assert!(!ends_early(&text));
        text.rotate_left(1);
        assert!(ends_early(&text));
        text.truncate(8_000);
        assert!(!ends_early(&text));
    }

    #[test]
    fn many_that_end_early_are_watched_as_long_as_one() {
        let folder = tempfile::tempdir().unwrap();
        let paths: Vec<_> = (0..9)
            .map(|at| folder.path().join(at.to_string()))
            .collect();
        let early = paths.iter().map(|path| {
            std::fs::write(path, b"PK\x03\x04").unwrap();
            look_once(path, 9).1.unwrap()
        });
        let early: Vec<_> = early.collect();
        std::fs::write(&paths[3], b"PK\x03\x04more").unwrap();
        std::fs::remove_file(&paths[5]).unwrap();
        let begun = std::time::Instant::now();
        assert_eq!(changed(&early), [3, 5]);
        assert!(begun.elapsed() < WATCHED * 3);
        assert!(changed(&[]).is_empty());
    }
}
