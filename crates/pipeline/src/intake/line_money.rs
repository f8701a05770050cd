//! The money of a form that has the same lines in every report, as task and source: a quarter beside the quarter before it, and
//! a year beside the year before it.

use crate::intake::known_amounts::{judged_columns, lines};
use crate::intake::other_reports::{OtherReports, first_cells, observation};
use model::{Check, Observation, Period, Vnd};
use polars::prelude::*;
use programme::{Form, Programme};
use std::collections::BTreeMap;

/// From so many times as much, or as little, on two years are told beside one another.
const TIMES: i64 = 10;

/// What the lines of a report hold that cannot follow from the quarter before, as quarters are counted from the start of the
/// year, and what is ten times what the year before it had or a tenth of it.
///
/// # Errors
/// When a frame lacks a column of its form.
pub(crate) fn line_money(
    programme: &Programme,
    form: &Form,
    frame: &DataFrame,
    period: Period,
    others: &OtherReports,
) -> PolarsResult<Vec<Observation>> {
    let Some(known) = others.rows.get(&form.code) else {
        return Ok(Vec::new());
    };
    let (own_lines, known_lines) = (lines(form, frame)?, lines(form, known)?);
    let periods = others.periods(&form.code)?;
    let is_whole = period.is_whole_year() || period.quarter_number() == Some(4);
    // The lines of the quarter before in the same year, and of the year before.
    let compared = |of: Period| match of.calendar_year() - period.calendar_year() {
        0 if period.quarter_number().is_some() && of < period => Some(Check::LineFell),
        -1 if is_whole && (of.is_whole_year() || of.quarter_number() == Some(4)) => {
            Some(Check::LineJumped)
        }
        _ => None,
    };
    let mut observations = Vec::new();
    for column in judged_columns(programme, form) {
        let (own, before) = (frame.column(&column.name)?, known.column(&column.name)?);
        let (own, before) = (own.i64()?, before.i64()?);
        let mut sums: BTreeMap<(&str, Period), i64> = BTreeMap::new();
        for (row, line) in known_lines.iter().enumerate() {
            if let (Some(of), Some(amount), false) =
                (periods[row], before.get(row), line.is_empty())
            {
                let sum = sums.entry((line, of)).or_default();
                *sum = sum.saturating_add(amount);
            }
        }
        let mut now: BTreeMap<&str, (usize, i64)> = BTreeMap::new();
        for (row, line) in own_lines.iter().enumerate() {
            if let (Some(amount), false) = (own.get(row), line.is_empty()) {
                let sum = now.entry(line).or_insert((row, 0));
                sum.1 = sum.1.saturating_add(amount);
            }
        }
        for ((line, of), earlier) in sums {
            let (Some(check), Some(&(row, amount))) = (compared(of), now.get(line)) else {
                continue;
            };
            let is_told = match check {
                Check::LineFell => amount < earlier,
                _ => is_far(amount, earlier),
            };
            if is_told {
                let (found, expected) = (Vnd(amount).to_string(), Vnd(earlier).to_string());
                let expected = format!("{expected} đồng ({of})");
                observations.push(Observation {
                    column: Some(column.name.clone()),
                    cells: first_cells(form, frame, row, &[&column.name]),
                    ..observation(check, form, (frame, row), found, expected)
                });
            }
        }
    }
    Ok(observations)
}

fn is_far(one: i64, other: i64) -> bool {
    let (small, large) = (one.min(other), one.max(other));
    small > 0 && large >= small.saturating_mul(TIMES)
}

#[cfg(test)]
mod tests {
    use super::line_money;
    use crate::intake::other_reports::OtherReports;
    use crate::testing::{form, programme, rows};
    use model::Check;
    use programme::tables::Tables;

    const HEAD: &str = "file | period | task | source | planned | spent\n";

    /// What is told of a line of a report, with its cell, beside the same line in another.
    fn told(period: &str, now: &str, of: &str, before: &str) -> Vec<(Check, String)> {
        let table = |file: &str, period: &str, amounts: &str| {
            let row = format!("{HEAD}{file} | {period} | IV.2.a | ensured | {amounts}");
            rows(form("budget"), &row)
        };
        let others = OtherReports {
            rows: Tables::from([("budget".to_owned(), table("f1", of, before))]),
            ..OtherReports::default()
        };
        let now = table("f2", period, now);
        let period = period.parse().unwrap();
        let told = line_money(programme(), form("budget"), &now, period, &others).unwrap();
        told.into_iter().map(|it| (it.check, it.expected)).collect()
    }

    #[test]
    fn a_quarter_is_no_less_than_the_quarter_before() {
        let fell = vec![(Check::LineFell, "60 đồng (2024-Q1)".to_owned())];
        assert_eq!(told("2024-Q2", "100 | 50", "2024-Q1", "100 | 60"), fell);
        assert_eq!(told("2024-Q2", "100 | 60", "2024-Q1", "100 | 60"), []);
        assert_eq!(told("2024-Q1", "100 | 50", "2024-Q2", "100 | 60"), []);
        assert_eq!(told("2024-Q1", "100 | 50", "2023", "100 | 60"), []);
    }

    #[test]
    fn a_year_is_beside_the_year_before() {
        let jumped = |before: &str| vec![(Check::LineJumped, format!("{before} đồng (2023)"))];
        assert_eq!(told("2024", "100 | 600", "2023", "100 | 60"), jumped("60"));
        assert_eq!(told("2024-Q4", "100 | 6", "2023", "100 | 60"), jumped("60"));
        assert_eq!(told("2024", "100 | 90", "2023", "100 | 60"), []);
        assert_eq!(told("2024", "100 | 600", "2023", "100 | 0"), []);
        assert_eq!(told("2024", "100 | 600", "2022", "100 | 60"), []);
        assert_eq!(told("2024", "100 | 600", "2023-Q2", "100 | 60"), []);
    }
}
