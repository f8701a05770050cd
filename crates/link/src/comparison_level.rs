//! The comparison levels: each way in which two records agree or disagree, by name.

/// A level that a comparison of two records may reach. Its name in data is that of the programme's weights
/// (`linkage.toml`) and of explanations: `name_shared`.
///
/// The value of a level is an amount of rarity in sixteenths of a bit, or 16 for yes; 0 says that it is not reached.
/// Amounts have a cap each, since the weights were learnt on amounts of this size and names may be of any length.
/// A field that is missing on one side reaches no level: missing is not different.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum ComparisonLevel {
    /// Tokens that both names have.
    NameShared,
    /// Tokens of one name that are initials of tokens of the other.
    NameInitials,
    /// Tokens that are a misspelling of one another.
    NameSlips,
    /// Tokens that differ by a letter, and both are words.
    NameChanged,
    /// Tokens with different diacritics.
    NameMarks,
    /// What is left over on the side with more of it.
    NameLeftMore,
    /// What is left over on the other side. Both sides are told apart: a short name leaves words over on one side only,
    /// another enterprise on both.
    NameLeftLess,
    /// The rarest token that is left over: one rare word says more than several common ones.
    NameLeftRarest,
    /// A number is left over (Luật Doanh nghiệp 59/2020 Điều 41.2.d).
    NameNumber,
    /// The name of a place is left over (Điều 41.2.g).
    NamePlace,
    /// Two tokens are swapped.
    NameReversed,
    /// Tokens stand in another order otherwise.
    NameMoved,
    /// Nothing is left over, changed or swapped.
    NameEqual,
    /// One name begins with all of the other, and they are not equal.
    NameWhole,
    /// Both have the same legal form.
    FormEqual,
    /// Two legal forms that are often written for one another, as TNHH and TNHH MTV.
    FormKin,
    /// Two other legal forms: two enterprises, as a rule.
    FormDiffers,
    /// Just one is a dependent unit, or they are two of one legal person.
    BranchDiffers,
    /// One valid tax code.
    CodeEqual,
    /// Tax codes a slip apart.
    CodeNear,
    /// One legal person, two dependent units.
    CodeKin,
    /// Two valid tax codes.
    CodeDiffers,
    /// A phone number is shared.
    PhoneEqual,
    /// Both have phone numbers and share none.
    PhoneDiffers,
    /// One representative.
    PersonEqual,
    /// Two representatives.
    PersonDiffers,
    /// One house or small place.
    AddressEqual,
    /// Two houses.
    AddressDiffers,
    /// A commune of today that both may be in.
    AreaEqual,
    /// No such commune.
    AreaDiffers,
    /// Two of phone, person and address agree. They agree together for a wrong reason, that one owner has several
    /// companies, so this corrects their sum.
    ContactsTwo,
    /// All three agree.
    ContactsThree,
}

/// What a piece of evidence says to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceSense {
    /// Something in which the two are alike.
    Alike,
    /// Something in which they are not.
    Unlike,
}

/// How many levels there are.
pub(crate) const LEVEL_COUNT: usize = <ComparisonLevel as strum::EnumCount>::COUNT;

/// The value of every level, in the order of [`ComparisonLevel`].
pub(crate) type LevelValues = [i32; LEVEL_COUNT];

impl ComparisonLevel {
    /// All levels, in their order.
    pub(crate) const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// Its name in data.
    pub(crate) fn name(self) -> &'static str {
        self.into()
    }

    /// What it says for a person, whatever it weighs; nothing if it only corrects the sum of others.
    pub(crate) fn sense(self) -> Option<EvidenceSense> {
        use EvidenceSense::{Alike, Unlike};
        match self {
            Self::NameShared | Self::NameInitials | Self::NameEqual | Self::NameWhole => {
                Some(Alike)
            }
            Self::FormEqual | Self::FormKin => Some(Alike),
            Self::CodeEqual | Self::CodeNear | Self::CodeKin => Some(Alike),
            Self::PhoneEqual | Self::PersonEqual | Self::AddressEqual | Self::AreaEqual => {
                Some(Alike)
            }
            Self::NameSlips | Self::NameChanged | Self::NameMarks => Some(Unlike),
            Self::NameLeftMore | Self::NameLeftLess | Self::NameLeftRarest => Some(Unlike),
            Self::NameNumber | Self::NamePlace | Self::NameReversed | Self::NameMoved => {
                Some(Unlike)
            }
            Self::FormDiffers | Self::BranchDiffers | Self::CodeDiffers => Some(Unlike),
            Self::PhoneDiffers | Self::PersonDiffers | Self::AddressDiffers | Self::AreaDiffers => {
                Some(Unlike)
            }
            Self::ContactsTwo | Self::ContactsThree => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ComparisonLevel;
    use crate::testing::LINKAGE;
    use std::collections::BTreeSet;

    #[test]
    fn every_level_has_words_for_people_and_every_weight_a_level() {
        let names: BTreeSet<&str> = ComparisonLevel::ALL
            .iter()
            .map(|level| level.name())
            .collect();
        let words: BTreeSet<&str> = LINKAGE.words.keys().map(String::as_str).collect();
        assert_eq!(words, names);
        let unknown: Vec<&String> = LINKAGE
            .weights
            .keys()
            .filter(|name| !names.contains(name.as_str()))
            .collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
