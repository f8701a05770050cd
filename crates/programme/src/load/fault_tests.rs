//! What `check` says of a programme that would break a run or a report: file, line, and what was expected.

use super::tests::faults;
use crate::programme::Programme;
use crate::source::Source;

/// What is said of the default programme with one text of a file replaced.
#[track_caller]
fn fault_of(path: &str, from: &str, to: &str) -> String {
    let source = Source::default_programme();
    let text = source.text(path).unwrap();
    assert!(text.contains(from), "{path}: {from}");
    faults(path, &text.replacen(from, to, 1))
}

/// The first fault that is said; what reads the text has others.
#[track_caller]
fn first_fault_of(path: &str, from: &str, to: &str) -> String {
    let said = fault_of(path, from, to);
    said.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn names_that_would_hide_one_another_in_sql_are_refused() {
    let kind = "{ name = \"kind\", heading = \"Hình thức\"";
    let words =
        format!("{{ name = \"kind_words\", heading = \"Lời\", type = \"text\" }},\n  {kind}");
    insta::assert_snapshot!(
        fault_of("forms/communication.toml", kind, &words),
        @"forms/communication.toml:13: column 'kind_words' is what stands beside column 'kind' of type code"
    );
    insta::assert_snapshot!(
        first_fault_of("forms/communication.toml", "{ name = \"place\"", "{ name = \"date_last\""),
        @"forms/communication.toml:14: column 'date_last' is what stands beside column 'date' of type date"
    );
    insta::assert_snapshot!(
        first_fault_of("forms/communication.toml", "{ name = \"place\"", "{ name = \"held\""),
        @"forms/communication.toml:15: column 'held' is one of ours, in every table"
    );
    insta::assert_snapshot!(
        first_fault_of("forms/communication.toml", "{ name = \"place\"", "{ name = \"file\""),
        @"forms/communication.toml:15: column 'file' is one of ours, in every table"
    );
    let said = fault_of(
        "forms/proposal.toml",
        "name = \"difficulty\"",
        "name = \"Difficulty-1\"",
    );
    insta::assert_snapshot!(said, @r#"
    forms/proposal.toml:10: column 'Difficulty-1': expected small letters a to z, digits and '_', a letter first
    listings/proposals.sql:1: the SQL does not run: not found: unable to find column "difficulty"; valid columns: ["Difficulty-1", "proposal", "addressee", "record", "department", "period", "period_start", "period_end", "file", "sheet", "row", "cells", "aside", "name_key", "enterprise_id", "case_id"]
    "#);
}

#[test]
fn a_form_and_a_list_or_a_view_of_one_name_are_refused() {
    let source = Source::default_programme();
    let form = source.text("forms/club.toml").unwrap();
    let form = form
        .replace("code = \"club\"", "code = \"size\"")
        .replace("Biểu 5", "Biểu 5b");
    let said = faults("forms/size.toml", &form);
    assert_eq!(
        said,
        "forms/size.toml:1: the table 'size' is the form 'size', and the list 'size'"
    );
    let said = faults("views/support_content.sql", "SELECT record FROM support");
    assert_eq!(
        said,
        "views/support_content.sql:1: there is a table 'support_content' already"
    );
    let said = faults("views/Later.sql", "SELECT record FROM support");
    assert!(
        said.starts_with("views/Later.sql:1: view 'Later': expected small letters"),
        "{said}"
    );
}

#[test]
fn views_in_a_circle_are_refused_at_the_line_that_closes_it() {
    let source = Source::default_programme()
        .with("views/a.sql", "SELECT record\nFROM b")
        .with(
            "views/b.sql",
            "-- again\nSELECT record\nFROM support\nJOIN a ON record = record",
        );
    let said = Programme::load(&source).unwrap_err().to_string();
    assert!(
        said.contains("views/b.sql:4: view 'a' reads itself: a → b → a"),
        "{said}"
    );
}

#[test]
fn sql_is_refused_at_the_line_of_the_name_it_lacks() {
    let first = |path: &str, from: &str, to: &str| {
        let said = fault_of(path, from, to);
        said.lines().next().unwrap_or_default().to_owned()
    };
    let said = first("views/first_content.sql", "c.parent", "c.parents");
    assert!(
        said.starts_with("indicators/") || said.starts_with("views/first_content.sql:2: "),
        "{said}"
    );
    let said = first("indicators/budget_spent.sql", "WHERE spent", "WHERE spend");
    assert!(
        said.starts_with("indicators/budget_spent.sql:3: the SQL does not run"),
        "{said}"
    );
    let said = first(
        "indicators/people_trained.sql",
        "FROM training",
        "FROM trainings",
    );
    assert!(
        said.starts_with("indicators/people_trained.sql:2: the SQL does not run"),
        "{said}"
    );
    insta::assert_snapshot!(
        first("indicators/budget_spent.sql", "spent AS value", "note AS value"),
        @"indicators/budget_spent.sql:1: column 'value' is str: expected a whole number"
    );
    let said = first(
        "rules/cross.toml",
        "from_enterprises > participants",
        "from_companies > participants",
    );
    assert!(
        said.starts_with("rules/cross.toml:28: the SQL does not run"),
        "{said}"
    );
    insta::assert_snapshot!(
        first("listings/clubs.sql", "members,", "name AS members,"),
        @"listings/clubs.sql:1: column 'members' is str: expected a whole number"
    );
}

#[test]
fn columns_of_support_have_types_that_can_be_compared() {
    insta::assert_snapshot!(
        fault_of("forms/support.toml", "end = \"finish\"", "end = \"contract\""),
        @"forms/support.toml:10: column 'contract' is of type text: expected date"
    );
    insta::assert_snapshot!(
        fault_of("forms/support.toml", "money = \"state_budget\"", "money = \"employees\""),
        @"forms/support.toml:10: column 'employees' is of type integer: expected money"
    );
    insta::assert_snapshot!(
        fault_of("registers/sme.toml", "content_list = \"content\", ", ""),
        @r#"registers/sme.toml:10: the contents are a text: say the list they are mapped to, content_list = "…""#
    );
    insta::assert_snapshot!(
        fault_of("registers/sme.toml", "content_list = \"content\"", "content_list = \"size\""),
        @"registers/sme.toml:1: its contents are of the list 'size', those of other support of 'content'"
    );
    insta::assert_snapshot!(
        fault_of("forms/support.toml", "codes = [\"ongoing\"", "codes = [\"running\""),
        @"forms/support.toml:11: 'running' is not a code of the list 'case_status'"
    );
}

#[test]
fn what_identifies_a_case_is_among_the_columns_of_its_form() {
    insta::assert_snapshot!(
        fault_of("forms/support.toml", "number = \"contract\"", "number = \"start\""),
        @"forms/support.toml:12: column 'start' is of type date: expected text"
    );
    insta::assert_snapshot!(
        fault_of("forms/club.toml", "[\"founded_on\"]", "[\"founded\"]"),
        @"forms/club.toml:9: 'founded' is not a column of the form"
    );
    insta::assert_snapshot!(
        fault_of("forms/club.toml", "[\"founded_on\"]", "[\"school\", \"name\"]"),
        @"forms/club.toml:9: no column of the key names the case"
    );
}

#[test]
fn who_reports_is_said_by_the_form_of_labels() {
    insta::assert_snapshot!(
        fault_of("forms/general.toml", "nil_return = \"nil_return\"", "nil_return = \"email\""),
        @"forms/general.toml:10: column 'email' is of type text: expected flag"
    );
    let said = fault_of("forms/general.toml", "reporter =", "# reporter =");
    assert!(
        said.starts_with("forms/general.toml:3: a form of layout 'pairs' says who reports"),
        "{said}"
    );
}

#[test]
fn a_place_that_nothing_fills_is_refused() {
    insta::assert_snapshot!(
        fault_of("report.toml", "kỳ {period} (tệp", "kỳ {time} (tệp"),
        @"report.toml:167: nothing fills the place '{time}': expected department, department_name, period, file, to_mend, noticed"
    );
    insta::assert_snapshot!(
        fault_of("rules/cross.toml", "Kết thúc {finish}", "Kết thúc {stop}"),
        @"rules/cross.toml:6: nothing fills the place '{stop}' of the message"
    );
    insta::assert_snapshot!(
        fault_of("words.toml", "ngày {day}", "ngày {date}"),
        @"words.toml:3: nothing fills the place '{date}' of 'place_and_date'"
    );
}

#[test]
fn sheets_that_a_workbook_cannot_have_are_refused() {
    insta::assert_snapshot!(
        fault_of("report.toml", "list_sheet = \"Danh mục\"", "list_sheet = \"Danh/mục\""),
        @r"report.toml:205: template.list_sheet 'Danh/mục': a sheet's name has 1 to 31 characters and none of []:*?/\"
    );
    let said = fault_of("report.toml", "name = \"Biểu 01\"", "name = \"bìa\"");
    assert!(said.contains("sheet 'bìa' is the cover's name"), "{said}");
    insta::assert_snapshot!(
        fault_of("forms/club.toml", "sheet = \"Biểu 5\"", "sheet = \"biểu 6\""),
        @"forms/club.toml:2: sheet 'biểu 6' is form capacity's already"
    );
    insta::assert_snapshot!(
        fault_of("forms/club.toml", "sheet = \"Biểu 5\"", "sheet = \"Phiếu phản hồi\""),
        @"forms/club.toml:3: sheet 'Phiếu phản hồi' is one of ours in report.toml"
    );
}

#[test]
fn targets_and_indicators_that_no_report_could_show_are_refused() {
    insta::assert_snapshot!(
        fault_of("programme.toml", "to = 2022", "to = 2032"),
        @"programme.toml:25: the target's years are not all the programme's"
    );
    insta::assert_snapshot!(
        fault_of("programme.toml", "id = \"enterprises-2021-2025\"", "id = \"enterprises-2021-2022\""),
        @"programme.toml:31: target 'enterprises-2021-2022' is defined twice"
    );
    insta::assert_snapshot!(
        fault_of("indicators/indicators.toml", "by = [\"task\", \"department\"]", "by = [\"task\", \"task\"]"),
        @r"
    indicators/indicators.toml:61: key 'task' stands twice
    report.toml:225: indicator 'activities' has no key 'department'
    report.toml:238: indicator 'activities' has no key 'department', only task, task
    report.toml:404: indicator 'activities' has no key 'department', only task, task
    "
    );
    insta::assert_snapshot!(
        fault_of("catalogue.toml", "code = \"qr\"", "code = \"q;r\""),
        @r"
    catalogue.toml:237: reading: 'qr' is not a code of any list
    catalogue.toml:2031: code 'q;r': expected a text without ';', '/' and '=', which set codes apart in cells and in the ids of figures
    "
    );
}
