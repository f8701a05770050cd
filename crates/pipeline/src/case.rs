use crate::enterprise::EnterpriseLine;
use crate::grant::GrantLine;
use crate::sayings::Sayings;
use crate::standing::case_keys;
use crate::texts::texts;
use crate::who::Who;
use chrono::{Datelike, NaiveDate};
use link::Grant;
use model::Period;
use polars::prelude::*;
use programme::{ColumnType, Form, Programme};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

/// What a key names in place of the enterprise while that is not known.
const PARTY: &str = "\u{1e}";

/// What separates codes.
const SEPARATOR: &str = ";";

/// Cases of support, as comparing needs them: a frame with a row a case.
///
/// `said` is the place of what the case says of its enterprise; `reporter` and `key` tell it from others, both null
/// where nothing follows it; `from` and `to` are days counted from the common era, null where they are not known.
#[derive(Debug, Clone)]
pub(crate) struct Cases {
    frame: DataFrame,
}

/// Where rows come from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origin {
    /// The file's name.
    pub file_name: String,
    /// Who reports; none where it is a list.
    pub reporter: Option<String>,
    /// The register's code; none where it is none.
    pub register: Option<String>,
    /// The first day of what says none.
    pub begins: Option<NaiveDate>,
}

impl Cases {
    /// The support that a form's rows are, each about the saying whose place stands beside it; nothing where they are no
    /// support. A case that its reporter repeats word for word is left out where it is not the newest.
    pub(crate) fn of(
        programme: &Programme,
        form: &Form,
        frame: &DataFrame,
        (sayings, places): (&Sayings, &[usize]),
        origins: &BTreeMap<String, Origin>,
    ) -> PolarsResult<Option<Self>> {
        let Some(grant) = &form.grant else { return Ok(None) };
        let files = texts(frame, "file")?;
        let origin = |row: usize| files.get(row).and_then(|file| origins.get(file));
        let keys = case_keys(
            form,
            frame.clone().with_column(Column::new_scalar(
                "enterprise_id".into(),
                Scalar::from(PlSmallStr::from_static(PARTY)),
                frame.height(),
            ))?,
        )?;
        let periods = texts(frame, "period")?;
        let is_newest = newest((0..frame.height()).map(|row| {
            let reporter = origin(row)?.reporter.as_deref()?;
            Some(((reporter, keys[row].as_deref()?, sayings.get(places[row]).print), periods.get(row)?.parse().ok()?))
        }));
        let kept: Vec<usize> = (0..frame.height()).filter(|&row| is_newest[row]).collect();
        let taken: IdxCa = kept.iter().map(|&row| IdxSize::try_from(row).ok()).collect();
        let frame = frame.take(&taken)?;

        let day = |name: Option<&str>| -> PolarsResult<Vec<Option<NaiveDate>>> {
            let Some(name) = name else { return Ok(vec![None; frame.height()]) };
            let days = texts(&frame, name)?;
            Ok(days.iter().map(|text| text.and_then(|text| text.get(..10)?.parse().ok())).collect())
        };
        let origin_of = || kept.iter().map(|&row| origin(row));
        let from = day(Some(&grant.start))?;
        let last = grant.end.as_ref().map(|end| format!("{end}_last"));
        let until = day(last.as_deref())?;
        // An end before the start is a slip of the pen that a finding tells of: here it is not known.
        let until = until.into_iter().zip(&from).map(|(to, from)| to.filter(|to| from.is_none_or(|from| from <= *to)));
        let days = |day: Option<NaiveDate>| day.map(|day| day.num_days_from_ce());
        let begins = from.iter().zip(origin_of()).map(|(from, origin)| from.or(origin.and_then(|it| it.begins)));
        let (contents, tools) = what(programme, form, &frame)?;
        let money = match &grant.money {
            Some(money) => frame.column(money)?.cast(&DataType::Int64)?.with_name("state_budget".into()),
            None => Column::full_null("state_budget".into(), frame.height(), &DataType::Int64),
        };
        let said: Vec<u64> = kept.iter().map(|&row| places[row] as u64).collect();
        let texts_of = |name: &str, texts: Vec<Option<&str>>| Column::new(name.into(), texts);
        let key = |row: usize| keys[row].as_ref().map(|key| format!("{}\u{1f}{key}", form.code));
        let columns = vec![
            Column::new("said".into(), said),
            texts_of("reporter", origin_of().map(|origin| origin?.reporter.as_deref()).collect()),
            Column::new("key".into(), kept.iter().map(|&row| key(row)).collect::<Vec<_>>()),
            texts_of("register", origin_of().map(|origin| origin?.register.as_deref()).collect()),
            texts_of("file", origin_of().map(|origin| Some(origin?.file_name.as_str())).collect()),
            Column::new("contents".into(), contents),
            Column::new("tools".into(), tools),
            Column::new("from".into(), begins.map(days).collect::<Vec<_>>()),
            Column::new("to".into(), until.map(days).collect::<Vec<_>>()),
            money,
        ];
        let same = ["department", "period", "sheet", "row", "record"];
        let columns = columns.into_iter().map(Ok).chain(same.map(|name| frame.column(name).cloned()));
        Ok(Some(Self { frame: DataFrame::new_infer_height(columns.collect::<PolarsResult<_>>()?)? }))
    }

