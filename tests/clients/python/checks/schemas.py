"""Registering, and finding again by id, by GUID and by content."""

import uuid

from confluent_kafka.schema_registry import Schema

from . import canonical, equal, field, record, refused


def check_register(registry):
    subject, schema = registry.name("register"), registry.record("Register", ("a", "int"))
    first = registry.client().register_schema_full_response(subject, schema)
    equal(first.version, 1)
    equal(first.schema.schema_str, canonical(schema))
    equal(first.schema.schema_type, "AVRO")
    equal(str(uuid.UUID(first.guid)), first.guid)
    again = registry.client().register_schema_full_response(subject, schema)
    equal((again.schema_id, again.version, again.guid), (first.schema_id, 1, first.guid))
    equal(registry.client().register_schema(subject, schema), first.schema_id)


def check_get_by_id(registry):
    subject, schema = registry.name("id"), registry.record("Id", ("a", "string"))
    schema_id = registry.client().register_schema(subject, schema)
    equal(registry.client().get_schema(schema_id).schema_str, canonical(schema))
    equal(registry.client().get_schema(schema_id, subject_name=subject).schema_str, canonical(schema))
    equal(registry.client().get_schema(schema_id, fmt="resolved").schema_str, canonical(schema))
    refused(404, 40403, "Schema 2000000000 not found", registry.client().get_schema, 2000000000)


def check_get_by_guid(registry):
    schema = registry.record("Guid", ("a", "long"))
    registered = registry.client().register_schema_full_response(registry.name("guid"), schema)
    equal(registry.client().get_schema_by_guid(registered.guid).schema_str, canonical(schema))
    unknown = str(uuid.UUID(int=1))
    refused(404, 40403, f"Schema {unknown} not found", registry.client().get_schema_by_guid, unknown)


def check_ids_are_shared_by_subjects(registry):
    schema, client = registry.record("Shared", ("a", "int")), registry.client()
    subjects = [registry.name("shared"), registry.name("shared")]
    ids = {client.register_schema(subject, schema) for subject in subjects}
    equal(len(ids), 1)
    (schema_id,) = ids
    equal(sorted(client.get_subjects_by_schema_id(schema_id)), subjects)
    uses = client.get_schema_versions(schema_id)
    equal(sorted((use.subject, use.version) for use in uses), [(subject, 1) for subject in subjects])
    equal(len(client.get_subjects_by_schema_id(schema_id, offset=1, limit=1)), 1)
    refused(404, 40403, "Schema not found", client.get_subjects_by_schema_id, 2000000000)
    refused(404, 40403, "Schema not found", client.get_schema_versions, 2000000000)


def check_look_up(registry):
    subject, schema = registry.name("lookup"), registry.record("LookUp", ("a", "int"))
    other = registry.record("Other", ("a", "int"))
    refused(404, 40401, f"Subject '{subject}' not found", registry.client().lookup_schema, subject, schema)
    registered = registry.client().register_schema_full_response(subject, schema)
    found = registry.client().lookup_schema(subject, schema)
    equal((found.subject, found.version), (subject, 1))
    equal((found.schema_id, found.guid), (registered.schema_id, registered.guid))
    refused(404, 40403, "Schema not found", registry.client().lookup_schema, subject, other)


def check_normalize(registry):
    """Properties in another order make another text, hence another id, unless schemas are normalized."""
    name = registry.name("Normalize")
    schemas = [
        record(name, field("a", "int", **p))
        for p in ({"zeta": "z", "alpha": "a"}, {"alpha": "a", "zeta": "z"})
    ]
    ids = {True: set(), False: set()}
    for normalize in ids:
        for schema in schemas:
            subject, client = registry.name("normalize"), registry.client()
            registered = client.register_schema_full_response(subject, schema, normalize_schemas=normalize)
            equal(registered.schema.schema_str, canonical(schemas[1] if normalize else schema))
            equal(registry.client().lookup_schema(subject, schema, normalize_schemas=normalize).version, 1)
            ids[normalize].add(registered.schema_id)
    equal({normalize: len(found) for normalize, found in ids.items()}, {True: 1, False: 2})


