use crate::error::ReportError;
use crate::input::annual::AnnualReport;
use crate::input::parts::{codes_below, value_with_parts};
use crate::input::submissions::{SubmissionLine, SubmissionState};
use crate::paper::Paper;
use crate::paper::cell::{CellValue, FigureCell, FigureSum, Keys};
use crate::paper::column::{ColumnList, ColumnSpec};
use crate::paper::look::Look;
use crate::sheets::table_columns::{
    FigureColumn, FigureContent, add_counted, is_known, lay_out, row_title,
};
use aggregate::Figures;
use programme::{Measure, TableColumn};
use std::collections::BTreeMap;

/// A row: a code of the list.
struct CodeRow<'a> {
    number: i64,
    code: &'a str,
    /// How many rows of codes that stand below it follow.
    below: u32,
    /// Whether it is what stands under a code itself, not under those below it.
    is_rest: bool,
}

impl CodeRow<'_> {
    fn is_group(&self) -> bool {
        self.below > 0
    }
}

/// The key of the departments.
const DEPARTMENT: &str = "department";

type CodeColumn<'a> = ColumnSpec<'a, CodeRow<'a>>;

/// The figures of a list's codes: one row a code, totals below and beside.
pub(crate) fn write(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    rows: &str,
    columns: &[TableColumn],
    numbered: bool,
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let laid = lay_out(report, columns);
    let codes = row_codes(report, rows, &laid);
    let mut list = leading(report, rows, &laid, numbered);
    let has_rows = !codes.is_empty();
    if rows == DEPARTMENT {
        list.push(sent_column(report));
    }
    list.extend(
        laid.iter()
            .map(|column| figure_column(report, rows, column, &laid, has_rows)),
    );
    let list = ColumnList(list);
    // The codes and their titles stay in view.
    list.begin(page, 2)?;
    for (number, (code, below, is_rest)) in (1..).zip(rows_of(report, rows, &codes, &laid)) {
        let row = CodeRow {
            number,
            code,
            below,
            is_rest,
        };
        list.row(page, &row)?;
    }
    list.foot(page)?;
    let is_by_department = |column: &TableColumn| column.each.as_deref() == Some(DEPARTMENT);
    if (rows == DEPARTMENT || columns.iter().any(is_by_department))
        && let Some(note) = report.not_reported()
    {
        page.note(&note)?;
    }
    for note in share_notes(report, &laid) {
        page.note(&note)?;
    }
    if laid
        .iter()
        .any(|column| column.counts_once() || (!has_rows && !column.is_share()))
    {
        page.note(words.get("counted_once_note"))?;
    }
    Ok(())
}

/// The rows in their order: a code that has codes below it is followed by theirs, and its row is their sum; what was reported
/// under itself stands in a row between, so that it is in the sum too.
fn rows_of<'c>(
    report: &AnnualReport<'_>,
    list: &str,
    codes: &'c [String],
    laid: &[FigureColumn<'_>],
) -> Vec<(&'c str, u32, bool)> {
    let is_shown = |code: &str| codes.iter().any(|shown| shown == code);
    let mut rows = Vec::new();
    for code in codes {
        let below = codes_below(report.programme, list, code).into_iter();
        let below = u32::try_from(below.filter(|code| is_shown(code)).count()).unwrap_or(u32::MAX);
        let keys = BTreeMap::from([(list.to_owned(), code.clone())]);
        let has_own = below > 0 && laid.iter().any(|column| column.figures.value(&keys) != 0);
        rows.push((code.as_str(), below + u32::from(has_own), false));
        if has_own {
            rows.push((code.as_str(), 0, true));
        }
    }
    // What is reported under a code itself is one more row below all codes above it.
    let rests: Vec<&str> = rows.iter().filter(|row| row.2).map(|row| row.0).collect();
    for (code, count, is_rest) in &mut rows {
        if *count > 0 && !*is_rest {
            let below = codes_below(report.programme, list, code);
            let more = rests.iter().filter(|rest| below.contains(rest)).count();
            *count += u32::try_from(more).unwrap_or(u32::MAX);
        }
    }
    rows
}

/// What is said of each share that is not over all departments: whose reports lack what.
fn share_notes(report: &AnnualReport<'_>, laid: &[FigureColumn<'_>]) -> Vec<String> {
    let title = |figures: &Figures| {
        let indicator = report.programme.indicator(&figures.indicator);
        indicator.map_or(figures.indicator.clone(), |it| it.title.vi.clone())
    };
    let mut notes = Vec::new();
    for column in laid {
        let FigureContent::Share { shared, .. } = &column.content else {
            continue;
        };
        for (lacking, figures) in shared.lacking.iter().zip([&shared.part, &shared.whole]) {
            let departments = lacking.iter().copied().collect::<Vec<_>>().join(", ");
            if !departments.is_empty() {
                let indicator = title(figures);
                let values = [
                    ("heading", column.heading.as_str()),
                    ("indicator", &indicator),
                    ("departments", &departments),
                ];
                let words = &report.programme.words;
                notes.push(words.render_template("share_note", values));
            }
        }
    }
    notes
}

