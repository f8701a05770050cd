//! Who sent a workbook, and which period it reports about.

use crate::cell_reader::shown::shown;
use crate::observe::{Narrow, observe};
use crate::sheet_forms::{SheetForms, TITLE_ROWS};
use crate::value::period::{PeriodText, period, period_in_name};
use model::{CellRef, Check, Observation, Period};
use programme::Programme;
use vietext::fold;

/// Who reports and about when, and what speaks against it.
pub(crate) struct Sender {
    pub department: Option<String>,
    pub period: Option<Period>,
    pub observations: Vec<Observation>,
}

/// Finds department and period: from the general form, then from the sheets' titles, then from the file's name.
pub(crate) fn identify_sender(
    file_name: &str,
    sheets: &[SheetForms<'_>],
    programme: &Programme,
) -> Sender {
    let general = sheets
        .iter()
        .find_map(|forms| Some((forms.sheet, forms.labelled.as_ref()?)));
    let mut departments = Claims::default();
    let mut periods = Claims::default();
    if let Some((sheet, labelled)) = general {
        for (&column, (at, cell)) in &labelled.values {
            let place = || (Some(sheet.name.clone()), Some(*at));
            let Some(reporter) = &labelled.form.reporter else {
                continue;
            };
            let name = &labelled.form.columns[column].name;
            let shown = shown(cell);
            if *name == reporter.department {
                departments.add(one_department(&shown, programme).into(), place(), &shown);
            } else if *name == reporter.period {
                // What stands in the cell made for it must be clear: nothing else may decide against it.
                let claim = match period(&shown) {
                    PeriodText::Is(period) => Claim::Says(period),
                    PeriodText::Unclear | PeriodText::Nothing => Claim::Unclear,
                };
                periods.add(claim, place(), &shown);
            }
        }
    }
    for SheetForms {
        sheet, headings, ..
    } in sheets
    {
        for row in sheet
            .rows
            .iter()
            .take(headings.first().map_or(TITLE_ROWS, |h| h.first))
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
                        departments.add(Claim::Says(code), place(), text);
                    }
                } else if labelled(&["ky bao cao", "nam bao cao"]) {
                    let claim = match period(text) {
                        PeriodText::Is(period) => Claim::Says(period),
                        PeriodText::Unclear => Claim::Unclear,
                        PeriodText::Nothing => continue,
                    };
                    periods.add(claim, place(), text);
                }
            }
        }
    }
    // People rename files and send last year's under a new name, so the name of the file is believed last.
    departments.add(
        one_department(file_name, programme).into(),
        (None, None),
        file_name,
    );
    periods.add(period_in_name(file_name).into(), (None, None), file_name);

    let mut observations = Vec::new();
    let department = departments.resolve(
        Checks {
            unknown: Check::DepartmentUnknown,
            unclear: Check::DepartmentUnknown,
            disagrees: Check::DepartmentDisagrees,
        },
        &mut observations,
        |code| {
            programme
                .department(code)
                .map_or(code.clone(), |d| d.name.clone())
        },
    );
    let period = periods.resolve(
        Checks {
            unknown: Check::PeriodUnknown,
            unclear: Check::PeriodUnclear,
            disagrees: Check::PeriodDisagrees,
        },
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
    Sender {
        department,
        period,
        observations,
    }
}

