//! Reading against only walking: `cargo bench -p pipeline`.
//!
//! Twenty workbooks of 5,000 rows and 15 columns are read into checked records, and, for comparison, their cells are
//! only walked by the reading library, with the same threads in the same minute. What counts is the ratio of the
//! processor time that each takes.

use calamine::{Reader, Xlsx};
use model::FileId;
use programme::tables::{self, Tables};
use programme::{Programme, Scope};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::Cursor;
use std::process::Command;
use std::time::Duration;
use validate::SourceFile;

const WORKBOOKS: usize = 20;
const ROWS: u32 = 5_000;
const ROUNDS: usize = 5;
/// The rows of the workbook whose reading is measured in memory.
const LARGE: u32 = 200_000;
const ONLY_READ: &str = "--only-read";

fn main() -> Result<(), Box<dyn Error>> {
    let programme = Programme::default_programme()?;
    if let [ONLY_READ, path] = std::env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()[..]
    {
        return only_read(&programme, path);
    }
    let files: Vec<(FileId, Vec<u8>)> = (0..WORKBOOKS)
        .into_par_iter()
        .map(|i| {
            let bytes = testkit::support_workbook(ROWS, u32::try_from(i).unwrap_or(0));
            // As in the ledger: ids of rows begin with their file's, and rules join rows by their ids.
            (ledger::file_id(&bytes), bytes)
        })
        .collect();
    let (mut walks, mut reads, mut checks) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = processor_time();
        let cells: usize = files.par_iter().map(|(_, bytes)| walk(bytes)).sum();
        let walked = processor_time();
        let readings = read(&programme, &files);
        let read = processor_time();
        let records = check(&programme, &files, &readings)?;
        let checked = processor_time();
        walks.push(walked - start);
        reads.push(read - walked);
        checks.push(checked - read);
        assert!(cells > 0 && records == WORKBOOKS * usize::try_from(ROWS)?);
    }
    let (walk, read, check) = (median(walks), median(reads), median(checks));
    let times = |time: Duration| {
        let ratio = time.as_micros() * 100 / walk.as_micros().max(1);
        format!(
            "{} ms ({}.{:02} x)",
            time.as_millis(),
            ratio / 100,
            ratio % 100
        )
    };
    report(&format!(
        "processor time: walked {} ms, read {}, checked {}, together {}",
        walk.as_millis(),
        times(read),
        times(check),
        times(read + check)
    ));
    match memory()? {
        Some((peak, sheet)) => report(&format!(
            "one workbook of {LARGE} rows: its largest sheet {} MB unzipped, at most {} MB more while it is read: {}.{:02} x",
            sheet >> 20,
            peak >> 20,
            peak / sheet,
            peak * 100 / sheet % 100
        )),
        None => report("memory is not known here"),
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a benchmark speaks for itself")]
fn report(line: &str) {
    println!("{line}");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The cells of a workbook, walked as the library streams them.
fn walk(bytes: &[u8]) -> usize {
    let Ok(mut workbook) = Xlsx::new(Cursor::new(bytes)) else {
        return 0;
    };
    let mut count = 0;
    for name in workbook.sheet_names() {
        let Ok(mut cells) = workbook.worksheet_cells_reader(&name) else {
            continue;
        };
        while let Ok(Some(_)) = cells.next_cell() {
            count += 1;
        }
    }
    count
}

fn read(programme: &Programme, files: &[(FileId, Vec<u8>)]) -> Vec<ingest::Reading> {
    files
        .par_iter()
        .map(|(id, bytes)| ingest::read(id, "SCT_2023.xlsx", bytes, programme))
        .collect()
}

/// Checks what was read as a submission is; says how many records of support there were.
fn check(
    programme: &Programme,
    files: &[(FileId, Vec<u8>)],
    readings: &[ingest::Reading],
) -> Result<usize, Box<dyn Error>> {
    let mut forms = Tables::new();
    for table in readings.iter().flat_map(|reading| &reading.tables) {
        tables::append(&mut forms, &table.form, &table.frame)?;
    }
    let names: BTreeMap<FileId, SourceFile> = files
        .iter()
        .map(|(id, _)| {
            let (id, name) = (id.clone(), id.to_string());
            (id.clone(), SourceFile { id, name })
        })
        .collect();
    validate::apply_rules(programme, Scope::Submission, &forms, &names)?;
    Ok(forms.get("support").map_or(0, |frame| frame.height()))
}

/// What this process has used of the processors: unlike the time of day it does not grow while others use them.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// The most memory that reading one large workbook takes, and the size of its largest sheet unzipped, in bytes.
///
/// Measured in a process of its own, which holds nothing else; the workbook itself is not counted.
fn memory() -> Result<Option<(u64, u64)>, Box<dyn Error>> {
    let bytes = testkit::support_workbook(LARGE, 0);
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes))?;
    let mut sheet = 1;
    for i in 0..archive.len() {
        sheet = sheet.max(archive.by_index_raw(i)?.size());
    }
    let path = std::env::temp_dir().join(format!("reading-{}.xlsx", std::process::id()));
    std::fs::write(&path, &bytes)?;
    let output = Command::new(std::env::current_exe()?)
        .arg(ONLY_READ)
        .arg(&path)
        .output();
    std::fs::remove_file(&path)?;
    Ok(String::from_utf8(output?.stdout)?
        .trim()
        .parse()
        .ok()
        .map(|peak| (peak, sheet)))
}

/// Reads one workbook; says how much more memory that took than was held before.
fn only_read(programme: &Programme, path: &str) -> Result<(), Box<dyn Error>> {
    let bytes = std::fs::read(path)?;
    let before = held("VmRSS:");
    let reading = ingest::read(&FileId("0".repeat(64)), "SCT_2023.xlsx", &bytes, programme);
    assert!(
        reading
            .tables
            .iter()
            .any(|table| u32::try_from(table.frame.height()) == Ok(LARGE))
    );
    if let (Some(before), Some(peak)) = (before, held("VmHWM:")) {
        report(&peak.saturating_sub(before).to_string());
    }
    Ok(())
}

/// What this process holds, in bytes, as Linux tells it.
fn held(what: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix(what))?
        .trim()
        .strip_suffix(" kB")?;
    Some(kilobytes.parse::<u64>().ok()? << 10)
}
