use crate::support::enterprise::EnterpriseLine;
use chrono::{Datelike, NaiveDate};
use ledger::file_id;
use link::Fingerprint;
use model::{Period, Vnd};
use programme::Programme;
use serde::Serialize;
use std::collections::BTreeSet;

/// A case of support as a person finds it again: who gave it, what, when, and its place in a workbook.
#[derive(Debug, Clone, Serialize)]
pub struct SupportLine {
    /// The department's code; none for another programme's.
    pub department: Option<String>,
    /// The register's code; none for a department's.
    pub register: Option<String>,
    /// The enterprise as it is written there.
    #[serde(flatten)]
    pub enterprise: EnterpriseLine,
    /// What decides which enterprise it is.
    #[serde(skip)]
    pub(crate) fingerprint: Fingerprint,
    /// The contents, by code.
    pub contents: BTreeSet<String>,
    /// Whether it is known to be about something else than any content.
    #[serde(skip)]
    pub(crate) has_other_content: bool,
    /// What the row of a list says of it, contents and tools, in its own words; nothing of a department's row.
    pub wording: Option<String>,
    /// The tools and standards it names, by code.
    pub tools: BTreeSet<String>,
    /// The first day, if it is known.
    pub from: Option<NaiveDate>,
    /// The last day; none while it goes on.
    pub to: Option<NaiveDate>,
    /// The money of the state, in đồng.
    pub state_budget: Option<i64>,
    /// The file.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The row, from 1.
    pub row: i64,
    /// The id of the row.
    #[serde(skip)]
    pub(crate) record: String,
    /// The period it was reported for last; none for another programme's.
    #[serde(skip)]
    pub(crate) period: Option<Period>,
}

impl SupportLine {
    /// The year it was reported for; none for another programme's.
    pub(crate) fn year(&self) -> Option<i32> {
        self.period.map(Period::calendar_year)
    }

    /// What decides whether it is the same support as another.
    pub(crate) fn support_fingerprint(&self) -> String {
        let text = format!(
            "{}|{:?}|{:?}|{}",
            self.fingerprint,
            self.contents,
            self.tools,
            self.days()
        );
        file_id(text.as_bytes()).short().to_owned()
    }

    /// The enterprise and who reports it, as a short text: it stays the same after a correction, so that a question
    /// whose record changed finds its old answer.
    pub(crate) fn about(&self) -> String {
        let by = self
            .department
            .as_deref()
            .or(self.register.as_deref())
            .unwrap_or_default();
        file_id(format!("{by} · {}", vietext::name_key(&self.enterprise.name)).as_bytes())
            .short()
            .to_owned()
    }

    /// For a person: who reports it, name, tax code, address, what, when, where.
    pub(crate) fn shown(&self, programme: &Programme) -> [String; 7] {
        [
            self.source(programme),
            self.enterprise.name.clone(),
            self.enterprise.tax_code.clone().unwrap_or_default(),
            self.enterprise.place(),
            self.what(),
            self.span(),
            self.place(),
        ]
    }

    /// The department's short name, or the title of the other programme's list.
    pub(crate) fn source(&self, programme: &Programme) -> String {
        match (&self.department, &self.register) {
            (Some(code), _) => programme
                .department(code)
                .map_or(code.clone(), |d| d.short.clone()),
            (None, Some(code)) => programme
                .registers
                .get(code)
                .map_or(code.clone(), |form| form.title.vi.clone()),
            (None, None) => String::new(),
        }
    }

    /// Its own words, if it is a list's, and contents and tools by code.
    pub(crate) fn what(&self) -> String {
        let codes: Vec<&str> = self
            .contents
            .iter()
            .chain(&self.tools)
            .map(String::as_str)
            .collect();
        match (&self.wording, codes.join(", ")) {
            (Some(wording), codes) if codes.is_empty() => format!("“{wording}”"),
            (Some(wording), codes) => format!("“{wording}” ({codes})"),
            (None, codes) => codes,
        }
    }

    /// The text that nobody knows the contents of; nothing if they are known, or there is no text.
    pub(crate) fn unclear_text(&self) -> Option<&str> {
        let is_unclear = self.contents.is_empty() && !self.has_other_content;
        self.wording.as_deref().filter(|_| is_unclear)
    }

    /// File, sheet and row.
    pub(crate) fn place(&self) -> String {
        format!("{} › {} › {}", self.file, self.sheet, self.row)
    }

    /// From when to when, in words.
    pub(crate) fn days(&self) -> String {
        let day = |day: Option<NaiveDate>| match day {
            Some(day) => format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year()),
            None => "…".to_owned(),
        };
        format!("{}–{}", day(self.from), day(self.to))
    }

    /// From when to when, and the money.
    pub(crate) fn span(&self) -> String {
        let money = self
            .state_budget
            .map(|dong| format!(" · {} đ", Vnd(dong)))
            .unwrap_or_default();
        format!("{}{money}", self.days())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{day, programme, support_line};

    #[test]
    fn the_fingerprint_of_support_changes_with_what_decides_and_with_nothing_else() {
        let line = support_line("SCT", "Mẫu");
        let before = line.support_fingerprint();
        let mut moved = line.clone();
        (moved.file, moved.row, moved.state_budget) = ("b.xlsx".to_owned(), 9, Some(5));
        assert_eq!(
            moved.support_fingerprint(),
            before,
            "another place or amount"
        );
        let mut ended = line.clone();
        ended.to = Some(day("2023-09-01"));
        let mut other = line.clone();
        other.contents = ["3b1".to_owned()].into();
        let mut named = line;
        named.tools = ["iso-9001".to_owned()].into();
        for changed in [ended, other, named, support_line("SCT", "Mẫu Hai")] {
            assert_ne!(changed.support_fingerprint(), before);
        }
    }

    #[test]
    fn a_correction_leaves_who_reports_whom() {
        let line = support_line("SCT", "Công ty TNHH Mẫu");
        assert_eq!(
            line.about(),
            support_line("SCT", "CÔNG TY TNHH MẪU").about()
        );
        assert_ne!(
            line.about(),
            support_line("SXD", "Công ty TNHH Mẫu").about()
        );
    }

    #[test]
    fn a_case_is_shown_with_source_what_when_and_place() {
        let mut line = support_line("SCT", "Mẫu");
        line.to = Some(day("2023-09-30"));
        line.tools = ["iso-9001".to_owned()].into();
        line.state_budget = Some(30_000_000);
        let shown = line.shown(programme()).join("\n");
        insta::assert_snapshot!(shown, @r"
        Sở Công Thương
        Mẫu


        3a1, iso-9001
        01/03/2023–30/09/2023 · 30.000.000 đ
        SCT.xlsx › Biểu 3 › 5
        ");
    }
}
