use std::collections::BTreeMap;

/// The words that reports, feedback and templates need; a programme gives every one of them in `words.toml`.
pub(crate) const NEEDED: [&str; 89] = [
    "about",
    "advice",
    "amount_read",
    "as_of",
    "as_of_value",
    "at_least",
    "cell",
    "clause",
    "code",
    "contents",
    "counted_once_note",
    "cover",
    "deadline_note",
    "department",
    "department_head",
    "dong_value",
    "enterprises_head",
    "feedback_about",
    "figure",
    "file",
    "file_code",
    "finding",
    "form",
    "held_head",
    "held_note",
    "in_time",
    "in_year",
    "indicator",
    "inputs_head",
    "late",
    "law",
    "law_amended",
    "law_replaced",
    "legal_basis",
    "motto",
    "motto_nation",
    "no",
    "no_findings",
    "no_held",
    "no_rows",
    "not_reached",
    "period",
    "period_head",
    "period_line",
    "period_whole",
    "place_and_date",
    "programme_head",
    "quarter_value",
    "reached",
    "reasons",
    "received_at",
    "reported_head",
    "required",
    "result",
    "row",
    "row_no",
    "rows_counted",
    "rows_held",
    "severity",
    "severity_correct",
    "severity_hold",
    "severity_info",
    "severity_warn",
    "sheet",
    "short_of",
    "span",
    "spent_head",
    "state",
    "state_held",
    "state_missing",
    "state_nil",
    "state_received",
    "state_refused",
    "state_set_aside",
    "state_superseded",
    "subject",
    "subtitle",
    "target",
    "targets_note",
    "tax_code_example",
    "to_date",
    "to_reach",
    "total",
    "unclassified",
    "under_way",
    "unit_line",
    "value",
    "year_to_date",
    "year_value",
];

/// The words of a programme, by key.
#[derive(Debug, Clone, Default)]
pub struct Words(pub(crate) BTreeMap<String, String>);

impl Words {
    /// The words of a key; the key itself where the programme lacks it, which a sound one does not.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    /// The words of a key with values in their places `{name}`.
    pub fn fill<const N: usize>(&self, key: &str, values: [(&str, &str); N]) -> String {
        let values = values.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        model::Finding::fill(self.get(key), &values)
    }
}
