use crate::error::PipelineError;
use crate::jobs::load::LedgerView;
use crate::workspace::Workspace;
use ledger::{AsOf, Ledger, Outcome, write_whole};
use model::clean_json;
use polars_io::parquet::write::ParquetWriter;
use programme::{Form, Programme, tables};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
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

/// Writes all that counts, over all years, for other programs: a Parquet file a form, `schema.json` that describes what each
/// column is, and the files as they came with a list of what each is. If a workspace has several programmes, each
/// one's tables are in a folder of its name.
///
/// # Errors
/// When the ledger cannot be read or the folder cannot be written.
pub fn export(workspace: &Workspace, folder: &Path) -> Result<ExportSummary, PipelineError> {
    let ledger = Ledger::open(&workspace.ledger())?;
    let mut summary = ExportSummary {
        folder: folder.to_owned(),
        tables: BTreeMap::new(),
        originals: 0,
    };
    let mut described = Map::new();
    let view = LedgerView::open(&ledger, AsOf::NOW)?;
    let mut counting = BTreeSet::new();
    let programmes: Vec<&Programme> = workspace.programmes().collect();
    for programme in &programmes {
        let others = workspace.others_than(programme);
        let snapshot = view
            .resolved_snapshot(programme, &others, programme.years())?
            .snapshot;
        counting.extend(
            snapshot
                .submissions
                .effective
                .iter()
                .map(|submission| submission.id),
        );
        for (code, frame) in &snapshot.accepted {
            let Some(form) = programme.form(code) else {
                continue;
            };
            let name = if programmes.len() > 1 {
                format!("{}/{code}", programme.id)
            } else {
                code.clone()
            };
            let mut bytes = Vec::new();
            ParquetWriter::new(&mut bytes).finish(&mut frame.clone())?;
            write_whole(&folder.join(format!("{name}.parquet")), &bytes)?;
            summary.tables.insert(name.clone(), frame.height());
            described.insert(name, description(form));
        }
    }
    let mut files = Vec::new();
    for submission in &view.submissions {
        let path = folder.join("originals").join(&submission.file.0);
        write_whole(&path, &ledger.bytes(&submission.file)?)?;
        files.push(json!({
            "file": submission.file_name, "sha256": submission.file.0, "at": submission.at,
            "department": submission.department, "unit": submission.unit,
            "period": submission.period.map(|period| period.to_string()),
            "refused": submission.outcome == Outcome::Refused, "stands": counting.contains(&submission.id),
            "set_aside": submission.set_aside,
        }));
    }
    summary.originals = files.len();
    let programme = &workspace.programme;
    let schema = json!({ "programme": programme.id, "programme_hash": programme.hash, "money": "đồng",
                         "tables": described, "files": files });
    let text = serde_json::to_string_pretty(&schema)
        .map_err(|error| PipelineError::file("schema.json")(error.into()))?;
    write_whole(&folder.join("schema.json"), clean_json(&text).as_bytes())?;
    Ok(summary)
}

/// What the columns of a form's table are.
fn description(form: &Form) -> Value {
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
    json!({ "title": form.title.vi, "clause": form.clause, "columns": columns })
}
