//! What is asked of a schema besides its texts: tags, names, weight, equality.

use std::collections::BTreeSet;

use ottla_formats::avro::tags::{EntityKind, EntityTags};
use ottla_formats::avro::{Kind, Mode, Name, Schema, parse, parse_with};
use ottla_formats::{Format, ParsedSchema};

fn schema(text: &str) -> Schema {
    parse(text, Mode::Register).expect("a schema")
}

fn tagged(path: &str, kind: EntityKind, tags: &[&str]) -> EntityTags {
    let tags: BTreeSet<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
    EntityTags { path: path.to_owned(), kind, tags }
}

#[test]
fn tags_are_found_added_and_removed() {
    let text = r#"{"type":"record","name":"R","namespace":"n","fields":[{"name":"a","type":"int","confluent:tags":["PII"]},{"name":"b","type":{"type":"record","name":"S","fields":[],"confluent:tags":["B","A"]}}]}"#;
    let found =
        [tagged("n.R.a", EntityKind::Field, &["PII"]), tagged("n.S", EntityKind::Record, &["A", "B"])];
    assert_eq!(schema(text).tags(), found);
    let add = [tagged("n.R.b", EntityKind::Field, &["X"]), tagged("n.R", EntityKind::Record, &["Y", "Z"])];
    let remove = [
        tagged("n.R.a", EntityKind::Field, &["PII"]),
        tagged("n.R", EntityKind::Record, &["Z"]),
        tagged("n.S", EntityKind::Field, &["A"]),
        tagged("n.Nowhere", EntityKind::Record, &["A"]),
    ];
    let edited = schema(text).with_tags(&add, &remove);
    assert_eq!(
        edited.to_text(),
        r#"{"type":"record","name":"R","namespace":"n","fields":[{"name":"a","type":"int"},{"name":"b","type":{"type":"record","name":"S","fields":[],"confluent:tags":["B","A"]},"confluent:tags":["X"]}],"confluent:tags":["Y"]}"#
    );
}

/// A definition that is repeated is dropped, with its tags and parts.
#[test]
fn a_type_that_is_defined_twice_is_there_once() {
    let part =
        r#"{"type":"record","name":"P","confluent:tags":["T"],"fields":[{"name":"a","type":["null","P"]}]}"#;
    let text = |second: &str| {
        format!(
            r#"{{"type":"record","name":"R","fields":[{{"name":"a","type":{part}}},{{"name":"b","type":{second}}}]}}"#
        )
    };
    let (twice, by_name) = (schema(&text(part)), schema(&text("\"P\"")));
    assert_eq!(twice.to_text(), by_name.to_text());
    assert_eq!(twice.tags(), by_name.tags());
    assert_eq!(twice.len(), by_name.len());
}

