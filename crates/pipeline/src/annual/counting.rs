//! What the programme's choices of what counts change in the tables that indicators count.

use crate::annual::departments::short_name;
use crate::error::PipelineError;
use crate::identity::cases::RowDecisions;
use crate::money::add;
use crate::snapshot::row_question::{RowMatter, RowQuestion, RowTexts, row_line, subject};
use crate::text_column::{text_at, texts};
use ledger::Verdict;
use model::{FileId, Finding};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{CountingChoice, CountingEffect, Form, Programme};
use report::{CountingLine, CountingRow};
use std::collections::{BTreeMap, BTreeSet};
use validate::SourceFile;

/// How the records that choices are about are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stance {
    /// As the programme has chosen.
    AsChosen,
    /// None of them counts.
    AllLeftOut,
    /// All of them count but for those that a person left out.
    AllCounted,
    /// Those that are left out are there too.
    WithLeftOut,
}

impl Stance {
    fn leaves_out(self, effect: CountingEffect) -> bool {
        match self {
            Self::AsChosen => effect == CountingEffect::LeftOut,
            Self::AllLeftOut => true,
            Self::AllCounted | Self::WithLeftOut => false,
        }
    }
}

/// The records that each choice of a programme is about.
pub(crate) struct ChosenRecords<'p> {
    by_choice: Vec<(&'p CountingChoice, BTreeSet<String>)>,
    /// Of choices that are asked about, by their ids, what persons said of records: whether they count.
    answered: BTreeMap<&'p str, BTreeMap<String, bool>>,
}

/// A row that a person is asked about.
struct AskedRow<'p> {
    choice: &'p CountingChoice,
    form: &'p Form,
    /// Its place among the form's rows.
    row: usize,
    /// What decides on it.
    print: String,
}

impl<'p> ChosenRecords<'p> {
    /// Among the rows of all years, with what persons decided on them.
    ///
    /// # Errors
    /// When a choice's SQL fails.
    pub(crate) fn among(
        programme: &'p Programme,
        forms: &Tables,
        decisions: &RowDecisions,
    ) -> PolarsResult<Self> {
        Self::of_choices(programme, &programme.choices, forms, decisions)
    }

    /// The same of those choices only that persons are asked about.
    ///
    /// # Errors
    /// When a choice's SQL fails.
    pub(crate) fn asked_about(
        programme: &'p Programme,
        forms: &Tables,
        decisions: &RowDecisions,
    ) -> PolarsResult<Self> {
        let choices = programme.choices.iter();
        let asked = choices.filter(|choice| choice.effect == CountingEffect::Asked);
        Self::of_choices(programme, asked, forms, decisions)
    }

    fn of_choices(
        programme: &'p Programme,
        choices: impl IntoIterator<Item = &'p CountingChoice> + Clone,
        forms: &Tables,
        decisions: &RowDecisions,
    ) -> PolarsResult<Self> {
        let mut queries: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for choice in choices.clone() {
            let with_rows = choice
                .forms
                .iter()
                .filter(|form| forms.get(*form).is_some_and(|frame| frame.height() > 0));
            let mut of_choice: Vec<String> = with_rows
                .filter_map(|form| tables::rule_query(&choice.kind, form))
                .collect();
            // A query that is written out answers for all forms at once.
            of_choice.dedup();
            queries.insert(&choice.id, of_choice);
        }
        let all = queries.values().flatten().map(String::as_str);
        let complete = tables::complete_for(programme, forms, all)?;
        let mut by_choice = Vec::new();
        for choice in choices {
            let mut records = BTreeSet::new();
            for query in queries.get(choice.id.as_str()).into_iter().flatten() {
                let found = tables::execute(&complete, query)?;
                let found = texts(&found, "record")?;
                records.extend(found.iter().flatten().map(str::to_owned));
            }
            by_choice.push((choice, records));
        }
        let mut chosen = Self {
            by_choice,
            answered: BTreeMap::new(),
        };
        if !decisions.is_empty() {
            let answered = chosen.asked_rows(programme, forms)?.into_iter();
            for AskedRow {
                choice,
                form,
                row,
                print,
            } in answered
            {
                let matter = RowMatter::Choice {
                    choice: choice.id.clone(),
                };
                let record = forms
                    .get(&form.code)
                    .and_then(|it| text_at(it, "record", row));
                let verdict = matter.decided(decisions, &print);
                if let Some((record, verdict)) = record.zip(verdict) {
                    let of_choice = chosen.answered.entry(&choice.id).or_default();
                    of_choice.insert(record.to_owned(), verdict == Verdict::Counts);
                }
            }
        }
        Ok(chosen)
    }

