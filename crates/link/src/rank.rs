//! The rank of a pair: which of those that no rule decides is worth a question first.

use crate::comparison::ComparisonVector;

/// What a contact that agrees adds to the share of the name, in thousandths, and what one takes away that does not.
const CONTACT_AGREES: i32 = 300;
const CONTACT_DIFFERS: i32 = 150;

/// What two names have in common is enough with so much rarity, in sixteenths of a bit: one name in 32,768. With less of it
/// many others have the same in common; so much is then taken off, in thousandths.
const ENOUGH: i32 = 15 * 16;
const COMMON_NAME: i32 = 200;

/// How likely a pair is worth a question, in thousandths: the share of the rarity of the name with less of it that the other
/// has in common with it, and so much more or less for each contact that agrees or does not.
///
/// A short name is all in the long one ('Khí Miền Nam', 'Kinh doanh Khí Miền Nam') and has 1,000; common words count little on
/// either side, so that no list of them is needed.
pub(crate) fn rank(pair: &ComparisonVector) -> i32 {
    let name = &pair.alignment;
    // A word that differs by a letter is another one as likely as not.
    let common = name.shared + name.initials + name.slips + name.changed / 2;
    let all = name.all[0].min(name.all[1]).max(1);
    let share = (1000 * common / all).clamp(0, 1000);
    let missing = COMMON_NAME - COMMON_NAME * common.clamp(0, ENOUGH) / ENOUGH;
    let times = |count: usize, each: i32| i32::try_from(count).unwrap_or(0) * each;
    share - missing + times(pair.contacts, CONTACT_AGREES) - times(pair.conflicts, CONTACT_DIFFERS)
}

#[cfg(test)]
mod tests {
    use super::rank;
    use crate::alignment::Alignment;
    use crate::comparison::ComparisonVector;
    use crate::comparison_level::LEVEL_COUNT;
    use crate::tax_code::CodeComparison;

    fn ranked(alignment: Alignment, contacts: usize, conflicts: usize) -> i32 {
        rank(&ComparisonVector {
            values: [0; LEVEL_COUNT],
            codes: CodeComparison::Unknown,
            alignment,
            forms_differ: false,
            branch_differs: false,
            contacts,
            conflicts,
            is_several: false,
            areas_differ: false,
        })
    }

    #[test]
    fn a_name_that_is_all_in_the_other_ranks_highest_and_contacts_move_it() {
        let contained = Alignment {
            shared: 300,
            all: [300, 700],
            left: [0, 400],
            ..Alignment::default()
        };
        assert_eq!(ranked(contained, 0, 0), 1000);
        assert_eq!(ranked(contained, 1, 0), 1300);
        assert_eq!(ranked(contained, 0, 1), 850);
        let half = Alignment {
            shared: 240,
            all: [480, 700],
            ..contained
        };
        assert_eq!(ranked(half, 0, 0), 500);
        let common = Alignment {
            shared: 120,
            all: [120, 700],
            ..contained
        };
        assert_eq!(ranked(common, 0, 0), 900);
        let misread = Alignment {
            shared: 0,
            initials: 90,
            slips: 60,
            changed: 300,
            ..contained
        };
        assert_eq!(ranked(misread, 0, 0), 1000);
        assert!(ranked(Alignment::default(), 0, 0) < 0, "two blank names");
    }
}
