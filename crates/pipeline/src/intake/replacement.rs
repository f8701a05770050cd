//! Whether the forms of a file take the place of what its reporter sent before for the same period.
//!
//! They do, form by form, unless they would take much away: then what stands goes on counting, the form waits, and a person
//! is asked. A single row that goes or a cell that is emptied is an ordinary correction.

use crate::error::PipelineError;
use crate::intake::amounts::amounts_shown;
use crate::intake::other_reports::OtherReports;
use crate::text_column::texts;
use ingest::FormChange;
use ledger::{FormRows, ReplacementVerdict, Standing};
use model::{Check, Finding, Observation, UnsureAmount};
use polars::prelude::*;
use programme::{ColumnType, Form, Layout, Programme};
use std::collections::{BTreeMap, HashSet};
use vietext::fold;

/// What is known of a reporter's period when a file comes in.
#[derive(Debug, Default)]
pub(crate) struct Earlier {
    /// What stands of each form.
    pub standing: BTreeMap<String, StandingForm>,
    /// What a person said of forms of the file.
    pub answers: BTreeMap<String, ReplacementVerdict>,
    /// What the sender's reports on other periods hold.
    pub others: OtherReports,
    /// What stands of the file itself, which is read once more; by form.
    pub own: BTreeMap<String, OwnForm>,
    /// How the forms stood when the file was taken in, if it was: nothing is decided again.
    recorded: Option<BTreeMap<String, Standing>>,
    /// The amounts that were out of their kind then.
    recorded_amounts: Option<Vec<UnsureAmount>>,
    /// What held rows of it then for what other files say.
    recorded_beside_others: Vec<Finding>,
}

impl Earlier {
    /// Whether nothing stands that a file could take the place of, its own earlier reading among it.
    pub(crate) fn is_empty(&self) -> bool {
        self.standing.is_empty() && self.recorded.is_none() && self.own.is_empty()
    }

    /// For a file that is read again as it was taken in.
    pub(crate) fn recorded(
        standings: &BTreeMap<String, Standing>,
        amounts: Vec<UnsureAmount>,
        beside_others: Vec<Finding>,
    ) -> Self {
        Self {
            recorded: Some(standings.clone()),
            recorded_amounts: Some(amounts),
            recorded_beside_others: beside_others,
            ..Self::default()
        }
    }

    /// What held rows of a file that is only read again for what other files said then.
    pub(crate) fn recorded_beside_others(&self) -> &[Finding] {
        &self.recorded_beside_others
    }

    /// The amounts that were out of their kind when the file was taken in, if it is only read again.
    pub(crate) fn recorded_amounts(&self) -> Option<&[UnsureAmount]> {
        self.recorded_amounts.as_deref()
    }
}

/// What stands of a form of a file that is read once more.
#[derive(Debug, Default)]
pub(crate) struct OwnForm {
    /// How it stands to what others sent.
    pub standing: Standing,
    /// If a newer program reads it anew, what stands of it until a person says otherwise.
    pub read_before: Option<StandingForm>,
}

/// What stands of a form.
#[derive(Debug, Default)]
pub(crate) struct StandingForm {
    /// The names of the files.
    pub files: Vec<String>,
    /// What they come to.
    pub rows: FormRows,
    /// All rows, those that wait too: a mended file is known again by them.
    pub frame: DataFrame,
    /// Whether it came after the file, which is read once more: then it stays.
    pub is_later: bool,
    /// The number of the report that counted it and was issued, if one was.
    pub issued: Option<String>,
}

/// A form of a file as it was read.
#[derive(Debug)]
pub(crate) struct ReadForm<'a> {
    /// The sheets it stands on.
    pub sheets: Vec<&'a str>,
    /// What it comes to.
    pub rows: &'a FormRows,
    /// The rows that would count.
    pub frame: DataFrame,
}

