//! Names that earlier versions had in Rust: programmes kept in a ledger from then lack them, and are read as they were
//! read then.

use crate::catalogue::CodeList;
use crate::definition::WordsFile;
use crate::form::{Form, GrantColumns, ReporterColumns, RunningCases};
use crate::programme::{OverlapClauses, Programme};
use crate::report::CoverLine;
use crate::source::Source;
use crate::words::SignatureWords;
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

/// How senders sign: programmes that are kept were read with the words that the base has now.
pub(super) fn signatures() -> SignatureWords {
    let words = base_words().and_then(|words| words.signatures);
    words.unwrap_or_default()
}

/// The word of a key as the base has it now.
pub(super) fn word(key: &str) -> Option<String> {
    let word = base_words()?.words.remove(key)?;
    Some(word.into_inner())
}

fn base_words() -> Option<WordsFile> {
    let source = Source::default_programme();
    toml::from_str(source.text("_base/words.toml")?).ok()
}

/// The figures on the first page: its words were the programme's, its indicators were in Rust.
pub(super) fn cover(programme: &Programme) -> Vec<CoverLine> {
    [
        ("enterprises_head", "enterprises_supported"),
        ("spent_head", "budget_spent"),
        ("duplicate_head", "duplicate_state_budget"),
    ]
    .map(|(word, indicator)| CoverLine {
        label: programme.words.get(word).to_owned(),
        indicator: indicator.to_owned(),
    })
    .into()
}

/// Gives a linkage that was kept the lists that were in Rust, as the base has them now.
pub(super) fn complete_linkage(linkage: &mut toml::Table) {
    let source = Source::default_programme();
    let base = source
        .text("_base/linkage.toml")
        .map(toml::from_str::<toml::Table>);
    let Some(Ok(base)) = base else { return };
    for key in [
        "foreign_forms",
        "district_words",
        "province_words",
        "rounds",
        "hamlet_words",
    ] {
        if let Some(list) = base.get(key).filter(|_| !linkage.contains_key(key)) {
            linkage.insert(key.to_owned(), list.clone());
        }
    }
    // Nobody was asked by rank then.
    linkage
        .entry("ask_at")
        .or_insert(toml::Value::Integer(i32::MAX.into()));
}
