//! Which types have a borrowed twin: those for which one is wanted or that are in one, if there is text or bytes in them
//! that it can point to.

use super::Lowering;
use super::cycles::{items, types};
use crate::model::Type;

impl Lowering<'_> {
    /// Gives names to the twins.
    pub(super) fn name_twins(&mut self) {
        let count = self.drafts.len();
        let wanted: Vec<bool> =
            self.drafts.iter().map(|draft| self.choices.is_borrowed(&draft.item.avro)).collect();
        if !wanted.contains(&true) {
            return;
        }
        let (mut inside, mut around) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for (at, draft) in self.drafts.iter().enumerate() {
            for id in types(&draft.item.body).filter_map(|ty| items(ty, false)) {
                inside[at].push(id.0);
                around[id.0].push(at);
            }
        }
        let texts = self.drafts.iter().map(|draft| types(&draft.item.body).any(has_text)).collect();
        let wanted = spread(wanted, &inside);
        let texts = spread(texts, &around);
        for at in (0..count).filter(|at| wanted[*at] && texts[*at]) {
            let draft = &self.drafts[at];
            let (module, name) = (draft.module, format!("{}Ref", draft.name));
            self.drafts[at].item.borrowed = Some(self.name_late(module, name));
        }
    }
}

/// Marks what can be reached from what is marked.
fn spread(mut marked: Vec<bool>, next: &[Vec<usize>]) -> Vec<bool> {
    let mut open: Vec<usize> = (0..marked.len()).filter(|at| marked[*at]).collect();
    while let Some(at) = open.pop() {
        for to in &next[at] {
            if !std::mem::replace(&mut marked[*to], true) {
                open.push(*to);
            }
        }
    }
    marked
}

/// Is there text or bytes in a type itself? The keys of a map are text.
fn has_text(mut ty: &Type) -> bool {
    loop {
        ty = match ty {
            Type::String | Type::Bytes | Type::Map { .. } => return true,
            Type::Array(inner) | Type::Boxed(inner) | Type::Option { some: inner, .. } => inner,
            _ => return false,
        };
    }
}
