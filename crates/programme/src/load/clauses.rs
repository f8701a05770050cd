use super::Loader;
use crate::clause::PlanClause;
use crate::definition::ClausesFile;
use crate::programme::Programme;
use std::collections::BTreeSet;
use toml::Spanned;

const FILE: &str = "clauses.toml";

impl Loader<'_> {
    /// The plan clause by clause, of a programme that has it so. What a clause names is there; one of which nothing is reported or
    /// shown says why.
    pub(super) fn clauses(&mut self, programme: &Programme) -> Vec<PlanClause> {
        if self.source.text(FILE).is_none() {
            return Vec::new();
        }
        let Some(written) = self.read::<ClausesFile>(FILE) else {
            return Vec::new();
        };
        let mut clauses: Vec<PlanClause> = Vec::new();
        for line in written.clause {
            let code = line.code.get_ref();
            if clauses.iter().any(|other| other.code == *code) {
                self.fault_at(FILE, &line.code, format!("clause '{code}' stands twice"));
            }
            if (line.forms.is_empty() || line.sheets.is_empty()) && line.reason.is_empty() {
                let message =
                    format!("clause '{code}' is on no form or no sheet: expected a `reason`");
                self.fault_at(FILE, &line.code, message);
            }
            let files: BTreeSet<&str> = line.held.iter().map(|it| it.get_ref().as_str()).collect();
            let unknown: Vec<&str> = files
                .into_iter()
                .filter(|file| self.source.text(file).is_none())
                .collect();
            let is_form = |code: &&str| {
                programme.form(code).is_some() || programme.registers.contains_key(*code)
            };
            let sheets = &programme.report.sheets;
            let is_sheet = |name: &&str| sheets.iter().any(|sheet| sheet.name == **name);
            let is_rule = |code: &&str| programme.rules.contains_key(*code);
            let names = |written: &[Spanned<String>]| -> Vec<String> {
                written.iter().map(|it| it.get_ref().clone()).collect()
            };
            let clause = PlanClause {
                code: code.clone(),
                text: line.text,
                held: names(&line.held),
                forms: names(&line.forms),
                rules: names(&line.rules),
                sheets: names(&line.sheets),
                reason: line.reason,
            };
            let unknown = unknown
                .into_iter()
                .chain(lacking(&clause.forms, is_form))
                .chain(lacking(&clause.rules, is_rule))
                .chain(lacking(&clause.sheets, is_sheet));
            let unknown: Vec<&str> = unknown.collect();
            if !unknown.is_empty() {
                let unknown = unknown.join(", ");
                let message = format!("clause '{code}' names what is not there: {unknown}");
                self.fault_at(FILE, &line.code, message);
            }
            clauses.push(clause);
        }
        clauses
    }
}

/// Those of some names that are not there.
fn lacking<'n>(
    names: &'n [String],
    is_there: impl Fn(&&'n str) -> bool,
) -> impl Iterator<Item = &'n str> {
    let names = names.iter().map(String::as_str);
    names.filter(move |name| !is_there(name))
}
