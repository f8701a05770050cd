use crate::connected::group_numbers;
use crate::identity::compared_columns::ComparedColumns;
use crate::identity::reported::Reported;
use foldhash::{HashMap, HashMapExt};
use ledger::Verdict;
use link::{Agreement, CaseComparison, Likeness, ReferenceNumber};
use model::Period;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

/// The most comparisons between what is gone and what came of one reporter in one period; above it a workbook shares nothing with
/// the one before it, and all of it is told as gone.
const MOST_COMPARISONS: usize = 250_000;

/// The most persons or clubs of which each is compared with each other; above it only those that share a name or a number.
const MOST_COMPARED: usize = 400;

/// What persons said of one row, by its print and what was asked, the lower text first.
pub(crate) type RowDecisions = BTreeMap<[String; 2], Verdict>;

/// What persons said of cases.
#[derive(Debug, Clone, Default)]
pub(crate) struct CaseDecisions {
    /// Of two rows, by their fingerprints, the lower first: whether they are one case.
    pub pairs: BTreeMap<[String; 2], bool>,
    /// Of one row.
    pub rows: RowDecisions,
}

/// Which rows are about one case.
#[derive(Debug, Default)]
pub(crate) struct Cases {
    /// The case of each row, numbered by their first rows.
    pub of_row: Vec<usize>,
    /// Pairs of rows that may be one case, the earlier first.
    pub questions: Vec<(CaseDoubt, [usize; 2])>,
    /// Rows that a person said to tell again what another reporter tells, each with a row of that: they count nowhere.
    pub told_again: BTreeMap<usize, usize>,
}

/// Why two rows may be about one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseDoubt {
    /// A later period of the same reporter has the one in place of the other.
    OverPeriods,
    /// Two reporters tell the same.
    TwoReporters,
    /// They may be one person or one club.
    OneOfAll,
}

/// What names the case of a row: rows of one reporter with one key are one case.
pub(crate) trait CaseKey: Copy + Eq + Hash {}

impl<K: Copy + Eq + Hash> CaseKey for K {}

/// Rows of one key in a year of a reporter: one case, as far as keys tell.
struct Group {
    year: i32,
    /// The first and the last period that have it, if they are known.
    first: Option<Period>,
    last: Option<Period>,
    /// A row of the last of them.
    row: usize,
}

impl Cases {
    /// The cases of a form's rows. `keys` are of all rows, none if a row has no whole key; rows whose reporter is not known are
    /// cases by themselves. Without columns only keys count. `everywhere`: whoever reports a case, in whichever year.
    pub(crate) fn identify<K: CaseKey>(
        rows: &[Option<Reported<'_>>],
        keys: &[Option<K>],
        columns: Option<&mut ComparedColumns>,
        everywhere: bool,
        decisions: &CaseDecisions,
    ) -> Self {
        let numbers = RowNumbers::of(rows, keys);
        let mut found = Identification::group(rows, &numbers);
        if let Some(columns) = columns {
            let mut compared = Compared { columns, decisions };
            match everywhere {
                true => found.join_everywhere(keys, &mut compared),
                false => {
                    found.join_over_periods(rows, &mut compared);
                    found.join_over_years(&numbers, &compared);
                    found.ask_two_reporters(rows, &mut compared);
                }
            }
        }
        if !everywhere {
            found.join_keys_over_years(&numbers);
        }
        found.into_cases()
    }
}

/// Numbers of things in the order they are met: long texts are hashed once, and compared by their numbers from then on.
struct Numbering<T>(HashMap<T, usize>);

impl<T: Copy + Eq + Hash> Numbering<T> {
    fn with_capacity(things: usize) -> Self {
        Self(HashMap::with_capacity(things))
    }

