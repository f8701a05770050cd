//! The ways in which a table may be laid out and written.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use vietext::Legacy;

/// How a table is laid out and written.
#[derive(Debug, Clone)]
pub(crate) struct TableLayout {
    pub order: Vec<Index>,
    pub headings: Vec<Index>,
    /// 1 đồng, 1,000 or 1,000,000; named above the table or in the headings.
    pub unit: u32,
    pub unit_in_headings: bool,
    pub grouped: bool,
    pub numbering_row: bool,
    pub ordinal: bool,
    pub above: usize,
    pub left: usize,
    pub extra_column: bool,
    /// Every so many rows a section begins.
    pub sections: usize,
    pub total: bool,
    pub blanks: bool,
    pub signature: bool,
    pub second_form: bool,
    pub numbers: NumberStyle,
    pub dates: usize,
    pub codes: usize,
    pub marks: usize,
    pub letters: LetterStyle,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum NumberStyle {
    Cells,
    CommaDecimal,
    DotDecimal,
    Blanks,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum LetterStyle {
    Unicode,
    Decomposed,
    Capitals,
    NoBreakSpaces,
    Old(Legacy),
}

/// The columns of the table, each with ways to head it; the three of money stay together.
pub(crate) const COLUMNS: [(&str, &[&str]); 8] = [
    (
        "enterprise",
        &[
            "Tên doanh nghiệp",
            "Tên đơn vị",
            "Tên tổ chức, doanh nghiệp",
            "Tên doanh nghiêp",
        ],
    ),
    ("tax_code", &["Mã số thuế", "MST", "Mã số DN/MST"]),
    ("content", &["Nội dung hỗ trợ", "Nội dung được hỗ trợ"]),
    ("start", &["Bắt đầu", "Ngày bắt đầu", "Thời gian bắt đầu"]),
    ("status", &["Tình trạng", "Tình trạng thực hiện", "Tiến độ"]),
    ("employees", &["Số lao động", "Lao động (người)"]),
    ("model", &["Mô hình điểm", "Là mô hình điểm"]),
    ("money", &["NSNN", "Ngân sách nhà nước", "Kinh phí NSNN"]),
];

pub(crate) fn layouts() -> impl Strategy<Value = TableLayout> {
    let numbers = select(vec![
        NumberStyle::Cells,
        NumberStyle::CommaDecimal,
        NumberStyle::DotDecimal,
        NumberStyle::Blanks,
    ]);
    let letters = select(vec![
        LetterStyle::Unicode,
        LetterStyle::Decomposed,
        LetterStyle::Capitals,
        LetterStyle::NoBreakSpaces,
        LetterStyle::Old(Legacy::Tcvn3),
        LetterStyle::Old(Legacy::Vni),
    ]);
    let indices = |n| proptest::collection::vec(any::<Index>(), n);
    let layout = (indices(8), indices(8), 0usize..4, 0usize..3, 2usize..5);
    let flags = any::<[bool; 9]>();
    let values = (
        select(vec![1u32, 1_000, 1_000_000]),
        numbers,
        0usize..3,
        0usize..2,
        0usize..4,
        letters,
    );
    (layout, flags, values).prop_map(|(layout, flags, values)| {
        let (order, headings, above, left, sections) = layout;
        let [
            unit_in_headings,
            grouped,
            numbering_row,
            ordinal,
            extra_column,
            total,
            blanks,
            signature,
            second_form,
        ] = flags;
        let (unit, numbers, dates, codes, marks, letters) = values;
        TableLayout {
            order,
            headings,
            unit,
            unit_in_headings,
            grouped,
            numbering_row,
            ordinal,
            above,
            left,
            extra_column,
            sections,
            total,
            blanks,
            signature,
            second_form,
            numbers,
            dates,
            codes,
            marks,
            letters,
        }
    })
}
