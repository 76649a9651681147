//! Bodies that are nearly right: known members with values that may be of any kind, and sometimes a few bytes changed.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

/// Any body.
pub fn body() -> impl Strategy<Value = Vec<u8>> {
    let json = prop_oneof![
        8 => registration(),
        2 => members(vec![config_member()]),
        2 => select(vec!["READWRITE", "READWRITE", "READWRITE", "READONLY", "IMPORT", "FORWARD", "x"]).prop_map(|mode| json!({"mode": mode})),
        2 => tagging(),
        1 => value(),
    ];
    let text = json.prop_map(|value| value.to_string().into_bytes()).boxed();
    prop_oneof![
        12 => text.clone(),
        2 => mutated(text),
        1 => vec(any::<u8>(), 0..40),
        1 => select(vec!["", "null", " ", "{}", "[]", "{", "\u{FEFF}{}", "NaN"]).prop_map(|text| text.as_bytes().to_vec()),
    ]
}

/// A few bytes are replaced, removed or doubled.
fn mutated(bytes: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    (bytes, vec((any::<Index>(), any::<u8>(), 0..3_u8), 1..4)).prop_map(|(mut bytes, changes)| {
        for (at, byte, what) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, bytes[at]),
            }
        }
        bytes
    })
}

fn registration() -> impl Strategy<Value = Value> {
    let member = prop_oneof![
        3 => reference().prop_map(|reference| ("references", json!([reference]))),
        2 => metadata().prop_map(|metadata| ("metadata", metadata)),
        2 => rule_set().prop_map(|rules| ("ruleSet", rules)),
        2 => (-2..5_i32).prop_map(|version| ("version", json!(version))),
        2 => (-2..9_i32).prop_map(|id| ("id", json!(id))),
        1 => tags().prop_map(|tags| ("schemaTagsToAdd", tags)),
        1 => tags().prop_map(|tags| ("schemaTagsToRemove", tags)),
        1 => any::<bool>().prop_map(|propagate| ("propagateSchemaTags", json!(propagate))),
        1 => select(vec!["AVRO", "JSON", "PROTOBUF", "avro"]).prop_map(|kind| ("schemaType", json!(kind))),
        1 => (select(vec!["schema", "references", "metadata", "version", "id", "x"]), value()),
    ];
    (schema(), prop_oneof![3 => Just(Vec::new()), 4 => vec(member, 1..4)]).prop_map(|(schema, members)| {
        let mut body = object(members);
        if let Some(body) = body.as_object_mut() {
            body.entry("schema").or_insert(json!(schema));
        }
        body
    })
}

/// Texts of schemas: most are some, and may follow one another.
fn schema() -> impl Strategy<Value = String> {
    let ty = || select(vec!["int", "long", "string", "double", "R", "T", "nope"]);
    let field = (select(vec!["a", "b", "c"]), ty(), any::<bool>()).prop_map(|(name, ty, optional)| {
        if optional {
            json!({"name": name, "type": ["null", ty], "default": null})
        } else {
            json!({"name": name, "type": ty})
        }
    });
    let record = (select(vec!["R", "T"]), vec(field, 0..4));
    let record = record.prop_map(|(name, fields)| json!({"type": "record", "name": name, "fields": fields}));
    let other = prop_oneof![
        ty().prop_map(|ty| json!(ty)),
        vec(ty(), 0..4).prop_map(|types| json!(types)),
        vec(select(vec!["A", "B", "C", "1"]), 0..4).prop_map(|s| json!({"type": "enum", "name": "R", "symbols": s})),
        ty().prop_map(|ty| json!({"type": "array", "items": {"type": "map", "values": ty}})),
        (-1..40_i64).prop_map(|size| json!({"type": "fixed", "name": "R", "size": size, "logicalType": "decimal", "precision": 4})),
        value(),
    ];
    let texts = prop_oneof![6 => record, 3 => other].prop_map(|schema| schema.to_string());
    prop_oneof![12 => texts, 1 => select(vec!["", "null", "{", "\0", "\"int\""]).prop_map(str::to_owned)]
}

