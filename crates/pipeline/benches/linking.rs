//! Matching ten thousand enterprises against a million: `cargo bench --workspace --bench linking`.
//!
//! The lists are made anew, written to disk, and matched as `tonghop link` does it, from files to file.

use pipeline::link_lists;
use programme::Programme;
use std::error::Error;
use std::time::Instant;
use testkit::{WordSet, lists};

const LEFT: usize = 10_000;
const RIGHT: usize = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join("tonghop-linking");
    std::fs::create_dir_all(&folder)?;
    let [left, right, out] = ["left.csv", "right.csv", "pairs.csv"].map(|name| folder.join(name));
    // Making a million rows takes memory of its own, so it is another process than the one that is measured.
    if std::env::args().any(|argument| argument == "--make") {
        let made = lists(3, LEFT, RIGHT, WordSet::Common);
        std::fs::write(&left, made.left)?;
        std::fs::write(&right, made.right)?;
        return Ok(());
    }
    let made = std::process::Command::new(std::env::current_exe()?)
        .arg("--make")
        .status()?;
    if !made.success() {
        return Err("the lists could not be made".into());
    }
    let programme = Programme::default_programme()?;
    let start = Instant::now();
    let summary = link_lists(&programme, &left, &right, &out, false)?;
    let took = start.elapsed();
    report(&format!(
        "{LEFT} x {RIGHT}: {} the same, {} questions in {} ms; peak memory {}",
        summary.matched,
        summary.review,
        took.as_millis(),
        peak_memory().unwrap_or_else(|| "not known here".to_owned())
    ));
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a benchmark speaks for itself")]
fn report(line: &str) {
    println!("{line}");
}

/// The most memory this process ever held, as Linux tells it.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    Some(
        status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?
            .trim()
            .to_owned(),
    )
}
