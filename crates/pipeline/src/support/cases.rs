use crate::snapshot::case_key::case_keys;
use crate::snapshot::latest::is_latest;
use crate::snapshot::rows::year_of;
use crate::support::mentions::Mentions;
use crate::support::resolution::Resolution;
use crate::text_column::texts;
use chrono::{Datelike, NaiveDate};
use polars::prelude::*;
use programme::{ColumnType, Form, GrantColumns, Programme};
use std::collections::{BTreeMap, BTreeSet};

/// Stands in a case's key for the enterprise, which is resolved later.
const UNRESOLVED: &str = "\u{1e}";

/// Separates the codes of a set of contents or tools.
pub(crate) const SEPARATOR: &str = ";";

/// Cases of support, with what is compared of them: a frame with a row a case.
///
/// `mention` is the place of the case's mention of its enterprise; `reporter` and `key` identify the case over periods,
/// both null in lists, whose entries never supersede each other; `from` and `to` are days from the common era, null if
/// they are not known.
#[derive(Debug, Clone)]
pub(crate) struct SupportCases {
    frame: DataFrame,
}

/// Where the rows of a file come from.
#[derive(Debug, Clone, Default)]
pub(crate) struct CaseSource {
    /// The file's name.
    pub file_name: String,
    /// Who reports; none for a list.
    pub reporter: Option<String>,
    /// The register's code; none for a department's report.
    pub register: Option<String>,
    /// The first day of cases that say none: nominees begin on the day they are screened.
    pub begins: Option<NaiveDate>,
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
        let Some(grant) = &form.grant else {
            return Ok(None);
        };
        let files = texts(frame, "file")?;
        let source = |row: usize| files.get(row).and_then(|file| sources.get(file));
        let keys = keys_before_resolution(form, frame)?;
        let periods = texts(frame, "period")?;
        let is_latest_row = is_latest((0..frame.height()).map(|row| {
            let reporter = source(row)?.reporter.as_deref()?;
            Some((
                (
                    reporter,
                    keys[row].as_deref()?,
                    mentions.get(places[row]).fingerprint,
                ),
                periods.get(row)?.parse().ok()?,
            ))
        }));
        let kept: Vec<usize> = (0..frame.height())
            .filter(|&row| is_latest_row[row])
            .collect();
        let taken: IdxCa = kept
            .iter()
            .map(|&row| IdxSize::try_from(row).ok())
            .collect();
        let frame = frame.take(&taken)?;
        let sources_of_kept = || kept.iter().map(|&row| source(row));
        let (from, to) = days(grant, &frame)?;
        let begins = from
            .into_iter()
            .zip(sources_of_kept())
            .map(|(from, source)| from.or(source.and_then(|it| it.begins)));
        let (contents, tools) = contents_and_tools(programme, form, &frame)?;
        let money = match &grant.money {
            Some(money) => frame
                .column(money)?
                .cast(&DataType::Int64)?
                .with_name("state_budget".into()),
            None => Column::full_null("state_budget".into(), frame.height(), &DataType::Int64),
        };
        let number = |day: Option<NaiveDate>| day.map(|day| day.num_days_from_ce());
        let mention: Vec<u64> = kept.iter().map(|&row| places[row] as u64).collect();
        let texts_of = |name: &str, texts: Vec<Option<&str>>| Column::new(name.into(), texts);
        let key = |row: usize| {
            keys[row]
                .as_ref()
                .map(|key| format!("{}\u{1f}{key}", form.code))
        };
        let columns = vec![
            Column::new("mention".into(), mention),
            texts_of(
                "reporter",
                sources_of_kept()
                    .map(|source| source?.reporter.as_deref())
                    .collect(),
            ),
            Column::new(
                "key".into(),
                kept.iter().map(|&row| key(row)).collect::<Vec<_>>(),
            ),
            texts_of(
                "register",
                sources_of_kept()
                    .map(|source| source?.register.as_deref())
                    .collect(),
            ),
            texts_of(
                "file",
                sources_of_kept()
                    .map(|source| Some(source?.file_name.as_str()))
                    .collect(),
            ),
            Column::new("contents".into(), contents),
            Column::new("tools".into(), tools),
            Column::new("from".into(), begins.map(number).collect::<Vec<_>>()),
            Column::new("to".into(), to.into_iter().map(number).collect::<Vec<_>>()),
            money,
        ];
        let same = ["department", "period", "sheet", "row", "record"];
        let columns = columns
            .into_iter()
            .map(Ok)
            .chain(same.map(|name| frame.column(name).cloned()));
        Ok(Some(Self {
            frame: DataFrame::new_infer_height(columns.collect::<PolarsResult<_>>()?)?,
        }))
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
                &["reporter", "key", "register", "file", "contents", "tools"],
            ),
            of(&DataType::Int32, &["from", "to"]),
            of(&DataType::Int64, &["state_budget"]),
            of(&DataType::String, &["department", "period", "sheet"]),
            of(&DataType::Int64, &["row"]),
            of(&DataType::String, &["record"]),
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

    /// Keeps of each case that a reporter repeats in several periods the latest, now that the enterprises are known.
    pub(crate) fn keep_latest(self, resolution: &Resolution) -> PolarsResult<Self> {
        let [reporters, keys, periods] =
            ["reporter", "key", "period"].map(|name| texts(&self.frame, name));
        let (reporters, keys, periods) = (reporters?, keys?, periods?);
        let mentions = self.frame.column("mention")?.u64()?.iter().enumerate();
        let is_latest_row = is_latest(mentions.map(|(at, mention)| {
            let key = keys.get(at)?;
            let enterprise = if key.contains(UNRESOLVED) {
                resolution.cluster(usize::try_from(mention?).ok()?)
            } else {
                usize::MAX
            };
            Some((
                (reporters.get(at)?, key, enterprise),
                periods.get(at)?.parse().ok()?,
            ))
        }));
        let mask: BooleanChunked = is_latest_row.into_iter().collect();
        Ok(Self {
            frame: self.frame.filter(&mask)?,
        })
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
    pub(crate) fn from_frame(frame: DataFrame) -> PolarsResult<Self> {
        let mut cases = Self::none()?;
        cases.frame.vstack_mut(&frame)?;
        cases.frame.rechunk_mut();
        Ok(cases)
    }
}

