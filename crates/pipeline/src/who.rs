use crate::sayings::{Places, Sayings};
use link::{Clustering, Constraint, Matcher, Mention, Question};
use polars::prelude::*;
use programme::tables::Tables;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use vietext::name_key;

/// Whom sayings are about.
pub(crate) struct Who {
    matcher: Arc<Matcher>,
    sayings: Sayings,
    /// So many of them are our own. Which of the others are one enterprise is their keepers' matter.
    own: usize,
    identities: Clustering,
}

impl Who {
    /// Of our own sayings, which are the first so many, and of those of other programmes.
    pub(crate) fn of(
        matcher: &Arc<Matcher>,
        sayings: Sayings,
        own: usize,
        answers: &[Constraint],
    ) -> Self {
        let said: Vec<Mention<'_>> = sayings.iter().collect();
        let mut identities = matcher.resolve(&said, answers);
        identities
            .questions
            .retain(|question| is_ours(question, own));
        identities.joined.retain(|question| is_ours(question, own));
        Self {
            matcher: Arc::clone(matcher),
            sayings,
            own,
            identities,
        }
    }

    /// The same with what others say of some of the enterprises, those of the sayings at `near`: only whom these are about
    /// is told anew, the others stay who they are. The new ones stand behind all sayings.
    pub(crate) fn with<'s>(
        &'s self,
        others: impl Iterator<Item = &'s Sayings>,
        near: &BTreeSet<usize>,
        answers: &[Constraint],
    ) -> PolarsResult<Self> {
        let sayings = Sayings::all(std::iter::once(&self.sayings).chain(others))?;
        let asked: BTreeSet<usize> = near.iter().map(|&place| self.enterprise(place)).collect();
        let is_asked = |place: usize| asked.contains(&self.enterprise(place));
        let before = self.sayings.len();
        let places: Vec<usize> = (0..before)
            .filter(|&at| is_asked(at))
            .chain(before..sayings.len())
            .collect();
        let said: Vec<Mention<'_>> = places.iter().map(|&place| sayings.get(place)).collect();
        let told = self
            .matcher
            .resolve_some(&said, answers, &self.identities.rarity);
        let mut identities = self.identities.clone();
        let first = identities.enterprises.len();
        identities.enterprises.extend(told.enterprises);
        identities.cluster_of.resize(sayings.len(), 0);
        for (&place, enterprise) in places.iter().zip(told.cluster_of) {
            identities.cluster_of[place] = first + enterprise;
        }
        identities
            .questions
            .retain(|question| !(is_asked(question.left) && is_asked(question.right)));
        identities
            .joined
            .retain(|question| !is_asked(question.left));
        let anew = |question: Question| Question {
            left: places[question.left],
            right: places[question.right],
            ..question
        };
        let is_ours = |question: &Question| is_ours(question, self.own);
        identities
            .questions
            .extend(told.questions.into_iter().map(anew).filter(is_ours));
        identities
            .joined
            .extend(told.joined.into_iter().map(anew).filter(is_ours));
        Ok(Self {
            matcher: Arc::clone(&self.matcher),
            sayings,
            own: self.own,
            identities,
        })
    }

    /// The matcher that told, which has read them all.
    pub(crate) fn matcher(&self) -> &Arc<Matcher> {
        &self.matcher
    }

    /// The sayings, our own first.
    pub(crate) fn sayings(&self) -> &Sayings {
        &self.sayings
    }

    /// The number of the enterprise that a saying is about.
    pub(crate) fn enterprise(&self, place: usize) -> usize {
        self.identities.cluster_of[place]
    }

    /// Sayings that may be about one enterprise, which nobody has said yet.
    pub(crate) fn asked(&self) -> &[Question] {
        &self.identities.questions
    }

    /// Sayings that were taken for one enterprise on other grounds than one valid tax code.
    pub(crate) fn joined(&self) -> &[Question] {
        &self.identities.joined
    }

    /// That all that is asked were so.
    pub(crate) fn all_are_one(&self) -> Vec<Constraint> {
        let print = |place: usize| self.sayings.get(place).fingerprint;
        let yes = |question: &Question| Constraint {
            left: print(question.left),
            right: print(question.right),
            same: true,
        };
        self.asked().iter().map(yes).collect()
    }

    /// Says of every row that is about an enterprise which one it is, by the places of what the rows say among our
    /// sayings, counted from `first`.
    pub(crate) fn label(
        &self,
        tables: &mut Tables,
        places: &Places,
        first: usize,
    ) -> PolarsResult<()> {
        let mut used: Vec<usize> = places.values().flatten().copied().collect();
        used.sort_unstable();
        used.dedup();
        let keys: Vec<String> = used
            .par_iter()
            .map(|&place| name_key(self.sayings.get(first + place).party.name))
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
                |place: usize| self.identities.enterprises[self.enterprise(first + place)].as_str();
            let keys: StringChunked = places.iter().map(|&place| Some(key_of[place])).collect();
            let ids: StringChunked = places.iter().map(|&place| Some(id(place))).collect();
            frame.with_column(keys.with_name("name_key".into()).into_column())?;
            frame.with_column(ids.with_name("enterprise_id".into()).into_column())?;
        }
        Ok(())
    }
}

/// Whether one side of a question is one of our own sayings, the first so many.
fn is_ours(question: &Question, own: usize) -> bool {
    question.left < own || question.right < own
}
