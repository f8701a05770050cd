//! One name for the rows of one case of support, over the periods and years of its reporter.

use crate::connected::connected;
use crate::snapshot::case_mark::{CaseMark, MarkIndex};
use crate::text_column::texts;
use model::Period;
use polars::prelude::*;
use programme::Form;
use std::collections::BTreeMap;

/// The name of each row's case: that of its first record. Rows of one reporter that are surely one case have one name in
/// several years; of several in one year, as of instalments, each is a case of its own, known again by its place among them.
/// The rows of a form that is no support are each their own.
///
/// `reporters` are those of each row's file.
///
/// # Errors
/// When the frame lacks a column of its form, or is not resolved.
pub(crate) fn case_ids(
    form: &Form,
    frame: &DataFrame,
    reporters: &BTreeMap<String, String>,
) -> PolarsResult<Vec<String>> {
    let records = texts(frame, "record")?;
    let record = |row: usize| records.get(row).unwrap_or_default().to_owned();
    let mut ids: Vec<String> = (0..frame.height()).map(record).collect();
    if form.grant.is_none() {
        return Ok(ids);
    }
    let (files, periods) = (texts(frame, "file")?, texts(frame, "period")?);
    let reporter = |row: usize| reporters.get(files.get(row)?);
    let year = |row: usize| {
        let period: Period = periods.get(row)?.parse().ok()?;
        Some(period.calendar_year())
    };
    let marks = CaseMark::read_resolved(form, frame)?;
    let index = MarkIndex::new(&marks);
    let pairs = marks.iter().enumerate().flat_map(|(row, mark)| {
        let same = index.of_one_case(mark).into_iter();
        let same = same.filter(move |&other| other < row && reporter(other) == reporter(row));
        same.map(move |other| (other, row)).collect::<Vec<_>>()
    });
    for group in connected(marks.len(), pairs) {
        let mut of_year: BTreeMap<Option<i32>, usize> = BTreeMap::new();
        let first = ids[group[0]].clone();
        for row in group {
            let place = of_year.entry(year(row)).or_default();
            *place += 1;
            ids[row] = match *place {
                1 => first.clone(),
                place => format!("{first} {place}"),
            };
        }
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::case_ids;
    use crate::testing::{form, rows};
    use std::collections::BTreeMap;

    /// The case of each row, named by the first row that has it.
    fn cases(lines: &[&str]) -> Vec<String> {
        let head =
            "file | record | period | enterprise_id | enterprise | content | contract | start\n";
        let frame = rows(form("support"), &(head.to_owned() + &lines.join("\n")));
        let reporters = [("f1", "SCT/"), ("f2", "SCT/"), ("f3", "SXD/")];
        let reporters: BTreeMap<String, String> = reporters
            .map(|(file, by)| (file.to_owned(), by.to_owned()))
            .into();
        case_ids(form("support"), &frame, &reporters).unwrap()
    }

    #[test]
    fn a_contract_of_several_years_is_one_case_of_its_reporter() {
        let found = cases(&[
            "f1 | a | 2023 | E1 | Mẫu | 3a1 | 5/HĐ  | 2023-03-01",
            "f2 | b | 2024 | E1 | Mẫu | 3a1 | 05/HĐ | 2023-03-01",
            "f2 | c | 2024 | E2 | Mẫu | 3a1 | 5/HĐ  | 2023-03-01",
            "f3 | d | 2024 | E1 | Mẫu | 3a1 | 5/HĐ  | 2023-03-01",
            "f2 | e | 2024 | E1 | Mẫu | 3a1 |       | 2023-04-01",
        ]);
        assert_eq!(found, ["a", "a", "c", "d", "e"]);
    }

    #[test]
    fn rows_of_one_year_stay_cases_of_their_own() {
        let found = cases(&[
            "f1 | a | 2023 | E1 | Mẫu | 3a1 | 5/HĐ | 2023-03-01",
            "f1 | b | 2023 | E1 | Mẫu | 3a1 | 5/HĐ | 2023-09-01",
            "f2 | c | 2024 | E1 | Mẫu | 3a1 | 5/HĐ | 2023-03-01",
        ]);
        assert_eq!(found, ["a", "a 2", "a"]);
    }
}
