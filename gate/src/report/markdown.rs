//! For job summaries and comments of GitHub: a table, and each finding to be opened.
//!
//! Texts of schemas stand in it as they are: every character that Markdown, HTML or GitHub could take for markup is an entity.

use std::fmt::Write as _;

use super::Context;
use super::printable::{printable, printable_line};
use super::summary::{Summary, words};
use super::words::{NEW, clip, comparison, message, old_label, reason, relation, waiver};
use crate::finding::{Finding, Severity};
use crate::verdict::{Check, Exit, Outcome, Verdict};

/// A comment has 65,536 characters at most. Bytes are counted here: characters are no more than those.
const MOST: usize = 65_000;

/// What the table takes of it at most.
const MOST_OF_TABLE: usize = 24_000;

/// What is kept for the last line.
const LAST_LINE: usize = 200;

/// How many characters of a text are shown.
const SHOWN: usize = 2_000;

/// So many findings are open; more would bury each other.
const OPEN: usize = 5;

/// So many files that did not change have rows.
const SHOWN_UNCHANGED: usize = 10;

pub(super) fn render(verdict: &Verdict, context: &Context<'_>) -> String {
    let summary = Summary::of(verdict);
    let (sign, title) = title(&summary, verdict, context.exit);
    let mut out = format!("### {sign} Schemas: {title}\n\n{}\n", escape(&summary.to_string()));
    table(verdict, &mut out);
    let mut left_out = verdict.findings.len();
    for finding in &verdict.findings {
        let block = details(finding, verdict.findings.len() <= OPEN && finding.waived.is_none());
        if out.len() + block.len() + LAST_LINE > MOST {
            break;
        }
        out.push_str(&block);
        left_out -= 1;
    }
    if left_out > 0 {
        let _ = write!(
            out,
            "\n**{left_out} more findings** do not fit here: the other reports have all of them.\n"
        );
    }
    out
}

fn title(summary: &Summary, verdict: &Verdict, exit: Exit) -> (&'static str, String) {
    let not_compared = verdict.checks.iter().any(|check| check.outcome == Outcome::NotCompared);
    let is_empty = verdict.checks.is_empty();
    let sign = match exit {
        Exit::Findings | Exit::Usage | Exit::NotCompared => "❌",
        Exit::Fine if is_empty || summary.errors + summary.warnings > 0 => "⚠️",
        Exit::Fine => "✅",
    };
    let suffix = match (not_compared, is_empty) {
        (true, _) => ", not everything was compared",
        (false, true) => ", nothing was compared",
        (false, false) => "",
    };
    (sign, format!("{}{suffix}", summary.findings_text()))
}

fn table(verdict: &Verdict, out: &mut String) {
    let unchanged = verdict.checks.iter().filter(|check| check.outcome == Outcome::Unchanged).count();
    let hide = unchanged > SHOWN_UNCHANGED;
    let rows: Vec<&Check> =
        verdict.checks.iter().filter(|check| !hide || check.outcome != Outcome::Unchanged).collect();
    if !rows.is_empty() {
        out.push_str("\n| | File | Subject | Baseline | Outcome |\n|---|---|---|---|---|\n");
    }
    let mut left_out = rows.len();
    let before = out.len();
    for check in rows {
        let row = row(check);
        if out.len() - before + row.len() > MOST_OF_TABLE {
            break;
        }
        out.push_str(&row);
        left_out -= 1;
    }
    let hidden = if hide { unchanged } else { 0 };
    for (number, what) in [(left_out, "more"), (hidden, "unchanged")] {
        if number > 0 {
            let _ = write!(out, "\nNot shown: {number} {what}.\n");
        }
    }
}

