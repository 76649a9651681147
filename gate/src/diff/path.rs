//! Where in a schema: `OrderCreated.items[].price`.

use super::words::short;

/// Of a longer path so many steps are shown.
const SHOWN: usize = 24;

/// The index of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PathId(usize);

/// One step on the way.
#[derive(Debug)]
pub(super) enum Step<'a> {
    /// The outermost type, by its name.
    Root(&'a str),
    /// A field of a record.
    Field(&'a str),
    /// The items of an array.
    Items,
    /// The values of a map.
    Values,
    /// A branch of a union, by its name or the word for it.
    Branch(&'a str),
}

/// All paths that were gone. Each step is kept once: types may nest as deeply as there are types.
#[derive(Debug, Default)]
pub(super) struct Paths<'a> {
    steps: Vec<(Option<PathId>, Step<'a>)>,
}

impl<'a> Paths<'a> {
    /// The path of the outermost type.
    pub(super) fn root(&mut self, name: &'a str) -> PathId {
        self.push(None, Step::Root(name))
    }

    /// A path that goes on from another.
    pub(super) fn step(&mut self, from: PathId, step: Step<'a>) -> PathId {
        self.push(Some(from), step)
    }

    fn push(&mut self, from: Option<PathId>, step: Step<'a>) -> PathId {
        self.steps.push((from, step));
        PathId(self.steps.len() - 1)
    }

    /// The text of a path. Of a long one the beginning is left out, but for the name of the outermost type.
    pub(super) fn text(&self, path: PathId) -> String {
        let mut way = Vec::new();
        let mut at = Some(path);
        while let Some(path) = at.filter(|_| way.len() < SHOWN) {
            let (from, step) = &self.steps[path.0];
            way.push(step);
            at = *from;
        }
        let mut text = String::new();
        if let Some((_, root)) = self.steps.first().filter(|_| at.is_some()) {
            write(root, &mut text);
            text.push_str("...");
        }
        way.into_iter().rev().for_each(|step| write(step, &mut text));
        text
    }
}

fn write(step: &Step<'_>, text: &mut String) {
    match step {
        Step::Root(name) => text.push_str(&short(name)),
        Step::Field(name) => {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(&short(name));
        }
        Step::Items => text.push_str("[]"),
        Step::Values => text.push_str("{}"),
        Step::Branch(name) => {
            text.push('<');
            text.push_str(&short(name));
            text.push('>');
        }
    }
}
