//! Amounts far out of their kind: a hundred or a thousand times what others of the column are, as a slip of the unit makes
//! them. They wait until a person says that the unit is right, or the sender writes it into the cell.

use crate::intake::known_amounts::{KnownAmounts, Usual, judged_columns, lines};
use crate::text_column::{text_at, texts};
use model::{CellRef, Check, Observation, UnsureAmount, Vnd};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{Column, Form, Programme};
use std::collections::{BTreeMap, BTreeSet};

/// From so many others on one is judged by them.
const ENOUGH: usize = 5;

/// What amounts of a file are out of their kind.
#[derive(Debug, Default)]
pub(crate) struct AmountSizes {
    /// Those that wait for a person.
    pub unsure: Vec<UnsureAmount>,
    /// Those that too few others are known of: they are told and count.
    pub told: Vec<Observation>,
}

/// A column of a form of a file, judged.
struct Judge<'a> {
    form: &'a Form,
    frame: &'a DataFrame,
    column: &'a Column,
    /// By row, without sign; nothing if it is none, or its cell says the unit.
    amounts: Vec<Option<i64>>,
    lines: Vec<String>,
    own: &'a KnownAmounts,
    /// Those of the file among them.
    all: &'a KnownAmounts,
    /// How many amounts of the column the file has.
    inside: usize,
    /// How many there are of it elsewhere, and what they are about.
    outside: usize,
    by_others: Option<Usual>,
    /// The largest total of another form of the file.
    elsewhere: i64,
}

/// What is out.
enum Out {
    Waits { usual: i64 },
    Told { usual: i64 },
}

/// Judges the amounts of a file's forms. `own_units` are the cells, by sheet, that say their unit; `all` is what is known, the
/// file's own amounts among it.
///
/// # Errors
/// When a frame lacks a column of its form.
pub(crate) fn amount_sizes(
    programme: &Programme,
    forms: &Tables,
    own_units: &BTreeSet<(&str, CellRef)>,
    all: &KnownAmounts,
) -> PolarsResult<AmountSizes> {
    let own = KnownAmounts::of(programme, forms)?;
    let mut sizes = AmountSizes::default();
    for (code, frame) in forms {
        let Some(form) = programme.form(code) else {
            continue;
        };
        let elsewhere = largest_total(programme, forms, code)?;
        for column in judged_columns(programme, form) {
            let name = (code.as_str(), column.name.as_str());
            let mut judge = Judge {
                form,
                frame,
                column,
                amounts: Vec::new(),
                lines: lines(form, frame)?,
                own: &own,
                all,
                inside: own.count(name),
                outside: all.count_but(name, &own),
                by_others: all.usual_but(name, &own),
                elsewhere,
            };
            // Mostly no cell does.
            let says_unit = |row: usize| {
                !own_units.is_empty() && {
                    let sheet = text_at(frame, "sheet", row).unwrap_or_default();
                    let cell = cell(form, frame, column, row);
                    cell.is_some_and(|cell| own_units.contains(&(sheet, cell)))
                }
            };
            let amounts = frame.column(&column.name)?.i64()?.iter().enumerate();
            judge.amounts = amounts
                .map(|(row, amount)| {
                    let amount = amount.filter(|amount| *amount != 0)?.saturating_abs();
                    (!says_unit(row)).then_some(amount)
                })
                .collect();
            judge.judge(&mut sizes)?;
        }
    }
    Ok(sizes)
}

