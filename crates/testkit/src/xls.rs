use crate::text::{CellText, Rows, serial, sheets};
use std::collections::HashMap;
use std::io::{Cursor, Write};

/// An .xls from text ([MS-XLS]), as [`workbook`](crate::workbook) makes an .xlsx.
///
/// # Panics
/// When the container cannot be written, which memory always can.
pub fn xls(text: &str) -> Vec<u8> {
    compound(&xls_stream(text))
}

/// A compound file ([MS-CFB]) with a stream that is called Workbook.
///
/// # Panics
/// When it cannot be written, which memory always can.
pub fn compound(stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory");
    let mut workbook = file.create_stream("/Workbook").expect("memory");
    workbook.write_all(stream).expect("memory");
    drop(workbook);
    file.flush().expect("memory");
    file.into_inner().into_inner()
}

/// The stream that is called Workbook in an .xls from text.
pub fn xls_stream(text: &str) -> Vec<u8> {
    let sheets = sheets(text);
    let mut texts = Texts::default();
    let bodies: Vec<Vec<u8>> = sheets
        .iter()
        .map(|(_, rows)| sheet_records(rows, &mut texts))
        .collect();
    let style = |format: u16| {
        let data = [vec![0, 0], format.to_le_bytes().to_vec(), vec![0; 16]].concat();
        biff_record(0xE0, &data)
    };
    let font = [220u16, 0, 0x7fff, 400, 0]
        .iter()
        .flat_map(|field| field.to_le_bytes())
        .chain([0; 4])
        .chain(*b"\x05\x00Arial")
        .collect::<Vec<u8>>();
    let head = [
        beginning(5),
        biff_record(0x42, &1200u16.to_le_bytes()),
        biff_record(0x31, &font),
        style(0),
        style(14),
    ]
    .concat();
    let shared = texts.records();
    let listed = |places: &[usize]| -> Vec<u8> {
        let records = sheets.iter().zip(places).map(|((name, _), at)| {
            let (hidden, name) = match name.strip_prefix("hidden ") {
                Some(name) => (1, name),
                None => (0, name.as_str()),
            };
            let units = utf16(name);
            let length = u8::try_from(units.len() / 2).expect("a short name of a sheet");
            let at = u32::try_from(*at).expect("a small workbook").to_le_bytes();
            biff_record(
                0x85,
                &[at.to_vec(), vec![hidden, 0, length, 1], units].concat(),
            )
        });
        records.flatten().collect()
    };
    let end = biff_record(0x0A, &[]);
    let globals = head.len() + listed(&vec![0; sheets.len()]).len() + shared.len() + end.len();
    let mut places = Vec::new();
    let mut at = globals;
    for body in &bodies {
        places.push(at);
        at += body.len();
    }
    [head, listed(&places), shared, end, bodies.concat()].concat()
}

/// A record: its kind and length, then its data.
pub fn biff_record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("a small record");
    [kind.to_le_bytes(), length.to_le_bytes()]
        .concat()
        .into_iter()
        .chain(data.iter().copied())
        .collect()
}

fn beginning(kind: u16) -> Vec<u8> {
    let fields = [0x600u16, kind, 0x0DBB, 0x07CC, 0, 0, 6, 0];
    let data: Vec<u8> = fields
        .iter()
        .flat_map(|field| field.to_le_bytes())
        .collect();
    biff_record(0x809, &data)
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Texts that cells share, each once.
#[derive(Default)]
struct Texts {
    places: HashMap<String, u32>,
    items: Vec<Vec<u8>>,
    uses: u32,
}

impl Texts {
    fn place(&mut self, text: &str) -> u32 {
        self.uses += 1;
        let next = u32::try_from(self.places.len()).unwrap_or_default();
        *self.places.entry(text.to_owned()).or_insert_with(|| {
            let units = utf16(text);
            let length = u16::try_from(units.len() / 2).expect("a short text");
            let item = [length.to_le_bytes().to_vec(), vec![1], units].concat();
            self.items.push(item);
            next
        })
    }

    /// The table of texts, continued where a record would be too long.
    fn records(&self) -> Vec<u8> {
        const LONGEST: usize = 8_224;
        let unique = u32::try_from(self.items.len()).unwrap_or_default();
        let mut data = [self.uses.to_le_bytes(), unique.to_le_bytes()].concat();
        let mut records = Vec::new();
        let mut kind = 0xFC;
        for item in &self.items {
            if data.len() + item.len() > LONGEST {
                records.extend(biff_record(kind, &data));
                (kind, data) = (0x3C, Vec::new());
            }
            data.extend(item);
        }
        records.extend(biff_record(kind, &data));
        records
    }
}

fn sheet_records(rows: &Rows, texts: &mut Texts) -> Vec<u8> {
    let mut records = beginning(0x10);
    let height = u32::try_from(rows.len()).unwrap_or_default();
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = u16::try_from(width).unwrap_or_default();
    let dimensions = [
        vec![0; 4],
        height.to_le_bytes().to_vec(),
        vec![0, 0],
        width.to_le_bytes().to_vec(),
        vec![0, 0],
    ];
    records.extend(biff_record(0x200, &dimensions.concat()));
    for (row, cells) in (0u16..).zip(rows) {
        for (col, cell) in (0u16..).zip(cells) {
            let of = |kind: u16, style: u16, data: &[u8]| {
                let place = [row, col, style].map(u16::to_le_bytes).concat();
                biff_record(kind, &[place, data.to_vec()].concat())
            };
            let real = |digits: &str| digits.parse::<f64>().unwrap_or_default().to_le_bytes();
            records.extend(match CellText::of(cell) {
                CellText::Empty => Vec::new(),
                CellText::Text(text) => of(0xFD, 0, &texts.place(text).to_le_bytes()),
                CellText::Number(digits) => of(0x203, 0, &real(digits)),
                CellText::Day(day) => of(0x203, 1, &real(&serial(day).to_string())),
                CellText::Error(_) => of(0x205, 0, &[0x17, 1]),
                // A formula of one number, with nothing worked out.
                CellText::Formula(_) => {
                    let formula = [3, 0, 0x1e, 5, 0];
                    of(
                        0x06,
                        0,
                        &[real("0").to_vec(), vec![0; 6], formula.to_vec()].concat(),
                    )
                }
            });
        }
    }
    records.extend(biff_record(0x0A, &[]));
    records
}
