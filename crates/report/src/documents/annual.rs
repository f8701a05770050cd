use crate::documents::cover;
use crate::error::ReportError;
use crate::formats::xlsx::full_folder::with_long_sheets;
use crate::formats::xlsx::links::Links;
use crate::formats::xlsx::page::XlsxPage;
use crate::formats::xlsx::styles::Styles;
use crate::formats::xlsx::workbook::{created, properties};
use crate::input::annual::AnnualReport;
use crate::input::trace_names::TraceNames;
use crate::sheets;
use model::OutputKind;
use rust_xlsxwriter::Workbook;

/// Writes the annual report; gives the bytes of an .xlsx.
///
/// Every total is a formula with its result stored beside it.
///
/// # Errors
/// [`ReportError`] when the input does not fit a workbook, or the temporary folder does not take the rows of a long sheet.
pub fn annual(report: &AnnualReport<'_>, names: &TraceNames<'_>) -> Result<Vec<u8>, ReportError> {
    with_long_sheets(|| make(report, names))
}

fn make(report: &AnnualReport<'_>, names: &TraceNames<'_>) -> Result<Vec<u8>, ReportError> {
    let mut workbook = Workbook::new();
    let created = created(report.as_of)?;
    let properties = properties(OutputKind::AnnualReport, &report.title(), &created)
        .set_subject(&report.programme.title.vi)
        .set_author(&report.programme.report.header.office);
    let properties = match report.mark() {
        Some(mark) => properties.set_status(mark),
        None => properties,
    };
    workbook.set_properties(&properties);
    let styles = Styles::new();
    let trace = report
        .sheets()
        .find(|sheet| sheets::plan(report, sheet).is_trace);
    let links = Links::new(names, trace.map(|sheet| sheet.name.as_str()));
    cover::write(workbook.add_worksheet(), report, &styles)?;
    for sheet in report.sheets() {
        let is_long = sheets::plan(report, sheet).is_long;
        let mut page = XlsxPage::new(&mut workbook, sheet, report, &styles, &links, is_long)?;
        sheets::write(&mut page, report, names, sheet)?;
    }
    Ok(workbook.save_to_buffer()?)
}

