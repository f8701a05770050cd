use crate::{Programme, Source};

#[test]
fn the_default_programme_is_sound() {
    if let Err(errors) = Programme::default_programme() {
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
        "programme.toml:4: invalid type: string",
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
        "end_last < start",
        "end_last < begin",
        "rules/cross.toml:",
    );
    says(
        "rules/cross.toml",
        "columns = [\"start\", \"end\"]",
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
        "departments.toml",
        "role = \"focal\"",
        "role = \"boss\"",
        "unknown variant `boss`, expected one of",
    );
    says(
        "words.toml",
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

/// The default programme's words without the table of signatures.
fn words_without_signatures() -> (Source, String) {
    let source = Source::default_programme();
    let text = source.text("words.toml").unwrap();
    let words = text.split("[signatures]").next().unwrap().to_owned();
    assert_ne!(words, text);
    (source, words)
}

#[test]
fn a_programme_must_say_how_senders_sign_unless_it_was_kept_from_before() {
    let (source, words) = words_without_signatures();
    let source = source.with("words.toml", words);
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
