//! Time runs forwards: the moments of what changes the figures follow one another.

use crate::as_of::AsOf;
use crate::column::{parsed, parsed_if_any};
use crate::error::LedgerError;
use crate::ledger::Ledger;
use model::Moment;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The head of the log: the last entry that something the figures show came with. Its hash is over all before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogHead {
    /// The number of the entry.
    pub entry: i64,
    /// Its hash, 64 hexadecimal digits.
    pub hash: String,
}

/// Something that was recorded under a moment before the last run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backdated {
    /// The number of its entry in the log.
    pub entry: i64,
    /// The moment it was recorded under.
    pub at: Moment,
    /// Who did.
    pub operator: String,
    /// Why.
    pub reason: String,
}

/// When something is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedAt<'a> {
    /// The moment.
    pub at: Moment,
    /// Why it is before the last run, if it is.
    pub backdated: Option<&'a str>,
}

impl From<Moment> for RecordedAt<'_> {
    fn from(at: Moment) -> Self {
        Self {
            at,
            backdated: None,
        }
    }
}

impl RecordedAt<'_> {
    /// Tells in what the log says of it why it is backdated.
    pub(crate) fn tell(self, detail: &mut Value) {
        if let Some(why) = self.backdated {
            detail["backdated"] = json!(why);
        }
    }
}

/// The entries that change what a report shows: drafts and repairs do not.
const CHANGES: &str = "action IN ('run', 'set_aside', 'take_back', 'issue', 'withdraw')";

