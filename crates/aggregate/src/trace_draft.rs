use crate::contributions::CountedValue;
use crate::figures::Figures;
use crate::trace::{Texts, Trace, TraceColumn, TraceKey, TraceRow, TracedFigures};
use crate::trace_source::{SourceColumn, SumColumn, TraceSource, first_rows, source_columns};
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// What these figures are made of, each of them over one range of years.
pub fn trace(figures: &[&Figures]) -> Trace {
    let sources: Vec<TraceSource<'_>> = figures.iter().map(|it| TraceSource::of(it)).collect();
    let mut draft = Draft::of(sources);
    draft.lay_out_rows();
    draft.finish()
}

/// A key of a source among the keys of the trace.
struct PlacedKey {
    place: usize,
    /// The numbers that its codes have there.
    numbers: Vec<u32>,
}

/// The trace while it is put together.
struct Draft<'f> {
    sources: Vec<TraceSource<'f>>,
    keys: Vec<TraceKey>,
    rows: Vec<TraceRow>,
    fields: Texts,
    /// For each source and each of its keys that rows are grouped by: the place of the key, and the numbers that its codes
    /// have there.
    placed: Vec<Vec<Option<PlacedKey>>>,
    /// For each source the numbers of its fields.
    placed_fields: Vec<Vec<usize>>,
}

impl<'f> Draft<'f> {
    fn of(sources: Vec<TraceSource<'f>>) -> Self {
        let mut keys: Vec<TraceKey> = Vec::new();
        let mut fields = Texts::default();
        let mut placed = Vec::new();
        let mut placed_fields = Vec::new();
        for source in &sources {
            let all = &source.figures.contributions;
            let names = source.figures.by.iter().zip(&source.is_by_column);
            let of_source = names.zip(all.keys()).map(|((name, is_by_column), codes)| {
                if *is_by_column {
                    return None;
                }
                let place = keys.iter().position(|key| key.name == *name);
                let place = place.unwrap_or_else(|| {
                    keys.push(TraceKey {
                        name: name.clone(),
                        codes: Texts::default(),
                    });
                    keys.len() - 1
                });
                let numbers = codes.texts().iter().map(|code| {
                    let (number, _) = keys[place].codes.insert_full(code.clone());
                    u32::try_from(number).unwrap_or(u32::MAX)
                });
                Some(PlacedKey {
                    place,
                    numbers: numbers.collect(),
                })
            });
            placed.push(of_source.collect());
            let numbers = all.fields().texts().iter();
            placed_fields.push(
                numbers
                    .map(|name| fields.insert_full(name.clone()).0)
                    .collect(),
            );
        }
        Self {
            sources,
            keys,
            rows: Vec::new(),
            fields,
            placed,
            placed_fields,
        }
    }

