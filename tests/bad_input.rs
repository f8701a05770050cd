//! Bad input: one clear finding each, the rest goes on, and nothing is left behind.

use crate::office::{Office, budget, codes, tonghop};

const GOOD: &str = "1 | IV.2 | NSNN bảo đảm | 90 | 80 | 40";

#[test]
fn each_bad_file_has_one_finding_and_the_good_one_counts() {
    let office = Office::new();
    office.drop_file("rong.xlsx", b"");
    office.drop_file("van-ban.xlsx", "Báo cáo năm 2023".as_bytes());
    office.drop_file("hong.xlsx", b"PK\x03\x04 nothing more");
    office.drop_workbook("luong.xlsx", "== Bảng lương\nHọ tên | Hệ số\nA | 2\n");
    office.drop_workbook("tot.xlsx", &budget(GOOD));
    let (code, run) = office.run();
    // An empty one may still be on its way: it waits, and is named.
    assert_eq!((code, &run["waiting"][0]["why"]), (75, &"empty".into()));
    assert_eq!(run["locked"], serde_json::json!(["rong.xlsx"]));
    let outcomes: Vec<(&str, &str, usize)> = run["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            let findings = f["findings"].as_array().unwrap().len();
            (
                f["file"].as_str().unwrap(),
                f["outcome"].as_str().unwrap(),
                findings,
            )
        })
        .collect();
    assert_eq!(
        outcomes,
        [
            ("hong.xlsx", "refused", 1),
            ("luong.xlsx", "refused", 1),
            ("rong.xlsx", "refused", 1),
            ("tot.xlsx", "accepted", 0),
            ("van-ban.xlsx", "refused", 1),
        ]
    );
    assert_eq!(codes(&run), ["S003", "S006", "S001", "S002"]);
    assert_eq!(
        crate::office::figure(&office.figures("2023"), "budget_spent/2023"),
        80_000_000
    );
}

#[test]
fn a_form_without_heading_is_held_and_the_other_forms_count() {
    let office = Office::new();
    office.drop_workbook(
        "SXD.xlsx",
        &format!(
            "{}== Biểu 4a\nBiểu 4a. ĐÀO TẠO\nTập huấn | IV.4.b | 20\n",
            budget(GOOD)
        ),
    );
    let (code, run) = office.run();
    assert_eq!((code, codes(&run)), (3, vec!["S007"]));
    assert_eq!(run["findings"][0]["sheet"], "Biểu 4a");
    assert_eq!(run["files"][0]["forms"]["budget"]["rows"]["accepted"], 1);
}

#[test]
fn wrong_calls_are_told_from_faults() {
    assert_eq!(tonghop(&["run", "-w", "/no/such/workspace"]).code, 2);
    assert_eq!(tonghop(&["dance"]).code, 2);
    let office = Office::new();
    assert_eq!(tonghop(&["init", office.dir()]).code, 2);
    assert_eq!(
        tonghop(&["report", "-w", office.dir(), "--year", "2023"]).code,
        3
    );
    assert_eq!(
        tonghop(&["status", "-w", office.dir(), "--period", "soon"]).code,
        2
    );
}

#[test]
fn a_bomb_is_refused_and_a_far_corner_costs_nothing() {
    let office = Office::new();
    for fixture in ["bomb", "far-corner"] {
        for (_, bytes) in testkit::fixture(fixture) {
            assert!(bytes.len() < 1 << 20);
            office.drop_file(&format!("{fixture}.xlsx"), &bytes);
        }
    }
    let (code, run) = office.run();
    assert_eq!((code, codes(&run)), (3, vec!["S005"]));
    let outcome = |i: usize| run["files"][i]["outcome"].as_str().unwrap().to_owned();
    assert_eq!(
        (outcome(0).as_str(), outcome(1).as_str()),
        ("refused", "accepted")
    );
}

#[test]
fn formats_are_told_by_content_not_by_name() {
    let office = Office::new();
    office.drop_workbook("SXD 2023.xls", &budget(GOOD));
    let (code, run) = office.run();
    assert_eq!(
        (code, run["files"][0]["outcome"].as_str()),
        (0, Some("accepted"))
    );
}

