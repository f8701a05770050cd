use crate::ReportError;
use crate::input::GrantSide;
use crate::page::{Heading, Page, begin};
use crate::style::Styles;
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
    pub clause: &'static str,
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
    let count = |result: &str| input.counts.get(result).copied().unwrap_or_default().to_string();
    let words = &input.programme.words;
    let subtitle = words.fill(
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
    nominees(&mut Page::titled(workbook.add_worksheet(), &styles, words, name, title, subtitle.clone())?, input)?;
    let name = &definition.support_sheet;
    relations(&mut Page::titled(workbook.add_worksheet(), &styles, words, name, title, subtitle)?, input)?;
    Ok(workbook.save_to_buffer()?)
}

fn nominees(page: &mut Page<'_>, input: &ScreeningInput<'_>) -> Result<(), ReportError> {
    let words = &input.programme.words;
    page.head(&[
        Heading { text: words.get("no"), width: 5 },
        Heading { text: words.get("enterprise"), width: 34 },
        Heading { text: words.get("tax_code_head"), width: 15 },
        Heading { text: words.get("address_head"), width: 24 },
        Heading { text: words.get("overlap_what"), width: 16 },
        Heading { text: words.get("overlap_span"), width: 13 },
        Heading { text: words.get("screen_result"), width: 14 },
        Heading { text: words.get("screen_why"), width: 64 },
        Heading { text: words.get("row"), width: 7 },
    ])?;
    let styles = page.styles;
    for (number, nominee) in (1..).zip(&input.nominees) {
        page.number(0, number, &styles.center)?;
        let texts = [&nominee.name, &nominee.tax_code, &nominee.address, &nominee.asks.what, &nominee.asks.span];
        for (col, text) in (1..).zip(texts) {
            page.text(col, text, &styles.text)?;
        }
        let format = match nominee.result {
            "clear" => &styles.good,
            "combined" => &styles.center,
            _ => &styles.pending,
        };
        page.text(6, words.get(&format!("screen_{}", nominee.result)), format)?;
        let mut why: Vec<String> = nominee.relations.iter().take(SHOWN).map(|relation| line(words, relation)).collect();
        if nominee.relations.len() > SHOWN {
            why.push(format!("… (+{})", nominee.relations.len() - SHOWN));
        }
        page.text(7, &why.join("\n"), &styles.text)?;
        page.text(8, nominee.asks.place.rsplit(" › ").next().unwrap_or_default(), &styles.center)?;
        page.end_row()?;
    }
    if input.nominees.is_empty() {
        return page.note(words.get("no_rows"));
    }
    page.filter(8)
}

/// A relation on one line.
fn line(words: &programme::Words, relation: &RelationRow) -> String {
    words.fill(
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

fn relations(page: &mut Page<'_>, input: &ScreeningInput<'_>) -> Result<(), ReportError> {
    let words = &input.programme.words;
    page.head(&[
        Heading { text: words.get("no"), width: 5 },
        Heading { text: words.get("enterprise"), width: 30 },
        Heading { text: words.get("screen_relation"), width: 15 },
        Heading { text: words.get("overlap_source"), width: 16 },
        Heading { text: words.get("enterprise_there"), width: 30 },
        Heading { text: words.get("tax_code_head"), width: 15 },
        Heading { text: words.get("overlap_what"), width: 16 },
        Heading { text: words.get("overlap_span"), width: 13 },
        Heading { text: words.get("overlap_money"), width: 15 },
        Heading { text: words.get("review_evidence"), width: 40 },
        Heading { text: words.get("clause"), width: 12 },
        Heading { text: words.get("overlap_place"), width: 28 },
    ])?;
    let styles = page.styles;
    let all = (1..)
        .zip(&input.nominees)
        .flat_map(|(number, nominee)| nominee.relations.iter().map(move |r| (number, nominee, r)));
    let mut is_empty = true;
    for (number, nominee, relation) in all {
        is_empty = false;
        page.number(0, number, &styles.center)?;
        page.text(1, &nominee.name, &styles.text)?;
        page.text(2, &relation.relation, if relation.is_serious { &styles.pending } else { &styles.center })?;
        page.text(3, &relation.had.source, &styles.text)?;
        page.text(4, &relation.name, &styles.text)?;
        page.text(5, &relation.tax_code, &styles.text)?;
        page.text(6, &relation.had.what, &styles.text)?;
        page.text(7, &relation.had.span, &styles.center)?;
        page.money(8, relation.had.state_budget)?;
        page.text(9, &relation.evidence, &styles.text)?;
        page.text(10, relation.clause, &styles.text)?;
        page.text(11, &relation.had.place, &styles.text)?;
        page.end_row()?;
    }
    if is_empty { page.note(words.get("no_rows")) } else { page.filter(11) }
}
