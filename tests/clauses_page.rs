//! The plan clause by clause: none is without its row, and `docs/clauses.md` says what the programme says.
//! `UPDATE_DOCS=1 cargo test` writes it anew.

use programme::{PlanClause, Programme};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What the plan consists of, as it numbers it: sections, and the points of each; a point behind '-' is a dash of it.
const CONTENTS: [(&str, &str); 21] = [
    ("I", "1 2"),
    ("II.1", "a b-1 b-2 b-3 b-4 b-5"),
    ("II", "2"),
    ("III.1", "a b c d"),
    ("III.2", "a b c d đ"),
    ("IV.1", "a b c d"),
    ("IV.2", "a b c"),
    ("IV.3", "a-1 a-2 a-3 b-1 b-2 b-3 b-4 b-5"),
    ("IV.4", "a b c d đ e"),
    ("IV.5", "a b c d"),
    ("V.1", "a b"),
    ("V", "2 3"),
    ("VI.1", "a b c d đ e g h"),
    ("VI.2", "a b c d đ e"),
    ("VI.3", "a b c"),
    ("VI.4", "a b c"),
    ("VI", ", đoạn cuối"),
    ("Lưu ý", ""),
    ("Chú thích 1", ""),
    ("Chú thích 2", ""),
    ("Phụ lục, STT ", "1 2 3 4 5"),
];

fn contents() -> Vec<String> {
    let mut all = Vec::new();
    for (section, points) in CONTENTS {
        match (section.ends_with(' '), points) {
            (_, "") => all.push(section.to_owned()),
            (_, rest) if rest.starts_with(',') => all.push(format!("{section}{rest}")),
            (true, points) => all.extend(points.split(' ').map(|it| format!("{section}{it}"))),
            (false, points) => all.extend(points.split(' ').map(|it| format!("{section}.{it}"))),
        }
    }
    all
}

fn page(programme: &Programme) -> String {
    let mut page = format!(
        "# Kế hoạch theo từng điểm / The plan clause by clause\n\nGenerated from `clauses.toml` of `pipelines/{}`. Of each \
         clause of {}: where it is held, on which form a department reports it, which rules check it, which sheet of the \
         report shows it; where that is nothing, why.\n\n\
         | Clause | What it says | Held in | Reported on | Checked by | Shown in | Why not, or what is left open |\n|---|---|---|---|---|---|---|\n",
        programme.id, programme.decision
    );
    for clause in &programme.clauses {
        let sheet_of = |code: &String| match programme.form(code) {
            Some(form) => format!("{} (`{code}`)", form.sheet),
            None => format!("danh sách `{code}`"),
        };
        let forms: Vec<String> = clause.forms.iter().map(sheet_of).collect();
        let held: Vec<String> = clause.held.iter().map(|it| format!("`{it}`")).collect();
        let PlanClause {
            code,
            text,
            rules,
            sheets,
            reason,
            ..
        } = clause;
        let _ = writeln!(
            page,
            "| {code} | {text} | {} | {} | {} | {} | {reason} |",
            held.join(", "),
            forms.join(", "),
            rules.join(", "),
            sheets.join(", ")
        );
    }
    page
}

#[test]
fn the_page_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/clauses.md");
    let expected = page(&Programme::default_programme().unwrap());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &expected).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(written, expected, "run with UPDATE_DOCS=1");
}

#[test]
fn no_clause_is_without_its_row() {
    let programme = Programme::default_programme().unwrap();
    let rows: Vec<&str> = programme
        .clauses
        .iter()
        .map(|it| it.code.as_str())
        .collect();
    let contents = contents();
    let contents: Vec<&str> = contents.iter().map(String::as_str).collect();
    let in_rows: BTreeSet<&str> = rows.iter().copied().collect();
    let lacking: Vec<_> = contents
        .iter()
        .filter(|it| !in_rows.contains(*it))
        .collect();
    assert!(lacking.is_empty(), "without a row: {lacking:?}");
    let in_plan: BTreeSet<&str> = contents.iter().copied().collect();
    let unknown: Vec<_> = rows.iter().filter(|it| !in_plan.contains(*it)).collect();
    assert!(unknown.is_empty(), "not of the plan: {unknown:?}");
}

#[test]
fn every_form_and_every_sheet_of_a_task_is_on_the_page() {
    let programme = Programme::default_programme().unwrap();
    let all = |of: fn(&PlanClause) -> &Vec<String>| -> BTreeSet<&str> {
        let named = programme.clauses.iter().flat_map(of);
        named.map(String::as_str).collect()
    };
    let forms = all(|it| &it.forms);
    let lacking: Vec<&String> = programme
        .forms
        .keys()
        .chain(programme.registers.keys())
        .filter(|code| !forms.contains(code.as_str()))
        .collect();
    assert!(lacking.is_empty(), "forms of no clause: {lacking:?}");
    let sheets = all(|it| &it.sheets);
    let numbered = programme.report.sheets.iter().map(|it| it.name.as_str());
    let lacking: Vec<&str> = numbered
        .filter(|name| name.starts_with("Biểu") && !sheets.contains(name))
        .collect();
    // How money and enterprises are spread; the plan asks for no such table.
    assert_eq!(lacking, ["Biểu 05c", "Biểu 05d"]);
}
