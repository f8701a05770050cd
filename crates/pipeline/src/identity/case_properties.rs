//! Whatever reports come in of a year: no case counts twice unless somebody is asked, and none vanishes unless somebody is told.

use crate::snapshot::quarters::{against_quarters, gone_from_quarters};
use crate::support::answer_index::AnswerIndex;
use crate::support::resolved::{OtherProgrammes, ResolvedSnapshot};
use crate::testing::{answer, column, programme, snapshot_by, submission, succeed};
use ledger::{Answer, Submission, Verdict};
use programme::Programme;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// No report has this place: four quarters, then the year.
const NEVER: usize = 6;

/// A case as it really is, and how the reports write it.
#[derive(Debug, Clone)]
struct RealCase {
    /// The quarter that has it first, from 1.
    begins: usize,
    /// The report, of those that have it, that first gives the contract's number.
    numbered: usize,
    /// The report that first has another content, or another day.
    recoded: usize,
    redated: usize,
    /// The one report that leaves it out, if any does.
    left_out: Option<usize>,
}

/// Four quarters, the first of them perhaps sent twice, and perhaps the year.
#[derive(Debug, Clone)]
struct RealYear {
    cases: Vec<RealCase>,
    /// The report from which on the successor reports; [`NEVER`] if the department stays.
    merged: usize,
    is_sent_twice: bool,
    has_year: bool,
}

fn case() -> impl Strategy<Value = RealCase> {
    let report = || 1..7_usize;
    let left_out = prop_oneof![3 => Just(None), 1 => (2..6_usize).prop_map(Some)];
    (1..5_usize, report(), report(), report(), left_out).prop_map(
        |(begins, numbered, recoded, redated, left_out)| RealCase {
            begins,
            numbered,
            recoded,
            redated,
            left_out,
        },
    )
}

fn year() -> impl Strategy<Value = RealYear> {
    (
        prop::collection::vec(case(), 1..5),
        2..NEVER + 1,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(cases, merged, is_sent_twice, has_year)| RealYear {
            cases,
            merged,
            is_sent_twice,
            has_year,
        })
}

/// What is sent of a year: the submissions, the rows of a form, and which case each row is about, by its id.
struct Sent {
    submissions: Vec<Submission>,
    rows: String,
    cases: BTreeMap<String, usize>,
}

impl RealYear {
    /// The department that a programme knows to be merged into another in the year.
    fn programme(&self) -> Programme {
        let mut programme = programme().clone();
        if self.merged < NEVER {
            succeed(&mut programme, "SGTVT", "2023-02-28", "SXD");
        }
        programme
    }

    /// Everything that is sent; `head` are the columns, `row` writes a case in the report of that place.
    fn sent(&self, head: &str, row: impl Fn(usize, &RealCase, usize) -> String) -> Sent {
        let mut sent = Sent {
            submissions: Vec::new(),
            rows: format!("file | record | {head}\n"),
            cases: BTreeMap::new(),
        };
        let quarters = (1..5).map(|quarter| (quarter, format!("2023-Q{quarter}")));
        let twice = self.is_sent_twice.then(|| (1, "2023-Q1".to_owned()));
        let year = self.has_year.then(|| (5, "2023".to_owned()));
        for (report, period) in twice.into_iter().chain(quarters).chain(year) {
            let department = match report >= self.merged {
                true => "SXD",
                false => "SGTVT",
            };
            let id = i64::try_from(sent.submissions.len()).unwrap() + 1;
            sent.submissions.push(submission(id, department, &period));
            for (at, case) in self.cases.iter().enumerate() {
                if report >= case.begins && case.left_out != Some(report) {
                    let record = format!("f{id}-{at}");
                    let text = row(at, case, report);
                    sent.rows.push_str(&format!("f{id} | {record} | {text}\n"));
                    sent.cases.insert(record, at);
                }
            }
        }
        sent
    }
}

/// Two valid codes are enough: cases differ in their contents too.
const TAX_CODES: [&str; 2] = ["3600265395", "3603295006"];

fn support_row(at: usize, case: &RealCase, report: usize) -> String {
    let contents = ["3a1", "3a2", "3b1", "3b2"];
    let content = match report >= case.recoded {
        true => "3b5",
        false => contents[at],
    };
    let contract = match report >= case.numbered {
        true => format!("{}/HĐ-SGTVT", at + 1),
        false => String::new(),
    };
    // A case that is in the first quarter's report has begun in it.
    let month = case.begins * 3 - 2;
    let day = at * 5 + if report >= case.redated { 3 } else { 2 };
    let tax_code = TAX_CODES[at % 2];
    format!(
        "Mẫu {tax_code} | {tax_code} | {content} | {contract} | 2023-{month:02}-{day:02} | {}",
        at + 10
    )
}

