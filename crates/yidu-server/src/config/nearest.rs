//! The name that was probably meant.

/// The candidate with the fewest edits from `word`, if those are few; one that `word` is the beginning of counts as near.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |candidate: &str| if candidate.starts_with(word) { 1 } else { edits(word, candidate) };
    let distances = candidates.into_iter().map(|candidate| (distance(candidate), candidate));
    let (distance, candidate) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= candidate.len().div_ceil(3)).then_some(candidate)
}

/// Characters to insert, remove or replace (Levenshtein's distance).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_understood_and_nonsense_is_not() {
        assert_eq!(edits("kitten", "sitting"), 3);
        let names = ["listen", "data_dir", "gateway.heartbeat_seconds"];
        assert_eq!(nearest("lsten", names), Some("listen"));
        assert_eq!(nearest("gateway.heartbeat", names), Some("gateway.heartbeat_seconds"));
        assert_eq!(nearest("zzzzzz", names), None);
    }
}
