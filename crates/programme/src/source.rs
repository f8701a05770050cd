use crate::error::{DefinitionError, DefinitionErrors};
use include_dir::{Dir, include_dir};
use model::ProgrammeHash;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

static DEFAULT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../pipelines/dong-nai-2021-2025");
static BASE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../pipelines/_base");

/// The name of the base that is compiled into the program.
pub(crate) const COMPILED_BASE: &str = "_base";

/// The folder, among the files, of what an office lays over its programme.
pub(crate) const OFFICE: &str = "office";

/// The files that an office may lay over its programme's, entry by entry: by the code of a department, or of a list's entry.
pub(crate) const LAYERS: [&str; 2] = ["catalogue.toml", "departments.toml"];

/// A file of the office that is laid over the programme's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeFile {
    /// Its name.
    pub name: String,
    /// SHA-256 of its text.
    pub hash: String,
}

/// The files of a programme: path within its folder, with '/' between parts, and text.
///
/// The files of its base are among them, below the base's name, so that a source which was kept needs nothing else to be
/// loaded, and its hash covers them. Texts have no byte order mark and end their lines in `\n`: the same
/// programme has the same hash on every machine, however its files were checked out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Source {
    files: BTreeMap<String, String>,
}

impl Source {
    /// The programme compiled into the program, with its base.
    pub fn default_programme() -> Self {
        let mut source = Self {
            files: compiled(&DEFAULT),
        };
        source.add_base(None).unwrap_or_default();
        source
    }

    /// The `.toml`, `.sql` and `.tsv` files below a folder, and those of its base: found in the folder itself, else beside
    /// it, else the one that is compiled in. A base that is nowhere is left to [`Programme::load`](crate::Programme::load)
    /// to report.
    ///
    /// # Errors
    /// A folder or file that cannot be read, or is not UTF-8, named.
    pub fn read_dir(folder: &Path) -> Result<Self, DefinitionErrors> {
        let mut source = Self {
            files: read_files(folder)?,
        };
        source.add_base(Some(folder))?;
        Ok(source)
    }

    /// The same with the office's own files of a folder laid over: those of `LAYERS` that are there, below `OFFICE`. What
    /// the plan could not know (which departments there are today, which places) is the office's to say; being among the
    /// files, it is in the hash, and whoever keeps the source keeps it.
    ///
    /// # Errors
    /// A file that cannot be read, or is not UTF-8, named.
    pub fn with_office(mut self, folder: &Path) -> Result<Self, DefinitionErrors> {
        for name in LAYERS {
            let path = folder.join(name);
            if path.is_file() {
                let text = std::fs::read_to_string(&path).map_err(|e| fault(&path, &e))?;
                self.files
                    .insert(format!("{OFFICE}/{name}"), normalised(text));
            }
        }
        Ok(self)
    }

    /// The files of the office that are laid over: their names, sorted, and the SHA-256 of each.
    pub(crate) fn office_files(&self) -> Vec<OfficeFile> {
        let folder = format!("{OFFICE}/");
        let own = self.files.iter().filter_map(|(path, text)| {
            Some(OfficeFile {
                name: path.strip_prefix(&folder)?.to_owned(),
                hash: hex(Sha256::digest(text.as_bytes())),
            })
        });
        own.collect()
    }

    /// The name of the base that `programme.toml` says; none for a programme that stands alone, and none if the file cannot
    /// be read as TOML, which loading reports.
    pub(crate) fn base(&self) -> Option<String> {
        let head: toml::Table = self.text("programme.toml")?.parse().ok()?;
        head.get("base")?.as_str().map(str::to_owned)
    }

    /// Whether the files of a base are here.
    pub(crate) fn has_base(&self, name: &str) -> bool {
        let folder = format!("{name}/");
        self.files.keys().any(|path| path.starts_with(&folder))
    }

    fn add_base(&mut self, folder: Option<&Path>) -> Result<(), DefinitionErrors> {
        // A name with a path in it could reach any folder of the machine.
        let Some(name) = self.base().filter(|name| is_plain_name(name)) else {
            return Ok(());
        };
        if self.has_base(&name) {
            return Ok(());
        }
        let beside = folder.map(|folder| folder.join("..").join(&name));
        let files = match beside.filter(|folder| folder.is_dir()) {
            Some(beside) => read_files(&beside)?,
            None if name == COMPILED_BASE => compiled(&BASE),
            None => return Ok(()),
        };
        let named = files
            .into_iter()
            .map(|(path, text)| (format!("{name}/{path}"), text));
        self.files.extend(named);
        Ok(())
    }

    /// The text of one file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The paths below a folder that end so, sorted.
    pub(crate) fn paths(&self, folder: &str, ending: &str) -> Vec<&str> {
        self.files
            .keys()
            .map(String::as_str)
            .filter(|p| p.starts_with(folder) && p.ends_with(ending))
            .collect()
    }

