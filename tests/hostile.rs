//! What is dropped into a workspace stops, misleads and reaches nothing but itself.

pub(crate) mod clean;
mod inbox;
pub(crate) mod kinds;

use crate::office::{NOW, Office, budget, tonghop};
use clean::{assert_clean, assert_inert, files_below};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const GOOD: &str = "1 | IV.2 | NSNN bảo đảm | 90 | 80 | 40";

/// Texts that mean something to a terminal, a spreadsheet, a page or a reader from right to left.
pub(crate) const EVIL: [&str; 9] = [
    "=cmd|' /C calc'!A0",
    "+1",
    "@SUM(A1)",
    "=HYPERLINK(\"http://a.vn/\",\"x\")",
    "\"><img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "a\u{1b}[31mb\u{7}\u{9b}2J",
    "\u{202e}abc",
    "{year}",
];

/// Outcome, codes and returned file of each file of a run, by its name.
fn file<'r>(run: &'r Value, name: &str) -> &'r Value {
    let mut files = run["files"].as_array().unwrap().iter();
    files
        .find(|file| file["file"] == name)
        .unwrap_or_else(|| panic!("{name}: {run}"))
}

#[test]
fn a_file_that_asks_for_too_much_ends_its_worker_and_nothing_else() {
    let office = Office::new();
    let far_corners = kinds::kinds();
    let far_corners = far_corners.iter().find(|kind| kind.name == "far corners");
    office.drop_file("a.xlsb", &(far_corners.unwrap().make)(0));
    office.drop_workbook("tot.xlsx", &budget(GOOD));
    let run = office.run_ending(3);
    assert_eq!(file(&run, "tot.xlsx")["outcome"], "accepted");
    let refused = file(&run, "a.xlsb");
    assert_eq!(refused["outcome"], "refused");
    assert_eq!(refused["findings"][0]["code"], "S003");
    let message = refused["findings"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("MiB") && !message.contains("panic"),
        "{message}"
    );
}

#[test]
fn an_archive_that_is_not_clear_is_refused() {
    let office = Office::new();
    let mut parts = testkit::xlsx_parts(&budget(GOOD));
    let other = parts.last().unwrap().1.clone();
    parts.push(("XL/worksheets/sheet2.xml".to_owned(), other));
    office.drop_file("a.xlsx", &testkit::archive(&parts));
    let run = office.run_ending(3);
    assert_eq!(file(&run, "a.xlsx")["findings"][0]["code"], "S003");
}

