//! Lists written as text, for who reads their rows himself: streamed, however long they are.

use crate::formats::csv::delimiter;
use crate::formats::text_encoding::{
    NoText, has_control, one_byte_encoding, utf16_by_zeros, zeros,
};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, WINDOWS_1252, WINDOWS_1258};
use std::io::{Error, ErrorKind, Read, Result};

/// So many bytes are read at a time.
const CHUNK: usize = 1 << 16;
/// So many bytes of lines with other letters than ASCII show in which encoding of one byte a letter they are.
const SAMPLE: usize = 4 << 20;

/// How a list is written: its encoding, and what parts its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListEncoding {
    encoding: &'static Encoding,
    /// Bytes at its beginning that say so.
    mark: usize,
    /// Comma, semicolon or tab.
    pub delimiter: u8,
}

impl ListEncoding {
    /// Goes through a list, which is opened as often as needed, and finds the encoding that it shows: UTF-8, UTF-16,
    /// Windows-1258, or the Latin letters of fonts from before Unicode. It is never held as a whole.
    ///
    /// # Errors
    /// When the list cannot be read; within, when it is no text or nothing shows its encoding: names read in the wrong one
    /// are those of other enterprises.
    pub fn of<R: Read>(open: impl Fn() -> Result<R>) -> Result<std::result::Result<Self, NoText>> {
        let survey = Survey::of(open()?)?;
        let (encoding, mark) = match survey.encoding() {
            Ok(found) => found,
            Err(none) => return Ok(Err(none)),
        };
        let mut found = Self {
            encoding,
            mark,
            delimiter: b',',
        };
        let mut head = Vec::new();
        let mut text = found.read(open()?);
        let begun = Read::by_ref(&mut text).take(1 << 16).read_to_end(&mut head);
        // What is in two bytes a letter may be none of it anywhere; the others are what they are.
        let is_text = begun.and_then(|_| match survey.is_strict() {
            true => std::io::copy(&mut text, &mut std::io::sink()).map(|_| ()),
            false => Ok(()),
        });
        match is_text {
            Ok(()) => found.delimiter = delimiter(&String::from_utf8_lossy(&head)),
            Err(error) if error.kind() == ErrorKind::InvalidData => return Ok(Err(NoText::Binary)),
            Err(error) => return Err(error),
        }
        Ok(Ok(found))
    }

    /// What a list says, in UTF-8. Bytes that are none in its encoding are an error of the kind `InvalidData`.
    pub fn read<R: Read>(&self, input: R) -> DecodedList<R> {
        DecodedList {
            input,
            mark: self.mark,
            decoder: self.encoding.new_decoder_without_bom_handling(),
            is_checked: self.mark > 0 || !self.encoding.is_ascii_compatible(),
            raw: vec![0; CHUNK].into(),
            text: String::new(),
            given: 0,
            is_ended: false,
        }
    }
}

/// A list being read, as UTF-8.
pub struct DecodedList<R> {
    input: R,
    /// So many bytes are still to be passed over.
    mark: usize,
    decoder: Decoder,
    /// Whether signs that no text has are looked for.
    is_checked: bool,
    raw: Box<[u8]>,
    text: String,
    /// So many bytes of the text were given.
    given: usize,
    is_ended: bool,
}

impl<R: Read> DecodedList<R> {
    fn fill(&mut self) -> Result<()> {
        let length = self.input.read(&mut self.raw)?;
        self.is_ended = length == 0;
        let passed = self.mark.min(length);
        self.mark -= passed;
        let raw = &self.raw[passed..length];
        self.text.clear();
        self.given = 0;
        let room = self
            .decoder
            .max_utf8_buffer_length_without_replacement(raw.len());
        self.text.reserve(room.ok_or(ErrorKind::InvalidData)?);
        let (result, _) =
            self.decoder
                .decode_to_string_without_replacement(raw, &mut self.text, self.is_ended);
        let is_sound = result == DecoderResult::InputEmpty;
        match is_sound && !(self.is_checked && has_control(&self.text)) {
            true => Ok(()),
            false => Err(Error::new(
                ErrorKind::InvalidData,
                "no text in its encoding",
            )),
        }
    }
}