/// How the forms of a file stand to what stood, and what has to be said of it. `forms` are all that the file has,
/// `is_nil` and `changes` what its cover says: that there is nothing to report, and of forms that were sent before.
///
/// # Errors
/// When a frame lacks a column of its form.
pub(crate) fn replacements(
    programme: &Programme,
    earlier: &Earlier,
    forms: &BTreeMap<String, ReadForm<'_>>,
    (is_nil, changes): (bool, &BTreeMap<String, FormChange>),
) -> Result<(BTreeMap<String, Standing>, Vec<Observation>), PipelineError> {
    let mut standings: BTreeMap<String, Standing> = forms
        .keys()
        .map(|form| (form.clone(), Standing::Replaces))
        .collect();
    let mut observations = Vec::new();
    if let Some(recorded) = &earlier.recorded {
        let waiting = recorded.iter().filter(|(_, it)| **it == Standing::Waits);
        for form in waiting.filter_map(|(code, _)| programme.form(code)) {
            let loss = Loss {
                check: Check::FormHalved,
                column: None,
            };
            let nothing = StandingForm::default();
            observations.extend(observed(form, &nothing, forms.get(&form.code), &loss));
        }
        return Ok((recorded.clone(), observations));
    }
    for (code, own) in &earlier.own {
        let Some(form) = programme.form(code).filter(|form| is_table(form)) else {
            continue;
        };
        let read = forms.get(code);
        if let Some(before) = &own.read_before
            && says_otherwise(form, before, read)?
        {
            standings.insert(code.clone(), Standing::ReadAnew);
        } else if read.is_some() {
            standings.insert(code.clone(), own.standing);
        }
    }
    for (code, standing) in &earlier.standing {
        if earlier.own.contains_key(code) {
            continue;
        }
        let Some(form) = programme.form(code).filter(|form| is_table(form)) else {
            continue;
        };
        let read = forms.get(code);
        if standing.is_later {
            if read.is_some() {
                standings.insert(code.clone(), Standing::Superseded);
            }
            continue;
        }
        // What was issued is not changed by what a sender writes on a cover.
        let said = changes.get(code).filter(|_| standing.issued.is_none());
        match (earlier.answers.get(code), said) {
            (Some(ReplacementVerdict::Replace), _) | (None, Some(FormChange::Whole)) => {
                standings.insert(code.clone(), Standing::Replaces);
                continue;
            }
            (Some(ReplacementVerdict::Add), _) if read.is_some() => {
                standings.insert(code.clone(), Standing::Adds);
                continue;
            }
            (None, Some(FormChange::Unchanged)) if read.is_none() => continue,
            _ => {}
        }
        let Some(loss) = loss(form, standing, read, is_nil)? else {
            continue;
        };
        if loss.check != Check::FormKept {
            standings.insert(code.clone(), Standing::Waits);
        }
        observations.extend(observed(form, standing, read, &loss));
    }
    Ok((standings, observations))
}

/// The cover is filled in anew each time, and a workbook of its own counts in no report.
fn is_table(form: &Form) -> bool {
    form.layout == Layout::Table && !form.own_workbook
}

/// What a file would take away of a form.
struct Loss {
    check: Check,
    /// The column that it would empty.
    column: Option<String>,
}

impl Loss {
    fn of(check: Check) -> Option<Self> {
        Some(Self {
            check,
            column: None,
        })
    }
}

fn loss(
    form: &Form,
    standing: &StandingForm,
    read: Option<&ReadForm<'_>>,
    is_nil: bool,
) -> PolarsResult<Option<Loss>> {
    let before = &standing.rows;
    if before.accepted == 0 {
        return Ok(None);
    }
    let Some(read) = read else {
        let check = if is_nil {
            Check::FormEmptied
        } else {
            Check::FormKept
        };
        return Ok(Loss::of(check));
    };
    if standing.issued.is_some() && differs(form, &standing.frame, &read.frame)? {
        return Ok(Loss::of(Check::FormIssued));
    }
    let now = read.rows;
    if now.accepted == 0 {
        return Ok(Loss::of(Check::FormEmptied));
    }
    let is_counted = |kind: &ColumnType| matches!(kind, ColumnType::Money | ColumnType::Integer);
    let mut kinds = form.columns.iter().map(|column| &column.kind);
    if form.party.is_none() && !kinds.any(is_counted) {
        return Ok(None);
    }
    for column in &form.columns {
        let had = before.sums.get(&column.name).is_some_and(|sum| *sum != 0);
        if had && read.frame.column(&column.name)?.null_count() == read.frame.height() {
            return Ok(Some(Loss {
                check: Check::FormColumnLost,
                column: Some(column.name.clone()),
            }));
        }
    }
    let money = |rows: &FormRows| rows.sums.values().map(|sum| i128::from(*sum)).sum::<i128>();
    if now.accepted < before.accepted.div_ceil(2) || money(now) * 2 < money(before) {
        return Ok(Loss::of(Check::FormHalved));
    }
    let [before, now] = [&standing.frame, &read.frame].map(|frame| identities(form, frame));
    let (before, now) = (before?, now?);
    let known: HashSet<&String> = before.iter().flatten().collect();
    let common = now
        .iter()
        .filter(|row| row.iter().any(|it| known.contains(it)));
    // Of a row or two, a corrected name says nothing.
    let least = before.len().min(now.len());
    let few = least > 1 && common.count() * 2 < least;
    Ok(Loss::of(Check::FormOtherCases).filter(|_| few && !known.is_empty()))
}

