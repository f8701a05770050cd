//! What tells of persons stays with its owner, and a programme reaches nothing but what it is given.

use crate::office::{NOW, Office, read_json, tonghop};
use polars::prelude::*;
use polars_io::parquet::read::ParquetReader;
use serde_json::Value;
use std::path::Path;

const SECRET: &str = "079085001234";

/// Experts with a year of birth, and columns that the form does not have.
fn experts() -> String {
    format!(
        "== TT chung\nCơ quan báo cáo | Sở Y tế\nKỳ báo cáo | Năm 2023\nĐiện thoại | 0912345678\n\
         == Biểu 4b\nBiểu 4b. DANH SÁCH CHUYÊN GIA\n\
         Họ và tên | Đơn vị công tác | Năm sinh | Số chứng nhận | Ngày cấp | Số CCCD | Ghi chú riêng\n\
         Nguyễn Văn An | Công ty Gốm | 1985 | CN-01 | 05/03/2023 | {SECRET} | gọi 0987654321\n"
    )
}

fn office() -> Office {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &experts());
    let _ = office.run();
    office
}

fn files_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let below = entries.map(|entry| {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files_below(&path),
            false => vec![path],
        }
    });
    below.flatten().collect()
}

fn table(path: &Path) -> DataFrame {
    ParquetReader::new(std::fs::File::open(path).unwrap())
        .finish()
        .unwrap()
}

fn text_of(frame: &DataFrame) -> String {
    let columns = frame.columns().iter();
    let values = columns.flat_map(|column| (0..frame.height()).map(|at| column.get(at).unwrap()));
    values.map(|value| format!("{value}\n")).collect()
}

#[test]
fn what_no_form_asks_for_is_kept_in_the_original_only() {
    let office = office();
    let facts = files_below(&office.path("ledger/facts"));
    let all: String = facts.iter().map(|path| text_of(&table(path))).collect();
    assert!(
        all.contains("Nguyễn Văn An") && all.contains("1985"),
        "{all}"
    );
    assert!(
        !all.contains(SECRET) && !all.contains("0987654321"),
        "{all}"
    );
    // The sender's own columns are noticed all the same, and records that are lost are made anew.
    let (_, run) = office.run_at("2023-11-27T00:00:00Z");
    assert_eq!(run["files"][0]["outcome"], "unchanged");
    std::fs::remove_file(&facts[0]).unwrap();
    let verified = tonghop(&["verify", "-w", office.dir(), "--format", "json"]);
    assert_eq!(verified.ending(0).json()["faults"][0]["is_mended"], true);
}

fn export(office: &Office, to: &str, more: &[&str]) -> (Value, DataFrame) {
    let folder = office.path(to);
    let to = folder.to_str().unwrap();
    let call = [
        &[
            "export",
            "-w",
            office.dir(),
            "--out",
            to,
            "--name",
            "khcn",
            "--now",
            NOW,
        ],
        more,
    ]
    .concat();
    tonghop(&call).ending(0);
    let package = read_json(&folder.join("datapackage.json"));
    let part = "workspace=khcn/report_year=2023/part-0.parquet";
    for name in ["expert", "read_expert"] {
        let frame = table(&folder.join("data").join(name).join(part));
        let has_personal = frame.column("birth_year").is_ok();
        assert_eq!(has_personal, more.contains(&"--for-linkage"), "{name}");
    }
    (package, table(&folder.join("data/expert").join(part)))
}

#[test]
fn an_export_leaves_out_what_is_personal_and_the_log_tells_where_it_does_not() {
    let office = office();
    let log = || {
        let call = ["log", "-w", office.dir(), "--format", "json"];
        let entries = tonghop(&call).ending(0).json()["entries"].clone();
        let entries = entries.as_array().unwrap().clone();
        let exports = entries.into_iter().filter(|it| it["action"] == "export");
        exports.map(|it| it["detail"].clone()).collect::<Vec<_>>()
    };
    let (schema, frame) = export(&office, "plain", &[]);
    assert!(frame.column("birth_year").is_err() && frame.column("name").is_ok());
    let left_out = schema["tonghop"]["left_out"].as_array().unwrap();
    assert!(left_out.contains(&"expert.birth_year".into()));
    assert!(!office.path("plain/originals").exists());
    assert!(!office.path("plain/data/cluster").exists());
    assert_eq!(log(), Vec::<Value>::new());

    let (schema, frame) = export(&office, "linkage", &["--for-linkage"]);
    assert!(frame.column("birth_year").is_ok());
    let resources = schema["resources"].as_array().unwrap();
    let expert = resources.iter().find(|it| it["name"] == "expert").unwrap();
    let columns = expert["schema"]["fields"].as_array().unwrap();
    let personal = columns.iter().filter(|it| it["personal"] == true);
    assert_eq!(personal.count(), 1);
    assert!(!text_of(&frame).contains(SECRET));
    assert!(office.path("linkage/data/cluster").exists());
    export(&office, "all", &["--originals"]);
    assert_eq!(files_below(&office.path("all/originals")).len(), 1);
    let told = log();
    let told: Vec<(&Value, &Value)> = told
        .iter()
        .map(|it| (&it["for_linkage"], &it["originals"]))
        .collect();
    assert_eq!(
        told,
        [(&true.into(), &false.into()), (&false.into(), &true.into())]
    );
}

#[cfg(unix)]
#[test]
fn the_ledger_is_its_owners_unless_the_settings_say_otherwise() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let mode = |path: &Path| std::fs::symlink_metadata(path).unwrap().mode() & 0o777;
    let office = office();
    let ledger = office.path("ledger");
    let folders = ["", "originals", "facts", "derived"].map(|name| ledger.join(name));
    for folder in &folders {
        assert_eq!(mode(folder), 0o700, "{}", folder.display());
    }
    for file in files_below(&ledger) {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    // One from before, or restored from a backup, becomes so.
    let set = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    folders.iter().for_each(|folder| set(folder, 0o755));
    files_below(&ledger)
        .iter()
        .for_each(|file| set(file, 0o644));
    office.set("operator = \"An\"\nshared_ledger = true\n");
    let _ = office.run();
    assert_eq!(mode(&ledger), 0o755);
    office.set("operator = \"An\"\n");
    let _ = office.run();
    assert_eq!(mode(&ledger), 0o700);
    for file in files_below(&ledger) {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn a_programme_reads_no_file_of_the_machine() {
    let office = office();
    let secret = files_below(&office.path("ledger/facts")).remove(0);
    let secret = secret.to_str().unwrap();
    let indicator = "indicators/experts_trained.sql";
    let own = include_str!("../pipelines/dong-nai-2021-2025/indicators/experts_trained.sql");
    for (name, from) in [
        ("plain", format!("read_parquet('{secret}')")),
        (
            "inner",
            format!("(SELECT * FROM read_parquet('{secret}')) AS t"),
        ),
    ] {
        let query = format!(
            "WITH stolen AS (SELECT * FROM {from}) SELECT record, 'name' AS field, department, name AS value FROM stolen"
        );
        let folder = office.change_programme(name, &[(indicator, own, &query)]);
        let answer = tonghop(&["check", folder.to_str().unwrap(), "--lang", "en"]);
        answer.ending(3);
        let said = format!("{}{}", answer.stdout, answer.stderr);
        assert!(
            said.contains(indicator) && said.contains("read_parquet"),
            "{said}"
        );
        assert!(said.contains("none of the tables"), "{said}");
    }
}
