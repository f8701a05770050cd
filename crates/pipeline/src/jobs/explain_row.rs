//! Why a row of a workbook counts or does not.

use crate::annual::build::{BuiltReport, build};
use crate::annual::request::{ReportRequest, Variant};
use crate::error::PipelineError;
use crate::jobs::load::annual_inputs;
use crate::jobs::named_file::find_file;
use crate::snapshot::effective::reporter_and_heir;
use crate::snapshot::row_question::subject;
use crate::support::support_line::SupportLine;
use crate::text_column::{text_at, texts};
use crate::workspace::Workspace;
use aggregate::Contribution;
use ledger::{AsOf, Ledger, Outcome, Submission};
use model::{Extent, Finding, Moment, Period, Text};
use programme::{CountingEffect, Programme, tables};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a row of a workbook that came in.
#[derive(Debug, Serialize)]
pub struct RowExplained {
    /// The file's name.
    pub file: String,
    /// Its hash.
    pub sha256: String,
    /// The department, if it is known.
    pub department: Option<String>,
    /// The period, if it is known.
    pub period: Option<Period>,
    /// When the file came.
    pub received: Moment,
    /// The sheet.
    pub sheet: String,
    /// The row, from 1.
    pub row: i64,
    /// The records that were read from it; none if it holds no data.
    pub records: Vec<RecordExplained>,
    /// What was found in it.
    pub findings: Vec<Finding>,
}

/// A record, and why it counts or does not.
#[derive(Debug, Serialize)]
pub struct RecordExplained {
    /// Its form's code.
    pub form: String,
    /// What it is about.
    pub subject: String,
    /// Whether any figure counts it.
    pub counts: bool,
    /// Why it does not, or what is to be known of its counting.
    pub reasons: Vec<Reason>,
    /// The figures of its year that count it: id, and the value.
    pub figures: Vec<(String, String)>,
}

/// Why a record counts or does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Reason {
    /// Its file was refused.
    Refused,
    /// An officer set its file aside.
    SetAside {
        /// Why.
        reason: String,
    },
    /// Its form waits for a person to say whether it replaces what was held.
    Waits,
    /// A later file has the form.
    Replaced {
        /// The file.
        file: String,
        /// When it came.
        received: Moment,
    },
    /// A report on the whole year has the form.
    OfYear {
        /// The file.
        file: String,
    },
    /// It is held by a finding.
    Held {
        /// The finding's code.
        code: String,
        /// What it says.
        message: Text,
    },
    /// A later period reports the case.
    LaterPeriod {
        /// The files of the same sender that do, or may.
        files: Vec<String>,
    },
    /// A person found that it is reported a second time.
    ReportedTwice {
        /// The other records: file, sheet and row.
        others: Vec<String>,
    },
    /// A person said that it was reported by mistake, once a later quarter lacked it.
    InError,
    /// A choice of what counts is about it.
    Choice {
        /// The choice.
        choice: String,
        /// What records of its kind are called.
        title: Text,
        /// What becomes of them.
        effect: CountingEffect,
        /// Whether only a flag of it is meant.
        flag_only: bool,
        /// Why.
        reason: Text,
        /// The clause.
        clause: String,
    },
    /// No indicator counts what it says.
    NoIndicator,
}

/// Why a row counts or does not, as it is known now. The file is named by its name or the first digits of its hash.
///
/// # Errors
/// When no file has that name, or files of several contents; or the ledger cannot be read.
pub fn explain_row(
    workspace: &Workspace,
    file: &str,
    sheet: &str,
    row: i64,
) -> Result<RowExplained, PipelineError> {
    let ledger = Ledger::open(&workspace.ledger())?;
    let last_run = ledger.last_run()?.ok_or(PipelineError::Empty)?;
    let submissions = ledger.submissions(AsOf::NOW)?;
    let submission = find_file(&submissions, file)?;
    let all_findings = ledger.findings(submission.id)?;
    let year = submission.period.map(Period::calendar_year);
    let programme = year.map_or(&workspace.programme, |year| workspace.programme_of(year));
    let found = records_of_row(&ledger, programme, submission, (sheet, row))?;
    let request = year
        .filter(|year| programme.years().contains(year) && !found.is_empty())
        .map(|year| {
            let programmes = workspace.loaded_programmes();
            ReportRequest::new(programmes, year, Variant::default(), last_run)
        });
    let built = match &request {
        Some(request) => {
            let inputs = annual_inputs(&ledger, request, workspace.settings.utc_offset)?;
            Some(build(request, inputs)?)
        }
        None => None,
    };
    let records: BTreeSet<&str> = found.iter().map(|found| found.record.as_str()).collect();
    let findings = all_findings
        .iter()
        .filter(|finding| is_about(finding, sheet, row, &records))
        .cloned()
        .collect();
    let explained = found.iter().map(|found| {
        let account = Account {
            programme,
            submission,
            findings: &all_findings,
            built: built.as_ref(),
        };
        account.explain(found)
    });
    Ok(RowExplained {
        file: submission.file_name.clone(),
        sha256: submission.file.to_string(),
        department: submission.department.clone(),
        period: submission.period,
        received: submission.at,
        sheet: sheet.to_owned(),
        row,
        records: explained.collect(),
        findings,
    })
}

