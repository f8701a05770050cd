use crate::error::PipelineError;
use crate::jobs::load::LedgerView;
use crate::workspace::Workspace;
use chrono::{DateTime, Utc};
use ledger::{AsOf, Ledger, Lock, Outcome, TakenOut, make_private_folder, write_whole};
use model::clean_json;
use polars_io::parquet::write::ParquetWriter;
use programme::tables::without_own_columns_in;
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
    /// Files as they came; none unless they were asked for.
    pub originals: usize,
    /// The columns that are left out since they are personal, as `form.column`.
    pub left_out: Vec<String>,
}

/// What is exported beside what counts. Both may tell of persons, so each is asked for by name and told in the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportExtent {
    /// Columns that a form marks as personal, which find the same enterprise in other lists.
    pub for_linkage: bool,
    /// The files as they came, with all that their senders wrote.
    pub originals: bool,
}

/// Writes all that counts, over all years, for other programs: a Parquet file a form, `schema.json` that describes what each
/// column is, and a list of the files with what each is. If a workspace has several programmes, each one's tables are in a
/// folder of its name.
///
/// Columns that a form marks as personal and the files as they came are written if `extent` says so; then the log tells of it,
/// and the folder is its owner's if it is new.
///
/// # Errors
/// When the ledger cannot be read, or written where something is to be told in its log, or the folder cannot be written.
pub fn export(
    workspace: &Workspace,
    folder: &Path,
    extent: ExportExtent,
    now: DateTime<Utc>,
) -> Result<ExportSummary, PipelineError> {
    let is_told = extent != ExportExtent::default();
    let lock = match is_told {
        true => Some(Lock::take(&workspace.ledger())?),
        false => None,
    };
    let ledger = match &lock {
        Some(lock) => Ledger::open_to_write(lock)?,
        None => Ledger::open(&workspace.ledger())?,
    };
    if is_told {
        make_private_folder(folder)?;
        // Before anything leaves: what cannot be told does not.
        let taken = TakenOut {
            folder: folder.display().to_string(),
            for_linkage: extent.for_linkage,
            originals: extent.originals,
        };
        ledger.record_taken_out(now.into(), &workspace.settings.operator, &taken)?;
    }
    let mut summary = ExportSummary {
        folder: folder.to_owned(),
        tables: BTreeMap::new(),
        originals: 0,
        left_out: Vec::new(),
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
            let personal = form.columns.iter().filter(|column| column.personal);
            let left_out: Vec<&str> = match extent.for_linkage {
                true => Vec::new(),
                false => personal.map(|column| column.name.as_str()).collect(),
            };
            let mut bytes = Vec::new();
            // What an older version kept of the senders' own columns goes nowhere either.
            let mut frame = without_own_columns_in(frame)?.drop_many(left_out.iter().copied());
            ParquetWriter::new(&mut bytes).finish(&mut frame)?;
            write_whole(&folder.join(format!("{name}.parquet")), &bytes)?;
            summary.tables.insert(name.clone(), frame.height());
            let names = left_out.iter().map(|column| format!("{name}.{column}"));
            summary.left_out.extend(names);
            described.insert(name, description(form, &left_out));
        }
    }
    let mut files = Vec::new();
    for submission in &view.submissions {
        if extent.originals {
            let path = folder.join("originals").join(&submission.file.0);
            write_whole(&path, &ledger.bytes(&submission.file)?)?;
            summary.originals += 1;
        }
        files.push(json!({
            "file": submission.file_name, "sha256": submission.file.0, "at": submission.at,
            "department": submission.department, "unit": submission.unit,
            "period": submission.period.map(|period| period.to_string()),
            "refused": submission.outcome == Outcome::Refused, "stands": counting.contains(&submission.id),
            "set_aside": submission.set_aside,
        }));
    }
    let programme = &workspace.programme;
    let schema = json!({ "programme": programme.id, "programme_hash": programme.hash, "money": "đồng",
                         "tables": described, "files": files });
    let text = serde_json::to_string_pretty(&schema)
        .map_err(|error| PipelineError::file("schema.json")(error.into()))?;
    write_whole(&folder.join("schema.json"), clean_json(&text).as_bytes())?;
    Ok(summary)
}

/// What the columns of a form's table are.
fn description(form: &Form, left_out: &[&str]) -> Value {
    let columns: Vec<Value> = tables::schema(form)
        .iter()
        .filter(|(name, _)| !left_out.contains(&name.as_str()))
        .map(|(name, dtype)| {
            let column = form.column(name);
            json!({
                "name": name.as_str(),
                "type": dtype.to_string(),
                "heading": column.map(|column| &column.heading),
                "list": column.and_then(|column| column.kind.list()),
                "personal": column.is_some_and(|column| column.personal),
            })
        })
        .collect();
    json!({ "title": form.title.vi, "clause": form.clause, "columns": columns, "left_out": left_out })
}
