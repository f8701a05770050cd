//! The same report as one page for a browser: no network, readable on a phone, each figure telling where its rows are.

use crate::documents::cover_lines::cover_lines;
use crate::error::ReportError;
use crate::formats::html::page::HtmlPage;
use crate::input::annual::AnnualReport;
use crate::input::trace_names::TraceNames;
use crate::sheets;
use maud::{DOCTYPE, PreEscaped, html};
use model::{OutputKind, clean_text};
use serde_json::Value;

const STYLE: &str = include_str!("../../assets/page.css");
const SCRIPT: &str = include_str!("../../assets/page.js");

/// How many rows of a list stand on the page: the workbook has them all.
const LIST_ROWS: usize = 100;

/// Writes the annual report as an HTML page; gives its bytes.
///
/// # Errors
/// [`ReportError`] when a listing lacks a column.
pub fn page(report: &AnnualReport<'_>, names: &TraceNames<'_>) -> Result<Vec<u8>, ReportError> {
    let words = &report.programme.words;
    let header = &report.programme.report.header;
    let mut sections = Vec::new();
    // A figure tells where in the workbook's trace it is found.
    for (number, sheet) in report
        .sheets()
        .filter(|sheet| !sheets::plan(report, sheet).is_trace)
        .enumerate()
    {
        let is_long = sheets::plan(report, sheet).is_long;
        let mut paper = HtmlPage::new(names, is_long.then_some(LIST_ROWS));
        sheets::write(&mut paper, report, names, sheet)?;
        sections.push((format!("s{number}"), sheet, paper.finish()));
    }
    let (parent, office) = header.on(report.dated());
    let mark = report.mark();
    let markup = html! {
        (DOCTYPE)
        html lang="vi" {
            head {
                meta charset="utf-8";
                meta name="keywords" content=(OutputKind::AnnualReport.mark());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
                title { @if let Some(mark) = report.draft_mark() { (mark) " - " } (report.title()) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header.agency {
                    div { p { (parent) } p { strong { (office) } } }
                    div { p { strong { (words.get("motto_nation")) } } p { strong { (words.get("motto")) } } }
                }
                @if let Some(mark) = &mark { p.mark { (mark) } }
                h1 { (report.title()) }
                p.sub { strong { (report.placed(&header.subtitle)) } }
                dl.facts {
                    @for (label, value) in cover_lines(report) { dt { (label) } dd { (value) } }
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
                    h3 {} p {} p { (words.get("trace_on_page")) } output {}
                }
                script type="application/json" id="titles" { (PreEscaped(embedded(&titles(report)))) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    // Whatever of it others wrote, no sign turns or breaks the text of the page.
    Ok(clean_text(&markup.into_string()).into_owned().into_bytes())
}

/// JSON that may stand inside an HTML page: no sign in it can end the element it stands in.
fn embedded(value: &Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// What each indicator is called.
fn titles(report: &AnnualReport<'_>) -> Value {
    let indicators = report.programme.indicators.iter();
    let titles = indicators.map(|it| (it.name.clone(), it.title.vi.clone().into()));
    Value::Object(titles.collect())
}

#[cfg(test)]
mod tests {
    use super::{embedded, page};
    use crate::input::annual::{AnnualReport, Listing};
    use crate::input::trace_names::TraceNames;
    use crate::testing::{figures, programme, report};
    use polars::prelude::*;
    use programme::{Measure, SheetKind, SheetSpec};
    use serde_json::json;

    #[test]
    fn what_senders_write_cannot_end_the_script() {
        assert!(!embedded(&json!(["</script><script>alert(1)</script>"])).contains('<'));
        assert_eq!(
            embedded(&json!(["a\u{2028}b\u{2029}c"])),
            "[\"a\\u2028b\\u2029c\"]"
        );
    }

    /// The page of a report.
    fn written(report: &AnnualReport<'_>) -> String {
        let trace = report.trace();
        let page = page(report, &TraceNames::of(report, &trace)).unwrap();
        String::from_utf8(page).unwrap()
    }

    #[test]
    fn a_figure_tells_where_it_is_found_in_the_trace() {
        let mut programme = programme().clone();
        let is_by_size = |sheet: &SheetSpec| match &sheet.kind {
            SheetKind::Table { rows, .. } => rows == "size",
            _ => false,
        };
        programme.report.sheets.retain(is_by_size);
        let mut report = report(&programme);
        let rows: &[(&[&str], &str, &str)] = &[(&["small"], "r1", "2"), (&["large"], "r2", "1")];
        let cases = figures("support_by_size", Measure::Sum, &["size"], rows);
        report.figures.insert("support_by_size".to_owned(), cases);
        let html = written(&report);
        let buttons = html.split("<button class=\"f\"").skip(1);
        let buttons: Vec<&str> = buttons
            .filter_map(|it| it.split("</button>").next())
            .collect();
        insta::assert_snapshot!(buttons.join("\n"), @r#"
        type="button" data-f="support_by_size/2023/size=small" data-t="Lọc Quy mô = small → tổng cột H">2
        type="button" data-f="support_by_size/2023/size=large" data-t="Lọc Quy mô = large → tổng cột H">1
        type="button" data-f="support_by_size/2023" data-t="Không lọc → tổng cột H">3
        "#);
    }

    #[test]
    fn a_long_list_ends_after_a_hundred_rows() {
        let mut programme = programme().clone();
        let is_plain_listing =
            |sheet: &SheetSpec| matches!(sheet.kind, SheetKind::Listing { group: None, .. });
        programme.report.sheets.retain(is_plain_listing);
        programme.report.sheets.truncate(1);
        let mut report = report(&programme);
        let sheet = &programme.report.sheets[0];
        let SheetKind::Listing { columns, .. } = &sheet.kind else {
            panic!("a listing")
        };
        let columns = columns.iter().map(|column| match column.total {
            true => Column::new(column.name.as_str().into(), vec![1i64; 150]),
            false => Column::new(column.name.as_str().into(), vec!["x"; 150]),
        });
        let frame = DataFrame::new_infer_height(columns.collect()).unwrap();
        report
            .listings
            .insert(sheet.name.clone(), Listing { frame });
        let html = written(&report);
        assert_eq!(html.matches("<tr><td").count(), 100);
        insta::assert_snapshot!(html.split("<p class=\"note\">").nth(1).unwrap().split('<').next().unwrap(), @"Ở đây có 100 dòng đầu trong 150 dòng; toàn bộ ở trang cùng tên của bảng tính.");
    }

    #[test]
    fn the_page_has_a_section_for_each_sheet_but_the_trace() {
        let mut programme = programme().clone();
        programme
            .report
            .sheets
            .retain(|sheet| matches!(sheet.kind, SheetKind::Held | SheetKind::Trace));
        let html = written(&report(&programme));
        let start = html.find("<nav>").unwrap();
        let end = html.find("<dialog>").unwrap();
        insta::assert_snapshot!(html[start..end].replace("><", ">\n<"), @r##"
        <nav>
        <h2>NỘI DUNG</h2>
        <ol>
        <li>
        <a href="#s0">Tạm giữ: CÁC DÒNG TẠM GIỮ, CHƯA TÍNH VÀO SỐ LIỆU</a>
        </li>
        </ol>
        </nav>
        <main>
        <section>
        <h2 id="s0">CÁC DÒNG TẠM GIỮ, CHƯA TÍNH VÀO SỐ LIỆU</h2>
        <p class="sub">Tạm giữ · Năm 2023 · Kế hoạch số 12015/KH-UBND ngày 01/10/2021 · Mục VI.2.e</p>
        <div class="wide" tabindex="0">
        <table>
        <thead>
        <tr>
        <th>TT</th>
        <th>Cơ quan</th>
        <th>Biểu</th>
        <th>Tệp</th>
        <th>Trang</th>
        <th>Dòng</th>
        <th>Nội dung</th>
        <th>Số tiền đọc được (đồng)</th>
        <th>Lý do tạm giữ</th>
        </tr>
        </thead>
        <tbody>
        </tbody>
        </table>
        </div>
        <p class="note">Không có dòng nào bị tạm giữ.</p>
        </section>
        </main>
        "##);
        // Nothing is fetched from anywhere.
        assert!(html.contains("default-src 'none'"));
        assert!(!html.contains("http://") && !html.contains("https://"));
    }
}
