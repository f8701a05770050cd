//! SQL texts tried on empty tables of the right types, so that a programme that passes runs.

use crate::programme::{Measure, Programme};
use crate::rule::RuleKind;
use crate::sql::place_of_fault;
use crate::tables::{self, Tables};
use crate::view::View;
use polars::prelude::*;

/// The empty tables of a programme.
pub(crate) struct Trial {
    tables: Tables,
    /// Whether all of it was tried before: then nothing is, and only the names of tables are known.
    is_tried: bool,
}

/// What is wrong with a query, and at which of its bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct QueryFault {
    pub at: usize,
    pub message: String,
}

impl QueryFault {
    fn new(sql: &str, message: String) -> Self {
        Self {
            at: place_of_fault(sql, &message),
            message,
        }
    }
}

impl Trial {
    /// The empty tables of a programme whose forms and lists are known, without its views.
    pub(crate) fn new(programme: &Programme) -> Self {
        Self {
            tables: tables::without_views(programme, &Tables::new(), |_| true).unwrap_or_default(),
            is_tried: false,
        }
    }

    /// The same for a programme all of whose SQL was tried before.
    pub(crate) fn of_tried(programme: &Programme) -> Self {
        Self {
            is_tried: true,
            ..Self::new(programme)
        }
    }

    /// Whether there is a table of that name.
    pub(crate) fn has(&self, table: &str) -> bool {
        self.tables.contains_key(table)
    }

    /// Tries a view and adds it to the tables.
    pub(crate) fn add_view(&mut self, view: &View) -> Result<(), QueryFault> {
        let frame = match self.is_tried {
            true => DataFrame::default(),
            false => self.run(&view.sql)?,
        };
        self.tables.insert(view.name.clone(), frame);
        Ok(())
    }

    fn run(&self, sql: &str) -> Result<DataFrame, QueryFault> {
        tables::execute(&self.tables, sql).map_err(|error| {
            // The lines below the first show polars' plan, which says nothing to who wrote the SQL.
            let error = error.to_string();
            let said = error.lines().next().unwrap_or_default();
            QueryFault::new(sql, format!("the SQL does not run: {said}"))
        })
    }

    /// Tries a rule on each of its forms. The place of a fault is one in the rule's own text.
    pub(crate) fn rule(&self, kind: &RuleKind, forms: &[String]) -> Result<(), QueryFault> {
        let text = match kind {
            _ if self.is_tried => return Ok(()),
            RuleKind::Reader(_) => return Ok(()),
            RuleKind::Where(text) | RuleKind::Select(text) => text,
        };
        for query in forms
            .iter()
            .filter_map(|form| tables::rule_query(kind, form))
        {
            let result = self
                .run(&query)
                .map_err(|fault| QueryFault::new(text, fault.message))?;
            expect_type(text, &result, "record", &[DataType::String])?;
        }
        Ok(())
    }

    pub(crate) fn indicator(
        &self,
        sql: &str,
        measure: Measure,
        by: &[String],
    ) -> Result<(), QueryFault> {
        if self.is_tried {
            return Ok(());
        }
        let result = self.run(sql)?;
        let texts = ["record", "field"]
            .into_iter()
            .chain(by.iter().map(String::as_str));
        for name in texts {
            expect_type(sql, &result, name, &[DataType::String])?;
        }
        let value: &[DataType] = match measure {
            Measure::Sum => &[
                DataType::Int64,
                DataType::Int32,
                DataType::Int16,
                DataType::Int8,
                DataType::UInt64,
                DataType::UInt32,
                DataType::UInt16,
                DataType::UInt8,
            ],
            Measure::CountDistinct => &[DataType::String],
        };
        expect_type(sql, &result, "value", value)
    }

    /// Tries a listing whose columns of these names are shown, of which one may band its rows and some are added up or hold
    /// codes.
    pub(crate) fn listing(
        &self,
        sql: &str,
        shown: &[&str],
        group: Option<&str>,
        added_up: &[&str],
        codes: &[&str],
    ) -> Result<(), QueryFault> {
        if self.is_tried {
            return Ok(());
        }
        let result = self.run(sql)?;
        // What a sheet can show.
        let any = [
            DataType::String,
            DataType::Int64,
            DataType::Boolean,
            DataType::Date,
            several(),
        ];
        for name in shown.iter().copied().chain(group) {
            expect_type(sql, &result, name, &any)?;
        }
        for name in added_up {
            expect_type(sql, &result, name, &[DataType::Int64])?;
        }
        for name in codes.iter().chain(&["record"]) {
            expect_type(sql, &result, name, &[DataType::String, several()])?;
        }
        Ok(())
    }
}

/// The texts of several rows, as `ARRAY_AGG` gathers them.
fn several() -> DataType {
    DataType::List(Box::new(DataType::String))
}

/// Holds a result to have a column of one of these types.
fn expect_type(
    sql: &str,
    result: &DataFrame,
    name: &str,
    types: &[DataType],
) -> Result<(), QueryFault> {
    let Ok(column) = result.column(name) else {
        return Err(QueryFault::new(
            sql,
            format!("the query gives no column '{name}'"),
        ));
    };
    if types.contains(column.dtype()) {
        return Ok(());
    }
    let expected = match types {
        [DataType::String, ..] => "a text",
        [first, ..] if first.is_integer() => "a whole number",
        _ => "a text, a whole number, a flag or a day",
    };
    let message = format!("column '{name}' is {}: expected {expected}", column.dtype());
    Err(QueryFault::new(sql, message))
}
