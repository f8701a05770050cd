//! What the tests of this crate build on: a programme, small reports, a paper that is text, workbooks read back.

use crate::error::ReportError;
use crate::input::annual::{AnnualReport, TargetProgress};
use crate::input::origin::{NewOrigin, Origins};
use crate::paper::cell::{CellValue, FigureCell, FigureSum};
use crate::paper::chart::BarChart;
use crate::paper::heading::ColumnHeading;
use crate::paper::look::Look;
use crate::paper::{HEADING_ROW, Paper};
use aggregate::{Figures, RecordNumbers};
use calamine::{Data, Reader, Xlsx};
use chrono::{DateTime, FixedOffset};
use model::{Extent, FileId, Finding, IssueStamp, ReportStatus, Severity, Text};
use polars::prelude::*;
use programme::tables::Tables;
use programme::{Indicator, Measure, Programme};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::{Arc, OnceLock};

/// The programme of this province.
pub(crate) fn programme() -> &'static Programme {
    static PROGRAMME: OnceLock<Programme> = OnceLock::new();
    PROGRAMME.get_or_init(|| Programme::default_programme().unwrap())
}

pub(crate) fn moment(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

/// A report on 2023 with nothing in it yet.
pub(crate) fn report(programme: &Programme) -> AnnualReport<'_> {
    AnnualReport {
        programme,
        from: 2023,
        year: 2023,
        is_final: false,
        part: Default::default(),
        under_today: false,
        as_of: moment("2023-11-25T09:00:00+07:00"),
        status: ReportStatus::Unmarked,
        figures: BTreeMap::new(),
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
        listings: BTreeMap::new(),
        departments: Vec::new(),
        held: Vec::new(),
        findings: Vec::new(),
        not_compared: Vec::new(),
        registers: Vec::new(),
        overlaps: Vec::new(),
        restatement: None,
        origins: Origins::default(),
        inputs_hash: "0123456789abcdef0123".to_owned(),
        figures_hash: "0f1e2d3c4b5a69788796a5b4c3d2e1f0".repeat(2),
        log_head: Some((7, "3f2a9c110b7e44d1a8c055219f3e7d60".repeat(2))),
        offices: Vec::new(),
        backdated: Vec::new(),
    }
}

/// Issued under a number, signed on a day.
pub(crate) fn issued(number: &str, signed_on: &str) -> ReportStatus {
    ReportStatus::Issued(IssueStamp {
        number: number.parse().unwrap(),
        signed_on: signed_on.parse().unwrap(),
    })
}

/// Figures of an indicator of the programme over 2023: for each row its keys, in the order of `by`, its record and its
/// value.
pub(crate) fn figures(
    name: &str,
    measure: Measure,
    by: &[&str],
    rows: &[(&[&str], &str, &str)],
) -> Figures {
    let records = rows.iter().map(|(_, record, _)| (*record).to_owned());
    let mut records: Vec<String> = records.collect();
    records.sort();
    figures_of(
        name,
        measure,
        by,
        rows,
        &Arc::new(RecordNumbers::new(records)),
    )
}

/// The same of records that have their numbers.
pub(crate) fn figures_of(
    name: &str,
    measure: Measure,
    by: &[&str],
    rows: &[(&[&str], &str, &str)],
    records: &Arc<RecordNumbers>,
) -> Figures {
    let mut columns: Vec<Column> = by
        .iter()
        .enumerate()
        .map(|(at, key)| {
            let codes: Vec<&str> = rows.iter().map(|(keys, ..)| keys[at]).collect();
            Column::new((*key).into(), codes)
        })
        .collect();
    let ids: Vec<&str> = rows.iter().map(|(_, record, _)| *record).collect();
    let values: Vec<&str> = rows.iter().map(|(.., value)| *value).collect();
    columns.extend([
        Column::new("record".into(), ids),
        Column::new("field".into(), vec!["content"; rows.len()]),
        Column::new("value".into(), values),
    ]);
    let frame = DataFrame::new_infer_height(columns).unwrap();
    let indicator = Indicator {
        name: name.to_owned(),
        title: Text::default(),
        clause: String::new(),
        unit: String::new(),
        measure,
        by: by.iter().map(|key| (*key).to_owned()).collect(),
        sql: "SELECT * FROM given".to_owned(),
    };
    let tables = Tables::from([("given".to_owned(), frame)]);
    aggregate::compute(&indicator, &tables, "2023", records).unwrap()
}

