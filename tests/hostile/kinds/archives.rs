//! What is wrong with the container: a zip that lies about itself.

use super::{Kind, report};
use std::io::{Cursor, Write};
use std::sync::OnceLock;
use testkit::{Member, archive, workbook, xlsx_parts};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "cut",
        ending: "xlsx",
        make: cut,
    },
    Kind {
        name: "bits flipped",
        ending: "xlsx",
        make: flipped,
    },
    Kind {
        name: "one name twice",
        ending: "xlsx",
        make: twice,
    },
    Kind {
        name: "checksum of before",
        ending: "xlsx",
        make: unsummed,
    },
    Kind {
        name: "bomb",
        ending: "xlsx",
        make: bomb,
    },
    Kind {
        name: "members in one another",
        ending: "xlsx",
        make: overlapping,
    },
    Kind {
        name: "workbook in a zip",
        ending: "xlsx",
        make: nested,
    },
    Kind {
        name: "marked as encrypted",
        ending: "xlsx",
        make: encrypted,
    },
    Kind {
        name: "names of paths",
        ending: "xlsx",
        make: paths,
    },
    Kind {
        name: "thousands of members",
        ending: "xlsx",
        make: many,
    },
    Kind {
        name: "sizes that lie",
        ending: "xlsx",
        make: sizes,
    },
    Kind {
        name: "something before it",
        ending: "xlsx",
        make: after_other,
    },
    Kind {
        name: "a part missing",
        ending: "xlsx",
        make: without,
    },
    Kind {
        name: "content of another format",
        ending: "xlsx",
        make: two_formats,
    },
    Kind {
        name: "directory of another",
        ending: "xlsx",
        make: two_archives,
    },
];

fn cut(number: u32) -> Vec<u8> {
    let mut bytes = workbook(&report(number));
    let tenths = usize::try_from(number % 9 + 1).unwrap();
    bytes.truncate(bytes.len() * tenths / 10);
    bytes
}

fn flipped(number: u32) -> Vec<u8> {
    let mut bytes = workbook(&report(number));
    let mut random = fastrand::Rng::with_seed(number.into());
    for _ in 0..=number % 40 {
        let at = random.usize(..bytes.len());
        bytes[at] ^= 1 << random.u8(..8);
    }
    bytes
}

/// Puts other bytes, as many, wherever some stand.
fn replace_all(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> = (0..bytes.len().saturating_sub(from.len()))
        .filter(|at| bytes[*at..].starts_with(from))
        .collect();
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
}

fn stored(parts: &[Member]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        archive.start_file(name.as_str(), options).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn twice(number: u32) -> Vec<u8> {
    let mut parts = xlsx_parts(&report(number));
    let other = xlsx_parts(&report(number + 1_000)).pop().unwrap().1;
    let name = match number % 2 {
        0 => "xl/worksheets/sheet2.xm_",
        _ => "XL/worksheets/sheet2.xml",
    };
    parts.push((name.to_owned(), other));
    let mut bytes = archive(&parts);
    replace_all(&mut bytes, b"sheet2.xm_", b"sheet2.xml");
    bytes
}

fn unsummed(number: u32) -> Vec<u8> {
    let mut bytes = stored(&xlsx_parts(&report(number)));
    replace_all(&mut bytes, b"<v>5</v>", b"<v>9</v>");
    bytes
}

/// Twenty megabytes of one letter, in a few kilobytes, as they lie in a zip.
fn one_letter() -> &'static [u8] {
    static ZIPPED: OnceLock<Vec<u8>> = OnceLock::new();
    ZIPPED.get_or_init(|| archive(&[("xl/media/a".to_owned(), vec![b'A'; 20 << 20])]))
}

