//! What the door costs: `cargo bench -p pipeline --bench sandbox`.
//!
//! Twenty workbooks of 5,000 rows and 15 columns, and two hundred small ones, are read into records in this process, and by
//! workers, with the same threads in the same minute. What counts is how much more time the latter takes.

use ingest::sandbox;
use model::FileId;
use programme::Programme;
use rayon::prelude::*;
use std::error::Error;
use std::process::Command;
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;
/// Makes the program read files through the door, or not, and say how long each round took.
const ROUND: &str = "--read";
const DOOR: &str = "--by-workers";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some(sandbox::ARGUMENT) => {
            sandbox::serve(std::io::stdin().lock(), std::io::stdout().lock())?;
            Ok(())
        }
        Some(ROUND) => {
            if arguments.iter().any(|argument| argument == DOOR) {
                sandbox::set_program(std::env::current_exe()?);
            }
            let programme = Programme::default_programme()?;
            report(&format!(
                "{} {}",
                rounds(&programme, 20, 5_000).as_micros(),
                rounds(&programme, 200, 20).as_micros()
            ));
            Ok(())
        }
        _ => compare(),
    }
}

fn compare() -> Result<(), Box<dyn Error>> {
    let run = |more: &[&str]| -> Result<[u64; 2], Box<dyn Error>> {
        let output = Command::new(std::env::current_exe()?)
            .arg(ROUND)
            .args(more)
            .output()?;
        let said = String::from_utf8(output.stdout)?;
        let mut numbers = said.split_whitespace().map(str::parse);
        let mut next = || numbers.next().ok_or("no time");
        Ok([next()??, next()??])
    };
    let (here, apart) = (run(&[])?, run(&[DOOR])?);
    for (what, here, apart) in [("large", here[0], apart[0]), ("small", here[1], apart[1])] {
        let more = apart * 1_000 / here.max(1);
        report(&format!(
            "{what}: here {} ms, by workers {} ms: {}.{:03} x",
            here / 1_000,
            apart / 1_000,
            more / 1_000,
            more % 1_000
        ));
    }
    Ok(())
}

/// The median time of reading so many workbooks of so many rows.
fn rounds(programme: &Programme, workbooks: u32, rows: u32) -> Duration {
    let files: Vec<(FileId, Vec<u8>)> = (0..workbooks)
        .into_par_iter()
        .map(|i| {
            (
                FileId(format!("{i:064x}")),
                testkit::support_workbook(rows, i),
            )
        })
        .collect();
    let mut times: Vec<Duration> = (0..=ROUNDS)
        .map(|_| {
            let start = Instant::now();
            let records: usize = files
                .par_iter()
                .map(|(file, bytes)| {
                    let reading = ingest::read(file, "SCT_2023.xlsx", bytes, programme);
                    let rows = reading.tables.iter().map(|table| table.frame.height());
                    rows.sum::<usize>()
                })
                .sum();
            assert!(records > 0);
            start.elapsed()
        })
        .collect();
    // The first round starts the workers.
    times.remove(0);
    times.sort();
    times[times.len() / 2]
}

#[expect(clippy::print_stdout, reason = "a benchmark says what it measured")]
fn report(text: &str) {
    println!("{text}");
}
