//! The text of a heading cell, as it is compared with the columns of forms.

use crate::value::unit::{unit, unit_in_heading};
use programme::{ColumnType, Concept, Explained, Form, HeadingText, HeadingWords, has_sign};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use vietext::fold;

/// A longer text is a sentence, no heading.
const LONGEST: usize = 120;

/// A heading as it is written, and folded; made once for all forms.
#[derive(Debug)]
pub(crate) struct ReadHeading {
    pub text: String,
    /// Folded, whole.
    whole: String,
    /// Folded, without what it adds in brackets.
    bare: String,
    /// 'Mã số DN/MST' says one thing twice.
    parts: Vec<String>,
    /// All its words.
    pub words: HeadingText,
    /// Whether what it adds in brackets changes nothing: a unit, the number of the column.
    is_addition_harmless: bool,
    /// Whether all its words change nothing: 'Trong đó', 'Năm 2024'.
    pub is_filler: bool,
    /// Whether it heads the column that numbers the rows.
    pub is_number: bool,
    /// How many đồng one unit of the column is, if the heading says so.
    pub unit: Option<i64>,
    /// What it names, by the code of the form.
    named: RefCell<HashMap<String, Rc<[Option<Named>]>>>,
}

/// How sure it is that a heading names a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Named {
    /// It has a name of the column among other words.
    InPart,
    /// A slip of the pen away.
    Nearly,
    /// All its words are the column's.
    ByWords,
    /// It is one of the column's known headings.
    Known,
    /// It is the heading of the blank workbook.
    Own,
}

impl ReadHeading {
    /// Reads a heading; nothing if it is too long to be one.
    pub(crate) fn read(text: &str, known: &HeadingWords) -> Option<Self> {
        if text.chars().count() > LONGEST {
            return None;
        }
        // '*' marks what must be filled in.
        let whole = text.trim_end_matches(['*', ':', ' ']);
        let (bare, addition) = whole.split_once('(').unwrap_or((whole, ""));
        let words = known.text(whole);
        Some(Self {
            parts: if bare.contains('/') {
                bare.split('/').map(fold).collect()
            } else {
                Vec::new()
            },
            bare: fold(bare),
            is_addition_harmless: known.is_filler(&known.text(addition)),
            is_filler: known.is_filler(&words),
            words,
            is_number: is_number_heading(text),
            unit: unit_in_heading(text).or_else(|| unit_at_end(text)),
            whole: fold(whole),
            text: text.to_owned(),
            named: RefCell::default(),
        })
    }

    /// How it names each of the form's columns, by its own words; nothing for one that it does not name.
    pub(crate) fn names(&self, form: &Form, known: &HeadingWords) -> Rc<[Option<Named>]> {
        if let Some(named) = self.named.borrow().get(&form.code) {
            return Rc::clone(named);
        }
        let named: Rc<[Option<Named>]> = self.named_columns(form, known).into();
        self.named
            .borrow_mut()
            .insert(form.code.clone(), Rc::clone(&named));
        named
    }

    fn named_columns(&self, form: &Form, known: &HeadingWords) -> Vec<Option<Named>> {
        let (whole, bare) = (form.heading(&self.whole), form.heading(&self.bare));
        let mut parts = self.parts.iter().map(|part| form.heading(part));
        let by_parts = parts
            .next()
            .flatten()
            .filter(|first| parts.all(|part| part == Some(*first)));
        let mut named: Vec<Option<Named>> = vec![None; form.columns.len()];
        for (place, column) in form.columns.iter().enumerate() {
            let is = |found: Option<usize>| found == Some(place);
            // Brackets may belong to a heading ('Tăng năng suất (%)'). What stands in them may make an amount another one
            // ('NSNN (năm trước)'); of a text it is an explanation.
            let may_be_bare = self.is_addition_harmless || !column.kind.is_number();
            // 'NSNN (%)' and 'NSNN ($)' are no amounts of đồng, though folding drops the signs.
            let is_share = column.kind == ColumnType::Money && has_sign(&self.text);
            let is_known = is(whole) || (may_be_bare && (is(bare) || is(by_parts)));
            if is_known && !is_share {
                let own = fold(&column.heading);
                let is_own = own == self.whole || own == self.bare;
                named[place] = Some(if is_own { Named::Own } else { Named::Known });
                continue;
            }
            let concept = column.concept.as_ref().and_then(|it| known.concept(it));
            named[place] = match concept.map(|it| self.explained(it, may_be_bare, known)) {
                Some(Explained::Whole) => Some(Named::ByWords),
                Some(Explained::Part) => Some(Named::InPart),
                Some(Explained::Nothing) | None => None,
            };
        }
        // A near spelling is the last resort.
        if named.iter().flatten().all(|named| *named == Named::InPart)
            && let Some(near) = form.heading_near(&self.bare)
            && (self.is_addition_harmless || !form.columns[near].kind.is_number())
        {
            named[near] = Some(Named::Nearly);
        }
        named
    }

