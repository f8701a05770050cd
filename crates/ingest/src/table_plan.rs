//! How the rows of a table become records: which cell each of a record's values comes from.

use crate::cell_reader::cell_reading::{ColumnContext, ColumnEvidence};
use crate::headings::CodedColumn;
use crate::headings::matching::HeadingMatch;
use crate::value::date::DayOrder;
use crate::value::number::DecimalNotation;
use chrono::NaiveDate;
use model::CellRef;
use programme::{Column, Programme};
use std::collections::{BTreeMap, BTreeSet};

/// A column of the form as it stands on the sheet.
pub(crate) struct PlacedColumn<'a> {
    pub col: u32,
    pub place: usize,
    pub column: &'a Column,
    /// Whether it says whom or what a row is about.
    pub is_name: bool,
    pub context: ColumnContext<'a>,
}

/// Where a value of a record comes from.
pub(crate) enum ValueSource<'a> {
    /// From a cell of the row.
    Cell(PlacedColumn<'a>),
    /// Codes whose columns the row marks, each with its column.
    Marks {
        place: usize,
        column: &'a Column,
        codes: Vec<(u32, &'a str)>,
    },
    /// From a cell of two dates: the second, where the sheet has no column for it.
    LastDay { place: usize },
    /// From nowhere: only other records of the row have it.
    Nowhere { place: usize },
    /// A code that a heading names, for all amounts below it.
    Heading {
        place: usize,
        code: &'a str,
        at: CellRef,
    },
}

impl ValueSource<'_> {
    pub(crate) fn place(&self) -> usize {
        match self {
            Self::Cell(placed) => placed.place,
            Self::Marks { place, .. }
            | Self::Heading { place, .. }
            | Self::LastDay { place }
            | Self::Nowhere { place } => *place,
        }
    }
}

/// What a row makes one record of; a row makes as many records as it has plans for which it holds an amount.
pub(crate) struct RecordPlan<'a> {
    /// In the order of the form's columns.
    pub sources: Vec<ValueSource<'a>>,
    /// The columns of which one must hold something; none if the row is a record in any case.
    pub needs: Vec<u32>,
}

/// What is known of a table beside its heading.
pub(crate) struct TableContext<'c, 'a> {
    pub programme: &'a Programme,
    /// The unit of money around the table, in đồng.
    pub unit: Option<i64>,
    pub notations: &'c BTreeMap<usize, DecimalNotation>,
    pub from_1904: bool,
    /// The form's columns of shares that hold bare fractions.
    pub fractions: &'c BTreeSet<usize>,
    pub day_order: DayOrder,
    /// The last day of the period that is reported, if that is known.
    pub last_day: Option<NaiveDate>,
    /// The row of the sheet that names codes, from 0.
    pub heading_row: u32,
}

