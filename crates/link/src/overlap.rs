//! Whether two grants of support to the same enterprise are the same support (plan III.1.b, III.2.b, VI.2.b).

use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// A support given to an enterprise, by a department or by another programme.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grant {
    /// Whom it was given to, as [`crate::Matcher::identify`] says.
    pub enterprise: String,
    /// Who gave it: departments and other programmes have different names here.
    pub source: String,
    /// Whether it stands in another programme's register.
    pub is_known_elsewhere: bool,
    /// What was supported, by code; none where that is not known.
    pub contents: BTreeSet<String>,
    /// The tools and standards it names, by code; none where it names none.
    pub tools: BTreeSet<String>,
    /// The first day it may have begun; open where that is not known.
    pub from: Option<NaiveDate>,
    /// The last day it may have gone on; open while it does.
    pub to: Option<NaiveDate>,
}

/// What two grants to one enterprise are to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The same content in the same time: trùng lặp.
    Duplicate,
    /// The content of one of them is not known.
    Unclear,
    /// The same content in another time: lặp lại.
    Repeat,
    /// Other content: lồng ghép, which the plan wants (III.1.b).
    Combined,
}

impl Class {
    /// Its name in data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Unclear => "unclear",
            Self::Repeat => "repeat",
            Self::Combined => "combined",
        }
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
    /// The place of the other grant, behind `left` where it is a department's as well.
    pub right: usize,
    /// What they are to one another.
    pub class: Class,
    /// The contents both have.
    pub contents: BTreeSet<String>,
    /// The tools both name.
    pub tools: BTreeSet<String>,
}

/// Every pair of grants to one enterprise of which at least one is a department's, by place.
///
/// Different supports of one source are its own plan, not a combination of programmes, and are left out.
pub fn overlaps(grants: &[Grant]) -> Vec<Overlap> {
    let mut of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, grant) in grants.iter().enumerate() {
        of.entry(&grant.enterprise).or_default().push(at);
    }
    let mut found = Vec::new();
    for places in of.into_values().filter(|places| places.len() > 1) {
        for (n, &i) in places.iter().enumerate() {
            for &j in &places[n + 1..] {
                let (left, right) = if grants[i].is_known_elsewhere { (j, i) } else { (i, j) };
                if !grants[left].is_known_elsewhere {
                    found.extend(compare(grants, left, right));
                }
            }
        }
    }
    found.sort_by_key(|overlap| (overlap.left, overlap.right));
    found
}

fn compare(grants: &[Grant], left: usize, right: usize) -> Option<Overlap> {
    let (a, b) = (&grants[left], &grants[right]);
    let contents: BTreeSet<String> = a.contents.intersection(&b.contents).cloned().collect();
    let tools: BTreeSet<String> = a.tools.intersection(&b.tools).cloned().collect();
    let other_tool = !a.tools.is_empty() && !b.tools.is_empty() && tools.is_empty();
    let same_source = a.source == b.source;
    let class = match () {
        () if a.contents.is_empty() || b.contents.is_empty() => Class::Unclear,
        () if contents.is_empty() || other_tool => Class::Combined,
        () if in_one_time(a, b) => Class::Duplicate,
        () => Class::Repeat,
    };
    let is_own = same_source && matches!(class, Class::Combined | Class::Unclear);
    (!is_own).then_some(Overlap { left, right, class, contents, tools })
}

/// Whether two grants may have gone on on one day; what is open may.
fn in_one_time(a: &Grant, b: &Grant) -> bool {
    let before = |x: &Grant, y: &Grant| x.to.zip(y.from).is_some_and(|(to, from)| to < from);
    !before(a, b) && !before(b, a)
}

#[cfg(test)]
mod tests {
    use super::{Class, Grant, overlaps};
    use proptest::prelude::*;

    fn grant(source: &str, content: &str, tool: &str, from: &str, to: &str) -> Grant {
        let set = |text: &str| text.split(' ').filter(|t| !t.is_empty()).map(str::to_owned).collect();
        Grant {
            enterprise: "T1".into(),
            source: source.into(),
            is_known_elsewhere: source == "sme",
            contents: set(content),
            tools: set(tool),
            from: from.parse().ok(),
            to: to.parse().ok(),
        }
    }

    #[test]
    fn the_table_of_classes() {
        let case = grant("SCT", "3a1", "iso-9001", "2023-03-01", "2023-09-01");
        for (other, class) in [
            (grant("sme", "3a1", "iso-9001", "2023-08-01", ""), Some(Class::Duplicate)),
            (grant("sme", "3a1", "", "2023-08-01", ""), Some(Class::Duplicate)),
            (grant("sme", "3a1", "iso-14001", "2023-08-01", ""), Some(Class::Combined)),
            (grant("sme", "3a1", "iso-9001", "2021-03-01", "2021-09-30"), Some(Class::Repeat)),
            (grant("sme", "3b3", "", "2023-03-01", ""), Some(Class::Combined)),
            (grant("sme", "", "", "2023-03-01", ""), Some(Class::Unclear)),
            (grant("SKHCN", "3a1", "iso-9001", "2023-05-01", ""), Some(Class::Duplicate)),
            (grant("SCT", "3b3", "", "2023-03-01", ""), None),
        ] {
            let found = overlaps(&[case.clone(), other.clone()]);
            assert_eq!(found.first().map(|o| o.class), class, "{other:?}");
        }
        assert!(overlaps(&[grant("sme", "3a1", "", "", ""), grant("sme", "3a1", "", "", "")]).is_empty());
    }

    proptest! {
        #[test]
        fn order_does_not_matter(
            pairs in proptest::collection::vec((0usize..3, 0usize..3, 0usize..2, 0u32..20, 0u32..20), 2..6),
        ) {
            let day = |n: u32| format!("2023-01-{:02}", n + 1);
            let all: Vec<Grant> = pairs.iter().map(|(s, c, t, from, to)| {
                let tool = ["iso-9001", ""][*t];
                grant(["SCT", "SYT", "sme"][*s], ["3a1", "3b1", ""][*c], tool, &day(*from), &day((*to).max(*from)))
            }).collect();
            let classes = |grants: &[Grant]| {
                let mut all: Vec<Class> = overlaps(grants).iter().map(|o| o.class).collect();
                all.sort();
                all
            };
            let reversed: Vec<Grant> = all.iter().rev().cloned().collect();
            prop_assert_eq!(classes(&all), classes(&reversed));
        }
    }
}
