"""A producer and a consumer with different versions of a schema."""

from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer

from . import equal, field, record, refused, value_of


def check_reader_with_another_version(registry):
    """Written with one version, read with the other, in both directions."""
    topic, name = registry.name("evolve"), registry.name("Evolve")
    one = record(name, ("id", "int"), ("note", "string"))
    two = record(
        name,
        ("id", "long"),
        field("text", "string", aliases=["note"]),
        field("tags", ["null", "string"], default=None),
    )
    old = AvroSerializer(registry.client(), one)({"id": 7, "note": "n"}, value_of(topic))
    new = AvroSerializer(registry.client(), two)({"id": 2**40, "text": "t", "tags": "x"}, value_of(topic))
    equal(
        AvroDeserializer(registry.client(), two)(old, value_of(topic)), {"id": 7, "text": "n", "tags": None}
    )
    equal(AvroDeserializer(registry.client())(old, value_of(topic)), {"id": 7, "note": "n"})
    equal(AvroDeserializer(registry.client())(new, value_of(topic)), {"id": 2**40, "text": "t", "tags": "x"})
    fallback = record(name, field("id", "long"), field("color", "string", default="red"))
    equal(AvroDeserializer(registry.client(), fallback)(new, value_of(topic)), {"id": 2**40, "color": "red"})


def check_read_with_latest_version(registry):
    """The consumer takes whatever is newest; it finds the writer's version, even if that is deleted."""
    topic, name = registry.name("newest"), registry.name("Newest")
    subject = f"{topic}-value"
    one = record(name, ("id", "int"))
    two = record(name, ("id", "int"), field("b", "string", default="-"))
    message = AvroSerializer(registry.client(), one)({"id": 1}, value_of(topic))
    registry.client().register_schema(subject, two)
    conf = {"use.latest.version": True}
    equal(AvroDeserializer(registry.client(), conf=conf)(message, value_of(topic)), {"id": 1, "b": "-"})
    registry.client().delete_version(subject, 1)
    equal(AvroDeserializer(registry.client(), conf=conf)(message, value_of(topic)), {"id": 1, "b": "-"})
    equal(AvroDeserializer(registry.client())(message, value_of(topic)), {"id": 1})


def check_incompatible_producer(registry):
    """A producer with a schema that breaks consumers is stopped before it writes anything."""
    topic, name = registry.name("breaks"), registry.name("Breaks")
    AvroSerializer(registry.client(), record(name, ("id", "int")))({"id": 1}, value_of(topic))
    broken = AvroSerializer(registry.client(), record(name, ("id", "string")))
    refused(
        409,
        40901,
        f'incompatible with an earlier schema for subject "{topic}-value"',
        broken,
        {"id": "1"},
        value_of(topic),
    )


def check_message_of_an_unknown_schema(registry):
    message = b"\0\x77\x35\x94\x00\x02"
    reader = AvroDeserializer(registry.client())
    refused(404, 40403, "Schema 2000000000 not found", reader, message, value_of(registry.name("unknown")))
