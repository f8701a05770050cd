use crate::display;
use crate::error::ReportError;
use crate::input::annual::AnnualReport;
use crate::input::submissions::{DepartmentLine, SubmissionLine, SubmissionState};
use crate::paper::Paper;
use crate::paper::cell::CellValue;
use crate::paper::column::{ColumnList, ColumnSpec};
use crate::paper::look::Look;
use chrono::Datelike;
use model::Period;
use programme::Words;

/// A line of the sheet.
struct SentLine<'a> {
    /// The department with its number, on its first line.
    first: Option<(i64, &'a DepartmentLine)>,
    what: Sent<'a>,
}

/// A missing department and a nil return are different lines.
enum Sent<'a> {
    /// Nothing counts of a year in which it had to report.
    Missing(i32),
    /// Of a year only the quarters up to this one are reported.
    Partial(Period),
    /// What took over all of it.
    Succeeded(&'a str),
    /// A submission, and how often what this sender sent for this period had something to mend, up to this one.
    Submission(&'a SubmissionLine, usize),
}

type SubmissionColumn<'a> = ColumnSpec<'a, SentLine<'a>>;

/// Who reported, when and what came of it.
pub(crate) fn write(page: &mut dyn Paper, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let columns = columns(words);
    columns.begin(page, 0)?;
    for (number, department) in (1..).zip(&report.departments) {
        let mut first = Some((number, department));
        let missing = department.missing.iter().map(|year| Sent::Missing(*year));
        let partial = department.partial.iter().map(|last| Sent::Partial(*last));
        let submissions = department
            .submissions
            .iter()
            .map(|line| Sent::Submission(line, times_returned(department, line)));
        let succeeded = department.succeeded_by.as_deref().map(Sent::Succeeded);
        for what in missing.chain(partial).chain(succeeded).chain(submissions) {
            let first = first.take();
            columns.row(page, &SentLine { first, what })?;
        }
    }
    for note in department_list_notes(report) {
        page.note(&note)?;
    }
    let deadline = report.programme.deadline.in_year(report.year);
    let date = display::day(deadline);
    let clause = &report.programme.deadline.clause;
    page.note(&words.render_template("deadline_note", [("date", &date), ("clause", clause)]))?;
    match report.known_until() {
        Some(day) => {
            let (date, year) = (display::day(day), report.year.to_string());
            page.note(
                &words.render_template("known_until_note", [("date", &date), ("year", &year)]),
            )
        }
        None => Ok(()),
    }
}

/// Which list of departments was used, and what of it the office has to confirm: of those that came or went in the years
/// shown, by what is open.
fn department_list_notes(report: &AnnualReport<'_>) -> Vec<String> {
    let programme = report.programme;
    let words = &programme.words;
    let of_office = programme.office_file("departments.toml");
    let mut notes = vec![match of_office {
        Some(file) => {
            let code = file.hash.get(..12).unwrap_or_default();
            words.render_template("department_list_office", [("code", code)])
        }
        None => words.render_template("department_list", [("decision", &programme.decision)]),
    }];
    let years = report.from..=report.year;
    let mut open: Vec<(&str, Vec<&str>)> = Vec::new();
    for department in &programme.departments {
        let ends = [department.life.from, department.life.to];
        let changed = ends
            .into_iter()
            .flatten()
            .any(|day| years.contains(&day.year()));
        let Some(what) = department.to_confirm.as_deref().filter(|_| changed) else {
            continue;
        };
        match open.iter_mut().find(|(known, _)| *known == what) {
            Some((_, names)) => names.push(&department.short),
            None => open.push((what, vec![&department.short])),
        }
    }
    notes.extend(open.into_iter().map(|(what, names)| {
        let values = [("departments", names.join(", ")), ("what", what.to_owned())];
        let values = values.each_ref().map(|(key, text)| (*key, text.as_str()));
        words.render_template("department_list_confirm", values)
    }));
    notes
}

fn times_returned(department: &DepartmentLine, line: &SubmissionLine) -> usize {
    let same = |other: &&SubmissionLine| (other.period, &other.unit) == (line.period, &line.unit);
    let until = department
        .submissions
        .iter()
        .filter(same)
        // Up to this one: a line says how it stood when it came.
        .take_while(|other| other.file != line.file);
    until
        .chain([line])
        .filter(|other| other.to_mend > 0)
        .count()
}

fn columns<'a>(words: &'a Words) -> ColumnList<'a, SentLine<'a>> {
    ColumnList(vec![
        SubmissionColumn::new(words.get("no"), 5, |line| match line.first {
            Some((number, _)) => CellValue::ordinal(number),
            None => CellValue::blank(),
        }),
        SubmissionColumn::new(words.get("department"), 36, |line| match line.first {
            Some((_, department)) => CellValue::text(&department.name),
            None => CellValue::blank(),
        }),
        sent(words.get("unit_head"), 18, |sent| {
            CellValue::text(sent.unit.as_deref().unwrap_or_default())
        }),
        SubmissionColumn::new(words.get("period"), 10, |line| match line.what {
            Sent::Missing(year) => CellValue::centered(year.to_string()),
            Sent::Partial(last) => CellValue::centered(last.calendar_year().to_string()),
            Sent::Succeeded(_) => CellValue::blank(),
            Sent::Submission(sent, _) => CellValue::centered(sent.period.to_string()),
        }),
        SubmissionColumn::new(words.get("state"), 22, |line| match line.what {
            Sent::Missing(_) => CellValue::Text(words.get("state_missing").into(), Look::Pending),
            Sent::Partial(last) => {
                let last = display::period(words, last);
                let text = words.render_template("state_partial", [("period", &last)]);
                CellValue::Text(text.into(), Look::Pending)
            }
            Sent::Succeeded(by) => {
                let text = words.render_template("state_succeeded", [("department", by)]);
                CellValue::Text(text.into(), Look::Center)
            }
            Sent::Submission(sent, _) => state(words, sent),
        }),
        sent(words.get("received_at"), 17, |sent| {
            CellValue::centered(display::moment(sent.at))
        }),
        sent(words.get("in_time"), 10, |sent| {
            CellValue::centered(match sent.in_time {
                Some(true) => "x",
                Some(false) => words.get("late"),
                None => words.get("no_deadline"),
            })
        }),
        sent(words.get("rows_counted"), 10, |sent| {
            CellValue::Number(i64::from(sent.accepted), Look::Number)
        }),
        sent(words.get("rows_held"), 10, |sent| {
            CellValue::Number(i64::from(sent.held), Look::Number)
        }),
        sent(words.get("severity_correct"), 9, |sent| count(sent.to_mend)),
        sent(words.get("severity_warn"), 9, |sent| count(sent.noticed)),
        SubmissionColumn::new(words.get("times_returned"), 9, |line| match line.what {
            Sent::Missing(_) | Sent::Partial(_) | Sent::Succeeded(_) => CellValue::blank(),
            Sent::Submission(_, returned) => count(returned),
        }),
        sent(words.get("file"), 44, |sent| {
            CellValue::text(&sent.file_name)
        }),
    ])
}

