//! Is the lock up to date?

use std::fs;

use crate::project::{Ended, Project};

fn out_of_date(project: &Project, expected: &str) {
    let before = fs::read(project.path("schemas/ottla.lock")).ok();
    let ended = project.lock(&["--check"]);
    let err = "ottla: schemas/ottla.lock is out of date: run `ottla lock` and commit it\n".to_owned();
    assert_eq!(ended, Ended { code: Some(1), out: expected.to_owned(), err });
    assert_eq!(fs::read(project.path("schemas/ottla.lock")).ok(), before, "a check has written");
}

#[test]
fn what_is_out_of_date_is_told_with_its_place() {
    let project = Project::new();
    out_of_date(
        &project,
        "schemas/money.avsc:1: money-value is not locked\nschemas/order.avsc:1: orders-value is not locked\n",
    );
    project.locked(&[]);
    assert_eq!(project.locked(&["--check"]), "schemas/ottla.lock is up to date\n");
    project.add_field(r#"{"name": "note", "type": "string", "default": ""}"#);
    out_of_date(
        &project,
        "schemas/ottla.lock:29: orders-value version 2 is not locked: schemas/order.avsc has changed\n",
    );
    project.locked(&[]);
    project.replace("schemas/order.avsc", "note", "remark");
    let ended = project.lock(&["--check", "--amend"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.out.ends_with(": orders-value version 2 is another schema\n"), "{}", ended.out);
    project.locked(&["--amend"]);
    project.replace(
        "ottla.toml",
        "subject = \"orders-value\"",
        "subject = \"orders-value\"\nlevel = \"FULL\"",
    );
    out_of_date(&project, "schemas/ottla.lock:24: the level of orders-value is FULL, not BACKWARD\n");
}

#[test]
fn another_form_is_out_of_date() {
    let project = Project::new();
    project.locked(&[]);
    project.replace("schemas/ottla.lock", "      \"file\"", "      \n\"file\"");
    out_of_date(&project, "schemas/ottla.lock:1: this is not what is written for the same versions\n");
    project.locked(&[]);
    project.locked(&["--check"]);
}

#[test]
fn what_breaks_is_told_as_such() {
    let project = Project::new();
    project.locked(&[]);
    project.add_field(r#"{"name": "note", "type": "string"}"#);
    let ended = project.lock(&["--check"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.out.contains("error[AVRO-READER-FIELD-NO-DEFAULT]"), "{}", ended.out);
}
