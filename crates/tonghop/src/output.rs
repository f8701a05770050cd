use crate::args::{Args, Lang, OutputFormat};
use crate::catalogue::message;
use ledger::LedgerError;
use model::{Finding, Severity, clean_json, clean_line, clean_text};
use pipeline::{KeyError, PipelineError, ReportError};
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Where results and messages go: results to standard output, the rest to standard error.
pub(crate) struct Output {
    format: OutputFormat,
    /// The language of messages.
    pub lang: &'static str,
    /// Whether the operator asked for more than the usual lines.
    pub is_verbose: bool,
    logs: bool,
}

impl Output {
    /// As the arguments ask; `logs` says that log lines go to standard error, where a progress bar would garble them.
    pub(crate) fn new(args: &Args, logs: bool) -> Self {
        Self {
            format: args.format,
            lang: if args.lang == Lang::En { "en" } else { "vi" },
            is_verbose: args.verbose > 0,
            logs,
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == OutputFormat::Json
    }

    /// Whether progress may be drawn.
    pub(crate) fn draws(&self) -> bool {
        !self.is_json() && !self.logs && std::io::stderr().is_terminal()
    }

    /// A line for people; nothing when JSON is asked for.
    pub(crate) fn line(&self, text: impl AsRef<str>) {
        if !self.is_json() {
            // A closed pipe is the reader's choice, not a fault.
            let _ = writeln!(std::io::stdout(), "{}", clean_text(text.as_ref()));
        }
    }

    /// The one JSON object of a command.
    pub(crate) fn json(&self, value: &impl Serialize) -> anyhow::Result<()> {
        if self.is_json() {
            let text = serde_json::to_string_pretty(value)?;
            let text = clean_json(&text);
            let _ = writeln!(std::io::stdout(), "{text}");
        }
        Ok(())
    }

    /// A line for people about how the command was called.
    pub(crate) fn warning(&self, text: impl AsRef<str>) {
        let _ = writeln!(std::io::stderr(), "{}", clean_text(text.as_ref()));
    }

    pub(crate) fn error(&self, error: &anyhow::Error) {
        let words = match error.downcast_ref::<PipelineError>() {
            Some(error) => self.words_of(error),
            None => None,
        };
        let words = words.unwrap_or_else(|| clean_text(&format!("{error:#}")).into_owned());
        self.fault(&words);
    }

    /// What an operator can do about a fault of the machine or of the ledger, in his language; nothing of what the error's own
    /// words say better.
    fn words_of(&self, error: &PipelineError) -> Option<String> {
        let lang = self.lang;
        let shown = |path: &Path| clean_line(&path.display().to_string()).into_owned();
        let changed = |what: &str| message!("error.changed", lang, what = clean_line(what));
        let words = match error {
            PipelineError::Ledger(error) => match error {
                LedgerError::Locked => message!("error.locked", lang),
                LedgerError::Changed(what) => changed(&format!("ledger.sqlite: {what}")),
                LedgerError::ChangedFile { path } => changed(&path.display().to_string()),
                LedgerError::Log(what) => changed(&format!("log.jsonl: {what}")),
                LedgerError::Earlier { now, last } => {
                    message!("error.earlier", lang, now = now, last = last)
                }
                LedgerError::Write { path, source } => {
                    message!("error.write", lang, path = shown(path), why = source)
                }
                LedgerError::Read { path, source } => {
                    message!("error.read", lang, path = shown(path), why = source)
                }
                LedgerError::Database(why) => message!("error.database", lang, why = why),
                _ => return None,
            },
            PipelineError::File { path, source } => {
                message!("error.file", lang, path = shown(path), why = source)
            }
            PipelineError::Report(ReportError::TemporaryFolder { path, source }) => {
                let why = source.as_ref().map(ToString::to_string);
                let why = why.unwrap_or_else(|| message!("error.no_room", lang));
                message!("error.temporary", lang, path = shown(path), why = why)
            }
            PipelineError::NotIssued(path) => {
                message!("error.not_issued", lang, path = shown(path))
            }
            PipelineError::Key(KeyError::Unusable { path, why }) => {
                message!("error.key", lang, path = shown(path), why = clean_line(why))
            }
            PipelineError::Key(KeyError::Inside(path)) => {
                message!("error.key_inside", lang, path = shown(path))
            }
            PipelineError::Key(KeyError::Exists(path)) => {
                message!("error.key_exists", lang, path = shown(path))
            }
            _ => return None,
        };
        Some(words)
    }

    /// Says what went wrong, on standard error and, where JSON was asked for, in its place.
    pub(crate) fn fault(&self, words: &str) {
        if self.is_json() {
            let _ = writeln!(
                std::io::stdout(),
                "{}",
                clean_json(&serde_json::json!({ "error": words }).to_string())
            );
        }
        let _ = writeln!(
            std::io::stderr(),
            "{}: {words}",
            message!("error.prefix", self.lang)
        );
    }

    /// Findings for people: what must be mended before what is only noticed, each with its place.
    pub(crate) fn findings(&self, findings: &[&Finding], with_info: bool) {
        for severity in [
            Severity::Hold,
            Severity::Correct,
            Severity::Warn,
            Severity::Info,
        ] {
            let these: Vec<_> = findings.iter().filter(|f| f.severity == severity).collect();
            if these.is_empty() || (severity == Severity::Info && !with_info) {
                continue;
            }
            let heading = message!(format!("severity.{severity}"), self.lang);
            self.line(format!("\n{heading} ({})", these.len()));
            for finding in these {
                let place = [
                    Some(finding.file_name.clone()),
                    finding.sheet.clone(),
                    shown_cells(finding),
                ];
                let place: Vec<String> = place
                    .into_iter()
                    .flatten()
                    .map(|part| clean_line(&part).into_owned())
                    .collect();
                self.line(format!(
                    "  {} {}: {}",
                    finding.code,
                    place.join(" › "),
                    finding.message.get(self.lang)
                ));
                if severity <= Severity::Correct {
                    self.line(format!("       → {}", finding.advice.get(self.lang)));
                }
            }
        }
    }
}

fn shown_cells(finding: &Finding) -> Option<String> {
    (!finding.cells.is_empty()).then(|| finding.cells.join(", "))
}
