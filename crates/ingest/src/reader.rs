//! The sheets of a workbook, read form by form.

use crate::decimal_notation::{agreed, column_notations};
use crate::grid::{SheetGrid, Value};
use crate::labelled_values::{LabelledValues, read_labelled_values};
use crate::observe::{Narrow, observe};
use crate::reading::{Reading, SheetRows};
use crate::records::TableOrigin;
use crate::sender::identify_sender;
use crate::sheet_forms::{ClassifiedRows, SheetForms};
use crate::table_reader::TableReader;
use crate::value::number::DecimalNotation;
use model::{Check, FileId, RowCount};
use programme::Programme;
use vietext::fold;

/// Reads the sheets of a department's report.
pub(crate) fn read_report_sheets(
    file: &FileId,
    name: &str,
    sheets: Vec<SheetGrid>,
    programme: &Programme,
) -> Reading {
    let is_ours = |sheet: &SheetGrid| programme.report.is_ours(&fold(&sheet.name));
    let (own, sheets): (Vec<SheetGrid>, Vec<SheetGrid>) = sheets.into_iter().partition(is_ours);
    let mut reading = read_sheets(file, Some(name), &sheets, programme);
    // What we wrote to the sender comes back with the mended workbook; it is no part of the report.
    reading.sheets.extend(own.iter().map(not_data));
    reading
}

/// Reads the sheets of a list that no department sends.
pub(crate) fn read_list_sheets(
    file: &FileId,
    sheets: &[SheetGrid],
    programme: &Programme,
) -> Reading {
    read_sheets(file, None, sheets, programme)
}

/// Reads sheets; if they come from a sender, the file's name may say from which one.
fn read_sheets(
    file: &FileId,
    sent_as: Option<&str>,
    sheets: &[SheetGrid],
    programme: &Programme,
) -> Reading {
    let forms: Vec<SheetForms<'_>> = sheets
        .iter()
        .map(|sheet| SheetForms::find(sheet, programme))
        .collect();
    let mut reading = Reading::default();
    if forms.iter().all(SheetForms::is_unknown) {
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        reading
            .observations
            .push(observe(Check::NoForm, names.join(", ")));
        reading.sheets = sheets.iter().map(not_data).collect();
        return reading;
    }
    if let Some(name) = sent_as {
        let sender = identify_sender(name, &forms, programme);
        reading.department = sender.department;
        reading.period = sender.period;
        reading.observations = sender.observations;
    }
    // A workbook has one general form: should more sheets look like it, the first counts.
    let general = forms.iter().position(|forms| forms.labelled.is_some());
    reading.unit = general
        .and_then(|i| forms[i].labelled.as_ref()?.value("unit"))
        .map(Value::shown);

    let rows: Vec<Vec<ClassifiedRows<'_>>> = forms
        .iter()
        .map(|forms| forms.classify_rows(programme))
        .collect();
    let workbook = WorkbookReader {
        programme,
        elsewhere: usual_notation(&forms, &rows),
    };
    let department = reading.department.clone();
    for (i, (forms, rows)) in forms.iter().zip(&rows).enumerate() {
        let origin = TableOrigin {
            file,
            department: department.as_deref(),
            period: reading.period,
            sheet: &forms.sheet.name,
            sheet_number: i + 1,
        };
        let labelled = forms.labelled.as_ref().filter(|_| general == Some(i));
        workbook.read_sheet(forms, rows, labelled, &origin, &mut reading);
    }
    reading
}

/// How the tables of a workbook write numbers, if those that show it agree.
fn usual_notation(
    forms: &[SheetForms<'_>],
    rows: &[Vec<ClassifiedRows<'_>>],
) -> Option<DecimalNotation> {
    let headings = forms.iter().flat_map(|forms| &forms.headings);
    let shown = headings
        .zip(rows.iter().flatten())
        .flat_map(|(heading, rows)| column_notations(heading, rows, None).into_values())
        .collect();
    agreed(&shown)
}

/// A sheet's rows, none of them data so far.
fn not_data(sheet: &SheetGrid) -> SheetRows {
    let seen = u32::try_from(sheet.rows.len())
        .unwrap_or(u32::MAX)
        .saturating_add(sheet.left_out);
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

/// What holds for all sheets of a workbook.
struct WorkbookReader<'a> {
    programme: &'a Programme,
    /// How the workbook's tables write numbers, if they agree.
    elsewhere: Option<DecimalNotation>,
}

impl WorkbookReader<'_> {
    /// Reads the forms of a sheet; `labelled` is the general form if this sheet holds the workbook's.
    fn read_sheet<'a>(
        &'a self,
        forms: &'a SheetForms<'a>,
        rows: &[ClassifiedRows<'a>],
        labelled: Option<&LabelledValues<'_>>,
        origin: &'a TableOrigin<'a>,
        reading: &mut Reading,
    ) {
        let sheet = forms.sheet;
        let mut counted = not_data(sheet);
        if let Some(labelled) = labelled {
            let observations = &mut reading.observations;
            let (table, nil_return) =
                read_labelled_values(sheet, labelled, origin, self.programme, observations);
            reading.nil_return = nil_return;
            counted.rows.not_data -= 1;
            counted.rows.accepted += 1;
            counted.forms.push(table.form.clone());
            reading.tables.push(table);
        }
        let mut above = 0;
        for (heading, rows) in forms.headings.iter().zip(rows) {
            let mut reader = TableReader {
                sheet,
                heading,
                origin,
                programme: self.programme,
                elsewhere: self.elsewhere,
                observations: Vec::new(),
            };
            if heading.form.own_workbook {
                let observation = reader.observe(Check::NominationInReport, "");
                reading.observations.push(observation);
            } else {
                let table = reader.read(above, rows);
                let data = u32::try_from(table.frame.height()).unwrap_or(u32::MAX);
                counted.rows.not_data -= data;
                counted.rows.accepted += data;
                counted.forms.push(table.form.clone());
                reading.observations.append(&mut reader.observations);
                reading.tables.push(table);
            }
            above = heading.last + 1;
        }
        self.observe_sheet(forms, reading);
        reading.sheets.push(counted);
    }

    /// Observes a sheet on which nothing was found, and one that could not be read to its end.
    fn observe_sheet(&self, forms: &SheetForms<'_>, reading: &mut Reading) {
        let sheet = forms.sheet;
        if forms.headings.is_empty() && forms.labelled.is_none() && !sheet.rows.is_empty() {
            let observation = match &forms.named {
                Some(form) => {
                    observe(Check::SheetWithoutHeading, self.form_title(form)).on_form(form)
                }
                None => observe(Check::SheetUnknown, sheet.name.as_str()),
            };
            reading.observations.push(observation.on_sheet(&sheet.name));
        }
        if let Some(cut) = &sheet.cut {
            let observation = observe(Check::SheetCut, cut.as_str());
            reading.observations.push(observation.on_sheet(&sheet.name));
        }
    }

    fn form_title(&self, form: &str) -> String {
        self.programme.form(form).map_or_else(String::new, |form| {
            format!("{} ({})", form.sheet, form.title.vi)
        })
    }
}
