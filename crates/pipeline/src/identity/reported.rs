use crate::text_column::texts;
use model::Period;
use polars::prelude::*;
use std::collections::BTreeMap;

/// Who reports a row, and for which period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reported<'a> {
    /// Department and unit; whoever succeeded a department by the end of the period's year goes on with its cases.
    pub reporter: &'a str,
    /// The same by the end of the programme: who goes on with the case in later years.
    pub heir: &'a str,
    /// The period.
    pub period: Period,
    /// The first period from which on its case is known to be reported; mostly the same.
    pub since: Period,
}

impl Reported<'_> {
    pub(crate) fn year(&self) -> i32 {
        self.period.calendar_year()
    }
}

/// Who reports what a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CaseReporter {
    /// As in [`Reported::reporter`].
    pub reporter: String,
    /// As in [`Reported::heir`].
    pub heir: String,
}

/// Who reports, by the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reporters(pub BTreeMap<String, CaseReporter>);

impl Reporters {
    /// Of a file.
    pub(crate) fn of_file(&self, file: &str) -> Option<&str> {
        self.0.get(file).map(|it| it.reporter.as_str())
    }

    /// Of each row of a frame; none where it is not known.
    ///
    /// # Errors
    /// When the frame is no frame of records.
    pub(crate) fn of_rows(&self, frame: &DataFrame) -> PolarsResult<Vec<Option<Reported<'_>>>> {
        let (files, periods) = (texts(frame, "file")?, texts(frame, "period")?);
        let of = |file: Option<&str>, period: Option<&str>| {
            let CaseReporter { reporter, heir } = self.0.get(file?)?;
            let period = period?.parse().ok()?;
            Some(Reported {
                reporter,
                heir,
                period,
                since: period,
            })
        };
        // The rows of one file follow each other.
        let (mut said, mut known) = ((None, None), None);
        let rows = files.iter().zip(periods.iter()).map(|(file, period)| {
            if (file, period) != said {
                (said, known) = ((file, period), of(file, period));
            }
            known
        });
        Ok(rows.collect())
    }
}