    /// Gives each contribution a row: records in their order, those without a place last and each by itself.
    fn lay_out_rows(&mut self) {
        loop {
            let next = |source: &TraceSource<'_>| {
                let all = &source.figures.contributions;
                (source.next < all.len()).then(|| all.at(source.next).record().unwrap_or(u32::MAX))
            };
            let Some(record) = self.sources.iter().filter_map(next).min() else {
                return;
            };
            let first = self.rows.len();
            let known = (record != u32::MAX).then_some(record);
            for source in 0..self.sources.len() {
                while next(&self.sources[source]) == Some(record) {
                    self.lay_out(source, known, first);
                }
            }
        }
    }

    /// Gives the next contribution of a source a row among those of its record, which begin with `first`.
    fn lay_out(&mut self, source: usize, record: Option<u32>, first: usize) {
        let at = self.sources[source].next;
        let all = &self.sources[source].figures.contributions;
        let amount = match all.at(at).value() {
            CountedValue::Amount(amount) => Some(amount),
            CountedValue::Once(_) => None,
        };
        let field = self.placed_fields[source][all.fields().number(at) as usize];
        let mut wanted: Vec<(usize, u32)> = Vec::with_capacity(self.placed[source].len());
        for (placed, codes) in self.placed[source].iter().zip(all.keys()) {
            if let Some(PlacedKey { place, numbers }) = placed {
                wanted.push((*place, numbers[codes.number(at) as usize]));
            }
        }
        let column = amount.map(|_| {
            let codes = self.sources[source].column_of(at);
            let sums = &mut self.sources[source].sums;
            let known = sums.iter().position(|known| known.codes == codes);
            known.unwrap_or_else(|| {
                sums.push(SumColumn {
                    codes,
                    cells: Vec::new(),
                });
                sums.len() - 1
            })
        });
        let is_free = |row: usize| {
            let mut wanted = wanted.iter();
            let fits =
                wanted.all(|(key, code)| self.rows[row].keys[*key].is_none_or(|it| it == *code));
            // One amount a cell: a record that brings two to the same figure has two rows.
            let cells = column.map(|column| &self.sources[source].sums[column].cells);
            fits && cells.is_none_or(|cells| {
                cells
                    .iter()
                    .rev()
                    .take_while(|(it, _)| *it >= first)
                    .all(|(it, _)| *it != row)
            })
        };
        let rows = first..self.rows.len();
        let row = match record.and_then(|_| rows.into_iter().find(|row| is_free(*row))) {
            Some(row) => row,
            None => {
                self.rows.push(TraceRow {
                    record,
                    keys: vec![None; self.keys.len()],
                    fields: Vec::new(),
                });
                self.rows.len() - 1
            }
        };
        let laid = &mut self.rows[row];
        for (key, code) in wanted {
            laid.keys[key] = Some(code);
        }
        if !laid.fields.contains(&field) {
            laid.fields.push(field);
        }
        let source = &mut self.sources[source];
        if let (Some(column), Some(amount)) = (column, amount) {
            source.sums[column].cells.push((row, amount));
        }
        source.rows.push(row);
        source.next += 1;
    }

    fn finish(self) -> Trace {
        let mut columns: Vec<TraceColumn> = Vec::new();
        // Columns are told apart by a hash first: most of them are not alike.
        let mut known: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut figures = HashMap::new();
        for source in &self.sources {
            let mut of_source = Vec::new();
            for column in source_columns(source) {
                let SourceColumn {
                    choice,
                    shown,
                    mut cells,
                } = column;
                cells.sort_unstable();
                let alike = known.entry(fingerprint(&cells)).or_default();
                // What is added up and what counts once are told apart even where they are the same.
                let is_same = |column: &TraceColumn| {
                    column.cells == cells
                        && column
                            .shows
                            .iter()
                            .all(|it| it.once_in.is_some() == shown.once_in.is_some())
                };
                let same = alike
                    .iter()
                    .copied()
                    .find(|column| is_same(&columns[*column]));
                let column = match same {
                    Some(column) => {
                        columns[column].shows.push(shown);
                        column
                    }
                    None => {
                        alike.push(columns.len());
                        columns.push(TraceColumn {
                            shows: vec![shown],
                            cells,
                        });
                        columns.len() - 1
                    }
                };
                of_source.push((choice, column));
            }
            let id = (
                source.figures.indicator.clone(),
                source.figures.years.clone(),
            );
            figures.insert(
                id,
                TracedFigures {
                    by: source.figures.by.clone(),
                    is_by_column: source.is_by_column.clone(),
                    columns: of_source,
                    first: first_rows(source),
                },
            );
        }
        Trace {
            keys: self.keys,
            rows: self.rows,
            fields: self.fields,
            columns,
            figures,
        }
    }
}

fn fingerprint(cells: &[(usize, i64)]) -> u64 {
    use std::hash::BuildHasher;
    FixedState::default().hash_one(cells)
}

#[cfg(test)]
mod tests {
    use super::trace;
    use crate::contributions::Contributions;
    use crate::figures::Figures;
    use crate::record_numbers::RecordNumbers;
    use crate::trace::Trace;
    use polars::prelude::*;
    use programme::Measure::{self, CountDistinct, Sum};
    use std::collections::BTreeMap;
    use std::sync::Arc;

    /// A row of an indicator: its keys, its record, its field and its value.
    type Row<'a> = (Vec<&'a str>, &'a str, &'a str, &'a str);

