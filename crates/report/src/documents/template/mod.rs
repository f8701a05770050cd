//! The blank workbook that a department fills in.

mod carry_over;
mod column;
mod dropdowns;
pub(crate) mod input;
mod pairs;
mod styles;
mod table;

use crate::display;
use crate::documents::template::dropdowns::DropdownLists;
use crate::documents::template::input::TemplateInput;
use crate::documents::template::styles::TemplateStyles;
use crate::error::ReportError;
use crate::formats::xlsx::workbook::properties;
use chrono::Datelike;
use model::OutputKind;
use programme::{Form, Layout};
use rust_xlsxwriter::{ExcelDateTime, Workbook};

/// Writes a department's blank workbook; gives the bytes of an .xlsx.
///
/// Every sheet is a form with its headings locked, dropdowns for its lists, the rules' words on its headings and
/// a greyed row of examples. Filled in and sent back it has no finding about its structure.
///
/// # Errors
/// [`ReportError`] when the workbook cannot be made.
pub fn template(input: &TemplateInput<'_>) -> Result<Vec<u8>, ReportError> {
    let mut workbook = Workbook::new();
    let day = input.period.first_day();
    // The first day of the year, not of today: the same period gives the same bytes. A year no workbook knows is refused.
    let created = ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(u16::MAX), 1, 1)?;
    let title = display::period(&input.programme.words, input.period);
    workbook.set_properties(&properties(OutputKind::Template, &title, &created));
    let styles = TemplateStyles::new();
    let lists = DropdownLists::on(input.programme, input.period.last_day());
    let mut forms: Vec<&Form> = input
        .programme
        .forms
        .values()
        .filter(|form| !form.own_workbook)
        .collect();
    // Who sends it stands on the first sheet.
    forms.sort_by_key(|form| (form.layout == Layout::Table, form.sheet.as_str()));
    for form in forms {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&form.sheet)?;
        match form.layout {
            Layout::Pairs => pairs::write(sheet, form, input, &styles)?,
            Layout::Table => table::write(sheet, form, input, &lists, &styles)?,
        }
    }
    lists.write(
        workbook.add_worksheet(),
        &input.programme.report.template.list_sheet,
    )?;
    Ok(workbook.save_to_buffer()?)
}

#[cfg(test)]
mod tests {
    use super::template;
    use crate::TemplateInput;
    use crate::testing::{ReadWorkbook, programme};
    use model::Period;
    use polars::prelude::*;
    use programme::Programme;
    use programme::tables::{Tables, schema};

    /// A programme with three rows to fill in.
    fn small() -> Programme {
        let mut programme = programme().clone();
        programme.report.template.rows = 3;
        programme
    }

