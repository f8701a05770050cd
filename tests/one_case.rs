//! A case, a person and a club are one over quarters, years and departments, however they are written; what is not sure is asked.

use crate::office::{Office, codes, figure, sheet_text, tonghop};
use crate::review_sheet::{answer_pair, questions};
use serde_json::Value;

const SHEET: &str = "Câu hỏi";

fn cover(department: &str, period: &str) -> String {
    format!("== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | {period}\n")
}

const SUPPORT: &str = "== Biểu 3\nĐơn vị tính: triệu đồng\nTên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Số hợp đồng | Bắt đầu | Tình trạng | NSNN\n";
const TRAINING: &str = "== Biểu 4a\nNhiệm vụ | Tên lớp | Từ ngày | Số người\n";
const EXPERTS: &str =
    "== Biểu 4b\nHọ và tên | Đơn vị công tác | Năm sinh | Số chứng nhận | Ngày cấp\n";
const CLUBS: &str = "== Biểu 5\nTên CLB | Trường | Quyết định thành lập | Ngày thành lập\n";

/// Drops a report on a period and runs on a day.
fn report(office: &Office, sender: (&str, &str), forms: &[&str], day: &str, code: i32) -> Value {
    let (department, period) = sender;
    let name = format!("{department} {period} {day}.xlsx").replace('/', "-");
    office.drop_workbook(&name, &(cover(department, period) + &forms.concat()));
    office.run_at_ending(&format!("{day}T00:00:00Z"), code)
}

/// Answers the one question of a run with 'one case'; the next run asks nothing.
fn say_one(office: &Office, run: &Value, day: &str) {
    let word = "cùng một trường hợp";
    answer_pair(SHEET, office, run, "tra-loi.xlsx", word, "");
    let run = office.run_at_ending(&format!("{day}T00:00:00Z"), 0);
    assert_eq!(run["cases"].as_array().map(Vec::len), Some(0));
}

fn figures<const N: usize>(office: &Office, ids: [&str; N]) -> [i64; N] {
    let figures = office.figures("2023");
    ids.map(|id| figure(&figures, &format!("{id}/2023")))
}

#[test]
fn what_the_next_quarter_fills_in_or_mends_makes_no_second_case() {
    let office = Office::new();
    let first = format!(
        "{SUPPORT}Công ty TNHH Mẫu Một | 3600265395 | 3a1 | | 05/02/2023 | đang thực hiện | 100\n"
    );
    let class = |day: &str| format!("{TRAINING}IV.4.a | Lớp 5S | {day} | 30\n");
    report(
        &office,
        ("Sở Công Thương", "Quý I/2023"),
        &[&first, &class("01/03/2023")],
        "2023-04-10",
        0,
    );
    let second = format!(
        "{SUPPORT}Công ty TNHH Mẫu Một | 3600265395 | 3a1 | 12/HĐ | 05/02/2023 | đang thực hiện | 120\n"
    );
    report(
        &office,
        ("Sở Công Thương", "Quý II/2023"),
        &[&second, &class("11/03/2023")],
        "2023-07-10",
        0,
    );
    let third = second.replace("3a1", "3b5");
    report(
        &office,
        ("Sở Công Thương", "Quý III/2023"),
        &[&third, &class("11/03/2023")],
        "2023-10-10",
        0,
    );
    assert_eq!(
        figures(&office, ["support_cases", "case_money", "people_trained"]),
        [1, 120_000_000, 30]
    );
}

#[test]
fn a_course_of_another_quarter_in_place_of_one_is_asked_and_the_answer_is_remembered() {
    let office = Office::new();
    let class = |day: &str| format!("{TRAINING}IV.4.a | Lớp 5S | {day} | 30\n");
    let sender = "Sở Công Thương";
    report(
        &office,
        (sender, "Quý I/2023"),
        &[&class("01/03/2023")],
        "2023-04-10",
        0,
    );
    let run = report(
        &office,
        (sender, "Quý II/2023"),
        &[&class("11/05/2023")],
        "2023-07-10",
        4,
    );
    assert_eq!(run["cases"][0]["doubt"], "over_periods");
    assert_eq!(figures(&office, ["people_trained"]), [60]);
    let asked = questions(&run, SHEET);
    assert_eq!(asked.len(), 1, "{asked:?}");
    say_one(&office, &run, "2023-07-11");
    assert_eq!(figures(&office, ["people_trained"]), [30]);
}

