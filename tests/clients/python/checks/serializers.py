"""AvroSerializer and AvroDeserializer, with each way of finding the schema."""

import json
import struct

from confluent_kafka.schema_registry import Metadata, MetadataProperties, Schema
from confluent_kafka.schema_registry import record_subject_name_strategy, topic_record_subject_name_strategy
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer

from . import equal, field, key_of, record, refused, value_of

LATEST = {"auto.register.schemas": False, "use.latest.version": True}


def id_in(message):
    """The id in the message's frame."""
    magic, schema_id = struct.unpack(">bI", message[:5])
    equal(magic, 0)
    return schema_id


def check_round_trip(registry):
    """With everything left as it is: the subject is the topic's, the schema is registered."""
    topic, schema = registry.name("topic"), registry.record("Round", ("a", "int"), ("b", "string"))
    value = {"a": 150, "b": "bé"}
    for context, subject in ((value_of(topic), f"{topic}-value"), (key_of(topic), f"{topic}-key")):
        serializer = AvroSerializer(registry.client(), schema.schema_str)
        message = serializer(value, context)
        equal(message[5:], b"\xac\x02\x06b\xc3\xa9")
        equal(id_in(message), registry.client().get_latest_version(subject).schema_id)
        equal(serializer(value, context), message)
        equal(AvroDeserializer(registry.client())(message, context), value)
    equal(AvroSerializer(registry.client(), schema.schema_str)(None, value_of(topic)), None)
    equal(AvroDeserializer(registry.client())(None, value_of(topic)), None)


def check_round_trip_of_all_types(registry):
    import datetime
    import decimal

    schema = registry.record(
        "All",
        ("none", "null"), ("flag", "boolean"), ("int", "int"), ("long", "long"), ("float", "float"),
        ("double", "double"), ("bytes", "bytes"), ("text", "string"),
        ("list", {"type": "array", "items": "long"}), ("map", {"type": "map", "values": "string"}),
        ("enum", {"type": "enum", "name": "E", "symbols": ["A", "B"]}),
        ("fixed", {"type": "fixed", "name": "F", "size": 2}), ("union", ["null", "int", "string"]),
        ("day", {"type": "int", "logicalType": "date"}),
        ("price", {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}),
    )  # fmt: skip
    value = {
        "none": None, "flag": True, "int": -(2**31), "long": 2**63 - 1, "float": 1.5, "double": -0.1,
        "bytes": b"\0\xff", "text": "大", "list": [1, -1], "map": {"k": "v"}, "enum": "B", "fixed": b"ab",
        "union": "x", "day": datetime.date(2026, 1, 31), "price": decimal.Decimal("12.34"),
    }  # fmt: skip
    context = value_of(registry.name("all"))
    message = AvroSerializer(registry.client(), schema)(value, context)
    equal(AvroDeserializer(registry.client())(message, context), value)


def check_bare_types(registry):
    """Keys are often strings or numbers."""
    for text, value in (
        ('"string"', "k1"),
        ('{"type":"long"}', 7),
        ('["null","string"]', "x"),
        ('"bytes"', b"raw"),
    ):
        context = key_of(registry.name("bare"))
        message = AvroSerializer(registry.client(), text)(value, context)
        equal(AvroDeserializer(registry.client())(message, context), value)


def check_without_registering(registry):
    """auto.register.schemas=False: the schema is looked up, and has to be there."""
    topic, schema = registry.name("lookup"), registry.record("LookUp", ("a", "int"))
    conf = {"auto.register.schemas": False}
    missing = AvroSerializer(registry.client(), schema, conf=conf)
    refused(404, 40401, f"Subject '{topic}-value' not found", missing, {"a": 1}, value_of(topic))
    schema_id = registry.client().register_schema(f"{topic}-value", schema)
    message = AvroSerializer(registry.client(), schema, conf=conf)({"a": 1}, value_of(topic))
    equal(id_in(message), schema_id)
    other = AvroSerializer(registry.client(), registry.record("Other", ("a", "int")), conf=conf)
    refused(404, 40403, "Schema not found", other, {"a": 1}, value_of(topic))


