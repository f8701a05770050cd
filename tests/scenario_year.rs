//! A year as departments really send it, from the first quarter to the year after: `year/year.md` tells each step and what every
//! figure must be, worked out by hand. This reads that page and does what it says.

use crate::office::{Office, figure, read_json, tonghop};
use crate::review_sheet::answer_pair;
use serde_json::Value;

const PAGE: &str = include_str!("year/year.md");

/// A step of the page.
struct Step<'p> {
    /// The day and what happens.
    title: &'p str,
    day: &'p str,
    /// The exit code of the run.
    code: i32,
    /// Texts of workbooks that come in, by their names.
    workbooks: Vec<(&'p str, String)>,
    /// The answer to the first question of the run before.
    answer: Option<&'p str>,
    /// The number under which the report of a year is issued after the run.
    issue: Option<(&'p str, &'p str)>,
    /// Codes of findings that the run must name.
    told: Vec<&'p str>,
    /// Ids of figures and what they must be.
    figures: Vec<(&'p str, i64)>,
}

/// What stands in backquotes in a line.
fn quoted(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

fn steps() -> Vec<Step<'static>> {
    let mut steps = Vec::new();
    for part in PAGE.split("\n## ").skip(1) {
        let (title, rest) = part.split_once('\n').unwrap();
        let (day, _) = title.split_once(' ').unwrap();
        let mut step = Step {
            title,
            day,
            code: 0,
            workbooks: Vec::new(),
            answer: None,
            issue: None,
            told: Vec::new(),
            figures: Vec::new(),
        };
        let mut lines = rest.lines();
        while let Some(line) = lines.next() {
            let said = quoted(line);
            if let Some(name) = line.strip_prefix("```workbook ") {
                let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                step.workbooks.push((name, text.join("\n") + "\n"));
            } else if line.starts_with("The officer answers") {
                step.answer = Some(said[0]);
            } else if line.starts_with("The run ends with") {
                step.code = said[0].parse().unwrap();
                step.told = said[1..].to_vec();
            } else if line.starts_with("The report of") {
                step.issue = Some((said[0], said[1]));
            } else if line.starts_with("| `") {
                let cells: Vec<&str> = line.split('|').map(str::trim).collect();
                let value = cells[2].replace(' ', "").parse().unwrap();
                step.figures.push((said[0], value));
            }
        }
        assert!(!step.figures.is_empty(), "{title}: no figures");
        steps.push(step);
    }
    assert!(steps.len() > 9, "the page was not read");
    steps
}

/// The figures of the report whose years a figure's id names: `2023`, or `2021-2024` for the report on the whole period.
fn figures_of(office: &Office, years: &str) -> Value {
    let year = years.rsplit('-').next().unwrap();
    let mut args = vec!["report", "-w", office.dir(), "--year", year];
    if years.contains('-') {
        args.push("--final");
    }
    tonghop(&args).ending(0);
    read_json(&office.path("reports/figures.json"))
}

#[test]
fn a_year_is_counted_as_it_was_worked_out_by_hand() {
    let office = Office::new();
    let mut last = Value::Null;
    for step in steps() {
        for (name, text) in &step.workbooks {
            office.drop_workbook(name, text);
        }
        if let Some(said) = step.answer {
            let name = format!("tra-loi-{}.xlsx", step.day);
            answer_pair("Câu hỏi", &office, &last, &name, said, "");
        }
        let (code, run) = office.run_at(&format!("{}T09:00:00+07:00", step.day));
        assert_eq!(code, step.code, "{}: {run}", step.title);
        let found = run["findings"].as_array().unwrap();
        for code in &step.told {
            let is_told = found.iter().any(|finding| finding["code"] == *code);
            assert!(is_told, "{}: {code} is not told: {found:?}", step.title);
        }
        let mut wrong = Vec::new();
        for (id, expected) in &step.figures {
            let (_, years) = id.split_once('/').unwrap();
            let counted = figure(&figures_of(&office, years), id);
            if counted != *expected {
                wrong.push(format!("{id}: {counted}, by hand {expected}"));
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", step.title, wrong.join("\n"));
        if let Some((year, number)) = step.issue {
            let now = format!("{}T10:00:00+07:00", step.day);
            office.issue(year, number, step.day, &now);
        }
        last = run;
    }
}
