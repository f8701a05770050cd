use crate::definition::*;
use crate::tables;
use crate::{
    Case, CodeList, Column, ColumnType, DefinitionError, DefinitionErrors, Department, Entry, Form, Layout,
    ListingColumn, Party, ReportDefinition, Rule, RuleKind, Sheet, SheetKind, Source, TableColumn,
};
use chrono::{Datelike, NaiveDate};
use model::{Check, Text};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;
use toml::value::Datetime;
use vietext::fold;

/// A programme, checked: what a plan fixes, with every reference resolved.
#[derive(Debug, Clone)]
pub struct Programme {
    /// Its name in our data, e.g. `dong-nai-2021-2025`.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// The plan's number and date.
    pub decision: String,
    /// Its first year.
    pub first_year: i32,
    /// Its last year.
    pub last_year: i32,
    /// The department that consolidates (VI.1.a).
    pub focal_department: String,
    /// When reports are due.
    pub deadline: Deadline,
    /// What the plan promises.
    pub targets: Vec<Target>,
    /// Which source of state funds the plan lists for which tasks, every task of a group named.
    pub funding: Vec<Funding>,
    /// The instruments the plan stands on.
    pub legal_basis: Vec<LegalBasis>,
    /// The registry of departments.
    pub departments: Vec<Department>,
    /// The lists of codes, by name.
    pub lists: BTreeMap<String, CodeList>,
    /// The forms, by code.
    pub forms: BTreeMap<String, Form>,
    /// The rules, by code.
    pub rules: BTreeMap<String, Rule>,
    /// The indicators, in the order they are written.
    pub indicators: Vec<Indicator>,
    /// The annual report.
    pub report: ReportDefinition,
    /// SHA-256 of the files it was read from.
    pub hash: String,
}

/// The day before which senders report, each year.
#[derive(Debug, Clone)]
pub struct Deadline {
    /// Its month, 1 to 12.
    pub month: u32,
    /// Its day: reports come before it.
    pub day: u32,
    /// Its clause.
    pub clause: String,
}

/// A number to reach.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its stable id.
    pub id: String,
    /// Its clause.
    pub clause: String,
    /// What it is called.
    pub title: Text,
    /// The indicator that measures it.
    pub indicator: String,
    /// The first year that counts.
    pub from: i32,
    /// The last year that counts.
    pub to: i32,
    /// The number to reach.
    pub at_least: i64,
    /// Whether the plan says 'about' (khoảng) instead of 'at least' (ít nhất).
    pub about: bool,
}

/// A source of state funds and the tasks the plan lists for it.
#[derive(Debug, Clone)]
pub struct Funding {
    /// The source's code.
    pub source: String,
    /// The clause.
    pub clause: String,
    /// The tasks, groups and all below them.
    pub tasks: Vec<String>,
}

/// An instrument the plan stands on.
#[derive(Debug, Clone)]
pub struct LegalBasis {
    /// Its number.
    pub number: String,
    /// The clause that names it.
    pub clause: String,
    /// What it is about.
    pub title: String,
    /// When it was issued.
    pub issued_on: Option<NaiveDate>,
    /// When it came into force, where that is known apart.
    pub in_force_from: Option<NaiveDate>,
    /// What amended it.
    pub amended_by: Vec<Replacement>,
    /// What replaced it.
    pub replaced_by: Option<Replacement>,
}

/// An instrument that amended or replaced another.
#[derive(Debug, Clone)]
pub struct Replacement {
    /// Its number.
    pub number: String,
    /// The day from which it applies.
    pub on: NaiveDate,
}

/// How an indicator's rows become a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Whole numbers are added up.
    Sum,
    /// Equal values count once.
    CountDistinct,
}

/// Something that is counted.
#[derive(Debug, Clone)]
pub struct Indicator {
    /// Its name, and that of its SQL file.
    pub name: String,
    /// What it is called.
    pub title: Text,
    /// The clause it answers.
    pub clause: String,
    /// What it counts: `dong`, `enterprise`, `person`, `club`, `row`.
    pub unit: String,
    /// How its rows become a figure.
    pub measure: Measure,
    /// The keys of its rows.
    pub by: Vec<String>,
    /// Its SQL.
    pub sql: String,
}

impl Programme {
    /// Reads and checks a programme.
    ///
    /// # Errors
    /// Every fault found, with file, line and what was expected.
    pub fn load(source: &Source) -> Result<Self, DefinitionErrors> {
        Loader { source, errors: Vec::new() }.programme()
    }

    /// The programme compiled into the program.
    ///
    /// # Errors
    /// As [`Programme::load`]; a test keeps it from happening.
    pub fn default_programme() -> Result<Self, DefinitionErrors> {
        Self::load(&Source::default_programme())
    }

    /// The form of that code.
    pub fn form(&self, code: &str) -> Option<&Form> {
        self.forms.get(code)
    }

