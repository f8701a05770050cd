use crate::catalogue::message;
use crate::output::Output;
use indicatif::{ProgressBar, ProgressStyle};
use pipeline::Progress;
use std::sync::OnceLock;

/// A bar on standard error while files are read; nothing if that is no terminal.
pub(crate) struct Bar<'o> {
    out: &'o Output,
    bar: OnceLock<ProgressBar>,
}

impl<'o> Bar<'o> {
    pub(crate) fn new(out: &'o Output) -> Self {
        Self {
            out,
            bar: OnceLock::new(),
        }
    }
}

impl Progress for Bar<'_> {
    fn begin(&self, files: usize) {
        if self.out.draws() && files > 0 {
            let bar = ProgressBar::new(files as u64);
            let style = ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {wide_msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_prefix(message!("run.reading", self.out.lang));
            let _ = self.bar.set(bar);
        }
    }

    fn read(&self, name: &str) {
        if let Some(bar) = self.bar.get() {
            bar.set_message(model::clean_line(name).into_owned());
            bar.inc(1);
        }
    }

    fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
