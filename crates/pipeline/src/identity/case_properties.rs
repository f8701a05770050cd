//! Whatever reports come in of a year: no case counts twice unless somebody is asked, and none vanishes unless somebody is told.

use crate::snapshot::quarters::{against_quarters, gone_from_quarters};
use crate::snapshot::row_question::RowQuestion;
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

impl Sent {
    /// What the first of its submissions are.
    fn first(&self, count: usize) -> Self {
        let submissions = self.submissions[..count].to_vec();
        let is_of = |line: &&str| {
            let file = line.split(' ').next().unwrap_or_default();
            file == "file" || submissions.iter().any(|it| it.file.0 == file)
        };
        let rows: Vec<&str> = self.rows.lines().filter(is_of).collect();
        let records = self.cases.iter().filter(|(record, _)| {
            let file = record.split('-').next().unwrap_or_default();
            submissions.iter().any(|it| it.file.0 == file)
        });
        Self {
            rows: rows.join("\n"),
            cases: records.map(|(record, at)| (record.clone(), *at)).collect(),
            submissions,
        }
    }
}

/// A person who knows what is asked about two rows answers all of it.
fn truth(found: &Found, sent: &Sent) -> Vec<Answer> {
    let pairs = found.resolved.may_be_one.iter();
    let answers = pairs.map(|pair| {
        let [one, other] = pair.sides.each_ref().map(|side| sent.cases[&side.record]);
        let verdict = match one == other {
            true => Verdict::Duplicate,
            false => Verdict::NotDuplicate,
        };
        answer(verdict, pair.key().each_ref().map(String::as_str))
    });
    answers.collect()
}

/// What persons say of cases that are gone.
const ON_GONE: [Verdict; 4] = [
    Verdict::Continues,
    Verdict::Ended,
    Verdict::Mistaken,
    Verdict::Verify,
];

/// Takes the reports of a year in one by one, with answers in between: no case vanishes unless somebody is told or said so, none
/// counts twice unless somebody is asked or told, and each answer has its effect.
fn take_in_one_by_one(
    year: &RealYear,
    form: &str,
    sent: &Sent,
    said: &[usize],
) -> Result<(), TestCaseError> {
    let mut answers: Vec<Answer> = Vec::new();
    let mut before: BTreeSet<usize> = BTreeSet::new();
    for count in 1..=sent.submissions.len() {
        let so_far = sent.first(count);
        let now = found(year, form, &so_far, &answers);
        let in_error: BTreeSet<usize> = now
            .resolved
            .snapshot
            .in_error
            .iter()
            .map(|record| so_far.cases[record])
            .collect();
        for case in &before {
            prop_assert!(
                now.counted.contains_key(case)
                    || now.told.contains(case)
                    || in_error.contains(case),
                "case {case} is gone with report {count} and nobody is told\n{}",
                so_far.rows
            );
        }
        let asked: BTreeSet<&String> = now.asked.iter().flatten().collect();
        for (case, rows) in &now.counted {
            let is_asked = rows.iter().any(|row| asked.contains(row));
            prop_assert!(
                rows.len() == 1 || is_asked || now.told.contains(case),
                "case {case} counts as {rows:?} after report {count}\n{}",
                so_far.rows
            );
        }
        answers.extend(truth(&now, &so_far));
        let open: Vec<RowQuestion> = now.resolved.snapshot.gone_questions().cloned().collect();
        let verdict = |(at, question): (usize, RowQuestion)| {
            let case = so_far.cases[&question.row.record];
            // Of a case that is written otherwise by now the old row is a mistake.
            let verdict = match now.counted[&case].len() {
                1 => ON_GONE[said[(count + at) % said.len()]],
                _ => Verdict::Mistaken,
            };
            (question, verdict)
        };
        let given: Vec<(RowQuestion, Verdict)> =
            open.into_iter().enumerate().map(verdict).collect();
        answers.extend(given.iter().map(|(question, verdict)| {
            answer(*verdict, question.key().each_ref().map(String::as_str))
        }));
        let settled = found(year, form, &so_far, &answers);
        let still: BTreeSet<[String; 2]> = settled
            .resolved
            .snapshot
            .gone_questions()
            .map(RowQuestion::key)
            .collect();
        for (question, verdict) in given {
            let record = &question.row.record;
            let counts = settled.counted.values().flatten().any(|it| it == record);
            prop_assert_eq!(still.contains(&question.key()), verdict == Verdict::Verify);
            prop_assert_eq!(
                counts,
                verdict != Verdict::Mistaken,
                "{} {}",
                record,
                so_far.rows
            );
        }
        before = settled.counted.keys().copied().collect();
    }
    Ok(())
}

/// A person or a club as somebody writes it.
#[derive(Debug, Clone)]
struct Written {
    /// Who it is.
    who: usize,
    /// The report that has it, from 1.
    report: usize,
    /// How the name is written.
    style: usize,
    /// Whether the number is given.
    is_numbered: bool,
}

fn written() -> impl Strategy<Value = Vec<Written>> {
    let one = (0..4_usize, 1..4_usize, 0..4_usize, any::<bool>());
    let one = one.prop_map(|(who, report, style, is_numbered)| Written {
        who,
        report,
        style,
        is_numbered,
    });
    prop::collection::vec(one, 1..8)
}