fn one_department(text: &str, programme: &Programme) -> Option<String> {
    match programme.departments_in(text).as_slice() {
        // A line that names two, as 'Sở Công Thương phối hợp Sở Xây dựng', says nothing.
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

/// What one place says.
enum Claim<T> {
    Says(T),
    /// It is made to say it, and what it says cannot be told.
    Unclear,
    Nothing,
}

impl<T> From<Option<T>> for Claim<T> {
    fn from(said: Option<T>) -> Self {
        said.map_or(Self::Nothing, Self::Says)
    }
}

/// What different places say, the first being believed.
struct Claims<T> {
    /// What was said, where, in which words.
    said: Vec<(Claim<T>, Place, String)>,
}

/// Which checks notice that no place says it, that the first to speak of it is unclear, that a later one says otherwise.
struct Checks {
    unknown: Check,
    unclear: Check,
    disagrees: Check,
}

impl<T> Default for Claims<T> {
    fn default() -> Self {
        Self { said: Vec::new() }
    }
}

impl<T: PartialEq + Clone> Claims<T> {
    fn add(&mut self, claim: Claim<T>, place: Place, words: &str) {
        self.said.push((claim, place, words.to_owned()));
    }

    /// The claim of the first place that makes one. An observation if none does, if that is unclear, or if a later place
    /// says otherwise.
    fn resolve(
        self,
        checks: Checks,
        observations: &mut Vec<Observation>,
        shown: impl Fn(&T) -> String,
    ) -> Option<T> {
        let first = self
            .said
            .iter()
            .find(|(claim, ..)| !matches!(claim, Claim::Nothing));
        let believed = match first {
            Some((Claim::Says(believed), ..)) => believed.clone(),
            Some((_, place, words)) => {
                observations.push(at(place, observe(checks.unclear, words.as_str())));
                return None;
            }
            None => {
                let words: Vec<&str> = self.said.iter().map(|said| said.2.as_str()).collect();
                let observation = observe(checks.unknown, words.join("; "));
                observations.push(match self.said.first() {
                    Some((_, place, _)) => at(place, observation),
                    None => observation,
                });
                return None;
            }
        };
        let others: Vec<(&T, &Place, &String)> = self
            .said
            .iter()
            .filter_map(|(claim, place, words)| match claim {
                Claim::Says(other) if *other != believed => Some((other, place, words)),
                Claim::Says(_) | Claim::Unclear | Claim::Nothing => None,
            })
            .collect();
        if let Some((_, first_place, _)) = others.first() {
            let mut words: Vec<String> = others
                .iter()
                .map(|(claim, (sheet, _), words)| {
                    format!("{} ({})", shown(claim), sheet.as_ref().unwrap_or(words))
                })
                .collect();
            words.sort();
            words.dedup();
            let observation = observe(checks.disagrees, words.join("; "));
            observations.push(at(first_place, observation.expecting(shown(&believed))));
        }
        Some(believed)
    }
}

/// An observation at a place, if it has one.
fn at(place: &Place, observation: Observation) -> Observation {
    match place {
        (Some(sheet), Some(cell)) => observation.on_sheet(sheet).on_cell(*cell),
        _ => observation,
    }
}

#[cfg(test)]
mod tests {
    use super::identify_sender;
    use crate::headings::HeadingContext;
    use crate::limits::Purpose;
    use crate::sheet_forms::SheetForms;
    use crate::workbook::open;
    use programme::Programme;

    /// Department, period and observations of a workbook, in one line each.
    fn sender(file_name: &str, text: &str) -> String {
        let programme = Programme::default_programme().unwrap();
        let bytes = testkit::workbook(text);
        let opened = open(&bytes, file_name, Purpose::Report).ok().unwrap();
        let forms: Vec<SheetForms<'_>> = opened
            .sheets
            .iter()
            .map(|sheet| SheetForms::find(sheet, HeadingContext::of(&programme)))
            .collect();
        let sender = identify_sender(file_name, &forms, &programme);
        let mut lines = vec![format!(
            "{} {}",
            sender.department.as_deref().unwrap_or("-"),
            sender.period.map_or("-".to_owned(), |p| p.to_string())
        )];
        for o in sender.observations {
            let cells: Vec<String> = o.cells.iter().map(ToString::to_string).collect();
            let (sheet, expected) = (o.sheet.unwrap_or_default(), o.expected);
            lines.push(format!(
                "{:?} [{sheet} {}] '{}' '{expected}'",
                o.check,
                cells.join(" "),
                o.found
            ));
        }
        lines.join("\n")
    }

    const GENERAL: &str = "== TT chung\nCơ quan báo cáo|Sở Công Thương\nKỳ báo cáo|Năm 2023\n";

    #[test]
    fn the_general_form_is_believed_first() {
        insta::assert_snapshot!(sender("SCT_2023.xlsx", GENERAL), @"SCT 2023");
    }

    #[test]
    fn what_contradicts_the_general_form_is_told() {
        let text = format!("{GENERAL}== Biểu 3\nSở Xây dựng\nKỳ báo cáo: Năm 2022\n");
        insta::assert_snapshot!(sender("SXD_2022.xlsx", &text), @r"
        SCT 2023
        DepartmentDisagrees [Biểu 3 A1] 'Sở Xây dựng (Biểu 3); Sở Xây dựng (SXD_2022.xlsx)' 'Sở Công Thương'
        PeriodDisagrees [Biểu 3 A2] '2022 (Biểu 3); 2022 (SXD_2022.xlsx)' '2023'
        ");
    }

    #[test]
    fn titles_say_it_if_there_is_no_general_form_and_the_name_of_the_file_if_they_do_not() {
        let title =
            "== T\nSở Công Thương\nKỳ báo cáo: Quý III/2023\nKính gửi: Sở Khoa học và Công nghệ\n";
        insta::assert_snapshot!(sender("bao-cao.xlsx", title), @"SCT 2023-Q3");
        insta::assert_snapshot!(sender("SCT_2024-Q4.xlsx", "== T\nx\n"), @"SCT 2024-Q4");
    }

    #[test]
    fn what_nothing_says_is_unknown() {
        insta::assert_snapshot!(sender("bao-cao.xlsx", "== T\nx\n"), @r"
        - -
        DepartmentUnknown [ ] 'bao-cao.xlsx' ''
        PeriodUnknown [ ] 'bao-cao.xlsx' ''
        ");
    }

    #[test]
    fn the_name_of_the_file_does_not_decide_against_a_cell() {
        let general = |period: &str| {
            format!("== TT chung\nCơ quan báo cáo|Sở Công Thương\nKỳ báo cáo|{period}\n")
        };
        insta::assert_snapshot!(sender("SCT_2023.xlsx", &general("10 tháng đầu năm 2023")), @r"
        SCT -
        PeriodUnclear [TT chung B2] '10 tháng đầu năm 2023' ''
        ");
        insta::assert_snapshot!(sender("SCT_2023.xlsx", &general("định kỳ")), @r"
        SCT -
        PeriodUnclear [TT chung B2] 'định kỳ' ''
        ");
        let title = "== T\nSở Công Thương\nKỳ báo cáo: Giai đoạn 2021-2023\n";
        insta::assert_snapshot!(sender("SCT_2023.xlsx", title), @r"
        SCT -
        PeriodUnclear [T A2] 'Kỳ báo cáo: Giai đoạn 2021-2023' ''
        ");
    }

    #[test]
    fn a_period_outside_the_programme_is_told() {
        insta::assert_snapshot!(sender("SCT_2019.xlsx", "== T\nx\n"), @r"
        SCT 2019
        PeriodOutside [ ] '2019' '2021 - 2025'
        ");
    }
}
