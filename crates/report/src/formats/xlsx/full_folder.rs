use crate::error::ReportError;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// What the writing library panics with when a file does not take what is written, as a full disk does not.
const NOT_WRITTEN: [&str; 2] = ["Couldn't write to xml file", "value: Os {"];

/// Makes a workbook that has long sheets. Their rows go to a file in the temporary folder; where that is full the writing library
/// panics, and this gives an error in its place.
///
/// # Errors
/// [`ReportError::TemporaryFolder`], and what making the workbook gives.
pub(crate) fn with_long_sheets<T>(
    make: impl FnOnce() -> Result<T, ReportError>,
) -> Result<T, ReportError> {
    // Nothing of what was being made is looked at after a panic.
    catch_unwind(AssertUnwindSafe(make)).unwrap_or_else(|panic| match is_not_written(&*panic) {
        true => Err(ReportError::TemporaryFolder {
            path: std::env::temp_dir(),
            source: None,
        }),
        false => resume_unwind(panic),
    })
}

fn is_not_written(panic: &(dyn Any + Send)) -> bool {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.is_some_and(|text| NOT_WRITTEN.iter().any(|part| text.contains(part)))
}

#[cfg(test)]
mod tests {
    use super::with_long_sheets;
    use crate::error::ReportError;
    use rust_xlsxwriter::Workbook;

    #[test]
    fn a_panic_over_a_full_folder_is_an_error_and_another_stays_one() {
        let full = || -> Result<(), ReportError> {
            let written = std::fs::write("/dev/full/x", "");
            written.unwrap();
            Ok(())
        };
        let error = with_long_sheets(full).unwrap_err();
        assert!(
            matches!(error, ReportError::TemporaryFolder { .. }),
            "{error}"
        );
        let other = || with_long_sheets(|| -> Result<(), ReportError> { panic!("a bug") });
        assert!(std::panic::catch_unwind(other).is_err());
        assert_eq!(with_long_sheets(|| Ok(7)).unwrap(), 7);
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let mut workbook = Workbook::new();
        let error = workbook.set_tempdir("/not/there").err().unwrap();
        let error = ReportError::from(error);
        assert!(error.to_string().contains("/not/there"), "{error}");
    }
}
