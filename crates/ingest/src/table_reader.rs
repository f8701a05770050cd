//! One table: its heading, its rows told apart, its records.

use crate::column_evidence::{bare_fractions, day_order_of_table};
use crate::column_map::ColumnMap;
use crate::column_sums::ColumnSums;
use crate::decimal_notation::column_notations;
use crate::grid::{Row, Value};
use crate::heading_findings::{
    answered_headings, heading_findings, missing_unit, unit_of_table, unsure_headings,
};
use crate::headings::matching::HeadingMatch;
use crate::observe::{MAX_NAMED, Narrow};
use crate::reading::Table;
use crate::record_cells::{ContinuationFinder, Continuations, RecordAbove};
use crate::record_reader::{KnownTexts, RecordReader};
use crate::records::Records;
use crate::row_kind::RowKind;
use crate::row_marks::{is_group_title, is_note, says_not_counted};
use crate::row_structure::{ClassifiedRow, RowStructure};
use crate::source_table::SourceTable;
use crate::table_plan::{PlacedColumn, TableContext};
use crate::total_check::TotalCheck;
use crate::value::number::DecimalNotation;
use crate::value::unit::{unit_in_heading, unit_line, whole_unit};
use model::{CellRef, Check, Observation, Period, UnsureHeading};
use programme::ColumnType;
use std::collections::HashSet;

/// Reads one table: the rows below one heading.
pub(crate) struct TableReader<'a> {
    pub source: SourceTable<'a>,
    /// How the workbook's tables write numbers, if they agree.
    pub elsewhere: Option<DecimalNotation>,
    pub observations: Vec<Observation>,
    pub unsure_headings: Vec<UnsureHeading>,
}

/// What a table came to.
pub(crate) struct ReadTable<'a> {
    pub table: Table,
    /// Its rows, with what they are.
    pub rows: Vec<ClassifiedRow<'a>>,
    /// How many rows made records.
    pub data: u32,
}

