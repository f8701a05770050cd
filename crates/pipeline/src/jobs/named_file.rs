use crate::error::PipelineError;
use ledger::Submission;
use std::collections::BTreeMap;

/// The newest submission of a file, named by its name when it came in or by the first digits of its hash, at least
/// eight.
///
/// # Errors
/// When no file, or more than one content, is so called.
pub(crate) fn find_file<'s>(
    all: &'s [Submission],
    wanted: &str,
) -> Result<&'s Submission, PipelineError> {
    let is_wanted = |submission: &&Submission| {
        let has_hash = wanted.len() >= 8 && submission.file.0.starts_with(wanted);
        submission.file_name == wanted || has_hash
    };
    let by_content: BTreeMap<_, &Submission> = all
        .iter()
        .filter(is_wanted)
        .map(|submission| (&submission.file, submission))
        .collect();
    let mut found = by_content.into_values();
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (first, second) => Err(PipelineError::WhichFile {
            file: wanted.to_owned(),
            found: first
                .into_iter()
                .chain(second)
                .chain(found)
                .map(listed_name)
                .collect(),
        }),
    }
}

/// A file's name with the first digits of its hash, which tell it from others of that name.
fn listed_name(submission: &Submission) -> String {
    format!("{} ({})", submission.file_name, submission.file.short())
}
