//! A workspace in a temporary folder, and the program run on it as an operator runs it.

use calamine::{Data, Reader, Xlsx};
use serde_json::Value;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A workspace and the program.
pub(crate) struct Office {
    folder: TempDir,
}

/// What a call of the program came to. Every test says which exit code it expects.
#[must_use]
pub(crate) struct Answer {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// The program must have ended with this code.
    #[track_caller]
    pub(crate) fn ending(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("{e}\nstdout: {}\nstderr: {}", self.stdout, self.stderr))
    }
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Runs the program with these arguments.
pub(crate) fn tonghop(args: &[&str]) -> Answer {
    tonghop_with(args, &[])
}

/// Runs the program with these arguments and environment.
pub(crate) fn tonghop_with(args: &[&str], env: &[(&str, &str)]) -> Answer {
    let mut command = Command::new(program());
    command
        .args(args)
        .env_remove("RUST_LOG")
        .env_remove("TONGHOP_LANG")
        .envs(env.iter().copied())
        .output()
        .unwrap()
        .into()
}

/// The program that is tried: the one just built, or another.
pub(crate) fn program() -> PathBuf {
    let other = std::env::var_os("TONGHOP_TRIED");
    other.map_or_else(|| env!("CARGO_BIN_EXE_tonghop").into(), PathBuf::from)
}

/// A list of another programme.
pub(crate) const LIST: &str = "== DS\nTên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Ngày bắt đầu | Kinh phí hỗ trợ\n\
     Công ty TNHH Gốm Mẫu Sơn | 3600265395 | ISO 9001 | 05/03/2023 | 20\n";

pub(crate) const NOW: &str = "2023-11-25T09:00:00+07:00";

impl Office {
    /// A new workspace of the default programme.
    pub(crate) fn new() -> Self {
        let office = Self {
            folder: TempDir::new().unwrap(),
        };
        let made = tonghop(&["init", office.dir()]);
        assert_eq!(made.code, 0, "{}", made.stderr);
        office
    }

    /// A workspace with the same in it: copying one takes a fraction of the time of making one.
    pub(crate) fn copy(&self) -> Self {
        let office = Self {
            folder: TempDir::new().unwrap(),
        };
        copy_folder(self.folder.path(), office.folder.path());
        office
    }

    pub(crate) fn dir(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    pub(crate) fn path(&self, within: &str) -> PathBuf {
        self.folder.path().join(within)
    }

    /// Drops a file into the inbox.
    pub(crate) fn drop_file(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path("inbox").join(name), bytes).unwrap();
    }

    /// Drops a workbook, written as text, into the inbox.
    pub(crate) fn drop_workbook(&self, name: &str, text: &str) {
        self.drop_file(name, &testkit::workbook(text));
    }

    /// Gives the workspace a copy of the default programme in its folder `name`, with texts replaced: file, from, to.
    pub(crate) fn change_programme(&self, name: &str, changes: &[(&str, &str, &str)]) -> PathBuf {
        let folder = self.path(name);
        copy_folder(
            &PathBuf::from(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../pipelines/dong-nai-2021-2025"
            )),
            &folder,
        );
        for (file, from, to) in changes {
            let path = folder.join(file);
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.contains(from), "{file}: {from}");
            std::fs::write(&path, text.replace(from, to)).unwrap();
        }
        folder
    }

    /// Writes the workspace's settings.
    pub(crate) fn set(&self, settings: &str) {
        std::fs::write(self.path("tonghop.toml"), settings).unwrap();
    }

    /// Runs the batch; the answer as JSON, and the exit code.
    #[must_use]
    pub(crate) fn run(&self) -> (i32, Value) {
        self.run_at(NOW)
    }

    #[must_use]
    pub(crate) fn run_at(&self, now: &str) -> (i32, Value) {
        let answer = tonghop(&["run", "-w", self.dir(), "--now", now, "--format", "json"]);
        (answer.code, answer.json())
    }

    /// Runs the batch, which must end with this code; the answer as JSON.
    #[track_caller]
    pub(crate) fn run_ending(&self, code: i32) -> Value {
        self.run_at_ending(NOW, code)
    }

    #[track_caller]
    pub(crate) fn run_at_ending(&self, now: &str, code: i32) -> Value {
        let (ended, run) = self.run_at(now);
        assert_eq!(ended, code, "{run}");
        run
    }

    /// Makes the report of a year and gives the answer, which is JSON.
    pub(crate) fn report(&self, year: &str, more: &[&str]) -> Answer {
        let call = ["report", "-w", self.dir(), "--year", year];
        tonghop(&[&call, more, &["--format", "json"]].concat())
    }

    /// Who has sent for a period, who has not, what waits.
    pub(crate) fn status(&self, period: &str) -> Answer {
        let call = ["status", "-w", self.dir(), "--period", period];
        tonghop(&[&call[..], &["--format", "json"]].concat())
    }

    /// Makes the report of a year; the figures file as JSON.
    pub(crate) fn figures(&self, year: &str) -> Value {
        self.figures_with(year, &[])
    }

    /// The same of a report that is asked for with more arguments.
    pub(crate) fn figures_with(&self, year: &str, more: &[&str]) -> Value {
        self.report(year, more).ending(0);
        read_json(&self.path("reports/figures.json"))
    }

    /// Issues the report on a year under a number at a moment, signed on a day; its workbook.
    #[track_caller]
    pub(crate) fn issue(&self, year: &str, number: &str, signed_on: &str, now: &str) -> Vec<u8> {
        let call = [
            "report",
            "-w",
            self.dir(),
            "--year",
            year,
            "--issue",
            "--number",
            number,
            "--signed-on",
            signed_on,
            "--now",
            now,
            "--format",
            "json",
        ];
        let made = tonghop(&call).ending(0).json();
        std::fs::read(made["workbook"].as_str().unwrap()).unwrap()
    }

    /// The cells that a figure is made of, as it is known now.
    #[track_caller]
    pub(crate) fn parts(&self, figure: &str) -> Vec<Value> {
        let call = ["explain", "-w", self.dir(), figure, "--format", "json"];
        let explained = tonghop(&call).ending(0).json();
        explained["parts"].as_array().unwrap().clone()
    }

    /// The report's workbook, as bytes.
    pub(crate) fn workbook(&self) -> Vec<u8> {
        let mut found = std::fs::read_dir(self.path("reports"))
            .unwrap()
            .filter_map(|entry| {
                let path = entry.unwrap().path();
                (path.extension()? == "xlsx").then_some(path)
            });
        std::fs::read(found.next().unwrap()).unwrap()
    }
}

pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// What stands on a sheet of a workbook, a line a cell.
pub(crate) fn sheet_text(workbook: &[u8], sheet: &str) -> String {
    let mut workbook = Xlsx::new(Cursor::new(workbook)).unwrap();
    let range = workbook.worksheet_range(sheet).unwrap();
    range
        .used_cells()
        .map(|(_, _, cell)| cell.to_string() + "\n")
        .collect()
}

/// The sheets of a workbook, in their order.
pub(crate) fn sheets(workbook: &[u8]) -> Vec<String> {
    Xlsx::new(Cursor::new(workbook)).unwrap().sheet_names()
}

/// The table of a report's trace.
pub(crate) struct TraceSheet {
    pub headings: Vec<String>,
    pub rows: Vec<Vec<Data>>,
}

impl TraceSheet {
    pub(crate) fn of(workbook: &[u8]) -> Self {
        let mut workbook = Xlsx::new(Cursor::new(workbook)).unwrap();
        let range = workbook.worksheet_range("Truy vết").unwrap();
        // Title, subtitle and the sums of what is shown stand above the headings.
        let mut rows = range.rows().skip(3).map(<[Data]>::to_vec);
        let headings = rows.next().unwrap();
        Self {
            headings: headings.iter().map(Data::to_string).collect(),
            rows: rows.collect(),
        }
    }

    pub(crate) fn column(&self, heading: &str) -> usize {
        let place = self.headings.iter().position(|it| it == heading);
        place.unwrap_or_else(|| panic!("no column {heading}"))
    }

    /// What an entry of `figures.json` comes to here: the sum of its columns over the rows that its filter leaves.
    pub(crate) fn sum(&self, entry: &Value) -> i64 {
        let filter = entry["filter"].as_object().unwrap().iter();
        let filter: Vec<(usize, &str)> = filter
            .map(|(heading, code)| (self.column(heading), code.as_str().unwrap()))
            .collect();
        let is_in = |row: &&Vec<Data>| {
            let mut filter = filter.iter();
            filter.all(|(at, code)| text_of(&row[*at]) == *code)
        };
        let columns = entry["columns"].as_array().unwrap().iter();
        let columns: Vec<usize> = columns
            .map(|heading| self.column(heading.as_str().unwrap()))
            .collect();
        let rows = self.rows.iter().filter(is_in);
        rows.flat_map(|row| columns.iter().map(|at| whole_number(&row[*at])))
            .sum()
    }
}

/// The text of a cell; blank of one that holds none.
pub(crate) fn text_of(cell: &Data) -> &str {
    match cell {
        Data::String(text) => text,
        _ => "",
    }
}

/// The whole number of a cell; 0 of one that holds none.
pub(crate) fn whole_number(cell: &Data) -> i64 {
    match cell {
        Data::Float(number) => format!("{number}").parse().unwrap(),
        Data::Int(number) => *number,
        _ => 0,
    }
}

pub(crate) fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The codes of the findings of a run, in their order.
pub(crate) fn codes(run: &Value) -> Vec<&str> {
    run["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["code"].as_str().unwrap())
        .collect()
}

/// The value of a figure.
pub(crate) fn figure(figures: &Value, id: &str) -> i64 {
    figures["figures"][id]["value"]
        .as_i64()
        .unwrap_or_else(|| panic!("no figure {id}"))
}

/// A report of the construction department for 2023 whose form 8 has these rows.
pub(crate) fn budget(rows: &str) -> String {
    format!(
        "== TT chung\nCơ quan báo cáo | Sở Xây dựng\nKỳ báo cáo | Năm 2023\n\
         == Biểu 8\nBiểu 8. KINH PHÍ THỰC HIỆN\nĐơn vị tính: triệu đồng\n\
         STT | Nhiệm vụ | Nguồn kinh phí | Dự toán | Thực hiện | Đã giải ngân\n{rows}\n"
    )
}
