//! A strict reader of Prometheus' text format, version 0.0.4.

use std::collections::{BTreeMap, BTreeSet};

/// A family of samples.
#[derive(Debug, Default)]
pub struct Family {
    pub kind: String,
    /// The text of name and labels as it stands, and the value.
    pub samples: Vec<(String, f64)>,
}

/// The value of a sample, by its name and labels as they stand.
#[track_caller]
pub fn sample(text: &str, sample: &str) -> f64 {
    let families = read(text);
    let all = families.values().flat_map(|family| &family.samples);
    let found = all.filter(|(name, _)| name == sample).map(|(_, value)| *value).next();
    found.unwrap_or_else(|| panic!("no {sample} in\n{text}"))
}

/// Reads a text, in which nothing may be wrong.
///
/// # Panics
/// If something is.
#[track_caller]
pub fn read(text: &str) -> BTreeMap<String, Family> {
    assert!(text.ends_with('\n'), "the last line has no end");
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut current = String::new();
    let mut helped = String::new();
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').unwrap_or_else(|| panic!("{line}"));
            assert!(is_name(name) && !words.is_empty(), "{line}");
            helped = name.to_owned();
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').unwrap_or_else(|| panic!("{line}"));
            assert_eq!(name, helped, "the help is another's: {line}");
            assert!(matches!(kind, "counter" | "gauge" | "histogram"), "{line}");
            assert!(kind != "counter" || name.ends_with("_total"), "{line}");
            let before =
                families.insert(name.to_owned(), Family { kind: kind.to_owned(), samples: Vec::new() });
            assert!(before.is_none(), "a family comes twice: {line}");
            current = name.to_owned();
        } else {
            let (labelled, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
            let name = check_labels(labelled);
            let family = families.get_mut(&current).unwrap_or_else(|| panic!("no family: {line}"));
            let suffix = name.strip_prefix(&*current).unwrap_or_else(|| panic!("{line} is not of {current}"));
            let fits = match family.kind.as_str() {
                "histogram" => matches!(suffix, "_bucket" | "_sum" | "_count"),
                _ => suffix.is_empty(),
            };
            assert!(fits, "{line} is not of {current}");
            assert!(seen.insert(labelled.to_owned()), "a sample comes twice: {line}");
            family.samples.push((labelled.to_owned(), value.parse().unwrap_or_else(|_| panic!("{line}"))));
        }
    }
    families.values().filter(|family| family.kind == "histogram").for_each(check_histogram);
    families
}

fn is_name(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit())
}

/// The name before the labels, which have to be well-formed.
fn check_labels(labelled: &str) -> &str {
    let Some((name, labels)) = labelled.split_once('{') else {
        assert!(is_name(labelled), "{labelled}");
        return labelled;
    };
    assert!(is_name(name), "{labelled}");
    let mut rest = labels.strip_suffix('}').unwrap_or_else(|| panic!("{labelled}"));
    let mut names = BTreeSet::new();
    while !rest.is_empty() {
        let (label, value) = rest.split_once("=\"").unwrap_or_else(|| panic!("{labelled}"));
        assert!(is_name(label) && names.insert(label), "{labelled}");
        let mut escaped = false;
        let end = value.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let (_, after) = value.split_at(end.unwrap_or_else(|| panic!("{labelled}")));
        rest = &after[1..];
        rest = if rest.is_empty() {
            rest
        } else {
            rest.strip_prefix(',').unwrap_or_else(|| panic!("{labelled}"))
        };
    }
    name
}

/// Bounds and counts rise, the last bound is infinite, and its count is that of all.
fn check_histogram(family: &Family) {
    let mut bound = f64::NEG_INFINITY;
    let mut count = 0.0;
    for (sample, value) in &family.samples {
        if let Some((_, le)) = sample.split_once("le=\"") {
            let le: f64 = le.trim_end_matches(['"', '}']).replace("+Inf", "inf").parse().unwrap();
            if le <= bound {
                panic!("the bound of {sample} is not greater than the one before");
            }
            assert!(*value >= count, "{sample} {value}");
            (bound, count) = (le, *value);
        } else if sample.contains("_count") {
            assert_eq!((bound, *value), (f64::INFINITY, count), "{sample}");
            (bound, count) = (f64::NEG_INFINITY, 0.0);
        } else {
            assert!(sample.contains("_sum") && *value >= 0.0, "{sample} {value}");
        }
    }
    assert_eq!(bound, f64::NEG_INFINITY, "a histogram has no count");
}
