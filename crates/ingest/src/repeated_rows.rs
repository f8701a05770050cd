//! Rows of one form that say again, in every column, what a row above them or on an earlier sheet of the workbook says: a row
//! that was pasted twice, a part of a sheet that was copied.

use crate::observe::{Narrow, observe};
use crate::reading::{Reading, Table};
use foldhash::fast::FixedState;
use model::{CellRef, Check, Observation};
use polars::prelude::*;
use programme::tables::ORIGIN;
use programme::{ColumnType, Form, Layout, Programme};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::Range;

/// Tells of each row that repeats another: of rows that say which case they are about the first is enough, of others a person
/// must say whether they are one.
///
/// Sheets that repeat another as a whole are told as sheets, before. A row that makes several records repeats another only
/// if all of them do.
pub(crate) fn observe_repeated_rows(reading: &mut Reading, programme: &Programme) {
    let told = OnceCell::new();
    let is_copy = |table: &Table| {
        reading.observations.iter().any(|observation| {
            observation.check == Check::TableTwice
                && observation.sheet.as_ref() == Some(&table.sheet)
                && observation.form.as_ref() == Some(&table.form)
        })
    };
    let mut found: Vec<Observation> = Vec::new();
    let forms = programme.forms.values();
    for form in forms.filter(|form| form.layout == Layout::Table) {
        let of_form = reading.tables.iter();
        let tables: Vec<TableRows<'_>> = of_form
            .filter(|table| table.form == form.code && !is_copy(table))
            .filter_map(TableRows::of)
            .collect();
        // What could not be read is no value: rows that differ only there are no repeats.
        let says = |(table, row): (usize, usize)| {
            let told = told.get_or_init(|| told_of_records(&reading.observations));
            let table: &TableRows<'_> = &tables[table];
            let told = table.records(row).map(|at| told.get(table.record(at)));
            (table.values(row), told.collect::<Vec<_>>())
        };
        let mut known: HashMap<u64, Vec<(usize, usize)>> = HashMap::new();
        for (at, hash) in likely_repeats(form, &tables) {
            let alike = known.entry(hash).or_default();
            let first = alike.iter().find(|&&first| says(first) == says(at));
            match first {
                Some(&(table, row)) => {
                    found.extend(observation(
                        form,
                        &tables[at.0],
                        at.1,
                        (&tables[table], row),
                    ));
                }
                None => alike.push(at),
            }
        }
    }
    reading.observations.extend(found);
}

/// What is told of records' values, by the records.
type ToldOfRecords<'o> = HashMap<&'o str, Vec<(Check, &'o str, &'o str)>>;

fn told_of_records(observations: &[Observation]) -> ToldOfRecords<'_> {
    let mut told = ToldOfRecords::new();
    for observation in observations {
        if let (Some(record), Some(column)) = (&observation.record, &observation.column) {
            let what = (
                observation.check,
                column.as_str(),
                observation.found.as_str(),
            );
            told.entry(record).or_default().push(what);
        }
    }
    told
}

