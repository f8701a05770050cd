//! The covering report as a draft in Word (NĐ 30/2020/NĐ-CP, Phụ lục I): the figures are filled in, the officer goes on.

use crate::display::place_and_date;
use crate::documents::letter_text::{LetterLine, LetterText};
use crate::error::ReportError;
use crate::formats::docx::{
    FINE, HEAD, SMALL, beside, body, centered, document, pack, right, run, table, table_cell,
};
use crate::input::annual::{AnnualReport, TargetProgress};
use chrono::Datelike;
use docx_rs::{
    AlignmentType, BreakType, Docx, Footer, Header, PageNum, Paragraph, Run, Table, TableRow,
};
use model::{OutputKind, Vnd};
use programme::{Header as BodyHeader, LetterSpec, Words};

/// Writes the covering reports: what is put behind the name of the report's file, and the bytes of a .docx; none if the
/// programme has none.
///
/// The same report gives the same bytes.
///
/// # Errors
/// [`ReportError`] when a document cannot be made.
pub fn letters(report: &AnnualReport<'_>) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let letters = &report.programme.report.letters;
    let Some(first) = letters.first() else {
        return Ok(Vec::new());
    };
    letters
        .iter()
        .map(|spec| {
            Ok((
                spec.file_suffix.clone(),
                pack(compose(report, spec, first)?)?,
            ))
        })
        .collect()
}

/// The letter: who writes, to whom, what it says, who signs.
fn compose(
    report: &AnnualReport<'_>,
    letter: &LetterSpec,
    first: &LetterSpec,
) -> Result<Docx, ReportError> {
    let head = LetterHead::of(report, letter);
    let header = head.header;
    let text = LetterText::new(report, letter, first);
    let words = &report.programme.words;
    let (parent, office) = header.on(report.dated());
    let addressee = header.addressee_on(report.dated());
    let addressee = addressee.unwrap_or(&letter.addressee);
    // The page's number stands in the middle of the head, but for the first page; a draft says so at the head of every page.
    let mark = head.mark.map(|mark| right(&[run(mark).bold()]));
    let number = Paragraph::new()
        .align(AlignmentType::Center)
        .add_page_num(PageNum::new());
    let with_mark = |header: Header| match &mark {
        Some(mark) => header.add_paragraph(mark.clone()),
        None => header,
    };
    let empty = document(OutputKind::Letter)
        .first_header(with_mark(Header::new()))
        .header(with_mark(Header::new().add_paragraph(number)));
    let empty = match report.log_fingerprint() {
        Some(log) => {
            let figures = report.figures_fingerprint();
            let places = [("figures", &*figures), ("log", &*log)];
            let note = words.render_template("fingerprints_note", places);
            let note = || Footer::new().add_paragraph(centered(&[run(&note).size(FINE)]));
            empty.footer(note()).first_footer(note())
        }
        None => empty,
    };
    let bodies = [
        (!parent.is_empty()).then(|| centered(&[run(parent).size(HEAD)])),
        Some(centered(&[run(office).size(HEAD).bold()])),
        Some(centered(&[run(&head.number).size(HEAD)])),
    ];
    let mut document = empty
        .add_table(beside([
            bodies.into_iter().flatten().collect(),
            vec![
                centered(&[run(words.get("motto_nation")).size(HEAD).bold()]),
                centered(&[run(words.get("motto")).bold().underline("single")]),
                centered(&[run(&head.place_and_date).italic()]),
            ],
        ]))
        .add_paragraph(Paragraph::new())
        .add_paragraph(centered(&[run(&head.title(report, &text)).bold()]))
        .add_paragraph(centered(&[run(&text.fill(&header.subtitle)).bold()]))
        .add_paragraph(Paragraph::new())
        .add_paragraph(centered(&[run(addressee)]))
        .add_paragraph(Paragraph::new());
    for line in text.lines()? {
        document = match line {
            LetterLine::Heading(heading) | LetterLine::Section(heading) => {
                document.add_paragraph(body().keep_next(true).add_run(run(&heading).bold()))
            }
            LetterLine::Body(pieces) => {
                let piece = |paragraph: Paragraph, (text, is_open): (String, bool)| {
                    let text = run(&text);
                    paragraph.add_run(if is_open {
                        text.highlight("yellow")
                    } else {
                        text
                    })
                };
                document.add_paragraph(pieces.into_iter().fold(body(), piece))
            }
            LetterLine::Targets => document
                .add_table(targets(report))
                .add_paragraph(Paragraph::new()),
        };
    }
    let sides = [recipients(report, header), signer(header)];
    Ok(document
        .add_paragraph(Paragraph::new())
        .add_table(beside(sides)))
}

/// Who writes a letter: the office of the report, under its number and day, or another body, for which it is a draft.
struct LetterHead<'a> {
    header: &'a BodyHeader,
    mark: Option<&'a str>,
    number: String,
    place_and_date: String,
    is_of_report: bool,
}

