//! The part of an .xlsx that lists its sheets (`xl/workbook.xml`).

use crate::formats::relations::Relations;
use crate::formats::xml::{attribute, attribute_if, each_element, is_set};

/// Whether a workbook counts days from 1904 on, as Excel for the Mac did.
pub(crate) fn counts_from_1904(workbook: &[u8]) -> bool {
    let mut from_1904 = false;
    if memchr::memmem::find(workbook, b"date1904").is_some() {
        each_element(workbook, |element| {
            from_1904 |=
                element.local_name().as_ref() == "workbookPr" && is_set(element, "date1904");
        });
    }
    from_1904
}

/// The members that hold the sheets, in the order of the workbook; empty for a sheet that names none.
pub(crate) fn sheet_paths(workbook: &[u8], relations: &[u8]) -> Vec<String> {
    let relations = Relations::read(relations);
    let mut paths = Vec::new();
    each_element(workbook, |element| {
        if element.local_name().as_ref() == "sheet" {
            // The prefix is a matter of the program that wrote it.
            let id = attribute(element, "r:id")
                .or_else(|| attribute_if(element, |key| key.ends_with(":id")));
            paths.push(relations.path(id.as_deref()).to_owned());
        }
    });
    paths
}

#[cfg(test)]
mod tests {
    use super::{counts_from_1904, sheet_paths};

    #[test]
    fn sheets_are_in_the_order_of_the_workbook_whatever_the_prefix() {
        let relations = br#"<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/>
            <Relationship Id="b" Target="worksheets/sheet2.xml"/></Relationships>"#;
        let workbook = br#"<x:workbook><x:sheets><x:sheet sheetId="2" rel:id="b"/><x:sheet sheetId="1" r:id="a"/>
            <x:sheet sheetId="3" r:id="c"/></x:sheets></x:workbook>"#;
        assert_eq!(
            sheet_paths(workbook, relations),
            ["xl/worksheets/sheet2.xml", "xl/worksheets/sheet1.xml", ""]
        );
    }

    #[test]
    fn the_first_day_is_that_of_1904_only_if_it_is_set() {
        for (properties, expected) in [
            (r#"<workbookPr date1904="1"/>"#, true),
            (r#"<x:workbookPr date1904="true"></x:workbookPr>"#, true),
            (r#"<workbookPr date1904="0"/>"#, false),
            ("<workbookPr/>", false),
        ] {
            let workbook = format!("<workbook>{properties}</workbook>");
            assert_eq!(
                counts_from_1904(workbook.as_bytes()),
                expected,
                "{properties}"
            );
        }
    }
}
