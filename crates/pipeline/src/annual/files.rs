use crate::annual::build::BuiltReport;
use crate::annual::figures_file::figures_json;
use crate::annual::request::ReportRequest;
use crate::error::PipelineError;
use crate::workspace::remove_if_any;
use ledger::write_whole;
use polars_io::parquet::write::ParquetWriter;
use report::{AnnualReport, TraceNames};
use std::path::Path;

/// The files of a report, as bytes.
pub(crate) struct ReportFiles {
    /// The workbook's name.
    pub file_name: String,
    pub workbook: Vec<u8>,
    /// `figures.json`.
    pub figures: Vec<u8>,
    /// The page for a browser.
    pub page: Vec<u8>,
    /// The covering reports: what is put behind the workbook's name, and the bytes.
    pub letters: Vec<(String, Vec<u8>)>,
    /// The trace as Parquet, if it is longer than a sheet.
    pub trace: Option<Vec<u8>>,
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
        let mut file_name = words.file_name(
            request.year,
            variant.occasion(),
            variant.part,
            variant.under_today,
        );
        // What was issued is not written over by the next draft.
        if let Some(stamp) = request.status.stamp() {
            file_name = numbered(&file_name, &stamp.number.to_string());
        }
        let trace = report.trace();
        let names = TraceNames::of(report, &trace);
        Ok(Self {
            workbook: report::annual(report, &names)?,
            page: report::page(report, &names)?,
            letters: report::letters(report)?,
            figures: figures_json(report, &names, request.as_of, &file_name)?,
            trace: long_trace(report, &names)?,
            file_name,
        })
    }

    /// Puts them beside one another, named after the workbook; the letters have names of their own.
    ///
    /// # Errors
    /// When one cannot be written.
    pub(crate) fn put(&self, workbook: &Path) -> Result<(), PipelineError> {
        write_whole(workbook, &self.workbook)?;
        write_whole(&workbook.with_extension("figures.json"), &self.figures)?;
        write_whole(&workbook.with_extension("html"), &self.page)?;
        // A trace that was longer then does not stay beside one that is not.
        let long_trace = workbook.with_extension("parquet");
        match &self.trace {
            Some(trace) => Ok(write_whole(&long_trace, trace)?),
            None => remove_if_any(&long_trace),
        }
    }
}

/// The trace as Parquet, if it does not stand in the workbook.
fn long_trace(
    report: &AnnualReport<'_>,
    names: &TraceNames<'_>,
) -> Result<Option<Vec<u8>>, PipelineError> {
    let Some(mut frame) = names.long_frame(report)? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame)?;
    Ok(Some(bytes))
}

/// A file's name with the number of a document at its end, in letters that every file system takes.
fn numbered(file_name: &str, number: &str) -> String {
    let number = vietext::fold(number).replace(' ', "-");
    match file_name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}-so-{number}.{ending}"),
        None => format!("{file_name}-so-{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn an_issued_report_has_its_number_in_its_name() {
        let name = numbered("bao-cao-2024.xlsx", "12/BC-SKHĐT");
        assert_eq!(name, "bao-cao-2024-so-12-bc-skhdt.xlsx");
        assert_eq!(numbered("bao-cao", "12/BC"), "bao-cao-so-12-bc");
    }
}
