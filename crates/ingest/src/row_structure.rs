//! Which rows are totals and which are records, by what stands in them: words do not decide it.
//!
//! A record has what the records around it have. A row that has only a text and amounts is a total if its amounts are the
//! sum of a block of records above or below it; if they are not, it is asked about and never counted as one more record.

use crate::cell_reader::read_cell;
use crate::column_map::ColumnMap;
use crate::column_sums::figure;
use crate::grid::{Row, SheetGrid, Value};
use crate::headings::matching::HeadingMatch;
use crate::legal_forms::LegalForms;
use crate::row_kind::RowKind;
use crate::row_marks::{is_group_title, is_ordinal, is_total};
use crate::stored_value::StoredValue;
use crate::table_plan::PlacedColumn;
use crate::value::flag::flag;
use crate::value::number::number;
use programme::ColumnType;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Figures without a unit are compared to their sixth decimal place.
const MILLIONTHS: i64 = 1_000_000;

/// A block of more records than this is not looked for, but for all of a table's.
const LONGEST_BLOCK: usize = 2_000;

/// A row below a heading, and what it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClassifiedRow<'r> {
    pub row: &'r Row,
    pub kind: RowKind,
    /// Of which records its amounts are the sums.
    pub proof: Option<Proof>,
}

/// What a column of the sheet says of a row.
#[derive(Clone, Copy)]
enum Role {
    /// It numbers the rows.
    Serial,
    /// It describes a record; the bit of the column.
    Describes(u32),
    /// It marks a record, unless it says no.
    Flag(u32),
    Amount,
}

/// What stands in a row.
#[derive(Debug, Clone, Default)]
struct Facts {
    /// The bits of the describing columns that hold something.
    described: u64,
    is_numbered: bool,
    has_amounts: bool,
    /// Whether one of its amounts is not zero.
    has_money: bool,
    /// Whether a text says that it is a total.
    says_total: bool,
}

/// The rows of a table, told apart.
pub(crate) struct RowStructure<'s, 'a, 'r> {
    heading: &'s HeadingMatch<'a>,
    columns: &'s [PlacedColumn<'a>],
    roles: ColumnMap<Role>,
    /// The bits of the columns that say whom or what a record is about.
    name: u64,
    /// The bits of the columns that the form requires.
    required: u64,
    amounts: Vec<usize>,
    rows: &'s [(RowKind, &'r Row)],
    /// The bits of the describing columns whose value stands in merged cells that reach down to a row, by row.
    merged: Vec<u64>,
    legal_forms: &'s LegalForms,
}

