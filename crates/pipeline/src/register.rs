use crate::PipelineError;
use crate::grant::{GrantLine, grants};
use ledger::{Ledger, RegisterFile};
use link::Matcher;
use model::{FileId, Finding};
use programme::Programme;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use validate::SourceFile;

/// A register, as it was read.
#[derive(Debug, Serialize)]
pub struct RegisterLine {
    /// The file's name.
    pub file: String,
    /// Its content's hash.
    pub sha256: FileId,
    /// The programmes whose lists are in it, by the register's code, with the entries of each; none where no list
    /// that the programme describes was found in it.
    pub entries: BTreeMap<String, usize>,
    /// What was found in it: its entries are compared all the same.
    pub findings: Vec<Finding>,
}

impl RegisterLine {
    /// Whether nothing could be compared with it, which is no sign that nothing overlaps.
    pub fn is_unread(&self) -> bool {
        self.entries.values().all(|&entries| entries == 0)
    }
}

/// The registers of a moment (RFC 3339, UTC; none: now), and the entries of their lists, whichever programme's.
pub(crate) fn read(
    programme: &Programme,
    ledger: &Ledger,
    as_of: Option<&str>,
) -> Result<(Vec<RegisterLine>, Vec<GrantLine>), PipelineError> {
    let programme = programme.of_registers();
    let mut registers = Vec::new();
    let mut lines = Vec::new();
    for RegisterFile { file_name, file } in ledger.registers(as_of)? {
        let reading = ingest::read_list(&file, &file_name, &ledger.bytes(&file)?, &programme);
        let mut entries: BTreeMap<String, usize> = BTreeMap::new();
        for table in &reading.tables {
            if let Some(form) = programme.forms.get(&table.form) {
                let read = grants(&programme, form, &table.frame)?;
                *entries.entry(form.code.clone()).or_default() += read.len();
                lines.extend(read.into_iter().map(|line| GrantLine {
                    register: Some(form.code.clone()),
                    file: file_name.clone(),
                    ..line
                }));
            }
        }
        let source = SourceFile { id: file.clone(), name: file_name.clone() };
        let findings = reading.observations.iter().filter_map(|o| validate::finding(&programme, &source, None, o));
        let findings = validate::gather(findings.collect());
        registers.push(RegisterLine { file: file_name, sha256: file, entries, findings });
    }
    Ok((registers, lines))
}

/// The entries that may be about an enterprise of some cases: a register may have a million others.
pub(crate) fn near(matcher: &Matcher, cases: &[GrantLine], entries: Vec<GrantLine>) -> Vec<GrantLine> {
    let left: Vec<&GrantLine> = cases.iter().collect();
    let batches = || entries.chunks(4_096).map(|chunk| chunk.iter().collect::<Vec<&GrantLine>>());
    let wanted: BTreeSet<usize> = matcher.weigh(&left, batches).into_iter().map(|pair| pair.right).collect();
    entries.into_iter().enumerate().filter(|(at, _)| wanted.contains(at)).map(|(_, line)| line).collect()
}
