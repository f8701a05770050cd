//! The relations of a package's parts ([ECMA-376] part 2): each part names others by ids, and a part of relations beside
//! it says which members these are.

use crate::formats::xml::{attribute, each_element, unescaped};

/// The relations of a part.
#[derive(Debug, Default)]
pub(crate) struct Relations(Vec<Relation>);

/// One part that another names.
#[derive(Debug)]
pub(crate) struct Relation {
    pub id: String,
    /// The last word of its kind's address: 'worksheet', 'sharedStrings'.
    pub kind: String,
    /// As it is written.
    pub target: String,
    /// The member's name from the root of the package.
    pub path: String,
}

impl Relations {
    /// Reads a part of relations; `folder` is that of the part they are of, without a slash at its end. What cannot be
    /// read is left out.
    pub(crate) fn read(part: &[u8], folder: &str) -> Self {
        let mut relations = Vec::new();
        each_element(part, |element| {
            if let (Some(id), Some(target)) =
                (attribute(element, "Id"), attribute(element, "Target"))
            {
                let kind = attribute(element, "Type").unwrap_or_default();
                let target = unescaped(&target);
                relations.push(Relation {
                    id,
                    kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                    path: path(folder, &target),
                    target,
                });
            }
        });
        Self(relations)
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&Relation> {
        self.0.iter().find(|relation| relation.id == id)
    }

    pub(crate) fn all_of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Relation> {
        self.0.iter().filter(move |relation| relation.kind == kind)
    }

    /// The first relation of a kind.
    pub(crate) fn of_kind(&self, kind: &str) -> Option<&Relation> {
        self.0.iter().find(|relation| relation.kind == kind)
    }
}

/// The name of the relations part of a member.
pub(crate) fn relations_of(member: &str) -> String {
    let (folder, name) = member.rsplit_once('/').unwrap_or(("", member));
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}_rels/{name}.rels")
}

/// The folder of a member, without a slash at its end.
pub(crate) fn folder_of(member: &str) -> &str {
    member.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The member that a target names: from the root, or from a folder, perhaps up and down.
fn path(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let is_absolute = target.starts_with('/');
    let mut steps: Vec<&str> = if is_absolute {
        Vec::new()
    } else {
        folder.split('/').filter(|step| !step.is_empty()).collect()
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            _ => steps.push(step),
        }
    }
    percent_decoded(&steps.join("/"))
}

/// Targets are addresses, in which a blank is '%20'.
fn percent_decoded(path: &str) -> String {
    if !path.contains('%') {
        return path.to_owned();
    }
    let bytes = path.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = path.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Relations, folder_of, path, relations_of};

    #[test]
    fn targets_are_found_from_the_root_and_from_the_folder() {
        for (target, expected) in [
            ("worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("/xl/worksheets/sheet2.xml", "xl/worksheets/sheet2.xml"),
            ("./worksheets/../s.xml", "xl/s.xml"),
            ("..\\other\\s.xml", "other/s.xml"),
            ("../../../s.xml", "s.xml"),
            ("worksheets/sheet%201.xml", "xl/worksheets/sheet 1.xml"),
            ("100%.xml", "xl/100%.xml"),
        ] {
            assert_eq!(path("xl", target), expected);
        }
        assert_eq!(path("", "xl/workbook.xml"), "xl/workbook.xml");
    }

    #[test]
    fn relations_have_ids_and_kinds() {
        let part = br#"<Relationships><Relationship Id="rId1" Type="http://x/relationships/worksheet" Target="a&amp;b.xml"/>
            <Relationship Id="rId2" Type="http://y/sharedStrings" Target="strings.xml"/></Relationships>"#;
        let relations = Relations::read(part, "xl");
        assert_eq!(relations.by_id("rId1").unwrap().path, "xl/a&b.xml");
        assert_eq!(relations.of_kind("sharedStrings").unwrap().id, "rId2");
        assert!(relations.by_id("rId3").is_none() && relations.of_kind("styles").is_none());
    }

    #[test]
    fn a_member_has_its_relations_beside_it() {
        assert_eq!(
            relations_of("xl/workbook.xml"),
            "xl/_rels/workbook.xml.rels"
        );
        assert_eq!(relations_of(""), "_rels/.rels");
        assert_eq!(relations_of("w.xml"), "_rels/w.xml.rels");
        assert_eq!((folder_of("xl/a/b.xml"), folder_of("b.xml")), ("xl/a", ""));
    }
}
