use aggregate::Figures;
use programme::{Measure, Programme};
use std::collections::BTreeMap;

/// The codes of a list that stand below a code, at any depth, in the list's order.
pub(crate) fn codes_below<'p>(programme: &'p Programme, list: &str, code: &str) -> Vec<&'p str> {
    let Some(list) = programme.lists.get(list) else {
        return Vec::new();
    };
    let parent_of = |code: &str| list.entry(code).and_then(|entry| entry.parent.as_deref());
    let is_below = |other: &str| {
        // A list has no more levels than codes.
        let above = std::iter::successors(parent_of(other), |above| parent_of(above));
        above.take(list.entries.len()).any(|above| above == code)
    };
    let codes = list.entries.iter().map(|entry| entry.code.as_str());
    codes.filter(|other| is_below(other)).collect()
}

/// The value of a figure together with those of the codes below its own: of a task that is parted into points, what stands under
/// them and under itself. What counts once counts once over all of them.
pub(crate) fn value_with_parts(
    programme: &Programme,
    figures: &Figures,
    keys: &BTreeMap<String, String>,
) -> i64 {
    let with_parts = |(list, code): (&String, &String)| {
        let mut codes = vec![code.clone()];
        let below = codes_below(programme, list, code);
        codes.extend(below.into_iter().map(str::to_owned));
        (list.clone(), codes)
    };
    let all: BTreeMap<String, Vec<String>> = keys.iter().map(with_parts).collect();
    if all.values().all(|codes| codes.len() == 1) {
        return figures.value(keys);
    }
    match figures.measure {
        Measure::Sum => {
            let mut narrowed = vec![BTreeMap::new()];
            for (list, codes) in &all {
                // A key that the indicator does not have narrows nothing.
                if !figures.by.contains(list) {
                    continue;
                }
                narrowed = narrowed
                    .iter()
                    .flat_map(|keys| {
                        codes.iter().map(|code| {
                            let mut keys: BTreeMap<String, String> = keys.clone();
                            keys.insert(list.clone(), code.clone());
                            keys
                        })
                    })
                    .collect();
            }
            narrowed.iter().map(|keys| figures.value(keys)).sum()
        }
        Measure::CountDistinct => {
            let places = figures.by.iter().enumerate();
            let wanted: Vec<(usize, &Vec<String>)> = places
                .filter_map(|(place, key)| Some((place, all.get(key)?)))
                .collect();
            let is_one = |part: aggregate::Contribution<'_>| {
                let mut wanted = wanted.iter();
                wanted.all(|(place, codes)| codes.iter().any(|code| code == part.key(*place)))
            };
            let only = figures.only(is_one).ok().flatten();
            only.map_or(0, |figures| figures.total())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{codes_below, value_with_parts};
    use crate::testing::{figures, programme};
    use programme::Measure;
    use std::collections::BTreeMap;

    #[test]
    fn a_task_is_its_points_and_itself_and_what_counts_once_counts_once() {
        let programme = programme();
        assert_eq!(codes_below(programme, "task", "IV.3"), ["IV.3.a", "IV.3.b"]);
        let rows: &[(&[&str], &str, &str)] = &[
            (&["IV.3"], "r1", "1"),
            (&["IV.3.a"], "r2", "2"),
            (&["IV.3.b"], "r3", "2"),
            (&["IV.4.a"], "r4", "8"),
        ];
        let keys = |task: &str| BTreeMap::from([("task".to_owned(), task.to_owned())]);
        let sum = figures("activities", Measure::Sum, &["task"], rows);
        assert_eq!(value_with_parts(programme, &sum, &keys("IV.3")), 5);
        assert_eq!(value_with_parts(programme, &sum, &keys("IV.3.a")), 2);
        let once = figures("activities", Measure::CountDistinct, &["task"], rows);
        assert_eq!(value_with_parts(programme, &once, &keys("IV.3")), 2);
    }
}
