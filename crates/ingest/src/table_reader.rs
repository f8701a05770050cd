//! One table: its heading, its rows told apart, its records.

use crate::column_evidence::{bare_fractions, day_order_of_table};
use crate::column_sums::ColumnSums;
use crate::decimal_notation::column_notations;
use crate::grid::{Row, SheetGrid, Value};
use crate::heading_findings::{heading_findings, missing_unit, observe_table, unit_of_table};
use crate::headings::matching::HeadingMatch;
use crate::legal_forms::LegalForms;
use crate::observe::Narrow;
use crate::reading::Table;
use crate::record_cells::{ContinuationFinder, Continuations, RecordAbove};
use crate::record_reader::{KnownTexts, RecordReader};
use crate::records::{Records, TableOrigin};
use crate::row_kind::RowKind;
use crate::row_marks::is_group_title;
use crate::row_structure::{ClassifiedRow, RowStructure};
use crate::table_plan::{PlacedColumn, TableContext};
use crate::total_check::TotalCheck;
use crate::value::number::DecimalNotation;
use model::{CellRef, Check, Observation};
use programme::{ColumnType, Programme};
use std::collections::HashSet;

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
        let columns = context.columns(heading);
        let rows = RowStructure::new(heading, &columns, rows, self.legal_forms).classify();
        let plans = context.plans(heading);
        let mut reader = RecordReader {
            sheet: self.sheet,
            heading,
            origin: self.origin,
            programme: self.programme,
            legal_forms: self.legal_forms,
            records: Records::new(form, rows.len(), |place| {
                plans
                    .iter()
                    .any(|plan| plan.sources.iter().any(|source| source.place() == place))
            }),
            repeats: self.repeated_counts(&columns),
            continuations: self.continuations(&rows, &columns),
            above: RecordAbove::default(),
            totals: TotalCheck::default(),
            waits_for_unit: false,
            observations: Vec::new(),
            known: KnownTexts::default(),
            until: None,
        };
        let mut data = 0;
        for classified in &rows {
            let row = classified.row;
            match classified.kind {
                RowKind::Data => {
                    if reader.read_row(row, &plans) {
                        data += 1;
                    }
                    reader.observe_row(row, &columns);
                    reader.above.advance(row);
                }
                RowKind::Unclear => {
                    reader.read_unclear(row, &plans[0]);
                    data += 1;
                }
                RowKind::Total if !classified.is_proved => {
                    reader.check_total(row, &columns);
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
        self.observations.append(&mut reader.observations);
        for &at in &reader.continuations.unclear {
            let text = self.shown(at);
            let observation = self.observe(Check::LoneText, text);
            self.observations.push(observation.on_cell(at));
        }
        // One finding for the table, not one for each amount.
        if reader.waits_for_unit {
            self.observations
                .push(missing_unit(self.sheet, heading, unit));
        }
        ReadTable {
            table: Table {
                form: form.code.clone(),
                sheet: self.sheet.name.clone(),
                heading: heading.explained(self.sheet),
                is_poor: self.is_poor(),
                frame: reader.records.finish(form, self.origin),
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
}