/// The second may use the same names before they are defined, but not define what the first only uses.
#[test]
fn a_second_definition_has_nothing_of_its_own() {
    let text = |first: &str, second: &str, last: &str| {
        let part = |ty: &str| {
            format!(r#"{{"type":"record","name":"P","fields":[{{"name":"x","type":{ty},"default":{{}}}}]}}"#)
        };
        format!(
            r#"["null",{{"type":"map","values":{}}},{{"type":"array","items":{}}},{last}]"#,
            part(first),
            part(second)
        )
    };
    let empty = r#"{"type":"record","name":"X","fields":[]}"#;
    let twice = schema(&text("\"X\"", "\"X\"", empty));
    let once = schema(&text("\"X\"", "\"X\"", empty).replace(
        r#""items":{"type":"record","name":"P","fields":[{"name":"x","type":"X","default":{}}]}"#,
        r#""items":"P""#,
    ));
    assert_eq!(twice.to_text(), once.to_text());
    for (second, last) in [(empty, "\"int\""), (r#"["X"]"#, empty), ("\"Y\"", empty)] {
        let error = parse(&text("\"X\"", second, last), Mode::Lookup).expect_err("no schema");
        assert_eq!((error.message(), error.pointer()), ("Can't redefine: P", "/2/items"));
    }
}

#[test]
fn names_are_split_at_their_last_dot() {
    let cases = [
        (("R", None, None), ("R", None, "R")),
        (("R", None, Some("e")), ("e.R", Some("e"), "R")),
        (("R", Some("a.b"), Some("e")), ("a.b.R", Some("a.b"), "R")),
        (("c.d.R", Some("a.b"), Some("e")), ("c.d.R", Some("c.d"), "R")),
        ((".R", Some("a.b"), Some("e")), ("R", None, "R")),
        (("R", Some(""), Some("e")), ("R", None, "R")),
    ];
    for ((name, namespace, enclosing), expected) in cases {
        let name = Name::resolve(name, namespace, enclosing);
        assert_eq!((name.full(), name.namespace(), name.simple()), expected);
    }
}

#[test]
fn the_order_of_what_has_none_does_not_count() {
    let a =
        r#"{"type":"fixed","name":"F","size":1,"aliases":["A","B"],"p":{"x":1,"y":[0.0,"NaN"]},"q":null}"#;
    let cases = [
        (
            r#"{"q":null,"p":{"y":[0.0,"NaN"],"x":1},"aliases":["B","A"],"size":1,"name":"F","type":"fixed"}"#,
            true,
        ),
        (
            r#"{"type":"fixed","name":"F","size":1,"aliases":["A","B"],"p":{"x":1,"y":["NaN",0.0]},"q":null}"#,
            false,
        ),
        (
            r#"{"type":"fixed","name":"F","size":1,"aliases":["A","B"],"p":{"x":1,"y":[-0.0,"NaN"]},"q":null}"#,
            false,
        ),
        (
            r#"{"type":"fixed","name":"F","size":1,"aliases":["A","B"],"p":{"x":1.0,"y":[0.0,"NaN"]},"q":null}"#,
            false,
        ),
        (
            r#"{"type":"fixed","name":"F","size":1,"aliases":["A"],"p":{"x":1,"y":[0.0,"NaN"]},"q":null}"#,
            false,
        ),
        (
            r#"{"type":"fixed","name":"F","size":2,"aliases":["A","B"],"p":{"x":1,"y":[0.0,"NaN"]},"q":null}"#,
            false,
        ),
        (
            r#"{"type":"fixed","name":"F","size":1,"doc":"d","aliases":["A","B"],"p":{"x":1,"y":[0.0,"NaN"]},"q":null}"#,
            false,
        ),
    ];
    for (b, expected) in cases {
        assert_eq!(schema(a).equivalent(&schema(b)), expected, "{b}");
        assert_eq!(schema(b).equivalent(&schema(a)), expected, "{b}");
    }
    // Not a number, and yet the same.
    let nan = r#"{"type":"record","name":"R","fields":[{"name":"f","type":"float","default":"NaN"}]}"#;
    assert!(schema(nan).equivalent(&schema(nan)));
}

#[test]
fn a_referenced_type_is_the_same_as_one_that_is_defined_here() {
    let part = schema(r#"{"type":"enum","name":"n.E","symbols":["A"]}"#);
    let text =
        |ty: &str| format!(r#"{{"type":"record","name":"n.R","fields":[{{"name":"f","type":{ty}}}]}}"#);
    let with = parse_with(&text("\"E\""), Mode::Register, &[&part]).expect("a schema");
    let without = schema(&text(&part.to_text()));
    assert!(with.equivalent(&without) && without.equivalent(&with));
    assert_eq!(with.to_inlined_text(), without.to_text());
    assert_eq!(with.fingerprint(), without.fingerprint());
    let Kind::Record(record) = with.kind(with.root()) else { panic!("a record") };
    assert!(with.ty(record.fields[0].ty).referenced && !with.ty(with.root()).referenced);
}

/// What many references have in common is there once.
#[test]
fn references_may_refer_to_the_same() {
    let common = schema(
        r#"{"type":"record","name":"C","fields":[{"name":"a","type":["null",{"type":"array","items":["int","C"]}]}]}"#,
    );
    let user = |name: &str| {
        let text = format!(
            r#"[{{"type":"map","values":"C"}},{{"type":"record","name":"{name}","fields":[{{"name":"c","type":"C"}}]}}]"#
        );
        parse_with(&text, Mode::Register, &[&common]).expect("a schema")
    };
    let users = ["U", "V", "W"].map(user);
    let references: Vec<&Schema> = users.iter().collect();
    let text = r#"{"type":"record","name":"R","fields":[{"name":"u","type":["U","V","W","C"]},{"name":"i","type":"int"}]}"#;
    let all = parse_with(text, Mode::Register, &references).expect("a schema");
    assert_eq!(all.to_text(), text);
    // The record, its union and its int; three users; the common record, its two unions, its array, null and int.
    assert_eq!(all.len(), 3 + 3 + 6);
    let inlined = all.to_inlined_text();
    assert_eq!(inlined.matches(r#""name":"C""#).count(), 1);
    assert!(schema(&inlined).equivalent(&all));
}

/// Whatever it is that takes the room.
#[test]
fn a_schema_weighs_what_it_takes() {
    let long = "x".repeat(100_000);
    let (deep, many) = ("[".repeat(150) + &"]".repeat(150), "0,".repeat(10_000) + "0");
    let cases = [
        format!(r#"{{"type":"record","name":"R","doc":"{long}","fields":[]}}"#),
        format!(r#"{{"type":"record","name":"{long}","fields":[]}}"#),
        format!(r#"{{"type":"record","name":"R","aliases":["{long}"],"fields":[]}}"#),
        format!(r#"{{"type":"record","name":"R","fields":[{{"name":"f","type":"int","doc":"{long}"}}]}}"#),
        format!(
            r#"{{"type":"record","name":"R","fields":[{{"name":"f","type":"string","default":"{long}"}}]}}"#
        ),
        format!(
            r#"{{"type":"record","name":"R","fields":[{{"name":"f","type":"int","aliases":["{long}"]}}]}}"#
        ),
        format!(r#"{{"type":"enum","name":"E","symbols":["{long}"]}}"#),
        format!(r#"{{"type":"int","{long}":1}}"#),
        format!(r#"{{"type":"int","p":{{"{long}":{deep}}}}}"#),
        format!(r#"{{"type":"int","p":[{many}]}}"#),
    ];
    for text in cases {
        let weight = ParsedSchema::from(schema(&text)).weight();
        assert!((100_000..400_000).contains(&weight), "{weight} for {}", &text[..60]);
    }
    let small = ParsedSchema::from(schema(include_str!("../../schemas/order_created.avsc")));
    assert!((500..2_000).contains(&small.weight()), "{}", small.weight());
}

/// The bytes of the defaults of a record's fields.
fn default_bytes(fields: &str) -> Vec<Result<Vec<u8>, String>> {
    let schema = schema(&format!(r#"{{"type":"record","name":"R","fields":[{fields}]}}"#));
    let Kind::Record(record) = schema.kind(schema.root()) else { panic!("no record") };
    let fields = record.fields.iter().filter_map(|f| f.default.as_ref().map(|value| (f.ty, value)));
    fields.map(|(ty, value)| schema.encode_default(ty, value).map_err(|e| e.to_string())).collect()
}

#[test]
fn defaults_have_bytes() {
    let field = |ty: &str, default: &str| format!(r#"{{"name":"f","type":{ty},"default":{default}}}"#);
    let cases: [(&str, &str, &[u8]); 7] = [
        ("\"int\"", "-1", &[1]),
        ("\"double\"", "1", &[0, 0, 0, 0, 0, 0, 0xf0, 0x3f]),
        (r#"{"type":"array","items":"long"}"#, "[64]", &[2, 0x80, 1, 0]),
        (r#"["null","string"]"#, "null", &[0]),
        (r#"["null","string"]"#, r#""é""#, &[2, 4, 0xc3, 0xa9]),
        ("\"bytes\"", r#""é""#, &[2, 0xe9]),
        (
            r#"{"type":"record","name":"P","fields":[{"name":"a","type":"int"},{"name":"b","type":"int","default":2}]}"#,
            r#"{"a":1}"#,
            &[2, 4],
        ),
    ];
    for (ty, default, bytes) in cases {
        assert_eq!(default_bytes(&field(ty, default)), [Ok(bytes.to_vec())], "{default} as {ty}");
    }
    for (ty, default, error) in [
        ("\"bytes\"", r#""\u0100""#, "it is no value of type bytes"),
        (r#"{"type":"fixed","name":"F","size":2}"#, r#""abc""#, "it is no value of type fixed"),
        (r#"{"type":"enum","name":"E","symbols":["A"]}"#, r#""B""#, "it is no value of type enum"),
    ] {
        assert_eq!(default_bytes(&field(ty, default)), [Err(error.to_owned())], "{default} as {ty}");
    }
}

/// Of two types that differ in a named type within, only that one differs.
#[test]
fn types_are_compared_without_those_within() {
    let text = |default: &str| {
        format!(
            r#"{{"type":"record","name":"R","fields":[{{"name":"a","type":["null",{{"type":"record","name":"S","fields":[{{"name":"b","type":"int","default":{default}}}]}}]}}]}}"#
        )
    };
    let (one, two) = (schema(&text("1")), schema(&text("2")));
    let within = |schema: &Schema| {
        let Kind::Record(record) = schema.kind(schema.root()) else { panic!("no record") };
        let Kind::Union(branches) = schema.kind(record.fields[0].ty) else { panic!("no union") };
        branches[1]
    };
    assert!(!one.equivalent(&two));
    assert!(one.same_but_within(one.root(), &two, two.root()));
    assert!(!one.same_but_within(within(&one), &two, within(&two)));
    assert!(one.same_but_within(within(&one), &schema(&text("1")), within(&one)));
}

#[test]
fn formats_have_the_names_of_the_registry() {
    assert_eq!(Format::from_name("AVRO"), Some(Format::Avro));
    assert_eq!(Format::from_name("avro"), None);
    assert!(Format::ALL.iter().all(|format| Format::from_name(format.name()) == Some(*format)));
    let parsed =
        ParsedSchema::from(schema(r#"{"type":"record","name":"R","fields":[{"name":"f","type":"int"}]}"#));
    assert_eq!(parsed.format().to_string(), "AVRO");
    assert!(parsed.has_top_level_field("f") && !parsed.has_top_level_field("g"));
    assert!(!ParsedSchema::from(schema("\"int\"")).has_top_level_field("f"));
}
