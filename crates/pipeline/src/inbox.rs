use crate::PipelineError;
use model::FileId;
use std::path::Path;

/// A file of the inbox.
pub(crate) struct Dropped {
    /// Its path within the inbox, with '/' between parts.
    pub name: String,
    pub id: FileId,
    pub bytes: Vec<u8>,
}

/// The files of the inbox.
pub(crate) struct Inbox {
    /// Those that can be read, by name.
    pub files: Vec<Dropped>,
    /// Names of those that another program holds open.
    pub locked: Vec<String>,
}

/// Reads the inbox, sorted by name. Hidden files are left alone; `~$name` says that Excel holds `name` open.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn read(folder: &Path) -> Result<Inbox, PipelineError> {
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
        names.binary_search(&format!("{parent}~${file}")).is_ok()
    };
    let mut inbox = Inbox { files: Vec::new(), locked: Vec::new() };
    for name in names.iter().filter(|name| !last_part(name).starts_with(['.', '~'])) {
        if is_open(name) {
            inbox.locked.push(name.clone());
            continue;
        }
        match std::fs::read(folder.join(name)) {
            Ok(bytes) => inbox.files.push(Dropped { name: name.clone(), id: ledger::file_id(&bytes), bytes }),
            Err(_) => inbox.locked.push(name.clone()),
        }
    }
    Ok(inbox)
}
