use crate::error::ReportError;
use crate::input::annual::AnnualReport;
use crate::input::origin::RecordOrigin;
use crate::input::trace_names::{MOST_ROWS, PLACE_COLUMNS, TraceNames, place_headings};
use crate::paper::Paper;
use crate::paper::cell::CellValue;
use crate::paper::column::{ColumnList, ColumnSpec};
use crate::paper::look::Look;
use programme::Words;
use std::cell::Cell;

/// A row of the trace.
struct TraceLine<'a> {
    row: usize,
    origin: Option<RecordOrigin<'a>>,
}

type Column<'a> = ColumnSpec<'a, TraceLine<'a>>;

/// What figures are made of, record by record: where each stands, the keys that it is grouped by, and what it brings to which
/// figure.
pub(crate) fn write(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    names: &TraceNames<'_>,
) -> Result<(), ReportError> {
    let trace = names.trace;
    let words = &report.programme.words;
    if trace.height() > MOST_ROWS {
        let list: ColumnList<'_, TraceLine<'_>> = ColumnList(place_columns(words, names));
        list.begin(page, 0)?;
        let count = trace.height().to_string();
        return page.note(&words.render_template("trace_in_file", [("count", &count)]));
    }
    let mut list = place_columns(words, names);
    let mut sums = vec![None; list.len() + names.keys().len()];
    for (key, heading) in names.keys().iter().enumerate() {
        let cell = move |line: &TraceLine<'_>| CellValue::text(names.code(line.row, key));
        list.push(Column::new(heading.as_str(), 14, cell));
    }
    for (column, heading) in trace.columns().iter().zip(names.columns()) {
        sums.push(Some(column.cells.iter().map(|(_, amount)| amount).sum()));
        // Rows are written in their order, and a column's amounts stand in the same.
        let next = Cell::new(0);
        list.push(Column::new(
            heading.as_str(),
            24,
            move |line| match column.cells.get(next.get()) {
                Some((row, amount)) if *row == line.row => {
                    next.set(next.get() + 1);
                    CellValue::Number(*amount, Look::Number)
                }
                _ => CellValue::blank(),
            },
        ));
    }
    let list = ColumnList(list);
    let height = u32::try_from(trace.height()).unwrap_or(u32::MAX);
    list.begin_data(page, height, &sums)?;
    for row in 0..trace.height() {
        let origin = trace
            .record(row)
            .and_then(|record| report.origins.at(record));
        list.row(page, &TraceLine { row, origin })?;
    }
    Ok(())
}

fn place_columns<'a>(words: &'a Words, names: &'a TraceNames<'a>) -> Vec<Column<'a>> {
    let [department, file, file_code, sheet, row, cell] = place_headings(words);
    let columns: [Column<'a>; PLACE_COLUMNS] = [
        of_origin(department, 18, |_, origin| {
            CellValue::text(origin.department)
        }),
        of_origin(file, 34, |_, origin| CellValue::text(origin.file_name)),
        of_origin(file_code, 15, |_, origin| {
            CellValue::text(origin.file.get(..12).unwrap_or_default())
        }),
        of_origin(sheet, 14, |_, origin| CellValue::text(origin.sheet)),
        of_origin(row, 8, |_, origin| CellValue::ordinal(origin.row)),
        of_origin(cell, 18, |line, origin| {
            CellValue::text(names.cells(line.row, origin))
        }),
    ];
    columns.into()
}

/// A column that says something of a record's place.
fn of_origin<'a>(
    heading: &'a str,
    width: u16,
    cell: impl Fn(&TraceLine<'a>, &RecordOrigin<'a>) -> CellValue<'a> + 'a,
) -> Column<'a> {
    Column::new(heading, width, move |line| match &line.origin {
        Some(origin) => cell(line, origin),
        None => CellValue::blank(),
    })
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::input::trace_names::TraceNames;
    use crate::testing::{figures_of, on_text, origins, programme, report};
    use programme::Measure;
    use std::collections::BTreeMap;

    #[test]
    fn each_record_has_a_row_with_its_place_its_keys_and_what_it_brings() {
        let mut report = report(programme());
        report.origins = origins(&[("r1", "Sở Công Thương", 9), ("r2", "Sở Y tế", 12)]);
        let spent: &[(&[&str], &str, &str)] = &[
            (&["IV.1.a"], "r2", "500"),
            (&["IV.1.a"], "r1", "1000"),
            (&["IV.2.a"], "r3", "7"),
        ];
        let records = report.origins.records().clone();
        let spent = figures_of("budget_spent", Measure::Sum, &["task"], spent, &records);
        let firms: &[(&[&str], &str, &str)] = &[(&[], "r1", "E12")];
        let firms = figures_of(
            "enterprises_supported",
            Measure::CountDistinct,
            &[],
            firms,
            &records,
        );
        report.figures = BTreeMap::from([
            ("budget_spent".to_owned(), spent),
            ("enterprises_supported".to_owned(), firms),
        ]);
        let trace = report.trace();
        let names = TraceNames::of(&report, &trace);
        insta::assert_snapshot!(on_text(|page| write(page, &report, &names)), @r"
        data 3:  |  |  |  |  |  |  | 1 | 1507
        [Cơ quan báo cáo | Tệp | Mã tệp | Trang | Dòng | Ô | Nhiệm vụ | Tính một lần theo toàn báo cáo: Doanh nghiệp được hỗ trợ (mỗi doanh nghiệp tính một lần) | Thực hiện] kept 0
        Sở Công Thương | bao-cao.xlsx | 0123456789ab | Biểu 3 | #9 | J9 | IV.1.a | 1 | 1000
        Sở Y tế | bao-cao.xlsx | 0123456789ab | Biểu 3 | #12 | J12 | IV.1.a |  | 500
         |  |  |  |  |  | IV.2.a |  | 7
        ");
    }
}
