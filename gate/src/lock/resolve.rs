//! From versions to schemas, with what they refer to.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use ottla_formats::avro::{Mode, Schema, parse_with};

use super::{Reference, Subject, Version};

/// The index of a subject, and that of a version of it.
pub(super) type Place = (usize, usize);

/// What a version has for no schema.
#[derive(Debug)]
pub(super) enum Problem {
    /// A reference, by its index, leads nowhere.
    Missing(Place, usize),
    /// A reference, by its index, leads back.
    Cycle(Place, usize),
    /// What it refers to refers to others, and so on, too often.
    TooDeep(Place),
    /// The text is no schema, and why.
    NoSchema(Place, String),
}

/// How deep references may be nested: as deep as registries take them.
const MAX_DEPTH: usize = 100;

/// A schema, and how deep its references are nested.
type Known = (Rc<Schema>, usize);

/// Parses versions, each after those that it refers to.
pub(super) struct Resolver<'l> {
    subjects: &'l [Subject],
    known: HashMap<Place, Known>,
}

impl<'l> Resolver<'l> {
    /// `subjects` are sorted by name.
    pub(super) fn new(subjects: &'l [Subject]) -> Self {
        Self { subjects, known: HashMap::new() }
    }

    /// The schema of a version.
    pub(super) fn schema(&mut self, place: Place) -> Result<Rc<Schema>, Problem> {
        if let Some((known, _)) = self.known.get(&place) {
            return Ok(known.clone());
        }
        // The way from the version on: each with the number of the next reference, and all that is on the way.
        let mut open = vec![(place, 0)];
        let mut on_the_way = HashSet::from([place]);
        while let Some((at, next)) = open.last_mut() {
            let Some(reference) = self.version(*at).references.get(*next) else {
                let at = *at;
                let parsed = self.parse(at)?;
                if open.len() == 1 {
                    return Ok(parsed.0);
                }
                self.known.insert(at, parsed);
                on_the_way.remove(&at);
                open.pop();
                continue;
            };
            let (from, number) = (*at, *next);
            let to = self.to(from.0, reference).ok_or(Problem::Missing(from, number))?;
            *next += 1;
            if self.known.contains_key(&to) {
                continue;
            }
            if !on_the_way.insert(to) {
                return Err(Problem::Cycle(from, number));
            }
            open.push((to, 0));
        }
        Err(Problem::NoSchema(place, String::new()))
    }

    fn version(&self, (subject, version): Place) -> &'l Version {
        &self.subjects[subject].versions[version]
    }

    fn to(&self, from: usize, reference: &Reference) -> Option<Place> {
        find(self.subjects, &within(&self.subjects[from].name, &reference.subject), reference.version)
    }

    /// Parses a version; what it refers to is known.
    fn parse(&self, at: Place) -> Result<Known, Problem> {
        let version = self.version(at);
        let to = version.references.iter().filter_map(|reference| self.to(at.0, reference));
        let referenced: Vec<&Known> = to.filter_map(|to| self.known.get(&to)).collect();
        let depth = referenced.iter().map(|(_, depth)| depth + 1).max().unwrap_or_default();
        if depth > MAX_DEPTH {
            return Err(Problem::TooDeep(at));
        }
        let referenced: Vec<&Schema> = referenced.into_iter().map(|(schema, _)| schema.as_ref()).collect();
        let parsed = parse_with(&version.text, Mode::Lookup, &referenced);
        let schema = parsed.map_err(|error| Problem::NoSchema(at, error.to_string()))?;
        Ok((Rc::new(schema), depth))
    }
}

/// Where a version is.
pub(super) fn find(subjects: &[Subject], name: &str, version: i32) -> Option<Place> {
    let at = subjects.binary_search_by(|subject| subject.name.as_str().cmp(name)).ok()?;
    let number = subjects[at].versions.binary_search_by_key(&version, |known| known.version).ok()?;
    Some((at, number))
}

/// The full name of a subject that another one refers to: an unqualified one is of the same context.
pub(super) fn within<'s>(referring: &str, subject: &'s str) -> Cow<'s, str> {
    if let Some(name) = subject.strip_prefix(":.:") {
        return Cow::Borrowed(name);
    }
    if subject.starts_with(":.") {
        return Cow::Borrowed(subject);
    }
    let context = referring.strip_prefix(":.").and_then(|rest| rest.split_once(':'));
    match context {
        Some((context, _)) if !context.is_empty() => Cow::Owned(format!(":.{context}:{subject}")),
        _ => Cow::Borrowed(subject),
    }
}
