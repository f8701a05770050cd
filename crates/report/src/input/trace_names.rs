use crate::input::annual::AnnualReport;
use crate::input::origin::RecordOrigin;
use aggregate::{FigurePlace, Figures, Trace, TraceColumn};
use polars::prelude::*;
use programme::{Programme, Words};
use rust_xlsxwriter::utility::column_number_to_name;
use std::collections::{BTreeMap, BTreeSet};

/// The most characters that the heading of a column of a table has in a workbook.
const HEADING: usize = 255;

/// How many columns of the sheet stand before the keys: where a record comes from.
pub(crate) const PLACE_COLUMNS: usize = 6;

/// The most rows of a trace that stand on a sheet: what a spreadsheet program still filters at once.
pub(crate) const MOST_ROWS: usize = 200_000;

/// The trace of a report in a reader's words: how its columns are headed, and what a figure is filtered by.
#[derive(Debug)]
pub struct TraceNames<'a> {
    /// The table.
    pub trace: &'a Trace,
    programme: &'a Programme,
    keys: Vec<String>,
    columns: Vec<String>,
}

/// What a figure is in the trace, in a reader's words.
#[derive(Debug, Default)]
pub struct FigureFilter<'a> {
    /// What its rows are filtered by: heading and code.
    pub rows: Vec<(&'a str, &'a str)>,
    /// The headings of the columns that it is the sum of.
    pub columns: Vec<&'a str>,
}

impl<'a> TraceNames<'a> {
    /// Of the trace of a report: no two headings are the same.
    pub fn of(report: &'a AnnualReport<'_>, trace: &'a Trace) -> Self {
        let programme = report.programme;
        let own_years = report
            .figures
            .values()
            .next()
            .map(|figures| figures.years.as_str());
        let places = place_headings(&programme.words);
        let mut taken = places
            .iter()
            .map(|heading| heading.to_lowercase())
            .collect();
        let keys = trace
            .keys()
            .map(|key| unique(key_title(programme, key).to_owned(), &mut taken));
        let keys = keys.collect();
        let columns = trace.columns().iter();
        let columns =
            columns.map(|column| unique(heading(programme, column, own_years), &mut taken));
        Self {
            columns: columns.collect(),
            trace,
            programme,
            keys,
        }
    }

    /// The headings of the keys, in their order.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// The headings of the columns of amounts, in their order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// A row's code under a key as it is shown: departments by their short names.
    pub fn code(&self, row: usize, key: usize) -> &str {
        let code = self.trace.code(row, key);
        let name = self.trace.keys().nth(key).unwrap_or_default();
        code_shown(self.programme, name, code)
    }

    /// The table as a frame, under the same headings as on a sheet, if it is longer than a sheet.
    ///
    /// # Errors
    /// None that a caller could bring about.
    pub fn long_frame(&self, report: &AnnualReport<'_>) -> PolarsResult<Option<DataFrame>> {
        match self.trace.height() > MOST_ROWS {
            true => Ok(Some(self.frame(report)?)),
            false => Ok(None),
        }
    }

    fn frame(&self, report: &AnnualReport<'_>) -> PolarsResult<DataFrame> {
        let [department, file, file_code, sheet, row, cell] = place_headings(&self.programme.words);
        let trace = self.trace;
        let texts = |name: &str, of: &dyn Fn(RecordOrigin<'_>) -> String| {
            let place = |row| {
                trace
                    .record(row)
                    .and_then(|it| report.origins.at(it))
                    .map(of)
            };
            Column::new(
                name.into(),
                (0..trace.height()).map(place).collect::<Vec<_>>(),
            )
        };
        let rows = (0..trace.height()).map(|row| {
            let record = trace.record(row)?;
            Some(report.origins.at(record)?.row)
        });
        let cells = (0..trace.height()).map(|row| {
            let record = trace.record(row)?;
            Some(self.cells(row, &report.origins.at(record)?))
        });
        let mut columns = vec![
            texts(department, &|origin| origin.department.to_owned()),
            texts(file, &|origin| origin.file_name.to_owned()),
            texts(file_code, &|origin| origin.file.to_owned()),
            texts(sheet, &|origin| origin.sheet.to_owned()),
            Column::new(row.into(), rows.collect::<Vec<_>>()),
            Column::new(cell.into(), cells.collect::<Vec<_>>()),
        ];
        for (key, heading) in self.keys.iter().enumerate() {
            let codes = (0..trace.height()).map(|row| self.code(row, key));
            columns.push(Column::new(
                heading.as_str().into(),
                codes.collect::<Vec<_>>(),
            ));
        }
        for (column, heading) in trace.columns().iter().zip(&self.columns) {
            let mut amounts = vec![None; trace.height()];
            for (row, amount) in &column.cells {
                amounts[*row] = Some(*amount);
            }
            columns.push(Column::new(heading.as_str().into(), amounts));
        }
        DataFrame::new_infer_height(columns)
    }

