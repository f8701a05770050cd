//! What goes back to senders whose workbooks have something to mend.

use crate::error::PipelineError;
use crate::intake::assess::Assessed;
use crate::intake::inbox::DroppedFile;
use crate::intake::returned_names::{bounded, fitting, sender_by_file};
use chrono::{DateTime, FixedOffset};
use model::{Check, Finding, Severity, clean_line, clean_text, render_template};
use programme::Programme;
use report::FeedbackInput;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What goes back on a file.
pub(crate) struct FeedbackFiles {
    /// Where it belongs, below the folder of what is returned: `<period>/<name>.xlsx`, with a `.txt` beside it. Two files of one
    /// reporter and period have one place.
    pub workbook: PathBuf,
    /// Nothing if there is nothing to mend; then an earlier one at that place is out of date.
    pub content: Option<FeedbackContent>,
}

/// The two files of feedback.
pub(crate) struct FeedbackContent {
    /// A copy of the sender's sheets with what to mend marked and listed.
    pub workbook: Vec<u8>,
    /// The covering text.
    pub letter: String,
}

/// Prepares what goes back on a file.
///
/// # Errors
/// When not even a list of what was found fits a workbook.
pub(crate) fn prepare_feedback(
    programme: &Programme,
    file: &DroppedFile,
    assessed: &Assessed,
    at: DateTime<FixedOffset>,
) -> Result<FeedbackFiles, PipelineError> {
    let words = &programme.report.feedback;
    let department = match &assessed.department {
        Some(code) => fitting(code),
        None => sender_by_file(&file.name),
    };
    let period = assessed
        .period
        .map_or_else(|| "-".to_owned(), |period| period.to_string());
    let known = programme.department(&department);
    let name = known.map_or(department.as_str(), |known| known.name.as_str());
    let count = |counts: fn(Severity) -> bool| {
        assessed
            .findings
            .iter()
            .filter(|finding| counts(finding.severity))
            .count()
    };
    // A document of our own has no sender.
    let ours = programme.rule_for(Check::OwnOutput, None, None);
    let is_ours = |finding: &Finding| ours.is_some_and(|rule| rule.code == finding.code);
    let to_mend = match assessed.findings.iter().any(is_ours) {
        true => 0,
        false => count(|severity| severity <= Severity::Correct),
    };
    let values = BTreeMap::from([
        ("department", department.clone()),
        ("department_name", name.to_owned()),
        ("period", period.clone()),
        ("file", clean_line(&file.name).into_owned()),
        ("to_mend", to_mend.to_string()),
        (
            "noticed",
            count(|severity| severity == Severity::Warn).to_string(),
        ),
    ]);
    let unit = assessed.unit.as_deref();
    let unit = unit.map(|unit| format!("-{}", fitting(&vietext::fold(unit).replace(' ', "-"))));
    let file_name = render_template(&words.file_name, &values) + &unit.unwrap_or_default();
    let file_name = bounded(&file_name);
    let folder = if assessed.period.is_some() {
        period.as_str()
    } else {
        "_"
    };
    let workbook = Path::new(folder).join(format!("{file_name}.xlsx"));
    if to_mend == 0 {
        return Ok(FeedbackFiles {
            workbook,
            content: None,
        });
    }
    // One that could not be opened has no sheets, and is not tried again.
    let sheets = match assessed.sheets.is_empty() {
        true => Vec::new(),
        false => ingest::sheet_copies(&file.bytes),
    };
    let bytes = report::feedback(&FeedbackInput {
        words,
        said: &programme.words,
        department: name,
        period: assessed.period,
        file_name: &file.name,
        at,
        // A list of findings from an earlier round is not the sender's.
        sheets: sheets
            .into_iter()
            .filter(|sheet| sheet.name != words.sheet)
            .collect(),
        findings: &assessed.findings,
    })?;
    let letter = render_template(words.letter.trim_start(), &values);
    let letter = clean_text(&letter).into_owned();
    Ok(FeedbackFiles {
        workbook,
        content: Some(FeedbackContent {
            workbook: bytes,
            letter,
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::{FeedbackFiles, prepare_feedback};
    use crate::intake::assess::Assessed;
    use crate::intake::inbox::DroppedFile;
    use crate::testing::{offset, programme};
    use ledger::{Outcome, SheetCount};
    use model::{Extent, Finding, Moment, Severity, Text};

    fn file() -> DroppedFile {
        let bytes = testkit::workbook("== Biểu 8\nNhiệm vụ | Dự toán\nIV.1.a | x\n");
        DroppedFile {
            name: "bao cao.xlsx".to_owned(),
            id: ledger::file_id(&bytes),
            bytes,
        }
    }

    fn assessed(severities: &[Severity]) -> Assessed {
        let finding = |severity: &Severity| Finding {
            code: "V001".to_owned(),
            severity: *severity,
            extent: Extent::Sheet,
            file: file().id,
            file_name: file().name,
            sheet: Some("Biểu 8".to_owned()),
            form: None,
            cells: vec!["B2".to_owned()],
            column: None,
            records: Vec::new(),
            found: "x".to_owned(),
            message: Text::default(),
            advice: Text::default(),
        };
        Assessed {
            department: Some("SCT".to_owned()),
            unit: None,
            period: "2023-Q1".parse().ok(),
            outcome: Outcome::Accepted,
            nil_return: false,
            headings: Vec::new(),
            sheets: vec![SheetCount {
                sheet: "Biểu 8".to_owned(),
                forms: Vec::new(),
                rows: Default::default(),
                amounts: Default::default(),
            }],
            forms: Default::default(),
            form_rows: Default::default(),
            findings: severities.iter().map(finding).collect(),
            unsure_headings: Vec::new(),
            unsure_amounts: Vec::new(),
        }
    }

    fn feedback(assessed: &Assessed) -> FeedbackFiles {
        let at: Moment = "2023-06-01T00:00:00Z".parse().unwrap();
        prepare_feedback(programme(), &file(), assessed, at.local(offset())).unwrap()
    }

    fn path(assessed: &Assessed) -> String {
        feedback(assessed)
            .workbook
            .to_string_lossy()
            .replace('\\', "/")
    }

    #[test]
    fn feedback_goes_below_its_period_under_the_name_of_its_sender() {
        let known = assessed(&[]);
        assert_eq!(path(&known), "2023-Q1/SCT-2023-Q1-phan-hoi.xlsx");
        let unit = Assessed {
            unit: Some("Chi cục Thủy lợi".to_owned()),
            ..assessed(&[])
        };
        assert_eq!(
            path(&unit),
            "2023-Q1/SCT-2023-Q1-phan-hoi-chi-cuc-thuy-loi.xlsx"
        );
        let unknown = Assessed {
            department: None,
            period: None,
            ..assessed(&[])
        };
        assert_eq!(path(&unknown), "_/bao cao---phan-hoi.xlsx");
    }

    #[test]
    fn nothing_goes_back_if_there_is_nothing_to_mend() {
        assert!(feedback(&assessed(&[])).content.is_none());
        let only_noticed = assessed(&[Severity::Warn, Severity::Info]);
        assert!(feedback(&only_noticed).content.is_none());
        for severity in [Severity::Hold, Severity::Correct] {
            assert!(feedback(&assessed(&[severity])).content.is_some());
        }
    }

    #[test]
    fn the_letter_counts_what_must_be_mended_and_what_was_noticed() {
        let severities = [
            Severity::Hold,
            Severity::Correct,
            Severity::Warn,
            Severity::Info,
        ];
        let content = feedback(&assessed(&severities)).content.unwrap();
        assert!(
            content.letter.starts_with("Kính gửi: Sở Công Thương\n"),
            "{}",
            content.letter
        );
        assert!(
            content.letter.contains("2 điểm phải sửa, 1 điểm lưu ý"),
            "{}",
            content.letter
        );
    }

    #[test]
    fn the_senders_sheets_come_back_without_the_findings_of_an_earlier_round() {
        let sent = feedback(&assessed(&[Severity::Correct])).content.unwrap();
        let names = |bytes: &[u8]| -> Vec<String> {
            let sheets = ingest::sheet_copies(bytes).into_iter();
            sheets.map(|sheet| sheet.name).collect()
        };
        assert_eq!(names(&sent.workbook), ["Phiếu phản hồi", "Biểu 8"]);
        let again = DroppedFile {
            bytes: sent.workbook,
            ..file()
        };
        let at: Moment = "2023-06-02T00:00:00Z".parse().unwrap();
        let assessed = assessed(&[Severity::Correct]);
        let second = prepare_feedback(programme(), &again, &assessed, at.local(offset())).unwrap();
        let second = second.content.unwrap().workbook;
        assert_eq!(names(&second), ["Phiếu phản hồi", "Biểu 8"]);
    }
}
