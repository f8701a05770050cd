use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

/// Where an operator drops files.
const WATCHED: [&str; 3] = ["inbox", "review", "registers"];

/// What lies in the folders of a workspace that are dropped into, as far as it can be seen without opening a file: names, sizes and
/// times. Two that are equal hold the same, so long as nobody changes a file and puts its time back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FolderState(BTreeMap<String, (u64, Option<SystemTime>)>);

impl FolderState {
    /// Of a workspace. A folder that cannot be reached, such as that of a share that is gone, looks empty.
    pub fn of(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        for folder in WATCHED {
            let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
                continue;
            };
            for entry in entries.flatten() {
                let Ok(metadata) = entry.metadata() else {
                    continue;
                };
                let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
                files.insert(name, (metadata.len(), metadata.modified().ok()));
            }
        }
        Self(files)
    }

    /// Whether nothing lies there.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a run that began with `before` has looked at: of what lies there now that which it wrote itself, the questions, and
    /// otherwise what was there; so that what came while it ran is new.
    #[must_use]
    pub fn after(self, before: &Self) -> Self {
        let written = self
            .0
            .into_iter()
            .filter(|(name, _)| name.starts_with("review/"));
        let dropped = before.0.clone().into_iter();
        let dropped = dropped.filter(|(name, _)| !name.starts_with("review/"));
        Self(dropped.chain(written).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::FolderState;

    #[test]
    fn what_came_during_a_run_is_new_and_what_it_wrote_is_not() {
        let state = |names: &[&str]| {
            FolderState(
                names
                    .iter()
                    .map(|it| ((*it).to_owned(), (1, None)))
                    .collect(),
            )
        };
        let before = state(&["inbox/a.xlsx"]);
        let after = state(&["inbox/a.xlsx", "inbox/b.xlsx", "review/2023-11-25.xlsx"]);
        let looked_at = after.clone().after(&before);
        assert_eq!(
            looked_at,
            state(&["inbox/a.xlsx", "review/2023-11-25.xlsx"])
        );
        assert_ne!(looked_at, after);
    }
}