    /// The cells that something of a row stands in.
    pub(crate) fn cells(&self, row: usize, origin: &RecordOrigin<'_>) -> String {
        let cells = self.trace.fields(row).map(|field| origin.cell(field));
        let mut cells: Vec<String> = cells.collect();
        cells.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        cells.dedup();
        cells.join(" ")
    }

    /// What rows a figure is filtered by and which columns it is the sum of, each under its heading; nothing if nothing counts
    /// in it.
    pub fn filter(
        &self,
        figures: &Figures,
        keys: &BTreeMap<String, String>,
    ) -> Option<FigureFilter<'_>> {
        let place = self.trace.place(figures, keys)?;
        let columns = place
            .columns
            .iter()
            .map(|column| self.columns[*column].as_str());
        Some(FigureFilter {
            rows: self.filter_of(&place),
            columns: columns.collect(),
        })
    }

    fn filter_of<'s>(&'s self, place: &FigurePlace<'s>) -> Vec<(&'s str, &'s str)> {
        let filter = place.filter.iter().filter_map(|(key, code)| {
            let at = self.trace.keys().position(|name| name == *key)?;
            Some((
                self.keys[at].as_str(),
                code_shown(self.programme, key, code),
            ))
        });
        filter.collect()
    }

    /// The same in a sentence, columns by their letters on the sheet: 'Lọc Cơ quan = SCT; Nội dung = 3a1 → tổng cột N'.
    pub(crate) fn sentence(&self, place: &FigurePlace<'_>) -> String {
        let words = &self.programme.words;
        let blank = words.get("trace_blank");
        let filter = self.filter_of(place).into_iter().map(|(key, code)| {
            let code = if code.is_empty() { blank } else { code };
            format!("{key} = {code}")
        });
        let filter: Vec<String> = filter.collect();
        let before = PLACE_COLUMNS + self.keys.len();
        let letters = place.columns.iter().map(|column| {
            let column = u16::try_from(before + column).unwrap_or(u16::MAX);
            column_number_to_name(column)
        });
        let columns: Vec<String> = letters.collect();
        let columns = columns.join(" + ");
        match filter.is_empty() {
            true => words.render_template("trace_unfiltered", [("columns", &columns)]),
            false => words.render_template(
                "trace_filter",
                [("filter", &filter.join("; ")), ("columns", &columns)],
            ),
        }
    }
}

/// The headings of where a record comes from: reporter, file, its code, sheet, row and cells.
pub(crate) fn place_headings(words: &Words) -> [&str; PLACE_COLUMNS] {
    [
        "department_head",
        "file",
        "file_code",
        "sheet",
        "row",
        "cell",
    ]
    .map(|key| words.get(key))
}

fn code_shown<'c>(programme: &'c Programme, key: &str, code: &'c str) -> &'c str {
    // Of a million cells few are of this key.
    match key {
        "department" => programme
            .department(code)
            .map_or(code, |department| &department.short),
        _ => code,
    }
}

fn key_title<'p>(programme: &'p Programme, key: &'p str) -> &'p str {
    match programme.lists.get(key) {
        Some(list) => &list.title.vi,
        None if key == "department" => programme.words.get("department"),
        None => key,
    }
}

/// What a column is added up to: the titles of its indicators, each once.
fn heading(programme: &Programme, column: &TraceColumn, own_years: Option<&str>) -> String {
    let words = &programme.words;
    let mut parts: Vec<(String, Vec<&str>)> = Vec::new();
    for shown in &column.shows {
        let indicator = programme.indicator(&shown.indicator);
        let mut title = indicator.map_or(shown.indicator.clone(), |it| it.title.vi.clone());
        for (key, code) in &shown.only {
            title.push_str(&format!(": {}", programme.title_of(key, code, "vi")));
        }
        let years = shown.years.as_str();
        match parts.iter_mut().find(|(known, _)| *known == title) {
            Some((_, spans)) if !spans.contains(&years) => spans.push(years),
            Some(_) => {}
            None => parts.push((title, vec![years])),
        }
    }
    // What counts once does in each group of some keys; a heading names them all.
    let mut groups: Vec<&str> = Vec::new();
    for shown in &column.shows {
        if let Some(keys) = &shown.once_in {
            let keys: Vec<&str> = keys.iter().map(|key| key_title(programme, key)).collect();
            let every = match keys.is_empty() {
                true => vec![words.get("trace_all")],
                false => keys,
            };
            for key in every {
                if !groups.contains(&key) {
                    groups.push(key);
                }
            }
        }
    }
    let titles = parts.into_iter().map(|(title, spans)| {
        // The report's own years need not be told.
        match spans.iter().all(|years| own_years == Some(years)) {
            true => title,
            false => format!("{title} ({})", spans.join(", ")),
        }
    });
    let titles = titles.collect::<Vec<_>>().join("; ");
    match groups.is_empty() {
        true => titles,
        false => words.render_template(
            "trace_once_in",
            [("keys", groups.join(", ").as_str()), ("title", &titles)],
        ),
    }
}

