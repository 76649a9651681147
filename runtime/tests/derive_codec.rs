//! Derived types: what they write is what another implementation reads, and the other way round.

#![deny(warnings, clippy::all)]

use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;

use apache_avro::Schema;
use apache_avro::reader::datum::GenericDatumReader;
use apache_avro::types::Value;
use apache_avro::writer::datum::GenericDatumWriter;
use ottla::Event;
use ottla::codec::{Fault, Limits};
use ottla::logical::{Date, Duration, TimeMicros, TimestampMillis};
use proptest::prelude::*;

#[derive(Event, Debug, Clone, PartialEq)]
#[event(namespace = "com.example")]
struct All {
    nothing: (),
    flag: bool,
    int: i32,
    long: i64,
    float: f32,
    double: f64,
    text: String,
    bytes: Vec<u8>,
    list: Vec<i64>,
    lists: Vec<Vec<String>>,
    sorted: BTreeMap<String, Option<i32>>,
    map: HashMap<String, Choice>,
    maybe: Option<Vec<u8>>,
    day: Date,
    time: TimeMicros,
    at: TimestampMillis,
    took: Duration,
    color: Color,
    digest: Digest,
    #[event(fixed = "Sum")]
    sum: [u8; 3],
    choice: Choice,
    tree: Tree,
    wrapped: Wrapped,
    boxed: Box<Digest>,
    #[event(logical = "timestamp-micros")]
    since: Option<Micros>,
}

#[derive(Event, Debug, Clone, Copy, PartialEq)]
#[event(namespace = "com.example")]
enum Color {
    Red,
    Green,
    Blue,
}

#[derive(Event, Debug, Clone, Copy, PartialEq)]
#[event(namespace = "com.example")]
struct Digest([u8; 4]);

#[derive(Event, Debug, Clone, PartialEq)]
struct Wrapped(Vec<Color>);

#[derive(Event, Debug, Clone, PartialEq)]
enum Choice {
    Text(String),
    Null,
    Color(Color),
    Tree(Box<Tree>),
    Numbers(Vec<f64>),
}

#[derive(Event, Debug, Clone, PartialEq)]
#[event(namespace = "com.example")]
struct Tree {
    name: String,
    left: Option<Box<Tree>>,
    #[event(default = "[]")]
    more: Vec<Self>,
    named: BTreeMap<String, Tree>,
}

/// A type of the user's that converts.
#[derive(Debug, Clone, PartialEq)]
struct Micros(i64);

impl ottla::logical::Convert<ottla::logical::TimestampMicros> for Micros {
    fn from_avro(base: ottla::logical::TimestampMicros) -> Result<Self, ottla::logical::ConvertError> {
        Ok(Self(base.0))
    }

    fn to_avro(&self) -> Result<ottla::logical::TimestampMicros, ottla::logical::ConvertError> {
        if self.0 == i64::MIN {
            Err("there is no such time".into())
        } else {
            Ok(ottla::logical::TimestampMicros(self.0))
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    "\\PC{0,9}"
}

/// Maps have one entry at most: the other implementation writes them in any order.
fn tree() -> impl Strategy<Value = Tree> {
    let leaf = text().prop_map(|name| Tree { name, left: None, more: Vec::new(), named: BTreeMap::new() });
    leaf.prop_recursive(4, 16, 3, |inner| {
        let named = prop::collection::btree_map(text(), inner.clone(), 0..2);
        (text(), prop::option::of(inner.clone()), prop::collection::vec(inner, 0..3), named)
            .prop_map(|(name, left, more, named)| Tree { name, left: left.map(Box::new), more, named })
    })
}

fn color() -> impl Strategy<Value = Color> {
    prop_oneof![Just(Color::Red), Just(Color::Green), Just(Color::Blue)]
}

fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![
        text().prop_map(Choice::Text),
        Just(Choice::Null),
        color().prop_map(Choice::Color),
        tree().prop_map(|tree| Choice::Tree(Box::new(tree))),
        prop::collection::vec(any::<f64>(), 0..4).prop_map(Choice::Numbers),
    ]
}

prop_compose! {
    fn all()(
        (flag, int, long, float, double, text) in (any::<bool>(), any::<i32>(), any::<i64>(), any::<f32>(), any::<f64>(), text()),
        (bytes, list, lists) in (any::<Vec<u8>>(), any::<Vec<i64>>(), prop::collection::vec(prop::collection::vec(text(), 0..3), 0..4)),
        (sorted, maybe) in (prop::collection::btree_map(text(), any::<Option<i32>>(), 0..2), any::<Option<Vec<u8>>>()),
        (day, time, at, took, digest, sum) in any::<(i32, i64, i64, [u8; 12], [u8; 4], [u8; 3])>(),
        map in prop::collection::hash_map(text(), choice(), 0..2),
        since in prop::option::of(0..i64::MAX),
        (color, choice, tree, wrapped) in (color(), choice(), tree(), prop::collection::vec(color(), 0..5)),
    ) -> All {
        All {
            nothing: (), flag, int, long, float, double, text, bytes, list, lists, sorted, map, maybe,
            day: Date(day), time: TimeMicros(time), at: TimestampMillis(at), took: Duration::from_bytes(took),
            color, digest: Digest(digest), sum, choice, tree, wrapped: Wrapped(wrapped), boxed: Box::new(Digest(digest)),
            since: since.map(Micros),
        }
    }
}

fn encoded<T: Event>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.encode(&mut bytes).expect("it can be written");
    bytes
}