    fn number(&mut self, thing: T) -> usize {
        let next = self.0.len();
        *self.0.entry(thing).or_insert(next)
    }
}

/// The reporters, heirs and keys of rows, by number.
struct RowNumbers {
    reporters: Vec<Option<usize>>,
    heirs: Vec<Option<usize>>,
    keys: Vec<Option<usize>>,
}

impl RowNumbers {
    fn of<'r, K: CaseKey>(rows: &[Option<Reported<'r>>], keys: &[Option<K>]) -> Self {
        let mut known = Numbering::with_capacity(keys.len());
        let mut by_name = Numbering::with_capacity(0);
        let mut number = |name: fn(&Reported<'r>) -> &'r str| -> Vec<Option<usize>> {
            let names = rows.iter().map(|row| row.as_ref().map(name));
            names
                .map(|name| name.map(|name| by_name.number(name)))
                .collect()
        };
        Self {
            reporters: number(|row| row.reporter),
            heirs: number(|row| row.heir),
            keys: keys
                .iter()
                .map(|key| key.map(|key| known.number(key)))
                .collect(),
        }
    }
}

/// The groups of all rows, and what joins them.
struct Identification {
    group_of: Vec<usize>,
    groups: Vec<Group>,
    pairs: Vec<(usize, usize)>,
    questions: Vec<(CaseDoubt, [usize; 2])>,
    told_again: BTreeMap<usize, usize>,
}

/// The columns that are compared, and what persons said.
struct Compared<'a> {
    columns: &'a mut ComparedColumns,
    decisions: &'a CaseDecisions,
}

impl Compared<'_> {
    /// What a person said of two rows.
    fn decided(&self, one: usize, other: usize) -> Option<bool> {
        if self.decisions.pairs.is_empty() {
            return None;
        }
        let mut prints = [one, other].map(|row| self.columns.fingerprint(row));
        prints.sort();
        self.decisions.pairs.get(&prints).copied()
    }

    /// How two rows compare, and how alike that makes them by a measure, unless a person said it.
    fn likeness(
        &mut self,
        [one, other]: [usize; 2],
        measure: impl Fn(&CaseComparison) -> Likeness,
    ) -> (Likeness, CaseComparison) {
        let comparison = self.columns.compare(one, other);
        let likeness = match self.decided(one, other) {
            Some(true) => Likeness::Same,
            Some(false) => Likeness::Different,
            None => measure(&comparison),
        };
        (likeness, comparison)
    }
}

