use crate::annual::request::{ReportRequest, Variant};
use crate::snapshot::rows::Snapshot;
use crate::support::registers::{RegisterLine, Registers};
use crate::support::resolved::OtherProgrammes;
use chrono::FixedOffset;
use ledger::{Answer, FormRows, Submission, file_id};
use model::{Finding, InputsHash, SubmissionId};
use std::collections::BTreeMap;

/// All that a report is made from, as it was known at its moment.
pub(crate) struct AnnualInputs {
    /// The clock of the office.
    pub offset: FixedOffset,
    /// All submissions, in the order they were taken in.
    pub submissions: Vec<Submission>,
    /// What is recorded of each submission of the years shown.
    pub recorded: BTreeMap<SubmissionId, RecordedSubmission>,
    /// What counts from the programme's first year to the report's.
    pub snapshot: Snapshot,
    pub others: OtherProgrammes,
    pub registers: Registers,
    /// The answers of persons, in the order they were given.
    pub answers: Vec<Answer>,
    /// How many questions on the files of the years shown waited: on headings, on forms that wait, on amounts.
    pub questions_on_files: usize,
}

/// What the ledger records of a submission.
#[derive(Debug, Clone, Default)]
pub(crate) struct RecordedSubmission {
    pub findings: Vec<Finding>,
    pub form_rows: BTreeMap<String, FormRows>,
}

/// The hash over all that a report was made from: programme, year, moment, the submissions and registers that count,
/// and what persons answered.
pub(crate) fn inputs_hash(
    request: &ReportRequest,
    submissions: &[Submission],
    others: &[Submission],
    registers: &[RegisterLine],
    answers: &[Answer],
) -> InputsHash {
    let programme = &request.programme.programme;
    let mut text = format!("{}\n{}\n{}\n", programme.hash, request.year, request.as_of);
    // Nothing is written for the default, as in the hashes of reports from before there were variants.
    if request.variant != Variant::default() {
        text.push_str(&format!("{}\n", request.variant.name()));
    }
    for earlier in &request.earlier {
        text.push_str(&format!("{}\n", earlier.programme.hash));
    }
    for submission in submissions.iter().chain(others) {
        text.push_str(&format!("{} {}", submission.id, submission.file));
        // Nothing is written where all of a file counts, likewise.
        if submission.forms.values().any(|standing| !standing.counts()) {
            let forms: Vec<&str> = submission.counting_forms().collect();
            text.push_str(&format!(" {}", forms.join(",")));
        }
        text.push('\n');
    }
    for register in registers {
        text.push_str(&format!("{} {}\n", register.file, register.sha256));
    }
    // Reasons and names are left out: they change no figure.
    for answer in answers {
        let until = answer.until.map_or_else(String::new, |day| day.to_string());
        text.push_str(&format!(
            "{} {} {until}\n",
            answer.prints.join(" "),
            answer.verdict.name()
        ));
    }
    InputsHash(file_id(text.as_bytes()).0)
}

#[cfg(test)]
mod tests {
    use super::inputs_hash;
    use crate::annual::request::{ReportRequest, Variant};
    use crate::support::registers::RegisterLine;
    use crate::testing::{answer, day, request, small_programme, submission};
    use ledger::{Answer, Submission, Verdict};
    use model::FileId;
    use std::collections::BTreeSet;

    /// All that a report is made from.
    struct Inputs {
        request: ReportRequest,
        submissions: Vec<Submission>,
        others: Vec<Submission>,
        registers: Vec<RegisterLine>,
        answers: Vec<Answer>,
    }

    impl Inputs {
        fn new() -> Self {
            Self {
                request: request(small_programme(), 2023),
                submissions: vec![submission(1, "SCT", "2023")],
                others: vec![submission(2, "SCT", "2019")],
                registers: vec![register("sme.xlsx", "r1")],
                answers: vec![answer(Verdict::Same, ["a", "b"])],
            }
        }

        fn hash(&self) -> String {
            inputs_hash(
                &self.request,
                &self.submissions,
                &self.others,
                &self.registers,
                &self.answers,
            )
            .0
        }
    }

    fn register(file: &str, content: &str) -> RegisterLine {
        RegisterLine {
            file: file.to_owned(),
            sha256: FileId(content.to_owned()),
            entries: Default::default(),
            findings: Vec::new(),
        }
    }

    #[test]
    fn the_hash_changes_whenever_an_input_changes() {
        let changes: [fn(&mut Inputs); 14] = [
            |inputs| inputs.request.programme.programme.hash.0.push('x'),
            |inputs| inputs.request.year = 2022,
            |inputs| inputs.request.as_of = "2024-01-01T00:00:01Z".parse().unwrap(),
            |inputs| inputs.request.variant.is_final = true,
            |inputs| inputs.request.variant.under_today = true,
            |inputs| inputs.request.earlier.push(small_programme()),
            |inputs| inputs.submissions.push(submission(3, "SXD", "2023")),
            |inputs| inputs.submissions[0].file = FileId("another".to_owned()),
            |inputs| inputs.others.clear(),
            |inputs| inputs.registers[0] = register("sme.xlsx", "r2"),
            |inputs| inputs.registers[0] = register("khcn.xlsx", "r1"),
            |inputs| inputs.answers[0].verdict = Verdict::Different,
            |inputs| inputs.answers[0].until = Some(day("2024-06-30")),
            |inputs| inputs.answers[0].prints[1] = "c".to_owned(),
        ];
        let mut hashes = BTreeSet::from([Inputs::new().hash()]);
        for change in changes {
            let mut inputs = Inputs::new();
            change(&mut inputs);
            hashes.insert(inputs.hash());
        }
        assert_eq!(hashes.len(), 1 + changes.len());
        assert!(
            hashes.contains(&Inputs::new().hash()),
            "the same inputs give the same hash"
        );
    }

    #[test]
    fn the_reason_of_an_answer_changes_no_figure_and_no_hash() {
        let mut inputs = Inputs::new();
        inputs.answers[0].reason = "khác".to_owned();
        assert_eq!(inputs.hash(), Inputs::new().hash());
        assert_eq!(inputs.request.variant, Variant::default());
    }
}