/// The dynamic value of the bytes, and what the other implementation writes for it.
fn by_others<T: Event>(bytes: &[u8]) -> (Value, Vec<u8>) {
    let schema = Schema::parse_str(T::descriptor().text()).expect("a schema");
    let reader = GenericDatumReader::builder(&schema).build().expect("a reader");
    let mut rest = Cursor::new(bytes);
    let value = reader.read_value(&mut rest).expect("a value");
    assert_eq!(rest.position(), bytes.len() as u64, "all is read");
    let writer = GenericDatumWriter::builder(&schema).build().expect("a writer");
    let again = writer.write_value_to_vec(value.clone()).expect("it is valid");
    (value, again)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn values_come_back(value in all()) {
        let bytes = encoded(&value);
        let back = All::decode(&bytes).expect("its own bytes");
        prop_assert_eq!(&back, &value);
        let (_, again) = by_others::<All>(&bytes);
        prop_assert_eq!(again, bytes);
    }

    #[test]
    fn a_plan_for_the_same_schema_is_direct(value in all()) {
        let plan = All::plan(All::descriptor().schema().expect("a schema").clone()).expect("a plan");
        prop_assert!(plan.is_direct());
        let bytes = encoded(&value);
        prop_assert_eq!(All::decode_resolved(&bytes, &plan).expect("its own bytes"), value);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = All::decode(&bytes);
        let _ = Choice::decode(&bytes);
        let _ = Tree::decode(&bytes);
    }

    #[test]
    fn a_byte_that_is_changed_does_not_make_it_panic(value in all(), at in any::<prop::sample::Index>(), byte: u8) {
        let mut bytes = encoded(&value);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = All::decode(&bytes);
    }
}

#[test]
fn others_see_the_same_values() {
    let value = Choice::Tree(Box::new(Tree {
        name: "root".into(),
        left: None,
        more: Vec::new(),
        named: BTreeMap::new(),
    }));
    let (value, _) = by_others::<Choice>(&encoded(&value));
    let Value::Union(3, tree) = value else { panic!("{value:?}") };
    let Value::Record(fields) = *tree else { panic!("{tree:?}") };
    assert_eq!(fields[0], ("name".into(), Value::String("root".into())));
    let (value, _) = by_others::<Color>(&encoded(&Color::Blue));
    assert_eq!(value, Value::Enum(2, "Blue".into()));
    let (value, _) = by_others::<Digest>(&encoded(&Digest([1, 2, 3, 4])));
    assert_eq!(value, Value::Fixed(4, vec![1, 2, 3, 4]));
    assert_eq!(encoded(&Wrapped(vec![Color::Red, Color::Green])), [4, 0, 2, 0]);
}

