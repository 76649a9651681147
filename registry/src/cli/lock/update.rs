//! From the schema files: what is not the newest version of its subject becomes one.

use std::collections::BTreeSet;
use std::path::Path;

use ottla_gate::compare::{Compared, Question, compare};
use ottla_gate::lock::{Lock, Subject};
use ottla_gate::verdict::Verdict;

use super::Stop;
use super::candidate::candidate;
use super::fetch::Fetched;
use super::options::Choices;
use crate::cli::project::{Member, Project};

/// A lock that is brought up to date.
pub(super) struct Update<'a> {
    pub(super) project: &'a Project,
    pub(super) choices: &'a Choices,
    pub(super) lock: Lock,
    /// What became of each file.
    pub(super) verdict: Verdict,
    /// Subjects that break, as was accepted before: those reasons stay.
    pub(super) known_reasons: Vec<(String, String)>,
    /// The subjects that a break was accepted for, and has been found.
    pub(super) accepted: BTreeSet<String>,
    /// The subjects whose newest version has another one in its place.
    amended: BTreeSet<String>,
}

/// The version that a file is: one more, one in the place of the newest, or the newest itself.
pub(super) enum Place {
    New(i32),
    Amended(i32),
    Same(i32),
}

impl<'a> Update<'a> {
    pub(super) fn new(project: &'a Project, choices: &'a Choices, old: &Lock) -> Self {
        let (lock, verdict) = (old.clone(), Verdict::default());
        Self {
            project,
            choices,
            lock,
            verdict,
            known_reasons: Vec::new(),
            accepted: BTreeSet::new(),
            amended: BTreeSet::new(),
        }
    }

    /// Locks all files that were asked for.
    pub(super) fn all(&mut self) -> Result<(), Stop> {
        self.members(|_| true)
    }

    /// Goes on from what a registry holds: files that it cannot know are locked after that.
    pub(super) fn go_on_from(&mut self, fetched: Fetched) -> Result<(), Stop> {
        let Fetched { lock, pending } = fetched;
        self.lock = lock;
        self.known_reasons =
            pending.iter().filter_map(|(name, why)| Some((name.clone(), why.clone()?))).collect();
        let accept = &self.choices.accept;
        self.members(|name| pending.iter().any(|(pending, _)| pending == name) || accept.contains_key(name))?;
        // The files of all others are told, and their levels.
        let (project, folder) = (self.project, self.lock.folder().to_owned());
        for member in project.selected() {
            if let Some(subject) = member.subject.as_deref().and_then(|name| self.lock.subject_mut(name)) {
                settle(project, member, subject, &folder);
            }
        }
        Ok(())
    }

    /// Each file comes after those that it refers to.
    fn members(&mut self, is_wanted: impl Fn(&str) -> bool) -> Result<(), Stop> {
        let project = self.project;
        let mut members: Vec<(usize, &str, &Member)> = Vec::new();
        for member in project.selected() {
            if let (Ok(at), Some(subject)) = (&member.source, &member.subject) {
                members.push((*at, subject, member));
            }
        }
        members.sort_by_key(|(at, subject, _)| (*at, *subject));
        for (at, subject, member) in members.into_iter().filter(|(_, subject, _)| is_wanted(subject)) {
            self.member(at, subject, member)?;
        }
        self.all_accepted_break()
    }

    fn member(&mut self, at: usize, name: &str, member: &Member) -> Result<(), Stop> {
        let mut version = candidate(self.project, at, name, &self.lock)?;
        let mut subject = match self.lock.subject(name) {
            Some(known) => known.clone(),
            None => Subject::new(name, member.level.unwrap_or_default()),
        };
        settle(self.project, member, &mut subject, self.lock.folder());
        let place = self.place(at, &subject);
        let compared = self.compare(at, &subject, &place);
        let is_new = subject.versions.is_empty();
        let reason = self.reason(name, &place, &subject);
        let breaks = !compared.findings.is_empty();
        if breaks && reason.is_some() {
            self.accepted.insert(name.to_owned());
        }
        match place {
            Place::Same(_) => {
                // A version keeps what was accepted for it.
                if let (Some(newest), Some(reason), true) = (subject.versions.last_mut(), &reason, breaks) {
                    newest.accepted = Some(reason.clone());
                }
            }
            Place::New(number) | Place::Amended(number) => {
                if matches!(place, Place::Amended(_)) {
                    subject.versions.pop();
                    self.amended.insert(name.to_owned());
                }
                version.version = number;
                version.accepted = reason.clone().filter(|_| breaks);
                subject.versions.push(version);
            }
        }
        self.tell(member, &subject, compared, reason.as_deref(), (is_new, &place));
        self.lock.put(subject);
        Ok(())
    }

    /// The same schema is no other version, whatever names and versions are referred to.
    fn place(&self, at: usize, subject: &Subject) -> Place {
        let Some(newest) = subject.newest() else { return Place::New(1) };
        let schema = &self.project.loaded.sources[at].schema;
        let is_same =
            self.lock.schema(&subject.name, newest.version).is_some_and(|locked| schema.equivalent(&locked));
        let has_other = newest.references.iter().any(|to| self.amended.contains(&*subject.refers_to(to)));
        match is_same && !has_other {
            true => Place::Same(newest.version),
            false if self.choices.amend && newest.id.is_none() => Place::Amended(newest.version),
            false => Place::New(newest.version.saturating_add(1)),
        }
    }

    /// Compares a file with the versions before it.
    fn compare(&self, at: usize, subject: &Subject, place: &Place) -> Compared {
        let number = match place {
            Place::New(number) | Place::Amended(number) | Place::Same(number) => *number,
        };
        // What is locked was compared when it was locked; it is only looked at again if somebody accepts it.
        let history = match place {
            Place::Same(_) if !self.choices.accept.contains_key(&subject.name) => Vec::new(),
            _ => self.lock.history_before(&subject.name, number),
        };
        let baseline = self.baseline();
        let question = Question { subject: &subject.name, baseline: &baseline, level: subject.level };
        compare(&self.project.loaded.sources, at, &history, question)
    }

    pub(super) fn baseline(&self) -> String {
        format!("lock:{}", self.lock.shown())
    }
}

/// What the project says of a subject: its file, and its level if it says one.
fn settle(project: &Project, member: &Member, subject: &mut Subject, folder: &Path) {
    subject.file = Some(super::texts::way(folder, &project.root.path.join(&member.file)));
    subject.level = member.level.unwrap_or(subject.level);
}