impl<R: Read> Read for DecodedList<R> {
    fn read(&mut self, to: &mut [u8]) -> Result<usize> {
        while self.given == self.text.len() && !self.is_ended {
            self.fill()?;
        }
        let rest = &self.text.as_bytes()[self.given..];
        let length = rest.len().min(to.len());
        to[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}

/// What the bytes of a list show of its encoding.
struct Survey {
    /// Its first bytes.
    head: Vec<u8>,
    is_utf8: bool,
    /// Bytes of 0 at even and at odd places.
    zeros: [usize; 2],
    /// Whether it has a byte that stands for one letter in Vietnamese and for another in Latin.
    is_ambiguous: bool,
    /// Lines with other letters than ASCII, until there are enough.
    sample: Vec<u8>,
}

impl Survey {
    fn of(mut input: impl Read) -> Result<Self> {
        let mut found = Self {
            head: Vec::new(),
            is_utf8: true,
            zeros: [0, 0],
            is_ambiguous: false,
            sample: Vec::new(),
        };
        let mut utf8 = UTF_8.new_decoder_without_bom_handling();
        let mut ambiguous = [false; 256];
        for (byte, is_ambiguous) in (0..=u8::MAX).zip(&mut ambiguous) {
            let letter = |encoding: &'static Encoding| {
                encoding.decode_without_bom_handling(&[byte]).0.into_owned()
            };
            *is_ambiguous = letter(WINDOWS_1258) != letter(WINDOWS_1252);
        }
        let mut scratch = String::with_capacity(CHUNK * 3 + 16);
        let mut chunk = vec![0; CHUNK];
        loop {
            // Whole pairs of bytes, so that places stay even and odd.
            let length = fill(&mut input, &mut chunk)?;
            let bytes = &chunk[..length];
            if found.head.is_empty() {
                found.head.extend(&bytes[..length.min(4)]);
            }
            if found.is_utf8 {
                scratch.clear();
                let (result, _) =
                    utf8.decode_to_string_without_replacement(bytes, &mut scratch, length == 0);
                found.is_utf8 = result == DecoderResult::InputEmpty;
            }
            if length == 0 {
                return Ok(found);
            }
            let [even, odd] = zeros(bytes);
            found.zeros = [found.zeros[0] + even, found.zeros[1] + odd];
            found.is_ambiguous |= bytes.iter().any(|byte| ambiguous[usize::from(*byte)]);
            for line in bytes.split_inclusive(|byte| *byte == b'\n') {
                if !line.is_ascii() && found.sample.len() < SAMPLE {
                    found.sample.extend(line);
                }
            }
        }
    }

    fn is_strict(&self) -> bool {
        self.zeros != [0, 0] || Encoding::for_bom(&self.head).is_some()
    }

    fn encoding(&self) -> std::result::Result<(&'static Encoding, usize), NoText> {
        match Encoding::for_bom(&self.head) {
            Some(marked) => Ok(marked),
            None if self.zeros != [0, 0] => Ok((utf16_by_zeros(self.zeros), 0)),
            None if self.is_utf8 => Ok((UTF_8, 0)),
            None if !self.is_ambiguous => Ok((WINDOWS_1252, 0)),
            None => one_byte_encoding(&self.sample).map(|encoding| (encoding, 0)),
        }
    }
}

/// Fills a buffer as far as the input goes.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::ListEncoding;
    use crate::formats::text_encoding::{NoText, decode};
    use proptest::prelude::*;
    use std::io::Read;

    /// What a list says and what parts its columns.
    fn read(bytes: &[u8]) -> Result<(String, u8), NoText> {
        let found = ListEncoding::of(|| Ok(bytes)).unwrap()?;
        let mut text = String::new();
        found.read(bytes).read_to_string(&mut text).unwrap();
        Ok((text, found.delimiter))
    }

    #[test]
    fn a_list_is_read_with_what_parts_its_columns() {
        let list = "id;name\n1;Gốm, sứ\n";
        assert_eq!(read(list.as_bytes()), Ok((list.to_owned(), b';')));
        let list = "id\tname\n1\tGốm\n";
        let utf16: Vec<u8> = list.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [b"\xff\xfe", &utf16[..]].concat();
        assert_eq!(read(&utf16), Ok((list.to_owned(), b'\t')));
        assert_eq!(read(&marked), Ok((list.to_owned(), b'\t')));
        assert_eq!(read(b"\xff\x00\x01\x00"), Err(NoText::Binary));
        assert_eq!(read(b"Nu\xf1ez;Yal\xe7\xfdn\n"), Err(NoText::Unsure));
        assert_eq!(read(b""), Ok((String::new(), b',')));
    }

    #[test]
    fn letters_that_are_cut_between_two_pieces_are_whole() {
        let list = format!("id,name\n{}", "1,Công ty Gốm sứ Thiên Hà\n".repeat(9_000));
        assert_eq!(read(list.as_bytes()), Ok((list.clone(), b',')));
        let utf16: Vec<u8> = list.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&utf16).map(|(text, _)| text), Ok(list));
    }

    /// Where the text ends to be one, far behind its beginning.
    #[test]
    fn what_is_no_text_at_its_end_is_none() {
        let utf16: Vec<u8> = "1,a\n"
            .repeat(99_000)
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let cut = [&utf16[..], b"\x00\xd8\x0a\x00"].concat();
        assert_eq!(read(&cut), Err(NoText::Binary));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(50))]

        /// In pieces as in one.
        #[test]
        fn streamed_as_decoded_at_once(bytes in prop::collection::vec(any::<u8>(), 0..40), pad in 0..2_usize) {
            let bytes = [vec![b'a'; pad * ((1 << 16) - 7)], bytes].concat();
            let at_once = decode(&bytes).map(|text| text.into_owned());
            prop_assert_eq!(read(&bytes).map(|(text, _)| text), at_once);
        }
    }
}
