//! `figures.json`: each figure under a stable id, and the cells behind them.

use crate::error::PipelineError;
use crate::versions::versions;
use aggregate::Figures;
use ledger::Versions;
use model::Moment;
use report::AnnualReport;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct FiguresFile<'a> {
    programme: &'a str,
    programme_hash: &'a str,
    year: i32,
    as_of: Moment,
    inputs: &'a str,
    versions: Versions,
    workbook: &'a str,
    figures: BTreeMap<String, FigureEntry<'a>>,
    trace: Vec<TraceEntry<'a>>,
}

#[derive(Serialize)]
struct FigureEntry<'a> {
    value: i64,
    unit: &'a str,
    title: &'a str,
    clause: &'a str,
}

#[derive(Serialize)]
struct TraceEntry<'a> {
    figure: String,
    value: &'a str,
    department: &'a str,
    file: &'a str,
    sha256: &'a str,
    sheet: &'a str,
    cell: String,
}

/// The file's bytes: the same figures give the same bytes.
pub(crate) fn figures_json(
    report: &AnnualReport<'_>,
    as_of: Moment,
    workbook: &str,
) -> Result<Vec<u8>, PipelineError> {
    let mut file = FiguresFile {
        programme: &report.programme.id,
        programme_hash: &report.programme.hash,
        year: report.year,
        as_of,
        inputs: &report.inputs_hash,
        versions: versions(),
        workbook,
        figures: BTreeMap::new(),
        trace: Vec::new(),
    };
    let all: Vec<&Figures> = report
        .targets
        .iter()
        .map(|t| &t.figures)
        .chain(report.figures.values())
        .collect();
    for figures in all {
        let Some(indicator) = report.programme.indicator(&figures.indicator) else {
            continue;
        };
        let first_time = !file.figures.contains_key(&figures.id(&BTreeMap::new()));
        for figure in figures.all() {
            let entry = FigureEntry {
                value: figure.value,
                unit: &indicator.unit,
                title: &indicator.title.vi,
                clause: &indicator.clause,
            };
            file.figures.insert(figure.id, entry);
        }
        for contribution in figures.contributions.iter().filter(|_| first_time) {
            let keys = figures
                .by
                .iter()
                .cloned()
                .zip(contribution.keys.iter().cloned())
                .collect();
            let Some(origin) = report.origins.get(&contribution.record) else {
                continue;
            };
            file.trace.push(TraceEntry {
                figure: figures.id(&keys),
                value: &contribution.value,
                department: &origin.department,
                file: &origin.file_name,
                sha256: &origin.file,
                sheet: &origin.sheet,
                cell: origin.cell(&contribution.field),
            });
        }
    }
    let mut json =
        serde_json::to_vec_pretty(&file).map_err(|e| PipelineError::file(workbook)(e.into()))?;
    json.push(b'\n');
    Ok(json)
}
