use crate::support::cases::SupportCases;
use crate::support::content_codes::{NONE_OF_THEM, SEPARATOR};
use crate::support::enterprise::EnterpriseLine;
use crate::support::resolution::Resolution;
use crate::support::support_line::SupportLine;
use crate::text_column::texts;
use chrono::NaiveDate;
use link::Grant;
use polars::prelude::*;
use std::collections::BTreeSet;

/// The columns of some cases, taken out of their frame once: they are gone through many times.
pub(crate) struct CaseColumns {
    /// The places of their mentions.
    pub mentions: Vec<usize>,
    register: StringChunked,
    department: StringChunked,
    period: StringChunked,
    /// Places among the sets of codes: few sets serve many cases.
    contents: Vec<usize>,
    /// Whether a case is about something else than any content.
    has_other_content: Vec<bool>,
    tools: Vec<usize>,
    sets: Vec<BTreeSet<String>>,
    from: Vec<Option<NaiveDate>>,
    to: Vec<Option<NaiveDate>>,
    state_budget: Int64Chunked,
    file: StringChunked,
    sheet: StringChunked,
    row: Int64Chunked,
    record: StringChunked,
    wording: StringChunked,
}

impl CaseColumns {
    pub(crate) fn read(cases: &SupportCases) -> PolarsResult<Self> {
        let frame = cases.frame();
        let text = |name: &str| texts(frame, name);
        let days = |name: &str| -> PolarsResult<Vec<Option<NaiveDate>>> {
            let days = frame.column(name)?.i32()?.iter();
            Ok(days
                .map(|day| day.and_then(NaiveDate::from_num_days_from_ce_opt))
                .collect())
        };
        let mut sets = CodeSets::default();
        let mut codes = |name: &str| -> PolarsResult<Vec<usize>> { Ok(sets.read(&text(name)?)) };
        let contents = text("contents")?;
        let is_other = |text: Option<&str>| text == Some(NONE_OF_THEM);
        Ok(Self {
            has_other_content: contents.iter().map(is_other).collect(),
            mentions: cases.mentions()?,
            register: text("register")?,
            department: text("department")?,
            period: text("period")?,
            contents: codes("contents")?,
            tools: codes("tools")?,
            sets: sets.sets,
            from: days("from")?,
            to: days("to")?,
            state_budget: frame.column("state_budget")?.i64()?.clone(),
            file: text("file")?,
            sheet: text("sheet")?,
            row: frame.column("row")?.i64()?.clone(),
            record: text("record")?,
            wording: text("wording")?,
        })
    }

    /// The grants that are compared, in the order of the cases.
    pub(crate) fn grants(&self, resolution: &Resolution) -> Vec<Grant<'_>> {
        let grant = |at: usize| {
            let register = self.register.get(at);
            Grant {
                enterprise: resolution.cluster(self.mentions[at]),
                source: register.or(self.department.get(at)).unwrap_or_default(),
                is_known_elsewhere: register.is_some(),
                contents: &self.sets[self.contents[at]],
                has_other_content: self.has_other_content[at],
                tools: &self.sets[self.tools[at]],
                from: self.from[at],
                to: self.to[at],
            }
        };
        (0..self.mentions.len()).map(grant).collect()
    }

    /// A case as a person finds it again.
    pub(crate) fn line(&self, at: usize, resolution: &Resolution) -> SupportLine {
        let text = |column: &StringChunked| column.get(at).map(str::to_owned);
        let mention = resolution.mentions().get(self.mentions[at]);
        SupportLine {
            department: text(&self.department),
            register: text(&self.register),
            enterprise: EnterpriseLine::from_party(mention.party),
            fingerprint: mention.fingerprint,
            contents: self.sets[self.contents[at]].clone(),
            has_other_content: self.has_other_content[at],
            wording: text(&self.wording),
            tools: self.sets[self.tools[at]].clone(),
            from: self.from[at],
            to: self.to[at],
            state_budget: self.state_budget.get(at),
            file: text(&self.file).unwrap_or_default(),
            sheet: text(&self.sheet).unwrap_or_default(),
            row: self.row.get(at).unwrap_or_default(),
            record: text(&self.record).unwrap_or_default(),
            period: self.period.get(at).and_then(|period| period.parse().ok()),
        }
    }
}

/// Sets of codes, each once.
#[derive(Default)]
struct CodeSets {
    places: foldhash::HashMap<String, usize>,
    sets: Vec<BTreeSet<String>>,
}

impl CodeSets {
    /// The places of the sets that texts name.
    fn read(&mut self, texts: &StringChunked) -> Vec<usize> {
        let place = |text: Option<&str>| {
            let text = text.unwrap_or_default();
            if let Some(&place) = self.places.get(text) {
                return place;
            }
            let codes = text
                .split(SEPARATOR)
                .filter(|code| !code.is_empty() && *code != NONE_OF_THEM);
            self.sets.push(codes.map(str::to_owned).collect());
            self.places.insert(text.to_owned(), self.sets.len() - 1);
            self.sets.len() - 1
        };
        texts.iter().map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::CaseColumns;
    use crate::testing::{day, resolved, submission};

    #[test]
    fn a_case_is_found_again_with_what_its_row_has() {
        let support =
            "file | enterprise | tax_code   | content | tool     | start      | state_budget
                       f1   | Mẫu Một    | 3600265395 | 3a1;3b1 | ISO 9001 | 2023-03-01 | 50000000";
        let index = resolved(&[submission(1, "SCT", "2023-Q2")], &[("support", support)]).index;
        let columns = CaseColumns::read(&index.cases).unwrap();
        let grants = columns.grants(&index.resolution);
        assert_eq!(
            (grants[0].source, grants[0].is_known_elsewhere),
            ("SCT", false)
        );
        let line = columns.line(0, &index.resolution);
        assert_eq!(line.what(), "3a1, 3b1, iso-9001");
        assert_eq!((line.from, line.to), (Some(day("2023-03-01")), None));
        assert_eq!(
            (line.state_budget, line.year()),
            (Some(50_000_000), Some(2023))
        );
        assert_eq!(line.place(), "f1.xlsx › Biểu 3 › 1");
        assert_eq!(line.enterprise.tax_code.as_deref(), Some("3600265395"));
    }
}
