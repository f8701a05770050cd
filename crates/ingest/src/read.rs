use crate::limits::Purpose;
use crate::reader::{read_list_sheets, read_report_sheets};
use crate::reading::Reading;
use crate::workbook::{OpenedWorkbook, open};
use model::{FileId, Observation};
use programme::Programme;
use vietext::fold;

/// Reads one workbook.
///
/// `name` is the file's name when it came in: it may name the department and the period if the workbook does not.
/// Both stand in every record; a reading without them has records that wait.
pub fn read(file: &FileId, name: &str, bytes: &[u8], programme: &Programme) -> Reading {
    match open(bytes, name, Purpose::Report) {
        Ok(OpenedWorkbook {
            sheets,
            observations,
        }) => {
            let reading = read_report_sheets(file, name, sheets, programme);
            with_observations(reading, observations, programme)
        }
        Err(observation) => refused(*observation),
    }
}

/// Reads a list of another programme or of nominees: no department sends it and it has no period, and it may be text
/// in columns (.csv) as well as a workbook.
///
/// Without a department and period in its records; otherwise as [`read`].
pub fn read_list(file: &FileId, name: &str, bytes: &[u8], programme: &Programme) -> Reading {
    match open(bytes, name, Purpose::List) {
        Ok(OpenedWorkbook {
            sheets,
            observations,
        }) => {
            let reading = read_list_sheets(file, &sheets, programme);
            with_observations(reading, observations, programme)
        }
        Err(observation) => refused(*observation),
    }
}

/// Adds what was noticed when the workbook was opened, but for sheets of ours: a template hides its list of values.
fn with_observations(
    mut reading: Reading,
    opening: Vec<Observation>,
    programme: &Programme,
) -> Reading {
    let is_ours = |sheet: &String| programme.report.is_ours(&fold(sheet));
    let of_theirs = opening
        .into_iter()
        .filter(|observation| !observation.sheet.as_ref().is_some_and(is_ours));
    reading.observations.extend(of_theirs);
    reading
}

fn refused(observation: Observation) -> Reading {
    Reading {
        observations: vec![observation],
        ..Reading::default()
    }
}
