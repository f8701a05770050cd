/// Why a name cannot stand in SQL without quotes.
pub(super) fn name_fault(name: &str) -> Option<&'static str> {
    let is_plain = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    (!is_plain).then_some("expected small letters a to z, digits and '_', a letter first")
}
