//! Which file of a commit a file of today is: the one with its subject, else with its full name, else with its path.

use std::collections::{HashMap, HashSet};

use super::snapshot::{Based, Snapshot};
use crate::cli::project::{Member, Project};

/// For each member the file that it was, if there is one; or why that cannot be told.
#[derive(Debug)]
pub struct Matches {
    /// Indices of [`Snapshot::files`], in the order of [`Project::members`].
    pub of: Vec<Result<Option<usize>, String>>,
    taken: HashSet<usize>,
}

impl Matches {
    /// Finds them, for all members: what one of them was, another one was not.
    pub fn new(members: &[Member], files: &[Based]) -> Self {
        let mut matches = Self { of: vec![Ok(None); members.len()], taken: HashSet::new() };
        matches.by(members, files, |m| m.subject.as_deref(), |f| f.subject.as_deref());
        matches.by(members, files, |m| m.full_name.as_deref(), |f| f.full_name.as_deref());
        matches.by(members, files, |m| Some(&m.file), |f| Some(&f.file));
        matches
    }

    /// Matches what has no match yet.
    fn by<'a>(
        &mut self,
        members: &'a [Member],
        files: &'a [Based],
        of_member: impl Fn(&'a Member) -> Option<&'a str>,
        of_file: impl Fn(&'a Based) -> Option<&'a str>,
    ) {
        let mut known: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, file) in files.iter().enumerate() {
            if let Some(key) = of_file(file).filter(|_| !self.taken.contains(&at)) {
                known.entry(key).or_default().push(at);
            }
        }
        let mut taken = HashSet::new();
        for (member, matched) in members.iter().zip(&mut self.of) {
            let Some(key) = of_member(member).filter(|_| *matched == Ok(None)) else { continue };
            let Some(found) = known.get(key) else { continue };
            *matched = one(member, key, files, found);
            taken.extend(matched.as_ref().ok().copied().flatten());
        }
        self.taken.extend(taken);
    }

    /// The files that were asked for and are none any more, neither under their own name nor under another one.
    pub fn gone<'s>(&self, project: &Project, snapshot: &'s Snapshot) -> Vec<&'s Based> {
        let subjects: HashSet<&str> = project.members.iter().filter_map(|m| m.subject.as_deref()).collect();
        let rest = snapshot.files.iter().enumerate().filter(|(at, _)| !self.taken.contains(at));
        let mut gone: Vec<&Based> = rest.map(|(_, file)| file).collect();
        gone.retain(|file| {
            let is_known = match file.subject.as_deref() {
                Some(subject) => subjects.contains(subject),
                // What said its subject may be gone with it. What was no schema is nothing that somebody misses.
                None => !file.was_schema(),
            };
            !is_known && project.files.is_given(&file.file)
        });
        gone
    }
}

/// The one of several that is meant: the one at the same place.
fn one(member: &Member, key: &str, files: &[Based], found: &[usize]) -> Result<Option<usize>, String> {
    if let Some(at) = found.iter().find(|at| files[**at].file == member.file) {
        return Ok(Some(*at));
    }
    match found {
        [at] => Ok(Some(*at)),
        _ => {
            let names: Vec<&str> = found.iter().map(|at| files[*at].file.as_str()).collect();
            Err(format!("which file it was cannot be told: {key} was that of {}", names.join(" and ")))
        }
    }
}
