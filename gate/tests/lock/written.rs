//! What is written.

use std::fs;
use std::time::{Duration, SystemTime};

use ottla_formats::Guid;
use ottla_gate::lock::content_hash;

use super::*;

const EXPECTED: &str = r#"{
  "ottlaLock": 1,
  "subjects": [
    {
      "subject": "money",
      "file": "money.avsc",
      "level": "BACKWARD",
      "versions": [
        {
          "version": 1,
          "guid": "MONEY-GUID",
          "fingerprint": "MONEY-PRINT",
          "schema": {
            "type": "record",
            "name": "Money",
            "namespace": "com.example",
            "fields": [
              {"name": "cents", "type": "long"}
            ]
          }
        }
      ]
    },
    {
      "subject": "orders",
      "level": "FULL_TRANSITIVE",
      "versions": [
        {
          "version": 1,
          "id": 12,
          "guid": "ORDER-GUID",
          "fingerprint": "ORDER-PRINT",
          "references": [
            {"name": "com.example.Money", "subject": "money", "version": 1}
          ],
          "schema": {
            "type": "record",
            "name": "Order",
            "namespace": "com.example",
            "doc": "An order",
            "fields": [
              {
                "name": "id",
                "type": "string",
                "doc": "Its number, as customers know it: it is never given twice, and never empty"
              },
              {"name": "sum", "type": "Money"}
            ]
          }
        }
      ]
    }
  ]
}
"#;

#[test]
fn fields_are_lines() {
    let (_folder, lock) = two();
    let mut expected = EXPECTED.to_owned();
    for (name, word) in [("money", "MONEY"), ("orders", "ORDER")] {
        let version = &lock.subject(name).expect("a subject").versions[0];
        expected = expected.replace(&format!("{word}-GUID"), &version.guid.to_string());
        expected = expected.replace(&format!("{word}-PRINT"), &format!("{:016x}", version.fingerprint));
    }
    assert_eq!(lock.to_text(), expected);
}

#[test]
fn what_is_written_is_read() {
    let (folder, mut lock) = two();
    // A version that somebody wanted, one with metadata, and a text that JSON would not keep.
    let orders = lock.subject_mut("orders").expect("a subject");
    let mut second = orders.versions[0].clone();
    (second.version, second.id, second.accepted) = (4, None, Some("nobody reads it".to_owned()));
    (second.text_guid, second.guid) = (Some(second.guid), Guid([7; 16]));
    orders.versions.push(second);
    let mut odd = subject("odd", &[record("Odd", &["x"])]);
    odd.versions[0].text = odd.versions[0].text.replace(':', " : ");
    odd.versions[0].guid = content_hash(&odd.versions[0].text, &[]);
    lock.put(odd);
    assert!(lock.write().expect("a file"));
    let path = folder.path().join("ottla.lock");
    let again = Lock::read(&path).expect("a lock");
    assert_eq!(again.to_text(), lock.to_text());
    assert_eq!(fs::read_to_string(&path).expect("a file"), lock.to_text());
    let known = |lock: &Lock| -> Vec<(String, Vec<Version>)> {
        let versions =
            |s: &Subject| s.versions.iter().cloned().map(|v| Version { position: None, ..v }).collect();
        lock.subjects().iter().map(|s| (s.name.clone(), versions(s))).collect()
    };
    assert_eq!(known(&again), known(&lock));
    let names: Vec<&str> = again.subjects_named("com.example.Order").map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["orders"]);
    assert_eq!(again.subjects_of("money.avsc").count(), 1);
    let position = again.subject("odd").and_then(|s| s.position).expect("a position");
    assert_eq!((position.line, position.column), (24, 5));
}

#[test]
fn a_lock_that_stays_keeps_its_time() {
    let (folder, lock) = two();
    lock.write().expect("a file");
    let path = folder.path().join("ottla.lock");
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let file = fs::File::options().write(true).open(&path).expect("a file");
    file.set_modified(old).expect("a time");
    assert!(!lock.write().expect("the same"));
    assert_eq!(fs::metadata(&path).and_then(|m| m.modified()).expect("a time"), old);
    let left: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["ottla.lock"], "drafts are left");
}

#[test]
fn texts_may_be_files() {
    let (folder, mut lock) = two();
    for name in ["money", "orders"] {
        let subject = lock.subject_mut(name).expect("a subject");
        subject.versions[0].path = Some(format!("history/{name}/1.avsc"));
    }
    lock.write().expect("files");
    let path = folder.path().join("ottla.lock");
    assert!(
        lock.to_text().contains("\"path\": \"history/orders/1.avsc\"") && !lock.to_text().contains("cents")
    );
    let text = fs::read_to_string(folder.path().join("history/money/1.avsc")).expect("a text");
    assert!(text.contains("\n    {\"name\": \"cents\", \"type\": \"long\"}\n"), "{text}");
    let again = Lock::read(&path).expect("a lock");
    assert_eq!(again.to_text(), lock.to_text());
    // Line ends are not the text's.
    fs::write(folder.path().join("history/money/1.avsc"), text.replace('\n', "\r\n")).expect("a file");
    assert_eq!(
        Lock::read(&path).expect("a lock").subject("money").map(|s| &s.versions[0].text),
        lock.subject("money").map(|s| &s.versions[0].text)
    );
    fs::write(folder.path().join("history/money/1.avsc"), text.replace("cents", "euros")).expect("a file");
    let told = errors_in(path.clone());
    assert!(told[0].contains("another content hash"), "{told:?}");
    fs::remove_file(folder.path().join("history/money/1.avsc")).expect("a file");
    let told = errors_in(path);
    assert!(told[0].starts_with("ottla.lock:13:19: history/money/1.avsc cannot be read: "), "{told:?}");
}

#[test]
fn what_cannot_be_read_again_is_not_written() {
    let (folder, mut lock) = two();
    lock.write().expect("a file");
    let before = fs::read_to_string(folder.path().join("ottla.lock")).expect("a file");
    lock.remove("money");
    let error = lock.write().expect_err("a reference that leads nowhere").to_string();
    assert!(
        error.contains("orders version 1: it refers to money version 1, which is not in the lock"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(folder.path().join("ottla.lock")).expect("a file"), before);
    let empty = Lock::new(folder.path().join("new.lock"));
    empty.write().expect("a file");
    assert_eq!(Lock::read(empty.path()).expect("a lock").subjects().len(), 0);
}