def check_metadata(registry):
    """Properties tell schemas with the same text apart, and are searched for."""
    from confluent_kafka.schema_registry import Metadata, MetadataProperties, MetadataTags

    subject, text = registry.name("metadata"), registry.record("Metadata", ("a", "int")).schema_str
    ids = []
    for owner in ("sales", "stock"):
        tags, properties = MetadataTags({"**.a": ["PII"]}), MetadataProperties({"owner": owner})
        schema = Schema(text, metadata=Metadata(tags, properties, ["owner"]))
        registered = registry.client().register_schema_full_response(subject, schema)
        equal(registered.schema.metadata, schema.metadata)
        ids.append(registered.schema_id)
    assert ids[0] != ids[1], ids
    found = registry.client().get_latest_with_metadata(subject, {"owner": "sales"})
    equal((found.version, found.schema_id), (1, ids[0]))
    equal(
        registry.client().get_latest_version(subject).schema.metadata.properties.properties,
        {"owner": "stock"},
    )
    search = registry.client().get_latest_with_metadata
    refused(404, 40403, "Schema not found", search, subject, {"owner": "nobody"})
    refused(404, 40401, "not found", search, registry.name("unknown"), {"owner": "sales"})


def check_invalid_schemas(registry):
    subject, client = registry.name("invalid"), registry.client()
    cases = [
        ("not JSON", ""),
        ('{"type":"record","name":"R"}', "Record has no fields"),
        ('{"type":"record","name":"R","fields":[{"name":"a","type":"nope"}]}', "Undefined schema: nope"),
        (
            '{"type":"record","name":"R","fields":[{"name":"a","type":"int","default":"x"}]}',
            "Invalid default for field a",
        ),
        ('{"type":"record","name":"1R","fields":[]}', "Illegal initial character: 1R"),
        ('["null","null"]', "Duplicate in union:null"),
    ]
    for text, detail in cases:
        refused(422, 42201, detail, client.register_schema, subject, Schema(text))
    refused(422, 42201, "Empty schema", client.register_schema, subject, Schema(""))
    refused(
        422, 42201, "Invalid schema type COBOL", client.register_schema, subject, Schema('"int"', "COBOL")
    )
    refused(404, 40401, f"Subject '{subject}' not found", client.get_versions, subject)


def check_ways_to_connect(registry):
    """The second address is asked where the first one is silent; credentials do no harm."""
    bearer = {
        "bearer.auth.credentials.source": "STATIC_TOKEN",
        "bearer.auth.token": "t",
        "bearer.auth.logical.cluster": "lsrc-1",
    }
    for conf in (
        {"url": f"http://127.0.0.1:1,{registry.url}"},
        {"basic.auth.user.info": "user:password"},
        bearer,
    ):
        assert "AVRO" in registry.client(**conf).get_schema_types()


def check_types(registry):
    assert "AVRO" in registry.client().get_schema_types()


def check_every_kind_of_type(registry):
    """A schema with all of Avro in it comes back with everything that it said."""
    name = registry.name("Everything")
    schema = record(
        name,
        field("text", "string", doc='Größe, 大きさ, "quoted"'),
        field("maybe", ["null", "double"], default=None),
        field("many", {"type": "array", "items": "bytes"}, default=[]),
        field("named", {"type": "map", "values": {"type": "fixed", "name": "F", "size": 4}}),
        field("kind", {"type": "enum", "name": "E", "doc": "d", "symbols": ["A", "B"], "default": "A"}),
        field("when", {"type": "long", "logicalType": "timestamp-millis"}),
        field("price", {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}),
        field("next", ["null", name], default=None, aliases=["successor"]),
        namespace="org.example",
        doc="All of it.",
    )
    schema_id = registry.client().register_schema(registry.name("everything"), schema)
    equal(registry.client().get_schema(schema_id).schema_str, canonical(schema))
