"""Soft and permanent deletes, and what is left after them."""

from . import canonical, equal, refused
from .subjects import grow


def check_delete_a_version(registry):
    subject, client = registry.name("delete"), registry.client()
    schemas = grow(registry, subject, registry.name("Delete"), 3)
    refused(404, 40407, "was not deleted first", client.delete_version, subject, 2, permanent=True)
    equal(client.delete_version(subject, 2), 2)
    refused(404, 40406, "was soft deleted", client.delete_version, subject, 2)
    equal(client.get_versions(subject), [1, 3])
    equal(client.get_versions(subject, deleted=True), [1, 2, 3])
    refused(404, 40402, "Version 2 not found", registry.client().get_version, subject, 2)
    equal(registry.client().get_version(subject, 2, deleted=True).schema.schema_str, canonical(schemas[1]))
    refused(404, 40403, "Schema not found", registry.client().lookup_schema, subject, schemas[1])
    equal(registry.client().lookup_schema(subject, schemas[1], deleted=True).version, 2)
    equal(client.delete_version(subject, 2, permanent=True), 2)
    equal(client.get_versions(subject, deleted=True), [1, 3])
    refused(404, 40402, "Version 2 not found", client.delete_version, subject, 2)


def check_delete_a_subject(registry):
    subject, client = registry.name("delete"), registry.client()
    schemas = grow(registry, subject, registry.name("Delete"), 2)
    schema_id = registry.client().lookup_schema(subject, schemas[0]).schema_id
    refused(404, 40405, "was not deleted first", client.delete_subject, subject, permanent=True)
    equal(client.delete_subject(subject), [1, 2])
    refused(404, 40404, f"Subject '{subject}' was soft deleted", client.delete_subject, subject)
    refused(404, 40401, f"Subject '{subject}' not found", client.get_versions, subject)
    equal(client.get_subjects(subject_prefix=subject), [])
    equal(client.get_subjects(subject_prefix=subject, deleted=True), [subject])
    equal(client.get_subjects_by_schema_id(schema_id), [])
    equal(client.get_subjects_by_schema_id(schema_id, deleted=True), [subject])
    equal(len(client.get_schema_versions(schema_id, deleted=True)), 1)
    # Consumers of old messages still read them.
    equal(registry.client().get_schema(schema_id).schema_str, canonical(schemas[0]))
    equal(client.delete_subject(subject, permanent=True), [1, 2])
    refused(404, 40403, f"Schema {schema_id} not found", registry.client().get_schema, schema_id)
    refused(404, 40401, f"Subject '{subject}' not found", client.delete_subject, subject)


def check_register_again(registry):
    """After a soft delete versions go on, after a permanent one they begin anew; an id is not given twice."""
    subject, name = registry.name("again"), registry.name("Again")
    (schema,) = grow(registry, subject, name, 1)
    schema_id = registry.client().lookup_schema(subject, schema).schema_id
    registry.client().delete_subject(subject)
    again = registry.client().register_schema_full_response(subject, schema)
    equal((again.schema_id, again.version), (schema_id, 2))
    client = registry.client()
    client.delete_subject(subject)
    client.delete_subject(subject, permanent=True)
    anew = registry.client().register_schema_full_response(subject, schema)
    equal(anew.version, 1)
    assert anew.schema_id > schema_id, anew
