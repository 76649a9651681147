//! A build fails when a schema breaks what was released, and says what `ottla check` says.

use ottla_formats::avro::{Mode, Schema, parse_with};
use ottla_formats::compatibility::Level;
use ottla_gate::lock::{Lock, Reference, Subject, Version};

use super::*;

const B_WITH_MORE: &str = "{\"type\": \"record\", \"name\": \"n.B\", \"fields\": [\n  {\"name\": \"a\", \"type\": \"n.A\"},\n  {\"name\": \"more\", \"type\": \"int\"}]}";

fn schema(text: &str, references: &[&Schema]) -> Schema {
    parse_with(text, Mode::Register, references).expect("a schema")
}

/// A lock with what the schemas of a new crate are.
fn lock(made: &Crate) -> Lock {
    let mut lock = Lock::new(made.path("schemas/ottla.lock"));
    let a = schema(A, &[]);
    let b = schema(B, &[&a]);
    let to_a = Reference { name: "n.A".to_owned(), subject: "a-value".to_owned(), version: 1 };
    for (name, file, schema, references) in
        [("a-value", "inner/a.avsc", &a, Vec::new()), ("b-value", "b.avsc", &b, vec![to_a])]
    {
        let mut subject = Subject::new(name, Level::Backward);
        subject.file = Some(file.to_owned());
        subject.versions.push(Version::of(1, schema, references));
        lock.put(subject);
    }
    lock
}

fn builder() -> Builder {
    Builder::new().schemas(["schemas"]).compatible_with("schemas/ottla.lock")
}

#[test]
fn the_lock_and_its_texts_are_told_to_cargo() {
    let made = Crate::new();
    let mut lock = lock(&made);
    lock.subject_mut("a-value").expect("a subject").versions[0].path = Some("old/a-value/1.json".to_owned());
    lock.write().expect("a lock");
    let (told, outcome) = made.run(&builder());
    outcome.expect("code");
    assert_eq!(
        told,
        "cargo::rerun-if-changed=schemas\n\
         cargo::rerun-if-changed=schemas/inner\n\
         cargo::rerun-if-changed=schemas/old\n\
         cargo::rerun-if-changed=schemas/old/a-value\n\
         cargo::rerun-if-changed=schemas/b.avsc\n\
         cargo::rerun-if-changed=schemas/inner/a.avsc\n\
         cargo::rerun-if-changed=schemas/ottla.lock\n\
         cargo::rerun-if-changed=schemas/old/a-value/1.json\n"
    );
    let code = made.read("target/out/events.rs");
    assert!(code.contains("from schemas/b.avsc, schemas/inner/a.avsc. "), "the lock is no schema");
}

#[test]
fn what_breaks_is_an_error_with_its_place() {
    let made = Crate::new();
    lock(&made).write().expect("a lock");
    made.write("schemas/b.avsc", B_WITH_MORE);
    let (told, outcome) = made.run(&builder());
    let error = outcome.expect_err("a field without a default");
    assert!(error.starts_with("schemas/b.avsc:3:3: AVRO-READER-FIELD-NO-DEFAULT: "), "{error}");
    for expected in [
        "\"more\"",
        " (at /fields/1)\n  b-value against lock:schemas/ottla.lock, version 1, BACKWARD\n",
        "version 1 writes",
        "\n  help: ",
        "\"default\"",
    ] {
        assert!(error.contains(expected), "no {expected:?} in {error}");
    }
    let lines: Vec<&str> = told.lines().filter(|line| line.starts_with("cargo::error=")).collect();
    assert_eq!(lines, [format!("cargo::error={}", on_one_line(&error))]);
    assert!(told.contains("cargo::rerun-if-changed=schemas/ottla.lock\n"), "{told}");
    assert!(!made.path("target/out/events.rs").exists(), "code of a schema that breaks what was released");
    // With a default it may follow.
    made.write("schemas/b.avsc", &B_WITH_MORE.replace("\"int\"}", "\"int\", \"default\": 0}"));
    made.run(&builder()).1.expect("code");
}

/// A change breaks what refers to it; what else is wrong is told with it.
#[test]
fn all_is_told_at_once() {
    let made = Crate::new();
    lock(&made).write().expect("a lock");
    made.write("schemas/inner/a.avsc", &A.replace("\"int\"", "\"string\""));
    made.write("schemas/c.avsc", "[\"n.X\"]");
    let (told, outcome) = made.run(&builder());
    let error = outcome.expect_err("errors");
    assert!(error.contains("schemas/c.avsc:1:2: no type n.X is defined"), "{error}");
    for subject in ["a-value", "b-value"] {
        let expected = format!("\n  {subject} against lock:schemas/ottla.lock, version 1, BACKWARD");
        assert!(error.contains(&expected), "no {subject} in {error}");
    }
    assert!(error.matches("schemas/inner/a.avsc:1:").count() >= 2, "{error}");
    assert_eq!(told.matches("cargo::error=").count(), 3, "{told}");
}

