//! Workbooks changed within their containers, whose checksums are written anew, and the containers themselves.

use super::{markup, records, values};
use fastrand::Rng;
use std::io::{Cursor, Read, Write};
use testkit::{Member, compound, members};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

const ZIP: &[u8] = b"PK\x03\x04";
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0";

/// Changes a workbook of any format, or whatever else it is.
pub(super) fn change(bytes: &[u8], other: &[u8], random: &mut Rng) -> Vec<u8> {
    // The container as it lies there, in one of twelve.
    if random.u8(..12) == 0 {
        let mut bytes = bytes.to_vec();
        values::bytes(&mut bytes, random);
        return bytes;
    }
    match () {
        () if bytes.starts_with(ZIP) => change_zip(bytes, other, random),
        () if bytes.starts_with(COMPOUND) => change_compound(bytes, random),
        () => {
            let mut bytes = bytes.to_vec();
            match random.bool() {
                true => markup::change(&mut bytes, random),
                false => values::bytes(&mut bytes, random),
            }
            bytes
        }
    }
}

fn change_compound(bytes: &[u8], random: &mut Rng) -> Vec<u8> {
    let stream = || {
        let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
        let name = ["/Workbook", "/Book"]
            .into_iter()
            .find(|name| file.is_stream(name))?;
        let mut stream = Vec::new();
        file.open_stream(name).ok()?.read_to_end(&mut stream).ok()?;
        Some(stream)
    };
    match stream() {
        Some(mut stream) => {
            records::change_stream(&mut stream, random);
            compound(&stream)
        }
        None => bytes.to_vec(),
    }
}

fn change_zip(bytes: &[u8], other: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut parts = members(bytes);
    if parts.is_empty() {
        return bytes.to_vec();
    }
    for _ in 0..=random.u8(..3) {
        let at = place(&parts, random);
        match random.u8(..24) {
            0 => drop(parts.remove(at)),
            1 => {
                let name = random.choice(&parts).unwrap().0.clone();
                parts[at].0 = name;
            }
            2 => {
                let content = random.choice(&parts).unwrap().1.clone();
                parts[at].1 = content;
            }
            // A part of another workbook, perhaps of another format, in its place or beside it.
            3 | 4 => {
                let others = members(other);
                if let Some((name, content)) = random.choice(&others) {
                    match parts.iter_mut().find(|(own, _)| own == name) {
                        Some((_, own)) => own.clone_from(content),
                        None => parts.push((name.clone(), content.clone())),
                    }
                }
            }
            5 => {
                let name = &mut parts[at].0;
                *name = match random.u8(..4) {
                    0 => name.to_uppercase(),
                    1 => name.replace('/', "\\"),
                    2 => format!("/{name}"),
                    _ => values::text(random),
                };
            }
            _ => {
                let (name, content) = &mut parts[at];
                match name.ends_with(".bin") {
                    true => records::change_part(content, random),
                    false => markup::change(content, random),
                }
            }
        }
        if parts.is_empty() {
            return Vec::new();
        }
    }
    zipped(&parts, random)
}

/// A part: mostly one that holds cells.
fn place(parts: &[Member], random: &mut Rng) -> usize {
    let holds_cells = |name: &str| {
        ["sheet", "content", "sharedStrings", "styles"]
            .iter()
            .any(|word| name.contains(word))
    };
    let cells: Vec<usize> = (0..parts.len())
        .filter(|at| holds_cells(&parts[*at].0))
        .collect();
    match random.u8(..4) {
        0 => random.usize(..parts.len()),
        _ => random.choice(cells).unwrap_or(0),
    }
}

/// A zip of members, two of which may have one name; quick rather than small.
fn zipped(parts: &[Member], random: &mut Rng) -> Vec<u8> {
    let method = match random.u8(..10) {
        0 => CompressionMethod::Stored,
        _ => CompressionMethod::Deflated,
    };
    let options = SimpleFileOptions::default().compression_method(method);
    let options = match method {
        CompressionMethod::Deflated => options.compression_level(Some(1)),
        _ => options,
    };
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        // One that is there already, or that no zip can hold, is left out.
        if archive.start_file(name.as_str(), options).is_ok() {
            archive.write_all(content).unwrap();
        }
    }
    archive.finish().unwrap().into_inner()
}