    /// The indicator of that name.
    pub fn indicator(&self, name: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|i| i.name == name)
    }

    /// The department of that code.
    pub fn department(&self, code: &str) -> Option<&Department> {
        self.departments.iter().find(|d| d.code == code)
    }

    /// The departments named in a text: by the longest name found in it, whole words only, marks or none.
    ///
    /// More than one only where names of equal length stand in it.
    pub fn departments_in(&self, text: &str) -> Vec<&Department> {
        let folded = fold(text);
        let mut longest = 0;
        let mut found: Vec<&Department> = Vec::new();
        for department in &self.departments {
            let length = department
                .keys
                .iter()
                .filter(|key| vietext::contains_phrase(&folded, key))
                .map(|key| key.chars().count())
                .max()
                .unwrap_or(0);
            if length > longest {
                longest = length;
                found.clear();
            }
            if length == longest && length > 0 {
                found.push(department);
            }
        }
        found
    }

    /// The rule that answers a check of the reader for a form's column: one that names the column before one
    /// that does not.
    pub fn rule_for(&self, check: Check, form: Option<&str>, column: Option<&str>) -> Option<&Rule> {
        self.rules
            .values()
            .filter(|rule| rule.kind == RuleKind::Reader(check))
            .filter(|rule| rule.forms.is_empty() || form.is_some_and(|form| rule.forms.iter().any(|f| f == form)))
            .filter(|rule| {
                rule.columns.is_empty() || column.is_some_and(|column| rule.columns.iter().any(|c| c == column))
            })
            .max_by_key(|rule| (!rule.columns.is_empty(), !rule.forms.is_empty(), std::cmp::Reverse(&rule.code)))
    }

    /// The title of a key's code: a department's name or the entry of the list that the key names.
    pub fn title_of<'a>(&'a self, key: &str, code: &'a str, lang: &str) -> &'a str {
        if key == "department" {
            return self.department(code).map_or(code, |d| &d.name);
        }
        self.lists.get(key).map_or(code, |list| list.title_of(code, lang))
    }

    /// The codes of a key, in the plan's order: the departments, or the entries of a list.
    pub fn codes_of(&self, key: &str) -> Vec<&str> {
        if key == "department" {
            return self.departments.iter().map(|d| d.code.as_str()).collect();
        }
        self.lists.get(key).map(|l| l.entries.iter().map(|e| e.code.as_str()).collect()).unwrap_or_default()
    }
}

struct Loader<'a> {
    source: &'a Source,
    errors: Vec<DefinitionError>,
}