fn bomb(number: u32) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut letters = zip::ZipArchive::new(Cursor::new(one_letter())).unwrap();
    for (name, content) in xlsx_parts(&report(number)) {
        archive
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(&content).unwrap();
    }
    for copy in 0..40 {
        let name = format!("xl/media/{copy}");
        let member = letters.by_index_raw(0).unwrap();
        archive.raw_copy_file_rename(member, name).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The end of a zip: its directory's place and how many members it names.
fn end_of_directory(members: u16, length: usize, at: usize) -> Vec<u8> {
    let [length, at] = [length, at].map(|number| u32::try_from(number).unwrap().to_le_bytes());
    let members = members.to_le_bytes();
    [
        b"PK\x05\x06".as_slice(),
        &[0; 4],
        &members,
        &members,
        &length,
        &at,
        &[0; 2],
    ]
    .concat()
}

fn overlapping(number: u32) -> Vec<u8> {
    let one = one_letter();
    let at = one
        .windows(4)
        .position(|bytes| bytes == b"PK\x01\x02")
        .unwrap();
    let entry = &one[at..];
    // The fixed part of an entry, with another name behind it.
    let named = |name: &str| {
        let mut entry = entry[..46].to_vec();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        entry[28..30].copy_from_slice(&length);
        entry[30..34].fill(0);
        [entry, name.as_bytes().to_vec()].concat()
    };
    let count = u16::try_from(1_900 - number % 100).unwrap();
    let directory: Vec<u8> = (0..count)
        .flat_map(|sheet| named(&format!("xl/worksheets/sheet{sheet}.xml")))
        .collect();
    let end = end_of_directory(count, directory.len(), at);
    [one[..at].to_vec(), directory, end].concat()
}

fn nested(number: u32) -> Vec<u8> {
    let mut bytes = workbook(&report(number));
    for depth in 0..=number % 5 {
        bytes = archive(&[(format!("{depth}.xlsx"), bytes)]);
    }
    bytes
}

fn encrypted(number: u32) -> Vec<u8> {
    let mut bytes = workbook(&report(number));
    for (mark, at) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let places: Vec<usize> = (0..bytes.len() - 4)
            .filter(|place| bytes[*place..].starts_with(mark))
            .collect();
        places.iter().for_each(|place| bytes[place + at] |= 1);
    }
    bytes
}

fn paths(number: u32) -> Vec<u8> {
    let mut parts = xlsx_parts(&report(number));
    for name in [
        "../../../../../../../../tmp/out",
        "/tmp/out",
        "..\\..\\out",
        "C:\\out",
        "xl/../../out",
        "xl/worksheets//sheet2.xml",
    ] {
        parts.push((name.to_owned(), number.to_le_bytes().to_vec()));
    }
    archive(&parts)
}

fn many(number: u32) -> Vec<u8> {
    let mut parts = xlsx_parts(&report(number));
    parts.extend((0..2_100).map(|member| (format!("xl/media/{member}"), Vec::new())));
    archive(&parts)
}

fn sizes(number: u32) -> Vec<u8> {
    let mut bytes = workbook(&report(number));
    let lies = [0u32, 1, 0x7fff_ffff, 0xffff_fffe, 0xffff_ffff];
    let lie = lies[usize::try_from(number).unwrap() % lies.len()].to_le_bytes();
    let at = (0..bytes.len() - 46)
        .filter(|at| bytes[*at..].starts_with(b"PK\x01\x02"))
        .nth(5)
        .unwrap();
    let field = [20, 24, 42][usize::try_from(number / 5).unwrap() % 3];
    bytes[at + field..at + field + 4].copy_from_slice(&lie);
    bytes
}

fn after_other(number: u32) -> Vec<u8> {
    let before: &[u8] = match number % 3 {
        0 => b"%PDF-1.7\n",
        1 => b"<html><script>alert(1)</script>",
        _ => b"MIME-Version: 1.0\r\n\r\n",
    };
    [before, &workbook(&report(number)), &[0; 3_000]].concat()
}

fn without(number: u32) -> Vec<u8> {
    let mut parts = xlsx_parts(&report(number));
    parts.remove(usize::try_from(number).unwrap() % parts.len());
    archive(&parts)
}

fn two_formats(number: u32) -> Vec<u8> {
    let mut parts = xlsx_parts(&report(number));
    parts.extend(testkit::ods_parts(&report(number + 1_000)));
    if number % 2 == 1 {
        parts.rotate_left(6);
    }
    archive(&parts)
}

/// Two whole zips, one behind the other: which one counts is a matter of the program that opens it.
fn two_archives(number: u32) -> Vec<u8> {
    [workbook(&report(number)), workbook(&report(number + 1_000))].concat()
}
