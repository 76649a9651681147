//! From schema files: what is added, refused, accepted, amended, removed.

use std::fs;
use std::time::{Duration, SystemTime};

use ottla_gate::lock::Lock;

use crate::project::{MONEY, Project, SUBJECTS};

const GOOD: &str = r#"{"name": "note", "type": "string", "default": ""}"#;
const BAD: &str = r#"{"name": "note", "type": "string"}"#;

fn versions(lock: &Lock, subject: &str) -> Vec<(i32, Option<String>)> {
    let subject = lock.subject(subject).expect("a subject");
    subject.versions.iter().map(|version| (version.version, version.accepted.clone())).collect()
}

#[test]
fn files_become_versions() {
    let project = Project::new();
    let said = project.locked(&[]);
    assert_eq!(
        said,
        "money-value: added, with version 1\norders-value: added, with version 1\nschemas/ottla.lock is written\n"
    );
    let lock = project.read_lock();
    let order = lock.subject("orders-value").expect("a subject");
    assert_eq!((order.file.as_deref(), order.level.name()), (Some("order.avsc"), "BACKWARD"));
    assert_eq!(order.versions[0].references[0].subject, "money-value");
    let text = project.read("schemas/ottla.lock");
    assert_eq!(project.locked(&[]), "schemas/ottla.lock is up to date\n");
    project.add_field(GOOD);
    let said = project.locked(&[]);
    assert_eq!(said, "orders-value: version 2 added\nschemas/ottla.lock is written\n");
    assert_eq!(versions(&project.read_lock(), "orders-value"), [(1, None), (2, None)]);
    // What was there stays, line by line.
    let new = project.read("schemas/ottla.lock");
    let old: Vec<&str> = text.lines().filter(|line| !new.contains(line.trim_end_matches(','))).collect();
    assert_eq!(old, [""; 0]);
}

/// Another version of what a schema refers to is another version of the schema.
#[test]
fn references_follow() {
    let project = Project::new();
    project.locked(&[]);
    project.replace(
        "schemas/money.avsc",
        "[{",
        r#"[{"name": "currency", "type": "string", "default": "EUR"}, {"#,
    );
    let said = project.locked(&[]);
    assert_eq!(
        said,
        "money-value: version 2 added\norders-value: version 2 added\nschemas/ottla.lock is written\n"
    );
    let lock = project.read_lock();
    let order = lock.subject("orders-value").expect("a subject");
    assert_eq!(order.versions[1].text, order.versions[0].text);
    assert_eq!((order.versions[0].references[0].version, order.versions[1].references[0].version), (1, 2));
}

