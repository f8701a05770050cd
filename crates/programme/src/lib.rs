//! A programme as it is written in `pipelines/`, and as it is meant: checked, with every reference resolved.
//!
//! What a plan fixes is data: tasks, lists, departments, forms, rules, indicators, the tables of the report.
//! [`Programme::load`] reads the files of one folder and either gives the programme or every fault found in
//! them, each with its file, its line and what was expected.

mod assignment;
mod case_table;
mod catalogue;
mod clause;
mod counting;
mod definition;
mod department;
mod document_header;
mod error;
mod example;
mod form;
mod heading;
mod letter;
mod lifetime;
mod list_text;
mod load;
mod occasion;
mod programme;
mod report;
mod rule;
mod settings;
mod source;
mod sql;
mod sql_reach;
pub mod tables;
mod text_reading;
mod trial;
mod view;
mod words;

pub use assignment::Assignment;
pub use catalogue::{CodeList, Entry, Match};
pub use clause::PlanClause;
pub use counting::{CountingChoice, CountingEffect};
pub use department::{Department, Role};
pub use document_header::{Header, LaterHeader};
pub use error::{DefinitionError, DefinitionErrors};
pub use example::{choice, is_short};
pub use form::{
    Column, ColumnType, Form, GrantColumns, IdentityColumns, Layout, PartyColumns, ReporterColumns,
    RunningCases,
};
pub use heading::{Concept, Explained, HeadingText, HeadingWords, has_sign};
pub use letter::{
    FigureParagraph, LetterFigure, LetterParagraph, LetterSpec, OccasionParagraph, RowParagraph,
    TargetParagraph, places,
};
pub use lifetime::Lifetime;
pub use list_text::TextMeaning;
pub use occasion::Occasion;
pub use programme::{
    CitedLaw, Deadline, Funding, FundingLists, Indicator, LegalBasis, Measure, OverlapClauses,
    Programme, Replacement, Target,
};
pub use report::{
    ComparedKeys, CoverLine, Feedback, ListingColumn, OtherReport, PlannedAndDone,
    ReportDefinition, Review, Screening, SheetKind, SheetSpec, TableColumn, Template,
};
pub use rule::{Case, Rule, RuleKind, Scope};
pub use settings::{Settings, SettingsError};
pub use source::{OfficeFile, Source};
pub use view::View;
pub use words::{SignatureWords, Words};
