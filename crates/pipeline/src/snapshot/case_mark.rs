//! By what a case of support is known again in another report, before the enterprises are resolved.

use crate::text_column::texts;
use link::ReferenceNumber;
use polars::prelude::*;
use programme::Form;
use std::collections::BTreeSet;
use std::sync::Arc;
use vietext::{fold, name_key};

/// What a row says of which support it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct CaseMark {
    tax_code: Option<String>,
    /// The enterprise's name, folded: many rows share it.
    name: Arc<str>,
    /// The contract's number, however it is written.
    contract: Option<ReferenceNumber>,
    contents: BTreeSet<String>,
    /// Days from the epoch.
    start: Option<i32>,
}

impl CaseMark {
    /// The mark of each row of a form; blank ones if its rows are no support.
    ///
    /// # Errors
    /// When the frame lacks a column of the form.
    pub(crate) fn read_all(form: &Form, frame: &DataFrame) -> PolarsResult<Vec<Self>> {
        let mut marks = vec![Self::default(); frame.height()];
        let (Some(party), Some(grant)) = (&form.party, &form.grant) else {
            return Ok(marks);
        };
        let column = |name: &Option<String>| -> PolarsResult<Option<StringChunked>> {
            name.as_ref().map(|name| texts(frame, name)).transpose()
        };
        let (names, contents) = (texts(frame, &party.name)?, texts(frame, &grant.content)?);
        let number = form.identity.as_ref().and_then(|it| it.number.clone());
        let (tax_codes, contracts) = (column(&party.tax_code)?, column(&number)?);
        let starts = frame.column(&grant.start)?.cast(&DataType::Int32)?;
        let starts = starts.i32()?;
        let mut folded: foldhash::HashMap<&str, Arc<str>> = Default::default();
        let mut fold_name = |name| {
            let of_name = folded.entry(name);
            Arc::clone(of_name.or_insert_with(|| fold(&name_key(name)).into()))
        };
        for (row, mark) in marks.iter_mut().enumerate() {
            let text = |column: &Option<StringChunked>| {
                let text = column.as_ref()?.get(row)?;
                Some(text.to_owned())
            };
            let codes = contents.get(row).unwrap_or_default().split(';');
            *mark = Self {
                tax_code: text(&tax_codes),
                name: names.get(row).map(&mut fold_name).unwrap_or_default(),
                contract: text(&contracts).and_then(|it| ReferenceNumber::read(&it)),
                contents: codes
                    .filter(|code| !code.is_empty())
                    .map(str::to_owned)
                    .collect(),
                start: starts.get(row),
            };
        }
        Ok(marks)
    }

    /// By what the enterprise is known: its code, its name. They do not collide, as no name is all digits.
    fn enterprise_keys(&self) -> impl Iterator<Item = &str> {
        let name = Some(&*self.name).filter(|name| !name.is_empty());
        self.tax_code.as_deref().into_iter().chain(name)
    }

    /// Whether two rows are surely one case: of one enterprise under one contract, or where a contract is not given, with one
    /// content and one first day.
    pub(crate) fn is_of_one_case(&self, other: &Self) -> bool {
        let is_named_alike = !self.name.is_empty() && self.name == other.name;
        match (&self.contract, &other.contract) {
            (Some(one), Some(two)) => {
                let has_one_code = self.tax_code.is_some() && self.tax_code == other.tax_code;
                one == two && (has_one_code || is_named_alike)
            }
            _ => {
                let is_one_enterprise = match (&self.tax_code, &other.tax_code) {
                    (Some(one), Some(two)) => one == two,
                    _ => is_named_alike,
                };
                is_one_enterprise
                    && self.start.is_some()
                    && self.start == other.start
                    && !self.contents.is_disjoint(&other.contents)
            }
        }
    }
}

/// Marks by whom they are about, so that each is compared with few others.
#[derive(Default)]
pub(crate) struct MarkIndex<'m> {
    marks: &'m [CaseMark],
    by_enterprise: foldhash::HashMap<&'m str, Vec<usize>>,
}

impl<'m> MarkIndex<'m> {
    pub(crate) fn new(marks: &'m [CaseMark]) -> Self {
        let mut by_enterprise: foldhash::HashMap<&str, Vec<usize>> = Default::default();
        for (at, mark) in marks.iter().enumerate() {
            for key in mark.enterprise_keys() {
                by_enterprise.entry(key).or_default().push(at);
            }
        }
        Self {
            marks,
            by_enterprise,
        }
    }

    /// The places of the marks that are one case with another, in their order.
    pub(crate) fn of_one_case(&self, mark: &CaseMark) -> Vec<usize> {
        let known = |key| self.by_enterprise.get(key).into_iter().flatten().copied();
        let near: BTreeSet<usize> = mark.enterprise_keys().flat_map(known).collect();
        let is_same = |at: &usize| self.marks[*at].is_of_one_case(mark);
        near.into_iter().filter(is_same).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::CaseMark;
    use crate::testing::{form, rows};

    #[test]
    fn a_case_is_known_by_its_contract_else_by_content_and_first_day() {
        let table = "enterprise             | tax_code   | content | contract | start
                     Công ty TNHH Cơ khí Mẫu | 3600265395 | 3a1     | 31/HĐ    | 2023-09-05
                     Cty TNHH CƠ KHÍ MẪU     |            | 3b1     | 031/HĐ   | 2023-10-05
                     Công ty TNHH Cơ khí Mẫu | 3600265395 | 3a1;3b1 |          | 2023-09-05
                     Công ty TNHH Cơ khí Mẫu | 3600265395 | 3a1     | 32/HĐ    | 2023-09-05
                     Công ty TNHH Gỗ Mẫu     | 3603295006 | 3a1     | 31/HĐ    | 2023-09-05
                     Công ty TNHH Cơ khí Mẫu | 3600265395 | 3a1     |          |";
        let marks = CaseMark::read_all(form("support"), &rows(form("support"), table)).unwrap();
        let same: Vec<bool> = marks
            .iter()
            .map(|it| it.is_of_one_case(&marks[0]))
            .collect();
        assert_eq!(same, [true, true, true, false, false, false]);
    }
}
