//! The records of .xlsb and .xls changed: their kinds, lengths, order and fields.

use super::values;
use fastrand::Rng;
use testkit::{biff_record, record};

struct Record {
    kind: u16,
    data: Vec<u8>,
}

/// Changes the records of a part of an .xlsb.
pub(super) fn change_part(content: &mut Vec<u8>, random: &mut Rng) {
    let mut records = Vec::new();
    let mut rest = content.as_slice();
    while let Some((kind, data, after)) = next_of_part(rest) {
        let data = data.to_vec();
        records.push(Record { kind, data });
        rest = after;
    }
    change(&mut records, random);
    *content = records
        .iter()
        .flat_map(|it| record(it.kind & 0x3fff, &it.data))
        .collect();
    lie(content, random);
}

/// Changes the records of the stream of an .xls.
pub(super) fn change_stream(content: &mut Vec<u8>, random: &mut Rng) {
    let mut records = Vec::new();
    let mut rest = content.as_slice();
    while let Some((&[low, high, short, long], after)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_le_bytes([short, long]));
        let kind = u16::from_le_bytes([low, high]);
        let data = after[..length.min(after.len())].to_vec();
        rest = &after[data.len()..];
        records.push(Record { kind, data });
    }
    change(&mut records, random);
    *content = records
        .iter()
        .flat_map(|it| biff_record(it.kind, &it.data[..it.data.len().min(8_224)]))
        .collect();
    lie(content, random);
}

fn next_of_part(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (kind, rest) = seven_bits(bytes, 2)?;
    let (length, rest) = seven_bits(rest, 4)?;
    let length = usize::try_from(length).ok()?.min(rest.len());
    let (data, rest) = rest.split_at(length);
    Some((u16::try_from(kind).ok()?, data, rest))
}

fn seven_bits(bytes: &[u8], most: usize) -> Option<(u32, &[u8])> {
    let mut number = 0;
    for (place, byte) in bytes.iter().enumerate().take(most) {
        number |= u32::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[place + 1..]));
        }
    }
    Some((number, bytes.get(most..)?))
}

/// Bytes that tell neither kinds nor lengths of records as they are.
fn lie(content: &mut Vec<u8>, random: &mut Rng) {
    if random.u8(..5) == 0 {
        values::bytes(content, random);
    }
}

fn change(records: &mut Vec<Record>, random: &mut Rng) {
    for _ in 0..=random.u8(..5) {
        if records.is_empty() {
            return;
        }
        let at = random.usize(..records.len());
        let other = random.usize(..records.len());
        match random.u8(..11) {
            0 => drop(records.remove(at)),
            1 => {
                let (kind, data) = (records[at].kind, records[at].data.clone());
                let times = 1 << random.u32(0..8);
                let again = (0..times).map(|_| Record {
                    kind,
                    data: data.clone(),
                });
                records.splice(at..at, again.collect::<Vec<_>>());
            }
            2 => records.swap(at, other),
            3 => records[at].kind = records[other].kind,
            4 => {
                let data = &mut records[at].data;
                let cut = random.usize(..=data.len());
                data.truncate(cut);
            }
            5 => {
                let more = random.usize(1..64);
                let filler = random.u8(..);
                records[at].data.extend(vec![filler; more]);
            }
            6..9 => field(&mut records[at].data, random),
            9 => records[at].data = records[other].data.clone(),
            _ => values::bytes(&mut records[at].data, random),
        }
    }
}

/// A field of one, two, four or eight bytes becomes another number.
fn field(data: &mut [u8], random: &mut Rng) {
    let width = 1 << random.u32(0..4);
    if data.len() < width {
        return;
    }
    let at = random.usize(..=data.len() - width);
    let low = values::number(random).to_le_bytes();
    let number = [low, values::number(random).to_le_bytes()].concat();
    data[at..at + width].copy_from_slice(&number[..width]);
}
