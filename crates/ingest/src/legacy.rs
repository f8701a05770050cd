//! Texts of fonts from before Unicode, found and converted cell by cell.
//!
//! Most such texts show themselves. A short one, like 'Phó' for 'Phú', may be Vietnamese either way; then the cell's
//! font speaks, and where it is not known, the other cells of its row, its sheet, the workbook.

use crate::grid::{Row, Sheet, Value};
use crate::observe::{Narrow, observe};
use model::{Check, Observation};
use std::collections::HashMap;
use vietext::{Legacy, decode_legacy, encode_legacy, legacy_font, readings};

/// What a text shows of its encoding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shows {
    /// ASCII, or Latin-1 letters that may be either.
    Nothing,
    Unicode,
    Old(Legacy),
    /// Old, but both encodings would do.
    Either,
}

fn shows(text: &str) -> Shows {
    if text.is_ascii() {
        return Shows::Nothing;
    }
    match readings(text).as_slice() {
        [(_, legacy)] => Shows::Old(*legacy),
        [_, ..] => Shows::Either,
        [] if is_unicode(text) => Shows::Unicode,
        [] => Shows::Nothing,
    }
}

/// Whether it has a letter that no old encoding has: those are Latin-1 all.
pub(crate) fn is_unicode(text: &str) -> bool {
    // Up to the end of Latin Extended Additional all are letters but the combining marks; Vietnamese is all there.
    text.chars().any(|c| match u32::from(c) {
        0x100..=0x24f | 0x1e00..=0x1eff => true,
        code => code > 0xff && c.is_alphabetic(),
    })
}

/// Whether a text is what an encoding makes of what it reads as.
fn is_written_in(text: &str, legacy: Legacy) -> bool {
    encode_legacy(&decode_legacy(text, legacy), legacy) == text
}

/// How many cells show each encoding.
#[derive(Default, Clone, Copy)]
struct Votes {
    unicode: usize,
    tcvn3: usize,
    vni: usize,
}

impl Votes {
    fn add(&mut self, shown: Shows) {
        match shown {
            Shows::Nothing | Shows::Either => {}
            Shows::Unicode => self.unicode += 1,
            Shows::Old(Legacy::Tcvn3) => self.tcvn3 += 1,
            Shows::Old(Legacy::Vni) => self.vni += 1,
        }
    }

    /// The encoding most cells show; nothing where none shows any.
    fn most(self) -> Option<Shows> {
        let most = self.unicode.max(self.tcvn3).max(self.vni);
        match () {
            () if most == 0 => None,
            () if most == self.unicode => Some(Shows::Unicode),
            () if most == self.tcvn3 => Some(Shows::Old(Legacy::Tcvn3)),
            () => Some(Shows::Old(Legacy::Vni)),
        }
    }
}

/// Converts old texts in place; gives an observation for each sheet that had any.
///
/// `font_of` tells a cell's font by sheet, row and column; it is asked only where a workbook shows old texts.
pub(crate) fn convert(
    sheets: &mut [Sheet],
    font_of: impl FnOnce() -> HashMap<(usize, u32, u32), String>,
) -> Vec<Observation> {
    if sheets.iter().all(|sheet| sheet.is_unicode) {
        return Vec::new();
    }
    let mut all = Votes::default();
    let votes: Vec<Votes> = sheets
        .iter()
        .map(|sheet| {
            let mut votes = Votes::default();
            let mut seen: HashMap<&str, Shows> = HashMap::new();
            for (_, text) in sheet
                .rows
                .iter()
                .flat_map(Row::texts)
                .filter(|(_, text)| !text.is_ascii())
            {
                // Most texts show Unicode by one letter, sooner than a map could tell.
                let shown = if is_unicode(text) {
                    Shows::Unicode
                } else {
                    *seen.entry(text).or_insert_with(|| shows(text))
                };
                votes.add(shown);
                all.add(shown);
            }
            votes
        })
        .collect();
    if all.tcvn3 + all.vni == 0 {
        return Vec::new();
    }
    let fonts = font_of();
    let mut seen: HashMap<String, Shows> = HashMap::new();
    for (_, text) in sheets
        .iter()
        .flat_map(|sheet| &sheet.rows)
        .flat_map(Row::texts)
        .filter(|(_, t)| !t.is_ascii())
    {
        if !seen.contains_key(text) {
            seen.insert(text.to_owned(), shows(text));
        }
    }
    let mut observations = Vec::new();
    for (number, (sheet, votes)) in sheets.iter_mut().zip(&votes).enumerate() {
        let usual = votes.most().or(all.most());
        let mut converted = Vec::new();
        for row in &mut sheet.rows {
            let mut in_row = Votes::default();
            row.texts().for_each(|(_, text)| {
                in_row.add(seen.get(text).copied().unwrap_or(Shows::Nothing))
            });
            let likely = in_row.most().or(usual);
            for cell in &mut row.cells {
                let Value::Text(text) = &cell.value else {
                    continue;
                };
                if text.is_ascii() {
                    continue;
                }
                let font = fonts.get(&(number, row.index, cell.col));
                let legacy = match (
                    seen.get(&**text),
                    font.and_then(|font| legacy_font(font)),
                    likely,
                ) {
                    (Some(Shows::Unicode), ..) => None,
                    (_, Some(legacy), _) => Some(legacy),
                    (Some(Shows::Old(legacy)), ..) => Some(*legacy),
                    // Neighbours decide only for what their encoding could have written.
                    (_, None, Some(Shows::Old(legacy))) if is_written_in(text, legacy) => {
                        Some(legacy)
                    }
                    (Some(Shows::Either), ..) => readings(text).first().map(|(_, legacy)| *legacy),
                    _ => None,
                };
                let Some(legacy) = legacy else { continue };
                let mut decoded = decode_legacy(text, legacy);
                // '.VnTimeH' draws small letters as capitals.
                let draws_capitals =
                    |font: &&String| font.to_lowercase().starts_with(".vn") && font.ends_with('H');
                if font.as_ref().is_some_and(draws_capitals) {
                    decoded = decoded.to_uppercase();
                }
                if decoded != **text {
                    cell.value = Value::Text(decoded.into());
                    converted.push((
                        model::CellRef {
                            row: row.index,
                            col: cell.col,
                        },
                        legacy,
                    ));
                }
            }
        }
        if let Some(&(first, legacy)) = converted.first() {
            let name = if legacy == Legacy::Tcvn3 {
                "TCVN3"
            } else {
                "VNI"
            };
            let found = format!("{name}: {}", converted.len());
            observations.push(
                observe(Check::LegacyText, found)
                    .on_sheet(&sheet.name)
                    .on_cell(first),
            );
        }
    }
    observations
}
