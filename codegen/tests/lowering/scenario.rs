//! Schema files, options and what becomes of them, in one text:
//!
//! ```text
//! What this is about.
//! option borrowed **
//! path schemas/a.avsc
//! file schemas/a.avsc
//! {"type": "record", ...}
//! becomes
//! 0 schemas/a.avsc
//! ...
//! ```
//!
//! Without a `path` all files are given. In a file, `\xff` is that byte.

use std::fs;
use std::path::{Path, PathBuf};

use ottla_codegen::{Options, generate, model_of};

use crate::dump::dump;

#[derive(Default)]
struct Scenario<'a> {
    head: Vec<&'a str>,
    options: Options,
    paths: Vec<PathBuf>,
    files: Vec<(&'a str, Vec<&'a str>)>,
}

fn read(text: &str) -> Scenario<'_> {
    let mut scenario = Scenario::default();
    for line in text.lines().take_while(|line| *line != "becomes") {
        scenario.head.push(line);
        if let Some(name) = line.strip_prefix("file ") {
            scenario.files.push((name, Vec::new()));
        } else if let Some((_, lines)) = scenario.files.last_mut() {
            lines.push(line);
        } else if let Some(path) = line.strip_prefix("path ") {
            scenario.paths.push(path.into());
        } else if let Some(option) = line.strip_prefix("option ") {
            scenario.options = with(scenario.options, option);
        }
    }
    if scenario.paths.is_empty() {
        scenario.paths = scenario.files.iter().map(|(name, _)| name.into()).collect();
    }
    scenario
}

fn with(options: Options, text: &str) -> Options {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (first, second) = rest.split_once(' ').unwrap_or((rest, ""));
    match word {
        "runtime" => options.runtime(rest),
        "strip" => options.strip(rest),
        "derive" => options.derive(first, second),
        "type_attribute" => options.type_attribute(first, second),
        "field_attribute" => options.field_attribute(first, second),
        "map_type" => options.map_type(first, second),
        "extern_path" => options.extern_path(first, second),
        "borrowed" => options.borrowed(rest),
        "open_enums" => options.open_enums(rest),
        "sorted_maps" => options.sorted_maps(rest),
        "chrono" => options.chrono(true),
        "uuid" => options.uuid(true),
        "rust_decimal" => options.rust_decimal(true),
        _ => panic!("no option {word}"),
    }
}

/// The text with what becomes of the files now.
pub fn replay(text: &str) -> String {
    let scenario = read(text);
    let folder = tempfile::tempdir().unwrap();
    for (name, lines) in &scenario.files {
        write(&folder.path().join(name), &lines.join("\n"));
    }
    let options = scenario.options.base_dir(folder.path());
    let model = model_of(&scenario.paths, &options);
    let code = generate(&scenario.paths, &options);
    assert_eq!(code.err(), model.as_ref().err().cloned(), "{}", scenario.head[0]);
    let outcome = model.map_or_else(|errors| format!("{errors}\n"), |model| dump(&model));
    assert!(!outcome.contains(&*folder.path().to_string_lossy()), "{outcome}");
    format!("{}\nbecomes\n{outcome}", scenario.head.join("\n"))
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x") {
        bytes.extend(before.as_bytes());
        bytes.push(u8::from_str_radix(&after[..2], 16).unwrap());
        rest = &after[2..];
    }
    bytes.extend(rest.as_bytes());
    fs::write(path, bytes).unwrap();
}
