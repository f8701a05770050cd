use crate::error::ReportError;
use crate::input::annual::AnnualReport;
use crate::input::rows::HeldRow;
use crate::paper::Paper;
use crate::paper::cell::CellValue;
use crate::paper::column::{ColumnList, ColumnSpec};
use crate::paper::look::Look;
use programme::Words;

/// A held row behind its number.
type NumberedHeld<'a> = (i64, &'a HeldRow);
type HeldColumn<'a> = ColumnSpec<'a, NumberedHeld<'a>>;

/// The rows that wait, beside what they could change.
pub(crate) fn write(page: &mut dyn Paper, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let sum = report.held.iter().filter_map(|row| row.amount).sum();
    let columns = columns(words, sum);
    columns.begin(page, 0)?;
    for row in (1..).zip(&report.held) {
        columns.row(page, &row)?;
    }
    if report.held.is_empty() {
        return page.note(words.get("no_held"));
    }
    columns.foot(page)?;
    page.note(words.get("held_note"))
}

fn columns<'a>(words: &'a Words, sum: i64) -> ColumnList<'a, NumberedHeld<'a>> {
    let total = CellValue::Text(words.get("total").into(), Look::TotalText);
    ColumnList(vec![
        HeldColumn::new(words.get("no"), 5, |(number, _)| {
            CellValue::ordinal(*number)
        }),
        HeldColumn::new(words.get("department"), 16, |(_, row)| {
            CellValue::text(&row.department)
        }),
        HeldColumn::new(words.get("form"), 10, |(_, row)| CellValue::text(&row.form)),
        HeldColumn::new(words.get("file"), 36, |(_, row)| {
            CellValue::text(&row.file_name)
        }),
        HeldColumn::new(words.get("sheet"), 22, |(_, row)| {
            CellValue::text(&row.sheet)
        }),
        HeldColumn::new(words.get("row"), 7, |(_, row)| CellValue::ordinal(row.row)),
        HeldColumn::new(words.get("subject"), 40, |(_, row)| {
            CellValue::text(&row.subject)
        })
        .with_foot(total),
        HeldColumn::new(words.get("amount_read"), 18, |(_, row)| {
            CellValue::money(row.amount)
        })
        .with_foot(CellValue::Total(sum, Look::Total)),
        HeldColumn::new(words.get("reasons"), 60, |(_, row)| {
            CellValue::text(&row.reasons)
        }),
    ])
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::input::rows::HeldRow;
    use crate::testing::{on_text, programme, report};

    fn held(subject: &str, amount: Option<i64>) -> HeldRow {
        HeldRow {
            department: "Sở Công Thương".to_owned(),
            form: "Biểu 3".to_owned(),
            file_name: "sct.xlsx".to_owned(),
            sheet: "B3".to_owned(),
            row: 12,
            subject: subject.to_owned(),
            amount,
            reasons: "C001: ngày không đọc được".to_owned(),
        }
    }

    #[test]
    fn held_rows_are_numbered_and_added_up() {
        let mut report = report(programme());
        report.held = vec![held("Gốm", Some(1_500_000)), held("Gỗ", None)];
        insta::assert_snapshot!(on_text(|page| write(page, &report)), @r"
        [TT | Cơ quan | Biểu | Tệp | Trang | Dòng | Nội dung | Số tiền đọc được (đồng) | Lý do tạm giữ] kept 0
        #1 | Sở Công Thương | Biểu 3 | sct.xlsx | B3 | #12 | Gốm | 1500000 | C001: ngày không đọc được
        #2 | Sở Công Thương | Biểu 3 | sct.xlsx | B3 | #12 | Gỗ |  | C001: ngày không đọc được
        = | = | = | = | = | = | =TỔNG CỘNG | =1500000 Σ | =
        note: Các dòng này chưa nằm trong bất kỳ số liệu nào của báo cáo.
        ");
    }

    #[test]
    fn nothing_held_is_said() {
        let report = report(programme());
        insta::assert_snapshot!(on_text(|page| write(page, &report)), @r"
        [TT | Cơ quan | Biểu | Tệp | Trang | Dòng | Nội dung | Số tiền đọc được (đồng) | Lý do tạm giữ] kept 0
        note: Không có dòng nào bị tạm giữ.
        ");
    }
}
