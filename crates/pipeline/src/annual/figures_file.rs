//! `figures.json`: each figure under a stable id, and where in the trace its rows are found.

use crate::error::PipelineError;
use crate::versions::versions;
use aggregate::Figures;
use ledger::Versions;
use model::{IssueStamp, Moment, ProgrammeHash, clean_json};
use programme::CountingEffect;
use report::{AnnualReport, CountingLine, TraceNames};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct FiguresFile<'a> {
    programme: &'a str,
    programme_hash: &'a ProgrammeHash,
    /// The office's own files that are laid over the programme's, with their SHA-256.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    office_files: BTreeMap<&'a str, &'a str>,
    year: i32,
    as_of: Moment,
    /// What the report was issued under; none for a draft.
    issued: Option<&'a IssueStamp>,
    inputs: &'a str,
    versions: Versions,
    workbook: &'a str,
    /// What is chosen where the plan leaves open what counts.
    counting: Vec<CountingEntry<'a>>,
    figures: BTreeMap<String, FigureEntry<'a>>,
}

#[derive(Serialize)]
struct CountingEntry<'a> {
    choice: &'a str,
    effect: CountingEffect,
    title: &'a str,
    clause: &'a str,
    records: usize,
    money: Option<i64>,
}

impl<'a> From<&'a CountingLine<'a>> for CountingEntry<'a> {
    fn from(line: &'a CountingLine<'a>) -> Self {
        Self {
            choice: &line.choice.id,
            effect: line.choice.effect,
            title: &line.choice.title.vi,
            clause: &line.choice.clause,
            records: line.records,
            money: line.money,
        }
    }
}

#[derive(Serialize)]
struct FigureEntry<'a> {
    value: i64,
    unit: &'a str,
    title: &'a str,
    clause: &'a str,
    /// What the rows of the trace are filtered by, and the columns that are added up there, by their headings; none if nothing
    /// counts.
    filter: BTreeMap<&'a str, &'a str>,
    columns: Vec<&'a str>,
}

/// The file's bytes: the same figures give the same bytes.
pub(crate) fn figures_json(
    report: &AnnualReport<'_>,
    names: &TraceNames<'_>,
    as_of: Moment,
    workbook: &str,
) -> Result<Vec<u8>, PipelineError> {
    let mut file = FiguresFile {
        programme: &report.programme.id,
        programme_hash: &report.programme.hash,
        office_files: report
            .programme
            .office_files
            .iter()
            .map(|file| (file.name.as_str(), file.hash.as_str()))
            .collect(),
        year: report.year,
        as_of,
        issued: report.status.stamp(),
        inputs: &report.inputs_hash,
        versions: versions(),
        workbook,
        counting: report.counting.iter().map(CountingEntry::from).collect(),
        figures: BTreeMap::new(),
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
        for figure in figures.all() {
            let filter = names.filter(figures, &figure.keys).unwrap_or_default();
            let entry = FigureEntry {
                value: figure.value,
                unit: &indicator.unit,
                title: &indicator.title.vi,
                clause: &indicator.clause,
                filter: filter.rows.into_iter().collect(),
                columns: filter.columns,
            };
            file.figures.insert(figure.id, entry);
        }
    }
    let json =
        serde_json::to_string_pretty(&file).map_err(|e| PipelineError::file(workbook)(e.into()))?;
    let mut json = clean_json(&json).into_owned().into_bytes();
    json.push(b'\n');
    Ok(json)
}

#[cfg(test)]
mod tests {
    use super::figures_json;
    use crate::testing::{built, request, small_programme, submission};
    use report::TraceNames;

