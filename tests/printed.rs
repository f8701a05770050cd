//! How the report comes out of a printer, as far as a test can tell: pages, headings on each, texts that find room.

use crate::office::Office;
use calamine::{Data, Reader, Xlsx};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The parts of a workbook by name.
fn parts(workbook: &[u8]) -> BTreeMap<String, String> {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut parts = BTreeMap::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut text = String::new();
        if part.read_to_string(&mut text).is_ok() {
            parts.insert(part.name().unwrap().into_owned(), text);
        }
    }
    parts
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let start = element.find(&format!(" {name}=\""))? + name.len() + 3;
    element[start..].split('"').next()
}

fn elements<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!("<{name} ");
    xml.split(&open)
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap())
        .map(|e| &e[..e.len()])
        .collect()
}

fn report() -> Vec<u8> {
    let office = Office::new();
    let samples = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/submissions/2024-Q4/inbox"
    );
    for entry in std::fs::read_dir(samples).unwrap() {
        let path = entry.unwrap().path();
        office.drop_file(
            path.file_name().unwrap().to_str().unwrap(),
            &std::fs::read(&path).unwrap(),
        );
    }
    office.run_at_ending("2024-12-31T00:00:00Z", 4);
    office.figures("2024");
    office.workbook()
}

#[test]
fn each_sheet_is_set_up_for_paper_and_its_texts_find_room() {
    let workbook = report();
    let parts = parts(&workbook);
    let mut read = Xlsx::new(Cursor::new(&workbook)).unwrap();
    let names = read.sheet_names();
    let titles = &parts["xl/workbook.xml"];
    // What was looked at, so that a workbook that says nothing of itself does not pass.
    let (mut repeated, mut texts, mut numbers) = (0, 0, 0);
    for (number, name) in (1..).zip(&names) {
        let xml = format!(" {}", parts[&format!("xl/worksheets/sheet{number}.xml")]);
        assert!(
            xml.contains("<pageSetUpPr fitToPage=\"1\"/>"),
            "{name}: not fitted to the page"
        );
        let setup = elements(&xml, "pageSetup")[0];
        assert_eq!(
            attribute(&format!(" {setup}"), "paperSize"),
            Some("9"),
            "{name}: A4"
        );
        assert!(xml.contains("&amp;P"), "{name}: no page number");
        // Tables that may run over pages repeat their heading.
        let is_one_page = attribute(&format!(" {setup}"), "fitToHeight") != Some("0");
        let repeats =
            titles.contains(&format!("'{name}'!$")) || titles.contains(&format!(">{name}!$"));
        assert!(is_one_page || repeats, "{name}: heading not repeated");
        repeated += usize::from(repeats);

        let mut widths: BTreeMap<u32, f64> = BTreeMap::new();
        for column in elements(&xml, "col") {
            let column = format!(" {column}");
            let edge = |name| attribute(&column, name).unwrap().parse::<u32>().unwrap();
            for at in edge("min")..=edge("max") {
                widths.insert(
                    at - 1,
                    attribute(&column, "width").unwrap().parse().unwrap(),
                );
            }
        }
        let heights: BTreeMap<u32, f64> = elements(&xml, "row")
            .into_iter()
            .filter_map(|row| {
                let row = format!(" {row}");
                Some((
                    attribute(&row, "r")?.parse::<u32>().ok()? - 1,
                    attribute(&row, "ht")?.parse().ok()?,
                ))
            })
            .collect();
        let merged: Vec<&str> = elements(&xml, "mergeCell")
            .into_iter()
            .map(|m| m.split('"').nth(1).unwrap())
            .collect();
        let is_merged = |row: u32, col: u32| {
            merged.iter().any(|range| {
                let (first, last) = range.split_once(':').unwrap();
                let cell = |name: &str| name.parse::<model::CellRef>().unwrap();
                let (first, last) = (cell(first), cell(last));
                (first.row..=last.row).contains(&row) && (first.col..=last.col).contains(&col)
            })
        };
        if *name == "Bìa" {
            continue;
        }
        let range = read.worksheet_range(name).unwrap();
        let (top, left) = range.start().unwrap();
        for (row, col, value) in range.used_cells() {
            let (row, col) = (
                top + u32::try_from(row).unwrap(),
                left + u32::try_from(col).unwrap(),
            );
            let Some(height) = heights.get(&row).filter(|_| !is_merged(row, col)) else {
                continue;
            };
            let width = widths.get(&col).copied().unwrap_or(9.0);
            match value {
                Data::String(text) => {
                    // A letter takes at most 0.8 of the width of a digit, as the mean of a line of text.
                    let lines: f64 = text
                        .lines()
                        .map(|line| (line.chars().count() as f64 * 0.8 / width).ceil().max(1.0))
                        .sum();
                    let room = (height / 14.0).floor().max(1.0);
                    assert!(lines <= room, "{name} {row},{col}: {text}");
                    texts += 1;
                }
                Data::Float(number) if !(0.0..2.0).contains(number) => {
                    let digits = format!("{number:.0}").len();
                    let shown = digits + digits.saturating_sub(1) / 3;
                    assert!(
                        shown as f64 <= width + 1.0,
                        "{name} {row},{col}: {number} in {width}"
                    );
                    numbers += 1;
                }
                _ => {}
            }
        }
    }
    assert!(
        repeated > 10 && texts > 1_000 && numbers > 100,
        "looked at {repeated} headings, {texts} texts, {numbers} numbers"
    );
    // Charts say what they show to who cannot see them.
    let drawings: Vec<&String> = parts
        .iter()
        .filter(|(name, _)| name.starts_with("xl/drawings/drawing"))
        .map(|(_, xml)| xml)
        .collect();
    assert!(!drawings.is_empty() && drawings.iter().all(|xml| xml.contains("descr=\"")));
    // The headline figures have names.
    assert!(
        titles.contains("budget_spent_2024") && titles.contains("enterprises_supported_2021_2024")
    );
}
