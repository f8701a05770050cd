use crate::codes::Codes;
use crate::contributions::{Contributions, Values};
use polars::prelude::*;
use std::collections::BTreeMap;

/// The keys that a figure is narrowed to, in the indicator's order; none if a key is left open.
pub(crate) type Narrowing = Vec<Option<String>>;

/// Adds up, or counts once each, for every way of narrowing: each key given or left open. Nothing if the amounts, taken
/// without their signs, do not fit a whole number of 64 bits together: then no sum of some of them can be trusted.
///
/// # Errors
/// None that a caller could bring about.
pub(crate) fn cube(all: &Contributions) -> PolarsResult<Option<BTreeMap<Narrowing, i64>>> {
    if all.is_empty() {
        return Ok(Some(BTreeMap::new()));
    }
    let mut figures = BTreeMap::new();
    match all.values() {
        Values::Amounts(amounts) => {
            if !fit_together(amounts.iter().copied()) {
                return Ok(None);
            }
            // The rows are added up once; all other figures are sums of these sums.
            let sums = grouped(all, &given_keys(all.keys().len()), col("value").sum())?;
            for (keys, sum) in sums {
                for open in 0..1usize << keys.len() {
                    let narrowed = narrowed(&keys, |at| open >> at & 1 == 0);
                    *figures.entry(texts_of(all.keys(), &narrowed)).or_insert(0) += sum;
                }
            }
        }
        Values::Once(_) => {
            for open in 0..1usize << all.keys().len() {
                let given: Vec<usize> = (0..all.keys().len())
                    .filter(|at| open >> at & 1 == 0)
                    .collect();
                for (keys, count) in grouped(all, &given, col("value").n_unique())? {
                    let mut narrowed = vec![None; all.keys().len()];
                    for (place, number) in given.iter().zip(keys) {
                        narrowed[*place] = Some(number);
                    }
                    figures.insert(texts_of(all.keys(), &narrowed), count);
                }
            }
        }
    }
    Ok(Some(figures))
}

/// Whether any sum of some of these amounts fits a whole number of 64 bits.
pub(crate) fn fit_together(mut amounts: impl Iterator<Item = i64>) -> bool {
    let sum = amounts.try_fold(0u64, |sum, amount| sum.checked_add(amount.unsigned_abs()));
    sum.is_some_and(|sum| i64::try_from(sum).is_ok())
}

fn given_keys(keys: usize) -> Vec<usize> {
    (0..keys).collect()
}

fn narrowed(keys: &[u32], is_given: impl Fn(usize) -> bool) -> Vec<Option<u32>> {
    let keys = keys.iter().enumerate();
    keys.map(|(at, number)| is_given(at).then_some(*number))
        .collect()
}

fn texts_of(keys: &[Codes], narrowed: &[Option<u32>]) -> Narrowing {
    let keys = keys.iter().zip(narrowed);
    keys.map(|(codes, number)| number.map(|number| codes.text(number).to_owned()))
        .collect()
}