impl<'s, 'a, 'r> RowStructure<'s, 'a, 'r> {
    /// `columns` are the recognised columns of the sheet; amounts are compared in their units.
    pub(crate) fn new(
        sheet: &SheetGrid,
        heading: &'s HeadingMatch<'a>,
        columns: &'s [PlacedColumn<'a>],
        rows: &'s [(RowKind, &'r Row)],
        legal_forms: &'s LegalForms,
    ) -> Self {
        let mut roles = ColumnMap::default();
        let (mut amounts, mut name, mut required, mut bits) = (Vec::new(), 0, 0, 0);
        for (i, placed) in columns.iter().enumerate() {
            let role = match placed.column.kind {
                ColumnType::Integer | ColumnType::Money => {
                    amounts.push(i);
                    Role::Amount
                }
                _ if bits >= 63 => continue,
                ColumnType::Flag => {
                    bits += 1;
                    Role::Flag(bits)
                }
                _ => {
                    bits += 1;
                    if placed.column.required {
                        required |= 1 << bits;
                    }
                    if placed.is_name {
                        name |= 1 << bits;
                    }
                    Role::Describes(bits)
                }
            };
            roles.insert(placed.col, role);
        }
        if let Some(col) = heading.number_column {
            roles.get_or_insert_with(col, || Role::Serial);
        }
        let merged = merged_above(sheet, &roles, rows);
        Self {
            heading,
            columns,
            roles,
            name,
            required,
            amounts,
            rows,
            merged,
            legal_forms,
        }
    }

    /// The rows with what they are.
    pub(crate) fn classify(&self) -> Vec<ClassifiedRow<'r>> {
        let mut classified: Vec<ClassifiedRow<'r>> = self
            .rows
            .iter()
            .map(|&(kind, row)| ClassifiedRow {
                row,
                kind,
                proof: None,
            })
            .collect();
        if self.amounts.is_empty() {
            return classified;
        }
        let facts: Vec<Facts> = self.rows.iter().map(|(_, row)| self.facts(row)).collect();
        let typical = self.typical(&facts);
        // Where rows have nothing but a number, a name and amounts, only what numbers them tells records from totals.
        let is_poor = typical == 0;
        let is_numbered_table = {
            let data = || {
                self.rows
                    .iter()
                    .zip(&facts)
                    .filter(|((kind, _), _)| *kind == RowKind::Data)
            };
            let numbered = data().filter(|(_, facts)| facts.is_numbered).count();
            numbered * 2 > data().count()
        };
        // Rows that are records by what they have, unless their amounts are the sums of others.
        let (mut questions, mut doubtful) = (Vec::new(), Vec::new());
        for (i, facts) in facts.iter().enumerate() {
            let row = &mut classified[i];
            match row.kind {
                RowKind::Data | RowKind::Total | RowKind::Section | RowKind::Other => {}
                RowKind::Numbering
                | RowKind::End
                | RowKind::Example
                | RowKind::Unclear
                | RowKind::Note => continue,
            }
            let is_record = self.is_record(facts, typical);
            if !is_record && self.is_record_by_merged(i, facts, typical) {
                doubtful.push(i);
                row.kind = RowKind::Data;
                continue;
            }
            if is_record {
                // An enterprise may be called as a total is, and a section has no more than a title.
                if row.kind == RowKind::Total && !is_poor {
                    row.kind = RowKind::Data;
                }
                if row.kind == RowKind::Data && (facts.says_total || self.is_titled(row.row)) {
                    doubtful.push(i);
                }
                continue;
            }
            if !facts.has_amounts {
                if !is_poor && row.kind == RowKind::Data {
                    row.kind = self.bare_kind(i, facts.is_numbered);
                }
                continue;
            }
            let is_candidate = if is_poor {
                facts.says_total && !facts.is_numbered
                    || row.kind != RowKind::Data
                    || (is_numbered_table && !facts.is_numbered)
            } else {
                true
            };
            if is_candidate {
                questions.push(i);
                // Until it is proved, it is no record that others are sums of.
                row.kind = if facts.says_total || row.kind == RowKind::Total {
                    RowKind::Total
                } else {
                    RowKind::Unclear
                };
            }
        }
        if !questions.is_empty() || !doubtful.is_empty() {
            self.prove(&mut classified, &facts, &questions, &doubtful);
        }
        self.ask_about_parents(&mut classified);
        classified
    }

    /// Whether the name of a row is one of a group: 'II. Hỗ trợ …', 'Huyện Long Thành'.
    fn is_titled(&self, row: &Row) -> bool {
        let mut names = self.columns.iter().filter(|placed| placed.is_name);
        names.any(|placed| match row.cell(placed.col) {
            Some(Value::Text(name)) => is_group_title(name) && !self.legal_forms.begin(name),
            _ => false,
        })
    }

    /// Rows numbered '1' over rows numbered '1.1', '1.2' are their sums, or the rows below are part of them: a row that has
    /// what records have is asked about.
    fn ask_about_parents(&self, rows: &mut [ClassifiedRow<'r>]) {
        let Some(col) = self.heading.number_column else {
            return;
        };
        let number = |row: &Row| {
            Some(
                row.cell(col)?
                    .shown()
                    .trim_end_matches(['.', ')'])
                    .to_owned(),
            )
        };
        for i in 0..rows.len() {
            let (parent, next) = (&rows[i], rows.get(i + 1));
            let is_over = || {
                // Most rows are numbered 1, 2, 3.
                next?
                    .row
                    .cell(col)
                    .filter(|below| below.whole().is_none())?;
                let (own, below) = (number(parent.row)?, number(next?.row)?);
                let rest = below.strip_prefix(&own)?.strip_prefix('.')?;
                let is_numbered = |text: &str| {
                    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
                };
                Some(is_numbered(&own) && is_numbered(rest))
            };
            let has_amounts = || {
                let amounts = self.amounts_of(parent.row).into_iter().flatten();
                amounts.into_iter().any(|amount| amount != Amount::Read(0))
            };
            if parent.kind == RowKind::Data && is_over() == Some(true) && has_amounts() {
                rows[i].kind = RowKind::Unclear;
            }
        }
    }

    /// Whether a row with a name of its own is a record by what stands in cells that are merged down to it.
    fn is_record_by_merged(&self, i: usize, facts: &Facts, typical: u64) -> bool {
        let is_named = facts.described & self.name != 0;
        let described = facts.described | self.merged[i];
        is_named
            && described != facts.described
            && facts.has_amounts
            && !facts.says_total
            && self.is_record(
                &Facts {
                    described,
                    ..facts.clone()
                },
                typical,
            )
    }

    fn facts(&self, row: &Row) -> Facts {
        let mut facts = Facts::default();
        for cell in &row.cells {
            if let Value::Text(text) = &cell.value {
                facts.says_total |= is_total(text);
            }
            match self.roles.get(cell.col) {
                Some(Role::Serial) => facts.is_numbered |= is_ordinal(&cell.value),
                Some(Role::Describes(bit)) => facts.described |= 1 << bit,
                Some(Role::Flag(bit)) if flag(&cell.value.shown()) == Some(true) => {
                    facts.described |= 1 << bit;
                }
                Some(Role::Amount) => {
                    let is_amount = match &cell.value {
                        Value::Text(text) => number(text, None).is_some(),
                        Value::Bool(_) | Value::Date(_) => false,
                        Value::Number(_) | Value::Error(_) | Value::Formula(_) => true,
                    };
                    facts.has_amounts |= is_amount;
                    facts.has_money |= is_amount && cell.value.whole() != Some(0);
                }
                Some(Role::Flag(_)) | None => {}
            }
        }
        facts
    }

    /// The columns beside the name that at least half of the records fill.
    fn typical(&self, facts: &[Facts]) -> u64 {
        let data = self.rows.iter().zip(facts);
        let records = data.filter(|((kind, _), facts)| {
            matches!(kind, RowKind::Data) && facts.described.count_ones() >= 2
        });
        let mut count = 0;
        let mut filled = [0; 64];
        for (_, facts) in records {
            count += 1;
            let mut rest = facts.described;
            while rest != 0 {
                filled[rest.trailing_zeros() as usize] += 1;
                rest &= rest - 1;
            }
        }
        if count == 0 {
            // No record shows it: what the form requires is what records would have.
            return self.required & !self.name;
        }
        (0..64)
            .filter(|&bit| self.name & (1 << bit) == 0 && filled[bit] * 2 >= count)
            .fold(0, |typical, bit| typical | (1 << bit))
    }

    /// Whether a row has enough of what the records around it have.
    fn is_record(&self, facts: &Facts, typical: u64) -> bool {
        let has = (facts.described & typical).count_ones();
        let is_named = self.name == 0 || facts.described & self.name != 0;
        // A column that only some fill describes a record as well.
        let beyond = (facts.described & !self.name).count_ones();
        if is_named {
            return has > 0 || (typical != 0 && beyond > 1);
        }
        // Without a name it needs more: a total may stand under one of the describing columns.
        let all = typical.count_ones();
        (has > all / 4 && has > 1) || (has > 0 && has == all)
    }

    /// What a row is that has no more than a number and a text where the records around it have more.
    fn bare_kind(&self, i: usize, is_numbered: bool) -> RowKind {
        let row = self.rows[i].1;
        let looks_named = || row.texts().any(|(_, text)| self.legal_forms.begin(text));
        let number = |row: &Row| {
            let col = self.heading.number_column?;
            row.cell(col)
                .map(|value| value.shown().trim_end_matches('.').to_owned())
        };
        let next = self.rows.get(i + 1).and_then(|(_, next)| number(next));
        // '1' over '1.1' is a group.
        let is_group = number(row)
            .zip(next)
            .is_some_and(|(own, next)| next.starts_with(&format!("{own}.")));
        let before = i.checked_sub(1).map(|i| self.rows[i].1.index);
        let stands_apart = before.is_some_and(|before| before + 1 < row.index);
        let is_last = self.rows[i + 1..]
            .iter()
            .all(|(kind, row)| *kind != RowKind::Data || row.cells.len() <= 2);
        if is_group && !looks_named() {
            RowKind::Section
        } else if is_numbered && stands_apart && is_last && !looks_named() {
            RowKind::Other
        } else {
            RowKind::Unclear
        }
    }

    /// Decides rows of which the amounts may be sums.
    fn prove(
        &self,
        rows: &mut [ClassifiedRow<'r>],
        facts: &[Facts],
        questions: &[usize],
        doubtful: &[usize],
    ) {
        let records: Vec<usize> = (0..rows.len())
            .filter(|&i| rows[i].kind == RowKind::Data)
            .collect();
        let kinds = self.amounts.iter().map(|&i| &self.columns[i].column.kind);
        let is_money = kinds.map(|kind| *kind == ColumnType::Money).collect();
        let sums = Sums::of(
            is_money,
            records.iter().map(|&i| self.amounts_of(rows[i].row)),
        );
        for &i in doubtful {
            let before = records.partition_point(|&record| record < i);
            if sums.is_sum_around(&self.amounts_of(rows[i].row), before) {
                rows[i].kind = RowKind::Unclear;
            }
        }
        let mut weak = Vec::new();
        let mut strong = 0;
        let mut proved: Vec<Option<Proof>> = Vec::new();
        for &i in questions {
            let amounts = self.amounts_of(rows[i].row);
            let before = records.partition_point(|&record| record < i);
            let proof = sums.prove(&amounts, before);
            if proof.is_some_and(|proof| proof.records == 1 && !facts[i].says_total) {
                weak.push(i);
            } else if proof.is_some_and(|proof| proof.records > 1) {
                strong += 1;
            }
            proved.push(proof);
        }
        let mut after_all = false;
        for (&i, proof) in questions.iter().zip(proved) {
            let looks_named = rows[i]
                .row
                .texts()
                .any(|(_, text)| self.legal_forms.begin(text));
            // The amounts of one record may be those of another by chance: such a row is a total only among others.
            let is_weak = weak.contains(&i) && strong == 0 && weak.len() < 2;
            let holds_nothing = !facts[i].has_money;
            match proof {
                Some(proof)
                    if holds_nothing || (!is_weak && (!looks_named || facts[i].says_total)) =>
                {
                    rows[i].kind = RowKind::Total;
                    rows[i].proof = Some(proof);
                    after_all |= proof.is_all && proof.records > 0;
                }
                _ if holds_nothing => rows[i].kind = RowKind::Other,
                _ if rows[i].kind == RowKind::Total => {}
                // Below the total of all there are notes: what was paid in advance, what is left.
                _ if after_all && records.last().is_none_or(|&last| last < i) && !looks_named => {
                    rows[i].kind = RowKind::Note;
                }
                _ => rows[i].kind = RowKind::Unclear,
            }
        }
    }

    /// The amounts of a row, in the order of the amount columns; nothing for a blank cell.
    fn amounts_of(&self, row: &Row) -> Vec<Option<Amount>> {
        self.amounts
            .iter()
            .map(|&i| {
                let placed = &self.columns[i];
                let cell = row.whole_cell(placed.col)?;
                if let StoredValue::Integer(amount) =
                    read_cell(placed.column, cell, &placed.context).stored
                {
                    return Some(Amount::Read(amount));
                }
                if placed.context.unit.is_some() {
                    return Some(Amount::Unknown);
                }
                // Without a unit the figures themselves are compared.
                let figure = figure(Some(&cell.value), placed.context.notation);
                let scaled = figure
                    .and_then(|figure| figure.checked_mul(Decimal::from(MILLIONTHS)))
                    .and_then(|scaled| scaled.round().to_i64());
                Some(scaled.map_or(Amount::Unknown, Amount::Read))
            })
            .collect()
    }
}

/// The bits of the describing columns whose value stands above a row in cells that are merged down to it, by row.
fn merged_above(sheet: &SheetGrid, roles: &ColumnMap<Role>, rows: &[(RowKind, &Row)]) -> Vec<u64> {
    let mut above = vec![0; rows.len()];
    let mut areas: Vec<(u32, u32, u32)> = sheet
        .merged
        .iter()
        .filter(|area| area.last.row > area.first.row)
        .filter(|area| sheet.value(area.first).is_some())
        .map(|area| (area.first.col, area.first.row, area.last.row))
        .collect();
    areas.sort_unstable();
    // Areas that overlap, which no spreadsheet program writes, are walked once.
    let mut walked = (0, 0);
    for (col, first, last) in areas {
        let Some(Role::Describes(bit)) = roles.get(col) else {
            continue;
        };
        let first = if walked.0 == col {
            first.max(walked.1)
        } else {
            first
        };
        let start = rows.partition_point(|(_, row)| row.index <= first);
        for ((_, row), bits) in rows.iter().zip(&mut above).skip(start) {
            if row.index > last {
                break;
            }
            *bits |= 1 << bit;
        }
        walked = (col, last.max(first));
    }
    above
}

/// An amount in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Amount {
    Read(i64),
    /// There, and not to be read.
    Unknown,
}