/// The name as it may be written.
fn styled(name: &str, style: usize) -> String {
    match style {
        0 => name.to_owned(),
        1 => name.to_uppercase(),
        2 => name.replace(' ', "  "),
        _ => name.to_lowercase(),
    }
}

/// Holds what three reports of two departments in two years tell of persons or clubs to what must be true of any: two are never
/// taken for one, and one that is taken for two is asked about. `row` writes one of them; of two that share a name all else
/// differs.
fn check_everywhere(
    form: &str,
    head: &str,
    all: &[Written],
    row: impl Fn(&Written) -> String,
) -> Result<(), TestCaseError> {
    let sent = [
        submission(1, "SCT", "2022"),
        submission(2, "SXD", "2022"),
        submission(3, "SCT", "2023"),
    ];
    let mut rows = format!("file | record | {head}\n");
    for (at, one) in all.iter().enumerate() {
        rows.push_str(&format!("f{0} | f{0}-{at} | {1}\n", one.report, row(one)));
    }
    let snapshot = snapshot_by(programme(), &sent, &[(form, &rows)]);
    let (answers, others) = (AnswerIndex::new(&[]), OtherProgrammes::default());
    let resolved = ResolvedSnapshot::resolve(programme(), snapshot, others, &answers).unwrap();
    let frame = &resolved.snapshot.accepted[form];
    let who = |record: &str| all[record.split('-').nth(1).unwrap().parse::<usize>().unwrap()].who;
    let mut ids: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    let mut of_id: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (record, id) in column(frame, "record").iter().zip(column(frame, "case_id")) {
        ids.entry(who(record)).or_default().insert(id.clone());
        of_id.entry(id).or_default().insert(who(record));
    }
    let asked: BTreeSet<usize> = resolved
        .may_be_one
        .iter()
        .flat_map(|pair| pair.sides.each_ref().map(|side| who(&side.record)))
        .collect();
    for (id, several) in of_id {
        prop_assert!(several.len() == 1, "{id} is {several:?}\n{rows}");
    }
    for (one, ids) in ids {
        prop_assert!(
            ids.len() == 1 || asked.contains(&one),
            "{one} counts as {ids:?} and nobody is asked\n{rows}"
        );
    }
    Ok(())
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
        let answers = truth(&found, &sent);
        let settled = super::case_properties::found(&year, "training", &sent, &answers);
        for (case, rows) in &settled.counted {
            prop_assert!(
                rows.len() == 1 || settled.told.contains(case),
                "case {case} counts as {rows:?} after all answers\n{}",
                sent.rows
            );
        }
    }

    #[test]
    fn persons_are_never_mixed_and_count_once_or_are_asked_about(all in written()) {
        // Of two that share a name the year of birth, the certificate and the place of work differ.
        let names = ["Nguyễn Văn An", "Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng"];
        let head = "name | organisation | birth_year | certificate";
        check_everywhere("expert", head, &all, |one| {
            let number = match one.is_numbered {
                true => format!("CN-{}", one.who + 11),
                false => String::new(),
            };
            let name = styled(names[one.who], one.style);
            format!("{name} | Công ty Mẫu {} | {} | {number}", one.who, 1970 + one.who * 5)
        })?;
    }

    #[test]
    fn clubs_are_never_mixed_and_count_once_or_are_asked_about(all in written()) {
        let names = ["CLB Năng suất", "CLB Năng suất", "CLB Chất lượng", "CLB 5S"];
        let head = "name | school | decision | founded_on";
        check_everywhere("club", head, &all, |one| {
            let number = match one.is_numbered {
                true => format!("{}/QĐ-ĐH", one.who + 11),
                false => String::new(),
            };
            let name = styled(names[one.who], one.style);
            let school = ["Trường Đại học Lạc Hồng", "Trường Đại học Đồng Nai"][one.who % 2];
            format!("{name} | {school} | {number} | 2021-0{}-15", one.who + 2)
        })?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn nothing_vanishes_or_doubles_while_reports_and_answers_come_in(
        year in year(),
        said in prop::collection::vec(0..4_usize, 1..5),
    ) {
        let courses = year.sent("name | task | start | participants", course_row);
        take_in_one_by_one(&year, "training", &courses, &said)?;
        let head = "enterprise | tax_code | content | contract | start | state_budget";
        take_in_one_by_one(&year, "support", &year.sent(head, support_row), &said)?;
    }
}

/// A course that a person said to go on, and that comes back under another task and day, is told as long as both count.
#[test]
fn what_goes_on_and_comes_back_otherwise_is_told() {
    let course = RealCase {
        begins: 1,
        numbered: 1,
        recoded: 2,
        redated: 2,
        left_out: Some(2),
    };
    let year = RealYear {
        cases: vec![course],
        merged: NEVER,
        is_sent_twice: false,
        has_year: false,
    };
    let sent = year.sent("name | task | start | participants", course_row);
    take_in_one_by_one(&year, "training", &sent, &[0]).unwrap();
}