/// The values of each group of rows that have the same codes of some keys, brought together.
fn grouped(
    all: &Contributions,
    keys: &[usize],
    together: Expr,
) -> PolarsResult<Vec<(Vec<u32>, i64)>> {
    let name = |at: &usize| PlSmallStr::from_string(format!("key{at}"));
    let mut columns: Vec<Column> = keys
        .iter()
        .map(|at| Column::new(name(at), all.keys()[*at].numbers()))
        .collect();
    columns.push(match all.values() {
        Values::Amounts(amounts) => Column::new("value".into(), amounts),
        Values::Once(texts) => texts.clone().with_name("value".into()).into_column(),
    });
    let frame = DataFrame::new_infer_height(columns)?.lazy();
    let together = together.cast(DataType::Int64).alias("value");
    let groups = match keys {
        [] => frame.select([together]),
        _ => frame
            .group_by(keys.iter().map(|at| col(name(at))).collect::<Vec<_>>())
            .agg([together]),
    };
    let groups = groups.collect()?;
    let values = groups.column("value")?.i64()?.clone();
    let keys: Vec<UInt32Chunked> = keys
        .iter()
        .map(|at| Ok(groups.column(&name(at))?.u32()?.clone()))
        .collect::<PolarsResult<_>>()?;
    let codes = |row: usize| keys.iter().map(move |key| key.get(row).unwrap_or_default());
    let values = values.iter().enumerate();
    Ok(values
        .map(|(row, value)| (codes(row).collect(), value.unwrap_or_default()))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::cube;
    use crate::contributions::Contributions;
    use crate::record_numbers::RecordNumbers;
    use polars::prelude::*;
    use programme::Measure::{self, CountDistinct, Sum};
    use std::sync::Arc;

    /// Each sum as `keys=sum`, an open key as `*`.
    fn sums(rows: &[(&[&str], &str)], measure: Measure) -> Option<Vec<String>> {
        let by: Vec<String> = (0..rows.first().map_or(0, |(keys, _)| keys.len()))
            .map(|at| format!("k{at}"))
            .collect();
        let mut columns: Vec<Column> = by
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let codes: Vec<&str> = rows.iter().map(|(keys, _)| keys[at]).collect();
                Column::new(name.as_str().into(), codes)
            })
            .collect();
        let values: Vec<&str> = rows.iter().map(|(_, value)| *value).collect();
        columns.extend([
            Column::new("record".into(), vec!["r"; rows.len()]),
            Column::new("field".into(), vec!["f"; rows.len()]),
            Column::new("value".into(), values),
        ]);
        let frame = DataFrame::new_infer_height(columns).unwrap();
        let all = Contributions::read(&frame, &by, measure, &Arc::new(RecordNumbers::default()));
        let shown = cube(&all.unwrap()?).unwrap()?;
        let shown = shown.iter().map(|(narrowing, sum)| {
            let keys: Vec<&str> = narrowing
                .iter()
                .map(|key| key.as_deref().unwrap_or("*"))
                .collect();
            format!("{}={sum}", keys.join("/"))
        });
        Some(shown.collect())
    }

    #[test]
    fn every_combination_of_keys_has_its_sum() {
        let rows: [(&[&str], &str); 3] = [
            (&["IV.1", "SCT"], "5"),
            (&["IV.1", "SYT"], "7"),
            (&["IV.2", "SCT"], "-2"),
        ];
        let expected = [
            "*/*=10",
            "*/SCT=3",
            "*/SYT=7",
            "IV.1/*=12",
            "IV.1/SCT=5",
            "IV.1/SYT=7",
            "IV.2/*=-2",
            "IV.2/SCT=-2",
        ];
        assert_eq!(sums(&rows, Sum).unwrap(), expected);
    }

    #[test]
    fn distinct_values_do_not_add_up_over_keys() {
        let rows: [(&[&str], &str); 3] = [(&["SCT"], "DN1"), (&["SYT"], "DN1"), (&["SYT"], "DN2")];
        assert_eq!(
            sums(&rows, CountDistinct).unwrap(),
            ["*=2", "SCT=1", "SYT=2"]
        );
    }

    #[test]
    fn without_keys_there_is_one_sum() {
        assert_eq!(sums(&[(&[], "3"), (&[], "4")], Sum).unwrap(), ["=7"]);
        assert!(sums(&[], Sum).unwrap().is_empty());
    }

    #[test]
    fn a_sum_that_may_not_fit_is_none() {
        let most = i64::MAX.to_string();
        let rows: [(&[&str], &str); 2] = [(&["a"], &most), (&["b"], "1")];
        assert_eq!(sums(&rows, Sum), None);
        // Together they would fit; that of one group might not, if there were more.
        assert_eq!(sums(&[(&["a"], &most), (&["b"], "-1")], Sum), None);
        // Each of them fits, and so does their count.
        assert_eq!(
            sums(&rows[..1], Sum).unwrap(),
            [format!("*={most}"), format!("a={most}")]
        );
        assert_eq!(sums(&rows, CountDistinct).unwrap(), ["*=2", "a=1", "b=1"]);
    }
}
