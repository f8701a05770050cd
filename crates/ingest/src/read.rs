use crate::heading_answers::HeadingAnswers;
use crate::limits::Purpose;
use crate::observe::observe;
use crate::reader::{read_list_sheets, read_report_sheets};
use crate::reading::Reading;
use crate::sandbox::open;
use crate::workbook::OpenedWorkbook;
use model::{Check, FileId, Observation, OutputKind};
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

/// The reading of a file that is known to be one of our own documents: it is not opened.
pub fn read_own_output(kind: OutputKind) -> Reading {
    refused(observe(Check::OwnOutput, kind.title()))
}

fn refused(observation: Observation) -> Reading {
    Reading {
        observations: vec![observation],
        ..Reading::default()
    }
}

#[cfg(test)]
mod tests {
    use super::{read, read_answered, read_list};
    use crate::heading_answers::HeadingAnswers;
    use crate::reading::Reading;
    use model::{Check, FileId, HeadingMeaning};
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

    /// Reads a report of Sở Công Thương with what was said of its headings of the form of support.
    fn read_with(columns: &str, row: &str, said: &[(&str, Option<&str>)]) -> Reading {
        let programme = Programme::default_programme().unwrap();
        let mut answers = HeadingAnswers::default();
        for (heading, column) in said {
            let meaning = column.map_or(HeadingMeaning::NotOfForm, |name| {
                HeadingMeaning::Column(name.to_owned())
            });
            let key = ("SCT", "support", *heading);
            answers.add(key, meaning, "An, 01/02/2023".to_owned());
        }
        let text = format!(
            "== TT chung\nCơ quan báo cáo|Sở Công Thương\nKỳ báo cáo|Năm 2023\n== Biểu 3\nĐơn vị tính: đồng\n\
             Tên doanh nghiệp|Nội dung hỗ trợ|Bắt đầu|Tình trạng|{columns}\n\
             Công ty A|3a1|2023-05-01|dừng|{row}\n"
        );
        let bytes = testkit::workbook(&text);
        let file = FileId("0".repeat(64));
        read_answered(&file, "SCT_2023.xlsx", &bytes, &programme, &answers)
    }

    fn amount(reading: &Reading, column: &str) -> Option<i64> {
        let mut tables = reading.tables.iter();
        let table = tables.find(|table| table.form == "support").unwrap();
        table.frame.column(column).unwrap().i64().unwrap().get(0)
    }

    fn told(reading: &Reading) -> Vec<(Check, &str, &str)> {
        let told = reading.observations.iter();
        told.map(|o| (o.check, o.found.as_str(), o.expected.as_str()))
            .collect()
    }

    #[test]
    fn a_heading_counts_as_a_person_said_and_is_asked_about_before() {
        let reading = read_with("Kinh phí", "5", &[]);
        assert_eq!(told(&reading)[0].0, Check::MoneyColumnUnsure);
        let [unsure] = &reading.unsure_headings[..] else {
            panic!("{:?}", reading.unsure_headings)
        };
        assert_eq!(
            (unsure.heading.as_str(), unsure.cell.as_str()),
            ("kinh phi", "E2")
        );
        assert_eq!(
            (&unsure.values, &unsure.answer),
            (&vec!["5".to_owned()], &None)
        );
        assert!(unsure.may_be.contains(&"state_budget".to_owned()));

        let reading = read_with("Kinh phí", "5", &[("kinh phi", Some("state_budget"))]);
        assert_eq!(amount(&reading, "state_budget"), Some(5));
        let said = "“NSNN” (An, 01/02/2023)";
        assert_eq!(told(&reading), [(Check::HeadingAnswered, "Kinh phí", said)]);
        let [answered] = &reading.unsure_headings[..] else {
            panic!("{:?}", reading.unsure_headings)
        };
        let column = HeadingMeaning::Column("state_budget".to_owned());
        assert_eq!(
            (&answered.answer, answered.may_be.len()),
            (&Some(column), 0)
        );
    }