/// Of which block of records amounts are the sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Proof {
    records: usize,
    /// Whether the block is all records of the table.
    pub is_all: bool,
}

/// The running sums of records, by column.
struct Sums {
    /// The sums up to each record, and how many of its cells could not be read; one more than there are records.
    before: Vec<Vec<(i64, u32)>>,
    is_money: Vec<bool>,
}

impl Sums {
    fn of(is_money: Vec<bool>, records: impl Iterator<Item = Vec<Option<Amount>>>) -> Self {
        let mut before: Vec<Vec<(i64, u32)>> = Vec::new();
        for amounts in records {
            let last = before
                .last()
                .cloned()
                .unwrap_or_else(|| vec![(0, 0); amounts.len()]);
            if before.is_empty() {
                before.push(last.clone());
            }
            let next = last
                .into_iter()
                .zip(amounts)
                .map(|((sum, unknown), amount)| match amount {
                    Some(Amount::Read(amount)) => (sum.saturating_add(amount), unknown),
                    Some(Amount::Unknown) => (sum, unknown + 1),
                    None => (sum, unknown),
                });
            before.push(next.collect());
        }
        Self { before, is_money }
    }

    /// The block of which amounts are the sums: it ends right above, before the record `at`, or begins right there; or it is
    /// all of them.
    fn prove(&self, amounts: &[Option<Amount>], at: usize) -> Option<Proof> {
        let count = self.before.len().saturating_sub(1);
        if count == 0 {
            return None;
        }
        let whole = std::iter::once((0, count));
        let above = (0..at).rev().take(LONGEST_BLOCK).map(|from| (from, at));
        let below = (at + 1..=count).take(LONGEST_BLOCK).map(|to| (at, to));
        whole
            .chain(above)
            .chain(below)
            .find(|&(from, to)| self.is_sum(amounts, from, to))
            .map(|(from, to)| Proof {
                records: to - from,
                is_all: to - from == count,
            })
    }

