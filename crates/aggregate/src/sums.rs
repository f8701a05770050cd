use crate::contribution::Contribution;
use programme::Measure;
use std::collections::{BTreeMap, BTreeSet};

/// The keys that a figure is narrowed to, in the indicator's order; none if a key is left open.
pub(crate) type Narrowing = Vec<Option<String>>;

/// Adds up, or counts once each, for every way of narrowing: each key given or left open. Nothing if a sum does not fit,
/// or an amount is no whole number of 64 bits.
pub(crate) fn add_up(
    contributions: &[Contribution],
    measure: Measure,
) -> Option<BTreeMap<Narrowing, i64>> {
    match measure {
        Measure::Sum => {
            let mut sums: BTreeMap<Narrowing, i64> = BTreeMap::new();
            for contribution in contributions {
                let amount: i64 = contribution.value.parse().ok()?;
                for narrowing in narrowings(&contribution.keys) {
                    let sum = sums.entry(narrowing).or_insert(0);
                    *sum = sum.checked_add(amount)?;
                }
            }
            Some(sums)
        }
        Measure::CountDistinct => {
            let mut distinct: BTreeMap<Narrowing, BTreeSet<&str>> = BTreeMap::new();
            for contribution in contributions {
                for narrowing in narrowings(&contribution.keys) {
                    distinct
                        .entry(narrowing)
                        .or_default()
                        .insert(&contribution.value);
                }
            }
            let count = |(narrowing, values): (_, BTreeSet<&str>)| {
                Some((narrowing, i64::try_from(values.len()).ok()?))
            };
            distinct.into_iter().map(count).collect()
        }
    }
}

/// Every way of narrowing that a row with these keys counts in.
fn narrowings(keys: &[String]) -> impl Iterator<Item = Narrowing> {
    (0..1usize << keys.len()).map(|open| {
        let keys = keys.iter().enumerate();
        keys.map(|(i, key)| (open >> i & 1 == 0).then(|| key.clone()))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::add_up;
    use crate::contribution::Contribution;
    use programme::Measure::{self, CountDistinct, Sum};

    fn contribution(keys: &[&str], value: &str) -> Contribution {
        Contribution {
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            record: "r".to_owned(),
            field: "f".to_owned(),
            value: value.to_owned(),
        }
    }

    /// Each sum as `keys=sum`, an open key as `*`.
    fn sums(rows: &[(&[&str], &str)], measure: Measure) -> Option<Vec<String>> {
        let rows: Vec<Contribution> = rows
            .iter()
            .map(|(keys, value)| contribution(keys, value))
            .collect();
        let sums = add_up(&rows, measure)?;
        let shown = sums.iter().map(|(narrowing, sum)| {
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
    fn a_sum_that_does_not_fit_is_none() {
        let most = i64::MAX.to_string();
        let rows: [(&[&str], &str); 2] = [(&["a"], &most), (&["b"], "1")];
        assert_eq!(sums(&rows, Sum), None);
        // Each of them fits, and so does their count.
        assert_eq!(
            sums(&rows[..1], Sum).unwrap(),
            [format!("*={most}"), format!("a={most}")]
        );
        assert_eq!(sums(&rows, CountDistinct).unwrap(), ["*=2", "a=1", "b=1"]);
    }

    #[test]
    fn an_amount_past_64_bits_is_none() {
        assert_eq!(sums(&[(&[], "18000000000000000000")], Sum), None);
    }
}
