//! Every column of every table is changed once: nobody reads what was not written, and the log makes it good.

use crate::amount_answer::{AmountAnswer, AmountVerdict};
use crate::answer::{Answer, GivenAnswers, Verdict};
use crate::as_of::AsOf;
use crate::error::LedgerError;
use crate::file_id::file_id;
use crate::heading_answer::HeadingAnswer;
use crate::ledger::Ledger;
use crate::lock::Lock;
use crate::order::RecordedAt;
use crate::recovery::recover;
use crate::register::RegisterFile;
use crate::replacement_answer::{ReplacementAnswer, ReplacementVerdict};
use crate::run::Intake;
use crate::schema::DATABASE;
use crate::submission::{FormRows, Outcome, SheetCount, Standing};
use crate::testing::{day, hash, issued, kept_programme, ledger, made, run, unsure_heading};
use crate::written_answer::{AnswerFault, AskedOn, QuestionKey, WrittenAnswer};
use model::{AmountCount, Extent, Finding, HeadingMeaning, RowCount, Severity, Text, UnsureAmount};
use polars::prelude::{Column, DataFrame};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

fn finding() -> Finding {
    let text = || Text {
        vi: "sai".to_owned(),
        en: "wrong".to_owned(),
    };
    Finding {
        code: "C001".to_owned(),
        severity: Severity::Hold,
        extent: Extent::File,
        file: file_id(b"a.xlsx"),
        file_name: "a.xlsx".to_owned(),
        sheet: None,
        form: None,
        cells: Vec::new(),
        column: None,
        records: Vec::new(),
        found: "x".to_owned(),
        message: text(),
        advice: text(),
    }
}

fn unsure_amount() -> UnsureAmount {
    UnsureAmount {
        form: "support".to_owned(),
        column: "state_budget".to_owned(),
        subject: "Công ty Mẫu".to_owned(),
        amount: 44_000_000_000,
        usual: 37_000_000,
        sheet: "Biểu 3".to_owned(),
        cells: vec!["Q8".to_owned()],
        records: vec!["r".to_owned()],
        answer: None,
    }
}

/// One answer of each kind, and what was written.
fn given() -> GivenAnswers {
    let text = str::to_owned;
    GivenAnswers {
        on_records: vec![Answer {
            verdict: Verdict::Duplicate,
            prints: ["a", "b"].map(text),
            about: ["c", "d"].map(text),
            reason: text("hồ sơ số 5"),
            by: text("An"),
            until: "2024-06-30".parse().ok(),
        }],
        on_headings: vec![HeadingAnswer {
            department: text("SXD"),
            form: text("support"),
            heading: text("kinh phi"),
            meaning: Some(HeadingMeaning::NotOfForm),
            reason: text("đã hỏi"),
            by: text("An"),
            until: "2024-06-30".parse().ok(),
        }],
        on_replacements: vec![ReplacementAnswer {
            file: file_id(b"a.xlsx"),
            form: text("support"),
            verdict: ReplacementVerdict::Replace,
            reason: text("đã hỏi"),
            by: text("An"),
        }],
        on_amounts: vec![AmountAnswer {
            department: text("SXD"),
            form: text("support"),
            column: text("state_budget"),
            subject: text("cong ty mau"),
            amount: 44_000_000_000,
            verdict: AmountVerdict::Right,
            reason: text("đã hỏi"),
            by: text("An"),
        }],
        written: vec![WrittenAnswer {
            question: QuestionKey {
                layout: AskedOn::Records,
                keys: ["a", "b"].map(text).to_vec(),
            },
            answer: text("trùng rồi"),
            reason: text("hồ sơ số 5"),
            by: text("An"),
            until: text("mai"),
            fault: Some(AnswerFault::NotOffered),
        }],
    }
}

