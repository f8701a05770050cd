use crate::archive::{Member, archive};
use crate::text::{CellText, serial, sheets};
use std::collections::HashMap;
use std::fmt::Write as _;

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// An .xlsb from text ([MS-XLSB]), as [`workbook`](crate::workbook) makes an .xlsx.
///
/// # Panics
/// When the archive cannot be written, which memory always can.
pub fn xlsb(text: &str) -> Vec<u8> {
    archive(&xlsb_parts(text))
}

/// The parts of an .xlsb from text, by their names.
pub fn xlsb_parts(text: &str) -> Vec<Member> {
    let sheets = sheets(text);
    let mut texts = Texts::default();
    let mut parts = Vec::new();
    let mut listed = Vec::new();
    let mut relations = String::new();
    for (number, (name, rows)) in (1u32..).zip(&sheets) {
        let mut sheet = [record(129, &[]), record(148, &[0; 16]), record(145, &[])].concat();
        for (at, row) in (0u32..).zip(rows) {
            sheet.extend(row_record(at));
            for (col, cell) in (0u32..).zip(row) {
                sheet.extend(cell_record(col, cell, &mut texts));
            }
        }
        sheet.extend([record(146, &[]), record(130, &[])].concat());
        parts.push((format!("xl/worksheets/sheet{number}.bin"), sheet));
        let (hidden, name) = match name.strip_prefix("hidden ") {
            Some(name) => (1u32, name),
            None => (0, name.as_str()),
        };
        let fields = [hidden.to_le_bytes(), number.to_le_bytes()].concat();
        listed.extend(record(
            156,
            &[fields, wide(&format!("rId{number}")), wide(name)].concat(),
        ));
        let _ = write!(
            relations,
            "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.bin\"/>"
        );
    }
    let workbook = [
        record(131, &[]),
        record(153, &[0; 12]),
        record(143, &[]),
        listed,
        record(144, &[]),
        record(132, &[]),
    ];
    let related = |relations: &str| {
        format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{relations}</Relationships>")
            .into_bytes()
    };
    let kinds = format!(
        "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"bin\" \
         ContentType=\"application/vnd.ms-excel.sheet.binary.macroEnabled.main\"/></Types>"
    );
    let main = format!(
        "<Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.bin\"/>"
    );
    let _ = write!(
        relations,
        "<Relationship Id=\"rIdS\" Type=\"{OFFICE}/styles\" Target=\"styles.bin\"/>\
         <Relationship Id=\"rIdT\" Type=\"{OFFICE}/sharedStrings\" Target=\"sharedStrings.bin\"/>"
    );
    let mut all = vec![
        ("[Content_Types].xml".to_owned(), kinds.into_bytes()),
        ("_rels/.rels".to_owned(), related(&main)),
        ("xl/workbook.bin".to_owned(), workbook.concat()),
        ("xl/_rels/workbook.bin.rels".to_owned(), related(&relations)),
        ("xl/styles.bin".to_owned(), styles()),
        ("xl/sharedStrings.bin".to_owned(), texts.part()),
    ];
    all.extend(parts);
    all
}

/// The record that begins a row of usual height.
pub fn row_record(row: u32) -> Vec<u8> {
    let mut data = [row.to_le_bytes().to_vec(), vec![0; 13]].concat();
    data[8..10].copy_from_slice(&300u16.to_le_bytes());
    record(0, &data)
}

/// A record: its kind and its length in seven bits a byte, then its data.
pub fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = seven_bits(kind.into());
    bytes.extend(seven_bits(
        u32::try_from(data.len()).expect("a small record"),
    ));
    bytes.extend(data);
    bytes
}

fn seven_bits(mut number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// A text with its length before it.
pub(crate) fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = u32::try_from(units.len() / 2).unwrap_or_default();
    [length.to_le_bytes().to_vec(), units].concat()
}

/// Texts that cells share, each once.
#[derive(Default)]
struct Texts {
    places: HashMap<String, u32>,
    items: Vec<u8>,
    uses: u32,
}

impl Texts {
    fn place(&mut self, text: &str) -> u32 {
        self.uses += 1;
        let next = u32::try_from(self.places.len()).unwrap_or_default();
        *self.places.entry(text.to_owned()).or_insert_with(|| {
            let item = [vec![0], wide(text)].concat();
            self.items.extend(record(19, &item));
            next
        })
    }

    fn part(&self) -> Vec<u8> {
        let unique = u32::try_from(self.places.len()).unwrap_or_default();
        let counts = [self.uses.to_le_bytes(), unique.to_le_bytes()].concat();
        [record(159, &counts), self.items.clone(), record(160, &[])].concat()
    }
}

fn cell_record(col: u32, cell: &str, texts: &mut Texts) -> Vec<u8> {
    let of = |kind: u16, style: u32, data: &[u8]| {
        let place = [col.to_le_bytes(), style.to_le_bytes()].concat();
        record(kind, &[place, data.to_vec()].concat())
    };
    match CellText::of(cell) {
        CellText::Empty => Vec::new(),
        CellText::Text(text) => of(7, 0, &texts.place(text).to_le_bytes()),
        CellText::Number(digits) => of(5, 0, &real(digits)),
        CellText::Day(day) => of(5, 1, &real(&serial(day).to_string())),
        CellText::Error(_) => of(3, 0, &[0x17]),
        // A formula of one number, with nothing worked out.
        CellText::Formula(_) => {
            let formula = [3u32.to_le_bytes().to_vec(), vec![0x1e, 5, 0, 0, 0, 0, 0]].concat();
            of(9, 0, &[real("0"), vec![0, 0], formula].concat())
        }
    }
}

fn real(digits: &str) -> Vec<u8> {
    digits
        .parse::<f64>()
        .unwrap_or_default()
        .to_le_bytes()
        .to_vec()
}

/// Two styles of cells: one that says nothing, and days.
fn styles() -> Vec<u8> {
    let style = |format: u16| {
        let data = [vec![0, 0], format.to_le_bytes().to_vec(), vec![0; 12]].concat();
        record(47, &data)
    };
    [
        record(278, &[]),
        record(617, &2u32.to_le_bytes()),
        style(0),
        style(14),
        record(618, &[]),
        record(279, &[]),
    ]
    .concat()
}
