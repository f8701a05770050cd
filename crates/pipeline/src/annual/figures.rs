use crate::error::PipelineError;
use crate::snapshot::rows::Snapshot;
use crate::support::decided::DecidedSupport;
use aggregate::{Figures, compute, total};
use polars::prelude::PolarsResult;
use programme::tables::Tables;
use programme::{Programme, SheetKind, Target, tables};
use report::TargetProgress;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The tables that indicators count, for any range of years; each range is put together once.
pub(crate) struct CountedTables<'p, 's> {
    programme: &'p Programme,
    snapshot: &'s Snapshot,
    decided: DecidedSupport,
    by_years: BTreeMap<(i32, i32), Tables>,
}

impl<'p, 's> CountedTables<'p, 's> {
    /// Of a resolved snapshot, with what is decided on the support in it.
    pub(crate) fn new(
        programme: &'p Programme,
        snapshot: &'s Snapshot,
        decided: DecidedSupport,
    ) -> Self {
        Self {
            programme,
            snapshot,
            decided,
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
        let mut forms = snapshot.accepted_in(years.clone())?;
        let shown = tables::shown(Some((*years.start(), *years.end())))?;
        forms.insert(tables::SHOWN.to_owned(), shown);
        self.decided.apply(self.programme, &mut forms)?;
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

#[cfg(test)]
mod tests {
    use super::CountedTables;
    use crate::support::decided::DecidedSupport;
    use crate::testing::{programme, resolved, small_programme, submission, tables};
    use std::collections::BTreeMap;

    const SUPPORT: &str = "file | enterprise                  | tax_code   | district   | content
                           f1   | Công ty Mẫu Một             | 3600265395 |            | 3a1
                           f2   | CTY MẪU MỘT                 | 3600265395 |            | 3b1
                           f2   | Công ty TNHH Cơ khí Mẫu Hai |            | bien-hoa   | 3a1
                           f2   | Công ty TNHH Cơ khí Mẫu Hai |            | long-khanh | 3a1";

    #[test]
    fn a_target_counts_an_enterprise_once_over_the_years_and_its_range_spans_what_waits() {
        let sent = [submission(1, "SCT", "2022"), submission(2, "SXD", "2023")];
        let mut known = resolved(&sent, &[("support", SUPPORT)]);
        let held = "file | record | enterprise      | tax_code   | content
                    f2   | held   | Công ty Gỗ Mẫu  | 3603295006 | 3a1";
        known.snapshot.held = tables(&sent, &[("support", held)]);
        let same = known.index.resolution.all_same();
        let on_cases = Default::default();
        let supposed = [
            known
                .supposing(programme(), (&[], &on_cases), true)
                .unwrap(),
            known
                .supposing(programme(), (&same, &on_cases), false)
                .unwrap(),
        ];
        let small = small_programme();
        let no_duplicates = DecidedSupport::default();
        let mut counted = CountedTables::new(&small.programme, &known.snapshot, no_duplicates);
        // The report's own years begin before the year, so nothing shown is taken over.
        let targets = counted
            .targets((2021, 2023), &BTreeMap::new(), &supposed)
            .unwrap();
        let target = &targets[0];
        assert_eq!(target.figures.total(), 3);
        assert_eq!(target.in_year, 3);
        assert_eq!(target.range, (2, 4), "one question, one held row");
        let by_year: Vec<(i32, (i64, i64))> = target.by_year.clone().into_iter().collect();
        assert_eq!(by_year, [(2021, (0, 0)), (2022, (1, 1)), (2023, (3, 3))]);
    }

    #[test]
    fn a_target_of_earlier_years_does_not_count_the_year() {
        let rows = "file | enterprise\nf1 | Công ty Mẫu Một";
        let known = resolved(&[submission(1, "SCT", "2022")], &[("support", rows)]);
        let mut small = small_programme();
        small.programme.targets[0].to = 2022;
        let no_duplicates = DecidedSupport::default();
        let mut counted = CountedTables::new(&small.programme, &known.snapshot, no_duplicates);
        let targets = counted
            .targets((2023, 2023), &BTreeMap::new(), &[])
            .unwrap();
        assert_eq!((targets[0].figures.total(), targets[0].in_year), (1, 0));
    }
}