impl Ledger {
    /// The moment under which something is recorded now: that of the clock, or the first second after it that nothing else
    /// has, so that no two have one moment. With a reason it may lie before the last run.
    ///
    /// # Errors
    /// [`LedgerError::Earlier`] when it lies before the last run without a reason: what a past day gave must not change
    /// unseen. Or when the database cannot be read.
    pub fn recorded_at<'a>(
        &self,
        now: Moment,
        backdate: Option<&'a str>,
    ) -> Result<RecordedAt<'a>, LedgerError> {
        let sql = "SELECT max(at) FROM run";
        let last: Option<Moment> = self
            .database
            .query_row(sql, [], |row| parsed_if_any(row, 0))?;
        match last.filter(|last| now < *last) {
            Some(_) if backdate.is_some() => Ok(RecordedAt {
                at: now,
                backdated: backdate,
            }),
            Some(last) => Err(LedgerError::Earlier { now, last }),
            None => Ok(self.first_free(now)?.into()),
        }
    }

    /// The first moment from one on that nothing has which a report shows.
    fn first_free(&self, mut from: Moment) -> Result<Moment, LedgerError> {
        let sql = format!("SELECT DISTINCT at FROM audit WHERE {CHANGES} AND at >= ?1 ORDER BY at");
        let mut statement = self.database.prepare(&sql)?;
        let taken = statement.query_map([from.to_string()], |row| parsed::<Moment>(row, 0))?;
        for taken in taken {
            if taken? > from {
                break;
            }
            from = from.next();
        }
        Ok(from)
    }

    /// A moment after all that was recorded, whatever the clock says: for an issue and a withdrawal, of which all later
    /// reports must know.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn later_moment(&self, now: Moment) -> Result<Moment, LedgerError> {
        let last = self.last_run()?;
        Ok(last.map_or(now, |last| now.max(last.next())))
    }

    /// The head of the log at a moment; none before the first run. Drafts do not move it, so that a report that is made
    /// twice shows the same one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn head(&self, as_of: AsOf) -> Result<Option<LogHead>, LedgerError> {
        let sql = format!(
            "SELECT id, hash FROM audit WHERE {CHANGES} AND (?1 IS NULL OR at <= ?1) AND id <= ?2
             ORDER BY id DESC LIMIT 1"
        );
        let head = self
            .database
            .query_row(&sql, params![as_of.moment(), as_of.entry()], |row| {
                Ok(LogHead {
                    entry: row.get(0)?,
                    hash: row.get(1)?,
                })
            })
            .optional()?;
        Ok(head)
    }

    /// What of the known was backdated, in the order of the log.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn backdated(&self, as_of: AsOf) -> Result<Vec<Backdated>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT id, at, operator, json_extract(detail, '$.backdated') AS reason FROM audit
             WHERE reason IS NOT NULL AND (?1 IS NULL OR at <= ?1) AND id <= ?2 ORDER BY id",
        )?;
        let rows = statement.query_map(params![as_of.moment(), as_of.entry()], |row| {
            Ok(Backdated {
                entry: row.get(0)?,
                at: parsed(row, 1)?,
                operator: row.get(2)?,
                reason: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Backdated, RecordedAt};
    use crate::as_of::AsOf;
    use crate::error::LedgerError;
    use crate::file_id::file_id;
    use crate::testing::{day, issued, kept_programme, ledger, made, run, take_in};

    #[test]
    fn no_two_have_one_moment_and_none_goes_back() {
        let (_folder, ledger) = ledger();
        let at = |now, why| ledger.recorded_at(now, why);
        assert_eq!(at(day(5), None).unwrap(), day(5).into());
        run(&ledger, day(5), |writer| take_in(writer, "a.xlsx"));
        assert_eq!(at(day(5), None).unwrap(), day(5).next().into());
        assert_eq!(at(day(6), Some("muộn")).unwrap(), day(6).into());
        // A decision that was dated by another clock does not stop runs.
        let file = file_id(b"a.xlsx");
        for moment in [day(8), day(8).next(), day(5).next()] {
            ledger.set_aside(moment, &file, None, "An").unwrap();
        }
        assert_eq!(at(day(8), None).unwrap(), day(8).next().next().into());
        assert_eq!(at(day(5), None).unwrap(), day(5).next().next().into());
        assert_eq!(at(day(7), None).unwrap(), day(7).into());
        let backdated = RecordedAt {
            at: day(4),
            backdated: Some("muộn"),
        };
        assert_eq!(at(day(4), Some("muộn")).unwrap(), backdated);
        let refused = at(day(4), None).unwrap_err();
        assert!(matches!(
            refused,
            LedgerError::Earlier { now, last } if (now, last) == (day(4), day(5))
        ));
        assert_eq!(ledger.later_moment(day(4)).unwrap(), day(8).next().next());
        assert_eq!(ledger.later_moment(day(9)).unwrap(), day(9));
    }

    #[test]
    fn the_head_follows_what_changes_figures_and_stays_for_each_day() {
        let (_folder, ledger) = ledger();
        let entry = |as_of: AsOf| ledger.head(as_of).unwrap().map(|head| head.entry);
        assert_eq!(entry(AsOf::NOW), None);
        run(&ledger, day(2), |writer| take_in(writer, "a.xlsx"));
        ledger
            .record_report(&made("draft", 3, 2), &[kept_programme("p")], "An")
            .unwrap();
        assert_eq!(entry(AsOf::NOW), Some(1));
        ledger
            .record_report(&issued("1/BC", "2024-01-05"), &[kept_programme("p")], "An")
            .unwrap();
        assert_eq!([entry(day(2).into()), entry(AsOf::NOW)], [Some(1), Some(3)]);
        assert_eq!(entry(day(1).into()), None);
        let hash = ledger.head(AsOf::NOW).unwrap().unwrap().hash;
        assert_eq!(hash, ledger.audit().unwrap()[2].hash);
    }

    #[test]
    fn what_was_backdated_is_told_with_its_reason() {
        let (_folder, ledger) = ledger();
        run(&ledger, day(5), |writer| take_in(writer, "a.xlsx"));
        let file = file_id(b"a.xlsx");
        ledger
            .set_aside(
                RecordedAt {
                    at: day(3),
                    backdated: Some("đồng hồ sai"),
                },
                &file,
                Some("gửi nhầm"),
                "An",
            )
            .unwrap();
        assert_eq!(ledger.backdated(day(2).into()).unwrap(), []);
        let told = ledger.backdated(AsOf::NOW).unwrap();
        let [one] = &told[..] else { panic!("{told:?}") };
        let Backdated {
            entry,
            at,
            operator,
            reason,
        } = one;
        assert_eq!((*entry, *at), (2, day(3)));
        assert_eq!((&**operator, &**reason), ("An", "đồng hồ sai"));
    }
}
