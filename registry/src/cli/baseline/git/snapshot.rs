//! The schemas of a commit, with the subjects that the project gives them now.

use std::collections::{BTreeMap, HashMap};

use ottla_formats::avro::{Mode, Schema};
use ottla_gate::source::{Loaded, Text, load_texts};

use super::command::{Blob, Failure, Git};
use super::tree::{Content, Entry, Links, Tree};
use crate::cli::project::{Project, full_name};

/// The schemas of a commit.
#[derive(Debug)]
pub struct Snapshot {
    /// What the commit is called: the beginning of its id.
    pub label: String,
    /// The files of the project in it, with links.
    pub entries: BTreeMap<String, Entry>,
    /// The folders that are other repositories.
    pub modules: Vec<String>,
    /// Each file with its subject; a file with several subjects several times.
    pub files: Vec<Based>,
    /// The texts of the files, by the ids of their blobs.
    pub blobs: HashMap<String, Blob>,
    loaded: Loaded,
}

/// A file of the commit and its subject.
#[derive(Debug)]
pub struct Based {
    /// The file.
    pub file: String,
    /// The full name of its outermost type, if it has one.
    pub full_name: Option<String>,
    /// The subject that the project gives it now, if it can be told.
    pub subject: Option<String>,
    source: Result<usize, String>,
}

impl Based {
    /// Was it a schema?
    pub fn was_schema(&self) -> bool {
        self.source.is_ok()
    }
}

/// How many digits of a commit's id are shown.
const SHOWN_ID: usize = 7;

/// What a commit is called.
pub fn label(commit: &str) -> String {
    commit.chars().take(SHOWN_ID).collect()
}

impl Snapshot {
    /// Reads the schemas of a commit.
    pub fn of(git: &Git, commit: &str, project: &Project) -> Result<Self, Failure> {
        let tree = Tree::of(git, commit)?;
        let is_ours = |name: &str| project.scope.covers(name) || project.files.all.contains_key(name);
        let (mut entries, mut others) = (BTreeMap::new(), HashMap::new());
        for (name, entry) in tree.entries() {
            if is_ours(&name) {
                entries.insert(name, entry);
            } else {
                others.insert(name, entry);
            }
        }
        let mut links = Links::default();
        if entries.values().any(|entry| entry.is_link) {
            links.learn(git, entries.values().chain(others.values()))?;
        }
        let contents: BTreeMap<&String, Content> = entries
            .iter()
            .filter_map(|(name, entry)| Some((name, links.content(name, entry, &entries, &others)?)))
            .collect();
        let mut ids: Vec<&str> = contents.values().filter_map(Content::id).collect();
        ids.sort_unstable();
        ids.dedup();
        let blobs = git.blobs(&ids)?;
        let texts: Vec<Text> = contents
            .into_iter()
            .map(|(name, content)| Text { name: name.clone(), content: content.bytes(&blobs) })
            .collect();
        let names: Vec<(String, Option<String>)> =
            texts.iter().map(|text| (text.name.clone(), full_name_of(&text.content))).collect();
        let loaded = load_texts(texts, Mode::Lookup);
        let label = label(commit);
        let files = based(project, &label, names, &loaded);
        Ok(Self { label, entries, modules: tree.modules(), files, blobs, loaded })
    }

    /// The schema of a file, or why there is none.
    pub fn schema(&self, file: &Based) -> Result<&Schema, String> {
        file.source.clone().map(|at| &self.loaded.sources[at].schema)
    }
}

/// The full name of what may be no schema.
pub fn full_name_of(content: &Result<Vec<u8>, String>) -> Option<String> {
    content.as_ref().ok().and_then(|bytes| full_name(&String::from_utf8_lossy(bytes)))
}

fn based(
    project: &Project,
    label: &str,
    names: Vec<(String, Option<String>)>,
    loaded: &Loaded,
) -> Vec<Based> {
    let sources: HashMap<&str, usize> = loaded
        .sources
        .iter()
        .enumerate()
        .map(|(at, source)| (source.file.found.shown.as_str(), at))
        .collect();
    let mut errors = HashMap::new();
    for error in &loaded.errors {
        errors.entry(error.file().unwrap_or_default()).or_insert(error);
    }
    let mut files = Vec::new();
    for (file, full_name) in names {
        let source = match (sources.get(file.as_str()), errors.get(file.as_str())) {
            (Some(at), _) => Ok(*at),
            (None, Some(error)) => Err(format!("in commit {label}, {}", in_one_line(&error.to_string()))),
            (None, None) => {
                Err(format!("in commit {label}, {file} refers to files with something wrong in them"))
            }
        };
        let named = project.names.of(project.config(), &file, full_name.as_deref()).unwrap_or_default();
        let subjects = named.into_iter().map(|named| Some(named.subject));
        let subjects: Vec<_> = subjects.chain([None]).collect();
        // What has no subject is known by its name and file.
        let count = (subjects.len() - 1).max(1);
        for subject in subjects.into_iter().take(count) {
            let (file, full_name, source) = (file.clone(), full_name.clone(), source.clone());
            files.push(Based { file, full_name, subject, source });
        }
    }
    files
}

fn in_one_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

impl Content {
    fn id(&self) -> Option<&str> {
        match self {
            Self::Blob(id) => Some(id),
            Self::Broken(_) => None,
        }
    }

    /// The bytes, from blobs that were read.
    pub fn bytes(&self, blobs: &HashMap<String, Blob>) -> Result<Vec<u8>, String> {
        match self {
            Self::Blob(id) => blobs.get(id).cloned().unwrap_or_else(|| Err("it was not read".to_owned())),
            Self::Broken(why) => Err(why.clone()),
        }
    }
}
