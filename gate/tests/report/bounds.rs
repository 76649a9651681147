//! More findings than others take.

use ottla_formats::json::{self, Value};
use ottla_gate::finding::{Finding, Severity};
use ottla_gate::report::Format;
use ottla_gate::verdict::{Outcome, Verdict};

use super::{rendered, verdicts};

/// Warnings, and behind them as many errors.
fn many(number: usize) -> Verdict {
    let mut verdict = Verdict::default();
    for at in 0..number {
        let (file, subject) = (format!("schemas/e{at:05}.avsc"), format!("events-{at}-value"));
        verdict.checks.push(verdicts::check(&file, &subject, verdicts::REGISTRY, Outcome::Incompatible));
        let severity = if at * 2 < number { Severity::Warning } else { Severity::Error };
        verdict.findings.push(Finding {
            severity,
            place: Some(verdicts::place(&file, 1, 1, 5, "/fields/1")),
            subject: Some(subject),
            ..verdicts::incompatible()
        });
    }
    verdict.sort();
    verdict
}

#[test]
fn code_scanning_gets_as_many_as_it_takes_errors_first() {
    let verdict = many(6_000);
    let text = rendered(Format::Sarif, &verdict);
    let (log, _) = json::parse(&text).expect("JSON");
    let run = &log.get("runs").and_then(Value::as_array).expect("runs")[0];
    let results = run.get("results").and_then(Value::as_array).expect("results");
    assert_eq!(results.len(), 5_000);
    let levels = results.iter().map(|result| result.get("level").and_then(Value::as_str).expect("a level"));
    let levels: Vec<&str> = levels.collect();
    assert_eq!(levels.iter().filter(|level| **level == "error").count(), 3_000);
    assert!(levels.is_sorted(), "errors come before warnings");
    assert!(text.contains("1000 findings are left out"), "what is left out is said");
    let whole = rendered(Format::Sarif, &many(5_000));
    assert!(!whole.contains("left out:"), "nothing is left out");
}

#[test]
fn a_comment_is_short_enough_and_says_what_it_lacks() {
    let text = rendered(Format::Markdown, &many(2_000));
    assert!(text.len() < 65_536, "{}", text.len());
    assert!(text.len() > 60_000, "as much as fits: {}", text.len());
    let shown = text.matches("<details").count();
    assert_eq!(text.matches("</details>").count(), shown);
    assert!(text.contains(&format!("**{} more findings** do not fit here", 2_000 - shown)), "{shown}");
    let rows = text.lines().filter(|line| line.starts_with("| ❌")).count();
    assert!(text.contains(&format!("Not shown: {} more.", 2_000 - rows)), "{rows}");
}

#[test]
fn a_long_text_is_cut() {
    let long = "é".repeat(100_000);
    let finding = Finding {
        old: Some(long.clone()),
        new: Some(long.clone()),
        message: long,
        ..verdicts::incompatible()
    };
    let verdict = Verdict { findings: vec![finding], ..Verdict::default() };
    for format in [Format::Github, Format::Gitlab, Format::Junit, Format::Sarif, Format::Markdown] {
        let text = rendered(format, &verdict);
        assert!(text.len() < 60_000, "{format}: {}", text.len());
        assert!(text.contains(&format!("{} …", "é".repeat(2_000))), "{format}");
    }
    let whole = rendered(Format::Json, &verdict);
    assert!(whole.len() > 600_000, "programs get all of it: {}", whole.len());
}
