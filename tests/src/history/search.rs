//! The search for an order.
//!
//! It follows Lowe's just-in-time linearization ("Testing for linearizability", 2017): a request takes place no sooner
//! than something needs it, which is when its answer arrives, or that of another which it must have come before. Of
//! all that may be the case, what explains most with the fewest lost requests is looked at first. Four things keep
//! the cases few:
//!
//! * What only reads takes place as soon as its answer fits, since it is in nobody's way.
//! * A request whose answer was lost takes place only where it changes something. Equal ones count as one kind.
//! * Nothing takes place before an answer that could as well do so right after it.
//! * Of two cases with the same state, the one that has used up more lost requests is dropped.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::rc::Rc;

use super::check::{Model, Step, Violation};
use super::frontier::{Case, Frontier, Hashed};
use super::stage::{Pending, Stage, Stages};

/// After so many steps it is given up.
const PATIENCE: usize = 5_000_000;
/// How many answers explained make up for one request that took place before it had to, or whose answer was lost. If
/// it were less, all that the latest lost requests could have done would be tried before an earlier one is.
const COST: i64 = 64;

/// What may take place next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    /// A request under way, by its index in the stage.
    Pending(usize),
    /// A lost one, by its kind.
    Lost(usize),
}

/// A case at a stage.
struct Node<S> {
    stage: usize,
    case: Case<S>,
    /// The case in which the stage was entered, and what has taken place since.
    origin: Rc<Case<S>>,
    before: Vec<Choice>,
    /// Was it looked at before? Then what is left is to let something else take place first.
    is_second_look: bool,
    /// The greatest is looked at first.
    rank: (i64, usize),
}

pub(super) struct Search<'a, M: Model> {
    model: &'a M,
    stages: &'a Stages<'a, M>,
    /// For each stage that was reached, what was met there.
    seen: Vec<Frontier<M::State>>,
    open: BinaryHeap<Node<M::State>>,
    pub(super) steps: usize,
}

impl<'a, M: Model> Search<'a, M> {
    pub(super) fn new(model: &'a M, stages: &'a Stages<'a, M>) -> Self {
        let mut search = Self { model, stages, seen: Vec::new(), open: BinaryHeap::new(), steps: 0 };
        search.enter(0, Case { state: Hashed::new(model.start()), done: 0, spent: Vec::new() });
        search
    }

    pub(super) fn run(&mut self) -> Result<(), Violation> {
        while let Some(node) = self.open.pop() {
            if node.stage == self.stages.all.len() {
                return Ok(());
            }
            if self.steps > PATIENCE {
                return Err(Violation::Undecided(self.words()));
            }
            if node.is_second_look { self.branch(&node) } else { self.look(node) }
        }
        Err(Violation::Unexplained(self.words()))
    }

    /// Comes to a stage: the answer before has arrived.
    fn enter(&mut self, at: usize, mut case: Case<M::State>) {
        if let Some(stage) = self.stages.all.get(at) {
            self.read(stage, &mut case);
        }
        if self.seen.len() == at {
            self.seen.push(Frontier::default());
        }
        if self.seen[at].insert(case.clone()) {
            let origin = Rc::new(case.clone());
            self.open.push(Node::new(at, case, origin, Vec::new()));
        }
    }

    /// Has the request that is due taken place, or can it now?
    fn look(&mut self, node: Node<M::State>) {
        let stage = &self.stages.all[node.stage];
        let due = &stage.due;
        if node.case.has_done(due.place) {
            return self.enter(node.stage + 1, node.case.without(due.place));
        }
        if let Some(after) = self.take_pending(stage, &node.case, due)
            && !self.could_wait(stage, &node, &after)
        {
            self.enter(node.stage + 1, after.without(due.place));
        }
        self.open.push(node.for_a_second_look());
    }

    /// Lets each of the others take place first.
    fn branch(&mut self, node: &Node<M::State>) {
        let stage = &self.stages.all[node.stage];
        for choice in choices(stage, &node.case) {
            let Some(case) = self.take(stage, &node.case, choice) else { continue };
            if self.seen[node.stage].insert(case.clone()) {
                let before = node.before.iter().copied().chain([choice]).collect();
                self.open.push(Node::new(node.stage, case, node.origin.clone(), before));
            }
        }
    }

