//! What a history says about ids that can only be so.
//!
//! An id means the same content for ever. So whatever content an answer shows under an id, no request can have given
//! that id to another, not even one whose answer was lost: this is what makes histories with many lost answers cheap
//! to check. That two answers show different contents under one id is a violation by itself.

use std::collections::BTreeMap;

use super::Event;
use super::check::Violation;
use super::registry::{Answer, Content, Id, Op};

/// Ids with the content that they mean, as far as a history tells.
pub type Facts = BTreeMap<Id, Content>;

/// Gathers what the answers say.
pub fn of(history: &[Event<Op, Answer>]) -> Result<Facts, Violation> {
    let mut asked: BTreeMap<usize, &Op> = BTreeMap::new();
    let mut facts: BTreeMap<Id, (Content, usize)> = BTreeMap::new();
    for event in history {
        let (number, answer) = match event {
            Event::Asked(number, op) => {
                asked.insert(*number, op);
                continue;
            }
            Event::Answered(number, answer) => (*number, answer),
        };
        let Some(op) = asked.get(&number) else { continue };
        let Some((id, content)) = told(op, answer) else { continue };
        let (known, first) = *facts.entry(id).or_insert((content, number));
        if known != content {
            let words = format!(
                "id {id} is content {known} to request {first} {:?}, and content {content} to request {number} {op:?}",
                asked[&first]
            );
            return Err(Violation::Contradiction(words));
        }
    }
    Ok(facts.into_iter().map(|(id, (content, _))| (id, content)).collect())
}

fn told(op: &Op, answer: &Answer) -> Option<(Id, Content)> {
    match (op, answer) {
        (Op::Register { content, .. } | Op::LookUp { content, .. }, Answer::Held { id, .. }) => {
            Some((*id, *content))
        }
        (Op::Get { .. }, Answer::Schema { id, content, .. }) => Some((*id, *content)),
        (Op::ById { id }, Answer::Text(content)) => Some((*id, *content)),
        _ => None,
    }
}
