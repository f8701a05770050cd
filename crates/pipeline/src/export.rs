use crate::standing::Standing;
use crate::workspace::write_whole;
use crate::{PipelineError, Workspace};
use ledger::{Ledger, Outcome};
use polars::prelude::*;
use programme::tables;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What was written for other programs.
#[derive(Debug, Serialize)]
pub struct ExportSummary {
    /// Where.
    pub folder: PathBuf,
    /// The forms' tables, with their rows.
    pub tables: BTreeMap<String, usize>,
    /// Files as they came.
    pub originals: usize,
}

/// Writes all that counts, over all years, for other programs: a Parquet file a form, `schema.json` that says what each
/// column is, and the files as they came with a list of what each is.
///
/// # Errors
/// When the ledger cannot be read or the folder cannot be written.
pub fn export(workspace: &Workspace, folder: &Path) -> Result<ExportSummary, PipelineError> {
    let programme = &workspace.programme;
    let ledger = Ledger::open(&workspace.ledger())?;
    let years = programme.first_year..=programme.last_year;
    let standing = Standing::of_years(&ledger, programme, years, None)?;
    let mut summary = ExportSummary { folder: folder.to_owned(), tables: BTreeMap::new(), originals: 0 };
    let mut described = Map::new();
    for (code, frame) in &standing.accepted {
        let Some(form) = programme.form(code) else { continue };
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).finish(&mut frame.clone())?;
        write_whole(&folder.join(format!("{code}.parquet")), &bytes)?;
        summary.tables.insert(code.clone(), frame.height());
        let columns: Vec<Value> = tables::schema(form)
            .iter()
            .map(|(name, dtype)| {
                let column = form.column(name);
                json!({
                    "name": name.as_str(),
                    "type": dtype.to_string(),
                    "heading": column.map(|column| &column.heading),
                    "list": column.and_then(|column| column.kind.list()),
                })
            })
            .collect();
        described.insert(code.clone(), json!({ "title": form.title.vi, "clause": form.clause, "columns": columns }));
    }
    let mut files = Vec::new();
    for submission in ledger.submissions(None)? {
        let stands = standing.submissions.iter().any(|standing| standing.id == submission.id);
        let path = folder.join("originals").join(&submission.file.0);
        write_whole(&path, &ledger.bytes(&submission.file)?)?;
        files.push(json!({
            "file": submission.file_name, "sha256": submission.file.0, "at": submission.at,
            "department": submission.department, "period": submission.period.map(|period| period.to_string()),
            "refused": submission.outcome == Outcome::Refused, "stands": stands, "set_aside": submission.set_aside,
        }));
    }
    summary.originals = files.len();
    let schema = json!({ "programme": programme.id, "programme_hash": programme.hash, "money": "đồng",
                         "tables": described, "files": files });
    let text = serde_json::to_vec_pretty(&schema).map_err(PipelineError::ProgrammeFiles)?;
    write_whole(&folder.join("schema.json"), &text)?;
    Ok(summary)
}
