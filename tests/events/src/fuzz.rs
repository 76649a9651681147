//! What fuzzers call: one function for each way in, for any bytes. They panic if something is wrong.
//!
//! `fuzz/` has a target for each of them; `tests/fuzz.rs` runs them for a moment, without a fuzzer.

use std::fs;
use std::sync::{Arc, LazyLock};

use ottla::codec::{Fault, Limits};
use ottla::framing::{self, SchemaRef, Side};
use ottla::schema::{Mode, parse};
use ottla_codegen::{Options, generate};

use crate::corpus::{RESOLVE, lines, messages, type_of};
use crate::sample::{Planned, Recoded, Type};
use crate::{cases, readers, resolve};

/// A function that takes any bytes.
pub type Target = fn(&[u8]);

/// All of them, by the names of the targets.
pub const TARGETS: [(&str, Target); 5] = [
    ("decode", decode),
    ("decode_resolved", decode_resolved),
    ("round_trip", round_trip),
    ("framing", framing),
    ("generate", generate_code),
];

/// Every type that there is.
static TYPES: LazyLock<Vec<&'static Type>> = LazyLock::new(|| {
    let of_cases = cases::TABLE.iter().flat_map(|case| [&case.built, &case.included]);
    messages().into_iter().map(|(ty, _)| ty).chain(of_cases).chain(readers::TABLE).collect()
});

/// How types read what others wrote.
static PLANS: LazyLock<Vec<(&'static str, Box<dyn Planned>)>> = LazyLock::new(|| {
    let plan = |line: &serde_json::Value| {
        let writer = parse(line["writer"].as_str()?, Mode::Lenient).ok()?;
        let ty = type_of(resolve::TABLE, line)?;
        Some(((ty.descriptor)().name(), (ty.plan)(Arc::new(writer)).ok()?))
    };
    lines(RESOLVE).filter_map(|line| plan(&line)).collect()
});

/// Two bytes choose one of many, the rest is for it.
fn choose<'d, T>(all: &'static [T], data: &'d [u8]) -> Option<(&'static T, &'d [u8])> {
    let (chosen, rest) = data.split_first_chunk()?;
    Some((&all[usize::from(u16::from_le_bytes(*chosen)) % all.len()], rest))
}

/// What chooses an entry of a table, for seeds.
fn chosen(at: usize) -> [u8; 2] {
    u16::try_from(at).expect("tables are small").to_le_bytes()
}

/// Less than by default, so that fuzzers find what takes long.
fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.memory = 1 << 20;
    limits
}

/// Bytes to a value and to a borrowed value, of any type.
pub fn decode(data: &[u8]) {
    let Some((ty, bytes)) = choose(&TYPES, data) else { return };
    let owned = (ty.decode)(bytes, limits());
    if let Err(error) = &owned {
        assert!(error.offset() <= bytes.len(), "{error}");
        assert_ne!(error.fault(), Fault::Plan, "{error}");
        assert!(error.path().starts_with((ty.descriptor)().name()), "{error}");
    }
    let limited = matches!(&owned, Err(error) if error.fault() == Fault::Memory);
    if let Some(twin) = ty.twin.filter(|_| !limited) {
        assert_eq!(twin(bytes).map(|twin| twin.owned), owned);
    }
}

/// Bytes of one schema to a value of another.
pub fn decode_resolved(data: &[u8]) {
    let Some(((_, plan), bytes)) = choose(&PLANS, data) else { return };
    match plan.decode(bytes, limits()) {
        Ok(owned) => {
            // Bytes that are no text cannot be borrowed as some.
            let twin = plan.twin(bytes).map(|twin| twin.map(|twin| twin.owned));
            let invalid = |e: &ottla::codec::DecodeError| e.fault() == Fault::Utf8;
            assert!(twin.is_none_or(|twin| twin.as_ref().map_or_else(invalid, |twin| *twin == owned)));
        }
        Err(error) => {
            assert!(error.offset() <= bytes.len(), "{error}");
            assert_ne!(error.fault(), Fault::Plan, "{error}");
        }
    }
}

