use crate::office::tonghop;
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
