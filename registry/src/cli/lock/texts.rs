//! The files of texts, and what files are called in a lock.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use ottla_gate::lock::Lock;
use ottla_gate::source::slashes;

use super::Stop;
use super::options::Options;
use crate::cli::Usage;
use crate::cli::project::paths::plain;

/// Gives every version a file if texts are kept in files: in the folder that is said, else where those of the lock are.
/// They do not end with `.avsc`: they are no schemas of the project.
pub(super) fn place(lock: &mut Lock, options: &Options, old: &Lock) -> Result<(), Stop> {
    let Some(folder) = folder(lock, options, old)? else { return Ok(()) };
    let names: Vec<String> = lock.subjects().iter().map(|subject| subject.name.clone()).collect();
    for name in names {
        let Some(subject) = lock.subject_mut(&name) else { continue };
        for version in &mut subject.versions {
            version.path = Some(format!("{folder}/{}/{}.json", file_name(&name), version.version));
        }
    }
    Ok(())
}

fn folder(lock: &Lock, options: &Options, old: &Lock) -> Result<Option<String>, Stop> {
    let Some(given) = &options.texts else {
        let versions = old.subjects().iter().flat_map(|subject| &subject.versions);
        let mut paths = versions.filter_map(|version| version.path.as_deref());
        let folder = |path: &str| path.rsplitn(3, '/').nth(2).map(str::to_owned);
        return Ok(paths.find_map(folder));
    };
    let here = std::env::current_dir().unwrap_or_default();
    let way = way(lock.folder(), &here.join(given));
    if way.is_empty() || way.starts_with('/') || way.split('/').any(|part| part == "..") || way.contains(':')
    {
        let message =
            format!("--texts {}: a folder in that of {} is expected", given.display(), lock.shown());
        return Err(Usage(message).into());
    }
    Ok(Some(way))
}

/// A subject's name as that of a folder, on any system.
fn file_name(subject: &str) -> String {
    let mut name = String::new();
    for byte in subject.bytes() {
        let is_plain =
            byte.is_ascii_alphanumeric() || b"-_".contains(&byte) || (byte == b'.' && !name.is_empty());
        if is_plain { name.push(char::from(byte)) } else { name.push_str(&format!("%{byte:02X}")) }
    }
    name
}

/// The way from a folder to a file, with `/`.
pub(super) fn way(folder: &Path, file: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let (from, to) = (plain(&here.join(folder)), plain(&here.join(file)));
    let parts = |path: &Path| -> Vec<PathBuf> {
        path.components().map(|c: Component<'_>| c.as_os_str().into()).collect()
    };
    let (from, to) = (parts(&from), parts(&to));
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n(PathBuf::from(".."), from.len() - same);
    slashes(&up.chain(to[same..].iter().cloned()).collect::<PathBuf>())
}

/// Are the files what would be written?
pub(super) fn is_written(old: &Lock, new: &Lock) -> bool {
    let is_same = |path: &Path, text: &str| fs::read(path).is_ok_and(|known| known == text.as_bytes());
    old.to_text() == new.to_text()
        && is_same(new.path(), &new.to_text())
        && new.files().all(|(path, text)| is_same(&path, &text))
}

/// Removes the files of texts that nothing has any more.
pub(super) fn sweep(old: &Lock, new: &Lock) {
    let kept: BTreeSet<PathBuf> = new.files().map(|(path, _)| path).collect();
    for (path, text) in old.files().filter(|(path, _)| !kept.contains(path)) {
        // What somebody else has written there is theirs.
        if fs::read(&path).is_ok_and(|known| known == text.as_bytes()) {
            let _ = fs::remove_file(&path);
            // An empty folder is nothing to keep; any other stays.
            let _ = path.parent().map(fs::remove_dir);
        }
    }
}
