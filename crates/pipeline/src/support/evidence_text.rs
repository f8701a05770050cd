//! The evidence of linkage in words.

use link::{EvidenceSense, WeightedEvidence};
use programme::Programme;

/// From so many sixteenths of a bit on a piece of evidence decides by itself: one in 4,096.
const DECISIVE: i32 = 12 * 16;
/// Below so many it says little: less than one in two.
const WEAK: i32 = 16;

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

fn named<'p>(programme: &'p Programme, piece: &WeightedEvidence) -> &'p str {
    let words = programme.linkage.words.get(piece.name);
    words.map_or(piece.name, String::as_str)
}

/// The pieces of evidence, the strongest first, each with the bits it adds; their sum is the score but for the programme's bias.
pub(crate) fn evidence_sum(programme: &Programme, evidence: &[WeightedEvidence]) -> String {
    let piece = |piece: &WeightedEvidence| {
        let sign = if piece.score >= 0 { "+" } else { "" };
        format!("{} {sign}{}", named(programme, piece), bits(piece.score))
    };
    evidence.iter().map(piece).collect::<Vec<_>>().join("; ")
}

/// In what two records are alike and in what not, for a person: what decides first, and no numbers.
pub(crate) fn evidence_text(programme: &Programme, evidence: &[WeightedEvidence]) -> String {
    let ground = |piece: &WeightedEvidence| {
        let ground = named(programme, piece);
        let strength = match piece.score.abs() {
            DECISIVE.. => "evidence_decisive",
            WEAK.. => return ground.to_owned(),
            _ => "evidence_weak",
        };
        let words = &programme.words;
        words.render_template(strength, [("ground", ground)])
    };
    let of_sense = |sense| {
        let pieces = evidence.iter().filter(|piece| piece.sense == Some(sense));
        pieces.map(ground).collect::<Vec<_>>().join("; ")
    };
    let mut parts = [
        (EvidenceSense::Alike, "evidence_alike"),
        (EvidenceSense::Unlike, "evidence_unlike"),
    ];
    // Evidence comes with the strongest first.
    let first = evidence.iter().find_map(|piece| piece.sense);
    if first == Some(EvidenceSense::Unlike) {
        parts.reverse();
    }
    let parts = parts.map(|(sense, words)| (of_sense(sense), words));
    let told = parts.iter().filter(|(grounds, _)| !grounds.is_empty());
    let told = told.map(|(grounds, words)| {
        let values = [("grounds", grounds.as_str())];
        programme.words.render_template(words, values)
    });
    told.collect::<Vec<_>>().join(". ")
}

#[cfg(test)]
mod tests {
    use super::{bits, evidence_sum, evidence_text};
    use crate::testing::programme;
    use link::{EvidenceSense, WeightedEvidence};

    fn piece(
        name: &'static str,
        score: i32,
        sense: impl Into<Option<EvidenceSense>>,
    ) -> WeightedEvidence {
        WeightedEvidence {
            name,
            value: 1,
            score,
            sense: sense.into(),
        }
    }

    #[test]
    fn sixteenths_are_shown_as_bits_with_two_digits() {
        let shown = [84, 0, 1, -1, -40, 16].map(bits);
        assert_eq!(shown, ["5.25", "0.00", "0.06", "-0.06", "-2.50", "1.00"]);
    }

    #[test]
    fn a_sum_has_its_pieces_with_their_signs() {
        let pieces = [piece("code_equal", 320, None), piece("unnamed", -8, None)];
        let text = evidence_sum(programme(), &pieces);
        assert_eq!(text, "trùng mã số thuế +20.00; unnamed -0.50");
    }

    #[test]
    fn a_person_reads_what_decides_first_and_no_numbers() {
        use EvidenceSense::{Alike, Unlike};
        let pieces = [
            piece("code_equal", 320, Alike),
            piece("address_differs", -50, Unlike),
            piece("name_slips", 20, Unlike),
            // It corrects a sum, and says nothing by itself.
            piece("contacts_two", -18, None),
            piece("name_shared", 9, Alike),
        ];
        insta::assert_snapshot!(
            evidence_text(programme(), &pieces),
            @"Giống nhau: trùng mã số thuế (căn cứ quyết định); tên có từ chung (căn cứ yếu). Khác nhau: khác địa chỉ; có từ gõ nhầm"
        );
        let against = evidence_text(programme(), &pieces[1..]);
        assert!(against.starts_with("Khác nhau: "), "{against}");
        assert_eq!(evidence_text(programme(), &[]), "");
    }
}
