use crate::display;
use crate::input::counting::{CountingLine, CountingRow};
use crate::input::origin::Origins;
use crate::input::restatement::Restatement;
use crate::input::rows::{HeldRow, NotComparedRow, OverlapRow, RegisterRow};
use crate::input::submissions::DepartmentLine;
use aggregate::{Figures, Trace, trace};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use model::{Finding, PartOfYear, ReportStatus, ShortHash, Vnd};
use polars::prelude::DataFrame;
use programme::{
    CountingEffect, Indicator, Lifetime, Occasion, Programme, SheetSpec, Target, Words,
};
use std::collections::{BTreeMap, BTreeSet};

/// The unit of the indicators that count money, in `indicators.toml`.
const MONEY: &str = "dong";

/// All that stands in an annual report.
#[derive(Debug)]
pub struct AnnualReport<'a> {
    /// The programme.
    pub programme: &'a Programme,
    /// The first year shown: that of the report, or the period's first in the report on the whole period (VI.1.đ).
    pub from: i32,
    /// The year.
    pub year: i32,
    /// Whether it is the report on the whole period.
    pub is_final: bool,
    /// How much of the year it is about.
    pub part: PartOfYear,
    /// Whether the figures stand under the departments and codes of the moment, not of their time.
    pub under_today: bool,
    /// The moment whose knowledge it shows, at the office's offset.
    pub as_of: DateTime<FixedOffset>,
    /// Whether it is a draft, or what it was issued under.
    pub status: ReportStatus,
    /// The figures of the years shown, by indicator.
    pub figures: BTreeMap<String, Figures>,
    /// The figures of the year before that are compared with, by indicator; of a report on a whole year only.
    pub before: BTreeMap<String, Figures>,
    /// The targets, in the plan's order.
    pub targets: Vec<TargetProgress<'a>>,
    /// The least and the most that the figures at the head may come to once held rows are mended and questions answered, and
    /// under every other choice of what counts; by indicator.
    pub ranges: BTreeMap<String, (i64, i64)>,
    /// What is chosen where the plan leaves open what counts, in the programme's order.
    pub counting: Vec<CountingLine<'a>>,
    /// The records of the years shown that these choices are about.
    pub counting_rows: Vec<CountingRow<'a>>,
    /// The years from the programme's first to the report's of which nothing of anyone counts.
    pub years_without_data: BTreeSet<i32>,
    /// The totals of the indicators that are shown year beside year, up to the report's year.
    pub years: BTreeMap<i32, BTreeMap<String, i64>>,
    /// The same over all these years together: what counts once does not add up.
    pub all_years: BTreeMap<String, i64>,
    /// What was planned and done in each of these years, by the indicators of what was planned and done.
    pub plan_shares: BTreeMap<i32, BTreeMap<(String, String), PlanShare>>,
    /// How many questions wait for a person, but for overlaps: on who is the same enterprise, on cases, and on files of the years
    /// shown.
    pub questions: usize,
    /// The rows of the listings, by sheet.
    pub listings: BTreeMap<String, Listing>,
    /// The departments that must report, and others that did, in the registry's order.
    pub departments: Vec<DepartmentLine>,
    /// The rows that are held, by department and place.
    pub held: Vec<HeldRow>,
    /// What was found in the submissions that stand, what must be mended first.
    pub findings: Vec<(String, Finding)>,
    /// Enterprises of which not all pairs of support were compared.
    pub not_compared: Vec<NotComparedRow>,
    /// The registers that the support was compared with.
    pub registers: Vec<RegisterRow>,
    /// The support of the year that overlaps with other support, what needs a decision first.
    pub overlaps: Vec<OverlapRow>,
    /// The report that was issued before it, and what changed since; nothing if none was.
    pub restatement: Option<Restatement>,
    /// Where each record that counts comes from.
    pub origins: Origins,
    /// A hash over all that it was made from.
    pub inputs_hash: String,
    /// The hash over the values of its figures.
    pub figures_hash: String,
    /// The head of the ledger's log at its moment: the number of the entry and its hash.
    pub log_head: Option<(i64, String)>,
    /// The names of the offices over which it is made; none if it is that of one.
    pub offices: Vec<String>,
    /// What was recorded under a moment before that of what was recorded before it.
    pub backdated: Vec<BackdatedLine>,
}

