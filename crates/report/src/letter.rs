//! The covering report as a draft in Word (NĐ 30/2020/NĐ-CP, Phụ lục I): the figures are filled in, the officer goes on.

use crate::ReportError;
use crate::cover::place_and_date;
use crate::input::{AnnualReport, SubmissionState};
use crate::submissions::moment;
use docx_rs::{
    AlignmentType, BreakType, Docx, LineSpacing, PageMargin, Paragraph, Run, RunFonts,
    SpecialIndentType, Table, TableAlignmentType, TableBorders, TableCell, TableLayoutType,
    TableRow, WidthType,
};
use model::Vnd;
use std::collections::BTreeMap;
use std::io::Cursor;

/// Sizes in half points, lengths in twentieths of a point.
const BODY: usize = 28;
const HEAD: usize = 24;
const SMALL: usize = 22;
const MILLIMETRE: u32 = 57;

/// Writes the covering report; gives the bytes of a .docx, or nothing where the programme has none.
///
/// The same report gives the same bytes.
///
/// # Errors
/// [`ReportError`] when the document cannot be made.
pub fn letter(report: &AnnualReport<'_>) -> Result<Option<Vec<u8>>, ReportError> {
    let Some(letter) = &report.programme.report.letter else {
        return Ok(None);
    };
    let header = &report.programme.report.header;
    let words = &report.programme.words;
    let (parent, office) = header.on(report.as_of.date_naive());
    let mut document = Docx::new()
        .page_size(210 * MILLIMETRE, 297 * MILLIMETRE)
        .page_margin(margins())
        .default_fonts(
            RunFonts::new()
                .ascii("Times New Roman")
                .hi_ansi("Times New Roman")
                .cs("Times New Roman"),
        )
        .default_size(BODY)
        .add_table(beside([
            vec![
                centered(&[run(parent).size(HEAD)]),
                centered(&[run(office).size(HEAD).bold()]),
                centered(&[run(&header.number).size(HEAD)]),
            ],
            vec![
                centered(&[run(words.get("motto_nation")).size(HEAD).bold()]),
                centered(&[run(words.get("motto")).bold()]),
                centered(&[run(&place_and_date(words, report.as_of.date_naive())).italic()]),
            ],
        ]))
        .add_paragraph(Paragraph::new())
        .add_paragraph(centered(&[run(&report.title()).bold()]))
        .add_paragraph(centered(&[run(&report.placed(&header.subtitle)).bold()]))
        .add_paragraph(Paragraph::new())
        .add_paragraph(centered(&[run(&letter.addressee)]))
        .add_paragraph(Paragraph::new());
    let values = values(report);
    for (number, paragraph) in (1..).zip(&letter.paragraphs) {
        document = document.add_paragraph(match paragraph.strip_prefix("# ") {
            Some(heading) => body().add_run(run(&model::render_template(heading, &values)).bold()),
            None => body().add_run(run(&model::render_template(paragraph, &values))),
        });
        if number == letter.targets_after {
            document = document
                .add_table(targets(report))
                .add_paragraph(Paragraph::new());
        }
    }
    document = document
        .add_paragraph(Paragraph::new())
        .add_table(beside([recipients(report), signer(report)]));
    let mut bytes = Cursor::new(Vec::new());
    document
        .build()
        .pack(&mut bytes)
        .map_err(|error| ReportError::Letter(error.to_string()))?;
    Ok(Some(bytes.into_inner()))
}

/// Top and bottom 20 mm, left 30 mm, right 15 mm.
fn margins() -> PageMargin {
    let mm = |length: i32| length * MILLIMETRE.cast_signed();
    PageMargin::new()
        .top(mm(20))
        .bottom(mm(20))
        .left(mm(30))
        .right(mm(15))
        .header(mm(10))
        .footer(mm(10))
}

fn run(text: &str) -> Run {
    Run::new().add_text(text).size(BODY).fonts(
        RunFonts::new()
            .ascii("Times New Roman")
            .hi_ansi("Times New Roman"),
    )
}

fn centered(runs: &[Run]) -> Paragraph {
    runs.iter().cloned().fold(
        Paragraph::new().align(AlignmentType::Center),
        Paragraph::add_run,
    )
}

/// A paragraph of the body: justified, its first line set in by 1 cm, 6 points before it.
fn body() -> Paragraph {
    Paragraph::new()
        .align(AlignmentType::Both)
        .indent(None, Some(SpecialIndentType::FirstLine(567)), None, None)
        .line_spacing(LineSpacing::new().before(120))
}

