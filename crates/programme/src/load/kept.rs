//! What programs of before had in Rust: programmes that they kept in a ledger do not say it, and are read as they were
//! read then.

use crate::catalogue::CodeList;
use crate::form::{Form, GrantColumns, ReporterColumns, RunningCases};
use crate::programme::OverlapClauses;
use std::collections::BTreeMap;

pub(super) fn complete_grant(
    grant: &mut GrantColumns,
    form: &Form,
    lists: &BTreeMap<String, CodeList>,
) {
    let known = |list: &str| lists.contains_key(list).then(|| list.to_owned());
    let has_codes = form
        .column(&grant.content)
        .is_some_and(|column| column.kind.list().is_some());
    if grant.content_list.is_none() && !has_codes {
        grant.content_list = known("content");
    }
    if grant.tool_list.is_none() {
        grant.tool_list = known("tool");
    }
}

pub(super) fn running(form: &Form) -> Option<RunningCases> {
    let column = form.column("status")?;
    (column.kind.list() == Some("case_status")).then(|| RunningCases {
        column: column.name.clone(),
        codes: vec!["ongoing".to_owned()],
    })
}

pub(super) fn reporter(form: &Form) -> Option<ReporterColumns> {
    let known = |name: &str| form.column(name).map(|column| column.name.clone());
    Some(ReporterColumns {
        department: known("department")?,
        period: known("period")?,
        unit: known("unit"),
        nil_return: known("nil_return"),
    })
}

pub(super) fn overlap() -> OverlapClauses {
    OverlapClauses {
        combined: "III.1.b".to_owned(),
        duplicate: "III.2.b, VI.2.b".to_owned(),
    }
}

/// The lists of the sources and of the tasks of the funding lists.
pub(super) fn funding_lists() -> (String, String) {
    ("source".to_owned(), "task".to_owned())
}
