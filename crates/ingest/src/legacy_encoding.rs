//! Texts of fonts from before Unicode (TCVN3, VNI), found and converted cell by cell.
//!
//! Such fonts draw Vietnamese letters in the places of Latin-1 ones, so 'Phú' is stored as 'Phó'. Most such texts show
//! themselves, since their letters make no sense otherwise. A short one may be Vietnamese either way; then the cell's font
//! decides, and if it is not known, the other cells of its row, its sheet, the workbook.

use crate::grid::{CellFonts, Row, SheetGrid, Value};
use crate::observe::{Narrow, observe};
use model::{CellRef, Check, Observation};
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
fn is_unicode(text: &str) -> bool {
    // Up to the end of Latin Extended Additional all are letters but the combining marks; Vietnamese is all there.
    text.chars().any(|c| match u32::from(c) {
        0x100..=0x24f | 0x1e00..=0x1eff => true,
        code => code > 0xff && c.is_alphabetic(),
    })
}

/// Whether a text may be of an old encoding: it has letters beyond ASCII, none that only Unicode has, and makes sense so.
pub(crate) fn may_be_legacy(text: &str) -> bool {
    !text.is_ascii() && !is_unicode(text) && !readings(text).is_empty()
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

    fn plus(self, other: &Self) -> Self {
        Self {
            unicode: self.unicode + other.unicode,
            tcvn3: self.tcvn3 + other.tcvn3,
            vni: self.vni + other.vni,
        }
    }

    /// The encoding most cells show; nothing if none shows any. Unicode wins a tie: a text is not changed without need.
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

/// What each text of a workbook shows, by the text: the same few stand in many cells.
type ShownTexts = HashMap<String, Shows>;

/// Converts old texts in place; gives an observation for each sheet that had any.
///
/// `font_of` is asked only if a workbook shows old texts.
pub(crate) fn convert_to_unicode(
    sheets: &mut [SheetGrid],
    font_of: impl FnOnce() -> CellFonts,
) -> Vec<Observation> {
    if sheets.iter().all(|sheet| sheet.is_unicode) {
        return Vec::new();
    }
    let votes: Vec<Votes> = sheets.iter().map(votes).collect();
    let all = votes.iter().fold(Votes::default(), Votes::plus);
    // Without one text that shows an old encoding, a short one is what it looks like.
    if all.tcvn3 + all.vni == 0 {
        return Vec::new();
    }
    let fonts = font_of();
    let shown = shown_texts(sheets);
    let mut observations = Vec::new();
    for (number, (sheet, votes)) in sheets.iter_mut().zip(&votes).enumerate() {
        let usual = votes.most().or(all.most());
        let font = |row, col| fonts.get(&(number, row, col)).map(String::as_str);
        let converted = convert_sheet(sheet, &shown, usual, font);
        if let Some(&(first, legacy)) = converted.first() {
            let name = match legacy {
                Legacy::Tcvn3 => "TCVN3",
                Legacy::Vni => "VNI",
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

/// The texts of a sheet that are not all ASCII, which says nothing.
fn telling_texts(sheet: &SheetGrid) -> impl Iterator<Item = &str> {
    let texts = sheet.rows.iter().flat_map(Row::texts);
    texts.map(|(_, text)| text).filter(|text| !text.is_ascii())
}

fn votes(sheet: &SheetGrid) -> Votes {
    let mut votes = Votes::default();
    let mut seen: HashMap<&str, Shows> = HashMap::new();
    for text in telling_texts(sheet) {
        // Most texts show Unicode by one letter, sooner than a map could tell.
        votes.add(if is_unicode(text) {
            Shows::Unicode
        } else {
            *seen.entry(text).or_insert_with(|| shows(text))
        });
    }
    votes
}

fn shown_texts(sheets: &[SheetGrid]) -> ShownTexts {
    let mut shown = ShownTexts::new();
    for text in sheets.iter().flat_map(telling_texts) {
        if !shown.contains_key(text) {
            shown.insert(text.to_owned(), shows(text));
        }
    }
    shown
}

/// Converts the old texts of a sheet in place; their cells, each with its encoding.
fn convert_sheet<'f>(
    sheet: &mut SheetGrid,
    shown: &ShownTexts,
    usual: Option<Shows>,
    font: impl Fn(u32, u32) -> Option<&'f str>,
) -> Vec<(CellRef, Legacy)> {
    let mut converted = Vec::new();
    for row in &mut sheet.rows {
        let mut in_row = Votes::default();
        row.texts()
            .for_each(|(_, text)| in_row.add(shown.get(text).copied().unwrap_or(Shows::Nothing)));
        let likely = in_row.most().or(usual);
        for cell in &mut row.cells {
            let Value::Text(text) = &cell.value else {
                continue;
            };
            if text.is_ascii() {
                continue;
            }
            let font = font(row.index, cell.col);
            let shows = shown.get(&**text).copied().unwrap_or(Shows::Nothing);
            let Some(legacy) = encoding(text, shows, font, likely) else {
                continue;
            };
            let mut decoded = decode_legacy(text, legacy);
            if font.is_some_and(draws_capitals) {
                decoded = decoded.to_uppercase();
            }
            if decoded != **text {
                cell.value = Value::Text(decoded.into());
                let (row, col) = (row.index, cell.col);
                converted.push((CellRef { row, col }, legacy));
            }
        }
    }
    converted
}

/// The old encoding of a text: as it shows, as its font says, or else as its neighbours show; nothing for one of today.
fn encoding(text: &str, shows: Shows, font: Option<&str>, likely: Option<Shows>) -> Option<Legacy> {
    match (shows, font.and_then(legacy_font), likely) {
        // A cell keeps its old font when somebody types a text of today into it.
        (Shows::Unicode, ..) => None,
        (_, Some(legacy), _) => Some(legacy),
        (Shows::Old(legacy), ..) => Some(legacy),
        // Neighbours decide only for what their encoding could have written.
        (_, None, Some(Shows::Old(legacy))) if is_written_in(text, legacy) => Some(legacy),
        (Shows::Either, ..) => readings(text).first().map(|(_, legacy)| *legacy),
        (Shows::Nothing, ..) => None,
    }
}

/// '.VnTimeH' draws small letters as capitals.
fn draws_capitals(font: &str) -> bool {
    font.to_lowercase().starts_with(".vn") && font.ends_with('H')
}

#[cfg(test)]
mod tests {
    use super::{convert_to_unicode, may_be_legacy};
    use crate::grid::{Cell, Row, SheetGrid, Value};
    use std::collections::HashMap;
    use vietext::{Legacy, encode_legacy};

    fn sheet(rows: &[&[&str]]) -> SheetGrid {
        let row = |(index, texts): (u32, &&[&str])| Row {
            index,
            cells: (0..)
                .zip(*texts)
                .map(|(col, text)| Cell::plain(col, Value::text(text).unwrap()))
                .collect(),
        };
        SheetGrid {
            rows: (0..).zip(rows).map(row).collect(),
            ..SheetGrid::default()
        }
    }

    fn texts(sheet: &SheetGrid) -> Vec<String> {
        let texts = sheet.rows.iter().flat_map(Row::texts);
        texts.map(|(_, text)| text.to_owned()).collect()
    }

    const NAME: &str = "Công ty cổ phần Bảo vệ thực vật Phú Thịnh";

    #[test]
    fn a_text_that_shows_its_encoding_takes_its_neighbours_along() {
        let old = |text| encode_legacy(text, Legacy::Tcvn3);
        // 'Phó' is Vietnamese as it stands, and 'Phú' in the encoding of the text beside it.
        let mut sheets = [sheet(&[&[&old(NAME), &old("Phú")], &["Bảo"]])];
        let observations = convert_to_unicode(&mut sheets, HashMap::new);
        assert_eq!(texts(&sheets[0]), [NAME, "Phú", "Bảo"]);
        assert_eq!(observations.len(), 1);
        assert_eq!(observations[0].found, "TCVN3: 2");
        assert_eq!(observations[0].cells[0].to_string(), "A1");
    }

    #[test]
    fn a_cell_whose_font_is_old_is_read_so_and_a_capitals_font_is_too() {
        let old = encode_legacy("Phú", Legacy::Tcvn3);
        let shows_itself = encode_legacy(NAME, Legacy::Vni);
        let mut sheets = [sheet(&[&[&shows_itself], &[&old], &[&old]])];
        let fonts = || {
            HashMap::from([
                ((0, 1, 0), ".VnTime".to_owned()),
                ((0, 2, 0), ".VnTimeH".to_owned()),
            ])
        };
        convert_to_unicode(&mut sheets, fonts);
        assert_eq!(texts(&sheets[0]), [NAME, "Phú", "PHÚ"]);
    }

    #[test]
    fn a_workbook_of_today_is_not_changed_and_its_fonts_are_not_asked() {
        let mut sheets = [sheet(&[&[NAME, "Phó giám đốc", "Café"]])];
        let observations = convert_to_unicode(&mut sheets, || panic!("asked"));
        assert_eq!(observations, []);
        assert_eq!(texts(&sheets[0]), [NAME, "Phó giám đốc", "Café"]);
    }

    #[test]
    fn only_letters_that_unicode_shares_may_be_of_an_old_encoding() {
        assert!(may_be_legacy(&encode_legacy(NAME, Legacy::Vni)));
        assert!(!may_be_legacy(NAME));
        assert!(!may_be_legacy("Cong ty"));
    }
}
