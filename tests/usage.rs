//! The program run within limits, and what it used.

use crate::office::{Answer, program};
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What a call of the program used, its workers included; nothing is known of it but on Linux.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    /// Time of the processor.
    pub processor: Duration,
    /// The most memory that one process held, in KiB.
    pub largest_kib: u64,
}

/// Runs the program with these arguments, where no process may set aside more than so many KiB, and what it used.
pub(crate) fn tonghop_within(most_kib: u64, args: &[&str]) -> (Answer, Usage) {
    let mut command = match cfg!(unix) {
        true => {
            let mut shell = Command::new("sh");
            let script = format!("ulimit -d {most_kib}; exec \"$0\" \"$@\"");
            shell.arg("-c").arg(script).arg(program());
            shell
        }
        false => Command::new(program()),
    };
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let started = command
        .args(args)
        .env_remove("RUST_LOG")
        .env_remove("TONGHOP_LANG")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let group = started.id();
    let waiting = std::thread::spawn(move || started.wait_with_output().unwrap());
    let mut seen = BTreeMap::new();
    let mut pause = Duration::from_millis(5);
    while !waiting.is_finished() {
        look(group, &mut seen);
        std::thread::sleep(pause);
        // Looking takes time too.
        pause = (pause * 2).min(Duration::from_millis(40));
    }
    let answer = Answer::from(waiting.join().unwrap());
    let processor = seen.values().map(|(ticks, _)| ticks).sum::<u64>();
    let usage = Usage {
        // The system counts in hundredths of a second.
        processor: Duration::from_millis(processor * 10),
        largest_kib: seen.values().map(|(_, kib)| *kib).max().unwrap_or_default(),
    };
    (answer, usage)
}

/// Notes what each process of a group has used until now: time, and the most memory.
fn look(group: u32, seen: &mut BTreeMap<u32, (u64, u64)>) {
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return;
    };
    let numbers = processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter(|number| *number >= group);
    for number in numbers {
        let read = |what: &str| std::fs::read_to_string(format!("/proc/{number}/{what}")).ok();
        let used = || {
            let status = read("stat")?;
            // Behind the name, which may hold anything: state, parent, group, …, time of its own and of the system.
            let (_, rest) = status.rsplit_once(')')?;
            let fields: Vec<&str> = rest.split_whitespace().collect();
            if fields.get(2)?.parse() != Ok(group) {
                return None;
            }
            let ticks =
                fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
            let memory = read("status")?;
            let peak = memory.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = peak.and_then(|peak| peak.trim().split(' ').next()?.parse().ok());
            Some((ticks, kib.unwrap_or_default()))
        };
        if let Some((ticks, kib)) = used() {
            let most = seen.entry(number).or_insert((0, 0));
            *most = (most.0.max(ticks), most.1.max(kib));
        }
    }
}
