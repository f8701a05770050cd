use aggregate::RecordNumbers;
use foldhash::fast::FixedState;
use indexmap::IndexSet;
use std::fmt::Write;
use std::sync::Arc;

type Texts = IndexSet<String, FixedState>;

/// Where each record that counts comes from.
///
/// RecordNumbers are numbered by their places: by department, file, sheet and row. A text that many records share is kept once.
#[derive(Debug, Default)]
pub struct Origins {
    records: Arc<RecordNumbers>,
    rows: Vec<OriginRow>,
    texts: Texts,
    columns: Vec<Arc<[String]>>,
}

/// A record's place as it is given.
#[derive(Debug, Clone)]
pub struct NewOrigin<'a> {
    /// The record's id.
    pub record: &'a str,
    /// The department.
    pub department: &'a str,
    /// The file's hash.
    pub file: &'a str,
    /// The file's name when it came in.
    pub file_name: &'a str,
    /// The sheet.
    pub sheet: &'a str,
    /// The row, counted from 1.
    pub row: i64,
    /// The cell of each of the form's columns, in their order, a blank between; '-' if a column has none.
    pub cells: &'a str,
    /// The names of the form's columns.
    pub columns: &'a Arc<[String]>,
}

/// The same with its texts by their numbers.
#[derive(Debug)]
struct OriginRow {
    department: usize,
    file: usize,
    file_name: usize,
    sheet: usize,
    row: i64,
    /// The cells without the number of the row, where it is theirs.
    cells: usize,
    columns: usize,
}

/// Where a record comes from.
#[derive(Debug, Clone, Copy)]
pub struct RecordOrigin<'a> {
    /// The department.
    pub department: &'a str,
    /// The file's hash.
    pub file: &'a str,
    /// The file's name when it came in.
    pub file_name: &'a str,
    /// The sheet.
    pub sheet: &'a str,
    /// The row, counted from 1.
    pub row: i64,
    cells: &'a str,
    columns: &'a [String],
}

impl Origins {
    /// Numbers records by their places.
    pub fn new(mut given: Vec<NewOrigin<'_>>) -> Self {
        given.sort_by(|a, b| a.place().cmp(&b.place()));
        // A record has one place.
        let mut seen = std::collections::HashSet::with_capacity(given.len());
        given.retain(|origin| seen.insert(origin.record));
        let mut texts = Texts::default();
        let mut columns: Vec<Arc<[String]>> = Vec::new();
        let mut rows = Vec::with_capacity(given.len());
        let mut pattern = String::new();
        for origin in &given {
            let mut number = |text: &str| match texts.get_index_of(text) {
                Some(number) => number,
                None => texts.insert_full(text.to_owned()).0,
            };
            write_pattern(&mut pattern, origin.cells, origin.row);
            let known = columns
                .iter()
                .position(|it| Arc::ptr_eq(it, origin.columns));
            rows.push(OriginRow {
                department: number(origin.department),
                file: number(origin.file),
                file_name: number(origin.file_name),
                sheet: number(origin.sheet),
                row: origin.row,
                cells: number(&pattern),
                columns: known.unwrap_or_else(|| {
                    columns.push(Arc::clone(origin.columns));
                    columns.len() - 1
                }),
            });
        }
        Self {
            records: Arc::new(RecordNumbers::new(
                given.iter().map(|origin| origin.record.to_owned()),
            )),
            rows,
            texts,
            columns,
        }
    }

    /// The numbers of the records.
    pub fn records(&self) -> &Arc<RecordNumbers> {
        &self.records
    }

    /// Where a record comes from, by its number.
    pub fn at(&self, number: u32) -> Option<RecordOrigin<'_>> {
        let row = self.rows.get(usize::try_from(number).ok()?)?;
        let text = |number: usize| self.texts.get_index(number).map_or("", String::as_str);
        Some(RecordOrigin {
            department: text(row.department),
            file: text(row.file),
            file_name: text(row.file_name),
            sheet: text(row.sheet),
            row: row.row,
            cells: text(row.cells),
            columns: &self.columns[row.columns],
        })
    }

    /// Where a record comes from, by its id.
    pub fn get(&self, record: &str) -> Option<RecordOrigin<'_>> {
        self.at(self.records.number(record)?)
    }
}

