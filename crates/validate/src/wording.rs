use chrono::{NaiveDate, TimeDelta};
use model::{Text, Vnd};
use polars::prelude::AnyValue;
use programme::{ColumnType, Programme, Rule};
use std::collections::BTreeMap;

/// Longer titles, as the plan has them, are better named by their codes.
const LONGEST_TITLE: usize = 30;

/// A rule's message in both languages, its places filled; with its hint where something is expected.
pub(crate) fn message(rule: &Rule, values: &BTreeMap<&str, String>) -> Text {
    let has_hint = values.get("expected").is_some_and(|it| !it.is_empty());
    let filled = |message: &str, hint: &str| {
        let mut text = model::render_template(message, values);
        if has_hint && !hint.is_empty() {
            text.push(' ');
            text += &model::render_template(hint, values);
        }
        text
    };
    Text {
        vi: filled(&rule.message.vi, &rule.hint.vi),
        en: filled(&rule.message.en, &rule.hint.en),
    }
}

/// A stored value as a sender reads it; blank if there is none.
pub(crate) fn shown(programme: &Programme, kind: &ColumnType, value: &AnyValue<'_>) -> String {
    if value.is_null() {
        return String::new();
    }
    let text = || value.get_str().unwrap_or_default().to_owned();
    match kind {
        ColumnType::Text | ColumnType::TaxCode => text(),
        ColumnType::Code { list, .. } | ColumnType::Codes { list } => {
            let code = text();
            let title = programme.title_of(list, &code, "vi");
            if title.chars().count() <= LONGEST_TITLE {
                title.to_owned()
            } else {
                code
            }
        }
        ColumnType::Money => match value {
            AnyValue::Int64(amount) => Vnd(*amount).to_string(),
            other => other.to_string(),
        },
        ColumnType::Date => match value {
            AnyValue::Date(days) => NaiveDate::default()
                .checked_add_signed(TimeDelta::days((*days).into()))
                .map_or_else(String::new, |day| day.format("%d/%m/%Y").to_string()),
            other => other.to_string(),
        },
        ColumnType::Integer | ColumnType::Percent | ColumnType::Year | ColumnType::Flag => {
            value.to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shown;
    use polars::prelude::AnyValue;
    use programme::{ColumnType, Programme};
    use std::sync::LazyLock;

    static PROGRAMME: LazyLock<Programme> =
        LazyLock::new(|| Programme::default_programme().unwrap());

    fn code(list: &str) -> ColumnType {
        ColumnType::Code {
            list: list.to_owned(),
            open: false,
        }
    }

    #[test]
    fn values_are_shown_as_senders_write_them() {
        for (kind, value, expected) in [
            (ColumnType::Money, AnyValue::Int64(12_500_000), "12.500.000"),
            (ColumnType::Date, AnyValue::Date(19_723), "01/01/2024"),
            (ColumnType::Date, AnyValue::Date(-1), "31/12/1969"),
            (ColumnType::Integer, AnyValue::Int64(1200), "1200"),
            (ColumnType::Year, AnyValue::Int64(2023), "2023"),
            (ColumnType::Text, AnyValue::String("2/HĐ"), "2/HĐ"),
            (
                ColumnType::TaxCode,
                AnyValue::String("3600265395"),
                "3600265395",
            ),
            (ColumnType::Money, AnyValue::Null, ""),
            (code("size"), AnyValue::Null, ""),
        ] {
            assert_eq!(shown(&PROGRAMME, &kind, &value), expected, "{kind:?}");
        }
    }

    #[test]
    fn a_code_is_shown_by_its_title_unless_that_is_long() {
        let title = |list: &str, text| shown(&PROGRAMME, &code(list), &AnyValue::String(text));
        assert_eq!(title("size", "small"), "Nhỏ");
        assert_eq!(title("task", "IV.4.a"), "IV.4.a");
        // What is kept as it was written has no title.
        assert_eq!(title("district", "Huyện lạ"), "Huyện lạ");
    }
}
