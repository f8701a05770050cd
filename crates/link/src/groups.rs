use crate::code::Code;
use crate::record::Prepared;
use crate::said::Mention;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use vietext::{fold, name_key};

/// A taxpayer: the ten digits of the legal person and its dependent unit or 0, or the digits of a person.
pub(crate) type TaxPayer = (u64, u16);

/// Records that are one enterprise, kept free of contradictions.
pub(crate) struct Groups<'a> {
    /// The group of each record, named by one of its records.
    pub of: Vec<usize>,
    /// The records of the group of that name.
    members: Vec<Vec<usize>>,
    /// Its valid tax codes.
    codes: Vec<Vec<TaxPayer>>,
    /// Pairs of records that a person keeps apart, the lower place first.
    apart: &'a BTreeSet<(usize, usize)>,
}

impl<'a> Groups<'a> {
    pub(crate) fn new(prepared: &[Prepared], apart: &'a BTreeSet<(usize, usize)>) -> Self {
        Self {
            of: (0..prepared.len()).collect(),
            members: (0..prepared.len()).map(|at| vec![at]).collect(),
            codes: prepared
                .iter()
                .map(|record| record.code.taxpayer().into_iter().collect())
                .collect(),
            apart,
        }
    }

    /// Whether a person keeps a record of one group apart from one of the other.
    pub(crate) fn are_apart(&self, a: usize, b: usize) -> bool {
        if self.apart.is_empty() {
            return false;
        }
        let pair = |x: usize, y: usize| self.apart.contains(&(x.min(y), x.max(y)));
        self.members[a]
            .iter()
            .any(|&x| self.members[b].iter().any(|&y| pair(x, y)))
    }

    /// Joins the groups of two records, unless that would join two tax codes, which only a person may; gives whether
    /// they were two and are one now.
    pub(crate) fn join(&mut self, left: usize, right: usize, person_says: bool) -> bool {
        let (a, b) = (
            self.of[left].min(self.of[right]),
            self.of[left].max(self.of[right]),
        );
        if a == b || self.are_apart(a, b) {
            return false;
        }
        let (mut codes, more) = (self.codes[a].clone(), &self.codes[b]);
        codes.extend(more.iter().filter(|code| !self.codes[a].contains(code)));
        let contradicts = codes.len() > self.codes[a].len().max(more.len());
        if contradicts && codes.len() > 1 && !person_says {
            return false;
        }
        let moved = std::mem::take(&mut self.members[b]);
        moved.iter().for_each(|&at| self.of[at] = a);
        self.members[a].extend(moved);
        self.codes[a] = codes;
        self.codes[b].clear();
        true
    }

    /// The id of each group: that of the record known first, one with a code before one without. With it for each
    /// record the place of its group's id.
    pub(crate) fn labels(
        &self,
        said: &[Mention<'_>],
        prepared: &[Prepared],
    ) -> (Vec<String>, Vec<usize>) {
        let label = |at: usize| match prepared[at].code {
            Code::Valid { root, unit: 0 } => format!("T{root:010}"),
            Code::Valid { root, unit } => format!("T{root:010}-{unit:03}"),
            Code::Personal(code) => format!("T{code:012}"),
            _ => {
                let party = &said[at].party;
                format!(
                    "N{} · {}",
                    name_key(party.name),
                    fold(party.district.unwrap_or_default())
                )
            }
        };
        let known = |&at: &usize| {
            (
                Reverse(said[at].when),
                prepared[at].code.taxpayer().is_some(),
            )
        };
        let mut labels = Vec::new();
        let mut places = vec![0; self.members.len()];
        let mut taken: foldhash::HashMap<String, usize> = Default::default();
        for (group, members) in self
            .members
            .iter()
            .enumerate()
            .filter(|(_, members)| !members.is_empty())
        {
            let best = members.iter().map(known).max();
            let label = members
                .iter()
                .filter(|at| Some(known(at)) == best)
                .map(|&at| label(at))
                .min();
            let label = label.unwrap_or_default();
            // Kept apart by a person under one name: the label says so.
            let count = taken.entry(label.clone()).or_default();
            *count += 1;
            places[group] = labels.len();
            labels.push(if *count > 1 {
                format!("{label} ({count})")
            } else {
                label
            });
        }
        let of = self.of.iter().map(|&group| places[group]).collect();
        (labels, of)
    }
}
