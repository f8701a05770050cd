use programme::{ListingColumn, Programme};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Codes in a reader's words.
pub(crate) struct CodeTitles<'p> {
    programme: &'p Programme,
    /// What stands for a text that no word decided.
    unclassified: BTreeSet<&'p str>,
}

impl<'p> CodeTitles<'p> {
    pub(crate) fn new(programme: &'p Programme) -> Self {
        Self {
            programme,
            unclassified: programme
                .lists
                .values()
                .filter_map(|l| l.unclassified.as_deref())
                .collect(),
        }
    }

    /// A value in a reader's words; a query may have joined what several rows say.
    pub(crate) fn shown<'t>(&'t self, column: &ListingColumn, text: &'t str) -> Cow<'t, str> {
        // Most texts are no codes, and are not copied: a listing may have a million of them.
        let has_codes = column.list.is_some()
            || column.name == "department"
            || self.unclassified.contains(text);
        if !has_codes && !text.contains("; ") {
            return Cow::Borrowed(text);
        }
        let parts: Vec<&str> = text
            .split("; ")
            .map(|part| self.title(column, part))
            .collect();
        Cow::Owned(parts.join("; "))
    }

    fn title<'t>(&'t self, column: &ListingColumn, code: &'t str) -> &'t str {
        match &column.list {
            _ if self.unclassified.contains(code) => self.programme.words.get("unclassified"),
            Some(list) => self.programme.title_of(list, code, "vi"),
            None if column.name == "department" => self
                .programme
                .department(code)
                .map_or(code, |d| d.short.as_str()),
            None => code,
        }
    }
}
