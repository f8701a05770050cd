use crate::connected::connected;
use crate::snapshot::rows::{Snapshot, year_of};
use crate::support::overlap_line::OverlapLine;
use crate::support::support_line::SupportLine;
use crate::text_column::texts;
use link::OverlapClass;
use polars::prelude::*;
use programme::tables::{self, DuplicateRow, Tables};
use programme::{Form, Programme};
use std::collections::{BTreeMap, BTreeSet};

/// What the overlaps of support, and what persons decided on them, change in the tables that indicators count.
#[derive(Debug, Clone, Default)]
pub(crate) struct DecidedSupport {
    /// The cases that were given elsewhere as well, or may have been: whether a person said so, and whether it is the second
    /// of two departments' cases.
    duplicates: BTreeMap<String, (bool, bool)>,
    /// The records that say again what another department's says: they are in no figure.
    left_out: BTreeSet<String>,
    /// The records of cases that several paid: the group of the case, and its place among those of the group.
    joint: BTreeMap<String, (usize, usize)>,
}

impl DecidedSupport {
    /// Of all overlaps, if a person found all of those that wait to be reported twice; none if none of them waits that is of two
    /// departments' cases.
    pub(crate) fn if_all_twice(overlaps: &[OverlapLine]) -> Option<Self> {
        let waits = |overlap: &OverlapLine| overlap.waits && second_counts_elsewhere(overlap);
        if !overlaps.iter().any(waits) {
            return None;
        }
        let is_twice = |overlap: &OverlapLine| overlap.is_decided_duplicate() || waits(overlap);
        Some(Self::given(overlaps, is_twice))
    }

    /// Of all overlaps: of two departments' cases the one that began later is the second.
    pub(crate) fn of(overlaps: &[OverlapLine]) -> Self {
        Self::given(overlaps, OverlapLine::is_decided_duplicate)
    }

    fn given(overlaps: &[OverlapLine], is_twice: impl Fn(&OverlapLine) -> bool) -> Self {
        let mut decided = Self::default();
        let mut pairs = Vec::new();
        for overlap in overlaps {
            let (first, second) = in_order(overlap);
            let is_second = second_counts_elsewhere(overlap);
            let may_be = overlap.class == OverlapClass::Duplicate && overlap.waits;
            if is_twice(overlap) || may_be {
                // A case that is part of several overlaps is as sure as the surest of them.
                let known = decided.duplicates.entry(second.record.clone());
                let sure = (is_twice(overlap), is_second);
                let known = known.or_default();
                *known = (*known).max(sure);
            }
            if !is_second {
                continue;
            }
            if is_twice(overlap) {
                decided.left_out.insert(second.record.clone());
            }
            if is_twice(overlap) || overlap.is_decided_joint() {
                pairs.push([first, second]);
            }
        }
        let groups = connected_cases(&pairs).into_iter().map(|cases| {
            let kept = cases.into_iter();
            kept.filter(|record| !decided.left_out.contains(record))
                .collect::<Vec<_>>()
        });
        let groups = groups.filter(|cases| cases.len() > 1);
        decided.joint = groups
            .enumerate()
            .flat_map(|(group, cases)| {
                let placed = cases.into_iter().enumerate();
                placed.map(move |(place, record)| (record, (group, place)))
            })
            .collect();
        decided
    }

    /// The same for the records by which the reporters of these cases report them in other periods: of a case that goes on
    /// over years only the last was compared.
    pub(crate) fn over_periods(
        mut self,
        programme: &Programme,
        snapshot: &Snapshot,
    ) -> PolarsResult<Self> {
        for (_, frame) in grants(programme, &snapshot.accepted) {
            let [cases, files, records] =
                ["case_id", "file", "record"].map(|name| texts(frame, name));
            let (of_row, files, records) = (cases?, files?, records?);
            let mut cases: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
            for (at, case) in of_row.iter().enumerate() {
                if let (Some(case), Some(file), Some(record)) =
                    (case, files.get(at), records.get(at))
                {
                    cases.entry(case).or_default().push((file, record));
                }
            }
            for rows in cases.into_values() {
                // Where a report has several rows of one case, nothing says which of them is meant.
                let files: BTreeSet<&str> = rows.iter().map(|(file, _)| *file).collect();
                if files.len() == rows.len() {
                    self.extend(rows.into_iter().map(|(_, record)| record));
                }
            }
        }
        Ok(self)
    }

