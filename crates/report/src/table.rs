use crate::ReportError;
use crate::input::AnnualReport;
use crate::paper::{Heading, Look, Paper, Sum};
use aggregate::Figures;
use programme::{Measure, Programme, TableColumn};
use std::collections::BTreeMap;

/// A column as it is laid out.
struct Laid<'a> {
    group: Option<&'a str>,
    heading: String,
    content: Content<'a>,
}

enum Content<'a> {
    /// A figure, narrowed to these keys beside the row's.
    Figure {
        figures: &'a Figures,
        only: BTreeMap<String, String>,
    },
    /// One figure divided by another, and the columns both stand in, where they do.
    Share {
        figures: &'a Figures,
        over: &'a Figures,
        only: BTreeMap<String, String>,
        columns: Option<(u16, u16)>,
    },
    /// The sum of so many columns before it.
    Total {
        figures: &'a Figures,
        only: BTreeMap<String, String>,
        columns: u16,
    },
}

impl<'a> Content<'a> {
    fn figures(&self) -> &'a Figures {
        let (Self::Figure { figures, .. }
        | Self::Share { figures, .. }
        | Self::Total { figures, .. }) = self;
        figures
    }
}

/// The figures of a list's codes: one row a code, totals below and beside.
pub(crate) fn write(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    rows: &str,
    columns: &[TableColumn],
    numbered: bool,
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let laid = lay_out(report, columns);
    let codes = row_codes(report, rows, &laid);
    heading(page, report.programme, rows, &laid, numbered)?;
    let group_of = |code: &str| {
        report.programme.lists.get(rows).is_some_and(|list| {
            list.entries
                .iter()
                .any(|entry| entry.parent.as_deref() == Some(code))
        })
    };
    for (place, code) in (1..).zip(&codes) {
        let strong = group_of(code);
        let (text, number) = if strong {
            (Look::TextBold, Look::NumberBold)
        } else {
            (Look::Text, Look::Number)
        };
        match known(report.programme, rows, code) {
            true if numbered => page.number(0, place, Look::Center)?,
            is_known => page.text(0, if is_known { code } else { "–" }, Look::Center)?,
        }
        page.text(1, row_title(report.programme, rows, code), text)?;
        for (col, column) in (2..).zip(&laid) {
            match &column.content {
                Content::Figure { figures, only } => {
                    page.figure(col, figures, &narrowed(only, rows, code), Sum::Not, number)?;
                }
                Content::Share {
                    figures,
                    over,
                    only,
                    columns,
                } => {
                    let keys = narrowed(only, rows, code);
                    let parts = [figures.value(&keys), over.value(&keys)];
                    page.share(col, *columns, parts, Look::Share)?;
                }
                Content::Total {
                    figures,
                    only,
                    columns,
                } => {
                    let sum = if figures.measure == Measure::Sum {
                        Sum::Left(*columns)
                    } else {
                        Sum::Not
                    };
                    page.figure(
                        col,
                        figures,
                        &narrowed(only, rows, code),
                        sum,
                        Look::NumberBold,
                    )?;
                }
            }
        }
        page.end_row()?;
    }
    page.text(0, "", Look::TotalText)?;
    page.text(1, words.get("total"), Look::TotalText)?;
    let mut counted_once = false;
    for (col, column) in (2..).zip(&laid) {
        let (figures, only) = match &column.content {
            Content::Figure { figures, only } | Content::Total { figures, only, .. } => {
                (figures, only)
            }
            Content::Share {
                figures,
                over,
                only,
                columns,
            } => {
                page.share(
                    col,
                    *columns,
                    [figures.value(only), over.value(only)],
                    Look::ShareTotal,
                )?;
                continue;
            }
        };
        let adds_up = figures.measure == Measure::Sum && !codes.is_empty();
        counted_once |= !adds_up;
        page.figure(
            col,
            figures,
            only,
            if adds_up { Sum::Column } else { Sum::Not },
            Look::Total,
        )?;
    }
    page.end_row()?;
    if counted_once {
        page.note(words.get("counted_once_note"))?;
    }
    Ok(())
}

/// The keys of a cell: those of its column and its row.
fn narrowed(only: &BTreeMap<String, String>, rows: &str, code: &str) -> BTreeMap<String, String> {
    let mut keys = only.clone();
    keys.insert(rows.to_owned(), code.to_owned());
    keys
}

