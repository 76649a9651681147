//! The outcome for people.

use std::fmt::Write as _;

use ottla_gate::finding::Finding;
use ottla_gate::report::printable;

use super::outcome::{Outcome, Verdict};
use super::side::Side;

/// Both names, the differences, and both verdicts.
pub(super) fn render(old: &Side, new: &Side, outcome: &Outcome) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "--- {}\n+++ {}\n", heading(old), heading(new));
    for change in &outcome.changes {
        let _ = writeln!(out, "{}", printable(&change.to_string()));
    }
    if outcome.changes.is_empty() {
        out.push_str("no difference that counts\n");
    }
    out.push('\n');
    verdict("the new schema reads what the old one wrote (BACKWARD)", &outcome.backward, new, &mut out);
    verdict("the old schema reads what the new one writes (FORWARD)", &outcome.forward, new, &mut out);
    let _ = writeln!(out, "rollout: {}", outcome.rollout.advice());
    out
}

/// A name, and what else is known of it.
fn heading(side: &Side) -> String {
    let name = printable(&side.name).into_owned();
    match &side.origin {
        Some(_) if side.kind == "git" => format!("{name} (commit {})", side.label),
        Some(origin) => format!("{name} ({} of {})", printable(&side.label), printable(origin)),
        None => name,
    }
}

fn verdict(question: &str, verdict: &Verdict, new: &Side, out: &mut String) {
    let _ = writeln!(out, "{question}: {}", if verdict.is_compatible { "yes" } else { "no" });
    for finding in &verdict.findings {
        tell(finding, new, out);
    }
}

fn tell(finding: &Finding, new: &Side, out: &mut String) {
    let place = finding.place.as_ref();
    let line = place.filter(|_| new.has_lines()).map(|place| {
        format!("{}:{}:{}: ", printable(&place.file), place.position.line, place.position.column)
    });
    let pointer = place.map(|place| place.pointer.as_str()).filter(|pointer| !pointer.is_empty());
    let pointer = pointer.map(|pointer| format!(" (at {})", printable(pointer))).unwrap_or_default();
    let (line, message) = (line.unwrap_or_default(), printable(&finding.message));
    let _ = writeln!(out, "  {line}{}: {message}{pointer}", finding.rule.id);
    for (what, words) in [("", &finding.consequence), ("fix: ", &finding.fix)] {
        if let Some(words) = words {
            let _ = writeln!(out, "    {what}{}", printable(words));
        }
    }
}
