//! What was changed by hand, cut off or merged badly is told, with its place.

use super::*;

/// The lock of two subjects as a text in which one thing is another.
fn changed(from: &str, to: &str) -> String {
    let (_folder, lock) = two();
    let text = lock.to_text();
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}

fn check(from: &str, to: &str, expected: &[&str]) {
    let told = errors(&changed(from, to));
    assert_eq!(told, expected, "{from} -> {to}");
}

#[test]
fn hashes_are_computed_again() {
    let (_folder, lock) = two();
    let money = &lock.subject("money").expect("a subject").versions[0];
    let orders = &lock.subject("orders").expect("a subject").versions[0];
    let (guid, print) = (money.guid.to_string(), format!("{:016x}", money.fingerprint));
    let other = format!(
        "ottla.lock:11:19: the schema and its references have another content hash: {guid} (at /subjects/0/versions/0/guid)"
    );
    check(&guid, "00000000-0000-0000-0000-000000000000", &[&other]);
    let no_guid = "ottla.lock:11:19: this is no GUID as locks have them: 8-4-4-4-12 lower-case digits (at /subjects/0/versions/0/guid)";
    check(&guid, &guid.to_uppercase(), &[no_guid]);
    check(&guid, &guid.replace('-', ""), &[no_guid]);
    let other = format!("ottla.lock:9:9: money version 1: the schema has another fingerprint: {print}");
    check(&print, "0000000000000000", &[&other]);
    let no_print = "ottla.lock:12:26: this is no fingerprint: 16 hexadecimal digits are expected (at /subjects/0/versions/0/fingerprint)";
    check(&print, "+00000000000000f", &[no_print]);
    check(&print, "0", &[no_print]);
    // The reference belongs to the hash of what refers.
    let told = errors(&changed(
        "\"subject\": \"money\", \"version\": 1}",
        "\"subject\": \"money\", \"version\": 2}",
    ));
    assert!(told.len() == 1 && told[0].contains(&orders_place("another content hash")), "{told:?}");
    assert_ne!(orders.guid, money.guid);
}

fn orders_place(message: &str) -> String {
    format!("the schema and its references have {message}")
}

#[test]
fn the_schema_is_what_was_hashed() {
    for (from, to) in
        [("cents", "euros"), ("\"type\": \"long\"", "\"type\": \"int\""), ("An order", "A order")]
    {
        let told = errors(&changed(from, to));
        assert!(told.len() == 1 && told[0].contains("have another content hash"), "{from}: {told:?}");
    }
    // Where the schema is another one than its registry's guid is of, its own is told.
    let (_folder, mut lock) = two();
    let version = &mut lock.subject_mut("money").expect("a subject").versions[0];
    version.text_guid = Some(version.guid);
    let text = lock.to_text();
    assert_eq!(errors(&text), [""; 0]);
    let told = errors(&text.replace("cents", "euros"));
    assert!(told[0].contains("(at /subjects/0/versions/0/textGuid)"), "{told:?}");
}

#[test]
fn versions_ascend_and_subjects_are_there_once() {
    let (_folder, mut lock) = two();
    let fields = ["a", "b", "c"].map(|field| record("R", &[field]));
    lock.put(subject("r", &fields));
    let text = lock.to_text();
    let twice = text.replace("\"version\": 2,", "\"version\": 1,");
    assert_eq!(
        errors(&twice),
        ["ottla.lock:71:22: version 1 stands behind version 1 (at /subjects/2/versions/1/version)"]
    );
    let back = text.replace("\"version\": 3,", "\"version\": 1,");
    assert!(errors(&back)[0].contains(": version 1 stands behind version 2 "), "{:?}", errors(&back));
    let same = text.replace("\"subject\": \"r\"", "\"subject\": \"orders\"");
    assert_eq!(errors(&same), ["ottla.lock:53:5: subject orders is there twice"]);
    for zero in ["0", "-1", "1.0", "\"1\"", "2147483648", "99999999999999999999", "null"] {
        let told = errors(&text.replacen("\"version\": 3,", &format!("\"version\": {zero},"), 1));
        assert!(
            told.len() == 1 && told[0].contains("a number from 1 to 2147483647 is expected"),
            "{zero}: {told:?}"
        );
    }
}

