//! How moments, days, amounts and shares are printed, the same in every format.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use model::{Finding, Period, Severity, Vnd};
use programme::Words;

/// '25/11/2023 09:00', at the office's offset.
pub(crate) fn moment(at: DateTime<FixedOffset>) -> String {
    at.format("%d/%m/%Y %H:%M").to_string()
}

/// '05/03/2023'.
pub(crate) fn day(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// A number with dots between thousands, a dash for nothing: as the workbook's number format shows it.
pub(crate) fn amount(number: i64) -> String {
    if number == 0 {
        "–".to_owned()
    } else {
        Vnd(number).to_string()
    }
}

/// A part of a whole, rounded to tenths of a hundredth, with a comma: 1 of 3 is '33,3%'.
///
/// In integers, so that it never depends on how a fraction is stored. `whole` is not 0.
pub(crate) fn share(part: i64, whole: i64) -> String {
    let thousandths = (i128::from(part) * 2_000 / i128::from(whole) + 1).div_euclid(2);
    format!("{},{}%", thousandths / 10, (thousandths % 10).abs())
}

/// An amount in the programme's words for money: '1.500.000 đồng'.
pub(crate) fn money(words: &Words, dong: i64) -> String {
    words.render_template("dong_value", [("amount", &Vnd(dong).to_string())])
}

/// An amount for reading: in millions with one decimal, rounded: '63,6 triệu đồng'; what is no more than that is exact.
pub(crate) fn millions(words: &Words, dong: i64) -> String {
    if dong == 0 {
        return money(words, 0);
    }
    let tenths = (i128::from(dong) * 2 + 100_000).div_euclid(200_000);
    let (whole, rest) = (tenths.abs() / 10, tenths.abs() % 10);
    let sign = if tenths < 0 { "-" } else { "" };
    let whole = Vnd(i64::try_from(whole).unwrap_or(i64::MAX));
    words.render_template(
        "million_value",
        [("amount", &format!("{sign}{whole},{rest}"))],
    )
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

/// The number of a quarter, 1 to 4, in Roman figures.
pub(crate) fn quarter(number: u8) -> &'static str {
    const QUARTERS: [&str; 4] = ["I", "II", "III", "IV"];
    let place = usize::from(number.clamp(1, 4)) - 1;
    QUARTERS[place]
}

/// A period in words: 'Quý III/2024', 'Năm 2024'.
pub(crate) fn period(words: &Words, period: Period) -> String {
    let year = period.calendar_year().to_string();
    match period.quarter_number() {
        Some(number) => words.render_template(
            "quarter_value",
            [("quarter", quarter(number)), ("year", &year)],
        ),
        None => words.render_template("year_value", [("year", &year)]),
    }
}

/// What a severity is called.
pub(crate) fn severity(words: &Words, severity: Severity) -> &str {
    words.get(match severity {
        Severity::Hold => "severity_hold",
        Severity::Correct => "severity_correct",
        Severity::Warn => "severity_warn",
        Severity::Info => "severity_info",
    })
}

/// How many findings there are of each severity: 'Tạm giữ: 1 · Phải sửa: 0 · …'.
pub(crate) fn severity_counts<'a>(
    words: &Words,
    findings: impl Iterator<Item = &'a Finding> + Clone,
) -> String {
    [
        Severity::Hold,
        Severity::Correct,
        Severity::Warn,
        Severity::Info,
    ]
    .map(|wanted| {
        let count = findings.clone().filter(|f| f.severity == wanted).count();
        format!("{}: {count}", severity(words, wanted))
    })
    .join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{finding, programme};

    #[test]
    fn dates_are_written_as_the_decree_asks() {
        let words = &programme().words;
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(
            place_and_date(words, day(2026, 1, 5)),
            "Đồng Nai, ngày 05 tháng 01 năm 2026"
        );
        assert_eq!(
            place_and_date(words, day(2023, 11, 25)),
            "Đồng Nai, ngày 25 tháng 11 năm 2023"
        );
        assert_eq!(
            place_and_date(words, day(2024, 3, 9)),
            "Đồng Nai, ngày 09 tháng 3 năm 2024"
        );
        assert_eq!(
            place_and_date(words, day(2024, 2, 10)),
            "Đồng Nai, ngày 10 tháng 02 năm 2024"
        );
    }

    #[test]
    fn shares_are_rounded_to_tenths() {
        for (part, whole, shown) in [
            (1, 3, "33,3%"),
            (2, 3, "66,7%"),
            (1, 1, "100,0%"),
            (46, 45, "102,2%"),
            (0, 5, "0,0%"),
            (i64::MAX, i64::MAX, "100,0%"),
        ] {
            assert_eq!(share(part, whole), shown);
        }
    }

    #[test]
    fn amounts_have_dots_and_nothing_is_a_dash() {
        assert_eq!(amount(1_234_567), "1.234.567");
        assert_eq!(amount(-1_234), "-1.234");
        assert_eq!(amount(0), "–");
        assert_eq!(money(&programme().words, 0), "0 đồng");
        assert_eq!(money(&programme().words, 63_500_000), "63.500.000 đồng");
    }

    #[test]
    fn a_moment_is_shown_at_the_office() {
        let at = crate::testing::moment("2023-11-25T09:05:59+07:00");
        assert_eq!(moment(at), "25/11/2023 09:05");
    }

    #[test]
    fn periods_are_named_in_words() {
        let words = &programme().words;
        let shown = |period: Option<Period>| super::period(words, period.unwrap());
        assert_eq!(shown(Period::year(2024)), "Năm 2024");
        assert_eq!(shown(Period::quarter(2024, 1)), "Quý I/2024");
        assert_eq!(shown(Period::quarter(2024, 4)), "Quý IV/2024");
    }

    #[test]
    fn findings_are_counted_by_severity() {
        let findings = [
            finding("C001", Severity::Warn, "Biểu 3", &[]),
            finding("S001", Severity::Hold, "Biểu 3", &[]),
            finding("C001", Severity::Warn, "Biểu 4", &[]),
        ];
        insta::assert_snapshot!(severity_counts(&programme().words, findings.iter()), @"Tạm giữ: 1 · Phải sửa: 0 · Lưu ý: 2 · Ghi nhận: 0");
    }
}
