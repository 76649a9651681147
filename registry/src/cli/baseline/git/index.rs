//! The files of a commit by what they define and which subject they are.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use ottla_formats::json;
use ottla_gate::source::{Places, scan};

use crate::cli::project::full_name;

/// What a text defines and uses.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// The id of its blob.
    pub id: String,
    /// The full name of its outermost type.
    pub full_name: Option<String>,
    /// The full names that it defines.
    pub defines: Vec<String>,
    /// The full names that it may use.
    pub uses: Vec<String>,
    /// Why there is no text.
    pub broken: Option<String>,
}

impl Parsed {
    /// Reads a text. What is none has no names.
    pub fn of(id: &str, bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut parsed = Self { id: id.to_owned(), full_name: full_name(text), ..Self::default() };
        if let Ok((value, _)) = json::parse(text) {
            let names = scan(&value, &Places::read(text));
            parsed.defines = names.definitions.into_iter().map(|definition| definition.name).collect();
            parsed.uses = names.uses.iter().flat_map(|used| used.candidates()).collect();
        }
        parsed
    }

    /// What has no text.
    pub fn broken(why: String) -> Self {
        Self { broken: Some(why), ..Self::default() }
    }
}

/// The files of a commit.
#[derive(Debug, Default)]
pub struct Index {
    files: HashMap<String, (Parsed, Vec<String>)>,
    /// Names that are defined, and subjects, and the files of each.
    by: HashMap<String, BTreeSet<String>>,
}

impl Index {
    /// What a subject is called among the names: no name has a blank.
    pub fn of_subject(subject: &str) -> String {
        format!("subject {subject}")
    }

    /// Adds a file. All names that it is known by.
    pub fn insert(&mut self, file: &str, parsed: Parsed, subjects: Vec<String>) -> Vec<String> {
        let keys = keys(&parsed, &subjects);
        for key in &keys {
            self.by.entry(key.clone()).or_default().insert(file.to_owned());
        }
        self.files.insert(file.to_owned(), (parsed, subjects));
        keys
    }

    /// Takes a file out. All names that it was known by.
    pub fn remove(&mut self, file: &str) -> Vec<String> {
        let Some((parsed, subjects)) = self.files.remove(file) else { return Vec::new() };
        let keys = keys(&parsed, &subjects);
        for key in &keys {
            if let Some(files) = self.by.get_mut(key) {
                files.remove(file);
            }
        }
        keys
    }

    /// The full name of a file's outermost type.
    pub fn full_name(&self, file: &str) -> Option<String> {
        self.files.get(file).and_then(|(parsed, _)| parsed.full_name.clone())
    }

    /// Has a file several subjects?
    pub fn is_shared(&self, file: &str) -> bool {
        self.files.get(file).is_some_and(|(_, subjects)| subjects.len() > 1)
    }

    /// The file that a subject was: the one with its subject, else with its full name; `file` if it is one of several.
    /// `claimed`: subjects whose files are their own. What merely had the same path was another subject.
    pub fn find(
        &self,
        subject: &str,
        full_name: Option<&str>,
        file: &str,
        claimed: &HashSet<&str>,
    ) -> Option<String> {
        let of = |key: &str| self.by.get(key).filter(|files| !files.is_empty());
        let own = of(&Self::of_subject(subject)).and_then(|files| files.get(file).or(files.first()));
        if let Some(own) = own {
            return Some(own.clone());
        }
        let is_free = |file: &&String| {
            let subjects = self.files.get(*file).map(|(_, subjects)| subjects.as_slice()).unwrap_or_default();
            !subjects.iter().any(|subject| claimed.contains(subject.as_str()))
        };
        let named = full_name.and_then(of).into_iter().flatten();
        named.filter(|file| self.full_name(file).as_deref() == full_name).find(is_free).cloned()
    }

    /// A file and all that define what it uses, and what these use.
    pub fn closure(&self, file: &str) -> BTreeMap<String, Parsed> {
        let mut closure = BTreeMap::new();
        let mut open = vec![file];
        while let Some(file) = open.pop() {
            let Some((parsed, _)) = self.files.get(file).filter(|_| !closure.contains_key(file)) else {
                continue;
            };
            closure.insert(file.to_owned(), parsed.clone());
            let definers = parsed.uses.iter().filter_map(|name| self.by.get(name)).flatten();
            open.extend(definers.map(String::as_str));
        }
        closure
    }
}

fn keys(parsed: &Parsed, subjects: &[String]) -> Vec<String> {
    let subjects = subjects.iter().map(|subject| Index::of_subject(subject));
    parsed.defines.iter().cloned().chain(subjects).collect()
}
