//! One workbook each, and what may be read from it.

use super::{Misses, figures, file_of, list, put, said, text, written};
use crate::office::{Office, tonghop};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The day on which the workbook is read, and the day before, on which the one that it is compared with is.
const DAY: &str = "2024-11-28T09:00:00+07:00";
const DAY_BEFORE: &str = "2024-11-27T09:00:00+07:00";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    id: String,
    what: String,
    file: String,
    /// The name under which it is sent, if the file's own does not show it.
    sent_as: Option<String>,
    /// One of these must be met in full.
    accept: Vec<Outcome>,
}

/// What is right. What is not named does not matter.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Outcome {
    /// Rows by form.
    rows: BTreeMap<String, Rows>,
    /// Sums in đồng by form and column.
    sums: BTreeMap<String, BTreeMap<String, i64>>,
    /// Findings that must all be made.
    codes: Vec<String>,
    /// Findings of which one must be made.
    any_code: Vec<String>,
    /// Whether there must be some finding, whichever.
    found: bool,
    /// Findings that must not be made.
    no_codes: Vec<String>,
    /// What became of the file.
    outcome: Option<String>,
    /// The file of the same values.
    same_as: Option<String>,
    /// Figures of the year's report by their ids; none is nought.
    figures: BTreeMap<String, i64>,
    /// Whether what is written must be sound: the report, and what goes back.
    written: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    accepted: Option<u64>,
    held: Option<u64>,
}

/// What the program made of the workbook.
struct Got {
    /// What the run says of the file.
    file: Value,
    codes: BTreeSet<String>,
    /// Cases in which it differs from the file of the same values.
    differing: Vec<String>,
    figures: Value,
    /// What is wrong with what was written.
    unsound: Vec<String>,
}

impl super::Case for Case {
    const FOLDER: &str = "reading";

    fn id(&self) -> &str {
        &self.id
    }

    fn what(&self) -> &str {
        &self.what
    }

    fn misses(&self, office: Office) -> Misses {
        if self.accept.is_empty() || self.accept.contains(&Outcome::default()) {
            return Err("it asks for nothing".to_owned());
        }
        let got = self.got(&office)?;
        let mut all = Vec::new();
        for outcome in &self.accept {
            let misses = outcome.misses(&got);
            if misses.is_empty() {
                return Ok(misses);
            }
            all.push(misses.join(", "));
        }
        Ok(vec![all.join(" | ")])
    }
}

impl Case {
    fn got(&self, office: &Office) -> Result<Got, String> {
        let inputs = |file: &str| file_of::<Self>("inputs").join(file);
        let run = |day| {
            let call = ["run", "-w", office.dir(), "--now", day, "--format", "json"];
            tonghop(&call)
        };
        let same_as = self.accept.iter().find_map(|it| it.same_as.as_ref());
        let other = same_as.map(|file| format!("zz_{file}"));
        if let (Some(file), Some(other)) = (same_as, &other) {
            put(office, &inputs(file), other)?;
            said(&run(DAY_BEFORE), "files")?;
            std::fs::remove_file(office.path("inbox").join(other)).map_err(|e| e.to_string())?;
        }
        let name = self.sent_as.as_ref().unwrap_or(&self.file);
        put(office, &inputs(&self.file), name)?;
        let ran = run(DAY);
        let said_of_all = said(&ran, "files")?;
        let file = list(&said_of_all["files"])
            .find(|file| file["file"] == **name)
            .ok_or_else(|| format!("the run names no such file: {said_of_all}"))?;
        let findings = list(&file["findings"]).chain(list(&said_of_all["findings"]));
        let codes = findings.map(|it| text(&it["code"]).to_owned()).collect();
        let differing = match &other {
            Some(other) => differing(office, other, name)?,
            None => Vec::new(),
        };
        let has_figures = |it: &Outcome| it.written || !it.figures.is_empty();
        let figures = if self.accept.iter().any(has_figures) {
            figures(office, "2024", DAY)?
        } else {
            Value::Null
        };
        let unsound = if self.accept.iter().any(|it| it.written) {
            let mut unsound = written::faults(office);
            let goes_back = |it: &Value| matches!(text(&it["severity"]), "hold" | "correct");
            if list(&file["findings"]).any(goes_back) && text(&file["returned"]).is_empty() {
                unsound.push("nothing went back".to_owned());
            }
            unsound
        } else {
            Vec::new()
        };
        Ok(Got {
            file: file.clone(),
            codes,
            differing,
            figures,
            unsound,
        })
    }
}

/// The cases in which two files of a workspace differ, but for what each says of itself.
fn differing(office: &Office, old: &str, new: &str) -> Result<Vec<String>, String> {
    let call = ["diff", "-w", office.dir(), old, new, "--format", "json"];
    let diff = said(&tonghop(&call), "cases")?;
    let cases = list(&diff["cases"]).filter(|case| case["form"] != "general");
    Ok(cases.map(Value::to_string).collect())
}

impl Outcome {
    fn misses(&self, got: &Got) -> Vec<String> {
        let mut misses = Vec::new();
        let mut wanted = |what: String, found: i64, wanted: i64| {
            if found != wanted {
                misses.push(format!("{what} {found}, not {wanted}"));
            }
        };
        for (form, rows) in &self.rows {
            for (name, count) in [("accepted", rows.accepted), ("held", rows.held)] {
                let found = got.file["forms"][form]["rows"][name].as_i64();
                if let Some(count) = count.and_then(|count| i64::try_from(count).ok()) {
                    wanted(format!("{form} {name}"), found.unwrap_or(0), count);
                }
            }
        }
        for (form, sums) in &self.sums {
            for (column, sum) in sums {
                let found = got.file["forms"][form]["sums"][column].as_i64();
                wanted(format!("{form} {column}"), found.unwrap_or(0), *sum);
            }
        }
        for (id, value) in &self.figures {
            let found = got.figures["figures"][id]["value"].as_i64();
            wanted(id.clone(), found.unwrap_or(0), *value);
        }
        let is_found = |code: &&String| got.codes.contains(*code);
        let missing = self.codes.iter().filter(|code| !is_found(code));
        misses.extend(missing.map(|code| format!("no {code}")));
        if !self.any_code.is_empty() && !self.any_code.iter().any(|code| is_found(&code)) {
            misses.push(format!("none of {}", self.any_code.join(" ")));
        }
        let unwanted = self.no_codes.iter().filter(is_found);
        misses.extend(unwanted.map(|code| format!("{code} found")));
        if self.found && got.codes.is_empty() {
            misses.push("nothing found".to_owned());
        }
        if let Some(outcome) = &self.outcome
            && got.file["outcome"] != **outcome
        {
            misses.push(format!("{}, not {outcome}", text(&got.file["outcome"])));
        }
        if self.same_as.is_some() {
            misses.extend(got.differing.iter().map(|case| format!("differs: {case}")));
        }
        if self.written {
            misses.extend(got.unsound.iter().cloned());
        }
        misses
    }
}
