use crate::frame::{From, Records, Stored};
use crate::grid::{Row, Sheet, Value};
use crate::heading::{self, Heading};
use crate::observe::{Narrow, observe};
use crate::pairs::{Pairs, find_pairs, read_pairs};
use crate::record::{CellReading, Context, read_cell};
use crate::rows::{Classifier, Kind};
use crate::styles;
use crate::value::number::Style;
use crate::value::unit::unit_line;
use crate::who;
use crate::{Reading, SheetRows, Table};
use model::{CellRef, Check, FileId, Observation, RowCount, Vnd};
use programme::{Column, ColumnType, Form, Programme};
use std::collections::{BTreeMap, HashMap};
use vietext::fold;

/// Reads the sheets of a department's report.
pub(crate) fn read_report(
    file: &FileId,
    name: &str,
    sheets: Vec<Sheet>,
    programme: &Programme,
) -> Reading {
    let is_ours = |sheet: &Sheet| programme.report.is_ours(&fold(&sheet.name));
    let (own, sheets): (Vec<Sheet>, Vec<Sheet>) = sheets.into_iter().partition(is_ours);
    let mut reading = read_sheets(file, Some(name), &sheets, programme);
    // What we wrote to the sender comes back with the mended workbook; it is no part of the report.
    reading.sheets.extend(own.iter().map(not_data));
    reading
}

/// Reads the sheets of a list that no department sends.
pub(crate) fn read_list(file: &FileId, sheets: Vec<Sheet>, programme: &Programme) -> Reading {
    read_sheets(file, None, &sheets, programme)
}

/// Reads sheets; where they come from a sender, the file's name may tell which one.
fn read_sheets(
    file: &FileId,
    sent_as: Option<&str>,
    sheets: &[Sheet],
    programme: &Programme,
) -> Reading {
    let headings: Vec<Vec<Heading<'_>>> = sheets
        .iter()
        .map(|sheet| heading::find(sheet, programme))
        .collect();
    let pairs: Vec<Option<Pairs<'_>>> = sheets
        .iter()
        .zip(&headings)
        .map(|(sheet, headings)| find_pairs(sheet, headings, programme))
        .collect();
    let named: Vec<Option<String>> = sheets
        .iter()
        .map(|sheet| form_named(sheet, programme))
        .collect();
    let mut reading = Reading::default();

    let holds_form = |i: usize| !headings[i].is_empty() || pairs[i].is_some() || named[i].is_some();
    if !(0..sheets.len()).any(holds_form) {
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        reading
            .observations
            .push(observe(Check::NoForm, names.join(", ")));
        reading.sheets = sheets.iter().map(not_data).collect();
        return reading;
    }

    let general = pairs.iter().position(Option::is_some);
    let general_pairs = general.and_then(|i| pairs[i].as_ref().map(|found| (&sheets[i], found)));
    if let Some(name) = sent_as {
        let settled = who::settle(name, sheets, &headings, general_pairs, programme);
        reading.department = settled.department;
        reading.period = settled.period;
        reading.observations = settled.observations;
    }

    reading.unit = general_pairs
        .and_then(|(_, found)| found.value(found.form.reporter.as_ref()?.unit.as_ref()?))
        .map(Value::shown);

    let rows: Vec<Vec<Classified<'_>>> = sheets
        .iter()
        .zip(&headings)
        .map(|(sheet, headings)| {
            let end = |n: usize| {
                headings
                    .get(n + 1)
                    .map_or(sheet.rows.len(), |next| next.first)
            };
            headings
                .iter()
                .enumerate()
                .map(|(n, heading)| classify(sheet, heading, end(n), programme))
                .collect()
        })
        .collect();
    let elsewhere = usual_style(&headings, &rows);
    for (i, sheet) in sheets.iter().enumerate() {
        let from = From {
            file,
            department: reading.department.as_deref(),
            period: reading.period,
            sheet: &sheet.name,
            sheet_number: i + 1,
        };
        let mut counted = not_data(sheet);
        if let Some(found) = pairs[i].as_ref().filter(|_| general == Some(i)) {
            let (table, nil_return) =
                read_pairs(sheet, found, &from, programme, &mut reading.observations);
            reading.nil_return = nil_return;
            counted.rows.not_data -= 1;
            counted.rows.accepted += 1;
            counted.forms.push(table.form.clone());
            reading.tables.push(table);
        }
        for (n, heading) in headings[i].iter().enumerate() {
            let above = if n == 0 {
                0
            } else {
                headings[i][n - 1].last + 1
            };
            let mut reader = TableReader {
                sheet,
                heading,
                from: &from,
                programme,
                elsewhere,
                observations: Vec::new(),
            };
            if heading.form.own_workbook {
                reader
                    .observations
                    .push(reader.observe(Check::NominationInReport, ""));
                reading.observations.append(&mut reader.observations);
                continue;
            }
            let table = reader.read(above, &rows[i][n]);
            let data = u32::try_from(table.frame.height()).unwrap_or(u32::MAX);
            counted.rows.not_data -= data;
            counted.rows.accepted += data;
            counted.forms.push(table.form.clone());
            reading.observations.append(&mut reader.observations);
            reading.tables.push(table);
        }
        if headings[i].is_empty() && pairs[i].is_none() && !sheet.rows.is_empty() {
            reading.observations.push(
                match &named[i] {
                    Some(form) => observe(Check::SheetWithoutHeading, form_title(programme, form))
                        .on_form(form),
                    None => observe(Check::SheetUnknown, sheet.name.as_str()),
                }
                .on_sheet(&sheet.name),
            );
        }
        if let Some(cut) = &sheet.cut {
            reading
                .observations
                .push(observe(Check::SheetCut, cut.as_str()).on_sheet(&sheet.name));
        }
        reading.sheets.push(counted);
    }
    reading
}

