//! Inboxes as departments really send them, against what they are known to hold.

use crate::office::{Office, TraceSheet, copy_folder, figure, read_json, tonghop};
use calamine::{Data, Range, Reader};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use vietext::{Legacy, decode_legacy, fold};

pub(crate) fn folder(inbox: &str) -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/submissions"
    ))
    .join(inbox)
}

/// An office that has run on an inbox, with what the run said and what is true.
fn office(inbox: &str) -> (Office, Value, Value) {
    let office = Office::new();
    copy_folder(&folder(inbox).join("inbox"), &office.path("inbox"));
    copy_folder(&folder(inbox).join("registers"), &office.path("registers"));
    let run = office.run_at_ending("2024-12-31T00:00:00Z", 4);
    (office, run, read_json(&folder(inbox).join("truth.json")))
}

fn file<'a>(run: &'a Value, name: &str) -> &'a Value {
    let files = run["files"].as_array().unwrap();
    files
        .iter()
        .find(|file| file["file"] == name)
        .unwrap_or_else(|| panic!("no file {name}"))
}

/// The planted faults by the rule that must speak of them.
fn rule_of(kind: &str) -> &'static str {
    match kind {
        "end_before_start" => "C001",
        "funding_not_listed" => "C003",
        "funding_wrong_list" => "C004",
        "tax_code_check_digit" => "V011",
        "content_unknown" => "V010",
        other => panic!("no rule for {other}"),
    }
}

fn rows_sums_and_faults(inbox: &str) {
    let (_, run, truth) = office(inbox);
    for (department, known) in truth["departments"].as_object().unwrap() {
        let read = file(&run, known["file"].as_str().unwrap());
        assert_eq!(
            (&read["department"], &read["outcome"]),
            (&department.as_str().into(), &"accepted".into())
        );
        assert_eq!(read["period"], truth["period"], "{department}");
        for (form, sums) in known["forms"].as_object().unwrap() {
            let mut sums = sums.as_object().unwrap().clone();
            let rows = sums.remove("rows").unwrap();
            assert_eq!(
                read["forms"][form]["rows"]["accepted"], rows,
                "{inbox} {department} {form}: rows"
            );
            for (column, amount) in sums {
                let sum = read["forms"][form]["sums"]
                    .get(&column)
                    .cloned()
                    .unwrap_or_else(|| 0.into());
                assert_eq!(sum, amount, "{inbox} {department} {form}: {column}");
            }
        }
        for sheet in read["sheets"].as_array().unwrap() {
            let rows = |name: &str| sheet[name].as_u64().unwrap();
            assert_eq!(
                rows("seen"),
                rows("accepted") + rows("held") + rows("not_data"),
                "{department} {sheet}"
            );
        }
    }
    let mut planted: Vec<(String, String, u64)> = Vec::new();
    for fault in truth["errors"].as_array().unwrap() {
        let name = truth["departments"][fault["department"].as_str().unwrap()]["file"]
            .as_str()
            .unwrap();
        let row = fault["at"][1].as_u64().unwrap();
        planted.push((
            name.to_owned(),
            rule_of(fault["kind"].as_str().unwrap()).to_owned(),
            row,
        ));
    }
    let to_mend =
        |finding: &&Value| finding["severity"] == "hold" || finding["severity"] == "correct";
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut found: Vec<(String, String, u64)> = Vec::new();
    for finding in run["findings"].as_array().unwrap().iter().filter(to_mend) {
        found.push((
            text(&finding["file"]),
            text(&finding["code"]),
            finding["row"].as_u64().unwrap_or_default(),
        ));
    }
    planted.sort();
    found.sort();
    assert_eq!(
        found, planted,
        "{inbox}: every planted fault at its row, and nothing else to mend"
    );
}

#[test]
fn rows_sums_and_planted_faults_of_2022() {
    rows_sums_and_faults("2022");
}

#[test]
fn rows_sums_and_planted_faults_of_2023() {
    rows_sums_and_faults("2023");
}