/// Where records come from: record, department and row, each with a file of its own for each department.
pub(crate) fn origins(rows: &[(&str, &str, i64)]) -> Origins {
    let columns: Arc<[String]> = ["name", "content"].map(str::to_owned).into();
    let texts = |(_, department, row): &(&str, &str, i64)| {
        (
            format!("0123456789ab{department}"),
            format!("B{row} J{row}"),
        )
    };
    let texts: Vec<(String, String)> = rows.iter().map(texts).collect();
    let given = rows.iter().zip(&texts);
    let origins = given.map(|(&(record, department, row), (file, cells))| NewOrigin {
        record,
        department,
        file,
        file_name: "bao-cao.xlsx",
        sheet: "Biểu 3",
        row,
        cells,
        columns: &columns,
    });
    Origins::new(origins.collect())
}

/// How far the target of the indicator of these figures is reached, with so much that is open.
pub(crate) fn target(programme: &Programme, figures: Figures, open: i64) -> TargetProgress<'_> {
    let target = programme
        .targets
        .iter()
        .find(|target| target.indicator == figures.indicator)
        .unwrap();
    let total = figures.total();
    TargetProgress {
        target,
        in_year: total,
        range: (total - open, total + open),
        by_year: BTreeMap::from([(2022, (0, 0)), (2023, (total, total))]),
        figures,
    }
}

/// A finding on the cells of a sheet.
pub(crate) fn finding(code: &str, severity: Severity, sheet: &str, cells: &[&str]) -> Finding {
    let text = |vi: &str| Text {
        vi: vi.to_owned(),
        en: String::new(),
    };
    Finding {
        code: code.to_owned(),
        severity,
        extent: Extent::Row,
        file: FileId("f".repeat(64)),
        file_name: "sct.xlsx".to_owned(),
        sheet: Some(sheet.to_owned()),
        form: None,
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        column: None,
        records: Vec::new(),
        found: String::new(),
        message: text("Ngày kết thúc trước ngày bắt đầu"),
        advice: text("Sửa ngày"),
    }
}

/// A sheet as text: a line a row, cells divided by '|'.
///
/// `*` is bold, `+` as it should be, `?` waits, `=` of the row of totals, `#` names a row; `‹2›` is a cell over two
/// columns, and a figure is followed by its id and by what it adds up.
#[derive(Default)]
pub(crate) struct TextPaper {
    pub text: String,
    cells: Vec<String>,
    row: u32,
}

impl TextPaper {
    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }
}

/// What a sheet looks like as text.
pub(crate) fn on_text(write: impl FnOnce(&mut dyn Paper) -> Result<(), ReportError>) -> String {
    let mut paper = TextPaper::default();
    write(&mut paper).unwrap();
    paper.text
}

fn mark(look: Look) -> &'static str {
    match look {
        Look::Text | Look::Center | Look::Right | Look::Number | Look::Share => "",
        Look::TextBold | Look::NumberBold => "*",
        Look::TotalText | Look::Total | Look::ShareTotal => "=",
        Look::Good => "+",
        Look::Pending => "?",
    }
}

fn figure_text(figure: &FigureCell<'_>) -> String {
    let (value, id) = (
        figure.figures.value(&figure.keys),
        figure.figures.id(&figure.keys),
    );
    let sum = match figure.sum {
        FigureSum::Not => String::new(),
        FigureSum::Column | FigureSum::ColumnOfParts => " Σ".to_owned(),
        FigureSum::Below(rows, sum) => format!(" Σ↓{rows}={sum}"),
        FigureSum::Left(columns) => format!(" Σ{columns}"),
    };
    let name = if figure.is_named { " named" } else { "" };
    format!("{value} ({id}{sum}{name})")
}

