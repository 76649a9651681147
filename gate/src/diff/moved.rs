//! What stands elsewhere in a list.

/// The fewest elements that have to be put elsewhere so that the places ascend; the answer has their indices, in order.
/// `places`: for each element of the new list its place in the old one.
pub(super) fn moved(places: &[usize]) -> Vec<usize> {
    // The ends of the best ascending rows of each length, and for each element the one before it in its row.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; places.len()];
    for (at, place) in places.iter().enumerate() {
        let length = ends.partition_point(|end| places[*end] < *place);
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut stays = vec![false; places.len()];
    let mut at = ends.last().copied();
    while let Some(element) = at {
        stays[element] = true;
        at = before[element];
    }
    (0..places.len()).filter(|at| !stays[*at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_few_as_possible_move() {
        for (places, expected) in [
            (&[][..], &[][..]),
            (&[0, 1, 2], &[]),
            (&[0, 3, 7], &[]),
            (&[2, 0, 1], &[0]),
            (&[1, 2, 0], &[2]),
            (&[0, 2, 1, 3], &[1]),
            (&[3, 2, 1, 0], &[0, 1, 2]),
            (&[4, 0, 1, 5, 2], &[0, 3]),
        ] {
            assert_eq!(moved(places), expected, "{places:?}");
        }
    }
}