impl Loader<'_> {
    fn fault(&mut self, file: &str, at: Option<usize>, message: impl Into<String>) {
        let line = at.and_then(|at| {
            let before = self.source.text(file)?.get(..at)?;
            Some(before.bytes().filter(|&b| b == b'\n').count() + 1)
        });
        self.errors.push(DefinitionError { file: file.to_owned(), line, message: message.into() });
    }

    fn fault_at<T>(&mut self, file: &str, at: &Spanned<T>, message: impl Into<String>) {
        self.fault(file, Some(at.span().start), message);
    }

    fn read<T: DeserializeOwned>(&mut self, file: &str) -> Option<T> {
        let Some(text) = self.source.text(file) else {
            self.fault(file, None, "the file is missing");
            return None;
        };
        match toml::from_str(text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(file, error.span().map(|span| span.start), error.message().trim().to_owned());
                None
            }
        }
    }

    fn date(&mut self, file: &str, written: &Spanned<Datetime>) -> NaiveDate {
        let value = written.get_ref();
        let date = value.date.filter(|_| value.time.is_none()).and_then(|d| {
            NaiveDate::from_ymd_opt(i32::from(d.year), u32::from(d.month), u32::from(d.day))
        });
        date.unwrap_or_else(|| {
            self.fault_at(file, written, format!("'{value}' is not a day: expected one like 2021-01-01"));
            NaiveDate::default()
        })
    }

    fn programme(mut self) -> Result<Programme, DefinitionErrors> {
        let lists = self.catalogue();
        let departments = self.departments();
        let forms = self.forms(&lists);
        let file = "programme.toml";
        let head: Option<ProgrammeFile> = self.read(file);
        let funding = head.as_ref().map(|head| self.funding(head, &lists)).unwrap_or_default();
        let mut programme = Programme {
            id: String::new(),
            title: Text::default(),
            decision: String::new(),
            first_year: 0,
            last_year: 0,
            focal_department: String::new(),
            deadline: Deadline { month: 12, day: 31, clause: String::new() },
            targets: Vec::new(),
            funding,
            legal_basis: Vec::new(),
            departments,
            lists,
            forms,
            rules: BTreeMap::new(),
            indicators: Vec::new(),
            report: ReportDefinition {
                file_name: String::new(),
                header: crate::Header {
                    parent: String::new(),
                    office: String::new(),
                    title: String::new(),
                    subtitle: String::new(),
                },
                sheets: Vec::new(),
            },
            hash: self.source.hash(),
        };
        programme.indicators = self.indicators(&programme);
        if let Some(head) = head {
            self.head(head, &mut programme);
        }
        programme.rules = self.rules(&programme);
        if let Some(report) = self.read::<ReportFile>("report.toml") {
            programme.report = self.report(report, &programme);
        }
        if self.errors.is_empty() {
            return Ok(programme);
        }
        self.errors.sort();
        self.errors.dedup();
        Err(DefinitionErrors(self.errors))
    }

    fn head(&mut self, head: ProgrammeFile, programme: &mut Programme) {
        let file = "programme.toml";
        if *head.last_year.get_ref() < head.first_year {
            self.fault_at(file, &head.last_year, "last_year is before first_year");
        }
        if programme.department(head.focal_department.get_ref()).is_none() {
            let message = format!("department '{}' is not in departments.toml", head.focal_department.get_ref());
            self.fault_at(file, &head.focal_department, message);
        }
        let deadline = head.deadline.get_ref();
        if NaiveDate::from_ymd_opt(2023, deadline.month, deadline.day).is_none() {
            self.fault_at(file, &head.deadline, "month and day do not name a day of each year");
        }
        for target in &head.target {
            if programme.indicator(target.indicator.get_ref()).is_none() {
                let message = format!("indicator '{}' is not in indicators.toml", target.indicator.get_ref());
                self.fault_at(file, &target.indicator, message);
            }
            if *target.to.get_ref() < target.from {
                self.fault_at(file, &target.to, "'to' is before 'from'");
            }
        }
        programme.legal_basis = head
            .legal_basis
            .into_iter()
            .map(|law| LegalBasis {
                issued_on: law.issued_on.as_ref().map(|d| self.date(file, d)),
                in_force_from: law.in_force_from.as_ref().map(|d| self.date(file, d)),
                amended_by: law
                    .amended_by
                    .into_iter()
                    .map(|r| Replacement { on: self.date(file, &r.on), number: r.number })
                    .collect(),
                replaced_by: law.replaced_by.map(|r| Replacement { on: self.date(file, &r.on), number: r.number }),
                number: law.number,
                clause: law.clause,
                title: law.title,
            })
            .collect();
        programme.id = head.id;
        programme.title = head.title;
        programme.decision = head.decision;
        programme.first_year = head.first_year;
        programme.last_year = head.last_year.into_inner();
        programme.focal_department = head.focal_department.into_inner();
        let deadline = head.deadline.into_inner();
        programme.deadline = Deadline { month: deadline.month, day: deadline.day, clause: deadline.clause };
        programme.targets = head
            .target
            .into_iter()
            .map(|t| Target {
                id: t.id,
                clause: t.clause,
                title: t.title,
                indicator: t.indicator.into_inner(),
                from: t.from,
                to: t.to.into_inner(),
                at_least: t.at_least,
                about: t.about,
            })
            .collect();
    }

    /// Opens each group of tasks into all that stand below it.
    fn funding(&mut self, head: &ProgrammeFile, lists: &BTreeMap<String, CodeList>) -> Vec<Funding> {
        let file = "programme.toml";
        let mut funding = Vec::new();
        for written in &head.funding {
            for (list, code) in std::iter::once(("source", &written.source)).chain(written.tasks.iter().map(|t| ("task", t))) {
                if lists.get(list).is_none_or(|l| l.entry(code.get_ref()).is_none()) {
                    self.fault_at(file, code, format!("'{}' is not a code of the list '{list}'", code.get_ref()));
                }
            }
            let mut tasks: Vec<String> = Vec::new();
            for task in &written.tasks {
                tasks.push(task.get_ref().clone());
                let below = lists.get("task").into_iter().flat_map(|l| &l.entries);
                tasks.extend(below.filter(|e| e.parent.as_ref() == Some(task.get_ref())).map(|e| e.code.clone()));
            }
            funding.push(Funding { source: written.source.get_ref().clone(), clause: written.clause.clone(), tasks });
        }
        funding
    }

    fn departments(&mut self) -> Vec<Department> {
        let file = "departments.toml";
        let Some(written) = self.read::<DepartmentsFile>(file) else { return Vec::new() };
        let codes: BTreeSet<String> = written.department.iter().map(|d| d.code.get_ref().clone()).collect();
        let mut owner: BTreeMap<String, String> = BTreeMap::new();
        let mut departments: Vec<Department> = Vec::new();
        for d in written.department {
            if departments.iter().any(|other| &other.code == d.code.get_ref()) {
                self.fault_at(file, &d.code, format!("department '{}' is defined twice", d.code.get_ref()));
            }
            if let Some(successor) = d.successor.as_ref().filter(|s| !codes.contains(s.get_ref())) {
                self.fault_at(file, successor, format!("department '{}' is not defined", successor.get_ref()));
            }
            let mut keys = vec![fold(&d.name), fold(d.code.get_ref())];
            for name in &d.names {
                let key = fold(name.get_ref());
                let other = owner.entry(key.clone()).or_insert_with(|| d.code.get_ref().clone()).clone();
                if &other != d.code.get_ref() {
                    self.fault_at(file, name, format!("the name '{}' is {other}'s already", name.get_ref()));
                }
                keys.push(key);
            }
            keys.sort();
            keys.dedup();
            departments.push(Department {
                valid_from: self.date(file, &d.valid_from),
                valid_to: d.valid_to.as_ref().map(|day| self.date(file, day)),
                code: d.code.into_inner(),
                name: d.name,
                short: d.short,
                role: d.role,
                clause: d.clause,
                successor: d.successor.map(Spanned::into_inner),
                keys,
            });
        }
        departments
    }

    fn catalogue(&mut self) -> BTreeMap<String, CodeList> {
        let file = "catalogue.toml";
        let Some(written) = self.read::<CatalogueFile>(file) else { return BTreeMap::new() };
        let codes: BTreeMap<String, BTreeSet<String>> = written
            .list
            .iter()
            .map(|l| (l.name.get_ref().clone(), l.entry.iter().map(|e| e.code.get_ref().clone()).collect()))
            .collect();
        let mut lists = BTreeMap::new();
        for list in written.list {
            let parents = match &list.parent_list {
                Some(name) => codes.get(name.get_ref()),
                None => codes.get(list.name.get_ref()),
            };
            if let (None, Some(name)) = (parents, &list.parent_list) {
                self.fault_at(file, name, format!("list '{}' is not defined", name.get_ref()));
            }
            let mut seen = BTreeSet::new();
            for entry in &list.entry {
                if !seen.insert(entry.code.get_ref().clone()) {
                    self.fault_at(file, &entry.code, format!("code '{}' stands twice", entry.code.get_ref()));
                }
                if let Some(parent) = entry.parent.as_ref().filter(|p| parents.is_some_and(|set| !set.contains(p.get_ref())))
                {
                    self.fault_at(file, parent, format!("parent '{}' is not a code of its list", parent.get_ref()));
                }
            }
            let words = |all: &[Spanned<String>]| all.iter().map(|v| v.get_ref().clone()).collect::<Vec<_>>();
            let variants: Vec<_> = list.entry.iter().map(|e| words(&e.variants)).collect();
            let keywords: Vec<_> = list.entry.iter().map(|e| words(&e.keywords)).collect();
            let places: Vec<_> = list.entry.iter().map(|e| e.code.span().start).collect();
            let mut checked = CodeList {
                name: list.name.get_ref().clone(),
                title: list.title,
                clause: list.clause,
                unclassified: list.unclassified,
                entries: list
                    .entry
                    .into_iter()
                    .map(|e| Entry {
                        code: e.code.into_inner(),
                        title: e.title,
                        clause: e.clause,
                        parent: e.parent.map(Spanned::into_inner),
                    })
                    .collect(),
                exact: BTreeMap::new(),
                spelled: BTreeMap::new(),
                folded: BTreeMap::new(),
                keywords: Vec::new(),
            };
            for (i, spelling) in checked.index(&variants, &keywords) {
                self.fault(file, Some(places[i]), format!("'{spelling}' is a spelling of another code already"));
            }
            if lists.insert(checked.name.clone(), checked).is_some() {
                self.fault_at(file, &list.name, format!("list '{}' is defined twice", list.name.get_ref()));
            }
        }
        lists
    }

    fn forms(&mut self, lists: &BTreeMap<String, CodeList>) -> BTreeMap<String, Form> {
        let mut forms = BTreeMap::new();
        let files: Vec<String> = self.source.paths("forms/", ".toml").into_iter().map(str::to_owned).collect();
        if files.is_empty() {
            self.fault("forms/", None, "no form is defined");
        }
        for file in files {
            let Some(written) = self.read::<FormFile>(&file) else { continue };
            let mut form = Form {
                code: written.code.get_ref().clone(),
                sheet: written.sheet,
                layout: written.layout,
                title: written.title,
                clause: written.clause,
                key: written.key.iter().map(|k| k.get_ref().clone()).collect(),
                own_workbook: written.own_workbook,
                party: written.party.as_ref().map(|party| Party {
                    name: party.name.get_ref().clone(),
                    tax_code: party.tax_code.as_ref().map(|c| c.get_ref().clone()),
                    district: party.district.as_ref().map(|c| c.get_ref().clone()),
                }),
                columns: Vec::new(),
                names: Vec::new(),
                headings: BTreeMap::new(),
            };
            form.index_names(&written.names);
            for column in &written.columns {
                if let Some(checked) = self.column(&file, column, lists) {
                    let place = form.columns.len();
                    // The form that says who reports has the columns of the same name in every table.
                    let ours = tables::ORIGIN.contains(&checked.name.as_str()) && form.layout == Layout::Table;
                    if form.column(&checked.name).is_some() || ours {
                        let message = format!("column '{}' is defined twice, or is one of ours", checked.name);
                        self.fault_at(&file, &column.name, message);
                    }
                    form.columns.push(checked);
                    for heading in std::iter::once(&column.heading).chain(&column.synonyms) {
                        let other = *form.headings.entry(fold(heading.get_ref())).or_insert(place);
                        if other != place {
                            let message = format!(
                                "heading '{}' is {}'s already",
                                heading.get_ref(),
                                form.columns[other].name
                            );
                            self.fault_at(&file, heading, message);
                        }
                    }
                }
            }
            for key in &written.key {
                for part in key.get_ref().split('|').filter(|part| form.column(part).is_none()) {
                    self.fault_at(&file, key, format!("key column '{part}' is not a column of the form"));
                }
            }
            let party = written.party.iter().flat_map(|p| [Some(&p.name), p.tax_code.as_ref(), p.district.as_ref()]);
            for column in party.flatten().filter(|column| form.column(column.get_ref()).is_none()) {
                self.fault_at(&file, column, format!("column '{}' is not a column of the form", column.get_ref()));
            }
            if forms.insert(form.code.clone(), form).is_some() {
                self.fault_at(&file, &written.code, format!("form '{}' is defined twice", written.code.get_ref()));
            }
        }
        if !forms.values().any(|form| form.layout == Layout::Pairs) {
            self.fault("forms/", None, "no form of layout 'pairs' says who reports and for which period");
        }
        forms
    }

    fn column(&mut self, file: &str, written: &ColumnDefinition, lists: &BTreeMap<String, CodeList>) -> Option<Column> {
        let list = written.list.as_ref().map(|l| l.get_ref().clone());
        if let Some(named) = written.list.as_ref().filter(|l| !lists.contains_key(l.get_ref())) {
            self.fault_at(file, named, format!("list '{}' is not in catalogue.toml", named.get_ref()));
        }
        let kind = match (written.kind.get_ref().as_str(), list) {
            ("text", None) => ColumnType::Text,
            ("integer", None) => ColumnType::Integer,
            ("money", None) => ColumnType::Money,
            ("percent", None) => ColumnType::Percent,
            ("date", None) => ColumnType::Date,
            ("flag", None) => ColumnType::Flag,
            ("tax_code", None) => ColumnType::TaxCode,
            ("year", None) => ColumnType::Year,
            ("code", Some(list)) => ColumnType::Code { list, open: written.open },
            ("codes", Some(list)) => ColumnType::Codes { list },
            (kind, list) => {
                let message = format!(
                    "type '{kind}' {} list: expected text, integer, money, percent, date, flag, tax_code or year \
                     without a list, or code or codes with one",
                    if list.is_some() { "with a" } else { "without a" }
                );
                self.fault_at(file, &written.kind, message);
                return None;
            }
        };
        Some(Column {
            name: written.name.get_ref().clone(),
            heading: written.heading.get_ref().clone(),
            kind,
            required: written.required,
        })
    }

    fn indicators(&mut self, programme: &Programme) -> Vec<Indicator> {
        let file = "indicators/indicators.toml";
        let Some(written) = self.read::<IndicatorsFile>(file) else { return Vec::new() };
        let mut indicators: Vec<Indicator> = Vec::new();
        for indicator in written.indicator {
            let name = indicator.name.get_ref().clone();
            if indicators.iter().any(|other| other.name == name) {
                self.fault_at(file, &indicator.name, format!("indicator '{name}' is defined twice"));
            }
            for key in &indicator.by {
                if key.get_ref() != "department" && !programme.lists.contains_key(key.get_ref()) {
                    let message = format!("key '{}' is neither 'department' nor a list", key.get_ref());
                    self.fault_at(file, key, message);
                }
            }
            let sql_file = format!("indicators/{name}.sql");
            let sql = self.source.text(&sql_file).map(str::to_owned);
            let by: Vec<String> = indicator.by.into_iter().map(Spanned::into_inner).collect();
            match &sql {
                None => self.fault(&sql_file, None, "the file is missing"),
                Some(sql) => {
                    if let Err(message) = tables::try_indicator(programme, sql, indicator.measure, &by) {
                        self.fault(&sql_file, None, message);
                    }
                }
            }
            indicators.push(Indicator {
                name,
                title: indicator.title,
                clause: indicator.clause,
                unit: indicator.unit,
                measure: indicator.measure,
                by,
                sql: sql.unwrap_or_default(),
            });
        }
        let known: BTreeSet<String> = indicators.iter().map(|i| format!("indicators/{}.sql", i.name)).collect();
        let files: Vec<String> = self.source.paths("indicators/", ".sql").into_iter().map(str::to_owned).collect();
        for file in files.iter().filter(|file| !known.contains(*file)) {
            self.fault(file, None, "the file has no entry in indicators.toml");
        }
        indicators
    }

    fn rules(&mut self, programme: &Programme) -> BTreeMap<String, Rule> {
        let mut rules = BTreeMap::new();
        let files: Vec<String> = self.source.paths("rules/", ".toml").into_iter().map(str::to_owned).collect();
        for file in files {
            let Some(written) = self.read::<RulesFile>(&file) else { continue };
            for rule in written.rule {
                let place = rule.code.span().start;
                if let Some(rule) = self.rule(&file, rule, programme)
                    && let Some(other) = rules.insert(rule.code.clone(), rule)
                {
                    self.fault(&file, Some(place), format!("rule '{}' is defined twice", other.code));
                }
            }
        }
        for check in Check::ALL {
            let answered = rules
                .values()
                .any(|r: &Rule| r.kind == RuleKind::Reader(check) && r.columns.is_empty() && r.forms.is_empty());
            if !answered {
                self.fault("rules/", None, format!("no rule for all forms and columns answers the check {check:?}"));
            }
        }
        rules
    }

    fn rule(&mut self, file: &str, written: RuleDefinition, programme: &Programme) -> Option<Rule> {
        let code = written.code.get_ref().clone();
        let class = code.chars().next().unwrap_or(' ');
        if !("SVCXHDPKT".contains(class) && code.len() == 4 && code[1..].bytes().all(|b| b.is_ascii_digit())) {
            let message = format!("'{code}' is not a rule's code: expected one of S V C X H D P K T and three digits");
            self.fault_at(file, &written.code, message);
        }
        if written.clause.get_ref().trim().is_empty() {
            self.fault_at(file, &written.clause, "the clause is blank: every rule names its source");
        }
        let forms: Vec<String> = written.forms.iter().map(|f| f.get_ref().clone()).collect();
        for form in written.forms.iter().filter(|f| !programme.forms.contains_key(f.get_ref())) {
            self.fault_at(file, form, format!("form '{}' is not defined", form.get_ref()));
        }
        for column in &written.columns {
            let named = |form: &Form| form.column(column.get_ref()).is_some();
            let known = if forms.is_empty() {
                programme.forms.values().any(named)
            } else {
                forms.iter().filter_map(|f| programme.forms.get(f)).all(named)
            };
            if !known {
                self.fault_at(file, column, format!("column '{}' is not a column of the rule's forms", column.get_ref()));
            }
        }
        let kind = match (&written.check, &written.predicate, &written.select) {
            (Some(check), None, None) => RuleKind::Reader(*check.get_ref()),
            (None, Some(predicate), None) => RuleKind::Where(predicate.get_ref().trim().to_owned()),
            (None, None, Some(select)) => RuleKind::Select(select.get_ref().trim().to_owned()),
            _ => {
                self.fault_at(file, &written.code, "expected exactly one of check, where and select");
                return None;
            }
        };
        if let Some(sql) = written.predicate.as_ref().or(written.select.as_ref()) {
            if forms.is_empty() {
                self.fault_at(file, &written.code, "a rule in SQL names the forms whose rows it judges");
            }
            if let Err(message) = tables::try_rule(programme, &kind, &forms) {
                self.fault_at(file, sql, message);
            }
        }
        Some(Rule {
            valid_from: self.date(file, &written.valid_from),
            valid_to: written.valid_to.as_ref().map(|d| self.date(file, d)),
            pass: self.case(file, written.pass, programme)?,
            fail: self.case(file, written.fail, programme)?,
            code,
            name: written.name,
            severity: written.severity,
            clause: written.clause.into_inner(),
            kind,
            scope: written.scope,
            forms,
            columns: written.columns.into_iter().map(Spanned::into_inner).collect(),
            title: written.title,
            message: written.message,
            advice: written.advice,
        })
    }

    fn case(&mut self, file: &str, written: Spanned<CaseDefinition>, programme: &Programme) -> Option<Case> {
        let place = written.span().start;
        let tables = match written.into_inner() {
            CaseDefinition::Workbook(text) => return Some(Case::Workbook(text)),
            CaseDefinition::Tables(tables) => tables,
        };
        let mut frames = BTreeMap::new();
        for (name, rows) in tables {
            let Some(form) = programme.forms.get(&name) else {
                self.fault(file, Some(place), format!("case: table '{name}' is not a form"));
                return None;
            };
            let rows: Vec<BTreeMap<String, tables::CaseValue>> = rows
                .into_iter()
                .map(|row| row.into_iter().map(|(column, value)| (column, case_value(value))).collect())
                .collect();
            match tables::case_frame(form, &rows) {
                Ok(frame) => frames.insert(name, frame),
                Err(message) => {
                    self.fault(file, Some(place), format!("case: {message}"));
                    return None;
                }
            };
        }
        Some(Case::Tables(frames))
    }

    fn report(&mut self, written: ReportFile, programme: &Programme) -> ReportDefinition {
        let file = "report.toml";
        if !written.file_name.get_ref().contains("{year}") {
            self.fault_at(file, &written.file_name, "the file's name has no place '{year}'");
        }
        let mut sheets: Vec<Sheet> = Vec::new();
        for sheet in written.sheet {
            let name = sheet.name.get_ref();
            if name.chars().count() > 31 || name.contains(['[', ']', ':', '*', '?', '/', '\\']) || name.is_empty() {
                self.fault_at(file, &sheet.name, "a sheet's name has 1 to 31 characters and none of []:*?/\\");
            }
            if sheets.iter().any(|other| other.name.to_lowercase() == name.to_lowercase()) {
                self.fault_at(file, &sheet.name, format!("sheet '{name}' stands twice"));
            }
            let kind = match sheet.kind.get_ref().as_str() {
                "targets" => SheetKind::Targets,
                "submissions" => SheetKind::Submissions,
                "held" => SheetKind::Held,
                "findings" => SheetKind::Findings,
                "trace" => SheetKind::Trace,
                "table" => {
                    let Some(rows) = &sheet.rows else {
                        self.fault_at(file, &sheet.kind, "a table names the list of its rows: rows = \"…\"");
                        continue;
                    };
                    let columns = sheet.column.iter().filter_map(|c| self.table_column(c, rows, programme)).collect();
                    SheetKind::Table { rows: rows.get_ref().clone(), columns }
                }
                "listing" => {
                    let Some(listing) = &sheet.listing else {
                        self.fault_at(file, &sheet.kind, "a listing names its query: listing = \"…\"");
                        continue;
                    };
                    let path = format!("listings/{}.sql", listing.get_ref());
                    let Some(sql) = self.source.text(&path).map(str::to_owned) else {
                        self.fault_at(file, listing, format!("{path} is missing"));
                        continue;
                    };
                    let shown: Vec<&str> = sheet.columns.iter().map(|c| c.name.as_str()).chain(sheet.group.as_deref()).collect();
                    if let Err(message) = tables::try_listing(programme, &sql, &shown) {
                        self.fault(&path, None, message);
                    }
                    for list in sheet.columns.iter().filter_map(|c| c.list.as_ref()) {
                        if !programme.lists.contains_key(list.get_ref()) {
                            self.fault_at(file, list, format!("list '{}' is not in catalogue.toml", list.get_ref()));
                        }
                    }
                    let columns = sheet
                        .columns
                        .into_iter()
                        .map(|c| ListingColumn {
                            name: c.name,
                            heading: c.heading,
                            width: c.width,
                            list: c.list.map(Spanned::into_inner),
                            total: c.total,
                        })
                        .collect();
                    SheetKind::Listing { sql, group: sheet.group, columns }
                }
                other => {
                    let message = format!(
                        "kind '{other}': expected targets, table, listing, submissions, held, findings or trace"
                    );
                    self.fault_at(file, &sheet.kind, message);
                    continue;
                }
            };
            sheets.push(Sheet {
                name: sheet.name.into_inner(),
                clause: sheet.clause,
                title: sheet.title,
                unit: sheet.unit,
                kind,
            });
        }
        ReportDefinition { file_name: written.file_name.into_inner(), header: written.header, sheets }
    }

    fn table_column(
        &mut self,
        written: &TableColumnDefinition,
        rows: &Spanned<String>,
        programme: &Programme,
    ) -> Option<TableColumn> {
        let file = "report.toml";
        let Some(indicator) = programme.indicator(written.indicator.get_ref()) else {
            let message = format!("indicator '{}' is not in indicators.toml", written.indicator.get_ref());
            self.fault_at(file, &written.indicator, message);
            return None;
        };
        let keys = std::iter::once(rows.get_ref()).chain(written.each.as_ref().map(Spanned::get_ref)).chain(written.only.keys());
        for key in keys.filter(|key| !indicator.by.contains(key)) {
            let message = format!("indicator '{}' has no key '{key}', only {}", indicator.name, indicator.by.join(", "));
            self.fault_at(file, &written.indicator, message);
        }
        for (key, code) in &written.only {
            if !programme.codes_of(key).contains(&code.get_ref().as_str()) {
                self.fault_at(file, code, format!("'{}' is not a code of '{key}'", code.get_ref()));
            }
        }
        Some(TableColumn {
            group: written.group.clone(),
            heading: written.heading.clone().unwrap_or_else(|| indicator.title.vi.clone()),
            indicator: indicator.name.clone(),
            each: written.each.as_ref().map(|e| e.get_ref().clone()),
            total: written.total.clone(),
            only: written.only.iter().map(|(k, v)| (k.clone(), v.get_ref().clone())).collect(),
        })
    }
}

