//! What a subject was before: all its states on the way back from a commit.
//!
//! A state is the schema of a file together with those that it refers to. The files of each commit follow from those of the
//! commit after it and what that one changed, and only what a change can matter to is looked at again.

use std::collections::{BTreeMap, HashMap, HashSet};

use ottla_formats::ParsedSchema;
use ottla_formats::avro::Mode;
use ottla_gate::compare::Released;
use ottla_gate::source::{Text, load_texts};

use super::command::{Failure, Git};
pub use super::followed::Past;
use super::followed::{Followed, Watched, ids};
use super::index::{Index, Parsed};
use super::snapshot::{Snapshot, label};
use super::tree::{Content, Entry, Links};
use super::walk::{MAX_COMMITS, Step, walk};
use crate::cli::project::Project;

/// More states of files are not read.
const MAX_BLOBS: usize = 100_000;

/// More states of all subjects together are not held: each change of a file is one of all subjects that use it.
const MAX_STATES: usize = 50_000;

/// The versions before those of a snapshot. `wanted`: the subjects, and the indices of their files in the snapshot.
pub fn histories(
    git: &Git,
    commit: &str,
    project: &Project,
    snapshot: &Snapshot,
    wanted: &[(String, usize)],
) -> Result<Vec<Result<Past, String>>, String> {
    let steps = walk(git, commit, project)?;
    if steps.len() > MAX_COMMITS {
        return Err(format!(
            "more than {MAX_COMMITS} commits changed the schemas: use the lock file or a registry"
        ));
    }
    let mut history = History::new(git, project, snapshot, &steps)?;
    let mut followed: Vec<Followed> = wanted.iter().map(|(s, at)| history.follow(s, snapshot, *at)).collect();
    let claimed: HashSet<&str> = project.members.iter().filter_map(|m| m.subject.as_deref()).collect();
    let mut watched = Watched::default();
    followed.iter().enumerate().for_each(|(at, one)| watched.change(at, &HashSet::new(), &one.interests));
    for (step, next) in steps.iter().zip(steps.iter().skip(1)) {
        let touched = history.undo(project, step);
        for at in watched.by(&touched) {
            let before = followed[at].interests.clone();
            history.look(&mut followed[at], &claimed, &label(&next.commit));
            watched.change(at, &before, &followed[at].interests);
            if history.states > MAX_STATES {
                return Err(format!(
                    "the schemas had more than {MAX_STATES} states, with those that they refer to: use the lock file or a registry"
                ));
            }
        }
    }
    Ok(followed.into_iter().map(Followed::into_past).collect())
}

struct History {
    index: Index,
    links: Links,
    files: BTreeMap<String, Entry>,
    contents: HashMap<String, Result<Vec<u8>, String>>,
    /// The schemas of states that were read, of files with several subjects.
    known: HashMap<(String, Vec<String>), Option<ParsedSchema>>,
    /// So many were read.
    states: usize,
}

impl History {
    fn new(git: &Git, project: &Project, snapshot: &Snapshot, steps: &[Step]) -> Result<Self, String> {
        let entries = || steps.iter().flat_map(|step| &step.before).filter_map(|(_, entry)| entry.as_ref());
        let mut links = Links::default();
        links.learn(git, snapshot.entries.values().chain(entries()))?;
        let contents = read(git, snapshot, entries())?;
        let mut history = Self {
            index: Index::default(),
            links,
            files: snapshot.entries.clone(),
            contents,
            known: HashMap::new(),
            states: 0,
        };
        for name in snapshot.entries.keys() {
            history.put(project, name);
        }
        Ok(history)
    }

    /// Takes a change back. All files and names that it matters to.
    fn undo(&mut self, project: &Project, step: &Step) -> HashSet<String> {
        let mut touched = HashSet::new();
        for (name, entry) in &step.before {
            if !project.scope.covers(name) && !project.files.all.contains_key(name) {
                continue;
            }
            touched.extend(self.index.remove(name));
            match entry {
                Some(entry) => self.files.insert(name.clone(), entry.clone()),
                None => self.files.remove(name),
            };
            touched.extend(self.put(project, name));
            touched.insert(name.clone());
        }
        touched
    }

