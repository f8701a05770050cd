use crate::heading_answers::HeadingAnswers;
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
    read_answered(file, name, bytes, programme, &HeadingAnswers::default())
}

/// Reads one workbook, as [`read`], with what persons said of headings that a form does not know.
pub fn read_answered(
    file: &FileId,
    name: &str,
    bytes: &[u8],
    programme: &Programme,
    answers: &HeadingAnswers,
) -> Reading {
    match open(bytes, name, Purpose::Report) {
        Ok(OpenedWorkbook {
            sheets,
            observations,
        }) => {
            let reading = read_report_sheets(file, name, sheets, programme, answers);
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

#[cfg(test)]
mod tests {
    use super::{read, read_list};
    use model::{Check, FileId};
    use programme::Programme;

    #[test]
    fn what_cannot_be_opened_is_one_observation() {
        let programme = Programme::default_programme().unwrap();
        let reading = read(
            &FileId("0".repeat(64)),
            "SCT_2023.pdf",
            b"%PDF-1.7",
            &programme,
        );
        let checks: Vec<Check> = reading.observations.iter().map(|o| o.check).collect();
        assert_eq!(checks, [Check::UnknownFormat]);
        assert!(reading.sheets.is_empty() && reading.department.is_none());
    }

    #[test]
    fn the_hidden_list_of_a_template_is_ours_and_another_hidden_sheet_is_not() {
        let programme = Programme::default_programme().unwrap();
        let ours = &programme.report.template.list_sheet;
        let text = format!("== T\nx\n==hidden {ours}\nBiên Hòa\n==hidden Sheet1\n5\n");
        let bytes = testkit::workbook(&text);
        let reading = read(&FileId("0".repeat(64)), "SCT_2023.xlsx", &bytes, &programme);
        let hidden = reading
            .observations
            .iter()
            .filter(|o| o.check == Check::HiddenData);
        let sheets: Vec<&str> = hidden.map(|o| o.found.as_str()).collect();
        assert_eq!(sheets, ["Sheet1"]);
    }

    #[test]
    fn a_list_has_no_sender_and_may_be_text() {
        let programme = Programme::default_programme().unwrap();
        let text = "Khó khăn, vướng mắc;Kiến nghị\nThiếu;Thêm\n";
        let file = FileId("0".repeat(64));
        let reading = read_list(&file, "SCT_2023.csv", text.as_bytes(), &programme);
        assert_eq!(
            (reading.department.as_deref(), reading.period),
            (None, None)
        );
        assert_eq!(reading.tables[0].frame.height(), 1);
        assert_eq!(reading.observations, []);
    }
}
