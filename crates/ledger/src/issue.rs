//! What was issued: which report stands at a moment, and what was taken back.

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::recorded_report::{RECORDED, RecordedReport, figures_hash, read};
use chrono::Datelike;
use model::{DocumentNumber, IssueStamp, Moment};
use rusqlite::{OptionalExtension, params};
use serde_json::json;
use std::collections::BTreeSet;

impl Ledger {
    /// The report of a year and variant that stands at a moment: of those issued by then and not taken back by then, the
    /// one of the newest knowledge. Drafts and reports from before there were drafts never stand.
    ///
    /// `before` is the number in the ledger of a report that is made again: what was recorded after it changes nothing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn standing_report(
        &self,
        year: i32,
        variant: &str,
        at: Moment,
        before: Option<i64>,
    ) -> Result<Option<RecordedReport>, LedgerError> {
        let sql = format!(
            "{RECORDED} WHERE r.number IS NOT NULL AND r.year = ?1 AND r.variant = ?2 AND r.as_of <= ?3 AND r.at <= ?3
                 AND (?4 IS NULL OR r.id < ?4) AND (w.at IS NULL OR w.at > ?3)
             ORDER BY r.as_of DESC, r.signed_on DESC, r.id DESC LIMIT 1"
        );
        let at = at.to_string();
        let found = self
            .database
            .prepare(&sql)?
            .query_row(params![year, variant, at, before], read)
            .optional()?;
        Ok(found)
    }

    /// The report that one from before there were drafts was compared with: the last that was made by its moment, of an
    /// earlier moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unmarked_report_before(
        &self,
        year: i32,
        variant: &str,
        as_of: Moment,
    ) -> Result<Option<RecordedReport>, LedgerError> {
        let sql = format!(
            "{RECORDED} WHERE NOT r.is_marked AND r.year = ?1 AND r.variant = ?2 AND r.as_of < ?3 AND r.at <= ?3
             ORDER BY r.as_of DESC, r.at DESC LIMIT 1"
        );
        let as_of = as_of.to_string();
        let found = self
            .database
            .prepare(&sql)?
            .query_row(params![year, variant, as_of], read)
            .optional()?;
        Ok(found)
    }

    /// Takes an issued report back, with a reason: it stays known, and no longer stands. Offices count their documents anew
    /// each year, so that `year`, the year that the report is about, may be needed to say which is meant.
    ///
    /// # Errors
    /// [`LedgerError::NoSuchIssue`], [`LedgerError::SeveralIssues`] or [`LedgerError::Withdrawn`]; or when the database
    /// cannot be written.
    pub fn withdraw(
        &self,
        at: Moment,
        number: &DocumentNumber,
        year: Option<i32>,
        reason: &str,
        operator: &str,
    ) -> Result<RecordedReport, LedgerError> {
        let mut found = self.issued_reports()?;
        found.retain(|known| {
            let stamp = known.report.status.stamp();
            stamp.is_some_and(|stamp| stamp.number.is_same(&number.to_string()))
                && year.is_none_or(|year| known.report.year == year)
        });
        // One that was taken back before is not meant if there is another.
        if found.len() > 1 {
            found.retain(|known| known.withdrawal.is_none());
        }
        let number = number.clone();
        let known = match found.len() {
            0 => return Err(LedgerError::NoSuchIssue { number }),
            1 => found.remove(0),
            _ => {
                let years = found.iter().map(|known| known.report.year).collect();
                return Err(LedgerError::SeveralIssues { number, years });
            }
        };
        if let Some(before) = &known.withdrawal {
            return Err(LedgerError::Withdrawn {
                number,
                at: before.at,
            });
        }
        let transaction = self.database.unchecked_transaction()?;
        transaction.execute(
            "INSERT INTO withdrawal (report, at, reason, operator) VALUES (?1, ?2, ?3, ?4)",
            params![known.id, at.to_string(), reason, operator],
        )?;
        // The number as the report has it, however it was written now.
        let number = known.report.status.stamp().map(|stamp| &stamp.number);
        let detail = json!({ "number": number, "sha256": known.report.file.0, "reason": reason });
        self.commit(transaction, at, operator, "withdraw", &detail)?;
        Ok(known)
    }

    /// Refuses a number that is in use, also by a report that was taken back: the office's register holds it once a year.
    ///
    /// # Errors
    /// [`LedgerError::NumberTaken`]; or when the database cannot be read.
    pub fn refuse_taken(&self, stamp: &IssueStamp, year: i32) -> Result<(), LedgerError> {
        let taken = self.issued_reports()?.into_iter().find(|known| {
            let other = known.report.status.stamp();
            other.is_some_and(|other| {
                let same_year = other.signed_on.year() == stamp.signed_on.year();
                other.number.is_same(&stamp.number.to_string())
                    && (same_year || known.report.year == year)
            })
        });
        match taken {
            Some(known) => Err(LedgerError::NumberTaken {
                number: stamp.number.clone(),
                year: known.report.year,
                at: known.report.at,
            }),
            None => Ok(()),
        }
    }

    /// All that was issued, in that order, also what was taken back.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn issued_reports(&self) -> Result<Vec<RecordedReport>, LedgerError> {
        let sql = format!("{RECORDED} WHERE r.number IS NOT NULL ORDER BY r.id");
        let mut statement = self.database.prepare(&sql)?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All reports that were recorded, drafts too, in that order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn reports(&self) -> Result<Vec<RecordedReport>, LedgerError> {
        let mut statement = self
            .database
            .prepare(&format!("{RECORDED} ORDER BY r.id"))?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Numbers of documents of which the tables and the log do not say the same: issued or taken back in one and not in
    /// the other, or with other figures.
    pub(crate) fn issues_not_in_log(&self) -> Result<BTreeSet<String>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT json_extract(detail, '$.number'), action, json_extract(detail, '$.sha256'),
                    coalesce(json_extract(detail, '$.signed_on'), json_extract(detail, '$.reason')),
                    json_extract(detail, '$.figures')
             FROM audit WHERE action IN ('issue', 'withdraw')",
        )?;
        let rows = statement.query_map([], |row| {
            Ok([
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ])
        })?;
        let told: BTreeSet<[Option<String>; 5]> = rows.collect::<Result<_, _>>()?;
        let mut kept = BTreeSet::new();
        for known in self.issued_reports()? {
            let made = &known.report;
            let Some(stamp) = made.status.stamp() else {
                continue;
            };
            let number = Some(stamp.number.to_string());
            let entry = |action: &str, how: String, figures: Option<String>| {
                let file = Some(made.file.0.clone());
                [
                    number.clone(),
                    Some(action.to_owned()),
                    file,
                    Some(how),
                    figures,
                ]
            };
            let figures = figures_hash(&made.figures)?.0;
            kept.insert(entry("issue", stamp.signed_on.to_string(), Some(figures)));
            if let Some(withdrawal) = known.withdrawal.clone() {
                kept.insert(entry("withdraw", withdrawal.reason, None));
            }
        }
        let differing = told.symmetric_difference(&kept);
        Ok(differing
            .map(|[number, ..]| number.clone().unwrap_or_default())
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::error::LedgerError;
    use crate::ledger::Ledger;
    use crate::recorded_report::MadeReport;
    use crate::testing::{day, issued, kept_programme, ledger, made};
    use model::ReportStatus;

    fn record(ledger: &Ledger, report: &MadeReport) {
        ledger
            .record_report(report, &[kept_programme("p")], "An")
            .unwrap();
    }

    /// Issues a report on 2023 at a day of January, as of a day.
    fn issue(ledger: &Ledger, number: &str, at: u32, as_of: u32) {
        let report = MadeReport {
            at: day(at),
            as_of: day(as_of),
            ..issued(number, "2024-01-01")
        };
        record(ledger, &report);
    }

    /// The number of the report that stands on a day.
    fn standing(ledger: &Ledger, on: u32, before: Option<i64>) -> Option<String> {
        let found = ledger
            .standing_report(2023, "annual", day(on), before)
            .unwrap();
        found.map(|known| known.report.status.stamp().unwrap().number.to_string())
    }

    #[test]
    fn the_newest_that_was_issued_by_a_moment_stands_and_no_draft() {
        let (_folder, ledger) = ledger();
        issue(&ledger, "1/BC", 3, 2);
        let mut other = issued("9/BC", "2024-01-01");
        (other.variant, other.at, other.as_of) = ("final".to_owned(), day(3), day(3));
        record(&ledger, &other);
        record(&ledger, &made("draft", 8, 8));
        record(
            &ledger,
            &MadeReport {
                status: ReportStatus::Unmarked,
                ..made("old", 8, 8)
            },
        );
        issue(&ledger, "2/BC", 20, 5);
        assert_eq!(standing(&ledger, 2, None), None, "it was issued later");
        assert_eq!(standing(&ledger, 3, None).as_deref(), Some("1/BC"));
        assert_eq!(standing(&ledger, 19, None).as_deref(), Some("1/BC"));
        assert_eq!(standing(&ledger, 20, None).as_deref(), Some("2/BC"));
        // One that is made again does not know what was recorded after it.
        assert_eq!(standing(&ledger, 20, Some(2)).as_deref(), Some("1/BC"));
    }

    #[test]
    fn an_older_one_that_is_registered_later_does_not_stand_before_a_newer_one() {
        let (_folder, ledger) = ledger();
        issue(&ledger, "2/BC", 10, 9);
        issue(&ledger, "1/BC", 11, 3);
        assert_eq!(standing(&ledger, 12, None).as_deref(), Some("2/BC"));
    }

    #[test]
    fn what_is_taken_back_stands_until_then() {
        let (_folder, ledger) = ledger();
        issue(&ledger, "1/BC", 3, 2);
        issue(&ledger, "2/BC", 5, 4);
        let number = "2/bc".parse().unwrap();
        let withdraw = |year| ledger.withdraw(day(9), &number, year, "sai", "An");
        assert!(matches!(
            withdraw(Some(2022)),
            Err(LedgerError::NoSuchIssue { .. })
        ));
        withdraw(None).unwrap();
        assert_eq!(standing(&ledger, 8, None).as_deref(), Some("2/BC"));
        assert_eq!(standing(&ledger, 9, None).as_deref(), Some("1/BC"));
        assert!(matches!(withdraw(None), Err(LedgerError::Withdrawn { .. })));
        let last = ledger.audit().unwrap().pop().unwrap();
        assert_eq!(
            (last.action.as_str(), last.operator.as_str()),
            ("withdraw", "An")
        );
        assert!(last.detail.contains("sai"), "{}", last.detail);
    }

    #[test]
    fn one_number_of_two_years_needs_the_year() {
        let (_folder, ledger) = ledger();
        for (signed_on, year) in [("2023-11-28", 2023), ("2024-11-28", 2024)] {
            let report = MadeReport {
                year,
                ..issued("1/BC", signed_on)
            };
            record(&ledger, &report);
        }
        let number = "1/BC".parse().unwrap();
        let withdraw = |year| ledger.withdraw(day(9), &number, year, "sai", "An");
        assert!(matches!(
            withdraw(None),
            Err(LedgerError::SeveralIssues { years, .. }) if years == [2023, 2024]
        ));
        assert_eq!(withdraw(Some(2024)).unwrap().report.year, 2024);
        // Only one is left that can be meant.
        assert_eq!(withdraw(None).unwrap().report.year, 2023);
    }

    #[test]
    fn a_report_from_before_drafts_is_compared_as_it_was_then() {
        let (_folder, ledger) = ledger();
        let unmarked = |name: &str, at, as_of| MadeReport {
            status: ReportStatus::Unmarked,
            ..made(name, at, as_of)
        };
        for report in [
            unmarked("old", 2, 1),
            unmarked("new", 3, 2),
            unmarked("later", 20, 3),
            made("draft", 4, 3),
        ] {
            record(&ledger, &report);
        }
        let before = |as_of| {
            let found = ledger.unmarked_report_before(2023, "annual", day(as_of));
            found.unwrap().map(|known| known.report.file_name)
        };
        assert_eq!(before(1), None, "of the same moment it is the same report");
        assert_eq!(before(2).as_deref(), Some("old"));
        assert_eq!(before(10).as_deref(), Some("new"));
        assert_eq!(before(20).as_deref(), Some("later"));
    }

    #[test]
    fn an_issue_that_is_not_in_the_log_is_found() {
        let (_folder, ledger) = ledger();
        issue(&ledger, "1/BC", 3, 2);
        issue(&ledger, "2/BC", 5, 4);
        let number = "01/bc".parse().unwrap();
        ledger.withdraw(day(9), &number, None, "sai", "An").unwrap();
        let not_in_log = || {
            let numbers = ledger.issues_not_in_log().unwrap().into_iter();
            numbers.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(not_in_log(), "");
        let change = |sql: &str| ledger.database.execute(sql, []).unwrap();
        change("UPDATE report SET number = '3/BC' WHERE number = '2/BC'");
        assert_eq!(not_in_log(), "2/BC 3/BC");
        change("UPDATE report SET number = '2/BC' WHERE number = '3/BC'");
        change("UPDATE report SET figures = '{\"spent/2023\":1}' WHERE number = '2/BC'");
        assert_eq!(not_in_log(), "2/BC");
        change("DELETE FROM withdrawal");
        assert_eq!(not_in_log(), "1/BC 2/BC");
    }
}
