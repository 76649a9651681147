//! The schemas of the corpora.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Outcome;
use crate::module::{ALL, module};

/// The corpora: the file, and the attribute that holds the schema to generate.
const CORPORA: [(&str, &str, &str); 3] = [
    ("codec", "data/codec.jsonl", "schema"),
    ("resolve", "../../formats/tests/data/resolve.jsonl", "reader"),
    ("malformed", "data/malformed.jsonl", "schema"),
];

/// Writes `CORPUS.rs` for each: a module for each different schema, and `TABLE` with the types of all lines.
pub fn generate(out: &Path) -> Outcome<()> {
    for (corpus, file, attribute) in CORPORA {
        println!("cargo::rerun-if-changed={file}");
        let code = code(out, corpus, &fs::read_to_string(file)?, attribute)?;
        fs::write(out.join(format!("{corpus}.rs")), code)?;
    }
    Ok(())
}

fn code(out: &Path, corpus: &str, lines: &str, attribute: &str) -> Outcome<String> {
    let mut modules: HashMap<String, Option<String>> = HashMap::new();
    let (mut code, mut table) = (String::new(), String::new());
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line)?;
        let name = line["name"].as_str().ok_or("a line has a name")?;
        let schema = line[attribute].as_str().ok_or("a line has a schema")?;
        let path = match modules.get(schema) {
            Some(path) => path.clone(),
            None => {
                let path = module(out, &format!("{corpus}_{}", modules.len()), schema, &ALL, &mut code)?;
                modules.insert(schema.to_owned(), path.clone());
                path
            }
        };
        match path {
            Some(path) => writeln!(table, "    ({name:?}, Some(Type::of::<{path}>())),")?,
            None => writeln!(table, "    ({name:?}, None),")?,
        }
    }
    writeln!(
        code,
        "/// The types, by the names of the lines.\npub static TABLE: &[(&str, Option<Type>)] = &[\n{table}];"
    )?;
    Ok(code)
}
