use crate::office::tonghop;
use tempfile::TempDir;

#[test]
fn the_compiled_in_programme_is_sound() {
    let answer = tonghop(&["check", "--format", "json"]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert_eq!(answer.json()["programme"], "dong-nai-2021-2025");
}

#[test]
fn a_wrong_programme_file_is_named_with_its_line() {
    let folder = TempDir::new().unwrap();
    programme::Source::default_programme()
        .write_to(folder.path())
        .unwrap();
    let dir = folder.path().to_str().unwrap();
    assert_eq!(tonghop(&["check", dir]).code, 0);

    let path = folder.path().join("forms/budget.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("list = \"source\"", "list = \"sauce\"")).unwrap();
    let answer = tonghop(&["check", dir]);
    assert_eq!(answer.code, 3);
    assert!(
        answer
            .stderr
            .contains("forms/budget.toml:11: list 'sauce' is not in catalogue.toml"),
        "{}",
        answer.stderr
    );

    let init = tonghop(&[
        "init",
        folder.path().join("office").to_str().unwrap(),
        "--programme",
        dir,
    ]);
    assert_eq!(init.code, 3);
    assert_eq!(tonghop(&["check", "no/such/folder"]).code, 2);
}

#[test]
fn a_rule_is_explained_in_both_languages() {
    let vi = tonghop(&["explain", "c001"]);
    assert_eq!(vi.code, 0);
    assert!(
        vi.stdout.contains("Kết thúc trước khi bắt đầu") && vi.stdout.contains("end_last < start"),
        "{}",
        vi.stdout
    );
    let en = tonghop(&["explain", "C001", "--lang", "en"]);
    assert!(en.stdout.contains("End before start"), "{}", en.stdout);
    assert_eq!(tonghop(&["explain", "Z999"]).code, 2);
}
