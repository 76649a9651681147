//! Many files, large and deep schemas, and orders: the model is the same, and is there soon.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ottla_codegen::model::{Body, Model, Type};
use ottla_codegen::{Options, generate, model_of};
use tempfile::TempDir;

/// How long a model may take. It takes a twentieth of that on a slow machine, without optimisation; what is quadratic
/// takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

fn write(folder: &TempDir, name: &str, text: &str) {
    fs::write(folder.path().join(name), text).expect("a file");
}

/// The model of a folder, or the first error.
fn model(folder: &TempDir) -> Result<Model, String> {
    let begun = Instant::now();
    let model = model_of(&[folder.path()], &Options::new());
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    model.map_err(|errors| errors.iter().next().expect("an error").to_string())
}

fn record(name: &str, fields: &[(String, String)]) -> String {
    let field = |(name, ty): &(String, String)| format!(r#"{{"name":"{name}","type":{ty}}}"#);
    let fields: Vec<String> = fields.iter().map(field).collect();
    format!(r#"{{"type":"record","name":"{name}","fields":[{}]}}"#, fields.join(","))
}

fn fields(types: impl IntoIterator<Item = String>) -> Vec<(String, String)> {
    types.into_iter().enumerate().map(|(at, ty)| (format!("f{at}"), ty)).collect()
}

/// Every file refers to the one before it, and is called so that it would be read before it.
#[test]
fn a_thousand_files_in_a_row() {
    let folder = TempDir::new().expect("a folder");
    for at in 0..1000 {
        let before = if at > 0 { format!(r#"["null","n.T{}"]"#, at - 1) } else { "\"int\"".to_owned() };
        write(&folder, &format!("{:04}.avsc", 1000 - at), &record(&format!("n.T{at}"), &fields([before])));
    }
    let model = model(&folder).expect("a model");
    assert_eq!((model.sources.len(), model.items.len()), (1000, 1000));
    for (at, source) in model.sources.iter().enumerate() {
        assert_eq!(source.references.len(), usize::from(at > 0), "{}", source.name);
        assert!(source.references.iter().all(|(_, to)| *to + 1 == at), "{}", source.name);
    }
}

/// Each has the one before it in it: what follows names does so on a stack of its own, however far they lead.
#[test]
fn ten_thousand_types_in_a_row() {
    let folder = TempDir::new().expect("a folder");
    let before = |at: usize| if at > 0 { format!("\"T{}\"", at - 1) } else { "\"int\"".to_owned() };
    let types: Vec<String> = (0..10_000).map(|at| record(&format!("T{at}"), &fields([before(at)]))).collect();
    write(&folder, "row.avsc", &format!("[{}]", types.join(",")));
    let straight = model(&folder).expect("a model");
    assert_eq!(straight.items.len(), 10_001);
    assert!(straight.items.iter().all(|item| !item.recursive));
}

/// One box is enough, wherever the circle is entered; and a circle that is closed without a way out is an error.
#[test]
fn a_long_circle() {
    let folder = TempDir::new().expect("a folder");
    let circle =
        |last: &str| (0..60).rev().fold(last.to_owned(), |ty, at| record(&format!("T{at}"), &fields([ty])));
    write(&folder, "round.avsc", &circle(r#"["null","T0"]"#));
    let round = model(&folder).expect("a model");
    let boxes = round.items.iter().filter(|item| match &item.body {
        Body::Record(fields) => {
            matches!(&fields[0].ty, Type::Option { some, .. } if matches!(**some, Type::Boxed(_)))
        }
        _ => false,
    });
    assert_eq!(boxes.count(), 1);
    assert!(round.items.iter().all(|item| item.recursive));
    write(&folder, "round.avsc", &circle("\"T0\""));
    let error = model(&folder).expect_err("no end");
    assert!(error.contains("every T0 holds another one without end: T0 -> T1 -> "), "{error:.200}");
}

#[test]
fn schemas_as_deep_as_texts_may_be() {
    let folder = TempDir::new().expect("a folder");
    let deep = |levels: usize| {
        format!("{}\"int\"{}", r#"{"type":"array","items":"#.repeat(levels), "}".repeat(levels))
    };
    write(&folder, "deep.avsc", &deep(200));
    assert_eq!(model(&folder).expect("a model").items.len(), 1);
    write(&folder, "deep.avsc", &deep(201));
    let error = model(&folder).expect_err("too deep");
    assert!(error.contains("Document nesting depth (201) exceeds the maximum allowed"), "{error:.200}");
    let nested = (0..60).fold("\"int\"".to_owned(), |ty, at| record(&format!("R{at}"), &fields([ty])));
    write(&folder, "deep.avsc", &nested);
    assert_eq!(model(&folder).expect("a model").items.len(), 60);
}

#[test]
fn large_files() {
    let folder = TempDir::new().expect("a folder");
    let branch = |at: usize| {
        format!(r#"["null","string",{}]"#, record(&format!("R{at}"), &fields(["\"int\"".to_owned()])))
    };
    write(&folder, "large.avsc", &record("Large", &fields((0..10_000).map(branch))));
    let model = model(&folder).expect("a model");
    assert_eq!(model.items.len(), 1 + 2 * 10_000);
    let last = model.items.iter().find(|item| item.avro == "R9999").expect("a record");
    assert_eq!(last.ident, "R9999");
    assert!(last.place.line == 1 && last.place.column > 900_000, "{:?}", last.place);
}

#[test]
fn a_thousand_errors() {
    let folder = TempDir::new().expect("a folder");
    for at in 0..1000 {
        write(
            &folder,
            &format!("{at}.avsc"),
            &record(&format!("T{at}"), &fields([format!("\"Nowhere{at}\"")])),
        );
    }
    let errors = model_of(&[folder.path()], &Options::new()).expect_err("errors");
    assert_eq!(errors.iter().count(), 1000);
}

/// Whatever the order in which files are given or named in folders, and however often.
#[test]
fn the_order_of_files_does_not_count() {
    let cases = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<PathBuf> = Vec::new();
    // Other cases define the same names in other ways.
    for case in ["refs_two_files", "big", "top_enum"] {
        let files =
            fs::read_dir(cases.join(case)).expect("a folder").map(|entry| entry.expect("a file").path());
        paths.extend(files.filter(|path| path.extension().is_some_and(|e| e == "avsc")));
    }
    let options = Options::new().base_dir(&cases).borrowed("**");
    let source = |paths: &[PathBuf]| generate(paths, &options).expect("code").to_source();
    let expected = source(&paths);
    for _ in 0..paths.len() {
        paths.rotate_left(1);
        assert_eq!(source(&paths), expected);
    }
    paths.reverse();
    paths.extend(paths.clone());
    assert_eq!(source(&paths), expected);
    paths.push("refs_two_files".into());
    paths.insert(0, "big/../big/./".into());
    assert_eq!(source(&paths), expected);
    assert!(!expected.contains(env!("CARGO_MANIFEST_DIR")), "a path of this machine");
}

/// Links that lead back to where they are end.
#[cfg(unix)]
#[test]
fn links_are_followed_once() {
    let folder = TempDir::new().expect("a folder");
    write(&folder, "a.avsc", "\"int\"");
    std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).expect("a link");
    std::os::unix::fs::symlink("a.avsc", folder.path().join("b.avsc")).expect("a link");
    std::os::unix::fs::symlink("nowhere", folder.path().join("c.avsc")).expect("a link");
    let error = model(&folder).expect_err("a link to nowhere");
    assert!(error.ends_with("/c.avsc: no such file or folder\n  help: check the path"), "{error}");
    fs::remove_file(folder.path().join("c.avsc")).expect("a link");
    assert_eq!(model(&folder).expect("a model").sources.len(), 1);
}