impl<'a> TableReader<'a> {
    /// Reads the rows, of which the kinds are known by their words; the unit may stand from the sheet's row `above` on.
    pub(crate) fn read(&mut self, above: usize, rows: &[(RowKind, &'a Row)]) -> ReadTable<'a> {
        let SourceTable {
            sheet,
            heading,
            origin,
            programme,
            legal_forms,
        } = self.source;
        let form = heading.form;
        let notations = column_notations(heading, rows, self.elsewhere);
        let sums = ColumnSums::find(heading, rows, &notations);
        let unit = unit_of_table(sheet, heading, above).or(sums.unit);
        let context = TableContext {
            programme,
            unit,
            notations: &notations,
            from_1904: sheet.from_1904,
            fractions: &bare_fractions(heading, rows),
            day_order: day_order_of_table(heading, rows),
            last_day: origin.period.map(Period::last_day),
            heading_row: sheet.rows[heading.last].index,
        };
        self.observations
            .extend(heading_findings(sheet, heading, &sums));
        self.observations
            .extend(answered_headings(sheet, heading, &programme.words));
        self.unsure_headings
            .extend(unsure_headings(sheet, heading, &sums));
        let columns = context.columns(heading);
        let rows = RowStructure::new(sheet, heading, &columns, rows, legal_forms).classify();
        let plans = context.plans(heading);
        let continuations = self.continuations(&rows, &columns);
        let mut reader = RecordReader {
            source: self.source,
            records: Records::new(form, rows.len(), |place| {
                plans
                    .iter()
                    .any(|plan| plan.sources.iter().any(|source| source.place() == place))
            }),
            repeats: self.repeated_counts(&columns),
            may_mark: may_mark(&columns),
            continuations: &continuations,
            above: RecordAbove::default(),
            totals: TotalCheck::default(),
            waits_for_unit: false,
            own_units: Vec::new(),
            observations: Vec::new(),
            known: KnownTexts::default(),
            until: None,
        };
        let mut data = 0;
        // Totals of all records are compared when all are read.
        let mut totals_of_all = Vec::new();
        let reported = origin.period.map(Period::calendar_year);
        let mut title: Option<String> = None;
        for classified in &rows {
            let row = classified.row;
            if is_title(classified) {
                let text: Vec<&str> = row.texts().map(|(_, text)| text).collect();
                title = Some(text.join(" ")).filter(|text| says_not_counted(text, reported));
            }
            match classified.kind {
                RowKind::Data => {
                    if reader.read_row(row, &plans) {
                        data += 1;
                    }
                    reader.observe_row(row, title.as_deref());
                    reader.above.advance(row);
                }
                RowKind::Unclear => {
                    reader.read_unclear(row, &plans[0]);
                    data += 1;
                }
                RowKind::Total => match classified.proof {
                    None if data > 0 => reader.check_total(row, &columns, false),
                    Some(proof) if !proof.is_all => {}
                    proof => totals_of_all.push((row, proof.is_some())),
                },
                RowKind::Section
                | RowKind::Numbering
                | RowKind::End
                | RowKind::Note
                | RowKind::Example
                | RowKind::Other => {}
            }
        }
        for (row, is_proved) in totals_of_all {
            reader.check_total(row, &columns, is_proved);
        }
        self.observations.append(&mut reader.observations);
        if data > 0 {
            let mut others = other_units(heading, &rows, unit);
            // 'Biểu 3 (nghìn đồng)' over a line that says another.
            if unit_in_heading(&sheet.name).is_some_and(|named| Some(named) != unit) {
                others.push((sheet.rows[heading.first].at(0), sheet.name.clone()));
            }
            self.observations.extend(
                others
                    .into_iter()
                    .map(|(at, text)| self.source.observe(Check::UnitMissing, text).on_cell(at)),
            );
        }
        for &at in &continuations.unclear {
            let text = sheet.value(at).map(Value::shown).unwrap_or_default();
            let observation = self.source.observe(Check::LoneText, text);
            self.observations.push(observation.on_cell(at));
        }
        // One finding for the table, not one for each amount.
        if reader.waits_for_unit {
            self.observations.push(missing_unit(sheet, heading, unit));
        }
        ReadTable {
            table: Table {
                form: form.code.clone(),
                sheet: sheet.name.clone(),
                heading: heading.explained(sheet),
                is_poor: self.is_poor(),
                own_units: reader.own_units,
                frame: reader.records.finish(form, origin),
            },
            rows,
            data,
        }
    }

    /// Whether the heading has nothing of what the form requires but the name.
    fn is_poor(&self) -> bool {
        let heading = self.source.heading;
        let form = heading.form;
        let named = form.party.as_ref().map(|party| party.name.as_str());
        let mut required = form
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.required && Some(column.name.as_str()) != named)
            .peekable();
        required.peek().is_some() && required.all(|(place, _)| !heading.has(place))
    }

    /// The columns of counts whose merged cells span the same rows as those of the name do.
    fn repeated_counts(&self, columns: &[PlacedColumn<'a>]) -> HashSet<u32> {
        if self.source.heading.form.party.is_none() {
            return HashSet::new();
        }
        let rows_of = |col: u32| -> Vec<(u32, u32)> {
            let merged = self.source.sheet.merged.iter();
            let of_column = merged.filter(|it| it.first.col == col && it.last.row > it.first.row);
            of_column.map(|it| (it.first.row, it.last.row)).collect()
        };
        let name = columns.iter().find(|placed| placed.is_name);
        let names = name.map(|placed| rows_of(placed.col)).unwrap_or_default();
        columns
            .iter()
            .filter(|placed| placed.column.kind == ColumnType::Integer)
            .filter(|placed| {
                let rows = rows_of(placed.col);
                !rows.is_empty() && rows.iter().all(|rows| names.contains(rows))
            })
            .map(|placed| placed.col)
            .collect()
    }

    /// The second lines of records.
    fn continuations(
        &self,
        rows: &[ClassifiedRow<'a>],
        columns: &[PlacedColumn<'a>],
    ) -> Continuations<'a> {
        let number = self.source.heading.number_column;
        let mut table: ColumnMap<bool> = number.map(|col| (col, false)).into_iter().collect();
        for placed in columns {
            *table.get_or_insert_with(placed.col, || false) |= !placed.column.kind.is_number();
        }
        let name = columns.iter().find(|placed| placed.is_name);
        let lists = &self.source.programme.lists;
        let is_title = |text: &str| {
            let is_code = lists
                .values()
                .any(|list| list.find(text).is_some_and(|found| found.words.is_none()));
            is_code || is_group_title(text)
        };
        let finder = ContinuationFinder {
            columns: &table,
            name: name.map(|placed| placed.col),
            legal_forms: self.source.legal_forms,
            is_title: &is_title,
        };
        let mut found = Continuations::default();
        let mut record: Option<&Row> = None;
        for classified in rows {
            let row = classified.row;
            match classified.kind {
                // A row of two texts may be the second line of a record as well.
                RowKind::Data | RowKind::Other
                    if record.is_some_and(|record| {
                        record.index + 1 == row.index && finder.add(record, row, &mut found)
                    }) => {}
                RowKind::Data => record = Some(row),
                _ => record = None,
            }
        }
        found
    }
}

/// The columns, and whether a text in one may be a mark that its row goes: where it names a code.
fn may_mark(columns: &[PlacedColumn<'_>]) -> ColumnMap<bool> {
    let mut may_mark = ColumnMap::default();
    for placed in columns {
        may_mark.get_or_insert_with(placed.col, || {
            matches!(placed.column.kind, ColumnType::Code { .. })
        });
    }
    may_mark
}

/// Whether a row is a title of those below it.
fn is_title(classified: &ClassifiedRow<'_>) -> bool {
    let is_alone = || classified.row.cells.len() == 1 && classified.row.texts().next().is_some();
    match classified.kind {
        RowKind::Section => true,
        RowKind::Other => is_alone(),
        _ => false,
    }
}

/// Where rows of a table name another unit of money than the table does: between its records, in a note below them, or in a
/// column of the sender's own.
fn other_units(
    heading: &HeadingMatch<'_>,
    rows: &[ClassifiedRow<'_>],
    unit: Option<i64>,
) -> Vec<(CellRef, String)> {
    let is_data = |classified: &ClassifiedRow<'_>| classified.kind == RowKind::Data;
    let last = rows.iter().rposition(is_data).unwrap_or_default();
    let mut others = Vec::new();
    let mut add = |at: CellRef, text: &str, named: Option<i64>| {
        if named.is_some() && named != unit && others.len() < MAX_NAMED {
            others.push((at, text.to_owned()));
        }
    };
    for (i, classified) in rows.iter().enumerate() {
        let row = classified.row;
        if is_data(classified) {
            for (col, _) in &heading.unknown {
                if let Some(Value::Text(text)) = row.cell(*col) {
                    add(row.at(*col), text, whole_unit(text));
                }
            }
            continue;
        }
        for (col, text) in row.texts() {
            let named = if i < last {
                unit_line(text).or_else(|| unit_in_heading(text))
            } else if is_note(text) {
                unit_line(text).or_else(|| whole_unit(text))
            } else {
                // The line over the next table.
                None
            };
            add(row.at(col), text, named);
        }
    }
    others
}
