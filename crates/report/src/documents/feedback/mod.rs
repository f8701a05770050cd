//! What goes back to a sender whose workbook has something to mend.

pub(crate) mod input;
mod list;
mod merges;
mod sheet_copy;

use crate::documents::feedback::input::FeedbackInput;
use crate::documents::feedback::sheet_copy::Detail;
use crate::error::ReportError;
use crate::formats::xlsx::sheet_name::fitting_names;
use crate::formats::xlsx::styles::Styles;
use crate::formats::xlsx::workbook::titled;
use model::{CellRef, Finding, OutputKind};
use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// So many cells are copied with their borders: each style that is set costs time and room.
const STYLED_CELLS: usize = 100_000;
/// So many cells are copied at all: a workbook beyond it is not mended by hand.
const COPIED_CELLS: usize = 1_000_000;

/// How the sender's sheets are copied, from the nearest to the simplest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Copy {
    /// Values, borders and merged cells.
    Styled,
    /// Values.
    Values,
    /// Not at all: what was found is listed.
    Listed,
}

/// Writes what goes back to a sender; gives the bytes of an .xlsx.
///
/// A sender's workbook may hold what a workbook of ours cannot, or so much that a copy would cost more than it is worth: then the
/// copy is simpler than it, at last the list of findings alone, and says so.
///
/// # Errors
/// [`ReportError`] when not even the list fits a workbook.
pub fn feedback(input: &FeedbackInput<'_>) -> Result<Vec<u8>, ReportError> {
    let cells: usize = input.sheets.iter().map(|sheet| sheet.cells.len()).sum();
    let nearest = match () {
        () if cells <= STYLED_CELLS => Copy::Styled,
        () if cells <= COPIED_CELLS => Copy::Values,
        () => Copy::Listed,
    };
    let simpler = [Copy::Styled, Copy::Values].into_iter();
    for copy in simpler.filter(|copy| *copy >= nearest) {
        // A fault of the writing library on one workbook must not keep what was found in all others from their senders.
        if let Ok(Ok(bytes)) = catch_unwind(AssertUnwindSafe(|| written(input, copy))) {
            return Ok(bytes);
        }
    }
    written(input, Copy::Listed)
}

fn written(input: &FeedbackInput<'_>, copy: Copy) -> Result<Vec<u8>, ReportError> {
    let mut workbook = titled(OutputKind::Feedback, &input.words.title, input.at)?;
    // Stands first, and is written last: by then it is known what the copies lack.
    workbook.add_worksheet();
    let names = input.sheets.iter().map(|sheet| sheet.name.as_str());
    let names = match copy {
        Copy::Listed => Vec::new(),
        Copy::Styled | Copy::Values => fitting_names(&input.words.sheet, names),
    };
    let mut marks: HashMap<&str, BTreeMap<CellRef, Vec<&Finding>>> = HashMap::new();
    for finding in input.findings {
        let on_sheet = finding.sheet.as_deref().unwrap_or_default();
        for cell in finding.cells.iter().filter_map(|cell| cell.parse().ok()) {
            let on_cell = marks.entry(on_sheet).or_default().entry(cell);
            on_cell.or_default().push(finding);
        }
    }
    let (nowhere, mut detail) = (BTreeMap::new(), Detail::of(copy == Copy::Styled));
    let mut is_whole = copy == Copy::Styled;
    for (sheet, name) in input.sheets.iter().zip(&names) {
        let marks = marks.get(sheet.name.as_str()).unwrap_or(&nowhere);
        is_whole &= sheet_copy::write(workbook.add_worksheet(), sheet, name, marks, &mut detail)?;
    }
    let note = match copy {
        Copy::Listed if !input.sheets.is_empty() => Some("feedback_listed"),
        _ if !is_whole && !names.is_empty() => Some("feedback_simplified"),
        _ => None,
    };
    let list = workbook.worksheet_from_index(0)?;
    list::write(list, input, &names, note, &Styles::new())?;
    Ok(workbook.save_to_buffer()?)
}

#[cfg(test)]
mod tests {
    use super::{Copy, feedback, written};
    use crate::documents::feedback::input::FeedbackInput;
    use crate::testing::{ReadWorkbook, finding, moment, programme};
    use chrono::NaiveDate;
    use model::{CellCopy, CellRef, Finding, Severity, SheetCopy};
    use proptest::prelude::*;