#[test]
fn a_break_is_refused_with_its_findings() {
    let project = Project::new();
    project.locked(&[]);
    let before = project.read("schemas/ottla.lock");
    project.add_field(BAD);
    project.write("schemas/new.avsc", r#"{"type": "enum", "name": "com.acme.New", "symbols": ["A"]}"#);
    let ended = project.lock(&[]);
    assert_eq!(ended.code, Some(1));
    for expected in [
        "schemas/order.avsc:7:5: error[AVRO-READER-FIELD-NO-DEFAULT]: ",
        "orders-value against lock:schemas/ottla.lock, version 1, BACKWARD\n",
        "fix: ",
        "1 incompatible",
    ] {
        assert!(ended.out.contains(expected), "no {expected:?} in {}", ended.out);
    }
    assert_eq!(
        ended.err,
        "ottla: schemas/ottla.lock stays as it is; a break that is wanted is accepted with --accept-breaking SUBJECT --reason \"...\"\n"
    );
    assert_eq!(project.read("schemas/ottla.lock"), before, "written nevertheless");
}

#[test]
fn a_wanted_break_is_accepted_and_seen() {
    let project = Project::new();
    project.locked(&[]);
    project.add_field(BAD);
    let said = project.locked(&["--accept-breaking", "orders-value", "--reason", "nobody reads it yet"]);
    assert_eq!(
        said,
        "orders-value: version 2 added, a break that was accepted: nobody reads it yet\nschemas/ottla.lock is written\n"
    );
    let text = project.read("schemas/ottla.lock");
    assert!(text.contains("\"accepted\": {\"reason\": \"nobody reads it yet\"},\n"), "{text}");
    let lock = project.read_lock();
    assert_eq!(lock.history("orders-value").len(), 1);
    assert_eq!(project.locked(&[]), "schemas/ottla.lock is up to date\n");
    // A later version is compared with that one, not with the first.
    project.replace(
        "ottla.toml",
        "subject = \"orders-value\"",
        "subject = \"orders-value\"\nlevel = \"FULL_TRANSITIVE\"",
    );
    project.add_field(r#"{"name": "more", "type": "int", "default": 1}"#);
    let said = project.locked(&[]);
    assert_eq!(
        said,
        "orders-value: level FULL_TRANSITIVE\norders-value: version 3 added\nschemas/ottla.lock is written\n"
    );
    assert_eq!(
        versions(&project.read_lock(), "orders-value"),
        [(1, None), (2, Some("nobody reads it yet".to_owned())), (3, None)]
    );
}

/// Who has locked a break by hand, or from a registry, accepts it later.
#[test]
fn what_is_locked_is_accepted_later() {
    let project = Project::new();
    project.replace(
        "ottla.toml",
        "subject = \"orders-value\"",
        "subject = \"orders-value\"\nlevel = \"NONE\"",
    );
    project.locked(&[]);
    project.add_field(BAD);
    project.locked(&[]);
    project.replace("ottla.toml", "\"NONE\"", "\"BACKWARD_TRANSITIVE\"");
    project.locked(&[]);
    project.replace(
        "schemas/order.avsc",
        "\"name\": \"note\", \"type\"",
        "\"name\": \"note\", \"doc\": \"x\", \"type\"",
    );
    assert_eq!(project.lock(&[]).code, Some(1), "version 1 is compared");
    project.replace("schemas/order.avsc", "\"doc\": \"x\", ", "");
    let said = project.locked(&["--accept-breaking", "orders-value", "--reason", "long ago"]);
    assert_eq!(
        said,
        "orders-value: version 2, a break that was accepted: long ago\nschemas/ottla.lock is written\n"
    );
    project.replace(
        "schemas/order.avsc",
        "\"name\": \"note\", \"type\"",
        "\"name\": \"note\", \"doc\": \"x\", \"type\"",
    );
    assert_eq!(project.locked(&[]), "orders-value: version 3 added\nschemas/ottla.lock is written\n");
}

#[test]
fn what_is_accepted_has_to_break() {
    let project = Project::new();
    project.locked(&[]);
    for (arguments, expected) in [
        (
            &["--accept-breaking", "orders-value", "--reason", "x"][..],
            "--accept-breaking orders-value: it breaks nothing that is locked",
        ),
        (
            &["--accept-breaking", "order-value", "--reason", "x"],
            "--accept-breaking order-value: no schema file has that subject",
        ),
        (
            &[
                "--accept-breaking",
                "a",
                "--accept-breaking",
                "b",
                "--accept-breaking",
                "c",
                "--reason",
                "x",
                "--reason",
                "y",
            ],
            "--accept-breaking: 3 subjects and 2 reasons; give one --reason for all, or one for each",
        ),
        (&["--accept-breaking", "a", "--reason", " "], "--reason \" \": a text of one line is expected"),
        (&["--allow-new"], "--allow-new is about a registry: give --registry or --from-registry"),
        (
            &["--from-registry"],
            "--from-registry: there is no OTTLA_REGISTRY, and no url in [registry] of ottla.toml",
        ),
        (&["--remove", "none"], "--remove none: schemas/ottla.lock has no such subject"),
        (&["--remove", "orders-value"], "--remove orders-value: schemas/order.avsc has that subject"),
        (&["--texts", "old"], "--texts old: a folder in that of schemas/ottla.lock is expected"),
        (&["--texts", "schemas"], "--texts schemas: a folder in that of schemas/ottla.lock is expected"),
    ] {
        let ended = project.lock(arguments);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{arguments:?} {}", ended.err);
        assert_eq!(ended.err, format!("ottla: {expected}\n"));
    }
    for arguments in [&["--accept-breaking", "a"][..], &["--reason", "a"], &["--nonsense"]] {
        assert_eq!(project.lock(arguments).code, Some(2), "{arguments:?}");
    }
}

#[test]
fn reasons_are_of_one_or_of_all() {
    let project = Project::new();
    project.locked(&[]);
    project.add_field(BAD);
    project.replace("schemas/money.avsc", "\"long\"", "\"string\"");
    let one = [
        "--accept-breaking",
        "orders-value",
        "--accept-breaking",
        "money-value",
        "--reason",
        "both",
        "--reason",
        "other",
    ];
    project.locked(&one);
    let lock = project.read_lock();
    assert_eq!(versions(&lock, "orders-value")[1].1.as_deref(), Some("both"));
    assert_eq!(versions(&lock, "money-value")[1].1.as_deref(), Some("other"));
}

#[test]
fn a_branch_edits_its_version_again() {
    let project = Project::new();
    project.locked(&[]);
    project.add_field(GOOD);
    project.locked(&[]);
    project.replace("schemas/order.avsc", "\"note\"", "\"remark\"");
    let said = project.locked(&["--amend"]);
    assert_eq!(said, "orders-value: version 2 replaced\nschemas/ottla.lock is written\n");
    let lock = project.read_lock();
    assert_eq!(versions(&lock, "orders-value"), [(1, None), (2, None)]);
    assert!(lock.subject("orders-value").expect("a subject").versions[1].text.contains("remark"));
    // What it replaces is not compared, what is before it is.
    project.replace("schemas/order.avsc", "\"type\": \"string\", \"default\": \"\"", "\"type\": \"string\"");
    let ended = project.lock(&["--amend"]);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.out.contains("version 1, BACKWARD") && !ended.out.contains("version 2, BACKWARD"),
        "{}",
        ended.out
    );
    project.locked(&["--amend", "--accept-breaking", "orders-value", "--reason", "x"]);
    assert_eq!(versions(&project.read_lock(), "orders-value"), [(1, None), (2, Some("x".to_owned()))]);
    // What no longer breaks needs no reason.
    project.replace(
        "schemas/order.avsc",
        "\"type\": \"string\"}\n  ]",
        "\"type\": \"string\", \"default\": \"\"}\n  ]",
    );
    project.locked(&["--amend"]);
    assert_eq!(versions(&project.read_lock(), "orders-value"), [(1, None), (2, None)]);
}

/// What others refer to is replaced with them.
#[test]
fn amended_types_are_those_of_all_who_use_them() {
    let project = Project::new();
    project.locked(&[]);
    project.replace(
        "schemas/money.avsc",
        "[{",
        r#"[{"name": "currency", "type": "string", "default": "EUR"}, {"#,
    );
    project.locked(&[]);
    project.replace("schemas/money.avsc", "\"EUR\"", "\"USD\"");
    project.replace(
        "schemas/money.avsc",
        "\"string\"",
        "{\"type\": \"enum\", \"name\": \"Cur\", \"symbols\": [\"USD\"]}",
    );
    let said = project.locked(&["--amend", "schemas/money.avsc"]);
    assert!(
        said.starts_with("money-value: version 2 replaced\norders-value: version 2 replaced\n"),
        "{said}"
    );
    project.read_lock();
}

/// Who uses a type that is amended is compared again, at a level of its own.
#[test]
fn who_uses_what_is_amended_is_compared_again() {
    let project = Project::new();
    project.replace("ottla.toml", "subject = \"money-value\"", "subject = \"money-value\"\nlevel = \"NONE\"");
    project.locked(&[]);
    project.replace(
        "schemas/money.avsc",
        "[{",
        r#"[{"name": "currency", "type": "string", "default": "EUR"}, {"#,
    );
    project.locked(&[]);
    let before = project.read("schemas/ottla.lock");
    // The Parsing Canonical Form, and with it the fingerprint, stays.
    project.replace("schemas/money.avsc", ", \"default\": \"EUR\"", "");
    let ended = project.lock(&["--amend"]);
    assert_eq!(ended.code, Some(1), "{}", ended.out);
    assert!(ended.out.contains("orders-value against lock:schemas/ottla.lock, version 1"), "{}", ended.out);
    assert_eq!(project.read("schemas/ottla.lock"), before);
}

#[test]
fn registered_versions_are_not_replaced() {
    let project = Project::new();
    project.locked(&[]);
    let mut lock = project.read_lock();
    lock.subject_mut("orders-value").expect("a subject").versions[0].id = Some(7);
    lock.write().expect("a lock");
    project.add_field(GOOD);
    assert_eq!(
        project.locked(&["--amend"]),
        "orders-value: version 2 added\nschemas/ottla.lock is written\n"
    );
}

#[test]
fn files_that_are_gone() {
    let project = Project::new();
    project.locked(&[]);
    let before = project.read("schemas/ottla.lock");
    fs::remove_file(project.path("schemas/order.avsc")).expect("a file");
    let ended = project.lock(&[]);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.out.contains("schemas/ottla.lock:24:5: error[SCHEMA-REMOVED]: schemas/order.avsc is gone"),
        "{}",
        ended.out
    );
    assert!(ended.out.contains("ottla lock --remove orders-value"), "{}", ended.out);
    assert_eq!(project.read("schemas/ottla.lock"), before);
    // Who asks about other files is not asked about it.
    project.locked(&["schemas/money.avsc"]);
    assert_eq!(
        project.locked(&["--remove", "orders-value"]),
        "orders-value: removed\nschemas/ottla.lock is written\n"
    );
    assert!(project.read_lock().subject("orders-value").is_none());
}

