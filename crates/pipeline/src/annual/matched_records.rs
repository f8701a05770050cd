//! Which records of two states of the ledger are the same one.

use crate::annual::build::BuiltReport;
use crate::identity::case_key::case_keys;
use crate::identity::reported::CaseReporter;
use crate::text_column::texts;
use chrono::NaiveDate;
use model::Period;
use polars::prelude::*;
use programme::{Form, PartyColumns, Programme};
use std::collections::{BTreeMap, BTreeSet};

/// The most comparisons that are made between the records of one reporter that are left over on either side. Above
/// it they are told as gone and come: a workbook that shares nothing with the one before it is another one.
const MOST_COMPARISONS: usize = 1_000_000;

/// The records that count in two states of the ledger, the earlier first, each found in the other state.
///
/// A record is the same one if it is the same row of the same file; else if its reporter has one of the same case key
/// in the same year; else if its reporter has one of the same values; else the one that shares most values with it,
/// a part of its key among them and more than half of those that are filled.
pub(crate) struct MatchedRecords {
    forms: Vec<FormPair>,
    /// Where each record is, by its id.
    places: [foldhash::HashMap<String, Place>; 2],
}

/// A record in one state: its form and its row there.
#[derive(Debug, Clone, Copy)]
struct Place {
    form: usize,
    row: usize,
}

/// A record over both states: its form, and its row in each that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct MatchedRecord {
    form: usize,
    rows: [Option<usize>; 2],
}

impl MatchedRecord {
    /// Whether both states have it.
    pub(crate) fn is_in_both(self) -> bool {
        self.rows.iter().all(Option::is_some)
    }
}

/// The records of a form in two states.
struct FormPair {
    code: String,
    sides: [FormRecords; 2],
    /// The columns that both have.
    columns: Vec<String>,
    /// The row of each record in the other state.
    partners: [Vec<Option<usize>>; 2],
}

/// The records of a form in one state.
#[derive(Default)]
struct FormRecords {
    height: usize,
    records: StringChunked,
    files: StringChunked,
    departments: StringChunked,
    enterprises: StringChunked,
    /// Who reports each record for which year.
    owners: Vec<String>,
    keys: Vec<Option<String>>,
    /// The parts of the form's key, of which two records must share one to be compared at all.
    key_columns: BTreeSet<String>,
    /// The columns that say which enterprise a record is about, its name first.
    party: Vec<String>,
    columns: BTreeMap<String, StringChunked>,
}

