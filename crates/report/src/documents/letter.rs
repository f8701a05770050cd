//! The covering report as a draft in Word (NĐ 30/2020/NĐ-CP, Phụ lục I): the figures are filled in, the officer goes on.

use crate::display::{self, place_and_date};
use crate::error::ReportError;
use crate::formats::docx::{
    FINE, HEAD, SMALL, beside, body, centered, document, pack, right, run, table, table_cell,
};
use crate::input::annual::{AnnualReport, TargetProgress};
use docx_rs::{AlignmentType, BreakType, Docx, Footer, Header, Paragraph, Run, Table, TableRow};
use model::{OutputKind, Vnd};
use programme::{LetterSpec, Words};
use std::collections::BTreeMap;

/// Writes the covering report; gives the bytes of a .docx, or nothing if the programme has none.
///
/// The same report gives the same bytes.
///
/// # Errors
/// [`ReportError`] when the document cannot be made.
pub fn letter(report: &AnnualReport<'_>) -> Result<Option<Vec<u8>>, ReportError> {
    let spec = report.programme.report.letter.as_ref();
    spec.map(|spec| pack(compose(report, spec))).transpose()
}

/// The letter: who writes, to whom, what it says, who signs.
fn compose(report: &AnnualReport<'_>, letter: &LetterSpec) -> Docx {
    let header = &report.programme.report.header;
    let words = &report.programme.words;
    let (parent, office) = header.on(report.dated());
    let number = report.number_line();
    let addressee = header.addressee_on(report.dated());
    let addressee = addressee.unwrap_or(&letter.addressee);
    // A draft says so at the head of every page.
    let empty = document(OutputKind::Letter);
    let empty = match report.draft_mark() {
        Some(mark) => empty.header(Header::new().add_paragraph(right(&[run(mark).bold()]))),
        None => empty,
    };
    let empty = match report.log_fingerprint() {
        Some(log) => {
            let figures = report.figures_fingerprint();
            let places = [("figures", &*figures), ("log", &*log)];
            let note = words.render_template("fingerprints_note", places);
            empty.footer(Footer::new().add_paragraph(centered(&[run(&note).size(FINE)])))
        }
        None => empty,
    };
    let mut document = empty
        .add_table(beside([
            vec![
                centered(&[run(parent).size(HEAD)]),
                centered(&[run(office).size(HEAD).bold()]),
                centered(&[run(&number).size(HEAD)]),
            ],
            vec![
                centered(&[run(words.get("motto_nation")).size(HEAD).bold()]),
                centered(&[run(words.get("motto")).bold()]),
                centered(&[run(&place_and_date(words, report.dated())).italic()]),
            ],
        ]))
        .add_paragraph(Paragraph::new())
        .add_paragraph(centered(&[run(&report.title()).bold()]))
        .add_paragraph(centered(&[run(&report.placed(&header.subtitle)).bold()]))
        .add_paragraph(Paragraph::new())
        .add_paragraph(centered(&[run(addressee)]))
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
    document
        .add_paragraph(Paragraph::new())
        .add_table(beside([recipients(report), signer(report)]))
}

/// A target behind its number.
type LetterRow<'a> = (i64, &'a TargetProgress<'a>);

