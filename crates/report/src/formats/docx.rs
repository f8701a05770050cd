//! The paragraphs and tables of a Word document as an office writes them (NĐ 30/2020/NĐ-CP, Phụ lục I).

use crate::error::ReportError;
use docx_rs::{
    AlignmentType, Docx, LineSpacing, PageMargin, Paragraph, Run, RunFonts, SpecialIndentType,
    Table, TableAlignmentType, TableBorders, TableCell, TableLayoutType, TableRow, WidthType,
};
use model::{OutputKind, clean_line};
use std::io::Cursor;

/// Sizes in half points, lengths in twentieths of a point.
pub(crate) const BODY: usize = 28;
pub(crate) const HEAD: usize = 24;
pub(crate) const SMALL: usize = 22;

/// The size of what stands at the foot of a page.
pub(crate) const FINE: usize = 16;
const MILLIMETRE: u32 = 57;

/// The width of a table in the body: 210 mm less both margins.
const TABLE_WIDTH: usize = 9_400;

/// An empty A4 document in Times New Roman, with the mark by which we know it again.
pub(crate) fn document(kind: OutputKind) -> Docx {
    Docx::new()
        .custom_property("tonghop", kind.mark())
        .page_size(210 * MILLIMETRE, 297 * MILLIMETRE)
        .page_margin(margins())
        .default_fonts(
            RunFonts::new()
                .ascii("Times New Roman")
                .hi_ansi("Times New Roman")
                .cs("Times New Roman"),
        )
        .default_size(BODY)
}

/// The bytes of a .docx.
///
/// # Errors
/// When the document cannot be packed.
pub(crate) fn pack(document: Docx) -> Result<Vec<u8>, ReportError> {
    let mut bytes = Cursor::new(Vec::new());
    let mut parts = document.build();
    parts.headers = parts.headers.into_iter().map(with_simple_number).collect();
    parts
        .pack(&mut bytes)
        .map_err(|error| ReportError::Letter(error.to_string()))?;
    Ok(bytes.into_inner())
}

/// A part in which the number of the page is a simple field. The library writes it as a text of instructions, and a letter has no
/// instructions for whoever opens it.
fn with_simple_number(part: Vec<u8>) -> Vec<u8> {
    const NUMBER: &str = concat!(
        r#"<w:r><w:rPr /><w:fldChar w:fldCharType="begin" w:dirty="false" /><w:instrText>PAGE</w:instrText>"#,
        r#"<w:fldChar w:fldCharType="separate" w:dirty="false" /><w:t xml:space="preserve">1</w:t>"#,
        r#"<w:fldChar w:fldCharType="end" w:dirty="false" /></w:r>"#
    );
    const SIMPLE: &str = r#"<w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>"#;
    match String::from_utf8(part) {
        Ok(text) => text.replace(NUMBER, SIMPLE).into_bytes(),
        Err(part) => part.into_bytes(),
    }
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

/// A piece of text in the body's size.
pub(crate) fn run(text: &str) -> Run {
    Run::new().add_text(clean_line(text)).size(BODY).fonts(
        RunFonts::new()
            .ascii("Times New Roman")
            .hi_ansi("Times New Roman"),
    )
}

/// A paragraph in the middle.
pub(crate) fn centered(runs: &[Run]) -> Paragraph {
    aligned(AlignmentType::Center, runs)
}

/// A paragraph at the right margin.
pub(crate) fn right(runs: &[Run]) -> Paragraph {
    aligned(AlignmentType::Right, runs)
}

fn aligned(align: AlignmentType, runs: &[Run]) -> Paragraph {
    let empty = Paragraph::new().align(align);
    runs.iter().cloned().fold(empty, Paragraph::add_run)
}

/// A paragraph of the body: justified, its first line set in by 1 cm, 6 points before it.
pub(crate) fn body() -> Paragraph {
    Paragraph::new()
        .align(AlignmentType::Both)
        .indent(None, Some(SpecialIndentType::FirstLine(567)), None, None)
        .line_spacing(LineSpacing::new().before(120))
}

/// Two columns next to each other, without lines.
pub(crate) fn beside(sides: [Vec<Paragraph>; 2]) -> Table {
    let cells = sides.map(|paragraphs| {
        paragraphs
            .into_iter()
            .fold(TableCell::new(), TableCell::add_paragraph)
    });
    Table::without_borders(vec![TableRow::new(cells.to_vec())])
        .set_grid(vec![4_000, 5_400])
        .layout(TableLayoutType::Fixed)
        .width(TABLE_WIDTH, WidthType::Dxa)
}

/// A cell of a table.
pub(crate) fn table_cell(text: &str, align: AlignmentType, is_bold: bool) -> TableCell {
    let text = run(text).size(HEAD);
    let text = if is_bold { text.bold() } else { text };
    TableCell::new().add_paragraph(Paragraph::new().align(align).add_run(text))
}

/// A table with lines, in columns of these widths.
pub(crate) fn table(rows: Vec<TableRow>, widths: Vec<usize>) -> Table {
    Table::new(rows)
        .set_grid(widths)
        .layout(TableLayoutType::Fixed)
        .width(TABLE_WIDTH, WidthType::Dxa)
        .align(TableAlignmentType::Center)
        .set_borders(TableBorders::new())
}
