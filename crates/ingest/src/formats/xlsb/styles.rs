//! The styles of an .xlsb, and its shared texts as far as they have fonts of their own.

use crate::formats::cell_styles::{CellStyle, CellStyles};
use crate::formats::little_endian::{u16_at, u32_at};
use crate::formats::number_format::NumberFormat;
use crate::formats::xlsb::records::{records, text_at};
use std::collections::{HashMap, HashSet};

/// The kinds of records that matter here ([MS-XLSB] 2.3).
mod kind {
    pub(super) const SHARED_TEXT: u16 = 19;
    pub(super) const FONT: u16 = 43;
    pub(super) const FORMAT: u16 = 44;
    pub(super) const STYLE: u16 = 47;
    pub(super) const BEGIN_STYLES: u16 = 617;
    pub(super) const END_STYLES: u16 = 618;
}

/// What the part of the styles holds.
#[derive(Debug, Default)]
pub(crate) struct XlsbStyles {
    /// The styles of cells.
    pub cells: CellStyles,
    /// Which fonts strike through.
    struck_fonts: Vec<bool>,
}

impl XlsbStyles {
    pub(crate) fn read(part: &[u8]) -> Self {
        let mut formats = HashMap::new();
        let mut struck_fonts = Vec::new();
        let mut styles = Vec::new();
        let mut in_styles = false;
        for (kind, data) in records(part) {
            match kind {
                kind::FORMAT => {
                    if let (Some(number), Some((code, _))) = (u16_at(data, 0), text_at(data, 2)) {
                        formats.insert(number, NumberFormat::parse(&code));
                    }
                }
                kind::FONT => {
                    struck_fonts.push(u16_at(data, 2).is_some_and(|options| options & 8 != 0));
                }
                kind::BEGIN_STYLES => in_styles = true,
                kind::END_STYLES => in_styles = false,
                kind::STYLE if in_styles => {
                    let number = u16_at(data, 2).unwrap_or_default();
                    let font = usize::from(u16_at(data, 4).unwrap_or_default());
                    let built_in = || NumberFormat::built_in(number.into());
                    styles.push(CellStyle {
                        number: formats.get(&number).cloned().unwrap_or_else(built_in),
                        is_struck: struck_fonts.get(font).is_some_and(|struck| *struck),
                    });
                }
                _ => {}
            }
        }
        Self {
            cells: CellStyles::from_iter(styles),
            struck_fonts,
        }
    }

    /// The numbers of the shared texts of which a part is struck through.
    pub(crate) fn struck_texts(&self, strings: &[u8]) -> HashSet<u32> {
        if !self.struck_fonts.contains(&true) {
            return HashSet::new();
        }
        let texts = records(strings).filter(|(kind, _)| *kind == kind::SHARED_TEXT);
        (0..)
            .zip(texts)
            .filter(|(_, (_, data))| self.has_struck_run(data).unwrap_or(false))
            .map(|(number, _)| number)
            .collect()
    }

    fn has_struck_run(&self, data: &[u8]) -> Option<bool> {
        if data.first()? & 1 == 0 {
            return Some(false);
        }
        let (_, runs_at) = text_at(data, 1)?;
        let count = usize::try_from(u32_at(data, runs_at)?).ok()?;
        let runs = data.get(runs_at + 4..)?.chunks_exact(4).take(count);
        let mut fonts = runs.filter_map(|run| u16_at(run, 2));
        Some(fonts.any(|font| self.struck_fonts.get(usize::from(font)) == Some(&true)))
    }
}

#[cfg(test)]
mod tests {
    use super::{XlsbStyles, kind};
    use crate::formats::xlsb::records::tests::{record, text};
    use crate::grid::{Shows, Value};

    fn style(format: u8, font: u8) -> Vec<u8> {
        record(kind::STYLE, &[0, 0, format, 0, font, 0, 0, 0])
    }

    fn styles() -> XlsbStyles {
        let part = [
            record(kind::FORMAT, &[&[170, 0][..], &text("0.0%")].concat()),
            record(kind::FONT, &[0; 8]),
            record(kind::FONT, &[0, 0, 8, 0]),
            style(170, 1),
            record(kind::BEGIN_STYLES, &[4, 0, 0, 0]),
            style(0, 0),
            style(9, 0),
            style(170, 0),
            style(0, 1),
            record(kind::END_STYLES, &[]),
            style(170, 1),
        ]
        .concat();
        for length in 0..part.len() {
            XlsbStyles::read(&part[..length]);
        }
        XlsbStyles::read(&part)
    }

    #[test]
    fn formats_and_fonts_of_cells_are_found() {
        let styles = styles().cells;
        let format = |style| styles.format(style, &Value::Number(0.5));
        assert_eq!(format(0).shows, Shows::Value);
        assert_eq!(format(1).shows, Shows::Percent);
        assert_eq!(format(2).shows, Shows::Percent);
        assert!(format(3).is_struck && !format(2).is_struck && !styles.matters(4));
    }

    #[test]
    fn texts_of_which_a_run_is_struck_through_are_found() {
        let shared = |font: u8| {
            let runs = [1, 0, 0, 0, 2, 0, font, 0];
            record(
                kind::SHARED_TEXT,
                &[&[1][..], &text("120150"), &runs].concat(),
            )
        };
        let plain = record(kind::SHARED_TEXT, &[&[0][..], &text("x")].concat());
        let part = [plain, shared(0), shared(1)].concat();
        assert!(styles().struck_texts(&part).iter().eq(&[2]));
    }
}
