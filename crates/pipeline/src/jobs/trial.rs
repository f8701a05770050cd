//! What the rules of a changed programme would find in the periods that are held, before they count.

use crate::annual::build::build;
use crate::annual::request::{ReportRequest, Variant};
use crate::error::PipelineError;
use crate::jobs::load::{LedgerView, annual_inputs};
use crate::loaded_programme::LoadedProgramme;
use crate::snapshot::rows::Snapshot;
use crate::workspace::Workspace;
use ledger::Ledger;
use model::{Finding, Moment, Period, Severity};
use programme::{Programme, Rule, RuleKind, Scope, Source, tables};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a changed programme would find and count in what is held.
#[derive(Debug, Serialize)]
pub struct TrialSummary {
    /// The moment whose knowledge it is tried on.
    pub as_of: Moment,
    /// The years that are held.
    pub years: Vec<i32>,
    /// The rules that are new, gone or changed.
    pub rules: Vec<RuleTrial>,
    /// The totals that would change, by year.
    pub figures: Vec<FigureTrial>,
}

/// What a rule that is new, gone or changed would find.
#[derive(Debug, Serialize)]
pub struct RuleTrial {
    /// Its code.
    pub code: String,
    /// `new`, `changed` or `gone`.
    pub change: &'static str,
    /// Its weight before, if it was there.
    pub severity_before: Option<Severity>,
    /// Its weight now, if it is there.
    pub severity: Option<Severity>,
    /// How many findings it makes now on what is held. Of a rule that the reader checks: as many as were recorded when the
    /// files came in.
    pub findings: usize,
    /// Those that were not made before.
    pub added: Vec<TrialFinding>,
    /// How many that were made before are made no more.
    pub gone: usize,
}

/// A finding of a trial.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TrialFinding {
    /// The file's name.
    pub file: String,
    /// The sheet.
    pub sheet: Option<String>,
    /// The first cell.
    pub cell: Option<String>,
    /// What it says, in Vietnamese.
    pub message: String,
}

/// A total that would change.
#[derive(Debug, Serialize)]
pub struct FigureTrial {
    /// Its id.
    pub figure: String,
    /// Its value by the programme of the last run.
    pub before: i64,
    /// Its value by the changed programme.
    pub after: i64,
}

/// Runs a programme over all that is held of its years: that in a folder, or the one that the workspace names now. It is
/// compared with the one that the last run used; nothing is kept.
///
/// # Errors
/// When nothing has come in, the programme has faults, or the ledger cannot be read.
pub fn trial(
    workspace: &Workspace,
    changed: Option<&Source>,
) -> Result<TrialSummary, PipelineError> {
    let ledger = Ledger::open(&workspace.ledger())?;
    let as_of = ledger.last_run()?.ok_or(PipelineError::Empty)?;
    let mut present = workspace.loaded_programmes();
    let now = match changed {
        Some(source) => {
            let source = source.clone().with_office(workspace.root())?;
            LoadedProgramme::load(&source)?
        }
        None => present.swap_remove(0),
    };
    let of_last_run = workspace.programmes_on(&ledger, as_of)?.into_iter();
    let years = now.programme.years();
    let is_of_years = |it: &LoadedProgramme| it.programme.years().any(|year| years.contains(&year));
    let Some(before) = of_last_run.clone().find(is_of_years) else {
        return Err(PipelineError::Empty);
    };
    let view = LedgerView::open(&ledger, as_of.into())?;
    let held = years_held(&view, &now.programme)?;
    let sides = [&before, &now];
    let rules = changed_rules(sides.map(|side| &side.programme));
    let codes: BTreeSet<&str> = rules.iter().map(|(code, _)| *code).collect();
    let mut found = Vec::new();
    for side in sides {
        found.push(findings(&view, &side.programme, &codes, &held)?);
    }
    let [found_before, found_now] = found.try_into().unwrap_or_default();
    let recorded = recorded(&ledger, &view, &codes)?;
    let rules = rules.into_iter().map(|(code, change)| {
        let of = |side: &LoadedProgramme| side.programme.rules.get(code).map(|it| it.severity);
        let none = BTreeSet::new();
        let [was, is] = [&found_before, &found_now].map(|found| found.get(code).unwrap_or(&none));
        let is_reader = |side: &LoadedProgramme| {
            let rule = side.programme.rules.get(code);
            rule.is_some_and(|rule| matches!(rule.kind, RuleKind::Reader(_)))
        };
        RuleTrial {
            code: code.to_owned(),
            change,
            severity_before: of(&before),
            severity: of(&now),
            findings: match is_reader(&now) || is_reader(&before) {
                true => recorded.get(code).copied().unwrap_or_default(),
                false => is.len(),
            },
            added: is.difference(was).cloned().collect(),
            gone: was.difference(is).count(),
        }
    });
    let rules: Vec<RuleTrial> = rules.collect();
    let figures = match before.programme.hash == now.programme.hash {
        true => Vec::new(),
        false => figures(workspace, &ledger, (&before, &now), &held, as_of)?,
    };
    Ok(TrialSummary {
        as_of,
        years: held,
        rules,
        figures,
    })
}

/// The years of a programme of which something counts.
fn years_held(view: &LedgerView<'_>, programme: &Programme) -> Result<Vec<i32>, PipelineError> {
    let snapshot = view.snapshot(programme, programme.years())?;
    let periods = snapshot.submissions.effective.iter();
    let years = periods.filter_map(|it| it.period.map(Period::calendar_year));
    Ok(years.collect::<BTreeSet<i32>>().into_iter().collect())
}

