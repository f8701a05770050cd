//! What a new report says of an issued one that it changes.

use crate::annual::build::BuiltReport;
use crate::annual::changes::{FigureChange, ValueChange, figure_changes};
use ledger::{Issued, file_id};
use model::{InputsHash, Vnd};
use programme::Measure;
use report::{AnnualReport, RestatedFigure, RestatedValue, Restatement};
use std::collections::BTreeSet;

/// Adds to a report what changed since one of its kind was issued last; `before` is that one, made again as it was
/// known at its moment.
pub(crate) fn restate(built: &mut BuiltReport<'_>, issued: &Issued, before: &BuiltReport<'_>) {
    let figures = deduplicated(figure_changes(before, built));
    // The issued report is one of the things that this one is made from.
    let inputs = format!("{}\n{}\n", built.inputs_hash, issued.file);
    built.inputs_hash = InputsHash(file_id(inputs.as_bytes()).0);
    built.report.inputs_hash = built.inputs_hash.to_string();
    if !figures.is_empty() {
        let report = &built.report;
        built.report.restatement = Some(Restatement {
            as_of: issued.as_of.local(*report.as_of.offset()),
            file: issued.file.short().to_owned(),
            figures: figures
                .into_iter()
                .map(|figure| restated(report, figure))
                .collect(),
        });
    }
}

/// Each change once: the parts of a figure are listed only if the whole figure stayed the same, else they would repeat
/// its change.
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