    /// Whether amounts of the record `at` are the sums of two records or more right above it or right below.
    fn is_sum_around(&self, amounts: &[Option<Amount>], at: usize) -> bool {
        let count = self.before.len().saturating_sub(1);
        let mut above = (0..at.saturating_sub(1)).rev().take(LONGEST_BLOCK);
        let mut below = (at + 3..=count).take(LONGEST_BLOCK);
        above.any(|from| self.is_sum(amounts, from, at))
            || below.any(|to| self.is_sum(amounts, at + 1, to))
            || (at + 1 == count && at > 1 && self.is_sum(amounts, 0, at))
    }

    /// Whether the amounts that are there are the sums of the records from one to another. Where money is, numbers of people
    /// and things need not be: a total of them may count something else.
    fn is_sum(&self, amounts: &[Option<Amount>], from: usize, to: usize) -> bool {
        let (mut money, mut others, mut other_differs) = (0, 0, false);
        for (column, amount) in amounts.iter().enumerate() {
            let Some(Amount::Read(amount)) = amount else {
                continue;
            };
            let ((low, unread), (high, unread_then)) =
                (self.before[from][column], self.before[to][column]);
            if unread_then > unread {
                continue;
            }
            let is_equal = high.saturating_sub(low) == *amount;
            match (self.is_money[column], is_equal) {
                (true, false) => return false,
                (true, true) => money += usize::from(*amount != 0),
                (false, false) => other_differs = true,
                (false, true) => others += 1,
            }
        }
        money > 0 || (others > 0 && !other_differs)
    }
}

