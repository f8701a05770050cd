//! Mutants: well-made files of every kind that comes in, each changed at a few places where it means something.
//!
//! No run ends otherwise than by the program's exit codes, no process holds more than 2 GiB, no file takes longer than it
//! may, no good neighbour is touched, and what comes out commands nobody. `MUTANTS` says how many are tried, `MUTANTS_FROM`
//! the number of the first; each is drawn from its number alone, so that one that fails is tried again by
//! `MUTANTS_FROM=NUMBER MUTANTS=1`. A part of them goes through whole runs, all of them with `MUTANTS_IN_RUNS=1`.

mod archives;
mod markup;
mod records;
mod runs;
mod seeds;
mod texts;
mod values;

use crate::office::{Office, program};
use fastrand::Rng;
use model::FileId;
use programme::{Programme, Source};
use runs::Runs;
use seeds::{Place, ProgrammeFile, Seeds};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// So many are tried together.
const BATCH: u64 = 200;
/// One batch of so many goes through a whole run.
const RUN_OF: u64 = 5;
/// Reading a small file takes no longer than a worker may, and the reading of its cells little.
const LONGEST: Duration = Duration::from_secs(40);

/// A changed file.
struct Mutant {
    number: u64,
    place: Place,
    name: String,
    bytes: Vec<u8>,
}

impl Mutant {
    fn draw(seeds: &Seeds, number: u64) -> Self {
        let mut random = Rng::with_seed(number);
        // Each format as often as the others, however many files there are of it.
        let seed = seeds.draw(&mut random);
        let bytes = match seed.ending == "csv" {
            true => {
                let text = std::str::from_utf8(&seed.bytes).unwrap();
                let text = texts::change(text, &[',', '"', '\n'], &mut random);
                texts::encoded(&text, &mut random)
            }
            false => {
                let other = seeds.draw(&mut random);
                archives::change(&seed.bytes, &other.bytes, &mut random)
            }
        };
        Self {
            number,
            place: seed.place,
            name: format!("m{number}.{}", seed.ending),
            bytes,
        }
    }

    /// Has it read in this process, its file opened by a worker; what is wrong.
    fn read(&self, programme: &Programme, lists: &Programme) -> Option<String> {
        let begun = Instant::now();
        let file = FileId("0".repeat(64));
        let read = || match self.place {
            Place::Registers => {
                ingest::read_list(&file, &self.name, &self.bytes, lists);
                if let Ok(Ok(found)) = ingest::ListEncoding::of(|| Ok(&self.bytes[..])) {
                    let _ = std::io::copy(&mut found.read(&self.bytes[..]), &mut std::io::sink());
                }
            }
            _ => {
                ingest::read(&file, &self.name, &self.bytes, programme);
                if self.number.is_multiple_of(4) {
                    ingest::sheet_copies(&self.bytes);
                }
            }
        };
        let read = catch_unwind(AssertUnwindSafe(read));
        match begun.elapsed() {
            _ if read.is_err() => Some("panics".to_owned()),
            long if long > LONGEST => Some(format!("takes {long:?}")),
            _ => None,
        }
    }
}

/// A programme of which one file is changed.
struct ProgrammeMutant {
    path: PathBuf,
    text: String,
}

impl ProgrammeMutant {
    fn draw(files: &[ProgrammeFile], number: u64) -> Self {
        let mut random = Rng::with_seed(number ^ 0x5eed);
        let file = random.choice(files).unwrap();
        let parts: &[char] = match file.path.extension().and_then(|ending| ending.to_str()) {
            Some("sql") => &[' ', ',', '(', ')', '.', '\''],
            Some("tsv") => &['\t'],
            _ => &[' ', '=', '"', ',', '[', ']', '{', '}'],
        };
        Self {
            path: file.path.clone(),
            text: texts::change(&file.text, parts, &mut random),
        }
    }

    /// A folder with the programme; the second is that of the programme itself.
    fn write(&self, files: &[ProgrammeFile]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(&file.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let is_changed = file.path == self.path;
            std::fs::write(path, if is_changed { &self.text } else { &file.text }).unwrap();
        }
        let programme = folder.path().join("dong-nai-2021-2025");
        (folder, programme)
    }

