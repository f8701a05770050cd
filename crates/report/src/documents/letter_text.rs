//! What a covering report says: the programme's paragraphs with the figures in their places.

use crate::display;
use crate::error::ReportError;
use crate::input::annual::{AnnualReport, TargetProgress};
use crate::input::parts::value_with_parts;
use crate::sheets::listing::listing_texts;
use crate::sheets::shared_reports::SharedReports;
use model::{Vnd, render_template};
use programme::{
    FigureParagraph, LetterFigure, LetterParagraph, LetterSpec, RowParagraph, TargetParagraph,
    places,
};
use std::collections::{BTreeMap, BTreeSet};

/// The paragraphs of a letter before their places are filled, and what fills them.
pub(crate) struct LetterText<'a> {
    report: &'a AnnualReport<'a>,
    spec: &'a LetterSpec,
    /// The letter that goes with the report: one that says nothing of its own says the same.
    first: &'a LetterSpec,
}

/// A paragraph as it is written.
pub(crate) enum LetterLine {
    /// The heading of a part, in capitals, or of a section.
    Heading(String),
    Section(String),
    /// Pieces of text, and whether the officer has to write what they ask for.
    Body(Vec<(String, bool)>),
    /// The place of the table of targets.
    Targets,
}

impl<'a> LetterText<'a> {
    pub(crate) fn new(
        report: &'a AnnualReport<'a>,
        spec: &'a LetterSpec,
        first: &'a LetterSpec,
    ) -> Self {
        Self {
            report,
            spec,
            first,
        }
    }

    /// The letter from its opening to its closing.
    ///
    /// # Errors
    /// When a listing lacks a column.
    pub(crate) fn lines(&self) -> Result<Vec<LetterLine>, ReportError> {
        let (paragraphs, targets_after) = match self.spec.paragraphs.is_empty() {
            true => (&self.first.paragraphs, self.first.targets_after),
            false => (&self.spec.paragraphs, self.spec.targets_after),
        };
        let mut lines = Vec::new();
        for paragraph in &self.spec.opening {
            lines.extend(self.paragraph(paragraph)?);
        }
        for (number, paragraph) in (1..).zip(paragraphs) {
            lines.extend(self.paragraph(paragraph)?);
            if number == targets_after {
                lines.push(LetterLine::Targets);
            }
        }
        for paragraph in &self.spec.closing {
            lines.extend(self.paragraph(paragraph)?);
        }
        Ok(lines)
    }

    fn paragraph(&self, paragraph: &LetterParagraph) -> Result<Vec<LetterLine>, ReportError> {
        Ok(match paragraph {
            LetterParagraph::Text(text) => self.line(text),
            LetterParagraph::Only(it) => match it.only.contains(&self.report.occasion()) {
                true => self.line(&it.text),
                false => Vec::new(),
            },
            LetterParagraph::OfFigure(it) => self.line(self.of_figure(it)),
            LetterParagraph::OfTargets(it) => {
                let targets = self.report.targets.iter();
                targets
                    .map(|progress| self.of_target(it, progress))
                    .collect()
            }
            LetterParagraph::OfRows(it) => self.of_rows(it)?,
        })
    }

    /// A text with its places filled; a blank one gives nothing.
    fn line(&self, text: &str) -> Vec<LetterLine> {
        let line = match (text.strip_prefix("# "), text.strip_prefix("## ")) {
            (Some(heading), _) => LetterLine::Heading(self.fill(heading)),
            (_, Some(section)) => LetterLine::Section(self.fill(section)),
            _ if text.is_empty() => return Vec::new(),
            // The marks are the programme's own: what senders wrote has none.
            _ => LetterLine::Body(
                marked(text)
                    .into_iter()
                    .map(|(part, is_open)| (self.fill(&part), is_open))
                    .collect(),
            ),
        };
        vec![line]
    }

