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
enum Line<'a> {
    Figure(&'a RestatedFigure),
    Value(&'a RestatedValue),
}

type Col<'a> = ColumnSpec<'a, Line<'a>>;

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
        columns.row(page, &Line::Figure(figure))?;
        for value in &figure.values {
            columns.row(page, &Line::Value(value))?;
        }
    }
    let as_of = display::moment(restatement.as_of);
    page.note(&words.render_template(
        "restatement_note",
        [("moment", &as_of), ("hash", &restatement.file)],
    ))
}

fn columns<'a>(words: &'a Words) -> ColumnList<'a, Line<'a>> {
    let bold = |text: &'a str| CellValue::Text(text.into(), Look::TextBold);
    let number = |number| CellValue::Number(number, Look::NumberBold);
    // What a value was stands under the figure before, what came in under the figure now.
    let shown = |value: &'a RestatedValue, is_added: bool| {
        let is_here = value.is_added == is_added;
        let text = if is_here { value.shown.as_str() } else { "" };
        CellValue::Text(text.into(), Look::Right)
    };
    ColumnList(vec![
        Col::new(words.get("figure"), 34, move |line| match line {
            Line::Figure(figure) => bold(&figure.id),
            Line::Value(_) => CellValue::blank(),
        }),
        Col::new(words.get("subject"), 34, move |line| match line {
            Line::Figure(figure) => bold(&figure.title),
            Line::Value(value) if value.is_added => CellValue::text(words.get("came_in")),
            Line::Value(_) => CellValue::text(words.get("went_out")),
        }),
        Col::new(words.get("before"), 17, move |line| match line {
            Line::Figure(figure) => number(figure.before),
            Line::Value(value) => shown(value, false),
        }),
        Col::new(words.get("after"), 17, move |line| match line {
            Line::Figure(figure) => number(figure.after),
            Line::Value(value) => shown(value, true),
        }),
        Col::new(words.get("difference"), 17, move |line| match line {
            Line::Figure(figure) => number(figure.after - figure.before),
            Line::Value(_) => CellValue::blank(),
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
) -> Col<'a> {
    Col::new(heading, width, move |line| match line {
        Line::Figure(_) => CellValue::blank(),
        Line::Value(value) => cell(value),
    })
}
