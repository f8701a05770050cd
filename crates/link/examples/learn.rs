//! Learns the weights of the evidence from pairs whose answer is known, and prints them for `linkage.toml`.
//!
//! `cargo run --release -p link --example learn -- LINKAGE.toml UNITS.tsv FOLDER[:COLUMN,...]...`, each folder with
//! `register.csv`, `submissions.csv` and `truth.csv`, see docs/decisions/0007-the-same-enterprise.md; of both lists the columns
//! behind the colon are blanked, since most lists have names only. Only the rows of one half, by a hash of their ids, are learnt
//! from; the other half is to measure with. Logistic regression with a ridge, by Newton's steps; pairs that a rule decides are
//! left out, and what speaks for a pair may not weigh against it, nor the other way round: such evidence is dropped. With
//! `--score` it writes `pred.csv` instead.
#![expect(
    clippy::float_arithmetic,
    clippy::needless_range_loop,
    clippy::cast_possible_truncation,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "statistics, not money, in a tool for developers"
)]

use link::{Decision, Matcher, Pair, Party, Record};
use model::{AdministrativeUnit, Linkage};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

type Error = Box<dyn std::error::Error>;

#[derive(Default)]
struct Row(Vec<String>);

impl Record for Row {
    fn party(&self) -> Party<'_> {
        let at = |i: usize| {
            self.0
                .get(i)
                .map(String::as_str)
                .filter(|text| !text.is_empty())
        };
        Party {
            name: at(1).unwrap_or_default(),
            tax_code: at(2),
            address: at(3),
            district: at(4),
            representative: at(5),
            phone: at(6),
        }
    }
}

fn rows(path: &Path) -> Result<Vec<Row>, Error> {
    let mut reader = csv::Reader::from_path(path)?;
    reader
        .records()
        .map(|record| Ok(Row(record?.iter().map(str::to_owned).collect())))
        .collect()
}

fn linkage(toml: &str, units: &str) -> Result<Linkage, Error> {
    let mut linkage: Linkage = toml::from_str(&std::fs::read_to_string(toml)?)?;
    // The programme's own file beside its units adds places.
    if let Ok(own) = std::fs::read_to_string(Path::new(units).with_file_name("linkage.toml")) {
        let own: toml::Table = toml::from_str(&own)?;
        let places = own.get("places").and_then(toml::Value::as_array);
        let texts = places.into_iter().flatten().filter_map(toml::Value::as_str);
        linkage.places.extend(texts.map(str::to_owned));
    }
    for line in std::fs::read_to_string(units)?.lines().skip(1) {
        let parts: Vec<String> = line.split('\t').map(str::to_owned).collect();
        if let Ok([province, district, ward, now]) = <[String; 4]>::try_from(parts) {
            linkage.units.push(AdministrativeUnit {
                province,
                district,
                ward,
                now,
            });
        }
    }
    Ok(linkage)
}

fn main() -> Result<(), Error> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let score = arguments
        .iter()
        .position(|argument| argument == "--score")
        .map(|at| arguments.remove(at))
        .is_some();
    let [toml, units, folders @ ..] = arguments.as_slice() else {
        return Err("LINKAGE.toml UNITS.tsv FOLDER...".into());
    };
    let matcher = Matcher::new(&linkage(toml, units)?);
    let mut samples = Vec::new();
    for folder in folders {
        let (folder, blanked) = folder.split_once(':').unwrap_or((folder, ""));
        let folder = Path::new(folder);
        let columns: Vec<usize> = blanked
            .split(',')
            .filter(|column| !column.is_empty())
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        let [left, right] = ["submissions.csv", "register.csv"].map(|name| {
            let mut rows = rows(&folder.join(name))?;
            for row in &mut rows {
                for &at in &columns {
                    row.0.get_mut(at).map(String::clear);
                }
            }
            Ok::<_, Error>(rows)
        });
        let (left, right) = (left?, right?);
        let batches = || {
            right
                .chunks(1000)
                .map(|chunk| chunk.iter().map(|row| Row(row.0.clone())).collect())
        };
        if score {
            let start = std::time::Instant::now();
            let pairs = matcher.join(&left, batches);
            println!(
                "{} pairs in {} ms",
                pairs.len(),
                start.elapsed().as_millis()
            );
            write(&matcher, &pairs, &left, &right)?;
            continue;
        }
        let truth: HashMap<String, String> = rows(&folder.join("truth.csv"))?
            .into_iter()
            .map(|row| (row.0[0].clone(), row.0[1].clone()))
            .collect();
        let mut found = 0;
        for pair in matcher.score_pairs(&left, batches) {
            if !is_learnt(&left[pair.left].0[0]) {
                continue;
            }
            let is_same = truth.get(&left[pair.left].0[0]) == Some(&right[pair.right].0[0]);
            found += usize::from(is_same);
            samples.push((
                matcher
                    .evidence(&pair)
                    .iter()
                    .map(|evidence| (evidence.name, evidence.value))
                    .collect(),
                is_same,
            ));
        }
        let learnt = truth.iter().filter(|(left, _)| is_learnt(left));
        let all = learnt.filter(|(_, id)| !id.is_empty()).count();
        println!(
            "# {}: {found} of {all} pairs are candidates",
            folder.display()
        );
    }
    if !score {
        learn(&samples);
    }
    Ok(())
}

