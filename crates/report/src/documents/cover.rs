use crate::display::{day, place_and_date};
use crate::documents::cover_lines::cover_lines;
use crate::error::ReportError;
use crate::formats::xlsx::address::quoted;
use crate::formats::xlsx::styles::Styles;
use crate::formats::xlsx::workbook::setup;
use crate::input::annual::AnnualReport;
use chrono::NaiveDate;
use programme::{CitedLaw, Words};
use rust_xlsxwriter::{Format, FormatAlign, FormatUnderline, Url, Worksheet};

/// The widths of the page's columns, in characters.
const WIDTHS: [f64; 5] = [6.0, 34.0, 18.0, 18.0, 22.0];

/// Columns of the page from a first to a last.
type Span = (u16, u16);

/// The body that writes, and labels.
const LEFT: Span = (0, 1);
/// The national motto, and values.
const RIGHT: Span = (2, 4);
const WHOLE: Span = (0, 4);

/// The first page: who reports what, as of when, what is inside, and on what law it stands.
pub(crate) fn write(
    sheet: &mut Worksheet,
    report: &AnnualReport<'_>,
    styles: &Styles,
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let day = report.dated();
    sheet.set_name(words.get("cover"))?;
    setup(sheet, report.mark().as_deref());
    sheet.set_portrait().set_print_fit_to_pages(1, 1);
    for (col, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(col, width)?;
    }
    let mut page = CoverPage {
        sheet,
        row: 0,
        styles,
    };
    page.head(report)?;
    page.row = 8;
    for (label, value) in cover_lines(report) {
        page.pair(&label, &value)?;
    }
    page.row += 1;
    page.heading(words.get("contents"))?;
    for (number, definition) in (1..).zip(report.sheets()) {
        page.contents(number, &definition.title, &definition.name)?;
    }
    page.row += 1;
    page.heading(words.get("legal_basis"))?;
    for cited in report.programme.laws_on(day) {
        page.wrapped(&law_line(words, &cited, day))?;
    }
    page.row += 1;
    let header = &report.programme.report.header;
    page.signature(
        words.get("recipients"),
        header.recipients_on(day),
        &header.signer,
    )
}

/// A law as it stands on a day: amended by whom, in the place of what, replaced by what; and what of it is to be confirmed.
fn law_line(words: &Words, CitedLaw { law, replaces }: &CitedLaw<'_>, on: NaiveDate) -> String {
    let named = [
        ("number", law.number.as_str()),
        ("title", &law.title),
        ("clause", &law.clause),
    ];
    let mut line = words.render_template("law", named);
    for amendment in law.amended_by.iter().filter(|a| a.on <= on) {
        line.push_str(&words.render_template("law_amended", [("number", &amendment.number)]));
    }
    if !replaces.is_empty() {
        let numbers = replaces.join(", ");
        line.push_str(&words.render_template("law_replaces", [("numbers", &numbers)]));
    }
    if let Some(successor) = law.replaced_by.as_ref().filter(|r| r.on <= on) {
        let date = day(successor.on);
        line.push_str(&words.render_template(
            "law_replaced",
            [("number", &successor.number), ("date", &date)],
        ));
    }
    if let Some(what) = &law.to_confirm {
        line.push_str(&words.render_template("law_confirm", [("what", what)]));
    }
    line
}

/// The page being written, from its head down.
struct CoverPage<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    styles: &'a Styles,
}