/// A heading that is no longer than a workbook takes, and that no other has.
fn unique(heading: String, taken: &mut BTreeSet<String>) -> String {
    // Letters of both cases are the same there.
    let lower = |text: &str| text.to_lowercase();
    let cut = |text: &str, most: usize| match text.chars().count() > most {
        true => text.chars().take(most - 1).chain(['…']).collect(),
        false => text.to_owned(),
    };
    let mut own: String = cut(&heading, HEADING);
    let mut number = 1;
    while !taken.insert(lower(&own)) {
        number += 1;
        own = format!("{} ({number})", cut(&heading, HEADING - 8));
    }
    own
}

#[cfg(test)]
mod tests {
    use super::{TraceNames, unique};
    use crate::testing::{figures, programme, report};
    use programme::Measure;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn headings_are_unique_and_fit_a_workbook() {
        let mut taken = BTreeSet::new();
        let long = "a".repeat(300);
        let mut name = |text: &str| unique(text.to_owned(), &mut taken);
        assert_eq!(
            (name("Lượt"), name("lượt")),
            ("Lượt".to_owned(), "lượt (2)".to_owned())
        );
        let (first, second) = (name(&long), name(&long));
        assert_eq!((first.chars().count(), second.chars().count()), (255, 251));
    }

    #[test]
    fn a_key_that_is_called_as_a_place_is_has_another_heading() {
        let mut programme = programme().clone();
        if let Some(list) = programme.lists.get_mut("content") {
            list.title.vi = "Tệp".to_owned();
        }
        let mut report = report(&programme);
        let rows: &[(&[&str], &str, &str)] = &[(&["3a1"], "r1", "1")];
        let cases = figures("support_cases", Measure::Sum, &["content"], rows);
        report.figures.insert("support_cases".to_owned(), cases);
        let trace = report.trace();
        assert_eq!(TraceNames::of(&report, &trace).keys(), ["Tệp (2)"]);
    }

    #[test]
    fn a_figure_says_its_filter_and_its_columns() {
        let mut report = report(programme());
        let rows: &[(&[&str], &str, &str)] =
            &[(&["3a1", "SCT"], "r1", "1"), (&["", "SYT"], "r2", "1")];
        let cases = figures(
            "support_cases",
            Measure::Sum,
            &["content", "department"],
            rows,
        );
        let firms: &[(&[&str], &str, &str)] = &[(&["SCT"], "r1", "E1"), (&["SYT"], "r2", "E1")];
        let firms = figures(
            "enterprises_supported",
            Measure::CountDistinct,
            &["department"],
            firms,
        );
        report
            .figures
            .insert("support_cases".to_owned(), cases.clone());
        report
            .figures
            .insert("enterprises_supported".to_owned(), firms.clone());
        let trace = report.trace();
        let names = TraceNames::of(&report, &trace);
        insta::assert_snapshot!(names.columns().join("\n"), @r"
        Tính một lần theo Cơ quan: Doanh nghiệp được hỗ trợ (mỗi doanh nghiệp tính một lần)
        Tính một lần theo toàn báo cáo: Doanh nghiệp được hỗ trợ (mỗi doanh nghiệp tính một lần)
        Lượt hỗ trợ doanh nghiệp theo nội dung
        ");
        let says = |figures, keys: &[(&str, &str)]| {
            let keys: BTreeMap<String, String> = keys
                .iter()
                .map(|(key, code)| ((*key).to_owned(), (*code).to_owned()))
                .collect();
            names.sentence(&trace.place(figures, &keys).unwrap())
        };
        insta::assert_snapshot!(says(&cases, &[("content", "3a1"), ("department", "SCT")]), @"Lọc Nội dung hỗ trợ = 3a1; Cơ quan = Sở Công Thương → tổng cột K");
        insta::assert_snapshot!(says(&cases, &[("content", "")]), @"Lọc Nội dung hỗ trợ = (để trống) → tổng cột K");
        insta::assert_snapshot!(says(&firms, &[]), @"Không lọc → tổng cột J");
        insta::assert_snapshot!(says(&firms, &[("department", "SYT")]), @"Lọc Cơ quan = Sở Y tế → tổng cột I");
    }
}
