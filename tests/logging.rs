//! What the program logs: on standard error, if asked, and never among the results.

use crate::office::{NOW, Office, budget, tonghop, tonghop_with};

const ROW: &str = "1 | IV.2 | NSNN bảo đảm | 90 | 80 | 40";

fn office() -> Office {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget(ROW));
    office
}

#[test]
fn nothing_is_logged_unless_asked_for() {
    let office = office();
    let quiet = tonghop(&["run", "-w", office.dir(), "--now", NOW]);
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""));
}

#[test]
fn the_steps_go_to_standard_error_and_the_result_stays_one_object() {
    let (quiet, loud) = (office(), office());
    let call = |office: &Office, more: &[&str]| {
        let call = [
            "status",
            "-w",
            office.dir(),
            "--period",
            "2023",
            "--format",
            "json",
        ];
        tonghop(&[&call, more].concat())
    };
    let (quiet, loud) = (call(&quiet, &[]), call(&loud, &["-vv"]));
    assert_eq!((quiet.code, loud.code), (5, 5));
    assert_eq!(quiet.stdout, loud.stdout);
    loud.json();
    for step in [
        "workspace opened",
        "job{name=\"status\"}",
        "begins",
        "ended milliseconds=",
    ] {
        assert!(loud.stderr.contains(step), "{step}: {}", loud.stderr);
    }
    // A count of one leaves the details out.
    let brief = call(&office(), &["-v"]);
    assert!(
        brief.stderr.contains("begins") && !brief.stderr.contains("workspace opened"),
        "{}",
        brief.stderr
    );
}

#[test]
fn the_environment_says_what_is_logged_and_a_wrong_filter_is_a_wrong_call() {
    let office = office();
    let call = ["status", "-w", office.dir(), "--period", "2023"];
    let debug = tonghop_with(&call, &[("RUST_LOG", "tonghop=debug")]);
    assert!(
        debug.code == 5 && debug.stderr.contains("workspace opened"),
        "{}",
        debug.stderr
    );
    let wrong = tonghop_with(&call, &[("RUST_LOG", "tonghop=loud")]);
    assert!(
        wrong.code == 2 && wrong.stderr.contains("RUST_LOG"),
        "{}",
        wrong.stderr
    );
}
