//! What became of every number on a sheet that holds a form: counted, proved a total, or named in a finding.

use crate::cell_reader::amounts::is_written_number;
use crate::column_map::ColumnMap;
use crate::grid::{Row, SheetGrid, Value};
use crate::headings::matching::HeadingMatch;
use crate::row_kind::RowKind;
use crate::row_structure::ClassifiedRow;
use model::{AmountCount, CellRef};
use std::collections::HashSet;

/// What a column of a table is for the account of numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Amounts and counts of the form.
    Amount,
    /// Values of the form that are no amounts, and numbers of rows.
    Value,
    /// Beyond the form: named by its heading.
    Named,
}

/// Accounts for the numbers of a sheet.
#[derive(Default)]
pub(crate) struct Accounts {
    pub count: AmountCount,
    /// Numbers that no rule above accounts for: they are named in a finding of their own.
    pub outside: Vec<CellRef>,
    /// The rows that were accounted for.
    seen: HashSet<u32, foldhash::fast::FixedState>,
}

impl Accounts {
    /// Accounts for the rows of a table.
    pub(crate) fn add_table(
        &mut self,
        sheet: &SheetGrid,
        heading: &HeadingMatch<'_>,
        rows: &[ClassifiedRow<'_>],
    ) {
        let mut roles: ColumnMap<Role> = ColumnMap::default();
        for (col, place) in heading.placed() {
            let role = if heading.form.columns[place].kind.is_number() {
                Role::Amount
            } else {
                Role::Value
            };
            roles.insert(col, role);
        }
        if let Some(col) = heading.number_column {
            roles.insert(col, Role::Value);
        }
        let unknown = heading.unknown.iter().map(|(col, _)| *col);
        let unsure = heading.unsure.iter().map(|unsure| unsure.col);
        let twice = heading.duplicate_headings.iter().map(|(_, col)| *col);
        for col in unknown.chain(unsure).chain(twice) {
            roles.get_or_insert_with(col, || Role::Named);
        }
        // Years in a heading are no amounts.
        for row in &sheet.rows[heading.first..=heading.last] {
            self.seen.insert(row.index);
        }
        for classified in rows {
            self.add_row(classified, &roles);
        }
    }

    fn add_row(&mut self, classified: &ClassifiedRow<'_>, roles: &ColumnMap<Role>) {
        let row = classified.row;
        self.seen.insert(row.index);
        if matches!(classified.kind, RowKind::Numbering | RowKind::Example) {
            return;
        }
        let is_amount = |col| roles.get(col) == Some(&Role::Amount);
        for col in numbers(row, is_amount) {
            let role = roles.get(col).copied();
            match (classified.kind, role) {
                (_, Some(Role::Value)) => {}
                (RowKind::Data | RowKind::Unclear | RowKind::Total, Some(Role::Named)) => {
                    self.count.named += 1;
                }
                (RowKind::Data, Some(Role::Amount)) => self.count.counted += 1,
                (RowKind::Unclear, Some(Role::Amount)) => self.count.named += 1,
                (RowKind::Total, Some(Role::Amount) | None) => self.count.totals += 1,
                _ => self.add_outside(row.at(col)),
            }
        }
    }

    /// Accounts for what stands on the sheet beside its tables.
    pub(crate) fn add_rest(&mut self, sheet: &SheetGrid) {
        for row in &sheet.rows {
            if self.seen.contains(&row.index) {
                continue;
            }
            for col in numbers(row, |_| false) {
                self.add_outside(row.at(col));
            }
        }
    }

    fn add_outside(&mut self, at: CellRef) {
        self.count.named += 1;
        self.outside.push(at);
    }

    /// Leaves a row out: its values were read otherwise.
    pub(crate) fn skip(&mut self, row: u32) {
        self.seen.insert(row);
    }
}

/// The columns of the numbers of a row that are more than nothing. A text that says a number is one where `is_amount`:
/// elsewhere it is a code, a telephone number, a year.
fn numbers(row: &Row, is_amount: impl Fn(u32) -> bool) -> impl Iterator<Item = u32> {
    let cells = row.cells.iter();
    cells
        .filter(move |cell| match &cell.value {
            Value::Number(_) => !matches!(cell.value.whole(), Some(0)),
            Value::Text(text) => is_amount(cell.col) && is_written_number(text),
            Value::Bool(_) | Value::Date(_) | Value::Error(_) | Value::Formula(_) => false,
        })
        .map(|cell| cell.col)
}

#[cfg(test)]
mod tests {
    use crate::read::read;
    use model::{AmountCount, Check, FileId};
    use programme::Programme;

