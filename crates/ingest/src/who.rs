use crate::grid::Sheet;
use crate::heading::Heading;
use crate::observe::{Narrow, observe};
use crate::pairs::Pairs;
use crate::value::period::period;
use model::{CellRef, Check, Observation, Period};
use programme::Programme;
use vietext::fold;

/// Who reports and about when, and what speaks against it.
pub(crate) struct Who {
    pub department: Option<String>,
    pub period: Option<Period>,
    pub observations: Vec<Observation>,
}

/// Settles department and period: from the general form, then from the sheets' titles, then from the file's name.
pub(crate) fn settle(
    file_name: &str,
    sheets: &[Sheet],
    headings: &[Vec<Heading<'_>>],
    general: Option<(&Sheet, &Pairs<'_>)>,
    programme: &Programme,
) -> Who {
    let mut departments = Claims::default();
    let mut periods = Claims::default();
    if let Some((sheet, pairs)) = general {
        for (&column, (cell, value)) in &pairs.values {
            let place = || (Some(sheet.name.clone()), Some(*cell));
            let Some(reporter) = &pairs.form.reporter else {
                continue;
            };
            let name = &pairs.form.columns[column].name;
            let shown = value.shown();
            if *name == reporter.department {
                departments.add(one_department(&shown, programme), place(), &shown);
            } else if *name == reporter.period {
                periods.add(period(&shown), place(), &shown);
            }
        }
    }
    for (sheet, headings) in sheets.iter().zip(headings) {
        for row in sheet
            .rows
            .iter()
            .take(headings.first().map_or(12, |h| h.first))
        {
            for (col, text) in row.texts() {
                let place = || (Some(sheet.name.clone()), Some(row.at(col)));
                let folded = fold(text);
                let labelled =
                    |labels: &[&str]| labels.iter().any(|label| folded.starts_with(label));
                if is_department_line(&folded, programme)
                    || labelled(&["don vi bao cao", "co quan bao cao"])
                {
                    if let Some(code) = one_department(text, programme) {
                        departments.add(Some(code), place(), text);
                    }
                } else if labelled(&["ky bao cao", "nam bao cao"])
                    && let Some(found) = period(text)
                {
                    periods.add(Some(found), place(), text);
                }
            }
        }
    }
    departments.add(
        one_department(file_name, programme),
        (None, None),
        file_name,
    );
    periods.add(period(file_name), (None, None), file_name);

    let mut observations = Vec::new();
    let department = departments.settle(
        Check::DepartmentUnknown,
        Check::DepartmentDisagrees,
        &mut observations,
        |code| {
            programme
                .department(code)
                .map_or(code.clone(), |d| d.name.clone())
        },
    );
    let period = periods.settle(
        Check::PeriodUnknown,
        Check::PeriodDisagrees,
        &mut observations,
        ToString::to_string,
    );
    if let Some(period) = period {
        let years = programme.years();
        if !years.contains(&period.calendar_year()) {
            let expected = format!("{} - {}", years.start(), years.end());
            observations
                .push(observe(Check::PeriodOutside, period.to_string()).expecting(expected));
        }
    }
    Who {
        department,
        period,
        observations,
    }
}

fn one_department(text: &str, programme: &Programme) -> Option<String> {
    match programme.departments_in(text).as_slice() {
        [one] => Some(one.code.clone()),
        _ => None,
    }
}

/// Whether a line of a title block is a department's name and nothing else: 'Kính gửi: Sở …' is not.
fn is_department_line(folded: &str, programme: &Programme) -> bool {
    (folded.starts_with("so ") || folded.split(' ').count() == 1) && {
        let found = programme.departments_in(folded);
        found.iter().any(|d| d.is_named(folded))
    }
}

type Place = (Option<String>, Option<CellRef>);

/// What different places say, the first being believed.
struct Claims<T> {
    /// What was said, where, in which words; nothing understood of it: `None`.
    said: Vec<(Option<T>, Place, String)>,
}

impl<T> Default for Claims<T> {
    fn default() -> Self {
        Self { said: Vec::new() }
    }
}

impl<T: PartialEq + Clone> Claims<T> {
    fn add(&mut self, claim: Option<T>, place: Place, words: &str) {
        self.said.push((claim, place, words.to_owned()));
    }

    fn settle(
        self,
        unknown: Check,
        disagrees: Check,
        observations: &mut Vec<Observation>,
        shown: impl Fn(&T) -> String,
    ) -> Option<T> {
        let Some(settled) = self.said.iter().find_map(|(claim, ..)| claim.clone()) else {
            let words: Vec<&str> = self
                .said
                .iter()
                .map(|(_, _, words)| words.as_str())
                .collect();
            let mut observation = observe(unknown, words.join("; "));
            if let Some((_, (Some(sheet), Some(cell)), _)) = self.said.first() {
                observation = observation.on_sheet(sheet).on_cell(*cell);
            }
            observations.push(observation);
            return None;
        };
        let others: Vec<_> = self
            .said
            .iter()
            .filter(|(claim, ..)| claim.as_ref().is_some_and(|c| *c != settled))
            .collect();
        if let Some((_, first_place, _)) = others.first() {
            let mut words: Vec<String> = others
                .iter()
                .map(|(claim, (sheet, _), words)| {
                    let said = claim.as_ref().map_or_else(String::new, &shown);
                    format!("{said} ({})", sheet.as_ref().unwrap_or(words))
                })
                .collect();
            words.sort();
            words.dedup();
            let mut observation = observe(disagrees, words.join("; ")).expecting(shown(&settled));
            if let (Some(sheet), Some(cell)) = first_place {
                observation = observation.on_sheet(sheet).on_cell(*cell);
            }
            observations.push(observation);
        }
        Some(settled)
    }
}
