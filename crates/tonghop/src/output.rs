use crate::args::{Args, Lang, OutputFormat};
use crate::catalogue::message;
use ledger::LedgerError;
use model::{Finding, Severity, clean_json, clean_line, clean_text};
use pipeline::PipelineError;
use serde::Serialize;
use std::io::{IsTerminal, Write};

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
        let of_ledger = match error.downcast_ref::<PipelineError>() {
            Some(PipelineError::Ledger(error)) => Some(error),
            _ => None,
        };
        let words = match of_ledger {
            Some(LedgerError::Locked) => message!("error.locked", self.lang),
            Some(LedgerError::Changed(what)) => {
                message!(
                    "error.changed",
                    self.lang,
                    what = clean_line(&format!("ledger.sqlite: {what}"))
                )
            }
            Some(LedgerError::ChangedFile { path }) => {
                message!(
                    "error.changed",
                    self.lang,
                    what = clean_line(&path.display().to_string())
                )
            }
            Some(LedgerError::Log(what)) => {
                message!(
                    "error.changed",
                    self.lang,
                    what = clean_line(&format!("log.jsonl: {what}"))
                )
            }
            Some(LedgerError::Earlier { now, last }) => {
                message!("error.earlier", self.lang, now = now, last = last)
            }
            _ => clean_text(&format!("{error:#}")).into_owned(),
        };
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
