//! All that an annual report shows, put together from the ledger.

use crate::PipelineError;
use crate::answers::Answers;
use crate::evidence::{held_rows, origins};
use crate::grant::GrantLine;
use crate::overlap::{Compared, Comparison, OverlapLine};
use crate::register::RegisterLine;
use crate::report_job::{Variant, Which};
use crate::review;
use crate::standing::{Moment, Standing};
use crate::stands::stand;
use crate::who::Who;
use aggregate::{compute, total};
use chrono::{DateTime, FixedOffset};
use ledger::{Answer, Ledger, file_id};
use model::{Finding, Severity};
use polars::prelude::PolarsResult;
use programme::tables::Tables;
use programme::{Programme, SheetKind, tables};
use report::{
    AnnualReport, DepartmentLine, GrantSide, Listing, OverlapRow, RegisterRow, SubmissionLine,
    TargetProgress,
};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Puts a report together.
pub(crate) fn gather<'p>(
    ledger: &Ledger,
    which: &'p Which,
    offset: FixedOffset,
) -> Result<AnnualReport<'p>, PipelineError> {
    let (programme, year, as_of) = (&which.programme.programme, which.year, which.as_of.as_str());
    let (first, last) = (programme.first_year, programme.last_year);
    if !(first..=last).contains(&year) {
        return Err(PipelineError::Year { year, first, last });
    }
    let at = local(as_of, offset);
    let from = if which.variant.is_final { first } else { year };
    let earlier: Vec<&Programme> = which.earlier.iter().map(|kept| &kept.programme).collect();
    let moment = Moment {
        ledger,
        programme,
        others: &earlier,
        as_of: Some(as_of),
    };
    let (mut everything, known) = Standing::of_years(&moment, first..=year)?;
    let shown = everything.within(from..=year)?;
    let compared = Comparison {
        moment,
        known: &known,
        today: at.date_naive(),
    }
    .compare()?;
    let origins = origins(programme, &everything)?;
    if which.variant.under_today {
        everything.show_on(programme, at.date_naive())?;
    }
    let duplicates = compared.duplicates()?;
    let in_years = |standing: &Standing, years| -> PolarsResult<Tables> {
        let mut forms = standing.accepted_in(years)?;
        forms.insert(tables::DUPLICATE.to_owned(), duplicates.clone());
        tables::complete(programme, &forms)
    };
    let mut known_rows: BTreeMap<(i32, i32), Tables> = BTreeMap::new();
    let mut rows_of = |years: RangeInclusive<i32>| -> PolarsResult<Tables> {
        if let Some(rows) = known_rows.get(&(*years.start(), *years.end())) {
            return Ok(rows.clone());
        }
        let rows = in_years(&everything, years.clone())?;
        known_rows.insert((*years.start(), *years.end()), rows.clone());
        Ok(rows)
    };
    // The rows shown, with the enterprises as all years together show them.
    let rows = rows_of(from..=year)?;

    let years_shown = if from == year {
        year.to_string()
    } else {
        format!("{from}-{year}")
    };
    let mut figures = BTreeMap::new();
    for indicator in &programme.indicators {
        figures.insert(
            indicator.name.clone(),
            compute(indicator, &rows, &years_shown)?,
        );
    }
    let answers = Answers::of(ledger.answers(Some(as_of))?).of_enterprises();
    let supposed = suppositions(programme, &everything, &known.who, &answers)?;
    let mut targets = Vec::new();
    for target in &programme.targets {
        let Some(indicator) = programme.indicator(&target.indicator) else {
            continue;
        };
        let to = target.to.min(year);
        let counted = rows_of(target.from..=to)?;
        let in_year = match (target.from..=target.to).contains(&year) {
            true if from == year => figures[&indicator.name].total(),
            true => total(indicator, &rows_of(year..=year)?)?,
            false => 0,
        };
        let figures = compute(indicator, &counted, &format!("{}-{to}", target.from))?;
        let mut by_year = BTreeMap::new();
        for until in target.from..=to {
            let alone = total(indicator, &rows_of(until..=until)?)?;
            by_year.insert(
                until,
                (alone, total(indicator, &rows_of(target.from..=until)?)?),
            );
        }
        let mut range = (figures.total(), figures.total());
        for standing in &supposed {
            let supposed = total(indicator, &in_years(standing, target.from..=to)?)?;
            range = (range.0.min(supposed), range.1.max(supposed));
        }
        targets.push(TargetProgress {
            target,
            figures,
            in_year,
            range,
            by_year,
        });
    }
    let mut years = BTreeMap::new();
    for each in first..=year {
        let rows = rows_of(each..=each)?;
        years.insert(each, beside_each_other(programme, &rows)?);
    }
    let all_years = beside_each_other(programme, &rows_of(first..=year)?)?;
    let mut listings = BTreeMap::new();
    for sheet in &programme.report.sheets {
        if let SheetKind::Listing { sql, .. } = &sheet.kind {
            listings.insert(
                sheet.name.clone(),
                Listing {
                    frame: tables::execute(&rows, sql)?,
                },
            );
        }
    }
    let mut findings: Vec<(String, Finding)> = Vec::new();
    let department_of: BTreeMap<String, String> = shown
        .submissions
        .iter()
        .filter_map(|s| Some((s.file.to_string(), s.department.clone()?)))
        .collect();
    let short = |code: &str| {
        programme
            .department(code)
            .map_or(code.to_owned(), |d| d.short.clone())
    };
    for submission in &shown.submissions {
        let name = short(submission.department.as_deref().unwrap_or_default());
        findings.extend(
            ledger
                .findings(submission.id)?
                .into_iter()
                .map(|finding| (name.clone(), finding)),
        );
    }
    for finding in shown.across(programme)? {
        let code = department_of
            .get(&finding.file.0)
            .cloned()
            .unwrap_or_default();
        findings.push((short(&code), finding));
    }
    findings.sort_by(|(a, x), (b, y)| {
        (x.severity, a, &x.file_name, &x.sheet, &x.code, &x.records).cmp(&(
            y.severity,
            b,
            &y.file_name,
            &y.sheet,
            &y.code,
            &y.records,
        ))
    });

    Ok(AnnualReport {
        programme,
        from,
        year,
        is_final: which.variant.is_final,
        under_today: which.variant.under_today,
        as_of: at,
        figures,
        targets,
        years,
        all_years,
        questions: known.who.asked().len(),
        listings,
        departments: department_lines(ledger, which, offset, from)?,
        held: held_rows(programme, &shown, &findings)?,
        findings,
        overlaps: overlap_rows(programme, from..=year, &compared),
        registers: compared.registers.iter().map(register_row).collect(),
        restatement: None,
        origins,
        inputs_hash: inputs_hash(which, &everything, &compared, &ledger.answers(Some(as_of))?),
    })
}

