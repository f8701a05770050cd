use crate::column::from_json_column;
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::log_row::Marks;
use model::Moment;
use rusqlite::{OptionalExtension, params};

/// What of the ledger is looked at: what was known at a moment, as far as the log had been written by then.
///
/// The moment alone is enough for a moment that is named. A report that was recorded is made again from what the log told
/// before it as well: a run that was backdated since changes what its day gives, and not what was signed.
///
/// ```
/// use ledger::AsOf;
/// let moment: model::Moment = "2024-01-05T00:00:00Z".parse()?;
/// assert_ne!(AsOf::from(moment), AsOf::NOW);
/// # Ok::<(), model::MomentError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsOf {
    /// None: now.
    moment: Option<Moment>,
    /// The last of these that are looked at.
    entry: i64,
    run: i64,
    set_aside: i64,
}

impl AsOf {
    /// All that is known.
    pub const NOW: Self = Self {
        moment: None,
        entry: i64::MAX,
        run: i64::MAX,
        set_aside: i64::MAX,
    };

    /// The moment as the database writes moments.
    pub(crate) fn moment(self) -> Option<String> {
        self.moment.map(|moment| moment.to_string())
    }

    /// The number of the last entry of the log.
    pub(crate) fn entry(self) -> i64 {
        self.entry
    }

    /// The number of the last run.
    pub(crate) fn run(self) -> i64 {
        self.run
    }

    /// The number of the last decision to set a file aside, or to take it back.
    pub(crate) fn set_aside(self) -> i64 {
        self.set_aside
    }
}

impl From<Moment> for AsOf {
    fn from(moment: Moment) -> Self {
        Self {
            moment: Some(moment),
            ..Self::NOW
        }
    }
}

impl Ledger {
    /// What was known at a moment when a report was recorded, `report` its number in the ledger.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn as_of_report(&self, moment: Moment, report: i64) -> Result<AsOf, LedgerError> {
        let before: Option<(i64, Option<Marks>)> = self
            .database
            .query_row(
                "SELECT id, marks FROM audit WHERE marks IS NOT NULL AND id < (
                     SELECT min(id) FROM audit WHERE json_extract(marks, '$.report') >= ?1
                 ) ORDER BY id DESC LIMIT 1",
                params![report],
                |row| Ok((row.get(0)?, Some(from_json_column(row, 1)?))),
            )
            .optional()?;
        Ok(match before {
            Some((entry, Some(marks))) => AsOf {
                moment: Some(moment),
                entry,
                run: marks.last("run"),
                set_aside: marks.last("set_aside"),
            },
            // Recorded before the log told of rows.
            _ => moment.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::AsOf;
    use crate::file_id::file_id;
    use crate::testing::{day, issued, kept_programme, ledger, made, run, take_in};

    #[test]
    fn what_was_backdated_later_is_not_known_to_a_report_that_was_recorded() {
        let (_folder, ledger) = ledger();
        let names = |as_of: AsOf| -> Vec<(String, bool)> {
            let known = ledger.submissions(as_of).unwrap().into_iter();
            known
                .map(|it| (it.file_name, it.set_aside.is_some()))
                .collect()
        };
        run(&ledger, day(2), |writer| take_in(writer, "a.xlsx"));
        ledger
            .record_report(&made("draft", 3, 2), &[kept_programme("p")], "An")
            .unwrap();
        let signed = issued("1/BC", "2024-01-05");
        ledger
            .record_report(&signed, &[kept_programme("p")], "An")
            .unwrap();
        let (draft, issue) = (1, ledger.report(&signed.file).unwrap().unwrap().id);
        run(&ledger, day(1), |writer| take_in(writer, "late.xlsx"));
        ledger
            .set_aside(day(1), &file_id(b"a.xlsx"), Some("trùng"), "An")
            .unwrap();
        let both = [("a.xlsx".to_owned(), true), ("late.xlsx".to_owned(), false)];
        assert_eq!(names(day(2).into()), both);
        for report in [draft, issue] {
            let then = ledger.as_of_report(day(2), report).unwrap();
            assert_eq!(names(then), [("a.xlsx".to_owned(), false)]);
            assert_eq!(ledger.head(then).unwrap().unwrap().entry, 1);
        }
    }
}
