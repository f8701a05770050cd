//! Whether two grants of support to the same enterprise are the same support (plan III.1.b, III.2.b, VI.2.b).

use chrono::NaiveDate;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A support given to an enterprise, by a department or by another programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant<'a> {
    /// Whom it was given to: one number for one enterprise, as [`crate::Matcher::resolve`] says.
    pub enterprise: usize,
    /// Who gave it: departments and other programmes have different names here.
    pub source: &'a str,
    /// Whether it stands in another programme's register.
    pub is_known_elsewhere: bool,
    /// What was supported, by code; none if that is not known.
    pub contents: &'a BTreeSet<String>,
    /// Whether it is known to be something else than any of the plan's contents.
    pub has_other_content: bool,
    /// The tools and standards it names, by code; none if it names none.
    pub tools: &'a BTreeSet<String>,
    /// The first day it may have begun; open if that is not known.
    pub from: Option<NaiveDate>,
    /// The last day it may have gone on; open while it does.
    pub to: Option<NaiveDate>,
}

/// What two grants to one enterprise are to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum OverlapClass {
    /// The same content in the same time: trùng lặp.
    Duplicate,
    /// The content of one of them is not known.
    Unclear,
    /// The same content in another time: lặp lại.
    Repeat,
    /// Other content: lồng ghép, which the plan wants (III.1.b).
    Combined,
}

impl OverlapClass {
    /// Its name in data: `duplicate`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether a person must decide.
    pub fn needs_decision(self) -> bool {
        matches!(self, Self::Duplicate | Self::Unclear)
    }
}

/// Two grants that overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The place of a department's grant.
    pub left: usize,
    /// The place of the other grant, behind `left` if it is a department's as well.
    pub right: usize,
    /// What they are to one another.
    pub class: OverlapClass,
    /// The contents both have.
    pub contents: BTreeSet<String>,
    /// The tools both name.
    pub tools: BTreeSet<String>,
}

/// What comparing grants gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overlaps {
    /// The pairs that overlap, by place.
    pub pairs: Vec<Overlap>,
    /// The enterprises with more grants than are compared each with each.
    pub left_out: Vec<LeftOut>,
}

/// Pairs of grants to one enterprise that were not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// The place of one of its grants.
    pub place: usize,
    /// How many grants it has.
    pub grants: usize,
    /// How many pairs of them were not compared.
    pub pairs: usize,
}

/// So many pairs of grants to one enterprise are compared whoever gave them: those of thirty grants, several times what an
/// enterprise gets in a period.
const PAIRS_OF_ONE: usize = 435;
/// Beyond that, so many pairs of each two sources are.
const PAIRS_OF_SOURCES: usize = 100;

