use super::Loader;
use crate::counting::CountingChoice;
use crate::definition::{ChoiceDefinition, CountsWhenFile};
use crate::form::ColumnType;
use crate::programme::Programme;
use crate::rule::RuleKind;
use crate::trial::Trial;
use toml::Spanned;

const FILE: &str = "counts_when.toml";

impl Loader<'_> {
    /// The choices of what counts; none if the programme makes none.
    pub(super) fn choices(&mut self, programme: &Programme, trial: &Trial) -> Vec<CountingChoice> {
        if self.source.text(FILE).is_none() {
            return Vec::new();
        }
        let Some(written) = self.read::<CountsWhenFile>(FILE) else {
            return Vec::new();
        };
        let mut choices: Vec<CountingChoice> = Vec::new();
        for choice in written.choice {
            let id = choice.id.get_ref();
            if choices.iter().any(|other| other.id == *id) {
                self.fault_at(FILE, &choice.id, format!("choice '{id}' is defined twice"));
            }
            choices.extend(self.choice(choice, programme, trial));
        }
        choices
    }

    fn choice(
        &mut self,
        written: ChoiceDefinition,
        programme: &Programme,
        trial: &Trial,
    ) -> Option<CountingChoice> {
        self.check_name(FILE, &written.id, "choice");
        if written.clause.get_ref().trim().is_empty() {
            let message = "the clause is blank: every choice names what leaves it open";
            self.fault_at(FILE, &written.clause, message);
        }
        for text in [&written.title, &written.reason] {
            if text.vi.trim().is_empty() || text.en.trim().is_empty() {
                let message = "a choice has words in both languages: title and reason";
                self.fault_at(FILE, &written.id, message);
            }
        }
        let forms: Vec<String> = written.forms.iter().map(|f| f.get_ref().clone()).collect();
        if forms.is_empty() {
            let message = "a choice names the forms whose records it is about";
            self.fault_at(FILE, &written.id, message);
        }
        for form in &written.forms {
            if programme.form(form.get_ref()).is_none() {
                let message = format!("form '{}' is not defined", form.get_ref());
                self.fault_at(FILE, form, message);
            }
        }
        for column in &written.money {
            self.check_column(column, ColumnType::Money, &forms, programme);
        }
        if let Some(column) = &written.column {
            self.check_column(column, ColumnType::Flag, &forms, programme);
        }
        let (kind, sql) = match (written.predicate, written.select) {
            (Some(sql), None) => (RuleKind::Where(sql.get_ref().trim().to_owned()), sql),
            (None, Some(sql)) => (RuleKind::Select(sql.get_ref().trim().to_owned()), sql),
            _ => {
                self.fault_at(
                    FILE,
                    &written.id,
                    "expected exactly one of where and select",
                );
                return None;
            }
        };
        if let Err(fault) = trial.rule(&kind, &forms) {
            let at = self.place_in(FILE, &sql, fault.at);
            self.fault(FILE, Some(at), fault.message);
        }
        Some(CountingChoice {
            id: written.id.into_inner(),
            forms,
            clause: written.clause.into_inner(),
            kind,
            column: written.column.map(Spanned::into_inner),
            effect: written.effect,
            money: written.money.into_iter().map(Spanned::into_inner).collect(),
            title: written.title,
            reason: written.reason,
        })
    }

    /// Holds a column to be one of each of the forms, and of a kind.
    fn check_column(
        &mut self,
        column: &Spanned<String>,
        kind: ColumnType,
        forms: &[String],
        programme: &Programme,
    ) {
        let mut forms = forms.iter().filter_map(|form| programme.form(form));
        let is_there = forms.all(|form| {
            let column = form.column(column.get_ref());
            column.is_some_and(|column| column.kind == kind)
        });
        if !is_there {
            let message = format!(
                "column '{}' is no column of {} of each of the choice's forms",
                column.get_ref(),
                if kind == ColumnType::Flag {
                    "flags"
                } else {
                    "money"
                }
            );
            self.fault_at(FILE, column, message);
        }
    }
}
