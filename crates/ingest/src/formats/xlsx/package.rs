//! The parts of an .xlsx, found by the relations between them as Excel does: their names are a matter of the program that
//! wrote them.

use crate::formats::file_format::OpenError;
use crate::formats::relations::{Relations, folder_of, relations_of};
use crate::formats::xlsx::probed_styles::probe;
use crate::formats::xlsx::struck_runs::StruckRuns;
use crate::formats::xlsx::written_cells::each_cell;
use crate::formats::xml::{attribute, attribute_if, each_element, in_utf8, is_set, unescaped};
use crate::formats::zip_members::{ZipMembers, archive_of};
use crate::limits::{check_parts_of_sheets, check_sheet_count};
use model::CellRef;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::ops::Range;

/// Where the library looks for the parts.
const WORKBOOK: &str = "xl/workbook.xml";
const STRINGS: &str = "xl/sharedStrings.xml";
const STYLES: &str = "xl/styles.xml";

/// The parts of a workbook.
#[derive(Debug, Default)]
pub(crate) struct Package {
    /// The part that lists the sheets.
    workbook: String,
    pub sheets: Vec<PackageSheet>,
    strings: Option<String>,
    styles: Option<String>,
    /// Whether days are counted from 1904 on.
    pub from_1904: bool,
    /// Whether it asks to be calculated when it is opened, or no program says that it calculated it.
    pub asks_to_calculate: bool,
    /// Parts that are read otherwise than they are written, by their paths.
    changed: HashMap<String, Vec<u8>>,
    /// Which of their texts are struck through as a whole, in their order, by the paths of the parts.
    struck: HashMap<String, Vec<usize>>,
}

/// A sheet that the workbook lists.
#[derive(Debug, Default)]
pub(crate) struct PackageSheet {
    /// Its name, made unlike those of the sheets before it.
    name: String,
    /// Whether it had to be.
    is_renamed: bool,
    state: Option<String>,
    /// The kind of its part: 'worksheet', 'chartsheet'.
    kind: String,
    /// As the workbook's relations write it.
    target: String,
    /// The member that holds it.
    pub path: String,
}

impl Package {
    /// Refuses too many sheets, and several that are one part.
    ///
    /// # Errors
    /// What is wrong.
    pub(crate) fn check(&self) -> Result<(), OpenError> {
        check_sheet_count(self.sheets.len()).map_err(OpenError::TooLarge)?;
        let paths = self.sheets.iter().map(|sheet| sheet.path.as_str());
        check_parts_of_sheets(paths).map_err(OpenError::Damaged)
    }

    /// Finds the parts; nothing if the package names no workbook, or one of its sheets no part.
    pub(crate) fn find(members: &ZipMembers) -> Option<Self> {
        let root = Relations::read(&in_utf8(members.member("_rels/.rels")), "");
        let workbook = root.of_kind("officeDocument")?.path.clone();
        let relations = Relations::read(
            &in_utf8(members.member(&relations_of(&workbook))),
            folder_of(&workbook),
        );
        let path_of = |kind: &str| relations.of_kind(kind).map(|part| part.path.clone());
        let mut package = Self {
            strings: path_of("sharedStrings"),
            styles: path_of("styles"),
            workbook,
            asks_to_calculate: true,
            ..Self::default()
        };
        package.read_workbook(members, &relations)?;
        // Many sheets of one part are refused, and it need not be gone through for each.
        if package.check().is_ok() {
            package.note_changes(members);
        }
        Some(package)
    }

    fn read_workbook(&mut self, members: &ZipMembers, relations: &Relations) -> Option<()> {
        let mut sheets = Vec::new();
        let mut names = HashSet::new();
        let (mut from_1904, mut asks_to_calculate) = (false, true);
        each_element(&in_utf8(members.member(&self.workbook)), |element| {
            match element.local_name().as_ref() {
                "workbookPr" => from_1904 |= is_set(element, "date1904"),
                // Excel calculates a workbook anew that no version of it has calculated.
                "calcPr" => {
                    asks_to_calculate =
                        is_set(element, "fullCalcOnLoad") || attribute(element, "calcId").is_none();
                }
                "sheet" => {
                    // The prefix is a matter of the program that wrote it.
                    let id = attribute(element, "r:id")
                        .or_else(|| attribute_if(element, |key| key.ends_with(":id")))
                        .unwrap_or_default();
                    let written = unescaped(&attribute(element, "name").unwrap_or_default());
                    // So many that they are refused need no names.
                    let name = match check_sheet_count(names.len()) {
                        Ok(()) => unlike(&names, &written),
                        Err(_) => written.clone(),
                    };
                    names.insert(name.clone());
                    let relation = relations.by_id(&id);
                    sheets.push(relation.map(|relation| PackageSheet {
                        is_renamed: name != written,
                        name,
                        state: attribute(element, "state"),
                        kind: relation.kind.clone(),
                        target: relation.target.clone(),
                        path: relation.path.clone(),
                    }));
                }
                _ => {}
            }
        });
        self.sheets = sheets.into_iter().collect::<Option<_>>()?;
        (self.from_1904, self.asks_to_calculate) = (from_1904, asks_to_calculate);
        Some(())
    }

