//! Rows of data, read into records one by one.

use crate::by_address::ByAddress;
use crate::cell_reader::cell_reading::{CellFault, CellReading};
use crate::cell_reader::read_cell;
use crate::column_map::ColumnMap;
use crate::grid::{Cell, CellFormat, Row, Value};
use crate::heading_findings::has_unit;
use crate::observe::Narrow;
use crate::record_cells::{Continuations, FoundCell, RecordAbove, find_cell};
use crate::records::Records;
use crate::row_marks::{is_example, is_removed};
use crate::source_table::SourceTable;
use crate::stored_value::StoredValue;
use crate::table_plan::{PlacedColumn, RecordPlan, ValueSource};
use crate::total_check::{TotalCheck, TotalFinding};
use crate::value::date::DateSpan;
use crate::value::flag::flag;
use model::{CellRef, Check, Observation};
use programme::ColumnType;
use std::collections::HashSet;
use std::rc::Rc;
use vietext::fold;

/// Reads the rows of one table, one after the other.
pub(crate) struct RecordReader<'a> {
    pub source: SourceTable<'a>,
    pub records: Records,
    /// Columns of counts that are merged as the name is: what they say is the enterprise's, not the row's.
    pub repeats: HashSet<u32>,
    /// The columns of the table, and whether a text in one may be a mark that the row goes: where it names a code.
    pub may_mark: ColumnMap<bool>,
    pub continuations: &'a Continuations<'a>,
    pub above: RecordAbove<'a>,
    pub totals: TotalCheck,
    /// Whether an amount was not read because its unit is not known.
    pub waits_for_unit: bool,
    /// The cells that say the unit of their amount themselves.
    pub own_units: Vec<CellRef>,
    pub observations: Vec<Observation>,
    pub known: KnownTexts,
    /// The second date of a cell of the record that is being read, and the cell.
    pub until: Option<(DateSpan, CellRef)>,
}

/// What was found out of the texts of a sheet so far.
#[derive(Default)]
pub(crate) struct KnownTexts {
    readings: ColumnMap<ByAddress<Rc<CellReading>>>,
    /// What is stored for the plain ones of them, see [`RecordReader::is_plain`].
    plain: ColumnMap<ByAddress<StoredValue>>,
    removed: ByAddress<bool>,
}

impl KnownTexts {
    /// How a text reads in a column, which `read` says at the first time.
    fn reading(
        &mut self,
        col: u32,
        text: &str,
        read: impl FnOnce() -> CellReading,
    ) -> Rc<CellReading> {
        let of_column = self.readings.get_or_insert_with(col, ByAddress::default);
        let known = of_column.entry(text.as_ptr());
        Rc::clone(known.or_insert_with(|| Rc::new(read())))
    }

    /// What is stored for a text that was read before and is plain.
    fn plain(&self, col: u32, text: &str) -> Option<&StoredValue> {
        self.plain.get(col)?.get(&text.as_ptr())
    }

    fn add_plain(&mut self, col: u32, text: &str, stored: &StoredValue) {
        let of_column = self.plain.get_or_insert_with(col, ByAddress::default);
        of_column.insert(text.as_ptr(), stored.clone());
    }

    /// Whether a text says that its row goes.
    fn is_removed(&mut self, text: &str) -> bool {
        let known = self.removed.entry(text.as_ptr());
        *known.or_insert_with(|| is_removed(text))
    }
}

