//! An incompatibility says where its types stand.

mod corpus;

use corpus::{Corpus, same, schema};
use ottla_formats::avro::{
    Incompatibility, Kind, Mode, Reader, Schema, Slot, TypeId, Writer, parse, resolve, resolve_types,
};
use serde_json::Value;

/// Does the type stand there?
fn stands(schema: &Schema, slot: Slot, ty: TypeId) -> bool {
    match slot {
        Slot::Root => ty == schema.root(),
        Slot::Field(outer, _) | Slot::Items(outer) | Slot::Values(outer) | Slot::Branch(outer, _) => {
            schema.slots(outer).any(|found| found == (slot, ty))
        }
        Slot::Absent(record) => ty == record && matches!(schema.kind(ty), Kind::Record(_)),
    }
}

fn check_slots(writer: &Schema, reader: &Schema, found: &Incompatibility) -> Result<(), String> {
    let (r, w) = ((found.reader_slot(), found.reader_type()), (found.writer_slot(), found.writer_type()));
    same("reader", stands(reader, r.0, r.1), true)?;
    same("writer", stands(writer, w.0, w.1), true)
}

fn check_pair(line: &Value) -> Result<(), String> {
    let (writer, reader) = (schema(line, "writer"), schema(line, "reader"));
    for found in resolve(Writer(&writer), Reader(&reader)).incompatibilities() {
        check_slots(&writer, &reader, found)?;
    }
    Ok(())
}

#[test]
fn types_stand_where_it_is_said() {
    Corpus { file: "compat.jsonl", lines: 733, open: 0 }.replay(check_pair);
}

fn record(fields: &str) -> Schema {
    parse(&format!(r#"{{"type":"record","name":"R","fields":[{fields}]}}"#), Mode::Strict).expect("a schema")
}

/// What is met twice has its own places each time, and the locations of the registry's checker.
#[test]
fn a_pair_that_is_met_again_is_told_of_where_it_is_met() {
    let (a, b) = (r#"{"type":"fixed","name":"A","size":1}"#, r#"{"type":"fixed","name":"B","size":2}"#);
    let of = |ty: &str, name: &str| {
        record(&format!(
            r#"{{"name":"x","type":{ty}}},{{"name":"y","type":"{name}"}},{{"name":"z","type":"{name}"}}"#
        ))
    };
    let (writer, reader) = (of(a, "A"), of(b, "B"));
    let resolution = resolve(Writer(&writer), Reader(&reader));
    let shown: Vec<String> = resolution
        .incompatibilities()
        .iter()
        .map(|i| {
            let Slot::Field(_, at) = i.reader_slot() else { panic!("{i}") };
            assert_eq!(i.reader_slot(), i.writer_slot());
            format!("{} {} field {at}", i.kind(), i.location())
        })
        .collect();
    // The size is that of the definition: it is not told again of other places.
    let expected = [
        "NAME_MISMATCH /fields/0/type/name field 0",
        "FIXED_SIZE_MISMATCH /fields/0/type/size field 0",
        "NAME_MISMATCH /fields/0/type/name field 1",
        "FIXED_SIZE_MISMATCH /fields/0/type/size field 0",
        "NAME_MISMATCH /fields/0/type/name field 2",
        "FIXED_SIZE_MISMATCH /fields/0/type/size field 0",
    ];
    assert_eq!(shown, expected);
}

/// Three findings of a pair that is met again: the first moves, the others stay.
#[test]
fn many_findings_of_a_pair_are_told_again() {
    let of = |name: &str, ty: &str| {
        record(&format!(
            r#"{{"name":"x","type":{{"type":"record","name":"{name}","fields":[{{"name":"a","type":"{ty}"}},{{"name":"b","type":"{ty}"}}]}}}},{{"name":"y","type":"{name}"}}"#
        ))
    };
    let (writer, reader) = (of("A", "int"), of("B", "string"));
    let resolution = resolve(Writer(&writer), Reader(&reader));
    let shown: Vec<String> = resolution
        .incompatibilities()
        .iter()
        .map(|i| format!("{} {:?}", i.kind(), i.reader_slot() == Slot::Field(reader.root(), 1)))
        .collect();
    let one = |is_moved: bool| {
        [format!("NAME_MISMATCH {is_moved}"), "TYPE_MISMATCH false".into(), "TYPE_MISMATCH false".into()]
    };
    assert_eq!(shown, [one(false), one(true)].concat());
}

#[test]
fn parts_are_fields_and_branches() {
    let cases = [
        (r#"{"name":"x","type":"int"}"#, r#"{"name":"x","type":"int"},{"name":"y","type":"int"}"#, Some(1)),
        (r#"{"name":"x","type":["null","int"]}"#, r#"{"name":"x","type":["null","string"]}"#, Some(1)),
        (r#"{"name":"x","type":"int"}"#, r#"{"name":"x","type":["null","string"]}"#, None),
        (r#"{"name":"x","type":"int"}"#, r#"{"name":"x","type":"string"}"#, None),
        (
            r#"{"name":"a","type":"int"},{"name":"b","type":"int"}"#,
            r#"{"name":"a","type":"int","aliases":["b"]}"#,
            Some(0),
        ),
    ];
    for (writer, reader, part) in cases {
        let (writer, reader) = (record(writer), record(reader));
        let resolution = resolve(Writer(&writer), Reader(&reader));
        let [found] = resolution.incompatibilities() else { panic!("{resolution:?}") };
        assert_eq!(found.part(), part, "{found}");
        check_slots(&writer, &reader, found).expect("the types stand there");
    }
}

/// The default of an enum is taken for that of its field: the writer's side is the record that lacks the field.
#[test]
fn what_the_writer_has_not_stands_nowhere() {
    let reader = record(r#"{"name":"x","type":{"type":"enum","name":"E","symbols":["A"],"default":"A"}}"#);
    let writer = record("");
    let resolution = resolve(Writer(&writer), Reader(&reader));
    let [found] = resolution.incompatibilities() else { panic!("{resolution:?}") };
    assert_eq!(found.reader_slot(), Slot::Field(reader.root(), 0));
    assert_eq!(found.writer_slot(), Slot::Absent(writer.root()));
}

#[test]
fn types_are_compared_by_themselves() {
    let of =
        |ty: &str| record(&format!(r#"{{"name":"x","type":["null",{{"type":"array","items":"{ty}"}}]}}"#));
    let (writer, reader) = (of("int"), of("string"));
    let branch = |schema: &Schema| {
        let (_, union) = schema.slots(schema.root()).next().expect("a field");
        let (slot, ty) = schema.slots(union).nth(1).expect("a branch");
        (ty, slot)
    };
    let (w, r) = (branch(&writer), branch(&reader));
    let found = resolve_types(Writer(&writer), w, Reader(&reader), r, 100);
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((found.location(), found.reader_slot()), ("/items", Slot::Items(r.0)));
    let refused = resolve_types(Writer(&writer), w, Reader(&reader), r, 0);
    assert_eq!(refused[0].rule(), "AVRO-LIMIT");
}

#[test]
fn texts_of_types_are_cut() {
    let schema = record(r#"{"name":"größer","type":"int"}"#);
    let whole = schema.type_to_text(schema.root());
    let begin = |length: usize| whole.chars().take(length).collect::<String>();
    let count = whole.chars().count();
    assert_eq!(schema.type_to_short_text(schema.root(), count), whole);
    for length in 0..count {
        assert_eq!(schema.type_to_short_text(schema.root(), length), format!("{}…", begin(length)));
    }
}
