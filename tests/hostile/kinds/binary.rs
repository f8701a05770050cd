//! What is wrong with workbooks of records: .xlsb and .xls.

use super::{Kind, report};
use testkit::{archive, biff_record, compound, record, row_record, xls_stream, xlsb_parts};

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "far corners",
        ending: "xlsb",
        make: far_corners,
    },
    Kind {
        name: "a column beyond all",
        ending: "xlsb",
        make: far_column,
    },
    Kind {
        name: "lengths that lie",
        ending: "xlsb",
        make: lengths,
    },
    Kind {
        name: "counts of texts that lie",
        ending: "xlsb",
        make: counts,
    },
    Kind {
        name: "records changed",
        ending: "xlsb",
        make: xlsb_changed,
    },
    Kind {
        name: "records cut",
        ending: "xlsb",
        make: xlsb_cut,
    },
    Kind {
        name: "rows and columns that lie",
        ending: "xls",
        make: places,
    },
    Kind {
        name: "counts of texts that lie",
        ending: "xls",
        make: xls_counts,
    },
    Kind {
        name: "thousands of sheets",
        ending: "xls",
        make: many_sheets,
    },
    Kind {
        name: "sectors that lead in circles",
        ending: "xls",
        make: circles,
    },
    Kind {
        name: "records changed",
        ending: "xls",
        make: xls_changed,
    },
    Kind {
        name: "cut",
        ending: "xls",
        make: xls_cut,
    },
    Kind {
        name: "behind a password",
        ending: "xls",
        make: password,
    },
    Kind {
        name: "sheets that begin elsewhere",
        ending: "xls",
        make: elsewhere,
    },
];

/// An .xlsb with other records at the end of its second sheet.
fn xlsb_with(number: u32, more: &[u8]) -> Vec<u8> {
    let mut parts = xlsb_parts(&report(number));
    let sheet = &mut parts.last_mut().unwrap().1;
    // Before the ends of its rows and of itself.
    let end = sheet.len() - 6;
    sheet.splice(end..end, more.iter().copied());
    archive(&parts)
}

fn number_at(col: u32) -> Vec<u8> {
    let value = [
        col.to_le_bytes().to_vec(),
        vec![0; 4],
        1f64.to_le_bytes().to_vec(),
    ];
    record(5, &value.concat())
}

/// Cells in the two far corners: the reading library sets aside all that lies between.
fn far_corners(number: u32) -> Vec<u8> {
    let cells = [
        row_record(0),
        number_at(0),
        row_record(1_048_575),
        number_at(16_383 - number % 9),
    ];
    xlsb_with(number, &cells.concat())
}

fn far_column(number: u32) -> Vec<u8> {
    let cells = [
        row_record(40),
        number_at(4_000_000_000 + number),
        row_record(4_000_000_000),
        number_at(1),
    ];
    xlsb_with(number, &cells.concat())
}

fn lengths(number: u32) -> Vec<u8> {
    let lie: &[u8] = match number % 3 {
        0 => &[5, 0xff, 0xff, 0xff, 0x7f],
        1 => &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        _ => &[7, 0x80, 0x80, 0x80, 0x80, 0x80],
    };
    xlsb_with(
        number,
        &[row_record(40), lie.to_vec(), vec![0; 20]].concat(),
    )
}

fn counts(number: u32) -> Vec<u8> {
    let mut parts = xlsb_parts(&report(number));
    let texts = parts
        .iter_mut()
        .find(|(name, _)| name.ends_with("sharedStrings.bin"));
    let texts = &mut texts.unwrap().1;
    match number % 2 {
        // The counts behind the kind and the length.
        0 => texts[3..11].fill(0xff),
        // The length of the first text.
        _ => texts[14..18].fill(0xff),
    }
    archive(&parts)
}

fn xlsb_changed(number: u32) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(number.into());
    let mut parts = xlsb_parts(&report(number));
    for (_, content) in parts.iter_mut().filter(|(name, _)| name.ends_with(".bin")) {
        for _ in 0..random.usize(..6) {
            let at = random.usize(..content.len());
            content[at] = *random.choice(&[0, 1, 0x7f, 0x80, 0xff]).unwrap();
        }
    }
    archive(&parts)
}

