//! The workers that open files for this process: as many as ask at once, each for one file after another.

use crate::limits::Purpose;
use crate::observe::observe;
use crate::sandbox::allowance::Allowance;
use crate::sandbox::wire::{Request, read_opened, write_message};
use crate::sandbox::worker::ARGUMENT;
use crate::workbook::OpenedWorkbook;
use model::{Check, Observation};
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// A worker that has had a file of more bytes is not used again: what it took for it would stay with it.
const LARGE: usize = 16 << 20;

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Workers that wait for a file.
static IDLE: Mutex<Vec<Worker>> = Mutex::new(Vec::new());

/// Says which program opens workbooks in a process of its own; without one they are opened in this process.
///
/// Only the first call counts.
pub fn set_program(program: PathBuf) {
    let _ = PROGRAM.set(program);
}

/// What opening a file came to.
type Opened = Result<OpenedWorkbook, Box<Observation>>;

/// Has a file opened by a worker; nothing if there is no program to be one.
pub(crate) fn ask(purpose: Option<Purpose>, name: &str, bytes: &[u8]) -> Option<Opened> {
    let program = PROGRAM.get()?;
    let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    Some(ask_one(program, idle, purpose, name, bytes))
}

fn ask_one(
    program: &Path,
    idle: Option<Worker>,
    purpose: Option<Purpose>,
    name: &str,
    bytes: &[u8],
) -> Opened {
    let Some(worker) = idle.or_else(|| Worker::start(program).ok()) else {
        let found =
            "không khởi động được tiến trình đọc tệp (the reading process cannot be started)";
        return Err(Box::new(observe(Check::DamagedWorkbook, found)));
    };
    let allowance = Allowance::of(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    match worker.open(purpose, name, bytes, &allowance) {
        Ok((opened, worker)) => {
            if bytes.len() <= LARGE {
                IDLE.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(worker);
            }
            opened
        }
        Err(end) => Err(Box::new(end.observation(&allowance))),
    }
}

/// A process that opens files.
struct Worker {
    process: Arc<Mutex<Child>>,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    watch: Watch,
}

/// How a worker went down.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// It took longer than it may.
    Time,
    /// It asked for more memory than it may, or failed otherwise.
    Other,
}

impl Worker {
    fn start(program: &Path) -> std::io::Result<Self> {
        let mut command = Command::new(program);
        // Nothing of the machine goes along.
        #[cfg(unix)]
        command.env_clear().current_dir("/");
        let mut process = command
            .arg(ARGUMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        let process = Arc::new(Mutex::new(process));
        Ok(Self {
            watch: Watch::new(&process),
            process,
            input,
            output: BufReader::with_capacity(1 << 16, output),
        })
    }

    /// Has one file opened; gives the worker back if it stands.
    fn open(
        mut self,
        purpose: Option<Purpose>,
        name: &str,
        bytes: &[u8],
        allowance: &Allowance,
    ) -> Result<(Opened, Self), End> {
        self.watch.begin(allowance.wall);
        let request = Request {
            purpose,
            name: name.to_owned(),
            length: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        };
        // The worker takes all of it before it answers: neither waits for the other.
        let asked = write_message(&request, &mut self.input)
            .and_then(|()| self.input.write_all(bytes))
            .and_then(|()| self.input.flush());
        let opened = asked.and_then(|()| read_opened(&mut self.output));
        let is_late = self.watch.end();
        match opened {
            Ok(opened) if !is_late => Ok((opened, self)),
            _ => {
                let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
                // It may stand and have said something that is no answer.
                let _ = process.kill();
                let status = process.wait().ok();
                Err(match is_late || status.is_some_and(is_out_of_time) {
                    true => End::Time,
                    false => End::Other,
                })
            }
        }
    }
}

impl End {
    fn observation(&self, allowance: &Allowance) -> Observation {
        match self {
            Self::Time => {
                let seconds = allowance.seconds;
                let found = format!(
                    "thời gian đọc quá {seconds} giây (reading takes more than {seconds} s)"
                );
                observe(Check::TooLarge, found)
            }
            Self::Other => {
                let mib = allowance.memory >> 20;
                let found = format!(
                    "tệp đòi hỏi quá {mib} MiB bộ nhớ hoặc có nội dung mâu thuẫn (it asks for more than {mib} MiB of memory, or contradicts itself)"
                );
                observe(Check::DamagedWorkbook, found)
            }
        }
    }
}

#[cfg(unix)]
fn is_out_of_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(libc::SIGXCPU)
}

#[cfg(not(unix))]
fn is_out_of_time(_status: ExitStatus) -> bool {
    false
}

/// Ends a worker that takes too long by the clock: one thread for all its files.
struct Watch {
    orders: Sender<Order>,
    /// Whether it came to that, for each file.
    was_late: Receiver<bool>,
}

enum Order {
    /// A file is handed over, and may take so long.
    Begin(Duration),
    /// The worker has answered, or is gone.
    End,
}

impl Watch {
    fn new(process: &Arc<Mutex<Child>>) -> Self {
        let (orders, orders_come) = channel();
        let (tell, was_late) = channel();
        let process = Arc::clone(process);
        // It ends with the worker, whose end of the channel is dropped.
        std::thread::spawn(move || {
            while let Ok(Order::Begin(longest)) = orders_come.recv() {
                let is_late = orders_come.recv_timeout(longest).is_err();
                if is_late {
                    let _ = process
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .kill();
                    // What was read until then is of no worth; the end is still said.
                    let _ = orders_come.recv();
                }
                if tell.send(is_late).is_err() {
                    return;
                }
            }
        });
        Self { orders, was_late }
    }

    fn begin(&self, longest: Duration) {
        let _ = self.orders.send(Order::Begin(longest));
    }

    /// Whether the worker was ended.
    fn end(&self) -> bool {
        let _ = self.orders.send(Order::End);
        self.was_late.recv().unwrap_or(true)
    }
}

#[cfg(test)]
mod tests {
    use super::{End, Worker, ask_one};
    use crate::limits::Purpose;
    use crate::sandbox::allowance::Allowance;
    use model::Check;
    use std::path::Path;
    use std::time::Duration;

    #[cfg(unix)]
    #[test]
    fn a_worker_that_goes_down_is_an_observation_on_its_file() {
        for program in ["/bin/false", "/bin/cat", "/no/such/program"] {
            let bytes = vec![0; 1 << 20];
            let refused = ask_one(Path::new(program), None, Some(Purpose::Report), "a", &bytes);
            assert_eq!(
                refused.err().unwrap().check,
                Check::DamagedWorkbook,
                "{program}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn one_that_never_answers_is_ended() {
        // It neither reads nor writes; its argument is no time, and so it waits for its input to end.
        let worker = Worker::start(Path::new("/usr/bin/tail"))
            .or_else(|_| Worker::start(Path::new("/bin/tail")));
        let allowance = Allowance {
            wall: Duration::from_millis(50),
            ..Allowance::of(0)
        };
        if let Ok(worker) = worker {
            let end = worker.open(None, "a", b"", &allowance).err().unwrap();
            assert!(matches!(end, End::Time | End::Other));
        }
    }

    #[test]
    fn words_say_which_limit_was_passed() {
        let allowance = Allowance::of(100);
        let time = End::Time.observation(&allowance);
        assert_eq!(time.check, Check::TooLarge);
        let other = End::Other.observation(&allowance);
        assert!(other.found.contains("1024 MiB"), "{}", other.found);
    }
}