#[cfg(test)]
mod tests {
    use super::RowStructure;
    use crate::grid::Merged;
    use crate::headings::HeadingContext;
    use crate::legal_forms::LegalForms;
    use crate::limits::Purpose;
    use crate::read::read;
    use crate::row_kind::RowKind;
    use crate::sheet_forms::SheetForms;
    use crate::table_plan::TableContext;
    use crate::value::date::DayOrder;
    use crate::workbook::open;
    use model::{Check, FileId};
    use programme::Programme;
    use std::collections::{BTreeMap, BTreeSet};

    const HEADING: &str =
        "STT|Tên doanh nghiệp|Mã số thuế|Nội dung hỗ trợ|Bắt đầu|Tình trạng|NSNN|DN đối ứng";
    const A: &str = "1|Công ty A|3600265395|3a1|2023-05-01|dừng|100|40";
    const B: &str = "2|Công ty B|3603295006|3a2|2023-05-01|dừng|60|25";

    /// The names of the records that rows make, and the checks of the sheet.
    fn records(rows: &[&str]) -> (Vec<String>, Vec<Check>) {
        let programme = Programme::default_programme().unwrap();
        let text = format!(
            "== TT chung\nCơ quan báo cáo|Sở Công Thương\nKỳ báo cáo|Năm 2023\n== Biểu 3\nĐVT: triệu đồng\n{HEADING}\n{}\n",
            rows.join("\n")
        );
        let bytes = testkit::workbook(&text);
        assert!(open(&bytes, "a.xlsx", Purpose::Report).is_ok());
        let reading = read(&FileId("0".repeat(64)), "a.xlsx", &bytes, &programme);
        let table = reading
            .tables
            .iter()
            .find(|it| it.form == "support")
            .unwrap();
        let names = table.frame.column("enterprise").unwrap();
        let names = (0..table.frame.height())
            .map(|row| names.get(row).unwrap().str_value().into_owned())
            .collect();
        let checks = reading.observations.iter().map(|it| it.check).collect();
        (names, checks)
    }