fn write(matcher: &Matcher, pairs: &[Pair], left: &[Row], right: &[Row]) -> Result<(), Error> {
    let mut writer = csv::Writer::from_path("pred.csv")?;
    writer.write_record(["left_id", "right_id", "decision", "score", "reasons"])?;
    for pair in pairs {
        let decision = match pair.decision {
            Decision::Match => "match",
            Decision::Review => "review",
            Decision::Related => "related",
            Decision::Different => continue,
        };
        let reasons: Vec<String> = matcher
            .evidence(pair)
            .iter()
            .map(|part| format!("{}({})={}", part.name, part.value, part.score))
            .collect();
        writer.write_record([
            &left[pair.left].0[0],
            &right[pair.right].0[0],
            decision,
            &pair.score.to_string(),
            &reasons.join(" "),
        ])?;
    }
    writer.flush()?;
    Ok(())
}

/// Whether a row is of the half that is learnt from, by the FNV hash of its id.
fn is_learnt(id: &str) -> bool {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 33) & 1 == 0
}

/// What speaks for a pair, if it weighs anything.
const FOR: [&str; 12] = [
    "address_equal",
    "area_equal",
    "code_near",
    "form_equal",
    "form_kin",
    "name_equal",
    "name_initials",
    "name_shared",
    "name_slips",
    "name_whole",
    "person_equal",
    "phone_equal",
];

/// Evidence that a rule decides: it is not weighed.
const DECIDED: [&str; 3] = ["code_equal", "code_differs", "code_kin"];

fn learn(samples: &[(Vec<(&'static str, i32)>, bool)]) {
    let samples: Vec<_> = samples
        .iter()
        .filter(|(evidence, _)| !evidence.iter().any(|(name, _)| DECIDED.contains(name)))
        .collect();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for (evidence, _) in &samples {
        for (name, _) in evidence {
            let next = names.len();
            names.entry(name).or_insert(next);
        }
    }
    let n = names.len() + 1;
    // Evidence that came to speak the other way: it is left out, and the rest learnt anew.
    let mut dropped: BTreeSet<usize> = BTreeSet::new();
    let mut weights;
    let rows: Vec<(Vec<f64>, f64)> = samples
        .iter()
        .map(|(evidence, same)| {
            let mut row = vec![0.0; n];
            row[n - 1] = 1.0;
            evidence
                .iter()
                .for_each(|(name, value)| row[names[name]] = f64::from(*value) / 16.0);
            (row, f64::from(u8::from(*same)))
        })
        .collect();
    loop {
        weights = vec![0.0; n];
        for _ in 0..25 {
            let mut gradient = vec![0.0; n];
            let mut hessian = vec![vec![0.0; n]; n];
            for i in 0..n - 1 {
                gradient[i] = -RIDGE * weights[i];
                hessian[i][i] = RIDGE;
            }
            for (row, same) in &rows {
                let z: f64 = row.iter().zip(&weights).map(|(x, w)| x * w).sum();
                let p = 1.0 / (1.0 + (-z).exp());
                let v = (p * (1.0 - p)).max(1e-9);
                for i in 0..n {
                    if row[i] != 0.0 {
                        gradient[i] += (same - p) * row[i];
                        for j in 0..n {
                            hessian[i][j] += v * row[i] * row[j];
                        }
                    }
                }
            }
            for &i in &dropped {
                gradient[i] = 0.0;
                hessian[i].fill(0.0);
                hessian.iter_mut().for_each(|row| row[i] = 0.0);
                hessian[i][i] = 1.0;
            }
            let step = solve(hessian, gradient);
            weights.iter_mut().zip(&step).for_each(|(w, s)| *w += s);
        }
        let speaks_wrongly = |(name, at): (&&str, &usize)| {
            let is_for = FOR.contains(name);
            let weight = weights[*at];
            (is_for && weight < 0.0) || (!is_for && weight > 0.0)
        };
        let wrong = names.iter().filter(|name| speaks_wrongly((name.0, name.1)));
        // The most wrong first: another may come right without it.
        let most = wrong.max_by(|a, b| weights[*a.1].abs().total_cmp(&weights[*b.1].abs()));
        match most {
            Some((_, &at)) => dropped.insert(at),
            None => break,
        };
    }
    let same = samples.iter().filter(|(_, same)| *same).count();
    println!("# {} pairs, {same} of them the same", samples.len());
    // Natural log-odds to sixteenths of a bit, in 1/256 of the evidence's unit.
    let bits = std::f64::consts::LOG2_E;
    println!("bias = {}", (weights[n - 1] * bits * 16.0).round() as i64);
    println!("\n[weights]");
    for (name, at) in names {
        println!("{name} = {}", (weights[at] * bits * 256.0).round() as i64);
    }
}

const RIDGE: f64 = 1.0;

/// Solves a system of linear equations by elimination.
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for i in 0..n {
        let pivot = (i..n)
            .max_by(|&p, &q| a[p][i].abs().total_cmp(&a[q][i].abs()))
            .unwrap();
        a.swap(i, pivot);
        b.swap(i, pivot);
        for row in i + 1..n {
            let factor = a[row][i] / a[i][i];
            for column in i..n {
                let above = a[i][column];
                a[row][column] -= factor * above;
            }
            b[row] -= factor * b[i];
        }
    }
    for i in (0..n).rev() {
        for j in i + 1..n {
            b[i] -= a[i][j] * b[j];
        }
        b[i] /= a[i][i];
    }
    b
}