    /// Converts what is not in UTF-8, and takes out what is struck through.
    fn note_changes(&mut self, members: &ZipMembers) {
        let sheets = self.sheets.iter().map(|sheet| &sheet.path);
        let texts: Vec<String> = sheets.chain(&self.strings).cloned().collect();
        for path in texts.iter().chain(&self.styles) {
            let part = in_utf8(members.member(path));
            let runs = StruckRuns::find(&part);
            if !runs.wholly.is_empty() {
                self.struck.insert(path.clone(), runs.wholly);
            }
            let changed = match (runs.rest, part) {
                (Some(rest), _) => rest,
                (None, Cow::Owned(converted)) => converted,
                (None, Cow::Borrowed(_)) => continue,
            };
            self.changed.insert(path.clone(), changed);
        }
    }

    /// The cells of a sheet whose texts are struck through as a whole, not by the font of the cell.
    pub(crate) fn struck_cells(&self, members: &ZipMembers, sheet: &PackageSheet) -> Vec<CellRef> {
        let struck = |path: &str| self.struck.get(path).map_or(&[][..], Vec::as_slice);
        let shared = struck(self.strings.as_deref().unwrap_or_default());
        let own = struck(&sheet.path);
        let mut cells = Vec::new();
        if shared.is_empty() && own.is_empty() {
            return cells;
        }
        // The numbers are in their order, and a sheet may have many cells.
        let holds = |texts: &[usize], text: usize| texts.binary_search(&text).is_ok();
        each_cell(self.part(members, &sheet.path), |at, cell| {
            let text = (cell.kind == "s").then(|| cell.text.trim().parse().ok());
            let is_shared = text.flatten().is_some_and(|text| holds(shared, text));
            if is_shared || cell.own_text.is_some_and(|text| holds(own, text)) {
                cells.push(at);
            }
        });
        cells
    }

    /// What a part holds as it is read; empty if there is none.
    pub(crate) fn part<'a>(&'a self, members: &'a ZipMembers, path: &str) -> &'a [u8] {
        self.changed
            .get(path)
            .map_or_else(|| members.member(path), Vec::as_slice)
    }

    /// The texts that the sheets share.
    pub(crate) fn strings<'a>(&'a self, members: &'a ZipMembers) -> &'a [u8] {
        self.strings
            .as_deref()
            .map_or(&[], |path| self.part(members, path))
    }

