//! The same report as one page for a browser: no network, readable on a phone, each figure opening its rows.

use crate::documents::cover_lines::cover_lines;
use crate::error::ReportError;
use crate::formats::html::page::HtmlPage;
use crate::input::annual::AnnualReport;
use crate::paper::cell::Keys;
use crate::sheets;
use maud::{DOCTYPE, PreEscaped, html};
use model::{OutputKind, Vnd, clean_text};
use programme::Measure;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const STYLE: &str = include_str!("../../assets/page.css");
const SCRIPT: &str = include_str!("../../assets/page.js");

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
        .filter(|sheet| !sheets::plan(report, sheet).is_trace)
        .enumerate()
    {
        let mut paper = HtmlPage::default();
        sheets::write(&mut paper, report, sheet)?;
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

/// What each figure is made of: by the id of the figure with all its keys, each value with file, sheet and cell.
fn traced(report: &AnnualReport<'_>) -> Value {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut files = Vec::new();
    let mut figures: Map<String, Value> = Map::new();
    let mut titles = Map::new();
    for all in report.traced_figures() {
        if let Some(indicator) = report.programme.indicator(&all.indicator) {
            titles.insert(indicator.name.clone(), indicator.title.vi.clone().into());
        }
        for contribution in &all.contributions {
            let Some(origin) = report.origins.get(&contribution.record) else {
                continue;
            };
            // A file is named once however many values come from it: the page stays small.
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
                (Measure::Sum, Ok(amount)) => Vnd(amount).to_string(),
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

#[cfg(test)]
mod tests {
    use super::{embedded, page, traced};
    use crate::RecordOrigin;
    use crate::testing::{figures, programme, report};
    use programme::{Measure, SheetKind};
    use serde_json::json;
    use std::collections::BTreeMap;

    #[test]
    fn what_senders_write_cannot_end_the_script() {
        assert!(!embedded(&json!(["</script><script>alert(1)</script>"])).contains('<'));
        assert_eq!(
            embedded(&json!(["a\u{2028}b\u{2029}c"])),
            "[\"a\\u2028b\\u2029c\"]"
        );
    }

    #[test]
    fn each_figure_names_its_values_files_and_cells() {
        let mut report = report(programme());
        let rows: &[(&[&str], &str, &str)] = &[
            (&["IV.1.a"], "r1", "1500000"),
            (&["IV.1.a"], "r2", "20"),
            (&["IV.2.a"], "nowhere", "7"),
        ];
        let spent = figures("budget_spent", Measure::Sum, &["task"], rows);
        report.figures.insert("budget_spent".to_owned(), spent);
        let origin = |row| RecordOrigin {
            department: "Sở Y tế".to_owned(),
            file: "0123456789abcdef".to_owned(),
            file_name: "syt.xlsx".to_owned(),
            sheet: "B8".to_owned(),
            row,
            cells: BTreeMap::new(),
        };
        report.origins =
            BTreeMap::from([("r1".to_owned(), origin(9)), ("r2".to_owned(), origin(10))]);
        insta::assert_snapshot!(format!("{:#}", traced(&report)), @r##"
        {
          "files": [
            [
              "Sở Y tế",
              "syt.xlsx",
              "0123456789ab"
            ]
          ],
          "figures": {
            "budget_spent/2023/task=IV.1.a": [
              [
                "1.500.000",
                0,
                "B8",
                "A9"
              ],
              [
                "20",
                0,
                "B8",
                "A10"
              ]
            ]
          },
          "titles": {
            "budget_spent": "Thực hiện"
          },
          "words": {
            "count": "{count} giá trị, mỗi giá trị một ô của báo cáo gốc."
          }
        }
        "##);
    }

    #[test]
    fn the_page_has_a_section_for_each_sheet_but_the_trace() {
        let mut programme = programme().clone();
        programme
            .report
            .sheets
            .retain(|sheet| matches!(sheet.kind, SheetKind::Held | SheetKind::Trace));
        let html = String::from_utf8(page(&report(&programme)).unwrap()).unwrap();
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
