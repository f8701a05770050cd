//! Clusters: the mentions that are one enterprise, kept free of contradictions.

use crate::mention::Mention;
use crate::record::ParsedRecord;
use crate::tax_code::{ParsedTaxCode, TaxPayer};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use vietext::{fold, name_key};

/// Records joined into clusters, one enterprise each.
///
/// Two rules hold after every join: a cluster has at most one valid tax code, unless a person joined two, since a chain
/// of look-alikes must not make one taxpayer of two; and what a person keeps apart stays apart.
pub(crate) struct Clusters<'a> {
    /// The cluster of each record, named by the lowest of its records.
    pub cluster_of: Vec<usize>,
    /// The records of the cluster of that name.
    members: Vec<Vec<usize>>,
    /// Its valid tax codes.
    codes: Vec<Vec<TaxPayer>>,
    /// Pairs of records that a person keeps apart, the lower place first.
    apart: &'a BTreeSet<(usize, usize)>,
}

impl<'a> Clusters<'a> {
    /// Each record for itself.
    pub(crate) fn new(prepared: &[ParsedRecord], apart: &'a BTreeSet<(usize, usize)>) -> Self {
        Self {
            cluster_of: (0..prepared.len()).collect(),
            members: (0..prepared.len()).map(|at| vec![at]).collect(),
            codes: prepared
                .iter()
                .map(|record| record.code.taxpayer().into_iter().collect())
                .collect(),
            apart,
        }
    }

    /// Whether a person keeps a record of one cluster apart from one of the other.
    pub(crate) fn are_apart(&self, a: usize, b: usize) -> bool {
        // As in most lists; else each join would look at all pairs of members.
        if self.apart.is_empty() {
            return false;
        }
        let pair = |x: usize, y: usize| self.apart.contains(&(x.min(y), x.max(y)));
        self.members[a]
            .iter()
            .any(|&x| self.members[b].iter().any(|&y| pair(x, y)))
    }

    /// Joins the clusters of two records; gives whether they were two and are one now. They stay two if a person keeps
    /// them apart, or if the cluster would have two valid tax codes and no person says that they are one.
    pub(crate) fn join(&mut self, left: usize, right: usize, person_says: bool) -> bool {
        let (x, y) = (self.cluster_of[left], self.cluster_of[right]);
        let (a, b) = (x.min(y), x.max(y));
        if a == b || self.are_apart(a, b) {
            return false;
        }
        let (mut codes, more) = (self.codes[a].clone(), &self.codes[b]);
        codes.extend(more.iter().filter(|code| !self.codes[a].contains(code)));
        // More codes than either side has: each has one that the other lacks.
        let contradicts = codes.len() > self.codes[a].len().max(more.len());
        if contradicts && codes.len() > 1 && !person_says {
            return false;
        }
        // Into the lower one, so that the name of a cluster does not depend on the order of joins.
        let moved = std::mem::take(&mut self.members[b]);
        moved.iter().for_each(|&at| self.cluster_of[at] = a);
        self.members[a].extend(moved);
        self.codes[a] = codes;
        self.codes[b].clear();
        true
    }

