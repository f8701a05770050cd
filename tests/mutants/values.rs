//! Numbers and texts at which readers have gone wrong.

use fastrand::Rng;

pub(super) const NUMBERS: [&str; 24] = [
    "0",
    "-0",
    "-1",
    "1",
    "255",
    "256",
    "16384",
    "16385",
    "65535",
    "65536",
    "1048576",
    "1048577",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "18446744073709551616",
    "99999999999999999999999999999999999999999",
    "1e308",
    "-1e-400",
    "NaN",
    "0.1",
    "1,5",
];

pub(super) const TEXTS: [&str; 30] = [
    "",
    " ",
    "\u{0}",
    "\u{1b}[31m",
    "\u{202e}abc",
    "\u{feff}",
    "\u{fffe}",
    "=1+1",
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "-",
    "+",
    "|",
    "'",
    "\"",
    "<b>",
    "&",
    "&l9;",
    "]]>",
    "A1:XFD1048576",
    "XFD1048576",
    "A0",
    "ZZZZZ1",
    "..\\..\\x",
    "../../x",
    "#REF!",
    "2023-02-30",
    "31/12/0202",
    "Cộng",
    "Năm 9999",
];

/// A number of 32 bits at which lengths, counts and addresses go wrong.
pub(super) fn number(random: &mut Rng) -> u32 {
    const EDGES: [u32; 14] = [
        0,
        1,
        2,
        0x7f,
        0x80,
        0xff,
        0x3fff,
        0x4000,
        0xffff,
        0x0010_0000,
        0x7fff_ffff,
        0x8000_0000,
        0xffff_fffe,
        0xffff_ffff,
    ];
    match random.u8(..4) {
        0 => random.u32(..),
        _ => EDGES[random.usize(..EDGES.len())],
    }
}

/// A text: a number, one that means something to somebody, or a long one.
pub(super) fn text(random: &mut Rng) -> String {
    match random.u8(..10) {
        0..4 => NUMBERS[random.usize(..NUMBERS.len())].to_owned(),
        4..9 => TEXTS[random.usize(..TEXTS.len())].to_owned(),
        _ => {
            let piece = TEXTS[random.usize(..TEXTS.len())];
            let times = 1 << random.u32(4..14);
            piece.repeat(times)
        }
    }
}

/// Bytes changed here and there, taken out and put in.
pub(super) fn bytes(content: &mut Vec<u8>, random: &mut Rng) {
    for _ in 0..=random.u8(..8) {
        if content.is_empty() {
            return;
        }
        let at = random.usize(..content.len());
        match random.u8(..6) {
            0 => content[at] ^= 1 << random.u8(..8),
            1 => content[at] = *random.choice(&[0, 1, 0x7f, 0x80, 0xff]).unwrap(),
            2 => content.insert(at, random.u8(..)),
            3 => {
                let end = (at + random.usize(1..40)).min(content.len());
                content.drain(at..end);
            }
            4 => {
                let end = (at + random.usize(1..80)).min(content.len());
                let piece = content[at..end].to_vec();
                let to = random.usize(..=content.len());
                content.splice(to..to, piece);
            }
            _ if random.u8(..8) == 0 => content.truncate(at),
            _ => {
                let field = number(random).to_le_bytes();
                let end = (at + 4).min(content.len());
                content[at..end].copy_from_slice(&field[..end - at]);
            }
        }
    }
}
