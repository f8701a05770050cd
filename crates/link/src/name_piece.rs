//! The pieces of a written name: its words and how they are set off from one another.

use crate::token::{NameToken, TokenPool};
use std::sync::Arc;

/// A word of a name as it stands there, before it is known what it is for.
#[derive(Clone)]
pub(crate) struct NamePiece {
    pub token: Arc<NameToken>,
    /// It stands first, or behind a dash, a bracket, a comma: a part of the name may begin here.
    pub begins: bool,
    /// It stands in brackets or behind a stroke: a remark, a former name, a short name.
    pub is_remark: bool,
}

impl NamePiece {
    pub(crate) fn plain(&self) -> &str {
        &self.token.plain
    }
}

impl AsRef<str> for NamePiece {
    fn as_ref(&self) -> &str {
        self.plain()
    }
}

/// The pieces of a text, in their order.
pub(crate) fn split(text: &str, tokens: &mut TokenPool) -> Vec<NamePiece> {
    let mut reading = PieceReading {
        pieces: Vec::with_capacity(12),
        begins: true,
        brackets: 0,
        behind_stroke: false,
    };
    for chunk in text.split(' ') {
        // Nearly all chunks are a word that was met before.
        match tokens.known(chunk) {
            Some(token) => reading.push(token),
            None => reading.read(chunk, tokens),
        }
    }
    with_letters_joined(reading.pieces, tokens)
}

/// The pieces that were read so far, and what stands before the next.
struct PieceReading {
    pieces: Vec<NamePiece>,
    begins: bool,
    brackets: u32,
    behind_stroke: bool,
}

impl PieceReading {
    fn push(&mut self, token: Arc<NameToken>) {
        self.pieces.push(NamePiece {
            token,
            begins: std::mem::take(&mut self.begins),
            is_remark: self.brackets > 0 || self.behind_stroke,
        });
    }

    /// Reads a part of a text that begins and ends at a blank.
    fn read(&mut self, chunk: &str, tokens: &mut TokenPool) {
        let mut start = None;
        let mut before = ' ';
        for (at, c) in chunk.char_indices().chain([(chunk.len(), ' ')]) {
            // In decomposed text the marks are characters of their own, and part of the word.
            let is_letter = c.is_ascii_alphanumeric() || c.is_alphanumeric() || vietext::is_mark(c);
            // 'VinhCuc' is two words.
            let is_hump = before.is_lowercase() && c.is_uppercase();
            if let Some(from) = start.filter(|_| !is_letter || is_hump) {
                self.push(tokens.token(&chunk[from..at]));
                start = None;
            }
            match c {
                _ if is_letter => {
                    start.get_or_insert(at);
                }
                '(' | '[' => {
                    self.brackets += 1;
                    self.begins = true;
                }
                // One bracket too many closes nothing.
                ')' | ']' => {
                    self.brackets = self.brackets.saturating_sub(1);
                    self.begins = true;
                }
                '-' | '–' | '—' | ',' => self.begins = true,
                // A stroke before all words opens no remark: the name would be empty.
                '/' | ';' => self.behind_stroke = !self.pieces.is_empty(),
                _ => {}
            }
            before = c;
        }
    }
}

/// Single letters next to each other are one word: 'H.T.X', 'D.N.T.N'.
fn with_letters_joined(pieces: Vec<NamePiece>, tokens: &mut TokenPool) -> Vec<NamePiece> {
    let is_letter = |piece: &NamePiece| piece.plain().len() == 1 && !piece.token.is_number;
    let are_one = |a: &NamePiece, b: &NamePiece| is_letter(a) && is_letter(b) && !b.begins;
    if !pieces.windows(2).any(|pair| are_one(&pair[0], &pair[1])) {
        return pieces;
    }
    let mut joined: Vec<NamePiece> = Vec::with_capacity(pieces.len());
    for run in pieces.chunk_by(are_one) {
        match run {
            [piece] => joined.push(piece.clone()),
            [first, ..] => {
                let letters: String = run.iter().map(NamePiece::plain).collect();
                joined.push(NamePiece {
                    token: tokens.token(&letters),
                    ..first.clone()
                });
            }
            [] => {}
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::split;
    use crate::token::TokenPool;

    /// The pieces of a text: '|' before one that begins a part, brackets around a remark.
    fn shown(text: &str) -> String {
        let pieces = split(text, &mut TokenPool::default());
        let shown: Vec<String> = pieces
            .iter()
            .map(|piece| {
                let begins = if piece.begins { "|" } else { "" };
                let plain = piece.plain();
                if piece.is_remark {
                    format!("{begins}({plain})")
                } else {
                    format!("{begins}{plain}")
                }
            })
            .collect();
        shown.join(" ")
    }

    #[test]
    fn brackets_and_strokes_set_a_remark_off() {
        assert_eq!(
            shown("Sơn Hà (tên cũ: Hà Sơn) 2"),
            "|son ha |(ten) (cu) (ha) (son) |2"
        );
        assert_eq!(shown("Sơn Hà / Hà Sơn"), "|son ha (ha) (son)");
        assert_eq!(shown("/ Sơn Hà"), "|son ha");
        assert_eq!(shown("Sơn) Hà"), "|son |ha");
    }

    #[test]
    fn dashes_and_commas_begin_a_part() {
        assert_eq!(shown("Sơn Hà - CN Vĩnh Cửu"), "|son ha |cn vinh cuu");
        assert_eq!(shown("SX,TM"), "|sx |tm");
    }

    #[test]
    fn single_letters_are_one_word() {
        assert_eq!(shown("H.T.X Sơn Hà"), "|htx son ha");
        assert_eq!(shown("A B - C D"), "|ab |cd");
    }

    #[test]
    fn a_capital_inside_a_word_begins_another() {
        assert_eq!(shown("VinhCuc"), "|vinh cuc");
        assert_eq!(shown("VINATEX"), "|vinatex");
    }
}
