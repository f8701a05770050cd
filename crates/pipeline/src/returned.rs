//! What goes back to senders whose workbooks have something to mend.

use crate::inbox::Dropped;
use crate::judge::Judged;
use crate::{PipelineError, Workspace};
use chrono::{DateTime, Utc};
use ledger::write_whole;
use model::{Finding, Severity};
use programme::Programme;
use report::FeedbackInput;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Writes a file's feedback below `returned/<period>/`, a workbook and a covering text, or takes away what an
/// earlier file of the same department and period was sent, where nothing is left to mend. Gives the workbook.
pub(crate) fn give_back(
    workspace: &Workspace,
    programme: &Programme,
    file: &Dropped,
    judged: &Judged,
    now: DateTime<Utc>,
) -> Result<Option<PathBuf>, PipelineError> {
    let words = &programme.report.feedback;
    let stem = Path::new(&file.name)
        .file_stem()
        .map_or_else(|| file.name.clone(), |s| s.to_string_lossy().into_owned());
    let department = judged.department.clone().unwrap_or(stem);
    let period = judged
        .period
        .map_or_else(|| "-".to_owned(), |p| p.to_string());
    let name = programme
        .department(&department)
        .map_or(department.as_str(), |d| d.name.as_str());
    let mend = |f: &&Finding| f.severity <= Severity::Correct;
    let to_mend = judged.findings.iter().filter(mend).count();
    let values = BTreeMap::from([
        ("department", department.clone()),
        ("department_name", name.to_owned()),
        ("period", period.clone()),
        ("file", file.name.clone()),
        ("to_mend", to_mend.to_string()),
        (
            "noticed",
            judged
                .findings
                .iter()
                .filter(|f| f.severity == Severity::Warn)
                .count()
                .to_string(),
        ),
    ]);
    let folder = workspace.returned().join(if judged.period.is_some() {
        period.as_str()
    } else {
        "_"
    });
    let unit = judged
        .unit
        .as_deref()
        .map(|unit| format!("-{}", vietext::fold(unit).replace(' ', "-")));
    let name_of_file =
        model::render_template(&words.file_name, &values) + &unit.unwrap_or_default();
    let workbook = folder.join(format!("{name_of_file}.xlsx"));
    let letter = workbook.with_extension("txt");
    if to_mend == 0 {
        for path in [&workbook, &letter]
            .into_iter()
            .filter(|path| path.exists())
        {
            std::fs::remove_file(path).map_err(PipelineError::file(path))?;
        }
        return Ok(None);
    }
    let bytes = report::feedback(&FeedbackInput {
        words,
        said: &programme.words,
        department: name,
        period: judged.period,
        file_name: &file.name,
        at: now.with_timezone(&workspace.settings.utc_offset),
        // Without one of ours from an earlier round.
        sheets: ingest::sheet_copies(&file.bytes)
            .into_iter()
            .filter(|sheet| sheet.name != words.sheet)
            .collect(),
        findings: &judged.findings,
    })?;
    write_whole(&workbook, &bytes)?;
    write_whole(
        &letter,
        model::render_template(words.letter.trim_start(), &values).as_bytes(),
    )?;
    Ok(Some(workbook))
}
