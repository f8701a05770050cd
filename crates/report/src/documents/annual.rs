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
    let links = Links::new(report, trace.map(|sheet| sheet.name.as_str()));
    cover::write(workbook.add_worksheet(), report, &styles)?;
    for sheet in report.sheets() {
        let is_long = sheets::plan(report, sheet).is_long;
        let mut page = XlsxPage::new(&mut workbook, sheet, report, &styles, &links, is_long)?;
        sheets::write(&mut page, report, sheet)?;
    }
    Ok(workbook.save_to_buffer()?)
}
