//! More questions than anybody reads one by one: each is answered once, none is asked again, and the report follows.

use crate::office::{Office, figure};
use crate::overlap::register;
use crate::review_sheet::questions;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// So many enterprises each have support from two departments.
const ENTERPRISES: usize = 1_000;
/// Of so many both departments gave the same amount.
const ALIKE: usize = 500;
/// So many have an entry in another programme's list, in one of three wordings that say nothing.
const LISTED: usize = 300;

const WORDINGS: [&str; 3] = [
    "Hỗ trợ khác",
    "Theo quyết định của Chủ tịch",
    "Hỗ trợ đợt 1",
];

/// The places of what a person reads and writes, on a sheet on two records.
const QUESTION: usize = 1;
const ANSWER: usize = 19;
const KEYS: std::ops::Range<usize> = 23..29;
const GROUP: usize = 31;

/// A valid tax code of its own for each number (TT 105/2020/TT-BTC Điều 5).
fn tax_code(number: usize) -> String {
    const WEIGHTS: [usize; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let body = (360_000_000 + number * 12..).find_map(|body| {
        let digits = body.to_string();
        let digits = digits.bytes().map(|b| usize::from(b - b'0'));
        let sum: usize = digits
            .zip(WEIGHTS)
            .map(|(digit, weight)| digit * weight)
            .sum();
        let check = 10 - sum % 11;
        (check < 10).then(|| format!("{body}{check}"))
    });
    body.unwrap()
}

fn name(number: usize) -> String {
    const WORDS: [&str; 10] = [
        "Kỳ", "Vân", "Hóa", "Sen", "Triều", "Đằng", "Giang", "Võ", "Bái", "Chẽ",
    ];
    let word = |at: usize| WORDS[number / 10_usize.pow(u32::try_from(at).unwrap()) % 10];
    format!("Công ty TNHH {} {} {}", word(0), word(1), word(2))
}

fn amount(number: usize) -> usize {
    5_000_000 + number * 1_000
}

fn reported(department: &str, more: impl Fn(usize) -> usize) -> String {
    let mut text = format!(
        "== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | Năm 2023\n== Biểu 3\nĐơn vị tính: đồng\n\
         Tên doanh nghiệp | Mã số thuế | Địa chỉ | Huyện/TP | Nội dung hỗ trợ | Công cụ/Tiêu chuẩn áp dụng | Bắt đầu | Tình trạng | NSNN\n"
    );
    for number in 0..ENTERPRISES {
        let (name, code) = (name(number), tax_code(number));
        let amount = amount(number) + more(number);
        let line = format!(
            "{name} | '{code} | Số {number} Lê Lợi, X. Long Tân | Nhơn Trạch | 3a1 | ISO 9001:2015 | 2023-03-01 | Đang thực hiện | {amount}"
        );
        writeln!(text, "{line}").unwrap();
    }
    text
}

#[test]
fn a_thousand_questions_are_answered_once_each() {
    let office = Office::new();
    office.drop_workbook("syt.xlsx", &reported("Sở Y tế", |_| 0));
    let more = |number| if number < ALIKE { 0 } else { 1_000_000 };
    office.drop_workbook("sxd.xlsx", &reported("Sở Xây dựng", more));
    let mut rows = String::new();
    for number in 0..LISTED {
        let (name, code, wording) = (name(number), tax_code(number), WORDINGS[number % 3]);
        let line = format!(
            "{number} | {name} | '{code} | Long Tân, Nhơn Trạch | {wording} | 2023-02-01 | 2023-06-01 | 100"
        );
        writeln!(rows, "{line}").unwrap();
    }
    std::fs::write(office.path("registers/dnnvv.xlsx"), register(&rows)).unwrap();

    let run = office.run_at_ending("2024-01-02T00:00:00Z", 4);
    let mut asked = questions(&run, "Câu hỏi");
    let keys: BTreeSet<&[String]> = asked.iter().map(|row| &row[KEYS]).collect();
    assert_eq!(
        (asked.len(), keys.len()),
        (ENTERPRISES + 3, ENTERPRISES + 3)
    );
    // The words of the other list are shown.
    for wording in WORDINGS {
        let told = asked.iter().filter(|row| row[6].contains(wording));
        assert_eq!(told.count(), 1, "{wording}");
    }
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    for row in asked.iter().filter(|row| !row[GROUP].is_empty()) {
        *groups.entry(row[GROUP].clone()).or_default() += 1;
    }
    assert_eq!(groups.values().copied().collect::<Vec<_>>(), [500, 500]);

    // A person's rules: what is alike is one and the same; of the others the first hundred were paid by both; texts by their
    // words.
    let mut joint = 0;
    let mut answered_groups = BTreeSet::new();
    for row in &mut asked {
        let (answer, for_group) = match row[QUESTION].as_str() {
            "Có phải trùng hỗ trợ?" if row[17].starts_with("cùng một hỗ trợ") => {
                ("cùng một hỗ trợ, báo cáo hai lần", true)
            }
            "Có phải trùng hỗ trợ?" if joint < 100 => {
                joint += 1;
                ("cùng tài trợ", false)
            }
            "Có phải trùng hỗ trợ?" => ("hai hỗ trợ khác nhau", true),
            _ if row[6].contains(WORDINGS[0]) => ("3b2", false),
            _ if row[6].contains(WORDINGS[1]) => ("không thuộc Mục IV.3", false),
            _ => ("3b1; 3b3", false),
        };
        // One answer for all of a group.
        if for_group && !answered_groups.insert(row[GROUP].clone()) {
            continue;
        }
        row[ANSWER] = answer.to_owned();
        row[ANSWER + 1] = "hồ sơ".to_owned();
        row[ANSWER + 2] = "Phòng Quản lý".to_owned();
        if for_group {
            row[GROUP + 1] = "x".to_owned();
        }
    }
    let mut sheet = "== Câu hỏi\n\n\n\nTT | Câu hỏi\n".to_owned();
    for row in &asked {
        let cell = |text: &String| match text.is_empty() {
            true => String::new(),
            false => format!("'{}", text.replace('\n', " ").replace('|', "/")),
        };
        let cells: Vec<String> = row.iter().map(cell).collect();
        writeln!(sheet, "{}", cells.join(" | ")).unwrap();
    }
    office.drop_workbook("tra-loi.xlsx", &sheet);

    let run = office.run_at_ending("2024-01-03T00:00:00Z", 0);
    assert_eq!(
        run["answered"][0]["answers"],
        ENTERPRISES + 3,
        "{}",
        run["answered"]
    );
    let figures = office.figures("2023");
    let cases = i64::try_from(2 * ENTERPRISES - ALIKE - 100).unwrap();
    assert_eq!(figure(&figures, "support_cases/2023"), cases);
    // What is reported twice leaves the money too, and what both paid is the money of both.
    let twice: usize = (0..ALIKE).map(amount).sum();
    let all: usize = (0..ENTERPRISES).map(|it| 2 * amount(it) + more(it)).sum();
    let money = i64::try_from(all - twice).unwrap();
    assert_eq!(figure(&figures, "case_money/2023"), money);

    // Nothing is asked again, also where more comes in.
    office.drop_workbook(
        "khac.xlsx",
        &reported("Sở Xây dựng", more).replace("Năm 2023", "Năm 2024"),
    );
    let run = office.run_at_ending("2024-12-04T00:00:00Z", 0);
    let waits = run["overlaps"].as_array().unwrap().iter();
    assert_eq!(waits.filter(|it| it["waits"] == true).count(), 0);
}
