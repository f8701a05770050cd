use serde::Deserialize;
use std::collections::BTreeMap;
use vietext::fold;

/// The words that reports, feedback and templates need; a programme gives every one of them in `words.toml`.
pub(crate) const NEEDED: [&str; 213] = [
    "about",
    "address_head",
    "advice",
    "after",
    "all_years",
    "amount_evidence",
    "amount_of",
    "amount_read",
    "amounts_intro",
    "answer_add",
    "answer_amount_right",
    "answer_amount_wrong",
    "answer_different",
    "answer_duplicate",
    "answer_duplicate_before",
    "answer_joint",
    "answer_keep",
    "answer_not_duplicate",
    "answer_not_duplicate_before",
    "answer_not_of_form",
    "answer_replace",
    "answer_same",
    "answer_verify",
    "as_of",
    "as_of_value",
    "ask_amount",
    "ask_duplicate",
    "ask_heading",
    "ask_joined",
    "ask_replacement",
    "ask_same",
    "ask_unclear",
    "at_least",
    "before",
    "came_in",
    "cause",
    "cause_answer",
    "cause_correction",
    "cause_late",
    "cause_merged",
    "cause_new",
    "cause_others",
    "cause_program",
    "cause_register",
    "cause_rule",
    "cause_set_aside",
    "cell",
    "class_combined",
    "class_duplicate",
    "class_repeat",
    "class_unclear",
    "clause",
    "close",
    "code",
    "contents",
    "counted_as",
    "counted_once_note",
    "cover",
    "deadline_note",
    "decision_waits",
    "department",
    "department_head",
    "difference",
    "done",
    "dong",
    "dong_value",
    "draft_mark",
    "enterprise",
    "enterprise_there",
    "feedback_about",
    "figure",
    "file",
    "file_code",
    "finding",
    "form",
    "form_changes_head",
    "form_unchanged",
    "form_whole",
    "from_the_start",
    "heading_column",
    "heading_evidence",
    "headings_intro",
    "headline",
    "headline_all",
    "held_head",
    "held_note",
    "in_the_year",
    "in_time",
    "in_year",
    "indicator",
    "inputs_head",
    "issued_as",
    "issued_mark",
    "joined_intro",
    "late",
    "law",
    "law_amended",
    "law_replaced",
    "legal_basis",
    "motto",
    "motto_nation",
    "new_file",
    "no",
    "no_findings",
    "no_held",
    "no_overlaps",
    "no_registers",
    "no_rows",
    "not_reached",
    "number_line",
    "overlap_class",
    "overlap_decision",
    "overlap_money",
    "overlap_place",
    "overlap_source",
    "overlap_span",
    "overlap_what",
    "period",
    "period_head",
    "period_line",
    "period_whole",
    "place_and_date",
    "planned",
    "planned_and_done",
    "previous_line",
    "programme_head",
    "quarter_value",
    "range",
    "reached",
    "reached_if",
    "reached_unless",
    "reasons",
    "received_at",
    "recipients",
    "register_line",
    "replacements_intro",
    "reported_head",
    "required",
    "restatement_head",
    "restatement_no_base",
    "restatement_none",
    "restatement_note",
    "restatement_value",
    "result",
    "review_answer",
    "review_by",
    "review_evidence",
    "review_intro",
    "review_previous",
    "review_proposal",
    "review_question",
    "review_reason",
    "review_title",
    "review_until",
    "row",
    "row_no",
    "rows_counted",
    "rows_held",
    "rows_opened",
    "screen_ask",
    "screen_clear",
    "screen_combined",
    "screen_duplicate",
    "screen_line",
    "screen_relation",
    "screen_result",
    "screen_same_list",
    "screen_subtitle",
    "screen_why",
    "severity",
    "severity_correct",
    "severity_hold",
    "severity_info",
    "severity_warn",
    "share",
    "sheet",
    "side_by_side",
    "span",
    "standing_files",
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
    "targets_chart",
    "targets_note",
    "tax_code_example",
    "tax_code_head",
    "times_returned",
    "to_date",
    "to_reach",
    "total",
    "uncertain",
    "uncertain_no_target",
    "uncertain_targets",
    "unclassified",
    "under_way",
    "unit",
    "unit_head",
    "unit_line",
    "value",
    "went_out",
    "year",
    "year_head",
    "year_to_date",
    "year_value",
    "years_head",
];

/// The words of a programme, by key.
#[derive(Debug, Clone, Default)]
pub struct Words(pub(crate) BTreeMap<String, String>);

impl Words {
    /// The words of a key; the key itself if the programme lacks it, which a sound one does not.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    /// The words of a key with values in their places `{name}`.
    pub fn render_template<const N: usize>(&self, key: &str, values: [(&str, &str); N]) -> String {
        let values = values
            .into_iter()
            .map(|(name, value)| (name, value.to_owned()))
            .collect();
        model::render_template(self.get(key), &values)
    }
}

/// How senders of a programme sign: the lines below a table that say that it is over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureWords {
    /// The offices of who signs, each a line of its own.
    offices: Vec<String>,
    /// How a longer line begins if somebody signs on behalf of another.
    beginnings: Vec<String>,
    /// What stands in a line that asks for a signature.
    phrases: Vec<String>,
}

impl SignatureWords {
    /// Whether a folded text is a line of a signature.
    pub fn is_signature(&self, folded: &str) -> bool {
        let begins = |beginning: &String| {
            let rest = folded.strip_prefix(beginning.as_str());
            rest.is_some_and(|rest| rest.starts_with(' '))
        };
        self.offices.iter().any(|office| office == folded)
            || self.beginnings.iter().any(begins)
            || self.phrases.iter().any(|phrase| folded.contains(phrase))
    }

    /// The same words as [`is_signature`](Self::is_signature) compares them.
    pub(crate) fn folded(self) -> Self {
        let folded = |words: Vec<String>| words.iter().map(|word| fold(word)).collect();
        Self {
            offices: folded(self.offices),
            beginnings: folded(self.beginnings),
            phrases: folded(self.phrases),
        }
    }
}