    #[test]
    fn figures_have_stable_ids_and_say_where_their_rows_are() {
        let mut small = small_programme();
        small.programme.hash = model::ProgrammeHash("hash".to_owned());
        small
            .programme
            .indicators
            .retain(|indicator| indicator.name == "budget_spent");
        small.programme.targets.clear();
        small
            .programme
            .choices
            .retain(|choice| choice.id == "stopped_paid");
        let request = request(small, 2023);
        let rows = "file | row | task   | source  | spent
                    f1   | 5   | IV.1.a | ensured | 60
                    f1   | 6   | IV.2.a | ensured |";
        let mut report = built(
            &request,
            &[submission(1, "SCT", "2023")],
            &[("budget", rows)],
        )
        .report;
        report.inputs_hash = "inputs".to_owned();
        let trace = report.trace();
        let names = TraceNames::of(&report, &trace);
        let json = figures_json(&report, &names, request.as_of, "bao-cao.xlsx").unwrap();
        let program = format!("\"program\": \"{}\"", env!("CARGO_PKG_VERSION"));
        let text = String::from_utf8(json)
            .unwrap()
            .replace(&program, "\"program\": \"…\"");
        insta::assert_snapshot!(text, @r#"
        {
          "programme": "dong-nai-2021-2025",
          "programme_hash": "hash",
          "year": 2023,
          "as_of": "2024-01-01T00:00:00Z",
          "issued": null,
          "inputs": "inputs",
          "versions": {
            "program": "…",
            "reader": 4,
            "counting": 4
          },
          "workbook": "bao-cao.xlsx",
          "counting": [
            {
              "choice": "stopped_paid",
              "effect": "counts",
              "title": "Đã dừng, đã chi một phần kinh phí",
              "clause": "II.1.b",
              "records": 0,
              "money": null
            }
          ],
          "figures": {
            "budget_spent/2023": {
              "value": 60,
              "unit": "dong",
              "title": "Thực hiện",
              "clause": "V",
              "filter": {},
              "columns": [
                "Thực hiện"
              ]
            },
            "budget_spent/2023/department=SCT": {
              "value": 60,
              "unit": "dong",
              "title": "Thực hiện",
              "clause": "V",
              "filter": {
                "Cơ quan": "Sở Công Thương"
              },
              "columns": [
                "Thực hiện"
              ]
            },
            "budget_spent/2023/source=ensured": {
              "value": 60,
              "unit": "dong",
              "title": "Thực hiện",
              "clause": "V",
              "filter": {
                "Nguồn kinh phí": "ensured"
              },
              "columns": [
                "Thực hiện"
              ]
            },
            "budget_spent/2023/source=ensured/department=SCT": {
              "value": 60,
              "unit": "dong",
              "title": "Thực hiện",
              "clause": "V",
              "filter": {
                "Cơ quan": "Sở Công Thương",
                "Nguồn kinh phí": "ensured"
              },
              "columns": [
                "Thực hiện"
              ]
            },
            "budget_spent/2023/task=IV.1.a": {
              "value": 60,
              "unit": "dong",
              "title": "Thực hiện",
              "clause": "V",
              "filter": {
                "Nhiệm vụ": "IV.1.a"
              },
              "columns": [
                "Thực hiện"
              ]
            },
            "budget_spent/2023/task=IV.1.a/department=SCT": {
              "value": 60,
              "unit": "dong",
              "title": "Thực hiện",
              "clause": "V",
              "filter": {
                "Cơ quan": "Sở Công Thương",
                "Nhiệm vụ": "IV.1.a"
              },
              "columns": [
                "Thực hiện"
              ]
            },
            "budget_spent/2023/task=IV.1.a/source=ensured": {
              "value": 60,
              "unit": "dong",
              "title": "Thực hiện",
              "clause": "V",
              "filter": {
                "Nguồn kinh phí": "ensured",
                "Nhiệm vụ": "IV.1.a"
              },
              "columns": [
                "Thực hiện"
              ]
            },
            "budget_spent/2023/task=IV.1.a/source=ensured/department=SCT": {
              "value": 60,
              "unit": "dong",
              "title": "Thực hiện",
              "clause": "V",
              "filter": {
                "Cơ quan": "Sở Công Thương",
                "Nguồn kinh phí": "ensured",
                "Nhiệm vụ": "IV.1.a"
              },
              "columns": [
                "Thực hiện"
              ]
            }
          }
        }
        "#);
    }
}
