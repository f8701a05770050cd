//! Clauses of the plan that a report must hold: who leads and who helps, several programmes in one cell, several associations, sizes,
//! the law of the day and the names of the day.

use crate::office::{Office, codes, figure, sheet_text, sheets, tonghop};
use std::collections::BTreeSet;

const HEAD: &str = "== Biểu 3\nĐơn vị tính: triệu đồng\n\
    STT | Tên doanh nghiệp | Mã số thuế | Quy mô | Số lao động | Doanh thu | Ngành, lĩnh vực | Nhóm ưu tiên | Nội dung hỗ trợ | Bắt đầu | Tình trạng | Chương trình lồng ghép | NSNN\n";

fn general(department: &str, period: &str) -> String {
    format!("== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | {period}\n")
}

/// The codes of the findings on one sheet and row.
fn on_row(run: &serde_json::Value, row: usize) -> BTreeSet<&str> {
    let findings = run["findings"].as_array().unwrap().iter();
    let ends =
        |cell: &str| cell.trim_start_matches(|c: char| c.is_ascii_uppercase()) == row.to_string();
    let of_row = findings
        .filter(|it| it["sheet"] == "Biểu 3" && ends(it["cell"].as_str().unwrap_or_default()));
    of_row.map(|it| it["code"].as_str().unwrap()).collect()
}

#[test]
fn who_does_not_lead_a_task_helps_with_it_and_the_appendix_shows_both() {
    let office = Office::new();
    let training = "== Biểu 4a\nNhiệm vụ | Tên hoạt động | Bắt đầu | Số người\nIV.4.b | Lớp 5S | 01/03/2023 | 30\n";
    let budget = "== Biểu 8\nĐơn vị tính: triệu đồng\nNhiệm vụ | Nguồn kinh phí | Dự toán | Thực hiện\nIV.4.b | NSNN hỗ trợ | 10 | 8\n";
    // Sở Công Thương does not lead task IV.4; Sở Khoa học và Công nghệ does.
    office.drop_workbook(
        "sct.xlsx",
        &(general("Sở Công Thương", "Năm 2023") + training + budget),
    );
    let lead = training.replace("Lớp 5S", "Lớp Kaizen") + &budget.replace("| 10 | 8", "| 40 | 30");
    office.drop_workbook(
        "skhcn.xlsx",
        &(general("Sở Khoa học và Công nghệ", "Năm 2023") + &lead),
    );
    let run = office.run_ending(0);
    assert_eq!(codes(&run), [""; 0]);
    office.figures("2023");
    let workbook = office.workbook();
    assert!(sheets(&workbook).contains(&"Biểu 01b".to_owned()));
    let cells = sheet_text(&workbook, "Biểu 01b");
    let training = cells
        .lines()
        .skip_while(|line| !line.starts_with("Công tác đào tạo"));
    let line: Vec<&str> = training.take(6).collect();
    // Task, who leads; done by who leads and by others, spent by both; the next line's number.
    assert_eq!(
        line[1..],
        ["Sở Khoa học và Công nghệ", "1", "1", "30000000", "8000000"],
        "{cells}"
    );
    assert!(cells.contains("Quyết định số 27/2018/QĐ-UBND"), "{cells}");
    // What one department leads stands on one line, though another line's department was merged into it: support by Sở Khoa học và
    // Công nghệ is not also that of Sở Thông tin và Truyền thông.
    let support = budget.replace("IV.4.b", "IV.3.b");
    office.drop_workbook(
        "skhcn-2.xlsx",
        &(general("Sở Khoa học và Công nghệ", "Năm 2023")
            + &lead
            + support.lines().last().unwrap()
            + "\n"),
    );
    office.run_at_ending("2023-11-26T09:00:00+07:00", 0);
    let figures = office.figures("2023");
    let cells = sheet_text(&office.workbook(), "Biểu 01b");
    let total: Vec<&str> = cells
        .lines()
        .skip_while(|line| *line != "TỔNG CỘNG")
        .collect();
    assert_eq!(total[1..5], ["1", "1", "38000000", "8000000"], "{cells}");
    assert_eq!(figure(&figures, "budget_spent/2023"), 46_000_000);
}