    /// None.
    fn none() -> PolarsResult<Self> {
        let of = |dtype: &DataType, names: &[&str]| -> Vec<Column> {
            names.iter().map(|name| Column::new_empty((*name).into(), dtype)).collect()
        };
        let columns = [
            of(&DataType::UInt64, &["said"]),
            of(&DataType::String, &["reporter", "key", "register", "file", "contents", "tools"]),
            of(&DataType::Int32, &["from", "to"]),
            of(&DataType::Int64, &["state_budget"]),
            of(&DataType::String, &["department", "period", "sheet"]),
            of(&DataType::Int64, &["row"]),
            of(&DataType::String, &["record"]),
        ];
        Ok(Self { frame: DataFrame::new_infer_height(columns.concat())? })
    }

    /// All of several, in their order; each says with which place its sayings begin.
    pub(crate) fn all<'c>(several: impl IntoIterator<Item = (&'c Self, usize)>) -> PolarsResult<Self> {
        let mut all = Self::none()?;
        for (cases, first) in several {
            let mut frame = cases.frame.clone();
            let said = frame.column("said")?.u64()?.clone() + first as u64;
            frame.with_column(said.into_column())?;
            all.frame.vstack_mut(&frame)?;
        }
        all.frame.rechunk_mut();
        Ok(all)
    }

    /// The same by the year they were reported for, otherwise in the order they are in.
    pub(crate) fn by_year(self) -> PolarsResult<Self> {
        let periods = texts(&self.frame, "period")?;
        let mut order: Vec<usize> = (0..self.frame.height()).collect();
        order.sort_by_cached_key(|&at| periods.get(at).and_then(year));
        let order: IdxCa = order.into_iter().map(|at| IdxSize::try_from(at).ok()).collect();
        Ok(Self { frame: self.frame.take(&order)? })
    }

    /// Of what a reporter says of one case in several periods the newest, once it is known whom it is about.
    pub(crate) fn newest(self, who: &Who) -> PolarsResult<Self> {
        let [reporters, keys, periods] = ["reporter", "key", "period"].map(|name| texts(&self.frame, name));
        let (reporters, keys, periods) = (reporters?, keys?, periods?);
        let said = self.frame.column("said")?.u64()?.iter().enumerate();
        let is_newest = newest(said.map(|(at, said)| {
            let key = keys.get(at)?;
            let enterprise =
                if key.contains(PARTY) { who.enterprise(usize::try_from(said?).ok()?) } else { usize::MAX };
            Some(((reporters.get(at)?, key, enterprise), periods.get(at)?.parse().ok()?))
        }));
        let mask: BooleanChunked = is_newest.into_iter().collect();
        Ok(Self { frame: self.frame.filter(&mask)? })
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

    /// The columns, to be gone through.
    pub(crate) fn read(&self) -> PolarsResult<CaseColumns> {
        let text = |name: &str| texts(&self.frame, name);
        let days = |name: &str| -> PolarsResult<Vec<Option<NaiveDate>>> {
            let days = self.frame.column(name)?.i32()?.iter();
            Ok(days.map(|day| day.and_then(NaiveDate::from_num_days_from_ce_opt)).collect())
        };
        let mut sets = Sets::default();
        let mut codes = |name: &str| -> PolarsResult<Vec<usize>> { Ok(sets.of(&text(name)?)) };
        Ok(CaseColumns {
            said: self
                .frame
                .column("said")?
                .u64()?
                .iter()
                .flatten()
                .map(|at| usize::try_from(at).unwrap_or(0))
                .collect(),
            register: text("register")?,
            department: text("department")?,
            period: text("period")?,
            contents: codes("contents")?,
            tools: codes("tools")?,
            sets: sets.sets,
            from: days("from")?,
            to: days("to")?,
            state_budget: self.frame.column("state_budget")?.i64()?.clone(),
            file: text("file")?,
            sheet: text("sheet")?,
            row: self.frame.column("row")?.i64()?.clone(),
            record: text("record")?,
        })
    }
}

/// The columns of some cases.
pub(crate) struct CaseColumns {
    /// The places of what they say.
    pub said: Vec<usize>,
    register: StringChunked,
    department: StringChunked,
    period: StringChunked,
    /// Places among the sets of codes.
    contents: Vec<usize>,
    tools: Vec<usize>,
    sets: Vec<BTreeSet<String>>,
    from: Vec<Option<NaiveDate>>,
    to: Vec<Option<NaiveDate>>,
    state_budget: Int64Chunked,
    file: StringChunked,
    sheet: StringChunked,
    row: Int64Chunked,
    record: StringChunked,
}

