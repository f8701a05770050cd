//! The texts of a row as they are compared with the headings of forms.

use crate::grid::Row;
use crate::value::unit::unit_in_heading;
use programme::Form;
use vietext::fold;

/// The texts of a row as headings, by column; made once for all forms.
pub(crate) struct HeadingRow<'r> {
    pub cells: Vec<HeadingCell<'r>>,
}

/// A heading as it is written, and folded.
pub(crate) struct HeadingCell<'r> {
    pub col: u32,
    pub text: &'r str,
    whole: String,
    /// Without what it adds in brackets.
    bare: String,
    /// 'Mã số DN/MST' says one thing twice.
    parts: Vec<String>,
    /// Whether it heads the column that numbers the rows.
    pub is_number: bool,
    /// How many đồng one unit of the column is, if the heading says so.
    pub unit: Option<i64>,
}

impl<'r> HeadingRow<'r> {
    pub(crate) fn from_row(row: &'r Row) -> Self {
        let mut cells: Vec<HeadingCell<'r>> = row
            .texts()
            .map(|(col, text)| HeadingCell::from_text(col, text))
            .collect();
        cells.sort_by_key(|cell| cell.col);
        Self { cells }
    }

    /// The form's column that each cell names.
    pub(crate) fn columns_of(&self, form: &Form) -> Vec<Option<usize>> {
        self.cells.iter().map(|cell| cell.column_of(form)).collect()
    }
}

impl<'r> HeadingCell<'r> {
    fn from_text(col: u32, text: &'r str) -> Self {
        // '*' marks what must be filled in.
        let whole = text.trim_end_matches(['*', ':']);
        let bare = whole.split('(').next().unwrap_or(whole);
        Self {
            col,
            text,
            parts: if bare.contains('/') {
                bare.split('/').map(fold).collect()
            } else {
                Vec::new()
            },
            bare: fold(bare),
            is_number: is_number_heading(text),
            unit: unit_in_heading(text),
            whole: fold(whole),
        }
    }

    /// The form's column it names.
    fn column_of(&self, form: &Form) -> Option<usize> {
        let by_parts = || {
            let mut named = self.parts.iter().filter_map(|part| form.heading(part));
            let first = named.next()?;
            named.all(|place| place == first).then_some(first)
        };
        // The most exact way first: brackets may belong to a heading ('Tăng năng suất (%)'), and a near spelling is the
        // last resort.
        form.heading(&self.whole)
            .or_else(|| form.heading(&self.bare))
            .or_else(by_parts)
            .or_else(|| form.heading_near(&self.bare))
    }
}

fn is_number_heading(text: &str) -> bool {
    matches!(
        fold(text).as_str(),
        "stt" | "tt" | "so tt" | "so thu tu" | "no"
    )
}

#[cfg(test)]
mod tests {
    use super::HeadingRow;
    use crate::grid::{Cell, Row, Value};
    use programme::Programme;

    /// The columns of the form of support that headings name.
    fn named(texts: &[&str]) -> Vec<Option<String>> {
        let programme = Programme::default_programme().unwrap();
        let form = programme.form("support").unwrap();
        let cells = (0..)
            .zip(texts)
            .map(|(col, text)| Cell::plain(col, Value::text(text).unwrap()));
        let row = Row {
            index: 0,
            cells: cells.collect(),
        };
        let columns = HeadingRow::from_row(&row).columns_of(form);
        let name = |place: usize| form.columns[place].name.clone();
        columns.into_iter().map(|place| place.map(name)).collect()
    }

    #[test]
    fn a_heading_is_known_with_additions_slips_and_said_twice() {
        let enterprise = Some("enterprise".to_owned());
        let tax_code = Some("tax_code".to_owned());
        assert_eq!(
            named(&[
                "Tên doanh nghiệp (*)",
                "TÊN DOANH NGHIỆP:",
                "Tên doanh nghiêp",
                "Mã số DN/MST",
                "Mã số thuế (10 hoặc 13 chữ số)",
            ]),
            [
                enterprise.clone(),
                enterprise.clone(),
                enterprise,
                tax_code.clone(),
                tax_code,
            ]
        );
    }

    #[test]
    fn a_heading_that_says_two_things_names_neither() {
        assert_eq!(
            named(&["Mã số thuế/Địa chỉ", "Đánh giá của phòng"]),
            [None, None]
        );
    }
}