#[test]
fn files_of_one_stem_go_back_apart_whatever_their_names() {
    let office = Office::new();
    let long = "Báo cáo kết quả thực hiện Chương trình hỗ trợ doanh nghiệp ".repeat(3);
    let names = [
        "a.pdf".to_owned(),
        "a.docx".to_owned(),
        "a.png".to_owned(),
        format!("{}.pdf", &long[..long.floor_char_boundary(240)]),
    ];
    for name in &names {
        office.drop_file(name, name.as_bytes());
    }
    let run = office.run_ending(3);
    let returned: BTreeSet<&str> = names
        .iter()
        .map(|name| file(&run, name)["returned"].as_str().unwrap())
        .collect();
    assert_eq!(returned.len(), names.len());
    for path in returned {
        let name = Path::new(path).file_name().unwrap().to_str().unwrap();
        assert!(Path::new(path).exists() && name.len() <= 200, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn no_name_is_without_an_answer_and_no_link_is_followed() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let office = Office::new();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.xlsx"), "secret").unwrap();
    let inbox = |name: &str| office.path("inbox").join(name);
    office.drop_workbook("tot.xlsx", &budget(GOOD));
    for dust in ["Thumbs.db", "desktop.ini", ".DS_Store", "~$gone.xlsx"] {
        office.drop_file(dust, b"x");
    }
    office.drop_file("~x.xlsx", b"another");
    office.drop_workbook("mo.xlsx", &budget(GOOD));
    office.drop_file("~$mo.xlsx", b"x");
    symlink("..", inbox("up")).unwrap();
    symlink(outside.path().join("secret.xlsx"), inbox("link.xlsx")).unwrap();
    symlink("/dev/zero", office.path("registers").join("zero.csv")).unwrap();
    std::fs::create_dir(inbox("folder.xlsx")).unwrap();
    std::fs::write(
        inbox("").join(std::ffi::OsStr::from_bytes(b"B\xe1o.xlsx")),
        "x",
    )
    .unwrap();
    let sparse = std::fs::File::create(inbox("sparse.xlsx")).unwrap();
    sparse.set_len(3 << 30).unwrap();
    let run = office.run_ending(75);
    assert_eq!(file(&run, "tot.xlsx")["outcome"], "accepted");
    for (name, code) in [
        ("up", "S002"),
        ("link.xlsx", "S002"),
        ("registers/zero.csv", "S002"),
        ("sparse.xlsx", "S005"),
        ("~x.xlsx", "S002"),
        ("B\u{fffd}o.xlsx", "S002"),
    ] {
        assert_eq!(file(&run, name)["outcome"], "refused", "{name}");
        assert_eq!(file(&run, name)["findings"][0]["code"], code, "{name}");
    }
    assert_eq!(run["locked"], serde_json::json!(["mo.xlsx"]));
    assert_eq!(run["waiting"][0]["mark"], "~$mo.xlsx");
    let ignored = run["ignored"].as_array().unwrap();
    assert_eq!(ignored.len(), 5, "{ignored:?}");
    // Nothing of the linked file came in.
    let kept = files_below(&office.path("ledger"));
    assert!(
        kept.iter()
            .all(|file| std::fs::read(file).unwrap() != b"secret")
    );
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_back_ends_no_run() {
    let office = Office::new();
    let bad = budget("1 | IV.2 | NSNN bảo đảm | x | 80 | 40");
    office.drop_workbook("SXD.xlsx", &bad);
    // A folder stands where the review workbook and what is returned would be written, as a file held open would.
    std::fs::create_dir_all(office.path("review/2023-11-25.xlsx/x")).unwrap();
    std::fs::create_dir_all(office.path("returned/2023/SXD-2023-phan-hoi.xlsx/x")).unwrap();
    let run = office.run_ending(3);
    let returned = PathBuf::from(file(&run, "SXD.xlsx")["returned"].as_str().unwrap());
    assert!(returned.is_file(), "{}", returned.display());
}

#[test]
fn nothing_of_a_sender_commands_whoever_reads_us() {
    let office = Office::new();
    let rows: String = EVIL
        .iter()
        .map(|text| {
            format!("Công ty {text} | 3600000001 | 3a1 | {text} | 2023-05-01 | dừng | {text} | 5\n")
        })
        .collect();
    let book = |department: &str| {
        format!(
            "== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | Năm 2023\n== Biểu 3\nĐơn vị tính: triệu đồng\n\
             Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Số hợp đồng | Bắt đầu | Tình trạng | Kết quả | NSNN\n{rows}"
        )
    };
    office.drop_workbook("\u{1b}[31m\u{202e}x.xlsx", &book("Sở Công Thương"));
    office.drop_workbook("=1+1.xlsx", &book("Sở Y tế"));
    office.drop_file("a\nb.pdf", b"%PDF-1.7");
    let lists = "id,name,tax_code\n=1+1,Công ty A,3600255894\n@x,Công ty \u{1b}[31mB,3600255894\n";
    for name in ["l.csv", "r.csv"] {
        std::fs::write(office.path(name), lists).unwrap();
    }
    let path = |name: &str| office.path(name).to_str().unwrap().to_owned();
    let dir = office.dir();
    let (left, right, pairs, out) = (path("l.csv"), path("r.csv"), path("p.csv"), path("out"));
    let screened = path("inbox/=1+1.xlsx");
    let commands: [&[&str]; 11] = [
        &["run", "-w", dir, "--now", NOW, "-v"],
        &["run", "-w", dir, "--now", NOW, "--format", "json"],
        &["report", "-w", dir, "--year", "2023", "--now", NOW],
        &[
            "report", "-w", dir, "--year", "2023", "--now", NOW, "--format", "json",
        ],
        &["status", "-w", dir, "--period", "2023", "--remind"],
        &["screen", "-w", dir, &screened, "--now", NOW],
        &["templates", "-w", dir, "--period", "2024-Q1"],
        &["export", "-w", dir, "--out", &out],
        &["log", "-w", dir],
        &["log", "-w", dir, "1"],
        &[
            "link",
            "--left",
            &left,
            "--right",
            &right,
            "--out",
            &pairs,
            "--explain",
        ],
    ];
    for command in commands {
        let answer = tonghop(command);
        assert!(
            [0, 3, 4, 5].contains(&answer.code),
            "{command:?}: {}",
            answer.stderr
        );
        assert_clean(
            &format!("{command:?}"),
            &format!("{}{}", answer.stdout, answer.stderr),
        );
        assert!(
            !answer.stdout.contains("\nb.pdf"),
            "a name made a line: {}",
            answer.stdout
        );
    }
    for file in ["returned", "review", "reports", "screened", "templates"]
        .iter()
        .flat_map(|folder| files_below(&office.path(folder)))
        .chain([
            PathBuf::from(&pairs),
            PathBuf::from(&out).join("datapackage.json"),
        ])
    {
        let bytes = std::fs::read(&file).unwrap();
        let name = file.display().to_string();
        match file.extension().and_then(|ending| ending.to_str()) {
            Some("xlsx" | "docx") => assert_inert(&name, &bytes),
            _ => assert_clean(&name, &String::from_utf8(bytes).unwrap()),
        }
    }
    let pairs = std::fs::read_to_string(pairs).unwrap();
    assert!(pairs.contains("'=1+1,'=1+1,match"), "{pairs}");
}

/// Only one place of the program speaks to a terminal, and it cleans what it says.
#[test]
fn results_and_messages_have_one_way_out() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in files_below(&sources) {
        let is_the_way = file.ends_with("output.rs") || file.ends_with("main.rs");
        let source = std::fs::read_to_string(&file).unwrap();
        let speaks = source.contains("stdout()") || source.contains("write!(std::io::stderr()");
        assert!(is_the_way || !speaks, "{}", file.display());
    }
}

/// Each text that is written into a workbook of ours from the outside goes through one function.
#[test]
fn texts_of_others_are_cleaned_where_cells_are_written() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../report/src");
    let source = |file: &str| std::fs::read_to_string(sources.join(file)).unwrap();
    for file in [
        "formats/xlsx/page/cells.rs",
        "documents/feedback/sheet_copy.rs",
        "documents/feedback/list.rs",
        "documents/review/mod.rs",
        "documents/template/carry_over.rs",
    ] {
        assert!(source(file).contains("cell_text("), "{file}");
    }
    assert!(source("formats/docx.rs").contains("add_text(clean_line("));
    assert!(source("documents/page.rs").contains("clean_text(&markup"));
    for file in files_below(&sources) {
        let source = std::fs::read_to_string(&file).unwrap();
        let own = source.split("#[cfg(test)]").next().unwrap_or_default();
        // A run of Word and a formula of a workbook are made in one place each.
        let is_docx = file.ends_with("docx.rs");
        assert!(is_docx || !own.contains(".add_text("), "{}", file.display());
        let is_cells = file.ends_with("page/cells.rs");
        // The count of answers, in which nothing stands that came from others.
        let formulas = usize::from(file.ends_with("review/mod.rs"));
        assert!(
            is_cells || own.matches("write_formula").count() == formulas,
            "{}",
            file.display()
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_worker_has_given_up_everything_but_its_pipes() {
    use std::process::{Command, Stdio};
    let mut worker = Command::new(env!("CARGO_BIN_EXE_tonghop"))
        .arg(pipeline::sandbox::ARGUMENT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let read =
        |name: &str| std::fs::read_to_string(format!("/proc/{}/{name}", worker.id())).unwrap();
    let has_given_up = || {
        let status = read("status");
        status.contains("NoNewPrivs:\t1") && status.contains("Seccomp:\t2")
    };
    let begun = std::time::Instant::now();
    while !has_given_up() && begun.elapsed().as_secs() < 20 {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert!(has_given_up());
    let limit = |name: &str| {
        let limits = read("limits");
        let line = limits
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap()
            .to_owned();
        line[name.len()..]
            .split_whitespace()
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(limit("Max open files"), "3");
    assert_eq!(limit("Max file size"), "0");
    drop(worker.stdin.take());
    assert!(worker.wait().unwrap().success());
}
