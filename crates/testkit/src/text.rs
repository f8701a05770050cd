//! Workbooks as text: sheets, their rows, and what a cell's text means.

use chrono::NaiveDate;

/// The rows of a sheet: their cells as text.
pub(crate) type Rows = Vec<Vec<String>>;

/// What a cell's text stands for.
pub(crate) enum CellText<'t> {
    Empty,
    Text(&'t str),
    /// In digits, as they are to be stored.
    Number(&'t str),
    Day(NaiveDate),
    Error(&'t str),
    /// Without its '='.
    Formula(&'t str),
}

/// The sheets of a text, by their names.
pub(crate) fn sheets(text: &str) -> Vec<(String, Rows)> {
    let mut sheets: Vec<(String, Rows)> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("==") {
            sheets.push((name.trim().to_owned(), Vec::new()));
        } else if let Some((_, rows)) = sheets.last_mut() {
            rows.push(
                line.split('|')
                    .map(|cell| cell.trim_matches(' ').to_owned())
                    .collect(),
            );
        }
    }
    sheets
}

impl<'t> CellText<'t> {
    pub(crate) fn of(cell: &'t str) -> Self {
        if cell.is_empty() {
            return Self::Empty;
        }
        if let Some(text) = cell.strip_prefix('\'') {
            return Self::Text(text);
        }
        if let Some(formula) = cell.strip_prefix('=') {
            return Self::Formula(formula);
        }
        if cell.starts_with('#') && cell.ends_with(['!', '?', 'A']) {
            return Self::Error(cell);
        }
        if let Ok(day) = cell.parse() {
            return Self::Day(day);
        }
        let digits = cell.strip_prefix('-').unwrap_or(cell);
        let is_number = digits.split('.').count() <= 2
            && digits
                .split('.')
                .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
            && (digits == "0" || !digits.starts_with('0') || digits.starts_with("0."));
        match is_number {
            true => Self::Number(cell),
            false => Self::Text(cell),
        }
    }
}

/// A day as spreadsheets count it.
pub(crate) fn serial(day: NaiveDate) -> i64 {
    let first = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    day.signed_duration_since(first).num_days()
}

/// A text within XML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