/// The totals that are shown year beside year.
fn beside_each_other(
    programme: &Programme,
    rows: &Tables,
) -> Result<BTreeMap<String, i64>, PipelineError> {
    let mut totals = BTreeMap::new();
    for sheet in &programme.report.sheets {
        let SheetKind::Years { done, totals: own } = &sheet.kind else {
            continue;
        };
        for name in done
            .iter()
            .flat_map(|pair| [&pair.planned, &pair.done])
            .chain(own)
        {
            if let Some(indicator) = programme.indicator(name) {
                totals.insert(name.clone(), total(indicator, rows)?);
            }
        }
    }
    Ok(totals)
}

/// What may stand instead once held rows are mended and questions answered.
fn suppositions(
    programme: &Programme,
    standing: &Standing,
    who: &Who,
    answers: &[link::Constraint],
) -> Result<Vec<Standing>, PipelineError> {
    let (held, asked) = (
        standing.held.values().any(|frame| frame.height() > 0),
        !who.asked().is_empty(),
    );
    let all_are_one = [answers.to_vec(), who.all_are_one()].concat();
    let cases = [(true, false), (false, true), (true, true)];
    let may_be = cases
        .into_iter()
        .filter(|&(of_held, of_asked)| (held || !of_held) && (asked || !of_asked));
    may_be
        .map(|(of_held, of_asked)| {
            standing.supposing(
                programme,
                who.matcher(),
                if of_asked { &all_are_one } else { answers },
                of_held,
            )
        })
        .collect()
}

pub(crate) fn local(at: &str, offset: FixedOffset) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(at).map_or_else(
        |_| DateTime::UNIX_EPOCH.with_timezone(&offset),
        |m| m.with_timezone(&offset),
    )
}

/// What a report was made from, in one hash: programme, year, moment, the files and registers that stand, and what
/// persons answered.
fn inputs_hash(
    which: &Which,
    standing: &Standing,
    compared: &Compared,
    answers: &[Answer],
) -> String {
    let mut text = format!(
        "{}\n{}\n{}\n",
        which.programme.programme.hash, which.year, which.as_of
    );
    if which.variant != Variant::default() {
        text.push_str(&format!("{}\n", which.variant.name()));
    }
    for earlier in &which.earlier {
        text.push_str(&format!("{}\n", earlier.programme.hash));
    }
    for submission in standing
        .submissions
        .iter()
        .chain(&standing.elsewhere.submissions)
    {
        text.push_str(&format!("{} {}\n", submission.id, submission.file));
    }
    for register in &compared.registers {
        text.push_str(&format!("{} {}\n", register.file, register.sha256));
    }
    for answer in answers {
        let until = answer.until.map_or_else(String::new, |day| day.to_string());
        text.push_str(&format!(
            "{} {} {until}\n",
            answer.prints.join(" "),
            answer.verdict.name()
        ));
    }
    file_id(text.as_bytes()).0
}