fn row(check: &Check) -> String {
    let (sign, is_bad) = match check.outcome {
        Outcome::New => ("🆕", false),
        Outcome::Unchanged | Outcome::Compatible => ("✅", false),
        Outcome::Unchecked | Outcome::Waived => ("⚠️", false),
        Outcome::Incompatible | Outcome::Invalid | Outcome::Removed | Outcome::NotCompared => ("❌", true),
    };
    let outcome = words(check.outcome);
    let mut about = if is_bad { format!("**{outcome}**") } else { outcome.to_owned() };
    if let Some(comparison) = comparison(check) {
        let _ = write!(about, " ({})", escape(&comparison));
    }
    if let Some(reason) = reason(check) {
        let _ = write!(about, ": {}", escape(&clip(reason, SHOWN)));
    }
    if let (Outcome::Compatible, Some(rollout)) = (check.outcome, check.rollout) {
        let _ = write!(about, "; rollout: {}", escape(rollout.advice()));
    }
    let [file, subject] =
        [&check.file, &check.subject].map(|text| text.as_deref().map_or_else(String::new, code));
    format!("| {sign} | {file} | {subject} | {} | {about} |\n", code(&check.baseline))
}

fn details(finding: &Finding, is_open: bool) -> String {
    let weight = match (finding.severity, &finding.waived) {
        (_, Some(_)) => "waived",
        (Severity::Error, None) => "❌ error",
        (Severity::Warning, None) => "⚠️ warning",
        (Severity::Note, None) => "note",
    };
    let open = if is_open { " open" } else { "" };
    let place = finding.place.as_ref().map_or_else(String::new, |place| {
        let (line, column) = (place.position.line, place.position.column);
        format!(" {}", code(&format!("{}:{line}:{column}", place.file)))
    });
    format!(
        "\n<details{open}><summary>{weight} <code>{}</code>{place}</summary>\n\n{}\n</details>\n",
        finding.rule.id,
        finding_text(finding)
    )
}

/// All that there is to say of a finding.
pub(super) fn finding_text(finding: &Finding) -> String {
    let mut out = format!("{}\n", escape(&clip(&message(finding), SHOWN)));
    let mut paragraph = |text: &str| {
        let _ = write!(out, "\n{text}\n");
    };
    if let Some(relation) = relation(finding) {
        paragraph(&code(&clip(&relation, SHOWN)));
    }
    if let Some(consequence) = &finding.consequence {
        paragraph(&escape(&clip(consequence, SHOWN)));
    }
    if let Some(snippets) = snippets(finding) {
        paragraph(&snippets);
    }
    if let Some(fix) = &finding.fix {
        paragraph(&format!("**Fix:** {}", escape(&clip(fix, SHOWN))));
    }
    if let Some(rollout) = finding.rollout {
        paragraph(&format!("**Rollout:** {}", escape(rollout.advice())));
    }
    if let Some(waived) = &finding.waived {
        paragraph(&format!("**Waived** {}", escape(&clip(&waiver(waived), SHOWN))));
    }
    out
}

/// What there was and what there is, within a fence that is longer than any in it.
fn snippets(finding: &Finding) -> Option<String> {
    let old = finding.old.as_deref().map(|old| ('-', old_label(finding), old));
    let new = finding.new.as_deref().map(|new| ('+', NEW, new));
    let mut text = String::new();
    for (sign, label, snippet) in [old, new].into_iter().flatten() {
        let _ = writeln!(text, "{sign} ({})", printable(&clip(label, SHOWN)));
        for line in clip(snippet, SHOWN).lines() {
            let _ = writeln!(text, "{sign} {}", printable_line(line));
        }
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    (!text.is_empty()).then(|| format!("{fence}diff\n{text}{fence}"))
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// A text as it is, on one line, in which nothing is markup, a link or the name of somebody who would be told.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in printable(text).chars() {
        match c {
            // An entity of this one would still be a mention.
            '@' => out.push_str("@<!-- -->"),
            '&' | '<' | '>' | '"' | '\'' | '`' | '*' | '_' | '~' | '|' | '[' | ']' | '\\' | '#' | '$'
            | '!' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}
