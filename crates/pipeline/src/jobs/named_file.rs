use crate::error::PipelineError;
use ledger::Submission;
use std::collections::BTreeMap;

/// The newest submission of a file, named by its name when it came in or by the first digits of its hash, at least
/// eight.
///
/// # Errors
/// When no file has that name, or files of several contents.
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

#[cfg(test)]
mod tests {
    use super::find_file;
    use crate::testing::submission;
    use ledger::Submission;
    use model::FileId;

    fn sent() -> [Submission; 4] {
        let file = |id, name: &str, hash: &str| Submission {
            file: FileId(hash.to_owned()),
            file_name: name.to_owned(),
            ..submission(id, "SCT", "2023")
        };
        [
            file(1, "a.xlsx", "0123456789abcdef"),
            file(2, "a.xlsx", "0123456789abcdef"),
            file(3, "b.xlsx", "aaaaaaaa11111111"),
            file(4, "b.xlsx", "aaaaaaaa22222222"),
        ]
    }

    #[test]
    fn a_file_is_found_by_its_name_or_at_least_eight_digits_of_its_hash() {
        let sent = sent();
        // Of one content that came twice, as the newer.
        assert_eq!(find_file(&sent, "a.xlsx").unwrap().id.0, 2);
        assert_eq!(find_file(&sent, "01234567").unwrap().id.0, 2);
        assert_eq!(find_file(&sent, "aaaaaaaa2").unwrap().id.0, 4);
        assert!(find_file(&sent, "0123456").is_err());
    }

    #[test]
    fn a_name_of_two_contents_is_refused_with_both() {
        let error = find_file(&sent(), "b.xlsx").unwrap_err().to_string();
        insta::assert_snapshot!(error, @"'b.xlsx' names 2 files of the ledger: b.xlsx (aaaaaaaa1111), b.xlsx (aaaaaaaa2222)");
        let none = find_file(&sent(), "c.xlsx").unwrap_err().to_string();
        insta::assert_snapshot!(none, @"'c.xlsx' names 0 files of the ledger");
    }
}