/// What others refer to stays for them.
#[test]
fn what_is_referred_to_stays() {
    let project = Project::new();
    project.locked(&[]);
    project.replace("schemas/order.avsc", "\"com.acme.Money\"", MONEY);
    fs::remove_file(project.path("schemas/money.avsc")).expect("a file");
    project.locked(&["--remove", "money-value"]);
    let lock = project.read_lock();
    let money = lock.subject("money-value").expect("a subject");
    assert_eq!((money.file.as_deref(), money.versions.len()), (None, 1));
    // Where a type stands makes no other schema.
    assert_eq!(lock.history("orders-value").len(), 1);
    assert_eq!(project.locked(&[]), "schemas/ottla.lock is up to date\n");
}

#[test]
fn moved_files_keep_their_subjects() {
    let project = Project::new();
    project.locked(&[]);
    fs::create_dir(project.path("events")).expect("a folder");
    fs::rename(project.path("schemas/order.avsc"), project.path("events/order.avsc")).expect("a file");
    project.write("ottla.toml", &SUBJECTS.replace("schemas/order", "events/order"));
    assert_eq!(
        project.locked(&[]),
        "orders-value: file ../events/order.avsc\nschemas/ottla.lock is written\n"
    );
}

#[test]
fn wrong_files_and_locks() {
    let project = Project::new();
    project.write("schemas/bad.avsc", "{\"type\": \"record\"}");
    let ended = project.lock(&[]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""));
    assert!(ended.err.starts_with("schemas/bad.avsc:1:1: No name in schema"), "{}", ended.err);
    fs::remove_file(project.path("schemas/bad.avsc")).expect("a file");
    assert!(!project.path("schemas/ottla.lock").exists());
    project.locked(&[]);
    project.replace("schemas/ottla.lock", "cents", "euros");
    let ended = project.lock(&[]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
    assert!(
        ended.err.starts_with(
            "schemas/ottla.lock:11:19: the schema and its references have another content hash: "
        ),
        "{}",
        ended.err
    );
    let empty = Project::new();
    fs::remove_dir_all(empty.path("schemas")).expect("a folder");
    let ended = empty.lock(&[]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
}

#[test]
fn texts_are_files_where_that_is_wanted() {
    let project = Project::new();
    project.locked(&[]);
    project.locked(&["--texts", "schemas/history"]);
    assert!(
        project
            .read("schemas/history/orders-value/1.json")
            .contains("\n    {\"name\": \"id\", \"type\": \"string\"},\n")
    );
    project.add_field(GOOD);
    // From then on without the flag.
    project.locked(&[]);
    assert!(project.read("schemas/ottla.lock").contains("\"path\": \"history/orders-value/2.json\""));
    project.replace("schemas/order.avsc", "\"note\"", "\"remark\"");
    project.locked(&["--amend"]);
    assert!(project.read("schemas/history/orders-value/2.json").contains("remark"));
    assert_eq!(project.locked(&["--check"]), "schemas/ottla.lock is up to date\n");
    fs::remove_file(project.path("schemas/order.avsc")).expect("a file");
    project.locked(&["--remove", "orders-value"]);
    assert!(!project.path("schemas/history/orders-value").exists(), "texts of nobody");
    assert!(project.path("schemas/history/money-value/1.json").exists());
}

#[test]
fn the_lock_is_where_it_is_said_or_where_schemas_are() {
    let project = Project::new();
    project.locked(&["--lock", "other.lock"]);
    assert!(project.path("other.lock").exists() && !project.path("schemas/ottla.lock").exists());
    assert!(project.read("other.lock").contains("\"file\": \"schemas/order.avsc\""));
    project.write("ottla.toml", &format!("lock = \"released/all.lock\"\n{SUBJECTS}"));
    project.locked(&[]);
    assert!(project.path("released/all.lock").exists());
    let flat = Project::new();
    fs::remove_dir_all(flat.path("schemas")).expect("a folder");
    flat.write("ottla.toml", "");
    flat.write("money.avsc", MONEY);
    assert_eq!(flat.locked(&[]), "com.acme.Money: added, with version 1\nottla.lock is written\n");
    assert_eq!(flat.locked(&["--check"]), "ottla.lock is up to date\n");
}

#[test]
fn a_lock_that_stays_keeps_its_time() {
    let project = Project::new();
    project.locked(&[]);
    let path = project.path("schemas/ottla.lock");
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let file = fs::File::options().write(true).open(&path).expect("a file");
    file.set_modified(old).expect("a time");
    project.locked(&[]);
    assert_eq!(fs::metadata(&path).and_then(|m| m.modified()).expect("a time"), old);
}
