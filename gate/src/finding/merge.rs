//! One break against many versions is one finding.
//!
//! A level that is transitive finds a field without a default in each of two hundred versions, and nobody reads the same text
//! two hundred times. Waivers look at each version for itself, so they come first.

use std::collections::HashMap;

use super::{Finding, Rollout, version_number};

/// How many versions, or ranges of them, are named.
const NAMED: usize = 6;

/// Findings that differ in their version only become one, which names all of them and says the rest of the newest. `compared`:
/// the versions that a finding's subject was compared with, the newest first, if they are known.
pub fn merge<'c>(findings: Vec<Finding>, compared: impl Fn(&Finding) -> &'c [String]) -> Vec<Finding> {
    let mut merged: Vec<Vec<Finding>> = Vec::with_capacity(findings.len());
    let mut met: HashMap<String, usize> = HashMap::new();
    for finding in findings {
        match what_is_said(&finding) {
            None => merged.push(vec![finding]),
            Some(said) => {
                let at = *met.entry(said).or_insert(merged.len());
                match merged.get_mut(at) {
                    Some(same) => same.push(finding),
                    None => merged.push(vec![finding]),
                }
            }
        }
    }
    merged.into_iter().filter_map(|same| one(same, &compared)).collect()
}

/// All of a finding but its version, and the order of going over: that may be another one for other reasons.
fn what_is_said(finding: &Finding) -> Option<String> {
    let label = finding.version.as_deref().filter(|label| !label.is_empty())?;
    let without = |text: &Option<String>| text.as_ref().map(|text| text.replace(label, "\0"));
    let Finding { rule, severity, place, subject, baseline, level, direction, old, new, waived, .. } =
        finding;
    let message = finding.message.replace(label, "\0");
    let texts = (message, without(&finding.consequence), without(&finding.fix));
    Some(format!(
        "{:?}",
        (rule.id, severity, place, (subject, baseline, level, direction), (old, new, waived), texts)
    ))
}

fn one<'c>(mut same: Vec<Finding>, compared: impl Fn(&Finding) -> &'c [String]) -> Option<Finding> {
    if let [first, _, ..] = same.as_slice() {
        let places = compared(first).iter().enumerate().map(|(at, label)| (label.as_str(), at));
        let places: HashMap<&str, usize> = places.collect();
        same.sort_by_cached_key(|finding| {
            let label = finding.version.clone().unwrap_or_default();
            let place = places.get(label.as_str()).copied().unwrap_or(usize::MAX);
            (place, std::cmp::Reverse(version_number(&label)), label)
        });
        // What is said twice is said of one version.
        same.dedup_by(|a, b| a.version == b.version);
    }
    let labels: Vec<String> = same.iter().filter_map(|finding| finding.version.clone()).collect();
    let rollout = same.iter().filter_map(|finding| finding.rollout).reduce(Rollout::and);
    let mut newest = same.into_iter().next()?;
    if let [label, _, ..] = labels.as_slice() {
        let all = together(&labels);
        newest.consequence = newest.consequence.map(|text| text.replace(label, &all));
        newest.version = Some(all);
        newest.rollout = rollout;
    }
    Some(newest)
}

/// Versions as people read them: `versions 1 to 3 and 7`, `1a2b3c4, 5d6e7f8 and 3 more`.
fn together(labels: &[String]) -> String {
    let numbers: Option<Vec<u64>> = labels.iter().map(|label| version_number(label)).collect();
    match numbers {
        Some(mut numbers) => {
            numbers.sort_unstable();
            format!("versions {}", list(&ranges(&numbers)))
        }
        None => {
            let labels = labels.iter().map(|label| (label.clone(), 1));
            list(&labels.collect::<Vec<_>>())
        }
    }
}

/// Numbers that follow each other, as one, and how many they are.
fn ranges(numbers: &[u64]) -> Vec<(String, usize)> {
    let follows = |a: &u64, b: &u64| a.checked_add(1) == Some(*b);
    let ranges = numbers.chunk_by(follows).flat_map(|range| match range {
        [first, _, .., last] => vec![(format!("{first} to {last}"), range.len())],
        few => few.iter().map(|number| (number.to_string(), 1)).collect(),
    });
    ranges.collect()
}

fn list(named: &[(String, usize)]) -> String {
    let (shown, more) = named.split_at(if named.len() > NAMED { NAMED - 1 } else { named.len() });
    let mut shown: Vec<String> = shown.iter().map(|(text, _)| text.clone()).collect();
    let more: usize = more.iter().map(|(_, count)| count).sum();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    match shown.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Severity, Waived};
    use crate::rule;

    fn finding(label: &str) -> Finding {
        Finding {
            version: Some(label.to_owned()),
            consequence: Some(format!("a consumer still on {label} cannot read it")),
            rollout: Some(Rollout::ConsumersFirst),
            ..Finding::new(&rule::TYPE, Severity::Error, format!("int, but {label} expects long"))
        }
    }

    fn labels(findings: Vec<Finding>, compared: &[String]) -> Vec<String> {
        let merged = merge(findings, |_| compared).into_iter();
        merged.map(|finding| finding.version.unwrap_or_default()).collect()
    }

    #[test]
    fn versions_are_told_together() {
        for (numbers, expected) in [
            (vec![7], "version 7"),
            (vec![1, 2], "versions 1 and 2"),
            (vec![10, 2, 9, 1, 8], "versions 1, 2 and 8 to 10"),
            ((1..=200).collect(), "versions 1 to 200"),
            ((1..=20).map(|n| n * 2).collect(), "versions 2, 4, 6, 8, 10 and 15 more"),
            (vec![3, 3, 3], "version 3"),
        ] {
            let findings = numbers.iter().map(|number| finding(&format!("version {number}"))).collect();
            assert_eq!(labels(findings, &[]), [expected]);
        }
        let compared = ["e1a2b3c", "b1a2b3c", "d1a2b3c"].map(str::to_owned);
        let findings = vec![finding("b1a2b3c"), finding("d1a2b3c"), finding("e1a2b3c")];
        assert_eq!(labels(findings, &compared), ["e1a2b3c, b1a2b3c and d1a2b3c"]);
    }

    #[test]
    fn the_newest_is_told_and_no_order_is_safe_for_all() {
        let never = Finding { rollout: Some(Rollout::ProducersFirst), ..finding("version 9") };
        let merged = merge(vec![never, finding("version 10")], |_| &[]);
        let [one] = merged.as_slice() else { panic!("{merged:?}") };
        assert_eq!(one.message, "int, but version 10 expects long");
        assert_eq!(one.consequence.as_deref(), Some("a consumer still on versions 9 and 10 cannot read it"));
        assert_eq!(one.rollout, Some(Rollout::Never));
    }

    #[test]
    fn what_differs_is_not_told_together() {
        let first = finding("version 1");
        let waived = Waived { owner: "me".into(), reason: "because".into(), expires: None };
        for other in [
            Finding { old: Some("1".into()), ..finding("version 2") },
            Finding { message: "double, but version 2 expects long".into(), ..finding("version 2") },
            Finding { waived: Some(waived), ..finding("version 2") },
            Finding { subject: Some("s".into()), ..finding("version 2") },
            Finding { baseline: Some("git:main".into()), ..finding("version 2") },
            Finding { version: None, ..finding("version 1") },
        ] {
            assert_eq!(merge(vec![first.clone(), other], |_| &[]).len(), 2);
        }
    }
}