impl MatchedRecords {
    /// Matches the records of two reports, the earlier first.
    ///
    /// # Errors
    /// When a frame lacks a column of its form.
    pub(crate) fn of(sides: [&BuiltReport<'_>; 2]) -> PolarsResult<Self> {
        // Whoever succeeded a reporter carries its cases on.
        let today = sides[1].report.as_of.date_naive();
        let programme = sides[1].report.programme;
        let owners = sides.map(|side| owners(side, programme, today));
        let codes: BTreeSet<&String> = sides
            .iter()
            .flat_map(|side| side.snapshot.accepted.keys())
            .collect();
        let mut forms = Vec::new();
        let mut places: [foldhash::HashMap<String, Place>; 2] = Default::default();
        for code in codes {
            let read = |side: usize| {
                let form = sides[side].report.programme.form(code);
                match form.zip(sides[side].snapshot.accepted.get(code)) {
                    Some((form, frame)) => FormRecords::read(form, frame, &owners[side]),
                    None => Ok(FormRecords::default()),
                }
            };
            let pair = FormPair::matched(code, [read(0)?, read(1)?]);
            for (side, places) in places.iter_mut().enumerate() {
                let records = pair.sides[side].records.iter().enumerate();
                places.extend(records.filter_map(|(row, record)| {
                    let place = Place {
                        form: forms.len(),
                        row,
                    };
                    Some((record?.to_owned(), place))
                }));
            }
            forms.push(pair);
        }
        Ok(Self { forms, places })
    }

    /// The record of that id in one state; nothing if it does not count there.
    pub(crate) fn find(&self, side: usize, record: &str) -> Option<MatchedRecord> {
        let Place { form, row } = *self.places[side].get(record)?;
        let partner = self.forms[form].partners[side][row];
        let rows = match side {
            0 => [Some(row), partner],
            _ => [partner, Some(row)],
        };
        Some(MatchedRecord { form, rows })
    }

    /// The columns whose values the two states do not share; none unless both have it.
    pub(crate) fn changed_columns(&self, record: MatchedRecord) -> Vec<&str> {
        let pair = &self.forms[record.form];
        let [Some(before), Some(after)] = record.rows else {
            return Vec::new();
        };
        let differs =
            |name: &&str| pair.sides[0].value(name, before) != pair.sides[1].value(name, after);
        pair.columns
            .iter()
            .map(String::as_str)
            .filter(differs)
            .collect()
    }

    /// The columns that a value of a column comes from: it alone, but that an enterprise is known by more than its name.
    pub(crate) fn columns_behind<'m>(
        &'m self,
        record: MatchedRecord,
        column: &'m str,
    ) -> Vec<&'m str> {
        let party = &self.forms[record.form].sides[1].party;
        match party.first().is_some_and(|name| name == column) {
            true => party.iter().map(String::as_str).collect(),
            false => vec![column],
        }
    }

    /// The code of its form.
    pub(crate) fn form(&self, record: MatchedRecord) -> &str {
        &self.forms[record.form].code
    }

    /// The file it stands in, in one state.
    pub(crate) fn file(&self, record: MatchedRecord, side: usize) -> Option<&str> {
        self.text(record, side, |records| &records.files)
    }

    /// The department that reports it, in one state.
    pub(crate) fn department(&self, record: MatchedRecord, side: usize) -> Option<&str> {
        self.text(record, side, |records| &records.departments)
    }

    /// The enterprise it is about, in one state.
    pub(crate) fn enterprise(&self, record: MatchedRecord, side: usize) -> Option<&str> {
        self.text(record, side, |records| &records.enterprises)
    }

    /// Its id in one state.
    pub(crate) fn id(&self, record: MatchedRecord, side: usize) -> Option<&str> {
        self.text(record, side, |records| &records.records)
    }

    fn text(
        &self,
        record: MatchedRecord,
        side: usize,
        column: impl Fn(&FormRecords) -> &StringChunked,
    ) -> Option<&str> {
        let records = &self.forms[record.form].sides[side];
        column(records).get(record.rows[side]?)
    }
}

/// Who reports what a file holds, by the file: under the department that it is today.
fn owners(
    side: &BuiltReport<'_>,
    programme: &Programme,
    today: NaiveDate,
) -> BTreeMap<String, String> {
    let reporters = side.snapshot.reporters(side.report.programme).0.into_iter();
    let current = |(file, CaseReporter { reporter, .. }): (String, CaseReporter)| {
        let owner = match reporter.split_once('/') {
            Some((department, unit)) => {
                let department = programme.code_on("department", department, today);
                format!("{department}/{unit}")
            }
            None => reporter,
        };
        (file, owner)
    };
    reporters.map(current).collect()
}

fn party_columns(party: &PartyColumns) -> Vec<String> {
    let others = [
        &party.tax_code,
        &party.district,
        &party.address,
        &party.phone,
        &party.representative,
    ];
    let others = others.into_iter().flatten().cloned();
    std::iter::once(party.name.clone()).chain(others).collect()
}

