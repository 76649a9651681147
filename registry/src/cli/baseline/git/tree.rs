//! The files of a commit.

use std::collections::{BTreeMap, HashMap};

use ottla_gate::source::text_of;

use super::command::{Failure, Git};
use crate::cli::project::paths::join;

/// So many links are followed from one to the next.
const MAX_LINKS: usize = 8;

/// What stands under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The id of its blob.
    pub id: String,
    /// Is it a symbolic link, and the blob the way to its target?
    pub is_link: bool,
}

/// Which text a file has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// That of a blob.
    Blob(String),
    /// It cannot be told, and why.
    Broken(String),
}

/// A commit's tree.
#[derive(Debug)]
pub struct Tree {
    listing: Vec<u8>,
}

impl Tree {
    /// The tree of a commit.
    pub fn of(git: &Git, commit: &str) -> Result<Self, Failure> {
        let listing = git.run(&["ls-tree", "-r", "-z", "--full-tree", commit])?;
        Ok(Self { listing })
    }

    /// All files and links, by name.
    pub fn entries(&self) -> impl Iterator<Item = (String, Entry)> {
        self.rows().filter(|row| row.kind == "blob").map(|row| (row.name, Entry::of(row.mode, row.id)))
    }

    /// The folders that are other repositories.
    pub fn modules(&self) -> Vec<String> {
        self.rows().filter(|row| row.kind == "commit").map(|row| row.name).collect()
    }

    /// `MODE KIND ID<tab>NAME`, each ended by a zero.
    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.listing.split(|byte| *byte == 0).filter_map(|row| {
            let tab = row.iter().position(|byte| *byte == b'\t')?;
            let mut words = std::str::from_utf8(&row[..tab]).ok()?.split(' ');
            let (mode, kind, id) = (words.next()?, words.next()?, words.next()?);
            Some(Row { mode, kind, id, name: text_of(&row[tab + 1..]) })
        })
    }
}

struct Row<'a> {
    mode: &'a str,
    kind: &'a str,
    id: &'a str,
    name: String,
}

impl Entry {
    /// From what git prints.
    pub fn of(mode: &str, id: &str) -> Self {
        Self { id: id.to_owned(), is_link: mode == "120000" }
    }
}

/// Where links lead.
#[derive(Debug, Default)]
pub struct Links {
    ways: HashMap<String, String>,
}

impl Links {
    /// Learns the contents of links.
    pub fn learn<'e>(&mut self, git: &Git, entries: impl Iterator<Item = &'e Entry>) -> Result<(), Failure> {
        let mut ids: Vec<&str> = entries.filter(|e| e.is_link).map(|e| e.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        for (id, blob) in git.blobs(&ids)? {
            if let Ok(way) = blob {
                self.ways.insert(id, String::from_utf8_lossy(&way).into_owned());
            }
        }
        Ok(())
    }

    /// The text of a file. None for a link to a file that is known by its own name: it would be there twice.
    pub fn content(
        &self,
        name: &str,
        entry: &Entry,
        files: &BTreeMap<String, Entry>,
        others: &HashMap<String, Entry>,
    ) -> Option<Content> {
        let (mut name, mut entry) = (name.to_owned(), entry);
        for _ in 0..MAX_LINKS {
            if !entry.is_link {
                return Some(Content::Blob(entry.id.clone()));
            }
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            let way = self.ways.get(&entry.id).filter(|way| !way.starts_with('/'));
            let Some(target) = way.and_then(|way| join(folder, way)) else { break };
            if files.get(&target).is_some_and(|file| !file.is_link) {
                return None;
            }
            let Some(next) = files.get(&target).or_else(|| others.get(&target)) else { break };
            (name, entry) = (target, next);
        }
        Some(Content::Broken("it is a symbolic link that leads to no file of the commit".to_owned()))
    }
}
