use crate::error::ReportError;
use crate::paper::Paper;
use crate::paper::cell::CellValue;
use crate::paper::heading::ColumnHeading;
use crate::paper::look::Look;
use std::borrow::Cow;

/// A column of a table over rows of one type: its heading, its width and what its cells say, in one place.
pub(crate) struct ColumnSpec<'a, R> {
    heading: ColumnHeading<'a>,
    cell: Box<dyn Fn(&R) -> CellValue<'a> + 'a>,
    /// What stands below it in the row of totals.
    foot: CellValue<'a>,
    /// What a chart finds it by.
    name: Option<&'static str>,
}

impl<'a, R> ColumnSpec<'a, R> {
    pub(crate) fn new(
        heading: impl Into<Cow<'a, str>>,
        width: u16,
        cell: impl Fn(&R) -> CellValue<'a> + 'a,
    ) -> Self {
        Self {
            heading: ColumnHeading {
                text: heading.into(),
                group: None,
                width,
                columns: 1,
            },
            cell: Box::new(cell),
            foot: CellValue::Text("".into(), Look::TotalText),
            name: None,
        }
    }

    /// A column of a further table, over so many columns of the sheet.
    pub(crate) fn spanning(
        columns: u16,
        heading: impl Into<Cow<'a, str>>,
        cell: impl Fn(&R) -> CellValue<'a> + 'a,
    ) -> Self {
        let mut column = Self::new(heading, 0, cell);
        column.heading.columns = columns;
        column
    }

    pub(crate) fn in_group(mut self, group: Option<&'a str>) -> Self {
        self.heading.group = group;
        self
    }

    pub(crate) fn with_foot(mut self, foot: CellValue<'a>) -> Self {
        self.foot = foot;
        self
    }

    pub(crate) fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }
}

/// The columns of a table, from left to right.
pub(crate) struct ColumnList<'a, R>(pub Vec<ColumnSpec<'a, R>>);

impl<'a, R> ColumnList<'a, R> {
    fn headings(&self) -> Vec<ColumnHeading<'a>> {
        self.0.iter().map(|column| column.heading.clone()).collect()
    }

    /// Begins a sheet's first table; so many columns on the left stay in view.
    pub(crate) fn begin(&self, page: &mut dyn Paper, kept: u16) -> Result<(), ReportError> {
        page.head(&self.headings(), kept)
    }

    /// Begins a sheet's table of data, of so many rows; above each column that has a sum stands that of the rows that are shown.
    pub(crate) fn begin_data(
        &self,
        page: &mut dyn Paper,
        rows: u32,
        sums: &[Option<i64>],
    ) -> Result<(), ReportError> {
        page.data_table(&self.headings(), rows, sums)
    }

    /// Begins a further table below, under a title.
    pub(crate) fn begin_next(
        &self,
        page: &mut dyn Paper,
        title: Option<&str>,
    ) -> Result<(), ReportError> {
        page.next_table(title, &self.headings())
    }

    pub(crate) fn row(&self, page: &mut dyn Paper, row: &R) -> Result<(), ReportError> {
        for column in &self.0 {
            page.cell(&(column.cell)(row), column.heading.columns)?;
        }
        page.end_row()
    }

    /// The row of totals.
    pub(crate) fn foot(&self, page: &mut dyn Paper) -> Result<(), ReportError> {
        for column in &self.0 {
            page.cell(&column.foot, column.heading.columns)?;
        }
        page.end_row()
    }

    /// The place of a named column on the sheet, from 0.
    pub(crate) fn place_of(&self, name: &str) -> Option<u16> {
        let place = self.0.iter().position(|column| column.name == Some(name))?;
        Some(self.0[..place].iter().map(|c| c.heading.columns).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::{ColumnList, ColumnSpec};
    use crate::paper::cell::CellValue;
    use crate::paper::look::Look;
    use crate::testing::on_text;

    type Col = ColumnSpec<'static, i64>;

    fn columns() -> ColumnList<'static, i64> {
        ColumnList(vec![
            Col::new("Năm", 5, |year| CellValue::ordinal(*year)),
            Col::spanning(2, "Nửa", |year| CellValue::Number(year / 2, Look::Number))
                .in_group(Some("Phép tính"))
                .with_foot(CellValue::Total(7, Look::Total)),
            Col::new("Đôi", 5, |year| CellValue::money(Some(year * 2))).named("double"),
        ])
    }

    #[test]
    fn heading_cells_and_foot_stand_in_one_order() {
        let text = on_text(|page| {
            columns().begin(page, 1)?;
            columns().row(page, &8)?;
            columns().foot(page)
        });
        insta::assert_snapshot!(text, @r"
        [Năm | Phép tính: Nửa | Đôi] kept 1
        #8 | 4‹2› | 16
        = | =7 Σ‹2› | =
        ");
    }

    #[test]
    fn a_named_columns_place_counts_wide_columns_before_it() {
        assert_eq!(columns().place_of("double"), Some(3));
        assert_eq!(columns().place_of("half"), None);
    }
}