impl FormRecords {
    fn read(
        form: &Form,
        frame: &DataFrame,
        owners: &BTreeMap<String, String>,
    ) -> PolarsResult<Self> {
        let (files, periods) = (texts(frame, "file")?, texts(frame, "period")?);
        let owner = |row: usize| {
            let owner = files.get(row).and_then(|file| owners.get(file));
            let period: Option<Period> = periods.get(row).and_then(|period| period.parse().ok());
            let year = period.map(Period::calendar_year).unwrap_or_default();
            format!("{} {year}", owner.map_or("", String::as_str))
        };
        let key = form.key.iter().flat_map(|part| part.split('|'));
        let columns = form.columns.iter().map(|column| column.name.clone());
        Ok(Self {
            height: frame.height(),
            records: texts(frame, "record")?,
            departments: texts(frame, "department")?,
            // Only forms about enterprises have it.
            enterprises: texts(frame, "enterprise_id")
                .unwrap_or_else(|_| StringChunked::full_null("".into(), frame.height())),
            owners: (0..frame.height()).map(owner).collect(),
            keys: case_keys(form, frame)?,
            key_columns: key
                .filter(|name| *name != "department")
                .map(str::to_owned)
                .collect(),
            columns: columns
                .map(|name| Ok((name.clone(), texts(frame, &name)?)))
                .collect::<PolarsResult<_>>()?,
            party: form.party.as_ref().map(party_columns).unwrap_or_default(),
            files,
        })
    }

    fn value(&self, column: &str, row: usize) -> Option<&str> {
        let value = self.columns.get(column)?.get(row)?;
        Some(value).filter(|value| !value.is_empty())
    }
}

impl FormPair {
    /// Finds each record in the other state.
    fn matched(code: &str, sides: [FormRecords; 2]) -> Self {
        let columns = sides[0].columns.keys();
        let mut pair = Self {
            code: code.to_owned(),
            columns: columns
                .filter(|name| sides[1].columns.contains_key(*name))
                .cloned()
                .collect(),
            partners: sides.each_ref().map(|side| vec![None; side.height]),
            sides,
        };
        let case = |_: &Self, side: &FormRecords, row: usize| {
            Some(format!("{} {}", side.owners[row], side.keys[row].as_ref()?))
        };
        pair.match_by(|_, side, row| side.records.get(row).map(str::to_owned));
        // Of several records of one case those that are equal are the same; the others in their order.
        pair.match_by(|pair, side, row| Some(case(pair, side, row)? + &pair.values(side, row)));
        pair.match_by(case);
        pair.match_by(|pair, side, row| Some(side.owners[row].clone() + &pair.values(side, row)));
        pair.match_alike();
        pair
    }

    /// The values of a record in the columns that both sides have, as one text.
    fn values(&self, side: &FormRecords, row: usize) -> String {
        let values = self.columns.iter().map(|name| side.value(name, row));
        format!("{:?}", values.collect::<Vec<_>>())
    }

    /// Pairs the records that are left over in each group, in their order.
    fn match_by(&mut self, group: impl Fn(&Self, &FormRecords, usize) -> Option<String>) {
        let groups = self.left_over(group).into_values();
        let pairs = groups.flat_map(|[before, after]| before.into_iter().zip(after));
        self.pair(pairs.collect());
    }

    /// Pairs what is left over of a reporter by what records share: those that share most first.
    fn match_alike(&mut self) {
        let mut pairs = Vec::new();
        for [before, after] in self
            .left_over(|_, side, row| Some(side.owners[row].clone()))
            .into_values()
        {
            if before.len().saturating_mul(after.len()) > MOST_COMPARISONS {
                continue;
            }
            let mut alike = Vec::new();
            for &a in &before {
                for &b in &after {
                    alike.extend(self.shared(a, b).map(|shared| (shared, a, b)));
                }
            }
            alike.sort_by_key(|&(shared, a, b)| (std::cmp::Reverse(shared), a, b));
            let mut taken: [BTreeSet<usize>; 2] = Default::default();
            for (_, a, b) in alike {
                if !taken[0].contains(&a) && !taken[1].contains(&b) {
                    taken[0].insert(a);
                    taken[1].insert(b);
                    pairs.push((a, b));
                }
            }
        }
        self.pair(pairs);
    }