impl NewOrigin<'_> {
    fn place(&self) -> (&str, &str, &str, &str, i64, &str) {
        (
            self.department,
            self.file_name,
            self.file,
            self.sheet,
            self.row,
            self.record,
        )
    }
}

/// Cells without the number of the row, where they have it: rows of one table then have one text.
fn write_pattern(pattern: &mut String, cells: &str, row: i64) {
    pattern.clear();
    let mut digits = String::new();
    // A text takes whatever is written to it.
    let _ = write!(digits, "{row}");
    for cell in cells.split(' ') {
        if !pattern.is_empty() {
            pattern.push(' ');
        }
        let letters = cell.strip_suffix(digits.as_str()).filter(|letters| {
            !letters.is_empty() && letters.bytes().all(|letter| letter.is_ascii_uppercase())
        });
        pattern.push_str(letters.unwrap_or(cell));
    }
}

impl RecordOrigin<'_> {
    /// The cell of a column, if it has one.
    pub fn cell_of(&self, column: &str) -> Option<String> {
        let mut cells = self.columns.iter().zip(self.cells.split(' '));
        let (_, cell) = cells.find(|(name, _)| *name == column)?;
        self.whole(cell)
    }

    /// The cell of a column; the row's first if the column has none.
    pub fn cell(&self, column: &str) -> String {
        // Not every value that counts stands in a column of the form: its row is found all the same.
        let first = || self.cells.split(' ').find_map(|cell| self.whole(cell));
        self.cell_of(column)
            .or_else(first)
            .unwrap_or_else(|| format!("A{}", self.row))
    }

    fn whole(&self, cell: &str) -> Option<String> {
        match cell {
            "" | "-" => None,
            letters if letters.bytes().all(|letter| letter.is_ascii_uppercase()) => {
                Some(format!("{letters}{}", self.row))
            }
            cell => Some(cell.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{NewOrigin, Origins};
    use std::sync::Arc;

    fn origins(rows: &[(&'static str, &'static str, i64, &'static str)]) -> Origins {
        let columns: Arc<[String]> = ["start", "content", "tool"].map(str::to_owned).into();
        let origin = |&(record, department, row, cells): &(
            &'static str,
            &'static str,
            i64,
            &'static str,
        )| NewOrigin {
            record,
            department,
            file: "f",
            file_name: "f.xlsx",
            sheet: "Biểu 3",
            row,
            cells,
            columns: &columns,
        };
        Origins::new(rows.iter().map(origin).collect())
    }

    #[test]
    fn records_are_numbered_by_their_places() {
        let origins = origins(&[
            ("x", "Sở B", 5, "A5 B5 C5"),
            ("y", "Sở A", 12, "A12 B12 C12"),
            ("z", "Sở A", 7, "A7 B7 C7"),
        ]);
        let order: Vec<Option<&str>> = (0..4).map(|at| origins.records().id(at)).collect();
        assert_eq!(order, [Some("z"), Some("y"), Some("x"), None]);
        assert_eq!(origins.get("y").unwrap().row, 12);
        assert!(origins.get("nowhere").is_none());
        // One text for the cells of all rows.
        assert_eq!(origins.texts.iter().filter(|it| *it == "A B C").count(), 1);
    }

    #[test]
    fn a_value_without_a_cell_of_its_own_is_at_the_rows_first() {
        let origins = origins(&[("filled", "Sở", 12, "- J12 C13"), ("bare", "Sở", 12, "")]);
        let filled = origins.get("filled").unwrap();
        assert_eq!(filled.cell("content"), "J12");
        assert_eq!(
            (filled.cell("tool"), filled.cell("start")),
            ("C13".to_owned(), "J12".to_owned())
        );
        assert_eq!(
            (filled.cell_of("start"), filled.cell_of("no column")),
            (None, None)
        );
        assert_eq!(origins.get("bare").unwrap().cell("tool"), "A12");
    }
}