impl CoverPage<'_> {
    fn merged(&mut self, span: Span, text: &str, format: &Format) -> Result<(), ReportError> {
        let (first, last) = span;
        self.sheet
            .merge_range(self.row, first, self.row, last, text, format)?;
        Ok(())
    }

    /// The head as NĐ 30/2020/NĐ-CP, Phụ lục I, has it: the bodies on the left, the motto and the date on the right.
    fn head(&mut self, report: &AnnualReport<'_>) -> Result<(), ReportError> {
        let header = &report.programme.report.header;
        let words = &report.programme.words;
        let day = report.dated();
        let (parent, office) = header.on(day);
        let styles = self.styles;
        let strong = styles.centered.clone().set_bold();
        let underlined = strong.clone().set_underline(FormatUnderline::Single);
        let italic = styles.italic.clone().set_align(FormatAlign::Center);
        // Formats are numbered in the order they are used: another order is another file.
        self.merged(LEFT, parent, &styles.centered)?;
        self.row = 1;
        self.merged(LEFT, office, &underlined)?;
        self.row = 0;
        self.merged(RIGHT, words.get("motto_nation"), &strong)?;
        self.row = 1;
        self.merged(RIGHT, words.get("motto"), &underlined)?;
        self.row = 3;
        self.merged(RIGHT, &place_and_date(words, day), &italic)?;
        let number = report.number_line();
        if !number.is_empty() {
            self.merged(LEFT, &number, &styles.centered)?;
        }
        if let Some(mark) = report.draft_mark() {
            self.row = 4;
            self.merged(WHOLE, mark, &strong)?;
        }
        self.row = 5;
        self.merged(WHOLE, &report.title(), &styles.title)?;
        self.row = 6;
        let subtitle = report.placed(&header.subtitle);
        self.merged(WHOLE, &subtitle, &strong.set_text_wrap())?;
        self.sheet.set_row_height(self.row, 54)?;
        Ok(())
    }

    fn pair(&mut self, label: &str, value: &str) -> Result<(), ReportError> {
        let styles = self.styles;
        self.merged(LEFT, label, &styles.text)?;
        self.merged(RIGHT, value, &styles.text_bold)?;
        self.row += 1;
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), ReportError> {
        self.sheet
            .write_with_format(self.row, LEFT.0, text, &self.styles.bold)?;
        self.row += 1;
        Ok(())
    }

    fn contents(&mut self, number: u32, title: &str, sheet: &str) -> Result<(), ReportError> {
        self.sheet
            .write_with_format(self.row, LEFT.0, number, &self.styles.centered)?;
        let url = Url::new(format!("internal:{}!A1", quoted(sheet))).set_text(title);
        self.sheet
            .write_url_with_format(self.row, LEFT.1, url, &self.styles.link)?;
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
        let top = self.row;
        if !recipients.is_empty() {
            self.sheet.write_with_format(top, LEFT.0, title, &italic)?;
        }
        for (row, line) in (top..).zip(signer) {
            self.row = row;
            self.merged(RIGHT, line, &strong)?;
        }
        for (row, line) in (top + 1..).zip(recipients) {
            self.sheet
                .write_with_format(row, LEFT.0, format!("- {line}"), &small)?;
        }
        Ok(())
    }

    fn wrapped(&mut self, text: &str) -> Result<(), ReportError> {
        let format = self
            .styles
            .plain
            .clone()
            .set_text_wrap()
            .set_font_size(11)
            .set_align(FormatAlign::Top);
        self.merged(WHOLE, text, &format)?;
        // About 120 characters fit the page's width.
        let lines = u16::try_from(text.chars().count().div_ceil(120)).unwrap_or(4);
        self.sheet.set_row_height(self.row, 16 * lines)?;
        self.row += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::law_line;
    use crate::testing::programme;
    use chrono::NaiveDate;
    use programme::{CitedLaw, LegalBasis, Replacement};

    #[test]
    fn a_law_is_shown_as_it_stands_on_the_day() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let change = |number: &str, on| Replacement {
            number: number.to_owned(),
            on,
        };
        let law = LegalBasis {
            number: "12/2020/TT".to_owned(),
            clause: "I".to_owned(),
            title: "Thông tư mẫu".to_owned(),
            issued_on: None,
            in_force_from: None,
            in_force_to: None,
            to_confirm: Some("hiệu lực".to_owned()),
            amended_by: vec![change("5/2022/TT", day(2022, 7, 1))],
            replaced_by: Some(change("9/2025/TT", day(2025, 1, 1))),
        };
        let shown = |on| {
            let cited = CitedLaw {
                law: &law,
                replaces: vec!["1/2018/TT"],
            };
            law_line(&programme().words, &cited, on)
        };
        insta::assert_snapshot!(shown(day(2022, 6, 30)), @"12/2020/TT: Thông tư mẫu (I); thay thế 1/2018/TT (cần xác nhận: hiệu lực)");
        insta::assert_snapshot!(shown(day(2022, 7, 1)), @"12/2020/TT: Thông tư mẫu (I); được sửa đổi, bổ sung bởi 5/2022/TT; thay thế 1/2018/TT (cần xác nhận: hiệu lực)");
        insta::assert_snapshot!(shown(day(2025, 1, 1)), @"12/2020/TT: Thông tư mẫu (I); được sửa đổi, bổ sung bởi 5/2022/TT; thay thế 1/2018/TT; được thay thế bởi 9/2025/TT từ 01/01/2025 (cần xác nhận: hiệu lực)");
    }
}
