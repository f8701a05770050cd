use super::Loader;
use crate::case_table::{CaseValue, case_frame};
use crate::definition::{CaseDefinition, RuleDefinition, RulesFile};
use crate::form::Form;
use crate::letter::places;
use crate::programme::Programme;
use crate::rule::{Case, Rule, RuleKind};
use crate::trial::Trial;
use model::Check;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

impl Loader<'_> {
    pub(super) fn rules(&mut self, programme: &Programme, trial: &Trial) -> BTreeMap<String, Rule> {
        let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
        // A rule of the programme's own stands in the place of the base's of that code.
        let mut of_base: BTreeSet<String> = BTreeSet::new();
        for file in self.layered_paths("rules/", ".toml") {
            let Some(written) = self.read::<RulesFile>(&file) else {
                continue;
            };
            let is_in_base = self.is_in_base(&file);
            for rule in written.rule {
                let place = rule.code.span().start;
                let Some(rule) = self.rule(&file, rule, programme, trial) else {
                    continue;
                };
                let replaces = if is_in_base {
                    of_base.insert(rule.code.clone());
                    false
                } else {
                    of_base.remove(&rule.code)
                };
                if let Some(other) = rules.insert(rule.code.clone(), rule)
                    && !replaces
                {
                    self.fault(
                        &file,
                        Some(place),
                        format!("rule '{}' is defined twice", other.code),
                    );
                }
            }
        }
        for &check in Check::ALL {
            let answered = rules.values().any(|r: &Rule| {
                r.kind == RuleKind::Reader(check) && r.columns.is_empty() && r.forms.is_empty()
            });
            if !answered && !self.is_kept {
                self.fault(
                    "rules/",
                    None,
                    format!("no rule for all forms and columns answers the check {check:?}"),
                );
            }
        }
        rules
    }

    pub(super) fn rule(
        &mut self,
        file: &str,
        written: RuleDefinition,
        programme: &Programme,
        trial: &Trial,
    ) -> Option<Rule> {
        let code = written.code.get_ref().clone();
        let class = code.chars().next().unwrap_or(' ');
        if !("SVCXHDPKT".contains(class)
            && code.len() == 4
            && code[1..].bytes().all(|b| b.is_ascii_digit()))
        {
            let message = format!(
                "'{code}' is not a rule's code: expected one of S V C X H D P K T and three digits"
            );
            self.fault_at(file, &written.code, message);
        }
        if written.clause.get_ref().trim().is_empty() {
            self.fault_at(
                file,
                &written.clause,
                "the clause is blank: every rule names its source",
            );
        }
        let forms: Vec<String> = written.forms.iter().map(|f| f.get_ref().clone()).collect();
        for form in written
            .forms
            .iter()
            .filter(|f| !programme.forms.contains_key(f.get_ref()))
        {
            self.fault_at(
                file,
                form,
                format!("form '{}' is not defined", form.get_ref()),
            );
        }
        for column in &written.columns {
            let named = |form: &Form| form.column(column.get_ref()).is_some();
            let known = if forms.is_empty() {
                programme.forms.values().any(named)
            } else {
                forms
                    .iter()
                    .filter_map(|f| programme.forms.get(f))
                    .all(named)
            };
            if !known {
                self.fault_at(
                    file,
                    column,
                    format!(
                        "column '{}' is not a column of the rule's forms",
                        column.get_ref()
                    ),
                );
            }
        }
        let sql_of = |sql: &Spanned<String>| sql.get_ref().trim().to_owned();
        let kind = match (
            &written.check,
            &written.predicate,
            &written.select,
            &written.choice,
        ) {
            (Some(check), None, None, None) => RuleKind::Reader(*check.get_ref()),
            (None, Some(predicate), None, None) => RuleKind::Where(sql_of(predicate)),
            (None, None, Some(select), None) => RuleKind::Select(sql_of(select)),
            // What does not count, or is asked about, is told by the condition that decides it.
            (None, None, None, Some(id)) => match programme.choice(id.get_ref()) {
                Some(choice) => choice.kind.clone(),
                None => {
                    let message = format!("choice '{}' is not in counts_when.toml", id.get_ref());
                    self.fault_at(file, id, message);
                    return None;
                }
            },
            _ => {
                self.fault_at(
                    file,
                    &written.code,
                    "expected exactly one of check, where, select and choice",
                );
                return None;
            }
        };
        let sql = (written.predicate.as_ref()).or(written.select.as_ref());
        if let Some(at) = sql.or(written.choice.as_ref()) {
            if forms.is_empty() {
                self.fault_at(
                    file,
                    &written.code,
                    "a rule in SQL names the forms whose rows it judges",
                );
            }
            if let Err(fault) = trial.rule(&kind, &forms) {
                let within = sql.map(|sql| self.place_in(file, sql, fault.at));
                self.fault(file, within.or(Some(at.span().start)), fault.message);
            }
        }
        let is_reader = matches!(kind, RuleKind::Reader(_));
        for (case, at) in [
            (&written.pass, written.pass.span()),
            (&written.fail, written.fail.span()),
        ] {
            match (is_reader, case.get_ref()) {
                (true, CaseDefinition::Workbook(_)) | (false, CaseDefinition::Tables(_)) => {}
                (true, CaseDefinition::Tables(_)) => {
                    self.fault(
                        file,
                        Some(at.start),
                        "the case of a rule of the reader is a workbook as text",
                    );
                }
                (false, CaseDefinition::Workbook(_)) => {
                    self.fault(
                        file,
                        Some(at.start),
                        "the case of a rule in SQL is rows of tables",
                    );
                }
            }
        }
        self.check_message(file, &written, is_reader, programme);
        Some(Rule {
            valid_from: self.date(file, &written.valid_from),
            valid_to: written.valid_to.as_ref().map(|d| self.date(file, d)),
            pass: self.case(file, written.pass, programme)?,
            fail: self.case(file, written.fail, programme)?,
            code,
            name: written.name,
            severity: written.severity,
            clause: written.clause.into_inner(),
            kind,
            scope: written.scope,
            forms,
            columns: written
                .columns
                .into_iter()
                .map(Spanned::into_inner)
                .collect(),
            title: written.title,
            message: written.message,
            hint: written.hint,
            advice: written.advice,
        })
    }

    /// A place of the message that nothing fills would be left out without a word.
    fn check_message(
        &mut self,
        file: &str,
        written: &RuleDefinition,
        is_reader: bool,
        programme: &Programme,
    ) {
        let mut known = vec!["form", "file"];
        if is_reader {
            known.extend(["found", "expected", "column", "sheet"]);
        } else {
            let forms = written.forms.iter();
            let columns = forms
                .filter_map(|form| programme.form(form.get_ref()))
                .flat_map(|form| &form.columns);
            known.extend(columns.map(|column| column.name.as_str()));
        }
        let (message, hint) = (&written.message, &written.hint);
        for text in [&message.vi, &message.en, &hint.vi, &hint.en] {
            for place in places(text).filter(|place| !known.contains(place)) {
                let message = format!("nothing fills the place '{{{place}}}' of the message");
                self.fault_at(file, &written.code, message);
            }
        }
    }

    pub(super) fn case(
        &mut self,
        file: &str,
        written: Spanned<CaseDefinition>,
        programme: &Programme,
    ) -> Option<Case> {
        let place = written.span().start;
        let tables = match written.into_inner() {
            CaseDefinition::Workbook(text) => return Some(Case::Workbook(text)),
            CaseDefinition::Tables(tables) => tables,
        };
        let mut frames = BTreeMap::new();
        for (name, rows) in tables {
            let Some(form) = programme.forms.get(&name) else {
                self.fault(
                    file,
                    Some(place),
                    format!("case: table '{name}' is not a form"),
                );
                return None;
            };
            let rows: Vec<BTreeMap<String, CaseValue>> = rows
                .into_iter()
                .map(|row| {
                    row.into_iter()
                        .map(|(column, value)| (column, case_value(value)))
                        .collect()
                })
                .collect();
            match case_frame(form, &rows) {
                Ok(frame) => frames.insert(name, frame),
                Err(message) => {
                    self.fault(file, Some(place), format!("case: {message}"));
                    return None;
                }
            };
        }
        Some(Case::Tables(frames))
    }
}

fn case_value(value: toml::Value) -> CaseValue {
    match value {
        toml::Value::Integer(number) => CaseValue::Integer(number),
        toml::Value::Boolean(flag) => CaseValue::Flag(flag),
        toml::Value::String(text) => CaseValue::Text(text),
        toml::Value::Datetime(date) => CaseValue::Text(date.to_string()),
        _ => CaseValue::Text("?".to_owned()),
    }
}