/// Every pair of grants to one enterprise of which at least one is a department's, by place.
///
/// Different supports of one source are its own plan, not a combination of programmes, and are left out. An enterprise with
/// dozens of grants is a mistake of who wrote the list; it has more pairs than anybody looks at, and their number grows with
/// the square: of each two sources some pairs are compared then, and of those on which a person has answered, `is_answered` by
/// place, all; the rest are counted.
pub fn overlaps(grants: &[Grant<'_>], is_answered: impl Fn(usize) -> bool) -> Overlaps {
    let mut order: Vec<usize> = (0..grants.len()).collect();
    order.par_sort_unstable_by_key(|&at| (grants[at].enterprise, at));
    // Grants to different enterprises never overlap: sorted, those to one stand together.
    let mut found = Overlaps::default();
    for places in order.chunk_by(|&a, &b| grants[a].enterprise == grants[b].enterprise) {
        let all = pairs_of(places.len());
        if all <= PAIRS_OF_ONE {
            for (n, &i) in places.iter().enumerate() {
                let pairs = places[n + 1..]
                    .iter()
                    .filter_map(|&j| overlap(grants, i, j));
                found.pairs.extend(pairs);
            }
        } else {
            let answered: Vec<usize> = places
                .iter()
                .copied()
                .filter(|&at| is_answered(at))
                .collect();
            let mut compared = first_pairs(grants, places);
            for (n, &i) in answered.iter().enumerate() {
                compared.extend(answered[n + 1..].iter().map(|&j| (i, j)));
            }
            let pairs = compared.iter().filter_map(|&(i, j)| overlap(grants, i, j));
            found.pairs.extend(pairs);
            found.left_out.extend(places.first().map(|&place| LeftOut {
                place,
                grants: places.len(),
                pairs: all - compared.len(),
            }));
        }
    }
    found
        .pairs
        .sort_unstable_by_key(|overlap| (overlap.left, overlap.right));
    found
}

fn pairs_of(grants: usize) -> usize {
    grants * grants.saturating_sub(1) / 2
}

/// The first pairs of each two sources, the lower place before the other.
fn first_pairs(grants: &[Grant<'_>], places: &[usize]) -> BTreeSet<(usize, usize)> {
    let mut by_source: BTreeMap<(bool, &str), Vec<usize>> = BTreeMap::new();
    for &place in places {
        let Grant {
            is_known_elsewhere,
            source,
            ..
        } = grants[place];
        let of_source = by_source.entry((is_known_elsewhere, source)).or_default();
        // No more of a source are ever looked at.
        if of_source.len() <= PAIRS_OF_SOURCES {
            of_source.push(place);
        }
    }
    let sources: Vec<&Vec<usize>> = by_source.values().collect();
    let mut first = BTreeSet::new();
    for (n, left) in sources.iter().enumerate() {
        for (m, right) in sources.iter().enumerate().skip(n) {
            let pairs = left.iter().enumerate().flat_map(|(at, &i)| {
                let others = if n == m { &right[at + 1..] } else { &right[..] };
                others.iter().map(move |&j| (i.min(j), i.max(j)))
            });
            first.extend(pairs.take(PAIRS_OF_SOURCES));
        }
    }
    first
}

/// The overlap of two grants, the department's on the left.
fn overlap(grants: &[Grant<'_>], i: usize, j: usize) -> Option<Overlap> {
    let (left, right) = match grants[i].is_known_elsewhere {
        true => (j, i),
        false => (i, j),
    };
    match grants[left].is_known_elsewhere {
        true => None,
        false => compare(grants, left, right),
    }
}

fn compare(grants: &[Grant<'_>], left: usize, right: usize) -> Option<Overlap> {
    let (a, b) = (&grants[left], &grants[right]);
    // ISO 9001 and ISO 14001 are two supports of one content; a grant that names no tool may be for either.
    let other_tool = !a.tools.is_empty() && !b.tools.is_empty() && a.tools.is_disjoint(b.tools);
    let class = match () {
        // What is none of the plan's contents goes together with any of them, whatever they are.
        () if a.has_other_content || b.has_other_content => OverlapClass::Combined,
        () if a.contents.is_empty() || b.contents.is_empty() => OverlapClass::Unclear,
        () if a.contents.is_disjoint(b.contents) || other_tool => OverlapClass::Combined,
        () if in_one_time(a, b) => OverlapClass::Duplicate,
        () => OverlapClass::Repeat,
    };
    // What one source gives under two contents is its own plan, and a content it left out is its own to mend.
    let is_own =
        a.source == b.source && matches!(class, OverlapClass::Combined | OverlapClass::Unclear);
    let both = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.intersection(b).cloned().collect();
    let overlap = || Overlap {
        left,
        right,
        class,
        contents: both(a.contents, b.contents),
        tools: both(a.tools, b.tools),
    };
    (!is_own).then(overlap)
}

/// Whether two grants may have gone on on one day; what is open may.
fn in_one_time(a: &Grant<'_>, b: &Grant<'_>) -> bool {
    let before =
        |x: &Grant<'_>, y: &Grant<'_>| x.to.zip(y.from).is_some_and(|(to, from)| to < from);
    !before(a, b) && !before(b, a)
}

#[cfg(test)]
mod tests {
    use super::{Grant, Overlap, OverlapClass, overlaps};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// A grant as a test writes it: source, contents, tools, from, to.
    type WrittenGrant<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

    /// The classes of all overlaps of some grants to one enterprise, in their order.
    fn classes(written: &[WrittenGrant<'_>]) -> Vec<OverlapClass> {
        let set = |text: &str| {
            text.split(' ')
                .filter(|t| !t.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let sets: Vec<[BTreeSet<String>; 2]> = written
            .iter()
            .map(|(_, c, t, ..)| [set(c), set(t)])
            .collect();
        let grants: Vec<Grant<'_>> = written
            .iter()
            .zip(&sets)
            .map(|(&(source, _, _, from, to), [contents, tools])| Grant {
                enterprise: 1,
                source,
                is_known_elsewhere: source == "sme",
                contents,
                has_other_content: contents.contains("-"),
                tools,
                from: from.parse().ok(),
                to: to.parse().ok(),
            })
            .collect();
        overlaps(&grants, |_| false)
            .pairs
            .iter()
            .map(|overlap| overlap.class)
            .collect()
    }

    #[test]
    fn grants_that_meet_on_one_day_are_in_one_time_and_the_day_after_they_are_not() {
        let case = ("SCT", "3a1", "", "2023-03-01", "2023-09-01");
        let same_day = ("sme", "3a1", "", "2023-09-01", "2023-12-31");
        let next_day = ("sme", "3a1", "", "2023-09-02", "2023-12-31");
        assert_eq!(classes(&[case, same_day]), [OverlapClass::Duplicate]);
        assert_eq!(classes(&[case, next_day]), [OverlapClass::Repeat]);
        assert_eq!(classes(&[next_day, case]), [OverlapClass::Repeat]);
    }

    #[test]
    fn a_grant_without_days_may_be_at_any_time() {
        let case = ("SCT", "3a1", "", "2023-03-01", "2023-09-01");
        assert_eq!(
            classes(&[case, ("sme", "3a1", "", "", "")]),
            [OverlapClass::Duplicate]
        );
    }

    #[test]
    fn what_is_none_of_the_contents_is_combined_with_all_and_asked_about_by_none() {
        let case = ("SCT", "3a1", "iso-9001", "2023-03-01", "2023-09-01");
        let fair = ("sme", "-", "", "2023-03-01", "2023-09-01");
        assert_eq!(classes(&[case, fair]), [OverlapClass::Combined]);
        let unknown = ("SCT", "", "", "2023-03-01", "2023-09-01");
        assert_eq!(classes(&[unknown, fair]), [OverlapClass::Combined]);
    }

    #[test]
    fn one_source_may_repeat_itself_and_pay_twice() {
        let case = ("SCT", "3a1", "", "2023-03-01", "2023-09-01");
        let later = ("SCT", "3a1", "", "2024-03-01", "2024-09-01");
        assert_eq!(classes(&[case, case]), [OverlapClass::Duplicate]);
        assert_eq!(classes(&[case, later]), [OverlapClass::Repeat]);
    }

    #[test]
    fn the_departments_grant_stands_left_and_what_both_have_is_named() {
        let contents = BTreeSet::from(["3a1".to_owned(), "3b3".to_owned()]);
        let one = BTreeSet::from(["3a1".to_owned()]);
        let tools = BTreeSet::from(["iso-9001".to_owned()]);
        let grant = |source, is_known_elsewhere, contents| Grant {
            enterprise: 7,
            source,
            is_known_elsewhere,
            contents,
            has_other_content: false,
            tools: &tools,
            from: None,
            to: None,
        };
        let found = overlaps(
            &[grant("sme", true, &contents), grant("SCT", false, &one)],
            |_| false,
        )
        .pairs;
        assert_eq!((found[0].left, found[0].right), (1, 0));
        assert_eq!((&found[0].contents, &found[0].tools), (&one, &tools));
    }

    #[test]
    fn grants_to_two_enterprises_never_overlap() {
        let contents = BTreeSet::from(["3a1".to_owned()]);
        let tools = BTreeSet::new();
        let grant = |enterprise| Grant {
            enterprise,
            source: "SCT",
            is_known_elsewhere: false,
            contents: &contents,
            has_other_content: false,
            tools: &tools,
            from: None,
            to: None,
        };
        assert!(overlaps(&[grant(1), grant(2)], |_| false).pairs.is_empty());
        assert_eq!(
            overlaps(&[grant(1), grant(2), grant(1)], |_| false)
                .pairs
                .len(),
            1
        );
    }

    #[test]
    fn of_very_many_grants_some_pairs_are_compared_and_the_rest_counted() {
        let contents = BTreeSet::from(["3a1".to_owned()]);
        let tools = BTreeSet::new();
        let grant = |source, is_known_elsewhere| Grant {
            enterprise: 1,
            source,
            is_known_elsewhere,
            contents: &contents,
            has_other_content: false,
            tools: &tools,
            from: None,
            to: None,
        };
        let mut grants = vec![grant("SCT", false); 100_000];
        grants.extend([grant("SYT", false), grant("sme", true)]);
        let found = overlaps(&grants, |_| false);
        let [left_out] = &found.left_out[..] else {
            panic!("{:?}", found.left_out)
        };
        assert_eq!((left_out.place, left_out.grants), (0, 100_002));
        // What different sources gave is not hidden by what one of them gave.
        let places = |right| {
            found
                .pairs
                .iter()
                .filter(|pair| pair.right == right)
                .count()
        };
        assert!(places(100_000) >= 100 && places(100_001) >= 100);
        assert!(found.pairs.len() < 1_000);
        assert_eq!(left_out.pairs + found.pairs.len(), 100_002 * 100_001 / 2);
        // What a person has answered on stays known, wherever it stands.
        let is_answered = |place| [70_000, 90_000].contains(&place);
        let found = overlaps(&grants, is_answered).pairs;
        let answered = |pair: &&Overlap| (pair.left, pair.right) == (70_000, 90_000);
        assert_eq!(found.iter().filter(answered).count(), 1);
        // As many as an enterprise may have are compared each with each.
        let found = overlaps(&grants[..30], |_| false);
        assert_eq!((found.pairs.len(), found.left_out.len()), (30 * 29 / 2, 0));
    }

    #[test]
    fn a_duplicate_and_an_unclear_overlap_need_a_decision() {
        let all = [
            OverlapClass::Duplicate,
            OverlapClass::Unclear,
            OverlapClass::Repeat,
            OverlapClass::Combined,
        ];
        let shown = all.map(|class| format!("{} {}", class.name(), class.needs_decision()));
        insta::assert_snapshot!(
            shown.join(", "),
            @"duplicate true, unclear true, repeat false, combined false"
        );
    }

    #[test]
    fn the_table_of_classes() {
        let case = ("SCT", "3a1", "iso-9001", "2023-03-01", "2023-09-01");
        for (other, class) in [
            (
                ("sme", "3a1", "iso-9001", "2023-08-01", ""),
                Some(OverlapClass::Duplicate),
            ),
            (
                ("sme", "3a1", "", "2023-08-01", ""),
                Some(OverlapClass::Duplicate),
            ),
            (
                ("sme", "3a1", "iso-14001", "2023-08-01", ""),
                Some(OverlapClass::Combined),
            ),
            (
                ("sme", "3a1", "iso-9001", "2021-03-01", "2021-09-30"),
                Some(OverlapClass::Repeat),
            ),
            (
                ("sme", "3b3", "", "2023-03-01", ""),
                Some(OverlapClass::Combined),
            ),
            (
                ("sme", "", "", "2023-03-01", ""),
                Some(OverlapClass::Unclear),
            ),
            (
                ("SKHCN", "3a1", "iso-9001", "2023-05-01", ""),
                Some(OverlapClass::Duplicate),
            ),
            (("SCT", "3b3", "", "2023-03-01", ""), None),
        ] {
            assert_eq!(classes(&[case, other]).first().copied(), class, "{other:?}");
        }
        assert!(classes(&[("sme", "3a1", "", "", ""), ("sme", "3a1", "", "", "")]).is_empty());
    }

    proptest! {
        #[test]
        fn order_does_not_matter(
            pairs in proptest::collection::vec((0usize..3, 0usize..3, 0usize..2, 0usize..20, 0usize..20), 2..6),
        ) {
            let days: Vec<String> = (1..=20).map(|n| format!("2023-01-{n:02}")).collect();
            let all: Vec<WrittenGrant<'_>> = pairs.iter().map(|&(s, c, t, from, to)| {
                let tool = ["iso-9001", ""][t];
                let [from, to] = [from, to.max(from)].map(|n| days[n].as_str());
                (["SCT", "SYT", "sme"][s], ["3a1", "3b1", ""][c], tool, from, to)
            }).collect();
            let sorted = |written: &[WrittenGrant<'_>]| {
                let mut all = classes(written);
                all.sort();
                all
            };
            let reversed: Vec<WrittenGrant<'_>> = all.iter().rev().copied().collect();
            prop_assert_eq!(sorted(&all), sorted(&reversed));
        }
    }
}