/// What bytes begin with is written as it is read, and read as it is written.
pub fn round_trip(data: &[u8]) {
    let Some((ty, bytes)) = choose(&TYPES, data) else { return };
    let Ok(Recoded { written: Ok(written), rest }) = (ty.read)(bytes, limits()) else { return };
    assert!(rest <= bytes.len());
    let again = (ty.decode)(&written, Limits::default()).expect("it was written");
    let again = again.written.expect("it was written");
    // Maps that are not sorted have any order.
    assert_eq!(again.len(), written.len());
    let schema = (ty.descriptor)().schema().expect("a schema").clone();
    let plan = (ty.plan)(schema).expect("it reads what it writes");
    let planned = plan.decode(&written, Limits::default()).expect("it was written");
    assert_eq!(planned.written.expect("it was written").len(), written.len());
}

/// Payloads and headers to what they say of their schemas, which is written as it was read.
pub fn framing(data: &[u8]) {
    let Some((&split, rest)) = data.split_first() else { return };
    let (header, payload) = rest.split_at(usize::from(split).min(rest.len()));
    let headers = [(Side::Value.header(), header)];
    if let Err(error) = framing::parse(payload, Side::Value, &headers) {
        assert!(!error.to_string().is_empty());
    }
    match framing::parse(payload, Side::Key, ()) {
        Ok(frame) => {
            let mut again = Vec::new();
            match frame.schema {
                SchemaRef::Id(id) => framing::write_id(&mut again, id),
                SchemaRef::Guid(guid) => framing::write_guid(&mut again, guid),
                SchemaRef::Fingerprint(fingerprint) => framing::write_fingerprint(&mut again, fingerprint),
            }
            again.extend_from_slice(frame.body);
            assert_eq!(again, payload);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Schema texts to code that is Rust, or to errors with a place.
pub fn generate_code(data: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    // Files may refer to each other; a line that begins with `#` ends one.
    let mut files = Vec::new();
    for (at, text) in data.split(|byte| *byte == b'#').take(3).enumerate() {
        let file = folder.path().join(format!("{at}.avsc"));
        fs::write(&file, text).expect("a file");
        files.push(file);
    }
    for options in [Options::new(), Options::new().borrowed("**")] {
        match generate(&files, &options) {
            Ok(code) => {
                syn::parse2::<syn::File>(code.tokens().clone())
                    .unwrap_or_else(|e| panic!("{e}: {}", code.tokens()));
            }
            Err(errors) => errors.iter().for_each(|error| assert!(!error.to_string().is_empty())),
        }
    }
}

/// What a fuzzer begins with: for each target some inputs with their names.
pub fn seeds() -> Vec<(&'static str, String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for (at, (ty, messages)) in messages().into_iter().enumerate().step_by(9) {
        let name = (ty.descriptor)().name().replace('.', "_");
        if let Some(message) = messages.iter().filter(|m| m.len() < 200).max_by_key(|m| m.len()) {
            let seed = [&chosen(at), message.as_slice()].concat();
            seeds.push(("decode", format!("{at}-{name}"), seed.clone()));
            seeds.push(("round_trip", format!("{at}-{name}"), seed));
        }
    }
    seeds.extend(seeds_of_plans());
    for (name, bytes) in FRAMES {
        seeds.push(("framing", (*name).to_owned(), bytes.to_vec()));
    }
    for case in cases::TABLE.iter().filter(|case| case.variation == "plain") {
        let text = (case.built.descriptor)().text();
        seeds.push(("generate", case.name.to_owned(), text.as_bytes().to_vec()));
    }
    seeds
}

fn seeds_of_plans() -> Vec<(&'static str, String, Vec<u8>)> {
    let mut seeds = Vec::new();
    let planned = lines(RESOLVE).filter(|line| {
        let writer = parse(line["writer"].as_str().unwrap_or_default(), Mode::Lenient);
        let ty = type_of(resolve::TABLE, line);
        ty.zip(writer.ok()).is_some_and(|(ty, writer)| (ty.plan)(Arc::new(writer)).is_ok())
    });
    for (at, line) in planned.enumerate().step_by(9) {
        let name = line["name"].as_str().unwrap_or_default().replace('/', "-");
        let message = crate::corpus::hex(&line["cases"][0]["writer_hex"]);
        seeds.push(("decode_resolved", format!("{at}-{name}"), [&chosen(at), message.as_slice()].concat()));
    }
    seeds
}

/// The first byte says how long the header is.
const FRAMES: [(&str, &[u8]); 6] = [
    ("id", &[0, 0, 0, 0, 0, 7, 1, 2]),
    ("guid", &[0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 1, 2]),
    ("single-object", &[0, 0xc3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("header", &[17, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 1, 2]),
    ("json", b"\0{\"a\": 1}"),
    ("cut", &[0, 1, 1, 2]),
];
