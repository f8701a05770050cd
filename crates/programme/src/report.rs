use crate::document_header::Header;
use crate::letter::LetterSpec;
use crate::occasion::Occasion;
use model::PartOfYear;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the annual report consists of.
#[derive(Debug, Clone)]
pub struct ReportDefinition {
    /// The file's name, with `{year}`.
    pub file_name: String,
    /// What the name of a file ends in whose figures stand under the departments and districts of its day.
    pub under_today_suffix: String,
    /// What is different in reports that are not on a whole year: on the whole period (VI.1.đ), on the year up to a quarter,
    /// or up to a day (VI.1.d).
    pub others: BTreeMap<Occasion, OtherReport>,
    /// The head of the first page.
    pub header: Header,
    /// The figures on the first page.
    pub cover: Vec<CoverLine>,
    /// The covering reports in words: the one that goes with the report, and drafts for other bodies.
    pub letters: Vec<LetterSpec>,
    /// What goes back to a sender.
    pub feedback: Feedback,
    /// The workbook of questions for a person.
    pub review: Review,
    /// The result of looking nominees up before they are granted support.
    pub screening: Screening,
    /// The blank workbook of a department.
    pub template: Template,
    /// The sheets, in order.
    pub sheets: Vec<SheetSpec>,
}

/// A line of the first page: the total of an indicator under a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverLine {
    /// What it is called.
    pub label: String,
    /// The indicator, which the programme has.
    pub indicator: String,
}

/// What is different in a report that is not on a whole year, with `{year}` for its last year, `{from}` for its first,
/// `{quarter}` for its quarter in Roman figures and `{date}` for its last day; in the name of its file the quarter and the day
/// stand in Arabic ones.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherReport {
    /// The file's name.
    pub file_name: String,
    /// The kind of document.
    pub title: String,
    /// The clause that asks for it.
    pub clause: String,
}

/// What goes back to a sender whose workbook has something to mend. The texts have places `{department}`,
/// `{department_name}`, `{period}`, `{file}`, `{to_mend}` and `{noticed}`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// The name of its first sheet; a sheet of this name in a workbook that comes in is ours, and not read.
    pub sheet: String,
    /// The name of its files, without ending.
    pub file_name: String,
    /// The title on the sheet.
    pub title: String,
    /// What the sender should do.
    pub intro: String,
    /// A covering text to paste into a message.
    pub letter: String,
    /// A text to a department of which nothing stands, with places `{department_name}`, `{period}`, `{deadline}`,
    /// `{decision}` and `{clause}`.
    pub reminder: String,
}

/// The workbook of questions for a person.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The sheet of what must be decided.
    pub questions_sheet: String,
    /// The sheet of what was taken for one enterprise without a person's word.
    pub joined_sheet: String,
    /// The sheet of headings that do not say which column they are. One from before there was such a sheet has none.
    #[serde(default)]
    pub headings_sheet: String,
    /// The sheet of forms that would take something of what was sent before away; likewise.
    #[serde(default)]
    pub replacements_sheet: String,
    /// The sheet of amounts far out of their kind; likewise.
    #[serde(default)]
    pub amounts_sheet: String,
}

/// The result of looking nominees up before they are granted support (III.2.b, VI.2.b).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screening {
    /// The name of its file, with a place `{file}` for that of the list.
    pub file_name: String,
    /// The title on its sheets.
    pub title: String,
    /// The sheet with a line for each nominee.
    pub nominees_sheet: String,
    /// The sheet with all support that nominees have had.
    pub support_sheet: String,
}

/// The blank workbook of a department.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// The name of its files, without ending, with places `{department}` and `{period}`.
    pub file_name: String,
    /// The body above the department, for the head of each sheet.
    pub parent: String,
    /// The unit of money.
    pub unit: String,
    /// How many đồng that unit is, at least 1: amounts that are carried over are written in it.
    #[serde(default)]
    pub unit_dong: u32,
    /// The sheet with the values of the dropdowns.
    pub list_sheet: String,
    /// What stands for a number in the row of examples: a row so marked is never data.
    pub example_mark: String,
    /// What is said of that row.
    pub example_note: String,
    /// How many rows may be filled in.
    pub rows: u32,
}

impl ReportDefinition {
    /// The name of the file of a report on a year or a part of it, or on the whole period up to a year.
    pub fn file_name(
        &self,
        year: i32,
        occasion: Occasion,
        part: PartOfYear,
        under_today: bool,
    ) -> String {
        let other = self.others.get(&occasion);
        let name = other.map_or(&self.file_name, |other| &other.file_name);
        let (quarter, date) = match part {
            PartOfYear::Whole => (String::new(), String::new()),
            PartOfYear::Quarter(quarter) => (quarter.to_string(), String::new()),
            PartOfYear::Until(day) => (String::new(), day.to_string()),
        };
        let name = name
            .replace("{year}", &year.to_string())
            .replace("{quarter}", &quarter)
            .replace("{date}", &date);
        match name.rsplit_once('.') {
            Some((stem, ending)) if under_today => {
                format!("{stem}{}.{ending}", self.under_today_suffix)
            }
            _ => name,
        }
    }