impl Paper for TextPaper {
    fn head(&mut self, headings: &[ColumnHeading<'_>], kept: u16) -> Result<(), ReportError> {
        let shown: Vec<String> = headings
            .iter()
            .map(|heading| match heading.group {
                Some(group) => format!("{group}: {}", heading.text),
                None => heading.text.to_string(),
            })
            .collect();
        self.line(&format!("[{}] kept {kept}", shown.join(" | ")));
        self.row = HEADING_ROW + 1;
        Ok(())
    }

    fn data_table(
        &mut self,
        headings: &[ColumnHeading<'_>],
        rows: u32,
        sums: &[Option<i64>],
    ) -> Result<(), ReportError> {
        let shown = |sum: &Option<i64>| sum.map_or(String::new(), |sum| sum.to_string());
        let sums: Vec<String> = sums.iter().map(shown).collect();
        self.line(&format!("data {rows}: {}", sums.join(" | ")));
        self.head(headings, 0)
    }

    fn row(&self) -> u32 {
        self.row
    }

    fn cell(&mut self, value: &CellValue<'_>, columns: u16) -> Result<(), ReportError> {
        let text = match value {
            CellValue::Text(text, _) => text.to_string(),
            CellValue::Number(number, Look::Center) => format!("#{number}"),
            CellValue::Number(number, _) => number.to_string(),
            CellValue::Date(day) => day.map(|day| day.to_string()).unwrap_or_default(),
            CellValue::Figure(figure) => figure_text(figure),
            CellValue::Share { parts, columns, .. } => match columns {
                Some([part, whole]) => format!("{}/{} ←{part}/←{whole}", parts[0], parts[1]),
                None => format!("{}/{}", parts[0], parts[1]),
            },
            CellValue::Total(result, _) => format!("{result} Σ"),
        };
        let span = if columns > 1 {
            format!("‹{columns}›")
        } else {
            String::new()
        };
        self.cells
            .push(format!("{}{text}{span}", mark(value.look())));
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), ReportError> {
        let cells = std::mem::take(&mut self.cells);
        self.line(&cells.join(" | "));
        self.row += 1;
        Ok(())
    }

    fn next_table(
        &mut self,
        title: Option<&str>,
        headings: &[ColumnHeading<'_>],
    ) -> Result<(), ReportError> {
        let shown: Vec<String> = headings
            .iter()
            .map(|heading| format!("{}‹{}›", heading.text, heading.columns))
            .collect();
        self.line(&format!("-- {}", title.unwrap_or_default()));
        self.line(&format!("[{}]", shown.join(" | ")));
        self.row += 3;
        Ok(())
    }

    fn note(&mut self, text: &str) -> Result<(), ReportError> {
        self.line(&format!("note: {text}"));
        Ok(())
    }

    fn filter(&mut self) -> Result<(), ReportError> {
        self.line("filter");
        Ok(())
    }

    fn chart(&mut self, chart: &BarChart<'_>) -> Result<(), ReportError> {
        self.line(&format!(
            "chart {} over {:?}",
            chart.title, chart.categories
        ));
        for series in &chart.series {
            self.line(&format!(
                "  {} {:?} {:?}",
                series.name, series.cells, series.values
            ));
        }
        Ok(())
    }

    fn fit_one_page(&mut self) -> Result<(), ReportError> {
        self.line("one page");
        Ok(())
    }
}

/// The sheets of a workbook, and the cells of one of them: a line a row, a formula behind its result.
pub(crate) struct ReadWorkbook {
    pub bytes: Vec<u8>,
    pub sheets: Vec<String>,
}

impl ReadWorkbook {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        let workbook = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
        Self {
            sheets: workbook.sheet_names(),
            bytes,
        }
    }

    pub(crate) fn text(&self, sheet: &str) -> String {
        let mut workbook = Xlsx::new(Cursor::new(self.bytes.clone())).unwrap();
        let cells = workbook.worksheet_range(sheet).unwrap();
        let formulas = workbook.worksheet_formula(sheet).unwrap();
        let (top, left) = cells.start().unwrap_or_default();
        let mut text = String::new();
        for (row, values) in (top..).zip(cells.rows()) {
            let shown: Vec<String> = (left..)
                .zip(values)
                .map(|(col, value)| {
                    let value = match value {
                        Data::Empty => String::new(),
                        value => value.to_string(),
                    };
                    match formulas.get_value((row, col)).filter(|f| !f.is_empty()) {
                        Some(formula) => format!("{value} ={formula}"),
                        None => value,
                    }
                })
                .collect();
            let line = shown.join(" | ");
            let line = line.trim_end_matches([' ', '|']);
            if !line.is_empty() {
                text.push_str(&format!("{}: {line}\n", row + 1));
            }
        }
        text
    }

    /// A file of the archive that a workbook is.
    pub(crate) fn part(&self, path: &str) -> String {
        let mut archive = ::zip::ZipArchive::new(Cursor::new(&self.bytes)).unwrap();
        let mut text = String::new();
        let mut file = archive.by_name(path).unwrap();
        file.read_to_string(&mut text).unwrap();
        text
    }
}