#[test]
fn a_whole_group_of_tasks_and_several_programmes_in_a_cell_are_understood() {
    let office = Office::new();
    let budget = "== Biểu 8\nĐơn vị tính: triệu đồng\nNhiệm vụ | Nguồn kinh phí | Dự toán | Thực hiện\n\
        IV.4 | NSNN hỗ trợ | 10 | 8\nIV.4.đ | NSNN hỗ trợ | 10 | 8\n";
    let row = "1 | Công ty TNHH Gốm Mẫu Sơn | 3600265395 | Nhỏ | 20 | | Sản xuất gốm | Sản phẩm tiêu biểu cấp tỉnh | 3a1 | 05/03/2023 | Đang thực hiện | Đổi mới công nghệ quốc gia; Phát triển tài sản trí tuệ | 8\n";
    office.drop_workbook(
        "a.xlsx",
        &(general("Sở Công Thương", "Năm 2023") + HEAD + row + budget),
    );
    let (_, run) = office.run();
    let told: Vec<(&str, &str)> = run["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["sheet"] == "Biểu 8")
        .map(|it| (it["code"].as_str().unwrap(), it["cell"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("C003", "A4"), ("C012", "A3")], "{run}");
    assert!(
        on_row(&run, 3).is_disjoint(&BTreeSet::from(["V009", "V010", "V011"])),
        "{run}"
    );
    let figures = office.figures("2023");
    for programme in ["III.1.b.2", "III.1.b.6"] {
        assert_eq!(
            figure(
                &figures,
                &format!("combined_programmes/2023/related_programme={programme}")
            ),
            1
        );
    }
    assert_eq!(
        figure(&figures, "enterprises_by_group/2023/product_group=1"),
        1
    );
    assert_eq!(figure(&figures, "enterprises_combined/2023"), 1);
}

#[test]
fn associations_are_many() {
    let office = Office::new();
    let training = "== Biểu 4a\nNhiệm vụ | Tên hoạt động | Bắt đầu | Số người\n";
    for (file, name, row) in [
        (
            "a.xlsx",
            "Hiệp hội DN TP Biên Hòa",
            "IV.4.c | Diễn đàn A | 01/03/2023 | 30\n",
        ),
        (
            "b.xlsx",
            "Hiệp hội doanh nghiệp huyện Long Thành",
            "IV.4.c | Diễn đàn B | 02/03/2023 | 20\n",
        ),
        (
            "c.xlsx",
            "Hiệp hội doanh nghiệp tỉnh",
            "IV.4.c | Diễn đàn C | 03/03/2023 | 10\n",
        ),
    ] {
        office.drop_workbook(file, &(general(name, "Năm 2023") + training + row));
    }
    office.run_ending(0);
    assert_eq!(figure(&office.figures("2023"), "people_trained/2023"), 60);
    // A correction takes the place of its own association's.
    office.drop_workbook(
        "a2.xlsx",
        &(general("HIỆP HỘI DN TP. BIÊN HÒA", "Năm 2023")
            + training
            + "IV.4.c | Diễn đàn A | 01/03/2023 | 35\n"),
    );
    office.run_at_ending("2023-11-26T09:00:00+07:00", 0);
    assert_eq!(figure(&office.figures("2023"), "people_trained/2023"), 65);
    assert!(
        sheet_text(&office.workbook(), "Biểu 08")
            .contains("Hiệp hội doanh nghiệp huyện Long Thành")
    );
}

#[test]
fn sizes_are_held_against_the_decree_of_their_day() {
    let office = Office::new();
    let row = |name: &str,
               code: &str,
               size: &str,
               employees: &str,
               revenue: &str,
               sector: &str,
               start: &str| {
        format!(
            "1 | Công ty TNHH {name} | {code} | {size} | {employees} | {revenue} | {sector} | 1 | 3a1 | {start} | Đang thực hiện | | 8\n"
        )
    };
    let rows = [
        row(
            "Mẫu Một",
            "3600265395",
            "Nhỏ",
            "80",
            "",
            "Thương mại, dịch vụ",
            "05/03/2023",
        ),
        row(
            "Mẫu Hai",
            "3603295006",
            "Siêu nhỏ",
            "9",
            "400000",
            "Sản xuất",
            "05/03/2023",
        ),
        row(
            "Mẫu Ba",
            "3601234569",
            "Nhỏ",
            "80",
            "",
            "Sản xuất",
            "05/03/2023",
        ),
        row(
            "Mẫu Bốn",
            "3602345670",
            "Nhỏ",
            "180",
            "",
            "Sản xuất",
            "05/03/2021",
        ),
    ];
    office.drop_workbook(
        "a.xlsx",
        &(general("Sở Công Thương", "Năm 2023") + HEAD + &rows.concat()),
    );
    let (_, run) = office.run();
    let sizes = |row| -> Vec<&str> {
        let of_size = BTreeSet::from(["C007", "C013", "C014"]);
        on_row(&run, row).intersection(&of_size).copied().collect()
    };
    assert_eq!(
        [3, 4, 5, 6].map(sizes),
        [vec!["C007"], vec!["C013"], vec![], vec!["C014"]],
        "{run}"
    );
}

#[test]
fn a_report_cites_the_law_and_bears_the_names_of_its_day() {
    let office = Office::new();
    let budget = "== Biểu 8\nĐơn vị tính: triệu đồng\nNhiệm vụ | Nguồn kinh phí | Dự toán | Thực hiện\nIV.4.b | NSNN hỗ trợ | 10 | 8\n";
    office.drop_workbook("a.xlsx", &(general("Sở Công Thương", "Năm 2021") + budget));
    office.run_at_ending("2021-10-05T09:00:00+07:00", 0);
    let cover = |day: &str| {
        office.figures_with("2021", &["--now", day]);
        sheet_text(&office.workbook(), "Bìa")
    };
    let before = cover("2021-10-05T10:00:00+07:00");
    assert!(
        before.contains("NĐ 39/2018/NĐ-CP") && !before.contains("NĐ 80/2021/NĐ-CP"),
        "{before}"
    );
    assert!(
        !before.contains("TT 15/2022/TT-BKHCN") && before.contains("QĐ 1698/QĐ-UBND"),
        "{before}"
    );
    office.drop_workbook("b.xlsx", &(general("Sở Y tế", "Năm 2021") + budget));
    office.run_at_ending("2026-05-05T09:00:00+07:00", 0);
    let after = cover("2026-05-05T10:00:00+07:00");
    assert!(
        after.contains("; thay thế NĐ 39/2018/NĐ-CP") && after.contains("TT 15/2022/TT-BKHCN"),
        "{after}"
    );
    assert!(!after.contains("NĐ 39/2018/NĐ-CP: "), "{after}");
    assert!(
        after.contains("ỦY BAN NHÂN DÂN THÀNH PHỐ ĐỒNG NAI")
            && after.contains("Ủy ban nhân dân thành phố;"),
        "{after}"
    );
    let checked = tonghop(&["verify", "-w", office.dir()]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
}
