//! What made the difference in one figure between two reports, record by record.

use crate::annual::build::BuiltReport;
use crate::annual::cause::{Cause, Causes};
use crate::annual::departments::short_name;
use crate::annual::matched_records::{MatchedRecord, MatchedRecords};
use crate::annual::programme_changes::programme_changes;
use crate::connected::connected;
use crate::support::support_line::SupportLine;
use aggregate::{Contribution, CountedValue, Figures};
use polars::prelude::PolarsResult;
use programme::Measure;
use report::RecordOrigin;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What came into a figure, or left it: a value with its cell, or all that a change without cells made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValueChange {
    /// Whether it came in.
    pub is_added: bool,
    /// The value: an amount, or what counts once. Blank beside a further cell of the same record.
    pub value: String,
    /// The department; of merged ones what became what.
    pub department: String,
    /// The file; of a changed programme its files that are others.
    pub file: String,
    /// The sheet; blank if no cell made the change.
    pub sheet: String,
    /// The cell; blank if no cell made the change.
    pub cell: String,
    /// Why.
    pub cause: Cause,
}

/// Two reports of one year, the earlier first, with what is needed to compare their figures.
pub(crate) struct ReportComparison<'a> {
    sides: [&'a BuiltReport<'a>; 2],
    records: MatchedRecords,
    causes: Causes<'a>,
    /// The files of the programme that are not the same, for a person to read.
    programme_files: String,
}

/// A contribution on one side, and the record it comes from.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    side: usize,
    record: MatchedRecord,
    contribution: Contribution<'a>,
    origin: RecordOrigin<'a>,
}

/// Why a part is on its side only.
enum Reason {
    /// Its record came or went, or is another in these columns.
    Cells(Vec<String>),
    /// Its record is the same, and counts otherwise.
    Counting,
}

/// What differs, as it is found.
#[derive(Default)]
struct Found {
    /// What has a cell.
    lines: Vec<(LineOrder, ValueChange)>,
    /// What has none: the sum of what a cause made, and what changed instead of a cell.
    sums: BTreeMap<(Cause, String), i64>,
}

/// Lines are told by where their record stood, or stands if it came; what left before what came, and of the cells of one
/// record the one with the value first.
type LineOrder = (String, String, String, i64, String, bool, usize);

impl Found {
    fn told(mut self) -> Vec<ValueChange> {
        self.lines.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut told: Vec<ValueChange> = self.lines.into_iter().map(|(_, line)| line).collect();
        told.dedup();
        let sums = self.sums.into_iter().filter(|(_, sum)| *sum != 0);
        told.extend(sums.map(|((cause, instead), sum)| {
            let (department, file) = match cause {
                Cause::Merged => (instead, String::new()),
                _ => (String::new(), instead),
            };
            ValueChange {
                is_added: sum > 0,
                value: sum.unsigned_abs().to_string(),
                department,
                file,
                sheet: String::new(),
                cell: String::new(),
                cause,
            }
        }));
        told
    }
}

impl<'a> ReportComparison<'a> {
    /// Of two reports, the earlier first.
    ///
    /// # Errors
    /// When records cannot be matched.
    pub(crate) fn of(sides: [&'a BuiltReport<'a>; 2]) -> PolarsResult<Self> {
        Ok(Self {
            records: MatchedRecords::of(sides)?,
            causes: Causes::between(sides),
            programme_files: programme_changes(sides.map(|side| side.programme_files)),
            sides,
        })
    }

    /// What an indicator counts on both sides.
    pub(crate) fn parts(&self, figures: [Option<&'a Figures>; 2]) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        for (side, figures) in figures.into_iter().enumerate() {
            let contributions = figures.into_iter().flat_map(|it| it.contributions.iter());
            parts.extend(contributions.filter_map(|contribution| {
                Some(Part {
                    side,
                    record: self.records.find(side, contribution.record_id()?)?,
                    contribution,
                    origin: self.sides[side].report.origins.at(contribution.record()?)?,
                })
            }));
        }
        parts
    }

