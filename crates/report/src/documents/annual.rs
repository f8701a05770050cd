use crate::documents::cover;
use crate::error::ReportError;
use crate::formats::xlsx::links::Links;
use crate::formats::xlsx::page::XlsxPage;
use crate::formats::xlsx::styles::Styles;
use crate::formats::xlsx::workbook::created;
use crate::input::annual::AnnualReport;
use crate::sheets;
use rust_xlsxwriter::{DocProperties, Workbook};

/// Writes the annual report; gives the bytes of an .xlsx.
///
/// Every total is a formula with its result stored beside it.
///
/// # Errors
/// [`ReportError`] when the input does not fit a workbook.
pub fn annual(report: &AnnualReport<'_>) -> Result<Vec<u8>, ReportError> {
    let mut workbook = Workbook::new();
    let properties = DocProperties::new()
        .set_title(report.title())
        .set_subject(&report.programme.title.vi)
        .set_author(&report.programme.report.header.office)
        .set_creation_datetime(&created(report.as_of)?);
    workbook.set_properties(&properties);
    let styles = Styles::new();
    let trace = report
        .sheets()
        .find(|sheet| sheets::plan(report, sheet).is_trace);
    // Lines of the trace are counted before anything is written: a table that stands before it links to them.
    let links = Links::new(report, trace.map(|sheet| sheet.name.as_str()));
    cover::write(workbook.add_worksheet(), report, &styles)?;
    for sheet in report.sheets() {
        let is_long = sheets::plan(report, sheet).is_long;
        let mut page = XlsxPage::new(&mut workbook, sheet, report, &styles, &links, is_long)?;
        sheets::write(&mut page, report, sheet)?;
    }
    Ok(workbook.save_to_buffer()?)
}

#[cfg(test)]
mod tests {
    use super::annual;
    use crate::RecordOrigin;
    use crate::testing::{ReadWorkbook, figures, programme, report};
    use programme::{CoverLine, Measure, SheetKind, SheetSpec, TableColumn};
    use std::collections::BTreeMap;

    fn sheet(name: &str, kind: SheetKind) -> SheetSpec {
        SheetSpec {
            name: name.to_owned(),
            clause: "IV".to_owned(),
            title: format!("TRANG {name}"),
            unit: Some("lượt".to_owned()),
            only: None,
            kind,
        }
    }

    /// A report with a cover, a table and the trace.
    fn written() -> ReadWorkbook {
        let mut programme = programme().clone();
        programme.hash = "9".repeat(64);
        programme.legal_basis.truncate(1);
        programme.report.cover = vec![CoverLine {
            label: "Lượt hỗ trợ".to_owned(),
            indicator: "support_by_size".to_owned(),
        }];
        let column = TableColumn {
            group: None,
            heading: "Lượt".to_owned(),
            indicator: "support_by_size".to_owned(),
            each: None,
            total: None,
            over: None,
            only: BTreeMap::new(),
        };
        programme.report.sheets = vec![
            sheet(
                "Biểu '1' mới",
                SheetKind::Table {
                    rows: "size".to_owned(),
                    columns: vec![column],
                    numbered: false,
                },
            ),
            sheet("Truy vết", SheetKind::Trace),
        ];
        let mut report = report(&programme);
        let rows: &[(&[&str], &str, &str)] = &[(&["small"], "r1", "2"), (&["large"], "r2", "1")];
        let cases = figures("support_by_size", Measure::Sum, &["size"], rows);
        report.figures.insert("support_by_size".to_owned(), cases);
        let origin = RecordOrigin {
            department: "Sở Y tế".to_owned(),
            file: "0123456789abcdef".to_owned(),
            file_name: "syt.xlsx".to_owned(),
            sheet: "B3".to_owned(),
            row: 9,
            cells: BTreeMap::new(),
        };
        report.origins.insert("r1".to_owned(), origin);
        ReadWorkbook::new(annual(&report).unwrap())
    }

    #[test]
    fn the_cover_says_who_reports_what_and_lists_the_sheets() {
        let read = written();
        assert_eq!(read.sheets, ["Bìa", "Biểu '1' mới", "Truy vết"]);
        insta::assert_snapshot!(read.text("Bìa"), @"");
    }

    #[test]
    fn a_total_is_a_formula_with_its_result() {
        insta::assert_snapshot!(written().text("Biểu '1' mới"), @"");
    }

    #[test]
    fn figures_and_their_lines_are_linked_both_ways() {
        let read = written();
        let links = |part: &str| -> String {
            let xml = read.part(part);
            let links = xml.split("<hyperlink ").skip(1);
            let links = links.filter_map(|link| link.split("/>").next());
            links.collect::<Vec<_>>().join("\n")
        };
        insta::assert_snapshot!(links("xl/worksheets/sheet2.xml"), @"");
        insta::assert_snapshot!(links("xl/worksheets/sheet3.xml"), @"");
    }

    #[test]
    fn the_same_report_gives_the_same_bytes() {
        assert_eq!(
            written().part("docProps/core.xml"),
            written().part("docProps/core.xml")
        );
        assert!(
            written()
                .part("docProps/core.xml")
                .contains("2023-11-25T02:00:00Z")
        );
    }
}
