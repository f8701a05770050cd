use crate::identity::case_key::case_keys;
use crate::identity::latest::CasePeriods;
use crate::identity::reported::CaseReporter;
use crate::support::content_codes::ContentCodes;
use crate::support::mentions::Mentions;
use crate::support::text_answers::{TextAnswers, wording};
use crate::text_column::{PeriodColumn, texts};
use chrono::{Datelike, NaiveDate};
use model::Period;
use polars::prelude::*;
use programme::{Form, GrantColumns, Programme};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Stands in a case's key for the enterprise, which is resolved later.
pub(crate) const UNRESOLVED: &str = "\u{1e}";

/// Where the rows of a file come from.
#[derive(Debug, Clone, Default)]
pub(crate) struct CaseSource {
    /// The file's name.
    pub file_name: String,
    /// Who reports, and who goes on with the cases; none for a list.
    pub reporter: Option<CaseReporter>,
    /// The register's code; none for a department's report.
    pub register: Option<String>,
    /// The first day of cases without one: nominees begin on the day they are screened.
    pub begins: Option<NaiveDate>,
    /// What persons said that the list's texts mean.
    pub texts: Arc<TextAnswers>,
}

/// A form's rows of support, from which cases are made.
pub(crate) struct CaseRows<'a> {
    programme: &'a Programme,
    form: &'a Form,
    grant: &'a GrantColumns,
    frame: DataFrame,
    /// The places of the rows' mentions of their enterprises.
    mentions: Vec<usize>,
    /// Where each row comes from, if that is known.
    sources: Vec<Option<&'a CaseSource>>,
    keys: Vec<Option<String>>,
    /// The first period that is known to have each row's case.
    since: Vec<Option<Period>>,
}

/// Days, row by row.
type Days = Vec<Option<NaiveDate>>;

impl<'a> CaseRows<'a> {
    /// All rows of a form; none if they are no support. `places` are those of the rows' mentions, `sources` are by file.
    pub(crate) fn read(
        programme: &'a Programme,
        form: &'a Form,
        frame: &DataFrame,
        places: &[usize],
        sources: &'a BTreeMap<String, CaseSource>,
    ) -> PolarsResult<Option<Self>> {
        let Some(grant) = &form.grant else {
            return Ok(None);
        };
        let source = |file: Option<&str>| sources.get(file?);
        let periods = texts(frame, "period")?;
        let mut periods = PeriodColumn::of(&periods);
        Ok(Some(Self {
            since: (0..frame.height()).map(|row| periods.get(row)).collect(),
            programme,
            form,
            grant,
            frame: frame.clone(),
            mentions: places.to_vec(),
            sources: texts(frame, "file")?.iter().map(source).collect(),
            keys: keys_before_resolution(form, frame)?,
        }))
    }

    /// Keeps of a case that its reporter repeats in several periods under one mention the latest row.
    pub(crate) fn keep_latest(mut self, mentions: &Mentions) -> PolarsResult<Self> {
        let periods = texts(&self.frame, "period")?;
        let mut periods = PeriodColumn::of(&periods);
        let case = |row: usize| {
            let reporter = self.sources[row]?.reporter.as_ref()?.reporter.as_str();
            let fingerprint = mentions.fingerprint(self.mentions[row]);
            let case = (reporter, self.keys[row].as_deref()?, fingerprint);
            Some((case, periods.get(row)?))
        };
        let cases = CasePeriods::of((0..self.frame.height()).map(case));
        let is_latest = cases.latest();
        if is_latest.iter().all(|is_latest| *is_latest) {
            return Ok(self);
        }
        for (since, first) in self.since.iter_mut().zip(cases.first()) {
            *since = first.or(*since);
        }
        let mask: BooleanChunked = is_latest.iter().copied().collect();
        let frame = self.frame.filter(&mask)?;
        Ok(Self {
            frame,
            mentions: kept(self.mentions, &is_latest),
            sources: kept(self.sources, &is_latest),
            keys: kept(self.keys, &is_latest),
            since: kept(self.since, &is_latest),
            ..self
        })
    }

    /// A row a case, with the columns of [`SupportCases`](crate::support::cases::SupportCases).
    pub(crate) fn to_frame(&self) -> PolarsResult<DataFrame> {
        let mention: Vec<u64> = self.mentions.iter().map(|&place| place as u64).collect();
        let (from, to) = self.days()?;
        let [contents, tools] = self.contents_and_tools()?;
        let key = |key: &Option<String>| Some(format!("{}\u{1f}{}", self.form.code, key.as_ref()?));
        let keys: Vec<Option<String>> = self.keys.iter().map(key).collect();
        let mut columns = vec![
            Column::new("mention".into(), mention),
            self.reporter_column("reporter", |it| &it.reporter),
            self.reporter_column("heir", |it| &it.heir),
            Column::new("since".into(), self.since()),
            Column::new("key".into(), keys),
            self.number()?,
            self.source_column("register", |source| source.register.as_deref()),
            self.source_column("file", |source| Some(source.file_name.as_str())),
            Column::new("contents".into(), contents),
            Column::new("tools".into(), tools),
            day_column("from", &from),
            self.frame
                .column(&format!("{}_last", self.grant.start))?
                .cast(&DataType::String)?
                .with_name("from_last".into()),
            day_column("to", &to),
            self.state_budget()?,
        ];
        for name in ["department", "period", "sheet", "row", "record"] {
            columns.push(self.frame.column(name)?.clone());
        }
        columns.push(Column::new("wording".into(), self.wording()?));
        DataFrame::new_infer_height(columns)
    }

