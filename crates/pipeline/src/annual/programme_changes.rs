use std::collections::{BTreeMap, BTreeSet};

/// The most files that are named; of more the number of the others is told.
const MOST_NAMED: usize = 5;

/// The files of a programme that say what stands on paper and to whom, and change no figure.
const WORDING: [&str; 3] = ["words.toml", "report.toml", "listings/"];

/// The files in which two programmes differ, as far as figures may come from them, for a person to read. Each is
/// given as the ledger keeps it: JSON of texts by their path.
pub(crate) fn programme_changes(files: [&str; 2]) -> String {
    let [before, after] = files
        .map(|json| serde_json::from_str::<BTreeMap<String, String>>(json).unwrap_or_default());
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let is_wording = |path: &str| {
        let path = path.strip_prefix("_base/").unwrap_or(path);
        WORDING.iter().any(|wording| path.starts_with(wording))
    };
    let changed: Vec<&str> = paths
        .into_iter()
        .filter(|path| before.get(*path) != after.get(*path) && !is_wording(path))
        .map(String::as_str)
        .collect();
    let named = changed.iter().take(MOST_NAMED).copied().collect::<Vec<_>>();
    match changed.len().saturating_sub(MOST_NAMED) {
        0 => named.join(", "),
        more => format!("{} (+{more})", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::programme_changes;

    #[test]
    fn the_files_that_figures_may_come_from_are_named() {
        let before = r#"{"indicators/a.sql": "1", "views/v.sql": "1", "words.toml": "1", "_base/words.toml": "1"}"#;
        let after = r#"{"indicators/a.sql": "2", "indicators/b.sql": "1", "words.toml": "2", "_base/words.toml": "2"}"#;
        insta::assert_snapshot!(programme_changes([before, after]), @"indicators/a.sql, indicators/b.sql, views/v.sql");
        assert_eq!(programme_changes([before, before]), "");
    }

    #[test]
    fn of_many_files_some_are_named() {
        let files: Vec<String> = (0..7).map(|n| format!("\"{n}.sql\": \"\"")).collect();
        let after = format!("{{{}}}", files.join(","));
        insta::assert_snapshot!(programme_changes(["{}", &after]), @"0.sql, 1.sql, 2.sql, 3.sql, 4.sql (+2)");
    }
}
