use crate::ledger::files_in;
use crate::office::{Office, budget, tonghop};
use tempfile::TempDir;

#[test]
fn a_newcomer_comes_from_nothing_to_a_report() {
    let folder = TempDir::new().unwrap();
    let dir = folder.path().join("demo");
    let answer = tonghop(&["demo", dir.to_str().unwrap()]);
    assert_eq!(answer.code, 0, "{}{}", answer.stdout, answer.stderr);
    let path = answer
        .stdout
        .lines()
        .last()
        .unwrap()
        .rsplit(": ")
        .next()
        .unwrap();
    assert!(
        path.ends_with("2023.xlsx") && std::path::Path::new(path).exists(),
        "{}",
        answer.stdout
    );
    // One of each planted fault, and the row that cannot be counted.
    for code in ["C001", "V004", "V010", "V011", "C004"] {
        assert!(
            answer.stdout.contains(&format!("  {code} ")),
            "{code}: {}",
            answer.stdout
        );
    }
    // A second time nothing changes.
    let again = tonghop(&["demo", dir.to_str().unwrap()]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stdout.contains("19 không đổi"), "{}", again.stdout);
}

#[test]
fn a_workspace_with_data_of_its_own_is_left_alone() {
    let office = Office::new();
    office.drop_workbook(
        "a.xlsx",
        &budget("1 | IV.2.a | NSNN bảo đảm | 100 | 80 | 60"),
    );
    for _ in 0..2 {
        let answer = tonghop(&["demo", office.dir()]);
        assert_eq!(answer.code, 2, "{}", answer.stderr);
        assert_eq!(files_in(&office.path("inbox")).len(), 1);
        office.run_at_ending("2023-11-25T02:00:00Z", 0);
    }
    // It is what was counted that matters, also when nothing lies in the inbox any more.
    std::fs::remove_file(office.path("inbox/a.xlsx")).unwrap();
    tonghop(&["demo", office.dir()]).ending(2);
}