/// A merge may leave subjects in another order; nothing is lost by that.
#[test]
fn the_order_of_subjects_does_not_count() {
    let (folder, lock) = two();
    let text = lock.to_text();
    let (head, rest) = text.split_once("    {\n      \"subject\": \"money\"").expect("a subject");
    let (money, orders) = rest.split_once("    },\n").expect("another");
    let orders = orders.strip_suffix("    }\n  ]\n}\n").expect("an end");
    let turned =
        format!("{head}{orders}    }},\n    {{\n      \"subject\": \"money\"{money}    }}\n  ]\n}}\n");
    fs::write(folder.path().join("ottla.lock"), turned).expect("a file");
    let read = Lock::read(&folder.path().join("ottla.lock")).expect("a lock");
    assert_eq!(read.to_text(), text);
}

#[test]
fn what_is_not_known_is_told() {
    check(
        "\"ottlaLock\": 1",
        "\"ottlaLock\": 1, \"x\": 2",
        &["ottla.lock:2:24: a lock has no \"x\": ottlaLock, subjects are known (at /x)"],
    );
    check(
        "\"ottlaLock\": 1",
        "\"ottlaLock\": 2",
        &[
            "ottla.lock:2:16: this lock has format 2, and format 1 is known here (at /ottlaLock)\n  help: use a newer version of ottla",
        ],
    );
    check("\"ottlaLock\": 1", "\"ottlaLock\": \"1\"", &["ottla.lock:2:16: 1 is expected (at /ottlaLock)"]);
    check("\"ottlaLock\": 1,", "", &["ottla.lock:1:1: a lock without \"ottlaLock\": it is none"]);
    check(
        "FULL_TRANSITIVE",
        "SOME",
        &["ottla.lock:26:16: no such compatibility level (at /subjects/1/level)"],
    );
    check(
        "\"file\": \"money.avsc\"",
        "\"path\": \"money.avsc\"",
        &[
            "ottla.lock:6:15: a subject has no \"path\": subject, file, level, versions are known (at /subjects/0/path)",
        ],
    );
    check(
        "      \"level\": \"BACKWARD\",\n",
        "",
        &["ottla.lock:4:5: a subject without \"level\" (at /subjects/0)"],
    );
    check(
        "\"subject\": \"orders\"",
        "\"subject\": \"\"",
        &["ottla.lock:25:18: a text of one line is expected (at /subjects/1/subject)"],
    );
    check(
        "\"id\": 12",
        "\"key\": 12",
        &[
            "ottla.lock:30:18: a version has no \"key\": version, id, guid, textGuid, fingerprint, references, accepted, schema, text, path are known (at /subjects/1/versions/0/key)",
        ],
    );
    check(
        "\"id\": 12",
        "\"id\": -12",
        &["ottla.lock:30:17: a number from 0 to 4294967295 is expected (at /subjects/1/versions/0/id)"],
    );
    check(
        "\"id\": 12",
        "\"text\": \"\"",
        &["ottla.lock:28:9: a version has one of schema, text and path (at /subjects/1/versions/0)"],
    );
    check(
        "\"id\": 12",
        "\"accepted\": {}",
        &["ottla.lock:30:23: what is accepted without \"reason\" (at /subjects/1/versions/0/accepted)"],
    );
    check(
        "\"name\": \"com.example.Money\", ",
        "",
        &["ottla.lock:34:13: a reference without \"name\" (at /subjects/1/versions/0/references/0)"],
    );
}

