use crate::annual::counting::ChosenRecords;
use crate::error::PipelineError;
use crate::identity::case_pair::CasePair;
use crate::identity::cases::CaseDecisions;
use crate::jobs::kept_consequences::{ConsequenceInputs, KeptConsequences};
use crate::jobs::load::{LedgerView, LoadedYear, keep_amounts, keep_in_cache};
use crate::snapshot::cross_findings::cross_findings;
use crate::snapshot::row_question::{RowMatter, RowQuestion};
use crate::snapshot::rows::Snapshot;
use crate::support::answer_index::AnswerIndex;
use crate::support::comparison::Comparison;
use crate::support::records::SupportRecords;
use crate::support::resolved::label;
use crate::support::support_index::SupportIndex;
use crate::workspace::Workspace;
use chrono::NaiveDate;
use ledger::{AsOf, Ledger, file_id};
use link::Matcher;
use model::{FileId, Finding};
use polars::prelude::{Column, DataFrame};
use programme::Programme;
use programme::tables::{self, Tables};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What follows from what a run took in.
#[derive(Default)]
pub(crate) struct Consequences {
    /// What the rules find over all departments in the years that were touched.
    pub across: Vec<Finding>,
    /// What comparing all support of the present programme gave.
    pub comparison: Comparison,
    /// What may be one case of the present programme's forms that are no support.
    pub may_be_one: Vec<CasePair>,
    /// What is asked of single cases of the present programme.
    pub on_rows: Vec<RowQuestion>,
}

/// The kind under which the cache keeps what is asked of single cases of a year.
const ROW_QUESTIONS: &str = "row_questions";