/// The rows below a heading, each with its kind.
type Classified<'s> = Vec<(Kind, &'s Row)>;

/// The rows below a heading, up to a place in the sheet's rows.
fn classify<'s>(
    sheet: &'s Sheet,
    heading: &Heading<'_>,
    end: usize,
    programme: &Programme,
) -> Classified<'s> {
    let mut classifier = Classifier::new(heading, &programme.report.template.example_mark);
    sheet.rows[heading.last + 1..end]
        .iter()
        .map(|row| (classifier.next(row), row))
        .collect()
}

/// How the tables of a workbook write numbers, where those that show it agree.
fn usual_style(headings: &[Vec<Heading<'_>>], rows: &[Vec<Classified<'_>>]) -> Option<Style> {
    let tables = headings.iter().flatten().zip(rows.iter().flatten());
    let shown = tables
        .flat_map(|(heading, rows)| styles::of_columns(heading, rows, None).into_values())
        .collect();
    styles::agreed(&shown)
}

fn not_data(sheet: &Sheet) -> SheetRows {
    let seen = u32::try_from(sheet.rows.len())
        .unwrap_or(u32::MAX)
        .saturating_add(sheet.hidden_rows);
    SheetRows {
        name: sheet.name.clone(),
        forms: Vec::new(),
        rows: RowCount {
            seen,
            not_data: seen,
            ..RowCount::default()
        },
    }
}

fn form_title(programme: &Programme, form: &str) -> String {
    programme.form(form).map_or_else(String::new, |form| {
        format!("{} ({})", form.sheet, form.title.vi)
    })
}

/// The form that the sheet's name, or a title on it, names.
fn form_named(sheet: &Sheet, programme: &Programme) -> Option<String> {
    let titles = sheet
        .rows
        .iter()
        .take(12)
        .flat_map(|row| row.texts().map(|(_, text)| fold(text)));
    let names: Vec<String> = std::iter::once(fold(&sheet.name)).chain(titles).collect();
    let form = programme
        .forms
        .values()
        .find(|form| names.iter().any(|name| form.is_named(name)))?;
    Some(form.code.clone())
}

/// Reads one table: the rows below one heading.
struct TableReader<'a> {
    sheet: &'a Sheet,
    heading: &'a Heading<'a>,
    from: &'a From<'a>,
    programme: &'a Programme,
    /// How the workbook's tables write numbers, where they agree.
    elsewhere: Option<Style>,
    observations: Vec<Observation>,
}

/// Texts that were read before, by column and by where they are kept: the same few stand on most rows.
type Known = HashMap<(usize, *const u8), CellReading, foldhash::fast::FixedState>;

/// What the rows since a total, or since the heading, add up to, by the form's column.
#[derive(Clone)]
struct Sums {
    /// In đồng or whole numbers; nothing for a column with a cell that could not be read, whose totals say nothing.
    amounts: Vec<Option<i64>>,
}

