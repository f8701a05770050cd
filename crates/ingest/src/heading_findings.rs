//! What a heading lacks, says twice or says beyond its form, and the unit of money that stands around it.

use crate::column_sums::ColumnSums;
use crate::grid::{Row, SheetGrid, Value, column_letters};
use crate::headings::matching::HeadingMatch;
use crate::headings::{AnsweredColumn, UnsureColumn};
use crate::observe::{Narrow, observe};
use crate::value::unit::unit_line;
use model::{CellRef, Check, HeadingMeaning, Observation, UnsureHeading};
use programme::{ColumnType, Words};

/// An observation about a table.
pub(crate) fn observe_table(
    sheet: &SheetGrid,
    heading: &HeadingMatch<'_>,
    check: Check,
    found: impl Into<String>,
) -> Observation {
    observe(check, found)
        .on_sheet(&sheet.name)
        .on_form(&heading.form.code)
}

/// Required columns that are missing, columns with the same heading, columns that the form does not have.
pub(crate) fn heading_findings(
    sheet: &SheetGrid,
    heading: &HeadingMatch<'_>,
    sums: &ColumnSums,
) -> Vec<Observation> {
    let form = heading.form;
    let first = &sheet.rows[heading.first];
    let of_heading = |check, found: String| observe_table(sheet, heading, check, found);
    let at = |col: u32| heading_cell(sheet, heading, col);
    let mut observations = Vec::new();
    for (i, column) in form.columns.iter().enumerate() {
        // One that may be there under another heading is asked about below.
        let is_asked = heading
            .unsure
            .iter()
            .any(|unsure| unsure.places.contains(&i));
        if column.required && !heading.has(i) && !is_asked {
            let observation = of_heading(Check::ColumnMissing, String::new());
            observations.push(observation.on_column(&column.name));
        }
    }
    for &(column, col) in &heading.duplicate_headings {
        let kept = heading
            .columns
            .iter()
            .find(|(_, c)| **c == column)
            .map_or(col, |(&kept, _)| kept);
        let found = format!("{}, {}", column_letters(kept), column_letters(col));
        observations.push(
            of_heading(Check::HeadingTwice, found)
                .on_column(&form.columns[column].name)
                .on_cell(first.at(kept))
                .on_cell(first.at(col)),
        );
    }
    for (col, text) in &heading.unknown {
        let observation = of_heading(Check::ColumnUnknown, text.clone());
        observations.push(observation.on_cell(at(*col)));
    }
    for unsure in &heading.unsure {
        if !sums.columns.contains(&unsure.col) {
            observations.push(unsure_column(sheet, heading, unsure, at(unsure.col)));
        }
    }
    observations
}

/// What persons said of headings: so that a report tells on whose word a column counts, or does not.
pub(crate) fn answered_headings(
    sheet: &SheetGrid,
    heading: &HeadingMatch<'_>,
    words: &Words,
) -> Vec<Observation> {
    let told = |answered: &AnsweredColumn| {
        let meaning = answered.place.map_or_else(
            || words.get("answer_not_of_form").to_owned(),
            |place| format!("“{}”", heading.form.columns[place].heading),
        );
        observe_table(
            sheet,
            heading,
            Check::HeadingAnswered,
            answered.text.clone(),
        )
        .expecting(format!("{meaning} ({})", answered.answer.said))
        .on_cell(heading_cell(sheet, heading, answered.col))
    };
    heading.answered.iter().map(told).collect()
}

/// The headings that do not say which of the form's columns they are, and those of which a person said it.
pub(crate) fn unsure_headings(
    sheet: &SheetGrid,
    heading: &HeadingMatch<'_>,
    sums: &ColumnSums,
) -> Vec<UnsureHeading> {
    let name = |place: usize| heading.form.columns[place].name.clone();
    let of = |col: u32, key: &str, text: &str| UnsureHeading {
        form: heading.form.code.clone(),
        heading: key.to_owned(),
        shown: text.to_owned(),
        sheet: sheet.name.clone(),
        cell: heading_cell(sheet, heading, col).to_string(),
        values: first_values(sheet, heading, col),
        may_be: Vec::new(),
        likeliest: None,
        answer: None,
    };
    let asked = heading.unsure.iter();
    let asked = asked
        .filter(|unsure| !sums.columns.contains(&unsure.col))
        .map(|unsure| UnsureHeading {
            may_be: unsure.places.iter().map(|&place| name(place)).collect(),
            likeliest: unsure.likeliest.map(name),
            answer: unsure.said.clone(),
            ..of(unsure.col, &unsure.key, &unsure.text)
        });
    let answered = heading.answered.iter().map(|answered| UnsureHeading {
        answer: Some(match answered.place {
            Some(place) => HeadingMeaning::Column(name(place)),
            None => HeadingMeaning::NotOfForm,
        }),
        ..of(answered.col, &answered.key, &answered.text)
    });
    asked.chain(answered).collect()
}

/// The lowest cell of the heading over a column.
fn heading_cell(sheet: &SheetGrid, heading: &HeadingMatch<'_>, col: u32) -> CellRef {
    let rows = &sheet.rows[heading.first..=heading.last];
    let row = rows.iter().rev().find(|row| row.cell(col).is_some());
    row.unwrap_or(&rows[0]).at(col)
}

/// So many values under a heading show what it holds.
const SHOWN: usize = 3;

