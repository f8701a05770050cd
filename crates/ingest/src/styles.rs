//! How the texts of a column write numbers: '16.000' is sixteen thousand, or sixteen.
//!
//! A column's own texts may show it beyond doubt, or the other columns' do. Else the column's total says which reading
//! adds up, and last the size of its other numbers says which reading is of their kind. What none of these decides
//! stays undecided: it is not guessed.

use crate::grid::{Cell, Row, Value};
use crate::heading::Heading;
use crate::rows::Kind;
use crate::value::number::{Number, Style, number, style};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// A reading that is so many times smaller or larger than all other numbers of its column is not of their kind.
const APART: Decimal = Decimal::from_parts(20, 0, 0, false, 0);

/// Fewer numbers than these show no size.
const ENOUGH: usize = 3;

/// The numbers of a column as they stand.
#[derive(Default)]
struct Standing {
    /// Styles its texts show.
    shown: BTreeSet<Style>,
    /// Numbers with one reading.
    known: Vec<Decimal>,
    /// Texts with two: with the separator between thousands, and before the fraction.
    either: Vec<(Decimal, Decimal)>,
    /// What its total rows say.
    totals: Vec<Decimal>,
}

/// The style of each number column of a table that can be told; `elsewhere` is what the workbook's other tables show.
pub(crate) fn of_columns(
    heading: &Heading<'_>,
    rows: &[(Kind, &Row)],
    elsewhere: Option<Style>,
) -> BTreeMap<usize, Style> {
    let columns: Vec<(u32, usize)> = heading
        .columns
        .iter()
        .filter(|(_, column)| heading.form.columns[**column].kind.is_number())
        .map(|(&col, &column)| (col, column))
        .collect();
    // Most tables hold their numbers as numbers, and then there is nothing to tell.
    let width = columns
        .iter()
        .map(|(col, _)| *col as usize + 1)
        .max()
        .unwrap_or(0);
    let mut holds_numbers = vec![false; width];
    columns
        .iter()
        .for_each(|(col, _)| holds_numbers[*col as usize] = true);
    let is_text = |cell: &Cell| {
        holds_numbers.get(cell.col as usize) == Some(&true) && matches!(cell.value, Value::Text(_))
    };
    if !rows
        .iter()
        .any(|(kind, row)| *kind == Kind::Data && row.cells.iter().any(is_text))
    {
        return BTreeMap::new();
    }
    let standing: Vec<Standing> = columns
        .iter()
        .map(|&(col, _)| standing(col, rows))
        .collect();
    let all: BTreeSet<Style> = standing
        .iter()
        .flat_map(|s| s.shown.iter().copied())
        .collect();
    let kind = |column: usize| &heading.form.columns[column].kind;
    let mut styles: BTreeMap<usize, Style> = BTreeMap::new();
    for (&(_, column), own) in columns.iter().zip(&standing) {
        // A column of texts only is of the size of its neighbours of the same kind.
        let neighbours = || -> Vec<Decimal> {
            let alike = columns
                .iter()
                .zip(&standing)
                .filter(|((_, other), _)| kind(*other) == kind(column));
            alike.flat_map(|(_, s)| s.known.iter().copied()).collect()
        };
        let shown = if own.shown.is_empty() {
            agreed(&all)
        } else {
            agreed(&own.shown)
        };
        let style = shown
            .or_else(|| own.by_total())
            .or_else(|| own.by_size(&own.known))
            .or_else(|| {
                if own.known.is_empty() {
                    own.by_size(&neighbours())
                } else {
                    None
                }
            });
        styles.extend(style.map(|style| (column, style)));
    }
    // What the table's other columns came to, or the workbook's other tables, holds for those left.
    let usual = agreed(&styles.values().copied().collect()).or(elsewhere);
    for &(_, column) in &columns {
        if let Some(style) = usual {
            styles.entry(column).or_insert(style);
        }
    }
    styles
}

/// The one style of several, if there is just one.
pub(crate) fn agreed(styles: &BTreeSet<Style>) -> Option<Style> {
    if styles.len() == 1 {
        styles.first().copied()
    } else {
        None
    }
}

fn standing(col: u32, rows: &[(Kind, &Row)]) -> Standing {
    let mut standing = Standing::default();
    for (kind, row) in rows {
        let read = match row.cell(col) {
            Some(value @ Value::Number(_)) => {
                Value::decimal_of(value).map(|d| Number::One(d, None))
            }
            Some(Value::Text(text)) => {
                standing.shown.extend(style(text));
                number(text, None)
            }
            _ => None,
        };
        match (kind, read) {
            (Kind::Data, Some(Number::One(value, None))) => standing.known.push(value),
            (
                Kind::Data,
                Some(Number::Either {
                    thousands,
                    fraction,
                    unit: None,
                }),
            ) => {
                standing.either.push((thousands, fraction));
            }
            (Kind::Total, Some(Number::One(value, None))) => standing.totals.push(value),
            (
                Kind::Total,
                Some(Number::Either {
                    thousands,
                    fraction,
                    ..
                }),
            ) => {
                standing.totals.extend([thousands, fraction]);
            }
            _ => {}
        }
    }
    standing
}

impl Standing {
    fn by_total(&self) -> Option<Style> {
        if self.either.is_empty() {
            return None;
        }
        let known: Decimal = self.known.iter().sum();
        let says = |sum: Decimal| self.totals.contains(&(known + sum));
        let thousands = says(self.either.iter().map(|(thousands, _)| thousands).sum());
        let fraction = says(self.either.iter().map(|(_, fraction)| fraction).sum());
        (thousands != fraction).then_some(if thousands {
            Style::Thousands
        } else {
            Style::Fraction
        })
    }

    fn by_size(&self, others: &[Decimal]) -> Option<Style> {
        if self.either.is_empty() {
            return None;
        }
        let sizes = || {
            others
                .iter()
                .map(Decimal::abs)
                .filter(|size| !size.is_zero())
        };
        if sizes().count() < ENOUGH {
            return None;
        }
        let (least, most) = (sizes().min()?, sizes().max()?);
        let fits = |value: &Decimal| value.abs() * APART >= least && value.abs() <= most * APART;
        let thousands = self.either.iter().all(|(thousands, _)| fits(thousands));
        let fraction = self.either.iter().all(|(_, fraction)| fits(fraction));
        (thousands != fraction).then_some(if thousands {
            Style::Thousands
        } else {
            Style::Fraction
        })
    }
}
