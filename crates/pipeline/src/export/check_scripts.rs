use crate::export::exported_table::ExportedFile;

/// The scripts that compute an export again: what all engines have in common, and each engine.
const SCRIPTS: [(&str, &str); 4] = [
    ("check.py", include_str!("scripts/check.py")),
    (
        "check_datafusion.py",
        include_str!("scripts/check_datafusion.py"),
    ),
    ("check_duckdb.py", include_str!("scripts/check_duckdb.py")),
    ("check_spark.py", include_str!("scripts/check_spark.py")),
];

/// The scripts, as they stand in an export.
pub(crate) fn check_scripts() -> impl Iterator<Item = ExportedFile> {
    SCRIPTS.iter().map(|(path, text)| ExportedFile {
        path: (*path).to_owned(),
        bytes: text.as_bytes().to_vec(),
    })
}
