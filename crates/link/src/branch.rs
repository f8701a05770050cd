//! Words for a dependent unit in a name: branch, representative office, business location
//! (Luật Doanh nghiệp 59/2020 Điều 40).

use crate::name_piece::NamePiece;
use crate::vocabulary::Vocabulary;

/// Takes a branch word before a legal form: 'CN Cty …'. Says whether there is one.
///
/// A short word for a branch is clear in front of a legal form only: 'CN' is 'công nghệ' and 'công nghiệp' as well.
pub(crate) fn take_leading_branch(pieces: &mut Vec<NamePiece>, vocabulary: &Vocabulary) -> bool {
    let begins = |piece: &NamePiece| vocabulary.begun_by(&piece.token).branch;
    if !pieces.first().is_some_and(begins) {
        return false;
    }
    let phrase = vocabulary.branch_at(pieces);
    let before_form = phrase.filter(|phrase| vocabulary.form_at(&pieces[phrase.len()..]).is_some());
    let Some(phrase) = before_form else {
        return false;
    };
    pieces.drain(..phrase.len());
    true
}

/// Takes the branch words inside a name; says whether there are any.
pub(crate) fn take_branches(pieces: &mut Vec<NamePiece>, vocabulary: &Vocabulary) -> bool {
    let mut is_branch = false;
    let mut at = 0;
    while at < pieces.len() {
        let begins = vocabulary.begun_by(&pieces[at].token).branch;
        let phrase = begins.then(|| vocabulary.branch_at(&pieces[at..]));
        let Some(phrase) = phrase.flatten() else {
            at += 1;
            continue;
        };
        let rest = &pieces[at + phrase.len()..];
        let names_place =
            || !rest.is_empty() && vocabulary.gazetteer.name_ending(rest) == rest.len();
        // A short word is a branch behind a dash and before nothing but a place: '… - CN Vĩnh Cửu'.
        if phrase.len() > 1 || (pieces[at].begins && names_place()) {
            is_branch = true;
            pieces.drain(at..at + phrase.len());
        } else {
            at += 1;
        }
    }
    is_branch
}

#[cfg(test)]
mod tests {
    use super::{take_branches, take_leading_branch};
    use crate::name_piece::{NamePiece, split};
    use crate::testing::LINKAGE;
    use crate::token::TokenPool;
    use crate::vocabulary::Vocabulary;

    /// Whether a name is a branch's, and what is left of it.
    fn taken(text: &str) -> (bool, String) {
        let vocabulary = Vocabulary::new(&LINKAGE);
        let mut pieces = split(text, &mut TokenPool::default());
        let leading = take_leading_branch(&mut pieces, &vocabulary);
        let inside = take_branches(&mut pieces, &vocabulary);
        let left: Vec<&str> = pieces.iter().map(NamePiece::plain).collect();
        (leading || inside, left.join(" "))
    }

    #[test]
    fn a_long_branch_word_is_one_anywhere() {
        assert_eq!(
            taken("Sơn Hà chi nhánh Vĩnh Cửu"),
            (true, "son ha vinh cuu".to_owned())
        );
        assert!(taken("Văn phòng đại diện Sơn Hà").0);
    }

    #[test]
    fn a_short_one_before_a_legal_form_is_a_branch() {
        assert_eq!(
            taken("CN Cty TNHH Sơn Hà"),
            (true, "cty tnhh son ha".to_owned())
        );
    }

    #[test]
    fn a_short_one_behind_a_dash_and_before_a_place_is_a_branch() {
        assert!(taken("Sơn Hà - CN Vĩnh Cửu").0);
        assert!(!taken("Sơn Hà CN Vĩnh Cửu").0, "no dash");
    }

    #[test]
    fn a_short_one_elsewhere_is_technology_or_industry() {
        assert_eq!(
            taken("Sơn Hà - CN Cao"),
            (false, "son ha cn cao".to_owned())
        );
        assert!(!taken("Thiết bị CN").0);
    }
}