#[test]
fn maps_of_many_entries() {
    #[derive(Event, Debug, PartialEq)]
    struct Maps {
        sorted: BTreeMap<String, i64>,
        hashed: HashMap<String, String>,
    }
    let sorted: BTreeMap<String, i64> = (0..300).map(|n| (format!("k{n}"), n)).collect();
    let hashed = sorted.iter().map(|(key, value)| (key.clone(), value.to_string())).collect();
    let value = Maps { sorted, hashed };
    let bytes = encoded(&value);
    assert_eq!(Maps::decode(&by_others::<Maps>(&bytes).1).expect("others' bytes"), value);
    assert_eq!(Maps::decode(&bytes).expect("its own bytes"), value);
}

#[test]
fn the_fewest_bytes_are_those_of_the_smallest_value() {
    use ottla::codec::Decode;
    let empty = Tree { name: String::new(), left: None, more: Vec::new(), named: BTreeMap::new() };
    assert_eq!(<Tree as Decode>::MIN_BYTES, encoded(&empty).len());
    assert_eq!(<Choice as Decode>::MIN_BYTES, 1);
    assert_eq!(<Color as Decode>::MIN_BYTES, 1);
    assert_eq!(<Digest as Decode>::MIN_BYTES, 4);
    assert_eq!(<Wrapped as Decode>::MIN_BYTES, 1);
    assert_eq!(<Option<[u8; 9]> as Decode>::MIN_BYTES, 1);
}

#[test]
fn what_cannot_be_written_leaves_the_buffer_alone() {
    #[derive(Event)]
    struct Moment {
        #[event(logical = "timestamp-micros")]
        at: Micros,
    }
    let mut buffer = vec![7];
    let error = Moment { at: Micros(i64::MIN) }.encode(&mut buffer).expect_err("no such time");
    assert_eq!((error.to_string().as_str(), buffer), ("there is no such time", vec![7]));
}

#[test]
fn depth_is_limited() {
    let mut tree = Tree { name: "leaf".into(), left: None, more: Vec::new(), named: BTreeMap::new() };
    for level in 0..500 {
        let (left, more, named) = match level % 3 {
            0 => (Some(Box::new(tree)), Vec::new(), BTreeMap::new()),
            1 => (None, vec![tree], BTreeMap::new()),
            _ => (None, Vec::new(), BTreeMap::from([("k".into(), tree)])),
        };
        tree = Tree { name: String::new(), left, more, named };
    }
    let bytes = encoded(&tree);
    let error = Tree::decode(&bytes).expect_err("128 levels are allowed");
    assert_eq!(error.fault(), Fault::Depth);
    let mut limits = Limits::default();
    limits.depth = 501;
    assert_eq!(Tree::decode_within(&bytes, limits).expect("501 levels are allowed"), tree);
}

/// A chain without a byte of its own in each level would never end.
#[test]
fn a_value_that_cannot_end_is_no_value() {
    #[derive(Event)]
    #[allow(dead_code)]
    struct Endless {
        next: Box<Endless>,
    }
    let error = Endless::decode(&[]).map(drop).expect_err("nobody can write it");
    assert_eq!(error.fault(), Fault::Depth);
}

#[test]
fn counts_are_not_believed() {
    // 2^40 items of at least four bytes.
    #[derive(Event, Debug)]
    #[allow(dead_code)]
    struct Many {
        digests: Vec<Digest>,
    }
    let error = Many::decode(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 1, 2, 3, 4]).expect_err("a lie");
    assert_eq!((error.fault(), error.path()), (Fault::End, "Many.digests"));
    #[derive(Event, Debug)]
    #[allow(dead_code)]
    struct Nothings {
        all: Vec<()>,
    }
    let error = Nothings::decode(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 0]).expect_err("much of nothing");
    assert_eq!((error.fault(), error.path()), (Fault::Memory, "Nothings.all"));
}

#[test]
fn errors_name_the_place() {
    let error = Tree::decode(&[2, b'a', 0, 2, 4, b'b', 0xff, 0, 0, 0, 0, 0]).expect_err("not UTF-8");
    assert_eq!(
        (error.fault(), error.path(), error.offset()),
        (Fault::Utf8, "com.example.Tree.more[0].name", 4)
    );
    let error = Choice::decode(&[10]).expect_err("five branches");
    assert_eq!((error.fault(), error.path()), (Fault::Branch, "union"));
    let error = Color::decode(&[6]).expect_err("three symbols");
    assert_eq!((error.fault(), error.path()), (Fault::Symbol, "com.example.Color"));
}