fn register_row(register: &RegisterLine) -> RegisterRow {
    RegisterRow {
        file_name: register.file.clone(),
        file: register.sha256.short().to_owned(),
        entries: register.entries.values().sum(),
    }
}

/// The overlaps that a grant of some years has a part in, what needs a decision first.
fn overlap_rows(
    programme: &Programme,
    years: RangeInclusive<i32>,
    compared: &Compared,
) -> Vec<OverlapRow> {
    let of_year = |line: &GrantLine| {
        line.department.is_some() && line.year.is_some_and(|year| years.contains(&year))
    };
    let side = |line: &GrantLine| GrantSide {
        source: line.source(programme),
        what: line.what(),
        span: line.days(),
        state_budget: line.state_budget,
        place: line.place(),
    };
    let mut overlaps: Vec<&OverlapLine> = compared
        .overlaps
        .iter()
        .filter(|overlap| of_year(&overlap.left) || of_year(&overlap.right))
        .collect();
    overlaps.sort_by_key(|overlap| (overlap.class, &overlap.enterprise));
    let row = |overlap: &OverlapLine| OverlapRow {
        class: overlap.class.name(),
        enterprise: overlap.enterprise.clone(),
        waits: overlap.waits,
        decision: overlap.decision.map_or_else(String::new, |_| {
            review::previous_line(programme, &overlap.previous)
        }),
        sides: [side(&overlap.left), side(&overlap.right)],
        clause: overlap.clause.clone(),
    };
    overlaps.into_iter().map(row).collect()
}

/// The departments that had to report in the years shown, and others that did, with what they sent.
fn department_lines(
    ledger: &Ledger,
    which: &Which,
    offset: FixedOffset,
    from: i32,
) -> Result<Vec<DepartmentLine>, PipelineError> {
    let (programme, as_of) = (&which.programme.programme, which.as_of.as_str());
    let all = ledger.submissions(Some(as_of))?;
    let years = from..=which.year;
    let standing: Vec<i64> = years
        .clone()
        .flat_map(|year| stand(programme, &all, year))
        .map(|s| s.id)
        .collect();
    let today = local(as_of, offset).date_naive();
    let shown_as = |code: &str| match which.variant.under_today {
        true => programme.code_on("department", code, today).to_owned(),
        false => code.to_owned(),
    };
    let mut lines = Vec::new();
    for department in &programme.departments {
        let mut line = DepartmentLine {
            code: department.code.clone(),
            name: department.name.clone(),
            submissions: Vec::new(),
            had_to_report: false,
            missing: Vec::new(),
        };
        for submission in &all {
            let Some(period) = submission
                .period
                .filter(|p| years.contains(&p.calendar_year()))
            else {
                continue;
            };
            if submission.department.as_deref().map(shown_as).as_ref() != Some(&department.code) {
                continue;
            }
            let findings = ledger.findings(submission.id)?;
            let to_mend = findings
                .iter()
                .filter(|f| f.severity <= Severity::Correct)
                .count();
            let rows = ledger.form_rows(submission.id)?;
            let refused = submission.outcome == ledger::Outcome::Refused;
            let at = local(&submission.at, offset);
            line.submissions.push(SubmissionLine {
                period,
                unit: submission.unit.clone(),
                file_name: submission.file_name.clone(),
                file: submission.file.short().to_owned(),
                in_time: at.date_naive() < programme.deadline.in_year(period.calendar_year()),
                at,
                standing: match () {
                    () if refused => report::SubmissionState::Refused,
                    () if submission.set_aside.is_some() => report::SubmissionState::SetAside,
                    () if standing.contains(&submission.id) => report::SubmissionState::Stands,
                    () => report::SubmissionState::Superseded,
                },
                set_aside: submission.set_aside.clone(),
                nil_return: submission.nil_return,
                accepted: if refused {
                    0
                } else {
                    rows.iter()
                        .filter(|(f, _)| counts(programme, f))
                        .map(|(_, r)| r.accepted)
                        .sum()
                },
                held: rows.values().map(|r| r.held).sum(),
                to_mend,
                noticed: findings.len() - to_mend,
            });
        }
        let sent_in = |year: &i32| {
            line.submissions
                .iter()
                .any(|sent| sent.period.calendar_year() == *year)
        };
        let had_to = |year: &i32| {
            let day = if which.variant.under_today {
                today
            } else {
                programme.deadline.in_year(*year)
            };
            department.must_report(day)
        };
        line.had_to_report = years.clone().any(|year| had_to(&year));
        line.missing = years
            .clone()
            .filter(|year| had_to(year) && !sent_in(year))
            .collect();
        if !line.submissions.is_empty() || line.had_to_report {
            lines.push(line);
        }
    }
    Ok(lines)
}

/// Whether a form's rows are rows of a table, not the sender's own lines.
fn counts(programme: &Programme, form: &str) -> bool {
    programme
        .form(form)
        .is_some_and(|form| form.layout == programme::Layout::Table)
}