fn xlsb_cut(number: u32) -> Vec<u8> {
    let mut parts = xlsb_parts(&report(number));
    for (_, content) in parts.iter_mut().filter(|(name, _)| name.ends_with(".bin")) {
        let tenths = usize::try_from(number % 9 + 1).unwrap();
        content.truncate(content.len() * tenths / 10);
    }
    archive(&parts)
}

/// The stream of a report with other records before its end.
fn xls_with(number: u32, more: &[u8]) -> Vec<u8> {
    let mut stream = xls_stream(&report(number));
    let end = stream.len() - 4;
    stream.splice(end..end, more.iter().copied());
    compound(&stream)
}

fn places(number: u32) -> Vec<u8> {
    let number_in = |row: u16, col: u16| {
        let place = [row, col, 0].map(u16::to_le_bytes).concat();
        biff_record(0x203, &[place, 1f64.to_le_bytes().to_vec()].concat())
    };
    let dimensions = biff_record(0x200, &[0xff; 14]);
    let cells = [
        dimensions,
        number_in(0xffff, 0xffff),
        number_in(0, 0xff - u16::try_from(number % 99).unwrap()),
    ];
    xls_with(number, &cells.concat())
}

fn xls_counts(number: u32) -> Vec<u8> {
    let mut stream = xls_stream(&report(number));
    let texts = (0..stream.len() - 4)
        .find(|at| stream[*at..].starts_with(&[0xFC, 0]))
        .unwrap();
    match number % 3 {
        0 => stream[texts + 4..texts + 12].fill(0xff),
        // The length of the first text, and what kind it is.
        1 => stream[texts + 12..texts + 15].fill(0xff),
        _ => stream[texts + 2..texts + 4].fill(0xff),
    }
    compound(&stream)
}

fn many_sheets(number: u32) -> Vec<u8> {
    let sheets: String = (0..3_000).map(|at| format!("== s{at}\n")).collect();
    testkit::xls(&format!("{}{sheets}", report(number)))
}

/// The table of sectors is all of one number: each leads to the same one.
fn circles(number: u32) -> Vec<u8> {
    let mut bytes = testkit::xls(&report(number));
    let at = usize::try_from(u32::from_le_bytes(bytes[0x4c..0x50].try_into().unwrap())).unwrap();
    let sector = match bytes[0x1e] {
        9 => 512,
        _ => 4_096,
    };
    let table = (at + 1) * sector;
    let to = [1u32, 2, 0xffff_fffa, 7][usize::try_from(number).unwrap() % 4].to_le_bytes();
    for place in (table..(table + 256).min(bytes.len() - 4)).step_by(4) {
        bytes[place..place + 4].copy_from_slice(&to);
    }
    bytes
}

fn xls_changed(number: u32) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(number.into());
    let mut stream = xls_stream(&report(number));
    for _ in 0..=number % 20 {
        let at = random.usize(..stream.len());
        stream[at] = *random.choice(&[0, 1, 0x7f, 0x80, 0xff]).unwrap();
    }
    compound(&stream)
}

fn xls_cut(number: u32) -> Vec<u8> {
    let mut bytes = testkit::xls(&report(number));
    let tenths = usize::try_from(number % 9 + 1).unwrap();
    bytes.truncate(bytes.len() * tenths / 10);
    bytes
}

fn password(number: u32) -> Vec<u8> {
    let mut stream = xls_stream(&report(number));
    let begun = 4 + 16;
    let locked = biff_record(0x2F, &[0; 6]);
    stream.splice(begun..begun, locked);
    compound(&stream)
}

fn elsewhere(number: u32) -> Vec<u8> {
    let mut stream = xls_stream(&report(number));
    let listed = (0..stream.len() - 4)
        .find(|at| stream[*at..].starts_with(&[0x85, 0]))
        .unwrap();
    let place = [0, 4, u32::MAX, 0x8000_0000, 1][usize::try_from(number).unwrap() % 5];
    stream[listed + 4..listed + 8].copy_from_slice(&u32::to_le_bytes(place));
    compound(&stream)
}