impl CaseColumns {
    /// As they are compared, in their order.
    pub(crate) fn grants(&self, who: &Who) -> Vec<Grant<'_>> {
        let grant = |at: usize| {
            let register = self.register.get(at);
            Grant {
                enterprise: who.enterprise(self.said[at]),
                source: register.or(self.department.get(at)).unwrap_or_default(),
                is_known_elsewhere: register.is_some(),
                contents: &self.sets[self.contents[at]],
                tools: &self.sets[self.tools[at]],
                from: self.from[at],
                to: self.to[at],
            }
        };
        (0..self.said.len()).map(grant).collect()
    }

    /// One, as a person finds it again.
    pub(crate) fn line(&self, at: usize, who: &Who) -> GrantLine {
        let text = |column: &StringChunked| column.get(at).map(str::to_owned);
        let said = who.sayings().get(self.said[at]);
        GrantLine {
            department: text(&self.department),
            register: text(&self.register),
            enterprise: EnterpriseLine::of(said.party),
            said: said.print,
            contents: self.sets[self.contents[at]].clone(),
            tools: self.sets[self.tools[at]].clone(),
            from: self.from[at],
            to: self.to[at],
            state_budget: self.state_budget.get(at),
            file: text(&self.file).unwrap_or_default(),
            sheet: text(&self.sheet).unwrap_or_default(),
            row: self.row.get(at).unwrap_or_default(),
            record: text(&self.record).unwrap_or_default(),
            year: self.period.get(at).and_then(year),
        }
    }
}

/// Of rows that may be about one case in several periods, whether each is the newest; what cannot be told from others
/// stays.
pub(crate) fn newest<K: Eq + Hash>(rows: impl Iterator<Item = Option<(K, Period)>>) -> Vec<bool> {
    let mut places: foldhash::HashMap<K, usize> = Default::default();
    let mut newest: Vec<Period> = Vec::new();
    let rows: Vec<Option<(usize, Period)>> = rows
        .map(|row| {
            let (key, period) = row?;
            let place = *places.entry(key).or_insert_with(|| {
                newest.push(period);
                newest.len() - 1
            });
            newest[place] = newest[place].max(period);
            Some((place, period))
        })
        .collect();
    rows.into_iter().map(|row| row.is_none_or(|(place, period)| newest[place] == period)).collect()
}

/// Sets of codes, each once.
#[derive(Default)]
struct Sets {
    places: foldhash::HashMap<String, usize>,
    sets: Vec<BTreeSet<String>>,
}

impl Sets {
    /// The places of the sets that texts name.
    fn of(&mut self, texts: &StringChunked) -> Vec<usize> {
        let place = |text: Option<&str>| {
            let text = text.unwrap_or_default();
            if let Some(&place) = self.places.get(text) {
                return place;
            }
            let codes = text.split(SEPARATOR).filter(|code| !code.is_empty());
            self.sets.push(codes.map(str::to_owned).collect());
            self.places.insert(text.to_owned(), self.sets.len() - 1);
            self.sets.len() - 1
        };
        texts.iter().map(place).collect()
    }
}

fn year(period: &str) -> Option<i32> {
    period.parse::<Period>().ok().map(Period::calendar_year)
}

/// The contents and the tools that rows name, by code.
fn what(programme: &Programme, form: &Form, frame: &DataFrame) -> PolarsResult<(Vec<String>, Vec<String>)> {
    let Some(grant) = &form.grant else { return Ok(Default::default()) };
    let content_is_text = form.column(&grant.content).is_some_and(|column| column.kind == ColumnType::Text);
    let (content_list, tool_list) = (programme.lists.get("content"), programme.lists.get("tool"));
    let unclassified = content_list.and_then(|list| list.unclassified.as_deref());
    let contents = texts(frame, &grant.content)?;
    let tools = grant.tool.as_ref().map(|tool| texts(frame, tool)).transpose()?;
    // Few texts name what many cases were given.
    let mut known_contents: foldhash::HashMap<&str, String> = Default::default();
    let mut known_tools: foldhash::HashMap<(&str, &str), String> = Default::default();
    let mut found = (Vec::with_capacity(frame.height()), Vec::with_capacity(frame.height()));
    for row in 0..frame.height() {
        let content = contents.get(row).unwrap_or_default();
        let codes = known_contents.entry(content).or_insert_with(|| {
            let codes: BTreeSet<&str> = match content_list {
                Some(list) if content_is_text => list.find_all(content).iter().map(|found| found.code).collect(),
                _ => content.split(SEPARATOR).collect(),
            };
            let known = codes.into_iter().filter(|code| !code.is_empty() && Some(*code) != unclassified);
            known.collect::<Vec<_>>().join(SEPARATOR)
        });
        found.0.push(codes.clone());
        let tool = tools.as_ref().and_then(|tools| tools.get(row)).unwrap_or_default();
        let beside = if content_is_text { content } else { "" };
        let codes = known_tools.entry((tool, beside)).or_insert_with(|| {
            let held = tool_list.map(|list| list.held(&format!("{tool} · {beside}"))).unwrap_or_default();
            held.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(SEPARATOR)
        });
        found.1.push(codes.clone());
    }
    Ok(found)
}
