//! A history cut into stages: each ends with an answer.

use std::collections::HashMap;
use std::rc::Rc;

use super::Event;
use super::check::Model;

/// A request under way whose answer comes now or later.
pub(super) struct Pending<'a, M: Model> {
    pub(super) number: usize,
    pub(super) op: &'a M::Op,
    pub(super) answer: &'a M::Answer,
    /// Where it has its bit. A place is used again.
    pub(super) place: usize,
    pub(super) reads: bool,
}

/// What may take place before an answer arrives.
pub(super) struct Stage<'a, M: Model> {
    /// The request whose answer it is.
    pub(super) due: Rc<Pending<'a, M>>,
    /// The others that are under way.
    pub(super) pending: Vec<Rc<Pending<'a, M>>>,
    /// For each kind of request whose answer was lost, how many were asked by now.
    pub(super) lost: Rc<Vec<u32>>,
}

/// All of a history.
pub(super) struct Stages<'a, M: Model> {
    pub(super) all: Vec<Stage<'a, M>>,
    /// The requests whose answer was lost; equal ones are one kind.
    pub(super) kinds: Vec<&'a M::Op>,
    pub(super) in_doubt: usize,
}

impl<'a, M: Model> Stages<'a, M> {
    pub(super) fn new(model: &M, history: &'a [Event<M::Op, M::Answer>]) -> Self {
        let answers: HashMap<usize, &M::Answer> = history.iter().filter_map(Event::answer).collect();
        let mut stages = Self { all: Vec::new(), kinds: Vec::new(), in_doubt: 0 };
        let mut known: HashMap<&M::Op, usize> = HashMap::new();
        let mut pending: Vec<Option<Rc<Pending<'a, M>>>> = Vec::new();
        let mut lost = Rc::new(Vec::new());
        for event in history {
            match event {
                Event::Asked(number, op) => match answers.get(number) {
                    Some(&answer) => {
                        let place = pending.iter().position(Option::is_none).unwrap_or(pending.len());
                        assert!(place < 64, "more than 64 requests under way");
                        let reads = model.only_reads(op, answer);
                        let new = Rc::new(Pending { number: *number, op, answer, place, reads });
                        if place == pending.len() {
                            pending.push(Some(new))
                        } else {
                            pending[place] = Some(new)
                        }
                    }
                    None => {
                        stages.in_doubt += 1;
                        let kind = *known.entry(op).or_insert_with(|| {
                            stages.kinds.push(op);
                            stages.kinds.len() - 1
                        });
                        let lost = Rc::make_mut(&mut lost);
                        lost.resize(stages.kinds.len(), 0);
                        lost[kind] += 1;
                    }
                },
                Event::Answered(number, _) => {
                    let is_due =
                        |p: &Option<Rc<Pending<'_, M>>>| p.as_ref().is_some_and(|p| p.number == *number);
                    let due = pending.iter_mut().find(|p| is_due(p)).and_then(Option::take);
                    let Some(due) = due else { continue };
                    let pending = pending.iter().flatten().cloned().collect();
                    stages.all.push(Stage { due, pending, lost: lost.clone() });
                }
            }
        }
        stages
    }
}

impl<O, A> Event<O, A> {
    fn answer(&self) -> Option<(usize, &A)> {
        match self {
            Self::Asked(..) => None,
            Self::Answered(number, answer) => Some((*number, answer)),
        }
    }
}
