//! No schema takes more of the stack, of time or of memory than is set: what is too deep, too wide or too intricate is
//! refused, and everything that can be done to the deepest and widest schemas that are not is done here.

mod shapes;

use std::thread;

use ottla_formats::avro::parse::{MAX_TEXT, MAX_TYPES};
use ottla_formats::avro::resolve::{COMPARISON_LIMIT, LISTED_LIMIT};
use ottla_formats::avro::{
    IncompatibilityKind, Mode, ParseError, PlanError, Reader, Schema, Writer, parse, parse_with, resolve,
};
use ottla_formats::json;
use shapes::*;

/// As little as a thread can be made to have, and a debug build takes the most of it.
const STACK: usize = 64 << 10;

fn on_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread");
    thread.join().expect("no panic")
}

/// The refusal of a text, whichever way it is read.
fn refusal(text: String) -> ParseError {
    on_small_stack(move || {
        let modes = [Mode::Strict, Mode::Lenient, Mode::Lookup, Mode::Register];
        let errors = modes.map(|mode| parse(&text, mode).expect_err("a refusal"));
        assert!(errors.iter().all(|e| *e == errors[0]), "{errors:?}");
        errors[0].clone()
    })
}

/// Does everything to a schema that can be done to one.
fn use_up(schema: Schema) {
    let small = parse(r#"{"type":"record","name":"D","fields":[]}"#, Mode::Strict).expect("a schema");
    let text = schema.to_text();
    let again = parse(&text, Mode::Lookup).expect("what was printed can be read");
    assert_eq!(again.to_text(), text);
    assert!(schema.equivalent(&again) && !schema.equivalent(&small));
    assert_eq!(schema.fingerprint(), again.fingerprint());
    assert!(schema.to_inlined_text().len() >= text.len());
    let normalized = schema.normalized().expect("a schema");
    assert_eq!(normalized.parsing_canonical_form(), schema.parsing_canonical_form());
    let tagged = schema.clone().with_tags(&schema.tags(), &[]);
    assert_eq!(tagged.len(), schema.len());
    for (writer, reader) in [(&schema, &again), (&small, &schema), (&schema, &small)] {
        let resolution = resolve(Writer(writer), Reader(reader));
        let plan = resolution.plan();
        assert!(resolution.is_compatible() || plan.is_err());
        for found in resolution.incompatibilities().iter().take(10) {
            let fragments = [found.reader_fragment(Reader(reader)), found.writer_fragment(Writer(writer))];
            assert!(fragments.iter().all(|f| !f.is_empty()));
        }
    }
}

/// Reads a text and uses it up. Nothing of it may outlive the thread: dropping is part of the use.
fn accepted(text: String) {
    on_small_stack(move || use_up(parse(&text, Mode::Register).expect("a schema")));
}

#[test]
fn nesting_without_end_is_refused_where_it_gets_too_deep() {
    let levels = 100_000;
    let lists = |inner: &str| nested(levels, "[", inner, "]");
    let objects = nested(levels, r#"{"a":"#, "1", "}");
    let whole = [
        arrays(levels),
        maps(levels),
        unions(levels),
        records(levels),
        lists(r#""int""#),
        objects.clone(),
        format!(r#"{{"type":"int","p":{}}}"#, lists("")),
        format!(r#"{{"type":"int","p":{objects}}}"#),
        with_default(r#""int""#, &lists("")),
        with_default(r#""int""#, &objects),
    ];
    let unclosed = whole.clone().map(|text| text[..text.len() / 2].to_owned());
    for text in whole.into_iter().chain(unclosed) {
        let error = refusal(text);
        assert!(error.message().contains("nesting depth (201) exceeds"), "{error}");
        assert_eq!(error.pointer().split('/').count(), json::MAX_DEPTH + 1);
        // Nothing was read beyond that.
        assert!(error.column() < 20_000, "{error}");
    }
}

#[test]
fn all_that_can_be_done_is_done_to_the_deepest_schemas() {
    let deepest = json::MAX_DEPTH;
    let lists = nested(deepest - 1, "[", "", "]");
    let objects = nested(deepest - 1, r#"{"a":"#, "1", "}");
    let texts = [
        arrays(deepest),
        maps(deepest),
        unions(deepest / 2),
        records(deepest / 3),
        format!(r#"{{"type":"int","p":{lists}}}"#),
        format!(r#"{{"type":"array","items":"int","p":{objects}}}"#),
        with_default(&arrays(60), &nested(60, "[", "1", "]")),
        with_default(&maps(60), &nested(60, r#"{"a":"#, "1", "}")),
        chain(deepest / 3),
    ];
    for text in texts {
        accepted(text);
    }
    // One level more, and each is refused.
    for text in [arrays(deepest + 1), unions(deepest / 2 + 1), records(deepest / 3 + 1)] {
        assert!(refusal(text).message().contains("nesting depth"));
    }
}

/// Names that are used before they are defined make a flat text into a deep schema. Its own text would be deep.
#[test]
fn a_flat_text_is_no_way_around_the_depth() {
    for length in [json::MAX_DEPTH / 3 + 1, 1_000, 30_000] {
        let error = refusal(chain(length));
        assert!(error.message().starts_with("The schema in full: Document nesting depth (201)"), "{error}");
    }
}

/// Nor are references: they are known by name, so the schema's own text stays flat, and the rest is walked.
#[test]
fn references_may_lead_far() {
    on_small_stack(|| {
        let mut last = parse(r#"{"type":"fixed","name":"R0","size":1}"#, Mode::Register).expect("a schema");
        for at in 1..=1_000 {
            let field = format!(r#""type":"R{}""#, at - 1);
            let text = record(&format!("R{at}"), 1, |_| field.clone());
            last = parse_with(&text, Mode::Register, &[&last]).expect("a schema");
        }
        assert!(last.to_text().len() < 100);
        assert!(last.to_inlined_text().len() > 50_000);
        assert!(last.equivalent(&last.normalized().expect("a schema")));
        assert!(last.parsing_canonical_form().len() > 50_000);
        let resolution = resolve(Writer(&last), Reader(&last));
        assert!(resolution.is_compatible() && resolution.plan().is_ok());
    });
}

#[test]
fn long_texts_and_many_values_are_refused() {
    let error = refusal(" ".repeat(64 << 20));
    assert_eq!(
        error.to_string(),
        format!("1:1: Schema text is longer than {MAX_TEXT} bytes (expected a shorter text)")
    );
    let error = refusal(format!(r#"{{"type":"int","p":[{}]}}"#, list(json::MAX_VALUES, |_| "0".to_owned())));
    assert!(error.message().contains("more than 1000000 values"), "{error}");
}

/// Numbers that are printed longer than they are written could make a text that is too long to be read again.
#[test]
fn what_is_accepted_is_printed_within_the_limit() {
    let values = list(900_000, |_| "1e6".to_owned());
    let doc = "x".repeat(MAX_TEXT - 4 * 900_000 - 100);
    let error = refusal(format!(r#"{{"type":"int","p":[{values}],"q":"{doc}"}}"#));
    assert!(error.message().starts_with("Schema text is longer than"), "{error}");
}

#[test]
fn too_many_types_are_refused() {
    let error = refusal(union_of_records(100_000, "R", ""));
    assert_eq!(error.message(), format!("Schema has more than {MAX_TYPES} types"));
    assert_eq!(error.pointer(), format!("/{MAX_TYPES}"));
}

/// Fields whose types are definitions of one record, each equal to the first. It has a field of type `part`.
fn holders(count: usize, wide: &str, part: &str, last: &str) -> String {
    let holder = record("H", 1, |_| format!(r#""type":{part}"#));
    let fields = list(count, |at| format!(r#"{{"name":"h{at}","type":{holder}}}"#));
    format!(r#"{{"type":"record","name":"W","fields":[{{"name":"w","type":{wide}}},{fields}{last}]}}"#)
}

#[test]
fn all_that_can_be_done_is_done_to_the_widest_schemas() {
    let many = 20_000;
    let numbers = |letter: &'static str| list(many, move |at| format!(r#""{letter}{at}""#));
    let members = list(many, |at| format!(r#""f{at}":{at}"#));
    let ints = record("R", many, |_| r#""type":"int""#.to_owned());
    let fixed = |at| format!(r#""type":["null",{{"type":"fixed","name":"F{at}","size":{at}}}]"#);
    let later: String = (0..many)
        .map(|at| format!(r#",{{"name":"l{at}","type":{{"type":"fixed","name":"L{at}","size":1}}}}"#))
        .collect();
    let texts = [
        union_of_records(MAX_TYPES - 10, "R", ""),
        record("R", MAX_TYPES / 2 - 10, fixed),
        record("R", many, |_| r#""type":["null","R"],"default":null"#.to_owned()),
        format!(r#"{{"type":"enum","name":"E","symbols":[{}]}}"#, numbers("S")),
        format!(r#"{{"type":"record","name":"R","aliases":[{}],"fields":[]}}"#, numbers("A")),
        record("R", 1, |_| format!(r#""type":"int","aliases":[{}]"#, numbers("a"))),
        format!(r#"{{"type":"int",{members}}}"#),
        format!(r#"{{"type":"int","p":[{}]}}"#, list(json::MAX_VALUES - 10, |_| "0".to_owned())),
        with_default(&ints, &format!("{{{members}}}")),
        format!(r#"["null",{{"type":"array","items":["null",{ints}]}},{ints}]"#),
        // A small type that holds a wide one, defined again and again; and with many names that come later.
        holders(many, &ints, r#""R""#, ""),
        holders(many, &format!("[{}]", numbers("L")), r#""int","default":1"#, &later),
        with_default(
            &format!(r#"{{"type":"array","items":{}}}"#, ints.replace(r#""int""#, r#""int","default":1"#)),
            &format!("[{}]", list(100, |at| format!(r#"{{"f{at}":2}}"#))),
        ),
    ];
    for text in texts {
        accepted(text);
    }
}

/// The refusal of a comparison, and how much there was to compare.
fn too_intricate(writer: String, reader: String) {
    on_small_stack(move || {
        let schema = |text: &str| parse(text, Mode::Register).expect("a schema");
        let (writer, reader) = (schema(&writer), schema(&reader));
        let resolution = resolve(Writer(&writer), Reader(&reader));
        let [found] = resolution.incompatibilities() else { panic!("one refusal") };
        assert_eq!(found.kind(), IncompatibilityKind::LimitExceeded);
        let steps = format!("comparing them needs more than {COMPARISON_LIMIT} steps");
        assert!(found.message().contains(&steps), "{found}");
        assert_eq!(found.location(), "/");
        assert_eq!(resolution.plan().expect_err("no plan"), PlanError::Incompatible);
    });
}

/// Counted, not timed: pairs, aliases, symbols and branches all are steps.
#[test]
fn intricate_pairs_are_refused_when_the_steps_are_spent() {
    let megabyte = 1 << 20;
    // Every record of one side has the names of many of the other as its aliases.
    let aliases = |side: &'static str| list(100, move |at| format!(r#""{side}{at}""#));
    let crossed = |side, other| union_of_records(megabyte / 600, side, &aliases(other));
    assert!(crossed("A", "B").len() > megabyte);
    too_intricate(crossed("A", "B"), crossed("B", "A"));
    // Wide unions.
    let wide = |side| union_of_records(megabyte / 60, side, "");
    too_intricate(wide("A"), wide("B"));
    // One union, met through each of many records.
    let branches = union_of_records(2_000, "B", "");
    let holders = |side: &'static str| {
        let all = list(2_000, move |at| {
            format!(r#"{{"type":"record","name":"{side}{at}","fields":[{{"name":"f","type":"U"}}]}}"#)
        });
        let union = record("U", 1, |_| format!(r#""type":{branches}"#));
        record("H", 1, |_| format!(r#""type":{union}}},{{"name":"g","type":[{all}]"#))
    };
    too_intricate(holders("A"), holders("C"));
    // Two records that could be the reader's by their names, if its fields had not so many aliases.
    let reader = record("R", 1_000, |at| {
        let aliases = list(600, |alias| format!(r#""a{}""#, at * 600 + alias));
        format!(r#""type":"int","default":1,"aliases":[{aliases}]"#)
    });
    let writer = list(2, |at| record(&format!("n{at}.R"), 0, |_| String::new()));
    too_intricate(format!("[{writer}]"), reader);
}

/// Records within each other, each of which holds the next twice.
fn doubling(levels: usize, leaf: &str, rest: &str) -> String {
    (1..levels).fold(record("R0", 1, |_| leaf.to_owned()), |inner, level| {
        let name = format!(r#""R{}""#, level - 1);
        record(&format!("R{level}"), 2, |at| {
            let ty = if at == 0 { &inner } else { &name };
            format!(r#""type":{ty}{rest}"#)
        })
    })
}

/// What breaks in a record breaks wherever it is used: a small schema can have more to list than anyone can read, by
/// the number of entries or by the length of their locations.
#[test]
fn no_more_is_listed_than_can_be_read() {
    let listed = |levels: usize| {
        on_small_stack(move || {
            let schema = |leaf: &str| parse(&doubling(levels, leaf, ""), Mode::Register).expect("a schema");
            let (writer, reader) = (schema(r#""type":"string""#), schema(r#""type":"int""#));
            let resolution = resolve(Writer(&writer), Reader(&reader));
            let found = resolution.incompatibilities();
            let last = found.last().expect("the last");
            assert_eq!(last.kind(), IncompatibilityKind::LimitExceeded);
            assert_eq!(last.message(), "there are more incompatibilities than can be listed");
            found.len()
        })
    };
    assert_eq!(listed(15), LISTED_LIMIT + 1);
    assert!((1_000..LISTED_LIMIT).contains(&listed(60)));
}

/// A record takes the defaults of its own fields, so a few characters can stand for very many values.
#[test]
fn defaults_that_unfold_without_end_are_refused() {
    // Two to the 25th, and of no value in the end.
    let text = doubling(25, r#""type":["null","int"],"default":[]"#, r#","default":{}"#);
    on_small_stack(move || {
        let error = parse(&text, Mode::Register).expect_err("a refusal");
        assert!(error.message().starts_with("Invalid default for field f0: [] not a"), "{error}");
        // Not looked at when a known schema is read: then there is no plan.
        let reader = parse(&text, Mode::Lookup).expect("a schema");
        let writer = parse(r#"{"type":"record","name":"R24","fields":[]}"#, Mode::Lookup).expect("a schema");
        let plan = resolve(Writer(&writer), Reader(&reader)).plan();
        assert!(matches!(plan, Err(PlanError::Default { .. })), "{plan:?}");
    });
    let text = doubling(25, r#""type":["null","int"],"default":1"#, r#","default":{}"#);
    on_small_stack(move || {
        let error = parse(&text, Mode::Register).expect_err("a refusal");
        assert!(error.message().contains("the defaults take more than"), "{error}");
        let reader = parse(&text, Mode::Lookup).expect("a schema");
        let writer = parse(r#"{"type":"record","name":"R24","fields":[]}"#, Mode::Lookup).expect("a schema");
        let plan = resolve(Writer(&writer), Reader(&reader)).plan();
        assert!(matches!(plan, Err(PlanError::Default { .. })), "{plan:?}");
    });
}

/// A record of the writer that is read as many of the reader, which has none of its fields, is many times in the plan.
#[test]
fn a_plan_has_no_more_parts_than_are_set() {
    on_small_stack(|| {
        let holder = |part: &dyn Fn(usize) -> String| {
            let text = record("H", 30, |at| format!(r#""type":{}"#, part(at)));
            parse(&text, Mode::Register).expect("a schema")
        };
        let wide = record("R", 40_000, |_| r#""type":"int""#.to_owned());
        let writer = holder(&|at| if at == 0 { wide.clone() } else { r#""R""#.to_owned() });
        let reader = holder(&|at| record(&format!("n{at}.R"), 0, |_| String::new()));
        let resolution = resolve(Writer(&writer), Reader(&reader));
        assert_eq!(resolution.incompatibilities(), []);
        assert_eq!(resolution.plan().expect_err("no plan"), PlanError::TooLarge);
    });
}
