//! The schema of a file of a commit. What it refers to is looked for in the same commit.

use std::collections::{BTreeMap, HashMap};

use ottla_formats::avro::Mode;
use ottla_gate::source::{Loaded, Text, load_texts};

use super::side::{Failure, Places, Side, alone, found};
use crate::cli::baseline::git::{Content, Entry, Git, Links, Tree, label};
use crate::cli::project::paths::join;

/// The schema of a file of a commit.
pub(super) fn side(places: &Places<'_>, given: &str, reference: &str, path: &str) -> Result<Side, Failure> {
    let missing = |words: String| Failure::Missing(format!("{given}: {words}"));
    if !places.root.is_repository {
        return Err(missing("this is not in a git repository".to_owned()));
    }
    let git = Git::new(&places.root.path);
    let id = commit(&git, reference).map_err(missing)?;
    let tree = Tree::of(&git, &id).map_err(|failure| missing(failure.into()))?;
    let files: BTreeMap<String, Entry> = tree.entries().collect();
    let name = names(places, path).into_iter().find(|name| files.contains_key(name));
    let name = name.ok_or_else(|| missing(format!("commit {} has no file {path}", label(&id))))?;
    let commit = Commit { git, reference, files };
    let loaded = commit.load(places, &name).map_err(missing)?;
    let (sources, at) = found(loaded?, &commit.shown(&name))?;
    let label = label(&id);
    Ok(Side { name: given.to_owned(), kind: "git", label, origin: Some(id), sources, at })
}

/// The whole id of a commit.
fn commit(git: &Git, reference: &str) -> Result<String, String> {
    let wanted = format!("{reference}^{{commit}}");
    // No name begins like that, and git would take it for a flag.
    let found = match reference.starts_with('-') {
        true => None,
        false => git.line(&["rev-parse", "--verify", "--quiet", &wanted])?,
    };
    found.ok_or_else(|| format!("git has no commit {reference}: check the name, or fetch it"))
}

/// What a path may be called from the root of the repository on: what it says itself, or as seen from this folder.
fn names(places: &Places<'_>, path: &str) -> Vec<String> {
    let here = join(&places.root.name(&places.here), path);
    let is_from_here = path.starts_with("./") || path.starts_with("../");
    let root = join("", path).filter(|_| !is_from_here);
    root.into_iter().chain(here).collect()
}

/// Files by name, and what is in them.
type Contents = Vec<(String, Result<Vec<u8>, String>)>;

/// The files of a commit.
struct Commit<'a> {
    git: Git,
    reference: &'a str,
    files: BTreeMap<String, Entry>,
}

impl Commit<'_> {
    /// What a file is called in errors and findings.
    fn shown(&self, name: &str) -> String {
        format!("{}:{name}", self.reference)
    }

    /// Reads a file, with the others of the project if it refers to some. The inner error is about the project.
    fn load(&self, places: &Places<'_>, name: &str) -> Result<Result<Loaded, Failure>, String> {
        let content = self.contents(&BTreeMap::from([(name.to_owned(), self.files[name].clone())]))?;
        let content = content.into_iter().next().map(|(_, content)| content);
        let loaded = alone(&self.shown(name), content.ok_or("it was not read")??);
        if !loaded.sources.is_empty() {
            return Ok(Ok(loaded));
        }
        let project = match places.project() {
            Ok(project) => project,
            Err(failure) => return Ok(Err(failure)),
        };
        let mut files = self.files.clone();
        files.retain(|file, _| file == name || project.scope.covers(file));
        let mut contents = self.contents(&files)?;
        // Of several files that define a type, the first one counts.
        contents.sort_by_key(|(file, _)| file != name);
        let text = |(file, content): (String, _)| Text { name: self.shown(&file), content };
        Ok(Ok(load_texts(contents.into_iter().map(text).collect(), Mode::Lookup)))
    }

    /// The contents of files. Links lead to other files of the commit; one to a file that is among them is left out.
    fn contents(&self, files: &BTreeMap<String, Entry>) -> Result<Contents, String> {
        let mut links = Links::default();
        if files.values().any(|entry| entry.is_link) {
            links.learn(&self.git, self.files.values())?;
        }
        let others: HashMap<String, Entry> = self.files.clone().into_iter().collect();
        let contents: Vec<(String, Content)> = files
            .iter()
            .filter_map(|(name, entry)| Some((name.clone(), links.content(name, entry, files, &others)?)))
            .collect();
        let ids: Vec<&str> = contents
            .iter()
            .filter_map(|(_, content)| match content {
                Content::Blob(id) => Some(id.as_str()),
                Content::Broken(_) => None,
            })
            .collect();
        let blobs = self.git.blobs(&ids)?;
        Ok(contents.iter().map(|(name, content)| (name.clone(), content.bytes(&blobs))).collect())
    }
}