#[test]
fn rows_sums_and_planted_faults_of_the_fourth_quarter_of_2024() {
    rows_sums_and_faults("2024-Q4");
}

/// Whether what stands in a cell is an amount or a count other than nought, as a number or as a text.
fn is_amount(cell: &Data) -> bool {
    let written = match cell {
        Data::Int(_) | Data::Float(_) => cell.to_string(),
        Data::String(text) => text.replace('\u{a0}', " ").trim().to_owned(),
        _ => return false,
    };
    let parts: Vec<&str> = written.trim_start_matches('-').split(['.', ',']).collect();
    let is_digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    // Two signs part thousands, or it is a date.
    parts.iter().all(is_digits)
        && (parts.len() <= 2 || parts[1..].iter().all(|part| part.len() == 3))
        && written.contains(|c: char| ('1'..='9').contains(&c))
}

/// The amounts and counts of a sheet below its heading: in rows of data, and in rows of totals. What numbers the rows, names
/// an enterprise or a group, or is a day, is none.
fn amounts_of(sheet: &Range<Data>) -> [u64; 2] {
    // Some of them are written in letters of before Unicode.
    let says = |cell: &Data, is_meant: &dyn Fn(&str) -> bool| {
        let text = cell.to_string();
        let old = [Legacy::Tcvn3, Legacy::Vni].map(|it| decode_legacy(&text, it));
        is_meant(&fold(&text)) || old.iter().any(|text| is_meant(&fold(text)))
    };
    let numbers_rows = |title: &str| matches!(title, "stt" | "tt" | "so tt");
    let is_none = |title: &str| {
        numbers_rows(title)
            || title == "mst"
            || ["ma so ", "nhom "]
                .iter()
                .any(|begin| title.starts_with(begin))
    };
    let is_total = |text: &str| matches!(text, "cong" | "tong cong" | "tong");
    let rows: Vec<&[Data]> = sheet.rows().collect();
    let heading = rows
        .iter()
        .position(|row| row.iter().any(|cell| says(cell, &numbers_rows)));
    let Some(heading) = heading else {
        panic!("no heading: {rows:?}");
    };
    let is_none: Vec<bool> = rows[heading]
        .iter()
        .map(|title| says(title, &is_none))
        .collect();
    let mut counts = [0; 2];
    for row in &rows[heading + 1..] {
        let amounts = row.iter().zip(&is_none);
        let amounts = amounts.filter(|(cell, is_none)| !**is_none && is_amount(cell));
        let is_total = row.iter().any(|cell| says(cell, &is_total));
        counts[usize::from(is_total)] += amounts.count() as u64;
    }
    counts
}

#[test]
fn every_number_of_every_sheet_is_accounted_for() {
    let mut sheets = 0;
    for inbox in ["2022", "2023", "2024-Q4"] {
        let (_, run, _) = office(inbox);
        for read in run["files"].as_array().unwrap() {
            let name = read["file"].as_str().unwrap();
            let path = folder(inbox).join("inbox").join(name);
            let mut workbook = calamine::open_workbook_auto(path).unwrap();
            for account in read["sheets"].as_array().unwrap() {
                let forms = account["forms"].as_array().unwrap();
                if forms.is_empty() || forms[0] == "general" {
                    continue;
                }
                let sheet = account["sheet"].as_str().unwrap();
                let known = amounts_of(&workbook.worksheet_range(sheet).unwrap());
                let of = |part: &str| account["amounts"][part].as_u64().unwrap();
                assert_eq!(
                    [of("counted") + of("named"), of("totals")],
                    known,
                    "{inbox} {name} {sheet}: amounts of rows and of totals"
                );
                sheets += 1;
            }
        }
    }
    assert!(sheets > 150, "{sheets} sheets");
}

