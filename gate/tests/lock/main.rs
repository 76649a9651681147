//! The lock file: what is written is read again, what was changed by hand is not, and what a version is compared with.

mod corrupt;
mod history;
mod large;
mod merge;
mod written;

use std::fs;
use std::path::PathBuf;

use ottla_formats::avro::{Mode, Schema, parse_with};
use ottla_formats::compatibility::Level;
use ottla_gate::lock::{Lock, Reference, Subject, Version};
use tempfile::TempDir;

const MONEY: &str =
    r#"{"type": "record", "name": "com.example.Money", "fields": [{"name": "cents", "type": "long"}]}"#;
const ORDER: &str = r#"{"type": "record", "name": "Order", "namespace": "com.example", "doc": "An order", "fields": [
    {"name": "id", "type": "string", "doc": "Its number, as customers know it: it is never given twice, and never empty"},
    {"name": "sum", "type": "Money"}]}"#;

/// A schema; what it refers to is known.
fn schema(text: &str, references: &[&Schema]) -> Schema {
    parse_with(text, Mode::Register, references).expect("a schema")
}

/// A record with fields of type int.
fn record(name: &str, fields: &[&str]) -> Schema {
    let fields: Vec<String> = fields.iter().map(|f| format!(r#"{{"name":"{f}","type":"int"}}"#)).collect();
    schema(&format!(r#"{{"type":"record","name":"{name}","fields":[{}]}}"#, fields.join(",")), &[])
}

/// A subject with one version for each schema.
fn subject(name: &str, schemas: &[Schema]) -> Subject {
    let mut subject = Subject::new(name, Level::Backward);
    subject.file = Some(format!("{name}.avsc"));
    subject.versions = (1..).zip(schemas).map(|(n, schema)| Version::of(n, schema, Vec::new())).collect();
    subject
}

/// A folder with a lock of two subjects, one of which refers to the other.
fn two() -> (TempDir, Lock) {
    let folder = TempDir::new().expect("a folder");
    let mut lock = Lock::new(folder.path().join("ottla.lock"));
    let money = schema(MONEY, &[]);
    let order = schema(ORDER, &[&money]);
    lock.put(subject("money", &[money]));
    let mut orders = Subject::new("orders", Level::FullTransitive);
    let reference =
        Reference { name: "com.example.Money".to_owned(), subject: "money".to_owned(), version: 1 };
    let mut first = Version::of(1, &order, vec![reference]);
    first.id = Some(12);
    orders.versions.push(first);
    lock.put(orders);
    (folder, lock)
}

/// What reading a text says that is wrong with it.
fn errors(text: &str) -> Vec<String> {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("ottla.lock"), text).expect("a file");
    errors_in(folder.path().join("ottla.lock"))
}

fn errors_in(path: PathBuf) -> Vec<String> {
    match Lock::read_as(&path, "ottla.lock") {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}
