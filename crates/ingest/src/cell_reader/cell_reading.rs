//! What reading a cell needs and gives.

use crate::grid::Value;
use crate::stored_value::StoredValue;
use crate::value::number::DecimalNotation;
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
}

/// Something wrong with a cell: the check, what stands there, what was expected.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CellFault {
    pub check: Check,
    pub found: String,
    pub expected: String,
}

/// A cell, read: what is stored, and what is wrong with it. Both may be.
pub(crate) type CellReading = (StoredValue, Option<CellFault>);

/// A fault of a cell, which shows what stands there.
pub(crate) fn fault(check: Check, value: &Value, expected: impl Into<String>) -> Option<CellFault> {
    Some(CellFault {
        check,
        found: value.shown(),
        expected: expected.into(),
    })
}
