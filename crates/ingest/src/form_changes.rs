//! What the cover says of the forms of a file that is sent once more: 'Biểu 3 | thay toàn bộ'.

use crate::grid::SheetGrid;
use crate::reading::FormChange;
use programme::{Layout, Programme};
use std::collections::BTreeMap;
use vietext::fold;

/// What stands beside the names of forms on the cover, by the form's code.
pub(crate) fn form_changes(
    sheet: &SheetGrid,
    programme: &Programme,
) -> BTreeMap<String, FormChange> {
    let words = [
        ("form_unchanged", FormChange::Unchanged),
        ("form_whole", FormChange::Whole),
    ]
    .map(|(word, change)| (fold(programme.words.get(word)), change));
    let tables = || {
        let forms = programme.forms.values();
        forms.filter(|form| form.layout == Layout::Table)
    };
    let mut changes = BTreeMap::new();
    for row in &sheet.rows {
        let mut texts = row.texts().map(|(_, text)| fold(text));
        let (Some(name), Some(said)) = (texts.next(), texts.next()) else {
            continue;
        };
        let change = words.iter().find(|(word, _)| *word == said);
        let form = tables().find(|form| form.is_named(&name));
        if let (Some((_, change)), Some(form)) = (change, form) {
            changes.insert(form.code.clone(), *change);
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::form_changes;
    use crate::limits::Purpose;
    use crate::reading::FormChange;
    use crate::workbook::open;
    use programme::Programme;

    #[test]
    fn what_stands_beside_the_name_of_a_form_is_said_of_it() {
        let programme = Programme::default_programme().unwrap();
        let text = "== TT chung\nCơ quan báo cáo|Sở Công Thương\nBiểu 3|Thay toàn bộ\n\
                    Biểu 8 (Kinh phí)|không thay đổi\nBiểu 4a|như cũ\nBiểu 5|\nGhi chú|thay toàn bộ\n";
        let bytes = testkit::workbook(text);
        let workbook = open(&bytes, "a.xlsx", Purpose::Report).ok().unwrap();
        let changes: Vec<(String, FormChange)> = form_changes(&workbook.sheets[0], &programme)
            .into_iter()
            .collect();
        let expected = [
            ("budget", FormChange::Unchanged),
            ("support", FormChange::Whole),
        ];
        assert_eq!(
            changes,
            expected.map(|(form, change)| (form.to_owned(), change))
        );
    }
}