/// The rows of tables of one form, from the first on, that may say the same as another: those of one hash.
///
/// A row that differs from all others in one column repeats none, and most do in the name. So column after column is looked
/// at, the telling ones first, and only of the rows that are left.
fn likely_repeats(form: &Form, tables: &[TableRows<'_>]) -> Vec<((usize, usize), u64)> {
    let places = |(place, table): (usize, &TableRows<'_>)| {
        (0..table.rows.len()).map(move |row| ((place, row), 0))
    };
    let mut left: Vec<((usize, usize), u64)> = tables.iter().enumerate().flat_map(places).collect();
    // All tables of a form have its columns in one order.
    let columns = tables.first().map_or(&[][..], |table| &table.columns);
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by_key(|&column| !identifies(form, columns[column].name()));
    for column in order {
        let mut counts: HashMap<u64, u32, FixedState> = HashMap::default();
        for ((table, row), hash) in &mut left {
            let table = &tables[*table];
            let values = table.columns[column].as_materialized_series();
            let mut hasher = FixedState::default().build_hasher();
            hash.hash(&mut hasher);
            for record in table.records(*row) {
                values.get(record).ok().hash(&mut hasher);
            }
            *hash = hasher.finish();
            *counts.entry(*hash).or_default() += 1;
        }
        left.retain(|(_, hash)| counts[hash] > 1);
        if left.is_empty() {
            break;
        }
    }
    left
}

/// What a row that repeats another is told as, on each of its records; nothing if it says neither a case nor an amount.
fn observation(
    form: &Form,
    table: &TableRows<'_>,
    row: usize,
    (first_table, first): (&TableRows<'_>, usize),
) -> Vec<Observation> {
    let check = match () {
        () if table.has(row, |column| identifies(form, column)) => Check::RowTwice,
        () if table.has(row, |column| is_number(form, column)) => Check::RowTwiceUnsure,
        () => return Vec::new(),
    };
    let at = first_table.cell(first);
    let is_same_sheet = first_table.table.sheet == table.table.sheet;
    let named = match (at, is_same_sheet) {
        (Some(at), true) => at.to_string(),
        (Some(at), false) => format!("{}!{at}", first_table.table.sheet),
        (None, _) => first_table.table.sheet.clone(),
    };
    let cells: Vec<CellRef> = at
        .filter(|_| is_same_sheet)
        .into_iter()
        .chain(table.cell(row))
        .collect();
    let on_record = |at: usize| Observation {
        record: Some(table.record(at).to_owned()),
        cells: cells.clone(),
        ..observe(check, named.as_str())
            .on_sheet(&table.table.sheet)
            .on_form(&form.code)
    };
    table.records(row).map(on_record).collect()
}

fn is_number(form: &Form, column: &str) -> bool {
    form.column(column)
        .is_some_and(|column| column.kind.is_number())
}

/// Whether a column says which case a row is about: the day, or a name, number or text by which cases are told apart.
fn identifies(form: &Form, name: &str) -> bool {
    let Some(column) = form.column(name) else {
        return false;
    };
    let is_key = form
        .key
        .iter()
        .any(|key| key.split('|').any(|key| key == name));
    let party = form.party.as_ref();
    let is_party =
        party.is_some_and(|party| party.name == name || party.tax_code.as_deref() == Some(name));
    match column.kind {
        ColumnType::Date => true,
        ColumnType::Text | ColumnType::TaxCode => is_key || is_party || column.required,
        _ => false,
    }
}

/// A table's rows, each with its records.
struct TableRows<'t> {
    table: &'t Table,
    /// The columns that a row is compared by, as they are.
    columns: Vec<&'t Column>,
    records: &'t StringChunked,
    cells: &'t StringChunked,
    /// The places of each row's records, which follow one another.
    rows: Vec<Range<usize>>,
}

impl<'t> TableRows<'t> {
    /// The rows of a table; nothing if it has none, or lacks a column.
    fn of(table: &'t Table) -> Option<Self> {
        let frame = &table.frame;
        let own = frame
            .columns()
            .iter()
            .take_while(|column| column.name() != ORIGIN[0]);
        // What a sender keeps in columns of his own tells rows apart too.
        let columns: Vec<&Column> = own.chain(frame.column("aside").ok()).collect();
        let numbers = frame.column("row").ok()?.i64().ok()?;
        let mut rows: Vec<Range<usize>> = Vec::new();
        for at in 0..frame.height() {
            match rows.last_mut() {
                Some(row) if numbers.get(row.start) == numbers.get(at) => row.end = at + 1,
                _ => rows.push(at..at + 1),
            }
        }
        Some(Self {
            table,
            columns,
            records: frame.column("record").ok()?.str().ok()?,
            cells: frame.column("cells").ok()?.str().ok()?,
            rows,
        })
    }

    fn records(&self, row: usize) -> Range<usize> {
        self.rows[row].clone()
    }

    fn record(&self, at: usize) -> &str {
        self.records.get(at).unwrap_or_default()
    }

    /// All that a row says, record by record.
    fn values(&self, row: usize) -> Vec<Option<AnyValue<'_>>> {
        let of = |at: usize| self.columns.iter().map(move |column| column.get(at).ok());
        self.records(row).flat_map(of).collect()
    }

    /// Whether a column that is meant is filled, one of numbers with another than 0.
    fn has(&self, row: usize, is_meant: impl Fn(&str) -> bool) -> bool {
        let meant = self.columns.iter().filter(|column| is_meant(column.name()));
        let mut values = meant.flat_map(|column| self.records(row).map(|at| column.get(at)));
        values.any(|value| !matches!(value, Err(_) | Ok(AnyValue::Null | AnyValue::Int64(0))))
    }

    /// The first cell of a row that stands in it.
    fn cell(&self, row: usize) -> Option<CellRef> {
        let numbers = self.table.frame.column("row").ok()?.i64().ok()?;
        let number = numbers.get(self.rows[row].start)?;
        let cells = self.cells.get(self.rows[row].start)?.split(' ');
        let places = cells.filter_map(|cell| cell.parse::<CellRef>().ok());
        places
            .filter(|cell| i64::from(cell.row) + 1 == number)
            .min_by_key(|cell| cell.col)
    }
}

#[cfg(test)]
mod tests {
    use crate::read::read;
    use model::{Check, FileId, Observation};
    use programme::Programme;

    const GENERAL: &str = "== TT chung\nCơ quan báo cáo|Sở Công Thương\nKỳ báo cáo|Năm 2023\n";
    const HEAD: &str = "Đơn vị tính: triệu đồng\n\
        STT|Tên doanh nghiệp|Mã số thuế|Nội dung hỗ trợ|Số hợp đồng|Bắt đầu|Tình trạng|NSNN|Đợt\n";

