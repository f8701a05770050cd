//! What the rows of a form come to, in a few signs that need no language.

use ledger::FormRows;
use model::Vnd;
use programme::Form;

/// The number of rows that count, and the sums of the form's columns of money by their headings:
/// '3 (NSNN 210.000.000 đ)'.
pub(crate) fn amounts_shown(form: &Form, rows: &FormRows) -> String {
    let sums: Vec<String> = form
        .columns
        .iter()
        .filter_map(|column| {
            let sum = rows.sums.get(&column.name)?;
            Some(format!("{} {} đ", column.heading, Vnd(*sum)))
        })
        .collect();
    if sums.is_empty() {
        rows.accepted.to_string()
    } else {
        format!("{} ({})", rows.accepted, sums.join(", "))
    }
}
