//! The sheets beside that of the form.

use crate::amounts::decimal;
use crate::cases::{Case, Value, cases, columns};
use crate::columns::Column;
use crate::features::{Draw, Feature, Layout};
use crate::grid::{Cell, Content, Grid};
use crate::sheet::Sheet;
use chrono::Datelike;
use programme::Form;
use std::collections::BTreeMap;

/// All sheets of the workbook: the cover, that of the form, and those beside it.
pub(crate) fn around(
    form: &Form,
    layout: &Layout,
    laid: &[Column],
    main: Vec<Grid>,
    draws: &[Draw],
    in_pairs: bool,
) -> Vec<Grid> {
    let cases = cases(&form.code, draws, in_pairs);
    let mut sheets = vec![cover()];
    let summary = layout.of(Feature::Summary);
    if summary == "by enterprise, before" {
        sheets.push(summary_by(form, &cases, columns(&form.code).name));
    }
    let beside = match summary {
        "by enterprise, after" => Some(summary_by(form, &cases, columns(&form.code).name)),
        "by district" => Some(summary_by(form, &cases, second_key(&form.code))),
        "a copy" => Some(Grid {
            name: format!("{} (2)", main[0].name),
            ..main[0].clone()
        }),
        "last year's" => Some(last_years(&main[0])),
        _ => None,
    };
    sheets.extend(main);
    sheets.extend(beside);
    if !layout.is_plain(Feature::Template) {
        let has_example = layout.of(Feature::Template) == "with an example";
        sheets.push(template(form, layout, laid, &cases, has_example));
    }
    sheets
}

fn cover() -> Grid {
    let mut grid = Grid::named("TT chung");
    for (row, (label, value)) in (0..).zip([
        ("Cơ quan báo cáo", "Sở Khoa học và Công nghệ"),
        ("Kỳ báo cáo", "Năm 2024"),
    ]) {
        grid.set(row, 0, Cell::text(label));
        grid.set(row, 1, Cell::text(value));
    }
    grid
}

fn second_key(form: &str) -> &'static str {
    match form {
        "support" => "district",
        "budget" => "source",
        _ => "place",
    }
}

/// The sums of the cases by one of their columns.
fn summary_by(form: &Form, cases: &[Case], key: &str) -> Grid {
    let money = columns(&form.code).money;
    let mut grid = Grid::named("Tổng hợp");
    grid.set(0, 0, Cell::text("BẢNG TỔNG HỢP").bold());
    grid.set(1, 0, Cell::text("Đơn vị tính: triệu đồng"));
    let heading = |name: &str| Cell::text(form.column(name).unwrap().heading.clone()).bold();
    grid.set(2, 0, Cell::text("STT").bold());
    grid.set(2, 1, heading(key));
    grid.set(2, 2, Cell::text("Số lượng").bold());
    for (col, name) in (3..).zip(money) {
        grid.set(2, col, heading(name));
    }
    let mut groups: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        let name = match case.get(key) {
            Value::Text(text) => text.as_str(),
            Value::Code { text, .. } => text,
            _ => "",
        };
        groups.entry(name).or_default().push(case);
    }
    for (row, (name, cases)) in (3..).zip(groups) {
        grid.set(row, 0, Cell::number((row - 2).to_string()));
        grid.set(row, 1, Cell::text(name));
        grid.set(row, 2, Cell::number(cases.len().to_string()));
        for (col, column) in (3..).zip(money) {
            let sum = cases.iter().map(|case| case.amount(column)).sum();
            grid.set(row, col, Cell::number(decimal(sum, 6)));
        }
    }
    grid
}

/// The sheet of the year before, left in the workbook.
fn last_years(main: &Grid) -> Grid {
    let mut grid = Grid {
        name: if main.name.contains("2024") {
            main.name.replace("2024", "2023")
        } else {
            format!("{} năm 2023", main.name)
        },
        ..main.clone()
    };
    for cell in grid.cells.values_mut() {
        match &mut cell.content {
            Content::Day(day) => *day = day.with_year(2023).unwrap_or(*day),
            Content::Text(text) => *text = text.replace("2024", "2023"),
            Content::Number(_) | Content::Formula(..) => {}
        }
    }
    grid
}

/// The blank sheet that was handed out.
fn template(
    form: &Form,
    layout: &Layout,
    laid: &[Column],
    cases: &[Case],
    has_example: bool,
) -> Grid {
    let mut sheet = Sheet::new(form, layout, laid, "Mẫu");
    sheet.titles();
    sheet.headings();
    sheet.unit_row();
    sheet.number_row();
    let mut example = cases[0].clone();
    let name = columns(&form.code).name;
    let text = "Ví dụ: Công ty TNHH A".to_owned();
    if form.code != "budget" {
        example.values.insert(name, Value::Text(text));
    }
    for number in 1..4 {
        for (at, column) in laid.iter().enumerate() {
            let cell = match column.holds {
                crate::columns::Holds::Numbering => Some(Cell::number(number.to_string())),
                _ if has_example && number == 1 => sheet.case_cell(&example, column, 0),
                _ => None,
            };
            if let Some(cell) = cell {
                sheet.set(at, cell);
            }
        }
        sheet.row += 1;
    }
    sheet.grid
}
