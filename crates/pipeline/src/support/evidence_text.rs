//! The evidence of linkage in words.

use link::WeightedEvidence;
use programme::Programme;

/// Sixteenths of a bit as bits: '5.25'.
pub(crate) fn bits(sixteenths: i32) -> String {
    let hundredths = i64::from(sixteenths) * 100 / 16;
    let sign = if hundredths < 0 { "-" } else { "" };
    format!(
        "{sign}{}.{:02}",
        hundredths.abs() / 100,
        hundredths.abs() % 100
    )
}

/// The pieces of evidence in words, the strongest first, each with the bits it adds; their sum is the score but for the
/// programme's bias.
pub(crate) fn evidence_text(programme: &Programme, evidence: &[WeightedEvidence]) -> String {
    let piece = |piece: &WeightedEvidence| {
        let sign = if piece.score >= 0 { "+" } else { "" };
        let words = programme
            .linkage
            .words
            .get(piece.name)
            .map_or(piece.name, String::as_str);
        format!("{words} {sign}{}", bits(piece.score))
    };
    evidence.iter().map(piece).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::{bits, evidence_text};
    use crate::testing::programme;
    use link::WeightedEvidence;

    #[test]
    fn sixteenths_are_shown_as_bits_with_two_digits() {
        let shown = [84, 0, 1, -1, -40, 16].map(bits);
        assert_eq!(shown, ["5.25", "0.00", "0.06", "-0.06", "-2.50", "1.00"]);
    }

    #[test]
    fn evidence_is_named_in_the_programmes_words_with_its_sign() {
        let (name, words) = programme().linkage.words.iter().next().unwrap();
        let piece = |name, score| WeightedEvidence {
            name,
            value: 1,
            score,
        };
        let known: &'static str = name.clone().leak();
        let text = evidence_text(programme(), &[piece(known, 32), piece("unnamed", -8)]);
        assert_eq!(text, format!("{words} +2.00; unnamed -0.50"));
    }
}
