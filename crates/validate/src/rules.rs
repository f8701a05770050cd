use crate::error::ValidateError;
use crate::record_index::RecordIndex;
use crate::source_file::SourceFile;
use model::{FileId, Finding};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{Programme, Rule, Scope};
use std::collections::{BTreeMap, BTreeSet};

/// Judges records by the SQL rules of one scope.
///
/// `forms` holds the forms' frames; `files` names their files. The findings come by rule, then by form, then by record.
///
/// # Errors
/// [`ValidateError`] when a rule's SQL fails.
pub fn apply_rules(
    programme: &Programme,
    scope: Scope,
    forms: &Tables,
    files: &BTreeMap<FileId, SourceFile>,
) -> Result<Vec<Finding>, ValidateError> {
    let of_scope = || programme.rules.values().filter(|rule| rule.scope == scope);
    let queries: Vec<String> = of_scope()
        .flat_map(|rule| rule.forms.iter().map(move |form| (rule, form)))
        .filter_map(|(rule, form)| tables::rule_query(&rule.kind, form))
        .collect();
    let complete = tables::complete_for(programme, forms, queries.iter().map(String::as_str))?;
    let mut indexes: BTreeMap<&str, RecordIndex<'_>> = BTreeMap::new();
    let mut findings = Vec::new();
    for rule in of_scope() {
        for (form, failing) in failing_records(programme, rule, forms, &complete)? {
            if failing.is_empty() {
                continue;
            }
            if !indexes.contains_key(form)
                && let (Some(known), Some(frame)) = (programme.form(form), forms.get(form))
            {
                indexes.insert(form, RecordIndex::new(known, frame)?);
            }
            if let Some(index) = indexes.get(form) {
                findings.extend(
                    failing
                        .iter()
                        .filter_map(|record| index.finding(programme, rule, record, files)),
                );
            }
        }
    }
    Ok(findings)
}

/// The records that fail a rule, for each of its forms that has rows. A query that answers for several forms gives the
/// records of all of them to each.
fn failing_records<'r>(
    programme: &Programme,
    rule: &'r Rule,
    forms: &Tables,
    complete: &Tables,
) -> Result<Vec<(&'r str, BTreeSet<String>)>, ValidateError> {
    let mut failing = Vec::new();
    // One query may answer for several forms; it is asked once.
    let mut answers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let known = |form: &&'r String| programme.form(form).is_some() && forms.contains_key(*form);
    for form in rule.forms.iter().filter(known) {
        let Some(query) = tables::rule_query(&rule.kind, form) else {
            continue;
        };
        let records = match answers.get(&query) {
            Some(records) => records.clone(),
            None => {
                let asked = tables::execute(complete, &query).and_then(|it| records(&it));
                let records = asked.map_err(|source| ValidateError::Rule {
                    code: rule.code.clone(),
                    source,
                })?;
                answers.insert(query, records.clone());
                records
            }
        };
        failing.push((form.as_str(), records));
    }
    Ok(failing)
}

