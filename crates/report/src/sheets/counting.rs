use crate::error::ReportError;
use crate::input::annual::AnnualReport;
use crate::input::counting::{CountingLine, CountingRow};
use crate::paper::Paper;
use crate::paper::cell::CellValue;
use crate::paper::column::{ColumnList, ColumnSpec};
use crate::paper::look::Look;
use programme::{CountingEffect, Words};

/// A choice behind its number.
type NumberedChoice<'a> = (i64, &'a CountingLine<'a>);
type ChoiceColumn<'a> = ColumnSpec<'a, NumberedChoice<'a>>;

/// A record behind its number.
type NumberedRow<'a> = (i64, &'a CountingRow<'a>);
type RowColumn<'a> = ColumnSpec<'a, NumberedRow<'a>>;

/// What is chosen where the plan leaves open what counts, with what it concerns in the years shown; then those records.
pub(crate) fn write(page: &mut dyn Paper, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let columns = choice_columns(words);
    columns.begin(page, 0)?;
    for row in (1..).zip(&report.counting) {
        columns.row(page, &row)?;
    }
    page.note(words.get("counting_note"))?;
    if report.counting_rows.is_empty() {
        return page.note(words.get("no_counting_rows"));
    }
    let columns = row_columns(words);
    columns.begin_next(page, Some(words.get("counting_rows")))?;
    for row in (1..).zip(&report.counting_rows) {
        columns.row(page, &row)?;
    }
    Ok(())
}

fn choice_columns<'a>(words: &'a Words) -> ColumnList<'a, NumberedChoice<'a>> {
    ColumnList(vec![
        ChoiceColumn::new(words.get("no"), 5, |(number, _)| {
            CellValue::ordinal(*number)
        }),
        ChoiceColumn::new(words.get("counting_case"), 50, |(_, line)| {
            CellValue::text(&line.choice.title.vi)
        }),
        ChoiceColumn::new(words.get("clause"), 14, |(_, line)| {
            CellValue::centered(&line.choice.clause)
        }),
        ChoiceColumn::new(words.get("form"), 18, |(_, line)| {
            CellValue::text(&line.forms)
        }),
        ChoiceColumn::new(words.get("counted_as"), 18, |(_, line)| {
            effect(words, line.choice.effect)
        }),
        ChoiceColumn::new(words.get("counting_reason"), 60, |(_, line)| {
            CellValue::text(&line.choice.reason.vi)
        }),
        ChoiceColumn::new(words.get("counting_records"), 18, |(_, line)| {
            CellValue::Number(
                i64::try_from(line.records).unwrap_or(i64::MAX),
                Look::Number,
            )
        }),
        ChoiceColumn::new(words.get("counting_money"), 18, |(_, line)| {
            CellValue::money(line.money)
        }),
    ])
}

fn row_columns<'a>(words: &'a Words) -> ColumnList<'a, NumberedRow<'a>> {
    ColumnList(vec![
        RowColumn::spanning(1, words.get("no"), |(number, _)| {
            CellValue::ordinal(*number)
        }),
        RowColumn::spanning(1, words.get("counting_case"), |(_, row)| {
            CellValue::text(&row.choice.title.vi)
        }),
        RowColumn::spanning(1, words.get("department"), |(_, row)| {
            CellValue::text(&row.department)
        }),
        RowColumn::spanning(2, words.get("overlap_place"), |(_, row)| {
            CellValue::text(format!("{}, {}, {}", row.file_name, row.sheet, row.row))
        }),
        RowColumn::spanning(1, words.get("subject"), |(_, row)| {
            CellValue::text(&row.subject)
        }),
        RowColumn::spanning(1, words.get("counted_as"), |(_, row)| {
            effect(words, row.choice.effect)
        }),
        RowColumn::spanning(1, words.get("counting_money"), |(_, row)| {
            CellValue::money(row.amount)
        }),
    ])
}

fn effect<'a>(words: &'a Words, effect: CountingEffect) -> CellValue<'a> {
    let (word, look) = match effect {
        CountingEffect::Counts => ("effect_counts", Look::Center),
        CountingEffect::Asked => ("effect_asked", Look::Pending),
        CountingEffect::LeftOut => ("effect_left_out", Look::Center),
    };
    CellValue::Text(words.get(word).into(), look)
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::input::counting::{CountingLine, CountingRow};
    use crate::testing::{on_text, programme, report};

    #[test]
    fn each_choice_says_how_it_counts_and_what_it_concerns() {
        let programme = programme();
        let mut report = report(programme);
        let choice = |id: &str| programme.choice(id).unwrap();
        let line = |id: &str, records, money| CountingLine {
            choice: choice(id),
            forms: "Biểu 3".to_owned(),
            records,
            money,
        };
        report.counting = vec![
            line("stopped_unpaid", 0, None),
            line("outside_province", 1, Some(7_000_000)),
        ];
        insta::assert_snapshot!(on_text(|page| write(page, &report)), @r"
        [TT | Trường hợp | Căn cứ | Biểu | Cách tính | Lý do | Số dòng trong kỳ | Kinh phí liên quan (đồng)] kept 0
        #1 | Đã dừng, chưa chi kinh phí nào | II.1.b | Biểu 3 | Không tính | Chưa có hỗ trợ nào được thực hiện. | 0 |
        #2 | Doanh nghiệp có địa chỉ ngoài tỉnh | II.2 | Biểu 3 | ?Tính, cần xác minh | Đối tượng là doanh nghiệp có hoạt động sản xuất, kinh doanh trên địa bàn tỉnh; trụ sở ngoài tỉnh chưa cho biết điều đó. | 1 | 7000000
        note: Kế hoạch không nói rõ các trường hợp này có tính hay không; cột “Khoảng có thể” của trang tổng hợp cho biết số liệu sẽ thay đổi đến đâu nếu chọn cách tính khác. Trường hợp không nêu ở đây thì được tính.
        note: Trong kỳ không có dòng nào thuộc các trường hợp trên.
        ");
        report.counting_rows = vec![CountingRow {
            choice: choice("outside_province"),
            department: "Sở Công Thương".to_owned(),
            file_name: "sct.xlsx".to_owned(),
            sheet: "B3".to_owned(),
            row: 7,
            subject: "Công ty Gỗ Mẫu".to_owned(),
            amount: Some(7_000_000),
        }];
        let text = on_text(|page| write(page, &report));
        let rows: Vec<&str> = text
            .lines()
            .skip_while(|line| !line.starts_with("--"))
            .collect();
        insta::assert_snapshot!(rows.join("\n"), @r"
        -- CÁC DÒNG THUỘC NHỮNG TRƯỜNG HỢP TRÊN
        [TT‹1› | Trường hợp‹1› | Cơ quan‹1› | Tệp, trang, dòng‹2› | Nội dung‹1› | Cách tính‹1› | Kinh phí liên quan (đồng)‹1›]
        #1 | Doanh nghiệp có địa chỉ ngoài tỉnh | Sở Công Thương | sct.xlsx, B3, 7‹2› | Công ty Gỗ Mẫu | ?Tính, cần xác minh | 7000000
        ");
    }
}
