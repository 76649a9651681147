//! Subjects that are followed back through the history, and what matters to each.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use ottla_gate::compare::Released;

use super::index::{Index, Parsed};

/// A subject that is followed back.
#[derive(Debug)]
pub struct Followed {
    /// What it is called.
    pub subject: String,
    /// The full name of its outermost type, as of the state that was looked at last.
    pub full_name: Option<String>,
    /// Its file, or the last one that it had.
    pub file: String,
    /// Files and names that its schema depends on.
    pub interests: HashSet<String>,
    /// States that it had: the blobs that make its schema.
    pub met: HashSet<Vec<String>>,
    /// Its versions so far.
    pub versions: Vec<Released>,
    /// Commits in which it was no schema.
    pub passed_over: Vec<String>,
    /// Why a state of it is not known.
    pub unknown: Option<String>,
}

/// The versions of a subject, the newest first.
#[derive(Debug, Default)]
pub struct Past {
    /// The versions before the one of the commit itself.
    pub versions: Vec<Released>,
    /// Commits in which it was no schema.
    pub passed_over: Vec<String>,
}

impl Followed {
    /// Remembers what the schema depends on. Is it a state that it was not in before?
    pub fn note(&mut self, state: &BTreeMap<String, Parsed>) -> bool {
        self.interests = state.keys().cloned().collect();
        self.interests.extend(state.values().flat_map(|parsed| parsed.uses.iter().cloned()));
        self.interests.insert(Index::of_subject(&self.subject));
        self.interests.extend(self.full_name.clone());
        self.met.insert(ids(state))
    }

    /// What was found, or why it is not known.
    pub fn into_past(self) -> Result<Past, String> {
        match self.unknown {
            Some(why) => Err(why),
            None => Ok(Past { versions: self.versions, passed_over: self.passed_over }),
        }
    }
}

/// Who depends on which files and names: of a long history and many subjects, few have to be looked at.
#[derive(Debug, Default)]
pub struct Watched {
    by: HashMap<String, BTreeSet<usize>>,
}

impl Watched {
    /// It depends on other things now.
    pub fn change(&mut self, at: usize, before: &HashSet<String>, now: &HashSet<String>) {
        for name in before.difference(now) {
            if let Some(all) = self.by.get_mut(name) {
                all.remove(&at);
            }
        }
        for name in now.difference(before) {
            self.by.entry(name.clone()).or_default().insert(at);
        }
    }

    /// Those that one of these things matters to.
    pub fn by(&self, touched: &HashSet<String>) -> BTreeSet<usize> {
        touched.iter().filter_map(|name| self.by.get(name)).flatten().copied().collect()
    }
}

/// The blobs of a state: what tells it from another one.
pub fn ids(state: &BTreeMap<String, Parsed>) -> Vec<String> {
    let mut ids: Vec<String> = state.values().map(|parsed| parsed.id.clone()).collect();
    ids.sort();
    ids
}
