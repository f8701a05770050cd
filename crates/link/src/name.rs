//! Names of enterprises, taken apart.

use crate::branch::{take_branches, take_leading_branch};
use crate::hash::join;
use crate::legal_form::take_legal_form;
use crate::list_marks::{take_rounds, without_row_number};
use crate::name_piece::{NamePiece, split};
use crate::rarity::Rarity;
use crate::token::{NameToken, TokenPool};
use crate::vocabulary::Vocabulary;
use std::sync::Arc;
use vietext::mend;

/// The most tokens of a name that are looked at: longer ones are sentences that somebody wrote into the name column,
/// and aligning two of them costs the product of their lengths.
pub(crate) const MAX_TOKENS: usize = 24;

/// The name of an enterprise, taken apart: legal form, words for a branch, proper name with lines of business, remarks.
///
/// Lines of business, numbers and places stay among the tokens: which of them tell two enterprises apart is seen when
/// two names are [aligned](crate::alignment), and a common line of business counts little by its
/// [rarity](crate::rarity).
#[derive(Debug, Clone, Default)]
pub(crate) struct ParsedName {
    /// The legal form, by its place in the vocabulary.
    pub form: Option<usize>,
    /// Whether it names a dependent unit.
    pub is_branch: bool,
    /// Whether its legal form is written in a foreign language.
    pub is_foreign: bool,
    /// Whether it is written with diacritics, and no word of it has lost them: then a word without any has none.
    pub is_accented: bool,
    /// Its tokens, without legal form and words for a branch, in their order.
    pub tokens: Vec<Arc<NameToken>>,
    /// What stands in brackets or behind a stroke: a remark, a former or a short name. It may explain a token of the
    /// other name, and is no evidence by itself.
    pub remarks: Vec<Arc<NameToken>>,
    /// The same name in its own words, if some of them were translated: some translate a foreign name and some do not.
    pub untranslated: Option<Arc<ParsedName>>,
    /// Whether two enterprises stand in one cell.
    pub is_several: bool,
    /// The tokens run together: equal for names that differ in blanks only.
    pub glued: Box<str>,
    /// A hash of the tokens in any order.
    pub bag: u64,
    /// How rare each token is, in sixteenths of a bit; filled in by [`Self::look_up_rarity`] once all names are known.
    pub rarity: Vec<i32>,
}

impl ParsedName {
    pub(crate) fn parse(text: &str, vocabulary: &Vocabulary, tokens: &mut TokenPool) -> Self {
        let text = mend(text);
        let mut pieces = split(without_row_number(&text), tokens);
        take_rounds(&mut pieces, vocabulary);
        // The legal form counts here as well: 'Công ty TNHH Hoa Sen' is written with marks, and 'Hoa' is no 'Hòa'.
        let is_accented = pieces.iter().any(|piece| piece.token.has_marks)
            && !pieces.iter().any(|piece| piece.token.lacks_marks);
        // Names that differ in '&', 'và' or punctuation only are one name in law (Luật Doanh nghiệp 59/2020
        // Điều 41.2.đ).
        pieces.retain(|piece| !matches!(piece.plain(), "va" | "and" | ""));
        let leads_with_branch = take_leading_branch(&mut pieces, vocabulary);
        let legal_form = take_legal_form(&mut pieces, vocabulary, tokens);
        let untranslated = legal_form.untranslated;
        let has_branch = take_branches(&mut pieces, vocabulary);
        let is_branch = leads_with_branch || has_branch;
        if is_branch {
            // 'Chi nhánh … tại Vĩnh Cửu', '… (Chi nhánh Vĩnh Cửu)': the place of a branch is no remark.
            pieces.retain(|piece| piece.plain() != "tai");
            pieces.iter_mut().for_each(|piece| piece.is_remark = false);
        }
        let mut name = Self {
            form: legal_form.form,
            is_foreign: legal_form.is_foreign,
            is_branch,
            is_accented,
            is_several: legal_form.is_several,
            ..Self::default()
        };
        name.take_pieces(pieces);
        name.untranslated = untranslated.map(|pieces| {
            let mut raw = Self {
                untranslated: None,
                ..name.clone()
            };
            raw.take_pieces(pieces);
            Arc::new(raw)
        });
        name
    }

    /// Takes the words of a name without its form: its tokens, its remarks, and what is worked out from them.
    fn take_pieces(&mut self, pieces: Vec<NamePiece>) {
        let (remarks, tokens): (Vec<NamePiece>, Vec<NamePiece>) =
            pieces.into_iter().partition(|piece| piece.is_remark);
        let of = |pieces: Vec<NamePiece>| pieces.into_iter().map(|piece| piece.token).collect();
        let name = self;
        (name.tokens, name.remarks) = (of(tokens), of(remarks));
        if name.tokens.is_empty() {
            name.tokens = std::mem::take(&mut name.remarks);
        }
        name.tokens.truncate(MAX_TOKENS);
        let glued: String = name.tokens.iter().map(|token| &*token.plain).collect();
        name.glued = glued.into();
        let mut hashes: Vec<u64> = name.tokens.iter().map(|token| token.hash).collect();
        hashes.sort_unstable();
        name.bag = hashes.into_iter().fold(0, join);
    }

