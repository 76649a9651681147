//! What generated code costs to build: 150 types of 10 fields, beside serde derives with apache-avro; and how long the
//! generator takes for 1,000 schemas. `cargo bench -p ottla --bench build` prints a table.
//!
//! Two crates are made in a temporary folder. What they depend on is built first; then each is built several times in
//! turn, after its source was touched.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

const TYPES: usize = 150;
const SCHEMAS: usize = 1000;
const ROUNDS: usize = 5;

fn main() {
    let smoke = env::args().any(|a| a == "--smoke");
    let folder = tempfile::tempdir().expect("a folder");
    generator(folder.path());
    if !smoke {
        compiler(folder.path());
    }
}

fn generator(folder: &Path) {
    let schemas = folder.join("schemas");
    write_schemas(&schemas, SCHEMAS);
    for (what, formatted) in [("as build scripts write it", false), ("formatted", true)] {
        let mut times: Vec<Duration> = (0..ROUNDS)
            .map(|_| {
                let begin = Instant::now();
                let code = ottla_codegen::generate(&[&schemas], &ottla_codegen::Options::new());
                let code = code.expect("schemas");
                let text = if formatted { code.to_source() } else { code.to_plain_source() };
                assert!(text.len() > SCHEMAS);
                begin.elapsed()
            })
            .collect();
        let what = format!("generator, {SCHEMAS} schemas, {what}");
        println!("{what:<48} {:>9.2} s", median(&mut times));
    }
}

fn compiler(folder: &Path) {
    let ours = folder.join("ours");
    write_schemas(&ours.join("schemas"), TYPES);
    write_crate(&ours, "ours", &our_manifest(), &our_source());
    fs::write(ours.join("build.rs"), OUR_BUILD).expect("a file");
    let theirs = folder.join("theirs");
    write_crate(&theirs, "theirs", THEIR_MANIFEST, &their_source());

    for (profile, flags) in [("debug", &[][..]), ("release", &["--release"][..])] {
        build(folder, &ours, flags);
        build(folder, &theirs, flags);
        let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
        for _ in 0..if profile == "debug" { ROUNDS } else { 3 } {
            our_times.push(build(folder, &ours, flags));
            their_times.push(build(folder, &theirs, flags));
        }
        let (ours, theirs) = (median(&mut our_times), median(&mut their_times));
        println!("{:<48} {ours:>9.2} s {:>9.2}", format!("{profile}: ottla, {TYPES} types"), ours / theirs);
        println!("{:<48} {theirs:>9.2} s {:>9.2}", format!("{profile}: serde derive, apache-avro"), 1.0);
    }
}

/// Builds a crate whose source has changed, and nothing else.
fn build(folder: &Path, of: &Path, flags: &[&str]) -> Duration {
    let source = of.join("src/lib.rs");
    let text = fs::read_to_string(&source).expect("a source");
    fs::write(&source, text).expect("a source");
    let begin = Instant::now();
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--offline", "--manifest-path"])
        .arg(of.join("Cargo.toml"))
        .args(flags)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .status()
        .expect("cargo runs");
    assert!(status.success());
    begin.elapsed()
}

fn write_crate(folder: &Path, name: &str, dependencies: &str, source: &str) {
    fs::create_dir_all(folder.join("src")).expect("a folder");
    let manifest =
        format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[workspace]\n\n{dependencies}");
    fs::write(folder.join("Cargo.toml"), manifest).expect("a file");
    fs::write(folder.join("src/lib.rs"), source).expect("a file");
    // The versions that this repository builds with.
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock")).expect("a lock file");
}

/// The fields of every type: name, Avro, Rust.
const FIELDS: [(&str, &str, &str); 10] = [
    ("id", r#""string""#, "String"),
    ("customer", r#""string""#, "String"),
    ("title", r#""string""#, "String"),
    ("amount", r#""double""#, "f64"),
    ("quantity", r#""int""#, "i32"),
    ("created", r#""long""#, "i64"),
    ("paid", r#""boolean""#, "bool"),
    ("note", r#"["null", "string"], "default": null"#, "Option<String>"),
    ("discount", r#"["null", "double"], "default": null"#, "Option<f64>"),
    ("labels", r#"{"type": "array", "items": "string"}"#, "Vec<String>"),
];

fn schema(at: usize) -> String {
    let fields: Vec<String> =
        FIELDS.iter().map(|(name, ty, _)| format!(r#"{{"name": "{name}", "type": {ty}}}"#)).collect();
    let fields = fields.join(", ");
    format!(r#"{{"type": "record", "name": "Event{at}", "namespace": "com.example", "fields": [{fields}]}}"#)
}

fn write_schemas(folder: &Path, count: usize) {
    fs::create_dir_all(folder).expect("a folder");
    for at in 0..count {
        fs::write(folder.join(format!("event{at}.avsc")), schema(at)).expect("a file");
    }
}

const OUR_BUILD: &str = r#"
fn main() {
    ottla_codegen::Builder::new().schemas(["schemas"]).generate().unwrap();
}
"#;

fn our_manifest() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = |name: &str| root.join(name).display().to_string();
    format!(
        "[dependencies]\nottla = {{ path = {:?} }}\n[build-dependencies]\nottla-codegen = {{ path = {:?} }}\n",
        path("runtime"),
        path("codegen")
    )
}

/// All that a service does with its types: so that the compiler makes code for it.
fn our_source() -> String {
    let mut source = String::from("ottla::include_events!();\nuse ottla::Event;\n");
    for at in 0..TYPES {
        let _ = writeln!(
            source,
            "pub fn encode{at}(v: &com::example::Event{at}, out: &mut Vec<u8>) {{ v.encode(out).unwrap() }}
             pub fn decode{at}(b: &[u8]) -> com::example::Event{at} {{ Event::decode(b).unwrap() }}
             pub fn evolve{at}(b: &[u8], p: &ottla::Plan<com::example::Event{at}>) -> com::example::Event{at} {{
                 Event::decode_resolved(b, p).unwrap()
             }}"
        );
    }
    source
}

const THEIR_MANIFEST: &str =
    "[dependencies]\napache-avro = \"0.22\"\nserde = { version = \"1\", features = [\"derive\"] }\n";

fn their_source() -> String {
    let mut source = String::from(
        "use apache_avro::{reader::datum::GenericDatumReader, writer::datum::GenericDatumWriter};\n",
    );
    let fields: String = FIELDS.iter().map(|(name, _, ty)| format!("pub {name}: {ty}, ")).collect();
    for at in 0..TYPES {
        let _ = writeln!(
            source,
            "#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
             pub struct Event{at} {{ {fields} }}
             pub fn encode{at}(v: &Event{at}, w: &GenericDatumWriter<'_>, out: &mut Vec<u8>) {{ w.write_ser(out, v).unwrap(); }}
             pub fn decode{at}(b: &[u8], r: &GenericDatumReader<'_>) -> Event{at} {{ r.read_deser(&mut &*b).unwrap() }}"
        );
    }
    source
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}
