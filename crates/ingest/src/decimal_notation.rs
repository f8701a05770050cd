//! How the texts of a column write numbers: '16.000' is sixteen thousand, or sixteen.
//!
//! A column's own texts may show it beyond doubt, or the other columns' do. Else the column's total says which reading
//! adds up, and last the size of its other numbers says which reading is of their kind. What none of these decides
//! stays undecided: it is not guessed.

use crate::grid::{Cell, Row, Value};
use crate::headings::matching::HeadingMatch;
use crate::row_kind::RowKind;
use crate::value::number::{Counted, DecimalNotation, Number, notation, number};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// A reading that is so many times smaller or larger than all other numbers of its column is not of their kind.
const APART: Decimal = Decimal::from_parts(20, 0, 0, false, 0);

/// Fewer numbers than these show no size.
const ENOUGH: usize = 3;

/// The numbers of a column as they stand.
#[derive(Default)]
struct ColumnNumbers {
    /// Notations its texts show.
    shown: BTreeSet<DecimalNotation>,
    /// Numbers with one reading.
    known: Vec<Decimal>,
    /// Texts with two.
    either: Vec<TwoReadings>,
    /// What its total rows say.
    totals: Vec<Decimal>,
}

/// A text with one lone sign before three digits.
struct TwoReadings {
    sign: char,
    comma_decimal: Decimal,
    dot_decimal: Decimal,
}

impl TwoReadings {
    fn of(text: &str) -> Option<Self> {
        let read = |notation| match number(text, Some(notation))? {
            Number::One(value, _) => Some(value),
            Number::Either { .. } => None,
        };
        Some(Self {
            sign: if text.contains(',') { ',' } else { '.' },
            comma_decimal: read(DecimalNotation::CommaDecimal)?,
            dot_decimal: read(DecimalNotation::DotDecimal)?,
        })
    }

    fn read(&self, notation: DecimalNotation) -> Decimal {
        match notation {
            DecimalNotation::CommaDecimal => self.comma_decimal,
            DecimalNotation::DotDecimal => self.dot_decimal,
        }
    }
}

/// The notation of each number column of a table that can be told; `elsewhere` is what the workbook's other tables show.
pub(crate) fn column_notations(
    heading: &HeadingMatch<'_>,
    rows: &[(RowKind, &Row)],
    elsewhere: Option<DecimalNotation>,
) -> BTreeMap<usize, DecimalNotation> {
    let columns: Vec<(u32, usize)> = heading
        .placed()
        .filter(|(_, column)| heading.form.columns[*column].kind.is_number())
        .collect();
    // Most tables hold their numbers as numbers, and then there is nothing to tell.
    let width = columns
        .iter()
        .map(|(col, _)| *col as usize + 1)
        .max()
        .unwrap_or(0);
    let mut holds_numbers = vec![false; width];
    columns
        .iter()
        .for_each(|(col, _)| holds_numbers[*col as usize] = true);
    let is_text = |cell: &Cell| {
        holds_numbers.get(cell.col as usize) == Some(&true) && matches!(cell.value, Value::Text(_))
    };
    if !rows
        .iter()
        .any(|(kind, row)| *kind == RowKind::Data && row.cells.iter().any(is_text))
    {
        return BTreeMap::new();
    }
    let numbers: Vec<ColumnNumbers> = columns
        .iter()
        .map(|&(col, _)| column_numbers(col, rows))
        .collect();
    let all: BTreeSet<DecimalNotation> = numbers
        .iter()
        .flat_map(|s| s.shown.iter().copied())
        .collect();
    let kind = |column: usize| &heading.form.columns[column].kind;
    // A column of texts only is of the size of its neighbours of the same kind.
    let neighbours = |column: usize| -> Vec<Decimal> {
        let alike = columns
            .iter()
            .zip(&numbers)
            .filter(|((_, other), _)| kind(*other) == kind(column));
        alike.flat_map(|(_, s)| s.known.iter().copied()).collect()
    };
    let mut notations: BTreeMap<usize, DecimalNotation> = BTreeMap::new();
    for (&(_, column), own) in columns.iter().zip(&numbers) {
        // A column's own texts come first: columns of one table may come from different programs.
        let shown = if own.shown.is_empty() {
            agreed(&all)
        } else {
            agreed(&own.shown)
        };
        let notation = shown
            .or_else(|| own.by_total())
            .or_else(|| own.by_size(&own.known))
            .or_else(|| {
                let has_known = !own.known.is_empty();
                (!has_known).then(|| own.by_size(&neighbours(column)))?
            });
        notations.extend(notation.map(|notation| (column, notation)));
    }
    // What the table's other columns came to, or the workbook's other tables, holds for those left.
    let usual = agreed(&notations.values().copied().collect()).or(elsewhere);
    // Where another sign stands than in what decided, both may part thousands: then the size has to say so, too.
    let decided = columns.iter().zip(&numbers);
    let decided = decided.filter(|((_, column), _)| notations.contains_key(column));
    let seen: BTreeSet<char> = decided.flat_map(|(_, own)| own.signs()).collect();
    let is_shown = !all.is_empty() || notations.is_empty();
    for (&(_, column), own) in columns.iter().zip(&numbers) {
        let is_as_seen = is_shown || own.signs().is_subset(&seen);
        let notation = if is_as_seen {
            usual
        } else {
            own.by_size(&neighbours(column))
        };
        if let Some(notation) = notation {
            notations.entry(column).or_insert(notation);
        }
    }
    notations
}

