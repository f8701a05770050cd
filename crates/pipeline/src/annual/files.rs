use crate::annual::build::BuiltReport;
use crate::annual::figures_file::figures_json;
use crate::annual::request::ReportRequest;
use crate::error::PipelineError;

/// The files of a report, as bytes.
pub(crate) struct ReportFiles {
    /// The workbook's name.
    pub file_name: String,
    pub workbook: Vec<u8>,
    /// `figures.json`.
    pub figures: Vec<u8>,
    /// The page for a browser.
    pub page: Vec<u8>,
    /// The draft of the covering report, if the programme has one.
    pub letter: Option<Vec<u8>>,
}

impl ReportFiles {
    /// Writes a report that was put together as files: the same report gives the same bytes.
    ///
    /// # Errors
    /// When the report does not fit a workbook.
    pub(crate) fn write(
        request: &ReportRequest,
        built: &BuiltReport<'_>,
    ) -> Result<Self, PipelineError> {
        let (report, variant) = (&built.report, request.variant);
        let words = &request.programme.programme.report;
        let file_name = words.file_name(request.year, variant.is_final, variant.under_today);
        Ok(Self {
            workbook: report::annual(report)?,
            page: report::page(report)?,
            letter: report::letter(report)?,
            figures: figures_json(report, request.as_of, &file_name)?,
            file_name,
        })
    }
}