/// The keys of cases whose enterprises are not resolved yet, with a mark in their place.
fn keys_before_resolution(form: &Form, frame: &DataFrame) -> PolarsResult<Vec<Option<String>>> {
    let party = Scalar::from(PlSmallStr::from_static(UNRESOLVED));
    let mut marked = frame.clone();
    marked.with_column(Column::new_scalar(
        "enterprise_id".into(),
        party,
        frame.height(),
    ))?;
    case_keys(form, &marked)
}

/// The first and the last days of support, as far as they are known.
fn days(grant: &GrantColumns, frame: &DataFrame) -> PolarsResult<(Days, Days)> {
    let read = |name: &str| -> PolarsResult<Days> {
        let days = texts(frame, name)?;
        Ok(days
            .iter()
            .map(|text| text.and_then(|text| text.get(..10)?.parse().ok()))
            .collect())
    };
    let from = read(&grant.start)?;
    let to = match &grant.end {
        Some(end) => read(&format!("{end}_last"))?,
        None => vec![None; frame.height()],
    };
    // An end before the start is a slip of the pen that a finding tells of: here it is not known.
    let to = to
        .into_iter()
        .zip(&from)
        .map(|(to, from)| to.filter(|to| from.is_none_or(|from| from <= *to)));
    Ok((from.clone(), to.collect()))
}

/// Days, row by row.
type Days = Vec<Option<NaiveDate>>;

/// The contents and the tools that rows name, by code.
fn contents_and_tools(
    programme: &Programme,
    form: &Form,
    frame: &DataFrame,
) -> PolarsResult<(Vec<String>, Vec<String>)> {
    let Some(grant) = &form.grant else {
        return Ok(Default::default());
    };
    let content_is_text = form
        .column(&grant.content)
        .is_some_and(|column| column.kind == ColumnType::Text);
    let (content_list, tool_list) = (programme.lists.get("content"), programme.lists.get("tool"));
    let unclassified = content_list.and_then(|list| list.unclassified.as_deref());
    let contents = texts(frame, &grant.content)?;
    let tools = grant
        .tool
        .as_ref()
        .map(|tool| texts(frame, tool))
        .transpose()?;
    // Few texts name what many cases were given.
    let mut known_contents: foldhash::HashMap<&str, String> = Default::default();
    let mut known_tools: foldhash::HashMap<(&str, &str), String> = Default::default();
    let mut found = (
        Vec::with_capacity(frame.height()),
        Vec::with_capacity(frame.height()),
    );
    for row in 0..frame.height() {
        let content = contents.get(row).unwrap_or_default();
        let codes = known_contents.entry(content).or_insert_with(|| {
            let codes: BTreeSet<&str> = match content_list {
                Some(list) if content_is_text => list
                    .find_all(content)
                    .iter()
                    .map(|found| found.code)
                    .collect(),
                _ => content.split(SEPARATOR).collect(),
            };
            let known = codes
                .into_iter()
                .filter(|code| !code.is_empty() && Some(*code) != unclassified);
            known.collect::<Vec<_>>().join(SEPARATOR)
        });
        found.0.push(codes.clone());
        let tool = tools
            .as_ref()
            .and_then(|tools| tools.get(row))
            .unwrap_or_default();
        let beside = if content_is_text { content } else { "" };
        let codes = known_tools.entry((tool, beside)).or_insert_with(|| {
            let held = tool_list
                .map(|list| list.held(&format!("{tool} · {beside}")))
                .unwrap_or_default();
            held.into_iter()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
                .join(SEPARATOR)
        });
        found.1.push(codes.clone());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{CaseSource, SupportCases};
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
             r    | Mẫu        | Hỗ trợ khác                           | ISO 9001",
            None,
        );
        let contents = column(cases.frame(), "contents");
        assert_eq!([&contents[0], &contents[2]], ["3b1;3b3", ""]);
        let tools = column(cases.frame(), "tools");
        assert_eq!(tools, ["", "iso-14001;iso-9001", "iso-9001"]);
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
    fn an_end_before_the_start_is_not_known() {
        let support = "file | enterprise | content | start      | end
                       f1   | Mẫu        | 3a1     | 2023-05-01 | 2022-09-01
                       f1   | Mẫu        | 3a1     | 2023-05-01 | 2023-05-01
                       f1   | Mẫu        | 3a1     |            | 2022-09-01";
        let cases = reported(&[submission(1, "SCT", "2023")], support).cases;
        let ends = [None, Some(day("2023-05-01")), Some(day("2022-09-01"))];
        assert_eq!(days(&cases, "to"), ends);
    }

    #[test]
    fn an_end_known_to_the_month_is_its_last_day() {
        let support = "file | enterprise | content | start      | end        | end_last
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
