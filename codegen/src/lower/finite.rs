//! Types that hold themselves without end: no value of one is ever complete.

use super::Lowering;
use crate::model::{Body, ItemId, Type};

impl Lowering<'_> {
    /// Tells of types without a finite value, if there are any: once for each circle.
    pub(super) fn tell_infinite(&mut self) -> bool {
        let infinite = self.infinite();
        // In an infinite type there is one at least that is infinite as well: following these ends in a circle.
        let next = |at: usize| holds(&self.drafts[at].item.body).find(|(_, to)| infinite[to.0]);
        let mut met: Vec<Option<usize>> = vec![None; infinite.len()];
        let mut circles = Vec::new();
        for first in (0..infinite.len()).filter(|at| infinite[*at]) {
            let mut at = first;
            while met[at].is_none() {
                met[at] = Some(first);
                let Some((_, to)) = next(at) else { break };
                at = to.0;
            }
            if met[at] == Some(first) && next(at).is_some() {
                circles.push(circle(at, |at| next(at).map(|(field, to)| (field, to.0))));
            }
        }
        for circle in &circles {
            self.tell_circle(circle);
        }
        !circles.is_empty()
    }

    fn tell_circle(&mut self, circle: &[(usize, usize)]) {
        let Some(&(at, field)) = circle.first() else { return };
        let name = |at: usize| self.drafts[at].item.avro.as_str();
        let way: Vec<&str> = circle.iter().map(|(at, _)| name(*at)).chain([name(at)]).collect();
        let message = format!("every {} holds another one without end: {}", name(at), way.join(" -> "));
        let draft = &self.drafts[at];
        let (source, place) = (draft.source, draft.fields.get(field).copied().unwrap_or(draft.place));
        self.fail(
            source,
            place,
            message,
            "where it may end, put the type into a union with null, an array or a map",
        );
    }

    /// Which items have no finite value.
    fn infinite(&self) -> Vec<bool> {
        let count = self.drafts.len();
        // What each item still waits for, and who waits for it.
        let mut waits: Vec<usize> = vec![0; count];
        let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (at, draft) in self.drafts.iter().enumerate() {
            let parts: Vec<ItemId> = holds(&draft.item.body).map(|(_, to)| to).collect();
            waits[at] = match &draft.item.body {
                // One branch is enough.
                Body::Union(branches) => usize::from(!branches.is_empty() && parts.len() == branches.len()),
                _ => parts.len(),
            };
            parts.into_iter().for_each(|part| waiting[part.0].push(at));
        }
        let mut finite: Vec<usize> = (0..count).filter(|at| waits[*at] == 0).collect();
        while let Some(at) = finite.pop() {
            for outer in &waiting[at] {
                if waits[*outer] > 0 {
                    waits[*outer] -= 1;
                    if waits[*outer] == 0 {
                        finite.push(*outer);
                    }
                }
            }
        }
        waits.iter().map(|waits| *waits > 0).collect()
    }
}

/// The circle that begins at an item, from its first item on: each with the number of the field.
fn circle(from: usize, next: impl Fn(usize) -> Option<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut circle = Vec::new();
    let mut at = from;
    while let Some((field, to)) = next(at) {
        circle.push((at, field));
        at = to;
        if at == from {
            break;
        }
    }
    let first = (0..circle.len()).min_by_key(|at| circle[*at]).unwrap_or_default();
    circle.rotate_left(first);
    circle
}

/// What a value always has in it, in each field or branch.
fn holds(body: &Body) -> impl Iterator<Item = (usize, ItemId)> {
    super::cycles::types(body).enumerate().filter_map(|(at, ty)| match ty {
        Type::Item(id) => Some((at, *id)),
        Type::Mapped { base, .. } => match &**base {
            Type::Item(id) => Some((at, *id)),
            _ => None,
        },
        _ => None,
    })
}
