//! What the cells of a table show together of how one of them is meant.

use crate::grid::{Cell, Row, Shows, Value};
use crate::headings::matching::HeadingMatch;
use crate::row_kind::RowKind;
use crate::value::date::{DayOrder, day_order};
use crate::value::number::{Number, number};
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
        Value::Text(text) => match number(text, None) {
            Some(
                Number::One(number, None)
                | Number::Either {
                    fraction: number,
                    unit: None,
                    ..
                },
            ) => Some(number),
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
        .placed()
        .filter(move |(_, place)| columns[*place].kind == *kind)
}

#[cfg(test)]
mod tests {
    use super::{bare_fractions, day_order_of_table};
    use crate::headings::HeadingContext;
    use crate::limits::Purpose;
    use crate::sheet_forms::SheetForms;
    use crate::value::date::DayOrder;
    use crate::workbook::open;
    use programme::Programme;

    /// Whether the column of shares holds bare fractions, and the order of the dates, of a table whose rows have these
    /// beginnings and shares.
    fn evidence(rows: &[[&str; 2]]) -> (bool, DayOrder) {
        let programme = Programme::default_programme().unwrap();
        let heading = "Tên doanh nghiệp|Tình trạng|Bắt đầu|Tăng năng suất (%)|NSNN";
        let mut text = format!("== T\n{heading}\n");
        for [start, share] in rows {
            text += &format!("Công ty A|dừng|{start}|{share}|0.5\n");
        }
        let bytes = testkit::workbook(&text);
        let opened = open(&bytes, "a.xlsx", Purpose::Report).ok().unwrap();
        let forms = SheetForms::find(&opened.sheets[0], HeadingContext::of(&programme));
        let rows = forms.classify_rows(&programme);
        let heading = &forms.headings[0];
        (
            !bare_fractions(heading, &rows[0]).is_empty(),
            day_order_of_table(heading, &rows[0]),
        )
    }

    #[test]
    fn a_fraction_without_a_percent_sign_shows_that_shares_are_written_two_ways() {
        let has = |shares: &[&str]| {
            let rows: Vec<[&str; 2]> = shares.iter().map(|share| ["", *share]).collect();
            evidence(&rows).0
        };
        assert!(has(&["15", "0.15"]));
        assert!(has(&["15", "'0,15"]));
        assert!(!has(&["15", "1", "0"]));
        assert!(!has(&["15", "'0,15%", "'15%"]));
    }

    #[test]
    fn dates_that_fit_one_way_only_show_the_order_of_a_table() {
        let order = |dates: &[&str]| {
            let rows: Vec<[&str; 2]> = dates.iter().map(|date| [*date, ""]).collect();
            evidence(&rows).1
        };
        assert_eq!(order(&["'05/03/2024", "2024-08-20"]), DayOrder::DayFirst);
        assert_eq!(order(&["'05/03/2024", "'08/20/2024"]), DayOrder::MonthFirst);
        assert_eq!(order(&["'20/08/2024", "'08/20/2024"]), DayOrder::Unsure);
    }
}
