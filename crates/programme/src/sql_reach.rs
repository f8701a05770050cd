//! What the SQL of a programme may reach: the tables that it is given, and nothing else of the machine.

use polars::prelude::{PolarsResult, polars_bail, polars_ensure};
use sqlparser::ast::{ObjectName, Query, SetExpr, Statement, TableFactor, Visit, Visitor};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserOptions};
use std::ops::ControlFlow;

/// Holds a query to be a query over tables: a statement that does anything else is refused, and so is a table that is made
/// from elsewhere, as `read_parquet('…')` is, wherever it stands: in a common table expression, a join, a subquery.
///
/// A name of which there is no table is left to polars, which knows no others than those it is given.
///
/// # Errors
/// When it is not; and when it is no SQL.
pub(crate) fn refuse_outside(sql: &str) -> PolarsResult<()> {
    // As polars reads it: what one reads otherwise than the other would go past.
    let parsed = Parser::new(&GenericDialect)
        .with_options(ParserOptions {
            trailing_commas: true,
            ..ParserOptions::default()
        })
        .try_with_sql(sql)
        .and_then(|mut parser| parser.parse_statements());
    let statements = match parsed {
        Ok(statements) => statements,
        // As polars says it, with the line.
        Err(error) => polars_bail!(SQLInterface: "{}", error),
    };
    for statement in &statements {
        polars_ensure!(
            matches!(statement, Statement::Query(_)),
            SQLInterface: "only a query may stand here: SELECT …, or WITH … SELECT …"
        );
        if let ControlFlow::Break(what) = statement.visit(&mut Reach) {
            polars_bail!(SQLInterface: "'{what}' is none of the tables that a programme is given: files and functions cannot be read");
        }
    }
    Ok(())
}

/// Stops at what is no table that was given.
struct Reach;

impl Visitor for Reach {
    type Break = String;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<String> {
        body(&query.body)
    }

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<String> {
        match table {
            TableFactor::Table {
                name, args: None, ..
            } => plain_name(name),
            TableFactor::Derived { .. }
            | TableFactor::NestedJoin { .. }
            | TableFactor::UNNEST { .. } => ControlFlow::Continue(()),
            other => ControlFlow::Break(other.to_string()),
        }
    }

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<String> {
        match statement {
            Statement::Query(_) => ControlFlow::Continue(()),
            other => ControlFlow::Break(other.to_string()),
        }
    }
}

/// A name of one part: what has more names a place, what is no name is a function.
fn plain_name(name: &ObjectName) -> ControlFlow<String> {
    match name.0.as_slice() {
        [part] if part.as_ident().is_some() => ControlFlow::Continue(()),
        _ => ControlFlow::Break(name.to_string()),
    }
}

fn body(set: &SetExpr) -> ControlFlow<String> {
    match set {
        SetExpr::Select(_) | SetExpr::Query(_) | SetExpr::Values(_) | SetExpr::Table(_) => {
            ControlFlow::Continue(())
        }
        SetExpr::SetOperation { left, right, .. } => {
            body(left)?;
            body(right)
        }
        other => ControlFlow::Break(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::refuse_outside;

    #[test]
    fn queries_over_tables_pass() {
        for sql in [
            "SELECT record, SUM(spent) AS value FROM budget GROUP BY record",
            "WITH a AS (SELECT record FROM \"support\") SELECT * FROM a JOIN budget AS b ON a.record = b.record",
            "SELECT * FROM (SELECT record FROM x UNION ALL SELECT record FROM y) AS t, z WHERE t.record IN (SELECT record FROM w)",
            "SELECT 'read_parquet(''a'')' AS text -- read_csv('b')\nFROM x",
        ] {
            assert!(refuse_outside(sql).is_ok(), "{sql}");
        }
    }

    #[test]
    fn what_reads_elsewhere_is_refused_wherever_it_stands() {
        let from = |table: &str| {
            [
                format!("SELECT * FROM {table}"),
                format!("SELECT * FROM budget JOIN {table} AS t ON budget.record = t.record"),
                format!("SELECT * FROM budget, {table}"),
                format!("WITH a AS (SELECT * FROM {table}) SELECT * FROM a"),
                format!(
                    "WITH a AS (SELECT 1), b AS (WITH c AS (SELECT * FROM {table}) SELECT * FROM c) SELECT * FROM b"
                ),
                format!("SELECT * FROM (SELECT * FROM (SELECT * FROM {table}) AS x) AS y"),
                format!("SELECT * FROM budget WHERE record IN (SELECT record FROM {table})"),
                format!("SELECT (SELECT MAX(record) FROM {table}) AS m FROM budget"),
                format!("SELECT record FROM budget WHERE EXISTS (SELECT 1 FROM {table})"),
                format!("SELECT record FROM budget UNION ALL SELECT record FROM {table}"),
                format!("SELECT record FROM budget ORDER BY (SELECT MAX(record) FROM {table})"),
                format!(
                    "SELECT CASE WHEN 1 = (SELECT COUNT(*) FROM {table}) THEN 1 END FROM budget"
                ),
            ]
        };
        for table in [
            "read_parquet('/etc/a.parquet')",
            "READ_CSV('a')",
            "scan_parquet('a')",
            "read_ipc('a')",
            "read_json('a')",
            "\"read_parquet\"('a')",
            "TABLE(read_csv('a'))",
            "LATERAL read_csv('a')",
            "files.budget",
        ] {
            for sql in from(table) {
                assert!(refuse_outside(&sql).is_err(), "{sql}");
            }
        }
    }

    #[test]
    fn only_queries_may_stand_there() {
        for sql in [
            "CREATE TABLE a AS SELECT * FROM budget",
            "COPY budget TO 'a.csv'",
            "DROP TABLE budget",
            "DELETE FROM budget",
            "SELECT 1; DROP TABLE budget",
            "EXPLAIN SELECT * FROM read_csv('a')",
            "SHOW TABLES",
            "INSERT INTO budget SELECT 1",
            "not SQL at all",
        ] {
            assert!(refuse_outside(sql).is_err(), "{sql}");
        }
    }
}