#[cfg(test)]
mod tests {
    use super::annual;
    use crate::input::trace_names::TraceNames;
    use crate::testing::{ReadWorkbook, figures_of, origins, programme, report};
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
        programme.hash = model::ProgrammeHash("9".repeat(64));
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
            per: None,
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
        report.origins = origins(&[("r1", "Sở Y tế", 9)]);
        let records = report.origins.records().clone();
        let cases = figures_of("support_by_size", Measure::Sum, &["size"], rows, &records);
        report.figures.insert("support_by_size".to_owned(), cases);
        let trace = report.trace();
        let names = TraceNames::of(&report, &trace);
        ReadWorkbook::new(annual(&report, &names).unwrap())
    }

    #[test]
    fn the_cover_says_who_reports_what_and_lists_the_sheets() {
        let read = written();
        assert_eq!(read.sheets, ["Bìa", "Biểu '1' mới", "Truy vết"]);
        insta::assert_snapshot!(read.text("Bìa"), @r"
        1: ỦY BAN NHÂN DÂN TỈNH ĐỒNG NAI |  | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
        2: SỞ KHOA HỌC VÀ CÔNG NGHỆ |  | Độc lập - Tự do - Hạnh phúc
        4: Số:          /BC-SKHCN |  | Đồng Nai, ngày 25 tháng 11 năm 2023
        6: BÁO CÁO TỔNG HỢP NĂM 2023
        7: Kết quả thực hiện Chương trình quốc gia hỗ trợ doanh nghiệp nâng cao năng suất và chất lượng sản phẩm, hàng hóa trên địa bàn tỉnh Đồng Nai
        9: Kỳ báo cáo |  | Từ 01/01/2023 đến 25/11/2023 (chưa hết năm)
        10: Số liệu tính đến |  | 09:00 ngày 25/11/2023 (+07:00)
        11: Cơ quan đã báo cáo |  | 0/0
        12: Lượt hỗ trợ |  | 3
        13: Điều chỉnh so với báo cáo đã phát hành |  | Không có
        14: Mã đối chiếu số liệu |  | 0f1e 2d3c 4b5a 6978 8796 a5b4 c3d2 e1f0
        15: Mã đối chiếu sổ nhật ký (số mục · mã) |  | 7 · 3f2a 9c11 0b7e 44d1 a8c0 5521 9f3e 7d60
        17: NỘI DUNG
        18: 1 | TRANG Biểu '1' mới
        19: 2 | TRANG Truy vết
        21: CĂN CỨ (áp dụng văn bản sửa đổi, bổ sung, thay thế theo Lưu ý của Kế hoạch)
        22: Luật Khoa học và Công nghệ: Luật của Quốc hội ngày 18/6/2013 (I.1, III.1.a) (cần xác nhận: còn hiệu lực tại ngày báo cáo)
        24: Nơi nhận: |  | GIÁM ĐỐC
        25: - Ủy ban nhân dân tỉnh;
        26: - Bộ Khoa học và Công nghệ;
        27: - Các Sở, ban, ngành;
        28: - Lưu: VT.
        ");
    }

    #[test]
    fn a_total_is_a_formula_with_its_result() {
        insta::assert_snapshot!(written().text("Biểu '1' mới"), @r"
        1: TRANG Biểu '1' mới
        2: Năm 2023 · Kế hoạch số 12015/KH-UBND ngày 01/10/2021 · Mục IV
        3: Đơn vị tính: lượt
        4: Mã | Quy mô | Lượt
        5: micro | Siêu nhỏ | 0
        6: small | Nhỏ | 2
        7: medium | Vừa | 0
        8: large | Lớn | 1
        9: other | HTX-khác | 0
        10:  | TỔNG CỘNG | 3 =SUM(C5:C9)
        ");
    }

    #[test]
    fn a_figure_leads_to_its_rows_and_says_how_to_filter_them() {
        let read = written();
        let xml = read.part("xl/worksheets/sheet2.xml");
        let links = xml.split("<hyperlink ").skip(1);
        let links = links.filter_map(|link| link.split("/>").next());
        insta::assert_snapshot!(links.collect::<Vec<_>>().join("\n"), @r#"
        ref="C6" location="'Truy vết'!H5" tooltip="Lọc Quy mô = small → tổng cột H" display="'Truy vết'!H5"
        ref="C8" location="'Truy vết'!H6" tooltip="Lọc Quy mô = large → tổng cột H" display="'Truy vết'!H6"
        ref="C10" location="'Truy vết'!H5" tooltip="Không lọc → tổng cột H" display="'Truy vết'!H5"
        "#);
    }

    #[test]
    fn the_trace_is_a_table_with_the_sums_of_what_a_filter_leaves() {
        let read = written();
        insta::assert_snapshot!(read.text("Truy vết"), @r"
        1: TRANG Truy vết
        2: Năm 2023 · Kế hoạch số 12015/KH-UBND ngày 01/10/2021 · Mục IV
        3: Tổng các dòng đang hiện (lọc): |  |  |  |  |  |  | 3 =SUBTOTAL(109,H5:H6)
        4: Cơ quan báo cáo | Tệp | Mã tệp | Trang | Dòng | Ô | Quy mô | Lượt hỗ trợ theo quy mô
        5: Sở Y tế | bao-cao.xlsx | 0123456789ab | Biểu 3 | 9 | J9 | small | 2
        6:  |  |  |  |  |  | large | 1
        ");
        insta::assert_snapshot!(read.part("xl/tables/table1.xml").split("<table ").nth(1).unwrap(), @r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="1" name="Table1" displayName="Table1" ref="A4:H6" totalsRowShown="0"><autoFilter ref="A4:H6"/><tableColumns count="8"><tableColumn id="1" name="Cơ quan báo cáo"/><tableColumn id="2" name="Tệp"/><tableColumn id="3" name="Mã tệp"/><tableColumn id="4" name="Trang"/><tableColumn id="5" name="Dòng"/><tableColumn id="6" name="Ô"/><tableColumn id="7" name="Quy mô"/><tableColumn id="8" name="Lượt hỗ trợ theo quy mô"/></tableColumns><tableStyleInfo name="TableStyleLight15" showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"/></table>"#);
    }

    #[test]
    fn the_same_report_gives_the_same_bytes() {
        let read = written();
        assert!(read.bytes == written().bytes);
        // The only time in it is the one it is given.
        let properties = read.part("docProps/core.xml");
        assert_eq!(properties.matches("2023-11-25T02:00:00Z").count(), 2);
    }
}
