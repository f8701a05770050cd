//! The money of one contract over the years: what is reported for a year is that year's money, so the whole value of a
//! contract of several years, written in each of them, is counted several times over.

use crate::intake::other_reports::{OtherReports, first_cells, observation};
use crate::snapshot::case_mark::{CaseMark, MarkIndex};
use model::{CellRef, Check, Observation, Period, Vnd};
use polars::prelude::*;
use programme::{Column, Form, Programme};
use std::collections::BTreeMap;

/// What a contract comes to in one report.
#[derive(Default)]
struct YearMoney {
    /// By the form's columns of funds, in their order; what is missing is none.
    sums: Vec<i128>,
    /// Where the first amount stands.
    place: String,
}

impl YearMoney {
    fn total(&self) -> i128 {
        self.sums.iter().sum()
    }

    /// The columns that hold the same amount as in another year, if the two years may be the same money told twice: no
    /// column differs, or the first one that holds money, mostly the state's, is the same.
    fn same_as(&self, other: &Self) -> Vec<usize> {
        let pairs = || self.sums.iter().zip(&other.sums).enumerate();
        let both = || pairs().filter(|(_, (a, b))| **a != 0 && **b != 0);
        let same: Vec<usize> = both()
            .filter(|(_, (a, b))| a == b)
            .map(|(at, _)| at)
            .collect();
        let first = pairs().find(|(_, (a, b))| **a != 0 || **b != 0);
        let is_first_same = first.is_some_and(|(at, _)| same.contains(&at));
        if is_first_same || same.len() == both().count() {
            same
        } else {
            Vec::new()
        }
    }
}

/// The rows of a form in one report or in several, and which support each is.
struct Rows<'a> {
    form: &'a Form,
    frame: &'a DataFrame,
    marks: Vec<CaseMark>,
    funds: Vec<Int64Chunked>,
}

impl<'a> Rows<'a> {
    fn read(form: &'a Form, frame: &'a DataFrame, funds: &[&Column]) -> PolarsResult<Self> {
        let amounts = |column: &&Column| Ok(frame.column(&column.name)?.i64()?.clone());
        Ok(Self {
            form,
            frame,
            marks: CaseMark::read_all(form, frame)?,
            funds: funds.iter().map(amounts).collect::<PolarsResult<_>>()?,
        })
    }

    fn money(&self, rows: &[usize], place: impl Fn(usize) -> String) -> YearMoney {
        let sum = |amounts: &Int64Chunked| -> i128 {
            let amounts = rows.iter().filter_map(|&row| amounts.get(row));
            amounts.map(i128::from).sum()
        };
        YearMoney {
            sums: self.funds.iter().map(sum).collect(),
            place: rows.first().map_or_else(String::new, |&row| place(row)),
        }
    }

    /// The largest value that some rows give for their contract.
    fn contract_value(&self, rows: &[usize]) -> PolarsResult<Option<i64>> {
        let grant = self.form.grant.as_ref();
        let Some(name) = grant.and_then(|grant| grant.contract_value.as_ref()) else {
            return Ok(None);
        };
        let values = self.frame.column(name)?.i64()?;
        let given = rows.iter().filter_map(|&row| values.get(row));
        Ok(given.filter(|value| *value > 0).max())
    }

    /// The cells of a column in some rows.
    fn cells(&self, rows: &[usize], column: &Column) -> Vec<CellRef> {
        let cells = rows
            .iter()
            .map(|&row| first_cells(self.form, self.frame, row, &[&column.name]));
        cells.flatten().collect()
    }
}