#[test]
fn texts_that_are_no_lock() {
    for (text, expected) in [
        ("", "ottla.lock:1:1: an object is expected"),
        ("null", "ottla.lock:1:1: an object is expected"),
        ("[1]", "ottla.lock:1:1: an object is expected"),
        ("{}", "ottla.lock:1:1: a lock without \"ottlaLock\": it is none"),
        ("{\"ottlaLock\": 1}", "ottla.lock:1:1: a lock without \"subjects\""),
        ("{\"ottlaLock\": 1, \"ottlaLock\": 1}", "ottla.lock:1:18: there are two members \"ottlaLock\""),
        ("{\"ottlaLock\": 1, \"subjects\": {}}", "ottla.lock:1:30: a list is expected (at /subjects)"),
        ("{\"ottlaLock\": 1, \"subjects\": []} x", "ottla.lock:1:34: there is more behind the end"),
        ("{\"ottlaLock\": 1 \"subjects\": []}", "ottla.lock:1:17: a comma or } is expected"),
        ("{1: 1}", "ottla.lock:1:2: a key in double-quotes is expected"),
        (
            "{\"ottlaLock\": 1, \"subjects\": [{\"versions\": [{]}]}",
            "ottla.lock:1:46: Unexpected character (']' (code 93)) (expected a key in double-quotes) (at /subjects/0/versions/0)",
        ),
    ] {
        assert_eq!(errors(text), [expected], "{text}");
    }
    let folder = TempDir::new().expect("a folder");
    let missing = errors_in(folder.path().join("none.lock"));
    assert_eq!(missing, ["ottla.lock: there is no such file\n  help: run `ottla lock`, or correct the path"]);
    fs::write(folder.path().join("bad.lock"), b"{\n \"\xff").expect("a file");
    assert_eq!(errors_in(folder.path().join("bad.lock")), ["ottla.lock:2:3: byte 0xff is no UTF-8"]);
    assert!(errors_in(folder.path().to_owned())[0].starts_with("ottla.lock: "), "a folder");
}

#[test]
fn what_a_merge_left_behind() {
    let (_folder, lock) = two();
    for line in [
        "      \"level\": \"BACKWARD\",\n",
        "          \"version\": 1,\n          \"guid\"",
        "            \"type\": \"record\",\n            \"name\": \"Money\"",
    ] {
        let text = lock.to_text().replacen(line, &format!("<<<<<<< HEAD\n{line}"), 1);
        let told = errors(&text);
        assert!(
            told[0].contains(":1: this is what a merge left behind\n  help: keep the entries of both"),
            "{told:?}"
        );
    }
}

#[test]
fn a_cut_is_no_lock() {
    let (_folder, lock) = two();
    let text = lock.to_text();
    for end in 0..text.trim_end().len() {
        assert_eq!(errors(&text[..end]).len(), 1, "cut at {end}");
    }
}

/// Whatever character is lost or another one, it is told or changes nothing.
#[test]
fn no_change_passes() {
    let (folder, lock) = two();
    let (text, path) = (lock.to_text(), folder.path().join("ottla.lock"));
    // What may be other without another meaning: where the file is, the level, the id, the name of a subject.
    let free = |at: usize| {
        let line =
            text[..at].rfind('\n').map_or("", |from| text[from..].trim_start().lines().next().unwrap_or(""));
        ["\"file\"", "\"level\"", "\"id\"", "\"subject\": \"orders\""].iter().any(|key| line.starts_with(key))
    };
    for (at, c) in text.char_indices().filter(|(at, c)| !c.is_whitespace() && !free(*at)) {
        for other in ["", "x", "0", "\"", "{", "\u{0}"] {
            if c.to_string() == other {
                continue;
            }
            let changed = format!("{}{other}{}", &text[..at], &text[at + c.len_utf8()..]);
            fs::write(&path, &changed).expect("a file");
            assert!(Lock::read(&path).is_err(), "{:?} in the place of {c:?} at {at}", other);
        }
    }
}

#[test]
fn nesting_is_bounded() {
    let (_folder, lock) = two();
    for open in ["[", "{\"type\":"] {
        let deep = lock.to_text().replacen("\"long\"", &open.repeat(100_000), 1);
        let told = errors(&deep);
        assert!(told[0].contains("nesting depth (201) exceeds the maximum allowed"), "{:?}", told[0]);
    }
    // What is nested so deep that JSON in JSON could not be read is kept as a text.
    let (levels, folder) = (190, TempDir::new().expect("a folder"));
    let text = format!("{}\"int\"{}", "{\"type\":\"array\",\"items\":".repeat(levels), "}".repeat(levels));
    let mut lock = Lock::new(folder.path().join("ottla.lock"));
    lock.put(subject("deep", &[schema(&text, &[])]));
    lock.write().expect("a file");
    assert!(lock.to_text().contains("\"text\": \"{\\\"type"));
    assert_eq!(Lock::read(lock.path()).expect("a lock").to_text(), lock.to_text());
}

