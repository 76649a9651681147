//! Cases as text: what was released, what is in the files, and what is found.
//!
//! ```text
//! ==== what it is about
//! level FULL
//! ---- old money.avsc        a file of what was released; of several the last is the subject's
//! {...}
//! ---- new order.avsc        a file now; of several the last is the subject's
//! {...}
//! ---- findings
//! order.avsc:3:5-3:40 AVRO-TYPE /fields/1/type
//!   : the message
//!   | version, direction, rollout
//!   - what the version has
//!   + what the file has
//!   = the fix
//! ```
//!
//! `---- older` begins the files of a version before that of `---- old`. If the findings are others, the files of the cases
//! are written anew, for a look at what has changed, and the test fails.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use ottla_formats::avro::Mode;
use ottla_formats::compatibility::Level;
use ottla_gate::compare::Released;

use crate::sources::{File, compared, released, shown, sources};

/// A case, in the parts of its text.
struct Case<'t> {
    /// All but the findings.
    given: &'t str,
    level: Level,
    older: Vec<File<'t>>,
    old: Vec<File<'t>>,
    new: Vec<File<'t>>,
}

impl<'t> Case<'t> {
    fn read(text: &'t str) -> Self {
        let given = text.split_once("---- findings\n").map_or(text, |(given, _)| given).trim_end();
        let mut parts = given.split("---- ");
        let head = parts.next().unwrap_or_default();
        let level = head.lines().find_map(|line| line.strip_prefix("level ")).expect("a level");
        let mut case = Case {
            given,
            level: level.parse().expect("a level"),
            older: Vec::new(),
            old: Vec::new(),
            new: Vec::new(),
        };
        for part in parts {
            let (title, text) = part.split_once('\n').expect("a file");
            let (which, name) = title.split_once(' ').expect("old or new, and a name");
            match which {
                "older" => case.older.push((name, text)),
                "old" => case.old.push((name, text)),
                "new" => case.new.push((name, text)),
                _ => panic!("no such part: {title}"),
            }
        }
        case
    }

    /// The text of the case with what is found now.
    fn answer(&self, rules: &mut BTreeSet<&'static str>) -> String {
        let subject = self.new.last().expect("a file").0;
        let (now, at) = sources(&self.new, subject, Mode::Register);
        let version =
            |label: &str, files: &[File<'_>]| released(label, files, files.last().expect("a file").0);
        let mut history: Vec<Released> = vec![version("version 3", &self.old)];
        if !self.older.is_empty() {
            history.push(version("version 2", &self.older));
        }
        let compared = compared(&now, at, &history, self.level);
        rules.extend(compared.findings.iter().map(|finding| finding.rule.id));
        let mut found: String = compared.findings.iter().map(|finding| shown(finding, self.level)).collect();
        if found.is_empty() {
            let rollout = compared.rollout.map_or("no rollout", |rollout| rollout.name());
            let what = if compared.is_unchanged { "unchanged" } else { "changed" };
            found = format!("none: {what}, {rollout}\n");
        }
        format!("{}\n---- findings\n{found}", self.given)
    }
}

#[test]
fn findings_of_cases() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/compare/cases");
    let entries = fs::read_dir(&folder).expect("the cases");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let (mut count, mut rules, mut changed) = (0, BTreeSet::new(), Vec::new());
    for path in files {
        let text = fs::read_to_string(&path).expect("a file of cases");
        let mut now = String::new();
        for (at, case) in text.split("==== ").enumerate() {
            if at == 0 {
                now.push_str(case);
                continue;
            }
            count += 1;
            now.push_str("==== ");
            now.push_str(&Case::read(case).answer(&mut rules));
            now.push('\n');
        }
        let now = now.trim_end().to_owned() + "\n";
        if now != text {
            fs::write(&path, now).expect("the cases are written");
            changed.push(path);
        }
    }
    assert!(changed.is_empty(), "the findings have changed, look at {changed:?}");
    assert!(count >= 60, "only {count} cases");
    let expected = [
        "AVRO-ENUM-SYMBOLS",
        "AVRO-FIELD-AMBIGUOUS",
        "AVRO-FIXED-SIZE",
        "AVRO-NAME",
        "AVRO-READER-FIELD-NO-DEFAULT",
        "AVRO-TYPE",
        "AVRO-UNION-BRANCH",
    ];
    assert_eq!(rules.into_iter().collect::<Vec<_>>(), expected);
}
