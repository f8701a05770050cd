//! One report over several offices: what one office with all of it would report, each file under its office.

use crate::office::{Office, read_json, sheet_text, tonghop};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

fn workbook(department: &str, rows: &str) -> String {
    format!(
        "== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | Năm 2023\n\
         == Biểu 3\nĐơn vị tính: triệu đồng\n\
         Tên doanh nghiệp | Mã số thuế | Huyện | Nội dung hỗ trợ | Số hợp đồng | Bắt đầu | Kết thúc | Tình trạng | NSNN | DN đối ứng\n\
         {rows}"
    )
}

const SAME_SUPPORT: &str = "Công ty TNHH Gốm Mẫu Sơn | 3600265395 | Vĩnh Cửu | 3a1 | 1/HĐ | 05/03/2023 | 01/12/2023 | hoàn thành | 50 | 10\n";

/// The rows of three departments: the first two give one enterprise the same support, and the third tells of it under another
/// name without its code.
fn sent() -> [(&'static str, String); 3] {
    let second = format!(
        "Cty TNHH GOM MAU SON | 3600265395 | Vĩnh Cửu | 3a1 | 7/HĐ | 06/03/2023 | 01/12/2023 | hoàn thành | 40 | 10\n{}",
        "Công ty CP Cơ khí Mẫu Hai | 3603295006 | Long Thành | 3a1; 3b1 | 8/HĐ | 05/04/2023 | | đang thực hiện | 30 | abc\n"
    );
    let third = "Công ty TNHH Gốm Mẫu Sơn | | Vĩnh Cửu | 3b2 | 9/HĐ | 05/05/2023 | 01/12/2023 | hoàn thành | 20 | 0\n";
    [
        ("Sở Công Thương", workbook("Sở Công Thương", SAME_SUPPORT)),
        ("Sở Xây dựng", workbook("Sở Xây dựng", &second)),
        ("Sở Y tế", workbook("Sở Y tế", third)),
    ]
}

/// An office that has taken some workbooks in.
fn office(workbooks: &[(&str, &str)]) -> Office {
    let office = Office::new();
    for (name, text) in workbooks {
        office.drop_workbook(&format!("{name}.xlsx"), text);
    }
    let _ = office.run();
    office
}

/// A roll-up of some offices under their names, by the name of its folder.
fn roll_up(offices: &[(&str, &Office)], folder: &Path) -> Value {
    let named: Vec<String> = offices
        .iter()
        .map(|(name, office)| format!("{name}={}", office.dir()))
        .collect();
    let mut call = vec!["roll-up", "--year", "2023", "--format", "json", "--out"];
    call.push(folder.to_str().unwrap());
    call.extend(named.iter().map(String::as_str));
    tonghop(&call).ending(0).json()
}

fn values(figures: &Value) -> BTreeMap<String, i64> {
    let figures = figures["figures"].as_object().unwrap();
    let value = |(id, figure): (&String, &Value)| (id.clone(), figure["value"].as_i64().unwrap());
    figures.iter().map(value).collect()
}

#[test]
fn a_roll_up_of_three_offices_is_the_report_of_one_that_has_all() {
    let sent = sent();
    let all: Vec<(&str, &str)> = sent.iter().map(|(name, text)| (*name, &**text)).collect();
    let whole = office(&all);
    let figures = whole.figures("2023");
    let parts = ["bien-hoa", "long-thanh", "vinh-cuu"];
    let offices: Vec<(&str, Office)> = parts
        .into_iter()
        .zip(&all)
        .map(|(name, sent)| (name, office(&[*sent])))
        .collect();
    let named: Vec<(&str, &Office)> = offices.iter().map(|(name, it)| (*name, it)).collect();
    let folder = whole.path("together");
    let told = roll_up(&named, &folder);
    let together = read_json(Path::new(told["figures"].as_str().unwrap()));
    assert_eq!(values(&together), values(&figures));
    assert_eq!(values(&figures)["enterprises_supported/2023"], 1);
    assert_eq!(
        (&told["held"], &told["same_files"]),
        (&1.into(), &serde_json::json!([]))
    );
    assert_eq!(told, read_json(&folder.join("roll-up.json")));

    // The same overlaps and rows, each file under its office.
    let workbook = std::fs::read(told["workbook"].as_str().unwrap()).unwrap();
    let alone = whole.workbook();
    let named_files = |workbook: &[u8], sheet: &str| sheet_text(workbook, sheet);
    for sheet in crate::office::sheets(&alone) {
        // Who has reported is told of each office, and the first page says of what ledger it is.
        if ["Bìa", "Biểu 08"].contains(&&*sheet) {
            continue;
        }
        let mut text = named_files(&workbook, &sheet);
        let is_note = |line: &&str| !line.contains("Chưa có báo cáo được tính của");
        for part in parts {
            text = text.replace(&format!("{part}/"), "");
        }
        let lines = |text: &str| -> Vec<String> {
            let lines = text
                .lines()
                .filter(|line| !line.trim_matches([' ', '|', '\t']).is_empty());
            // Whether a department has reported is not said of several at once.
            let told = |line: &str| match ["Không gửi", "Đúng hạn"].contains(&line) {
                true => "–".to_owned(),
                false => line.to_owned(),
            };
            lines.filter(is_note).map(told).collect()
        };
        assert_eq!(lines(&text), lines(&named_files(&alone, &sheet)), "{sheet}");
    }
    let overlaps = crate::office::sheets(&workbook)
        .iter()
        .map(|sheet| sheet_text(&workbook, sheet))
        .collect::<Vec<_>>()
        .join("\n");
    for (name, (file, _)) in parts.iter().zip(&all) {
        assert!(overlaps.contains(&format!("{name}/{file}.xlsx")), "{name}");
    }

    let cover = sheet_text(&workbook, "Bìa");
    assert!(cover.contains(&parts.join(", ")), "{cover}");

    // Whose each figure is, and which enterprises several offices support.
    let of = |name: &str, id: &str| {
        let offices = told["offices"].as_array().unwrap();
        let office = offices.iter().find(|office| office["name"] == name);
        office.unwrap()["figures"][id].as_i64().unwrap_or(0)
    };
    let each = |id: &str| parts.map(|name| of(name, id));
    assert_eq!(each("enterprises_supported/2023"), [1, 1, 1]);
    let cases = each("support_cases/2023");
    assert_eq!(
        cases.iter().sum::<i64>(),
        values(&figures)["support_cases/2023"]
    );
    let shared = told["shared"].as_array().unwrap();
    assert_eq!(shared.len(), 1, "{shared:?}");
    assert_eq!(shared[0]["offices"], serde_json::json!(parts));
}

#[test]
fn departments_of_one_name_are_two_in_two_offices_and_a_file_in_both_counts_once() {
    let first = workbook("Sở Công Thương", SAME_SUPPORT);
    let second = workbook(
        "Sở Công Thương",
        "Công ty CP Cơ khí Mẫu Hai | 3603295006 | Long Thành | 3b1 | 1/HĐ | 05/04/2023 | 01/12/2023 | hoàn thành | 30 | 5\n",
    );
    let one = office(&[("a", &first)]);
    let other = office(&[("b", &second)]);
    // What was sent to one office and to another by mistake.
    let both = office(&[("c", &first)]);
    let told = roll_up(&[("x", &one), ("y", &other)], &one.path("together"));
    assert_eq!(told["totals"]["support_cases/2023"], 2);
    let again = roll_up(
        &[("x", &one), ("y", &other), ("z", &both)],
        &one.path("together"),
    );
    assert_eq!(again["totals"], told["totals"]);
    assert_eq!(
        again["same_files"],
        serde_json::json!([{"counted": "x/a.xlsx", "again": "z/c.xlsx"}])
    );
    let same_name = format!("X={}", other.dir());
    let folder = one.path("none");
    let refused = tonghop(&[
        "roll-up",
        &format!("x={}", one.dir()),
        &same_name,
        "--year",
        "2023",
        "--out",
        folder.to_str().unwrap(),
    ]);
    refused.ending(1);
    assert!(refused.stderr.contains("'x'"), "{}", refused.stderr);
    assert!(!folder.exists());
}