/// The rules that are not the same in two programmes, by code, and how.
fn changed_rules([before, now]: [&Programme; 2]) -> Vec<(&str, &'static str)> {
    let codes: BTreeSet<&str> = before
        .rules
        .keys()
        .chain(now.rules.keys())
        .map(String::as_str)
        .collect();
    let change = |code: &str| match (before.rules.get(code), now.rules.get(code)) {
        (None, _) => Some("new"),
        (_, None) => Some("gone"),
        (Some(before), Some(now)) => (judges(before) != judges(now)).then_some("changed"),
    };
    let changed = codes.into_iter();
    changed
        .filter_map(|code| Some((code, change(code)?)))
        .collect()
}

/// What makes a rule find what it finds, and weigh it: not its words.
fn judges(rule: &Rule) -> impl PartialEq {
    (
        rule.severity,
        rule.kind.clone(),
        (rule.forms.clone(), rule.columns.clone()),
        (rule.valid_from, rule.valid_to),
        rule.scope == Scope::Year,
    )
}

/// What rules in SQL find in the rows of some years, by code: those of these codes only.
fn findings(
    view: &LedgerView<'_>,
    programme: &Programme,
    codes: &BTreeSet<&str>,
    years: &[i32],
) -> Result<BTreeMap<String, BTreeSet<TrialFinding>>, PipelineError> {
    let mut only = programme.clone();
    only.rules.retain(|code, rule| {
        codes.contains(code.as_str()) && !matches!(rule.kind, RuleKind::Reader(_))
    });
    let mut found = Vec::new();
    if !only.rules.is_empty() {
        // As the files came: rows that are held were judged too.
        let Snapshot {
            mut accepted,
            held,
            submissions,
            ..
        } = view.snapshot(programme, programme.years())?;
        let files = Snapshot {
            submissions,
            ..Snapshot::default()
        }
        .files();
        for (form, rows) in held {
            tables::append(&mut accepted, &form, &rows)?;
        }
        found.extend(validate::apply_rules(
            &only,
            Scope::Submission,
            &accepted,
            &files,
        )?);
        let resolved = view.resolved_snapshot(programme, &[], programme.years())?;
        for &year in years {
            let of_year = resolved.snapshot.within(year..=year)?;
            let files = of_year.files();
            found.extend(validate::apply_rules(
                &only,
                Scope::Year,
                &of_year.accepted,
                &files,
            )?);
        }
    }
    let mut by_code: BTreeMap<String, BTreeSet<TrialFinding>> = BTreeMap::new();
    for finding in found {
        let told = TrialFinding {
            file: finding.file_name,
            sheet: finding.sheet,
            cell: finding.cells.into_iter().next(),
            message: finding.message.vi,
        };
        by_code.entry(finding.code).or_default().insert(told);
    }
    Ok(by_code)
}

/// How many findings of some codes were recorded on the submissions that are known.
fn recorded(
    ledger: &Ledger,
    view: &LedgerView<'_>,
    codes: &BTreeSet<&str>,
) -> Result<BTreeMap<String, usize>, PipelineError> {
    let mut counts = BTreeMap::new();
    for submission in &view.submissions {
        let all = ledger.findings(submission.id)?;
        let of_codes = |it: &&Finding| codes.contains(it.code.as_str());
        for finding in all.iter().filter(of_codes) {
            *counts.entry(finding.code.clone()).or_default() += 1;
        }
    }
    Ok(counts)
}

/// The totals of years that two programmes count otherwise.
fn figures(
    workspace: &Workspace,
    ledger: &Ledger,
    (before, now): (&LoadedProgramme, &LoadedProgramme),
    years: &[i32],
    as_of: Moment,
) -> Result<Vec<FigureTrial>, PipelineError> {
    let totals = |side: &LoadedProgramme, year: i32| {
        let variant = Variant::default();
        let request = ReportRequest::new(vec![side.clone()], year, variant, as_of);
        let inputs = annual_inputs(ledger, &request, workspace.settings.utc_offset)?;
        let figures = build(&request, inputs)?.report.figures;
        let totals = figures
            .values()
            .map(|it| (it.id(&BTreeMap::new()), it.total()));
        Ok::<BTreeMap<String, i64>, PipelineError>(totals.collect())
    };
    let mut changed = Vec::new();
    for &year in years {
        let (was, is) = (totals(before, year)?, totals(now, year)?);
        let ids: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        for id in ids {
            let [before, after] = [&was, &is].map(|side| side.get(id).copied().unwrap_or_default());
            if before != after {
                let figure = id.clone();
                changed.push(FigureTrial {
                    figure,
                    before,
                    after,
                });
            }
        }
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::changed_rules;
    use crate::testing::programme;
    use model::Severity;

    #[test]
    fn a_rule_is_changed_by_what_it_finds_and_weighs_not_by_its_words() {
        let before = programme();
        let mut now = before.clone();
        assert_eq!(changed_rules([before, &now]), []);
        let rule = |code: &str| before.rules[code].clone();
        now.rules.remove("C002");
        let mut reworded = rule("C005");
        reworded.advice.vi.push('.');
        now.rules.insert("C005".to_owned(), reworded);
        let mut heavier = rule("C006");
        heavier.severity = Severity::Hold;
        now.rules.insert("C006".to_owned(), heavier);
        now.rules.insert("C099".to_owned(), rule("C001"));
        let changed = changed_rules([before, &now]);
        let expected = [("C002", "gone"), ("C006", "changed"), ("C099", "new")];
        assert_eq!(changed, expected);
    }
}
