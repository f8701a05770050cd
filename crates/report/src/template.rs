use crate::ReportError;
use crate::xlsx::{cell, clipped};
use chrono::Datelike;
use model::{Period, Text};
use polars::prelude::*;
use programme::tables::Tables;
use programme::{Column, ColumnType, Department, Form, Layout, Programme, Words};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties,
    ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Note, ProtectionOptions, Workbook,
    Worksheet,
};
use std::collections::BTreeMap;

/// What a department's blank workbook is made from.
#[derive(Debug)]
pub struct TemplateInput<'a> {
    /// The programme.
    pub programme: &'a Programme,
    /// The department.
    pub department: &'a Department,
    /// What it will report about.
    pub period: Period,
    /// Its running cases, by form.
    pub running: Tables,
    /// Whether they are of the same year, so that their amounts go on.
    pub same_year: bool,
}

/// Writes a department's blank workbook; gives the bytes of an .xlsx.
///
/// Every sheet is a form with its headings locked, dropdowns for its lists, the rules' words on its headings and
/// a greyed row of examples. Filled in and sent back it has no finding about its structure.
///
/// # Errors
/// [`ReportError`] when the workbook cannot be made.
pub fn template(input: &TemplateInput<'_>) -> Result<Vec<u8>, ReportError> {
    let mut workbook = Workbook::new();
    let day = input.period.first_day();
    let created = ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(2021), 1, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(period_words(&input.programme.words, input.period))
            .set_creation_datetime(&created),
    );
    let styles = Styles::new();
    let lists = Lists::of(input.programme);
    let mut forms: Vec<&Form> = input
        .programme
        .forms
        .values()
        .filter(|form| !form.own_workbook)
        .collect();
    forms.sort_by_key(|form| (form.layout == Layout::Table, form.sheet.as_str()));
    for form in forms {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&form.sheet)?;
        match form.layout {
            Layout::Pairs => pairs(sheet, form, input, &styles)?,
            Layout::Table => table(sheet, form, input, &lists, &styles)?,
        }
    }
    lists.write(
        workbook.add_worksheet(),
        &input.programme.report.template.list_sheet,
    )?;
    Ok(workbook.save_to_buffer()?)
}

fn period_words(said: &Words, period: Period) -> String {
    const QUARTERS: [&str; 4] = ["I", "II", "III", "IV"];
    let year = period.calendar_year().to_string();
    match period.quarter_number() {
        Some(number) => said.render_template(
            "quarter_value",
            [
                ("quarter", QUARTERS[usize::from(number) - 1]),
                ("year", &year),
            ],
        ),
        None => said.render_template("year_value", [("year", &year)]),
    }
}

struct Styles {
    plain: Format,
    bold: Format,
    heading: Format,
    small: Format,
    example: Format,
}

impl Styles {
    fn new() -> Self {
        let plain = Format::new()
            .set_font_name("Times New Roman")
            .set_font_size(11);
        let line = plain
            .clone()
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0xA9_B4_C0));
        Self {
            bold: plain.clone().set_bold(),
            heading: line
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_background_color(Color::RGB(0xDD_E7_F0))
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            small: line
                .clone()
                .set_italic()
                .set_font_size(9)
                .set_align(FormatAlign::Center),
            example: line.set_italic().set_font_color(Color::RGB(0x8A_93_9E)),
            plain,
        }
    }

    fn entry(&self, kind: &ColumnType) -> Format {
        let entry = self
            .plain
            .clone()
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0xD5_DB_E1));
        let entry = entry
            .set_unlocked()
            .set_text_wrap()
            .set_align(FormatAlign::Top);
        match kind {
            ColumnType::Money => entry.set_num_format("#,##0.######"),
            ColumnType::Integer => entry.set_num_format("#,##0"),
            ColumnType::Date => entry.set_num_format("dd/mm/yyyy"),
            // A code keeps its leading zeros only as text.
            ColumnType::TaxCode | ColumnType::Text => entry.set_num_format("@"),
            _ => entry,
        }
    }
}

