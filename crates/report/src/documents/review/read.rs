use crate::documents::review::columns::{BETWEEN_OFFERED, HEAD, ReviewContent, columns};
use crate::documents::review::input::{ReviewLayout, Reviewed};
use chrono::NaiveDate;
use model::{CellCopy, SheetCopy};
use std::collections::BTreeMap;

/// The rows of a review sheet into which a person wrote something, in their order.
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
    let mut rows: Vec<Reviewed> = rows.values().map(|cells| read_row(cells)).collect();
    answer_groups(&mut rows);
    rows.retain(is_written);
    rows
}

/// Gives an answer that is meant for its group to those of it into which nobody wrote. Where two such answers stand in one group
/// nobody knows which is meant, and each is for its own row.
fn answer_groups(rows: &mut [Reviewed]) {
    let mut for_groups: BTreeMap<String, Vec<Reviewed>> = BTreeMap::new();
    let meant = rows
        .iter()
        .filter(|row| row.is_for_group && !row.group.is_empty() && !row.answer.is_empty());
    for row in meant {
        let of_group = for_groups.entry(row.group.clone()).or_default();
        of_group.push(row.clone());
    }
    for row in rows.iter_mut().filter(|row| !is_written(row)) {
        if let Some([given]) = for_groups.get(&row.group).map(Vec::as_slice) {
            row.answer.clone_from(&given.answer);
            row.reason.clone_from(&given.reason);
            row.by.clone_from(&given.by);
            row.until = given.until;
            row.until_text.clone_from(&given.until_text);
        }
    }
}

/// Whether a person wrote an answer or something beside it.
fn is_written(row: &Reviewed) -> bool {
    [&row.answer, &row.reason, &row.by, &row.until_text]
        .iter()
        .any(|text| !text.is_empty())
}

fn read_row(cells: &[(ReviewContent, &CellCopy)]) -> Reviewed {
    let value = |wanted: ReviewContent| {
        cells
            .iter()
            .find(|(content, _)| *content == wanted)
            .map(|(_, value)| *value)
    };
    let text = |wanted: ReviewContent| value(wanted).map(shown).unwrap_or_default();
    let until = match value(ReviewContent::Until) {
        Some(CellCopy::Day(day)) => Some(*day),
        _ => day(&text(ReviewContent::Until)),
    };
    let offered = text(ReviewContent::Offered);
    Reviewed {
        answer: text(ReviewContent::Answer),
        reason: text(ReviewContent::Reason),
        by: text(ReviewContent::By),
        until,
        until_text: text(ReviewContent::Until),
        keys: std::array::from_fn(|key| text(ReviewContent::Key(key))),
        offered: offered
            .split(BETWEEN_OFFERED)
            .map(|answer| answer.trim().to_owned())
            .filter(|answer| !answer.is_empty())
            .collect(),
        group: text(ReviewContent::Group),
        is_for_group: !text(ReviewContent::ForGroup).is_empty(),
    }
}

/// A cell as a person sees it: an answer may be the number of a choice, a day may be a day.
fn shown(cell: &CellCopy) -> String {
    match cell {
        CellCopy::Text(text) => text.trim().to_owned(),
        CellCopy::Number(number) => number.to_string(),
        CellCopy::Flag(flag) => flag.to_string(),
        CellCopy::Day(day) => day.format("%d/%m/%Y").to_string(),
        CellCopy::Formula(formula) => format!("={formula}"),
    }
}

/// A day typed as text, as it is written here, or as computers do.
fn day(text: &str) -> Option<NaiveDate> {
    let text = text.replace(['-', '.'], "/");
    let parse = |format| NaiveDate::parse_from_str(&text, format).ok();
    parse("%d/%m/%Y").or_else(|| parse("%Y/%m/%d"))
}

