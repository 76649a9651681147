"""The schema's GUID in a record header instead of its id before the payload."""

import uuid

from confluent_kafka.schema_registry import header_schema_id_serializer, prefix_schema_id_deserializer
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer

from . import equal, key_of, refused, value_of

CONF = {"schema.id.serializer": header_schema_id_serializer}


def check_guid_in_header(registry):
    topic, schema = registry.name("header"), registry.record("Header", ("a", "long"), ("b", "string"))
    value = {"a": 123456789, "b": "header"}
    for of, name in ((value_of, "__value_schema_id"), (key_of, "__key_schema_id")):
        headers = []
        message = AvroSerializer(registry.client(), schema, conf=CONF)(value, of(topic, headers))
        ((header, framed),) = headers
        guid = registry.client().get_latest_version(f"{topic}-{of(topic).field}").guid
        equal((header, framed), (name, b"\x01" + uuid.UUID(guid).bytes))
        equal(message[:1], b"\xaa")
        equal(AvroDeserializer(registry.client())(message, of(topic, headers)), value)
    # Within a dictionary, too.
    headers = {}
    message = AvroSerializer(registry.client(), schema, conf=CONF)(value, value_of(topic, headers))
    equal(AvroDeserializer(registry.client())(message, value_of(topic, headers)), value)


def check_unknown_guid(registry):
    headers = [("__value_schema_id", b"\x01" + bytes(16))]
    reader = AvroDeserializer(registry.client())
    text = "Schema 00000000-0000-0000-0000-000000000000 not found"
    refused(404, 40403, text, reader, b"1234567", value_of(registry.name("header"), headers))


def check_guid_before_the_payload(registry):
    schema = registry.record("Prefix", ("a", "int"))
    guid = registry.client().register_schema_full_response(registry.name("prefix"), schema).guid
    message = b"\x01" + uuid.UUID(guid).bytes + b"\x02"
    for conf in ({}, {"schema.id.deserializer": prefix_schema_id_deserializer}):
        equal(
            AvroDeserializer(registry.client(), conf=conf)(message, value_of(registry.name("prefix"))),
            {"a": 1},
        )
