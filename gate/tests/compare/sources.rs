//! Schemas from texts, and findings as text.

use std::fmt::Write as _;

use ottla_formats::avro::Mode;
use ottla_formats::compatibility::{Direction, Level};
use ottla_gate::compare::{Compared, Question, Released, compare};
use ottla_gate::finding::Finding;
use ottla_gate::source::{Loaded, Source, Text, load_texts};

/// A file: its name and its text.
pub type File<'t> = (&'t str, &'t str);

/// The sources of files, and the index of the one of that name.
pub fn sources(files: &[File<'_>], name: &str, mode: Mode) -> (Vec<Source>, usize) {
    let Loaded { sources, errors, .. } = load(files, mode);
    assert!(errors.is_empty(), "{errors:?}");
    let at = sources.iter().position(|source| source.file.found.shown == name).expect("the file");
    (sources, at)
}

/// What files are.
pub fn load(files: &[File<'_>], mode: Mode) -> Loaded {
    let text =
        |(name, text): &File<'_>| Text { name: (*name).to_owned(), content: Ok(text.as_bytes().to_vec()) };
    load_texts(files.iter().map(text).collect(), mode)
}

/// A version that was released.
pub fn released(label: &str, files: &[File<'_>], name: &str) -> Released {
    let (sources, at) = sources(files, name, Mode::Lookup);
    Released { label: label.to_owned(), schema: sources[at].schema.clone().into() }
}

/// Compares a file with versions, the newest first.
pub fn compared(sources: &[Source], at: usize, history: &[Released], level: Level) -> Compared {
    compare(sources, at, history, Question { subject: "orders-value", baseline: "git:main", level })
}

/// A finding as the case files show it.
pub fn shown(finding: &Finding, level: Level) -> String {
    let place = finding.place.as_ref().expect("a place");
    let (from, to) = (place.position, place.end);
    let mut text = format!(
        "{}:{}:{}-{}:{} {} {}\n",
        place.file, from.line, from.column, to.line, to.column, finding.rule.id, place.pointer
    );
    assert_eq!(finding.level, Some(level));
    assert_eq!(finding.subject.as_deref(), Some("orders-value"));
    assert_eq!(finding.baseline.as_deref(), Some("git:main"));
    let direction = match finding.direction {
        Some(Direction::Backward) => "reads what was written",
        Some(Direction::Forward) => "is read by those before",
        None => "no direction",
    };
    let rollout = finding.rollout.map_or("no rollout", |rollout| rollout.name());
    let version = finding.version.as_deref().unwrap_or("no version");
    for (mark, line) in [
        (":", Some(finding.message.as_str())),
        ("|", Some(format!("{version}, {direction}, {rollout}").as_str())),
        ("-", finding.old.as_deref()),
        ("+", finding.new.as_deref()),
        ("=", finding.fix.as_deref()),
    ] {
        if let Some(line) = line {
            let _ = writeln!(text, "  {mark} {line}");
        }
    }
    text
}