    /// What is said of a figure: of one that is nothing, whether all have said so.
    fn of_figure<'t>(&self, it: &'t FigureParagraph) -> &'t str {
        match self.value(&it.of) {
            Some(value) if value != 0 => &it.some,
            _ if self.report.reported() == self.report.expected() => &it.none,
            _ => &it.without,
        }
    }

    fn of_target(&self, it: &TargetParagraph, progress: &TargetProgress<'_>) -> LetterLine {
        let report = self.report;
        let (total, target) = (progress.figures.total(), progress.target);
        let mut years = target.from..=target.to.min(report.year);
        let text = match () {
            () if years.all(|year| report.is_without_data(year)) => &it.without,
            () if total >= target.at_least => &it.met,
            () if report.year < target.to => &it.under_way,
            () => &it.not_met,
        };
        let words = &report.programme.words;
        let values = BTreeMap::from([
            ("target", target.title.vi.clone()),
            ("to_reach", progress.to_reach(words)),
            ("count", Vnd(total).to_string()),
            ("share", progress.share()),
            ("span", progress.span()),
        ]);
        LetterLine::Body(vec![(render_template(text, &values), false)])
    }

    fn of_rows(&self, it: &RowParagraph) -> Result<Vec<LetterLine>, ReportError> {
        let plain = |text: String| LetterLine::Body(vec![(text, false)]);
        let first = places(&it.text).next().unwrap_or_default();
        let mut rows = listing_texts(self.report, &it.listing)?;
        rows.retain(|row| row.get(first).is_none_or(|said| !said.is_empty()));
        if rows.is_empty() {
            return Ok(self.line(&it.none));
        }
        if let Some(join) = &it.join {
            rows = joined(rows, &it.text, it.group.as_deref(), join);
        }
        let mut lines = Vec::new();
        let mut group = None;
        for row in rows.iter().take(it.most) {
            let own = it.group.as_ref().map(|name| row.get(name.as_str()));
            let is_named = own.flatten().is_some_and(|said| !said.is_empty());
            if is_named && group != own {
                lines.push(plain(render_template(&it.group_text, row)));
            }
            group = own;
            lines.push(plain(render_template(&it.text, row)));
        }
        let beyond = rows.len().saturating_sub(it.most);
        if beyond > 0 {
            let values = BTreeMap::from([("count", beyond.to_string())]);
            lines.push(plain(render_template(&it.more, &values)));
        }
        Ok(lines)
    }

    /// A text with what stands in its places.
    pub(crate) fn fill(&self, text: &str) -> String {
        let values = places(text).map(|place| (place, self.shown(place)));
        render_template(text, &values.collect())
    }

    fn figure(&self, place: &str) -> Option<&LetterFigure> {
        let all = self.spec.figures.iter().chain(&self.first.figures);
        all.into_iter().find(|figure| figure.place == place)
    }

    /// The number that stands in a place.
    fn value(&self, place: &str) -> Option<i64> {
        match self.figure(place) {
            Some(figure) if figure.before => self.report.total_before(&figure.indicator),
            Some(figure) => {
                let figures = self.report.figures.get(&figure.indicator)?;
                let programme = self.report.programme;
                Some(value_with_parts(programme, figures, &figure.only))
            }
            None => match place {
                "held" => i64::try_from(self.report.held.len()).ok(),
                "questions" => i64::try_from(self.report.questions_waiting()).ok(),
                "left_out" => i64::try_from(self.report.left_out()).ok(),
                _ => self.report.figures.get(place).map(|it| it.total()),
            },
        }
    }

    /// The share of an indicator in another, over the reports that hold both; if some lack one, their departments are named.
    fn share(&self, figure: &LetterFigure, whole: &str) -> String {
        let Self { report, .. } = self;
        let words = &report.programme.words;
        let known = report.figures.get(&figure.indicator);
        let Some((part, whole)) = known.zip(report.figures.get(whole)) else {
            return words.get("no_data").to_lowercase();
        };
        let shared = SharedReports::of(report, part, whole);
        let part = value_with_parts(report.programme, &shared.part, &figure.only);
        let share = match shared.whole.total() {
            0 => return words.get("no_data").to_lowercase(),
            whole => display::share(part, whole),
        };
        if shared.is_all() {
            return share;
        }
        let lacking: BTreeSet<&str> = shared.lacking.iter().flatten().copied().collect();
        let departments = lacking.into_iter().collect::<Vec<_>>().join(", ");
        let values = [("share", share.as_str()), ("departments", &departments)];
        words.render_template("share_without", values)
    }

    fn shown(&self, place: &str) -> String {
        let report = self.report;
        let words = &report.programme.words;
        let total = |name: &str| report.figures.get(name).map_or(0, |it| it.total());
        if let Some(figure) = self.figure(place) {
            let Some(value) = self.value(place) else {
                return words.get("no_data").to_lowercase();
            };
            return match (&figure.over, &figure.per) {
                (Some(whole), _) => self.share(figure, whole),
                (_, Some(per)) => match total(per) {
                    0 => words.get("no_data").to_lowercase(),
                    count => report.for_reading(&figure.indicator, value / count),
                },
                _ => report.for_reading(&figure.indicator, value),
            };
        }
        if report.figures.contains_key(place) {
            return report.for_reading(place, total(place));
        }
        match place {
            "year" => report.year.to_string(),
            "from" => report.from.to_string(),
            "period" => report.period_title(),
            "span" => report.span(),
            "as_of" => display::moment(report.as_of),
            "reported" => report.reported().to_string(),
            "expected" => report.expected().to_string(),
            "reported_note" => report.reported_note(),
            "not_reported" => report.not_reported().unwrap_or_default(),
            "body" => {
                let header = &report.programme.report.header;
                header.body_on(report.dated()).to_owned()
            }
            "held" => report.held.len().to_string(),
            "questions" => report.questions_waiting().to_string(),
            "left_out" => report.left_out().to_string(),
            _ => String::new(),
        }
    }
}

