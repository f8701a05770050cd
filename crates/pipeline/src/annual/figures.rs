use crate::annual::counting::{ChosenRecords, Stance};
use crate::annual::departments::short_name;
use crate::error::PipelineError;
use crate::identity::cases::RowDecisions;
use crate::snapshot::rows::Snapshot;
use crate::support::decided::DecidedSupport;
use aggregate::{Figures, RecordNumbers, compute, total};
use polars::prelude::PolarsResult;
use programme::tables::{self, Tables};
use programme::{Indicator, Programme, SheetKind, Target};
use report::{PlanShare, TargetProgress};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// The tables that indicators count, for any range of years; each range is put together once.
pub(crate) struct CountedTables<'p, 's> {
    programme: &'p Programme,
    snapshot: &'s Snapshot,
    decided: DecidedSupport,
    /// The same if all that waits were found to be reported twice; none if nothing waits.
    all_twice: Option<DecidedSupport>,
    decisions: &'s RowDecisions,
    /// What counts is traced to these.
    records: &'s Arc<RecordNumbers>,
    chosen: ChosenRecords<'p>,
    by_years: BTreeMap<(i32, i32), Tables>,
}

/// The first and the last of some years.
type Span = (i32, i32);

/// The least and the most that a figure may come to.
type Range = (i64, i64);

impl<'p, 's> CountedTables<'p, 's> {
    /// Of a resolved snapshot, with what is decided on the support in it, and what would be if all that waits were found to be
    /// reported twice; and with what persons said of single records.
    ///
    /// # Errors
    /// When the SQL of a choice of what counts fails.
    pub(crate) fn new(
        programme: &'p Programme,
        snapshot: &'s Snapshot,
        (decided, all_twice): (DecidedSupport, Option<DecidedSupport>),
        decisions: &'s RowDecisions,
        records: &'s Arc<RecordNumbers>,
    ) -> PolarsResult<Self> {
        let chosen = chosen_records(programme, snapshot, &decided, decisions)?;
        Ok(Self {
            programme,
            snapshot,
            decided,
            all_twice,
            decisions,
            records,
            chosen,
            by_years: BTreeMap::new(),
        })
    }

