//! From a registry.

use std::path::Path;

use ottla_formats::compatibility::Level;
use ottla_tests::http::Client;
use ottla_tests::server::{Serve, Server};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::project::{MONEY, ORDER, Project};

/// A registry of its own.
struct Registry {
    server: Server,
    client: Client,
    _folder: TempDir,
}

impl Registry {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let database = format!("sqlite://{}", folder.path().join("ottla.db").display());
        let server = Serve::new(Path::new(env!("CARGO_BIN_EXE_ottla")), &database).start().expect("a server");
        let client = server.client();
        Self { server, client, _folder: folder }
    }

    fn url(&self) -> String {
        self.server.url().to_owned()
    }

    fn post(&mut self, path: &str, body: Value) -> Value {
        let answer = self.client.post(path, &body).expect("an answer");
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    fn get(&mut self, path: &str) -> Value {
        self.client.get(path).expect("an answer").json()
    }

    fn register(&mut self, subject: &str, text: &str, references: Value) -> Value {
        self.post(&format!("/subjects/{subject}/versions"), json!({"schema": text, "references": references}))
    }

    fn set_level(&mut self, subject: &str, level: &str) {
        let answer = self.client.put(&format!("/config/{subject}"), &json!({"compatibility": level}));
        assert_eq!(answer.expect("an answer").status, 200);
    }

    /// What the project's schemas are, as they were released.
    fn release(&mut self) {
        self.register("money-value", MONEY, json!([]));
        self.register("orders-value", ORDER, money(1));
    }
}

fn money(version: i32) -> Value {
    json!([{"name": "com.acme.Money", "subject": "money-value", "version": version}])
}

#[test]
fn versions_ids_guids_and_levels_are_those_of_the_registry() {
    let (project, mut registry) = (Project::new(), Registry::new());
    registry.release();
    let more = ORDER.replace("Money\"}", "Money\"}, {\"name\": \"a\", \"type\": \"int\", \"default\": 1}");
    registry.register("orders-value", &more, money(1));
    // Metadata belongs to the registry's hash.
    registry.post(
        "/subjects/money-value/versions",
        json!({"schema": MONEY, "metadata": {"properties": {"owner": "payments"}}}),
    );
    registry.set_level("orders-value", "FULL_TRANSITIVE");
    let said = project.locked(&["--registry", &registry.url()]);
    assert_eq!(
        said,
        "money-value: added, with version 1, 2\norders-value: added, with version 1, 2\nschemas/ottla.lock is written\n"
    );
    let lock = project.read_lock();
    for subject in ["money-value", "orders-value"] {
        let known = lock.subject(subject).expect("a subject");
        assert_eq!(known.versions.len(), 2);
        for version in &known.versions {
            let told = registry.get(&format!("/subjects/{subject}/versions/{}", version.version));
            assert_eq!(told["guid"], version.guid.to_string(), "{subject} {}", version.version);
            assert_eq!(told["id"].as_u64(), version.id.map(u64::from));
            assert_eq!(told["schema"], version.text);
        }
    }
    let money = lock.subject("money-value").expect("a subject");
    assert_eq!(
        (money.versions[0].text_guid, money.versions[1].text_guid),
        (None, Some(money.versions[0].guid))
    );
    assert_eq!(lock.subject("orders-value").map(|s| s.level), Some(Level::FullTransitive));
    assert_eq!(lock.subject("orders-value").and_then(|s| s.file.as_deref()), Some("order.avsc"));
    assert_eq!(
        project.locked(&["--check", "--registry", &registry.url()]),
        "schemas/ottla.lock is up to date\n"
    );
}

/// What is locked from files is what a registry holds of them: the same hashes, whoever was first.
#[test]
fn files_have_the_guids_that_the_registry_gives_them() {
    let (project, mut registry) = (Project::new(), Registry::new());
    project.locked(&[]);
    let local = project.read_lock();
    registry.release();
    for subject in ["money-value", "orders-value"] {
        let told = registry.get(&format!("/subjects/{subject}/versions/1"));
        let known = &local.subject(subject).expect("a subject").versions[0];
        assert_eq!(
            (told["guid"].as_str(), told["schema"].as_str()),
            (Some(known.guid.to_string().as_str()), Some(known.text.as_str()))
        );
    }
    let said = project.locked(&["--registry", &registry.url()]);
    assert_eq!(
        said,
        "money-value: version 1 has id 1\norders-value: version 1 has id 2\nschemas/ottla.lock is written\n"
    );
    // The other way round nothing changes.
    assert_eq!(project.locked(&[]), "schemas/ottla.lock is up to date\n");
}