    fn data(rows: &[&str]) -> Vec<String> {
        let (names, checks) = records(rows);
        assert_eq!(checks, [], "{rows:?}");
        names
    }

    #[test]
    fn a_total_is_told_by_its_amounts_wherever_it_stands_and_whatever_it_is_called() {
        let both = ["Công ty A", "Công ty B"];
        assert_eq!(data(&[A, B, "|Toàn ngành|||||160|65"]), both);
        assert_eq!(
            data(&[
                "|Toàn tỉnh|||||160|65",
                "|Biên Hòa|||||100|40",
                A,
                "|Long Thành|||||60|25",
                B
            ]),
            both
        );
        assert_eq!(
            data(&[
                "'I|HỖ TRỢ|||||160|65",
                "'1|Hệ thống quản lý|||||160|65",
                A,
                B
            ]),
            both
        );
        assert_eq!(data(&[A, B, "Total||||||160|65"]), both);
    }

    #[test]
    fn a_row_of_a_text_and_amounts_that_are_no_sum_is_asked_about() {
        let (names, checks) = records(&[A, B, "|Các đơn vị còn lại|||||70|5"]);
        assert_eq!(names.len(), 3);
        assert_eq!(checks, [Check::RowUnclear]);
        // What is called as an enterprise is asked about even if its amounts happen to be another's.
        let (_, checks) = records(&[A, "|Công ty C|||||100|40"]);
        assert_eq!(checks, [Check::RowUnclear]);
    }

