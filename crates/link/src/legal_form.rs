//! The legal form in a name (Luật Doanh nghiệp 59/2020 Điều 37): found, taken out, and what it says.

use crate::edit_distance::edit_distance;
use crate::name_piece::NamePiece;
use crate::token::TokenPool;
use crate::vocabulary::Vocabulary;

/// The legal form of a name.
#[derive(Default)]
pub(crate) struct LegalFormReading {
    /// Its place in the vocabulary; none if the name has none, or says 'công ty' and no more.
    pub form: Option<usize>,
    /// Whether it is written in a foreign language (Điều 39).
    pub is_foreign: bool,
    /// Whether two forms head two names: two enterprises in one cell.
    pub is_several: bool,
    /// The words of a foreign name before some of them were translated; none if none was.
    pub untranslated: Option<Vec<NamePiece>>,
}

/// Takes all legal forms out of a name, and translates the words of a name whose form is foreign.
pub(crate) fn take_legal_form(
    pieces: &mut Vec<NamePiece>,
    vocabulary: &Vocabulary,
    tokens: &mut TokenPool,
) -> LegalFormReading {
    let mut reading = LegalFormReading::default();
    let mut at = 0;
    let mut heads = 0;
    while at < pieces.len() {
        if !vocabulary.begun_by(&pieces[at].token).form {
            at += 1;
            continue;
        }
        let glued = || {
            vocabulary
                .glued_form(pieces[at].plain())
                .map(|form| (form, 1))
        };
        let Some((form, length)) = vocabulary.form_at(&pieces[at..]).or_else(glued) else {
            at += 1;
            continue;
        };
        let is_foreign = is_foreign(&pieces[at..at + length], vocabulary);
        if !is_foreign && length <= 2 && !stands_apart(pieces, at, length, vocabulary) {
            at += 1;
            continue;
        }
        // An enterprise has one form: that of another kind behind it is a word of its name ('Công ty TNHH Hợp Tác Xã Xanh').
        let code = vocabulary.form_code(form);
        let is_of_another_kind = reading.form.is_some_and(|head| {
            !code.is_empty() && vocabulary.form_kin(head) != vocabulary.form_kin(form)
        });
        if at == 0 && is_of_another_kind {
            at += length;
            continue;
        }
        // 'công ty' alone has no code and does not replace what was found before.
        if !code.is_empty() {
            reading.form = Some(form);
        }
        reading.is_foreign |= is_foreign;
        // A head has a name behind it: the form at the end of 'Sơn Hà Co., Ltd' heads none.
        let has_name = at + length < pieces.len();
        let is_head = has_name && !code.is_empty();
        reading.is_several |= is_head && heads > 0 && at > 0;
        heads += usize::from(is_head);
        pieces.drain(at..at + length);
        if let Some(next) = pieces.get_mut(at).filter(|_| at == 0) {
            next.begins = true;
        }
    }
    if reading.form.is_none() {
        reading.form = take_misspelt_form(pieces, vocabulary);
    }
    if reading.is_foreign {
        let translated = translated(pieces, vocabulary, tokens);
        let is_changed = translated.len() != pieces.len()
            || translated
                .iter()
                .zip(&*pieces)
                .any(|(a, b)| a.plain() != b.plain());
        let untranslated = std::mem::replace(pieces, translated);
        reading.untranslated = is_changed.then_some(untranslated);
    }
    reading
}

/// Whether a short form stands where forms stand: at the head (Điều 37.1), behind words for a branch, at the end, or
/// at the beginning of a part. Elsewhere 'cơ sở' or 'group' is a word of the name.
fn stands_apart(pieces: &[NamePiece], at: usize, length: usize, vocabulary: &Vocabulary) -> bool {
    let is_at_head = pieces[..at]
        .iter()
        .all(|piece| vocabulary.is_branch_word(piece.plain()));
    let is_at_end = at > 0 && at + length == pieces.len();
    is_at_head || is_at_end || pieces[at].begins
}

fn is_foreign(form: &[NamePiece], vocabulary: &Vocabulary) -> bool {
    form.iter()
        .any(|piece| vocabulary.is_foreign_form(piece.plain()))
}

