use crate::assignment::Assignment;
use crate::catalogue::CodeList;
use crate::clause::PlanClause;
use crate::counting::CountingChoice;
use crate::department::Department;
use crate::form::{Column, ColumnType, Form};
use crate::heading::HeadingWords;
use crate::lifetime::Lifetime;
use crate::report::ReportDefinition;
use crate::rule::{Rule, RuleKind};
use crate::source::OfficeFile;
use crate::view::View;
use crate::words::{SignatureWords, Words};
use chrono::{Datelike, NaiveDate};
use model::{Check, Finding, Linkage, ProgrammeHash, Severity, Text};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
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
    /// The lists that the codes of `funding` come from.
    pub funding_lists: FundingLists,
    /// The clauses that overlaps of support are shown with.
    pub overlap: OverlapClauses,
    /// The instruments the plan stands on.
    pub legal_basis: Vec<LegalBasis>,
    /// The registry of departments.
    pub departments: Vec<Department>,
    /// Who leads which task, in the plan's order.
    pub assignments: Vec<Assignment>,
    /// The plan clause by clause, if the programme has it so.
    pub clauses: Vec<PlanClause>,
    /// The lists of codes, by name.
    pub lists: BTreeMap<String, CodeList>,
    /// The forms, by code.
    pub forms: BTreeMap<String, Form>,
    /// The lists of other programmes that support is checked against, by code (III.2.b, VI.2.b).
    pub registers: BTreeMap<String, Form>,
    /// The rules, by code.
    pub rules: BTreeMap<String, Rule>,
    /// What the plan leaves open of what counts, and how it is decided, in the order they are written.
    pub choices: Vec<CountingChoice>,
    /// The queries that rules, indicators and listings read as tables, each after those it reads itself.
    pub views: Vec<View>,
    /// The indicators, in the order they are written.
    pub indicators: Vec<Indicator>,
    /// The annual report.
    pub report: ReportDefinition,
    /// The words that no sheet's own definition gives.
    pub words: Words,
    /// The words by which headings are understood.
    pub heading_words: HeadingWords,
    /// How senders sign.
    pub signatures: SignatureWords,
    /// What matching enterprises knows and weighs.
    pub linkage: Linkage,
    /// SHA-256 of the files it was read from.
    pub hash: ProgrammeHash,
    /// The files that the office laid over the programme's own, by name.
    pub office_files: Vec<OfficeFile>,
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

/// The lists of sources and of tasks, and the words that name the state's money without saying which source it is.
#[derive(Debug, Clone, Default)]
pub struct FundingLists {
    /// The list of sources.
    pub source: String,
    /// The list of tasks.
    pub task: String,
    /// Folded texts, as 'ngan sach nha nuoc': the plan's lists of tasks decide.
    pub unsaid: BTreeSet<String>,
}

/// The clauses that say what becomes of support that overlaps with other support.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverlapClauses {
    /// Support of several programmes that goes together (III.1.b).
    pub combined: String,
    /// The same support given twice, and the question whether it is (III.2.b, VI.2.b).
    pub duplicate: String,
}

/// An instrument the plan stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalBasis {
    /// Its number.
    pub number: String,
    /// The clause that names it.
    pub clause: String,
    /// What it is about.
    pub title: String,
    /// When it was issued.
    pub issued_on: Option<NaiveDate>,
    /// When it came into force, if that is known apart.
    pub in_force_from: Option<NaiveDate>,
    /// Its last day in force, if it ended without anything in its place.
    pub in_force_to: Option<NaiveDate>,
    /// What of it no source at hand tells, for the office to confirm: it is printed beside it.
    pub to_confirm: Option<String>,
    /// What amended it.
    pub amended_by: Vec<Replacement>,
    /// What replaced it.
    pub replaced_by: Option<Replacement>,
}

/// An instrument as it is cited on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitedLaw<'p> {
    /// The instrument.
    pub law: &'p LegalBasis,
    /// The numbers of those among the plan's instruments that it has replaced by then.
    pub replaces: Vec<&'p str>,
}

