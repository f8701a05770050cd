use crate::ReportError;
use crate::input::{AnnualReport, TargetProgress};
use crate::paper::{Chart, Heading, Keys, Look, Paper, Series, Sum};
use aggregate::Figures;
use std::collections::BTreeSet;

/// The share of its target that counts in full: beyond the end of the chart nothing more is shown.
const FULL: f64 = 1.2;

/// One printed page: what the plan asks, what is reached, how sure that is, and the figures leaders ask for first.
pub(crate) fn write(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    headline: &[String],
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let in_year = words.render_template("in_year", [("year", &report.year.to_string())]);
    let headings = [
        (words.get("no"), 5),
        (words.get("target"), 46),
        (words.get("clause"), 9),
        (words.get("span"), 12),
        (words.get("to_reach"), 14),
        (in_year.as_str(), 11),
        (words.get("to_date"), 10),
        (words.get("share"), 10),
        (words.get("range"), 13),
        (words.get("result"), 22),
        (words.get("figure"), 30),
    ];
    page.head(&headings.map(|(text, width)| Heading::new(text, width)), 0)?;
    page.fit_one_page()?;
    let mut named = BTreeSet::new();
    let first = page.row();
    for (number, progress) in (1..).zip(&report.targets) {
        let target = progress.target;
        let value = progress.figures.total();
        page.number(0, number, Look::Center)?;
        page.text(1, &target.title.vi, Look::Text)?;
        page.text(2, &target.clause, Look::Center)?;
        page.text(3, &format!("{} - {}", target.from, target.to), Look::Center)?;
        let word = if target.about {
            words.get("about")
        } else {
            words.get("at_least")
        };
        page.text(4, &format!("{word} {}", target.at_least), Look::Center)?;
        page.number(5, progress.in_year, Look::Number)?;
        page.figure(
            6,
            &progress.figures,
            &Keys::new(),
            Sum::Not,
            Look::NumberBold,
        )?;
        name(page, &mut named, 6, &progress.figures)?;
        page.share(7, None, [value, target.at_least], Look::Share)?;
        let (least, most) = progress.range;
        let range = if least == most {
            least.to_string()
        } else {
            format!("{least} – {most}")
        };
        page.text(8, &range, Look::Center)?;
        let (state, look) = match () {
            () if least >= target.at_least => ("reached", Look::Good),
            () if value >= target.at_least => ("reached_unless", Look::Pending),
            () if most >= target.at_least => ("reached_if", Look::Pending),
            () if report.year < target.to => ("under_way", Look::Pending),
            () => ("not_reached", Look::Pending),
        };
        page.text(9, words.get(state), look)?;
        page.text(10, &progress.figures.id(&Keys::new()), Look::Text)?;
        page.end_row()?;
    }
    let last = page.row().max(first + 1) - 1;
    page.note(words.get("targets_note"))?;
    page.note(&uncertain(report))?;
    let headings = [
        (words.get("no"), 1),
        (words.get("headline"), 1),
        (words.get("clause"), 2),
        (words.get("value"), 2),
        (words.get("unit"), 1),
    ];
    page.next_table(None, &headings)?;
    let figures = headline.iter().filter_map(|name| report.figures.get(name));
    for (number, figures) in (1..).zip(figures) {
        let Some(indicator) = report.programme.indicator(&figures.indicator) else {
            continue;
        };
        page.number(0, number, Look::Center)?;
        page.text(1, &indicator.title.vi, Look::Text)?;
        page.span(2..=3, &indicator.clause, Look::Center)?;
        page.figure_span(4..=5, figures, Look::NumberBold)?;
        name(page, &mut named, 4, figures)?;
        page.text(
            6,
            if indicator.unit == "dong" {
                words.get("dong")
            } else {
                ""
            },
            Look::Text,
        )?;
        page.end_row()?;
    }
    chart(page, report, (first, last))
}

/// Names the cell of a figure by its id, letters, digits and '_' only; the first cell where it stands in two.
fn name(
    page: &mut dyn Paper,
    named: &mut BTreeSet<String>,
    col: u16,
    figures: &Figures,
) -> Result<(), ReportError> {
    let id = figures.id(&Keys::new());
    let name: String = id
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    if named.insert(name.clone()) {
        page.name(col, &name)
    } else {
        Ok(())
    }
}

/// What is still open, and whether it may change whether a target is reached.
fn uncertain(report: &AnnualReport<'_>) -> String {
    let words = &report.programme.words;
    let waiting = report
        .overlaps
        .iter()
        .filter(|overlap| overlap.waits)
        .count();
    let counts = [report.held.len(), report.questions, waiting].map(|count| count.to_string());
    let [held, questions, waiting] = counts.each_ref().map(String::as_str);
    let turns = |progress: &TargetProgress<'_>| {
        let (least, most) = progress.range;
        least < progress.target.at_least && most >= progress.target.at_least
    };
    let turned = report
        .targets
        .iter()
        .filter(|progress| turns(progress))
        .count();
    let open = words.render_template(
        "uncertain",
        [
            ("held", held),
            ("questions", questions),
            ("waiting", waiting),
        ],
    );
    let effect = match turned {
        0 => words.get("uncertain_no_target").to_owned(),
        count => words.render_template("uncertain_targets", [("count", &count.to_string())]),
    };
    format!("{open} {effect}")
}

/// How far each target is reached, as bars below the tables; dark on light, so that it reads in grey.
#[expect(clippy::float_arithmetic, reason = "the length of a bar")]
fn chart(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    (first, last): (u32, u32),
) -> Result<(), ReportError> {
    if report.targets.is_empty() {
        return Ok(());
    }
    let words = &report.programme.words;
    let share = |progress: &TargetProgress<'_>| {
        progress.figures.total() as f64 / progress.target.at_least.max(1) as f64
    };
    page.chart(&Chart {
        title: words.get("targets_chart"),
        lies: true,
        categories: (
            ((first, 1), (last, 1)),
            report
                .targets
                .iter()
                .map(|p| p.target.title.vi.as_str())
                .collect(),
        ),
        series: vec![Series {
            name: words.get("share"),
            cells: ((first, 7), (last, 7)),
            values: report.targets.iter().map(share).collect(),
            color: 0x3A_5A_78,
        }],
        end: Some(FULL),
        is_share: true,
    })
}