impl Judge<'_> {
    fn judge(&self, sizes: &mut AmountSizes) -> PolarsResult<()> {
        if let Some(usual) = self.column_out() {
            sizes.unsure.extend(self.whole_column(usual)?);
            return Ok(());
        }
        for (row, amount) in self.amounts.iter().enumerate() {
            let Some(amount) = *amount else { continue };
            match self.row_out(row, amount) {
                Some(Out::Waits { usual }) => sizes.unsure.push(self.of_row(row, usual)?),
                Some(Out::Told { usual }) => {
                    let told = self.of_row(row, usual)?;
                    sizes.told.extend(observed(&told, Check::AmountFarOff));
                }
                None => {}
            }
        }
        Ok(())
    }

    fn column_name(&self) -> (&str, &str) {
        (&self.form.code, &self.column.name)
    }

    /// Whether a row's line has an amount of about that size in another file.
    fn is_like_elsewhere(&self, row: usize, amount: i64) -> bool {
        let (form, column) = self.column_name();
        let line = (form, column, &*self.lines[row]);
        self.all.has_like(line, amount, self.own)
    }

    /// Whether an amount is out.
    fn row_out(&self, row: usize, amount: i64) -> Option<Out> {
        let column = self.column_name();
        let inside = self.inside.saturating_sub(1);
        let outside = self.outside;
        let by_others = self.by_others;
        // Nearly all amounts are as others are, and need not be held against those of their own file.
        if outside >= ENOUGH && by_others.is_some_and(|others| !others.is_out(amount)) {
            return None;
        }
        let by_own = self.own.usual_but_one(column, amount);
        let usual = match (by_own, by_others) {
            // Amounts of both kinds must agree that it is out.
            (Some(by_own), Some(others)) if inside >= ENOUGH && outside >= ENOUGH => {
                Some(by_own).filter(|_| others.is_out(amount))
            }
            (Some(by_own), _) if inside >= ENOUGH => Some(by_own),
            (_, Some(others)) if outside >= ENOUGH => Some(others),
            // Of two amounts nobody knows which is out.
            _ if inside + outside < 2 => None,
            _ => self.all.usual_but_one(column, amount),
        };
        let usual = usual.filter(|usual| usual.is_out(amount))?;
        let middle = usual.middle[0];
        // Another form of the file holds as much money: it is no slip of this cell.
        let is_elsewhere = amount > middle && amount <= self.elsewhere.saturating_add(amount / 10);
        if is_elsewhere || self.is_like_elsewhere(row, amount) {
            None
        } else if inside >= ENOUGH || outside >= ENOUGH {
            Some(Out::Waits { usual: middle })
        } else {
            Some(Out::Told { usual: middle })
        }
    }

    /// Whether the column as a whole is out of what other files hold, and what they are about.
    fn column_out(&self) -> Option<i64> {
        let amounts = || {
            let amounts = self.amounts.iter().enumerate();
            amounts.filter_map(|(row, amount)| Some((row, (*amount)?)))
        };
        if amounts().count() < 2 || self.outside < ENOUGH {
            return None;
        }
        let usual = self.by_others?;
        amounts()
            .all(|(row, amount)| usual.is_out(amount) && !self.is_like_elsewhere(row, amount))
            .then_some(usual.middle[0])
    }

    fn of_row(&self, row: usize, usual: i64) -> PolarsResult<UnsureAmount> {
        let text = |name: &str| {
            text_at(self.frame, name, row)
                .unwrap_or_default()
                .to_owned()
        };
        let amounts = self.frame.column(&self.column.name)?.i64()?;
        Ok(UnsureAmount {
            form: self.form.code.clone(),
            column: self.column.name.clone(),
            subject: self.subject(row)?,
            amount: amounts.get(row).unwrap_or_default(),
            usual,
            sheet: text("sheet"),
            cells: cell(self.form, self.frame, self.column, row)
                .iter()
                .map(ToString::to_string)
                .collect(),
            records: vec![text("record")],
            answer: None,
        })
    }

    /// All amounts of the column, sheet by sheet.
    fn whole_column(&self, usual: i64) -> PolarsResult<Vec<UnsureAmount>> {
        let mut sheets: BTreeMap<String, UnsureAmount> = BTreeMap::new();
        for row in (0..self.amounts.len()).filter(|&row| self.amounts[row].is_some()) {
            let of_row = self.of_row(row, usual)?;
            match sheets.get_mut(&of_row.sheet) {
                Some(of_sheet) => {
                    of_sheet.amount = of_sheet.amount.saturating_add(of_row.amount);
                    of_sheet.cells.extend(of_row.cells);
                    of_sheet.records.extend(of_row.records);
                }
                None => {
                    let subject = String::new();
                    sheets.insert(of_row.sheet.clone(), UnsureAmount { subject, ..of_row });
                }
            }
        }
        Ok(sheets.into_values().collect())
    }

    /// What the row is about: the first column of its form's key that is filled.
    fn subject(&self, row: usize) -> PolarsResult<String> {
        for name in self.form.key.iter().flat_map(|part| part.split('|')) {
            if let Some(text) = texts(self.frame, name)?.get(row) {
                return Ok(text.to_owned());
            }
        }
        Ok("?".to_owned())
    }
}

