//! Which metrics and labels an expression of Prometheus names.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::CharIndices;

/// What an expression names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub metrics: BTreeSet<String>,
    pub labels: BTreeSet<String>,
}

/// Words that stand before a list of labels in parentheses.
const GROUPING: &[&str] = &["by", "without", "on", "ignoring", "group_left", "group_right"];

/// Words that name nothing. Functions are known by their parentheses.
const WORDS: &[&str] =
    &["and", "or", "unless", "offset", "bool", "sum", "min", "max", "avg", "count", "topk", "bottomk"];

type Chars<'e> = Peekable<CharIndices<'e>>;

/// Reads an expression. It is taken to be correct: other programs find out.
pub fn names(expression: &str) -> Names {
    let mut names = Names::default();
    let mut chars = expression.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => skip_to(&mut chars, '"'),
            '[' => skip_to(&mut chars, ']'),
            '{' => labels_to(&mut chars, expression, '}', &mut names.labels),
            // A number, or a duration.
            '0'..='9' => drop(word(&mut chars, expression, at)),
            c if begins_word(c) => {
                let word = word(&mut chars, expression, at);
                if GROUPING.contains(&word) {
                    skip_to(&mut chars, '(');
                    labels_to(&mut chars, expression, ')', &mut names.labels);
                } else if !WORDS.contains(&word) && !is_function(&chars) {
                    names.metrics.insert(word.to_owned());
                }
            }
            _ => {}
        }
    }
    names
}

/// Reads labels until the end of a selector or a list; what they are compared with is passed over.
fn labels_to(chars: &mut Chars<'_>, expression: &str, end: char, labels: &mut BTreeSet<String>) {
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == end => return,
            '"' => skip_to(chars, '"'),
            c if begins_word(c) => drop(labels.insert(word(chars, expression, at).to_owned())),
            _ => {}
        }
    }
}

fn begins_word(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || c == ':'
}

/// The rest of a word that began at `begin`.
fn word<'e>(chars: &mut Chars<'_>, expression: &'e str, begin: usize) -> &'e str {
    while chars.next_if(|(_, c)| begins_word(*c) || c.is_ascii_digit()).is_some() {}
    let end = chars.peek().map_or(expression.len(), |(at, _)| *at);
    &expression[begin..end]
}

fn is_function(chars: &Chars<'_>) -> bool {
    chars.clone().map(|(_, c)| c).find(|c| !c.is_whitespace()) == Some('(')
}

fn skip_to(chars: &mut Chars<'_>, end: char) {
    while chars.next().is_some_and(|(_, c)| c != end) {}
}

#[test]
fn metrics_and_labels_are_told_from_the_rest() {
    let expression = r#"histogram_quantile(0.99, sum by (le, job) (rate(a_bucket{x=~"5..", y!="z"}[5m])))
        / 1e3 > 2 or max(b:c offset 10m) unless on (instance) up == bool 1 and vector(0)"#;
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let expected =
        Names { metrics: set(&["a_bucket", "b:c", "up"]), labels: set(&["le", "job", "x", "y", "instance"]) };
    assert_eq!(names(expression), expected);
}