/// What `ottla register` sends is what was locked, and what was locked from a registry is not another version of a file.
#[test]
fn what_is_registered_is_what_was_locked() {
    let (project, mut registry) = (Project::new(), Registry::new());
    // Two types of one file are one reference; contexts have subjects of their own.
    project.write(
        "schemas/money.avsc",
        r#"[{"type": "enum", "name": "com.acme.Cur", "symbols": ["EUR"]}, {"type": "record", "name": "com.acme.Money", "fields": [{"name": "cents", "type": "long"}, {"name": "currency", "type": "Cur"}]}]"#,
    );
    project.add_field(r#"{"name": "paid", "type": ["null", "com.acme.Cur"], "default": null}"#);
    project.replace("ottla.toml", "\"orders-value\"", "\":.eu:orders-value\"");
    project.replace("ottla.toml", "\"money-value\"", "\":.eu:money-value\"");
    project.locked(&[]);
    let url = registry.url();
    let registered = std::process::Command::new(env!("CARGO_BIN_EXE_ottla"))
        .args(["register", "--registry", &url])
        .current_dir(project.folder.path())
        .output()
        .expect("the command runs");
    assert!(registered.status.success(), "{}", String::from_utf8_lossy(&registered.stderr));
    assert_eq!(
        project.locked(&["--registry", &url]),
        ":.eu:money-value: version 1 has id 1\n:.eu:orders-value: version 1 has id 2\nschemas/ottla.lock is written\n"
    );
    assert_eq!(project.locked(&["--check"]), "schemas/ottla.lock is up to date\n");
    // Another version with the same schema, as metadata makes one.
    registry.post(
        "/subjects/:.eu:money-value/versions",
        json!({
            "schema": project.read("schemas/money.avsc"),
            "metadata": {"properties": {"owner": "payments"}}
        }),
    );
    project.locked(&["--registry", &url]);
    assert_eq!(project.locked(&[]), "schemas/ottla.lock is up to date\n");
}

#[test]
fn unknown_subjects_are_not_passed_over() {
    let (project, mut registry) = (Project::new(), Registry::new());
    registry.register("money-value", MONEY, json!([]));
    let ended = project.lock(&["--registry", &registry.url()]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(3), ""));
    let url = registry.url();
    assert_eq!(
        ended.err,
        format!(
            "ottla: {url} does not know orders-value: correct the names in ottla.toml, or give --allow-new if they are new\n"
        )
    );
    assert!(!project.path("schemas/ottla.lock").exists());
    assert_eq!(project.lock(&["--check", "--registry", &url]).code, Some(3));
    project.locked(&["--registry", &url, "--allow-new"]);
    let lock = project.read_lock();
    let order = &lock.subject("orders-value").expect("a subject").versions;
    assert_eq!((order.len(), order[0].id, order[0].references[0].version), (1, None, 1));
    assert_eq!(lock.subject("money-value").expect("a subject").versions[0].id, Some(1));
    project.locked(&["--check", "--registry", &url, "--allow-new"]);
}

