//! Generates types for every schema of the corpora, each in a module of its own, and a table of what to check with them.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use ottla_codegen::{Options, generate, model_of};
use serde_json::Value;

/// The corpora: the file, and the attribute that holds the schema to generate.
const CORPORA: [(&str, &str, &str); 3] = [
    ("codec", "data/codec.jsonl", "schema"),
    ("resolve", "../../formats/tests/data/resolve.jsonl", "reader"),
    ("malformed", "data/malformed.jsonl", "schema"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for (corpus, file, attribute) in CORPORA {
        println!("cargo::rerun-if-changed={file}");
        generate_corpus(&out, corpus, &fs::read_to_string(file)?, attribute)?;
    }
    Ok(())
}

/// Writes `CORPUS.rs`: a module for each different schema, and `TABLE` with the types of all lines.
fn generate_corpus(out: &Path, corpus: &str, lines: &str, attribute: &str) -> Result<(), Box<dyn Error>> {
    let mut modules: HashMap<String, Option<String>> = HashMap::new();
    let (mut code, mut table) = (String::new(), String::new());
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line)?;
        let name = line["name"].as_str().ok_or("a line has a name")?;
        let schema = line[attribute].as_str().ok_or("a line has a schema")?;
        let path = match modules.get(schema) {
            Some(path) => path.clone(),
            None => {
                let module = format!("{corpus}_{}", modules.len());
                let path = generate_module(out, &module, schema, &mut code)?;
                modules.insert(schema.to_owned(), path.clone());
                path
            }
        };
        match path {
            Some(path) => writeln!(table, "    ({name:?}, Some(Type::of::<{path}>())),")?,
            None => writeln!(table, "    ({name:?}, None),")?,
        }
    }
    writeln!(code, "/// The types, by the names of the lines.\npub static TABLE: &[(&str, Option<Type>)] = &[\n{table}];")?;
    fs::write(out.join(format!("{corpus}.rs")), code)?;
    Ok(())
}

/// Adds a module for one schema. Returns the path of its outermost type, or nothing if the generator refuses the schema.
fn generate_module(
    out: &Path,
    module: &str,
    schema: &str,
    code: &mut String,
) -> Result<Option<String>, Box<dyn Error>> {
    let file = out.join(format!("{module}.avsc"));
    fs::write(&file, schema)?;
    let all = Options::new().sorted_maps("**").borrowed("**");
    // Not every schema has maps, or text to borrow.
    let options = [all, Options::new().sorted_maps("**"), Options::new().borrowed("**"), Options::new()]
        .into_iter()
        .find(|options| generate(&[&file], options).is_ok());
    let Some(options) = options else { return Ok(None) };
    let generated = generate(&[&file], &options)?;
    let model = model_of(&[&file], &options)?;
    let outermost = model.items.iter().find(|item| item.event.is_some_and(|e| e.outermost));
    let outermost = outermost.ok_or_else(|| format!("{schema}: no outermost type"))?;
    writeln!(code, "/// {module}\npub mod {module} {{\n{}\n}}", generated.to_source())?;
    let modules: String = outermost.modules.iter().map(|m| format!("{m}::")).collect();
    Ok(Some(format!("{module}::{modules}{}", outermost.ident)))
}
