use crate::documents::review::columns::{HEAD, ReviewContent, columns};
use crate::documents::review::input::{ReviewLayout, Reviewed};
use chrono::NaiveDate;
use model::{CellCopy, SheetCopy};
use std::collections::BTreeMap;

/// The rows of a review sheet that a person answered, in their order.
pub fn read_review(sheet: &SheetCopy, layout: ReviewLayout) -> Vec<Reviewed> {
    let mut rows: BTreeMap<u32, Vec<(ReviewContent, &CellCopy)>> = BTreeMap::new();
    let columns = columns(layout);
    for (cell, value) in sheet.cells.iter().filter(|(cell, _)| cell.row > HEAD) {
        let column = usize::try_from(cell.col)
            .ok()
            .and_then(|at| columns.get(at));
        if let Some(column) = column {
            rows.entry(cell.row)
                .or_default()
                .push((column.content, value));
        }
    }
    rows.values().filter_map(|cells| read_row(cells)).collect()
}

/// The answer of a row; nothing if it has none, or if its hidden keys are gone.
fn read_row(cells: &[(ReviewContent, &CellCopy)]) -> Option<Reviewed> {
    let value = |wanted: ReviewContent| {
        cells
            .iter()
            .find(|(content, _)| *content == wanted)
            .map(|(_, value)| *value)
    };
    let text = |wanted: ReviewContent| match value(wanted) {
        Some(CellCopy::Text(text)) => text.trim().to_owned(),
        _ => String::new(),
    };
    // A day typed as text counts as it is printed everywhere here.
    let until = match value(ReviewContent::Until) {
        Some(CellCopy::Day(day)) => Some(*day),
        Some(CellCopy::Text(text)) => NaiveDate::parse_from_str(text.trim(), "%d/%m/%Y").ok(),
        _ => None,
    };
    let reviewed = Reviewed {
        answer: text(ReviewContent::Answer),
        reason: text(ReviewContent::Reason),
        by: text(ReviewContent::By),
        until,
        keys: std::array::from_fn(|key| text(ReviewContent::Key(key))),
    };
    // A row somebody added by hand has no keys: nothing says which question it answers.
    (!reviewed.answer.is_empty() && reviewed.keys.iter().all(|key| !key.is_empty()))
        .then_some(reviewed)
}

#[cfg(test)]
mod tests {
    use super::read_review;
    use crate::testing::{ReadWorkbook, moment, programme};
    use crate::{
        ReviewInput, ReviewLayout, ReviewRow, ReviewSheet, ReviewSubject, Reviewed, review,
    };
    use chrono::NaiveDate;
    use model::{CellCopy, CellRef, SheetCopy};

    fn question(key: &str) -> ReviewRow {
        let side = |name: &str| {
            [
                "Sở Y tế",
                name,
                "3600000001",
                "Biên Hòa",
                "3a1",
                "2023",
                "syt.xlsx › B3 › 9",
            ]
            .map(str::to_owned)
        };
        ReviewRow {
            question: "Có phải cùng một doanh nghiệp?".to_owned(),
            subject: ReviewSubject::Pair(Box::new([side("Công ty Gốm"), side("Cty Gốm")])),
            evidence: "tên gần giống".to_owned(),
            answers: ["cùng doanh nghiệp", "khác doanh nghiệp"]
                .map(str::to_owned)
                .into(),
            proposal: "cùng doanh nghiệp".to_owned(),
            previous: String::new(),
            keys: std::array::from_fn(|at| format!("{key}{at}")),
        }
    }

    fn written() -> ReadWorkbook {
        let words = &programme().words;
        let sheets = vec![
            ReviewSheet {
                name: "Câu hỏi",
                intro: words.get("review_intro"),
                layout: ReviewLayout::Pairs,
                rows: vec![question("a"), question("b")],
            },
            ReviewSheet {
                name: "Đã ghép",
                intro: "",
                layout: ReviewLayout::Pairs,
                rows: Vec::new(),
            },
        ];
        let bytes = review(&ReviewInput {
            words,
            at: moment("2023-11-25T09:00:00+07:00"),
            sheets,
        });
        ReadWorkbook::new(bytes.unwrap())
    }

    /// The sheet as it comes back, with answers filled in.
    fn answered(answers: &[(&str, CellCopy)]) -> Vec<Reviewed> {
        let mut cells: Vec<(CellRef, CellCopy)> = Vec::new();
        let text = written().text("Câu hỏi");
        for line in text.lines() {
            let (row, values) = line.split_once(": ").unwrap();
            for (col, value) in (0..).zip(values.split(" | ")) {
                let row = row.parse::<u32>().unwrap() - 1;
                cells.push((CellRef { row, col }, CellCopy::Text(value.to_owned())));
            }
        }
        for (cell, value) in answers {
            let at: CellRef = cell.parse().unwrap();
            cells.retain(|(other, _)| *other != at);
            cells.push((at, value.clone()));
        }
        read_review(
            &SheetCopy {
                name: "Câu hỏi".to_owned(),
                is_hidden: false,
                cells,
                merged: Vec::new(),
            },
            ReviewLayout::Pairs,
        )
    }

    fn text(text: &str) -> CellCopy {
        CellCopy::Text(text.to_owned())
    }