    /// What the numbers of a budget came to, and the cells of those outside its rows and columns.
    fn account(budget: &str) -> (AmountCount, Vec<String>) {
        let cover = "== TT chung\nCơ quan báo cáo|Sở Công Thương\nKỳ báo cáo|Năm 2023\n";
        let text = format!("{cover}== Biểu 8\n{budget}");
        let programme = Programme::default_programme().unwrap();
        let bytes = testkit::workbook(&text);
        let reading = read(&FileId("0".repeat(64)), "a.xlsx", &bytes, &programme);
        let outside = reading.observations.iter();
        let outside = outside.filter(|it| it.check == Check::NumbersOutside);
        let cells = outside.flat_map(|it| it.cells.iter().map(ToString::to_string));
        (reading.sheets[1].amounts, cells.collect())
    }

    fn count(counted: u32, totals: u32, named: u32) -> AmountCount {
        AmountCount {
            counted,
            totals,
            named,
        }
    }

    #[test]
    fn each_number_is_counted_a_total_or_named() {
        let budget = "Đơn vị tính: triệu đồng|700\n\
             STT|Nhiệm vụ|Nguồn kinh phí|Dự toán|Thực hiện|Số quyết định\n1|2|3|4|5|6\n\
             1|IV.1.a|NSNN bảo đảm|90|60|12\n2|IV.2.a|NSNN bảo đảm|20|10|13\n|Tổng cộng||110|70|\n";
        assert_eq!(account(budget), (count(4, 2, 3), vec!["B1".to_owned()]));
    }

    const HEADING: &str = "Đơn vị tính: triệu đồng\n\
        STT|Nhiệm vụ|Nguồn kinh phí|Dự toán|Thực hiện|Đã giải ngân|Số quyết định\n";

    #[test]
    fn amounts_that_are_texts_are_accounted_for_as_those_that_are_numbers() {
        let numbers =
            "1|IV.3|Doanh nghiệp|300|200|0\n2|IV.5|NSNN hỗ trợ|100|80|60\n|Cộng||400|280|60\n";
        let texts = "1|IV.3|Doanh nghiệp|'300|'200 triệu|'0\n2|IV.5|NSNN hỗ trợ|'100,0|80|'sáu mươi triệu đồng\n\
                     |Cộng||'400|'280,0|'60\n";
        for rows in [numbers, texts] {
            let budget = format!("{HEADING}{rows}");
            assert_eq!(account(&budget), (count(5, 3, 0), vec![]));
        }
        // What says no number is no amount, and numbers that are texts count in columns of amounts only.
        let budget = format!("{HEADING}1|IV.3|Doanh nghiệp|300|không|-|'1234\n");
        assert_eq!(account(&budget), (count(1, 0, 0), vec![]));
    }

    #[test]
    fn texts_that_say_amounts_are_named_in_rows_that_are_no_data() {
        // A column beyond the form, a row that may be a record, a remark below the total.
        let rows = "1|IV.3|Doanh nghiệp|300|200|100|12\nKhoản khác|||||'7\n|Tổng cộng||300|200|100\n\
                    |- Tạm ứng năm trước|||'50|\n";
        let budget = format!("{HEADING}{rows}");
        assert_eq!(account(&budget), (count(3, 3, 3), vec!["E6".to_owned()]));
    }
}
