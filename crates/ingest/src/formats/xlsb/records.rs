//! The records that a part of an .xlsb consists of ([MS-XLSB] 2.1.4).

use crate::formats::little_endian::{u16_at, u32_at};

/// The records of a part, each its kind and what is in it, up to the end or the first that is cut off.
///
/// Kind and length are numbers of seven bits a byte, the kind of at most two bytes, the length of at most four.
pub(crate) fn records(part: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = 0;
    let number = |at: &mut usize, most: usize| {
        let mut value = 0usize;
        for place in 0..most {
            let byte = *part.get(*at)?;
            *at += 1;
            value |= usize::from(byte & 0x7F) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(value)
    };
    std::iter::from_fn(move || {
        let kind = number(&mut at, 2)?;
        let length = number(&mut at, 4)?;
        let data = part.get(at..at.checked_add(length)?)?;
        at += length;
        Some((u16::try_from(kind).unwrap_or(u16::MAX), data))
    })
}

/// A text (XLWideString): the number of its letters and they themselves, and where it ends.
pub(crate) fn text_at(data: &[u8], at: usize) -> Option<(String, usize)> {
    let length = usize::try_from(u32_at(data, at)?).ok()?;
    let start = at + 4;
    let end = start.checked_add(length.checked_mul(2)?)?;
    data.get(start..end)?;
    let units: Vec<u16> = (0..length)
        .filter_map(|i| u16_at(data, start + i * 2))
        .collect();
    Some((String::from_utf16_lossy(&units), end))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{records, text_at};

    /// A record of less than 128 bytes.
    pub(crate) fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let kind = match u8::try_from(kind) {
            Ok(kind @ 0..=0x7F) => vec![kind],
            _ => {
                let byte = |bits: u16| u8::try_from(bits & 0x7F).unwrap();
                vec![byte(kind) | 0x80, byte(kind >> 7)]
            }
        };
        [&kind, &[u8::try_from(data.len()).unwrap()][..], data].concat()
    }

    pub(crate) fn text(text: &str) -> Vec<u8> {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = u32::try_from(units.len() / 2).unwrap();
        [&length.to_le_bytes()[..], &units].concat()
    }

    #[test]
    fn a_record_of_more_than_127_bytes_has_a_longer_length() {
        let stream = [&[7, 0x80 | 72, 1][..], &[5; 200]].concat();
        let found: Vec<(u16, usize)> = records(&stream).map(|(k, data)| (k, data.len())).collect();
        assert_eq!(found, [(7, 200)]);
        let found: Vec<u16> = records(&record(617, b"x")).map(|(kind, _)| kind).collect();
        assert_eq!(found, [617]);
    }

    #[test]
    fn a_text_ends_where_it_says_or_is_none() {
        let data = [&[9][..], &text("Sở"), &[7]].concat();
        assert_eq!(text_at(&data, 1), Some(("Sở".to_owned(), 9)));
        assert_eq!(text_at(&data[..8], 1), None);
        assert_eq!(text_at(&[0xFF; 8], 0), None);
    }
}