impl Identification {
    fn group(rows: &[Option<Reported<'_>>], numbers: &RowNumbers) -> Self {
        let mut by_key = HashMap::<(usize, i32, usize), usize>::with_capacity(rows.len());
        let mut groups: Vec<Group> = Vec::with_capacity(rows.len());
        let mut group_of = Vec::with_capacity(rows.len());
        for (row, reported) in rows.iter().enumerate() {
            let period = reported.map(|it| it.period);
            let year = period.map_or(0, Period::calendar_year);
            let named = numbers.reporters[row].zip(numbers.keys[row]);
            let known = named.map(|(reporter, key)| {
                let next = groups.len();
                *by_key.entry((reporter, year, key)).or_insert(next)
            });
            let at = known.unwrap_or(groups.len());
            let since = reported.map(|it| it.since);
            match groups.get_mut(at) {
                Some(group) => {
                    group.first = group.first.min(since);
                    if period >= group.last {
                        (group.last, group.row) = (period, row);
                    }
                }
                None => groups.push(Group {
                    year,
                    first: since,
                    last: period,
                    row,
                }),
            }
            group_of.push(at);
        }
        Self {
            group_of,
            groups,
            pairs: Vec::new(),
            questions: Vec::new(),
            told_again: BTreeMap::new(),
        }
    }

    /// Joins what is gone from a period of a reporter's year with what came in its place.
    fn join_over_periods(&mut self, rows: &[Option<Reported<'_>>], compared: &mut Compared<'_>) {
        let mut by_year: BTreeMap<(&str, i32), Vec<usize>> = BTreeMap::new();
        for (at, group) in self.groups.iter().enumerate() {
            if let Some(reported) = rows[group.row] {
                let year = by_year.entry((reported.reporter, group.year)).or_default();
                year.push(at);
            }
        }
        for groups in by_year.into_values() {
            let periods: BTreeSet<Option<Period>> =
                groups.iter().map(|&at| self.groups[at].first).collect();
            for period in periods.into_iter().skip(1) {
                let (gone, came): (Vec<usize>, Vec<usize>) = (
                    self.some(&groups, |group| group.last < period),
                    self.some(&groups, |group| group.first == period),
                );
                self.join_successors(&gone, &came, compared);
            }
        }
    }

    fn some(&self, groups: &[usize], is_meant: impl Fn(&Group) -> bool) -> Vec<usize> {
        let groups = groups.iter().copied();
        groups.filter(|&at| is_meant(&self.groups[at])).collect()
    }

    /// Joins each case that is gone with the one that came in its place, if there is one and it is no other's.
    fn join_successors(&mut self, gone: &[usize], came: &[usize], compared: &mut Compared<'_>) {
        let mut alike: Vec<(usize, usize, Likeness, bool)> = Vec::new();
        for (before, after) in self.candidates(gone, came, compared.columns) {
            let (one, other) = (self.groups[before].row, self.groups[after].row);
            let told_until = self.groups[before].last.map(Period::last_day);
            let told_until = told_until.map_or_else(String::new, |day| day.to_string());
            let begun = compared.columns.day(other);
            let begun = begun.is_none_or(|day| day <= told_until.as_str());
            let measure = |comparison: &CaseComparison| comparison.of_one_reporter(begun);
            let (likeness, comparison) = compared.likeness([one, other], measure);
            if likeness > Likeness::Different {
                let has_amounts = comparison.amounts == Agreement::Equal;
                alike.push((before, after, likeness, has_amounts));
            }
        }
        // Of several that are alike those with the same amounts belong together.
        let mut joined: BTreeSet<usize> = BTreeSet::new();
        for with_amounts in [false, true] {
            let same: Vec<(usize, usize)> = alike
                .iter()
                .filter(|(before, after, likeness, amounts)| {
                    *likeness == Likeness::Same
                        && (*amounts || !with_amounts)
                        && !joined.contains(before)
                        && !joined.contains(after)
                })
                .map(|&(before, after, ..)| (before, after))
                .collect();
            let mut partners: BTreeMap<usize, usize> = BTreeMap::new();
            for at in same.iter().flat_map(|&(before, after)| [before, after]) {
                *partners.entry(at).or_default() += 1;
            }
            let is_single = |at: &usize| partners.get(at) == Some(&1);
            for (before, after) in same {
                if is_single(&before) && is_single(&after) {
                    joined.extend([before, after]);
                    self.groups[before].last = self.groups[after].last;
                    self.pairs.push((before, after));
                }
            }
        }
        for (before, after, ..) in alike {
            if !joined.contains(&before) && !joined.contains(&after) {
                let rows = [before, after].map(|at| self.groups[at].row);
                if compared.decided(rows[0], rows[1]).is_none() {
                    self.questions.push((CaseDoubt::OverPeriods, rows));
                }
            }
        }
    }

    /// The pairs that may be one case.
    fn candidates(
        &self,
        gone: &[usize],
        came: &[usize],
        columns: &ComparedColumns,
    ) -> Vec<(usize, usize)> {
        if columns.is_by_id() {
            let mut by_id = HashMap::<&str, Vec<usize>>::with_capacity(came.len());
            for &after in came {
                if let Some(id) = columns.subject_id(self.groups[after].row) {
                    by_id.entry(id).or_default().push(after);
                }
            }
            let of = |&before: &usize| {
                let id = columns.subject_id(self.groups[before].row);
                let alike = id.and_then(|id| by_id.get(id)).into_iter().flatten();
                alike.map(move |&after| (before, after))
            };
            let pairs: Vec<(usize, usize)> = gone.iter().flat_map(of).collect();
            return if pairs.len() > MOST_COMPARISONS {
                Vec::new()
            } else {
                pairs
            };
        }
        if gone.len().saturating_mul(came.len()) > MOST_COMPARISONS {
            return Vec::new();
        }
        let of = |&before: &usize| came.iter().map(move |&after| (before, after));
        gone.iter().flat_map(of).collect()
    }

    /// Joins cases of one reporter that go on over years by the numbers of their contracts, if in each year one has it.
    fn join_over_years(&mut self, numbers: &RowNumbers, compared: &Compared<'_>) {
        let columns = &*compared.columns;
        if !columns.is_by_id() {
            return;
        }
        let mut subjects = Numbering::with_capacity(self.groups.len());
        let mut by_subject: Vec<([usize; 2], usize)> = Vec::with_capacity(self.groups.len());
        for (at, group) in self.groups.iter().enumerate() {
            let heir = numbers.heirs[group.row];
            if let Some((heir, id)) = heir.zip(columns.subject_id(group.row)) {
                by_subject.push(([heir, subjects.number(id)], at));
            }
        }
        by_subject.sort_unstable();
        let year = |at: usize| self.groups[at].year;
        for of_subject in by_subject.chunk_by(|a, b| a.0 == b.0) {
            let mut groups = of_subject.iter().map(|(_, at)| *at);
            // Only of subjects that have cases in several years are the numbers read.
            let first = year(of_subject[0].1);
            if groups.clone().all(|at| year(at) == first) {
                continue;
            }
            let document = |at: usize| Some((columns.document(self.groups[at].row)?, at));
            let mut documents: Vec<(ReferenceNumber, usize)> =
                groups.by_ref().filter_map(document).collect();
            documents.sort_unstable();
            for of_one in documents.chunk_by(|a, b| a.0 == b.0) {
                let years: BTreeSet<i32> = of_one.iter().map(|(_, at)| year(*at)).collect();
                if years.len() == of_one.len() {
                    let pairs = of_one.windows(2).map(|pair| (pair[0].1, pair[1].1));
                    self.pairs.extend(pairs);
                }
            }
        }
    }

    /// Joins what one reporter reports under one key in several years.
    fn join_keys_over_years(&mut self, numbers: &RowNumbers) {
        let mut first = HashMap::<(usize, usize), usize>::with_capacity(self.groups.len());
        for (at, group) in self.groups.iter().enumerate() {
            if let Some(key) = numbers.heirs[group.row].zip(numbers.keys[group.row]) {
                let known = *first.entry(key).or_insert(at);
                if known != at {
                    self.pairs.push((known, at));
                }
            }
        }
    }

    /// Joins persons and clubs that are surely one, those of one key among them; what is not sure is asked once for two of them.
    fn join_everywhere<K: CaseKey>(&mut self, keys: &[Option<K>], compared: &mut Compared<'_>) {
        let mut alike: BTreeMap<(usize, usize), (Likeness, CaseComparison)> = BTreeMap::new();
        for (one, other) in self.candidates_everywhere(compared.columns) {
            let rows = [one, other].map(|at| self.groups[at].row);
            let [a, b] = rows.map(|row| keys[row]);
            let measure = |comparison: &CaseComparison| match a.is_some() && a == b {
                true => Likeness::Same,
                false => comparison.of_anyone(),
            };
            alike.insert((one, other), compared.likeness(rows, measure));
        }
        // Two that are surely one are joined if nothing speaks against anybody in the one being somebody in the other.
        let mut cluster: Vec<usize> = (0..self.groups.len()).collect();
        let mut members: Vec<Vec<usize>> = (0..self.groups.len()).map(|at| vec![at]).collect();
        let same = alike.iter().filter(|(_, it)| it.0 == Likeness::Same);
        for (&(one, other), _) in same {
            let (a, b) = (cluster[one], cluster[other]);
            if a == b {
                continue;
            }
            let crossing = members[a]
                .iter()
                .flat_map(|&x| members[b].iter().map(move |&y| (x.min(y), x.max(y))));
            let agree = crossing.into_iter().all(|(x, y)| match alike.get(&(x, y)) {
                Some((likeness, comparison)) => {
                    *likeness == Likeness::Same || !comparison.is_contradiction()
                }
                None => {
                    let [x, y] = [x, y].map(|at| self.groups[at].row);
                    !compared.columns.compare(x, y).is_contradiction()
                }
            });
            if agree {
                let moved = std::mem::take(&mut members[b]);
                moved.iter().for_each(|&at| cluster[at] = a);
                members[a].extend(moved);
                self.pairs.push((one, other));
            }
        }
        let mut asked = BTreeSet::new();
        for (&(one, other), (likeness, _)) in &alike {
            let (a, b) = (cluster[one], cluster[other]);
            let rows = [one, other].map(|at| self.groups[at].row);
            let is_open = a != b && *likeness > Likeness::Different;
            if is_open
                && compared.decided(rows[0], rows[1]).is_none()
                && asked.insert((a.min(b), a.max(b)))
            {
                self.questions.push((CaseDoubt::OneOfAll, rows));
            }
        }
    }

    /// Asks of what two reporters tell alike in one year, and leaves out what a person said to be told twice. Support is compared
    /// elsewhere, by whom it was given to.
    fn ask_two_reporters(&mut self, rows: &[Option<Reported<'_>>], compared: &mut Compared<'_>) {
        if compared.columns.is_by_id() {
            return;
        }
        for (one, other) in self.candidates_everywhere(compared.columns) {
            let [a, b] = [one, other].map(|at| self.groups[at].row);
            let are_two = match (rows[a], rows[b]) {
                (Some(a), Some(b)) => a.reporter != b.reporter && a.year() == b.year(),
                _ => false,
            };
            if !are_two {
                continue;
            }
            match compared
                .likeness([a, b], CaseComparison::of_two_reporters)
                .0
            {
                Likeness::Different => {}
                Likeness::Ask => self.questions.push((CaseDoubt::TwoReporters, [a, b])),
                Likeness::Same => {
                    let of_second = self.group_of.iter().enumerate();
                    let rows = of_second.filter(|(_, group)| **group == other);
                    self.told_again.extend(rows.map(|(row, _)| (row, a)));
                }
            }
        }
    }

    fn candidates_everywhere(&self, columns: &mut ComparedColumns) -> Vec<(usize, usize)> {
        let count = self.groups.len();
        if count <= MOST_COMPARED {
            let of = |one: usize| (one + 1..count).map(move |other| (one, other));
            return (0..count).flat_map(of).collect();
        }
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, group) in self.groups.iter().enumerate() {
            let words = columns.subject_words(group.row).join(" ");
            let number = columns.number(group.row).map(vietext::fold);
            for key in [Some(vietext::fold(&words)), number].into_iter().flatten() {
                blocks.entry(key).or_default().push(at);
            }
        }
        let pairs: BTreeSet<(usize, usize)> = blocks
            .into_values()
            .flat_map(|block| {
                let of = |&one: &usize| block.iter().map(move |&other| (one, other));
                let pairs: Vec<(usize, usize)> = block.iter().flat_map(of).collect();
                pairs.into_iter().filter(|(one, other)| one < other)
            })
            .collect();
        pairs.into_iter().collect()
    }

    fn into_cases(self) -> Cases {
        // Groups are in the order of their first rows, and so are their cases.
        let case_of_group = group_numbers(self.groups.len(), self.pairs);
        let of_row = self.group_of.iter().map(|&at| case_of_group[at]).collect();
        Cases {
            of_row,
            questions: self.questions,
            told_again: self.told_again,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::answer_index::AnswerIndex;
    use crate::support::resolved::{OtherProgrammes, ResolvedSnapshot};
    use crate::testing::{answer, column, programme, snapshot, snapshot_by, submission, succeed};
    use ledger::{Answer, Submission, Verdict};

    fn resolved(
        sent: &[Submission],
        form: &str,
        rows: &str,
        answers: &[Answer],
    ) -> ResolvedSnapshot {
        let (snapshot, others) = (snapshot(sent, &[(form, rows)]), OtherProgrammes::default());
        ResolvedSnapshot::resolve(programme(), snapshot, others, &AnswerIndex::new(answers))
            .unwrap()
    }

    /// The rows that count of what SCT reports for two quarters (`f1`, `f2`), and what is asked, as 'record?record'.
    fn over_quarters(form: &str, rows: &str) -> [Vec<String>; 2] {
        let sent = [
            submission(1, "SCT", "2023-Q1"),
            submission(2, "SCT", "2023-Q2"),
        ];
        let found = resolved(&sent, form, rows, &[]);
        let mut asked: Vec<String> = found
            .may_be_one
            .iter()
            .map(|pair| {
                pair.sides
                    .each_ref()
                    .map(|side| side.record.as_str())
                    .join("?")
            })
            .collect();
        let record = |at: &usize| column(found.index.cases.frame(), "record")[*at].clone();
        let pairs = found.index.may_be_one.iter();
        asked.extend(pairs.map(|pair| pair.each_ref().map(record).join("?")));
        [column(&found.snapshot.accepted[form], "record"), asked]
    }

    /// What counts if nothing is asked.
    fn counted(form: &str, rows: &str) -> Vec<String> {
        let [counted, asked] = over_quarters(form, rows);
        assert!(asked.is_empty(), "{asked:?}");
        counted
    }

    #[test]
    fn a_contract_that_gets_its_number_is_the_same_case() {
        let rows = "file | enterprise | content | contract | start      | state_budget
                    f1   | Mẫu        | 3a1     |          | 2023-03-01 | 10
                    f2   | Mẫu        | 3a1     | 1/HĐ     | 2023-03-01 | 20";
        assert_eq!(counted("support", rows), ["f2:2"]);
    }

    #[test]
    fn what_stands_for_a_number_that_is_not_known_yet_is_none() {
        let rows = "file | enterprise | content | contract | start      | state_budget
                    f1   | Mẫu        | 3a1     | chưa ký  | 2023-03-01 | 10
                    f2   | Mẫu        | 3a1     | 1/HĐ     | 2023-03-01 | 20";
        assert_eq!(counted("support", rows), ["f2:2"]);
    }

    #[test]
    fn a_content_that_is_coded_otherwise_is_the_same_case() {
        let rows = "file | enterprise | content | contract | start      | state_budget
                    f1   | Mẫu        | 3a1     | 1/HĐ     | 2023-03-01 | 10
                    f2   | Mẫu        | 3b5     | 1/HĐ     | 2023-03-01 | 20";
        assert_eq!(counted("support", rows), ["f2:2"]);
    }

    #[test]
    fn a_contract_of_two_contents_is_two_cases() {
        let rows = "file | enterprise | content | contract | start      | state_budget
                    f1   | Mẫu        | 3a1     | 1/HĐ     | 2023-03-01 | 10
                    f1   | Mẫu        | 3b5     | 1/HĐ     | 2023-03-01 | 10
                    f2   | Mẫu        | 3a1     | 1/HĐ     | 2023-03-01 | 10
                    f2   | Mẫu        | 3b5     | 1/HĐ     | 2023-03-01 | 10";
        assert_eq!(counted("support", rows), ["f2:3", "f2:4"]);
    }

    #[test]
    fn a_day_that_is_mended_makes_no_other_course() {
        let rows = "file | name   | task   | start      | participants
                    f1   | Lớp 5S | IV.4.a | 2023-03-01 | 30
                    f2   | Lớp 5S | IV.4.a | 2023-03-10 | 30";
        assert_eq!(counted("training", rows), ["f2:2"]);
    }

    #[test]
    fn a_course_in_the_next_quarter_is_asked_if_the_one_before_is_gone() {
        let rows = "file | name   | task   | start      | participants
                    f1   | Lớp 5S | IV.4.a | 2023-03-01 | 30
                    f2   | Lớp 5S | IV.4.a | 2023-05-10 | 30";
        let [counted, asked] = over_quarters("training", rows);
        assert_eq!(counted, ["f1:1", "f2:2"]);
        assert_eq!(asked, ["f1:1?f2:2"]);
    }

    #[test]
    fn a_course_that_comes_beside_the_one_before_is_another() {
        let rows = "file | name   | task   | start      | participants
                    f1   | Lớp 5S | IV.4.a | 2023-03-01 | 30
                    f2   | Lớp 5S | IV.4.a | 2023-03-01 | 30
                    f2   | Lớp 5S | IV.4.a | 2023-03-10 | 30";
        assert_eq!(counted("training", rows), ["f2:2", "f2:3"]);
    }

    #[test]
    fn what_has_no_day_and_no_number_is_known_by_its_name() {
        let rows = "file | name                  | kind    | task
                    f1   | Chuyên mục năng suất  | website | IV.2.b
                    f2   | Chuyên mục Năng suất  | website | IV.2.b";
        assert_eq!(counted("communication", rows), ["f2:2"]);
        let rows = "file | name                        | number | task
                    f1   | Quy chế hỗ trợ doanh nghiệp |        | IV.1.a
                    f2   | Quy chế hỗ trợ doanh nghiệp | 12/QĐ  | IV.1.a";
        assert_eq!(counted("policy", rows), ["f2:2"]);
    }

    #[test]
    fn a_contract_with_another_number_is_asked_if_all_else_is_the_same() {
        let rows = "file | enterprise | content | contract | start      | state_budget
                    f1   | Mẫu        | 3a1     | 1/HĐ     | 2023-03-01 | 10
                    f2   | Mẫu        | 3a1     | 7/HĐ     | 2023-03-01 | 10";
        let [counted, asked] = over_quarters("support", rows);
        assert_eq!(counted, ["f1:1", "f2:2"]);
        assert_eq!(asked, ["f1:1?f2:2"]);
    }

    #[test]
    fn of_several_that_are_alike_those_with_one_amount_belong_together() {
        let rows = "file | name    | task   | start      | participants
                    f1   | Lớp ISO | IV.4.a |            | 30
                    f1   | Lớp ISO | IV.4.a |            | 25
                    f2   | Lớp ISO | IV.4.a | 2023-03-01 | 25
                    f2   | Lớp ISO | IV.4.a | 2023-02-01 | 30";
        assert_eq!(counted("training", rows), ["f2:3", "f2:4"]);
    }

    #[test]
    fn an_answer_says_whether_two_are_one() {
        let sent = [
            submission(1, "SCT", "2023-Q1"),
            submission(2, "SCT", "2023-Q2"),
        ];
        let rows = "file | name   | task   | start      | participants
                    f1   | Lớp 5S | IV.4.a | 2023-03-01 | 30
                    f2   | Lớp 5S | IV.4.a | 2023-05-10 | 30";
        let open = resolved(&sent, "training", rows, &[]);
        let key = open.may_be_one[0].key();
        let prints = key.each_ref().map(String::as_str);
        for (verdict, left) in [(Verdict::Duplicate, 1), (Verdict::NotDuplicate, 2)] {
            let answered = resolved(&sent, "training", rows, &[answer(verdict, prints)]);
            assert_eq!(answered.snapshot.accepted["training"].height(), left);
            assert!(answered.may_be_one.is_empty());
        }
    }

    #[test]
    fn a_case_that_runs_over_years_is_one_and_counts_in_each() {
        let sent = [submission(1, "SCT", "2022"), submission(2, "SCT", "2023")];
        let rows = "file | enterprise | content | contract      | start      | state_budget
                    f1   | Mẫu        | 3a1     | 1/HĐ          | 2022-03-01 | 10
                    f2   | Mẫu        | 3b5     | 1/HĐ          | 2022-03-01 | 20";
        let found = resolved(&sent, "support", rows, &[]);
        let frame = &found.snapshot.accepted["support"];
        assert_eq!(column(frame, "case_id"), ["f1:1", "f1:1"]);
        assert_eq!(
            column(found.index.cases.frame(), "record"),
            ["f2:2"],
            "only its last year is compared"
        );
    }

    /// The ids of the persons whom SCT (`f1`) and SXD (`f2`) report, and what is asked.
    fn persons(rows: &str) -> [Vec<String>; 2] {
        let sent = [submission(1, "SCT", "2022"), submission(2, "SXD", "2023")];
        let found = resolved(&sent, "expert", rows, &[]);
        let asked = found.may_be_one.iter();
        [
            column(&found.snapshot.accepted["expert"], "case_id"),
            asked
                .map(|pair| {
                    pair.sides
                        .each_ref()
                        .map(|side| side.record.as_str())
                        .join("?")
                })
                .collect(),
        ]
    }

    #[test]
    fn spellings_of_one_person_and_a_second_certificate_are_one() {
        let [ids, asked] = persons(
            "file | name              | organisation   | birth_year | certificate
             f1   | Nguyễn Văn Ân     | Sở Công Thương | 1980       | 12/CN
             f1   | NGUYỄN VĂN ÂN     | Sở CT          | 1980       | 
             f2   | Nguyen Van An     |                | 1980       | 12/CN
             f2   | Ông Nguyễn Văn Ân | Sở Công Thương |            | 77/CN",
        );
        let one = "Nguyễn Văn Ân · 12/CN";
        assert_eq!(ids, [one, one, one, one]);
        assert!(asked.is_empty());
    }

    #[test]
    fn two_persons_of_one_name_are_two() {
        let [ids, asked] = persons(
            "file | name          | organisation   | birth_year | certificate
             f1   | Nguyễn Văn Ân | Sở Công Thương | 1980       | 12/CN
             f2   | Nguyễn Văn Ân | Công ty Mẫu    | 1991       | 13/CN
             f2   | Nguyễn Văn Ẩn | Sở Công Thương |            | 14/CN",
        );
        let [one, two] = ["Nguyễn Văn Ân · 12/CN", "Nguyễn Văn Ân · 13/CN"];
        assert_eq!(ids, [one, two, "Nguyễn Văn Ẩn · 14/CN"]);
        assert!(asked.is_empty());
    }

    #[test]
    fn one_name_at_two_places_is_asked_and_neither_joins_whom_the_other_is_not() {
        let [ids, asked] = persons(
            "file | name          | organisation   | birth_year | certificate
             f1   | Nguyễn Văn Ân | Sở Công Thương | 1980       |
             f1   | Nguyễn Văn Ân | Sở Công Thương |            |
             f2   | Nguyễn Văn Ân | Sở Công Thương | 1991       |",
        );
        assert_eq!(ids, ["Nguyễn Văn Ân", "Nguyễn Văn Ân", "Nguyễn Văn Ân (2)"]);
        assert_eq!(asked.len(), 1, "{asked:?}");
    }

    #[test]
    fn spellings_of_one_club_are_one() {
        let sent = [submission(1, "SCT", "2022"), submission(2, "SXD", "2023")];
        let rows = "file | school                   | name                                | founded_on
                    f1   | ĐH Lạc Hồng              | CLB NSCL                            | 2022-05-01
                    f1   | Trường Đại học Lạc Hồng  | Câu lạc bộ Năng suất chất lượng     | 2022-05-01
                    f2   | Trường Đại học Lạc Hồng  | CLB năng suất chất lượng Lạc Hồng   | 2022-05-01
                    f2   | Trường Đại học Đồng Nai  | CLB NSCL                            | 2022-05-01
                    f2   | Trường Đại học Đồng Nai  | CLB NSCL                            | 2023-05-01";
        let found = resolved(&sent, "club", rows, &[]);
        let ids = column(&found.snapshot.accepted["club"], "case_id");
        assert_eq!(ids[0], ids[1]);
        assert_eq!(ids[0], ids[2]);
        assert_ne!(ids[0], ids[3]);
        assert_eq!(ids[3], ids[4], "one key is one club");
        assert!(found.may_be_one.is_empty());
    }

    #[test]
    fn whoever_succeeds_a_department_goes_on_with_its_cases() {
        let mut programme = programme().clone();
        succeed(&mut programme, "SGTVT", "2023-02-28", "SXD");
        let rows = "file | enterprise | content | contract | start      | state_budget
                    f1   | Mẫu        | 3a1     | 1/HĐ     | 2023-01-01 | 10
                    f2   | Mẫu        | 3a1     | 1/HĐ     | 2023-01-01 | 20";
        for period in ["2023-Q2", "2023"] {
            let sent = [
                submission(1, "SGTVT", "2023-Q1"),
                submission(2, "SXD", period),
            ];
            let snapshot = snapshot_by(&programme, &sent, &[("support", rows)]);
            let (answers, others) = (AnswerIndex::default(), OtherProgrammes::default());
            let found = ResolvedSnapshot::resolve(&programme, snapshot, others, &answers).unwrap();
            let frame = &found.snapshot.accepted["support"];
            assert_eq!(column(frame, "record"), ["f2:2"], "{period}");
        }
    }
}
