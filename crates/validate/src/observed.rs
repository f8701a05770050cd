use crate::source_file::SourceFile;
use crate::wording::message;
use model::{Extent, Finding, Observation, Period};
use programme::Programme;
use std::collections::BTreeMap;

/// Puts an observation of the reader into the words of the rule that answers it.
///
/// Nothing if no rule applies to the period; a sound programme has one for every check.
pub fn finding(
    programme: &Programme,
    file: &SourceFile,
    period: Option<Period>,
    observation: &Observation,
) -> Option<Finding> {
    let rule = programme.rule_for(
        observation.check,
        observation.form.as_deref(),
        observation.column.as_deref(),
    )?;
    if period.is_some_and(|period| !rule.applies_to(period)) {
        return None;
    }
    let form = observation
        .form
        .as_deref()
        .and_then(|code| programme.form(code));
    let column = observation
        .column
        .as_deref()
        .and_then(|name| form?.column(name));
    let heading = column.map(|column| column.heading.clone());
    let values = BTreeMap::from([
        ("found", observation.found.clone()),
        ("expected", observation.expected.clone()),
        ("column", heading.clone().unwrap_or_default()),
        (
            "form",
            form.map_or_else(String::new, |form| {
                format!("{} ({})", form.sheet, form.title.vi)
            }),
        ),
        ("file", file.name.clone()),
        ("sheet", observation.sheet.clone().unwrap_or_default()),
    ]);
    Some(Finding {
        code: rule.code.clone(),
        severity: rule.severity,
        extent: extent(observation),
        file: file.id.clone(),
        file_name: file.name.clone(),
        sheet: observation.sheet.clone(),
        form: observation.form.clone(),
        cells: observation.cells.iter().map(ToString::to_string).collect(),
        column: heading,
        records: observation.record.iter().cloned().collect(),
        found: observation.found.clone(),
        message: message(rule, &values),
        advice: rule.advice.clone(),
    })
}

/// How much an observation is about: a check of the whole file stays one even if it points at a cell, since what it holds is
/// all of the file.
fn extent(observation: &Observation) -> Extent {
    if observation.check.is_about_file() {
        Extent::File
    } else if observation.record.is_some() {
        Extent::Row
    } else if observation.form.is_some() {
        Extent::Form
    } else {
        Extent::Sheet
    }
}

#[cfg(test)]
mod tests {
    use super::finding;
    use crate::source_file::SourceFile;
    use model::{CellRef, Check, Extent, FileId, Finding, Observation, Period, Severity};
    use programme::Programme;
    use std::sync::LazyLock;

    static PROGRAMME: LazyLock<Programme> =
        LazyLock::new(|| Programme::default_programme().unwrap());

    fn observation(check: Check, form: Option<&str>, column: Option<&str>) -> Observation {
        Observation {
            check,
            sheet: Some("B3".into()),
            form: form.map(str::to_owned),
            column: column.map(str::to_owned),
            record: column.map(|_| "r1".to_owned()),
            cells: vec!["C7".parse::<CellRef>().unwrap()],
            found: "khoảng mười".into(),
            expected: "10.000.000".into(),
        }
    }

    fn told(observation: &Observation, period: Option<&str>) -> Option<Finding> {
        let file = SourceFile {
            id: FileId("f1".into()),
            name: "a.xlsx".into(),
        };
        let period = period.map(|period| period.parse::<Period>().unwrap());
        finding(&PROGRAMME, &file, period, observation)
    }

    #[test]
    fn an_observation_is_told_in_the_words_of_its_rule() {
        let seen = observation(Check::NumberUnreadable, Some("budget"), Some("planned"));
        let told = told(&seen, Some("2023")).unwrap();
        insta::assert_snapshot!(
            format!("{} {} {:?} {}\n{}\n{}\n{}", told.code, told.severity, told.extent, told.cells.join(" "), told.message.vi, told.message.en, told.column.unwrap()),
            @r"
        V004 hold Row C7
        “khoảng mười” ở cột “Dự toán” không phải là một con số cụ thể; dòng được giữ lại. Theo dòng cộng, ô này phải là 10.000.000; nếu không phải, hãy sửa cả dòng cộng.
        “khoảng mười” in column “Dự toán” is not one definite number; the row is held. By the total this cell must be 10.000.000; if it is not, correct the total too.
        Dự toán
        "
        );
    }

    #[test]
    fn the_rule_that_names_the_column_speaks_before_the_general_one() {
        let of = |form, column| {
            let told = told(
                &observation(Check::ValueMissing, Some(form), Some(column)),
                None,
            );
            told.map(|told| (told.code, told.severity))
        };
        assert_eq!(
            of("support", "enterprise"),
            Some(("V002".into(), Severity::Hold))
        );
        assert_eq!(
            of("support", "status"),
            Some(("V001".into(), Severity::Correct))
        );
    }

    #[test]
    fn how_much_it_is_about_follows_from_what_it_names() {
        let extent = |observation: &Observation| told(observation, None).unwrap().extent;
        let row = observation(Check::ValueMissing, Some("support"), Some("status"));
        assert_eq!(extent(&row), Extent::Row);
        let form = observation(Check::ColumnUnknown, Some("support"), None);
        assert_eq!(extent(&form), Extent::Form);
        assert_eq!(
            extent(&observation(Check::SheetUnknown, None, None)),
            Extent::Sheet
        );
        // It names a cell, but says of the whole file that it cannot count.
        let file = observation(Check::PeriodUnknown, Some("general"), Some("period"));
        assert_eq!(extent(&file), Extent::File);
    }

    #[test]
    fn a_rule_that_does_not_apply_to_the_period_says_nothing() {
        let seen = observation(Check::ValueMissing, Some("support"), Some("status"));
        assert_eq!(told(&seen, Some("2020")), None);
        assert!(told(&seen, Some("2021-Q1")).is_some());
        assert!(told(&seen, None).is_some());
    }
}
