use super::*;
use crate::domain::rejection::{GivenReference, InvalidSchema};
use crate::domain::{Context, Guid, Metadata};
use ottla_formats::Format;

fn check(rejection: Rejection, status: u16, code: i32, message: &str) {
    let error = ApiError::from(rejection);
    assert_eq!((error.status.as_u16(), error.code, error.message.as_str()), (status, code, message));
}

#[test]
fn codes_and_texts() {
    let s = || Subject::parse("orders-value");
    let in_context = || Subject::parse(":.ctx:a");
    check(Rejection::SubjectNotFound(in_context()), 404, 40401, "Subject ':.ctx:a' not found.");
    check(Rejection::IdNotFound(7), 404, 40403, "Schema 7 not found");
    check(
        Rejection::Incompatible(s(), vec!["a".into(), "b".into()]),
        409,
        40901,
        "Schema being registered is incompatible with an earlier schema for subject \"orders-value\", details: [a, b]",
    );
    check(Rejection::ReadOnly(s()), 422, 42205, "Subject orders-value in context  is in read-only mode");
    check(
        Rejection::ReadOnly(in_context()),
        422,
        42205,
        "Subject :.ctx:a in context :.ctx: is in read-only mode",
    );
    let whole = Subject::whole(Context::default());
    check(Rejection::ReadOnly(whole), 422, 42205, "Subject null in context  is in read-only mode");
    check(
        Rejection::Referenced(s(), 1),
        422,
        42206,
        "One or more references exist to the schema {magic=1,keytype=SCHEMA,subject=orders-value,version=1}.",
    );
    check(
        Rejection::ContextNotEmpty(Context::new(".ctx")),
        422,
        42211,
        "The specified context ':.ctx:' is not empty.",
    );
}

#[test]
fn an_invalid_schema_is_told_in_full() {
    let mut metadata = Metadata::default();
    metadata.properties.insert("a".into(), "b".into());
    let schema = InvalidSchema {
        subject: Subject::parse("s"),
        brings_id: false,
        guid: Guid([0; 16]),
        format: Format::Avro,
        references: vec![GivenReference { name: None, subject: Some("r".into()), version: Some(1) }],
        metadata: Some(metadata),
        rule_set: None,
        text: "x".into(),
        detail: "why".into(),
    };
    check(
        schema.into(),
        422,
        42201,
        "Invalid schema of type AVRO, details: Invalid schema {subject=s,version=null,id=null,\
         guid=00000000-0000-0000-0000-000000000000,schemaType=AVRO,\
         references=[{name='null', subject='r', version=1}],\
         metadata=Metadata{tags={}, properties={a=b}, sensitive=[]},ruleSet=null,schema=x,schemaTags=null,\
         ts=null,deleted=null} with refs [{name='null', subject='r', version=1}] of type AVRO, details: why",
    );
}
