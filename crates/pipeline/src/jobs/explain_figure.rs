//! What a figure is made of.

use crate::annual::build::{BuiltReport, build};
use crate::annual::request::{ReportRequest, Variant};
use crate::error::PipelineError;
use crate::jobs::load::annual_inputs;
use crate::workspace::Workspace;
use aggregate::Figures;
use ledger::Ledger;
use model::{Moment, PartOfYear};
use serde::Serialize;
use std::collections::BTreeMap;

/// A figure, and the cells that it is made of, as it is known now.
#[derive(Debug, Serialize)]
pub struct FigureExplained {
    /// Its id, as in `figures.json`.
    pub figure: String,
    /// What its indicator is called.
    pub title: String,
    /// Its value.
    pub value: i64,
    /// The moment whose knowledge it shows.
    pub as_of: Moment,
    /// What it is made of, by department, file, sheet and row.
    pub parts: Vec<FigurePart>,
}

/// A value that counts in a figure.
#[derive(Debug, Serialize)]
pub struct FigurePart {
    /// An amount, or what counts once.
    pub value: String,
    /// The department.
    pub department: String,
    /// The file's name.
    pub file: String,
    /// Its hash.
    pub sha256: String,
    /// The sheet.
    pub sheet: String,
    /// The cell.
    pub cell: String,
}

/// What a figure is made of; nothing if there is no such figure. A figure over several years is sought in the report of the
/// last of them.
///
/// # Errors
/// When nothing has come in, or the ledger cannot be read.
pub fn explain_figure(
    workspace: &Workspace,
    id: &str,
) -> Result<Option<FigureExplained>, PipelineError> {
    let Some(wanted) = WantedFigure::parse(id) else {
        return Ok(None);
    };
    if !workspace
        .programme_of(wanted.last)
        .years()
        .contains(&wanted.last)
    {
        return Ok(None);
    }
    let ledger = Ledger::open(&workspace.ledger())?;
    let last_run = ledger.last_run()?.ok_or(PipelineError::Empty)?;
    for is_final in [false, true] {
        let variant = Variant {
            is_final,
            part: wanted.part,
            ..Variant::default()
        };
        let programmes = workspace.loaded_programmes();
        let request = ReportRequest::new(programmes, wanted.last, variant, last_run);
        let inputs = annual_inputs(&ledger, &request, workspace.settings.utc_offset)?;
        let built = build(&request, inputs)?;
        if let Some(figures) = wanted.figures(&built) {
            return Ok(Some(explained(id, &wanted, figures, &built, last_run)));
        }
    }
    Ok(None)
}

/// A figure as its id names it.
struct WantedFigure<'i> {
    indicator: &'i str,
    years: &'i str,
    /// The last of the years.
    last: i32,
    /// How much of it.
    part: PartOfYear,
    keys: BTreeMap<String, String>,
}

impl<'i> WantedFigure<'i> {
    fn parse(id: &'i str) -> Option<Self> {
        let mut parts = id.split('/');
        let (indicator, years) = (parts.next()?, parts.next()?);
        let (last, part) = last_of(years)?;
        let keys = parts.map(|part| {
            let (key, code) = part.split_once('=')?;
            Some((key.to_owned(), code.to_owned()))
        });
        Some(Self {
            indicator,
            years,
            last,
            part,
            keys: keys.collect::<Option<_>>()?,
        })
    }

    /// The figures of a report that it is one of.
    fn figures<'b>(&self, built: &'b BuiltReport<'_>) -> Option<&'b Figures> {
        let of_targets = built.report.targets.iter().map(|target| &target.figures);
        let mut all = built.report.figures.values().chain(of_targets);
        let is_it = |figures: &&Figures| {
            figures.indicator == self.indicator
                && figures.years == self.years
                && self.keys.keys().all(|key| figures.by.contains(key))
        };
        all.find(is_it)
    }
}

