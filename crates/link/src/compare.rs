//! Two records side by side: each piece of evidence by name, and what it weighs.

use crate::address::Addresses;
use crate::align::{Alignment, align, shared};
use crate::code::Codes;
use crate::phone;
use crate::record::Prepared;
use crate::vocabulary::Vocabulary;

/// The names of all pieces of evidence, as they stand in the programme's weights and in explanations.
pub(crate) const EVIDENCE: [&str; EVIDENCE_COUNT] = [
    "name_shared",
    "name_initials",
    "name_slips",
    "name_changed",
    "name_marks",
    "name_left_more",
    "name_left_less",
    "name_left_rarest",
    "name_number",
    "name_place",
    "name_reversed",
    "name_equal",
    "name_whole",
    "form_equal",
    "form_kin",
    "form_differs",
    "branch_differs",
    "code_equal",
    "code_near",
    "code_kin",
    "code_differs",
    "phone_equal",
    "phone_differs",
    "person_equal",
    "person_differs",
    "address_equal",
    "address_differs",
    "area_equal",
    "area_differs",
    "contacts_two",
    "contacts_three",
];
pub(crate) const EVIDENCE_COUNT: usize = 31;

/// Every piece of evidence of a pair, in the order of [`EVIDENCE`]: rarity in sixteenths of a bit, or 16 for yes.
pub(crate) type Values = [i32; EVIDENCE_COUNT];

/// A pair, compared.
#[derive(Debug, Clone)]
pub(crate) struct Comparison {
    pub values: Values,
    pub codes: Codes,
    pub alignment: Alignment,
    /// Whether both name a legal form, and two that are not written for one another.
    pub forms_differ: bool,
    /// Whether just one is a dependent unit, or they are two of one parent.
    pub branch_differs: bool,
    /// How many of phone, person and address agree.
    pub contacts: usize,
    /// How many of them are known on both sides and disagree.
    pub conflicts: usize,
}

/// Compares two records whose names are [rated](crate::name::Name::rate); nothing where too little agrees for any answer but no.
pub(crate) fn compare(a: &Prepared, b: &Prepared, vocabulary: &Vocabulary) -> Option<Comparison> {
    let codes = a.code.compare(b.code);
    let phones = phone::share(a.phones, b.phones);
    let persons = (a.person != 0 && b.person != 0).then_some(a.person == b.person);
    let addresses = a.address.compare(&b.address);
    let (area_a, area_b) = (a.address.area, b.address.area);
    let areas = (!area_a.is_empty() && !area_b.is_empty()).then(|| !area_a.and(&area_b).is_empty());
    let forms = a.name.form.zip(b.name.form).map(|(f, g)| {
        let (f, g) = (&vocabulary.form_codes[f], &vocabulary.form_codes[g]);
        if f.0 == g.0 {
            "form_equal"
        } else if f.1 == g.1 {
            "form_kin"
        } else {
            "form_differs"
        }
    });
    let branch_differs = a.name.is_branch != b.name.is_branch || codes == Codes::Kin;
    let contacts = [
        phones == Some(true),
        persons == Some(true),
        addresses == Addresses::Same,
    ];
    let contacts = contacts.into_iter().filter(|agrees| *agrees).count();
    let conflicts = [
        phones == Some(false),
        persons == Some(false),
        addresses == Addresses::Different,
    ];
    let conflicts = conflicts.into_iter().filter(|differs| *differs).count();
    // Two valid codes are two taxpayers, and nothing says that one of them is a slip: there is no more to look at.
    let is_no_slip =
        contacts == 0 || conflicts > 0 || branch_differs || forms == Some("form_differs");
    if codes == Codes::Different && is_no_slip {
        return None;
    }
    let says_nothing = contacts == 0 && codes == Codes::Unknown;
    if says_nothing && a.name.glued != b.name.glued && shared(&a.name, &b.name) < LEAST_SHARED {
        return None;
    }
    let alignment = align(&a.name, &b.name, vocabulary);
    let left = alignment.left;
    let rarest = alignment.left_rarest[0].max(alignment.left_rarest[1]);
    let equal = left == [0, 0]
        && alignment.slips + alignment.changed + alignment.marks == 0
        && !alignment.reversed;
    let yes = |flag: bool| if flag { 16 } else { 0 };
    // In the order of EVIDENCE.
    let named = [
        ("name_shared", alignment.shared.min(320)),
        ("name_initials", alignment.initials.min(160)),
        ("name_slips", alignment.slips.min(160)),
        ("name_changed", alignment.changed.min(160)),
        ("name_marks", alignment.marks.min(160)),
        ("name_left_more", left[0].max(left[1]).min(480)),
        ("name_left_less", left[0].min(left[1]).min(480)),
        ("name_left_rarest", rarest),
        ("name_number", yes(alignment.number)),
        ("name_place", yes(alignment.place)),
        ("name_reversed", yes(alignment.reversed)),
        ("name_equal", yes(equal)),
        ("name_whole", yes(alignment.whole && !equal)),
        ("form_equal", yes(forms == Some("form_equal"))),
        ("form_kin", yes(forms == Some("form_kin"))),
        ("form_differs", yes(forms == Some("form_differs"))),
        ("branch_differs", yes(branch_differs)),
        ("code_equal", yes(codes == Codes::Equal)),
        ("code_near", yes(codes == Codes::Near)),
        ("code_kin", yes(codes == Codes::Kin)),
        ("code_differs", yes(codes == Codes::Different)),
        ("phone_equal", yes(phones == Some(true))),
        ("phone_differs", yes(phones == Some(false))),
        ("person_equal", yes(persons == Some(true))),
        ("person_differs", yes(persons == Some(false))),
        ("address_equal", yes(addresses == Addresses::Same)),
        ("address_differs", yes(addresses == Addresses::Different)),
        ("area_equal", yes(areas == Some(true))),
        ("area_differs", yes(areas == Some(false))),
        ("contacts_two", yes(contacts == 2)),
        ("contacts_three", yes(contacts == 3)),
    ];
    debug_assert!(
        named.iter().map(|(name, _)| *name).eq(EVIDENCE),
        "every piece of evidence stands in its place"
    );
    let values = named.map(|(_, value)| value);
    Some(Comparison {
        values,
        codes,
        alignment,
        forms_differ: forms == Some("form_differs"),
        branch_differs,
        contacts,
        conflicts,
    })
}

/// Names that share less, of records of which nothing else agrees, are two names: six bits, one name in sixty-four.
const LEAST_SHARED: i32 = 6 * 16;
