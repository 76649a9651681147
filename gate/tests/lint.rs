//! What lints find and what they leave alone: a table for each lint, and their settings.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use ottla_formats::avro::{Mode, Schema, parse};
use ottla_gate::finding::{Finding, Severity};
use ottla_gate::lint::{LINTS, Settings, lint};
use ottla_gate::rule::rule;
use ottla_gate::source::{Source, Text, load_texts};

const FINDINGS: &str = include_str!("lint/findings.txt");

struct Case<'a> {
    name: &'a str,
    lint: &'a str,
    file: String,
    other: String,
    before: Option<Schema>,
    expected: Vec<&'a str>,
}

fn cases() -> Vec<Case<'static>> {
    let mut cases = Vec::new();
    for part in FINDINGS.split("\n== ").skip(1) {
        let lint = part.lines().next().unwrap_or_default();
        for block in part.split("\n= ").skip(1) {
            let lines = |sign: &str| {
                let lines = block.lines().filter_map(|line| line.strip_prefix(sign));
                lines.collect::<Vec<_>>().join("\n")
            };
            let before = Some(lines("< ")).filter(|text| !text.is_empty());
            cases.push(Case {
                name: block.lines().next().unwrap_or_default(),
                lint,
                file: in_full(lines("| ")),
                other: lines("> "),
                before: before.map(|text| parse(&in_full(text), Mode::Lookup).expect("a schema")),
                expected: block.lines().filter_map(|line| line.strip_prefix("    ")).collect(),
            });
        }
    }
    cases
}

