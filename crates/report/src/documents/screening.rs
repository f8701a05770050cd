use crate::display;
use crate::error::ReportError;
use crate::formats::xlsx::page::XlsxPage;
use crate::formats::xlsx::styles::Styles;
use crate::formats::xlsx::workbook::titled;
use crate::input::rows::GrantSide;
use crate::paper::Paper;
use crate::paper::cell::CellValue;
use crate::paper::column::{ColumnList, ColumnSpec};
use crate::paper::look::Look;
use chrono::{DateTime, FixedOffset};
use model::OutputKind;
use programme::{Programme, Words};
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
    pub clause: String,
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
    let mut workbook = titled(OutputKind::Screening, &definition.title, input.at)?;
    let styles = Styles::new();
    let count = |result: &str| {
        input
            .counts
            .get(result)
            .copied()
            .unwrap_or_default()
            .to_string()
    };
    let words = &input.programme.words;
    let subtitle = words.render_template(
        "screen_subtitle",
        [
            ("file", input.file_name),
            ("at", &display::moment(input.at)),
            ("clear", &count("clear")),
            ("combined", &count("combined")),
            ("ask", &count("ask")),
            ("duplicate", &count("duplicate")),
        ],
    );
    let (name, title) = (&definition.nominees_sheet, &definition.title);
    write_nominees(
        &mut XlsxPage::titled(&mut workbook, &styles, words, name, title, subtitle.clone())?,
        input,
    )?;
    let name = &definition.support_sheet;
    write_relations(
        &mut XlsxPage::titled(&mut workbook, &styles, words, name, title, subtitle)?,
        input,
    )?;
    Ok(workbook.save_to_buffer()?)
}

/// A nominee behind its number.
type NumberedNominee<'a> = (i64, &'a NomineeRow);
type NomineeColumn<'a> = ColumnSpec<'a, NumberedNominee<'a>>;

/// Support that a nominee had, behind the nominee and its number.
type NumberedRelation<'a> = (i64, &'a NomineeRow, &'a RelationRow);
type RelationColumn<'a> = ColumnSpec<'a, NumberedRelation<'a>>;

fn write_nominees(page: &mut dyn Paper, input: &ScreeningInput<'_>) -> Result<(), ReportError> {
    let words = &input.programme.words;
    let columns = nominee_columns(words);
    columns.begin(page, 0)?;
    for row in (1..).zip(&input.nominees) {
        columns.row(page, &row)?;
    }
    if input.nominees.is_empty() {
        return page.note(words.get("no_rows"));
    }
    page.filter()
}

fn nominee_columns<'a>(words: &'a Words) -> ColumnList<'a, NumberedNominee<'a>> {
    ColumnList(vec![
        NomineeColumn::new(words.get("no"), 5, |(number, _)| {
            CellValue::ordinal(*number)
        }),
        NomineeColumn::new(words.get("enterprise"), 34, |(_, nominee)| {
            CellValue::text(&nominee.name)
        }),
        NomineeColumn::new(words.get("tax_code_head"), 15, |(_, nominee)| {
            CellValue::text(&nominee.tax_code)
        }),
        NomineeColumn::new(words.get("address_head"), 24, |(_, nominee)| {
            CellValue::text(&nominee.address)
        }),
        NomineeColumn::new(words.get("overlap_what"), 16, |(_, nominee)| {
            CellValue::text(&nominee.asks.what)
        }),
        NomineeColumn::new(words.get("overlap_span"), 13, |(_, nominee)| {
            CellValue::text(&nominee.asks.span)
        }),
        NomineeColumn::new(words.get("screen_result"), 14, |(_, nominee)| {
            let look = match nominee.result {
                "clear" => Look::Good,
                "combined" => Look::Center,
                _ => Look::Pending,
            };
            let result = words.get(&format!("screen_{}", nominee.result)).to_owned();
            CellValue::Text(result.into(), look)
        }),
        NomineeColumn::new(words.get("screen_why"), 64, |(_, nominee)| {
            CellValue::text(why(words, nominee))
        }),
        NomineeColumn::new(words.get("row"), 7, |(_, nominee)| {
            // The place is file, sheet and row; on the nominee's own list the row is enough.
            let place = nominee.asks.place.rsplit(" › ").next();
            CellValue::centered(place.unwrap_or_default())
        }),
    ])
}

