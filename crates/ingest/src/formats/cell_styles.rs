//! How the cells of a workbook are shown: the styles it lists, each cell naming one by its number.

use crate::formats::number_format::NumberFormat;
use crate::grid::{CellFormat, SheetGrid, Value};
use model::CellRef;
use std::collections::{HashMap, HashSet};

/// A style, as far as it makes a person read something else than the stored value.
#[derive(Debug, Clone, Default)]
pub(crate) struct CellStyle {
    pub number: NumberFormat,
    pub is_struck: bool,
}

/// The styles of a workbook, by their numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct CellStyles(Vec<CellStyle>);

/// The styles of cells by row and column; only of cells whose style matters.
pub(crate) type StyledCells = HashMap<(u32, u32), usize, foldhash::fast::FixedState>;

impl CellStyle {
    fn matters(&self) -> bool {
        self.is_struck || self.number.matters()
    }
}

impl FromIterator<CellStyle> for CellStyles {
    fn from_iter<I: IntoIterator<Item = CellStyle>>(styles: I) -> Self {
        Self(styles.into_iter().collect())
    }
}

impl CellStyles {
    /// Whether any style matters. Most workbooks have none, and then the styles of cells need not be read.
    pub(crate) fn matter(&self) -> bool {
        self.0.iter().any(CellStyle::matters)
    }

    /// Whether the style of that number matters.
    pub(crate) fn matters(&self, style: usize) -> bool {
        self.0.get(style).is_some_and(CellStyle::matters)
    }

    /// How a value is shown in that style; as it is if there is no such style.
    pub(crate) fn format(&self, style: usize, value: &Value) -> CellFormat {
        self.0
            .get(style)
            .map_or_else(CellFormat::default, |style| CellFormat {
                is_struck: style.is_struck,
                ..style.number.of(value)
            })
    }

    /// Says of the cells of a sheet how they are shown.
    pub(crate) fn apply(&self, sheet: &mut SheetGrid, styled: &StyledCells) {
        if styled.is_empty() {
            return;
        }
        for row in &mut sheet.rows {
            for cell in &mut row.cells {
                if let Some(style) = styled.get(&(row.index, cell.col)) {
                    cell.format = self.format(*style, &cell.value);
                }
            }
        }
    }
}

/// Says of cells that they are struck through, whatever their style says.
pub(crate) fn strike(sheet: &mut SheetGrid, struck: &[CellRef]) {
    if struck.is_empty() {
        return;
    }
    let struck: HashSet<&CellRef> = struck.iter().collect();
    for row in &mut sheet.rows {
        let index = row.index;
        for cell in &mut row.cells {
            let (row, col) = (index, cell.col);
            cell.format.is_struck |= struck.contains(&CellRef { row, col });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CellStyle, CellStyles, StyledCells, strike};
    use crate::formats::number_format::NumberFormat;
    use crate::grid::{Cell, CellFormat, Row, SheetGrid, Shows, Value};

    fn styles() -> CellStyles {
        ["General", "0%"]
            .into_iter()
            .map(|code| CellStyle {
                number: NumberFormat::parse(code),
                is_struck: false,
            })
            .collect()
    }

    #[test]
    fn only_styles_that_change_what_is_read_matter() {
        let styles = styles();
        assert!(styles.matter() && styles.matters(1));
        assert!(!styles.matters(0) && !styles.matters(7));
        let struck = CellStyle {
            is_struck: true,
            ..CellStyle::default()
        };
        assert!(CellStyles::from_iter([struck]).matters(0));
        assert!(!CellStyles::from_iter([CellStyle::default()]).matter());
    }

    #[test]
    fn cells_are_found_by_their_places() {
        let cells = vec![
            Cell::plain(0, Value::Number(0.5)),
            Cell::plain(2, Value::Number(0.5)),
        ];
        let mut sheet = SheetGrid {
            rows: vec![Row { index: 3, cells }],
            ..SheetGrid::default()
        };
        styles().apply(
            &mut sheet,
            &StyledCells::from_iter([((3, 2), 1), ((4, 0), 1)]),
        );
        let cells = &sheet.rows[0].cells;
        assert_eq!(cells[0].format, CellFormat::default());
        assert_eq!(cells[1].format.shows, Shows::Percent);
        strike(&mut sheet, &["C4".parse().unwrap()]);
        let struck = sheet.rows[0].cells.iter().map(|cell| cell.format.is_struck);
        assert!(struck.eq([false, true]));
    }
}
