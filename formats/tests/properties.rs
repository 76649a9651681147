//! What holds for every schema, tried on random ones. The seed is fixed, so a run is as the one before.

mod decoder;
mod random;

use decoder::{decode, decode_by_plan, encode};
use ottla_formats::ParsedSchema;
use ottla_formats::avro::{Mode, PlanError, Reader, Schema, Writer, parse, resolve};
use ottla_formats::compatibility::{Level, check};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngSeed, TestRunner};
use random::{Choices, Namespaces, schema, value};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x0771_a5ee_d000),
        ..ProptestConfig::default()
    }
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..160)
}

fn namespaces() -> impl Strategy<Value = Namespaces> {
    prop_oneof![Just(Namespaces::None), Just(Namespaces::All), Just(Namespaces::Mixed)]
}

fn read(text: &str, mode: Mode) -> Schema {
    parse(text, mode).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

/// What holds for every schema that can be registered, however odd.
fn holds_for_any(schema: &Schema) {
    let text = schema.to_text();
    let again = read(&text, Mode::Lookup);
    assert_eq!(again.to_text(), text, "printing and reading again");
    assert_eq!(schema.parsing_canonical_form(), again.parsing_canonical_form());
    assert!(again.equivalent(&again), "{text}");
    use_up(schema, &again);
}

/// Does everything that can be done to a schema.
fn use_up(schema: &Schema, other: &Schema) {
    let text = schema.to_text();
    assert!(schema.equivalent(schema), "{text}");
    if let Ok(normalized) = schema.normalized() {
        assert!(normalized.normalized().is_ok(), "{text}");
    }
    let resolution = resolve(Writer(schema), Reader(other));
    assert_eq!(resolution.is_compatible(), resolution.incompatibilities().is_empty());
    assert_eq!(resolution.is_compatible(), resolution.plan().err() != Some(PlanError::Incompatible));
    for found in resolution.incompatibilities() {
        assert!(!found.hint().is_empty() && found.location().starts_with('/'), "{found}");
        assert!(!found.writer_fragment(Writer(schema)).is_empty(), "{found}");
    }
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn a_schema_survives_printing_and_normalising(bytes in bytes(), namespaces in namespaces()) {
        let schema = read(&schema(&bytes, namespaces), Mode::Register);
        holds_for_any(&schema);
        // A new schema again, not only a known one; and the same. (It is not with numbers beyond all doubles, which are
        // printed as texts, nor with aliases without a namespace of types that have one: as in Java.)
        match schema.normalized() {
            Ok(once) => {
                let twice = once.normalized().expect("it was normal");
                prop_assert_eq!(twice.to_text(), once.to_text());
            }
            // A type without a namespace gets that of what encloses it, and is unknown to the rest.
            Err(e) => prop_assert_eq!(namespaces, Namespaces::Mixed, "{}", e),
        }
        let again = read(&schema.to_text(), Mode::Register);
        prop_assert!(schema.equivalent(&again) && again.equivalent(&schema), "{}", schema.to_text());
    }

    /// Java's canonical form says nothing of a type without a namespace within a type that has one; so it is left out
    /// here: read again, the type is in that namespace.
    #[test]
    fn the_canonical_form_is_its_own(
        bytes in bytes(),
        namespaces in prop_oneof![Just(Namespaces::None), Just(Namespaces::All)],
    ) {
        let canonical = read(&schema(&bytes, namespaces), Mode::Register).parsing_canonical_form();
        let again = read(&canonical, Mode::Register);
        prop_assert_eq!(again.parsing_canonical_form(), canonical);
    }

    #[test]
    fn a_schema_reads_what_it_wrote(bytes in bytes(), namespaces in namespaces(), choices in bytes()) {
        let schema = read(&schema(&bytes, namespaces), Mode::Register);
        let resolution = resolve(Writer(&schema), Reader(&schema));
        prop_assert_eq!(resolution.incompatibilities(), []);
        let plan = resolution.plan().expect("a plan");
        prop_assert!(plan.is_direct(plan.root()));
        let Some(value) = value(&schema, schema.root(), &mut Choices(&choices), 0) else { return Ok(()) };
        let mut encoded = Vec::new();
        encode(&schema, schema.root(), &value, &mut encoded);
        prop_assert_eq!(decode_by_plan(&plan, &schema, &encoded), Ok(value));
    }

    /// The reader is the writer with some bytes changed, so that they are often compatible and often not.
    #[test]
    fn what_is_compatible_can_be_read(
        bytes in bytes(),
        namespaces in namespaces(),
        changes in proptest::collection::vec((0..160_usize, any::<u8>()), 0..3),
        choices in bytes(),
    ) {
        let mut changed = bytes.clone();
        for (at, byte) in changes {
            if let Some(old) = changed.get_mut(at) {
                *old = byte;
            }
        }
        let writer = read(&schema(&bytes, namespaces), Mode::Register);
        let reader = read(&schema(&changed, namespaces), Mode::Register);
        let resolution = resolve(Writer(&writer), Reader(&reader));
        let (old, new) = (ParsedSchema::from(writer.clone()), ParsedSchema::from(reader.clone()));
        let breaches = check(Level::Backward, &new, [((), &old)]).count();
        prop_assert_eq!(breaches == 0, resolution.is_compatible());
        let breaches = check(Level::Forward, &old, [((), &new)]).count();
        prop_assert_eq!(breaches == 0, resolution.is_compatible());
        let Some(value) = value(&writer, writer.root(), &mut Choices(&choices), 0) else { return Ok(()) };
        let Ok(plan) = resolution.plan() else { return Ok(()) };
        let mut encoded = Vec::new();
        encode(&writer, writer.root(), &value, &mut encoded);
        let read = decode_by_plan(&plan, &reader, &encoded);
        prop_assert!(read.is_ok(), "{read:?}\n{}\n{}", writer.to_text(), reader.to_text());
        if plan.is_direct(plan.root()) {
            let mut input = decoder::Input::new(&encoded);
            prop_assert_eq!(decode(&reader, reader.root(), &mut input, 0), read);
        }
    }
}

/// Are the schemas of a kind that shows something? Otherwise the properties would hold of nothing.
#[test]
fn the_random_schemas_are_worth_trying() {
    let mut runner = TestRunner::new(config(1));
    let mut counts = [0; 6];
    for _ in 0..500 {
        let mut next = |strategy: &dyn Fn(&mut TestRunner) -> Vec<u8>| strategy(&mut runner);
        let made = |runner: &mut TestRunner| bytes().new_tree(runner).expect("bytes").current();
        let (first, choices) = (next(&made), next(&made));
        let mut changed = first.clone();
        if let (Some(at), Some(byte)) = (choices.first(), choices.get(1)) {
            let at = usize::from(*at) % first.len().max(1);
            changed.get_mut(at).into_iter().for_each(|old| *old = *byte);
        }
        let writer = read(&schema(&first, Namespaces::Mixed), Mode::Register);
        let reader = read(&schema(&changed, Namespaces::Mixed), Mode::Register);
        let text = writer.to_text();
        let resolution = resolve(Writer(&writer), Reader(&reader));
        let holds = [
            text.len() > 300,
            text.contains("\"fields\":[{"),
            text.contains("\"default\""),
            resolution.is_compatible() && text != reader.to_text(),
            !resolution.is_compatible(),
            value(&writer, writer.root(), &mut Choices(&choices), 0).is_some(),
        ];
        holds.iter().zip(&mut counts).for_each(|(holds, count)| *count += usize::from(*holds));
    }
    assert!(counts.iter().all(|count| *count >= 50), "{counts:?} of 500");
}

/// Words that schemas are made of, and some that break them.
const WORDS: [&str; 44] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "null",
    "\"null\"",
    "\"int\"",
    "\"long\"",
    "\"string\"",
    "\"type\"",
    "\"record\"",
    "\"name\"",
    "\"fields\"",
    "\"items\"",
    "\"array\"",
    "\"map\"",
    "\"values\"",
    "\"enum\"",
    "\"symbols\"",
    "\"fixed\"",
    "\"size\"",
    "\"default\"",
    "\"aliases\"",
    "\"namespace\"",
    "\"A\"",
    "\"B.C\"",
    "\".\"",
    "\".A\"",
    "\"a..b\"",
    "\"\"",
    "1",
    "-1",
    "1e400",
    "true",
    "\u{1}",
    "\\ud800",
    "/*",
    "*/",
    "//",
    "é",
];

