//! A ledger of five years against one of the same year alone: `cargo bench --workspace --bench years`.
//!
//! Ten departments send each quarter a workbook of 2,000 cases. What counts is how much longer the run that adds the
//! last workbook takes, and the report of the last year, than on a ledger that holds that year only; the run once more
//! if there is a list of another programme to compare with, and one that nothing new came in for.

use chrono::{DateTime, Utc};
use pipeline::{Progress, ReportOrder, Variant, Workspace, report, run};
use rayon::prelude::*;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

const ROWS: u32 = 2_000;
const LAST: u32 = 2025;

struct Silent;

impl Progress for Silent {
    fn begin(&self, _files: usize) {}
    fn read(&self, _name: &str) {}
    fn finish(&self) {}
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("tonghop-years-{}", std::process::id()));
    let one = measure(&folder.join("one"), LAST)?;
    let five = measure(&folder.join("five"), 2021)?;
    // Kept if somebody wants to look into it.
    if std::env::var_os("TONGHOP_KEEP").is_none() {
        std::fs::remove_dir_all(&folder)?;
    }
    let measured = [
        "run that adds one workbook",
        "report",
        "the run with a register",
        "a run that nothing new came in for",
    ];
    for (what, (one, five)) in measured.into_iter().zip(one.into_iter().zip(five)) {
        line(&format!(
            "{what}: {}; processor {}",
            compared(one.elapsed, five.elapsed),
            compared(one.processor, five.processor)
        ));
    }
    Ok(())
}

/// How long something takes by the clock and by the processor: only the latter does not grow while others use the machine.
#[derive(Clone, Copy)]
struct Took {
    elapsed: Duration,
    processor: Duration,
}

fn timed<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<Took, E> {
    let (start, before) = (Instant::now(), processor_time());
    work()?;
    Ok(Took {
        elapsed: start.elapsed(),
        processor: processor_time().saturating_sub(before),
    })
}

/// What this process has used of the processors.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

fn compared(one: Duration, five: Duration) -> String {
    let ratio = five.as_micros() * 100 / one.as_micros().max(1);
    format!(
        "one year {} ms, five years {} ms: {}.{:02} x",
        one.as_millis(),
        five.as_millis(),
        ratio / 100,
        ratio % 100
    )
}

/// How long the last run, the report, a run with a register and one that nothing new came in for take if the ledger begins with a
/// year.
fn measure(folder: &Path, first: u32) -> Result<[Took; 4], Box<dyn Error>> {
    let workspace = Workspace::create(folder, None)?;
    let departments: Vec<String> = workspace
        .programme
        .departments
        .iter()
        .take(10)
        .map(|d| d.name.clone())
        .collect();
    for year in first..=LAST {
        for quarter in 1..=4 {
            let sent: Vec<(String, Vec<u8>)> = departments
                .par_iter()
                .enumerate()
                .map(|(place, department)| {
                    let name = format!("{year}-Q{quarter}-{place}.xlsx");
                    (
                        name,
                        testkit::quarter_workbook(department, year, quarter, ROWS),
                    )
                })
                .collect();
            let is_last = year == LAST && quarter == 4;
            for (name, bytes) in sent.iter().take(sent.len() - usize::from(is_last)) {
                std::fs::write(workspace.inbox().join(name), bytes)?;
            }
            run(&workspace, moment(year, quarter)?, &Silent)?;
            // What was taken in is in the ledger; an operator clears the inbox now and then.
            for entry in std::fs::read_dir(workspace.inbox())? {
                std::fs::remove_file(entry?.path())?;
            }
            if let Some((name, bytes)) = sent.last().filter(|_| is_last) {
                std::fs::write(workspace.inbox().join(name), bytes)?;
            }
        }
    }
    let ran = timed(|| run(&workspace, moment(LAST, 5)?, &Silent).map_err(Box::<dyn Error>::from))?;
    let order = ReportOrder {
        year: i32::try_from(LAST)?,
        variant: Variant::default(),
        as_of: None,
        stamp: None,
    };
    let reported =
        timed(|| report(&workspace, &order, moment(LAST, 5)?).map_err(Box::<dyn Error>::from))?;
    let list = testkit::register_workbook(&departments[0], LAST, 4, ROWS / 10);
    std::fs::write(workspace.registers().join("dnnvv.xlsx"), list)?;
    let corrected = testkit::quarter_workbook(&departments[0], LAST, 4, ROWS - 1);
    std::fs::write(workspace.inbox().join("corrected.xlsx"), corrected)?;
    let with_register =
        timed(|| run(&workspace, moment(LAST, 6)?, &Silent).map_err(Box::<dyn Error>::from))?;
    let again =
        timed(|| run(&workspace, moment(LAST, 6)?, &Silent).map_err(Box::<dyn Error>::from))?;
    Ok([ran, reported, with_register, again])
}

fn moment(year: u32, quarter: u32) -> Result<DateTime<Utc>, chrono::ParseError> {
    format!("{year}-{:02}-25T02:00:00Z", quarter * 2).parse()
}

#[expect(clippy::print_stdout, reason = "a benchmark speaks for itself")]
fn line(text: &str) {
    println!("{text}");
}