    /// What made the difference in a figure: `by` are the indicator's keys, `keys` those that the figure is narrowed to,
    /// `parts` what the indicator counts.
    pub(crate) fn differences(
        &self,
        measure: Measure,
        by: &[String],
        keys: &BTreeMap<String, String>,
        parts: &[Part<'a>],
    ) -> Vec<ValueChange> {
        let is_in = |part: &&Part<'a>| {
            let given = by.iter().zip(part.contribution.keys());
            given
                .into_iter()
                .all(|(key, code)| keys.get(key).is_none_or(|wanted| wanted == code))
        };
        let parts: Vec<Part<'a>> = parts.iter().filter(is_in).copied().collect();
        let mut found = Found::default();
        match measure {
            Measure::Sum => self.sums(by, &parts, &mut found),
            Measure::CountDistinct => self.distinct(by, &parts, &mut found),
        }
        found.told()
    }

    /// Of a sum: what each column of each record adds on one side and not on the other.
    fn sums(&self, by: &[String], parts: &[Part<'a>], found: &mut Found) {
        let mut fields: BTreeMap<(MatchedRecord, &str), [Vec<Part<'a>>; 2]> = BTreeMap::new();
        for part in parts {
            let field = fields.entry((part.record, part.contribution.field()));
            field.or_default()[part.side].push(*part);
        }
        for [mut gone, mut come] in fields.into_values() {
            // A value that only stands under another key makes no difference to a figure that both keys are part of.
            type Equal = fn(Contribution<'_>, Contribution<'_>) -> bool;
            let equal: [Equal; 2] = [
                |a, b| a.keys().eq(b.keys()) && a.value() == b.value(),
                |a, b| a.value() == b.value(),
            ];
            for is_equal in equal {
                come.retain(|new| {
                    let is_same = |old: &Part<'_>| is_equal(old.contribution, new.contribution);
                    let same = gone.iter().position(is_same);
                    same.map(|at| gone.remove(at)).is_none()
                });
            }
            for part in gone.iter().chain(&come) {
                let amount = part.contribution.value().amount();
                self.tell(part, self.reason(by, part), amount, found);
            }
        }
    }

    /// Of a count: the values that are there on one side and not on the other. Values of one record are one value that is
    /// called otherwise, and as many as there were make no difference.
    fn distinct(&self, by: &[String], parts: &[Part<'a>], found: &mut Found) {
        for component in components(parts) {
            let values = [0, 1].map(|side| -> BTreeSet<CountedValue<'_>> {
                let of_side = component.iter().filter(|part| part.side == side);
                of_side.map(|part| part.contribution.value()).collect()
            });
            let [before, after] = values.each_ref().map(BTreeSet::len);
            if before == after {
                continue;
            }
            let side = usize::from(after > before);
            let changed: Vec<&Part<'a>> = component
                .iter()
                .filter(|part| matches!(self.reason(by, part), Reason::Cells(_)))
                .collect();
            let is_changed = |value: CountedValue<'_>| {
                changed
                    .iter()
                    .any(|part| part.contribution.value() == value)
            };
            let mut only: Vec<CountedValue<'_>> = values[side]
                .difference(&values[1 - side])
                .copied()
                .collect();
            only.sort_by_key(|value| !is_changed(*value));
            for value in only.into_iter().take(before.abs_diff(after)) {
                let is_of_value =
                    |part: &&Part<'a>| part.side == side && part.contribution.value() == value;
                let own: Vec<&Part<'a>> = component.iter().filter(is_of_value).collect();
                let own_changed: Vec<&Part<'a>> =
                    changed.iter().copied().filter(is_of_value).collect();
                let told = match () {
                    () if !own_changed.is_empty() => own_changed,
                    // What made it one with another value, or kept them together, changed.
                    () if !changed.is_empty() => changed.clone(),
                    () => own,
                };
                // Once for the value, however many records it has.
                let mut amount = 1;
                for part in told {
                    self.tell(part, self.reason(by, part), amount, found);
                    amount = 0;
                }
            }
        }
    }

    /// Why a part is on its side only.
    fn reason(&self, by: &[String], part: &Part<'a>) -> Reason {
        let field = part.contribution.field();
        if !part.record.is_in_both() {
            return Reason::Cells(vec![field.to_owned()]);
        }
        let changed = self.records.changed_columns(part.record);
        if changed.is_empty() {
            return Reason::Counting;
        }
        let has_cell = |name: &&str| part.origin.cell_of(name).is_some();
        let changed: Vec<&str> = changed.into_iter().filter(has_cell).collect();
        let behind = self.records.columns_behind(part.record, field);
        let is_key = |name: &&&str| by.iter().any(|key| key == *name);
        let of_field = changed.iter().filter(|name| behind.contains(name));
        let mut columns: Vec<&str> = of_field.copied().collect();
        // It stands under another key, or something else of its record decides whether it counts.
        if columns.is_empty() {
            columns = changed.iter().filter(is_key).copied().collect();
        }
        if columns.is_empty() {
            columns = changed;
        }
        if columns.is_empty() {
            columns.push(field);
        }
        Reason::Cells(columns.into_iter().map(str::to_owned).collect())
    }

    /// Adds what is to be told of a part that is on its side only and counts for an amount.
    fn tell(&self, part: &Part<'a>, reason: Reason, amount: i64, found: &mut Found) {
        let (field, value) = (part.contribution.field(), part.contribution.value());
        let (cause, columns) = match reason {
            Reason::Cells(columns) => (
                self.causes.of_change(&self.records, part.record, part.side),
                columns,
            ),
            Reason::Counting => {
                let (cause, other) = self.causes.of_counting(&self.records, part.record);
                if let Some((other, side)) = other {
                    let line = self.other_line(part, other, side, cause);
                    found.lines.push((self.order(part, 0), line));
                    return;
                }
                (cause, vec![field.to_owned()])
            }
        };
        // No cell made these: they are summed up, with what changed instead.
        let instead = match cause {
            Cause::Rule => Some(self.programme_files.clone()),
            Cause::Merged => Some(self.moved(part)),
            _ => None,
        };
        if let Some(instead) = instead {
            let sum = found.sums.entry((cause, instead)).or_default();
            *sum = sum.saturating_add(if part.side == 1 { amount } else { -amount });
            return;
        }
        for (at, column) in columns.iter().enumerate() {
            let line = ValueChange {
                is_added: part.side == 1,
                value: if at == 0 {
                    value.to_string()
                } else {
                    String::new()
                },
                department: part.origin.department.to_owned(),
                file: part.origin.file_name.to_owned(),
                sheet: part.origin.sheet.to_owned(),
                cell: part.origin.cell(column),
                cause,
            };
            found.lines.push((self.order(part, at), line));
        }
    }

    /// The line of a part that counts otherwise because of another record: its value, at the place of that record.
    fn other_line(
        &self,
        part: &Part<'a>,
        other: &SupportLine,
        side: usize,
        cause: Cause,
    ) -> ValueChange {
        let report = &self.sides[side].report;
        let origin = report.origins.get(&other.record);
        let department = other.department.as_deref();
        ValueChange {
            is_added: part.side == 1,
            value: part.contribution.value().to_string(),
            department: department
                .map_or_else(String::new, |code| short_name(report.programme, code)),
            file: other.file.clone(),
            sheet: other.sheet.clone(),
            cell: match origin {
                Some(origin) => origin.cell(part.contribution.field()),
                // A list of another programme: its cells are not kept, its row is.
                None => format!("A{}", other.row),
            },
            cause,
        }
    }

    fn order(&self, part: &Part<'a>, at: usize) -> LineOrder {
        let first = self.origin(part, 0).unwrap_or(part.origin);
        (
            first.department.to_owned(),
            first.file_name.to_owned(),
            first.sheet.to_owned(),
            first.row,
            part.contribution.field().to_owned(),
            part.side == 1,
            at,
        )
    }

    /// Where the record of a part stands on a side.
    fn origin(&self, part: &Part<'a>, side: usize) -> Option<RecordOrigin<'a>> {
        let id = self.records.id(part.record, side)?;
        self.sides[side].report.origins.get(id)
    }

    /// The departments that a record was under and is under: 'before → now'; blank if it is one.
    fn moved(&self, part: &Part<'a>) -> String {
        let name = |side| {
            let origin = self.origin(part, side);
            origin.map_or("", |origin| origin.department)
        };
        match (name(0), name(1)) {
            (before, now) if before == now => String::new(),
            (before, now) => format!("{before} → {now}"),
        }
    }
}

/// Parts that belong together because they share a value or a record.
fn components<'a>(parts: &[Part<'a>]) -> Vec<Vec<Part<'a>>> {
    let mut of_value: BTreeMap<CountedValue<'_>, usize> = BTreeMap::new();
    let mut of_record: BTreeMap<MatchedRecord, usize> = BTreeMap::new();
    let mut pairs = Vec::with_capacity(2 * parts.len());
    for (at, part) in parts.iter().enumerate() {
        pairs.push((at, *of_value.entry(part.contribution.value()).or_insert(at)));
        pairs.push((at, *of_record.entry(part.record).or_insert(at)));
    }
    let groups = connected(parts.len(), pairs).into_iter();
    groups
        .map(|group| group.into_iter().map(|at| parts[at]).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::annual::build::{BuiltReport, build};
    use crate::annual::changes::{Told, figure_changes};
    use crate::annual::request::ReportRequest;
    use crate::loaded_programme::LoadedProgramme;
    use crate::support::answer_index::ordered;
    use crate::support::resolved::OtherProgrammes;
    use crate::testing::{answer, inputs, request, small_programme, submission, succeed};
    use ledger::{Answer, Submission, Verdict};
    use proptest::prelude::*;

    /// What is known at one of two reports on 2023.
    struct State {
        request: ReportRequest,
        sent: Vec<Submission>,
        /// Form and rows, of all files that are ever sent.
        rows: Vec<(&'static str, String)>,
        answers: Vec<Answer>,
    }

    impl State {
        fn new(sent: &[Submission], rows: &[(&'static str, &str)]) -> Self {
            Self {
                request: request(small_programme(), 2023),
                sent: sent.to_vec(),
                rows: rows
                    .iter()
                    .map(|(form, rows)| (*form, (*rows).to_owned()))
                    .collect(),
                answers: Vec::new(),
            }
        }

        fn programme(&mut self) -> &mut LoadedProgramme {
            &mut self.request.programme
        }

        fn built(&self) -> BuiltReport<'_> {
            let is_sent = |line: &&str| {
                let file = line.split('|').next().unwrap_or_default().trim();
                file == "file" || self.sent.iter().any(|known| known.file.0 == file)
            };
            let rows: Vec<(&str, String)> = self
                .rows
                .iter()
                .map(|(form, rows)| {
                    (
                        *form,
                        rows.lines().filter(is_sent).collect::<Vec<_>>().join("\n"),
                    )
                })
                .collect();
            let written: Vec<(&str, &str)> = rows
                .iter()
                .map(|(form, rows)| (*form, rows.as_str()))
                .collect();
            let mut inputs = inputs(&self.sent, &written);
            inputs.others = OtherProgrammes::default();
            inputs.answers = self.answers.clone();
            build(&self.request, inputs).unwrap()
        }
    }

    /// The changes of a figure between two states, a line each.
    fn changes(before: &State, after: &State, figure: &str) -> String {
        let (before, after) = (before.built(), after.built());
        let all = figure_changes(&before, &after, Told::All).unwrap();
        let Some(change) = all.iter().find(|change| change.figure == figure) else {
            return "none".to_owned();
        };
        let mut lines = vec![format!("{} > {}", change.before, change.after)];
        lines.extend(change.values.iter().map(|value| {
            let sign = if value.is_added { '+' } else { '-' };
            let parts = [value.file.as_str(), &value.cell, value.cause.name()];
            format!("{sign}{} {}", value.value, parts.join(" "))
                .replace("  ", " ")
                .replace("  ", " ")
        }));
        lines.join("\n")
    }

    const BUDGET: &str = "file | row | task   | source  | planned | spent
                          f1   | 5   | IV.1.a | ensured | 90      | 60
                          f1   | 6   | IV.1.b | ensured | 10      | 5
                          f1   | 7   | IV.2.a | ensured | 10      | 5";

    /// The changes of a figure when `f2`, with these rows, supersedes `f1`.
    fn corrected(form: &'static str, first: &str, second: &str, figure: &str) -> String {
        let sent = [submission(1, "SCT", "2023"), submission(2, "SCT", "2023")];
        let rows = format!("{first}\n{second}");
        let state = |sent: &[Submission]| State::new(sent, &[(form, &rows)]);
        changes(&state(&sent[..1]), &state(&sent), figure)
    }

    #[test]
    fn of_an_amount_that_was_mended_both_cells_are_named_and_no_other() {
        // Amounts that are equal stand in other rows: compared as a bag of values the wrong ones would be named.
        let second = "f2 | 5 | IV.2.a | ensured | 10 | 5
                      f2 | 6 | IV.1.a | ensured | 90 | 60
                      f2 | 7 | IV.1.b | ensured | 10 | 60";
        insta::assert_snapshot!(corrected("budget", BUDGET, second, "budget_spent/2023"), @r"
        70 > 125
        -5 f1.xlsx D2 correction
        +60 f2.xlsx D6 correction
        ");
    }

    #[test]
    fn of_a_row_that_went_and_a_cell_that_was_emptied_these_are_named() {
        let second = "f2 | 5 | IV.1.a | ensured | 90 |
                      f2 | 6 | IV.2.a | ensured | 10 | 5";
        insta::assert_snapshot!(corrected("budget", BUDGET, second, "budget_spent/2023"), @r"
        70 > 5
        -60 f1.xlsx D1 correction
        -5 f1.xlsx D2 correction
        ");
    }

    #[test]
    fn of_a_row_under_another_task_the_cell_of_the_task_is_named() {
        let second = "f2 | 5 | IV.1.a | ensured | 90 | 60
                      f2 | 6 | IV.5.a | ensured | 10 | 5
                      f2 | 7 | IV.2.a | ensured | 10 | 5";
        let changed = |figure: &str| corrected("budget", BUDGET, second, figure);
        assert_eq!(changed("budget_spent/2023"), "none");
        insta::assert_snapshot!(changed("budget_spent/2023/task=IV.1.b"), @r"
        5 > 0
        -5 f1.xlsx A2 correction
        ");
        insta::assert_snapshot!(changed("budget_spent/2023/task=IV.5.a"), @r"
        0 > 5
        +5 f2.xlsx A5 correction
        ");
    }

    #[test]
    fn a_late_file_and_the_next_quarter_are_no_corrections() {
        let late = Submission {
            at: "2023-12-24T00:00:00Z".parse().unwrap(),
            ..submission(3, "SXD", "2023")
        };
        let sent = [
            submission(1, "SCT", "2023-Q1"),
            submission(2, "SCT", "2023-Q2"),
            late,
        ];
        let rows = "file | task   | source  | spent
                    f1   | IV.1.a | ensured | 60
                    f1   | IV.1.b | ensured | 5
                    f2   | IV.1.a | ensured | 80
                    f3   | IV.1.a | ensured | 7";
        let state = |sent: &[Submission]| State::new(sent, &[("budget", rows)]);
        insta::assert_snapshot!(changes(&state(&sent[..1]), &state(&sent), "budget_spent/2023"), @r"
        65 > 92
        -60 f1.xlsx D1 new
        +80 f2.xlsx D3 new
        +7 f3.xlsx D4 late
        ");
    }

    #[test]
    fn what_is_set_aside_gives_the_version_before_back() {
        let sent = [submission(1, "SCT", "2023"), submission(2, "SCT", "2023")];
        let aside = Submission {
            set_aside: Some("gửi nhầm".to_owned()),
            ..sent[1].clone()
        };
        let rows = "file | task   | source  | spent
                    f1   | IV.1.a | ensured | 60
                    f1   | IV.1.b | ensured | 5
                    f2   | IV.1.a | ensured | 80
                    f2   | IV.1.b | ensured | 5";
        let state = |sent: &[Submission]| State::new(sent, &[("budget", rows)]);
        let (before, after) = (state(&sent), state(&[sent[0].clone(), aside]));
        insta::assert_snapshot!(changes(&before, &after, "budget_spent/2023"), @r"
        85 > 65
        -80 f2.xlsx D3 set_aside
        +60 f1.xlsx D1 set_aside
        ");
    }

    const SUPPORT: &str = "file | enterprise      | tax_code   | district   | content | contract | start      | state_budget
                           f1   | Công ty Mẫu Một | 3600265395 | bien-hoa   | 3a1     | 1/HĐ     | 2023-03-01 | 40
                           f1   | Công ty Gỗ Mẫu  | 3603295006 | bien-hoa   | 3a1     | 2/HĐ     | 2023-04-01 | 30";

    #[test]
    fn an_enterprise_that_has_other_support_left_is_no_difference() {
        let first = format!(
            "{SUPPORT}\nf1 | Công ty Mẫu Một | 3600265395 | bien-hoa | 3b1 | 3/HĐ | 2023-05-01 | 1"
        );
        let second =
            "f2 | Công ty Mẫu Một | 3600265395 | bien-hoa   | 3a1     | 1/HĐ     | 2023-03-01 | 40";
        insta::assert_snapshot!(corrected("support", &first, second, "enterprises_supported/2023"), @r"
        2 > 1
        -T3603295006 f1.xlsx A2 correction
        ");
        insta::assert_snapshot!(corrected("support", &first, second, "support_by_district/2023"), @r"
        3 > 1
        -1 f1.xlsx M2 correction
        -1 f1.xlsx M3 correction
        ");
    }

    #[test]
    fn a_code_that_was_mended_to_that_of_another_joins_the_two() {
        let second = "f2 | Công ty Mẫu Một | 3600265395 | bien-hoa   | 3a1     | 1/HĐ     | 2023-03-01 | 40
                      f2 | Công ty Mẫu Một | 3600265395 | bien-hoa   | 3a1     | 2/HĐ     | 2023-04-01 | 30";
        let told = corrected("support", SUPPORT, second, "enterprises_supported/2023");
        insta::assert_snapshot!(told, @r"
        2 > 1
        -T3603295006 f1.xlsx A2 correction
        - f1.xlsx B2 correction
        ");
    }

    #[test]
    fn an_indicator_that_was_edited_is_a_changed_rule_and_names_no_cell() {
        let sent = [submission(1, "SCT", "2023")];
        let rows = [("budget", BUDGET)];
        let (before, mut after) = (State::new(&sent, &rows), State::new(&sent, &rows));
        let files = |sql: &str| format!("{{\"indicators/budget_spent.sql\": \"{sql}\"}}");
        let loaded = after.programme();
        loaded.files = files("new");
        loaded.programme.hash = model::ProgrammeHash("new".to_owned());
        let indicators = loaded.programme.indicators.iter_mut();
        for indicator in indicators.filter(|indicator| indicator.name == "budget_spent") {
            indicator.sql = format!(
                "SELECT * FROM ({}) AS all_rows WHERE value > 5",
                indicator.sql
            );
        }
        let mut before = before;
        before.programme().files = files("old");
        insta::assert_snapshot!(changes(&before, &after, "budget_spent/2023"), @r"
        70 > 60
        -10 indicators/budget_spent.sql rule
        ");
    }

    #[test]
    fn a_department_that_went_on_as_another_moves_its_figures() {
        let sent = [submission(1, "SGTVT", "2023")];
        let rows = [("budget", BUDGET)];
        let state = |as_of: &str| {
            let mut state = State::new(&sent, &rows);
            state.request.as_of = as_of.parse().unwrap();
            state.request.variant.under_today = true;
            succeed(
                &mut state.programme().programme,
                "SGTVT",
                "2024-06-30",
                "SXD",
            );
            state
        };
        let (before, after) = (state("2024-01-01T00:00:00Z"), state("2025-01-01T00:00:00Z"));
        assert_eq!(changes(&before, &after, "budget_spent/2023"), "none");
        insta::assert_snapshot!(changes(&before, &after, "budget_spent/2023/department=SXD"), @r"
        0 > 70
        +70 merged
        ");
    }

    const GIVEN_TWICE: &str = "file | enterprise      | tax_code   | district | content | contract | start      | finish     | state_budget
                               f1   | Công ty Mẫu Một | 3600265395 | bien-hoa | 3a1     | 1/HĐ     | 2023-05-01 | 2023-12-01 | 30
                               f2   | Công ty Mẫu Một | 3600265395 | bien-hoa | 3a1     | 2/HĐ     | 2023-03-01 | 2023-12-01 | 40";

    #[test]
    fn what_is_a_duplicate_because_of_a_late_file_is_laid_to_that_file() {
        let late = Submission {
            at: "2023-12-24T00:00:00Z".parse().unwrap(),
            ..submission(2, "SXD", "2023")
        };
        let sent = [submission(1, "SCT", "2023"), late];
        let state = |sent: &[Submission]| State::new(sent, &[("support", GIVEN_TWICE)]);
        let (before, after) = (state(&sent[..1]), state(&sent));
        insta::assert_snapshot!(changes(&before, &after, "duplicate_state_budget/2023"), @r"
        0 > 30
        +30 f2.xlsx W2 late
        ");
    }

    #[test]
    fn what_a_person_found_to_be_given_twice_left_because_of_the_answer() {
        let sent = [submission(1, "SCT", "2023"), submission(2, "SXD", "2023")];
        let state = || State::new(&sent, &[("support", GIVEN_TWICE)]);
        let (before, mut after) = (state(), state());
        let built = before.built();
        let (left, right) = {
            let again = &built.given_again;
            (&again["f1:1"][0], &again["f2:2"][0])
        };
        let prints = ordered([left.support_fingerprint(), right.support_fingerprint()]);
        after.answers = vec![answer(
            Verdict::Duplicate,
            prints.each_ref().map(String::as_str),
        )];
        insta::assert_snapshot!(changes(&before, &after, "support_by_district/2023"), @r"
        2 > 1
        -1 f1.xlsx M1 answer
        ");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn what_is_told_adds_up_to_the_difference(
            before in proptest::collection::vec((0..3usize, 0..2usize, 0..4i64), 0..8),
            after in proptest::collection::vec((0..3usize, 0..2usize, 0..4i64), 0..8),
        ) {
            let sent = [submission(1, "SCT", "2023"), submission(2, "SCT", "2023")];
            let mut rows = "file | task | source | spent".to_owned();
            for (file, written) in [("f1", &before), ("f2", &after)] {
                for (task, source, spent) in written {
                    let task = ["IV.1.a", "IV.1.b", "IV.2.a"][*task];
                    let source = ["ensured", "enterprise"][*source];
                    let spent = if *spent == 0 { String::new() } else { spent.to_string() };
                    rows.push_str(&format!("\n{file} | {task} | {source} | {spent}"));
                }
            }
            let state = |sent: &[Submission]| State::new(sent, &[("budget", &rows)]);
            let (first, second) = (state(&sent[..1]), state(&sent));
            let (first, second) = (first.built(), second.built());
            for change in figure_changes(&first, &second, Told::All).unwrap() {
                if !change.figure.starts_with("budget_spent") {
                    continue;
                }
                let told: i64 = change.values.iter().map(|value| {
                    let amount: i64 = value.value.parse().unwrap_or_default();
                    if value.is_added { amount } else { -amount }
                }).sum();
                prop_assert_eq!(told, change.after - change.before, "{}: {:?}", change.figure, change.values);
                // No cell is told that says the same on both sides.
                for value in &change.values {
                    prop_assert_eq!(value.cause.name(), "correction");
                }
            }
        }
    }
}