/// A record as it was read.
struct FoundRecord {
    record: String,
    form: String,
    subject: String,
    is_held: bool,
}

/// The records that were read from a row.
fn records_of_row(
    ledger: &Ledger,
    programme: &Programme,
    submission: &Submission,
    (sheet, row): (&str, i64),
) -> Result<Vec<FoundRecord>, PipelineError> {
    let mut found = Vec::new();
    if submission.outcome == Outcome::Refused {
        return Ok(found);
    }
    for code in ledger.form_rows(submission.id)?.keys() {
        let Some(form) = programme.form(code) else {
            continue;
        };
        let frame = ledger.facts(submission.id, code)?;
        let held = frame.column(tables::HELD)?.bool()?.clone();
        let frame = tables::conform(form, &frame)?;
        let (sheets, rows) = (texts(&frame, "sheet")?, frame.column("row")?.i64()?.clone());
        for at in 0..frame.height() {
            // A blank at the end of a sheet's name is not seen.
            let is_sheet = sheets.get(at).is_some_and(|it| it.trim() == sheet.trim());
            if is_sheet && rows.get(at) == Some(row) {
                found.push(FoundRecord {
                    record: text_at(&frame, "record", at).unwrap_or_default().to_owned(),
                    form: code.clone(),
                    subject: subject(form, &frame, at),
                    is_held: held.get(at).unwrap_or_default(),
                });
            }
        }
    }
    Ok(found)
}

/// Whether a finding is about a row, or a record that was read from it.
fn is_about(finding: &Finding, sheet: &str, row: i64, records: &BTreeSet<&str>) -> bool {
    let in_row = |cell: &String| {
        let digits = cell.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
        digits.parse() == Ok(row)
    };
    let names = |record: &String| records.contains(record.as_str());
    finding.records.iter().any(names)
        || (finding.sheet.as_deref().map(str::trim) == Some(sheet.trim())
            && finding.cells.iter().any(in_row))
}

/// What a record's counting follows from.
struct Account<'a, 'p> {
    programme: &'p Programme,
    submission: &'a Submission,
    findings: &'a [Finding],
    /// The report of its year, if its period is one of the programme's.
    built: Option<&'a BuiltReport<'p>>,
}

impl Account<'_, '_> {
    fn explain(&self, found: &FoundRecord) -> RecordExplained {
        let figures = self.figures(&found.record);
        let mut reasons = match self.file_reason(&found.form) {
            Some(reason) => vec![reason],
            None if found.is_held => self.held(found),
            None => self.counting(found),
        };
        if figures.is_empty() && reasons.is_empty() {
            reasons.push(Reason::NoIndicator);
        }
        RecordExplained {
            form: found.form.clone(),
            subject: found.subject.clone(),
            counts: !figures.is_empty(),
            reasons,
            figures,
        }
    }

    /// The figures that a record is part of, each narrowed by all its keys, in their order.
    fn figures(&self, record: &str) -> Vec<(String, String)> {
        let Some(built) = self.built else {
            return Vec::new();
        };
        let mut figures = Vec::new();
        for all in built.report.figures.values() {
            let number = built.report.origins.records().number(record);
            let of_record = |part: &Contribution<'_>| number.is_some() && part.record() == number;
            for part in all.contributions.iter().filter(of_record) {
                let keys: BTreeMap<String, String> = all
                    .by
                    .iter()
                    .cloned()
                    .zip(part.keys().map(str::to_owned))
                    .collect();
                figures.push((all.id(&keys), part.value().to_string()));
            }
        }
        figures.sort();
        figures
    }

    /// Why nothing of a form of the file counts.
    fn file_reason(&self, form: &str) -> Option<Reason> {
        if self.submission.outcome == Outcome::Refused {
            return Some(Reason::Refused);
        }
        if let Some(reason) = &self.submission.set_aside {
            return Some(Reason::SetAside {
                reason: reason.clone(),
            });
        }
        let standing = self.submission.forms.get(form);
        if standing.is_some_and(|standing| standing.waits()) {
            return Some(Reason::Waits);
        }
        let submissions = &self.built?.snapshot.submissions;
        let has_form = |it: &&Submission| it.forms.get(form).is_some_and(|it| it.counts());
        let mut effective = submissions.effective.iter();
        if effective.any(|it| it.id == self.submission.id && has_form(&it)) {
            return None;
        }
        let mut of_sender = submissions
            .effective
            .iter()
            .filter(|it| self.is_of_sender(it) && has_form(it));
        let same_period = |it: &&Submission| it.period == self.submission.period;
        if let Some(newer) = of_sender.clone().find(same_period) {
            return Some(Reason::Replaced {
                file: newer.file_name.clone(),
                received: newer.at,
            });
        }
        let of_year = of_sender.find(|it| it.period.is_some_and(|it| it.is_whole_year()))?;
        Some(Reason::OfYear {
            file: of_year.file_name.clone(),
        })
    }

