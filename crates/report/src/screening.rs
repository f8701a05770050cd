use crate::ReportError;
use crate::input::GrantSide;
use crate::paper::{Heading, Look, Paper};
use crate::style::Styles;
use crate::xlsx::{XlsxPage, begin};
use chrono::{DateTime, FixedOffset};
use programme::Programme;
use std::collections::BTreeMap;

/// Nominees, and what is known of them.
#[derive(Debug)]
pub struct ScreeningInput<'a> {
    /// The programme.
    pub programme: &'a Programme,
    /// The list's name.
    pub file_name: &'a str,
    /// When they were looked up.
    pub at: DateTime<FixedOffset>,
    /// How many there are of each result, by its name.
    pub counts: &'a BTreeMap<&'static str, usize>,
    /// The nominees, in their order.
    pub nominees: Vec<NomineeRow>,
}

/// A nominee.
#[derive(Debug)]
pub struct NomineeRow {
    /// Its name.
    pub name: String,
    /// Its tax code.
    pub tax_code: String,
    /// Its address or district.
    pub address: String,
    /// What is asked for.
    pub asks: GrantSide,
    /// The result's name in code: `clear`, `combined`, `ask` or `duplicate`.
    pub result: &'static str,
    /// What is known of it.
    pub relations: Vec<RelationRow>,
}

/// Support that a nominee had or may have had.
#[derive(Debug)]
pub struct RelationRow {
    /// How it stands to what is asked for, in words.
    pub relation: String,
    /// Whether somebody must look at it.
    pub is_serious: bool,
    /// The enterprise as it is written there.
    pub name: String,
    /// Its tax code there.
    pub tax_code: String,
    /// The support.
    pub had: GrantSide,
    /// What decided.
    pub evidence: String,
    /// The clause.
    pub clause: String,
}

/// So many reasons stand on a nominee's line; all of them stand on the second sheet.
const SHOWN: usize = 4;

/// Writes the result of looking nominees up: a sheet with a line for each, and one with all support they had; gives
/// the bytes of an .xlsx.
///
/// # Errors
/// [`ReportError`] when they do not fit a workbook.
pub fn screening(input: &ScreeningInput<'_>) -> Result<Vec<u8>, ReportError> {
    let definition = &input.programme.report.screening;
    let mut workbook = begin(&definition.title, input.at)?;
    let styles = Styles::new();
    let count = |result: &str| {
        input
            .counts
            .get(result)
            .copied()
            .unwrap_or_default()
            .to_string()
    };
    let words = &input.programme.words;
    let subtitle = words.render_template(
        "screen_subtitle",
        [
            ("file", input.file_name),
            ("at", &input.at.format("%d/%m/%Y %H:%M").to_string()),
            ("clear", &count("clear")),
            ("combined", &count("combined")),
            ("ask", &count("ask")),
            ("duplicate", &count("duplicate")),
        ],
    );
    let (name, title) = (&definition.nominees_sheet, &definition.title);
    nominees(
        &mut XlsxPage::titled(&mut workbook, &styles, words, name, title, subtitle.clone())?,
        input,
    )?;
    let name = &definition.support_sheet;
    relations(
        &mut XlsxPage::titled(&mut workbook, &styles, words, name, title, subtitle)?,
        input,
    )?;
    Ok(workbook.save_to_buffer()?)
}

fn nominees(page: &mut dyn Paper, input: &ScreeningInput<'_>) -> Result<(), ReportError> {
    let words = &input.programme.words;
    page.head(
        &[
            Heading::new(words.get("no"), 5),
            Heading::new(words.get("enterprise"), 34),
            Heading::new(words.get("tax_code_head"), 15),
            Heading::new(words.get("address_head"), 24),
            Heading::new(words.get("overlap_what"), 16),
            Heading::new(words.get("overlap_span"), 13),
            Heading::new(words.get("screen_result"), 14),
            Heading::new(words.get("screen_why"), 64),
            Heading::new(words.get("row"), 7),
        ],
        0,
    )?;
    for (number, nominee) in (1..).zip(&input.nominees) {
        page.number(0, number, Look::Center)?;
        let texts = [
            &nominee.name,
            &nominee.tax_code,
            &nominee.address,
            &nominee.asks.what,
            &nominee.asks.span,
        ];
        for (col, text) in (1..).zip(texts) {
            page.text(col, text, Look::Text)?;
        }
        let look = match nominee.result {
            "clear" => Look::Good,
            "combined" => Look::Center,
            _ => Look::Pending,
        };
        page.text(6, words.get(&format!("screen_{}", nominee.result)), look)?;
        let mut why: Vec<String> = nominee
            .relations
            .iter()
            .take(SHOWN)
            .map(|relation| line(words, relation))
            .collect();
        if nominee.relations.len() > SHOWN {
            why.push(format!("… (+{})", nominee.relations.len() - SHOWN));
        }
        page.text(7, &why.join("\n"), Look::Text)?;
        page.text(
            8,
            nominee.asks.place.rsplit(" › ").next().unwrap_or_default(),
            Look::Center,
        )?;
        page.end_row()?;
    }
    if input.nominees.is_empty() {
        return page.note(words.get("no_rows"));
    }
    page.filter(8)
}

/// A relation on one line.
fn line(words: &programme::Words, relation: &RelationRow) -> String {
    words.render_template(
        "screen_line",
        [
            ("class", &relation.relation),
            ("source", &relation.had.source),
            ("what", &relation.had.what),
            ("days", &relation.had.span),
            ("place", &relation.had.place),
        ],
    )
}

fn relations(page: &mut dyn Paper, input: &ScreeningInput<'_>) -> Result<(), ReportError> {
    let words = &input.programme.words;
    page.head(
        &[
            Heading::new(words.get("no"), 5),
            Heading::new(words.get("enterprise"), 30),
            Heading::new(words.get("screen_relation"), 15),
            Heading::new(words.get("overlap_source"), 16),
            Heading::new(words.get("enterprise_there"), 30),
            Heading::new(words.get("tax_code_head"), 15),
            Heading::new(words.get("overlap_what"), 16),
            Heading::new(words.get("overlap_span"), 13),
            Heading::new(words.get("overlap_money"), 15),
            Heading::new(words.get("review_evidence"), 40),
            Heading::new(words.get("clause"), 12),
            Heading::new(words.get("overlap_place"), 28),
        ],
        0,
    )?;
    let all = (1..)
        .zip(&input.nominees)
        .flat_map(|(number, nominee)| nominee.relations.iter().map(move |r| (number, nominee, r)));
    let mut is_empty = true;
    for (number, nominee, relation) in all {
        is_empty = false;
        page.number(0, number, Look::Center)?;
        page.text(1, &nominee.name, Look::Text)?;
        page.text(
            2,
            &relation.relation,
            if relation.is_serious {
                Look::Pending
            } else {
                Look::Center
            },
        )?;
        page.text(3, &relation.had.source, Look::Text)?;
        page.text(4, &relation.name, Look::Text)?;
        page.text(5, &relation.tax_code, Look::Text)?;
        page.text(6, &relation.had.what, Look::Text)?;
        page.text(7, &relation.had.span, Look::Center)?;
        page.money(8, relation.had.state_budget)?;
        page.text(9, &relation.evidence, Look::Text)?;
        page.text(10, &relation.clause, Look::Text)?;
        page.text(11, &relation.had.place, Look::Text)?;
        page.end_row()?;
    }
    if is_empty {
        page.note(words.get("no_rows"))
    } else {
        page.filter(11)
    }
}
