use crate::identity::cases::{CaseDecisions, Cases};
use crate::identity::compared_columns::ComparedColumns;
use crate::identity::latest::is_latest;
use crate::identity::reported::Reported;
use crate::snapshot::rows::year_of;
use crate::support::case_rows::{CaseRows, CaseSource, UNRESOLVED};
use crate::support::mentions::Mentions;
use crate::support::resolution::Resolution;
use crate::text_column::{PeriodColumn, day_texts, texts};
use chrono::NaiveDate;
use polars::prelude::*;
use programme::{Form, Programme};
use std::collections::BTreeMap;

/// Cases of support, with what is compared of them: a frame with a row a case.
///
/// `mention` is the place of the case's mention of its enterprise; `reporter`, who goes on with its cases (`heir`), the first
/// period that has it (`since`), `key` and the `number` of the contract identify the case over periods: the former are
/// null in lists, whose entries never supersede each other; `from` and `to` are days from the common era, null if they
/// are not known, `from_last` the last day that the first may be; `wording` what a list says of the support.
#[derive(Debug, Clone)]
pub(crate) struct SupportCases {
    frame: DataFrame,
}

impl SupportCases {
    /// The cases in a form's rows, each with its mention; none if the form's rows are no support.
    ///
    /// Of a case that its reporter repeats in several periods under one mention only the latest is kept here; under
    /// another mention it is found once the enterprises are resolved, by [`keep_latest`](Self::keep_latest).
    pub(crate) fn from_rows(
        programme: &Programme,
        form: &Form,
        frame: &DataFrame,
        (mentions, places): (&Mentions, &[usize]),
        sources: &BTreeMap<String, CaseSource>,
    ) -> PolarsResult<Option<Self>> {
        let rows = CaseRows::read(programme, form, frame, places, sources)?;
        let to_frame = |rows: CaseRows<'_>| rows.keep_latest(mentions)?.to_frame();
        let frame = rows.map(to_frame).transpose()?;
        Ok(frame.map(|frame| Self { frame }))
    }

    fn none() -> PolarsResult<Self> {
        let of = |dtype: &DataType, names: &[&str]| -> Vec<Column> {
            names
                .iter()
                .map(|name| Column::new_empty((*name).into(), dtype))
                .collect()
        };
        let columns = [
            of(&DataType::UInt64, &["mention"]),
            of(
                &DataType::String,
                &[
                    "reporter", "heir", "since", "key", "number", "register", "file", "contents",
                    "tools",
                ],
            ),
            of(&DataType::Int32, &["from"]),
            of(&DataType::String, &["from_last"]),
            of(&DataType::Int32, &["to"]),
            of(&DataType::Int64, &["state_budget"]),
            of(&DataType::String, &["department", "period", "sheet"]),
            of(&DataType::Int64, &["row"]),
            of(&DataType::String, &["record", "wording"]),
        ];
        Ok(Self {
            frame: DataFrame::new_infer_height(columns.concat())?,
        })
    }

    /// Several put one behind the other, in their order; each comes with the place its mentions begin at.
    pub(crate) fn concat<'c>(
        several: impl IntoIterator<Item = (&'c Self, usize)>,
    ) -> PolarsResult<Self> {
        let mut all = Self::none()?;
        for (cases, first) in several {
            let mut frame = cases.frame.clone();
            let mention = frame.column("mention")?.u64()?.clone() + first as u64;
            frame.with_column(mention.into_column())?;
            all.frame.vstack_mut(&frame)?;
        }
        all.frame.rechunk_mut();
        Ok(all)
    }

    /// The same by the year they were reported for, otherwise in the order they are in.
    pub(crate) fn by_year(self) -> PolarsResult<Self> {
        let periods = texts(&self.frame, "period")?;
        let mut order: Vec<usize> = (0..self.frame.height()).collect();
        order.sort_by_cached_key(|&at| periods.get(at).and_then(year_of));
        let order: IdxCa = order
            .into_iter()
            .map(|at| IdxSize::try_from(at).ok())
            .collect();
        Ok(Self {
            frame: self.frame.take(&order)?,
        })
    }