/// The columns of the code and its title.
fn leading<'a>(
    report: &'a AnnualReport<'_>,
    rows: &'a str,
    laid: &[FigureColumn<'_>],
    numbered: bool,
) -> Vec<CodeColumn<'a>> {
    let programme = report.programme;
    let words = &programme.words;
    let title = match programme.lists.get(rows) {
        Some(list) => list.title.vi.as_str(),
        None => words.get("department_head"),
    };
    let code_cell = move |row: &CodeRow<'a>| match is_known(programme, rows, row.code) {
        true if numbered => CellValue::ordinal(row.number),
        true if row.is_rest => CellValue::centered(""),
        true => CellValue::centered(row.code),
        false => CellValue::centered("–"),
    };
    let title_cell = move |row: &CodeRow<'a>| {
        let look = if row.is_group() {
            Look::TextBold
        } else {
            Look::Text
        };
        let title = match row.is_rest {
            true => words.get("without_part"),
            false => row_title(programme, rows, row.code),
        };
        CellValue::Text(title.into(), look)
    };
    vec![
        CodeColumn::new(
            words.get(if numbered { "no" } else { "code" }),
            10,
            code_cell,
        ),
        CodeColumn::new(
            title,
            if has_money(report, laid) { 40 } else { 50 },
            title_cell,
        )
        .with_foot(CellValue::Text(words.get("total").into(), Look::TotalText)),
    ]
}

/// Whether each department sent its report, and when: that it sent none, that it has nothing to report, and a 0 are different.
fn sent_column<'a>(report: &'a AnnualReport<'_>) -> CodeColumn<'a> {
    let words = &report.programme.words;
    CodeColumn::new(words.get("sent_state"), 13, move |row| {
        let mut lines = report.departments.iter().filter(|it| it.code == row.code);
        // Of several offices' departments of one code each has a state of its own, told where each is named.
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return CellValue::centered("–");
        };
        let stands = |sent: &&SubmissionLine| sent.standing == SubmissionState::Stands;
        let standing = || line.submissions.iter().filter(stands);
        let (key, look) = match () {
            () if !line.missing.is_empty() => ("sent_not", Look::Pending),
            () if !line.partial.is_empty() => ("sent_partly", Look::Pending),
            () if standing().any(|sent| sent.in_time == Some(false)) => {
                ("sent_late", Look::Pending)
            }
            () if standing().next().is_some() && standing().all(|sent| sent.nil_return) => {
                ("sent_nil", Look::Good)
            }
            () if standing().any(|sent| sent.in_time == Some(true)) => ("sent_in_time", Look::Good),
            () if standing().next().is_some() => ("sent", Look::Good),
            () => return CellValue::centered("–"),
        };
        CellValue::Text(words.get(key).into(), look)
    })
}