fn protect(sheet: &mut Worksheet) {
    sheet.protect_with_options(&ProtectionOptions {
        insert_rows: true,
        delete_rows: true,
        format_cells: true,
        format_rows: true,
        format_columns: true,
        sort: true,
        use_autofilter: true,
        ..ProtectionOptions::default()
    });
}

fn pairs(
    sheet: &mut Worksheet,
    form: &Form,
    input: &TemplateInput<'_>,
    styles: &Styles,
) -> Result<(), ReportError> {
    sheet.set_column_width(0, 24)?.set_column_width(1, 52)?;
    sheet.write_with_format(0, 0, form.title.vi.to_uppercase(), &styles.bold)?;
    for (row, column) in (2u32..).zip(&form.columns) {
        sheet.write_with_format(row, 0, &column.heading, &styles.bold)?;
        let reporter = form.reporter.as_ref();
        match &column.name {
            name if reporter.is_some_and(|it| it.department == *name) => {
                sheet.write_with_format(row, 1, &input.department.name, &styles.plain)?
            }
            name if reporter.is_some_and(|it| it.period == *name) => sheet.write_with_format(
                row,
                1,
                period_words(&input.programme.words, input.period),
                &styles.plain,
            )?,
            _ => sheet.write_blank(row, 1, &styles.entry(&column.kind))?,
        };
    }
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    protect(sheet);
    Ok(())
}

/// The row of the heading; numbering, examples and entries follow.
const HEAD: u32 = 6;

fn table(
    sheet: &mut Worksheet,
    form: &Form,
    input: &TemplateInput<'_>,
    lists: &Lists,
    styles: &Styles,
) -> Result<(), ReportError> {
    let words = &input.programme.report.template;
    let said = &input.programme.words;
    let last = u16::try_from(form.columns.len()).unwrap_or(u16::MAX);
    sheet.write_with_format(0, 0, &words.parent, &styles.plain)?;
    sheet.write_with_format(1, 0, input.department.name.to_uppercase(), &styles.bold)?;
    sheet.write_with_format(
        3,
        0,
        format!("{}. {}", form.sheet, form.title.vi.to_uppercase()),
        &styles.bold,
    )?;
    let mut period = period_words(said, input.period);
    if input.period.quarter_number().is_some() {
        period = format!("{period} {}", said.get("year_to_date"));
    }
    sheet.write_with_format(
        4,
        0,
        said.render_template("period_line", [("period", &period)]),
        &styles.plain,
    )?;
    if form.has_money() {
        sheet.write_with_format(
            5,
            0,
            said.render_template("unit_line", [("unit", &words.unit)]),
            &styles.plain,
        )?;
    }
    sheet.set_column_width(0, 6)?;
    sheet.write_with_format(HEAD, 0, said.get("row_no"), &styles.heading)?;
    sheet.write_with_format(HEAD + 1, 0, "(1)", &styles.small)?;
    sheet.write_with_format(HEAD + 2, 0, &words.example_mark, &styles.example)?;
    sheet.insert_note(
        HEAD + 2,
        0,
        &Note::new(&words.example_note).add_author_prefix(false),
    )?;
    let (top, bottom) = (HEAD + 3, HEAD + 2 + words.rows);
    let entry = styles.entry(&ColumnType::Integer);
    for row in top..=bottom {
        sheet.write_blank(row, 0, &entry)?;
    }
    for (col, column) in (1..).zip(&form.columns) {
        let star = if column.required { " *" } else { "" };
        sheet.set_column_width(col, width(column))?;
        sheet.write_with_format(
            HEAD,
            col,
            format!("{}{star}", column.heading),
            &styles.heading,
        )?;
        sheet.write_with_format(HEAD + 1, col, format!("({})", col + 1), &styles.small)?;
        sheet.write_with_format(
            HEAD + 2,
            col,
            example(input.programme, column),
            &styles.example,
        )?;
        let note = note(input.programme, form, column);
        if !note.is_empty() {
            let lines = u32::try_from(note.lines().count()).unwrap_or(4);
            let note = Note::new(note)
                .add_author_prefix(false)
                .set_width(300)
                .set_height(40 + lines * 30);
            sheet.insert_note(HEAD, col, &note)?;
        }
        if let Some(validation) = validation(column, lists)? {
            sheet.add_data_validation(top, col, bottom, col, &validation)?;
        }
        let entry = styles.entry(&column.kind);
        for row in top..=bottom {
            sheet.write_blank(row, col, &entry)?;
        }
    }
    if let Some(running) = input.running.get(&form.code) {
        carry_over(sheet, form, running, input, styles)?;
    }
    sheet.set_row_height(HEAD, 48)?;
    sheet
        .set_freeze_panes(HEAD + 1, 2)?
        .set_repeat_rows(HEAD, HEAD)?;
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    sheet.set_print_area(0, 0, bottom, last)?;
    protect(sheet);
    Ok(())
}