    fn reporter_column(&self, name: &str, get: impl Fn(&'a CaseReporter) -> &'a str) -> Column {
        self.source_column(name, |source| source.reporter.as_ref().map(&get))
    }

    fn since(&self) -> Vec<Option<String>> {
        let since = self.since.iter();
        since
            .map(|period| period.map(|it| it.to_string()))
            .collect()
    }

    /// The numbers of the contracts.
    fn number(&self) -> PolarsResult<Column> {
        let name = PlSmallStr::from_static("number");
        let identity = self.form.identity.as_ref();
        match identity.and_then(|identity| identity.number.as_ref()) {
            Some(number) => Ok(self.frame.column(number)?.clone().with_name(name)),
            None => Ok(Column::full_null(
                name,
                self.frame.height(),
                &DataType::String,
            )),
        }
    }

    fn source_column(&self, name: &str, get: impl Fn(&'a CaseSource) -> Option<&'a str>) -> Column {
        let texts = self.sources.iter().map(|source| get((*source)?));
        Column::new(name.into(), texts.collect::<Vec<Option<&str>>>())
    }

    /// The first and the last days of support, as far as they are known.
    fn days(&self) -> PolarsResult<(Days, Days)> {
        let read = |name: &str| -> PolarsResult<Days> {
            let day = |text: Option<&str>| text?.get(..10)?.parse().ok();
            Ok(texts(&self.frame, name)?.iter().map(day).collect())
        };
        let from = read(&self.grant.start)?;
        let to = match &self.grant.end {
            Some(end) => read(&format!("{end}_last"))?,
            None => vec![None; self.frame.height()],
        };
        let to = self.with_ends_of_finished(&from, to)?;
        // An end before the start is a slip of the pen, which has a finding of its own: here the end is not known.
        let to = to
            .into_iter()
            .zip(&from)
            .map(|(to, from)| to.filter(|to| from.is_none_or(|from| from <= *to)))
            .collect();
        let begins = |source: &Option<&CaseSource>| source.and_then(|source| source.begins);
        let from = from.into_iter().zip(&self.sources);
        Ok((
            from.map(|(from, source)| from.or(begins(source))).collect(),
            to,
        ))
    }

    /// The last days, and for a case without one that was reported as finished or stopped the end of its year, in which it began
    /// or else was reported: nothing says that it went on longer.
    fn with_ends_of_finished(&self, from: &Days, to: Days) -> PolarsResult<Days> {
        let Some(running) = &self.form.running else {
            return Ok(to);
        };
        let (status, periods) = (
            texts(&self.frame, &running.column)?,
            texts(&self.frame, "period")?,
        );
        let mut periods = PeriodColumn::of(&periods);
        let mut end = |row: usize| {
            let status = status.get(row).filter(|status| !status.is_empty())?;
            let period = periods.get(row)?;
            let is_finished = !running.codes.iter().any(|code| code == status);
            let began = from[row].map(|day| day.year());
            let year = Period::year(began.unwrap_or(period.calendar_year()))?;
            is_finished.then(|| year.last_day())
        };
        let rows = to.into_iter().enumerate();
        Ok(rows.map(|(row, to)| to.or_else(|| end(row))).collect())
    }

    /// What the rows of a register word of their support; departments report codes.
    fn wording(&self) -> PolarsResult<Vec<Option<String>>> {
        let (contents, tools) = self.content_and_tool()?;
        let of_row = |(row, source): (usize, &Option<&CaseSource>)| {
            (*source)?.register.as_ref()?;
            let tool = tools.as_ref().and_then(|tools| tools.get(row));
            wording(
                contents.get(row).unwrap_or_default(),
                tool.unwrap_or_default(),
            )
        };
        Ok(self.sources.iter().enumerate().map(of_row).collect())
    }

    /// The cells of contents and of tools.
    fn content_and_tool(&self) -> PolarsResult<(StringChunked, Option<StringChunked>)> {
        let tools = self.grant.tool.as_ref();
        let tools = tools.map(|tool| texts(&self.frame, tool)).transpose()?;
        Ok((texts(&self.frame, &self.grant.content)?, tools))
    }

    /// The contents and the tools that the rows name, by code.
    fn contents_and_tools(&self) -> PolarsResult<[Vec<String>; 2]> {
        let (contents, tools) = self.content_and_tool()?;
        let mut codes = ContentCodes::new(self.programme, self.form, self.grant);
        let mut found = [Vec::new(), Vec::new()];
        for row in 0..self.frame.height() {
            let content = contents.get(row).unwrap_or_default();
            let tool = tools.as_ref().and_then(|tools| tools.get(row));
            let tool = tool.unwrap_or_default();
            let said = self.sources[row].and_then(|source| source.texts.contents(content, tool));
            found[0].push(match said {
                Some(said) => said.to_owned(),
                None => codes.contents(content, tool),
            });
            found[1].push(codes.tools(tool, content));
        }
        Ok(found)
    }

    fn state_budget(&self) -> PolarsResult<Column> {
        let (name, dtype) = (PlSmallStr::from_static("state_budget"), DataType::Int64);
        match &self.grant.money {
            Some(money) => Ok(self.frame.column(money)?.cast(&dtype)?.with_name(name)),
            None => Ok(Column::full_null(name, self.frame.height(), &dtype)),
        }
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

fn kept<T>(values: Vec<T>, is_kept: &[bool]) -> Vec<T> {
    let values = values.into_iter().zip(is_kept);
    values
        .filter(|(_, kept)| **kept)
        .map(|(value, _)| value)
        .collect()
}

/// Days as their numbers from the common era.
fn day_column(name: &str, days: &Days) -> Column {
    let number = |day: &Option<NaiveDate>| day.map(|day| day.num_days_from_ce());
    Column::new(name.into(), days.iter().map(number).collect::<Vec<_>>())
}
