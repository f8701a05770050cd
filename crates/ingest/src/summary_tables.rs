//! Tables that say again, summed by enterprise, district or content, what another table of the workbook lists.
//!
//! A sheet with names and sums beside the list that it sums would count everything twice. It is recognised by its amounts,
//! whatever it is called.

use crate::observe::{Narrow, observe};
use crate::reading::{Reading, Table};
use model::{Check, Observation};
use programme::{ColumnType, Form, Programme};
use std::collections::{BTreeMap, BTreeSet};

/// Takes tables out of a reading that sum up others, or asks about them.
///
/// A table of names and amounts only, beside one with all that the form requires, is never counted in silence: if its
/// amounts are those of the other it is left out with a finding, else its rows wait.
pub(crate) fn leave_out_summaries(reading: &mut Reading, programme: &Programme) {
    let mut summaries: Vec<(usize, bool)> = Vec::new();
    for form in programme.forms.values() {
        let places: Vec<usize> = (0..reading.tables.len())
            .filter(|&i| {
                reading.tables[i].form == form.code && reading.tables[i].frame.height() > 0
            })
            .collect();
        let (poor, rich): (Vec<usize>, Vec<usize>) =
            places.into_iter().partition(|&i| reading.tables[i].is_poor);
        if rich.is_empty() {
            continue;
        }
        let listed = sums(form, rich.iter().map(|&i| &reading.tables[i]));
        for i in poor {
            let own = sums(form, [&reading.tables[i]]);
            let is_summary = !own.is_empty()
                && own
                    .iter()
                    .all(|(column, sum)| listed.get(column) == Some(sum));
            summaries.push((i, is_summary));
        }
    }
    summaries.sort_unstable();
    for (i, is_summary) in summaries.into_iter().rev() {
        let (sheet, form) = (
            reading.tables[i].sheet.clone(),
            reading.tables[i].form.clone(),
        );
        // What such a table lacks as a form is no matter.
        reading.observations.retain(|observation| {
            observation.sheet.as_ref() != Some(&sheet) || observation.form.as_ref() != Some(&form)
        });
        reading
            .unsure_headings
            .retain(|heading| heading.sheet != sheet || heading.form != form);
        let check = if is_summary {
            let table = reading.tables.remove(i);
            take_out_rows(reading, &table);
            Check::SummaryTable
        } else {
            Check::SummaryUnclear
        };
        let observation: Observation = observe(check, sheet.as_str())
            .on_sheet(&sheet)
            .on_form(&form);
        reading.observations.push(observation);
    }
}

/// Asks about a table that repeats another of the workbook, row by row: a sheet that was copied counts twice.
pub(crate) fn ask_about_copies(reading: &mut Reading, programme: &Programme) {
    let mut copies = Vec::new();
    for form in programme.forms.values() {
        let tables: Vec<&Table> = reading
            .tables
            .iter()
            .filter(|table| table.form == form.code && table.frame.height() > 0)
            .collect();
        // Nearly all forms have one, and writing down its rows takes as long as they are many.
        if tables.len() < 2 {
            continue;
        }
        let mut known: Vec<(&Table, BTreeSet<String>)> = Vec::new();
        for table in tables {
            let own = rows_as_texts(form, table);
            // A sheet of examples repeats one row of another, a copied sheet all of them.
            let first = known.iter().find(|(_, rows)| own.is_subset(rows));
            let first = first.map(|(first, _)| *first);
            known.push((table, own));
            if let Some(first) = first {
                let observation = observe(Check::TableTwice, first.sheet.as_str());
                copies.push(observation.on_sheet(&table.sheet).on_form(&form.code));
            }
        }
    }
    reading.observations.extend(copies);
}

/// The values of each row of a table, one behind the other.
fn rows_as_texts(form: &Form, table: &Table) -> BTreeSet<String> {
    let columns: Vec<_> = form
        .columns
        .iter()
        .filter_map(|column| table.frame.column(&column.name).ok())
        .collect();
    let text = |row: usize| {
        let values = columns.iter().map(|column| match column.get(row) {
            Ok(value) => value.str_value().into_owned(),
            Err(_) => String::new(),
        });
        values.collect::<Vec<String>>().join("\u{1f}")
    };
    (0..table.frame.height()).map(text).collect()
}