/// Whether a newer program reads something else in a form than what was read before.
fn says_otherwise(
    form: &Form,
    before: &StandingForm,
    read: Option<&ReadForm<'_>>,
) -> PolarsResult<bool> {
    let now = read.map_or(0, |read| read.rows.accepted);
    match read {
        Some(read) if now > 0 && before.rows.accepted > 0 => {
            differs(form, &before.frame, &read.frame)
        }
        _ => Ok(now != before.rows.accepted),
    }
}

/// Whether what the rows of a form say is not the same in two files, in whatever order.
fn differs(form: &Form, before: &DataFrame, now: &DataFrame) -> PolarsResult<bool> {
    let said = |frame: &DataFrame| -> PolarsResult<Vec<Vec<Option<String>>>> {
        let columns = form.columns.iter().map(|column| texts(frame, &column.name));
        let columns: Vec<StringChunked> = columns.collect::<PolarsResult<_>>()?;
        let row = |row: usize| {
            columns
                .iter()
                .map(|column| column.get(row).map(str::to_owned))
                .collect()
        };
        let mut rows: Vec<Vec<Option<String>>> = (0..frame.height()).map(row).collect();
        rows.sort();
        Ok(rows)
    };
    Ok(before.width() == 0 || said(before)? != said(now)?)
}

/// What each row of a form may be known again by: its enterprise's code and name, else the texts of its key, else its whole
/// key.
fn identities(form: &Form, frame: &DataFrame) -> PolarsResult<Vec<Vec<String>>> {
    let mut columns: Vec<&str> = Vec::new();
    if let Some(party) = &form.party {
        columns.push(&party.name);
        columns.extend(party.tax_code.as_deref());
    } else {
        let parts = form.key.iter().flat_map(|part| part.split('|'));
        let is_text = |name: &&str| {
            let column = form.column(name);
            column.is_some_and(|column| column.kind == ColumnType::Text)
        };
        columns.extend(parts.filter(is_text));
    }
    let mut identities = vec![Vec::new(); frame.height()];
    for name in &columns {
        let values = texts(frame, name)?;
        for (of_row, value) in identities.iter_mut().zip(values.iter()) {
            of_row.extend(value.map(|text| format!("{name} {}", fold(text))));
        }
    }
    if columns.is_empty() {
        for part in &form.key {
            let values = texts(frame, part.split('|').next().unwrap_or_default())?;
            for (of_row, value) in identities.iter_mut().zip(values.iter()) {
                of_row.resize(1, String::new());
                of_row[0] += "|";
                of_row[0] += value.unwrap_or_default();
            }
        }
    }
    Ok(identities)
}

/// What is told of a form that would take something away, on each sheet that has it.
fn observed(
    form: &Form,
    standing: &StandingForm,
    read: Option<&ReadForm<'_>>,
    loss: &Loss,
) -> Vec<Observation> {
    let nothing = FormRows::default();
    let now = read.map_or(&nothing, |read| read.rows);
    let mut before = format!(
        "{} – {}",
        amounts_shown(form, &standing.rows),
        standing.files.join(", ")
    );
    if let Some(number) = &standing.issued {
        before = format!("{before} – {number}");
    }
    let on_sheet = |sheet: Option<&str>| Observation {
        check: loss.check,
        sheet: sheet.map(str::to_owned),
        form: Some(form.code.clone()),
        column: loss.column.clone(),
        record: None,
        cells: Vec::new(),
        found: amounts_shown(form, now),
        expected: before.clone(),
    };
    match read {
        Some(read) => read
            .sheets
            .iter()
            .map(|sheet| on_sheet(Some(sheet)))
            .collect(),
        None => vec![on_sheet(None)],
    }
}

