use crate::display;
use crate::error::ReportError;
use crate::input::annual::AnnualReport;
use crate::input::restatement::{RestatedFigure, RestatedValue, Restatement};
use crate::paper::Paper;
use crate::paper::cell::CellValue;
use crate::paper::column::{ColumnList, ColumnSpec};
use crate::paper::look::Look;
use programme::Words;

/// A line of the sheet: a figure that changed, or a value that changed it.
enum RestatementLine<'a> {
    Figure(&'a RestatedFigure),
    Value(&'a RestatedValue),
}

type RestatementColumn<'a> = ColumnSpec<'a, RestatementLine<'a>>;

/// What changed in the figures since the report was issued last: each figure, then the cells that changed it and why.
pub(crate) fn write(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    restatement: &Restatement,
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let columns = columns(words);
    columns.begin(page, 0)?;
    for figure in &restatement.figures {
        columns.row(page, &RestatementLine::Figure(figure))?;
        for value in &figure.values {
            columns.row(page, &RestatementLine::Value(value))?;
        }
    }
    let as_of = display::moment(restatement.as_of);
    let note = words.render_template(
        "restatement_note",
        [("moment", &as_of), ("hash", &restatement.file)],
    );
    page.note(&(note + &issued_as(words, restatement)))
}

/// What the report that is compared with was issued under, in brackets behind a text; blank if it has no number.
pub(crate) fn issued_as(words: &Words, restatement: &Restatement) -> String {
    restatement
        .stamp
        .as_ref()
        .map_or_else(String::new, |stamp| {
            let values = [
                ("number", &*stamp.number.to_string()),
                ("date", &*display::day(stamp.signed_on)),
            ];
            format!(" ({})", words.render_template("issued_as", values))
        })
}

fn columns<'a>(words: &'a Words) -> ColumnList<'a, RestatementLine<'a>> {
    let bold = |text: &'a str| CellValue::Text(text.into(), Look::TextBold);
    let number = |number| CellValue::Number(number, Look::NumberBold);
    // What a value was stands under the figure before, what came in under the figure now.
    let shown = |value: &'a RestatedValue, is_added: bool| {
        let is_here = value.is_added == is_added;
        let text = if is_here { value.shown.as_str() } else { "" };
        CellValue::Text(text.into(), Look::Right)
    };
    ColumnList(vec![
        RestatementColumn::new(words.get("figure"), 34, move |line| match line {
            RestatementLine::Figure(figure) => bold(&figure.id),
            RestatementLine::Value(_) => CellValue::blank(),
        }),
        RestatementColumn::new(words.get("subject"), 34, move |line| match line {
            RestatementLine::Figure(figure) => bold(&figure.title),
            RestatementLine::Value(value) if value.is_added => {
                CellValue::text(words.get("came_in"))
            }
            RestatementLine::Value(_) => CellValue::text(words.get("went_out")),
        }),
        RestatementColumn::new(words.get("before"), 17, move |line| match line {
            RestatementLine::Figure(figure) => number(figure.before),
            RestatementLine::Value(value) => shown(value, false),
        }),
        RestatementColumn::new(words.get("after"), 17, move |line| match line {
            RestatementLine::Figure(figure) => number(figure.after),
            RestatementLine::Value(value) => shown(value, true),
        }),
        RestatementColumn::new(words.get("difference"), 17, move |line| match line {
            RestatementLine::Figure(figure) => number(figure.after - figure.before),
            RestatementLine::Value(_) => CellValue::blank(),
        }),
        of_value(words.get("department"), 12, |value| {
            CellValue::text(&value.department)
        }),
        of_value(words.get("file"), 26, |value| {
            CellValue::text(&value.file_name)
        }),
        of_value(words.get("sheet"), 18, |value| {
            CellValue::text(&value.sheet)
        }),
        of_value(words.get("cell"), 8, |value| CellValue::text(&value.cell)),
        of_value(words.get("cause"), 18, |value| {
            let cause = words.get(&format!("cause_{}", value.cause)).to_owned();
            CellValue::text(cause)
        }),
    ])
}

/// A column that says something of a value only.
fn of_value<'a>(
    heading: &'a str,
    width: u16,
    cell: impl Fn(&'a RestatedValue) -> CellValue<'a> + 'a,
) -> RestatementColumn<'a> {
    RestatementColumn::new(heading, width, move |line| match line {
        RestatementLine::Figure(_) => CellValue::blank(),
        RestatementLine::Value(value) => cell(value),
    })
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::input::restatement::{RestatedFigure, RestatedValue, Restatement};
    use crate::testing::{issued, moment, on_text, programme, report};

    #[test]
    fn a_changed_figure_is_followed_by_the_cells_that_changed_it() {
        let value = |is_added, shown: &str, cause| RestatedValue {
            is_added,
            shown: shown.to_owned(),
            department: "Sở Y tế".to_owned(),
            file_name: "syt.xlsx".to_owned(),
            sheet: "Biểu 3".to_owned(),
            cell: "J12".to_owned(),
            cause,
        };
        let restatement = Restatement {
            as_of: moment("2023-12-01T08:00:00+07:00"),
            stamp: issued("12/BC-SKHCN", "2023-12-05").stamp().cloned(),
            file: "0123456789ab".to_owned(),
            figures: vec![RestatedFigure {
                id: "budget_spent/2023".to_owned(),
                title: "Kinh phí thực hiện".to_owned(),
                before: 900,
                after: 750,
                values: vec![
                    value(false, "250", "correction"),
                    value(true, "100", "late"),
                ],
            }],
        };
        let report = report(programme());
        insta::assert_snapshot!(on_text(|page| write(page, &report, &restatement)), @r"
        [Mã số liệu | Nội dung | Trước | Nay | Chênh lệch | Cơ quan | Tệp | Trang | Ô | Nguyên nhân] kept 0
        *budget_spent/2023 | *Kinh phí thực hiện | *900 | *750 | *-150 |  |  |  |  |
         | – bớt | 250 |  |  | Sở Y tế | syt.xlsx | Biểu 3 | J12 | Báo cáo sửa lại
         | + thêm |  | 100 |  | Sở Y tế | syt.xlsx | Biểu 3 | J12 | Báo cáo gửi sau hạn
        note: So với báo cáo đã phát hành, số liệu tính đến 01/12/2023 08:00, mã tệp 0123456789ab. (báo cáo số 12/BC-SKHCN ngày 05/12/2023)
        ");
    }
}