impl Sums {
    fn new(form: &Form) -> Self {
        Self {
            amounts: vec![Some(0); form.columns.len()],
        }
    }

    fn add(&mut self, column: usize, amount: Option<i64>) {
        let sum = &mut self.amounts[column];
        *sum = sum
            .zip(amount)
            .and_then(|(sum, amount)| sum.checked_add(amount));
    }

    fn says(&self, column: usize, total: i64) -> bool {
        self.amounts[column].is_none_or(|sum| sum == total)
    }
}

/// A column of the form as it stands on the sheet.
struct Field<'a> {
    col: u32,
    place: usize,
    column: &'a Column,
    context: Context<'a>,
}

impl<'a> TableReader<'a> {
    fn observe(&self, check: Check, found: impl Into<String>) -> Observation {
        observe(check, found)
            .on_sheet(&self.sheet.name)
            .on_form(&self.heading.form.code)
    }

    fn read(&mut self, above: usize, rows: &[(Kind, &'a Row)]) -> Table {
        let heading = self.heading;
        let form = heading.form;
        self.observe_heading();
        let unit = self.unit(above);
        let styles = styles::of_columns(heading, rows, self.elsewhere);
        let fields = self.fields(unit, &styles);
        let mut records = Records::new(form, rows.len(), |place| {
            fields.iter().any(|field| field.place == place)
        });
        let (mut all, mut since) = (Sums::new(form), Sums::new(form));
        let mut waits_for_unit = false;
        let mut known = Known::default();
        for &(kind, row) in rows {
            match kind {
                Kind::Data => {
                    self.read_row(row, &fields, &mut records, &mut known, |column, amount| {
                        waits_for_unit |= amount.is_none()
                            && unit.is_none()
                            && form.columns[column].kind == ColumnType::Money;
                        all.add(column, amount);
                        since.add(column, amount);
                    })
                }
                Kind::Total => {
                    self.check_total(row, &fields, &all, &since);
                    since = Sums::new(form);
                }
                Kind::Section => since = Sums::new(form),
                Kind::Numbering | Kind::End | Kind::Other => {}
            }
        }
        if waits_for_unit && heading.units.is_empty() {
            let mut observation = self.observe(Check::UnitMissing, "");
            let first = &self.sheet.rows[heading.first];
            observation.cells = heading
                .columns
                .iter()
                .filter(|&(_, &column)| form.columns[column].kind == ColumnType::Money)
                .map(|(&col, _)| first.at(col))
                .collect();
            self.observations.push(observation);
        }
        Table {
            form: form.code.clone(),
            sheet: self.sheet.name.clone(),
            heading: heading.explained(self.sheet),
            frame: records.finish(form, self.from),
        }
    }

    fn observe_heading(&mut self) {
        let heading = self.heading;
        let form = heading.form;
        let first = &self.sheet.rows[heading.first];
        for (i, column) in form.columns.iter().enumerate() {
            if column.required && !heading.columns.values().any(|&c| c == i) {
                self.observations.push(
                    self.observe(Check::ColumnMissing, "")
                        .on_column(&column.name),
                );
            }
        }
        for &(column, col) in &heading.twice {
            let kept = heading
                .columns
                .iter()
                .find(|(_, c)| **c == column)
                .map_or(col, |(&kept, _)| kept);
            let letters = |col| {
                CellRef { row: 0, col }
                    .to_string()
                    .trim_end_matches('1')
                    .to_owned()
            };
            let found = format!("{}, {}", letters(kept), letters(col));
            let observation = self
                .observe(Check::HeadingTwice, found)
                .on_column(&form.columns[column].name);
            self.observations
                .push(observation.on_cell(first.at(kept)).on_cell(first.at(col)));
        }
        for (col, text) in &heading.unknown {
            self.observations.push(
                self.observe(Check::ColumnUnknown, text.as_str())
                    .on_cell(first.at(*col)),
            );
        }
    }

    /// The unit of money: the line nearest above the heading that names one, on this sheet.
    fn unit(&self, above: usize) -> Option<i64> {
        let named = |rows: &[Row]| {
            rows.iter()
                .rev()
                .find_map(|row| row.texts().find_map(|(_, text)| unit_line(text)))
        };
        named(&self.sheet.rows[above..=self.heading.last])
            .or_else(|| named(&self.sheet.rows[..above]))
    }

    /// The form's columns on the sheet, in the form's order.
    fn fields(&self, unit: Option<i64>, styles: &BTreeMap<usize, Style>) -> Vec<Field<'a>> {
        let heading = self.heading;
        let mut fields: Vec<Field<'a>> = heading
            .columns
            .iter()
            .map(|(&col, &place)| {
                let unit = heading.units.get(&col).copied().or(unit);
                let context = Context {
                    programme: self.programme,
                    unit,
                    style: styles.get(&place).copied(),
                    from_1904: self.sheet.from_1904,
                };
                Field {
                    col,
                    place,
                    column: &heading.form.columns[place],
                    context,
                }
            })
            .collect();
        fields.sort_by_key(|field| field.place);
        fields
    }

    /// Reads a row of data; hands on the amounts of its number columns, `None` where one is there but not known.
    fn read_row(
        &mut self,
        row: &'a Row,
        fields: &[Field<'a>],
        records: &mut Records,
        known: &mut Known,
        mut amount: impl FnMut(usize, Option<i64>),
    ) {
        records.begin(self.from, row.index);
        for field in fields {
            let Field {
                col,
                place,
                column,
                context,
            } = field;
            let own = row.cell(*col).map(|value| (row.at(*col), value));
            // An amount merged over several rows is one amount, and stands in its first row only.
            let found = own.or_else(|| {
                if column.kind.is_number() {
                    None
                } else {
                    self.sheet.merged_value(row.at(*col))
                }
            });
            let Some((cell, value)) = found else {
                if column.required {
                    let observation = self
                        .observe(Check::ValueMissing, "")
                        .on_column(&column.name)
                        .on_cell(row.at(*col));
                    self.observations.push(Observation {
                        record: Some(records.id().to_owned()),
                        ..observation
                    });
                }
                records.put(*place, &Stored::Null, Some(row.at(*col)));
                continue;
            };
            let once;
            let (stored, fault) = match value {
                // The same few texts stand on most rows of such a column.
                Value::Text(text) if column.kind != ColumnType::Text => known
                    .entry((*place, text.as_ptr()))
                    .or_insert_with(|| read_cell(column, value, context)),
                _ => {
                    once = read_cell(column, value, context);
                    &once
                }
            };
            if column.kind.is_number() {
                amount(
                    *place,
                    if let Stored::Integer(amount) = stored {
                        Some(*amount)
                    } else {
                        None
                    },
                );
            }
            if let Some(fault) = fault {
                let observation = self
                    .observe(fault.check, fault.found.as_str())
                    .expecting(fault.expected.as_str());
                let observation = observation.on_column(&column.name).on_cell(cell);
                self.observations.push(Observation {
                    record: Some(records.id().to_owned()),
                    ..observation
                });
            }
            records.put(*place, stored, Some(cell));
        }
        records.end(self.aside(row));
    }

    /// What stands in columns that the form does not have, by their headings, as JSON.
    fn aside(&self, row: &Row) -> Option<String> {
        if self.heading.unknown.is_empty() {
            return None;
        }
        let kept: serde_json::Map<String, serde_json::Value> = self
            .heading
            .unknown
            .iter()
            .filter_map(|(col, heading)| Some((heading.clone(), row.cell(*col)?.shown().into())))
            .collect();
        (!kept.is_empty()).then(|| serde_json::Value::Object(kept).to_string())
    }

    /// A total must be what all rows add up to, or what the rows since the last total or section do.
    fn check_total(&mut self, row: &Row, fields: &[Field<'a>], all: &Sums, since: &Sums) {
        for Field {
            col,
            place,
            column,
            context,
        } in fields.iter().filter(|field| field.column.kind.is_number())
        {
            let Some(value) = row.cell(*col) else {
                continue;
            };
            let (Stored::Integer(total), _) = read_cell(column, value, context) else {
                continue;
            };
            if !all.says(*place, total) && !since.says(*place, total) {
                let rows = Vnd(all.amounts[*place].unwrap_or(0));
                let observation = self
                    .observe(Check::TotalDiffers, Vnd(total).to_string())
                    .expecting(rows.to_string());
                self.observations
                    .push(observation.on_column(&column.name).on_cell(row.at(*col)));
            }
        }
    }
}
