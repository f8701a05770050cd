use crate::programme::Programme;
use crate::source::Source;

#[test]
fn the_default_programme_is_sound() {
    // Each start of the program takes it as tried.
    if let Err(errors) = Programme::load(&Source::default_programme()) {
        panic!("{errors}");
    }
}

#[track_caller]
fn says(path: &str, from: &str, to: &str, expected: &str) {
    let source = Source::default_programme();
    let text = source.text(path).unwrap().replacen(from, to, 1);
    assert_ne!(text, source.text(path).unwrap(), "nothing replaced");
    let errors = Programme::load(&source.with(path, text))
        .unwrap_err()
        .to_string();
    assert!(errors.contains(expected), "{errors}");
}

#[test]
fn a_fault_names_file_line_and_what_was_expected() {
    says(
        "programme.toml",
        "first_year = 2021",
        "first_year = \"soon\"",
        "programme.toml:5: invalid type: string",
    );
    says(
        "forms/budget.toml",
        "list = \"source\"",
        "list = \"sauce\"",
        "list 'sauce' is not in catalogue.toml",
    );
    says(
        "forms/budget.toml",
        "type = \"money\"",
        "type = \"gold\"",
        "type 'gold' without a list: expected text",
    );
    says(
        "rules/cross.toml",
        "finish_last < start",
        "finish_last < begin",
        "rules/cross.toml:",
    );
    says(
        "rules/cross.toml",
        "columns = [\"start\", \"finish\"]",
        "columns = [\"stop\"]",
        "column 'stop' is not",
    );
    says(
        "rules/cross.toml",
        "code = \"C001\"",
        "code = \"C1-HOLD\"",
        "expected one of S V C X H D P K T",
    );
    says(
        "indicators/club.sql"
            .replace("club", "clubs_founded")
            .as_str(),
        "AS value",
        "AS valu",
        "clubs_founded.sql",
    );
    says(
        "report.toml",
        "indicator = \"people_trained\"",
        "indicator = \"people\"",
        "indicator 'people' is not in",
    );
    says(
        "report.toml",
        "indicator = \"enterprises_supported\"",
        "indicator = \"firms\"",
        "indicator 'firms' is not in",
    );
    says(
        "report.toml",
        "unit_dong = 1_000_000",
        "unit_dong = 0",
        "a unit of money is at least 1 đồng",
    );
    says(
        "departments.toml",
        "role = \"focal\"",
        "role = \"boss\"",
        "unknown variant `boss`, expected one of",
    );
    says(
        "_base/words.toml",
        "late = ",
        "later = ",
        "the word 'late' is missing",
    );
    says(
        "catalogue.toml",
        "parent = \"IV.1\"",
        "parent = \"IX.1\"",
        "parent 'IX.1' is not a code",
    );
}

#[test]
fn departments_are_known_by_any_of_their_names() {
    let programme = Programme::default_programme().unwrap();
    for (text, code) in [
        ("Sở Khoa học & Công nghệ", "SKHCN"),
        ("SỞ VH,TT&DL", "SVHTTDL"),
        ("Bao cao NSCL Sở LĐTBXH 2023.xlsx", "SLDTBXH"),
        ("SNNPTNT_2022.xlsx", "SNNPTNT"),
        ("Sở Văn hoá, Thể thao và Du lịch", "SVHTTDL"),
        ("so cong thuong", "SCT"),
    ] {
        let found: Vec<&str> = programme
            .departments_in(text)
            .iter()
            .map(|d| d.code.as_str())
            .collect();
        assert_eq!(found, [code], "{text}");
    }
    assert!(programme.departments_in("Sở Không Có Thật").is_empty());
}