    fn explained(&self, concept: &Concept, may_be_bare: bool, known: &HeadingWords) -> Explained {
        let whole = known.explained(concept, &self.words);
        if whole == Explained::Whole || !may_be_bare || self.bare == self.whole {
            return whole;
        }
        known.explained(concept, &known.text(&self.bare)).max(whole)
    }
}

/// A unit behind the last comma or dash, or as the last words: 'Kinh phí, triệu đồng', 'NSNN - tr.đ'.
fn unit_at_end(text: &str) -> Option<i64> {
    let tail = text.rsplit([',', '-', '–', ':']).next()?;
    if tail.len() < text.len()
        && let Some(unit) = unit(tail)
    {
        return Some(unit);
    }
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').collect();
    let (_, last) = words.split_at(words.len().saturating_sub(2));
    match last {
        [
            "trieu" | "nghin" | "ngan" | "ty" | "ti",
            "dong" | "vnd" | "d",
        ] => unit(&last.join(" ")),
        _ => None,
    }
}

fn is_number_heading(text: &str) -> bool {
    matches!(
        fold(text).as_str(),
        "stt" | "tt" | "so tt" | "so thu tu" | "no"
    ) || matches!(text.trim(), "#" | "№")
}

#[cfg(test)]
mod tests {
    use super::{Named, ReadHeading};
    use programme::Programme;

    /// The columns of the form of support that a heading names, and how.
    fn named(text: &str) -> Vec<(String, Named)> {
        let programme = Programme::default_programme().unwrap();
        let known = &programme.heading_words;
        let form = programme.form("support").unwrap();
        let heading = ReadHeading::read(text, known).unwrap();
        let names = heading.names(form, known);
        let columns = form.columns.iter().zip(&*names);
        columns
            .filter_map(|(column, named)| Some((column.name.clone(), (*named)?)))
            .filter(|(_, named)| *named > Named::InPart)
            .collect()
    }

    fn one(column: &str, named: Named) -> Vec<(String, Named)> {
        vec![(column.to_owned(), named)]
    }

    #[test]
    fn a_heading_is_known_with_additions_slips_and_said_twice() {
        assert_eq!(named("Tên doanh nghiệp (*)"), one("enterprise", Named::Own));
        assert_eq!(named("TÊN DOANH NGHIỆP:"), one("enterprise", Named::Own));
        assert_eq!(
            named("Mã số thuế (10 hoặc 13 chữ số)"),
            one("tax_code", Named::Own)
        );
        assert_eq!(named("Mã số DN/MST"), one("tax_code", Named::Known));
        assert_eq!(
            named("Tên doanh nghiep s"),
            one("enterprise", Named::Nearly)
        );
    }

    #[test]
    fn what_stands_in_brackets_may_make_an_amount_another_one() {
        assert_eq!(named("NSNN (triệu đồng)"), one("state_budget", Named::Own));
        assert_eq!(named("NSNN (5)"), one("state_budget", Named::Own));
        assert_eq!(named("NSNN (dự kiến)"), []);
    }

    #[test]
    fn a_heading_that_says_two_things_names_neither() {
        assert_eq!(named("Mã số thuế/Người đại diện"), []);
        assert_eq!(named("Đánh giá của phòng"), []);
    }

    #[test]
    fn a_unit_stands_in_brackets_or_at_the_end() {
        let programme = Programme::default_programme().unwrap();
        let unit = |text| {
            let heading = ReadHeading::read(text, &programme.heading_words).unwrap();
            heading.unit
        };
        assert_eq!(unit("NSNN (triệu đồng)"), Some(1_000_000));
        assert_eq!(unit("Kinh phí, nghìn đồng"), Some(1_000));
        assert_eq!(unit("Kinh phí NSNN triệu đồng"), Some(1_000_000));
        assert_eq!(unit("Hội đồng"), None);
    }
}