    /// What is told of repeated rows: the check, the row that is repeated, the cells, and the row's record.
    fn told(sheets: &str) -> Vec<String> {
        let programme = Programme::default_programme().unwrap();
        let bytes = testkit::workbook(&format!("{GENERAL}{sheets}"));
        let reading = read(&FileId("0".repeat(64)), "a.xlsx", &bytes, &programme);
        for sheet in &reading.sheets {
            assert_eq!(sheet.rows.seen, sheet.rows.accepted + sheet.rows.not_data);
        }
        let is_repeat = |o: &&Observation| {
            matches!(
                o.check,
                Check::RowTwice | Check::RowTwiceUnsure | Check::TableTwice
            )
        };
        let line = |o: &Observation| {
            let cells: Vec<String> = o.cells.iter().map(ToString::to_string).collect();
            let record = o
                .record
                .as_ref()
                .and_then(|record| record.rsplit(':').next());
            let record = record
                .map(|row| row.trim_start_matches('0'))
                .unwrap_or_default();
            format!("{:?} {} [{}] {record}", o.check, o.found, cells.join(" "))
        };
        reading
            .observations
            .iter()
            .filter(is_repeat)
            .map(line)
            .collect()
    }

    fn support(rows: &[&str]) -> String {
        format!("== Biểu 3\n{HEAD}{}\n", rows.join("\n"))
    }

    const ROW: &str = "1|Công ty A|3600265395|3a1|1/HĐ|2023-05-01|Hoàn thành|10";

    #[test]
    fn a_row_that_was_pasted_again_is_told_with_both_cells_and_its_number_does_not_matter() {
        let again = ROW.replacen('1', "2", 1);
        let third = ROW.replacen('1', "3", 1);
        assert_eq!(
            told(&support(&[ROW, &again, &third])),
            ["RowTwice B3 [B3 B4] 4", "RowTwice B3 [B3 B5] 5"]
        );
    }

    #[test]
    fn rows_that_differ_in_one_column_are_no_repeats() {
        for other in [
            ROW.replace("|10", "|11"),
            ROW.replace("2023-05-01", "2023-06-01"),
            ROW.replace("1/HĐ", "2/HĐ"),
            // A column of the sender's own.
            format!("{ROW}|đợt 2"),
            // The same code, from other words.
            ROW.replace("3a1", "Công cụ cải tiến năng suất"),
        ] {
            assert_eq!(told(&support(&[ROW, &other])), [""; 0], "{other}");
        }
    }

    #[test]
    fn what_could_not_be_read_may_differ() {
        let unread = |start: &str| ROW.replace("2023-05-01", start);
        let rows = [unread("đầu năm"), unread("cuối năm"), unread("cuối năm")];
        let rows = rows.each_ref().map(String::as_str);
        assert_eq!(told(&support(&rows)), ["RowTwice B4 [B4 B5] 5"]);
    }

    #[test]
    fn a_part_of_a_sheet_that_was_copied_is_told_row_by_row_and_a_whole_sheet_at_once() {
        let other = "1|Công ty B|3603295006|3a1|2/HĐ|2023-05-01|Hoàn thành|10";
        let copy = |rows: &[&str]| support(rows).replace("Biểu 3", "Biểu 3 (2)");
        let part = support(&[ROW]) + &copy(&[other, ROW]);
        assert_eq!(told(&part), ["RowTwice Biểu 3!B3 [B4] 4"]);
        let whole = support(&[ROW, other]) + &copy(&[other, ROW]);
        assert_eq!(told(&whole), ["TableTwice Biểu 3 [] "]);
    }

    #[test]
    fn rows_that_say_no_case_are_asked_about_if_they_hold_amounts() {
        let budget = |amount: &str| {
            let row = format!("IV.3|NSNN hỗ trợ|{amount}|{amount}\n");
            let head = "Đơn vị tính: triệu đồng\nNhiệm vụ|Nguồn kinh phí|Dự toán|Thực hiện\n";
            format!("== Biểu 8\n{head}{row}{row}")
        };
        assert_eq!(told(&budget("10")), ["RowTwiceUnsure A3 [A3 A4] 4"]);
        assert_eq!(told(&budget("0")), [""; 0]);
        assert_eq!(told(&budget("")), [""; 0]);
    }

    #[test]
    fn a_row_of_several_records_repeats_another_only_if_all_of_them_do() {
        let head = "Đơn vị tính: triệu đồng\nNhiệm vụ|NSNN bảo đảm|NSNN hỗ trợ\n";
        let table = |last: &str| format!("== Biểu 8\n{head}IV.3|5|7\n{last}\n");
        assert_eq!(told(&table("IV.3|5|8")), [""; 0]);
        let both = told(&table("IV.3|5|7"));
        assert!(
            both.len() <= 2 && both.iter().all(|it| it.contains("[A3 A4]")),
            "{both:?}"
        );
    }
}