    /// The tables on a sheet.
    pub(crate) fn tables<'a>(
        &'a self,
        members: &'a ZipMembers,
        sheet: &PackageSheet,
    ) -> Vec<&'a [u8]> {
        let relations = members.member(&relations_of(&sheet.path));
        Relations::read(relations, folder_of(&sheet.path))
            .all_of_kind("table")
            .map(|table| self.part(members, &table.path))
            .collect()
    }

    /// Whether the library finds all parts where they are, and in them what is to be read.
    pub(crate) fn is_usual(&self, members: &ZipMembers) -> bool {
        let is_at = |path: &str, place: &str| members.written_name(path) == Some(place);
        let is_none_or_at = |path: &Option<String>, place: &str| match path {
            Some(path) => is_at(path, place),
            None => members.written_name(place).is_none(),
        };
        self.changed.is_empty()
            && is_at("_rels/.rels", "_rels/.rels")
            && self.workbook == WORKBOOK
            && is_at(&self.workbook, WORKBOOK)
            && is_at(&relations_of(&self.workbook), &relations_of(WORKBOOK))
            && is_none_or_at(&self.strings, STRINGS)
            && is_none_or_at(&self.styles, STYLES)
            && self.sheets.iter().all(|sheet| {
                let place = match sheet.target.strip_prefix('/') {
                    Some(target) => target.to_owned(),
                    None => format!("xl/{}", sheet.target),
                };
                !sheet.is_renamed && is_at(&sheet.path, &place)
            })
    }

    /// The usual package with a number in each style in the place of its sheets' cells, and without texts; nothing if it has too
    /// many styles.
    pub(crate) fn probe(&self, members: &ZipMembers) -> Option<Vec<u8>> {
        let relations = relations_of(WORKBOOK);
        let places = ["_rels/.rels", WORKBOOK, &relations, STYLES];
        let parts: Vec<(&str, &[u8])> = places
            .into_iter()
            .filter(|place| members.written_name(place).is_some())
            .map(|place| (place, members.member(place)))
            .collect();
        let sheets = self.sheets.iter();
        let sheets: Vec<&str> = sheets
            .filter_map(|sheet| members.written_name(&sheet.path))
            .collect();
        probe(&parts, members.member(STYLES), &sheets)
    }

    /// Where the texts that the sheets of a usual package share lie among its members.
    pub(crate) fn place_of_strings(&self, members: &ZipMembers) -> Option<Range<usize>> {
        members.range(self.strings.as_deref()?)
    }

    /// The workbook with all parts where the library looks for them, and the members of its sheets in it.
    pub(crate) fn usual_copy(&self, members: &ZipMembers) -> Option<(Vec<u8>, Vec<String>)> {
        let (mut sheets, mut targets) = (String::new(), String::new());
        let mut sheet_members = Vec::new();
        for (number, sheet) in self.sheets.iter().enumerate() {
            let state = match sheet.state.as_deref() {
                Some(state) => format!(" state=\"{}\"", escaped(state)),
                None => String::new(),
            };
            write!(
                sheets,
                "<sheet name=\"{}\" sheetId=\"{}\"{state} r:id=\"rId{number}\"/>",
                escaped(&sheet.name),
                number + 1,
            )
            .ok()?;
            write!(
                targets,
                "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/{}\" Target=\"worksheets/sheet{number}.xml\"/>",
                escaped(&sheet.kind)
            )
            .ok()?;
            sheet_members.push(format!("xl/worksheets/sheet{number}.xml"));
        }
        let date1904 = u8::from(self.from_1904);
        let workbook = format!(
            "<workbook xmlns:r=\"{OFFICE}\"><workbookPr date1904=\"{date1904}\"/><sheets>{sheets}</sheets></workbook>"
        );
        let root = format!(
            "<Relationships><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"{WORKBOOK}\"/></Relationships>"
        );
        let relations = format!("<Relationships>{targets}</Relationships>");
        let relations_place = relations_of(WORKBOOK);
        let mut parts = vec![
            ("_rels/.rels", root.as_bytes()),
            (WORKBOOK, workbook.as_bytes()),
            (&relations_place, relations.as_bytes()),
        ];
        // A part that is missing stays so, and the library says of which sheet.
        let others = [(STRINGS, &self.strings), (STYLES, &self.styles)];
        let others = others
            .into_iter()
            .filter_map(|(place, path)| Some((place, path.as_ref()?)));
        let placed = sheet_members.iter().map(String::as_str);
        for (place, path) in placed
            .zip(self.sheets.iter().map(|sheet| &sheet.path))
            .chain(others)
        {
            if members.written_name(path).is_some() {
                parts.push((place, self.part(members, path)));
            }
        }
        archive_of(parts).map(|copy| (copy, sheet_members))
    }
}

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn escaped(value: &str) -> Cow<'_, str> {
    quick_xml::escape::escape(value)
}