    /// The records that choices of what counts are about.
    pub(crate) fn chosen(&self) -> &ChosenRecords<'p> {
        &self.chosen
    }

    /// The records that choices of what counts are about.
    pub(crate) fn into_chosen(self) -> ChosenRecords<'p> {
        self.chosen
    }

    /// The tables of some years.
    pub(crate) fn in_years(&mut self, years: RangeInclusive<i32>) -> PolarsResult<Tables> {
        let key = (*years.start(), *years.end());
        if let Some(tables) = self.by_years.get(&key) {
            return Ok(tables.clone());
        }
        let forms = self.forms(
            (self.snapshot, &self.decided),
            &self.chosen,
            Stance::AsChosen,
            key,
        )?;
        let tables = tables::complete(self.programme, &forms)?;
        self.by_years.insert(key, tables.clone());
        Ok(tables)
    }

    /// The tables of some years of the same rows under other codes.
    pub(crate) fn of_snapshot(
        &self,
        snapshot: &Snapshot,
        years: RangeInclusive<i32>,
    ) -> PolarsResult<Tables> {
        let span = (*years.start(), *years.end());
        let counted = (snapshot, &self.decided);
        let forms = self.forms(counted, &self.chosen, Stance::AsChosen, span)?;
        tables::complete(self.programme, &forms)
    }

    /// The forms' rows of some years, with those that choices leave out.
    pub(crate) fn with_left_out(&self, years: RangeInclusive<i32>) -> PolarsResult<Tables> {
        let span = (*years.start(), *years.end());
        self.forms(
            (self.snapshot, &self.decided),
            &self.chosen,
            Stance::WithLeftOut,
            span,
        )
    }

    /// The forms' rows of some years of a snapshot that count under a stance.
    fn forms(
        &self,
        (snapshot, decided): (&Snapshot, &DecidedSupport),
        chosen: &ChosenRecords<'_>,
        stance: Stance,
        (from, to): Span,
    ) -> PolarsResult<Tables> {
        let mut forms = snapshot.accepted_in(from..=to)?;
        forms.insert(tables::SHOWN.to_owned(), tables::shown(Some((from, to)))?);
        chosen.apply(self.programme, &mut forms, stance)?;
        decided.apply(self.programme, &mut forms)?;
        Ok(forms)
    }

    /// How far each target of the programme is reached by a year. `shown` are the figures of the report's own years,
    /// which begin with `from` and end with the part of the year that is called `last_shown`; `supposed` are snapshots of what may still become of the rows that wait: the target's
    /// range spans them all, and every other choice of what counts.
    ///
    /// With the targets come the ranges of some of the figures shown.
    pub(crate) fn targets(
        &mut self,
        (from, year): Span,
        last_shown: &str,
        shown: &BTreeMap<String, Figures>,
        headline: &[&'p Indicator],
        supposed: &[Snapshot],
    ) -> Result<(Vec<TargetProgress<'p>>, BTreeMap<String, Range>), PipelineError> {
        let mut wanted: BTreeMap<Span, Vec<&'p Indicator>> = BTreeMap::new();
        for target in &self.programme.targets {
            let indicator = self.programme.indicator(&target.indicator);
            let of_span = wanted.entry((target.from, target.to.min(year)));
            of_span.or_default().extend(indicator);
        }
        wanted.entry((from, year)).or_default().extend(headline);
        let supposed = self.ranges(&wanted, supposed)?;
        let widened = |span: Span, indicator: &Indicator, total: i64| {
            let range = supposed.get(&(span, indicator.name.as_str()));
            range.map_or((total, total), |range| {
                (range.0.min(total), range.1.max(total))
            })
        };
        let mut targets = Vec::new();
        for target in &self.programme.targets {
            if let Some(indicator) = self.programme.indicator(&target.indicator) {
                let mut progress =
                    self.target(target, indicator, (from, year), (last_shown, shown))?;
                let span = (target.from, target.to.min(year));
                progress.range = widened(span, indicator, progress.figures.total());
                targets.push(progress);
            }
        }
        let of_headline = headline.iter().filter_map(|indicator| {
            let total = shown.get(&indicator.name)?.total();
            Some((
                indicator.name.clone(),
                widened((from, year), indicator, total),
            ))
        });
        Ok((targets, of_headline.collect()))
    }

    /// The least and the most of some indicators over their years, in all that may still become of what waits and under
    /// every stance, but for what counts now.
    fn ranges<'w>(
        &self,
        wanted: &BTreeMap<Span, Vec<&'w Indicator>>,
        supposed: &[Snapshot],
    ) -> Result<BTreeMap<(Span, &'w str), Range>, PipelineError> {
        let mut ranges: BTreeMap<(Span, &str), Range> = BTreeMap::new();
        let mut widen =
            |counted: (&Snapshot, &DecidedSupport), chosen: &ChosenRecords<'_>, stance| {
                for (span, indicators) in wanted {
                    let forms = self.forms(counted, chosen, stance, *span)?;
                    let queries = indicators.iter().map(|indicator| indicator.sql.as_str());
                    let tables = tables::complete_for(self.programme, &forms, queries)?;
                    for indicator in indicators {
                        let total = total(indicator, &tables)?;
                        let range = ranges.entry((*span, &indicator.name));
                        let range = range.or_insert((total, total));
                        *range = (range.0.min(total), range.1.max(total));
                    }
                }
                Ok::<(), PipelineError>(())
            };
        let others = self.chosen.stances().into_iter();
        for stance in others.filter(|stance| *stance != Stance::AsChosen) {
            widen((self.snapshot, &self.decided), &self.chosen, stance)?;
        }
        for snapshot in supposed {
            let chosen = chosen_records(self.programme, snapshot, &self.decided, self.decisions)?;
            for stance in chosen.stances() {
                widen((snapshot, &self.decided), &chosen, stance)?;
            }
        }
        if let Some(decided) = &self.all_twice {
            for snapshot in std::iter::once(self.snapshot).chain(supposed) {
                let chosen = chosen_records(self.programme, snapshot, decided, self.decisions)?;
                let stances = chosen.stances().into_iter();
                // With more that counts the range is no wider at its lower end.
                for stance in stances.filter(|stance| *stance != Stance::AllCounted) {
                    widen((snapshot, decided), &chosen, stance)?;
                }
            }
        }
        Ok(ranges)
    }

    /// How far a target is reached, as far as it is known now.
    fn target(
        &mut self,
        target: &'p Target,
        indicator: &Indicator,
        (from, year): Span,
        (last_shown, shown): (&str, &BTreeMap<String, Figures>),
    ) -> Result<TargetProgress<'p>, PipelineError> {
        let to = target.to.min(year);
        let counted = self.in_years(target.from..=to)?;
        let in_year = match (target.from..=target.to).contains(&year) {
            true if from == year => shown[&indicator.name].total(),
            true => total(indicator, &self.in_years(year..=year)?)?,
            false => 0,
        };
        // The report's own year may be shown up to a quarter or a day only.
        let last = match to == year {
            true => last_shown,
            false => &to.to_string(),
        };
        let years = format!("{}-{last}", target.from);
        let figures = compute(indicator, &counted, &years, self.records)?;
        let mut by_year = BTreeMap::new();
        for until in target.from..=to {
            let alone = total(indicator, &self.in_years(until..=until)?)?;
            let so_far = total(indicator, &self.in_years(target.from..=until)?)?;
            by_year.insert(until, (alone, so_far));
        }
        Ok(TargetProgress {
            target,
            in_year,
            range: (figures.total(), figures.total()),
            by_year,
            figures,
        })
    }

    /// What was planned and done in a year, over the departments that have a plan: one that has none did not plan nothing.
    pub(crate) fn plan_shares(
        &mut self,
        year: i32,
    ) -> Result<BTreeMap<(String, String), PlanShare>, PipelineError> {
        let counted = self.in_years(year..=year)?;
        let mut shares = BTreeMap::new();
        for sheet in &self.programme.report.sheets {
            let SheetKind::Years { done, .. } = &sheet.kind else {
                continue;
            };
            for pair in done {
                let [planned, done] =
                    [&pair.planned, &pair.done].map(|name| self.programme.indicator(name));
                let (Some(planned), Some(done)) = (planned, done) else {
                    continue;
                };
                let [planned, done] =
                    [planned, done].map(|it| compute(it, &counted, "", self.records));
                let share = self.plan_share(&planned?, &done?)?;
                shares.insert((pair.planned.clone(), pair.done.clone()), share);
            }
        }
        Ok(shares)
    }

    fn plan_share(&self, planned: &Figures, done: &Figures) -> PolarsResult<PlanShare> {
        let place = |figures: &Figures| figures.by.iter().position(|key| key == "department");
        let whole = PlanShare {
            done: done.total(),
            planned: planned.total(),
            lacking: Vec::new(),
        };
        let (Some(of_planned), Some(of_done)) = (place(planned), place(done)) else {
            return Ok(whole);
        };
        let departments = |figures: &Figures, place: usize| -> BTreeSet<String> {
            let codes = figures.contributions.codes(place).into_iter();
            codes.map(str::to_owned).collect()
        };
        let with_plan = departments(planned, of_planned);
        let mut lacking = departments(done, of_done);
        lacking.retain(|code| !with_plan.contains(code));
        Ok(
            match done.only(|part| with_plan.contains(part.key(of_done)))? {
                // Where nobody has a plan there is no share.
                Some(of_those) if !with_plan.is_empty() => PlanShare {
                    done: of_those.total(),
                    lacking: lacking
                        .iter()
                        .map(|code| short_name(self.programme, code))
                        .collect(),
                    ..whole
                },
                _ => whole,
            },
        )
    }

    /// The totals that sheets show year beside year, for some years.
    pub(crate) fn yearly_totals(
        &mut self,
        years: RangeInclusive<i32>,
    ) -> Result<BTreeMap<String, i64>, PipelineError> {
        let counted = self.in_years(years)?;
        let mut totals = BTreeMap::new();
        for sheet in &self.programme.report.sheets {
            let (done, own) = match &sheet.kind {
                SheetKind::Years { done, totals } => (done.as_slice(), totals),
                SheetKind::Overview { totals, .. } => (&[][..], totals),
                _ => continue,
            };
            let pairs = done.iter().flat_map(|pair| [&pair.planned, &pair.done]);
            for name in pairs.chain(own) {
                if totals.contains_key(name) {
                    continue;
                }
                if let Some(indicator) = self.programme.indicator(name) {
                    totals.insert(name.clone(), total(indicator, &counted)?);
                }
            }
        }
        Ok(totals)
    }
}

