//! Marks of the list that a name stands in: its number there, and for which time it is in it.

use crate::name_piece::NamePiece;
use crate::phrase::leading;
use crate::vocabulary::Vocabulary;

/// The text behind the number of a row: '1. Gốm Sơn Hà', '12/ …', '3) …', '- …'. A number that belongs to the name stands
/// without such a sign, or with something other than a blank or a letter behind it: '26.3', '30/4'.
pub(crate) fn without_row_number(text: &str) -> &str {
    let text = text.trim_start();
    if let Some(rest) = text.strip_prefix(['-', '+', '*', '•']) {
        return rest.trim_start();
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let behind = &text[digits..];
    let Some(rest) = behind.strip_prefix(['.', '/', ')', ':']) else {
        return text;
    };
    // The number of a row has up to four digits.
    let is_number = (1..=4).contains(&digits);
    let begins_name = rest.starts_with(|c: char| c.is_whitespace() || c.is_alphabetic());
    match is_number && begins_name {
        true => rest.trim_start(),
        false => text,
    }
}

/// Takes 'đợt 2', 'lần 1' out of a name.
pub(crate) fn take_rounds(pieces: &mut Vec<NamePiece>, vocabulary: &Vocabulary) {
    let mut at = 1;
    while at < pieces.len() {
        if !vocabulary.begun_by(&pieces[at].token).round {
            at += 1;
            continue;
        }
        let length = leading(&pieces[at..], &vocabulary.rounds).map_or(0, Vec::len);
        let number = pieces
            .get(at + length)
            .filter(|piece| piece.token.is_number);
        match (length, number) {
            (1.., Some(_)) => {
                pieces.drain(at..=at + length);
            }
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{take_rounds, without_row_number};
    use crate::name_piece::{NamePiece, split};
    use crate::testing::LINKAGE;
    use crate::token::TokenPool;
    use crate::vocabulary::Vocabulary;

    #[test]
    fn the_number_of_a_row_is_no_part_of_a_name() {
        for text in [
            "1. Sơn Hà",
            "12/ Sơn Hà",
            " 3) Sơn Hà",
            "4.Sơn Hà",
            "- Sơn Hà",
        ] {
            assert_eq!(without_row_number(text), "Sơn Hà", "{text}");
        }
        for text in [
            "26.3 Sơn Hà",
            "30/4",
            "2 Sơn Hà",
            "Sơn Hà 2.",
            "12345. Sơn Hà",
        ] {
            assert_eq!(without_row_number(text), text);
        }
    }

    #[test]
    fn for_which_time_it_is_in_a_list_is_no_part_of_a_name() {
        let vocabulary = Vocabulary::new(&LINKAGE);
        let left = |text: &str| {
            let mut pieces = split(text, &mut TokenPool::default());
            take_rounds(&mut pieces, &vocabulary);
            let plain: Vec<&str> = pieces.iter().map(NamePiece::plain).collect();
            plain.join(" ")
        };
        assert_eq!(left("Sơn Hà (đợt 2)"), "son ha");
        assert_eq!(left("Sơn Hà - lần 1"), "son ha");
        assert_eq!(left("Sơn Hà 2"), "son ha 2");
        assert_eq!(left("Lần Đợt"), "lan dot");
    }
}