/// Something that was recorded under an earlier moment than it should have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackdatedLine {
    /// The number of its entry in the log.
    pub entry: i64,
    /// The moment it was recorded under, at the office's offset.
    pub at: DateTime<FixedOffset>,
    /// Why.
    pub reason: String,
}

/// How far a target is reached.
#[derive(Debug)]
pub struct TargetProgress<'a> {
    /// The target.
    pub target: &'a Target,
    /// Its indicator, over its years up to the report's.
    pub figures: Figures,
    /// The indicator over the report's year alone.
    pub in_year: i64,
    /// The least and the most it may come to once held rows are mended and questions answered, and under every other choice
    /// of what counts.
    pub range: (i64, i64),
    /// The indicator over each of its years alone, and from its first year up to each, as far as the report's year.
    pub by_year: BTreeMap<i32, (i64, i64)>,
}

/// What was planned for a year and done, over the departments that have a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanShare {
    /// What they did.
    pub done: i64,
    /// What they planned.
    pub planned: i64,
    /// The short names of the departments that did something and have no plan.
    pub lacking: Vec<String>,
}

/// The rows of a listing, and the departments' codes shown as their short names.
#[derive(Debug)]
pub struct Listing {
    /// The rows, with the columns of the query.
    pub frame: DataFrame,
}

impl TargetProgress<'_> {
    /// '2021 - 2025'.
    pub(crate) fn span(&self) -> String {
        format!("{} - {}", self.target.from, self.target.to)
    }

    /// 'ít nhất 100'.
    pub(crate) fn to_reach(&self, words: &Words) -> String {
        let word = if self.target.about {
            words.get("about")
        } else {
            words.get("at_least")
        };
        format!("{word} {}", self.target.at_least)
    }

    /// '84,4%': what share of it is reached.
    pub(crate) fn share(&self) -> String {
        display::share(self.figures.total(), self.target.at_least.max(1))
    }
}