/// The records that choices are about among all rows of a snapshot, with what persons decided on them.
fn chosen_records<'p>(
    programme: &'p Programme,
    snapshot: &Snapshot,
    decided: &DecidedSupport,
    decisions: &RowDecisions,
) -> PolarsResult<ChosenRecords<'p>> {
    let mut forms = snapshot.accepted.clone();
    decided.apply(programme, &mut forms)?;
    ChosenRecords::among(programme, &forms, decisions)
}

#[cfg(test)]
mod tests {
    use super::CountedTables;
    use crate::identity::cases::RowDecisions;
    use crate::snapshot::rows::Snapshot;
    use crate::support::decided::DecidedSupport;
    use crate::testing::{programme, resolved, small_programme, submission, tables};
    use aggregate::RecordNumbers;
    use programme::Programme;
    use std::collections::BTreeMap;
    use std::sync::{Arc, LazyLock};

    const SUPPORT: &str = "file | enterprise                  | tax_code   | district   | content
                           f1   | Công ty Mẫu Một             | 3600265395 |            | 3a1
                           f2   | CTY MẪU MỘT                 | 3600265395 |            | 3b1
                           f2   | Công ty TNHH Cơ khí Mẫu Hai |            | bien-hoa   | 3a1
                           f2   | Công ty TNHH Cơ khí Mẫu Hai |            | long-khanh | 3a1";