/// What the contracts of a report hold again that another year's report of the same sender holds already, and what is more
/// than their contract's value over the years.
///
/// # Errors
/// When a frame lacks a column of its form.
pub(crate) fn contract_money(
    programme: &Programme,
    form: &Form,
    frame: &DataFrame,
    period: Period,
    others: &OtherReports,
) -> PolarsResult<Vec<Observation>> {
    let Some(grant) = &form.grant else {
        return Ok(Vec::new());
    };
    let funds: Vec<&Column> = form
        .columns
        .iter()
        .filter(|column| programme.is_funds(column))
        .collect();
    let is_known = others
        .rows
        .get(&form.code)
        .is_some_and(|known| known.height() > 0);
    if !is_known && !has_contract_values(form, frame)? {
        return Ok(Vec::new());
    }
    let own = Rows::read(form, frame, &funds)?;
    let nothing = DataFrame::empty_with_schema(&programme::tables::schema(form));
    let known = Rows::read(
        form,
        others.rows.get(&form.code).unwrap_or(&nothing),
        &funds,
    )?;
    let periods = others.periods(&form.code)?;
    let (own_index, known_index) = (MarkIndex::new(&own.marks), MarkIndex::new(&known.marks));
    let mut is_told = vec![false; own.marks.len()];
    let mut observations = Vec::new();
    for (row, mark) in own.marks.iter().enumerate() {
        if is_told[row] {
            continue;
        }
        let mut rows = own_index.of_one_case(mark);
        rows.retain(|&at| !is_told[at]);
        if rows.is_empty() {
            rows.push(row);
        }
        rows.iter().for_each(|&at| is_told[at] = true);
        // Of each year the latest report that has the case tells the year so far.
        let mut years: BTreeMap<i32, (Period, Vec<usize>)> = BTreeMap::new();
        for at in known_index.of_one_case(mark) {
            let Some(of) = periods[at].filter(|of| of.calendar_year() != period.calendar_year())
            else {
                continue;
            };
            let year = years.entry(of.calendar_year()).or_insert((of, Vec::new()));
            if of > year.0 {
                *year = (of, Vec::new());
            }
            if of == year.0 {
                year.1.push(at);
            }
        }
        let now = own.money(&rows, |_| String::new());
        let mut value = own.contract_value(&rows)?;
        let mut before = BTreeMap::new();
        for (year, (_, of_year)) in years {
            value = value.max(known.contract_value(&of_year)?);
            let place = |at| others.place(form, at, grant.money.as_deref());
            before.insert(year, known.money(&of_year, place));
        }
        let at = Found {
            own: &own,
            rows: &rows,
            funds: &funds,
            now: &now,
            before: &before,
        };
        observations.extend(match value {
            Some(value) => at.over(
                value,
                (period.calendar_year(), grant.contract_value.as_ref()),
            ),
            None => at.again(),
        });
    }
    Ok(observations)
}

/// Whether a row gives a value for its contract: without one, and without other years, there is nothing to compare.
fn has_contract_values(form: &Form, frame: &DataFrame) -> PolarsResult<bool> {
    let grant = form.grant.as_ref();
    let Some(name) = grant.and_then(|grant| grant.contract_value.as_ref()) else {
        return Ok(false);
    };
    let values = frame.column(name)?.i64()?;
    Ok(values.iter().flatten().any(|value| value > 0))
}

/// A contract of a report beside its other years.
struct Found<'a> {
    own: &'a Rows<'a>,
    rows: &'a [usize],
    funds: &'a [&'a Column],
    now: &'a YearMoney,
    before: &'a BTreeMap<i32, YearMoney>,
}

