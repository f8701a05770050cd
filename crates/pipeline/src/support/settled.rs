//! What one answer settles elsewhere: of three records of one support it is enough to say of two pairs what they are.

use crate::support::overlap_line::OverlapLine;
use crate::support::support_line::SupportLine;
use ledger::Verdict;
use link::OverlapClass;
use std::collections::{BTreeMap, BTreeSet};

/// Where a record stands: file, sheet, row.
type Place = (String, String, i64);

fn place(line: &SupportLine) -> Place {
    (line.file.clone(), line.sheet.clone(), line.row)
}

/// Decides the duplicates that wait and follow from what persons decided: both records are the same support as a third one, or one
/// is the same as a third that the other is not. What a person said of a pair itself stays.
pub(crate) fn settle(overlaps: &mut [OverlapLine]) {
    if !overlaps.iter().any(OverlapLine::is_decided_duplicate) {
        return;
    }
    let mut groups = SameSupport::default();
    for overlap in overlaps.iter().filter(|it| it.is_decided_duplicate()) {
        groups.join(place(&overlap.left), place(&overlap.right));
    }
    let decided = overlaps.iter().filter(|it| it.is_decided_different());
    let apart: BTreeSet<[Place; 2]> = decided.map(|it| groups.pair(it)).collect();
    let waiting = overlaps
        .iter_mut()
        .filter(|it| it.waits && it.class == OverlapClass::Duplicate);
    for overlap in waiting {
        let pair = groups.pair(overlap);
        let verdict = match () {
            () if pair[0] == pair[1] => Verdict::Duplicate,
            () if apart.contains(&pair) => Verdict::NotDuplicate,
            () => continue,
        };
        (overlap.decision, overlap.waits) = (Some(verdict.name()), false);
    }
}

/// Records that are the same support, each with another of its group, up to the first.
#[derive(Default)]
struct SameSupport(BTreeMap<Place, Place>);

impl SameSupport {
    fn first(&self, place: Place) -> Place {
        let mut at = place;
        while let Some(next) = self.0.get(&at) {
            at.clone_from(next);
        }
        at
    }

    fn join(&mut self, one: Place, other: Place) {
        let (one, other) = (self.first(one), self.first(other));
        if one != other {
            // The lower stays the first, so that the order of answers does not matter.
            self.0
                .insert(one.clone().max(other.clone()), one.min(other));
        }
    }

    /// The groups of both records, the lower first.
    fn pair(&self, overlap: &OverlapLine) -> [Place; 2] {
        let [one, other] = [&overlap.left, &overlap.right].map(|line| self.first(place(line)));
        match one <= other {
            true => [one, other],
            false => [other, one],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::settle;
    use crate::support::overlap_line::OverlapLine;
    use crate::support::support_line::SupportLine;
    use crate::testing::{overlap, support_line};
    use link::OverlapClass;

    fn pair(class: OverlapClass, rows: [i64; 2], decision: Option<&'static str>) -> OverlapLine {
        let sides = rows.map(|row| SupportLine {
            row,
            ..support_line("SCT", "Mẫu")
        });
        let waits = decision.is_none();
        OverlapLine {
            decision,
            waits,
            ..overlap(class, sides)
        }
    }

    #[test]
    fn what_follows_from_two_answers_is_not_asked() {
        use OverlapClass::{Duplicate, Unclear};
        let (same, other) = (Some("duplicate"), Some("not_duplicate"));
        let mut pairs = [
            pair(Duplicate, [1, 2], same),
            pair(Duplicate, [3, 2], same),
            pair(Duplicate, [3, 1], None),
            pair(Duplicate, [1, 4], other),
            pair(Duplicate, [4, 2], None),
            // Nothing follows of others, of what is unclear, and of two that are not a third.
            pair(Duplicate, [4, 5], other),
            pair(Duplicate, [5, 1], None),
            pair(Unclear, [2, 3], None),
        ];
        settle(&mut pairs);
        let told: Vec<_> = pairs.iter().map(|it| (it.decision, it.waits)).collect();
        let (asked, answered) = ((None, true), |it| (it, false));
        let expected = [
            answered(same),
            answered(same),
            answered(same),
            answered(other),
            answered(other),
            answered(other),
            asked,
            asked,
        ];
        assert_eq!(told, expected);
    }
}
