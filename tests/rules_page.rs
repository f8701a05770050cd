//! `docs/rules.md` says what the programme says. `UPDATE_DOCS=1 cargo test` writes it anew.

use programme::{Programme, RuleKind};
use std::fmt::Write as _;

fn page(programme: &Programme) -> String {
    let mut page = String::from(
        "# Quy tắc / Rules\n\nGenerated from `pipelines/`; `tonghop explain CODE` shows one. Severities: **hold** (the row \
         waits), **correct** (counted, to be mended), **warn**, **info**.\n\n\
         | Code | Severity | What (vi) | What (en) | Source | How |\n|---|---|---|---|---|---|\n",
    );
    for rule in programme.rules.values() {
        let how = match &rule.kind {
            RuleKind::Reader(check) => format!("reader: {check:?}"),
            RuleKind::Where(_) | RuleKind::Select(_) => {
                format!("SQL over {}", rule.forms.join(", "))
            }
        };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {how} |",
            rule.code, rule.severity, rule.title.vi, rule.title.en, rule.clause
        );
    }
    page
}

#[test]
fn the_page_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rules.md");
    let expected = page(&Programme::default_programme().unwrap());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &expected).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        expected,
        "run with UPDATE_DOCS=1"
    );
}
