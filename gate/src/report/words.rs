//! What several formats say in the same words. What would mean something to a format is escaped by the format.

use std::borrow::Cow;

use super::printable::printable;
use crate::finding::{Finding, Waived};
use crate::verdict::{Check, Outcome};

/// How many characters of a line are taken.
const LONGEST_LINE: usize = 2_000;

/// How many of the compared versions are named.
const NAMED: usize = 3;

/// `orders-value against registry:http://localhost:8081, version 3, BACKWARD_TRANSITIVE`; nothing for what is of no
/// subject, baseline and version.
pub(super) fn relation(finding: &Finding) -> Option<String> {
    let mut text = finding.subject.clone().unwrap_or_default();
    if let Some(baseline) = &finding.baseline {
        text.push_str(if text.is_empty() { "against " } else { " against " });
        text.push_str(baseline);
    }
    let rest = [finding.version.as_deref(), finding.level.map(|level| level.name())];
    for part in rest.into_iter().flatten() {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(part);
    }
    (!text.is_empty()).then_some(text)
}

/// `orders-value against git:origin/main`
pub(super) fn subject_against(check: &Check) -> String {
    match &check.subject {
        Some(subject) => format!("{subject} against {}", check.baseline),
        None => format!("against {}", check.baseline),
    }
}

/// `BACKWARD, compared with version 2 and version 1`; nothing if nothing is known.
pub(super) fn comparison(check: &Check) -> Option<String> {
    let level = check.level.map(|level| level.name().to_owned());
    let compared =
        (!check.compared.is_empty()).then(|| format!("compared with {}", versions(&check.compared)));
    let parts: Vec<String> = [level, compared].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn versions(labels: &[String]) -> String {
    let (named, more) = labels.split_at(labels.len().min(NAMED));
    match (named, more.len()) {
        ([one], 0) => one.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (named, more) => format!("{} and {more} more", named.join(", ")),
    }
}

/// Why there is nothing to be said against a check, or why it could not be compared.
pub(super) fn reason(check: &Check) -> Option<&str> {
    match (&check.reason, check.outcome) {
        (Some(reason), _) => Some(reason),
        (None, Outcome::NotCompared) => Some("no reason is known"),
        (None, Outcome::Unchecked) => Some("its level is NONE: nothing is asked of it"),
        (None, _) => None,
    }
}

/// `until 2026-12-31 by team-orders: the consumers are gone by then`
pub(super) fn waiver(waived: &Waived) -> String {
    let until = waived.expires.as_ref().map_or_else(|| "for good".to_owned(), |day| format!("until {day}"));
    let owner = if waived.owner.is_empty() { String::new() } else { format!(" by {}", waived.owner) };
    format!("{until}{owner}: {}", waived.reason)
}

/// All that there is to say of a finding, a line for each thing: for formats that have one text for it. Long lines are cut:
/// what takes these formats has limits of its own.
pub(super) fn lines(finding: &Finding) -> Vec<String> {
    let lines = all_lines(finding).into_iter();
    lines.map(|line| printable(&clip(&line, LONGEST_LINE)).into_owned()).collect()
}

/// The beginning of a text that is longer than a number of characters.
pub(super) fn clip(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{} …", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

fn all_lines(finding: &Finding) -> Vec<String> {
    let mut lines = vec![message(finding)];
    lines.extend(relation(finding));
    lines.extend(finding.consequence.clone());
    lines.extend(finding.old.as_ref().map(|old| format!("- ({}) {old}", old_label(finding))));
    lines.extend(finding.new.as_ref().map(|new| format!("+ ({NEW}) {new}")));
    lines.extend(finding.fix.as_ref().map(|fix| format!("fix: {fix}")));
    lines.extend(finding.rollout.map(|rollout| format!("rollout: {}", rollout.advice())));
    lines.extend(finding.waived.as_ref().map(|waived| format!("waived {}", waiver(waived))));
    lines
}

/// The message, with the pointer.
pub(super) fn message(finding: &Finding) -> String {
    match finding.place.as_ref().map(|place| place.pointer.as_str()) {
        None | Some("") => finding.message.clone(),
        Some(pointer) => format!("{} (at {pointer})", finding.message),
    }
}

/// What the new text is of.
pub(super) const NEW: &str = "this file";

/// What the old text is of.
pub(super) fn old_label(finding: &Finding) -> &str {
    finding.version.as_deref().unwrap_or("released")
}
