//! What came out of the programme's queries over the tables that are exported.

use crate::annual::figures::CountedTables;
use crate::error::PipelineError;
use crate::export::exported_table::{ExportedTable, TableRole};
use crate::export::queries::Queries;
use crate::snapshot::rows::Snapshot;
use aggregate::{Figure, RecordNumbers, compute};
use chrono::NaiveDate;
use ledger::MadeReport;
use model::Period;
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{Programme, Scope};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The columns before a listing's own, of names that no query gives its columns.
const SPAN: &str = "listing_years";
const PLACE: &str = "listing_place";

/// Some years that are counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CountedSpan {
    pub from: i32,
    pub to: i32,
}

impl CountedSpan {
    /// Its name in the ids of figures: `2023`, `2021-2025`.
    pub(crate) fn name(&self) -> String {
        match self.from == self.to {
            true => self.from.to_string(),
            false => format!("{}-{}", self.from, self.to),
        }
    }
}

/// The spans that reports show: each year, those of targets up to each year, and the period up to the last.
pub(crate) fn spans(programme: &Programme, years: &[i32]) -> Vec<CountedSpan> {
    let each = years.iter().map(|&year| CountedSpan {
        from: year,
        to: year,
    });
    let targets = years.iter().flat_map(|&year| {
        let targets = programme.targets.iter();
        targets.map(move |target| CountedSpan {
            from: target.from,
            to: target.to.min(year),
        })
    });
    let whole = years.last().map(|&last| CountedSpan {
        from: programme.first_year,
        to: last,
    });
    let all: BTreeSet<CountedSpan> = each
        .chain(targets.filter(|span| span.from <= span.to))
        .chain(whole)
        .collect();
    all.into_iter().collect()
}

/// The table of the spans, with their first and last days.
pub(crate) fn span_table(spans: &[CountedSpan]) -> PolarsResult<ExportedTable> {
    let days = |of: fn(&CountedSpan) -> Option<NaiveDate>| -> Vec<Option<NaiveDate>> {
        spans.iter().map(of).collect()
    };
    let years = |of: fn(&CountedSpan) -> i64| -> Vec<i64> { spans.iter().map(of).collect() };
    let names: Vec<String> = spans.iter().map(CountedSpan::name).collect();
    let first = days(|span| Some(Period::year(span.from)?.first_day()));
    let last = days(|span| Some(Period::year(span.to)?.last_day()));
    let columns = vec![
        (
            "as in the ids of figures",
            Column::new("years".into(), names),
        ),
        (
            "first year",
            Column::new("from_year".into(), years(|span| i64::from(span.from))),
        ),
        (
            "last year",
            Column::new("to_year".into(), years(|span| i64::from(span.to))),
        ),
        (
            "first day: the table 'shown' of queries",
            Column::new("first_day".into(), first),
        ),
        (
            "last day: the table 'shown' of queries",
            Column::new("last_day".into(), last),
        ),
    ];
    let title = "The years that are counted together";
    ExportedTable::plain("span", TableRole::Beside, title, &["years"], columns)
}

/// The figures of all indicators over all spans.
///
/// # Errors
/// When an indicator's SQL fails or a sum does not fit.
pub(crate) fn figure_table(
    queries: &Queries<'_>,
    counted: &mut CountedTables<'_, '_>,
    spans: &[CountedSpan],
    records: &Arc<RecordNumbers>,
) -> Result<ExportedTable, PipelineError> {
    let mut all: Vec<(Figure, &str, String)> = Vec::new();
    for span in spans {
        let tables = counted.in_years(span.from..=span.to)?;
        for indicator in &queries.indicators {
            let figures = compute(indicator, &tables, &span.name(), records)?;
            let unit = indicator.unit.as_str();
            all.extend(figures.all().into_iter().map(|it| (it, unit, span.name())));
        }
    }
    let texts = |of: &dyn Fn(&(Figure, &str, String)) -> String| -> Vec<String> {
        all.iter().map(of).collect()
    };
    let keys = |it: &(Figure, &str, String)| {
        let keys = it.0.keys.iter();
        let keys: Vec<String> = keys.map(|(key, code)| format!("{key}={code}")).collect();
        keys.join("/")
    };
    let values: Vec<i64> = all.iter().map(|it| it.0.value).collect();
    let columns = vec![
        (
            "stable id, as in figures.json",
            Column::new("figure".into(), texts(&|it| it.0.id.clone())),
        ),
        (
            "indicator",
            Column::new("indicator".into(), texts(&|it| it.0.indicator.clone())),
        ),
        (
            "years counted",
            Column::new("years".into(), texts(&|it| it.2.clone())),
        ),
        (
            "keys that it is narrowed to",
            Column::new("keys".into(), texts(&keys)),
        ),
        ("value, in its unit", Column::new("value".into(), values)),
        (
            "dong: đồng; else what is counted",
            Column::new("unit".into(), texts(&|it| it.1.to_owned())),
        ),
    ];
    let title = "The figures of all indicators";
    Ok(ExportedTable::plain(
        "figure",
        TableRole::Result,
        title,
        &["figure"],
        columns,
    )?)
}

