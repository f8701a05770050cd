use crate::office::{Office, figure, tonghop};
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
        vi.stdout.contains("Kết thúc trước khi bắt đầu")
            && vi.stdout.contains("finish_last < start"),
        "{}",
        vi.stdout
    );
    let en = tonghop(&["explain", "C001", "--lang", "en"]);
    assert!(en.stdout.contains("End before start"), "{}", en.stdout);
    assert_eq!(tonghop(&["explain", "Z999"]).code, 2);
}

#[test]
fn a_changed_programme_is_tried_on_what_is_held_before_it_counts() {
    let office = Office::new();
    office.drop_workbook(
        "sxd.xlsx",
        "== TT chung\nCơ quan báo cáo | Sở Xây dựng\nKỳ báo cáo | Năm 2023\n\
         == Biểu 8\nĐơn vị tính: triệu đồng\nNhiệm vụ | Nguồn kinh phí | Dự toán | Thực hiện\n\
         IV.1.a | NSNN bảo đảm | 10 | 8\nIV.2.a | NSNN bảo đảm | 20 | 15\n",
    );
    office.run_ending(0);
    let same = tonghop(&["check", "-w", office.dir()]);
    assert!(
        same.ending(0)
            .stdout
            .contains("Không có quy tắc hay số liệu nào khác"),
        "{}",
        same.stdout
    );
    let rule = "where = '''spent > planned'''";
    let stricter = "where = '''spent > 10000000'''";
    let folder = office.change_programme(
        "programme",
        &[
            ("rules/cross.toml", rule, stricter),
            ("rules/cross.toml", "pass = { budget = [{ planned = 100, spent = 50 }] }\nfail = { budget = [{ planned = 50, spent = 100 }] }", "pass = { budget = [{ spent = 50 }] }\nfail = { budget = [{ spent = 100000000 }] }"),
            ("indicators/budget_spent.sql", "WHERE spent IS NOT NULL", "WHERE spent > 10000000"),
        ],
    );
    let args = ["check", folder.to_str().unwrap(), "-w", office.dir()];
    let trial = tonghop(&[&args[..], &["--format", "json"]].concat());
    let trial = &trial.ending(0).json()["trial"];
    let rules = trial["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 1, "{trial}");
    assert_eq!(rules[0]["code"], "C006");
    assert_eq!(rules[0]["change"], "changed");
    assert_eq!(rules[0]["added"][0]["file"], "sxd.xlsx");
    let figures = trial["figures"].as_array().unwrap();
    assert_eq!(figures.len(), 1, "{trial}");
    assert_eq!(figures[0]["figure"], "budget_spent/2023");
    let values = [&figures[0]["before"], &figures[0]["after"]];
    assert_eq!(values, [23_000_000, 15_000_000]);
    // Nothing of it counts yet.
    assert_eq!(
        figure(&office.figures("2023"), "budget_spent/2023"),
        23_000_000
    );
}