    /// Gives all records of a case what was decided on one of them.
    fn extend<'r>(&mut self, records: impl Iterator<Item = &'r str> + Clone) {
        let is_left_out = records.clone().any(|record| self.left_out.contains(record));
        let joint = records
            .clone()
            .find_map(|record| self.joint.get(record).copied());
        for record in records {
            if is_left_out {
                self.left_out.insert(record.to_owned());
            } else if let Some(joint) = joint {
                self.joint.entry(record.to_owned()).or_insert(joint);
            }
        }
    }

    /// The records of cases that were given elsewhere as well, or may have been: whether a person said so.
    pub(crate) fn duplicates(&self) -> BTreeMap<String, bool> {
        let duplicates = self.duplicates.iter();
        duplicates
            .map(|(record, (is_decided, _))| (record.clone(), *is_decided))
            .collect()
    }

    /// The records that say again what another department's says: they are in no figure.
    pub(crate) fn reported_twice(&self) -> &BTreeSet<String> {
        &self.left_out
    }

    /// Takes the records that are left out from the tables of some years, leaves the enterprise's own money of a case that
    /// several paid with the one that reports most of it, and adds the table of duplicates.
    pub(crate) fn apply(&self, programme: &Programme, forms: &mut Tables) -> PolarsResult<()> {
        let own = self.duplicates.iter();
        let mut rows: Vec<DuplicateRow> = own
            .map(|(record, (is_decided, is_second))| DuplicateRow {
                record: record.clone(),
                is_decided: *is_decided,
                is_second: *is_second,
                is_joint: false,
            })
            .collect();
        let mut counted = Vec::new();
        for (form, frame) in grants(programme, forms) {
            let records = texts(frame, "record")?;
            let is_counted =
                |record: Option<&str>| record.is_none_or(|record| !self.left_out.contains(record));
            let mask: BooleanChunked = records.iter().map(is_counted).collect();
            let mut frame = frame.filter(&mask)?;
            rows.extend(self.joint_seconds(&frame)?);
            self.leave_own_money_once(form, &mut frame)?;
            counted.push((form.code.clone(), frame));
        }
        forms.extend(counted);
        forms.insert(tables::DUPLICATE.to_owned(), tables::duplicates(&rows)?);
        Ok(())
    }

    /// The rows of a frame that are about cases which several paid, by case and year, with their places in their groups.
    fn joint_rows(&self, frame: &DataFrame) -> PolarsResult<BTreeMap<JointYear, Vec<JointRow>>> {
        let (records, periods) = (texts(frame, "record")?, texts(frame, "period")?);
        let mut rows: BTreeMap<JointYear, Vec<JointRow>> = BTreeMap::new();
        for (at, record) in records.iter().enumerate() {
            if let Some(&(group, place)) = record.and_then(|record| self.joint.get(record)) {
                let year = periods.get(at).and_then(year_of);
                rows.entry((group, year))
                    .or_default()
                    .push(JointRow { at, place });
            }
        }
        Ok(rows)
    }

    /// Of a case that several paid in a year, the rows but those of who began first: they are no case of their own.
    fn joint_seconds(&self, frame: &DataFrame) -> PolarsResult<Vec<DuplicateRow>> {
        let records = texts(frame, "record")?;
        let mut seconds = Vec::new();
        for rows in self.joint_rows(frame)?.into_values() {
            let first = rows.iter().map(|row| row.place).min();
            let others = rows.iter().filter(|row| Some(row.place) != first);
            seconds.extend(others.filter_map(|row| {
                Some(DuplicateRow {
                    record: records.get(row.at)?.to_owned(),
                    is_decided: true,
                    is_second: true,
                    is_joint: true,
                })
            }));
        }
        Ok(seconds)
    }

    fn leave_own_money_once(&self, form: &Form, frame: &mut DataFrame) -> PolarsResult<()> {
        let own_money = form
            .grant
            .as_ref()
            .and_then(|grant| grant.own_money.as_ref());
        let Some(name) = own_money else {
            return Ok(());
        };
        let amounts = frame.column(name)?.i64()?.clone();
        let mut none = BTreeSet::new();
        for rows in self.joint_rows(frame)?.into_values() {
            let mut by_place: BTreeMap<usize, i128> = BTreeMap::new();
            for row in &rows {
                let amount = i128::from(amounts.get(row.at).unwrap_or_default());
                *by_place.entry(row.place).or_default() += amount;
            }
            // Of equal amounts the first one's stays.
            let most = by_place
                .iter()
                .max_by_key(|(place, sum)| (**sum, std::cmp::Reverse(**place)));
            let kept = most.map(|(place, _)| *place);
            none.extend(
                rows.iter()
                    .filter(|row| Some(row.place) != kept)
                    .map(|row| row.at),
            );
        }
        if none.is_empty() {
            return Ok(());
        }
        let amounts: Vec<Option<i64>> = amounts
            .iter()
            .enumerate()
            .map(|(at, amount)| amount.filter(|_| !none.contains(&at)))
            .collect();
        frame.with_column(Column::new(name.as_str().into(), amounts))?;
        Ok(())
    }
}

