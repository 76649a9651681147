//! Random pairs of schemas: what a plan makes of bytes is what the dynamic codec makes of them.

use std::sync::Arc;

use ottla::codec::{Fault, Limits};
use ottla::schema::{Mode, Schema, parse};
use ottla_event_tests::decoder::{decode_by_plan, encode};
use ottla_event_tests::random::{Choices, value};
use ottla_event_tests::seeded::seeded;
use ottla_event_tests::writers::writer;
use ottla_event_tests::{Type, readers};
use ottla_formats::avro::{Reader, Writer, resolve};

/// How many writers are made for each reader, and how many values each of them writes.
const WRITERS: u64 = 50;
const VALUES: u64 = 5;

/// What has been seen.
#[derive(Debug, Default)]
struct Seen {
    unknown: usize,
    incompatible: usize,
    direct: usize,
    plans: usize,
    values: usize,
    borrowed: usize,
    /// Values that are none of their logical types, or have too many digits for them.
    unsuitable: usize,
}

#[test]
fn plans_read_as_the_dynamic_codec_does() {
    let mut seen = Seen::default();
    for (at, ty) in (0..).zip(readers::TABLE) {
        for which in 0..WRITERS {
            let seed = at << 16 | which;
            match parse(&writer((ty.descriptor)().text(), seed), Mode::Lenient) {
                Ok(writer) => pair(ty, Arc::new(writer), seed, &mut seen),
                Err(_) => seen.unknown += 1,
            }
        }
    }
    println!("{seen:?}");
    let Seen { unknown, incompatible, direct, plans, values, borrowed, unsuitable } = seen;
    assert!(plans > 1500 && values > 6000 && borrowed > 1000 && incompatible > 500, "{seen:?}");
    assert!(unknown < 2000 && direct < plans && unsuitable < values / 20, "{seen:?}");
}

fn pair(ty: &Type, writer: Arc<Schema>, seed: u64, seen: &mut Seen) {
    let reader = (ty.descriptor)().schema().expect("a schema");
    let what = || format!("\nwriter {}\nreader {}", writer.to_text(), reader.to_text());
    let resolution = resolve(Writer(&writer), Reader(reader));
    let (theirs, ours) = match (resolution.plan(), (ty.plan)(writer.clone())) {
        (Ok(theirs), Ok(ours)) => (theirs, ours),
        (Err(_), Err(_)) => {
            seen.incompatible += 1;
            return;
        }
        (theirs, ours) => panic!("{:?}, but {:?}{}", theirs.err(), ours.err(), what()),
    };
    if theirs.is_direct(theirs.root()) {
        seen.direct += 1;
    } else {
        seen.plans += 1;
    }
    for of in 0..VALUES {
        let choices = seeded(seed << 8 | of, 60);
        let Some(value) = value(&writer, writer.root(), &mut Choices(&choices), 0) else { continue };
        let mut bytes = Vec::new();
        encode(&writer, writer.root(), &value, &mut bytes);
        let what = || format!("{bytes:x?} of{}", what());
        let expected = decode_by_plan(&theirs, reader, &bytes).unwrap_or_else(|e| panic!("{e}: {}", what()));
        let mut written = Vec::new();
        encode(reader, reader.root(), &expected, &mut written);
        seen.values += 1;
        match ours.decode(&bytes, Limits::default()) {
            Ok(value) if value.written.as_ref() == Ok(&written) => {}
            Ok(value) if value.written.is_err() => seen.unsuitable += 1,
            Err(e) if e.fault() == Fault::Logical => seen.unsuitable += 1,
            other => panic!("{other:x?}, but {written:x?}: {}", what()),
        }
        match ours.twin(&bytes) {
            None => continue,
            Some(Ok(twin)) if twin.owned.written.as_ref() == Ok(&written) => {}
            Some(Ok(twin)) if twin.owned.written.is_err() => seen.unsuitable += 1,
            // Bytes that are no text cannot be borrowed as some.
            Some(Err(e)) if matches!(e.fault(), Fault::Logical | Fault::Utf8) => seen.unsuitable += 1,
            Some(other) => panic!("{other:x?}, but {written:x?}: {}", what()),
        }
        seen.borrowed += 1;
    }
}
