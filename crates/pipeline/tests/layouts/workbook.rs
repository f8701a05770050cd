//! Sheets written as an .xlsx.

use crate::grid::{Cell, Content, Grid};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};

/// The bytes of a workbook of these sheets.
pub(crate) fn workbook(grids: &[Grid]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for grid in grids {
        write(workbook.add_worksheet(), grid).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

fn write(sheet: &mut Worksheet, grid: &Grid) -> Result<(), XlsxError> {
    sheet.set_name(&grid.name)?;
    for (top, left, bottom, right) in &grid.merged {
        sheet.merge_range(*top, *left, *bottom, *right, "", &Format::new())?;
    }
    for ((row, col), cell) in &grid.cells {
        write_cell(sheet, *row, *col, cell)?;
    }
    for row in &grid.hidden_rows {
        sheet.set_row_hidden(*row)?;
    }
    for col in &grid.hidden_columns {
        sheet.set_column_hidden(*col)?;
    }
    Ok(())
}

fn write_cell(sheet: &mut Worksheet, row: u32, col: u16, cell: &Cell) -> Result<(), XlsxError> {
    let mut format = Format::new();
    if cell.is_bold {
        format = format.set_bold();
    }
    if cell.is_struck {
        format = format.set_font_strikethrough();
    }
    if let Some(number) = cell.format {
        format = format.set_num_format(number);
    }
    match &cell.content {
        Content::Text(text) => sheet.write_string_with_format(row, col, text, &format)?,
        Content::Number(digits) => {
            let number: f64 = digits.parse().unwrap();
            sheet.write_number_with_format(row, col, number, &format)?
        }
        Content::Day(day) => {
            let day = ExcelDateTime::parse_from_str(&day.to_string())?;
            let format = match cell.format {
                Some(_) => format,
                None => format.set_num_format("dd/mm/yyyy"),
            };
            sheet.write_datetime_with_format(row, col, &day, &format)?
        }
        Content::Formula(formula, result) => {
            let formula = Formula::new(formula).set_result(result);
            sheet.write_formula_with_format(row, col, formula, &format)?
        }
    };
    Ok(())
}
