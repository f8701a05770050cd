//! One table, read row by row into records.

use crate::cell_reader::cell_reading::{CellReading, ColumnContext, ColumnEvidence};
use crate::cell_reader::read_cell;
use crate::column_evidence::{bare_fractions, day_order_of_table};
use crate::decimal_notation::column_notations;
use crate::grid::{CellFormat, Row, SheetGrid, Value};
use crate::heading_findings::{
    has_unit, heading_findings, missing_unit, observe_table, unit_of_table,
};
use crate::headings::matching::HeadingMatch;
use crate::observe::Narrow;
use crate::reading::Table;
use crate::records::{Records, TableOrigin};
use crate::row_kind::RowKind;
use crate::running_sums::RunningSums;
use crate::stored_value::StoredValue;
use crate::value::number::DecimalNotation;
use model::{Check, Observation, Vnd};
use programme::{Column, ColumnType, Programme};
use std::collections::{BTreeMap, HashMap};

/// Reads one table: the rows below one heading.
pub(crate) struct TableReader<'a> {
    pub sheet: &'a SheetGrid,
    pub heading: &'a HeadingMatch<'a>,
    pub origin: &'a TableOrigin<'a>,
    pub programme: &'a Programme,
    /// How the workbook's tables write numbers, if they agree.
    pub elsewhere: Option<DecimalNotation>,
    pub observations: Vec<Observation>,
}

/// Texts that were read before, by column and by their address: the same few stand on most rows, and the cells that share
/// a text share its memory. The sheet outlives the reading, so no address is used twice.
type ReadTexts = HashMap<(usize, *const u8), CellReading, foldhash::fast::FixedState>;

/// A column of the form as it stands on the sheet.
struct PlacedColumn<'a> {
    col: u32,
    place: usize,
    column: &'a Column,
    context: ColumnContext<'a>,
}

impl<'a> TableReader<'a> {
    /// An observation about this table.
    pub(crate) fn observe(&self, check: Check, found: impl Into<String>) -> Observation {
        observe_table(self.sheet, self.heading, check, found)
    }

