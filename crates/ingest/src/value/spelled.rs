//! Numbers in words: 'bốn mươi lăm triệu đồng'.

use rust_decimal::Decimal;
use vietext::fold;

/// A number in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spelled {
    pub number: Decimal,
    /// Whether the words say that it is đồng.
    pub is_dong: bool,
}

/// Reads a whole number in words, up to the billions. Nothing if any word is none of a number.
pub(crate) fn spelled(text: &str) -> Option<Spelled> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').collect();
    let words = words.strip_suffix(&["chan"]).unwrap_or(&words);
    let said = [&["dong", "viet", "nam"][..], &["dong"], &["vnd"]]
        .iter()
        .find_map(|currency| words.strip_suffix(*currency));
    let mut rest = said.unwrap_or(words);
    let mut number = 0_i64;
    let mut above = i64::MAX;
    while !rest.is_empty() {
        let (group, after) = group(rest)?;
        let (scale, after) = match after {
            ["ty" | "ti", after @ ..] => (1_000_000_000, after),
            ["trieu", after @ ..] => (1_000_000, after),
            ["nghin" | "ngan", after @ ..] => (1_000, after),
            [] => (1, after),
            _ => return None,
        };
        if scale >= above {
            return None;
        }
        number += group * scale;
        (rest, above) = (after, scale);
    }
    (above != i64::MAX).then(|| Spelled {
        number: Decimal::from(number),
        is_dong: said.is_some(),
    })
}

/// Reads a number below a thousand from the beginning of some words, and gives back the words behind it.
fn group<'a, 'w>(words: &'a [&'w str]) -> Option<(i64, &'a [&'w str])> {
    match words {
        [hundreds, "tram", rest @ ..] => {
            let hundreds = digit(hundreds)? * 100;
            match rest {
                ["linh" | "le", ones, rest @ ..] => Some((hundreds + digit(ones)?, rest)),
                _ => match below_hundred(rest) {
                    Some((number, rest)) if number >= 10 => Some((hundreds + number, rest)),
                    Some(_) => None,
                    None => Some((hundreds, rest)),
                },
            }
        }
        _ => below_hundred(words),
    }
}

fn below_hundred<'a, 'w>(words: &'a [&'w str]) -> Option<(i64, &'a [&'w str])> {
    let (tens, rest) = match words {
        ["muoi", rest @ ..] => (10, rest),
        [tens, "muoi", rest @ ..] => (digit(tens).filter(|tens| *tens > 1)? * 10, rest),
        [ones, rest @ ..] => return Some((digit(ones)?, rest)),
        [] => return None,
    };
    match rest.first().and_then(|ones| digit(ones)) {
        Some(ones) => Some((tens + ones, &rest[1..])),
        None => Some((tens, rest)),
    }
}

fn digit(word: &str) -> Option<i64> {
    match word {
        "khong" => Some(0),
        "mot" => Some(1),
        "hai" => Some(2),
        "ba" => Some(3),
        "bon" | "tu" => Some(4),
        "nam" | "lam" | "nham" => Some(5),
        "sau" => Some(6),
        "bay" => Some(7),
        "tam" => Some(8),
        "chin" => Some(9),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Spelled, spelled};
    use rust_decimal::Decimal;

    #[test]
    fn numbers_in_words() {
        for (text, number, is_dong) in [
            ("bốn mươi lăm triệu đồng", 45_000_000, true),
            ("Bốn mươi lăm", 45, false),
            ("mười triệu đồng chẵn", 10_000_000, true),
            ("Một tỷ hai trăm năm mươi triệu đồng", 1_250_000_000, true),
            ("một trăm linh năm nghìn", 105_000, false),
            (
                "hai mươi mốt triệu không trăm lẻ năm ngàn đồng",
                21_005_000,
                true,
            ),
            ("ba trăm đồng", 300, true),
            (
                "hai trăm mười sáu triệu bốn trăm nghìn đồng",
                216_400_000,
                true,
            ),
        ] {
            let expected = Spelled {
                number: Decimal::from(number),
                is_dong,
            };
            assert_eq!(spelled(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "đồng",
            "triệu",
            "khoảng mười triệu",
            "mười nghìn triệu",
            "bốn trăm năm triệu",
            "hai rưỡi",
            "một mươi",
            "45 triệu",
        ] {
            assert_eq!(spelled(text), None, "{text}");
        }
    }
}