/// Works out what follows. Only the rows of the years that were touched are read; other years come from the cache, and if none
/// was touched and nothing else changed since, so does what follows.
/// `cache_keys` gathers what is in use of the cache, so that the rest can be removed; without it nothing is put there.
///
/// # Errors
/// When records are missing or damaged, or a rule's SQL fails.
pub(crate) fn consequences(
    workspace: &Workspace,
    ledger: &Ledger,
    present: &Programme,
    touched: &BTreeSet<i32>,
    today: NaiveDate,
    cache_keys: Option<&mut BTreeSet<FileId>>,
) -> Result<Consequences, PipelineError> {
    let view = LedgerView::open(ledger, AsOf::NOW)?;
    let answers = view.answer_index();
    let all_programmes: Vec<&Programme> = workspace.programmes().collect();
    let inputs = ConsequenceInputs {
        ledger,
        view: &view,
        programmes: &all_programmes,
        present,
        today,
    };
    let kept_at = inputs.key()?;
    let may_keep = cache_keys.is_some();
    let mut unwanted = BTreeSet::new();
    let cache_keys = cache_keys.unwrap_or(&mut unwanted);
    cache_keys.insert(kept_at.clone());
    if touched.is_empty()
        && let Some(kept) = KeptConsequences::kept(ledger, &kept_at)
        && let Some((comparison, may_be_one, on_rows)) = kept.restore(&view.answers)
    {
        // The records of the years are not needed now, and will be once something comes in.
        for programme in all_programmes {
            for key in programme
                .years()
                .filter_map(|year| view.year_key(programme, year))
            {
                cache_keys.insert(row_questions_key(&key, answers.on_cases()));
                cache_keys.insert(key);
            }
        }
        return Ok(Consequences {
            across: Vec::new(),
            comparison,
            may_be_one,
            on_rows,
        });
    }
    let constraints = answers.constraints();
    let has_registers = !ledger.registers(AsOf::NOW)?.is_empty();
    let mut programmes = years_by_programme(
        workspace,
        ledger,
        (&view, present, answers.on_cases()),
        touched,
        may_keep.then_some(cache_keys),
    )?;
    let mut consequences = Consequences::default();
    for at in 0..programmes.len() {
        let programme = programmes[at].0;
        let is_present = programme.id == present.id;
        // Findings of another period's programme change only if a file of its years came in.
        if !is_present && touched.range(programme.years()).next().is_none() {
            continue;
        }
        // Only lists of other programmes bring texts again that were parsed.
        let matcher = Arc::new(match has_registers {
            true => Matcher::new(&programme.linkage),
            false => Matcher::for_one_list(&programme.linkage),
        });
        let others = programmes
            .iter()
            .filter(|(other, _)| other.id != programme.id);
        let others: Vec<&SupportRecords> = others
            .flat_map(|(_, years)| years)
            .map(|year| &year.records.support)
            .collect();
        let own = programmes[at].1.iter();
        let own: Vec<&SupportRecords> = own.map(|year| &year.records.support).collect();
        let index = SupportIndex::build(&matcher, &own, &others, &constraints)?;
        // Each year's mentions begin where those of the year before end.
        let mut first = 0;
        let mut labelled = BTreeMap::new();
        for year in &mut programmes[at].1 {
            if let Some((mut snapshot, places)) = year.rows.take() {
                if may_keep {
                    keep_amounts(ledger, programme, &year.key, &snapshot.accepted)?;
                }
                let resolution = (&index.resolution, first);
                label(
                    programme,
                    &mut snapshot,
                    resolution,
                    &places,
                    answers.on_cases(),
                )?;
                let findings = match touched.contains(&year.year) {
                    true => cross_findings(programme, &snapshot)?,
                    false => Vec::new(),
                };
                match is_present {
                    true => {
                        labelled.insert(year.year, (snapshot, findings));
                    }
                    false => consequences.across.extend(findings),
                }
            }
            first += year.records.support.mentions.len();
        }
        if is_present {
            let years = &programmes[at].1;
            let (mut in_error, mut seen) = (BTreeSet::new(), BTreeSet::new());
            for year in years {
                let key = row_questions_key(&year.key, answers.on_cases());
                let on_rows = match labelled.remove(&year.year) {
                    Some((snapshot, mut findings)) => {
                        let known = (&view, &index, years.as_slice());
                        let (asked, chosen) = row_questions(programme, known, &snapshot, &answers)?;
                        findings.retain(|finding| chosen.is_told(programme, finding));
                        consequences.across.extend(findings);
                        let in_error = snapshot.in_error;
                        let on_rows = OnRows { asked, in_error };
                        if may_keep {
                            on_rows.keep(ledger, &key)?;
                        }
                        on_rows
                    }
                    None => OnRows::kept(ledger, &key).unwrap_or_default(),
                };
                // What two years report alike is asked once.
                let is_new = |it: &RowQuestion| seen.insert(it.key());
                consequences
                    .on_rows
                    .extend(on_rows.asked.into_iter().filter(is_new));
                in_error.extend(on_rows.in_error);
            }
            let years = programmes[at].1.iter();
            let within = years.flat_map(|year| year.records.may_be_one.iter().cloned());
            let on_cases = answers.on_cases();
            consequences.may_be_one = within
                .filter(|pair| !on_cases.pairs.contains_key(&pair.key()))
                .collect();
            let of_all = view.may_be_one_of_all(programme, on_cases)?;
            consequences.may_be_one.extend(of_all);
            let registers = view.registers(programme)?;
            consequences.comparison =
                Comparison::compare(programme, &index, &registers, &answers, today)?;
            consequences.comparison.leave_out(&in_error);
        }
    }
    let Consequences {
        comparison,
        may_be_one,
        on_rows,
        ..
    } = &consequences;
    let kept = KeptConsequences::of(comparison, may_be_one, on_rows, &view.answers);
    if may_keep {
        kept.keep(ledger, &kept_at)?;
    }
    Ok(consequences)
}

