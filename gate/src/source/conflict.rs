//! One name, two types.
//!
//! Two files may define the same name in different ways, as long as nobody uses both: of the folders `v1` and `v2` each is
//! complete. A file that uses both would have one of them at all places, and it depends on the order of its fields which.

use std::collections::{HashMap, HashSet};

use super::{File, Source};
use crate::error::Error;

/// What is known about names that several files define.
#[derive(Debug, Default)]
pub(super) struct Conflicts {
    /// Those names.
    names: HashSet<String>,
    /// Of two sources and a name: are the definitions the same?
    known: HashMap<(usize, usize, String), bool>,
}

impl Conflicts {
    /// The names that several files define.
    pub(super) fn of(files: &[File]) -> Self {
        let mut first: HashMap<&str, usize> = HashMap::new();
        let mut names = HashSet::new();
        for (at, file) in files.iter().enumerate() {
            for definition in &file.scan.definitions {
                if *first.entry(&definition.name).or_insert(at) != at {
                    names.insert(definition.name.clone());
                }
            }
        }
        Self { names, known: HashMap::new() }
    }

    /// What is wrong with a file that refers to those sources, themselves or on the way.
    pub(super) fn error(
        &mut self,
        file: &File,
        references: &[(String, usize)],
        sources: &[Source],
    ) -> Option<Error> {
        if self.names.is_empty() {
            return None;
        }
        let mut met = HashSet::new();
        let mut open: Vec<(&str, usize)> = references.iter().rev().map(|(name, at)| (&**name, *at)).collect();
        let mut found: HashMap<&str, usize> = HashMap::new();
        while let Some((used, at)) = open.pop() {
            if !met.insert(at) {
                continue;
            }
            for definition in &sources[at].file.scan.definitions {
                if !self.names.contains(&definition.name) {
                    continue;
                }
                let first = *found.entry(&definition.name).or_insert(at);
                if first != at && !self.are_same(sources, first, at, &definition.name) {
                    return Some(error(file, used, &definition.name, (&sources[first], &sources[at])));
                }
            }
            open.extend(sources[at].references.iter().rev().map(|(_, to)| (used, *to)));
        }
        None
    }

    /// Do two sources define a name so that each reads what the other writes, byte for byte?
    fn are_same(&mut self, sources: &[Source], a: usize, b: usize, name: &str) -> bool {
        let key = (a, b, name.to_owned());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let (a, b) = (&sources[a].schema, &sources[b].schema);
        let same = match (a.named(name), b.named(name)) {
            (Some(x), Some(y)) => {
                a.same_but_within(x, b, y) || a.parsing_canonical_form_of(x) == b.parsing_canonical_form_of(y)
            }
            _ => true,
        };
        self.known.insert(key, same);
        same
    }
}

/// `used`: the name by which the file has come to the second definition.
fn error(file: &File, used: &str, name: &str, (first, second): (&Source, &Source)) -> Error {
    let place = |source: &Source| {
        let mut definitions = source.file.scan.definitions.iter();
        let definition = definitions.find(|definition| definition.name == name);
        source.file.place(definition.map_or(source.file.places.root(), |definition| definition.place))
    };
    let at = file.scan.uses.iter().find(|other| other.candidates().any(|name| name == used));
    let message = format!(
        "this uses two types that are called {name}: {} defines it, and {} in another way",
        place(first),
        place(second)
    );
    let help = "define it in one file, and use its name in the others; or give one of them another name";
    file.error(at.map_or(file.places.root(), |at| at.place), message).help(help)
}