fn width(column: &Column) -> f64 {
    match column.kind {
        ColumnType::Text => 26.0,
        ColumnType::Codes { .. } => 20.0,
        ColumnType::Code { .. } | ColumnType::TaxCode => 16.0,
        ColumnType::Money => 14.0,
        _ => 12.0,
    }
}

fn example(programme: &Programme, column: &Column) -> String {
    match &column.kind {
        ColumnType::Text => String::new(),
        ColumnType::Integer => "25".to_owned(),
        ColumnType::Money => "63,5".to_owned(),
        ColumnType::Percent => "12,5".to_owned(),
        ColumnType::Date => format!("05/03/{}", programme.last_year),
        ColumnType::Flag => "x".to_owned(),
        ColumnType::TaxCode => programme.words.get("tax_code_example").to_owned(),
        ColumnType::Year => programme.last_year.to_string(),
        ColumnType::Code { list, .. } | ColumnType::Codes { list } => programme
            .lists
            .get(list)
            .and_then(|l| l.entries.last())
            .map_or_else(String::new, |e| shown(&e.code, &e.title)),
    }
}

/// A code as it is chosen: short titles stand for themselves, long ones behind their codes.
fn shown(code: &str, title: &Text) -> String {
    if title.vi.chars().count() <= 30 {
        title.vi.clone()
    } else {
        code.to_owned()
    }
}

/// What the rules say of a column, for who fills it in.
fn note(programme: &Programme, form: &Form, column: &Column) -> String {
    let mut lines: Vec<String> = Vec::new();
    if column.required {
        lines.push(programme.words.get("required").to_owned());
    }
    let of_form = |forms: &[String]| forms.contains(&form.code);
    let rules = programme
        .rules
        .values()
        .filter(|r| of_form(&r.forms) && r.columns.contains(&column.name));
    lines.extend(rules.map(|r| format!("{}: {}. {}", r.code, r.title.vi, r.advice.vi)));
    if let Some(list) = column
        .kind
        .list()
        .and_then(|list| programme.lists.get(list))
    {
        let long = list
            .entries
            .iter()
            .filter(|e| e.title.vi.chars().count() > 30)
            .take(10);
        lines.extend(long.map(|e| format!("{}: {}", e.code, e.title.vi)));
    }
    lines.join("\n")
}

fn validation(column: &Column, lists: &Lists) -> Result<Option<DataValidation>, ReportError> {
    let title = |validation: DataValidation| -> Result<DataValidation, ReportError> {
        let heading: String = column.heading.chars().take(32).collect();
        // A warning, not a wall: what the list lacks may still be right, and the reader judges it.
        Ok(validation
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_title(heading)?)
    };
    Ok(match &column.kind {
        ColumnType::Code { list, .. } | ColumnType::Codes { list } => match lists.range(list) {
            Some(range) => Some(title(
                DataValidation::new().allow_list_formula(Formula::new(range)),
            )?),
            None => None,
        },
        ColumnType::Integer => Some(title(
            DataValidation::new().allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0)),
        )?),
        ColumnType::Money => Some(title(
            DataValidation::new()
                .allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0)),
        )?),
        _ => None,
    })
}

