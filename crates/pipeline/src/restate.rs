//! What a new report says of an issued one that it changes.

use crate::annual::{gather, local};
use crate::diff::{FigureChange, ValueChange, changes};
use crate::report_job::Which;
use crate::{PipelineError, Workspace};
use ledger::{Ledger, file_id};
use model::Vnd;
use programme::Measure;
use report::{AnnualReport, RestatedFigure, RestatedValue, Restatement};
use std::collections::BTreeSet;

/// Adds to a report as known at a moment (RFC 3339, UTC) what changed since it was issued last, by that moment.
///
/// A report that was issued later changes nothing here: the same moment gives the same bytes.
pub(crate) fn restate(
    workspace: &Workspace,
    ledger: &Ledger,
    report: &mut AnnualReport<'_>,
    which: &Which,
) -> Result<(), PipelineError> {
    let as_of = which.as_of.as_str();
    let Some(issued) = ledger.issued_before(which.year, which.variant.name(), as_of)? else {
        return Ok(());
    };
    let offset = *report.as_of.offset();
    let of_then = Which::of(workspace, ledger, &issued)?;
    let before = gather(ledger, &of_then, offset)?;
    let figures = told(changes(ledger, [&before, report], [&issued.as_of, as_of])?);
    report.inputs_hash = file_id(format!("{}\n{}\n", report.inputs_hash, issued.file).as_bytes()).0;
    if !figures.is_empty() {
        let figures = figures
            .into_iter()
            .map(|figure| restated(report, figure))
            .collect();
        let (as_of, file) = (local(&issued.as_of, offset), issued.file.short().to_owned());
        report.restatement = Some(Restatement {
            as_of,
            file,
            figures,
        });
    }
    Ok(())
}

/// Each change once: a figure's parts are told only where the whole figure stayed the same.
fn told(mut figures: Vec<FigureChange>) -> Vec<FigureChange> {
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