impl<'a> LetterHead<'a> {
    fn of(report: &'a AnnualReport<'_>, letter: &'a LetterSpec) -> Self {
        let words = &report.programme.words;
        match &letter.header {
            None => Self {
                header: &report.programme.report.header,
                mark: report.draft_mark(),
                number: report.number_line(),
                place_and_date: place_and_date(words, report.dated()),
                is_of_report: true,
            },
            Some(header) => {
                let year = report.dated().year().to_string();
                let open = [("day", "    "), ("month", "    "), ("year", &year)];
                Self {
                    header,
                    mark: Some(words.get("draft_mark")),
                    number: header.number.clone(),
                    place_and_date: words.render_template("place_and_date", open),
                    is_of_report: false,
                }
            }
        }
    }

    fn title(&self, report: &AnnualReport<'_>, text: &LetterText<'_>) -> String {
        match self.is_of_report {
            true => report.title(),
            false => text.fill(&self.header.title),
        }
    }
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
            ..column("target", 3_700, |_, (_, progress)| {
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
        column("share", 1_400, |_, (_, progress)| progress.share()),
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

fn recipients(report: &AnnualReport<'_>, header: &BodyHeader) -> Vec<Paragraph> {
    let words = &report.programme.words;
    let title = Paragraph::new().add_run(run(words.get("recipients")).bold().italic().size(HEAD));
    let lines = header.recipients_on(report.dated()).iter();
    std::iter::once(title)
        .chain(lines.map(|line| Paragraph::new().add_run(run(&format!("- {line}")).size(SMALL))))
        .collect()
}

/// The office that signs, with room for the signature and the name.
fn signer(header: &BodyHeader) -> Vec<Paragraph> {
    let office = header
        .signer
        .iter()
        .map(|line| centered(&[run(line).bold()]));
    let room = Paragraph::new().add_run(
        Run::new()
            .add_break(BreakType::TextWrapping)
            .add_break(BreakType::TextWrapping)
            .add_break(BreakType::TextWrapping),
    );
    office.chain([room]).collect()
}

#[cfg(test)]
mod tests {
    use super::{compose, letters};
    use crate::testing::{figures, issued, programme, report, target};
    use docx_rs::{DocumentChild, Docx, TableCellContent, TableChild, TableRowChild};
    use model::ReportStatus;
    use programme::{LetterParagraph, LetterSpec, Measure};

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
            paragraphs: [
                "# 1. Kết quả năm {year}",
                "Đã lập {clubs_founded} câu lạc bộ, chi {budget_spent}; {held} dòng tạm giữ.",
                "{reported}/{expected} cơ quan.",
            ]
            .map(|text| LetterParagraph::Text(text.to_owned()))
            .to_vec(),
            targets_after: 2,
            ..LetterSpec::default()
        };
        insta::assert_snapshot!(lines(&compose(&report, &spec, &spec).unwrap()), @r"
        ỦY BAN NHÂN DÂN TỈNH ĐỒNG NAI / SỞ KHOA HỌC VÀ CÔNG NGHỆ / Số:          /BC-SKHCN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM / Độc lập - Tự do - Hạnh phúc / Đồng Nai, ngày 25 tháng 11 năm 2023

        BÁO CÁO TỔNG HỢP NĂM 2023
        Kết quả thực hiện Chương trình quốc gia hỗ trợ doanh nghiệp nâng cao năng suất và chất lượng sản phẩm, hàng hóa trên địa bàn tỉnh Đồng Nai

        Kính gửi: Ủy ban

        1. Kết quả năm 2023
        Đã lập 1.234 câu lạc bộ, chi 63,5 triệu đồng; 0 dòng tạm giữ.
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
            ..LetterSpec::default()
        };
        let head = |document: &Docx| {
            let header = document.document.section_property.header.clone();
            header.map(|(_, header)| format!("{header:?}").contains("DỰ THẢO"))
        };
        assert_eq!(head(&compose(&report, &spec, &spec).unwrap()), Some(true));
        report.status = issued("123/BC-SKHCN", "2023-12-05");
        let document = compose(&report, &spec, &spec).unwrap();
        assert_eq!(head(&document), Some(false));
        let lines = lines(&document);
        insta::assert_snapshot!(lines.lines().next().unwrap(), @"ỦY BAN NHÂN DÂN TỈNH ĐỒNG NAI / SỞ KHOA HỌC VÀ CÔNG NGHỆ / Số: 123/BC-SKHCN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM / Độc lập - Tự do - Hạnh phúc / Đồng Nai, ngày 05 tháng 12 năm 2023");
    }

    #[test]
    fn a_programme_without_a_letter_writes_none() {
        let mut programme = programme().clone();
        assert!(!letters(&report(&programme)).unwrap().is_empty());
        programme.report.letters.clear();
        assert!(letters(&report(&programme)).unwrap().is_empty());
    }
}
