use crate::source_file::SourceFile;
use crate::wording::{message, shown};
use model::{Extent, FileId, Finding, Period};
use polars::prelude::*;
use programme::{Form, Programme, Rule};
use std::collections::{BTreeMap, HashMap};

/// The records of a form's frame by their ids, to be told in findings.
pub(crate) struct RecordIndex<'a> {
    form: &'a Form,
    frame: &'a DataFrame,
    rows: HashMap<&'a str, usize>,
}

impl<'a> RecordIndex<'a> {
    pub(crate) fn new(form: &'a Form, frame: &'a DataFrame) -> PolarsResult<Self> {
        let records = frame.column("record")?.str()?;
        let rows = records
            .iter()
            .enumerate()
            .filter_map(|(i, record)| Some((record?, i)))
            .collect();
        Ok(Self { form, frame, rows })
    }

    fn text(&self, column: &str, row: usize) -> Option<&'a str> {
        self.frame.column(column).ok()?.str().ok()?.get(row)
    }

    /// The finding that a record fails a rule. Nothing if the record is another form's, or the rule does not apply to its
    /// period.
    pub(crate) fn finding(
        &self,
        programme: &Programme,
        rule: &Rule,
        record: &str,
        files: &BTreeMap<FileId, SourceFile>,
    ) -> Option<Finding> {
        let row = *self.rows.get(record)?;
        let period: Option<Period> = self.text("period", row).and_then(|p| p.parse().ok());
        if period.is_some_and(|period| !rule.applies_to(period)) {
            return None;
        }
        let file = FileId(self.text("file", row).unwrap_or_default().to_owned());
        let file_name = files.get(&file).map(|f| f.name.clone()).unwrap_or_default();
        let columns = &self.form.columns;
        let values: Vec<String> = columns
            .iter()
            .map(|column| {
                let value = self.frame.column(&column.name).and_then(|it| it.get(row));
                value.map_or_else(
                    |_| String::new(),
                    |value| shown(programme, &column.kind, &value),
                )
            })
            .collect();
        // The columns that the rule marks, in its order: the first names the finding's column.
        let marked: Vec<usize> = rule
            .columns
            .iter()
            .filter_map(|name| columns.iter().position(|column| column.name == *name))
            .collect();
        let cells: Vec<&str> = self
            .text("cells", row)
            .unwrap_or_default()
            .split(' ')
            .collect();
        let marked_cells = marked.iter().filter_map(|&at| cells.get(at));
        let found = marked.iter().map(|&at| values[at].as_str());
        let found: Vec<&str> = found.filter(|value| !value.is_empty()).collect();
        let mut places: BTreeMap<&str, String> = columns
            .iter()
            .map(|column| column.name.as_str())
            .zip(values.iter().cloned())
            .collect();
        let form = format!("{} ({})", self.form.sheet, self.form.title.vi);
        places.insert("form", form);
        places.insert("file", file_name.clone());
        Some(Finding {
            code: rule.code.clone(),
            severity: rule.severity,
            extent: Extent::Row,
            file,
            file_name,
            sheet: self.text("sheet", row).map(str::to_owned),
            form: Some(self.form.code.clone()),
            cells: marked_cells
                .filter(|cell| **cell != "-")
                .map(|cell| (*cell).to_owned())
                .collect(),
            column: marked.first().map(|&at| columns[at].heading.clone()),
            records: vec![record.to_owned()],
            found: found.join("; "),
            message: message(rule, &places),
            advice: rule.advice.clone(),
        })
    }
}
