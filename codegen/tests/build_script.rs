//! A crate whose build script compares its schemas with what was released, built by Cargo: it fails with what breaks, and
//! notices when the lock changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ottla_formats::avro::{Mode, parse};
use ottla_formats::compatibility::Level;
use ottla_gate::lock::{Lock, Subject, Version};

const MANIFEST: &str = r#"[package]
name = "shipments"
version = "0.1.0"
edition = "2024"

[build-dependencies]
ottla-codegen = { path = "CODEGEN" }

[workspace]
"#;

const SCRIPT: &str = r#"fn main() -> Result<(), Box<dyn std::error::Error>> {
    ottla_codegen::Builder::new().schemas(["schemas"]).compatible_with("schemas/ottla.lock").generate()?;
    Ok(())
}
"#;

const RELEASED: &str = r#"{
  "type": "record",
  "name": "com.example.Shipment",
  "fields": [
    {"name": "id", "type": "string"}
  ]
}
"#;

/// A crate in a folder of its own, which is the same each time: what Cargo keeps of it does not pile up.
struct Crate {
    folder: PathBuf,
}

impl Crate {
    fn new() -> Self {
        let made = Self { folder: Path::new(env!("CARGO_TARGET_TMPDIR")).join("shipments") };
        let _ = fs::remove_dir_all(&made.folder);
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        made.write("Cargo.toml", &MANIFEST.replace("CODEGEN", &here.to_string_lossy().replace('\\', "/")));
        made.write("build.rs", SCRIPT);
        made.write("src/lib.rs", "");
        made.write("schemas/shipment.avsc", RELEASED);
        // The versions that everything else is built with, which are there already.
        fs::copy(here.join("../Cargo.lock"), made.path("Cargo.lock")).expect("a copy");
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Locks texts as the versions of a subject; the last one may be a break that was accepted.
    fn lock(&self, texts: &[&str], accepted: Option<&str>) {
        let mut lock = Lock::new(self.path("schemas/ottla.lock"));
        let mut subject = Subject::new("shipments-value", Level::Backward);
        subject.file = Some("shipment.avsc".to_owned());
        let schemas = texts.iter().map(|text| parse(text, Mode::Register).expect("a schema"));
        subject.versions =
            (1..).zip(schemas).map(|(n, schema)| Version::of(n, &schema, Vec::new())).collect();
        subject.versions.last_mut().expect("a version").accepted = accepted.map(str::to_owned);
        lock.put(subject);
        lock.write().expect("a lock");
    }

    /// Builds it: did that succeed, and what did Cargo say?
    fn build(&self) -> (bool, String) {
        // What the build script links is shared with other crates that are made for tests.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["build", "--offline", "--color=never", "--target-dir"])
            .arg(target.join("tests/trybuild"));
        let output = cargo.current_dir(&self.folder).output().expect("cargo runs");
        (output.status.success(), String::from_utf8(output.stderr).expect("text"))
    }
}

#[test]
fn a_build_fails_with_what_breaks() {
    let made = Crate::new();
    made.lock(&[RELEASED], None);
    let (is_built, said) = made.build();
    assert!(is_built, "{said}");

    let breaking =
        RELEASED.replace("\"string\"}", "\"string\"},\n    {\"name\": \"carrier\", \"type\": \"string\"}");
    made.write("schemas/shipment.avsc", &breaking);
    let (is_built, said) = made.build();
    assert!(!is_built, "{said}");
    for expected in [
        "error: shipments@0.1.0: schemas/shipment.avsc:6:5: AVRO-READER-FIELD-NO-DEFAULT: field \"carrier\" has no default, and version 1 does not write it (at /fields/1)",
        "shipments-value against lock:schemas/ottla.lock, version 1, BACKWARD",
        "a consumer with this schema cannot read what a producer still on version 1 writes",
        "help: make it optional",
    ] {
        assert!(said.contains(expected), "no {expected:?} in {said}");
    }

    // The break is wanted: nothing but the lock is another one.
    made.lock(&[RELEASED, &breaking], Some("nobody reads it yet"));
    let (is_built, said) = made.build();
    assert!(is_built, "{said}");

    // Back to the first lock: the script has to run again, although no schema has changed.
    made.lock(&[RELEASED], None);
    let (is_built, said) = made.build();
    assert!(!is_built, "the lock is not looked at again: {said}");

    fs::remove_file(made.path("schemas/ottla.lock")).expect("a file");
    let (is_built, said) = made.build();
    assert!(!is_built && said.contains("schemas/ottla.lock: there is no such file"), "{said}");
    fs::remove_dir_all(&made.folder).expect("a folder");
}
