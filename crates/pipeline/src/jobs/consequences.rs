use crate::error::PipelineError;
use crate::identity::case_pair::CasePair;
use crate::jobs::load::{LedgerView, LoadedYear, keep_amounts, keep_in_cache};
use crate::snapshot::cross_findings::cross_findings;
use crate::support::comparison::Comparison;
use crate::support::records::SupportRecords;
use crate::support::resolved::label;
use crate::support::support_index::SupportIndex;
use crate::workspace::Workspace;
use chrono::NaiveDate;
use ledger::Ledger;
use link::Matcher;
use model::{FileId, Finding};
use programme::Programme;
use std::collections::BTreeSet;
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
}

/// Works out what follows. Only the rows of the years that were touched are read; other years come from the cache.
/// `cache_keys` gathers what is in use of the cache, so that the rest can be removed.
///
/// # Errors
/// When records are missing or damaged, or a rule's SQL fails.
pub(crate) fn consequences(
    workspace: &Workspace,
    ledger: &Ledger,
    present: &Programme,
    touched: &BTreeSet<i32>,
    today: NaiveDate,
    cache_keys: &mut BTreeSet<FileId>,
) -> Result<Consequences, PipelineError> {
    let view = LedgerView::open(ledger, None)?;
    let answers = view.answer_index();
    let constraints = answers.constraints();
    let mut programmes = years_by_programme(workspace, ledger, &view, touched, cache_keys)?;
    let mut consequences = Consequences::default();
    for at in 0..programmes.len() {
        let programme = programmes[at].0;
        let is_present = programme.id == present.id;
        // Findings of another period's programme change only if a file of its years came in.
        if !is_present && touched.range(programme.years()).next().is_none() {
            continue;
        }
        let matcher = Arc::new(Matcher::new(&programme.linkage));
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
        for year in &mut programmes[at].1 {
            if let Some((mut snapshot, places)) = year.rows.take() {
                keep_amounts(ledger, programme, &year.key, &snapshot.accepted)?;
                let resolution = (&index.resolution, first);
                label(
                    programme,
                    &mut snapshot,
                    resolution,
                    &places,
                    answers.on_cases(),
                )?;
                consequences
                    .across
                    .extend(cross_findings(programme, &snapshot)?);
            }
            first += year.records.support.mentions.len();
        }
        if is_present {
            let years = programmes[at].1.iter();
            let within = years.flat_map(|year| year.records.may_be_one.iter().cloned());
            let on_cases = answers.on_cases();
            consequences.may_be_one = within
                .filter(|pair| !on_cases.contains_key(&pair.key()))
                .collect();
            let of_all = view.may_be_one_of_all(programme, on_cases)?;
            consequences.may_be_one.extend(of_all);
            let registers = view.registers(programme)?;
            consequences.comparison =
                Comparison::compare(programme, &index, &registers, &answers, today)?;
        }
    }
    Ok(consequences)
}

/// The records of each programme's years, with the rows of those that were touched. Records that were made anew are put
/// into the cache.
fn years_by_programme<'w>(
    workspace: &'w Workspace,
    ledger: &Ledger,
    view: &LedgerView<'_>,
    touched: &BTreeSet<i32>,
    cache_keys: &mut BTreeSet<FileId>,
) -> Result<Vec<(&'w Programme, Vec<LoadedYear>)>, PipelineError> {
    let mut programmes = Vec::new();
    for programme in workspace.programmes() {
        let mut years = Vec::new();
        for year in programme.years() {
            let Some(loaded) = view.year(programme, year, touched.contains(&year))? else {
                continue;
            };
            if loaded.is_from_rows {
                keep_in_cache(ledger, &loaded)?;
            }
            cache_keys.insert(loaded.key.clone());
            years.push(loaded);
        }
        programmes.push((programme, years));
    }
    Ok(programmes)
}