/// All that is referred to is in the lock, also what is of no file.
#[test]
fn what_is_referred_to_is_locked() {
    let (project, mut registry) = (Project::new(), Registry::new());
    registry.register("cents", r#"{"type":"fixed","name":"com.acme.Cents","size":8}"#, json!([]));
    let text =
        r#"{"type":"record","name":"com.acme.Money","fields":[{"name":"cents","type":"com.acme.Cents"}]}"#;
    let cents = json!([{"name": "com.acme.Cents", "subject": "cents", "version": 1}]);
    registry.register("old-money", text, cents);
    let old = json!([{"name": "com.acme.Money", "subject": "old-money", "version": 1}]);
    registry.set_level("orders-value", "NONE");
    registry.register("orders-value", ORDER, old);
    registry.register("money-value", MONEY, json!([]));
    registry.register("orders-value", ORDER, money(1));
    project.locked(&["--registry", &registry.url()]);
    let lock = project.read_lock();
    let names: Vec<&str> = lock.subjects().iter().map(|subject| subject.name.as_str()).collect();
    assert_eq!(names, ["cents", "money-value", "old-money", "orders-value"]);
    assert_eq!(lock.subject("cents").and_then(|s| s.file.clone()), None);
    let first = lock.schema("orders-value", 1).expect("a schema").to_inlined_text();
    assert!(first.contains("\"com.acme.Cents\"") || first.contains("Cents"), "{first}");
}

#[test]
fn what_was_accepted_stays_accepted() {
    let (project, mut registry) = (Project::new(), Registry::new());
    registry.release();
    let url = registry.url();
    project.locked(&["--registry", &url]);
    project.add_field(r#"{"name": "note", "type": "string"}"#);
    project.locked(&["--accept-breaking", "orders-value", "--reason", "wanted"]);
    // Not registered yet: it stays, behind what is.
    assert_eq!(project.locked(&["--registry", &url]), "schemas/ottla.lock is up to date\n");
    registry.set_level("orders-value", "NONE");
    registry.register("orders-value", &project.read("schemas/order.avsc"), money(1));
    registry.set_level("orders-value", "BACKWARD");
    assert_eq!(
        project.locked(&["--registry", &url]),
        "orders-value: version 2 has id 3\nschemas/ottla.lock is written\n"
    );
    let lock = project.read_lock();
    let newest = lock.subject("orders-value").and_then(|s| s.newest().cloned()).expect("a version");
    assert_eq!((newest.id, newest.accepted.as_deref()), (Some(3), Some("wanted")));
    assert_eq!(lock.history("orders-value").len(), 1);
}

/// A version that waits is numbered anew if somebody else was first; one that has changed since is not kept.
#[test]
fn versions_that_wait_come_after_those_of_the_registry() {
    let (project, mut registry) = (Project::new(), Registry::new());
    registry.release();
    let url = registry.url();
    project.locked(&["--registry", &url]);
    project.add_field(r#"{"name": "mine", "type": "int", "default": 1}"#);
    project.locked(&[]);
    let theirs =
        ORDER.replace("Money\"}", "Money\"}, {\"name\": \"theirs\", \"type\": \"int\", \"default\": 1}");
    registry.register("orders-value", &theirs, money(1));
    project.locked(&["--registry", &url]);
    let lock = project.read_lock();
    let ids = |lock: &ottla_gate::lock::Lock| -> Vec<Option<u32>> {
        lock.subject("orders-value").expect("a subject").versions.iter().map(|v| v.id).collect()
    };
    assert_eq!(ids(&lock), [Some(2), Some(3), None]);
    assert!(lock.subject("orders-value").expect("a subject").versions[2].text.contains("mine"));
    project.replace("schemas/order.avsc", "mine", "other");
    project.locked(&["--registry", &url]);
    assert_eq!(ids(&project.read_lock()), [Some(2), Some(3)]);
}

/// A break that was registered is accepted afterwards.
#[test]
fn a_registered_break_is_accepted() {
    let (project, mut registry) = (Project::new(), Registry::new());
    registry.release();
    let url = registry.url();
    project.add_field(r#"{"name": "note", "type": "string"}"#);
    registry.set_level("orders-value", "NONE");
    registry.register("orders-value", &project.read("schemas/order.avsc"), money(1));
    registry.set_level("orders-value", "BACKWARD_TRANSITIVE");
    project.locked(&["--registry", &url, "--accept-breaking", "orders-value", "--reason", "forced"]);
    let lock = project.read_lock();
    let accepted: Vec<Option<&str>> = lock
        .subject("orders-value")
        .expect("a subject")
        .versions
        .iter()
        .map(|v| v.accepted.as_deref())
        .collect();
    assert_eq!(accepted, [None, Some("forced")]);
}

#[test]
fn deleted_versions_are_not_locked_and_gaps_stay() {
    let (project, mut registry) = (Project::new(), Registry::new());
    registry.release();
    for field in ["a", "b"] {
        let more = ORDER.replace(
            "Money\"}",
            &format!("Money\"}}, {{\"name\": \"{field}\", \"type\": \"int\", \"default\": 1}}"),
        );
        registry.register("orders-value", &more, money(1));
    }
    let answer = registry.client.delete("/subjects/orders-value/versions/2").expect("an answer");
    assert_eq!(answer.status, 200);
    project.locked(&["--registry", &registry.url()]);
    let lock = project.read_lock();
    let numbers: Vec<i32> =
        lock.subject("orders-value").expect("a subject").versions.iter().map(|v| v.version).collect();
    assert_eq!(numbers, [1, 3]);
}

/// Only what was asked for is fetched; the rest stays.
#[test]
fn single_files_are_locked_alone() {
    let (project, mut registry) = (Project::new(), Registry::new());
    project.locked(&[]);
    // In the registry the type that is referred to stands in the text.
    registry.register("orders-value", &ORDER.replace("\"com.acme.Money\"", MONEY), json!([]));
    let said = project.locked(&["--registry", &registry.url(), "schemas/order.avsc"]);
    assert_eq!(
        said,
        "orders-value: version 1 replaced\norders-value: version 1 has id 1\nschemas/ottla.lock is written\n"
    );
    let lock = project.read_lock();
    assert_eq!(lock.subject("money-value").expect("a subject").versions[0].id, None);
    // The same schema, whether a type stands in its text or not.
    assert_eq!(project.locked(&["schemas/order.avsc"]), "schemas/ottla.lock is up to date\n");
}

/// What waits has to follow what somebody else has registered.
#[test]
fn what_waits_is_compared_with_what_was_registered() {
    let (project, mut registry) = (Project::new(), Registry::new());
    project.locked(&[]);
    let before = project.read("schemas/ottla.lock");
    registry.register("money-value", MONEY, json!([]));
    registry.register("orders-value", &ORDER.replace("com.acme.Money", "string"), json!([]));
    let ended = project.lock(&["--registry", &registry.url()]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.out.contains("schemas/order.avsc:6:29: error[AVRO-TYPE]: "), "{}", ended.out);
    assert_eq!(project.read("schemas/ottla.lock"), before);
}

#[test]
fn the_registry_of_the_project_is_asked() {
    let (project, mut registry) = (Project::new(), Registry::new());
    registry.release();
    let subjects = project.read("ottla.toml");
    project.write("ottla.toml", &format!("{subjects}\n[registry]\nurl = \"{}\"\n", registry.url()));
    project.locked(&["--from-registry"]);
    assert_eq!(project.read_lock().subject("orders-value").expect("a subject").versions[0].id, Some(2));
}