#[cfg(test)]
mod tests {
    use super::{Earlier, ReadForm, StandingForm, replacements};
    use crate::testing::{form, programme, rows};
    use ingest::FormChange;
    use ledger::{FormRows, ReplacementVerdict, Standing};
    use model::Check;
    use polars::prelude::DataFrame;
    use std::collections::BTreeMap;

    fn counted(code: &str, frame: &DataFrame) -> FormRows {
        let mut counted = FormRows {
            accepted: u32::try_from(frame.height()).unwrap(),
            ..FormRows::default()
        };
        for column in &form(code).columns {
            if column.kind == programme::ColumnType::Money {
                let amounts = frame.column(&column.name).unwrap().i64().unwrap();
                let sum = amounts.iter().flatten().sum();
                if amounts.null_count() < amounts.len() {
                    counted.sums.insert(column.name.clone(), sum);
                }
            }
        }
        counted
    }

    /// How a form stands and what is told, if it had some rows before and has others now.
    fn judged(
        code: &str,
        [before, now]: [&str; 2],
        verdict: Option<ReplacementVerdict>,
        change: Option<FormChange>,
    ) -> (Option<Standing>, Vec<Check>) {
        let frame = rows(form(code), before);
        let standing = StandingForm {
            files: vec!["a.xlsx".to_owned()],
            rows: counted(code, &frame),
            frame,
            is_later: false,
            issued: None,
        };
        let mut earlier = Earlier::default();
        earlier.standing.insert(code.to_owned(), standing);
        earlier
            .answers
            .extend(verdict.map(|it| (code.to_owned(), it)));
        let frame = rows(form(code), now);
        let now = counted(code, &frame);
        let read = ReadForm {
            sheets: vec!["B"],
            rows: &now,
            frame,
        };
        let forms = BTreeMap::from([(code.to_owned(), read)]);
        let changes = change.map(|it| (code.to_owned(), it)).into_iter().collect();
        let (standings, told) =
            replacements(programme(), &earlier, &forms, (false, &changes)).unwrap();
        let checks = told.iter().map(|it| it.check).collect();
        (standings.get(code).copied(), checks)
    }

    fn budget(now: &str) -> (Option<Standing>, Vec<Check>) {
        let head = "task|source|planned|spent\n";
        let before = format!("{head}IV.1.a|DN|9|8\nIV.2.a|DN|5|4\nIV.3.a|DN|1|1\n");
        judged("budget", [&before, &format!("{head}{now}")], None, None)
    }

    #[test]
    fn an_ordinary_correction_replaces() {
        let replaces = (Some(Standing::Replaces), vec![]);
        // A row gone, a cell emptied, amounts corrected, rows added.
        assert_eq!(budget("IV.1.a|DN|9|8\nIV.2.a|DN|5|4\n"), replaces);
        assert_eq!(
            budget("IV.1.a|DN||8\nIV.2.a|DN|5|4\nIV.3.a|DN|1|1\n"),
            replaces
        );
        assert_eq!(
            budget("IV.1.a|DN|7|7\nIV.2.a|DN|5|3\nIV.3.a|DN|90|1\n"),
            replaces
        );
        let more = "IV.1.a|DN|9|8\nIV.2.a|DN|5|4\nIV.3.a|DN|1|1\nIV.4.a|DN|1|1\nIV.4.b|DN|1|1\nIV.5.a|DN|1|1\n";
        assert_eq!(budget(more), replaces);
    }

    #[test]
    fn what_would_take_much_away_waits() {
        let waits = |check| (Some(Standing::Waits), vec![check]);
        assert_eq!(budget(""), waits(Check::FormEmptied));
        let column = "IV.1.a|DN|9|\nIV.2.a|DN|5|\nIV.3.a|DN|1|\n";
        assert_eq!(budget(column), waits(Check::FormColumnLost));
        assert_eq!(budget("IV.1.a|DN|9|8\n"), waits(Check::FormHalved));
        let less = "IV.1.a|DN|4|3\nIV.2.a|DN|3|2\nIV.3.a|DN|1|0\n";
        assert_eq!(budget(less), waits(Check::FormHalved));
        let others = "IV.1.b|DN|9|8\nIV.2.b|DN|5|4\nIV.3.b|DN|1|1\n";
        assert_eq!(budget(others), waits(Check::FormOtherCases));
    }