impl<'a> TableContext<'_, 'a> {
    fn placed(&self, heading: &HeadingMatch<'a>, col: u32, place: usize) -> PlacedColumn<'a> {
        PlacedColumn {
            col,
            place,
            column: &heading.form.columns[place],
            is_name: heading.form.name_place() == Some(place),
            context: ColumnContext {
                programme: self.programme,
                unit: heading.units.get(&col).copied().or(self.unit),
                notation: self.notations.get(&place).copied(),
                from_1904: self.from_1904,
                is_last_day: self.first_day_of(heading, place).is_some(),
                evidence: ColumnEvidence {
                    has_bare_fractions: self.fractions.contains(&place),
                    day_order: self.day_order,
                },
                last_day: self.last_day,
            },
        }
    }

    /// The form's column of the first days that belong to a column of last days.
    fn first_day_of(&self, heading: &HeadingMatch<'a>, place: usize) -> Option<usize> {
        let words = &self.programme.heading_words;
        let mut places = 0..heading.form.columns.len();
        places.find(|&first| words.last_day_of(heading.form, first) == Some(place))
    }

    /// Every column of the sheet that was recognised.
    pub(crate) fn columns(&self, heading: &HeadingMatch<'a>) -> Vec<PlacedColumn<'a>> {
        let placed = heading.placed();
        let mut columns: Vec<PlacedColumn<'a>> = placed
            .map(|(col, place)| self.placed(heading, col, place))
            .collect();
        columns.sort_by_key(|placed| (placed.place, placed.col));
        columns
    }

    /// The records that each row makes.
    pub(crate) fn plans(&self, heading: &'a HeadingMatch<'a>) -> Vec<RecordPlan<'a>> {
        let cells = || -> Vec<ValueSource<'a>> {
            let words = &self.programme.heading_words;
            let columns = heading.columns.iter();
            let cells =
                columns.map(|(&col, &place)| ValueSource::Cell(self.placed(heading, col, place)));
            let first_days = heading.columns.values();
            let last_days = first_days
                .filter_map(|&first| words.last_day_of(heading.form, first))
                .filter(|&place| !heading.has(place));
            cells
                .chain(last_days.map(|place| ValueSource::LastDay { place }))
                .collect()
        };
        let mut by_code: BTreeMap<&str, Vec<&'a CodedColumn>> = BTreeMap::new();
        for coded in heading.coded.iter().filter(|coded| coded.amount.is_some()) {
            by_code.entry(&coded.code).or_default().push(coded);
        }
        let mut plans: Vec<RecordPlan<'a>> = Vec::new();
        for coded in by_code.into_values() {
            let mut sources = cells();
            sources.extend(coded.first().map(|first| ValueSource::Heading {
                place: first.place,
                code: &first.code,
                at: CellRef {
                    row: self.heading_row,
                    col: first.col,
                },
            }));
            sources.extend(coded.iter().filter_map(|coded| {
                Some(ValueSource::Cell(self.placed(
                    heading,
                    coded.col,
                    coded.amount?,
                )))
            }));
            let needs = coded.iter().map(|coded| coded.col).collect();
            plans.push(RecordPlan { sources, needs });
        }
        if plans.is_empty() {
            let mut sources = cells();
            let marks = heading.coded.iter().filter(|coded| coded.amount.is_none());
            let codes: Vec<(u32, &str)> = marks
                .map(|coded| (coded.col, coded.code.as_str()))
                .collect();
            if let Some(first) = heading.coded.first().filter(|_| !codes.is_empty()) {
                sources.push(ValueSource::Marks {
                    place: first.place,
                    column: &heading.form.columns[first.place],
                    codes,
                });
            }
            plans.push(RecordPlan {
                sources,
                needs: Vec::new(),
            });
        }
        // All records of a table have the same columns.
        let all: BTreeSet<usize> = plans
            .iter()
            .flat_map(|plan| plan.sources.iter().map(ValueSource::place))
            .collect();
        for plan in &mut plans {
            let own: BTreeSet<usize> = plan.sources.iter().map(ValueSource::place).collect();
            let missing = all.difference(&own);
            plan.sources
                .extend(missing.map(|&place| ValueSource::Nowhere { place }));
            plan.sources.sort_by_key(ValueSource::place);
        }
        plans
    }
}

#[cfg(test)]
mod tests {
    use crate::read::read;
    use model::FileId;
    use programme::Programme;

    /// The values of some columns of a form's records.
    fn values(text: &str, form: &str, columns: &[&str]) -> Vec<String> {
        let programme = Programme::default_programme().unwrap();
        let general = "== TT chung\nCơ quan báo cáo|Sở Công Thương\nKỳ báo cáo|Năm 2023\n";
        let bytes = testkit::workbook(&format!("{general}{text}"));
        let reading = read(&FileId("0".repeat(64)), "a.xlsx", &bytes, &programme);
        let table = reading.tables.iter().find(|it| it.form == form).unwrap();
        let value = |name: &str, row| {
            let column = table.frame.column(name).unwrap();
            column.get(row).unwrap().str_value().into_owned()
        };
        let row = |row| {
            let shown: Vec<String> = columns.iter().map(|name| value(name, row)).collect();
            shown.join(" ")
        };
        (0..table.frame.height()).map(row).collect()
    }

    #[test]
    fn amounts_side_by_side_for_several_codes_are_a_record_each() {
        let text = "== Biểu 8\nĐVT: đồng\nNhiệm vụ|Dự toán||Thực hiện|\n|NSNN hỗ trợ|Doanh nghiệp|NSNN hỗ trợ|Doanh nghiệp\n\
            IV.3|300|150|155|90\nIV.5|20||10|\n";
        assert_eq!(
            values(text, "budget", &["task", "source", "planned", "spent"]),
            [
                "IV.3 enterprise 150 90",
                "IV.3 supported 300 155",
                "IV.5 supported 20 10"
            ]
        );
    }

    #[test]
    fn two_dates_in_a_cell_fill_the_last_day_that_has_no_column() {
        let text = "== Biểu 3\nTên doanh nghiệp|Nội dung hỗ trợ|Thời gian thực hiện|Tình trạng\n\
            Công ty A|3a1|từ 05/3/2023 đến 20/8/2023|dừng\nCông ty B|3a1|05/3/2023|dừng\n";
        assert_eq!(
            values(text, "support", &["start", "finish"]),
            ["2023-03-05 2023-08-20", "2023-03-05 null"]
        );
    }

    #[test]
    fn the_state_s_money_is_that_which_the_task_has() {
        let text = "== Biểu 8\nĐVT: đồng\nNhiệm vụ|Nguồn kinh phí|Dự toán|Thực hiện\nIV.1.a|NSNN|3|1\nIV.3|Ngân sách tỉnh|3|1\nIV.4.đ|NSNN|3|1\n";
        assert_eq!(
            values(text, "budget", &["source"]),
            ["ensured", "supported", "null"]
        );
    }
}
