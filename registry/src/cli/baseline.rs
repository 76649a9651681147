//! What was released, and who knows it: git, a registry, a lock file.
//!
//! ```text
//! baseline/git.rs       the files of a commit, and for transitive levels those of the commits before it
//! baseline/registry.rs  the versions of a registry, and its own verdict
//! baseline/lock.rs      the versions of a lock file
//! ```

pub(super) mod git;
pub(super) mod lock;
pub(super) mod registry;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use ottla_formats::avro::Schema;
use ottla_formats::compatibility::Level;
use ottla_gate::compare::Released;

use super::access::{urls, without_login};

/// A subject that a baseline is asked for.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The subject.
    pub subject: &'a str,
    /// The schema of the file.
    pub schema: &'a Schema,
    /// The level, if the project configures one.
    pub level: Option<Level>,
}

/// What a baseline knows of a subject.
#[derive(Debug)]
pub enum Answer {
    /// Its versions.
    Known(Past),
    /// There is no such subject.
    Unknown,
    /// It cannot be told, and why.
    NotCompared(String),
}

/// What was released of a subject.
#[derive(Debug)]
pub struct Past {
    /// The level that counts: the project's, else the baseline's.
    pub level: Level,
    /// As many versions as the level asks for, the newest first. It may be that there is none.
    pub versions: Vec<Released>,
    /// The file that the newest version was, if it was another one.
    pub renamed_from: Option<String>,
    /// What the baseline itself says, if it can be asked.
    pub verdict: Option<OwnVerdict>,
    /// What else is to be said.
    pub note: Option<String>,
}

/// The verdict of a registry.
#[derive(Debug)]
pub struct OwnVerdict {
    /// The level that the registry applies, and the versions that this level asks for if they are others than those of
    /// [`Past`].
    pub level: Level,
    /// Those versions, the newest first.
    pub versions: Vec<Released>,
    /// May the schema follow?
    pub is_compatible: bool,
    /// Why not, in the registry's words.
    pub messages: Vec<String>,
}

/// What a baseline says about a project.
#[derive(Debug)]
pub struct Column {
    /// What the baseline is called: `git:origin/main`.
    pub label: String,
    /// What it says, or why nothing can be had of it.
    pub looked: Result<Looked, String>,
    /// What else is to be said of it as a whole.
    pub note: Option<String>,
}

/// What a baseline says about the files that it was asked about.
#[derive(Debug)]
pub struct Looked {
    /// One answer for each of them, in their order.
    pub answers: Vec<Answer>,
    /// What it has and they have not.
    pub gone: Vec<Gone>,
}

/// A subject that was released and that no file has any more.
#[derive(Debug)]
pub struct Gone {
    /// The file that it was.
    pub file: Option<String>,
    /// The subject.
    pub subject: String,
    /// The level.
    pub level: Level,
    /// Is the file still there for git, and only left out of the work tree?
    pub is_left_out: bool,
}

/// What to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    /// A commit; without a reference the one where the history parted from the default branch.
    Git(Option<String>),
    /// A registry; without a URL that of the environment or of the project.
    Registry(Option<String>),
    /// A lock file; without a name that of the project.
    Lock(Option<PathBuf>),
}

impl Column {
    /// Nothing else is to be said.
    pub fn new(label: String, looked: Result<Looked, String>) -> Self {
        Self { label, looked, note: None }
    }
}

impl Looked {
    /// The answers of a baseline that has nothing.
    pub fn nothing(count: usize) -> Self {
        Self { answers: std::iter::repeat_with(|| Answer::Unknown).take(count).collect(), gone: Vec::new() }
    }
}

impl FromStr for Against {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, of) = match text.split_once(':') {
            Some((kind, of)) => (kind, Some(of.to_owned())),
            None => (text, None),
        };
        match (kind, of) {
            (_, Some(of)) if of.is_empty() => Err("nothing stands behind the colon"),
            ("git", Some(of)) if of.starts_with('-') => Err("no reference begins with -"),
            ("git", of) => Ok(Self::Git(of)),
            ("registry", of) => Ok(Self::Registry(of)),
            ("lock", of) => Ok(Self::Lock(of.map(PathBuf::from))),
            _ => Err("expected git, git:REF, registry, registry:URL, lock or lock:FILE"),
        }
    }
}

/// As it is written, but for passwords.
impl fmt::Display for Against {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Git(None) => f.write_str("git"),
            Self::Git(Some(reference)) => write!(f, "git:{reference}"),
            Self::Registry(None) => f.write_str("registry"),
            Self::Registry(Some(text)) => {
                let shown: Vec<String> = urls(text).iter().map(|url| without_login(url)).collect();
                write!(f, "registry:{}", shown.join(","))
            }
            Self::Lock(None) => f.write_str("lock"),
            Self::Lock(Some(file)) => write!(f, "lock:{}", file.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn baselines_are_read_and_written() {
        for (text, expected) in [
            ("git", Against::Git(None)),
            ("git:origin/main", Against::Git(Some("origin/main".to_owned()))),
            ("git:HEAD:x", Against::Git(Some("HEAD:x".to_owned()))),
            ("registry", Against::Registry(None)),
            ("registry:http://a:8081", Against::Registry(Some("http://a:8081".to_owned()))),
            ("lock", Against::Lock(None)),
            ("lock:a/b.lock", Against::Lock(Some(PathBuf::from("a/b.lock")))),
        ] {
            assert_eq!(text.parse(), Ok(expected.clone()));
            assert_eq!(expected.to_string(), text);
        }
        for text in ["", "git:", "git:-x", "svn:1", "registry:"] {
            assert!(text.parse::<Against>().is_err(), "{text:?}");
        }
        let secret = Against::Registry(Some("http://me:p@ss@host:1/x".to_owned()));
        assert_eq!(secret.to_string(), "registry:http://host:1/x");
        let secrets = Against::Registry(Some("http://me:pass@a:1,http://you:p,ss@b:2".to_owned()));
        assert_eq!(secrets.to_string(), "registry:http://a:1,http://b:2");
    }
}
