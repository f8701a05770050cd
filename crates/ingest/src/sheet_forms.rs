//! Which forms stand on a sheet, and where.

use crate::grid::{Row, SheetGrid};
use crate::headings::matching::HeadingMatch;
use crate::headings::{HeadingContext, find_headings};
use crate::labelled_values::{LabelledValues, find_labelled_values};
use crate::row_kind::{RowClassifier, RowKind};
use programme::{Layout, Programme};
use vietext::fold;

/// How many rows of a sheet may hold its title.
pub(crate) const TITLE_ROWS: usize = 12;

/// A row of fewer cells is a title.
const DATA_CELLS: usize = 2;

/// What was found on a sheet.
pub(crate) struct SheetForms<'a> {
    pub sheet: &'a SheetGrid,
    /// The tables, from the top.
    pub headings: Vec<HeadingMatch<'a>>,
    /// The form of labels with their values beside them.
    pub labelled: Option<LabelledValues<'a>>,
    /// The code of the form that the sheet's name, or a title on it, names.
    pub named: Option<String>,
}

/// The rows below a heading, each with its kind.
pub(crate) type ClassifiedRows<'a> = Vec<(RowKind, &'a Row)>;

impl<'a> SheetForms<'a> {
    pub(crate) fn find(sheet: &'a SheetGrid, context: HeadingContext<'a>) -> Self {
        let headings = find_headings(sheet, context);
        Self {
            labelled: find_labelled_values(sheet, &headings, context.programme),
            headings,
            named: form_named(sheet, context.programme),
            sheet,
        }
    }

    /// Finds the headings once more with what is known of the sender: the year that is reported on, if any of them names a
    /// year, and what persons said of his headings.
    pub(crate) fn find_again(&mut self, context: HeadingContext<'a>) {
        let names_year = |row: &Row| {
            row.texts().any(|(_, text)| {
                let heading = context.programme.heading_words.text(text);
                heading.years().next().is_some()
            }) || !row.is_all_text()
        };
        let of_heading = |heading: &HeadingMatch<'_>| {
            self.sheet.rows[heading.first..=heading.last]
                .iter()
                .any(names_year)
        };
        if context.answers.is_some() || self.headings.iter().any(of_heading) {
            self.headings = find_headings(self.sheet, context);
        }
    }

    /// Whether nothing on the sheet says which form it is.
    pub(crate) fn is_unknown(&self) -> bool {
        self.headings.is_empty() && self.labelled.is_none() && self.named.is_none()
    }

    /// The rows of each table, in the order of the headings: a table ends where the next begins.
    pub(crate) fn classify_rows(&self, programme: &Programme) -> Vec<ClassifiedRows<'a>> {
        let ends = self.headings.iter().skip(1).map(|next| next.first);
        let ends = ends.chain([self.sheet.rows.len()]);
        self.headings
            .iter()
            .zip(ends)
            .map(|(heading, end)| {
                let mut classifier = RowClassifier::new(heading, programme);
                self.sheet.rows[heading.last + 1..end]
                    .iter()
                    .map(|row| (classifier.next(row), row))
                    .collect()
            })
            .collect()
    }
}

/// The form that the sheet's name, or a title on it, names; with rows below that may be its data.
///
/// A title stands alone in its row: a list of the workbook's sheets names forms as well, and holds none.
fn form_named(sheet: &SheetGrid, programme: &Programme) -> Option<String> {
    let is_data = |row: &Row| row.cells.len() >= DATA_CELLS;
    let first = sheet.rows.iter().position(is_data)?;
    let titles = sheet.rows[..first]
        .iter()
        .take(TITLE_ROWS)
        .filter(|row| row.cells.len() == 1)
        .flat_map(|row| row.texts().map(|(_, text)| fold(text)));
    let names: Vec<String> = std::iter::once(fold(&sheet.name)).chain(titles).collect();
    let form = programme
        .forms
        .values()
        .filter(|form| form.layout == Layout::Table)
        .find(|form| names.iter().any(|name| form.is_named(name)))?;
    Some(form.code.clone())
}

#[cfg(test)]
mod tests {
    use super::SheetForms;
    use crate::headings::HeadingContext;
    use crate::limits::Purpose;
    use crate::row_kind::RowKind;
    use crate::workbook::open;
    use programme::Programme;

    /// What was found on the first sheet: its tables, whether it has labelled values, the form that is named, and how
    /// many rows of data each table has.
    fn found(text: &str) -> (Vec<String>, bool, Option<String>, Vec<usize>) {
        let programme = Programme::default_programme().unwrap();
        let bytes = testkit::workbook(text);
        let opened = open(&bytes, "a.xlsx", Purpose::Report).ok().unwrap();
        let forms = SheetForms::find(&opened.sheets[0], HeadingContext::of(&programme));
        assert_eq!(
            forms.is_unknown(),
            forms.headings.is_empty() && forms.labelled.is_none() && forms.named.is_none()
        );
        let rows = forms.classify_rows(&programme);
        (
            forms.headings.iter().map(|h| h.form.code.clone()).collect(),
            forms.labelled.is_some(),
            forms.named.clone(),
            rows.iter()
                .map(|rows| {
                    rows.iter()
                        .filter(|(kind, _)| *kind == RowKind::Data)
                        .count()
                })
                .collect(),
        )
    }

    #[test]
    fn a_table_ends_where_the_next_begins() {
        let text = "== T\nTên doanh nghiệp|Tình trạng|Nội dung hỗ trợ\nCông ty A|dừng|3a1\nCông ty B|dừng|3a1\n\n\
                    Khó khăn, vướng mắc|Kiến nghị\nThiếu|Thêm\n";
        let tables = vec!["support".to_owned(), "proposal".to_owned()];
        assert_eq!(found(text), (tables, false, None, vec![2, 1]));
    }

    #[test]
    fn a_sheet_may_be_named_and_hold_no_table() {
        let named = Some("support".to_owned());
        let named_by = |text| found(text).2;
        assert_eq!(named_by("== Biểu 3\nA|5\n"), named);
        assert_eq!(named_by("== T\nBiểu 3\nA|5\n"), named);
        // A list of the workbook's sheets, a cover, a title without anything.
        assert_eq!(named_by("== Mục lục\nSTT|Biểu\n1|Biểu 3\n"), None);
        assert_eq!(named_by("== Bìa\nBÁO CÁO|2024\n"), None);
        assert_eq!(named_by("== Biểu 3\nx\n"), None);
    }
}
