//! What changed in the figures between two reports of one year: each figure, its cells, the cause.

use crate::annual::build::BuiltReport;
use crate::annual::cause::{Cause, cause};
use aggregate::{Contribution, Figures};
use report::AnnualReport;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A value that came into a figure, or left it.
#[derive(Debug, Clone, Serialize)]
pub struct ValueChange {
    /// Whether it came in.
    pub is_added: bool,
    /// The value: an amount, or what counts once.
    pub value: String,
    /// The department.
    pub department: String,
    /// The file.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The cell.
    pub cell: String,
    /// Why.
    pub cause: Cause,
}

/// A figure that changed.
#[derive(Debug, Clone, Serialize)]
pub struct FigureChange {
    /// Its stable id.
    pub figure: String,
    /// What it is called.
    pub title: String,
    /// What it was.
    pub before: i64,
    /// What it is.
    pub after: i64,
    /// The values that made the difference; of a figure that adds others up, theirs.
    pub values: Vec<ValueChange>,
}

/// The figures that differ between two reports of one year, the earlier first.
pub(crate) fn figure_changes(
    before: &BuiltReport<'_>,
    after: &BuiltReport<'_>,
) -> Vec<FigureChange> {
    Between {
        sides: [before, after],
    }
    .changes()
}

/// Two reports of one year, the earlier first.
struct Between<'a> {
    sides: [&'a BuiltReport<'a>; 2],
}

/// The contributions to each figure with all its keys.
type NarrowFigures<'a> = BTreeMap<String, Vec<&'a Contribution>>;

impl Between<'_> {
    fn changes(&self) -> Vec<FigureChange> {
        let reports = self.sides.map(|side| &side.report);
        let figures = reports.map(by_name);
        let names: BTreeSet<&String> = figures.iter().flat_map(BTreeMap::keys).collect();
        let mut changes = Vec::new();
        for name in names {
            let sides = figures.each_ref().map(|figures| figures.get(name).copied());
            let values = sides.map(|figures| {
                let all = figures.map(Figures::all).unwrap_or_default();
                all.into_iter()
                    .map(|figure| (figure.id, figure.value))
                    .collect::<BTreeMap<String, i64>>()
            });
            let narrow = sides.map(|figures| figures.map(narrowest).unwrap_or_default());
            let indicator = sides[1]
                .or(sides[0])
                .and_then(|f| reports[1].programme.indicator(&f.indicator));
            let ids: BTreeSet<&String> = values.iter().flat_map(BTreeMap::keys).collect();
            for id in ids {
                let [before, after] = values
                    .each_ref()
                    .map(|values| values.get(id).copied().unwrap_or_default());
                if before != after {
                    changes.push(FigureChange {
                        figure: id.clone(),
                        title: indicator
                            .map_or_else(String::new, |indicator| indicator.title.vi.clone()),
                        before,
                        after,
                        values: self.values(id, &narrow),
                    });
                }
            }
        }
        changes
    }

    /// The values of the narrowest figures below one that are on one side only: those equal on both say nothing.
    fn values(&self, id: &str, narrow: &[NarrowFigures<'_>; 2]) -> Vec<ValueChange> {
        let is_below = |narrow: &str| {
            id.split('/')
                .all(|part| narrow.split('/').any(|other| other == part))
        };
        let ids: BTreeSet<&String> = narrow
            .iter()
            .flat_map(BTreeMap::keys)
            .filter(|narrow| is_below(narrow))
            .collect();
        let mut changes = Vec::new();
        for id in ids {
            let [mut gone, mut come] = narrow
                .each_ref()
                .map(|all| all.get(id).cloned().unwrap_or_default());
            // A value that is on both sides moved from one file to another, or not at all: it made no difference.
            come.retain(
                |new| match gone.iter().position(|old| old.value == new.value) {
                    Some(same) => {
                        gone.remove(same);
                        false
                    }
                    None => true,
                },
            );
            for (side, is_added, values) in [(0, false, gone), (1, true, come)] {
                changes.extend(values.into_iter().filter_map(|contribution| {
                    let origin = self.sides[side].report.origins.get(&contribution.record)?;
                    Some(ValueChange {
                        is_added,
                        value: contribution.value.clone(),
                        department: origin.department.clone(),
                        file: origin.file_name.clone(),
                        sheet: origin.sheet.clone(),
                        cell: origin.cell(&contribution.field),
                        cause: cause(self.sides, &origin.file, is_added),
                    })
                }));
            }
        }
        changes
    }
}