    /// Adds a file as it is now to the index: what it is known by.
    fn put(&mut self, project: &Project, name: &str) -> Vec<String> {
        let Some(entry) = self.files.get(name) else { return Vec::new() };
        let parsed = match self.links.content(name, entry, &self.files, &HashMap::new()) {
            None => return Vec::new(),
            Some(Content::Broken(why)) => Parsed::broken(why),
            Some(Content::Blob(id)) => match self.contents.get(&id) {
                Some(Ok(bytes)) => Parsed::of(&id, bytes),
                Some(Err(why)) => Parsed::broken(why.clone()),
                None => Parsed::broken("it was not read".to_owned()),
            },
        };
        let named = project.names.of(project.config(), name, parsed.full_name.as_deref()).unwrap_or_default();
        self.index.insert(name, parsed, named.into_iter().map(|named| named.subject).collect())
    }

    fn follow(&mut self, subject: &str, snapshot: &Snapshot, at: usize) -> Followed {
        let based = &snapshot.files[at];
        let mut followed = Followed {
            subject: based.subject.clone().unwrap_or_else(|| subject.to_owned()),
            full_name: based.full_name.clone(),
            file: based.file.clone(),
            interests: HashSet::new(),
            met: HashSet::new(),
            versions: Vec::new(),
            passed_over: Vec::new(),
            unknown: None,
        };
        let state = self.state(&followed.file);
        followed.note(&state);
        followed
    }

    /// Looks at a subject once something that it depends on is another.
    fn look(&mut self, one: &mut Followed, claimed: &HashSet<&str>, label: &str) {
        let found = self.index.find(&one.subject, one.full_name.as_deref(), &one.file, claimed);
        let Some(file) = found else { return };
        one.full_name = self.index.full_name(&file).or(one.full_name.take());
        one.file = file;
        let state = self.state(&one.file);
        if !one.note(&state) {
            return;
        }
        match self.schema(&one.file, state) {
            Ok(Some(schema)) => one.versions.push(Released { label: label.to_owned(), schema }),
            // What is no schema was not released.
            Ok(None) => one.passed_over.push(label.to_owned()),
            Err(why) => one.unknown = Some(format!("in commit {label}, {}: {why}", one.file)),
        }
    }

    /// The files that a file's schema is made of, itself among them, by name.
    fn state(&self, file: &str) -> BTreeMap<String, Parsed> {
        self.index.closure(file)
    }

    fn schema(
        &mut self,
        file: &str,
        state: BTreeMap<String, Parsed>,
    ) -> Result<Option<ParsedSchema>, String> {
        if let Some(why) = state.values().find_map(|parsed| parsed.broken.clone()) {
            return Err(why);
        }
        let key = (file.to_owned(), ids(&state));
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let text = |(name, parsed): (String, Parsed)| Text {
            name,
            content: self.contents.get(&parsed.id).cloned().unwrap_or_else(|| Ok(Vec::new())),
        };
        let loaded = load_texts(state.into_iter().map(text).collect(), Mode::Lookup);
        let source = loaded.sources.into_iter().find(|source| source.file.found.shown == file);
        let schema = source.map(|source| ParsedSchema::Avro(source.schema));
        self.states += 1;
        if self.index.is_shared(file) {
            self.known.insert(key, schema.clone());
        }
        Ok(schema)
    }
}

/// The texts of all states of all files.
fn read<'e>(
    git: &Git,
    snapshot: &Snapshot,
    entries: impl Iterator<Item = &'e Entry>,
) -> Result<HashMap<String, Result<Vec<u8>, String>>, String> {
    let mut contents = snapshot.blobs.clone();
    let mut ids: Vec<&str> =
        entries.map(|entry| entry.id.as_str()).filter(|id| !contents.contains_key(*id)).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() > MAX_BLOBS {
        return Err(format!("the schemas had more than {MAX_BLOBS} states: use the lock file or a registry"));
    }
    let read = git.blobs(&ids).map_err(|failure: Failure| String::from(failure))?;
    contents.extend(read);
    Ok(contents)
}