impl Found<'_> {
    /// That all years together are more than the contract is worth.
    fn over(&self, value: i64, (year, column): (i32, Option<&String>)) -> Option<Observation> {
        let all = self.now.total() + self.before.values().map(YearMoney::total).sum::<i128>();
        if all <= i128::from(value) || self.now.total() <= 0 {
            return None;
        }
        let years = self.before.iter().map(|(year, it)| (*year, it));
        let mut years: Vec<(i32, &YearMoney)> = years.chain([(year, self.now)]).collect();
        years.sort_by_key(|(year, _)| *year);
        let years: Vec<String> = years
            .iter()
            .map(|(year, money)| format!("{year}: {}", shown(money.total())))
            .collect();
        let filled = (0..self.funds.len()).find(|&at| self.now.sums[at] != 0)?;
        let mut cells = self.own.cells(self.rows, self.funds[filled]);
        let of_form = column.and_then(|name| self.own.form.column(name));
        cells.extend(
            of_form
                .map(|it| self.own.cells(self.rows, it))
                .into_iter()
                .flatten(),
        );
        Some(self.observed(
            Check::MoreThanContract,
            (filled, cells),
            format!("{} ({})", shown(all), years.join("; ")),
            Vnd(value).to_string(),
        ))
    }

    /// That another year holds the same amounts.
    fn again(&self) -> Option<Observation> {
        let mut columns: Vec<usize> = Vec::new();
        let mut years = Vec::new();
        for (year, money) in self.before {
            let same = self.now.same_as(money);
            if !same.is_empty() {
                columns.extend(same);
                years.push(format!("{year} ({})", money.place));
            }
        }
        columns.sort_unstable();
        columns.dedup();
        let first = *columns.first()?;
        let cells = columns
            .iter()
            .flat_map(|&at| self.own.cells(self.rows, self.funds[at]))
            .collect();
        Some(self.observed(
            Check::AmountInTwoYears,
            (first, cells),
            shown(self.now.sums[first]),
            years.join("; "),
        ))
    }

    fn observed(
        &self,
        check: Check,
        (column, cells): (usize, Vec<CellRef>),
        found: String,
        expected: String,
    ) -> Observation {
        let Rows { form, frame, .. } = self.own;
        Observation {
            column: Some(self.funds[column].name.clone()),
            cells,
            ..observation(check, form, (frame, self.rows[0]), found, expected)
        }
    }
}

fn shown(amount: i128) -> String {
    i64::try_from(amount).map_or_else(|_| amount.to_string(), |amount| Vnd(amount).to_string())
}

#[cfg(test)]
mod tests {
    use super::contract_money;
    use crate::intake::other_reports::OtherReports;
    use crate::testing::{form, programme, rows};
    use model::{Check, FileId, Observation};
    use programme::tables::Tables;

    const HEAD: &str = "file | period | enterprise | tax_code | content | contract | contract_value | start | state_budget | enterprise_budget | other_budget\n";
    const ONE: &str = "Mẫu Một | 3600265395 | 3a1 | 5/HĐ";

    /// What is told of rows of a report on 2024, or on a quarter of it, beside rows of other reports.
    fn told(period: &str, now: &[&str], before: &[&str]) -> Vec<Observation> {
        let table = |lines: &[&str]| rows(form("support"), &(HEAD.to_owned() + &lines.join("\n")));
        let now: Vec<String> = now
            .iter()
            .map(|row| format!("f2 | {period} | {row}"))
            .collect();
        let now: Vec<&str> = now.iter().map(String::as_str).collect();
        let others = OtherReports {
            rows: Tables::from([("support".to_owned(), table(before))]),
            names: [(FileId("f1".to_owned()), "SCT 2023.xlsx".to_owned())].into(),
        };
        let period = period.parse().unwrap();
        contract_money(programme(), form("support"), &table(&now), period, &others).unwrap()
    }

    fn checks(now: &[&str], before: &[&str]) -> Vec<Check> {
        told("2024", now, before)
            .iter()
            .map(|it| it.check)
            .collect()
    }

    #[test]
    fn one_amount_in_two_years_names_both_cells() {
        let now = format!("{ONE} | | 2023-09-05 | 200 | 80 |");
        let before = format!("f1 | 2023 | {now}");
        for period in ["2024", "2024-Q2"] {
            let told = &told(period, &[&now], &[&before])[..];
            let [told] = told else { panic!("{told:?}") };
            assert_eq!(told.check, Check::AmountInTwoYears);
            assert_eq!(told.found, "200");
            assert!(told.expected.starts_with("2023 (SCT 2023.xlsx › Biểu 3 › "));
            assert_eq!(told.cells.len(), 2, "both columns are the same");
        }
    }