/// Two columns next to each other, without lines.
fn beside(sides: [Vec<Paragraph>; 2]) -> Table {
    let cells = sides.map(|paragraphs| {
        paragraphs
            .into_iter()
            .fold(TableCell::new(), TableCell::add_paragraph)
    });
    Table::without_borders(vec![TableRow::new(cells.to_vec())])
        .set_grid(vec![4_000, 5_400])
        .layout(TableLayoutType::Fixed)
        .width(9_400, WidthType::Dxa)
}

/// The targets of the plan (II.1.b): to reach, reached, share.
fn targets(report: &AnnualReport<'_>) -> Table {
    let words = &report.programme.words;
    let cell = |text: &str, align: AlignmentType, is_bold: bool| {
        let text = run(text).size(24);
        let text = if is_bold { text.bold() } else { text };
        TableCell::new().add_paragraph(Paragraph::new().align(align).add_run(text))
    };
    let heads = ["no", "target", "span", "to_reach", "to_date", "share"];
    let mut rows = vec![TableRow::new(
        heads
            .map(|key| cell(words.get(key), AlignmentType::Center, true))
            .to_vec(),
    )];
    for (number, progress) in (1..).zip(&report.targets) {
        let target = progress.target;
        let word = if target.about {
            words.get("about")
        } else {
            words.get("at_least")
        };
        let share = crate::html::share(progress.figures.total(), target.at_least.max(1));
        rows.push(TableRow::new(vec![
            cell(&format!("{number}"), AlignmentType::Center, false),
            cell(&target.title.vi, AlignmentType::Left, false),
            cell(
                &format!("{} - {}", target.from, target.to),
                AlignmentType::Center,
                false,
            ),
            cell(
                &format!("{word} {}", target.at_least),
                AlignmentType::Center,
                false,
            ),
            cell(
                &Vnd(progress.figures.total()).to_string(),
                AlignmentType::Center,
                true,
            ),
            cell(&share, AlignmentType::Center, false),
        ]));
    }
    Table::new(rows)
        .set_grid(vec![600, 4_000, 1_300, 1_300, 1_100, 1_100])
        .layout(TableLayoutType::Fixed)
        .width(9_400, WidthType::Dxa)
        .align(TableAlignmentType::Center)
        .set_borders(TableBorders::new())
}

fn recipients(report: &AnnualReport<'_>) -> Vec<Paragraph> {
    let words = &report.programme.words;
    let title = Paragraph::new().add_run(run(words.get("recipients")).bold().italic().size(24));
    let lines = report.programme.report.header.recipients.iter();
    std::iter::once(title)
        .chain(lines.map(|line| Paragraph::new().add_run(run(&format!("- {line}")).size(SMALL))))
        .collect()
}

/// The office that signs, with room for the signature.
fn signer(report: &AnnualReport<'_>) -> Vec<Paragraph> {
    let lines = report.programme.report.header.signer.iter();
    let office = lines.map(|line| centered(&[run(line).bold()]));
    let room = Paragraph::new().add_run(
        Run::new()
            .add_break(BreakType::TextWrapping)
            .add_break(BreakType::TextWrapping)
            .add_break(BreakType::TextWrapping),
    );
    office.chain([room]).collect()
}

/// What stands in the places of the letter.
fn values<'a>(report: &'a AnnualReport<'_>) -> BTreeMap<&'a str, String> {
    let words = &report.programme.words;
    let stands = |s: &crate::SubmissionLine| s.standing == SubmissionState::Stands;
    let reported = report
        .departments
        .iter()
        .filter(|d| d.submissions.iter().any(stands))
        .count();
    let mut values = BTreeMap::from([
        ("year", report.year.to_string()),
        ("from", report.from.to_string()),
        ("as_of", moment(report.as_of)),
        ("reported", reported.to_string()),
        ("expected", report.departments.len().to_string()),
        ("held", report.held.len().to_string()),
    ]);
    for (name, figures) in &report.figures {
        let is_money = report
            .programme
            .indicator(name)
            .is_some_and(|indicator| indicator.unit == "dong");
        let shown = Vnd(figures.total()).to_string();
        let shown = if is_money {
            words.render_template("dong_value", [("amount", &shown)])
        } else {
            shown
        };
        values.insert(name, shown);
    }
    values
}