/// A column of figures, shares or sums.
fn figure_column<'a>(
    report: &'a AnnualReport<'_>,
    rows: &'a str,
    column: &'a FigureColumn<'a>,
    laid: &[FigureColumn<'_>],
    has_rows: bool,
) -> CodeColumn<'a> {
    let width = match column.heading.chars().count() {
        _ if has_money(report, laid) => 15,
        0..=14 => 11,
        _ => 14,
    };
    let only = &column.only;
    let figures = column.figures;
    let keys = move |row: &CodeRow<'a>| narrowed(only, rows, row.code);
    let figure = move |keys, sum, look| {
        CellValue::Figure(FigureCell {
            figures,
            keys,
            sum,
            look,
            is_named: false,
        })
    };
    let has_groups = report
        .programme
        .lists
        .get(rows)
        .is_some_and(|list| list.entries.iter().any(|entry| entry.parent.is_some()));
    let total = match has_groups {
        _ if column.counts_once() || !has_rows => FigureSum::Not,
        true => FigureSum::ColumnOfParts,
        false => FigureSum::Column,
    };
    let programme = report.programme;
    // A group's own figure is the sum of its rows; what counts once is counted over them.
    let of_group = move |row: &CodeRow<'a>| {
        let value = value_with_parts(programme, figures, &keys(row));
        match figures.measure {
            Measure::Sum => figure(
                keys(row),
                FigureSum::Below(row.below, value),
                Look::NumberBold,
            ),
            Measure::CountDistinct => CellValue::Number(value, Look::NumberBold),
        }
    };
    let foot = figure(only.clone(), total, Look::Total);
    match &column.content {
        FigureContent::Figure => {
            CodeColumn::new(&column.heading, width, move |row: &CodeRow<'a>| {
                match row.is_group() {
                    true => of_group(row),
                    false => figure(keys(row), FigureSum::Not, Look::Number),
                }
            })
            .with_foot(foot)
        }
        FigureContent::Total { columns } => CodeColumn::new(&column.heading, width, move |row| {
            if row.is_group() {
                return of_group(row);
            }
            // What counts once is not the sum of the columns beside it.
            let sum = match figures.measure {
                Measure::Sum => FigureSum::Left(*columns),
                Measure::CountDistinct => FigureSum::Not,
            };
            figure(keys(row), sum, Look::NumberBold)
        })
        .with_foot(foot),
        FigureContent::Average { by } => {
            let average = move |keys: &Keys, is_rest: bool, look| {
                let value = |figures: &Figures| match is_rest {
                    true => figures.value(keys),
                    false => value_with_parts(programme, figures, keys),
                };
                match value(by) {
                    0 => CellValue::Text("".into(), look),
                    count => CellValue::Number(value(figures) / count, look),
                }
            };
            CodeColumn::new(&column.heading, width, move |row| {
                average(&keys(row), row.is_rest, Look::Number)
            })
            .with_foot(average(only, true, Look::Total))
        }
        FigureContent::Share { shared, columns } => {
            let share = move |keys: &Keys, is_rest: bool, look| {
                let value = |figures: &Figures| match is_rest {
                    true => figures.value(keys),
                    false => value_with_parts(programme, figures, keys),
                };
                CellValue::Share {
                    parts: [value(&shared.part), value(&shared.whole)],
                    columns: *columns,
                    look,
                }
            };
            CodeColumn::new(&column.heading, width, move |row| {
                share(&keys(row), row.is_rest, Look::Share)
            })
            .with_foot(share(only, true, Look::ShareTotal))
        }
    }
    .in_group(column.group)
}

/// Whether any column is money, which needs room.
fn has_money(report: &AnnualReport<'_>, laid: &[FigureColumn<'_>]) -> bool {
    laid.iter()
        .any(|column| report.is_money(&column.figures.indicator))
}

/// The keys of a cell: those of its column and its row.
fn narrowed(only: &Keys, rows: &str, code: &str) -> Keys {
    let mut keys = only.clone();
    keys.insert(rows.to_owned(), code.to_owned());
    keys
}