fn case_value(value: toml::Value) -> tables::CaseValue {
    match value {
        toml::Value::Integer(number) => tables::CaseValue::Integer(number),
        toml::Value::Boolean(flag) => tables::CaseValue::Flag(flag),
        toml::Value::String(text) => tables::CaseValue::Text(text),
        toml::Value::Datetime(date) => tables::CaseValue::Text(date.to_string()),
        _ => tables::CaseValue::Text("?".to_owned()),
    }
}

impl Deadline {
    /// The deadline of a year.
    pub fn of(&self, year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, self.month, self.day)
            .or_else(|| NaiveDate::default().with_year(year))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_programme_is_sound() {
        if let Err(errors) = Programme::default_programme() {
            panic!("{errors}");
        }
    }

    #[track_caller]
    fn says(path: &str, from: &str, to: &str, expected: &str) {
        let source = Source::default_programme();
        let text = source.text(path).unwrap().replacen(from, to, 1);
        assert_ne!(text, source.text(path).unwrap(), "nothing replaced");
        let errors = Programme::load(&source.with(path, text)).unwrap_err().to_string();
        assert!(errors.contains(expected), "{errors}");
    }

    #[test]
    fn a_fault_names_file_line_and_what_was_expected() {
        says("programme.toml", "first_year = 2021", "first_year = \"soon\"", "programme.toml:4: invalid type: string");
        says("forms/budget.toml", "list = \"source\"", "list = \"sauce\"", "list 'sauce' is not in catalogue.toml");
        says("forms/budget.toml", "type = \"money\"", "type = \"gold\"", "type 'gold' without a list: expected text");
        says("rules/cross.toml", "end_last < start", "end_last < begin", "rules/cross.toml:");
        says("rules/cross.toml", "columns = [\"start\", \"end\"]", "columns = [\"stop\"]", "column 'stop' is not");
        says("rules/cross.toml", "code = \"C001\"", "code = \"C1-HOLD\"", "expected one of S V C X H D P K T");
        says("indicators/club.sql".replace("club", "clubs_founded").as_str(), "AS value", "AS valu", "clubs_founded.sql");
        says("report.toml", "indicator = \"people_trained\"", "indicator = \"people\"", "indicator 'people' is not in");
        says("departments.toml", "role = \"focal\"", "role = \"boss\"", "unknown variant `boss`, expected one of");
        says("catalogue.toml", "parent = \"IV.1\"", "parent = \"IX.1\"", "parent 'IX.1' is not a code");
    }

