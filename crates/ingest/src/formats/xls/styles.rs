//! The fonts, number formats and styles of an .xls ([MS-XLS] 2.4.122, 2.4.126, 2.4.353).

use crate::formats::cell_styles::{CellStyle, CellStyles};
use crate::formats::little_endian::u16_at;
use crate::formats::number_format::NumberFormat;
use std::collections::HashMap;

/// What the records of styles say, in the order they stand.
#[derive(Debug, Default)]
pub(crate) struct XlsStyles {
    /// Whether it is a workbook of Excel 5 or 95, whose texts have a byte a letter.
    pub is_before_97: bool,
    fonts: Vec<Font>,
    formats: HashMap<u16, NumberFormat>,
    /// The numbers of the font and the format of each style.
    styles: Vec<(u16, u16)>,
}

#[derive(Debug)]
struct Font {
    name: String,
    is_struck: bool,
}

impl XlsStyles {
    pub(crate) fn add_font(&mut self, data: &[u8]) {
        self.fonts.push(Font {
            name: font_name(data).unwrap_or_default(),
            is_struck: u16_at(data, 2).is_some_and(|options| options & 8 != 0),
        });
    }

    pub(crate) fn add_format(&mut self, data: &[u8]) {
        let code = if self.is_before_97 {
            data.get(2)
                .and_then(|length| one_byte(data, 3, usize::from(*length)))
        } else {
            u16_at(data, 2).and_then(|length| letters(data, 4, usize::from(length)))
        };
        if let (Some(number), Some(code)) = (u16_at(data, 0), code) {
            self.formats.insert(number, NumberFormat::parse(&code));
        }
    }

    pub(crate) fn add_style(&mut self, data: &[u8]) {
        let at = |place| u16_at(data, place).unwrap_or_default();
        self.styles.push((at(0), at(2)));
    }

    /// The styles as cells are shown in them.
    pub(crate) fn cells(&self) -> CellStyles {
        let style = |(font, format): &(u16, u16)| CellStyle {
            number: self
                .formats
                .get(format)
                .cloned()
                .unwrap_or_else(|| NumberFormat::built_in(u32::from(*format))),
            is_struck: self.is_struck(*font),
        };
        self.styles.iter().map(style).collect()
    }

    pub(crate) fn has_struck_font(&self) -> bool {
        self.fonts.iter().any(|font| font.is_struck)
    }

    pub(crate) fn is_struck(&self, font: u16) -> bool {
        self.font(font).is_some_and(|font| font.is_struck)
    }

    /// The font of a cell of that style, if it is one of an old encoding.
    pub(crate) fn old_font(&self, style: u16) -> Option<&str> {
        let (font, _) = self.styles.get(usize::from(style))?;
        let name = self.font(*font)?.name.as_str();
        vietext::legacy_font(name).map(|_| name)
    }

    fn font(&self, number: u16) -> Option<&Font> {
        // There is no font of the number 4 ([MS-XLS], FontIndex): what is numbered 5 is the fifth of the list.
        let place = if number > 4 { number - 1 } else { number };
        self.fonts.get(usize::from(place))
    }
}

fn font_name(data: &[u8]) -> Option<String> {
    let length = usize::from(*data.get(14)?);
    // Before Excel 97 the letters follow at once; since then a byte before them says whether each takes one byte or two.
    if data.len() == 15 + length {
        return one_byte(data, 15, length);
    }
    letters(data, 15, length)
}

/// Letters, behind a byte that says whether each takes one byte or two.
fn letters(data: &[u8], at: usize, length: usize) -> Option<String> {
    if data.get(at)? & 1 == 0 {
        return one_byte(data, at + 1, length);
    }
    let units: Vec<u16> = (0..length)
        .filter_map(|i| u16_at(data, at + 1 + i * 2))
        .collect();
    String::from_utf16(&units).ok()
}

/// Letters of a byte each: those of Latin-1.
fn one_byte(data: &[u8], at: usize, length: usize) -> Option<String> {
    let bytes = data.get(at..at + length)?;
    Some(bytes.iter().map(|&byte| char::from(byte)).collect())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{XlsStyles, font_name};
    use crate::grid::{Shows, Value};

    /// A font as Excel 97 and later write it.
    pub(crate) fn font(name: &str) -> Vec<u8> {
        let mut data = vec![0; 14];
        data.push(u8::try_from(name.len()).unwrap());
        data.push(0);
        data.extend(name.bytes());
        data
    }

    #[test]
    fn names_of_fonts_are_read_as_each_version_writes_them() {
        assert_eq!(font_name(&font(".VnTime")).as_deref(), Some(".VnTime"));
        let before_97 = [&[0; 14][..], &[3], b"VNI"].concat();
        assert_eq!(font_name(&before_97).as_deref(), Some("VNI"));
        let wide = [&[0; 14][..], &[2, 1], &[b'V', 0, b'N', 0]].concat();
        assert_eq!(font_name(&wide).as_deref(), Some("VN"));
    }

    #[test]
    fn formats_are_read_as_each_version_writes_them() {
        let show = |is_before_97, format: &[u8]| {
            let mut styles = XlsStyles {
                is_before_97,
                ..XlsStyles::default()
            };
            styles.add_format(format);
            styles.add_style(&[0, 0, 170, 0]);
            styles.cells().format(0, &Value::Number(0.5)).shows
        };
        assert_eq!(show(false, &[170, 0, 2, 0, 0, b'0', b'%']), Shows::Percent);
        assert_eq!(
            show(false, &[170, 0, 2, 0, 1, b'0', 0, b'%', 0]),
            Shows::Percent
        );
        assert_eq!(show(true, &[170, 0, 2, b'0', b'%']), Shows::Percent);
        assert_eq!(show(true, &[170, 0, 9, b'0', b'%']), Shows::Value);
    }

    #[test]
    fn fonts_that_strike_through_are_known_by_their_numbers() {
        let mut styles = XlsStyles::default();
        for options in [0, 0, 0, 0, 8] {
            let mut font = font("Arial");
            font[2] = options;
            styles.add_font(&font);
        }
        styles.add_style(&[5, 0, 0, 0]);
        assert!(styles.has_struck_font() && styles.is_struck(5) && !styles.is_struck(3));
        assert!(styles.cells().matters(0));
    }
}
