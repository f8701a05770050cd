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
    let mut pieces = Vec::new();
    let (mut begins, mut brackets, mut behind_stroke) = (true, 0u32, false);
    let mut start = None;
    let mut before = ' ';
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        // In decomposed text the marks are characters of their own, and part of the word.
        let is_letter = c.is_alphanumeric() || vietext::is_mark(c);
        // 'VinhCuc' is two words.
        let is_hump = c.is_uppercase() && before.is_lowercase();
        if let Some(from) = start.filter(|_| !is_letter || is_hump) {
            pieces.push(NamePiece {
                token: tokens.token(&text[from..at]),
                begins: std::mem::take(&mut begins),
                is_remark: brackets > 0 || behind_stroke,
            });
            start = None;
        }
        match c {
            _ if is_letter => {
                start.get_or_insert(at);
            }
            '(' | '[' => {
                brackets += 1;
                begins = true;
            }
            // One bracket too many closes nothing.
            ')' | ']' => {
                brackets = brackets.saturating_sub(1);
                begins = true;
            }
            '-' | '–' | '—' | ',' => begins = true,
            // A stroke before all words opens no remark: the name would be empty.
            '/' | ';' => behind_stroke = !pieces.is_empty(),
            _ => {}
        }
        before = c;
    }
    with_letters_joined(&pieces, tokens)
}

/// Single letters next to each other are one word: 'H.T.X', 'D.N.T.N'.
fn with_letters_joined(pieces: &[NamePiece], tokens: &mut TokenPool) -> Vec<NamePiece> {
    let is_letter = |piece: &NamePiece| piece.plain().len() == 1 && !piece.token.is_number;
    let mut joined: Vec<NamePiece> = Vec::with_capacity(pieces.len());
    for run in pieces.chunk_by(|a, b| is_letter(a) && is_letter(b) && !b.begins) {
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
