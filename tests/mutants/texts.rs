//! Lists as text in columns, and the files of a programme, changed line by line and word by word.

use super::values;
use fastrand::Rng;

/// Changes a text whose fields are parted by some signs.
pub(super) fn change(text: &str, parts: &[char], random: &mut Rng) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=random.u8(..5) {
        if lines.is_empty() {
            break;
        }
        let (at, other) = (random.usize(..lines.len()), random.usize(..lines.len()));
        match random.u8(..11) {
            0 => drop(lines.remove(at)),
            1 => {
                let line = lines[other].clone();
                lines.insert(at, line);
            }
            2 => lines.swap(at, other),
            3 => {
                let more = lines[other].clone();
                lines[at].push_str(&more);
            }
            4 => {
                let line = &mut lines[at];
                let cut = line.floor_char_boundary(random.usize(..=line.len()));
                line.truncate(cut);
            }
            _ => {
                let other = words(&lines[other], parts);
                let mut words = words(&lines[at], parts);
                let place = random.usize(..words.len());
                match random.u8(..4) {
                    0 => drop(words.remove(place)),
                    1 => words[place] = random.choice(&other).unwrap().clone(),
                    _ => words[place] = values::text(random),
                }
                lines[at] = words.concat();
            }
        }
    }
    lines.join("\n") + "\n"
}

/// The words of a line, and what parts them.
fn words(line: &str, parts: &[char]) -> Vec<String> {
    let words = line.split_inclusive(parts).flat_map(|word| {
        let end = word.trim_end_matches(parts).len();
        [&word[..end], &word[end..]]
    });
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    if words.is_empty() {
        words.push(String::new());
    }
    words
}

/// A text as bytes, in one of the encodings that lists come in, or in none.
pub(super) fn encoded(text: &str, random: &mut Rng) -> Vec<u8> {
    let mut bytes = match random.u8(..8) {
        0 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        1 => [
            b"\xff\xfe".to_vec(),
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ]
        .concat(),
        2 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        _ => text.as_bytes().to_vec(),
    };
    if random.u8(..6) == 0 {
        values::bytes(&mut bytes, random);
    }
    bytes
}
