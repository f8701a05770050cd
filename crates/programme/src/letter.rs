//! The covering reports in words (NĐ 30/2020/NĐ-CP): what they say, and how that follows the figures.

use crate::document_header::Header;
use crate::occasion::Occasion;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A covering report. Places in braces are filled: `{year}`, `{from}`, `{period}`, `{as_of}`, `{reported}`, `{expected}`,
/// `{held}` …, the name of any indicator for its total, and that of any of its figures. What stands in double square brackets is for the officer to write,
/// and marked. A paragraph that begins with '# ' is a heading, with '## ' one below it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterSpec {
    /// What is put behind the name of the report's file, for a letter beside the first.
    #[serde(default)]
    pub file_suffix: String,
    /// Whom it is addressed to.
    pub addressee: String,
    /// The body that writes it, if that is not the one that makes the report: the letter is a draft for that body.
    #[serde(default)]
    pub header: Option<Header>,
    /// What it begins with.
    #[serde(default)]
    pub opening: Vec<LetterParagraph>,
    /// What it says; a letter beside the first that says nothing of its own says the same as the first.
    #[serde(default)]
    pub paragraphs: Vec<LetterParagraph>,
    /// What it ends with.
    #[serde(default)]
    pub closing: Vec<LetterParagraph>,
    /// The paragraph after which the table of targets stands, from 1.
    #[serde(default)]
    pub targets_after: usize,
    /// Figures that paragraphs speak of beside the totals of indicators.
    #[serde(default)]
    pub figures: Vec<LetterFigure>,
}

/// A figure under the name of a place.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterFigure {
    /// The place.
    pub place: String,
    /// The indicator.
    pub indicator: String,
    /// The keys it is narrowed to.
    #[serde(default, rename = "where")]
    pub only: BTreeMap<String, String>,
    /// The indicator whose total it is a share of.
    pub over: Option<String>,
    /// The indicator by whose total it is divided: money for an enterprise.
    pub per: Option<String>,
    /// Whether it is the total of the year before.
    #[serde(default)]
    pub before: bool,
}

/// A paragraph, or paragraphs that follow the figures.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum LetterParagraph {
    /// It always stands.
    Text(String),
    /// It says something else where there is nothing.
    OfFigure(FigureParagraph),
    /// One for each target.
    OfTargets(TargetParagraph),
    /// One for each row of a listing.
    OfRows(RowParagraph),
    /// It stands in some reports only.
    Only(OccasionParagraph),
}

/// What is said of a figure.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureParagraph {
    /// The figure's place, or an indicator.
    pub of: String,
    /// If there is some.
    pub some: String,
    /// If all that are asked have reported that there is none.
    pub none: String,
    /// If there is none in what has come, and not all have reported.
    pub without: String,
}

/// What is said of each target, with places `{target}`, `{to_reach}`, `{count}`, `{share}` and `{span}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetParagraph {
    /// If it is reached.
    pub met: String,
    /// If it is not reached and its years go on.
    pub under_way: String,
    /// If its years are over and it is not reached.
    pub not_met: String,
    /// If nothing of anyone counts for any of its years.
    pub without: String,
}

/// What is said of each row of a listing, with places for its columns.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowParagraph {
    /// The sheet of the listing.
    pub listing: String,
    /// The text of a row; a row whose first place is blank is left out.
    pub text: String,
    /// The column whose values are put together where rows say the same but for it: ten departments name one difficulty.
    pub join: Option<String>,
    /// The column whose equal values stand together.
    pub group: Option<String>,
    /// The text before those of each group that is not blank.
    #[serde(default)]
    pub group_text: String,
    /// If there is no row.
    pub none: String,
    /// At most so many rows.
    pub most: usize,
    /// What is said of those beyond, with a place `{count}`.
    pub more: String,
}

/// What stands in some reports only.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OccasionParagraph {
    /// The text.
    pub text: String,
    /// The reports.
    pub only: Vec<Occasion>,
}

impl LetterParagraph {
    /// Its texts whose places are the letter's own, not those of a row or a target.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(text) | Self::Only(OccasionParagraph { text, .. }) => vec![text],
            Self::OfFigure(it) => vec![&it.some, &it.none, &it.without],
            Self::OfTargets(_) => Vec::new(),
            Self::OfRows(it) => vec![&it.none],
        }
    }
}

impl LetterSpec {
    /// All that it says of its own.
    pub fn all(&self) -> impl Iterator<Item = &LetterParagraph> {
        let parts = [&self.opening, &self.paragraphs, &self.closing];
        parts.into_iter().flatten()
    }
}

/// The names of the places in a text: what stands in braces.
pub fn places(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
}