    /// Whether a sheet of this folded name was put into a workbook by us.
    pub fn is_ours(&self, folded: &str) -> bool {
        let review = [
            &self.review.questions_sheet,
            &self.review.joined_sheet,
            &self.review.headings_sheet,
            &self.review.replacements_sheet,
            &self.review.amounts_sheet,
        ];
        [&self.feedback.sheet, &self.template.list_sheet]
            .into_iter()
            .chain(review)
            .any(|name| !name.is_empty() && vietext::fold(name) == folded)
    }
}

/// A sheet of the report.
#[derive(Debug, Clone)]
pub struct SheetSpec {
    /// Its name, at most 31 characters.
    pub name: String,
    /// The clause it answers.
    pub clause: String,
    /// The title on the sheet.
    pub title: String,
    /// What its numbers count, as it is printed above the table.
    pub unit: Option<String>,
    /// The report it stands in, if it stands in one only.
    pub only: Option<Occasion>,
    /// What it shows.
    pub kind: SheetKind,
}

/// What a sheet shows.
#[derive(Debug, Clone)]
pub enum SheetKind {
    /// How far each target of the plan is reached, what is uncertain, and the headline figures, on one printed page.
    Summary {
        /// The indicators whose totals stand at the head.
        headline: Vec<String>,
    },
    /// The period beside the year before and the whole period, and the largest changes.
    Overview {
        /// The indicators whose totals are compared.
        totals: Vec<String>,
        /// In what the largest changes are sought.
        changes: Vec<ComparedKeys>,
    },
    /// Year beside year: the targets, what was done against the year plans, and the totals of indicators.
    Years {
        /// What is compared.
        done: Vec<PlannedAndDone>,
        /// The indicators whose totals stand beside each other.
        totals: Vec<String>,
    },
    /// Figures: a row for each code of a list, a column for each narrowed indicator.
    Table {
        /// The list whose codes are the rows, and the key of the indicators they are found by.
        rows: String,
        /// The columns.
        columns: Vec<TableColumn>,
        /// Whether the rows are numbered, if their codes say nothing to a reader.
        numbered: bool,
    },
    /// The rows that a query gives.
    Listing {
        /// The query's name, and that of its file in `listings/`.
        query: String,
        /// The query's SQL.
        sql: String,
        /// The column whose equal values are numbered and banded together.
        group: Option<String>,
        /// The columns shown.
        columns: Vec<ListingColumn>,
    },
    /// Who reported, and when.
    Submissions,
    /// The rows that are held.
    Held,
    /// What is chosen where the plan leaves open what counts.
    Counting,
    /// Support that overlaps with other support, and the registers it was compared with.
    Overlaps,
    /// What was found.
    Findings,
    /// What changed since the report was issued last.
    Restatement,
    /// From each figure to its cells.
    Trace,
}

/// A column, or a run of columns, of a table of figures.
#[derive(Debug, Clone)]
pub struct TableColumn {
    /// The heading above its heading.
    pub group: Option<String>,
    /// Its heading; the codes' titles if there is one for each.
    pub heading: String,
    /// The indicator.
    pub indicator: String,
    /// The list, and key of the indicator, of which each code gets a column.
    pub each: Option<String>,
    /// The heading of a column that adds up the run.
    pub total: Option<String>,
    /// The indicator it is a share of: the column shows the one divided by the other.
    pub over: Option<String>,
    /// The indicator by which it is divided, to whole units: money for an enterprise.
    pub per: Option<String>,
    /// The keys it is narrowed to.
    pub only: BTreeMap<String, String>,
}

/// What was planned for a year, and what was done.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedAndDone {
    /// What it is called.
    pub heading: String,
    /// The indicator of what was planned.
    pub planned: String,
    /// The indicator of what was done.
    pub done: String,
}

/// In what changes of an indicator are sought, and what they are made of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparedKeys {
    /// The indicator.
    pub indicator: String,
    /// The key whose codes are compared.
    pub by: String,
    /// The key whose codes say what a change is made of.
    pub why: String,
}

/// A column of a listing.
#[derive(Debug, Clone)]
pub struct ListingColumn {
    /// The query's column.
    pub name: String,
    /// Its heading.
    pub heading: String,
    /// Its width in characters.
    pub width: u16,
    /// The list whose titles are shown for the codes.
    pub list: Option<String>,
    /// Whether it is added up below.
    pub total: bool,
}
