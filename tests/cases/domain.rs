//! What people send and do, step by step, and what must come of it.

use super::{Misses, figures, file_of, list, put, said, text};
use crate::back_and_forth::as_text;
use crate::office::{Office, tonghop};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// The day on which nominees are looked up, and the one on which reports are made.
const SCREENED: &str = "2024-11-28T09:00:00+07:00";
const REPORTED: &str = "2026-01-05T09:00:00+07:00";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    id: String,
    what: String,
    /// The folder of its files, if it is not called as the case.
    inputs: Option<String>,
    steps: Vec<Step>,
    /// All of these must hold.
    expect: Vec<Expectation>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// Files come into the inbox.
    Put(Vec<String>),
    /// Files come into the inbox, each under another path.
    PutAs(BTreeMap<String, String>),
    /// A file comes into the inbox under a name of these bytes, in hexadecimal digits.
    PutBytesName { file: String, name: String },
    /// Texts come into the inbox as files.
    Junk(BTreeMap<String, String>),
    /// A run at a moment.
    Run(String),
    /// A run as an operator reads it.
    RunText(String),
    /// A file is set aside.
    SetAside(String),
    /// A report is made.
    Report { year: i32, now: String },
    /// The workbook of a report comes into the inbox: the first, the second ….
    PutReport(usize),
    /// What went back to a sender comes into the inbox as it is.
    PutFeedback(usize),
    /// The template of a department for a period comes into the inbox as it is.
    PutTemplate { period: String, department: String },
    /// The workspace gets a programme of its own, in which a text of a file is another.
    Programme {
        file: String,
        old: String,
        new: String,
    },
    /// A list of nominees is looked up.
    Screen(String),
    /// People answer all that the last run asked, each in a copy of their own.
    Answer(Vec<Answered>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    by: String,
    answer: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Expectation {
    /// One of these groups holds in full.
    Any(Vec<Vec<Expectation>>),
    /// A figure of the report of the year that its id names.
    Figure(String, Option<i64>),
    Finding(Pattern),
    NoFinding(Pattern),
    /// What became of a file: one of these.
    Outcome(String, Vec<String>),
    Period(String, String),
    /// Of a file and form: accepted and held.
    Rows(String, String, u64, u64),
    /// Of a file, form and column, in đồng.
    Sum(String, String, String, i64),
    /// How many nominees are told of.
    Nominees(usize),
    /// Words of a finding or its advice.
    Message(String),
    /// No finding and no advice says these.
    NoMessage(String),
    /// Words of what the last run as an operator reads it said.
    Text(String),
    NoText(String),
    /// Whether something went back to a sender.
    Returned(bool),
    /// Nothing of what went back is left.
    NoReturnedFiles,
    /// The last run came to an end and told of the files.
    Ran,
    /// Of a period and a department: whether its report is late.
    Late(String, String, bool),
    /// Whether a person is asked.
    Questions(bool),
    /// How the last run ended: one of these.
    Exit(Vec<i32>),
    /// Of a year, a moment and a figure: the cells that changed the figure since then, all of them and no other.
    ChangedCells(String, String, String, BTreeSet<String>),
}

/// A finding by what it says; what is not named does not matter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pattern {
    severity: Vec<String>,
    sheet: Option<String>,
    /// Of one of these cells: `M5`, any of a row as `*5`, of a column as `M*`; blank for a finding without a cell.
    #[serde(default)]
    cells: Vec<String>,
    code: Option<String>,
}

/// A case on its way.
struct Played {
    office: Office,
    inputs: PathBuf,
    /// What the program said last, and how it ended.
    said: Value,
    text: String,
    code: i32,
    /// Figures by year: a report takes a while.
    figures: BTreeMap<String, Value>,
}

impl super::Case for Case {
    const FOLDER: &str = "domain";

    fn id(&self) -> &str {
        &self.id
    }

    fn what(&self) -> &str {
        &self.what
    }

