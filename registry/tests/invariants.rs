//! The rules at the top of `lib.rs` that can be seen in the source.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut open = vec![root.join(folder), root.join(format!("{folder}.rs"))];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).expect("a folder").map(|e| e.expect("an entry").path()));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            found.push((path, text));
        }
    }
    assert!(!found.is_empty(), "no sources under {folder}");
    found
}

/// Asserts that no line of code under a folder holds one of the words.
fn check(folder: &str, forbidden: &[&str]) {
    for (path, text) in sources(folder) {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for word in forbidden {
                assert!(
                    !code.contains(word),
                    "{}:{}: {word:?} has no place here",
                    path.display(),
                    number + 1
                );
            }
        }
    }
}

#[test]
fn the_domain_is_pure() {
    let forbidden = [
        "async ",
        ".await",
        "sqlx",
        "axum",
        "tokio",
        "SystemTime",
        "Instant::now",
        "rand",
        "crate::http",
        "crate::engine",
        "crate::log",
        "std::fs",
        "std::net",
        "std::env",
    ];
    check("domain", &forbidden);
}

#[test]
fn only_log_knows_sql() {
    for folder in ["domain", "engine", "http", "cli"] {
        check(folder, &["sqlx::", "INSERT INTO", "SELECT "]);
    }
}

#[test]
fn only_http_knows_status_and_error_codes() {
    for folder in ["domain", "engine", "log"] {
        check(folder, &["StatusCode", "error_code", "axum", "hyper"]);
    }
}

#[test]
fn every_rejection_has_its_own_answer() {
    let error = sources("http/error").into_iter().find(|(p, _)| p.ends_with("http/error.rs"));
    let (_, text) = error.expect("http/error.rs");
    let from = text.split("impl From<Rejection> for ApiError").nth(1).expect("the conversion");
    let body = from.split("\nimpl ").next().expect("its body");
    assert!(!body.contains("_ =>"), "the conversion of rejections has a wildcard arm");
}