    fn figures(name: &str, measure: Measure, by: &[&str], rows: &[Row<'_>]) -> Figures {
        let column = |name: &str, of: &dyn Fn(&Row<'_>) -> String| {
            Column::new(name.into(), rows.iter().map(of).collect::<Vec<_>>())
        };
        let mut columns: Vec<Column> = (0..by.len())
            .map(|at| column(by[at], &|row| row.0[at].to_owned()))
            .collect();
        columns.push(column("record", &|row| row.1.to_owned()));
        columns.push(column("field", &|row| row.2.to_owned()));
        columns.push(column("value", &|row| row.3.to_owned()));
        let by: Vec<String> = by.iter().map(|key| (*key).to_owned()).collect();
        let records = Arc::new(RecordNumbers::new(
            (0..40).map(|number| format!("r{number:02}")),
        ));
        let frame = DataFrame::new_infer_height(columns).unwrap();
        let all = Contributions::read(&frame, &by, measure, &records);
        let all = all.unwrap().unwrap();
        Figures::of(name, measure, &by, "2024", all)
            .unwrap()
            .unwrap()
    }

    /// The table as text: the record, its keys, and the amount in each column.
    fn shown(trace: &Trace) -> String {
        let mut text = format!("record {}", trace.keys().collect::<Vec<_>>().join(" "));
        for column in trace.columns() {
            let shows = column.shows.iter().map(|it| {
                let only: Vec<&str> = it.only.iter().map(|(_, code)| code.as_str()).collect();
                let once = it
                    .once_in
                    .as_ref()
                    .map(|keys| format!("once in [{}]", keys.join(" ")));
                format!(
                    "{} {}{}",
                    it.indicator,
                    only.join(" "),
                    once.unwrap_or_default()
                )
            });
            text += &format!(" | {}", shows.collect::<Vec<_>>().join(" + ").trim());
        }
        for row in 0..trace.height() {
            let keys = (0..trace.keys().len()).map(|key| trace.code(row, key));
            let record = trace
                .record(row)
                .map_or("?".to_owned(), |it| format!("r{it:02}"));
            text += &format!("\n{record} {}", keys.collect::<Vec<_>>().join(" "));
            for column in trace.columns() {
                let cell = column.cells.iter().find(|(at, _)| *at == row);
                text += &format!(
                    " | {}",
                    cell.map_or(String::new(), |(_, it)| it.to_string())
                );
            }
            text += &format!(" ({})", trace.fields(row).collect::<Vec<_>>().join(" "));
        }
        text
    }

    #[test]
    fn a_record_has_one_row_with_all_that_it_brings() {
        let cases = figures(
            "cases",
            Sum,
            &["content", "department"],
            &[
                (vec!["3a1", "SCT"], "r01", "content", "1"),
                (vec!["3b1", "SCT"], "r01", "content", "1"),
                (vec!["3a1", "SYT"], "r00", "content", "1"),
            ],
        );
        let money = figures(
            "money",
            Sum,
            &["content", "source"],
            &[
                (vec!["3a1", "state"], "r01", "state_budget", "70"),
                (vec!["3a1", "own"], "r01", "own", "30"),
                (vec!["3a1", "state"], "r00", "state_budget", "5"),
                (vec!["3a1", "state"], "elsewhere", "state_budget", "2"),
            ],
        );
        let by_size = figures(
            "by_size",
            Sum,
            &["size"],
            &[
                (vec!["small"], "r01", "size", "1"),
                (vec!["large"], "r00", "size", "1"),
            ],
        );
        let again = figures(
            "again",
            Sum,
            &["department"],
            &[
                (vec!["SCT"], "r01", "content", "1"),
                (vec!["SYT"], "r00", "content", "1"),
            ],
        );
        let firms = figures(
            "firms",
            CountDistinct,
            &["department"],
            &[
                (vec!["SCT"], "r01", "enterprise", "DN1"),
                (vec!["SYT"], "r00", "enterprise", "DN1"),
            ],
        );
        let trace = trace(&[&cases, &money, &by_size, &again, &firms]);
        insta::assert_snapshot!(shown(&trace), @r"
        record content department size | cases | money own | money state | by_size  + again | firms once in [department] | firms once in []
        r00 3a1 SYT large | 1 |  | 5 | 1 | 1 | 1 (content state_budget size enterprise)
        r01 3a1 SCT small | 1 | 30 | 70 | 1 | 1 |  (content own state_budget size enterprise)
        r01 3b1 SCT  | 1 |  |  |  |  |  (content)
        ? 3a1   |  |  | 2 |  |  |  (state_budget)
        ");
        let place = |figures: &Figures, keys: &[(&str, &str)]| {
            let keys = keys
                .iter()
                .map(|(key, code)| ((*key).to_owned(), (*code).to_owned()));
            let place = trace.place(figures, &keys.collect())?;
            Some(format!(
                "{} {:?} {:?}",
                place.row, place.columns, place.filter
            ))
        };
        insta::assert_snapshot!(place(&money, &[("content", "3a1"), ("source", "own")]).unwrap(), @r#"1 [1] [("content", "3a1")]"#);
        insta::assert_snapshot!(place(&money, &[]).unwrap(), @"0 [1, 2] []");
        insta::assert_snapshot!(place(&firms, &[("department", "SYT")]).unwrap(), @r#"0 [4] [("department", "SYT")]"#);
        assert_eq!(place(&cases, &[("content", "3b5")]), None);
    }

    /// What the rows of a figure's place add up to.
    fn filtered(trace: &Trace, figures: &Figures, keys: &BTreeMap<String, String>) -> i64 {
        let Some(place) = trace.place(figures, keys) else {
            return 0;
        };
        let names: Vec<&str> = trace.keys().collect();
        let is_in = |row: usize| {
            place.filter.iter().all(|(key, code)| {
                let key = names.iter().position(|name| name == key).unwrap();
                trace.code(row, key) == *code
            })
        };
        let cells = place
            .columns
            .iter()
            .flat_map(|column| &trace.columns()[*column].cells);
        cells
            .filter(|(row, _)| is_in(*row))
            .map(|(_, amount)| amount)
            .sum()
    }

    #[test]
    fn every_figure_is_a_filter_of_the_table() {
        let mut random = fastrand::Rng::with_seed(7);
        let keys = ["content", "department", "source"];
        for _ in 0..60 {
            let mut all = Vec::new();
            for number in 0..random.usize(1..6) {
                let measure = if random.bool() { Sum } else { CountDistinct };
                let by: Vec<&str> = keys.iter().copied().filter(|_| random.bool()).collect();
                let texts: Vec<[String; 6]> = (0..random.usize(0..80))
                    .map(|_| {
                        let code = |random: &mut fastrand::Rng, of: u8| {
                            let code = random.u8(0..of);
                            if code == 0 {
                                String::new()
                            } else {
                                format!("c{code}")
                            }
                        };
                        let field = random.u8(0..2);
                        // The money's source is told by its column, now and then.
                        let source = match number % 2 {
                            0 => format!("s{field}"),
                            _ => code(&mut random, 3),
                        };
                        [
                            code(&mut random, 3),
                            code(&mut random, 4),
                            source,
                            format!("r{:02}", random.u8(0..44)),
                            format!("f{field}"),
                            random.i8(-5..20).to_string(),
                        ]
                    })
                    .collect();
                let rows: Vec<Row<'_>> = texts
                    .iter()
                    .map(|row| {
                        let codes = keys
                            .iter()
                            .zip(&row[..3])
                            .filter(|(key, _)| by.contains(key));
                        let codes = codes.map(|(_, code)| code.as_str()).collect();
                        (codes, row[3].as_str(), row[4].as_str(), row[5].as_str())
                    })
                    .collect();
                all.push(figures(&format!("i{number}"), measure, &by, &rows));
            }
            let trace = trace(&all.iter().collect::<Vec<_>>());
            for figures in &all {
                for figure in figures.all() {
                    let sum = filtered(&trace, figures, &figure.keys);
                    assert_eq!(sum, figure.value, "{}\n{}", figure.id, shown(&trace));
                }
            }
        }
    }
}