/// What is asked of single cases of a year whose rows are there: those gone from later quarters, and those of which the
/// programme leaves to a person whether they count; with the records that such choices are about.
fn row_questions<'p>(
    programme: &'p Programme,
    (view, index, years): (&LedgerView<'_>, &SupportIndex, &[LoadedYear]),
    snapshot: &Snapshot,
    answers: &AnswerIndex,
) -> Result<(Vec<RowQuestion>, ChosenRecords<'p>), PipelineError> {
    let decisions = &answers.on_cases().rows;
    let files = snapshot.files();
    let mut asked: Vec<RowQuestion> = snapshot.gone_questions().cloned().collect();
    let ask = |forms: &Tables| {
        let chosen = ChosenRecords::asked_about(programme, forms, decisions)?;
        let questions = chosen.questions(programme, forms, &files)?;
        Ok::<_, PipelineError>((questions, chosen))
    };
    let (of_year, chosen) = ask(&snapshot.accepted)?;
    if of_year.is_empty() || years.len() < 2 {
        asked.extend(of_year);
        return Ok((asked, chosen));
    }
    // What a choice is about depends on all years: those of the year are known by their keys.
    let mut all = snapshot.accepted.clone();
    let mut first = 0;
    for year in years {
        let other = match snapshot.is_of(year.year) {
            true => None,
            false => view.year(programme, year.year, true)?,
        };
        if let Some((mut other, places)) = other.and_then(|it| it.rows) {
            let resolution = (&index.resolution, first);
            label(
                programme,
                &mut other,
                resolution,
                &places,
                answers.on_cases(),
            )?;
            for (form, frame) in &other.accepted {
                tables::append(&mut all, form, frame)?;
            }
        }
        first += year.records.support.mentions.len();
    }
    let (over_years, chosen) = ask(&all)?;
    let over_years: BTreeSet<[String; 2]> = over_years.iter().map(RowQuestion::key).collect();
    let still = of_year.into_iter();
    asked.extend(still.filter(|question| over_years.contains(&question.key())));
    Ok((asked, chosen))
}

/// Where it is kept what is asked of single cases of a year that the cache keeps at a key: with every answer it is asked anew.
fn row_questions_key(year: &FileId, decisions: &CaseDecisions) -> FileId {
    file_id(format!("{year} {:?}", decisions.rows).as_bytes())
}

/// What is asked of a year's single cases, and which of its records were reported by mistake.
#[derive(Debug, Default, Serialize, Deserialize)]
struct OnRows {
    asked: Vec<RowQuestion>,
    in_error: BTreeSet<String>,
}

impl OnRows {
    /// Keeps it, so that the rows of a year that nothing came of need not be read again.
    fn keep(&self, ledger: &Ledger, key: &FileId) -> Result<(), PipelineError> {
        // What a choice is about depends on all years.
        let is_of_the_year = |it: &RowQuestion| matches!(it.matter, RowMatter::Gone { .. });
        let json = match self.asked.iter().all(is_of_the_year) {
            true => serde_json::to_string(self).ok(),
            false => None,
        };
        let frame = DataFrame::new_infer_height(vec![Column::new("on_rows".into(), [json])])?;
        Ok(ledger.keep_derived(ROW_QUESTIONS, key, &frame)?)
    }

    /// What was kept; nothing if the year has to be read again.
    fn kept(ledger: &Ledger, key: &FileId) -> Option<Self> {
        let frame = ledger.derived(ROW_QUESTIONS, key)?;
        let json = frame.column("on_rows").ok()?.str().ok()?.get(0)?;
        serde_json::from_str(json).ok()
    }
}

/// The records of each programme's years, with the rows of those that were touched, and of those of the present programme of
/// which something is asked of single cases. Records that were made anew are put into the cache.
fn years_by_programme<'w>(
    workspace: &'w Workspace,
    ledger: &Ledger,
    (view, present, decisions): (&LedgerView<'_>, &Programme, &CaseDecisions),
    touched: &BTreeSet<i32>,
    mut cache_keys: Option<&mut BTreeSet<FileId>>,
) -> Result<Vec<(&'w Programme, Vec<LoadedYear>)>, PipelineError> {
    let mut programmes = Vec::new();
    for programme in workspace.programmes() {
        let mut years = Vec::new();
        for year in programme.years() {
            let is_asked = |key: &FileId| {
                let key = row_questions_key(key, decisions);
                programme.id == present.id && OnRows::kept(ledger, &key).is_none()
            };
            let with_rows = |key: &FileId| touched.contains(&year) || is_asked(key);
            let Some(loaded) = view.year_with(programme, year, with_rows)? else {
                continue;
            };
            if let Some(cache_keys) = &mut cache_keys {
                if loaded.is_from_rows {
                    keep_in_cache(ledger, &loaded)?;
                }
                cache_keys.insert(loaded.key.clone());
                cache_keys.insert(row_questions_key(&loaded.key, decisions));
            }
            years.push(loaded);
        }
        programmes.push((programme, years));
    }
    Ok(programmes)
}
