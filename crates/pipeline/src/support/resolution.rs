use crate::support::mentions::{MentionPlaces, Mentions};
use link::{Clustering, Constraint, Matcher, Mention, Question};
use polars::prelude::*;
use programme::tables::Tables;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use vietext::name_key;

/// Which enterprise each of some mentions is about, and what a person must be asked.
pub(crate) struct Resolution {
    matcher: Arc<Matcher>,
    mentions: Mentions,
    /// The first so many mentions are this programme's own; the others come from other programmes and registers. A
    /// question about two of the others is for their keepers, so it is not asked.
    own: usize,
    clustering: Clustering,
}

impl Resolution {
    /// Resolves this programme's own mentions, which are the first `own`, together with those of other programmes.
    pub(crate) fn resolve(
        matcher: &Arc<Matcher>,
        mentions: Mentions,
        own: usize,
        constraints: &[Constraint],
    ) -> Self {
        let all: Vec<Mention<'_>> = mentions.iter().collect();
        let mut clustering = matcher.resolve(&all, constraints);
        clustering
            .questions
            .retain(|question| involves_own(question, own));
        clustering
            .joined
            .retain(|question| involves_own(question, own));
        Self {
            matcher: Arc::clone(matcher),
            mentions,
            own,
            clustering,
        }
    }

    /// The same with the mentions of registers appended. Only the enterprises of the mentions at `near`, which the
    /// register entries may be about, are resolved again; all others keep their cluster. A register may have a million
    /// entries, and resolving everything with them would take minutes.
    pub(crate) fn extended<'s>(
        &'s self,
        registers: impl Iterator<Item = &'s Mentions>,
        near: &BTreeSet<usize>,
        constraints: &[Constraint],
    ) -> PolarsResult<Self> {
        let mentions = Mentions::concat(std::iter::once(&self.mentions).chain(registers))?;
        let reopened: BTreeSet<usize> = near.iter().map(|&place| self.cluster(place)).collect();
        let is_reopened = |place: usize| reopened.contains(&self.cluster(place));
        let before = self.mentions.len();
        let places: Vec<usize> = (0..before)
            .filter(|&place| is_reopened(place))
            .chain(before..mentions.len())
            .collect();
        let some: Vec<Mention<'_>> = places.iter().map(|&place| mentions.get(place)).collect();
        // Words are as rare as in all mentions, else a part of them would be resolved differently than the whole.
        let found = self
            .matcher
            .resolve_some(&some, constraints, &self.clustering.rarity);
        let mut clustering = self.clustering.clone();
        let first = clustering.enterprises.len();
        clustering.enterprises.extend(found.enterprises);
        clustering.cluster_of.resize(mentions.len(), 0);
        for (&place, cluster) in places.iter().zip(found.cluster_of) {
            clustering.cluster_of[place] = first + cluster;
        }
        clustering
            .questions
            .retain(|question| !(is_reopened(question.left) && is_reopened(question.right)));
        clustering
            .joined
            .retain(|question| !is_reopened(question.left));
        let in_all = |question: Question| Question {
            left: places[question.left],
            right: places[question.right],
            ..question
        };
        let own = |question: &Question| involves_own(question, self.own);
        clustering
            .questions
            .extend(found.questions.into_iter().map(in_all).filter(own));
        clustering
            .joined
            .extend(found.joined.into_iter().map(in_all).filter(own));
        Ok(Self {
            matcher: Arc::clone(&self.matcher),
            mentions,
            own: self.own,
            clustering,
        })
    }

    /// The matcher that resolved, which keeps what it parsed of every mention.
    pub(crate) fn matcher(&self) -> &Arc<Matcher> {
        &self.matcher
    }

    /// The mentions, our own first.
    pub(crate) fn mentions(&self) -> &Mentions {
        &self.mentions
    }

    /// The cluster of the mention at a place: mentions of one cluster are of one enterprise.
    pub(crate) fn cluster(&self, place: usize) -> usize {
        self.clustering.cluster_of[place]
    }

    /// Pairs of mentions that may be of one enterprise, which no person has decided yet.
    pub(crate) fn questions(&self) -> &[Question] {
        &self.clustering.questions
    }

    /// Pairs of mentions that were taken for one enterprise without one valid tax code or a person's word: a person can
    /// take them apart.
    pub(crate) fn joined(&self) -> &[Question] {
        &self.clustering.joined
    }

    /// The constraints that would answer every open question with 'the same enterprise': what the figures become then
    /// is one end of their range.
    pub(crate) fn all_same(&self) -> Vec<Constraint> {
        let fingerprint = |place: usize| self.mentions.get(place).fingerprint;
        let same = |question: &Question| Constraint {
            left: fingerprint(question.left),
            right: fingerprint(question.right),
            same: true,
        };
        self.questions().iter().map(same).collect()
    }

    /// Writes the enterprise of every row that names one into its columns `enterprise_id` and `name_key`. `places` are
    /// the rows' places among the mentions that begin at `first`.
    pub(crate) fn label(
        &self,
        tables: &mut Tables,
        places: &MentionPlaces,
        first: usize,
    ) -> PolarsResult<()> {
        let mut used: Vec<usize> = places.values().flatten().copied().collect();
        used.sort_unstable();
        used.dedup();
        let keys: Vec<String> = used
            .par_iter()
            .map(|&place| name_key(self.mentions.get(first + place).party.name))
            .collect();
        let mut key_of: Vec<&str> = vec![""; used.last().map_or(0, |last| last + 1)];
        used.iter()
            .zip(&keys)
            .for_each(|(&place, key)| key_of[place] = key);
        for (form, places) in places {
            let Some(frame) = tables.get_mut(form) else {
                continue;
            };
            let id =
                |place: usize| self.clustering.enterprises[self.cluster(first + place)].as_str();
            let keys: StringChunked = places.iter().map(|&place| Some(key_of[place])).collect();
            let ids: StringChunked = places.iter().map(|&place| Some(id(place))).collect();
            frame.with_column(keys.with_name("name_key".into()).into_column())?;
            frame.with_column(ids.with_name("enterprise_id".into()).into_column())?;
        }
        Ok(())
    }
}

fn involves_own(question: &Question, own: usize) -> bool {
    question.left < own || question.right < own
}
