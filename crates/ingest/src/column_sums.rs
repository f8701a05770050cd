//! Columns of a table that are the sums of others, row by row: 'Tổng kinh phí' beside its sources.

use crate::grid::{Row, Value};
use crate::headings::matching::HeadingMatch;
use crate::row_kind::RowKind;
use crate::value::number::{DecimalNotation, Number, number};
use programme::ColumnType;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// The columns that are sums, and what they say of the others.
#[derive(Debug, Default)]
pub(crate) struct ColumnSums {
    /// The columns of the sheet that are sums.
    pub columns: BTreeSet<u32>,
    /// The unit of their headings, which is that of what they are sums of.
    pub unit: Option<i64>,
}

impl ColumnSums {
    /// Looks for columns beyond the form whose figures are the sums of the form's money in each row.
    pub(crate) fn find(
        heading: &HeadingMatch<'_>,
        rows: &[(RowKind, &Row)],
        notations: &BTreeMap<usize, DecimalNotation>,
    ) -> Self {
        let mut sums = Self::default();
        // Only what is reported together is summed: columns without a unit of their own, or all of one.
        let money: Vec<(u32, usize)> = heading
            .placed()
            .filter(|(_, place)| heading.form.columns[*place].kind == ColumnType::Money)
            .filter(|(col, _)| !heading.units.contains_key(col) || heading.units.len() > 1)
            .collect();
        if money.len() < 2 {
            return sums;
        }
        let beyond = heading.unknown.iter().map(|(col, _)| *col);
        let unsure = heading.unsure.iter().map(|unsure| unsure.col);
        for col in beyond.chain(unsure) {
            if is_sum(col, &money, rows, notations) {
                sums.columns.insert(col);
                sums.unit = sums.unit.or(heading.units.get(&col).copied());
            }
        }
        sums
    }
}

fn is_sum(
    col: u32,
    money: &[(u32, usize)],
    rows: &[(RowKind, &Row)],
    notations: &BTreeMap<usize, DecimalNotation>,
) -> bool {
    let mut proved = 0;
    for (_, row) in rows.iter().filter(|(kind, _)| *kind == RowKind::Data) {
        let Some(total) = figure(row.cell(col), None) else {
            // Text there is no figure, and nothing a sum of nothing.
            if row.cell(col).is_some() {
                return false;
            }
            continue;
        };
        let mut sum = Decimal::ZERO;
        for (col, place) in money {
            let cell = row.cell(*col);
            match figure(cell, notations.get(place).copied()) {
                Some(figure) => sum += figure,
                None if cell.is_none() => {}
                None => return false,
            }
        }
        if sum != total {
            return false;
        }
        proved += usize::from(!sum.is_zero());
    }
    proved > 0
}

/// The number in a cell, without any unit.
pub(crate) fn figure(value: Option<&Value>, notation: Option<DecimalNotation>) -> Option<Decimal> {
    match value? {
        Value::Text(text) => match number(text, notation)? {
            Number::One(figure, None) => Some(figure),
            Number::One(..) | Number::Either { .. } => None,
        },
        value => value.as_decimal(),
    }
}
