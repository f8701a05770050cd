use crate::sayings::{Places, Sayings};
use link::{Answer, Identities, Matcher, Question, Said};
use polars::prelude::*;
use programme::tables::Tables;
use rayon::prelude::*;
use std::sync::Arc;
use vietext::name_key;

/// Whom sayings are about.
pub(crate) struct Who {
    matcher: Arc<Matcher>,
    sayings: Sayings,
    identities: Identities,
}

impl Who {
    /// Of our own sayings, and of those of other programmes and registers.
    pub(crate) fn of(
        matcher: &Arc<Matcher>,
        own: &Sayings,
        others: &Sayings,
        answers: &[Answer],
    ) -> PolarsResult<Self> {
        let sayings = Sayings::all([own, others])?;
        let said: Vec<Said<'_>> = sayings.iter().collect();
        let mut identities = matcher.identify(&said, answers);
        // Which of others' are one enterprise is their keepers' matter.
        let is_ours = |question: &Question| question.left < own.len() || question.right < own.len();
        identities.questions.retain(is_ours);
        identities.joined.retain(is_ours);
        Ok(Self { matcher: Arc::clone(matcher), sayings, identities })
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
        self.identities.of[place]
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
    pub(crate) fn all_are_one(&self) -> Vec<Answer> {
        let print = |place: usize| self.sayings.get(place).print;
        let yes = |question: &Question| Answer { left: print(question.left), right: print(question.right), same: true };
        self.asked().iter().map(yes).collect()
    }

    /// Says of every row that is about an enterprise which one it is, by the places of what the rows say among our
    /// sayings, counted from `first`.
    pub(crate) fn label(&self, tables: &mut Tables, places: &Places, first: usize) -> PolarsResult<()> {
        let mut used: Vec<usize> = places.values().flatten().copied().collect();
        used.sort_unstable();
        used.dedup();
        let keys: Vec<String> =
            used.par_iter().map(|&place| name_key(self.sayings.get(first + place).party.name)).collect();
        let mut key_of: Vec<&str> = vec![""; used.last().map_or(0, |last| last + 1)];
        used.iter().zip(&keys).for_each(|(&place, key)| key_of[place] = key);
        for (form, places) in places {
            let Some(frame) = tables.get_mut(form) else { continue };
            let id = |place: usize| self.identities.enterprises[self.enterprise(first + place)].as_str();
            let keys: StringChunked = places.iter().map(|&place| Some(key_of[place])).collect();
            let ids: StringChunked = places.iter().map(|&place| Some(id(place))).collect();
            frame.with_column(keys.with_name("name_key".into()).into_column())?;
            frame.with_column(ids.with_name("enterprise_id".into()).into_column())?;
        }
        Ok(())
    }
}
