//! An inbox of hostile files of all kinds beside ten good reports: the good ones count as if they were alone.

use crate::hostile::clean::{assert_all_clean, assert_clean};
use crate::hostile::kinds::kinds;
use crate::office::{NOW, Office, tonghop};
use crate::usage::tonghop_within;
use serde_json::Value;
use std::collections::BTreeSet;

/// The departments of the good reports, each with one of the formats.
const GOOD: [&str; 10] = [
    "Sở Khoa học và Công nghệ",
    "Sở Công Thương",
    "Sở Nông nghiệp và Phát triển nông thôn",
    "Sở Y tế",
    "Sở Xây dựng",
    "Sở Giao thông vận tải",
    "Sở Thông tin và Truyền thông",
    "Sở Lao động - Thương binh và Xã hội",
    "Sở Giáo dục và Đào tạo",
    "Sở Văn hóa, Thể thao và Du lịch",
];

/// No process may hold more.
const MOST_KIB: u64 = 1_536 << 10;

/// What may stand at the beginning of a file's name.
const NAMES: [&str; 12] = [
    "",
    "=1+1",
    "\u{202e}xslx",
    "\u{1b}[31m",
    "-rf ",
    "a\nb",
    "<img src=x onerror=alert(1)>",
    "~",
    "@SUM(A1)",
    "{year}",
    "ẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤẤ",
    "CON",
];

fn good(number: usize, department: &str) -> (String, Vec<u8>) {
    let amount = 10 * (number + 1);
    let text = format!(
        "== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | Năm 2023\n\
         == Biểu 8\nBiểu 8. KINH PHÍ THỰC HIỆN\nĐơn vị tính: triệu đồng\n\
         STT | Nhiệm vụ | Nguồn kinh phí | Dự toán | Thực hiện | Đã giải ngân\n\
         1 | IV.2 | NSNN bảo đảm | 900 | {amount} | 7\n"
    );
    match number % 4 {
        0 => (format!("tot-{number}.xlsx"), testkit::workbook(&text)),
        1 => (format!("tot-{number}.xlsb"), testkit::xlsb(&text)),
        2 => (format!("tot-{number}.ods"), testkit::ods(&text)),
        _ => (format!("tot-{number}.xls"), testkit::xls(&text)),
    }
}

fn office() -> Office {
    let office = Office::new();
    for (number, department) in GOOD.iter().enumerate() {
        let (name, bytes) = good(number, department);
        office.drop_file(&name, &bytes);
    }
    office
}

/// What was read from the good files, by their names.
fn good_files(run: &Value) -> Vec<&Value> {
    let files = run["files"].as_array().unwrap().iter();
    files
        .filter(|file| file["file"].as_str().unwrap().starts_with("tot-"))
        .collect()
}

#[test]
fn ten_good_reports_count_as_if_the_hostile_ones_were_not_there() {
    let alone = office();
    let told_alone = alone.run_ending(0);
    let figures_alone = alone.figures("2023");
    assert_eq!(good_files(&told_alone).len(), GOOD.len());

    let beside = office();
    let kinds = kinds();
    let count = match std::env::var("HOSTILE_FILES") {
        Ok(count) => count.parse().unwrap(),
        Err(_) => kinds.len(),
    };
    let mut names = BTreeSet::new();
    for (number, kind) in (0..).zip(kinds.iter().cycle().take(count)) {
        let start = NAMES[usize::try_from(number).unwrap() % NAMES.len()];
        let name = format!("{start} {} {number}.{}", kind.name, kind.ending);
        beside.drop_file(&name, &(kind.make)(number));
        names.insert(name);
    }
    assert_eq!(names.len(), count);
    let outside = tempfile::tempdir().unwrap();
    #[cfg(unix)]
    things_that_are_no_files(&beside, outside.path());

    let call = ["run", "-w", beside.dir(), "--now", NOW, "--format", "json"];
    let (answer, used) = tonghop_within(MOST_KIB, &call);
    let run = answer.json();
    assert!([3, 4, 75].contains(&answer.code), "{}", answer.stderr);
    assert_eq!(good_files(&run), good_files(&told_alone));
    let figures = beside.figures("2023");
    assert_eq!(figures["figures"], figures_alone["figures"]);

    // Each has an answer, and a reason unless it counts.
    for file in run["files"].as_array().unwrap() {
        let told = file["findings"].as_array().unwrap().len();
        let counts = ["accepted", "unchanged"].map(Value::from);
        assert!(told > 0 || counts.contains(&file["outcome"]), "{file}");
    }
    let named: BTreeSet<&str> = ["files", "answered", "waiting", "ignored"]
        .iter()
        .flat_map(|list| run[list].as_array().unwrap())
        .map(|file| file["file"].as_str().unwrap())
        .collect();
    let unnamed: Vec<&String> = names
        .iter()
        .filter(|name| !named.contains(name.as_str()))
        .collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");

    assert_clean("run", &answer.stdout);
    assert_clean("run", &answer.stderr);
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
    assert!(!std::path::Path::new("/tmp/out").exists());
    for call in [
        &["run", "-w", beside.dir(), "--now", NOW, "-v"][..],
        &["report", "-w", beside.dir(), "--year", "2022", "--now", NOW],
        &["status", "-w", beside.dir(), "--period", "2022"],
    ] {
        let (answer, _) = tonghop_within(MOST_KIB, call);
        assert!(
            [0, 3, 4, 5, 75].contains(&answer.code),
            "{call:?}: {}",
            answer.stderr
        );
        assert_clean(call[0], &answer.stdout);
        assert_clean(call[0], &answer.stderr);
    }
    for folder in ["returned", "review", "reports"] {
        assert_all_clean(&beside.path(folder));
    }
    println!("{count} hostile files: {used:?}");
    // Each kind ends within the time that a worker may take, and most of them far below it.
    let most = 90_000 + 200 * u128::try_from(count).unwrap();
    assert!(used.processor.as_millis() < most, "{used:?}");
    assert!(used.largest_kib < MOST_KIB, "{used:?}");
    let again = tonghop(&["verify", "-w", beside.dir()]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
}

/// Links, pipes, folders and holes, none of which is a file.
#[cfg(unix)]
fn things_that_are_no_files(office: &Office, outside: &std::path::Path) {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    let at = |name: &str| office.path("inbox").join(name);
    let secret = outside.join("secret.xlsx");
    std::fs::write(&secret, "secret").unwrap();
    symlink("..", at("up")).unwrap();
    symlink("loop", at("loop")).unwrap();
    symlink(&secret, at("link.xlsx")).unwrap();
    symlink("/dev/zero", at("zero.xlsx")).unwrap();
    std::fs::create_dir(at("folder.xlsx")).unwrap();
    // Its path must be short.
    let listener = UnixListener::bind(at("s"));
    drop(listener);
    let pipe = std::process::Command::new("mkfifo")
        .arg(at("pipe.xlsx"))
        .status();
    assert!(pipe.is_ok());
    let no_unicode = std::ffi::OsStr::from_bytes(b"B\xe1o.xlsx");
    std::fs::write(at("").join(no_unicode), "x").unwrap();
    let sparse = std::fs::File::create(at("sparse.xlsx")).unwrap();
    sparse.set_len(3 << 30).unwrap();
}
