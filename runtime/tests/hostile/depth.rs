//! However deeply values nest and however many there are, the stack is enough and the answer is quick.

use std::thread;
use std::time::{Duration, Instant};

use ottla::codec::{DecodeError, Fault};
use ottla::schema::{Mode, parse};
use ottla::{BorrowedEvent, Event};

use crate::{evolved, long, sorted, types, with};

/// Less than any thread has that somebody has not made smaller on purpose: the code is not optimised here.
const STACK: usize = 1 << 20;

/// A million bytes that each begin one more level.
const LEVELS: usize = 1_000_000;

fn on_a_small_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread").join().expect("no panic")
}

fn nests() -> [Vec<u8>; 4] {
    [
        with("tree", &vec![2; LEVELS]),
        with("tree", &[0, 2].repeat(LEVELS / 2)),
        with("nest", &vec![2; LEVELS]),
        with("nest", &[0, 2, 0].repeat(LEVELS / 3)),
    ]
}

#[test]
fn values_that_nest_without_end() {
    for message in nests() {
        on_a_small_stack(move || {
            let check = |answer: Option<DecodeError>| {
                let error = answer.expect("too deep");
                assert_eq!(error.fault(), Fault::Depth);
                assert!(error.path().contains("levels)...") && error.path().len() < 1000, "{error}");
            };
            check(types::Hostile::decode(&message).err());
            check(sorted::Hostile::decode(&message).err());
            check(<types::HostileRef<'_> as BorrowedEvent<'_>>::decode(&message).err());
            let plan = types::Hostile::plan(types::Hostile::descriptor().schema().expect("a schema").clone());
            check(types::Hostile::decode_resolved(&message, &plan.expect("a plan")).err());
        });
    }
}

/// What is passed over nests as well.
#[test]
fn skipped_values_that_nest_without_end() {
    let writer = parse(include_str!("schemas/hostile.avsc"), Mode::Strict).expect("a schema");
    let plan = evolved::Hostile::plan(writer).expect("a plan");
    let plan = std::sync::Arc::new(plan);
    for message in nests() {
        let plan = plan.clone();
        let error = on_a_small_stack(move || evolved::Hostile::decode_resolved(&message, &plan).err());
        assert_eq!(error.expect("too deep").fault(), Fault::Depth);
    }
}

/// Nothing is a lot of nothing: some of it is refused, and the rest is quick.
#[test]
fn items_without_bytes() {
    let start = Instant::now();
    for count in [1 << 26, (1 << 26) + 1, 1 << 40, i64::MAX] {
        let message = with("gaps", &[long(count), vec![0]].concat());
        let fault = types::Hostile::decode(&message).err().map(|e| e.fault());
        assert_eq!(fault, (count > 1 << 26).then_some(Fault::Memory), "{count}");
    }
    // An error behind many of them: they are not counted one by one to say where it is.
    let mut message = with("gaps", &[long(1 << 25), long(1 << 24), vec![0]].concat());
    message.pop();
    let error = types::Hostile::decode(&message).expect_err("the bytes end");
    assert_eq!((error.path(), error.offset()), ("com.example.Hostile.bytes", message.len()));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