    /// The rows that persons are asked about.
    fn asked_rows(
        &self,
        programme: &'p Programme,
        forms: &Tables,
    ) -> PolarsResult<Vec<AskedRow<'p>>> {
        let mut asked = Vec::new();
        let choices = self.by_choice.iter();
        for (choice, records) in choices.filter(|it| it.0.effect == CountingEffect::Asked) {
            for form in choice.forms.iter().filter_map(|form| programme.form(form)) {
                let Some(frame) = forms.get(&form.code) else {
                    continue;
                };
                let rows = rows_of(frame, records)?;
                if rows.is_empty() {
                    continue;
                }
                let texts = RowTexts::read(form, frame, false)?;
                asked.extend(rows.into_iter().map(|row| {
                    let print = texts.print(&[row], "");
                    AskedRow {
                        choice,
                        form,
                        row,
                        print,
                    }
                }));
            }
        }
        Ok(asked)
    }

    /// What persons are asked about choices and have not said: each record once, in however many periods it is reported alike.
    ///
    /// # Errors
    /// When a frame lacks a column of its form.
    pub(crate) fn questions(
        &self,
        programme: &'p Programme,
        forms: &Tables,
        files: &BTreeMap<FileId, SourceFile>,
    ) -> PolarsResult<Vec<RowQuestion>> {
        let mut questions = BTreeMap::new();
        for asked in self.asked_rows(programme, forms)? {
            let AskedRow {
                choice,
                form,
                row,
                print,
            } = asked;
            let Some(frame) = forms.get(&form.code) else {
                continue;
            };
            let record = text_at(frame, "record", row).unwrap_or_default();
            if self.answer(choice, record).is_some() {
                continue;
            }
            let question = RowQuestion {
                form: form.code.clone(),
                matter: RowMatter::Choice {
                    choice: choice.id.clone(),
                },
                cases: 1,
                row: row_line(form, frame, row, files, print)?,
            };
            questions.entry(question.key()).or_insert(question);
        }
        Ok(questions.into_values().collect())
    }

    /// Whether a finding may be told: one of a rule that has its condition from a choice is told of records that the choice is
    /// about, which depends on all years.
    pub(crate) fn is_told(&self, programme: &Programme, finding: &Finding) -> bool {
        let Some(rule) = programme.rules.get(&finding.code) else {
            return true;
        };
        let choice = self
            .by_choice
            .iter()
            .find(|(choice, _)| choice.kind == rule.kind);
        choice.is_none_or(|(_, records)| {
            let mut of_finding = finding.records.iter();
            of_finding.any(|record| records.contains(record))
        })
    }

    /// What a person said of a record that a choice is about: whether it counts.
    fn answer(&self, choice: &CountingChoice, record: &str) -> Option<bool> {
        let of_choice = self.answered.get(choice.id.as_str())?;
        of_choice.get(record).copied()
    }

    /// The stances under which other records count than under another, as the programme has chosen first.
    pub(crate) fn stances(&self) -> Vec<Stance> {
        let is_open = |(choice, records): &&(&CountingChoice, BTreeSet<String>)| {
            let mut records = records.iter();
            records.any(|record| self.answer(choice, record).is_none())
        };
        let concerned = self.by_choice.iter().filter(is_open);
        let effects: BTreeSet<bool> = concerned
            .map(|(choice, _)| choice.effect == CountingEffect::LeftOut)
            .collect();
        let mut stances = vec![Stance::AsChosen];
        if effects.contains(&false) {
            stances.push(Stance::AllLeftOut);
        }
        if effects.contains(&true) {
            stances.push(Stance::AllCounted);
        }
        stances
    }

    /// The choices that are about a record, in the programme's order, with what becomes of it by each.
    pub(crate) fn of_record<'s>(
        &'s self,
        record: &'s str,
    ) -> impl Iterator<Item = (&'p CountingChoice, CountingEffect)> + 's {
        let about = |(_, records): &&(&CountingChoice, BTreeSet<String>)| records.contains(record);
        self.by_choice.iter().filter(about).map(|(choice, _)| {
            let effect = match self.answer(choice, record) {
                Some(true) => CountingEffect::Counts,
                Some(false) => CountingEffect::LeftOut,
                None => choice.effect,
            };
            (*choice, effect)
        })
    }

    /// Leaves in the forms' tables what counts under a stance.
    pub(crate) fn apply(
        &self,
        programme: &Programme,
        forms: &mut Tables,
        stance: Stance,
    ) -> PolarsResult<()> {
        if stance == Stance::WithLeftOut {
            return Ok(());
        }
        for (choice, records) in &self.by_choice {
            let is_left_out = |record: &&String| match self.answer(choice, record) {
                Some(counts) => !counts,
                None => stance.leaves_out(choice.effect),
            };
            let records: BTreeSet<&str> = records
                .iter()
                .filter(is_left_out)
                .map(String::as_str)
                .collect();
            if records.is_empty() {
                continue;
            }
            for form in choice.forms.iter().filter_map(|form| programme.form(form)) {
                let Some(frame) = forms.get(&form.code) else {
                    continue;
                };
                let is_other =
                    |record: Option<&str>| record.is_none_or(|record| !records.contains(record));
                let mask: BooleanChunked = texts(frame, "record")?.iter().map(is_other).collect();
                if mask.all() {
                    continue;
                }
                let counted = match &choice.column {
                    None => frame.filter(&mask)?,
                    Some(column) => without_flag(frame, column, &mask)?,
                };
                forms.insert(form.code.clone(), counted);
            }
        }
        Ok(())
    }

    /// What each choice is about in the rows of the years shown: how many records and how much money.
    ///
    /// # Errors
    /// When a sum does not fit.
    pub(crate) fn lines(
        &self,
        programme: &'p Programme,
        forms: &Tables,
    ) -> Result<Vec<CountingLine<'p>>, PipelineError> {
        let mut lines = Vec::new();
        for (choice, records) in &self.by_choice {
            let (mut count, mut money) = (0, None);
            for frame in choice.forms.iter().filter_map(|form| forms.get(form)) {
                for row in rows_of(frame, records)? {
                    count += 1;
                    money = sum_of(frame, row, &choice.money, money, &choice.title.vi)?;
                }
            }
            let sheets = choice
                .forms
                .iter()
                .filter_map(|form| programme.form(form))
                .map(|form| form.sheet.as_str());
            lines.push(CountingLine {
                choice,
                forms: sheets.collect::<Vec<_>>().join(", "),
                records: count,
                money,
            });
        }
        Ok(lines)
    }

    /// The records of the years shown that choices are about, in the order of the choices, then by department and place.
    ///
    /// # Errors
    /// When a sum does not fit.
    pub(crate) fn rows(
        &self,
        programme: &'p Programme,
        forms: &Tables,
        files: &BTreeMap<FileId, SourceFile>,
    ) -> Result<Vec<CountingRow<'p>>, PipelineError> {
        let mut all = Vec::new();
        for (choice, records) in &self.by_choice {
            let mut rows = Vec::new();
            for form in choice.forms.iter().filter_map(|form| programme.form(form)) {
                let Some(frame) = forms.get(&form.code) else {
                    continue;
                };
                for row in rows_of(frame, records)? {
                    let text = |column: &str| text_at(frame, column, row).unwrap_or_default();
                    let file = files.get(&FileId(text("file").to_owned()));
                    rows.push(CountingRow {
                        choice,
                        department: short_name(programme, text("department")),
                        file_name: file.map(|file| file.name.clone()).unwrap_or_default(),
                        sheet: text("sheet").to_owned(),
                        row: frame.column("row")?.i64()?.get(row).unwrap_or_default(),
                        subject: subject(form, frame, row),
                        amount: sum_of(frame, row, &choice.money, None, &choice.title.vi)?,
                    });
                }
            }
            rows.sort_by(|a, b| a.place().cmp(&b.place()));
            all.extend(rows);
        }
        Ok(all)
    }
}

