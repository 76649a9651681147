//! For terminals and logs: findings as compilers write them, what became of each file, and a line that sums up.

use super::Context;
use super::printable::{printable, printable_line};
use super::summary::{Summary, words};
use super::words::{NEW, comparison, message, old_label, reason, relation, subject_against, waiver};
use crate::finding::{Finding, Severity};
use crate::verdict::{Check, Outcome, Verdict};

/// More files than this that did not change are a number.
const SHOWN_UNCHANGED: usize = 10;

/// What is written, and whether it may be coloured.
struct Page {
    out: String,
    colour: bool,
}

/// The colours, as terminals take them.
#[derive(Clone, Copy)]
enum Ink {
    Plain,
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Blue,
}

pub(super) fn render(verdict: &Verdict, context: &Context<'_>) -> String {
    let mut page = Page { out: String::new(), colour: context.colour };
    for finding in &verdict.findings {
        page.finding(finding);
        page.line("");
    }
    let unchanged = verdict.checks.iter().filter(|check| check.outcome == Outcome::Unchanged).count();
    let collapse = unchanged > SHOWN_UNCHANGED;
    for check in verdict.checks.iter().filter(|check| !collapse || check.outcome != Outcome::Unchanged) {
        page.check(check);
    }
    if collapse {
        page.line(&format!("{unchanged} more: unchanged"));
    }
    page.ink(Ink::Bold, &format!("ottla: {}", Summary::of(verdict)));
    page.line("");
    page.out
}

impl Page {
    fn finding(&mut self, finding: &Finding) {
        if let Some(place) = &finding.place {
            let at = format!("{}:{}:{}", printable(&place.file), place.position.line, place.position.column);
            self.ink(Ink::Bold, &at);
            self.out.push_str(": ");
        }
        let (ink, weight) = match (finding.severity, &finding.waived) {
            (_, Some(_)) => (Ink::Dim, "waived"),
            (Severity::Error, None) => (Ink::Red, "error"),
            (Severity::Warning, None) => (Ink::Yellow, "warning"),
            (Severity::Note, None) => (Ink::Blue, "note"),
        };
        self.ink(ink, &format!("{weight}[{}]", finding.rule.id));
        self.line(&format!(": {}", printable(&message(finding))));
        if let Some(relation) = relation(finding) {
            self.detail(&relation);
        }
        match &finding.waived {
            Some(waived) => self.detail(&format!("waived {}", waiver(waived))),
            None => self.about(finding),
        }
    }

    /// What it means, and what to do.
    fn about(&mut self, finding: &Finding) {
        if let Some(consequence) = &finding.consequence {
            self.detail(consequence);
        }
        let width = old_label(finding).chars().count().max(NEW.len());
        if let Some(old) = &finding.old {
            self.snippet(Ink::Red, '-', old_label(finding), width, old);
        }
        if let Some(new) = &finding.new {
            self.snippet(Ink::Green, '+', NEW, width, new);
        }
        if let Some(fix) = &finding.fix {
            self.detail(&format!("fix: {fix}"));
        }
        if let Some(rollout) = finding.rollout {
            self.detail(&format!("rollout: {}", rollout.advice()));
        }
    }

    fn snippet(&mut self, ink: Ink, sign: char, label: &str, width: usize, text: &str) {
        let label = printable(label);
        for (at, line) in text.lines().enumerate() {
            let label = if at == 0 { format!("({label})") } else { String::new() };
            self.out.push_str("    ");
            self.ink(ink, &format!("{sign} {label:<0$} {1}", width + 2, printable_line(line)));
            self.line("");
        }
    }

    fn check(&mut self, check: &Check) {
        if let Some(file) = &check.file {
            self.out.push_str(&format!("{}: ", printable(file)));
        } else {
            self.out.push_str(&format!("{}: ", printable(&check.baseline)));
        }
        let ink = match check.outcome {
            Outcome::New | Outcome::Unchanged => Ink::Plain,
            Outcome::Compatible => Ink::Green,
            Outcome::Unchecked | Outcome::Waived => Ink::Yellow,
            Outcome::Incompatible | Outcome::Invalid | Outcome::Removed | Outcome::NotCompared => Ink::Red,
        };
        match check.outcome {
            Outcome::NotCompared => self.ink(ink, "NOT COMPARED"),
            other => self.ink(ink, words(other)),
        }
        let mut rest = String::new();
        if check.file.is_some() {
            rest.push_str(&format!(": {}", subject_against(check)));
        }
        if let Some(comparison) = comparison(check) {
            rest.push_str(&format!(" ({comparison})"));
        }
        if let Some(reason) = reason(check) {
            rest.push_str(&format!(": {reason}"));
        }
        self.line(&printable(&rest));
        if let (Outcome::Compatible, Some(rollout)) = (check.outcome, check.rollout) {
            self.detail(&format!("rollout: {}", rollout.advice()));
        }
    }

    fn detail(&mut self, text: &str) {
        self.line(&format!("    {}", printable(text)));
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn ink(&mut self, ink: Ink, text: &str) {
        let code = match ink {
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Red => "31",
            Ink::Green => "32",
            Ink::Yellow => "33",
            Ink::Blue => "34",
            Ink::Plain => "",
        };
        if self.colour && !code.is_empty() {
            self.out.push_str(&format!("\u{1b}[{code}m{text}\u{1b}[0m"));
        } else {
            self.out.push_str(text);
        }
    }
}
