use crate::{DefinitionError, DefinitionErrors};
use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

static DEFAULT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../pipelines/dong-nai-2021-2025");

/// The files of a programme: path within its folder, with '/' between parts, and text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Source {
    files: BTreeMap<String, String>,
}

impl Source {
    /// The programme compiled into the program.
    pub fn default_programme() -> Self {
        let mut files = BTreeMap::new();
        let mut folders = vec![&DEFAULT];
        while let Some(folder) = folders.pop() {
            folders.extend(folder.dirs());
            for file in folder.files() {
                if let Some(text) = file.contents_utf8() {
                    files.insert(
                        file.path().to_string_lossy().replace('\\', "/"),
                        text.to_owned(),
                    );
                }
            }
        }
        Self { files }
    }

    /// The `.toml`, `.sql` and `.tsv` files below a folder.
    ///
    /// # Errors
    /// A folder or file that cannot be read, or is not UTF-8, named.
    pub fn read_dir(folder: &Path) -> Result<Self, DefinitionErrors> {
        let mut files = BTreeMap::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(current) = folders.pop() {
            let named = |path: &Path| {
                path.strip_prefix(folder)
                    .unwrap_or(path)
                    .to_string_lossy()
                    .replace('\\', "/")
            };
            let fault = |path: &Path, error: std::io::Error| {
                DefinitionErrors(vec![DefinitionError {
                    file: path.display().to_string(),
                    line: None,
                    message: error.to_string(),
                }])
            };
            for entry in std::fs::read_dir(&current).map_err(|e| fault(&current, e))? {
                let path = entry.map_err(|e| fault(&current, e))?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path
                    .extension()
                    .is_some_and(|ext| ext == "toml" || ext == "sql" || ext == "tsv")
                {
                    let text = std::fs::read_to_string(&path).map_err(|e| fault(&path, e))?;
                    files.insert(named(&path), text);
                }
            }
        }
        Ok(Self { files })
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
    pub(crate) fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        for (path, text) in &self.files {
            for part in [path, text] {
                hasher.update((part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
        }
        hasher
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// The same files with one replaced or added: for trying what a fault in it says.
    pub fn with(mut self, path: &str, text: impl Into<String>) -> Self {
        self.files.insert(path.to_owned(), text.into());
        self
    }

    /// Writes the files below a folder, for an operator to copy and change.
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
