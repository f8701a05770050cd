use crate::error::PipelineError;
use crate::snapshot::rows::Snapshot;
use aggregate::{Figures, compute, total};
use polars::prelude::{DataFrame, PolarsResult};
use programme::tables::Tables;
use programme::{Programme, SheetKind, Target, tables};
use report::TargetProgress;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The tables that indicators count, for any range of years; each range is put together once.
pub(crate) struct CountedTables<'p, 's> {
    programme: &'p Programme,
    snapshot: &'s Snapshot,
    duplicates: DataFrame,
    by_years: BTreeMap<(i32, i32), Tables>,
}

impl<'p, 's> CountedTables<'p, 's> {
    /// Of a resolved snapshot, with the table of cases that were given elsewhere as well.
    pub(crate) fn new(
        programme: &'p Programme,
        snapshot: &'s Snapshot,
        duplicates: DataFrame,
    ) -> Self {
        Self {
            programme,
            snapshot,
            duplicates,
            by_years: BTreeMap::new(),
        }
    }

    /// The tables of some years.
    pub(crate) fn in_years(&mut self, years: RangeInclusive<i32>) -> PolarsResult<Tables> {
        let key = (*years.start(), *years.end());
        if let Some(tables) = self.by_years.get(&key) {
            return Ok(tables.clone());
        }
        let tables = self.of_snapshot(self.snapshot, years)?;
        self.by_years.insert(key, tables.clone());
        Ok(tables)
    }

    /// The tables of some years of another snapshot of the same submissions.
    fn of_snapshot(&self, snapshot: &Snapshot, years: RangeInclusive<i32>) -> PolarsResult<Tables> {
        let mut forms = snapshot.accepted_in(years)?;
        forms.insert(tables::DUPLICATE.to_owned(), self.duplicates.clone());
        tables::complete(self.programme, &forms)
    }

    /// How far each target of the programme is reached by a year. `shown` are the figures of the report's own years,
    /// which begin with `from`; `supposed` are snapshots of what may still become of the rows that wait: the target's
    /// range spans them all.
    pub(crate) fn targets(
        &mut self,
        (from, year): (i32, i32),
        shown: &BTreeMap<String, Figures>,
        supposed: &[Snapshot],
    ) -> Result<Vec<TargetProgress<'p>>, PipelineError> {
        let mut targets = Vec::new();
        for target in &self.programme.targets {
            targets.extend(self.target(target, (from, year), shown, supposed)?);
        }
        Ok(targets)
    }

    fn target(
        &mut self,
        target: &'p Target,
        (from, year): (i32, i32),
        shown: &BTreeMap<String, Figures>,
        supposed: &[Snapshot],
    ) -> Result<Option<TargetProgress<'p>>, PipelineError> {
        let Some(indicator) = self.programme.indicator(&target.indicator) else {
            return Ok(None);
        };
        let to = target.to.min(year);
        let counted = self.in_years(target.from..=to)?;
        let in_year = match (target.from..=target.to).contains(&year) {
            true if from == year => shown[&indicator.name].total(),
            true => total(indicator, &self.in_years(year..=year)?)?,
            false => 0,
        };
        let figures = compute(indicator, &counted, &format!("{}-{to}", target.from))?;
        let mut by_year = BTreeMap::new();
        for until in target.from..=to {
            let alone = total(indicator, &self.in_years(until..=until)?)?;
            let so_far = total(indicator, &self.in_years(target.from..=until)?)?;
            by_year.insert(until, (alone, so_far));
        }
        let mut range = (figures.total(), figures.total());
        for snapshot in supposed {
            let supposed = total(indicator, &self.of_snapshot(snapshot, target.from..=to)?)?;
            range = (range.0.min(supposed), range.1.max(supposed));
        }
        Ok(Some(TargetProgress {
            target,
            figures,
            in_year,
            range,
            by_year,
        }))
    }

    /// The totals that sheets show year beside year, for some years.
    pub(crate) fn yearly_totals(
        &mut self,
        years: RangeInclusive<i32>,
    ) -> Result<BTreeMap<String, i64>, PipelineError> {
        let counted = self.in_years(years)?;
        let mut totals = BTreeMap::new();
        for sheet in &self.programme.report.sheets {
            let SheetKind::Years { done, totals: own } = &sheet.kind else {
                continue;
            };
            let pairs = done.iter().flat_map(|pair| [&pair.planned, &pair.done]);
            for name in pairs.chain(own) {
                if let Some(indicator) = self.programme.indicator(name) {
                    totals.insert(name.clone(), total(indicator, &counted)?);
                }
            }
        }
        Ok(totals)
    }
}