#[test]
fn references_lead_somewhere() {
    let (folder, mut lock) = two();
    let path = folder.path().join("ottla.lock");
    let text = lock.to_text();
    let alone = text.replacen("\"subject\": \"money\",\n", "\"subject\": \"moneys\",\n", 1);
    assert_eq!(
        errors(&alone),
        ["ottla.lock:28:9: orders version 1: it refers to money version 1, which is not in the lock"]
    );
    // Two that refer to each other.
    let orders = lock.subject("orders").expect("a subject").versions[0].clone();
    let money = lock.subject_mut("money").expect("a subject");
    let mut round = money.versions[0].clone();
    round.references = vec![Reference { name: "x".to_owned(), subject: "orders".to_owned(), version: 1 }];
    round.guid = ottla_gate::lock::content_hash(&round.text, &round.references);
    money.versions[0] = round;
    fs::write(&path, lock.to_text()).expect("a file");
    let told = errors_in(path);
    assert!(told[0].contains("which refers to it"), "{told:?}");
    assert_eq!(orders.references.len(), 1);
}

/// As deep as registries take them.
#[test]
fn references_are_nested_with_a_bound() {
    let (folder, _) = two();
    let mut lock = Lock::new(folder.path().join("chain.lock"));
    let mut before: Vec<Schema> = vec![record("R000", &["x"])];
    lock.put(subject("s000", &before));
    for at in 1..=101 {
        let text = format!(
            r#"{{"type":"record","name":"R{at:03}","fields":[{{"name":"r","type":"R{:03}"}}]}}"#,
            at - 1
        );
        let next = schema(&text, &[&before[0]]);
        let reference =
            Reference { name: format!("R{:03}", at - 1), subject: format!("s{:03}", at - 1), version: 1 };
        let mut subject = Subject::new(format!("s{at:03}"), Level::Backward);
        subject.versions.push(Version::of(1, &next, vec![reference]));
        lock.put(subject);
        before = vec![next];
        if at == 100 {
            lock.write().expect("a chain of 100");
        }
    }
    let error = lock.write().expect_err("a chain of 101").to_string();
    assert!(error.ends_with("s101 version 1: its references are nested too deep"), "{error}");
}

#[test]
fn texts_stay_in_the_folder_of_the_lock() {
    let (folder, mut lock) = two();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).expect("a folder");
    lock.subject_mut("money").expect("a subject").versions[0].path = Some("1.avsc".to_owned());
    let text = lock.to_text();
    fs::write(folder.path().join("1.avsc"), MONEY).expect("a file");
    fs::write(inner.join("ottla.lock"), &text).expect("a file");
    let outside = folder.path().join("1.avsc").to_string_lossy().into_owned();
    for wrong in ["../1.avsc", "x/../../1.avsc", "./1.avsc", "..\\\\1.avsc", outside.as_str()] {
        fs::write(inner.join("ottla.lock"), text.replace("\"1.avsc\"", &format!("\"{wrong}\"")))
            .expect("a file");
        let told = errors_in(inner.join("ottla.lock"));
        assert!(told[0].contains("does not stay in the folder of the lock"), "{wrong}: {told:?}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path().join("1.avsc"), inner.join("1.avsc")).expect("a link");
        fs::write(inner.join("ottla.lock"), &text).expect("a file");
        let told = errors_in(inner.join("ottla.lock"));
        assert!(told[0].contains("1.avsc does not stay in the folder of the lock"), "{told:?}");
    }
    // The same text below the lock is read, and its blanks do not count: it is not the canonical one otherwise.
    fs::write(folder.path().join("1.avsc"), lock.files().next().expect("a file").1).expect("a file");
    fs::write(folder.path().join("ottla.lock"), &text).expect("a file");
    assert_eq!(errors_in(folder.path().join("ottla.lock")), [""; 0]);
}