    #[test]
    fn a_contract_without_a_number_is_known_by_its_content_and_start_and_any_money_counts() {
        let rows = |own: &str| format!("Mẫu Một | | 3a1 | | | 2023-09-05 | {own}");
        let same = |money: &str| {
            let before = format!("f1 | 2023 | {}", rows(money));
            checks(&[&rows(money)], &[&before])
        };
        for money in ["200 | 80 | 5", "| 80 |", "| | 5"] {
            assert_eq!(same(money), [Check::AmountInTwoYears], "{money}");
        }
        assert_eq!(same("0 | 0 |"), []);
    }

    #[test]
    fn other_amounts_in_other_years_are_an_honest_contract() {
        let honest = |now: &str, before: &str| {
            let row = |money: &str| format!("{ONE} | | 2023-09-05 | {money}");
            let before = format!("f1 | 2023 | {}", row(before));
            checks(&[&row(now)], &[&before])
        };
        assert_eq!(honest("120 | 40 |", "80 | 30 |"), []);
        assert_eq!(
            honest("120 | 50 |", "80 | 50 |"),
            [],
            "the enterprise pays the same"
        );
        assert_eq!(
            honest("120 | 50 |", "120 | 30 |"),
            [Check::AmountInTwoYears]
        );
        assert_eq!(honest("120 | |", "| 120 |"), []);
    }

    #[test]
    fn of_quarters_the_latest_tells_its_year_and_the_same_year_is_no_other() {
        let now = format!("{ONE} | | 2023-09-05 | 100 | |");
        let quarter = |period: &str, money: &str| {
            format!("f1 | {period} | {ONE} | | 2023-09-05 | {money} | |")
        };
        let quarters = [quarter("2023-Q3", "100"), quarter("2023-Q4", "140")];
        let quarters = quarters.each_ref().map(String::as_str);
        assert_eq!(checks(&[&now], &quarters), []);
        assert_eq!(checks(&[&now], &[&quarter("2024-Q3", "100")]), []);
    }

    #[test]
    fn a_contract_value_allows_equal_years_and_no_more() {
        let row = |value: &str, money: &str| format!("{ONE} | {value} | 2022-09-05 | {money}");
        let years = |value: &str| {
            let before =
                ["2022", "2023"].map(|year| format!("f1 | {year} | {}", row("", "100 | 20 |")));
            let before = before.each_ref().map(String::as_str);
            told("2024", &[&row(value, "100 | 20 |")], &before)
        };
        assert_eq!(years("360"), []);
        let over = years("300");
        assert_eq!(over[0].check, Check::MoreThanContract);
        assert_eq!(over[0].found, "360 (2022: 120; 2023: 120; 2024: 120)");
        assert_eq!((&*over[0].expected, over[0].cells.len()), ("300", 2));
        // Without a value each of both years is named.
        assert_eq!(years("")[0].expected.matches("SCT 2023.xlsx").count(), 2);
        // In one report alone.
        assert_eq!(
            checks(&[&row("90", "100 | |")], &[]),
            [Check::MoreThanContract]
        );
        assert_eq!(checks(&[&row("100", "100 | |")], &[]), []);
    }

    #[test]
    fn instalments_of_a_contract_are_added_up() {
        let parts = ["2023-09-05 | 60 | |", "2023-10-05 | 40 | |"];
        let parts = parts.map(|part| format!("{ONE} | | {part}"));
        let before = format!("f1 | 2023 | {ONE} | | 2023-09-05 | 100 | |");
        let told = checks(&parts.each_ref().map(String::as_str), &[&before]);
        assert_eq!(told, [Check::AmountInTwoYears]);
    }
}
