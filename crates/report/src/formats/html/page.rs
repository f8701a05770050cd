//! A sheet of a report as a part of a page for a browser.

use crate::display::{amount, day, share};
use crate::error::ReportError;
use crate::formats::html::chart::drawing;
use crate::input::trace_names::TraceNames;
use crate::paper::cell::{CellValue, FigureCell, FigureSum};
use crate::paper::chart::BarChart;
use crate::paper::heading::ColumnHeading;
use crate::paper::look::Look;
use crate::paper::{HEADING_ROW, Paper};
use maud::{Markup, PreEscaped, html};

/// A part of the page, written as a sheet is.
#[derive(Default)]
pub(crate) struct HtmlPage<'a> {
    /// Where figures are found in the trace.
    names: Option<&'a TraceNames<'a>>,
    /// The most rows of a list.
    room: Option<usize>,
    /// What is finished.
    done: String,
    head: String,
    rows: String,
    cells: Vec<Markup>,
    is_sum: bool,
    row: u32,
    /// What stands below the table that is being written.
    notes: Vec<Markup>,
}

impl<'a> HtmlPage<'a> {
    /// A part of the report's page, with at most so many rows of a list: the workbook has them all.
    pub(crate) fn new(names: &'a TraceNames<'a>, room: Option<usize>) -> Self {
        Self {
            names: Some(names),
            room,
            ..Self::default()
        }
    }

    /// Ends a table, with the notes that stand below it.
    fn end_table(&mut self) {
        let (head, rows) = (
            std::mem::take(&mut self.head),
            std::mem::take(&mut self.rows),
        );
        if !head.is_empty() {
            let table = html! { div.wide tabindex="0" { table { thead { (PreEscaped(head)) } tbody { (PreEscaped(rows)) } } } };
            self.done.push_str(&table.into_string());
        }
        for note in self.notes.drain(..) {
            self.done.push_str(&note.into_string());
        }
    }

    pub(crate) fn finish(mut self) -> Markup {
        self.end_table();
        PreEscaped(self.done)
    }

    fn push(&mut self, content: Markup, look: Look, span: u16) {
        let class = match look {
            Look::Text | Look::TotalText => "",
            Look::TextBold => "strong",
            Look::Center => "mid",
            Look::Right | Look::Number | Look::Share | Look::ShareTotal => "num",
            Look::NumberBold | Look::Total => "tot",
            Look::Good => "good",
            Look::Pending => "wait",
        };
        self.is_sum |= matches!(look, Look::TotalText | Look::Total | Look::ShareTotal);
        let class = (!class.is_empty()).then_some(class);
        let span = (span > 1).then_some(span);
        self.cells
            .push(html! { td class=[class] colspan=[span] { (content) } });
    }
}

/// A figure that tells where in the trace it is found; one of 0 is found nowhere.
fn opening(figure: &FigureCell<'_>, names: Option<&TraceNames<'_>>) -> Markup {
    // The trace has no line for a code and those below it.
    if let FigureSum::Below(_, sum) = figure.sum {
        return html! { (amount(sum)) };
    }
    let value = figure.figures.value(&figure.keys);
    let shown = amount(value);
    if value == 0 {
        return html! { (shown) };
    }
    let id = figure.figures.id(&figure.keys);
    let place = names.and_then(|names| {
        let place = names.trace.place(figure.figures, &figure.keys)?;
        Some(names.sentence(&place))
    });
    html! { button.f type="button" data-f=(id) data-t=[place] { (shown) } }
}