/// The name itself, or with a number behind it that none before it has: the library finds sheets by their names.
fn unlike(names: &HashSet<String>, name: &str) -> String {
    (1..)
        .map(|number| match number {
            1 => name.to_owned(),
            _ => format!("{name} ({number})"),
        })
        .find(|name| !names.contains(name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Package;
    use crate::formats::file_format::IncomingFile;
    use crate::formats::zip_members::{ZipMembers, archive_of};
    use crate::limits::Purpose;

    const TYPE: &str = "http://x/relationships";

    /// A package of two sheets whose workbook, its sheets and strings are the members of these names.
    fn members(workbook: &str, sheets: [&str; 2], strings: &str, names: [&str; 2]) -> ZipMembers {
        let root = format!(
            "<Relationships><Relationship Id=\"a\" Type=\"{TYPE}/officeDocument\" Target=\"{workbook}\"/></Relationships>"
        );
        let relations = format!(
            "<Relationships><Relationship Id=\"s0\" Type=\"{TYPE}/worksheet\" Target=\"/{}\"/>
             <Relationship Id=\"s1\" Type=\"{TYPE}/worksheet\" Target=\"/{}\"/>
             <Relationship Id=\"t\" Type=\"{TYPE}/sharedStrings\" Target=\"/{strings}\"/></Relationships>",
            sheets[0], sheets[1]
        );
        let book = format!(
            "<workbook xmlns:r=\"x\"><workbookPr date1904=\"1\"/><sheets><sheet name=\"{}\" r:id=\"s0\"/>
             <sheet name=\"{}\" state=\"hidden\" r:id=\"s1\"/></sheets><calcPr calcId=\"1\"/></workbook>",
            names[0], names[1]
        );
        let relations_place = super::relations_of(workbook);
        let archive = archive_of([
            ("_rels/.rels", root.as_bytes()),
            (workbook, book.as_bytes()),
            (&relations_place, relations.as_bytes()),
            (sheets[0], b"<worksheet/>"),
            (sheets[1], b"<worksheet><sheetData/></worksheet>"),
            (strings, b"<sst><si><t>x</t></si></sst>"),
        ])
        .unwrap();
        let file = IncomingFile {
            name: "a.xlsx",
            bytes: &archive,
            limits: Purpose::Report.limits(),
        };
        ZipMembers::unzip(&file).unwrap()
    }

    const USUAL: [&str; 2] = ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"];

    #[test]
    fn parts_where_the_library_looks_need_no_copy() {
        let members = members("xl/workbook.xml", USUAL, "xl/sharedStrings.xml", ["A", "B"]);
        let package = Package::find(&members).unwrap();
        assert!(package.is_usual(&members));
        assert!(package.from_1904 && !package.asks_to_calculate);
    }

    #[test]
    fn parts_elsewhere_are_found_and_brought_to_their_places() {
        for (workbook, sheets, strings, names) in [
            (
                "xl/workbook2.xml",
                USUAL,
                "xl/sharedStrings.xml",
                ["A", "B"],
            ),
            ("wb.xml", USUAL, "xl/sharedStrings.xml", ["A", "B"]),
            ("xl/Workbook.xml", USUAL, "xl/sharedStrings.xml", ["A", "B"]),
            ("xl/workbook.xml", USUAL, "xl/strings.xml", ["A", "B"]),
            (
                "xl/workbook.xml",
                ["s/1.xml", "s/2.xml"],
                "t.xml",
                ["A", "B"],
            ),
            ("xl/workbook.xml", USUAL, "xl/sharedStrings.xml", ["A", "A"]),
        ] {
            let members = members(workbook, sheets, strings, names);
            let package = Package::find(&members).unwrap();
            // A path from the root is found by the library as well.
            let is_usual = sheets == ["s/1.xml", "s/2.xml"] && strings == "xl/sharedStrings.xml";
            assert_eq!(package.is_usual(&members), is_usual, "{workbook}");
            let (copy, sheet_members) = package.usual_copy(&members).unwrap();
            let file = IncomingFile {
                name: "a.xlsx",
                bytes: &copy,
                limits: Purpose::Report.limits(),
            };
            let members = ZipMembers::unzip(&file).unwrap();
            let again = Package::find(&members).unwrap();
            assert!(again.from_1904);
            let second = members.member(&sheet_members[1]);
            assert_eq!(second, b"<worksheet><sheetData/></worksheet>");
            assert!(members.member("xl/sharedStrings.xml").starts_with(b"<sst"));
            let second = if names == ["A", "A"] { "A (2)" } else { "B" };
            assert_eq!(again.sheets[1].name, second);
            assert_eq!(again.sheets[1].state.as_deref(), Some("hidden"));
        }
    }

    #[test]
    fn a_package_without_a_workbook_or_a_sheets_part_has_none() {
        assert!(Package::find(&ZipMembers::default()).is_none());
        let members = members(
            "xl/workbook.xml",
            USUAL,
            "s.xml",
            ["A\" r:id=\"no\" x=\"", "B"],
        );
        assert!(Package::find(&members).is_none());
    }
}
