//! `datapackage.json`: what each table and column is, as a Data Package (frictionless).

use crate::export::exported_table::{
    ExportedColumn, ExportedTable, REPORT_YEAR, TableRole, WORKSPACE,
};
use polars::prelude::DataType;
use programme::Programme;
use serde_json::{Map, Value, json};

/// What an export says of itself.
pub(crate) struct PackageHead<'a> {
    pub programme: &'a Programme,
    pub workspace: &'a str,
    /// The moment of the last run: what was known by then is exported.
    pub as_of: String,
    /// Whether a CSV stands beside each table.
    pub with_csv: bool,
    /// `form.column` of what stays here since it tells of persons.
    pub left_out: &'a [String],
}

/// The description of some tables.
pub(crate) fn data_package(head: &PackageHead<'_>, tables: &[ExportedTable]) -> Value {
    let programme = head.programme;
    let mut resources: Vec<Value> = Vec::new();
    for table in tables {
        let paths = table.parts.keys();
        let paths: Vec<String> = paths
            .map(|year| table.path(head.workspace, *year))
            .collect();
        resources.push(resource(table, &table.name, json!(paths), "parquet", true));
        if head.with_csv {
            let (name, path) = (
                format!("{}-csv", table.name),
                format!("csv/{}.csv", table.name),
            );
            resources.push(resource(table, &name, json!(path), "csv", false));
        }
    }
    json!({
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": programme.id,
        "title": programme.title.vi,
        "description": programme.decision,
        "tonghop": {
            "programme": programme.id,
            "programme_hash": programme.hash,
            "workspace": head.workspace,
            "as_of": head.as_of,
            "money": "đồng",
            "partitions": [WORKSPACE, REPORT_YEAR],
            "left_out": head.left_out,
        },
        "resources": resources,
    })
}

fn resource(
    table: &ExportedTable,
    name: &str,
    path: Value,
    format: &str,
    is_partitioned: bool,
) -> Value {
    let mut fields: Vec<Value> = Vec::new();
    let has_years = table.parts.keys().any(Option::is_some);
    // In Parquet the partitions are in the paths, and are columns as well once they are read.
    if !is_partitioned {
        let partition = |name: &str, kind: &str| json!({ "name": name, "type": kind });
        fields.push(partition(WORKSPACE, "string"));
        fields.extend(has_years.then(|| partition(REPORT_YEAR, "integer")));
    }
    let schema = table
        .parts
        .values()
        .next()
        .map(|frame| frame.schema().clone());
    for column in &table.columns {
        let dtype = schema.as_ref().and_then(|schema| schema.get(&column.name));
        fields.push(field(column, dtype));
    }
    let mut schema = Map::new();
    schema.insert("fields".to_owned(), json!(fields));
    if !table.key.is_empty() {
        schema.insert("primaryKey".to_owned(), json!(table.key));
    }
    if !table.links.is_empty() {
        let links = table.links.iter().map(|(column, other, its)| {
            let other = if is_partitioned {
                other.clone()
            } else {
                format!("{other}-csv")
            };
            json!({ "fields": column, "reference": { "resource": other, "fields": its } })
        });
        schema.insert("foreignKeys".to_owned(), links.collect());
    }
    let mut own = vec![WORKSPACE];
    own.extend(has_years.then_some(REPORT_YEAR));
    json!({
        "name": name,
        "table": table.name,
        "path": path,
        "profile": "tabular-data-resource",
        "title": table.title,
        "clause": table.clause,
        "role": table.role,
        "format": format,
        "mediatype": if format == "csv" { "text/csv" } else { "application/vnd.apache.parquet" },
        "encoding": "utf-8",
        "rows": table.height(),
        "partitions": own,
        "together": match table.role {
            TableRole::List => "UNION",
            _ => "UNION ALL",
        },
        "schema": schema,
    })
}

fn field(column: &ExportedColumn, dtype: Option<&DataType>) -> Value {
    let kind = match dtype {
        Some(DataType::Int64) => "integer",
        Some(DataType::Boolean) => "boolean",
        Some(DataType::Date) => "date",
        _ => "string",
    };
    let mut field = json!({ "name": column.name, "type": kind, "title": column.title });
    let told = [
        ("unit", column.unit.map(Value::from)),
        ("list", column.list.clone().map(Value::from)),
        ("personal", column.is_personal.then(|| Value::from(true))),
    ];
    if let Value::Object(field) = &mut field {
        let told = told.into_iter();
        field.extend(told.filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    field
}