    #[test]
    fn a_record_whose_amounts_happen_to_be_a_sum_is_a_record() {
        let third = "3|Công ty C|3600265395|3a3|2023-05-01|dừng|160|65";
        assert_eq!(data(&[A, B, third]).len(), 3);
    }

    #[test]
    fn notes_with_amounts_below_the_total_are_named_and_not_counted() {
        let (names, checks) = records(&[A, B, "|Tổng cộng|||||160|65", "|- Đã tạm ứng|||||120|"]);
        assert_eq!(names.len(), 2);
        assert_eq!(checks, [Check::NumbersOutside]);
    }

    #[test]
    fn a_number_over_numbers_of_its_own_is_a_group() {
        let below = A.replacen("1|", "'1.1|", 1);
        assert_eq!(data(&["'1|Lĩnh vực công nghiệp", &below]), ["Công ty A"]);
    }

    /// What the rows of a table of spending are, of which the sources stand in cells merged over some rows.
    fn kinds(rows: &[&str], merged: &str) -> Vec<RowKind> {
        let programme = Programme::default_programme().unwrap();
        let text = format!(
            "== Biểu 8\nĐVT: triệu đồng\nSTT|Nhiệm vụ|Nguồn kinh phí|Dự toán|Thực hiện\n{}\n",
            rows.join("\n")
        );
        let bytes = testkit::workbook(&text);
        let mut workbook = open(&bytes, "a.xlsx", Purpose::Report).ok().unwrap();
        let sheet = &mut workbook.sheets[0];
        let (first, last) = merged.split_once(':').unwrap();
        let [first, last] = [first, last].map(|cell| cell.parse().unwrap());
        sheet.merged.push(Merged { first, last });
        let forms = SheetForms::find(sheet, HeadingContext::of(&programme));
        let (heading, rows) = (&forms.headings[0], &forms.classify_rows(&programme)[0]);
        let context = TableContext {
            programme: &programme,
            unit: Some(1_000_000),
            notations: &BTreeMap::new(),
            from_1904: false,
            fractions: &BTreeSet::new(),
            day_order: DayOrder::default(),
            last_day: None,
            heading_row: 1,
        };
        let legal_forms = LegalForms::of(&programme);
        let columns = context.columns(heading);
        let structure = RowStructure::new(sheet, heading, &columns, rows, &legal_forms);
        structure.classify().iter().map(|row| row.kind).collect()
    }

    #[test]
    fn what_stands_in_cells_merged_down_to_a_row_describes_it() {
        use RowKind::{Data, Unclear};
        // By chance the third says the same as the first.
        let rows = [
            "1|IV.1.a|DN|9|8",
            "2|IV.2.b||5|4",
            "3|IV.3.a||9|8",
            "4|IV.3.b||9|8",
        ];
        assert_eq!(kinds(&rows, "C3:C6"), [Data; 4]);
        // The last one is the sum of those above it.
        let rows = ["1|IV.1.a|DN|9|8", "2|IV.2.b||5|4", "|IV.2||14|12"];
        assert_eq!(kinds(&rows, "C3:C5"), [Data, Data, Unclear]);
    }
}
