//! What is named on the command line: a file, a version of a registry or lock file, a file of a commit.

use std::fmt;

/// What is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    /// A file.
    File(String),
    /// A file of a commit.
    Commit { reference: String, path: String },
    /// A version of a registry.
    Registry { subject: String, version: Version },
    /// A version of a lock file.
    Lock { subject: String, version: Version },
}

/// Which version of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// The one with the highest number.
    Latest,
    /// The one with that number.
    Number(i32),
}

impl Name {
    /// Reads a name. A file that is there comes first, then what says what it is, then what looks like a version, then what
    /// looks like a file of a commit.
    pub(super) fn parse(text: &str, is_file: impl Fn(&str) -> bool) -> Result<Self, String> {
        if is_file(text) {
            return Ok(Self::File(text.to_owned()));
        }
        match text.split_once(':') {
            Some(("file", path)) => Ok(Self::File(path.to_owned())),
            Some(("git", rest)) => of_commit(rest)
                .ok_or_else(|| format!("{text}: expected git:REF:PATH, as in git:HEAD:schemas/order.avsc")),
            Some(("registry", rest)) => of_version(rest)
                .map(|(subject, version)| Self::Registry { subject, version })
                .ok_or_else(|| {
                    format!("{text}: expected registry:SUBJECT:VERSION, as in registry:orders-value:latest")
                }),
            Some(("lock", rest)) => {
                of_version(rest).map(|(subject, version)| Self::Lock { subject, version }).ok_or_else(|| {
                    format!("{text}: expected lock:SUBJECT:VERSION, as in lock:orders-value:latest")
                })
            }
            _ => {
                let version = of_version(text).map(|(subject, version)| Self::Registry { subject, version });
                version.or_else(|| of_commit(text)).ok_or_else(|| {
                    format!("{text}: no such file; expected a file, SUBJECT:VERSION or REF:PATH (see --help)")
                })
            }
        }
    }
}

/// `SUBJECT:VERSION`; a subject may have colons of its own, as in `:.context:name`.
fn of_version(text: &str) -> Option<(String, Version)> {
    let (subject, version) = text.rsplit_once(':').filter(|(subject, _)| !subject.is_empty())?;
    let version = match version {
        "latest" => Version::Latest,
        number if number.bytes().all(|b| b.is_ascii_digit()) => {
            Version::Number(number.parse().ok().filter(|number| *number > 0)?)
        }
        _ => return None,
    };
    Some((subject.to_owned(), version))
}

/// `REF:PATH`; no reference has a colon in it.
fn of_commit(text: &str) -> Option<Name> {
    let (reference, path) = text.split_once(':')?;
    let (reference, path) = (reference.to_owned(), path.to_owned());
    (!reference.is_empty() && !path.is_empty()).then_some(Name::Commit { reference, path })
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest => f.write_str("latest"),
            Self::Number(number) => number.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let file = |path: &str| Ok(Name::File(path.to_owned()));
        let commit = |reference: &str, path: &str| {
            Ok(Name::Commit { reference: reference.to_owned(), path: path.to_owned() })
        };
        let registry = |subject: &str, version| Ok(Name::Registry { subject: subject.to_owned(), version });
        let lock = |subject: &str, version| Ok(Name::Lock { subject: subject.to_owned(), version });
        for (text, expected) in [
            ("there.avsc", file("there.avsc")),
            ("there:1", file("there:1")),
            ("file:x.avsc", file("x.avsc")),
            ("file:a:b", file("a:b")),
            ("git:HEAD~1:a/b.avsc", commit("HEAD~1", "a/b.avsc")),
            ("git:v1:2", commit("v1", "2")),
            ("HEAD:a/b.avsc", commit("HEAD", "a/b.avsc")),
            ("origin/main:./b.avsc", commit("origin/main", "./b.avsc")),
            ("HEAD:there.avsc", commit("HEAD", "there.avsc")),
            ("orders-value:3", registry("orders-value", Version::Number(3))),
            ("orders-value:latest", registry("orders-value", Version::Latest)),
            (":.sales:orders:1", registry(":.sales:orders", Version::Number(1))),
            ("registry:git:2", registry("git", Version::Number(2))),
            ("registry:a:b:2", registry("a:b", Version::Number(2))),
            ("lock:orders-value:12", lock("orders-value", Version::Number(12))),
            ("a:0", commit("a", "0")),
            ("a:-1", commit("a", "-1")),
            ("a:99999999999", commit("a", "99999999999")),
        ] {
            assert_eq!(Name::parse(text, |path| path.starts_with("there")), expected, "{text}");
        }
        for text in [
            "",
            ":",
            "gone.avsc",
            "a:",
            ":a",
            "git:HEAD",
            "git:",
            "git:HEAD:",
            "registry:a",
            "registry:a:b",
            "lock::1",
        ] {
            let error = Name::parse(text, |_| false).expect_err(text);
            assert!(error.starts_with(&format!("{text}: ")), "{error}");
        }
    }
}
