//! The checker accepts what is right, however the clients overlap, and finds what is wrong.

mod brute;
mod seeded;

use super::check::{Effort, Violation, check};
use super::registry::{Answer, Level, Op, Registry};
use super::simulation::Simulation;
use super::{Event, Recorder, facts};

fn explain(history: &[Event<Op, Answer>]) -> Result<Effort, Violation> {
    check(&Registry { facts: facts::of(history)? }, history)
}

#[test]
fn overlapping_requests_are_accepted() {
    for seed in 0..40 {
        let mut simulation = Simulation::new(seed, 1 + seed as usize % 8, 0);
        simulation.run(500);
        simulation.settle();
        let effort = explain(&simulation.history).unwrap_or_else(|v| panic!("seed {seed}: {v}"));
        assert_eq!((effort.answered, effort.in_doubt), (500, 0));
    }
}

#[test]
fn lost_answers_are_accepted() {
    for seed in 0..20 {
        let mut simulation = Simulation::new(seed, 6, 30);
        simulation.run(1000);
        let effort = explain(&simulation.history).unwrap_or_else(|v| panic!("seed {seed}: {v}"));
        assert!(effort.in_doubt > 10, "{effort:?}");
    }
}

#[test]
fn a_lost_request_takes_place_once_and_not_before_it_was_asked() {
    let put = |level| Op::PutLevel { subject: 0, level };
    let lost = |simulation: &mut Simulation, number| {
        simulation.history.push(Event::Asked(number, put(Level::Backward)))
    };
    let told = |simulation: &mut Simulation, level| {
        simulation.tell(Op::GetLevel { subject: 0 }, Answer::Level(level))
    };
    for (lost_before, lost_between, accepted) in
        [(0, 0, false), (1, 0, false), (0, 1, false), (1, 1, true), (2, 0, true)]
    {
        let mut simulation = Simulation::new(0, 1, 0);
        for (round, times) in [lost_before, lost_between].into_iter().enumerate() {
            for time in 0..times {
                lost(&mut simulation, 1000 + 10 * round + time);
            }
            simulation.ask(put(Level::None));
            told(&mut simulation, Level::None);
            told(&mut simulation, Level::Backward);
        }
        let found = explain(&simulation.history);
        assert_eq!(found.is_ok(), accepted, "{lost_before} {lost_between}: {found:?}");
    }
}

/// Of three lost requests one takes place at once, one later and one never. These histories were the hardest of many.
#[test]
fn long_histories_with_lost_answers_are_cheap_to_check() {
    for seed in [8, 10, 52] {
        let mut simulation = Simulation::new(seed, 4, 5);
        simulation.run(8000);
        let effort = explain(&simulation.history).unwrap_or_else(|v| panic!("seed {seed}: {v}"));
        assert!(effort.steps < 300_000 && effort.in_doubt > 30, "{effort:?}");
    }
}

#[test]
fn a_recorder_keeps_the_order() {
    let recorder = Recorder::default();
    let (a, b, c) = (recorder.asked("a"), recorder.asked("b"), recorder.asked("c"));
    recorder.answered(b, 2);
    recorder.withdraw(a);
    let expected = [Event::Asked(b, "b"), Event::Asked(c, "c"), Event::Answered(b, 2)];
    assert_eq!(recorder.into_history(), expected);
}
