//! What the program wrote commands nobody who reads it.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// No sign of a text moves a cursor or turns what follows.
pub(crate) fn assert_clean(what: &str, text: &str) {
    let command = text
        .chars()
        .find(|sign| model::is_command_sign(*sign) && !matches!(sign, '\n' | '\r' | '\t'));
    assert_eq!(command, None, "{what}");
}

/// No part of a document works anything out, fetches anything or runs anything for a sender.
pub(crate) fn assert_inert(what: &str, bytes: &[u8]) {
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap();
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).unwrap();
        let name = format!("{what}: {}", part.name().unwrap());
        assert!(
            !name.ends_with("vbaProject.bin") && !name.contains("connections"),
            "{name}"
        );
        let mut text = String::new();
        if part.read_to_string(&mut text).is_ok() {
            assert_clean(&name, &text);
            assert!(
                !text.contains("TargetMode=\"External\"") && !text.contains("instrText"),
                "{name}"
            );
            // The number of the page is the only field of a letter.
            for field in text.split("w:instr=\"").skip(1) {
                assert!(field.starts_with("PAGE\""), "{name}: {field}");
            }
            let formulas = text
                .split("<f>")
                .skip(1)
                .filter_map(|rest| rest.split("</f>").next());
            for formula in formulas {
                let is_ours = !["cmd", "HYPERLINK", "SUM(A1)"]
                    .iter()
                    .any(|evil| formula.contains(evil));
                assert!(is_ours, "{name}: {formula}");
            }
        }
    }
}

/// All files below a folder.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => files_below(&path),
            false => vec![path],
        })
        .collect()
}

/// All that was written below a folder commands nobody who reads it.
pub(crate) fn assert_all_clean(folder: &Path) {
    for file in files_below(folder) {
        let bytes = std::fs::read(&file).unwrap();
        let name = file.display().to_string();
        assert_clean("a name", &name);
        match file.extension().and_then(|ending| ending.to_str()) {
            Some("xlsx" | "docx") => assert_inert(&name, &bytes),
            _ => assert_clean(&name, &String::from_utf8(bytes).unwrap()),
        }
    }
}