fn row_codes(report: &AnnualReport<'_>, rows: &str, laid: &[FigureColumn<'_>]) -> Vec<String> {
    let programme = report.programme;
    let all_figures = || laid.iter().map(|column| column.figures);
    let counts = |code: &str| {
        let keys = BTreeMap::from([(rows.to_owned(), code.to_owned())]);
        all_figures().any(|figures| figures.value(&keys) != 0)
    };
    // A department without a duty to report in the years shown, or a code that was not used then, is shown once it counts.
    let expected = |code: &str| match programme.department(code).filter(|_| rows == "department") {
        Some(_) => report
            .departments
            .iter()
            .any(|line| line.code == code && line.had_to_report),
        None => report.has_code(rows, code),
    };
    let mut codes: Vec<String> = programme
        .codes_of(rows)
        .into_iter()
        .filter(|code| expected(code) || counts(code))
        .map(str::to_owned)
        .collect();
    for figures in all_figures() {
        add_counted(&mut codes, rows, figures);
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::testing::{figures, on_text, programme, report};
    use programme::{Measure, TableColumn};
    use std::collections::BTreeMap;

    fn column(indicator: &str) -> TableColumn {
        TableColumn {
            group: None,
            heading: format!("Cột {indicator}"),
            indicator: indicator.to_owned(),
            each: None,
            total: None,
            over: None,
            per: None,
            only: BTreeMap::new(),
        }
    }

    #[test]
    fn a_table_has_a_row_for_each_code_and_totals_as_formulas() {
        let mut report = report(programme());
        let rows: &[(&[&str], &str, &str)] = &[
            (&["small", "state"], "r1", "100"),
            (&["small", "enterprise"], "r2", "40"),
            (&["giant", "state"], "r3", "5"),
        ];
        let by = ["size", "money_source"];
        let money = figures("support_money_by_size", Measure::Sum, &by, rows);
        let cases: &[(&[&str], &str, &str)] = &[(&["small"], "r1", "4"), (&["giant"], "r3", "1")];
        let cases = figures("support_by_size", Measure::Sum, &["size"], cases);
        report.figures = BTreeMap::from([
            ("support_money_by_size".to_owned(), money),
            ("support_by_size".to_owned(), cases),
        ]);
        let columns = [
            TableColumn {
                group: Some("Kinh phí".to_owned()),
                each: Some("money_source".to_owned()),
                total: Some("Cộng".to_owned()),
                ..column("support_money_by_size")
            },
            column("support_by_size"),
            TableColumn {
                over: Some("support_by_size".to_owned()),
                ..column("support_money_by_size")
            },
            column("no_such_indicator"),
        ];
        let text = on_text(|page| write(page, &report, "size", &columns, true));
        insta::assert_snapshot!(text, @r"
        [TT | Quy mô | Kinh phí: NSNN | Kinh phí: Doanh nghiệp | Kinh phí: Nguồn khác | Kinh phí: Cộng | Cột support_by_size | Cột support_money_by_size] kept 2
        #1 | Siêu nhỏ | 0 (support_money_by_size/2023/size=micro/money_source=state) | 0 (support_money_by_size/2023/size=micro/money_source=enterprise) | 0 (support_money_by_size/2023/size=micro/money_source=other) | *0 (support_money_by_size/2023/size=micro Σ3) | 0 (support_by_size/2023/size=micro) | 0/0 ←2/←1
        #2 | Nhỏ | 100 (support_money_by_size/2023/size=small/money_source=state) | 40 (support_money_by_size/2023/size=small/money_source=enterprise) | 0 (support_money_by_size/2023/size=small/money_source=other) | *140 (support_money_by_size/2023/size=small Σ3) | 4 (support_by_size/2023/size=small) | 140/4 ←2/←1
        #3 | Vừa | 0 (support_money_by_size/2023/size=medium/money_source=state) | 0 (support_money_by_size/2023/size=medium/money_source=enterprise) | 0 (support_money_by_size/2023/size=medium/money_source=other) | *0 (support_money_by_size/2023/size=medium Σ3) | 0 (support_by_size/2023/size=medium) | 0/0 ←2/←1
        #4 | Lớn | 0 (support_money_by_size/2023/size=large/money_source=state) | 0 (support_money_by_size/2023/size=large/money_source=enterprise) | 0 (support_money_by_size/2023/size=large/money_source=other) | *0 (support_money_by_size/2023/size=large Σ3) | 0 (support_by_size/2023/size=large) | 0/0 ←2/←1
        #5 | HTX-khác | 0 (support_money_by_size/2023/size=other/money_source=state) | 0 (support_money_by_size/2023/size=other/money_source=enterprise) | 0 (support_money_by_size/2023/size=other/money_source=other) | *0 (support_money_by_size/2023/size=other Σ3) | 0 (support_by_size/2023/size=other) | 0/0 ←2/←1
        – | Chưa phân loại | 5 (support_money_by_size/2023/size=giant/money_source=state) | 0 (support_money_by_size/2023/size=giant/money_source=enterprise) | 0 (support_money_by_size/2023/size=giant/money_source=other) | *5 (support_money_by_size/2023/size=giant Σ3) | 1 (support_by_size/2023/size=giant) | 5/1 ←2/←1
        = | =TỔNG CỘNG | =105 (support_money_by_size/2023/money_source=state Σ) | =40 (support_money_by_size/2023/money_source=enterprise Σ) | =0 (support_money_by_size/2023/money_source=other Σ) | =145 (support_money_by_size/2023 Σ) | =5 (support_by_size/2023 Σ) | =145/5 ←2/←1
        ");
    }

    #[test]
    fn what_counts_once_is_no_sum_and_that_is_said() {
        let mut report = report(programme());
        let rows: &[(&[&str], &str, &str)] = &[(&["small"], "r1", "E1"), (&["large"], "r2", "E1")];
        let firms = figures(
            "enterprises_by_size",
            Measure::CountDistinct,
            &["size"],
            rows,
        );
        report
            .figures
            .insert("enterprises_by_size".to_owned(), firms);
        let columns = [column("enterprises_by_size")];
        let text = on_text(|page| write(page, &report, "size", &columns, false));
        insta::assert_snapshot!(text, @r"
        [Mã | Quy mô | Cột enterprises_by_size] kept 2
        micro | Siêu nhỏ | 0 (enterprises_by_size/2023/size=micro)
        small | Nhỏ | 1 (enterprises_by_size/2023/size=small)
        medium | Vừa | 0 (enterprises_by_size/2023/size=medium)
        large | Lớn | 1 (enterprises_by_size/2023/size=large)
        other | HTX-khác | 0 (enterprises_by_size/2023/size=other)
        = | =TỔNG CỘNG | =1 (enterprises_by_size/2023)
        note: Cột tính mỗi doanh nghiệp một lần: tổng không phải là cộng các dòng, vì một doanh nghiệp có thể ở nhiều dòng.
        ");
    }
}
