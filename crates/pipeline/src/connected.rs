/// The groups into which pairs connect things that are numbered from 0: in the order of their first members, each in order.
/// A thing in no pair is a group of its own.
pub(crate) fn connected(
    count: usize,
    pairs: impl IntoIterator<Item = (usize, usize)>,
) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, group) in group_numbers(count, pairs).into_iter().enumerate() {
        match groups.get_mut(group) {
            Some(members) => members.push(at),
            None => groups.push(vec![at]),
        }
    }
    groups
}

/// The same as the number of each thing's group.
pub(crate) fn group_numbers(
    count: usize,
    pairs: impl IntoIterator<Item = (usize, usize)>,
) -> Vec<usize> {
    let mut parents: Vec<usize> = (0..count).collect();
    for (a, b) in pairs {
        let (a, b) = (root(&mut parents, a), root(&mut parents, b));
        parents[a.max(b)] = a.min(b);
    }
    let mut next = 0;
    let mut numbers = Vec::with_capacity(count);
    for at in 0..count {
        // The root is the first member, so its number is known by now.
        let root = root(&mut parents, at);
        let number = numbers.get(root).copied().unwrap_or(next);
        next += usize::from(number == next);
        numbers.push(number);
    }
    numbers
}

/// The first member of a thing's group, as far as it is known; the way there is made shorter.
fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::connected;

    #[test]
    fn pairs_connect_over_others_in_whatever_order_they_come() {
        let groups = connected(7, [(5, 3), (1, 6), (3, 1), (4, 4)]);
        assert_eq!(groups, [vec![0], vec![1, 3, 5, 6], vec![2], vec![4]]);
        assert_eq!(connected(0, []), Vec::<Vec<usize>>::new());
    }
}