def check_use_latest_version(registry):
    topic, name = registry.name("latest"), registry.name("Latest")
    one = record(name, ("a", "int"))
    two = record(name, ("a", "int"), field("b", "string", default="-"))
    client = registry.client()
    client.register_schema(f"{topic}-value", one)
    latest_id = client.register_schema(f"{topic}-value", two)
    message = AvroSerializer(registry.client(), one, conf=LATEST)({"a": 1}, value_of(topic))
    equal(id_in(message), latest_id)
    equal(AvroDeserializer(registry.client())(message, value_of(topic)), {"a": 1, "b": "-"})
    unknown = registry.name("unknown")
    nothing = AvroSerializer(registry.client(), one, conf=LATEST)
    refused(404, 40401, f"Subject '{unknown}-value' not found", nothing, {"a": 1}, value_of(unknown))


def check_use_schema_id(registry):
    topic, name = registry.name("useid"), registry.name("UseId")
    one = record(name, ("a", "int"))
    two = record(name, ("a", "int"), field("b", "string", default="-"))
    client = registry.client()
    first_id = client.register_schema(f"{topic}-value", one)
    client.register_schema(f"{topic}-value", two)
    conf = {"auto.register.schemas": False, "use.schema.id": first_id}
    # Without a look-up this client expects an id in the answer to `GET /schemas/ids/{id}`: there is none.
    client = registry.client()
    client.lookup_schema(f"{topic}-value", one)
    message = AvroSerializer(client, two, conf=conf)({"a": 1}, value_of(topic))
    equal(id_in(message), first_id)


def check_use_latest_with_metadata(registry):
    topic, text = registry.name("meta"), registry.record("Meta", ("a", "int")).schema_str
    ids = {}
    for major in ("1", "2"):
        schema = Schema(text, metadata=Metadata(None, MetadataProperties({"major": major}), []))
        ids[major] = registry.client().register_schema(f"{topic}-value", schema)
    for major, schema_id in ids.items():
        conf = {"auto.register.schemas": False, "use.latest.with.metadata": {"major": major}}
        message = AvroSerializer(registry.client(), text, conf=conf)({"a": 1}, value_of(topic))
        equal(id_in(message), schema_id)
        reader = AvroDeserializer(registry.client(), conf={"use.latest.with.metadata": {"major": major}})
        equal(reader(message, value_of(topic)), {"a": 1})


def check_normalize_schemas(registry):
    """Two services with the same properties in another order share one version."""
    topic, name = registry.name("normalize"), registry.name("Normalize")
    ids = set()
    for properties in ({"x": 1, "b": 2}, {"b": 2, "x": 1}):
        schema = record(name, field("a", "int", **properties))
        for conf in (
            {"normalize.schemas": True},
            {"normalize.schemas": True, "auto.register.schemas": False},
        ):
            message = AvroSerializer(registry.client(), schema, conf=conf)({"a": 1}, value_of(topic))
            ids.add(id_in(message))
    equal(len(ids), 1)
    equal(registry.client().get_versions(f"{topic}-value"), [1])


def check_subject_name_strategies(registry):
    topic, schema = registry.name("strategy"), registry.record("Strategy", ("a", "int"))
    name = json.loads(schema.schema_str)["name"]
    for conf, subject in (
        ({"subject.name.strategy": record_subject_name_strategy}, name),
        ({"subject.name.strategy": topic_record_subject_name_strategy}, f"{topic}-{name}"),
        ({"subject.name.strategy.type": "TOPIC"}, f"{topic}-value"),
    ):
        message = AvroSerializer(registry.client(), schema, conf=conf)({"a": 1}, value_of(topic))
        equal(registry.client().get_versions(subject), [1])
        equal(AvroDeserializer(registry.client(), conf=conf)(message, value_of(topic)), {"a": 1})


def check_associations(registry):
    """The default strategy asks for the topic's subject first; nobody has told one."""
    topic, schema = registry.name("associated"), registry.record("Associated", ("a", "int"))
    equal(registry.client().get_associations_by_resource_name(topic, "-", "topic", ["value"]), [])
    refused(404, 40410, f"Association for '{topic}' not found", registry.client().delete_associations, topic)
    conf = {
        "subject.name.strategy.type": "ASSOCIATED",
        "subject.name.strategy.conf": {
            "subject.name.strategy.kafka.cluster.id": "lkc-1",
            "subject.name.strategy.fallback.type": "TOPIC_RECORD",
        },
    }
    AvroSerializer(registry.client(), schema, conf=conf)({"a": 1}, value_of(topic))
    name = json.loads(schema.schema_str)["name"]
    equal(registry.client().get_versions(f"{topic}-{name}"), [1])
