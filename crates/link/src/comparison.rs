//! Two records side by side: which levels their comparison reaches.

use crate::address::AddressComparison;
use crate::alignment::{Alignment, align, shared_at_most};
use crate::comparison_level::ComparisonLevel as Level;
use crate::comparison_level::{LEVEL_COUNT, LevelValues};
use crate::name::ParsedName;
use crate::phone::share_phone;
use crate::record::ParsedRecord;
use crate::tax_code::CodeComparison;
use crate::vocabulary::Vocabulary;

/// The comparison of a candidate pair.
#[derive(Debug, Clone)]
pub(crate) struct ComparisonVector {
    /// What is weighed.
    pub values: LevelValues,
    /// What the rules of the decision look at beside the score.
    pub codes: CodeComparison,
    pub alignment: Alignment,
    /// Whether both name a legal form, and two that are not written for one another.
    pub forms_differ: bool,
    /// Whether just one is a dependent unit, or they are two of one legal person.
    pub branch_differs: bool,
    /// How many of phone, person and address agree.
    pub contacts: usize,
    /// How many of them are known on both sides and disagree.
    pub conflicts: usize,
    /// Whether the name of one is that of two enterprises.
    pub is_several: bool,
    /// Whether they are in two places beyond doubt.
    pub areas_differ: bool,
}

/// Names that share less, of records of which nothing else agrees, are two names: six bits, one name in sixty-four.
const LEAST_SHARED: i32 = 6 * 16;

/// The value of a level that says yes or no.
const YES: i32 = 16;

/// The most rarity that shared tokens count, and that those count of which one is a variant of the other, and those that
/// are left over, in sixteenths of a bit.
const MAX_SHARED: i32 = 20 * 16;
const MAX_VARIANT: i32 = 10 * 16;
const MAX_LEFT: i32 = 30 * 16;

/// How two legal forms compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FormComparison {
    Equal,
    Kin,
    Different,
}

/// Compares two records whose names have their [rarity](ParsedName::look_up_rarity); `None` if too little agrees for any
/// answer but no.
pub(crate) fn compare(
    a: &ParsedRecord,
    b: &ParsedRecord,
    vocabulary: &Vocabulary,
) -> Option<ComparisonVector> {
    let codes = a.code.compare(b.code);
    let phones = share_phone(a.phones, b.phones);
    let persons = (a.person != 0 && b.person != 0).then_some(a.person == b.person);
    let addresses = a.address.compare(&b.address);
    let forms = compare_forms(&a.name, &b.name, vocabulary);
    let forms_differ = forms == Some(FormComparison::Different);
    // A branch's name is its parent's and a place, so everything else agrees: it must not become a match.
    let branch_differs = a.name.is_branch != b.name.is_branch || codes == CodeComparison::Kin;
    let contacts = count([
        phones == Some(true),
        persons == Some(true),
        addresses == AddressComparison::Same,
    ]);
    let conflicts = count([
        phones == Some(false),
        persons == Some(false),
        addresses == AddressComparison::Different,
    ]);
    // Two valid codes are two taxpayers, and nothing says that one of them is a slip: there is no more to look at.
    let is_no_slip = contacts == 0 || conflicts > 0 || branch_differs || forms_differ;
    if codes == CodeComparison::Different && is_no_slip {
        return None;
    }
    // Without a code or a contact only the names can speak, and these share too little.
    let says_nothing = contacts == 0 && codes == CodeComparison::Unknown;
    if says_nothing
        && a.name.glued != b.name.glued
        && shared_at_most(&a.name, &b.name) < LEAST_SHARED
    {
        return None;
    }
    let alignment = best_alignment(&a.name, &b.name, vocabulary);
    let areas = same_area(a, b);
    let mut values = [0; LEVEL_COUNT];
    let mut reach = |level: Level, reached: bool| {
        values[level as usize] = if reached { YES } else { 0 };
    };
    reach(Level::FormEqual, forms == Some(FormComparison::Equal));
    reach(Level::FormKin, forms == Some(FormComparison::Kin));
    reach(Level::FormDiffers, forms_differ);
    reach(Level::BranchDiffers, branch_differs);
    reach(Level::CodeEqual, codes == CodeComparison::Equal);
    reach(Level::CodeNear, codes == CodeComparison::Near);
    reach(Level::CodeKin, codes == CodeComparison::Kin);
    reach(Level::CodeDiffers, codes == CodeComparison::Different);
    reach(Level::PhoneEqual, phones == Some(true));
    reach(Level::PhoneDiffers, phones == Some(false));
    reach(Level::PersonEqual, persons == Some(true));
    reach(Level::PersonDiffers, persons == Some(false));
    reach(Level::AddressEqual, addresses == AddressComparison::Same);
    reach(
        Level::AddressDiffers,
        addresses == AddressComparison::Different,
    );
    reach(Level::AreaEqual, areas == Some(true));
    reach(Level::AreaDiffers, areas == Some(false));
    reach(Level::ContactsTwo, contacts == 2);
    reach(Level::ContactsThree, contacts == 3);
    add_name_levels(&alignment, &mut values);
    Some(ComparisonVector {
        values,
        codes,
        alignment,
        forms_differ,
        branch_differs,
        contacts,
        conflicts,
        is_several: a.name.is_several || b.name.is_several,
        areas_differ: areas == Some(false),
    })
}

