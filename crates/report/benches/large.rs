//! A million rows of *Biểu 02* against the writing library alone: `cargo bench --workspace --bench large`. As many records are traced;
//! a trace that long goes to a file of its own.
//!
//! What counts is how much longer the report takes than the library needs for the same cells and nothing else, in the same
//! minute, and how much memory the writing itself adds.

use aggregate::compute;
use chrono::DateTime;
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{Programme, SheetKind};
use report::{AnnualReport, Listing, NewOrigin, Origins, TraceNames};
use rust_xlsxwriter::{Format, FormatBorder, Workbook, XlsxError};
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

const ROWS: usize = 1_000_000;
const ROUNDS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let programme = Programme::default_programme()?;
    let report = million(&programme)?;
    let before = peak();
    let (mut alone, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let bytes = cells_alone()?;
        alone.push((start.elapsed().as_millis(), bytes.len()));
        let start = Instant::now();
        let trace = report.trace();
        let bytes = report::annual(&report, &TraceNames::of(&report, &trace))?;
        whole.push((start.elapsed().as_millis(), bytes.len()));
    }
    alone.sort_unstable();
    whole.sort_unstable();
    let (alone, whole) = (alone[ROUNDS / 2], whole[ROUNDS / 2]);
    let ratio = whole.0 * 100 / alone.0.max(1);
    line(&format!(
        "the same cells alone {} ms ({} MB), the report {} ms ({} MB): {}.{:02} x",
        alone.0,
        alone.1 >> 20,
        whole.0,
        whole.1 >> 20,
        ratio / 100,
        ratio % 100
    ));
    line(&format!(
        "the input takes {before} MB; writing adds {} MB at most, the file itself among them",
        peak() - before
    ));
    Ok(())
}