/// The places of the rows of some records.
fn rows_of(frame: &DataFrame, records: &BTreeSet<String>) -> PolarsResult<Vec<usize>> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let ids = texts(frame, "record")?;
    let is_one = |record: Option<&str>| record.is_some_and(|record| records.contains(record));
    let places = ids.iter().enumerate();
    Ok(places
        .filter(|(_, record)| is_one(*record))
        .map(|(row, _)| row)
        .collect())
}

/// A sum with the amounts of a row's columns of money added; nothing if there are none.
fn sum_of(
    frame: &DataFrame,
    row: usize,
    columns: &[String],
    before: Option<i64>,
    what: &str,
) -> Result<Option<i64>, PipelineError> {
    let mut sum = before;
    for column in columns {
        let amounts = frame.column(column).ok().and_then(|it| it.i64().ok());
        if let Some(amount) = amounts.and_then(|amounts| amounts.get(row)) {
            sum = Some(add(sum.unwrap_or_default(), amount, what)?);
        }
    }
    Ok(sum)
}

/// A frame whose flag is kept in the rows of a mask only.
fn without_flag(frame: &DataFrame, column: &str, kept: &BooleanChunked) -> PolarsResult<DataFrame> {
    let flags = frame.column(column)?.bool()?.iter().zip(kept.iter());
    let flags: Vec<Option<bool>> = flags
        .map(|(flag, is_kept)| flag.filter(|_| is_kept == Some(true)))
        .collect();
    let mut frame = frame.clone();
    frame.with_column(Column::new(column.into(), flags))?;
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use super::{ChosenRecords, Stance};
    use crate::identity::cases::RowDecisions;
    use crate::testing::{column, programme, resolved, submission};
    use programme::tables::{DUPLICATE, DuplicateRow, Tables, duplicates};

    /// The support that a department reports for 2023: each row's record says what it is.
    fn forms(rows: &str) -> Tables {
        let sent = [submission(1, "SCT", "2023"), submission(2, "SCT", "2022")];
        let mut forms = resolved(&sent, &[("support", rows)]).snapshot.accepted;
        let end = "2023-12-31".parse::<chrono::NaiveDate>().unwrap();
        for frame in forms.values_mut() {
            let ends = vec![end; frame.height()];
            let column = polars::prelude::Column::new("period_end".into(), ends);
            frame.with_column(column).unwrap();
        }
        forms
    }

    /// The records that count under a stance.
    fn counted(forms: &Tables, stance: Stance) -> String {
        let chosen = ChosenRecords::among(programme(), forms, &RowDecisions::new()).unwrap();
        let mut forms = forms.clone();
        chosen.apply(programme(), &mut forms, stance).unwrap();
        column(&forms["support"], "record").join(" ")
    }

    /// The choices that are about a record.
    fn choices(forms: &Tables, record: &str) -> Vec<String> {
        let chosen = ChosenRecords::among(programme(), forms, &RowDecisions::new()).unwrap();
        chosen
            .of_record(record)
            .map(|(it, _)| it.id.clone())
            .collect()
    }

    const ROWS: &str = "file | record  | enterprise       | tax_code   | content | start      | status      | state_budget | address
                        f1   | plain   | Công ty Mẫu Một  | 3600265395 | 3a1     | 2023-03-01 | ongoing     | 30           | P. An Bình, Biên Hòa
                        f1   | undated | Công ty Mẫu Một  | 3600265395 | 3b1     |            | ongoing     |              |
                        f1   | next    | Công ty Mẫu Hai  | 3600265395 | 3a1     | 2024-02-01 | not_started | 50           |
                        f1   | waits   | Công ty Mẫu Hai  | 3600265395 | 3b2     | 2023-05-01 | not_started |              |
                        f1   | unpaid  | Công ty Mẫu Ba   | 3600265395 | 3b3     | 2023-05-01 | stopped     | 0            |
                        f1   | paid    | Công ty Mẫu Ba   | 3600265395 | 3b3     | 2023-05-01 | stopped     | 7            |
                        f1   | old     | Công ty Mẫu Bốn  | 3600265395 | 3b4     | 2019-05-01 | ongoing     | 7            |
                        f1   | abroad  | Công ty Mẫu Năm  | 3600265395 | 3b5     | 2023-05-01 | ongoing     | 7            | KCN Sóng Thần, TP. Dĩ An, tỉnh Bình Dương";

    #[test]
    fn what_has_begun_and_was_not_stopped_without_payment_counts() {
        let forms = forms(ROWS);
        assert_eq!(
            counted(&forms, Stance::AsChosen),
            "plain undated paid old abroad"
        );
        assert_eq!(counted(&forms, Stance::AllLeftOut), "plain undated");
        assert_eq!(
            counted(&forms, Stance::AllCounted),
            "plain undated next waits unpaid paid old abroad"
        );
        let said = ["plain", "next", "waits", "unpaid", "paid", "old", "abroad"]
            .map(|record| format!("{record}: {}", choices(&forms, record).join(" ")));
        insta::assert_snapshot!(said.join("\n"), @r"
        plain: 
        next: begins_after_period
        waits: not_started
        unpaid: stopped_unpaid
        paid: stopped_paid
        old: begun_before_programme
        abroad: outside_province
        ");
    }

    #[test]
    fn a_place_of_another_province_is_asked_about_and_a_small_place_of_ours_is_not() {
        let rows = "file | record  | enterprise | district
                    f1   | ours    | Mẫu        | bien-hoa
                    f1   | small   | Mẫu        | Xã Phước Thái
                    f1   | zone    | Mẫu        | KCN Amata
                    f1   | none    | Mẫu        |
                    f1   | another | Mẫu        | TP. Thủ Dầu Một
                    f1   | city    | Mẫu        | Quận 9, TP.HCM";
        let forms = forms(rows);
        for record in ["ours", "small", "zone", "none"] {
            assert_eq!(choices(&forms, record), [""; 0], "{record}");
        }
        for record in ["another", "city"] {
            assert_eq!(choices(&forms, record), ["outside_province"], "{record}");
        }
    }

    #[test]
    fn a_model_of_one_content_counts_as_a_model_unless_it_is_left_out_and_is_supported_either_way()
    {
        let rows = "file | record | enterprise                  | tax_code   | content | model
                    f1   | one    | Công ty TNHH Gỗ Mẫu         | 3603295006 | 3a1     | true
                    f1   | first  | Công ty TNHH Cơ khí Mẫu Một | 3600265395 | 3a1     | true
                    f2   | second | Công ty TNHH Cơ khí Mẫu Một | 3600265395 | 3b1     |";
        let forms = forms(rows);
        assert_eq!(choices(&forms, "one"), ["model_with_one_content"]);
        // Its other content stands in another year.
        assert_eq!(choices(&forms, "first"), [""; 0]);
        let chosen = ChosenRecords::among(programme(), &forms, &RowDecisions::new()).unwrap();
        let models = |stance| {
            let mut forms = forms.clone();
            chosen.apply(programme(), &mut forms, stance).unwrap();
            let frame = &forms["support"];
            (frame.height(), column(frame, "model").join(","))
        };
        assert_eq!(models(Stance::AsChosen), (3, "true,true,".to_owned()));
        assert_eq!(models(Stance::AllLeftOut), (3, ",true,".to_owned()));
    }

    #[test]
    fn what_another_programme_gave_too_counts_and_may_be_left_out() {
        let mut forms = forms("file | record | enterprise\nf1 | a | Mẫu\nf1 | b | Mẫu");
        let row = |record: &str, is_second| DuplicateRow {
            record: record.to_owned(),
            is_decided: true,
            is_second,
            is_joint: false,
        };
        let table = duplicates(&[row("a", false), row("b", true)]).unwrap();
        forms.insert(DUPLICATE.to_owned(), table);
        assert_eq!(choices(&forms, "a"), ["given_by_other_programme"]);
        assert_eq!(counted(&forms, Stance::AsChosen), "a b");
        assert_eq!(counted(&forms, Stance::AllLeftOut), "b");
    }

    #[test]
    fn a_choice_is_told_with_its_records_and_their_money() {
        let forms = forms(ROWS);
        let chosen = ChosenRecords::among(programme(), &forms, &RowDecisions::new()).unwrap();
        let lines = chosen.lines(programme(), &forms).unwrap();
        let lines = lines.iter().filter(|line| line.records > 0);
        let said: Vec<String> = lines
            .map(|line| format!("{} {} {:?}", line.choice.id, line.records, line.money))
            .collect();
        insta::assert_snapshot!(said.join("\n"), @r"
        begins_after_period 1 Some(50)
        not_started 1 None
        stopped_unpaid 1 Some(0)
        stopped_paid 1 Some(7)
        begun_before_programme 1 Some(7)
        outside_province 1 Some(7)
        ");
        let files = Default::default();
        let rows = chosen.rows(programme(), &forms, &files).unwrap();
        assert_eq!(rows.len(), 6);
        assert_eq!(rows[0].subject, "Công ty Mẫu Hai");
        assert_eq!((rows[0].row, rows[0].amount), (3, Some(50)));
    }
}
