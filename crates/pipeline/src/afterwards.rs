use crate::answers::Answers;
use crate::digest::{Digest, YearDigest};
use crate::known::Known;
use crate::overlap::{Compared, Comparison};
use crate::standing::Moment;
use crate::{PipelineError, Workspace};
use chrono::NaiveDate;
use ledger::Ledger;
use link::Matcher;
use model::{FileId, Finding};
use programme::Programme;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What follows from what a run took in.
#[derive(Default)]
pub(crate) struct Afterwards {
    /// What the rules find over all departments in the years that were touched.
    pub across: Vec<Finding>,
    /// What comparing all support of the present programme gave.
    pub compared: Compared,
}

/// Works out what follows. Only the rows of the years that were touched are read: of the others it is kept what they say.
/// `kept` gathers the names under which it is kept for the next run.
pub(crate) fn afterwards(
    workspace: &Workspace,
    ledger: &Ledger,
    present: &Programme,
    touched: &BTreeSet<i32>,
    today: NaiveDate,
    kept: &mut BTreeSet<FileId>,
) -> Result<Afterwards, PipelineError> {
    let answers = Answers::of(ledger.answers(None)?).of_enterprises();
    let mut of_programmes = digests(workspace, ledger, touched, kept)?;
    let mut afterwards = Afterwards::default();
    for at in 0..of_programmes.len() {
        let programme = of_programmes[at].0;
        let is_present = programme.id == present.id;
        if !is_present && touched.range(programme.years()).next().is_none() {
            continue;
        }
        let matcher = Arc::new(Matcher::new(&programme.linkage));
        let others = of_programmes
            .iter()
            .filter(|(other, _)| other.id != programme.id);
        let others: Vec<&Digest> = others
            .flat_map(|(_, years)| years)
            .map(|year| &year.digest)
            .collect();
        let ours: Vec<&Digest> = of_programmes[at]
            .1
            .iter()
            .map(|year| &year.digest)
            .collect();
        let known = Known::of(&matcher, &ours, &others, &answers)?;
        let mut first = 0;
        for year in &mut of_programmes[at].1 {
            if let Some((mut standing, places)) = year.rows.take() {
                standing.settle(programme, &known.who, &places, first)?;
                afterwards.across.extend(standing.across(programme)?);
            }
            first += year.digest.sayings.len();
        }
        if is_present {
            let others = workspace.others_than(programme);
            let moment = Moment {
                ledger,
                programme,
                others: &others,
                as_of: None,
            };
            afterwards.compared = Comparison {
                moment,
                known: &known,
                today,
            }
            .compare()?;
        }
    }
    Ok(afterwards)
}

/// What each programme's years say, with the rows of those that were touched; what was worked out anew is kept.
fn digests<'w>(
    workspace: &'w Workspace,
    ledger: &Ledger,
    touched: &BTreeSet<i32>,
    kept: &mut BTreeSet<FileId>,
) -> Result<Vec<(&'w Programme, Vec<YearDigest>)>, PipelineError> {
    let all = ledger.submissions(None)?;
    let mut of_programmes = Vec::new();
    for programme in workspace.programmes() {
        let moment = Moment {
            ledger,
            programme,
            others: &[],
            as_of: None,
        };
        let mut years = Vec::new();
        for year in programme.years() {
            let Some(found) = YearDigest::of(&moment, &all, year, touched.contains(&year))? else {
                continue;
            };
            if found.is_new {
                found.digest.keep(ledger, &found.name)?;
            }
            kept.insert(found.name.clone());
            years.push(found);
        }
        of_programmes.push((programme, years));
    }
    Ok(of_programmes)
}
