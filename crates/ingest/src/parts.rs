//! What the reading library does not tell of a zipped workbook: how large it really is, and what is hidden.
//!
//! A member's declared size may lie, so each is unzipped once, up to the limit, before the library sees the file.

use crate::biff::{self, Fonts};
use crate::grid::Merged;
use crate::limits::Limits;
use model::CellRef;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeSet, HashMap};
use std::io::{Cursor, Read};
use std::ops::Range;
use std::path::Path;
use zip::read::ZipFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// How much larger than zipped a member may be once it is above [`RATIO_FROM`].
const MAX_RATIO: u64 = 150;
const RATIO_FROM: u64 = 16 << 20;
/// The most bytes of an unzipped workbook that are kept for reading; a larger one is unzipped again as it is read.
const KEEP_UNZIPPED: usize = 32 << 20;
const MAX_MEMBERS: usize = 2_000;
const MAX_SHEETS: usize = 256;
/// The longest run of blanks that one element of an .ods may stand for.
const MAX_REPEATED_SPACES: u64 = 32_767;

/// What a sheet hides, and what it merges where the library does not say.
#[derive(Debug, Default, Clone)]
pub(crate) struct SheetPart {
    pub hidden_rows: BTreeSet<u32>,
    pub hidden_columns: Vec<std::ops::RangeInclusive<u32>>,
    pub merged: Vec<Merged>,
    /// Whether a cell may hold a formula.
    pub has_formulas: bool,
}

/// The parts of a workbook, sheets in their order.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub sheets: Vec<SheetPart>,
    /// How many texts the sheets share.
    pub strings: usize,
    /// Whether days are counted from 1904 on.
    pub from_1904: bool,
    /// The old fonts of texts, where they are known without asking the library.
    pub fonts: Fonts,
    /// The workbook with its members unzipped, unless it is large: what was unzipped once need not be again.
    pub unzipped: Option<Vec<u8>>,
}

/// Unzips each member up to the limits and notes what is hidden.
///
/// # Errors
/// The limit that is passed, in words; nothing is said of a damaged archive, which the library will refuse.
pub(crate) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Parts, String> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return Ok(Parts::default());
    };
    if archive.len() > MAX_MEMBERS {
        return Err(format!("zip: {} > {MAX_MEMBERS}", archive.len()));
    }
    // Declared sizes may lie: no more is set aside than the file may well hold.
    let declared = archive
        .decompressed_size()
        .and_then(|size| usize::try_from(size).ok())
        .unwrap_or(0);
    let room = declared
        .saturating_add(1 << 12)
        .min(bytes.len().saturating_mul(20));
    let mut stored = ZipWriter::new(Cursor::new(Vec::with_capacity(room)));
    let (mut total, mut is_whole) = (0, true);
    for i in 0..archive.len() {
        match archive.by_index(i) {
            Ok(member) if member.is_dir() => {}
            Ok(member) => is_whole &= store(member, &mut stored, &mut total, limits)?,
            Err(_) => is_whole = false,
        }
    }
    let Ok(mut stored) = stored.finish_into_readable() else {
        return Ok(Parts::default());
    };
    let places = places(&mut stored);
    let unzipped = stored.into_inner().into_inner();
    let member = |name: &str| {
        places
            .get(name)
            .and_then(|place| unzipped.get(place.clone()))
            .unwrap_or_default()
    };
    let strings = memchr::memmem::find_iter(member("xl/sharedStrings.xml"), b"<si").count();
    if strings > limits.strings {
        return Err(format!(
            "xl/sharedStrings.xml: {strings} > {}",
            limits.strings
        ));
    }
    let mut from_1904 = false;
    let content = member("content.xml");
    let sheets = if content.is_empty() {
        let binary = member("xl/workbook.bin");
        let paths = if binary.is_empty() {
            from_1904 = counts_from_1904(member("xl/workbook.xml"));
            sheet_paths(
                member("xl/workbook.xml"),
                member("xl/_rels/workbook.xml.rels"),
            )
        } else {
            let (ids, days) = biff::xlsb_workbook(binary);
            from_1904 = days;
            let targets = targets(member("xl/_rels/workbook.bin.rels"));
            ids.iter().map(|id| path_of(&targets, Some(id))).collect()
        };
        if paths.len() > MAX_SHEETS {
            return Err(format!("{} > {MAX_SHEETS} sheets", paths.len()));
        }
        let is_xml = |path: &str| {
            Path::new(path)
                .extension()
                .is_some_and(|extension| extension == "xml")
        };
        paths
            .iter()
            .map(|path| {
                if is_xml(path) {
                    sheet_part(member(path))
                } else {
                    biff::xlsb_sheet(member(path))
                }
            })
            .collect()
    } else {
        open_document(content)?
    };
    let is_kept = is_whole && unzipped.len() <= KEEP_UNZIPPED;
    Ok(Parts {
        sheets,
        strings,
        from_1904,
        fonts: Fonts::new(),
        unzipped: is_kept.then_some(unzipped),
    })
}

