//! Reports: what a verdict looks like in every format.
//!
//! ```text
//! verdicts.rs   the verdicts
//! hostile.rs    texts that would be obeyed if they were written as they are
//! bounds.rs     more findings than others take
//! identity.rs   a finding is the same as an earlier one when lines move
//! golden/       each verdict in each format: rewritten where it differs, and then the test fails
//! ```
//!
//! That others can read the files of `golden` is shown by `tests/clients/tests/reports.rs`: JSON, SARIF, JUnit and Code
//! Quality are validated against their schemas.
#![cfg(feature = "report")]

mod bounds;
mod hostile;
mod identity;
mod verdicts;

use std::fs;
use std::path::{Path, PathBuf};

use ottla_formats::json;
use ottla_gate::finding::Severity;
use ottla_gate::report::{Context, Format, Summary, render};
use ottla_gate::verdict::Verdict;

/// What the reports say beside the verdict.
fn context(verdict: &Verdict) -> Context<'static> {
    let fail_on = Severity::Error;
    Context { colour: false, fail_on, exit: verdict.exit(fail_on), version: "1.2.3" }
}

fn rendered(format: Format, verdict: &Verdict) -> String {
    render(format, verdict, &context(verdict))
}

/// The file of a verdict in a format. Its end says what it is, also to the program that validates it.
fn golden(verdict: &str, format: Format) -> PathBuf {
    let extension = match format {
        Format::Text => "txt",
        Format::Json => "json",
        Format::Junit => "junit.xml",
        Format::Sarif => "sarif",
        Format::Github => "github.txt",
        Format::Gitlab => "gitlab.json",
        Format::Markdown => "md",
    };
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report/golden").join(format!("{verdict}.{extension}"))
}

/// Rewrites files that are not what is rendered. The difference shows in the version control, to be mended or kept.
fn check(expected: impl IntoIterator<Item = (PathBuf, String)>) {
    let mut rewritten = Vec::new();
    for (path, text) in expected {
        let known = fs::read_to_string(&path).unwrap_or_default();
        if known != text || !path.exists() {
            fs::write(&path, text).expect("a folder that can be written to");
            rewritten.push(path.display().to_string());
        }
    }
    assert!(rewritten.is_empty(), "{} files were rewritten:\n{}", rewritten.len(), rewritten.join("\n"));
}

#[test]
fn verdicts_look_as_they_did() {
    let verdicts = verdicts::all();
    let each = verdicts.iter().flat_map(|(name, verdict)| {
        Format::ALL.map(|format| (golden(name, format), rendered(format, verdict)))
    });
    check(each);
}

#[test]
fn colours_are_for_terminals_only() {
    let verdict = verdicts::outcomes();
    let coloured = Context { colour: true, ..context(&verdict) };
    for format in Format::ALL {
        let is_coloured = render(format, &verdict, &coloured).contains('\u{1b}');
        assert_eq!(is_coloured, format == Format::Text, "{format}");
    }
    check([(golden("outcomes-coloured", Format::Text), render(Format::Text, &verdict, &coloured))]);
}

#[test]
fn json_is_json() {
    for (name, verdict) in verdicts::all() {
        for format in [Format::Json, Format::Sarif, Format::Gitlab] {
            let text = rendered(format, &verdict);
            json::parse(&text).unwrap_or_else(|error| panic!("{name}, {format}: {error}"));
        }
    }
}

#[test]
fn formats_are_called_by_their_names() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    let error = "xml".parse::<Format>().expect_err("no such format");
    assert_eq!(
        error.to_string(),
        "no such format: expected text, json, junit, sarif, github, gitlab or markdown"
    );
}

#[test]
fn the_last_line_sums_up() {
    for (name, verdict) in verdicts::all() {
        let text = rendered(Format::Text, &verdict);
        let last = text.lines().last().expect("a line");
        assert_eq!(last, format!("ottla: {}", Summary::of(&verdict)), "{name}");
    }
    let summary = Summary::of(&verdicts::outcomes()).to_string();
    assert_eq!(
        summary,
        "9 files against 3 baselines: 1 new, 1 unchanged, 2 compatible, 1 unchecked, 1 waived, 1 incompatible, \
         1 invalid, 1 removed, 2 not compared: 5 errors, 1 warning, 1 note, 2 waived"
    );
    assert_eq!(
        Summary::of(&Verdict::default()).to_string(),
        "0 files against 0 baselines: nothing was compared: no findings"
    );
}