    fn misses(&self, office: Office) -> Misses {
        if self.expect.is_empty() {
            return Err("it asks for nothing".to_owned());
        }
        let folder = self.inputs.as_ref().unwrap_or(&self.id);
        let mut played = Played {
            office,
            inputs: file_of::<Self>("inputs").join(folder),
            said: Value::Null,
            text: String::new(),
            code: 0,
            figures: BTreeMap::new(),
        };
        for step in &self.steps {
            played.step(step)?;
        }
        let mut misses = Vec::new();
        for expected in &self.expect {
            if !played.holds(expected)? {
                misses.push(format!("{expected:?}"));
            }
        }
        if !misses.is_empty() {
            misses.push(format!("the last run said: {}", played.said["findings"]));
        }
        Ok(misses)
    }
}

impl Played {
    fn step(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Put(names) => names
                .iter()
                .try_for_each(|name| put(&self.office, &self.inputs.join(name), name)),
            Step::PutAs(names) => names
                .iter()
                .try_for_each(|(name, to)| put(&self.office, &self.inputs.join(name), to)),
            Step::PutBytesName { file, name } => {
                let inbox = self.office.path("inbox");
                let target = inbox.join(name_of_bytes(name)?);
                let copied = std::fs::copy(self.inputs.join(file), target);
                copied.map(|_| ()).map_err(|fault| fault.to_string())
            }
            Step::Junk(texts) => {
                for (name, text) in texts {
                    self.office.drop_file(name, text.as_bytes());
                }
                Ok(())
            }
            Step::Run(now) => {
                let workspace = self.office.dir().to_owned();
                self.call(&["run", "-w", &workspace, "--now", now], "files")
            }
            Step::RunText(now) => {
                let answer = tonghop(&["run", "-w", self.office.dir(), "--now", now]);
                self.code = answer.code;
                self.text = answer.stdout + &answer.stderr;
                Ok(())
            }
            Step::SetAside(name) => {
                let call = [
                    "set-aside",
                    "-w",
                    self.office.dir(),
                    name,
                    "--reason",
                    "nhầm tệp",
                ];
                let answer = tonghop(&call);
                (answer.code == 0).then_some(()).ok_or(answer.stderr)
            }
            Step::Report { year, now } => figures(&self.office, &year.to_string(), now).map(|_| ()),
            Step::PutReport(nth) => self.put_back("reports", *nth),
            Step::PutFeedback(nth) => self.put_back("returned", *nth),
            Step::PutTemplate { period, department } => self.put_template(period, department),
            Step::Programme { file, old, new } => {
                // A case edits the programme only as long as it does not know by itself what the case is about.
                let changed = self.office.change_programme("programme", &[]).join(file);
                let text = std::fs::read_to_string(&changed).map_err(|e| e.to_string())?;
                std::fs::write(&changed, text.replace(old, new)).map_err(|e| e.to_string())?;
                let settings = self.office.path("tonghop.toml");
                let settings = std::fs::read_to_string(settings).map_err(|e| e.to_string())?;
                self.office
                    .set(&format!("programme = \"programme\"\n{settings}"));
                Ok(())
            }
            Step::Screen(name) => {
                let list = self.inputs.join(name).display().to_string();
                let workspace = self.office.dir().to_owned();
                let call = ["screen", "-w", &workspace, &list, "--now", SCREENED];
                self.call(&call, "nominees")
            }
            Step::Answer(people) => people.iter().try_for_each(|person| self.answer(person)),
        }
    }

    /// Calls the program, which must say something that holds `entry`.
    fn call(&mut self, call: &[&str], entry: &str) -> Result<(), String> {
        let answer = tonghop(&[call, &["--format", "json"]].concat());
        self.code = answer.code;
        // A run that is dated before the last one takes nothing in: the case says what comes of it.
        let is_backdated = answer.code == 2 && answer.stderr.contains("--backdate");
        self.said = match is_backdated {
            true => Value::Null,
            false => said(&answer, entry)?,
        };
        Ok(())
    }

    /// Puts the nth workbook, by name, that the program wrote below a folder into the inbox.
    fn put_back(&self, folder: &str, nth: usize) -> Result<(), String> {
        let found = workbooks(&self.office.path(folder))?;
        let nth = found.get(nth.wrapping_sub(1));
        let written = nth.ok_or_else(|| format!("nothing in {folder}"))?;
        self.put_written(written)
    }

    fn put_written(&self, written: &Path) -> Result<(), String> {
        let name = written.file_name().unwrap_or_default().to_string_lossy();
        put(&self.office, written, &name)
    }

    /// Makes the templates of a period and puts the one of a department into the inbox.
    fn put_template(&self, period: &str, department: &str) -> Result<(), String> {
        let call = ["templates", "-w", self.office.dir(), "--period", period];
        let answer = tonghop(&call);
        let made = workbooks(&self.office.path("templates"))?;
        let is_of = |path: &&PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.contains(department)
        };
        let template = made.iter().find(is_of).ok_or(answer.stderr)?;
        self.put_written(template)
    }

    /// A person's answer to every question, in a copy of the review workbook.
    fn answer(&self, person: &Answered) -> Result<(), String> {
        // Where nothing is asked, nothing is answered.
        let Some(review) = self.said["review"].as_str() else {
            return Ok(());
        };
        let questions = as_text(&std::fs::read(review).map_err(|fault| fault.to_string())?);
        let mut heading: Option<Vec<String>> = None;
        let mut answered = String::new();
        for (number, line) in questions.lines().enumerate() {
            // The questions are the first sheet.
            if number > 0 && line.starts_with("== ") {
                break;
            }
            let mut cells: Vec<String> = line.split(" | ").map(str::to_owned).collect();
            if let Some(heading) = &heading {
                let place = |title: &str| heading.iter().position(|cell| cell == title);
                let asks = place("'Câu hỏi").is_some_and(|at| !cells[at].is_empty());
                let fill_in = [
                    ("'Trả lời", person.answer.as_str()),
                    ("'Lý do", "xem hồ sơ"),
                    ("'Người trả lời", person.by.as_str()),
                ];
                for (title, text) in fill_in {
                    let at = place(title).ok_or_else(|| format!("no column {title}"))?;
                    if asks {
                        text.clone_into(&mut cells[at]);
                    }
                }
            } else if cells.iter().any(|cell| cell == "'Trả lời") {
                heading = Some(cells.clone());
            }
            answered.push_str(&(cells.join(" | ") + "\n"));
        }
        heading.ok_or_else(|| format!("nothing can be answered: {questions}"))?;
        let name = format!("review/{}.xlsx", person.by);
        std::fs::write(self.office.path(&name), testkit::workbook(&answered))
            .map_err(|fault| fault.to_string())
    }

    fn file(&self, name: &str) -> &Value {
        list(&self.said["files"])
            .find(|file| file["file"] == name)
            .unwrap_or(&Value::Null)
    }

    fn holds(&mut self, expected: &Expectation) -> Result<bool, String> {
        Ok(match expected {
            Expectation::Any(groups) => {
                for group in groups {
                    let mut holds = true;
                    for expected in group {
                        holds = holds && self.holds(expected)?;
                    }
                    if holds {
                        return Ok(true);
                    }
                }
                false
            }
            Expectation::Figure(id, value) => self.figure(id)? == *value,
            Expectation::Finding(pattern) => self.is_found(pattern),
            Expectation::NoFinding(pattern) => !self.is_found(pattern),
            Expectation::Outcome(name, outcomes) => outcomes
                .iter()
                .any(|outcome| self.file(name)["outcome"] == **outcome),
            Expectation::Period(name, period) => self.file(name)["period"] == **period,
            Expectation::Rows(name, form, accepted, held) => {
                let rows = &self.file(name)["forms"][form]["rows"];
                rows["accepted"] == *accepted && rows["held"] == *held
            }
            Expectation::Sum(name, form, column, sum) => {
                let sums = &self.file(name)["forms"][form]["sums"];
                sums[column].as_i64().unwrap_or(0) == *sum
            }
            Expectation::Nominees(count) => list(&self.said["nominees"]).count() == *count,
            Expectation::Message(words) => self.tells(words),
            Expectation::NoMessage(words) => !self.tells(words),
            Expectation::Text(words) => self.text.contains(words),
            Expectation::NoText(words) => !self.text.contains(words),
            Expectation::Returned(expected) => {
                let back = list(&self.said["files"])
                    .filter_map(|file| file["returned"].as_str())
                    .any(|path| std::fs::exists(path).unwrap_or(false));
                back == *expected
            }
            Expectation::NoReturnedFiles => workbooks(&self.office.path("returned"))?.is_empty(),
            Expectation::Ran => self.said["files"].is_array(),
            Expectation::Late(period, department, late) => {
                let call = ["status", "-w", self.office.dir(), "--period", period];
                let status = tonghop(&[&call[..], &["--format", "json"]].concat());
                let status = said(&status, "departments")?;
                list(&status["departments"])
                    .any(|it| it["department"] == **department && it["late"] == *late)
            }
            // A review workbook that only lists what was joined asks nothing.
            Expectation::Questions(expected) => {
                let asks = self.said["review"].is_string() && matches!(self.code, 3 | 4);
                asks == *expected
            }
            Expectation::Exit(codes) => codes.contains(&self.code),
            Expectation::ChangedCells(year, from, figure, cells) => {
                self.changed_cells(year, from, figure)? == *cells
            }
        })
    }

    /// The cells that changed a figure of a year since a moment.
    fn changed_cells(
        &self,
        year: &str,
        from: &str,
        figure: &str,
    ) -> Result<BTreeSet<String>, String> {
        let call = [
            "diff",
            "-w",
            self.office.dir(),
            "--year",
            year,
            "--from",
            from,
            "--format",
            "json",
        ];
        let found = said(&tonghop(&call), "figures")?;
        let of_figure = list(&found["figures"]).filter(|change| change["figure"] == *figure);
        let values = of_figure.flat_map(|change| list(&change["values"]));
        Ok(values
            .map(|value| text(&value["cell"]).to_owned())
            .collect())
    }

    fn figure(&mut self, id: &str) -> Result<Option<i64>, String> {
        let year = id.split('/').nth(1).unwrap_or_default().to_owned();
        if !self.figures.contains_key(&year) {
            let of_year = figures(&self.office, &year, REPORTED)?;
            self.figures.insert(year.clone(), of_year);
        }
        Ok(self.figures[&year]["figures"][id]["value"].as_i64())
    }

    /// Whether a finding or its advice says these words, in capitals or not.
    fn tells(&self, words: &str) -> bool {
        list(&self.said["findings"]).any(|it| {
            let said = [text(&it["message"]), text(&it["advice"])].concat();
            said.to_lowercase().contains(&words.to_lowercase())
        })
    }

    fn is_found(&self, pattern: &Pattern) -> bool {
        list(&self.said["findings"]).any(|finding| pattern.is_met_by(finding))
    }
}

