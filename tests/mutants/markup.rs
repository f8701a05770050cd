//! XML changed where it means something: elements, attributes and their values.

use super::values;
use fastrand::Rng;
use std::ops::Range;

/// Pieces that stand in workbooks, or should not.
const PIECES: [&str; 22] = [
    "<mergeCells><mergeCell ref=\"A1:XFD1048576\"/></mergeCells>",
    "<mergeCell ref=\"B9:A1\"/>",
    "<cols><col min=\"1\" max=\"4294967295\" hidden=\"1\"/></cols>",
    "<autoFilter ref=\"A1:Z9\"><filterColumn colId=\"0\"><filters><filter val=\"x\"/></filters></filterColumn></autoFilter>",
    "<row r=\"1048576\" hidden=\"1\"/>",
    "<row r=\"9\"><c r=\"A9\" t=\"s\"><v>999</v></c></row>",
    "<c r=\"XFD1\"><v>1</v></c>",
    "<c t=\"inlineStr\"><is><r><rPr><strike/></rPr><t>x</t></r></is></c>",
    "<f t=\"shared\" si=\"0\" ref=\"A1:A9\">A1+1</f>",
    "<v>1e308</v>",
    "<dimension ref=\"A1:XFD1048576\"/>",
    "<sheet name=\"x\" sheetId=\"1\" r:id=\"rId1\"/>",
    "<si><r><t>x</t></r><rPh sb=\"0\"/></si>",
    "<xf numFmtId=\"14\" applyNumberFormat=\"1\"/>",
    "<numFmt numFmtId=\"164\" formatCode=\"[$-42A]#,##0.0,,\"/>",
    "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
    "<table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"99999999\"/>",
    "<table:table-cell table:number-columns-spanned=\"99\" table:number-rows-spanned=\"99\" office:value-type=\"string\"><text:p>x<text:s text:c=\"99999999\"/></text:p></table:table-cell>",
    "<table:covered-table-cell table:number-columns-repeated=\"9\"/>",
    "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "<![CDATA[",
    "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
];

pub(super) fn change(content: &mut Vec<u8>, random: &mut Rng) {
    for _ in 0..=random.u8(..5) {
        change_once(content, random);
    }
}

fn change_once(content: &mut Vec<u8>, random: &mut Rng) {
    let tags = tags(content);
    let Some(tag) = random.choice(&tags).cloned() else {
        return values::bytes(content, random);
    };
    match random.u8(..13) {
        0 => drop(content.drain(tag)),
        1 => {
            let times = 1 << random.u32(0..9);
            let piece = content[tag.clone()].repeat(times);
            content.splice(tag.end..tag.end, piece);
        }
        2 | 3 => attribute(content, tag, random),
        4 => {
            // What stands between two tags.
            let from = tag.end;
            let until = tags.iter().map(|next| next.start).find(|at| *at >= from);
            let until = until.unwrap_or(content.len());
            content.splice(from..until, escaped(&values::text(random)));
        }
        5 => {
            let piece = random.choice(PIECES).unwrap();
            content.splice(tag.end..tag.end, piece.bytes());
        }
        // Some elements, once more elsewhere or no longer where they were.
        6 | 7 => {
            let other = random.choice(&tags).cloned().unwrap();
            let (from, until) = (tag.start.min(other.start), tag.end.max(other.end));
            if until - from > 20_000 {
                return;
            }
            let piece = match random.bool() {
                true => content[from..until].to_vec(),
                false => content.drain(from..until).collect(),
            };
            let to = random.choice(&tags).unwrap().end.min(content.len());
            content.splice(to..to, piece);
        }
        8 | 9 => digits(content, random),
        10 => {
            let closing = content[tag.clone()].starts_with(b"</");
            let other = random.choice(&tags).cloned().unwrap();
            if !closing || other.start == tag.start {
                return;
            }
            let piece = content[other].to_vec();
            content.splice(tag, piece);
        }
        11 if random.u8(..6) == 0 => content.truncate(tag.end),
        _ => values::bytes(content, random),
    }
}

/// Where tags stand.
fn tags(content: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut begun = None;
    for (at, byte) in content.iter().enumerate() {
        match byte {
            b'<' => begun = Some(at),
            b'>' => found.extend(begun.take().map(|from| from..at + 1)),
            _ => {}
        }
    }
    found
}

/// An attribute of a tag gets another value, goes away or comes twice.
fn attribute(content: &mut Vec<u8>, tag: Range<usize>, random: &mut Rng) {
    let quotes: Vec<usize> = tag.filter(|at| content[*at] == b'"').collect();
    let pairs: Vec<&[usize]> = quotes.chunks_exact(2).collect();
    let Some(&&[from, until]) = random.choice(&pairs) else {
        return;
    };
    match random.u8(..8) {
        0 => {
            let begin = content[..from].iter().rposition(|byte| *byte == b' ');
            content.drain(begin.unwrap_or(from)..=until);
        }
        1 => {
            let begin = content[..from].iter().rposition(|byte| *byte == b' ');
            let piece = content[begin.unwrap_or(from)..=until].to_vec();
            content.splice(until + 1..until + 1, piece);
        }
        _ => drop(content.splice(from + 1..until, escaped(&values::text(random)))),
    }
}

/// A number anywhere becomes another.
fn digits(content: &mut Vec<u8>, random: &mut Rng) {
    let start = random.usize(..content.len());
    let Some(from) = (start..content.len()).find(|at| content[*at].is_ascii_digit()) else {
        return;
    };
    let length = content[from..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    let until = from + length.count();
    let number = random.choice(values::NUMBERS).unwrap();
    content.splice(from..until, number.bytes());
}

/// Mostly as XML has it, sometimes not.
fn escaped(text: &str) -> Vec<u8> {
    text.replace('"', "&quot;").into_bytes()
}