    /// How many values two records share; nothing if they share no part of the key, or no more than half of those that
    /// are filled.
    fn shared(&self, before: usize, after: usize) -> Option<usize> {
        let (mut shared, mut filled, mut is_keyed) = (0, 0, false);
        for name in &self.columns {
            match (
                self.sides[0].value(name, before),
                self.sides[1].value(name, after),
            ) {
                (None, None) => {}
                (a, b) => {
                    filled += 1;
                    if a == b {
                        shared += 1;
                        is_keyed |= self.sides[1].key_columns.contains(name);
                    }
                }
            }
        }
        let enterprise = |side: usize, row| self.sides[side].enterprises.get(row);
        is_keyed |=
            enterprise(0, before).is_some() && enterprise(0, before) == enterprise(1, after);
        (is_keyed && shared * 2 > filled).then_some(shared)
    }

    /// The rows of both sides that have no partner yet, by a group that both sides have.
    fn left_over(
        &self,
        group: impl Fn(&Self, &FormRecords, usize) -> Option<String>,
    ) -> BTreeMap<String, [Vec<usize>; 2]> {
        let mut groups: BTreeMap<String, [Vec<usize>; 2]> = BTreeMap::new();
        for (at, side) in self.sides.iter().enumerate() {
            for row in (0..side.height).filter(|row| self.partners[at][*row].is_none()) {
                if let Some(group) = group(self, side, row) {
                    groups.entry(group).or_default()[at].push(row);
                }
            }
        }
        groups.retain(|_, sides| sides.iter().all(|rows| !rows.is_empty()));
        groups
    }

