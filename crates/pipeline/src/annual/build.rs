use crate::annual::counting::ChosenRecords;
use crate::annual::departments::department_lines;
use crate::annual::figures::CountedTables;
use crate::annual::findings::findings_shown;
use crate::annual::inputs::{AnnualInputs, inputs_hash};
use crate::annual::overlap_rows::{not_compared_row, overlap_rows, register_row};
use crate::annual::provenance::{held_rows, origins};
use crate::annual::request::ReportRequest;
use crate::error::PipelineError;
use crate::identity::cases::CaseDecisions;
use crate::snapshot::effective::EffectiveSubmissions;
use crate::snapshot::rows::Snapshot;
use crate::support::answer_index::AnswerIndex;
use crate::support::comparison::Comparison;
use crate::support::decided::DecidedSupport;
use crate::support::overlap_line::OverlapLine;
use crate::support::resolved::ResolvedSnapshot;
use crate::support::support_line::SupportLine;
use aggregate::compute;
use ledger::{Answer, Submission, Verdict};
use link::{Constraint, OverlapClass};
use model::InputsHash;
use programme::tables::Tables;
use programme::{Indicator, Occasion, Programme, SheetKind, tables};
use report::{AnnualReport, Listing};
use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;
use std::sync::Arc;

/// A report put together, with what it is compared by when a later one restates it.
pub(crate) struct BuiltReport<'p> {
    pub report: AnnualReport<'p>,
    pub inputs_hash: InputsHash,
    /// The submissions that were known then.
    pub submissions: Vec<Submission>,
    /// What counted of them, from the programme's first year on, under the codes that the senders wrote.
    pub snapshot: Snapshot,
    /// The records that were given elsewhere as well, or may be.
    pub duplicates: BTreeMap<String, bool>,
    /// What each of them was given again by: by record, the other sides of its duplicates.
    pub given_again: BTreeMap<String, Vec<SupportLine>>,
    /// The records that a person found to be reported a second time: they are in no figure.
    pub reported_twice: BTreeSet<String>,
    /// The records that choices of what counts are about.
    pub chosen: ChosenRecords<'p>,
    /// The programme's files, as the ledger keeps them.
    pub programme_files: &'p str,
    /// The answers that were known then.
    pub answers: Vec<Answer>,
}

