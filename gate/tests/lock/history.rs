//! What a version is compared with.

use super::*;

fn labels(lock: &Lock, subject: &str) -> Vec<String> {
    lock.history(subject).into_iter().map(|released| released.label).collect()
}

#[test]
fn the_newest_comes_first() {
    let (_folder, mut lock) = two();
    let schemas: Vec<Schema> = ["a", "b", "c", "d"].map(|field| record("R", &[field])).into();
    lock.put(subject("r", &schemas));
    assert_eq!(labels(&lock, "r"), ["version 4", "version 3", "version 2", "version 1"]);
    assert_eq!(lock.history("r")[0].schema.to_text(), schemas[3].to_text());
    assert_eq!(labels(&lock, "none"), [""; 0]);
    let before: Vec<String> = lock.history_before("r", 3).into_iter().map(|r| r.label).collect();
    assert_eq!(before, ["version 2", "version 1"]);
}

#[test]
fn versions_before_an_accepted_break_are_left_out() {
    let (_folder, mut lock) = two();
    let schemas: Vec<Schema> = ["a", "b", "c", "d"].map(|field| record("R", &[field])).into();
    let mut subject = subject("r", &schemas);
    subject.versions[0].accepted = Some("long ago".to_owned());
    subject.versions[2].accepted = Some("nobody reads it".to_owned());
    lock.put(subject);
    assert_eq!(labels(&lock, "r"), ["version 4", "version 3"]);
    let before: Vec<String> = lock.history_before("r", 3).into_iter().map(|r| r.label).collect();
    assert_eq!(before, ["version 2", "version 1"]);
}

#[test]
fn schemas_have_what_they_refer_to() {
    let (_folder, mut lock) = two();
    // The subject gets another version; the reference stays with the first.
    let money = lock.subject_mut("money").expect("a subject");
    money.versions.push(Version::of(2, &record("com.example.Money", &["euros"]), Vec::new()));
    let history = lock.history("orders");
    let text = history[0].schema.to_inlined_text();
    assert!(text.contains("cents") && !text.contains("euros"), "{text}");
    let schema = lock.schema("orders", 1).expect("a schema");
    assert_eq!(schema.to_inlined_text(), text);
    assert!(lock.schema("orders", 2).is_none() && lock.schema("none", 1).is_none());
}

/// Unqualified subjects are those of the referring subject's context.
#[test]
fn references_are_of_a_context() {
    let (folder, _) = two();
    let mut lock = Lock::new(folder.path().join("other.lock"));
    let money = schema(MONEY, &[]);
    lock.put(subject(":.eu:money", std::slice::from_ref(&money)));
    lock.put(subject("money", &[record("com.example.Money", &["euros"])]));
    let order = schema(ORDER, &[&money]);
    for (name, to) in [(":.eu:a", "money"), (":.us:b", ":.eu:money"), ("c", ":.eu:money")] {
        let mut subject = Subject::new(name, Level::None);
        let reference =
            Reference { name: "com.example.Money".to_owned(), subject: to.to_owned(), version: 1 };
        subject.versions.push(Version::of(1, &order, vec![reference]));
        lock.put(subject);
    }
    lock.write().expect("a file");
    let lock = Lock::read(lock.path()).expect("a lock");
    for name in [":.eu:a", ":.us:b", "c"] {
        assert!(lock.history(name)[0].schema.to_inlined_text().contains("cents"), "{name}");
    }
}
