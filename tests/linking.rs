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

#[test]
fn a_workbook_is_matched_as_text_is_and_pairs_go_to_standard_output() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let list = testkit::workbook(
        "== DNNVV\nDANH SÁCH DOANH NGHIỆP ĐƯỢC HỖ TRỢ THEO ĐỀ ÁN HỖ TRỢ DNNVV\n\
         STT | Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ\n\
         1 | Công ty TNHH Gốm Mẫu Sơn | '3600265395 | Chuyển đổi số\n\
         2 | Cty TNHH GOM MAU SON | '3600265395 | Chuyển đổi số\n",
    );
    std::fs::write(path("a.xlsx"), list).unwrap();
    std::fs::write(path("b.csv"), "id,name,mst\nx,Gốm Mẫu Sơn,3600265395\n").unwrap();
    let answer = tonghop(&["link", "--left", &path("b.csv"), "--right", &path("a.xlsx")]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    let lines: Vec<&str> = answer.stdout.lines().collect();
    assert_eq!(lines[0], "left_id,right_id,decision,score,reasons");
    assert!(lines[1].starts_with("x,DNNVV!3,match,"), "{lines:?}");
    // Words for people, the sum where it is asked for.
    assert!(
        lines[1].contains("Giống nhau: trùng mã số thuế (căn cứ quyết định)"),
        "{lines:?}"
    );
    assert_eq!(lines.len(), 3);
    let one = tonghop(&["link", "--resolve", &path("a.xlsx")]);
    assert!(
        one.stdout.contains("\nDNNVV!3,DNNVV!4,match,"),
        "{}",
        one.stdout
    );
    let pairs = "left_id,left_name,right_id,right_name\n1,Công ty TNHH Hoa Sen,2,Công ty TNHH Hòa Sen\n3,HTX Lá Xanh,4,Công ty CP Đá Bạc\n";
    std::fs::write(path("pairs.csv"), pairs).unwrap();
    let judged = tonghop(&["link", "--pairs", &path("pairs.csv"), "--explain"]);
    let lines: Vec<&str> = judged.stdout.lines().collect();
    assert!(
        lines[1].starts_with("1,2,review,") && lines[1].contains("khác dấu -"),
        "{lines:?}"
    );
    assert_eq!(lines.len(), 2);
    // Nothing is left of what was copied.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn a_list_in_any_number_of_shards_is_resolved_as_the_whole() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let made = lists_of(21, 60, 200, WordSet::Common, Clerk::Careless);
    // Two lists of the same columns, one behind the other: enterprises that are there more than once.
    let rows = made.left.lines().chain(made.right.lines().skip(1));
    std::fs::write(path("list.csv"), rows.collect::<Vec<_>>().join("\n")).unwrap();
    let list = path("list.csv");
    let link = |more: &[&str]| {
        let answer = tonghop(&[&["link"], more].concat());
        assert_eq!(answer.code, 0, "{}", answer.stderr);
        answer.stdout
    };
    // Of a longer list each word is as rare as it is there, not as it is in this one.
    std::fs::write(path("longer.csv"), &made.right).unwrap();
    link(&[
        "--count-rarity",
        &path("longer.csv"),
        "--out",
        &path("rarity.csv"),
    ]);
    let rarity = path("rarity.csv");
    let mut wholes = BTreeSet::new();
    for (with, of) in [(&[][..], 1), (&["--rarity", &rarity][..], 5)] {
        let whole = link(&[&["--resolve", &list], with].concat());
        assert!(whole.lines().count() > 10, "{whole}");
        let mut shards: Vec<String> = Vec::new();
        for number in 1..=of {
            let (shard, out) = (format!("{number}/{of}"), path(&format!("{number}.csv")));
            let resolve = ["--resolve", &list, "--shard", &shard, "--out", &out];
            link(&[&resolve, with].concat());
            shards.insert(0, out);
        }
        let files: Vec<&str> = shards.iter().map(String::as_str).collect();
        let resolve = [&["--resolve", &list], with, &["--shards"]].concat();
        assert!(
            link(&[&resolve[..], &files].concat()) == whole,
            "{of} shards"
        );
        if of > 1 {
            // One that is missing would be so many enterprises too many.
            let lacking = tonghop(&[&["link"], &resolve[..], &files[1..]].concat());
            assert_eq!(lacking.code, 1, "{}", lacking.stderr);
            assert!(lacking.stderr.contains("5/5"), "{}", lacking.stderr);
        } else {
            let longer = path("longer.csv");
            let other = ["link", "--resolve", &longer, "--shards", files[0]];
            let other = tonghop(&other);
            assert!(
                other.code == 1 && other.stderr.contains("another list"),
                "{}",
                other.stderr
            );
        }
        wholes.insert(whole);
    }
    assert_eq!(wholes.len(), 2, "how rare words are matters");
}
