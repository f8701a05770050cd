use crate::input::annual::AnnualReport;
use crate::input::origin::RecordOrigin;
use aggregate::{Contribution, Figures};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Two indicators, as far as the same reports hold both: one that a report does not have is not 0 there, so it has no
/// place in a share.
pub(crate) struct SharedReports<'a> {
    pub part: Cow<'a, Figures>,
    pub whole: Cow<'a, Figures>,
    /// The departments whose reports lack the one or the other, by short name: the part, then the whole.
    pub lacking: [BTreeSet<&'a str>; 2],
}

impl<'a> SharedReports<'a> {
    /// Of two indicators of a report.
    pub(crate) fn of(report: &'a AnnualReport<'_>, part: &'a Figures, whole: &'a Figures) -> Self {
        let [of_part, of_whole] = [part, whole].map(|figures| files(report, figures));
        let lacking = [
            departments(report, whole, &of_part),
            departments(report, part, &of_whole),
        ];
        if lacking.iter().all(BTreeSet::is_empty) {
            let (part, whole) = (Cow::Borrowed(part), Cow::Borrowed(whole));
            return Self {
                part,
                whole,
                lacking,
            };
        }
        let shared = |figures: &'a Figures| {
            let in_both = |part: Contribution<'_>| {
                // What cannot be traced to a file is in no file that lacks anything.
                let Some(origin) = part.record().and_then(|it| report.origins.at(it)) else {
                    return true;
                };
                of_part.contains(origin.file) && of_whole.contains(origin.file)
            };
            let only = figures.only(in_both).ok().flatten();
            only.map_or(Cow::Borrowed(figures), Cow::Owned)
        };
        Self {
            part: shared(part),
            whole: shared(whole),
            lacking,
        }
    }

    /// Whether every report that holds one holds the other.
    pub(crate) fn is_all(&self) -> bool {
        self.lacking.iter().all(BTreeSet::is_empty)
    }
}

/// The files that hold something of an indicator.
fn files<'a>(report: &'a AnnualReport<'_>, figures: &Figures) -> BTreeSet<&'a str> {
    places(report, figures).map(|origin| origin.file).collect()
}

/// Where what counts in an indicator comes from.
fn places<'a>(
    report: &'a AnnualReport<'_>,
    figures: &Figures,
) -> impl Iterator<Item = RecordOrigin<'a>> {
    let records = figures
        .contributions
        .iter()
        .filter_map(Contribution::record);
    records.filter_map(|record| report.origins.at(record))
}

/// The departments with something of an indicator in other files than these.
fn departments<'a>(
    report: &'a AnnualReport<'_>,
    figures: &Figures,
    files: &BTreeSet<&str>,
) -> BTreeSet<&'a str> {
    places(report, figures)
        .filter(|origin| !files.contains(origin.file))
        .map(|origin| origin.department)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::SharedReports;
    use crate::testing::{figures_of, origins, programme, report};
    use programme::Measure;

    #[test]
    fn a_share_is_over_the_reports_that_hold_both() {
        let mut report = report(programme());
        let files = [("r1", "Sở A", 1), ("r2", "Sở B", 1), ("r3", "Sở A", 2)];
        report.origins = origins(&files);
        let records = report.origins.records().clone();
        let sum = |name: &str, rows: &[(&str, &str)]| {
            let rows: Vec<(&[&str], &str, &str)> = rows
                .iter()
                .map(|(record, value)| (&[] as &[&str], *record, *value))
                .collect();
            figures_of(name, Measure::Sum, &[], &rows, &records)
        };
        let spent = sum("budget_spent", &[("r1", "100"), ("r2", "60"), ("r3", "20")]);
        // Sở A left a cell of the column blank, Sở B has no such column.
        let disbursed = sum("budget_disbursed", &[("r1", "70")]);
        let shared = SharedReports::of(&report, &disbursed, &spent);
        assert_eq!((shared.part.total(), shared.whole.total()), (70, 120));
        assert_eq!(shared.lacking, [["Sở B"].into(), [].into()]);
        assert!(!shared.is_all());
        let all = sum("budget_disbursed", &[("r1", "70"), ("r2", "0")]);
        let shared = SharedReports::of(&report, &all, &spent);
        assert_eq!((shared.part.total(), shared.whole.total()), (70, 180));
        assert!(shared.is_all());
    }
}
