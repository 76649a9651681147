//! Versions of a registry and of a lock file.

use ottla_formats::avro::{Mode, Schema, parse, parse_with};
use ottla_formats::compatibility::Level;
use ottla_gate::lock::{Lock, Reference, Subject, Version};
use ottla_tests::server::{Serve, Server};
use serde_json::{Value, json};

use super::{CHANGES, NEW, OLD, diff, diff_with, folder, write};

const MONEY: &str =
    r#"{"type":"record","name":"com.example.Money","fields":[{"name":"cents","type":"int"}]}"#;
const WIDER: &str =
    r#"{"type":"record","name":"com.example.Money","fields":[{"name":"cents","type":"long"}]}"#;
const ORDER: &str =
    r#"{"type":"record","name":"com.example.Order","fields":[{"name":"sum","type":"Money"}]}"#;

/// A registry with two versions of `orders-value` and, in another context, of `invoices`, which refer to `money`.
fn registry() -> Server {
    let serve = Serve::new(env!("CARGO_BIN_EXE_ottla"), "sqlite::memory:").with(&["--compatibility", "NONE"]);
    let server = serve.start().expect("a server");
    let mut client = server.client();
    let mut register = |subject: &str, schema: &str, references: Value| {
        let body = json!({"schema": schema, "references": references});
        let answer = client.post(&format!("/subjects/{subject}/versions"), &body).expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    register("orders-value", OLD, json!([]));
    register("orders-value", NEW, json!([]));
    for (version, money) in [(1, MONEY), (2, WIDER)] {
        register(":.sales:money", money, json!([]));
        let reference = json!([{"name": "com.example.Money", "subject": "money", "version": version}]);
        register(":.sales:invoices", ORDER, reference);
    }
    server
}

#[test]
fn versions_of_a_registry() {
    let server = registry();
    let folder = folder(&[("order.avsc", NEW)]);
    let url = ["--registry", server.url()];
    let run = |names: [&str; 2]| diff(folder.path(), &[&names[..], &url].concat());
    for names in [
        ["orders-value:1", "orders-value:2"],
        ["orders-value:1", "orders-value:latest"],
        ["registry:orders-value:1", "order.avsc"],
    ] {
        run(names).tells(&CHANGES);
    }
    let ended = run(["orders-value:1", "orders-value:latest"]);
    let heading = format!(
        "--- orders-value:1 (version 1 of {0})\n+++ orders-value:latest (version 2 of {0})\n",
        server.url()
    );
    assert!(ended.out.starts_with(&heading), "{}", ended.out);
    // Nobody knows the lines of a text that a registry keeps.
    assert!(ended.out.contains("\n  AVRO-READER-FIELD-NO-DEFAULT: "), "{}", ended.out);
    let expected = ["~ field Order.sum.cents: type int -> long"];
    run([":.sales:invoices:1", ":.sales:invoices:2"]).tells(&expected);
    // The registry is named elsewhere.
    let names = ["orders-value:1", "order.avsc"];
    diff_with(folder.path(), &names, &[("OTTLA_REGISTRY", server.url())]).tells(&CHANGES);
    write(folder.path(), "ottla.toml", &format!("[registry]\nurl = \"{}\"\n", server.url()));
    diff(folder.path(), &names).tells(&CHANGES);
}

#[test]
fn what_a_registry_does_not_have() {
    let mut server = registry();
    let folder = folder(&[("order.avsc", NEW)]);
    let url = server.url().to_owned();
    let run = |name: &str| diff(folder.path(), &[name, "order.avsc", "--registry", &url]);
    for name in ["orders-value:3", "order-value:1", "order-value:latest", "money:1"] {
        run(name).fails(3, &format!("{name}: {url} has no such version"));
    }
    server.kill();
    run("orders-value:1").fails(3, "no registry answered");
    diff(folder.path(), &["orders-value:1", "order.avsc", "--registry", "nonsense"]).fails(2, "nonsense");
}

/// A version of a lock file, as `ottla lock` writes it.
fn locked(number: i32, text: &str, references: &[(&str, i32, &Schema)]) -> Version {
    let schemas: Vec<&Schema> = references.iter().map(|(.., schema)| *schema).collect();
    let schema = parse_with(text, Mode::Lookup, &schemas).expect("a schema");
    let reference = |(subject, version, _): &(&str, i32, &Schema)| Reference {
        name: "com.example.Money".to_owned(),
        subject: (*subject).to_owned(),
        version: *version,
    };
    Version::of(number, &schema, references.iter().map(reference).collect())
}

#[test]
fn versions_of_a_lock_file() {
    let folder = folder(&[("schemas/order.avsc", NEW)]);
    let path = folder.path().join("schemas/ottla.lock");
    let mut lock = Lock::new(&path);
    let subject = |name: &str, versions| Subject { versions, ..Subject::new(name, Level::Backward) };
    let (money, wider) = (parse(MONEY, Mode::Strict), parse(WIDER, Mode::Strict));
    let (money, wider) = (money.expect("a schema"), wider.expect("a schema"));
    lock.put(subject("orders-value", vec![locked(1, OLD, &[]), locked(2, NEW, &[])]));
    lock.put(subject("money", vec![locked(1, MONEY, &[]), locked(2, WIDER, &[])]));
    let orders = vec![locked(3, ORDER, &[("money", 1, &money)]), locked(5, ORDER, &[("money", 2, &wider)])];
    lock.put(subject("invoices", orders));
    lock.seal().expect("schemas");
    lock.write().expect("a lock file");

    diff(folder.path(), &["lock:orders-value:1", "schemas/order.avsc"]).tells(&CHANGES);
    let ended = diff(folder.path(), &["lock:invoices:3", "lock:invoices:latest"]);
    ended.tells(&["~ field Order.sum.cents: type int -> long"]);
    let heading = "--- lock:invoices:3 (version 3 of schemas/ottla.lock)\n+++ lock:invoices:latest (version 5 of schemas/ottla.lock)\n";
    assert!(ended.out.starts_with(heading), "{}", ended.out);
    let named = ["lock:orders-value:1", "order.avsc", "--lock", "ottla.lock"];
    diff(&folder.path().join("schemas"), &named).tells(&CHANGES);

    for name in ["lock:orders-value:3", "lock:invoices:4", "lock:gone:latest"] {
        diff(folder.path(), &[name, "schemas/order.avsc"]).fails(3, "schemas/ottla.lock has no such version");
    }
    let text = std::fs::read_to_string(&path).expect("a lock file");
    std::fs::write(&path, text.replace("\"PAID\"", "\"PAYD\"")).expect("a lock file");
    diff(folder.path(), &["lock:orders-value:1", "schemas/order.avsc"]).fails(2, "schemas/ottla.lock:");
}

/// What refers to others may nest more deeply than a text: they are compared nevertheless.
#[test]
fn deep_references() {
    const LEVELS: i32 = 100;
    let folder = folder(&[]);
    let mut lock = Lock::new(folder.path().join("ottla.lock"));
    for end in ["int", "long"] {
        let mut before: Option<(Schema, String)> = None;
        for level in 0..LEVELS {
            let ty = before.as_ref().map_or_else(|| end.to_owned(), |_| format!("R{}", level - 1));
            let text =
                format!(r#"{{"type":"record","name":"R{level}","fields":[{{"name":"f","type":"{ty}"}}]}}"#);
            let needed: Vec<&Schema> = before.iter().map(|(schema, _)| schema).collect();
            let schema = parse_with(&text, Mode::Lookup, &needed).expect("a schema");
            let reference = |(_, subject): &(Schema, String)| Reference {
                name: ty.clone(),
                subject: subject.clone(),
                version: 1,
            };
            let subject = format!("{end}-{level}");
            let versions = vec![Version::of(1, &schema, before.iter().map(reference).collect())];
            lock.put(Subject { versions, ..Subject::new(&subject, Level::Backward) });
            before = Some((schema, subject));
        }
    }
    lock.seal().expect("schemas");
    lock.write().expect("a lock file");
    let ended = diff(folder.path(), &["lock:int-99:1", "lock:long-99:1"]);
    ended.tells(&[&format!("~ field R99...{}: type int -> long", ".f".repeat(24))]);
    assert!(ended.out.contains("new one writes (FORWARD): no\n"), "{}", ended.out);
}