/// What is told of an amount, or of a column's: a finding that names all its cells and holds all its rows.
pub(crate) fn observed(amount: &UnsureAmount, check: Check) -> Vec<Observation> {
    let of_record = |record: &String| Observation {
        check,
        sheet: Some(amount.sheet.clone()),
        form: Some(amount.form.clone()),
        column: Some(amount.column.clone()),
        record: Some(record.clone()),
        cells: amount
            .cells
            .iter()
            .filter_map(|it| it.parse().ok())
            .collect(),
        found: Vnd(amount.amount).to_string(),
        expected: Vnd(amount.usual).to_string(),
    };
    amount.records.iter().map(of_record).collect()
}

/// The cell of a column in a row.
fn cell(form: &Form, frame: &DataFrame, column: &Column, row: usize) -> Option<CellRef> {
    let place = form.columns.iter().position(|it| it.name == column.name)?;
    let cells = text_at(frame, "cells", row)?;
    cells.split(' ').nth(place)?.parse().ok()
}

/// The largest total that a column of funds of another form of the file comes to.
fn largest_total(programme: &Programme, forms: &Tables, but: &str) -> PolarsResult<i64> {
    let mut largest = 0i128;
    for (code, frame) in forms.iter().filter(|(code, _)| *code != but) {
        let Some(form) = programme.form(code) else {
            continue;
        };
        for column in judged_columns(programme, form) {
            let amounts = frame.column(&column.name)?.i64()?.iter().flatten();
            largest = largest.max(amounts.map(i128::from).sum());
        }
    }
    Ok(i64::try_from(largest).unwrap_or(i64::MAX))
}

/// The forms of a file, each with the rows of all its sheets.
pub(crate) fn forms_of(tables: &[ingest::Table]) -> PolarsResult<Tables> {
    let mut forms = Tables::new();
    for table in tables {
        tables::append(&mut forms, &table.form, &table.frame)?;
    }
    Ok(forms)
}

#[cfg(test)]
mod tests {
    use super::{AmountSizes, amount_sizes};
    use crate::intake::known_amounts::KnownAmounts;
    use crate::testing::{form, programme, rows};
    use model::CellRef;
    use programme::tables::Tables;
    use std::collections::BTreeSet;

    fn support(amounts: &[i64]) -> Tables {
        let row = |(at, amount): (usize, &i64)| format!("f1 | Công ty {at} | 3a1 | {amount}");
        let lines: Vec<String> = amounts.iter().enumerate().map(row).collect();
        let table = format!(
            "file | enterprise | content | state_budget\n{}",
            lines.join("\n")
        );
        Tables::from([("support".to_owned(), rows(form("support"), &table))])
    }

    fn known(forms: &Tables) -> KnownAmounts {
        KnownAmounts::of(programme(), forms).unwrap()
    }

    /// A file's amounts beside those of others.
    fn beside(
        forms: &Tables,
        others: &Tables,
        own_units: &BTreeSet<(&str, CellRef)>,
    ) -> AmountSizes {
        let all = KnownAmounts::joined([&known(forms), &known(others)]);
        amount_sizes(programme(), forms, own_units, &all).unwrap()
    }