    fn load(&self, files: &[ProgrammeFile]) -> Option<String> {
        let (_folder, programme) = self.write(files);
        let load = || Source::read_dir(&programme).map(|source| Programme::load(&source).is_ok());
        let loaded = catch_unwind(AssertUnwindSafe(load));
        loaded.is_err().then(|| "panics".to_owned())
    }

    fn check(&self, files: &[ProgrammeFile]) -> Option<String> {
        let (_folder, programme) = self.write(files);
        let call = ["check", programme.to_str().unwrap()];
        let (answer, usage) = crate::usage::tonghop_within(runs::MOST_KIB, &call);
        match ![0, 2, 3].contains(&answer.code) || usage.processor > LONGEST {
            true => Some(format!(
                "exit {}, {usage:?}: {}",
                answer.code, answer.stderr
            )),
            false => None,
        }
    }
}

fn number_of(variable: &str, otherwise: u64) -> u64 {
    match std::env::var(variable) {
        Ok(number) => number.parse().unwrap(),
        Err(_) => otherwise,
    }
}

#[test]
fn no_mutant_ends_a_run_or_touches_a_neighbour() {
    pipeline::sandbox::set_program(program());
    let (first, count) = (number_of("MUTANTS_FROM", 0), number_of("MUTANTS", 2_000));
    let all_in_runs = number_of("MUTANTS_IN_RUNS", 0) == 1;
    let begun = Instant::now();
    let office: Office = seeds::workspace();
    let seeds = Seeds::of(&office);
    let programme = Programme::default_programme().unwrap();
    let lists = programme.of_registers();
    let files = seeds::programme();
    let runs = Runs::new(office);
    let mut failures: Vec<(u64, String)> = Vec::new();
    let mut kinds: BTreeMap<(Place, String), u64> = BTreeMap::new();
    let mut programmes = 0;
    for from in (first..first + count).step_by(usize::try_from(BATCH).unwrap()) {
        let until = (from + BATCH).min(first + count);
        let mutants: Vec<Mutant> = (from..until)
            .map(|number| Mutant::draw(&seeds, number))
            .collect();
        for mutant in &mutants {
            let ending = mutant.name.rsplit('.').next().unwrap().to_owned();
            *kinds.entry((mutant.place, ending)).or_default() += 1;
        }
        let in_run = all_in_runs || (from / BATCH) % RUN_OF == 3;
        let failed: Vec<(u64, String)> = match in_run {
            true => runs.failures(&mutants),
            false => mutants
                .iter()
                .filter_map(|mutant| Some((mutant.number, mutant.read(&programme, &lists)?)))
                .collect(),
        };
        for (number, why) in failed {
            let mutant = mutants.iter().find(|mutant| mutant.number == number);
            keep(&mutant.unwrap().name, &mutant.unwrap().bytes);
            eprintln!("mutant {number}: {why}");
            failures.push((number, why));
        }
        let changed = ProgrammeMutant::draw(&files, from);
        programmes += 1;
        let wrong = match in_run {
            true => changed.check(&files),
            false => changed.load(&files),
        };
        if let Some(why) = wrong {
            let name = changed
                .path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned();
            keep(&format!("p{from}-{name}"), changed.text.as_bytes());
            eprintln!("programme {from} ({}): {why}", changed.path.display());
            failures.push((from, format!("{}: {why}", changed.path.display())));
        }
        if (from / BATCH) % 20 == 19 {
            eprintln!(
                "{} of {count} in {:?}, {} fail",
                until - first,
                begun.elapsed(),
                failures.len()
            );
        }
    }
    println!(
        "{count} mutants and {programmes} programmes in {:?}: {kinds:?}",
        begun.elapsed()
    );
    assert!(failures.is_empty(), "{failures:#?}");
}

/// Keeps a file that fails, for whoever looks into it.
fn keep(name: &str, bytes: &[u8]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutants");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
}
