use crate::intake::inbox::DroppedFile;
use crate::snapshot::effective::may_count;
use ingest::Reading;
use ledger::Submission;
use model::{Check, Observation, Period};
use programme::Programme;
use std::collections::BTreeMap;
use vietext::fold;

/// Notes on readings that rival for one department and period: neither supersedes the other unasked if they come at once,
/// or name different units. Units that report by themselves are no rivals.
///
/// `known` are the submissions that were taken in before.
pub(crate) fn note_rivals(
    programme: &Programme,
    known: &[Submission],
    files: &[&DroppedFile],
    readings: &mut [Reading],
) {
    let by_unit = |department: &str| {
        programme
            .department(department)
            .is_some_and(|known| known.reports_by_unit)
    };
    let mut claims: BTreeMap<(String, Period, String), Vec<usize>> = BTreeMap::new();
    for (i, reading) in readings.iter().enumerate() {
        if let (Some(department), Some(period)) = (&reading.department, reading.period) {
            let unit = reading
                .unit
                .as_deref()
                .filter(|_| by_unit(department))
                .map(fold)
                .unwrap_or_default();
            claims
                .entry((department.clone(), period, unit))
                .or_default()
                .push(i);
        }
    }
    let mut rivals_of: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for rivals in claims.values().filter(|rivals| rivals.len() > 1) {
        for &i in rivals {
            let others = rivals
                .iter()
                .filter(|&&j| j != i)
                .map(|&j| files[j].name.clone());
            rivals_of.entry(i).or_default().extend(others);
        }
    }
    for (i, reading) in readings.iter().enumerate() {
        let (Some(department), Some(unit)) = (&reading.department, &reading.unit) else {
            continue;
        };
        let same = |s: &&Submission| {
            s.department.as_ref() == Some(department) && s.period == reading.period
        };
        let before = known
            .iter()
            .rev()
            .filter(|submission| may_count(submission))
            .find(same)
            .filter(|_| !by_unit(department));
        if let Some(before) = before.filter(|s| {
            s.unit
                .as_ref()
                .is_some_and(|other| fold(other) != fold(unit))
        }) {
            rivals_of
                .entry(i)
                .or_default()
                .push(before.file_name.clone());
        }
    }
    for (i, others) in rivals_of {
        readings[i].observations.push(Observation {
            check: Check::SamePeriodTwice,
            sheet: None,
            form: None,
            column: None,
            record: None,
            cells: Vec::new(),
            found: others.join("”, “"),
            expected: String::new(),
        });
    }
}
