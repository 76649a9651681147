//! The texts that other registries write and read, and the way back from any record.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ottla_formats::Format;
use ottla_formats::compatibility::Level;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;

use super::*;
use crate::domain::*;

fn content(text: &str) -> Arc<Content> {
    Arc::new(Content::new(Format::Avro, text.into(), Vec::new(), None, None))
}

fn schema(subject: &str, version: i32, id: i32, content: Arc<Content>) -> Record {
    let value = Some(SchemaValue { id, deleted: false, content });
    Record::Schema { subject: Subject::parse(subject), version, value }
}

fn check(record: &Record, key: &str, value: Option<&str>) {
    let entry = encode(record).unwrap();
    assert_eq!((entry.key.as_str(), entry.value.as_deref()), (key, value));
    assert_eq!(Decoder::default().decode(key, value).unwrap(), *record);
}

#[test]
fn schemas() {
    check(
        &schema("s", 1, 7, content("\"string\"")),
        r#"{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}"#,
        Some(
            r#"{"subject":"s","version":1,"id":7,"md5":"CV1xzxJVa51eMwrVdbPfXQ==","schema":"\"string\"","deleted":false}"#,
        ),
    );
    check(
        &Record::Schema { subject: Subject::parse(":.ctx:a:b"), version: 2, value: None },
        r#"{"keytype":"SCHEMA","subject":":.ctx:a:b","version":2,"magic":1}"#,
        None,
    );
    let reference = Reference { name: "n".into(), subject: "r".into(), version: 3 };
    let metadata = Metadata { properties: BTreeMap::from([("k".into(), "v".into())]), ..Metadata::default() };
    let rule = Rule { name: Some("r".into()), ..Rule::default() };
    let rules = RuleSet { domain_rules: vec![rule], ..RuleSet::default() };
    let content = Content::new(Format::Avro, "1".into(), vec![reference], Some(metadata), Some(rules));
    let entry = encode(&schema("s", 1, 1, Arc::new(content))).unwrap().value.unwrap();
    let names = ["subject", "version", "id", "md5", "references", "metadata", "ruleSet", "schema", "deleted"];
    let places: Vec<_> = names.iter().map(|name| entry.find(&format!("\"{name}\":")).unwrap()).collect();
    assert!(places.is_sorted(), "{entry}");
    assert!(entry.contains(r#""references":[{"name":"n","subject":"r","version":3}]"#), "{entry}");
}

#[test]
fn other_records() {
    let global = || Subject::whole(Context::default());
    let config = Config {
        alias: Some("a".into()),
        normalize: Some(true),
        compatibility_level: Some(Level::FullTransitive),
        compatibility_policy: Some(Policy::Lenient),
        compatibility_group: Some("g".into()),
        ..Config::default()
    };
    check(
        &Record::Config { scope: global(), value: Some(config.clone()) },
        r#"{"keytype":"CONFIG","subject":null,"magic":0}"#,
        Some(
            r#"{"alias":"a","normalize":true,"compatibilityLevel":"FULL_TRANSITIVE","compatibilityPolicy":"LENIENT","compatibilityGroup":"g"}"#,
        ),
    );
    check(
        &Record::Config { scope: Subject::parse("s"), value: Some(Config::default()) },
        r#"{"keytype":"CONFIG","subject":"s","magic":0}"#,
        Some(r#"{"subject":"s"}"#),
    );
    check(
        &Record::Config { scope: Subject::parse(":.ctx:"), value: None },
        r#"{"keytype":"CONFIG","subject":":.ctx:","magic":0}"#,
        None,
    );
    check(
        &Record::Mode { scope: global(), value: Some(Mode::ReadOnlyOverride) },
        r#"{"keytype":"MODE","subject":null,"magic":0}"#,
        Some(r#"{"mode":"READONLY_OVERRIDE"}"#),
    );
    check(
        &Record::Mode { scope: Subject::parse("s"), value: Some(Mode::Import) },
        r#"{"keytype":"MODE","subject":"s","magic":0}"#,
        Some(r#"{"subject":"s","mode":"IMPORT"}"#),
    );
    check(
        &Record::DeleteSubject { subject: Subject::parse("s"), up_to: 4 },
        r#"{"keytype":"DELETE_SUBJECT","subject":"s","magic":0}"#,
        Some(r#"{"subject":"s","version":4}"#),
    );
    check(
        &Record::ClearSubject { subject: Subject::parse("s") },
        r#"{"keytype":"CLEAR_SUBJECT","subject":"s","magic":0}"#,
        Some(r#"{"subject":"s"}"#),
    );
    check(
        &Record::Context { context: Context::new(".ctx"), present: true },
        r#"{"keytype":"CONTEXT","tenant":"default","context":".ctx","magic":0}"#,
        Some(r#"{"tenant":"default","context":".ctx"}"#),
    );
    check(&Record::Noop, r#"{"keytype":"NOOP","magic":0}"#, None);
}

#[test]
fn what_older_registries_wrote() {
    let read = |key: &str, value| Decoder::default().decode(key, value).unwrap();
    let expected = schema("s", 1, 7, content("\"string\""));
    for (key, value) in [
        // No hash, no type, an older magic, fields in another order, and unknown ones.
        (
            r#"{"keytype":"SCHEMA","subject":"s","version":1,"magic":0}"#,
            r#"{"subject":"s","version":1,"id":7,"schema":"\"string\""}"#,
        ),
        (
            r#"{"magic":1,"version":1,"subject":"s","keytype":"SCHEMA","later":{"a":[1]}}"#,
            r#"{"later":[[]],"schema":"\"str\u0069ng\"","deleted":null,"md5":null,"schemaType":"AVRO","references":[],"ruleSet":null,"metadata":null,"id":7}"#,
        ),
        (
            r#" { "keytype" : "SCHEMA", "subject" : "\u0073", "version" : 1 } "#,
            r#"{"id":7,"md5":"not base64","schema":"\"string\""}"#,
        ),
    ] {
        assert_eq!(read(key, Some(value)), expected, "{value}");
    }
    // A hash that was given is kept, right or wrong.
    let Record::Schema { value: Some(value), .. } = read(
        r#"{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}"#,
        Some(r#"{"id":7,"md5":"AAAAAAAAAAAAAAAAAAAAAA==","schema":"1"}"#),
    ) else {
        panic!("a schema without a value")
    };
    assert_eq!(value.content.guid, Guid([0; 16]));
    let global = Record::Config { scope: Subject::whole(Context::default()), value: None };
    assert_eq!(read(r#"{"keytype":"CONFIG","magic":0}"#, None), global);
    assert_eq!(read(r#"{"keytype":"CONFIG","magic":0}"#, Some("null")), global);
}

#[test]
fn what_is_not_understood() {
    for (key, value, error) in [
        ("{", None, "key is not understood: EOF while parsing an object at line 1 column 1"),
        (r#"{"keytype":"ASSOC"}"#, None, "entries of type ASSOC are not kept"),
        (r#"{"keytype":"SCHEMA","subject":"s","magic":1}"#, None, "field version is missing"),
        (r#"{"keytype":"NOOP","magic":2}"#, None, "field magic is 2"),
        (r#"{"keytype":"MODE","magic":0}"#, Some(r#"{"mode":"ODD"}"#), "field mode is ODD"),
        (
            r#"{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}"#,
            Some(r#"{"id":1,"schemaType":"XML","schema":""}"#),
            "field schemaType is unknown: XML",
        ),
        (
            r#"{"keytype":"CONFIG","magic":0}"#,
            Some(r#"{"compatibilityLevel":"SOME"}"#),
            "field compatibilityLevel is SOME",
        ),
    ] {
        assert_eq!(Decoder::default().decode(key, value).unwrap_err().to_string(), error);
    }
    let deep = format!("{}{}", r#"{"keytype":"NOOP","x":"#, "[".repeat(100_000));
    assert!(Decoder::default().decode(&deep, None).is_err());
}

fn text() -> BoxedStrategy<String> {
    prop_oneof![Just(String::new()), ".{0,12}", "[a-z\u{0}\"\\\\'\u{1e}\u{1F600}]{0,8}"].boxed()
}

fn name() -> BoxedStrategy<String> {
    text().prop_filter("begins like a qualified name", |name| !name.starts_with(":.")).boxed()
}

fn context() -> BoxedStrategy<Context> {
    prop_oneof![Just(Context::default()), "[a-z\"\\\\]{0,5}".prop_map(|n| Context::new(&format!(".{n}")))]
        .boxed()
}

fn subject() -> BoxedStrategy<Subject> {
    (context(), name()).prop_map(|(context, name)| Subject::new(context, &name)).boxed()
}

fn metadata() -> BoxedStrategy<Metadata> {
    let tags = btree_map(text(), btree_set(text(), 0..3), 0..3);
    let all = (tags, btree_map(text(), text(), 0..3), btree_set(text(), 0..3));
    all.prop_map(|(tags, properties, sensitive)| Metadata { tags, properties, sensitive }).boxed()
}

fn rule() -> BoxedStrategy<Rule> {
    let kind = prop_oneof![Just(RuleKind::Transform), Just(RuleKind::Condition)];
    let mode = prop_oneof![
        Just(RuleMode::Upgrade),
        Just(RuleMode::Downgrade),
        Just(RuleMode::UpDown),
        Just(RuleMode::Write),
        Just(RuleMode::Read),
        Just(RuleMode::WriteRead)
    ];
    let texts = (of(text()), of(text()), of(text()), of(text()), of(text()), of(text()));
    let tags: BoxedStrategy<BTreeSet<String>> = btree_set(text(), 0..3).boxed();
    (texts, kind, mode, tags, btree_map(text(), text(), 0..3), any::<bool>())
        .prop_map(|((name, doc, ty, expr, on_success, on_failure), kind, mode, tags, params, disabled)| {
            Rule { name, doc, kind, mode, ty, tags, params, expr, on_success, on_failure, disabled }
        })
        .boxed()
}

fn rule_set() -> BoxedStrategy<RuleSet> {
    (vec(rule(), 0..2), vec(rule(), 0..2), vec(rule(), 0..2), of(text()))
        .prop_map(|(migration_rules, domain_rules, encoding_rules, enable_at)| RuleSet {
            migration_rules,
            domain_rules,
            encoding_rules,
            enable_at,
        })
        .boxed()
}

fn schema_value() -> BoxedStrategy<SchemaValue> {
    let reference = (text(), text(), any::<i32>());
    let reference = reference.prop_map(|(name, subject, version)| Reference {
        name: name.into(),
        subject: subject.into(),
        version,
    });
    (
        any::<i32>(),
        any::<bool>(),
        text(),
        vec(reference, 0..3),
        of(metadata()),
        of(rule_set()),
        any::<[u8; 16]>(),
    )
        .prop_map(|(id, deleted, text, references, metadata, rule_set, guid)| {
            let format = Format::Avro;
            let content = Content {
                guid: Guid(guid),
                ..Content::new(format, text.into(), references, metadata, rule_set)
            };
            SchemaValue { id, deleted, content: Arc::new(content) }
        })
        .boxed()
}

fn config() -> BoxedStrategy<Config> {
    let flags = (of(any::<bool>()), of(any::<bool>()), of(any::<bool>()), of(any::<bool>()));
    let level = of(proptest::sample::select(Level::ALL.to_vec()));
    let policy = of(proptest::sample::select(vec![Policy::Strict, Policy::Lenient, Policy::Logical]));
    let texts = (of(text()), of(text()), of(text()));
    let merged = (of(metadata()), of(metadata()), of(rule_set()), of(rule_set()));
    (flags, level, policy, texts, merged)
        .prop_map(|(flags, compatibility_level, compatibility_policy, texts, merged)| Config {
            alias: texts.0,
            alias_for_deks: texts.1,
            normalize: flags.0,
            validate_fields: flags.1,
            validate_new_schemas: flags.2,
            validate_rules: flags.3,
            compatibility_level,
            compatibility_policy,
            compatibility_group: texts.2,
            default_metadata: merged.0,
            override_metadata: merged.1,
            default_rule_set: merged.2,
            override_rule_set: merged.3,
        })
        .boxed()
}

fn record() -> BoxedStrategy<Record> {
    let mode = of(proptest::sample::select(Mode::ALL.to_vec()));
    prop_oneof![
        (subject(), any::<i32>(), of(schema_value())).prop_map(|(subject, version, value)| Record::Schema {
            subject,
            version,
            value
        }),
        (subject(), of(config())).prop_map(|(scope, value)| Record::Config { scope, value }),
        (subject(), mode).prop_map(|(scope, value)| Record::Mode { scope, value }),
        (subject(), any::<i32>()).prop_map(|(subject, up_to)| Record::DeleteSubject { subject, up_to }),
        subject().prop_map(|subject| Record::ClearSubject { subject }),
        (context(), any::<bool>()).prop_map(|(context, present)| Record::Context { context, present }),
        Just(Record::Noop),
    ]
    .boxed()
}

proptest! {
    #[test]
    fn every_record_comes_back(records in vec(record(), 1..5)) {
        // One decoder for all: what it remembers must not leak from one record into the next.
        let mut decoder = Decoder::default();
        for record in records {
            let entry = encode(&record).unwrap();
            let texts = [Some(&entry.key), entry.value.as_ref()];
            prop_assert!(texts.into_iter().flatten().all(|t| !t.is_empty() && !t.contains(|c| c < ' ')));
            prop_assert_eq!(decoder.decode(&entry.key, entry.value.as_deref()).unwrap(), record);
        }
    }
}
