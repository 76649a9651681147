//! The search agrees with trying every order, on histories that are small enough for that.

use super::super::check::{Model as _, Step};
use super::super::registry::{Answer, Op, Registry, State};
use super::super::simulation::Simulation;
use super::super::{Event, History};
use super::explain;
use crate::random::Random;

struct Request<'a> {
    op: &'a Op,
    answer: Option<&'a Answer>,
    asked: usize,
    answered: usize,
}

/// Is there an order of the requests that explains the answers? Tries all of them.
fn has_order(history: &[Event<Op, Answer>]) -> bool {
    let requests: Vec<Request<'_>> = history
        .iter()
        .enumerate()
        .filter_map(|(asked, event)| {
            let Event::Asked(number, op) = event else { return None };
            let answered = history.iter().position(|e| matches!(e, Event::Answered(n, _) if n == number));
            let answer = answered.and_then(|at| match &history[at] {
                Event::Answered(_, answer) => Some(answer),
                Event::Asked(..) => None,
            });
            Some(Request { op, answer, asked, answered: answered.unwrap_or(usize::MAX) })
        })
        .collect();
    go_on(&requests, &State::default(), 0)
}

fn go_on(requests: &[Request<'_>], state: &State, done: u32) -> bool {
    let open = || requests.iter().enumerate().filter(|(at, _)| done & (1 << at) == 0);
    if open().all(|(_, r)| r.answer.is_none()) {
        return true;
    }
    // Whatever was asked after another's answer comes after it.
    let first_answer = open().map(|(_, r)| r.answered).min().unwrap_or(usize::MAX);
    open().filter(|(_, r)| r.asked < first_answer).any(|(at, r)| {
        let done = done | 1 << at;
        match Registry::default().step(state, r.op, r.answer) {
            Step::Impossible => false,
            Step::Unchanged => go_on(requests, state, done),
            Step::To(next) => go_on(requests, &next, done),
        }
    })
}

/// Makes one answer another, of the same kind.
fn corrupt(history: &mut History<Op, Answer>, random: &mut Random) {
    let at = random.index(history.len());
    let Event::Answered(number, answer) = &history[at] else { return };
    let others: Vec<Answer> = history
        .iter()
        .filter_map(|event| match event {
            Event::Answered(n, other) if n != number && other != answer => Some(other.clone()),
            _ => None,
        })
        .collect();
    let changed = match answer.clone() {
        Answer::Held { id, version } if random.percent(50) => Answer::Held { id: id + 1, version },
        Answer::Held { id, version } => Answer::Held { id, version: version + 1 },
        _ if others.is_empty() => return,
        _ => others[random.index(others.len())].clone(),
    };
    history[at] = Event::Answered(*number, changed);
}

#[test]
fn small_histories_are_judged_as_by_trying_all_orders() {
    let (mut accepted, mut rejected, mut in_doubt) = (0, 0, 0);
    for seed in 0..3000 {
        let mut simulation = Simulation::new(seed, 2 + seed as usize % 3, seed % 4 * 100);
        simulation.run(8);
        simulation.settle();
        let (mut history, mut random) = (simulation.history, simulation.random);
        for _ in 0..random.below(3) {
            corrupt(&mut history, &mut random);
        }
        let (expected, found) = (has_order(&history), explain(&history));
        assert_eq!(expected, found.is_ok(), "seed {seed}: {found:?}: {history:#?}");
        match found {
            Ok(effort) => (accepted, in_doubt) = (accepted + 1, in_doubt + effort.in_doubt),
            Err(_) => rejected += 1,
        }
    }
    assert!(accepted > 1000 && rejected > 500 && in_doubt > 500, "{accepted} {rejected} {in_doubt}");
}