    fn pair(&mut self, pairs: Vec<(usize, usize)>) {
        for (before, after) in pairs {
            self.partners[0][before] = Some(after);
            self.partners[1][after] = Some(before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MatchedRecords;
    use crate::testing::{built, request, small_programme, submission, succeed};
    use ledger::Submission;

    /// The records of two states, as 'before>after: columns that changed', those of one state with nothing beside.
    fn matched(before: &[Submission], after: &[Submission], form: &str, rows: &str) -> String {
        let mut small = small_programme();
        succeed(&mut small.programme, "SGTVT", "2023-06-30", "SXD");
        let requests = [(); 2].map(|()| request(small.clone(), 2023));
        let of = |sent: &[Submission]| {
            let is_sent = |line: &&str| {
                let file = line.split('|').next().unwrap_or_default().trim();
                file == "file" || sent.iter().any(|known| known.file.0 == file)
            };
            rows.lines().filter(is_sent).collect::<Vec<_>>().join("\n")
        };
        let sides = [
            built(&requests[0], before, &[(form, &of(before))]),
            built(&requests[1], after, &[(form, &of(after))]),
        ];
        let matched = MatchedRecords::of(sides.each_ref()).unwrap();
        let mut lines = std::collections::BTreeSet::new();
        for (side, built) in sides.iter().enumerate() {
            for record in built.report.origins.records().ids() {
                let found = matched.find(side, record).unwrap();
                let id = |side| matched.id(found, side).unwrap_or("-").to_owned();
                let columns = matched.changed_columns(found).join(" ");
                lines.insert(format!("{}>{} {columns}", id(0), id(1)).trim().to_owned());
            }
        }
        lines.into_iter().collect::<Vec<_>>().join("\n")
    }

    fn corrected(form: &str, rows: &str) -> String {
        let sent = [submission(1, "SCT", "2023"), submission(2, "SCT", "2023")];
        matched(&sent[..1], &sent, form, rows)
    }

    #[test]
    fn a_case_is_found_by_its_key_wherever_its_row_is() {
        let rows = "file | record | task   | source  | planned | spent
                    f1   | a1     | IV.1.a | ensured | 90      | 60
                    f1   | a2     | IV.1.b | ensured | 10      | 5
                    f2   | b1     | IV.1.b | ensured | 10      | 7
                    f2   | b2     | IV.1.a | ensured | 90      | 60
                    f2   | b3     | IV.5.a | ensured | 3       | 3";
        insta::assert_snapshot!(corrected("budget", rows), @r"
        ->b3
        a1>b2
        a2>b1 spent
        ");
    }

    #[test]
    fn of_several_rows_of_one_case_the_equal_ones_are_the_same() {
        let rows = "file | record | task   | source  | spent
                    f1   | a1     | IV.1.a | ensured | 1
                    f1   | a2     | IV.1.a | ensured | 2
                    f1   | a3     | IV.1.a | ensured | 3
                    f2   | b1     | IV.1.a | ensured | 2
                    f2   | b2     | IV.1.a | ensured | 5";
        insta::assert_snapshot!(corrected("budget", rows), @r"
        a1>b2 spent
        a2>b1
        a3>-
        ");
    }

    #[test]
    fn a_case_whose_key_was_mended_is_the_one_that_shares_most_with_it() {
        let rows = "file | record | enterprise      | tax_code   | content | contract | start      | state_budget
                    f1   | a1     | Công ty Mẫu Một | 3600265395 | 3a1     |          | 2023-01-05 | 10
                    f1   | a2     | Công ty Mẫu Một | 3600265395 | 3b1     | 2/HĐ     | 2023-02-05 | 20
                    f1   | a3     | Công ty Gỗ Mẫu  | 3603295006 | 3b2     | 3/HĐ     | 2023-03-05 | 30
                    f2   | b1     | Công ty Mẫu Một | 3600265395 | 3a1     | 1/HĐ     | 2023-01-05 | 10
                    f2   | b2     | Công ty Mẫu Một | 3600265395 | 3b3     | 2/HĐ     | 2023-02-05 | 20
                    f2   | b3     | Công ty In Mẫu  |            | 3b2     | 9/HĐ     | 2023-09-05 | 31";
        insta::assert_snapshot!(corrected("support", rows), @r"
        ->b3
        a1>b1 contract
        a2>b2 content
        a3>-
        ");
    }

    #[test]
    fn a_row_without_a_key_is_found_by_its_values() {
        let rows = "file | record | task | source  | spent
                    f1   | a1     |      | ensured | 1
                    f1   | a2     |      | ensured | 2
                    f2   | b1     |      | ensured | 2";
        insta::assert_snapshot!(corrected("budget", rows), @r"
        a1>-
        a2>b1
        ");
    }

    #[test]
    fn the_same_row_of_the_same_file_is_the_same_record() {
        let sent = [submission(1, "SCT", "2023"), submission(2, "SXD", "2023")];
        let rows = "file | record | task   | source  | spent
                    f1   | a1     | IV.1.a | ensured | 1
                    f1   | a2     | IV.1.a | ensured | 1
                    f2   | b1     | IV.1.a | ensured | 1";
        insta::assert_snapshot!(matched(&sent[..1], &sent, "budget", rows), @r"
        ->b1
        a1>a1
        a2>a2
        ");
    }

    #[test]
    fn a_later_quarter_goes_on_with_the_case_of_an_earlier_one() {
        let sent = [
            submission(1, "SCT", "2023-Q1"),
            submission(2, "SCT", "2023-Q2"),
        ];
        let rows = "file | record | task   | source  | spent
                    f1   | a1     | IV.1.a | ensured | 1
                    f1   | a2     | IV.1.b | ensured | 1
                    f2   | b1     | IV.1.a | ensured | 4";
        insta::assert_snapshot!(matched(&sent[..1], &sent, "budget", rows), @r"
        a1>b1 spent
        a2>a2
        ");
    }

    #[test]
    fn a_case_of_another_department_is_another_unless_that_succeeded_it() {
        let sent = [
            submission(1, "SGTVT", "2023"),
            submission(2, "SXD", "2023"),
            submission(3, "SCT", "2023"),
        ];
        let rows = "file | record | task   | source  | spent
                    f1   | a1     | IV.1.a | ensured | 1
                    f2   | b1     | IV.1.a | ensured | 1
                    f3   | c1     | IV.1.a | ensured | 1";
        let of = |at: usize| matched(&sent[..1], &sent[at..=at], "budget", rows);
        insta::assert_snapshot!(of(1), @"a1>b1");
        insta::assert_snapshot!(of(2), @r"
        ->c1
        a1>-
        ");
    }
}
