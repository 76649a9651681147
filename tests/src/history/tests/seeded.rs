//! Each kind of violation is found, in the middle of a history that is right otherwise.

use super::super::check::Violation;
use super::super::registry::{Answer, Content, Id, Level, Op, Refusal, Subject, Version};
use super::super::simulation::Simulation;
use super::explain;

/// The subject of the story; the clients use it too.
const S: Subject = 0;
/// Contents that nobody else uses.
const FRESH: Content = 1_000_000;

const REGISTER: Op = Op::Register { subject: S, content: FRESH };
const LATEST: Op = Op::Get { subject: S, version: None };

fn held(answer: &Answer) -> (Id, Version) {
    match answer {
        Answer::Held { id, version } => (*id, *version),
        other => panic!("no registration: {other:?}"),
    }
}

/// Tells a story between two stretches of ordinary work, once as it should be and once as it must not be.
fn check(name: &str, story: impl Fn(&mut Simulation, bool)) {
    for seed in 0..10 {
        for wrong in [false, true] {
            let mut simulation = Simulation::new(seed, 5, 0);
            simulation.run(200);
            simulation.settle();
            simulation.ask(Op::PutLevel { subject: S, level: Level::None });
            let before = explain(&simulation.history);
            assert!(before.is_ok(), "{name}, seed {seed}: {before:?}");
            story(&mut simulation, wrong);
            simulation.run(400);
            simulation.settle();
            let after = explain(&simulation.history);
            let found = matches!(&after, Err(Violation::Unexplained(_) | Violation::Contradiction(_)));
            assert_eq!(found, wrong, "{name}, seed {seed}: {after:?}");
        }
    }
}

#[test]
fn a_stale_read() {
    check("the latest version", |simulation, wrong| {
        simulation.ask(REGISTER);
        let stale = simulation.ask(LATEST);
        simulation.ask(Op::Register { subject: S, content: FRESH + 1 });
        if wrong { simulation.tell(LATEST, stale) } else { drop(simulation.ask(LATEST)) }
    });
    check("the level", |simulation, wrong| {
        let get = Op::GetLevel { subject: S };
        simulation.ask(Op::PutLevel { subject: S, level: Level::Backward });
        if wrong { simulation.tell(get, Answer::Level(Level::None)) } else { drop(simulation.ask(get)) }
    });
    check("a miss", |simulation, wrong| {
        let (id, _) = held(&simulation.ask(REGISTER));
        let get = Op::ById { id };
        if wrong {
            simulation.tell(get, Answer::Refused(Refusal::NoSchema))
        } else {
            drop(simulation.ask(get))
        }
    });
    check("a refusal", |simulation, wrong| {
        simulation.ask(REGISTER);
        simulation.ask(Op::PutLevel { subject: S, level: Level::Backward });
        simulation.ask(Op::PutLevel { subject: S, level: Level::None });
        let register = Op::Register { subject: S, content: FRESH + 1 };
        let refused = Answer::Refused(Refusal::Incompatible);
        if wrong { simulation.tell(register, refused) } else { drop(simulation.ask(register)) }
    });
}

#[test]
fn a_lost_write() {
    check("a registration", |simulation, wrong| {
        let before = simulation.state.clone();
        simulation.ask(REGISTER);
        if wrong {
            simulation.state = before;
        }
        simulation.ask(Op::LookUp { subject: S, content: FRESH });
    });
    check("a registration that another follows", |simulation, wrong| {
        let before = simulation.state.clone();
        simulation.ask(REGISTER);
        if wrong {
            simulation.state = before;
        }
        simulation.ask(Op::Register { subject: S, content: FRESH + 1 });
        simulation.ask(Op::List { subject: S, deleted: true });
    });
    check("a level", |simulation, wrong| {
        let before = simulation.state.clone();
        simulation.ask(Op::PutLevel { subject: S, level: Level::Backward });
        if wrong {
            simulation.state = before;
        }
        simulation.ask(Op::GetLevel { subject: S });
    });
}

#[test]
fn an_id_given_twice() {
    check("to another content", |simulation, wrong| {
        let (id, version) = held(&simulation.ask(REGISTER));
        let again = Op::Register { subject: S, content: FRESH + 1 };
        let answer = simulation.ask(again.clone());
        if wrong {
            let (_, version) = (simulation.history.pop(), version + 1);
            let Some(super::Event::Asked(..)) = simulation.history.pop() else { panic!("{answer:?}") };
            simulation.tell(again, Answer::Held { id, version });
        }
    });
    check("after a permanent delete", |simulation, wrong| {
        let (id, version) = held(&simulation.ask(REGISTER));
        for permanent in [false, true] {
            simulation.ask(Op::DeleteVersion { subject: S, version, permanent });
        }
        // The last version is gone, so the number may come again, but not the id.
        let again = Op::Register { subject: S, content: FRESH + 1 };
        if wrong { simulation.tell(again, Answer::Held { id, version }) } else { drop(simulation.ask(again)) }
    });
}

#[test]
fn a_version_given_twice() {
    check("to another content", |simulation, wrong| {
        let (id, version) = held(&simulation.ask(REGISTER));
        let again = Op::Register { subject: S, content: FRESH + 1 };
        if wrong {
            simulation.tell(again, Answer::Held { id: id + 1, version });
        } else {
            simulation.ask(again);
        }
    });
    check("after a soft delete", |simulation, wrong| {
        let (id, version) = held(&simulation.ask(REGISTER));
        simulation.ask(Op::DeleteVersion { subject: S, version, permanent: false });
        let again = Op::Register { subject: S, content: FRESH + 1 };
        if wrong {
            simulation.tell(again, Answer::Held { id: id + 1, version });
        } else {
            simulation.ask(again);
        }
    });
}

#[test]
fn a_delete_undone() {
    for permanent in [false, true] {
        check("of a version", |simulation, wrong| {
            let (_, version) = held(&simulation.ask(REGISTER));
            let mut before = simulation.state.clone();
            simulation.ask(Op::DeleteVersion { subject: S, version, permanent: false });
            if permanent {
                before = simulation.state.clone();
                simulation.ask(Op::DeleteVersion { subject: S, version, permanent: true });
            }
            if wrong {
                simulation.state = before;
            }
            simulation.ask(Op::List { subject: S, deleted: permanent });
            simulation.ask(Op::Get { subject: S, version: Some(version) });
        });
    }
    check("of a subject", |simulation, wrong| {
        simulation.ask(REGISTER);
        let before = simulation.state.clone();
        simulation.ask(Op::DeleteSubject { subject: S, permanent: false });
        if wrong {
            simulation.state = before;
        }
        simulation.ask(LATEST);
    });
}