fn records(frame: &DataFrame) -> PolarsResult<BTreeSet<String>> {
    Ok(frame
        .column("record")?
        .str()?
        .iter()
        .flatten()
        .map(str::to_owned)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::apply_rules;
    use crate::source_file::SourceFile;
    use chrono::NaiveDate;
    use model::{FileId, Finding};
    use polars::prelude::*;
    use programme::tables::Tables;
    use programme::{Case, Programme, RuleKind, Scope};
    use std::collections::BTreeMap;
    use std::error::Error;
    use std::sync::LazyLock;

    static PROGRAMME: LazyLock<Programme> =
        LazyLock::new(|| Programme::default_programme().unwrap());

    /// The rows that a rule must fail, as they came from a file of 2023.
    fn failing(code: &str) -> Tables {
        let Case::Tables(tables) = &PROGRAMME.rules[code].fail else {
            panic!("{code} has a workbook");
        };
        let mut tables = tables.clone();
        for (form, frame) in &mut tables {
            let columns = PROGRAMME.forms[form].columns.len();
            let height = frame.height();
            let cells: Vec<String> = (0..height)
                .map(|row| {
                    let cells = (0..columns).map(|at| {
                        format!(
                            "{}{}",
                            char::from(b'A' + u8::try_from(at).unwrap()),
                            row + 5
                        )
                    });
                    cells.collect::<Vec<_>>().join(" ")
                })
                .collect();
            for (name, text) in [("file", "f1"), ("sheet", "B"), ("period", "2023")] {
                frame
                    .with_column(Column::new(name.into(), vec![text; height]))
                    .unwrap();
            }
            frame
                .with_column(Column::new("cells".into(), cells))
                .unwrap();
        }
        tables
    }

    fn judged(programme: &Programme, scope: Scope, tables: &Tables) -> Vec<Finding> {
        let file = SourceFile {
            id: FileId("f1".into()),
            name: "a.xlsx".into(),
        };
        let files = BTreeMap::from([(file.id.clone(), file)]);
        apply_rules(programme, scope, tables, &files).unwrap()
    }

    fn codes(findings: &[Finding]) -> Vec<&str> {
        findings
            .iter()
            .map(|finding| finding.code.as_str())
            .collect()
    }

    #[test]
    fn a_row_that_fails_a_predicate_is_told_with_its_cells() {
        let findings = judged(&PROGRAMME, Scope::Submission, &failing("C001"));
        assert_eq!(codes(&findings), ["C001"]);
        let told = &findings[0];
        insta::assert_snapshot!(
            format!("{} {} {} {}\n{}\n{}\n{}", told.file_name, told.sheet.as_ref().unwrap(), told.cells.join(" "), told.severity, told.column.as_ref().unwrap(), told.found, told.message.vi),
            @r"
        a.xlsx B Q5 R5 correct
        Bắt đầu
        18/01/2023; 09/12/2022
        Kết thúc 09/12/2022 trước khi bắt đầu 18/01/2023.
        "
        );
    }

    #[test]
    fn a_query_tells_the_records_it_gives() {
        let findings = judged(&PROGRAMME, Scope::Submission, &failing("C004"));
        assert_eq!(codes(&findings), ["C004"]);
        assert_eq!(findings[0].records, ["1"]);
        assert_eq!(
            findings[0].message.vi,
            "Nhiệm vụ IV.2.b ghi nguồn “NSNN hỗ trợ”, không đúng danh mục của V.1."
        );
    }

    #[test]
    fn rules_of_the_other_scope_are_not_asked() {
        let tables = failing("X001");
        assert!(judged(&PROGRAMME, Scope::Submission, &tables).is_empty());
        let findings = judged(&PROGRAMME, Scope::Year, &tables);
        assert_eq!(codes(&findings), ["X001", "X001"]);
        assert_eq!(
            [&findings[0].records[0], &findings[1].records[0]],
            ["1", "2"]
        );
    }

    #[test]
    fn findings_come_by_rule_and_then_by_record() {
        let mut tables = failing("C006");
        let mut more = failing("C005").remove("budget").unwrap();
        more.with_column(Column::new("record".into(), ["0"]))
            .unwrap();
        tables.get_mut("budget").unwrap().vstack_mut(&more).unwrap();
        let findings = judged(&PROGRAMME, Scope::Submission, &tables);
        let told: Vec<(&str, &str)> = findings
            .iter()
            .map(|f| (f.code.as_str(), f.records[0].as_str()))
            .collect();
        assert_eq!(told, [("C005", "0"), ("C006", "1")]);
    }

    #[test]
    fn a_rule_that_has_ended_says_nothing_of_later_periods() {
        let mut programme = PROGRAMME.clone();
        let rule = programme.rules.get_mut("C001").unwrap();
        rule.valid_to = NaiveDate::from_ymd_opt(2022, 12, 31);
        assert!(judged(&programme, Scope::Submission, &failing("C001")).is_empty());
        programme.rules.get_mut("C001").unwrap().valid_to = NaiveDate::from_ymd_opt(2023, 1, 1);
        assert_eq!(
            judged(&programme, Scope::Submission, &failing("C001")).len(),
            1
        );
    }

    #[test]
    fn rules_of_the_reader_ask_no_table() {
        let mut programme = PROGRAMME.clone();
        programme
            .rules
            .retain(|_, rule| matches!(rule.kind, RuleKind::Reader(_)));
        assert!(judged(&programme, Scope::Submission, &failing("C001")).is_empty());
    }

    #[test]
    fn a_rule_for_several_forms_judges_each() {
        let mut tables = failing("C001");
        tables.insert("training".to_owned(), backwards_training());
        let findings = judged(&PROGRAMME, Scope::Submission, &tables);
        let forms: Vec<&str> = findings.iter().filter_map(|f| f.form.as_deref()).collect();
        assert_eq!(
            (codes(&findings), forms),
            (vec!["C001", "C001"], vec!["support", "training"])
        );
    }

    /// A course that ends before it begins.
    fn backwards_training() -> DataFrame {
        let mut frame = failing("C002").remove("training").unwrap();
        let day = |y, m, d| vec![NaiveDate::from_ymd_opt(y, m, d)];
        for (name, days) in [
            ("start", day(2023, 5, 2)),
            ("finish", day(2023, 5, 1)),
            ("finish_last", day(2023, 5, 1)),
        ] {
            frame.with_column(Column::new(name.into(), days)).unwrap();
        }
        frame
            .with_column(Column::new("from_enterprises".into(), vec![None::<i64>]))
            .unwrap();
        frame
    }

    #[test]
    fn sql_that_fails_is_told_with_its_rule() {
        let mut programme = PROGRAMME.clone();
        programme.rules.get_mut("C001").unwrap().kind =
            RuleKind::Where("stopped < start".to_owned());
        let error = apply_rules(
            &programme,
            Scope::Submission,
            &failing("C001"),
            &BTreeMap::new(),
        )
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "rule C001: its SQL does not run on these records"
        );
        assert!(error.source().unwrap().to_string().contains("stopped"));
    }

    #[test]
    fn a_rule_may_read_a_view() {
        let mut programme = PROGRAMME.clone();
        let sql = "SELECT record FROM first_content WHERE content = 'unclassified'";
        programme.rules.get_mut("C001").unwrap().kind = RuleKind::Select(sql.to_owned());
        let findings = judged(&programme, Scope::Submission, &failing("C001"));
        assert_eq!(codes(&findings), ["C001"]);
    }
}