/// The one notation of several, if there is just one.
pub(crate) fn agreed(notations: &BTreeSet<DecimalNotation>) -> Option<DecimalNotation> {
    if notations.len() == 1 {
        notations.first().copied()
    } else {
        None
    }
}

fn column_numbers(col: u32, rows: &[(RowKind, &Row)]) -> ColumnNumbers {
    let mut numbers = ColumnNumbers::default();
    for (kind, row) in rows {
        let (read, text) = match row.cell(col) {
            Some(value @ Value::Number(_)) => {
                (value.as_decimal().map(|d| Number::One(d, None)), "")
            }
            Some(Value::Text(text)) => {
                numbers.shown.extend(notation(text));
                (number(text, None), &**text)
            }
            _ => (None, ""),
        };
        match (kind, read) {
            (RowKind::Data, Some(Number::One(value, None | Some(Counted::Heads)))) => {
                numbers.known.push(value);
            }
            (
                RowKind::Data,
                Some(Number::Either {
                    unit: None | Some(Counted::Heads),
                    ..
                }),
            ) => numbers.either.extend(TwoReadings::of(text)),
            (RowKind::Total, Some(Number::One(value, None | Some(Counted::Heads)))) => {
                numbers.totals.push(value);
            }
            (
                RowKind::Total,
                Some(Number::Either {
                    thousands,
                    fraction,
                    ..
                }),
            ) => {
                numbers.totals.extend([thousands, fraction]);
            }
            _ => {}
        }
    }
    numbers
}

/// The notation that fits, if the other does not.
fn only(fits: impl Fn(DecimalNotation) -> bool) -> Option<DecimalNotation> {
    let [comma, dot] = [DecimalNotation::CommaDecimal, DecimalNotation::DotDecimal];
    match (fits(comma), fits(dot)) {
        (true, false) => Some(comma),
        (false, true) => Some(dot),
        _ => None,
    }
}

impl ColumnNumbers {
    fn by_total(&self) -> Option<DecimalNotation> {
        if self.either.is_empty() {
            return None;
        }
        let known: Decimal = self.known.iter().sum();
        only(|notation| {
            let sum: Decimal = self.either.iter().map(|text| text.read(notation)).sum();
            self.totals.contains(&(known + sum))
        })
    }

    /// The signs of its texts with two readings.
    fn signs(&self) -> BTreeSet<char> {
        self.either.iter().map(|text| text.sign).collect()
    }

    fn by_size(&self, others: &[Decimal]) -> Option<DecimalNotation> {
        if self.either.is_empty() {
            return None;
        }
        let sizes = || {
            others
                .iter()
                .map(Decimal::abs)
                .filter(|size| !size.is_zero())
        };
        // Zeros say nothing of the size.
        if sizes().count() < ENOUGH {
            return None;
        }
        let (least, most) = (sizes().min()?, sizes().max()?);
        let fits = |value: Decimal| value.abs() * APART >= least && value.abs() <= most * APART;
        only(|notation| self.either.iter().all(|text| fits(text.read(notation))))
    }
}

#[cfg(test)]
mod tests {
    use super::column_notations;
    use crate::headings::HeadingContext;
    use crate::limits::Purpose;
    use crate::sheet_forms::SheetForms;
    use crate::value::number::DecimalNotation::{self, CommaDecimal, DotDecimal};
    use crate::workbook::open;
    use programme::Programme;