/// The figures of the reports that stand as issued, as they were printed: what a later file changed of them is not changed here.
///
/// # Errors
/// None that a caller could bring about.
pub(crate) fn issued_table(reports: &[MadeReport]) -> PolarsResult<ExportedTable> {
    let mut rows: Vec<(&MadeReport, &str, i64)> = Vec::new();
    for report in reports {
        let figures = report.figures.iter();
        rows.extend(figures.map(|(figure, value)| (report, figure.as_str(), *value)));
    }
    let numbers: Vec<Option<String>> = rows
        .iter()
        .map(|it| Some(it.0.status.stamp()?.number.to_string()))
        .collect();
    let days: Vec<Option<NaiveDate>> = rows
        .iter()
        .map(|it| Some(it.0.status.stamp()?.signed_on))
        .collect();
    let years: Vec<i64> = rows.iter().map(|it| i64::from(it.0.year)).collect();
    let variants: Vec<&str> = rows.iter().map(|it| it.0.variant.as_str()).collect();
    let figures: Vec<&str> = rows.iter().map(|it| it.1).collect();
    let values: Vec<i64> = rows.iter().map(|it| it.2).collect();
    let columns = vec![
        (
            "number of the report",
            Column::new("number".into(), numbers),
        ),
        ("day it was signed", Column::new("signed_on".into(), days)),
        ("year of the report", Column::new("year".into(), years)),
        ("annual or final", Column::new("variant".into(), variants)),
        (
            "stable id, as in the table figure",
            Column::new("figure".into(), figures),
        ),
        ("value as issued", Column::new("value".into(), values)),
    ];
    let title = "The figures of the reports that stand, as they were issued";
    ExportedTable::plain(
        "issued",
        TableRole::Beside,
        title,
        &["year", "variant", "figure"],
        columns,
    )
}

/// The rows of each listing over the years of each report: one year, or the whole period.
///
/// # Errors
/// When a listing's SQL fails.
pub(crate) fn listing_tables(
    queries: &Queries<'_>,
    counted: &mut CountedTables<'_, '_>,
    spans: &[CountedSpan],
) -> Result<Vec<ExportedTable>, PipelineError> {
    let mut all = Vec::new();
    for (name, sql) in &queries.listings {
        let mut rows: Option<DataFrame> = None;
        for span in spans {
            let tables = counted.in_years(span.from..=span.to)?;
            let mut frame = tables::execute(&tables, sql)?;
            report::join_lists(&mut frame)?;
            let count = i64::try_from(frame.height()).unwrap_or(i64::MAX);
            let positions: Vec<i64> = (1..=count).collect();
            frame.insert_column(0, Column::new(PLACE.into(), positions))?;
            let years = vec![span.name(); frame.height()];
            frame.insert_column(0, Column::new(SPAN.into(), years))?;
            match &mut rows {
                Some(rows) => {
                    rows.vstack_mut(&frame)?;
                }
                None => rows = Some(frame),
            }
        }
        let Some(rows) = rows else {
            continue;
        };
        let says = |name: &str| match name {
            SPAN => "years counted",
            PLACE => "place in the listing, from 1",
            _ => "as the query gives it",
        };
        let columns = rows.columns().iter().cloned();
        let columns = columns
            .map(|column| (says(column.name().as_str()), column))
            .collect();
        all.push(ExportedTable::plain(
            &format!("listing_{name}"),
            TableRole::Result,
            &format!("What the listing '{name}' gives; of several values in one cell each once, in order, apart by '; '"),
            &[SPAN, PLACE],
            columns,
        )?);
    }
    Ok(all)
}

/// The records that each rule in SQL gives in each year, before it is asked whether the rule applies to their period.
///
/// # Errors
/// When a rule's SQL fails.
pub(crate) fn rule_table(
    programme: &Programme,
    queries: &Queries<'_>,
    snapshot: &Snapshot,
    years: &[i32],
) -> Result<ExportedTable, PipelineError> {
    let (mut of_year, mut codes, mut names, mut records) = (vec![], vec![], vec![], vec![]);
    for year in years {
        let within = snapshot.within(*year..=*year)?;
        for scope in [Scope::Submission, Scope::Year] {
            // A file is judged with all its rows, a year with those that were accepted.
            let rows: Tables = match scope {
                Scope::Submission => within.supposing(true)?.accepted,
                Scope::Year => within.accepted.clone(),
            };
            let rules = || queries.rules.iter().filter(|rule| rule.scope == scope);
            let texts = rules().map(|rule| rule.sql.as_str());
            let tables = tables::complete_for(programme, &rows, texts)?;
            for rule in rules() {
                let frame = tables::execute(&tables, &rule.sql)?;
                let given: BTreeSet<&str> =
                    frame.column("record")?.str()?.iter().flatten().collect();
                for record in given {
                    of_year.push(Some(*year));
                    codes.push(rule.code.clone());
                    names.push(rule.name.clone());
                    records.push(record.to_owned());
                }
            }
        }
    }
    let columns = vec![
        ("code of the rule", Column::new("rule".into(), codes)),
        ("its query in sql/rules", Column::new("query".into(), names)),
        (
            "id of a row that it gives",
            Column::new("record".into(), records),
        ),
    ];
    let title = "The rows that each rule in SQL gives; which of them are told as findings depends on the rule's days";
    let key = ["query", "record"];
    let table = ExportedTable::plain("rule_result", TableRole::Result, title, &key, columns)?;
    Ok(table.by_years(&of_year, years)?)
}