/// The question what a column is, with what stands under it.
fn unsure_column(
    sheet: &SheetGrid,
    heading: &HeadingMatch<'_>,
    unsure: &UnsureColumn,
    at: CellRef,
) -> Observation {
    let columns = &heading.form.columns;
    let is_money = |place: &usize| columns[*place].kind == ColumnType::Money;
    let check = if unsure.places.iter().any(is_money) && !unsure.is_beside {
        Check::MoneyColumnUnsure
    } else {
        Check::ColumnUnsure
    };
    let values = first_values(sheet, heading, unsure.col);
    let found = format!("{} ({})", unsure.text, values.join("; "));
    let may_be: Vec<&str> = unsure
        .places
        .iter()
        .map(|&place| columns[place].heading.as_str())
        .collect();
    observe_table(sheet, heading, check, found)
        .expecting(may_be.join(", "))
        .on_cell(at)
}

/// The first values under a heading.
fn first_values(sheet: &SheetGrid, heading: &HeadingMatch<'_>, col: u32) -> Vec<String> {
    let below = sheet.rows[heading.last + 1..].iter();
    let values = below.filter_map(|row| row.cell(col));
    values.take(SHOWN).map(Value::shown).collect()
}

/// The finding on a table whose amounts have no unit: at its columns of money without one.
pub(crate) fn missing_unit(
    sheet: &SheetGrid,
    heading: &HeadingMatch<'_>,
    around: Option<i64>,
) -> Observation {
    let cells = heading
        .placed()
        .filter(|(col, place)| {
            has_unit(&heading.form.columns[*place].kind)
                && heading.units.get(col).copied().or(around).is_none()
        })
        .map(|(col, _)| heading_cell(sheet, heading, col))
        .collect();
    Observation {
        cells,
        ..observe_table(sheet, heading, Check::UnitMissing, "")
    }
}

/// Whether the amounts of a column say nothing without a unit.
pub(crate) fn has_unit(kind: &ColumnType) -> bool {
    match kind {
        ColumnType::Money => true,
        ColumnType::Text
        | ColumnType::Integer
        | ColumnType::Percent
        | ColumnType::Date
        | ColumnType::Flag
        | ColumnType::TaxCode
        | ColumnType::Year
        | ColumnType::Code { .. }
        | ColumnType::Codes { .. } => false,
    }
}

/// The unit of money, as so many đồng: the line nearest above the heading that names one, on this sheet.
///
/// Lines from the sheet's row `above` on are the table's own; before them is another table.
pub(crate) fn unit_of_table(
    sheet: &SheetGrid,
    heading: &HeadingMatch<'_>,
    above: usize,
) -> Option<i64> {
    let named = |rows: &[Row]| {
        rows.iter()
            .rev()
            .find_map(|row| row.texts().find_map(|(_, text)| unit_line(text)))
    };
    // A sheet often names its unit once, above the first of its tables.
    named(&sheet.rows[above..=heading.last]).or_else(|| named(&sheet.rows[..above]))
}

#[cfg(test)]
mod tests {
    use super::{heading_findings, unit_of_table};
    use crate::column_sums::ColumnSums;
    use crate::grid::SheetGrid;
    use crate::headings::{HeadingContext, find_headings};
    use crate::limits::Purpose;
    use crate::workbook::open;
    use programme::Programme;

    fn sheet(text: &str) -> SheetGrid {
        let bytes = testkit::workbook(text);
        let opened = open(&bytes, "a.xlsx", Purpose::Report).ok().unwrap();
        opened.sheets.into_iter().next().unwrap()
    }

    #[test]
    fn columns_missing_said_twice_and_unknown_are_named() {
        let programme = Programme::default_programme().unwrap();
        let sheet = sheet("== Biểu 3\nTên doanh nghiệp|MST|Đánh giá|Mã số thuế|NSNN|Bắt đầu\n");
        let headings = find_headings(&sheet, HeadingContext::of(&programme));
        let shown: Vec<String> = heading_findings(&sheet, &headings[0], &ColumnSums::default())
            .iter()
            .map(|o| {
                let cells: Vec<String> = o.cells.iter().map(ToString::to_string).collect();
                let column = o.column.as_deref().unwrap_or("-");
                format!("{:?} {column} '{}' [{}]", o.check, o.found, cells.join(" "))
            })
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @r"
        ColumnMissing content '' []
        ColumnMissing status '' []
        HeadingTwice tax_code 'B, D' [B1 D1]
        ColumnUnknown - 'Đánh giá' [C1]
        ");
    }

    #[test]
    fn the_nearest_unit_above_counts_and_that_of_a_table_before_if_there_is_none() {
        let programme = Programme::default_programme().unwrap();
        let table = "Tên doanh nghiệp|Nội dung hỗ trợ|NSNN\nA|3a1|1\n";
        let text = format!(
            "== T\nĐVT: đồng\nĐơn vị tính: triệu đồng\n{table}\n{table}\nĐVT: tỷ đồng\n{table}"
        );
        let sheet = sheet(&text);
        let headings = find_headings(&sheet, HeadingContext::of(&programme));
        let units: Vec<Option<i64>> = headings
            .iter()
            .scan(0, |above, heading| {
                let unit = unit_of_table(&sheet, heading, *above);
                *above = heading.last + 1;
                Some(unit)
            })
            .collect();
        assert_eq!(
            units,
            [Some(1_000_000), Some(1_000_000), Some(1_000_000_000)]
        );
    }
}