#[test]
fn a_course_that_two_departments_report_is_asked_and_counts_once_if_it_is_one() {
    let office = Office::new();
    let class = format!("{TRAINING}IV.4.a | Lớp quản lý chất lượng | 01/03/2023 | 50\n");
    report(
        &office,
        ("Sở Công Thương", "Năm 2023"),
        &[&class],
        "2023-11-10",
        0,
    );
    let run = report(
        &office,
        ("Sở Xây dựng", "Năm 2023"),
        &[&class],
        "2023-11-11",
        4,
    );
    assert_eq!(run["cases"][0]["doubt"], "two_reporters");
    assert_eq!(figures(&office, ["people_trained"]), [100]);
    say_one(&office, &run, "2023-11-12");
    assert_eq!(figures(&office, ["people_trained"]), [50]);
    let second = "Sở Xây dựng Năm 2023 2023-11-11.xlsx";
    let call = ["explain", "-w", office.dir(), second, "Biểu 4a", "C2"];
    let json = ["--format", "json"];
    let told = tonghop(&[&call[..], &json].concat()).ending(0).json();
    let reason = &told["records"][0]["reasons"][0];
    assert_eq!(reason["why"], "reported_twice", "{told}");
    let first = "Sở Công Thương Năm 2023 2023-11-10.xlsx, Biểu 4a, 2";
    assert_eq!(reason["others"][0], first, "{told}");
}

#[test]
fn a_person_and_a_club_are_one_whoever_reports_them() {
    let office = Office::new();
    let experts = format!(
        "{EXPERTS}Nguyễn Văn Ân | Sở Công Thương | 1980 | 12/CN | 01/03/2023
NGUYỄN VĂN ÂN | Sở CT | 1980 | 77/CN | 01/06/2023
Trần Thị Bình | Công ty Mẫu | 1985 | 5/CN | 01/06/2018\n"
    );
    let clubs = format!(
        "{CLUBS}CLB NSCL | ĐH Lạc Hồng | 5/QĐ-ĐHLH | 01/05/2023
CLB Năng suất | Trường Đại học Đồng Nai | 7/QĐ-ĐHĐN | 01/05/2019\n"
    );
    report(
        &office,
        ("Sở Công Thương", "Năm 2023"),
        &[&experts, &clubs],
        "2023-11-10",
        0,
    );
    let experts = format!("{EXPERTS}Ông Nguyễn Văn Ân | | 1980 | 12/CN | 01/03/2023\n")
        .replace("| |", "| Sở Công Thương |");
    let clubs = format!(
        "{CLUBS}Câu lạc bộ Năng suất chất lượng | Trường Đại học Lạc Hồng | 5/QĐ-ĐHLH | 01/05/2023\n"
    );
    let run = report(
        &office,
        ("Sở Xây dựng", "Năm 2023"),
        &[&experts, &clubs],
        "2023-11-11",
        0,
    );
    assert_eq!(run["cases"].as_array().map(Vec::len), Some(0));
    // The certificate of 2018 and the club of 2019 are from before the year.
    assert_eq!(
        figures(&office, ["experts_trained", "clubs_founded"]),
        [1, 1]
    );
}

/// How many single cases a run asks about.
fn count_asked(run: &Value) -> usize {
    run["single_cases"].as_array().unwrap().len()
}

/// A quarter with two contracts and a course, and the next one, which lacks one of the contracts and the course: the run of that.
fn gone(office: &Office) -> Value {
    let sender = "Sở Công Thương";
    let one =
        "Công ty TNHH Mẫu Một | 3600265395 | 3a1 | 12/HĐ | 05/02/2023 | đang thực hiện | 100\n";
    let two =
        "Công ty TNHH Mẫu Hai | 3603295006 | 3a2 | 13/HĐ | 06/02/2023 | đang thực hiện | 60\n";
    let first = format!("{SUPPORT}{one}{two}");
    let class = format!(
        "{TRAINING}IV.4.a | Lớp 5S | 01/03/2023 | 30\nIV.4.b | Lớp Kaizen | 02/03/2023 | 20\n"
    );
    let days = ["2023-04-10", "2023-07-10"];
    report(
        office,
        (sender, "Quý I/2023"),
        &[&first, &class],
        days[0],
        0,
    );
    let second = format!("{SUPPORT}{one}");
    let class = format!("{TRAINING}IV.4.b | Lớp Kaizen | 02/03/2023 | 20\n");
    report(
        office,
        (sender, "Quý II/2023"),
        &[&second, &class],
        days[1],
        4,
    )
}

const GONE: [&str; 3] = ["support_cases", "case_money", "people_trained"];

