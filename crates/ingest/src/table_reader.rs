//! One table, read row by row into records.

use crate::cell_reader::cell_reading::{CellFault, CellReading};
use crate::cell_reader::read_cell;
use crate::column_evidence::{bare_fractions, day_order_of_table};
use crate::column_sums::ColumnSums;
use crate::decimal_notation::column_notations;
use crate::grid::{CellFormat, Row, SheetGrid, Value};
use crate::heading_findings::{
    answered_headings, has_unit, heading_findings, missing_unit, observe_table, unit_of_table,
    unsure_headings,
};
use crate::headings::matching::HeadingMatch;
use crate::legal_forms::LegalForms;
use crate::observe::Narrow;
use crate::reading::Table;
use crate::record_cells::{ContinuationFinder, Continuations, RecordAbove, find_cell, is_ditto};
use crate::records::{Records, TableOrigin};
use crate::row_kind::RowKind;
use crate::row_marks::{is_example, is_group_title, is_removed};
use crate::row_structure::{ClassifiedRow, RowStructure};
use crate::stored_value::StoredValue;
use crate::table_plan::{PlacedColumn, RecordPlan, TableContext, ValueSource};
use crate::value::date::DateSpan;
use crate::value::flag::flag;
use crate::value::number::DecimalNotation;
use model::{CellRef, Check, Observation, UnsureHeading, Vnd};
use programme::{ColumnType, Programme};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use vietext::fold;

/// Reads one table: the rows below one heading.
pub(crate) struct TableReader<'a> {
    pub sheet: &'a SheetGrid,
    pub heading: &'a HeadingMatch<'a>,
    pub origin: &'a TableOrigin<'a>,
    pub programme: &'a Programme,
    pub legal_forms: &'a LegalForms,
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

/// Texts that were read before, by column and by their address: the same few stand on most rows, and the cells that share
/// a text share its memory. The sheet outlives the reading, so no address is used twice.
type ReadTexts = HashMap<(u32, *const u8), CellReading, foldhash::fast::FixedState>;

/// What goes along from row to row.
struct Progress<'a> {
    records: Records,
    known: ReadTexts,
    /// The second date of a cell of the record that is being read, and the cell.
    until: Option<(DateSpan, CellRef)>,
    above: RecordAbove<'a>,
    /// Columns of counts that are merged as the name is: what they say is the enterprise's, not the row's.
    repeats: HashSet<u32>,
    continuations: Continuations<'a>,
    /// What the records add up to so far, by column of the sheet; nothing where an amount could not be read.
    sums: HashMap<u32, Option<i64>>,
    waits_for_unit: bool,
}

impl<'a> TableReader<'a> {
    /// An observation about this table.
    pub(crate) fn observe(&self, check: Check, found: impl Into<String>) -> Observation {
        observe_table(self.sheet, self.heading, check, found)
    }