#[cfg(test)]
mod tests {
    use super::read_review;
    use crate::testing::{ReadWorkbook, moment, programme};
    use crate::{
        CarriedWords, ReviewInput, ReviewLayout, ReviewRow, ReviewSheet, ReviewSubject, Reviewed,
        review,
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
            carried: None,
            effect: "1 doanh nghiệp".to_owned(),
            group: "1 (2 câu)".to_owned(),
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
        insta::assert_snapshot!(read.text("Câu hỏi"), @r#"
        1: CÂU HỎI CHỜ QUYẾT ĐỊNH
        2: Chọn câu trả lời ở cột “Trả lời”, ghi lý do và người trả lời, lưu lại rồi bỏ tệp này vào thư mục inbox hoặc review. Chưa rõ thì để trống. Khi hỏi về trùng hỗ trợ: “cùng một hỗ trợ, báo cáo hai lần” thì hỗ trợ bắt đầu sau không tính vào số liệu nào; “cùng tài trợ” thì tính một lượt, NSNN của cả hai bên và vốn doanh nghiệp một lần (số lớn hơn); “hai hỗ trợ khác nhau” thì tính cả hai. Các câu cùng căn cứ đứng thành nhóm: trả lời một câu, ghi x ở cột “Trả lời cho cả nhóm” thì các câu còn trống của nhóm nhận cùng câu trả lời.
        3: Đã trả lời 0 trên 2 câu ="Đã trả lời "&COUNTA($T$5:$T$6)&" trên 2 câu"
        4: TT | Câu hỏi | Nguồn | Doanh nghiệp | Mã số thuế | Địa chỉ | Nội dung, công cụ | Thời gian | Tệp, trang, dòng | Nguồn | Doanh nghiệp | Mã số thuế | Địa chỉ | Nội dung, công cụ | Thời gian | Tệp, trang, dòng | Bằng chứng | Đề xuất | Trả lời trước đây | Trả lời | Lý do | Người trả lời | Có hiệu lực đến |  |  |  |  |  |  |  | Ảnh hưởng đến | Nhóm câu hỏi cùng căn cứ | Trả lời cho cả nhóm (x)
        5: 1 | Có phải cùng một doanh nghiệp? | Sở Y tế | Công ty Gốm | 3600000001 | Biên Hòa | 3a1 | 2023 | syt.xlsx › B3 › 9 | Sở Y tế | Cty Gốm | 3600000001 | Biên Hòa | 3a1 | 2023 | syt.xlsx › B3 › 9 | tên gần giống | cùng doanh nghiệp |  |  |  |  |  | a0 | a1 | a2 | a3 | a4 | a5 | cùng doanh nghiệp ¦ khác doanh nghiệp | 1 doanh nghiệp | 1 (2 câu) |  | cùng doanh nghiệp | khác doanh nghiệp
        6: 2 | Có phải cùng một doanh nghiệp? | Sở Y tế | Công ty Gốm | 3600000001 | Biên Hòa | 3a1 | 2023 | syt.xlsx › B3 › 9 | Sở Y tế | Cty Gốm | 3600000001 | Biên Hòa | 3a1 | 2023 | syt.xlsx › B3 › 9 | tên gần giống | cùng doanh nghiệp |  |  |  |  |  | b0 | b1 | b2 | b3 | b4 | b5 | cùng doanh nghiệp ¦ khác doanh nghiệp | 1 doanh nghiệp | 1 (2 câu)
        "#);
    }

    #[test]
    fn answers_are_offered_and_keys_are_hidden() {
        let sheet = written().part("xl/worksheets/sheet1.xml");
        assert!(sheet.contains("sqref=\"T5:T6\""), "{sheet}");
        assert!(sheet.contains("$AH$5:$AI$5"), "{sheet}");
        // What a person sees at the end is beyond the keys, before the lists of the dropdowns.
        for hidden in ["<col min=\"24\" max=\"30\"", "<col min=\"34\" max=\"35\""] {
            assert!(sheet.contains(hidden), "{sheet}");
        }
        assert_eq!(sheet.matches("hidden=\"1\"").count(), 2);
        assert!(sheet.contains("<autoFilter ref=\"A4:AG6\"/>"), "{sheet}");
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
        // A list of its own for each, in its row; a comma parts none.
        for (place, list) in [("J5", "$X$5:$Y$5"), ("J6", "$X$6:$Y$6"), ("J7", "$X$7")] {
            assert!(xml.contains(&format!("sqref=\"{place}\"")), "{xml}");
            assert!(xml.contains(&format!(">{list}<")), "{xml}");
        }
        // And one for the mark that an answer is for the group.
        assert_eq!(xml.matches("<dataValidation ").count(), 4);
        let text = read.text("Tiêu đề cột");
        assert!(text.contains("Sở Y tế | Biểu 3 | Kinh phí | syt.xlsx › B3 › G2 | tên gần giống"));
    }

    #[test]
    fn only_rows_that_a_person_wrote_into_are_read_back() {
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
        assert_eq!(only.offered, ["cùng doanh nghiệp", "khác doanh nghiệp"]);
        assert!(only.has_question());
        let reason = answered(&[("U6", text("đã gọi điện")), ("T5", CellCopy::Number(2.0))]);
        let answers: Vec<&str> = reason.iter().map(|row| row.answer.as_str()).collect();
        assert_eq!(answers, ["2", ""], "a reason without an answer is read too");
    }

    #[test]
    fn an_answer_for_its_group_is_that_of_all_of_it_that_have_none() {
        let marked = |cells: &[(&str, CellCopy)]| -> Vec<(String, String)> {
            let rows = answered(cells).into_iter();
            rows.map(|row| (row.keys[0].clone(), row.answer)).collect()
        };
        let first = ("T5", text("khác doanh nghiệp"));
        let pair = |a: &str, b: &str| {
            vec![
                ("a0".to_owned(), a.to_owned()),
                ("b0".to_owned(), b.to_owned()),
            ]
        };
        assert_eq!(
            marked(std::slice::from_ref(&first)).len(),
            1,
            "without the mark"
        );
        let both = marked(&[first.clone(), ("AG5", text("x"))]);
        assert_eq!(both, pair("khác doanh nghiệp", "khác doanh nghiệp"));
        let own = ("T6", text("cùng doanh nghiệp"));
        let apart = marked(&[first.clone(), ("AG5", text("x")), own.clone()]);
        assert_eq!(apart, pair("khác doanh nghiệp", "cùng doanh nghiệp"));
        // Two answers for one group: each for its own row.
        let two = [first, ("AG5", text("x")), own, ("AG6", text("x"))];
        assert_eq!(marked(&two), pair("khác doanh nghiệp", "cùng doanh nghiệp"));
    }

    #[test]
    fn a_last_day_may_be_typed_and_a_row_without_keys_has_no_question() {
        let read = |cell| {
            let row = answered(&[("T5", text("trùng")), ("W5", cell)]).remove(0);
            (row.until, row.until_text)
        };
        let day = NaiveDate::from_ymd_opt(2024, 3, 5);
        for typed in ["05/03/2024", "5-3-2024", "2024-03-05", "5.3.2024"] {
            assert_eq!(read(text(typed)), (day, typed.to_owned()));
        }
        assert_eq!(read(text("mai")), (None, "mai".to_owned()));
        let lost = answered(&[("T5", text("trùng")), ("X5", text(" "))]);
        assert!(!lost[0].has_question());
    }

    #[test]
    fn what_was_not_taken_stands_there_again_with_its_mark() {
        let carried = CarriedWords {
            answer: "trùng rồi".to_owned(),
            reason: "=hồ sơ".to_owned(),
            by: "A. Nguyễn".to_owned(),
            until: "mai".to_owned(),
            mark: "CHƯA NHẬN: chọn một câu trả lời".to_owned(),
        };
        let row = ReviewRow {
            previous: "khác doanh nghiệp".to_owned(),
            carried: Some(carried.clone()),
            ..question("a")
        };
        let sheet = ReviewSheet {
            name: "Câu hỏi",
            intro: "",
            layout: ReviewLayout::Pairs,
            rows: vec![row],
        };
        let bytes = review(&ReviewInput {
            words: &programme().words,
            at: moment("2023-11-25T09:00:00+07:00"),
            sheets: vec![sheet],
        });
        let read = ReadWorkbook::new(bytes.unwrap());
        let text = read.text("Câu hỏi");
        assert!(
            text.contains("| trùng rồi | =hồ sơ | A. Nguyễn | mai | a0"),
            "{text}"
        );
        assert!(text.contains("khác doanh nghiệp\nCHƯA NHẬN"), "{text}");
        assert!(!read.part("xl/worksheets/sheet1.xml").contains("<f>=hồ"));
    }
}