/// A ledger with rows in every table.
fn filled() -> TempDir {
    let (folder, ledger) = ledger();
    let frame = DataFrame::new_infer_height(vec![Column::new("spent".into(), [7_i64])]).unwrap();
    let sheet = SheetCount {
        sheet: "Biểu 8".to_owned(),
        forms: vec!["budget".to_owned()],
        rows: RowCount {
            seen: 3,
            accepted: 1,
            held: 0,
            not_data: 2,
        },
        amounts: AmountCount {
            counted: 1,
            totals: 0,
            named: 0,
        },
    };
    let rows = FormRows {
        accepted: 1,
        held: 0,
        sums: BTreeMap::from([("spent".to_owned(), 7)]),
        standing: Standing::Replaces,
    };
    run(&ledger, day(2), |writer| {
        let file = file_id(b"a.xlsx");
        let intake = Intake {
            file: &file,
            file_name: "a.xlsx",
            bytes: b"a.xlsx",
            department: Some("SXD"),
            unit: Some("Chi cục"),
            period: "2023".parse().ok(),
            programme_hash: &hash("p"),
            outcome: Outcome::PartlyHeld,
            nil_return: false,
            sheets: &[sheet],
            forms: &BTreeMap::from([("budget".to_owned(), frame)]),
            form_rows: &BTreeMap::from([("budget".to_owned(), rows)]),
            findings: &[finding()],
            unsure_headings: &[unsure_heading()],
            unsure_amounts: &[unsure_amount()],
        };
        writer.take_in(&intake).unwrap();
        let register = RegisterFile {
            file_name: "khac.xlsx".to_owned(),
            file: file_id(b"list"),
        };
        writer.take_registers(&[(register, b"list")]).unwrap();
        let answers = file_id(b"answers");
        writer.take_answers(&answers, b"answers", &given()).unwrap();
    });
    let backdated = RecordedAt {
        at: day(1),
        backdated: Some("đồng hồ sai"),
    };
    let file = file_id(b"a.xlsx");
    ledger
        .set_aside(backdated, &file, Some("gửi nhầm"), "An")
        .unwrap();
    let mut report = issued("1/BC", "2024-01-05");
    report.figures = BTreeMap::from([("budget_spent/2023".to_owned(), 7)]);
    report.figures_hash = crate::figures_hash(&report.figures).ok();
    for report in [made("draft", 3, 2), report] {
        ledger
            .record_report(&report, &[kept_programme("p")], "An")
            .unwrap();
    }
    let number = "1/BC".parse().unwrap();
    ledger.withdraw(day(9), &number, None, "sai", "An").unwrap();
    let asked = file_id(b"questions");
    ledger
        .record_questions(day(9), &asked, "2024-01-09.xlsx", "An")
        .unwrap();
    folder
}

/// All that a ledger says.
fn told(ledger: &Ledger) -> String {
    format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        ledger.submissions(AsOf::NOW).unwrap(),
        ledger.kept_answers().unwrap(),
        ledger.registers(AsOf::NOW).unwrap(),
        ledger.issued_reports().unwrap(),
        ledger.backdated(AsOf::NOW).unwrap(),
        ledger.audit().unwrap()
    )
}

/// The columns of a table, each with whether it holds a number.
fn columns(database: &Connection, table: &str) -> Vec<(String, bool)> {
    let mut statement = database
        .prepare("SELECT name, type FROM pragma_table_info(?1)")
        .unwrap();
    let columns = statement.query_map([table], |row| {
        Ok((row.get(0)?, row.get::<_, String>(1)? == "INTEGER"))
    });
    columns.unwrap().map(Result::unwrap).collect()
}

/// Does something to a copy of a ledger that is not its own, and finds that it is refused, named and made good.
fn is_refused_and_made_good(original: &Path, sql: &str, expected: &str) {
    let copy = tempfile::tempdir().unwrap();
    for name in [DATABASE, "log.jsonl"] {
        std::fs::copy(original.join(name), copy.path().join(name)).unwrap();
    }
    let database = Connection::open(copy.path().join(DATABASE)).unwrap();
    database.pragma_update(None, "foreign_keys", false).unwrap();
    database
        .execute_batch("DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_cut")
        .unwrap();
    database
        .execute_batch(sql)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    drop(database);
    let to_write = Ledger::open_to_write(&Lock::take(copy.path()).unwrap());
    for opened in [Ledger::open(copy.path()), to_write] {
        let is_refused = matches!(
            opened,
            Err(LedgerError::Changed(_)
                | LedgerError::Log(_)
                | LedgerError::Database(_)
                | LedgerError::Entry(_))
        );
        assert!(is_refused, "{sql}: {opened:?}");
    }
    let found = recover(copy.path(), true).unwrap();
    assert!(
        !found.is_empty() && found.iter().all(|it| it.is_mended),
        "{sql}: {found:?}"
    );
    assert_eq!(told(&Ledger::open(copy.path()).unwrap()), expected, "{sql}");
}

#[test]
fn whatever_value_of_whatever_table_is_changed_it_is_refused_named_and_made_good() {
    let folder = filled();
    let expected = told(&Ledger::open(folder.path()).unwrap());
    let database = Connection::open(folder.path().join(DATABASE)).unwrap();
    let mut statement = database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        .unwrap();
    let tables = statement.query_map([], |row| row.get(0)).unwrap();
    let tables: Vec<String> = tables.map(Result::unwrap).collect();
    for table in &tables {
        let rows: i64 = database
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                row.get(0)
            })
            .unwrap();
        assert!(rows > 0, "{table}: a table without rows tries nothing");
        let last = format!("WHERE rowid = (SELECT max(rowid) FROM {table})");
        for (column, is_number) in columns(&database, table) {
            let other = match is_number {
                true => format!("coalesce(\"{column}\", 0) + 1000"),
                false => format!("coalesce(\"{column}\", '') || 'x'"),
            };
            let sql = format!("UPDATE {table} SET \"{column}\" = {other} {last}");
            is_refused_and_made_good(folder.path(), &sql, &expected);
        }
        let gone = format!("DELETE FROM {table} {last}");
        // Without its last entry the database is one that is older, and is brought up at once.
        if table != "audit" {
            is_refused_and_made_good(folder.path(), &gone, &expected);
        }
        is_refused_and_made_good(folder.path(), &format!("DROP TABLE {table}"), &expected);
    }
}
