//! The covering reports: a place that nothing fills would be left out without a word.

use super::Loader;
use crate::definition::ReportFile;
use crate::letter::{LetterParagraph, LetterSpec, places};
use crate::programme::Programme;
use std::collections::BTreeSet;

/// What a covering report knows beside the totals of indicators.
pub(super) const LETTER_PLACES: [&str; 13] = [
    "year",
    "from",
    "period",
    "span",
    "as_of",
    "reported",
    "reported_note",
    "not_reported",
    "body",
    "expected",
    "held",
    "questions",
    "left_out",
];

/// What is known of a target.
const TARGET_PLACES: [&str; 5] = ["target", "to_reach", "count", "share", "span"];

const FILE: &str = "report.toml";

impl Loader<'_> {
    pub(super) fn check_letters(&mut self, written: &ReportFile, programme: &Programme) {
        let mut suffixes = BTreeSet::new();
        let first = written.letter.as_ref();
        for letter in first.into_iter().chain(&written.further_letter) {
            let figures: BTreeSet<&str> = letter.figures.iter().map(|it| &*it.place).collect();
            // What it says is the first one's if it says nothing of its own, and so are its figures.
            let of_first: BTreeSet<&str> = first
                .into_iter()
                .flat_map(|first| first.figures.iter().map(|it| &*it.place))
                .collect();
            let is_known = |place: &str| {
                LETTER_PLACES.contains(&place)
                    || figures.contains(place)
                    || of_first.contains(place)
                    || programme.indicator(place).is_some()
            };
            if !suffixes.insert(letter.file_suffix.as_str()) {
                let message = "two letters have one file: they differ in `file_suffix`";
                self.fault_near(FILE, &letter.addressee, message.to_owned());
            }
            self.check_figures(letter, programme);
            let count = letter.paragraphs.len();
            if letter.targets_after > count {
                let message = format!("targets_after is past the last of {count} paragraphs");
                self.fault_near(FILE, "targets_after", message);
            }
            for paragraph in letter.all() {
                let mut used: Vec<&str> = paragraph.texts().into_iter().flat_map(places).collect();
                if let LetterParagraph::OfFigure(it) = paragraph {
                    used.push(&it.of);
                }
                for place in used.into_iter().filter(|place| !is_known(place)) {
                    let message =
                        format!("the letter has a place '{{{place}}}', which is no indicator");
                    self.fault_near(FILE, place, message);
                }
                match paragraph {
                    LetterParagraph::OfTargets(it) => {
                        for text in [&it.met, &it.under_way, &it.not_met, &it.without] {
                            self.check_places(FILE, text, &TARGET_PLACES);
                        }
                    }
                    LetterParagraph::OfRows(it) => {
                        if written
                            .sheet
                            .iter()
                            .all(|sheet| *sheet.name.get_ref() != it.listing)
                        {
                            let message =
                                format!("the letter's listing '{}' is no sheet", it.listing);
                            self.fault_near(FILE, &it.listing, message);
                        }
                        self.check_places(FILE, &it.more, &["count"]);
                    }
                    _ => {}
                }
            }
        }
    }

    fn check_figures(&mut self, letter: &LetterSpec, programme: &Programme) {
        for figure in &letter.figures {
            let place = &figure.place;
            if LETTER_PLACES.contains(&place.as_str()) || programme.indicator(place).is_some() {
                let message = format!("the letter's figure '{place}' bears a name in use");
                self.fault_near(FILE, place, message);
            }
            for name in [
                Some(&figure.indicator),
                figure.over.as_ref(),
                figure.per.as_ref(),
            ] {
                let Some(name) = name else { continue };
                if programme.indicator(name).is_none() {
                    let message = format!("indicator '{name}' is not in indicators.toml");
                    self.fault_near(FILE, place, message);
                }
            }
            let by = programme.indicator(&figure.indicator);
            for (key, code) in &figure.only {
                if by.is_some_and(|it| !it.by.contains(key)) {
                    let message = format!("indicator '{}' has no key '{key}'", figure.indicator);
                    self.fault_near(FILE, place, message);
                }
                if !programme.codes_of(key).contains(&code.as_str()) {
                    let message = format!("'{code}' is not a code of '{key}'");
                    self.fault_near(FILE, place, message);
                }
            }
        }
    }
}