#[test]
fn planted_overlaps_have_their_class() {
    for inbox in ["2022", "2023", "2024-Q4"] {
        let (_, run, truth) = office(inbox);
        let overlaps = run["overlaps"].as_array().unwrap();
        let side = |line: &Value| match line["register"].as_str() {
            Some(register) => register.to_uppercase(),
            None => line["department"].as_str().unwrap().to_owned(),
        };
        for planted in truth["overlaps"].as_array().unwrap() {
            let between: Vec<&str> = planted["between"]
                .as_array()
                .unwrap()
                .iter()
                .map(|s| s.as_str().unwrap())
                .collect();
            let is_between = |overlap: &&Value| {
                let sides = [side(&overlap["left"]), side(&overlap["right"])];
                between
                    .iter()
                    .all(|wanted| sides.iter().any(|side| side == wanted))
            };
            if planted["kind"] == "different_enterprise" {
                let sibling = vietext::name_key(planted["sibling"].as_str().unwrap());
                let own = vietext::name_key(planted["enterprise"].as_str().unwrap());
                let names = |overlap: &Value| {
                    ["left", "right"]
                        .map(|of| vietext::name_key(overlap[of]["name"].as_str().unwrap()))
                };
                let joined = |overlap: &&Value| {
                    names(overlap).contains(&sibling) && names(overlap).contains(&own)
                };
                assert_eq!(overlaps.iter().find(joined), None, "{inbox}: {planted}");
                continue;
            }
            let content = planted["content"].as_str().unwrap();
            let holds = |overlap: &&Value| {
                let has = |of: &str| {
                    overlap[of]["contents"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .any(|code| code == content)
                };
                overlap["class"] == planted["kind"] && (has("left") || has("right"))
            };
            assert!(
                overlaps
                    .iter()
                    .filter(is_between)
                    .any(|overlap| holds(&overlap)),
                "{inbox}: {planted}"
            );
        }
        let duplicates = |class: &str| {
            overlaps
                .iter()
                .filter(|overlap| overlap["class"] == class)
                .count()
        };
        let planted = |class: &str| {
            truth["overlaps"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|o| o["kind"] == class)
                .count()
        };
        for class in ["duplicate", "repeat"] {
            assert_eq!(
                duplicates(class),
                planted(class),
                "{inbox}: no other {class}"
            );
        }
    }
}

#[test]
fn every_figure_of_the_report_is_what_the_workbooks_hold() {
    for (inbox, year) in [("2022", "2022"), ("2023", "2023"), ("2024-Q4", "2024")] {
        let (office, _, truth) = office(inbox);
        let figures = office.figures(year);
        let departments = truth["departments"].as_object().unwrap();
        // By department and over all: sums of what each workbook is known to hold.
        let of = |department: &Value, form: &str, column: &str| {
            department["forms"][form][column].as_i64().unwrap_or(0)
        };
        let indicators: [(&str, &[(&str, &str)]); 6] = [
            ("budget_planned", &[("budget", "planned")]),
            ("budget_spent", &[("budget", "spent")]),
            ("budget_disbursed", &[("budget", "disbursed")]),
            ("support_cases", &[("support", "rows")]),
            (
                "case_money",
                &[
                    ("support", "state_budget"),
                    ("support", "enterprise_budget"),
                    ("support", "other_budget"),
                    ("training", "state_budget"),
                    ("training", "enterprise_budget"),
                    ("training", "other_budget"),
                    ("capacity", "state_budget"),
                    ("capacity", "enterprise_budget"),
                    ("capacity", "other_budget"),
                ],
            ),
            (
                "activities",
                &[
                    ("policy", "rows"),
                    ("communication", "rows"),
                    ("support", "rows"),
                    ("training", "rows"),
                    ("club", "rows"),
                    ("capacity", "rows"),
                ],
            ),
        ];
        for (indicator, parts) in indicators {
            let mut all = 0;
            for (code, known) in departments {
                let sum: i64 = parts
                    .iter()
                    .map(|(form, column)| of(known, form, column))
                    .sum();
                all += sum;
                let id = format!("{indicator}/{year}/department={code}");
                let found = figures["figures"][&id]["value"].as_i64().unwrap_or(0);
                assert_eq!(found, sum, "{id}");
            }
            assert_eq!(
                figure(&figures, &format!("{indicator}/{year}")),
                all,
                "{indicator}"
            );
        }
        for (indicator, known) in [
            ("enterprises_supported", "enterprises"),
            ("experts_trained", "experts"),
            ("model_enterprises", "models"),
            ("clubs_founded", "clubs"),
        ] {
            assert_eq!(
                figure(&figures, &format!("{indicator}/{year}")),
                truth[known].as_i64().unwrap(),
                "{indicator}"
            );
        }
        parts_add_up(&figures, &office.workbook());
    }
}

/// A figure that adds up is the sum of the same narrowed by any one key, and each figure is a filter of the trace.
fn parts_add_up(figures: &Value, workbook: &[u8]) {
    let values = figures["figures"].as_object().unwrap();
    let mut by_key: BTreeMap<(String, String), i64> = BTreeMap::new();
    for (id, entry) in values {
        let parts: Vec<&str> = id.split('/').collect();
        if let [indicator, years, one] = parts[..] {
            let key = one.split('=').next().unwrap().to_owned();
            *by_key
                .entry((format!("{indicator}/{years}"), key))
                .or_default() += entry["value"].as_i64().unwrap();
        }
    }
    let counts_once = |id: &str| {
        ["enterprise", "experts", "model", "clubs"]
            .iter()
            .any(|word| id.starts_with(word))
    };
    for ((id, key), sum) in by_key.iter().filter(|((id, _), _)| !counts_once(id)) {
        assert_eq!(values[id]["value"].as_i64().unwrap(), *sum, "{id} by {key}");
    }
    let trace = TraceSheet::of(workbook);
    for (id, entry) in values {
        let value = entry["value"].as_i64().unwrap();
        assert_eq!(trace.sum(entry), value, "{id} in the trace");
    }
}

#[test]
fn the_summing_up_of_the_period_counts_each_enterprise_once() {
    let office = Office::new();
    let mut known = [0; 2];
    for inbox in ["2022", "2023", "2024-Q4"] {
        copy_folder(
            &folder(inbox).join("inbox"),
            &office.path(&format!("inbox/{inbox}")),
        );
        let truth = read_json(&folder(inbox).join("truth.json"));
        for department in truth["departments"].as_object().unwrap().values() {
            known[0] += department["forms"]["budget"]["spent"].as_i64().unwrap_or(0);
            known[1] += department["forms"]["support"]["rows"].as_i64().unwrap_or(0);
        }
    }
    office.run_at_ending("2024-12-31T00:00:00Z", 4);
    let call = ["report", "-w", office.dir(), "--year", "2024", "--final"];
    assert_eq!(tonghop(&call).code, 0);
    let figures = read_json(&office.path("reports/figures.json"));
    assert_eq!(figure(&figures, "budget_spent/2021-2024"), known[0]);
    assert_eq!(figure(&figures, "support_cases/2021-2024"), known[1]);
    let enterprises = figure(&figures, "enterprises_supported/2021-2024");
    assert!((100..=120).contains(&enterprises), "{enterprises}");
    let path = office.path("reports/bao-cao-tong-ket-nang-suat-chat-luong-dong-nai-2024.xlsx");
    let workbook = std::fs::read(&path).unwrap();
    let sheets = crate::office::sheets(&workbook);
    for sheet in ["Biểu 09a", "Biểu 09b", "Biểu 09c"] {
        assert!(sheets.contains(&sheet.to_owned()), "{sheets:?}");
    }
    let years = crate::office::sheet_text(&workbook, "Biểu 09");
    assert!(
        years.contains("SỐ LIỆU CÁC NĂM") && years.contains(&enterprises.to_string()),
        "{years}"
    );
    assert_eq!(
        tonghop(&["verify", "-w", office.dir(), path.to_str().unwrap()]).code,
        0
    );
}
