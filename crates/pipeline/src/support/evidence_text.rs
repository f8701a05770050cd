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