/// A case that several paid, in a year.
type JointYear = (usize, Option<i32>);

/// A row of such a case.
struct JointRow {
    /// Its place in the frame.
    at: usize,
    /// The place of who reports it among those that paid.
    place: usize,
}

/// The tables of forms whose rows are support.
fn grants<'t>(
    programme: &'t Programme,
    forms: &'t Tables,
) -> impl Iterator<Item = (&'t Form, &'t DataFrame)> {
    let forms = forms.iter();
    let form = |(code, frame): (&'t String, &'t DataFrame)| Some((programme.form(code)?, frame));
    forms
        .filter_map(form)
        .filter(|(form, _)| form.grant.is_some())
}

/// When a case began; the record breaks a tie of days, so that the same ledger always takes the same one for the second.
fn began(line: &SupportLine) -> (Option<chrono::NaiveDate>, &str) {
    (line.from, &line.record)
}

/// Whether both cases are departments': then the first of them counts already.
fn second_counts_elsewhere(overlap: &OverlapLine) -> bool {
    overlap.right.register.is_none()
}

/// The two cases, the first one first; a department's is second to one of another programme. Of what one department told in two
/// periods of a year the later tells how it stands, so that comes first.
fn in_order(overlap: &OverlapLine) -> (&SupportLine, &SupportLine) {
    let (left, right) = (&overlap.left, &overlap.right);
    let are_one_year =
        left.department == right.department && left.year() == right.year() && left.year().is_some();
    if are_one_year && left.period != right.period {
        return match left.period > right.period {
            true => (left, right),
            false => (right, left),
        };
    }
    match second_counts_elsewhere(overlap) && began(left) < began(right) {
        true => (left, right),
        false => (right, left),
    }
}

