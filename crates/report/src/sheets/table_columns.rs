use crate::input::annual::AnnualReport;
use crate::paper::cell::Keys;
use crate::sheets::shared_reports::SharedReports;
use aggregate::Figures;
use programme::{Measure, Programme, TableColumn};
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// How many columns stand before the first of figures: the code and its title.
const LEADING: usize = 2;

/// A column of a table of figures as it is laid out: `each` in the programme's definition gives one for each code.
pub(crate) struct FigureColumn<'a> {
    pub group: Option<&'a str>,
    pub heading: String,
    pub figures: &'a Figures,
    /// The keys it is narrowed to beside the row's.
    pub only: Keys,
    pub content: FigureContent<'a>,
}

/// What a column of figures shows.
pub(crate) enum FigureContent<'a> {
    /// The figure.
    Figure,
    /// A figure divided by another, over the reports that hold both; how far to the left both stand as they are, if they
    /// do and every report holds both.
    Share {
        shared: Box<SharedReports<'a>>,
        columns: Option<[u16; 2]>,
    },
    /// A figure divided by another, to whole units; what is left is not shown.
    Average { by: &'a Figures },
    /// The figure over all codes of so many columns before it.
    Total { columns: u16 },
}

impl FigureColumn<'_> {
    /// Whether it counts each enterprise once, so that its total is not the sum of its rows.
    pub(crate) fn counts_once(&self) -> bool {
        match self.content {
            FigureContent::Figure | FigureContent::Total { .. } => match self.figures.measure {
                Measure::Sum => false,
                Measure::CountDistinct => true,
            },
            FigureContent::Share { .. } | FigureContent::Average { .. } => false,
        }
    }

    pub(crate) fn is_share(&self) -> bool {
        match self.content {
            FigureContent::Share { .. } | FigureContent::Average { .. } => true,
            FigureContent::Figure | FigureContent::Total { .. } => false,
        }
    }
}

/// The columns of a table: the programme's, those with `each` once for each code.
pub(crate) fn lay_out<'a>(
    report: &'a AnnualReport<'_>,
    columns: &'a [TableColumn],
) -> Vec<FigureColumn<'a>> {
    let mut laid: Vec<FigureColumn<'a>> = Vec::new();
    // Where the whole figure of an indicator stands first: a share is a formula over such cells.
    let mut whole: BTreeMap<(&str, Keys), u16> = BTreeMap::new();
    let place = |laid: &[FigureColumn<'_>]| u16::try_from(laid.len() + LEADING).unwrap_or(u16::MAX);
    for column in columns {
        // An indicator that was not counted for this report has no column.
        let Some(figures) = report.figures.get(&column.indicator) else {
            continue;
        };
        let here = place(&laid);
        let one = |heading: String, only: Keys, content| FigureColumn {
            group: column.group.as_deref(),
            heading,
            figures,
            only,
            content,
        };
        let only = column.only.clone();
        let divided_by = column
            .per
            .as_ref()
            .and_then(|name| report.figures.get(name));
        if let Some(by) = divided_by {
            laid.push(one(
                column.heading.clone(),
                only,
                FigureContent::Average { by },
            ));
            continue;
        }
        let denominator = column
            .over
            .as_ref()
            .and_then(|name| report.figures.get(name));
        if let Some(denominator) = denominator {
            let left = |figures: &Figures| {
                let place = whole.get(&(figures.indicator.as_str(), only.clone()))?;
                Some(here - place)
            };
            let shared = Box::new(SharedReports::of(report, figures, denominator));
            let columns = left(figures)
                .zip(left(denominator))
                .filter(|_| shared.is_all())
                .map(|(numerator, denominator)| [numerator, denominator]);
            let content = FigureContent::Share { shared, columns };
            laid.push(one(column.heading.clone(), only.clone(), content));
            continue;
        }
        let Some(each) = &column.each else {
            whole
                .entry((&column.indicator, only.clone()))
                .or_insert(here);
            laid.push(one(column.heading.clone(), only, FigureContent::Figure));
            continue;
        };
        let codes = each_codes(report, each, figures);
        for code in &codes {
            let mut only = only.clone();
            only.insert(each.clone(), code.clone());
            let heading = column_title(report.programme, each, code).to_owned();
            laid.push(one(heading, only, FigureContent::Figure));
        }
        if let Some(total) = &column.total {
            whole
                .entry((&column.indicator, only.clone()))
                .or_insert(place(&laid));
            let columns = u16::try_from(codes.len()).unwrap_or(u16::MAX);
            laid.push(one(total.clone(), only, FigureContent::Total { columns }));
        }
    }
    laid
}

/// The codes of a list that get a column: of departments those that must report or did.
fn each_codes(report: &AnnualReport<'_>, key: &str, figures: &Figures) -> Vec<String> {
    let mut codes: Vec<String> = if key == "department" {
        let mut seen = BTreeSet::new();
        let lines = report.departments.iter();
        // Of several offices each has a line.
        let codes = lines.map(|line| line.code.clone());
        codes.filter(|code| seen.insert(code.clone())).collect()
    } else {
        report
            .programme
            .codes_of(key)
            .into_iter()
            .map(str::to_owned)
            .collect()
    };
    add_counted(&mut codes, key, figures);
    codes
}

/// Codes that count but are in no list, such as what could not be classified, come last: nothing disappears.
pub(crate) fn add_counted(codes: &mut Vec<String>, key: &str, figures: &Figures) {
    let Some(place) = figures.by.iter().position(|by| by == key) else {
        return;
    };
    for code in figures.contributions.codes(place) {
        if !codes.iter().any(|known| known == code) {
            codes.push(code.to_owned());
        }
    }
}

/// Whether a code is one of the list.
pub(crate) fn is_known(programme: &Programme, rows: &str, code: &str) -> bool {
    programme.codes_of(rows).contains(&code)
}

/// A code's title in a row's heading.
pub(crate) fn row_title<'a>(programme: &'a Programme, rows: &str, code: &'a str) -> &'a str {
    if is_known(programme, rows, code) {
        programme.title_of(rows, code, "vi")
    } else {
        programme.words.get("unclassified")
    }
}

/// A code's title over a column, departments under their short names.
fn column_title<'a>(programme: &'a Programme, key: &str, code: &'a str) -> &'a str {
    match programme.department(code).filter(|_| key == "department") {
        Some(department) => &department.short,
        None => row_title(programme, key, code),
    }
}