    /// The id of each cluster, that of its oldest record, and for each record the place of its cluster's id.
    ///
    /// Of the oldest records one with a code gives the id, since a code is unique and a name is not; among equals the
    /// lowest id, so that the order of the records does not matter.
    pub(crate) fn labels(
        &self,
        mentions: &[Mention<'_>],
        prepared: &[ParsedRecord],
    ) -> (Vec<String>, Vec<usize>) {
        let rank = |&at: &usize| {
            let has_code = prepared[at].code.taxpayer().is_some();
            (Reverse(mentions[at].when), has_code)
        };
        let mut labels = Vec::new();
        let mut places = vec![0; self.members.len()];
        let mut taken: foldhash::HashMap<String, usize> = Default::default();
        let clusters = self.members.iter().enumerate();
        for (cluster, members) in clusters.filter(|(_, members)| !members.is_empty()) {
            let best = members.iter().map(rank).max();
            let of_best = members.iter().filter(|at| Some(rank(at)) == best);
            let label = of_best
                .map(|&at| label(&mentions[at], prepared[at].code))
                .min();
            let label = label.unwrap_or_default();
            // Two of one name, kept apart by a person: the id says so.
            let count = taken.entry(label.clone()).or_default();
            *count += 1;
            places[cluster] = labels.len();
            labels.push(if *count > 1 {
                format!("{label} ({count})")
            } else {
                label
            });
        }
        let of_records = self.cluster_of.iter().map(|&cluster| places[cluster]);
        (labels, of_records.collect())
    }
}

/// The id that a record gives its enterprise: `T` and the tax code, or `N`, the name and the district.
fn label(mention: &Mention<'_>, code: ParsedTaxCode) -> String {
    match code {
        ParsedTaxCode::Valid { root, unit: 0 } => format!("T{root:010}"),
        ParsedTaxCode::Valid { root, unit } => format!("T{root:010}-{unit:03}"),
        ParsedTaxCode::Personal(code) => format!("T{code:012}"),
        ParsedTaxCode::Missing | ParsedTaxCode::Damaged(_) => {
            let district = fold(mention.party.district.unwrap_or_default());
            format!("N{} · {district}", name_key(mention.party.name))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Clusters;
    use crate::mention::Mention;
    use crate::party::Party;
    use crate::record::ParsedRecord;
    use crate::tax_code::ParsedTaxCode;
    use std::collections::BTreeSet;
    use vietext::name_key;

    const A: &str = "3603432125";
    const B: &str = "3600265395";

    /// Mentions with these codes, in years from 2021 on, and what is parsed of them.
    fn records<'a>(codes: &[&'a str]) -> (Vec<Mention<'a>>, Vec<ParsedRecord>) {
        let mention = |(&code, when): (&&'a str, i32)| {
            let party = Party {
                name: "Gốm Sơn Hà",
                tax_code: Some(code),
                district: Some("Vĩnh Cửu"),
                ..Party::default()
            };
            Mention::new(party, when)
        };
        let parsed = |code: &&str| ParsedRecord {
            code: ParsedTaxCode::parse(code),
            ..ParsedRecord::default()
        };
        (
            codes.iter().zip(2021..).map(mention).collect(),
            codes.iter().map(parsed).collect(),
        )
    }

    #[test]
    fn no_chain_joins_two_valid_tax_codes() {
        let (_, prepared) = records(&[A, "", B]);
        let apart = BTreeSet::new();
        let mut clusters = Clusters::new(&prepared, &apart);
        assert!(clusters.join(0, 1, false));
        assert!(!clusters.join(1, 2, false));
        assert_eq!(clusters.cluster_of, [0, 0, 2]);
    }

    #[test]
    fn a_person_may_join_two_tax_codes() {
        let (_, prepared) = records(&[A, B, B]);
        let apart = BTreeSet::new();
        let mut clusters = Clusters::new(&prepared, &apart);
        assert!(clusters.join(0, 1, true));
        assert!(clusters.join(2, 0, false), "B is one of its codes by now");
        assert_eq!(clusters.cluster_of, [0, 0, 0]);
    }

    #[test]
    fn a_join_happens_once() {
        let (_, prepared) = records(&["", ""]);
        let apart = BTreeSet::new();
        let mut clusters = Clusters::new(&prepared, &apart);
        assert!(clusters.join(1, 0, false));
        assert!(!clusters.join(0, 1, false));
    }

    #[test]
    fn what_a_person_keeps_apart_is_not_joined_through_a_third() {
        let (_, prepared) = records(&["", "", ""]);
        let apart = BTreeSet::from([(0, 2)]);
        let mut clusters = Clusters::new(&prepared, &apart);
        assert!(clusters.join(0, 1, true));
        assert!(!clusters.join(1, 2, true));
        assert!(clusters.are_apart(0, 2) && clusters.are_apart(2, 0));
    }

    #[test]
    fn the_oldest_record_gives_the_id() {
        let (mentions, prepared) = records(&["", A, B]);
        let apart = BTreeSet::new();
        let mut clusters = Clusters::new(&prepared, &apart);
        clusters.join(0, 1, false);
        let (labels, of_records) = clusters.labels(&mentions, &prepared);
        assert_eq!(labels[0], format!("N{} · vinh cuu", name_key("Gốm Sơn Hà")));
        assert_eq!(labels[1], format!("T{B}"));
        assert_eq!(of_records, [0, 0, 1]);
    }

    #[test]
    fn of_records_of_one_time_one_with_a_code_gives_the_id() {
        let (mut mentions, prepared) = records(&["", A]);
        mentions.iter_mut().for_each(|mention| mention.when = 2023);
        let apart = BTreeSet::new();
        let mut clusters = Clusters::new(&prepared, &apart);
        clusters.join(0, 1, false);
        assert_eq!(clusters.labels(&mentions, &prepared).0, [format!("T{A}")]);
    }

    #[test]
    fn two_of_one_name_that_are_apart_have_two_ids() {
        let (mentions, prepared) = records(&["", ""]);
        let apart = BTreeSet::from([(0, 1)]);
        let (labels, _) = Clusters::new(&prepared, &apart).labels(&mentions, &prepared);
        assert!(
            labels[1].ends_with(" (2)") && labels[1].starts_with(&labels[0]),
            "{labels:?}"
        );
    }

    #[test]
    fn the_id_of_a_dependent_unit_has_its_number_and_that_of_a_person_twelve_digits() {
        let (mentions, prepared) = records(&["0108311850-026", "075086012345"]);
        let apart = BTreeSet::new();
        let (labels, _) = Clusters::new(&prepared, &apart).labels(&mentions, &prepared);
        assert_eq!(labels, ["T0108311850-026", "T075086012345"]);
    }
}
