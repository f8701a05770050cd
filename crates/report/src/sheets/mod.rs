//! One file for each kind of sheet of the annual report: the list of its columns, and its rows.

mod code_titles;
mod counting;
mod findings;
mod held;
pub(crate) mod listing;
mod overlaps;
mod overview;
mod restatement;
pub(crate) mod shared_reports;
mod submissions;
mod summary;
mod table;
mod table_columns;
mod trace;
mod years;

pub(crate) use restatement::issued_as;

use crate::error::ReportError;
use crate::input::annual::AnnualReport;
use crate::input::trace_names::TraceNames;
use crate::paper::Paper;
use programme::{SheetKind, SheetSpec};

/// What must be known of a sheet before it is written.
pub(crate) struct SheetPlan {
    /// Whether it stands in this report, if it is for a report of this kind.
    pub is_present: bool,
    /// Whether it may have a row for each record, and so must not stay in memory.
    pub is_long: bool,
    /// Whether figures lead to it.
    pub is_trace: bool,
}

/// How a sheet is made. Every kind is named, so that a new one must say it too.
pub(crate) fn plan(report: &AnnualReport<'_>, sheet: &SheetSpec) -> SheetPlan {
    let short = SheetPlan {
        is_present: true,
        is_long: false,
        is_trace: false,
    };
    match &sheet.kind {
        SheetKind::Summary { .. }
        | SheetKind::Overview { .. }
        | SheetKind::Years { .. }
        | SheetKind::Table { .. }
        | SheetKind::Submissions
        | SheetKind::Held
        | SheetKind::Overlaps
        | SheetKind::Findings => short,
        SheetKind::Counting => SheetPlan {
            is_present: !report.counting.is_empty(),
            ..short
        },
        SheetKind::Listing { .. } => SheetPlan {
            is_long: true,
            ..short
        },
        SheetKind::Restatement => SheetPlan {
            is_present: report
                .restatement
                .as_ref()
                .is_some_and(|restatement| !restatement.figures.is_empty()),
            ..short
        },
        SheetKind::Trace => SheetPlan {
            is_long: true,
            is_trace: true,
            ..short
        },
    }
}

/// Writes one sheet of the annual report on whatever paper.
pub(crate) fn write(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    names: &TraceNames<'_>,
    sheet: &SheetSpec,
) -> Result<(), ReportError> {
    match &sheet.kind {
        SheetKind::Summary { headline } => summary::write(page, report, headline),
        SheetKind::Overview { totals, changes } => overview::write(page, report, totals, changes),
        SheetKind::Years { done, totals } => years::write(page, report, done, totals),
        SheetKind::Table {
            rows,
            columns,
            numbered,
        } => table::write(page, report, rows, columns, *numbered),
        SheetKind::Listing { group, columns, .. } => {
            listing::write(page, report, &sheet.name, group.as_deref(), columns)
        }
        SheetKind::Submissions => submissions::write(page, report),
        SheetKind::Held => held::write(page, report),
        SheetKind::Counting => counting::write(page, report),
        SheetKind::Overlaps => overlaps::write(page, report),
        SheetKind::Findings => findings::write(page, report),
        SheetKind::Restatement => match &report.restatement {
            Some(restatement) => restatement::write(page, report, restatement),
            None => Ok(()),
        },
        SheetKind::Trace => trace::write(page, report, names),
    }
}

impl AnnualReport<'_> {
    /// The sheets it has, in their order: one on changes only if something changed.
    pub fn sheets(&self) -> impl Iterator<Item = &SheetSpec> {
        let occasion = self.occasion();
        let is_there = move |sheet: &&SheetSpec| {
            sheet.only.is_none_or(|only| only == occasion) && plan(self, sheet).is_present
        };
        self.programme.report.sheets.iter().filter(is_there)
    }
}

#[cfg(test)]
mod tests {
    use super::plan;
    use crate::input::restatement::{RestatedFigure, Restatement};
    use crate::testing::{moment, programme, report};

    #[test]
    fn a_sheet_on_changes_stands_only_where_something_changed() {
        let programme = programme();
        let mut report = report(programme);
        let names = |report: &crate::AnnualReport<'_>| -> Vec<String> {
            report.sheets().map(|sheet| sheet.name.clone()).collect()
        };
        assert!(!names(&report).contains(&"Điều chỉnh".to_owned()));
        let mut restatement = Restatement {
            as_of: moment("2023-12-01T00:00:00+07:00"),
            stamp: None,
            file: String::new(),
            figures: Vec::new(),
        };
        report.restatement = Some(restatement.clone());
        assert!(
            !names(&report).contains(&"Điều chỉnh".to_owned()),
            "nothing changed"
        );
        restatement.figures.push(RestatedFigure {
            id: "budget_spent/2023".to_owned(),
            title: "Thực hiện".to_owned(),
            before: 1,
            after: 2,
            values: Vec::new(),
        });
        report.restatement = Some(restatement);
        assert!(names(&report).contains(&"Điều chỉnh".to_owned()));
    }

    #[test]
    fn some_sheets_stand_in_the_report_on_the_whole_period_only() {
        let programme = programme();
        let mut report = report(programme);
        let has = |report: &crate::AnnualReport<'_>| report.sheets().any(|s| s.name == "Biểu 09a");
        assert!(!has(&report));
        report.is_final = true;
        assert!(has(&report));
    }

    #[test]
    fn one_sheet_is_the_trace_and_listings_are_long() {
        let programme = programme();
        let report = report(programme);
        let named = |pick: fn(super::SheetPlan) -> bool| -> Vec<&str> {
            let sheets = report.sheets().filter(|sheet| pick(plan(&report, sheet)));
            sheets.map(|sheet| sheet.name.as_str()).collect()
        };
        assert_eq!(named(|plan| plan.is_trace), ["Truy vết"]);
        insta::assert_snapshot!(named(|plan| plan.is_long).join(", "), @"Biểu 01b, Biểu 01a, Biểu 01c, Biểu 02, Biểu 02a, Biểu 06a, Biểu 06b, Biểu 06c, Biểu 06d, Biểu 06e, Biểu 10, Truy vết");
    }
}
