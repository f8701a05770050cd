use crate::SourceFile;
use model::{Extent, Finding, Observation, Period, Text};
use programme::{Programme, Rule};
use std::collections::BTreeMap;

/// Puts an observation of the reader into the words of the rule that answers it.
///
/// Nothing where no rule applies to the period; a sound programme has one for every check.
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
        extent: match observation {
            _ if observation.check.is_about_file() => Extent::File,
            Observation {
                record: Some(_), ..
            } => Extent::Row,
            Observation { form: Some(_), .. } => Extent::Form,
            _ => Extent::Sheet,
        },
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

/// A rule's message in both languages, its places filled.
pub(crate) fn message(rule: &Rule, values: &BTreeMap<&str, String>) -> Text {
    Text {
        vi: model::render_template(&rule.message.vi, values),
        en: model::render_template(&rule.message.en, values),
    }
}
