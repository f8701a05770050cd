use crate::error::ReportError;
use chrono::{DateTime, FixedOffset};
use model::OutputKind;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};

/// What a workbook of ours says of itself: what it is called and when it was made, and among its keywords the mark by which
/// we know it again. Programs that save it keep the keywords, whatever the format.
pub(crate) fn properties(kind: OutputKind, title: &str, created: &ExcelDateTime) -> DocProperties {
    DocProperties::new()
        .set_title(title)
        .set_keywords(kind.mark())
        .set_creation_datetime(created)
}

/// An empty workbook with a title, made at a moment.
///
/// # Errors
/// When the moment is outside the years a workbook knows.
pub(crate) fn titled(
    kind: OutputKind,
    title: &str,
    at: DateTime<FixedOffset>,
) -> Result<Workbook, ReportError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(kind, title, &created(at)?));
    Ok(workbook)
}

/// A moment as a workbook's properties tell it, in UTC.
///
/// # Errors
/// When it is outside the years a workbook knows.
pub(crate) fn created(at: DateTime<FixedOffset>) -> Result<ExcelDateTime, ReportError> {
    Ok(ExcelDateTime::parse_from_str(
        &at.naive_utc().format("%Y-%m-%dT%H:%M:%S").to_string(),
    )?)
}

/// Adds an empty sheet, with a mark at the head of each printed page and a line at its foot if they are given. The rows of a long one leave memory once they are written.
///
/// # Errors
/// When a workbook cannot have a sheet of that name.
pub(crate) fn add_sheet(
    workbook: &mut Workbook,
    name: &str,
    is_long: bool,
    (mark, foot): (Option<&str>, Option<&str>),
) -> Result<(), ReportError> {
    let sheet = if is_long {
        workbook.add_worksheet_with_constant_memory()?
    } else {
        workbook.add_worksheet()
    };
    sheet.set_name(name)?;
    setup(sheet, mark);
    if let Some(foot) = foot {
        sheet.set_footer(foot);
    }
    Ok(())
}

/// A4 landscape, all columns on one page's width, the page number in the middle of the head
/// (NĐ 30/2020/NĐ-CP, Phụ lục I), and the mark, if there is one, on its right.
pub(crate) fn setup(sheet: &mut Worksheet, mark: Option<&str>) {
    let mut head = "&C&\"Times New Roman,Regular\"&13&P".to_owned();
    if let Some(mark) = mark {
        // '&' begins a command there. The space keeps a mark's first digit apart from the size before it.
        let mark = mark.replace('&', "&&");
        head.push_str(&format!("&R&\"Times New Roman,Bold\"&11 {mark}"));
    }
    // The number stands for A4 in the file format.
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.6, 0.4, 0.8, 0.6, 0.4, 0.3)
        .set_header(head);
}

#[cfg(test)]
mod tests {
    use super::{setup, titled};
    use crate::testing::{ReadWorkbook, moment};
    use model::OutputKind;

    #[test]
    fn a_mark_stands_at_the_head_of_each_printed_page() {
        let head = |mark: Option<&str>| {
            let mut workbook = titled(
                OutputKind::Screening,
                "",
                moment("2023-11-25T02:00:00+07:00"),
            )
            .unwrap();
            setup(workbook.add_worksheet(), mark);
            let read = ReadWorkbook::new(workbook.save_to_buffer().unwrap());
            let sheet = read.part("xl/worksheets/sheet1.xml");
            let (_, head) = sheet.split_once("<oddHeader>").unwrap();
            head.split_once("</oddHeader>").unwrap().0.to_owned()
        };
        insta::assert_snapshot!(head(None), @r#"&amp;C&amp;"Times New Roman,Regular"&amp;13&amp;P"#);
        insta::assert_snapshot!(head(Some("1 & 2")), @r#"&amp;C&amp;"Times New Roman,Regular"&amp;13&amp;P&amp;R&amp;"Times New Roman,Bold"&amp;11 1 &amp;&amp; 2"#);
    }

    #[test]
    fn a_workbook_tells_what_it_is_and_its_moment_in_utc() {
        let kind = OutputKind::Screening;
        let at = moment("2023-11-25T02:00:00+07:00");
        let mut workbook = titled(kind, "Báo cáo", at).unwrap();
        let read = ReadWorkbook::new(workbook.save_to_buffer().unwrap());
        let properties = read.part("docProps/core.xml");
        assert!(
            properties.contains(">2023-11-24T19:00:00Z<"),
            "{properties}"
        );
        assert!(
            properties.contains("<dc:title>Báo cáo</dc:title>"),
            "{properties}"
        );
        let keywords = "<cp:keywords>tonghop:screening</cp:keywords>";
        assert!(properties.contains(keywords), "{properties}");
        assert!(titled(kind, "", moment("1850-01-01T00:00:00+07:00")).is_err());
    }
}
