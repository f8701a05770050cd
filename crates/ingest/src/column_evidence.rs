//! What the cells of a table show together of how one of them is meant.

use crate::grid::{Cell, Row, Shows, Value};
use crate::headings::matching::HeadingMatch;
use crate::row_kind::RowKind;
use crate::value::date::{DayOrder, day_order};
use crate::value::number::{DecimalNotation, Number, number};
use programme::ColumnType;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// The form's columns of shares that hold a fraction between 0 and 1 without a percent sign: some people write 12% as
/// 0.12 there, and nothing in the cell says so.
pub(crate) fn bare_fractions(
    heading: &HeadingMatch<'_>,
    rows: &[(RowKind, &Row)],
) -> BTreeSet<usize> {
    let shares = columns_of(heading, &ColumnType::Percent);
    let holds_fraction = |col: u32| {
        let mut cells = rows.iter().filter_map(|(_, row)| row.whole_cell(col));
        cells.any(is_bare_fraction)
    };
    shares
        .filter(|&(col, _)| holds_fraction(col))
        .map(|(_, place)| place)
        .collect()
}

fn is_bare_fraction(cell: &Cell) -> bool {
    let number = match &cell.value {
        Value::Number(_) if cell.format.shows != Shows::Percent => cell.value.as_decimal(),
        Value::Text(text) => match number(text, Some(DecimalNotation::Fraction)) {
            Some(Number::One(number, None)) => Some(number),
            _ => None,
        },
        _ => None,
    };
    number.is_some_and(|number| !number.is_zero() && number.abs() < Decimal::ONE)
}

/// Whether the dates of a table that are written as text put the day before the month.
pub(crate) fn day_order_of_table(heading: &HeadingMatch<'_>, rows: &[(RowKind, &Row)]) -> DayOrder {
    let dates: Vec<u32> = columns_of(heading, &ColumnType::Date)
        .map(|(col, _)| col)
        .collect();
    let texts = rows.iter().flat_map(|(_, row)| {
        dates.iter().filter_map(|&col| match row.cell(col) {
            Some(Value::Text(text)) => Some(&**text),
            _ => None,
        })
    });
    day_order(texts)
}

/// The columns of one kind: their place on the sheet and in the form.
fn columns_of<'h>(
    heading: &'h HeadingMatch<'_>,
    kind: &'h ColumnType,
) -> impl Iterator<Item = (u32, usize)> + 'h {
    let columns = &heading.form.columns;
    heading
        .columns
        .iter()
        .filter(move |(_, place)| columns[**place].kind == *kind)
        .map(|(&col, &place)| (col, place))
}
