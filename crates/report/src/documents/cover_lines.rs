use crate::display;
use crate::input::annual::AnnualReport;

/// What the first page and the page for a browser say before anything else: labels and values.
///
/// Which figures stand among them is in the programme's `report.toml`.
pub(crate) fn cover_lines(report: &AnnualReport<'_>) -> Vec<(String, String)> {
    let words = &report.programme.words;
    let at = |pattern: &str| report.as_of.format(pattern).to_string();
    let parts = [
        ("time", at("%H:%M")),
        ("date", at("%d/%m/%Y")),
        ("offset", at("%:z")),
    ];
    let [time, date, offset] = parts
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let restated = match &report.restatement {
        Some(restatement) => {
            let (count, at) = (
                restatement.figures.len().to_string(),
                display::moment(restatement.as_of),
            );
            words.render_template("restatement_value", [("count", &count), ("moment", &at)])
        }
        None => words.get("restatement_none").to_owned(),
    };
    let word = |head: &str| words.get(head).to_owned();
    let period = words.render_template(
        "period_whole",
        [
            ("from", &report.from.to_string()),
            ("year", &report.year.to_string()),
        ],
    );
    let mut lines = vec![
        (word("period_head"), period),
        (
            word("as_of"),
            words.render_template("as_of_value", [time, date, offset]),
        ),
        (
            word("reported_head"),
            format!("{}/{}", report.reported(), report.departments.len()),
        ),
    ];
    lines.extend(report.programme.report.cover.iter().filter_map(|line| {
        let total = report.figures.get(&line.indicator)?.total();
        let value = if report.is_money(&line.indicator) {
            display::money(words, total)
        } else {
            total.to_string()
        };
        Some((line.label.clone(), value))
    }));
    lines.extend([
        (word("held_head"), report.held.len().to_string()),
        (word("restatement_head"), restated),
        (
            word("programme_head"),
            format!("{} ({})", report.programme.id, &report.programme.hash[..12]),
        ),
        (
            word("inputs_head"),
            report.inputs_hash.get(..16).unwrap_or_default().to_owned(),
        ),
    ]);
    lines
}