/// Unzips one member into the archive of stored ones; whether it is whole there.
///
/// # Errors
/// The limit that is passed, in words.
fn store(
    member: ZipFile<'_, Cursor<&[u8]>>,
    stored: &mut ZipWriter<Cursor<Vec<u8>>>,
    total: &mut u64,
    limits: &Limits,
) -> Result<bool, String> {
    let Ok(name) = member
        .name()
        .map(|name| name.trim_start_matches('/').to_owned())
    else {
        return Ok(false);
    };
    let plainly = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    if stored.start_file(name.as_str(), plainly).is_err() {
        return Ok(false);
    }
    let zipped = member.compressed_size().max(1);
    let Ok(size) = std::io::copy(&mut member.take(limits.member + 1), stored) else {
        // Should not even that work, the archive cannot be closed either, and is not used.
        let _ = stored.abort_file();
        return Ok(false);
    };
    *total += size;
    if size > limits.member || *total > limits.unzipped {
        let limit = if size > limits.member {
            limits.member
        } else {
            limits.unzipped
        };
        return Err(format!("{name}: > {} MiB", limit >> 20));
    }
    if size > RATIO_FROM && size / zipped > MAX_RATIO {
        return Err(format!("{name}: {} : 1 > {MAX_RATIO} : 1", size / zipped));
    }
    Ok(true)
}

/// Where the members of an archive of stored ones lie in it.
fn places(stored: &mut ZipArchive<Cursor<Vec<u8>>>) -> HashMap<String, Range<usize>> {
    let mut places = HashMap::new();
    for i in 0..stored.len() {
        let Ok(member) = stored.by_index_raw(i) else {
            continue;
        };
        let (Some(start), Ok(name)) = (member.data_start(), member.name()) else {
            continue;
        };
        if let (Ok(start), Ok(size)) = (usize::try_from(start), usize::try_from(member.size())) {
            places.insert(name.into_owned(), start..start + size);
        }
    }
    places
}

fn sheet_part(sheet: &[u8]) -> SheetPart {
    SheetPart {
        merged: merged(sheet),
        has_formulas: has_formulas(sheet),
        ..hidden(sheet)
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|a| a.key.as_ref() == name)?;
    Some(found.value.into_owned())
}

fn number(element: &BytesStart<'_>, name: &str) -> Option<u64> {
    attribute(element, name)?.parse().ok()
}

fn is_set(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| value == "1" || value == "true")
}

