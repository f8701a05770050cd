//! What the records of a table add up to, and the totals by their words that say otherwise.

use crate::cell_reader::read_cell;
use crate::column_sums::figure;
use crate::grid::{Cell, Row};
use crate::stored_value::StoredValue;
use crate::table_plan::PlacedColumn;
use model::Vnd;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// The running sums of a table's columns of amounts, by their place on the sheet.
#[derive(Debug, Clone, Default)]
pub(crate) struct TotalCheck {
    sums: HashMap<u32, Sum>,
}

/// What a column adds up to so far; nothing if an amount of it could not be read.
#[derive(Debug, Clone, Copy)]
struct Sum {
    /// In đồng, or whole numbers.
    amount: Option<i64>,
    /// As the figures stand, for amounts whose unit is not known.
    figures: Option<Decimal>,
}

/// A total that is not what its rows add up to, as both are shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TotalDifference {
    pub total: String,
    pub rows: String,
}

impl TotalCheck {
    /// Adds the amount of a record.
    pub(crate) fn add(&mut self, placed: &PlacedColumn<'_>, cell: &Cell, stored: &StoredValue) {
        let amount = if let StoredValue::Integer(amount) = stored {
            Some(*amount)
        } else {
            None
        };
        let sum = self.sums.entry(placed.col).or_insert(Sum {
            amount: Some(0),
            figures: Some(Decimal::ZERO),
        });
        sum.amount = sum
            .amount
            .zip(amount)
            .and_then(|(sum, amount)| sum.checked_add(amount));
        // Only without a unit are the figures asked for.
        if placed.context.unit.is_none() {
            sum.figures = sum
                .figures
                .zip(figure(Some(&cell.value), placed.context.notation))
                .and_then(|(sum, figure)| sum.checked_add(figure));
        }
    }

    /// How a total of a column differs from what its records add up to; nothing if it does not or one cannot tell.
    pub(crate) fn difference(
        &self,
        row: &Row,
        placed: &PlacedColumn<'_>,
    ) -> Option<TotalDifference> {
        let cell = row.whole_cell(placed.col)?;
        let sum = self.sums.get(&placed.col).copied().unwrap_or(Sum {
            amount: Some(0),
            figures: Some(Decimal::ZERO),
        });
        if let StoredValue::Integer(total) = read_cell(placed.column, cell, &placed.context).stored
        {
            let rows = sum.amount?;
            return (rows != total).then(|| TotalDifference {
                total: Vnd(total).to_string(),
                rows: Vnd(rows).to_string(),
            });
        }
        if placed.context.unit.is_some() {
            return None;
        }
        // Whatever the unit is, total and rows are of the same.
        let total = figure(Some(&cell.value), placed.context.notation)?;
        let rows = sum.figures?;
        (rows != total).then(|| TotalDifference {
            total: total.normalize().to_string(),
            rows: rows.normalize().to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::read::read;
    use model::{Check, FileId};
    use programme::Programme;

    /// Totals that differ, as they and their rows are shown.
    fn differences(unit: &str, total: &str) -> Vec<(String, String)> {
        let programme = Programme::default_programme().unwrap();
        let text = format!(
            "== TT chung\nCơ quan báo cáo|Sở Công Thương\nKỳ báo cáo|Năm 2023\n== Biểu 8\n{unit}\n\
             Nhiệm vụ|Nguồn kinh phí|Dự toán|Thực hiện\nIV.1.a|NSNN bảo đảm|1.5|1\nIV.2.a|NSNN bảo đảm|2|1\nTổng cộng||{total}|2\n"
        );
        let bytes = testkit::workbook(&text);
        let reading = read(&FileId("0".repeat(64)), "a.xlsx", &bytes, &programme);
        let differs = reading.observations.into_iter();
        differs
            .filter(|it| it.check == Check::TotalDiffers)
            .map(|it| (it.found, it.expected))
            .collect()
    }

    #[test]
    fn a_total_that_differs_is_shown_beside_what_its_rows_are() {
        let unit = "Đơn vị tính: triệu đồng";
        assert_eq!(differences(unit, "3.5"), []);
        assert_eq!(
            differences(unit, "4"),
            [("4.000.000".to_owned(), "3.500.000".to_owned())]
        );
    }

    #[test]
    fn without_a_unit_the_figures_are_compared() {
        assert_eq!(differences("Kinh phí", "3.5"), []);
        assert_eq!(
            differences("Kinh phí", "4"),
            [("4".to_owned(), "3.5".to_owned())]
        );
    }
}