impl Paper for HtmlPage<'_> {
    fn head(&mut self, headings: &[ColumnHeading<'_>], _kept: u16) -> Result<(), ReportError> {
        let grouped = headings.iter().any(|heading| heading.group.is_some());
        let below = html! { tr { @for heading in headings.iter().filter(|h| h.group.is_some()) { th { (heading.text) } } } };
        let head = html! {
            tr {
                @for run in headings.chunk_by(|a, b| a.group.is_some() && a.group == b.group) {
                    @if let Some(group) = run[0].group {
                        th colspan=(run.len()) { (group) }
                    } @else {
                        @for heading in run { th rowspan=[grouped.then_some(2)] { (heading.text) } }
                    }
                }
            }
            @if grouped { (below) }
        };
        self.head = head.into_string();
        self.row = HEADING_ROW + 1 + u32::from(grouped);
        Ok(())
    }

    fn data_table(
        &mut self,
        headings: &[ColumnHeading<'_>],
        _rows: u32,
        _sums: &[Option<i64>],
    ) -> Result<(), ReportError> {
        self.head(headings, 0)
    }

    fn room(&self) -> Option<usize> {
        self.room
    }

    fn row(&self) -> u32 {
        self.row
    }

    fn cell(&mut self, value: &CellValue<'_>, columns: u16) -> Result<(), ReportError> {
        let content = match value {
            CellValue::Text(text, _) => html! { (text) },
            // A number in the middle names its row; a dash for 0 would be wrong there.
            CellValue::Number(number, Look::Center) => html! { (number) },
            CellValue::Number(number, _) | CellValue::Total(number, _) => {
                html! { (amount(*number)) }
            }
            CellValue::Date(date) => html! { (date.map(day).unwrap_or_default()) },
            CellValue::Figure(figure) => opening(figure, self.names),
            CellValue::Share { parts: [_, 0], .. } => html! {},
            CellValue::Share {
                parts: [part, whole],
                ..
            } => html! { (share(*part, *whole)) },
        };
        self.push(content, value.look(), columns);
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), ReportError> {
        let class = std::mem::take(&mut self.is_sum).then_some("sum");
        let cells = std::mem::take(&mut self.cells);
        self.rows
            .push_str(&html! { tr class=[class] { @for cell in cells { (cell) } } }.into_string());
        self.row += 1;
        Ok(())
    }

    fn next_table(
        &mut self,
        title: Option<&str>,
        headings: &[ColumnHeading<'_>],
    ) -> Result<(), ReportError> {
        self.end_table();
        if let Some(title) = title {
            self.done.push_str(&html! { h3 { (title) } }.into_string());
        } else {
            self.done.push_str("<p></p>");
        }
        let heading = |heading: &ColumnHeading<'_>| {
            let columns = (heading.columns > 1).then_some(heading.columns);
            html! { th colspan=[columns] { (heading.text) } }
        };
        self.head = html! { tr { @for it in headings { (heading(it)) } } }.into_string();
        self.row += 1;
        Ok(())
    }

    fn note(&mut self, text: &str) -> Result<(), ReportError> {
        self.notes.push(html! { p.note { (text) } });
        Ok(())
    }

    fn filter(&mut self) -> Result<(), ReportError> {
        Ok(())
    }

    fn chart(&mut self, chart: &BarChart<'_>) -> Result<(), ReportError> {
        self.end_table();
        let figure = html! { figure { figcaption { (chart.title) } (drawing(chart)) } };
        self.done.push_str(&figure.into_string());
        Ok(())
    }

    fn fit_one_page(&mut self) -> Result<(), ReportError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::HtmlPage;
    use crate::paper::Paper;
    use crate::paper::cell::CellValue;
    use crate::paper::column::{ColumnList, ColumnSpec};
    use crate::paper::look::Look;
    use crate::testing::figures;
    use chrono::NaiveDate;
    use programme::Measure;

    /// The markup of a table with one column, a tag a line.
    fn written(write: impl FnOnce(&mut HtmlPage<'_>)) -> String {
        type Col = ColumnSpec<'static, ()>;
        let mut page = HtmlPage::default();
        let columns = ColumnList(vec![Col::new("Cột", 5, |()| CellValue::blank())]);
        columns.begin(&mut page, 0).unwrap();
        write(&mut page);
        page.finish().into_string().replace("><", ">\n<")
    }

    #[test]
    fn cells_have_classes_for_their_looks() {
        let text = written(|page| {
            let share = |parts| CellValue::Share {
                parts,
                columns: None,
                look: Look::Share,
            };
            for cell in [
                CellValue::ordinal(0),
                CellValue::Number(0, Look::Number),
                CellValue::Number(1_500, Look::NumberBold),
                CellValue::Date(NaiveDate::from_ymd_opt(2023, 3, 5)),
                CellValue::Date(None),
                CellValue::Text("Đạt".into(), Look::Good),
                share([1, 3]),
                share([1, 0]),
            ] {
                page.cell(&cell, 1).unwrap();
            }
            page.end_row().unwrap();
            page.cell(&CellValue::Total(7, Look::Total), 2).unwrap();
            page.end_row().unwrap();
        });
        insta::assert_snapshot!(text, @r#"
        <div class="wide" tabindex="0">
        <table>
        <thead>
        <tr>
        <th>Cột</th>
        </tr>
        </thead>
        <tbody>
        <tr>
        <td class="mid">0</td>
        <td class="num">–</td>
        <td class="tot">1.500</td>
        <td class="mid">05/03/2023</td>
        <td class="mid">
        </td>
        <td class="good">Đạt</td>
        <td class="num">33,3%</td>
        <td class="num">
        </td>
        </tr>
        <tr class="sum">
        <td class="tot" colspan="2">7</td>
        </tr>
        </tbody>
        </table>
        </div>
        "#);
    }

    #[test]
    fn columns_in_groups_have_a_heading_of_two_rows() {
        type Col = ColumnSpec<'static, ()>;
        let column = |heading: &'static str| Col::new(heading, 5, |()| CellValue::blank());
        let text = written(|page| {
            let columns = ColumnList(vec![
                column("Mã"),
                column("Kế hoạch").in_group(Some("Kinh phí")),
                column("Thực hiện").in_group(Some("Kinh phí")),
            ]);
            columns.begin(page, 0).unwrap();
            assert_eq!(page.row(), 5);
        });
        insta::assert_snapshot!(text, @r#"
        <div class="wide" tabindex="0">
        <table>
        <thead>
        <tr>
        <th rowspan="2">Mã</th>
        <th colspan="2">Kinh phí</th>
        </tr>
        <tr>
        <th>Kế hoạch</th>
        <th>Thực hiện</th>
        </tr>
        </thead>
        <tbody>
        </tbody>
        </table>
        </div>
        "#);
    }

    #[test]
    fn a_figure_opens_its_values_unless_it_has_none() {
        let rows: &[(&[&str], &str, &str)] = &[(&["3a1"], "r1", "1200"), (&["3b1"], "r2", "0")];
        let counted = figures("support_cases", Measure::Sum, &["content"], rows);
        let none = figures("support_cases", Measure::Sum, &[], &[(&[], "r2", "0")]);
        let text = written(|page| {
            page.cell(&CellValue::whole_figure(&counted), 2).unwrap();
            page.cell(&CellValue::whole_figure(&none), 1).unwrap();
            page.end_row().unwrap();
        });
        insta::assert_snapshot!(text, @r#"
        <div class="wide" tabindex="0">
        <table>
        <thead>
        <tr>
        <th>Cột</th>
        </tr>
        </thead>
        <tbody>
        <tr>
        <td class="tot" colspan="2">
        <button class="f" type="button" data-f="support_cases/2023">1.200</button>
        </td>
        <td class="tot">–</td>
        </tr>
        </tbody>
        </table>
        </div>
        "#);
    }

    #[test]
    fn what_senders_write_is_escaped() {
        let text = written(|page| {
            page.cell(&CellValue::text("<b>&\"Công ty\""), 1).unwrap();
            page.end_row().unwrap();
            page.note("<i>").unwrap();
        });
        assert!(text.contains("&lt;b&gt;&amp;&quot;Công ty&quot;"), "{text}");
        assert!(text.contains("&lt;i&gt;"), "{text}");
    }
}
