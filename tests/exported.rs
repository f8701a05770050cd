//! What is taken elsewhere says what it is, carries what it was computed by, and leaves nothing of an earlier time beside it.

use crate::office::{NOW, Office, read_json, tonghop};
use polars::prelude::*;
use polars_io::parquet::read::ParquetReader;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const SUPPORT: &str = "== TT chung\nCơ quan báo cáo | Sở Công Thương\nKỳ báo cáo | Năm 2023\n\
    == Biểu 3\nĐơn vị tính: triệu đồng\n\
    Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Số hợp đồng | Bắt đầu | Kết thúc | Tình trạng | NSNN | DN đối ứng\n\
    Công ty TNHH Gốm Mẫu Sơn | 3600265395 | 3a1; 3b1 | 1/HĐ | 05/03/2023 | 01/12/2023 | hoàn thành | 50 | 10\n\
    Công ty TNHH Gốm Mẫu Sơn | 3600265395 | 3b2 | 2/HĐ | 05/04/2023 | | dừng | 0 | 0\n\
    Công ty CP Cơ khí Mẫu Hai | | 3a1 | 3/HĐ | 05/05/2023 | | chưa thực hiện | 20 | abc\n";

fn office() -> Office {
    let office = Office::new();
    office.drop_workbook("a.xlsx", SUPPORT);
    let _ = office.run();
    office
}

fn export(office: &Office, to: &str, more: &[&str]) -> (PathBuf, Value) {
    let folder = office.path(to);
    let out = folder.to_str().unwrap();
    let now: &[&str] = if more.contains(&"--now") {
        &[]
    } else {
        &["--now", NOW]
    };
    let call: [&str; 9] = [
        "export",
        "-w",
        office.dir(),
        "--out",
        out,
        "--name",
        "Sở KHCN",
        "--format",
        "json",
    ];
    let answer = tonghop(&[&call, now, more].concat()).ending(0).json();
    (folder, answer)
}

/// The paths of all files below a folder, with '/'.
fn files_below(folder: &Path) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let within = path.strip_prefix(folder).unwrap();
                files.insert(within.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files
}

fn table(folder: &Path, name: &str, year: Option<i32>) -> DataFrame {
    let year = year
        .map(|year| format!("/report_year={year}"))
        .unwrap_or_default();
    let path = folder.join(format!(
        "data/{name}/workspace=so-khcn{year}/part-0.parquet"
    ));
    ParquetReader::new(std::fs::File::open(path).unwrap())
        .finish()
        .unwrap()
}

fn texts(frame: &DataFrame, column: &str) -> Vec<String> {
    let column = frame.column(column).unwrap().str().unwrap();
    column
        .iter()
        .map(|text| text.unwrap_or("-").to_owned())
        .collect()
}