/// A column of the table of targets.
struct LetterColumn {
    /// The key of its heading.
    heading: &'static str,
    /// In twentieths of a point.
    width: usize,
    align: AlignmentType,
    is_bold: bool,
    text: fn(&Words, &LetterRow<'_>) -> String,
}

/// The columns of the table of targets.
fn target_columns() -> [LetterColumn; 6] {
    let column = |heading, width, text| LetterColumn {
        heading,
        width,
        align: AlignmentType::Center,
        is_bold: false,
        text,
    };
    [
        column("no", 600, |_, (number, _)| number.to_string()),
        LetterColumn {
            align: AlignmentType::Left,
            ..column("target", 4_000, |_, (_, progress)| {
                progress.target.title.vi.clone()
            })
        },
        column("span", 1_300, |_, (_, progress)| progress.span()),
        column("to_reach", 1_300, |words, (_, progress)| {
            progress.to_reach(words)
        }),
        LetterColumn {
            is_bold: true,
            ..column("to_date", 1_100, |_, (_, progress)| {
                Vnd(progress.figures.total()).to_string()
            })
        },
        column("share", 1_100, |_, (_, progress)| {
            display::share(progress.figures.total(), progress.target.at_least.max(1))
        }),
    ]
}

/// The targets of the plan (II.1.b): to reach, reached, share.
fn targets(report: &AnnualReport<'_>) -> Table {
    let words = &report.programme.words;
    let columns = target_columns();
    let heading = |c: &LetterColumn| table_cell(words.get(c.heading), AlignmentType::Center, true);
    let mut rows = vec![TableRow::new(columns.iter().map(heading).collect())];
    for row in (1..).zip(&report.targets) {
        let cell = |c: &LetterColumn| table_cell(&(c.text)(words, &row), c.align, c.is_bold);
        rows.push(TableRow::new(columns.iter().map(cell).collect()));
    }
    let widths = columns.iter().map(|column| column.width).collect();
    table(rows, widths)
}

fn recipients(report: &AnnualReport<'_>) -> Vec<Paragraph> {
    let words = &report.programme.words;
    let title = Paragraph::new().add_run(run(words.get("recipients")).bold().italic().size(24));
    let header = &report.programme.report.header;
    let lines = header.recipients_on(report.dated()).iter();
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
    let mut values = BTreeMap::from([
        ("year", report.year.to_string()),
        ("from", report.from.to_string()),
        ("as_of", display::moment(report.as_of)),
        ("reported", report.reported().to_string()),
        ("expected", report.expected().to_string()),
        ("reported_note", report.reported_note()),
        (
            "body",
            report
                .programme
                .report
                .header
                .body_on(report.dated())
                .to_owned(),
        ),
        ("held", report.held.len().to_string()),
        ("left_out", report.left_out().to_string()),
    ]);
    for (name, figures) in &report.figures {
        let shown = if report.is_money(name) {
            display::money(words, figures.total())
        } else {
            Vnd(figures.total()).to_string()
        };
        values.insert(name, shown);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::{compose, letter};
    use crate::testing::{figures, issued, programme, report, target};
    use docx_rs::{DocumentChild, Docx, TableCellContent, TableChild, TableRowChild};
    use model::ReportStatus;
    use programme::{LetterSpec, Measure};

    /// The paragraphs of a letter, and the rows of its tables, a line each.
    fn lines(document: &Docx) -> String {
        let mut lines = Vec::new();
        for child in &document.document.children {
            match child {
                DocumentChild::Paragraph(paragraph) => lines.push(paragraph.raw_text()),
                DocumentChild::Table(table) => {
                    for TableChild::TableRow(row) in &table.rows {
                        let cells = row.cells.iter().map(|TableRowChild::TableCell(cell)| {
                            let texts = cell.children.iter().filter_map(|child| match child {
                                TableCellContent::Paragraph(paragraph) => {
                                    Some(paragraph.raw_text())
                                }
                                _ => None,
                            });
                            texts.collect::<Vec<_>>().join(" / ")
                        });
                        lines.push(cells.collect::<Vec<_>>().join(" | "));
                    }
                }
                _ => {}
            }
        }
        lines.join("\n")
    }

    #[test]
    fn a_letter_says_its_paragraphs_with_the_figures_filled_in() {
        let programme = programme();
        let mut report = report(programme);
        let sum = |name, value| figures(name, Measure::Sum, &[], &[(&[], "r1", value)]);
        let clubs = sum("clubs_founded", "1234");
        report.targets = vec![target(programme, clubs.clone(), 0)];
        report.figures.insert("clubs_founded".to_owned(), clubs);
        let spent = sum("budget_spent", "63500000");
        report.figures.insert("budget_spent".to_owned(), spent);
        let spec = LetterSpec {
            addressee: "Kính gửi: Ủy ban".to_owned(),
            paragraphs: vec![
                "# 1. Kết quả năm {year}".to_owned(),
                "Đã lập {clubs_founded} câu lạc bộ, chi {budget_spent}; {held} dòng tạm giữ."
                    .to_owned(),
                "{reported}/{expected} cơ quan.".to_owned(),
            ],
            targets_after: 2,
        };
        insta::assert_snapshot!(lines(&compose(&report, &spec)), @r"
        ỦY BAN NHÂN DÂN TỈNH ĐỒNG NAI / SỞ KHOA HỌC VÀ CÔNG NGHỆ / Số:          /BC-SKHCN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM / Độc lập - Tự do - Hạnh phúc / Đồng Nai, ngày 25 tháng 11 năm 2023

        BÁO CÁO TỔNG HỢP NĂM 2023
        Kết quả thực hiện Chương trình quốc gia hỗ trợ doanh nghiệp nâng cao năng suất và chất lượng sản phẩm, hàng hóa trên địa bàn tỉnh Đồng Nai

        Kính gửi: Ủy ban

        1. Kết quả năm 2023
        Đã lập 1.234 câu lạc bộ, chi 63.500.000 đồng; 0 dòng tạm giữ.
        TT | Mục tiêu | Giai đoạn | Chỉ tiêu | Lũy kế | Tỷ lệ
        1 | Câu lạc bộ cải tiến năng suất chất lượng cho sinh viên được thành lập | 2021 - 2025 | ít nhất 1 | 1.234 | 123400,0%

        0/0 cơ quan.

        Nơi nhận: / - Ủy ban nhân dân tỉnh; / - Bộ Khoa học và Công nghệ; / - Các Sở, ban, ngành; / - Lưu: VT. | GIÁM ĐỐC /
        ");
    }

    #[test]
    fn a_draft_says_so_on_every_page_and_an_issued_letter_has_its_number_and_day() {
        let mut report = report(programme());
        report.status = ReportStatus::Draft;
        let spec = LetterSpec {
            addressee: "Kính gửi: Ủy ban".to_owned(),
            paragraphs: Vec::new(),
            targets_after: 0,
        };
        let head = |document: &Docx| {
            let header = document.document.section_property.header.clone();
            header.map(|(_, header)| format!("{header:?}").contains("DỰ THẢO"))
        };
        assert_eq!(head(&compose(&report, &spec)), Some(true));
        report.status = issued("123/BC-SKHCN", "2023-12-05");
        let document = compose(&report, &spec);
        assert_eq!(head(&document), None);
        let lines = lines(&document);
        insta::assert_snapshot!(lines.lines().next().unwrap(), @"ỦY BAN NHÂN DÂN TỈNH ĐỒNG NAI / SỞ KHOA HỌC VÀ CÔNG NGHỆ / Số: 123/BC-SKHCN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM / Độc lập - Tự do - Hạnh phúc / Đồng Nai, ngày 05 tháng 12 năm 2023");
    }

    #[test]
    fn a_programme_without_a_letter_writes_none() {
        let mut programme = programme().clone();
        assert!(letter(&report(&programme)).unwrap().is_some());
        programme.report.letter = None;
        assert!(letter(&report(&programme)).unwrap().is_none());
    }
}
