//! The matcher, from files to file, on lists made of words that no data of ours has.

use crate::office::tonghop;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tempfile::TempDir;
use testkit::{Clerk, WordSet, lists_of};

/// Thousandths, to be compared without fractions.
fn per_mille(part: usize, of: usize) -> usize {
    part * 1000 / of.max(1)
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path)
        .unwrap()
        .deserialize()
        .map(Result::unwrap)
        .collect()
}

/// What practice asks of a matcher (F1, false matches on enterprises the other list lacks, true pairs joined or
/// asked, questions per row), with one fixed setting.
fn measured(seed: u64, word_set: WordSet, clerk: Clerk) -> [usize; 4] {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let made = lists_of(seed, 600, 6_000, word_set, clerk);
    for (name, text) in [
        ("left.csv", &made.left),
        ("right.csv", &made.right),
        ("truth.csv", &made.truth),
    ] {
        std::fs::write(path(name), text).unwrap();
    }
    let [left, right, out] =
        ["left.csv", "right.csv", "out.csv"].map(|name| path(name).to_str().unwrap().to_owned());
    let answer = tonghop(&["link", "--left", &left, "--right", &right, "--out", &out]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);

    let truth: BTreeMap<String, String> = rows(&path("truth.csv"))
        .into_iter()
        .map(|row| (row["submission_id"].clone(), row["register_id"].clone()))
        .collect();
    let partners: BTreeSet<(&str, &str)> = truth
        .iter()
        .filter(|(_, right)| !right.is_empty())
        .map(|(left, right)| (&**left, &**right))
        .collect();
    let found = rows(&path("out.csv"));
    let pairs = |decision: &str| -> BTreeSet<(&str, &str)> {
        let of = found.iter().filter(|row| row["decision"] == decision);
        of.map(|row| (&*row["left_id"], &*row["right_id"]))
            .collect()
    };
    let (matched, asked) = (pairs("match"), pairs("review"));
    let right_ones = matched.intersection(&partners).count();
    let strangers = truth.values().filter(|right| right.is_empty()).count();
    let joined_strangers: BTreeSet<&str> = matched
        .iter()
        .map(|(left, _)| *left)
        .filter(|left| truth[*left].is_empty())
        .collect();
    let surfaced = partners
        .iter()
        .filter(|pair| matched.contains(*pair) || asked.contains(*pair))
        .count();
    let asked_of: BTreeSet<&str> = asked.iter().map(|(left, _)| *left).collect();
    [
        per_mille(2 * right_ones, matched.len() + partners.len()),
        per_mille(joined_strangers.len(), strangers),
        per_mille(surfaced, partners.len()),
        per_mille(asked_of.len(), truth.len()),
    ]
}

#[test]
fn words_never_seen_are_matched_as_well_as_common_ones() {
    for (seed, word_set, f1, surfaced) in [
        (11, WordSet::Common, 950, 970),
        (12, WordSet::Unseen, 940, 950),
    ] {
        let measured = measured(seed, word_set, Clerk::Careless);
        let [reached, strangers, found, asked] = measured;
        let all_well = reached >= f1 && strangers <= 10 && found >= surfaced && asked <= 120;
        assert!(
            all_well,
            "{word_set:?}: F1, strangers joined, surfaced, asked in thousandths: {measured:?}"
        );
    }
}

#[test]
fn what_other_clerks_write_is_matched_or_asked() {
    let measured = measured(13, WordSet::Unseen, Clerk::OfHabit);
    let [reached, strangers, found, asked] = measured;
    let all_well = reached >= 900 && strangers <= 10 && found >= 900 && asked <= 150;
    assert!(
        all_well,
        "F1, strangers joined, surfaced, asked in thousandths: {measured:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_list_may_come_through_a_pipe() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let list = "id;name;tax_code\n7;Công ty TNHH Gốm Mẫu Sơn;3600265395\n";
    std::fs::write(path("left.csv"), list).unwrap();
    let mut link = Command::new(crate::office::program())
        .args([
            "link",
            "--left",
            &path("left.csv"),
            "--right",
            "-",
            "--out",
            &path("out.csv"),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    link.stdin
        .take()
        .unwrap()
        .write_all(list.as_bytes())
        .unwrap();
    assert!(link.wait().unwrap().success());
    let pairs = rows(Path::new(&path("out.csv")));
    assert_eq!(
        (&*pairs[0]["right_id"], &*pairs[0]["decision"]),
        ("7", "match")
    );
    // What was copied of it is gone.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}