    /// Of a snapshot of which nothing is decided.
    fn counted<'a>(programme: &'a Programme, snapshot: &'a Snapshot) -> CountedTables<'a, 'a> {
        static NONE: RowDecisions = RowDecisions::new();
        static RECORDS: LazyLock<Arc<RecordNumbers>> = LazyLock::new(Arc::default);
        CountedTables::new(
            programme,
            snapshot,
            (DecidedSupport::default(), None),
            &NONE,
            &RECORDS,
        )
        .unwrap()
    }

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
        let mut counted = counted(&small.programme, &known.snapshot);
        // The report's own years begin before the year, so nothing shown is taken over.
        let targets = counted
            .targets((2021, 2023), "2023", &BTreeMap::new(), &[], &supposed)
            .unwrap()
            .0;
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
        let mut counted = counted(&small.programme, &known.snapshot);
        let targets = counted
            .targets((2023, 2023), "2023", &BTreeMap::new(), &[], &[])
            .unwrap()
            .0;
        assert_eq!((targets[0].figures.total(), targets[0].in_year), (1, 0));
    }
    #[test]
    fn the_range_spans_every_other_choice_of_what_counts() {
        let rows = "file | enterprise      | tax_code   | content | start      | status      | state_budget
                    f1   | Công ty Mẫu Một | 3600265395 | 3a1     | 2023-03-01 | ongoing     | 5
                    f1   | Công ty Gỗ Mẫu  | 3603295006 | 3a1     | 2019-03-01 | ongoing     | 5
                    f1   | Công ty Mẫu Ba  | 3600363321 | 3a1     | 2023-04-01 | not_started |";
        let known = resolved(&[submission(1, "SCT", "2023")], &[("support", rows)]);
        let small = small_programme();
        let mut counted = counted(&small.programme, &known.snapshot);
        let tables = counted.in_years(2023..=2023).unwrap();
        let supported = small.programme.indicator("enterprises_supported").unwrap();
        let figures = aggregate::compute(supported, &tables, "2023", &Arc::default()).unwrap();
        assert_eq!(figures.total(), 2);
        let shown = BTreeMap::from([(supported.name.clone(), figures)]);
        let (targets, ranges) = counted
            .targets((2023, 2023), "2023", &shown, &[supported], &[])
            .unwrap();
        assert_eq!(targets[0].range, (1, 3));
        assert_eq!(ranges["enterprises_supported"], (1, 3));
    }
    #[test]
    fn what_was_done_without_a_plan_has_no_part_in_its_share() {
        let plan = "file | task   | enterprises
                    f1   | IV.3.a | 4";
        let support = "file | enterprise      | tax_code   | content
                       f1   | Công ty Mẫu Một | 3600265395 | 3a1
                       f2   | Công ty Gỗ Mẫu  | 3603295006 | 3a1";
        let sent = [submission(1, "SCT", "2023"), submission(2, "SXD", "2023")];
        let known = resolved(&sent, &[("plan", plan), ("support", support)]);
        let mut counted = counted(programme(), &known.snapshot);
        let shares = counted.plan_shares(2023).unwrap();
        let pair = ["enterprises_planned", "enterprises_supported"].map(str::to_owned);
        let share = &shares[&pair.into()];
        assert_eq!((share.done, share.planned), (1, 4));
        assert_eq!(share.lacking, ["Sở Xây dựng"]);
    }
}