/// Calls `each` for every element, opening or empty, until the end or the first fault.
fn each_element(xml: &[u8], mut each: impl FnMut(&BytesStart<'_>, bool)) {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => each(&element, true),
            Ok(Event::Empty(element)) => each(&element, false),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// The relations of a workbook: ids, and the members they name.
fn targets(relations: &[u8]) -> Vec<(String, String)> {
    let mut targets = Vec::new();
    each_element(relations, |element, _| {
        if let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target")) {
            let target = target.trim_start_matches('/');
            let path = if target.starts_with("xl/") {
                target.to_owned()
            } else {
                format!("xl/{target}")
            };
            targets.push((id, path));
        }
    });
    targets
}

fn path_of(targets: &[(String, String)], id: Option<&String>) -> String {
    targets
        .iter()
        .find(|(known, _)| Some(known) == id)
        .map(|(_, path)| path.clone())
        .unwrap_or_default()
}

/// Whether a workbook counts days from 1904 on.
fn counts_from_1904(workbook: &[u8]) -> bool {
    let mut from_1904 = false;
    if memchr::memmem::find(workbook, b"date1904").is_some() {
        each_element(workbook, |element, _| {
            from_1904 |=
                element.local_name().as_ref() == "workbookPr" && is_set(element, "date1904");
        });
    }
    from_1904
}

/// The members that hold the sheets, in the order of the workbook.
fn sheet_paths(workbook: &[u8], relations: &[u8]) -> Vec<String> {
    let targets = targets(relations);
    let mut paths = Vec::new();
    each_element(workbook, |element, _| {
        if element.local_name().as_ref() == "sheet" {
            let id = attribute(element, "r:id").or_else(|| {
                let mut all = element.attributes();
                let id = all
                    .with_checks(false)
                    .flatten()
                    .find(|a| a.key.as_ref().ends_with(":id"))?;
                Some(id.value.into_owned())
            });
            paths.push(path_of(&targets, id.as_ref()));
        }
    });
    paths
}

/// Rows and columns a sheet hides. Rows that a filter hides are not meant: they count.
fn hidden(sheet: &[u8]) -> SheetPart {
    let mut part = SheetPart::default();
    if memchr::memmem::find(sheet, b"hidden=").is_none() {
        return part;
    }
    let filtered = memchr::memmem::find(sheet, b"filterMode=\"1\"").is_some()
        || memchr::memmem::find(sheet, b"<autoFilter").is_some();
    let mut next_row = 0;
    each_element(sheet, |element, _| match element.local_name().as_ref() {
        "row" => {
            let row = number(element, "r")
                .and_then(|r| u32::try_from(r).ok())
                .map_or(next_row, |r| r.saturating_sub(1));
            next_row = row + 1;
            if is_set(element, "hidden") && !filtered {
                part.hidden_rows.insert(row);
            }
        }
        "col" if is_set(element, "hidden") => {
            let edge = |name| number(element, name).and_then(|n| u32::try_from(n).ok());
            if let (Some(first @ 1..), Some(last)) = (edge("min"), edge("max")) {
                part.hidden_columns.push(first - 1..=last.saturating_sub(1));
            }
        }
        _ => {}
    });
    part
}

/// Whether an element of a formula may stand in a sheet; one in another namespace counts.
fn has_formulas(sheet: &[u8]) -> bool {
    let ends = |at: usize| matches!(sheet.get(at), Some(b'>' | b' ' | b'/'));
    // A sheet is gone through once: only one whose elements have prefixes may have ':f'.
    let head = &sheet[..sheet.len().min(4_096)];
    let is_plain = memchr::memmem::find(head, b"<worksheet").is_some();
    let tag: &[u8] = if is_plain { b"<f" } else { b":f" };
    memchr::memmem::find_iter(sheet, tag).any(|at| ends(at + 2))
}

/// The cells a sheet merges: they are listed after its rows, which need not be gone through for them.
fn merged(sheet: &[u8]) -> Vec<Merged> {
    // What is merged stands behind the rows: an end is found at once, and no start is looked for where there is none.
    let Some(at) = merged_at(sheet) else {
        return Vec::new();
    };
    let start = memchr::memrchr(b'<', &sheet[..at]).unwrap_or(at);
    let mut merged = Vec::new();
    each_element(&sheet[start..], |element, _| {
        if element.local_name().as_ref() == "mergeCell"
            && let Some(range) = attribute(element, "ref")
            && let Some((first, last)) = range.split_once(':')
            && let (Ok(first), Ok(last)) = (first.parse(), last.parse())
        {
            merged.push(Merged { first, last });
        }
    });
    merged
}

/// Where the list of merged cells begins.
fn merged_at(sheet: &[u8]) -> Option<usize> {
    let rows_end = memchr::memmem::rfind(sheet, b"sheetData>").unwrap_or(0);
    memchr::memmem::find(&sheet[rows_end..], b"mergeCells").map(|at| rows_end + at)
}

/// The cells of a sheet with these numbers, in the order they stand, and what is written in each.
///
/// `sheet` is the sheet's place in the workbook. For cells the library cannot read; without any, nothing is opened.
pub(crate) fn cells(bytes: &[u8], sheet: usize, numbers: &[usize]) -> Vec<(CellRef, String)> {
    if numbers.is_empty() {
        return Vec::new();
    }
    let member = |archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str| {
        let mut unzipped = Vec::new();
        let member = archive.by_name(name).ok()?;
        member
            .take(Limits::LIST.member)
            .read_to_end(&mut unzipped)
            .ok()?;
        Some(unzipped)
    };
    let read = || {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let workbook = member(&mut archive, "xl/workbook.xml")?;
        let relations = member(&mut archive, "xl/_rels/workbook.xml.rels")?;
        let path = sheet_paths(&workbook, &relations).into_iter().nth(sheet)?;
        member(&mut archive, &path)
    };
    read().map_or_else(Vec::new, |xml| numbered_cells(&xml, numbers))
}

fn numbered_cells(xml: &[u8], numbers: &[usize]) -> Vec<(CellRef, String)> {
    let mut found = Vec::new();
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let (mut next, mut at) = (0, CellRef { row: 0, col: 0 });
    // The cell that is wanted and open now.
    let mut open: Option<String> = None;
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => match element.local_name().as_ref() {
                "row" => {
                    let row =
                        number(&element, "r").and_then(|r| u32::try_from(r).ok()?.checked_sub(1));
                    at = CellRef {
                        row: row.unwrap_or(at.row),
                        col: 0,
                    };
                }
                "c" => {
                    at = attribute(&element, "r")
                        .and_then(|r| r.parse().ok())
                        .unwrap_or(at);
                    open = numbers.contains(&next).then(String::new);
                    next += 1;
                }
                _ => {}
            },
            Ok(Event::Text(text)) => {
                if let Some(shown) = &mut open {
                    shown.push_str(text.as_ref());
                }
            }
            Ok(Event::End(element)) => match element.local_name().as_ref() {
                "row" => at.row += 1,
                "c" => {
                    found.extend(open.take().map(|shown| (at, shown)));
                    at.col += 1;
                }
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// Cells spanned over rows, and rows and columns hidden, of an OpenDocument spreadsheet.
fn open_document(content: &[u8]) -> Result<Vec<SheetPart>, String> {
    let mut sheets: Vec<SheetPart> = Vec::new();
    let (mut row, mut rows_here, mut col, mut column) = (0u64, 0u64, 0u64, 0u64);
    let mut too_long = None;
    each_element(content, |element, _| match element.name().as_ref() {
        "table:table" => {
            sheets.push(SheetPart::default());
            (row, rows_here, col, column) = (0, 0, 0, 0);
        }
        "table:table-column" => {
            let first = column;
            column += number(element, "table:number-columns-repeated")
                .unwrap_or(1)
                .clamp(1, 1 << 14);
            let is_collapsed =
                attribute(element, "table:visibility").is_some_and(|v| v == "collapse");
            let edges = u32::try_from(first)
                .ok()
                .zip(u32::try_from(column - 1).ok())
                .filter(|_| is_collapsed);
            if let (Some((first, last)), Some(sheet)) = (edges, sheets.last_mut()) {
                sheet.hidden_columns.push(first..=last);
            }
        }
        "table:table-row" => {
            row += rows_here;
            rows_here = number(element, "table:number-rows-repeated").unwrap_or(1);
            col = 0;
            let is_collapsed =
                attribute(element, "table:visibility").is_some_and(|v| v == "collapse");
            if let (true, Some(sheet)) = (is_collapsed && rows_here <= 100_000, sheets.last_mut()) {
                sheet
                    .hidden_rows
                    .extend((row..row + rows_here).filter_map(|r| u32::try_from(r).ok()));
            }
        }
        "table:table-cell" | "table:covered-table-cell" => {
            let spanned = number(element, "table:number-rows-spanned").unwrap_or(1);
            let columns = number(element, "table:number-columns-spanned").unwrap_or(1);
            let cell = |row: u64, col: u64| {
                Some(CellRef {
                    row: u32::try_from(row).ok()?,
                    col: u32::try_from(col).ok()?,
                })
            };
            if spanned > 1
                && let (Some(sheet), Some(first), Some(last)) = (
                    sheets.last_mut(),
                    cell(row, col),
                    cell(row + spanned - 1, col + columns.max(1) - 1),
                )
            {
                sheet.merged.push(Merged { first, last });
            }
            col += number(element, "table:number-columns-repeated").unwrap_or(1);
        }
        "text:s" => {
            let spaces = number(element, "text:c").unwrap_or(1);
            if spaces > MAX_REPEATED_SPACES {
                too_long = Some(format!("text:s {spaces} > {MAX_REPEATED_SPACES}"));
            }
        }
        _ => {}
    });
    match too_long {
        Some(limit) => Err(limit),
        None if sheets.len() > MAX_SHEETS => Err(format!("{} > {MAX_SHEETS} sheets", sheets.len())),
        None => Ok(sheets),
    }
}

#[cfg(test)]
mod tests {
    use super::open_document;

    #[test]
    fn what_an_open_document_hides_and_spans() {
        let content = br#"<table:table table:name="A">
            <table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>
            <table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>
            <table:table-row table:visibility="filter"><table:table-cell/></table:table-row>
            <table:table-row table:visibility="collapse"><table:table-cell table:number-rows-spanned="2"/></table:table-row>
            </table:table>"#;
        let sheets = open_document(content).unwrap();
        assert_eq!(sheets[0].hidden_columns, [2..=2]);
        assert_eq!(
            sheets[0].hidden_rows.iter().copied().collect::<Vec<_>>(),
            [4]
        );
        assert_eq!(
            (sheets[0].merged[0].first.row, sheets[0].merged[0].last.row),
            (4, 5)
        );
        assert!(
            open_document(br#"<table:table><text:s text:c="4000000"/></table:table>"#).is_err()
        );
    }
}