    /// Looks up how rare its tokens are.
    pub(crate) fn look_up_rarity(&mut self, rarity: &Rarity) {
        self.rarity = self
            .tokens
            .iter()
            .map(|token| rarity.sixteenths(token))
            .collect();
        if let Some(raw) = &mut self.untranslated {
            Arc::make_mut(raw).look_up_rarity(rarity);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_TOKENS, ParsedName};
    use crate::testing::LINKAGE;
    use crate::token::{NameToken, TokenPool};
    use crate::vocabulary::Vocabulary;
    use std::sync::{Arc, LazyLock};

    static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&LINKAGE));

    fn parsed(text: &str) -> ParsedName {
        ParsedName::parse(text, &VOCABULARY, &mut TokenPool::default())
    }

    fn words(tokens: &[Arc<NameToken>]) -> String {
        let plain: Vec<&str> = tokens.iter().map(|token| &*token.plain).collect();
        plain.join(" ")
    }

    #[test]
    fn a_full_name_is_form_trade_and_proper_name() {
        let name = parsed("CÔNG TY CP SX & TM Sơn Hà");
        assert_eq!(VOCABULARY.form_code(name.form.unwrap()), "CP");
        assert_eq!(words(&name.tokens), "sx tm son ha");
        assert!(!name.is_branch && !name.is_foreign);
    }

    #[test]
    fn conjunctions_and_punctuation_do_not_matter() {
        let name = parsed("Công ty TNHH Sản xuất và Thương mại Sơn Hà");
        for other in [
            "Công ty TNHH Sản xuất & Thương mại Sơn Hà",
            "Công ty TNHH Sản xuất - Thương mại Sơn Hà.",
            "Công ty TNHH Sản xuất, Thương mại, Sơn Hà",
        ] {
            assert_eq!(parsed(other).glued, name.glued, "{other}");
        }
    }

    #[test]
    fn a_number_and_a_place_stay_in_the_name() {
        assert_eq!(
            words(&parsed("DNTN Sơn Hà 2 Miền Nam").tokens),
            "son ha 2 mien nam"
        );
    }

    #[test]
    fn a_remark_is_kept_apart() {
        let name = parsed("HTX Sơn Hà (đã giải thể)");
        assert_eq!(words(&name.tokens), "son ha");
        assert_eq!(words(&name.remarks), "da giai the");
    }

    #[test]
    fn a_name_of_nothing_but_a_remark_is_that() {
        let name = parsed("(Sơn Hà)");
        assert_eq!(words(&name.tokens), "son ha");
        assert!(name.remarks.is_empty());
    }

    #[test]
    fn the_place_of_a_branch_is_no_remark() {
        let name = parsed("Công ty TNHH Sơn Hà (Chi nhánh tại Vĩnh Cửu)");
        assert!(name.is_branch);
        assert_eq!(words(&name.tokens), "son ha vinh cuu");
    }

    #[test]
    fn damaged_text_is_the_name_it_was() {
        let name = parsed("Công ty CP Điện Quang");
        for damaged in ["C«ng ty CP §iÖn Quang", "Coong ty CP Ddieenj Quang"] {
            assert_eq!(parsed(damaged).glued, name.glued, "{damaged}");
        }
    }

    #[test]
    fn a_name_is_accented_if_no_word_lost_its_marks() {
        for name in ["Công ty TNHH Hoa Sen", "HTX Hòa Sen"] {
            assert!(parsed(name).is_accented, "{name}");
        }
        for name in ["CONG TY TNHH HOA SEN", "Công ty TNHH Phat Hoa", "Hoa Sen"] {
            assert!(!parsed(name).is_accented, "{name}");
        }
    }

    #[test]
    fn word_order_changes_the_name_and_not_the_bag() {
        let (a, b) = (parsed("Cty CP Minh Anh"), parsed("Cty CP Anh Minh"));
        assert_eq!(a.bag, b.bag);
        assert_ne!(a.glued, b.glued);
    }

    #[test]
    fn a_sentence_in_the_name_column_is_cut() {
        let name = parsed(&"đơn vị ".repeat(40));
        assert_eq!(name.tokens.len(), MAX_TOKENS);
    }

    #[test]
    fn two_enterprises_in_one_cell_are_told() {
        for name in [
            "Công ty TNHH Sơn Hà; Công ty CP Gốm Việt",
            "HTX Sơn Hà và Công ty CP Gốm Việt",
        ] {
            assert!(parsed(name).is_several, "{name}");
        }
        for name in [
            "Tổng công ty Sơn Hà - Công ty cổ phần",
            "Chi nhánh Công ty TNHH Sơn Hà",
            "Công ty TNHH Sơn Hà Co., Ltd",
        ] {
            assert!(!parsed(name).is_several, "{name}");
        }
    }

    #[test]
    fn a_foreign_name_is_kept_in_its_own_words_as_well() {
        let name = parsed("Son Ha Trading Co., Ltd");
        assert_eq!(words(&name.tokens), "son ha thuong mai");
        assert_eq!(words(&name.untranslated.unwrap().tokens), "son ha trading");
        assert!(parsed("Son Ha Co., Ltd").untranslated.is_none());
    }

    #[test]
    fn nothing_is_no_name() {
        let name = parsed(" - ");
        assert!(name.tokens.is_empty() && name.form.is_none() && name.glued.is_empty());
    }
}
