use super::Loader;
use crate::catalogue::CodeList;
use crate::definition::ColumnDefinition;
use crate::form::{Column, ColumnType};
use std::collections::BTreeMap;

impl Loader<'_> {
    /// A column of a form: its type fits its list, and its name can be written in SQL.
    pub(super) fn column(
        &mut self,
        file: &str,
        written: &ColumnDefinition,
        lists: &BTreeMap<String, CodeList>,
    ) -> Option<Column> {
        self.check_name(file, &written.name, "column");
        let list = written.list.as_ref().map(|l| l.get_ref().clone());
        if let Some(named) = written
            .list
            .as_ref()
            .filter(|l| !lists.contains_key(l.get_ref()))
        {
            self.fault_at(
                file,
                named,
                format!("list '{}' is not in catalogue.toml", named.get_ref()),
            );
        }
        let kind = match (written.kind.get_ref().as_str(), list) {
            ("text", None) => ColumnType::Text,
            ("integer", None) => ColumnType::Integer,
            ("money", None) => ColumnType::Money,
            ("percent", None) => ColumnType::Percent,
            ("date", None) => ColumnType::Date,
            ("flag", None) => ColumnType::Flag,
            ("tax_code", None) => ColumnType::TaxCode,
            ("year", None) => ColumnType::Year,
            ("code", Some(list)) => ColumnType::Code {
                list,
                open: written.open,
            },
            ("codes", Some(list)) => ColumnType::Codes { list },
            (kind, list) => {
                let message = format!(
                    "type '{kind}' {} list: expected text, integer, money, percent, date, flag, tax_code or year \
                     without a list, or code or codes with one",
                    if list.is_some() {
                        "with a"
                    } else {
                        "without a"
                    }
                );
                self.fault_at(file, &written.kind, message);
                return None;
            }
        };
        if let Some(concept) = written
            .concept
            .as_ref()
            .filter(|concept| !self.concepts.contains(concept.get_ref()) && !self.is_kept)
        {
            let message = format!("concept '{}' is not in headings.toml", concept.get_ref());
            self.fault_at(file, concept, message);
        }
        let later = written.later.iter();
        let mut later_headings: Vec<_> = later
            .map(|it| (self.date(file, &it.from), it.heading.get_ref().clone()))
            .collect();
        later_headings.sort();
        Some(Column {
            name: written.name.get_ref().clone(),
            later_headings,
            heading: written.heading.get_ref().clone(),
            concept: written.concept.as_ref().map(|it| it.get_ref().clone()),
            kind,
            required: written.required,
            personal: written.personal,
            formerly: written
                .formerly
                .iter()
                .map(|it| it.get_ref().clone())
                .collect(),
        })
    }
}