    /// A running case of the form on clubs, whose columns are the form's own.
    fn running(programme: &Programme, form: &str, values: &[(&str, AnyValue<'static>)]) -> Tables {
        let columns = schema(programme.form(form).unwrap())
            .iter()
            .map(|(name, dtype)| {
                let given = values.iter().find(|(column, _)| *column == name.as_str());
                let value = given.map_or(AnyValue::Null, |(_, value)| value.clone());
                let series = Series::from_any_values_and_dtype(name.clone(), &[value], dtype, true);
                series.unwrap().into_column()
            })
            .collect();
        let frame = DataFrame::new_infer_height(columns).unwrap();
        Tables::from([(form.to_owned(), frame)])
    }

    fn written(programme: &Programme, running: Tables, same_year: bool) -> ReadWorkbook {
        let bytes = template(&TemplateInput {
            programme,
            department: programme.department("SCT").unwrap(),
            period: Period::quarter(2024, 1).unwrap(),
            running,
            same_year,
        });
        ReadWorkbook::new(bytes.unwrap())
    }

    #[test]
    fn a_form_of_pairs_knows_its_sender() {
        let read = written(&small(), Tables::new(), true);
        insta::assert_snapshot!(read.text("TT chung"), @r"
        1: THÔNG TIN CHUNG
        3: Cơ quan báo cáo | Sở Công Thương
        4: Kỳ báo cáo | Quý I/2024
        5: Đơn vị trực thuộc
        6: Người lập
        7: Điện thoại
        8: Email
        9: Ngày lập
        10: Người ký
        11: Không phát sinh
        13: Khi gửi lại: biểu nào không thay đổi, biểu nào thay toàn bộ số liệu đã gửi
        14: Biểu 1
        15: Biểu 2
        16: Biểu 3
        17: Biểu 4a
        18: Biểu 4b
        19: Biểu 5
        20: Biểu 6
        21: Biểu 7
        22: Biểu 8
        23: Biểu 9
        24: KH năm
        ");
    }

    #[test]
    fn a_table_has_headings_numbers_and_an_example() {
        let read = written(&small(), Tables::new(), true);
        insta::assert_snapshot!(read.text("Biểu 5"), @r"
        1: UBND TỈNH ĐỒNG NAI
        2: SỞ CÔNG THƯƠNG
        4: Biểu 5. CÂU LẠC BỘ NĂNG SUẤT CHẤT LƯỢNG
        5: Kỳ báo cáo: Quý I/2024 (lũy kế từ đầu năm)
        7: STT | Tên CLB * | Trường * | Quyết định thành lập | Ngày thành lập * | Số thành viên | Hoạt động
        8: (1) | (2) | (3) | (4) | (5) | (6) | (7)
        9: VD |  |  |  | 05/03/2025 | 25
        ");
    }

    #[test]
    fn running_cases_are_carried_over_in_the_units_of_the_workbook() {
        let mut programme = small();
        let values = [
            ("enterprise", AnyValue::StringOwned("Công ty Gốm".into())),
            ("content", AnyValue::StringOwned("3a1".into())),
            ("start", AnyValue::Date(19_421)),
            ("contract_value", AnyValue::Int64(90_000_000)),
            ("state_budget", AnyValue::Int64(63_500_001)),
            (
                "earlier_amounts",
                AnyValue::StringOwned("2022: NSNN 20.000.000 đồng".into()),
            ),
            ("model", AnyValue::Boolean(true)),
        ];
        let first = |read: &ReadWorkbook| {
            let text = read.text("Biểu 3");
            let line = text.lines().find(|line| line.starts_with("10: "));
            line.unwrap_or_default().to_owned()
        };
        let cases = running(&programme, "support", &values);
        let same_year = written(&programme, cases.clone(), true);
        insta::assert_snapshot!(first(&same_year), @"10: 1 | Công ty Gốm |  |  |  |  |  |  |  |  |  |  |  | 3a1 |  |  | 90 | 05/03/2023 |  |  | x |  |  | 63.500001 |  |  | 2022: NSNN 20.000.000 đồng");
        let year_after = written(&programme, cases.clone(), false);
        insta::assert_snapshot!(first(&year_after), @"10: 1 | Công ty Gốm |  |  |  |  |  |  |  |  |  |  |  | 3a1 |  |  | 90 | 05/03/2023 |  |  | x |  |  |  |  |  | 2022: NSNN 20.000.000 đồng");
        programme.report.template.unit_dong = 1_000;
        let thousands = written(&programme, cases, true);
        assert!(first(&thousands).contains("63500.001"));
    }

    #[test]
    fn lists_are_offered_on_a_hidden_sheet() {
        let read = written(&small(), Tables::new(), true);
        let lists = read.sheets.last().unwrap();
        assert_eq!(lists, &programme().report.template.list_sheet);
        let text = read.text(lists);
        let first: Vec<&str> = text.lines().take(3).collect();
        insta::assert_snapshot!(first.join("\n"), @r"
        1: Cấp giải thưởng | Tình trạng | Hình thức | Nội dung hỗ trợ | Địa bàn | Nguồn tiền của hoạt động | Tình trạng văn bản | Nhóm sản phẩm ưu tiên | Chương trình lồng ghép | Quy mô | Nguồn kinh phí | Nhiệm vụ | Công cụ, tiêu chuẩn
        2: Quốc tế | Đang thực hiện | Hội nghị | 3a1 | TP. Biên Hòa | NSNN | Đang soạn | 1 | III.1.b.1 | Siêu nhỏ | NSNN bảo đảm | IV.1 | ISO 9001
        3: Quốc gia | Hoàn thành | Hội thảo | 3a2 | TP. Long Khánh | Doanh nghiệp | Đã trình | 2 | Đổi mới công nghệ quốc gia | Nhỏ | NSNN hỗ trợ | IV.1.a | ISO 14001
        ");
        assert!(read.part("xl/workbook.xml").contains("state=\"hidden\""));
    }
}
