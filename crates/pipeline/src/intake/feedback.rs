//! What goes back to senders whose workbooks have something to mend.

use crate::error::PipelineError;
use crate::intake::assess::Assessed;
use crate::intake::inbox::DroppedFile;
use chrono::{DateTime, FixedOffset};
use model::{Severity, render_template};
use programme::Programme;
use report::FeedbackInput;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What goes back on a file.
pub(crate) struct Feedback {
    /// Where it belongs, below the folder of what is returned: `<period>/<name>.xlsx`, with a `.txt` beside it.
    pub workbook: PathBuf,
    /// Nothing if there is nothing to mend; then an earlier one at that place is out of date.
    pub content: Option<FeedbackContent>,
}

/// The two files of feedback.
pub(crate) struct FeedbackContent {
    /// A copy of the sender's sheets with what to mend marked and listed.
    pub workbook: Vec<u8>,
    /// The covering text.
    pub letter: String,
}

/// Prepares what goes back on a file.
///
/// # Errors
/// When the sender's sheets do not fit a workbook.
pub(crate) fn prepare_feedback(
    programme: &Programme,
    file: &DroppedFile,
    assessed: &Assessed,
    at: DateTime<FixedOffset>,
) -> Result<Feedback, PipelineError> {
    let words = &programme.report.feedback;
    let stem = Path::new(&file.name).file_stem();
    let stem = stem.map_or_else(
        || file.name.clone(),
        |stem| stem.to_string_lossy().into_owned(),
    );
    let department = assessed.department.clone().unwrap_or(stem);
    let period = assessed
        .period
        .map_or_else(|| "-".to_owned(), |period| period.to_string());
    let known = programme.department(&department);
    let name = known.map_or(department.as_str(), |known| known.name.as_str());
    let count = |counts: fn(Severity) -> bool| {
        assessed
            .findings
            .iter()
            .filter(|finding| counts(finding.severity))
            .count()
    };
    let to_mend = count(|severity| severity <= Severity::Correct);
    let values = BTreeMap::from([
        ("department", department.clone()),
        ("department_name", name.to_owned()),
        ("period", period.clone()),
        ("file", file.name.clone()),
        ("to_mend", to_mend.to_string()),
        (
            "noticed",
            count(|severity| severity == Severity::Warn).to_string(),
        ),
    ]);
    let unit = assessed.unit.as_deref();
    let unit = unit.map(|unit| format!("-{}", vietext::fold(unit).replace(' ', "-")));
    let file_name = render_template(&words.file_name, &values) + &unit.unwrap_or_default();
    let folder = if assessed.period.is_some() {
        period.as_str()
    } else {
        "_"
    };
    let workbook = Path::new(folder).join(format!("{file_name}.xlsx"));
    if to_mend == 0 {
        return Ok(Feedback {
            workbook,
            content: None,
        });
    }
    let bytes = report::feedback(&FeedbackInput {
        words,
        said: &programme.words,
        department: name,
        period: assessed.period,
        file_name: &file.name,
        at,
        // A list of findings from an earlier round is not the sender's.
        sheets: ingest::sheet_copies(&file.bytes)
            .into_iter()
            .filter(|sheet| sheet.name != words.sheet)
            .collect(),
        findings: &assessed.findings,
    })?;
    let letter = render_template(words.letter.trim_start(), &values);
    Ok(Feedback {
        workbook,
        content: Some(FeedbackContent {
            workbook: bytes,
            letter,
        }),
    })
}