    #[test]
    fn departments_are_known_by_any_of_their_names() {
        let programme = Programme::default_programme().unwrap();
        for (text, code) in [
            ("Sở Khoa học & Công nghệ", "SKHCN"),
            ("SỞ VH,TT&DL", "SVHTTDL"),
            ("Bao cao NSCL Sở LĐTBXH 2023.xlsx", "SLDTBXH"),
            ("SNNPTNT_2022.xlsx", "SNNPTNT"),
            ("Sở Văn hoá, Thể thao và Du lịch", "SVHTTDL"),
            ("so cong thuong", "SCT"),
        ] {
            let found: Vec<&str> = programme.departments_in(text).iter().map(|d| d.code.as_str()).collect();
            assert_eq!(found, [code], "{text}");
        }
        assert!(programme.departments_in("Sở Không Có Thật").is_empty());
    }

    #[test]
    fn texts_are_mapped_by_code_variant_or_the_longest_words() {
        let programme = Programme::default_programme().unwrap();
        let content = &programme.lists["content"];
        for (text, code) in [
            ("3a1", "3a1"),
            ("IV.3.b2", "3b2"),
            ("Áp dụng công cụ hỗ trợ sản xuất thông minh (ISO 56002:2019)", "3b5"),
            ("Thử nghiệm công nghệ sản xuất thông minh", "3a2"),
            ("Chứng nhận hệ thống quản lý HACCP", "3b2"),
            ("Hướng dẫn áp dụng HTQL", "3a1"),
            ("ap dung he thong truy xuat nguon goc", "3b1"),
        ] {
            assert_eq!(content.find(text).map(|m| m.code), Some(code), "{text}");
        }
        assert_eq!(content.find("Hỗ trợ khác"), None);
        assert_eq!(content.find_all("3a1; 3b2").len(), 2);
        assert_eq!(content.find_all("Áp dụng hệ thống quản lý, công cụ cải tiến NSCL").len(), 1);
        let task = &programme.lists["task"];
        for (text, code) in [("IV.4.đ", "IV.4.đ"), ("IV.4.d", "IV.4.d"), ("iv 4 e", "IV.4.e"), ("4.a", "IV.4.a")] {
            assert_eq!(task.find(text).map(|m| m.code), Some(code), "{text}");
        }
    }
}
