//! Which types can hold themselves, and where that needs a box.

use super::Lowering;
use crate::model::{Body, ItemId, Type};

impl Lowering<'_> {
    /// Puts what closes a circle into a box, in the order of the schemas; and marks the types that can hold themselves in
    /// any way.
    pub(super) fn box_cycles(&mut self) {
        let inline: Vec<Vec<(usize, usize)>> = self
            .drafts
            .iter()
            .map(|draft| {
                types(&draft.item.body).enumerate().filter_map(|(at, ty)| Some((at, inline(ty)?.0))).collect()
            })
            .collect();
        for (item, part) in closing(&inline) {
            if let Some(ty) = types_mut(&mut self.drafts[item].item.body).nth(part) {
                put_into_box(ty);
            }
        }
        let all: Vec<Vec<usize>> = self
            .drafts
            .iter()
            .map(|draft| types(&draft.item.body).flat_map(|ty| items(ty, true)).map(|id| id.0).collect())
            .collect();
        for (draft, recursive) in self.drafts.iter_mut().zip(in_circles(&all)) {
            draft.item.recursive = recursive;
        }
    }
}

/// The types of the parts of an item, in order.
pub(super) fn types(body: &Body) -> Box<dyn Iterator<Item = &Type> + '_> {
    match body {
        Body::Record(fields) => Box::new(fields.iter().map(|field| &field.ty)),
        Body::Union(branches) => Box::new(branches.iter().map(|branch| &branch.ty)),
        Body::Newtype(ty) => Box::new(std::iter::once(ty)),
        Body::Enum(_) | Body::Fixed(_) => Box::new(std::iter::empty()),
    }
}

fn types_mut(body: &mut Body) -> Box<dyn Iterator<Item = &mut Type> + '_> {
    match body {
        Body::Record(fields) => Box::new(fields.iter_mut().map(|field| &mut field.ty)),
        Body::Union(branches) => Box::new(branches.iter_mut().map(|branch| &mut branch.ty)),
        Body::Newtype(ty) => Box::new(std::iter::once(ty)),
        Body::Enum(_) | Body::Fixed(_) => Box::new(std::iter::empty()),
    }
}

/// The item that is part of a value of the type, without a pointer between. What stands for a mapped type is the user's.
fn inline(ty: &Type) -> Option<ItemId> {
    match ty {
        Type::Item(id) | Type::OptionUnion { union: id, .. } => Some(*id),
        Type::Option { some, .. } => inline(some),
        _ => None,
    }
}

/// The items that a type has in it in any way; within what is `mapped` as well, or not.
pub(super) fn items(mut ty: &Type, mapped: bool) -> Option<ItemId> {
    loop {
        ty = match ty {
            Type::Item(id) | Type::OptionUnion { union: id, .. } => return Some(*id),
            Type::Mapped { base, .. } if mapped => base,
            Type::Array(inner) | Type::Boxed(inner) => inner,
            Type::Map { values: inner, .. } | Type::Option { some: inner, .. } => inner,
            _ => return None,
        };
    }
}

fn put_into_box(ty: &mut Type) {
    match ty {
        Type::Option { some, .. } => put_into_box(some),
        // An enum for a union is reached only from the type that it is in, so nothing is closed there.
        Type::Item(_) => *ty = Type::Boxed(Box::new(std::mem::replace(ty, Type::Null))),
        _ => {}
    }
}

/// The parts that lead back to an item on the way to them, depth first.
fn closing(parts: &[Vec<(usize, usize)>]) -> Vec<(usize, usize)> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; parts.len()];
    let mut closing = Vec::new();
    for first in 0..parts.len() {
        if states[first] != State::New {
            continue;
        }
        states[first] = State::Open;
        let mut open = vec![(first, 0)];
        while let Some((at, next)) = open.last_mut() {
            let Some(&(part, to)) = parts[*at].get(*next) else {
                states[*at] = State::Done;
                open.pop();
                continue;
            };
            *next += 1;
            match states[to] {
                State::New => {
                    states[to] = State::Open;
                    open.push((to, 0));
                }
                State::Open => closing.push((*at, part)),
                State::Done => {}
            }
        }
    }
    closing
}

/// Which items are in a circle (Tarjan's strongly connected components, with a stack of its own).
fn in_circles(next: &[Vec<usize>]) -> Vec<bool> {
    const NEW: usize = usize::MAX;
    let mut circles = vec![false; next.len()];
    let (mut numbers, mut lows) = (vec![NEW; next.len()], vec![0; next.len()]);
    let mut pending: Vec<usize> = Vec::new();
    let mut is_pending = vec![false; next.len()];
    let mut number = 0;
    for first in 0..next.len() {
        if numbers[first] != NEW {
            continue;
        }
        let mut open = vec![(first, 0)];
        while let Some((at, step)) = open.last_mut() {
            let (at, step_now) = (*at, *step);
            if step_now == 0 {
                (numbers[at], lows[at]) = (number, number);
                number += 1;
                pending.push(at);
                is_pending[at] = true;
            }
            if let Some(to) = next[at].get(step_now).copied() {
                *step += 1;
                circles[at] |= to == at;
                if numbers[to] == NEW {
                    open.push((to, 0));
                } else if is_pending[to] {
                    lows[at] = lows[at].min(numbers[to]);
                }
                continue;
            }
            open.pop();
            if let Some((outer, _)) = open.last() {
                lows[*outer] = lows[*outer].min(lows[at]);
            }
            if lows[at] == numbers[at] {
                let from = pending.iter().rposition(|p| *p == at).unwrap_or_default();
                let several = pending.len() - from > 1;
                for member in pending.drain(from..) {
                    is_pending[member] = false;
                    circles[member] |= several;
                }
            }
        }
    }
    circles
}