/// The running cases, as they were last reported; amounts only where they go on in the same year.
fn carry_over(
    sheet: &mut Worksheet,
    form: &Form,
    running: &DataFrame,
    input: &TemplateInput<'_>,
    styles: &Styles,
) -> Result<(), ReportError> {
    for (row, number) in (0..running.height()).zip(1u32..) {
        let at = HEAD + 2 + number;
        sheet.write_with_format(at, 0, number, &styles.entry(&ColumnType::Integer))?;
        for (col, column) in (1..).zip(&form.columns) {
            let format = styles.entry(&column.kind);
            let values = running.column(&column.name)?;
            match (&column.kind, values.get(row)?) {
                (ColumnType::Money, AnyValue::Int64(amount)) if input.same_year => {
                    // Six digits after the point are exactly the đồng of a million.
                    let millions = format!(
                        "{}.{:06}",
                        amount / 1_000_000,
                        amount.unsigned_abs() % 1_000_000
                    );
                    let millions: f64 = millions.parse().unwrap_or_default();
                    sheet.write_number_with_format(at, col, millions, &format)?;
                }
                (ColumnType::Money, _) => {}
                (_, AnyValue::Int64(number)) => {
                    sheet.write_number_with_format(at, col, number as f64, &format)?;
                }
                (_, AnyValue::Boolean(true)) => {
                    sheet.write_with_format(at, col, "x", &format)?;
                }
                (ColumnType::Date, AnyValue::Date(_)) => {
                    if let Some(day) = values.date()?.as_date_iter().nth(row).flatten() {
                        sheet.write_with_format(
                            at,
                            col,
                            day.format("%d/%m/%Y").to_string(),
                            &format,
                        )?;
                    }
                }
                // A frame of one row may hold its texts in another way; both are texts.
                (kind, value @ (AnyValue::String(_) | AnyValue::StringOwned(_))) => {
                    let text = value.get_str().unwrap_or_default();
                    let title = |code: &str| -> String {
                        let list = kind.list().and_then(|list| input.programme.lists.get(list));
                        let entry = list.and_then(|list| list.entry(code));
                        let unclassified =
                            list.is_some_and(|list| list.unclassified.as_deref() == Some(code));
                        let other = if unclassified {
                            String::new()
                        } else {
                            code.to_owned()
                        };
                        entry.map_or(other, |entry| shown(&entry.code, &entry.title))
                    };
                    let text = match kind {
                        ColumnType::Codes { .. } => {
                            text.split(';').map(title).collect::<Vec<_>>().join("; ")
                        }
                        _ => title(text),
                    };
                    sheet.write_string_with_format(at, col, &*clipped(&text), &format)?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// The values of the dropdowns, a column each on a sheet of their own: a list in a cell ends at 255 letters.
struct Lists {
    columns: Vec<(String, Vec<String>)>,
    places: BTreeMap<String, String>,
}

impl Lists {
    fn of(programme: &Programme) -> Self {
        let mut lists = Self {
            columns: Vec::new(),
            places: BTreeMap::new(),
        };
        let sheet = programme.report.template.list_sheet.replace('\'', "''");
        for (col, list) in (0..).zip(programme.lists.values()) {
            let values: Vec<String> = list
                .entries
                .iter()
                .map(|e| shown(&e.code, &e.title))
                .collect();
            let end = u32::try_from(values.len()).unwrap_or(1);
            let range = |row| {
                let name = cell(row, col);
                let (letters, digits) =
                    name.split_at(name.find(|c: char| c.is_ascii_digit()).unwrap_or(1));
                format!("${letters}${digits}")
            };
            lists.places.insert(
                list.name.clone(),
                format!("='{sheet}'!{}:{}", range(1), range(end)),
            );
            lists.columns.push((list.title.vi.clone(), values));
        }
        lists
    }

    fn range(&self, list: &str) -> Option<&String> {
        self.places.get(list)
    }

    fn write(&self, sheet: &mut Worksheet, name: &str) -> Result<(), ReportError> {
        sheet.set_name(name)?.set_hidden(true);
        for (col, (title, values)) in (0..).zip(&self.columns) {
            sheet.write(0, col, title)?;
            for (row, value) in (1..).zip(values) {
                sheet.write(row, col, value)?;
            }
        }
        Ok(())
    }
}
