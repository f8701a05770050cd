use vietext::fold;

/// How many đồng one unit of money is, from the words of a heading, a line 'Đơn vị tính: …' or a cell.
///
/// The money word must stand as a whole word; 'đồng' alone is the đồng itself.
pub(crate) fn unit(text: &str) -> Option<i64> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').flat_map(apart).collect();
    for (i, &word) in words.iter().enumerate() {
        let next = words.get(i + 1).copied().unwrap_or_default();
        let money = matches!(next, "dong" | "vnd" | "d");
        // 'Chục triệu' and '10 triệu' are other units, and none that anybody means to use.
        let before = words[..i].last().copied().unwrap_or_default();
        let is_scale = matches!(word, "nghin" | "ngan" | "trieu" | "trd" | "ty" | "ti");
        let is_multiple = matches!(before, "tram" | "chuc" | "muoi" | "vai")
            || is_digits(before) && !matches!(before, "1" | "01");
        if is_scale && is_multiple {
            return None;
        }
        // 'đ', 'tr' and 'tỷ' stand in many other words and names, so they need company; 'triệu' does not.
        match word {
            "nghin" | "ngan" | "ngd" | "nd" if money || word.len() == 3 => return Some(1_000),
            "trieu" | "trd" => return Some(1_000_000),
            "tr" if money => return Some(1_000_000),
            "ty" | "ti" if money || words.len() <= 2 => return Some(1_000_000_000),
            // '1.000 đồng' is a thousand đồng.
            "dong" | "vnd" | "d"
                if i > 0 && words[..i].iter().rev().take_while(|w| is_digits(w)).count() > 0 =>
            {
                // Folding made '1.000' two words.
                let number: Vec<&str> = words[..i]
                    .iter()
                    .rev()
                    .take_while(|w| is_digits(w))
                    .copied()
                    .collect();
                let number: String = number.into_iter().rev().collect();
                return number
                    .parse()
                    .ok()
                    .filter(|n| [1, 1_000, 1_000_000, 1_000_000_000].contains(n));
            }
            "dong" | "vnd" => return Some(1),
            _ => {}
        }
    }
    None
}

/// '1000d' is '1000' and 'd'.
fn apart(word: &str) -> impl Iterator<Item = &str> {
    let end = word
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(word.len());
    let (digits, rest) = word.split_at(end);
    let is_unit = !digits.is_empty() && matches!(rest, "d" | "dong" | "vnd");
    let parts = if is_unit { [digits, rest] } else { [word, ""] };
    parts.into_iter().take(1 + usize::from(is_unit))
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// The unit in a line that says it: 'Đơn vị tính: triệu đồng', 'ĐVT: đồng'.
pub(crate) fn unit_line(text: &str) -> Option<i64> {
    let folded = fold(text);
    let says = ["don vi", "dvt"]
        .iter()
        .any(|word| folded.starts_with(word))
        || ["don vi tinh", "tinh bang"]
            .iter()
            .any(|words| folded.contains(words));
    if !says {
        return None;
    }
    // 'Triệu đồng; riêng NSNN: nghìn đồng' says no one unit.
    let mut units = text.split([';', ',', '(', ')']).filter_map(unit);
    let first = units.next()?;
    units.all(|other| other == first).then_some(first)
}

/// The unit that is all a text says: 'nghìn đồng'.
pub(crate) fn whole_unit(text: &str) -> Option<i64> {
    let folded = fold(text);
    let is_word = |word: &str| {
        let known = [
            "nghin", "ngan", "trieu", "ty", "ti", "dong", "d", "vnd", "trd", "tr", "ngd", "000",
            "1", "1000",
        ];
        known.contains(&word)
    };
    folded.split(' ').all(is_word).then(|| unit(text)).flatten()
}

/// The unit a heading names in brackets: 'NSNN (triệu đồng)', 'Kinh phí (tr.đồng)'.
pub(crate) fn unit_in_heading(text: &str) -> Option<i64> {
    // The last brackets: 'Kinh phí (dự toán) (triệu đồng)'. The closing one is often forgotten.
    let open = text.rfind('(')?;
    let close = text[open..].find(')').map_or(text.len(), |at| open + at);
    unit(&text[open + 1..close])
}

#[cfg(test)]
mod tests {
    use super::{unit_in_heading, unit_line};

    #[test]
    fn units_are_found_where_they_are_named() {
        for (text, unit) in [
            ("Đơn vị tính: triệu đồng", Some(1_000_000)),
            ("ĐVT: đồng", Some(1)),
            ("Đơn vị: nghìn đồng", Some(1_000)),
            ("Đơn vị tính: 1.000 đồng", Some(1_000)),
            ("ĐVT: 1000đ", Some(1_000)),
            ("ĐVT: 1.000đ", Some(1_000)),
            ("ĐVT: 1.000.000 đ", Some(1_000_000)),
            ("Đơn vị tính: tỷ đồng", Some(1_000_000_000)),
            ("Sở Xây dựng", None),
            ("Đồng Nai, ngày 25 tháng 11 năm 2023", None),
        ] {
            assert_eq!(unit_line(text), unit, "{text}");
        }
        assert_eq!(unit_in_heading("NSNN (triệu đồng)"), Some(1_000_000));
        assert_eq!(unit_in_heading("Kinh phí (tr.đồng)"), Some(1_000_000));
        assert_eq!(unit_in_heading("Lao động (người)"), None);
    }
}
