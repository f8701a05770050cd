//! What reading a cell needs and gives.

use crate::cell_reader::shown::shown;
use crate::grid::Cell;
use crate::stored_value::StoredValue;
use crate::value::date::{DateSpan, DayOrder};
use crate::value::number::DecimalNotation;
use chrono::NaiveDate;
use model::Check;
use programme::Programme;

/// What must be known to read a cell beside the cell.
pub(crate) struct ColumnContext<'a> {
    pub programme: &'a Programme,
    /// How many đồng one unit of the column is, if that is known.
    pub unit: Option<i64>,
    /// How the column's texts write fractions, if they show it.
    pub notation: Option<DecimalNotation>,
    /// Whether the workbook counts days from 1904 on.
    pub from_1904: bool,
    /// Whether the column holds the last days of cases: of two dates in a cell the second is its own.
    pub is_last_day: bool,
    /// What the other cells show of how this one is meant.
    pub evidence: ColumnEvidence,
    /// The last day of the period that is reported, if that is known: a code that comes into use later is not meant.
    pub last_day: Option<NaiveDate>,
}

/// What the cells of a table show of how one of them is meant.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ColumnEvidence {
    /// Whether a column of shares holds bare fractions: 0.12 may be 0.12% or 12% there, and so may 1 be 1% or 100%.
    pub has_bare_fractions: bool,
    /// Whether the dates that are written as text put the day before the month.
    pub day_order: DayOrder,
}

/// Something wrong with a cell: the check, what stands there, what was expected.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CellFault {
    pub check: Check,
    pub found: String,
    pub expected: String,
}

/// A cell, read: what is stored, and what is wrong with it. Both may be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CellReading {
    pub stored: StoredValue,
    /// Boxed: few cells have one, and it is large.
    pub fault: Option<Box<CellFault>>,
    /// The second date of a cell that holds two, 'từ 01/3/2024 đến 30/6/2024'; the first is stored. The fault says that
    /// the second is not kept: whoever keeps it in another column leaves the fault out.
    pub until: Option<DateSpan>,
    /// Whether the cell itself says the unit of its amount: '45 tỷ đồng', or a number whose format shows 'tr.đ'.
    pub says_unit: bool,
}

impl CellReading {
    /// A value and nothing wrong with it.
    pub(crate) fn of(stored: StoredValue) -> Self {
        Self {
            stored,
            fault: None,
            until: None,
            says_unit: false,
        }
    }

    /// A value that something is wrong with all the same.
    pub(crate) fn told(stored: StoredValue, fault: CellFault) -> Self {
        Self {
            stored,
            fault: Some(Box::new(fault)),
            until: None,
            says_unit: false,
        }
    }

    /// Nothing, because of a fault.
    pub(crate) fn refused(fault: CellFault) -> Self {
        Self::told(StoredValue::Null, fault)
    }
}

/// A fault of a cell, which shows what stands there.
pub(crate) fn fault(check: Check, cell: &Cell, expected: impl Into<String>) -> CellFault {
    CellFault {
        check,
        found: shown(cell),
        expected: expected.into(),
    }
}
