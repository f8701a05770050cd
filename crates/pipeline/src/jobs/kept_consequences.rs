//! What follows from what a ledger holds, kept for the run that changes nothing of it: comparing all support takes longer the more
//! years there are, and comes to the same.

use crate::error::PipelineError;
use crate::identity::case_pair::CasePair;
use crate::jobs::load::LedgerView;
use crate::snapshot::effective::EffectiveSubmissions;
use crate::snapshot::row_question::RowQuestion;
use crate::support::comparison::Comparison;
use crate::support::kept_comparison::KeptComparison;
use crate::support::year_cache::cache_key;
use chrono::NaiveDate;
use ledger::{Answer, AsOf, Ledger, file_id};
use model::FileId;
use polars::prelude::{Column, DataFrame};
use programme::Programme;
use serde::{Deserialize, Serialize};

/// Raised whenever the same ledger comes to other consequences, or they are kept otherwise.
const KEPT_VERSION: u32 = 2;

/// The kind under which the cache keeps them.
const CONSEQUENCES: &str = "consequences";

/// The consequences of the present programme that a ledger has whatever a run took in.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptConsequences {
    comparison: KeptComparison,
    pub may_be_one: Vec<CasePair>,
    pub on_rows: Vec<RowQuestion>,
}

/// All that consequences follow from.
pub(crate) struct ConsequenceInputs<'a> {
    pub ledger: &'a Ledger,
    pub view: &'a LedgerView<'a>,
    pub programmes: &'a [&'a Programme],
    pub present: &'a Programme,
    pub today: NaiveDate,
}

impl ConsequenceInputs<'_> {
    /// A key that changes whenever one of them does.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn key(&self) -> Result<FileId, PipelineError> {
        let mut text = format!("{KEPT_VERSION} {}\n", self.present.id);
        for programme in self.programmes {
            let submissions = &self.view.submissions;
            let known = EffectiveSubmissions::among(programme, submissions, programme.years());
            text.push_str(&format!("{}\n", cache_key(programme, &known)));
            for year in programme.years() {
                let key = self.view.year_key(programme, year);
                text.extend(key.map(|key| format!("{year} {key}\n")));
            }
        }
        for register in self.ledger.registers(AsOf::NOW)? {
            text.push_str(&format!("{register:?}\n"));
        }
        for answer in &self.view.answers {
            // Of the day only this decides: whether an answer still holds.
            let holds = answer.until.is_none_or(|until| self.today <= until);
            text.push_str(&format!("{holds} {answer:?}\n"));
        }
        Ok(file_id(text.as_bytes()))
    }
}

impl KeptConsequences {
    pub(crate) fn of(
        comparison: &Comparison,
        may_be_one: &[CasePair],
        on_rows: &[RowQuestion],
        answers: &[Answer],
    ) -> Self {
        Self {
            comparison: KeptComparison::of(comparison, answers),
            may_be_one: may_be_one.to_vec(),
            on_rows: on_rows.to_vec(),
        }
    }

    /// Keeps them in the cache at the key of what they follow from.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(crate) fn keep(&self, ledger: &Ledger, key: &FileId) -> Result<(), PipelineError> {
        let json = serde_json::to_string(self).ok();
        let column = Column::new(CONSEQUENCES.into(), [json]);
        let frame = DataFrame::new_infer_height(vec![column])?;
        Ok(ledger.keep_derived(CONSEQUENCES, key, &frame)?)
    }

    /// Those of the cache; nothing if it lacks them or they are not as they were written.
    pub(crate) fn kept(ledger: &Ledger, key: &FileId) -> Option<Self> {
        let frame = ledger.derived(CONSEQUENCES, key)?;
        let json = frame.column(CONSEQUENCES).ok()?.str().ok()?.get(0)?;
        serde_json::from_str(json).ok()
    }

    /// The comparison among them, with the same answers.
    pub(crate) fn restore(
        self,
        answers: &[Answer],
    ) -> Option<(Comparison, Vec<CasePair>, Vec<RowQuestion>)> {
        let comparison = self.comparison.restore(answers)?;
        Some((comparison, self.may_be_one, self.on_rows))
    }
}
