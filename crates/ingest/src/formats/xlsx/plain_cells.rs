//! The cells of a sheet that is written plainly: numbers, yes and no, and texts that the workbook shares, as programs write nearly
//! all of them, one like the other. Its bytes are gone through once, which takes a fraction of the time that an XML reader needs.
//!
//! What may stand here is narrow on purpose. At anything else, well-formed or not, nothing is said of the sheet, and it is the
//! reading library's matter: what is read here is read there alike.

use memchr::{memchr, memmem};
use model::CellRef;
use quick_xml::Reader;
use quick_xml::events::Event;

/// The last row and column that a sheet may have (ECMA-376: 1,048,576 and 16,384), from 1.
const LAST_ROW: u32 = 1 << 20;
const LAST_COLUMN: u32 = 1 << 14;

/// A cell as it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PlainCell {
    pub at: CellRef,
    /// The number of its style, if it names one.
    pub style: Option<usize>,
    pub value: PlainValue,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum PlainValue {
    Blank,
    Number(f64),
    Bool(bool),
    /// The text of that number among those that the workbook shares.
    Shared(usize),
}

/// Whether more cells are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    More,
    NoMore,
    /// The sheet is none that can be read so.
    NotPlain,
}

/// Gives the cells of a sheet as they stand; nothing if it is not plain, whatever was given before that was seen.
pub(crate) fn each_plain_cell(
    sheet: &[u8],
    mut each: impl FnMut(PlainCell) -> Wanted,
) -> Option<()> {
    let rows = memmem::find(sheet, b"<sheetData")?;
    if !begins_plainly(&sheet[..rows]) {
        return None;
    }
    let mut bytes = Written(&sheet[rows..]);
    if bytes.eat(b"<sheetData/>") {
        return Some(());
    }
    bytes.eat(b"<sheetData>").then_some(())?;
    loop {
        bytes.skip_blanks();
        if bytes.eat(b"</sheetData>") {
            return Some(());
        }
        bytes.eat(b"<row").then_some(())?;
        if !bytes.row()? {
            continue;
        }
        loop {
            bytes.skip_blanks();
            if bytes.eat(b"</row>") {
                break;
            }
            bytes.eat(b"<c").then_some(())?;
            match each(bytes.cell()?) {
                Wanted::More => {}
                Wanted::NoMore => return Some(()),
                Wanted::NotPlain => return None,
            }
        }
    }
}

/// Whether what stands before a sheet's rows is read by the library without a fault, and leads to these rows.
fn begins_plainly(before: &[u8]) -> bool {
    // Rows with a prefix would come first; what is declared or left as it is may hide some.
    if memmem::find(before, b"sheetData").is_some() || memmem::find(before, b"<!").is_some() {
        return false;
    }
    let mut reader = Reader::from_reader(before);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                let mut attributes = element.attributes();
                if attributes.any(|attribute| attribute.is_err()) {
                    return false;
                }
                if element.local_name().as_ref() == "dimension" {
                    let mut attributes = element.attributes().flatten();
                    let range = attributes.find(|it| it.key.as_ref() == "ref");
                    if !range.is_some_and(|range| is_range(range.value.as_bytes())) {
                        return false;
                    }
                }
            }
            Ok(Event::Eof) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// Whether a text is a cell, or two with a colon between of which neither row nor column of the second comes first.
fn is_range(text: &[u8]) -> bool {
    let mut parts = text.split(|byte| *byte == b':').map(place);
    match (parts.next().flatten(), parts.next(), parts.next()) {
        (Some(_), None, _) => true,
        (Some(first), Some(Some(last)), None) => first.row <= last.row && first.col <= last.col,
        _ => false,
    }
}

/// A cell's place by its letters and number.
fn place(text: &[u8]) -> Option<CellRef> {
    let letters = text.iter().take_while(|byte| byte.is_ascii_uppercase());
    let letters = letters.count();
    if !(1..=3).contains(&letters) {
        return None;
    }
    let (letters, digits) = text.split_at(letters);
    let col = letters
        .iter()
        .fold(0, |col, letter| col * 26 + u32::from(letter - b'A') + 1);
    let row = number(digits).filter(|row| (1..=LAST_ROW).contains(row))?;
    (col <= LAST_COLUMN).then_some(CellRef {
        row: row - 1,
        col: col - 1,
    })
}

