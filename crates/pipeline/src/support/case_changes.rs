use crate::error::PipelineError;
use crate::identity::case_key::case_keys;
use crate::snapshot::rows::Snapshot;
use crate::support::records::snapshot_mentions;
use crate::support::resolution::Resolution;
use crate::text_column::texts;
use link::Matcher;
use model::FileId;
use polars::prelude::*;
use programme::{Form, Programme};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A case that is not the same in two versions of a submission.
#[derive(Debug, Clone, Serialize)]
pub struct CaseChange {
    /// The form's code.
    pub form: String,
    /// What the row is about.
    pub subject: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// The row in the earlier version, from 1.
    pub row_before: Option<i64>,
    /// The row in the later version.
    pub row_after: Option<i64>,
    /// The columns whose values changed: name, before, after; all that are filled of a case that came or went.
    pub columns: Vec<ColumnChange>,
}

/// A column's name and its value in the earlier and in the later version.
type ColumnChange = (String, Option<String>, Option<String>);

/// The cases of two versions of a submission, compared.
#[derive(Debug, Default)]
pub(crate) struct CaseChanges {
    /// Cases that are the same in both.
    pub same: usize,
    /// The others, by form.
    pub cases: Vec<CaseChange>,
}

/// Compares the cases of two files, whose rows are all in one snapshot, the earlier file first.
///
/// # Errors
/// When a frame lacks a column of its form.
pub(crate) fn case_changes(
    programme: &Programme,
    mut rows: Snapshot,
    files: [&FileId; 2],
) -> Result<CaseChanges, PipelineError> {
    let (mentions, places) = snapshot_mentions(programme, &rows)?;
    let own = mentions.len();
    let matcher = Arc::new(Matcher::for_one_list(&programme.linkage));
    let resolution = Resolution::resolve(&matcher, mentions, own, &[]);
    resolution.label(&mut rows.accepted, &places[0], 0)?;
    let mut changes = CaseChanges::default();
    for (code, frame) in &rows.accepted {
        if let Some(form) = programme.form(code) {
            FormVersions::read(programme, form, frame)?.compare(files, &mut changes);
        }
    }
    Ok(changes)
}

/// The rows of a form in two versions of a submission.
struct FormVersions<'a> {
    programme: &'a Programme,
    form: &'a Form,
    keys: Vec<Option<String>>,
    /// The file of each row.
    files: StringChunked,
    /// The number of each row on its sheet.
    numbers: Int64Chunked,
    /// The form's columns by name.
    columns: Vec<(&'a str, StringChunked)>,
}

impl<'a> FormVersions<'a> {
    fn read(programme: &'a Programme, form: &'a Form, frame: &DataFrame) -> PolarsResult<Self> {
        let columns = form.columns.iter().map(|column| column.name.as_str());
        Ok(Self {
            programme,
            form,
            keys: case_keys(form, frame)?,
            files: texts(frame, "file")?,
            numbers: frame.column("row")?.i64()?.clone(),
            columns: columns
                .map(|name| Ok((name, texts(frame, name)?)))
                .collect::<PolarsResult<_>>()?,
        })
    }

    /// Adds the cases that differ: those of the later file in its order, then those that only the earlier one has.
    fn compare(&self, files: [&FileId; 2], changes: &mut CaseChanges) {
        let [before, after] = files.map(|file| self.rows_of(file));
        // Of cases with one key the first is compared with the first, the second with the second.
        let mut waiting: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for row in before.into_iter().rev() {
            waiting.entry(self.case(row)).or_default().push(row);
        }
        for row in after {
            let before = waiting.get_mut(&self.case(row)).and_then(Vec::pop);
            let columns = self.changed_columns(before, Some(row));
            match before {
                Some(_) if columns.is_empty() => changes.same += 1,
                _ => changes.cases.push(self.change(before, Some(row), columns)),
            }
        }
        let mut gone: Vec<usize> = waiting.into_values().flatten().collect();
        gone.sort_unstable();
        for row in gone {
            let columns = self.changed_columns(Some(row), None);
            changes.cases.push(self.change(Some(row), None, columns));
        }
    }

    fn rows_of(&self, file: &FileId) -> Vec<usize> {
        let is_of = |row: &usize| self.files.get(*row) == Some(&*file.0);
        (0..self.files.len()).filter(is_of).collect()
    }

    /// What a row's case is found by: its key, or all its values if it has none.
    fn case(&self, row: usize) -> String {
        let values = || {
            self.columns
                .iter()
                .map(|(name, values)| (name, values.get(row)))
        };
        self.keys[row]
            .clone()
            .unwrap_or_else(|| format!("{:?}", values().collect::<Vec<_>>()))
    }

    /// The columns whose values differ between a row of the earlier version and one of the later.
    fn changed_columns(&self, before: Option<usize>, after: Option<usize>) -> Vec<ColumnChange> {
        let columns = self.columns.iter().map(|(name, values)| {
            let [before, after] = [before, after].map(|row| Some(values.get(row?)?.to_owned()));
            ((*name).to_owned(), before, after)
        });
        columns
            .filter(|(_, before, after)| before != after)
            .collect()
    }

