use crate::ReportError;
use crate::input::{AnnualReport, SubmissionState};
use crate::style::Styles;
use crate::submissions::moment;
use crate::xlsx::setup;
use chrono::{Datelike, NaiveDate};
use model::Vnd;
use programme::{LegalBasis, Words};
use rust_xlsxwriter::{Format, FormatAlign, Url, Worksheet};

/// The first page: who reports what, as of when, what is inside, and on what law it stands.
pub(crate) fn write(
    sheet: &mut Worksheet,
    report: &AnnualReport<'_>,
    styles: &Styles,
) -> Result<(), ReportError> {
    let header = &report.programme.report.header;
    let (parent, office) = header.on(report.as_of.date_naive());
    let words = &report.programme.words;
    sheet.set_name(words.get("cover"))?;
    setup(sheet);
    sheet.set_portrait().set_print_fit_to_pages(1, 1);
    for (col, width) in [(0, 6.0), (1, 34.0), (2, 18.0), (3, 18.0), (4, 22.0)] {
        sheet.set_column_width(col, width)?;
    }
    let centered = &styles.centered;
    let strong = styles.centered.clone().set_bold();
    sheet.merge_range(0, 0, 0, 1, parent, centered)?;
    sheet.merge_range(
        1,
        0,
        1,
        1,
        office,
        &strong
            .clone()
            .set_underline(rust_xlsxwriter::FormatUnderline::Single),
    )?;
    sheet.merge_range(0, 2, 0, 4, words.get("motto_nation"), &strong)?;
    sheet.merge_range(
        1,
        2,
        1,
        4,
        words.get("motto"),
        &strong
            .clone()
            .set_underline(rust_xlsxwriter::FormatUnderline::Single),
    )?;
    sheet.merge_range(
        3,
        2,
        3,
        4,
        &place_and_date(words, report.as_of.date_naive()),
        &styles.italic.clone().set_align(FormatAlign::Center),
    )?;
    if !header.number.is_empty() {
        sheet.merge_range(3, 0, 3, 1, &header.number, centered)?;
    }
    sheet.merge_range(5, 0, 5, 4, &report.title(), &styles.title)?;
    sheet.merge_range(
        6,
        0,
        6,
        4,
        &report.placed(&header.subtitle),
        &strong.clone().set_text_wrap(),
    )?;
    sheet.set_row_height(6, 54)?;

    let mut lines = Lines {
        sheet,
        row: 8,
        styles,
    };
    for (label, value) in facts(report) {
        lines.pair(&label, &value)?;
    }
    lines.row += 1;
    lines.head(words.get("contents"))?;
    for (number, definition) in (1..).zip(report.sheets()) {
        lines.contents(number, &definition.title, &definition.name)?;
    }
    lines.row += 1;
    lines.head(words.get("legal_basis"))?;
    for law in &report.programme.legal_basis {
        lines.wrapped(&in_force(words, law, report.as_of.date_naive()))?;
    }
    lines.row += 1;
    lines.signature(words.get("recipients"), &header.recipients, &header.signer)
}