    /// The notation of the columns 'state_budget' and 'employees' of a table whose rows are given so.
    fn notations(
        rows: &[[&str; 2]],
        total: Option<&str>,
        elsewhere: Option<DecimalNotation>,
    ) -> [Option<DecimalNotation>; 2] {
        let programme = Programme::default_programme().unwrap();
        let mut text = "== T\nTên doanh nghiệp|Tình trạng|NSNN|Số lao động\n".to_owned();
        for [money, people] in rows {
            text += &format!("Công ty A|dừng|{money}|{people}\n");
        }
        if let Some(total) = total {
            text += &format!("Tổng cộng||{total}|\n");
        }
        let bytes = testkit::workbook(&text);
        let opened = open(&bytes, "a.xlsx", Purpose::Report).ok().unwrap();
        let forms = SheetForms::find(&opened.sheets[0], HeadingContext::of(&programme));
        let rows = forms.classify_rows(&programme);
        let heading = &forms.headings[0];
        let found = column_notations(heading, &rows[0], elsewhere);
        ["state_budget", "employees"].map(|name| {
            let place = heading.form.columns.iter().position(|c| c.name == name);
            found.get(&place.unwrap()).copied()
        })
    }

    #[test]
    fn a_text_beyond_doubt_decides_for_its_column_and_its_neighbours() {
        let rows = [["'16.000", "'1.250"], ["'1.234,5", "3"]];
        assert_eq!(notations(&rows, None, None), [Some(CommaDecimal); 2]);
        let rows = [["'16.000", "'1.250"], ["'12.5", "3"]];
        assert_eq!(notations(&rows, None, None), [Some(DotDecimal); 2]);
    }

    #[test]
    fn the_total_says_which_reading_adds_up() {
        let rows = [["'16.000", "1"], ["'1.500", "2"]];
        assert_eq!(notations(&rows, Some("17500"), None)[0], Some(CommaDecimal));
        assert_eq!(notations(&rows, Some("17.5"), None)[0], Some(DotDecimal));
        assert_eq!(notations(&rows, Some("20"), None)[0], None);
    }

    #[test]
    fn three_other_numbers_show_the_size() {
        let large = [
            ["'16.000", "1"],
            ["9000", "1"],
            ["20000", "1"],
            ["12000", "1"],
        ];
        assert_eq!(notations(&large, None, None)[0], Some(CommaDecimal));
        let small = [["'16.000", "1"], ["9", "1"], ["20", "1"], ["12", "1"]];
        assert_eq!(notations(&small, None, None)[0], Some(DotDecimal));
        assert_eq!(notations(&small[..3], None, None)[0], None);
    }

    #[test]
    fn what_nothing_decides_is_as_in_the_other_tables_or_undecided() {
        let rows = [["'16.000", "1"]];
        assert_eq!(notations(&rows, None, None), [None; 2]);
        assert_eq!(
            notations(&rows, None, Some(DotDecimal))[0],
            Some(DotDecimal)
        );
        // Numbers that are stored as numbers need no notation.
        assert_eq!(notations(&[["16", "1"]], None, Some(DotDecimal)), [None; 2]);
    }

    #[test]
    fn texts_that_contradict_each_other_decide_nothing() {
        let rows = [["'1.234,5", "1"], ["'1,234.5", "1"], ["'16.000", "1"]];
        assert_eq!(notations(&rows, None, None)[0], None);
    }

    #[test]
    fn of_two_signs_in_a_column_one_parts_thousands() {
        let rows = [
            ["'1.320", "1"],
            ["'344,975", "1"],
            ["900", "1"],
            ["1200", "1"],
            ["700", "1"],
        ];
        assert_eq!(notations(&rows, None, None)[0], Some(CommaDecimal));
        let rows = rows.map(|[money, people]| {
            [
                money.replace('.', ";").replace(',', ".").replace(';', ","),
                people.to_owned(),
            ]
        });
        let rows = rows
            .each_ref()
            .map(|[money, people]| [money.as_str(), people.as_str()]);
        assert_eq!(notations(&rows, None, None)[0], Some(DotDecimal));
        // If both part thousands, neither reading is of the size of the others.
        let rows = [
            ["'1.320", "1"],
            ["'344,975", "1"],
            ["90000", "1"],
            ["120000", "1"],
            ["70000", "1"],
        ];
        assert_eq!(notations(&rows, None, None)[0], None);
    }

    #[test]
    fn another_column_says_nothing_of_another_sign() {
        let people = ["1200", "900", "1100", "'1.300"];
        let of = |sign: &str| -> Vec<[String; 2]> {
            let money = format!("'16{sign}000");
            people
                .map(|people| [money.clone(), people.to_owned()])
                .to_vec()
        };
        let found = |sign| {
            let rows = of(sign);
            let rows: Vec<[&str; 2]> = rows
                .iter()
                .map(|row| row.each_ref().map(String::as_str))
                .collect();
            notations(&rows, None, None)
        };
        assert_eq!(found("."), [Some(CommaDecimal); 2]);
        assert_eq!(found(","), [None, Some(CommaDecimal)]);
    }
}