/// The workbooks below a folder, by name; none where there is no folder.
fn workbooks(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut folders = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        if !folder.exists() {
            continue;
        }
        for entry in std::fs::read_dir(&folder).map_err(|fault| fault.to_string())? {
            let path = entry.map_err(|fault| fault.to_string())?.path();
            match path.extension() {
                Some(ending) if ending == "xlsx" => found.push(path),
                _ if path.is_dir() => folders.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A file's name in whatever encoding: its bytes, two hexadecimal digits each.
fn name_of_bytes(digits: &str) -> Result<OsString, String> {
    let bytes = (0..digits.len()).step_by(2).map(|at| {
        let byte = digits.get(at..at + 2).unwrap_or_default();
        u8::from_str_radix(byte, 16).map_err(|fault| format!("{digits}: {fault}"))
    });
    Ok(OsString::from_vec(bytes.collect::<Result<_, _>>()?))
}

impl Pattern {
    fn is_met_by(&self, finding: &Value) -> bool {
        let is = |value: &Value, wanted: &Option<String>| {
            wanted.as_ref().is_none_or(|wanted| text(value) == wanted)
        };
        let cells: Vec<&str> = list(&finding["cells"]).map(text).collect();
        // Of a finding without cells, the one cell is blank.
        let cells = if cells.is_empty() { vec![""] } else { cells };
        let is_like = |cell: &str, wanted: &str| {
            if let Some(row) = wanted.strip_prefix('*') {
                cell.trim_start_matches(|c: char| c.is_ascii_uppercase()) == row
            } else if let Some(column) = wanted.strip_suffix('*') {
                cell.trim_end_matches(|c: char| c.is_ascii_digit()) == column
            } else {
                cell == wanted
            }
        };
        self.severity.iter().any(|it| finding["severity"] == **it)
            && is(&finding["sheet"], &self.sheet)
            && is(&finding["code"], &self.code)
            && (self.cells.is_empty()
                || cells
                    .iter()
                    .any(|cell| self.cells.iter().any(|wanted| is_like(cell, wanted))))
    }
}