pub(crate) fn facts(report: &AnnualReport<'_>) -> Vec<(String, String)> {
    let reported = report.departments.iter().filter(|d| {
        d.submissions
            .iter()
            .any(|s| s.standing == SubmissionState::Stands)
    });
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
                moment(restatement.as_of),
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
    let mut facts = vec![
        (word("period_head"), period),
        (
            word("as_of"),
            words.render_template("as_of_value", [time, date, offset]),
        ),
        (
            word("reported_head"),
            format!("{}/{}", reported.count(), report.departments.len()),
        ),
    ];
    facts.extend(report.programme.report.cover.iter().filter_map(|line| {
        let total = report.figures.get(&line.indicator)?.total();
        let is_money = report.programme.indicator(&line.indicator)?.unit == "dong";
        let value = if is_money {
            words.render_template("dong_value", [("amount", &Vnd(total).to_string())])
        } else {
            total.to_string()
        };
        Some((line.label.clone(), value))
    }));
    facts.extend([
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
    facts
}

/// 'Đồng Nai, ngày 05 tháng 01 năm 2026': days below 10 and months 1 and 2 take a leading 0 (NĐ 30/2020/NĐ-CP).
pub(crate) fn place_and_date(words: &Words, day: NaiveDate) -> String {
    let month = if day.month() <= 2 {
        format!("{:02}", day.month())
    } else {
        day.month().to_string()
    };
    let (date, year) = (format!("{:02}", day.day()), day.year().to_string());
    words.render_template(
        "place_and_date",
        [("day", &date), ("month", &month), ("year", &year)],
    )
}

fn in_force(words: &Words, law: &LegalBasis, on: NaiveDate) -> String {
    let named = [
        ("number", law.number.as_str()),
        ("title", &law.title),
        ("clause", &law.clause),
    ];
    let mut line = words.render_template("law", named);
    for amendment in law.amended_by.iter().filter(|a| a.on <= on) {
        line.push_str(&words.render_template("law_amended", [("number", &amendment.number)]));
    }
    if let Some(successor) = law.replaced_by.as_ref().filter(|r| r.on <= on) {
        let date = successor.on.format("%d/%m/%Y").to_string();
        line.push_str(&words.render_template(
            "law_replaced",
            [("number", &successor.number), ("date", &date)],
        ));
    }
    line
}

struct Lines<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    styles: &'a Styles,
}

impl Lines<'_> {
    fn pair(&mut self, label: &str, value: &str) -> Result<(), ReportError> {
        self.sheet
            .merge_range(self.row, 0, self.row, 1, label, &self.styles.text)?;
        self.sheet
            .merge_range(self.row, 2, self.row, 4, value, &self.styles.text_bold)?;
        self.row += 1;
        Ok(())
    }

    fn head(&mut self, text: &str) -> Result<(), ReportError> {
        self.sheet
            .write_with_format(self.row, 0, text, &self.styles.bold)?;
        self.row += 1;
        Ok(())
    }

    fn contents(&mut self, number: u32, title: &str, sheet: &str) -> Result<(), ReportError> {
        self.sheet
            .write_with_format(self.row, 0, number, &self.styles.centered)?;
        let url = Url::new(format!("internal:'{}'!A1", sheet.replace('\'', "''"))).set_text(title);
        self.sheet
            .write_url_with_format(self.row, 1, url, &self.styles.link)?;
        self.row += 1;
        Ok(())
    }

    /// Who gets it on the left, who signs on the right, with room for the signature and the name.
    fn signature(
        &mut self,
        title: &str,
        recipients: &[String],
        signer: &[String],
    ) -> Result<(), ReportError> {
        let italic = self.styles.italic.clone().set_bold();
        let small = self.styles.plain.clone().set_font_size(11);
        let strong = self.styles.centered.clone().set_bold();
        if !recipients.is_empty() {
            self.sheet.write_with_format(self.row, 0, title, &italic)?;
        }
        for (row, line) in (self.row..).zip(signer) {
            self.sheet.merge_range(row, 2, row, 4, line, &strong)?;
        }
        for (row, line) in (self.row + 1..).zip(recipients) {
            self.sheet
                .write_with_format(row, 0, format!("- {line}"), &small)?;
        }
        Ok(())
    }

    fn wrapped(&mut self, text: &str) -> Result<(), ReportError> {
        let format: Format = self
            .styles
            .plain
            .clone()
            .set_text_wrap()
            .set_font_size(11)
            .set_align(FormatAlign::Top);
        self.sheet
            .merge_range(self.row, 0, self.row, 4, text, &format)?;
        // About 120 characters fit the page's width.
        let lines = u16::try_from(text.chars().count().div_ceil(120)).unwrap_or(4);
        self.sheet.set_row_height(self.row, 16 * lines)?;
        self.row += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::place_and_date;
    use chrono::NaiveDate;

    #[test]
    fn dates_are_written_as_the_decree_asks() {
        let words = programme::Programme::default_programme().unwrap().words;
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(
            place_and_date(&words, day(2026, 1, 5)),
            "Đồng Nai, ngày 05 tháng 01 năm 2026"
        );
        assert_eq!(
            place_and_date(&words, day(2023, 11, 25)),
            "Đồng Nai, ngày 25 tháng 11 năm 2023"
        );
        assert_eq!(
            place_and_date(&words, day(2024, 3, 9)),
            "Đồng Nai, ngày 09 tháng 3 năm 2024"
        );
    }
}
