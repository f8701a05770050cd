//! Every rule speaks of the case it must fail, and not of the case it must pass.

use crate::office::{NOW, Office, codes};
use programme::{Case, Programme, RuleKind};
use rayon::prelude::*;

#[test]
fn rules_of_the_reader_hold_on_their_cases() {
    let programme = Programme::default_programme().unwrap();
    let new = Office::new();
    programme.rules.values().par_bridge().for_each(|rule| {
        for (case, speaks) in [(&rule.pass, false), (&rule.fail, true)] {
            let Case::Workbook(text) = case else { continue };
            assert!(
                matches!(rule.kind, RuleKind::Reader(_)),
                "{} has a workbook for a case but is SQL",
                rule.code
            );
            let office = new.copy();
            let mut run = serde_json::Value::Null;
            for step in testkit::case_steps(text.trim_start()) {
                if step.after_issue {
                    office.issue("2023", "45/BC-SKHCN", "2023-11-25", NOW);
                }
                for (name, bytes) in step.files {
                    office.drop_file(&name, &bytes);
                }
                (_, run) = office.run();
            }
            assert_eq!(
                codes(&run).contains(&rule.code.as_str()),
                speaks,
                "{}: {}",
                rule.code,
                run["findings"]
            );
        }
    });
}

#[test]
fn rules_in_sql_hold_on_their_cases() {
    let programme = Programme::default_programme().unwrap();
    for rule in programme
        .rules
        .values()
        .filter(|rule| !matches!(rule.kind, RuleKind::Reader(_)))
    {
        assert!(
            matches!(rule.pass, Case::Tables(_)) && matches!(rule.fail, Case::Tables(_)),
            "{}",
            rule.code
        );
    }
    assert_eq!(pipeline::sql_cases(&programme).unwrap(), []);
}