    fn judged(amounts: &[i64], others: &[i64]) -> AmountSizes {
        beside(&support(amounts), &support(others), &BTreeSet::new())
    }

    /// How many cells wait in each question, and how many are told.
    fn found(amounts: &[i64], others: &[i64]) -> (Vec<usize>, usize) {
        let AmountSizes { unsure, told } = judged(amounts, others);
        (unsure.iter().map(|it| it.cells.len()).collect(), told.len())
    }

    const USUAL: [i64; 5] = [40, 60, 80, 100, 120];

    #[test]
    fn with_five_others_it_waits_and_with_fewer_it_is_told() {
        assert_eq!(found(&[40, 60, 80, 100, 120, 45_000], &[]), (vec![1], 0));
        assert_eq!(found(&[45_000], &USUAL), (vec![1], 0));
        assert_eq!(found(&[60, 80, 45_000], &[]), (vec![], 1));
        assert_eq!(
            found(&[80, 45_000], &[]),
            (vec![], 0),
            "which of both is out?"
        );
        assert_eq!(found(&[40, 60, 80, 100, 120, 1_500], &USUAL), (vec![], 0));
    }

    #[test]
    fn a_column_in_another_unit_is_one_question() {
        let thousandfold: Vec<i64> = USUAL.iter().map(|it| it * 1_000).collect();
        let AmountSizes { unsure, .. } = judged(&thousandfold, &USUAL);
        assert_eq!((unsure.len(), unsure[0].records.len()), (1, 5));
        assert_eq!(
            (&*unsure[0].subject, unsure[0].amount, unsure[0].usual),
            ("", 400_000, 80)
        );
        // Its own amounts agree, and nothing else is known.
        assert_eq!(found(&thousandfold, &[]), (vec![], 0));
    }

    #[test]
    fn a_cell_that_says_its_unit_or_money_that_another_form_holds_too_is_meant() {
        let forms = support(&[40, 60, 80, 100, 120, 45_000]);
        let sizes = |forms: &Tables, own_units: &BTreeSet<_>| {
            beside(forms, &Tables::new(), own_units).unsure.len()
        };
        assert_eq!(sizes(&forms, &BTreeSet::new()), 1);
        let cell = judged(&[40, 60, 80, 100, 120, 45_000], &[]).unsure[0].cells[0].clone();
        let sheet = form("support").sheet.as_str();
        assert_eq!(sizes(&forms, &[(sheet, cell.parse().unwrap())].into()), 0);
        let mut with_budget = forms.clone();
        let budget =
            "file | task | source | planned | spent\nf1 | IV.3.a | supported | 46000 | 45400";
        with_budget.insert("budget".to_owned(), rows(form("budget"), budget));
        assert_eq!(sizes(&with_budget, &BTreeSet::new()), 0);
    }

    #[test]
    fn a_task_that_is_always_large_is_no_doubt() {
        let budget = |rows_of: &[(&str, i64)]| {
            let row =
                |(task, planned): &(&str, i64)| format!("f1 | {task} | supported | {planned}");
            let lines: Vec<String> = rows_of.iter().map(row).collect();
            let table = format!("file | task | source | planned\n{}", lines.join("\n"));
            Tables::from([("budget".to_owned(), rows(form("budget"), &table))])
        };
        let tasks = ["IV.1.a", "IV.1.b", "IV.2.a", "IV.2.b", "IV.4.a"];
        let mut own: Vec<(&str, i64)> = tasks.into_iter().zip(USUAL).collect();
        own.push(("IV.3.a", 45_000));
        let waiting = |others: &[(&str, i64)]| {
            let sizes = beside(&budget(&own), &budget(others), &BTreeSet::new());
            sizes.unsure.len()
        };
        assert_eq!(waiting(&[]), 1);
        assert_eq!(waiting(&[("IV.3.a", 30_000)]), 0);
    }
}