    /// SHA-256 over all paths and texts: what a report says it was made with.
    pub fn hash(&self) -> ProgrammeHash {
        let mut hasher = Sha256::new();
        for (path, text) in &self.files {
            for part in [path, text] {
                hasher.update((part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
        }
        ProgrammeHash(hex(hasher.finalize()))
    }

    /// The same files with one replaced or added: for trying what a fault in it says.
    pub fn with(mut self, path: &str, text: impl Into<String>) -> Self {
        self.files.insert(path.to_owned(), normalised(text.into()));
        self
    }

    /// Writes the files below a folder, those of the base in a folder of its name, for an operator to copy and change.
    ///
    /// # Errors
    /// A folder or file that cannot be written.
    pub fn write_to(&self, folder: &Path) -> std::io::Result<()> {
        for (path, text) in &self.files {
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, text)?;
        }
        Ok(())
    }
}

fn hex(digest: impl AsRef<[u8]>) -> String {
    let bytes = digest.as_ref().iter();
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

fn fault(path: &Path, error: &std::io::Error) -> DefinitionErrors {
    DefinitionErrors(vec![DefinitionError {
        file: path.display().to_string(),
        line: None,
        message: error.to_string(),
    }])
}

/// Whether a base's name is that of a folder, not a path.
pub(crate) fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

fn compiled(root: &Dir<'_>) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            if let Some(text) = file.contents_utf8() {
                let path = file.path().to_string_lossy().replace('\\', "/");
                files.insert(path, normalised(text.to_owned()));
            }
        }
    }
    files
}

fn read_files(root: &Path) -> Result<BTreeMap<String, String>, DefinitionErrors> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(current) = folders.pop() {
        for entry in std::fs::read_dir(&current).map_err(|e| fault(&current, &e))? {
            let path = entry.map_err(|e| fault(&current, &e))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|ext| ext == "toml" || ext == "sql" || ext == "tsv")
            {
                let text = std::fs::read_to_string(&path).map_err(|e| fault(&path, &e))?;
                let within = path.strip_prefix(root).unwrap_or(&path);
                let within = within.to_string_lossy().replace('\\', "/");
                files.insert(within, normalised(text));
            }
        }
    }
    Ok(files)
}

/// A text without a byte order mark, which SQL refuses, and with the line ends that a checkout on Windows changes undone.
fn normalised(text: String) -> String {
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    if text.contains('\r') {
        text.replace("\r\n", "\n")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Source;
    use std::path::PathBuf;

    /// A folder that is removed when the test ends.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("source-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn write(&self, path: &str, text: &str) {
            let path = self.0.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }

        fn read(&self, within: &str) -> Source {
            Source::read_dir(&self.0.join(within)).unwrap()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn line_ends_and_byte_order_marks_change_no_hash() {
        let (unix, windows) = (Folder::new("unix"), Folder::new("windows"));
        Source::default_programme().write_to(&unix.0).unwrap();
        for (path, text) in &Source::default_programme().files {
            windows.write(path, &format!("\u{feff}{}", text.replace('\n', "\r\n")));
        }
        assert!(windows.read(".") == unix.read("."), "texts differ");
        assert_eq!(windows.read(".").hash(), Source::default_programme().hash());
    }

    #[test]
    fn the_base_in_the_folder_is_taken_before_the_one_beside_it_and_that_before_ours() {
        let folder = Folder::new("order");
        let words = |source: &Source| source.text("_base/words.toml").map(str::to_owned);
        folder.write("a/programme.toml", "base = \"_base\"");
        let ours = super::BASE.get_file("words.toml").unwrap();
        assert_eq!(words(&folder.read("a")).as_deref(), ours.contents_utf8());
        folder.write("_base/words.toml", "beside");
        assert_eq!(words(&folder.read("a")).unwrap(), "beside");
        folder.write("a/_base/words.toml", "inside");
        assert_eq!(words(&folder.read("a")).unwrap(), "inside");
    }

    #[test]
    fn a_base_changes_the_hash_of_its_programme() {
        let folder = Folder::new("hash");
        folder.write("a/programme.toml", "base = \"mine\"");
        let without = folder.read("a");
        assert!(!without.has_base("mine"));
        folder.write("mine/words.toml", "[words]");
        let with = folder.read("a");
        assert!(with.has_base("mine"));
        folder.write("mine/words.toml", "[words]\n");
        assert_ne!(folder.read("a").hash(), with.hash());
        assert_ne!(without.hash(), with.hash());
    }

    #[test]
    fn a_base_is_a_name_and_no_path() {
        let folder = Folder::new("path");
        folder.write("secret/words.toml", "[words]");
        folder.write("a/b/programme.toml", "base = \"../secret\"");
        assert_eq!(folder.read("a/b").files.len(), 1);
    }

    #[test]
    fn a_source_goes_through_json_whole() {
        let source = Source::default_programme();
        let kept = serde_json::to_string(&source).unwrap();
        assert_eq!(serde_json::from_str::<Source>(&kept).unwrap(), source);
        assert!(kept.contains("\"_base/words.toml\""));
    }
}