impl AnnualReport<'_> {
    /// The beginning of the hash over its figures, as two persons can compare it by eye.
    pub(crate) fn figures_fingerprint(&self) -> String {
        ShortHash::of(&self.figures_hash).to_string()
    }

    /// The same of the log's head at its moment, behind the number of the entry.
    pub(crate) fn log_fingerprint(&self) -> Option<String> {
        let (entry, hash) = self.log_head.as_ref()?;
        Some(format!("{entry} · {}", ShortHash::of(hash)))
    }

    /// How many overlaps wait for a person's decision.
    pub fn overlaps_waiting(&self) -> usize {
        let waiting = self.overlaps.iter().filter(|overlap| overlap.waits);
        waiting.count()
    }

    /// How many questions on its rows wait for a person, overlaps among them.
    pub fn questions_waiting(&self) -> usize {
        self.questions + self.overlaps_waiting()
    }

    /// The title with the years in its place.
    pub fn title(&self) -> String {
        let definition = &self.programme.report;
        let other = definition.others.get(&self.occasion());
        self.placed(other.map_or(&definition.header.title, |other| &other.title))
    }

    /// What it is made for.
    pub(crate) fn occasion(&self) -> Occasion {
        Occasion::of(self.is_final, self.part)
    }

    /// Whether it may be compared with the year before: a part of a year, or a whole period, may not.
    pub(crate) fn is_compared(&self) -> bool {
        self.occasion() == Occasion::Annual
    }

    /// The last day that it is about, if that is not the year's own.
    pub(crate) fn last_day_of_part(&self) -> Option<NaiveDate> {
        match self.part {
            PartOfYear::Whole => None,
            part => part.last_day(self.year),
        }
    }

    /// Whether a table has a row for a code of a list though nothing counts under it: if it is in use at the end of one of
    /// the years shown, or on the day shown if that comes first; under the codes of its day, on that day.
    pub(crate) fn has_code(&self, list: &str, code: &str) -> bool {
        let today = self.as_of.date_naive();
        let today = self
            .last_day_of_part()
            .map_or(today, |last| last.min(today));
        let is_in_use = |life: &Lifetime| match self.under_today {
            true => life.covers(today),
            false => {
                (self.from..=self.year).any(|year| life.covers(Lifetime::day_of_year(year, today)))
            }
        };
        let entry = self.programme.lists.get(list).and_then(|it| it.entry(code));
        !entry.is_some_and(|entry| entry.only_counted)
            // A code without a lifetime is in use all the time.
            && self.programme.lifetime(list, code).is_none_or(is_in_use)
    }

    /// The line below the title of a sheet: years, the plan, the clause.
    pub(crate) fn subtitle(&self, sheet: &SheetSpec) -> String {
        let words = &self.programme.words;
        let years = self.period_title();
        let subtitle = words.render_template(
            "subtitle",
            [
                ("years", &years),
                ("decision", &self.programme.decision),
                ("clause", &sheet.clause),
            ],
        );
        match self.mark() {
            Some(mark) => format!("{mark} · {subtitle}"),
            None => subtitle,
        }
    }

    /// 'Năm 2023', 'Giai đoạn 2021 - 2025', or the part of the year.
    pub(crate) fn period_title(&self) -> String {
        if self.from == self.year {
            return self.year_title(self.year);
        }
        let (from, year) = (self.from.to_string(), self.year.to_string());
        let values = [("from", from.as_str()), ("year", &year)];
        self.programme.words.render_template("years_head", values)
    }

    /// What stands on every page: that it is a draft, or the number and day it was issued under.
    pub(crate) fn mark(&self) -> Option<String> {
        let words = &self.programme.words;
        match &self.status {
            ReportStatus::Draft => Some(words.get("draft_mark").to_owned()),
            ReportStatus::Issued(stamp) => Some(words.render_template(
                "issued_mark",
                [
                    ("number", &stamp.number.to_string()),
                    ("date", &display::day(stamp.signed_on)),
                ],
            )),
            ReportStatus::Unmarked => None,
        }
    }

    /// The mark of a draft; nothing on a report that is none.
    pub(crate) fn draft_mark(&self) -> Option<&str> {
        (self.status == ReportStatus::Draft).then(|| self.programme.words.get("draft_mark"))
    }

    /// The day that stands on it: that of its signature, and on a draft the day whose knowledge it shows.
    pub(crate) fn dated(&self) -> NaiveDate {
        let stamp = self.status.stamp();
        stamp.map_or_else(|| self.as_of.date_naive(), |stamp| stamp.signed_on)
    }

    /// The line of its number: filled in if it was issued, else the place for it.
    pub(crate) fn number_line(&self) -> String {
        match self.status.stamp() {
            Some(stamp) => self
                .programme
                .words
                .render_template("number_line", [("number", &stamp.number.to_string())]),
            None => self.programme.report.header.number.clone(),
        }
    }

    /// The figures in the order of their columns in the trace: those over several years, then those of the year.
    pub(crate) fn traced_figures(&self) -> impl Iterator<Item = &Figures> {
        // A target that is counted over the report's own years shows an indicator that is there anyway.
        let is_other_span = |f: &&Figures| {
            self.figures
                .values()
                .all(|figures| figures.years != f.years)
        };
        let over_years = self
            .targets
            .iter()
            .map(|progress| &progress.figures)
            .filter(is_other_span);
        let of_year = self
            .programme
            .indicators
            .iter()
            .filter_map(|indicator| self.figures.get(&indicator.name));
        over_years.chain(of_year)
    }

    /// What its figures are made of, record by record.
    pub fn trace(&self) -> Trace {
        let figures: Vec<&Figures> = self.traced_figures().collect();
        trace(&figures)
    }

    /// Whether an indicator counts money.
    pub(crate) fn is_money(&self, indicator: &str) -> bool {
        self.programme
            .indicator(indicator)
            .is_some_and(|indicator| indicator.unit == MONEY)
    }

    /// A value of an indicator for reading: money in millions, other counts as they are.
    pub(crate) fn for_reading(&self, indicator: &str, value: i64) -> String {
        match self.is_money(indicator) {
            true => display::millions(&self.programme.words, value),
            false => Vnd(value).to_string(),
        }
    }

    /// An indicator's total of the year before; nothing if that is not shown, or nothing of anyone counts for it.
    pub(crate) fn total_before(&self, indicator: &str) -> Option<i64> {
        let year = self.year - 1;
        let total = self.years.get(&year)?.get(indicator).copied();
        total.filter(|_| !self.is_without_data(year))
    }

    /// The unit that is printed beside an indicator's totals: only money has one.
    pub(crate) fn unit_of(&self, indicator: &Indicator) -> &str {
        if indicator.unit == MONEY {
            self.programme.words.get("dong")
        } else {
            ""
        }
    }

    /// 'Năm 2023'; of the report's own year, if it is about a part of it, how far it goes.
    pub(crate) fn year_title(&self, year: i32) -> String {
        let words = &self.programme.words;
        let year_text = year.to_string();
        let part = match year == self.year {
            true => self.part,
            false => PartOfYear::Whole,
        };
        match part {
            PartOfYear::Whole => words.render_template("year_head", [("year", &year_text)]),
            PartOfYear::Quarter(quarter) => {
                let values = [("quarter", display::quarter(quarter)), ("year", &year_text)];
                words.render_template("quarter_head", values)
            }
            PartOfYear::Until(day) => {
                let date = display::day(day);
                words.render_template("until_head", [("date", &date), ("year", &year_text)])
            }
        }
    }

    /// How many records of the years shown do not count because of a choice of what counts.
    pub(crate) fn left_out(&self) -> usize {
        let left_out = |row: &&CountingRow<'_>| {
            row.choice.effect == CountingEffect::LeftOut && row.choice.column.is_none()
        };
        let rows = self.counting_rows.iter().filter(left_out);
        let places: BTreeSet<_> = rows.map(CountingRow::place).collect();
        places.len()
    }

    /// How many departments are expected to have reported.
    pub(crate) fn expected(&self) -> usize {
        let departments = self.departments.iter();
        departments.filter(|it| it.is_expected()).count()
    }

    /// How many departments have reported each year shown that they had to.
    pub(crate) fn reported(&self) -> usize {
        let departments = self.departments.iter();
        departments
            .filter(|it| it.is_expected() && it.has_reported())
            .count()
    }

    /// What is to be known beside the number of departments that have reported; blank if all have.
    pub(crate) fn reported_note(&self) -> String {
        let words = &self.programme.words;
        let mut notes = Vec::new();
        if self.from != self.year {
            let due =
                |line: &DepartmentLine| line.whole.len() + line.partial.len() + line.missing.len();
            let whole: usize = self.departments.iter().map(|line| line.whole.len()).sum();
            let due: usize = self.departments.iter().map(due).sum();
            if whole < due {
                let counts = [whole, due].map(|count| count.to_string());
                let values = [("whole", counts[0].as_str()), ("due", &counts[1])];
                notes.push(words.render_template("reported_years", values));
            }
        }
        let partial = self.departments.iter().filter(|it| !it.partial.is_empty());
        let partial: Vec<&str> = partial.map(|line| line.short.as_str()).collect();
        if !partial.is_empty() {
            let names = partial.join(", ");
            notes.push(words.render_template("reported_partly", [("departments", &names)]));
        }
        match notes.is_empty() {
            true => String::new(),
            false => format!(" ({})", notes.join("; ")),
        }
    }

    /// What a table of departments says below: of whom nothing counts, and who has reported in part.
    pub(crate) fn not_reported(&self) -> Option<String> {
        let words = &self.programme.words;
        let named = |key: &str, is_one: fn(&&DepartmentLine) -> bool| {
            let lines = self.departments.iter().filter(is_one);
            let names: Vec<&str> = lines.map(|line| line.short.as_str()).collect();
            let names = names.join(", ");
            (!names.is_empty()).then(|| words.render_template(key, [("departments", &names)]))
        };
        let notes = [
            named("not_reported_note", |line| !line.missing.is_empty()),
            named("partly_reported_note", |line| !line.partial.is_empty()),
        ];
        let notes: Vec<String> = notes.into_iter().flatten().collect();
        (!notes.is_empty()).then(|| notes.join(" "))
    }

    /// The years up to the report's of which nothing of anyone counts.
    pub(crate) fn is_without_data(&self, year: i32) -> bool {
        self.years_without_data.contains(&year)
    }

    /// The span of time that the figures are about: up to the day whose knowledge they are, if the year is not over then.
    pub(crate) fn span(&self) -> String {
        let words = &self.programme.words;
        let (from, year) = (self.from.to_string(), self.year.to_string());
        match self.known_until() {
            Some(day) => {
                let values = [("from", from.as_str()), ("date", &display::day(day))];
                words.render_template("period_so_far", values)
            }
            None => match self.last_day_of_part() {
                Some(last) => {
                    let values = [("from", from.as_str()), ("date", &display::day(last))];
                    words.render_template("period_until", values)
                }
                None => words.render_template("period_whole", [("from", &from), ("year", &year)]),
            },
        }
    }

    /// The day whose knowledge it shows, if its year, or the part of it, was not over then.
    pub(crate) fn known_until(&self) -> Option<NaiveDate> {
        let last = self.part.last_day(self.year)?;
        let known = self.as_of.date_naive();
        (known < last && known.year() == self.year).then_some(known)
    }

    /// A text of the definition with the years in their places.
    pub fn placed(&self, text: &str) -> String {
        // Only these places: other words in braces are the officer's own.
        let text = text
            .replace("{year}", &self.year.to_string())
            .replace("{from}", &self.from.to_string());
        match self.part {
            PartOfYear::Whole => text,
            PartOfYear::Quarter(quarter) => text.replace("{quarter}", display::quarter(quarter)),
            PartOfYear::Until(day) => text.replace("{date}", &display::day(day)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{figures, issued, programme, report, target};
    use model::ReportStatus;
    use programme::Measure;

    #[test]
    fn a_subtitle_names_the_year_or_the_years() {
        let programme = programme();
        let mut report = report(programme);
        let sheet = &programme.report.sheets[1];
        insta::assert_snapshot!(report.subtitle(sheet), @"Năm 2023 · Kế hoạch số 12015/KH-UBND ngày 01/10/2021 · Mục II.1.b, V, VI.1.d");
        report.from = 2021;
        insta::assert_snapshot!(report.subtitle(sheet), @"Giai đoạn 2021 - 2023 · Kế hoạch số 12015/KH-UBND ngày 01/10/2021 · Mục II.1.b, V, VI.1.d");
    }

    #[test]
    fn the_report_on_the_whole_period_has_a_title_of_its_own() {
        let mut report = report(programme());
        insta::assert_snapshot!(report.title(), @"BÁO CÁO TỔNG HỢP NĂM 2023");
        (report.is_final, report.from, report.year) = (true, 2021, 2025);
        insta::assert_snapshot!(report.title(), @"BÁO CÁO TỔNG KẾT GIAI ĐOẠN 2021 - 2025");
    }

    #[test]
    fn every_page_says_what_the_report_is() {
        let programme = programme();
        let mut report = report(programme);
        let sheet = &programme.report.sheets[1];
        report.status = ReportStatus::Draft;
        insta::assert_snapshot!(report.subtitle(sheet), @"DỰ THẢO · Năm 2023 · Kế hoạch số 12015/KH-UBND ngày 01/10/2021 · Mục II.1.b, V, VI.1.d");
        assert_eq!(report.draft_mark(), Some("DỰ THẢO"));
        insta::assert_snapshot!(report.number_line(), @"Số:          /BC-SKHCN");
        assert_eq!(report.dated(), report.as_of.date_naive());
        report.status = issued("123/BC-SKHCN", "2023-12-05");
        insta::assert_snapshot!(report.subtitle(sheet), @"Báo cáo số 123/BC-SKHCN ngày 05/12/2023 · Năm 2023 · Kế hoạch số 12015/KH-UBND ngày 01/10/2021 · Mục II.1.b, V, VI.1.d");
        assert_eq!(report.draft_mark(), None);
        insta::assert_snapshot!(report.number_line(), @"Số: 123/BC-SKHCN");
        insta::assert_snapshot!(report.dated(), @"2023-12-05");
    }

    #[test]
    fn only_money_has_a_unit() {
        let report = report(programme());
        let unit = |name: &str| report.unit_of(programme().indicator(name).unwrap());
        assert_eq!(unit("budget_spent"), "đồng");
        assert_eq!(unit("support_cases"), "");
        assert!(!report.is_money("no such indicator"));
    }

    #[test]
    fn a_target_over_the_reports_own_years_is_traced_once() {
        let programme = programme();
        let mut report = report(programme);
        let counted = figures("experts_trained", Measure::Sum, &[], &[(&[], "r1", "1")]);
        report.targets = vec![target(programme, counted.clone(), 0)];
        report.figures.insert(counted.indicator.clone(), counted);
        assert_eq!(report.traced_figures().count(), 1);
        report.targets[0].figures.years = "2021-2023".to_owned();
        let years: Vec<&str> = report.traced_figures().map(|f| f.years.as_str()).collect();
        assert_eq!(years, ["2021-2023", "2023"]);
    }
}