/// An instrument that amended or replaced another.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// The source of the state's money for a task, by the plan's lists; none for a task on no list.
    pub fn source_of_task(&self, task: &str) -> Option<&str> {
        let mut funding = self.funding.iter();
        funding
            .find(|funding| funding.tasks.iter().any(|known| known == task))
            .map(|funding| funding.source.as_str())
    }

    /// The years of its period.
    pub fn years(&self) -> RangeInclusive<i32> {
        self.first_year..=self.last_year
    }

    /// The same programme with other programmes' lists in place of its forms: what reads a register.
    pub fn of_registers(&self) -> Self {
        Self {
            forms: self.registers.clone(),
            ..self.clone()
        }
    }

    /// The same programme with every list of support among its forms, asking no more than who it is about: what reads
    /// nominees (VI.2.c, VI.4.b).
    pub fn of_nominees(&self) -> Self {
        let lists = self
            .forms
            .iter()
            .filter(|(_, form)| form.grant.is_some())
            .chain(&self.registers);
        let forms = lists
            .map(|(code, form)| (code.clone(), form.asking_only_who()))
            .collect();
        Self {
            forms,
            ..self.clone()
        }
    }

    /// The form of that code.
    pub fn form(&self, code: &str) -> Option<&Form> {
        self.forms.get(code)
    }

    /// The choice of that name.
    pub fn choice(&self, id: &str) -> Option<&CountingChoice> {
        self.choices.iter().find(|choice| choice.id == id)
    }

    /// The indicator of that name.
    pub fn indicator(&self, name: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|i| i.name == name)
    }

    /// The department of that code.
    pub fn department(&self, code: &str) -> Option<&Department> {
        self.departments.iter().find(|d| d.code == code)
    }

    /// What is in force on a day of the instruments the plan stands on, in their order (the plan's closing note): what is issued
    /// later or has ended is not cited, and what was replaced is cited only while its successor is not among them.
    pub fn laws_on(&self, day: NaiveDate) -> Vec<CitedLaw<'_>> {
        let replaced_by = |law: &LegalBasis| {
            let replacement = law.replaced_by.as_ref().filter(|it| it.on <= day)?;
            Some(replacement.number.clone())
        };
        let is_cited = |law: &&LegalBasis| {
            let first = law.in_force_from.or(law.issued_on);
            first.is_none_or(|first| first <= day)
                && law.in_force_to.is_none_or(|last| day <= last)
                && replaced_by(law)
                    .is_none_or(|number| self.legal_basis.iter().all(|it| it.number != number))
        };
        let cited = self.legal_basis.iter().filter(is_cited);
        let with_replaced = cited.map(|law| CitedLaw {
            law,
            replaces: self
                .legal_basis
                .iter()
                .filter(|other| replaced_by(other).as_ref() == Some(&law.number))
                .map(|other| other.number.as_str())
                .collect(),
        });
        with_replaced.collect()
    }

    /// The office's own file of that name that is laid over the programme's, if there is one.
    pub fn office_file(&self, name: &str) -> Option<&OfficeFile> {
        self.office_files.iter().find(|file| file.name == name)
    }

    /// A department and all that it was merged into or split into, whenever that was.
    pub(crate) fn with_successors<'p>(&'p self, code: &'p str) -> BTreeSet<&'p str> {
        let mut all = BTreeSet::new();
        let mut next = vec![code];
        while let Some(code) = next.pop() {
            if all.insert(code)
                && let Some(department) = self.department(code)
            {
                next.extend(department.life.successors.iter().map(String::as_str));
            }
        }
        all
    }

    /// The departments named in a text: by the longest name found in it, whole words only, marks or none.
    ///
    /// More than one only if names of equal length stand in it.
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

    /// Whether what a finding is about does not count: it holds, or tells of a row that is there already.
    pub fn is_holding(&self, finding: &Finding) -> bool {
        let leaves_out = |rule: &Rule| match rule.kind {
            RuleKind::Reader(check) => check.leaves_out_row(),
            RuleKind::Where(_) | RuleKind::Select(_) => false,
        };
        finding.severity == Severity::Hold || self.rules.get(&finding.code).is_some_and(leaves_out)
    }

    /// The rule that answers a check of the reader for a form's column: one that names the column before one
    /// that does not.
    pub fn rule_for(
        &self,
        check: Check,
        form: Option<&str>,
        column: Option<&str>,
    ) -> Option<&Rule> {
        self.rules
            .values()
            .filter(|rule| rule.kind == RuleKind::Reader(check))
            .filter(|rule| {
                rule.forms.is_empty()
                    || form.is_some_and(|form| rule.forms.iter().any(|f| f == form))
            })
            .filter(|rule| {
                rule.columns.is_empty()
                    || column.is_some_and(|column| rule.columns.iter().any(|c| c == column))
            })
            .max_by_key(|rule| {
                (
                    !rule.columns.is_empty(),
                    !rule.forms.is_empty(),
                    std::cmp::Reverse(&rule.code),
                )
            })
    }

    /// The title of a key's code: a department's name or the entry of the list that the key names.
    pub fn title_of<'a>(&'a self, key: &str, code: &'a str, lang: &str) -> &'a str {
        if key == "department" {
            return self.department(code).map_or(code, |d| &d.name);
        }
        self.lists
            .get(key)
            .map_or(code, |list| list.title_of(code, lang))
    }

    /// The code that stands for another on a day: of what was merged or renamed by then its successor's. What was
    /// split keeps its own, since nobody can say which part a figure belongs to.
    pub fn code_on<'a>(&'a self, key: &str, code: &'a str, day: NaiveDate) -> &'a str {
        let mut current = code;
        while let Some(next) = self
            .lifetime(key, current)
            .and_then(|life| life.successor_by(day))
        {
            current = next;
        }
        current
    }

    /// Whether a column holds money that reports add up: not what an enterprise turns over, and not what a whole contract is
    /// worth. A column of money without a concept does.
    pub fn is_funds(&self, column: &Column) -> bool {
        let concept = column.concept.as_ref();
        let concept = concept.and_then(|name| self.heading_words.concept(name));
        column.kind == ColumnType::Money && concept.is_none_or(|concept| concept.funds)
    }

    /// How long a code of a key exists.
    pub fn lifetime(&self, key: &str, code: &str) -> Option<&Lifetime> {
        if key == "department" {
            return self.department(code).map(|department| &department.life);
        }
        self.lists.get(key)?.entry(code).map(|entry| &entry.life)
    }

    /// The codes of a key, in the plan's order: the departments, or the entries of a list.
    pub fn codes_of(&self, key: &str) -> Vec<&str> {
        if key == "department" {
            return self.departments.iter().map(|d| d.code.as_str()).collect();
        }
        self.lists
            .get(key)
            .map(|l| l.entries.iter().map(|e| e.code.as_str()).collect())
            .unwrap_or_default()
    }
}

impl Deadline {
    /// The day in a year before which its reports come.
    pub fn in_year(&self, year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, self.month, self.day)
            .or_else(|| NaiveDate::default().with_year(year))
            .unwrap_or_default()
    }
}