/// Puts a report together.
///
/// # Errors
/// When the year is outside the programme, or an indicator's or a rule's SQL fails.
pub(crate) fn build(
    request: &ReportRequest,
    mut inputs: AnnualInputs,
) -> Result<BuiltReport<'_>, PipelineError> {
    let (programme, year) = (&request.programme.programme, request.year);
    let (first, from) = (programme.first_year, request.first_year_shown());
    check_year(programme, year)?;
    let at = request.as_of.local(inputs.offset);
    let today = at.date_naive();
    let answers = AnswerIndex::new(&inputs.answers);
    let constraints = answers.constraints();
    let (snapshot, others) = (take(&mut inputs.snapshot), take(&mut inputs.others));
    let mut resolved = ResolvedSnapshot::resolve(programme, snapshot, others, &answers)?;
    // Findings and held rows are shown with the codes that their senders wrote.
    let shown = resolved.snapshot.within(from..=year)?;
    let mut comparison = Comparison::compare(
        programme,
        &resolved.index,
        &inputs.registers,
        &answers,
        today,
    )?;
    // What was reported by mistake overlaps with nothing.
    let in_error = &resolved.snapshot.in_error;
    comparison.leave_out(in_error);
    // Before codes are put under today's: the trace names what the sender wrote.
    let origins = origins(programme, &resolved.snapshot)?;
    let records = Arc::clone(origins.records());
    let as_written = resolved.snapshot.accepted.clone();
    let mut listed = None;
    match request.variant.under_today {
        true => resolved.snapshot.recode_for(programme, today)?,
        false => {
            let today = request.day_of_codes(today);
            // Lists of rows keep what their senders wrote.
            let as_written = resolved.snapshot.clone();
            let is_another = resolved.snapshot.recode_by_year(programme, today)?;
            listed = is_another.then_some(as_written);
        }
    }
    // The range of a target spans every state that open questions and held rows may still lead to.
    let supposed = suppositions(programme, &resolved, (&constraints, answers.on_cases()))?;
    // Overlaps may span years, so what is decided on them is found over all years and counted in each.
    let over_periods =
        |decided: DecidedSupport| decided.over_periods(programme, &resolved.snapshot);
    let decided = over_periods(DecidedSupport::of(&comparison.overlaps))?;
    let all_twice = DecidedSupport::if_all_twice(&comparison.overlaps);
    let all_twice = all_twice.map(over_periods).transpose()?;
    let duplicates = decided.duplicates();
    let reported_twice = decided.reported_twice().clone();
    let on_rows = &answers.on_cases().rows;
    let mut counted = CountedTables::new(
        programme,
        &resolved.snapshot,
        (decided, all_twice),
        on_rows,
        &records,
    )?;
    let tables = counted.in_years(from..=year)?;
    let listed = match listed {
        Some(as_written) => counted.of_snapshot(&as_written, from..=year)?,
        None => tables.clone(),
    };
    let last_shown = request.variant.part.name_in(year);
    let years_shown = if from == year {
        last_shown.clone()
    } else {
        format!("{from}-{last_shown}")
    };
    let mut figures = BTreeMap::new();
    for indicator in &programme.indicators {
        figures.insert(
            indicator.name.clone(),
            compute(indicator, &tables, &years_shown, &records)?,
        );
    }
    let mut before = BTreeMap::new();
    if request.variant.occasion() == Occasion::Annual && first < year {
        let tables = counted.in_years(year - 1..=year - 1)?;
        let name = (year - 1).to_string();
        for indicator in compared(programme) {
            let figures = compute(indicator, &tables, &name, &records)?;
            before.insert(indicator.name.clone(), figures);
        }
    }
    let headline: Vec<&Indicator> = headline(programme).collect();
    let (targets, ranges) =
        counted.targets((from, year), &last_shown, &figures, &headline, &supposed)?;
    let mut years = BTreeMap::new();
    let mut plan_shares = BTreeMap::new();
    for each in first..=year {
        plan_shares.insert(each, counted.plan_shares(each)?);
        years.insert(each, counted.yearly_totals(each..=each)?);
    }
    let all_years = counted.yearly_totals(first..=year)?;
    let with_left_out = counted.with_left_out(from..=year)?;
    let chosen = counted.chosen();
    let on_choices = chosen.questions(programme, &with_left_out, &shown.files())?;
    let mut findings = findings_shown(programme, &shown, &inputs.recorded)?;
    findings.retain(|(_, finding)| chosen.is_told(programme, finding));
    let inputs_hash = inputs_hash(
        request,
        &resolved.snapshot.submissions.effective,
        &resolved.others.submissions,
        &comparison.registers,
        &inputs.answers,
    );
    let report = AnnualReport {
        programme,
        from,
        year,
        is_final: request.variant.is_final,
        part: request.variant.part,
        under_today: request.variant.under_today,
        as_of: at,
        status: request.status.clone(),
        figures,
        before,
        ranges,
        years_without_data: (first..=year)
            .filter(|year| !has_data(&resolved.snapshot.submissions, *year))
            .collect(),
        targets,
        counting: chosen.lines(programme, &with_left_out)?,
        counting_rows: chosen.rows(programme, &with_left_out, &shown.files())?,
        years,
        plan_shares,
        all_years,
        questions: resolved.index.resolution.questions().len()
            + resolved.may_be_one.len()
            + shown.gone_questions().count()
            + on_choices.len()
            + inputs.questions_on_files,
        listings: listings(programme, &listed)?,
        departments: department_lines(request, &inputs),
        held: held_rows(programme, &shown, &findings)?,
        findings,
        overlaps: overlap_rows(programme, from..=year, &comparison.overlaps),
        not_compared: comparison.left_out.iter().map(not_compared_row).collect(),
        registers: comparison.registers.iter().map(register_row).collect(),
        restatement: None,
        origins,
        inputs_hash: inputs_hash.to_string(),
        figures_hash: String::new(),
        log_head: None,
        offices: Vec::new(),
        backdated: Vec::new(),
    };
    let AnnualInputs {
        submissions,
        answers,
        ..
    } = inputs;
    let chosen = counted.into_chosen();
    let mut snapshot = resolved.snapshot;
    snapshot.accepted = as_written;
    Ok(BuiltReport {
        report,
        inputs_hash,
        snapshot,
        duplicates,
        reported_twice,
        chosen,
        given_again: given_again(comparison.overlaps),
        programme_files: &request.programme.files,
        submissions,
        answers,
    })
}

/// By record, the other sides of the duplicates that it is part of.
fn given_again(overlaps: Vec<OverlapLine>) -> BTreeMap<String, Vec<SupportLine>> {
    let mut given: BTreeMap<String, Vec<SupportLine>> = BTreeMap::new();
    for overlap in overlaps {
        if overlap.class == OverlapClass::Duplicate || overlap.is_decided_duplicate() {
            let OverlapLine { left, right, .. } = overlap;
            for (side, other) in [(&left, &right), (&right, &left)] {
                given
                    .entry(side.record.clone())
                    .or_default()
                    .push(other.clone());
            }
        }
    }
    given
}

/// The indicators that sheets compare with the year before code by code.
fn compared(programme: &Programme) -> impl Iterator<Item = &Indicator> {
    let is_in = |sheet: &programme::SheetSpec, name: &str| match &sheet.kind {
        SheetKind::Overview { changes, .. } => changes.iter().any(|it| it.indicator == name),
        _ => false,
    };
    let sheets = &programme.report.sheets;
    let indicators = programme.indicators.iter();
    indicators.filter(move |it| sheets.iter().any(|sheet| is_in(sheet, &it.name)))
}

/// The indicators at the head of the report, each once.
fn headline(programme: &Programme) -> impl Iterator<Item = &Indicator> {
    let mut names: Vec<&str> = Vec::new();
    for sheet in &programme.report.sheets {
        if let SheetKind::Summary { headline } = &sheet.kind {
            names.extend(headline.iter().map(String::as_str));
        }
    }
    let is_named = move |indicator: &&Indicator| names.contains(&indicator.name.as_str());
    programme.indicators.iter().filter(is_named)
}

