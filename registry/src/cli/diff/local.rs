//! The schema of a file. What it refers to is looked for in the project.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use ottla_formats::avro::parse::MAX_TEXT;

use super::side::{Failure, Places, Side, alone, found};

/// The schema of a file.
pub(super) fn side(places: &Places<'_>, given: &str, path: &str) -> Result<Side, Failure> {
    let whole = places.here.join(path);
    let content = read(&whole).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::Usage(format!("{path}: no such file")),
        _ => Failure::Usage(format!("{path}: cannot be read: {error}")),
    })?;
    let name = places.root.name(&whole);
    let mut loaded = alone(&name, content);
    let mut shown = name.clone();
    if loaded.sources.is_empty() {
        // It may refer to others, or there is something wrong with it, which the project says as well.
        let project = places.project_with(vec![PathBuf::from(path)])?;
        shown = project.root.name(&whole);
        loaded = project.loaded;
    }
    let (sources, at) = found(loaded, &shown)?;
    Ok(Side { name: given.to_owned(), kind: "file", label: name, origin: None, sources, at })
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut content = Vec::new();
    File::open(path)?.take(MAX_TEXT as u64 + 1).read_to_end(&mut content)?;
    Ok(content)
}
