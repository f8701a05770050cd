use crate::PipelineError;
use crate::enterprise::{EnterpriseLine, texts};
use chrono::NaiveDate;
use ledger::file_id;
use link::{Grant, Party, Record};
use model::{Period, Vnd};
use polars::prelude::*;
use programme::{ColumnType, Form, Programme};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// A grant as a person finds it again: who gave it, what, when, and its cells.
#[derive(Debug, Clone, Default, Serialize)]
pub struct GrantLine {
    /// The department's code; none for another programme's.
    pub department: Option<String>,
    /// The register's code; none for a department's.
    pub register: Option<String>,
    /// The enterprise as it is written there.
    #[serde(flatten)]
    pub enterprise: EnterpriseLine,
    /// The contents, by code.
    pub contents: BTreeSet<String>,
    /// The tools and standards it names, by code.
    pub tools: BTreeSet<String>,
    /// The first day, where known.
    pub from: Option<NaiveDate>,
    /// The last day; none while it goes on.
    pub to: Option<NaiveDate>,
    /// The money of the state, in đồng.
    pub state_budget: Option<i64>,
    /// The file.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The row, from 1.
    pub row: i64,
    /// The id of the row.
    #[serde(skip)]
    pub(crate) record: String,
    /// The enterprise, where it is known already.
    #[serde(skip)]
    pub(crate) known_as: Option<String>,
    /// The year it was reported for; none for another programme's.
    #[serde(skip)]
    pub(crate) year: Option<i32>,
}

impl Record for &GrantLine {
    fn party(&self) -> Party<'_> {
        self.enterprise.party()
    }
}

impl GrantLine {
    /// What decides whether it is the same support as another.
    pub(crate) fn print(&self) -> String {
        let said = format!("{}|{:?}|{:?}|{}", self.enterprise.print(), self.contents, self.tools, self.days());
        file_id(said.as_bytes()).short().to_owned()
    }

    /// Whom it is about and who says it, as a short text: the same after a correction.
    pub(crate) fn about(&self) -> String {
        let by = self.department.as_deref().or(self.register.as_deref()).unwrap_or_default();
        file_id(format!("{by} · {}", vietext::name_key(&self.enterprise.name)).as_bytes()).short().to_owned()
    }

    /// The same, to be compared with others once it is known which enterprise it is about.
    pub(crate) fn compared(&self, enterprise: String) -> Grant {
        Grant {
            enterprise,
            source: self.register.clone().or_else(|| self.department.clone()).unwrap_or_default(),
            is_known_elsewhere: self.register.is_some(),
            contents: self.contents.clone(),
            tools: self.tools.clone(),
            from: self.from,
            to: self.to,
        }
    }

    /// For a person: who says it, name, tax code, address, what, when, where.
    pub(crate) fn shown(&self, programme: &Programme) -> [String; 7] {
        [
            self.source(programme),
            self.enterprise.name.clone(),
            self.enterprise.tax_code.clone().unwrap_or_default(),
            self.enterprise.place(),
            self.what(),
            self.span(),
            self.place(),
        ]
    }

    /// The department's short name, or the title of the other programme's list.
    pub(crate) fn source(&self, programme: &Programme) -> String {
        match (&self.department, &self.register) {
            (Some(code), _) => programme.department(code).map_or(code.clone(), |d| d.short.clone()),
            (None, Some(code)) => programme.registers.get(code).map_or(code.clone(), |form| form.title.vi.clone()),
            (None, None) => String::new(),
        }
    }

    /// Contents and tools, by code.
    pub(crate) fn what(&self) -> String {
        self.contents.iter().chain(&self.tools).cloned().collect::<Vec<_>>().join(", ")
    }

    /// File, sheet and row.
    pub(crate) fn place(&self) -> String {
        format!("{} › {} › {}", self.file, self.sheet, self.row)
    }