/// The records of cases that are connected by pairs, group by group in the order of their first cases; within a group in the
/// order in which they began.
fn connected_cases(pairs: &[[&SupportLine; 2]]) -> Vec<Vec<String>> {
    let cases: BTreeSet<_> = pairs.iter().flatten().map(|line| began(line)).collect();
    let cases: Vec<_> = cases.into_iter().collect();
    // Each of them is there.
    let place = |line: &SupportLine| cases.binary_search(&began(line)).unwrap_or_default();
    let places = pairs.iter().map(|[a, b]| (place(a), place(b)));
    let record = |at: usize| cases[at].1.to_owned();
    connected(cases.len(), places)
        .into_iter()
        .map(|group| group.into_iter().map(record).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::DecidedSupport;
    use crate::support::overlap_line::OverlapLine;
    use crate::support::support_line::SupportLine;
    use crate::testing::{column, day, programme, resolved, submission, support_line};
    use link::OverlapClass;
    use programme::tables::{DUPLICATE, Tables};

    fn overlap(left: SupportLine, right: SupportLine, class: OverlapClass) -> OverlapLine {
        crate::testing::overlap(class, [left, right])
    }

    /// The table of duplicates of some overlaps: record, whether it is decided, whether it is the second of two.
    fn duplicates(overlaps: Vec<OverlapLine>) -> Vec<String> {
        let mut forms = Tables::new();
        let decided = DecidedSupport::of(&overlaps);
        decided.apply(programme(), &mut forms).unwrap();
        let names = ["record", "is_decided", "is_second"];
        let [records, decided, second] = names.map(|name| column(&forms[DUPLICATE], name));
        let rows = records.iter().zip(decided).zip(second);
        rows.map(|((record, decided), second)| format!("{record} {decided} {second}"))
            .collect()
    }

    #[test]
    fn what_waits_may_turn_out_to_be_reported_twice() {
        let pair = || [support_line("SXD", "Mẫu"), support_line("SCT", "Mẫu")];
        let found = |class| {
            let [left, right] = pair();
            DecidedSupport::if_all_twice(&[overlap(left, right, class)])
        };
        let supposed = found(OverlapClass::Duplicate).unwrap();
        assert_eq!(supposed.reported_twice().len(), 1);
        assert!(found(OverlapClass::Repeat).is_none(), "nobody is asked");
        let [left, right] = pair();
        let as_it_is = DecidedSupport::of(&[overlap(left, right, OverlapClass::Duplicate)]);
        assert!(as_it_is.reported_twice().is_empty());
    }

    #[test]
    fn of_two_departments_the_one_that_began_later_is_the_second() {
        let early = support_line("SXD", "Mẫu");
        let late = SupportLine {
            from: Some(day("2023-09-01")),
            ..support_line("SCT", "Mẫu")
        };
        for [left, right] in [[&early, &late], [&late, &early]] {
            let found = overlap(left.clone(), right.clone(), OverlapClass::Duplicate);
            assert_eq!(duplicates(vec![found]), ["SCT:5 false true"]);
        }
    }

    #[test]
    fn what_another_programme_gave_too_is_no_second() {
        let elsewhere = SupportLine {
            department: None,
            register: Some("sme".to_owned()),
            ..support_line("", "Mẫu")
        };
        let found = overlap(
            support_line("SCT", "Mẫu"),
            elsewhere,
            OverlapClass::Duplicate,
        );
        assert_eq!(duplicates(vec![found]), ["SCT:5 false false"]);
    }

    #[test]
    fn only_what_is_decided_or_waits_as_a_duplicate_is_one_and_the_surest_counts() {
        let case = || support_line("SCT", "Mẫu");
        let first = || SupportLine {
            from: Some(day("2023-01-01")),
            ..support_line("SXD", "Mẫu")
        };
        let decided = |class, decision| OverlapLine {
            waits: false,
            decision: Some(decision),
            ..overlap(first(), case(), class)
        };
        let waiting = || overlap(first(), case(), OverlapClass::Duplicate);
        assert_eq!(
            duplicates(vec![decided(OverlapClass::Duplicate, "not_duplicate")]),
            [""; 0]
        );
        for class in [
            OverlapClass::Unclear,
            OverlapClass::Repeat,
            OverlapClass::Combined,
        ] {
            assert_eq!(duplicates(vec![overlap(first(), case(), class)]), [""; 0]);
        }
        let unclear = || decided(OverlapClass::Unclear, "duplicate");
        assert_eq!(duplicates(vec![unclear(), waiting()]), ["SCT:5 true true"]);
        assert_eq!(duplicates(vec![waiting(), unclear()]), ["SCT:5 true true"]);
    }

    /// The support that SCT (`f1`), SXD (`f2`) and SYT (`f3`) report for 2023, and SXD for 2024 (`f4`), of one enterprise.
    const SUPPORT: &str = "file | enterprise      | tax_code   | content | contract | start      | state_budget | enterprise_budget
                           f1   | Công ty Mẫu Một | 3600265395 | 3a1     | 1/HĐ     | 2023-03-01 | 30           | 10
                           f2   | Công ty Mẫu Một | 3600265395 | 3a1     | 1/HĐ     | 2023-04-01 | 20           | 15
                           f3   | Công ty Mẫu Một | 3600265395 | 3a1     | 1/HĐ     | 2023-05-01 | 40           | 15
                           f4   | Công ty Mẫu Một | 3600265395 | 3a1     | 1/HĐ     | 2023-04-01 | 25           | 5";

    /// The rows of support that count for some years after decisions on pairs of these: record, money of the state and the
    /// enterprise's own; and the records that are no case of their own.
    fn counted(
        years: std::ops::RangeInclusive<i32>,
        decided: &[(&str, &str, &'static str)],
    ) -> Vec<String> {
        let sent = [
            submission(1, "SCT", "2023"),
            submission(2, "SXD", "2023"),
            submission(3, "SYT", "2023"),
            submission(4, "SXD", "2024"),
        ];
        let snapshot = resolved(&sent, &[("support", SUPPORT)]).snapshot;
        let line = |record: &str| SupportLine {
            record: record.to_owned(),
            from: Some(day(match &record[..2] {
                "f1" => "2023-03-01",
                "f3" => "2023-05-01",
                _ => "2023-04-01",
            })),
            ..support_line("SCT", "Mẫu")
        };
        let overlap = |(left, right, decision): &(&str, &str, &'static str)| OverlapLine {
            waits: false,
            decision: Some(decision),
            ..overlap(line(left), line(right), OverlapClass::Duplicate)
        };
        let overlaps: Vec<OverlapLine> = decided.iter().map(overlap).collect();
        let decided = DecidedSupport::of(&overlaps);
        let decided = decided.over_periods(programme(), &snapshot).unwrap();
        let mut forms = snapshot.accepted_in(years).unwrap();
        decided.apply(programme(), &mut forms).unwrap();
        let names = ["record", "state_budget", "enterprise_budget"];
        let [records, state, own] = names.map(|name| column(&forms["support"], name));
        let no_cases = column(&forms[DUPLICATE], "record");
        let joint = column(&forms[DUPLICATE], "is_joint");
        let is_case = |record: &String| {
            let mut rows = no_cases.iter().zip(&joint);
            !rows.any(|(no_case, joint)| no_case == record && joint == "true")
        };
        let rows = records.iter().zip(state).zip(own);
        rows.map(|((record, state), own)| {
            let case = if is_case(record) { " case" } else { "" };
            format!("{record} {state} {own}{case}")
        })
        .collect()
    }

    #[test]
    fn what_is_reported_twice_is_in_no_table_in_no_year() {
        let twice = [("f1:1", "f4:4", "duplicate")];
        assert_eq!(
            counted(2023..=2023, &twice),
            ["f1:1 30 10 case", "f3:3 40 15 case"]
        );
        assert_eq!(counted(2024..=2024, &twice), [""; 0]);
        // Whatever stands on the left.
        let turned = [("f4:4", "f1:1", "duplicate")];
        assert_eq!(counted(2021..=2025, &turned), counted(2021..=2025, &twice));
    }

    #[test]
    fn of_what_two_paid_both_amounts_of_the_state_count_and_the_larger_own_one() {
        let both = [("f1:1", "f3:3", "joint")];
        assert_eq!(
            counted(2023..=2023, &both),
            ["f1:1 30  case", "f2:2 20 15 case", "f3:3 40 15"]
        );
    }

    #[test]
    fn in_a_year_that_only_one_of_them_reports_it_is_the_case() {
        let both = [("f1:1", "f4:4", "joint")];
        assert_eq!(counted(2024..=2024, &both), ["f4:4 25 5 case"]);
        // In the year of both, of which only the other was compared, it is one case.
        assert_eq!(
            counted(2023..=2023, &both),
            ["f1:1 30  case", "f2:2 20 15", "f3:3 40 15 case"]
        );
    }

    #[test]
    fn one_of_three_may_have_reported_again_what_two_paid() {
        let mixed = [("f1:1", "f2:2", "duplicate"), ("f2:2", "f3:3", "joint")];
        assert_eq!(
            counted(2023..=2023, &mixed),
            ["f1:1 30  case", "f3:3 40 15"]
        );
        let three = [("f1:1", "f2:2", "joint"), ("f2:2", "f3:3", "joint")];
        // Of equal amounts the first one's stays.
        assert_eq!(
            counted(2023..=2023, &three),
            ["f1:1 30  case", "f2:2 20 15", "f3:3 40 "]
        );
    }

    #[test]
    fn two_supports_stay_two() {
        let two = [("f1:1", "f2:2", "not_duplicate")];
        assert_eq!(counted(2023..=2023, &two).len(), 3);
        assert!(
            counted(2023..=2023, &two)
                .iter()
                .all(|row| row.ends_with("case"))
        );
    }
}
