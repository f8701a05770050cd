//! Which member of a zipped workbook holds which sheet: the workbook names ids, a relations part the members.

use crate::formats::xml::{attribute, each_element};

/// The relations of a workbook: ids, and the members they name.
pub(crate) struct Relations(Vec<(String, String)>);

impl Relations {
    /// Reads a relations part (`xl/_rels/workbook.….rels`); what cannot be read is left out.
    pub(crate) fn read(part: &[u8]) -> Self {
        let mut targets = Vec::new();
        each_element(part, |element| {
            if let (Some(id), Some(target)) =
                (attribute(element, "Id"), attribute(element, "Target"))
            {
                // Some programs write targets from the root of the package, most from the folder of the workbook.
                let target = target.trim_start_matches('/');
                let path = if target.starts_with("xl/") {
                    target.to_owned()
                } else {
                    format!("xl/{target}")
                };
                targets.push((id, path));
            }
        });
        Self(targets)
    }

    /// The member that an id names; empty if there is none, which no member is called.
    pub(crate) fn path(&self, id: Option<&str>) -> &str {
        self.0
            .iter()
            .find(|(known, _)| Some(known.as_str()) == id)
            .map_or("", |(_, path)| path)
    }
}

#[cfg(test)]
mod tests {
    use super::Relations;

    #[test]
    fn targets_are_found_from_the_root_and_from_the_folder() {
        let part = br#"<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>
            <Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>"#;
        let relations = Relations::read(part);
        assert_eq!(relations.path(Some("rId1")), "xl/worksheets/sheet1.xml");
        assert_eq!(relations.path(Some("rId2")), "xl/worksheets/sheet2.xml");
        assert_eq!(relations.path(Some("rId3")), "");
        assert_eq!(relations.path(None), "");
    }
}
