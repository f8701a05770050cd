//! How the texts of a column write numbers: '16.000' is sixteen thousand, or sixteen.
//!
//! A column's own texts may show it beyond doubt, or the other columns' do. Else the column's total says which reading
//! adds up, and last the size of its other numbers says which reading is of their kind. What none of these decides
//! stays undecided: it is not guessed.

use crate::grid::{Row, Value};
use crate::heading::Heading;
use crate::rows::Kind;
use crate::value::number::{Number, Style, number, style};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// A reading that is so many times smaller or larger than all other numbers of its column is not of their kind.
const APART: Decimal = Decimal::from_parts(20, 0, 0, false, 0);

/// The numbers of a column as they stand.
#[derive(Default)]
struct Standing {
    /// Styles its texts show.
    shown: BTreeSet<bool>,
    /// Numbers with one reading.
    known: Vec<Decimal>,
    /// Texts with two: with the separator between thousands, and before the fraction; whether it is a dot.
    either: Vec<(Decimal, Decimal, bool)>,
    /// What its total rows say.
    totals: Vec<Decimal>,
}

/// The style of each number column of a table that can be told.
pub(crate) fn of_columns(heading: &Heading<'_>, rows: &[(Kind, &Row)]) -> BTreeMap<usize, Style> {
    let columns: Vec<(u32, usize)> = heading
        .columns
        .iter()
        .filter(|(_, column)| heading.form.columns[**column].kind.is_number())
        .map(|(&col, &column)| (col, column))
        .collect();
    let standing: Vec<Standing> = columns.iter().map(|&(col, _)| standing(col, rows)).collect();
    let all: BTreeSet<bool> = standing.iter().flat_map(|s| s.shown.iter().copied()).collect();
    columns
        .iter()
        .zip(&standing)
        .filter_map(|(&(_, column), own)| {
            let shown = if own.shown.is_empty() { agreed(&all) } else { agreed(&own.shown) };
            let style = shown.or_else(|| own.by_total()).or_else(|| own.by_size(&own.known)).or_else(|| {
                // A column of texts only is of the size of its neighbours.
                let others: Vec<Decimal> = standing.iter().flat_map(|s| s.known.iter().copied()).collect();
                if own.known.is_empty() { own.by_size(&others) } else { None }
            })?;
            Some((column, style))
        })
        .collect()
}

fn standing(col: u32, rows: &[(Kind, &Row)]) -> Standing {
    let mut standing = Standing::default();
    for (kind, row) in rows {
        let read = match row.cell(col) {
            Some(value @ Value::Number(_)) => Value::decimal_of(value).map(|d| Number::One(d, None)),
            Some(Value::Text(text)) => {
                standing.shown.extend(style(text).map(|style| style == Style::CommaDecimal));
                number(text, None)
            }
            _ => None,
        };
        match (kind, read) {
            (Kind::Data, Some(Number::One(value, None))) => standing.known.push(value),
            (Kind::Data, Some(Number::Either { thousands, fraction, unit: None })) => {
                let dot = matches!(row.cell(col), Some(Value::Text(text)) if text.contains('.'));
                standing.either.push((thousands, fraction, dot));
            }
            (Kind::Total, Some(Number::One(value, None))) => standing.totals.push(value),
            (Kind::Total, Some(Number::Either { thousands, fraction, .. })) => {
                standing.totals.extend([thousands, fraction]);
            }
            _ => {}
        }
    }
    standing
}

fn agreed(shown: &BTreeSet<bool>) -> Option<Style> {
    match (shown.len(), shown.first()) {
        (1, Some(true)) => Some(Style::CommaDecimal),
        (1, Some(false)) => Some(Style::DotDecimal),
        _ => None,
    }
}

impl Standing {
    /// The style under which the separator stands between thousands, or before the fraction, for all texts alike.
    fn style(&self, thousands: bool) -> Option<Style> {
        let dots: BTreeSet<bool> = self.either.iter().map(|(_, _, dot)| *dot).collect();
        match (dots.len(), dots.first()) {
            (1, Some(&dot)) => Some(if dot == thousands { Style::CommaDecimal } else { Style::DotDecimal }),
            _ => None,
        }
    }

    fn by_total(&self) -> Option<Style> {
        let known: Decimal = self.known.iter().sum();
        let says = |sum: Decimal| self.totals.contains(&(known + sum));
        let thousands = says(self.either.iter().map(|(thousands, ..)| thousands).sum());
        let fraction = says(self.either.iter().map(|(_, fraction, _)| fraction).sum());
        if thousands == fraction { None } else { self.style(thousands) }
    }

    fn by_size(&self, others: &[Decimal]) -> Option<Style> {
        let sizes = || others.iter().map(Decimal::abs).filter(|size| !size.is_zero());
        let (least, most) = (sizes().min()?, sizes().max()?);
        let fits = |value: &Decimal| value.abs() * APART >= least && value.abs() <= most * APART;
        let thousands = self.either.iter().all(|(thousands, ..)| fits(thousands));
        let fraction = self.either.iter().all(|(_, fraction, _)| fits(fraction));
        if thousands == fraction { None } else { self.style(thousands) }
    }
}
