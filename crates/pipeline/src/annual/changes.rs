//! What changed in the figures between two reports of one year: each figure, its cells, the cause.

use crate::annual::build::BuiltReport;
use crate::annual::differences::{ReportComparison, ValueChange};
use crate::error::PipelineError;
use aggregate::Figures;
use report::AnnualReport;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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
    /// What made the difference; of a figure that adds others up, what made it in them.
    pub values: Vec<ValueChange>,
}

/// Which of the figures that differ are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// All of them.
    All,
    /// Each change once: the parts of a figure only if the whole figure stayed the same, else they would repeat its
    /// change.
    Once,
}

/// The figures that differ between two reports of one year, the earlier first.
///
/// # Errors
/// When records cannot be matched.
pub(crate) fn figure_changes<'a>(
    before: &'a BuiltReport<'a>,
    after: &'a BuiltReport<'a>,
    told: Told,
) -> Result<Vec<FigureChange>, PipelineError> {
    let reports = [&before.report, &after.report];
    let figures = reports.map(by_name);
    let names: BTreeSet<&String> = figures.iter().flat_map(BTreeMap::keys).collect();
    let comparison = ReportComparison::of([before, after])?;
    let mut changes = Vec::new();
    for name in names {
        let sides = figures.each_ref().map(|figures| figures.get(name).copied());
        changes.extend(indicator_changes(&comparison, reports[1], sides, told));
    }
    Ok(changes)
}

/// The figures of one indicator that differ.
fn indicator_changes<'a>(
    comparison: &ReportComparison<'a>,
    report: &AnnualReport<'_>,
    sides: [Option<&'a Figures>; 2],
    told: Told,
) -> Vec<FigureChange> {
    let Some(figures) = sides[1].or(sides[0]) else {
        return Vec::new();
    };
    // By id: the keys that the figure is narrowed to, and its value on both sides.
    let mut values: BTreeMap<String, (BTreeMap<String, String>, [i64; 2])> = BTreeMap::new();
    for (side, figures) in sides.into_iter().enumerate() {
        for figure in figures.map(Figures::all).unwrap_or_default() {
            let entry = values.entry(figure.id);
            entry.or_insert((figure.keys, [0, 0])).1[side] = figure.value;
        }
    }
    values.retain(|_, (_, [before, after])| before != after);
    if values.is_empty() {
        return Vec::new();
    }
    let is_whole = |keys: &BTreeMap<String, String>| keys.is_empty();
    if told == Told::Once && values.values().any(|(keys, _)| is_whole(keys)) {
        values.retain(|_, (keys, _)| is_whole(keys));
    }
    let parts = comparison.parts(sides);
    let indicator = report.programme.indicator(&figures.indicator);
    let change = |(figure, (keys, value)): (String, (BTreeMap<String, String>, [i64; 2]))| {
        let [before, after] = value;
        FigureChange {
            figure,
            title: indicator.map_or_else(String::new, |indicator| indicator.title.vi.clone()),
            before,
            after,
            values: comparison.differences(figures.measure, &figures.by, &keys, &parts),
        }
    };
    values.into_iter().map(change).collect()
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

#[cfg(test)]
mod tests {
    use super::{Told, figure_changes};
    use crate::testing::{built, request, small_programme, submission};

    /// The figures of the budget that changed from `f1` to its correction `f2`, with the values that made the change.
    fn budget_changes(before: &str, after: &str) -> String {
        let requests = [(); 2].map(|()| request(small_programme(), 2023));
        let sent = [submission(1, "SCT", "2023"), submission(2, "SCT", "2023")];
        let before = built(&requests[0], &sent[..1], &[("budget", before)]);
        let after = built(&requests[1], &sent, &[("budget", after)]);
        let changes = figure_changes(&before, &after, Told::All).unwrap();
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
    fn the_parts_of_a_figure_are_told_only_if_the_whole_stayed_the_same() {
        let requests = [(); 2].map(|()| request(small_programme(), 2023));
        let sent = [submission(1, "SCT", "2023"), submission(2, "SCT", "2023")];
        let told_once = |after: &str| {
            let rows = |text: &str| format!("file | task | source | spent\n{text}");
            let before = built(
                &requests[0],
                &sent[..1],
                &[("budget", &rows("f1 | IV.1.a | ensured | 60"))],
            );
            let after = built(&requests[1], &sent, &[("budget", &rows(after))]);
            let changes = figure_changes(&before, &after, Told::Once).unwrap();
            let ids = changes.into_iter().map(|change| change.figure);
            ids.filter(|id| !id.contains("department"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        insta::assert_snapshot!(told_once("f2 | IV.1.a | ensured | 70"), @"budget_spent/2023");
        insta::assert_snapshot!(
            told_once("f2 | IV.1.b | ensured | 60"),
            @"budget_spent/2023/task=IV.1.a, budget_spent/2023/task=IV.1.a/source=ensured, budget_spent/2023/task=IV.1.b, budget_spent/2023/task=IV.1.b/source=ensured"
        );
    }

    #[test]
    fn figures_that_stayed_the_same_are_no_changes() {
        let rows =
            |file: &str| format!("file | task | source | spent\n{file} | IV.1.a | ensured | 5");
        assert_eq!(budget_changes(&rows("f1"), &rows("f2")), "");
    }
}