    /// Reads the rows, of which the kinds are known by their words; the unit may stand from the sheet's row `above` on.
    pub(crate) fn read(&mut self, above: usize, rows: &[(RowKind, &'a Row)]) -> ReadTable<'a> {
        let heading = self.heading;
        let form = heading.form;
        let notations = column_notations(heading, rows, self.elsewhere);
        let sums = ColumnSums::find(heading, rows, &notations);
        let unit = unit_of_table(self.sheet, heading, above).or(sums.unit);
        let context = TableContext {
            programme: self.programme,
            unit,
            notations: &notations,
            from_1904: self.sheet.from_1904,
            fractions: &bare_fractions(heading, rows),
            day_order: day_order_of_table(heading, rows),
            heading_row: self.sheet.rows[heading.last].index,
        };
        self.observations
            .extend(heading_findings(self.sheet, heading, &sums));
        let words = &self.programme.words;
        self.observations
            .extend(answered_headings(self.sheet, heading, words));
        self.unsure_headings
            .extend(unsure_headings(self.sheet, heading, &sums));
        let columns = context.columns(heading);
        let rows = RowStructure::new(heading, &columns, rows, self.legal_forms).classify();
        let plans = context.plans(heading);
        let mut progress = Progress {
            records: Records::new(form, rows.len(), |place| {
                plans
                    .iter()
                    .any(|plan| plan.sources.iter().any(|source| source.place() == place))
            }),
            known: ReadTexts::default(),
            until: None,
            above: RecordAbove::default(),
            repeats: self.repeated_counts(&columns),
            continuations: self.continuations(&rows, &columns),
            sums: HashMap::new(),
            waits_for_unit: false,
        };
        let mut data = 0;
        for classified in &rows {
            let row = classified.row;
            match classified.kind {
                RowKind::Data => {
                    if self.read_row(row, &plans, &mut progress) {
                        data += 1;
                    }
                    self.observe_row(row, &columns, progress.records.id());
                    progress.above.advance(row);
                }
                RowKind::Unclear => {
                    self.read_unclear(row, &plans[0], &mut progress);
                    data += 1;
                }
                RowKind::Total if !classified.is_proved => {
                    self.check_total(row, &columns, &progress.sums);
                }
                RowKind::Total
                | RowKind::Section
                | RowKind::Numbering
                | RowKind::End
                | RowKind::Note
                | RowKind::Example
                | RowKind::Other => {}
            }
        }
        for at in progress.continuations.unclear.clone() {
            let text = self.shown(at);
            let observation = self.observe(Check::LoneText, text);
            self.observations.push(observation.on_cell(at));
        }
        // One finding for the table, not one for each amount.
        if progress.waits_for_unit {
            self.observations
                .push(missing_unit(self.sheet, heading, unit));
        }
        ReadTable {
            table: Table {
                form: form.code.clone(),
                sheet: self.sheet.name.clone(),
                heading: heading.explained(self.sheet),
                is_poor: self.is_poor(),
                frame: progress.records.finish(form, self.origin),
            },
            rows,
            data,
        }
    }

    /// Whether the heading has nothing of what the form requires but the name.
    fn is_poor(&self) -> bool {
        let form = self.heading.form;
        let named = form.party.as_ref().map(|party| party.name.as_str());
        let mut required = form
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.required && Some(column.name.as_str()) != named)
            .peekable();
        required.peek().is_some() && required.all(|(place, _)| !self.heading.has(place))
    }

    fn shown(&self, at: CellRef) -> String {
        let row = self
            .sheet
            .rows
            .binary_search_by_key(&at.row, |row| row.index);
        let value = row.ok().and_then(|row| self.sheet.rows[row].cell(at.col));
        value.map(Value::shown).unwrap_or_default()
    }

    /// The columns of counts whose merged cells span the same rows as those of the name do.
    fn repeated_counts(&self, columns: &[PlacedColumn<'a>]) -> HashSet<u32> {
        let Some(party) = &self.heading.form.party else {
            return HashSet::new();
        };
        let rows_of = |col: u32| -> Vec<(u32, u32)> {
            let merged = self.sheet.merged.iter();
            let of_column = merged.filter(|it| it.first.col == col && it.last.row > it.first.row);
            of_column.map(|it| (it.first.row, it.last.row)).collect()
        };
        let name = columns
            .iter()
            .find(|placed| placed.column.name == party.name);
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
        let described: HashSet<u32> = columns
            .iter()
            .filter(|placed| !placed.column.kind.is_number())
            .map(|placed| placed.col)
            .collect();
        let all: HashSet<u32> = columns
            .iter()
            .map(|placed| placed.col)
            .chain(self.heading.number_column)
            .collect();
        let named = self.heading.form.name_column().map(|column| &column.name);
        let name = columns
            .iter()
            .find(|placed| Some(&placed.column.name) == named)
            .map(|placed| placed.col);
        let lists = &self.programme.lists;
        let is_title = |text: &str| {
            let is_code = lists
                .values()
                .any(|list| list.find(text).is_some_and(|found| found.words.is_none()));
            is_code || is_group_title(text)
        };
        let finder = ContinuationFinder {
            columns: &all,
            described: &described,
            name,
            legal_forms: self.legal_forms,
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

    /// Reads a row of data into its records; whether it made any.
    fn read_row(
        &mut self,
        row: &'a Row,
        plans: &[RecordPlan<'a>],
        progress: &mut Progress<'a>,
    ) -> bool {
        if progress.continuations.has(row.index) {
            return false;
        }
        let mut part = 0;
        for plan in plans {
            let has = |col: &u32| row.cell(*col).is_some();
            // The first plan speaks for a row that has none of their amounts.
            let is_first = std::ptr::eq(plan, &plans[0]);
            let any = plans.iter().any(|plan| plan.needs.iter().any(has));
            if !plan.needs.is_empty() && !plan.needs.iter().any(has) && (any || !is_first) {
                continue;
            }
            progress.records.begin(self.origin, row.index, part);
            progress.until = None;
            for source in &plan.sources {
                self.read_source(row, source, progress);
            }
            progress.records.end(self.extra_columns(row));
            part += 1;
        }
        part > 0
    }

    fn read_source(&mut self, row: &'a Row, source: &ValueSource<'a>, progress: &mut Progress<'a>) {
        let placed = match source {
            ValueSource::Cell(placed) => placed,
            ValueSource::LastDay { place } => {
                let until = progress.until;
                let stored = until.map_or(StoredValue::Null, |(until, _)| {
                    StoredValue::Date(until.first, until.last)
                });
                progress
                    .records
                    .put(*place, &stored, until.map(|(_, at)| at));
                return;
            }
            ValueSource::Nowhere { place } => {
                progress.records.put(*place, &StoredValue::Null, None);
                return;
            }
            ValueSource::Heading { place, code, at } => {
                let code = StoredValue::Code((*code).into(), None);
                progress.records.put(*place, &code, Some(*at));
                return;
            }
            ValueSource::Marks {
                place,
                column,
                codes,
            } => {
                let marked: Vec<(u32, &str)> = codes
                    .iter()
                    .copied()
                    .filter(|(col, _)| {
                        row.cell(*col)
                            .is_some_and(|value| flag(&value.shown()) == Some(true))
                    })
                    .collect();
                let codes: Vec<&str> = marked.iter().map(|(_, code)| *code).collect();
                let at = marked.first().map(|(col, _)| row.at(*col));
                let stored = if codes.is_empty() {
                    if column.required {
                        self.observe_on_record(
                            Check::ValueMissing,
                            "",
                            column.name.as_str(),
                            row.at(0),
                            progress,
                        );
                    }
                    StoredValue::Null
                } else {
                    StoredValue::Code(codes.join(";").into(), None)
                };
                progress.records.put(*place, &stored, at);
                return;
            }
        };
        let column = placed.column;
        let is_amount = column.kind.is_number();
        let found = find_cell(
            self.sheet,
            row,
            placed.col,
            is_amount,
            &progress.repeats,
            &progress.continuations,
            &mut progress.above,
        );
        let Some(found) = found else {
            if let Some((until, at)) = progress.until.filter(|_| placed.context.is_last_day) {
                let stored = StoredValue::Date(until.first, until.last);
                progress.records.put(placed.place, &stored, Some(at));
                return;
            }
            if column.required {
                let at = row.at(placed.col);
                self.observe_on_record(Check::ValueMissing, "", &column.name, at, progress);
            }
            let at = Some(row.at(placed.col));
            progress.records.put(placed.place, &StoredValue::Null, at);
            return;
        };
        let value = &found.cell.value;
        if let Value::Text(text) = value
            && !is_amount
            && is_ditto(text)
        {
            // Nothing stands above that it could repeat.
            self.observe_on_record(Check::ValueMissing, text, &column.name, found.at, progress);
            progress
                .records
                .put(placed.place, &StoredValue::Null, Some(found.at));
            return;
        }
        if let Some(code) = self.source_by_task(row, placed, value) {
            progress.records.put(placed.place, &code, Some(found.at));
            return;
        }
        let once;
        let read = match (value, &found.cell) {
            // The same few texts stand on most rows of such a column.
            (Value::Text(text), Cow::Borrowed(cell))
                if column.kind != ColumnType::Text && cell.format == CellFormat::default() =>
            {
                let known = progress.known.entry((placed.col, text.as_ptr()));
                let known = known.or_insert_with(|| read_cell(column, cell, &placed.context));
                once = known.clone();
                &once
            }
            _ => {
                once = read_cell(column, &found.cell, &placed.context);
                &once
            }
        };
        let stored = &read.stored;
        // A second date that the record's last day takes is no fault.
        let next_is_free = read.until.is_some() && self.takes_last_day(row, placed.place);
        let fault = read.fault.as_ref().filter(|_| !next_is_free);
        if next_is_free {
            progress.until = read.until.map(|until| (until, found.at));
        }
        if is_amount {
            let amount = if let StoredValue::Integer(amount) = stored {
                Some(*amount)
            } else {
                None
            };
            let sum = progress.sums.entry(placed.col).or_insert(Some(0));
            *sum = sum
                .zip(amount)
                .and_then(|(sum, amount)| sum.checked_add(amount));
            progress.waits_for_unit |= amount.is_none()
                && fault.is_none()
                && placed.context.unit.is_none()
                && has_unit(&column.kind);
        }
        let is_name = self
            .heading
            .form
            .party
            .as_ref()
            .is_some_and(|party| party.name == column.name);
        if is_name
            && let StoredValue::Text(text) = stored
            && self.legal_forms.are_several(text)
        {
            let text = text.to_string();
            self.observe_on_record(
                Check::SeveralEnterprises,
                &text,
                &column.name,
                found.at,
                progress,
            );
        }
        // A value may be stored and at fault at once, as a tax code with a wrong check digit.
        if let Some(fault) = fault {
            self.observe_fault(fault, &column.name, found.at, progress);
        }
        progress.records.put(placed.place, stored, Some(found.at));
    }

    /// The source of the state's money that a cell does not say, by the task of its row: 'NSNN' for a task that the state
    /// supports is the state's support (plan V.1). Nothing if the cell says it, or the task is on no list.
    fn source_by_task(
        &self,
        row: &Row,
        placed: &PlacedColumn<'_>,
        value: &Value,
    ) -> Option<StoredValue> {
        let lists = &self.programme.funding_lists;
        let Value::Text(text) = value else {
            return None;
        };
        if placed.column.kind.list() != Some(&lists.source) || !lists.unsaid.contains(&fold(text)) {
            return None;
        }
        let columns = &self.heading.form.columns;
        let is_task = |place: usize| columns[place].kind.list() == Some(&lists.task);
        let mut placed = self.heading.columns.iter();
        let (col, place) = placed.find(|(_, place)| is_task(**place))?;
        let list = self.programme.lists.get(columns[*place].kind.list()?)?;
        let merged = || Some(&self.sheet.merged_cell(row.at(*col))?.1.value);
        let task = list.find(&row.cell(*col).or_else(merged)?.shown())?;
        let source = self.programme.source_of_task(task.code)?;
        Some(StoredValue::Code(source.into(), Some(text.clone())))
    }

    /// Whether the last day that belongs to a column of first days has no value of its own in a row.
    fn takes_last_day(&self, row: &Row, place: usize) -> bool {
        let words = &self.programme.heading_words;
        words
            .last_day_of(self.heading.form, place)
            .is_some_and(|last| {
                let mut columns = self.heading.columns.iter();
                let column = columns.find(|(_, other)| **other == last);
                column.is_none_or(|(col, _)| row.cell(*col).is_none())
            })
    }

    fn observe_fault(
        &mut self,
        fault: &CellFault,
        column: &str,
        at: CellRef,
        progress: &Progress<'_>,
    ) {
        let observation = self
            .observe(fault.check, fault.found.as_str())
            .expecting(fault.expected.as_str())
            .on_column(column)
            .on_cell(at);
        self.observations.push(Observation {
            record: Some(progress.records.id().to_owned()),
            ..observation
        });
    }

    fn observe_on_record(
        &mut self,
        check: Check,
        found: &str,
        column: &str,
        at: CellRef,
        progress: &Progress<'_>,
    ) {
        let observation = self.observe(check, found).on_column(column).on_cell(at);
        self.observations.push(Observation {
            record: Some(progress.records.id().to_owned()),
            ..observation
        });
    }

    /// Observes a row that its sender marked as one that goes.
    fn observe_row(&mut self, row: &Row, columns: &[PlacedColumn<'a>], record: &str) {
        let texts = row
            .cells
            .iter()
            .filter(|cell| matches!(cell.value, Value::Text(_)));
        let (struck, all) = texts.fold((0, 0), |(struck, all), cell| {
            (struck + usize::from(cell.format.is_struck), all + 1)
        });
        let free = |col: u32| {
            columns
                .iter()
                .find(|placed| placed.col == col)
                .is_none_or(|placed| matches!(placed.column.kind, ColumnType::Code { .. }))
        };
        let marked = row
            .texts()
            .find(|(col, text)| is_example(text) || (free(*col) && is_removed(text)))
            .map(|(col, text)| (row.at(col), text.to_owned()));
        let struck = (struck * 2 > all && all > 0).then(|| {
            let first = row.cells.first().map_or(0, |cell| cell.col);
            (row.at(first), String::new())
        });
        if let Some((at, text)) = marked.or(struck) {
            let observation = self.observe(Check::RowRemoved, text).on_cell(at);
            self.observations.push(Observation {
                record: Some(record.to_owned()),
                ..observation
            });
        }
    }

    /// Reads a row of which it is not clear whether it is a record: it is kept with its amounts, and waits.
    fn read_unclear(&mut self, row: &'a Row, plan: &RecordPlan<'a>, progress: &mut Progress<'a>) {
        let before = self.observations.len();
        progress.records.begin(self.origin, row.index, 0);
        progress.until = None;
        let sums = progress.sums.clone();
        let waits = progress.waits_for_unit;
        for source in &plan.sources {
            self.read_source(row, source, progress);
        }
        (progress.sums, progress.waits_for_unit) = (sums, waits);
        progress.records.end(self.extra_columns(row));
        // One question for the row: what it lacks as a record is no matter until it is one.
        self.observations.truncate(before);
        let text: Vec<&str> = row.texts().map(|(_, text)| text).collect();
        let amounts: Vec<CellRef> = row
            .cells
            .iter()
            .filter(|cell| matches!(cell.value, Value::Number(_)))
            .map(|cell| row.at(cell.col))
            .collect();
        let observation = self.observe(Check::RowUnclear, text.join(" "));
        let first = row.cells.first().map(|cell| row.at(cell.col));
        self.observations.push(Observation {
            record: Some(progress.records.id().to_owned()),
            cells: first.into_iter().chain(amounts).collect(),
            ..observation
        });
    }

    /// What stands in columns that the form does not have, by their headings, as JSON.
    fn extra_columns(&self, row: &Row) -> Option<String> {
        let heading = self.heading;
        let beyond = heading.unknown.iter().map(|(col, text)| (*col, text));
        let unsure = heading
            .unsure
            .iter()
            .map(|unsure| (unsure.col, &unsure.text));
        let kept: serde_json::Map<String, serde_json::Value> = beyond
            .chain(unsure)
            .filter_map(|(col, text)| Some((text.clone(), row.cell(col)?.shown().into())))
            .collect();
        (!kept.is_empty()).then(|| serde_json::Value::Object(kept).to_string())
    }

    /// A total by its words whose amounts are not the sum of a block: what all rows above it come to is told beside it.
    fn check_total(
        &mut self,
        row: &Row,
        columns: &[PlacedColumn<'a>],
        sums: &HashMap<u32, Option<i64>>,
    ) {
        for placed in columns
            .iter()
            .filter(|placed| placed.column.kind.is_number())
        {
            let Some(cell) = row.whole_cell(placed.col) else {
                continue;
            };
            let StoredValue::Integer(total) =
                read_cell(placed.column, cell, &placed.context).stored
            else {
                continue;
            };
            let Some(rows) = sums.get(&placed.col).copied().unwrap_or(Some(0)) else {
                continue;
            };
            if rows != total {
                let observation = self
                    .observe(Check::TotalDiffers, Vnd(total).to_string())
                    .expecting(Vnd(rows).to_string());
                self.observations.push(
                    observation
                        .on_column(&placed.column.name)
                        .on_cell(row.at(placed.col)),
                );
            }
        }
    }
}
