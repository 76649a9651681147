//! Texts that would be obeyed if they were written as they are: whoever proposes a schema chooses them.

use ottla_gate::finding::{Finding, Waived};
use ottla_gate::report::Format;
use ottla_gate::verdict::{Check, Outcome, Verdict};

use super::rendered;
use super::verdicts::{self, GIT, REGISTRY};

/// Something for everybody: terminals, logs, XML, JSON, Markdown, HTML, and whoever reads from left to right.
const TEXT: &str = "\u{1b}[2J\u{9b}31m\u{7}\0 ]]><!-- \"quoted\" 'single' `tick` ```` | * _ ~ # @everyone $x$ \
    <img src=x onerror=alert(1)> &amp; \\ [link](https://example.com) %0A%25\r\n::error::injected\n##[error]x\
    \u{202e}\u{2028}\u{feff}\u{ffff}\u{e0041} größer 日本 👩‍👩‍👧 {0} https://example.com";

const FILE: &str = "./sch emas/a:b,c%|`<&>'\"\n::error::é.avsc";

pub fn verdict() -> Verdict {
    let subject = format!("s:{TEXT}");
    let text = || Some(TEXT.to_owned());
    let finding = Finding {
        place: Some(verdicts::place(FILE, 2, 3, 4, "/fields/0/a~1b\u{1b}[0m|`<")),
        subject: Some(subject.clone()),
        version: text(),
        consequence: text(),
        old: text(),
        new: Some("`````\n\tlast".to_owned()),
        fix: text(),
        ..Finding { message: TEXT.to_owned(), ..verdicts::incompatible() }
    };
    let waived = Some(Waived { owner: TEXT.into(), reason: TEXT.into(), expires: Some("2026-12-31".into()) });
    let check = |baseline: &str, outcome| Check {
        compared: vec![TEXT.to_owned(); 2],
        reason: text(),
        ..verdicts::check(FILE, &subject, baseline, outcome)
    };
    let mut verdict = Verdict {
        checks: vec![
            check(REGISTRY, Outcome::Incompatible),
            check(GIT, Outcome::NotCompared),
            check(TEXT, Outcome::Waived),
        ],
        findings: vec![Finding { waived, baseline: text(), ..finding.clone() }, finding],
    };
    verdict.sort();
    verdict
}

#[test]
fn nothing_is_obeyed() {
    for format in Format::ALL {
        let text = rendered(format, &verdict());
        let raw = text.chars().find(|&c| {
            (c.is_control() && c != '\n' && c != '\t')
                || matches!(c, '\u{202e}' | '\u{2028}' | '\u{feff}' | '\u{ffff}')
        });
        assert_eq!(raw, None, "{format}: {text}");
        let said = if format == Format::Json { "größer 日本" } else { "größer" };
        assert!(text.contains(said), "{format}: what can be read stays: {text}");
    }
}

#[test]
fn no_line_is_a_command_of_somebody_else() {
    let text = rendered(Format::Github, &verdict());
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "an error, what was not compared, a notice, the sum: {text}");
    for (line, start) in lines.iter().zip(["::error file=", "::error file=", "::notice file=", "ottla: "]) {
        assert!(line.starts_with(start), "{line}");
    }
    let (properties, message) = lines[0]["::error ".len()..].split_once("::").expect("a message");
    let names: Vec<&str> =
        properties.split(',').filter_map(|property| Some(property.split_once('=')?.0)).collect();
    assert_eq!(names, ["file", "line", "endLine", "col", "title"], "{properties}");
    assert!(!properties.contains(':'), "{properties}");
    assert!(message.contains("%250A%2525"), "a percent sign is one: {message}");
}

#[test]
fn no_text_leaves_its_place_in_a_comment() {
    let text = rendered(Format::Markdown, &verdict());
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        match fence {
            Some(end) if line == end => fence = None,
            Some(_) => {}
            None if line.starts_with("```") => fence = Some(line.trim_end_matches("diff")),
            None => {
                assert!(
                    !line.contains("<img") && !line.contains("@everyone") && !line.contains("]("),
                    "{line}"
                );
                assert!(!line.contains('`') && !line.contains('$'), "{line}");
                if line.starts_with('|') {
                    assert_eq!(line.matches('|').count(), 6, "columns of a row: {line}");
                }
            }
        }
    }
    assert_eq!(fence, None, "every fence is closed");
}