#[test]
fn a_case_gone_from_the_next_quarter_counts_until_a_person_says_that_it_was_reported_by_mistake() {
    let office = Office::new();
    let run = gone(&office);
    assert!(codes(&run).contains(&"X005"), "{run}");
    let asked = run["single_cases"].as_array().unwrap();
    let matters: Vec<&Value> = asked.iter().map(|it| &it["matter"]).collect();
    assert_eq!(matters, ["gone", "gone"], "{run}");
    assert_eq!(figures(&office, GONE), [2, 160_000_000, 50]);
    // What it may come to is told at the head of the report.
    let summary = sheet_text(&office.workbook(), "Tổng hợp");
    assert!(summary.contains("1 – 2"), "{summary}");
    // The first question is on the contract.
    answer_pair(
        SHEET,
        &office,
        &run,
        "tra-loi.xlsx",
        "báo nhầm, không tính",
        "",
    );
    let run = office.run_at_ending("2023-07-11T00:00:00Z", 4);
    assert_eq!(count_asked(&run), 1, "{run}");
    assert_eq!(figures(&office, GONE), [1, 100_000_000, 50]);
    let file = "Sở Công Thương Quý I-2023 2023-04-10.xlsx";
    let call = [
        "explain",
        "-w",
        office.dir(),
        file,
        "Biểu 3",
        "A4",
        "--format",
        "json",
    ];
    let explained = tonghop(&call).ending(0).json();
    assert_eq!(
        explained["records"][0]["reasons"][0]["why"], "in_error",
        "{explained}"
    );
    // The course went on: it is told no longer, and counts.
    answer_pair(SHEET, &office, &run, "tra-loi-2.xlsx", "vẫn tiếp tục", "");
    let run = office.run_at_ending("2023-07-12T00:00:00Z", 0);
    assert_eq!(count_asked(&run), 0, "{run}");
    assert_eq!(figures(&office, GONE), [1, 100_000_000, 50]);
    assert!(!sheet_text(&office.workbook(), "Lưu ý").contains("X005"));
    // The next quarter has neither of them, and nobody is asked again.
    let one =
        "Công ty TNHH Mẫu Một | 3600265395 | 3a1 | 12/HĐ | 05/02/2023 | đang thực hiện | 100\n";
    let third = format!("{SUPPORT}{one}");
    let class = format!("{TRAINING}IV.4.b | Lớp Kaizen | 02/03/2023 | 20\n");
    let sender = ("Sở Công Thương", "Quý III/2023");
    let run = report(&office, sender, &[&third, &class], "2023-10-10", 0);
    assert!(!codes(&run).contains(&"X005"), "{run}");
    assert_eq!(figures(&office, GONE), [1, 100_000_000, 50]);
}

/// A department that writes only what is new in each quarter is asked about once, and not case by case.
#[test]
fn many_cases_that_are_gone_together_are_one_question() {
    const TOPICS: [&str; 23] = [
        "5S",
        "Kaizen",
        "Lean",
        "TPM",
        "KPI",
        "Six Sigma",
        "ISO 9001",
        "ISO 14001",
        "ISO 22000",
        "ISO 45001",
        "ISO 50001",
        "HACCP",
        "GMP",
        "Halal",
        "VietGAP",
        "GlobalGAP",
        "MFCA",
        "QCC",
        "TWI",
        "BSC",
        "mã số mã vạch",
        "đo lường",
        "truy xuất",
    ];
    let office = Office::new();
    let row = |(n, topic): (usize, &&str)| {
        format!("IV.4.a | {topic} | {:02}/03/2023 | {}\n", n + 1, 10 + n)
    };
    let of = |topics: &[&str]| {
        TRAINING.to_owned() + &topics.iter().enumerate().map(row).collect::<String>()
    };
    let sender = |period| ("Sở Công Thương", period);
    let (first, second) = (of(&TOPICS[..22]), of(&TOPICS[22..]));
    report(&office, sender("Quý I/2023"), &[&first], "2023-04-10", 0);
    let run = report(&office, sender("Quý II/2023"), &[&second], "2023-07-10", 4);
    assert_eq!(count_asked(&run), 1, "{run}");
    assert_eq!(run["single_cases"][0]["cases"], 22);
    let count = || figures(&office, ["people_trained"]);
    // 10 to 31 people, and 10 in the next quarter.
    assert_eq!(count(), [451 + 10]);
    let path = run["review"].as_str().unwrap();
    let review = sheet_text(&std::fs::read(path).unwrap(), SHEET);
    assert!(review.contains("22 trường hợp: "), "{review}");
    let mistaken = "báo nhầm, không tính";
    answer_pair(SHEET, &office, &run, "tra-loi.xlsx", mistaken, "");
    let run = office.run_at_ending("2023-07-11T00:00:00Z", 0);
    assert_eq!(count_asked(&run), 0);
    assert_eq!(count(), [10]);
}

#[test]
fn an_answer_on_a_case_that_is_gone_is_taken_back_by_a_later_one() {
    let office = Office::new();
    let run = gone(&office);
    answer_pair(
        SHEET,
        &office,
        &run,
        "tra-loi.xlsx",
        "báo nhầm, không tính",
        "",
    );
    office.run_at_ending("2023-07-11T00:00:00Z", 4);
    assert_eq!(figures(&office, GONE), [1, 100_000_000, 50]);
    answer_pair(SHEET, &office, &run, "tra-loi-2.xlsx", "cần xác minh", "");
    let run = office.run_at_ending("2023-07-12T00:00:00Z", 4);
    assert_eq!(count_asked(&run), 2, "{run}");
    assert_eq!(figures(&office, GONE), [2, 160_000_000, 50]);
}