    fn input(sheets: Vec<SheetCopy>, findings: &[Finding]) -> FeedbackInput<'_> {
        let report = &programme().report;
        FeedbackInput {
            words: &report.feedback,
            said: &programme().words,
            department: "Sở Công Thương",
            period: "2023".parse().ok(),
            file_name: "bao cao.xlsx",
            at: moment("2023-06-01T09:00:00+07:00"),
            sheets,
            findings,
        }
    }

    fn sheet(name: &str, cells: Vec<(CellRef, CellCopy)>) -> SheetCopy {
        SheetCopy {
            name: name.to_owned(),
            is_hidden: false,
            cells,
            merged: Vec::new(),
        }
    }

    fn text(at: &str, text: &str) -> (CellRef, CellCopy) {
        (at.parse().unwrap(), CellCopy::Text(text.to_owned()))
    }

    #[test]
    fn a_copy_that_lacks_something_says_so() {
        let findings = [finding("C001", Severity::Hold, "Biểu 3", &["A1"])];
        let as_it_came = sheet("Biểu 3", vec![text("A1", "x")]);
        let far = CellRef {
            row: 2_000_000,
            col: 3,
        };
        let beyond = sheet("Biểu 3", vec![(far, CellCopy::Number(1.0))]);
        let note = |sheets, copy| {
            let bytes = written(&input(sheets, &findings), copy).unwrap();
            let read = ReadWorkbook::new(bytes);
            let list = read.text(&programme().report.feedback.sheet);
            let line = list.lines().find(|line| line.starts_with("4: "));
            line.map(str::to_owned)
        };
        assert_eq!(note(vec![as_it_came.clone()], Copy::Styled), None);
        for (sheets, copy) in [
            (vec![beyond], Copy::Styled),
            (vec![as_it_came.clone()], Copy::Values),
            (vec![as_it_came], Copy::Listed),
        ] {
            assert!(note(sheets, copy).is_some_and(|note| note.contains("tệp gốc")));
        }
    }

    #[test]
    fn nothing_of_a_sender_is_a_formula_or_an_address() {
        let signs = [
            "=1+1",
            "+1",
            "@SUM(A1)",
            "=HYPERLINK(\"http://a/\")",
            "http://a.vn/",
        ];
        let mut cells: Vec<_> = (0..)
            .zip(signs)
            .map(|(row, sign)| (CellRef { row, col: 0 }, CellCopy::Text(sign.to_owned())))
            .collect();
        let formula = CellCopy::Formula("WEBSERVICE(\"http://a/\")".to_owned());
        cells.push((CellRef { row: 9, col: 0 }, formula));
        let read = ReadWorkbook::new(feedback(&input(vec![sheet("B", cells)], &[])).unwrap());
        let part = read.part("xl/worksheets/sheet2.xml");
        assert!(
            !part.contains("<f>") && !part.contains("hyperlink"),
            "{part}"
        );
        assert!(read.text("B").contains("=WEBSERVICE(\"http://a/\")"));
        assert!(read.part("xl/styles.xml").contains("quotePrefix=\"1\""));
    }

    fn any_cell() -> impl Strategy<Value = (CellRef, CellCopy)> {
        let at = prop_oneof![
            (0u32..40, 0u32..12),
            (1_048_570u32..1_048_580, 16_380u32..16_390),
            (any::<u32>(), any::<u32>()),
        ];
        let day = (-10_000i32..20_000, 1u32..366)
            .prop_filter_map("a day", |(year, day)| NaiveDate::from_yo_opt(year, day));
        let value = prop_oneof![
            any::<String>().prop_map(CellCopy::Text),
            Just(CellCopy::Text("á".repeat(33_000))),
            any::<f64>().prop_map(CellCopy::Number),
            any::<bool>().prop_map(CellCopy::Flag),
            day.prop_map(CellCopy::Day),
            Just(CellCopy::Formula("+A1".repeat(14_000))),
        ];
        (at, value).prop_map(|((row, col), value)| (CellRef { row, col }, value))
    }

    fn any_sheet() -> impl Strategy<Value = SheetCopy> {
        let at = || (0u32..60, 0u32..20).prop_map(|(row, col)| CellRef { row, col });
        let wide = (any::<u32>(), any::<u32>()).prop_map(|(row, col)| CellRef { row, col });
        let merged = prop_oneof![(at(), at()), (at(), wide)];
        (
            any::<String>(),
            any::<bool>(),
            prop::collection::vec(any_cell(), 0..8),
            prop::collection::vec(merged, 0..6),
        )
            .prop_map(|(name, is_hidden, cells, merged)| SheetCopy {
                name,
                is_hidden,
                cells,
                merged,
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]

        /// Whatever came is copied with its values, without falling back on the list.
        #[test]
        fn any_sheets_can_go_back(sheets in prop::collection::vec(any_sheet(), 0..4)) {
            let name = sheets.first().map_or("", |sheet| sheet.name.as_str());
            let findings = [
                finding("C001", Severity::Hold, name, &["B3", "XFD1048576", "ZZZZ9999999"]),
            ];
            let of = input(sheets, &findings);
            for copy in [Copy::Styled, Copy::Values, Copy::Listed] {
                prop_assert!(written(&of, copy).is_ok(), "{:?}", written(&of, copy).err());
            }
        }
    }
}
