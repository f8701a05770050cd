//! The files as they are written. Nothing here is believed yet: `load` checks it.

use crate::counting::CountingEffect;
use crate::department::Role;
use crate::document_header::Header;
use crate::form::{GrantColumns, IdentityColumns, Layout, ReporterColumns, RunningCases};
use crate::letter::LetterSpec;
use crate::occasion::Occasion;
use crate::programme::{Measure, OverlapClauses};
use crate::report::{
    ComparedKeys, Feedback, OtherReport, PlannedAndDone, Review, Screening, Template,
};
use crate::rule::Scope;
use crate::words::SignatureWords;
use model::{Check, Severity, Text};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammeFile {
    pub id: String,
    pub base: Option<Spanned<String>>,
    pub decision: String,
    pub first_year: i32,
    pub last_year: Spanned<i32>,
    pub focal_department: Spanned<String>,
    pub title: Text,
    pub deadline: Spanned<DeadlineDefinition>,
    #[serde(default)]
    pub target: Vec<TargetDefinition>,
    #[serde(default)]
    pub funding: Vec<FundingDefinition>,
    pub funding_lists: Option<FundingListsDefinition>,
    pub overlap: Option<OverlapClauses>,
    #[serde(default)]
    pub legal_basis: Vec<LegalBasisDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeadlineDefinition {
    pub month: u32,
    pub day: u32,
    pub clause: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetDefinition {
    pub id: Spanned<String>,
    pub clause: String,
    pub indicator: Spanned<String>,
    pub from: i32,
    pub to: Spanned<i32>,
    pub at_least: i64,
    #[serde(default)]
    pub about: bool,
    pub title: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FundingDefinition {
    pub source: Spanned<String>,
    pub clause: String,
    pub tasks: Vec<Spanned<String>>,
}

/// The lists that the codes in `funding` come from.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FundingListsDefinition {
    pub source: Spanned<String>,
    pub task: Spanned<String>,
    #[serde(default)]
    pub unsaid: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LegalBasisDefinition {
    pub number: String,
    pub clause: String,
    pub title: String,
    pub issued_on: Option<Spanned<Datetime>>,
    pub in_force_from: Option<Spanned<Datetime>>,
    pub in_force_to: Option<Spanned<Datetime>>,
    pub to_confirm: Option<String>,
    #[serde(default)]
    pub amended_by: Vec<ReplacementDefinition>,
    pub replaced_by: Option<ReplacementDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplacementDefinition {
    pub number: String,
    pub on: Spanned<Datetime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DepartmentsFile {
    pub department: Vec<DepartmentDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DepartmentDefinition {
    pub code: Spanned<String>,
    pub name: String,
    pub short: String,
    pub role: Role,
    pub clause: String,
    #[serde(default)]
    pub names: Vec<Spanned<String>>,
    pub valid_from: Spanned<Datetime>,
    pub valid_to: Option<Spanned<Datetime>>,
    pub successor: Option<Spanned<String>>,
    #[serde(default)]
    pub split_into: Vec<Spanned<String>>,
    #[serde(default)]
    pub reports_by_unit: bool,
    #[serde(default)]
    pub is_several: bool,
    pub to_confirm: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CatalogueFile {
    pub list: Vec<ListDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClausesFile {
    pub clause: Vec<ClauseDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClauseDefinition {
    pub code: Spanned<String>,
    pub text: String,
    #[serde(default)]
    pub held: Vec<Spanned<String>>,
    #[serde(default)]
    pub forms: Vec<Spanned<String>>,
    #[serde(default)]
    pub rules: Vec<Spanned<String>>,
    #[serde(default)]
    pub sheets: Vec<Spanned<String>>,
    #[serde(default)]
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssignmentFile {
    pub assignment: Vec<AssignmentDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssignmentDefinition {
    pub number: i64,
    pub task: Spanned<String>,
    pub clause: String,
    pub leads: Vec<Spanned<String>>,
    #[serde(default)]
    pub helpers: Vec<Spanned<String>>,
    #[serde(default)]
    pub helpers_clause: String,
    #[serde(default)]
    pub ground: Vec<String>,
}

/// What an office lays over the lists of its programme.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CatalogueLayer {
    pub list: Vec<ListLayer>,
}

/// Entries of one list: each replaces the one of its code, or comes after the others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListLayer {
    pub name: Spanned<String>,
    pub entry: Vec<EntryDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListDefinition {
    pub name: Spanned<String>,
    pub title: Text,
    pub clause: String,
    pub unclassified: Option<String>,
    pub parent_list: Option<Spanned<String>>,
    /// Words by the name of their group, which readings refer to.
    #[serde(default)]
    pub groups: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub reading: Vec<Spanned<ReadingDefinition>>,
    pub entry: Vec<EntryDefinition>,
}

/// How a free text tells codes of the list; see `text_reading.rs`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadingDefinition {
    /// The codes that are told; none for something else than the list has.
    pub codes: Vec<String>,
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(default)]
    pub tools: Vec<String>,
    /// Names of groups.
    #[serde(default)]
    pub with: Vec<String>,
    #[serde(default)]
    pub without: Vec<String>,
    #[serde(default)]
    pub weak: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntryDefinition {
    pub code: Spanned<String>,
    pub clause: String,
    pub title: Text,
    pub parent: Option<Spanned<String>>,
    #[serde(default)]
    pub variants: Vec<Spanned<String>>,
    #[serde(default)]
    pub keywords: Vec<Spanned<String>>,
    #[serde(default)]
    pub only_counted: bool,
    pub valid_from: Option<Spanned<Datetime>>,
    pub valid_to: Option<Spanned<Datetime>>,
    pub successor: Option<Spanned<String>>,
    #[serde(default)]
    pub split_into: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormFile {
    pub code: Spanned<String>,
    pub sheet: String,
    pub layout: Layout,
    pub title: Text,
    pub clause: String,
    #[serde(default)]
    pub names: Vec<String>,
    pub key: Vec<Spanned<String>>,
    #[serde(default)]
    pub own_workbook: bool,
    pub party: Option<PartyDefinition>,
    pub grant: Option<Spanned<GrantColumns>>,
    pub identity: Option<Spanned<IdentityColumns>>,
    pub running: Option<Spanned<RunningCases>>,
    pub reporter: Option<Spanned<ReporterColumns>>,
    pub columns: Vec<ColumnDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartyDefinition {
    pub name: Spanned<String>,
    pub tax_code: Option<Spanned<String>>,
    pub district: Option<Spanned<String>>,
    pub address: Option<Spanned<String>>,
    pub phone: Option<Spanned<String>>,
    pub representative: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColumnDefinition {
    pub name: Spanned<String>,
    #[serde(default)]
    pub formerly: Vec<Spanned<String>>,
    pub heading: Spanned<String>,
    pub concept: Option<Spanned<String>>,
    #[serde(rename = "type")]
    pub kind: Spanned<String>,
    pub list: Option<Spanned<String>>,
    #[serde(default)]
    pub open: bool,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub personal: bool,
    #[serde(default)]
    pub synonyms: Vec<Spanned<String>>,
    #[serde(default)]
    pub later: Vec<LaterHeadingDefinition>,
}

/// The heading in blank workbooks for periods that end on a day or after it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LaterHeadingDefinition {
    pub from: Spanned<Datetime>,
    pub heading: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeadingsFile {
    #[serde(default)]
    pub fillers: Vec<String>,
    #[serde(default)]
    pub abbreviations: BTreeMap<String, String>,
    #[serde(default)]
    pub other: Vec<String>,
    #[serde(default)]
    pub changing: Vec<String>,
    #[serde(default)]
    pub money: Vec<String>,
    #[serde(default)]
    pub concept: Vec<ConceptDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConceptDefinition {
    pub name: Spanned<String>,
    pub names: Vec<String>,
    #[serde(default)]
    pub fillers: Vec<String>,
    #[serde(default)]
    pub funds: bool,
    pub until: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RulesFile {
    pub rule: Vec<RuleDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleDefinition {
    pub code: Spanned<String>,
    pub name: String,
    pub severity: Severity,
    pub clause: Spanned<String>,
    pub valid_from: Spanned<Datetime>,
    pub valid_to: Option<Spanned<Datetime>>,
    pub check: Option<Spanned<Check>>,
    #[serde(rename = "where")]
    pub predicate: Option<Spanned<String>>,
    pub select: Option<Spanned<String>>,
    pub choice: Option<Spanned<String>>,
    #[serde(default)]
    pub forms: Vec<Spanned<String>>,
    #[serde(default)]
    pub columns: Vec<Spanned<String>>,
    #[serde(default)]
    pub scope: Scope,
    pub title: Text,
    pub message: Text,
    #[serde(default)]
    pub hint: Text,
    pub advice: Text,
    pub pass: Spanned<CaseDefinition>,
    pub fail: Spanned<CaseDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CountsWhenFile {
    pub choice: Vec<ChoiceDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChoiceDefinition {
    pub id: Spanned<String>,
    #[serde(default)]
    pub forms: Vec<Spanned<String>>,
    pub clause: Spanned<String>,
    #[serde(rename = "where")]
    pub predicate: Option<Spanned<String>>,
    pub select: Option<Spanned<String>>,
    pub column: Option<Spanned<String>>,
    pub effect: CountingEffect,
    #[serde(default)]
    pub money: Vec<Spanned<String>>,
    pub title: Text,
    pub reason: Text,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum CaseDefinition {
    Workbook(String),
    Tables(BTreeMap<String, Vec<toml::Table>>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndicatorsFile {
    pub indicator: Vec<IndicatorDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndicatorDefinition {
    pub name: Spanned<String>,
    pub title: Text,
    pub clause: String,
    pub unit: String,
    pub measure: Measure,
    pub by: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WordsFile {
    #[serde(default)]
    pub words: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub signatures: Option<SignatureWords>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportFile {
    pub file_name: Spanned<String>,
    #[serde(default)]
    pub under_today_suffix: String,
    #[serde(default)]
    pub final_report: Option<Spanned<OtherReport>>,
    #[serde(default)]
    pub quarter_report: Option<Spanned<OtherReport>>,
    #[serde(default)]
    pub on_demand_report: Option<Spanned<OtherReport>>,
    pub header: Header,
    #[serde(default)]
    pub cover: Option<CoverDefinition>,
    #[serde(default)]
    pub letter: Option<LetterSpec>,
    #[serde(default)]
    pub further_letter: Vec<LetterSpec>,
    pub feedback: Feedback,
    pub review: Review,
    pub screening: Screening,
    pub template: Template,
    pub sheet: Vec<SheetDefinition>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CoverDefinition {
    #[serde(default)]
    pub line: Vec<CoverLineDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CoverLineDefinition {
    pub label: String,
    pub indicator: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SheetDefinition {
    pub name: Spanned<String>,
    pub kind: Spanned<String>,
    pub clause: String,
    pub title: String,
    pub unit: Option<String>,
    pub rows: Option<Spanned<String>>,
    #[serde(default)]
    pub column: Vec<TableColumnDefinition>,
    pub listing: Option<Spanned<String>>,
    #[serde(default)]
    pub numbered: bool,
    #[serde(default)]
    pub headline: Vec<Spanned<String>>,
    #[serde(default)]
    pub done: Vec<Spanned<PlannedAndDone>>,
    #[serde(default)]
    pub changes: Vec<Spanned<ComparedKeys>>,
    #[serde(default)]
    pub totals: Vec<Spanned<String>>,
    pub only: Option<Occasion>,
    pub group: Option<String>,
    #[serde(default)]
    pub columns: Vec<ListingColumnDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableColumnDefinition {
    pub group: Option<String>,
    pub heading: Option<String>,
    pub indicator: Spanned<String>,
    pub each: Option<Spanned<String>>,
    pub total: Option<String>,
    pub over: Option<Spanned<String>>,
    pub per: Option<Spanned<String>>,
    #[serde(default, rename = "where")]
    pub only: BTreeMap<String, Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListingColumnDefinition {
    pub name: String,
    pub heading: String,
    pub width: u16,
    pub list: Option<Spanned<String>>,
    #[serde(default)]
    pub total: bool,
}
