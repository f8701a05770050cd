use super::Loader;
use crate::definition::{ColumnDefinition, FormFile};
use crate::{CodeList, Column, ColumnType, Form, Layout, PartyColumns, tables};
use std::collections::BTreeMap;
use vietext::fold;

impl Loader<'_> {
    /// The forms that departments fill in; one of them says who reports.
    pub(super) fn forms(&mut self, lists: &BTreeMap<String, CodeList>) -> BTreeMap<String, Form> {
        let forms = self.forms_in("forms/", lists);
        if forms.is_empty() {
            self.fault("forms/", None, "no form is defined");
        }
        if !forms.values().any(|form| form.layout == Layout::Pairs) {
            self.fault(
                "forms/",
                None,
                "no form of layout 'pairs' says who reports and for which period",
            );
        }
        forms
    }

    /// The lists of other programmes; each names enterprises and the support they were given.
    pub(super) fn registers(
        &mut self,
        lists: &BTreeMap<String, CodeList>,
    ) -> BTreeMap<String, Form> {
        let registers = self.forms_in("registers/", lists);
        let lacking = registers
            .values()
            .find(|form| form.party.is_none() || form.grant.is_none());
        if let Some(form) = lacking.map(|form| form.code.clone()) {
            self.fault(
                &format!("registers/{form}.toml"),
                None,
                "a register needs `party` and `grant`",
            );
        }
        registers
    }

    fn forms_in(
        &mut self,
        folder: &str,
        lists: &BTreeMap<String, CodeList>,
    ) -> BTreeMap<String, Form> {
        let mut forms = BTreeMap::new();
        let files: Vec<String> = self
            .source
            .paths(folder, ".toml")
            .into_iter()
            .map(str::to_owned)
            .collect();
        for file in files {
            let Some(written) = self.read::<FormFile>(&file) else {
                continue;
            };
            let mut form = Form {
                code: written.code.get_ref().clone(),
                sheet: written.sheet,
                layout: written.layout,
                title: written.title,
                clause: written.clause,
                key: written.key.iter().map(|k| k.get_ref().clone()).collect(),
                own_workbook: written.own_workbook,
                party: written.party.as_ref().map(|party| PartyColumns {
                    name: party.name.get_ref().clone(),
                    tax_code: party.tax_code.as_ref().map(|c| c.get_ref().clone()),
                    district: party.district.as_ref().map(|c| c.get_ref().clone()),
                    address: party.address.as_ref().map(|c| c.get_ref().clone()),
                    phone: party.phone.as_ref().map(|c| c.get_ref().clone()),
                    representative: party.representative.as_ref().map(|c| c.get_ref().clone()),
                }),
                grant: written.grant.as_ref().map(|grant| grant.get_ref().clone()),
                columns: Vec::new(),
                names: Vec::new(),
                headings: BTreeMap::new(),
            };
            form.index_names(&written.names);
            for column in &written.columns {
                if let Some(checked) = self.column(&file, column, lists) {
                    let place = form.columns.len();
                    // The form that says who reports has the columns of the same name in every table.
                    let ours = tables::ORIGIN.contains(&checked.name.as_str())
                        && form.layout == Layout::Table;
                    if form.column(&checked.name).is_some() || ours {
                        let message = format!(
                            "column '{}' is defined twice, or is one of ours",
                            checked.name
                        );
                        self.fault_at(&file, &column.name, message);
                    }
                    form.columns.push(checked);
                    for heading in std::iter::once(&column.heading).chain(&column.synonyms) {
                        let other = *form
                            .headings
                            .entry(fold(heading.get_ref()))
                            .or_insert(place);
                        if other != place {
                            let message = format!(
                                "heading '{}' is {}'s already",
                                heading.get_ref(),
                                form.columns[other].name
                            );
                            self.fault_at(&file, heading, message);
                        }
                    }
                }
            }
            for key in &written.key {
                for part in key
                    .get_ref()
                    .split('|')
                    .filter(|part| form.column(part).is_none())
                {
                    self.fault_at(
                        &file,
                        key,
                        format!("key column '{part}' is not a column of the form"),
                    );
                }
            }
            let party = written.party.iter().flat_map(|p| {
                let optional = [
                    &p.tax_code,
                    &p.district,
                    &p.address,
                    &p.phone,
                    &p.representative,
                ];
                std::iter::once(Some(&p.name)).chain(optional.map(Option::as_ref))
            });
            for column in party
                .flatten()
                .filter(|column| form.column(column.get_ref()).is_none())
            {
                self.fault_at(
                    &file,
                    column,
                    format!("column '{}' is not a column of the form", column.get_ref()),
                );
            }
            if let Some(grant) = &written.grant {
                let named = grant.get_ref();
                let optional = [&named.tool, &named.end, &named.money]
                    .into_iter()
                    .flatten();
                for column in [&named.content, &named.start].into_iter().chain(optional) {
                    if form.column(column).is_none() {
                        self.fault_at(
                            &file,
                            grant,
                            format!("column '{column}' is not a column of the form"),
                        );
                    }
                }
            }
            if forms.insert(form.code.clone(), form).is_some() {
                self.fault_at(
                    &file,
                    &written.code,
                    format!("form '{}' is defined twice", written.code.get_ref()),
                );
            }
        }
        forms
    }

    pub(super) fn column(
        &mut self,
        file: &str,
        written: &ColumnDefinition,
        lists: &BTreeMap<String, CodeList>,
    ) -> Option<Column> {
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
        Some(Column {
            name: written.name.get_ref().clone(),
            heading: written.heading.get_ref().clone(),
            kind,
            required: written.required,
        })
    }
}