    /// Could one of those before have taken place right after, to the same effect?
    fn could_wait(&mut self, stage: &Stage<'a, M>, node: &Node<M::State>, after: &Case<M::State>) -> bool {
        (0..node.before.len()).any(|waits| {
            let others = node.before.iter().enumerate().filter(|(at, _)| *at != waits);
            let mut case = Case::clone(&node.origin);
            for (_, choice) in others {
                match self.take(stage, &case, *choice) {
                    Some(next) => case = next,
                    None => return false,
                }
            }
            if !case.has_done(stage.due.place) {
                match self.take_pending(stage, &case, &stage.due) {
                    Some(next) => case = next,
                    None => return false,
                }
            }
            self.take(stage, &case, node.before[waits]).is_some_and(|case| case == *after)
        })
    }

    /// Lets something take place, if it can; a lost request only if it changes something.
    fn take(
        &mut self,
        stage: &Stage<'a, M>,
        case: &Case<M::State>,
        choice: Choice,
    ) -> Option<Case<M::State>> {
        let kind = match choice {
            Choice::Pending(index) => return self.take_pending(stage, case, &stage.pending[index]),
            Choice::Lost(kind) => kind,
        };
        self.steps += 1;
        let Step::To(state) = self.model.step(&case.state.state, self.stages.kinds[kind], None) else {
            return None;
        };
        let mut next = Case { state: Hashed::new(state), ..case.clone() };
        next.spend(kind as u32);
        self.read(stage, &mut next);
        Some(next)
    }

    fn take_pending(
        &mut self,
        stage: &Stage<'a, M>,
        case: &Case<M::State>,
        pending: &Pending<'a, M>,
    ) -> Option<Case<M::State>> {
        self.steps += 1;
        let step = self.model.step(&case.state.state, pending.op, Some(pending.answer));
        let done = case.done | 1 << pending.place;
        match step {
            Step::Impossible => None,
            Step::Unchanged => Some(Case { done, ..case.clone() }),
            Step::To(state) => {
                let mut next = Case { done, state: Hashed::new(state), ..case.clone() };
                self.read(stage, &mut next);
                Some(next)
            }
        }
    }

    /// Lets every read take place whose answer fits.
    fn read(&self, stage: &Stage<'a, M>, case: &mut Case<M::State>) {
        for p in stage.pending.iter().chain([&stage.due]) {
            if p.reads
                && !case.has_done(p.place)
                && self.model.step(&case.state.state, p.op, Some(p.answer)) != Step::Impossible
            {
                case.done |= 1 << p.place;
            }
        }
    }

    /// How far it came.
    fn words(&self) -> String {
        let Some(reached) = self.seen.len().checked_sub(1) else { return String::new() };
        let Some(stage) = self.stages.all.get(reached) else { return String::new() };
        let due = &stage.due;
        let mut words = format!("request {} {:?} was answered {:?}", due.number, due.op, due.answer);
        for state in self.seen[reached].states().take(3) {
            words.push_str(&format!("\n  where it could have met {state:?}"));
        }
        for p in &stage.pending {
            words.push_str(&format!(
                "\n  while {} {:?} was under way, answered {:?}",
                p.number, p.op, p.answer
            ));
        }
        words
    }
}

fn choices<M: Model>(stage: &Stage<'_, M>, case: &Case<M::State>) -> Vec<Choice> {
    let pending = stage.pending.iter().enumerate().filter(|(_, p)| !p.reads && !case.has_done(p.place));
    let lost = stage.lost.iter().enumerate().filter(|(kind, asked)| case.spent_of(*kind as u32) < **asked);
    let pending = pending.map(|(index, _)| Choice::Pending(index));
    pending.chain(lost.map(|(kind, _)| Choice::Lost(kind))).collect()
}

impl<S> Node<S> {
    fn new(stage: usize, case: Case<S>, origin: Rc<Case<S>>, before: Vec<Choice>) -> Self {
        let lost: usize = case.spent.iter().map(|(_, count)| *count as usize).sum();
        let cost = COST * (before.len() + lost) as i64;
        let rank = (stage as i64 - cost, stage);
        Self { stage, case, origin, before, is_second_look: false, rank }
    }

    fn for_a_second_look(self) -> Self {
        Self { is_second_look: true, rank: (self.rank.0 - COST, self.stage), ..self }
    }
}

impl<S> PartialEq for Node<S> {
    fn eq(&self, other: &Self) -> bool {
        self.rank == other.rank
    }
}

impl<S> Eq for Node<S> {}

impl<S> PartialOrd for Node<S> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<S> Ord for Node<S> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank)
    }
}