    #[test]
    fn questions_stand_a_row_each_and_empty_sheets_are_left_out() {
        let read = written();
        assert_eq!(read.sheets, ["Câu hỏi"]);
        insta::assert_snapshot!(read.text("Câu hỏi"), @r"
        1: CÂU HỎI CHỜ QUYẾT ĐỊNH
        2: Chọn câu trả lời ở cột “Trả lời”, ghi lý do và người trả lời, lưu lại rồi bỏ tệp này vào thư mục inbox hoặc review. Chưa rõ thì để trống.
        4: TT | Câu hỏi | Nguồn | Doanh nghiệp | Mã số thuế | Địa chỉ | Nội dung, công cụ | Thời gian | Tệp, trang, dòng | Nguồn | Doanh nghiệp | Mã số thuế | Địa chỉ | Nội dung, công cụ | Thời gian | Tệp, trang, dòng | Bằng chứng | Đề xuất | Trả lời trước đây | Trả lời | Lý do | Người trả lời | Có hiệu lực đến
        5: 1 | Có phải cùng một doanh nghiệp? | Sở Y tế | Công ty Gốm | 3600000001 | Biên Hòa | 3a1 | 2023 | syt.xlsx › B3 › 9 | Sở Y tế | Cty Gốm | 3600000001 | Biên Hòa | 3a1 | 2023 | syt.xlsx › B3 › 9 | tên gần giống | cùng doanh nghiệp |  |  |  |  |  | a0 | a1 | a2 | a3 | a4 | a5
        6: 2 | Có phải cùng một doanh nghiệp? | Sở Y tế | Công ty Gốm | 3600000001 | Biên Hòa | 3a1 | 2023 | syt.xlsx › B3 › 9 | Sở Y tế | Cty Gốm | 3600000001 | Biên Hòa | 3a1 | 2023 | syt.xlsx › B3 › 9 | tên gần giống | cùng doanh nghiệp |  |  |  |  |  | b0 | b1 | b2 | b3 | b4 | b5
        ");
    }

    #[test]
    fn answers_are_offered_and_keys_are_hidden() {
        let sheet = written().part("xl/worksheets/sheet1.xml");
        assert!(sheet.contains("sqref=\"T5:T6\""), "{sheet}");
        assert!(sheet.contains("\"cùng doanh nghiệp,khác doanh nghiệp\""));
        assert!(sheet.contains("<col min=\"24\" max=\"29\""), "{sheet}");
        assert_eq!(sheet.matches("hidden=\"1\"").count(), 1);
    }

    #[test]
    fn a_question_on_a_heading_offers_its_own_answers() {
        let words = &programme().words;
        let row = |answers: &[&str]| ReviewRow {
            subject: ReviewSubject::Single(
                ["Sở Y tế", "Biểu 3", "Kinh phí", "syt.xlsx › B3 › G2"].map(str::to_owned),
            ),
            answers: answers.iter().map(|answer| (*answer).to_owned()).collect(),
            ..question("a")
        };
        let rows = vec![
            row(&["NSNN", "khác"]),
            row(&["Nguồn khác", "khác"]),
            // A comma would part the choices of a list.
            row(&["Khó khăn, vướng mắc"]),
        ];
        let sheet = ReviewSheet {
            name: "Tiêu đề cột",
            intro: "",
            layout: ReviewLayout::Headings,
            rows,
        };
        let bytes = review(&ReviewInput {
            words,
            at: moment("2023-11-25T09:00:00+07:00"),
            sheets: vec![sheet],
        });
        let read = ReadWorkbook::new(bytes.unwrap());
        let xml = read.part("xl/worksheets/sheet1.xml");
        for (place, list) in [("J5", "NSNN,khác"), ("J6", "Nguồn khác,khác")] {
            assert!(xml.contains(&format!("sqref=\"{place}\"")), "{xml}");
            assert!(xml.contains(&format!("\"{list}\"")), "{xml}");
        }
        assert_eq!(xml.matches("<dataValidation ").count(), 2);
        let text = read.text("Tiêu đề cột");
        assert!(text.contains("Sở Y tế | Biểu 3 | Kinh phí | syt.xlsx › B3 › G2 | tên gần giống"));
    }

    #[test]
    fn only_answered_questions_are_read_back() {
        let day = NaiveDate::from_ymd_opt(2024, 12, 31).unwrap();
        let reviewed = answered(&[
            ("T6", text(" khác doanh nghiệp ")),
            ("U6", text("đã gọi điện")),
            ("V6", text("A. Nguyễn")),
            ("W6", CellCopy::Day(day)),
        ]);
        let [only] = reviewed.as_slice() else {
            panic!("{reviewed:?}")
        };
        assert_eq!(
            (only.answer.as_str(), only.reason.as_str(), only.by.as_str()),
            ("khác doanh nghiệp", "đã gọi điện", "A. Nguyễn")
        );
        assert_eq!(only.until, Some(day));
        assert_eq!(only.keys, ["b0", "b1", "b2", "b3", "b4", "b5"]);
    }

    #[test]
    fn a_last_day_may_be_typed_and_a_question_without_keys_is_not_taken() {
        let until = |cell| answered(&[("T5", text("trùng")), ("W5", cell)])[0].until;
        assert_eq!(
            until(text("05/03/2024")),
            NaiveDate::from_ymd_opt(2024, 3, 5)
        );
        assert_eq!(until(text("mai")), None);
        let lost = answered(&[("T5", text("trùng")), ("X5", text(" "))]);
        assert_eq!(lost, []);
    }
}