/// How two names align, a foreign one translated or not, whichever leaves less over.
fn best_alignment(a: &ParsedName, b: &ParsedName, vocabulary: &Vocabulary) -> Alignment {
    let gazetteer = &vocabulary.gazetteer;
    let first = align(a, b, gazetteer);
    let raw = match (&a.untranslated, &b.untranslated) {
        (None, None) => return first,
        (a_raw, b_raw) => (a_raw.as_deref().unwrap_or(a), b_raw.as_deref().unwrap_or(b)),
    };
    let second = align(raw.0, raw.1, gazetteer);
    let left = |alignment: &Alignment| alignment.left[0] + alignment.left[1];
    if left(&second) < left(&first) {
        second
    } else {
        first
    }
}

/// The levels of the names.
fn add_name_levels(alignment: &Alignment, values: &mut LevelValues) {
    let [left, other] = alignment.left;
    let is_equal = alignment.left == [0, 0]
        && alignment.slips + alignment.changed + alignment.marks == 0
        && !alignment.reversed
        && !alignment.moved;
    let yes = |flag: bool| if flag { YES } else { 0 };
    let mut set = |level: Level, value: i32| values[level as usize] = value;
    set(Level::NameShared, alignment.shared.min(MAX_SHARED));
    set(Level::NameInitials, alignment.initials.min(MAX_VARIANT));
    set(Level::NameSlips, alignment.slips.min(MAX_VARIANT));
    set(Level::NameChanged, alignment.changed.min(MAX_VARIANT));
    set(Level::NameMarks, alignment.marks.min(MAX_VARIANT));
    set(Level::NameLeftMore, left.max(other).min(MAX_LEFT));
    set(Level::NameLeftLess, left.min(other).min(MAX_LEFT));
    let [rarest, other] = alignment.left_rarest;
    set(Level::NameLeftRarest, rarest.max(other));
    set(Level::NameNumber, yes(alignment.number));
    set(Level::NamePlace, yes(alignment.place));
    set(Level::NameReversed, yes(alignment.reversed));
    set(Level::NameMoved, yes(alignment.moved));
    set(Level::NameEqual, yes(is_equal));
    set(Level::NameWhole, yes(alignment.whole && !is_equal));
}

/// How the legal forms compare; `None` if one name has none: it is the first thing that people leave out.
fn compare_forms(
    a: &ParsedName,
    b: &ParsedName,
    vocabulary: &Vocabulary,
) -> Option<FormComparison> {
    let (f, g) = a.form.zip(b.form)?;
    Some(if vocabulary.form_code(f) == vocabulary.form_code(g) {
        FormComparison::Equal
    } else if vocabulary.form_kin(f) == vocabulary.form_kin(g) {
        FormComparison::Kin
    } else {
        FormComparison::Different
    })
}

/// Whether there is a commune that both may be in; `None` if one names none that is known, or one is not sure and none is
/// shared.
fn same_area(a: &ParsedRecord, b: &ParsedRecord) -> Option<bool> {
    let (a, b) = (a.address.place, b.address.place);
    if a.area.is_empty() || b.area.is_empty() {
        return None;
    }
    let is_shared = !a.area.and(&b.area).is_empty();
    (is_shared || (a.is_certain && b.is_certain)).then_some(is_shared)
}

fn count(flags: [bool; 3]) -> usize {
    flags.into_iter().filter(|flag| *flag).count()
}

#[cfg(test)]
mod tests {
    use super::{ComparisonVector, Level, YES, compare};
    use crate::parse_cache::ParseCache;
    use crate::parser::Parser;
    use crate::party::Party;
    use crate::rarity::Rarity;
    use crate::record::ParsedRecord;
    use crate::testing::LINKAGE;
    use crate::vocabulary::Vocabulary;
    use std::sync::{Arc, LazyLock};