/// Whether anything of anyone counts for a year, be it that there is nothing to report.
pub(crate) fn has_data(submissions: &EffectiveSubmissions, year: i32) -> bool {
    let periods = submissions.effective.iter().filter_map(|it| it.period);
    periods
        .into_iter()
        .any(|period| period.calendar_year() == year)
}

/// Refuses a year outside the programme.
///
/// # Errors
/// [`PipelineError::Year`].
pub(crate) fn check_year(programme: &Programme, year: i32) -> Result<(), PipelineError> {
    let (first, last) = (programme.first_year, programme.last_year);
    match programme.years().contains(&year) {
        true => Ok(()),
        false => Err(PipelineError::Year { year, first, last }),
    }
}

/// The rows of each listing sheet.
fn listings(
    programme: &Programme,
    counted: &Tables,
) -> Result<BTreeMap<String, Listing>, PipelineError> {
    let mut listings = BTreeMap::new();
    for sheet in &programme.report.sheets {
        if let SheetKind::Listing { sql, .. } = &sheet.kind {
            let frame = tables::execute(counted, sql)?;
            listings.insert(sheet.name.clone(), Listing { frame });
        }
    }
    Ok(listings)
}

/// What the snapshot may still become: held rows mended as they were read, open questions answered with 'the same
/// enterprise', 'one case' and 'reported by mistake', and both.
fn suppositions(
    programme: &Programme,
    resolved: &ResolvedSnapshot,
    (constraints, on_cases): (&[Constraint], &CaseDecisions),
) -> Result<Vec<Snapshot>, PipelineError> {
    let resolution = &resolved.index.resolution;
    let has_held = resolved
        .snapshot
        .held
        .values()
        .any(|frame| frame.height() > 0);
    let mut gone = resolved.snapshot.gone_questions().peekable();
    let has_questions = !resolution.questions().is_empty()
        || !resolved.may_be_one.is_empty()
        || gone.peek().is_some();
    let all_same = [constraints.to_vec(), resolution.all_same()].concat();
    let one_case = resolved.may_be_one.iter().map(|pair| (pair.key(), true));
    let mut all_one = on_cases.clone();
    all_one.pairs.extend(one_case);
    all_one
        .rows
        .extend(gone.map(|question| (question.key(), Verdict::Mistaken)));
    [(true, false), (false, true), (true, true)]
        .into_iter()
        .filter(|&(held, same)| (has_held || !held) && (has_questions || !same))
        .map(|(held, same)| {
            let answers = match same {
                true => (all_same.as_slice(), &all_one),
                false => (constraints, on_cases),
            };
            resolved.supposing(programme, answers, held)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::build;
    use crate::annual::request::ReportRequest;
    use crate::testing::{built, inputs, request, small_programme, submission};
    use std::collections::BTreeMap;

    const SUPPORT: &str = "file | record | enterprise      | tax_code   | district | content | start      | state_budget
                           f1   | first  | Công ty Mẫu Một | 3600265395 | bien-hoa | 3a1     | 2023-03-01 | 40
                           f2   | second | CTY MẪU MỘT     | 3600265395 | bien-hoa | 3a1     | 2023-05-01 | 30";

    #[test]
    fn a_year_outside_the_programme_is_refused() {
        let request = request(small_programme(), 2030);
        let Err(error) = build(&request, inputs(&[], &[])) else {
            panic!("2030 is no year of the programme")
        };
        assert!(error.to_string().contains("2021-2025"), "{error}");
    }

    #[test]
    fn an_enterprise_counts_once_and_the_money_given_twice_is_flagged() {
        let request = request(small_programme(), 2023);
        let sent = [submission(1, "SCT", "2023"), submission(2, "SXD", "2023")];
        let report = built(&request, &sent, &[("support", SUPPORT)]).report;
        let total = |indicator: &str| report.figures[indicator].total();
        assert_eq!(total("enterprises_supported"), 1);
        // Until a person decides both count, and the later one's state money is flagged.
        assert_eq!(total("duplicate_state_budget"), 30);
        let [overlap] = &report.overlaps[..] else {
            panic!("one overlap: {:?}", report.overlaps)
        };
        assert!(overlap.waits);
        assert_eq!(
            report.figures["enterprises_supported"].id(&BTreeMap::new()),
            "enterprises_supported/2023"
        );
    }

    #[test]
    fn a_final_report_counts_all_years_and_an_annual_report_its_own() {
        let sent = [submission(1, "SCT", "2022"), submission(2, "SXD", "2023")];
        let mut request = request(small_programme(), 2023);
        let count = |request: &ReportRequest| {
            let report = built(request, &sent, &[("support", SUPPORT)]).report;
            (report.from, report.figures["support_by_district"].total())
        };
        assert_eq!(count(&request), (2023, 1));
        request.variant.is_final = true;
        assert_eq!(count(&request), (2021, 2));
    }
}