    /// The findings that hold a record.
    fn held(&self, found: &FoundRecord) -> Vec<Reason> {
        let holds = |finding: &&Finding| {
            self.programme.is_holding(finding)
                && match finding.extent {
                    Extent::Row => finding.records.contains(&found.record),
                    Extent::Form => finding.form.as_deref() == Some(found.form.as_str()),
                    Extent::Sheet | Extent::File => true,
                }
        };
        let holding = self.findings.iter().filter(holds);
        holding
            .map(|finding| Reason::Held {
                code: finding.code.clone(),
                message: finding.message.clone(),
            })
            .collect()
    }

    /// What becomes of an accepted record of a form that counts.
    fn counting(&self, found: &FoundRecord) -> Vec<Reason> {
        let Some(built) = self.built else {
            return Vec::new();
        };
        let is_kept = built
            .snapshot
            .accepted
            .get(&found.form)
            .is_some_and(|rows| {
                let records = texts(rows, "record");
                records.is_ok_and(|it| it.iter().any(|it| it == Some(found.record.as_str())))
            });
        if let Some(other) = built.snapshot.told_again.get(&found.record) {
            return vec![Reason::ReportedTwice {
                others: vec![format!("{}, {}, {}", other.file, other.sheet, other.row)],
            }];
        }
        if built.snapshot.in_error.contains(&found.record) {
            return vec![Reason::InError];
        }
        if !is_kept {
            return vec![Reason::LaterPeriod {
                files: self.later_files(&found.form, built),
            }];
        }
        let mut reasons = Vec::new();
        if built.reported_twice.contains(&found.record) {
            let others = built.given_again.get(&found.record).into_iter().flatten();
            reasons.push(Reason::ReportedTwice {
                others: others.map(place).collect(),
            });
        }
        let choices = built.chosen.of_record(&found.record);
        reasons.extend(choices.map(|(choice, effect)| Reason::Choice {
            choice: choice.id.clone(),
            title: choice.title.clone(),
            effect,
            flag_only: choice.column.is_some(),
            reason: choice.reason.clone(),
            clause: choice.clause.clone(),
        }));
        reasons
    }

    /// Whether another submission is of the same sender, or of whoever succeeded it within the year.
    fn is_of_sender(&self, other: &Submission) -> bool {
        let sender = |submission| Some(reporter_and_heir(self.programme, submission)?.reporter);
        sender(other) == sender(self.submission)
    }

    /// The files of the same sender on later periods of the year that have a form.
    fn later_files(&self, form: &str, built: &BuiltReport<'_>) -> Vec<String> {
        let is_later = |it: &&Submission| {
            it.id != self.submission.id
                && it.period > self.submission.period
                && self.is_of_sender(it)
                && it.forms.get(form).is_some_and(|it| it.counts())
        };
        let later = built.snapshot.submissions.effective.iter().filter(is_later);
        later.map(|it| it.file_name.clone()).collect()
    }
}

fn place(line: &SupportLine) -> String {
    format!("{}, {}, {}", line.file, line.sheet, line.row)
}

#[cfg(test)]
mod tests {
    use super::is_about;
    use model::{Extent, FileId, Finding, Severity, Text};
    use std::collections::BTreeSet;

    fn finding(sheet: &str, cells: &[&str], records: &[&str]) -> Finding {
        let owned = |texts: &[&str]| texts.iter().map(|it| (*it).to_owned()).collect();
        Finding {
            code: "C001".to_owned(),
            severity: Severity::Correct,
            extent: Extent::Row,
            file: FileId("f1".to_owned()),
            file_name: "a.xlsx".to_owned(),
            sheet: Some(sheet.to_owned()),
            form: None,
            cells: owned(cells),
            column: None,
            records: owned(records),
            found: String::new(),
            message: Text::default(),
            advice: Text::default(),
        }
    }

    #[test]
    fn a_finding_is_about_a_row_by_its_cells_or_the_records_read_from_it() {
        let records = BTreeSet::from(["r7"]);
        let about = |finding: &Finding| is_about(finding, "Biểu 3", 7, &records);
        assert!(about(&finding("Biểu 3 ", &["C7", "D7"], &[])));
        assert!(about(&finding("Biểu 3", &[], &["r7"])));
        assert!(!about(&finding("Biểu 3", &["C77", "B6"], &["r6"])));
        assert!(!about(&finding("Biểu 4a", &["C7"], &[])));
    }
}