/// The last year of some, and how much of it: of `2023`, `2021-2024`, `2024-Q3`, `2021-2024-09-15`.
fn last_of(years: &str) -> Option<(i32, PartOfYear)> {
    let of = |text: &str| {
        let year = text.get(..4)?.parse().ok()?;
        Some((year, PartOfYear::from_rest(year, text.get(4..)?)?))
    };
    let behind_the_first = years.split_once('-').map(|(_, rest)| rest);
    of(years).or_else(|| of(behind_the_first?))
}

fn explained(
    id: &str,
    wanted: &WantedFigure<'_>,
    figures: &Figures,
    built: &BuiltReport<'_>,
    as_of: Moment,
) -> FigureExplained {
    let report = &built.report;
    let is_in = |part: &aggregate::Contribution<'_>| {
        let mut keys = figures.by.iter().zip(part.keys());
        keys.all(|(key, code)| wanted.keys.get(key).is_none_or(|it| it == code))
    };
    let parts = figures.contributions.iter().filter(is_in).map(|part| {
        let origin = part.record().and_then(|record| report.origins.at(record));
        let text = |of: fn(&report::RecordOrigin<'_>) -> String| {
            origin.as_ref().map_or_else(String::new, of)
        };
        FigurePart {
            value: part.value().to_string(),
            department: text(|it| it.department.to_owned()),
            file: text(|it| it.file_name.to_owned()),
            sha256: text(|it| it.file.to_owned()),
            sheet: text(|it| it.sheet.to_owned()),
            cell: origin.map_or_else(String::new, |it| it.cell(part.field())),
        }
    });
    let indicator = report.programme.indicator(&figures.indicator);
    FigureExplained {
        figure: id.to_owned(),
        title: indicator.map_or(String::new(), |it| it.title.vi.clone()),
        value: figures.value(&wanted.keys),
        as_of,
        parts: parts.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{WantedFigure, explained};
    use crate::testing::{built, request, small_programme, submission};

    #[test]
    fn an_id_names_indicator_years_and_keys() {
        let wanted =
            WantedFigure::parse("support_cases/2021-2024/content=3a1/department=").unwrap();
        assert_eq!(
            (wanted.indicator, wanted.years, wanted.last),
            ("support_cases", "2021-2024", 2024)
        );
        assert_eq!(
            (
                wanted.keys["content"].as_str(),
                wanted.keys["department"].as_str()
            ),
            ("3a1", "")
        );
        for id in [
            "C001",
            "support_cases",
            "support_cases/last",
            "support_cases/2024/3a1",
        ] {
            assert!(WantedFigure::parse(id).is_none(), "{id}");
        }
    }

    #[test]
    fn a_figure_is_made_of_the_cells_of_its_keys() {
        let rows = "file | record | row | cells        | task   | source  | spent
                    f1   | a      | 5   | A5 B5 C5 D5  | IV.1.a | ensured | 60
                    f1   | b      | 6   | A6 B6 C6 D6  | IV.2.a | ensured | 7";
        let request = request(small_programme(), 2023);
        let built = built(
            &request,
            &[submission(1, "SCT", "2023")],
            &[("budget", rows)],
        );
        let told = |id: &str| {
            let wanted = WantedFigure::parse(id).unwrap();
            let figures = wanted.figures(&built)?;
            let told = explained(id, &wanted, figures, &built, request.as_of);
            let parts = told
                .parts
                .iter()
                .map(|it| format!(" {}!{}={}", it.sheet, it.cell, it.value));
            Some(format!("{}:{}", told.value, parts.collect::<String>()))
        };
        insta::assert_snapshot!(told("budget_spent/2023").unwrap(), @"67: Biểu 8!D5=60 Biểu 8!D6=7");
        insta::assert_snapshot!(told("budget_spent/2023/task=IV.2.a").unwrap(), @"7: Biểu 8!D6=7");
        assert_eq!(told("budget_spent/2023/district=x"), None);
        assert_eq!(told("budget_spent/2022"), None);
    }
}
