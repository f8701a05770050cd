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

#[cfg(test)]
mod tests {
    use super::ColumnSums;
    use crate::headings::HeadingContext;
    use crate::limits::Purpose;
    use crate::sheet_forms::SheetForms;
    use crate::workbook::open;
    use programme::Programme;
    use std::collections::BTreeMap;

    /// The columns that are sums, and the unit of their headings.
    fn sums(rows: &str) -> (Vec<u32>, Option<i64>) {
        let programme = Programme::default_programme().unwrap();
        let heading = "Tên doanh nghiệp|Tình trạng|Tổng kinh phí (triệu đồng)|NSNN|DN đối ứng";
        let bytes = testkit::workbook(&format!("== T\n{heading}\n{rows}"));
        let opened = open(&bytes, "a.xlsx", Purpose::Report).ok().unwrap();
        let forms = SheetForms::find(&opened.sheets[0], HeadingContext::of(&programme));
        let rows = forms.classify_rows(&programme);
        let sums = ColumnSums::find(&forms.headings[0], &rows[0], &BTreeMap::new());
        (sums.columns.into_iter().collect(), sums.unit)
    }

    #[test]
    fn a_total_in_each_row_is_one_and_says_the_unit_of_its_parts() {
        let sound = "Công ty A|dừng|140|100|40\nCông ty B|dừng|85|60|25\n";
        assert_eq!(sums(sound), (vec![2], Some(1_000_000)));
        assert_eq!(sums("Công ty A|dừng|141|100|40\n"), (vec![], None));
    }
}