/// A whole number of at most nine digits.
fn number(digits: &[u8]) -> Option<u32> {
    let is_number = (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    is_number.then(|| {
        digits
            .iter()
            .fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
    })
}

/// A number as every program reads it: digits, perhaps a sign, a point and a power of ten.
fn amount(text: &[u8]) -> Option<f64> {
    let digits = |text: &mut &[u8]| {
        let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        *text = &text[count..];
        (count > 0).then_some(())
    };
    let mut rest = text.strip_prefix(b"-").unwrap_or(text);
    digits(&mut rest)?;
    if let Some(fraction) = rest.strip_prefix(b".") {
        rest = fraction;
        digits(&mut rest)?;
    }
    if let [b'e' | b'E', power @ ..] = rest {
        rest = match power {
            [b'+' | b'-', power @ ..] => power,
            _ => power,
        };
        digits(&mut rest)?;
    }
    let text = std::str::from_utf8(text).ok().filter(|_| rest.is_empty())?;
    let number: f64 = text.parse().ok()?;
    number.is_finite().then_some(number)
}

/// The bytes that are still to be read.
struct Written<'a>(&'a [u8]);

impl<'a> Written<'a> {
    /// Goes past what is expected; whether it stands there.
    #[inline(always)]
    fn eat(&mut self, expected: &[u8]) -> bool {
        match self.0.strip_prefix(expected) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn skip_blanks(&mut self) {
        while let [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] = self.0 {
            self.0 = rest;
        }
    }

    /// Goes up to a byte and past it; what stands before.
    #[inline(always)]
    fn until(&mut self, byte: u8) -> Option<&'a [u8]> {
        // Nearly always it is among the next few.
        let near = self.0.iter().take(16).position(|it| *it == byte);
        let at = near.or_else(|| memchr(byte, self.0))?;
        let (before, rest) = self.0.split_at(at);
        self.0 = &rest[1..];
        Some(before)
    }

    /// The next attribute of an element, a blank before it.
    #[inline(always)]
    fn attribute(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        self.eat(b" ").then_some(())?;
        let name = self.until(b'=')?;
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_');
        let is_plain = !name.is_empty() && name.iter().all(is_name);
        (is_plain && self.eat(b"\"")).then_some(())?;
        let value = self.until(b'"')?;
        let is_plain = value
            .iter()
            .all(|byte| byte.is_ascii() && !matches!(byte, b'<' | b'>' | b'&'));
        is_plain.then_some((name, value))
    }

    /// The rest of the element that opens a row; whether cells follow.
    fn row(&mut self) -> Option<bool> {
        let mut row = None;
        loop {
            if self.eat(b">") || self.0.starts_with(b"/>") {
                // A row without a number is counted from the one before.
                row?;
                return Some(!self.eat(b"/>"));
            }
            if let (b"r", value) = self.attribute()? {
                let number = number(value).filter(|row| (1..=LAST_ROW).contains(row))?;
                row.replace(number).is_none().then_some(())?;
            }
        }
    }