#[test]
fn texts_are_mapped_by_code_variant_or_the_longest_words() {
    let programme = Programme::default_programme().unwrap();
    let content = &programme.lists["content"];
    for (text, code) in [
        ("3a1", "3a1"),
        ("IV.3.b2", "3b2"),
        (
            "Áp dụng công cụ hỗ trợ sản xuất thông minh (ISO 56002:2019)",
            "3b5",
        ),
        ("Thử nghiệm công nghệ sản xuất thông minh", "3a2"),
        ("Chứng nhận hệ thống quản lý HACCP", "3b2"),
        ("Hướng dẫn áp dụng HTQL", "3a1"),
        ("ap dung he thong truy xuat nguon goc", "3b1"),
    ] {
        assert_eq!(content.find(text).map(|m| m.code), Some(code), "{text}");
    }
    assert_eq!(content.find("Hỗ trợ khác"), None);
    assert_eq!(content.find_all("3a1; 3b2").len(), 2);
    assert_eq!(
        content
            .find_all("Áp dụng hệ thống quản lý, công cụ cải tiến NSCL")
            .len(),
        1
    );
    let task = &programme.lists["task"];
    for (text, code) in [
        ("IV.4.đ", "IV.4.đ"),
        ("IV.4.d", "IV.4.d"),
        ("iv 4 e", "IV.4.e"),
        ("4.a", "IV.4.a"),
    ] {
        assert_eq!(task.find(text).map(|m| m.code), Some(code), "{text}");
    }
}

/// The faults of the default programme with one file replaced or added.
#[track_caller]
pub(super) fn faults(path: &str, text: &str) -> String {
    let source = Source::default_programme().with(path, text);
    match Programme::load(&source) {
        Ok(_) => String::new(),
        Err(errors) => errors.to_string(),
    }
}

#[test]
fn own_words_and_rules_stand_in_the_place_of_the_bases() {
    let source = Source::default_programme();
    let programme = Programme::load(&source).unwrap();
    assert!(
        source
            .text("_base/words.toml")
            .unwrap()
            .contains("late = \"Sau hạn\"")
    );
    let own = source.text("words.toml").unwrap().to_owned() + "late = \"Trễ\"\n";
    let changed = Programme::load(&source.clone().with("words.toml", own)).unwrap();
    assert_eq!(
        (programme.words.get("late"), changed.words.get("late")),
        ("Sau hạn", "Trễ")
    );
    assert_eq!(changed.words.get("total"), programme.words.get("total"));

    let rule = source.text("_base/rules/values.toml").unwrap();
    let rule = rule.split("[[rule]]").nth(1).unwrap();
    let own = format!("[[rule]]{}", rule.replacen("\"correct\"", "\"info\"", 1));
    let changed = Programme::load(&source.with("rules/own.toml", own.clone())).unwrap();
    assert_eq!(programme.rules["V001"].severity, model::Severity::Correct);
    assert_eq!(changed.rules["V001"].severity, model::Severity::Info);
    assert_eq!(changed.rules.len(), programme.rules.len());
    assert_eq!(
        faults("rules/own.toml", &format!("{own}\n{own}")),
        format!(
            "rules/own.toml:{}: rule 'V001' is defined twice",
            own.matches('\n').count() + 3
        )
    );
}

#[test]
fn a_base_that_is_nowhere_is_refused_at_its_line() {
    let head = Source::default_programme();
    let head = head.text("programme.toml").unwrap().to_owned();
    let said = faults("programme.toml", &head.replace("\"_base\"", "\"_bass\""));
    assert!(
        said.contains("programme.toml:3: base '_bass' is neither in the programme's folder"),
        "{said}"
    );
    let said = faults("programme.toml", &head.replace("\"_base\"", "\"../x\""));
    assert!(
        said.contains("programme.toml:3: base '../x': expected the name of a folder"),
        "{said}"
    );
}

#[test]
fn a_file_that_nothing_reads_is_refused() {
    for path in [
        "listings/old.sql",
        "forms/support.sql",
        "_base/forms/x.toml",
        "indicators/x.sql",
    ] {
        assert!(
            faults(path, "").contains(&format!("{path}: nothing reads this file")),
            "{path}"
        );
    }
}

