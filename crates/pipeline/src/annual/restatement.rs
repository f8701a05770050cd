//! What a report lists of the one that was issued before it and that it changes.

use crate::annual::build::BuiltReport;
use crate::annual::cause::Cause;
use crate::annual::changes::{FigureChange, Told, figure_changes, figure_values};
use crate::annual::differences::ValueChange;
use crate::error::PipelineError;
use crate::versions::versions;
use ledger::{MadeReport, file_id};
use model::{InputsHash, Vnd};
use programme::Measure;
use report::{AnnualReport, RestatedFigure, RestatedValue, Restatement};
use std::collections::{BTreeMap, BTreeSet};

/// Adds to a report which one of its kind was issued before it and what changed since; `before` is that one, made again
/// as it was known at its moment.
///
/// # Errors
/// When the records of the two cannot be matched.
pub(crate) fn restate(
    built: &mut BuiltReport<'_>,
    issued: &MadeReport,
    before: &BuiltReport<'_>,
) -> Result<(), PipelineError> {
    let mut figures = figure_changes(before, built, Told::Once)?;
    if !issued.figures.is_empty() {
        let remade = figure_values(&before.report);
        figures = deduplicated(since_printed(figures, issued, &remade, &built.report));
    }
    // The issued report is one of the things that this one is made from.
    let inputs = format!("{}\n{}\n", built.inputs_hash, issued.file);
    built.inputs_hash = InputsHash(file_id(inputs.as_bytes()).0);
    built.report.inputs_hash = built.inputs_hash.to_string();
    let report = &built.report;
    built.report.restatement = Some(Restatement {
        as_of: issued.as_of.local(*report.as_of.offset()),
        stamp: issued.status.stamp().cloned(),
        file: issued.file.short().to_owned(),
        figures: figures
            .into_iter()
            .map(|figure| restated(report, figure))
            .collect(),
    });
    Ok(())
}

/// What changed since figures were printed: a figure that the same records come to otherwise today is laid to the program.
/// `remade` are the figures of the issued report, made again.
fn since_printed(
    figures: Vec<FigureChange>,
    issued: &MadeReport,
    remade: &BTreeMap<String, i64>,
    report: &AnnualReport<'_>,
) -> Vec<FigureChange> {
    let value = |figures: &BTreeMap<String, i64>, id: &str| figures.get(id).copied().unwrap_or(0);
    let ids: BTreeSet<&String> = issued.figures.keys().chain(remade.keys()).collect();
    let counted_otherwise: Vec<&String> = ids
        .into_iter()
        .filter(|id| value(&issued.figures, id) != value(remade, id))
        .collect();
    if counted_otherwise.is_empty() {
        return figures;
    }
    let now = figure_values(report);
    let mut by_id: BTreeMap<String, FigureChange> = figures
        .into_iter()
        .map(|figure| (figure.figure.clone(), figure))
        .collect();
    for id in counted_otherwise {
        let name = id.split('/').next().unwrap_or_default();
        let indicator = report.programme.indicator(name);
        let entry = by_id.entry(id.clone());
        let change = entry.or_insert_with(|| FigureChange {
            figure: id.clone(),
            title: indicator.map_or_else(String::new, |indicator| indicator.title.vi.clone()),
            before: 0,
            after: value(&now, id),
            values: Vec::new(),
        });
        change.before = value(&issued.figures, id);
        let by_program = value(remade, id).saturating_sub(change.before);
        change.values.push(ValueChange {
            is_added: by_program > 0,
            value: by_program.unsigned_abs().to_string(),
            department: String::new(),
            file: format!(
                "tonghop {} → {}",
                issued.versions.program,
                versions().program
            ),
            sheet: String::new(),
            cell: String::new(),
            cause: Cause::Program,
        });
        if change.before == change.after {
            by_id.remove(id);
        }
    }
    by_id.into_values().collect()
}

/// The same with what the program changed: each change once.
fn deduplicated(mut figures: Vec<FigureChange>) -> Vec<FigureChange> {
    let whole = |id: &str| id.split('/').take(2).collect::<Vec<_>>().join("/");
    let changed: BTreeSet<String> = figures
        .iter()
        .map(|figure| figure.figure.clone())
        .filter(|id| whole(id) == *id)
        .collect();
    figures.retain(|figure| {
        whole(&figure.figure) == figure.figure || !changed.contains(&whole(&figure.figure))
    });
    figures
}