fn lay_out<'a>(report: &'a AnnualReport<'_>, columns: &'a [TableColumn]) -> Vec<Laid<'a>> {
    let mut laid = Vec::new();
    // Where the whole figure of an indicator stands.
    let mut whole: BTreeMap<(&str, BTreeMap<String, String>), u16> = BTreeMap::new();
    for column in columns {
        let here = |laid: &Vec<Laid<'_>>| u16::try_from(laid.len() + 2).unwrap_or(u16::MAX);
        let Some(figures) = report.figures.get(&column.indicator) else {
            continue;
        };
        let group = column.group.as_deref();
        let only = column.only.clone();
        if let Some(over) = column
            .over
            .as_ref()
            .and_then(|over| report.figures.get(over))
        {
            let place = |figures: &Figures| {
                whole
                    .get(&(figures.indicator.as_str(), only.clone()))
                    .copied()
            };
            let columns = place(figures).zip(place(over));
            let content = Content::Share {
                figures,
                over,
                only,
                columns,
            };
            laid.push(Laid {
                group,
                heading: column.heading.clone(),
                content,
            });
            continue;
        }
        let Some(each) = &column.each else {
            whole
                .entry((&column.indicator, only.clone()))
                .or_insert(here(&laid));
            laid.push(Laid {
                group,
                heading: column.heading.clone(),
                content: Content::Figure { figures, only },
            });
            continue;
        };
        let codes = each_codes(report, each, figures);
        for code in &codes {
            let mut only = only.clone();
            only.insert(each.clone(), code.clone());
            let heading = column_title(report.programme, each, code).to_owned();
            laid.push(Laid {
                group,
                heading,
                content: Content::Figure { figures, only },
            });
        }
        if let Some(total) = &column.total {
            whole
                .entry((&column.indicator, only.clone()))
                .or_insert(here(&laid));
            let columns = u16::try_from(codes.len()).unwrap_or(u16::MAX);
            laid.push(Laid {
                group,
                heading: total.clone(),
                content: Content::Total {
                    figures,
                    only,
                    columns,
                },
            });
        }
    }
    laid
}

/// The codes of a list that get a column: of departments those that must report or did.
fn each_codes(report: &AnnualReport<'_>, key: &str, figures: &Figures) -> Vec<String> {
    let mut codes: Vec<String> = if key == "department" {
        report.departments.iter().map(|d| d.code.clone()).collect()
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
fn add_counted(codes: &mut Vec<String>, key: &str, figures: &Figures) {
    let Some(place) = figures.by.iter().position(|by| by == key) else {
        return;
    };
    for contribution in &figures.contributions {
        if !codes.contains(&contribution.keys[place]) {
            codes.push(contribution.keys[place].clone());
        }
    }
}

fn row_codes(report: &AnnualReport<'_>, rows: &str, laid: &[Laid<'_>]) -> Vec<String> {
    let programme = report.programme;
    let all_figures = || laid.iter().map(|column| column.content.figures());
    let counts = |code: &str| {
        let keys = BTreeMap::from([(rows.to_owned(), code.to_owned())]);
        all_figures().any(|figures| figures.value(&keys) != 0)
    };
    // A department without a duty to report in the years shown, or a code that was not used then, is shown once it counts.
    let expected = |code: &str| match programme.department(code).filter(|_| rows == "department") {
        Some(_) => report
            .departments
            .iter()
            .any(|line| line.code == code && line.had_to_report),
        None => report.has_code(rows, code),
    };
    let mut codes: Vec<String> = programme
        .codes_of(rows)
        .into_iter()
        .filter(|code| expected(code) || counts(code))
        .map(str::to_owned)
        .collect();
    for figures in all_figures() {
        add_counted(&mut codes, rows, figures);
    }
    codes
}

fn known(programme: &Programme, rows: &str, code: &str) -> bool {
    programme.codes_of(rows).contains(&code)
}

fn row_title<'a>(programme: &'a Programme, rows: &str, code: &'a str) -> &'a str {
    if known(programme, rows, code) {
        programme.title_of(rows, code, "vi")
    } else {
        programme.words.get("unclassified")
    }
}

fn column_title<'a>(programme: &'a Programme, key: &str, code: &'a str) -> &'a str {
    match programme.department(code).filter(|_| key == "department") {
        Some(department) => &department.short,
        None => row_title(programme, key, code),
    }
}

/// One heading row, or two where columns stand in groups.
fn heading(
    page: &mut dyn Paper,
    programme: &Programme,
    rows: &str,
    laid: &[Laid<'_>],
    numbered: bool,
) -> Result<(), ReportError> {
    let rows_title = match programme.lists.get(rows) {
        Some(list) => list.title.vi.as_str(),
        None => programme.words.get("department_head"),
    };
    let money = laid.iter().any(|column| {
        programme
            .indicator(&column.content.figures().indicator)
            .is_some_and(|indicator| indicator.unit == "dong")
    });
    let width = |heading: &str| {
        if money {
            15
        } else if heading.chars().count() > 14 {
            14
        } else {
            11
        }
    };
    let first = programme.words.get(if numbered { "no" } else { "code" });
    let mut headings = vec![
        Heading::new(first, 10),
        Heading::new(rows_title, if money { 40 } else { 50 }),
    ];
    headings.extend(laid.iter().map(|column| Heading {
        text: &column.heading,
        group: column.group,
        width: width(&column.heading),
    }));
    page.head(&headings, 2)
}
