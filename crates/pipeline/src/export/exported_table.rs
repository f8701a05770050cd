use crate::error::PipelineError;
use crate::export::plain_parquet::{csv_rows, plain_parquet};
use polars::prelude::*;
use std::collections::BTreeMap;

/// The name of the partition by the year that a row is reported for.
pub(crate) const REPORT_YEAR: &str = "report_year";
/// The name of the partition by the office that exports.
pub(crate) const WORKSPACE: &str = "workspace";

/// What a table of an export is, which says how those of several offices are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TableRole {
    /// The rows of a form that count: what indicators and listings read.
    Counted,
    /// All rows of a form that were read: what rules read.
    Read,
    /// A list that the programme fixes: the same in every office of one programme.
    List,
    /// What is known beside the rows of forms.
    Beside,
    /// What came out of a query.
    Result,
}

/// A table that is written for other programs.
pub(crate) struct ExportedTable {
    pub name: String,
    pub role: TableRole,
    pub title: String,
    pub clause: Option<String>,
    /// In the order of the frames; without the partitions.
    pub columns: Vec<ExportedColumn>,
    /// The columns by which a row is one, within an office.
    pub key: Vec<&'static str>,
    /// The columns that lead into other tables: column, table, its column.
    pub links: Vec<(String, String, &'static str)>,
    /// Its rows, by the year they are reported for; under none if they are of no year.
    pub parts: BTreeMap<Option<i32>, DataFrame>,
}

/// A column of such a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExportedColumn {
    pub name: String,
    /// Its heading in the form, or what it is.
    pub title: String,
    /// `đồng`, `%` and the like, of amounts.
    pub unit: Option<&'static str>,
    /// The list that its codes are of.
    pub list: Option<String>,
    pub is_personal: bool,
}

/// A file of an export.
pub(crate) struct ExportedFile {
    /// Its path in the export, with '/'.
    pub path: String,
    pub bytes: Vec<u8>,
}

impl ExportedTable {
    /// A table without a year whose columns are said in few words.
    pub(crate) fn plain(
        name: &str,
        role: TableRole,
        title: &str,
        key: &[&'static str],
        columns: Vec<(&str, Column)>,
    ) -> PolarsResult<Self> {
        let described = columns.iter().map(|(title, column)| ExportedColumn {
            name: column.name().to_string(),
            title: (*title).to_owned(),
            ..ExportedColumn::default()
        });
        Ok(Self {
            name: name.to_owned(),
            role,
            title: title.to_owned(),
            clause: None,
            columns: described.collect(),
            key: key.to_vec(),
            links: Vec::new(),
            parts: BTreeMap::from([(
                None,
                DataFrame::new_infer_height(columns.into_iter().map(|it| it.1).collect())?,
            )]),
        })
    }

    /// The same in parts, by the year of each row; every year has a part.
    pub(crate) fn by_years(mut self, of_row: &[Option<i32>], years: &[i32]) -> PolarsResult<Self> {
        if let Some(rows) = self.parts.remove(&None) {
            self.parts = parted(&rows, of_row, years)?;
        }
        Ok(self)
    }

    /// How many rows it has.
    pub(crate) fn height(&self) -> usize {
        self.parts.values().map(DataFrame::height).sum()
    }

    /// The path of a part.
    pub(crate) fn path(&self, workspace: &str, year: Option<i32>) -> String {
        let year = year.map(|year| format!("/{REPORT_YEAR}={year}"));
        let year = year.unwrap_or_default();
        format!(
            "data/{}/{WORKSPACE}={workspace}{year}/part-0.parquet",
            self.name
        )
    }

    /// Its rows as Parquet, a file for each year.
    ///
    /// # Errors
    /// When a part cannot be written as Parquet.
    pub(crate) fn files(&self, workspace: &str) -> Result<Vec<ExportedFile>, PipelineError> {
        let file = |(year, frame): (&Option<i32>, &DataFrame)| {
            Ok(ExportedFile {
                path: self.path(workspace, *year),
                bytes: plain_parquet(frame)?,
            })
        };
        self.parts.iter().map(file).collect()
    }

    /// Its rows as one CSV, the partitions before its own columns.
    ///
    /// # Errors
    /// When a part cannot be read.
    pub(crate) fn csv(&self, workspace: &str) -> Result<ExportedFile, PipelineError> {
        let mut bytes = Vec::new();
        for (at, (year, frame)) in self.parts.iter().enumerate() {
            let mut before = vec![(WORKSPACE, workspace.to_owned())];
            before.extend(year.map(|year| (REPORT_YEAR, year.to_string())));
            bytes.extend(csv_rows(frame, &before, at == 0)?);
        }
        Ok(ExportedFile {
            path: format!("csv/{}.csv", self.name),
            bytes,
        })
    }
}

/// Rows by their years; every year has a part.
pub(crate) fn parted(
    rows: &DataFrame,
    of_row: &[Option<i32>],
    years: &[i32],
) -> PolarsResult<BTreeMap<Option<i32>, DataFrame>> {
    let part = |year: &i32| {
        let mask: BooleanChunked = of_row.iter().map(|own| *own == Some(*year)).collect();
        Ok((Some(*year), rows.filter(&mask)?))
    };
    years.iter().map(part).collect()
}