/// Rows that say the same but for one column, as one: with its values one after another.
fn joined<'a>(
    rows: Vec<BTreeMap<&'a str, String>>,
    text: &str,
    group: Option<&str>,
    join: &str,
) -> Vec<BTreeMap<&'a str, String>> {
    let mut kept: Vec<BTreeMap<&str, String>> = Vec::new();
    for row in rows {
        let is_same = |other: &BTreeMap<&str, String>| {
            let mut said = places(text).chain(group).filter(|place| *place != join);
            said.all(|place| other.get(place) == row.get(place))
        };
        match kept.iter_mut().find(|other| is_same(other)) {
            Some(other) => {
                let added = row.get(join).cloned().unwrap_or_default();
                if let Some(values) = other.get_mut(join)
                    && !values.split(", ").any(|value| value == added)
                {
                    values.push_str(&format!(", {added}"));
                }
            }
            None => kept.push(row),
        }
    }
    kept
}

/// The pieces of a text: what stands in double square brackets is for the officer, in single ones then.
fn marked(text: &str) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[[") {
        let (asked, behind) = after.split_once("]]").unwrap_or((after, ""));
        pieces.push((before.to_owned(), false));
        pieces.push((format!("[{asked}]"), true));
        rest = behind;
    }
    pieces.push((rest.to_owned(), false));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::{LetterLine, LetterText, marked};
    use crate::Listing;
    use crate::input::submissions::DepartmentLine;
    use crate::testing::{figures, programme, report, target};
    use model::PartOfYear;
    use polars::prelude::*;
    use programme::{LetterSpec, Measure};
    use serde_json::json;
    use std::collections::BTreeMap;

    fn said(report: &crate::AnnualReport<'_>, spec: &LetterSpec) -> String {
        let lines = LetterText::new(report, spec, spec).lines().unwrap();
        let text = |line: LetterLine| match line {
            LetterLine::Heading(text) => format!("# {text}"),
            LetterLine::Section(text) => format!("## {text}"),
            LetterLine::Targets => "(targets)".to_owned(),
            LetterLine::Body(pieces) => {
                let piece = |(text, is_open)| match is_open {
                    true => format!("«{text}»"),
                    false => text,
                };
                pieces.into_iter().map(piece).collect()
            }
        };
        let lines: Vec<String> = lines.into_iter().map(text).collect();
        lines.join("\n")
    }

    fn spec() -> LetterSpec {
        serde_json::from_value(json!({
            "addressee": "Kính gửi",
            "targets_after": 1,
            "figures": [
                { "place": "of_two", "indicator": "activities", "where": { "task": "IV.2" } },
                { "place": "share", "indicator": "budget_disbursed", "over": "budget_spent" },
                { "place": "each", "indicator": "budget_spent", "per": "enterprises_supported" },
                { "place": "earlier", "indicator": "budget_spent", "before": true },
            ],
            "paragraphs": [
                "# I. {period}",
                "## 1. Mục",
                { "of": "of_two", "some": "Có {of_two} hoạt động.", "none": "Không phát sinh.", "without": "Chưa có số liệu." },
                { "met": "Đạt: {target} ({count})", "under_way": "Đang: {target}", "not_met": "Chưa: {target}", "without": "Không rõ: {target}" },
                "Chi {budget_spent}, giải ngân {share}, một doanh nghiệp {each}; năm trước {earlier}. [[Bổ sung: nguyên nhân]]",
                { "only": ["quarter"], "text": "Quý." },
                { "listing": "Biểu 10", "text": "- {difficulty} ({department})", "join": "department", "group": "addressee", "group_text": "Tới {addressee}:", "none": "Không có.", "most": 1, "more": "Còn {count}." },
            ],
        }))
        .unwrap()
    }

    #[test]
    fn a_letter_follows_the_figures() {
        let spec = spec();
        let programme = programme();
        let mut report = report(programme);
        assert_eq!(
            said(&report, &spec).lines().nth(3),
            Some("Không phát sinh."),
            "nobody is asked and nobody lacks"
        );
        report.departments = vec![DepartmentLine {
            code: "SCT".to_owned(),
            name: String::new(),
            submissions: Vec::new(),
            had_to_report: true,
            short: "Sở Công Thương".to_owned(),
            whole: Vec::new(),
            partial: Vec::new(),
            succeeded_by: None,
            missing: vec![2023],
        }];
        assert_eq!(
            said(&report, &spec).lines().nth(3),
            Some("Chưa có số liệu.")
        );
        let sum = |name, value| figures(name, Measure::Sum, &[], &[(&[], "r1", value)]);
        let activities: &[(&[&str], &str, &str)] =
            &[(&["IV.2"], "r1", "3"), (&["IV.1"], "r2", "5")];
        report.figures = BTreeMap::from([
            (
                "activities".to_owned(),
                figures("activities", Measure::Sum, &["task"], activities),
            ),
            ("budget_spent".to_owned(), sum("budget_spent", "63550000")),
            (
                "budget_disbursed".to_owned(),
                sum("budget_disbursed", "31775000"),
            ),
            (
                "enterprises_supported".to_owned(),
                sum("enterprises_supported", "2"),
            ),
        ]);
        report.targets = vec![target(programme, sum("clubs_founded", "1"), 0)];
        report.years = BTreeMap::from([(
            2022,
            BTreeMap::from([("budget_spent".to_owned(), 1_000_000)]),
        )]);
        let frame = DataFrame::new_infer_height(vec![
            Column::new("addressee".into(), ["UBND", "UBND", "Bộ", "Bộ"]),
            Column::new("difficulty".into(), ["Thiếu vốn", "Thiếu vốn", "", "Chậm"]),
            Column::new("proposal".into(), ["a", "b", "c", "d"]),
            Column::new("department".into(), ["SCT", "SYT", "SYT", "SYT"]),
        ]);
        report.listings.insert(
            "Biểu 10".to_owned(),
            Listing {
                frame: frame.unwrap(),
            },
        );
        report.part = PartOfYear::Quarter(3);
        insta::assert_snapshot!(said(&report, &spec), @r"
        # I. Quý III/2023 (lũy kế từ đầu năm)
        (targets)
        ## 1. Mục
        Có 3 hoạt động.
        Đạt: Câu lạc bộ cải tiến năng suất chất lượng cho sinh viên được thành lập (1)
        Chi 63,6 triệu đồng, giải ngân 50,0%, một doanh nghiệp 31,8 triệu đồng; năm trước 1,0 triệu đồng. «[Bổ sung: nguyên nhân]»
        Quý.
        Tới UBND:
        - Thiếu vốn (Sở Công Thương, Sở Y tế)
        Còn 1.
        ");
    }

    #[test]
    fn what_is_for_the_officer_is_marked() {
        assert_eq!(
            marked("Do [[nguyên nhân]]."),
            [
                ("Do ".to_owned(), false),
                ("[nguyên nhân]".to_owned(), true),
                (".".to_owned(), false)
            ]
        );
    }
}
