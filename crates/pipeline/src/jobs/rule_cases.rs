use crate::error::PipelineError;
use programme::{Case, Programme};
use std::collections::BTreeMap;

/// A rule in SQL that does not do on its own cases what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFault {
    /// The rule.
    pub code: String,
    /// Whether it found nothing in the case that must fail; else it found something in the one that must pass.
    pub silent: bool,
}

/// Tries every rule in SQL on the two cases written beside it; gives those that do not hold.
///
/// # Errors
/// When a rule's SQL fails on its cases.
pub fn sql_cases(programme: &Programme) -> Result<Vec<CaseFault>, PipelineError> {
    let mut faults = Vec::new();
    for rule in programme.rules.values() {
        for (case, speaks) in [(&rule.pass, false), (&rule.fail, true)] {
            let Case::Tables(tables) = case else { continue };
            let findings = validate::apply_rules(programme, rule.scope, tables, &BTreeMap::new())?;
            if findings.iter().any(|finding| finding.code == rule.code) != speaks {
                faults.push(CaseFault {
                    code: rule.code.clone(),
                    silent: speaks,
                });
            }
        }
    }
    Ok(faults)
}