    #[test]
    fn an_enterprise_is_known_again_by_its_code_or_its_name() {
        let head = "enterprise|tax_code|content|state_budget\n";
        let support = |now: &str| {
            let before = format!("{head}Công ty A|3600265395|3a1|9\nCông ty B||3a1|5\n");
            judged("support", [&before, &format!("{head}{now}")], None, None).0
        };
        let known = "Công ty TNHH A|3600265395|3a2|9\nCÔNG TY  B|3603295006|3a2|5\n";
        assert_eq!(support(known), Some(Standing::Replaces));
        let others = "Công ty C|3603295006|3a1|9\nCông ty D||3a1|5\n";
        assert_eq!(support(others), Some(Standing::Waits));
    }

    #[test]
    fn what_an_issued_report_counted_waits_for_a_person_whatever_the_cover_says() {
        let budget = |now: &str, verdict| {
            let frame = |rows: &str| rows_of_budget(&format!("task|source|planned|spent\n{rows}"));
            let before = frame("IV.1.a|DN|9|8\nIV.2.a|DN|5|4\n");
            let standing = StandingForm {
                rows: counted("budget", &before),
                frame: before,
                issued: Some("45/BC-SKHCN".to_owned()),
                ..StandingForm::default()
            };
            let mut earlier = Earlier::default();
            earlier.standing.insert("budget".to_owned(), standing);
            let verdict: Option<ReplacementVerdict> = verdict;
            let said = verdict.map(|it| ("budget".to_owned(), it));
            earlier.answers.extend(said);
            let frame = frame(now);
            let now = counted("budget", &frame);
            let read = ReadForm {
                sheets: vec!["B"],
                rows: &now,
                frame,
            };
            let forms = BTreeMap::from([("budget".to_owned(), read)]);
            let whole = BTreeMap::from([("budget".to_owned(), FormChange::Whole)]);
            let (standings, told) =
                replacements(programme(), &earlier, &forms, (false, &whole)).unwrap();
            let told: Vec<(Check, String)> =
                told.into_iter().map(|it| (it.check, it.expected)).collect();
            (standings["budget"], told)
        };
        let (standing, told) = budget("IV.1.a|DN|9|8\nIV.2.a|DN|5|5\n", None);
        assert_eq!(standing, Standing::Waits);
        assert_eq!(told[0].0, Check::FormIssued);
        assert!(told[0].1.ends_with("45/BC-SKHCN"), "{}", told[0].1);
        let same = budget("IV.2.a|DN|5|4\nIV.1.a|DN|9|8\n", None);
        assert_eq!(same, (Standing::Replaces, vec![]), "in another order");
        let answered = budget("IV.1.a|DN|9|9\n", Some(ReplacementVerdict::Replace));
        assert_eq!(answered, (Standing::Replaces, vec![]));
    }

    fn rows_of_budget(table: &str) -> DataFrame {
        rows(form("budget"), table)
    }

    #[test]
    fn what_a_person_or_the_cover_says_decides() {
        let head = "task|source|planned|spent\n";
        let before = format!("{head}IV.1.a|DN|9|8\n");
        let emptied = |verdict, change| judged("budget", [&before, head], verdict, change);
        use ReplacementVerdict::{Add, Keep, Replace, Verify};
        assert_eq!(
            emptied(Some(Replace), None),
            (Some(Standing::Replaces), vec![])
        );
        assert_eq!(emptied(Some(Add), None), (Some(Standing::Adds), vec![]));
        for verdict in [Keep, Verify] {
            assert_eq!(emptied(Some(verdict), None).0, Some(Standing::Waits));
        }
        assert_eq!(
            emptied(None, Some(FormChange::Whole)),
            (Some(Standing::Replaces), vec![])
        );
        // A person's answer comes before the cover.
        assert_eq!(
            emptied(Some(Keep), Some(FormChange::Whole)).0,
            Some(Standing::Waits)
        );
    }
}