/// A column that says something of a submission only.
fn sent<'a>(
    heading: &'a str,
    width: u16,
    cell: impl Fn(&'a SubmissionLine) -> CellValue<'a> + 'a,
) -> SubmissionColumn<'a> {
    SubmissionColumn::new(heading, width, move |line| match line.what {
        Sent::Missing(_) | Sent::Partial(_) | Sent::Succeeded(_) => CellValue::blank(),
        Sent::Submission(sent, _) => cell(sent),
    })
}

fn count(count: usize) -> CellValue<'static> {
    CellValue::Number(i64::try_from(count).unwrap_or(i64::MAX), Look::Number)
}

fn state<'a>(words: &'a Words, sent: &'a SubmissionLine) -> CellValue<'a> {
    let (text, look) = match sent.standing {
        SubmissionState::Refused => (words.get("state_refused"), Look::Pending),
        SubmissionState::SetAside => {
            let reason = sent.set_aside.as_deref();
            let text =
                reason.map(|reason| words.render_template("state_set_aside", [("reason", reason)]));
            return CellValue::Text(text.unwrap_or_default().into(), Look::Pending);
        }
        SubmissionState::Superseded => (words.get("state_superseded"), Look::Center),
        SubmissionState::Stands if sent.nil_return => (words.get("state_nil"), Look::Good),
        SubmissionState::Stands if sent.held > 0 => (words.get("state_held"), Look::Pending),
        SubmissionState::Stands => (words.get("state_received"), Look::Good),
    };
    CellValue::Text(text.into(), look)
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::input::submissions::{DepartmentLine, SubmissionLine, SubmissionState};
    use crate::testing::{moment, on_text, programme, report};
    use model::Period;

    fn sent(file: &str, standing: SubmissionState) -> SubmissionLine {
        SubmissionLine {
            period: Period::year(2023).unwrap(),
            unit: None,
            file_name: format!("{file}.xlsx"),
            file: file.to_owned(),
            at: moment("2023-11-20T08:30:00+07:00"),
            in_time: Some(true),
            standing,
            set_aside: None,
            nil_return: false,
            accepted: 10,
            held: 0,
            to_mend: 0,
            noticed: 1,
        }
    }

    fn department(submissions: Vec<SubmissionLine>, missing: Vec<i32>) -> DepartmentLine {
        DepartmentLine {
            code: "SCT".to_owned(),
            name: "Sở Công Thương".to_owned(),
            short: "Sở Công Thương".to_owned(),
            submissions,
            had_to_report: true,
            whole: Vec::new(),
            partial: Vec::new(),
            missing,
            succeeded_by: None,
        }
    }

    #[test]
    fn a_department_is_named_once_and_its_returns_are_counted() {
        let mut report = report(programme());
        let first = SubmissionLine {
            to_mend: 3,
            ..sent("a", SubmissionState::Superseded)
        };
        let second = SubmissionLine {
            to_mend: 1,
            in_time: Some(false),
            held: 2,
            ..sent("b", SubmissionState::Stands)
        };
        report.departments = vec![department(vec![first, second], vec![2022])];
        insta::assert_snapshot!(on_text(|page| write(page, &report)), @r"
        [TT | Cơ quan | Đơn vị trực thuộc | Kỳ | Tình trạng | Nhận lúc | Đúng hạn | Dòng được tính | Dòng tạm giữ | Phải sửa | Lưu ý | Số lần trả lại | Tệp] kept 0
        #1 | Sở Công Thương |  | 2022 | ?Chưa gửi báo cáo |  |  |  |  |  |  |  |
         |  |  | 2023 | Đã có báo cáo thay thế | 20/11/2023 08:30 | x | 10 | 0 | 3 | 1 | 1 | a.xlsx
         |  |  | 2023 | ?Có dòng tạm giữ | 20/11/2023 08:30 | Sau hạn | 10 | 2 | 1 | 1 | 2 | b.xlsx
        note: Danh sách cơ quan báo cáo: theo Kế hoạch số 12015/KH-UBND ngày 01/10/2021.
        note: Hạn gửi: trước ngày 30/11/2023 (Mục VI.1.d, VI.2.e).
        note: Số liệu nhận sau ngày 25/11/2023 được tính vào năm 2023 và nêu ở trang “Điều chỉnh” của báo cáo sau.
        ");
    }

    #[test]
    fn a_year_of_which_only_quarters_came_says_so_and_a_quarter_has_no_mark_for_its_day() {
        let mut report = report(programme());
        let quarter = SubmissionLine {
            period: Period::quarter(2023, 2).unwrap(),
            in_time: None,
            ..sent("a", SubmissionState::Stands)
        };
        let mut line = department(vec![quarter], Vec::new());
        line.partial = vec![Period::quarter(2023, 2).unwrap()];
        report.departments = vec![line];
        let text = on_text(|page| write(page, &report));
        let lines: Vec<&str> = text.lines().skip(1).take(2).collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        #1 | Sở Công Thương |  | 2023 | ?Chưa có báo cáo năm (mới đến Quý II/2023) |  |  |  |  |  |  |  |
         |  |  | 2023-Q2 | +Đã nhận | 20/11/2023 08:30 | – | 10 | 0 | 0 | 1 | 0 | a.xlsx
        ");
    }

    #[test]
    fn each_state_has_its_words() {
        let mut report = report(programme());
        let nil = SubmissionLine {
            nil_return: true,
            ..sent("a", SubmissionState::Stands)
        };
        let aside = SubmissionLine {
            set_aside: Some("gửi nhầm".to_owned()),
            ..sent("b", SubmissionState::SetAside)
        };
        let of_unit = SubmissionLine {
            unit: Some("Chi cục".to_owned()),
            ..sent("c", SubmissionState::Refused)
        };
        let lines = vec![nil, aside, of_unit, sent("d", SubmissionState::Stands)];
        report.departments = vec![department(lines, Vec::new())];
        let text = on_text(|page| write(page, &report));
        let states: Vec<String> = text
            .lines()
            .skip(1)
            .filter(|line| !line.starts_with("note"))
            .map(|line| {
                line.split(" | ")
                    .skip(2)
                    .take(3)
                    .collect::<Vec<_>>()
                    .join(" | ")
            })
            .collect();
        insta::assert_snapshot!(states.join("\n"), @r"
         | 2023 | +Không phát sinh
         | 2023 | ?Để riêng: gửi nhầm
        Chi cục | 2023 | ?Không đọc được, trả lại
         | 2023 | +Đã nhận
        ");
    }
}
