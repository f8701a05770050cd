//! What a blank workbook shows as an example, and how codes are chosen in it: the reader must know an example that was left
//! standing from one that was typed over.

use crate::form::{Column, ColumnType};
use crate::programme::Programme;
use model::Text;

/// A title of up to so many letters is chosen by itself; a longer one does not fit a cell.
const SHORT_TITLE: usize = 30;

/// A code as it is chosen: short titles stand for themselves, long ones behind their codes.
pub fn choice(code: &str, title: &Text) -> String {
    if is_short(title) {
        title.vi.clone()
    } else {
        code.to_owned()
    }
}

/// Whether a title stands for itself where a code is chosen.
pub fn is_short(title: &Text) -> bool {
    title.vi.chars().count() <= SHORT_TITLE
}

impl Programme {
    /// The value that a blank workbook shows in a column; empty for a text.
    pub fn example(&self, column: &Column) -> String {
        match &column.kind {
            ColumnType::Text => String::new(),
            ColumnType::Integer => "25".to_owned(),
            ColumnType::Money => "63,5".to_owned(),
            ColumnType::Percent => "12,5".to_owned(),
            ColumnType::Date => format!("05/03/{}", self.last_year),
            ColumnType::Flag => "x".to_owned(),
            ColumnType::TaxCode => self.words.get("tax_code_example").to_owned(),
            ColumnType::Year => self.last_year.to_string(),
            ColumnType::Code { list, .. } | ColumnType::Codes { list } => self
                .lists
                .get(list)
                // One that came later would be another example than the one that stands in workbooks already sent out.
                .and_then(|list| list.entries.iter().rfind(|entry| entry.life.from.is_none()))
                .map_or_else(String::new, |entry| choice(&entry.code, &entry.title)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::choice;
    use crate::Programme;
    use model::Text;

    #[test]
    fn short_titles_stand_for_themselves_and_long_ones_behind_their_codes() {
        let title = |vi: &str| Text {
            vi: vi.to_owned(),
            en: String::new(),
        };
        assert_eq!(choice("small", &title("Nhỏ")), "Nhỏ");
        assert_eq!(choice("3a1", &title(&"ế".repeat(30))), "ế".repeat(30));
        assert_eq!(choice("3a1", &title(&"ế".repeat(31))), "3a1");
    }

    #[test]
    fn each_column_has_an_example_but_for_texts() {
        let programme = Programme::default_programme().unwrap();
        let form = programme.form("support").unwrap();
        let example = |name: &str| programme.example(form.column(name).unwrap());
        assert_eq!(example("enterprise"), "");
        assert_eq!(example("state_budget"), "63,5");
        assert_eq!(example("size"), "HTX-khác");
    }
}