#[test]
fn what_the_program_wrote_itself_is_refused_and_changes_no_figure() {
    let office = Office::new();
    office.drop_workbook("sxd.xlsx", &budget(GOOD));
    office.run_ending(0);
    let before = office.figures("2023")["figures"].clone();
    let list = office.path("de-xuat.xlsx");
    let nominees = "== Đề xuất DN\nTên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ\nCông ty A | 3600265395 | 3a1\n";
    std::fs::write(&list, testkit::workbook(nominees)).unwrap();
    let list = list.to_str().unwrap();
    let screen = [
        "screen",
        "-w",
        office.dir(),
        list,
        "--now",
        crate::office::NOW,
    ];
    tonghop(&screen).ending(0);

    let (mut written, mut contents) = (Vec::new(), std::collections::BTreeSet::new());
    for folder in ["reports", "screened"] {
        for entry in std::fs::read_dir(office.path(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let bytes = std::fs::read(&path).unwrap();
            // The figures stand under two names.
            if contents.insert(bytes.clone()) {
                office.drop_file(&name, &bytes);
                written.push(name);
            }
        }
    }
    let run = office.run_at_ending("2023-11-26T09:00:00+07:00", 3);
    let files = run["files"].as_array().unwrap();
    for name in &written {
        let file = files.iter().find(|file| file["file"] == name.as_str());
        let file = file.unwrap();
        let findings = file["findings"].as_array().unwrap();
        let code = if name.ends_with(".json") {
            "S002"
        } else {
            "S051"
        };
        assert_eq!(findings.len(), 1, "{file}");
        assert_eq!(
            (&file["outcome"], &findings[0]["code"]),
            (&"refused".into(), &code.into())
        );
        // Nobody is asked to mend what no sender has sent.
        assert!(code == "S002" || file["returned"].is_null(), "{file}");
    }
    let endings = ["xlsx", "html", "docx", "json"];
    for ending in endings {
        assert!(
            written.iter().any(|name| name.ends_with(ending)),
            "{written:?}"
        );
    }
    assert_eq!(office.figures("2023")["figures"], before);
}

/// The files may be gone from the inbox and the terminal closed: what was found is in the ledger.
#[test]
fn what_earlier_runs_found_is_shown_again() {
    let office = Office::new();
    office.drop_file("rong.xlsx", b"khong phai tep Excel");
    office.drop_workbook("tot.xlsx", &budget(GOOD));
    let run = office.run_ending(3);
    for name in ["rong.xlsx", "tot.xlsx"] {
        std::fs::remove_file(office.path("inbox").join(name)).unwrap();
    }
    let log = |what: &[&str]| {
        let call = [&["log", "-w", office.dir(), "--format", "json"], what].concat();
        tonghop(&call).ending(0).json()["entries"].clone()
    };
    let all = log(&[]);
    assert_eq!(
        (&all[0]["action"], &all[0]["at"]),
        (&"run".into(), &run["at"])
    );
    let files: Vec<&str> = all[0]["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["file"].as_str().unwrap())
        .collect();
    assert_eq!(files, ["rong.xlsx", "tot.xlsx"]);
    assert_eq!(all[0]["files"][0]["findings"], serde_json::json!([]));
    for what in ["1", "rong.xlsx"] {
        let one = log(&[what]);
        assert_eq!(one[0]["files"][0]["findings"], run["findings"], "{what}");
    }
    let text = tonghop(&["log", "-w", office.dir(), "rong.xlsx"]);
    assert!(
        text.ending(0).stdout.contains("S002 rong.xlsx"),
        "{}",
        text.stdout
    );
    assert_eq!(tonghop(&["log", "-w", office.dir(), "khac.xlsx"]).code, 2);
}

#[test]
fn what_is_held_is_told_by_every_run_until_it_is_mended() {
    let office = Office::new();
    office.drop_workbook(
        "a.xlsx",
        &budget("1 | IV.2.a | NSNN bảo đảm | khoảng 100 | 80 | 60"),
    );
    let first = office.run_ending(3);
    assert_eq!(first["still_held"], serde_json::json!([]));
    for now in ["2023-12-05T00:00:00Z", "2023-12-06T00:00:00Z"] {
        let again = office.run_at_ending(now, 3);
        assert_eq!(again["still_held"][0]["file"], "a.xlsx", "{again}");
        assert_eq!(again["still_held"][0]["rows"], 1);
    }
    let words = tonghop(&["run", "-w", office.dir(), "--now", "2023-12-07T00:00:00Z"]);
    assert!(
        words
            .stdout
            .contains("Vẫn tạm giữ từ lần chạy trước: 1 dòng của a.xlsx"),
        "{}",
        words.stdout
    );
    office.drop_workbook(
        "b.xlsx",
        &budget("1 | IV.2.a | NSNN bảo đảm | 100 | 80 | 60"),
    );
    let mended = office.run_at_ending("2023-12-08T00:00:00Z", 0);
    assert_eq!(mended["still_held"], serde_json::json!([]));
}