fn reference() -> impl Strategy<Value = Value> {
    let subject = select(vec!["s", "t", ":.c:s", "nope", ""]);
    prop_oneof![
        6 => (select(vec!["R", "T", "x"]), subject, -2..4_i32)
            .prop_map(|(name, subject, version)| json!({"name": name, "subject": subject, "version": version})),
        1 => value(),
    ]
}

fn metadata() -> impl Strategy<Value = Value> {
    let member = prop_oneof![
        (word(), word()).prop_map(|(key, value)| ("properties", json!({ key: value }))),
        (word(), word()).prop_map(|(path, tag)| ("tags", json!({ path: [tag] }))),
        word().prop_map(|key| ("sensitive", json!([key]))),
        (select(vec!["properties", "tags", "x"]), value()),
    ];
    members(vec![member.boxed()])
}

fn rule_set() -> impl Strategy<Value = Value> {
    let modes = select(vec!["WRITE", "READ", "WRITEREAD", "UPGRADE", "DOWNGRADE", "UPDOWN", "x"]);
    let rule = (word(), modes, select(vec!["CONDITION", "TRANSFORM"]), select(vec!["CEL", "", "NONE,NONE"]));
    let rule = rule.prop_map(|(name, mode, kind, ty)| {
        json!({"name": name, "mode": mode, "kind": kind, "type": ty, "onFailure": ty})
    });
    (select(vec!["domainRules", "migrationRules", "encodingRules"]), vec(rule, 0..3))
        .prop_map(|(list, rules)| json!({ list: rules }))
}

fn tags() -> impl Strategy<Value = Value> {
    let path = select(vec!["R", "R.a", "T.b", "", "R.a.b"]);
    (path, select(vec!["sr_field", "sr_record"]), word())
        .prop_map(|(path, kind, tag)| json!([{"schemaEntity": {"entityPath": path, "entityType": kind}, "tags": [tag]}]))
}

fn tagging() -> impl Strategy<Value = Value> {
    let member = prop_oneof![
        tags().prop_map(|tags| ("tagsToAdd", tags)),
        tags().prop_map(|tags| ("tagsToRemove", tags)),
        metadata().prop_map(|metadata| ("metadata", metadata)),
        rule_set().prop_map(|rules| ("ruleSet", rules)),
        rule_set().prop_map(|rules| ("rulesToMerge", rules)),
        word().prop_map(|name| ("rulesToRemove", json!([name]))),
        (-1..5_i32).prop_map(|version| ("newVersion", json!(version))),
    ];
    members(vec![member.boxed()])
}

fn config_member() -> BoxedStrategy<(&'static str, Value)> {
    let levels = select(vec!["NONE", "BACKWARD", "forward", "FULL", "FULL_TRANSITIVE", "x"]);
    prop_oneof![
        4 => levels.prop_map(|level| ("compatibility", json!(level))),
        1 => any::<bool>().prop_map(|on| ("normalize", json!(on))),
        1 => any::<bool>().prop_map(|on| ("validateFields", json!(on))),
        1 => select(vec!["s", "t", "nope", ""]).prop_map(|alias| ("alias", json!(alias))),
        1 => word().prop_map(|group| ("compatibilityGroup", json!(group))),
        1 => metadata().prop_map(|metadata| ("defaultMetadata", metadata)),
        1 => metadata().prop_map(|metadata| ("overrideMetadata", metadata)),
        1 => rule_set().prop_map(|rules| ("overrideRuleSet", rules)),
        1 => (select(vec!["compatibility", "alias", "defaultMetadata"]), value()),
    ]
    .boxed()
}

fn members(of: Vec<BoxedStrategy<(&'static str, Value)>>) -> impl Strategy<Value = Value> {
    vec(proptest::strategy::Union::new(of), 0..4).prop_map(object)
}

fn object(members: Vec<(&'static str, Value)>) -> Value {
    Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

fn word() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "", "R.a", "é", "\u{0}", "confluent:version", "major", "1", "😀"])
        .prop_map(str::to_owned)
}

/// Any JSON.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let key = select(vec!["type", "name", "fields", "schema", "x"]);
        prop_oneof![vec(inner.clone(), 0..4).prop_map(Value::from), vec((key, inner), 0..4).prop_map(object),]
    })
}
