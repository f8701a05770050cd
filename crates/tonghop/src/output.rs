use crate::args::{Args, Colours, Lang, OutputFormat};
use crate::catalogue::message;
use crate::error_words::in_words;
use crate::exit::UsageError;
use model::{Finding, Severity, clean_json, clean_line, clean_text};
use serde::Serialize;
use std::io::{IsTerminal, Write};

/// Where results and messages go: results to standard output, the rest to standard error.
pub(crate) struct Output {
    format: OutputFormat,
    /// The language of messages.
    pub lang: &'static str,
    /// Whether the operator asked for more than the usual lines.
    pub is_verbose: bool,
    is_quiet: bool,
    has_colours: bool,
    logs: bool,
}

impl Output {
    /// As the arguments ask; `logs` says that log lines go to standard error, where a progress bar would garble them.
    pub(crate) fn new(args: &Args, logs: bool) -> Self {
        Self {
            format: args.format,
            lang: if args.lang == Lang::En { "en" } else { "vi" },
            is_verbose: args.verbose > 0,
            is_quiet: args.quiet,
            has_colours: match args.color {
                Colours::Always => true,
                Colours::Never => false,
                Colours::Auto => {
                    let refused = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
                    !refused && std::io::stdout().is_terminal()
                }
            },
            logs,
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == OutputFormat::Json
    }

    /// Whether progress may be drawn.
    pub(crate) fn draws(&self) -> bool {
        !self.is_json() && !self.is_quiet && !self.logs && std::io::stderr().is_terminal()
    }

    /// A line for people; nothing when JSON is asked for, or silence.
    pub(crate) fn line(&self, text: impl AsRef<str>) {
        if !self.is_json() && !self.is_quiet {
            // A closed pipe is the reader's choice, not a fault.
            let _ = writeln!(std::io::stdout(), "{}", clean_text(text.as_ref()));
        }
    }

    /// A heading for people, bold where colours are.
    fn heading(&self, text: &str) {
        match self.has_colours && !self.is_json() && !self.is_quiet {
            true => {
                let text = clean_text(text);
                let _ = writeln!(std::io::stdout(), "\n\u{1b}[1m{text}\u{1b}[0m");
            }
            false => self.line(format!("\n{text}")),
        }
    }

    /// What to do next, for people.
    pub(crate) fn next(&self, step: impl AsRef<str>) {
        self.line(message!("next.step", self.lang, step = step.as_ref()));
    }

    /// What a command was called for, as it is: a script, say.
    pub(crate) fn raw(&self, bytes: &[u8]) {
        let _ = std::io::stdout().write_all(bytes);
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

    /// Says what went wrong, in the operator's language; what a library says of it only with `-v`.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        let whole = clean_text(&format!("{error:#}")).into_owned();
        self.fault(&in_words(error, self.lang));
        if self.is_verbose && !error.is::<UsageError>() {
            self.warning(message!("error.details", self.lang, what = whole));
        }
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
        complain(words, self.lang);
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
            self.heading(&format!("{heading} ({})", these.len()));
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

/// Says on standard error what was wrong.
pub(crate) fn complain(words: &str, lang: &str) {
    complain_on(&format!("{}: {words}", message!("error.prefix", lang)));
}

/// A further line of a complaint.
pub(crate) fn complain_on(words: &str) {
    let _ = writeln!(std::io::stderr(), "{}", clean_text(words));
}
