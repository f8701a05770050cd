use crate::value::date::quarter;
use model::Period;
use vietext::fold;

/// The period a text names: 'Năm 2023', 'Quý IV/2024 (lũy kế từ đầu năm)', '6 tháng đầu năm 2024', '2024-Q4'.
///
/// The first year that stands in it decides; nothing if there is none.
pub(crate) fn period(text: &str) -> Option<Period> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').collect();
    let year = words.iter().find_map(|word| {
        let year: i32 = word.parse().ok()?;
        (word.len() == 4 && (2000..=2100).contains(&year)).then_some(year)
    })?;
    let months = words.windows(2).find_map(|pair| match pair {
        // What is reported after six or nine months is the year up to that quarter.
        ["6", "thang"] | ["sau", "thang"] => Some(2),
        ["9", "thang"] | ["chin", "thang"] => Some(3),
        _ => None,
    });
    match quarter(&folded)
        .and_then(|q| u8::try_from(q).ok())
        .or(months)
    {
        Some(quarter) => Period::quarter(year, quarter),
        None => Period::year(year),
    }
}

#[cfg(test)]
mod tests {
    use super::period;

    #[test]
    fn ways_of_writing() {
        for (text, expected) in [
            ("Năm 2023", "2023"),
            ("Quý IV/2024 (lũy kế từ đầu năm)", "2024-Q4"),
            ("Kỳ báo cáo: Quý 3 năm 2024", "2024-Q3"),
            ("6 tháng đầu năm 2024", "2024-Q2"),
            ("Bao cao NSCL Sở Y TẾ 2024-Q4.xls", "2024-Q4"),
            ("SCT_2022.xlsx", "2022"),
        ] {
            assert_eq!(
                period(text).map(|p| p.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        assert_eq!(period("Báo cáo"), None);
    }
}
