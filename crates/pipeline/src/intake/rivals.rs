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

#[cfg(test)]
mod tests {
    use super::note_rivals;
    use crate::intake::inbox::DroppedFile;
    use crate::testing::{programme, submission};
    use ingest::Reading;
    use ledger::{Outcome, Submission};
    use model::Check;
    use programme::Programme;

    /// For each reading, written as `department period unit`, the files that rival with it. The files are `a`, `b`, ….
    fn rivals(programme: &Programme, known: &[Submission], readings: &[&str]) -> Vec<String> {
        let names = ["a", "b", "c"];
        let files: Vec<DroppedFile> = names[..readings.len()]
            .iter()
            .map(|name| DroppedFile {
                name: (*name).to_owned(),
                id: ledger::file_id(name.as_bytes()),
                bytes: Vec::new(),
            })
            .collect();
        let mut read: Vec<Reading> = readings
            .iter()
            .map(|text| {
                let mut parts = text.split(' ');
                Reading {
                    department: parts.next().map(str::to_owned),
                    period: parts.next().and_then(|period| period.parse().ok()),
                    unit: parts.next().map(str::to_owned),
                    ..Reading::default()
                }
            })
            .collect();
        note_rivals(
            programme,
            known,
            &files.iter().collect::<Vec<_>>(),
            &mut read,
        );
        let of = |reading: &Reading| match &reading.observations[..] {
            [] => String::new(),
            [only] => {
                assert_eq!(only.check, Check::SamePeriodTwice);
                only.found.clone()
            }
            more => panic!("{more:?}"),
        };
        read.iter().map(of).collect()
    }

    #[test]
    fn files_of_one_department_and_period_that_come_at_once_rival() {
        let readings = ["SCT 2023", "SCT 2023", "SCT 2023"];
        assert_eq!(
            rivals(programme(), &[], &readings),
            ["b”, “c", "a”, “c", "a”, “b"]
        );
        assert_eq!(rivals(programme(), &[], &readings[..2]), ["b", "a"]);
        let readings = ["SCT 2023", "SCT 2023-Q4", "SXD 2023"];
        assert_eq!(rivals(programme(), &[], &readings), ["", "", ""]);
    }

    #[test]
    fn files_without_a_department_or_period_rival_with_none() {
        assert_eq!(rivals(programme(), &[], &["SCT ?", "SCT ?"]), ["", ""]);
    }

    #[test]
    fn another_unit_does_not_supersede_a_submission_that_was_taken_in() {
        let known = |unit: &str| Submission {
            unit: Some(unit.to_owned()),
            ..submission(1, "SCT", "2023")
        };
        let with = |known: Submission| rivals(programme(), &[known], &["SCT 2023 A"]).remove(0);
        assert_eq!(with(known("B")), "f1.xlsx");
        assert_eq!(with(known("a")), "", "the same unit corrects itself");
        assert_eq!(with(submission(1, "SCT", "2023")), "", "it named no unit");
        let refused = Submission {
            outcome: Outcome::Refused,
            ..known("B")
        };
        assert_eq!(with(refused), "");
    }

    #[test]
    fn units_that_report_by_themselves_are_no_rivals() {
        let mut by_unit = programme().clone();
        by_unit
            .departments
            .iter_mut()
            .for_each(|department| department.reports_by_unit = true);
        let known = Submission {
            unit: Some("C".to_owned()),
            ..submission(1, "SCT", "2023")
        };
        let readings = ["SCT 2023 A", "SCT 2023 B", "SCT 2023 a"];
        assert_eq!(rivals(&by_unit, &[known], &readings), ["c", "", "a"]);
    }
}
