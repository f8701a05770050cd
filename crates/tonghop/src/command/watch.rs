use crate::catalogue::message;
use crate::error_words::in_words;
use crate::exit::Exit;
use crate::open;
use crate::output::Output;
use chrono::Utc;
use pipeline::{FileOutcome, FolderState, Progress, RunOrder, Workspace};
use signal_hook::consts::{SIGINT, SIGTERM};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// After a fault each look waits twice as long as the one before, up to so many times the usual.
const MOST_PATIENCE: u32 = 32;

/// Nothing is drawn: what happened is said in a sentence.
struct Silent;

impl Progress for Silent {
    fn begin(&self, _: usize) {}
    fn read(&self, _: &str) {}
    fn finish(&self) {}
}

/// Watches the folders and runs when something new lies still, until it is told to stop; that it is in a run then, the run ends
/// first.
pub(crate) fn watch(
    dir: &Path,
    (every, settle): (Duration, Duration),
    out: &Output,
) -> anyhow::Result<Exit> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    // What is wrong with the call or the settings is told at once; what goes wrong later passes.
    open::workspace(dir)?;
    let seconds = every.as_secs_f32();
    out.line(message!(
        "watch.begin",
        out.lang,
        dir = dir.display(),
        every = seconds
    ));
    let mut done: Option<FolderState> = None;
    let mut seen: Option<(FolderState, Instant)> = None;
    let mut patience = 1;
    while !stop.load(Ordering::Relaxed) {
        let state = FolderState::of(dir);
        let since = match &seen {
            Some((before, since)) if *before == state => *since,
            _ => {
                let now = Instant::now();
                seen = Some((state.clone(), now));
                now
            }
        };
        let is_new = done.as_ref() != Some(&state);
        if is_new && (since.elapsed() >= settle || done.is_none() && state.is_empty()) {
            match run_once(dir, out) {
                // What waits is looked at again, until it is there.
                Ok(waits) => {
                    // The run itself writes into review/.
                    done = (!waits).then(|| FolderState::of(dir).after(&state));
                    patience = if waits {
                        (patience * 2).min(MOST_PATIENCE)
                    } else {
                        1
                    };
                }
                Err(error) => {
                    patience = (patience * 2).min(MOST_PATIENCE);
                    let (at, why) = (clock(), in_words(&error, out.lang));
                    let seconds = (every * patience).as_secs_f32();
                    out.line(message!(
                        "watch.failed",
                        out.lang,
                        at = at,
                        seconds = seconds,
                        why = why
                    ));
                }
            }
        }
        pause(every * patience, &stop);
    }
    out.line(message!("watch.ended", out.lang));
    out.json(&serde_json::json!({ "ended": true }))?;
    Ok(Exit::Well)
}

fn clock() -> String {
    chrono::Local::now().format("%H:%M:%S").to_string()
}

/// Waits, but not for long once it is to end.
fn pause(time: Duration, stop: &AtomicBool) {
    let begun = Instant::now();
    while begun.elapsed() < time && !stop.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(100).min(time));
    }
}

/// One run, told in a sentence if it did something; whether something waits still. A fault of the program is told as any other: the
/// next look may find another file there.
fn run_once(dir: &Path, out: &Output) -> anyhow::Result<bool> {
    let workspace: Workspace = open::workspace(dir)?;
    let order = RunOrder::from(Utc::now());
    let summary = match crate::panics::caught(|| pipeline::run(&workspace, order, &Silent)) {
        Ok(done) => done?,
        Err(what) => anyhow::bail!("{what}"),
    };
    let of = |outcome| {
        summary
            .files
            .iter()
            .filter(|it| it.outcome == outcome)
            .count()
    };
    let taken = of(FileOutcome::Accepted) + of(FileOutcome::PartlyHeld);
    let (refused, answered) = (
        of(FileOutcome::Refused),
        summary.answered.iter().map(|it| it.answers).sum::<usize>(),
    );
    if taken + refused + answered > 0 {
        out.line(message!(
            "watch.did",
            out.lang,
            at = clock(),
            taken = taken,
            answers = answered,
            refused = refused,
            returned = summary
                .files
                .iter()
                .filter(|it| it.returned.is_some())
                .count(),
            questions = summary.state.questions
        ));
    }
    let waits = summary.waiting.len();
    if waits > 0 {
        out.line(message!(
            "watch.waits",
            out.lang,
            at = clock(),
            files = waits
        ));
    }
    Ok(waits > 0)
}
