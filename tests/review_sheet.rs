//! The questions of a review workbook that are not on two records, and answers to them.

use crate::office::Office;
use calamine::{Reader, Xlsx};
use serde_json::Value;
use std::io::Cursor;

/// The rows of a sheet of questions in the review workbook, from left to right.
pub(crate) fn questions(run: &Value, sheet: &str) -> Vec<Vec<String>> {
    let path = run["review"]
        .as_str()
        .unwrap_or_else(|| panic!("nothing is asked: {run}"));
    let mut workbook = Xlsx::new(Cursor::new(std::fs::read(path).unwrap())).unwrap();
    let range = workbook.worksheet_range(sheet).unwrap();
    let (last, width) = range.end().unwrap();
    let text = |row, col| range.get_value((row, col)).map(ToString::to_string);
    (4..=last)
        .map(|row| {
            let cells = (0..=width).map(|col| text(row, col).unwrap_or_default());
            cells.collect()
        })
        .collect()
}

/// Sends a question back with an answer.
pub(crate) fn answer(office: &Office, sheet: &str, question: &[String], name: &str, answer: &str) {
    let mut cells = question.to_vec();
    cells[9] = answer.to_owned();
    cells[10] = "Đã hỏi Sở".to_owned();
    cells[11] = "Phòng Quản lý".to_owned();
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('\n', " ")).collect();
    let text = format!("== {sheet}\n\n\n\nTT | Câu hỏi\n{}\n", cells.join(" | "));
    office.drop_workbook(name, &text);
}

/// Sends the first question of a sheet on two records back with an answer that holds until a day.
pub(crate) fn answer_pair(
    title: &str,
    office: &Office,
    run: &Value,
    name: &str,
    answer: &str,
    until: &str,
) {
    let path = run["review"]
        .as_str()
        .unwrap_or_else(|| panic!("nothing is asked: {run}"));
    let mut workbook = Xlsx::new(Cursor::new(std::fs::read(path).unwrap())).unwrap();
    let range = workbook.worksheet_range(title).unwrap();
    let mut sheet = format!("== {title}\n");
    for row in 0..=range.end().unwrap().0 {
        let text = |col: u32| {
            range
                .get_value((row, col))
                .map(ToString::to_string)
                .unwrap_or_default()
        };
        let cell = |col: u32| text(col).replace('|', "/");
        let mut cells: Vec<String> = (0..29).map(cell).collect();
        if row == 4 {
            cells[19] = answer.to_owned();
            cells[20] = "Đã kiểm tra hồ sơ".to_owned();
            cells[21] = "Phòng Quản lý".to_owned();
            cells[22] = until.to_owned();
        }
        sheet.push_str(&cells.join(" | "));
        sheet.push('\n');
    }
    office.drop_workbook(name, &sheet);
}

/// An officer lets each form of a run that waits take the place of what was received: his answers come in and are taken.
pub(crate) fn let_replace(office: &Office, run: &Value, now: &str) {
    let sheet = "Thay số liệu";
    for (number, question) in questions(run, sheet).iter().enumerate() {
        let name = format!("thay-so-lieu-{number}.xlsx");
        answer(office, sheet, question, &name, "thay bằng tệp mới");
    }
    office.run_at_ending(now, 0);
}