#[test]
fn an_export_describes_each_file_and_column_and_has_every_table_that_a_query_reads() {
    let office = office();
    let (folder, answer) = export(&office, "out", &["--csv"]);
    let package = read_json(&folder.join("datapackage.json"));
    let resources = package["resources"].as_array().unwrap();
    let mut described = BTreeSet::new();
    for resource in resources {
        let paths = match &resource["path"] {
            Value::Array(paths) => paths
                .iter()
                .map(|path| path.as_str().unwrap().to_owned())
                .collect(),
            path => vec![path.as_str().unwrap().to_owned()],
        };
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let names: Vec<&str> = fields
            .iter()
            .map(|it| it["name"].as_str().unwrap())
            .collect();
        for path in paths {
            let file = folder.join(&path);
            if path.ends_with(".csv") {
                let text = std::fs::read_to_string(&file).unwrap();
                assert_eq!(text.lines().next().unwrap(), names.join(","), "{path}");
            } else {
                let bytes = std::fs::read(&file).unwrap();
                assert!(
                    !bytes.windows(12).any(|part| part == b"ARROW:schema"),
                    "{path}"
                );
                let frame = ParquetReader::new(std::io::Cursor::new(bytes))
                    .finish()
                    .unwrap();
                assert_eq!(frame.get_column_names(), names, "{path}");
            }
            described.insert(path);
        }
    }
    let files = files_below(&folder);
    let of_tables = |path: &&String| path.starts_with("data/") || path.starts_with("csv/");
    assert_eq!(
        files
            .iter()
            .filter(of_tables)
            .cloned()
            .collect::<BTreeSet<_>>(),
        described
    );
    let manifest = read_json(&folder.join("manifest.json"));
    let listed = manifest["files"].as_array().unwrap();
    let listed: BTreeSet<String> = listed
        .iter()
        .map(|it| it["path"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        files
            .iter()
            .filter(|path| *path != "manifest.json")
            .cloned()
            .collect::<BTreeSet<_>>(),
        listed
    );
    // Of each kind of table that queries read or that stands beside them there is one.
    let tables = answer["tables"].as_object().unwrap();
    for name in [
        "support",
        "read_support",
        "nomination",
        "support_content",
        "support_product_group",
        "task",
        "funding",
        "reporter",
        "duplicate",
        "span",
        "figure",
        "listing_cases",
        "rule_result",
        "file",
        "finding",
        "overlap",
        "answer",
    ] {
        assert!(tables.contains_key(name), "{name}");
    }
    let support = resources.iter().find(|it| it["name"] == "support").unwrap();
    let field = |name: &str| {
        let fields = support["schema"]["fields"].as_array().unwrap();
        fields.iter().find(|it| it["name"] == name).unwrap().clone()
    };
    assert_eq!(field("state_budget")["unit"], "đồng");
    assert_eq!(field("state_budget")["title"], "NSNN");
    assert_eq!(
        (&support["clause"], &support["schema"]["primaryKey"][0]),
        (&"IV.3 a-b".into(), &"record".into())
    );
}

#[test]
fn what_is_exported_is_what_the_report_shows_and_says_of_each_row_what_becomes_of_it() {
    let office = office();
    let (folder, answer) = export(&office, "out", &[]);
    let figures = office.figures("2023");
    let exported = table(&folder, "figure", None);
    let values = exported.column("value").unwrap().i64().unwrap();
    let exported: BTreeMap<String, Option<i64>> = texts(&exported, "figure")
        .into_iter()
        .zip(values.iter())
        .collect();
    assert_eq!(answer["figures"], exported.len());
    for (id, figure) in figures["figures"].as_object().unwrap() {
        assert_eq!(exported[id], figure["value"].as_i64(), "{id}");
    }
    // What was issued is there as it was issued.
    office.issue("2023", "12/BC-SKHCN", "2023-11-28", "2023-11-28T00:00:00Z");
    let (folder, _) = export(&office, "after", &["--now", "2023-11-29T00:00:00Z"]);
    let issued = table(&folder, "issued", None);
    assert_eq!(texts(&issued, "number")[0], "12/BC-SKHCN");
    assert_eq!(
        issued.height(),
        figures["figures"].as_object().unwrap().len()
    );
    let read = table(&folder, "read_support", Some(2023));
    assert_eq!(
        texts(&read, "standing"),
        ["counts", "left_out: stopped_unpaid", "held"]
    );
    let counted = table(&folder, "support", Some(2023));
    assert_eq!(texts(&counted, "contract"), ["1/HĐ"]);
    let codes = table(&folder, "support_content", Some(2023));
    assert_eq!(texts(&codes, "code"), ["3a1", "3b1", "3b2", "3a1"]);
    let listed = table(&folder, "listing_enterprises", None);
    let of_year = texts(&listed, "listing_years")
        .iter()
        .position(|it| it == "2023")
        .unwrap();
    assert_eq!(texts(&listed, "content")[of_year], "3a1;3b1");
    // The texts of the queries are those of the programme.
    let sql = std::fs::read_to_string(folder.join("sql/indicators/support_cases.sql")).unwrap();
    let own = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../pipelines/dong-nai-2021-2025/indicators/support_cases.sql"
    );
    assert_eq!(sql, std::fs::read_to_string(own).unwrap());
}

