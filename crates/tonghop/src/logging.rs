//! What the program does, step by step, for whoever looks into a slow or a strange run: on standard error, so that
//! standard output holds nothing but the result.

use std::io::IsTerminal;
use std::time::Instant;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

/// The environment variable with the filter, in the usual syntax: `RUST_LOG=debug`, `RUST_LOG=pipeline=trace,info`.
const VARIABLE: &str = "RUST_LOG";

/// Begins logging if `RUST_LOG` or `-v` asks for it; whether it did.
///
/// # Errors
/// When `RUST_LOG` is no filter.
pub(crate) fn begin(verbose: u8) -> Result<bool, ParseError> {
    let asked = std::env::var(VARIABLE).unwrap_or_default();
    let Some(filter) = filter(verbose, &asked)? else {
        return Ok(false);
    };
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .finish();
    // The program begins once, so none is set yet.
    Ok(tracing::subscriber::set_global_default(subscriber).is_ok())
}

/// What is logged: what `RUST_LOG` says, else what the count of `-v` says, else nothing.
fn filter(verbose: u8, asked: &str) -> Result<Option<EnvFilter>, ParseError> {
    let level = match verbose {
        _ if !asked.is_empty() => return EnvFilter::try_new(asked).map(Some),
        0 => return Ok(None),
        1 => "info",
        2 => "debug",
        _ => "trace",
    };
    EnvFilter::try_new(level).map(Some)
}

/// Does a job of the pipeline within a span of its name, and says how long it took.
pub(crate) fn timed<T, E: std::fmt::Display>(
    job: &'static str,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    let _job = tracing::info_span!("job", name = job).entered();
    tracing::info!("begins");
    let begun = Instant::now();
    let done = work();
    let milliseconds = begun.elapsed().as_millis();
    match &done {
        Ok(_) => tracing::info!(milliseconds, "ended"),
        Err(error) => tracing::warn!(milliseconds, %error, "failed"),
    }
    done
}

#[cfg(test)]
mod tests {
    use super::filter;

    fn level(verbose: u8, asked: &str) -> Option<String> {
        filter(verbose, asked)
            .unwrap()
            .map(|filter| filter.to_string())
    }

    #[test]
    fn nothing_is_logged_unless_asked_for() {
        assert_eq!(level(0, ""), None);
        assert_eq!(level(1, "").as_deref(), Some("info"));
        assert_eq!(level(2, "").as_deref(), Some("debug"));
        assert_eq!(level(9, "").as_deref(), Some("trace"));
    }

    #[test]
    fn the_environment_is_asked_before_the_arguments() {
        assert_eq!(level(2, "pipeline=warn").as_deref(), Some("pipeline=warn"));
        assert!(filter(1, "pipeline=loud").is_err());
    }
}