    fn change(
        &self,
        before: Option<usize>,
        after: Option<usize>,
        columns: Vec<ColumnChange>,
    ) -> CaseChange {
        let number = |row: Option<usize>| self.numbers.get(row?);
        CaseChange {
            form: self.form.code.clone(),
            subject: after
                .or(before)
                .map_or_else(String::new, |row| self.subject(row)),
            change: match (before, after) {
                (Some(_), Some(_)) => "changed",
                (None, _) => "added",
                (_, None) => "removed",
            },
            row_before: number(before),
            row_after: number(after),
            columns,
        }
    }

    /// What a row is about: its enterprise, or the first column of the key, with the title of its code.
    fn subject(&self, row: usize) -> String {
        let party = self.form.party.as_ref().map(|party| party.name.as_str());
        let named = party.or(self.form.key.first().map(String::as_str));
        let mut columns = self.columns.iter();
        let column = columns
            .find(|(name, _)| Some(*name) == named)
            .or(self.columns.first());
        let text = column
            .and_then(|(_, values)| values.get(row))
            .unwrap_or_default();
        match named.and_then(|name| self.form.column(name)?.kind.list()) {
            Some(list) => format!("{text} {}", self.programme.title_of(list, text, "vi")),
            None => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CaseChanges, case_changes};
    use crate::testing::{programme, snapshot, submission, tables};

    /// The changes between the rows of the files `f1` and `f2`.
    fn changes(form: &str, rows: &str) -> CaseChanges {
        let sent = [submission(1, "SCT", "2023"), submission(2, "SCT", "2023")];
        let mut snapshot = snapshot(&sent, &[]);
        snapshot.accepted = tables(&sent, &[(form, rows)]);
        case_changes(programme(), snapshot, [&sent[0].file, &sent[1].file]).unwrap()
    }

    /// Each change on a line: what, the rows before and after, the subject, the columns.
    fn lines(changes: &CaseChanges) -> String {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let lines = changes.cases.iter().map(|case| {
            let columns = case.columns.iter();
            let columns: Vec<String> = columns
                .map(|(name, before, after)| format!("{name} {} > {}", value(before), value(after)))
                .collect();
            let rows = [case.row_before, case.row_after];
            let rows = rows.map(|row| row.map_or("-".to_owned(), |row| row.to_string()));
            let (change, subject) = (case.change, &case.subject);
            format!(
                "{change} {} [{subject}] {}",
                rows.join(" > "),
                columns.join(", ")
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn cases_are_found_by_their_key_wherever_their_rows_are() {
        let found = changes(
            "budget",
            "file | row | task   | source  | planned | spent
             f1   | 5   | IV.1.a | ensured | 90      | 60
             f1   | 6   | IV.1.b | ensured | 10      | 5
             f1   | 7   | IV.2.a | ensured | 10      | 5
             f2   | 8   | IV.2.a | ensured | 10      | 5
             f2   | 9   | IV.1.a | ensured | 90      | 70
             f2   | 10  | IV.5.a | ensured | 20      |",
        );
        assert_eq!(found.same, 1);
        insta::assert_snapshot!(lines(&found), @r"
        changed 5 > 9 [IV.1.a Nghiên cứu, đề xuất các quy định khuyến khích xây dựng kế hoạch áp dụng các giải pháp nâng cao năng suất chất lượng] spent 60 > 70
        added - > 10 [IV.5.a Đầu tư, tăng cường năng lực thử nghiệm, an toàn và sinh thái cho chất lượng sản phẩm, hàng hóa] task - > IV.5.a, source - > ensured, planned - > 20
        removed 6 > - [IV.1.b Rà soát, đề xuất cơ chế tài chính, thi đua - khen thưởng, quy định khác có liên quan] task IV.1.b > -, source ensured > -, planned 10 > -, spent 5 > -
        ");
    }

    #[test]
    fn an_enterprise_that_is_written_otherwise_is_the_same_case() {
        let found = changes(
            "support",
            "file | enterprise      | tax_code   | content | contract
             f1   | Công ty Mẫu Một | 3600265395 | 3a1     | 1/HĐ
             f2   | CTY MẪU MỘT     | 3600265395 | 3a1     | 1/HĐ",
        );
        insta::assert_snapshot!(lines(&found), @"changed 1 > 2 [CTY MẪU MỘT] enterprise Công ty Mẫu Một > CTY MẪU MỘT");
    }

    #[test]
    fn of_cases_with_one_key_the_first_is_compared_with_the_first() {
        let found = changes(
            "budget",
            "file | task   | source  | spent
             f1   | IV.1.a | ensured | 1
             f1   | IV.1.a | ensured | 2
             f2   | IV.1.a | ensured | 1
             f2   | IV.1.a | ensured | 3",
        );
        assert_eq!(found.same, 1);
        insta::assert_snapshot!(lines(&found), @"changed 2 > 4 [IV.1.a Nghiên cứu, đề xuất các quy định khuyến khích xây dựng kế hoạch áp dụng các giải pháp nâng cao năng suất chất lượng] spent 2 > 3");
    }

    #[test]
    fn a_case_without_a_key_is_found_by_all_that_its_row_has() {
        let found = changes(
            "budget",
            "file | task | source  | spent
             f1   |      | ensured | 1
             f1   |      | ensured | 2
             f2   |      | ensured | 2",
        );
        assert_eq!(found.same, 1);
        insta::assert_snapshot!(lines(&found), @"removed 1 > - [ ] source ensured > -, spent 1 > -");
    }
}