    /// Reads the rows, of which the kinds are known; the unit may stand from the sheet's row `above` on.
    pub(crate) fn read(&mut self, above: usize, rows: &[(RowKind, &'a Row)]) -> Table {
        let heading = self.heading;
        let form = heading.form;
        self.observations
            .extend(heading_findings(self.sheet, heading));
        let unit = unit_of_table(self.sheet, heading, above);
        let notations = column_notations(heading, rows, self.elsewhere);
        let fields = self.place_columns(unit, &notations, rows);
        let mut records = Records::new(form, rows.len(), |place| {
            fields.iter().any(|field| field.place == place)
        });
        let (mut all, mut since) = (RunningSums::new(form), RunningSums::new(form));
        let mut waits_for_unit = false;
        let mut known = ReadTexts::default();
        for &(kind, row) in rows {
            match kind {
                RowKind::Data => {
                    self.read_row(row, &fields, &mut records, &mut known, |column, amount| {
                        waits_for_unit |= amount.is_none()
                            && unit.is_none()
                            && has_unit(&form.columns[column].kind);
                        all.add(column, amount);
                        since.add(column, amount);
                    })
                }
                RowKind::Total => {
                    self.check_total(row, &fields, &all, &since);
                    since = RunningSums::new(form);
                }
                // A total below a section's title is of that section.
                RowKind::Section => since = RunningSums::new(form),
                RowKind::Numbering | RowKind::End | RowKind::Other => {}
            }
        }
        // One finding for the table, not one for each amount.
        if waits_for_unit && heading.units.is_empty() {
            self.observations.push(missing_unit(self.sheet, heading));
        }
        Table {
            form: form.code.clone(),
            sheet: self.sheet.name.clone(),
            heading: heading.explained(self.sheet),
            frame: records.finish(form, self.origin),
        }
    }

    /// The form's columns on the sheet, in the form's order.
    fn place_columns(
        &self,
        unit: Option<i64>,
        notations: &BTreeMap<usize, DecimalNotation>,
        rows: &[(RowKind, &'a Row)],
    ) -> Vec<PlacedColumn<'a>> {
        let heading = self.heading;
        let fractions = bare_fractions(heading, rows);
        let day_order = day_order_of_table(heading, rows);
        let last_day = heading
            .form
            .grant
            .as_ref()
            .and_then(|grant| grant.end.as_ref());
        let mut fields: Vec<PlacedColumn<'a>> = heading
            .columns
            .iter()
            .map(|(&col, &place)| {
                let unit = heading.units.get(&col).copied().or(unit);
                let context = ColumnContext {
                    programme: self.programme,
                    unit,
                    notation: notations.get(&place).copied(),
                    from_1904: self.sheet.from_1904,
                    is_last_day: last_day == Some(&heading.form.columns[place].name),
                    evidence: ColumnEvidence {
                        has_bare_fractions: fractions.contains(&place),
                        day_order,
                    },
                };
                PlacedColumn {
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

    /// Reads a row of data; hands on the amounts of its number columns, `None` for one that is there but could not be read.
    fn read_row(
        &mut self,
        row: &'a Row,
        fields: &[PlacedColumn<'a>],
        records: &mut Records,
        known: &mut ReadTexts,
        mut amount: impl FnMut(usize, Option<i64>),
    ) {
        records.begin(self.origin, row.index);
        for field in fields {
            let PlacedColumn {
                col,
                place,
                column,
                context,
            } = field;
            let own = row.whole_cell(*col).map(|cell| (row.at(*col), cell));
            // An amount merged over several rows is one amount, and stands in its first row only.
            let found = own.or_else(|| {
                if column.kind.is_number() {
                    None
                } else {
                    self.sheet.merged_cell(row.at(*col))
                }
            });
            let Some((at, cell)) = found else {
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
                records.put(*place, &StoredValue::Null, Some(row.at(*col)));
                continue;
            };
            let once;
            let CellReading { stored, fault, .. } = match &cell.value {
                // The same few texts stand on most rows of such a column.
                Value::Text(text)
                    if column.kind != ColumnType::Text && cell.format == CellFormat::default() =>
                {
                    known
                        .entry((*place, text.as_ptr()))
                        .or_insert_with(|| read_cell(column, cell, context))
                }
                _ => {
                    once = read_cell(column, cell, context);
                    &once
                }
            };
            if column.kind.is_number() {
                amount(
                    *place,
                    if let StoredValue::Integer(amount) = stored {
                        Some(*amount)
                    } else {
                        None
                    },
                );
            }
            // A value may be stored and at fault at once, as a tax code with a wrong check digit.
            if let Some(fault) = fault {
                let observation = self
                    .observe(fault.check, fault.found.as_str())
                    .expecting(fault.expected.as_str());
                let observation = observation.on_column(&column.name).on_cell(at);
                self.observations.push(Observation {
                    record: Some(records.id().to_owned()),
                    ..observation
                });
            }
            records.put(*place, stored, Some(at));
        }
        records.end(self.extra_columns(row));
    }

    /// What stands in columns that the form does not have, by their headings, as JSON.
    fn extra_columns(&self, row: &Row) -> Option<String> {
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
    fn check_total(
        &mut self,
        row: &Row,
        fields: &[PlacedColumn<'a>],
        all: &RunningSums,
        since: &RunningSums,
    ) {
        for PlacedColumn {
            col,
            place,
            column,
            context,
        } in fields.iter().filter(|field| field.column.kind.is_number())
        {
            let Some(cell) = row.whole_cell(*col) else {
                continue;
            };
            let StoredValue::Integer(total) = read_cell(column, cell, context).stored else {
                continue;
            };
            if !all.may_be(*place, total) && !since.may_be(*place, total) {
                let rows = Vnd(all.amount(*place).unwrap_or(0));
                let observation = self
                    .observe(Check::TotalDiffers, Vnd(total).to_string())
                    .expecting(rows.to_string());
                self.observations
                    .push(observation.on_column(&column.name).on_cell(row.at(*col)));
            }
        }
    }
}