#[test]
fn files_kept_before_there_was_a_base_are_whole() {
    let source = Source::default_programme();
    let mut whole = source.clone();
    for path in [
        "words.toml",
        "linkage.toml",
        "rules/values.toml",
        "rules/structure.toml",
    ] {
        let in_base = source.text(&format!("_base/{path}")).unwrap().to_owned();
        whole = if path.starts_with("rules/") {
            whole.with(&path.replace("rules/", "rules/base-"), in_base)
        } else {
            whole.with(path, in_base)
        };
    }
    let head = source
        .text("programme.toml")
        .unwrap()
        .replace("base = \"_base\"", "");
    let whole = whole.with("programme.toml", head);
    let kept: Source = serde_json::from_value(serde_json::Value::Object(
        serde_json::to_value(&whole)
            .unwrap()
            .as_object()
            .unwrap()
            .iter()
            .filter(|(path, _)| !path.starts_with("_base/"))
            .map(|(path, text)| (path.clone(), text.clone()))
            .collect(),
    ))
    .unwrap();
    let programme = Programme::load_kept(&kept).unwrap();
    assert_eq!(
        programme.rules.len(),
        Programme::load(&source).unwrap().rules.len()
    );
    assert_eq!(programme.hash, kept.hash());
}

#[test]
fn every_fault_of_the_default_programme_is_none() {
    // Also with files that are written out and read again, as an operator copies them.
    let folder = std::env::temp_dir().join(format!("written-{}", std::process::id()));
    Source::default_programme().write_to(&folder).unwrap();
    let source = Source::read_dir(&folder).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let programme = Programme::load(&source).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(programme.hash, Programme::default_programme().unwrap().hash);
}

/// The default programme's words without the table of signatures.
fn words_without_signatures() -> (Source, String) {
    let source = Source::default_programme();
    let text = source.text("_base/words.toml").unwrap();
    let words = text.split("[signatures]").next().unwrap().to_owned();
    assert_ne!(words, text);
    (source, words)
}

#[test]
fn a_programme_must_say_how_senders_sign_unless_it_was_kept_from_before() {
    let (source, words) = words_without_signatures();
    let source = source.with("_base/words.toml", words);
    let errors = Programme::load(&source).unwrap_err().to_string();
    assert!(
        errors.contains("the table 'signatures' is missing"),
        "{errors}"
    );
    let kept = Programme::load_kept(&source).unwrap();
    let today = Programme::default_programme().unwrap();
    assert_eq!(kept.signatures, today.signatures);
}

#[test]
fn signatures_are_told_from_data() {
    let signatures = Programme::default_programme().unwrap().signatures;
    let is_signature = |text: &str| signatures.is_signature(&vietext::fold(text));
    for text in [
        "NGƯỜI LẬP BIỂU",
        "GIÁM ĐỐC",
        "KT. GIÁM ĐỐC",
        "TM. ỦY BAN NHÂN DÂN",
        "(Ký, ghi rõ họ tên)",
        "Ký tên, đóng dấu",
    ] {
        assert!(is_signature(text), "{text}");
    }
    for text in ["Công ty TNHH Giám Đốc Trẻ", "TM", "Nguyễn Văn A"] {
        assert!(!is_signature(text), "{text}");
    }
}

#[test]
fn a_choice_of_what_counts_is_checked_like_a_rule() {
    let file = "counts_when.toml";
    says(
        file,
        "start > period_end",
        "begin > period_end",
        "counts_when.toml:",
    );
    says(
        file,
        "clause = \"VI.2.e\"",
        "clause = \" \"",
        "the clause is blank",
    );
    says(
        file,
        "id = \"event_after_period\"",
        "id = \"begins_after_period\"",
        "is defined twice",
    );
    says(
        file,
        "[\"communication\"]",
        "[\"events\"]",
        "form 'events' is not defined",
    );
    says(
        file,
        "\"state_budget\"",
        "\"name\"",
        "is no column of money of each",
    );
    says(
        file,
        "column = \"model\"",
        "column = \"tool\"",
        "is no column of flags of each",
    );
    says(
        file,
        "en = \"Stopped, and nothing paid\"",
        "en = \"\"",
        "words in both languages",
    );
    says(
        file,
        "effect = \"left_out\"",
        "effect = \"maybe\"",
        "unknown variant `maybe`",
    );
    says(
        "rules/cross.toml",
        "choice = \"not_started\"",
        "choice = \"never_started\"",
        "choice 'never_started' is not in counts_when.toml",
    );
}

#[test]
fn a_rule_may_find_what_a_choice_is_about() {
    let programme = Programme::default_programme().unwrap();
    let choice = programme.choice("stopped_unpaid").unwrap();
    assert_eq!(programme.rules["T005"].kind, choice.kind);
}