    #[test]
    fn a_heading_that_is_none_of_the_form_stands_beyond_it() {
        let reading = read_with("Kinh phí", "5", &[("kinh phi", None)]);
        assert_eq!(amount(&reading, "state_budget"), None);
        let said = "không thuộc biểu (An, 01/02/2023)";
        assert_eq!(
            told(&reading),
            [
                (Check::ColumnUnknown, "Kinh phí", ""),
                (Check::HeadingAnswered, "Kinh phí", said)
            ]
        );
    }

    #[test]
    fn the_forms_own_heading_is_surer_than_an_answer() {
        // Whichever stands first; what was said of the other heading then waits.
        for (columns, row) in [("NSNN|Kinh phí", "5|7"), ("Kinh phí|NSNN", "7|5")] {
            let reading = read_with(columns, row, &[("kinh phi", Some("state_budget"))]);
            assert_eq!(amount(&reading, "state_budget"), Some(5), "{columns}");
            assert_eq!(told(&reading)[0].0, Check::MoneyColumnUnsure, "{columns}");
            let unsure = &reading.unsure_headings[0];
            assert_eq!(unsure.may_be, ["state_budget"]);
            assert!(unsure.answer.is_some());
        }
    }

    #[test]
    fn a_column_beside_the_table_belongs_to_it_if_a_person_says_so() {
        let answer = [("kinh phi", Some("state_budget"))];
        let reading = read_with("|Kinh phí", "|5", &answer);
        assert_eq!(amount(&reading, "state_budget"), Some(5));
    }

    #[test]
    fn an_answer_on_the_amounts_of_a_year_does_not_speak_for_another() {
        let read = |year: i32| {
            let (columns, key) = (
                format!("Kinh phí năm {year}"),
                format!("kinh phi nam {year}"),
            );
            read_with(&columns, "5", &[(&key, Some("state_budget"))])
        };
        assert_eq!(amount(&read(2023), "state_budget"), Some(5));
        let before = read(2022);
        assert_eq!(amount(&before, "state_budget"), None);
        assert_eq!(
            told(&before),
            [(Check::ColumnUnknown, "Kinh phí năm 2022", "")]
        );
    }

    #[test]
    fn an_answer_that_names_no_column_of_the_form_is_none() {
        let reading = read_with("Kinh phí", "5", &[("kinh phi", Some("gone"))]);
        assert_eq!(told(&reading)[0].0, Check::MoneyColumnUnsure);
        assert_eq!(reading.unsure_headings[0].answer, None);
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

    /// What stands in a workbook is read alike whatever format it was saved in.
    #[test]
    fn one_report_reads_the_same_in_every_format() {
        let programme = Programme::default_programme().unwrap();
        let text = "== TT chung\nCơ quan báo cáo|Sở Công Thương\nKỳ báo cáo|Năm 2023\n== Biểu 3\nĐơn vị tính: đồng\n\
                    Tên doanh nghiệp|Mã số thuế|Nội dung hỗ trợ|Bắt đầu|Tình trạng|NSNN\n\
                    Công ty A|3600265395|3a1|2023-05-01|dừng|12.5\nCông ty B|#REF!|3a1|2023-05-02|dừng|7\n";
        let read = |bytes: Vec<u8>| {
            let file = FileId("0".repeat(64));
            let reading = read(&file, "a", &bytes, &programme);
            let mut tables = reading.tables.iter();
            let table = tables.find(|table| table.form == "support").unwrap();
            let column = |name: &str| format!("{:?}", table.frame.column(name).unwrap());
            let kept = ["enterprise", "content", "start", "state_budget"];
            (reading.department.clone(), reading.period, kept.map(column))
        };
        let as_xlsx = read(testkit::workbook(text));
        assert_eq!(as_xlsx.0.as_deref(), Some("SCT"));
        for (format, bytes) in [
            (".xlsb", testkit::xlsb(text)),
            (".xls", testkit::xls(text)),
            (".ods", testkit::ods(text)),
        ] {
            assert_eq!(read(bytes), as_xlsx, "{format}");
        }
    }
}