/// The reasons, a line each, the first ones only.
fn why(words: &Words, nominee: &NomineeRow) -> String {
    let shown = nominee.relations.iter().take(SHOWN);
    let mut lines: Vec<String> = shown
        .map(|relation| relation_line(words, relation))
        .collect();
    if nominee.relations.len() > SHOWN {
        lines.push(format!("… (+{})", nominee.relations.len() - SHOWN));
    }
    lines.join("\n")
}

fn relation_line(words: &Words, relation: &RelationRow) -> String {
    words.render_template(
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

fn write_relations(page: &mut dyn Paper, input: &ScreeningInput<'_>) -> Result<(), ReportError> {
    let words = &input.programme.words;
    let columns = relation_columns(words);
    columns.begin(page, 0)?;
    let mut is_empty = true;
    for (number, nominee) in (1..).zip(&input.nominees) {
        for relation in &nominee.relations {
            is_empty = false;
            columns.row(page, &(number, nominee, relation))?;
        }
    }
    if is_empty {
        page.note(words.get("no_rows"))
    } else {
        page.filter()
    }
}

fn relation_columns<'a>(words: &'a Words) -> ColumnList<'a, NumberedRelation<'a>> {
    ColumnList(vec![
        RelationColumn::new(words.get("no"), 5, |(number, ..)| {
            CellValue::ordinal(*number)
        }),
        RelationColumn::new(words.get("enterprise"), 30, |(_, nominee, _)| {
            CellValue::text(&nominee.name)
        }),
        RelationColumn::new(words.get("screen_relation"), 15, |(.., relation)| {
            let look = if relation.is_serious {
                Look::Pending
            } else {
                Look::Center
            };
            CellValue::Text(relation.relation.as_str().into(), look)
        }),
        RelationColumn::new(words.get("overlap_source"), 16, |(.., relation)| {
            CellValue::text(&relation.had.source)
        }),
        RelationColumn::new(words.get("enterprise_there"), 30, |(.., relation)| {
            CellValue::text(&relation.name)
        }),
        RelationColumn::new(words.get("tax_code_head"), 15, |(.., relation)| {
            CellValue::text(&relation.tax_code)
        }),
        RelationColumn::new(words.get("overlap_what"), 16, |(.., relation)| {
            CellValue::text(&relation.had.what)
        }),
        RelationColumn::new(words.get("overlap_span"), 13, |(.., relation)| {
            CellValue::centered(&relation.had.span)
        }),
        RelationColumn::new(words.get("overlap_money"), 15, |(.., relation)| {
            CellValue::money(relation.had.state_budget)
        }),
        RelationColumn::new(words.get("review_evidence"), 40, |(.., relation)| {
            CellValue::text(&relation.evidence)
        }),
        RelationColumn::new(words.get("clause"), 12, |(.., relation)| {
            CellValue::text(&relation.clause)
        }),
        RelationColumn::new(words.get("overlap_place"), 28, |(.., relation)| {
            CellValue::text(&relation.had.place)
        }),
    ])
}

#[cfg(test)]
mod tests {
    use super::{NomineeRow, RelationRow, ScreeningInput, screening};
    use crate::input::rows::GrantSide;
    use crate::testing::{ReadWorkbook, moment, programme};
    use std::collections::BTreeMap;

    fn side(place: &str) -> GrantSide {
        GrantSide {
            source: "Sở Y tế".to_owned(),
            what: "3a1".to_owned(),
            span: "2023".to_owned(),
            state_budget: Some(50_000_000),
            place: place.to_owned(),
        }
    }

    fn nominee(name: &str, result: &'static str, relations: usize) -> NomineeRow {
        let relation = |number: usize| RelationRow {
            relation: "Trùng lặp".to_owned(),
            is_serious: true,
            name: format!("{name} {number}"),
            tax_code: String::new(),
            had: side("syt.xlsx › B3 › 9"),
            evidence: "mã số thuế".to_owned(),
            clause: "III.2.b".to_owned(),
        };
        NomineeRow {
            name: name.to_owned(),
            tax_code: "3600000001".to_owned(),
            address: "Biên Hòa".to_owned(),
            asks: side("de-xuat.xlsx › Danh sách › 7"),
            result,
            relations: (1..=relations).map(relation).collect(),
        }
    }

    fn written(nominees: Vec<NomineeRow>) -> ReadWorkbook {
        let bytes = screening(&ScreeningInput {
            programme: programme(),
            file_name: "de-xuat.xlsx",
            at: moment("2023-11-25T09:00:00+07:00"),
            counts: &BTreeMap::from([("clear", 1), ("duplicate", 1)]),
            nominees,
        });
        ReadWorkbook::new(bytes.unwrap())
    }

    #[test]
    fn a_nominee_shows_its_first_reasons_and_all_of_them_on_the_second_sheet() {
        let read = written(vec![
            nominee("Gốm", "duplicate", 6),
            nominee("Gỗ", "clear", 0),
        ]);
        insta::assert_snapshot!(read.text("Kết quả rà soát"), @r"
        1: KẾT QUẢ RÀ SOÁT TRƯỚC KHI HỖ TRỢ
        2: Tệp de-xuat.xlsx, đối chiếu lúc 25/11/2023 09:00: 1 chưa từng được hỗ trợ, 0 có thể lồng ghép, 0 cần xem xét, 1 trùng lặp
        4: TT | Doanh nghiệp | Mã số thuế | Địa chỉ | Nội dung, công cụ | Thời gian | Kết quả | Căn cứ | Dòng
        5: 1 | Gốm | 3600000001 | Biên Hòa | 3a1 | 2023 | Trùng lặp | Trùng lặp: Sở Y tế, 3a1, 2023 (syt.xlsx › B3 › 9)
        Trùng lặp: Sở Y tế, 3a1, 2023 (syt.xlsx › B3 › 9)
        Trùng lặp: Sở Y tế, 3a1, 2023 (syt.xlsx › B3 › 9)
        Trùng lặp: Sở Y tế, 3a1, 2023 (syt.xlsx › B3 › 9)
        … (+2) | 7
        6: 2 | Gỗ | 3600000001 | Biên Hòa | 3a1 | 2023 | Chưa được hỗ trợ |  | 7
        ");
        insta::assert_snapshot!(read.text("Đã được hỗ trợ"), @r"
        1: KẾT QUẢ RÀ SOÁT TRƯỚC KHI HỖ TRỢ
        2: Tệp de-xuat.xlsx, đối chiếu lúc 25/11/2023 09:00: 1 chưa từng được hỗ trợ, 0 có thể lồng ghép, 0 cần xem xét, 1 trùng lặp
        4: TT | Doanh nghiệp | Quan hệ | Nguồn | Tên ghi tại đó | Mã số thuế | Nội dung, công cụ | Thời gian | NSNN (đồng) | Bằng chứng | Căn cứ | Tệp, trang, dòng
        5: 1 | Gốm | Trùng lặp | Sở Y tế | Gốm 1 |  | 3a1 | 2023 | 50000000 | mã số thuế | III.2.b | syt.xlsx › B3 › 9
        6: 1 | Gốm | Trùng lặp | Sở Y tế | Gốm 2 |  | 3a1 | 2023 | 50000000 | mã số thuế | III.2.b | syt.xlsx › B3 › 9
        7: 1 | Gốm | Trùng lặp | Sở Y tế | Gốm 3 |  | 3a1 | 2023 | 50000000 | mã số thuế | III.2.b | syt.xlsx › B3 › 9
        8: 1 | Gốm | Trùng lặp | Sở Y tế | Gốm 4 |  | 3a1 | 2023 | 50000000 | mã số thuế | III.2.b | syt.xlsx › B3 › 9
        9: 1 | Gốm | Trùng lặp | Sở Y tế | Gốm 5 |  | 3a1 | 2023 | 50000000 | mã số thuế | III.2.b | syt.xlsx › B3 › 9
        10: 1 | Gốm | Trùng lặp | Sở Y tế | Gốm 6 |  | 3a1 | 2023 | 50000000 | mã số thuế | III.2.b | syt.xlsx › B3 › 9
        ");
    }

    #[test]
    fn an_empty_list_says_so() {
        let text = written(Vec::new()).text("Đã được hỗ trợ");
        assert!(text.contains("Không có dòng nào trong kỳ."), "{text}");
    }
}
