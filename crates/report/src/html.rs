//! The same report as one page for a browser: no network, readable on a phone, each figure opening its rows.

use crate::ReportError;
use crate::cover;
use crate::input::AnnualReport;
use crate::paper::{Chart, Heading, Keys, Look, Paper, Sum};
use crate::trace;
use aggregate::Figures;
use chrono::NaiveDate;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use model::Vnd;
use programme::SheetKind;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

const STYLE: &str = include_str!("../assets/page.css");
const SCRIPT: &str = include_str!("../assets/page.js");

/// Writes the annual report as an HTML page; gives its bytes.
///
/// # Errors
/// [`ReportError`] when a listing lacks a column.
pub fn page(report: &AnnualReport<'_>) -> Result<Vec<u8>, ReportError> {
    let words = &report.programme.words;
    let header = &report.programme.report.header;
    let mut sections = Vec::new();
    // The trace itself opens from each figure.
    for (number, sheet) in report
        .sheets()
        .filter(|sheet| !matches!(sheet.kind, SheetKind::Trace))
        .enumerate()
    {
        let mut paper = HtmlPage::default();
        crate::write_sheet(&mut paper, report, sheet)?;
        sections.push((format!("s{number}"), sheet, paper.finish()));
    }
    let (parent, office) = header.on(report.as_of.date_naive());
    let markup = html! {
        (DOCTYPE)
        html lang="vi" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
                title { (report.title()) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header.agency {
                    div { p { (parent) } p { strong { (office) } } }
                    div { p { strong { (words.get("motto_nation")) } } p { strong { (words.get("motto")) } } }
                }
                h1 { (report.title()) }
                p.sub { strong { (report.placed(&header.subtitle)) } }
                dl.facts {
                    @for (label, value) in cover::facts(report) { dt { (label) } dd { (value) } }
                }
                nav { h2 { (words.get("contents")) }
                    ol { @for (id, sheet, _) in &sections {
                        li { a href={ "#" (id) } { (sheet.name) ": " (report.placed(&sheet.title)) } }
                    } }
                }
                main {
                    @for (id, sheet, content) in &sections {
                        section {
                            h2 id=(id) { (report.placed(&sheet.title)) }
                            p.sub { (sheet.name) " · " (report.subtitle(sheet)) }
                            @if let Some(unit) = &sheet.unit { p.unit { (words.render_template("unit_line", [("unit", unit)])) } }
                            (content)
                        }
                    }
                }
                dialog {
                    form method="dialog" { button { (words.get("close")) } }
                    h3 {} p {} output {}
                    div.wide { table {
                        thead { tr { @for key in ["value", "department", "file", "file_code", "sheet", "cell"] {
                            th { (words.get(key)) }
                        } } }
                        tbody {}
                    } }
                }
                script type="application/json" id="trace" { (PreEscaped(embedded(&traced(report)))) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    Ok(markup.into_string().into_bytes())
}

/// JSON that may stand inside an HTML page: no sign in it can end the element it stands in.
fn embedded(value: &Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// What each figure is made of: by the id of the figure with all its keys, each value with file, sheet and cell.
fn traced(report: &AnnualReport<'_>) -> Value {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut files = Vec::new();
    let mut figures: Map<String, Value> = Map::new();
    let mut titles = Map::new();
    for all in trace::order(report) {
        if let Some(indicator) = report.programme.indicator(&all.indicator) {
            titles.insert(indicator.name.clone(), indicator.title.vi.clone().into());
        }
        for contribution in &all.contributions {
            let Some(origin) = report.origins.get(&contribution.record) else {
                continue;
            };
            let place = *places.entry(&origin.file).or_insert_with(|| {
                files.push(json!([
                    origin.department,
                    origin.file_name,
                    origin.file.get(..12)
                ]));
                files.len() - 1
            });
            let keys: Keys = all
                .by
                .iter()
                .cloned()
                .zip(contribution.keys.iter().cloned())
                .collect();
            let value = match (all.measure, contribution.value.parse()) {
                (programme::Measure::Sum, Ok(amount)) => Vnd(amount).to_string(),
                _ => contribution.value.clone(),
            };
            let line = json!([value, place, origin.sheet, origin.cell(&contribution.field)]);
            let lines = figures
                .entry(all.id(&keys))
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(lines) = lines {
                lines.push(line);
            }
        }
    }
    let words = json!({ "count": report.programme.words.get("rows_opened") });
    json!({ "files": files, "figures": figures, "titles": titles, "words": words })
}

/// A part of the page, written as a sheet is.
#[derive(Default)]
struct HtmlPage {
    /// What is finished.
    done: String,
    head: String,
    rows: String,
    cells: Vec<Markup>,
    is_sum: bool,
    row: u32,
    notes: Vec<Markup>,
}

impl HtmlPage {
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

    fn finish(mut self) -> Markup {
        self.end_table();
        PreEscaped(self.done)
    }

    fn cell(&mut self, content: Markup, look: Look, span: u16) {
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

    fn made_of(&self, figures: &Figures, keys: &Keys) -> Markup {
        let shown = number(figures.value(keys));
        let id = figures.id(keys);
        match figures.value(keys) {
            0 => html! { (shown) },
            _ => html! { button.f type="button" data-f=(id) { (shown) } },
        }
    }
}

/// A number as it is written here: dots between thousands, a dash for nothing.
fn number(number: i64) -> String {
    if number == 0 {
        "–".to_owned()
    } else {
        Vnd(number).to_string()
    }
}

/// Tenths of a hundredth as a share, with a comma: 105 of a thousand is '10,5%'.
pub(crate) fn share(part: i64, whole: i64) -> String {
    let thousandths = (i128::from(part) * 2_000 / i128::from(whole) + 1).div_euclid(2);
    format!("{},{}%", thousandths / 10, (thousandths % 10).abs())
}

impl Paper for HtmlPage {
    fn head(&mut self, headings: &[Heading<'_>], _kept: u16) -> Result<(), ReportError> {
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
        self.row = 4 + u32::from(grouped);
        Ok(())
    }

    fn row(&self) -> u32 {
        self.row
    }

    fn text(&mut self, _col: u16, text: &str, look: Look) -> Result<(), ReportError> {
        self.cell(html! { (text) }, look, 1);
        Ok(())
    }

    fn number(&mut self, _col: u16, value: i64, look: Look) -> Result<(), ReportError> {
        let shown = if look == Look::Center {
            value.to_string()
        } else {
            number(value)
        };
        self.cell(html! { (shown) }, look, 1);
        Ok(())
    }

    fn date(&mut self, _col: u16, day: Option<NaiveDate>) -> Result<(), ReportError> {
        let shown = day
            .map(|day| day.format("%d/%m/%Y").to_string())
            .unwrap_or_default();
        self.cell(html! { (shown) }, Look::Center, 1);
        Ok(())
    }

    fn figure(
        &mut self,
        _col: u16,
        figures: &Figures,
        keys: &Keys,
        _sum: Sum,
        look: Look,
    ) -> Result<(), ReportError> {
        self.cell(self.made_of(figures, keys), look, 1);
        Ok(())
    }

    fn figure_id(&mut self, col: u16, id: &str, _is_first: bool) -> Result<(), ReportError> {
        self.text(col, id, Look::Text)
    }

    fn share(
        &mut self,
        col: u16,
        _columns: Option<(u16, u16)>,
        [part, whole]: [i64; 2],
        look: Look,
    ) -> Result<(), ReportError> {
        if whole == 0 {
            return self.text(col, "", look);
        }
        self.cell(html! { (share(part, whole)) }, look, 1);
        Ok(())
    }

    fn total(&mut self, col: u16, result: i64, look: Look) -> Result<(), ReportError> {
        self.number(col, result, look)
    }

    fn span(
        &mut self,
        cols: RangeInclusive<u16>,
        text: &str,
        look: Look,
    ) -> Result<(), ReportError> {
        self.cell(html! { (text) }, look, cols.end() - cols.start() + 1);
        Ok(())
    }

    fn figure_span(
        &mut self,
        cols: RangeInclusive<u16>,
        figures: &Figures,
        look: Look,
    ) -> Result<(), ReportError> {
        self.cell(
            self.made_of(figures, &Keys::new()),
            look,
            cols.end() - cols.start() + 1,
        );
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
        headings: &[(&str, u16)],
    ) -> Result<(), ReportError> {
        self.end_table();
        if let Some(title) = title {
            self.done.push_str(&html! { h3 { (title) } }.into_string());
        } else {
            self.done.push_str("<p></p>");
        }
        let heading = |(text, over): &(&str, u16)| html! { th colspan=[(*over > 1).then_some(over)] { (text) } };
        self.head = html! { tr { @for it in headings { (heading(it)) } } }.into_string();
        self.row += 1;
        Ok(())
    }

    fn note(&mut self, text: &str) -> Result<(), ReportError> {
        self.notes.push(html! { p.note { (text) } });
        Ok(())
    }

    fn filter(&mut self, _last: u16) -> Result<(), ReportError> {
        Ok(())
    }

    fn chart(&mut self, chart: &Chart<'_>) -> Result<(), ReportError> {
        self.end_table();
        let drawn = if chart.lies {
            lying(chart)
        } else {
            standing(chart)
        };
        let figure = html! { figure { figcaption { (chart.title) } (drawn) } };
        self.done.push_str(&figure.into_string());
        Ok(())
    }

    fn fit_one_page(&mut self) -> Result<(), ReportError> {
        Ok(())
    }

    fn name(&mut self, _col: u16, _name: &str) -> Result<(), ReportError> {
        Ok(())
    }
}

/// Bars that lie below their categories.
#[expect(clippy::float_arithmetic, reason = "the length of a bar")]
fn lying(chart: &Chart<'_>) -> Markup {
    let Some(series) = chart.series.first() else {
        return html! {};
    };
    let end = chart
        .end
        .unwrap_or_else(|| series.values.iter().copied().fold(1.0, f64::max));
    let bars: Vec<(usize, &str, f64, String)> = chart
        .categories
        .1
        .iter()
        .zip(&series.values)
        .enumerate()
        .map(|(at, (name, value))| {
            let shown = if chart.is_share {
                format!("{:.0}%", value * 100.0)
            } else {
                format!("{value:.0}")
            };
            (at * 44, *name, (value / end).clamp(0.0, 1.0) * 720.0, shown)
        })
        .collect();
    let color = format!("#{:06x}", series.color);
    html! {
        svg role="img" aria-label=(chart.title) viewBox={ "0 0 800 " (bars.len() * 44) } {
            @for (top, name, length, shown) in bars {
                text x="0" y=(top + 14) font-size="14" { (name) }
                rect x="0" y=(top + 20) width=(format!("{length:.1}")) height="14" fill=(color) {}
                text x=(format!("{:.1}", length + 6.0)) y=(top + 32) font-size="14" { (shown) }
            }
        }
    }
}

/// Columns that stand next to each other over their categories.
#[expect(clippy::float_arithmetic, reason = "the length of a bar")]
fn standing(chart: &Chart<'_>) -> Markup {
    let most = chart
        .series
        .iter()
        .flat_map(|series| series.values.iter().copied())
        .fold(1.0, f64::max);
    let step = 780.0 / chart.categories.1.len().max(1) as f64;
    let width = step * 0.7 / chart.series.len().max(1) as f64;
    let mut shapes = Vec::new();
    for (of, series) in chart.series.iter().enumerate() {
        for (at, value) in series.values.iter().enumerate() {
            let height = value / most * 200.0;
            let left = 10.0 + at as f64 * step + of as f64 * width;
            shapes.push((
                left,
                225.0 - height,
                height,
                format!("#{:06x}", series.color),
                format!("{value:.0}"),
            ));
        }
    }
    html! {
        svg role="img" aria-label=(chart.title) viewBox="0 0 800 285" {
            @for (left, top, height, color, shown) in shapes {
                rect x=(format!("{left:.1}")) y=(format!("{top:.1}")) width=(format!("{width:.1}"))
                    height=(format!("{height:.1}")) fill=(color) {}
                text x=(format!("{:.1}", left + width / 2.0)) y=(format!("{:.1}", top - 4.0)) font-size="13"
                    text-anchor="middle" { (shown) }
            }
            @for (at, name) in chart.categories.1.iter().enumerate() {
                text x=(format!("{:.1}", 10.0 + (at as f64 + 0.35) * step)) y="245" font-size="14" text-anchor="middle" { (name) }
            }
            @for (at, series) in chart.series.iter().enumerate() {
                rect x=(10 + at * 200) y="262" width="14" height="14" fill=(format!("#{:06x}", series.color)) {}
                text x=(30 + at * 200) y="274" font-size="14" { (series.name) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{embedded, share};
    use serde_json::json;

    #[test]
    fn shares_are_rounded_to_tenths() {
        for (part, whole, shown) in [
            (1, 3, "33,3%"),
            (2, 3, "66,7%"),
            (1, 1, "100,0%"),
            (46, 45, "102,2%"),
            (0, 5, "0,0%"),
        ] {
            assert_eq!(share(part, whole), shown);
        }
    }

    #[test]
    fn what_senders_write_cannot_end_the_script() {
        assert!(!embedded(&json!(["</script><script>alert(1)</script>"])).contains('<'));
    }
}