#[test]
fn what_the_lock_does_not_know_is_an_error() {
    let made = Crate::new();
    lock(&made).write().expect("a lock");
    made.write("schemas/c.avsc", "{\"type\": \"enum\", \"name\": \"n.C\", \"symbols\": [\"X\"]}");
    let (told, outcome) = made.run(&builder());
    let expected = "schemas/c.avsc: schemas/ottla.lock knows no such subject: this was compared with nothing\n  help: run `ottla lock`";
    assert_eq!(outcome.expect_err("an unknown subject"), expected);
    assert!(told.contains("cargo::error=schemas/c.avsc: schemas/ottla.lock knows no such subject"), "{told}");
}

#[test]
fn a_lock_that_cannot_be_read_is_an_error() {
    let made = Crate::new();
    let (told, outcome) = made.run(&builder());
    let expected = "schemas/ottla.lock: there is no such file\n  help: run `ottla lock`, or correct the path";
    assert_eq!(outcome.expect_err("no lock"), expected);
    assert!(told.contains("cargo::rerun-if-changed=schemas/ottla.lock\n"), "{told}");
    let lock = lock(&made);
    made.write("schemas/ottla.lock", &lock.to_text().replace("\"int\"", "\"long\""));
    let error = made.run(&builder()).1.expect_err("a lock that was changed");
    assert!(
        error.starts_with(
            "schemas/ottla.lock:11:19: the schema and its references have another content hash: "
        ),
        "{error}"
    );
    assert!(!made.path("target/out/events.rs").exists(), "code without a comparison");
}

#[test]
fn the_level_of_the_lock_decides() {
    let made = Crate::new();
    let mut lock = lock(&made);
    // The first version had a field that the second does without: who reads again what it wrote as another type breaks.
    let first = r#"{"type": "record", "name": "n.A", "fields": [{"name": "y", "type": "int"}, {"name": "x", "type": "int"}]}"#;
    let subject = lock.subject_mut("a-value").expect("a subject");
    subject.versions = vec![Version::of(1, &schema(A, &[]), Vec::new())];
    subject.versions.insert(0, Version::of(1, &schema(first, &[]), Vec::new()));
    subject.versions[1].version = 2;
    lock.subject_mut("b-value").expect("a subject").versions[0] = {
        let a = schema(A, &[]);
        let to_a = Reference { name: "n.A".to_owned(), subject: "a-value".to_owned(), version: 2 };
        Version::of(1, &schema(B, &[&a]), vec![to_a])
    };
    let text = A.replace("[{", "[{\"name\": \"y\", \"type\": \"string\", \"default\": \"\"}, {");
    made.write("schemas/inner/a.avsc", &text);
    lock.write().expect("a lock");
    made.run(&builder()).1.expect("the newest version is followed");
    let told = |level, accepted: Option<&str>| {
        let mut lock = lock.clone();
        let subject = lock.subject_mut("a-value").expect("a subject");
        subject.level = level;
        subject.versions[1].accepted = accepted.map(str::to_owned);
        lock.write().expect("a lock");
        made.run(&builder()).1
    };
    let error = told(Level::BackwardTransitive, None).expect_err("version 1 is compared as well");
    assert!(error.contains("version 1, BACKWARD_TRANSITIVE") && !error.contains("version 2, "), "{error}");
    told(Level::BackwardTransitive, Some("nobody has it")).expect("versions before an accepted break");
    made.write("schemas/inner/a.avsc", &A.replace("\"int\"", "\"string\""));
    told(Level::None, None).expect_err("b-value has another level");
    made.write("schemas/b.avsc", "\"int\"");
    let error = told(Level::None, None).expect_err("an unknown name in a known file");
    assert!(error.contains("b-value") && !error.contains("a-value"), "{error}");
}

/// A file that has another place now is found by the full name, for all subjects that have it.
#[test]
fn files_are_followed_by_name() {
    let made = Crate::new();
    let mut lock = lock(&made);
    let mut other = lock.subject("b-value").expect("a subject").clone();
    other.name = "other-value".to_owned();
    other.file = Some("gone.avsc".to_owned());
    lock.put(other);
    lock.write().expect("a lock");
    fs::remove_file(made.path("schemas/b.avsc")).expect("a file");
    made.write("schemas/moved/b.avsc", B_WITH_MORE);
    let error = made.run(&builder()).1.expect_err("a field without a default");
    for subject in ["b-value", "other-value"] {
        assert!(error.contains(&format!("\n  {subject} against ")), "no {subject} in {error}");
    }
    // Where the file is known, it decides.
    made.write("schemas/b.avsc", B_WITH_MORE);
    fs::remove_file(made.path("schemas/moved/b.avsc")).expect("a file");
    let error = made.run(&builder()).1.expect_err("a field without a default");
    assert!(error.contains("b-value against") && !error.contains("other-value"), "{error}");
}
