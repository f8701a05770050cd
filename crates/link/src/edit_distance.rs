//! How far two spellings are apart.

/// How many letters must be inserted, deleted, substituted or swapped with their neighbour (optimal string alignment);
/// `most + 1` for anything more.
pub(crate) fn edit_distance(a: &str, b: &str, most: usize) -> usize {
    // One edit changes the set of letters by two at most, so two bit sets rule out nearly all pairs without the
    // quadratic table: it runs for each pair of left-over words of each candidate pair.
    let letters = |text: &str| {
        text.chars()
            .fold(0u32, |set, letter| set | 1 << (u32::from(letter) & 31))
    };
    let is_far = || (letters(a) ^ letters(b)).count_ones() as usize > 2 * most;
    if a.len().abs_diff(b.len()) > most || is_far() {
        most + 1
    } else {
        strsim::osa_distance(a, b).min(most + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::edit_distance;

    #[test]
    fn one_edit_is_an_insertion_a_deletion_a_substitution_or_a_swap() {
        for other in ["phats", "pha", "phot", "phta"] {
            assert_eq!(edit_distance("phat", other, 1), 1, "{other}");
        }
        assert_eq!(edit_distance("phat", "phat", 2), 0);
    }

    #[test]
    fn more_than_the_most_is_the_most_and_one() {
        assert_eq!(edit_distance("phat", "long", 1), 2);
        assert_eq!(edit_distance("phat", "phatdat", 2), 3);
        // The same letters in another order.
        assert_eq!(edit_distance("abcd", "dcba", 1), 2);
    }
}