fn restated(report: &AnnualReport<'_>, figure: FigureChange) -> RestatedFigure {
    let name = figure.figure.split('/').next().unwrap_or_default();
    let is_sum = report
        .programme
        .indicator(name)
        .is_some_and(|indicator| indicator.measure == Measure::Sum);
    let value = |change: ValueChange| RestatedValue {
        is_added: change.is_added,
        shown: match change.value.parse() {
            Ok(amount) if is_sum => Vnd(amount).to_string(),
            _ => change.value,
        },
        department: change.department,
        file_name: change.file,
        sheet: change.sheet,
        cell: change.cell,
        cause: change.cause.name(),
    };
    RestatedFigure {
        id: figure.figure,
        title: figure.title,
        before: figure.before,
        after: figure.after,
        values: figure.values.into_iter().map(value).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{deduplicated, restate};
    use crate::annual::changes::{FigureChange, figure_values};
    use crate::testing::{built, request, small_programme, submission};
    use crate::versions::versions;
    use ledger::MadeReport;
    use model::{FileId, IssueStamp, ReportStatus};

    fn issued() -> MadeReport {
        let moment = "2023-07-01T00:00:00Z".parse().unwrap();
        MadeReport {
            status: ReportStatus::Issued(IssueStamp {
                number: "9/BC-SKHCN".parse().unwrap(),
                signed_on: "2023-07-05".parse().unwrap(),
            }),
            at: moment,
            year: 2023,
            variant: "annual".to_owned(),
            as_of: moment,
            file_name: "bao-cao.xlsx".to_owned(),
            inputs_hash: model::InputsHash("i".to_owned()),
            file: FileId("0123456789abcdef".to_owned()),
            programme_hash: model::ProgrammeHash("p".to_owned()),
            earlier: Vec::new(),
            versions: versions(),
            figures: Default::default(),
            figures_hash: None,
        }
    }

    #[test]
    fn the_parts_of_a_figure_are_listed_only_if_the_whole_stayed_the_same() {
        let change = |id: &str| FigureChange {
            figure: id.to_owned(),
            title: String::new(),
            before: 1,
            after: 2,
            values: Vec::new(),
        };
        let ids = [
            "budget_spent/2023",
            "budget_spent/2023/task=IV.1.a",
            "activities/2023/task=IV.1.a",
            // Other years are another figure.
            "budget_spent/2021-2023/task=IV.1.a",
        ];
        let kept = deduplicated(ids.map(change).into());
        let kept: Vec<&str> = kept.iter().map(|change| change.figure.as_str()).collect();
        assert_eq!(kept, [ids[0], ids[2], ids[3]]);
    }

    #[test]
    fn a_report_says_what_it_changes_of_the_issued_one_and_is_another_because_of_it() {
        let requests = [(); 2].map(|()| request(small_programme(), 2023));
        let sent = [submission(1, "SCT", "2023"), submission(2, "SCT", "2023")];
        let rows = |file: &str, spent: &str| {
            format!("file | task | source | spent\n{file} | IV.1.a | ensured | {spent}")
        };
        let before = built(
            &requests[0],
            &sent[..1],
            &[("budget", &rows("f1", "1000000"))],
        );
        let mut after = built(&requests[1], &sent, &[("budget", &rows("f2", "2500000"))]);
        let hash = after.inputs_hash.clone();
        restate(&mut after, &issued(), &before).unwrap();
        assert_ne!(after.inputs_hash, hash);
        assert_eq!(after.report.inputs_hash, after.inputs_hash.0);
        let restatement = after.report.restatement.unwrap();
        assert_eq!(restatement.file, "0123456789ab");
        assert_eq!(restatement.stamp.as_ref(), issued().status.stamp());
        assert_eq!(restatement.as_of.to_rfc3339(), "2023-07-01T07:00:00+07:00");
        let [figure] = &restatement.figures[..] else {
            panic!("one figure changed: {:?}", restatement.figures)
        };
        assert_eq!((figure.before, figure.after), (1_000_000, 2_500_000));
        let shown: Vec<&str> = figure
            .values
            .iter()
            .map(|value| value.shown.as_str())
            .collect();
        assert_eq!(shown, ["1.000.000", "2.500.000"]);
    }

    #[test]
    fn a_report_that_changes_nothing_restates_nothing() {
        let request = request(small_programme(), 2023);
        let [before, mut after] = [(); 2].map(|()| built(&request, &[], &[]));
        restate(&mut after, &issued(), &before).unwrap();
        let restatement = after.report.restatement.unwrap();
        assert_eq!(restatement.figures, []);
    }

    #[test]
    fn a_figure_that_the_same_records_come_to_otherwise_is_laid_to_the_program() {
        let request = request(small_programme(), 2023);
        let sent = [submission(1, "SCT", "2023")];
        let rows = "file | task   | source  | spent
                    f1   | IV.1.a | ensured | 90";
        let [before, mut after] = [(); 2].map(|()| built(&request, &sent, &[("budget", rows)]));
        let mut printed = issued();
        printed.figures = figure_values(&before.report);
        *printed.figures.get_mut("budget_spent/2023").unwrap() = 60;
        restate(&mut after, &printed, &before).unwrap();
        let restatement = after.report.restatement.unwrap();
        let [figure] = &restatement.figures[..] else {
            panic!("one figure changed: {:?}", restatement.figures)
        };
        assert_eq!((figure.before, figure.after), (60, 90));
        let [value] = &figure.values[..] else {
            panic!("one cause: {:?}", figure.values)
        };
        assert_eq!(
            (
                value.is_added,
                value.shown.as_str(),
                value.cause,
                value.cell.as_str()
            ),
            (true, "30", "program", "")
        );
    }
}