#[test]
fn an_export_takes_away_what_an_earlier_one_wrote_and_nothing_else() {
    let office = office();
    let (folder, _) = export(&office, "out", &["--csv", "--originals"]);
    assert_eq!(
        std::fs::read(folder.join("originals/a.xlsx")).unwrap(),
        std::fs::read(office.path("inbox/a.xlsx")).unwrap()
    );
    let original = table(&folder, "file", None);
    assert_eq!(texts(&original, "original"), ["originals/a.xlsx"]);
    std::fs::write(folder.join("own.txt"), "mine").unwrap();
    // A list of files that was tampered with takes nothing away that lies elsewhere.
    std::fs::write(office.path("outside.txt"), "stays").unwrap();
    let manifest = folder.join("manifest.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replacen("check.py", "../outside.txt", 1)).unwrap();

    let (_, again) = export(&office, "out", &[]);
    assert!(again["removed"].as_u64().unwrap() > 10, "{again}");
    assert!(office.path("outside.txt").exists());
    let (plain, _) = export(&office, "fresh", &[]);
    let mut expected = files_below(&plain);
    expected.insert("own.txt".to_owned());
    assert_eq!(files_below(&folder), expected);
    assert!(!folder.join("originals").exists() && !folder.join("csv").exists());
    for file in files_below(&plain) {
        let of = |folder: &Path| std::fs::read(folder.join(&file)).unwrap();
        assert_eq!(
            of(&plain),
            of(&folder),
            "{file}: the same ledger gives the same bytes"
        );
    }
}

#[test]
fn an_export_of_the_kind_before_is_taken_away() {
    let office = office();
    let folder = office.path("out");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("support.parquet"), "old").unwrap();
    let schema = r#"{ "programme_hash": "x", "tables": { "support": {} }, "files": [] }"#;
    std::fs::write(folder.join("schema.json"), schema).unwrap();
    export(&office, "out", &[]);
    assert!(!folder.join("support.parquet").exists() && !folder.join("schema.json").exists());
}

#[test]
fn a_query_that_reads_what_stays_here_stays_here_too_and_is_named() {
    let office = Office::new();
    let personal = "{ name = \"contract\", personal = true, heading";
    let programme = office.change_programme(
        "own",
        &[(
            "forms/support.toml",
            "{ name = \"contract\", heading",
            personal,
        )],
    );
    assert!(programme.exists());
    office.set("programme = \"own\"\n");
    office.drop_workbook("a.xlsx", SUPPORT);
    let _ = office.run();
    let (folder, answer) = export(&office, "out", &[]);
    let omitted = answer["omitted"].as_array().unwrap();
    assert!(omitted.contains(&"listings/cases".into()), "{omitted:?}");
    assert!(
        !folder.join("sql/listings/cases.sql").exists()
            && !folder.join("data/listing_cases").exists()
    );
    let queries = read_json(&folder.join("sql/queries.json"));
    assert_eq!(&queries["omitted"], &answer["omitted"]);
    let (folder, answer) = export(&office, "all", &["--for-linkage"]);
    assert_eq!(answer["omitted"].as_array().unwrap().len(), 0);
    assert!(folder.join("data/listing_cases").exists());
}

#[test]
fn what_was_kept_under_the_former_name_of_a_column_stays_its_own() {
    let office = office();
    let renamed = (
        "name = \"finish\", formerly = [\"end\"]",
        "name = \"stop\", formerly = [\"finish\"]",
    );
    office.change_programme(
        "renamed",
        &[
            ("forms/support.toml", renamed.0, renamed.1),
            ("forms/support.toml", "end = \"finish\"", "end = \"stop\""),
            ("forms/training.toml", renamed.0, renamed.1),
            ("rules/cross.toml", "finish", "stop"),
            ("listings/cases.sql", "finish", "stop"),
            ("listings/trainings.sql", "finish", "stop"),
            ("report.toml", "\"finish\"", "\"stop\""),
        ],
    );
    office.set("programme = \"renamed\"\n");
    let (folder, _) = export(&office, "out", &[]);
    let support = table(&folder, "support", Some(2023));
    for column in ["stop", "stop_last"] {
        assert_eq!(
            support.column(column).unwrap().get(0).unwrap().to_string(),
            "2023-12-01"
        );
    }
}