impl<'a> RecordReader<'a> {
    /// Reads a row of data into its records; whether it made any.
    pub(crate) fn read_row(&mut self, row: &'a Row, plans: &[RecordPlan<'a>]) -> bool {
        if self.continuations.has(row.index) {
            return false;
        }
        let applies = |plan: &RecordPlan<'_>| {
            plan.needs.is_empty() || plan.needs.iter().any(|col| row.cell(*col).is_some())
        };
        let none_applies = !plans.iter().any(applies);
        let mut part = 0;
        for (i, plan) in plans.iter().enumerate() {
            // The first plan speaks for a row that has none of their amounts.
            let is_for_row = applies(plan) || (none_applies && i == 0);
            if !is_for_row {
                continue;
            }
            self.records.begin(self.source.origin, row.index, part);
            self.until = None;
            for source in &plan.sources {
                self.read_source(row, source);
            }
            self.records.end(self.extra_columns(row));
            part += 1;
        }
        part > 0
    }

    fn read_source(&mut self, row: &'a Row, source: &ValueSource<'a>) {
        let placed = match source {
            ValueSource::Cell(placed) => placed,
            ValueSource::LastDay { place } => {
                let until = self.until;
                let stored = until.map_or(StoredValue::Null, |(until, _)| {
                    StoredValue::Date(until.first, until.last)
                });
                self.records.put(*place, &stored, until.map(|(_, at)| at));
                return;
            }
            ValueSource::Nowhere { place } => {
                self.records.put(*place, &StoredValue::Null, None);
                return;
            }
            ValueSource::Heading { place, code, at } => {
                let code = StoredValue::Code((*code).into(), None);
                self.records.put(*place, &code, Some(*at));
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
                        );
                    }
                    StoredValue::Null
                } else {
                    StoredValue::Code(codes.join(";").into(), None)
                };
                self.records.put(*place, &stored, at);
                return;
            }
        };
        if !self.put_known(row, placed) {
            self.read_placed(row, placed);
        }
    }

    /// Puts the value of a cell whose text was read before in its column, with nothing to tell of it; whether it is such a cell.
    fn put_known(&mut self, row: &Row, placed: &PlacedColumn<'_>) -> bool {
        let Some(Cell { value, format, .. }) = row.whole_cell(placed.col) else {
            return false;
        };
        let Value::Text(text) = value else {
            return false;
        };
        let known = self.known.plain(placed.col, text);
        match known.filter(|_| *format == CellFormat::default()) {
            Some(stored) => {
                let at = Some(row.at(placed.col));
                self.records.put(placed.place, stored, at);
                true
            }
            None => false,
        }
    }

    fn read_placed(&mut self, row: &'a Row, placed: &PlacedColumn<'a>) {
        let column = placed.column;
        let is_amount = column.kind.is_number();
        let found = find_cell(
            self.source.sheet,
            row,
            placed.col,
            is_amount,
            &self.repeats,
            self.continuations,
            &mut self.above,
        );
        let Some(FoundCell { at, cell, is_ditto }) = found else {
            if let Some((until, at)) = self.until.filter(|_| placed.context.is_last_day) {
                let stored = StoredValue::Date(until.first, until.last);
                self.records.put(placed.place, &stored, Some(at));
                return;
            }
            if column.required {
                let at = row.at(placed.col);
                self.observe_on_record(Check::ValueMissing, "", &column.name, at);
            }
            let at = Some(row.at(placed.col));
            self.records.put(placed.place, &StoredValue::Null, at);
            return;
        };
        let value = &cell.value;
        if is_ditto {
            // Nothing stands above that it could repeat.
            self.observe_on_record(Check::ValueMissing, &value.shown(), &column.name, at);
            self.records.put(placed.place, &StoredValue::Null, Some(at));
            return;
        }
        if let Some(code) = self.source_by_task(row, placed, value) {
            self.records.put(placed.place, &code, Some(at));
            return;
        }
        let (once, cached);
        let read: &CellReading = match value {
            // The same few texts stand on most rows of such a column.
            Value::Text(text)
                if column.kind != ColumnType::Text && cell.format == CellFormat::default() =>
            {
                let read = || read_cell(column, cell, &placed.context);
                cached = self.known.reading(placed.col, text, read);
                if self.is_plain(placed, &cached) {
                    self.known.add_plain(placed.col, text, &cached.stored);
                }
                &cached
            }
            _ => {
                once = read_cell(column, cell, &placed.context);
                &once
            }
        };
        let stored = &read.stored;
        // A second date that the record's last day takes is no fault.
        let next_is_free = read.until.is_some() && self.takes_last_day(row, placed.place);
        let fault = read.fault.as_deref().filter(|_| !next_is_free);
        if next_is_free {
            self.until = read.until.map(|until| (until, at));
        }
        if read.says_unit {
            self.own_units.push(at);
        }
        if is_amount {
            self.totals.add(placed, cell, at, stored);
            self.waits_for_unit |= *stored == StoredValue::Null
                && fault.is_none()
                && placed.context.unit.is_none()
                && has_unit(&column.kind);
        }
        if placed.is_name
            && self.source.heading.form.party.is_some()
            && let StoredValue::Text(text) = stored
            && self.source.legal_forms.are_several(text)
        {
            let text = text.to_string();
            self.observe_on_record(Check::SeveralEnterprises, &text, &column.name, at);
        }
        // A value may be stored and at fault at once, as a tax code with a wrong check digit.
        if let Some(fault) = fault {
            self.observe_fault(fault, &column.name, at);
        }
        self.records.put(placed.place, stored, Some(at));
    }

    /// Whether a reading of a text says all there is to it: whatever else stands in the row, its value is put and nothing told.
    fn is_plain(&self, placed: &PlacedColumn<'_>, read: &CellReading) -> bool {
        let kind = &placed.column.kind;
        let source = &self.source.programme.funding_lists.source;
        let is_by_row = placed.is_name || kind.is_number() || kind.list() == Some(source);
        !is_by_row && read.fault.is_none() && read.until.is_none()
    }

    /// The source of the state's money that a cell does not say, by the task of its row: 'NSNN' for a task that the state
    /// supports is the state's support (plan V.1). Nothing if the cell says it, or the task is on no list.
    fn source_by_task(
        &self,
        row: &Row,
        placed: &PlacedColumn<'_>,
        value: &Value,
    ) -> Option<StoredValue> {
        let SourceTable {
            sheet,
            heading,
            programme,
            ..
        } = self.source;
        let lists = &programme.funding_lists;
        let Value::Text(text) = value else {
            return None;
        };
        if placed.column.kind.list() != Some(&lists.source) || !lists.unsaid.contains(&fold(text)) {
            return None;
        }
        let columns = &heading.form.columns;
        let is_task = |place: usize| columns[place].kind.list() == Some(&lists.task);
        let mut placed = heading.columns.iter();
        let (col, place) = placed.find(|(_, place)| is_task(**place))?;
        let list = programme.lists.get(columns[*place].kind.list()?)?;
        let merged = || Some(&sheet.merged_cell(row.at(*col))?.1.value);
        let task = list.find(&row.cell(*col).or_else(merged)?.shown())?;
        let source = programme.source_of_task(task.code)?;
        Some(StoredValue::Code(source.into(), Some(text.clone())))
    }

    /// Whether the last day that belongs to a column of first days has no value of its own in a row.
    fn takes_last_day(&self, row: &Row, place: usize) -> bool {
        let SourceTable {
            heading, programme, ..
        } = self.source;
        programme
            .heading_words
            .last_day_of(heading.form, place)
            .is_some_and(|last| {
                let mut columns = heading.columns.iter();
                let column = columns.find(|(_, other)| **other == last);
                column.is_none_or(|(col, _)| row.cell(*col).is_none())
            })
    }

    fn observe_fault(&mut self, fault: &CellFault, column: &str, at: CellRef) {
        let observation = self.source.observe(fault.check, fault.found.as_str());
        let observation = observation.expecting(fault.expected.as_str());
        self.push(observation.on_column(column).on_cell(at));
    }

    fn observe_on_record(&mut self, check: Check, found: &str, column: &str, at: CellRef) {
        let observation = self.source.observe(check, found);
        self.push(observation.on_column(column).on_cell(at));
    }

    /// Keeps an observation on the record that was begun last.
    fn push(&mut self, observation: Observation) {
        self.observations.push(Observation {
            record: Some(self.records.id().to_owned()),
            ..observation
        });
    }

    /// Observes a row that its sender marked as one that goes.
    /// `title` stands over it and says the same.
    pub(crate) fn observe_row(&mut self, row: &Row, title: Option<&str>) {
        let (mut struck, mut all, mut marked) = (0, 0, None);
        for cell in &row.cells {
            let Value::Text(text) = &cell.value else {
                continue;
            };
            all += 1;
            struck += usize::from(cell.format.is_struck);
            let may_mark = || self.may_mark.get(cell.col) != Some(&false);
            if marked.is_none() && (is_example(text) || (may_mark() && self.known.is_removed(text)))
            {
                marked = Some((row.at(cell.col), text.to_string()));
            }
        }
        let struck = (struck * 2 > all && all > 0).then(|| {
            let first = row.cells.first().map_or(0, |cell| cell.col);
            (row.at(first), String::new())
        });
        let by_title = title.map(|title| {
            let first = row.cells.first().map_or(0, |cell| cell.col);
            (row.at(first), title.to_owned())
        });
        if let Some((at, text)) = marked.or(struck).or(by_title) {
            let observation = self.source.observe(Check::RowRemoved, text);
            self.push(observation.on_cell(at));
        }
    }

    /// Reads a row of which it is not clear whether it is a record: it is kept with its amounts, and waits.
    pub(crate) fn read_unclear(&mut self, row: &'a Row, plan: &RecordPlan<'a>) {
        let before = self.observations.len();
        self.records.begin(self.source.origin, row.index, 0);
        self.until = None;
        let totals = self.totals.clone();
        let waits = self.waits_for_unit;
        for source in &plan.sources {
            self.read_source(row, source);
        }
        (self.totals, self.waits_for_unit) = (totals, waits);
        self.records.end(self.extra_columns(row));
        // One question for the row: what it lacks as a record is no matter until it is one.
        self.observations.truncate(before);
        let text: Vec<&str> = row.texts().map(|(_, text)| text).collect();
        let amounts: Vec<CellRef> = row
            .cells
            .iter()
            .filter(|cell| matches!(cell.value, Value::Number(_)))
            .map(|cell| row.at(cell.col))
            .collect();
        let observation = self.source.observe(Check::RowUnclear, text.join(" "));
        let first = row.cells.first().map(|cell| row.at(cell.col));
        self.push(Observation {
            cells: first.into_iter().chain(amounts).collect(),
            ..observation
        });
    }

    /// What stands in columns that the form does not have, by their headings, as JSON.
    fn extra_columns(&self, row: &Row) -> Option<String> {
        let heading = self.source.heading;
        if heading.unknown.is_empty() && heading.unsure.is_empty() {
            return None;
        }
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

    /// Compares a total with what the records read so far come to: what it says otherwise is told, and what it says of a
    /// cell that could not be read is put beside what is told of that cell.
    pub(crate) fn check_total(&mut self, row: &Row, columns: &[PlacedColumn<'a>], is_proved: bool) {
        let numbers = columns
            .iter()
            .filter(|placed| placed.column.kind.is_number());
        for placed in numbers {
            match self.totals.compare(row, placed, is_proved) {
                Some(TotalFinding::Differs { total, rows }) => {
                    let observation = self
                        .source
                        .observe(Check::TotalDiffers, total)
                        .expecting(rows)
                        .on_column(&placed.column.name)
                        .on_cell(row.at(placed.col));
                    self.observations.push(observation);
                }
                Some(TotalFinding::Implies { cell, amount }) => {
                    let of_cell = self.observations.iter_mut().filter(|it| {
                        it.cells.first() == Some(&cell)
                            && it.column.as_ref() == Some(&placed.column.name)
                    });
                    for observation in of_cell.filter(|it| it.expected.is_empty()) {
                        observation.expected.clone_from(&amount);
                    }
                }
                None => {}
            }
        }
    }
}
