//! What stands of a reporter's period when a file of it comes in, read from the ledger.

use crate::error::PipelineError;
use crate::intake::inbox::DroppedFile;
use crate::intake::known_amounts::has_lines;
use crate::intake::other_reports::OtherReports;
use crate::intake::replacement::{Earlier, OwnForm, StandingForm};
use crate::intake::replacement_questions::{answered_as, last_answer};
use crate::jobs::read_anew::counted_rows;
use crate::money::add;
use crate::snapshot::effective::{
    EffectiveSubmissions, Reporter, own_standing, standing_before, succeeding,
};
use ingest::Reading;
use ledger::{Ledger, RecordedReport, ReplacementAnswer, ReplacementVerdict, Standing, Submission};
use model::{FileId, Period};
use programme::tables::{self, Tables};
use programme::{Form, Programme};
use std::collections::{BTreeMap, BTreeSet};

/// What a report takes the place of, and what is known of it.
#[derive(Clone, Copy)]
pub(crate) struct KnownBefore<'a> {
    pub submissions: &'a [Submission],
    pub answers: &'a [ReplacementAnswer],
    pub issued: &'a [RecordedReport],
    /// The files that a newer program reads anew.
    pub read_anew: &'a BTreeSet<FileId>,
}

/// What a file's forms would take the place of, and what a person said of them.
///
/// # Errors
/// When records are missing or damaged.
pub(crate) fn earlier(
    ledger: &Ledger,
    programme: &Programme,
    known: KnownBefore<'_>,
    batch: &[(&DroppedFile, &Reading)],
    (file, reading): (&FileId, &Reading),
) -> Result<Earlier, PipelineError> {
    let KnownBefore {
        submissions,
        answers,
        issued,
        read_anew,
    } = known;
    let mut earlier = Earlier::default();
    let of_file = answers.iter().filter(|answer| answer.file == *file);
    let said = of_file.map(|answer| (answer.form.clone(), answer.verdict));
    earlier.answers.extend(said);
    let (Some(department), Some(period)) = (reading.department.as_deref(), reading.period) else {
        return Ok(earlier);
    };
    let codes = reading.tables.iter().map(|it| it.form.as_str());
    let compared = Compared {
        file,
        sender: succeeding(
            programme,
            (department, reading.unit.as_deref()),
            period.calendar_year(),
        ),
        period,
        forms: compared_forms(programme, codes),
    };
    earlier.others = other_reports(ledger, programme, submissions, batch, &compared)?;
    let before = submissions.iter().find(|known| known.file == *file);
    if let Some(last) = submissions.iter().rev().find(|known| known.file == *file) {
        let sent = (department, reading.unit.as_deref(), period);
        let own = own_standing(programme, submissions, sent, file);
        let is_anew = read_anew.contains(file);
        earlier.own = own_forms(ledger, programme, (last, own), answers, reading, is_anew)?;
    }
    let reporter = (department, reading.unit.as_deref(), period);
    for (code, parts) in standing_before(programme, submissions, reporter, file) {
        let Some(form) = programme.form(code) else {
            continue;
        };
        let is_read = reading.tables.iter().any(|table| table.form == code);
        let mut standing = StandingForm {
            is_later: before.is_some_and(|before| parts.iter().any(|part| part.id > before.id)),
            issued: issued_with(issued, period, &parts),
            ..StandingForm::default()
        };
        let mut rows = Tables::new();
        for part in parts {
            standing.files.push(part.file_name.clone());
            let own = ledger.form_rows(part.id)?.remove(code).unwrap_or_default();
            standing.rows.accepted += own.accepted;
            for (column, amount) in own.sums {
                let sum = standing.rows.sums.entry(column).or_insert(0);
                *sum = add(*sum, amount, &form.sheet)?;
            }
            if is_read {
                let facts = ledger.facts(part.id, code)?;
                tables::append(&mut rows, code, &tables::conform(form, &facts)?)?;
            }
        }
        standing.frame = rows.remove(code).unwrap_or_default();
        earlier.standing.insert(code.to_owned(), standing);
    }
    Ok(earlier)
}

/// What stands of a file that is read once more. If a newer program reads it anew, with the rows that it is held against: those
/// that stand, or those that a person let count when an earlier program had read them anew.
fn own_forms(
    ledger: &Ledger,
    programme: &Programme,
    (last, own): (&Submission, BTreeMap<&str, &Submission>),
    answers: &[ReplacementAnswer],
    reading: &Reading,
    is_anew: bool,
) -> Result<BTreeMap<String, OwnForm>, PipelineError> {
    let mut forms = BTreeMap::new();
    for (code, part) in &own {
        let standing = part.forms.get(*code).copied().unwrap_or_default();
        let said = last_answer(answers, &last.file, &answered_as(last, code));
        let is_let = last.forms.get(*code) == Some(&Standing::ReadAnew)
            && said.is_some_and(|it| it.verdict == ReplacementVerdict::Replace);
        let against = if is_let { last } else { part };
        let read_before = match programme.form(code).filter(|_| is_anew) {
            Some(form) => Some(counted(ledger, form, against)?),
            None => None,
        };
        let own = OwnForm {
            standing,
            read_before,
        };
        forms.insert((*code).to_owned(), own);
    }
    // A form that nothing was read of before.
    for table in reading.tables.iter().filter(|_| is_anew) {
        let is_known = last.forms.contains_key(&table.form) && !own.contains_key(&*table.form);
        if !is_known && !forms.contains_key(&table.form) {
            let read_before = Some(StandingForm::default());
            let own = OwnForm {
                read_before,
                ..OwnForm::default()
            };
            forms.insert(table.form.clone(), own);
        }
    }
    Ok(forms)
}