fn in_full(text: String) -> String {
    match text.strip_prefix("fields ") {
        Some(fields) => {
            format!(r#"{{"type":"record","name":"com.example.Order","fields":[{fields}]}}"#)
        }
        None => text,
    }
}

/// The sources of a file and perhaps another one, and the index of the first.
fn sources(file: &str, other: &str) -> (Vec<Source>, usize) {
    let text = |name: &str, text: &str| Text { name: name.to_owned(), content: Ok(text.as_bytes().to_vec()) };
    let mut texts = vec![text("order.avsc", file)];
    texts.extend(Some(text("types.avsc", other)).filter(|_| !other.is_empty()));
    // What a registry would take is what lints may look at.
    let loaded = load_texts(texts, Mode::Register);
    assert!(loaded.errors.is_empty(), "{:?}\n{file}", loaded.errors);
    let at = loaded.sources.iter().position(|source| source.file.found.shown == "order.avsc");
    (loaded.sources, at.expect("the file"))
}

fn only(name: &str) -> Settings {
    let mut settings = Settings::off();
    settings.set(name, "warning").expect("a lint");
    settings
}

fn line(finding: &Finding) -> String {
    let place = finding.place.as_ref().expect("a place");
    let fix = finding.fix.as_deref().expect("a fix");
    let (line, column) = (place.position.line, place.position.column);
    format!("{line}:{column} {} {} / {fix}", place.pointer, finding.message)
}

#[test]
fn findings() {
    let (mut wrong, mut found_by) = (String::new(), BTreeSet::new());
    for Case { name, lint: which, file, other, before, expected } in cases() {
        let (sources, at) = sources(&file, &other);
        let findings = lint(&sources, at, before.as_ref(), &only(which));
        let rule = LINTS.iter().find(|lint| lint.name == which).expect("a lint").rule;
        for finding in &findings {
            assert_eq!(finding.rule, rule, "{name}");
            assert_eq!(finding.severity, Severity::Warning, "{name}");
            assert_eq!(finding.place.as_ref().map(|place| place.file.as_str()), Some("order.avsc"), "{name}");
            found_by.insert(which);
        }
        let found: Vec<String> = findings.iter().map(line).collect();
        if found != expected {
            let _ = writeln!(wrong, "{which}: {name}:\n    {}", found.join("\n    "));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(found_by.len(), LINTS.len(), "every lint finds something: {found_by:?}");
}

/// JSON in a fix is JSON.
#[test]
fn what_is_to_be_written_can_be_written() {
    for Case { name, lint: which, file, other, before, .. } in cases() {
        let (sources, at) = sources(&file, &other);
        for finding in lint(&sources, at, before.as_ref(), &only(which)) {
            let fix = finding.fix.expect("a fix");
            let members = ["\"type\": [", "\"aliases\": [", "\"default\": \"", "{\"type\": "];
            for start in members.iter().filter_map(|member| fix.find(member)) {
                let json =
                    fix[start..].find([':', '{']).map_or("", |at| fix[start + at..].trim_start_matches(": "));
                let read = ottla_formats::json::parse(json);
                assert!(read.is_ok(), "{name}: {fix}");
            }
        }
    }
}

/// The second and the third line of a file that is as Windows writes it.
#[test]
fn places_are_those_of_the_file() {
    let text = "{\"type\":\"record\",\"name\":\"A\",\r\n  // the fields\r\n  \"fields\":[ {\"name\":\"größe_x\",\"type\":[\"null\",\"int\"]},\r\n\t{\"name\":\"ab\",\"type\":[\"null\",\"int\"]}]}";
    let loaded = load_texts(
        vec![Text { name: "a.avsc".to_owned(), content: Ok(text.as_bytes().to_vec()) }],
        Mode::Strict,
    );
    let findings = lint(&loaded.sources, 0, None, &only("optional-field-without-default"));
    let places: Vec<(usize, usize, usize)> = findings
        .iter()
        .filter_map(|finding| finding.place.as_ref())
        .map(|place| (place.position.line, place.position.column, place.end.column))
        .collect();
    assert_eq!(places, [(3, 14, 54), (4, 2, 37)]);
}

#[test]
fn settings() {
    let default = Settings::default();
    let on: Vec<&str> = default.iter().filter(|(_, s)| s.is_some()).map(|(lint, _)| lint.name).collect();
    assert_eq!(on, ["default-not-in-first-branch", "logical-type-changed", "renamed-without-alias"]);
    assert!(
        default.iter().all(|(_, severity)| severity < Some(Severity::Error)),
        "none breaks a build by itself"
    );
    assert!(Settings::off().iter().all(|(_, severity)| severity.is_none()));

    let mut settings = Settings::default();
    for (level, expected) in [
        ("error", Some(Severity::Error)),
        ("warning", Some(Severity::Warning)),
        ("note", Some(Severity::Note)),
        ("off", None),
    ] {
        settings.set("name-style", level).expect("a lint and a severity");
        let found = settings.iter().find(|(lint, _)| lint.name == "name-style").expect("the lint");
        assert_eq!(found.1, expected);
    }
}

#[test]
fn settings_that_are_none() {
    let mut settings = Settings::default();
    let known = "there are decimal-as-double, default-not-in-first-branch, enum-without-default, logical-type-changed, \
                 missing-doc, name-style, optional-field-without-default, renamed-without-alias, timestamp-without-logical-type";
    for (name, level, expected) in [
        (
            "missing-docs",
            "note",
            format!("no lint is called \"missing-docs\" (did you mean missing-doc?): {known}"),
        ),
        ("spelling", "note", format!("no lint is called \"spelling\": {known}")),
        ("", "note", format!("no lint is called \"\": {known}")),
        ("missing-doc", "warn", "\"warn\" is no severity: expected off, note, warning or error".to_owned()),
        ("missing-doc", "Error", "\"Error\" is no severity: expected off, note, warning or error".to_owned()),
    ] {
        let error = settings.set(name, level).expect_err("no such setting");
        assert_eq!(error.to_string(), expected);
    }
    assert_eq!(settings, Settings::default(), "what is refused changes nothing");
}

/// Lints that are on by themselves are quiet about a schema as most are.
#[test]
fn without_configuration_nothing_is_said_of_what_is_common() {
    let (sources, at) = sources(
        r#"{"type":"record","name":"order","fields":[{"name":"price","type":"double"},{"name":"created_at","type":["null","long"],"default":null}]}"#,
        "",
    );
    assert_eq!(lint(&sources, at, None, &Settings::default()), []);
    assert_eq!(lint(&sources, at, Some(&sources[at].schema), &Settings::default()), []);
    assert_eq!(lint(&sources, at, None, &Settings::off()), []);
}

#[test]
fn rules_can_be_found() {
    for lint in &LINTS {
        assert_eq!(rule(lint.rule.id), Some(lint.rule));
        assert_eq!(lint.rule.id, format!("LINT-{}", lint.name.to_ascii_uppercase()));
    }
    let names: Vec<&str> = LINTS.iter().map(|lint| lint.name).collect();
    assert!(names.is_sorted(), "{names:?}");
}

/// Every old type takes the place of every new one, by its aliases: work ends before it comes to the last type.
#[test]
fn types_that_may_be_many() {
    const TYPES: usize = 300;
    const FIELDS: usize = 60;
    // A type is defined before it is used, and each uses others than its partner does.
    let types = |prefix: &str, step: usize, aliases: &dyn Fn(usize) -> String, end: &str| {
        let record = |at: usize| {
            let ty = |n: usize| {
                if at == 0 { "\"int\"".to_owned() } else { format!("\"{prefix}{}\"", n * step % at) }
            };
            let fields: Vec<String> =
                (0..FIELDS).map(|n| format!(r#"{{"name":"f{n}","type":{}}}"#, ty(n + 1))).collect();
            let (aliases, fields) = (aliases(at), fields.join(","));
            format!(r#"{{"type":"record","name":"{prefix}{at}","aliases":[{aliases}],"fields":[{fields}]}}"#)
        };
        let end = format!(r#"{{"type":"record","name":"End","fields":[{{"name":"at","type":{end}}}]}}"#);
        format!("[{}]", (0..TYPES).map(record).chain([end]).collect::<Vec<_>>().join(","))
    };
    let date = r#"{"type":"int","logicalType":"date"}"#;
    let last = TYPES - 1;
    let others: Vec<String> = (0..last).map(|n| format!("\"A{n}\"")).collect();
    let aliases = |at| if at == last { format!("\"A{last}\"") } else { others.join(",") };
    let (sources, at) = sources(&types("B", 7, &aliases, date), "");
    let before = parse(&types("A", 11, &|_| String::new(), "\"int\""), Mode::Lookup).expect("a schema");
    let started = std::time::Instant::now();
    assert_eq!(lint(&sources, at, Some(&before), &only("logical-type-changed")), []);
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

/// The old type is shown beside the new one.
#[test]
fn both_types_are_shown() {
    let field = |logical: &str| {
        in_full(format!(r#"fields {{"name":"at","type":{{"type":"long","logicalType":"{logical}"}}}}"#))
    };
    let (sources, at) = sources(&field("timestamp-micros"), "");
    let before = parse(&field("timestamp-millis"), Mode::Lookup).expect("a schema");
    let findings = lint(&sources, at, Some(&before), &Settings::default());
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(finding.old.as_deref(), Some(r#"{"type":"long","logicalType":"timestamp-millis"}"#));
    assert_eq!(finding.new.as_deref(), Some(r#"{"type":"long","logicalType":"timestamp-micros"}"#));
    assert!(finding.consequence.as_deref().is_some_and(|words| words.contains("without an error")));
}

/// Many findings are cut off, and many types compared in bounded time.
#[test]
fn much_of_everything() {
    let fields: Vec<String> = (0..5_000)
        .map(|n| format!(r#"{{"name":"f{n}","type":{{"type":"fixed","name":"T{n}","size":{n}}}}}"#))
        .collect();
    let (sources, at) = sources(&in_full(format!("fields {}", fields.join(","))), "");
    let findings = lint(&sources, at, None, &only("missing-doc"));
    assert_eq!(findings.len(), 1_001);
    assert!(findings[0].message.contains("than the 1000 that are shown"), "{}", findings[0].message);
    let others: Vec<String> = fields.iter().map(|field| field.replace("\"T", "\"U")).collect();
    let before = parse(&in_full(format!("fields {}", others.join(","))), Mode::Lookup).expect("a schema");
    let started = std::time::Instant::now();
    lint(&sources, at, Some(&before), &only("renamed-without-alias"));
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}