fn course_row(at: usize, case: &RealCase, report: usize) -> String {
    let names = ["Lớp 5S", "Lớp Kaizen", "Lớp ISO 9001", "Tập huấn năng suất"];
    let name = match report >= case.numbered {
        true => names[at].to_uppercase(),
        false => names[at].to_owned(),
    };
    let task = match report >= case.recoded {
        true => "IV.4.b",
        false => "IV.4.a",
    };
    let month = case.begins * 3 - 2;
    let day = at * 5 + if report >= case.redated { 3 } else { 2 };
    format!(
        "{name} | {task} | 2023-{month:02}-{day:02} | {}",
        at * 10 + 20
    )
}

/// What is found of a year's reports: the rows that count by case, pairs of rows that somebody is asked about, and the cases that
/// somebody is told of.
struct Found {
    counted: BTreeMap<usize, Vec<String>>,
    asked: Vec<[String; 2]>,
    told: BTreeSet<usize>,
    resolved: ResolvedSnapshot,
}

fn found(year: &RealYear, form: &str, sent: &Sent, answers: &[Answer]) -> Found {
    let programme = year.programme();
    let snapshot = snapshot_by(&programme, &sent.submissions, &[(form, &sent.rows)]);
    let (answers, others) = (AnswerIndex::new(answers), OtherProgrammes::default());
    let resolved = ResolvedSnapshot::resolve(&programme, snapshot, others, &answers).unwrap();
    let mut counted: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for record in column(&resolved.snapshot.accepted[form], "record") {
        let case = sent.cases[&record];
        counted.entry(case).or_default().push(record);
    }
    let records = column(resolved.index.cases.frame(), "record");
    let of_support = resolved.index.may_be_one.iter();
    let of_support = of_support.map(|pair| pair.map(|at| records[at].clone()));
    let of_others = resolved.may_be_one.iter();
    let of_others = of_others.map(|pair| pair.sides.each_ref().map(|side| side.record.clone()));
    let files = resolved.snapshot.files();
    let gone = gone_from_quarters(&programme, &resolved.snapshot, &files).unwrap();
    let lacking = against_quarters(&programme, &resolved.snapshot, &files).unwrap();
    let told = gone
        .iter()
        .chain(&lacking)
        .flat_map(|finding| &finding.records);
    let told = told.map(|record| sent.cases[record]).collect();
    Found {
        counted,
        asked: of_support.chain(of_others).collect(),
        told,
        resolved,
    }
}

/// Holds a year's reports to what must be true of any.
fn check(year: &RealYear, form: &str, sent: &Sent) -> Result<Found, TestCaseError> {
    let found = found(year, form, sent, &[]);
    let asked: BTreeSet<&String> = found.asked.iter().flatten().collect();
    for (case, rows) in &found.counted {
        let is_asked = rows.iter().any(|row| asked.contains(row));
        prop_assert!(
            rows.len() == 1 || is_asked || found.told.contains(case),
            "case {case} counts as {rows:?} and nobody is asked or told\n{}",
            sent.rows
        );
    }
    let reported: BTreeSet<usize> = sent.cases.values().copied().collect();
    for case in reported {
        prop_assert!(
            found.counted.contains_key(&case) || found.told.contains(&case),
            "case {case} is gone and nobody is told\n{}",
            sent.rows
        );
    }
    Ok(found)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn support_counts_once_or_is_asked_about(year in year()) {
        let head = "enterprise | tax_code | content | contract | start | state_budget";
        check(&year, "support", &year.sent(head, support_row))?;
    }

    #[test]
    fn courses_count_once_or_are_asked_about_and_answers_settle_it(year in year()) {
        let head = "name | task | start | participants";
        let sent = year.sent(head, course_row);
        let found = check(&year, "training", &sent)?;
        // A person who knows what is asked answers all of it.
        let answers: Vec<Answer> = found.resolved.may_be_one.iter().map(|pair| {
            let [one, other] = pair.sides.each_ref().map(|side| sent.cases[&side.record]);
            let verdict = match one == other {
                true => Verdict::Duplicate,
                false => Verdict::NotDuplicate,
            };
            answer(verdict, pair.key().each_ref().map(String::as_str))
        }).collect();
        let settled = super::case_properties::found(&year, "training", &sent, &answers);
        for (case, rows) in &settled.counted {
            prop_assert!(
                rows.len() == 1 || settled.told.contains(case),
                "case {case} counts as {rows:?} after all answers\n{}",
                sent.rows
            );
        }
    }
}
