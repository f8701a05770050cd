//! The texts that the cells of an .xls share ([MS-XLS] 2.4.265), as far as parts of them have fonts of their own.
//!
//! The table is cut into records of at most 8,224 bytes, and a text may go on in the next: then a byte at its beginning
//! says anew whether each letter takes one byte or two.

use crate::formats::little_endian::{u16_at, u32_at};

/// Calls `each` for every text with the fonts of its runs, in the order of the table; ends at the first that is cut off.
///
/// `records` are what is in the record of the table and those that continue it.
pub(crate) fn each_text_with_fonts(records: &[&[u8]], mut each: impl FnMut(&[u16])) {
    let mut at = Position {
        records,
        record: 0,
        // How many texts there are stands before them, twice.
        byte: 8,
    };
    while let Some(fonts) = at.text() {
        each(&fonts);
    }
}

struct Position<'a> {
    records: &'a [&'a [u8]],
    record: usize,
    byte: usize,
}

impl Position<'_> {
    /// The rest of the record, or the next if it has none.
    fn rest(&mut self) -> Option<&[u8]> {
        while self.records.get(self.record)?.len() <= self.byte {
            self.record += 1;
            self.byte = 0;
        }
        self.records[self.record].get(self.byte..)
    }

    /// So many bytes, wherever a record ends.
    fn bytes(&mut self, mut count: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        while count > 0 {
            let rest = self.rest()?;
            let taken = rest.len().min(count);
            bytes.extend_from_slice(&rest[..taken]);
            self.byte += taken;
            count -= taken;
        }
        Some(bytes)
    }

    /// Passes over the letters of a text.
    fn pass_letters(&mut self, mut count: usize, mut is_wide: bool) -> Option<()> {
        loop {
            let width = if is_wide { 2 } else { 1 };
            let rest = self
                .records
                .get(self.record)?
                .len()
                .checked_sub(self.byte)?;
            let here = (rest / width).min(count);
            self.byte += here * width;
            count -= here;
            if count == 0 {
                return Some(());
            }
            self.record += 1;
            self.byte = 1;
            is_wide = self.records.get(self.record)?.first()? & 1 != 0;
        }
    }

    /// The fonts of the next text's runs.
    fn text(&mut self) -> Option<Vec<u16>> {
        let head = self.bytes(3)?;
        let (length, options) = (usize::from(u16_at(&head, 0)?), head[2]);
        let runs = match options & 8 {
            0 => 0,
            _ => usize::from(u16_at(&self.bytes(2)?, 0)?),
        };
        let more = match options & 4 {
            0 => 0,
            _ => usize::try_from(u32_at(&self.bytes(4)?, 0)?).ok()?,
        };
        self.pass_letters(length, options & 1 != 0)?;
        let runs = self.bytes(runs * 4)?;
        self.bytes(more)?;
        Some(
            runs.chunks_exact(4)
                .filter_map(|run| u16_at(run, 2))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::each_text_with_fonts;

    fn fonts(records: &[&[u8]]) -> Vec<Vec<u16>> {
        let mut found = Vec::new();
        each_text_with_fonts(records, |fonts| found.push(fonts.to_vec()));
        found
    }

    #[test]
    fn the_fonts_of_runs_are_found_across_records() {
        let head = [0; 8];
        let plain = [1, 0, 0, b'x'];
        let rich = [&[3, 0, 8, 2, 0][..], b"abc", &[0, 0, 0, 0, 1, 0, 6, 0]].concat();
        let whole = [&head[..], &plain, &rich, &plain].concat();
        assert_eq!(fonts(&[&whole]), [vec![], vec![0, 6], vec![]]);
        // Cut within the letters, which go on two bytes each, and within the runs.
        let first = [&head[..], &[3, 0, 8, 2, 0], b"a"].concat();
        let second = [&[1][..], &[b'b', 0, b'c', 0], &[0, 0, 0, 0, 1]].concat();
        let third = [&[0, 6, 0][..], &plain].concat();
        assert_eq!(fonts(&[&first, &second, &third]), [vec![0, 6], vec![]]);
        for length in 0..whole.len() {
            fonts(&[&whole[..length]]);
        }
    }

    #[test]
    fn what_follows_the_runs_is_passed_over() {
        let text = [
            &[0; 8][..],
            &[1, 0, 4, 2, 0, 0, 0],
            b"x\xee\xee",
            &[1, 0, 0, b'y'],
        ]
        .concat();
        assert_eq!(fonts(&[&text]).len(), 2);
        assert!(fonts(&[]).is_empty());
    }
}
