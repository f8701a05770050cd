use super::Loader;
use crate::catalogue::CodeList;
use crate::definition::{FormFile, PartyDefinition};
use crate::form::{Form, Layout, PartyColumns};
use crate::tables;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;
use vietext::fold;

impl Loader<'_> {
    /// The forms that departments fill in; one of them says who reports.
    pub(super) fn forms(&mut self, lists: &BTreeMap<String, CodeList>) -> BTreeMap<String, Form> {
        let forms = self.forms_in("forms/", lists);
        if forms.is_empty() {
            self.fault("forms/", None, "no form is defined");
        }
        let says_who = forms.values().filter(|form| form.layout == Layout::Pairs);
        let message = match says_who.count() {
            0 => "no form of layout 'pairs' says who reports and for which period",
            1 => return forms,
            _ => "more than one form of layout 'pairs' says who reports: the reader asks for one",
        };
        self.fault("forms/", None, message);
        forms
    }

    /// The lists of other programmes; each names enterprises and the support they were given.
    pub(super) fn registers(
        &mut self,
        lists: &BTreeMap<String, CodeList>,
    ) -> BTreeMap<String, Form> {
        let registers = self.forms_in("registers/", lists);
        let lacking: Vec<String> = registers
            .values()
            .filter(|form| form.party.is_none() || form.grant.is_none())
            .map(|form| form.code.clone())
            .collect();
        for code in lacking {
            self.fault(
                &format!("registers/{code}.toml"),
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
        let mut forms: BTreeMap<String, Form> = BTreeMap::new();
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
            let form = self.form(&file, &written, lists);
            self.check_name(&file, &written.code, "form");
            let code = written.code.get_ref();
            // The code names the file too, so that a fault can be told at a form's file.
            if file != format!("{folder}{code}.toml") && !self.is_kept {
                let message = format!("form '{code}': expected the file to be {folder}{code}.toml");
                self.fault_at(&file, &written.code, message);
            }
            let same_sheet = forms
                .values()
                .find(|other| other.sheet.to_lowercase() == form.sheet.to_lowercase());
            if let Some(other) = same_sheet {
                let message = format!("sheet '{}' is form {}'s already", form.sheet, other.code);
                self.fault_at(&file, &written.code, message);
            }
            if forms.insert(form.code.clone(), form).is_some() {
                let message = format!("form '{code}' is defined twice");
                self.fault_at(&file, &written.code, message);
            }
        }
        forms
    }

    fn form(&mut self, file: &str, written: &FormFile, lists: &BTreeMap<String, CodeList>) -> Form {
        let mut form = Form {
            code: written.code.get_ref().clone(),
            sheet: written.sheet.clone(),
            layout: written.layout,
            title: written.title.clone(),
            clause: written.clause.clone(),
            key: written.key.iter().map(|k| k.get_ref().clone()).collect(),
            own_workbook: written.own_workbook,
            party: written.party.as_ref().map(PartyDefinition::columns),
            grant: written.grant.as_ref().map(|grant| grant.get_ref().clone()),
            identity: written.identity.as_ref().map(|it| it.get_ref().clone()),
            running: written.running.as_ref().map(|it| it.get_ref().clone()),
            reporter: written.reporter.as_ref().map(|it| it.get_ref().clone()),
            columns: Vec::new(),
            names: Vec::new(),
            headings: BTreeMap::new(),
        };
        form.index_names(&written.names);
        self.columns(file, written, lists, &mut form);
        self.check_derived_names(file, written, &form);
        self.check_key(file, written, &form);
        self.check_party(file, written, &form);
        self.check_grant(file, written, lists, &mut form);
        self.check_identity(file, written, &form);
        self.check_running(file, written, lists, &mut form);
        self.check_reporter(file, written, &mut form);
        form
    }

    fn columns(
        &mut self,
        file: &str,
        written: &FormFile,
        lists: &BTreeMap<String, CodeList>,
        form: &mut Form,
    ) {
        for column in &written.columns {
            let Some(checked) = self.column(file, column, lists) else {
                continue;
            };
            let place = form.columns.len();
            if form.place_once_called(&checked.name).is_some() {
                let message = format!("column '{}' is defined twice", checked.name);
                self.fault_at(file, &column.name, message);
            }
            for former in &column.formerly {
                if form.place_once_called(former.get_ref()).is_some()
                    || *former.get_ref() == checked.name
                {
                    let message = format!("'{}' is a column already", former.get_ref());
                    self.fault_at(file, former, message);
                }
            }
            form.columns.push(checked);
            let later = column.later.iter().map(|later| &later.heading);
            for heading in std::iter::once(&column.heading)
                .chain(&column.synonyms)
                .chain(later)
            {
                let key = fold(heading.get_ref());
                let other = *form.headings.entry(key).or_insert(place);
                if other != place {
                    let message = format!(
                        "heading '{}' is {}'s already",
                        heading.get_ref(),
                        form.columns[other].name
                    );
                    self.fault_at(file, heading, message);
                }
            }
        }
    }

    /// No two columns of a form's table may have one name, those counted that stand beside its own: the last day of a
    /// date, the words that decided a code, where a row comes from, whether it is held.
    fn check_derived_names(&mut self, file: &str, written: &FormFile, form: &Form) {
        // The form that says who reports has the columns of the same name in every table.
        let reserved: &[&str] = match form.layout {
            Layout::Table => &tables::ORIGIN,
            Layout::Pairs => &[],
        };
        let own: BTreeSet<&str> = form.columns.iter().map(|it| it.name.as_str()).collect();
        for column in &form.columns {
            let message = if reserved.contains(&column.name.as_str()) || column.name == tables::HELD
            {
                format!("column '{}' is one of ours, in every table", column.name)
            } else {
                let Some((suffix, _)) = tables::companion(&column.kind) else {
                    continue;
                };
                let derived = format!("{}_{suffix}", column.name);
                if !own.contains(derived.as_str()) {
                    continue;
                }
                format!(
                    "column '{derived}' is what stands beside column '{}' of type {}",
                    column.name,
                    column.kind.name()
                )
            };
            let at = written
                .columns
                .iter()
                .find(|known| *known.name.get_ref() == column.name);
            self.fault(file, at.map(|known| known.name.span().start), message);
        }
    }

    fn check_key(&mut self, file: &str, written: &FormFile, form: &Form) {
        for key in &written.key {
            for part in key
                .get_ref()
                .split('|')
                .filter(|part| form.column(part).is_none())
            {
                let message = format!("key column '{part}' is not a column of the form");
                self.fault_at(file, key, message);
            }
        }
    }

    fn check_party(&mut self, file: &str, written: &FormFile, form: &Form) {
        let texts = ["text", "tax_code", "code"];
        for column in written.party.iter().flat_map(PartyDefinition::written) {
            self.check_column_type(file, column.span().start, form, column.get_ref(), &texts);
        }
    }

    /// Support is compared by its days, contents and tools: their columns must be of types that can be.
    fn check_grant(
        &mut self,
        file: &str,
        written: &FormFile,
        lists: &BTreeMap<String, CodeList>,
        form: &mut Form,
    ) {
        let Some(at) = written.grant.as_ref().map(|grant| grant.span().start) else {
            return;
        };
        let Some(mut grant) = form.grant.clone() else {
            return;
        };
        if self.is_kept {
            super::kept::complete_grant(&mut grant, form, lists);
        }
        self.check_column_type(file, at, form, &grant.content, &["text", "code", "codes"]);
        self.check_column_type(file, at, form, &grant.start, &["date"]);
        for (column, types) in [
            (&grant.tool, ["text", "code", "codes"].as_slice()),
            (&grant.end, &["date"]),
            (&grant.money, &["money"]),
            (&grant.own_money, &["money"]),
            (&grant.contract_value, &["money"]),
            (&grant.earlier, &["text"]),
        ] {
            if let Some(column) = column {
                self.check_column_type(file, at, form, column, types);
            }
        }
        for list in [&grant.content_list, &grant.tool_list]
            .into_iter()
            .flatten()
        {
            if !lists.contains_key(list) {
                let message = format!("list '{list}' is not in catalogue.toml");
                self.fault(file, Some(at), message);
            }
        }
        let of_column = form
            .column(&grant.content)
            .and_then(|column| column.kind.list())
            .map(str::to_owned);
        match (&grant.content_list, of_column) {
            (None, Some(list)) => grant.content_list = Some(list),
            (None, None) => self.fault(
                file,
                Some(at),
                "the contents are a text: say the list they are mapped to, content_list = \"…\"",
            ),
            (Some(said), Some(list)) if *said != list => {
                let message =
                    format!("content_list is '{said}', but the column's list is '{list}'");
                self.fault(file, Some(at), message);
            }
            (Some(_), _) => {}
        }
        form.grant = Some(grant);
    }

    fn check_identity(&mut self, file: &str, written: &FormFile, form: &Form) {
        let Some(identity) = &written.identity else {
            return;
        };
        let at = identity.span().start;
        if let Some(number) = &identity.get_ref().number {
            self.check_column_type(file, at, form, number, &["text"]);
        }
        for detail in &identity.get_ref().details {
            if form.column(detail).is_none() {
                let message = format!("'{detail}' is not a column of the form");
                self.fault(file, Some(at), message);
            }
        }
        if form.subject_columns().is_empty() {
            self.fault(file, Some(at), "no column of the key names the case");
        }
    }

    fn check_running(
        &mut self,
        file: &str,
        written: &FormFile,
        lists: &BTreeMap<String, CodeList>,
        form: &mut Form,
    ) {
        if self.is_kept && form.running.is_none() {
            form.running = super::kept::running(form);
        }
        let Some((at, running)) = written
            .running
            .as_ref()
            .map(|it| it.span().start)
            .zip(form.running.clone())
        else {
            return;
        };
        self.check_column_type(file, at, form, &running.column, &["code"]);
        let list = form
            .column(&running.column)
            .and_then(|column| lists.get(column.kind.list()?));
        let Some(list) = list else { return };
        for code in running
            .codes
            .iter()
            .filter(|code| list.entry(code).is_none())
        {
            let message = format!("'{code}' is not a code of the list '{}'", list.name);
            self.fault(file, Some(at), message);
        }
    }

    fn check_reporter(&mut self, file: &str, written: &FormFile, form: &mut Form) {
        if self.is_kept && form.reporter.is_none() && form.layout == Layout::Pairs {
            form.reporter = super::kept::reporter(form);
        }
        let at = written.reporter.as_ref().map(|it| it.span().start);
        match (form.layout, &form.reporter) {
            (Layout::Pairs, None) => self.fault_at(
                file,
                &written.code,
                "a form of layout 'pairs' says who reports: reporter = { department = \"…\", period = \"…\" }",
            ),
            (Layout::Table, Some(_)) => {
                self.fault(file, at, "only the form of layout 'pairs' says who reports");
            }
            (Layout::Pairs, Some(reporter)) => {
                let reporter = reporter.clone();
                let at = at.unwrap_or_default();
                for column in [Some(&reporter.department), Some(&reporter.period), reporter.unit.as_ref()]
                    .into_iter()
                    .flatten()
                {
                    self.check_column_type(file, at, form, column, &["text"]);
                }
                if let Some(column) = &reporter.nil_return {
                    self.check_column_type(file, at, form, column, &["flag"]);
                }
            }
            (Layout::Table, None) => {}
        }
    }

    /// Holds a form to have a column of that name and of one of these types.
    fn check_column_type(
        &mut self,
        file: &str,
        at: usize,
        form: &Form,
        name: &str,
        types: &[&str],
    ) {
        let message = match form.column(name).map(|column| &column.kind) {
            None => format!("column '{name}' is not a column of the form"),
            Some(kind) if !types.contains(&kind.name()) => {
                format!(
                    "column '{name}' is of type {}: expected {}",
                    kind.name(),
                    types.join(" or ")
                )
            }
            Some(_) => return,
        };
        self.fault(file, Some(at), message);
    }

    /// What holds between forms and registers: tables and lists of one name would hide each other in SQL, and support is
    /// compared by one list of contents.
    pub(super) fn check_between_forms(
        &mut self,
        forms: &BTreeMap<String, Form>,
        registers: &BTreeMap<String, Form>,
        lists: &BTreeMap<String, CodeList>,
    ) {
        let mut taken: BTreeMap<String, String> = lists
            .keys()
            .map(|list| (list.clone(), format!("the list '{list}'")))
            .collect();
        for ours in [
            tables::FUNDING,
            tables::REPORTER,
            tables::DUPLICATE,
            tables::SHOWN,
        ] {
            taken.insert(ours.to_owned(), "one of ours".to_owned());
        }
        for form in forms.values() {
            let of_codes = tables::code_columns(form).map(|column| {
                (
                    tables::codes_table(form, column),
                    format!("the codes of {}.{column}", form.code),
                )
            });
            let own = (form.code.clone(), format!("the form '{}'", form.code));
            for (table, what) in std::iter::once(own).chain(of_codes).collect::<Vec<_>>() {
                if let Some(other) = taken.get(&table) {
                    let message = format!("the table '{table}' is {what}, and {other}");
                    self.fault(&format!("forms/{}.toml", form.code), Some(0), message);
                }
                taken.insert(table, what);
            }
        }
        for code in registers.keys().filter(|code| forms.contains_key(*code)) {
            let message = format!("'{code}' is a form already");
            self.fault(&format!("registers/{code}.toml"), Some(0), message);
        }
        let mut first: Option<String> = None;
        let folders = [("forms", forms), ("registers", registers)];
        for (folder, form) in folders
            .into_iter()
            .flat_map(|(folder, forms)| forms.values().map(move |form| (folder, form)))
        {
            let Some(list) = form
                .grant
                .as_ref()
                .and_then(|grant| grant.content_list.clone())
            else {
                continue;
            };
            let first = first.get_or_insert_with(|| list.clone());
            if *first != list {
                let message = format!(
                    "its contents are of the list '{list}', those of other support of '{first}'"
                );
                self.fault(&format!("{folder}/{}.toml", form.code), Some(0), message);
            }
        }
    }
}

impl PartyDefinition {
    fn columns(&self) -> PartyColumns {
        let name =
            |column: &Option<Spanned<String>>| column.as_ref().map(|it| it.get_ref().clone());
        PartyColumns {
            name: self.name.get_ref().clone(),
            tax_code: name(&self.tax_code),
            district: name(&self.district),
            address: name(&self.address),
            phone: name(&self.phone),
            representative: name(&self.representative),
        }
    }

    fn written(&self) -> impl Iterator<Item = &Spanned<String>> {
        let optional = [
            &self.tax_code,
            &self.district,
            &self.address,
            &self.phone,
            &self.representative,
        ];
        std::iter::once(&self.name).chain(optional.into_iter().flatten())
    }
}
