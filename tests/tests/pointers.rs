//! What the README points at is there.

use std::fs;
use std::path::Path;

/// Where a link of the README leads, and what it is called if that is a name in the code.
fn links(text: &str) -> Vec<(&str, Option<&str>)> {
    let ends = text.match_indices("](");
    let links = ends.filter_map(|(at, _)| {
        let target = text[at + 2..].split_once(')')?.0;
        let label = text[..at].rsplit_once('[')?.1;
        Some((target, label.strip_prefix('`').and_then(|label| label.strip_suffix('`'))))
    });
    links.filter(|(target, _)| !target.starts_with("http") && !target.starts_with('#')).collect()
}

#[test]
fn files_and_names_of_the_readme_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("README.md")).expect("the README");
    let links = links(&text);
    assert!(links.len() > 20, "{}", links.len());
    for (target, name) in links {
        let file = root.join(target);
        assert!(file.exists(), "{target} does not exist");
        let Some(name) = name.filter(|_| file.is_file() && target.ends_with(".rs")) else { continue };
        let code = fs::read_to_string(&file).expect("a file of text");
        let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        for word in name.split("::").filter(|word| *word != stem) {
            let is_there = ["fn ", "struct ", "enum ", "trait ", "mod ", "impl "]
                .iter()
                .any(|kind| code.contains(&format!("{kind}{word}")));
            assert!(is_there, "{target} has no {word}");
        }
    }
}
