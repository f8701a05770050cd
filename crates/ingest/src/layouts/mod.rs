//! For any table, laid out and written in any of the ways departments use, reading gives its values back.

mod cells;
mod layout;
mod meant;
mod workbook;

use crate::read::read;
use crate::reading::Reading;
use layout::{LetterStyle, TableLayout, layouts};
use meant::{MeantCase, cases};
use model::FileId;
use polars::prelude::*;
use programme::Programme;
use proptest::prelude::*;
use std::sync::LazyLock;

static PROGRAMME: LazyLock<Programme> =
    LazyLock::new(|| Programme::default_programme().expect("it is checked"));

/// The values of a column as they were read.
fn column(frame: &DataFrame, name: &str) -> Vec<String> {
    let column = frame.column(name).unwrap();
    (0..frame.height())
        .map(|row| column.get(row).unwrap().str_value().into_owned())
        .collect()
}

fn check(
    reading: &Reading,
    cases: &[MeantCase],
    layout: &TableLayout,
) -> Result<(), TestCaseError> {
    prop_assert_eq!(reading.department.as_deref(), Some("SCT"));
    let table = reading.tables.iter().find(|table| table.form == "support");
    let Some(table) = table else {
        return Err(TestCaseError::fail(format!("{:?}", reading.observations)));
    };
    let expect = |name: &str, value: &dyn Fn(&MeantCase) -> String| {
        let expected: Vec<String> = cases.iter().map(value).collect();
        let read = column(&table.frame, name);
        prop_assert_eq!(read, expected, "{}: {:?}", name, reading.observations);
        Ok(())
    };
    let name = |case: &MeantCase| {
        if layout.letters == LetterStyle::Capitals {
            case.enterprise.to_uppercase()
        } else {
            case.enterprise.clone()
        }
    };
    expect("enterprise", &name)?;
    expect("tax_code", &|case| case.tax_code.to_owned())?;
    expect("content", &|case| case.content.to_owned())?;
    expect("status", &|case| case.status.to_owned())?;
    expect("start", &|case| case.start.to_string())?;
    expect("employees", &|case| case.employees.to_string())?;
    expect("model", &|case| {
        if case.model { "true" } else { "null" }.to_owned()
    })?;
    for (i, name) in ["state_budget", "enterprise_budget", "other_budget"]
        .into_iter()
        .enumerate()
    {
        expect(name, &|case| (u64::from(case.money[i]) * 1000).to_string())?;
    }
    for sheet in &reading.sheets {
        prop_assert_eq!(
            sheet.rows.seen,
            sheet.rows.accepted + sheet.rows.held + sheet.rows.not_data
        );
    }
    let proposals = reading
        .tables
        .iter()
        .filter(|table| table.form == "proposal")
        .map(|t| t.frame.height())
        .sum::<usize>();
    prop_assert_eq!(
        proposals,
        usize::from(layout.second_form),
        "{:?}",
        reading.observations
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_table_in_any_layout(cases in cases(), layout in layouts()) {
        let text = layout.workbook(&cases);
        let bytes = testkit::workbook(&text);
        let reading = read(&FileId("0".repeat(64)), "bao-cao.xlsx", &bytes, &PROGRAMME);
        check(&reading, &cases, &layout).map_err(|fault| TestCaseError::fail(format!("{fault}\n{text}")))?;
    }
}