    /// Keeps of each case that a reporter repeats in several periods the latest, now that the enterprises are known; with the
    /// places of those that may be one case, the earlier first.
    pub(crate) fn keep_latest(
        self,
        resolution: &Resolution,
    ) -> PolarsResult<(Self, Vec<[usize; 2]>)> {
        let text = |name: &str| texts(&self.frame, name);
        let (reporters, heirs, keys) = (text("reporter")?, text("heir")?, text("key")?);
        let (periods, since) = (text("period")?, text("since")?);
        let mentions = self.mentions()?;
        let count = self.len();
        let mut periods = PeriodColumn::of(&periods);
        let mut since = PeriodColumn::of(&since);
        let mut reported = |at: usize| {
            let period = periods.get(at)?;
            Some(Reported {
                reporter: reporters.get(at)?,
                heir: heirs.get(at)?,
                period,
                since: since.get(at).unwrap_or(period),
            })
        };
        let rows: Vec<Option<Reported<'_>>> = (0..count).map(&mut reported).collect();
        let key = |at: usize| {
            let key = keys.get(at)?;
            Some(match key.contains(UNRESOLVED) {
                true => (key, resolution.cluster(mentions[at])),
                false => (key, usize::MAX),
            })
        };
        let keys: Vec<Option<(&str, usize)>> = (0..count).map(key).collect();
        let enterprise = |at: usize| rows[at].map(|_| resolution.enterprise(mentions[at]));
        let mut columns = ComparedColumns::of_support(
            (0..count).map(enterprise).collect(),
            text("number")?,
            text("contents")?,
            [self.first_days()?, text("from_last")?],
            text("state_budget")?,
        );
        let none = CaseDecisions::default();
        let cases = Cases::identify(&rows, &keys, Some(&mut columns), false, &none);
        let is_latest = is_latest(
            rows.iter()
                .zip(&cases.of_row)
                .map(|(reported, case)| Some((*case, (*reported)?.period))),
        );
        let mut places = Vec::with_capacity(count);
        let mut next = 0;
        for is_kept in &is_latest {
            places.push(next);
            next += usize::from(*is_kept);
        }
        let are_kept = |pair: &&[usize; 2]| pair.iter().all(|&at| is_latest[at]);
        let pairs = cases
            .questions
            .iter()
            .map(|(_, pair)| pair)
            .filter(are_kept);
        let pairs = pairs.map(|pair| pair.map(|at| places[at])).collect();
        let mask: BooleanChunked = is_latest.into_iter().collect();
        let frame = self.frame.filter(&mask)?;
        Ok((Self { frame }, pairs))
    }

    /// The first days, written as days are.
    fn first_days(&self) -> PolarsResult<StringChunked> {
        let days = self.frame.column("from")?.i32()?.iter();
        let days = days.map(|day| NaiveDate::from_num_days_from_ce_opt(day?));
        Ok(day_texts(days))
    }

    /// The places of their mentions.
    pub(crate) fn mentions(&self) -> PolarsResult<Vec<usize>> {
        let places = self.frame.column("mention")?.u64()?.iter().flatten();
        Ok(places
            .map(|place| usize::try_from(place).unwrap_or(usize::MAX))
            .collect())
    }

    pub(crate) fn len(&self) -> usize {
        self.frame.height()
    }

    /// As a frame, to be kept.
    pub(crate) fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// From a frame that was kept.
    pub(crate) fn from_frame(mut frame: DataFrame) -> PolarsResult<Self> {
        // Cases of departments were kept without it.
        if frame.column("wording").is_err() {
            let none = Column::full_null("wording".into(), frame.height(), &DataType::String);
            frame.with_column(none)?;
        }
        let mut cases = Self::none()?;
        cases.frame.vstack_mut(&frame)?;
        cases.frame.rechunk_mut();
        Ok(cases)
    }
}