    static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&LINKAGE));

    fn named(name: &str) -> Party<'_> {
        Party {
            name,
            ..Party::default()
        }
    }

    fn compared(a: Party<'_>, b: Party<'_>) -> Option<ComparisonVector> {
        let mut parser = Parser::new(&VOCABULARY, Arc::new(ParseCache::default()));
        let [a, b] = [a, b].map(|party| {
            let mut record = ParsedRecord::parse(&party, &mut parser);
            Arc::make_mut(&mut record.name).look_up_rarity(&Rarity::default());
            record
        });
        compare(&a, &b, &VOCABULARY)
    }

    /// The yes-or-no levels that are reached.
    fn reached(a: Party<'_>, b: Party<'_>) -> Vec<&'static str> {
        let comparison = compared(a, b).unwrap();
        let levels = Level::ALL.iter().zip(comparison.values);
        let yes = levels.filter(|(_, value)| *value == YES);
        yes.map(|(level, _)| level.name()).collect()
    }

    #[test]
    fn the_legal_forms_are_equal_kin_or_different_and_missing_is_neither() {
        let against = |name| reached(named("Công ty TNHH Sơn Hà"), named(name));
        assert_eq!(against("CTY TNHH Sơn Hà"), ["name_equal", "form_equal"]);
        assert_eq!(
            against("Công ty TNHH MTV Sơn Hà"),
            ["name_equal", "form_kin"]
        );
        assert_eq!(against("HTX Sơn Hà"), ["name_equal", "form_differs"]);
        assert_eq!(against("Sơn Hà"), ["name_equal"]);
    }

    #[test]
    fn names_are_equal_only_if_nothing_is_left_changed_or_swapped() {
        let against = |name| reached(named("Gốm Hòa Anh"), named(name));
        assert_eq!(against("GOM HOA ANH"), ["name_equal"]);
        assert_eq!(against("Gốm Anh Hòa"), ["name_reversed"]);
        assert_eq!(against("Gốm Hòa Anh 2"), ["name_number", "name_whole"]);
        assert_eq!(against("Gốm Hóa Anh"), ["name_whole"]);
    }

    #[test]
    fn contacts_that_agree_are_counted_together() {
        let known = Party {
            phone: Some("0251 3822 111"),
            representative: Some("Ông Nguyễn Văn An"),
            address: Some("12 Lê Lợi"),
            ..named("Sơn Hà")
        };
        let all = [
            "name_equal",
            "phone_equal",
            "person_equal",
            "address_equal",
            "contacts_three",
        ];
        assert_eq!(reached(known, known), all);
        let moved = Party {
            address: None,
            ..known
        };
        assert_eq!(
            reached(known, moved),
            ["name_equal", "phone_equal", "person_equal", "contacts_two"]
        );
        let sold = Party {
            representative: Some("Trần Thị Bình"),
            ..moved
        };
        assert_eq!(
            reached(known, sold),
            ["name_equal", "phone_equal", "person_differs"]
        );
        assert_eq!(compared(known, sold).unwrap().conflicts, 1);
    }

    #[test]
    fn areas_are_compared_by_the_communes_of_today() {
        let at = |district| Party {
            district: Some(district),
            ..named("Sơn Hà")
        };
        let against = |district| reached(at("xã Bù Đăng"), at(district));
        assert_eq!(against("Xã Đoàn Kết"), ["name_equal", "area_equal"]);
        assert_eq!(against("Phường Trảng Dài"), ["name_equal", "area_differs"]);
        assert_eq!(against("không rõ"), ["name_equal"]);
    }

    #[test]
    fn two_valid_codes_are_looked_at_only_if_a_contact_says_that_one_is_a_slip() {
        let coded = |code, phone| Party {
            tax_code: Some(code),
            phone,
            ..named("Sơn Hà")
        };
        let (a, b) = ("3603432125", "3600265395");
        assert!(compared(coded(a, None), coded(b, None)).is_none());
        let phone = Some("0251 3822 111");
        assert!(compared(coded(a, phone), coded(b, phone)).is_some());
        let conflict = |representative| Party {
            representative,
            ..coded(b, phone)
        };
        let known = Party {
            representative: Some("An"),
            ..coded(a, phone)
        };
        assert!(compared(known, conflict(Some("Bình"))).is_none());
    }

    #[test]
    fn names_that_share_nothing_are_not_aligned_unless_something_else_agrees() {
        let phone = Some("0251 3822 111");
        let (a, b) = (named("Gốm Mẫu Sơn"), named("Bánh Lá Sen"));
        assert!(compared(a, b).is_none());
        assert!(compared(Party { phone, ..a }, Party { phone, ..b }).is_some());
    }

    #[test]
    fn two_units_of_one_legal_person_are_branches() {
        let unit = |code| Party {
            tax_code: Some(code),
            ..named("Sơn Hà")
        };
        assert_eq!(
            reached(unit("0108311850"), unit("0108311850-026")),
            ["name_equal", "branch_differs", "code_kin"]
        );
    }
}
