//! Tables that are meant, laid out as clerks lay them out, and read: each case is counted as it is meant, or somebody is
//! asked.
//!
//! `LAYOUTS` says how many are tried (300), `LAYOUTS_FROM` the number of the first (0), `LAYOUTS_SHRUNK` how many of those
//! that fail are made small (5); `LAYOUTS_ASKED=1` lists those about which somebody is asked.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]
#![allow(
    clippy::print_stdout,
    reason = "what is read otherwise is a list of work"
)]

mod amounts;
mod body;
mod cases;
mod columns;
mod difference;
mod ending;
mod features;
mod grid;
mod headings;
mod judge;
mod others;
mod record;
mod sheet;
mod shrink;
mod table;
mod told;
mod workbook;

use features::{Feature, Input, Layout, inputs};
use grid::Grid;
use judge::{Verdict, judge};
use programme::Programme;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;
use strum::VariantArray;
use table::{same_in_all, sound};

/// So many are judged at once: the rules run once for all of them.
const BATCH: usize = 100;

/// The layout of a number.
fn drawn(number: u64) -> Input {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let input = inputs().new_tree(&mut runner).unwrap().current();
    Input {
        layout: sound(input.form, input.layout),
        ..input
    }
}

/// Each option of each feature by itself, in each form.
fn single_options() -> Vec<Input> {
    let mut inputs = Vec::new();
    for form in ["support", "budget", "training"] {
        let draws = vec![
            [0, 1, 2, 30, 40, 0],
            [1, 2, 1, 50, 60, 1],
            [2, 3, 0, 10, 90, 2],
            [3, 4, 3, 70, 20, 3],
            [4, 5, 2, 100, 5, 4],
        ];
        let mut push = |layout| {
            inputs.push(Input {
                form,
                layout: sound(form, layout),
                draws: draws.clone(),
            });
        };
        push(Layout::plain());
        for feature in Feature::VARIANTS {
            for option in 1..feature.options().len() {
                let needed = needed_by(*feature, feature.options()[option]);
                push(needed.with(*feature, option));
            }
        }
    }
    inputs
}

/// The layout in which an option of a feature shows.
fn needed_by(feature: Feature, option: &str) -> Layout {
    let plain = Layout::plain();
    match (feature, option) {
        (Feature::TotalLabel | Feature::TotalAs, _) | (Feature::Hidden, "the total") => {
            plain.with(Feature::Total, 1)
        }
        (Feature::OwnPlace | Feature::OwnKind, _) => plain.with(Feature::OwnColumns, 2),
        (Feature::HeadingMerges, _) => plain.with(Feature::HeadingRows, 2),
        (Feature::GroupSums, _) => plain.with(Feature::Groups, 1),
        (Feature::NumberFormat, "unit's word against the line") => plain.with(Feature::Unit, 1),
        _ => plain,
    }
}

fn setting(name: &str, default: usize) -> usize {
    let value = std::env::var(name).ok();
    value.map_or(default, |value| value.parse().unwrap())
}

/// A layout that was read otherwise than meant: what is asked to mend, as text.
fn described(input: &Input, verdict: &Verdict) -> String {
    let sheets = verdict.laid.sheets.iter().skip(1);
    let sheets: Vec<String> = sheets.map(Grid::to_text).collect();
    format!(
        "{} · {}\n{}  read:\n{}  silent: {}\n",
        input.form,
        input.layout,
        sheets.concat(),
        verdict.read,
        verdict.silent.join("\n          ")
    )
}

#[derive(Default)]
struct Summary {
    right: usize,
    /// Those about which somebody is asked, each with what is asked.
    asked: Vec<(Input, Vec<String>)>,
    /// Those that were read otherwise, by what it takes.
    silent: Vec<Input>,
}

fn tried(programme: &Programme, inputs: &[Input]) -> Summary {
    let mut summary = Summary::default();
    for batch in inputs.chunks(BATCH) {
        for (input, verdict) in batch.iter().zip(judge(programme, batch)) {
            if verdict.is_silent() {
                summary.silent.push(input.clone());
            } else if verdict.asked.is_empty() {
                summary.right += 1;
            } else {
                summary.asked.push((input.clone(), verdict.asked));
            }
        }
    }
    summary
}

/// Tells what came of layouts, and of those that fail the smallest of each kind.
fn report(programme: &Programme, what: &str, inputs: &[Input]) -> Vec<Input> {
    let summary = tried(programme, inputs);
    let silent = summary.silent.len();
    println!(
        "{what}: {} right, {} asked, {silent} otherwise without a word",
        summary.right,
        summary.asked.len()
    );
    if setting("LAYOUTS_ASKED", 0) > 0 {
        for (input, asked) in &summary.asked {
            println!("  asked: {} · {}: {}", input.form, input.layout, asked[0]);
        }
    }
    let mut kinds: BTreeMap<String, (usize, Input)> = BTreeMap::new();
    let most = setting("LAYOUTS_SHRUNK", 5);
    for input in summary.silent.iter().take(most) {
        let least = shrink::shrunk(programme, input);
        let kind = format!("{} {}", least.form, least.layout);
        kinds.entry(kind).or_insert((0, least)).0 += 1;
    }
    let mut kinds: Vec<(usize, Input)> = kinds.into_values().collect();
    kinds.sort_by_key(|(count, input)| (std::cmp::Reverse(*count), input.layout.features().len()));
    for (count, input) in &kinds {
        let verdict = &judge(programme, std::slice::from_ref(input))[0];
        println!("\n{count} × {}", described(input, verdict));
    }
    summary.silent
}

/// An input without the options that by themselves are read otherwise in its form.
fn without_known(input: &Input, known: &[Input]) -> Input {
    let known = known.iter().filter(|known| known.form == input.form);
    let features: Vec<Feature> = known
        .filter_map(|known| {
            let feature = *known.layout.features().last()?;
            (input.layout.of(feature) == known.layout.of(feature)).then_some(feature)
        })
        .collect();
    Input {
        layout: sound(input.form, input.layout.without(&features)),
        ..input.clone()
    }
}

#[test]
fn the_plain_layout_is_read_as_it_is_meant() {
    let programme = Programme::default_programme().unwrap();
    for form in ["support", "budget", "training"] {
        let input = Input {
            form,
            layout: Layout::plain(),
            draws: vec![[0; 6], [1; 6], [2; 6], [3; 6]],
        };
        let verdict = &judge(&programme, std::slice::from_ref(&input))[0];
        let is_right = verdict.silent.is_empty() && verdict.asked.is_empty();
        assert!(
            is_right,
            "{:?}\n{}",
            verdict.asked,
            described(&input, verdict)
        );
    }
}

#[test]
fn no_layout_is_read_otherwise_without_a_word() {
    let programme = Programme::default_programme().unwrap();
    let alone = report(&programme, "one option at a time", &single_options());
    let first = u64::try_from(setting("LAYOUTS_FROM", 0)).unwrap();
    let count = u64::try_from(setting("LAYOUTS", 300)).unwrap();
    let inputs: Vec<Input> = (first..first + count).map(drawn).collect();
    let together = report(&programme, "drawn layouts", &inputs);
    if !alone.is_empty() {
        // What fails by itself hides what fails only together with something else.
        let others: Vec<Input> = inputs
            .iter()
            .map(|input| without_known(input, &alone))
            .collect();
        report(&programme, "the same without those options", &others);
    }
    let silent = alone.len() + together.len();
    assert_eq!(silent, 0, "layouts are read otherwise without a word");
}