/// The value of each figure of a report by its id.
pub(crate) fn figure_values(report: &AnnualReport<'_>) -> BTreeMap<String, i64> {
    let all = by_name(report).into_values().flat_map(Figures::all);
    all.map(|figure| (figure.id, figure.value)).collect()
}

/// The figures of a report, by indicator and years, each once.
fn by_name<'a>(report: &'a AnnualReport<'_>) -> BTreeMap<String, &'a Figures> {
    let all = report
        .targets
        .iter()
        .map(|target| &target.figures)
        .chain(report.figures.values());
    all.map(|figures| (figures.id(&BTreeMap::new()), figures))
        .collect()
}

fn narrowest(figures: &Figures) -> NarrowFigures<'_> {
    let mut narrow: NarrowFigures<'_> = BTreeMap::new();
    for contribution in &figures.contributions {
        let keys = figures
            .by
            .iter()
            .cloned()
            .zip(contribution.keys.iter().cloned())
            .collect();
        narrow
            .entry(figures.id(&keys))
            .or_default()
            .push(contribution);
    }
    narrow
}

#[cfg(test)]
mod tests {
    use super::figure_changes;
    use crate::testing::{built, request, small_programme, submission};

    /// The figures of the budget that changed from `f1` to its correction `f2`, with the values that made the change.
    fn budget_changes(before: &str, after: &str) -> String {
        let requests = [(); 2].map(|()| request(small_programme(), 2023));
        let sent = [submission(1, "SCT", "2023"), submission(2, "SCT", "2023")];
        let before = built(&requests[0], &sent[..1], &[("budget", before)]);
        let after = built(&requests[1], &sent, &[("budget", after)]);
        let changes = figure_changes(&before, &after);
        let lines = changes.iter().map(|change| {
            let values = change.values.iter().map(|value| {
                let sign = if value.is_added { '+' } else { '-' };
                let (cell, cause) = (&value.cell, value.cause.name());
                format!("{sign}{} {} {cell} {cause}", value.value, value.file)
            });
            let values = values.collect::<Vec<_>>().join(", ");
            format!(
                "{} {} > {} | {values}",
                change.figure, change.before, change.after
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_changed_figure_names_the_values_that_made_the_difference() {
        let before = "file | task   | source  | spent
                      f1   | IV.1.a | ensured | 60
                      f1   | IV.1.b | ensured | 5";
        let after = "file | task   | source  | spent
                     f2   | IV.1.a | ensured | 70
                     f2   | IV.1.b | ensured | 5";
        insta::assert_snapshot!(budget_changes(before, after), @r"
        budget_spent/2023 65 > 75 | -60 f1.xlsx D1 correction, +70 f2.xlsx D1 correction
        budget_spent/2023/department=SCT 65 > 75 | -60 f1.xlsx D1 correction, +70 f2.xlsx D1 correction
        budget_spent/2023/source=ensured 65 > 75 | -60 f1.xlsx D1 correction, +70 f2.xlsx D1 correction
        budget_spent/2023/source=ensured/department=SCT 65 > 75 | -60 f1.xlsx D1 correction, +70 f2.xlsx D1 correction
        budget_spent/2023/task=IV.1.a 60 > 70 | -60 f1.xlsx D1 correction, +70 f2.xlsx D1 correction
        budget_spent/2023/task=IV.1.a/department=SCT 60 > 70 | -60 f1.xlsx D1 correction, +70 f2.xlsx D1 correction
        budget_spent/2023/task=IV.1.a/source=ensured 60 > 70 | -60 f1.xlsx D1 correction, +70 f2.xlsx D1 correction
        budget_spent/2023/task=IV.1.a/source=ensured/department=SCT 60 > 70 | -60 f1.xlsx D1 correction, +70 f2.xlsx D1 correction
        ");
    }

    #[test]
    fn figures_that_stayed_the_same_are_no_changes() {
        let rows =
            |file: &str| format!("file | task | source | spent\n{file} | IV.1.a | ensured | 5");
        assert_eq!(budget_changes(&rows("f1"), &rows("f2")), "");
    }
}
