"""Schemas that use types of other subjects."""

import json

from confluent_kafka.schema_registry import Schema, SchemaReference
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer

from . import equal, record, refused, value_of


def check_references(registry):
    subject, address, customer = pair(registry)
    client = registry.client()
    registered = client.register_schema_full_response(subject, customer)
    equal(registered.schema.references, customer.references)
    equal(client.get_referenced_by(address.name), [registered.schema_id])
    equal(registry.client().get_referenced_by(address.name, 1, offset=1), [])
    got = registry.client().get_version(subject, 1)
    equal((got.schema.references, got.schema_id), (customer.references, registered.schema_id))
    equal(registry.client().lookup_schema(subject, customer).schema_id, registered.schema_id)
    refused(404, 40402, "Version 7 not found", client.get_referenced_by, address.name, 7)


def check_resolved_format(registry):
    """`format=resolved` has the referenced type inside, so that no reference is needed."""
    subject, address, customer = pair(registry)
    schema_id = registry.client().register_schema(subject, customer)
    resolved = json.loads(registry.client().get_schema(schema_id, fmt="resolved").schema_str)
    equal(resolved["fields"][0]["type"]["name"], address.name)
    plain = json.loads(registry.client().get_schema(schema_id).schema_str)
    equal(plain["fields"][0]["type"], address.name)


def check_latest_reference(registry):
    """Version -1 is the newest one, and is kept as its number."""
    subject, address, customer = pair(registry, version=-1)
    registered = registry.client().register_schema_full_response(subject, customer)
    equal(registered.schema.references, [SchemaReference(address.name, address.name, 1)])


def check_broken_references(registry):
    subject, address, customer = pair(registry, version=9)
    client = registry.client()
    missing = f'No schema reference found for subject "{address.name}" and version 9'
    refused(422, 42201, missing, client.register_schema, subject, customer)
    bare = Schema(customer.schema_str)
    refused(422, 42201, f"Undefined schema: {address.name}", client.register_schema, subject, bare)


def check_what_is_referenced_stays(registry):
    subject, address, customer = pair(registry)
    registry.client().register_schema(subject, customer)
    client = registry.client()
    refused(422, 42206, "One or more references exist", client.delete_version, address.name, 1)
    refused(422, 42206, "One or more references exist", client.delete_subject, address.name)
    client.delete_subject(subject)
    client.delete_subject(subject, permanent=True)
    equal(client.delete_subject(address.name), [1])


def check_serializers_resolve_references(registry):
    """Through several levels, and to the same type on two ways."""
    topic, street = registry.name("nested"), registry.record("Street", ("name", "string"))
    client, street_name = registry.client(), name_of(street)
    client.register_schema(street_name, street)
    to_street = [SchemaReference(street_name, street_name, 1)]
    names = [registry.name("Home"), registry.name("Work")]
    for name in names:
        schema = Schema(record(name, ("street", street_name)).schema_str, references=to_street)
        client.register_schema(name, schema)
    fields = [(name.lower(), name) for name in names]
    to_both = [SchemaReference(name, name, 1) for name in names]
    person = Schema(record(registry.name("Person"), *fields).schema_str, references=to_both)
    value = {name.lower(): {"street": {"name": name}} for name in names}
    message = AvroSerializer(registry.client(), person)(value, value_of(topic))
    equal(AvroDeserializer(registry.client())(message, value_of(topic)), value)
    equal(AvroDeserializer(registry.client(), person)(message, value_of(topic)), value)


class Address:
    """A registered schema that others refer to; its subject has the name of its record."""

    def __init__(self, registry):
        self.schema = registry.record("Address", ("street", "string"))
        self.name = name_of(self.schema)
        registry.client().register_schema(self.name, self.schema)


def name_of(schema):
    return json.loads(schema.schema_str)["name"]


def pair(registry, version=1):
    """A subject, a registered address, and a customer's schema that refers to it."""
    address = Address(registry)
    references = [SchemaReference(address.name, address.name, version)]
    customer = record(registry.name("Customer"), ("address", address.name))
    return registry.name("customer"), address, Schema(customer.schema_str, references=references)