    /// From when to when, in words.
    pub(crate) fn days(&self) -> String {
        let day = |day: Option<NaiveDate>| day.map_or_else(|| "…".to_owned(), |day| day.format("%d/%m/%Y").to_string());
        format!("{}–{}", day(self.from), day(self.to))
    }

    /// From when to when, and the money.
    pub(crate) fn span(&self) -> String {
        let money = self.state_budget.map(|dong| format!(" · {} đ", Vnd(dong))).unwrap_or_default();
        format!("{}{money}", self.days())
    }
}

/// The grants that a form's rows are; none where they are no support.
pub(crate) fn grants(programme: &Programme, form: &Form, frame: &DataFrame) -> Result<Vec<GrantLine>, PipelineError> {
    let (Some(grant), Some(party)) = (&form.grant, &form.party) else { return Ok(Vec::new()) };
    let days = |name: Option<&str>| -> PolarsResult<Vec<Option<NaiveDate>>> {
        let days = texts(frame, name)?.into_iter();
        Ok(days.map(|text| text.and_then(|text| text.get(..10)?.parse().ok())).collect())
    };
    let enterprises = EnterpriseLine::of_rows(party, frame)?;
    let contents = texts(frame, Some(&grant.content))?;
    let tools = texts(frame, grant.tool.as_deref())?;
    let from = days(Some(&grant.start))?;
    let last = grant.end.as_ref().map(|end| format!("{end}_last"));
    let to = days(last.as_deref())?;
    let money = texts(frame, grant.money.as_deref())?;
    let departments = texts(frame, Some("department"))?;
    let periods = texts(frame, Some("period"))?;
    let records = texts(frame, Some("record"))?;
    let files = texts(frame, Some("file"))?;
    let sheets = texts(frame, Some("sheet"))?;
    let enterprise_ids = texts(frame, Some("enterprise_id"))?;
    let rows = frame.column("row")?.i64()?;
    let content_is_text = form.column(&grant.content).is_some_and(|column| column.kind == ColumnType::Text);
    let content_list = programme.lists.get("content");
    let tool_list = programme.lists.get("tool");
    let unclassified = content_list.and_then(|list| list.unclassified.as_deref());
    // Few texts name the tools of many grants.
    let mut known_tools: HashMap<String, BTreeSet<String>> = HashMap::new();
    let line = |(at, enterprise): (usize, EnterpriseLine)| {
        let content = contents[at].clone().unwrap_or_default();
        let known: BTreeSet<String> = match content_list {
            Some(list) if content_is_text => list.find_all(&content).iter().map(|m| m.code.to_owned()).collect(),
            _ => content.split(';').map(str::to_owned).collect(),
        };
        let said =
            format!("{} · {}", tools[at].as_deref().unwrap_or_default(), if content_is_text { &content } else { "" });
        GrantLine {
            department: departments[at].clone(),
            register: None,
            enterprise,
            contents: known
                .into_iter()
                .filter(|code| !code.is_empty() && Some(code.as_str()) != unclassified)
                .collect(),
            tools: known_tools
                .entry(said)
                .or_insert_with_key(|said| {
                    let held = tool_list.map(|list| list.held(said)).unwrap_or_default();
                    held.into_iter().map(str::to_owned).collect()
                })
                .clone(),
            from: from[at],
            // An end before the start is a slip of the pen that a finding tells of: here it is not known.
            to: to[at].filter(|to| from[at].is_none_or(|from| from <= *to)),
            state_budget: money[at].as_deref().and_then(|dong| dong.parse().ok()),
            file: files[at].clone().unwrap_or_default(),
            sheet: sheets[at].clone().unwrap_or_default(),
            row: rows.get(at).unwrap_or_default(),
            record: records[at].clone().unwrap_or_default(),
            known_as: enterprise_ids[at].clone(),
            year: periods[at].as_deref().and_then(|p| p.parse::<Period>().ok()).map(Period::calendar_year),
        }
    };
    Ok(enterprises.into_iter().enumerate().map(line).collect())
}