/// The rows of a table that is left out are no data.
fn take_out_rows(reading: &mut Reading, table: &Table) {
    let rows = table.frame.column("row").and_then(|rows| rows.n_unique());
    let rows = rows
        .ok()
        .and_then(|rows| u32::try_from(rows).ok())
        .unwrap_or(0);
    if let Some(sheet) = reading
        .sheets
        .iter_mut()
        .find(|sheet| sheet.name == table.sheet)
    {
        sheet.rows.accepted = sheet.rows.accepted.saturating_sub(rows);
        sheet.rows.not_data += rows;
        sheet.forms.retain(|form| *form != table.form);
        // Its amounts were proved to be sums.
        sheet.amounts.totals += sheet.amounts.counted;
        sheet.amounts.counted = 0;
    }
}

/// What the money columns of tables add up to; none for a column without an amount.
fn sums<'t>(form: &Form, tables: impl IntoIterator<Item = &'t Table>) -> BTreeMap<String, i128> {
    let mut sums = BTreeMap::new();
    for table in tables {
        let money = form
            .columns
            .iter()
            .filter(|column| column.kind == ColumnType::Money);
        for column in money {
            let Ok(amounts) = table
                .frame
                .column(&column.name)
                .and_then(|column| column.i64().cloned())
            else {
                continue;
            };
            let sum: i128 = amounts.iter().flatten().map(i128::from).sum();
            if sum != 0 {
                *sums.entry(column.name.clone()).or_insert(0) += sum;
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use crate::read::read;
    use model::{Check, FileId};
    use programme::Programme;

    const LIST: &str = "Đơn vị tính: triệu đồng\nTên doanh nghiệp|Mã số thuế|Nội dung hỗ trợ|Bắt đầu|Tình trạng|NSNN\n\
        Công ty A|3600265395|3a1|2023-05-01|dừng|10\nCông ty B|3603295006|3a2|2023-05-01|dừng|7\n";

    /// The rows of support that count as records, and the checks.
    fn read_with(other: &str) -> (usize, Vec<Check>) {
        let programme = Programme::default_programme().unwrap();
        let text = format!(
            "== TT chung\nCơ quan báo cáo|Sở Công Thương\nKỳ báo cáo|Năm 2023\n== Biểu 3\n{LIST}{other}"
        );
        let bytes = testkit::workbook(&text);
        let reading = read(&FileId("0".repeat(64)), "a.xlsx", &bytes, &programme);
        for sheet in &reading.sheets {
            assert_eq!(sheet.rows.seen, sheet.rows.accepted + sheet.rows.not_data);
        }
        let rows = reading.tables.iter().filter(|it| it.form == "support");
        let rows = rows.map(|it| it.frame.height()).sum();
        (
            rows,
            reading.observations.iter().map(|it| it.check).collect(),
        )
    }

    fn summary(last: u32) -> String {
        format!(
            "== Tổng hợp\nĐơn vị tính: triệu đồng\nTên doanh nghiệp|Mã số thuế|NSNN\nCông ty A|3600265395|10\nCông ty B|3603295006|{last}\n"
        )
    }

    #[test]
    fn names_and_sums_beside_the_list_are_not_counted_again() {
        assert_eq!(read_with(&summary(7)), (2, vec![Check::SummaryTable]));
    }

    #[test]
    fn names_and_other_amounts_are_asked_about() {
        assert_eq!(read_with(&summary(8)), (4, vec![Check::SummaryUnclear]));
    }

    #[test]
    fn a_sheet_that_was_copied_is_asked_about() {
        let copy = format!("== Biểu 3 (2)\n{LIST}");
        assert_eq!(read_with(&copy), (4, vec![Check::TableTwice]));
        let other = copy.replace("|10\n", "|11\n").replace("|7\n", "|8\n");
        assert_eq!(read_with(&other), (4, vec![]));
    }
}