/// A report whose list of enterprises has a million rows, as has its trace.
fn million(programme: &Programme) -> Result<AnnualReport<'_>, Box<dyn Error>> {
    let each = |of: fn(usize) -> String| (0..ROWS).map(of).collect::<Vec<String>>();
    let record = each(|at| format!("r{at:07}"));
    let form = programme.form("support").ok_or("no form")?;
    let columns = tables::schema(form)
        .iter()
        .map(|(name, dtype)| match name.as_str() {
            "record" => Column::new(name.clone(), &record),
            "department" => Column::new(
                name.clone(),
                each(|at| ["SCT", "SYT", "SXD"][at % 3].to_owned()),
            ),
            "content" => Column::new(
                name.clone(),
                each(|at| ["3a1", "3b1", "3b3"][at % 3].to_owned()),
            ),
            _ => Column::full_null(name.clone(), ROWS, dtype),
        })
        .collect();
    let forms = Tables::from([("support".to_owned(), DataFrame::new_infer_height(columns)?)]);
    let indicator = programme.indicator("support_cases").ok_or("no indicator")?;
    let names: Vec<String> = (0..10)
        .map(|at| format!("Bao cao NSCL {at}.xlsx"))
        .collect();
    let cells = each(|at| format!("J{}", at + 1));
    let form_columns: Arc<[String]> = vec!["content".to_owned()].into();
    let rows = record.iter().zip(&cells).enumerate();
    let origins = rows.map(|(at, (record, cells))| NewOrigin {
        record,
        department: "Sở Công Thương",
        file: "0123456789abcdef",
        file_name: &names[at % 10],
        sheet: "Biểu 3",
        row: i64::try_from(at + 1).unwrap_or(0),
        cells,
        columns: &form_columns,
    });
    let origins = Origins::new(origins.collect());
    let tables = tables::complete(programme, &forms)?;
    let figures = compute(indicator, &tables, "2023", origins.records())?;

    let sheet = programme
        .report
        .sheets
        .iter()
        .find(|sheet| sheet.name == "Biểu 02")
        .ok_or("no sheet")?;
    let SheetKind::Listing { columns, .. } = &sheet.kind else {
        return Err("no listing".into());
    };
    let days: Vec<i32> = (0..ROWS)
        .map(|at| 19_000 + i32::try_from(at % 700).unwrap_or(0))
        .collect();
    let columns = columns
        .iter()
        .map(|column| match column.name.as_str() {
            "cases" | "state_budget" | "enterprise_budget" | "other_budget" => {
                let amounts: Vec<i64> = (0..ROWS)
                    .map(|at| 1_000_000 * i64::try_from(at % 90).unwrap_or(0))
                    .collect();
                Ok(Column::new(column.name.as_str().into(), amounts))
            }
            "first" => Column::new("first".into(), &days).cast(&DataType::Date),
            "model" => Ok(Column::new(
                "model".into(),
                (0..ROWS).map(|at| at % 50 == 0).collect::<Vec<bool>>(),
            )),
            "enterprise" => Ok(Column::new(
                "enterprise".into(),
                each(|at| format!("Công ty TNHH Mẫu số {at}")),
            )),
            "tax_code" => Ok(Column::new(
                "tax_code".into(),
                each(|at| format!("36{at:08}")),
            )),
            name => Ok(Column::new(
                name.into(),
                each(|at| ["bien-hoa", "Gốm mỹ nghệ", "3a1; 3b1"][at % 3].to_owned()),
            )),
        })
        .collect::<PolarsResult<Vec<Column>>>()?;
    let listing = Listing {
        frame: DataFrame::new_infer_height(columns)?,
    };
    Ok(AnnualReport {
        programme,
        from: 2023,
        year: 2023,
        is_final: false,
        part: model::PartOfYear::Whole,
        under_today: false,
        as_of: DateTime::parse_from_rfc3339("2023-11-25T09:00:00+07:00")?,
        status: model::ReportStatus::Draft,
        figures: BTreeMap::from([(indicator.name.clone(), figures)]),
        before: BTreeMap::new(),
        targets: Vec::new(),
        ranges: BTreeMap::new(),
        years_without_data: Default::default(),
        counting: Vec::new(),
        counting_rows: Vec::new(),
        years: BTreeMap::new(),
        all_years: BTreeMap::new(),
        plan_shares: BTreeMap::new(),
        questions: 0,
        listings: BTreeMap::from([(sheet.name.clone(), listing)]),
        departments: Vec::new(),
        held: Vec::new(),
        findings: Vec::new(),
        not_compared: Vec::new(),
        registers: Vec::new(),
        overlaps: Vec::new(),
        restatement: None,
        origins,
        inputs_hash: "0".repeat(64),
        figures_hash: "0".repeat(64),
        log_head: None,
        offices: Vec::new(),
        backdated: Vec::new(),
    })
}

/// The same cells written by the library and nothing else.
fn cells_alone() -> Result<Vec<u8>, XlsxError> {
    let text = Format::new()
        .set_font_name("Times New Roman")
        .set_border(FormatBorder::Thin)
        .set_text_wrap();
    let number = text.clone().set_num_format("#,##0;-#,##0;–");
    let mut workbook = Workbook::new();
    let list = workbook.add_worksheet_with_constant_memory()?;
    for at in 0..1_000_000u32 {
        list.write_number_with_format(at, 0, at, &number)?;
        list.write_string_with_format(at, 1, format!("Công ty TNHH Mẫu số {at}"), &text)?;
        list.write_string_with_format(at, 2, format!("36{at:08}"), &text)?;
        for col in 3..9 {
            list.write_string_with_format(
                at,
                col,
                ["TP. Biên Hòa", "Gốm mỹ nghệ", "3a1; 3b1"][at as usize % 3],
                &text,
            )?;
        }
        for col in [9, 10, 12, 13, 14] {
            list.write_number_with_format(at, col, 1_000_000 * (at % 90), &number)?;
        }
        list.write_string_with_format(at, 11, if at % 50 == 0 { "x" } else { "" }, &text)?;
    }
    workbook.save_to_buffer()
}

/// The most memory this process has taken so far, in MB; 0 where the system does not tell.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok())
        .unwrap_or(0)
        >> 10
}

#[expect(clippy::print_stdout, reason = "a benchmark speaks for itself")]
fn line(text: &str) {
    println!("{text}");
}
