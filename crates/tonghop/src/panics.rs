//! A panic is a fault of the program: it is told in words and ends with exit code 1, as any other fault does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

/// The last panic, with its place in the sources.
static LAST: Mutex<Option<String>> = Mutex::new(None);

/// From here on a panic is not printed as it happens, since whoever catches it says what it means; `-vv` logs each.
pub(crate) fn keep_silent() {
    std::panic::set_hook(Box::new(|info| {
        let what = info.to_string();
        tracing::debug!(panic = what, backtrace = %std::backtrace::Backtrace::capture());
        if let Ok(mut last) = LAST.lock() {
            *last = Some(what);
        }
    }));
}

/// Does something; what a panic in it said if there was one.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // Nothing of what was at work is looked at after a panic.
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        let last = LAST.lock().ok().and_then(|mut last| last.take());
        last.unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::caught;

    #[test]
    fn what_panics_is_caught_and_what_does_not_goes_through() {
        assert_eq!(caught(|| 7), Ok(7));
        assert!(caught(|| panic!("a bug")).is_err());
    }
}