/// A misspelt legal form at the head: 'Công ty rtách nhiệm hữu hn'. At least half of the words of a short phrase, two
/// of a longer one, must be spelt right, or 'Công tử bột' would be a company.
fn take_misspelt_form(pieces: &mut Vec<NamePiece>, vocabulary: &Vocabulary) -> Option<usize> {
    let is_near = |word: &str, written: &str| {
        let most = if word.len() > 3 { 2 } else { 1 };
        word == written || (word.len() > 1 && edit_distance(word, written, 2) <= most)
    };
    let fits = |phrase: &[String]| {
        let pairs = || phrase.iter().zip(pieces.iter().map(NamePiece::plain));
        let right = pairs().filter(|(word, written)| word == written).count();
        // Something must be left for a name.
        pieces.len() > phrase.len()
            && pairs().all(|(word, written)| is_near(word, written))
            && right * 2 >= phrase.len().min(3)
    };
    let (phrase, form) = vocabulary.form_phrases.iter().find(|(phrase, form)| {
        !vocabulary.form_code(*form).is_empty()
            // 'CP' is a letter away from too much.
            && (phrase.len() > 1 || phrase[0].len() > 3)
            && fits(phrase)
    })?;
    pieces.drain(..phrase.len());
    Some(*form)
}

/// A foreign name in Vietnamese words, as far as the vocabulary has them.
fn translated(
    pieces: &[NamePiece],
    vocabulary: &Vocabulary,
    tokens: &mut TokenPool,
) -> Vec<NamePiece> {
    let mut translated = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while at < pieces.len() {
        match vocabulary.translation_at(&pieces[at..]) {
            Some((words, length)) => {
                for word in words {
                    translated.push(NamePiece {
                        token: tokens.token(word),
                        ..pieces[at].clone()
                    });
                }
                at += length;
            }
            None => {
                translated.push(pieces[at].clone());
                at += 1;
            }
        }
    }
    translated
}

#[cfg(test)]
mod tests {
    use super::take_legal_form;
    use crate::name_piece::{NamePiece, split};
    use crate::testing::LINKAGE;
    use crate::token::TokenPool;
    use crate::vocabulary::Vocabulary;
    use std::sync::LazyLock;

    static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&LINKAGE));

    /// The code of the form that is taken out, and what is left.
    fn taken(text: &str) -> (&'static str, String) {
        let mut tokens = TokenPool::default();
        let mut pieces = split(text, &mut tokens);
        let reading = take_legal_form(&mut pieces, &VOCABULARY, &mut tokens);
        let left: Vec<&str> = pieces.iter().map(NamePiece::plain).collect();
        let code = reading.form.map_or("", |form| VOCABULARY.form_code(form));
        (code, left.join(" "))
    }

    #[test]
    fn a_form_is_found_in_all_its_spellings() {
        for text in [
            "Công ty TNHH MTV Sơn Hà",
            "CTY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN SƠN HÀ",
            "C.Ty TNHH 1 thành viên Sơn Hà",
        ] {
            assert_eq!(taken(text).0, "TNHHMTV", "{text}");
        }
    }

    #[test]
    fn the_word_for_company_alone_is_no_form() {
        assert_eq!(taken("Công ty Sơn Hà"), ("", "son ha".to_owned()));
    }

    #[test]
    fn a_form_behind_the_name_is_found() {
        assert_eq!(taken("Sơn Hà Co., Ltd"), ("TNHH", "son ha".to_owned()));
        assert_eq!(taken("Sơn Hà - HTX"), ("HTX", "son ha".to_owned()));
    }

    #[test]
    fn a_short_form_inside_a_name_is_a_word_of_it() {
        assert_eq!(
            taken("HTX Cơ sở Sơn Hà").1,
            "son ha",
            "behind the form another part begins"
        );
        assert_eq!(taken("Đại lý cơ sở Sơn Hà").1, "dai ly co so son ha");
    }

    #[test]
    fn a_form_of_another_kind_behind_the_form_is_a_word_of_the_name() {
        assert_eq!(
            taken("Công ty TNHH Hợp Tác Xã Xanh"),
            ("TNHH", "hop tac xa xanh".to_owned())
        );
        assert_eq!(
            taken("Cty CP Hộ Kinh Doanh Số"),
            ("CP", "ho kinh doanh so".to_owned())
        );
        // One kind in two parts is one form.
        assert_eq!(
            taken("Công ty TNHH, MTV Sơn Hà"),
            ("TNHHMTV", "son ha".to_owned())
        );
    }

    #[test]
    fn a_misspelt_form_at_the_head_is_found() {
        assert_eq!(
            taken("Công ty rtách nhiệm hữu hn Sơn Hà"),
            ("TNHH", "son ha".to_owned())
        );
    }

    #[test]
    fn a_name_that_only_resembles_a_form_keeps_its_words() {
        assert_eq!(taken("Học tập xã hội"), ("", "hoc tap xa hoi".to_owned()));
    }

    #[test]
    fn a_foreign_form_has_its_lines_of_business_translated() {
        assert_eq!(
            taken("Son Ha Trading Joint Stock Company"),
            ("CP", "son ha thuong mai".to_owned())
        );
        // Without a foreign form 'Trading' may be part of a brand.
        assert_eq!(taken("Công ty CP Son Ha Trading").1, "son ha trading");
    }
}
