//! Where a finding is shown: formats of code hosts need a file for everything, from the root of the repository on.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::finding::{Finding, Place};
use crate::verdict::{Check, Verdict};

/// What stands for a file where there is none.
const ROOT: &str = ".";

/// The files of checks, by baseline and subject.
pub(super) struct Files<'v>(BTreeMap<(&'v str, Option<&'v str>), &'v str>);

/// A file, and a place in it if there is one.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'v> {
    /// The file, without `./`.
    pub(super) file: &'v str,
    /// The place.
    pub(super) place: Option<&'v Place>,
}

impl<'v> Files<'v> {
    pub(super) fn of(verdict: &'v Verdict) -> Self {
        let key = |check: &'v Check| (check.baseline.as_str(), check.subject.as_deref());
        let files = verdict.checks.iter().filter_map(|check| Some((key(check), check.file.as_deref()?)));
        Self(files.collect())
    }

    /// Where a finding is shown: at its place, or at the file of its subject.
    pub(super) fn at(&self, finding: &'v Finding) -> At<'v> {
        if let Some(place) = &finding.place {
            return At { file: relative(&place.file), place: Some(place) };
        }
        let key = finding.baseline.as_deref().map(|baseline| (baseline, finding.subject.as_deref()));
        let file = key.and_then(|key| self.0.get(&key)).copied();
        At { file: file.map_or(ROOT, relative), place: None }
    }
}

impl At<'_> {
    /// The line, or the first one.
    pub(super) fn line(&self) -> usize {
        self.place.map_or(1, |place| place.position.line.max(1))
    }

    /// The line of the end.
    pub(super) fn end_line(&self) -> usize {
        self.place.map_or(1, |place| place.end.line.max(self.line()))
    }
}

/// The file of a check, or what stands for it.
pub(super) fn check_file(check: &Check) -> &str {
    check.file.as_deref().map_or(ROOT, relative)
}

/// Without `./` in front.
fn relative(file: &str) -> &str {
    let mut file = file;
    while let Some(rest) = file.strip_prefix("./") {
        file = rest.trim_start_matches('/');
    }
    if file.is_empty() { ROOT } else { file }
}

/// A file as a URI: relative to the root of the repository (then the flag is true), or absolute.
pub(super) fn uri(file: &str) -> (String, bool) {
    let has_drive = file.as_bytes().get(1) == Some(&b':') && file.as_bytes()[0].is_ascii_alphabetic();
    let prefix = match (has_drive, file.starts_with('/')) {
        (true, _) => "file:///",
        (false, true) => "file://",
        (false, false) => "",
    };
    let mut uri = prefix.to_owned();
    for byte in file.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) || (byte == b':' && has_drive)
        {
            uri.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    (uri, prefix.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_relative() {
        assert_eq!(relative("./schemas//a.avsc"), "schemas//a.avsc");
        assert_eq!(relative("././/a.avsc"), "a.avsc");
        assert_eq!(relative("./"), ".");
        assert_eq!(relative("../a.avsc"), "../a.avsc");
    }

    #[test]
    fn files_are_uris() {
        assert_eq!(
            uri("schemas/größe #1:a%.avsc"),
            ("schemas/gr%C3%B6%C3%9Fe%20%231%3Aa%25.avsc".into(), true)
        );
        assert_eq!(uri("/tmp/a b.avsc"), ("file:///tmp/a%20b.avsc".into(), false));
        assert_eq!(uri("C:\\a\\b.avsc"), ("file:///C:/a/b.avsc".into(), false));
    }
}