#[cfg(test)]
mod tests {
    use super::SupportCases;
    use crate::support::case_rows::CaseSource;
    use crate::support::records::SupportRecords;
    use crate::support::support_index::SupportIndex;
    use crate::testing::{column, day, programme, rows, snapshot, submission};
    use chrono::NaiveDate;
    use ledger::Submission;
    use link::Matcher;
    use std::sync::Arc;

    /// The cases in the support that some submissions report.
    fn reported(submissions: &[Submission], support: &str) -> SupportRecords {
        let snapshot = snapshot(submissions, &[("support", support)]);
        SupportRecords::from_snapshot(programme(), &snapshot)
            .unwrap()
            .0
    }

    /// The cases in the entries of a register of another programme.
    fn listed(entries: &str, begins: Option<NaiveDate>) -> SupportCases {
        let source = CaseSource {
            file_name: "sme.xlsx".to_owned(),
            register: Some("sme".to_owned()),
            begins,
            ..CaseSource::default()
        };
        let programme = programme().of_registers();
        let form = &programme.forms["sme"];
        let frame = rows(form, entries);
        SupportRecords::from_list(&programme, form, &frame, source)
            .unwrap()
            .cases
    }

    fn days(cases: &SupportCases, name: &str) -> Vec<Option<NaiveDate>> {
        let days = cases.frame().column(name).unwrap().i32().unwrap().iter();
        days.map(|day| day.and_then(NaiveDate::from_num_days_from_ce_opt))
            .collect()
    }

    #[test]
    fn the_contents_of_a_free_text_are_the_codes_of_its_words() {
        let cases = listed(
            "file | enterprise | content                               | tool
             r    | Mẫu        | Chuyển đổi số; truy xuất nguồn gốc    |
             r    | Mẫu        | Chứng nhận ISO 9001 và ISO 14001      |
             r    | Mẫu        | Hỗ trợ khác                           | ISO 9001
             r    | Mẫu        | Hỗ trợ khác                           |
             r    | Mẫu        | Gian hàng hội chợ                     |
             r    | Mẫu        | Tem QR                                |",
            None,
        );
        let contents = column(cases.frame(), "contents");
        assert_eq!(contents, ["3b1;3b3", "3b2", "3a1", "", "-", "3b1"]);
        let tools = column(cases.frame(), "tools");
        assert_eq!(
            tools,
            [
                "",
                "iso-14001;iso-9001",
                "iso-9001",
                "",
                "",
                "qr;tcvn-12850"
            ]
        );
    }

    #[test]
    fn what_no_word_decides_is_support_of_unknown_content() {
        let support = "file | enterprise | content
                       f1   | Mẫu        | unclassified
                       f1   | Mẫu        | 3b2;3a1";
        let cases = reported(&[submission(1, "SCT", "2023")], support).cases;
        assert_eq!(column(cases.frame(), "contents"), ["", "3a1;3b2"]);
    }

    #[test]
    fn a_case_that_was_reported_as_over_ends_with_its_year_at_the_latest() {
        let support = "file | enterprise | content | start      | finish     | status
                       f1   | Mẫu        | 3a1     | 2021-03-01 |            | stopped
                       f1   | Hai        | 3a1     | 2023-03-01 |            | ongoing
                       f1   | Ba         | 3a1     | 2023-03-01 | 2023-04-01 | completed
                       f1   | Bốn        | 3a1     | 2023-03-01 |            |";
        let cases = reported(&[submission(1, "SCT", "2023")], support).cases;
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let expected = [day("2021-12-31"), None, day("2023-04-01"), None];
        assert_eq!(days(&cases, "to"), expected);
    }

    #[test]
    fn an_end_before_the_start_is_not_known() {
        let support = "file | enterprise | content | start      | finish
                       f1   | Mẫu        | 3a1     | 2023-05-01 | 2022-09-01
                       f1   | Mẫu        | 3a1     | 2023-05-01 | 2023-05-01
                       f1   | Mẫu        | 3a1     |            | 2022-09-01";
        let cases = reported(&[submission(1, "SCT", "2023")], support).cases;
        let ends = [None, Some(day("2023-05-01")), Some(day("2022-09-01"))];
        assert_eq!(days(&cases, "to"), ends);
    }

