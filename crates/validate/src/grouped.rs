//! Observations of one kind in one column are one thing to do, however many values they show.

use crate::observed::finding;
use crate::source_file::SourceFile;
use model::{Finding, Observation, Period};
use programme::Programme;
use std::collections::BTreeMap;

/// So many cells of a column with the same kind of fault are told as one; fewer are easier to read one by one.
const MANY: usize = 4;

/// So many of their values are shown.
const SHOWN: usize = 3;

/// Puts a file's observations into the words of the rules that answer them; where a column has many of one kind, they are
/// one finding with all its cells.
pub fn findings(
    programme: &Programme,
    file: &SourceFile,
    period: Option<Period>,
    observations: &[Observation],
) -> Vec<Finding> {
    let mut groups: BTreeMap<_, Vec<&Observation>> = BTreeMap::new();
    for observation in observations.iter().filter(|it| it.column.is_some()) {
        groups
            .entry(kind(observation))
            .or_default()
            .push(observation);
    }
    groups.retain(|_, group| {
        group.len() >= MANY && group.iter().any(|it| it.found != group[0].found)
    });
    let mut findings = Vec::with_capacity(observations.len());
    for observation in observations {
        let Some(group) = groups.get(&kind(observation)) else {
            findings.extend(finding(programme, file, period, observation));
            continue;
        };
        // The group is told where its first stands.
        if !std::ptr::eq(group[0], observation) {
            continue;
        }
        let all = Observation {
            found: shown(group),
            ..observation.clone()
        };
        findings.extend(finding(programme, file, period, &all).map(|told| {
            Finding {
                cells: group
                    .iter()
                    .flat_map(|it| it.cells.iter().map(ToString::to_string))
                    .collect(),
                records: group.iter().filter_map(|it| it.record.clone()).collect(),
                ..told
            }
        }));
    }
    findings
}

type Kind<'o> = (
    model::Check,
    Option<&'o str>,
    Option<&'o str>,
    Option<&'o str>,
    &'o str,
    bool,
);

fn kind(observation: &Observation) -> Kind<'_> {
    (
        observation.check,
        observation.sheet.as_deref(),
        observation.form.as_deref(),
        observation.column.as_deref(),
        &observation.expected,
        observation.record.is_some(),
    )
}

/// The first different values of a group.
fn shown(group: &[&Observation]) -> String {
    let mut values: Vec<&str> = Vec::new();
    for observation in group {
        // One more shows that there are others; a column may have very many.
        if values.len() > SHOWN {
            break;
        }
        if !values.contains(&observation.found.as_str()) {
            values.push(&observation.found);
        }
    }
    let more = if values.len() > SHOWN { "; …" } else { "" };
    values.truncate(SHOWN);
    format!("{}{more}", values.join("; "))
}

#[cfg(test)]
mod tests {
    use super::findings;
    use crate::source_file::SourceFile;
    use model::{Check, FileId, Observation};
    use programme::Programme;

    fn observation(row: u32, found: &str) -> Observation {
        Observation {
            check: Check::NumberUnreadable,
            sheet: Some("Biểu 8".into()),
            form: Some("budget".into()),
            column: Some("planned".into()),
            record: Some(format!("r{row}")),
            cells: vec![model::CellRef { row, col: 2 }],
            found: found.into(),
            expected: String::new(),
        }
    }

    fn told(values: &[&str]) -> Vec<(String, usize, usize)> {
        let programme = Programme::default_programme().unwrap();
        let file = SourceFile {
            id: FileId("f".into()),
            name: "a.xlsx".into(),
        };
        let observations: Vec<Observation> = (0..)
            .zip(values)
            .map(|(row, value)| observation(row, value))
            .collect();
        findings(&programme, &file, None, &observations)
            .into_iter()
            .map(|it| (it.found, it.cells.len(), it.records.len()))
            .collect()
    }

    #[test]
    fn many_values_of_one_kind_are_one_finding_with_all_cells() {
        assert_eq!(
            told(&["khoảng 5", "nhiều", "ít", "vài", "nhiều"]),
            [("khoảng 5; nhiều; ít; …".to_owned(), 5, 5)]
        );
    }

    #[test]
    fn few_are_told_one_by_one() {
        let one = |text: &str| (text.to_owned(), 1, 1);
        assert_eq!(told(&["a", "b", "c"]), [one("a"), one("b"), one("c")]);
    }
}
