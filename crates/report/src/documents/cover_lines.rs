use crate::display;
use crate::input::annual::AnnualReport;
use crate::sheets::issued_as;
use model::ReportStatus;

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
        Some(restatement) if restatement.figures.is_empty() => {
            words.get("restatement_none").to_owned() + &issued_as(words, restatement)
        }
        Some(restatement) => {
            let (count, at) = (
                restatement.figures.len().to_string(),
                display::moment(restatement.as_of),
            );
            words.render_template("restatement_value", [("count", &count), ("moment", &at)])
                + &issued_as(words, restatement)
        }
        // One from before there were drafts said the same of nothing issued and of nothing changed.
        None if report.status == ReportStatus::Unmarked => words.get("restatement_none").to_owned(),
        None => words.get("restatement_no_base").to_owned(),
    };
    let word = |head: &str| words.get(head).to_owned();
    let mut lines = vec![
        (word("period_head"), report.span()),
        (
            word("as_of"),
            words.render_template("as_of_value", [time, date, offset]),
        ),
        (
            word("reported_head"),
            format!(
                "{}/{}{}",
                report.reported(),
                report.expected(),
                report.reported_note()
            ),
        ),
    ];
    if !report.offices.is_empty() {
        lines.push((word("rolled_up_head"), report.offices.join(", ")));
    }
    lines.extend(report.programme.report.cover.iter().filter_map(|line| {
        let total = report.figures.get(&line.indicator)?.total();
        let value = if report.is_money(&line.indicator) {
            display::money(words, total)
        } else {
            total.to_string()
        };
        Some((line.label.clone(), value))
    }));
    lines.extend(report.backdated.iter().map(|it| {
        let at = display::moment(it.at);
        (word("backdated_head"), format!("{at}: {}", it.reason))
    }));
    if !report.held.is_empty() {
        lines.push((word("held_head"), report.held.len().to_string()));
    }
    if report.left_out() > 0 {
        lines.push((word("left_out_head"), report.left_out().to_string()));
    }
    lines.extend([
        (word("restatement_head"), restated),
        (word("figures_fingerprint"), report.figures_fingerprint()),
    ]);
    lines.extend(
        report
            .log_fingerprint()
            .map(|shown| (word("log_fingerprint"), shown)),
    );
    lines
}

#[cfg(test)]
mod tests {
    use super::cover_lines;
    use crate::input::annual::BackdatedLine;
    use crate::testing::{figures, programme, report};
    use programme::{CoverLine, Measure};
    use std::collections::BTreeMap;

    fn shown(report: &crate::AnnualReport<'_>) -> String {
        cover_lines(report)
            .into_iter()
            .map(|(label, value)| format!("{label}: {value}\n"))
            .collect()
    }

    #[test]
    fn the_programmes_own_lines_stand_among_those_of_every_report() {
        let mut programme = programme().clone();
        programme.hash = model::ProgrammeHash("9".repeat(64));
        let line = |label: &str, indicator: &str| CoverLine {
            label: label.to_owned(),
            indicator: indicator.to_owned(),
        };
        programme.report.cover = vec![
            line("Kinh phí", "budget_spent"),
            line("Câu lạc bộ", "clubs_founded"),
        ];
        let mut report = report(&programme);
        let sum = |name, value| figures(name, Measure::Sum, &[], &[(&[], "r1", value)]);
        report.figures = BTreeMap::from([
            ("budget_spent".to_owned(), sum("budget_spent", "1500000")),
            ("clubs_founded".to_owned(), sum("clubs_founded", "3")),
        ]);
        insta::assert_snapshot!(shown(&report), @r"
        Kỳ báo cáo: Từ 01/01/2023 đến 25/11/2023 (chưa hết năm)
        Số liệu tính đến: 09:00 ngày 25/11/2023 (+07:00)
        Cơ quan đã báo cáo: 0/0
        Kinh phí: 1.500.000 đồng
        Câu lạc bộ: 3
        Điều chỉnh so với báo cáo đã phát hành: Không có
        Mã đối chiếu số liệu: 0f1e 2d3c 4b5a 6978 8796 a5b4 c3d2 e1f0
        Mã đối chiếu sổ nhật ký (số mục · mã): 7 · 3f2a 9c11 0b7e 44d1 a8c0 5521 9f3e 7d60
        ");
    }

    #[test]
    fn what_was_backdated_is_said_with_its_reason() {
        let mut report = report(programme());
        report.backdated = vec![BackdatedLine {
            entry: 3,
            at: report.as_of,
            reason: "đồng hồ sai".to_owned(),
        }];
        assert!(shown(&report).contains("Ghi vào sổ với ngày lùi: 25/11/2023 09:00: đồng hồ sai"));
    }

    #[test]
    fn a_programme_without_lines_of_its_own_shows_no_empty_amount() {
        let mut programme = programme().clone();
        programme.report.cover = Vec::new();
        assert!(!shown(&report(&programme)).contains("đồng"));
    }
}
