//! Whether what was read is what was meant, or somebody is asked.

use crate::difference::differences;
use crate::features::Input;
use crate::record::{Record, as_text, records};
use crate::table::{Laid, lay_out};
use crate::told::Told;
use crate::workbook::workbook;
use ingest::Reading;
use model::{FileId, Finding};
use programme::tables::{self, Tables};
use programme::{Programme, Scope};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use validate::SourceFile;

/// What became of a layout.
pub(crate) struct Verdict {
    pub(crate) laid: Laid,
    /// What was read otherwise than meant without a word.
    pub(crate) silent: Vec<String>,
    /// What is asked about.
    pub(crate) asked: Vec<String>,
    /// What was read, as text.
    pub(crate) read: String,
}

impl Verdict {
    pub(crate) fn is_silent(&self) -> bool {
        !self.silent.is_empty()
    }
}

/// Judges workbooks of these layouts, in their order.
pub(crate) fn judge(programme: &Programme, inputs: &[Input]) -> Vec<Verdict> {
    let read: Vec<(SourceFile, Laid, Reading)> = inputs
        .par_iter()
        .enumerate()
        .map(|(number, input)| {
            let laid = lay_out(programme, input);
            let bytes = workbook(&laid.sheets);
            let file = SourceFile {
                // The first digits tell files apart.
                id: FileId(format!("{number:012x}{:052}", 0)),
                name: format!("bao-cao-{number}.xlsx"),
            };
            let reading = ingest::read(&file.id, &file.name, &bytes, programme);
            (file, laid, reading)
        })
        .collect();
    let findings = findings(programme, &read);
    let judged = inputs.iter().zip(read).zip(findings);
    judged
        .map(|((input, (file, laid, reading)), findings)| {
            let records = records(programme, &file, &reading, &findings);
            verdict(programme, input, laid, &records, &findings)
        })
        .collect()
}

/// The findings on each file, as a run makes them: what the reader noticed, and the rules over one submission.
fn findings(programme: &Programme, read: &[(SourceFile, Laid, Reading)]) -> Vec<Vec<Finding>> {
    let mut forms = Tables::new();
    let mut sources = BTreeMap::new();
    for (file, _, reading) in read {
        sources.insert(file.id.clone(), file.clone());
        for table in &reading.tables {
            tables::append(&mut forms, &table.form, &table.frame).unwrap();
        }
    }
    let mut by_file: BTreeMap<FileId, Vec<Finding>> = BTreeMap::new();
    let judged = validate::apply_rules(programme, Scope::Submission, &forms, &sources).unwrap();
    for finding in judged {
        by_file
            .entry(finding.file.clone())
            .or_default()
            .push(finding);
    }
    read.iter()
        .map(|(file, _, reading)| {
            let observations = reading.observations.iter();
            let mut findings: Vec<Finding> = observations
                .filter_map(|o| validate::finding(programme, file, reading.period, o))
                .collect();
            findings.extend(by_file.remove(&file.id).unwrap_or_default());
            findings
        })
        .collect()
}

fn verdict(
    programme: &Programme,
    input: &Input,
    laid: Laid,
    records: &[Record],
    findings: &[Finding],
) -> Verdict {
    let (mut silent, mut asked) = (Vec::new(), Vec::new());
    let mut counted: BTreeSet<usize> = BTreeSet::new();
    let told = Told {
        programme,
        input,
        laid: &laid,
        findings,
    };
    // The cover is no row of a table.
    let of_tables = records.iter().filter(|record| record.form != "general");
    for record in of_tables.clone().filter(|record| !record.is_held) {
        let place = format!("{} row {}", record.sheet, record.row + 1);
        let case = laid.case_at(&record.sheet, record.row);
        let Some(at) = case.filter(|_| record.form == input.form) else {
            silent.push(format!(
                "{place} is no case, but counted in {}",
                record.form
            ));
            continue;
        };
        if !counted.insert(at) {
            silent.push(format!("{place} is counted again"));
        }
        for difference in differences(&laid, &laid.cases[at], record) {
            let text = format!("{place}: {difference}");
            if told.is_told(at, &difference) {
                asked.push(text);
            } else {
                silent.push(text);
            }
        }
    }
    let meant = (0..laid.cases.len()).filter(|at| laid.struck != Some(*at));
    for at in meant.filter(|at| !counted.contains(at)) {
        let is_own = |record: &&Record| {
            record.form == input.form && laid.case_at(&record.sheet, record.row) == Some(at)
        };
        let lost = format!("case {} is not counted", at + 1);
        if of_tables.clone().any(|record| is_own(&record)) || told.names_case(at) {
            asked.push(lost);
        } else {
            silent.push(lost);
        }
    }
    let read = as_text(records, findings);
    Verdict {
        laid,
        silent,
        asked,
        read,
    }
}
