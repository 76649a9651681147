//! The known name that was perhaps meant by an unknown one.

/// How many letters may be wrong.
const MAX_DISTANCE: usize = 2;

/// The known name that is nearest: the same but for the namespace, or but for a few letters. Of several the first.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let simple = simple(name);
    if let Some(same) = known.iter().find(|k| self::simple(k) == simple) {
        return Some(same);
    }
    let near = |whole: bool| {
        let distance = |k: &&'a str| {
            if whole { distance(name, k) } else { distance(simple, self::simple(k)) }
        };
        let found = known.iter().filter_map(|k| distance(k).map(|d| (d, *k)));
        // A short name is near to everything.
        found.filter(|(d, k)| d * 2 <= self::simple(k).len()).min_by_key(|(d, _)| *d).map(|(_, k)| k)
    };
    near(true).or_else(|| near(false))
}

fn simple(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// How many letters have to be changed, added or removed; `None` if more than a few. Case does not count.
fn distance(a: &str, b: &str) -> Option<usize> {
    if a.len().abs_diff(b.len()) > MAX_DISTANCE {
        return None;
    }
    let lower = |c: char| c.to_ascii_lowercase();
    let b: Vec<char> = b.chars().map(lower).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().map(lower).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
        if row.iter().all(|d| *d > MAX_DISTANCE) {
            return None;
        }
    }
    row.last().copied().filter(|d| *d <= MAX_DISTANCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_were_meant() {
        let known = ["com.a.Money", "com.b.Money", "com.a.Order", "X"];
        for (name, expected) in [
            ("com.a.Mony", Some("com.a.Money")),
            ("com.b.Mony", Some("com.b.Money")),
            ("com.z.Money", Some("com.a.Money")),
            ("Money", Some("com.a.Money")),
            ("com.a.order", Some("com.a.Order")),
            ("Odrer", Some("com.a.Order")),
            ("com.a.Currency", None),
            ("Y", None),
        ] {
            assert_eq!(nearest(name, &known), expected, "{name}");
        }
    }
}
