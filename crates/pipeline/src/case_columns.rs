use crate::case::{Cases, SEPARATOR, year};
use crate::enterprise::EnterpriseLine;
use crate::grant::GrantLine;
use crate::texts::texts;
use crate::who::Who;
use chrono::NaiveDate;
use link::Grant;
use polars::prelude::*;
use std::collections::BTreeSet;

/// The columns of some cases, to be gone through.
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
    pub(crate) fn of(cases: &Cases) -> PolarsResult<Self> {
        let frame = cases.frame();
        let text = |name: &str| texts(frame, name);
        let days = |name: &str| -> PolarsResult<Vec<Option<NaiveDate>>> {
            let days = frame.column(name)?.i32()?.iter();
            Ok(days
                .map(|day| day.and_then(NaiveDate::from_num_days_from_ce_opt))
                .collect())
        };
        let mut sets = Sets::default();
        let mut codes = |name: &str| -> PolarsResult<Vec<usize>> { Ok(sets.of(&text(name)?)) };
        Ok(Self {
            said: cases.said()?,
            register: text("register")?,
            department: text("department")?,
            period: text("period")?,
            contents: codes("contents")?,
            tools: codes("tools")?,
            sets: sets.sets,
            from: days("from")?,
            to: days("to")?,
            state_budget: frame.column("state_budget")?.i64()?.clone(),
            file: text("file")?,
            sheet: text("sheet")?,
            row: frame.column("row")?.i64()?.clone(),
            record: text("record")?,
        })
    }

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
            said: said.fingerprint,
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
