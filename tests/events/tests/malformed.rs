//! Messages that were cut off or changed: an error that says where, or another value; never a panic.

use std::sync::Arc;

use ottla::codec::{DecodeError, Fault, Limits};
use ottla::schema::{Mode, parse};
use ottla_event_tests::corpus::messages;
use ottla_event_tests::decoder::encode;
use ottla_event_tests::random::{Choices, value};
use ottla_event_tests::sample::{Answer, Twin};
use ottla_event_tests::seeded::seeded;
use ottla_event_tests::writers::writer;
use ottla_event_tests::{Planned, Recoded, Type, readers};

/// Longer messages are like short ones.
const LENGTH: usize = 150;

/// So many messages of each type.
const MESSAGES: usize = 3;

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.memory = 1 << 16;
    limits
}

/// The first byte that is changed into another by what can go wrong: a bit, or all of them.
fn changes(byte: u8) -> impl Iterator<Item = u8> {
    (0..8).map(move |bit| byte ^ 1 << bit).chain([0, 0x7f, 0xff, byte.wrapping_add(2), byte.wrapping_sub(2)])
}

/// What an error says of itself.
fn check(error: &DecodeError, name: &str, bytes: &[u8], what: &dyn Fn() -> String) {
    assert!(error.path().starts_with(name), "{error}: {}", what());
    assert!(error.offset() <= bytes.len(), "{error}: {}", what());
    assert_ne!(error.fault(), Fault::Plan, "{error}: {}", what());
}

/// A twin gives the same answer. It keeps what comes twice in a map.
fn check_twin(twin: Answer<Twin>, owned: &Answer<Recoded>, what: &dyn Fn() -> String) {
    match (twin, owned) {
        (Ok(twin), Ok(owned)) => assert_eq!(twin.owned, *owned, "{}", what()),
        // Their limits are others.
        (_, Err(owned)) if owned.fault() == Fault::Memory => {}
        (Err(twin), Err(owned)) => assert_eq!(twin, *owned, "{}", what()),
        (twin, owned) => panic!("{twin:?}, but {owned:?}: {}", what()),
    }
}

#[test]
fn messages_that_end_too_early() {
    let mut count = 0;
    for (ty, messages) in messages() {
        let name = (ty.descriptor)().name();
        for message in messages.iter().filter(|m| m.len() <= LENGTH) {
            for cut in 0..message.len() {
                let bytes = &message[..cut];
                let what = || format!("{bytes:x?} of {name}");
                let answer = (ty.decode)(bytes, limits());
                let error = answer.as_ref().expect_err("bytes are missing");
                check(error, name, bytes, &what);
                assert_eq!(error.fault(), Fault::End, "{error}: {}", what());
                if let Some(twin) = ty.twin {
                    check_twin(twin(bytes), &answer, &what);
                }
                count += 1;
            }
        }
    }
    assert!(count > 10_000, "{count}");
}

#[test]
fn messages_with_another_byte() {
    let (mut values, mut errors) = (0, 0);
    for (ty, messages) in messages() {
        for message in messages.iter().filter(|m| m.len() <= LENGTH).take(MESSAGES) {
            let (more_values, more_errors) = change(ty, message);
            values += more_values;
            errors += more_errors;
        }
    }
    assert!(values > 50_000 && errors > 10_000, "{values} values, {errors} errors");
}

/// Counts those that are values and those that are errors.
fn change(ty: &Type, message: &[u8]) -> (usize, usize) {
    let name = (ty.descriptor)().name();
    let (mut values, mut errors) = (0, 0);
    for at in 0..message.len() {
        for byte in changes(message[at]) {
            let mut bytes = message.to_vec();
            bytes[at] = byte;
            let what = || format!("{bytes:x?} of {name}");
            let answer = (ty.decode)(&bytes, limits());
            match &answer {
                Ok(_) => values += 1,
                Err(error) => {
                    check(error, name, &bytes, &what);
                    errors += 1;
                }
            }
            if let Some(twin) = ty.twin {
                check_twin(twin(&bytes), &answer, &what);
            }
        }
    }
    (values, errors)
}

#[test]
fn messages_of_other_schemas() {
    let (mut plans, mut values, mut errors) = (0, 0, 0);
    for (at, ty) in (0..).zip(readers::TABLE) {
        for which in 0..12 {
            let seed = at << 16 | which;
            let Ok(writer) = parse(&writer((ty.descriptor)().text(), seed), Mode::Lenient) else { continue };
            let choices = seeded(seed, 60);
            let Some(value) = value(&writer, writer.root(), &mut Choices(&choices), 0) else { continue };
            let mut message = Vec::new();
            encode(&writer, writer.root(), &value, &mut message);
            let kind = writer.kind(writer.root());
            let name = kind.name().map_or(kind.word(), |name| name.full()).to_owned();
            let Ok(plan) = (ty.plan)(Arc::new(writer)) else { continue };
            message.truncate(LENGTH);
            let (more_values, more_errors) = mistreat(&*plan, &name, &message);
            values += more_values;
            errors += more_errors;
            plans += 1;
        }
    }
    assert!(
        plans > 300 && values > 5_000 && errors > 10_000,
        "{plans} plans, {values} values, {errors} errors"
    );
}

fn mistreat(plan: &dyn Planned, name: &str, message: &[u8]) -> (usize, usize) {
    let (mut values, mut errors) = (0, 0);
    let mut attempt = |bytes: &[u8]| {
        let what = || format!("{bytes:x?} of {name}");
        match plan.decode(bytes, limits()) {
            Ok(_) => values += 1,
            Err(error) => {
                // What is behind a value is behind the reader's.
                assert!(
                    error.fault() == Fault::Trailing || error.path().starts_with(name),
                    "{error}: {}",
                    what()
                );
                assert!(error.offset() <= bytes.len(), "{error}: {}", what());
                assert_ne!(error.fault(), Fault::Plan, "{error}: {}", what());
                errors += 1;
            }
        }
        let _ = plan.twin(bytes);
    };
    for at in 0..message.len() {
        attempt(&message[..at]);
        for byte in changes(message[at]) {
            let mut bytes = message.to_vec();
            bytes[at] = byte;
            attempt(&bytes);
        }
    }
    (values, errors)
}