/// The rows of a form of a submission that count.
fn counted(
    ledger: &Ledger,
    form: &Form,
    submission: &Submission,
) -> Result<StandingForm, PipelineError> {
    let mut rows = ledger.form_rows(submission.id)?;
    Ok(StandingForm {
        files: vec![submission.file_name.clone()],
        rows: rows.remove(&form.code).unwrap_or_default(),
        frame: counted_rows(ledger, form, submission)?,
        ..StandingForm::default()
    })
}

/// The number of the report on the year of a period that counted one of some submissions and was issued; none if it was taken
/// back.
fn issued_with(issued: &[RecordedReport], period: Period, parts: &[&Submission]) -> Option<String> {
    let counted = issued.iter().rev().find(|known| {
        let report = &known.report;
        known.withdrawal.is_none()
            && report.year == period.calendar_year()
            && parts.iter().any(|part| part.at <= report.as_of)
    })?;
    Some(counted.report.status.stamp()?.number.to_string())
}

/// A report that is compared with the same sender's others.
pub(crate) struct Compared<'a> {
    pub file: &'a FileId,
    /// Who sends it, as the departments are called at the end of its year.
    pub sender: Reporter<'a>,
    pub period: Period,
    /// Those of its forms whose money is compared.
    pub forms: Vec<&'a Form>,
}

/// What the forms of a file are compared with: what stands of them in the same sender's reports on other periods, and what
/// reports on earlier years hold that come in with it.
///
/// Of each other year, and of this one before the file's period, it is the latest report that has the form: quarters are
/// counted from the start of the year.
pub(crate) fn other_reports(
    ledger: &Ledger,
    programme: &Programme,
    submissions: &[Submission],
    batch: &[(&DroppedFile, &Reading)],
    compared: &Compared<'_>,
) -> Result<OtherReports, PipelineError> {
    let mut others = OtherReports::default();
    let Compared {
        file,
        sender,
        period,
        forms,
    } = compared;
    let period = *period;
    if forms.is_empty() {
        return Ok(others);
    }
    let year = period.calendar_year();
    let is_other = |known: &&Submission| {
        let by = |department| succeeding(programme, (department, known.unit.as_deref()), year);
        let is_own = known.file == **file || known.period == Some(period);
        !is_own && known.department.as_deref().map(by).as_ref() == Some(sender)
    };
    let of_sender: Vec<Submission> = submissions.iter().filter(is_other).cloned().collect();
    let known = EffectiveSubmissions::among(programme, &of_sender, programme.years());
    for form in forms {
        for submission in latest_with(form, &known.effective, period) {
            let facts = ledger.facts(submission.id, &form.code)?;
            let counts = !facts.column("held")?.bool()?;
            let rows = tables::conform(form, &facts.filter(&counts)?)?;
            tables::append(&mut others.rows, &form.code, &rows)?;
            let (id, name) = (submission.file.clone(), submission.file_name.clone());
            others.names.insert(id, name);
        }
        for (other, earlier) in batch {
            let is_earlier = earlier
                .period
                .is_some_and(|of| of.calendar_year() < period.calendar_year());
            let by = earlier.department.as_deref();
            let by = by.map(|it| succeeding(programme, (it, earlier.unit.as_deref()), year));
            if !is_earlier || by.as_ref() != Some(sender) {
                continue;
            }
            for table in earlier.tables.iter().filter(|it| it.form == form.code) {
                tables::append(&mut others.rows, &form.code, &table.frame)?;
                others.names.insert(other.id.clone(), other.name.clone());
            }
        }
    }
    Ok(others)
}

/// Those of some forms whose money is compared with other periods'.
pub(crate) fn compared_forms<'p, 'c>(
    programme: &'p Programme,
    codes: impl Iterator<Item = &'c str>,
) -> Vec<&'p Form> {
    let codes: BTreeSet<&str> = codes.collect();
    let forms = codes.into_iter().filter_map(|code| programme.form(code));
    forms
        .filter(|form| {
            let mut columns = form.columns.iter();
            let has_funds = columns.any(|column| programme.is_funds(column));
            let is_compared = form.grant.is_some() || has_lines(form);
            has_funds && !form.own_workbook && is_compared
        })
        .collect()
}

/// Of each other year the parts of the latest report that has a form, and of the year of a period those of the latest before.
fn latest_with<'s>(
    form: &Form,
    submissions: &'s [Submission],
    period: Period,
) -> Vec<&'s Submission> {
    let mut latest: BTreeMap<i32, (Period, Vec<&Submission>)> = BTreeMap::new();
    for submission in submissions {
        let Some(of) = submission.period else {
            continue;
        };
        let is_after = of.calendar_year() == period.calendar_year() && of > period;
        if is_after || submission.counting_forms().all(|code| code != form.code) {
            continue;
        }
        let known = latest.entry(of.calendar_year());
        let known = known.or_insert((of, Vec::new()));
        if of > known.0 {
            *known = (of, Vec::new());
        }
        if of == known.0 {
            known.1.push(submission);
        }
    }
    latest.into_values().flat_map(|(_, parts)| parts).collect()
}
