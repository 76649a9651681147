//! Both schemas side by side: each pair of named types once, with bounded work. It keeps its own stack, because types may
//! nest as deeply as there are types.

use std::collections::HashSet;

use ottla_formats::avro::{Field, Kind, Schema, TypeId};

use super::path::{PathId, Paths, Step};
use super::reach::named;
use super::{Change, ChangeKind};

/// How many differences are listed.
const MAX_CHANGES: usize = 10_000;

/// How many types, fields, branches and symbols are looked at: a type may be met in many pairs.
const MAX_STEPS: usize = 1 << 21;

/// A type's place in what surrounds it.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub(super) path: PathId,
    pub(super) part: Part,
}

/// What a type is of what surrounds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Root,
    Field,
    Items,
    Values,
    Branch,
}

/// What is still to be compared.
pub(super) enum Task<'a> {
    Types(TypeId, TypeId, At),
    Fields(&'a Field, &'a Field, PathId),
    /// A difference whose turn it is then.
    Tell(Change),
}

pub(super) struct Walk<'a> {
    pub(super) old: &'a Schema,
    pub(super) new: &'a Schema,
    pub(super) paths: Paths<'a>,
    /// The pairs of named types that were met.
    pub(super) met: HashSet<(TypeId, TypeId)>,
    /// The full names of all types.
    pub(super) names_of_old: HashSet<&'a str>,
    pub(super) names_of_new: HashSet<&'a str>,
    /// The next one is the last.
    open: Vec<Task<'a>>,
    changes: Vec<Change>,
    steps: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(old: &'a Schema, new: &'a Schema) -> Self {
        Self {
            old,
            new,
            paths: Paths::default(),
            met: HashSet::new(),
            names_of_old: names(old),
            names_of_new: names(new),
            open: Vec::new(),
            changes: Vec::new(),
            steps: 0,
        }
    }

    pub(super) fn run(mut self) -> Vec<Change> {
        let path = self.paths.root(root_name(self.new));
        self.open.push(Task::Types(self.old.root(), self.new.root(), At { path, part: Part::Root }));
        while let Some(task) = self.open.pop() {
            if self.changes.len() >= MAX_CHANGES || self.steps >= MAX_STEPS {
                let words = "there are more differences than are listed".to_owned();
                let (path, old, new) = (String::new(), None, None);
                self.changes.push(Change { kind: ChangeKind::More, path, words, old, new });
                break;
            }
            match task {
                Task::Types(old, new, at) => self.types(old, new, at),
                Task::Fields(old, new, path) => self.field(old, new, path),
                Task::Tell(change) => self.tell(change),
            }
        }
        self.changes
    }

    /// Counts work.
    pub(super) fn spend(&mut self, steps: usize) {
        self.steps = self.steps.saturating_add(steps);
    }

    /// Puts off tasks, in their order.
    pub(super) fn later(&mut self, tasks: Vec<Task<'a>>) {
        self.spend(tasks.len());
        self.open.extend(tasks.into_iter().rev());
    }

    /// A path that goes on from another.
    pub(super) fn step(&mut self, from: PathId, step: Step<'a>) -> PathId {
        self.paths.step(from, step)
    }

    /// A difference that has no two values, or none worth telling.
    pub(super) fn change(&self, kind: ChangeKind, path: PathId, words: impl Into<String>) -> Change {
        let path = self.paths.text(path);
        Change { kind, path, words: words.into(), old: None, new: None }
    }

    /// Tells a difference now.
    pub(super) fn tell(&mut self, change: Change) {
        if self.changes.len() < MAX_CHANGES {
            self.changes.push(change);
        }
    }

    /// What a place is called: `field Order.total`, `items Order.lines[]`.
    pub(super) fn label(&self, at: At) -> String {
        let path = self.paths.text(at.path);
        match at.part {
            Part::Root => "the schema".to_owned(),
            Part::Field => format!("field {path}"),
            Part::Items => format!("items {path}"),
            Part::Values => format!("values {path}"),
            Part::Branch => format!("branch {path}"),
        }
    }
}

fn names(schema: &Schema) -> HashSet<&str> {
    named(schema).into_iter().filter_map(|id| schema.kind(id).name()).map(|name| name.full()).collect()
}

/// The name of the outermost type, or of what it is beside null.
fn root_name(schema: &Schema) -> &str {
    let mut root = schema.kind(schema.root());
    if let Kind::Union(branches) = root {
        let mut others = branches.iter().map(|b| schema.kind(*b)).filter(|k| !matches!(k, Kind::Null));
        if let (Some(only), None) = (others.next(), others.next()) {
            root = only;
        }
    }
    root.name().map(|name| name.simple()).unwrap_or_default()
}

impl Change {
    /// The same with what both schemas have.
    pub(super) fn of(mut self, old: Option<String>, new: Option<String>) -> Self {
        (self.old, self.new) = (old, new);
        self
    }
}
