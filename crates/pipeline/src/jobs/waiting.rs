//! All that waits for a person, as the ledger has it.

use crate::error::PipelineError;
use crate::identity::case_pair::CasePair;
use crate::intake::amount_questions::{AmountAnswers, AmountQuestion, open_amounts};
use crate::intake::heading_questions::{HeadingQuestion, known_headings, open_headings};
use crate::intake::heard_answers::{AnswerMatter, AnswerNotice, HeardAnswers};
use crate::intake::inbox::DroppedFile;
use crate::intake::on_questions::OnQuestions;
use crate::intake::register_questions::{REGISTER, RegisterQuestion};
use crate::intake::replacement_questions::{
    ReplacementQuestion, open_replacements, standing_again, with_waiting_forms,
};
use crate::intake::review_questions::{AskedRows, OpenQuestions};
use crate::jobs::consequences::{Consequences, consequences};
use crate::jobs::read_anew::read_anew_changes;
use crate::snapshot::row_question::RowQuestion;
use crate::support::comparison::Comparison;
use crate::workspace::Workspace;
use chrono::{Datelike, NaiveDate};
use ledger::{AskedOn, Ledger, QuestionKey, Submission};
use programme::Programme;
use std::collections::{BTreeMap, BTreeSet};

/// What waits for a person, and what was joined without one.
#[derive(Default)]
pub(crate) struct Waiting {
    pub comparison: Comparison,
    pub cases: Vec<CasePair>,
    pub rows: Vec<RowQuestion>,
    pub headings: Vec<HeadingQuestion>,
    pub replacements: Vec<ReplacementQuestion>,
    pub registers: Vec<RegisterQuestion>,
    pub amounts: Vec<AmountQuestion>,
}

impl Waiting {
    /// With what comparing all records came to, without what is asked of files.
    pub(crate) fn on_records(consequences: Consequences) -> Self {
        Self {
            comparison: consequences.comparison,
            cases: consequences.may_be_one,
            rows: consequences.on_rows,
            ..Self::default()
        }
    }

    /// With what is asked of the files of a ledger.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub(crate) fn with_files(
        self,
        workspace: &Workspace,
        ledger: &Ledger,
        submissions: &[Submission],
        today: NaiveDate,
    ) -> Result<Self, PipelineError> {
        let programmes: Vec<&Programme> = workspace.programmes().collect();
        let (unsure, on_headings) = (ledger.unsure_headings()?, ledger.heading_answers()?);
        let known = known_headings(&on_headings, today, workspace.settings.utc_offset);
        let headings = programmes.iter().flat_map(|programme| {
            open_headings(programme, submissions, &unsure, &on_headings, &known)
        });
        let on_replacements = ledger.replacement_answers()?;
        let mut why_they_wait = BTreeMap::new();
        for id in with_waiting_forms(submissions) {
            why_they_wait.insert(id, ledger.findings(id)?);
        }
        let replacements = programmes.iter().flat_map(|programme| {
            let waits = open_replacements(programme, submissions, &on_replacements, &why_they_wait);
            let again = standing_again(programme, submissions, &on_replacements);
            waits.into_iter().chain(again)
        });
        let mut replacements: Vec<ReplacementQuestion> = replacements.collect();
        for question in &mut replacements {
            let programme = workspace.programme_of(question.period.calendar_year());
            question.changes = read_anew_changes(ledger, programme, submissions, question)?;
        }
        let on_amounts = AmountAnswers::new(&ledger.amount_answers()?);
        let unsure_amounts = ledger.unsure_amounts()?;
        let amounts = programmes.iter().flat_map(|programme| {
            open_amounts(programme, submissions, &unsure_amounts, &on_amounts)
        });
        Ok(Self {
            headings: headings.collect(),
            replacements,
            amounts: amounts.collect(),
            ..self
        })
    }

    pub(crate) fn as_open(&self) -> OpenQuestions<'_> {
        OpenQuestions {
            comparison: &self.comparison,
            cases: &self.cases,
            rows: &self.rows,
            headings: &self.headings,
            replacements: &self.replacements,
            registers: &self.registers,
            amounts: &self.amounts,
        }
    }
}

/// Tells of answers on questions on records that are no longer asked and were never answered. What was asked is worked out anew, as
/// the ledger stands before the run, and only if there is such an answer at all.
///
/// # Errors
/// When the ledger cannot be read.
pub(crate) fn tell_what_is_gone(
    workspace: &Workspace,
    ledger: &Ledger,
    today: NaiveDate,
    on_questions: &OnQuestions<'_>,
    answers: &mut [(&DroppedFile, HeardAnswers)],
) -> Result<(), PipelineError> {
    let programme = workspace.programme_of(today.year());
    let mut asked: Option<BTreeSet<QuestionKey>> = None;
    for (file, heard) in answers {
        for written in &heard.given.written {
            let is_on_records = written.question.layout == AskedOn::Records;
            if !is_on_records || written.fault.is_some() || on_questions.is_known(&written.question)
            {
                continue;
            }
            let asked = match &mut asked {
                Some(asked) => asked,
                None => asked.insert(asked_before(workspace, ledger, programme, today)?),
            };
            if !asked.contains(&written.question) {
                let notice = AnswerNotice::new(&file.name, written, AnswerMatter::Gone);
                heard.notices.push(notice);
            }
        }
    }
    Ok(())
}

/// The questions on records, as the ledger stands.
fn asked_before(
    workspace: &Workspace,
    ledger: &Ledger,
    programme: &Programme,
    today: NaiveDate,
) -> Result<BTreeSet<QuestionKey>, PipelineError> {
    let found = consequences(workspace, ledger, programme, &BTreeSet::new(), today, None)?;
    let waiting = Waiting::on_records(found);
    Ok(AskedRows::new(programme, &waiting.as_open(), &[]).keys())
}

/// Whether something in the files of a ledger, as it stands after a run, may be what a question on files is about. One on records
/// is not looked at.
///
/// # Errors
/// When the ledger cannot be read.
pub(crate) fn is_about_a_file(
    ledger: &Ledger,
    submissions: &[Submission],
    question: &QuestionKey,
) -> Result<bool, PipelineError> {
    let key = |at: usize| question.keys.get(at).map_or("", String::as_str);
    Ok(match question.layout {
        AskedOn::Records => true,
        AskedOn::Headings => {
            let unsure = ledger.unsure_headings()?;
            let mut all = unsure.values().flatten();
            all.any(|it| it.form == key(1) && it.heading == key(2))
        }
        // A new version of a list is in the folder, and in the ledger only once it counts.
        AskedOn::Replacements if key(1) == REGISTER => true,
        AskedOn::Replacements => submissions.iter().any(|it| it.file.0 == key(0)),
        AskedOn::Amounts => {
            let unsure = ledger.unsure_amounts()?;
            let mut all = unsure.values().flatten();
            let amount = key(4).trim_end_matches([' ', 'đ']);
            all.any(|it| {
                it.form == key(1) && it.column == key(2) && it.amount.to_string() == amount
            })
        }
    })
}