    #[test]
    fn an_end_known_to_the_month_is_its_last_day() {
        let support = "file | enterprise | content | start      | finish     | finish_last
                       f1   | Mẫu        | 3a1     | 2023-05-01 | 2023-09-01 | 2023-09-30";
        let cases = reported(&[submission(1, "SCT", "2023")], support).cases;
        assert_eq!(days(&cases, "to"), [Some(day("2023-09-30"))]);
    }

    #[test]
    fn entries_of_a_list_all_stay_and_begin_on_the_day_they_are_screened() {
        let entries = "file | enterprise | content       | start
                       r    | Mẫu        | Chuyển đổi số | 2023-01-01
                       r    | Mẫu        | Chuyển đổi số |
                       r    | Mẫu        | Chuyển đổi số |";
        let today = day("2024-02-03");
        let cases = listed(entries, Some(today));
        assert_eq!(
            days(&cases, "from"),
            [Some(day("2023-01-01")), Some(today), Some(today)]
        );
        assert_eq!(cases.frame().column("reporter").unwrap().null_count(), 3);
        assert_eq!(days(&listed(entries, None), "from")[1], None);
    }

    #[test]
    fn of_a_case_repeated_under_one_mention_the_latest_is_kept_at_once() {
        let sent = [
            submission(1, "SCT", "2023-Q1"),
            submission(2, "SCT", "2023-Q2"),
        ];
        let support = "file | enterprise | content | contract | state_budget
                       f1   | Mẫu        | 3a1     | 1/HĐ     | 10
                       f2   | Mẫu        | 3a1     | 1/HĐ     | 20
                       f2   | Mẫu Hai    | 3a1     | 1/HĐ     | 30";
        let cases = reported(&sent, support).cases;
        assert_eq!(column(cases.frame(), "record"), ["f2:2", "f2:3"]);
    }

    #[test]
    fn of_a_case_repeated_under_another_mention_the_latest_is_kept_once_it_is_resolved() {
        let sent = [
            submission(1, "SCT", "2023-Q1"),
            submission(2, "SCT", "2023-Q2"),
        ];
        let support = "file | enterprise      | tax_code   | content | contract
                       f1   | Công ty Mẫu Một | 3600265395 | 3a1     | 1/HĐ
                       f2   | CTY MẪU MỘT     | 3600265395 | 3a1     | 1/HĐ
                       f2   | Công ty Gỗ Mẫu  | 3603295006 | 3a1     | 1/HĐ";
        let records = reported(&sent, support);
        assert_eq!(records.cases.len(), 3);
        let matcher = Arc::new(Matcher::new(&programme().linkage));
        let index = SupportIndex::build(&matcher, &[&records], &[], &[]).unwrap();
        assert_eq!(column(index.cases.frame(), "record"), ["f2:2", "f2:3"]);
    }

    #[test]
    fn put_together_cases_name_their_mentions_among_all() {
        let cases = listed("file | enterprise | start\nr | Mẫu | 2023-01-02", None);
        let both = SupportCases::concat([(&cases, 0), (&cases, 7)]).unwrap();
        assert_eq!(both.mentions().unwrap(), [0, 7]);
        assert_eq!(SupportCases::concat([]).unwrap().len(), 0);
    }

    #[test]
    fn sorted_by_year_cases_of_one_year_keep_their_order() {
        let sent = [submission(1, "SCT", "2023"), submission(2, "SXD", "2022")];
        let support = "file | enterprise | content
                       f1   | Mẫu        | 3a1
                       f2   | Mẫu        | 3b1
                       f1   | Mẫu        | 3b2";
        let cases = reported(&sent, support).cases;
        assert_eq!(column(cases.frame(), "record"), ["f2:2", "f1:1", "f1:3"]);
    }
}