    /// The rest of a cell.
    fn cell(&mut self) -> Option<PlainCell> {
        let (mut at, mut style, mut kind) = (None, None, None);
        let has_content = loop {
            if self.eat(b">") {
                break true;
            }
            if self.eat(b"/>") {
                break false;
            }
            let is_first = match self.attribute()? {
                (b"r", value) => at.replace(place(value)?).is_none(),
                (b"s", value) => style
                    .replace(usize::try_from(number(value)?).ok()?)
                    .is_none(),
                (b"t", value) => kind.replace(value).is_none(),
                _ => false,
            };
            is_first.then_some(())?;
        };
        let mut written: &[u8] = b"";
        if has_content && !self.eat(b"</c>") {
            self.eat(b"<v>").then_some(())?;
            written = self.until(b'<')?;
            self.eat(b"/v></c>").then_some(())?;
        }
        let value = match (kind, written) {
            (None | Some(b"n" | b"s" | b"b"), b"") => PlainValue::Blank,
            (None | Some(b"n"), _) => PlainValue::Number(amount(written)?),
            (Some(b"s"), _) => PlainValue::Shared(usize::try_from(number(written)?).ok()?),
            (Some(b"b"), b"0") => PlainValue::Bool(false),
            (Some(b"b"), b"1") => PlainValue::Bool(true),
            _ => return None,
        };
        Some(PlainCell {
            at: at?,
            style,
            value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{PlainCell, Wanted, amount, each_plain_cell, is_range};

    fn read(sheet: &str) -> Option<Vec<PlainCell>> {
        let mut cells = Vec::new();
        each_plain_cell(sheet.as_bytes(), |cell| {
            cells.push(cell);
            Wanted::More
        })?;
        Some(cells)
    }

    fn in_row(cells: &str) -> Option<Vec<PlainCell>> {
        read(&format!(
            "<worksheet><sheetData><row r=\"3\" spans=\"1:2\">{cells}</row></sheetData></worksheet>"
        ))
    }

    #[test]
    fn numbers_flags_shared_texts_and_blanks_are_read() {
        let cells = in_row(
            "<c r=\"A3\" s=\"2\" t=\"s\"><v>7</v></c>\n<c r=\"B3\"><v>-1.5E+3</v></c><c r=\"XFD3\" t=\"b\"><v>1</v></c>\
             <c r=\"D4\" s=\"1\"/><c r=\"E3\" t=\"n\"></c><c r=\"F3\" t=\"s\"><v></v></c>",
        );
        let shown: Vec<String> = cells
            .unwrap()
            .iter()
            .map(|cell| format!("{} {:?} {:?}", cell.at, cell.style, cell.value))
            .collect();
        assert_eq!(
            shown,
            [
                "A3 Some(2) Shared(7)",
                "B3 None Number(-1500.0)",
                "XFD3 None Bool(true)",
                "D4 Some(1) Blank",
                "E3 None Blank",
                "F3 None Blank",
            ]
        );
    }

    #[test]
    fn whatever_else_stands_in_a_row_is_not_plain() {
        for cell in [
            "<c r=\"A3\"><f>B1</f><v>1</v></c>",
            "<c r=\"A3\" t=\"inlineStr\"><is><t>x</t></is></c>",
            "<c r=\"A3\" t=\"str\"><v>x</v></c>",
            "<c r=\"A3\" t=\"e\"><v>#REF!</v></c>",
            "<c r=\"A3\" t=\"d\"><v>2024-01-01</v></c>",
            "<c r=\"A3\" cm=\"1\"><v>1</v></c>",
            "<c r=\"A3\" r=\"B3\"><v>1</v></c>",
            "<c><v>1</v></c>",
            "<c r=\"a3\"><v>1</v></c>",
            "<c r=\"XFE3\"><v>1</v></c>",
            "<c r=\"A0\"><v>1</v></c>",
            "<c r=\"A1048577\"><v>1</v></c>",
            "<c r='A3'><v>1</v></c>",
            "<c r=\"A3\"><v> 1</v></c>",
            "<c r=\"A3\"><v>1</v><v>2</v></c>",
            "<c r=\"A3\"><v>&#49;</v></c>",
            "<c r=\"A3\"><v>1<!-- 2 --></v></c>",
            "<c r=\"A3\" t=\"s\"><v>-1</v></c>",
            "<c r=\"A3\" t=\"b\"><v>2</v></c>",
            "<x:c r=\"A3\"><v>1</v></x:c>",
            "<col r=\"A3\"/>",
            "x",
        ] {
            assert_eq!(in_row(cell), None, "{cell}");
        }
    }

    #[test]
    fn only_rows_that_name_their_number_are_plain() {
        let rows = |rows: &str| read(&format!("<worksheet><sheetData>{rows}</sheetData>"));
        assert_eq!(
            rows("<row r=\"1\"/> <row r=\"2\" hidden=\"1\"></row>"),
            Some(Vec::new())
        );
        for other in [
            "<row/>",
            "<row></row>",
            "<row r=\"0\"/>",
            "<row r=\"1\" r=\"2\"/>",
            "<rows r=\"1\"/>",
            "<row r=\"1\">",
        ] {
            assert_eq!(rows(other), None, "{other}");
        }
        assert_eq!(
            read("<worksheet><sheetData/></worksheet>"),
            Some(Vec::new())
        );
        assert_eq!(read("<worksheet><sheetData><row r=\"1\"/>"), None);
    }

    #[test]
    fn what_stands_before_the_rows_must_be_without_a_fault() {
        let before = |before: &str| read(&format!("{before}<sheetData></sheetData>")).is_some();
        assert!(before(
            "\u{feff}<?xml version=\"1.0\"?><worksheet><dimension ref=\"A1:C7\"/><cols><col min=\"1\"/></cols>"
        ));
        for other in [
            "<worksheet><!-- <sheetData> -->",
            "<x:sheetData></x:sheetData>",
            "<worksheet><dimension/>",
            "<worksheet><dimension ref=\"C7:A1\"/>",
            "<worksheet><dimension ref=\"A1:\"/>",
            "<worksheet a>",
            "<worksheet <",
        ] {
            assert!(!before(other), "{other}");
        }
        assert!(is_range(b"B2") && !is_range(b"A1:B2:C3"));
    }

    #[test]
    fn numbers_are_those_that_every_program_reads_alike() {
        for (text, number) in [
            ("12", 12.0),
            ("-0.25", -0.25),
            ("1e-3", 0.001),
            ("1.5E+2", 150.0),
        ] {
            assert_eq!(amount(text.as_bytes()), Some(number), "{text}");
        }
        for text in [
            "", "-", "+1", ".5", "5.", "1e", "1e999", "inf", "NaN", "1 ", "1,5", "0x1",
        ] {
            assert_eq!(amount(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn no_more_is_read_than_is_wanted() {
        let mut seen = 0;
        let sheet = b"<sheetData><row r=\"1\"><c r=\"A1\"/><c r=\"B1\"/>junk";
        let read = each_plain_cell(sheet, |_| {
            seen += 1;
            if seen == 2 {
                Wanted::NoMore
            } else {
                Wanted::More
            }
        });
        assert_eq!((read, seen), (Some(()), 2));
        assert_eq!(each_plain_cell(sheet, |_| Wanted::NotPlain), None);
    }
}
