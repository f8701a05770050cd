use crate::error::ReportError;
use crate::input::annual::AnnualReport;
use crate::input::origin::RecordOrigin;
use crate::paper::Paper;
use crate::paper::cell::{CellValue, Keys};
use crate::paper::column::{ColumnList, ColumnSpec};
use crate::paper::look::Look;
use aggregate::{Contribution, Figures};
use programme::{Measure, Words};

/// A line of the trace: a value that counts in a figure.
struct TraceLine<'a> {
    figures: &'a Figures,
    contribution: &'a Contribution,
    title: &'a str,
    /// Whether it is the first of its figure.
    is_first: bool,
    origin: Option<&'a RecordOrigin>,
}

type TraceColumn<'a> = ColumnSpec<'a, TraceLine<'a>>;

/// From each figure to the cells it is made of: one line for each value that counts.
///
/// A figure narrowed to fewer keys is made of all lines whose id begins as its own does for the keys it has.
pub(crate) fn write(page: &mut dyn Paper, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let columns = columns(&report.programme.words);
    // Links count on a heading of one row: no column stands in a group.
    columns.begin(page, 0)?;
    for figures in report.traced_figures() {
        let title = report
            .programme
            .indicator(&figures.indicator)
            .map_or("", |i| i.title.vi.as_str());
        let mut last: Option<&[String]> = None;
        for contribution in &figures.contributions {
            let is_first = last.replace(&contribution.keys) != Some(&contribution.keys);
            let line = TraceLine {
                figures,
                contribution,
                title,
                is_first,
                origin: report.origins.get(&contribution.record),
            };
            columns.row(page, &line)?;
        }
    }
    page.filter()
}

fn columns<'a>(words: &'a Words) -> ColumnList<'a, TraceLine<'a>> {
    ColumnList(vec![
        TraceColumn::new(words.get("figure"), 62, |line| CellValue::FigureId {
            id: id(line).into(),
            is_first: line.is_first,
        }),
        TraceColumn::new(words.get("indicator"), 40, |line| {
            CellValue::text(line.title)
        }),
        TraceColumn::new(words.get("value"), 34, |line| {
            let value = &line.contribution.value;
            match line.figures.measure {
                Measure::Sum => value.parse().map_or_else(
                    |_| CellValue::text(value),
                    |amount| CellValue::Number(amount, Look::Number),
                ),
                Measure::CountDistinct => CellValue::text(value),
            }
        }),
        of_origin(words.get("department"), 14, |_, origin| {
            CellValue::text(&origin.department)
        }),
        of_origin(words.get("file"), 44, |_, origin| {
            CellValue::text(&origin.file_name)
        }),
        of_origin(words.get("sheet"), 24, |_, origin| {
            CellValue::text(&origin.sheet)
        }),
        of_origin(words.get("cell"), 8, |line, origin| {
            CellValue::centered(origin.cell(&line.contribution.field))
        }),
        of_origin(words.get("file_code"), 15, |_, origin| {
            CellValue::text(origin.file.get(..12).unwrap_or_default())
        }),
    ])
}

/// A column that says something of a value's origin.
fn of_origin<'a>(
    heading: &'a str,
    width: u16,
    cell: impl Fn(&TraceLine<'a>, &'a RecordOrigin) -> CellValue<'a> + 'a,
) -> TraceColumn<'a> {
    TraceColumn::new(heading, width, move |line| match line.origin {
        Some(origin) => cell(line, origin),
        None => CellValue::blank(),
    })
}

/// The id of the figure with all its keys.
fn id(line: &TraceLine<'_>) -> String {
    let by = line.figures.by.iter().cloned();
    let keys: Keys = by.zip(line.contribution.keys.iter().cloned()).collect();
    line.figures.id(&keys)
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::RecordOrigin;
    use crate::testing::{figures, on_text, programme, report};
    use programme::Measure;
    use std::collections::BTreeMap;

    #[test]
    fn each_value_that_counts_has_a_line_with_its_cell() {
        let mut report = report(programme());
        let rows: &[(&[&str], &str, &str)] = &[
            (&["IV.1.a"], "r1", "1000"),
            (&["IV.1.a"], "r2", "500"),
            (&["IV.2.a"], "r3", "7"),
        ];
        let spent = figures("budget_spent", Measure::Sum, &["task"], rows);
        let firms = figures(
            "enterprises_supported",
            Measure::CountDistinct,
            &[],
            &[(&[], "r1", "E12")],
        );
        report.figures = BTreeMap::from([
            ("budget_spent".to_owned(), spent),
            ("enterprises_supported".to_owned(), firms),
        ]);
        let origin = RecordOrigin {
            department: "Sở Công Thương".to_owned(),
            file: "0123456789abcdef".to_owned(),
            file_name: "sct.xlsx".to_owned(),
            sheet: "Biểu 8".to_owned(),
            row: 9,
            cells: BTreeMap::from([("content".to_owned(), "J9".to_owned())]),
        };
        report.origins = BTreeMap::from([("r1".to_owned(), origin)]);
        insta::assert_snapshot!(on_text(|page| write(page, &report)), @r"
        [Mã số liệu | Chỉ tiêu | Giá trị | Cơ quan | Tệp | Trang | Ô | Mã tệp] kept 0
        →enterprises_supported/2023 | Doanh nghiệp được hỗ trợ (mỗi doanh nghiệp tính một lần) | E12 | Sở Công Thương | sct.xlsx | Biểu 8 | J9 | 0123456789ab
        →budget_spent/2023/task=IV.1.a | Thực hiện | 1000 | Sở Công Thương | sct.xlsx | Biểu 8 | J9 | 0123456789ab
        budget_spent/2023/task=IV.1.a | Thực hiện | 500 |  |  |  |  |
        →budget_spent/2023/task=IV.2.a | Thực hiện | 7 |  |  |  |  |
        filter
        ");
    }
}
