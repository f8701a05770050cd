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
        // Reopened mentions first, then the new ones: `places` leads from their order back to that of all mentions.
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
        // New clusters are numbered after the old ones, which the other mentions still refer to.
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

    /// The id of the enterprise of the mention at a place.
    pub(crate) fn enterprise(&self, place: usize) -> &str {
        &self.clustering.enterprises[self.cluster(place)]
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
        let fingerprint = |place: usize| self.mentions.fingerprint(place);
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
        // Many rows share a mention, so each name is folded once.
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

#[cfg(test)]
mod tests {
    use super::Resolution;
    use crate::support::mentions::Mentions;
    use crate::testing::{column, programme, submission, tables};
    use link::{Constraint, Matcher};
    use std::collections::BTreeSet;
    use std::sync::Arc;

    /// Mentions of enterprises, each written as `name | tax code | district`.
    fn mentions(parties: &[&str]) -> Mentions {
        let head = "file | enterprise | tax_code | district";
        let rows: Vec<String> = parties
            .iter()
            .map(|party| format!("f1 | {party}"))
            .collect();
        let table = format!("{head}\n{}", rows.join("\n"));
        let tables = tables(&[submission(1, "SCT", "2023")], &[("support", &table)]);
        Mentions::in_tables(programme(), [&tables]).unwrap().0
    }

    fn resolve(parties: &[&str], own: usize, constraints: &[Constraint]) -> Resolution {
        let matcher = Arc::new(Matcher::new(&programme().linkage));
        Resolution::resolve(&matcher, mentions(parties), own, constraints)
    }

    /// Two that have one name in different districts: only a person can say whether they are one.
    const ALIKE: [&str; 2] = [
        "Công ty TNHH Cơ khí Mẫu Một | | bien-hoa",
        "Công ty TNHH Cơ khí Mẫu Một | | long-khanh",
    ];

    #[test]
    fn one_valid_tax_code_is_one_enterprise_however_it_is_written() {
        let resolution = resolve(
            &[
                "Công ty TNHH Cơ khí Mẫu Một | 3600265395 | bien-hoa",
                "CTY TNHH CK Mẫu 1 | 3600265395 | bien-hoa",
                "Công ty TNHH Cơ khí Mẫu Một | 3603295006 | bien-hoa",
            ],
            3,
            &[],
        );
        assert_eq!(resolution.cluster(0), resolution.cluster(1));
        assert_ne!(resolution.cluster(0), resolution.cluster(2));
    }

    #[test]
    fn a_question_about_two_of_other_programmes_is_not_asked() {
        assert_eq!(resolve(&ALIKE, 2, &[]).questions().len(), 1);
        assert_eq!(
            resolve(&ALIKE, 1, &[]).questions().len(),
            1,
            "one of them is our own"
        );
        assert_eq!(resolve(&ALIKE, 0, &[]).questions().len(), 0);
    }

    #[test]
    fn all_same_answers_every_open_question() {
        let open = resolve(&ALIKE, 2, &[]);
        assert_ne!(open.cluster(0), open.cluster(1));
        let supposed = resolve(&ALIKE, 2, &open.all_same());
        assert_eq!(supposed.cluster(0), supposed.cluster(1));
        assert!(supposed.questions().is_empty());
    }

    #[test]
    fn registers_join_only_the_enterprises_they_are_near_to() {
        let known = [
            "Công ty TNHH Cơ khí Mẫu Một | 3600265395 | bien-hoa",
            "Công ty Cổ phần Gỗ Mẫu Hai | 3603295006 | bien-hoa",
            "CTY CP Gỗ Mẫu Hai | 3603295006 | bien-hoa",
        ];
        let before = resolve(&known, 3, &[]);
        let register = mentions(&["Cơ khí Mẫu Một | 3600265395 | ", "Công ty Dệt Mẫu Ba | | "]);
        let near = BTreeSet::from([0]);
        let after = before
            .extended([&register].into_iter(), &near, &[])
            .unwrap();
        assert_eq!(
            after.cluster(3),
            after.cluster(0),
            "an entry joins the enterprise it is about"
        );
        assert_ne!(after.cluster(4), after.cluster(0));
        let kept = [1, 2].map(|place| after.cluster(place));
        assert_eq!(
            kept,
            [1, 2].map(|place| before.cluster(place)),
            "others keep their cluster"
        );
    }

    #[test]
    fn rows_are_labelled_with_the_enterprise_and_the_key_of_its_name() {
        let rows = "file | enterprise      | tax_code
                    f1   | Công ty Mẫu Một | 3600265395
                    f1   | CTY MẪU MỘT     | 3600265395";
        let mut tables = tables(&[submission(1, "SCT", "2023")], &[("support", rows)]);
        let (mentions, [places]) = Mentions::in_tables(programme(), [&tables]).unwrap();
        let matcher = Arc::new(Matcher::new(&programme().linkage));
        let resolution = Resolution::resolve(&matcher, mentions, 2, &[]);
        resolution.label(&mut tables, &places, 0).unwrap();
        let ids = column(&tables["support"], "enterprise_id");
        assert_eq!(ids, ["T3600265395", "T3600265395"]);
        let keys = column(&tables["support"], "name_key");
        assert_eq!(keys[0], vietext::name_key("Công ty Mẫu Một"));
    }
}