/// Reads a text in each way, and does everything to what that gives.
fn try_text(text: &str) {
    for mode in [Mode::Strict, Mode::Lenient, Mode::Register, Mode::Lookup] {
        match parse(text, mode) {
            Ok(schema) if mode == Mode::Register => holds_for_any(&schema),
            Ok(schema) => use_up(&schema, &schema),
            Err(error) => assert!(error.line() > 0 && error.column() > 0 && !error.expected().is_empty()),
        }
    }
}

proptest! {
    #![proptest_config(config(4_000))]

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        try_text(&text);
    }

    #[test]
    fn no_heap_of_words_makes_it_panic(words in proptest::collection::vec(proptest::sample::select(&WORDS[..]), 0..40)) {
        try_text(&words.concat());
    }

    #[test]
    fn no_broken_schema_makes_it_panic(
        bytes in bytes(),
        namespaces in namespaces(),
        cuts in proptest::collection::vec((any::<u16>(), 0..3_usize, proptest::sample::select(&WORDS[..])), 1..4),
    ) {
        let mut text: Vec<char> = schema(&bytes, namespaces).chars().collect();
        for (at, removed, word) in cuts {
            let at = usize::from(at) % (text.len() + 1);
            let end = (at + removed).min(text.len());
            text.splice(at..end, word.chars());
        }
        try_text(&text.into_iter().collect::<String>());
    }

    /// Words in the places of words, so that the text stays JSON and the schema goes wrong.
    #[test]
    fn no_schema_with_other_words_makes_it_panic(
        bytes in bytes(),
        namespaces in namespaces(),
        swaps in proptest::collection::vec((any::<u16>(), proptest::sample::select(&WORDS[8..34])), 1..4),
    ) {
        let text = schema(&bytes, namespaces);
        let mut parts: Vec<&str> = text.split('"').collect();
        for (at, word) in swaps {
            let inside = usize::from(at) % parts.len();
            parts[inside] = word.trim_matches('"');
        }
        try_text(&parts.join("\""));
    }
}
